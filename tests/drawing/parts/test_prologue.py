"""How the canvas comes about, frame by frame: in every view that shows it, for random layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.drawing.composition import compose
from convgif.drawing.scene import Items, Line, Polygon, Scene, Text
from convgif.figure import Figure
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.cases import CASES, drawable
from tests.drawing.plane import Pair, Place, canvas_plane, edges_of, input_places
from tests.drawing.truth import captions, copied_cells, last_roles, lifted, of_kind, painted, ruled, shown

VIEWS: Final = ("isometric", "flat")
Floats = npt.NDArray[np.float64]
MOVE: Final = 7
"""Frames of a move, but for its end."""
ASIDE: Final = {"isometric": (0.28, 0.654), "flat": (0.32, 0.5)}
"""The (row, column) in its cell of a number that leaves room for a weight below it."""


def acts_of(layer: AnyLayer) -> list[tuple[str, int]]:
    """The acts of a prologue by name, with their frames."""
    if not isinstance(layer, ConvTranspose):
        return [("input", 1), *([("padding", 1)] if layer.padded else [])]
    moves = [("spreading", MOVE)] if {*layer.stride} != {1} else []
    more = [("output padding", 1)] if any(layer.output_padding) else []
    return [("input", 1), *moves, ("zeros", 1), ("padding", 1), *more]


class Told(NamedTuple):
    """A frame of a prologue: the act that it belongs to, and what is seen of the canvas."""

    act: str
    items: Items
    time: int


def prologue(scene: Scene, layer: AnyLayer) -> Iterator[Told]:
    """The frames of a scene before its steps: one track beside words, named like its act; the whole comes first."""
    assert shown(scene, 0).keys() - {"title", "words", "caption"} == {"whole"}
    frame = 1
    for act, frames in acts_of(layer):
        for _ in range(frames):
            found = shown(scene, frame)
            assert found.keys() - {"title", "words", "caption"} == {act}
            yield Told(act, found[act], scene.durations[frame])
            frame += 1
    assert len(scene.durations) - frame == layer.step_count, "then the kernel slides"


def counting(layer: AnyLayer, view: str) -> Figure:
    """A figure whose input elements are numbered: none can be lost or doubled unseen."""
    numbers = np.arange(1, np.prod(layer.input_size) + 1).reshape(layer.input_size)
    weights = np.ones(layer.kernel_size) if layer.has_weight else None
    return Figure(layer, view=view, prologue=True, input=numbers, weight=weights)


def block(top: int, left: int, rows: int, cols: int) -> list[Pair]:
    """The cells of a block."""
    return [(row, col) for row in range(top, top + rows) for col in range(left, left + cols)]


def elements_at(items: Items, layer: Any, view: str) -> dict[int, Place]:
    """Where the input's elements are written, by their number, which each has once: the cell's (row, column).

    They stand in the middle of their cells, and where numbers of several digits leave no room for weights, aside.
    """
    plane, found, size = canvas_plane(view), dict[int, Place](), layer.input_size
    down, right = ASIDE[view] if layer.has_weight and size[0] * size[1] > 9 else (0.5, 0.5)
    for text in of_kind(items, Text):
        copied = {canvas_plane(view).cell_at(text.at)[0]} & {*copied_cells(layer)}
        if text.text.isdecimal() and text.text != "0" and not copied:
            assert int(text.text) not in found, f"input element {text.text} is there twice"
            row, col = plane.place(text.at)
            found[int(text.text)] = (row - down, col - right)
    assert sorted(found) == list(range(1, size[0] * size[1] + 1)), "every input element is there"
    return dict(sorted(found.items()))


def check_canvas(items: Items, layer: Any, view: str, cells: list[Pair]) -> None:
    """A part of the canvas: these cells and no others, each input or blank, and the input beside them cut away."""
    plane = canvas_plane(view)
    rows, cols = input_places(layer)
    places = [(row, col) for row in rows for col in cols]
    inputs, cut = [at for at in places if at in set(cells)], [at for at in places if at not in set(cells)]
    copies = sorted({*cells}.intersection(copied_cells(layer)))
    expected = {"input": inputs, "cut": cut, "blank": cells, "copy": copies}
    assert painted(items, plane) == {role: found for role, found in expected.items() if found}
    assert ruled(items, plane) == edges_of({*cells, *cut})
    dashed = [line for line in of_kind(items, Line) if line.dash]
    assert plane.edges(part for line in dashed for part in line.parts) == edges_of(cells)
    found = elements_at(items, layer, view)
    np.testing.assert_allclose(list(found.values()), places, atol=1e-9)
    zeros = [plane.cell_at(text.at)[0] for text in of_kind(items, Text) if text.text in ("0", "−∞")]
    counted = not isinstance(layer, MaxPool) and getattr(layer, "count_include_pad", True) is False
    assert sorted(zeros) == ([] if counted else sorted(set(cells) - {*inputs, *copies})), "a zero in every blank cell"


def check(layer: Any, view: str) -> None:
    """Every law of a prologue."""
    scene = compose(counting(layer, view))
    told = list(prologue(scene, layer))
    layer = lifted(layer)
    (rows, cols), (row_places, col_places) = layer.input_size, input_places(layer)
    span = (row_places[0], col_places[0], row_places[-1] + 1 - row_places[0], col_places[-1] + 1 - col_places[0])
    ready = [(row, col) for row in row_places for col in col_places]
    was = np.empty(0)
    for act, items, time in told:
        now = np.array(list(elements_at(items, layer, view).values()))
        if act in ("input", "spreading"):
            check_moving(items, now, view, (rows, cols))
            np.testing.assert_allclose(now.mean(axis=0), np.mean(ready, axis=0), atol=1e-9)
            if act == "spreading":
                check_way(was, now, np.array(ready))
            else:
                assert np.ptp(now, axis=0) == pytest.approx((rows - 1, cols - 1)), "side by side"
        elif act == "zeros":
            check_canvas(items, layer, view, block(*span))
        elif act == "padding":
            extra = getattr(layer, "output_padding", (0, 0))
            size = (layer.canvas_size[0] - extra[0], layer.canvas_size[1] - extra[1])
            check_canvas(items, layer, view, block(0, 0, *size))
        else:
            check_canvas(items, layer, view, block(0, 0, *layer.canvas_size))
        assert time == (80 if act == "spreading" else 1000)
        was = now
    np.testing.assert_allclose(was, ready, atol=1e-9)
    check_last(scene, told[-1].items, 1 + len(told), view)


def check_moving(items: Items, at: Floats, view: str, size: Pair) -> None:
    """The input alone, evenly spaced, side by side or further apart, a filled cell at each element."""
    (rows, cols), plane = size, canvas_plane(view)
    grid = at.reshape(rows, cols, 2)
    assert np.ptp(grid[..., 0], axis=1).max() < 1e-9, "rows stay rows"
    assert np.ptp(grid[..., 1], axis=0).max() < 1e-9, "columns stay columns"
    for gaps in (np.diff(grid[:, 0, 0]), np.diff(grid[0, :, 1])):
        assert (gaps >= 1 - 1e-9).all()
        assert np.ptp(gaps) < 1e-9 if len(gaps) else True
    (area,) = of_kind(items, Polygon)
    assert area.role == "input"
    filled = [
        (row + r, col + c)
        for part in area.parts
        for (row, col), (bottom, right) in [(plane.place(part[0]), plane.place(part[2]))]
        for r in range(round(bottom - row))
        for c in range(round(right - col))
    ]
    apart = np.abs(np.array(filled)[:, None] - at).max(axis=2)
    assert (np.sort(np.nonzero(apart < 1e-6)) == range(len(at))).all(), "a cell around each element, and no other"
    assert not any(line.dash for line in of_kind(items, Line))


def check_way(was: Floats, now: Floats, ready: Floats) -> None:
    """Every frame is nearer to the end, on a straight way; what need not move does not."""
    left, taken = ready - was, now - was
    moving = np.abs(left) > 1e-9
    shares = taken[moving] / left[moving]
    assert np.allclose(taken[~moving], 0)
    assert ((shares > 0) & (shares < 1)).all()
    assert np.ptp(shares) < 1e-6 if len(shares) else True, "all of them together"


def check_last(scene: Scene, items: Items, frame: int, view: str) -> None:
    """What the prologue ends with is what the kernel slides over, cell by cell and number by number."""
    found = shown(scene, frame)
    grounds: Items = tuple(item for name in ("cut", "canvas", "input") for item in found.get(name, ()))
    plane = canvas_plane(view)
    assert last_roles(items, plane) == last_roles(grounds, plane)
    assert ruled(items, plane) == ruled(grounds, plane)
    texts = [{(text.at, text.text, text.size, text.role) for text in of_kind(part, Text)} for part in (items, grounds)]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", CASES)
def test_layers_that_are_easily_drawn_wrong(name: str, view: str) -> None:
    check(CASES[name], view)


@pytest.mark.parametrize("view", VIEWS)
@settings(REPEATABLE, max_examples=40)
@given(drawable("flat"))
def test_the_canvas_comes_about_step_by_step(view: str, layer: AnyLayer) -> None:
    check(layer, view)


@pytest.mark.parametrize("view", VIEWS)
@settings(REPEATABLE, max_examples=20)
@given(drawable("flat"))
def test_a_prologue_changes_nothing_of_what_follows(view: str, layer: AnyLayer) -> None:
    """The same frames in the same places come after it; only the paper may be larger, and the caption another."""
    figure = Figure(layer, view=view)
    plain, told = compose(figure), compose(figure.replaced(prologue=True))
    before = 1 + sum(frames for _, frames in acts_of(layer))
    last = len(plain.durations) - 1
    for frame in {0, last}:
        later = shown(told, before + frame)
        assert later.pop("caption")
        assert later == shown(plain, frame)
    assert told.durations[before:] == plain.durations


@pytest.mark.parametrize("view", [*VIEWS, "construction"])
@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (
            ConvTranspose(3, 3, stride=2, padding=1),
            [
                ("1. The input", "i = 3"),
                ("2. Zeros between rows and columns", "z = s − 1 = 2 − 1 = 1", "i + z(i − 1) = 3 + 1 · (3 − 1) = 5"),
                ("3. Zeros on each side", "p' = k − 1 − p = 3 − 1 − 1 = 1", "i + z(i − 1) + 2p' = 5 + 2 · 1 = 7"),
                (
                    "4. The kernel, turned by 180°, slides with stride 1",
                    "o = i + z(i − 1) + 2p' − (k − 1) = 7 − (3 − 1) = 5",
                ),
            ],
        ),
        (
            ConvTranspose((3, 2), 2, stride=(2, 1), padding=(2, 0), output_padding=(1, 0)),
            [
                ("1. The input", "i = (3, 2)"),
                (
                    "2. Zeros between rows and columns",
                    "z = s − 1 = (2, 1) − 1 = (1, 0)",
                    "i + z(i − 1) = (3, 2) + (1, 0) · ((3, 2) − 1) = (5, 2)",
                ),
                (
                    "3. Zeros on each side; where negative, a crop",
                    "p' = k − 1 − p = 2 − 1 − (2, 0) = (−1, 1)",
                    "i + z(i − 1) + 2p' = (5, 2) + 2 · (−1, 1) = (3, 4)",
                ),
                (
                    "3. More zeros at the bottom and the right",
                    "a = (1, 0)",
                    "i + z(i − 1) + 2p' + a = (3, 4) + (1, 0) = 4",
                ),
                (
                    "4. The kernel, turned by 180°, slides with stride 1",
                    "o = i + z(i − 1) + 2p' + a − (k − 1) = 4 − (2 − 1) = 3",
                ),
            ],
        ),
        (
            ConvTranspose(2, 1),
            [
                ("1. The input", "i = 2"),
                ("2. No zeros between rows and columns", "z = s − 1 = 1 − 1 = 0", "i + z(i − 1) = 2 + 0 · (2 − 1) = 2"),
                ("3. No zeros on the sides", "p' = k − 1 − p = 1 − 1 − 0 = 0", "i + z(i − 1) + 2p' = 2 + 2 · 0 = 2"),
                (
                    "4. The kernel, turned by 180°, slides with stride 1",
                    "o = i + z(i − 1) + 2p' − (k − 1) = 2 − (1 − 1) = 2",
                ),
            ],
        ),
        (
            Conv(5, 3, stride=2, padding=1),
            [
                ("1. The input", "i = 5"),
                ("2. Padding on each side", "p = 1", "i + 2p = 5 + 2 · 1 = 7"),
                (
                    "3. The kernel slides with stride 2",
                    "o = i + 2p − k s + 1 = 5 + 2 − 3 2 + 1 = 3",
                ),
            ],
        ),
        (
            MaxPool(4, 2),
            [
                ("1. The input", "i = 4"),
                (
                    "2. The window slides with stride 2",
                    "o = i + 2p − k s + 1 = 4 + 0 − 2 2 + 1 = 2",
                ),
            ],
        ),
    ],
)
def test_each_act_says_what_is_done_with_its_formula_and_numbers(
    layer: AnyLayer, said: list[tuple[str, ...]], view: str
) -> None:
    """A move says what the act that it leads to does; while the stored kernel turns, what the turned one will do.

    The first frame says what the whole is.
    """
    if view == "construction" and not isinstance(layer, ConvTranspose):
        return
    scene = compose(Figure(layer, view=view, prologue=view != "construction"))
    lines = [captions(scene, frame) for frame in range(len(scene.durations))]
    heard = [tuple(line.replace("\N{PRIME}", "'") for line in found) for found in lines]
    sizes = ("x".join(map(str, size)) for size in (layer.input_size, layer.output_size))
    assert heard.pop(0) == (f"{layer.title.capitalize()}: {' to '.join(sizes)}",)
    frames = [frames for act, frames in acts_of(layer)]
    if isinstance(layer, ConvTranspose) and {*layer.stride} != {1}:
        frames[1:3] = [MOVE + 1]
    frames.append(len(heard) - sum(frames))
    assert heard == [lines for lines, count in zip(said, frames, strict=True) for _ in range(count)]


def test_a_direct_layer_without_padding_has_its_input_and_then_the_kernel() -> None:
    scene = compose(Figure(Conv(3, 2), prologue=True))
    assert len(scene.durations) == 1 + 1 + 4
    assert [track.name for track in scene.tracks if track.span == range(1, 2)] == ["input", "caption"]
