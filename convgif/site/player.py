"""The player: one self-contained page for a figure, with controls, captions and cells that lead to their steps."""

from __future__ import annotations

import json
from typing import BinaryIO, Final

from convgif.assembling.film import Film
from convgif.assembling.format import TIMES, Format, single
from convgif.rendering import vector
from convgif.site.pages import filled, page


def write(film: Film, stream: BinaryIO) -> None:
    """Write the player page of a film."""
    stream.write(text(film).encode())


def text(film: Film) -> str:
    """The page."""
    scene = film.scene
    heading = film.figure.heading or scene.title
    drawn = vector.animated(scene, film.theme, film.cell, film.night, driven=True)
    links = [{"d": vector.outline_of(link.area), "frame": link.frame, "name": link.name} for link in scene.links()]
    data = {
        "durations": scene.durations,
        "notes": scene.notes(),
        "links": links,
        "name": scene.description,
        "titled": heading == film.figure.title,  # then it stands in the drawing, and once is enough
    }
    # As data inside a page: no tag and no comment can be read in it.
    content = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return filled(page("player.html"), title=heading, svg=drawn, data=content)


FORMAT: Final = Format(
    "html",
    "a page that plays, steps and links cells to what they are computed from",
    ".html",
    single(".html", write),
    as_text=True,
    options=TIMES,
)
