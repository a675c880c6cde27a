"""The view of the guide's numerical figures: the canvas on the left, the output on the right, seen from above.

Between them the kernel, where it is wanted. Over one axis they are rows, the output above the canvas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import hypot
from typing import Final

from convgif.arithmetic.layer import Cell, Step
from convgif.arithmetic.sentences import Sentence, Words
from convgif.drawing.lattice import FLAT, SIGHT_WIDTH, Lattice
from convgif.drawing.parts.captions import (
    INPUT,
    KERNEL,
    NOTE_DROP,
    OUTPUT,
    Name,
    beside,
    both,
    box_of,
    name_texts,
    name_width,
    sizes_note,
    sliding_caption,
    words_track,
)
from convgif.drawing.parts.kernel import kernel_plane, turned_kernel, turning
from convgif.drawing.parts.numerals import Lettering, Writing
from convgif.drawing.parts.planes import Planes, ground_block
from convgif.drawing.parts.prologue import opening, prologue
from convgif.drawing.parts.rows import offset
from convgif.drawing.parts.subject import Subject, size_of
from convgif.drawing.scene import Box, Items, Line, Text, Track
from convgif.drawing.timeline import Drawing
from convgif.drawing.view import View
from convgif.drawing.views.options import KERNEL_MAP, PROLOGUE, REVEAL, SIZES, WORKED
from convgif.figure import Figure

LETTERING: Final = Lettering(
    input=Writing(em=0.56, width=0.84),
    output=Writing(em=0.42, width=0.84),
    weight=Writing(em=0.32, width=0.36, at=(0.81, 0.78)),
    long_weight=Writing(em=0.34, width=0.84, at=(0.76, 0.5)),
    long_input=Writing(em=0.46, width=0.84, at=(0.32, 0.5)),
)
ROWS_APART: Final = 1
"""Cells between the rows of a layer over one axis."""
CLEAR: Final = 0.3
"""Cells that a turning kernel, and words beside rows, keep away from the maps."""


def draw(figure: Figure) -> Drawing:
    """The drawing of a figure in the flat view."""
    return draw_subject(Subject.of(figure))


def draw_subject(subject: Subject) -> Drawing:
    """The drawing of a layer in the flat view."""
    figure, layer, turned = subject.figure, subject.layer, subject.layer.turned
    canvas = Lattice(size_of(layer.canvas_size), FLAT)
    # A kernel that slides turned has stride 1, whatever that of its layer.
    size = sizes_note(subject, KERNEL, stride=not turned)
    noted = both(size, subject.source.turning) if turned else size
    stacked = subject.source.ndim == 1
    layout = (_rows if stacked else _side_by_side)(subject, canvas, noted)
    weights, output = layout.kernel, layout.output
    planes = Planes.of(subject, canvas, output, LETTERING)

    own = name_texts(figure, layout.named(INPUT, canvas, sizes_note(subject, INPUT)))
    result = name_texts(figure, layout.named(OUTPUT, output, sizes_note(subject, OUTPUT)))
    run = (
        *planes.grounds(),
        *planes.outputs(),
        *((planes.moving("sight", lambda step: _sight(planes, step)),) if stacked else ()),
        *planes.window(),
        planes.moving("highlight", planes.highlight),
    )
    acts = [*prologue(planes)]
    between: tuple[Text, ...] = ()
    if weights:
        kernel = kernel_plane(planes, weights)
        if acts and turned:
            stored = name_texts(figure, layout.named(KERNEL, weights, size))
            acts.extend(act.beside(*words_track(*stored)) for act in turning(planes, kernel))
        between = name_texts(figure, layout.named(KERNEL, weights, noted))
        run = (Track.still("kernel", lambda: turned_kernel(kernel, 180.0 if turned else None)), *run)
    texts = (*own, *between, *result)
    slides = planes.run((*words_track(*texts), *run), sliding_caption(subject))
    built = (act.beside(*words_track(*own)) for act in acts)
    return Drawing(layout.box.holding(map(box_of, texts)), (*opening(subject, slides), *built, slides))


@dataclass(frozen=True)
class _Layout:
    """Where the maps lie around the canvas, the box of all of them, and where each is named, with a note."""

    output: Lattice
    kernel: Lattice | None
    box: Box
    named: Callable[[Sentence, Lattice, Words], Name]


def _side_by_side(subject: Subject, canvas: Lattice, noted: Words) -> _Layout:
    """The kernel, where it is wanted, and the output to the right of the canvas; all names in a row below."""
    figure, layer = subject.figure, subject.layer
    ground, (high, aside) = canvas.part(ground_block(layer)).box, _turning_room(subject)
    more = max(0.0, aside - (1 - CLEAR))  # the rest of it lies within the gap beside the kernel
    notes = {INPUT: sizes_note(subject, INPUT), KERNEL: noted, OUTPUT: sizes_note(subject, OUTPUT)}
    wide = {name: name_width(figure, name, note) for name, note in notes.items()}
    if subject.wants("kernel_map"):
        left = beside(ground, 1 + more, wide[INPUT], wide[KERNEL], layer.kernel_size[1])
        kernel = _beside(canvas, left, layer.kernel_size)
        last, before = kernel.box, wide[KERNEL]
    else:
        kernel, last, before, more = None, ground, wide[INPUT], 0.0
    output = _beside(canvas, beside(last, 1 + more, before, wide[OUTPUT], layer.output_size[1]), layer.output_size)
    box = ground.holding([output.box, *([_grown(kernel.box, high, more)] if kernel else [])])

    def named(name: Sentence, lattice: Lattice, note: Words) -> Name:
        return Name.under(name, lattice.box._replace(bottom=box.bottom), note)

    return _Layout(output, kernel, box, named)


def _rows(subject: Subject, canvas: Lattice, noted: Words) -> _Layout:
    """The output in a row above the canvas, named before them; the kernel, where it is wanted, behind both."""
    figure, layer = subject.figure, subject.layer
    ground, room = canvas.part(ground_block(layer)).box, _turning_room(subject)
    output = Lattice(size_of(layer.output_size), FLAT, origin=(offset(layer.axes[1]), -1 - ROWS_APART))
    maps = box = ground.holding([output.box])
    kernel: Lattice | None = None
    if subject.wants("kernel_map"):
        cols = layer.kernel_size[1]
        aside = max(1.0, CLEAR + max(room[1], (name_width(figure, KERNEL, noted) - cols) / 2))
        kernel = Lattice(size_of(layer.kernel_size), FLAT, origin=(maps.right + aside, -(1 + ROWS_APART) / 2))
        box = maps.holding([_grown(kernel.box, *room)])

    def named(name: Sentence, lattice: Lattice, note: Words) -> Name:
        if name == KERNEL:
            return Name.under(name, _grown(lattice.box, *room), note)
        raised = NOTE_DROP / 2 if note and figure.labels else 0.0
        at = (maps.left - CLEAR, (lattice.box.top + lattice.box.bottom) / 2 - raised)
        return Name(name, at, note, anchor="end")

    return _Layout(output, kernel, box, named)


def _sight(planes: Planes, step: Step) -> Items:
    """A line from each cell that a step reads up to the one that it computes."""
    row, col = step.output
    foot = planes.output.lattice.point(row + 1, col + 0.5)
    tops = (planes.canvas.lattice.point(tap.canvas[0], tap.canvas[1] + 0.5) for tap in step.taps)
    return (Line(tuple((top, foot) for top in tops), "sight", SIGHT_WIDTH),)


def _turning_room(subject: Subject) -> tuple[float, float]:
    """How far, up and down and to the sides, a kernel's corners reach beyond it where it is seen turning."""
    if not (subject.wants("prologue") and subject.layer.turned):
        return 0.0, 0.0
    rows, cols = subject.layer.kernel_size
    across = hypot(rows, cols)
    return (across - rows) / 2, (across - cols) / 2


def _beside(canvas: Lattice, left: float, size: Cell) -> Lattice:
    """A map of that size that begins there, in the middle of the canvas's height or just above it."""
    rows = canvas.size[0]
    return Lattice(size_of(size), FLAT, origin=(left, rows - (rows - size[0]) // 2 - size[0]))


def _grown(box: Box, high: float, wide: float) -> Box:
    return Box(box.left - wide, box.top - high, box.right + wide, box.bottom + high)


VIEW: Final = View(
    "flat",
    "the canvas and the output side by side, rows one above the other, seen from above",
    draw,
    options=(REVEAL, KERNEL_MAP, PROLOGUE, SIZES, WORKED),
)
