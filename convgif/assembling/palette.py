"""One palette for all frames of a figure, and the way from pixels to its indices.

Anti-aliasing makes thousands of colours out of ten, but all of them lie between an ink and an area. So the palette
holds the figure's own colours exactly, and a few steps between each ink and each area; no dithering.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property, lru_cache, partial
from typing import Final

import numpy as np
import numpy.typing as npt

from convgif.assembling.film import Film
from convgif.rendering import colours_of
from convgif.themes.theme import Color, blend

TRANSPARENT: Final = 0
"""The index that shows what lies below."""
LEVELS: Final = 3
"""Blends between an ink and an area: fewer show as steps in slanted lines, more make files larger."""
THIN_LEVELS: Final = 4
"""Blends of an ink that has them with one area only: thin slanted lines are hardly ever seen but blended."""
OPAQUE: Final = 80
"""The least alpha that counts as opaque: GIF has nothing in between, and with less than half, thin lines stay whole."""
APART: Final = 15
"""Colours nearer to each other than this, as a distance in RGB, share an entry."""
ALIKE: Final = 80
"""Inks nearer to each other than this share their blends, but those with the area that they stand out from most: there
a thin black line, such as one of sight, would be tinged by the blends of the dark blue grid."""
BATCH: Final = 1 << 18
"""Pixels looked up at a time: an index takes eight times the memory of what it finds."""

Pixels = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.uint8]
Packed = npt.NDArray[np.uint32]


class Palette:
    """The colours of a figure and their blends; index 0 is transparent.

    >>> palette = Palette(areas=((255, 255, 255), (38, 139, 210)), inks=((0, 43, 54),))
    >>> palette.colors[1:4].tolist()
    [[255, 255, 255], [38, 139, 210], [0, 43, 54]]
    """

    def __init__(self, areas: tuple[Color, ...], inks: tuple[Color, ...]) -> None:
        chosen = list(dict.fromkeys((*areas, *inks)))
        for color in _blends(areas, inks):
            if all(math.dist(color, other) >= APART for other in chosen):
                chosen.append(color)
        self.colors: Pixels = np.array([(0, 0, 0), *chosen[:255]], dtype=np.uint8)

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, areas: tuple[Color, ...], inks: tuple[Color, ...]) -> Palette:
        """The palette of those colours; figures that share their colours share what it has looked up."""
        return cls(areas, inks)

    @property
    def bits(self) -> int:
        """Bits that an index takes; GIF needs two at least."""
        return max(2, (len(self.colors) - 1).bit_length())

    @cached_property
    def _known(self) -> Indices:
        """The index of every colour met so far, by its 24 bits; 0 where none is known yet."""
        return np.zeros(1 << 24, dtype=np.uint8)

    def indices(self, pixels: Packed) -> Indices:
        """The nearest entry for every pixel, whatever its alpha."""
        flat, found = pixels.ravel(), np.empty(pixels.size, dtype=np.uint8)
        for start in range(0, flat.size, BATCH):
            found[start : start + BATCH] = self._looked_up(flat[start : start + BATCH] & np.uint32(0xFFFFFF))
        return found.reshape(pixels.shape)

    def _looked_up(self, colors: Packed) -> Indices:
        found: Indices = self._known.take(colors)
        if not found.min(initial=255):
            new = np.unique(colors[found == 0])
            self._known[new] = self._nearest(new)
            found = self._known.take(colors)
        return found

    def _nearest(self, colors: Packed) -> Indices:
        rgb = np.stack([colors >> shift & 0xFF for shift in (0, 8, 16)], axis=-1).astype(np.int32)
        distances = np.square(rgb[:, None, :] - self.colors[1:].astype(np.int32)).sum(axis=-1)
        nearest: Indices = (distances.argmin(axis=1) + 1).astype(np.uint8)
        return nearest


def palette_of(film: Film) -> Palette:
    """The palette of everything that is ever shown in a film."""
    return Palette.of(*colours_of(film.scene, film.theme))


def packed(pixels: Pixels) -> Packed:
    """One number for each pixel of (height, width, 3 or 4): red in the lowest 8 bits, alpha, if there is any, in the
    highest.

    >>> hex(packed(np.array([[[0x12, 0x34, 0x56]]], dtype=np.uint8))[0, 0])
    '0x563412'
    """
    height, width, channels = pixels.shape
    below = pixels.base
    if channels == 3 and below is not None and below.shape == (height, width, 4) and _begin_alike(pixels, below):
        pixels = below  # frames on paper are seen without the alpha that they were painted with
    if pixels.shape[2] == 4:
        one: Packed = np.ascontiguousarray(pixels).view("<u4")[..., 0]
        return one
    numbers = np.zeros((height, width), dtype="<u4")
    parts = numbers.view(np.uint8).reshape(height, width, 4)
    for channel in range(channels):  # one by one, since NumPy copies three bytes at a time five times as slowly
        parts[..., channel] = pixels[..., channel]
    return numbers


def _begin_alike(one: Pixels, other: Pixels) -> bool:
    """Whether two arrays lie in the same memory, with their pixels in the same places."""
    starts = {array.__array_interface__["data"][0] for array in (one, other)}
    return len(starts) == 1 and one.strides == other.strides


def _blends(areas: tuple[Color, ...], inks: tuple[Color, ...]) -> Iterator[Color]:
    distinct: list[Color] = []
    alike: list[Color] = []
    for ink in inks:
        (alike if any(math.dist(ink, other) < ALIKE for other in distinct) else distinct).append(ink)
    for ink in alike:
        yield from _between(ink, max(areas, key=partial(math.dist, ink)), THIN_LEVELS)
    for ink in distinct:
        for area in areas:
            yield from _between(ink, area, LEVELS)


def _between(ink: Color, area: Color, levels: int) -> Iterator[Color]:
    return (blend(ink, area, level / (levels + 1)) for level in range(1, levels + 1))
