"""One telling frame as PNG and as SVG: for readers who asked for no motion, and for what shows no animations."""

from __future__ import annotations

from pathlib import Path

from convgif.assembling import png, svg
from convgif.drawing.scene import Scene
from convgif.figure import Figure
from convgif.rendering import frames, vector


def write(figure: Figure, scene: Scene, path: Path) -> None:
    """Write the frame that tells most."""
    (pixels,) = frames(scene, figure.cell_pixels, only=(scene.telling,))
    png.save(png.visible(pixels, scene), path, scene.description)
    still = vector.still(scene, figure.cell_pixels, scene.telling, svg.by_night(figure))
    path.with_suffix(".svg").write_text(still, encoding="utf-8", newline="\n")
