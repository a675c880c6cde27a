"""A table: a convolution and its transpose side by side, in letters and in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from convgif.arithmetic.conv import Conv, ConvTranspose, compared
from convgif.arithmetic.formula import Equation, formula
from convgif.arithmetic.layer import Compared
from convgif.drawing.metrics import width_of
from convgif.drawing.parts import formulas
from convgif.drawing.parts.captions import size_caption
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


def draw(figure: Figure) -> Drawing:
    """The drawing of the table, in a single frame."""
    subject = Subject.of(figure)
    rows = _rows(subject)
    titles = EM * max(width_of(plain(row.title), serif_too=True) for row in rows)
    first, second = (EM * max(map(formulas.width, cells)) for cells in zip(*map(_cells, rows), strict=True))
    middles = (titles + GAP + first / 2, titles + 2 * GAP + first + second / 2)
    heights = [LEADING * EM * max(map(formulas.height, _cells(row))) for row in rows]
    box = Box(-BESIDE, 0.0, titles + 2 * GAP + first + second + BESIDE, sum(heights))

    def table() -> Items:
        return tuple(_table(rows, heights, titles, middles, box))

    note = subject.source.describe()
    act = Act((Track.still("table", table),), 1, caption=size_caption(subject), note=lambda frame: note)
    return Drawing(box, (act,))


def _rows(subject: Subject) -> Sequence[Compared]:
    """The lines of the table with their heads; a layer that no convolution leads back from has nothing beside it."""
    layer = subject.source
    head = Compared("", formula(Conv.title), formula(ConvTranspose.title))
    lines = layer.comparison()
    if not lines and isinstance(layer, ConvTranspose):
        lines = tuple(line._replace(direct=formula("none")) for line in compared(layer.equivalent(), layer))
    return head, *lines


def _cells(row: Compared) -> tuple[Equation, Equation]:
    return Equation(row.direct), Equation(row.transposed)


def _table(
    rows: Sequence[Compared], heights: Sequence[float], titles: float, middles: tuple[float, float], box: Box
) -> Iterator[Item]:
    y = box.top
    yield _rule(y, box, RULE)
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        if row.title:
            yield Text.of((0.0, y + height / 2), row.title, EM, titles, "words", "start")
        for cell, x in zip(_cells(row), middles, strict=True):
            yield from _cell(cell, (x, y + height / 2), upright=number == 0)
        y += height
        yield _rule(y, box, RULE if number in (0, len(rows) - 1) else THIN_RULE)


def _cell(cell: Equation, middle: tuple[float, float], *, upright: bool) -> Items:
    """What stands in a cell; words are upright, in formulas letters are slanted."""
    text = cell.text
    if upright or not any(sign in text for sign in "=0123456789"):
        return (Text.of(middle, text, EM, EM * width_of(plain(text), serif_too=True), "words"),)
    return formulas.items(cell, middle, EM)


def _rule(y: float, box: Box, width: float) -> Line:
    return Line((((box.left, y), (box.right, y)),), "words_line" if width == RULE else "faint_line", width)


VIEW: Final = View(
    "summary",
    "a convolution and its transpose side by side, as a table",
    draw,
    layers=(Conv, ConvTranspose),
    seen_as="in a table beside its transpose",
)
