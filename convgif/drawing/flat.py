"""The view of the guide's numerical figures: the canvas on the left, the output on the right, seen from above.

Between them the kernel, where it is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

from convgif.arithmetic import Pair
from convgif.drawing import buildup, words
from convgif.drawing.acts import TWEEN_FRAMES, TWEEN_SHARE, Act, Drawing, eased
from convgif.drawing.grid import FLAT, Lattice
from convgif.drawing.kernel import kernel
from convgif.drawing.maps import Maps, ground_block
from convgif.drawing.numerals import Lettering, Writing
from convgif.drawing.scene import Box, Text, Track
from convgif.drawing.words import TURNED, Name, box_of, caption, names
from convgif.figure import Figure

LETTERING = Lettering(
    input=Writing(em=0.56, width=0.84),
    output=Writing(em=0.42, width=0.84),
    weight=Writing(em=0.32, width=0.36, at=(0.81, 0.78)),
    long_weight=Writing(em=0.25, width=0.84, at=(0.84, 0.5)),
)


def draw(figure: Figure) -> Drawing:
    """The drawing of a figure in the flat view."""
    layer = figure.layer
    canvas = Lattice(layer.canvas_size, FLAT)
    ground = canvas.part(ground_block(layer)).box
    turned = layer.rows.turned
    # A kernel that is seen turning needs the room of the circle that it turns in.
    room = _corners(layer.kernel_size) if figure.prologue and turned else (0.0, 0.0)
    weights = _beside(canvas, ground.right + room[1], layer.kernel_size) if figure.kernel_map else None
    output = _beside(canvas, weights.box.right + room[1] if weights else ground.right, layer.output_size)
    maps = Maps(figure, canvas, output, LETTERING)
    box = ground.holding([output.box, *([_grown(weights.box, *room)] if weights else [])])

    def named(text: str, lattice: Lattice, note: str = "") -> tuple[Text, ...]:
        """The name of a map, in a row below all of them."""
        return names(figure, Name.under(text, lattice.box._replace(bottom=box.bottom), note))

    own, result = named("Input", canvas), named("Output", output)
    run = (
        *maps.grounds(),
        *maps.outputs(),
        *maps.window(),
        maps.moving("highlight", maps.highlight),
    )
    acts = [*buildup.prologue(maps)]
    noted: tuple[Text, ...] = ()
    if weights:
        between = named("Kernel", weights)
        noted = named("Kernel", weights, TURNED) if turned else between
        if acts and turned:
            acts.extend(act.beside(*words.track(*between)) for act in _turning(maps, weights))
        run = (Track.still("kernel", lambda: kernel(maps, weights, 180.0 if turned else None)), *run)
    said = words.track(*own, *noted, *result)
    last = maps.run((*said, *run), caption(figure))
    texts = (*own, *noted, *result)
    return Drawing(box.holding(map(box_of, texts)), (*(act.beside(*words.track(*own)) for act in acts), last))


def _beside(canvas: Lattice, right: float, size: Pair) -> Lattice:
    """A map of that size, one cell further to the right, in the middle of the canvas's height or just above it."""
    rows = canvas.size[0]
    return Lattice(size, FLAT, origin=(right + 1, rows - (rows - size[0]) // 2 - size[0]))


def _corners(size: Pair) -> tuple[float, float]:
    """How far (up or down, to the sides) a map's corners reach beyond it when it is turned; little is no matter."""
    across = hypot(*size)
    return max(0.0, (across - size[0]) / 2), max(0.0, (across - size[1]) / 2 - 0.7)


def _grown(box: Box, high: float, wide: float) -> Box:
    return Box(box.left - wide, box.top - high, box.right + wide, box.bottom + high)


def _turning(maps: Maps, weights: Lattice) -> Iterator[Act]:
    """The kernel as it is stored, and then on its way to where it is turned."""
    grounds, said = maps.grounds(), caption(maps.figure)
    yield Act((*grounds, Track.still("kernel", lambda: kernel(maps, weights, 0.0))), 1, caption=said)
    moves = Track("kernel", lambda frame: kernel(maps, weights, 180 * eased((frame + 1) / TWEEN_FRAMES)))
    yield Act((*grounds, moves), TWEEN_FRAMES - 1, TWEEN_SHARE, said)
