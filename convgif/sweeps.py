"""Sweeps: figures of all combinations of some values, from one table of a preset file.

Each figure is made when it is asked for, so that millions of combinations cost nothing until they are drawn.

In a sweep's table, a list stands for several values, each of them as a preset has it: `input_size = [4, [4, 6]]` is a
square of 4, and 4 rows by 6 columns. Only `input` and `weight`, whose values are rows already, never vary.

>>> sweep = sweep_of("sizes", {"layer": "conv", "input_size": [3, [4, 6]], "kernel_size": [2, 4], "view": "flat"})
>>> list(sweep)
['sizes_i3_k2', 'sizes_i4x6_k2', 'sizes_i4x6_k4']
>>> sweep["sizes_i4x6_k2"].layer.output_size
(3, 5)
>>> sweep.summary
'1 of 4 combinations is no layer'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, Final

from convgif.arithmetic.layer import Layer
from convgif.documents import EXPECTED, as_text, figure_of, known_options
from convgif.errors import MISSING, InputError, Problem
from convgif.figure import Figure, Map, unknown_option
from convgif.options import REQUIRED, Option
from convgif.registry import LAYERS

LONGEST_MARK: Final = 24
"""Characters that a value adds to a name; where one would add more, the values are numbered."""

Names = list[set[str]]
"""Names by the parts that underscores separate, with all that each can be; in lower case."""
Located = Callable[[InputError], InputError]
"""What tells an error where its sweep stands."""


@dataclass(frozen=True)
class Variation:
    """An argument or an option with several values.

    >>> stride = Variation(next(each for each in LAYERS["conv"].parameters if each.name == "stride"), (1, (2, 1)))
    >>> stride.values
    {'s1': 1, 's2x1': (2, 1)}
    """

    option: Option
    listed: tuple[Any, ...]

    @property
    def label(self) -> str:
        """What stands for the option in names."""
        return self.option.letter or self.option.name

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The values by their marks in names; a mark has as many underscores as the label."""
        marks = [self._mark(value) for value in self.listed]
        if not all(marks) or len({mark.casefold() for mark in marks}) < len(marks):
            marks = [f"{self.label}{number}" for number, _ in enumerate(marks, 1)]
        return dict(zip(marks, self.listed, strict=True))

    def _mark(self, value: Any) -> str:
        """The mark of a value; none where files cannot be named so."""
        written = f"{value:g}" if isinstance(value, float) else as_text(self.option, value)
        text = written.replace(":", "-").replace("_", "-")
        text = re.sub(",$", "x", text)  # a size along a single axis
        if len(text) > LONGEST_MARK or not re.fullmatch(r"\w([\w.-]*\w)?", text):
            return ""
        return f"{self.label}{text}" if text[0].isdigit() else f"{self.label}-{text}"


@dataclass(frozen=True, eq=False)
class Sweep(Mapping[str, Figure]):
    """Figures by name, one for each combination that is a layer.

    To go through its names costs a layer for each combination, and memory for none; `sweep[name]` makes one figure.

    Raises:
        InputError: on the way, if no combination is a layer; and by `sweep[name]`, if the figure cannot be made of it.
    """

    name: str
    fixed: Mapping[str, Any]
    """What all of its figures have in common, as a table."""
    variations: tuple[Variation, ...]
    make: Callable[..., Figure] = Figure
    located: Located = field(default=lambda error: error, repr=False)

    @property
    def combinations(self) -> int:
        """How many there are, be they layers or not."""
        return prod(len(variation.listed) for variation in self.variations)

    @cached_property
    def refused(self) -> int:
        """How many combinations are no layers."""
        return self.combinations - len(self)

    @property
    def summary(self) -> str:
        """The combinations that are no layers, counted; empty where all are."""
        no_layers = "is no layer" if self.refused == 1 else "are no layers"
        return f"{self.refused:,} of {self.combinations:,} combinations {no_layers}" if self.refused else ""

    @property
    def first(self) -> str:
        """The name of the first figure."""
        return next(iter(self))

    @property
    def longest_name(self) -> str:
        """A name that none of the others is longer than."""
        return self._name(max(variation.values, key=len) for variation in self.variations)

    def names(self) -> Names:
        """All names that its combinations have, be they layers or not."""
        parts = names_of(self.name)
        for variation in self.variations:
            parts += map(set, zip(*(mark.casefold().split("_") for mark in variation.values), strict=True))
        return parts

    def __iter__(self) -> Iterator[str]:
        first: InputError | None = None
        found = False
        for marks in product(*(variation.values for variation in self.variations)):
            name = self._name(marks)
            try:
                self._layer(self._chosen(marks))
            except InputError as error:
                first = first or error.at(f"{name}:")
            else:
                found = True
                yield name
        if not found and first is not None:
            many = f"none of the {self.combinations:,} combinations is a layer; the first:"
            raise self.located(first.at(many))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.combination(name) is not None and self.refusal(name) is None

    def __getitem__(self, name: str) -> Figure:
        combination = self.combination(name)
        if combination is None or self.refusal(name):
            raise KeyError(name)
        try:
            return figure_of({**self.fixed, **combination}, self.make)
        except InputError as error:
            raise self.located(error.at(f"{name}:")) from None

    def refusal(self, name: str) -> InputError | None:
        """Why the combination of that name is no layer, if there is such a combination and it is none."""
        combination = self.combination(name)
        try:
            if combination is not None:
                self._layer(combination)
        except InputError as error:
            return self.located(error.at(f"{name}:"))
        return None

    def combination(self, name: str) -> dict[str, Any] | None:
        """The values of a name; None if no combination has it."""
        parts = name.split("_")
        at = self.name.count("_") + 1
        marks: list[str] = []
        for variation in self.variations:
            end = at + variation.label.count("_") + 1
            marks.append("_".join(parts[at:end]))
            at = end
        known = all(mark in variation.values for mark, variation in zip(marks, self.variations, strict=True))
        return self._chosen(marks) if known and self._name(marks) == name else None

    def _name(self, marks: Any) -> str:
        return "_".join((self.name, *marks))

    def _chosen(self, marks: Sequence[str]) -> dict[str, Any]:
        pairs = zip(self.variations, marks, strict=True)
        return {variation.option.name: variation.values[mark] for variation, mark in pairs}

    def _layer(self, combination: Mapping[str, Any]) -> Layer:
        """The layer of a combination.

        Raises:
            InputError: it is none.
        """
        kind: type[Layer] = LAYERS[self.fixed["layer"]]
        values = {**self.fixed, **combination}
        return kind(**{argument.name: values[argument.name] for argument in kind.parameters if argument.name in values})


@dataclass(frozen=True, eq=False)
class Figures(Mapping[str, Figure]):
    """Figures by name: those with a table of their own, and after them those of sweeps."""

    tables: Mapping[str, Figure]
    sweeps: Mapping[str, Sweep] = field(default_factory=dict)
    places: Mapping[str, Located] = field(default_factory=dict, repr=False)
    """What tells an error where the table of a figure stands, by its name."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all tables; a sweep's own stands for all of its figures."""
        return (*self.tables, *self.sweeps)

    def __getitem__(self, name: str) -> Figure:
        if name in self.tables:
            return self.tables[name]
        for sweep in self.sweeps.values():
            if name in sweep:
                return sweep[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return name in self.tables or any(name in sweep for sweep in self.sweeps.values())

    def __iter__(self) -> Iterator[str]:
        yield from self.tables
        for sweep in self.sweeps.values():
            yield from sweep

    def __len__(self) -> int:
        return len(self.tables) + sum(map(len, self.sweeps.values()))

    def __bool__(self) -> bool:
        return bool(self.names)

    def located(self, error: InputError, name: str) -> InputError:
        """What is found wrong with a figure, with the places of its keys."""
        for sweep in self.sweeps.values():
            if name in sweep:
                return sweep.located(error.at(f"{name}:"))
        return self.places[name](error) if name in self.places else error

    def refusal(self, name: str) -> InputError | None:
        """Why the combination of that name is no layer, if a sweep has one and it is none."""
        return next(filter(None, (sweep.refusal(name) for sweep in self.sweeps.values())), None)


def names_of(name: str) -> Names:
    """A single name.

    >>> names_of("Sizes_i3")
    [{'sizes'}, {'i3'}]
    """
    return [{part} for part in name.casefold().split("_")]


def sweep_of(
    name: str,
    table: Mapping[str, Any],
    defaults: Mapping[str, Any] | None = None,
    make: Callable[..., Figure] = Figure,
    located: Located = lambda error: error,
) -> Sweep:
    """The sweep of a table; `defaults` holds further keys, with values as a preset has them.

    Raises:
        InputError: all that is wrong with the table, but for what is wrong with single combinations.
    """
    together = {**(defaults or {}), **table}
    problems: list[Problem] = []
    arguments, options = known_options(together, problems)
    variations: dict[str, Variation] = {}
    for key, value in together.items():
        option = options.get(key)
        if key == EXPECTED:
            problems.append(Problem(key, MISSING, "must be left out: a sweep has outputs of several sizes"))
        elif option is None and key != "layer":
            problems.append(Problem(key, MISSING, unknown_option(key, ("layer", *arguments))))
        elif option is not None and key in table and isinstance(value, list) and not isinstance(option.kind, Map):
            found = list(_wrong(option, value))
            problems.extend(found)
            if not found:
                variations[key] = Variation(option, tuple(map(option.checked, value)))
        elif option is not None and (problem := option.problem(value)):
            problems.append(problem)
    if isinstance(together.get("layer"), str) and together["layer"] in LAYERS:
        absent = (key for key, argument in arguments.items() if argument.default is REQUIRED and key not in together)
        problems.extend(Problem(key, MISSING, "is missing") for key in absent)
    if not variations and not problems:
        problems.append(Problem("", MISSING, "varies nothing; give one key a list of values at least"))
    if problems:
        raise InputError(problems)
    fixed = {key: value for key, value in together.items() if key not in variations}
    return Sweep(name, fixed, tuple(variations[key] for key in options if key in variations), make, located)


def _wrong(option: Option, values: list[Any]) -> Iterator[Problem]:
    """What is wrong with a list of values."""
    if not values:
        yield Problem(option.name, values, "must list one value at least")
    seen: set[str] = set()
    for value in values:
        if problem := option.problem(value):
            yield problem
        elif (kept := repr(option.checked(value))) in seen:
            yield Problem(option.name, value, "is listed twice")
        else:
            seen.add(kept)
