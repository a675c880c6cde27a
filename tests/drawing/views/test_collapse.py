"""The sizes that collapse: the rows are those that lead to the same output, with the same windows on all of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.drawing.composition import compose
from convgif.drawing.scene import Line, Polygon, Scene, Text
from convgif.drawing.views.collapse import MOST_ROWS
from convgif.figure import Figure
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.cases import drawable
from tests.drawing.truth import of_kind, shown


def scene_of(layer: AnyLayer) -> Scene:
    """The drawing of a layer."""
    return compose(Figure(layer, view="collapse"))


def numbers(scene: Scene, letter: str) -> list[int]:
    """The numbers that stand behind a letter, from top to bottom."""
    lines: dict[tuple[float, bool], str] = {}
    for text in sorted(of_kind(shown(scene, 0)["sizes"], Text), key=lambda text: (text.at[1], text.at[0])):
        line = text.at[1], text.at[0] > 0
        lines[line] = lines.get(line, "") + text.text
    found = (re.search(rf"(?:^|: ?){letter} ?= ?(\d+)$", line) for line in lines.values())
    return [int(match[1]) for match in found if match]


def cells(scene: Scene, frame: int, track: str, role: str) -> list[tuple[float, float]]:
    """Where cells of a role lie: left, top."""
    areas = [area for area in of_kind(shown(scene, frame)[track], Polygon) if area.role == role]
    return sorted((min(x for x, _ in part), min(y for _, y in part)) for area in areas for part in area.parts)


@settings(REPEATABLE, max_examples=40)
@given(drawable("collapse"))
def test_every_size_that_is_shown_leads_to_the_same_output(layer: AnyLayer) -> None:
    """And of those that do, the layer's own is among them, and no more are left out than there are too many."""
    transposed = isinstance(layer, ConvTranspose)
    if isinstance(layer, ConvTranspose) and not layer.is_a_transpose:
        return
    many, one = ("o", "i") if transposed else ("i", "o")
    axis = layer.undone(-1) if isinstance(layer, ConvTranspose) else layer.axes[-1]
    scene = scene_of(layer)
    sizes = numbers(scene, many)[-min(MOST_ROWS, len(axis.collapsing)) :]
    assert sizes == [*range(sizes[0], sizes[0] + len(sizes))]
    assert {*sizes} <= {*axis.collapsing}
    assert axis.input_size in sizes
    assert numbers(scene, one)[-1] == axis.output_size
    if isinstance(layer, ConvTranspose):
        paddings = numbers(scene, "a")[-len(sizes) :]
        assert paddings == [*range(paddings[0], paddings[0] + len(sizes))]
        assert paddings[sizes.index(axis.input_size)] == layer.output_padding[-1]


@pytest.mark.parametrize("layer", [Conv((9,), 3, 3, 1, 1), Conv((11,), 2, 4, 0, 2), MaxPool((8,), 3, 2, 1)])
def test_windows_lie_where_the_layer_has_them_on_every_row(layer: AnyLayer) -> None:
    scene = scene_of(layer)
    (axis,) = layer.axes
    assert len(scene.durations) == axis.output_size
    rows = len(numbers(scene, "i"))
    for frame in range(axis.output_size):
        shaded = [*cells(scene, frame, "window", "shadow_on_input"), *cells(scene, frame, "window", "shadow_on_canvas")]
        for height in {y for _, y in shaded}:
            assert sorted(x for x, y in shaded if y == height) == [tap.canvas for tap in axis.window(frame)]
        assert len({y for _, y in shaded}) == rows
        assert len(cells(scene, frame, "window", "shadow_on_output")) == 1


def test_what_no_window_reads_is_pale() -> None:
    """In each row as many cells more as its size is larger, and those between windows that are far apart."""
    scene = scene_of(Conv((9,), 2, 5))
    pale = cells(scene, 0, "rows", "cut")
    heights = sorted({y for _, y in pale})
    assert [sorted(x for x, y in pale if y == height) for height in heights] == [
        [2, 3, 4, *range(7, 7 + more)] for more in range(5)
    ]


def test_the_own_row_is_framed() -> None:
    layer = ConvTranspose((3,), 3, 3, output_padding=2)
    scene = scene_of(layer)
    (frame,) = of_kind(shown(scene, 0)["chosen"], Line)
    top, bottom = (extreme(y for _, y in frame.parts[0]) for extreme in (min, max))
    read = {y for _, y in cells(scene, 0, "rows", "output")}
    assert [y for y in sorted(read) if top < y < bottom] == [sorted(read)[2]]
    assert {y for _, y in cells(scene, 0, "rows", "pending")} == {*sorted(read)[1:]}


def test_axes_that_differ_have_a_panel_each() -> None:
    same, other = scene_of(Conv(6, 3, 2, 1)), scene_of(Conv((6, 5), 3, 2, 1))
    assert numbers(same, "i") == [5, 6]
    assert numbers(other, "i") == [5, 6, 5, 6]
    assert numbers(other, "o") == [3, 3]


def test_of_many_sizes_those_next_to_the_own_one_are_shown() -> None:
    for size, shown_sizes in ((40, range(40, 48)), (50, range(46, 54)), (59, range(52, 60))):
        assert numbers(scene_of(Conv((size,), 20, 20)), "i") == [*shown_sizes]
        assert len(shown_sizes) == MOST_ROWS


def test_a_layer_that_is_no_transpose_has_nothing_to_choose() -> None:
    scene = scene_of(ConvTranspose(2, 2, dilation=3, output_padding=1))
    assert numbers(scene, "a") == []
    assert len(numbers(scene, "o")) == 1
