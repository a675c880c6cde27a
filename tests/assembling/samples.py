"""Figures and films to write, each with something that a writer may get wrong."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from hypothesis import settings

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.assembling.film import Film
from convgif.assembling.format import Format
from convgif.drawing.scene import Box, Items, Polygon, Scene, Track
from convgif.figure import Figure
from convgif.registry import FORMATS
from convgif.themes import theme_of
from convgif.themes.theme import Color

REPEATABLE: Final = settings(deadline=None, derandomize=True, database=None, max_examples=60)

FIGURES: Final = {
    "isometric": Figure(Conv(5, 3, stride=2, padding=1), cell=12),
    "fractional": Figure(Conv(4, 3), cell=14.77, scale=1.5),
    "flat with numbers": Figure(Conv(5, 3), view="flat", random=0, cell=24),
    "isometric with numbers": Figure(MaxPool(4, 2), random=0, cell=30),
    "not square": Figure(Conv((4, 7), (3, 2), stride=(1, 2), padding=(0, 1)), cell=10),
    "transposed": Figure(ConvTranspose(3, 3, stride=2, padding=1, output_padding=1), cell=10),
    "more than 99 frames": Figure(Conv(12, 3), cell=4, frame_ms=30),
    "a single frame": Figure(Conv(3, 3), cell=12, hold_ms=70),
    "transparent": Figure(Conv(5, 3, stride=2, padding=1), cell=12, transparent=True),
    "transparent and flat": Figure(ConvTranspose(2, 3), view="flat", random=0, cell=20, transparent=True),
    "acts of different lengths": Figure(
        ConvTranspose((1, 3), (1, 2), stride=(1, 2)), view="construction", cell=8, frame_ms=500
    ),
    "muted, with words": Figure(
        ConvTranspose(2, 2, stride=2),
        view="construction",
        theme="muted",
        random=0,
        cell=16,
        title="Words",
        labels=True,
        hold_ms=1500,
    ),
    "hatched": Figure(Conv(4, 3, padding=1), theme="print", cell=14),
    "a transparent single frame": Figure(MaxPool(2, 2), cell=12, transparent=True),
}
"""Every figure is small: what is decoded wrong is decoded wrong at any size."""
FILMS: Final = {name: Film.of(figure) for name, figure in FIGURES.items()}
FEW: Final = ("isometric", "transparent and flat", "a single frame", "acts of different lengths")
"""For formats that take their time."""

WHITE: Final[Color] = (255, 255, 255)
BLUE: Final[Color] = (38, 139, 210)


def film_of(layer: Any, **options: Any) -> Film:
    """The film of a figure with these options."""
    return Film.of(Figure(layer, **options))


def beads(places: Sequence[int], durations: Sequence[int], *, transparent: bool = False, cell: float = 6) -> Film:
    """A film that shows a blue square at one of a few places in every frame; equal places make equal frames."""

    def bead(frame: int) -> Items:
        left = places[frame]
        corners = ((left, 0), (left + 1, 0), (left + 1, 1), (left, 1), (left, 0))
        return (Polygon((tuple((float(x), float(y)) for x, y in corners),), "input"),)

    figure = Figure(Conv(3, 3), transparent=transparent, cell=cell)
    scene = Scene(Box(0, 0, max(places) + 1, 1), tuple(durations), (Track("bead", bead),), "Beads.")
    return Film(figure, scene, theme_of(figure))


def encoded(film: Film, format: Format | str, stem: str = "figure") -> dict[str, bytes]:
    """The files of a film, by their paths."""
    chosen: Format = FORMATS[format] if isinstance(format, str) else format
    files: dict[str, bytes] = {}
    for file in chosen.files(film, stem):
        stream = BytesIO()
        file.write(stream)
        files[file.path] = stream.getvalue()
    return files


def written(film: Film, format: Format | str, folder: Path, stem: str = "figure") -> Path:
    """The main one of the files, after all of them were written."""
    files = encoded(film, format, stem)
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder / next(iter(files))
