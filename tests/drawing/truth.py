"""The laws that every figure obeys, checked on its scene: what is drawn is what the layer computes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from convgif.arithmetic import AvgPool, ConvTranspose, MaxPool, Step
from convgif.drawing import draw
from convgif.drawing.scene import Box, Color, Item, Items, Line, Point, Polygon, Scene, Text
from convgif.figure import Figure
from convgif.rendering.lettering import outline
from tests.arithmetic.oracle import AnyLayer, Numbers, canvas_map, computed, spans
from tests.drawing.plane import Pair, Plane, canvas_plane, edges_of, input_places, output_plane


class Palette(NamedTuple):
    """The colours of a theme's cells, written down a second time; `blank` is None where these are dashed."""

    input: Color
    cut: Color
    blank: Color | None
    kernel: Color
    output: Color
    pending: Color
    shadow_beside: Color
    shadow_on_input: Color
    shadow_on_output: Color


PAPER: Final = (255, 255, 255)
INPUT: Final = (38, 139, 210)
OUTPUT: Final = (42, 161, 152)
# (7, 54, 66) at 40 % on white, on the input's blue and on the output's cyan.
SHADOW_BESIDE: Final = (156, 175, 179)
SHADOW_ON_INPUT: Final = (26, 105, 152)
SHADOW_ON_OUTPUT: Final = (28, 118, 118)

PALETTES: Final[Mapping[str, Palette]] = {
    "solarized": Palette(
        input=INPUT,
        cut=(201, 226, 244),
        blank=None,
        kernel=SHADOW_BESIDE,
        output=OUTPUT,
        pending=(212, 236, 234),
        shadow_beside=SHADOW_BESIDE,
        shadow_on_input=SHADOW_ON_INPUT,
        shadow_on_output=SHADOW_ON_OUTPUT,
    ),
    "muted": Palette(
        input=(148, 182, 210),
        cut=(218, 229, 239),
        blank=(166, 166, 166),
        kernel=(221, 128, 71),
        output=(165, 171, 129),
        pending=(219, 221, 205),
        shadow_beside=(221, 128, 71),
        shadow_on_input=(205, 139, 103),
        shadow_on_output=(124, 128, 97),
    ),
    "colorblind": Palette(
        input=(86, 180, 233),
        cut=(204, 232, 248),
        blank=None,
        kernel=(230, 159, 0),
        output=(0, 158, 115),
        pending=(204, 236, 227),
        shadow_beside=(230, 159, 0),
        shadow_on_input=(181, 80, 0),
        shadow_on_output=(0, 111, 80),
    ),
}
HATCHES: Final[Mapping[str, Color]] = {"colorblind": (0, 0, 0)}
"""The themes that tell shaded cells by slanted lines too."""

T = TypeVar("T", Polygon, Line, Text)

GROUNDS: Final = ("canvas", "input")
MOVING: Final[Mapping[str, tuple[str, ...]]] = {
    "isometric": ("shadow", "kernel", "sight", "highlight"),
    "flat": ("shadow", "kernel", "highlight"),
}
"""What shows a step: `kernel` is the lines of the window, and of the kernel's map too where there is one."""
WORDS: Final = ("title", "words", "caption")


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
    return figure.reveal or figure.view == "construction"


def ink(text: Text) -> npt.NDArray[np.float64]:
    """The points that the outlines of a text run through, as it is set: shape (points, 2)."""
    letters = outline(text.text, text.font, text.math)
    em = min(text.size, text.width / letters.width)
    aside = letters.width * em * {"start": 0.5, "middle": 0.0, "end": -0.5}[text.anchor]
    return letters.vertices * (em, -em) + (text.at[0] + aside, text.at[1])


def text_box(text: Text) -> Box:
    """Where the strokes of a text are, by the outlines of its font: as wide as it is set, as high as they are."""
    letters = outline(text.text, text.font, text.math)
    width = letters.width * min(text.size, text.width / letters.width)
    left = text.at[0] - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
    heights = ink(text)[:, 1]
    return Box(left, float(heights.min()), left + width, float(heights.max()))


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
    """Every law that holds for the cells and lines of a figure, in the frames given or in all.

    Frames are counted from the first step on: before it there may be a prologue.
    """
    scene = draw(figure)
    palette, hatch, steps = PALETTES[figure.theme], HATCHES.get(figure.theme), list(layer.steps())
    before = len(scene.durations) - len(steps)
    assert before >= 0 if figure.prologue or figure.view == "construction" else before == 0
    tilted = figure.view == "isometric"
    canvas, output = run_planes(figure, layer, scene)
    moving = (*MOVING["isometric" if tilted else "flat"], *(["taps"] if figure.numbered else []))
    still = {*GROUNDS, *(["cut"] if cut_cells(layer) else []), *(["pending"] if pale(figure) else ["output"])}
    if figure.kernel_map or figure.view == "construction":
        still.add("kernel")
    expected = still | {*moving, *(["output"] if pale(figure) else [])}
    nothing = set() if input_cells(layer) else {"input"}
    seen: list[Point] = []
    memory: dict[int, Items] = {}
    for frame in range(len(steps)) if frames is None else frames:
        items = {name: found for name, found in shown(scene, before + frame, memory).items() if name not in WORDS}
        assert items.keys() == expected - nothing
        if not seen:
            check_grounds(items, layer, canvas, palette)
            seen.extend(points_of(item for name in still - nothing for item in items[name]))
            check_output(items, layer, output, palette, frame + 1 if pale(figure) else None)
        elif pale(figure):
            check_output(items, layer, output, palette, frame + 1)
        check_shadow(items["shadow"], steps[frame], canvas, palette, hatch)
        check_window(items["kernel"], steps[frame], canvas)
        check_highlight(items["highlight"], steps[frame], output, palette, hatch)
        if "sight" in items:
            check_sight(items["sight"], layer, steps[frame], canvas, output)
        seen.extend(points_of(item for name in moving for item in items[name]))
    if not before and not any(track.name in WORDS for track in scene.tracks):
        xs, ys = zip(*seen, strict=True)
        np.testing.assert_allclose(scene.bounds, (min(xs), min(ys), max(xs), max(ys)), atol=1e-9)
    return scene


def captions(scene: Scene, frame: int) -> list[str]:
    """What the caption says in a frame, line by line."""
    return [item.text for item in of_kind(shown(scene, frame).get("caption", ()), Text)]


def run_planes(figure: Figure, layer: AnyLayer, scene: Scene) -> tuple[Plane, Plane]:
    """Where the canvas and the output lie; they are known, but for the room that a kernel has to turn in."""
    turns = figure.prologue and figure.kernel_map and isinstance(layer, ConvTranspose)
    if turns or figure.view == "construction":
        ready = shown(scene, len(scene.durations) - 1)
        xs, ys = zip(*points_of(ready["output"]), strict=True)
        return canvas_plane("flat"), Plane(min(xs), min(ys), False)
    between = layer.kernel_size[1] + 1 if figure.kernel_map else 0
    return canvas_plane(figure.view), output_plane(layer, figure.view, between)


def check_grounds(items: Mapping[str, Items], layer: AnyLayer, canvas: Plane, palette: Palette) -> None:
    """The canvas and the input's cells on it: those cells, all of them, and no other."""
    every_cell = list(np.ndindex(*layer.canvas_size))
    inputs, shown_inputs = input_cells(layer), items.get("input", ())
    assert ruled(items["canvas"], canvas) == edges_of((row, col) for row, col in every_cell)
    if palette.blank is None:
        assert painted(items["canvas"], canvas) == {}
        assert all(line.dash for line in of_kind(items["canvas"], Line))
    else:
        assert painted(items["canvas"], canvas) == {palette.blank: every_cell}
        assert not any(line.dash for line in of_kind(items["canvas"], Line))
    assert painted(shown_inputs, canvas) == ({palette.input: inputs} if inputs else {})
    assert ruled(shown_inputs, canvas) == edges_of(inputs)
    if cut := cut_cells(layer):
        assert painted(items["cut"], canvas) == {palette.cut: sorted(cut)}
        assert ruled(items["cut"], canvas) == edges_of(cut)
    assert not any(line.dash for line in of_kind(shown_inputs, Line))


def check_output(
    items: Mapping[str, Items], layer: AnyLayer, output: Plane, palette: Palette, count: int | None = None
) -> None:
    """The output map: its first `count` cells are computed and the others pale, or all are where that is None."""
    every_cell = [(row, col) for row, col in np.ndindex(*layer.output_size)]
    assert painted(items["output"], output) == {palette.output: every_cell[:count]}
    assert ruled(items["output"], output) == edges_of(every_cell[:count])
    assert ("pending" in items) == (count is not None)
    if count is not None:
        assert painted(items["pending"], output) == {palette.pending: every_cell}
        assert ruled(items["pending"], output) == edges_of(every_cell)
        assert list(items).index("pending") < list(items).index("output"), "pale cells would hide the others"
    assert not any(line.dash for line in of_kind(items["output"], Line))


def check_shadow(items: Items, step: Step, canvas: Plane, palette: Palette, hatch: Color | None) -> None:
    """Each tap's cell is shaded once, in the colour of what it lies on, and hatched where the theme hatches."""
    cells = painted(items, canvas)
    on_input, beside = (
        sorted(tap.canvas for tap in step.taps if (tap.input is None) is none) for none in (False, True)
    )
    assert cells.pop(palette.shadow_on_input, []) == on_input
    assert cells.pop(palette.shadow_beside, []) == beside
    assert cells == {}
    check_hatch(of_kind(items, Line), [tap.canvas for tap in step.taps], canvas, hatch)
    assert not of_kind(items, Text)


def check_hatch(lines: list[Line], cells: list[Pair], plane: Plane, hatch: Color | None) -> None:
    """Three slanted lines over each of those cells and over no other; none where the theme hatches nothing."""
    parts = [part for line in lines for part in line.parts]
    over: Counter[Pair] = Counter()
    for (x, y), (to_x, to_y) in parts:
        cell, _ = plane.cell_at(((x + to_x) / 2, (y + to_y) / 2))
        over[cell] += 1
        for at in ((x, y), (to_x, to_y)):
            row, col = plane.place(at)
            assert cell[0] - 1e-6 <= row <= cell[0] + 1 + 1e-6
            assert cell[1] - 1e-6 <= col <= cell[1] + 1 + 1e-6
    assert over == ({} if hatch is None else dict.fromkeys(cells, 3))
    assert {line.color for line in lines} == ({hatch} if parts else set())


def kernel_map_of(items: Mapping[str, Items]) -> Items:
    """What is shown of the kernel beside the maps; the lines of its window on the canvas follow it."""
    *shown, window = items["kernel"]
    assert isinstance(window, Line)
    return tuple(shown)


def check_window(items: Items, step: Step, canvas: Plane) -> None:
    """The kernel's grid is around the cells of its taps, over the kernel's map if that is shown too."""
    lines = items[-1:]
    assert not of_kind(lines, Polygon)
    assert ruled(lines, canvas) == edges_of(tap.canvas for tap in step.taps)


def check_highlight(items: Items, step: Step, output: Plane, palette: Palette, hatch: Color | None) -> None:
    """The output cell that the step computes, and no other."""
    assert painted(items, output) == {palette.shadow_on_output: [step.output]}
    hatched = [] if hatch is None else of_kind(items, Line)[:-1]
    assert ruled(tuple(item for item in items if item not in hatched), output) == edges_of([step.output])
    check_hatch(hatched, [step.output], output, hatch)


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
    canvas, output = run_planes(figure, layer, scene)
    before = len(scene.durations) - layer.output_size[0] * layer.output_size[1]
    last = shown(scene, len(scene.durations) - 1)
    marks, result = canvas_map(layer), computed(layer, x, w)
    nothing = "\N{MINUS SIGN}\N{INFINITY}" if isinstance(layer, MaxPool) else "0"
    if isinstance(layer, AvgPool) and not layer.count_include_pad:
        nothing = ""

    def on_canvas(cells: Iterable[Pair]) -> dict[Pair, str]:
        texts = {cell: written(x.flat[marks[cell]]) if marks[cell] >= 0 else nothing for cell in cells}
        return {cell: text for cell, text in texts.items() if text}

    beside = [(int(row), int(col)) for row, col in np.argwhere(marks < 0)]
    assert texts_at(last["canvas"], canvas) == (on_canvas(beside), {})
    assert texts_at(last.get("input", ()), canvas) == (on_canvas(input_cells(layer)), {})
    if cut := cut_cells(layer):
        assert texts_at(last["cut"], canvas) == ({cell: written(x[at]) for cell, at in cut.items()}, {})
    outputs, none = texts_at(last["output"], output)
    assert none == {}
    assert set(outputs) == set(np.ndindex(*layer.output_size))
    memory: dict[int, Items] = {}
    for frame, step in enumerate(layer.steps()):
        items = shown(scene, before + frame, memory)
        if pale(figure):
            computed_yet = list(np.ndindex(*layer.output_size))[: frame + 1]
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
        assert abs(read(outputs[step.output]) - total) < 0.0501 or total == -np.inf
