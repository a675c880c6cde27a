"""Convolutions and transposed ones: sizes, numbers, words, and that one is the other's transpose.

The adjoint law is the transposed layer's definition. It is tried on every small layer, where the leftover rows and
output paddings are, and on random ones, whose rows and columns differ.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convgif.arithmetic import Conv, ConvTranspose
from convgif.errors import InputError
from tests.arithmetic import oracle
from tests.arithmetic.formulas import evaluated
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import (
    REPEATABLE,
    Given,
    Sizes,
    all_transposed_sizes,
    all_ways,
    convs,
    filled,
    layers,
    leaves_output,
    seeds,
    small_layers,
    together,
    transposed_convs,
    transposed_sizes,
    whole_output,
)
from tests.arithmetic.ways import stretched, ways


def the_transpose(layer: Conv) -> ConvTranspose:
    """The layer that goes back: it gets the rows that no window reached as output padding."""
    pads = oracle.pads(layer)
    leftover = tuple(
        (n + sum(pair) - span) % s
        for n, pair, span, s in zip(layer.input_size, pads, oracle.spans(layer), layer.stride, strict=True)
    )
    return ConvTranspose(layer.output_size, layer.kernel_size, layer.stride, pads, layer.dilation, leftover)


def check_adjoint(layer: Conv, seed: int) -> None:
    """<Cx, y> == <x, C'y>, exactly: all numbers are whole."""
    if layer.copies:
        with pytest.raises(InputError, match=r"^padding_mode = .*; padding_mode = 'zeros' has$"):
            layer.transpose()
        assert layer.comparison() == ()
        return
    back = layer.transpose()
    assert back == the_transpose(layer)
    assert back.transpose() == Conv(**layer.arguments() | {"padding": oracle.pads(layer), "padding_mode": "zeros"})
    assert back.output_size == layer.input_size
    x, w, y = filled(layer.input_size, seed), filled(layer.kernel_size, seed + 1), filled(layer.output_size, seed + 2)
    assert (layer.apply(x, w) * y).sum() == (x * back.apply(y, w)).sum()


def test_every_small_convolution_and_its_transpose_are_adjoint() -> None:
    cases = [layer for layer in small_layers() if isinstance(layer, Conv)]
    assert any(any(the_transpose(layer).output_padding) for layer in cases)
    for seed, layer in enumerate(cases):
        check_adjoint(layer, seed)


@REPEATABLE
@given(convs(), seeds())
def test_a_convolution_and_its_transpose_are_adjoint(layer: Conv, seed: int) -> None:
    check_adjoint(layer, seed)


@REPEATABLE
@given(convs())
def test_the_transpose_reads_where_it_was_read(layer: Conv) -> None:
    """Tap by tap: sharper than the adjoint law, since it also tells which weight goes where."""
    assume(not layer.copies)
    forth = {(step.output, tap.input, tap.kernel) for step in layer.steps() for tap in step.taps if tap.input}
    back = {(tap.input, step.output, tap.kernel) for step in layer.transpose().steps() for tap in step.taps}
    assert {entry for entry in back if entry[0]} == forth


@pytest.mark.parametrize(
    ("layer", "output_size", "canvas_size"),
    [
        (Conv(4, 3), 2, 4),
        (Conv(5, 4, padding=2), 6, 9),
        (Conv(5, 3, padding=1), 5, 7),
        (Conv(5, 3, padding=2), 7, 9),
        (Conv(5, 3, stride=2), 2, 5),
        (Conv(5, 3, stride=2, padding=1), 3, 7),
        (Conv(6, 3, stride=2, padding=1), 3, 8),
        (Conv(7, 3, dilation=2), 3, 7),
        (ConvTranspose(2, 3), 4, 6),
        (ConvTranspose(6, 4, padding=2), 5, 8),
        (ConvTranspose(5, 3, padding=1), 5, 7),
        (ConvTranspose(7, 3, padding=2), 5, 7),
        (ConvTranspose(2, 3, stride=2), 5, 7),
        (ConvTranspose(3, 3, stride=2, padding=1), 5, 7),
        (ConvTranspose(3, 3, stride=2, padding=1, output_padding=1), 6, 8),
    ],
)
def test_the_figures_of_the_guide(layer: Conv | ConvTranspose, output_size: int, canvas_size: int) -> None:
    assert layer.output_size == (output_size, output_size)
    assert layer.canvas_size == (canvas_size, canvas_size)


def test_the_numerical_figure_of_the_guide() -> None:
    x = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    w = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
    assert Conv(5, 3).apply(x, w).tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]
    assert Conv(5, 3, stride=2, padding=1).apply(x, w).tolist() == [[6, 17, 3], [8, 17, 13], [6, 4, 4]]


def test_a_transposed_convolution_stamps_its_kernel() -> None:
    """One element in: the kernel comes out as it is stored, neither turned nor mirrored."""
    w = [[1, 2, 3], [4, 5, 6]]
    assert ConvTranspose(1, (2, 3)).apply([[1]], w).tolist() == w
    assert ConvTranspose((1, 2), (2, 3), stride=(1, 3), output_padding=(0, 1)).apply([[1, 10]], w).tolist() == [
        [1, 2, 3, 10, 20, 30, 0],
        [4, 5, 6, 40, 50, 60, 0],
    ]


def test_numbers_of_whole_numbers_are_whole() -> None:
    assert Conv(2, 2).apply([[1, 2], [3, 4]], [[1, 1], [1, 1]]).dtype.kind == "i"


@pytest.mark.parametrize("kind", [Conv, ConvTranspose])
@pytest.mark.parametrize("sort", [np.int8, np.uint8, np.bool_])
def test_sums_outgrow_narrow_numbers(kind: Callable[..., Conv | ConvTranspose], sort: type[np.generic]) -> None:
    """Images come as uint8 and masks as bool; their sums must not wrap around where they are stored."""
    x, w = np.full((3, 3), 100).astype(sort), np.ones((3, 3), sort)
    layer = kind(3, 3, padding=1)
    expected = oracle.computed(layer, x.astype(np.int64), w.astype(np.int64))
    assert layer.apply(x, w).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (Conv(5, 3), "Convolution of a 5x5 input with a 3x3 kernel, stride 1, giving a 3x3 output."),
        (
            Conv(5, 3, stride=2, padding=1),
            "Convolution of a 5x5 input with a 3x3 kernel, stride 2 and padding 1, giving a 3x3 output.",
        ),
        (
            Conv((6, 4), (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2)),
            "Convolution of a 6x4 input with a 3x2 kernel, stride (2, 1), padding (1, 0) and dilation (1, 2), "
            "giving a 3x2 output.",
        ),
        (
            Conv((3, 4), 3, padding=(0, 1)),
            "Convolution of a 3x4 input with a 3x3 kernel, stride 1 and padding (0, 1), giving a 1x4 output.",
        ),
        (
            ConvTranspose(2, 3, stride=2),
            "Transposed convolution of a 2x2 input with a 3x3 kernel, stride 2, giving a 5x5 output.",
        ),
        (
            ConvTranspose(3, 3, stride=2, padding=1, output_padding=1),
            "Transposed convolution of a 3x3 input with a 3x3 kernel, stride 2, padding 1 and output padding 1, "
            "giving a 6x6 output.",
        ),
        (
            ConvTranspose((2, 3), 2, stride=(2, 1), dilation=2, output_padding=(0, 1)),
            "Transposed convolution of a 2x3 input with a 2x2 kernel, stride (2, 1), dilation 2 and "
            "output padding (0, 1), giving a 5x6 output.",
        ),
        (
            ConvTranspose((8,), 3, stride=2),
            "Transposed convolution of an input of 8 with a kernel of 3, stride 2, giving an output of 17.",
        ),
        (
            Conv((8, 5, 6), (1, 2, 2), stride=2),
            "Convolution of an 8x5x6 input with a 1x2x2 kernel, stride 2, giving a 4x2x3 output.",
        ),
    ],
)
def test_describe(layer: AnyLayer, sentence: str) -> None:
    assert layer.describe() == sentence


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Conv(5, 3), "o = floor((5 + 0 - 3)/1) + 1 = 3"),
        (Conv(6, 3, stride=2, padding=1), "o = floor((6 + 2 - 3)/2) + 1 = 3"),
        (Conv(7, 3, dilation=2), "o = floor((7 + 0 - 2*2 - 1)/1) + 1 = 3"),
        (
            Conv((6, 4), (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2)),
            "rows: o = floor((6 + 2 - 1*2 - 1)/2) + 1 = 3; columns: o = floor((4 + 0 - 2*1 - 1)/1) + 1 = 2",
        ),
        (Conv((6,), 3, stride=2, padding=1), "o = floor((6 + 2 - 3)/2) + 1 = 3"),
        (
            Conv((4, 5, 5), 3),
            "depth: o = floor((4 + 0 - 3)/1) + 1 = 2; rows: o = floor((5 + 0 - 3)/1) + 1 = 3; "
            "columns: o = floor((5 + 0 - 3)/1) + 1 = 3",
        ),
        (ConvTranspose(2, 3, stride=2), "o = 1*2 + 3 - 0 = 5"),
        (ConvTranspose(3, 3, stride=2, padding=1, output_padding=1), "o = 2*2 + 3 - 2 + 1 = 6"),
        (
            ConvTranspose((2, 3), 2, stride=(2, 1), dilation=2, output_padding=(0, 1)),
            "rows: o = 1*2 + 2*1 + 1 - 0 + 0 = 5; columns: o = 2*1 + 2*1 + 1 - 0 + 1 = 6",
        ),
    ],
)
def test_formula(layer: AnyLayer, text: str) -> None:
    assert "; ".join(equation.text for equation in layer.formula()) == text


@REPEATABLE
@given(layers())
def test_the_formula_works_out_to_the_output_size(layer: AnyLayer) -> None:
    """The text is evaluated as it stands: a number put in the wrong place would be a lie in the figure."""
    equations = layer.formula()
    labels = [str(equation.label) for equation in equations]
    assert labels in ([""], ["depth", "rows", "columns"][-layer.ndim :])
    assert len(equations) == len({equation.formula.text for equation in equations}) or layer.ndim == 3
    sizes = []
    for equation in equations:
        letter, expression, result = equation.formula.text.split(" = ")
        assert letter == "o"
        assert evaluated(expression) == int(result)
        sizes.append(int(result))
    assert tuple(sizes if len(sizes) > 1 else sizes * layer.ndim) == layer.output_size


@REPEATABLE
@given(layers())
def test_the_relation_in_letters_holds(layer: AnyLayer) -> None:
    letter, _, expression = layer.relation.text.partition(" = ")
    assert letter == "o"
    more = layer.output_padding if isinstance(layer, ConvTranspose) else (0,) * layer.ndim
    for n in range(layer.ndim):
        before, after = oracle.pads(layer)[n]
        letters = {"i": layer.input_size[n], "k": layer.kernel_size[n], "a": more[n], "p_1": before, "p_2": after}
        letters |= {"p": before} if layer.symmetric else {}
        assert evaluated(expression, **letters, s=layer.stride[n], d=layer.dilation[n]) == layer.output_size[n]


def test_every_small_transposed_layer_is_built_if_and_only_if_output_is_left() -> None:
    for sizes in all_transposed_sizes():
        for given_all in all_ways(sizes):
            if leaves_output(sizes):
                ConvTranspose(**given_all)
            else:
                with pytest.raises(InputError):
                    ConvTranspose(**given_all)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"input_size": 3, "kernel_size": 3, "output_padding": 1},
            "output_padding = (1, 1): must be smaller than 1, the larger of stride and dilation",
        ),
        (
            {"input_size": 3, "kernel_size": 3, "stride": (2, 3), "output_padding": 2},
            "output_padding = (2, 2): must be smaller than (2, 3), the larger of stride and dilation",
        ),
        (
            {"input_size": 3, "kernel_size": 3, "dilation": (2, 3), "stride": (4, 1), "output_padding": (3, 3)},
            "output_padding = (3, 3): must be smaller than (4, 3), the larger of stride and dilation",
        ),
        (
            {"input_size": 3, "kernel_size": 3, "padding": 3},
            "padding = (3, 3): cuts the output away, 2 rows and 2 columns too many; padding = 2 would leave some",
        ),
        (
            {"input_size": (3, 2), "kernel_size": 1, "padding": (1, 4), "stride": (1, 3)},
            "padding = (1, 4): cuts the output away, 5 columns too many; padding = 1 would leave some",
        ),
        (
            {"input_size": (1, 4), "kernel_size": 2, "padding": (1, 0)},
            "padding = (1, 0): cuts the output away, 1 row too many; padding = 0 would leave some",
        ),
        (
            {"input_size": (3,), "kernel_size": 1, "padding": 2},
            "padding = (2,): cuts the output away, 2 cells too many; padding = 1 would leave some",
        ),
        (
            {"input_size": (3, 1, 1), "kernel_size": (1, 2, 1), "padding": (2, 1, 0)},
            "padding = (2, 1, 0): cuts the output away, 2 planes and 1 row too many; "
            "padding = (1, 0, 0) would leave some",
        ),
    ],
)
def test_impossible_transposed_layers(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        ConvTranspose(**arguments)
    assert str(caught.value) == message


@st.composite
def cut_away_sizes(draw: st.DrawFn) -> Sizes:
    """One axis of which padding leaves nothing."""
    sizes = draw(transposed_sizes())
    least = -(-whole_output(sizes) // 2)
    return sizes | {"padding": draw(st.integers(least, least + 4))}


@st.composite
def cut_away(draw: st.DrawFn) -> Given:
    """Arguments with which nothing is left along one axis or several."""
    others = draw(st.lists(st.one_of(cut_away_sizes(), transposed_sizes()), max_size=2))
    return together(*draw(st.permutations([draw(cut_away_sizes()), *others])))


@REPEATABLE
@given(cut_away())
def test_the_suggested_padding_leaves_output_and_is_the_largest(given_all: Given) -> None:
    with pytest.raises(InputError) as caught:
        ConvTranspose(**given_all)
    found = re.search(r"; padding = (.*) would leave some$", str(caught.value))
    assert found
    value = ast.literal_eval(found[1])
    padding: tuple[int, ...] = value if isinstance(value, tuple) else (value,) * len(given_all["padding"])
    assert min(ConvTranspose(**given_all | {"padding": padding}).output_size) >= 1
    for direction, (left, had) in enumerate(zip(padding, given_all["padding"], strict=True)):
        if left < had:
            more = tuple(each + (axis == direction) for axis, each in enumerate(padding))
            with pytest.raises(InputError):
                ConvTranspose(**given_all | {"padding": more})
        else:
            assert left == had


@REPEATABLE
@given(transposed_convs(), seeds())
def test_padding_crops_what_is_stamped(layer: ConvTranspose, seed: int) -> None:
    """In a transposed convolution padding only takes away: the output without it, cut on all sides."""
    x, w = filled(layer.input_size, seed), filled(layer.kernel_size, seed + 1)
    whole = ConvTranspose(
        layer.input_size, layer.kernel_size, layer.stride, 0, layer.dilation, layer.output_padding
    ).apply(x, w)
    np.testing.assert_array_equal(layer.apply(x, w), whole[oracle.inside(whole.shape, oracle.pads(layer))])


@REPEATABLE
@given(st.one_of(convs(), transposed_convs()), seeds())
def test_every_way_gives_the_same_output(layer: Conv | ConvTranspose, seed: int) -> None:
    """Gathered, walked step by step, as a matrix product, and a transposed one stamped and as its equivalent."""
    x, w = filled(layer.input_size, seed), filled(layer.kernel_size, seed + 1)
    expected, told = oracle.computed(layer, x, w), dict(ways(layer, x, w))
    assert len(told) == (5 if isinstance(layer, ConvTranspose) else 3)
    for way, output in told.items():
        np.testing.assert_array_equal(output, expected, err_msg=way)


def undone(layer: ConvTranspose) -> bool:
    """Whether a convolution leads back: output padding beyond the stride is beyond what a stride can leave unread."""
    return all(extra < stride for extra, stride in zip(layer.output_padding, layer.stride, strict=True))


@REPEATABLE
@given(transposed_convs().filter(undone))
def test_a_transposed_convolution_is_the_transpose_of_one(layer: ConvTranspose) -> None:
    direct = layer.transpose()
    assert (direct.input_size, direct.output_size) == (layer.output_size, layer.input_size)
    assert direct.transpose() == layer


@REPEATABLE
@given(transposed_convs(), seeds())
def test_the_equivalent_slides_over_the_stretched_canvas(layer: ConvTranspose, seed: int) -> None:
    """With stride 1, no padding and the kernel turned; the same cells at every step."""
    same = layer.equivalent()
    assert same == Conv(layer.canvas_size, layer.kernel_size, 1, 0, layer.dilation)
    assert same.output_size == layer.output_size
    marks = oracle.canvas_map(layer)
    for one, other in zip(layer.steps(), same.steps(), strict=True):
        assert one.output == other.output
        assert (
            [tap.canvas for tap in one.taps] == [tap.canvas for tap in other.taps] == [tap.input for tap in other.taps]
        )
        turned = [
            tuple(size - 1 - at for size, at in zip(layer.kernel_size, tap.kernel, strict=True)) for tap in other.taps
        ]
        assert [tap.kernel for tap in one.taps] == turned
        assert [tap.input is not None for tap in one.taps] == [marks[tap.canvas] >= 0 for tap in other.taps]
    x, w = filled(layer.input_size, seed), filled(layer.kernel_size, seed + 1)
    np.testing.assert_array_equal(same.apply(stretched(layer, x), np.flip(w)), oracle.computed(layer, x, w))


@pytest.mark.parametrize(
    ("layer", "transpose"),
    [
        (Conv(5, 3), ConvTranspose(3, 3)),
        (Conv(4, 2, stride=2), ConvTranspose(2, 2, stride=2)),
        (Conv((3, 4), 2, padding=1), ConvTranspose((4, 5), 2, padding=1)),
        (Conv((3, 4), 3, stride=2, padding=1), ConvTranspose(2, 3, stride=2, padding=1, output_padding=(0, 1))),
        (Conv(9, 2, stride=(4, 3), dilation=2), ConvTranspose((2, 3), 2, (4, 3), 0, 2, output_padding=(2, 0))),
    ],
)
def test_transposes(layer: Conv, transpose: ConvTranspose) -> None:
    """Those of the stories first."""
    assert layer.transpose() == transpose
    assert transpose.transpose() == layer


def test_no_convolution_leads_back_from_more_output_padding_than_a_stride_leaves() -> None:
    layer = ConvTranspose((4,), 2, stride=2, dilation=3, output_padding=2)
    with pytest.raises(InputError) as caught:
        layer.transpose()
    assert str(caught.value) == (
        "output_padding = (2,): no convolution leads back to the input's size unless it is smaller than stride = (2,)"
    )


def test_an_output_padding_is_found_for_every_size_that_a_convolution_leads_back_from() -> None:
    """And for no other; none is found for a layer that there is not."""
    for sizes in all_transposed_sizes():
        if sizes["output_padding"]:
            continue
        whole = whole_output(sizes) - 2 * sizes["padding"]
        given = together({name: size for name, size in sizes.items() if name != "output_padding"})
        for size in range(1, whole + 4):
            found = ConvTranspose.leading_to((size,), **given)
            assert (found is not None) == (0 <= size - whole < sizes["stride"])
            if found is not None:
                assert (found.output_size, found.output_padding) == ((size,), (size - whole,))
                assert found.transpose().output_size == (sizes["input_size"],)


@given(transposed_convs())
@REPEATABLE
def test_the_choice_of_an_output_padding_names_the_sizes_and_the_one_that_is_chosen(layer: ConvTranspose) -> None:
    said = layer.choices()
    if not layer.is_a_transpose:
        assert said == ()
        return
    collapsed = [axis.collapsing for axis in layer.transpose().axes]
    assert bool(said) == any(len(sizes) > 1 for sizes in collapsed)
    for direction, sizes in enumerate(collapsed) if said else ():
        text = said[min(direction, len(said) - 1)]
        made, *found = map(int, re.findall(r"\d+", text.partition(";")[0]))
        assert made == layer.input_size[direction]
        assert {*found} == {sizes[0], sizes[-1]}
        chosen = f"output padding {layer.output_padding[direction]} chooses {layer.output_size[direction]}"
        assert text.endswith(chosen if len(sizes) > 1 else " only")
    assert len(said) in (0, 1, layer.ndim)
