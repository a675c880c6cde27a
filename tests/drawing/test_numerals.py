"""How numbers are written, how large, and where."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import draw
from convgif.drawing.grid import FLAT, Lattice
from convgif.drawing.numerals import Lettering, Writing, blank, decimal, extent, number
from convgif.figure import Figure
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.plane import output_plane
from tests.drawing.truth import read, texts_at

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
    ("inputs", "weights", "places"), [([1, 2], 3, 1), ([0.5, 2], 3, 1), ([0.25, 1], 0.5, 3), ([0.04, 1], 2, 2)]
)
def test_outputs_have_as_many_decimals_as_their_factors(inputs: list[float], weights: float, places: int) -> None:
    """Else 0.01 x 1 = 0.0 would stand on the picture; whole numbers have one, as in the guide."""
    values = Figure(Conv((1, 2), 1), input_values=[inputs], kernel_values=[[weights]]).values_drawn
    assert values is not None
    assert values.decimals == places


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


LETTERING = Lettering(
    Writing(0.5, 0.8), Writing(0.4, 0.8), Writing(0.3, 0.3, (0.8, 0.8)), Writing(0.2, 0.8, (0.9, 0.5))
)


def fitted(inputs: list[list[float]], weights: list[list[float]]) -> Lettering:
    """The lettering for a convolution with those numbers."""
    layer = Conv((len(inputs), len(inputs[0])), (len(weights), len(weights[0])))
    values = Figure(layer, input_values=inputs, kernel_values=weights).values_drawn
    assert values is not None
    return LETTERING.fitted(layer, values)


def test_short_numbers_keep_their_size_and_the_corner_for_weights() -> None:
    found = fitted([[1, 2]], [[3]])
    assert (found.input, found.weight) == (LETTERING.input, LETTERING.weight)


@pytest.mark.parametrize(("inputs", "weights"), [([[1, 12]], [[3]]), ([[1, 2]], [[0.5]]), ([[1, -2]], [[3]])])
def test_long_numbers_send_the_weights_below(inputs: list[list[float]], weights: list[list[float]]) -> None:
    assert fitted(inputs, weights).weight.at == LETTERING.long_weight.at


def test_all_numbers_of_a_map_have_one_size_but_for_an_outlier() -> None:
    """The widest sets the size of all, unless it is so wide that the others would be lost."""
    assert fitted([[1, 12.5]], [[1]]).input.em == pytest.approx(0.8 / extent("12.5"))
    assert (
        fitted([[1, 123456789]], [[1]]).input.em == fitted([[1, 1234567]], [[1]]).input.em == pytest.approx(0.8 / 3.5)
    )


def test_a_number_lies_at_its_place_in_the_cell() -> None:
    text = LETTERING.weight.text(Lattice((3, 3), FLAT), (1, 2), "7", (0, 0, 0))
    assert text.at == pytest.approx((2.8, 1.8))
    assert (text.text, text.size, text.width) == ("7", 0.3, 0.3)
