"""A convolution runs, steps aside, and its transpose is built beside it and leads back to the input's size."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, cast

from convgif.arithmetic.conv import Conv
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Box, Items, Point, Track, placed
from convgif.drawing.timeline import TWEEN_FRAMES, TWEEN_SHARE, Act, Drawing, eased
from convgif.drawing.view import View
from convgif.drawing.views import isometric
from convgif.drawing.views.options import PROLOGUE, REVEAL
from convgif.figure import Figure, Numbers

SMALL: Final = 0.5
"""Size of the convolution once it has stepped aside."""
APART: Final = 1.5
"""Cells between the two."""
KERNEL_TRACKS: Final = ("shadow", "kernel", "taps", "sight", "highlight")
SHOWN: Final = (REVEAL, PROLOGUE)
"""The options of the isometric view that are always on here; they may still be given."""


def draw(figure: Figure) -> Drawing:
    """The drawing of a convolution and then of its transpose, both in the isometric view."""
    options = tuple(shown.option.name for shown in SHOWN)
    subject = Subject.of(figure).wanting(*options)
    first, second = isometric.draw_subject(subject), isometric.draw_subject(_transposed(subject))
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


def _transposed(subject: Subject) -> Subject:
    """The transpose, which is given what the convolution has put out."""
    layer = cast(Conv, subject.source).transpose()

    @cache
    def numbers() -> Numbers | None:
        before = subject.numbers
        if before is None:
            return None
        return Numbers(before.output, before.weight, layer.apply(before.output, before.weight))

    return Subject(subject.figure, layer, numbers, subject.options)


def _shift(box: Box, left: float, top: float, scale: float = 1) -> Point:
    """What moves a box of that scale to a corner."""
    return left - box.left * scale, top - box.top * scale


def _between(start: float, end: float, share: float) -> float:
    return start + (end - start) * share


VIEW: Final = View(
    "story",
    "a convolution, and then its transpose built beside it",
    draw,
    layers=(Conv,),
    dimensions=(2,),
    options=SHOWN,
    seen_as="drawn together with its transpose",
)
