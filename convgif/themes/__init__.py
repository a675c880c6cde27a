"""Themes: those that ship, each a TOML file here, and those that users write themselves.

>>> from convgif.registry import THEMES
>>> THEMES["muted"]["words"].font, counterpart(THEMES["muted"]) == THEMES["muted-dark"]
('serif', True)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, Protocol

from convgif.drawing.roles import AREAS, LINES, ROLES, TEXTS
from convgif.errors import MISSING, InputError, Problem, as_key, did_you_mean, either, wrong
from convgif.registry import THEMES
from convgif.themes.theme import Color, Font, Look, Style, Theme, contrast, resolved, unreadable
from convgif.toml import ENDING, read_toml, shipped_file

__all__ = ["Color", "Font", "Style", "Theme", "contrast", "counterpart", "load", "opened", "theme_of", "unreadable"]

FONTS: Final[tuple[Font, ...]] = ("sans", "serif")
LOOKS: Final = {"hatch": AREAS, "dash": LINES, "font": TEXTS}
"""Which roles can have what besides a colour."""


def __getattr__(name: str) -> Theme:
    """A theme that ships, for the registry."""
    return _shipped(name)


@cache
def _shipped(name: str) -> Theme:
    return _read(shipped_file(__name__, name, "theme"), name)


class Painted(Protocol):
    """What says which theme it is painted in, such as a figure."""

    @property
    def theme(self) -> str:
        """The name of a theme, or the path of its file."""

    @property
    def colors(self) -> tuple[tuple[str, str], ...] | None:
        """Colours that replace some of the theme's, by role."""

    @property
    def font(self) -> str | None:
        """The path of a font for what the usual ones lack."""

    @property
    def transparent(self) -> bool:
        """Whether there is no paper."""


def theme_of(figure: Painted) -> Theme:
    """The theme that a figure is painted in.

    Raises:
        InputError: there is no such theme, its file has mistakes, or a colour of the figure has.
    """
    theme = opened(figure.theme).replaced(dict(figure.colors or ()))
    theme = theme.written_with(figure.font) if figure.font else theme
    return theme.transparent() if figure.transparent else theme


def counterpart(theme: Theme) -> Theme | None:
    """The theme for dark pages, with the same colours replaced; None if there is none, or if it could not be read.

    Raises:
        InputError: the counterpart is a file with mistakes, or there is no such theme.
    """
    if not theme.dark:
        return None
    dark = opened(theme.dark, theme.place)
    changed = dark.replaced(dict(theme.replacing))
    if theme.replacing and {pair[:2] for pair in unreadable(changed)} - {pair[:2] for pair in unreadable(dark)}:
        return None
    return changed if theme.ground else changed.transparent()


def opened(name: str, near: str = "") -> Theme:
    """The theme of that name, or in the file of that path, which counts from the folder of the file `near`.

    Raises:
        InputError: there is none, or it has mistakes.
    """
    if name.endswith(ENDING):
        return load(Path(near).parent / name)
    theme: Theme = THEMES.named(name)
    return theme


def load(path: str | Path) -> Theme:
    """The theme in a file of one's own.

    Raises:
        InputError: it cannot be read, or has mistakes: all of them.
    """
    return _read(Path(path), str(path))


def _read(file: Traversable, place: str, above: tuple[str, ...] = ()) -> Theme:
    """The theme in a file; `above` are the files that are based on it."""
    _, data = read_toml(file, place)
    try:
        return _made(data, place, (*above, str(Path(place).resolve())))
    except InputError as error:
        raise error.at(f"{place}:", as_key) from None


def _made(data: Mapping[str, Any], place: str, above: tuple[str, ...]) -> Theme:
    """The theme that a file describes."""
    problems: list[Problem] = []
    known = {"meaning": str, "base": str, "dark": str, "colors": dict, "roles": dict}
    for key, value in data.items():
        if key not in known:
            problems.append(Problem(key, MISSING, f"there is no such key; {did_you_mean(key, known)}"))
        elif not isinstance(value, known[key]):
            problems.append(Problem(key, value, f"must be a {'text' if known[key] is str else 'table'}"))
    given: dict[str, Any] = {key: value for key, value in data.items() if isinstance(value, known.get(key, ()))}
    base = _base(given["base"], place, above, problems) if "base" in given else None
    names = {**dict(base.names if base else ()), **_names(given.get("colors", {}), problems)}
    looks = dict(base.looks if base else ())
    for role, look in _looks(given.get("roles", {}), problems):
        looks[role] = look.over(looks.get(role, Look()))
    dark = given.get("dark", "")
    problems.extend(_no_counterpart(dark, place))
    meaning = given.get("meaning", f"a theme based on {given['base']}" if base else "")
    theme = Theme(meaning, tuple(names.items()), tuple(looks.items()), dark, place=place)
    if "base" not in given or base:
        told = {problem.field for problem in problems}
        problems.extend(problem for problem in resolved(theme)[1] if problem.field not in told)
    if problems:
        raise InputError(problems)
    return theme


def _base(name: str, place: str, above: tuple[str, ...], problems: list[Problem]) -> Theme | None:
    try:
        if name.endswith(ENDING):
            path = Path(place).parent / name
            if str(path.resolve()) in above:
                raise wrong("base", name, "a theme cannot be based on itself")
            return _read(path, str(path), above)
        theme: Theme = THEMES.named(name, "base")
        return theme
    except InputError as error:
        problems.extend(error.problems)
        return None


def _no_counterpart(dark: str, place: str) -> Iterator[Problem]:
    """What is wrong with the name of a counterpart; one that ships need not be there yet when its theme is read."""
    if dark.endswith(ENDING):
        if not (Path(place).parent / dark).is_file():
            yield Problem("dark", dark, "there is no such file; it is looked for beside this one")
    elif dark and dark not in THEMES:
        yield Problem("dark", dark, THEMES.unknown(dark))


def _names(table: Mapping[str, Any], problems: list[Problem]) -> Mapping[str, str]:
    names = {}
    for name, value in table.items():
        if name in ROLES:
            problems.append(Problem(f"colors.{name}", value, "is a role; move it to [roles], or choose another name"))
        elif not isinstance(value, str) or value == "none":
            problems.append(Problem(f"colors.{name}", value, "must be a colour, as a text such as '#268bd2'"))
        else:
            names[name] = value
    return names


def _looks(table: Mapping[str, Any], problems: list[Problem]) -> Iterator[tuple[str, Look]]:
    for role, value in table.items():
        name = f"roles.{role}"
        if role not in ROLES:
            problems.append(Problem(name, MISSING, f"there is no such role; {did_you_mean(role, ROLES)}"))
        elif isinstance(value, str):
            yield role, Look(value)
        elif isinstance(value, dict):
            bad = [*_wrong_looks(name, role, value)]
            problems.extend(bad)
            if not bad:
                yield role, Look(**value)
        else:
            problems.append(Problem(name, value, "must be a colour such as '#268bd2', or a table with a key color"))


def _wrong_looks(name: str, role: str, table: Mapping[str, Any]) -> Iterator[Problem]:
    usual = ("color", *(key for key, roles in LOOKS.items() if role in roles))
    for key, value in table.items():
        if key not in usual:
            yield Problem(f"{name}.{key}", MISSING, f"this role has no such key; {did_you_mean(key, usual)}")
        elif key == "dash" and not isinstance(value, bool):
            yield Problem(f"{name}.{key}", value, "must be true or false")
        elif key == "font" and value not in FONTS:
            yield Problem(f"{name}.{key}", value, f"must be {either(FONTS)}")
        elif key in ("color", "hatch") and not isinstance(value, str):
            yield Problem(f"{name}.{key}", value, "must be a colour, as a text such as '#268bd2'")
