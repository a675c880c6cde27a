"""PNG frames in a folder, numbered from 000 as LaTeX's `animate` package wants them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Final

from convgif.assembling.film import Film
from convgif.assembling.format import FOLDER, File, Format, frame_name
from convgif.assembling.formats import png

if TYPE_CHECKING:
    from convgif.assembling.palette import Palette, Pixels


def files(film: Film, stem: str) -> Iterator[File]:
    """Every frame as `STEM/STEM_000.png` and so on."""
    palette, count = png.palette_for(film), len(film.durations)
    for number, pixels in enumerate(film.frames()):
        write = partial(_write, film, palette, pixels)
        yield File(f"{stem}/{frame_name(stem, number, count)}.png", write)


def _write(film: Film, palette: Palette | None, pixels: Pixels, stream: BinaryIO) -> None:
    png.save(pixels, stream, film.scene.description, palette)


FORMAT: Final = Format("frames", "a folder of numbered pictures", FOLDER, files)
