"""Sprite sheet: all frames in one PNG, with a JSON index as TexturePacker and Aseprite write it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, Final

from convgif.assembling.film import Film
from convgif.assembling.format import TIMES, File, Format, frame_name
from convgif.assembling.formats import png
from convgif.errors import Problem

SUFFIX: Final = ".sheet"
"""Comes before `.png` and `.json` where a path has to say that it is a sheet."""
LONGEST_SIDE: Final = 4_096
"""Pixels that a side has at most where it can be: larger textures are refused by some phones."""
LARGEST_SIDE: Final = 65_535
"""Pixels; few viewers open more."""


def files(film: Film, stem: str) -> tuple[File, File]:
    """The sheet, and its index beside it."""
    return (
        File(f"{stem}.png", partial(write, film)),
        File(f"{stem}.json", partial(_write_index, film, stem)),
    )


def layout(count: int, size: tuple[int, int], columns: int | None = None) -> tuple[int, int]:
    """(rows, columns) for that many frames of (width, height).

    As near to a square of frames as can be with no side longer than `LONGEST_SIDE`, unless `columns` is given.

    >>> layout(9, (400, 390)), layout(36, (400, 390), columns=8), layout(2, (400, 390), columns=8)
    ((3, 3), (5, 8), (1, 2))
    >>> layout(36, (800, 100)), layout(36, (5000, 100))
    ((8, 5), (6, 6))
    """
    usual = math.ceil(math.sqrt(count))
    if columns is None:
        width, height = size
        fitting = (
            number
            for number in range(1, min(count, LONGEST_SIDE // width) + 1)
            if math.ceil(count / number) * height <= LONGEST_SIDE
        )
        columns = min(fitting, key=lambda number: abs(number - usual), default=usual)
    columns = min(count, columns)
    return math.ceil(count / columns), columns


def problems(film: Film) -> Iterator[Problem]:
    """A sheet may be too large."""
    (width, height), (rows, columns), figure = film.size, _layout(film), film.figure
    told = f"the sprite sheet would be {width * columns:,} x {height * rows:,} pixels"
    remedy = "choose a smaller cell or scale, or another format"
    if max(width * columns, height * rows) > LARGEST_SIDE:
        yield Problem("cell", figure.cell, f"{told}, and no side is longer than {LARGEST_SIDE:,}; {remedy}")
    elif width * columns * height * rows > figure.max_pixels:
        yield Problem("max_pixels", figure.max_pixels, f"{told}; {remedy}, or raise max_pixels")


def write(film: Film, stream: BinaryIO) -> None:
    """Write the sheet."""
    import numpy as np

    (width, height), (rows, columns), paper = film.size, _layout(film), film.theme.paper
    ground = (0, 0, 0, 0) if paper is None else paper
    sheet = np.full((rows * height, columns * width, len(ground)), ground, dtype=np.uint8)
    for number, pixels in enumerate(film.frames()):
        row, column = divmod(number, columns)
        sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = pixels
    png.save(sheet, stream, film.scene.description, png.palette_for(film))


def _layout(film: Film) -> tuple[int, int]:
    return layout(len(film.durations), film.size, film.figure.columns)


def _write_index(film: Film, stem: str, stream: BinaryIO) -> None:
    from importlib.metadata import version  # takes its time to load

    (width, height), (rows, columns) = film.size, _layout(film)
    name, count = stem.removesuffix(SUFFIX), len(film.durations)
    whole = {"x": 0, "y": 0, "w": width, "h": height}
    index = {
        "frames": {
            frame_name(name, number, count): {
                "frame": {"x": number % columns * width, "y": number // columns * height, "w": width, "h": height},
                "rotated": False,
                "trimmed": False,
                "spriteSourceSize": whole,
                "sourceSize": {"w": width, "h": height},
                "duration": duration,
            }
            for number, duration in enumerate(film.durations)
        },
        "meta": {
            "app": "convgif",
            "version": version("convgif"),
            "image": f"{stem}.png",
            "format": "RGBA8888" if film.transparent else "RGB888",
            "size": {"w": columns * width, "h": rows * height},
            "scale": f"{film.figure.scale:g}",
            "alt": film.scene.description,
        },
    }
    stream.write((json.dumps(index, indent=1) + "\n").encode())


FORMAT: Final = Format(
    "sheet",
    "all frames in one picture, with an index, for CSS and games",
    f"{SUFFIX}.png",
    files,
    ".png",
    problems,
    options=("columns", *TIMES),
)
