"""What a format cannot hold, as problems: pictures that are too large, and more rounds than a file can count."""

from __future__ import annotations

from collections.abc import Iterator

from convgif.assembling.film import Film
from convgif.errors import Mention, Problem, rule


def sides(film: Film, format: str, longest: int) -> Iterator[Problem]:
    """The problem with a frame that has a side of more than `longest` pixels."""
    width, height = film.size
    if max(width, height) > longest:
        remedy = "choose a smaller cell or scale, or another format"
        told = f"a frame would be {width:,} x {height:,} pixels, and no side in {format} is longer than {longest:,}; "
        yield Problem("cell", film.figure.cell, told + remedy)


def rounds(film: Film, format: str, most: int) -> Iterator[Problem]:
    """The problem with an animation that is to be played more than `most` times, but not for ever."""
    if film.figure.loop > most:
        told = rule(f"{format} counts to {most:,} only; ", Mention("loop", 0), " plays for ever")
        yield Problem("loop", film.figure.loop, told)
