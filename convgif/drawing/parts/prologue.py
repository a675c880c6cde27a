"""How the canvas comes about: the input, inserted zeros, padding, output padding, one act each.

Works on any canvas, of a transposed convolution or a direct one, in any projection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.layer import Cell
from convgif.arithmetic.phases import Phase, numbered
from convgif.drawing.lattice import Block, Spot
from convgif.drawing.parts.captions import layer_caption, phase_caption
from convgif.drawing.parts.planes import Planes
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Items, Track
from convgif.drawing.timeline import TWEEN_FRAMES, TWEEN_SHARE, Act, CaptionLine, eased


def prologue(planes: Planes) -> Iterator[Act]:
    """The acts before the kernel slides, if the figure wants them."""
    if planes.subject.wants("prologue"):
        yield from canvas_acts(planes)


def opening(subject: Subject, run: Act) -> Iterator[Act]:
    """The finished picture before a prologue, for those who see no other frame.

    It has the maps and the kernel of the last frame, without what moves over them.
    """
    if subject.wants("prologue"):
        last = run.frames - 1
        standing = [track for track in run.tracks if track.static or track.name == "output"]
        whole = Track.still("whole", lambda: tuple(item for track in standing for item in track.at(last)))
        yield Act((whole,), 1, caption=(layer_caption(subject.source),))


def canvas_acts(planes: Planes, say: Callable[[Phase, int], tuple[CaptionLine, ...]] = phase_caption) -> Iterator[Act]:
    """The acts that lead from the input alone to the whole canvas: one for every phase but the last.

    `say` makes the caption of a phase, which is of that number.
    """
    subject = planes.subject
    stretched = any(axis.spread > 1 for axis in planes.layer.axes)
    spread = 0.0
    for phase, (number, own) in zip(planes.layer.phases()[:-1], numbered(subject.source.phases()), strict=False):
        caption = say(own, number)
        if phase.canvas is not None and not spread:
            spread = 1.0
            if stretched:
                moves = Track("spreading", lambda frame: canvas_state(planes, None, eased((frame + 1) / TWEEN_FRAMES)))
                yield Act((moves,), TWEEN_FRAMES - 1, TWEEN_SHARE, caption)
        yield _still(phase.name, planes, _block(phase.canvas), spread, caption)


def _block(canvas: tuple[range, ...] | None) -> Block | None:
    if canvas is None:
        return None
    rows, cols = canvas
    return rows.start, cols.start, len(rows), len(cols)


def _still(name: str, planes: Planes, canvas: Block | None, spread: float, caption: tuple[CaptionLine, ...]) -> Act:
    return Act((Track.still(name, lambda: canvas_state(planes, canvas, spread)),), 1, caption=caption)


def canvas_state(planes: Planes, canvas: Block | None, spread: float) -> Items:
    """The input's cells between side by side (`spread` 0) and in their final places (1), on a part of the canvas.

    Where a canvas is given, what lies beside it is cut away.
    """
    places = element_places(planes, spread)
    if canvas is None:
        return planes.input_cells(places)
    top, left, height, width = canvas
    inside = [(row, col) for row in range(top, top + height) for col in range(left, left + width)]
    kept: dict[Spot, Cell] = {place: places[place] for place in inside if place in places}
    cut = {place: element for place, element in places.items() if place not in kept}
    blanks = (place for place in inside if place not in places)
    return (*planes.cut_cells(cut), *planes.ground(canvas, blanks), *planes.input_cells(kept))


def element_places(planes: Planes, spread: float) -> dict[Spot, Cell]:
    """Where each of the input's cells lies on the canvas, between side by side (0) and in its final place (1)."""
    rows, cols = (_places(axis, spread) for axis in planes.layer.axes)
    return {(row, col): (i, j) for i, row in enumerate(rows) for j, col in enumerate(cols)}


def _places(axis: Axis, spread: float) -> list[float]:
    """Where the input's elements lie along an axis of the canvas; about the middle of their final places."""
    apart = 1 + spread * (axis.spread - 1)
    middle = axis.first + (axis.input_size - 1) * axis.spread / 2
    return [middle + (element - (axis.input_size - 1) / 2) * apart for element in range(axis.input_size)]
