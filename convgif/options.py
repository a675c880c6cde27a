"""How an option is declared: its name, its kind of value, its meaning and its default, each once.

The arguments of layers, the options of figures and those of views are all declared so; Python, TOML, the command line,
its help, its errors and the JSON Schema are made from the declarations.

>>> stride = Option("stride", Size(least=1), "input elements from one window to the next", default=1)
>>> stride.checked([2, 1]), stride.read("2x1")
((2, 1), (2, 1))
>>> print(stride.problem(0))
stride = 0: must be an integer >= 1
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from convgif.errors import InputError, Problem, did_you_mean, either, flag_of, wrong


class _Required(Enum):
    """A single value that stays itself when it is sent to another process."""

    REQUIRED = "no default"


REQUIRED: Final = _Required.REQUIRED
"""Stands for the default of an option that must be given."""
LARGEST_SIZE: Final = 10**9
"""No figure is nearly as large, and sums of such sizes stay exact everywhere."""
LARGEST_INTEGER: Final = 2**63 - 1
"""TOML promises no larger ones."""

Schema = dict[str, Any]


class Kind(ABC):
    """What values of an option are: how they are checked, read from text, and described."""

    @property
    @abstractmethod
    def rule(self) -> str:
        """What a value must be: `must be ...`."""

    @abstractmethod
    def checked(self, value: object) -> Any:
        """The value as it is kept.

        Raises:
            ValueError: it breaks the rule, which the error states.
        """

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value that a text of the command line stands for, checked.

        Raises:
            ValueError: as `checked`.
        """

    @abstractmethod
    def schema(self) -> Schema:
        """The JSON Schema of a value."""

    @property
    def metavar(self) -> str:
        """What stands for a value in help."""
        return type(self).__name__.upper()

    @property
    def words(self) -> tuple[str, ...]:
        """The values, where they are some words."""
        return ()

    @property
    def words_complete(self) -> bool:
        """Whether a shell can complete a value from its `words`; asks for none of them."""
        return False

    def toml(self, value: Any) -> Any:
        """The value as TOML and JSON know it."""
        return value


@dataclass(frozen=True)
class Flag(Kind):
    """True or false."""

    @property
    def rule(self) -> str:
        return "must be true or false"

    def checked(self, value: object) -> bool:
        if isinstance(value, bool):
            return value
        raise ValueError(self.rule)

    def read(self, text: str) -> bool:
        if text in ("true", "false"):
            return text == "true"
        raise ValueError(self.rule)

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Integer(Kind):
    """An integer within bounds, both included."""

    least: int
    most: int | None = None

    @property
    def rule(self) -> str:
        if self.most is None:
            return f"must be an integer >= {self.least:,}"
        return f"must be an integer from {self.least:,} to {self.most:,}"

    @property
    def metavar(self) -> str:
        return "N"

    def checked(self, value: object) -> int:
        number = whole(value)
        if number is None or number < self.least or (self.most is not None and number > self.most):
            raise ValueError(self.rule)
        if number > LARGEST_INTEGER:
            raise ValueError(f"must be at most {LARGEST_INTEGER:,}")
        return number

    def read(self, text: str) -> int:
        return self.checked(_integer(text))

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, **({} if self.most is None else {"maximum": self.most})}


@dataclass(frozen=True)
class Decimal(Kind):
    """A finite number within bounds; `least` is excluded where it is said to be."""

    least: float
    most: float
    excluded: bool = False

    @property
    def rule(self) -> str:
        if self.excluded:
            return f"must be a number > {self.least:,} and <= {self.most:,}"
        return f"must be a number from {self.least:,} to {self.most:,}"

    @property
    def metavar(self) -> str:
        return "X"

    def checked(self, value: object) -> float:
        number = real(value)
        if number is None or not self.least <= number <= self.most or (self.excluded and number == self.least):
            raise ValueError(self.rule)
        return number

    def read(self, text: str) -> float:
        return self.checked(_decimal(text))

    def schema(self) -> Schema:
        least = "exclusiveMinimum" if self.excluded else "minimum"
        return {"type": "number", least: self.least, "maximum": self.most}


@dataclass(frozen=True)
class Word(Kind):
    """One of some words, which are asked for when they are needed."""

    known: Callable[[], Collection[str]]
    further: str = ""
    """What else it may be, in words, where `allowed` says so."""
    allowed: Callable[[str], bool] = staticmethod(lambda word: False)  # noqa: RUF009  # a constant

    @property
    def rule(self) -> str:
        return f"must be {either((*self.words, self.further) if self.further else self.words)}"

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.known())

    @property
    def words_complete(self) -> bool:
        return True

    @property
    def metavar(self) -> str:
        return "NAME"

    def checked(self, value: object) -> str:
        if isinstance(value, str) and (value in self.known() or self.allowed(value)):
            return value
        remedy = did_you_mean(value, self.words)
        raise ValueError(f"{self.rule}; {remedy}" if remedy.startswith("did") else self.rule)

    def read(self, text: str) -> str:
        return self.checked(text)

    def schema(self) -> Schema:
        return {"type": "string"} if self.further else {"enum": list(self.words)}


@dataclass(frozen=True)
class Line(Kind):
    """A line of text that says something."""

    longest: int

    @property
    def rule(self) -> str:
        return f"must be a line of text, {self.longest} characters at most"

    @property
    def metavar(self) -> str:
        return "TEXT"

    def checked(self, value: object) -> str:
        if isinstance(value, str) and len(value) <= self.longest and _is_line(value):
            return value
        raise ValueError(self.rule)

    def read(self, text: str) -> str:
        return self.checked(text)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": self.longest}


@dataclass(frozen=True)
class Size(Kind):
    """An integer, or one for each axis."""

    least: int

    @property
    def rule(self) -> str:
        return f"must be an integer >= {self.least}, or one for each axis: (rows, columns)"

    def checked(self, value: object) -> int | tuple[int, ...]:
        if isinstance(value, (tuple, list)):
            if not 1 <= len(value) <= 3:
                raise ValueError(self.rule)
            return tuple(self._one(size, self.rule) for size in value)
        single = f"must be an integer >= {self.least}"
        return self._one(value, single if isinstance(value, int) else self.rule)

    def _one(self, value: object, rule: str) -> int:
        number = whole(value)
        if number is None or number < self.least:
            raise ValueError(rule)
        if number > LARGEST_SIZE:
            raise ValueError(f"must be at most {LARGEST_SIZE:,}")
        return number

    def read(self, text: str) -> int | tuple[int, ...]:
        parts = re.split(r"\s*[x,]\s*|\s+", text.strip().lower(), flags=re.ASCII)
        if len(parts) == 2 and parts[1] == "" and text.strip().endswith(","):
            return self.checked((_size(parts[0], self.rule),))  # as Python writes a tuple of one
        numbers = tuple(_size(part, "must be an integer such as 3, or rows x columns such as 3x4") for part in parts)
        return self.checked(numbers if len(numbers) > 1 else numbers[0])

    def schema(self) -> Schema:
        one = {"type": "integer", "minimum": self.least, "maximum": LARGEST_SIZE}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": 3}]}

    def toml(self, value: Any) -> Any:
        return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Sides(Size):
    """Cells on the sides of each axis: a size, or (before, after) for each axis, or one of some words.

    >>> sides = Sides(0, ("valid",))
    >>> sides.checked([[0, 1], [2, 2]]), sides.checked([[1, 1], 2]), sides.read("0:1x2"), sides.read("valid")
    (((0, 1), (2, 2)), (1, 2), ((0, 1), (2, 2)), 'valid')
    """

    known: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        forms = (
            f"must be an integer >= {self.least}, one for each axis, or a pair for each: ((top, bottom), (left, right))"
        )
        return f"{forms}; or {either(self.known)}" if self.known else forms

    @property
    def metavar(self) -> str:
        return "PADDING"

    def checked(self, value: object) -> Any:
        """One number, or one an axis; pairs where those of any axis differ; or the word."""
        if isinstance(value, str):
            if value in self.known:
                return value
            near = did_you_mean(value.strip().lower(), self.known) if self.known else ""
            raise ValueError(f"{self.rule}; {near}" if near.startswith("did") else self.rule)
        if not isinstance(value, (tuple, list)) or not any(isinstance(part, (tuple, list)) for part in value):
            return super().checked(value)
        if not 1 <= len(value) <= 3:
            raise ValueError(self.rule)
        pairs = tuple(self._pair(part) for part in value)
        return pairs if any(before != after for before, after in pairs) else tuple(before for before, _ in pairs)

    def _pair(self, part: object) -> tuple[int, int]:
        before, after = part if isinstance(part, (tuple, list)) and len(part) == 2 else (part, part)
        return self._one(before, self.rule), self._one(after, self.rule)

    def read(self, text: str) -> Any:
        if text.strip() and not re.search("[0-9]", text):
            return self.checked(text.strip())
        if ":" not in text:
            return super().read(text)
        parts = [part.split(":") for part in re.split(r"\s*[x,]\s*|\s+", text.strip().lower(), flags=re.ASCII)]
        words = "must be an integer such as 1, rows x columns such as 1x2, or before:after for each such as 0:1x0:1"
        if any(len(part) > 2 for part in parts):
            raise ValueError(words)
        return self.checked([[_size(each, words) for each in (part[0], part[-1])] for part in parts])

    def schema(self) -> Schema:
        one = {"type": "integer", "minimum": self.least, "maximum": LARGEST_SIZE}
        pair = {"type": "array", "items": one, "minItems": 2, "maxItems": 2}
        sizes = [one, {"type": "array", "items": {"anyOf": [one, pair]}, "minItems": 1, "maxItems": 3}]
        return {"anyOf": [*sizes, *([{"enum": list(self.known)}] if self.known else [])]}

    def toml(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        return [self.toml(part) for part in value] if isinstance(value, tuple) else value

    @property
    def words(self) -> tuple[str, ...]:
        return self.known

    @property
    def words_complete(self) -> bool:
        return bool(self.known)


@dataclass(frozen=True)
class Option:
    """A declared option.

    `group` is the heading that it stands under in help, `letter` its short flag (`-s`), and `flag` the name of its long
    one where that is another.
    """

    name: str
    kind: Kind
    meaning: str
    default: Any = None
    group: str = ""
    letter: str = ""
    flag: str = ""

    @property
    def long_flag(self) -> str:
        """Its flag on the command line."""
        return flag_of(self.flag or self.name)

    def checked(self, value: object) -> Any:
        """The value as it is kept; None, where that is the default, stays.

        Raises:
            InputError: it breaks the option's rule.
        """
        if value is None and self.default is None:
            return None
        try:
            return self.kind.checked(_plain(value))
        except InputError as error:  # of what the value consists of
            raise InputError(
                replace(problem, field=f"{self.name}.{problem.field}") for problem in error.problems
            ) from None
        except ValueError as error:
            raise wrong(self.name, value, str(error)) from None

    def read(self, text: str) -> Any:
        """The value that a text of the command line stands for.

        Raises:
            InputError: it breaks the option's rule.
        """
        try:
            return self.kind.read(text)
        except InputError as error:  # of a file that the text names
            raise InputError(replace(problem, field=self.name, value=text) for problem in error.problems) from None
        except ValueError as error:
            raise wrong(self.name, text, str(error)) from None

    def problem(self, value: object) -> Problem | None:
        """What is wrong with a value, if anything is."""
        try:
            self.checked(value)
        except InputError as error:
            return error.problems[0]
        return None

    def schema(self) -> Schema:
        """The JSON Schema of the option, with its meaning."""
        usual = {} if self.default in (None, REQUIRED) else {"default": self.kind.toml(self.default)}
        return {**self.kind.schema(), "description": self.meaning, **usual}


def by_name(options: Iterable[Option]) -> Mapping[str, Option]:
    """Options by their names."""
    return {option.name: option for option in options}


def whole(value: object) -> int | None:
    """An integer of Python or NumPy, or None for anything else; true and false are none."""
    if isinstance(value, bool):
        return None
    try:
        return int(value.__index__())  # type: ignore[attr-defined]  # whatever has none raises AttributeError
    except (AttributeError, TypeError):
        return None


def real(value: object) -> float | None:
    """A finite number, or None for anything else; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if number - number == 0 else None


def _plain(value: object) -> object:
    """Scalars and arrays of NumPy as Python has them; NumPy itself need not be loaded to know."""
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return value.tolist()
    return value


def _integer(text: str) -> object:
    return int(text) if re.fullmatch(r"-?[0-9]{1,400}", text) else text


def _decimal(text: str) -> object:
    return float(text) if re.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?", text) else text


def _size(text: str, rule: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,400}", text):  # larger ones are refused in words; of thousands, Python reads none
        raise ValueError(rule)
    return int(text)


def _is_line(text: str) -> bool:
    """Whether a text is one line with something to see on it."""
    import unicodedata  # here, since few options are lines

    kinds = [unicodedata.category(character) for character in text]
    return not {"Cc", "Zl", "Zp", "Cs"} & {*kinds} and any(kind[0] not in "CZM" for kind in kinds)
