"""Layers whose sizes are absurd are drawn or refused at once."""

from __future__ import annotations

from time import process_time

from convgif.arithmetic import AvgPool


def test_a_stride_of_a_thousand_million_is_no_loop_of_as_many() -> None:
    """The sizes that lead to the same output, where those are rounded up; one window there has all of them."""
    start = process_time()
    (axis, _) = AvgPool((2, 1), 10**9, padding=2, ceil_mode=True).axes
    assert len(axis.collapsing) >= 10**9 - 4
    assert process_time() - start < 1


def test_what_leads_to_the_same_output_rounded_up_is_what_one_by_one_would_be_found() -> None:
    for kernel, stride, padding, size in ((3, 2, 1, 6), (2, 3, 1, 7), (4, 3, 2, 4), (2, 5, 0, 11)):
        (axis,) = AvgPool((size,), kernel, stride, padding, ceil_mode=True).axes
        near = range(max(1, size - stride), size + stride + 1)
        assert [*axis.collapsing] == [one for one in near if axis.resized(one).output_size == axis.output_size]
