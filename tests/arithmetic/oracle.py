"""What layers compute, written a second time and another way, for the tests to compare with; over any number of axes.

Nothing of the package's arithmetic is used here, only the sizes that a layer was built with. Convolution and pooling
look through NumPy's `sliding_window_view`; a transposed convolution stamps the kernel into the output once per input
element, which is how it is defined, while the package gathers over a stretched canvas.
"""

from __future__ import annotations

from math import ceil, floor, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from convgif.arithmetic import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, Conv, ConvTranspose, MaxPool

AnyLayer = Conv | ConvTranspose | MaxPool | AvgPool | AdaptiveMaxPool | AdaptiveAvgPool
Numbers = npt.NDArray[Any]

PADDING, INSERTED = -1, -2
"""The marks in `canvas_map`; an input element is marked with its flat index."""


def spans(layer: AnyLayer) -> tuple[int, ...]:
    """Elements from the kernel's first to its last, along every axis."""
    return tuple((size - 1) * gap + 1 for size, gap in zip(layer.kernel_size, layer.dilation, strict=True))


def pads(layer: AnyLayer) -> list[tuple[int, int]]:
    """The cells before and after every axis, from the numbers, the pairs or the word that a layer was given."""
    given = layer.padding
    if not isinstance(given, str):
        return [each if isinstance(each, tuple) else (each, each) for each in given]
    found = []
    for size, span, stride in zip(layer.input_size, spans(layer), layer.stride, strict=True):
        outputs = len(range(0, size, stride))
        total = span - 1 if given in ("same", "causal") else max(0, (outputs - 1) * stride + span - size)
        less, more = total // 2, total - total // 2
        words = {"valid": (0, 0), "causal": (total, 0), "same_lower": (more, less)}
        found.append(words.get(given, (less, more)))
    return found


def computed(layer: AnyLayer, x: Numbers, w: Numbers | None) -> Numbers:
    """The output of any layer."""
    if isinstance(layer, MaxPool):
        return max_pool(layer, x)
    if isinstance(layer, AvgPool):
        return avg_pool(layer, x)
    if isinstance(layer, (AdaptiveMaxPool, AdaptiveAvgPool)):
        return adaptive_pool(layer, x)
    assert w is not None
    return conv_transpose(layer, x, w) if isinstance(layer, ConvTranspose) else conv(layer, x, w)


def adaptive_pool(layer: AdaptiveMaxPool | AdaptiveAvgPool, x: Numbers) -> Numbers:
    """Window by window, each from what is rounded down to what is rounded up, in floating point."""
    sum_up = np.max if isinstance(layer, AdaptiveMaxPool) else np.mean
    y = np.empty(layer.output_size)
    for cell in np.ndindex(*y.shape):
        shares = [(n * i / o, (n + 1) * i / o) for n, i, o in zip(cell, x.shape, y.shape, strict=True)]
        y[cell] = sum_up(x[tuple(slice(floor(start), ceil(end)) for start, end in shares)])
    return y


def conv(layer: Conv, x: Numbers, w: Numbers) -> Numbers:
    """Each window of the padded input times the kernel."""
    total: Numbers = (_windows(layer, x, 0) * w).sum(axis=_within(layer))
    return total


def conv_transpose(layer: ConvTranspose, x: Numbers, w: Numbers) -> Numbers:
    """One stamp of the kernel per input element, then `padding` cut from every side."""
    span, stride, gap = spans(layer), layer.stride, layer.dilation
    shape = [(x.shape[n] - 1) * stride[n] + span[n] + layer.output_padding[n] for n in range(x.ndim)]
    whole = np.zeros(shape, dtype=np.result_type(x, w))
    for cell, value in np.ndenumerate(x):
        corner = [at * step for at, step in zip(cell, stride, strict=True)]
        whole[tuple(slice(at, at + span[n], gap[n]) for n, at in enumerate(corner))] += value * w
    return whole[inside(shape, pads(layer))]


def max_pool(layer: MaxPool, x: Numbers) -> Numbers:
    """The largest of each window; padding never wins."""
    largest: Numbers = _windows(layer, x.astype(np.float64), -np.inf).max(axis=_within(layer))
    return largest


def avg_pool(layer: AvgPool, x: Numbers) -> Numbers:
    """The sum of each window over how many elements count."""
    counts = _windows(layer, np.ones(layer.input_size), 1 if layer.count_include_pad else 0, beyond=0)
    average: Numbers = _windows(layer, x, 0).sum(axis=_within(layer)) / counts.sum(axis=_within(layer))
    return average


def canvas_map(layer: AnyLayer) -> npt.NDArray[np.int_]:
    """The canvas as marks: the flat index of an input element, PADDING or INSERTED.

    A transposed convolution's input is stretched by its stride and set into a field of padding in which the stamped
    kernels' output, cut by `padding`, sees all it needs: span - 1 cells around it.
    """
    marks = np.arange(prod(layer.input_size)).reshape(layer.input_size)
    if not isinstance(layer, ConvTranspose):
        return np.pad(marks, pads(layer), constant_values=PADDING)
    stretched = np.full([(n - 1) * s + 1 for n, s in zip(marks.shape, layer.stride, strict=True)], INSERTED)
    stretched[tuple(slice(None, None, step) for step in layer.stride)] = marks
    ends = [(size - 1, size - 1 + more) for size, more in zip(spans(layer), layer.output_padding, strict=True)]
    uncut = np.pad(stretched, ends, constant_values=PADDING)
    return uncut[inside(uncut.shape, pads(layer))]


def source_map(layer: AnyLayer) -> npt.NDArray[np.int_]:
    """The canvas as marks once more: where padding copies an input element, that one's index."""
    if isinstance(layer, Conv) and layer.padding_mode != "zeros":
        return _copying(layer, np.arange(prod(layer.input_size)).reshape(layer.input_size))
    return canvas_map(layer)


def _copying(layer: Conv, x: Numbers) -> Numbers:
    """The input padded with its own elements, by NumPy's words for PyTorch's modes."""
    modes: dict[str, Any] = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    padded: Numbers = np.pad(x, pads(layer), mode=modes[layer.padding_mode])
    return padded


def inside(shape: tuple[int, ...] | list[int], cut: list[tuple[int, int]]) -> tuple[slice, ...]:
    """What is left of an array when so much is cut from the start and the end of every axis."""
    return tuple(slice(before, size - after) for size, (before, after) in zip(shape, cut, strict=True))


def _within(layer: AnyLayer) -> tuple[int, ...]:
    """The axes of `_windows` that lie within a window."""
    return tuple(range(len(layer.kernel_size), 2 * len(layer.kernel_size)))


def _windows(layer: Conv | MaxPool | AvgPool, x: Numbers, fill: float, beyond: float | None = None) -> Numbers:
    """The shape of the output followed by that of the kernel, from `x` padded with `fill`.

    Where the size is rounded up, what lies beyond the padded input holds `beyond`, if that is not `fill` too.
    """
    if isinstance(layer, Conv) and layer.padding_mode != "zeros":
        padded = _copying(layer, x)
    else:
        padded = np.pad(x, pads(layer), constant_values=fill)
    if not isinstance(layer, Conv) and layer.ceil_mode:
        covered = _covered(layer)
        more = [(0, max(0, end - size)) for end, size in zip(covered, padded.shape, strict=True)]
        padded = np.pad(padded, more, constant_values=fill if beyond is None else beyond)
        padded = padded[tuple(map(slice, covered))]
    windows = np.lib.stride_tricks.sliding_window_view(padded, spans(layer))
    return windows[tuple(slice(None, None, step) for step in (*layer.stride, *layer.dilation))]


def starts(canvas: int, size: int, before: int, span: int, stride: int) -> list[int]:
    """Where windows begin along an axis if the size is rounded up, by PyTorch's rule.

    There is one as long as those before it have not come to the end, and it begins in the input or before it.
    """
    return [start for start in range(0, before + size, stride) if start - stride + span < canvas]


def _covered(layer: MaxPool | AvgPool) -> list[int]:
    """Where the last windows end along every axis."""
    sizes = zip(layer.input_size, pads(layer), spans(layer), layer.stride, strict=True)
    return [starts(sum(pad) + n, n, pad[0], span, stride)[-1] + span for n, pad, span, stride in sizes]
