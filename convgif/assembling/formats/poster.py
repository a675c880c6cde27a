"""One still as SVG: for readers who asked for no motion, for print, and for what shows no animations."""

from __future__ import annotations

from typing import BinaryIO, Final

from convgif.assembling.film import Film
from convgif.assembling.format import Format, single
from convgif.rendering import vector


def write(film: Film, stream: BinaryIO) -> None:
    """Write one frame of a film."""
    stream.write(vector.still(film.scene, film.theme, film.cell, film.shown, film.night).encode())


FORMAT: Final = Format(
    "poster",
    "one vector picture, of the frame that tells most",
    ".poster.svg",
    single(".svg", write),
    ".svg",
    as_text=True,
    options=("frame",),
)
