"""The errors that convgif raises on purpose, written to be read by people.

Wrong input is an `InputError`: it holds every `Problem` that was found, each with the key that is wrong, its
value and the rule that it breaks. Whoever knows the place (a preset file, an option) says so with `at` when the
error passes through.

>>> problem = Problem("stride", 0, "must be an integer >= 1")
>>> print(problem)
stride = 0: must be an integer >= 1
>>> print(InputError([problem]).at("mine.toml: [blur]"))
mine.toml: [blur] stride = 0: must be an integer >= 1
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final


class _Missing(Enum):
    """A single value that stays itself when it is sent to another process."""

    MISSING = "no value"


MISSING: Final = _Missing.MISSING
"""Stands for the value in a problem that is about the key itself."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: which key, its value, and the rule with the remedy."""

    key: str
    value: object
    rule: str
    place: str = ""

    def __str__(self) -> str:
        subject = self.key if self.value is MISSING else f"{self.key} = {shown(self.value)}"
        return " ".join(part for part in (self.place, f"{subject}: {self.rule}" if subject else self.rule) if part)

    def at(self, place: str) -> Problem:
        """The same problem, seen from one place further out."""
        return replace(self, place=f"{place} {self.place}".strip())


class ConvgifError(Exception):
    """Something that convgif can explain went wrong; a failure unless a subclass says otherwise."""

    exit_code = 1


class InputError(ConvgifError, ValueError):
    """The input is wrong; `problems` holds all that was found."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    def at(self, place: str) -> InputError:
        """The same error with `place` put before every problem."""
        return InputError(problem.at(place) for problem in self.problems)


def wrong(key: str, value: object, rule: str) -> InputError:
    """An error with a single problem."""
    return InputError([Problem(key, value, rule)])


MANY: Final = 8
"""As many names as a message may list."""


def shown(value: object) -> str:
    """`value` on one line, cut where it is too long to read.

    >>> shown((3, 4)), shown("3x"), shown([1] * 99)
    ('(3, 4)', "'3x'", '[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ...')
    """
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # Python writes no integer of more than 4,300 digits
        text = "an integer of thousands of digits"
    return text if len(text) <= 60 else text[:57].rstrip() + " ..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy for an unknown word: the nearest known one, or else what is known.

    >>> did_you_mean("knernel_size", ["kernel_size", "stride"])
    'did you mean kernel_size?'
    >>> did_you_mean("xyz", ["gif", "png"])
    'known are gif, png'
    """
    known = sorted(known)
    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return f"did you mean {near[0]}?"
    more = f" and {len(known) - MANY} more" if len(known) > MANY else ""
    return f"known are {', '.join(known[:MANY])}{more}"
