"""Which texts lie in the way of lines, and so must be written above them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, floor
from typing import Final

from convgif.drawing.lattice import Lattice, Pair
from convgif.drawing.metrics import width_of
from convgif.drawing.scene import Box, Path, Point, Text

ROOM: Final = 0.17
"""Em around the letters that lines must not enter: the rim that is seen of a halo."""
CAPITALS: Final = 0.73
"""The height of capitals, in em."""


def crossed(texts: Iterable[Text], lines: Sequence[Path]) -> tuple[Text, ...]:
    """The texts, marked where lines cross them.

    >>> texts = [Text.of((x, 0.5), "0", 0.5, 0.9, "text") for x in (0.5, 1.5)]
    >>> [text.crossed for text in crossed(texts, [((0.2, 0), (0.8, 1))])]
    [True, False]
    """
    return tuple(replace(text, crossed=any(meets(line, letters_box(text)) for line in lines)) for text in texts)


def letters_box(text: Text, room: float = ROOM) -> Box:
    """Where a text's letters are, and so many em around them."""
    wide = width_of(text.runs)
    em = min(text.size, text.width / wide) if wide else text.size
    wide *= em
    (x, y), high = text.at, CAPITALS * em
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
    return Box(left - room * em, y - high / 2 - room * em, left + wide + room * em, y + high / 2 + room * em)


def meets(line: Path, box: Box) -> bool:
    """Whether a line enters a box.

    >>> meets(((0, 0), (2, 2)), Box(1, 0, 2, 0.9)), meets(((0, 0), (2, 2)), Box(1, 0, 2, 1.1))
    (False, True)
    """
    return any(_enters(start, end, box) for start, end in pairwise(line))


def _enters(start: Point, end: Point, box: Box) -> bool:
    """Whether a part of the stretch is within the box along both axes at once."""
    first, last = 0.0, 1.0
    for near, far, low, high in zip(start, end, box[:2], box[2:], strict=True):
        way = far - near
        if way == 0:
            if not low <= near <= high:
                return False
            continue
        enters, leaves = sorted(((low - near) / way, (high - near) / way))
        first, last = max(first, enters), min(last, leaves)
    return first <= last


def along(lattice: Lattice, lines: Iterable[Path]) -> Iterator[Pair]:
    """The cells of a lattice that lines pass, and those beside them, each once."""
    found: dict[Pair, None] = {}
    for line in lines:
        for start, end in pairwise(map(lattice.spot, line)):
            for row, (near, far) in _by_row(start, end, lattice.size[0]):
                for col in range(max(0, floor(near) - 1), min(lattice.size[1], ceil(far) + 1)):
                    found[row, col] = None
    return iter(found)


def _by_row(start: Point, end: Point, rows: int) -> Iterator[tuple[int, tuple[float, float]]]:
    """For each row that a stretch passes or comes near to, the columns from which to which it does so."""
    (row, col), (last_row, last_col) = sorted((start, end))
    slope = (last_col - col) / (last_row - row) if last_row != row else 0.0
    for number in range(max(0, floor(row) - 1), min(rows, ceil(last_row) + 1)):
        if last_row == row:
            yield number, (min(col, last_col), max(col, last_col))
            continue
        ends = [col + (min(max(edge, row), last_row) - row) * slope for edge in (number - 1, number + 2)]
        yield number, (min(ends), max(ends))
