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
        (1234567.25, "1234567.25"),
        (-0.0001, "0"),
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
        (-0.04, "0.0"),
        (0.04, "0.0"),
        (-0.06, f"{MINUS}0.1"),
        (-10.0, f"{MINUS}10.0"),
        (1234567.25, "1234567.2"),
        (2.96, "3.0"),
        (np.int64(-4), f"{MINUS}4.0"),
    ],
)
def test_outputs_have_one_decimal(value: float, text: str) -> None:
    assert decimal(value) == text


@REPEATABLE
@given(st.floats(-1e6, 1e6))
def test_what_is_written_is_the_number(value: float) -> None:
    assert abs(read(number(value)) - value) <= 0.0005 + 1e-9
    assert abs(read(decimal(value)) - value) <= 0.05 + 1e-9
    for text in (number(value), decimal(value)):
        assert set(text) <= set(f"0123456789.{MINUS}")
        assert not (text.startswith(MINUS) and read(text) == 0)


@REPEATABLE
@given(st.integers(-(10**9), 10**9))
def test_whole_numbers_are_written_whole(value: int) -> None:
    assert number(value).replace(MINUS, "-") == str(value)


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
