"""SVG frames in a folder, numbered as the PNG frames are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, Final

from convgif.assembling.film import Film
from convgif.assembling.format import FOLDER, File, Format, frame_name
from convgif.rendering import vector


def files(film: Film, stem: str) -> Iterator[File]:
    """Every frame as `STEM/STEM_000.svg` and so on."""
    count = len(film.durations)
    for number in range(count):
        yield File(f"{stem}/{frame_name(stem, number, count)}.svg", partial(_write, film, number))


def _write(film: Film, number: int, stream: BinaryIO) -> None:
    stream.write(vector.still(film.scene, film.theme, film.cell, number).encode())


FORMAT: Final = Format("svg-frames", "a folder of numbered vector pictures", FOLDER, files, as_text=True)
