"""One step in a sentence: what it reads, and with numbers what it computes."""

from __future__ import annotations

from convgif.arithmetic.layer import Layer, Numbers, Step
from convgif.arithmetic.pool import MaxPool

MOST_TERMS = 12
"""Numbers that a sentence can list."""


def spelled(layer: Layer, step: Step, values: tuple[Numbers, Numbers | None, Numbers] | None = None) -> str:
    """The step in a sentence; `values` are input, kernel and output.

    >>> import numpy as np
    >>> from convgif.arithmetic import Conv
    >>> layer = Conv(input_size=2, kernel_size=2, padding=1)
    >>> spelled(layer, layer.step((0, 0)))
    'Output (0, 0) reads 1 input element and 3 zeros.'
    >>> spelled(layer, layer.step((0, 0)), (np.ones((2, 2), int), np.full((2, 2), 5), np.full((3, 3), 5)))
    'Output (0, 0) = 1×5 = 5'
    """
    name = f"Output ({step.output[0]}, {step.output[1]})"
    read = [tap for tap in step.taps if tap.input is not None]
    if values is None or len(read) > MOST_TERMS:
        zeros = len(step.taps) - len(read)
        kind = "elements of padding" if isinstance(layer, MaxPool) else "zeros"
        beside = f" and {zeros} {kind if zeros != 1 else kind.replace('elements', 'element').rstrip('s')}"
        text = f"{name} reads {len(read)} input element{'s' * (len(read) != 1)}{beside if zeros else ''}"
        return f"{text}." if values is None else f"{text}: {_plain(values[2][step.output])}"
    x, w, y = values
    inputs = [_plain(x[tap.input]) for tap in read]
    if w is not None:
        products = (f"{_factor(text)}×{_factor(_plain(w[tap.kernel]))}" for text, tap in zip(inputs, read, strict=True))
        formula = " + ".join(products) or "0"
    elif isinstance(layer, MaxPool):
        formula = f"max({', '.join(inputs)})"
    else:
        formula = f"mean of {', '.join(inputs)}" + ("" if len(read) == len(step.taps) else " and the padding")
    return f"{name} = {formula} = {_plain(y[step.output])}"


def _plain(value: object) -> str:
    return f"{value:.6g}"


def _factor(text: str) -> str:
    return f"({text})" if text.startswith("-") else text
