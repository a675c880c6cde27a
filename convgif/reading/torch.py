"""PyTorch: its layers, those of a module, and those that an input meets on its way through a model.

>>> signature, ndim = FRAMEWORK.signature("Conv2d")
>>> READER.described("Conv2d", signature, ndim, {"kernel_size": 3, "padding": "same"}).layer(5).padding
(1, 1)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from convgif.arithmetic.layer import SizeLike
from convgif.errors import wrong
from convgif.frameworks.pytorch import FRAMEWORK
from convgif.reading.found import Found, library, of_transposed, unique
from convgif.reading.signatures import (
    Description,
    Reader,
    Values,
    halves,
    in_numbers,
    sides,
    spans,
)

if TYPE_CHECKING:
    from convgif.arithmetic.numbers import Array

HOME: Final = "torch.nn.modules"
"""Where the classes of its layers live."""


def convolution(values: Values, size: tuple[int, ...]) -> Values:
    """A convolution, whose padding may be a word: `same` keeps the size, the odd zero at the end."""
    given = values["padding"]
    if not isinstance(given, str):
        return in_numbers(values, size)
    if given == "valid":
        totals = [0] * len(size)
    elif given == "same":
        if {*values["stride"]} != {1}:
            raise wrong("padding", given, "needs a stride of 1")
        totals = [span - 1 for span in spans(values)]
    else:
        raise wrong("padding", given, "must be a number, one for each axis, same or valid")
    return {**values, "padding": sides(halves(totals))}


READER: Final = Reader(
    FRAMEWORK,
    {"conv": convolution, "conv_transpose": in_numbers, "max_pool": in_numbers, "avg_pool": in_numbers},
)


def described(module: Any, place: str) -> Description | None:
    """A module as its arguments describe it; None where it is none of the layers that can be drawn."""
    for base in type(module).__mro__:
        known = FRAMEWORK.signature(base.__name__) if base.__module__.startswith(HOME) else None
        if known is not None:
            signature, ndim = known
            words = [one.word for one in signature.parameters if one.means]
            values = {word: getattr(module, word) for word in words if hasattr(module, word)}
            return READER.described(place, signature, ndim, values)
    return None


def single(module: Any, input_size: SizeLike) -> Found | None:
    """The layer that a module is; None where it is another module, which may hold some."""
    name = type(module).__name__
    if not isinstance(module, library("torch").nn.Module):
        raise wrong("module", module, "must be a module of PyTorch")
    description = described(module, name)
    return None if description is None else _found(name, module, description, input_size, (name,))


def _found(
    name: str,
    module: Any,
    description: Description,
    size: SizeLike,
    chain: tuple[str, ...],
    gives: tuple[int, ...] | None = None,
) -> Found:
    groups = int(getattr(module, "groups", 1))

    def weights() -> Array:
        if module.weight.is_complex() or module.weight.is_meta:
            words = "complex weights, which cannot be drawn" if module.weight.is_complex() else "no weights yet"
            raise wrong("module", name, f"has {words}")
        numbers: Array = module.weight.detach().cpu().double().numpy()
        return of_transposed(numbers, groups) if module.transposed else numbers

    return Found(name, description, size, chain, weights if description.kind.has_weight else None, groups, gives)


class Meeting(NamedTuple):
    """What an input met: a module by its path, and the shapes of what it took and gave."""

    path: str
    module: Any
    taken: tuple[int, ...]
    given: tuple[int, ...]


def along(model: Any, input_size: Any) -> list[Found]:
    """The layers that an input meets on its way through a model, in that order; the model is run once.

    `input_size` is the size of the input: of its axes alone, or with the channels, or with the batch before them; or it
    is an input itself. The model is left as it was.

    Raises:
        InputError: the model fails on such an input, or holds no layer that can be drawn.
    """
    torch = library("torch")
    if any(map(torch.nn.parameter.is_lazy, model.parameters())):
        raise wrong("module", type(model).__name__, "has lazy layers; call it once with an input, which makes them")
    example = _example(torch, model, input_size)
    met: list[Meeting] = []

    def keep(name: str) -> Any:
        def hook(module: Any, given: tuple[Any, ...], named: Mapping[str, Any], result: Any) -> None:
            inputs = [*given, *named.values()]
            met.append(Meeting(name, module, _shape(inputs), _shape([result])))

        return hook

    leaves = [(name, part) for name, part in model.named_modules() if not any(part.children()) or described(part, "")]
    training = [part for part in model.modules() if part.training]
    hooks = [part.register_forward_hook(keep(name), with_kwargs=True) for name, part in leaves]
    try:
        model.eval()
        with torch.no_grad():
            model(example)
    except Exception as error:  # whatever a model of someone else's may raise
        said = str(error).strip().partition("\n")[0]
        raise wrong("input_size", tuple(example.shape), f"the model fails on it: {said}") from error
    finally:
        for hook in hooks:
            hook.remove()
        for part in training:
            part.training = True
    return _collected(met, type(model).__name__)


def _collected(met: Iterable[Meeting], title: str) -> list[Found]:
    """The layers that were met, each with the names of the modules behind it; the first, with those before it too."""
    found: list[Found] = []
    before: list[str] = []
    for path, module, taken, given in met:
        kind = type(module).__name__
        description = described(module, f"{path}: {kind}" if path else kind)
        if description is not None:
            name = unique(path or kind, [one.name for one in found])
            chain = (kind,) if found else (*before, kind)
            found.append(_found(name, module, description, taken[-description.ndim :], chain, given))
        elif found:
            found[-1] = replace(found[-1], chain=(*found[-1].chain, kind))
        else:
            before.append(kind)
    if not found:
        others = f": {', '.join(before)}" if before else ""
        raise wrong("module", title, f"holds no layer that can be drawn{others}")
    return found


def _shape(values: Any) -> tuple[int, ...]:
    """The shape of the first tensor among some values, or within them."""
    for value in values:
        if hasattr(value, "shape"):
            return tuple(value.shape)
        if isinstance(value, (tuple, list)) and (inner := _shape(value)):
            return inner
    return ()


def _example(torch: Any, model: Any, input_size: Any) -> Any:
    """An input for the model; zeros where only its size is given."""
    if isinstance(input_size, torch.Tensor):
        return input_size
    ndim, channels = _expected(model)
    sizes = (input_size,) * ndim if type(input_size) is int else tuple(input_size)
    if not all(type(size) is int and size >= 1 for size in sizes) or not ndim <= len(sizes) <= ndim + 2:
        words = f"must be {ndim} sizes, which channels, or a batch and channels, may precede; or an input"
        raise wrong("input_size", input_size, words)
    shape = (*(1, channels)[: ndim + 2 - len(sizes)], *sizes)
    like = next(model.parameters(), torch.zeros(()))
    try:
        return torch.zeros(shape, dtype=like.dtype, device=like.device)
    except RuntimeError:  # PyTorch's word for memory that is not there
        raise wrong("input_size", input_size, "is too large for an input of it to be made") from None


def _expected(model: Any) -> tuple[int, int]:
    """The axes and the channels that a model's first layer asks for; one channel where it takes any number."""
    parts = [(part, description) for part in model.modules() if (description := described(part, ""))]
    if not parts:
        raise wrong("module", type(model).__name__, "holds no layer that can be drawn")
    channels = next((part.in_channels for part, _ in parts if hasattr(part, "in_channels")), 1)
    return parts[0][1].ndim, channels
