"""Cells gathered into blocks, and where the input lies."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing.maps import blocks, crops, input_block
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, layers, small_layers
from tests.drawing.plane import input_places
from tests.drawing.truth import cut_cells

PLACES = st.builds(
    lambda first, gaps: list(accumulate(gaps, initial=first / 8)),
    st.integers(-16, 40),
    st.lists(st.sampled_from([1, 1, 1.125, 1.5, 2, 3]), max_size=4),
)
"""Places a cell apart or more, in eighths: floats hold these exactly."""


def test_where_the_input_lies_on_the_canvas_and_beside_it() -> None:
    for layer in small_layers():
        rows, cols = input_places(layer)
        assert input_block(layer) == (rows[0], cols[0], rows[-1] - rows[0] + 1, cols[-1] - cols[0] + 1)
        assert crops(layer) == bool(cut_cells(layer))


@REPEATABLE
@given(layers())
def test_the_inputs_block_has_input_in_its_corners(layer: AnyLayer) -> None:
    top, left, height, width = input_block(layer)
    rows, cols = input_places(layer)
    assert {top, top + height - 1} == {rows[0], rows[-1]}
    assert {left, left + width - 1} == {cols[0], cols[-1]}
    assert crops(layer) == bool(cut_cells(layer))


@REPEATABLE
@given(PLACES, PLACES)
def test_blocks_hold_every_cell_once(rows: list[float], cols: list[float]) -> None:
    """Cells may lie between those of the lattice, on their way to where they belong."""
    cells = [(row, col) for row in rows for col in cols]
    found = blocks(reversed(cells))
    covered = [(row + r, col + c) for row, col, height, width in found for r in range(height) for c in range(width)]
    assert sorted(covered) == cells


@REPEATABLE
@given(PLACES, PLACES)
def test_blocks_join_cells_that_touch(rows: list[float], cols: list[float]) -> None:
    """A line between two blocks would be drawn twice; a block ends where the next place is more than a cell away."""
    ends = [sum(place + 1 not in places for place in places) for places in (rows, cols)]
    assert len(blocks((row, col) for row in rows for col in cols)) == ends[0] * ends[1]


def test_no_cells_are_no_blocks() -> None:
    assert blocks([]) == []
