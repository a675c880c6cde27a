"""What is seen in a browser, and how far it is from what is meant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from convgif.api import Figure
from convgif.assembling.film import Film
from convgif.drawing.composition import compose

if TYPE_CHECKING:
    from playwright.sync_api import ElementHandle, FloatRect, Locator, Page

Blocks = npt.NDArray[np.float64]

BLOCK: Final = 6
"""Pixels of a block: lines that lie half a pixel further on, and letters of another rasteriser, hardly change one."""
ALIKE: Final = 3.5
"""The most that blocks of the same frame differ in the mean; measured are 0.1 to 3.0, by how many lines there are."""
CLEARER: Final = 0.65
"""The frame that is meant differs this much less than any other; measured are up to 0.55."""

CALM: Final = '<meta charset="utf-8"><style>body{margin:0}svg,img{display:block}</style>'
"""The head of a page without margins; there is no doctype, which makes it hardest for styles."""


def blocks(pixels: npt.NDArray[np.uint8]) -> Blocks:
    """The means of an image's blocks."""
    height, width = (side // BLOCK * BLOCK for side in pixels.shape[:2])
    parts = pixels[:height, :width, :3].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    means: Blocks = parts.mean(axis=(1, 3))
    return means


def seen(what: Page | Locator | ElementHandle, size: tuple[int, int] | None = None) -> Blocks:
    """A screenshot of an element, or of the top left corner of a page."""
    pixels = _pixels(what.screenshot())
    return blocks(pixels if size is None else pixels[: size[1], : size[0]])


def parts_seen(page: Page, boxes: Sequence[FloatRect | None]) -> list[Blocks]:
    """What a long page shows in each of some boxes."""
    pixels = _pixels(page.screenshot(full_page=True))
    edges = [[round(box[key]) for key in ("x", "y", "width", "height")] for box in boxes if box]
    return [blocks(pixels[y : y + height, x : x + width]) for x, y, width, height in edges]


def _pixels(png: bytes) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


@cache
def meant(figure: Figure) -> tuple[Blocks, ...]:
    """The frames of a figure as the raster renderer draws them."""
    return tuple(blocks(pixels) for pixels in Film.of(figure).frames())


def differences(shown: Blocks, frames: Sequence[Blocks]) -> list[float]:
    """How far what is shown is from each frame."""
    return [float(np.abs(shown - frame).mean()) for frame in frames]


def frame_in(shown: Blocks, figure: Figure) -> int:
    """The frame that is shown; it must be one, clearly."""
    found = differences(shown, meant(figure))
    best, *others = sorted(found)
    assert best <= ALIKE
    assert all(best < CLEARER * other for other in others), sorted(found)[:3]
    return found.index(best)


def size_of(figure: Figure) -> tuple[int, int]:
    """Width and height in pixels."""
    return compose(figure).pixel_size(figure.cell_pixels)


def middles(figure: Figure) -> list[float]:
    """The middle of every frame's time in milliseconds."""
    durations = compose(figure).durations
    starts = accumulate(durations, initial=0)
    return [start + duration / 2 for start, duration in zip(starts, durations, strict=False)]


def file_of(figure: Figure) -> str:
    """The animated SVG."""
    return figure.encode("svg").decode()


def stopped(text: str, time: float) -> str:
    """The same file with its clock stopped at a time in milliseconds: inside an image no script reaches it."""
    still = (
        f"svg .f{{animation-delay:calc(var(--d,0s) - {time}ms)!important}}"
        f"svg [class^=m]{{animation-delay:-{time}ms!important}}"
        "svg *{animation-play-state:paused!important}</style>"
    )
    assert text.count("</style>") == 1
    return text.replace("</style>", still)
