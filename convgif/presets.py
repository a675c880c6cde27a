"""Presets: named figures in TOML files, one table a figure, keys named as in Python.

A table `[defaults]` gives keys to every figure of its file, and `[family]` a title and a place among the other files;
`[sweep.NAME]` stands for the figures of all combinations of some values. All problems of all files are reported at
once, each with its line and column.

>>> figures = load_presets()
>>> figures["padding_strides"].layer.output_size
(3, 3)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path
from typing import Any, Final

from convgif.documents import DEFAULTS, FAMILY, SWEEP, figure_of
from convgif.errors import MISSING, InputError, Problem, as_key, cut
from convgif.figure import THEME_FILE, Figure
from convgif.options import Integer, Line, Option, by_name
from convgif.sources import is_folder
from convgif.sweeps import Figures, Names, Sweep, names_of, sweep_of
from convgif.toml import ENDING, read_toml

SHIPPED: Final = "convgif.preset_files"
"""Where the presets lie that come with the package."""
LONGEST_NAME: Final = 100
MOST_PROBLEMS: Final = 50
"""Problems of a table that are told: places take their time to be found, and nobody reads more at once."""
Table = tuple[str, ...]
"""The name of a table: one, or two where it lies in another."""
LAST: Final = 1000
"""The place of a family whose file states none."""
FAMILY_KEYS: Final[Mapping[str, Option]] = by_name(
    (
        Option("title", Line(120), "the family's name for people"),
        Option("order", Integer(0, LAST), "its place among the others", LAST),
    )
)


@dataclass(frozen=True)
class Family:
    """The figures of one file, by name, in its order; `title` names them together."""

    title: str
    figures: Figures
    order: int = LAST


def load_presets(path: str | Path | None = None, make: Callable[..., Figure] = Figure) -> Figures:
    """The figures of a TOML file, of all TOML files of a folder, or (None) those that come with convgif, by name.

    Raises:
        InputError: a file cannot be read or parsed, or describes no valid figures; with all problems of all files.

    >>> "dilation" in load_presets()
    True
    """
    found = [family.figures for family in load_families(path, make).values()]
    return Figures(
        {name: figure for figures in found for name, figure in figures.tables.items()},
        {name: sweep for figures in found for name, sweep in figures.sweeps.items()},
        {name: place for figures in found for name, place in figures.places.items()},
    )


def load_families(path: str | Path | None = None, make: Callable[..., Figure] = Figure) -> dict[str, Family]:
    """The figures of `load_presets` by family: the name of their file without its ending, in the order that files give.

    Raises:
        InputError: as `load_presets`.

    >>> next(iter(load_families()))
    'guide'
    """
    families: dict[str, Family] = {}
    problems: list[Problem] = []
    homes = _Homes()
    for file, place in _sources(path):
        try:
            text, document = read_toml(file, place)
            families[Path(file.name).stem] = _family(text, document, place, homes, make)
        except InputError as error:
            problems.extend(error.problems)
    if not any(family.figures for family in families.values()) and not problems:
        problems.append(Problem("", MISSING, "holds no figure; give each a table, [NAME]", f"{path}:"))
    if problems:
        raise InputError(problems)
    return dict(sorted(families.items(), key=lambda item: item[1].order))


Home = Callable[[], str]
"""Where a name was met; it takes a while to say."""


class _Homes:
    """Where names were met, in all files: no two figures may have one, in whatever case."""

    def __init__(self) -> None:
        self._single: dict[str, Home] = {}
        self._several: list[tuple[Names, Home]] = []

    def add(self, names: Names, here: Home) -> Home | None:
        """Note where some names were met; the home of one that was met before."""
        if all(len(part) == 1 for part in names):
            name = "_".join(next(iter(part)) for part in names)
            twin = self._single.get(name) or _met(names, self._several)
            self._single.setdefault(name, here)
            return twin
        single = ((names_of(name), home) for name, home in self._single.items())
        twin = _met(names, chain(single, self._several))
        self._several.append((names, here))
        return twin


def _met(names: Names, known: Iterable[tuple[Names, Home]]) -> Home | None:
    """The home of the first of some names that are among others as well."""
    for others, home in known:
        if len(others) == len(names) and all(one & other for one, other in zip(names, others, strict=True)):
            return home
    return None


def _family(text: str, document: dict[str, Any], place: str, homes: _Homes, make: Callable[..., Figure]) -> Family:
    """The family of one file."""
    where = Places(text)
    tables = {name: table for name, table in document.items() if isinstance(table, dict)}
    defaults, about, swept = (tables.pop(name, {}) for name in (DEFAULTS, FAMILY, SWEEP))
    problems = [*_strays(document, where, place, ()), *_strays(swept, where, place, (SWEEP,))]
    folder = Path(place).parent
    try:
        title, order = _about(about, Path(place).stem)
    except InputError as error:
        problems.extend(_located(where, place, (FAMILY,), about, error).problems)
        title, order = "", LAST
    figures: dict[str, Figure] = {}
    places = {name: partial(_located, where, place, (name,), table) for name, table in tables.items()}
    for name, table in tables.items():
        problems.extend(_misnamed(name, partial(_heading, where, place, (name,)), homes))
        try:
            figures[name] = figure_of(_resolved({**defaults, **table}, folder), make)
        except InputError as error:
            problems.extend(places[name](error).problems)
    sweeps: dict[str, Sweep] = {}
    for name, table in swept.items():
        if not isinstance(table, dict):
            continue
        here = partial(_heading, where, place, (SWEEP, name))
        problems.extend(_misnamed(name, here, homes))
        located = partial(_located, where, place, (SWEEP, name), table)
        try:
            sweep = sweep_of(name, _resolved(table, folder), _resolved(defaults, folder), make, located)
        except InputError as error:
            problems.extend(located(error).problems)
            continue
        sweeps[name] = sweep
        if twin := homes.add(sweep.names(), here):
            problems.append(Problem("", MISSING, f"makes the name of another preset, {twin()}", here()))
        if (length := len(sweep.longest_name)) > LONGEST_NAME:
            words = f"makes names of up to {length} characters; they must have {LONGEST_NAME} at most"
            problems.append(Problem("", MISSING, words, here()))
    if problems:
        raise InputError(problems)
    return Family(title, Figures(figures, sweeps, places), order)


def _strays(table: Mapping[str, object], where: Places, place: str, path: Table) -> Iterator[Problem]:
    """Keys that stand where only tables can."""
    words = f"must stand in a table: put [{'.'.join((*path, 'NAME'))}] above it"
    for key, value in table.items():
        if not isinstance(value, dict):
            yield Problem(key, value, words, f"{place}:{where.key(path, key)}:", as_key)


def _misnamed(name: str, here: Home, homes: _Homes) -> Iterator[Problem]:
    """What is wrong with the name of a table."""
    if twin := homes.add(names_of(name), here):
        yield Problem("", MISSING, f"has the name of another preset, {twin()}", here())
    if broken := name_rule(name):
        yield Problem("the name", MISSING, broken, here())


def _about(table: Mapping[str, object], name: str) -> tuple[str, int]:
    """The title and the place of a family."""
    unknown = [Problem(key, MISSING, "must be title or order") for key in table if key not in FAMILY_KEYS]
    wrong_ones = [FAMILY_KEYS[key].problem(value) for key, value in table.items() if key in FAMILY_KEYS]
    if problems := [*unknown, *filter(None, wrong_ones)]:
        raise InputError(problems)
    return str(table.get("title", name.replace("_", " ").capitalize())), int(str(table.get("order", LAST)))


def _heading(where: Places, place: str, path: Table) -> str:
    """The place of a table, as compilers write places, and its name."""
    return f"{place}:{where.table(path)}: {_shown(path)}"


def _shown(path: Table) -> str:
    """The name of a table in its brackets."""
    return f"[{'.'.join(map(cut, path))}]"


def _located(where: Places, place: str, path: Table, table: Mapping[str, object], error: InputError) -> InputError:
    """The problems of one table, each with the line and column of its key."""

    def told(problem: Problem) -> Problem:
        key = problem.field.partition(".")[0]
        home = path if key in table or key not in where.keys(DEFAULTS) else (DEFAULTS,)
        at = where.key(home, key) if key in where.keys(home) else where.table(path)
        return problem.at(f"{place}:{at}: {_shown(path)}", as_key)

    problems = list(map(told, error.problems[:MOST_PROBLEMS]))
    if len(error.problems) > MOST_PROBLEMS:
        words = f"there are {len(error.problems) - MOST_PROBLEMS:,} more problems"
        problems.append(Problem("", MISSING, words, f"{place}: {_shown(path)}"))
    return InputError(problems)


def _resolved(table: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A table with the files that it names found from the folder that it lies in, and numbers read from theirs."""
    resolved = dict(table)
    for key, ending in (("theme", THEME_FILE), ("font", "")):  # a theme may be a name; a font is always a file
        value = table.get(key)
        if isinstance(value, str) and value.endswith(ending):
            resolved[key] = str(folder / value)
        if isinstance(value, list):  # of a sweep
            resolved[key] = [_resolved({key: each}, folder)[key] for each in value]
    for key in ("input", "weight"):
        value = table.get(key)
        if isinstance(value, str) and value.startswith("@"):
            from convgif.arrays import read_array  # files of numbers are rare

            try:
                resolved[key] = read_array(folder / value[1:])
            except InputError as error:
                raise InputError(replace(problem, field=key, value=value) for problem in error.problems) from None
    return resolved


@dataclass(frozen=True)
class Places:
    """Where the tables and the keys of a TOML document lie in its text, as `line:column`, both counted from 1.

    `tomllib` does not say; but what stands before a line that looks like the key is a document too, unless the line is
    inside a longer value, and lacks the key then.

    >>> places = Places('[a]\\nb = 1\\n[c]\\nb = 2\\n')
    >>> places.table("c"), places.key("c", "b")
    ('3:1', '4:1')
    """

    text: str

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The whole document."""
        import tomllib

        return tomllib.loads(self.text)

    def keys(self, table: str | Table) -> Collection[str]:
        """The keys of a table."""
        return _keys(self.document, _path(table))

    def table(self, name: str | Table) -> str:
        """Where the table begins."""
        *outer, own = path = _path(name)
        pattern = rf"[ \t]*(\[)\s*{_spelled(path)}\s*(\]|\.)"
        header = self._found(pattern, lambda before: own in _keys(before, tuple(outer)))
        return header or self.key(tuple(outer), own)  # `name = { ... }` and `name.key = ...` are tables as well

    def key(self, table: str | Table, name: str) -> str:
        """Where the key stands in a table, or (with no name) outside of all tables."""
        path = _path(table)

        def known(before: Mapping[str, Any]) -> bool:
            return name in _keys(before, path)

        if not path:
            return self._found(rf"[ \t]*({_spelled(name)})\s*[=.]", known) or "1:1"
        *outer, last = path
        own = _spelled(path)
        return (
            self._found(rf"[ \t]*({_spelled(name)})\s*[=.]", known, lambda before: last in _keys(before, tuple(outer)))
            or self._found(rf"[ \t]*(\[)\s*{own}\s*\.\s*{_spelled(name)}\s*[\].]", known)
            or self._found(rf"[ \t]*{own}\s*\.\s*({_spelled(name)})\s*[=.]", known)
            or self._found(rf"[ \t]*{own}\s*=\s*\{{(?:.*[{{,])?\s*({_spelled(name)})\s*[=.]", known)
            or self.table(table)
        )

    def _found(
        self,
        pattern: str,
        known: Callable[[Mapping[str, Any]], bool],
        inside: Callable[[Mapping[str, Any]], bool] = lambda before: True,
    ) -> str:
        """Where the first group of the pattern matches; nothing where it does not."""
        import tomllib

        for found in re.finditer(rf"^{pattern}", self.text, re.MULTILINE):
            try:
                before = tomllib.loads(self.text[: found.start()])
            except ValueError:
                continue  # inside a value of several lines
            if inside(before) and not known(before):
                start = found.start(1)
                line = self.text.count("\n", 0, start) + 1
                return f"{line}:{start - self.text.rfind(chr(10), 0, start)}"
        return ""


def _path(table: str | Table) -> Table:
    return (table,) if isinstance(table, str) else table


def _keys(document: Mapping[str, Any], path: Table) -> Collection[str]:
    found: object = document
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found.keys() if isinstance(found, dict) else ()


def _spelled(name: str | Table) -> str:
    """A pattern for a key, bare or in quotation marks, with dots between the names of tables."""
    return r"\s*\.\s*".join(rf"[\"']?{re.escape(part)}[\"']?" for part in _path(name))


def name_rule(name: object) -> str | None:
    """The rule that a preset's name breaks, if it does: files are named after it.

    >>> name_rule("padding_strides"), name_rule("../x")
    (None, 'must be a plain file name: letters, digits, _, - and . inside, at most 100 characters')
    """
    if isinstance(name, str) and len(name) <= LONGEST_NAME and re.fullmatch(r"\w([\w.-]*\w)?", name):
        return None
    return f"must be a plain file name: letters, digits, _, - and . inside, at most {LONGEST_NAME} characters"


def _sources(path: str | Path | None) -> Iterator[tuple[Traversable, str]]:
    """Every file to read, with what to call it in messages."""
    if path is None:
        for shipped in sorted(resources.files(SHIPPED).iterdir(), key=lambda file: file.name):
            if shipped.name.endswith(ENDING):
                yield shipped, f"presets/{shipped.name}"
        return
    given = Path(path)
    if not is_folder(given):
        yield given, str(given)
        return
    try:
        inside = sorted(file for file in given.iterdir() if file.name.endswith(ENDING))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError([Problem("", MISSING, f"cannot be read: {reason}", f"{given}:")]) from error
    if not inside:
        raise InputError([Problem("", MISSING, "holds no .toml file", f"{given}:")])
    yield from ((file, str(file)) for file in inside)
