"""What is painted of an item in a theme: areas, lines and letters in colours, whoever paints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from convgif.drawing.metrics import Font, capital_height, width_in
from convgif.drawing.scene import POINT, Item, Line, Path, Point, Polygon, Run, Text
from convgif.themes.theme import Color, Theme

HATCH_WIDTH: Final = 0.4 * POINT
"""Lines that hatch are as thin as lines of sight."""


@dataclass(frozen=True)
class Area:
    """A filled area."""

    parts: tuple[Path, ...]
    color: Color


@dataclass(frozen=True)
class Stroke:
    """Lines of one width; with `square`, their ends reach out by half of it."""

    parts: tuple[Path, ...]
    color: Color
    width: float
    dash: tuple[float, float] | None = None
    square: bool = False


@dataclass(frozen=True)
class Letters:
    """A text in a font: its em, and where its first letter begins on the baseline."""

    runs: tuple[Run, ...]
    color: Color
    font: Font
    em: float
    origin: Point


Mark = Area | Stroke | Letters


def marks(items: Iterable[Item], theme: Theme) -> Iterator[Mark]:
    """What is painted of some items, in their order."""
    for item in items:
        color, hatch, dash, font = theme[item.role]
        if isinstance(item, Polygon):
            if color is not None:
                yield Area(item.parts, color)
            if hatch is not None and (parts := hatching(item.parts)):
                yield Stroke(parts, hatch, HATCH_WIDTH)
        elif color is None:
            continue
        elif isinstance(item, Line):
            yield Stroke(item.parts, color, item.width, item.dash if dash else None, bool(item.dash) and not dash)
        else:
            yield letters(item, color, font)


def hatching(parts: Iterable[Path]) -> tuple[Path, ...]:
    """Three slanted lines over each area of four corners.

    >>> hatching([((0, 0), (2, 0), (2, 2), (0, 2))])
    (((1.0, 0.0), (0.0, 1.0)), ((2, 0), (0, 2)), ((2.0, 1.0), (1.0, 2.0)))
    """
    return tuple(line for part in parts if len(part) == 4 for line in _slanted(*part))


def _slanted(start: Point, right: Point, end: Point, down: Point) -> Iterator[Path]:
    yield _middle(start, right), _middle(start, down)
    yield right, down
    yield _middle(right, end), _middle(end, down)


def _middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


class Fit(NamedTuple):
    """A text in its font: how large it is, and how wide it is at that size."""

    em: float
    width: float


def fit(text: Text, font: Font) -> Fit:
    """The size of a text where it must not be wider than it may."""
    wide = width_in(text.runs, font)
    em = min(text.size, text.width / wide) if wide else text.size
    return Fit(em, wide * em)


def baseline(text: Text, font: Font, em: float) -> float:
    """The height of the line that letters stand on."""
    return text.at[1] + capital_height(font) / 2 * em


def letters(text: Text, color: Color, font: Font) -> Letters:
    """A text as letters in a place."""
    em, wide = fit(text, font)
    aside = {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
    return Letters(text.runs, color, font, em, (text.at[0] - aside, baseline(text, font, em)))
