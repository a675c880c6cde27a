"""Presets: named figures in TOML files, one table a figure, keys named as in Python.

A table `[defaults]` gives keys to every figure of its file, and `[family]` a title and a place among the other files.
All problems of all files are reported at once, each with its line and column.

>>> figures = load_presets()
>>> figures["padding_strides"].layer.output_size
(3, 3)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from convgif.documents import figure_of
from convgif.errors import MISSING, InputError, Problem, as_key, cut, shortened
from convgif.figure import THEME_FILE, Figure
from convgif.options import Integer, Line, Option, by_name
from convgif.sources import is_folder
from convgif.toml import ENDING, read_toml

DEFAULTS: Final = "defaults"
FAMILY: Final = "family"
SHIPPED: Final = "convgif.preset_files"
"""Where the presets lie that come with the package."""
LONGEST_NAME: Final = 100
MOST_PROBLEMS: Final = 50
"""Problems of a table that are told: places take their time to be found, and nobody reads more at once."""
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
    figures: Mapping[str, Figure]
    order: int = LAST


def load_presets(path: str | Path | None = None, make: Callable[..., Figure] = Figure) -> dict[str, Figure]:
    """The figures of a TOML file, of all TOML files of a folder, or (None) those that come with convgif, by name.

    Raises:
        InputError: a file cannot be read or parsed, or describes no valid figures; with all problems of all files.

    >>> "dilation" in load_presets()
    True
    """
    families = load_families(path, make)
    return {name: figure for family in families.values() for name, figure in family.figures.items()}


def load_families(path: str | Path | None = None, make: Callable[..., Figure] = Figure) -> dict[str, Family]:
    """The figures of `load_presets` by family: the name of their file without its ending, in the order that files give.

    Raises:
        InputError: as `load_presets`.

    >>> next(iter(load_families()))
    'guide'
    """
    families: dict[str, Family] = {}
    problems: list[Problem] = []
    homes: dict[str, Callable[[], str]] = {}
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


def _family(
    text: str, document: dict[str, Any], place: str, homes: dict[str, Callable[[], str]], make: Callable[..., Figure]
) -> Family:
    """The family of one file; `homes` says where names were met, in this file and in those before."""
    where = Places(text)
    problems = [
        Problem(key, value, "must stand in a table: put [NAME] above it", f"{place}:{where.key(None, key)}:", as_key)
        for key, value in document.items()
        if not isinstance(value, dict)
    ]
    tables = {name: table for name, table in document.items() if isinstance(table, dict)}
    defaults, about = tables.pop(DEFAULTS, {}), tables.pop(FAMILY, {})
    folder = Path(place).parent
    try:
        title, order = _about(about, Path(place).stem)
    except InputError as error:
        problems.extend(_located(error, where, place, FAMILY, about))
        title, order = "", LAST
    figures: dict[str, Figure] = {}
    for name, table in tables.items():
        here = partial(_heading, where, place, name)
        if twin := homes.get(name.casefold()):
            problems.append(Problem("", MISSING, f"has the name of another preset, {twin()}", here()))
        homes.setdefault(name.casefold(), here)
        if broken := name_rule(name):
            problems.append(Problem("the name", MISSING, broken, here()))
        try:
            figures[name] = figure_of(_resolved({**defaults, **table}, folder), make)
        except InputError as error:
            problems.extend(_located(error, where, place, name, table))
    if problems:
        raise InputError(problems)
    return Family(title, figures, order)


def _about(table: Mapping[str, object], name: str) -> tuple[str, int]:
    """The title and the place of a family."""
    unknown = [Problem(key, MISSING, "must be title or order") for key in table if key not in FAMILY_KEYS]
    wrong_ones = [FAMILY_KEYS[key].problem(value) for key, value in table.items() if key in FAMILY_KEYS]
    if problems := [*unknown, *filter(None, wrong_ones)]:
        raise InputError(problems)
    return str(table.get("title", name.replace("_", " ").capitalize())), int(str(table.get("order", LAST)))


def _heading(where: Places, place: str, name: str) -> str:
    """The place of a table, as compilers write places, and its name."""
    return f"{place}:{where.table(name)}: {_shown(name)}"


def _shown(name: str) -> str:
    """The name of a table as its heading."""
    return f"[{cut(name) if name.isprintable() else shortened(name)}]"


def _located(error: InputError, where: Places, place: str, name: str, table: Mapping[str, object]) -> Iterator[Problem]:
    """The problems of one table, each with the line and column of its key."""
    shown = _shown(name)
    for number, problem in enumerate(error.problems):
        if number == MOST_PROBLEMS:
            words = f"there are {len(error.problems) - number:,} more problems"
            yield Problem("", MISSING, words, f"{place}: {shown}")
            return
        key = problem.field.partition(".")[0]
        home = name if key in table or key not in where.keys(DEFAULTS) else DEFAULTS
        at = where.key(home, key) if key in where.keys(home) else where.table(name)
        yield problem.at(f"{place}:{at}: {shown}", as_key)


def located(error: InputError, name: str, path: str | Path | None = None) -> InputError:
    """What is found wrong with a loaded figure, with the places of its keys; `path` is that of `load_presets`."""
    for file, place in _sources(path):
        text, document = read_toml(file, place)
        if isinstance(table := document.get(name), dict):
            return InputError(_located(error, Places(text), place, name, table))
    return error


def _resolved(table: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A table with the files that it names found from the folder that it lies in, and numbers read from theirs."""
    resolved = dict(table)
    for key, ending in (("theme", THEME_FILE), ("font", "")):  # a theme may be a name; a font is always a file
        value = table.get(key)
        if isinstance(value, str) and value.endswith(ending):
            resolved[key] = str(folder / value)
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

    def keys(self, table: str) -> Collection[str]:
        """The keys of a table."""
        return _keys(self.document, table)

    def table(self, name: str) -> str:
        """Where the table begins."""
        header = self._found(rf"[ \t]*(\[)\s*{_spelled(name)}\s*(\]|\.)", lambda before: name in before)
        return header or self.key(None, name)  # `name = { ... }` and `name.key = ...` are tables as well

    def key(self, table: str | None, name: str) -> str:
        """Where the key stands in a table, or (None) outside of all tables."""

        def known(before: Mapping[str, Any]) -> bool:
            return name in (before if table is None else _keys(before, table))

        if table is None:
            return self._found(rf"[ \t]*({_spelled(name)})\s*[=.]", known) or "1:1"
        own = _spelled(table)
        return (
            self._found(rf"[ \t]*({_spelled(name)})\s*[=.]", known, lambda before: table in before)
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


def _keys(document: Mapping[str, Any], table: str) -> Collection[str]:
    found = document.get(table)
    return found.keys() if isinstance(found, dict) else ()


def _spelled(name: str) -> str:
    """A pattern for a key, bare or in quotation marks."""
    return rf"[\"']?{re.escape(name)}[\"']?"


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
