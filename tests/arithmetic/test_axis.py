"""One axis of a layer, against the definitions spelled out index by index.

Small sizes are tried all, since mistakes in index arithmetic live in corners (nothing left over, one too many, a crop
to the last element) that random draws may miss. Larger ones are drawn, since what goes wrong only beyond some size
cannot be found by trying small ones.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given

from convgif.arithmetic import Axis, Kind
from convgif.arithmetic.axis import AxisTap
from tests.arithmetic.strategies import (
    REPEATABLE,
    Sizes,
    all_direct_sizes,
    all_transposed_sizes,
    direct_sizes,
    fits,
    leaves_output,
    size_span,
    transposed_sizes,
    whole_output,
)


def check_windows(axis: Axis, sizes: Sizes) -> None:
    """What every window has to obey, whatever the layer."""
    elements = range(sizes["kernel_size"])
    for output in range(axis.output_size):
        window = axis.window(output)
        assert [*zip(*axis.reads(output), strict=True)] == [*window]
        canvas = [tap.canvas for tap in window]
        assert canvas == [output * axis.stride + element * sizes["dilation"] for element in elements]
        assert canvas[0] >= 0
        assert canvas[-1] < axis.canvas_size
        assert sorted(tap.kernel for tap in window) == list(elements)
        assert all(tap.input == axis.source(tap.canvas)[1] for tap in window)
    # Beyond the last tap of the last window, which is there in every valid layer.
    assert axis.left_over == axis.canvas_size - 1 - axis.window(axis.output_size - 1)[-1].canvas
    assert len(axis.places) == sizes["input_size"]
    for element, place in enumerate(axis.places):
        if 0 <= place < axis.canvas_size:
            assert axis.source(place) == (Kind.INPUT, element)
    assert axis.crops == any(not 0 <= place < axis.canvas_size for place in axis.places)
    inputs = [canvas for canvas in range(axis.canvas_size) if axis.source(canvas)[0] is Kind.INPUT]
    assert inputs == [place for place in axis.places if 0 <= place < axis.canvas_size]


def check_direct(sizes: Sizes) -> None:
    """A convolution reads x[stride * output + dilation * element - padding]."""
    axis = Axis.direct(**sizes)
    assert axis.span == size_span(sizes)
    assert axis.canvas_size == sizes["input_size"] + 2 * sizes["padding"]
    starts = range(0, axis.canvas_size - axis.span + 1, sizes["stride"])
    assert axis.output_size == len(starts)
    assert axis.left_over == axis.canvas_size - (starts[-1] + axis.span)
    assert axis.left_over < sizes["stride"]
    check_windows(axis, sizes)
    for output in range(axis.output_size):
        for tap in axis.window(output):
            read = sizes["stride"] * output + sizes["dilation"] * tap.kernel - sizes["padding"]
            assert tap.input == (read if 0 <= read < sizes["input_size"] else None)


def check_transposed(sizes: Sizes) -> None:
    """A transposed convolution adds x[i] * w[k] to output stride * i + dilation * k - padding, and nothing else."""
    axis = Axis.transposed(**sizes)
    assert axis.span == size_span(sizes)
    assert axis.output_size == whole_output(sizes) - 2 * sizes["padding"]
    assert axis.left_over == 0
    check_windows(axis, sizes)
    stamps: dict[int, set[tuple[int, int]]] = {output: set() for output in range(axis.output_size)}
    for element in range(sizes["input_size"]):
        for kernel in range(sizes["kernel_size"]):
            target = sizes["stride"] * element + sizes["dilation"] * kernel - sizes["padding"]
            if target in stamps:
                stamps[target].add((kernel, element))
    for output, pairs in stamps.items():
        assert {(tap.kernel, tap.input) for tap in axis.window(output) if tap.input is not None} == pairs


def test_every_small_convolution_reads_what_its_definition_says() -> None:
    cases = [sizes for sizes in all_direct_sizes() if fits(sizes)]
    assert len(cases) > 250
    for sizes in cases:
        check_direct(sizes)


def test_every_small_transposed_convolution_reads_what_is_stamped() -> None:
    cases = [sizes for sizes in all_transposed_sizes() if leaves_output(sizes)]
    assert len(cases) > 250
    for sizes in cases:
        check_transposed(sizes)


@REPEATABLE
@given(direct_sizes())
def test_convolutions_read_what_their_definition_says(sizes: Sizes) -> None:
    check_direct(sizes)


@REPEATABLE
@given(transposed_sizes())
def test_transposed_convolutions_read_what_is_stamped(sizes: Sizes) -> None:
    check_transposed(sizes)


def test_no_window_means_no_output() -> None:
    """The layers tell what does not fit by this: a rounding towards zero would make one window out of none."""
    for sizes in all_direct_sizes():
        assert (Axis.direct(**sizes).output_size >= 1) == fits(sizes)
    for sizes in all_transposed_sizes():
        left = whole_output(sizes) - 2 * sizes["padding"]
        assert (Axis.transposed(**sizes).output_size >= 1) == (left >= 1)


@pytest.mark.parametrize(
    ("sizes", "left_over"),
    [
        ((5, 3, 2, 0, 1), 0),
        ((6, 3, 2, 1, 1), 1),
        ((5, 3, 2, 2, 2), 0),
        ((9, 2, 4, 0, 2), 2),
        ((7, 1, 7, 0, 1), 6),
        ((1, 3, 5, 1, 1), 0),
    ],
)
def test_what_a_stride_leaves_over(sizes: tuple[int, int, int, int, int], left_over: int) -> None:
    assert Axis.direct(*sizes).left_over == left_over


def test_the_canvas_of_a_convolution_is_its_padded_input() -> None:
    axis = Axis.direct(input_size=2, kernel_size=2, stride=1, padding=1, dilation=1)
    assert [axis.source(canvas) for canvas in range(axis.canvas_size)] == [
        (Kind.PADDING, None),
        (Kind.INPUT, 0),
        (Kind.INPUT, 1),
        (Kind.PADDING, None),
    ]


def test_the_canvas_of_a_transposed_convolution_is_stretched_and_longer_at_the_far_end() -> None:
    axis = Axis.transposed(input_size=2, kernel_size=3, stride=3, padding=1, dilation=1, output_padding=1)
    assert [axis.source(canvas) for canvas in range(axis.canvas_size)] == [
        (Kind.PADDING, None),
        (Kind.INPUT, 0),
        (Kind.INSERTED, None),
        (Kind.INSERTED, None),
        (Kind.INPUT, 1),
        (Kind.PADDING, None),
        (Kind.PADDING, None),
    ]


def test_a_crop_takes_elements_off_both_ends_of_the_canvas() -> None:
    axis = Axis.transposed(input_size=3, kernel_size=1, stride=2, padding=1, dilation=1, output_padding=0)
    assert axis.first == -1
    assert [axis.source(canvas) for canvas in range(axis.canvas_size)] == [
        (Kind.INSERTED, None),
        (Kind.INPUT, 1),
        (Kind.INSERTED, None),
    ]


def test_a_transposed_kernel_is_turned() -> None:
    direct = Axis.direct(input_size=3, kernel_size=2, stride=1, padding=0, dilation=2)
    assert direct.window(0) == (AxisTap(0, 0, 0), AxisTap(1, 2, 2))
    turned = Axis.transposed(input_size=3, kernel_size=2, stride=1, padding=2, dilation=2, output_padding=0)
    assert turned.window(0) == (AxisTap(1, 0, 0), AxisTap(0, 2, 2))


def test_an_axis_is_frozen() -> None:
    axis = Axis.direct(input_size=3, kernel_size=2, stride=1, padding=0, dilation=1)
    with pytest.raises(FrozenInstanceError):
        axis.stride = 2  # type: ignore[misc]  # what is tried here
    assert hash(axis) == hash(Axis.direct(input_size=3, kernel_size=2, stride=1, padding=0, dilation=1))


def test_gaps_are_input_that_no_window_reads_or_output_that_is_made_of_nothing() -> None:
    gaps = set()
    for sizes in filter(fits, all_direct_sizes()):
        if sizes["padding"] < size_span(sizes):
            axis = Axis.direct(**{**sizes, "input_size": sizes["input_size"] * 3})
            read = {tap.input for output in range(axis.output_size) for tap in axis.window(output)}
            assert axis.gaps == (not read >= {*range(axis.input_size)})
            gaps.add(axis.gaps)
    for sizes in filter(leaves_output, all_transposed_sizes()):
        axis = Axis.transposed(**{**sizes, "input_size": sizes["input_size"] * 3})
        made = [any(tap.input is not None for tap in axis.window(output)) for output in range(axis.output_size)]
        assert axis.gaps == (not all(made))
        gaps.add(axis.gaps)
    assert gaps == {True, False}


def test_gaps_take_no_longer_for_more_elements() -> None:
    for size in (10**9, 10**9 + 1):
        assert not Axis.direct(size, kernel_size=3, stride=2, padding=1, dilation=1).gaps
        assert Axis.direct(size, kernel_size=2, stride=3, padding=1, dilation=1).gaps


def test_sizes_collapse_where_they_lead_to_the_same_output() -> None:
    """And no others do."""
    several = 0
    for sizes in filter(fits, all_direct_sizes()):
        axis = Axis.direct(**sizes)
        near = range(1, sizes["input_size"] + sizes["stride"] + 1)
        others = [{**sizes, "input_size": size} for size in near]
        same = [one for one in others if fits(one) and Axis.direct(**one).output_size == axis.output_size]
        assert [*axis.collapsing] == [one["input_size"] for one in same]
        several += len(same) > 1
    assert several
