"""ONNX: its operators, and the nodes of a model's graph that they are.

>>> signature, _ = FRAMEWORK.signature("Conv")
>>> values = {"kernel_shape": (3, 3), "strides": (2, 2), "auto_pad": "SAME_UPPER"}
>>> READER.described("Conv", signature, 2, values).layer(5).padding
(1, 1)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, Final

from convgif.arithmetic.layer import SizeLike
from convgif.errors import MISSING, InputError, Problem, wrong
from convgif.frameworks.framework import Signature
from convgif.frameworks.onnx import (
    AUTO_PAD,
    AUTO_PADS,
    CEIL_MODE,
    COUNT_INCLUDE_PAD,
    FRAMEWORK,
    GROUP,
    KERNEL_SHAPE,
    PADS,
)
from convgif.reading.found import Found, library, of_transposed, unique
from convgif.reading.signatures import (
    PADDED,
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
from convgif.registry import LAYERS
from convgif.sources import readable

if TYPE_CHECKING:
    from convgif.arithmetic.numbers import Array

NOTSET, UPPER, LOWER, _ = AUTO_PADS


def _pairs(padding: Any) -> list[Pair]:
    """Padding before and after every axis, where it may be given for both at once."""
    return [one if isinstance(one, tuple) else (one, one) for one in padding]


def _word(values: Values) -> str:
    word = values[AUTO_PAD]
    if word not in AUTO_PADS:
        raise wrong(AUTO_PAD, word, f"must be one of {', '.join(AUTO_PADS)}")
    return str(word)


def _shown(values: Values) -> object:
    """What says how a node pads: a word, or its `pads` as ONNX writes them."""
    pairs = _pairs(values[PADDED])
    return values[AUTO_PAD] if values[AUTO_PAD] != NOTSET else [*(one for one, _ in pairs), *(b for _, b in pairs)]


def sliding(values: Values, size: tuple[int, ...]) -> Values:
    """Convolution and pooling: `pads` says how much, or `auto_pad` why."""
    word = _word(values)
    if word in (UPPER, LOWER):
        pairs = halves(covering(values, size), odd_first=word == LOWER)
    else:
        pairs = _pairs(values[PADDED]) if word == NOTSET else [(0, 0)] * len(size)
    others = {name: value for name, value in values.items() if name != AUTO_PAD}
    return {**others, PADDED: sides(pairs)}


def transposed(values: Values, size: tuple[int, ...]) -> Values:
    """A transposed convolution: `pads` says how much is cut, or what `output_shape` or `auto_pad` ask for."""
    word, added = _word(values), values["output_padding"]
    wanted = values["output_shape"]
    if wanted is None and word in (UPPER, LOWER):
        wanted = tuple(i * s for i, s in zip(size, values["stride"], strict=True))
    if wanted is None:
        pairs = _pairs(values[PADDED]) if word == NOTSET else [(0, 0)] * len(size)
    else:
        uncut = [
            (i - 1) * s + more + span
            for i, s, more, span in zip(size, values["stride"], added, spans(values), strict=True)
        ]
        totals = [most - least for most, least in zip(uncut, wanted[-len(size) :], strict=True)]
        pairs = halves(totals, odd_first=word != UPPER)
    others = {name: value for name, value in values.items() if name not in (AUTO_PAD, "output_shape")}
    return cut(others, pairs, added, _shown(values))


READER: Final = Reader(
    FRAMEWORK,
    {"conv": sliding, "conv_transpose": transposed, "max_pool": sliding, "avg_pool": sliding},
)
FLAGS: Final = (CEIL_MODE.word, COUNT_INCLUDE_PAD.word)
"""Attributes that are numbers there, and true or false here."""
IN_PASSING: Final = ("Constant", "Identity")
"""Operators that are not worth a name."""


# Models

LARGEST_MODEL: Final = 1 << 31
"""Bytes: a file of ONNX, which is one message of protobuf, has no more."""


def inside(model: Any, input_size: SizeLike | None = None) -> list[Found]:
    """The nodes of a model, or of the file of one, in its order.

    Without an `input_size`, each node has the one that the model gives.

    Raises:
        InputError: the file cannot be read; or there is no node that can be drawn.
        ConvgifError: ONNX is not installed.
    """
    onnx = library("onnx")
    name = "the model"
    if isinstance(model, (str, PathLike)):
        name = fspath(model)
        model = _loaded(onnx, name)
    elif not isinstance(model, onnx.ModelProto):
        raise wrong("model", model, "must be a model of ONNX, or the path of its file")
    graph = onnx.shape_inference.infer_shapes(model).graph
    shapes = {value.name: _shape(value) for value in (*graph.input, *graph.value_info, *graph.output)}
    stored = _stored(graph)
    found: list[Found] = []
    before: list[str] = []
    for node in graph.node:
        kind = node.op_type
        if (known := FRAMEWORK.signature(kind)) and node.domain in ("", "ai.onnx"):
            own = unique(node.name or kind, [one.name for one in found])
            chain = (kind,) if found else (*before, kind)
            description, weights, groups = _described(onnx, own, node, known[0], stored, shapes)
            size = _size(shapes.get(node.input[0], ())) if input_size is None else input_size
            found.append(Found(own, description, size, chain, weights, groups))
        elif kind in IN_PASSING:
            continue
        elif found:
            found[-1] = replace(found[-1], chain=(*found[-1].chain, kind))
        else:
            before.append(kind)
    if not found:
        raise wrong("model", name, "holds no node that can be drawn")
    return found


def _loaded(onnx: Any, path: str) -> Any:
    try:
        return onnx.load(readable(path, LARGEST_MODEL))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError([Problem("", MISSING, f"cannot be read: {reason}", f"{path}:")]) from None
    except Exception as error:  # protobuf has a class of its own for what is no message
        if type(error).__name__ != "DecodeError":
            raise
        raise InputError([Problem("", MISSING, "is no model of ONNX", f"{path}:")]) from None


def _stored(graph: Any) -> Mapping[str, Any]:
    """The tensors that are part of a model, by name."""
    constants = (node for node in graph.node if node.op_type == "Constant")
    tensors = {node.output[0]: one.t for node in constants for one in node.attribute if one.HasField("t")}
    return {**tensors, **{tensor.name: tensor for tensor in graph.initializer}}


def _shape(value: Any) -> tuple[int | None, ...]:
    """The shape of a value, with None for what is not known."""
    dims = value.type.tensor_type.shape.dim
    return tuple(dim.dim_value if dim.HasField("dim_value") else None for dim in dims)


def _described(
    onnx: Any,
    name: str,
    node: Any,
    signature: Signature,
    stored: Mapping[str, Any],
    shapes: Mapping[str, Any],
) -> tuple[Description, Callable[[], Array] | None, int]:
    """A node as its attributes describe it, its weights where it has any, and its groups."""
    attributes = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    weight = stored.get(node.input[1]) if LAYERS[signature.layer].has_weight else None
    kernel = () if weight is None else tuple(weight.dims[2:])
    ndim = len(attributes.get("kernel_shape", kernel)) or max(1, len(shapes.get(node.input[0], ())) - 2)
    values = {word: _value(word, value, ndim) for word, value in attributes.items()}
    if kernel:
        values.setdefault(KERNEL_SHAPE.word, kernel)
    groups = attributes.get(GROUP.word, 1)
    description = READER.described(f"{name}: {node.op_type}", signature, ndim, values)

    def weights() -> Array:
        if weight is None:
            raise wrong("channel", MISSING, "must be left out: the weights are computed, and no part of the model")
        numbers: Array = onnx.numpy_helper.to_array(weight)
        return of_transposed(numbers, groups) if signature.layer == "conv_transpose" else numbers

    return description, weights if description.kind.has_weight else None, groups


def _value(word: str, value: Any, ndim: int) -> Any:
    """An attribute as arguments are here."""
    if isinstance(value, bytes):
        return value.decode()
    if word in FLAGS:
        return bool(value)
    if word == PADS.word and len(value) == 2 * ndim:
        return tuple(zip(value[:ndim], value[ndim:], strict=True))
    return tuple(value) if isinstance(value, Sequence) else value


def _size(shape: tuple[int | None, ...]) -> tuple[int, ...] | None:
    """The size along the axes, behind batch and channels; None where it is not known."""
    known = tuple(size for size in shape[2:] if size is not None)
    return known if known and len(known) == len(shape) - 2 else None
