"""Two layers: what differs, what each output reads, and how they go in lockstep."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.comparison import Pair, begins, plain, reach, resizing, shifted, told_apart, unlike
from tests.arithmetic.strategies import REPEATABLE

SIZES = st.tuples(st.integers(1, 4), st.integers(1, 4))


@settings(REPEATABLE, max_examples=60)
@given(SIZES, SIZES)
def test_a_pair_computes_each_output_of_either_once_and_row_by_row(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    size = (max(one[0], other[0]), max(one[1], other[1]))
    kernels = [tuple(end - rows + 1 for end, rows in zip(size, output, strict=True)) for output in (one, other)]
    pair = Pair(*(Conv(size, kernel) for kernel in kernels))
    cells = [pair.cell(number) for number in range(pair.count)]
    wanted = {step.output for layer in (pair.one, pair.other) for step in layer.steps()}
    assert cells == sorted(wanted)
    for cell in cells:
        for layer, step in ((pair.one, pair.one_step(cell)), (pair.other, pair.other_step(cell))):
            inside = all(place < end for place, end in zip(cell, layer.output_size, strict=True))
            assert step == (layer.step(cell) if inside else None)


def test_what_is_read_is_told_in_elements_of_the_first_input() -> None:
    pair = Pair(Conv(2, 1), Conv(4, 3, padding=1))
    assert pair.one_reads((0, 1)) == {(0, 1)}
    assert pair.other_reads((0, 1)) == {(0, 0), (0, 1)}
    assert pair.other_reads((0, 0)) == {(0, 0)}
    assert pair.one_reads((2, 0)) == frozenset()


def test_a_kernel_that_its_stride_divides_overlaps_evenly() -> None:
    """Within the output; that of three over a stride of two makes the checkerboard."""
    even, uneven = (ConvTranspose((5,), kernel, stride=2, padding=1) for kernel in (4, 3))
    assert [reach(step) for step in even.steps()][1:-1] == [2] * 8
    assert [reach(step) for step in uneven.steps()][1:-1] == [2, 1] * 3 + [2]


def test_arguments_differ_by_name() -> None:
    """Those that one of the layers does not take only where they are not as usual."""
    assert unlike(Conv(5, 3, 2, 1), Conv(5, 3, 2, 1)) == ()
    assert [pair.name for pair in unlike(Conv(5, 3), ConvTranspose(5, 2, 2))] == ["kernel_size", "stride"]
    pairs = unlike(MaxPool(4, 2, dilation=2, stride=1), AvgPool(4, 2, stride=1, count_include_pad=False))
    assert pairs == (("dilation", (2, 2), None), ("count_include_pad", None, False))


def test_the_usual_arguments_of_a_layer() -> None:
    assert plain(Conv((5,), 3, stride=2, padding=1)) == Conv((5,), 3)
    assert plain(MaxPool(4, 2, stride=1)) == MaxPool(4, 2)
    assert plain(Conv(2, 3, padding=1)) == Conv(2, 3, padding=1)


def test_windows_are_compared_where_the_input_lies_in_one_piece() -> None:
    assert begins(Conv(5, 3, padding=(1, 2))) == (-1, -2)
    assert shifted(Conv(5, 3, padding=1), Conv(5, 3))
    assert not shifted(Conv(5, 3, padding=1), Conv(5, 3, padding=1, stride=2))
    assert not shifted(ConvTranspose(3, 3, 2), Conv(3, 3))
    assert not shifted(Conv(3, 3, padding=1), Conv(6, 3))


def test_an_input_is_resized_by_whole_numbers() -> None:
    assert resizing(Conv((2, 3), 1), Conv((4, 3), 1)) == (2, 1)
    assert resizing(Conv(4, 1), Conv(2, 1)) is None
    assert resizing(Conv(4, 1), Conv((4,), 1)) is None


def test_what_is_unlike_in_words() -> None:
    lines = told_apart(ConvTranspose(3, 3, 2, 1, output_padding=1), Conv(6, 3, padding=1)).splitlines()
    assert [" ".join(line.split()) for line in lines[3:]] == [
        "input 3x3 beside the same resized to 6x6",
        "stride 2 beside 1",
        "output_padding 1 beside none",
        "output 6x6 in both",
        "alike 16 of 36 outputs read the same input elements",
    ]
    assert "alike" not in told_apart(Conv((3, 3, 3), 2), Conv((3, 3, 3), 1))
    assert "alike" not in told_apart(Conv(10**9, 3), Conv(10**9, 2))
