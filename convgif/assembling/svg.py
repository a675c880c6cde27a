"""Animated SVG: vector, small, and at home in light pages and dark ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from convgif import drawing
from convgif.drawing.scene import Scene
from convgif.drawing.theme import theme_of
from convgif.figure import Figure
from convgif.rendering import vector


def write(figure: Figure, scene: Scene, path: Path) -> None:
    """Write the figure as one SVG file that moves by itself."""
    path.write_text(text(figure, scene), encoding="utf-8", newline="\n")


def text(figure: Figure, scene: Scene) -> str:
    """The file."""
    night = by_night(figure)
    # A strip of some frames is not the figure's own scene, and has no counterpart by night.
    own = night is not None and (night.bounds, night.durations) == (scene.bounds, scene.durations)
    return vector.animated(scene, figure.cell_pixels, night if own else None, figure.loop)


def by_night(figure: Figure) -> Scene | None:
    """The scene in the colours for dark pages, if its theme has any."""
    night = theme_of(figure).night
    return None if night is None else drawing.draw(replace(figure, theme=night))
