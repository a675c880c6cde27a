"""The transposed convolution by its own definition: every input element stamps the kernel on the output.

This says nothing of canvases and turned kernels, and gives the same numbers.

>>> from convgif.arithmetic import ConvTranspose
>>> layer = ConvTranspose(input_size=2, kernel_size=2)
>>> stamped(layer, [[1, 2], [3, 4]], [[1, 1], [1, 1]])
array([[ 1,  3,  2],
       [ 4, 10,  6],
       [ 3,  7,  4]])
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from convgif.arithmetic.conv import ConvTranspose
from convgif.arithmetic.layer import Numbers, Pair, as_numbers


class Stamp(NamedTuple):
    """What one input element adds to: for each kernel element the cell of the full output that it falls on."""

    input: Pair
    cells: dict[Pair, Pair]


def full_size(layer: ConvTranspose) -> Pair:
    """(rows, columns) of the output before `padding` cuts it: where all stamps fall, and the output padding."""
    return layer.output_size[0] + 2 * layer.padding[0], layer.output_size[1] + 2 * layer.padding[1]


def stamp(layer: ConvTranspose, element: Pair) -> Stamp:
    """The stamp of one input element.

    >>> stamp(ConvTranspose(input_size=2, kernel_size=(1, 2), stride=2), (1, 0)).cells
    {(0, 0): (2, 0), (0, 1): (2, 1)}
    """
    (row, col), (down, right), (spread_down, spread_right) = element, layer.stride, layer.dilation
    cells = {
        (r, c): (row * down + r * spread_down, col * right + c * spread_right)
        for r in range(layer.kernel_size[0])
        for c in range(layer.kernel_size[1])
    }
    return Stamp(element, cells)


def stamped(layer: ConvTranspose, x: npt.ArrayLike, w: npt.ArrayLike) -> Numbers:
    """The sum of all stamps, shape `full_size`, for `x` of shape `input_size` and `w` of shape `kernel_size`.

    Raises:
        InputError: `x` or `w` is of another shape, or no numbers.
    """
    inputs, weights = as_numbers("x", x, layer.input_size), as_numbers("w", w, layer.kernel_size)
    full: Numbers = np.zeros(full_size(layer), dtype=np.result_type(inputs, weights))
    (rows, cols), (down, right) = layer.input_size, layer.stride
    for kernel, weight in np.ndenumerate(weights):
        top, left = (at * step for at, step in zip(kernel, layer.dilation, strict=True))
        reached = np.s_[top : top + (rows - 1) * down + 1 : down, left : left + (cols - 1) * right + 1 : right]
        with np.errstate(all="ignore"):  # as in `apply`: what is too large becomes infinite
            full[reached] += weight * inputs
    return full


def cropped(layer: ConvTranspose, full: Numbers) -> Numbers:
    """`full` without the `padding` cells on each side: the output, shape `output_size`."""
    (top, left), (rows, cols) = layer.padding, layer.output_size
    return full[top : top + rows, left : left + cols]
