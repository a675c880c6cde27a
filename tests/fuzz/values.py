"""Values of all kinds, sound ones and others."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, Final, TypeVar

import numpy as np

from convgif.drawing.roles import ROLES
from convgif.figure import Colors, FontPath, FrameRange, Map, Seed
from convgif.options import Decimal, Flag, Integer, Kind, Line, Option, Sides, Size, Word

T = TypeVar("T")

NOISE: Final = "\0\x1b\n\r\t\x85\u2028\u202e\ud800\udcffé字\U0001f600'\"\\{}[]()<>&;$`=,.:-+@#%*?/ \N{NO-BREAK SPACE}"
"""Characters that mean something to somebody."""


def deep(depth: int) -> Any:
    """A list in a list in a list."""
    nested: Any = 1
    for _ in range(depth):
        nested = [nested]
    return nested


ODD: Final[Sequence[Any]] = (
    *(None, True, False, -1, 0, 1, 2, 3, 10**9, 10**9 + 1, 2**63 - 1, 2**63, 10**5000, -(10**40)),
    *(
        0.5,
        1.5,
        -0.0,
        1e308,
        float("nan"),
        float("inf"),
        2j,
        b"3",
        "",
        "3",
        "same",
        "valid",
        "same_upper",
        "x" * 10_000,
    ),
    *((), (3,), (2, 3), (1, 2, 3), (1, 2, 3, 4), [2, 2], [[0, 1], [1, 0]], [[1], [2]], ((0, 1), 2), [1, "2"], {}),
    *({"input": "red"}, {"nowhere": "red"}, {1: 2}, {3}, range(3), object(), Exception, deep(50), deep(5000)),
    *(np.int64(3), np.float32(1.5), np.bool_(True), np.array([2, 2]), np.zeros((0, 3)), np.array("x"), np.nan),
)
"""What options are not meant for, or hardly."""


def text(chance: Random) -> str:
    """A short text of any characters."""
    return "".join(chance.choice(NOISE + "abcxyz019") for _ in range(chance.randrange(12)))


def size(chance: Random, least: int, axes: int) -> Any:
    """A size that may do: one number, or one an axis."""

    def one() -> int:
        return least + chance.choice((0, 0, 1, 1, 2, 2, 3, 4, 6))

    return one() if chance.random() < 0.6 else tuple(one() for _ in range(axes))


def sound(chance: Random, option: Option, axes: int = 2) -> Any:
    """A value that the kind of option may take."""
    kind: Kind = option.kind
    match kind:
        case Sides() if chance.random() < 0.3:
            return chance.choice((((0, 1), (1, 0)), "valid", "same", "same_upper", 1))
        case Size():
            return size(chance, kind.least, axes)
        case Flag():
            return chance.random() < 0.5
        case Seed() | Integer():
            most = kind.least + 5 if kind.most is None else kind.most
            return chance.choice((kind.least, kind.least + 1, chance.randint(kind.least, most), most))
        case Decimal():
            return chance.uniform(kind.least, kind.most)
        case Word():
            return chance.choice(kind.words)
        case Line():
            return chance.choice(("A title", "<b>&amp;", "שלום", text(chance)))
        case Map():
            rows = chance.randint(1, 5)
            return [[chance.choice((0, 1, 2.5, -3)) for _ in range(chance.choice((rows, 3)))] for _ in range(rows)]
        case Colors():
            return {chance.choice(sorted(ROLES)): chance.choice(("red", "#123", "#12345", "none", text(chance)))}
        case FontPath():
            return chance.choice(("/no/such.ttf", "a\0.otf", f"{text(chance)}.ttf"))
        case FrameRange():
            return chance.choice(("0:2", ":", "-3:", ":-1", "5:2", "99:"))
    return text(chance)


def anything(chance: Random, option: Option, axes: int = 2) -> Any:
    """A sound value, more often than not."""
    if chance.random() < 0.95:
        return sound(chance, option, axes)
    return chance.choice(ODD) if chance.random() < 0.8 else text(chance)


def noised(chance: Random, word: str) -> str:
    """A text with some characters put in, left out, doubled or replaced."""
    letters = list(word)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        place = chance.randrange(len(letters) + 1)
        part = chance.choice(("", chance.choice(NOISE), chance.choice("abc019"), "".join(letters[place : place + 3])))
        letters[place : place + chance.randrange(3)] = part
    return "".join(letters)


def mixed(chance: Random, parts: list[T], others: Sequence[T]) -> list[T]:
    """A list with some parts doubled, left out, moved, or taken from elsewhere."""
    made = list(parts)
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        place = chance.randrange(len(made) + 1)
        match chance.randrange(4):
            case 0:
                made[place:place] = made[place : place + 1]
            case 1:
                del made[place : place + 1]
            case 2:
                made.insert(place, chance.choice(others))
            case _:
                made[place : place + 1] = [chance.choice(others)]
    return made
