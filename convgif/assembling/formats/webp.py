"""Animated WebP, lossless: smaller than APNG, in all of today's browsers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from convgif.assembling import limits
from convgif.assembling.film import Film
from convgif.assembling.format import TIMES, Format, single
from convgif.errors import Problem

SMALLEST: Final = {"lossless": True, "minimize_size": True, "method": 3, "quality": 50}
"""Only what changes is stored, and what compresses best; more than this effort makes files hardly any smaller."""
LONGEST_SIDE: Final = 16_383
"""Pixels; the format has 14 bits for them."""
MOST_ROUNDS: Final = 65_535
"""The file counts them in 16 bits."""


def write(film: Film, stream: BinaryIO) -> None:
    """Write a film as an animated WebP file."""
    from convgif.assembling.reel import Reel

    durations = list(film.durations)
    Reel(film).save(stream, "WEBP", save_all=True, duration=durations, loop=film.figure.loop, **SMALLEST)


def problems(film: Film) -> Iterator[Problem]:
    """What of a film a WebP file cannot hold."""
    yield from limits.sides(film, "WebP", LONGEST_SIDE)
    yield from limits.rounds(film, "WebP", MOST_ROUNDS)


FORMAT: Final = Format(
    "webp",
    "an animation in all colours, smaller than APNG",
    ".webp",
    single(".webp", write),
    problems=problems,
    options=("loop", *TIMES),
)
