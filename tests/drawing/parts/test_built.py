"""A matrix built row by row: each move ends where the next begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest

from convgif.arithmetic.layer import Cell
from convgif.drawing.lattice import FLAT, Lattice, Projection
from convgif.drawing.parts.built import LAID_ON_INPUT, Building
from convgif.drawing.parts.numerals import Runs, Writing, plain
from convgif.drawing.parts.planes import Inscription, Plane
from convgif.drawing.scene import Items, Text

WRITING: Final = Writing(0.5, 0.8)
KERNEL: Final[Mapping[Cell, Runs]] = {(0, 0): plain("5"), (0, 1): plain("7")}
LARGE: Final = Projection((1.5, 0.0), (0.0, 1.5))
MATRIX: Final = Lattice((2, 4), FLAT, (0, 6))


def weights(row: int) -> dict[int, Cell]:
    """The kernel of one row and two columns, laid on two rows of two."""
    return {2 * row: (0, 0), 2 * row + 1: (0, 1)}


BUILDING: Final = Building(
    Plane("matrix", MATRIX, "entry", lambda: Inscription.of(KERNEL, WRITING)),
    Lattice((2, 2), LARGE, (1, 0)),
    Lattice((1, 4), FLAT, (0, 4)),
    WRITING,
    weights,
    lambda row: {},
    lambda row: (),
    LAID_ON_INPUT,
    padded=False,
)


def texts(items: Items) -> dict[tuple[float, float], str]:
    """Texts by their places."""
    found = (item for item in items if isinstance(item, Text))
    return {(round(text.at[0], 6), round(text.at[1], 6)): text.text for text in found}


@pytest.mark.parametrize("row", [0, 1])
def test_moves_begin_and_end_where_they_should(row: int) -> None:
    line = ["5", "7", "0", "0"] if row == 0 else ["0", "0", "5", "7"]
    on_grid = [(1.75, 0.75), (3.25, 0.75), (1.75, 2.25), (3.25, 2.25)]
    assert texts(BUILDING.laid(row)) == texts(BUILDING.slid(row, 0)) == dict(zip(on_grid, line, strict=True))
    long_row = {(col + 0.5, 4.5): text for col, text in enumerate(line)}
    assert texts(BUILDING.slid(row, 1)) == texts(BUILDING.dropped(row, 0)) == long_row
    assert texts(BUILDING.dropped(row, 1)) == {(col + 0.5, 6.5 + row): text for col, text in enumerate(line)}


def test_the_matrix_tips_over_into_its_transpose() -> None:
    built = texts(BUILDING.rows(2))
    assert texts(BUILDING.tipped(MATRIX, 0)) == built
    to = Lattice((4, 2), FLAT, (8, 1))
    assert texts(BUILDING.tipped(to, 1)) == {(8 + y - 6, 1 + x): text for (x, y), text in built.items()}
    assert not texts(BUILDING.tipped(to, 0.5)), "edge on, there is nothing to read"


def test_every_row_is_laid_slid_and_dropped() -> None:
    said = [act.caption for act in BUILDING.acts()]
    assert [words[0].split()[0] for words in ([str(line) for line in lines] for lines in said)] == [
        "The", "The", "It", "The", "The", "It",
    ]  # fmt: skip
    assert "input's size" in str(said[0])


def test_of_a_grid_of_one_row_no_rows_are_said_to_slide_out() -> None:
    said = [str(line) for act in replace(BUILDING, grid=Lattice((1, 4), LARGE)).acts() for line in act.caption]
    assert {line.split()[0] for line in said} == {"The", "It"}
    assert not any("rows" in line for line in said)
