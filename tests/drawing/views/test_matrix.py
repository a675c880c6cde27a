"""The matrix view: what its frames show is a product, row by row, of the matrix that the layer is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from math import prod
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import Conv, ConvTranspose
from convgif.drawing.composition import compose
from convgif.drawing.scene import Box, Item, Items, Polygon, Scene, Text, placed
from convgif.drawing.timeline import TWEEN_FRAMES
from convgif.drawing.views.matrix import COMFORTABLE, LARGEST_CELL, LEGIBLE, Slots, elided
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.presets import load_presets
from tests.arithmetic.oracle import AnyLayer, Numbers, canvas_map, computed
from tests.arithmetic.strategies import REPEATABLE, filled, seeds, transposed_convs
from tests.drawing import truth
from tests.drawing.cases import CASES, chosen, drawable
from tests.drawing.plane import Pair, Plane, edges_of
from tests.drawing.truth import (
    cells_of,
    check_fits,
    check_frames_inside,
    check_one_size,
    ink_share,
    lifted,
    numbers_of,
    of_kind,
    painted,
    plane_of,
    points_of,
    read,
    ruled,
    texts_in,
    written,
)

SOME: Final = settings(REPEATABLE, max_examples=20)
Weighted = Conv | ConvTranspose

SYMBOL: Final = re.compile(r"([wxy])(\d+),(\d+)")
DOTS: Final = {(True, True): "⋱", (True, False): "⋮", (False, True): "⋯"}
"""What stands for left out (rows, columns)."""
TURNED_DOTS: Final = {"⋱": "⋱", "⋮": "⋯", "⋯": "⋮"}

LAYERS: Final[Mapping[str, AnyLayer]] = {
    name: CASES[name]
    for name in (
        "one cell",
        "kernel of one cell, dilated",
        "even kernel, transposed",
        "stride beyond the kernel, transposed",
        "kernel beyond the input",
        "not square",
        "not square, transposed",
        "dilated and strided, transposed",
        "output padding beyond the stride",
        "cropped to no input",
    )
} | {
    "padding alone under the kernel": Conv(1, 1, padding=1),
    "rows and columns elided": Conv(6, 3),
    "rows alone elided": Conv(3, 3, padding=3),
    "columns alone elided": Conv((6, 7), 3, stride=3),
    "elided and transposed": ConvTranspose((4, 8), 2, stride=2, padding=1, output_padding=(1, 0)),
    "elided and dilated": Conv(7, (2, 3), dilation=2, padding=1),
    "wide": Conv((1, 40), (1, 4), stride=(1, 2)),
    "one row after the other": Conv((30, 1), (3, 1), padding=(1, 0)),
    "a row, by its index": Conv((6,), 3, stride=2, padding=1),
    "a row, transposed": ConvTranspose((3,), 2, stride=2),
}


# The oracle.


def matrix_of(layer: Weighted, w: Numbers) -> Numbers:
    """The matrix of a layer, column by column: what it makes of an input that is 1 in one place."""
    elements = layer.input_size[0] * layer.input_size[1]
    units = np.eye(elements).reshape(elements, *layer.input_size)
    return np.stack([computed(layer, unit, w).ravel() for unit in units], axis=1)


def kernel_indices(layer: Weighted) -> npt.NDArray[np.int_]:
    """Which kernel element stands where in the matrix, by its flat index; -1 where none does."""
    numbered = np.arange(1, layer.kernel_size[0] * layer.kernel_size[1] + 1).reshape(layer.kernel_size)
    return matrix_of(layer, numbered).round().astype(int) - 1


# How the scene is read.

MAPS: Final = {"canvas", "input", "cut", "output", "pending", "shadow", "kernel", "taps", "highlight"}


def shown(scene: Scene, frame: int, memory: dict[int, Items] | None = None) -> dict[str, Items]:
    """What a frame shows, the maps with cells as large as those of the matrix."""
    items = truth.shown(scene, frame, memory)
    cell = around(items["highlight"]).extent[0]
    assert 1 <= cell < LARGEST_CELL + 1e-9
    return {name: placed(found, 1 / cell, (0, 0)) if name in MAPS else found for name, found in items.items()}


class Parts(NamedTuple):
    """Where everything lies; `slots` are the (rows, columns) of the matrix that there is room for, `length` is x's."""

    canvas: Plane
    output: Plane
    matrix: Plane
    x: Plane
    y: Plane
    direct: Plane | None
    slots: Pair
    length: int


def parts(items: Mapping[str, Items], *, two: bool = False) -> Parts:
    """Everything found by its looks: x by its role, C to the left of it, and what may be left of that."""
    x, y = plane_of(items["factors"], {"input"}), plane_of(items["result"])
    depth = {name: max(point[1] for point in _areas_from(items[name], at.left)) for name, at in _vectors(x, y)}
    rows, length = round(depth["result"] - y.top), round(depth["factors"] - x.top)
    lattice = [point for item in items["factors"] if not isinstance(item, Text) for point in points_of([item])]
    left = [point for point in lattice if point[0] < x.left - 0.01]
    # The direct matrix is at the left of the other, and as wide as that is high.
    edge = min(px for px, _ in left)
    own = [point for point in left if point[0] > edge + rows + 0.01] if two else left
    others = [*{*left} - {*own}]
    matrix = Plane(min(px for px, _ in own), min(py for _, py in own), False)
    cols = round(max(px for px, _ in own) - matrix.left)
    assert max(py for _, py in own) == pytest.approx(matrix.top + rows)
    assert x.left > matrix.left + cols
    assert y.left > x.left + 1
    direct = None
    if others:
        direct = Plane(edge, min(py for _, py in others), False)
        assert max(px for px, _ in others) == pytest.approx(direct.left + rows)
        assert max(py for _, py in others) == pytest.approx(direct.top + cols)
    output = plane_of(items.get("pending", items["output"]))
    grid = [point for item in items["canvas"] for point in points_of([item])]
    canvas = Plane(min(px for px, _ in grid), min(py for _, py in grid), False)
    return Parts(canvas, output, matrix, x, y, direct, (rows, cols), length)


def _vectors(x: Plane, y: Plane) -> tuple[tuple[str, Plane], tuple[str, Plane]]:
    return ("factors", x), ("result", y)


def _areas_from(items: Items, left: float) -> list[tuple[float, float]]:
    return [point for item in items if not isinstance(item, Text) for point in points_of([item]) if point[0] >= left]


def within(items: Items, plane: Plane, width: int) -> Items:
    """The items that begin on a map of that width."""

    def first(item: Item) -> float:
        return item.at[0] if isinstance(item, Text) else item.parts[0][0][0]

    return tuple(item for item in items if plane.left - 0.01 < first(item) < plane.left + width + 0.01)


def slots_of(texts: Mapping[Pair, str], letter: str, width: int, count: int, ndim: int) -> Slots:
    """Which elements a vector of symbols shows, from top to bottom."""
    slots: Slots = []
    for row in range(count):
        if (text := texts[row, 0]) == "⋮":
            slots.append(None)
            continue
        found = SYMBOL.fullmatch(text if ndim > 1 else f"{text[0]}0,{text[1:]}")
        assert found is not None
        assert found[1] == letter
        assert int(found[3]) < width
        slots.append(int(found[2]) * width + int(found[3]))
    assert len(texts) == count
    return slots


def check_slots(slots: Slots, count: int, wanted: Iterable[int], room: int) -> None:
    """What holds of every choice of rows or columns."""
    assert len(slots) == room
    numbers = [number for number in slots if number is not None]
    assert numbers == sorted(set(numbers))
    assert {0, count - 1, *wanted} <= set(numbers) <= set(range(count))
    for one, other in pairwise(slots):
        assert one is not None or other is not None, "two gaps in a row"
        if one is not None and other is not None:
            assert other == one + 1, "something is left out without a word"
    for before, gap, after in zip(slots, slots[1:], slots[2:], strict=False):
        if gap is None:
            assert before is not None
            assert after is not None
            assert after - before > 2, "a gap takes as much room as what it leaves out"


def check(figure: Figure, layer: Weighted, frames: Iterable[int], x: Numbers | None, w: Numbers | None) -> None:
    """Every law of the view in some frames; `x` and `w` are the figure's numbers if it has any."""
    symbols = figure.replaced(input=None, weight=None, reveal=False)
    scene, algebra = compose(figure), compose(symbols)
    x, w = numbers_of(layer.input_size, x), numbers_of(layer.kernel_size, w)
    ndim, layer = layer.ndim, lifted(layer)
    kernel, outputs = kernel_indices(layer), prod(layer.output_size)
    assert len(scene.durations) == outputs
    memory: dict[int, Items] = {}
    algebra_memory: dict[int, Items] = {}
    at: Parts | None = None
    for frame in sorted({0, *frames}):
        items = shown(scene, frame, memory)
        at = parts(items, two=figure.wants("direct_matrix")) if at is None else at
        assert at.slots[0] == min(outputs, COMFORTABLE)
        assert (at.direct is not None) is figure.wants("direct_matrix")
        shown_symbols = shown(algebra, frame, algebra_memory)
        x_symbols = texts_in(within(shown_symbols["factors"], at.x, 1), at.x)
        y_symbols = texts_in(shown_symbols["result"], at.y)
        vector = slots_of(x_symbols, "x", layer.input_size[1], at.length, ndim)
        meets = np.flatnonzero(kernel[frame] >= 0).tolist()
        cols = elided(kernel.shape[1], meets, at.slots[1])
        rows = slots_of(y_symbols, "y", layer.output_size[1], at.slots[0], ndim)
        check_slots(rows, outputs, [frame], at.slots[0])
        check_slots(cols, kernel.shape[1], meets, at.slots[1])
        check_slots(vector, kernel.shape[1], meets, at.length)
        entries = _check_factors(layer, ndim, items, at, (rows, cols), vector, kernel, x, w)
        lit = [(slot, 0) for slot, number in enumerate(vector) if number in meets]
        _check_row(figure, items, at, (rows, cols), frame, entries, lit)
        _check_maps(figure, layer, ndim, items, at, frame, kernel, x)
        if x is not None and w is not None:
            _check_numbers(items, at, (rows, cols), vector, frame, computed(layer, x, w))
    assert at is not None
    for name, plane, width in _places(at):
        check_fits(within(items[name], plane, width), plane)
        if x is not None:
            check_one_size(tuple(item for item in within(items["result"], at.y, 1) if item.role == "text"))
    check_frames_inside(scene, [frame])


def _places(at: Parts) -> list[tuple[str, Plane, int]]:
    """What is written on, where, how wide."""
    rows, cols = at.slots
    places = [("factors", at.matrix, cols), ("factors", at.x, 1), ("result", at.y, 1)]
    return [*places, *([("factors", at.direct, rows)] if at.direct else []), *(("row", at, 1) for at in (at.x, at.y))]


def symbol(letter: str, place: tuple[int, ...], ndim: int) -> str:
    """A letter with its index: of rows and columns, or of the one axis that there is."""
    return letter + ",".join(map(str, place[-ndim:]))


def _check_factors(
    layer: Any,
    ndim: int,
    items: Mapping[str, Items],
    at: Parts,
    slots: tuple[Slots, Slots],
    vector: Slots,
    kernel: npt.NDArray[np.int_],
    x: Numbers | None,
    w: Numbers | None,
) -> dict[Pair, str]:
    """The matrix and x; what is written into the matrix, by slots, is returned."""
    rows, cols = slots
    texts: dict[Pair, str] = {}
    held: list[Pair] = []
    zeros: list[Pair] = []
    for r, row in enumerate(rows):
        for c, col in enumerate(cols):
            if row is None or col is None:
                texts[r, c] = DOTS[row is None, col is None]
            elif kernel[row, col] < 0:
                texts[r, c] = "0"
                zeros.append((r, c))
            else:
                held.append((r, c))
                place = divmod(int(kernel[row, col]), layer.kernel_size[1])
                texts[r, c] = symbol("w", place, ndim) if w is None else written(w[place])
    matrix = within(items["factors"], at.matrix, len(cols))
    assert painted(matrix, at.matrix) == {role: at for role, at in (("entry", held), ("zero", zeros)) if at}
    assert ruled(matrix, at.matrix) == edges_of(cell for cell in texts if texts[cell] not in TURNED_DOTS)
    assert texts_in(matrix, at.matrix) == texts
    width = layer.input_size[1]
    elements = {(c, 0): divmod(col, width) for c, col in enumerate(vector) if col is not None}
    held_x = within(items["factors"], at.x, 1)
    assert painted(held_x, at.x) == {"input": sorted(elements)}
    assert {cell: text for cell, text in texts_in(held_x, at.x).items() if cell in elements} == {
        cell: symbol("x", place, ndim) if x is None else written(x[place]) for cell, place in elements.items()
    }
    if at.direct:
        turned = within(items["factors"], at.direct, len(rows))
        across = {"entry": sorted((c, r) for r, c in held), "zero": sorted((c, r) for r, c in zeros)}
        assert painted(turned, at.direct) == {role: at for role, at in across.items() if at}
        assert texts_in(turned, at.direct) == {(c, r): TURNED_DOTS.get(text, text) for (r, c), text in texts.items()}
    return {cell: texts[cell] for cell in held}


def _check_row(
    figure: Figure,
    items: Mapping[str, Items],
    at: Parts,
    slots: tuple[Slots, Slots],
    frame: int,
    entries: Mapping[Pair, str],
    meets: list[Pair],
) -> None:
    """What the frame lights up: a row of the matrix, its elements of x, its element of y, and so far y itself."""
    rows, cols = slots
    row = rows.index(frame)
    lit = {cell: text for cell, text in entries.items() if cell[0] == row}
    own = within(items["row"], at.matrix, len(cols))
    assert painted(own, at.matrix) == ({"shadow_on_canvas": sorted(lit)} if lit else {})
    assert texts_in(own, at.matrix) == lit
    whole = (row, 0), (row, len(cols))
    outline = plane_edges(at.matrix, whole[0], (1, len(cols)))
    assert ruled(own, at.matrix) == edges_of(lit) | outline
    if at.direct:
        turned = within(items["row"], at.direct, len(rows))
        assert painted(turned, at.direct) == ({"shadow_on_canvas": sorted((c, r) for r, c in lit)} if lit else {})
        assert texts_in(turned, at.direct) == {(c, r): text for (r, c), text in lit.items()}
        assert ruled(turned, at.direct) == edges_of((c, r) for r, c in lit) | plane_edges(
            at.direct, (0, row), (len(cols), 1)
        )
    still, moving = within(items["factors"], at.x, 1), within(items["row"], at.x, 1)
    assert painted(moving, at.x) == ({"shadow_on_input": meets} if meets else {})
    assert texts_in(moving, at.x) == {cell: text for cell, text in texts_in(still, at.x).items() if cell in meets}
    result = within(items["row"], at.y, 1)
    assert painted(result, at.y) == {"shadow_on_output": [(row, 0)]}
    till = frame if figure.wants("reveal") else np.inf
    done = [(r, 0) for r, number in enumerate(rows) if number is not None and number <= till]
    pending = [(r, 0) for r, number in enumerate(rows) if number is not None and (r, 0) not in done]
    assert painted(items["result"], at.y) == {
        "output": done,
        **({"pending": pending} if pending else {}),
    }
    texts = texts_in(items["result"], at.y)
    gaps = {(r, 0): "⋮" for r, number in enumerate(rows) if number is None}
    assert set(texts) == {*done, *gaps}
    assert {cell: texts[cell] for cell in gaps} == gaps
    assert texts_in(result, at.y) == {(row, 0): texts[row, 0]}


def plane_edges(plane: Plane, corner: Pair, size: Pair) -> set[tuple[int, int, str]]:
    """The edges around a block."""
    path = [(0, 0), (0, size[1]), size, (size[0], 0), (0, 0)]
    return plane.edges([[plane.point(corner[0] + row, corner[1] + col) for row, col in path]])


def _check_maps(
    figure: Figure,
    layer: Any,
    ndim: int,
    items: Mapping[str, Items],
    at: Parts,
    frame: int,
    kernel: npt.NDArray[np.int_],
    x: Numbers | None,
) -> None:
    """The taps on the left map are the same input elements; the output map shows the same element."""
    cell = divmod(frame, layer.output_size[1])
    step = layer.stride if isinstance(layer, Conv) else (1, 1)
    marks = canvas_map(layer)
    taps = [
        (cell[0] * step[0] + row * layer.dilation[0], cell[1] * step[1] + col * layer.dilation[1])
        for row, col in np.ndindex(*layer.kernel_size)
    ]
    real = [tap for tap in taps if marks[tap] >= 0]
    assert sorted(marks[tap] for tap in real) == np.flatnonzero(kernel[frame] >= 0).tolist()
    cells = painted(items["shadow"], at.canvas)
    assert cells.pop("shadow_on_input", []) == sorted(real)
    assert cells.pop("shadow_on_canvas", []) == sorted(set(taps) - set(real))
    assert cells == {}

    def text(tap: Pair) -> str:
        place = divmod(int(marks[tap]), layer.input_size[1])
        return "0" if marks[tap] < 0 else symbol("x", place, ndim) if x is None else written(x[place])

    assert texts_in(items["taps"], at.canvas) == {tap: text(tap) for tap in taps}, "the weights stand in the matrix"
    check_fits(items["taps"], at.canvas)
    assert painted(items["highlight"], at.output) == {"shadow_on_output": [cell]}
    every = cells_of(layer.output_size)
    computed_yet = every[: frame + 1] if figure.wants("reveal") else every
    assert painted(items["output"], at.output) == {"output": computed_yet}
    texts = texts_in(items["output"], at.output)
    assert list(texts) == computed_yet
    assert texts_in(items["highlight"], at.output) == {cell: texts[cell]}
    assert texts[cell] == texts_in(within(items["row"], at.y, 1), at.y)[frame_slot(items, at), 0]
    check_fits(items["output"], at.output)


def frame_slot(items: Mapping[str, Items], at: Parts) -> int:
    """The row of y that is lit."""
    (cells,) = painted(within(items["row"], at.y, 1), at.y).values()
    ((row, _),) = cells
    return row


def _check_numbers(
    items: Mapping[str, Items], at: Parts, slots: tuple[Slots, Slots], elements: Slots, frame: int, result: Numbers
) -> None:
    """What a reader works out from the row and x is what stands in y, and what the layer computes."""
    rows, cols = slots
    matrix = texts_in(within(items["factors"], at.matrix, len(cols)), at.matrix)
    vector = texts_in(within(items["factors"], at.x, 1), at.x)
    row = rows.index(frame)
    seen = [(c, elements.index(number)) for c, number in enumerate(cols) if number in elements and number is not None]
    total = sum(read(matrix[row, c]) * read(vector[r, 0]) for c, r in seen)
    y = texts_in(items["result"], at.y)
    assert read(y[row, 0]) == total == result.flat[frame]
    for r, number in enumerate(rows):
        if number is not None and (r, 0) in y:
            assert read(y[r, 0]) == result.flat[number]


@pytest.mark.parametrize("name", LAYERS)
def test_layers_that_are_easily_drawn_wrong(name: str) -> None:
    layer = LAYERS[name]
    assert isinstance(layer, (Conv, ConvTranspose))
    last = layer.step_count - 1
    frames = [1 % (last + 1), last // 2, last]
    x, w = filled(layer.input_size, 1), filled(layer.kernel_size, 2)
    check(Figure(layer, view="matrix", reveal=True), layer, frames, None, None)
    figure = Figure(
        layer,
        view="matrix",
        direct_matrix=isinstance(layer, ConvTranspose),
        input=x,
        weight=w,
    )
    check(figure, layer, frames, x, w)


@SOME
@given(drawable("matrix"), seeds(), st.booleans(), st.data())
def test_random_layers_with_numbers(layer: Weighted, seed: int, reveal: bool, data: st.DataObject) -> None:
    x, w = filled(layer.input_size, seed), filled(layer.kernel_size, seed + 1)
    figure = Figure(layer, view="matrix", reveal=reveal, input=x, weight=w)
    check(figure, layer, chosen(layer, data), x, w)


@SOME
@given(drawable("matrix"), st.booleans(), st.data())
def test_random_layers_in_symbols(layer: Weighted, reveal: bool, data: st.DataObject) -> None:
    direct = isinstance(layer, ConvTranspose)
    figure = Figure(layer, view="matrix", reveal=reveal, direct_matrix=direct, labels=True)
    check(figure, layer, chosen(layer, data), None, None)


@pytest.mark.parametrize(
    ("x", "w", "y"),
    [
        ([[1, 2], [3, 4]], [[0.5]], ["0.5", "1.0", "1.5", "2.0"]),
        ([[0.25, 1], [1, 1]], [[0.5]], ["0.125", "0.500", "0.500", "0.500"]),
        ([[1, 2], [3, 4]], [[-3]], ["−3", "−6", "−9", "−12"]),
    ],
)
def test_outputs_have_the_decimals_of_their_factors_and_no_more(
    x: list[list[float]], w: list[list[float]], y: list[str]
) -> None:
    figure = Figure(Conv(2, 1), view="matrix", input=x, weight=w)
    items = shown(compose(figure), 0)
    assert list(texts_in(items["result"], plane_of(items["result"])).values()) == y


def returning(layer: ConvTranspose) -> bool:
    """Whether a convolution leads back to the layer's input, and both matrices are shown whole."""
    sizes = zip(layer.output_padding, layer.stride, strict=True)
    both = (layer.input_size, layer.output_size)
    small = layer.ndim < 3 and all(prod(size) <= COMFORTABLE for size in both)
    return small and all(extra < stride for extra, stride in sizes)


@SOME
@given(transposed_convs().filter(returning))
def test_the_matrix_is_the_transpose_of_that_of_the_direct_convolution(layer: ConvTranspose) -> None:
    """Entry by entry: that layer's matrix, turned across its diagonal."""
    direct = layer.transpose()
    assert direct.output_size == layer.input_size
    found = []
    for one in (layer, direct):
        figure = Figure(one, view="matrix")
        items = shown(compose(figure), 0)
        at = parts(items)
        found.append(texts_in(within(items["factors"], at.matrix, at.slots[1]), at.matrix))
    assert found[0] == {(col, row): text for (row, col), text in found[1].items()}


@pytest.mark.parametrize(
    ("layer", "direct", "names"),
    [
        (Conv(4, 3), False, ["Input", "Output", "C", "x", "y"]),
        (ConvTranspose(2, 3), False, ["Input", "Output", "CT", "x", "y"]),
        (ConvTranspose(2, 3), True, ["Input", "Output", "CT", "x", "y", "C"]),
    ],
)
def test_every_part_has_its_name_under_it(layer: Weighted, direct: bool, names: list[str]) -> None:
    items = shown(compose(Figure(layer, view="matrix", labels=True, direct_matrix=direct)), 0)
    at = parts(items, two=direct)
    equals, *found = of_kind(items["words"], Text)
    assert equals.text == "="
    assert at.x.left + 1 < equals.at[0] < at.y.left
    assert [text.text for text in found] == names
    (rows, cols), (canvas, output) = at.slots, (layer.canvas_size, layer.output_size)
    places = [
        (at.canvas, canvas),
        (at.output, output),
        (at.matrix, (rows, cols)),
        (at.x, (at.length, 1)),
        (at.y, (rows, 1)),
    ]
    if at.direct:
        places.append((at.direct, (cols, rows)))
    scene = compose(Figure(layer, view="matrix", labels=True, direct_matrix=direct))
    cell = around(truth.shown(scene, 0)["highlight"]).extent[0]
    large = [cell, cell, *(1.0 for _ in places[2:])]
    for name, size, (plane, (height, width)) in zip(found, large, places, strict=True):
        (text,) = placed([name], 1 / size, (0, 0))
        assert isinstance(text, Text)
        assert text.at[0] == pytest.approx(plane.left + width / 2)
        assert plane.top + height < text.at[1] < plane.top + height + 1
    assert "words" in shown(compose(Figure(layer, view="matrix")), 0)


def around(items: Items) -> Box:
    """The smallest box around the areas and lines among some items."""
    return Box.around(point for item in items if not isinstance(item, Text) for point in points_of([item]))


CROPPED: Final = [
    Conv(4, 3),
    ConvTranspose(4, 2, stride=2, padding=2),
    ConvTranspose(5, 1, padding=1),
    ConvTranspose(5, 1, padding=2),
    ConvTranspose((7, 1), 1, padding=(3, 0)),
    ConvTranspose((1, 7), 1, padding=(0, 3)),
]


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("layer", CROPPED)
def test_no_part_lies_over_another(layer: Weighted, labels: bool) -> None:
    """Input that a crop removes lies above, below and beside the canvas, and needs its room there."""
    items = truth.shown(compose(Figure(layer, view="matrix", labels=labels)), 0)
    input_map = around((*items["canvas"], *items.get("cut", ())))
    boxes = [input_map, *(around(items[name]) for name in ("output", "result")), *factors(items)]
    for one, other in combinations(boxes, 2):
        beside = one.right < other.left or other.right < one.left
        assert beside or one.bottom < other.top + 1e-9 or other.bottom < one.top + 1e-9


def factors(items: Mapping[str, Items]) -> tuple[Box, Box]:
    """Where the matrix is, and x."""
    at = parts(items)
    rows, cols = at.slots
    own = Box(at.matrix.left, at.matrix.top, at.matrix.left + cols, at.matrix.top + rows)
    return own, Box(at.x.left, at.x.top, at.x.left + 1, at.x.top + at.length)


@pytest.mark.parametrize("layer", [*CROPPED, Conv(5, 3, stride=2, padding=1)])
def test_matrix_and_vectors_end_on_one_line(layer: Weighted) -> None:
    """A wide matrix has the maps above it."""
    items = truth.shown(compose(Figure(layer, view="matrix")), 0)
    matrix, x = factors(items)
    assert matrix.bottom == pytest.approx(x.bottom) == pytest.approx(around(items["result"]).bottom)
    wide = matrix.right - matrix.left >= matrix.bottom - matrix.top
    assert (around(items["output"]).bottom < matrix.top) is wide


def test_without_labels_there_is_but_the_sign() -> None:
    items = shown(compose(Figure(Conv(4, 3), view="matrix")), 0)
    assert [text.text for text in of_kind(items["words"], Text)] == ["="]


def test_only_what_changes_is_drawn_anew() -> None:
    """A matrix that is shown whole stands still, and so does y unless it is revealed."""

    def static(layer: Weighted, reveal: bool) -> list[str]:
        figure = Figure(layer, view="matrix", reveal=reveal)
        kinds = ("factors", "result")
        return [track.name for track in compose(figure).tracks if track.static and track.name in kinds]

    assert static(Conv(4, 3), False) == ["factors", "factors", "result"]
    assert static(Conv(4, 3), True) == ["factors", "factors"]
    assert static(Conv(5, 3, stride=2, padding=1), False) == ["factors", "result"], "x is elided"
    assert static(Conv(6, 3), False) == static(Conv(6, 3), True) == []
    assert static(Conv(3, 3, padding=3), False) == []


# What is left out.


def gaps_of(chosen: Iterable[int]) -> int:
    """Slots that some numbers need, with one for what lies between two of them."""
    numbers = sorted(chosen)
    return len(numbers) + sum(other - one > 1 for one, other in pairwise(numbers))


@pytest.mark.parametrize("count", range(1, 10))
def test_small_choices_one_and_all(count: int) -> None:
    for wanted in (subset for size in range(4) for subset in combinations(range(count), size)):
        least = gaps_of({0, count - 1, *wanted})
        for slots in range(least, count + 3):
            found = elided(count, wanted, slots)
            check_slots(found, count, wanted, min(slots, count))
            if count <= slots:
                assert found == list(range(count))


@pytest.mark.parametrize("count", range(6, 13))
def test_neighbours_are_shown_before_what_is_far(count: int) -> None:
    """But for what a gap of one would have left out, beside an end."""
    for row in range(count):
        for slots in range(gaps_of({0, row, count - 1}), count):
            found = elided(count, [row], slots)
            missing = set(range(count)) - set(found)
            for number in found:
                if number is not None and number not in (0, 1, count - 2, count - 1):
                    assert all(abs(number - row) <= abs(far - row) for far in missing)


@pytest.mark.parametrize(
    ("count", "wanted", "slots", "found"),
    [
        (1, [0], 1, [0]),
        (100, [50], 9, [0, None, 48, 49, 50, 51, 52, None, 99]),
        (100, [0], 5, [0, 1, 2, None, 99]),
        (100, [99], 5, [0, None, 97, 98, 99]),
        (100, [1], 5, [0, 1, 2, None, 99]),
        (100, [2], 6, [0, 1, 2, 3, None, 99]),
        (100, [], 4, [0, 1, None, 99]),
        (100, [], 6, [0, 1, 2, 3, None, 99]),
        (20, [5, 6, 11, 12], 12, [0, None, 4, 5, 6, 7, None, 10, 11, 12, None, 19]),
        (20, [5, 6, 11, 12], 9, [0, None, 5, 6, None, 11, 12, None, 19]),
        (10**9, [5 * 10**8], 5, [0, None, 5 * 10**8, None, 10**9 - 1]),
    ],
)
def test_choices_as_they_are_made(count: int, wanted: list[int], slots: int, found: Slots) -> None:
    assert elided(count, wanted, slots) == found


@REPEATABLE
@given(st.integers(30, 2000), st.lists(st.integers(0, 29), max_size=9, unique=True), st.data())
def test_random_choices(count: int, wanted: list[int], data: st.DataObject) -> None:
    spread = [number * count // 30 for number in wanted]
    least = gaps_of({0, count - 1, *spread})
    slots = data.draw(st.integers(least, min(count, least + 20)))
    check_slots(elided(count, spread, slots), count, spread, slots)


def test_wanted_may_be_any_iterable() -> None:
    """As the signature says; one that can be read but once too."""
    assert elided(100, iter([50]), 5) == elided(100, {50}, 5) == [0, None, 50, None, 99]


def test_a_matrix_is_elided_only_if_it_must_be() -> None:
    for size, dots in ((27, False), (28, True)):
        items = shown(compose(Figure(Conv((1, size), 1), view="matrix")), 0)
        assert parts(items).slots == (27, 27)
        assert ("⋯" in {text.text for text in of_kind(items["factors"], Text)}) is dots
        assert ("⋮" in {text.text for text in of_kind(items["result"], Text)}) is dots


# What cannot be drawn.


def refusal(layer: AnyLayer) -> str:
    """The message about a layer that the view does not draw."""
    with pytest.raises(InputError) as caught:
        compose(Figure(layer, view="matrix"))
    return str(caught.value)


@pytest.mark.parametrize(
    ("layer", "weights", "cells"),
    [
        (Conv(20, 6, stride=3), 36, 45),
        (Conv((5, 9), 7, padding=3), 49, 45),
        (Conv(22, (6, 4), dilation=(4, 2)), 24, 51),
        (Conv(20, 7), 49, 59),
        (Conv(8, (5, 7)), 35, 43),
        (Conv(8, (7, 5)), 35, 45),
        (Conv(8, (8, 5)), 40, 51),
        (Conv((7, 7), 7, padding=3), 49, 49),
    ],
)
def test_a_row_with_too_many_weights_is_refused(layer: Weighted, weights: int, cells: int) -> None:
    if cells <= LEGIBLE:
        assert parts(shown(compose(Figure(layer, view="matrix")), 0)).slots[1] == cells
        return
    assert refusal(layer) == (
        f"view = 'matrix': the {weights} weights of a matrix row would take up to {cells} cells side by side, of which "
        "45 can be read; choose a smaller kernel_size or input_size, or view = 'flat'"
    )


@pytest.mark.parametrize(
    "layer",
    [
        Conv(10**9, 10**8),
        Conv(10**6, 10),
        ConvTranspose(10**9, 10**6, stride=10),
        Conv(10**9, 1),
        Conv((1, 10**9), (1, 3)),
        ConvTranspose(10**8, 2, stride=3),
    ],
)
def test_huge_layers_are_refused(layer: Weighted) -> None:
    assert "max_frames" in refusal(layer) or "weights of a matrix row" in refusal(layer)


# The matrix built live.

BUILT: Final = [
    Conv(4, 3),
    Conv(5, 3, stride=2, padding=1),
    Conv(2, 2, padding=1),
    ConvTranspose(2, 3),
    Conv((6,), 3),
    ConvTranspose((3,), 2),
]


@pytest.mark.parametrize("layer", BUILT)
def test_a_matrix_is_built_before_it_is_multiplied(layer: Weighted) -> None:
    """After the finished picture each row of the matrix takes a frame at rest and two moves; its transpose one more."""
    transposed = isinstance(layer, ConvTranspose)
    scene = compose(Figure(layer, view="matrix", build=True))
    rows = prod(layer.input_size if transposed else layer.output_size)
    built = 1 + rows * (1 + 2 * TWEEN_FRAMES) + transposed * TWEEN_FRAMES
    assert len(scene.durations) == built + layer.step_count
    assert scene.telling == len(scene.durations) - 1
    product = compose(Figure(layer, view="matrix", build=False, direct_matrix=transposed))
    for step in range(layer.step_count):
        ours, others = (dict(truth.shown(one, at)) for one, at in ((scene, built + step), (product, step)))
        assert [*ours] == [*others]
        assert [*texts_of(ours["row"]).values()] == [*texts_of(others["row"]).values()]
    assert {*truth.shown(scene, built - 1)} & {"row", "shadow", "output"} == set()


@pytest.mark.parametrize("layer", BUILT)
def test_what_arrives_is_the_matrix(layer: Weighted) -> None:
    """The last frame before the product shows, cell by cell, the matrix of the product."""
    transposed = isinstance(layer, ConvTranspose)
    scene = compose(Figure(layer, view="matrix", build=True))
    built = len(scene.durations) - layer.step_count
    arrived = truth.shown(scene, built - 1)
    factors = truth.shown(scene, built)["factors"]
    edge = min(item.at[0] for item in factors if isinstance(item, Text) and item.text.startswith("x"))
    wanted = {place: text for place, text in texts_of(factors).items() if place[0] < round(edge, 3)}
    assert texts_of((*arrived["built"], *arrived["tipping" if transposed else "moving"])) == wanted


def test_weights_on_padding_vanish() -> None:
    """They lie beside the blank grid, and are not seen any more once it slides."""
    scene = compose(Figure(Conv(3, 3, padding=1), view="matrix", build=True, caption=True))
    laid, slid = ([text.text for text in of_kind(truth.shown(scene, at).get(name, ()), Text)] for at, name in MOMENTS)
    kernel = {f"w{row},{col}" for row in range(3) for col in range(3)}
    assert kernel <= set(laid)
    assert set(slid) == {"0", "w1,1", "w1,2", "w2,1", "w2,2"}
    assert "Weights on padding vanish" in scene.notes()[1]
    assert "padding" not in "".join(compose(Figure(Conv(4, 3), view="matrix", build=True, caption=True)).notes()[1:60])


MOMENTS: Final = ((1, "laid"), (2, "moving"))


def texts_of(items: Items) -> dict[Pair | tuple[float, float], str]:
    """Texts by their places."""
    return {(round(text.at[0], 3), round(text.at[1], 3)): text.text for text in of_kind(items, Text)}


@pytest.mark.parametrize("layer", BUILT)
def test_all_that_moves_stays_inside(layer: Weighted) -> None:
    """Also where the matrix is higher than wide, so that the maps lie beside it."""
    scene = compose(Figure(layer, view="matrix", build=True, labels=True))
    check_frames_inside(scene, range(0, len(scene.durations), 3))


def test_with_numbers_the_sums_are_worked_out() -> None:
    x, w = filled((4, 4), 1), filled((3, 3), 2)
    scene = compose(Figure(Conv(4, 3), view="matrix", build=True, input=x, weight=w))
    last = len(scene.durations) - 1
    assert "footing" in truth.shown(scene, last)
    assert "footing" not in truth.shown(scene, last - 4)


def test_large_matrices_are_not_built() -> None:
    for layer in (Conv(6, 3), Conv(10**6, 3), ConvTranspose(10**6, 1)):
        with pytest.raises(InputError, match="can be built"):
            compose(Figure(layer, view="matrix", build=True))


@pytest.mark.parametrize("name", [name for name, figure in load_presets().items() if figure.view == "matrix"])
def test_presets_are_mostly_picture(name: str) -> None:
    """A quarter of what is seen is not paper, each frame as long as it lasts."""
    assert ink_share(load_presets()[name]) >= 0.25


def test_what_a_row_stands_for_lights_up_while_it_is_built() -> None:
    """The output element that it gives; of a transposed convolution, the input element that meets it."""
    for layer, role in ((Conv(4, 3), "shadow_on_output"), (ConvTranspose(2, 3), "shadow_on_input")):
        scene = compose(Figure(layer, view="matrix", build=True))
        places = []
        for row in range(4):
            found = truth.shown(scene, 1 + row * (1 + 2 * TWEEN_FRAMES))
            assert {item.role for item in of_kind(found["grid"], Polygon)} == {"zero"}
            (lit,) = (item for item in of_kind(found["lit"], Polygon) if item.role == role)
            places.append(lit.parts[0][0])
        left, top = places[0]
        cell = places[1][0] - left
        expected = [(left, top), (left + cell, top), (left, top + cell), (left + cell, top + cell)]
        np.testing.assert_allclose(places, expected)
