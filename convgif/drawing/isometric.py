"""The view of the original figures: the output map floats above the canvas, tied to the kernel by sight lines."""

from __future__ import annotations

from convgif.arithmetic import Step
from convgif.drawing import buildup, words
from convgif.drawing.acts import Drawing
from convgif.drawing.grid import ISOMETRIC, SIGHT_WIDTH, Lattice
from convgif.drawing.maps import Maps, ground_block, input_block
from convgif.drawing.numerals import Lettering, Writing
from convgif.drawing.scene import POINT, Box, Items, Line
from convgif.drawing.words import Name, box_of, caption, names
from convgif.figure import Figure

LETTERING = Lettering(
    input=Writing(em=0.5, width=0.95),
    output=Writing(em=0.42, width=0.95),
    weight=Writing(em=0.28, width=0.2, at=(0.82, 0.58)),
    long_weight=Writing(em=0.22, width=0.52, at=(0.79, 0.3)),
)


def draw(figure: Figure) -> Drawing:
    """The drawing of a figure in the isometric view."""
    layer = figure.layer
    canvas = Lattice(layer.canvas_size, ISOMETRIC)
    # One cell of air between the planes whatever the shape, and the original's small step to the left.
    ground = ground_block(layer)
    foot_x, foot_y = canvas.point(layer.canvas_size[0], 0)
    lifted = (foot_x - 2.5 * POINT, foot_y - (layer.canvas_size[0] - ground[0] + 1))
    output = Lattice(layer.output_size, ISOMETRIC).moved((layer.output_size[0], 0), lifted)
    maps = Maps(figure, canvas, output, LETTERING)

    def sight(step: Step) -> Items:
        ends = zip(canvas.area(*maps.extent(step)), output.area(*step.output), strict=True)
        return (Line(tuple(ends), maps.theme.sight, SIGHT_WIDTH),)

    # Beside the edges where no sight line comes.
    edge_x, edge_y = canvas.point(layer.canvas_size[0] / 2, ground[1])
    corner_x, corner_y = output.point(0, 0)
    own = names(figure, Name("Input", (edge_x - 0.25, edge_y + 0.35), anchor="end"))
    result = names(figure, Name("Output", (corner_x - 0.25, corner_y - 0.3), anchor="end"))
    tracks = (
        *words.track(*own, *result),
        *maps.grounds(),
        *maps.window(),
        maps.moving("sight", sight),
        *maps.outputs(),
        maps.moving("highlight", maps.highlight),
    )
    acts = (
        *(act.beside(*words.track(*own)) for act in buildup.prologue(maps)),
        maps.run(tracks, caption(figure)),
    )
    corners = (*canvas.outline, *canvas.area(*input_block(layer)), *output.outline)
    return Drawing(Box.around(corners).holding(map(box_of, (*own, *result))), acts)
