"""Keras: its layers, those of a model, and what `same` and `valid` come to there.

>>> signature, ndim = FRAMEWORK.signature("Conv2D")
>>> READER.described("Conv2D", signature, ndim, {"kernel_size": 3, "strides": 2, "padding": "same"}).layer(5).padding
(1, 1)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from convgif.arithmetic.layer import SizeLike
from convgif.errors import MISSING, wrong
from convgif.frameworks.keras import FRAMEWORK, SAME, VALID
from convgif.reading.found import Found, library, unique
from convgif.reading.signatures import (
    Description,
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

HOME: Final = "keras"
"""The package that the classes of its layers live in."""
CAUSAL: Final = "causal"


def _word(values: Values, *further: str) -> str:
    """The word for padding, in the case that Keras puts it in.

    Raises:
        InputError: it is none.
    """
    given = values["padding"]
    word = given.lower() if isinstance(given, str) else given
    if word not in (VALID, SAME, *further):
        raise wrong("padding", given, "must be valid or same" + " or causal" * (CAUSAL in further))
    return str(word)


def _one_of_both(values: Values) -> None:
    """Strides and dilation exclude each other.

    Raises:
        InputError: there are both.
    """
    if {*values["stride"]} != {1} and {*values["dilation"]} != {1}:
        raise wrong("dilation", values["dilation"], "cannot go with strides other than 1")


def convolution(values: Values, size: tuple[int, ...]) -> Values:
    """A convolution: `same` gives one output for each stride, the odd zero at the end; `causal` pads before."""
    word = _word(values, *([CAUSAL] if len(size) == 1 else []))
    _one_of_both(values)
    if word == CAUSAL:
        return {**values, "padding": sides([(span - 1, 0) for span in spans(values)])}
    return _padded(values, size, word)


def pooling(values: Values, size: tuple[int, ...]) -> Values:
    """Pooling, whose padding never counts."""
    return {**_padded(values, size, _word(values)), "count_include_pad": False}


def _padded(values: Values, size: tuple[int, ...], word: str) -> Values:
    totals = covering(values, size) if word == SAME else [0] * len(size)
    return {**values, "padding": sides(halves(totals))}


def transposed(values: Values, size: tuple[int, ...]) -> Values:
    """A transposed convolution: `same` gives as many outputs for each input element as the stride says.

    Like Keras itself, this reckons with the zeros around the stretched input; what they lack is cut from the output.
    """
    word, given = _word(values), values["output_padding"]
    _one_of_both(values)
    pairs = []
    for n, (span, stride) in enumerate(zip(spans(values), values["stride"], strict=True)):
        if word == VALID:
            before, after = span - 1, span - 1 + (max(span, stride) - span if given is None else given[n])
        else:
            total = stride + span - 2 if given is None else span + span % 2 - 2 + given[n]
            before = min(total // 2 + total % 2, span - 1)
            after = total - before
        pairs.append((span - 1 - before, span - 1 - after))
    return cut(values, pairs, (0,) * len(size), values["padding"])


READER: Final = Reader(
    FRAMEWORK,
    {"conv": convolution, "conv_transpose": transposed, "max_pool": pooling, "avg_pool": pooling},
)


# Layers and models


def described(layer: Any, place: str) -> Description | None:
    """A layer as its arguments describe it; None where it is none of those that can be drawn."""
    for base in type(layer).__mro__:
        known = FRAMEWORK.signature(base.__name__) if base.__module__.partition(".")[0] == HOME else None
        if known is not None:
            signature, ndim = known
            words = [one.word for one in signature.parameters if one.means]
            return READER.described(place, signature, ndim, {word: getattr(layer, word) for word in words})
    return None


def single(layer: Any, input_size: SizeLike | None) -> Found | None:
    """The layer that a layer of Keras's is; None where it is a model, or no layer that can be drawn.

    Without an `input_size`, that of the model counts which the layer is part of.
    """
    name = type(layer).__name__
    description = described(layer, name)
    return None if description is None else _found(layer.name, layer, description, input_size, (name,))


def inside(model: Any) -> list[Found]:
    """The layers of a model, in its order, and those of the models that it is made of.

    Raises:
        InputError: there is none.
    """
    found: list[Found] = []
    before: list[str] = []
    for layer in _parts(model):
        kind = type(layer).__name__
        chain = (kind, *_activation(layer))
        description = described(layer, f"{layer.name}: {kind}")
        if description is not None:
            name = unique(layer.name, [one.name for one in found])
            found.append(_found(name, layer, description, None, chain if found else (*before, *chain)))
        elif found:
            found[-1] = replace(found[-1], chain=(*found[-1].chain, *chain))
        elif kind != "InputLayer":
            before.extend(chain)
    if not found:
        raise wrong("layer", type(model).__name__, "is or holds no layer that can be drawn")
    return found


def _parts(model: Any) -> Iterator[Any]:
    for part in getattr(model, "layers", ()):
        yield from _parts(part) if getattr(part, "layers", None) else (part,)


def _activation(layer: Any) -> tuple[str, ...]:
    """The activation that a layer has built in."""
    name = getattr(getattr(layer, "activation", None), "__name__", "linear")
    return () if name == "linear" else (name,)


def _reaching(layer: Any) -> tuple[int, ...] | None:
    """The size of the input that reaches a layer of a model, along its axes; None where it is not known."""
    try:
        shape = layer.input.shape
    except AttributeError:  # Keras's word for a layer that is part of no model
        return None
    size = shape[2:] if layer.data_format == "channels_first" else shape[1:-1]
    return None if None in size else tuple(size)


def _found(name: str, layer: Any, description: Description, size: SizeLike | None, chain: tuple[str, ...]) -> Found:
    deep = hasattr(layer, "depth_multiplier")
    stored = getattr(layer, "depthwise_kernel", None)
    if stored is None:
        stored = getattr(layer, "kernel", None)
    groups = int(stored.shape[-2]) if deep and stored is not None else int(getattr(layer, "groups", 1))

    def weights() -> Array:
        if stored is None:
            raise wrong("channel", MISSING, "must be left out: the layer has no weights before it is built")
        import numpy as np

        numbers: Array = np.asarray(library("keras").ops.convert_to_numpy(stored))
        if deep:  # (*kernel_size, input channels, outputs for each of them)
            return np.moveaxis(numbers, (-2, -1), (0, 1)).reshape(-1, 1, *numbers.shape[:-2])
        # (*kernel_size, input channels, output channels), or of a transposed one, the other way round.
        return np.moveaxis(numbers, (-1, -2) if description.signature.layer == "conv" else (-2, -1), (0, 1))

    reaching = _reaching(layer) if size is None else size
    return Found(name, description, reaching, chain, weights if description.kind.has_weight else None, groups)
