"""Which windows fit the padded input: every small case, and random ones for the padding that would fit."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import Conv, MaxPool
from convgif.errors import InputError
from tests.arithmetic.strategies import (
    REPEATABLE,
    Given,
    Sizes,
    all_direct_sizes,
    all_ways,
    direct_sizes,
    fits,
    pools,
    size_span,
    together,
    undilated,
)


@st.composite
def unfit_sizes(draw: st.DrawFn) -> Sizes:
    """One axis along which the kernel is larger than the padded input."""
    sizes = {"kernel_size": draw(st.integers(2, 9)), "dilation": draw(st.integers(1, 4))}
    span = size_span(sizes)
    sizes["padding"] = draw(st.integers(0, (span - 2) // 2))
    sizes["input_size"] = draw(st.integers(1, span - 2 * sizes["padding"] - 1))
    sizes["stride"] = draw(st.integers(1, 4))
    return sizes


@st.composite
def unfit(draw: st.DrawFn) -> Given:
    """Arguments with which the kernel does not fit along one axis or several."""
    others = draw(st.lists(st.one_of(unfit_sizes(), direct_sizes()), max_size=2))
    return together(*draw(st.permutations([draw(unfit_sizes()), *others])))


def suggested(message: str) -> int | tuple[int, ...]:
    """The padding that the message advises."""
    found = re.search(r"; padding = (.*) would fit$", message)
    assert found, message
    padding: int | tuple[int, ...] = ast.literal_eval(found[1])
    return padding


def test_every_small_layer_is_built_if_and_only_if_its_kernel_fits() -> None:
    for sizes in all_direct_sizes():
        for given_all in all_ways(sizes):
            if fits(sizes):
                Conv(**given_all)
            else:
                with pytest.raises(InputError):
                    Conv(**given_all)


def test_every_small_pooling_layer_is_built_if_and_only_if_its_window_fits() -> None:
    for sizes in all_direct_sizes():
        for given_all in all_ways(sizes):
            builds: list[Callable[[], object]] = [partial(MaxPool, **given_all)]
            if sizes["dilation"] == 1:
                builds.append(partial(undilated, given_all))
            for build in builds:
                if pools(sizes):
                    build()
                else:
                    with pytest.raises(InputError):
                        build()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"input_size": 3, "kernel_size": 4},
            "kernel_size = (4, 4): does not fit: it spans 4x4, the padded input has 3x3, "
            "1 row and 1 column too few; padding = 1 would fit",
        ),
        (
            {"input_size": (5, 2), "kernel_size": (3, 9), "padding": (0, 1)},
            "kernel_size = (3, 9): does not fit: it spans 3x9, the padded input has 5x4, "
            "5 columns too few; padding = (0, 4) would fit",
        ),
        (
            {"input_size": (2, 9), "kernel_size": (3, 3), "dilation": (3, 1)},
            "kernel_size = (3, 3): does not fit: it spans 7x3, the padded input has 2x9, "
            "5 rows too few; padding = (3, 0) would fit",
        ),
        (
            {"input_size": (2,), "kernel_size": 3},
            "kernel_size = (3,): does not fit: it spans 3, the padded input has 2, 1 cell too few; "
            "padding = 1 would fit",
        ),
        (
            {"input_size": (1, 2, 3), "kernel_size": (3, 2, 4)},
            "kernel_size = (3, 2, 4): does not fit: it spans 3x2x4, the padded input has 1x2x3, "
            "2 planes and 1 column too few; padding = (1, 0, 1) would fit",
        ),
    ],
)
def test_a_kernel_that_does_not_fit(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Conv(**arguments)
    assert str(caught.value) == message


def build(kind: Callable[..., Conv | MaxPool], given_all: Given, padding: int | tuple[int, ...]) -> Conv | MaxPool:
    """The layer with another padding."""
    arguments: dict[str, Any] = given_all | {"padding": padding}
    return kind(**arguments)


@REPEATABLE
@given(unfit())
def test_the_suggested_padding_fits_and_is_the_least(given_all: Given) -> None:
    with pytest.raises(InputError) as caught:
        Conv(**given_all)
    padding = suggested(str(caught.value))
    layer = build(Conv, given_all, padding)
    assert min(layer.output_size) >= 1
    before = [pair[0] for pair in layer.pads]
    for direction, (wanted, had) in enumerate(zip(before, given_all["padding"], strict=True)):
        if wanted > had:
            less = tuple(each - (axis == direction) for axis, each in enumerate(before))
            with pytest.raises(InputError):
                build(Conv, given_all, less)
        else:
            assert wanted == had


@REPEATABLE
@given(unfit())
def test_the_padding_suggested_to_pooling_fits_too(given_all: Given) -> None:
    """Pooling limits padding, so advice to pad must stay within that limit, and be left out where none is enough."""
    with pytest.raises(InputError) as caught:
        MaxPool(**given_all)
    message = str(caught.value)
    if message.startswith("padding"):
        assert re.match(r"padding = .*: must be at most ", message)
    elif "; padding = " in message:
        build(MaxPool, given_all, suggested(message))
    else:
        with pytest.raises(InputError):  # none helps if not the most that is allowed
            build(MaxPool, given_all, tuple(size // 2 for size in given_all["kernel_size"]))


def test_no_padding_is_suggested_to_pooling_where_none_is_enough() -> None:
    """Span 4, input 1: that takes padding 2, and a kernel of 2 allows 1."""
    with pytest.raises(InputError, match=r"^kernel_size = \(2, 2\): does not fit: ") as caught:
        MaxPool(input_size=1, kernel_size=2, dilation=3)
    assert "padding =" not in str(caught.value)


@pytest.mark.parametrize(("size", "rows_read"), [(5, 5), (6, 5), (7, 7)])
def test_leftover_rows_are_read_by_no_window(size: int, rows_read: int) -> None:
    """Input 6, kernel 3, stride 2: the last row is left over, at the bottom and not at the top."""
    layer = Conv(size, 3, stride=2)
    assert layer.canvas_size == (size, size)
    read = {tap.input for step in layer.steps() for tap in step.taps}
    assert read == {(row, col) for row in range(rows_read) for col in range(rows_read)}


def test_a_stride_larger_than_the_kernel_skips_rows() -> None:
    layer = Conv((7, 1), (2, 1), stride=(4, 1))
    assert [[tap.input for tap in step.taps] for step in layer.steps()] == [[(0, 0), (1, 0)], [(4, 0), (5, 0)]]
