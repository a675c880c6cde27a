"""The input and output maps on their lattices, and the kernel's shadow: what the views are composed of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from convgif.arithmetic import Kind, Layer, Pair, Step, Tap
from convgif.arithmetic.spelling import spelled
from convgif.drawing.acts import Act
from convgif.drawing.grid import Block, Lattice, Place, Spot
from convgif.drawing.numerals import Entries, Lettering
from convgif.drawing.scene import Color, Items, Link, Text, Track
from convgif.drawing.theme import Theme, theme_of
from convgif.figure import Figure


@dataclass(frozen=True)
class Maps:
    """A figure's canvas and output on two lattices, with or without numbers."""

    figure: Figure
    canvas: Lattice
    output: Lattice
    lettering: Lettering
    algebra: bool = False
    """Whether the maps stand beside their algebra: letters where there are no numbers, no decimals without need, and
    the weights are left to it."""

    @property
    def layer(self) -> Layer:
        """The layer that is drawn."""
        return self.figure.layer

    @property
    def theme(self) -> Theme:
        """The colours."""
        return theme_of(self.figure)

    @cached_property
    def entries(self) -> Entries | None:
        """What is written into the cells, if anything is."""
        values = self.figure.values_drawn
        if values is not None:
            return Entries.of_numbers(self.layer, values, values.decimals if self.algebra else max(1, values.decimals))
        return Entries.of_symbols(self.layer) if self.algebra else None

    @cached_property
    def written(self) -> Lettering:
        """How the entries are written."""
        return self.lettering if self.entries is None else self.lettering.fitted(self.entries)

    @property
    def steps(self) -> int:
        """How many steps there are to show, each in a frame."""
        return self.layer.output_size[0] * self.layer.output_size[1]

    def step(self, frame: int) -> Step:
        """The step that a frame shows."""
        return self.layer.step(divmod(frame, self.layer.output_size[1]))

    def moving(self, name: str, draw: Callable[[Step], Items]) -> Track:
        """A track that shows each step in its frame."""
        return Track(name, lambda frame: draw(self.step(frame)))

    def grounds(self) -> tuple[Track, ...]:
        """What the kernel slides over: the canvas with the input on it, and what a crop removed."""
        cut = (Track.still("cut", self.cut),) if crops(self.layer) else ()
        return (*cut, Track.still("canvas", self.blanks), Track.still("input", self.input))

    def outputs(self) -> tuple[Track, ...]:
        """The output map; where it is to be revealed, pale until the steps have come."""
        if not self.figure.reveal:
            return (Track.still("output", self.computed),)
        return (Track.still("pending", self.pending), Track("output", lambda frame: self.computed(frame + 1)))

    def blanks(self) -> Items:
        """The canvas behind the input, with the numbers that padding and inserted zeros stand for."""
        beside = (cell for cell, content in self.layer.canvas.items() if content.kind is not Kind.INPUT)
        return (*self.ground((0, 0, *self.canvas.size)), *self.blank_texts(beside))

    def ground(self, block: Block) -> Items:
        """A block of empty canvas: dashed, or in the theme's colour for it; nothing where a crop leaves none."""
        if min(block[2:]) <= 0:
            return ()
        if self.theme.blank is None:
            return (self.canvas.part(block).dashes(self.theme.line),)
        return (*self.canvas.fill([block], self.theme.blank), *self.canvas.rules([block], self.theme.line))

    def input(self) -> Items:
        """The input's cells, where they lie on the canvas."""
        canvas = self.layer.canvas.items()
        return self.input_cells({cell: content.input for cell, content in canvas if content.input is not None})

    def cut(self) -> Items:
        """The input's cells that lie beside the canvas: a transposed convolution with much padding crops them away."""
        rows, cols = self.layer.rows.places, self.layer.cols.places
        places = {(row, col): (i, j) for i, row in enumerate(rows) for j, col in enumerate(cols)}
        return self.cut_cells({place: at for place, at in places.items() if place not in self.layer.canvas})

    def input_cells(self, places: Mapping[Spot, Pair]) -> Items:
        """Input elements, by where they lie, which may be between cells."""
        areas, theme = blocks(places), self.theme
        fill = self.canvas.fill(areas, theme.input)
        return (*fill, *self.canvas.rules(areas, theme.line), *self._input_texts(places))

    def cut_cells(self, places: Mapping[Spot, Pair]) -> Items:
        """Input elements that a crop removes."""
        cells, theme = [(*place, 1, 1) for place in places], self.theme
        rules = self.canvas.rules(cells, theme.shadow_on_canvas)
        return (*self.canvas.fill(cells, theme.cut), *rules, *self._input_texts(places))

    def blank_texts(self, cells: Iterable[Pair]) -> Items:
        """What padding and inserted zeros stand for, in some cells."""
        if self.entries is None or not self.entries.blank:
            return ()
        return tuple(self._canvas_text(cell, self.entries.blank, self.theme.text) for cell in cells)

    def window(self) -> tuple[Track, ...]:
        """Every cell that a step reads: shaded, framed, and with the numbers on it."""
        written = (self.moving("taps", self._tap_texts),) if self.figure.numbered or self.algebra else ()
        return (self.moving("shadow", self._shadow), self.moving("kernel", self._kernel), *written)

    def _shadow(self, step: Step) -> Items:
        on_input = [(*tap.canvas, 1, 1) for tap in step.taps if tap.input is not None]
        beside = [(*tap.canvas, 1, 1) for tap in step.taps if tap.input is None]
        theme = self.theme
        fill = self.canvas.fill
        hatch = self.canvas.hatch([*beside, *on_input], theme.hatch)
        return (*fill(beside, theme.shadow_on_canvas), *fill(on_input, theme.shadow_on_input), *hatch)

    def _kernel(self, step: Step) -> Items:
        return self.canvas.rules(blocks(tap.canvas for tap in step.taps), self.theme.line)

    def pending(self) -> Items:
        """The output map before anything is computed."""
        area = [(0, 0, *self.layer.output_size)]
        return (*self.output.fill(area, self.theme.pending), *self.output.rules(area, self.theme.line))

    def computed(self, count: int | None = None) -> Items:
        """The first `count` cells of the output map; all of them if None."""
        rows, cols = self.layer.output_size
        count = rows * cols if count is None else count
        whole, more = divmod(count, cols)
        areas = [block for block in ((0, 0, whole, cols), (whole, 0, 1, more)) if block[2] and block[3]]
        items: Items = (*self.output.fill(areas, self.theme.output), *self.output.rules(areas, self.theme.line))
        if self.entries is not None:
            items += tuple(self._output_text(divmod(number, cols), self.theme.text) for number in range(count))
        return items

    def highlight(self, step: Step) -> Items:
        """The output cell that the step computes."""
        cell = [(*step.output, 1, 1)]
        fill = self.output.fill(cell, self.theme.shadow_on_output)
        hatch = self.output.hatch(cell, self.theme.hatch)
        items: Items = (*fill, *hatch, *self.output.rules(cell, self.theme.line))
        if self.entries is not None:
            items += (self._output_text(step.output, self.theme.text_on_shadow),)
        return items

    def links(self) -> Iterator[Link]:
        """Every output cell, which leads to its step."""
        cols = self.layer.output_size[1]
        for frame in range(self.steps):
            cell = divmod(frame, cols)
            yield Link(self.output.area(*cell), frame, f"output row {cell[0]}, column {cell[1]}")

    def note(self, frame: int) -> str:
        """What a step reads and gives."""
        return spelled(self.layer, self.step(frame), self.figure.values_drawn)

    def run(self, tracks: tuple[Track, ...], caption: tuple[str, ...]) -> Act:
        """The act of all steps."""
        return Act(tracks, self.steps, caption=caption, links=self.links, note=self.note)

    def taken(self, cell: Pair) -> Items:
        """One input element, shaded."""
        block, theme = [(*cell, 1, 1)], self.theme
        fill, hatch = self.canvas.fill(block, theme.shadow_on_input), self.canvas.hatch(block, theme.hatch)
        items: Items = (*fill, *hatch, *self.canvas.rules(block, theme.line))
        if self.entries is None:
            return items
        return (*items, self._canvas_text(cell, self.entries.input[cell], theme.text_on_shadow))

    def extent(self, step: Step) -> Block:
        """The block of canvas cells from the step's first tap to its last."""
        row, col = step.taps[0].canvas
        return row, col, self.layer.rows.span, self.layer.cols.span

    def _input_texts(self, places: Mapping[Spot, Pair]) -> Items:
        if self.entries is None:
            return ()
        texts = ((place, self.entries.input[source]) for place, source in places.items())
        return tuple(self._canvas_text(place, text, self.theme.text) for place, text in texts)

    def _canvas_text(self, cell: Spot, text: str, color: Color) -> Text:
        return self.written.input.text(self.canvas, cell, text, color)

    def _tap_texts(self, step: Step) -> Items:
        return tuple(self._texts_of(step.taps))

    def _texts_of(self, taps: Iterable[Tap]) -> Iterator[Text]:
        assert self.entries is not None
        for tap in taps:
            text = self.entries.blank if tap.input is None else self.entries.input[tap.input]
            color = self.theme.text if tap.input is None else self.theme.text_on_shadow
            if text:
                yield self._canvas_text(tap.canvas, text, color)
            if self.entries.kernel and not self.algebra:
                yield self.written.weight.text(self.canvas, tap.canvas, self.entries.kernel[tap.kernel], color)

    def _output_text(self, cell: Pair, color: Color) -> Text:
        assert self.entries is not None
        return self.written.output.text(self.output, cell, self.entries.output[cell], color)


def input_block(layer: Layer) -> Block:
    """The block of the canvas that the input is spread over; it may reach beyond the canvas.

    >>> from convgif.arithmetic import ConvTranspose
    >>> input_block(ConvTranspose(input_size=4, kernel_size=1, padding=1))
    (-1, -1, 4, 4)
    """
    rows, cols = layer.rows.places, layer.cols.places
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


def crops(layer: Layer) -> bool:
    """Whether some of the input lies beside the canvas."""
    row, col, rows, cols = input_block(layer)
    return min(row, col) < 0 or row + rows > layer.canvas_size[0] or col + cols > layer.canvas_size[1]


def blocks(cells: Iterable[Spot]) -> list[Place]:
    """Cells that touch, gathered into blocks; `cells` are every combination of some rows with some columns.

    >>> blocks([(0, 0), (0, 1), (2, 0), (2, 1)])
    [(0, 0, 1, 2), (2, 0, 1, 2)]
    """
    places = list(cells)
    rows, cols = (_runs(sorted({place[direction] for place in places})) for direction in (0, 1))
    return [(row, col, height, width) for row, height in rows for col, width in cols]


def _runs(places: list[float]) -> list[tuple[float, int]]:
    """Where runs of neighbours begin, and how long they are."""
    runs: list[tuple[float, int]] = []
    for place in places:
        if runs and place == runs[-1][0] + runs[-1][1]:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
