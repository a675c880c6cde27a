"""A scene becomes pixels, with matplotlib's Agg renderer.

Only the renderer itself is used, without figures, axes or artists: they would cost more than the drawing. What stays
the same behind the first moving track is painted once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from convgif.drawing.scene import MARGIN, Scene
from convgif.rendering.agg import Renderer
from convgif.rendering.painter import Call, Painter
from convgif.themes.theme import Theme

FOOT_PHASE: Final = 0.78
"""Where in its pixel row the lowest corner of the drawing lies, of the choices the one nearest to how the original's
rasteriser places it; structural similarity with its frames is highest here."""

Pixels = npt.NDArray[np.uint8]


def frames(scene: Scene, theme: Theme, cell: float, only: Sequence[int] | None = None) -> Iterator[Pixels]:
    """The frames of a scene in order, or some of them, each its own array; `cell` is in pixels.

    The shape is (height, width, 3); without paper it is (height, width, 4), with straight alpha.
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
    background = image.copy()
    # Static tracks that lie over moving ones are painted again in every frame, but prepared once.
    prepared: dict[int, list[Call]] = {}
    for frame in range(len(scene.durations)) if only is None else only:
        image[:] = background
        for index, track in enumerate(scene.tracks[moving:]):
            if track.span is not None and frame not in track.span:
                prepared.pop(index, None)
            elif track.static:
                if index not in prepared:
                    prepared[index] = list(painter.calls(track.at(frame)))
                painter.paint(prepared[index])
            else:
                painter.paint(painter.calls(track.at(frame)))
        yield image.copy() if theme.paper is None else image.copy()[..., :3]
