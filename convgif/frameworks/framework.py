"""What a framework says of itself: what it calls each kind of layer, its arguments and their defaults.

>>> double = Call("Double{ndim}d", {"kernel_size": Argument("size"), "stride": Argument("step", 1)}, ("channels",))
>>> double.written({"kernel_size": (3, 3), "stride": (1, 1)})
'Double2d(channels, size=3)'
>>> double.written({"kernel_size": (3,), "stride": (2,)})
'Double1d(channels, size=3, step=2)'
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from convgif.arithmetic.layer import KERNEL_SIZE, Layer
from convgif.arithmetic.sentences import short
from convgif.options import REQUIRED


@dataclass(frozen=True)
class Argument:
    """What a framework calls an argument, and its default there; a single number stands for all axes.

    Where it is as large as another argument by default, `like` is our name for that one.
    """

    word: str
    default: Any = REQUIRED
    like: str = ""


@dataclass(frozen=True)
class Call:
    """How a kind of layer is made: its name, its arguments under our names for them, and what must come before them.

    In the name, `{ndim}` stands for the number of axes.
    """

    name: str
    arguments: Mapping[str, Argument]
    leading: tuple[str, ...] = ()

    def given(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of some values that are not the default, by the framework's words; sizes have one number an axis."""
        return {
            argument.word: values[name]
            for name, argument in self.arguments.items()
            if values[name] != self._usual(argument, values[name], values)
        }

    def _usual(self, argument: Argument, value: Any, values: Mapping[str, Any]) -> Any:
        """A default in the shape of a value."""
        if argument.like:
            return values[argument.like]
        return (argument.default,) * len(value) if isinstance(value, tuple) else argument.default

    def written(self, values: Mapping[str, Any]) -> str:
        """The call as Python has it."""
        name = self.name.format(ndim=len(values[KERNEL_SIZE.name]))
        return in_python(name, *self.leading, **self.given(values))


def in_python(name: str, *leading: str, **arguments: Any) -> str:
    """A call of Python; a size is one number where it is the same along all axes.

    >>> in_python("f", "x", size=(2, 2), other=(2, 1), padding="same", sides=((1, 0), (1, 0)))
    'f(x, size=2, other=(2, 1), padding="same", sides=((1, 0), (1, 0)))'
    """
    words = (f"{word}={_literal(value)}" for word, value in arguments.items())
    return f"{name}({', '.join((*leading, *words))})"


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value)
    return repr(short(value) if isinstance(value, tuple) and isinstance(value[0], int) else value)


class Wording(NamedTuple):
    """A layer in a framework's words: one line of code or several, one after the other, and what to know of them.

    Without any lines the framework has no such layer, and the note says why.
    """

    lines: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Framework:
    """A framework: its name, what people call it, its layers by our names for them, and how one is written.

    `write` is given a layer and how its kind is made. What `calls` lacks, the framework has not.
    """

    name: str
    title: str
    calls: Mapping[str, Call]
    write: Callable[[Layer, Call], Wording]

    def wording(self, layer: Layer) -> Wording:
        """The layer in the framework's words."""
        call = self.calls.get(layer.name)
        return Wording((), f"has no {layer.title}") if call is None else self.write(layer, call)
