"""Colours by role, and the typeface of words. A theme is data: another one is another entry in `THEMES`.

>>> THEMES["solarized"].input
(38, 139, 210)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from convgif.drawing.scene import Color, Font
from convgif.figure import NOTHING, Figure, ThemeName


@dataclass(frozen=True)
class Theme:
    """What each part of a figure is painted with.

    `blank` is for padding and inserted zeros, which are dashed where it is None; `cut` for input elements that a
    crop removes before the kernel can read them; `pending` for output that is not computed yet; `entry` for the
    weights in a matrix; `faint` and `faint_line` for what is there but counts for nothing; `hatch` for lines over
    shaded cells, which are told by these too where it is not None. The kernel's shadow is opaque: its colour
    depends on what lies under it, and a theme may choose each freely. `words` is the typeface of titles, labels and
    captions.
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
    hatch: Color | None
    words: Font
    night: ThemeName | None = None


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
        faint=blend(base03, white, 0.7),
        faint_line=blend(base03, white, 0.25),
        hatch=None,
        words="sans",
        night="dark",
    )


def _dark() -> Theme:
    """Solarized by night: the same hues on its dark ground."""
    ground, base1, base3 = (0, 43, 54), (147, 161, 161), (253, 246, 227)
    blue, cyan = blend((38, 139, 210), (0, 0, 0), 0.7), blend((42, 161, 152), (0, 0, 0), 0.64)
    return Theme(
        paper=ground,
        input=blue,
        blank=None,
        cut=blend(blue, ground, 0.3),
        kernel=blend(base1, ground, 0.55),
        entry=blend(base1, ground, 0.25),
        output=cyan,
        pending=blend(cyan, ground, 0.2),
        shadow_on_canvas=blend(base1, ground, 0.55),
        shadow_on_input=blend(base3, blue, 0.6),
        shadow_on_output=blend(base3, cyan, 0.6),
        line=base1,
        sight=base3,
        text=base3,
        text_on_shadow=ground,
        faint=base1,
        faint_line=blend(base1, ground, 0.3),
        hatch=None,
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
        hatch=None,
        words="serif",
    )


def _colorblind() -> Theme:
    """The hues of Okabe and Ito, which all readers tell apart; what is shaded is hatched as well."""
    white, black, sky, orange, green = (255, 255, 255), (0, 0, 0), (86, 180, 233), (230, 159, 0), (0, 158, 115)
    vermilion = blend((213, 94, 0), black, 0.85)
    return Theme(
        paper=white,
        input=sky,
        blank=None,
        cut=blend(sky, white, 0.3),
        kernel=orange,
        entry=blend(orange, white, 0.3),
        output=green,
        pending=blend(green, white, 0.2),
        shadow_on_canvas=orange,
        shadow_on_input=vermilion,
        shadow_on_output=blend(black, green, 0.3),
        line=black,
        sight=black,
        text=black,
        text_on_shadow=white,
        faint=(89, 89, 89),
        faint_line=(200, 200, 200),
        hatch=black,
        words="sans",
    )


def _print() -> Theme:
    """Greys that a black and white printer keeps apart."""
    white, black = (255, 255, 255), (0, 0, 0)
    return Theme(
        paper=white,
        input=(205, 205, 205),
        blank=None,
        cut=(240, 240, 240),
        kernel=(148, 148, 148),
        entry=(225, 225, 225),
        output=(205, 205, 205),
        pending=(245, 245, 245),
        shadow_on_canvas=(148, 148, 148),
        shadow_on_input=(84, 84, 84),
        shadow_on_output=(84, 84, 84),
        line=black,
        sight=black,
        text=black,
        text_on_shadow=white,
        faint=(89, 89, 89),
        faint_line=(200, 200, 200),
        hatch=None,
        words="serif",
    )


THEMES: Final[Mapping[ThemeName, Theme]] = {
    "solarized": _solarized(),
    "muted": _muted(),
    "dark": _dark(),
    "colorblind": _colorblind(),
    "print": _print(),
}
"""Every theme by name."""


def theme_of(figure: Figure) -> Theme:
    """The theme of a figure, with the colours that replace some of it."""
    return _replaced(figure.theme, figure.colors and tuple(dict(figure.colors).items()))


@cache
def _replaced(name: ThemeName, colors: tuple[tuple[str, str], ...] | None) -> Theme:
    theme = THEMES[name]
    # A theme with colours of one's own has no counterpart for dark pages.
    changes: dict[str, Any] = {role: _parsed(text) for role, text in colors or ()}
    return replace(theme, **changes, night=None) if changes else theme


def _parsed(text: str) -> Color | None:
    if text == NOTHING:
        return None
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


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
    "text": ("paper", "input", "blank", "cut", "kernel", "entry", "output", "shadow_on_canvas"),
    "text_on_shadow": ("shadow_on_input", "shadow_on_output"),
    "faint": ("paper",),
}
"""What each colour of text is written on."""
READABLE: Final = 4.5
"""The least contrast of text: WCAG 2.2, 1.4.3."""


def unreadable(theme: Theme) -> Iterator[tuple[str, str, float]]:
    """The pairs of roles whose text cannot be read on what it is written on, with their contrast.

    >>> [list(unreadable(theme)) for theme in THEMES.values()]
    [[], [], [], [], []]
    """
    for text, grounds in WRITTEN_ON.items():
        for ground in grounds:
            color = getattr(theme, ground)
            if color is not None and (ratio := contrast(getattr(theme, text), color)) < READABLE:
                yield text, ground, ratio
