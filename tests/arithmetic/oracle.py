"""What layers compute, written a second time and another way, for the tests to compare with.

Nothing of the package's arithmetic is used here, only the sizes that a layer was built with. Convolution and pooling
look through NumPy's `sliding_window_view`; a transposed convolution stamps the kernel into the output once per input
element, which is how it is defined, while the package gathers over a stretched canvas.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool

AnyLayer = Conv | ConvTranspose | MaxPool | AvgPool
Numbers = npt.NDArray[Any]

PADDING, INSERTED = -1, -2
"""The marks in `canvas_map`; an input element is marked with its flat index."""


def spans(layer: AnyLayer) -> tuple[int, int]:
    """Rows and columns from the kernel's first element to its last."""
    (kernel_rows, kernel_cols), (row_gap, col_gap) = layer.kernel_size, layer.dilation
    return (kernel_rows - 1) * row_gap + 1, (kernel_cols - 1) * col_gap + 1


def computed(layer: AnyLayer, x: Numbers, w: Numbers | None) -> Numbers:
    """The output of any layer."""
    if isinstance(layer, MaxPool):
        return max_pool(layer, x)
    if isinstance(layer, AvgPool):
        return avg_pool(layer, x)
    assert w is not None
    return conv_transpose(layer, x, w) if isinstance(layer, ConvTranspose) else conv(layer, x, w)


def conv(layer: Conv, x: Numbers, w: Numbers) -> Numbers:
    """Each window of the zero-padded input times the kernel."""
    total: Numbers = (_windows(layer, x, 0) * w).sum(axis=(2, 3))
    return total


def conv_transpose(layer: ConvTranspose, x: Numbers, w: Numbers) -> Numbers:
    """One stamp of the kernel per input element, then `padding` cut from every side."""
    span, stride, gap = spans(layer), layer.stride, layer.dilation
    shape = [(x.shape[n] - 1) * stride[n] + span[n] + layer.output_padding[n] for n in (0, 1)]
    whole = np.zeros(shape, dtype=np.result_type(x, w))
    for (row, col), value in np.ndenumerate(x):
        top, left = row * stride[0], col * stride[1]
        whole[top : top + span[0] : gap[0], left : left + span[1] : gap[1]] += value * w
    rows, cols = layer.padding
    return whole[rows : shape[0] - rows, cols : shape[1] - cols]


def max_pool(layer: MaxPool, x: Numbers) -> Numbers:
    """The largest of each window; padding never wins."""
    largest: Numbers = _windows(layer, x.astype(np.float64), -np.inf).max(axis=(2, 3))
    return largest


def avg_pool(layer: AvgPool, x: Numbers) -> Numbers:
    """The sum of each window over how many elements count."""
    counts = _windows(layer, np.ones(layer.input_size), 1 if layer.count_include_pad else 0)
    average: Numbers = _windows(layer, x, 0).sum(axis=(2, 3)) / counts.sum(axis=(2, 3))
    return average


def canvas_map(layer: AnyLayer) -> npt.NDArray[np.int_]:
    """The canvas as marks: the flat index of an input element, PADDING or INSERTED.

    A transposed convolution's input is stretched by its stride and set into a field of padding in which the stamped
    kernels' output, cut by `padding`, sees all it needs: span - 1 cells around it.
    """
    marks = np.arange(layer.input_size[0] * layer.input_size[1]).reshape(layer.input_size)
    if not isinstance(layer, ConvTranspose):
        (rows, cols) = layer.padding
        return np.pad(marks, ((rows, rows), (cols, cols)), constant_values=PADDING)
    stretched = np.full([(n - 1) * s + 1 for n, s in zip(marks.shape, layer.stride, strict=True)], INSERTED)
    stretched[:: layer.stride[0], :: layer.stride[1]] = marks
    ends = [(size - 1, size - 1 + more) for size, more in zip(spans(layer), layer.output_padding, strict=True)]
    uncut = np.pad(stretched, ends, constant_values=PADDING)
    rows, cols = layer.padding
    return uncut[rows : uncut.shape[0] - rows, cols : uncut.shape[1] - cols]


def _windows(layer: Conv | MaxPool | AvgPool, x: Numbers, fill: float) -> Numbers:
    """Shape (output rows, output columns, kernel rows, kernel columns), from `x` padded with `fill`."""
    (rows, cols), (down, right), gap = layer.padding, layer.stride, layer.dilation
    padded = np.pad(x, ((rows, rows), (cols, cols)), constant_values=fill)
    windows = np.lib.stride_tricks.sliding_window_view(padded, spans(layer))
    return windows[::down, ::right, :: gap[0], :: gap[1]]
