"""A convolution as a matrix product: the maps, the matrix, the flattened input and the flattened output.

Each frame lights up a row of the matrix, the input elements that it meets and the output element that it gives.
Matrices that are too long are elided around the current row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import gcd, prod
from typing import Final

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.conv import Conv, ConvTranspose
from convgif.arithmetic.layer import Cell, Layer
from convgif.arithmetic.linear_map import matrix_row
from convgif.drawing.lattice import FLAT, GRID_WIDTH, Lattice, Pair, Spot, single_cells
from convgif.drawing.parts.captions import Name, box_of, name_texts, size_caption
from convgif.drawing.parts.numerals import Entries, Lettering, Runs, Writing, plain, symbol
from convgif.drawing.parts.planes import Inscription, Plane, Planes, ground_block
from convgif.drawing.parts.subject import Subject, size_of
from convgif.drawing.scene import Items, Line, Text, Track
from convgif.drawing.timeline import Drawing
from convgif.drawing.view import View, ViewOption
from convgif.drawing.views.options import REVEAL
from convgif.errors import Mention, rule, wrong
from convgif.figure import Figure
from convgif.options import Flag, Option

COMFORTABLE: Final = 27
"""Cells of a matrix side by side; more are elided where they can be."""
LEGIBLE: Final = 45
"""Cells side by side that can still be read."""
GAP: Final = 1
"""Cells between two parts."""
ENTRY: Final = Writing(em=0.46, width=0.86)
LETTERING: Final = Lettering(
    input=Writing(em=0.5, width=0.84),
    output=Writing(em=0.5, width=0.84),
    weight=Writing(em=0.3, width=0.36, at=(0.81, 0.78)),
    long_weight=Writing(em=0.25, width=0.84, at=(0.84, 0.5)),
)
DIRECT_MATRIX: Final = ViewOption(
    Option("direct_matrix", Flag(), "show whose transpose a matrix is", False, "View"),
    (ConvTranspose,),
)
ACROSS: Final[Mapping[str, str]] = {"⋮": "⋯", "⋯": "⋮", "⋱": "⋱"}
"""The dots of a matrix, and what they are where it is turned across its diagonal."""

Slots = list[int | None]
"""The rows or columns that are shown, in order; None stands for some that are left out."""


def draw(figure: Figure) -> Drawing:
    """The drawing of a convolution, or a transposed one, as a matrix product.

    Raises:
        InputError: a row of the matrix has more weights than can be read side by side.
    """
    subject = Subject.of(figure)
    layer = subject.layer
    outputs, inputs = prod(layer.output_size), prod(layer.input_size)
    shown = (min(outputs, COMFORTABLE), _columns(figure, layer))
    canvas, output, *others = _places(subject, shown)
    planes = Planes.of(subject, canvas, output, LETTERING, algebra=True)
    product = _Product(planes, shown, *_factor_planes(planes, *others))
    named = name_texts(figure, *_names(product))
    across = product.x.lattice.box
    equals = Text.of((across.right + GAP / 2 + 0.1, (across.top + across.bottom) / 2), "=", 0.7, GAP, "text")
    whole = shown == (outputs, inputs)
    tracks = (
        Track.still("words", lambda: (equals, *named)),
        Track("factors", product.factors, static=whole),
        *planes.grounds(),
        *planes.outputs(),
        Track("result", product.result, static=whole and not subject.wants("reveal")),
        *planes.window(),
        planes.moving("highlight", planes.highlight),
        Track("row", product.lit),
    )
    parts = (canvas.part(ground_block(layer)), output, *others)
    box = parts[0].box.holding((*(part.box for part in parts), *map(box_of, named)))
    return Drawing(box, (planes.run(tracks, size_caption(subject)),))


def elided(count: int, wanted: Iterable[int], slots: int) -> Slots:
    """Which of `count` rows or columns to show in so many slots: the wanted ones, the ends, and neighbours of these.

    >>> elided(9, [4], slots=7)
    [0, None, 3, 4, 5, None, 8]
    >>> elided(4, [2], slots=4)
    [0, 1, 2, 3]
    """
    if count <= slots:
        return list(range(count))
    middle = set(wanted)
    chosen = {0, count - 1, *middle}
    while len(laid := _with_gaps(chosen)) < slots:
        chosen.update(number for number in laid if number is not None)
        beside = {near for number in chosen for near in (number - 1, number + 1) if 0 <= near < count} - chosen
        chosen.add(min(beside, key=lambda near: (min((abs(near - number) for number in middle), default=near), near)))
    return laid


def _with_gaps(chosen: Iterable[int]) -> Slots:
    """The numbers in order, with None where some are left out; a single one is not worth leaving out."""
    slots: Slots = []
    for number in sorted(chosen):
        if slots and (last := slots[-1]) is not None and number - last > 1:
            slots.append(number - 1 if number - last == 2 else None)
        slots.append(number)
    return slots


def _columns(figure: Figure, layer: Layer) -> int:
    """How many columns to show: all of them, or enough for the weights of any row."""
    count = prod(layer.input_size)
    (rows, _), (cols, apart) = map(_met, layer.axes)
    # A kernel row at a time: its weights, neighbours or with a gap after each, then a gap; and both ends.
    least = rows * (cols if apart == 1 else 2 * cols - 1) + rows + 1 + 2
    columns = count if count <= COMFORTABLE else min(count, max(COMFORTABLE, least))
    if columns > LEGIBLE:
        words = rule(
            f"the {rows * cols:,} weights of a matrix row would take up to {columns:,} cells side by side, of which "
            f"{LEGIBLE} can be read; choose a smaller ",
            Mention("kernel_size"),
            " or ",
            Mention("input_size"),
            ", or ",
            Mention("view", "flat"),
        )
        raise wrong("view", figure.view, words)
    return columns


def _met(axis: Axis) -> tuple[int, int]:
    """How many input elements a window meets along an axis at most, and how far they are apart."""
    common = gcd(axis.spread, axis.dilation)
    return -(-axis.kernel_size // (axis.spread // common)), axis.dilation // common


def _places(subject: Subject, shown: Pair) -> Iterator[Lattice]:
    """Canvas, output, matrix, x, y, and the matrix of the direct convolution if it is shown; middles on one line."""
    (rows, cols), layer, direct = shown, subject.layer, subject.wants("direct_matrix")
    ground = ground_block(layer)
    between = 1.7 if subject.figure.labels else 1.0
    stacked = ground[2] + between + layer.output_size[0]
    height = max(stacked, rows, cols)
    top = (height - stacked) / 2
    yield Lattice(size_of(layer.canvas_size), FLAT, (-ground[1], top - ground[0]))
    yield Lattice(size_of(layer.output_size), FLAT, (0, top + ground[2] + between))
    x = float(max(ground[3], layer.output_size[1]) + GAP)
    whose = Lattice((cols, rows), FLAT, (x, (height - cols) / 2))
    if direct:
        x += rows + GAP
    for size, gap in (((rows, cols), GAP), ((cols, 1), 1.2 * GAP), ((rows, 1), GAP)):
        yield Lattice(size, FLAT, (x, (height - size[0]) / 2))
        x += size[1] + gap
    if direct:
        yield whose


def _factor_planes(planes: Planes, *lattices: Lattice) -> Iterator[Plane]:
    """The matrix, x, y, and the direct matrix if it is shown.

    What is written into them is found by the elements of kernel, input and output that their cells stand for.
    """

    def entries() -> Entries:
        return planes.entries() or Entries.of_symbols(planes.subject)

    def weights() -> Inscription:
        return _evenly(entries().weight)

    kinds = (
        ("matrix", "entry", weights),
        ("x", "input", lambda: _evenly(entries().input)),
        ("y", "output", lambda: _evenly(entries().output)),
        ("direct matrix", "entry", weights),
    )
    for (name, role, inscribe), lattice in zip(kinds, lattices, strict=False):
        yield Plane(name, lattice, role, inscribe)


def _evenly(texts: Mapping[Cell, Runs]) -> Inscription:
    return Inscription.of(texts, ENTRY.fitted(texts.values()))


def _names(product: _Product) -> Iterator[Name]:
    planes = product.planes
    yield Name.under(plain("Input"), planes.canvas.lattice.part(ground_block(planes.layer)).box)
    yield Name.under(plain("Output"), planes.output.lattice.box)
    transposed = isinstance(planes.layer, ConvTranspose)
    yield Name.under(symbol("C", exponent="T" if transposed else ""), product.matrix.lattice.box)
    yield Name.under(symbol("x"), product.x.lattice.box)
    yield Name.under(symbol("y"), product.y.lattice.box)
    if product.direct:
        yield Name.under(symbol("C"), product.direct.lattice.box)


@dataclass(frozen=True)
class _Product:
    """The matrix and the two vectors; `shown` is how many (rows, columns) of the matrix there is room for."""

    planes: Planes
    shown: Pair
    matrix: Plane
    x: Plane
    y: Plane
    direct: Plane | None = None

    def factors(self, frame: int) -> Items:
        """The matrix and the input vector as they are where the current row is not."""
        rows, cols = self._slots(frame)
        return (*self._matrix(rows, cols), *self._x(cols))

    def result(self, frame: int) -> Items:
        """The output vector; where it is revealed, pale below the current row."""
        rows, _ = self._slots(frame)
        places = [(slot, row) for slot, row in enumerate(rows) if row is not None]
        reveal = self.planes.subject.wants("reveal")
        done: dict[Spot, Cell] = {(slot, 0): self._output(row) for slot, row in places if row <= frame or not reveal}
        pending = single_cells((slot, 0) for slot, _ in places if (slot, 0) not in done)
        return (*self.y.areas(pending, "pending"), *self.y.cells(done), *self._gaps(self.y, rows))

    def lit(self, frame: int) -> Items:
        """The current row, the input elements that it meets, and the output element that it gives."""
        rows, cols = self._slots(frame)
        weights = self._row(frame)
        row = rows.index(frame)
        meets = [(slot, column) for slot, column in enumerate(cols) if column in weights]
        entries = {(row, slot): weights[column] for slot, column in meets if column is not None}
        items: Items = ()
        for plane, across in self._matrices():
            items += plane.cells({_at(cell, across): at for cell, at in entries.items()}, "shadow_on_canvas")
            corners = plane.lattice.area(*_at((row, 0), across), *_at((1, len(cols)), across))
            items += (Line(((*corners, corners[0]),), "sight", 2 * GRID_WIDTH),)
        inputs: dict[Spot, Cell] = {(slot, 0): self._input(column) for slot, column in meets if column is not None}
        items += self.x.cells(inputs, "shadow_on_input", ink="text_on_shadow")
        return items + self.y.cells({(row, 0): self._output(frame)}, "shadow_on_output", ink="text_on_shadow")

    def _row(self, row: int) -> Mapping[int, Cell]:
        """The kernel element in each column of a row that holds any."""
        return matrix_row(self.planes.layer, row)

    def _input(self, column: int) -> Cell:
        return divmod(column, self.planes.layer.input_size[1])

    def _output(self, row: int) -> Cell:
        return divmod(row, self.planes.layer.output_size[1])

    def _slots(self, frame: int) -> tuple[Slots, Slots]:
        """The rows and the columns that are shown in a frame."""
        layer = self.planes.layer
        rows = elided(prod(layer.output_size), [frame], self.shown[0])
        return rows, elided(prod(layer.input_size), self._row(frame), self.shown[1])

    def _matrices(self) -> Iterator[tuple[Plane, bool]]:
        """The matrix, and the direct one, in which rows and columns are exchanged."""
        yield self.matrix, False
        if self.direct:
            yield self.direct, True

    def _matrix(self, rows: Slots, cols: Slots) -> Items:
        weights: dict[Pair, Cell] = {}
        zeros: list[Pair] = []
        dots: dict[Pair, str] = {}
        for r, row in enumerate(rows):
            held = {} if row is None else self._row(row)
            for c, column in enumerate(cols):
                if row is None or column is None:
                    dots[r, c] = "⋱" if row is column else "⋮" if row is None else "⋯"
                elif column in held:
                    weights[r, c] = held[column]
                else:
                    zeros.append((r, c))
        items: Items = ()
        for plane, across in self._matrices():
            lattice = plane.lattice
            items += (
                *lattice.rules(single_cells(_at(cell, across) for cell in zeros), "faint_line"),
                *plane.cells({_at(cell, across): at for cell, at in weights.items()}),
                *(self._faint(lattice, _at(cell, across), "0") for cell in zeros),
                *(
                    self._faint(lattice, _at(cell, across), ACROSS[text] if across else text)
                    for cell, text in dots.items()
                ),
            )
        return items

    def _x(self, cols: Slots) -> Items:
        places: dict[Spot, Cell] = {
            (slot, 0): self._input(column) for slot, column in enumerate(cols) if column is not None
        }
        return (*self.x.cells(places), *self._gaps(self.x, cols))

    def _gaps(self, plane: Plane, slots: Slots) -> Iterator[Text]:
        """The dots of a vector."""
        return (self._faint(plane.lattice, (slot, 0), "⋮") for slot, number in enumerate(slots) if number is None)

    def _faint(self, lattice: Lattice, cell: Spot, text: str) -> Text:
        return ENTRY.text(lattice, cell, plain(text), "faint")


def _at(pair: Pair, across: bool) -> Pair:
    """(row, column), exchanged where the matrix is turned across its diagonal."""
    return (pair[1], pair[0]) if across else pair


VIEW: Final = View(
    "matrix",
    "a convolution as the product of a matrix and the flattened input",
    draw,
    layers=(Conv, ConvTranspose),
    options=(REVEAL, DIRECT_MATRIX),
    seen_as="drawn as a matrix product",
)
