"""Where cells lie in a scene, written a second time and the other way round: from points back to rows and columns.

Nothing of the package's drawing is used here. The isometric plane is the original's, x' = x - 0.7 y and
y' = 0.5 x + 0.65 y with y up, solved for x and y: going right by one climbs half a cell, at any row.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from convgif.arithmetic import ConvTranspose, Layer

POINT: Final = 2.54 / 72.27 / 0.5
"""One TeX point of 1/72.27 inch, in cells of half a centimetre."""

Pair = tuple[int, int]
Place = tuple[float, float]
Edge = tuple[int, int, str]


class Plane(NamedTuple):
    """A map in a scene: the point of its top left corner, and whether it is tilted."""

    left: float
    top: float
    tilted: bool

    def point(self, row: float, col: float) -> Place:
        """The point of a (row, column)."""
        if not self.tilted:
            return self.left + col, self.top + row
        x = col + 0.7 * row
        return self.left + x, self.top + row - x / 2

    def place(self, point: Place) -> Place:
        """The (row, column) of a point, with fractions."""
        x, y = point[0] - self.left, point[1] - self.top
        if not self.tilted:
            return y, x
        row = y + x / 2
        return row, x - 0.7 * row

    def corner(self, point: Place) -> Pair:
        """The (row, column) of a point that must be a corner of cells."""
        row, col = self.place(point)
        assert abs(row - round(row)) < 1e-6, f"{point} is no corner of a cell: row {row}, column {col}"
        assert abs(col - round(col)) < 1e-6, f"{point} is no corner of a cell: row {row}, column {col}"
        return round(row), round(col)

    def block(self, path: Iterable[Place]) -> list[Pair]:
        """The cells within an outline, which must run clockwise from the top left corner of a block."""
        (top, left), right_top, (bottom, right), left_bottom = map(self.corner, path)
        assert right_top == (top, right)
        assert left_bottom == (bottom, left)
        assert top < bottom
        assert left < right
        return [(row, col) for row in range(top, bottom) for col in range(left, right)]

    def edges(self, parts: Iterable[Iterable[Place]]) -> set[Edge]:
        """The edges of cells that lines run along; no line may leave the lattice."""
        drawn: set[Edge] = set()
        for part in parts:
            for (row, col), (to_row, to_col) in pairwise(map(self.corner, part)):
                assert (row == to_row) != (col == to_col), "a line is slanted, or a point"
                drawn.update((row, c, "across") for c in range(min(col, to_col), max(col, to_col)))
                drawn.update((r, col, "down") for r in range(min(row, to_row), max(row, to_row)))
        return drawn

    def cell_at(self, point: Place) -> tuple[Pair, Place]:
        """The cell around a point, and where in the cell it is: (row, column) from 0 to 1."""
        row, col = self.place(point)
        cell = math.floor(row), math.floor(col)
        return cell, (row - cell[0], col - cell[1])


def edges_of(cells: Iterable[Pair]) -> set[Edge]:
    """The four edges of every cell."""
    return {
        edge
        for row, col in cells
        for edge in ((row, col, "across"), (row + 1, col, "across"), (row, col, "down"), (row, col + 1, "down"))
    }


def input_places(layer: Layer) -> tuple[list[int], list[int]]:
    """The canvas rows and columns of the input's elements, by the guide's relationship 14; a crop leaves some out."""
    places: list[list[int]] = []
    for way in (0, 1):  # a layer over rows and columns
        size, (padding, _) = layer.input_size[way], layer.pads[way]
        if isinstance(layer, ConvTranspose):
            first = layer.dilation[way] * (layer.kernel_size[way] - 1) - padding
            places.append([first + layer.stride[way] * element for element in range(size)])
        else:
            places.append([padding + element for element in range(size)])
    return places[0], places[1]


def canvas_plane(view: str) -> Plane:
    """Scenes are counted from the canvas's top left corner."""
    return Plane(0.0, 0.0, view == "isometric")


def output_plane(layer: Layer, view: str, between: float = 0) -> Plane:
    """Where the style puts the output map; `between` is what a flat figure shows between the maps, with its gap.

    Flat: to the right with one cell between, its foot raised by half the difference in height, rounded down.
    Isometric: its lower left corner (rows of the canvas + 1) cells above the canvas's, and 2.5 points to the left.
    In both the one cell of air is beside all of the input, where a crop leaves some of it outside the canvas.
    """
    (canvas_rows, canvas_cols), (rows, _) = layer.canvas_size, layer.output_size
    if view == "flat":
        raised = math.floor((canvas_rows - rows) / 2)
        left = max(canvas_cols, input_places(layer)[1][-1] + 1) + 1 + between
        return Plane(left, canvas_rows - raised - rows, False)
    x, y = canvas_plane(view).point(canvas_rows, 0)
    x, y = x - 2.5 * POINT, y - (canvas_rows + 1) - max(0, -input_places(layer)[0][0])
    return Plane(x - 0.7 * rows, y - 0.65 * rows, True)


def row_plane(layer: Layer, view: str) -> Plane:
    """Where the output of a layer over one axis lies, which is given over rows and columns.

    Every output is over the input that has its number, if there are as many and none is stepped over; else those on the
    left are as far from the middle of their windows as those on the right. Flat: with one cell between the rows.
    """
    places, (_, taken), (_, made) = input_places(layer)[1], layer.input_size, layer.output_size
    if taken == made and {*layer.stride} == {1}:
        shift = float(places[0])
    else:
        steps = [[tap.canvas[1] for tap in step.taps] for step in layer.steps()]
        # The last window may be cut off where sizes are rounded up.
        wide, apart = layer.dilation[1] * (layer.kernel_size[1] - 1) + 1, steps[1][0] - steps[0][0] if made > 1 else 1
        first, last = wide / 2, (made - 1) * apart + wide / 2
        shift = (first + last) / 2 - made / 2
    if view == "flat":
        return Plane(shift, -2.0, False)
    plane = output_plane(layer, view)
    return Plane(plane.left + shift, plane.top - shift / 2, True)
