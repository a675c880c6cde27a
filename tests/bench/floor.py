"""The least that a frame takes: Agg painting what moves, and Pillow compressing indices that are there already.

Both are recorded from a run of convgif, and then done once more, with nothing around them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from unittest import mock

import numpy as np
import numpy.typing as npt
from matplotlib.transforms import IdentityTransform
from PIL import Image

import convgif
from convgif.assembling.formats import gif
from convgif.figure import Figure
from convgif.rendering import raster
from convgif.rendering.agg import Renderer

IDENTITY: Final = IdentityTransform()


class Recorder(Renderer):
    """A renderer that keeps what it is asked to paint, for all renderers of a run."""

    canvases: Final[list[tuple[Recorder, list[tuple[Any, ...]]]]] = []

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self._calls: list[tuple[Any, ...]] = []
        self.canvases.append((self, self._calls))

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803  # as in matplotlib
        """Keep the call, and paint."""
        self._calls.append((gc, path, rgbFace))
        super().draw_path(gc, path, transform, rgbFace)


def floor(figures: Mapping[str, Figure], folder: Path) -> Callable[[], None]:
    """What does the least for the GIFs of some figures; `folder` is for those that are drawn to find it out."""
    images: list[tuple[npt.NDArray[np.uint8], int]] = []
    write = gif._frame

    def keep(patch: Any, palette: Any, disposal: int) -> bytes:
        images.append((patch.image, palette.bits))
        return write(patch, palette, disposal)

    Recorder.canvases.clear()
    with mock.patch.object(raster, "Renderer", Recorder), mock.patch.object(gif, "_frame", keep):
        convgif.render(figures, folder, ("gif",), force=True)
    canvases = [*Recorder.canvases]

    def least() -> None:
        for canvas, calls in canvases:
            for gc, path, face in calls:
                Renderer.draw_path(canvas, gc, path, IDENTITY, face)
        for image, bits in images:
            Image.fromarray(image).tobytes("gif", "L", bits, 0)

    return least
