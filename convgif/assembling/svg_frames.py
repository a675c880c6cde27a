"""SVG frames in a folder, numbered as the PNG frames are."""

from __future__ import annotations

from pathlib import Path

from convgif.assembling.png import frame_name
from convgif.drawing.scene import Scene
from convgif.figure import Figure
from convgif.rendering import vector


def write(figure: Figure, scene: Scene, path: Path) -> None:
    """Write every frame as `path/NAME_000.svg` and so on, NAME being the folder's own name."""
    path.mkdir(parents=True)
    count = len(scene.durations)
    for number in range(count):
        file = path / f"{frame_name(path.name, number, count)}.svg"
        file.write_text(vector.still(scene, figure.cell_pixels, number), encoding="utf-8", newline="\n")
