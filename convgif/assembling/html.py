"""The player: one self-contained page for a figure, with controls, captions and cells that lead to their steps."""

from __future__ import annotations

import json
from pathlib import Path

from convgif.assembling import svg
from convgif.drawing.scene import Scene
from convgif.figure import Figure
from convgif.pages import filled, page
from convgif.rendering import vector


def write(figure: Figure, scene: Scene, path: Path) -> None:
    """Write the player page."""
    path.write_text(text(figure, scene), encoding="utf-8", newline="\n")


def text(figure: Figure, scene: Scene) -> str:
    """The page."""
    drawn = vector.animated(scene, figure.cell_pixels, svg.by_night(figure), driven=True)
    links = [{"d": vector.outline_of(link.area), "frame": link.frame, "name": link.name} for link in scene.links()]
    data = {"durations": scene.durations, "notes": scene.notes(), "links": links, "name": scene.description}
    # As data inside a page: no tag and no comment can be read in it.
    content = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return filled(page("player.html"), title=scene.title, svg=drawn, data=content)
