"""Frames as Pillow takes them from a file: one at a time, so that they are never all in memory."""

from __future__ import annotations

import numpy as np
from PIL import Image

from convgif.assembling.film import Film


class Reel(Image.Image):
    """The frames of a film as an image that Pillow can save with all of its frames; it moves forward only."""

    n_frames: int
    is_animated: bool

    def __init__(self, film: Film) -> None:
        super().__init__()
        self._images = film.frames()
        self._at = -1
        self.n_frames = len(film.durations)
        self.is_animated = self.n_frames > 1
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Go on to the next frame; there is no way back, and none is needed.

        Raises:
            EOFError: there is no next frame.
        """
        if frame >= self.n_frames:
            raise EOFError
        if frame > self._at:
            image = Image.fromarray(np.ascontiguousarray(next(self._images)))
            self.im, self._mode, self._size, self._at = image.im, image.mode, image.size, frame

    def tell(self) -> int:
        """The frame that is shown."""
        return self._at
