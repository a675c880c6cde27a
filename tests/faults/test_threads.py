"""Threads that draw at once write what one does, and leave no setting changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import matplotlib
import pytest

from convgif.api import Figure
from convgif.arithmetic import Conv
from convgif.drawing.scene import Run
from convgif.rendering import lettering

RENDERS = 100
FORMATS = ("png", "svg", "png", "pdf", "png")


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can, and no glyph is known yet."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    for cached in (lettering.outline, lettering._glyph):
        cached.cache_clear()
    yield
    sys.setswitchinterval(before)


def test_threads_write_what_one_does() -> None:
    figures = [Figure(Conv(2, 2), cell=8, title=f"{word} {words}") for word, words in zip("gÄWq", "QjßM", strict=True)]
    work = [(figure, format) for figure in figures for format in FORMATS]
    # A setting that writing a PDF replaces; its user's own must be back when all is done.
    with matplotlib.rc_context({"pdf.compression": 3}):
        with ThreadPoolExecutor(8) as pool:
            made = [*pool.map(lambda place: _made(work[place % len(work)]), range(RENDERS))]
        assert matplotlib.rcParams["pdf.compression"] == 3
    for cached in (lettering.outline, lettering._glyph):
        cached.cache_clear()
    alone = [_made(each) for each in work]
    assert [place for place, found in enumerate(made) if found != alone[place % len(work)]] == []


def test_threads_read_the_letters_that_they_asked_for(hasty: None) -> None:
    """A font that is shared holds one glyph at a time."""
    letters = [chr(code) for code in range(0x21, 0x17F) if chr(code).isprintable()]
    with ThreadPoolExecutor(8) as pool:
        shared = [*pool.map(_drawn, letters * 4)]
    for cached in (lettering.outline, lettering._glyph):
        cached.cache_clear()
    assert [letter for letter, found in zip(letters * 4, shared, strict=True) if found != _drawn(letter)] == []


def _drawn(letter: str) -> bytes:
    return lettering.outline.__wrapped__((Run(letter),)).vertices.tobytes()


def _made(work: tuple[Figure, str]) -> bytes:
    figure, format = work
    return figure.encode(format)
