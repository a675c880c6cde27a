"""Channels and groups: who reads whom, and sums against NumPy's windows, channel by channel."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from convgif.arithmetic import Conv
from convgif.arithmetic.channels import Channels, shares
from convgif.arithmetic.explanation import explain
from convgif.errors import InputError
from convgif.figure import Figure
from tests.arithmetic import oracle
from tests.arithmetic.oracle import Numbers
from tests.arithmetic.strategies import REPEATABLE, channelled, filled, seeds

SOME = settings(REPEATABLE, max_examples=20)


def by_windows(layer: Conv, x: Numbers, w: Numbers) -> Numbers:
    """PyTorch's definition: each output channel is the sum over its group, whose channels lie side by side."""
    given = {name: value for name, value in layer.arguments().items() if "channels" not in name and name != "groups"}
    one = Conv(**given)
    x = x.reshape(layer.in_channels, *layer.input_size)
    groups = np.split(x, layer.groups)
    kernels = w.reshape(layer.out_channels, -1, *layer.kernel_size)
    return np.stack(
        [
            sum(oracle.conv(one, own, weights) for own, weights in zip(group, kernel, strict=True))
            for group, part in zip(groups, np.split(kernels, layer.groups), strict=True)
            for kernel in part
        ]
    )


@SOME
@given(channelled(), seeds())
def test_an_output_channel_is_the_sum_over_the_channels_of_its_group(layer: Conv, seed: int) -> None:
    x, w = filled(layer.input_shape, seed), filled(layer.weight_shape, seed + 1)
    found = layer.apply(x, w)
    assert found.shape == layer.output_shape
    np.testing.assert_array_equal(found.reshape(layer.out_channels, *layer.output_size), by_windows(layer, x, w))


@SOME
@given(channelled())
def test_channels_change_no_size_along_an_axis(layer: Conv) -> None:
    one = layer.of_one_channel()
    assert one.channels.single
    assert (layer.axes, layer.formula(), layer.letters) == (one.axes, one.formula(), one.letters)
    assert layer.lifted(3).channels == layer.channels
    several = layer.in_channels > 1 or layer.out_channels > 1
    assert layer.channels.single != several
    assert [layer.input_shape == layer.input_size, layer.output_shape == layer.output_size] == [not several] * 2


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_every_input_channel_is_read_by_its_own_group_and_by_no_other(groups: int) -> None:
    for depth, breadth in product(range(1, 4), repeat=2):
        channels = Channels(groups * depth, groups * breadth, groups)
        assert not list(channels.misfits())
        readers = {number: set[int]() for number in range(channels.inputs)}
        for output in range(channels.outputs):
            assert len(channels.read(output)) == channels.depth == depth
            for number in channels.read(output):
                readers[number].add(channels.group(output))
        assert list(readers.values()) == [{number // depth} for number in range(channels.inputs)]


def test_what_each_channel_adds() -> None:
    """Numbers that can be followed: 1x1 kernels of one, ten and a hundred."""
    layer = Conv(input_size=(1, 2), kernel_size=1, in_channels=2, out_channels=2)
    x, w = np.array([[[1, 2]], [[3, 4]]]), np.array([[[[1]], [[10]]], [[[100]], [[0]]]])
    added = shares(layer.axes, layer.channels, x, w)
    assert added.tolist() == [[[[1, 2]], [[30, 40]]], [[[100, 200]], [[0, 0]]]]
    assert layer.apply(x, w).tolist() == [[[31, 42]], [[100, 200]]]


@pytest.mark.parametrize(
    ("inputs", "outputs", "groups", "most"), [(4, 6, 4, 2), (3, 2, 2, 1), (2, 4, 4, 2), (6, 3, 2, 3)]
)
def test_groups_divide_both_numbers_of_channels(inputs: int, outputs: int, groups: int, most: int) -> None:
    with pytest.raises(InputError) as caught:
        Conv(4, 3, in_channels=inputs, out_channels=outputs, groups=groups)
    said = f"must divide in_channels = {inputs} and out_channels = {outputs}; the largest that does is {most}"
    assert str(caught.value) == f"groups = {groups}: {said}"
    assert Conv(4, 3, in_channels=inputs, out_channels=outputs, groups=most).channels.groups == most


def test_what_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Conv(2, 3, in_channels=3, groups=2)
    assert [problem.field for problem in caught.value.problems] == ["kernel_size", "groups"]
    with pytest.raises(InputError, match=r"^in_channels = 0: must be an integer >= 1$"):
        Conv(3, 3, in_channels=0)


LAYER = Conv((2, 2), 1, in_channels=2, out_channels=4, groups=2)


def test_numbers_of_another_shape_are_refused_in_words() -> None:
    with pytest.raises(InputError) as caught:
        Figure(LAYER, input=[[1, 2], [3, 4]], weight=[1])
    assert str(caught.value).splitlines() == [
        "input = ((1, 2), (3, 4)): must be 2 channels of 2 rows of 2 numbers each",
        "weight = (1,): must be 4 kernels of 1 channel of 1 row of 1 number each",
    ]


def test_numbers_of_figures_have_channels() -> None:
    numbers = Figure(LAYER, random=0).numbers
    assert numbers is not None
    assert numbers.weight is not None
    assert (numbers.input.shape, numbers.weight.shape, numbers.output.shape) == ((2, 2, 2), (4, 1, 1, 1), (4, 2, 2))


def test_a_transposed_convolution_has_one_channel() -> None:
    """Its sizes are compared all the same."""
    with pytest.raises(InputError, match=r"^in_channels = 2: must be 1 here: a transposed convolution has a single"):
        LAYER.transpose()
    assert LAYER.comparison() == LAYER.of_one_channel().comparison()


@pytest.mark.parametrize(
    ("channels", "described", "read"),
    [
        ((1, 1, 1), "", ""),
        ((3, 2, 1), "3 input channels and 2 output channels", "all 3 input channels"),
        ((1, 2, 1), "1 input channel and 2 output channels", "the single input channel"),
        ((3, 3, 3), "3 input channels, 3 output channels and 3 groups", "a single input channel"),
        ((4, 2, 2), "4 input channels, 2 output channels and 2 groups", "the 2 input channels of its group"),
    ],
)
def test_what_is_said_of_channels(channels: tuple[int, int, int], described: str, read: str) -> None:
    layer = Conv(4, 3, 1, 0, 1, *channels)
    lines = explain(layer).splitlines()
    assert ("channel" in lines[0]) == bool(described)
    assert f"{described}, giving" in lines[0]
    told = [line for line in lines if line.startswith("  channels ")]
    wanted = f"  channels {channels[0]} in, {channels[1]} out; each kernel reads {read}"
    assert told == ([wanted] if read else [])
    if read:
        shape = f"{channels[1]}x{channels[0] // channels[2]}x3x3"
        assert f"  kernel   {shape}" in lines
        assert f"  output   {channels[1]}x2x2: {channels[1] * 4} steps" in lines
