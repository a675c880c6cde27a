"""The view of the guide's numerical figures: the canvas on the left, the output on the right, seen from above.

Between them the kernel, where it is wanted.
"""

from __future__ import annotations

from math import hypot
from typing import Final

from convgif.arithmetic.layer import Cell
from convgif.arithmetic.sentences import Sentence, Words
from convgif.drawing.lattice import FLAT, Lattice
from convgif.drawing.parts.captions import (
    INPUT,
    KERNEL,
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
from convgif.drawing.parts.subject import Subject, size_of
from convgif.drawing.scene import Box, Text, Track
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


def draw(figure: Figure) -> Drawing:
    """The drawing of a figure in the flat view."""
    return draw_subject(Subject.of(figure))


def draw_subject(subject: Subject) -> Drawing:
    """The drawing of a layer in the flat view."""
    figure, layer, turned = subject.figure, subject.layer, subject.layer.turned
    canvas = Lattice(size_of(layer.canvas_size), FLAT)
    ground = canvas.part(ground_block(layer)).box
    # A kernel that is seen turning needs the room of the circle that it turns in.
    room = _corners(layer.kernel_size) if subject.wants("prologue") and turned else (0.0, 0.0)
    # A kernel that slides turned has stride 1, whatever that of its layer.
    read, made = sizes_note(subject, INPUT), sizes_note(subject, OUTPUT)
    size = sizes_note(subject, KERNEL, stride=not turned)
    noted = both(size, subject.source.turning) if turned else size
    wide = [name_width(figure, *name) for name in ((INPUT, read), (KERNEL, noted), (OUTPUT, made))]
    if subject.wants("kernel_map"):
        left = beside(ground, 1 + room[1], wide[0], wide[1], layer.kernel_size[1])
        weights = _beside(canvas, left, layer.kernel_size)
        last, before, more = weights.box, wide[1], room[1]
    else:
        weights, last, before, more = None, ground, wide[0], 0.0
    output = _beside(canvas, beside(last, 1 + more, before, wide[2], layer.output_size[1]), layer.output_size)
    planes = Planes.of(subject, canvas, output, LETTERING)
    box = ground.holding([output.box, *([_grown(weights.box, *room)] if weights else [])])

    def named(name: Sentence, lattice: Lattice, note: Words = "") -> tuple[Text, ...]:
        """The name of a plane, in a row below all of them."""
        return name_texts(figure, Name.under(name, lattice.box._replace(bottom=box.bottom), note))

    own, result = named(INPUT, canvas, read), named(OUTPUT, output, made)
    run = (
        *planes.grounds(),
        *planes.outputs(),
        *planes.window(),
        planes.moving("highlight", planes.highlight),
    )
    acts = [*prologue(planes)]
    between: tuple[Text, ...] = ()
    if weights:
        kernel = kernel_plane(planes, weights)
        if acts and turned:
            stored = named(KERNEL, weights, size)
            acts.extend(act.beside(*words_track(*stored)) for act in turning(planes, kernel))
        between = named(KERNEL, weights, noted)
        run = (Track.still("kernel", lambda: turned_kernel(kernel, 180.0 if turned else None)), *run)
    texts = (*own, *between, *result)
    slides = planes.run((*words_track(*texts), *run), sliding_caption(subject))
    built = (act.beside(*words_track(*own)) for act in acts)
    return Drawing(box.holding(map(box_of, texts)), (*opening(subject, slides), *built, slides))


def _beside(canvas: Lattice, left: float, size: Cell) -> Lattice:
    """A map of that size that begins there, in the middle of the canvas's height or just above it."""
    rows = canvas.size[0]
    return Lattice(size_of(size), FLAT, origin=(left, rows - (rows - size[0]) // 2 - size[0]))


def _corners(size: Cell) -> tuple[float, float]:
    """How far (up or down, to the sides) a map's corners reach beyond it when it is turned.

    To the sides, what stays within the gap beside it is left out.
    """
    across = hypot(*size)
    return max(0.0, (across - size[0]) / 2), max(0.0, (across - size[1]) / 2 - 0.7)


def _grown(box: Box, high: float, wide: float) -> Box:
    return Box(box.left - wide, box.top - high, box.right + wide, box.bottom + high)


VIEW: Final = View(
    "flat",
    "the canvas and the output side by side, seen from above",
    draw,
    options=(REVEAL, KERNEL_MAP, PROLOGUE, SIZES, WORKED),
)
