"""How the canvas comes about: the input, inserted zeros, padding, output padding, one act each.

Works on any canvas, of a transposed convolution or a direct one, in any projection.
"""

from __future__ import annotations

from collections.abc import Iterator

from convgif.arithmetic import Axis, ConvTranspose, Layer, Pair
from convgif.arithmetic.construction import construction
from convgif.drawing.acts import TWEEN_FRAMES, TWEEN_SHARE, Act, eased
from convgif.drawing.grid import Block, Spot
from convgif.drawing.maps import Maps, input_block
from convgif.drawing.scene import Items, Track
from convgif.drawing.words import told


def prologue(maps: Maps) -> Iterator[Act]:
    """The acts before the kernel slides, if the figure wants them."""
    if maps.figure.prologue:
        yield from acts(maps)


def acts(maps: Maps) -> Iterator[Act]:
    """The acts that lead from the input alone to the whole canvas."""
    layer = maps.layer
    said = {phase.name: told(phase) for phase in construction(layer)}
    yield _still("input", maps, None, 0.0, said["input"])
    if not isinstance(layer, ConvTranspose):
        if layer.padding != (0, 0):
            yield _still("padding", maps, _whole(layer), 1.0, said["padding"])
        return
    if layer.stride != (1, 1):
        spreading = Track("spreading", lambda frame: _state(maps, None, eased((frame + 1) / TWEEN_FRAMES)))
        yield Act((spreading,), TWEEN_FRAMES - 1, TWEEN_SHARE, said["zeros"])
    yield _still("zeros", maps, input_block(layer), 1.0, said["zeros"])
    rows, cols = layer.canvas_size
    (more_rows, more_cols) = layer.output_padding
    yield _still("padding", maps, (0, 0, rows - more_rows, cols - more_cols), 1.0, said["padding"])
    if layer.output_padding != (0, 0):
        yield _still("output padding", maps, _whole(layer), 1.0, said["output padding"])


def _whole(layer: Layer) -> Block:
    return 0, 0, *layer.canvas_size


def _still(name: str, maps: Maps, canvas: Block | None, spread: float, caption: tuple[str, ...]) -> Act:
    return Act((Track.still(name, lambda: _state(maps, canvas, spread)),), 1, caption=caption)


def _state(maps: Maps, canvas: Block | None, spread: float) -> Items:
    """The input's cells between side by side (`spread` 0) and in their final places (1), on a part of the canvas.

    Where a canvas is given, what lies beside it is cut away.
    """
    layer = maps.layer
    rows, cols = _places(layer.rows, spread), _places(layer.cols, spread)
    places = {(row, col): (i, j) for i, row in enumerate(rows) for j, col in enumerate(cols)}
    if canvas is None:
        return maps.input_cells(places)
    top, left, height, width = canvas
    inside = [(row, col) for row in range(top, top + height) for col in range(left, left + width)]
    kept: dict[Spot, Pair] = {place: places[place] for place in inside if place in places}
    cut = {place: element for place, element in places.items() if place not in kept}
    blanks = [place for place in inside if place not in places]
    return (*maps.cut_cells(cut), *maps.ground(canvas), *maps.blank_texts(blanks), *maps.input_cells(kept))


def _places(axis: Axis, spread: float) -> list[float]:
    """Where the input's elements lie along an axis of the canvas; about the middle of their final places."""
    apart = 1 + spread * (axis.spread - 1)
    middle = axis.first + (axis.input_size - 1) * axis.spread / 2
    return [middle + (element - (axis.input_size - 1) / 2) * apart for element in range(axis.input_size)]
