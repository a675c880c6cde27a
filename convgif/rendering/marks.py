"""What is painted of an item in a theme: areas, lines and letters in colours, whoever paints them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from convgif.drawing.metrics import Font, capital_height, width_in
from convgif.drawing.scene import POINT, Item, Line, Path, Point, Polygon, Run, Text
from convgif.themes.theme import Color, FontFile, Theme

HATCH_WIDTH: Final = 0.4 * POINT
"""Lines that hatch are as thin as lines of sight."""
HALO_EM: Final = 0.34
"""The stroke of a halo, in em of its text; half of it is seen around the letters."""


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
    """A text in a font: its em, and where its first letter begins on the baseline.

    `further` is the font for what that font lacks; one is looked for if it is None.
    """

    runs: tuple[Run, ...]
    color: Color
    font: Font
    em: float
    origin: Point
    further: FontFile | None = None


@dataclass(frozen=True)
class Halo:
    """A rim of the ground's colour around letters, and the room that they fill."""

    letters: Letters
    color: Color

    @property
    def width(self) -> float:
        """Its stroke, in cells."""
        return HALO_EM * self.letters.em


Mark = Area | Stroke | Letters | Halo
Measure = Callable[[tuple[Run, ...], Font, FontFile | None], float]
"""How wide a text is at an em of 1, in a font, with another one for what that lacks."""


def estimate(runs: tuple[Run, ...], font: Font, further: FontFile | None = None) -> float:
    """About how wide a text is, whatever font is found for what its own lacks."""
    return width_in(runs, font)


def marks(items: Iterable[Item], theme: Theme, measure: Measure = estimate) -> Iterator[Mark]:
    """What is painted of some items, in their order; whoever has the letters can measure them."""
    for item, as_halo in with_halos(items, lambda text: has_halo(text, theme)):
        yield from marks_of(item, as_halo, theme, measure)


def marks_of(item: Item, as_halo: bool, theme: Theme, measure: Measure = estimate) -> Iterator[Mark]:
    """What is painted of an item, or of the halo of a text."""
    color, hatch, dash, font = theme[item.role]
    if isinstance(item, Polygon):
        if color is not None:
            yield Area(item.parts, color)
        if hatch is not None and (parts := hatching(item.parts)):
            yield Stroke(parts, hatch, HATCH_WIDTH)
    elif color is None:
        return
    elif isinstance(item, Line):
        yield Stroke(item.parts, color, item.width, item.dash if dash else None, bool(item.dash) and not dash)
    elif not as_halo:
        yield letters(item, color, font, theme.further, measure)
    elif ground := halo_color(item, theme):
        yield Halo(letters(item, color, font, theme.further, measure), ground)


def with_halos(items: Iterable[Item], wanted: Callable[[Text], bool]) -> Iterator[tuple[Item, bool]]:
    """The items in their order, and whether the halo of a text is meant.

    Before texts in a row come the halos of all of them, so that none covers its neighbours' letters.
    """
    for _, group in groupby(items, lambda item: isinstance(item, Text)):
        together = [*group]
        yield from ((item, True) for item in together if isinstance(item, Text) and wanted(item))
        yield from ((item, False) for item in together)


def has_halo(text: Text, theme: Theme) -> bool:
    """Whether there is something to keep apart from the letters of a text."""
    return text.halo is not None and (text.crossed or theme[text.halo].hatch is not None)


def halo_color(text: Text, theme: Theme) -> Color | None:
    """The colour of the ground that a text stands on; None where there is neither an area nor paper."""
    return None if text.halo is None else theme[text.halo].color or theme.paper


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


def fit(text: Text, font: Font, further: FontFile | None = None, measure: Measure = estimate) -> Fit:
    """The size of a text where it must not be wider than it may."""
    wide = measure(text.runs, font, further)
    em = min(text.size, text.width / wide) if wide else text.size
    return Fit(em, wide * em)


def baseline(text: Text, font: Font, em: float) -> float:
    """The height of the line that letters stand on."""
    return text.at[1] + capital_height(font) / 2 * em


def letters(
    text: Text, color: Color, font: Font, further: FontFile | None = None, measure: Measure = estimate
) -> Letters:
    """A text as letters in a place."""
    em, wide = fit(text, font, further, measure)
    aside = {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
    return Letters(text.runs, color, font, em, (text.at[0] - aside, baseline(text, font, em)), further)
