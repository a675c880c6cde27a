"""The input and output maps on their lattices, and the kernel's shadow: what the views are composed of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from convgif.arithmetic import Kind, Layer, Pair, Step, Tap
from convgif.drawing.grid import Block, Lattice
from convgif.drawing.numerals import Lettering, blank, decimal, number
from convgif.drawing.scene import Color, Items, Text, Track
from convgif.drawing.theme import Theme
from convgif.figure import Values


@dataclass(frozen=True)
class Maps:
    """A layer's canvas and output on two lattices, with or without numbers."""

    layer: Layer
    values: Values | None
    canvas: Lattice
    output: Lattice
    lettering: Lettering
    theme: Theme

    def step(self, frame: int) -> Step:
        """The step that a frame shows."""
        return self.layer.step(divmod(frame, self.layer.output_size[1]))

    def moving(self, name: str, draw: Callable[[Step], Items]) -> Track:
        """A track that shows each step in its frame."""
        return Track(name, lambda frame: draw(self.step(frame)))

    def canvas_track(self) -> Track:
        """The dashed canvas, with the numbers that padding and inserted zeros stand for."""
        items: Items = (self.canvas.dashes(self.theme.line),)
        if self.values is not None and (text := blank(self.layer)):
            beside = (cell for cell, content in self.layer.canvas.items() if content.kind is not Kind.INPUT)
            items += tuple(self._canvas_number(cell, text, self.theme.text) for cell in beside)
        return Track("canvas", items)

    def input_track(self) -> Track:
        """The input's cells, where they lie on the canvas."""
        cells = {cell: content.input for cell, content in self.layer.canvas.items() if content.input is not None}
        areas = blocks(cells, (self.layer.rows.spread, self.layer.cols.spread))
        items: Items = (*self.canvas.fill(areas, self.theme.input), *self.canvas.rules(areas, self.theme.line))
        if self.values is not None:
            texts = ((cell, number(self.values.input[source])) for cell, source in cells.items())
            items += tuple(self._canvas_number(cell, text, self.theme.text) for cell, text in texts)
        return Track("input", items)

    def cut_tracks(self) -> tuple[Track, ...]:
        """The input's cells that lie beside the canvas: a transposed convolution with much padding crops them away."""
        if not crops(self.layer):
            return ()
        places = {
            (row, col): (r, c)
            for r, row in enumerate(self.layer.rows.places)
            for c, col in enumerate(self.layer.cols.places)
            if (row, col) not in self.layer.canvas
        }
        cells = [(*place, 1, 1) for place in places]
        theme = self.theme
        items: Items = (*self.canvas.fill(cells, theme.cut), *self.canvas.rules(cells, theme.shadow_on_canvas))
        if self.values is not None:
            texts = ((place, number(self.values.input[source])) for place, source in places.items())
            items += tuple(self._canvas_number(place, text, theme.text) for place, text in texts)
        return (Track("cut", items),)

    def shadow(self, step: Step) -> Items:
        """Every cell that the step reads, with the numbers on it."""
        theme = self.theme
        on_input = [(*tap.canvas, 1, 1) for tap in step.taps if tap.input is not None]
        beside = [(*tap.canvas, 1, 1) for tap in step.taps if tap.input is None]
        return (
            *self.canvas.fill(beside, theme.shadow_on_canvas),
            *self.canvas.fill(on_input, theme.shadow_on_input),
            *self.canvas.rules(blocks((tap.canvas for tap in step.taps), self.layer.dilation), theme.line),
            *self._tap_numbers(step.taps),
        )

    def output_track(self) -> Track:
        """The output map."""
        rows, cols = self.layer.output_size
        area = [(0, 0, rows, cols)]
        items: Items = (*self.output.fill(area, self.theme.output), *self.output.rules(area, self.theme.line))
        if self.values is not None:
            cells = ((row, col) for row in range(rows) for col in range(cols))
            items += tuple(self._output_number(cell, self.theme.text) for cell in cells)
        return Track("output", items)

    def highlight(self, step: Step) -> Items:
        """The output cell that the step computes."""
        cell = [(*step.output, 1, 1)]
        fill = self.output.fill(cell, self.theme.shadow_on_output)
        items: Items = (*fill, *self.output.rules(cell, self.theme.line))
        if self.values is not None:
            items += (self._output_number(step.output, self.theme.text_on_shadow),)
        return items

    def window(self, step: Step) -> Block:
        """The block of canvas cells from the step's first tap to its last."""
        row, col = step.taps[0].canvas
        return row, col, self.layer.rows.span, self.layer.cols.span

    @cached_property
    def _written(self) -> Lettering:
        return self.lettering if self.values is None else self.lettering.fitted(self.layer, self.values)

    def _tap_numbers(self, taps: Iterable[Tap]) -> Iterator[Text]:
        if self.values is None:
            return
        for tap in taps:
            text = blank(self.layer) if tap.input is None else number(self.values.input[tap.input])
            color = self.theme.text if tap.input is None else self.theme.text_on_shadow
            if text:
                yield self._canvas_number(tap.canvas, text, color)
            if self.values.kernel is not None:
                weight = number(self.values.kernel[tap.kernel])
                yield self._written.weight.text(self.canvas, tap.canvas, weight, color)

    def _canvas_number(self, cell: Pair, text: str, color: Color) -> Text:
        return self._written.input.text(self.canvas, cell, text, color)

    def _output_number(self, cell: Pair, color: Color) -> Text:
        assert self.values is not None
        text = decimal(self.values.output[cell], self.values.decimals)
        return self._written.output.text(self.output, cell, text, color)


def input_block(layer: Layer) -> Block:
    """The block of the canvas that the input is spread over; it may reach beyond the canvas.

    >>> from convgif.arithmetic import ConvTranspose
    >>> input_block(ConvTranspose(input_size=4, kernel_size=1, padding=1))
    (-1, -1, 4, 4)
    """
    rows, cols = layer.rows.places, layer.cols.places
    return rows[0], cols[0], rows[-1] + 1 - rows[0], cols[-1] + 1 - cols[0]


def crops(layer: Layer) -> bool:
    """Whether some of the input lies beside the canvas."""
    row, col, rows, cols = input_block(layer)
    return min(row, col) < 0 or row + rows > layer.canvas_size[0] or col + cols > layer.canvas_size[1]


def blocks(cells: Iterable[Pair], spread: Pair) -> list[Block]:
    """Cells that touch, gathered into blocks.

    `cells` are every combination of some rows with some columns, `spread` their distance in each direction.

    >>> blocks([(0, 0), (0, 1), (2, 0), (2, 1)], spread=(2, 1))
    [(0, 0, 1, 2), (2, 0, 1, 2)]
    """
    places = list(cells)
    rows = _runs(sorted({row for row, _ in places}), spread[0])
    cols = _runs(sorted({col for _, col in places}), spread[1])
    return [(row, col, height, width) for row, height in rows for col, width in cols]


def _runs(places: list[int], spread: int) -> list[tuple[int, int]]:
    return [(places[0], len(places))] if spread == 1 and places else [(place, 1) for place in places]
