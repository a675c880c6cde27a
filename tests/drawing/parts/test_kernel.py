"""The kernel on its own: its weights move with it, and stay upright."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import Conv, ConvTranspose
from convgif.drawing.composition import compose
from convgif.drawing.lattice import FLAT, Lattice
from convgif.drawing.parts.kernel import MARK, kernel_plane, turned_kernel
from convgif.drawing.parts.planes import Planes
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Box, Items, Polygon, Text
from convgif.drawing.views.flat import LETTERING
from convgif.figure import Figure
from tests.arithmetic.oracle import AnyLayer, Numbers
from tests.arithmetic.strategies import REPEATABLE, filled, seeds
from tests.drawing.cases import drawable
from tests.drawing.plane import Pair, Plane, edges_of
from tests.drawing.truth import (
    cells_of,
    check_one_size,
    numbers_of,
    of_kind,
    painted,
    points_of,
    ruled,
    shown,
    text_box,
    texts_at,
    written,
)

ORIGIN = (3.0, -2.0)


def drawn(layer: AnyLayer, numbers: tuple[Numbers, Numbers] | None, degrees: float | None) -> Items:
    """The kernel map of a layer, its first corner at the origin before it is turned."""
    x, w = numbers or (None, None)
    unseen = Lattice((1, 1), FLAT)
    planes = Planes.of(Subject.of(Figure(layer, view="flat", input=x, weight=w)), unseen, unseen, LETTERING)
    rows, cols = layer.kernel_size
    return turned_kernel(kernel_plane(planes, Lattice((rows, cols), FLAT, ORIGIN)), degrees)


def weights(size: Pair, seed: int) -> tuple[Numbers, Numbers]:
    """Numbers for a layer with an input of one cell, with weights of one character or of five."""
    return filled((1, 1), seed), filled(size, seed + 1) * (1 if seed % 2 else 1111)


def by_cell(w: Numbers) -> dict[Pair, str]:
    """Weights as they are written, each in its cell."""
    return {(int(row), int(col)): written(value) for (row, col), value in np.ndenumerate(w)}


SIZES = st.tuples(st.integers(1, 5), st.integers(1, 5))


@settings(REPEATABLE, max_examples=40)
@given(SIZES, seeds())
def test_a_kernel_shows_its_weights_as_they_are_stored(size: Pair, seed: int) -> None:
    numbers = weights(size, seed)
    items = drawn(ConvTranspose(1, size), numbers, None)
    plane, cells = Plane(*ORIGIN, False), cells_of(size)
    assert painted(items, plane) == {"kernel": cells}
    assert ruled(items, plane) == edges_of(cells)
    assert texts_at(items, plane) == (by_cell(numbers[1]), {})
    assert of_kind(drawn(ConvTranspose(1, size), None, None), Text) == []


@settings(REPEATABLE, max_examples=40)
@given(SIZES, seeds())
def test_a_turned_kernel_shows_its_weights_where_they_are_multiplied(size: Pair, seed: int) -> None:
    """NumPy's rotation by twice 90 degrees; the texts are upright in the middle of their cells."""
    numbers = weights(size, seed)
    items = drawn(ConvTranspose(1, size), numbers, 180)
    assert texts_at(items, Plane(*ORIGIN, False)) == (by_cell(np.rot90(numbers[1], 2)), {})


@settings(REPEATABLE, max_examples=100)
@given(SIZES, seeds(), st.floats(0, 360))
def test_weights_stay_upright_and_in_their_cells_while_the_kernel_turns(size: Pair, seed: int, degrees: float) -> None:
    """About its middle, clockwise: cells keep their size and their weights, and a mark keeps to the first."""
    numbers = weights(size, seed)
    items = drawn(ConvTranspose(1, size), numbers, degrees)
    middle = complex(ORIGIN[0] + size[1] / 2, ORIGIN[1] + size[0] / 2)
    back = np.exp(-1j * np.radians(degrees))
    area, mark = of_kind(items, Polygon)
    assert (area.role, mark.role) == ("kernel", "mark")
    assert items.index(mark) == 1, "the mark over the cells and under their lines"

    def stored(points: object) -> list[complex]:
        """Where points were before the turn."""
        return [(complex(x, y) - middle) * back + middle for x, y in np.asarray(points)]

    top, left = ORIGIN[1], ORIGIN[0]
    corners = [complex(left + c, top + r) for r, c in ((0, 0), (0, size[1]), size, (size[0], 0))]
    np.testing.assert_allclose(stored(area.parts[0]), corners, atol=1e-9)
    first = [complex(left + c, top + r) for r, c in ((0, 0), (0, MARK), (MARK, 0))]
    np.testing.assert_allclose(stored(mark.parts[0]), first, atol=1e-9)
    assert 0 < MARK < 0.5
    texts = of_kind(items, Text)
    assert [text.text for text in texts] == list(by_cell(numbers[1]).values())
    middles = [complex(left + col + 0.5, top + row + 0.5) for row, col in np.ndindex(*size)]
    np.testing.assert_allclose(stored([text.at for text in texts]), middles, atol=1e-9)
    check_one_size(items)
    for text, cell in zip(texts, middles, strict=True):
        left, top, right, bottom = text_box(text)
        corners = stored([(left, top), (right, top), (right, bottom), (left, bottom)])
        assert all(abs(point - cell) <= 0.58 for point in corners), "within the cell however it is turned"


def of_figure(figure: Figure, frame: int) -> Items:
    """The kernel in a frame of a figure."""
    return shown(compose(figure), frame)["kernel"]


@pytest.mark.parametrize("view", ["flat", "scatter", "construction"])
def test_a_kernel_is_marked_where_it_is_turned_and_nowhere_else(view: str) -> None:
    """A scatter stamps the kernel as it is stored; the others slide it turned."""
    figure = Figure(ConvTranspose(2, 2, stride=2), view=view, kernel_map=True, random=0)
    last = len(compose(figure).durations) - 1
    assert len(of_kind(of_figure(figure, last), Polygon)) == (1 if view == "scatter" else 2)
    if view == "flat":
        assert len(of_kind(of_figure(figure.replaced(layer=Conv(3, 2)), 0), Polygon)) == 1


def around(items: Mapping[str, Items]) -> Box:
    """Where the kernel of a frame is."""
    return Box.around(points_of(of_kind(items["kernel"], Polygon)))


def weights_at(items: Items) -> dict[Pair, str]:
    """The weights of a kernel map that stands upright, by cell."""
    box = Box.around(points_of(of_kind(items, Polygon)))
    return texts_at(items, Plane(box.left, box.top, False))[0]


@settings(REPEATABLE, max_examples=40)
@given(drawable("flat").filter(lambda layer: layer.has_weight), st.booleans(), seeds())
def test_a_kernel_that_turns_touches_nothing(layer: AnyLayer, reveal: bool, seed: int) -> None:
    """In a prologue it turns between the maps, or behind rows; they keep clear of its corners. It ends as it slides."""
    w = filled(layer.kernel_size, seed)
    figure = Figure(
        layer,
        view="flat",
        prologue=True,
        kernel_map=True,
        reveal=reveal,
        input=filled(layer.input_size, seed),
        weight=w,
    )
    scene = compose(figure)
    memory: dict[int, Items] = {}
    frames = [shown(scene, frame, memory) for frame in range(len(scene.durations))]
    output = Box.around(points_of(frames[-1]["output"]))
    turning = [items for items in frames if "kernel" in items and "shadow" not in items]
    assert len(turning) == (8 if isinstance(layer, ConvTranspose) else 0), "stored, and seven frames on its way"
    grounds = [item for name in ("canvas", "input", "cut") for item in frames[-1].get(name, ())]
    right = Box.around(points_of(grounds)).right
    for items in turning:
        box = around(items)
        assert max(right, output.right if layer.ndim == 1 else right) + 0.2 < box.left
        assert box.right + 0.2 < output.left or layer.ndim == 1
        texts = of_kind(items["kernel"], Text)
        assert [text.text for text in texts] == list(by_cell(numbers_of(layer.kernel_size, w)).values())
        assert all(abs(text_box(text).top + text_box(text).bottom - 2 * text.at[1]) < 0.1 for text in texts)
        assert items.keys() >= {"canvas", "kernel"}
    w = numbers_of(layer.kernel_size, w)
    assert weights_at(frames[-1]["kernel"]) == by_cell(np.rot90(w, 2) if turning else w)
    if turning:
        assert weights_at(turning[0]["kernel"]) == by_cell(w)
        check_turn(turning)


def check_turn(frames: list[dict[str, Items]]) -> None:
    """The first corner goes round clockwise, always about the same middle, and does not quite get there."""
    box = around(frames[0])
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    starts = np.subtract([of_kind(items["kernel"], Polygon)[0].parts[0][0] for items in frames], middle)
    np.testing.assert_allclose(np.hypot(*starts.T), np.hypot(*starts[0]))
    angles = np.unwrap(np.arctan2(starts[:, 1], starts[:, 0]))
    assert (np.diff(angles) > 0).all()
    assert angles[-1] - angles[0] < np.pi
