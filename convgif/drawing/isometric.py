"""The view of the original figures: the output map floats above the canvas, tied to the kernel by sight lines."""

from __future__ import annotations

from convgif.arithmetic import Step
from convgif.drawing import stage
from convgif.drawing.grid import ISOMETRIC, SIGHT_WIDTH, Lattice
from convgif.drawing.maps import Maps, input_block
from convgif.drawing.numerals import Lettering, Writing
from convgif.drawing.scene import POINT, Box, Items, Line, Scene, Track
from convgif.drawing.theme import THEMES
from convgif.figure import Figure

LETTERING = Lettering(
    input=Writing(em=0.5, width=0.95),
    output=Writing(em=0.42, width=0.95),
    weight=Writing(em=0.28, width=0.2, at=(0.82, 0.58)),
    long_weight=Writing(em=0.22, width=0.52, at=(0.79, 0.3)),
)


def draw(figure: Figure) -> Scene:
    """The scene of a figure in the isometric view.

    Raises:
        InputError: the figure is over its budget of frames or pixels.
    """
    layer, theme = figure.layer, THEMES[figure.theme]
    canvas = Lattice(layer.canvas_size, ISOMETRIC)
    # One cell of air between the planes whatever the shape, and the original's small step to the left.
    inputs = input_block(layer)
    foot_x, foot_y = canvas.point(layer.canvas_size[0], 0)
    lifted = (foot_x - 2.5 * POINT, foot_y - (layer.canvas_size[0] - min(0, inputs[0]) + 1))
    output = Lattice(layer.output_size, ISOMETRIC).moved((layer.output_size[0], 0), lifted)
    bounds = Box.around((*canvas.outline, *canvas.area(*inputs), *output.outline))
    times = stage.durations(figure, layer.output_size[0] * layer.output_size[1], bounds)
    maps = Maps(layer, figure.values_drawn, canvas, output, LETTERING, theme)

    def sight(step: Step) -> Items:
        ends = zip(canvas.area(*maps.window(step)), output.area(*step.output), strict=True)
        return (Line(tuple(ends), theme.sight, SIGHT_WIDTH),)

    tracks: tuple[Track, ...] = (
        *maps.cut_tracks(),
        maps.canvas_track(),
        maps.input_track(),
        maps.moving("shadow", maps.shadow),
        maps.moving("sight", sight),
        maps.output_track(),
        maps.moving("highlight", maps.highlight),
    )
    return stage.scene(figure, bounds, times, tracks)
