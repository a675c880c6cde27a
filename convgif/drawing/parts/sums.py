"""A step worked out in a line: `3·0 + 3·1 + ⋯ + 1·2 = 12`, and the cell that wins where the largest is taken.

Products of padding and inserted zeros are pale. Numbers are written as they are in the cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import prod
from typing import Final, NamedTuple

from convgif.arithmetic.layer import Step, Term, Working
from convgif.arithmetic.sentences import Words
from convgif.drawing.lattice import GRID_WIDTH, Lattice
from convgif.drawing.metrics import width_of
from convgif.drawing.parts.captions import told
from convgif.drawing.parts.numerals import Entries, Runs, plain
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Items, Line, Point, Run, Text

EM: Final = 0.5
SMALLEST_EM: Final = 0.36
"""Before terms are left out, the line is set smaller, down to this."""
ELIDED_EM: Final = 0.44
"""Where terms are left out, so that there is room."""
LEAST_WIDTHS: Final = (8.0, 10.6)
"""Cells that the line takes even below a narrower drawing: for a few terms, and for as many as nine."""
FEW: Final = 4
"""So many terms are a few."""
TIMES: Final = "·"
COMMA: Final = ", "
ELLIPSIS: Final = "⋯"
SPACE: Final = 0.75
"""Spaces around signs are so narrow."""
RING_WIDTH: Final = 2.5 * GRID_WIDTH
RING_INSET: Final = 0.07
"""The ring around a cell is so far inside of it."""


class Piece(NamedTuple):
    """Some characters of the line, and whether they count for nothing."""

    runs: Runs
    pale: bool = False

    @property
    def width(self) -> float:
        """In em."""
        return width_of(self.runs)


NO_ENDS: Final = (Piece(()), Piece(()))
"""What is around a line that has nothing around it."""


def least_width(subject: Subject) -> float:
    """How wide the line must be at least; known before there are any numbers."""
    few, more = LEAST_WIDTHS
    return few if prod(subject.layer.kernel_size) <= FEW or not subject.layer.has_weight else more


def working(subject: Subject, step: Step) -> Working | None:
    """How a step of a figure computes its output; None without numbers."""
    numbers = subject.numbers
    return None if numbers is None else subject.layer.working(step, numbers.input)


def ring(subject: Subject, lattice: Lattice, step: Step) -> Items:
    """A thick outline around the cell that the output is taken from, if it is taken from one."""
    found = working(subject, step)
    if found is None or found.winner is None:
        return ()
    row, col = found.winner.canvas
    near, far = RING_INSET, 1 - RING_INSET
    inside = ((near, near), (near, far), (far, far), (far, near))
    corners = [lattice.point(row + down, col + right) for down, right in inside]
    return (Line(((*corners, corners[0]),), "sight", RING_WIDTH),)


def line(subject: Subject, entries: Entries, step: Step, middle: Point, width: float) -> Items:
    """The line that works a step out, centred there; long ones are left out in their middle.

    All steps of a figure are of one size.
    """
    found = working(subject, step)
    if found is None:
        return ()
    found = found._replace(opening=told(subject.figure, found.opening))
    added = found.sign.strip() == "+"
    texts = [_term(term, entries, bracketed=added) for term in found.terms]
    ends = (Piece(_signs(found.opening)), Piece((*_signs(found.closing), *_signs(" = "), *entries.output[step.output])))
    return tuple(_set(texts, found.sign, ends, _widest(subject, found, entries), middle, width))


def product(number: Runs, weight: Runs, result: Runs) -> Piece:
    """A number times a weight, worked out.

    >>> "".join(run.text for run in product(plain("3"), plain("−2"), plain("−6")).runs)
    '3·(−2) = −6'
    """
    return Piece((*number, *plain(TIMES), *_factor(weight), *_signs(" = "), *result))


def listing(pieces: Sequence[Piece], widest: float, middle: Point, width: float) -> Items:
    """Pieces in a line with commas between, centred there; long ones are left out in their middle.

    `widest` is the width of the longest such line of a figure, in em; `listing_width` gives that of one.
    """
    return tuple(_set(pieces, COMMA, NO_ENDS, widest, middle, width))


def listing_width(pieces: Sequence[Piece]) -> float:
    """The width of pieces in a line with commas between, in em."""
    return sum(piece.width for piece in _joined(pieces, COMMA, NO_ENDS))


def term(number: Runs, weight: Runs = (), *, pale: bool = False) -> Piece:
    """A term of a sum: a number, perhaps times a weight.

    >>> "".join(run.text for run in term(plain("−3"), plain("2")).runs)
    '(−3)·2'
    """
    return Piece((*_factor(number), *((*plain(TIMES), *_factor(weight)) if weight else ())), pale)


def total(terms: Sequence[Piece], result: Runs, widest: float, middle: Point, width: float) -> Items:
    """Terms that are added up, centred there; `widest` is the width of the longest such line of a figure, in em."""
    ends = (Piece(()), Piece((*_signs(" = "), *result)))
    return tuple(_set(terms, " + ", ends, widest, middle, width))


def total_width(count: int, factors: Sequence[Sequence[Runs]], results: Sequence[Runs]) -> float:
    """The width of the longest line that adds up so many terms, each a product of some of the `factors`, in em."""
    widest = sum(max(width_of(_factor(runs)) for runs in own) for own in factors)
    widest += width_of(plain(TIMES)) * (len(factors) - 1)
    sign = width_of(_signs(" + "))
    return count * (widest + sign) - sign + width_of(_signs(" = ")) + max(map(width_of, results))


def _set(
    texts: Sequence[Piece], sign: str, ends: tuple[Piece, Piece], widest: float, middle: Point, width: float
) -> Iterator[Text]:
    """Terms with signs between them and something around, of one size wherever the longest line is as long."""
    fitting = width / widest
    em = min(EM, fitting) if fitting >= SMALLEST_EM else ELIDED_EM
    pieces = _joined(texts, sign, ends)
    if sum(piece.width for piece in pieces) * em > width:
        pieces = _elided(texts, sign, ends, width / em)
    return _texts(pieces, middle, em)


def _widest(subject: Subject, found: Working, entries: Entries) -> float:
    """The width of the longest line that there can be in a figure, in em: all steps have the same weights, if any."""
    weighed = any(term.weighed for term in found.terms)
    count = len(found.terms) if weighed else max(len(found.terms), prod(subject.layer.kernel_size))
    sign = width_of(_signs(found.sign))
    number = max(map(width_of, (entries.blank, *entries.input.values())))
    number += width_of(plain("()")) * _negative(entries.input.values())
    weights = sum(width_of(_times(entries, term)) for term in found.terms)
    around = width_of((*_signs(found.opening), *_signs(found.closing), *_signs(" = ")))
    return count * (number + sign) - sign + weights + around + max(map(width_of, entries.output.values()))


def _negative(texts: Iterable[Runs]) -> bool:
    return any(runs[0].text.startswith("−") for runs in texts if runs)


def _term(term: Term, entries: Entries, *, bracketed: bool) -> Piece:
    """What one tap adds, in numbers; those with a sign may be in brackets."""
    tap = term.tap
    number = entries.blank if tap.input is None else entries.input[tap.input]
    return Piece((*(_factor(number) if bracketed else number), *_times(entries, term)), pale=tap.input is None)


def _times(entries: Entries, term: Term) -> Runs:
    """The weight that a number is multiplied by, if there is one."""
    return (*plain(TIMES), *_factor(entries.weight[term.tap.kernel])) if term.weighed else ()


def _factor(runs: Runs) -> Runs:
    """A number within a sum: in brackets where it has a sign."""
    return (*plain("("), *runs, *plain(")")) if runs and runs[0].text.startswith("−") else runs


def _signs(text: Words) -> Runs:
    """Signs with the narrow spaces around them."""
    return tuple(Run(part, scale=SPACE) if part == " " else Run(part) for part in _parts(str(text)))


def _parts(text: str) -> Iterator[str]:
    """Spaces, and what is between them."""
    for space, characters in groupby(text, str.isspace):
        if space:
            yield from characters
        else:
            yield "".join(characters)


def _joined(texts: Sequence[Piece], sign: str, ends: tuple[Piece, Piece]) -> list[Piece]:
    """The terms with signs between them; a sign before what is pale is pale as well."""
    pieces = [ends[0]]
    for number, piece in enumerate(texts):
        if number:
            pieces.append(Piece(_signs(sign), piece.pale))
        pieces.append(piece)
    return [*pieces, ends[1]]


def _elided(texts: Sequence[Piece], sign: str, ends: tuple[Piece, Piece], room: float) -> list[Piece]:
    """As many terms from both ends as there is room for, the first and the last at least."""
    best = [texts[0], Piece(plain(ELLIPSIS)), texts[-1]] if len(texts) > 2 else [*texts]
    for kept in range(3, len(texts)):
        first = (kept + 1) // 2
        tried = [*texts[:first], Piece(plain(ELLIPSIS)), *texts[len(texts) - (kept - first) :]]
        if sum(piece.width for piece in _joined(tried, sign, ends)) > room:
            break
        best = tried
    return _joined(best, sign, ends)


def _texts(pieces: Sequence[Piece], middle: Point, em: float) -> Iterator[Text]:
    """The pieces from left to right, those of one role together."""
    x, y = middle
    x -= sum(piece.width for piece in pieces) * em / 2
    for pale, group in groupby(pieces, key=lambda piece: piece.pale):
        runs = [run for piece in group for run in piece.runs]
        end = x + width_of(runs) * em
        # Not all renderers keep the spaces at the ends of a text.
        while runs and runs[0].text == " ":
            x += width_of((runs.pop(0),)) * em
        while runs and runs[-1].text == " ":
            runs.pop()
        if runs:
            yield Text((x, y), _merged(runs), em, width_of(runs) * em, "faint" if pale else "text", "start")
        x = end


def _merged(runs: Iterable[Run]) -> Runs:
    """The same characters, those that look alike in one run."""
    looks = groupby(runs, key=lambda run: run._replace(text=""))
    return tuple(look._replace(text="".join(run.text for run in group)) for look, group in looks)
