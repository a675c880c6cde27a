"""The laws that every figure obeys, checked on its scene: what is drawn is what the layer computes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

import numpy as np

from convgif.arithmetic import AvgPool, MaxPool, Step
from convgif.drawing import draw
from convgif.drawing.scene import Color, Item, Items, Line, Point, Polygon, Scene, Text
from convgif.figure import Figure
from tests.arithmetic.oracle import AnyLayer, Numbers, canvas_map, computed, spans
from tests.drawing.plane import Pair, Plane, canvas_plane, edges_of, input_places, output_plane

CUT: Final = (201, 226, 244)
INPUT: Final = (38, 139, 210)
OUTPUT: Final = (42, 161, 152)
PAPER: Final = (255, 255, 255)
# (7, 54, 66) at 40 % on white, on the input's blue and on the output's cyan.
SHADOW_BESIDE: Final = (156, 175, 179)
SHADOW_ON_INPUT: Final = (26, 105, 152)
SHADOW_ON_OUTPUT: Final = (28, 118, 118)

T = TypeVar("T", Polygon, Line, Text)

STATIC: Final = {"canvas", "input", "output"}
MOVING: Final[Mapping[str, set[str]]] = {
    "isometric": {"shadow", "sight", "highlight"},
    "flat": {"shadow", "highlight"},
}


def of_kind(items: Items, kind: type[T]) -> list[T]:
    """The items of one kind, in order."""
    return [item for item in items if isinstance(item, kind)]


def painted(items: Items, plane: Plane) -> dict[Color, list[Pair]]:
    """The cells that are painted in each colour, sorted; a cell painted twice is there twice."""
    cells: dict[Color, list[Pair]] = {}
    for polygon in of_kind(items, Polygon):
        cells.setdefault(polygon.fill, []).extend(cell for part in polygon.parts for cell in plane.block(part))
    return {color: sorted(found) for color, found in cells.items()}


def ruled(items: Items, plane: Plane) -> set[tuple[int, int, str]]:
    """The edges of cells that have lines."""
    return plane.edges(part for line in of_kind(items, Line) for part in line.parts)


def points_of(items: Iterable[Item]) -> list[Point]:
    """Every point that items are placed by."""
    points: list[Point] = []
    for item in items:
        if isinstance(item, Text):
            points.append(item.at)
        else:
            points.extend(point for part in item.parts for point in part)
    return points


def input_cells(layer: AnyLayer) -> list[Pair]:
    """Where the canvas is input, by the oracle."""
    return [(int(row), int(col)) for row, col in np.argwhere(canvas_map(layer) >= 0)]


def cut_cells(layer: AnyLayer) -> dict[Pair, Pair]:
    """Where input elements lie beside the canvas, and which."""
    rows, cols = input_places(layer)
    height, width = layer.canvas_size
    return {
        (row, col): (r, c)
        for r, row in enumerate(rows)
        for c, col in enumerate(cols)
        if not (0 <= row < height and 0 <= col < width)
    }


def check(figure: Figure, layer: AnyLayer, frames: Iterable[int] | None = None) -> Scene:
    """Every law that holds for the cells and lines of a figure, in the frames given or in all."""
    scene = draw(figure)
    canvas, output = canvas_plane(figure.view), output_plane(layer, figure.view)
    steps = list(layer.steps())
    assert len(scene.durations) == len(steps)
    tracks = {track.name: track for track in scene.tracks}
    static = STATIC | {"cut"} if cut_cells(layer) else STATIC
    assert {name for name, track in tracks.items() if track.static} == static
    assert {name for name, track in tracks.items() if not track.static} == MOVING[figure.view]
    check_static({name: tracks[name].at(0) for name in static}, layer, canvas, output)
    seen = points_of(item for name in static for item in tracks[name].at(0))
    for frame in range(len(steps)) if frames is None else frames:
        items = {name: tracks[name].at(frame) for name in MOVING[figure.view]}
        check_shadow(items["shadow"], steps[frame], canvas)
        check_highlight(items["highlight"], steps[frame], output)
        if "sight" in items:
            check_sight(items["sight"], layer, steps[frame], canvas, output)
        seen.extend(points_of(item for shown in items.values() for item in shown))
    xs, ys = zip(*seen, strict=True)
    np.testing.assert_allclose(scene.bounds, (min(xs), min(ys), max(xs), max(ys)), atol=1e-9)
    return scene


def check_static(items: Mapping[str, Items], layer: AnyLayer, canvas: Plane, output: Plane) -> None:
    """The dashed canvas, the input's cells on it and the output map: those cells, all of them, and no other."""
    every_cell = list(np.ndindex(*layer.canvas_size))
    assert ruled(items["canvas"], canvas) == edges_of((row, col) for row, col in every_cell)
    assert painted(items["canvas"], canvas) == {}
    assert all(line.dash for line in of_kind(items["canvas"], Line))
    inputs = input_cells(layer)
    assert painted(items["input"], canvas) == ({INPUT: inputs} if inputs else {})
    assert ruled(items["input"], canvas) == edges_of(inputs)
    if cut := cut_cells(layer):
        assert painted(items["cut"], canvas) == {CUT: sorted(cut)}
        assert ruled(items["cut"], canvas) == edges_of(cut)
    outputs = [(row, col) for row, col in np.ndindex(*layer.output_size)]
    assert painted(items["output"], output) == {OUTPUT: outputs}
    assert ruled(items["output"], output) == edges_of(outputs)
    assert not any(line.dash for name in ("input", "output") for line in of_kind(items[name], Line))


def check_shadow(items: Items, step: Step, canvas: Plane) -> None:
    """Each tap's cell is shaded once, in the colour of what it lies on; the kernel's grid is around these cells."""
    cells = painted(items, canvas)
    assert cells.pop(SHADOW_ON_INPUT, []) == sorted(tap.canvas for tap in step.taps if tap.input is not None)
    assert cells.pop(SHADOW_BESIDE, []) == sorted(tap.canvas for tap in step.taps if tap.input is None)
    assert cells == {}
    assert ruled(items, canvas) == edges_of(tap.canvas for tap in step.taps)


def check_highlight(items: Items, step: Step, output: Plane) -> None:
    """The output cell that the step computes, and no other."""
    assert painted(items, output) == {SHADOW_ON_OUTPUT: [step.output]}
    assert ruled(items, output) == edges_of([step.output])


def check_sight(items: Items, layer: AnyLayer, step: Step, canvas: Plane, output: Plane) -> None:
    """Four lines, from the corners of the kernel's window to the same corners of the output cell."""
    (line,) = of_kind(items, Line)
    assert len(items) == 1
    (rows, cols), (row, col) = spans(layer), step.output
    top, left = min(tap.canvas[0] for tap in step.taps), min(tap.canvas[1] for tap in step.taps)
    drawn = Counter((canvas.corner(start), output.corner(end)) for start, end in line.parts)
    assert drawn == {
        ((top, left), (row, col)): 1,
        ((top, left + cols), (row, col + 1)): 1,
        ((top + rows, left), (row + 1, col)): 1,
        ((top + rows, left + cols), (row + 1, col + 1)): 1,
    }


def texts_at(items: Items, plane: Plane) -> tuple[dict[Pair, str], dict[Pair, str]]:
    """The numbers by cell: those in the middle, and the weights below or to the lower right; not two of either."""
    middle: dict[Pair, str] = {}
    corner: dict[Pair, str] = {}
    for text in of_kind(items, Text):
        cell, (row, col) = plane.cell_at(text.at)
        if abs(row - 0.5) < 1e-6 and abs(col - 0.5) < 1e-6:
            found = middle
        else:
            middle_x, middle_y = plane.point(cell[0] + 0.5, cell[1] + 0.5)
            assert text.at[0] > middle_x + 0.2 or text.at[1] > middle_y + 0.1
            assert text.at[0] > middle_x - 0.01
            assert text.at[1] > middle_y - 0.01
            found = corner
        assert cell not in found
        found[cell] = text.text
    return middle, corner


def written(value: float) -> str:
    """A whole number as the figure must write it, with a true minus sign."""
    assert value == round(value)
    return str(round(value)).replace("-", "\N{MINUS SIGN}")


def read(text: str) -> float:
    """The number that a reader sees."""
    return float(text.replace("\N{MINUS SIGN}", "-").replace("\N{INFINITY}", "inf"))


def check_numbers(figure: Figure, layer: AnyLayer, x: Numbers, w: Numbers | None) -> None:
    """Every number stands in its cell, and in every frame those under the shadow make the highlighted one."""
    scene = draw(figure)
    canvas, output = canvas_plane(figure.view), output_plane(layer, figure.view)
    tracks = {track.name: track for track in scene.tracks}
    marks, result = canvas_map(layer), computed(layer, x, w)
    nothing = "\N{MINUS SIGN}\N{INFINITY}" if isinstance(layer, MaxPool) else "0"
    if isinstance(layer, AvgPool) and not layer.count_include_pad:
        nothing = ""

    def on_canvas(cells: Iterable[Pair]) -> dict[Pair, str]:
        texts = {cell: written(x.flat[marks[cell]]) if marks[cell] >= 0 else nothing for cell in cells}
        return {cell: text for cell, text in texts.items() if text}

    beside = [(int(row), int(col)) for row, col in np.argwhere(marks < 0)]
    assert texts_at(tracks["canvas"].at(0), canvas) == (on_canvas(beside), {})
    assert texts_at(tracks["input"].at(0), canvas) == (on_canvas(input_cells(layer)), {})
    if cut := cut_cells(layer):
        assert texts_at(tracks["cut"].at(0), canvas) == ({cell: written(x[at]) for cell, at in cut.items()}, {})
    outputs, none = texts_at(tracks["output"].at(0), output)
    assert none == {}
    assert set(outputs) == set(np.ndindex(*layer.output_size))
    for frame, step in enumerate(layer.steps()):
        numbers, weights = texts_at(tracks["shadow"].at(frame), canvas)
        assert numbers == on_canvas(tap.canvas for tap in step.taps)
        assert set(weights) == (set() if w is None else {tap.canvas for tap in step.taps})
        shown, none = texts_at(tracks["highlight"].at(frame), output)
        assert none == {}
        assert shown == {step.output: outputs[step.output]}
        seen = {cell: read(text) for cell, text in numbers.items()}
        if w is not None:
            total = sum(read(weights[cell]) * value for cell, value in seen.items())
        elif isinstance(layer, MaxPool):
            total = max(seen.values())
        else:
            total = sum(seen.values()) / len(seen)
        assert total == result[step.output], "what the figure shows is not what the layer computes"
        assert abs(read(outputs[step.output]) - total) < 0.0501 or total == -np.inf
