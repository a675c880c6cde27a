"""A table: a convolution and its transpose side by side, in letters and in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from convgif.arithmetic.conv import NONE, Conv, ConvTranspose, compared
from convgif.arithmetic.formula import Equation
from convgif.arithmetic.layer import Compared
from convgif.arithmetic.sentences import Sentence
from convgif.drawing.metrics import width_of
from convgif.drawing.parts import formulas
from convgif.drawing.parts.captions import size_caption, told
from convgif.drawing.parts.numerals import plain
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Box, Item, Items, Line, Text, Track
from convgif.drawing.timeline import Act, Drawing
from convgif.drawing.view import View
from convgif.figure import Figure

EM: Final = 0.5
GAP: Final = 0.9
"""Cells between columns."""
BESIDE: Final = 0.3
"""Cells that the rules reach beyond the columns."""
LEADING: Final = 1.15
"""Heights of rows, in heights of their lines."""
RULE: Final = 0.06 * EM
THIN_RULE: Final = 0.03 * EM


Cell = str | Equation
"""What stands in a cell: words in the figure's language, or a formula, in which letters are slanted."""


class _Row(NamedTuple):
    """A line of the table as it is written."""

    title: str
    cells: tuple[Cell, Cell]


def draw(figure: Figure) -> Drawing:
    """The drawing of the table, in a single frame."""
    subject = Subject.of(figure)
    rows = [_row(figure, row) for row in _compared(subject)]
    titles = EM * max(width_of(plain(row.title), serif_too=True) for row in rows)
    first, second = (EM * max(map(_width, cells)) for cells in zip(*(row.cells for row in rows), strict=True))
    middles = (titles + GAP + first / 2, titles + 2 * GAP + first + second / 2)
    heights = [LEADING * EM * max(map(_height, row.cells)) for row in rows]
    box = Box(-BESIDE, 0.0, titles + 2 * GAP + first + second + BESIDE, sum(heights))

    def table() -> Items:
        return tuple(_table(rows, heights, titles, middles, box))

    note = subject.source.describe()
    act = Act((Track.still("table", table),), 1, caption=size_caption(subject), note=lambda frame: note)
    return Drawing(box, (act,))


def _compared(subject: Subject) -> Sequence[Compared]:
    """The lines of the table with their heads; a layer that no convolution leads back from has nothing beside it."""
    layer = subject.source
    head = Compared("", Sentence(Conv.title), Sentence(ConvTranspose.title))
    lines = layer.comparison()
    if not lines and isinstance(layer, ConvTranspose):
        lines = tuple(line._replace(direct=NONE) for line in compared(layer.equivalent(), layer))
    return head, *lines


def _row(figure: Figure, row: Compared) -> _Row:
    direct, transposed = (
        told(figure, cell) if isinstance(cell, Sentence) else Equation(cell) for cell in (row.direct, row.transposed)
    )
    return _Row(told(figure, row.title), (direct, transposed))


def _width(cell: Cell) -> float:
    return width_of(plain(cell), serif_too=True) if isinstance(cell, str) else formulas.width(cell)


def _height(cell: Cell) -> float:
    return formulas.LOW if isinstance(cell, str) else formulas.height(cell)


def _table(
    rows: Sequence[_Row], heights: Sequence[float], titles: float, middles: tuple[float, float], box: Box
) -> Iterator[Item]:
    y = box.top
    yield _rule(y, box, RULE)
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        if row.title:
            yield Text.of((0.0, y + height / 2), row.title, EM, titles, "words", "start")
        for cell, x in zip(row.cells, middles, strict=True):
            yield from _cell(cell, (x, y + height / 2))
        y += height
        yield _rule(y, box, RULE if number in (0, len(rows) - 1) else THIN_RULE)


def _cell(cell: Cell, middle: tuple[float, float]) -> Items:
    if isinstance(cell, str):
        return (Text.of(middle, cell, EM, EM * _width(cell), "words"),)
    return formulas.items(cell, middle, EM)


def _rule(y: float, box: Box, width: float) -> Line:
    return Line((((box.left, y), (box.right, y)),), "words_line" if width == RULE else "faint_line", width)


VIEW: Final = View(
    "summary",
    "a convolution and its transpose side by side, as a table",
    draw,
    layers=(Conv, ConvTranspose),
    copies=False,
    seen_as="in a table beside its transpose",
)
