"""A scene and a theme become pixels, SVG, pages of PDF, or artists of matplotlib; each in a module of its own."""

from __future__ import annotations

from convgif.drawing.roles import AREAS, role_and_theme
from convgif.drawing.scene import Scene
from convgif.themes.theme import Color, Theme

__all__ = ["colours_of"]


def colours_of(scene: Scene, theme: Theme) -> tuple[tuple[Color, ...], tuple[Color, ...]]:
    """The colours of all areas that are ever shown, paper included, and those of all lines and texts.

    Light ones come first in both.
    """
    styles = {role: theme[role] for role in scene.roles}
    areas = {style.color for role, style in styles.items() if role_and_theme(role)[0] in AREAS}
    inks = {style.color for role, style in styles.items() if role_and_theme(role)[0] not in AREAS} | {
        style.hatch for style in styles.values()
    }
    return _light_first(areas), _light_first(inks)


def _light_first(colors: set[Color | None]) -> tuple[Color, ...]:
    return tuple(sorted((color for color in colors if color is not None), reverse=True))
