"""Which texts lines cross: found cell by cell, as it is found by looking at every cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing.lattice import FLAT, ISOMETRIC, Lattice
from convgif.drawing.parts.crossings import along, crossed, letters_box, meets
from convgif.drawing.scene import Box, Point, Text
from tests.arithmetic.strategies import REPEATABLE

PLACES = st.tuples(st.floats(-4, 12), st.floats(-4, 12))


@REPEATABLE
@given(PLACES, PLACES, PLACES)
def test_a_line_meets_a_box_where_one_of_its_points_is_inside(start: Point, end: Point, corner: Point) -> None:
    box = Box(*corner, corner[0] + 3, corner[1] + 2)
    points = [tuple(a + (b - a) * share / 200 for a, b in zip(start, end, strict=True)) for share in range(201)]
    if any(box.left <= x <= box.right and box.top <= y <= box.bottom for x, y in points):
        assert meets((start, end), box)
    wider = Box(box.left - 0.2, box.top - 0.2, box.right + 0.2, box.bottom + 0.2)
    near = any(wider.left <= x <= wider.right and wider.top <= y <= wider.bottom for x, y in points)
    assert near or not meets((start, end), box)


@REPEATABLE
@given(st.sampled_from([FLAT, ISOMETRIC]).map(lambda projection: Lattice((6, 8), projection)), PLACES, PLACES)
def test_no_cell_whose_text_is_crossed_is_passed_over(lattice: Lattice, start: Point, end: Point) -> None:
    found = set(along(lattice, [(start, end)]))
    for row in range(6):
        for col in range(8):
            text = Text.of(lattice.point(row + 0.5, col + 0.5), "10", 0.5, 0.9, "text")
            if meets((start, end), letters_box(text)):
                assert (row, col) in found


def test_it_looks_only_along_the_line() -> None:
    """Large maps cost no more than the lines over them are long."""
    lattice = Lattice((1000, 1000), FLAT)
    assert len([*along(lattice, [((0, 0), (1000, 1000))])]) < 8000


def test_texts_are_marked_and_left_as_they_are_otherwise() -> None:
    text = Text.of((0, 0), "7", 0.5, 0.9, "text", "start")
    over, beside = ((0.1, -1.0), (0.1, 1.0)), ((-0.2, -1.0), (-0.2, 1.0))
    assert [found.crossed for found in crossed([text], [over])] == [True]
    assert crossed([text], [beside]) == (text,)
    assert crossed([text], []) == (text,)
