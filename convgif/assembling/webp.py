"""Animated WebP, lossless: smaller than APNG, in all of today's browsers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image

from convgif.assembling import png
from convgif.drawing.scene import Scene
from convgif.figure import Figure
from convgif.rendering import Pixels, frames

MOST_ROUNDS: Final = 65_535
"""The file counts them in 16 bits."""


def write(figure: Figure, scene: Scene, path: Path) -> None:
    """Write the figure as an animated WebP file."""
    film = _Film(png.visible(pixels, scene) for pixels in frames(scene, figure.cell_pixels))
    film.n_frames = len(scene.durations)
    rounds = min(figure.loop, MOST_ROUNDS)
    film.save(path, "WEBP", save_all=True, lossless=True, duration=list(scene.durations), loop=rounds)


class _Film(Image.Image):
    """Frames as Pillow takes them from a file: one at a time, so that they are never all in memory."""

    n_frames: int

    def __init__(self, images: Iterator[Pixels]) -> None:
        super().__init__()
        self._images = images
        self._at = -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Go on to the next frame; there is no way back, and none is needed."""
        if frame > self._at:
            image = Image.fromarray(next(self._images))
            self.im, self._mode, self._size, self._at = image.im, image.mode, image.size, frame

    def tell(self) -> int:
        """The frame that is shown."""
        return self._at
