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
    both,
    box_of,
    name_texts,
    sizes_note,
    sliding_caption,
    words_track,
)
from convgif.drawing.parts.kernel import kernel_plane, turned_kernel, turning
from convgif.drawing.parts.numerals import Lettering, Writing
from convgif.drawing.parts.planes import Planes, ground_block
from convgif.drawing.parts.prologue import prologue
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
    weights = _beside(canvas, ground.right + room[1], layer.kernel_size) if subject.wants("kernel_map") else None
    output = _beside(canvas, weights.box.right + room[1] if weights else ground.right, layer.output_size)
    planes = Planes.of(subject, canvas, output, LETTERING)
    box = ground.holding([output.box, *([_grown(weights.box, *room)] if weights else [])])

    def named(name: Sentence, lattice: Lattice, note: Words = "") -> tuple[Text, ...]:
        """The name of a plane, in a row below all of them."""
        return name_texts(figure, Name.under(name, lattice.box._replace(bottom=box.bottom), note))

    own = named(INPUT, canvas, sizes_note(subject, INPUT))
    result = named(OUTPUT, output, sizes_note(subject, OUTPUT))
    run = (
        *planes.grounds(),
        *planes.outputs(),
        *planes.window(),
        planes.moving("highlight", planes.highlight),
    )
    acts = [*prologue(planes)]
    noted: tuple[Text, ...] = ()
    if weights:
        kernel = kernel_plane(planes, weights)
        size = sizes_note(subject, KERNEL, stride=not turned)
        between = named(KERNEL, weights, size)
        noted = named(KERNEL, weights, both(size, subject.source.turning)) if turned else between
        if acts and turned:
            acts.extend(act.beside(*words_track(*between)) for act in turning(planes, kernel))
        run = (Track.still("kernel", lambda: turned_kernel(kernel, 180.0 if turned else None)), *run)
    said = words_track(*own, *noted, *result)
    last = planes.run((*said, *run), sliding_caption(subject))
    texts = (*own, *noted, *result)
    return Drawing(box.holding(map(box_of, texts)), (*(act.beside(*words_track(*own)) for act in acts), last))


def _beside(canvas: Lattice, right: float, size: Cell) -> Lattice:
    """A map of that size, one cell further to the right, in the middle of the canvas's height or just above it."""
    rows = canvas.size[0]
    return Lattice(size_of(size), FLAT, origin=(right + 1, rows - (rows - size[0]) // 2 - size[0]))


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
