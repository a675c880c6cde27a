"""Steps as sentences: the sums that they show come out, and what they count is what the taps read."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.spelling import MOST_TERMS, spelled
from tests.arithmetic.oracle import AnyLayer, computed
from tests.arithmetic.strategies import REPEATABLE, filled, layers, seeds


@REPEATABLE
@given(layers())
def test_it_counts_what_is_read(layer: AnyLayer) -> None:
    """Input elements and zeros together are the kernel's elements; no noun is in the wrong number."""
    size = layer.kernel_size[0] * layer.kernel_size[1]
    for step in layer.steps():
        found = re.fullmatch(
            r"Output \((\d+), (\d+)\) reads (\d+) input elements?(?: and (\d+) (zero|element of padding|"
            r"zeros|elements of padding))?\.",
            spelled(layer, step),
        )
        assert found is not None
        inputs, zeros = int(found[3]), int(found[4] or 0)
        assert (int(found[1]), int(found[2])) == step.output
        assert inputs == sum(tap.input is not None for tap in step.taps)
        assert inputs + zeros == size
        assert ("elements" in found[0].split(" and ")[0]) == (inputs != 1)
        if zeros:
            assert ("padding" in found[5]) == isinstance(layer, MaxPool)
            assert ("zeros" in found[5] or "elements" in found[5]) == (zeros > 1)


@REPEATABLE
@given(layers(), seeds())
def test_the_sum_that_is_shown_comes_out(layer: AnyLayer, seed: int) -> None:
    """Whoever works it out, by Python's rules, has the output; or it is too long to be shown."""
    x = filled(layer.input_size, seed) - 4
    w = filled(layer.kernel_size, seed + 1) - 4 if layer.has_kernel_values else None
    y = computed(layer, x, w)
    for step in layer.steps():
        text = spelled(layer, step, (x, w, y))
        name = f"Output ({step.output[0]}, {step.output[1]})"
        read = [x[tap.input] for tap in step.taps if tap.input is not None]
        if len(read) > MOST_TERMS:
            assert text.startswith(f"{name} reads {len(read)} input elements")
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
        (AvgPool((1, 2), (1, 2), stride=1, padding=(0, 1)), (0, 0), "Output (0, 0) reads 1 input element and 1 zero."),
    ],
)
def test_without_numbers(layer: AnyLayer, output: tuple[int, int], said: str) -> None:
    assert spelled(layer, layer.step(output)) == said


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
def test_with_numbers(layer: AnyLayer, output: tuple[int, int], said: str) -> None:
    w = np.array([[2, -1], [0, 4]]) if layer.has_kernel_values else None
    assert spelled(layer, layer.step(output), (X, w, computed(layer, X, w))) == said


def test_the_most_that_a_sentence_can_list() -> None:
    """Twelve products are shown, sixteen are only counted."""
    for size, form in (((3, 4), r"1×1( \+ 1×1){11} = 12"), ((4, 4), None)):
        layer = Conv(size, size)
        ones = np.ones(size, int)
        text = spelled(layer, layer.step((0, 0)), (ones, ones, np.full((1, 1), layer.kernel_size[0] * size[1])))
        if form is None:
            assert text == "Output (0, 0) reads 16 input elements: 16"
        else:
            assert re.fullmatch(rf"Output \(0, 0\) = {form}", text)
