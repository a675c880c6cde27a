"""A convolution as a matrix product: output = C * input, both flattened row by row.

The matrix of a transposed convolution is the transpose of that of its direct one. Padding has no column: taps on it
vanish.

>>> from convgif.arithmetic import Conv
>>> layer = Conv(input_size=(1, 3), kernel_size=(1, 2))
>>> as_matrix(layer, [[5, 7]])
array([[5, 7, 0],
       [0, 5, 7]])
>>> as_matrix(layer.transpose(), [[5, 7]]).T.tolist() == as_matrix(layer, [[5, 7]]).tolist()
True
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from convgif.arithmetic.conv import Conv, ConvTranspose
from convgif.arithmetic.layer import Numbers, Pair, as_numbers


def matrix_row(layer: Conv | ConvTranspose, row: int) -> dict[int, Pair]:
    """The kernel element that stands in each column of one row; no other column holds any.

    >>> matrix_row(Conv(input_size=2, kernel_size=2, padding=1), 0)
    {0: (1, 1)}
    """
    step = layer.step(divmod(row, layer.output_size[1]))
    width = layer.input_size[1]
    return {tap.input[0] * width + tap.input[1]: tap.kernel for tap in step.taps if tap.input is not None}


def as_matrix(layer: Conv | ConvTranspose, w: npt.ArrayLike) -> Numbers:
    """The matrix of the layer, shape (output elements, input elements), for `w` of shape `kernel_size`.

    Raises:
        InputError: `w` is of another shape, or no numbers.
    """
    weights = as_numbers("w", w, layer.kernel_size)
    (rows, cols), (height, width) = layer.output_size, layer.input_size
    matrix: Numbers = np.zeros((rows * cols, height * width), dtype=weights.dtype)
    for row in range(rows * cols):
        for column, kernel in matrix_row(layer, row).items():
            matrix[row, column] = weights[kernel]
    return matrix
