"""Planes: the maps of cells that a drawing is composed of, and the kernel's shadow on them.

A plane is a named part of a drawing: it knows where its cells lie, the role that they play, and what is written into
them. A view puts as many of them together as it needs; `Planes` are the two that every step ties together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Final

from convgif.arithmetic.axis import Kind
from convgif.arithmetic.layer import Cell, Layer, Step, Tap
from convgif.drawing.lattice import Block, Lattice, Place, Spot, gathered_cells, single_cells
from convgif.drawing.parts import sums
from convgif.drawing.parts.crossings import along, crossed
from convgif.drawing.parts.numerals import Entries, Lettering, Runs, Writing
from convgif.drawing.parts.subject import Subject
from convgif.drawing.parts.sums import ring
from convgif.drawing.scene import Items, Link, Path, Point, Text, Track
from convgif.drawing.timeline import Act, CaptionLine, Footing

ON_INPUT: Final = ("text_on_shadow", "shadow_on_input")
"""The ink and the ground of what is written where the kernel lies on the input."""
ON_BLANK: Final = ("text", "shadow_on_canvas")
"""The same where it lies on padding and inserted zeros."""
MANY_TEXTS: Final = 1 << 13
"""As many texts of a plane are kept: more than are seen in one frame of any that can be read."""


@dataclass(frozen=True)
class Inscription:
    """What is written into each cell of a plane, and how; nothing into those whose text is empty."""

    text: Callable[[Cell], Runs]
    writing: Writing

    @classmethod
    def of(cls, texts: Mapping[Cell, Runs], writing: Writing) -> Inscription:
        """The texts of some cells."""
        return cls(lambda cell: texts.get(cell, ()), writing)


def nothing() -> None:
    """For planes that nothing is written into."""
    return


@dataclass(frozen=True)
class Plane:
    """A named map of cells: where they lie, the role that they play, and what is written into them.

    The inscription is made when it is asked for.
    """

    name: str
    lattice: Lattice
    role: str
    inscribe: Callable[[], Inscription | None] = nothing

    def areas(self, places: Iterable[Place], role: str = "", line: str = "line") -> Items:
        """Blocks of the plane painted and ruled, in its own role unless another is given."""
        blocks = list(places)
        return (*self.lattice.fill(blocks, role or self.role), *self.lattice.rules(blocks, line))

    def cells(self, places: Mapping[Spot, Cell], role: str = "", line: str = "line", ink: str = "text") -> Items:
        """Single cells by where they lie, painted, ruled and written on."""
        return (*self.areas(single_cells(places), role, line), *self.texts(places, ink, role))

    def texts(self, places: Mapping[Spot, Cell], ink: str = "text", ground: str = "") -> tuple[Text, ...]:
        """What is written into some cells, by where they lie; on areas of its own role unless another is given."""
        if self.inscribe() is None:
            return ()
        text, on = self._text, ground or self.role
        written = (text(place, cell, ink, on) for place, cell in places.items())
        return tuple(found for found in written if found is not None)

    @cached_property
    def _text(self) -> Callable[[Spot, Cell, str, str], Text | None]:
        """What is written into a cell; the very same text for many frames, so that they are soon compared."""
        inscription = self.inscribe()

        @lru_cache(maxsize=MANY_TEXTS)
        def text(place: Spot, cell: Cell, ink: str, ground: str) -> Text | None:
            runs = inscription.text(cell) if inscription else ()
            return inscription.writing.text(self.lattice, place, runs, ink, ground) if inscription and runs else None

        return text


def in_place(cells: Iterable[Cell]) -> dict[Spot, Cell]:
    """Cells that lie where they belong."""
    return {cell: cell for cell in cells}


@dataclass(frozen=True)
class Planes:
    """The input on its canvas and the output, tied together by the steps of a layer."""

    subject: Subject
    canvas: Plane
    """What lies under the input: padding and inserted zeros."""
    input: Plane
    """The input's elements, on the lattice of the canvas."""
    output: Plane
    entries: Callable[[], Entries | None] = field(repr=False)
    """What is written into the cells, if anything is."""
    weights: Callable[[], Inscription | None] = field(repr=False)
    """What is written beside the numbers that the kernel lies on."""
    inscribed: bool
    """Whether anything is written into the cells; known before it is made."""

    @classmethod
    def of(
        cls, subject: Subject, canvas: Lattice, output: Lattice, lettering: Lettering, *, algebra: bool = False
    ) -> Planes:
        """The planes of a figure on two lattices.

        With `algebra` they stand beside their algebra: letters where there are no numbers, and the weights are left to
        it.
        """

        @cache
        def entries() -> Entries | None:
            return Entries.of_numbers(subject) or (Entries.of_symbols(subject) if algebra else None)

        @cache
        def fitted() -> Lettering:
            found = entries()
            return lettering if found is None else lettering.fitted(found)

        def blanks() -> Inscription | None:
            found, cells = entries(), subject.layer.canvas
            if found is None:
                return None

            def text(cell: Cell) -> Runs:
                content = cells.get(cell)  # before a crop there is more than the canvas
                return found.blank if content is None or content.input is None else found.input[content.input]

            return Inscription(text, fitted().input)

        def inputs() -> Inscription | None:
            found = entries()
            return found and Inscription.of(found.input, fitted().input)

        def outputs() -> Inscription | None:
            found = entries()
            return found and Inscription.of(found.output, fitted().output)

        def weights() -> Inscription | None:
            found = entries()
            return None if found is None or algebra else Inscription.of(found.weight, fitted().weight)

        return cls(
            subject,
            Plane("canvas", canvas, "blank", blanks),
            Plane("input", canvas, "input", inputs),
            Plane("output", output, "output", outputs),
            entries,
            weights,
            subject.numbered or algebra,
        )

    @property
    def layer(self) -> Layer:
        """The layer that is drawn, over rows and columns."""
        return self.subject.layer

    def moving(self, name: str, draw: Callable[[Step], Items]) -> Track:
        """A track that shows each step in its frame."""
        return Track(name, lambda frame: draw(self.subject.step(frame)))

    def grounds(self) -> tuple[Track, ...]:
        """What the kernel slides over: the canvas with the input on it, and what a crop removed."""
        cut = (Track.still("cut", self.cut),) if self.layer.crops else ()
        return (*cut, Track.still("canvas", self.blanks), Track.still("input", self.inputs))

    def outputs(self) -> tuple[Track, ...]:
        """The output map; where it is to be revealed, pale until the steps have come."""
        if not self.subject.wants("reveal"):
            return (Track.still("output", self.computed),)
        return (Track.still("pending", self.pending), Track("output", lambda frame: self.computed(frame + 1)))

    def blanks(self) -> Items:
        """The canvas behind the input, with what padding and inserted zeros stand for."""
        beside = (cell for cell, content in self.layer.canvas.items() if content.kind is not Kind.INPUT)
        rows, cols = self.canvas.lattice.size
        return self.ground((0, 0, rows, cols), beside)

    def ground(self, block: Block, beside: Iterable[Cell]) -> Items:
        """A block of the canvas, nothing where a crop leaves none, and what the cells beside the input stand for."""
        if min(block[2:]) <= 0:
            return ()
        lattice, canvas, blanks = self.canvas.lattice, self.layer.canvas, [*beside]
        copies = [cell for cell in blanks if cell in canvas and canvas[cell].input is not None]
        zeros = {*blanks}.difference(copies)
        return (
            *lattice.fill([block], self.canvas.role),
            *lattice.fill(single_cells(copies), "copy"),
            lattice.part(block).dashes("blank_line"),
            *self.canvas.texts(in_place(sorted(zeros))),
            *self.canvas.texts(in_place(copies), ground="copy"),
        )

    def inputs(self) -> Items:
        """The input's cells, where they lie on the canvas."""
        canvas = self.layer.canvas.items()
        places = {cell: content.input for cell, content in canvas if content.kind is Kind.INPUT}
        return self.input_cells({place: cell for place, cell in places.items() if cell is not None})

    def cut(self) -> Items:
        """The input's cells that lie beside the canvas: a transposed convolution with much padding crops them away."""
        rows, cols = (axis.places for axis in self.layer.axes)
        places: dict[Spot, Cell] = {(row, col): (i, j) for i, row in enumerate(rows) for j, col in enumerate(cols)}
        return self.cut_cells({place: at for place, at in places.items() if place not in self.layer.canvas})

    def input_cells(self, places: Mapping[Spot, Cell]) -> Items:
        """Input elements, by where they lie, which may be between cells."""
        return (*self.input.areas(gathered_cells(places)), *self.input.texts(places))

    def cut_cells(self, places: Mapping[Spot, Cell]) -> Items:
        """Input elements that a crop removes."""
        return self.input.cells(places, "cut", "cut_line")

    def window(self) -> tuple[Track, ...]:
        """Every cell that a step reads: shaded, framed, and with the numbers on it."""
        return (*self.shade(), *self.writings())

    def shade(self) -> tuple[Track, ...]:
        """The kernel's shadow on the cells that a step reads, and its frame."""
        return (self.moving("shadow", self.shadow), self.moving("kernel", self.frame))

    def writings(self, lines: Callable[[Step], Iterable[Path]] | None = None) -> tuple[Track, ...]:
        """The numbers on the cells that a step reads, and a ring around the one that wins; above some lines, if any.

        Numbers that lie in the way of a line are written above it.
        """
        if not self.inscribed:
            return ()

        tracks = [self.moving("taps", self.readings)]
        if lines is not None:
            tracks = [
                self.moving("crossed", lambda step: self.in_the_way(step, [*lines(step)])),
                self.moving("taps", lambda step: crossed(self.readings(step), [*lines(step)])),
            ]
        if self.subject.wants("worked"):
            tracks.append(self.moving("ring", lambda step: ring(self.subject, self.canvas.lattice, step)))
        return tuple(tracks)

    def in_the_way(self, step: Step, lines: Sequence[Path]) -> Items:
        """The numbers beside the kernel that lie in the way of lines."""
        lattice, canvas, taken = self.canvas.lattice, self.layer.canvas, {tap.canvas for tap in step.taps}
        beside = (spot for spot in along(lattice, lines) if spot in canvas and spot not in taken)
        texts: list[Text] = []
        for spot in beside:
            kind, element = canvas[spot]
            if kind is Kind.INPUT and element is not None:
                found = self.input.texts({spot: element})
            else:
                found = self.canvas.texts({spot: spot}, ground="" if element is None else "copy")
            texts.extend(text for text in crossed(found, lines) if text.crossed)
        return tuple(texts)

    def shadow(self, step: Step) -> Items:
        """The kernel's shadow on the cells that a step reads."""
        on_input = single_cells(tap.canvas for tap in step.taps if tap.input is not None)
        beside = single_cells(tap.canvas for tap in step.taps if tap.input is None)
        fill = self.canvas.lattice.fill
        return (*fill(beside, "shadow_on_canvas"), *fill(on_input, "shadow_on_input"))

    def frame(self, step: Step) -> Items:
        """The lines of the window that a step reads."""
        return self.canvas.lattice.rules(gathered_cells(tap.canvas for tap in step.taps))

    def pending(self) -> Items:
        """The output map before anything is computed."""
        rows, cols = self.layer.output_size
        return self.output.areas([(0, 0, rows, cols)], "pending")

    def computed(self, count: int | None = None) -> Items:
        """The first `count` cells of the output map; all of them if None."""
        rows, cols = self.layer.output_size
        count = rows * cols if count is None else count
        whole, more = divmod(count, cols)
        areas = [block for block in ((0, 0, whole, cols), (whole, 0, 1, more)) if block[2] and block[3]]
        done = in_place(divmod(number, cols) for number in range(count))
        return (*self.output.areas(areas), *self.output.texts(done))

    def highlight(self, step: Step) -> Items:
        """The output cell that the step computes."""
        return self.output.cells({step.output: step.output}, "shadow_on_output", ink="text_on_shadow")

    def link(self, frame: int) -> Link:
        """The output cell of a step, which leads to its frame."""
        cell = self.subject.step(frame).output
        return Link(self.output.lattice.cell(cell), frame, f"output {self.subject.name(cell)}")

    def run(self, tracks: tuple[Track, ...], caption: tuple[CaptionLine, ...]) -> Act:
        """The act of all steps."""
        footing = Footing(self._worked, sums.least_width(self.subject)) if self.subject.wants("worked") else None
        return Act(tracks, self.subject.steps, caption=caption, link=self.link, note=self.subject.note, footing=footing)

    def _worked(self, frame: int, middle: Point, width: float) -> Items:
        """The line that works out what a step computes."""
        found = self.entries()
        return () if found is None else sums.line(self.subject, found, self.subject.step(frame), middle, width)

    def taken(self, cell: Cell) -> Items:
        """One input element, shaded."""
        return self.input.cells({cell: cell}, "shadow_on_input", ink="text_on_shadow")

    def extent(self, step: Step) -> Block:
        """The block of canvas cells from the step's first tap to its last."""
        (row, col), (last_row, last_col) = step.taps[0].canvas, step.taps[-1].canvas
        return row, col, last_row + 1 - row, last_col + 1 - col

    def readings(self, step: Step) -> tuple[Text, ...]:
        """The numbers on the cells that a step reads, and the weights beside them."""
        weights = self.weights()
        texts: list[Text] = []
        for tap in step.taps:
            texts.extend(self._reading(tap))
            if weights is not None and (runs := weights.text(tap.kernel)):
                ink, ground = ON_BLANK if tap.input is None else ON_INPUT
                texts.append(weights.writing.text(self.canvas.lattice, tap.canvas, runs, ink, ground))
        return tuple(texts)

    def _reading(self, tap: Tap) -> tuple[Text, ...]:
        """What a tap reads, written into its cell."""
        if tap.input is None:
            return self.canvas.texts({tap.canvas: tap.canvas}, *ON_BLANK)
        return self.input.texts({tap.canvas: tap.input}, *ON_INPUT)


def input_block(layer: Layer) -> Block:
    """The block of the canvas that the input is spread over; it may reach beyond the canvas.

    >>> from convgif.arithmetic import ConvTranspose
    >>> input_block(ConvTranspose(input_size=4, kernel_size=1, padding=1))
    (-1, -1, 4, 4)
    """
    rows, cols = (axis.places for axis in layer.axes)
    return rows[0], cols[0], rows[-1] + 1 - rows[0], cols[-1] + 1 - cols[0]


def ground_block(layer: Layer) -> Block:
    """The block of the canvas and of all the input, as far as a crop leaves that beside it.

    >>> from convgif.arithmetic import ConvTranspose
    >>> ground_block(ConvTranspose(input_size=4, kernel_size=1, padding=1))
    (-1, -1, 4, 4)
    """
    row, col, rows, cols = input_block(layer)
    top, left = min(0, row), min(0, col)
    bottom, right = max(layer.canvas_size[0], row + rows), max(layer.canvas_size[1], col + cols)
    return top, left, bottom - top, right - left
