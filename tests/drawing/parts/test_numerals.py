"""How numbers are written, how large, and where."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing.composition import compose
from convgif.drawing.lattice import FLAT, Lattice
from convgif.drawing.metrics import width_of
from convgif.drawing.parts.numerals import (
    EM_STEP,
    LONGEST_NUMBER,
    Entries,
    Lettering,
    Notation,
    Writing,
    plain,
    symbol,
)
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Run, Text
from convgif.figure import Figure
from convgif.registry import VIEWS
from tests.arithmetic.oracle import AnyLayer, computed
from tests.arithmetic.strategies import REPEATABLE, seeds
from tests.drawing.cases import drawable, numbered
from tests.drawing.plane import output_plane
from tests.drawing.truth import MINUS, lifted, numbers_of, of_kind, read, shown, texts_at, written


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0, 7, -3, 2.0], ["0", "7", f"{MINUS}3", "2"]),
        ([17, 2.5], ["17.0", "2.5"]),
        ([12.5, -0.25], ["12.50", f"{MINUS}0.25"]),
        ([1 / 3, 2 / 3, 1], ["0.333", "0.667", "1.000"]),
        ([0.1 + 0.2], ["0.3"]),
        ([-0.0, 0], ["0", "0"]),
        ([1e6, 12345678], ["1000000", "12345678"]),
        ([1, 1e20], ["1e0", "1e20"]),
        ([-1e-9, 0, 2.5], [f"{MINUS}1.0e{MINUS}9", "0", "2.5e0"]),
        ([123456789, 1], ["1.23e8", "1.00e0"]),
        ([1234567.25], ["1.23e6"]),
        ([math.inf, -math.inf, 1], ["∞", f"{MINUS}∞", "1"]),
        ([0.0002, 1], [f"2e{MINUS}4", "1e0"]),
        ([np.int64(-4), np.float32(0.5), True], [f"{MINUS}4.0", "0.5", "1.0"]),
        ([], []),
    ],
)
def test_numbers_of_a_map_have_one_notation(values: list[float], texts: list[str]) -> None:
    notation = Notation.of(values)
    assert [notation.text(value) for value in values] == texts


@pytest.mark.parametrize(
    ("values", "decimals", "texts"),
    [
        ([17, 3], 1, ["17.0", "3.0"]),
        ([5 / 3], 1, ["1.7"]),
        ([1.25, 2], 0, ["1", "2"]),
        ([-0.04], 1, ["0.0"]),
        ([1e9, 1], 1, ["1e9", "1e0"]),
    ],
)
def test_decimals_that_are_wanted_are_kept_as_long_as_they_can_be_read(
    values: list[float], decimals: int, texts: list[str]
) -> None:
    notation = Notation.of(values, decimals)
    assert [notation.text(value) for value in values] == texts


VALUES: Final = st.lists(st.floats(-1e30, 1e30) | st.floats(-100, 100) | st.integers(-(10**7), 10**7), min_size=1)


@REPEATABLE
@given(VALUES)
def test_what_is_written_is_the_number(values: list[float]) -> None:
    """To three decimals, or to three digits, and never 0 for what is not; all alike, and none too long."""
    notation = Notation.of(values)
    texts = [notation.text(value) for value in values]
    for value, text in zip(values, texts, strict=True):
        assert abs(read(text) - value) <= max(0.0005, abs(value) / 190) * 1.0001
        assert {*text} <= {*f"0123456789.e{MINUS}"}
        assert len(text) <= LONGEST_NUMBER + 2
        assert (read(text) == 0) == (value == 0)
    digits = [text.partition("e")[0].partition(".")[2] for text in texts if read(text) or not notation.exponents]
    assert len({len(found) for found in digits}) <= 1
    assert len({"e" in text for text in texts if read(text)}) <= 1
    assert not digits or all(found == "" for found in digits) or any(not found.endswith("0") for found in digits)


@REPEATABLE
@given(st.lists(st.integers(-(10**7) + 1, 10**8 - 1)))
def test_whole_numbers_are_written_whole(values: list[int]) -> None:
    notation = Notation.of(values)
    assert [notation.text(value) for value in values] == [written(value) for value in values]


@pytest.mark.parametrize("view", VIEWS)
def test_outputs_of_whole_numbers_are_whole_in_every_view(view: str) -> None:
    """Unless decimals are asked for: then all outputs have them, and nothing else has."""
    for layer in (Conv(3, 2), ConvTranspose(2, 2)):
        if VIEWS[view].suits(layer):
            figure = Figure(layer, view=view, random=3)
            texts = {decimals: texts_of(figure.replaced(decimals=decimals)) for decimals in (None, 1)}
            if view in ("summary", "collapse"):  # they are about sizes, and have no numbers of maps
                assert texts == {None: [], 1: []}
                continue
            assert not any("." in text for text in texts[None])
            assert any("." in text for text in texts[1])
            assert any("." not in text and text.isdigit() for text in texts[1])


def texts_of(figure: Figure) -> list[str]:
    """Every text of the last frame but words."""
    scene = compose(figure)
    texts = [text for items in shown(scene, len(scene.durations) - 1).values() for text in of_kind(items, Text)]
    return [text.text for text in texts if text.role != "words"]


def test_nothing_is_the_largest_of_nothing() -> None:
    """A dilated window that reads padding alone: padding and output are the same number, so they look the same."""
    layer = MaxPool(1, 2, stride=1, padding=1, dilation=2)
    tracks = {track.name: track for track in compose(Figure(layer, view="flat", input=[[5]])).tracks}
    found, _ = texts_at(tracks["output"].at(0), output_plane(layer, "flat"))
    assert found == {(0, 0): layer.blank}


@REPEATABLE
@given(drawable("flat"), seeds(), st.integers(0, 3))
def test_entries_of_numbers_are_the_layers_numbers(layer: AnyLayer, seed: int, decimals: int) -> None:
    figure, x, w = numbered(layer, "flat", seed, decimals=decimals)
    entries = Entries.of_numbers(Subject.of(figure))
    assert entries is not None
    x, w = numbers_of(layer.input_size, x), numbers_of(layer.kernel_size, w)
    assert entries.input == {at: plain(written(value)) for at, value in np.ndenumerate(x)}
    assert entries.weight == ({} if w is None else {at: plain(written(value)) for at, value in np.ndenumerate(w)})
    output = computed(lifted(layer), x, w)
    notation = Notation.of(output.ravel().tolist(), decimals)
    assert entries.output == {at: plain(notation.text(value)) for at, value in np.ndenumerate(output)}
    assert entries.blank == (plain(layer.blank) if layer.blank else ())


@REPEATABLE
@given(drawable("flat"))
def test_entries_of_symbols_are_letters_with_the_index_of_the_layers_axes(layer: AnyLayer) -> None:
    entries, drawn = Entries.of_symbols(Subject.of(Figure(layer, view="flat"))), lifted(layer)
    sizes = (drawn.input_size, drawn.kernel_size, drawn.output_size)
    for letter, size, texts in zip("xwy", sizes, (entries.input, entries.weight, entries.output), strict=True):
        assert texts == {
            (r, c): symbol(letter, f"{r},{c}" if layer.ndim > 1 else str(c))
            for r in range(size[0])
            for c in range(size[1])
        }


def test_symbols_are_a_slanted_letter_and_a_small_index_or_exponent() -> None:
    assert symbol("y", index="0,1") == (Run("y", slanted=True), Run("0,1", scale=0.84, rise=-0.18))
    assert symbol("C", exponent="T") == (Run("C", slanted=True), Run("T", scale=0.84, rise=0.37))


LETTERING = Lettering(
    Writing(0.5, 0.8), Writing(0.4, 0.8), Writing(0.3, 0.3, (0.8, 0.8)), Writing(0.2, 0.8, (0.9, 0.5))
)


def fitted(inputs: list[list[float]], weights: list[list[float]]) -> Lettering:
    """The lettering for a convolution with those numbers."""
    layer = Conv((len(inputs), len(inputs[0])), (len(weights), len(weights[0])))
    entries = Entries.of_numbers(Subject.of(Figure(layer, input=inputs, weight=weights)))
    assert entries is not None
    return LETTERING.fitted(entries)


def test_short_numbers_keep_their_size_and_the_corner_for_weights() -> None:
    assert fitted([[1, 2]], [[3]]) == LETTERING


@pytest.mark.parametrize(("inputs", "weights"), [([[1, 12]], [[3]]), ([[1, 2]], [[0.5]]), ([[1, -2]], [[3]])])
def test_long_numbers_send_the_weights_below(inputs: list[list[float]], weights: list[list[float]]) -> None:
    assert fitted(inputs, weights).weight.at == LETTERING.long_weight.at


TEXTS: Final = st.lists(st.text("0123456789.,-e", max_size=9).map(plain), max_size=5)


@REPEATABLE
@given(TEXTS, st.floats(0.2, 0.6))
def test_the_widest_text_sets_the_size_of_all(texts: list[tuple[Run, ...]], em: float) -> None:
    """It fits; and a step larger it would not."""
    found = Writing(em, 0.84).fitted(texts)
    widest = max(map(width_of, texts), default=0.0)
    assert found.em * widest <= 0.84 + 1e-9
    assert found.em == em or (found.em + EM_STEP) * widest > 0.84 or found.em + EM_STEP > em
    assert (found.width, found.at) == (0.84, (0.5, 0.5))


@pytest.mark.parametrize("layer", [MaxPool(2, 2, padding=1), AvgPool(2, 2, padding=1)])
def test_what_stands_in_blank_cells_is_of_the_same_size(layer: AnyLayer) -> None:
    """Minus infinity is wider than the numbers beside it."""
    scene = compose(Figure(layer, view="flat", input=[[1, 2], [3, 4]]))
    items = shown(scene, 0)
    assert len({text.size for name in ("canvas", "input", "taps") for text in of_kind(items[name], Text)}) == 1


def test_a_number_lies_at_its_place_in_the_cell() -> None:
    text = LETTERING.weight.text(Lattice((3, 3), FLAT), (1, 2), plain("7"))
    assert text.at == pytest.approx((2.8, 1.8))
    assert (text.text, text.size, text.width, text.role) == ("7", 0.3, 0.3, "text")
