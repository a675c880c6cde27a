"""The view of the guide's numerical figures: the canvas on the left, the output on the right, seen from above."""

from __future__ import annotations

from convgif.drawing import stage
from convgif.drawing.grid import FLAT, Lattice
from convgif.drawing.maps import Maps, input_block
from convgif.drawing.numerals import Lettering, Writing
from convgif.drawing.scene import Box, Scene
from convgif.drawing.theme import THEMES
from convgif.figure import Figure

LETTERING = Lettering(
    input=Writing(em=0.56, width=0.84),
    output=Writing(em=0.42, width=0.84),
    weight=Writing(em=0.32, width=0.36, at=(0.81, 0.78)),
    long_weight=Writing(em=0.25, width=0.84, at=(0.84, 0.5)),
)


def draw(figure: Figure) -> Scene:
    """The scene of a figure in the flat view.

    Raises:
        InputError: the figure is over its budget of frames or pixels.
    """
    layer, theme = figure.layer, THEMES[figure.theme]
    canvas_rows, (rows, cols) = layer.canvas_size[0], layer.output_size
    inputs = input_block(layer)
    right = max(layer.canvas_size[1], inputs[1] + inputs[3])
    canvas = Lattice(layer.canvas_size, FLAT)
    foot = canvas_rows - (canvas_rows - rows) // 2
    output = Lattice(layer.output_size, FLAT, origin=(right + 1, foot - rows))
    bounds = Box.around((*canvas.outline, *canvas.area(*inputs), *output.outline))
    times = stage.durations(figure, rows * cols, bounds)
    maps = Maps(layer, figure.values_drawn, canvas, output, LETTERING, theme)
    tracks = (
        *maps.cut_tracks(),
        maps.canvas_track(),
        maps.input_track(),
        maps.output_track(),
        maps.moving("shadow", maps.shadow),
        maps.moving("highlight", maps.highlight),
    )
    return stage.scene(figure, bounds, times, tracks)
