"""The laws that every figure obeys, checked on its scene: what is drawn is what the layer computes.

They are stated over rows and columns; a layer over a single axis is a row, and is looked at as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import numpy as np

from convgif.arithmetic import AvgPool, ConvTranspose, Layer, MaxPool, Step
from convgif.assembling.film import Film
from convgif.drawing.composition import compose
from convgif.drawing.metrics import capital_height, width_of
from convgif.drawing.scene import Box, Item, Items, Line, Point, Polygon, Scene, Text
from convgif.figure import Figure
from tests.arithmetic.oracle import PADDING, Numbers, canvas_map, computed, source_map
from tests.drawing.plane import Pair, Plane, canvas_plane, edges_of, input_places, output_plane, row_plane

T = TypeVar("T", Polygon, Line, Text)

HATCHED: Final = ("shadow_on_canvas", "shadow_on_input", "shadow_on_output", "crop")
"""Roles that a theme may hatch: cell by cell, or the strokes would cross the lines between cells."""
GROUNDS: Final = ("canvas", "input")
MOVING: Final[Mapping[str, tuple[str, ...]]] = {
    "isometric": ("shadow", "kernel", "sight", "highlight"),
    "flat": ("shadow", "kernel", "highlight"),
    "row": ("sight", "shadow", "kernel", "highlight"),
}
"""What shows a step: `kernel` is the lines of the window, and of the kernel's map too where there is one."""
WORDS: Final = ("title", "words", "caption")
MINUS: Final = "\N{MINUS SIGN}"
DESCENDING: Final = frozenset("gjpqyQ,;()[]{}|/⋮⋱⋯")


def lifted(layer: Layer) -> Any:
    """The layer over rows and columns that is drawn; as the oracle takes it."""
    return layer.lifted(2)


def numbers_of(size: tuple[int, ...], numbers: Numbers | None) -> Any:
    """Numbers of a map by row and column."""
    return None if numbers is None else np.reshape(numbers, (1,) * (2 - len(size)) + size)


def shown(scene: Scene, frame: int, still: dict[int, Items] | None = None) -> dict[str, Items]:
    """What is seen in a frame, by the tracks' names, from back to front; `still` remembers the static tracks."""
    found: dict[str, Items] = {}
    for number, track in enumerate(scene.tracks):
        if track.span is not None and frame not in track.span:
            continue
        if track.static and still is not None:
            if number not in still:
                still[number] = track.at(frame)
            items = still[number]
        else:
            items = track.at(frame)
        if items:
            found[track.name] = found.get(track.name, ()) + items
    return found


def pale(figure: Figure) -> bool:
    """Whether a figure's output is pale until it is computed."""
    return figure.wants("reveal") or figure.view == "construction"


def apart(box: Box, other: Box, slack: float = 1e-6) -> bool:
    """Whether boxes have nothing in common."""
    return (
        box.right <= other.left + slack
        or other.right <= box.left + slack
        or box.bottom <= other.top + slack
        or other.bottom <= box.top + slack
    )


def text_box(text: Text) -> Box:
    """Where the strokes of a text are, at most, by the table of widths, which is tested against the fonts.

    Words may be set in either font, so they take the room of the wider one.
    """
    wide = width_of(text.runs, serif_too=text.role == "words")
    em = min(text.size, text.width / wide) if wide else text.size
    left = text.at[0] - wide * em * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
    capital = capital_height("sans")
    base = text.at[1] + capital * em / 2
    heights = [(run.rise + run.scale * capital, run.rise - run.scale * _depth(run.text)) for run in text.runs]
    top, bottom = max(high for high, _ in heights), min(low for _, low in heights)
    return Box(left, base - top * em, left + wide * em, base - bottom * em)


def _depth(text: str) -> float:
    return 0.24 if DESCENDING & {*text} else 0.02


def corners_of(items: Iterable[Item]) -> list[Point]:
    """Every point that items reach, the corners of texts too."""
    points: list[Point] = []
    for item in items:
        if isinstance(item, Text):
            left, top, right, bottom = text_box(item)
            points.extend(((left, top), (right, bottom)))
        else:
            points.extend(points_of((item,)))
    return points


def check_bounds(scene: Scene, items: Mapping[str, Items]) -> None:
    """Everything that is seen lies inside the bounds; a text may touch the margin's first tenth of a cell."""
    left, top, right, bottom = scene.bounds
    for name, found in items.items():
        for item in found:
            slack = 0.1 if isinstance(item, Text) else 1e-6
            for x, y in corners_of((item,)):
                assert left - slack <= x <= right + slack, f"{name}: {item} leaves {scene.bounds}"
                assert top - slack <= y <= bottom + slack, f"{name}: {item} leaves {scene.bounds}"


def check_frames_inside(scene: Scene, frames: Iterable[int]) -> None:
    """Nothing reaches beyond the bounds in any of these frames."""
    for frame in frames:
        check_bounds(scene, shown(scene, frame))


def of_kind(items: Items, kind: type[T]) -> list[T]:
    """The items of one kind, in order."""
    return [item for item in items if isinstance(item, kind)]


def painted(items: Items, plane: Plane) -> dict[str, list[Pair]]:
    """The cells that are painted in each role, sorted; a cell painted twice is there twice."""
    cells: dict[str, list[Pair]] = {}
    for polygon in of_kind(items, Polygon):
        blocks = [plane.block(part) for part in polygon.parts]
        assert polygon.role not in HATCHED or all(len(block) == 1 for block in blocks), "hatched across a line"
        cells.setdefault(polygon.role, []).extend(cell for block in blocks for cell in block)
    return {role: sorted(found) for role, found in cells.items()}


def ruled(items: Items, plane: Plane) -> set[tuple[int, int, str]]:
    """The edges of cells that have lines."""
    return plane.edges(part for line in of_kind(items, Line) for part in line.parts)


def last_roles(items: Items, plane: Plane) -> dict[Pair, str]:
    """The role that is seen of each cell: the last one painted over it."""
    roles: dict[Pair, str] = {}
    for polygon in of_kind(items, Polygon):
        roles.update((cell, polygon.role) for part in polygon.parts for cell in plane.block(part))
    return roles


def points_of(items: Iterable[Item]) -> list[Point]:
    """Every point that items are placed by."""
    points: list[Point] = []
    for item in items:
        if isinstance(item, Text):
            points.append(item.at)
        else:
            points.extend(point for part in item.parts for point in part)
    return points


def plane_of(items: Items, roles: Iterable[str] | None = None) -> Plane:
    """The map, seen from above, whose top left corner is that of the areas in those roles."""
    wanted = None if roles is None else {*roles}
    areas = [item for item in of_kind(items, Polygon) if wanted is None or item.role in wanted]
    xs, ys = zip(*points_of(areas), strict=True)
    return Plane(min(xs), min(ys), False)


def cells_of(size: tuple[int, ...], at: Pair = (0, 0)) -> list[Pair]:
    """The cells of a block, row by row."""
    return [(at[0] + row, at[1] + col) for row in range(size[0]) for col in range(size[1])]


def input_cells(layer: Layer) -> list[Pair]:
    """Where the canvas is input, by the oracle."""
    return [(int(row), int(col)) for row, col in np.argwhere(canvas_map(lifted(layer)) >= 0)]


def copied_cells(layer: Layer) -> list[Pair]:
    """Where padding copies the input, by the oracle."""
    flat = lifted(layer)
    beside = canvas_map(flat) == PADDING
    return [(int(row), int(col)) for row, col in np.argwhere(beside & (source_map(flat) >= 0))]


def cut_cells(layer: Layer) -> dict[Pair, Pair]:
    """Where input elements lie beside the canvas, and which."""
    flat = lifted(layer)
    rows, cols = input_places(flat)
    height, width = flat.canvas_size
    return {
        (row, col): (r, c)
        for r, row in enumerate(rows)
        for c, col in enumerate(cols)
        if not (0 <= row < height and 0 <= col < width)
    }


def check(figure: Figure, frames: Iterable[int] | None = None) -> Scene:
    """Every law that holds for the cells and lines of a figure, in the frames given or in all.

    Frames are counted from the first step on: before it there may be a prologue.
    """
    scene, layer = compose(figure), lifted(figure.layer)
    steps = list(layer.steps())
    before = len(scene.durations) - len(steps)
    assert before >= 0 if figure.wants("prologue") or figure.view == "construction" else before == 0
    tilted = figure.view == "isometric"
    canvas, output = run_planes(figure, scene)
    row = figure.layer.ndim == 1 and not tilted
    moving = (*MOVING["isometric" if tilted else "row" if row else "flat"], *(["taps"] if figure.numbered else []))
    still = {*GROUNDS, *(["cut"] if cut_cells(layer) else []), *(["pending"] if pale(figure) else ["output"])}
    if figure.wants("kernel_map") or figure.view == "construction":
        still.add("kernel")
    expected = still | {*moving, *(["output"] if pale(figure) else [])}
    nothing = set() if input_cells(layer) else {"input"}
    seen: list[Point] = []
    memory: dict[int, Items] = {}
    for frame in range(len(steps)) if frames is None else frames:
        items = {name: found for name, found in shown(scene, before + frame, memory).items() if name not in WORDS}
        # Numbers that sight lines would cross are written above them once more: there may be none.
        assert items.keys() - {"crossed"} == expected - nothing
        if not seen:
            check_grounds(items, layer, canvas)
            seen.extend(points_of(item for name in still - nothing for item in items[name]))
            check_output(items, layer, output, frame + 1 if pale(figure) else None)
        elif pale(figure):
            check_output(items, layer, output, frame + 1)
        check_shadow(items["shadow"], steps[frame], canvas)
        check_window(items["kernel"], steps[frame], canvas)
        check_highlight(items["highlight"], steps[frame], output)
        if row:
            check_reading(items["sight"], steps[frame], canvas, output)
        elif "sight" in items:
            check_sight(items["sight"], layer, steps[frame], canvas, output)
        seen.extend(points_of(item for name in moving for item in items[name]))
    if not before and not any(track.name in WORDS for track in scene.tracks):
        xs, ys = zip(*seen, strict=True)
        np.testing.assert_allclose(scene.bounds, (min(xs), min(ys), max(xs), max(ys)), atol=1e-9)
    return scene


def captions(scene: Scene, frame: int) -> list[str]:
    """What the caption says in a frame, line by line; a quotient by its parts."""
    lines: list[list[Text]] = []
    for text in of_kind(shown(scene, frame).get("caption", ()), Text):
        if lines and abs(text.at[1] - lines[-1][0].at[1]) < 0.42:
            lines[-1].append(text)
        else:
            lines.append([text])
    return [" ".join(text.text for text in line) for line in lines]


def run_planes(figure: Figure, scene: Scene) -> tuple[Plane, Plane]:
    """Where the canvas and the output lie; they are known, but for the room that a kernel has to turn in."""
    layer = lifted(figure.layer)
    if figure.layer.ndim == 1:
        return canvas_plane(figure.view), row_plane(layer, "isometric" if figure.view == "isometric" else "flat")
    turns = figure.wants("prologue") and figure.wants("kernel_map") and isinstance(layer, ConvTranspose)
    if turns or figure.view == "construction":
        ready = shown(scene, len(scene.durations) - 1)
        xs, ys = zip(*points_of(ready["output"]), strict=True)
        return canvas_plane("flat"), Plane(min(xs), min(ys), False)
    between = layer.kernel_size[1] + 1 if figure.wants("kernel_map") else 0
    return canvas_plane(figure.view), output_plane(layer, figure.view, between)


def check_grounds(items: Mapping[str, Items], layer: Layer, canvas: Plane) -> None:
    """The canvas and the input's cells on it: those cells, all of them, and no other."""
    every_cell = cells_of(layer.canvas_size)
    inputs, shown_inputs = input_cells(layer), items.get("input", ())
    copies = copied_cells(layer)
    assert painted(items["canvas"], canvas) == {"blank": every_cell} | ({"copy": copies} if copies else {})
    assert ruled(items["canvas"], canvas) == edges_of(every_cell)
    assert {(line.role, bool(line.dash)) for line in of_kind(items["canvas"], Line)} == {("blank_line", True)}
    assert painted(shown_inputs, canvas) == ({"input": inputs} if inputs else {})
    assert ruled(shown_inputs, canvas) == edges_of(inputs)
    if cut := cut_cells(layer):
        assert painted(items["cut"], canvas) == {"cut": sorted(cut)}
        assert ruled(items["cut"], canvas) == edges_of(cut)
        assert {line.role for line in of_kind(items["cut"], Line)} == {"cut_line"}
    assert {(line.role, line.dash) for line in of_kind(shown_inputs, Line)} <= {("line", None)}


def check_output(items: Mapping[str, Items], layer: Layer, output: Plane, count: int | None = None) -> None:
    """The output map: its first `count` cells are computed and the others pale, or all are where that is None."""
    every_cell = cells_of(layer.output_size)
    assert painted(items["output"], output) == {"output": every_cell[:count]}
    assert ruled(items["output"], output) == edges_of(every_cell[:count])
    assert ("pending" in items) == (count is not None)
    if count is not None:
        assert painted(items["pending"], output) == {"pending": every_cell}
        assert ruled(items["pending"], output) == edges_of(every_cell)
        assert list(items).index("pending") < list(items).index("output"), "pale cells would hide the others"
    assert {(line.role, line.dash) for line in of_kind(items["output"], Line)} == {("line", None)}


def check_shadow(items: Items, step: Step, canvas: Plane) -> None:
    """Each tap's cell is shaded once, in the role of what it lies on."""
    on_input, beside = (
        sorted(tap.canvas for tap in step.taps if (tap.input is None) is none) for none in (False, True)
    )
    expected = {"shadow_on_input": on_input, "shadow_on_canvas": beside}
    assert painted(items, canvas) == {role: cells for role, cells in expected.items() if cells}
    assert all(isinstance(item, Polygon) for item in items)


def kernel_map_of(items: Mapping[str, Items]) -> Items:
    """What is shown of the kernel beside the maps; the lines of its window on the canvas follow it."""
    *found, window = items["kernel"]
    assert isinstance(window, Line)
    return tuple(found)


def check_window(items: Items, step: Step, canvas: Plane) -> None:
    """The kernel's grid is around the cells of its taps, over the kernel's map if that is shown too."""
    lines = items[-1:]
    assert not of_kind(lines, Polygon)
    assert ruled(lines, canvas) == edges_of((tap.canvas[0], tap.canvas[1]) for tap in step.taps)


def check_highlight(items: Items, step: Step, output: Plane) -> None:
    """The output cell that the step computes, and no other."""
    cell = (step.output[0], step.output[1])
    assert painted(items, output) == {"shadow_on_output": [cell]}
    assert ruled(items, output) == edges_of([cell])


def check_sight(items: Items, layer: Any, step: Step, canvas: Plane, output: Plane) -> None:
    """Four lines, from the corners of the kernel's window to the same corners of the output cell."""
    (line,) = of_kind(items, Line)
    assert (len(items), line.role) == (1, "sight")
    row, col = step.output
    top, left = min(tap.canvas[0] for tap in step.taps), min(tap.canvas[1] for tap in step.taps)
    rows, cols = (1 + max(tap.canvas[axis] for tap in step.taps) - start for axis, start in enumerate((top, left)))
    drawn = Counter((canvas.corner(start), output.corner(end)) for start, end in line.parts)
    assert drawn == {
        ((top, left), (row, col)): 1,
        ((top, left + cols), (row, col + 1)): 1,
        ((top + rows, left), (row + 1, col)): 1,
        ((top + rows, left + cols), (row + 1, col + 1)): 1,
    }


def check_reading(items: Items, step: Step, canvas: Plane, output: Plane) -> None:
    """A line from every cell that is read, from the middle of its upper edge, up to that of the output cell's lower."""
    (line,) = of_kind(items, Line)
    assert (len(items), line.role) == (1, "sight")
    foot = output.point(step.output[0] + 1, step.output[1] + 0.5)
    drawn = [(canvas.point(row, col + 0.5), foot) for row, col in (tap.canvas for tap in step.taps)]
    np.testing.assert_allclose(line.parts, drawn)


def texts_at(items: Items, plane: Plane) -> tuple[dict[Pair, str], dict[Pair, str]]:
    """The numbers by cell: those in the middle or above it, and the weights below or to the lower right.

    There are not two of either in a cell.
    """
    middle: dict[Pair, str] = {}
    corner: dict[Pair, str] = {}
    for text in of_kind(items, Text):
        cell, (row, col) = plane.cell_at(text.at)
        middle_x, middle_y = plane.point(cell[0] + 0.5, cell[1] + 0.5)
        above = abs(text.at[0] - middle_x) < 0.01 and text.at[1] < middle_y - 0.1
        if above or (abs(row - 0.5) < 1e-6 and abs(col - 0.5) < 1e-6):
            found = middle
        else:
            assert text.at[0] > middle_x + 0.2 or text.at[1] > middle_y + 0.1
            assert text.at[0] > middle_x - 0.01
            assert text.at[1] > middle_y - 0.01
            found = corner
        assert cell not in found
        found[cell] = text.text
    return middle, corner


def texts_in(items: Items, plane: Plane) -> dict[Pair, str]:
    """The texts by cell, from top to bottom; all of them centred on the middle of the cell."""
    lines: dict[Pair, list[tuple[float, str]]] = {}
    for text in of_kind(items, Text):
        cell, (row, col) = plane.cell_at(text.at)
        assert abs(col - 0.5) < 1e-6
        assert text.anchor == "middle"
        lines.setdefault(cell, []).append((row, text.text))
    for heights in lines.values():
        assert abs(sum(row for row, _ in heights) / len(heights) - 0.5) < 1e-6
    return {cell: "".join(text for _, text in sorted(found)) for cell, found in lines.items()}


def check_fits(items: Items, plane: Plane) -> None:
    """Every text lies in its cell, no two texts of a cell touch, and none has to shrink to fit."""
    texts: dict[Pair, list[Box]] = {}
    for text in of_kind(items, Text):
        cell, _ = plane.cell_at(text.at)
        box = text_box(text)
        left, top = plane.point(*cell)
        assert left < box.left, f"{text.text} is too wide"
        assert box.right < left + 1, f"{text.text} is too wide"
        assert top < box.top, f"{text.text} is too high"
        assert box.bottom < top + 1, f"{text.text} is too high"
        assert text.size * width_of(text.runs) <= text.width + 1e-9, f"{text.text} is smaller than the others"
        for other in texts.setdefault(cell, []):
            apart = other.bottom < box.top or box.bottom < other.top
            assert apart or other.right < box.left or box.right < other.left, f"{text.text} lies over another text"
        texts[cell].append(box)


def check_one_size(items: Items) -> None:
    """All texts of a map are of one size."""
    assert len({text.size for text in of_kind(items, Text)}) <= 1


def written(value: float) -> str:
    """A whole number as the figure must write it, with a true minus sign."""
    assert value == round(value)
    return str(round(value)).replace("-", MINUS)


def read(text: str) -> float:
    """The number that a reader sees."""
    return float(text.replace(MINUS, "-").replace("\N{INFINITY}", "inf"))


def check_numbers(figure: Figure, x: Numbers, w: Numbers | None) -> None:
    """Every number stands in its cell, and in every frame those under the shadow make the highlighted one."""
    scene, layer = compose(figure), lifted(figure.layer)
    x, w = numbers_of(figure.layer.input_size, x), numbers_of(figure.layer.kernel_size, w)
    canvas, output = run_planes(figure, scene)
    before = len(scene.durations) - layer.step_count
    last = shown(scene, len(scene.durations) - 1)
    marks, result = source_map(layer), computed(layer, x, w)
    nothing = f"{MINUS}\N{INFINITY}" if isinstance(layer, MaxPool) else "0"
    if isinstance(layer, AvgPool) and not layer.count_include_pad:
        nothing = ""

    def on_canvas(cells: Iterable[tuple[int, ...]]) -> dict[tuple[int, ...], str]:
        texts = {cell: written(x.flat[marks[cell]]) if marks[cell] >= 0 else nothing for cell in cells}
        return {cell: text for cell, text in texts.items() if text}

    beside = [(int(row), int(col)) for row, col in np.argwhere(canvas_map(layer) < 0)]
    assert texts_at(last["canvas"], canvas) == (on_canvas(beside), {})
    assert texts_at(last.get("input", ()), canvas) == (on_canvas(input_cells(layer)), {})
    if cut := cut_cells(layer):
        assert texts_at(last["cut"], canvas) == ({cell: written(x[at]) for cell, at in cut.items()}, {})
    outputs, none = texts_at(last["output"], output)
    assert none == {}
    assert list(outputs) == cells_of(layer.output_size)
    assert len({len(text.partition(".")[2]) for text in outputs.values() if "e" not in text and "∞" not in text}) <= 1
    for name in ("input", "output"):
        check_one_size(last.get(name, ()))
    memory: dict[int, Items] = {}
    for frame, step in enumerate(layer.steps()):
        items = shown(scene, before + frame, memory)
        if pale(figure):
            computed_yet = cells_of(layer.output_size)[: frame + 1]
            assert texts_at(items["output"], output) == ({cell: outputs[cell] for cell in computed_yet}, {})
        numbers, weights = texts_at(items["taps"], canvas)
        assert numbers == on_canvas(tap.canvas for tap in step.taps)
        assert set(weights) == (set() if w is None else {tap.canvas for tap in step.taps})
        result_shown, none = texts_at(items["highlight"], output)
        assert none == {}
        assert result_shown == {step.output: outputs[step.output]}
        seen = {cell: read(text) for cell, text in numbers.items()}
        if w is not None:
            total = sum(read(weights[cell]) * value for cell, value in seen.items())
        elif isinstance(layer, MaxPool):
            total = max(seen.values())
        else:
            total = sum(seen.values()) / len(seen)
        assert total == result[step.output], "what the figure shows is not what the layer computes"
        assert abs(read(outputs[step.output]) - total) < 0.000501 or total == -np.inf


def ink_share(figure: Figure) -> float:
    """How much of the pictures is not paper, each frame as long as it lasts; at small cells, which are soon drawn."""
    film = Film.of(figure.replaced(cell=10))
    shares = [(np.abs(frame.astype(int) - frame[0, 0]).max(axis=-1) > 8).mean() for frame in film.frames()]
    return float(np.average(shares, weights=film.durations))
