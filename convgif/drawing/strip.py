"""Several frames side by side as one still scene, as papers print them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from convgif.drawing.roles import role_in
from convgif.drawing.scene import MARGIN, Box, Items, Scene, Track, placed
from convgif.errors import InputError, Problem
from convgif.options import whole

GAP = 0.6
"""Cells between two frames, besides their margins."""


def strip(shown: Sequence[tuple[Scene, int]], prefixes: Sequence[str] = ()) -> Scene:
    """One scene of a single frame: some frames of some scenes from left to right, each on its own paper.

    `prefixes`, one for each of them, are put before the names of their roles, for a picture in several themes.

    Raises:
        InputError: a scene has no such frame; all problems at once.

    >>> from convgif.arithmetic import Conv
    >>> from convgif.drawing.composition import compose
    >>> from convgif.figure import Figure
    >>> scene = compose(Figure(Conv(4, 3)))
    >>> strip([(scene, 0), (scene, 3)]).bounds.right > 2 * scene.bounds.right
    True
    """
    problems = [
        Problem("frames", frame, f"the figure has {len(scene.durations)} frames, 0 to {len(scene.durations) - 1}")
        for scene, frame in shown
        if whole(frame) is None or not 0 <= frame < len(scene.durations)
    ]
    if not shown:
        problems = [Problem("frames", (), "must name one frame at least")]
    if problems:
        raise InputError(problems)
    height = max(scene.bounds.extent[1] for scene, _ in shown)
    tracks: list[Track] = []
    left = 0.0
    for number, (scene, frame) in enumerate(shown):
        width, own = scene.bounds.extent
        shift = (left - scene.bounds.left, (height - own) / 2 - scene.bounds.top)
        prefix = prefixes[number] if prefixes else ""
        tracks.append(Track.still(f"frame {frame}", partial(_frame, scene, frame, shift, prefix)))
        left += width + 2 * MARGIN + GAP
    box = Box(0, 0, left - 2 * MARGIN - GAP, height)
    first = shown[0][0]
    return Scene(box, (1000,), tuple(tracks), first.description, first.title)


def _frame(scene: Scene, frame: int, shift: tuple[float, float], theme: str) -> Items:
    items = placed((scene.ground, *(item for track in scene.tracks for item in track.at(frame))), 1, shift)
    return tuple(replace(item, role=role_in(theme, item.role)) for item in items) if theme else items
