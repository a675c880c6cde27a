"""A convolution as a matrix product: the maps, the matrix, the flattened input and the flattened output.

Each frame lights up a row of the matrix, the input elements that it meets and the output element that it gives.
Matrices that are too long are elided around the current row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from math import gcd, prod
from typing import Final

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.conv import Conv, ConvTranspose
from convgif.arithmetic.layer import Cell, Layer
from convgif.arithmetic.linear_map import matrix_row
from convgif.drawing.lattice import FLAT, GRID_WIDTH, Lattice, Pair, Projection, Spot, single_cells
from convgif.drawing.parts.built import LAID_ON_INPUT, LAID_ON_OUTPUT, Building
from convgif.drawing.parts.captions import INPUT, OUTPUT, Name, box_of, name_texts, size_caption
from convgif.drawing.parts.numerals import Entries, Lettering, Runs, Writing, plain, symbol
from convgif.drawing.parts.planes import MANY_TEXTS, Inscription, Plane, Planes, ground_block, input_block
from convgif.drawing.parts.subject import Subject, size_of
from convgif.drawing.scene import Items, Line, Text, Track
from convgif.drawing.timeline import Act, Drawing
from convgif.drawing.view import View, ViewOption
from convgif.drawing.views.options import REVEAL, WORKED
from convgif.errors import Mention, rule, wrong
from convgif.figure import Figure
from convgif.options import Flag, Option

COMFORTABLE: Final = 27
"""Cells of a matrix side by side; more are elided where they can be."""
LEGIBLE: Final = 45
"""Cells side by side that can still be read."""
WORTH_ELIDING: Final = 3
"""Elements of x are left out where it gets so much shorter, at least."""
LARGEST_CELL: Final = 1.6
"""A cell of the maps may be so much larger than one of the matrix."""
GAP: Final = 1
"""Cells between two parts."""
ENTRY: Final = Writing(em=0.46, width=0.88)
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
BUILD: Final = ViewOption(Option("build", Flag(), "first build the matrix, row by row", False, "View"))
LONG_ROW: Final = 1.3
"""Cells from the matrix up to the row that drops into it."""
ACROSS: Final[Mapping[str, str]] = {"⋮": "⋯", "⋯": "⋮", "⋱": "⋱"}
"""The dots of a matrix, and what they are where it is turned across its diagonal."""

MANY_ROWS: Final = 1 << 10
"""As many rows are kept, and what is shown in their frames."""

KEPT_MATRICES: Final = 128
"""So many matrices are kept: most frames show one that another frame has shown."""

Entry = Cell | str | None
"""A kernel element, the dots of what is left out, or zero."""
Slots = list[int | None]
"""The rows or columns that are shown, in order; None stands for some that are left out."""


def draw(figure: Figure) -> Drawing:
    """The drawing of a convolution, or a transposed one, as a matrix product.

    Raises:
        InputError: a row of the matrix has more weights than can be read side by side, or a matrix that is to be built
            is too large to be shown whole.
    """
    subject = Subject.of(figure)
    if subject.wants("build"):
        subject = subject.wanting(*_implied(subject))
    layer = subject.layer
    outputs, inputs = prod(layer.output_size), prod(layer.input_size)
    columns, least = _columns(figure, layer)
    shown = (min(outputs, COMFORTABLE), columns)
    whole = shown == (outputs, inputs)
    if subject.wants("build") and not whole:
        words = rule(
            f"the matrix has {outputs:,} rows and {inputs:,} columns, and {COMFORTABLE} of each can be built; "
            "leave it out, or choose a smaller ",
            Mention("input_size"),
        )
        raise wrong("build", True, words)
    canvas, output, *others = _places(subject, shown, least)
    planes = Planes.of(subject, canvas, output, _lettering(canvas.projection.right[0]), algebra=True)
    product = _Product(planes, shown, *_factor_planes(planes, *others))
    named = name_texts(figure, *_names(product))
    result = product.y.lattice.box
    equals = Text.of((result.left - GAP / 2, (result.top + result.bottom) / 2), "=", 0.7, GAP, "text")
    still = whole and product.x.lattice.size[0] == inputs
    tracks = (
        Track.still("words", lambda: (equals, *named)),
        # Two tracks: the matrix stays where it is whole, even while the vector moves on.
        Track("factors", product.entries, static=whole),
        Track("factors", product.vector, static=still),
        *planes.grounds(),
        *planes.outputs(),
        Track("result", product.result, static=whole and not subject.wants("reveal")),
        *planes.window(),
        planes.moving("highlight", planes.highlight),
        Track("row", product.lit),
    )
    parts = (canvas.part(ground_block(layer)), output, *others)
    box = parts[0].box.holding((*(part.box for part in parts), *map(box_of, named)))
    run = planes.run(tracks, size_caption(subject))
    if not subject.wants("build"):
        return Drawing(box, (run,))
    # The finished picture comes first, for those who see no other frame.
    building = _builder(product)
    box = box.holding((building.long_row.box, *(building.ways(product.matrix.lattice) if product.direct else ())))
    last = run.frames - 1
    finished = Track.still("whole", lambda: tuple(item for track in run.tracks for item in track.at(last)))
    opening = Act((finished,), 1, caption=run.caption)
    return Drawing(box, (opening, *_building(product, building, (equals, *named[2:])), run))


def _implied(subject: Subject) -> Iterator[str]:
    """The options that go with a matrix that is built."""
    if isinstance(subject.layer, ConvTranspose):
        yield "direct_matrix"
    if subject.numbered:
        yield "worked"


def _builder(product: _Product) -> Building:
    """Where the matrix is built, and from what; the blank grid takes the place of the map that it is as large as."""
    planes, layer = product.planes, product.planes.layer
    matrix = product.direct or product.matrix
    grid = planes.output.lattice if product.direct else planes.canvas.lattice.part(input_block(layer))
    beside = Lattice((1, matrix.lattice.size[1]), FLAT, matrix.lattice.point(-LONG_ROW, 0))
    weights = product.column if product.direct else product.row
    return Building(
        matrix,
        grid,
        beside,
        ENTRY,
        weights,
        (lambda row: {}) if product.direct else product.beside,
        product.taken if product.direct else product.given,
        LAID_ON_OUTPUT if product.direct else LAID_ON_INPUT,
        layer.padded,
        planes.subject.figure.caption,
    )


def _building(product: _Product, building: Building, words: tuple[Text, ...]) -> Iterator[Act]:
    """The acts in which the matrix is built; what is multiplied by it waits."""
    planes = product.planes
    # The grid lies where one of the maps will be; the other shows which of its elements goes with a row.
    other = planes.inputs if product.direct else planes.pending
    waiting = (Track.still("words", lambda: words), Track.still("waiting", product.waiting), Track.still("map", other))
    for act in building.acts():
        yield act.beside(*waiting)
    if product.direct:
        yield building.tipping(product.matrix.lattice).beside(*waiting)


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

    @cache
    def order(near: int) -> Pair:
        return min((abs(near - number) for number in middle), default=near), near

    while len(laid := _with_gaps(chosen)) < slots:
        chosen.update(number for number in laid if number is not None)
        beside = {near for number in chosen for near in (number - 1, number + 1) if 0 <= near < count} - chosen
        chosen.add(min(beside, key=order))
    return laid


def _with_gaps(chosen: Iterable[int]) -> Slots:
    """The numbers in order, with None where some are left out; a single one is not worth leaving out."""
    slots: Slots = []
    for number in sorted(chosen):
        if slots and (last := slots[-1]) is not None and number - last > 1:
            slots.append(number - 1 if number - last == 2 else None)
        slots.append(number)
    return slots


def _columns(figure: Figure, layer: Layer) -> Pair:
    """How many columns to show, all of them or enough for the weights of any row; and how many are enough."""
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
    if count <= COMFORTABLE and layer.step_count <= COMFORTABLE:
        least = max(len(_with_gaps({0, count - 1, *matrix_row(layer, row)})) for row in range(layer.step_count))
    return columns, columns if columns - least < WORTH_ELIDING else least


def _met(axis: Axis) -> tuple[int, int]:
    """How many input elements a window meets along an axis at most, and how far they are apart."""
    common = gcd(axis.spread, axis.dilation)
    return -(-axis.kernel_size // (axis.spread // common)), axis.dilation // common


def _places(subject: Subject, shown: Pair, least: int) -> Iterator[Lattice]:
    """Canvas, output, matrix, x, y, and the matrix of the direct convolution if it is shown.

    The maps lie side by side above the matrix that is wide: C, be it that of the direct convolution. Without one they
    lie below each other, at the left. Matrices and vectors end on one line; x is elided to the height of the others,
    but not to less than `least` cells.
    """
    (rows, cols), layer = shown, subject.layer
    direct = subject.wants("direct_matrix")
    under = 1.7 if subject.figure.labels else 1.0
    top, left, high, wide = ground_block(layer)
    out_high, out_wide = layer.output_size
    cell = 1.0
    if direct or cols >= rows:
        lies = (cols, rows) if direct else shown
        maps = (max(high, out_high), wide + 2 * GAP + out_wide)
        between = under + (LONG_ROW if subject.wants("build") else 0)
        height = max(maps[0] + between + lies[0], rows, min(cols, least))
        # Where there is room, the maps are drawn larger.
        room = (height - between - lies[0]) / max(maps[0], 1), (lies[1] - 2 * GAP) / (wide + out_wide)
        cell = max(1.0, min(LARGEST_CELL, *room))
        across = cell * (wide + out_wide) + 2 * GAP
        block = (height, max(across, float(lies[1])))
        at, bottom = (block[1] - across) / 2, height - between - lies[0]
        canvas, output = (at, bottom - cell * high), (block[1] - at - cell * out_wide, bottom - cell * out_high)
        lying = Lattice(lies, FLAT, (block[1] - lies[1], height - lies[0]))
    else:
        block = (high + under + out_high, float(max(wide, out_wide)))
        height = max(block[0], rows, min(cols, least))
        start = (height - block[0]) / 2
        canvas, output = (0.0, start), (0.0, start + high + under)
        lying = None
    scaled = Projection((cell, 0.0), (0.0, cell))
    yield Lattice(size_of(layer.canvas_size), scaled, (canvas[0] - cell * left, canvas[1] - cell * top))
    yield Lattice(size_of(layer.output_size), scaled, output)
    edge = block[1]
    if lying and not direct:
        yield lying
    else:
        yield Lattice(shown, FLAT, (edge + GAP, height - rows))
        edge += GAP + cols
    slots = cols if cols - height < WORTH_ELIDING else max(least, int(height))
    yield Lattice((slots, 1), FLAT, (edge + 0.6 * GAP, height - slots))
    yield Lattice((rows, 1), FLAT, (edge + 1.6 * GAP + 1, height - rows))
    if lying and direct:
        yield lying


def _lettering(cell: float) -> Lettering:
    """How numbers are written in maps with cells of that size."""
    large = (at._replace(em=cell * at.em, width=cell * at.width) for at in (LETTERING.input, LETTERING.output))
    return LETTERING._replace(input=next(large), output=next(large))


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
        yield Plane(name, lattice, role, cache(inscribe))


def _evenly(texts: Mapping[Cell, Runs]) -> Inscription:
    return Inscription.of(texts, ENTRY.fitted(texts.values()))


def _names(product: _Product) -> Iterator[Name]:
    planes = product.planes
    yield Name.under(INPUT, planes.canvas.lattice.part(ground_block(planes.layer)).box)
    yield Name.under(OUTPUT, planes.output.lattice.box)
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

    def entries(self, frame: int) -> Items:
        """The matrix as it is where the current row is not."""
        return self._matrix(self._contents(*self._slots(frame)))

    def vector(self, frame: int) -> Items:
        """The input vector as it is where the current row does not meet it."""
        return self._x(self._x_slots(frame))

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
        weights = self.row(frame)
        row = rows.index(frame)
        meets = [(slot, column) for slot, column in enumerate(cols) if column in weights]
        entries = {(row, slot): weights[column] for slot, column in meets if column is not None}
        items: Items = ()
        for plane, across in self._matrices():
            items += plane.cells({_at(cell, across): at for cell, at in entries.items()}, "shadow_on_canvas")
            corners = plane.lattice.area(*_at((row, 0), across), *_at((1, len(cols)), across))
            items += (Line(((*corners, corners[0]),), "sight", 2 * GRID_WIDTH),)
        inputs: dict[Spot, Cell] = {
            (slot, 0): self._input(column)
            for slot, column in enumerate(self._x_slots(frame))
            if column is not None and column in weights
        }
        items += self.x.cells(inputs, "shadow_on_input", ink="text_on_shadow")
        return items + self.y.cells({(row, 0): self._output(frame)}, "shadow_on_output", ink="text_on_shadow")

    def waiting(self) -> Items:
        """What the matrix will be multiplied by, and what is not computed yet."""
        pending = self.y.areas([(0, 0, self.y.lattice.size[0], 1)], "pending")
        return (*self._x(self._x_slots(0)), *pending)

    def given(self, row: int) -> Items:
        """The output element that a row gives, which is not computed yet."""
        return self.planes.output.areas(single_cells([self._output(row)]), "shadow_on_output")

    def taken(self, column: int) -> Items:
        """The input element that a column is multiplied by."""
        cell, axes = self._input(column), self.planes.layer.axes
        row, col = (axis.places[element] for axis, element in zip(axes, cell, strict=True))
        return self.planes.input.cells({(row, col): cell}, "shadow_on_input", ink="text_on_shadow")

    def column(self, column: int) -> Mapping[int, Cell]:
        """The kernel element in each row of a column that holds any: a row of the direct matrix."""
        held = ((row, self.row(row)) for row in range(self.planes.layer.step_count))
        return {row: weights[column] for row, weights in held if column in weights}

    def beside(self, row: int) -> Mapping[Spot, Cell]:
        """The kernel elements of a step that fall on padding, by where they lie on a grid of the input."""
        top, left, *_ = input_block(self.planes.layer)
        taps = self.planes.subject.step(row).taps
        return {(tap.canvas[0] - top, tap.canvas[1] - left): tap.kernel for tap in taps if tap.input is None}

    @cached_property
    def row(self) -> Callable[[int], Mapping[int, Cell]]:
        """The kernel element in each column of a row that holds any."""
        return lru_cache(maxsize=MANY_ROWS)(partial(matrix_row, self.planes.layer))

    def _input(self, column: int) -> Cell:
        return divmod(column, self.planes.layer.input_size[1])

    def _output(self, row: int) -> Cell:
        return divmod(row, self.planes.layer.output_size[1])

    @cached_property
    def _slots(self) -> Callable[[int], tuple[Slots, Slots]]:
        """The rows and the columns that are shown in a frame; found once, since several tracks ask for them."""
        layer = self.planes.layer
        outputs, inputs = prod(layer.output_size), prod(layer.input_size)

        @lru_cache(maxsize=MANY_ROWS)
        def slots(frame: int) -> tuple[Slots, Slots]:
            return elided(outputs, [frame], self.shown[0]), elided(inputs, self.row(frame), self.shown[1])

        return slots

    @cached_property
    def _x_slots(self) -> Callable[[int], Slots]:
        """The elements of x that are shown in a frame: it may be elided where the matrix is not."""
        inputs, height = prod(self.planes.layer.input_size), self.x.lattice.size[0]
        return lru_cache(maxsize=MANY_ROWS)(lambda frame: elided(inputs, self.row(frame), height))

    def _matrices(self) -> Iterator[tuple[Plane, bool]]:
        """The matrix, and the direct one, in which rows and columns are exchanged."""
        yield self.matrix, False
        if self.direct:
            yield self.direct, True

    def _contents(self, rows: Slots, cols: Slots) -> tuple[tuple[Entry, ...], ...]:
        """What is shown of the matrix: the kernel elements in its cells, and the dots of what is left out."""
        return tuple(
            tuple(_dots(row, column) if row is None or column is None else held.get(column) for column in cols)
            for row, held in ((row, {} if row is None else self.row(row)) for row in rows)
        )

    @cached_property
    def _matrix(self) -> Callable[[tuple[tuple[Entry, ...], ...]], Items]:
        """The cells of the matrix, and of the direct one; as they are on a diagonal, many frames show the same."""

        @lru_cache(maxsize=KEPT_MATRICES)
        def matrix(entries: tuple[tuple[Entry, ...], ...]) -> Items:
            weights: dict[Pair, Cell] = {}
            zeros: list[Pair] = []
            dots: dict[Pair, str] = {}
            for r, row in enumerate(entries):
                for c, entry in enumerate(row):
                    if entry is None:
                        zeros.append((r, c))
                    elif isinstance(entry, str):
                        dots[r, c] = entry
                    else:
                        weights[r, c] = entry
            items: Items = ()
            for plane, across in self._matrices():
                lattice = plane.lattice
                items += (
                    *lattice.fill(single_cells(_at(cell, across) for cell in zeros), "zero"),
                    *lattice.rules(single_cells(_at(cell, across) for cell in zeros), "faint_line"),
                    *plane.cells({_at(cell, across): at for cell, at in weights.items()}),
                    *(self._faint(lattice, _at(cell, across), "0") for cell in zeros),
                    *(
                        self._faint(lattice, _at(cell, across), ACROSS[text] if across else text)
                        for cell, text in dots.items()
                    ),
                )
            return items

        return matrix

    def _x(self, cols: Slots) -> Items:
        places: dict[Spot, Cell] = {
            (slot, 0): self._input(column) for slot, column in enumerate(cols) if column is not None
        }
        return (*self.x.cells(places), *self._gaps(self.x, cols))

    def _gaps(self, plane: Plane, slots: Slots) -> Iterator[Text]:
        """The dots of a vector."""
        return (self._faint(plane.lattice, (slot, 0), "⋮") for slot, number in enumerate(slots) if number is None)

    @cached_property
    def _faint(self) -> Callable[[Lattice, Spot, str], Text]:
        """A zero or dots in a cell."""
        return lru_cache(maxsize=MANY_TEXTS)(
            lambda lattice, cell, text: ENTRY.text(lattice, cell, plain(text), "faint")
        )


def _dots(row: int | None, column: int | None) -> str:
    """What stands for rows, columns or both that are left out."""
    return "⋱" if row is column else "⋮" if row is None else "⋯"


def _at(pair: Pair, across: bool) -> Pair:
    """(row, column), exchanged where the matrix is turned across its diagonal."""
    return (pair[1], pair[0]) if across else pair


VIEW: Final = View(
    "matrix",
    "a convolution as the product of a matrix and the flattened input",
    draw,
    layers=(Conv, ConvTranspose),
    copies=False,
    options=(REVEAL, DIRECT_MATRIX, BUILD, WORKED),
    seen_as="drawn as a matrix product",
)
