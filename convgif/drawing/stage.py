"""What all views share: title, caption and margins around a drawing, its times, and the figure's budget.

The budget is settled from the size of the drawing alone, before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import accumulate, pairwise
from typing import Final

from convgif.drawing.acts import Drawing
from convgif.drawing.scene import Box, Items, Scene, Text, Track, pixel_size
from convgif.drawing.theme import theme_of
from convgif.drawing.words import reach
from convgif.errors import InputError, Problem
from convgif.figure import SHORTEST_FRAME, Figure

LONGEST_SIDE: Final = 65_535
"""Pixels; the GIF format has 16 bits for a side, and few viewers open more."""
TITLE_EM: Final = 0.62
TITLE_ROOM: Final = 1.35
"""Cells that a title takes above the drawing."""
CAPTION_EM: Final = 0.5
CAPTION_ROOM: Final = 0.4
"""Cells between the drawing and its caption."""


def scene(figure: Figure, drawing: Drawing) -> Scene:
    """The scene of a drawing, with its title and its captions, in the colours of the figure's theme.

    Raises:
        InputError: more frames, or larger ones, than the figure's `max_frames` and `max_pixels` allow.
    """
    captions = tuple(act.caption for act in drawing.acts)
    bounds = settled(figure, drawing)
    theme = theme_of(figure)
    tracks = (*_title(figure, bounds), *drawing.tracks, *_caption_tracks(figure, drawing, captions, bounds))
    paper = None if figure.transparent else theme.paper
    # In the middle of its way the kernel shows most, but where something is built or revealed, the end does.
    last = drawing.frames - 1
    telling = last if figure.reveal or len(drawing.acts) > 1 else last // 2
    title = figure.title or figure.layer.title.capitalize()
    return Scene(
        bounds,
        _durations(figure, drawing),
        tracks,
        paper,
        figure.describe(),
        title,
        telling,
        drawing.links,
        drawing.notes,
    )


def settled(figure: Figure, drawing: Drawing) -> Box:
    """The bounds of a drawing with all words, if it keeps within the figure's budget.

    Raises:
        InputError: it does not.
    """
    bounds = _bounds(figure, drawing.box, tuple(act.caption for act in drawing.acts))
    if problems := list(_over_budget(figure, drawing.frames, bounds)):
        raise InputError(problems)
    return bounds


def _bounds(figure: Figure, box: Box, captions: tuple[tuple[str, ...], ...]) -> Box:
    """The drawing's box, with room for words; widened evenly where these are wider."""
    title = TITLE_EM * reach(figure.title or "", math=False)
    widest = max((CAPTION_EM * reach(line, math="$" in line) for lines in captions for line in lines), default=0.0)
    aside = max(0.0, title, widest, box.right - box.left) / 2
    middle = (box.left + box.right) / 2
    below = max((CAPTION_ROOM + _height(lines) for lines in captions if lines), default=0.0)
    return Box(middle - aside, box.top - (TITLE_ROOM if figure.title else 0), middle + aside, box.bottom + below)


def _height(lines: tuple[str, ...]) -> float:
    return sum(map(_line_height, lines))


def _line_height(line: str) -> float:
    return CAPTION_EM * (3.0 if "frac" in line else 1.7)


def _title(figure: Figure, bounds: Box) -> Iterator[Track]:
    if figure.title is not None:
        theme, (left, right) = theme_of(figure), (bounds.left, bounds.right)
        at = ((left + right) / 2, bounds.top + TITLE_EM * 0.6)
        title = Text(at, figure.title, TITLE_EM, right - left, theme.text, theme.words)
        yield Track.still("title", lambda: (title,))


def _caption_tracks(
    figure: Figure, drawing: Drawing, captions: tuple[tuple[str, ...], ...], bounds: Box
) -> Iterator[Track]:
    """One track for each caption, over all the acts in a row that share it."""
    theme, first = theme_of(figure), drawing.box.bottom + CAPTION_ROOM
    starts = list(accumulate((act.frames for act in drawing.acts), initial=0))
    changes = [act for act in range(len(captions)) if act == 0 or captions[act] != captions[act - 1]]
    for begin, end in pairwise((*changes, len(captions))):
        tops = accumulate(map(_line_height, captions[begin]), initial=first)
        middle = (bounds.left + bounds.right) / 2
        texts = tuple(
            Text(
                (middle, top + _line_height(line) / 2),
                line,
                CAPTION_EM,
                bounds.right - bounds.left,
                theme.text,
                theme.words,
                math="$" in line,
            )
            for line, top in zip(captions[begin], tops, strict=False)
        )
        if texts:
            track = Track("caption", partial(_same, texts), static=True)
            whole = (begin, end) == (0, len(captions))
            yield track if whole else track.during(starts[begin], starts[end] - starts[begin])


def _same(items: Items, frame: int) -> Items:
    return items


def _durations(figure: Figure, drawing: Drawing) -> tuple[int, ...]:
    """Milliseconds of each frame; the last one is held longer."""
    times = [max(SHORTEST_FRAME, round(figure.frame_ms * act.share)) for act in drawing.acts for _ in range(act.frames)]
    return (*times[:-1], times[-1] + figure.hold_ms)


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
