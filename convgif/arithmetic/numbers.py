"""The numbers that a layer computes, gathered along its two axes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.layer import Numbers


def gathered(rows: Axis, cols: Axis, x: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """What every step reads, and where that is an input element at all.

    Both arrays have the shape (output rows, output columns, kernel rows, kernel columns); elements that read padding
    or an inserted zero are 0 in the first and False in the second.
    """
    row_index, col_index = _reads(rows), _reads(cols)
    real = (row_index >= 0)[:, None, :, None] & (col_index >= 0)[None, :, None, :]
    taken = x[row_index[:, None, :, None], col_index[None, :, None, :]]
    return np.where(real, taken, x.dtype.type(0)), real


def _reads(axis: Axis) -> npt.NDArray[np.intp]:
    """Shape (output, kernel): the input index that a kernel element reads for an output index, -1 where none."""
    index = np.full((axis.output_size, axis.kernel_size), -1, dtype=np.intp)
    for output in range(axis.output_size):
        for tap in axis.window(output):
            if tap.input is not None:
                index[output, tap.kernel] = tap.input
    return index
