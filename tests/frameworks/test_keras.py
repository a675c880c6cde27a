"""Layers in Keras's words, computed as its documentation says what they mean, against the layer itself.

`same` and `valid` are spelled out here from there: of a convolution, how much is padded before and after; of a
transposed one, that it is the transpose of the convolution with that padding.
"""

from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np
import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.frameworks.keras import FRAMEWORK
from tests.arithmetic.oracle import AnyLayer, Numbers
from tests.arithmetic.strategies import filled
from tests.frameworks.samples import samples


def per_axis(value: Any, ndim: int) -> tuple[Any, ...]:
    """An argument with one value an axis."""
    return value if isinstance(value, tuple) else (value,) * ndim


def sides(value: Any, ndim: int) -> list[tuple[int, int]]:
    """How much before and after, along each axis."""
    if ndim == 1:
        return [value if isinstance(value, tuple) else (value, value)]
    return [one if isinstance(one, tuple) else (one, one) for one in per_axis(value, ndim)]


def same_padding(size: int, span: int, stride: int) -> tuple[int, int]:
    """Before and after, the odd one after, such that there is an output for each stride that has begun."""
    total = max(0, (-(-size // stride) - 1) * stride + span - size)
    return total // 2, total - total // 2


def made(line: str) -> tuple[str, dict[str, Any]]:
    """What a line calls, and with which arguments."""
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    return ast.unparse(call.func), {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}


def computed(line: str, x: Numbers, w: Numbers) -> Numbers:
    """What the line makes of an input; `w` is its kernel."""
    name, given = made(line)
    ndim = x.ndim
    assert int(re.findall(r"(\d)D", name)[0]) == ndim
    if "ZeroPadding" in name:
        return np.pad(x, sides(given["padding"], ndim))
    if "Cropping" in name:
        cuts = zip(sides(given["cropping"], ndim), x.shape, strict=True)
        return x[tuple(slice(before, size - after) for (before, after), size in cuts)]
    kernel = per_axis(given.get("kernel_size", given.get("pool_size")), ndim)
    stride = per_axis(given.get("strides", kernel if "Pooling" in name else 1), ndim)
    dilation = per_axis(given.get("dilation_rate", 1), ndim)
    assert {*stride} == {1} or {*dilation} == {1}
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    same = given.get("padding", "valid") == "same"
    if "Transpose" in name:
        extra = given.get("output_padding")
        if same:
            assert extra is None
            size = [i * s for i, s in zip(x.shape, stride, strict=True)]
            padding = [same_padding(*one) for one in zip(size, spans, stride, strict=True)]
        else:
            added = [max(0, s - span) for s, span in zip(stride, spans, strict=True)]
            added = [*per_axis(extra, ndim)] if extra is not None else added
            size = [(i - 1) * s + span + e for i, s, span, e in zip(x.shape, stride, spans, added, strict=True)]
            padding = [(0, 0)] * ndim
        return spread(x, w, size, [before for before, _ in padding], stride, dilation)
    padding = [same_padding(*one) if same else (0, 0) for one in zip(x.shape, spans, stride, strict=True)]
    blank = -np.inf if "Max" in name else np.nan if "Average" in name else 0
    padded = np.pad(x, padding, constant_values=blank)
    windows = np.lib.stride_tricks.sliding_window_view(padded, spans)
    taken = windows[tuple(slice(None, None, s) for s in stride) + tuple(slice(None, None, d) for d in dilation)]
    within = tuple(range(ndim, 2 * ndim))
    if "Max" in name:
        largest: Numbers = taken.max(within)
        return largest
    if "Average" in name:
        mean: Numbers = np.nanmean(taken, within)
        return mean
    total: Numbers = (taken * w).sum(within)
    return total


def spread(
    x: Numbers, w: Numbers, size: list[int], before: list[int], stride: tuple[int, ...], dilation: tuple[int, ...]
) -> Numbers:
    """Each input element stamps the kernel; what falls outside is lost."""
    y = np.zeros(size)
    for cell in np.ndindex(*x.shape):
        for tap in np.ndindex(*w.shape):
            at = tuple(c * s + t * d - b for c, s, t, d, b in zip(cell, stride, tap, dilation, before, strict=True))
            if all(0 <= place < end for place, end in zip(at, size, strict=True)):
                y[at] += x[cell] * w[tap]
    return y


def test_the_lines_compute_what_the_layer_does() -> None:
    words = set()
    for number, layer in enumerate(samples(3)):
        wording = FRAMEWORK.wording(layer)
        if not wording.lines or "Adaptive" in wording.lines[0]:  # which is read back, and read from Keras itself
            continue
        x, w = filled(layer.input_size, number), filled(layer.kernel_size, number + 1)
        x = abs(x) if "inputs >= 0" in wording.note else x
        y = x
        for line in wording.lines:
            y = computed(line, y, w)
            words |= {*re.findall(r"\w+", re.sub(r"\dD", "", line))}
        expected = layer.apply(x, w) if layer.has_weight else layer.apply(x)
        np.testing.assert_allclose(y, expected, err_msg=f"{layer}: {wording}")
    assert words >= {"same", "ZeroPadding", "Cropping", "output_padding", "dilation_rate"}


@pytest.mark.parametrize(
    ("layer", "lines", "note"),
    [
        (Conv(5, 3), ["layers.Conv2D(filters, kernel_size=3)"], ""),
        (Conv(5, 3, 2, 1), ['layers.Conv2D(filters, kernel_size=3, strides=2, padding="same")'], ""),
        (
            Conv(6, 3, 2, 1),
            ["layers.ZeroPadding2D(padding=1)", "layers.Conv2D(filters, kernel_size=3, strides=2)"],
            "pads more at the end",
        ),
        (Conv(5, 3, 2, 1, 2), [], "both strides and dilation"),
        (
            ConvTranspose(7, 4, 2, 1),
            ['layers.Conv2DTranspose(filters, kernel_size=4, strides=2, padding="same")'],
            "",
        ),
        (
            ConvTranspose(7, 3, 2, 1, output_padding=1),
            [
                "layers.Conv2DTranspose(filters, kernel_size=3, strides=2)",
                "layers.Cropping2D(cropping=((1, 0), (1, 0)))",
            ],
            "",
        ),
        (
            ConvTranspose((7,), 1, 2),
            ["layers.Conv1DTranspose(filters, kernel_size=1, strides=2, output_padding=0)"],
            "",
        ),
        (ConvTranspose(7, 1, 2, output_padding=1), ["layers.Conv2DTranspose(filters, kernel_size=1, strides=2)"], ""),
        (ConvTranspose(3, 3, 2, 0, 2), [], "both strides and dilation"),
        (MaxPool(4, 2), ["layers.MaxPooling2D(pool_size=2)"], ""),
        (MaxPool(4, 2, dilation=2), [], "no dilated pooling"),
        (
            MaxPool(6, 3, 2, 1),
            ["layers.ZeroPadding2D(padding=1)", "layers.MaxPooling2D(pool_size=3, strides=2)"],
            "inputs >= 0 only",
        ),
        (
            AvgPool(5, 3, 1, 1),
            ["layers.ZeroPadding2D(padding=1)", "layers.AveragePooling2D(pool_size=3, strides=1)"],
            "",
        ),
        (AvgPool(6, 3, 2, 1, count_include_pad=False), [], "no average pooling that leaves"),
    ],
)
def test_words_for_layers(layer: AnyLayer, lines: list[str], note: str) -> None:
    wording = FRAMEWORK.wording(layer)
    assert [*wording.lines] == lines
    assert note in wording.note
    assert bool(note) == bool(wording.note)
