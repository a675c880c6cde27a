"""Animated PNG: all colours and soft edges on any ground, in all of today's browsers.

The chunks of the file are put together here, as the specification of PNG has them, so that no more than two frames are
ever in memory. On paper, a frame holds what changed, and is clear where nothing did: one colour, which no frame has,
stands for that.
"""

from __future__ import annotations

import struct
import zlib
from itertools import product
from typing import TYPE_CHECKING, BinaryIO, Final

from convgif.assembling.film import Film
from convgif.assembling.format import TIMES, Format, single
from convgif.rendering import colours_of
from convgif.themes.theme import Color

if TYPE_CHECKING:
    from convgif.assembling.palette import Pixels

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
LONGEST_DELAY: Final = 65_535
"""A delay's numerator has 16 bits."""
KINDS: Final = {3: 2, 4: 6}
"""The colour types of PNG, by the number of channels."""
INTO_PLACE, OVER = 0, 1
"""How a frame is put where it belongs: instead of what was there, or over it where it is not clear."""
ROUNDING: Final = 12
"""More than three channels can be off by where colours are blended several times."""


def write(film: Film, stream: BinaryIO) -> None:
    """Write a film as an APNG file."""
    number = 0  # of the chunks that make the animation
    shown: Pixels | None = None
    clear = None if film.transparent else unused(*colours_of(film.scene, film.theme))
    for pixels, duration in zip(film.frames(), film.durations, strict=True):
        rows, cols = _area(pixels, shown)
        patch = pixels[rows, cols]
        if shown is None:
            height, width, channels = pixels.shape
            header = struct.pack(">IIBBBBB", width, height, 8, KINDS[channels], 0, 0, 0)
            stream.write(SIGNATURE + _chunk(b"IHDR", header))
            if clear is not None:
                stream.write(_chunk(b"tRNS", struct.pack(">HHH", *clear)))
            stream.write(_chunk(b"acTL", struct.pack(">II", len(film.durations), film.figure.loop)))
            stream.write(_chunk(b"tEXt", b"Description\0" + film.scene.description.encode("latin-1", "replace")))
        # Kept when its time is over.
        place = (cols.stop - cols.start, rows.stop - rows.start, cols.start, rows.start)
        blend = INTO_PLACE if shown is None or clear is None else OVER
        stream.write(_chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, *place, *_delay(duration), 0, blend)))
        if shown is not None and clear is not None:
            patch = patch.copy()
            patch[(patch == shown[rows, cols]).all(axis=2)] = clear
        data = _compressed(patch)
        numbered = b"" if shown is None else struct.pack(">I", number + 1)
        stream.write(_chunk(b"fdAT" if numbered else b"IDAT", numbered + data))
        number += 2 if numbered else 1
        shown = pixels
    stream.write(_chunk(b"IEND", b""))


def _area(pixels: Pixels, shown: Pixels | None) -> tuple[slice, slice]:
    """What has changed; one pixel at least, since a frame cannot be empty."""
    if shown is None:
        return slice(0, pixels.shape[0]), slice(0, pixels.shape[1])
    from convgif.assembling.differences import extent

    rows, cols = extent((pixels != shown).any(axis=2))
    return (rows, cols) if rows.stop else (slice(0, 1), slice(0, 1))


def _delay(milliseconds: int) -> tuple[int, int]:
    """Numerator and denominator, in seconds."""
    return (milliseconds, 1000) if milliseconds <= LONGEST_DELAY else (round(milliseconds / 10), 100)


def unused(*colors: tuple[Color, ...]) -> Color | None:
    """A corner of the colour cube that is no blend of some colours; None where all corners may be.

    >>> unused(((255, 255, 255), (38, 139, 210)), ((0, 43, 54),))
    (255, 255, 0)
    """
    for corner in product((255, 0), repeat=3):
        towards = [1 if channel else -1 for channel in corner]

        def reach(color: tuple[int, ...], towards: list[int] = towards) -> int:
            return sum(sign * channel for sign, channel in zip(towards, color, strict=True))

        if max(map(reach, (color for some in colors for color in some)), default=0) + ROUNDING < reach(corner):
            red, green, blue = corner
            return red, green, blue
    return None


def _compressed(pixels: Pixels) -> bytes:
    """The rows of an image, compressed; without a filter, since areas of one colour compress best so."""
    import numpy as np

    height = len(pixels)
    rows = np.zeros((height, 1 + pixels[0].size), dtype=np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    return zlib.compress(rows.tobytes(), 9)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


FORMAT: Final = Format(
    "apng",
    "an animation in all colours, with soft edges on any ground",
    ".apng",
    single(".apng", write),
    options=("loop", *TIMES),
)
