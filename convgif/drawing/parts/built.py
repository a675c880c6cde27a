"""A matrix built row by row: the kernel lies on a blank grid, whose rows slide out into one long row that drops into C.

The matrix of a transposed convolution is built as that of its direct one, and then tips over across its diagonal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from convgif.arithmetic.layer import Cell
from convgif.arithmetic.sentences import Sentence
from convgif.drawing.lattice import Lattice, Pair, Projection, Spot, single_cells
from convgif.drawing.parts.numerals import Writing, plain
from convgif.drawing.parts.planes import Plane
from convgif.drawing.scene import Box, Items, Track
from convgif.drawing.timeline import TWEEN_FRAMES, TWEEN_SHARE, Act, CaptionLine, eased

LAID_ON_INPUT: Final = Sentence("The kernel is laid on a blank grid of the input's size")
LAID_ON_OUTPUT: Final = Sentence("The kernel is laid on a blank grid of the output's size")
SLIDES: Final = Sentence("The rows of the grid slide out into one long row")
DROPS: Final = Sentence("It drops into its place in C")
VANISHES: Final = Sentence("Weights on padding vanish")
TIPS: Final = Sentence("C tips over across its diagonal into C transposed")
LEGIBLE_TURN: Final = 0.8
"""A cell's numbers are left out while so little of its width or height, or less, can be seen of it."""


@dataclass(frozen=True)
class Building:
    """What it takes to build a matrix.

    `matrix` is where it is built, and what is written into it; `grid` is the blank grid, and `long_row` where its rows
    are laid side by side. `weights` gives the kernel element in each column of a row, and `beside` those that fall on
    padding, by where they lie on the grid. `lit` is what lights up elsewhere with a row. `says_laid` is what is said of
    the kernel on the grid.
    """

    matrix: Plane
    grid: Lattice
    long_row: Lattice
    zero: Writing
    weights: Callable[[int], Mapping[int, Cell]]
    beside: Callable[[int], Mapping[Spot, Cell]]
    lit: Callable[[int], Items]
    says_laid: Sentence
    padded: bool
    captioned: bool = True

    def acts(self) -> Iterator[Act]:
        """For each row: the kernel on the grid, the grid sliding out, and the long row dropping into its place."""
        vanishes = (VANISHES,) if self.padded else ()
        slides = SLIDES if self.grid.size[0] > 1 else DROPS  # a single row is long already
        for row in range(self.matrix.lattice.size[0]):
            stage = (
                Track.still("grid", self.blank),
                Track.still("lit", partial(self.lit, row)),
                Track.still("built", partial(self.rows, row)),
            )
            laid = Track.still("laid", partial(self.laid, row))
            yield Act((*stage, laid), 1, caption=self._said(self.says_laid, *vanishes))
            for move, words in ((self.slid, slides), (self.dropped, DROPS)):
                yield Act((*stage, self._moves(move, row)), TWEEN_FRAMES, TWEEN_SHARE, self._said(words, *vanishes))

    def tipping(self, to: Lattice) -> Act:
        """The matrix on its way to where it lies transposed; it stays behind as it was built."""
        rows = self.matrix.lattice.size[0]
        built = Track.still("built", partial(self.rows, rows))
        moves = Track("tipping", lambda frame: self.tipped(to, eased((frame + 1) / TWEEN_FRAMES)))
        return Act((built, moves), TWEEN_FRAMES, TWEEN_SHARE, self._said(TIPS))

    def rows(self, count: int) -> Items:
        """The first rows of the matrix in their places; the others are empty."""
        rows, cols = self.matrix.lattice.size
        places = {(row, col): (row, col) for row in range(count) for col in range(cols)}
        empty = [(count, 0, rows - count, cols)] if count < rows else []
        return (*self.matrix.lattice.rules(empty, "faint_line"), *self._cells(self.matrix.lattice, places))

    def blank(self) -> Items:
        """The grid with nothing on it, which stays when its cells slide out."""
        block = [(0, 0, *self.grid.size)]
        return (*self.grid.fill(block, "zero"), *self.grid.rules(block, "faint_line"))

    def laid(self, row: int) -> Items:
        """The kernel on the blank grid, and what of it falls on padding."""
        beside = replace(self.matrix, lattice=self.grid).cells(self.beside(row), "shadow_on_canvas")
        return (*beside, *self._cells(self.grid, {(row, col): self._on_grid(col) for col in self._columns()}))

    def slid(self, row: int, share: float) -> Items:
        """The grid with its rows on their way into the long row."""
        return self._between(row, share, self._from_grid, self._in_long_row, self.grid.projection.right[0])

    def dropped(self, row: int, share: float) -> Items:
        """The long row on its way into the matrix."""
        return self._between(row, share, self._in_long_row, lambda col: self.matrix.lattice.point(row, col))

    def tipped(self, to: Lattice, share: float) -> Items:
        """The matrix turned about its diagonal: rows become columns; `to` is where it arrives."""
        turned = self._turned(to, share)
        rows, cols = turned.size
        places = {(row, col): (row, col) for row in range(rows) for col in range(cols)}
        return self._cells(turned, places, written=abs(1 - 2 * share) > LEGIBLE_TURN)

    def ways(self, to: Lattice) -> Iterator[Box]:
        """Where the matrix is on its way across."""
        return (self._turned(to, eased((frame + 1) / TWEEN_FRAMES)).box for frame in range(TWEEN_FRAMES))

    def _turned(self, to: Lattice, share: float) -> Lattice:
        """The lattice of the matrix, so far turned about its diagonal and moved."""
        (x, y), (far_x, far_y), rest = self.matrix.lattice.origin, to.origin, 1 - share
        origin = (rest * x + share * far_x, rest * y + share * far_y)
        return Lattice(self.matrix.lattice.size, Projection((rest, share), (share, rest)), origin)

    def _columns(self) -> range:
        return range(self.matrix.lattice.size[1])

    def _on_grid(self, col: int) -> Pair:
        return divmod(col, self.grid.size[1])

    def _from_grid(self, col: int) -> tuple[float, float]:
        return self.grid.point(*self._on_grid(col))

    def _in_long_row(self, col: int) -> tuple[float, float]:
        return self.long_row.point(0, col)

    def _moves(self, move: Callable[[int, float], Items], row: int) -> Track:
        return Track("moving", lambda frame: move(row, eased((frame + 1) / TWEEN_FRAMES)))

    def _between(
        self,
        row: int,
        share: float,
        start: Callable[[int], tuple[float, float]],
        end: Callable[[int], tuple[float, float]],
        size: float = 1.0,
    ) -> Items:
        """The cells of a row, each so far on its way from where it is `size` times as large as in the matrix."""
        size = size + share * (1 - size)
        lattice = Lattice(self.grid.size, Projection((size, 0.0), (0.0, size)))
        strips: list[dict[Pair, Spot]] = [{} for _ in range(self.grid.size[0])]
        for col in self._columns():
            (x, y), (far_x, far_y) = start(col), end(col)
            place = lattice.spot((x + share * (far_x - x), y + share * (far_y - y)))
            strips[self._on_grid(col)[0]][row, col] = place
        # On their way the rows of the grid lie one above the other.
        return tuple(item for strip in strips for item in self._cells(lattice, strip))

    def _cells(self, lattice: Lattice, places: Mapping[Pair, Spot], *, written: bool = True) -> Items:
        """Elements of the matrix, by where they lie: weights above zeros."""
        held = {row: self.weights(row) for row, _ in places}
        weights = {spot: held[row][col] for (row, col), spot in places.items() if col in held[row]}
        zeros = [spot for (row, col), spot in places.items() if col not in held[row]]
        plane = replace(self.matrix, lattice=lattice)
        cells = single_cells(zeros)
        ground: Items = (*lattice.fill(cells, "zero"), *lattice.rules(cells, "faint_line"))
        if not written:
            return (*ground, *plane.areas(single_cells(weights)))
        digits = tuple(self.zero.text(lattice, spot, plain("0"), "faint") for spot in zeros)
        return (*ground, *digits, *plane.cells(weights))

    def _said(self, *lines: Sentence) -> tuple[CaptionLine, ...]:
        return lines if self.captioned else ()
