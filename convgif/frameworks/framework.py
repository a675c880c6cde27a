"""What a framework says of itself: what it calls each kind of layer, and its arguments, their order and their defaults.

Both directions go by that one table: a layer is written in a framework's words, and read from them.

>>> size = Parameter("size", "kernel_size")
>>> channels, step = Parameter("channels"), Parameter("step", "stride", 1)
>>> double = Signature(("Double{ndim}d",), "conv", (channels, size, step, Parameter("name", default="")))
>>> double.written({"kernel_size": (3, 3), "stride": (1, 1)})
'Double2d(channels, size=3)'
>>> double.written({"kernel_size": (3,), "stride": (2,)}, home="toys")
'toys.Double1d(channels, size=3, step=2)'
>>> double.ndim_of("Double2d"), double.ndim_of("Double")
(2, None)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from convgif.arithmetic.adaptive import OUTPUT_SIZE as OUTPUT
from convgif.arithmetic.channels import GROUPS, IN_CHANNELS, OUT_CHANNELS
from convgif.arithmetic.layer import KERNEL_SIZE, STRIDE, Layer
from convgif.arithmetic.sentences import short
from convgif.options import REQUIRED

OUTPUT_SIZE: Final = OUTPUT.name
"""Our name for the size that some layers are given instead of their kernel's."""
OF_CHANNELS: Final = (IN_CHANNELS.name, OUT_CHANNELS.name, GROUPS.name)
"""Our names for arguments that change no size along an axis."""


@dataclass(frozen=True)
class Parameter:
    """An argument of a framework's layer: its word there, our name for it, and its default there.

    Without a name of ours, nothing that is drawn depends on it. A single number stands for all axes, and a stride that
    is None by default is as large as the kernel.
    """

    word: str
    means: str = ""
    default: Any = REQUIRED

    def is_usual(self, values: Mapping[str, Any]) -> bool:
        """Whether the value under our name, with one number an axis if it is a size, is the default."""
        value, usual = values[self.means], self.default
        if self.means == STRIDE.name and usual is None:
            usual = values[KERNEL_SIZE.name]
        return bool(value == ((usual,) * len(value) if isinstance(value, tuple) and type(usual) is int else usual))


@dataclass(frozen=True)
class Signature:
    """How a framework makes one kind of layer: its names there, `{ndim}` for the axes, our kind, and its arguments.

    The arguments stand in the framework's order, and those that must be named come behind the first `positional`.
    `axes` are the numbers of axes that there are such layers for. The first name is the one that is written; names that
    say nothing of axes leave it to the numbers of the kernel.
    """

    names: tuple[str, ...]
    layer: str
    parameters: tuple[Parameter, ...]
    positional: int | None = None
    axes: tuple[int, ...] = (1, 2, 3)

    def ndim_of(self, name: str) -> int | None:
        """The number of axes of the layer of that name; None for another layer."""
        return next((ndim for ndim in self.axes if name in self.spelled(ndim)), None)

    def spelled(self, ndim: int) -> tuple[str, ...]:
        """The names over so many axes."""
        return tuple(name.format(ndim=ndim) for name in self.names)

    @property
    def kernel(self) -> Parameter | None:
        """The argument that is the kernel's size; None where there is none."""
        return next((one for one in self.parameters if one.means == KERNEL_SIZE.name), None)

    def counted(self, values: Mapping[str, Any]) -> int:
        """The number of axes, where no name says it, by the framework's words: that of the kernel's numbers."""
        kernel = None if self.kernel is None else values.get(self.kernel.word)
        return len(kernel) if isinstance(kernel, (tuple, list)) else 1

    def given(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The kernel, and of the other values those that are not the default, by the framework's words."""
        return {
            one.word: values[one.means]
            for one in self.parameters
            if one.means in values and (one == self.kernel or not one.is_usual(values))
        }

    def written(self, values: Mapping[str, Any], home: str = "", *, short_sizes: bool = True) -> str:
        """The call as Python has it: what must stand before the kernel is not named, and stands for itself if unknown.

        Where the framework takes no single number for all axes, sizes are written out.
        """
        own = self.given(values)
        needed = [one.word for one in self.parameters if one.default is REQUIRED]
        first = [one.word for one in self.parameters[: self.parameters.index(self.kernel)]] if self.kernel else []
        before = [word for word in needed if word in first]
        leading = [str(own.pop(word, word)) for word in before]
        trailing = {word: Name(word) for word in needed if word not in (*before, *own)}
        ndim = len(values[KERNEL_SIZE.name] if KERNEL_SIZE.name in values else values[OUTPUT_SIZE])
        name = self.spelled(ndim)[0]
        arguments = {**own, **trailing}
        if not short_sizes:
            arguments = {
                word: Name(repr(value)) if isinstance(value, tuple) else value for word, value in arguments.items()
            }
        return in_python(f"{home}.{name}" if home else name, *leading, **arguments)


class Name(str):
    """A text that is written as it is."""


def in_python(name: str, *leading: str, **arguments: Any) -> str:
    """A call of Python; a size is one number where it is the same along all axes.

    >>> in_python("f", "x", size=(2, 2), other=(2, 1), padding="same", sides=((1, 0), (1, 0)))
    'f(x, size=2, other=(2, 1), padding="same", sides=((1, 0), (1, 0)))'
    """
    words = (f"{word}={_literal(value)}" for word, value in arguments.items())
    return f"{name}({', '.join((*leading, *words))})"


def _literal(value: Any) -> str:
    if isinstance(value, Name):
        return value
    if isinstance(value, str):
        return json.dumps(value)
    return repr(short(value) if isinstance(value, tuple) and isinstance(value[0], int) else value)


def told(layer: Layer) -> dict[str, Any]:
    """What there is to say of a layer: its arguments, those of channels only where there are several."""
    single = layer.channels.single
    return {name: value for name, value in layer.arguments().items() if not (single and name in OF_CHANNELS)}


class Wording(NamedTuple):
    """A layer in a framework's words: one line of code or several, one after the other, and what to know of them.

    Without any lines the framework has no such layer, and the note says why.
    """

    lines: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Framework:
    """A framework: its name, what people call it, where its layers are imported from, how they are made and written.

    `write` is given a layer and the first signature of its kind over its axes. What there is none for, the framework
    has not.
    """

    name: str
    title: str
    homes: tuple[str, ...]
    signatures: tuple[Signature, ...]
    write: Callable[[Layer, Signature], Wording]

    @property
    def home(self) -> str:
        """The shortest of its homes; empty if it has none."""
        return min(self.homes, key=len, default="")

    def wording(self, layer: Layer) -> Wording:
        """The layer in the framework's words."""
        for signature in self.signatures:
            if signature.layer == layer.name and layer.ndim in signature.axes:
                return self.write(layer, signature)
        return Wording((), f"has no {layer.title}")

    def signature(self, name: str) -> tuple[Signature, int] | None:
        """How the layer of that name is made, and its number of axes; None if there is none."""
        for signature in self.signatures:
            if ndim := signature.ndim_of(name):
                return signature, ndim
        return None

    def names(self) -> Iterator[str]:
        """What all of its layers are called."""
        for signature in self.signatures:
            for ndim in signature.axes:
                yield from signature.spelled(ndim)


def without_effect(*words: str, default: Any = None) -> tuple[Parameter, ...]:
    """Arguments that nothing that is drawn depends on."""
    return tuple(Parameter(word, default=default) for word in words)
