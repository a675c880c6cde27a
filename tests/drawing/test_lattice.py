"""Lattices of cells, against the projections solved the other way round."""

from __future__ import annotations

import math
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing.lattice import (
    DASH,
    FLAT,
    GRID_WIDTH,
    ISOMETRIC,
    SIGHT_WIDTH,
    Lattice,
    gathered_cells,
    single_cells,
)
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.plane import POINT, Pair, Plane, edges_of

SIZES = st.tuples(st.integers(1, 6), st.integers(1, 6))
ORIGINS = st.tuples(st.floats(-9, 9), st.floats(-9, 9))


def lattices() -> st.SearchStrategy[tuple[Lattice, Plane]]:
    """A lattice, and where its cells should lie."""

    def both(size: Pair, origin: tuple[float, float], tilted: bool) -> tuple[Lattice, Plane]:
        return Lattice(size, ISOMETRIC if tilted else FLAT, origin), Plane(*origin, tilted)

    return st.builds(both, SIZES, ORIGINS, st.booleans())


def test_widths_are_the_originals_in_points() -> None:
    assert pytest.approx(0.8 * POINT) == GRID_WIDTH
    assert pytest.approx(0.4 * POINT) == SIGHT_WIDTH
    assert pytest.approx((3 * POINT, 3 * POINT)) == DASH


@REPEATABLE
@given(lattices(), st.floats(-3, 9), st.floats(-3, 9))
def test_points_lie_where_the_projection_says(drawn: tuple[Lattice, Plane], row: float, col: float) -> None:
    lattice, plane = drawn
    assert lattice.point(row, col) == pytest.approx(plane.point(row, col), abs=1e-9)
    assert plane.place(lattice.point(row, col)) == pytest.approx((row, col), abs=1e-9)


@REPEATABLE
@given(lattices(), st.integers(0, 5), st.integers(0, 5), SIZES)
def test_areas_are_blocks_of_cells(drawn: tuple[Lattice, Plane], row: int, col: int, size: Pair) -> None:
    lattice, plane = drawn
    cells = [(row + r, col + c) for r in range(size[0]) for c in range(size[1])]
    assert plane.block(lattice.area(row, col, *size)) == cells
    assert plane.block(lattice.area(row, col)) == [(row, col)]
    assert lattice.outline == lattice.area(0, 0, *lattice.size)


@REPEATABLE
@given(lattices(), st.floats(0, 6), st.floats(0, 6), ORIGINS)
def test_a_moved_lattice_has_its_corner_there(
    drawn: tuple[Lattice, Plane], row: float, col: float, to: tuple[float, float]
) -> None:
    lattice, _ = drawn
    moved = lattice.moved((row, col), to)
    assert moved.point(row, col) == pytest.approx(to, abs=1e-9)
    assert (moved.size, moved.projection) == (lattice.size, lattice.projection)


@REPEATABLE
@given(lattices())
def test_dashes_run_along_every_edge_once(drawn: tuple[Lattice, Plane]) -> None:
    """From the left and from the bottom, as TikZ begins them: where a dash begins is where it is seen."""
    lattice, plane = drawn
    rows, cols = lattice.size
    line = lattice.dashes("blank_line")
    assert (line.role, line.width, line.dash) == ("blank_line", GRID_WIDTH, DASH)
    assert plane.edges(line.parts) == edges_of((r, c) for r in range(rows) for c in range(cols))
    assert len(line.parts) == rows + cols + 2
    for start, end in line.parts:
        (row, col), (to_row, to_col) = plane.corner(start), plane.corner(end)
        assert (col, to_col) == (0, cols) if row == to_row else (row, to_row) == (rows, 0)


@REPEATABLE
@given(lattices(), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 3), st.integers(1, 3))))
def test_blocks_are_filled_and_ruled(drawn: tuple[Lattice, Plane], blocks: list[tuple[int, int, int, int]]) -> None:
    lattice, plane = drawn
    cells = [[(row + r, col + c) for r in range(rows) for c in range(cols)] for row, col, rows, cols in blocks]
    fills, rules = lattice.fill(iter(blocks), "cut"), lattice.rules(iter(blocks), "cut_line")
    if not blocks:
        assert fills == ()
        assert rules == ()
        return
    (polygon,), (line,) = fills, rules
    assert (polygon.role, line.role, line.width, line.dash) == ("cut", "cut_line", GRID_WIDTH, None)
    assert [plane.block(part) for part in polygon.parts] == cells
    assert plane.edges(line.parts) == edges_of(cell for block in cells for cell in block)


def test_outlines_are_closed() -> None:
    """An open one would have a notch in its corner."""
    (line,) = Lattice((3, 3), ISOMETRIC).rules([(0, 0, 2, 2)])
    closed = [part for part in line.parts if part[0] == part[-1]]
    assert [len(part) for part in closed] == [5]


@REPEATABLE
@given(lattices())
def test_the_box_of_a_lattice_holds_it_and_no_more(drawn: tuple[Lattice, Plane]) -> None:
    lattice, plane = drawn
    rows, cols = lattice.size
    xs, ys = zip(*(plane.point(row, col) for row in (0, rows) for col in (0, cols)), strict=True)
    assert lattice.box == pytest.approx((min(xs), min(ys), max(xs), max(ys)))


@REPEATABLE
@given(lattices(), st.integers(-2, 5), st.integers(-2, 5), SIZES, st.floats(-3, 9), st.floats(-3, 9))
def test_a_part_of_a_lattice_has_the_cells_of_the_whole(
    drawn: tuple[Lattice, Plane], row: int, col: int, size: Pair, down: float, right: float
) -> None:
    lattice, plane = drawn
    part = lattice.part((row, col, *size))
    assert part.size == size
    assert part.point(down, right) == pytest.approx(plane.point(row + down, col + right), abs=1e-9)


@REPEATABLE
@given(lattices(), st.floats(-400, 400), st.floats(-3, 9), st.floats(-3, 9))
def test_a_lattice_turns_about_its_middle_clockwise_as_it_is_seen(
    drawn: tuple[Lattice, Plane], degrees: float, row: float, col: float
) -> None:
    """Within its plane: rows count downwards, so the angle of a cell, from columns to rows, grows as it turns."""
    lattice, plane = drawn
    rows, cols = lattice.size
    turned = lattice.turned(degrees)
    turn = complex(math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))
    after = complex(col - cols / 2, row - rows / 2) * turn
    assert turned.size == lattice.size
    assert turned.point(row, col) == pytest.approx(plane.point(rows / 2 + after.imag, cols / 2 + after.real), abs=1e-9)


def test_a_quarter_turn_sends_the_first_corner_to_the_right() -> None:
    """And what was at the right below: 2 rows of 3 cells lie on their side, about the same middle."""
    turned = Lattice((2, 3), FLAT, (10, 20)).turned(90)
    assert turned.point(0, 0) == pytest.approx((12.5, 19.5))
    assert turned.point(0, 3) == pytest.approx((12.5, 22.5))
    assert turned.point(2, 0) == pytest.approx((10.5, 19.5))


@REPEATABLE
@given(lattices())
def test_a_half_turn_exchanges_cells(drawn: tuple[Lattice, Plane]) -> None:
    lattice, plane = drawn
    (rows, cols), turned = lattice.size, lattice.turned(180)
    for row in range(rows):
        for col in range(cols):
            found = turned.area(row, col)
            assert plane.block((*found[2:], *found[:2])) == [(rows - 1 - row, cols - 1 - col)]


PLACES = st.builds(
    lambda first, gaps: list(accumulate(gaps, initial=first / 8)),
    st.integers(-16, 40),
    st.lists(st.sampled_from([1, 1, 1.125, 1.5, 2, 3]), max_size=4),
)
"""Places a cell apart or more, in eighths: floats hold these exactly."""


@REPEATABLE
@given(PLACES, PLACES)
def test_gathered_cells_hold_every_cell_once(rows: list[float], cols: list[float]) -> None:
    """Cells may lie between those of the lattice, on their way to where they belong."""
    cells = [(row, col) for row in rows for col in cols]
    found = gathered_cells(reversed(cells))
    covered = [(row + r, col + c) for row, col, height, width in found for r in range(height) for c in range(width)]
    assert sorted(covered) == cells
    assert single_cells(iter(cells)) == [(row, col, 1, 1) for row, col in cells]


@REPEATABLE
@given(PLACES, PLACES)
def test_cells_that_touch_are_gathered(rows: list[float], cols: list[float]) -> None:
    """A line between two blocks would be drawn twice; a block ends where the next place is more than a cell away."""
    ends = [sum(place + 1 not in places for place in places) for places in (rows, cols)]
    assert len(gathered_cells((row, col) for row in rows for col in cols)) == ends[0] * ends[1]


def test_no_cells_are_no_blocks() -> None:
    assert gathered_cells([]) == single_cells([]) == []
