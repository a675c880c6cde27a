"""Two layers with the same input in lockstep, each seen from above: what one does otherwise than the other is marked.

Both compute the same output element at the same time. A corner marks the output elements that differ, and the input
elements that only one of the two windows reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import isclose
from typing import Final

from convgif.arithmetic.comparison import Pair, as_code, begins, original, plain, reach, resizing, shifted, unlike
from convgif.arithmetic.layer import Cell, Layer, Step
from convgif.arithmetic.sentences import Sentence, Words, at, by
from convgif.drawing.lattice import FLAT, Lattice, Projection
from convgif.drawing.metrics import width_of
from convgif.drawing.parts import numerals
from convgif.drawing.parts.captions import (
    INPUT,
    NAME_DROP,
    NOTE_DROP,
    OUTPUT,
    Name,
    beside,
    both,
    box_of,
    layer_name,
    name_texts,
    name_width,
    sizes_note,
    told,
    words_track,
)
from convgif.drawing.parts.numerals import Runs, Writing
from convgif.drawing.parts.planes import Inscription, Planes, ground_block, input_block
from convgif.drawing.parts.subject import Subject, cells_of, size_of
from convgif.drawing.scene import Box, Items, Link, Point, Polygon, Run, Text, Track
from convgif.drawing.timeline import Act, CaptionLine, Drawing
from convgif.drawing.view import View, ViewOption
from convgif.drawing.views import flat
from convgif.drawing.views.options import REVEAL, SIZES
from convgif.figure import Figure
from convgif.options import Flag, Option

REACH: Final = ViewOption(
    Option("reach", Flag(), "write into the output how many input elements each is made of", False, "View"),
)
LETTERING: Final = flat.LETTERING._replace(output=Writing(em=0.46, width=0.84))
HEAD_EM: Final = 0.56
CODE_EM: Final = 0.44
STATUS_EM: Final = 0.44
KEY_EM: Final = 0.44
LINE: Final = 0.75
"""Cells that a line of words above or below a half takes."""
APART: Final = 2.4
"""Cells between the halves."""
WIDEST: Final = 27.0
"""Cells of the halves side by side; wider ones lie one below the other."""
MARK: Final = 0.34
"""Cells along each side of the corner that marks a difference."""
KEY: Final = 0.7
"""Cells along each side of the cell that shows in the key what the mark is like."""
KEY_GAP: Final = 0.3

Head = tuple[tuple[Runs, float], ...]
"""Lines of words, each with its em."""

DIFFERS: Final = Sentence("differs from the other")
LACKING: Final = Sentence("no such output")
READ: Final = Sentence("elements read")


def draw(figure: Figure) -> Drawing:
    """The drawing of a figure's layer and the one beside it."""
    other = plain(figure.layer) if figure.beside is None else figure.beside
    first, second = Subject.of(figure), Subject(figure, other, cache(lambda: figure.numbers_of(other)))
    comparison = _Comparison.of(first, second)
    return Drawing(comparison.box, (comparison.act(),))


@dataclass(frozen=True)
class _Half:
    """One of the two layers in its place.

    `steps` gives its step for an output element, `reads` the input elements that it reads for one, and `times` how
    often its input repeats each of these.
    """

    planes: Planes
    steps: Callable[[Cell], Step | None]
    reads: Callable[[Cell], frozenset[Cell]]
    times: Cell

    @classmethod
    def of(
        cls,
        subject: Subject,
        steps: Callable[[Cell], Step | None],
        reads: Callable[[Cell], frozenset[Cell]],
        times: Cell,
    ) -> _Half:
        """A half whose first input element lies at the origin, so that those of two halves are on one height."""
        figure, layer = subject.figure, subject.layer
        row, col, _, _ = input_block(layer)
        canvas = Lattice(size_of(layer.canvas_size), FLAT, (-col, -row))
        ground = canvas.part(ground_block(layer)).box
        wide = [name_width(figure, name, _noted(subject, name)) for name in (INPUT, OUTPUT)]
        rows, cols = layer.output_size
        left = beside(ground, 1, wide[0], wide[1], cols)
        top = ground.top + (ground.bottom - ground.top - rows + 1) // 2
        planes = Planes.of(subject, canvas, Lattice((rows, cols), FLAT, (left, top)), LETTERING)
        if subject.wants(REACH.option.name):
            planes = replace(planes, output=replace(planes.output, inscribe=lambda: _reached(layer)))
        return cls(planes, steps, reads, times)

    def moved(self, right: float, down: float) -> _Half:
        """The same half in another place."""

        def lattice(old: Lattice) -> Lattice:
            return replace(old, origin=(old.origin[0] + right, old.origin[1] + down))

        canvas, output = (lattice(plane.lattice) for plane in (self.planes.canvas, self.planes.output))
        planes = replace(
            self.planes,
            canvas=replace(self.planes.canvas, lattice=canvas),
            input=replace(self.planes.input, lattice=canvas),
            output=replace(self.planes.output, lattice=output),
        )
        return replace(self, planes=planes)

    @property
    def subject(self) -> Subject:
        """Its layer, as it is drawn."""
        return self.planes.subject

    @property
    def maps(self) -> Box:
        """Where its maps are."""
        ground = self.planes.canvas.lattice.part(ground_block(self.subject.layer)).box
        return ground.holding([self.planes.output.lattice.box])

    @property
    def middle(self) -> float:
        """Halfway between the left and the right end of its maps."""
        return (self.maps.left + self.maps.right) / 2

    def extent(self, heads: Head) -> Box:
        """Where its maps and its words are at most."""
        figure, maps = self.subject.figure, self.maps
        said = (_text((self.middle, maps.bottom), told(figure, words), STATUS_EM) for words in (LACKING, self.finished))
        return maps.holding(map(box_of, (*self.words(heads, maps.top, maps.bottom), *said)))

    @property
    def finished(self) -> Sentence:
        """What is said once it has no more outputs."""
        return Sentence("finished: {size}", size=by(self.subject.source.output_size))

    def words(self, heads: Head, top: float, bottom: float) -> tuple[Text, ...]:
        """Its heads, which end at `top`, and the names of its maps below `bottom`."""
        lines = reversed([*enumerate(reversed(heads))])
        above = (
            Text((self.middle, top - LINE * (number + 0.7)), runs, em, _width(runs) * em, "words")
            for number, (runs, em) in lines
        )
        ground = self.planes.canvas.lattice.part(ground_block(self.subject.layer)).box
        named = ((INPUT, ground), (OUTPUT, self.planes.output.lattice.box))
        names = (Name.under(name, box._replace(bottom=bottom), _noted(self.subject, name)) for name, box in named)
        return (*above, *name_texts(self.subject.figure, *names))

    def done(self, cell: Cell) -> int:
        """How many of its outputs are computed once that element has been."""
        rows, cols = self.subject.layer.output_size
        row, col = cell
        return rows * cols if row >= rows else row * cols + min(col + 1, cols)

    def status(self, cell: Cell) -> Sentence | None:
        """What is said while it has no such output element."""
        if self.steps(cell) is not None:
            return None
        return LACKING if self.done(cell) < self.subject.steps else self.finished

    def note(self, cell: Cell) -> str:
        """What it does for an output element, in a sentence."""
        subject = self.subject
        if self.steps(cell) is None:
            return f"Output {at(cell[-subject.source.ndim :])}: none."
        return subject.source.sentence(subject.source.step(cell[-subject.source.ndim :]), subject.compute())

    def only(self, cell: Cell, other: frozenset[Cell]) -> list[Cell]:
        """Where the window reads input elements that are not among the others."""
        step = self.steps(cell)
        taps = () if step is None else step.taps
        read = ((tap.canvas, tap.input) for tap in taps if tap.input is not None)
        return [canvas for canvas, element in read if original(element, self.times) not in other]


@dataclass(frozen=True)
class _Comparison:
    """Both halves in their places, what is said of them, and where they differ.

    `said_at` is where each says that it has no such output, and `key` the middle of the line that explains the mark.
    """

    pair: Pair
    halves: tuple[_Half, _Half]
    texts: tuple[Text, ...]
    said_at: tuple[Point, Point]
    key: Point
    box: Box

    @classmethod
    def of(cls, first: Subject, second: Subject) -> _Comparison:
        """Side by side where there is room, and one below the other where there is not."""
        figure, pair = first.figure, Pair(first.layer, second.layer)
        times = resizing(pair.one, pair.other) or (1, 1)
        one = _Half.of(first, pair.one_step, pair.one_reads, (1, 1))
        other = _Half.of(second, pair.other_step, pair.other_reads, times)
        heads = _heads(first, second, resized={*times} != {1})
        noted = any(_noted(first, name) for name in (INPUT, OUTPUT))
        below = NAME_DROP * (figure.labels or noted) + NOTE_DROP * (figure.labels and noted)
        left, right = (half.extent(lines) for half, lines in zip((one, other), heads, strict=True))
        aside = left.right + APART - right.left
        if right.right + aside - left.left <= WIDEST:
            other = other.moved(aside, 0.0)
            maps = one.maps.holding([other.maps])
            ends = [(maps.top, maps.bottom)] * 2
        else:
            room = below + LINE * (max(map(len, heads)) + pair.uneven + 1)
            other = other.moved(0.0, one.maps.bottom + room - other.maps.top)
            ends = [(half.maps.top, half.maps.bottom) for half in (one, other)]
        texts = tuple(
            text
            for half, lines, (top, bottom) in zip((one, other), heads, ends, strict=True)
            for text in half.words(lines, top, bottom)
        )
        box = one.maps.holding((other.maps, *map(box_of, texts)))
        places = [(half.middle, bottom + below + LINE) for half, (_, bottom) in zip((one, other), ends, strict=True)]
        if pair.uneven:
            said = [
                box_of(_text(place, told(figure, words), STATUS_EM))
                for half, place in zip((one, other), places, strict=True)
                for words in (LACKING, half.finished)
            ]
            box = box.holding(said)
        key = ((box.left + box.right) / 2, box.bottom + LINE)
        if pair.one != pair.other:
            side = (KEY + KEY_GAP + _width(numerals.plain(told(figure, DIFFERS))) * KEY_EM) / 2
            box = box.holding([Box(key[0] - side, box.bottom, key[0] + side, key[1] + KEY / 2)])
        return cls(pair, (one, other), texts, (places[0], places[1]), key, box)

    def act(self) -> Act:
        """All output elements, one after the other."""
        one, other = self.halves
        known = (Track.still("key", self.explained),) if self.pair.one != self.pair.other else ()
        further = (replace(track, name=f"{track.name} beside") for track in self.tracks(other, one))
        said = (Track("status", self.statuses),) if self.pair.uneven else ()
        tracks = (*words_track(*self.texts), *known, *self.tracks(one, other), *further, *said)
        return Act(tracks, self.pair.count, caption=self.caption(), link=self.link, note=self.note)

    def tracks(self, half: _Half, other: _Half) -> Iterator[Track]:
        """What is seen of one half."""
        planes, cell = half.planes, self.pair.cell

        def moving(draw: Callable[[Step, Cell], Items]) -> Callable[[int], Items]:
            def drawn(frame: int) -> Items:
                step = half.steps(cell(frame))
                return () if step is None else draw(step, cell(frame))

            return drawn

        def window(step: Step, at: Cell) -> Items:
            return (*planes.frame(step), *_marks(planes.canvas.lattice, half.only(at, other.reads(at))))

        def highlight(step: Step, at: Cell) -> Items:
            return (*planes.highlight(step), *_marks(planes.output.lattice, {at} & self.differing))

        yield from planes.grounds()
        if half.subject.wants(REVEAL.option.name):
            yield Track.still("pending", planes.pending)
            yield Track("output", lambda frame: self.computed(half, half.done(cell(frame))))
        else:
            yield Track.still("output", lambda: self.computed(half, half.subject.steps))
        yield Track("shadow", moving(lambda step, at: planes.shadow(step)))
        yield Track("kernel", moving(window))
        if planes.subject.numbered:
            yield Track("taps", moving(lambda step, at: planes.readings(step)))
        yield Track("highlight", moving(highlight))

    def computed(self, half: _Half, count: int) -> Items:
        """The first outputs of a half, those marked that differ."""
        columns = half.subject.layer.output_size[1]
        cells = [divmod(number, columns) for number in range(count)]
        return (
            *half.planes.computed(count),
            *_marks(half.planes.output.lattice, [cell for cell in cells if cell in self.differing]),
        )

    @cached_property
    def differing(self) -> frozenset[Cell]:
        """The output elements that are not the same in both: what is written into them, or else what they read."""
        return frozenset(cell for number in range(self.pair.count) if self.differs(cell := self.pair.cell(number)))

    def differs(self, cell: Cell) -> bool:
        """Whether an output element is not the same in both."""
        one, other = self.halves
        first, second = one.steps(cell), other.steps(cell)
        if first is None or second is None:
            return True
        if one.subject.wants(REACH.option.name):
            return reach(first) != reach(second)
        here, there = one.subject.numbers, other.subject.numbers
        if here is None or there is None:
            return one.reads(cell) != other.reads(cell)
        return not isclose(here.output[cell], there.output[cell], rel_tol=1e-9, abs_tol=1e-9)

    def statuses(self, frame: int) -> Items:
        """What the halves say that have no such output."""
        cell, figure = self.pair.cell(frame), self.halves[0].subject.figure
        return tuple(
            _text(place, told(figure, words), STATUS_EM)
            for half, place in zip(self.halves, self.said_at, strict=True)
            if (words := half.status(cell)) is not None
        )

    def explained(self) -> Items:
        """What the mark means."""
        (x, y), words = self.key, told(self.halves[0].subject.figure, DIFFERS)
        left = x - (KEY + KEY_GAP + _width(numerals.plain(words)) * KEY_EM) / 2
        shown = Lattice((1, 1), Projection((KEY, 0.0), (0.0, KEY)), (left, y - KEY / 2))
        text = replace(_text((left + KEY + KEY_GAP, y), words, KEY_EM), anchor="start")
        everything = [(0, 0, 1, 1)]
        return (*shown.fill(everything, "output"), *shown.rules(everything), *_marks(shown, [(0, 0)]), text)

    def caption(self) -> tuple[CaptionLine, ...]:
        """What is unlike, in sentences, if the figure has captions."""
        one, other = (half.subject.source for half in self.halves)
        return tuple(_unlikeness(one, other)) if self.halves[0].subject.figure.caption else ()

    def link(self, frame: int) -> Link:
        """The output cell of a frame, of the first half if that has it."""
        cell = self.pair.cell(frame)
        half = next(half for half in self.halves if half.steps(cell) is not None)
        return Link(half.planes.output.lattice.cell(cell), frame, f"output {half.subject.name(cell)}")

    def note(self, frame: int) -> str:
        """What both halves do, in sentences."""
        cell = self.pair.cell(frame)
        first, second = (half.note(cell).removesuffix(".") for half in self.halves)
        return f"{first}; beside it: {second[0].lower()}{second[1:]}."


def _heads(first: Subject, second: Subject, *, resized: bool) -> tuple[Head, Head]:
    """What stands above each half: its kind, and below it the arguments in which it differs."""
    figure, different = first.figure, unlike(first.source, second.source)
    names = [layer_name(first.source), layer_name(second.source)]
    if resized:
        names[1] = Sentence("{layer} of the resized input", layer=names[1])
    codes = (
        ", ".join(as_code(each.name, each.one) for each in different if each.one is not None),
        ", ".join(as_code(each.name, each.other) for each in different if each.other is not None),
    )
    one, other = (
        (
            (numerals.plain(told(figure, name)), HEAD_EM),
            *(([((Run(code, slanted=True),), CODE_EM)]) if any(codes) else ()),
        )
        for name, code in zip(names, codes, strict=True)
    )
    return one, other


def _unlikeness(one: Layer, other: Layer) -> Iterator[Sentence]:
    """What two layers do differently, in sentences."""
    if one.input_size != other.input_size:
        yield Sentence("Beside it, the input is resized to {size}", size=by(other.input_size))
    if one.output_size == other.output_size:
        yield Sentence("The output is {size} in both", size=by(one.output_size))
    else:
        yield Sentence("Output {one} beside {other}", one=by(one.output_size), other=by(other.output_size))
    if shifted(one, other):
        first, second = at(begins(one)), at(begins(other))
        yield Sentence("The first window starts at {one}, and at {other} beside it", one=first, other=second)


def _noted(subject: Subject, name: Sentence) -> Words:
    """What is written under the name of a map: its size where sizes are wanted, and what its numbers are."""
    size = sizes_note(subject, name)
    return both(size, READ) if name == OUTPUT and subject.wants(REACH.option.name) else size


def _reached(layer: Layer) -> Inscription:
    """How many input elements each output is made of."""
    texts: dict[Cell, Runs] = {
        cell: numerals.plain(str(reach(layer.step(cell)))) for cell in cells_of(layer.output_size)
    }
    return Inscription.of(texts, LETTERING.output.fitted(texts.values()))


def _marks(lattice: Lattice, cells: Iterable[Cell]) -> Items:
    """The corners of some cells; nothing where there are none."""
    corners = tuple(
        (lattice.point(row, col), lattice.point(row, col + MARK), lattice.point(row + MARK, col))
        for row, col in sorted(cells)
    )
    return (Polygon(corners, "mark"),) if corners else ()


def _text(middle: Point, words: str, em: float) -> Text:
    runs = numerals.plain(words)
    return Text(middle, runs, em, _width(runs) * em, "words")


def _width(runs: Runs) -> float:
    """How wide characters are in any theme, in em."""
    return width_of(runs, serif_too=True)


VIEW: Final = View(
    "compare",
    "two layers with the same input in lockstep; what differs is marked",
    draw,
    options=(REVEAL, SIZES, REACH),
    seen_as="beside the same with usual arguments",
    pair=True,
)
