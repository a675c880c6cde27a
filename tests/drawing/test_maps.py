"""Cells gathered into blocks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing.maps import blocks
from tests.arithmetic.strategies import REPEATABLE


@REPEATABLE
@given(
    st.tuples(st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
)
def test_blocks_hold_every_cell_once(first: tuple[int, int], count: tuple[int, int], spread: tuple[int, int]) -> None:
    """And they join cells that touch: a line between two blocks would be drawn twice."""
    rows = range(first[0], first[0] + count[0] * spread[0], spread[0])
    cols = range(first[1], first[1] + count[1] * spread[1], spread[1])
    cells = [(row, col) for row in rows for col in cols]
    found = blocks(iter(cells), spread)
    covered = [(row + r, col + c) for row, col, height, width in found for r in range(height) for c in range(width)]
    assert sorted(covered) == cells
    whole = [1 if step == 1 else n for n, step in zip(count, spread, strict=True)]
    assert len(found) == (whole[0] * whole[1] if cells else 0)
