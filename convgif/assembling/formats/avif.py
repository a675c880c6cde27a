"""Animated AVIF: a seventh of the bytes of APNG, with nothing to be seen of what is lost, in today's browsers."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final

from convgif.assembling import limits
from convgif.assembling.film import Film
from convgif.assembling.format import TIMES, Format, single
from convgif.errors import Problem

QUALITY: Final = 80
"""Measured on the guide's figures with full resolution of colour: no channel of a pixel is off by more than 65, on
average by 0.4; at 60, thin lines fray, and 90 takes a third more bytes."""
LONGEST_SIDE: Final = 32_768
"""Pixels; decoders open no longer ones unless they are told to."""
FOR_EVER: Final = 0xFFFF_FFFF_FFFF_FFFF
"""The length of an animation that is played again and again."""
LENGTHS: Final = {b"mvhd": 24, b"tkhd": 28, b"mdhd": 24}
"""The headers of an animation, of its track and of the track's medium, and where in each its length stands."""
CONTAINERS: Final = (b"moov", b"trak", b"mdia")
"""Boxes of the file that hold those headers."""


def write(film: Film, stream: BinaryIO) -> None:
    """Write a film as an AVIF file."""
    from convgif.assembling.reel import Reel

    buffer = BytesIO()
    Reel(film).save(buffer, "AVIF", save_all=True, quality=QUALITY, subsampling="4:4:4", duration=list(film.durations))
    data = bytearray(buffer.getvalue())
    # Pillow plays everything for ever, and the encoder writes down when it was at work: equal figures are equal files.
    whole = sum(film.durations) * film.figure.loop or FOR_EVER
    for kind, body in headers(data):
        struct.pack_into(">QQ", data, body + 4, 0, 0)
        if kind != b"mdhd":
            struct.pack_into(">Q", data, body + LENGTHS[kind], whole)
    stream.write(data)


def headers(data: bytes | bytearray) -> Iterator[tuple[bytes, int]]:
    """The headers of an animation, each with where its content begins; a still has none."""
    waiting = [(0, len(data))]
    while waiting:
        start, end = waiting.pop()
        while start + 8 <= end:
            size, kind = struct.unpack_from(">I4s", data, start)
            if kind in CONTAINERS:
                waiting.append((start + 8, start + size))
            elif kind in LENGTHS and data[start + 8] == 1:  # with 64 bits for times
                yield kind, start + 8
            start += max(size, 8)


def rounds_of(data: bytes) -> int | None:
    """How often the animation in a file is played, 0 for ever; None where the file does not say."""
    lengths = {kind: struct.unpack_from(">Q", data, body + LENGTHS[kind])[0] for kind, body in headers(data)}
    whole, once = lengths.get(b"tkhd"), lengths.get(b"mdhd")
    if not whole or not once:
        return None
    return 0 if whole == FOR_EVER else int(whole // once)


def problems(film: Film) -> Iterator[Problem]:
    """What of a film an AVIF file cannot hold, or that Pillow cannot write any."""
    from PIL import features

    if not features.check("avif"):
        yield Problem("format", "avif", "needs a Pillow with AVIF, as its wheels have it from 11.3 on; upgrade pillow")
    yield from limits.sides(film, "AVIF", LONGEST_SIDE)


FORMAT: Final = Format(
    "avif",
    "the smallest animation of pixels, for web pages",
    ".avif",
    single(".avif", write),
    problems=problems,
    options=("loop", *TIMES),
)
