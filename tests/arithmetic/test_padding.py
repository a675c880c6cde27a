"""Padding by its words and modes: what the frameworks' own rules say, over all small sizes, and what breaks a rule."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, Kind, MaxPool
from convgif.arithmetic.explanation import explain
from convgif.arithmetic.padding import MODES, WORDS, covering, given_as, padding_of
from convgif.errors import InputError
from tests.arithmetic.oracle import AnyLayer

SIZES = list(product(range(1, 8), range(1, 6), range(1, 5)))
"""Sizes of an input, spans and strides."""


def windows(size: int, pair: tuple[int, int], span: int, stride: int) -> int:
    """How many there are."""
    return len(range(0, size + sum(pair) - span + 1, stride))


@pytest.mark.parametrize("word", ["same_upper", "same_lower"])
def test_as_many_windows_as_strides_and_no_padding_too_much(word: str) -> None:
    """SAME of TensorFlow: the output has ceil(i/s) elements, with the least padding that gives them."""
    for size, span, stride in SIZES:
        before, after = padding_of(word, size, span, stride)
        assert windows(size, (before, after), span, stride) == len(range(0, size, stride))
        assert before + after == covering(size, span, stride) == 0 or windows(
            size, (before, after - 1), span, stride
        ) < len(range(0, size, stride))
        assert (after - before if word == "same_upper" else before - after) in (0, 1)


def test_the_words_of_stride_one_keep_the_size() -> None:
    for size, span, _ in SIZES:
        assert windows(size, padding_of("same", size, span, 1), span, 1) == size
        assert padding_of("same", size, span, 1) == padding_of("same_upper", size, span, 1)
        assert padding_of("causal", size, span, 1) == (span - 1, 0)
        assert padding_of("valid", size, span, 1) == (0, 0)


def test_a_causal_output_never_reads_ahead() -> None:
    layer = Conv((9,), 3, dilation=2, padding="causal")
    assert layer.output_size == layer.input_size
    for step in layer.steps():
        assert max(tap.input for tap in step.taps if tap.input is not None) == step.output


@pytest.mark.parametrize(
    ("mode", "copied"),
    [("zeros", [None] * 4), ("reflect", [2, 1, 1, 0]), ("replicate", [0, 0, 2, 2]), ("circular", [1, 2, 0, 1])],
)
def test_what_padding_of_each_mode_copies(mode: str, copied: list[int | None]) -> None:
    """Two cells on each side of three elements."""
    layer = Conv((3,), 2, padding=2, padding_mode=mode)
    cells = [layer.canvas[place,] for place in (0, 1, 5, 6)]
    assert [cell.kind for cell in cells] == [Kind.PADDING] * 4
    assert [cell.input and cell.input[0] for cell in cells] == copied
    assert list(MODES) == ["zeros", "reflect", "replicate", "circular"]


def test_a_corner_of_the_padding_copies_along_both_axes() -> None:
    layer = Conv(3, 3, padding=1, padding_mode="circular")
    assert layer.canvas[0, 4].input == (2, 0)
    assert layer.sentence(layer.step((0, 0))) == "Output (0, 0) reads 4 input elements and 5 copies in the padding."
    one = Conv((3,), 2, padding=((1, 0),), padding_mode="replicate")
    assert one.sentence(one.step((0,))) == "Output 0 reads 1 input element and 1 copy in the padding."


def test_padding_stays_as_it_was_given() -> None:
    """A word stays a word; pairs that say no more than numbers become numbers, so that equal layers are equal."""
    assert Conv(5, 3, padding=[[1, 1], [2, 2]]) == Conv(5, 3, padding=(1, 2))
    assert Conv(5, 3, padding=[[0, 1], 2]).padding == ((0, 1), (2, 2))
    assert Conv(5, 3, padding="same").padding == "same"
    assert Conv(5, 3, padding="same") != Conv(5, 3, padding=1)
    assert Conv((5,), 2, padding="causal").lifted(2).padding == ((0, 0), (1, 0))
    assert given_as(Conv(5, 3, padding="same").pads) == 1


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (
            Conv,
            {"padding": "same", "stride": 2},
            "padding = 'same': is for stride 1 only, as in PyTorch; TensorFlow's and Keras's is padding = 'same_upper'",
        ),
        (
            Conv,
            {"padding": "causal"},
            "padding = 'causal': is for layers of one axis; along the first of these axes it is "
            "padding = ((2, 0), (0, 0))",
        ),
        (
            Conv,
            {"padding": (5, 4), "padding_mode": "reflect"},
            "padding = (5, 4): must be at most 4, one less than the input has, with padding_mode = 'reflect'",
        ),
        (
            Conv,
            {"padding": ((0, 6), (5, 5)), "padding_mode": "circular"},
            "padding = ((0, 6), (5, 5)): must be at most 5, as much as the input has, with padding_mode = 'circular'",
        ),
        (
            Conv,
            {"padding": "same", "dilation": 9, "padding_mode": "circular"},
            "padding = 'same': comes to 9; must be at most 5, as much as the input has, with padding_mode = 'circular'",
        ),
        (Conv, {"padding": "sam"}, "did you mean same?"),
        (Conv, {"padding": "SAME_UPPER"}, "did you mean same_upper?"),
        (Conv, {"padding_mode": "reflection"}, "must be zeros, reflect, replicate or circular; did you mean reflect?"),
        (Conv, {"padding": ((1, 2, 3), 1)}, "((top, bottom), (left, right)); or valid, same, "),
        (
            Conv,
            {"padding": ((1, 2), (1, -1))},
            "padding = ((1, 2), (1, -1)): must be an integer >= 0, one for each axis",
        ),
        (ConvTranspose, {"padding": "same"}, "a pair for each: ((top, bottom), (left, right))"),
        (MaxPool, {"padding": "same"}, "or valid, same_upper or same_lower"),
        (MaxPool, {"padding": ((0, 2), (0, 0))}, "must be at most 1, half the pooling window"),
        (
            MaxPool,
            {"padding": "same_upper", "dilation": 2, "stride": 1},
            "padding = 'same_upper': comes to 2; must be at most 1, half the pooling window",
        ),
        (AvgPool, {"ceil_mode": 1}, "ceil_mode = 1: must be true or false"),
        (MaxPool, {"kernel_size": 9, "stride": 4, "ceil_mode": True}, "does not fit: it spans 9x9"),
        (
            ConvTranspose,
            {"input_size": 2, "kernel_size": 1, "padding": ((2, 1), (0, 1))},
            "padding = ((2, 1), (0, 1)): cuts the output away, 2 rows too many; padding = ((1, 0), (0, 1)) would",
        ),
        (
            Conv,
            {"input_size": 2, "kernel_size": 4, "padding": ((1, 0), (1, 1))},
            "padding = ((1, 1), (1, 1)) would fit",
        ),
    ],
)
def test_which_rule_is_broken_and_what_would_do(kind: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        kind(**{"input_size": 5, "kernel_size": 3} | arguments)
    assert message.replace("padding = ((1, 1), (1, 1)) would", "padding = 1 would") in str(caught.value)


@pytest.mark.parametrize(
    ("layer", "lines"),
    [
        (
            Conv((5, 6), 3, stride=2, padding="same_upper"),
            [
                "stride 2 and padding (1, 0) before, 1 after (same_upper), giving a 3x3 output",
                "canvas   7x7: the input with padding (1, 0) before, 1 after",
                "padding  same_upper: max((ceil(i/s) - 1)s + d(k - 1) + 1 - i, 0)",
                "         rows: max((ceil(5/2) - 1)*2 + 3 - 5, 0) = 2: 1 before, 1 after",
                "         columns: max((ceil(6/2) - 1)*2 + 3 - 6, 0) = 1: 0 before, 1 after",
                "o = floor((i + p_1 + p_2 - k)/s) + 1",
                "columns: o = floor((6 + 0 + 1 - 3)/2) + 1 = 3",
                "p_1 padding before, p_2 after",
                "p_1 = (1, 0), p_2 = 1",
                "k - 1 - p_1 = (1, 2), k - 1 - p_2 = 1",
            ],
        ),
        (
            Conv(3, 3, padding=1, padding_mode="circular"),
            [
                "stride 1 and circular padding 1, giving",
                "canvas   5x5: the input with padding 1 on each side, which goes on at the other end",
            ],
        ),
        (
            Conv((3,), 2, dilation=2, padding="causal"),
            ["padding  causal: d(k - 1)", "         3 - 1 = 2: 2 before, 0 after"],
        ),
        (Conv(3, 3, padding="valid"), ["padding  valid: none", "canvas   3x3: the input itself"]),
        (
            MaxPool(5, 2, ceil_mode=True),
            [
                "stride 2 and the size rounded up, giving a 3x3 output",
                "o = ceil((5 + 0 - 2)/2) + 1 = 3",
                "rounded  up, but windows must begin in the input or in the padding before it",
                "cut off  the last windows reach 1 row and 1 column beyond the canvas; these cells are not read",
            ],
        ),
        (
            AvgPool((3,), 2, padding=1, ceil_mode=True),
            [
                "o = min(ceil((i + 2p - k)/s) + 1, ceil((i + p)/s))",
                "o = min(ceil((3 + 2 - 2)/2) + 1, ceil((3 + 1)/2)) = 2",
            ],
        ),
    ],
)
def test_each_rule_is_explained(layer: AnyLayer, lines: list[str]) -> None:
    told = explain(layer)
    for line in lines:
        assert line in told
    assert set(WORDS) == {"valid", "same", "same_upper", "same_lower", "causal"}


def test_what_lies_beyond_the_padded_input_never_counts() -> None:
    """PyTorch's divisor: padding counts, and what a last window takes beyond it does not."""
    x = np.arange(1.0, 6.0)
    assert AvgPool((5,), 3, stride=3, padding=1, ceil_mode=True).apply(x).tolist() == [1.0, 4.0]
    assert AvgPool((5,), 2, padding=1, ceil_mode=True).apply(x).tolist() == [0.5, 2.5, 4.5]
    assert AvgPool((6,), 4, ceil_mode=True).apply([*x, 6]).tolist() == [2.5, 5.5]
    layer = MaxPool((6,), 4, ceil_mode=True)
    assert [len(step.taps) for step in layer.steps()] == [4, 2]
    assert layer.sentence(layer.step((1,))) == "Output 1 reads 2 input elements."
