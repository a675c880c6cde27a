"""A scene becomes pixels, with matplotlib's Agg renderer.

Only the renderer itself is used, without figures, axes or artists: they would cost more than the drawing. What stays
the same behind the first moving track is painted once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from convgif.drawing.scene import MARGIN, Scene, Track
from convgif.rendering.agg import Renderer
from convgif.rendering.layers import Layer, Part, Tiles, tiles_of
from convgif.rendering.painter import Call, Painter
from convgif.themes.theme import Theme

FOOT_PHASE: Final = 0.78
"""Where in its pixel row the lowest corner of the drawing lies, of the choices the one nearest to how the original's
rasteriser places it; structural similarity with its frames is highest here."""

MANY: Final = 120
"""Frames from which on only what changed is painted anew; with fewer, to find it would take longer than to paint all.
Every pixel comes out the same."""

Pixels = npt.NDArray[np.uint8]


def frames(scene: Scene, theme: Theme, cell: float, only: Sequence[int] | None = None) -> Iterator[Pixels]:
    """The frames of a scene in order, or some of them, each its own array; `cell` is in pixels.

    The shape is (height, width, 3); without paper it is (height, width, 4), with straight alpha.
    """
    for pixels, _ in changes(scene, theme, cell, only):
        yield pixels.copy() if theme.paper is None else pixels.copy()[..., :3]


def changes(
    scene: Scene, theme: Theme, cell: float, only: Sequence[int] | None = None
) -> Iterator[tuple[Pixels, Sequence[Part]]]:
    """The same frames on one array of shape (height, width, 4), and parts that hold all that changed since the last.

    Whoever takes a frame must be done with it before the next one, and must not write on it.
    """
    width, height = scene.pixel_size(cell)
    renderer = Renderer(width, height)
    image: Pixels = renderer.pixels
    image[:] = (*theme.paper, 255) if theme.paper else (0, 0, 0, 0)
    margin = MARGIN * cell
    foot = np.floor(margin) + FOOT_PHASE
    shift = (margin - scene.bounds.left * cell, foot + scene.bounds.bottom * cell)
    painter = Painter(renderer, theme, cell, shift, crisp=True)
    still = [track.static and track.span is None for track in scene.tracks]
    moving = still.index(False) if False in still else len(still)
    for track in scene.tracks[:moving]:
        painter.paint(painter.calls(track.at(0)))
    background, tracks = image.copy(), scene.tracks[moving:]
    chosen = range(len(scene.durations)) if only is None else only
    if len(chosen) < MANY:
        whole = (np.s_[0:height, 0:width],)
        for _ in _painted_whole(painter, tracks, chosen, image, background):
            yield image, whole
    else:
        layers = [Layer(track, painter, theme, (width, height)) for track in tracks]
        yield from _painted_anew(layers, chosen, image, background)


def _painted_whole(
    painter: Painter, tracks: Sequence[Track], chosen: Sequence[int], image: Pixels, background: Pixels
) -> Iterator[None]:
    """Paint frames one after the other, all that moves and what lies above it."""
    # Static tracks that lie over moving ones are painted again in every frame, but prepared once.
    prepared: dict[int, list[Call]] = {}
    for frame in chosen:
        image[:] = background
        for index, track in enumerate(tracks):
            if track.span is not None and frame not in track.span:
                prepared.pop(index, None)
            elif track.static:
                if index not in prepared:
                    prepared[index] = list(painter.calls(track.at(frame)))
                painter.paint(prepared[index])
            else:
                painter.paint(painter.calls(track.at(frame)))
        yield


def _painted_anew(
    layers: Sequence[Layer], chosen: Sequence[int], image: Pixels, background: Pixels
) -> Iterator[tuple[Pixels, Sequence[Part]]]:
    """Paint frames one after the other, where they differ from the one before."""
    shown = image.copy()
    height, width, _ = shown.shape
    for frame in chosen:
        tiles = Tiles(tiles_of(width, height))
        for layer in layers:
            tiles.add(layer, frame)
        parts = tiles.parts()
        for part in parts:
            image[part] = background[part]
        for layer in layers:
            layer.paint(tiles)
        for part in parts:
            shown[part] = image[part]
        yield shown, parts
