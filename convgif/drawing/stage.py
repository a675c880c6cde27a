"""What all views do alike: settle the frames within the figure's budget first, and make the scene last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from convgif.drawing.maps import crops
from convgif.drawing.scene import Box, Scene, Track, pixel_size
from convgif.drawing.theme import THEMES
from convgif.errors import InputError, Problem
from convgif.figure import Figure

LONGEST_SIDE: Final = 65_535
"""Pixels; the GIF format has 16 bits for a side, and few viewers open more."""


def durations(figure: Figure, frames: int, bounds: Box) -> tuple[int, ...]:
    """Milliseconds of each of `frames` frames that show `bounds`.

    Views call this first, so that an absurd figure is refused before anything is built.

    Raises:
        InputError: more frames, or larger ones, than the figure's `max_frames` and `max_pixels` allow.
    """
    if problems := list(_over_budget(figure, frames, bounds)):
        raise InputError(problems)
    return (figure.frame_ms,) * (frames - 1) + (figure.frame_ms + figure.hold_ms,)


def scene(figure: Figure, bounds: Box, times: tuple[int, ...], tracks: tuple[Track, ...]) -> Scene:
    """The scene of a figure in the colours of its theme."""
    theme = THEMES[figure.theme]
    paper = None if figure.transparent else theme.paper
    inks = theme.lines if figure.values_drawn is None else (*theme.lines, *theme.texts)
    areas = (*theme.areas, theme.cut) if crops(figure.layer) else theme.areas
    return Scene(bounds, times, tracks, paper, areas, inks, figure.describe())


def _over_budget(figure: Figure, frames: int, bounds: Box) -> Iterator[Problem]:
    if frames > figure.max_frames:
        rule = f"the figure has {frames:,} frames; raise max_frames to allow that many"
        yield Problem("max_frames", figure.max_frames, rule)
    width, height = pixel_size(bounds, figure.cell_pixels)
    yield from too_large(figure, width, height, "a frame", "choose a smaller cell or scale")


def too_large(figure: Figure, width: int, height: int, what: str, remedy: str) -> Iterator[Problem]:
    """The problem with an image of that size, if there is one."""
    if max(width, height) > LONGEST_SIDE:
        rule = f"{what} would be {width:,} x {height:,} pixels, the longest side can be {LONGEST_SIDE:,}; {remedy}"
        yield Problem("cell", figure.cell, rule)
    elif width * height > figure.max_pixels:
        rule = f"{what} would be {width:,} x {height:,} pixels; {remedy}, or raise max_pixels"
        yield Problem("max_pixels", figure.max_pixels, rule)
