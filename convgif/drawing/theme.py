"""Colours by role. A theme is data: another one is another entry in `THEMES`.

>>> THEMES["solarized"].input
(38, 139, 210)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from convgif.drawing.scene import Color
from convgif.figure import ThemeName


@dataclass(frozen=True)
class Theme:
    """What each part of a figure is painted with.

    `cut` is for input elements that a crop removes before the kernel can read them. The kernel's shadow is opaque: its
    colour depends on what lies under it, and a theme may choose each freely.
    """

    paper: Color
    input: Color
    cut: Color
    output: Color
    shadow_on_canvas: Color
    shadow_on_input: Color
    shadow_on_output: Color
    line: Color
    sight: Color
    text: Color
    text_on_shadow: Color

    @property
    def areas(self) -> tuple[Color, ...]:
        """The colours that areas are painted with, in a figure that crops nothing."""
        shadows = (self.shadow_on_canvas, self.shadow_on_input, self.shadow_on_output)
        return (self.paper, self.input, self.output, *shadows)

    @property
    def lines(self) -> tuple[Color, ...]:
        """The colours of lines."""
        return (self.line, self.sight)

    @property
    def texts(self) -> tuple[Color, ...]:
        """The colours of texts."""
        return (self.text, self.text_on_shadow)


def blend(over: Color, under: Color, opacity: float) -> Color:
    """The colour that is seen where `over` lies on `under`.

    >>> blend((0, 0, 0), (255, 255, 255), 0.4)
    (153, 153, 153)
    """
    red, green, blue = (round(opacity * a + (1 - opacity) * b) for a, b in zip(over, under, strict=True))
    return red, green, blue


def _solarized() -> Theme:
    """The colours of the original figures: Ethan Schoonover's Solarized, the shadow base02 at 40 %."""
    white, blue, cyan, base02, base03 = (255, 255, 255), (38, 139, 210), (42, 161, 152), (7, 54, 66), (0, 43, 54)
    return Theme(
        paper=white,
        input=blue,
        cut=blend(blue, white, 0.25),
        output=cyan,
        shadow_on_canvas=blend(base02, white, 0.4),
        shadow_on_input=blend(base02, blue, 0.4),
        shadow_on_output=blend(base02, cyan, 0.4),
        line=base03,
        sight=(0, 0, 0),
        text=(0, 0, 0),
        text_on_shadow=white,
    )


THEMES: Final[Mapping[ThemeName, Theme]] = {"solarized": _solarized()}
"""Every theme by name."""
