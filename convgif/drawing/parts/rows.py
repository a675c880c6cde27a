"""How the maps of a layer over one axis lie: the output is a row above the input's."""

from __future__ import annotations

from convgif.arithmetic.axis import Axis


def offset(axis: Axis) -> float:
    """How many cells to the right of the canvas's first cell the output begins.

    An output as long as the input lies right over it, so that a causal layer is seen to read nothing to the right of
    what it computes; any other lies over the middle of its windows.

    >>> from convgif.arithmetic import Conv
    >>> [offset(Conv((6,), 3, **given).axes[0]) for given in ({}, {"padding": 1}, {"padding": "causal"}, {"stride": 3})]
    [1.0, 1.0, 2.0, 2.0]
    """
    if axis.input_size == axis.output_size and axis.stride == axis.spread == 1:
        return float(axis.first)
    reach = (axis.output_size - 1) * axis.stride + axis.span
    return (reach - axis.output_size) / 2
