"""How numbers are written, how large, and where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import draw
from convgif.drawing.grid import FLAT, Lattice
from convgif.drawing.numerals import OUTLIER, Entries, Lettering, Writing, blank, decimal, extent, number
from convgif.drawing.scene import Text
from convgif.figure import Figure, View
from convgif.rendering.lettering import outline
from tests.arithmetic.oracle import AnyLayer, computed
from tests.arithmetic.strategies import REPEATABLE, filled, layers, seeds
from tests.drawing.plane import Plane, canvas_plane, output_plane
from tests.drawing.truth import ink, of_kind, read, shown, text_box, texts_at

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (-3, f"{MINUS}3"),
        (2.0, "2"),
        (12.5, "12.5"),
        (-0.25, f"{MINUS}0.25"),
        (1 / 3, "0.333"),
        (2 / 3, "0.667"),
        (1234567.25, "1.23e6"),
        (123456.25, "1.23e5"),
        (12345.25, "12345.25"),
        (-1e-9, f"{MINUS}1e{MINUS}9"),
        (1e20, "1e20"),
        (0.000123, "0.00012"),
        (-0.0001, f"{MINUS}0.0001"),
        (-0.0, "0"),
        (100, "100"),
        (1e6, "1000000"),
        (-10, f"{MINUS}10"),
        (np.int64(-4), f"{MINUS}4"),
        (np.float32(0.1), "0.1"),
        (True, "1"),
    ],
)
def test_inputs_and_weights_are_as_short_as_can_be(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (17, "17.0"),
        (0, "0.0"),
        (-0.0, "0.0"),
        (-0.04, f"{MINUS}0.04"),
        (0.04, "0.04"),
        (1e-9, f"1e{MINUS}9"),
        (-0.06, f"{MINUS}0.1"),
        (-10.0, f"{MINUS}10.0"),
        (1234567.25, "1.23e6"),
        (2.96, "3.0"),
        (np.int64(-4), f"{MINUS}4.0"),
    ],
)
def test_outputs_have_one_decimal(value: float, text: str) -> None:
    assert decimal(value) == text


@REPEATABLE
@given(st.floats(-1e30, 1e30) | st.floats(-100, 100))
def test_what_is_written_is_the_number(value: float) -> None:
    """To three decimals, or one; or to two or three digits where that would be long, or nothing."""
    for text, error in ((number(value), 0.0005), (decimal(value), 0.05)):
        assert abs(read(text) - value) <= max(error, abs(value) / 100) * 1.0001
        assert set(text) <= set(f"0123456789.e{MINUS}")
        assert len(text) <= 10
        assert (read(text) == 0) == (value == 0)


@REPEATABLE
@given(st.integers(-(10**7) + 1, 10**8 - 1))
def test_whole_numbers_are_written_whole(value: int) -> None:
    assert number(value).replace(MINUS, "-") == str(value)


@pytest.mark.parametrize(
    ("inputs", "weights", "places"), [([1, 2], 3, 0), ([0.5, 2], 3, 1), ([0.25, 1], 0.5, 3), ([0.04, 1], 2, 2)]
)
def test_outputs_have_as_many_decimals_as_their_factors(inputs: list[float], weights: float, places: int) -> None:
    """Else 0.01 x 1 = 0.0 would stand on the picture; whole numbers have one, as in the guide, but not in algebra."""
    figure = Figure(Conv((1, 2), 1), input_values=[inputs], kernel_values=[[weights]])
    assert figure.values_drawn is not None
    assert figure.values_drawn.decimals == places
    shown_places: dict[View, int] = {"flat": max(1, places), "isometric": max(1, places), "matrix": places}
    for view, decimals in shown_places.items():
        scene = draw(replace(figure, view=view))
        shown_outputs = of_kind(shown(scene, 0)["output"], Text)
        assert [text.text for text in shown_outputs] == [decimal(x * weights, decimals) for x in inputs]


def test_nothing_is_the_largest_of_nothing() -> None:
    """A dilated window that reads padding alone: padding and output are the same number, so they look the same."""
    layer = MaxPool(1, 2, stride=1, padding=1, dilation=2)
    tracks = {track.name: track for track in draw(Figure(layer, view="flat", input_values=[[5]])).tracks}
    shown, _ = texts_at(tracks["output"].at(0), output_plane(layer, "flat"))
    assert shown == {(0, 0): blank(layer)}


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Conv(2, 2, padding=1), "0"),
        (ConvTranspose(2, 2, stride=2), "0"),
        (MaxPool(2, 2, padding=1), f"{MINUS}\N{INFINITY}"),
        (AvgPool(2, 2, padding=1), "0"),
        (AvgPool(2, 2, padding=1, count_include_pad=False), ""),
    ],
)
def test_what_a_cell_without_input_counts_as(layer: AnyLayer, text: str) -> None:
    assert blank(layer) == text


@REPEATABLE
@given(layers(), seeds(), st.integers(0, 3))
def test_entries_of_numbers_are_the_layers_numbers(layer: AnyLayer, seed: int, places: int) -> None:
    x = filled(layer.input_size, seed)
    w = filled(layer.kernel_size, seed + 1) if layer.has_kernel_values else None
    values = Figure(layer, input_values=x, kernel_values=w).values_drawn
    assert values is not None
    entries = Entries.of_numbers(layer, values, places)
    assert entries.input == {at: number(value) for at, value in np.ndenumerate(x)}
    assert entries.kernel == ({} if w is None else {at: number(value) for at, value in np.ndenumerate(w)})
    assert entries.output == {at: decimal(value, places) for at, value in np.ndenumerate(computed(layer, x, w))}
    assert (entries.blank, entries.math) == (blank(layer), False)


@REPEATABLE
@given(layers())
def test_entries_of_symbols_are_letters_with_row_and_column(layer: AnyLayer) -> None:
    entries = Entries.of_symbols(layer)
    sizes = (layer.input_size, layer.kernel_size, layer.output_size)
    for letter, size, texts in zip("xwy", sizes, (entries.input, entries.kernel, entries.output), strict=True):
        assert texts == {(r, c): f"${letter}_{{{r}{{,}}{c}}}$" for r in range(size[0]) for c in range(size[1])}
    assert (entries.blank, entries.math) == (blank(layer), True)


LETTERING = Lettering(
    Writing(0.5, 0.8), Writing(0.4, 0.8), Writing(0.3, 0.3, (0.8, 0.8)), Writing(0.2, 0.8, (0.9, 0.5))
)


def fitted(inputs: list[list[float]], weights: list[list[float]], padding: int = 0) -> Lettering:
    """The lettering for a convolution with those numbers."""
    layer = Conv((len(inputs), len(inputs[0])), (len(weights), len(weights[0])), padding=padding)
    values = Figure(layer, input_values=inputs, kernel_values=weights).values_drawn
    assert values is not None
    return LETTERING.fitted(Entries.of_numbers(layer, values, places=1))


def test_short_numbers_keep_their_size_and_the_corner_for_weights() -> None:
    found = fitted([[1, 2]], [[3]])
    assert (found.input, found.output, found.weight) == (LETTERING.input, LETTERING.output, LETTERING.weight)


@pytest.mark.parametrize(("inputs", "weights"), [([[1, 12]], [[3]]), ([[1, 2]], [[0.5]]), ([[1, -2]], [[3]])])
def test_long_numbers_send_the_weights_below(inputs: list[list[float]], weights: list[list[float]]) -> None:
    assert fitted(inputs, weights).weight.at == LETTERING.long_weight.at


def test_symbols_send_the_weights_below() -> None:
    found = LETTERING.fitted(Entries.of_symbols(Conv(2, 2)))
    assert found.weight.at == LETTERING.long_weight.at
    assert found.input.em < LETTERING.input.em


def test_all_numbers_of_a_map_have_one_size_but_for_an_outlier() -> None:
    """The widest sets the size of all, unless it is so wide that the others would be lost."""
    assert fitted([[1, 12.5]], [[1]]).input.em == pytest.approx(0.8 / extent("12.5"))
    assert (
        fitted([[1, 123456789]], [[1]]).input.em == fitted([[1, 1234567]], [[1]]).input.em == pytest.approx(0.8 / 3.5)
    )
    assert OUTLIER == 3.5


def test_what_stands_in_blank_cells_is_of_the_same_size() -> None:
    """Minus infinity is wider than the numbers beside it."""
    layer = MaxPool(2, 2, padding=1)
    values = Figure(layer, input_values=[[1, 2], [3, 4]]).values_drawn
    assert values is not None
    found = LETTERING.fitted(Entries.of_numbers(layer, values, places=1))
    assert found.input.em == pytest.approx(0.8 / extent(blank(layer)))
    assert found.input.em < LETTERING.input.em


def test_what_is_not_written_needs_no_room() -> None:
    assert Writing(0.5, 0.8).evened([]) == Writing(0.5, 0.8)
    assert Writing(0.5, 0.8).evened([""]) == Writing(0.5, 0.8)


def test_a_number_lies_at_its_place_in_the_cell() -> None:
    text = LETTERING.weight.text(Lattice((3, 3), FLAT), (1, 2), "7", (0, 0, 0))
    assert text.at == pytest.approx((2.8, 1.8))
    assert (text.text, text.size, text.width, text.math) == ("7", 0.3, 0.3, False)
    assert LETTERING.weight.text(Lattice((3, 3), FLAT), (1, 2), "$w$", (0, 0, 0)).math


SHORT: st.SearchStrategy[int | float] = st.one_of(
    st.integers(-9999, 99_999), st.integers(-99, 999).map(lambda tenths: tenths / 10), st.integers(-9, 9)
).filter(lambda value: len(number(value)) <= 5)
"""Numbers of up to five characters."""


@REPEATABLE
@given(SHORT | st.floats(-1e30, 1e30), st.integers(0, 3))
def test_the_width_of_a_number_is_not_underestimated(value: float, places: int) -> None:
    """Numbers are made smaller by what is reckoned here, together; the font has the last word on each alone."""
    for text in (number(value), decimal(value, places)):
        assert outline(text).width <= extent(text) + 1e-9
        assert extent(text) <= outline(text).width * 1.1, "nor overestimated, or they would be too small to read"


@pytest.mark.parametrize("letter", "xwy")
@pytest.mark.parametrize("at", [(0, 0), (0, 12), (10, 10), (38, 77), (123, 9)])
def test_the_width_of_a_symbol_is_not_underestimated(letter: str, at: tuple[int, int]) -> None:
    text = f"${letter}_{{{at[0]}{{,}}{at[1]}}}$"
    assert outline(text, math=True).width <= extent(text)


HAIR = 0.01
"""A tenth of a line's width, in cells."""


def in_cell(text: Text, plane: Plane, cell: tuple[int, int]) -> bool:
    """Whether all strokes of a text lie in a cell."""
    places = np.array([plane.place((x, y)) for x, y in ink(text)]) - cell
    return bool((places >= 0).all() and (places <= 1).all())


def apart(one: Text, other: Text) -> bool:
    """Whether two texts keep clear of each other."""
    (left, top, right, bottom), b = text_box(one), text_box(other)
    return right <= b.left or b.right <= left or min(bottom, b.bottom) - max(top, b.top) <= HAIR


@settings(REPEATABLE, max_examples=40)
@given(
    st.sampled_from(["flat", "isometric"]),
    st.sampled_from([Conv((2, 3), 2), Conv(2, 2, padding=1), ConvTranspose(2, 2, stride=2), MaxPool(2, 2, 1, 1)]),
    st.data(),
)
def test_every_number_fits_its_cell(view: View, layer: AnyLayer, data: st.DataObject) -> None:
    """In every cell that is written on; and the weight there leaves room for the number."""

    def some(size: tuple[int, int]) -> list[list[float]]:
        rows, cols = size
        return data.draw(st.lists(st.lists(SHORT, min_size=cols, max_size=cols), min_size=rows, max_size=rows))

    weights = some(layer.kernel_size) if layer.has_kernel_values else None
    figure = Figure(layer, view=view, input_values=some(layer.input_size), kernel_values=weights)
    scene = draw(figure)
    planes = {"output": output_plane(layer, view), "highlight": output_plane(layer, view)}
    last = len(scene.durations) - 1
    for frame in sorted({0, last}):
        for name, items in shown(scene, frame).items():
            plane = planes.get(name, canvas_plane(view))
            cells: dict[tuple[int, int], Text] = {}
            for text in [] if name == "caption" else of_kind(items, Text):
                cell, _ = plane.cell_at(text.at)
                assert in_cell(text, plane, cell), f"{text.text!r} leaves its cell"
                assert cell not in cells or apart(text, cells[cell]), f"{text.text!r} and {cells[cell].text!r} overlap"
                cells[cell] = text
            assert (
                cells
                or name in ("caption", "sight", "shadow", "kernel")
                or (name == "canvas" and layer == Conv((2, 3), 2))
            )
