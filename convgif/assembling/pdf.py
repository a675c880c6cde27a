"""PDF: a page a frame, vector, for LaTeX's `animate` package and for handouts."""

from __future__ import annotations

from pathlib import Path

from convgif.drawing.scene import Scene
from convgif.figure import Figure


def write(figure: Figure, scene: Scene, path: Path) -> None:
    """Write the figure as a PDF file with a page for each frame."""
    # Here, since matplotlib's PDF renderer takes longer to load than a small figure to draw.
    from convgif.rendering import page

    page.write(scene, figure.cell_pixels, range(len(scene.durations)), path)
