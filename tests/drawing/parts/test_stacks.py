"""Stacks of sheets: as close as they can be, and joined by edges that no sheet covers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.drawing.lattice import ISOMETRIC, Lattice
from convgif.drawing.parts.stacks import Stack, clearance, column
from convgif.drawing.scene import Point
from tests.arithmetic.strategies import REPEATABLE

SOME: Final = settings(REPEATABLE, max_examples=50)
SIZES: Final = st.tuples(st.integers(1, 9), st.integers(1, 9))


def covers(sheet: Lattice, point: Point) -> bool:
    """Whether a point lies inside a sheet, not on its edge."""
    row, col = sheet.spot(point)
    return 1e-6 < row < sheet.size[0] - 1e-6 and 1e-6 < col < sheet.size[1] - 1e-6


def lower(sheet: Lattice, fall: float) -> Lattice:
    """The sheet so many cells further down."""
    return replace(sheet, origin=(sheet.origin[0], sheet.origin[1] + fall))


@SOME
@given(SIZES)
def test_sheets_are_as_close_as_they_can_be_without_covering_each_other(size: tuple[int, int]) -> None:
    sheet = Lattice(size, ISOMETRIC)
    near = clearance(size, ISOMETRIC)
    points = [(size[0] * row / 20, size[1] * col / 20) for row in range(21) for col in range(21)]
    assert not any(covers(lower(sheet, near), sheet.point(*point)) for point in points)
    assert any(covers(lower(sheet, 0.8 * near), sheet.point(*point)) for point in points)


@SOME
@given(SIZES, st.integers(1, 3), st.integers(1, 4), st.floats(0.1, 9), st.floats(0, 50))
def test_groups_are_centred_and_their_sheets_lie_below_each_other(
    size: tuple[int, int], groups: int, depth: int, pitch: float, group_pitch: float
) -> None:
    first = Lattice(size, ISOMETRIC, origin=(1, 2))
    stack = Stack(first, groups, depth, pitch, group_pitch)
    assert stack.count == groups * depth
    for group in range(groups):
        ys = [stack.sheet(group * depth + place).origin[1] for place in range(depth)]
        assert sum(ys) / depth == pytest.approx(2 + group * group_pitch)
        assert [y - ys[0] for y in ys] == pytest.approx([place * pitch for place in range(depth)])
        box = stack.box(group)
        assert box.top == pytest.approx(stack.sheet(group * depth).box.top)
        assert box.bottom == pytest.approx(stack.sheet(group * depth + depth - 1).box.bottom)
    assert stack.box() == stack.box(0).holding([stack.box(groups - 1)])


@SOME
@given(SIZES, st.integers(2, 4), st.data())
def test_edges_of_a_block_are_upright_and_no_sheet_above_covers_them(
    size: tuple[int, int], count: int, data: st.DataObject
) -> None:
    pitch = clearance(size, ISOMETRIC) + 0.7
    sheets = [lower(Lattice(size, ISOMETRIC), pitch * number) for number in range(count)]
    row, col = (data.draw(st.integers(0, length - 1)) for length in size)
    rows, cols = data.draw(st.integers(1, size[0] - row)), data.draw(st.integers(1, size[1] - col))
    edges = column(sheets, (row, col, rows, cols))
    assert len(edges) == 4 * (count - 1)
    for number, (start, end) in enumerate(edges):
        above, below = sheets[number // 4], sheets[number // 4 + 1]
        assert start[0] == pytest.approx(end[0])
        assert start[1] < end[1]
        assert end in below.area(row, col, rows, cols)
        middle = (start[0], (start[1] + end[1]) / 2)
        assert not covers(above, middle)
        place = above.spot(start)
        assert place[0] == pytest.approx(size[0]) or place[1] == pytest.approx(0, abs=1e-9), "it comes out at an edge"
