"""The view of layers with several channels: the kernel as a block that reads a column through the input's stack.

On the left are the input's channels, one sheet above the other; beside each lie the weights that read it, one map for
each output channel of its group; on the right are the output's channels, in the colours of their kernels. One output
channel is computed after the other. Groups lie apart, in brackets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain, pairwise
from math import prod
from typing import Final, NamedTuple

from convgif.arithmetic.channels import Channels, shares
from convgif.arithmetic.conv import Conv
from convgif.arithmetic.layer import Cell, Step
from convgif.arithmetic.sentences import Sentence, Words, at, counted
from convgif.drawing.lattice import GRID_WIDTH, ISOMETRIC, SIGHT_WIDTH, Lattice, Pair
from convgif.drawing.metrics import width_of
from convgif.drawing.parts import sums
from convgif.drawing.parts.captions import (
    INPUT,
    KERNEL,
    NAMES_APART,
    NOTE_EM,
    OUTPUT,
    Name,
    box_of,
    name_texts,
    name_width,
    size_caption,
    sizes_note,
    told,
    words_track,
)
from convgif.drawing.parts.crossings import crossed
from convgif.drawing.parts.kernel import WEIGHT
from convgif.drawing.parts.numerals import Runs, Writing, plain, written
from convgif.drawing.parts.planes import Inscription, Plane, Planes, in_place, nothing
from convgif.drawing.parts.stacks import Stack, clearance, column
from convgif.drawing.parts.subject import Subject, cells_of, size_of
from convgif.drawing.parts.sums import RING_WIDTH, TIMES
from convgif.drawing.roles import channel_role
from convgif.drawing.scene import Box, Items, Line, Link, Path, Point, Text, Track
from convgif.drawing.timeline import Act, CaptionLine, Drawing, Footing
from convgif.drawing.view import View
from convgif.drawing.views.options import REVEAL, SIZES, WORKED
from convgif.figure import Figure

INPUTS: Final = Writing(em=0.5, width=0.95)
OUTPUTS: Final = Writing(em=0.42, width=0.95)
SHARE: Final = Writing(em=0.46, width=1.1)
"""What an input channel adds to a sum, beside its weights."""
AIR: Final = 0.7
"""Cells between the sheets of a stack."""
GROUP_AIR: Final = 1.3
"""More cells between those of two groups."""
GAP: Final = 1.2
"""Cells between stacks."""
KERNEL_GAP: Final = 0.5
"""Cells between the kernels of a group."""
SHARE_ROOM: Final = 1.1
"""Cells beside a kernel for what its maps add to a sum."""
BRACKET_GAP: Final = 0.45
"""Cells from a stack to the bracket of a group."""
BRACKET_END: Final = 0.25
"""Cells that the ends of a bracket take."""
KERNELS: Final = Sentence("Kernels")


def draw(figure: Figure) -> Drawing:
    """The drawing of a figure, channel by channel."""
    subject = Subject.of(figure)
    maps = Maps.of(subject)
    channels = maps.channels
    names, groups = maps.names(), maps.bracketed()
    # The name of the last group is the widest.
    around = [*map(box_of, names), *(box_of(maps.group_name(group)) for group in groups[-1:])]
    around.extend(Box.around(maps.bracket(group)) for group in {*groups[:1], *groups[-1:]})
    box = maps.inputs.box().holding([maps.kernel_box, maps.outputs.box(), *around])
    tracks = (
        *words_track(*names),
        *((Track.still("groups", maps.brackets),) if groups else ()),
        *maps.grounds(),
        maps.moving("shadow", maps.shadow),
        *((maps.moving("column", maps.column),) if channels.depth > 1 else ()),
        maps.moving("kernel", maps.window),
        *maps.writings(),
        maps.moving("sight", maps.sight),
        Track.still("kernels", maps.kernels),
        *((maps.moving("block", maps.block),) if channels.outputs > 1 else ()),
        *((maps.moving("shares", maps.share_texts),) if subject.wants("worked") else ()),
        *maps.computed(),
        maps.moving("highlight", maps.highlight),
    )
    footing = Footing(maps.worked, sums.least_width(subject)) if subject.wants("worked") else None
    act = Act(tracks, maps.frames, caption=maps.caption(), link=maps.link, note=maps.note, footing=footing)
    return Drawing(box, (act,))


class Written(NamedTuple):
    """What is written into the maps: by channel; weights and shares by output channel and by input channel of it."""

    inputs: Sequence[Mapping[Cell, Runs]]
    weights: Sequence[Mapping[Cell, Runs]]
    outputs: Sequence[Mapping[Cell, Runs]]
    shares: Sequence[Mapping[Cell, Runs]]


@dataclass(frozen=True)
class Maps:
    """The maps of a layer with channels: where they lie, and what is written into them; none is made unasked.

    `first_kernel` is the stack of the kernels of the first output channel of each group, and those of the next one lie
    `kernel_pitch` cells to the right.
    """

    subject: Subject
    inputs: Stack
    first_kernel: Stack
    kernel_pitch: float
    outputs: Stack

    @classmethod
    def of(cls, subject: Subject) -> Maps:
        """The maps of a figure, from left to right."""
        figure, layer, channels = subject.figure, subject.layer, subject.layer.channels
        sizes = [size_of(size) for size in (layer.canvas_size, layer.kernel_size, layer.output_size)]
        pitch, _, output_pitch = (clearance(size, ISOMETRIC) + AIR for size in sizes)
        group_pitch = max(channels.depth * pitch, channels.breadth * output_pitch) + GROUP_AIR
        wide = [Lattice(size, ISOMETRIC).box.extent[0] for size in sizes]
        room = _share_room(subject)
        kernel_pitch = wide[1] + room + KERNEL_GAP
        wide[1] = channels.breadth * kernel_pitch - KERNEL_GAP
        names = [name_width(figure, *name) for name in _named(subject)]
        middles = [0.0]
        for before, after in pairwise(zip(wide, names, strict=True)):
            apart = max((before[0] + after[0]) / 2 + GAP, (before[1] + after[1]) / 2 + NAMES_APART)
            middles.append(middles[-1] + apart)
        kernel_middle = middles[1] - (wide[1] - kernel_pitch + KERNEL_GAP + room) / 2

        def stack(size: Pair, middle: float, depth: int, pitch: float) -> Stack:
            first = Lattice(size, ISOMETRIC).moved((size[0] / 2, size[1] / 2), (middle, 0))
            return Stack(first, channels.groups, depth, pitch, group_pitch)

        return cls(
            subject,
            stack(sizes[0], middles[0], channels.depth, pitch),
            stack(sizes[1], kernel_middle, channels.depth, pitch),
            kernel_pitch,
            stack(sizes[2], middles[2], channels.breadth, output_pitch),
        )

    @property
    def channels(self) -> Channels:
        """How many there are."""
        return self.subject.layer.channels

    @property
    def frames(self) -> int:
        """One for each output element."""
        return self.channels.outputs * self.subject.steps

    def shown(self, frame: int) -> tuple[int, Step]:
        """The output channel and the step that a frame shows."""
        output, place = divmod(frame, self.subject.steps)
        return output, self.subject.step(place)

    def moving(self, name: str, draw: Callable[[int, Step], Items]) -> Track:
        """A track that shows each step of each output channel in its frame."""
        return Track(name, lambda frame: draw(*self.shown(frame)))

    # Where they lie

    def kernel(self, output: int) -> list[Lattice]:
        """The maps of weights of an output channel, from the top."""
        right = output % self.channels.breadth * self.kernel_pitch
        sheets = (self.first_kernel.sheet(number) for number in self.channels.read(output))
        return [replace(sheet, origin=(sheet.origin[0] + right, sheet.origin[1])) for sheet in sheets]

    @property
    def kernel_box(self) -> Box:
        """What all kernels lie in, with what is written beside them."""
        box = self.first_kernel.box()
        right = box.right + (self.channels.breadth - 1) * self.kernel_pitch + _share_room(self.subject)
        return box._replace(right=right)

    # What is written

    @cached_property
    def written(self) -> Written | None:
        """The numbers in all maps; None for a figure without numbers."""
        numbers = self.subject.figure.numbers
        if numbers is None:
            return None
        layer, channels = self.subject.layer, self.channels
        assert numbers.weight is not None  # a convolution has some
        x = numbers.input.reshape(channels.inputs, *layer.input_size)
        w = numbers.weight.reshape(channels.outputs, channels.depth, *layer.kernel_size)
        added = shares(layer.axes, channels, x, w).reshape(-1, *layer.output_size)
        results = numbers.output.reshape(channels.outputs, *layer.output_size)
        decimals = self.subject.figure.decimals
        return Written(
            written(x.tolist()),
            written(w.reshape(-1, *layer.kernel_size).tolist()),
            written(results.tolist(), decimals),
            written(added.tolist(), decimals),
        )

    def _inscription(self, kind: str, number: int, writing: Writing) -> Inscription | None:
        """What is written into a map, in the size that fits all maps of its kind."""
        if self.written is None:
            return None
        texts = getattr(self.written, kind)
        blank = [plain(self.subject.layer.blank)] if kind == "inputs" else []
        fitted = writing.fitted([*blank, *(runs for own in texts for runs in own.values())])
        return Inscription.of(texts[number], fitted)

    def planes(self, number: int, output: int = 0) -> Planes:
        """An input channel and an output channel."""
        sheet = self.inputs.sheet(number)

        def blanks() -> Inscription | None:
            found, cells = self._inscription("inputs", number, INPUTS), self.subject.layer.canvas
            if found is None:
                return None

            def text(cell: Cell) -> Runs:
                source = cells[cell].input
                return plain(self.subject.layer.blank) if source is None else found.text(source)

            return replace(found, text=text)

        return Planes(
            self.subject,
            Plane("canvas", sheet, "blank", blanks),
            Plane("input", sheet, "input", lambda: self._inscription("inputs", number, INPUTS)),
            Plane(
                "output",
                self.outputs.sheet(output),
                channel_role(output),
                lambda: self._inscription("outputs", output, OUTPUTS),
            ),
            nothing,
            nothing,
            self.subject.numbered,
        )

    # What is drawn

    def grounds(self) -> tuple[Track, ...]:
        """The input's channels, with padding around them."""
        every = range(self.channels.inputs)
        return (
            Track.still("canvas", lambda: _all(self.planes(number).blanks() for number in every)),
            Track.still("input", lambda: _all(self.planes(number).inputs() for number in every)),
        )

    def shadow(self, output: int, step: Step) -> Items:
        """The kernel's shadow on each input channel that it reads."""
        return _all(self.planes(number).shadow(step) for number in self.channels.read(output))

    def window(self, output: int, step: Step) -> Items:
        """The lines of the window on each of them."""
        return _all(self.planes(number).frame(step) for number in self.channels.read(output))

    def column(self, output: int, step: Step) -> Items:
        """The edges of the block that the kernel reads, between the sheets."""
        return (Line(self.edges(output, step), "sight", SIGHT_WIDTH),)

    def edges(self, output: int, step: Step) -> tuple[Path, ...]:
        """The same as lines."""
        sheets = [self.inputs.sheet(number) for number in self.channels.read(output)]
        return column(sheets, self.planes(0).extent(step))

    def writings(self) -> tuple[Track, ...]:
        """The numbers in the window, and those beside it that lie in the way of an edge; above these."""
        if not self.subject.numbered:
            return ()

        def readings(output: int, step: Step) -> Items:
            edges = self.edges(output, step)
            return _all(crossed(self.planes(number).readings(step), edges) for number in self.channels.read(output))

        def beside(output: int, step: Step) -> Items:
            edges = self.edges(output, step)
            return _all(self.planes(number).in_the_way(step, edges) for number in self.channels.read(output))

        in_the_way = (self.moving("crossed", beside),) if self.channels.depth > 1 else ()
        return (*in_the_way, self.moving("taps", readings))

    def sight(self, output: int, step: Step) -> Items:
        """The lines along which what each map of weights makes comes together in the output element."""
        room = _share_room(self.subject)
        end = self.outputs.sheet(output).point(*step.output)
        lines = []
        for sheet in self.kernel(output):
            x, y = sheet.point(*sheet.size)
            lines.append(((x + room, y), end))
        return (Line(tuple(lines), "sight", SIGHT_WIDTH),)

    def kernels(self) -> Items:
        """The maps of weights of all output channels, joined to blocks."""
        return _all(chain.from_iterable(self._kernel(output) for output in range(self.channels.outputs)))

    def _kernel(self, output: int) -> Iterator[Items]:
        """The map of weights."""
        sheets = self.kernel(output)
        for place, sheet in enumerate(sheets):
            number = output * self.channels.depth + place
            plane = Plane("kernel", sheet, channel_role(output), partial(self._inscription, "weights", number, WEIGHT))
            yield (*plane.areas([(0, 0, *sheet.size)]), *plane.texts(in_place(cells_of(sheet.size))))

    def block(self, output: int, step: Step) -> Items:
        """A thick outline around the maps of weights that are at work."""
        return tuple(Line(((*sheet.outline, sheet.outline[0]),), "sight", RING_WIDTH) for sheet in self.kernel(output))

    def share_texts(self, output: int, step: Step) -> Items:
        """What each input channel adds, beside the weights that it is multiplied by."""
        found = self.written
        if found is None:
            return ()
        fitted = SHARE.fitted(runs for own in found.shares for runs in own.values())
        texts = []
        for place, sheet in enumerate(self.kernel(output)):
            x, y = sheet.point(*sheet.size)
            runs = found.shares[output * self.channels.depth + place][step.output]
            texts.append(Text((x + SHARE_ROOM / 2, y), runs, fitted.em, SHARE_ROOM, "text"))
        return tuple(texts)

    def computed(self) -> tuple[Track, ...]:
        """The output's channels; where they are to be revealed, pale until their steps have come."""
        every = range(self.channels.outputs)
        if not self.subject.wants("reveal"):
            return (Track.still("output", lambda: _all(self.planes(0, output).computed() for output in every)),)

        def revealed(frame: int) -> Items:
            done, steps = frame + 1, self.subject.steps
            return _all(
                self.planes(0, output).computed(min(steps, done - output * steps))
                for output in every
                if done > output * steps
            )

        return (
            Track.still("pending", lambda: _all(self.planes(0, output).pending() for output in every)),
            Track("output", revealed),
        )

    def highlight(self, output: int, step: Step) -> Items:
        """The output element that is computed."""
        plane = self.planes(0, output).output
        cell = plane.lattice.cell(step.output)
        return (
            *plane.cells({step.output: step.output}),
            Line(((*cell, cell[0]),), "sight", RING_WIDTH),
        )

    # Words

    def bracketed(self) -> range:
        """The groups that are told apart."""
        return range(self.channels.groups if self.channels.groups > 1 else 0)

    def brackets(self) -> Items:
        """A bracket before each group, and its name."""
        lines = Line(tuple(map(self.bracket, self.bracketed())), "words_line", GRID_WIDTH)
        return (lines, *map(self.group_name, self.bracketed()))

    def bracket(self, group: int) -> Path:
        """The bracket before a group, around the left corners of its sheets."""
        first, last = (self.inputs.sheet(group * self.channels.depth + place) for place in (0, self.channels.depth - 1))
        half = (self.inputs.pitch - AIR) / 2
        (x, top), bottom = first.origin, last.origin[1] + half
        near, away = x - BRACKET_GAP + BRACKET_END, x - BRACKET_GAP
        return (near, top - half), (away, top - half), (away, bottom), (near, bottom)

    def group_name(self, group: int) -> Text:
        """The name of a group, before its bracket."""
        _, (x, top), (_, bottom), _ = self.bracket(group)
        before = (x - NAMES_APART, (top + bottom) / 2)
        name = told(self.subject.figure, Sentence("group {number}", number=str(group + 1)))
        return Text.of(before, name, NOTE_EM, width_of(plain(name), serif_too=True) * NOTE_EM, "words", "end")

    def names(self) -> tuple[Text, ...]:
        """The names of the stacks, in a row below them."""
        boxes = (self.inputs.box(), self.kernel_box, self.outputs.box())
        bottom = max(box.bottom for box in boxes)
        return name_texts(
            self.subject.figure,
            *(
                Name.under(name, box._replace(bottom=bottom), note)
                for (name, note), box in zip(_named(self.subject), boxes, strict=True)
            ),
        )

    def caption(self) -> tuple[CaptionLine, ...]:
        """The output size, and what each kernel reads."""
        size = size_caption(self.subject)
        return (*size, *self._reading()) if size else ()

    def _reading(self) -> Iterator[Words]:
        """What each kernel reads, and how many weights that takes."""
        channels = self.channels
        if channels.single:
            return
        if channels.depth == 1:
            words = Sentence("Each kernel reads a single channel")
        elif channels.groups > 1:
            words = Sentence("Each kernel reads the {count} channels of its group", count=str(channels.depth))
        elif channels.outputs > 1:
            words = Sentence("Each kernel reads all {count} channels", count=str(channels.depth))
        else:
            words = Sentence("The kernel reads all {count} channels", count=str(channels.depth))
        shape = self.subject.source.weight_shape
        count = f"{TIMES.join(map(str, shape))} = {prod(shape)}"
        yield Sentence("{words}: {count} weights", words=words, count=count)

    def note(self, frame: int) -> str:
        """What a step reads and gives, in a sentence."""
        if self.channels.single:
            return self.subject.note(frame)
        output, step = self.shown(frame)
        depth, ndim = self.channels.depth, self.subject.source.ndim
        name = f"Output {at((output, *step.output[-ndim:]))}"
        found = self.written
        if found is None:
            read = depth * sum(tap.input is not None for tap in step.taps)
            zeros = depth * len(step.taps) - read
            beside = f" and {counted(zeros, 'zero')}" if zeros else ""
            return f"{name} reads {counted(read, 'input element')}{beside} in {counted(depth, 'channel')}."
        added = [found.shares[output * depth + place][step.output][0].text for place in range(depth)]
        sum_of = f"{' + '.join(added)} = " if depth > 1 else ""
        return f"{name} = {sum_of}{found.outputs[output][step.output][0].text}"

    def link(self, frame: int) -> Link:
        """The output cell of a step, which leads to its frame."""
        output, step = self.shown(frame)
        channel = "" if self.channels.single else f"channel {output}, "
        area = self.outputs.sheet(output).cell(step.output)
        return Link(area, frame, f"output {channel}{self.subject.name(step.output)}")

    def worked(self, frame: int, middle: Point, width: float) -> Items:
        """The line that works the output element out: the sum over the channels, or over the taps of a single one."""
        found = self.written
        if found is None:
            return ()
        output, step = self.shown(frame)
        depth, read = self.channels.depth, self.channels.read(output)
        blank = plain(self.subject.layer.blank)
        results = [runs for own in found.outputs for runs in own.values()]
        if depth > 1 and len(step.taps) > 1:
            terms = [sums.term(found.shares[output * depth + place][step.output]) for place in range(depth)]
            factors = [[runs for own in found.shares for runs in own.values()]]
        else:
            terms = [
                sums.term(
                    blank if tap.input is None else found.inputs[number][tap.input],
                    found.weights[output * depth + place][tap.kernel],
                    pale=tap.input is None,
                )
                for place, number in enumerate(read)
                for tap in step.taps
            ]
            factors = [
                [blank, *(runs for own in found.inputs for runs in own.values())],
                [runs for own in found.weights for runs in own.values()],
            ]
        widest = sums.total_width(len(terms), factors, results)
        return sums.total(terms, found.outputs[output][step.output], widest, middle, width)


def _all(parts: Iterable[Items]) -> Items:
    """What several functions draw, in their order."""
    return tuple(chain.from_iterable(parts))


def _share_room(subject: Subject) -> float:
    """The cells that are left beside each kernel."""
    return SHARE_ROOM if subject.wants("worked") else 0.0


def _named(subject: Subject) -> list[tuple[Sentence, Words]]:
    """The names of the stacks, and the notes under them."""
    kernels = KERNEL if subject.layer.channels.outputs == 1 else KERNELS
    return [
        (INPUT, sizes_note(subject, INPUT)),
        (kernels, sizes_note(subject, KERNEL)),
        (OUTPUT, sizes_note(subject, OUTPUT)),
    ]


VIEW: Final = View(
    "channels",
    "stacks of maps: each kernel reads a column through the input's channels and makes a channel of the output",
    draw,
    layers=(Conv,),
    options=(REVEAL, SIZES, WORKED),
    seen_as="drawn channel by channel",
    channels=True,
)
