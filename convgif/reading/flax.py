"""Flax: its layers, Linen's and those of NNX, and what its words for padding come to.

Pooling is a function there; one that is given its window beforehand, with `functools.partial`, is a layer.

>>> signature, _ = FRAMEWORK.signature("Conv")
>>> READER.described("Conv", signature, 2, {"kernel_size": (3, 3), "strides": 2}).layer(5).padding
(1, 1)
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from convgif.arithmetic.layer import SizeLike
from convgif.errors import MISSING, wrong
from convgif.frameworks.flax import FRAMEWORK, MODES, NNX, SAME, TURNED, VALID, stretched
from convgif.reading.found import Found
from convgif.reading.signatures import (
    PADDING_MODE,
    Description,
    Pair,
    Reader,
    Values,
    covering,
    cut,
    halves,
    sides,
    spans,
)

if TYPE_CHECKING:
    from convgif.arithmetic.numbers import Array

LOWER: Final = "SAME_LOWER"
CAUSAL: Final = "CAUSAL"


def _word(values: Values, *known: str) -> str | None:
    """The word for padding; None where it is given in numbers.

    Raises:
        InputError: it is none.
    """
    given = values["padding"]
    if not isinstance(given, str):
        return None
    if given not in known:
        raise wrong("padding", given, f"must be numbers, pairs of them, or one of {', '.join(known)}")
    return given


def _pairs(padding: Any, given: object) -> list[Pair]:
    """Padding before and after every axis, where it may be given for both at once."""
    pairs = [one if isinstance(one, tuple) else (one, one) for one in padding]
    if not all(len(pair) == 2 and all(type(side) is int for side in pair) for pair in pairs):
        raise wrong("padding", given, "must have a number, or one before and one after, for each axis")
    return pairs


def convolution(values: Values, size: tuple[int, ...]) -> Values:
    """A convolution, whose padding may go around, be mirrored, or all come before the input."""
    causal = (CAUSAL,) if len(size) == 1 else ()
    word = _word(values, SAME, VALID, LOWER, *MODES, *causal)
    if word == CAUSAL:
        return {**values, "padding": sides([(span - 1, 0) for span in spans(values)])}
    if word in MODES:
        around = halves([span - 1 for span in spans(values)])
        return {**values, "padding": sides(around), PADDING_MODE: MODES[word]}
    return _padded(values, size, word)


def pooling(values: Values, size: tuple[int, ...]) -> Values:
    """Pooling."""
    return _padded(values, size, _word(values, SAME, VALID, LOWER))


def _padded(values: Values, size: tuple[int, ...], word: str | None) -> Values:
    given = values["padding"]
    if word in (SAME, LOWER):
        pairs = halves(covering(values, size), odd_first=word == LOWER)
    else:
        pairs = [(0, 0)] * len(size) if word == VALID else _pairs(given, given)
    return {**values, "padding": sides(pairs)}


def transposed(values: Values, size: tuple[int, ...]) -> Values:
    """A transposed convolution, whose padding lies around the stretched input; what it lacks is cut from the output."""
    given = values["padding"]
    word = _word(values, SAME, VALID, *MODES)
    if word in MODES:
        raise wrong("padding", given, "is not supported yet for transposed convolutions")
    if word is None:
        around = _pairs(given, given)
    else:
        around = [stretched(word, span, s) for span, s in zip(spans(values), values["stride"], strict=True)]
    pairs = [(span - 1 - before, span - 1 - after) for span, (before, after) in zip(spans(values), around, strict=True)]
    others = {name: value for name, value in values.items() if name != TURNED}
    return cut(others, pairs, (0,) * len(size), given)


RULES: Final = {"conv": convolution, "conv_transpose": transposed, "max_pool": pooling, "avg_pool": pooling}
READER: Final = Reader(FRAMEWORK, RULES, none_is_default=True)
NNX_READER: Final = Reader(NNX, RULES, none_is_default=True)
READERS: Final[Mapping[str, Reader]] = {"flax.linen": READER, "flax.nnx": NNX_READER}
"""Who reads a layer, by where its class lives."""


def single(layer: Any, input_size: SizeLike, variables: Any = None) -> Found:
    """The layer that a layer of Flax's is, or a pooling function that is given its window.

    Raises:
        InputError: it is none that can be drawn.
    """
    described = _described(layer)
    if described is None:
        kind = layer.func if isinstance(layer, partial) else type(layer)
        words = "is no layer that can be drawn: those are Conv, ConvTranspose, and max_pool or avg_pool in a partial"
        raise wrong("layer", getattr(kind, "__name__", str(kind)), words)
    groups = int(getattr(layer, "feature_group_count", 1))

    def weights() -> Array:
        import numpy as np

        numbers = np.asarray(_kernel(layer, variables), dtype=float)
        if described.signature.layer == "conv":  # (*kernel_size, input channels / groups, output channels)
            return np.moveaxis(numbers, (-1, -2), (0, 1))
        if layer.transpose_kernel:  # (*kernel_size, output channels, input channels)
            return np.moveaxis(numbers, (-2, -1), (0, 1))
        unturned = np.moveaxis(numbers, (-1, -2), (0, 1))
        return np.flip(unturned, tuple(range(2, unturned.ndim)))

    name = getattr(layer, "name", None) or described.place
    kernels = weights if described.kind.has_weight else None
    return Found(name, described, input_size, (described.place,), kernels, groups)


def _described(layer: Any) -> Description | None:
    """A layer as its arguments describe it; None where it is none of those that can be drawn."""
    given = layer.keywords if isinstance(layer, partial) else None
    for kind in type(layer).__mro__ if given is None else (layer.func,):
        home = str(kind.__module__)
        reader = next((own for package, own in READERS.items() if home.startswith(package)), None)
        known = None if reader is None else reader.framework.signature(kind.__name__)
        if reader is not None and known is not None:
            signature, _ = known
            words = [one.word for one in signature.parameters if one.means]
            values = {word: getattr(layer, word) for word in words} if given is None else given
            return reader.described(kind.__name__, signature, signature.counted(values), values)
    return None


def _kernel(layer: Any, variables: Any) -> Any:
    """The numbers of a layer's kernel: an NNX layer has them, for one of Linen's they are given."""
    if (own := getattr(layer, "kernel", None)) is not None:
        return own[...]
    if variables is None:
        words = "must be left out, or variables given as well: a layer of Linen's has no weights of its own"
        raise wrong("channel", MISSING, words)
    inner = variables.get("params", variables)
    if "kernel" not in inner:
        raise wrong("variables", sorted(inner), "must be those of the layer, with its kernel")
    return inner["kernel"]
