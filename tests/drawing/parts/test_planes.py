"""Planes: named maps of cells, and where the input lies on its canvas."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic.layer import Cell
from convgif.drawing.lattice import FLAT, Lattice
from convgif.drawing.parts.numerals import Runs, Writing, plain
from convgif.drawing.parts.planes import Inscription, Plane, Planes, ground_block, in_place, input_block
from convgif.drawing.parts.subject import Subject, cells_of
from convgif.drawing.scene import Line, Polygon, Text
from convgif.drawing.views.flat import LETTERING
from convgif.figure import Figure
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, small_layers
from tests.drawing.cases import drawable
from tests.drawing.plane import Plane as Place
from tests.drawing.plane import edges_of, input_places
from tests.drawing.truth import cut_cells, lifted, of_kind, painted, ruled, texts_in

LATTICE = Lattice((3, 4), FLAT, (10, 20))
AT = Place(10, 20, False)


def test_where_the_input_lies_on_the_canvas_and_beside_it() -> None:
    for layer in small_layers():
        if layer.ndim < 3:
            drawn = lifted(layer)
            rows, cols = input_places(drawn)
            block = (rows[0], cols[0], rows[-1] - rows[0] + 1, cols[-1] - cols[0] + 1)
            assert input_block(drawn) == block
            assert drawn.crops == bool(cut_cells(layer))
            assert (ground_block(drawn) == (0, 0, *drawn.canvas_size)) == (not cut_cells(layer))


@REPEATABLE
@given(drawable("flat"))
def test_the_ground_holds_the_canvas_and_all_input_and_no_more(layer: AnyLayer) -> None:
    drawn = lifted(layer)
    top, left, height, width = ground_block(drawn)
    cells = {
        *cells_of(drawn.canvas_size),
        *((row, col) for row in input_places(drawn)[0] for col in input_places(drawn)[1]),
    }
    assert (top, left) == (min(row for row, _ in cells), min(col for _, col in cells))
    assert (top + height, left + width) == (1 + max(row for row, _ in cells), 1 + max(col for _, col in cells))


@REPEATABLE
@given(st.lists(st.sampled_from(cells_of((3, 4))), unique=True), st.booleans())
def test_cells_of_a_plane_are_painted_ruled_and_written_on(cells: list[tuple[int, int]], written: bool) -> None:
    """In the plane's role, with what is written into them; those that nothing is written into stay empty."""
    texts: dict[Cell, Runs] = {cell: plain(str(cell[0])) for cell in cells_of((3, 4)) if cell[1]}
    writing = Writing(0.5, 0.8)
    plane = Plane("map", LATTICE, "output", (lambda: Inscription.of(texts, writing)) if written else lambda: None)
    items = plane.cells(in_place(cells))
    assert painted(items, AT) == ({"output": sorted(cells)} if cells else {})
    assert ruled(items, AT) == edges_of(cells)
    assert texts_in(items, AT) == {cell: str(cell[0]) for cell in cells if written and cell[1]}
    other = plane.cells(in_place(cells), "cut", "cut_line", "faint")
    kinds = {(type(item), item.role) for item in other}
    assert kinds <= {(Polygon, "cut"), (Line, "cut_line"), (Text, "faint")}


def test_an_element_is_written_where_it_lies() -> None:
    """An element of the input may lie between cells, on its way to its place."""
    plane = Plane("input", LATTICE, "input", lambda: Inscription.of({(0, 1): plain("x")}, Writing(0.5, 0.8)))
    (text,) = of_kind(plane.texts({(1.5, 2.25): (0, 1)}), Text)
    assert text.at == (10 + 2.75, 20 + 2)


@REPEATABLE
@given(drawable("flat"))
def test_the_planes_of_a_figure_are_named_and_made_when_they_are_asked_for(layer: AnyLayer) -> None:
    subject = Subject.of(Figure(layer, view="flat", random=0))
    planes = Planes.of(subject, LATTICE, LATTICE, LETTERING)
    assert [(plane.name, plane.role) for plane in (planes.canvas, planes.input, planes.output)] == [
        ("canvas", "blank"),
        ("input", "input"),
        ("output", "output"),
    ]
    assert "numbers" not in vars(subject.figure)
    assert planes.inscribed
    assert not Planes.of(Subject.of(Figure(layer, view="flat")), LATTICE, LATTICE, LETTERING).inscribed
