"""A convolution runs, and its output flies over to become the input of its transpose, which leads back to the size.

Both halves are seen from above, at one scale: the convolution leads down on the left, its transpose up on the right,
and the kernel that they share lies between them. So the original and the result end up side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil, hypot, prod
from typing import Final, NamedTuple, cast

from convgif.arithmetic.conv import Conv
from convgif.arithmetic.formula import Equation, Piece, Rounded, formula
from convgif.arithmetic.layer import Cell, Layer
from convgif.arithmetic.phases import Phase
from convgif.arithmetic.sentences import Sentence, Words, by
from convgif.drawing.lattice import FLAT, Lattice
from convgif.drawing.metrics import width_of
from convgif.drawing.parts.captions import (
    INPUT,
    KERNEL,
    NAME_DROP,
    NAME_EM,
    NOTE_DROP,
    OUTPUT,
    Name,
    box_of,
    layer_caption,
    layer_name,
    name_texts,
    phase_caption,
    told,
    words_track,
)
from convgif.drawing.parts.kernel import kernel_plane, turned_kernel
from convgif.drawing.parts.numerals import Lettering, Writing, plain
from convgif.drawing.parts.planes import Plane, Planes, ground_block, in_place, nothing
from convgif.drawing.parts.prologue import canvas_acts, element_places
from convgif.drawing.parts.subject import Subject, cells_of, size_of
from convgif.drawing.scene import Box, Items, Text, Track, placed
from convgif.drawing.timeline import TWEEN_FRAMES, TWEEN_SHARE, Act, CaptionLine, Drawing, Finding, eased
from convgif.drawing.view import View
from convgif.drawing.views.options import KERNEL_MAP, PROLOGUE, REVEAL, WORKED
from convgif.figure import Figure, Numbers

HEAD_EM: Final = 0.56
NOTE_EM: Final = 0.44
HEAD_ROOM: Final = 0.65
"""Cells from the middle of a head down to its half."""
HEADS_APART: Final = 0.5
"""Cells between the heads, at least."""
TURNING_OVER: Final = 0.5
"""Cells of the circle that a kernel turns in which may lie over the room of names."""
APART: Final = 0.66
"""Cells between a map and what is beside it."""
BELOW: Final = 0.43
"""Cells between a name and the map under it."""
NUMBER: Final = Writing(em=0.54, width=0.84)
"""An output is written as the input that it becomes."""
NUMBERS: Final = re.compile(r"(\d+)")
HELD: Final = 3.0
"""The finished picture stands so many usual frames, at the end; and in the beginning as long as one more step."""
MOST_TERMS: Final = 1_000_000
"""Where there is more to add up, no caption is worth working out whether the values come back."""
SHOWN: Final = (REVEAL, PROLOGUE, KERNEL_MAP)
"""What is always on here; these options may still be given."""


def draw(figure: Figure) -> Drawing:
    """The drawing of a convolution and then of its transpose."""
    subject = Subject.of(figure).wanting(*(shown.option.name for shown in SHOWN))
    story = _Story.of(subject, _transposed(subject))
    return Drawing(story.box, tuple(story.acts()))


def _transposed(subject: Subject) -> Subject:
    """The transpose, which is given what the convolution has put out."""
    layer = cast(Conv, subject.source).transpose()

    @cache
    def numbers() -> Numbers | None:
        before = subject.numbers
        if before is None:
            return None
        return Numbers(before.output, before.weight, layer.apply(before.output, before.weight))

    return Subject(subject.figure, layer, numbers, subject.options)


class _Places(NamedTuple):
    """Where the maps of both halves lie, the kernel, and the middles of the heads.

    The convolution leads down from the top left corner, its transpose up to the top right one, and the kernel lies
    between the lower two of the maps. So the result, which is as large as the original, is also beside it.
    """

    canvas: Lattice
    output: Lattice
    stretched: Lattice
    result: Lattice
    kernel: Lattice
    heads: tuple[float, float]
    box: Box

    @classmethod
    def of(cls, direct: Subject, back: Layer) -> _Places:
        """The places for a convolution and its transpose."""
        there, figure, labels = direct.layer, direct.figure, direct.figure.labels
        block = ground_block(back)
        sizes = (there.canvas_size, there.output_size, block[2:], back.output_size)
        (canvas, output, ground, result), weights = (size[1] for size in sizes), there.kernel_size
        left, right = max(canvas, output), max(ground, result)
        # The kernel, when it is turned, needs the room of a circle; what is said of it, that of a line between names.
        turning = hypot(*weights) if back.turned else 0.0
        said = _width(figure, back.turning) * NOTE_EM if back.turned else 0.0
        name = _width(figure, OUTPUT) * NAME_EM if labels else 0.0
        said += max(0.0, name - min(output, ground))
        room = max(weights[1] + 2 * APART, turning + APART / 2, said + APART)
        head, other = (_width(figure, layer_name(layer)) * HEAD_EM for layer in (there, back))
        title = max(left, head) / 2
        wide = max(
            output + room + (ground + right) / 2,
            (left + canvas) / 2 + APART + (result + right) / 2,
            title + head / 2 + HEADS_APART + other / 2 + max(right, other) / 2,
        )
        # Under the upper maps there is room for their names, and the middles of the lower ones are on one line.
        below = NAME_DROP + BELOW if labels else APART
        low = max(
            there.canvas_size[0] + below + max(there.output_size[0], weights[0], turning - TURNING_OVER) / 2,
            there.pads[0][0] + back.output_size[0] + below + block[2] / 2,
            # The canvases may be so wide that one reaches below the other.
            there.canvas_size[0] + APART / 2 + block[2] / 2 if (left + canvas + ground + right) / 2 > wide else 0.0,
        )

        def at(size: Cell, x: float, y: float) -> Lattice:
            """A map with its middle there."""
            return Lattice(size_of(size), FLAT, (x - size[1] / 2, y - size[0] / 2))

        first, last = left / 2, wide - right / 2
        read = at(there.canvas_size, first, there.canvas_size[0] / 2)
        made = at(back.output_size, last, there.pads[0][0] + back.output_size[0] / 2)
        given = at(there.output_size, min(first, last - ground / 2 - room - output / 2), low)
        under = at(block[2:], last, low)
        kernel = at(weights, (given.box.right + under.box.left) / 2, low)
        stretched = Lattice(size_of(back.canvas_size), FLAT).moved(block[:2], under.origin)
        boxes = (given.box, under.box, made.box, kernel.box)
        middle, radius = (kernel.box.left + kernel.box.right) / 2, turning / 2
        circle = Box(middle - radius, low - radius, middle + radius, low + radius)
        heads = title, min(last, wide - other / 2)
        return cls(read, given, stretched, made, kernel, heads, read.box.holding((*boxes, circle)))


def _width(figure: Figure, words: Words) -> float:
    """How wide words are at most in the figure's language, in em."""
    return width_of(plain(told(figure, words)), serif_too=True)


@dataclass(frozen=True)
class _Story:
    """Both halves, in their places, and the kernel between them."""

    first: Planes
    second: Planes
    kernel: Plane
    heads: tuple[Text, ...]
    box: Box

    @classmethod
    def of(cls, direct: Subject, transposed: Subject) -> _Story:
        """The halves of two subjects: original and output on the left, the output's canvas and the result right."""
        there, back = direct.layer, transposed.layer
        figure, places, names = direct.figure, _Places.of(direct, back), (layer_name(there), layer_name(back))
        lettering = Lettering(NUMBER, NUMBER, NUMBER, NUMBER)
        first = _without_weights(Planes.of(direct, places.canvas, places.output, lettering))
        second = _without_weights(Planes.of(transposed, places.stretched, places.result, lettering))
        heads = tuple(
            Text.of((x, -HEAD_ROOM), told(figure, name), HEAD_EM, _width(figure, name) * HEAD_EM, "words")
            for x, name in zip(places.heads, names, strict=True)
        )
        story = cls(first, second, kernel_plane(first, places.kernel), heads, places.box)
        return replace(
            story, box=places.box.holding(map(box_of, (*heads, *story.names(True), *story.kernel_name(True))))
        )

    def acts(self) -> Iterator[Act]:
        """The finished picture; then all of it from the beginning."""
        there, back = self.first.subject.source, self.second.subject.source
        direct = Track.still("convolution", lambda: _finished(self.first))
        whole = Track.still("transpose", lambda: _finished(self.second))
        turned = (Track.still("kernel", lambda: self._kernel(180.0)), *words_track(*self.kernel_name(True)))
        stored = (Track.still("kernel", lambda: self._kernel(0.0)), *words_track(*self.kernel_name(False)))
        pending = Track.still("pending", self.second.pending)
        unread = Track.still("pending", self.first.pending)
        names, all_names = (words_track(*self.heads, *self.names(both)) for both in (False, True))

        finished = (*all_names, *turned, direct, whole)
        yield Act(finished, 1, HELD / 2, (layer_caption(there), layer_caption(back)))
        yield from (act.beside(*names, *stored, unread, pending) for act in canvas_acts(self.first, _briefly))
        said, *_ = phase_caption(there.phases()[-1])
        yield self.run(self.first, (said, *_on_a_line(there.formula()))).beside(*names, *stored, pending)
        stage = (*names, *stored, pending, direct)
        yield Act(stage, 1, caption=(Sentence("The output: {size}", size=by(there.output_size)),))
        becoming = (Sentence("The output becomes the transpose's input"),)
        yield Act((*stage, Track("flying", self.flying)), TWEEN_FRAMES, TWEEN_SHARE, becoming)
        yield Act((*stage, Track("becoming", self.becoming)), TWEEN_FRAMES, TWEEN_SHARE, becoming)
        yield from (act.beside(*stage) for act in canvas_acts(self.second, _briefly))
        if self.second.layer.turned:
            stage = (*all_names, pending, direct, *self.second.grounds())
            turns = Track("kernel", lambda frame: self._kernel(180 * eased((frame + 1) / TWEEN_FRAMES)))
            turning = (Sentence("The kernel is {turning}", turning=back.turning),)
            yield Act((*stage, *stored), 1, caption=turning)
            yield Act((*stage, turns), TWEEN_FRAMES - 1, TWEEN_SHARE, turning)
            yield Act((*stage, *turned), 1, caption=turning)
        slides = Sentence("the kernel slides with stride {stride}", stride="1")
        if self.second.layer.turned:
            slides = Sentence("the turned kernel slides with stride {stride}", stride="1")
        yield self.run(self.second, (slides.capitalized(), *_on_a_line(back.formula()))).beside(
            *all_names, *turned, direct
        )
        yield Act(finished, 1, HELD, (self._moral(),))

    @staticmethod
    def run(planes: Planes, caption: tuple[CaptionLine, ...]) -> Act:
        """The kernel slides over one half."""
        tracks = (*planes.grounds(), *planes.outputs(), *planes.window(), planes.moving("highlight", planes.highlight))
        return planes.run(tracks, caption)

    def flying(self, frame: int) -> Items:
        """The output on its way to where the transpose reads it."""
        share = eased((frame + 1) / TWEEN_FRAMES)
        (x, y), start = self._landing.origin, self.first.output.lattice.origin
        return placed(self.first.computed(), 1, ((x - start[0]) * share, (y - start[1]) * share))

    def becoming(self, frame: int) -> Items:
        """The output where it has landed; it turns into an input, diagonal by diagonal."""
        rows, cols = size = self.first.layer.output_size
        reached = ceil((rows + cols - 1) * (frame + 1) / TWEEN_FRAMES)
        cells = in_place(cell for cell in cells_of(size) if sum(cell) >= reached)
        places = element_places(self.second, 0.0)
        read = {place: cell for place, cell in places.items() if sum(cell) < reached}
        output = replace(self.first.output, lattice=self._landing)
        return (*output.cells(cells), *self.second.input.cells(read)) if cells else self.second.input.cells(read)

    @property
    def _landing(self) -> Lattice:
        """Where the output lies before zeros come between its elements."""
        corner = min(element_places(self.second, 0.0))
        return self.first.output.lattice.moved((0, 0), self.second.canvas.lattice.point(*corner))

    def _kernel(self, degrees: float) -> Items:
        return turned_kernel(self.kernel, degrees if self.second.layer.turned else None)

    def names(self, both: bool) -> tuple[Text, ...]:
        """The names of the maps, of one half or of both."""
        named = [(INPUT, self.first.canvas), (OUTPUT, self.first.output)]
        if both:
            named += [(INPUT, self.second.canvas), (OUTPUT, self.second.output)]
        ground = self.second.canvas.lattice.part(ground_block(self.second.layer)).box
        boxes = [plane.lattice.box if plane is not self.second.canvas else ground for _, plane in named]
        figure = self.first.subject.figure
        return name_texts(figure, *(Name.under(name, box) for (name, _), box in zip(named, boxes, strict=True)))

    def kernel_name(self, turned: bool) -> tuple[Text, ...]:
        """The name of the kernel; and below it, with names or without, what has become of it."""
        figure, back = self.first.subject.figure, self.second.subject.source
        name = Name.under(KERNEL, self.kernel.lattice.box)
        if not turned or not back.turned:
            return name_texts(figure, name)
        (x, y), wide = name.at, _width(figure, back.turning) * NOTE_EM
        note = Text.of((x, y + NOTE_DROP * figure.labels), told(figure, back.turning), NOTE_EM, wide, "words")
        return (*name_texts(figure, name), note)

    def _moral(self) -> CaptionLine:
        """What the last frame says of the result; whether its values are those of the original, the numbers tell."""
        size = by(self.first.layer.input_size)
        again = Sentence("The size of the input again: {size}", size=size)
        there, back = self.first.layer, self.second.layer
        terms = prod(there.kernel_size) * (there.step_count + back.step_count)
        if not self.first.subject.numbered or terms > MOST_TERMS:
            return again
        return Finding((again, Sentence("Same size, {size}, not the same values", size=size)), self._differs)

    def _differs(self) -> bool:
        """Whether the result has other values than the original."""
        before, after = self.first.subject.numbers, self.second.subject.numbers
        return before is not None and after is not None and bool((before.input != after.output).any())


def _briefly(phase: Phase, number: int) -> tuple[CaptionLine, ...]:
    """What is said of a phase on two lines; there are two halves, so a number would mislead."""
    return phase_caption(phase)[:2]


def _on_a_line(equations: Sequence[Equation]) -> tuple[Equation, ...]:
    """Equations as one: fractions written on the line, and a pair of numbers where axes differ.

    >>> from convgif.arithmetic.formula import Floor, formula
    >>> rows, columns = (Equation(formula("o = ", Floor(f"{i} - 3", "2"), " + 1 = 2"), "rows") for i in (5, 6))
    >>> [equation.text for equation in _on_a_line([rows, columns])]
    ['o = ⌊((5, 6) - 3)/2⌋ + 1 = 2']
    """
    lines = ["".join(map(_piece_on_a_line, equation.formula)) for equation in equations]
    parts = [NUMBERS.split(line) for line in lines]
    if len({tuple(part[::2]) for part in parts}) > 1:
        return tuple(Equation(formula(line), equation.label) for line, equation in zip(lines, equations, strict=True))
    merged = (dict.fromkeys(same) for same in zip(*parts, strict=True))
    return (Equation(formula(*(next(iter(same)) if len(same) == 1 else f"({', '.join(same)})" for same in merged))),)


def _piece_on_a_line(piece: Piece) -> str:
    return f"⌊({piece.numerator})/{piece.denominator}⌋" if isinstance(piece, Rounded) else piece


def _without_weights(planes: Planes) -> Planes:
    """The planes without small weights beside the numbers: the kernel lies beside them."""
    return replace(planes, weights=nothing)


def _finished(planes: Planes) -> Items:
    """A half with nothing of the kernel on it."""
    cut = planes.cut() if planes.layer.crops else ()
    return (*cut, *planes.blanks(), *planes.inputs(), *planes.computed())


VIEW: Final = View(
    "story",
    "a convolution, and then its transpose built beside it",
    draw,
    layers=(Conv,),
    dimensions=(2,),
    copies=False,
    options=(*SHOWN, WORKED),
    seen_as="drawn together with its transpose",
)
