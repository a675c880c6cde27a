"""PDF: a page a frame, vector, for LaTeX's `animate` package and for handouts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from convgif.assembling import limits
from convgif.assembling.film import Film
from convgif.assembling.format import Format, single
from convgif.errors import Problem

LONGEST_SIDE: Final = 19_200
"""Pixels; a page has 14,400 points a side at most, which are three quarters of a pixel."""


def write(film: Film, stream: BinaryIO) -> None:
    """Write a film as a PDF file with a page for each frame."""
    # Here, since matplotlib's PDF renderer takes longer to load than a small figure to draw.
    from convgif.rendering import page

    page.write(film.scene, film.theme, film.cell, range(len(film.durations)), stream)


def problems(film: Film) -> Iterator[Problem]:
    """What of a film a page cannot hold."""
    yield from limits.sides(film, "PDF", LONGEST_SIDE)


FORMAT: Final = Format(
    "pdf", "vector pages, one a frame, for LaTeX and handouts", ".pdf", single(".pdf", write), problems=problems
)
