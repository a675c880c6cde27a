"""A convolution runs, steps aside, and its transpose is built beside it and leads back to the input's size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from convgif.arithmetic import Conv
from convgif.drawing import isometric, stage
from convgif.drawing.acts import TWEEN_FRAMES, TWEEN_SHARE, Act, Drawing, eased
from convgif.drawing.scene import Box, Items, Point, Track, placed
from convgif.figure import Figure

SMALL = 0.5
"""Size of the convolution once it has stepped aside."""
APART = 1.5
"""Cells between the two."""
KERNEL_TRACKS = ("shadow", "kernel", "taps", "sight", "highlight")


def draw(figure: Figure) -> Drawing:
    """The drawing of a convolution and then of its transpose, both in the isometric view.

    Raises:
        InputError: the figure is over its budget of frames or pixels.
    """
    if figure.numbered:
        # The transpose needs the numbers that the convolution gives; they are not computed for an absurd size.
        stage.settled(figure, draw(replace(figure, values=None, input_values=None, kernel_values=None)))
    first = isometric.draw(replace(figure, view="isometric", prologue=True, reveal=True))
    second = isometric.draw(_transposed(figure))
    left, right = first.box.extent, second.box.extent
    height = max(left[1], right[1])
    box = Box(0, 0, left[0] * SMALL + APART + right[0], height)
    middle = _shift(first.box, (box.right - left[0]) / 2, (height - left[1]) / 2)
    aside = _shift(first.box, 0, height - left[1] * SMALL, SMALL)
    place = _shift(second.box, box.right - right[0], height - right[1])
    done = first.acts[-1]

    def still(scale: float, shift: Point) -> Items:
        """The finished convolution without its kernel."""
        tracks = (track for track in done.tracks if track.name not in KERNEL_TRACKS)
        return placed((item for track in tracks for item in track.at(done.frames - 1)), scale, shift)

    def moving(frame: int) -> Items:
        share = eased((frame + 1) / TWEEN_FRAMES)
        shift = (_between(middle[0], aside[0], share), _between(middle[1], aside[1], share))
        return still(_between(1, SMALL, share), shift)

    def acts() -> Iterator[Act]:
        yield from (act.placed(1, middle) for act in first.acts)
        yield Act((Track.still("done", lambda: still(1, middle)),), 1, caption=done.caption)
        yield Act((Track("aside", moving),), TWEEN_FRAMES, TWEEN_SHARE, done.caption)
        aside_track = Track.still("aside", lambda: still(SMALL, aside))
        yield from (act.placed(1, place).beside(aside_track) for act in second.acts)

    return Drawing(box, tuple(acts()))


def _transposed(figure: Figure) -> Figure:
    """The transpose, which is given what the convolution has put out."""
    assert isinstance(figure.layer, Conv)
    values = figure.values_drawn
    return replace(
        figure,
        layer=figure.layer.transpose(),
        view="isometric",
        prologue=True,
        reveal=True,
        values=None,
        input_values=None if values is None else values.output,
        kernel_values=None if values is None else values.kernel,
    )


def _shift(box: Box, left: float, top: float, scale: float = 1) -> Point:
    """What moves a box of that scale to a corner."""
    return left - box.left * scale, top - box.top * scale


def _between(start: float, end: float, share: float) -> float:
    return start + (end - start) * share
