"""The sizes that a convolution makes one of: a row for each, the same windows on all of them, and the output below.

The rows differ only behind the last window; cells that no window reads are pale. A transposed convolution leads back to
the rows from what is below, and its output padding chooses one, which is framed. Of other layers, the own input is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from convgif.arithmetic.axis import Axis, Kind
from convgif.arithmetic.conv import ConvTranspose
from convgif.arithmetic.formula import Equation, formula
from convgif.arithmetic.layer import Layer
from convgif.arithmetic.sentences import Sentence, labels, listed
from convgif.arithmetic.sliding import Sliding
from convgif.drawing.lattice import FLAT, GRID_WIDTH, SIGHT_WIDTH, Lattice, Place
from convgif.drawing.parts import formulas
from convgif.drawing.parts.captions import (
    INPUT,
    NAME_DROP,
    OUTPUT,
    Name,
    box_of,
    name_texts,
    size_caption,
    told,
    words_track,
)
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Box, Item, Items, Line, Point, Track
from convgif.drawing.timeline import Act, Drawing
from convgif.drawing.view import View
from convgif.figure import Figure

MOST_ROWS: Final = 8
"""Sizes that are shown, where a large stride has more of them."""
EM: Final = 0.48
APART: Final = 0.6
"""Cells between rows, and between a row and what is written beside it."""
DROP: Final = 1.4
"""Cells from the last row down to the output."""
PANELS_APART: Final = 1.5
FRAME: Final = 0.17
"""Cells from a row to its frame."""


@dataclass(frozen=True)
class Maps:
    """What the rows and what is below them are to the layer: names, letters and roles."""

    names: tuple[Sentence, Sentence]
    letters: tuple[str, str]
    many: str
    unread: str
    unread_line: str
    taken: str
    one: str
    made: str


DIRECT: Final = Maps(
    (INPUT, OUTPUT), ("i", "o"), "input", "cut", "cut_line", "shadow_on_input", "output", "shadow_on_output"
)
TRANSPOSED: Final = Maps(
    (OUTPUT, INPUT), ("o", "i"), "output", "pending", "line", "shadow_on_output", "input", "shadow_on_input"
)


@dataclass(frozen=True)
class Panel:
    """What collapses along one axis: rows of cells from a height on.

    `own` is the convolution along that axis, and `extra` the output padding that leads back to its input, if any does.
    """

    maps: Maps
    own: Axis
    extra: int | None
    top: float
    label: str

    @cached_property
    def sizes(self) -> range:
        """The sizes that are shown: the own one, and those nearest to it."""
        sizes = self.own.collapsing
        place = sizes.index(self.own.input_size)
        first = max(0, min(len(sizes) - MOST_ROWS, place - MOST_ROWS // 2))
        return sizes[first : first + MOST_ROWS]

    @cached_property
    def rows(self) -> tuple[tuple[Axis, Lattice], ...]:
        """The axis of each size, and its canvas."""
        own = self.own
        axes = [own.resized(size) for size in self.sizes]
        tops = (self.top + row * (1 + APART) for row in range(len(axes)))
        return tuple((axis, Lattice((1, axis.canvas_size), FLAT, (0.0, y))) for axis, y in zip(axes, tops, strict=True))

    @cached_property
    def output(self) -> Lattice:
        """The row that the output's cells lie in."""
        _, last = self.rows[-1]
        reach = (self.own.output_size - 1) * self.own.stride + self.own.span
        return Lattice((1, reach), FLAT, (0.0, last.box.bottom + DROP))

    def place(self, window: int) -> Place:
        """Where an element of the output lies: below the middle of its window."""
        return 0, window * self.own.stride + (self.own.span - 1) / 2, 1, 1

    @property
    def box(self) -> Box:
        """The cells, and the frame of a row."""
        _, last = self.rows[-1]
        return Box(-FRAME, self.top - FRAME, last.box.right + FRAME, self.output.box.bottom)

    def words(self) -> Iterator[tuple[Equation, Point]]:
        """What is written beside the rows and the output, and where its middle is."""
        for size, (_, lattice) in zip(self.sizes, self.rows, strict=True):
            yield self._before(f"{self.maps.letters[0]} = {size}", lattice)
            if self.extra is not None:
                words = Equation(formula(f"a = {self.extra + size - self.own.input_size}"))
                yield words, (self.box.right + APART + EM * formulas.width(words) / 2, _middle(lattice))
        yield self._before(f"{self.maps.letters[1]} = {self.own.output_size}", self.output)

    def _before(self, text: str, lattice: Lattice) -> tuple[Equation, Point]:
        words = Equation(formula(text), self.label)
        return words, (-APART - EM * formulas.width(words) / 2, _middle(lattice))

    def ground(self) -> Items:
        """The canvas of every size: padding, input that is read, and paler what is not; and the output."""
        return tuple(
            chain(*(self._row(*row) for row in self.rows), self._outputs(range(self.own.output_size), self.maps.one))
        )

    def _row(self, axis: Axis, lattice: Lattice) -> Iterator[Item]:
        read = {place for window in range(axis.output_size) for place in axis.reads(window)[1]}
        inputs = {place for place in range(axis.canvas_size) if axis.source(place)[0] is Kind.INPUT}
        yield from lattice.fill([(0, 0, *lattice.size)], "blank")
        yield lattice.dashes("blank_line")
        maps = self.maps
        for places, role, line in (
            (inputs - read, maps.unread, maps.unread_line),
            (inputs & read, maps.many, "line"),
        ):
            yield from _areas(lattice, [(0, place, 1, 1) for place in sorted(places)], role, line)

    def _outputs(self, windows: range, role: str) -> Items:
        return _areas(self.output, [self.place(window) for window in windows], role, "line")

    def chosen(self) -> Items:
        """The frame of the own row."""
        _, lattice = self.rows[self.sizes.index(self.own.input_size)]
        box = lattice.box
        left, top, right, bottom = box.left - FRAME, box.top - FRAME, box.right + FRAME, box.bottom + FRAME
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        return (Line((corners,), "sight", 2 * GRID_WIDTH),)

    def window(self, number: int) -> Items:
        """A window on every row, and what it leads to; the last one where there are no more."""
        number = min(number, self.own.output_size - 1)
        items: list[Item] = []
        for axis, lattice in self.rows:
            taps = axis.window(number)
            for role, read in (("shadow_on_canvas", False), (self.maps.taken, True)):
                places = [(0, tap.canvas, 1, 1) for tap in taps if (tap.input is not None) == read]
                items += _areas(lattice, places, role, "line")
        items += self._outputs(range(number, number + 1), self.maps.made)
        (_, last), (_, left, _, _), start = self.rows[-1], self.place(number), number * self.own.stride
        ends = ((start, left), (start + self.own.span, left + 1))
        items.append(
            Line(tuple((last.point(1, top), self.output.point(0, foot)) for top, foot in ends), "sight", SIGHT_WIDTH)
        )
        return tuple(items)


def _middle(lattice: Lattice) -> float:
    return (lattice.box.top + lattice.box.bottom) / 2


def _areas(lattice: Lattice, places: Sequence[Place], role: str, line: str) -> Items:
    return (*lattice.fill(places, role), *lattice.rules(places, line))


def draw(figure: Figure) -> Drawing:
    """The drawing of the sizes that collapse, a panel for each axis unless they are the same."""
    subject = Subject.of(figure)
    panels = _panels(figure, subject.source)
    above, below = panels[0].maps.names
    box = panels[0].box.holding(panel.box for panel in panels)
    names = name_texts(
        figure,
        Name(above, (panels[0].rows[0][1].box.right / 2, -NAME_DROP - FRAME)),
        Name.under(below, panels[-1].output.box),
    )
    written = [words for panel in panels for words in panel.words()]
    for words, (x, y) in written:
        wide, high = EM * formulas.width(words) / 2, EM * formulas.height(words) / 2
        box = box.holding([Box(x - wide, y - high, x + wide, y + high)])
    tracks = (
        *words_track(*names),
        Track.still("sizes", lambda: tuple(chain(*(formulas.items(words, at, EM) for words, at in written)))),
        Track.still("rows", lambda: tuple(chain(*(panel.ground() for panel in panels)))),
        Track.still("chosen", lambda: tuple(chain(*(panel.chosen() for panel in panels)))),
        Track("window", lambda frame: tuple(chain(*(panel.window(frame) for panel in panels)))),
    )
    note = ". ".join(
        f"Inputs of {listed([str(size) for size in panel.sizes])} lead to an output of {panel.own.output_size}"
        for panel in panels
    )
    frames = max(panel.own.output_size for panel in panels)
    act = Act(tracks, frames, caption=size_caption(subject), note=lambda frame: f"{note}.")
    return Drawing(box.holding(map(box_of, names)), (act,))


def _panels(figure: Figure, layer: Layer) -> list[Panel]:
    """The panels from top to bottom."""
    axes = [_convolution(layer, direction) for direction in range(layer.ndim)]
    differ = len({*axes}) > 1
    panels: list[Panel] = []
    maps = TRANSPOSED if isinstance(layer, ConvTranspose) else DIRECT
    for (own, extra), label in zip(axes, labels(layer.ndim), strict=True) if differ else ((axes[0], ""),):
        top = panels[-1].box.bottom + PANELS_APART if panels else 0.0
        panels.append(Panel(maps, own, extra, top, told(figure, label) if differ else ""))
    return panels


def _convolution(layer: Layer, direction: int) -> tuple[Axis, int | None]:
    """The convolution along an axis, and the output padding that leads back to its input, if any does.

    A layer with more output padding than the stride leaves is the transpose of none; it is one over its canvas.
    """
    if not isinstance(layer, ConvTranspose):
        return layer.axes[direction], None
    extra, axis = layer.output_padding[direction], layer.axes[direction]
    if extra < layer.stride[direction]:
        return layer.undone(direction), extra
    return Axis.direct(axis.canvas_size, axis.kernel_size, 1, 0, axis.dilation), None


VIEW: Final = View(
    "collapse",
    "the sizes that lead to one output, from which an output padding chooses",
    draw,
    layers=(Sliding, ConvTranspose),
    copies=False,
    seen_as="beside the other sizes that give the same",
)
