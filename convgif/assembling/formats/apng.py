"""Animated PNG: all colours and soft edges on any ground, in all of today's browsers.

Pillow compresses each frame; here the chunks of the file are put together as the specification of PNG has them, so
that no more than two frames are ever in memory.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final

from convgif.assembling.film import Film
from convgif.assembling.format import TIMES, Format, single

if TYPE_CHECKING:
    from convgif.assembling.palette import Pixels

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
LONGEST_DELAY: Final = 65_535
"""A delay's numerator has 16 bits."""


def write(film: Film, stream: BinaryIO) -> None:
    """Write a film as an APNG file."""
    number = 0  # of the chunks that make the animation
    shown: Pixels | None = None
    for pixels, duration in zip(film.frames(), film.durations, strict=True):
        rows, cols = _area(pixels, shown)
        header, data = _compressed(pixels[rows, cols])
        if shown is None:
            stream.write(SIGNATURE + _chunk(b"IHDR", header))
            stream.write(_chunk(b"acTL", struct.pack(">II", len(film.durations), film.figure.loop)))
            stream.write(_chunk(b"tEXt", b"Description\0" + film.scene.description.encode("latin-1", "replace")))
        # Kept when its time is over, and put in the place of what was there.
        place = (cols.stop - cols.start, rows.stop - rows.start, cols.start, rows.start)
        stream.write(_chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, *place, *_delay(duration), 0, 0)))
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


def _compressed(pixels: Pixels) -> tuple[bytes, bytes]:
    """What Pillow makes of an image: its header and its data."""
    import numpy as np
    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG", compress_level=9)
    chunks = list(_chunks(buffer.getvalue()))
    return chunks[0][1], b"".join(data for kind, data in chunks if kind == b"IDAT")


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = len(SIGNATURE)
    while start < len(file):
        length, kind = struct.unpack_from(">I4s", file, start)
        yield kind, file[start + 8 : start + 8 + length]
        start += length + 12


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


FORMAT: Final = Format(
    "apng",
    "an animation in all colours, with soft edges on any ground",
    ".apng",
    single(".apng", write),
    options=("loop", *TIMES),
)
