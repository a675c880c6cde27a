"""Figures and scenes to paint, each with something that a painter may get wrong."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Final

from convgif.arithmetic import Conv, ConvTranspose, Layer, MaxPool
from convgif.drawing.composition import compose
from convgif.drawing.scene import Box, Item, Items, Polygon, Scene, Track
from convgif.figure import Figure
from convgif.registry import THEMES, VIEWS
from convgif.themes import theme_of
from convgif.themes.theme import Theme

LAYERS: Final[tuple[Layer, ...]] = (
    Conv(5, 3, stride=2, padding=1),
    ConvTranspose(3, 3, stride=2, padding=1, output_padding=1),
    MaxPool((4, 6), 2),
    Conv(7, 3),
)
"""Every view draws one of these."""


def layer_for(view: str) -> Layer:
    """A layer that the view draws."""
    return next(layer for layer in LAYERS if VIEWS[view].suits(layer))


FIGURES: Final = {
    **{f"{view}, plain": Figure(layer_for(view), view=view, cell=12) for view in VIEWS},
    **{f"{view}, numbered": Figure(layer_for(view), view=view, cell=16, random=0, labels=True) for view in VIEWS},
    "at the usual size": Figure(Conv(4, 3)),
    "fractional": Figure(Conv(4, 3), cell=14.77, scale=1.5),
    "not square": Figure(Conv((4, 7), (3, 2), stride=(1, 2), padding=(0, 1)), cell=10),
    "in a row": Figure(Conv((9,), 3, stride=2), view="flat", random=0, cell=16, caption=True),
    "a single frame": Figure(Conv(3, 3), cell=12, hold_ms=70),
    "transparent": Figure(Conv(5, 3, stride=2, padding=1), cell=12, transparent=True),
    "hatched": Figure(ConvTranspose(2, 2, padding=1), view="scatter", theme="colorblind", cell=16, random=0),
    "muted, with words": Figure(
        Conv((6, 5), 3, stride=2, padding=(1, 0)),
        view="flat",
        theme="muted",
        random=0,
        cell=16,
        title="Words & <more>",
        labels=True,
        caption=True,
        hold_ms=1500,
    ),
}
"""Every figure is small: what is painted wrong is painted wrong at any size."""


@cache
def scene_of(figure: Figure) -> Scene:
    """The scene of a figure, made once."""
    return compose(figure)


def painted(figure: Figure) -> tuple[Scene, Theme, float]:
    """The scene of a figure, its theme, and pixels a cell: what renderers ask for first."""
    return scene_of(figure), theme_of(figure), figure.cell_pixels


def some(scene: Scene) -> list[int]:
    """Frames to look at: the first, the last, the telling one, and one between."""
    last = len(scene.durations) - 1
    return sorted({0, last, scene.telling, 3 * last // 5})


def items_of(scene: Scene, frame: int) -> list[Item]:
    """All that one frame shows, from back to front."""
    return [scene.ground, *chain.from_iterable(track.at(frame) for track in scene.tracks)]


PAINTS: Final[Theme] = THEMES["solarized"].replaced(
    {"input": "#f00", "output": "#0f0", "kernel": "#00f", "cut": "#ff0"}
)
"""A theme of plain colours on white, for scenes made by hand."""
SHEET: Final = Box(0, 0, 8, 4)


def square(left: float, role: str = "input", width: float = 1) -> Polygon:
    """A square cell of a role, or a wider one."""
    return Polygon((((left, 0), (left + width, 0), (left + width, 1), (left, 1)),), role)


def still(*items: Item, box: Box = SHEET) -> Scene:
    """A scene of a single frame that shows some items."""
    return Scene(box, (100,), (Track.still("items", lambda: items),), "Items.", "A title")


def beads(places: Sequence[int], durations: Sequence[int]) -> Scene:
    """A scene that shows a square at one of a few places in every frame; equal places make equal frames."""

    def bead(frame: int) -> Items:
        return (square(places[frame]),)

    return Scene(Box(0, 0, max(places) + 1, 1), tuple(durations), (Track("bead", bead),), "Beads.")
