"""Stacks: maps of one size above each other, a sheet for each channel, with more room between groups.

>>> from convgif.drawing.lattice import ISOMETRIC
>>> stack = Stack(Lattice((2, 2), ISOMETRIC), groups=2, depth=2, pitch=3, group_pitch=8)
>>> stack.count, [stack.sheet(number).origin[1] for number in range(4)]
(4, [-1.5, 1.5, 6.5, 9.5])
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from convgif.drawing.lattice import Block, Lattice, Pair, Projection
from convgif.drawing.scene import Box, Path, Point


@dataclass(frozen=True)
class Stack:
    """Sheets below each other, `depth` in each group, so far apart in cells; groups are centred where `first` lies.

    No sheet is made before it is asked for.
    """

    first: Lattice
    groups: int
    depth: int
    pitch: float
    group_pitch: float

    @property
    def count(self) -> int:
        """How many sheets there are."""
        return self.groups * self.depth

    def sheet(self, number: int) -> Lattice:
        """The sheet of that number, from the top."""
        group, place = divmod(number, self.depth)
        x, y = self.first.origin
        return replace(
            self.first, origin=(x, y + group * self.group_pitch + (place - (self.depth - 1) / 2) * self.pitch)
        )

    def box(self, group: int | None = None) -> Box:
        """The smallest box that holds all sheets, or those of a group."""
        first, last = (0, self.count - 1) if group is None else (group * self.depth, (group + 1) * self.depth - 1)
        return self.sheet(first).box.holding([self.sheet(last).box])


def clearance(size: Pair, projection: Projection) -> float:
    """How far below each other sheets of that size must lie, so that none covers any of another.

    >>> clearance((4, 4), Projection((1.0, -0.5), (0.7, 0.65))), clearance((1, 9), Projection((1.0, -0.5), (0.7, 0.65)))
    (4.0, 1.0)
    """
    (right_x, right_y), (down_x, down_y) = projection
    area = right_x * down_y - right_y * down_x
    rows, cols = size
    return min(rows * area / right_x, cols * area / down_x)


def column(sheets: list[Lattice], block: Block) -> tuple[Path, ...]:
    """The upright edges of a block that stands in several sheets, from the top down, as far as no sheet covers them.

    >>> from convgif.drawing.lattice import ISOMETRIC
    >>> top = Lattice((2, 2), ISOMETRIC)
    >>> len(column([top, replace(top, origin=(0, 3))], (0, 0, 1, 1)))
    4
    """
    return tuple(
        (_below(sheet, start), end)
        for sheet, lower in pairwise(sheets)
        for start, end in zip(sheet.area(*block), lower.area(*block), strict=True)
    )


def _below(sheet: Lattice, point: Point) -> Point:
    """Where a line that falls from a point of a sheet comes out below it."""
    row, col = sheet.spot(point)
    further_row, further_col = sheet.spot((point[0], point[1] + 1))
    down, across = further_row - row, further_col - col  # a fall leads to later rows and to earlier columns
    return point[0], point[1] + min((sheet.size[0] - row) / down, col / -across)
