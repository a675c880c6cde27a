"""Colours by role, and the typeface of words. A theme is data: another one is another entry in `THEMES`.

>>> THEMES["solarized"].input
(38, 139, 210)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from convgif.drawing.scene import Color, Font
from convgif.figure import ThemeName


@dataclass(frozen=True)
class Theme:
    """What each part of a figure is painted with.

    `blank` is for padding and inserted zeros, which are dashed where it is None; `cut` for input elements that a
    crop removes before the kernel can read them; `pending` for output that is not computed yet; `entry` for the
    weights in a matrix; `faint` and `faint_line` for what is there but counts for nothing. The kernel's shadow is
    opaque: its colour depends on what lies under it, and a theme may choose each freely. `words` is the typeface of
    titles, labels and captions.
    """

    paper: Color
    input: Color
    blank: Color | None
    cut: Color
    kernel: Color
    entry: Color
    output: Color
    pending: Color
    shadow_on_canvas: Color
    shadow_on_input: Color
    shadow_on_output: Color
    line: Color
    sight: Color
    text: Color
    text_on_shadow: Color
    faint: Color
    faint_line: Color
    words: Font


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
        blank=None,
        cut=blend(blue, white, 0.25),
        kernel=blend(base02, white, 0.4),
        entry=blend(base02, white, 0.14),
        output=cyan,
        pending=blend(cyan, white, 0.2),
        shadow_on_canvas=blend(base02, white, 0.4),
        shadow_on_input=blend(base02, blue, 0.4),
        shadow_on_output=blend(base02, cyan, 0.4),
        line=base03,
        sight=(0, 0, 0),
        text=(0, 0, 0),
        text_on_shadow=white,
        faint=blend(base03, white, 0.6),
        faint_line=blend(base03, white, 0.25),
        words="sans",
    )


def _muted() -> Theme:
    """Quiet colours with white lines, as on slides with serif titles: the kernel is the one warm colour."""
    white, black, blue, green = (255, 255, 255), (0, 0, 0), (148, 182, 210), (165, 171, 129)
    return Theme(
        paper=white,
        input=blue,
        blank=(166, 166, 166),
        cut=blend(blue, white, 0.35),
        kernel=(221, 128, 71),
        entry=blend((221, 128, 71), white, 0.4),
        output=green,
        pending=(219, 221, 205),
        shadow_on_canvas=(221, 128, 71),
        shadow_on_input=(205, 139, 103),
        shadow_on_output=blend(black, green, 0.25),
        line=white,
        sight=(89, 89, 89),
        text=black,
        text_on_shadow=black,
        faint=(89, 89, 89),
        faint_line=(219, 219, 219),
        words="serif",
    )


THEMES: Final[Mapping[ThemeName, Theme]] = {"solarized": _solarized(), "muted": _muted()}
"""Every theme by name."""
