"""A theme gives every role a style: a colour or none, and what else belongs to it. Themes are data, in TOML.

>>> from convgif.registry import THEMES
>>> theme = THEMES["solarized"]
>>> theme["input"].color, theme["blank"].color
((38, 139, 210), None)

Colours may be made of others, so those that belong to a replaced one follow it:

>>> theme["cut"].color, theme.replaced({"input": "orange"})["cut"].color
((201, 226, 244), (255, 232, 191))
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, NamedTuple

from convgif.drawing.roles import AREAS, CHANNELS, ROLES
from convgif.errors import MISSING, InputError, Mention, Problem, Rule, did_you_mean, rule

Color = tuple[int, int, int]
Font = Literal["sans", "serif"]

NOTHING: Final = "none"
"""Stands for no colour."""
MADE_OF: Final = re.compile(r"(?P<share>[0-9]{1,3})% +(?P<over>\S+) +on +(?P<under>\S+)")
"""A colour that is seen where one lies on another."""
DIGITS: Final = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


class Style(NamedTuple):
    """How a role is painted.

    `color` is None for areas that are not painted, and `hatch` the colour of slanted lines over areas of four corners.
    Lines that can be dashed are, unless `dash` says otherwise; `font` is that of texts.
    """

    color: Color | None
    hatch: Color | None = None
    dash: bool = True
    font: Font = "sans"


class Look(NamedTuple):
    """How a theme writes a style down: colours as expressions, None where nothing is said."""

    color: str | None = None
    hatch: str | None = None
    dash: bool | None = None
    font: Font | None = None

    def over(self, base: Look) -> Look:
        """This look, and of the other one what it says nothing about."""
        said = {key: value for key, value in self._asdict().items() if value is not None}
        return base._replace(**said)


class FontFile(NamedTuple):
    """The file of a font as it is now: its path, and the nanosecond in which it was last changed."""

    path: str
    changed: int

    @classmethod
    def at(cls, path: str) -> FontFile:
        """The file at a path; one that is not there has never been changed."""
        try:
            return cls(path, Path(path).stat().st_mtime_ns)
        except (OSError, ValueError):  # a path may hold what no system has
            return cls(path, 0)


@dataclass(frozen=True)
class Theme(Mapping[str, Style]):
    """A style for each role, by its name.

    `meaning` is a phrase that describes it, and `dark` names its counterpart for dark pages; `names` are colours of its
    own, `looks` all roles as they are written down, and `replacing` the colours that replace some of them. Without
    `ground` it has no paper. `further` is a font for what the usual ones lack; one is looked for if it is None.
    """

    meaning: str
    names: tuple[tuple[str, str], ...]
    looks: tuple[tuple[str, Look], ...]
    dark: str = ""
    replacing: tuple[tuple[str, str], ...] = ()
    ground: bool = True
    further: FontFile | None = None
    place: str = field(default="", compare=False)

    def __getitem__(self, role: str) -> Style:
        return self._styles[role]

    def __iter__(self) -> Iterator[str]:
        return iter(ROLES)

    def __len__(self) -> int:
        return len(ROLES)

    @cached_property
    def _styles(self) -> Mapping[str, Style]:
        return {
            role: Style(None) if role == "paper" and not self.ground else style
            for role, style in resolved(self)[0].items()
        }

    @property
    def paper(self) -> Color | None:
        """The colour behind everything; None for a transparent ground."""
        return self["paper"].color

    def replaced(self, colors: Mapping[str, str]) -> Theme:
        """The theme with some colours replaced; shades that are made of these are made anew.

        Raises:
            InputError: a role is not known, or a colour cannot be understood.
        """
        if not colors:
            return self
        problems = [
            Problem(f"colors.{role}", MISSING, f"there is no such role; {did_you_mean(role, ROLES)}")
            for role in colors
            if role not in ROLES
        ]
        known = {role: color for role, color in colors.items() if role in ROLES}
        changed = replace(self, replacing=tuple(sorted({**dict(self.replacing), **known}.items())))
        if problems := [*problems, *resolved(changed)[1]]:
            raise InputError(problems)
        return changed

    def written_with(self, path: str) -> Theme:
        """The theme with the font in that file for what the usual ones lack."""
        return replace(self, further=FontFile.at(path))

    def transparent(self) -> Theme:
        """The theme without paper; shades that are made of the paper's colour stay."""
        return replace(self, ground=False)


def blend(over: Color, under: Color, opacity: float) -> Color:
    """The colour that is seen where `over` lies on `under`.

    >>> blend((0, 0, 0), (255, 255, 255), 0.4)
    (153, 153, 153)
    """
    red, green, blue = (round(opacity * a + (1 - opacity) * b) for a, b in zip(over, under, strict=True))
    return red, green, blue


class _WrongError(Exception):
    """A colour cannot be told; the rule is empty where that has been said already."""

    def __init__(self, rule: Rule = "") -> None:
        self.rule = rule


def resolved(theme: Theme) -> tuple[Mapping[str, Style], list[Problem]]:
    """The style of each role, without those that have none, and everything that is wrong with the theme's colours."""
    resolver = _Resolver(dict(theme.names), dict(theme.looks), dict(theme.replacing))
    styles: dict[str, Style] = {}
    for name in resolver.names:
        resolver.found(name)
    for role in ROLES:
        look = resolver.looks.get(role, Look())
        color = resolver.found(role)
        hatch = None if look.hatch is None else resolver.found(f"{role}.hatch")
        if role not in resolver.wrong:
            styles[role] = Style(color, hatch, look.dash is not False, look.font or "sans")
    return styles, [resolver.problem(name, rule) for name, rule in resolver.wrong.items()]


def _needed(role: str, text: str) -> Rule:
    """Why a role must have a colour; empty if it need not."""
    if role == "paper":
        return rule("must be a colour; ", Mention("transparent", True), " leaves the paper out")
    if role in ROLES and role not in AREAS:
        own = "" if text == NOTHING else f", and {text!r} is none"
        return f"must be a colour such as '#268bd2'{own}; only areas can go without"
    return ""


@dataclass
class _Resolver:
    """Looks colours up; a name stands for a colour of the theme's own, then for a role, then for one of CSS.

    `wrong` says of each name what is wrong with it, which may be found while another is looked up.
    """

    names: Mapping[str, str]
    looks: Mapping[str, Look]
    replacing: Mapping[str, str]
    wrong: dict[str, Rule] = field(default_factory=dict)
    _known: dict[str, Color | None] = field(default_factory=dict)
    _way: list[str] = field(default_factory=list)

    def found(self, name: str) -> Color | None:
        """The colour of a name, of a role or of a role's hatch; None as well where something is wrong."""
        try:
            return self._named(name)
        except _WrongError:
            return None

    def problem(self, name: str, rule: Rule) -> Problem:
        """What is wrong with a name, as a problem of the field that it stands in."""
        field = f"{'colors' if name in self.names or name in self.replacing else 'roles'}.{name}"
        text = self._text(name)
        return Problem(field, MISSING if text is None else text, rule)

    def _text(self, name: str) -> str | None:
        """What is written for a name."""
        role, _, part = name.partition(".")
        look = self.looks.get(role, Look())
        return look.hatch if part else self.names.get(name, self.replacing.get(name, look.color))

    def _named(self, name: str) -> Color | None:
        if name in self._way:
            circle = self._way[self._way.index(name) :]
            culprit = next((part for part in circle if part in self.replacing), circle[-1])
            self.wrong.setdefault(culprit, f"goes round in a circle: {' -> '.join((*circle, name))}")
            raise _WrongError
        if name in self.wrong:
            raise _WrongError
        if name not in self._known:
            self._way.append(name)
            try:
                self._known[name] = self._looked_up(name)
            except _WrongError as error:
                if error.rule:
                    self.wrong[name] = error.rule
                raise _WrongError from None
            finally:
                self._way.pop()
        return self._known[name]

    def _looked_up(self, name: str) -> Color | None:
        text = self._text(name)
        if text is None:
            raise _WrongError("must have a colour, unless the theme has a base")
        color = self._color(text)
        if color is None and (rule := _needed(name, text)):
            raise _WrongError(rule)
        return color

    def _color(self, text: str) -> Color | None:
        """The colour that an expression stands for."""
        word = text.strip()
        if made := MADE_OF.fullmatch(word):
            return self._made(int(made["share"]), made["over"], made["under"])
        if word == NOTHING:
            return None
        if DIGITS.fullmatch(word):
            digits = word[1:] if len(word) == 7 else "".join(2 * digit for digit in word[1:])
            red, green, blue = bytes.fromhex(digits)
            return red, green, blue
        return self._named(word) if word in self.names or word in ROLES else self._of_css(word)

    def _made(self, share: int, over: str, under: str) -> Color | None:
        if share > 100:
            raise _WrongError("can be made of 100% at most")
        above = self._color(over)
        if above is None:
            return None
        below = self._color(under) or self._named("paper")  # which is seen through what is not painted
        return None if below is None else blend(above, below, share / 100)

    def _of_css(self, word: str) -> Color:
        if word.isidentifier():
            from PIL import ImageColor  # takes its time to load, and few colours are words

            if word.lower() in ImageColor.colormap:
                red, green, blue = ImageColor.getrgb(word)[:3]
                return red, green, blue
            near = did_you_mean(word, (*self.names, *ROLES, *ImageColor.colormap))
            if near.startswith("did"):
                raise _WrongError(f"there is no colour {word!r}; {near}")
        raise _WrongError(
            "must be a colour such as '#268bd2' or 'steelblue', a role, or made of two: '40% black on input'"
        )


def contrast(one: Color, other: Color) -> float:
    """How far two colours are apart in lightness, 1 to 21, as WCAG 2.2 defines it.

    >>> round(contrast((0, 0, 0), (255, 255, 255)), 1)
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    parts = (part / 255 for part in color)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


WRITTEN_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        *("paper", "input", "blank", "copy", "cut", "kernel", "entry", "output", "shadow_on_canvas"),
        *CHANNELS,
    ),
    "text_on_shadow": ("shadow_on_input", "shadow_on_output"),
    "faint": ("paper", "zero"),
    "words": ("paper",),
}
"""What each colour of text is written on."""
READABLE: Final = 4.5
"""The least contrast of text: WCAG 2.2, 1.4.3."""


def unreadable(theme: Theme) -> Iterator[tuple[str, str, float]]:
    """The pairs of roles whose text cannot be read on what it is written on, with their contrast.

    >>> from convgif.registry import THEMES
    >>> [name for name, theme in THEMES.items() if list(unreadable(theme))]
    []
    """
    for text, grounds in WRITTEN_ON.items():
        ink = theme[text].color
        for ground in grounds:
            color = theme[ground].color
            if ink is not None and color is not None and (ratio := contrast(ink, color)) < READABLE:
                yield text, ground, ratio
