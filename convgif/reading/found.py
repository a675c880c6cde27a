"""A layer that was found in a model: its name there, what stands around it, and the numbers of its kernel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from convgif.arithmetic.layer import Layer, SizeLike
from convgif.arithmetic.sentences import by
from convgif.errors import MISSING, ConvgifError, InputError, Problem, did_you_mean, wrong
from convgif.figure import LONGEST_TITLE, MOST_DECIMALS
from convgif.frameworks.framework import OF_CHANNELS
from convgif.reading.signatures import Description

if TYPE_CHECKING:
    from convgif.arithmetic.numbers import Array

Channel = tuple[int, int]
"""An output channel, and an input channel of the same group; both count from 0."""
DIGITS: Final = 2
"""Digits that the largest weight is rounded to, and the others to as many decimals."""


@dataclass(frozen=True)
class Found:
    """A layer of a model, as its framework describes it.

    `size` is that of the input that reaches it, None where nothing says so. `chain` names the layer and what follows it
    up to the next one that is found. `weights` gives those of all channels, shape (output channels, input channels /
    groups, *kernel_size); it is None for a layer without any. `gives` is the shape of an output that was seen.
    """

    name: str
    description: Description
    size: SizeLike | None = None
    chain: tuple[str, ...] = ()
    weights: Callable[[], Array] | None = None
    groups: int = 1
    gives: tuple[int, ...] | None = None

    @cached_property
    def layer(self) -> Layer:
        """The layer itself.

        Raises:
            InputError: its arguments make none that can be drawn; its size is not known; or it gave another output.
        """
        place = f"{self.description.place}:"
        if self.size is None:
            words = "is missing; it is part of no model that says what reaches it"
            raise InputError([Problem("input_size", MISSING, words, place)])
        layer = self.description.layer(self.size)
        if self.gives is not None and (truly := self.gives[-layer.ndim :]) != layer.output_size:
            words = f"gives {by(truly)} where its arguments say {by(layer.output_size)}; it cannot be drawn"
            raise InputError([Problem("", MISSING, words, place)])
        return layer

    def channels(self, besides: Collection[str] = ()) -> dict[str, int]:
        """The numbers of its channels besides some, by our names; none for a kind of layer that has one of each.

        Raises:
            InputError: they are not known.
        """
        if not {*OF_CHANNELS} <= {option.name for option in self.description.kind.parameters}:
            return {}
        if self.weights is None:
            return self.description.channels(besides)
        outputs, inner = self.weights().shape[:2]
        counts = zip(OF_CHANNELS, (inner * self.groups, outputs, self.groups), strict=True)
        return {name: count for name, count in counts if name not in besides}

    @property
    def title(self) -> str:
        """Its name, and what stands there, as a line above a drawing.

        >>> from convgif.reading.code import read
        >>> Found("features.0", read("Conv2d(1, 1, 3)"), 5, ("Conv2d", "ReLU")).title
        'features.0: Conv2d → ReLU'
        """
        text = " → ".join(self.chain)
        text = text if self.name in ("", text) else f"{self.name}: {text}"
        return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 4].rstrip(' →')} ..."

    def kernel(self, channel: Channel) -> Array:
        """The kernel of an output and an input channel, rounded as people read it; shape `kernel_size`.

        Raises:
            InputError: there is no such channel, or it is of another group.

        >>> import numpy as np
        >>> from convgif.reading.code import read
        >>> found = Found("blur", read("Conv1d(1, 1, 3)"), 9, weights=lambda: np.array([[[0.12345, 1.2, -0.04]]]))
        >>> found.kernel((0, 0))
        array([0.1, 1.2, 0. ])
        """
        if self.weights is None:
            raise wrong("channel", channel, f"must be left out: {self.description.kind.title} has no weights")
        weights = self.weights()
        outputs, inner = weights.shape[:2]
        inputs = inner * self.groups
        rule = f"must be (output channel, input channel), from (0, 0) to ({outputs - 1}, {inputs - 1})"
        if not (isinstance(channel, (tuple, list)) and len(channel) == 2 and all(type(one) is int for one in channel)):
            raise wrong("channel", channel, rule)
        to, of = channel
        if not (0 <= to < outputs and 0 <= of < inputs):
            raise wrong("channel", channel, rule)
        first = to * self.groups // outputs * inner
        if not first <= of < first + inner:
            last = first + inner - 1
            read = f"input channels {first} to {last}" if inner > 1 else f"input channel {first}"
            words = f"pairs channels of two groups: output channel {to} reads {read}"
            raise wrong("channel", channel, words)
        chosen = weights[to, of - first]
        if not all(map(isfinite, chosen.ravel().tolist())):
            raise wrong("channel", channel, "has weights that are infinite or no numbers")
        return rounded(chosen)


def rounded(numbers: Array) -> Array:
    """Numbers with as many decimals as the largest needs for `DIGITS` digits, and `MOST_DECIMALS` at most."""
    import numpy as np

    exact = np.asarray(numbers, dtype=float)
    largest = float(np.abs(exact).max())
    magnitude = int(np.floor(np.log10(largest))) if largest else 0
    decimals = min(MOST_DECIMALS, max(0, DIGITS - 1 - magnitude))
    readable: Array = np.round(exact, decimals) + 0.0  # which has no sign where it is zero
    return readable


def of_transposed(weights: Array, groups: int) -> Array:
    """The weights of a transposed convolution as those of a convolution: output channels come first.

    Shape (input channels, output channels / groups, ...) in, (output channels, input channels / groups, ...) out.

    >>> import numpy as np
    >>> of_transposed(np.zeros((4, 3, 5)), groups=2).shape
    (6, 2, 5)
    """
    inputs, inner, *size = weights.shape
    grouped = weights.reshape(groups, inputs // groups, inner, *size).swapaxes(1, 2)
    return grouped.reshape(groups * inner, inputs // groups, *size)


def chosen(found: Iterable[Found], name: str | None, field: str, place: str) -> Found:
    """The one that is named; without a name, the only one there is.

    Raises:
        InputError: there is none of that name; or there are several, and none is named.
    """
    by_name = {one.name: one for one in found}
    if name is None and len(by_name) == 1:
        return next(iter(by_name.values()))
    if name is None:
        names = ", ".join(by_name)
        raise InputError([Problem(field, MISSING, f"is missing; {place} has {len(by_name)} layers: {names}")])
    if name not in by_name:
        raise wrong(field, name, f"there is no such layer that can be drawn; {did_you_mean(name, by_name)}")
    return by_name[name]


def unique(name: str, taken: Iterable[str]) -> str:
    """A name as it is, or with a number behind it where it is taken, made fit for the name of a file.

    >>> unique("a/conv:0", []), unique("conv", ["conv", "conv-2"]), unique("", [])
    ('a.conv.0', 'conv-3', 'layer')
    """
    plain = "".join(letter if letter.isalnum() or letter in "_-." else "." for letter in name).strip(".-") or "layer"
    names = {*taken}
    number = 2
    unused = plain
    while unused in names:
        unused, number = f"{plain}-{number}", number + 1
    return unused


def library(name: str, extra: str = "") -> Any:
    """A framework, loaded; whoever annotates it need not have it. `extra` installs it, where that has another name.

    Raises:
        ConvgifError: it is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ConvgifError(f"{name} is not installed; pip install 'convgif[{extra or name}]'") from None
