"""The fonts that matplotlib brings along: each face is its own, and there."""

from __future__ import annotations

from fontTools.ttLib import TTFont

from convgif.rendering.dejavu import FILES, font_file


def test_every_face_is_that_of_its_file() -> None:
    for (font, slanted), name in FILES.items():
        family, style = (TTFont(font_file(name))["name"].getDebugName(number) for number in (1, 2))
        assert family == {"sans": "DejaVu Sans", "serif": "DejaVu Serif"}[font]
        assert (style in ("Oblique", "Italic")) is slanted
