"""The output of a layer in every way in which the package can tell it; all must be the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from convgif.arithmetic import Conv, ConvTranspose
from convgif.arithmetic.linear_map import as_matrix
from convgif.arithmetic.stamps import cropped, stamped
from tests.arithmetic.oracle import Numbers, canvas_map


def ways(layer: Conv | ConvTranspose, x: Numbers, w: Numbers) -> Iterator[tuple[str, Numbers]]:
    """The name of each way, and the output; `x` and `w` are as the layer's `apply` takes them."""
    yield "apply", layer.apply(x, w)
    walk = np.full(layer.output_size, np.nan)
    for step in layer.steps():
        walk[step.output] = sum(x[tap.input] * w[tap.kernel] for tap in step.taps if tap.input is not None)
    yield "steps", walk
    yield "matrix", (as_matrix(layer, w) @ x.ravel()).reshape(layer.output_size)
    if isinstance(layer, ConvTranspose):
        yield "stamps", cropped(layer, stamped(layer, x, w))
        yield "equivalent", layer.equivalent().apply(stretched(layer, x), np.flip(w))


def stretched(layer: ConvTranspose, x: Numbers) -> Numbers:
    """The canvas with the input's numbers on it, and zeros elsewhere, by the oracle."""
    marks = canvas_map(layer)
    numbers: Numbers = np.where(marks >= 0, x.ravel()[marks], 0)
    return numbers
