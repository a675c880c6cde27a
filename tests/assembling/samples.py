"""Figures and scenes to write, each with something that a writer may get wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hypothesis import settings

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.drawing.scene import Box, Color, Items, Polygon, Scene, Track
from convgif.figure import Figure

REPEATABLE: Final = settings(deadline=None, derandomize=True, database=None, max_examples=60)

FIGURES: Final = {
    "isometric": Figure(Conv(5, 3, stride=2, padding=1), cell=12),
    "at the usual size": Figure(Conv(4, 3)),
    "fractional": Figure(Conv(4, 3), cell=14.77, scale=1.5),
    "flat with numbers": Figure(Conv(5, 3), view="flat", values="random", cell=24),
    "isometric with numbers": Figure(MaxPool(4, 2), values="random", cell=30),
    "not square": Figure(Conv((4, 7), (3, 2), stride=(1, 2), padding=(0, 1)), cell=10),
    "transposed": Figure(ConvTranspose(3, 3, stride=2, padding=1, output_padding=1), cell=10),
    "more than 99 frames": Figure(Conv(13, 3), cell=6, frame_ms=30),
    "a single frame": Figure(Conv(3, 3), cell=12, hold_ms=70),
    "transparent": Figure(Conv(5, 3, stride=2, padding=1), cell=12, transparent=True),
    "transparent and flat": Figure(ConvTranspose(2, 3), view="flat", values="random", cell=20, transparent=True),
    "acts of different lengths": Figure(Conv((1, 3), (1, 2), padding=(0, 1)), view="story", cell=8, frame_ms=500),
    "muted, with words": Figure(
        ConvTranspose(2, 2, stride=2),
        view="construction",
        theme="muted",
        values="random",
        cell=16,
        title="Words",
        labels=True,
        hold_ms=1500,
    ),
    "a transparent single frame": Figure(MaxPool(2, 2), cell=12, transparent=True),
}
"""Every figure is small: what is decoded wrong is decoded wrong at any size."""

WHITE: Final[Color] = (255, 255, 255)
BLUE: Final[Color] = (38, 139, 210)


def beads(places: Sequence[int], durations: Sequence[int], *, transparent: bool = False) -> Scene:
    """A scene that shows a blue square at one of a few places in every frame; equal places make equal frames."""

    def bead(frame: int) -> Items:
        left = places[frame]
        corners = ((left, 0), (left + 1, 0), (left + 1, 1), (left, 1), (left, 0))
        return (Polygon((tuple((float(x), float(y)) for x, y in corners),), fill=BLUE),)

    paper = None if transparent else WHITE
    return Scene(Box(0, 0, max(places) + 1, 1), tuple(durations), (Track("bead", bead),), paper, "Beads.")


class Described(Figure):
    """A figure that is described by the text given as `words`, a class attribute."""

    words = ""

    def describe(self) -> str:
        return self.words


def described(words: str) -> Figure:
    """A small figure with any description."""
    return type("Worded", (Described,), {"words": words})(Conv(3, 3), cell=5)  # type: ignore[no-any-return]  # a type made at run time
