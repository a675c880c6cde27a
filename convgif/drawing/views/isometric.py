"""The view of the original figures: the output map floats above the canvas, tied to the kernel by sight lines."""

from __future__ import annotations

from typing import Final

from convgif.arithmetic.layer import Step
from convgif.drawing.lattice import ISOMETRIC, SIGHT_WIDTH, Lattice
from convgif.drawing.parts.captions import Name, box_of, name_texts, sliding_caption, words_track
from convgif.drawing.parts.numerals import Lettering, Writing, plain
from convgif.drawing.parts.planes import Planes, ground_block, input_block
from convgif.drawing.parts.prologue import prologue
from convgif.drawing.parts.subject import Subject, size_of
from convgif.drawing.scene import POINT, Box, Items, Line
from convgif.drawing.timeline import Drawing
from convgif.drawing.view import View
from convgif.drawing.views.options import PROLOGUE, REVEAL
from convgif.figure import Figure

LETTERING: Final = Lettering(
    input=Writing(em=0.5, width=0.95),
    output=Writing(em=0.42, width=0.95),
    weight=Writing(em=0.28, width=0.2, at=(0.82, 0.58)),
    long_weight=Writing(em=0.22, width=0.52, at=(0.79, 0.3)),
)


def draw(figure: Figure) -> Drawing:
    """The drawing of a figure in the isometric view."""
    return draw_subject(Subject.of(figure))


def draw_subject(subject: Subject) -> Drawing:
    """The drawing of a layer in the isometric view."""
    figure, layer = subject.figure, subject.layer
    canvas = Lattice(size_of(layer.canvas_size), ISOMETRIC)
    # One cell of air between the planes whatever the shape, and the original's small step to the left.
    ground = ground_block(layer)
    foot_x, foot_y = canvas.point(layer.canvas_size[0], 0)
    lifted = (foot_x - 2.5 * POINT, foot_y - (layer.canvas_size[0] - ground[0] + 1))
    output = Lattice(size_of(layer.output_size), ISOMETRIC).moved((layer.output_size[0], 0), lifted)
    planes = Planes.of(subject, canvas, output, LETTERING)

    def sight(step: Step) -> Items:
        ends = zip(canvas.area(*planes.extent(step)), output.cell(step.output), strict=True)
        return (Line(tuple(ends), "sight", SIGHT_WIDTH),)

    # Beside the edges where no sight line comes.
    edge_x, edge_y = canvas.point(layer.canvas_size[0] / 2, ground[1])
    corner_x, corner_y = output.point(0, 0)
    own = name_texts(figure, Name(plain("Input"), (edge_x - 0.25, edge_y + 0.35), anchor="end"))
    result = name_texts(figure, Name(plain("Output"), (corner_x - 0.25, corner_y - 0.3), anchor="end"))
    tracks = (
        *words_track(*own, *result),
        *planes.grounds(),
        *planes.window(),
        planes.moving("sight", sight),
        *planes.outputs(),
        planes.moving("highlight", planes.highlight),
    )
    acts = (
        *(act.beside(*words_track(*own)) for act in prologue(planes)),
        planes.run(tracks, sliding_caption(subject)),
    )
    corners = (*canvas.outline, *canvas.area(*input_block(layer)), *output.outline)
    return Drawing(Box.around(corners).holding(map(box_of, (*own, *result))), acts)


VIEW: Final = View(
    "isometric",
    "the output floats above the input, tied to the kernel by sight lines",
    draw,
    options=(REVEAL, PROLOGUE),
)
