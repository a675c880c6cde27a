"""Animated SVG: vector, small, and at home in light pages and dark ones."""

from __future__ import annotations

from typing import BinaryIO, Final

from convgif.assembling.film import Film
from convgif.assembling.format import TIMES, Format, single
from convgif.rendering import vector


def write(film: Film, stream: BinaryIO) -> None:
    """Write a film as one SVG file that moves by itself."""
    text = vector.animated(film.scene, film.theme, film.cell, film.night, film.figure.loop)
    stream.write(text.encode())


FORMAT: Final = Format(
    "svg",
    "a small, sharp animation that follows dark mode and reduced motion",
    ".svg",
    single(".svg", write),
    as_text=True,
    options=("loop", *TIMES),
)
