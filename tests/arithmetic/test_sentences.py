"""Sizes, cells and steps in sentences: the sums that they show come out, and what they count is what the taps read."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.layer import LISTED_TERMS
from convgif.arithmetic.sentences import (
    Sentence,
    a_sized,
    at,
    by,
    counted,
    labels,
    listed,
    short,
    sized,
    slices,
    spoken,
)
from tests.arithmetic import oracle
from tests.arithmetic.oracle import AnyLayer, computed
from tests.arithmetic.strategies import REPEATABLE, filled, layers, seeds


@REPEATABLE
@given(layers())
def test_it_counts_what_is_read(layer: AnyLayer) -> None:
    """Input elements, copies and zeros together are what the window has; no noun is in the wrong number."""
    marks = oracle.canvas_map(layer)
    for step in layer.steps():
        found = re.fullmatch(
            r"Output (.*) reads (\d+) input elements?(?:(?: and|,) (\d+) (copy|copies) in the padding)?"
            r"(?: and (\d+) (zero|element of padding|zeros|elements of padding))?\.",
            layer.sentence(step),
        )
        assert found is not None
        inputs, copies, zeros = int(found[2]), int(found[3] or 0), int(found[5] or 0)
        assert found[1] == (str(step.output) if layer.ndim > 1 else str(step.output[0]))
        assert inputs == sum(marks[tap.canvas] >= 0 for tap in step.taps)
        assert inputs + copies == sum(tap.input is not None for tap in step.taps)
        assert inputs + copies + zeros == len(step.taps)
        assert ("elements" in re.split(" and |,", found[0].partition("reads")[2])[0]) == (inputs != 1)
        assert copies == 0 or (found[4] == "copies") == (copies > 1)
        if zeros:
            assert ("padding" in found[6]) == isinstance(layer, MaxPool)
            assert ("zeros" in found[6] or "elements" in found[6]) == (zeros > 1)


@REPEATABLE
@given(layers(), seeds())
def test_the_sum_that_is_shown_comes_out(layer: AnyLayer, seed: int) -> None:
    """Whoever works it out, by Python's rules, has the output; or it is too long to be shown."""
    x = filled(layer.input_size, seed) - 4
    w = filled(layer.kernel_size, seed + 1) - 4 if layer.has_weight else None
    y = computed(layer, x, w)
    for step in layer.steps():
        text = layer.sentence(step, (x, w, y))
        name = f"Output {at(step.output)}"
        read = [x[tap.input] for tap in step.taps if tap.input is not None]
        if len(read) > LISTED_TERMS:
            assert text.startswith(layer.sentence(step).removesuffix("."))
            assert text.endswith(f": {y[step.output]:.6g}")
            continue
        head, formula, result = text.split(" = ")
        assert head == name
        assert result == f"{y[step.output]:.6g}"
        if isinstance(layer, AvgPool):
            listed, padding, _ = formula.removeprefix("mean of ").partition(" and the padding")
            assert listed == ", ".join(f"{value:.6g}" for value in read)
            assert bool(padding) == (len(read) < len(step.taps))
        else:
            assert w is None or not re.search(r"(?<!\()-", formula)  # 2×-3 is no way to write it
            assert eval(formula.replace("×", "*"), {"max": lambda *of: max(of)}) == float(result)
            assert formula.count("×") == (0 if w is None else len(read))


@pytest.mark.parametrize(
    ("layer", "output", "said"),
    [
        (Conv(2, 2, padding=1), (0, 0), "Output (0, 0) reads 1 input element and 3 zeros."),
        (Conv(2, 2, padding=1), (1, 1), "Output (1, 1) reads 4 input elements."),
        (Conv(2, 3, padding=3), (0, 0), "Output (0, 0) reads 0 input elements and 9 zeros."),
        (ConvTranspose(2, 2, stride=2), (0, 1), "Output (0, 1) reads 1 input element and 3 zeros."),
        (MaxPool(2, 2, stride=1, padding=1), (0, 1), "Output (0, 1) reads 2 input elements and 2 elements of padding."),
        (
            MaxPool((1, 2), (1, 2), stride=1, padding=(0, 1)),
            (0, 0),
            "Output (0, 0) reads 1 input element and 1 element of padding.",
        ),
        (Conv((3,), 2), (1,), "Output 1 reads 2 input elements."),
        (Conv((2, 2, 2), 2), (0, 0, 0), "Output (0, 0, 0) reads 8 input elements."),
        (AvgPool((1, 2), (1, 2), stride=1, padding=(0, 1)), (0, 0), "Output (0, 0) reads 1 input element and 1 zero."),
    ],
)
def test_without_numbers(layer: AnyLayer, output: tuple[int, ...], said: str) -> None:
    assert layer.sentence(layer.step(output)) == said


X = np.array([[1, -2], [0.5, 3]])


@pytest.mark.parametrize(
    ("layer", "output", "said"),
    [
        (Conv(2, 2), (0, 0), "Output (0, 0) = 1×2 + (-2)×(-1) + 0.5×0 + 3×4 = 16"),
        (Conv(2, 2, padding=2), (0, 0), "Output (0, 0) = 0 = 0"),
        (MaxPool(2, 2), (0, 0), "Output (0, 0) = max(1, -2, 0.5, 3) = 3"),
        (AvgPool(2, 2), (0, 0), "Output (0, 0) = mean of 1, -2, 0.5, 3 = 0.625"),
        (AvgPool(2, 2, stride=1, padding=1), (0, 0), "Output (0, 0) = mean of 1 and the padding = 0.25"),
    ],
)
def test_with_numbers(layer: AnyLayer, output: tuple[int, ...], said: str) -> None:
    w = np.array([[2, -1], [0, 4]]) if layer.has_weight else None
    assert layer.sentence(layer.step(output), (X, w, computed(layer, X, w))) == said


def test_the_most_that_a_sentence_can_list() -> None:
    """Twelve products are shown, sixteen are only counted."""
    for size, form in (((3, 4), r"1×1( \+ 1×1){11} = 12"), ((4, 4), None)):
        layer = Conv(size, size)
        ones = np.ones(size, int)
        text = layer.sentence(layer.step((0, 0)), (ones, ones, np.full((1, 1), size[0] * size[1])))
        if form is None:
            assert text == "Output (0, 0) reads 16 input elements: 16"
        else:
            assert re.fullmatch(rf"Output \(0, 0\) = {form}", text)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (by((3, 4)), "3x4"),
        (by((9,)), "9"),
        (by((2, 3, 4)), "2x3x4"),
        (spoken((3, 4)), "(3, 4)"),
        (spoken((4, 4, 4)), "4"),
        (spoken((4,)), "4"),
        (at((4,)), "4"),
        (at((1, 0)), "(1, 0)"),
        (sized((3, 4), "output"), "3x4 output"),
        (sized((3,), "output"), "output of 3"),
        (a_sized((8,), "kernel"), "a kernel of 8"),
        (a_sized((8,), "input"), "an input of 8"),
        (a_sized((18, 3), "input"), "an 18x3 input"),
        (a_sized((180, 3), "input"), "a 180x3 input"),
        (a_sized((11_000, 3), "input"), "an 11000x3 input"),
        (slices((1, 2)), "1 row and 2 columns"),
        (slices((2, 0)), "2 rows"),
        (slices((0, 1)), "1 column"),
        (slices((2, 1, 1)), "2 planes, 1 row and 1 column"),
        (slices((2,)), "2 cells"),
        (counted(1, "step"), "1 step"),
        (counted(0, "step"), "0 steps"),
        (listed(["a", "b"]), "a and b"),
    ],
)
def test_sizes_as_people_write_them(written: str, text: str) -> None:
    assert written == text


def test_axes_have_names_where_there_are_several() -> None:
    assert [tuple(map(str, labels(ndim))) for ndim in (1, 2, 3)] == [
        ("",),
        ("rows", "columns"),
        ("depth", "rows", "columns"),
    ]
    assert (short((2, 2)), short((2, 1)), short([3])) == (2, (2, 1), 3)


def test_a_sentence_is_a_value() -> None:
    one, other = (Sentence("{a} of {b}", a=Sentence("x"), b="2") for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, one.capitalized(), Sentence("{a} of {b}", a="x", b="2")}) == 3


def test_a_sentence_is_translated_to_its_innermost_part() -> None:
    """What is not a sentence stays as it is, braces too; a capital is that of the translation."""
    words = {"{size} {noun}": "{noun}: {size}", "input": "eingabe", "{size}": "nothing"}
    sentence = Sentence("{size} {noun}", size="{size}", noun=Sentence("input"))
    assert sentence.told(words.__getitem__) == "eingabe: {size}"
    assert sentence.capitalized().told(words.__getitem__) == "Eingabe: {size}"
    assert (str(sentence), sentence.text) == ("{size} input",) * 2
    assert str(Sentence("").capitalized()) == ""
