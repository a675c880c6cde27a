"""Lattices of cells, and the projections that place them.

A lattice maps (row, column) corners to points; every cell is a parallelogram. The numbers of the style are the
original's.

>>> flat = Lattice(size=(2, 3), projection=FLAT)
>>> flat.area(1, 2)
((2.0, 1.0), (3.0, 1.0), (3.0, 2.0), (2.0, 2.0))
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, NamedTuple

from convgif.drawing.scene import POINT, Box, Line, Path, Point, Polygon

GRID_WIDTH: Final = 0.8 * POINT
SIGHT_WIDTH: Final = 0.4 * POINT
DASH: Final = (3 * POINT, 3 * POINT)

Pair = tuple[int, int]
"""Rows and columns."""
Spot = tuple[float, ...]
"""(row, column) of a cell, or of a point between cells."""
Block = tuple[int, int, int, int]
"""(row, column, rows, columns) of some cells of a lattice."""
Place = tuple[float, float, int, int]
"""Like a block, but it may lie between cells."""


class Projection(NamedTuple):
    """Where one column to the right and one row down lead."""

    right: Point
    down: Point


FLAT: Final = Projection((1.0, 0.0), (0.0, 1.0))
ISOMETRIC: Final = Projection((1.0, -0.5), (0.7, 0.65))


@dataclass(frozen=True)
class Lattice:
    """`size` (rows, columns) of cells whose top left corner lies at `origin`."""

    size: Pair
    projection: Projection
    origin: Point = (0.0, 0.0)

    def point(self, row: float, col: float) -> Point:
        """The corner at the top left of a cell; fractions lie inside it."""
        return _point(self.projection, self.origin, row, col)

    def spot(self, point: Point) -> tuple[float, float]:
        """The (row, column) of a point.

        >>> lattice = Lattice((2, 2), ISOMETRIC, origin=(1, 1))
        >>> [round(place, 9) for place in lattice.spot(lattice.point(0.5, 2))]
        [0.5, 2.0]
        """
        (right_x, right_y), (down_x, down_y) = self.projection
        x, y = point[0] - self.origin[0], point[1] - self.origin[1]
        area = right_x * down_y - right_y * down_x
        return (right_x * y - right_y * x) / area, (x * down_y - y * down_x) / area

    def moved(self, corner: tuple[float, float], to: Point) -> Lattice:
        """The same lattice with its (row, column) `corner` at `to`."""
        x, y = self.point(*corner)
        return replace(self, origin=(self.origin[0] + to[0] - x, self.origin[1] + to[1] - y))

    def area(self, row: float, col: float, rows: int = 1, cols: int = 1) -> Path:
        """The outline of a block of cells, from its top left corner, clockwise."""
        return _area(self.projection, self.origin, row, col, rows, cols)

    def cell(self, at: Spot) -> Path:
        """The outline of a single cell."""
        row, col = at
        return self.area(row, col)

    @property
    def outline(self) -> Path:
        """The outline of the whole lattice."""
        return self.area(0, 0, *self.size)

    @property
    def box(self) -> Box:
        """The smallest box that holds the lattice."""
        return Box.around(self.outline)

    def turned(self, degrees: float) -> Lattice:
        """The same lattice turned about its middle within its plane, clockwise as it is seen."""
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

        (right_x, right_y), (down_x, down_y) = self.projection
        right = (right_x * cos + down_x * sin, right_y * cos + down_y * sin)
        down = (down_x * cos - right_x * sin, down_y * cos - right_y * sin)
        middle = (self.size[0] / 2, self.size[1] / 2)
        return replace(self, projection=Projection(right, down)).moved(middle, self.point(*middle))

    def part(self, block: Block) -> Lattice:
        """A block of the lattice as one of its own."""
        row, col, rows, cols = block
        return replace(self, size=(rows, cols), origin=self.point(row, col))

    def fill(self, blocks: Iterable[Place], role: str) -> tuple[Polygon, ...]:
        """The blocks painted as one area; nothing where there are none."""
        parts = tuple(_area(self.projection, self.origin, *block) for block in blocks)
        return (Polygon(parts, role),) if parts else ()

    def dashes(self, role: str) -> Line:
        """All lines of the lattice, dashed from its bottom left corner on."""
        rows, cols = self.size
        across = ((self.point(row, 0), self.point(row, cols)) for row in range(rows + 1))
        upwards = ((self.point(rows, col), self.point(0, col)) for col in range(cols + 1))
        return Line((*across, *upwards), role, GRID_WIDTH, DASH)

    def rules(self, blocks: Iterable[Place], role: str = "line") -> tuple[Line, ...]:
        """The outlines of blocks of cells, and the lines between their cells; nothing where there are none."""
        parts = tuple(path for block in blocks for path in _rules(self.projection, self.origin, *block))
        return (Line(parts, role, GRID_WIDTH),) if parts else ()


def _point(projection: Projection, origin: Point, row: float, col: float) -> Point:
    (right_x, right_y), (down_x, down_y) = projection
    return origin[0] + col * right_x + row * down_x, origin[1] + col * right_y + row * down_y


@lru_cache(maxsize=1 << 15)
def _area(projection: Projection, origin: Point, row: float, col: float, rows: int, cols: int) -> Path:
    corners = ((row, col), (row, col + cols), (row + rows, col + cols), (row + rows, col))
    return tuple(_point(projection, origin, *corner) for corner in corners)


@lru_cache(maxsize=1 << 15)
def _rules(projection: Projection, origin: Point, row: float, col: float, rows: int, cols: int) -> tuple[Path, ...]:
    """The lines between the cells of a block, and its outline."""

    def point(down: int, right: int) -> Point:
        return _point(projection, origin, row + down, col + right)

    corners = _area(projection, origin, row, col, rows, cols)
    across = ((point(r, 0), point(r, cols)) for r in range(1, rows))
    upright = ((point(0, c), point(rows, c)) for c in range(1, cols))
    return (*across, *upright, (*corners, corners[0]))


def single_cells(spots: Iterable[Spot]) -> list[Place]:
    """Cells as blocks of one cell each.

    >>> single_cells([(0, 0), (2, 1)])
    [(0, 0, 1, 1), (2, 1, 1, 1)]
    """
    return [(row, col, 1, 1) for row, col in spots]


def gathered_cells(spots: Iterable[Spot]) -> list[Place]:
    """Cells that touch, gathered into blocks; `spots` are every combination of some rows with some columns.

    >>> gathered_cells([(0, 0), (0, 1), (2, 0), (2, 1)])
    [(0, 0, 1, 2), (2, 0, 1, 2)]
    """
    spots = list(spots)
    rows, cols = (_stretches(sorted({spot[direction] for spot in spots})) for direction in (0, 1))
    return [(row, col, height, width) for row, height in rows for col, width in cols]


def _stretches(places: list[float]) -> list[tuple[float, int]]:
    """Where stretches of neighbours begin, and how long they are."""
    stretches: list[tuple[float, int]] = []
    for place in places:
        if stretches and place == stretches[-1][0] + stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], stretches[-1][1] + 1)
        else:
            stretches.append((place, 1))
    return stretches
