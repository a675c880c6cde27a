"""PDF: a page a frame, vector, for LaTeX's `animate` package and for handouts."""

from __future__ import annotations

from pathlib import Path

from convgif.drawing.scene import Scene
from convgif.figure import Figure
from convgif.rendering import page


def write(figure: Figure, scene: Scene, path: Path) -> None:
    """Write the figure as a PDF file with a page for each frame."""
    page.write(scene, figure.cell_pixels, range(len(scene.durations)), path)
