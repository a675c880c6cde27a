"""A convolution as a matrix product: the maps, the matrix, the flattened input and the flattened output.

Each frame lights up a row of the matrix, the input elements that it meets and the output element that it gives.
Matrices that are too long are elided around the current row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from typing import Final

from convgif.arithmetic import Axis, Conv, ConvTranspose, Layer, Pair
from convgif.arithmetic.matrix import matrix_row
from convgif.drawing.acts import Drawing
from convgif.drawing.grid import FLAT, GRID_WIDTH, Block, Lattice
from convgif.drawing.maps import Maps, ground_block
from convgif.drawing.numerals import Entries, Lettering, Writing
from convgif.drawing.scene import Color, Items, Line, Text, Track
from convgif.drawing.theme import Theme
from convgif.drawing.words import Name, box_of, names, worked
from convgif.errors import wrong
from convgif.figure import Figure

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

Slots = list[int | None]
"""The rows or columns that are shown, in order; None stands for some that are left out."""


def draw(figure: Figure) -> Drawing:
    """The drawing of a convolution, or a transposed one, as a matrix product.

    Raises:
        InputError: a row of the matrix has more weights than can be read side by side.
    """
    layer = figure.layer
    assert isinstance(layer, (Conv, ConvTranspose))
    outputs = layer.output_size[0] * layer.output_size[1]
    shown = (min(outputs, COMFORTABLE), _columns(figure, layer))
    canvas, output, *others = _places(figure, layer, shown)
    maps = Maps(figure, canvas, output, LETTERING, algebra=True)
    product = _Product(maps, layer, shown, *others)
    named = names(figure, *_names(maps, product))
    middle = (product.x.box.top + product.x.box.bottom) / 2
    equals = Text((product.x.box.right + GAP / 2 + 0.1, middle), "=", 0.7, GAP, maps.theme.text)
    whole = shown == (outputs, layer.input_size[0] * layer.input_size[1])
    tracks = (
        Track.still("words", lambda: (equals, *named)),
        Track("factors", product.factors, static=whole),
        *maps.grounds(),
        *maps.outputs(),
        Track("result", product.result, static=whole and not figure.reveal),
        *maps.window(),
        maps.moving("highlight", maps.highlight),
        Track("row", product.lit),
    )
    parts = (canvas.part(ground_block(layer)), output, *others)
    box = parts[0].box.holding((*(part.box for part in parts), *map(box_of, named)))
    return Drawing(box, (maps.run(tracks, worked(layer) if figure.caption else ()),))


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


def _columns(figure: Figure, layer: Conv | ConvTranspose) -> int:
    """How many columns to show: all of them, or enough for the weights of any row."""
    count = layer.input_size[0] * layer.input_size[1]
    (rows, _), (cols, apart) = _met(layer.rows), _met(layer.cols)
    # A kernel row at a time: its weights, neighbours or with a gap after each, then a gap; and both ends.
    least = rows * (cols if apart == 1 else 2 * cols - 1) + rows + 1 + 2
    columns = count if count <= COMFORTABLE else min(count, max(COMFORTABLE, least))
    if columns > LEGIBLE:
        rule = (
            f"the {rows * cols:,} weights of a matrix row would take up to {columns:,} cells side by side, of which "
            f"{LEGIBLE} can be read; choose a smaller kernel_size or input_size, or the flat view"
        )
        raise wrong("view", figure.view, rule)
    return columns


def _met(axis: Axis) -> tuple[int, int]:
    """How many input elements a window meets along an axis at most, and how far they are apart."""
    common = gcd(axis.spread, axis.dilation)
    return -(-axis.kernel_size // (axis.spread // common)), axis.dilation // common


def _places(figure: Figure, layer: Layer, shown: tuple[int, int]) -> Iterator[Lattice]:
    """Canvas, output, matrix, x, y, and the matrix of the direct convolution if it is shown; middles on one line."""
    (rows, cols), ground = shown, ground_block(layer)
    between = 1.7 if figure.labels else 1.0
    stacked = ground[2] + between + layer.output_size[0]
    height = max(stacked, rows, cols)
    top = (height - stacked) / 2
    yield Lattice(layer.canvas_size, FLAT, (-ground[1], top - ground[0]))
    yield Lattice(layer.output_size, FLAT, (0, top + ground[2] + between))
    x = float(max(ground[3], layer.output_size[1]) + GAP)
    direct = Lattice((cols, rows), FLAT, (x, (height - cols) / 2))
    if figure.direct_matrix:
        x += rows + GAP
    for size, gap in (((rows, cols), GAP), ((cols, 1), 1.2 * GAP), ((rows, 1), GAP)):
        yield Lattice(size, FLAT, (x, (height - size[0]) / 2))
        x += size[1] + gap
    if figure.direct_matrix:
        yield direct


def _names(maps: Maps, product: _Product) -> Iterator[Name]:
    yield Name.under("Input", maps.canvas.part(ground_block(product.layer)).box)
    yield Name.under("Output", maps.output.box)
    transposed = isinstance(product.layer, ConvTranspose)
    yield Name.under(r"$C^{\mathrm{T}}$" if transposed else "$C$", product.matrix.box, math=True)
    yield Name.under("$x$", product.x.box, math=True)
    yield Name.under("$y$", product.y.box, math=True)
    if product.direct:
        yield Name.under("$C$", product.direct.box, math=True)


@dataclass(frozen=True)
class _Product:
    """The matrix and the two vectors; `shown` is how many (rows, columns) of the matrix there is room for."""

    maps: Maps
    layer: Conv | ConvTranspose
    shown: tuple[int, int]
    matrix: Lattice
    x: Lattice
    y: Lattice
    direct: Lattice | None = None

    def factors(self, frame: int) -> Items:
        """The matrix and the input vector as they are where the current row is not."""
        rows, cols = self._slots(frame)
        return (*self._matrix(rows, cols), *self._x(cols))

    def result(self, frame: int) -> Items:
        """The output vector; where it is revealed, pale below the current row."""
        theme, (rows, _) = self._theme, self._slots(frame)
        places = [(slot, row) for slot, row in enumerate(rows) if row is not None]
        done = {(slot, 0): self._output(row) for slot, row in places if row <= frame or not self.maps.figure.reveal}
        pending = {(slot, 0): "" for slot, row in places if (slot, 0) not in done}
        return (
            *self._cells(self.y, pending, self._y_writing, theme.pending),
            *self._cells(self.y, done, self._y_writing, theme.output),
            *self._gaps(self.y, rows),
        )

    def lit(self, frame: int) -> Items:
        """The current row, the input elements that it meets, and the output element that it gives."""
        theme, (rows, cols) = self._theme, self._slots(frame)
        weights = matrix_row(self.layer, frame)
        row = rows.index(frame)
        meets = [(slot, column) for slot, column in enumerate(cols) if column in weights]
        entries = {(row, slot): self._entries.kernel[weights[column]] for slot, column in meets if column is not None}
        items: Items = ()
        for lattice, across in self._matrices():
            cells = {_at(cell, across): text for cell, text in entries.items()}
            items += self._cells(lattice, cells, self._weight, theme.shadow_on_canvas, theme.text, theme.hatch)
            corners = lattice.area(*_at((row, 0), across), *_at((1, len(cols)), across))
            items += (Line(((*corners, corners[0]),), theme.sight, 2 * GRID_WIDTH),)
        inputs = {(slot, 0): self._input(column) for slot, column in meets if column is not None}
        ink, hatch = theme.text_on_shadow, theme.hatch
        items += self._cells(self.x, inputs, self._x_writing, theme.shadow_on_input, ink, hatch)
        result = {(row, 0): self._output(frame)}
        return items + self._cells(self.y, result, self._y_writing, theme.shadow_on_output, ink, hatch)

    @property
    def _theme(self) -> Theme:
        return self.maps.theme

    @property
    def _entries(self) -> Entries:
        assert self.maps.entries is not None
        return self.maps.entries

    @cached_property
    def _weight(self) -> Writing:
        return ENTRY.evened(self._entries.kernel.values())

    @cached_property
    def _x_writing(self) -> Writing:
        return ENTRY.evened(self._entries.input.values())

    @cached_property
    def _y_writing(self) -> Writing:
        return ENTRY.evened(self._entries.output.values())

    def _input(self, column: int) -> str:
        return self._entries.input[divmod(column, self.layer.input_size[1])]

    def _output(self, row: int) -> str:
        return self._entries.output[divmod(row, self.layer.output_size[1])]

    def _slots(self, frame: int) -> tuple[Slots, Slots]:
        """The rows and the columns that are shown in a frame."""
        outputs, inputs = (rows * cols for rows, cols in (self.layer.output_size, self.layer.input_size))
        rows = elided(outputs, [frame], self.shown[0])
        return rows, elided(inputs, matrix_row(self.layer, frame), self.shown[1])

    def _matrices(self) -> Iterator[tuple[Lattice, bool]]:
        """The matrix, and the direct one, in which rows and columns are exchanged."""
        yield self.matrix, False
        if self.direct:
            yield self.direct, True

    def _matrix(self, rows: Slots, cols: Slots) -> Items:
        theme = self._theme
        weights: dict[Pair, str] = {}
        zeros: list[Pair] = []
        dots: dict[Pair, str] = {}
        for r, row in enumerate(rows):
            held = {} if row is None else matrix_row(self.layer, row)
            for c, column in enumerate(cols):
                if row is None or column is None:
                    dots[r, c] = "⋱" if row is column else "⋮" if row is None else "⋯"
                elif column in held:
                    weights[r, c] = self._entries.kernel[held[column]]
                else:
                    zeros.append((r, c))
        items: Items = ()
        for lattice, across in self._matrices():
            exchanged = {"⋮": "⋯", "⋯": "⋮", "⋱": "⋱"}
            items += (
                *lattice.rules([(*_at(cell, across), 1, 1) for cell in zeros], theme.faint_line),
                *self._cells(
                    lattice, {_at(cell, across): weights[cell] for cell in weights}, self._weight, theme.entry
                ),
                *(ENTRY.text(lattice, _at(cell, across), "0", theme.faint) for cell in zeros),
                *(
                    ENTRY.text(lattice, _at(cell, across), exchanged[text] if across else text, theme.faint)
                    for cell, text in dots.items()
                ),
            )
        return items

    def _x(self, cols: Slots) -> Items:
        texts = {(slot, 0): self._input(column) for slot, column in enumerate(cols) if column is not None}
        return (*self._cells(self.x, texts, self._x_writing, self._theme.input), *self._gaps(self.x, cols))

    def _gaps(self, lattice: Lattice, slots: Slots) -> Iterator[Text]:
        """The dots of a vector."""
        return (
            ENTRY.text(lattice, (slot, 0), "⋮", self._theme.faint)
            for slot, number in enumerate(slots)
            if number is None
        )

    def _cells(
        self,
        lattice: Lattice,
        texts: Mapping[Pair, str],
        writing: Writing,
        fill: Color,
        ink: Color | None = None,
        hatch: Color | None = None,
    ) -> Items:
        """Some cells painted, hatched where that is wanted, ruled and written on."""
        blocks: list[Block] = [(*cell, 1, 1) for cell in texts]
        theme = self._theme
        return (
            *lattice.fill(blocks, fill),
            *lattice.hatch(blocks, hatch),
            *lattice.rules(blocks, theme.line),
            *(writing.text(lattice, cell, text, ink or theme.text) for cell, text in texts.items() if text),
        )


def _at(pair: Pair, across: bool) -> Pair:
    """(row, column), exchanged where the matrix is turned across its diagonal."""
    return (pair[1], pair[0]) if across else pair
