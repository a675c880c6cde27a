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

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from convgif.arithmetic.layer import Cell, Layer
from convgif.arithmetic.numbers import as_numbers

if TYPE_CHECKING:
    import numpy.typing as npt

    from convgif.arithmetic.numbers import Array


def matrix_row(layer: Layer, row: int) -> dict[int, Cell]:
    """The kernel element that stands in each column of one row; no other column holds any.

    That is so where padding holds zeros: where it copies the input, several elements meet in a column.

    Raises:
        IndexError: there is no such row.

    >>> from convgif.arithmetic import Conv
    >>> matrix_row(Conv(input_size=2, kernel_size=2, padding=1), 0)
    {0: (1, 1)}
    """
    return dict(_meetings(layer, row))


def _meetings(layer: Layer, row: int) -> Iterator[tuple[int, Cell]]:
    """The columns of a row in which kernel elements stand, and which."""
    for tap in layer.step_at(row).taps:
        if tap.input is not None:
            column = 0
            for place, size in zip(tap.input, layer.input_size, strict=True):
                column = column * size + place
            yield column, tap.kernel


def as_matrix(layer: Layer, w: npt.ArrayLike) -> Array:
    """The matrix of the layer, shape (output elements, input elements), for `w` of shape `kernel_size`.

    Raises:
        InputError: `w` is of another shape, or no numbers.
    """
    import numpy as np

    weights = as_numbers("w", w, layer.kernel_size)
    matrix: Array = np.zeros((layer.step_count, prod(layer.input_size)), dtype=weights.dtype)
    for row in range(layer.step_count):
        for column, kernel in _meetings(layer, row):
            matrix[row, column] += weights[kernel]
    return matrix
