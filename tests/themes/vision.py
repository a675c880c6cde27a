"""Colours as people see them: how far two are apart, and what is left of them for those who see fewer.

The distance is CIEDE2000 (Sharma, Wu and Dalal, 2005); colour blindness is simulated as Machado, Oliveira and Fernandes
(2009) do, at full severity.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from typing import Final, NamedTuple

from convgif.themes.theme import Color

Row = tuple[float, float, float]
SIGHTS: Final[Mapping[str, tuple[Row, Row, Row]]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What becomes of red, green and blue light, by the kind of sight."""
WHITE: Final = (0.95047, 1.0, 1.08883)


class Lab(NamedTuple):
    """A colour in CIELAB: its lightness from 0 to 100, and how red and how yellow it is."""

    lightness: float
    red: float
    yellow: float


def seen(color: Color, sight: str) -> Lab:
    """A colour of sRGB as it is seen.

    >>> round(seen((255, 255, 255), "protanopia").lightness), round(seen((0, 0, 0), "normal").lightness)
    (100, 0)
    """
    light = [_light(part / 255) for part in color]
    r, g, b = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in SIGHTS[sight])
    x, y, z = (
        0.4124564 * r + 0.3575761 * g + 0.1804375 * b,
        0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
        0.0193339 * r + 0.1191920 * g + 0.9503041 * b,
    )
    x, y, z = (_compressed(part / white) for part, white in zip((x, y, z), WHITE, strict=True))
    return Lab(116 * y - 16, 500 * (x - y), 200 * (y - z))


def _light(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _compressed(share: float) -> float:
    return share ** (1 / 3) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116


def apart(one: Lab, other: Lab) -> float:
    """How far two colours are apart: CIEDE2000.

    >>> [round(apart(Lab(50, *a), Lab(50, *b)), 4) for a, b in (((2.6772, -79.7751), (0, -82.7485)), ((-1, 2), (0, 0)))]
    [2.0425, 2.3669]
    """
    mean = (hypot(one.red, one.yellow) + hypot(other.red, other.yellow)) / 2
    grey = 1 + (1 - sqrt(mean**7 / (mean**7 + 25**7))) / 2
    (chroma, hue), (chroma_2, hue_2) = (
        (hypot(grey * c.red, c.yellow), degrees(atan2(c.yellow, grey * c.red)) % 360) for c in (one, other)
    )
    # Hues are angles: the way between two is the shorter one, and so is the middle.
    colourful = chroma * chroma_2 > 0
    turn = ((hue_2 - hue + 180) % 360 - 180) * colourful
    middle = (hue + turn / 2) % 360 if colourful else hue + hue_2
    light, vivid = (one.lightness + other.lightness) / 2, (chroma + chroma_2) / 2
    weight = (
        1
        - 0.17 * cos(radians(middle - 30))
        + 0.24 * cos(radians(2 * middle))
        + 0.32 * cos(radians(3 * middle + 6))
        - 0.20 * cos(radians(4 * middle - 63))
    )
    lightness = (other.lightness - one.lightness) / (1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2))
    chromas = (chroma_2 - chroma) / (1 + 0.045 * vivid)
    hues = 2 * sqrt(chroma * chroma_2) * sin(radians(turn / 2)) / (1 + 0.015 * vivid * weight)
    blue = -sin(radians(60 * exp(-(((middle - 275) / 25) ** 2)))) * 2 * sqrt(vivid**7 / (vivid**7 + 25**7))
    return sqrt(lightness**2 + chromas**2 + hues**2 + blue * chromas * hues)
