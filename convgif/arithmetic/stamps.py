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

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from convgif.arithmetic.conv import ConvTranspose
from convgif.arithmetic.layer import Cell
from convgif.arithmetic.numbers import as_numbers

if TYPE_CHECKING:
    import numpy.typing as npt

    from convgif.arithmetic.numbers import Array


class Stamp(NamedTuple):
    """What one input element adds to: for each kernel element the cell of the full output that it falls on."""

    input: Cell
    cells: dict[Cell, Cell]


def full_size(layer: ConvTranspose) -> tuple[int, ...]:
    """The size of the output before `padding` cuts it: where all stamps fall, and the output padding."""
    return tuple(before + size + after for size, (before, after) in zip(layer.output_size, layer.pads, strict=True))


def stamp(layer: ConvTranspose, element: Cell) -> Stamp:
    """The stamp of one input element.

    >>> stamp(ConvTranspose(input_size=2, kernel_size=(1, 2), stride=2), (1, 0)).cells
    {(0, 0): (2, 0), (0, 1): (2, 1)}
    """
    places = (
        range(at * stride, at * stride + size * dilation, dilation)
        for at, stride, size, dilation in zip(element, layer.stride, layer.kernel_size, layer.dilation, strict=True)
    )
    return Stamp(element, dict(zip(product(*map(range, layer.kernel_size)), product(*places), strict=True)))


def stamped(layer: ConvTranspose, x: npt.ArrayLike, w: npt.ArrayLike) -> Array:
    """The sum of all stamps, shape `full_size`, for `x` of shape `input_size` and `w` of shape `kernel_size`.

    Raises:
        InputError: `x` or `w` is of another shape, or no numbers.
    """
    import numpy as np

    inputs, weights = as_numbers("x", x, layer.input_size), as_numbers("w", w, layer.kernel_size)
    full: Array = np.zeros(full_size(layer), dtype=np.result_type(inputs, weights))
    for kernel, weight in np.ndenumerate(weights):
        reached = tuple(
            slice(at * dilation, at * dilation + (size - 1) * stride + 1, stride)
            for at, dilation, size, stride in zip(kernel, layer.dilation, layer.input_size, layer.stride, strict=True)
        )
        with np.errstate(all="ignore"):  # as in `apply`: what is too large becomes infinite
            full[reached] += weight * inputs
    return full


def cropped(layer: ConvTranspose, full: Array) -> Array:
    """`full` without the `padding` cells on each side: the output, shape `output_size`."""
    kept = (slice(before, before + size) for (before, _), size in zip(layer.pads, layer.output_size, strict=True))
    return full[tuple(kept)]
