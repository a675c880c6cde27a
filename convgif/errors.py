"""The errors that convgif raises on purpose, written to be read by people.

Wrong input is an `InputError`: it holds every `Problem` that was found. A problem is data: the field that is wrong, its
value, and the rule that it breaks, which may mention other fields. Whoever shows a problem spells the fields: as
arguments of Python, as keys of a TOML file, or as flags of the command line.

>>> problem = Problem("kernel_size", (9, 9), rule("does not fit; ", Mention("padding", (2, 2)), " would make it fit"))
>>> print(problem)
kernel_size = (9, 9): does not fit; padding = (2, 2) would make it fit
>>> print(problem.text(as_key))
kernel_size = [9, 9]: does not fit; padding = [2, 2] would make it fit
>>> print(problem.text(as_flag))
--kernel-size 9x9: does not fit; --padding 2x2 would make it fit
>>> print(InputError([Problem("stride", 0, "must be an integer >= 1")]).at("mine.toml: [blur]"))
mine.toml: [blur] stride = 0: must be an integer >= 1
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final


class _Missing(Enum):
    """A single value that stays itself when it is sent to another process."""

    MISSING = "no value"


MISSING: Final = _Missing.MISSING
"""Stands for the value in a problem that is about the field itself."""

Spelling = Callable[[str, object], str]
"""How a field is written, alone (its value MISSING) or with a value."""


@dataclass(frozen=True)
class Mention:
    """A field that a rule speaks of, alone or with a value."""

    field: str
    value: object = MISSING


Rule = str | tuple[str | Mention, ...]
"""A sentence, or its parts where it mentions fields."""


def rule(*parts: str | Mention) -> Rule:
    """A rule that mentions fields."""
    return parts


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: which field, its value, and the rule with the remedy.

    The field of a part is written with dots (`colors.input`); a problem of no field has the empty name. `place` is
    where it was found, outermost first, and `spelling` how that place writes its fields, once it is known.
    """

    field: str
    value: object
    rule: Rule
    place: str = ""
    spelling: Spelling | None = None

    def text(self, spelling: Spelling) -> str:
        """The problem on one line, all of it `visible`; a place that writes fields its own way is followed in that."""
        spelled = self.spelling or spelling
        subject = spelled(cut(self.field), self.value) if self.field else ""
        parts = (self.rule,) if isinstance(self.rule, str) else self.rule
        words = "".join(part if isinstance(part, str) else spelled(part.field, part.value) for part in parts)
        return visible(" ".join(part for part in (self.place, f"{subject}: {words}" if subject else words) if part))

    def __str__(self) -> str:
        return self.text(as_argument)

    def at(self, place: str, spelling: Spelling | None = None) -> Problem:
        """The same problem, seen from one place further out."""
        return replace(self, place=f"{place} {self.place}".strip(), spelling=self.spelling or spelling)


class ConvgifError(Exception):
    """Something that convgif can explain went wrong; a failure unless a subclass says otherwise."""

    exit_code = 1


class InputError(ConvgifError, ValueError):
    """The input is wrong; `problems` holds all that was found."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def text(self, spelling: Spelling) -> str:
        """All problems, a line each."""
        return "\n".join(problem.text(spelling) for problem in self.problems)

    def __str__(self) -> str:
        return self.text(as_argument)

    def at(self, place: str, spelling: Spelling | None = None) -> InputError:
        """The same error with `place` put before every problem."""
        return InputError(problem.at(place, spelling) for problem in self.problems)


def wrong(field: str, value: object, rule: Rule) -> InputError:
    """An error with a single problem."""
    return InputError([Problem(field, value, rule)])


def as_argument(field: str, value: object) -> str:
    """A field as an argument of Python.

    >>> as_argument("stride", (2, 1))
    'stride = (2, 1)'
    """
    return field if value is MISSING else f"{field} = {shortened(value)}"


def as_key(field: str, value: object) -> str:
    """A field as a key of a TOML file.

    >>> as_key("stride", (2, 1)), as_key("labels", True), as_key("title", "a")
    ('stride = [2, 1]', 'labels = true', 'title = "a"')
    """
    if value is MISSING:
        return field
    try:
        return f"{field} = {cut(json.dumps(value, ensure_ascii=False))}"
    except (TypeError, ValueError, RecursionError):
        return as_argument(field, value)


def as_flag(field: str, value: object) -> str:
    """A field as a flag of the command line.

    >>> as_flag("kernel_size", (3, 4)), as_flag("colors.input", "#fff"), as_flag("labels", True)
    ('--kernel-size 3x4', '--colors input=#fff', '--labels')
    """
    name, _, part = field.partition(".")
    flag = f"{flag_of(name)} {part}" if part else flag_of(name)
    if value is MISSING or value is True:
        return flag
    if value is False:
        return flag_of(f"no_{name}")
    return f"{flag}{'=' if part else ' '}{typed(value)}"


def flag_of(field: str) -> str:
    """The flag of a field.

    >>> flag_of("kernel_size")
    '--kernel-size'
    """
    return "--" + field.replace("_", "-")


def typed(value: object) -> str:
    """A value as people type it on the command line.

    >>> typed((3, 4)), typed((3,)), typed(((0, 1), (2, 2))), typed("")
    ('3x4', '3,', '0:1x2:2', "''")
    """
    if isinstance(value, (tuple, list)) and value and all(_is_pair(part) for part in value):
        return "x".join(":".join(map(str, pair)) for pair in value)
    if isinstance(value, (tuple, list)) and value and all(type(size) is int for size in value):
        return "x".join(map(str, value)) if len(value) > 1 else f"{value[0]},"
    return cut(" ".join(value.split())) or "''" if isinstance(value, str) else shortened(value)


def _is_pair(part: object) -> bool:
    return isinstance(part, (tuple, list)) and len(part) == 2 and all(type(size) is int for size in part)


LONGEST_VALUE: Final = 60
"""Characters of a value that a message shows."""
LONGEST_LIST: Final = 8
"""Names that a message lists."""


def shortened(value: object) -> str:
    """`value` on one line, cut where it is too long to read.

    >>> shortened((3, 4)), shortened("3x"), shortened([1] * 99)
    ('(3, 4)', "'3x'", '[1, 1, 1, 1, 1, 1, 1, 1, 1, ... 1, 1, 1, 1, 1, 1, 1, 1, 1]')
    """
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # Python writes no integer of more than 4,300 digits
        text = "an integer of thousands of digits"
    except RecursionError:
        text = "a value that is nested too deeply"
    except Exception:  # whatever its class does
        text = f"a value of {type(value).__name__} that cannot be shown"
    return cut(text)


def cut(text: str) -> str:
    """A text of at most `LONGEST_VALUE` characters: its beginning, and its end, which of a path tells most.

    >>> cut("/home/anna/" + "lectures/" * 9 + "out/dilation.gif")
    '/home/anna/lectures/lectures ... s/lectures/out/dilation.gif'
    """
    if len(text) <= LONGEST_VALUE:
        return text
    half = LONGEST_VALUE // 2
    return f"{text[: half - 2].rstrip()} ... {text[3 - half :].lstrip()}"


def visible(text: str) -> str:
    r"""A text that may come from anywhere, on one line: what a terminal would obey and not show is spelled out.

    >>> print(visible("a\x1b[2J\nb"))
    a\x1b[2J\nb
    """
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in text)


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """A remedy for an unknown word: the nearest known one, or else what is known.

    >>> did_you_mean("knernel_size", ["kernel_size", "stride"])
    'did you mean kernel_size?'
    >>> did_you_mean("xyz", ["gif", "png"])
    'known are gif, png'
    """
    import difflib  # takes its time to load, and is needed by mistakes only

    known = sorted(known)
    near = difflib.get_close_matches(word, known, n=1) if isinstance(word, str) else []
    if near:
        return f"did you mean {near[0]}?"
    more = f" and {len(known) - LONGEST_LIST} more" if len(known) > LONGEST_LIST else ""
    return f"known are {', '.join(known[:LONGEST_LIST])}{more}"


def either(words: Iterable[str]) -> str:
    """Words as alternatives.

    >>> either(["a"]), either(["a", "b", "c"])
    ('a', 'a, b or c')
    """
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
