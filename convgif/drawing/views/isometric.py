"""The view of the original figures: the output map floats above the canvas, tied to the kernel by sight lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from convgif.arithmetic.layer import Cell, Step
from convgif.arithmetic.sentences import Words
from convgif.drawing.lattice import ISOMETRIC, SIGHT_WIDTH, Lattice
from convgif.drawing.parts.captions import INPUT, KERNEL, OUTPUT, Name, box_of, name_texts, sliding_caption, words_track
from convgif.drawing.parts.kernel import kernel_plane, turned_kernel, turning
from convgif.drawing.parts.numerals import Lettering, Writing
from convgif.drawing.parts.planes import Planes, ground_block, input_block
from convgif.drawing.parts.prologue import opening, prologue
from convgif.drawing.parts.rows import offset
from convgif.drawing.parts.subject import Subject, size_of
from convgif.drawing.scene import POINT, Box, Items, Line, Path, Text, Track
from convgif.drawing.timeline import TWEEN_FRAMES, Drawing, eased
from convgif.drawing.view import View
from convgif.drawing.views.options import KERNEL_MAP, PROLOGUE, REVEAL, WORKED
from convgif.figure import Figure

LETTERING: Final = Lettering(
    input=Writing(em=0.5, width=0.95),
    output=Writing(em=0.42, width=0.95),
    weight=Writing(em=0.36, width=0.36, at=(0.7725, 0.6543)),
    long_weight=Writing(em=0.34, width=0.92, at=(0.63, 0.409)),
    long_input=Writing(em=0.42, width=0.6, at=(0.28, 0.654)),
)
KERNEL_GAP: Final = 0.8
"""Cells between the output and the kernel beside it."""
KERNEL_AIR: Final = 0.3
"""Cells between sight lines and the kernel above them."""


def draw(figure: Figure) -> Drawing:
    """The drawing of a figure in the isometric view."""
    return draw_subject(Subject.of(figure))


def draw_subject(subject: Subject) -> Drawing:
    """The drawing of a layer in the isometric view."""
    figure, layer = subject.figure, subject.layer
    canvas = Lattice(size_of(layer.canvas_size), ISOMETRIC)
    # One cell of air between the planes whatever the shape, and the original's small step to the left.
    ground = ground_block(layer)
    foot_x, foot_y = canvas.point(layer.canvas_size[0], offset(layer.axes[1]) if subject.source.ndim == 1 else 0)
    lifted = (foot_x - 2.5 * POINT, foot_y - (layer.canvas_size[0] - ground[0] + 1))
    output = Lattice(size_of(layer.output_size), ISOMETRIC).moved((layer.output_size[0], 0), lifted)
    planes = Planes.of(subject, canvas, output, LETTERING)

    def lines(step: Step) -> tuple[Path, ...]:
        return tuple(zip(canvas.area(*planes.extent(step)), output.cell(step.output), strict=True))

    def sight(step: Step) -> Items:
        return (Line(lines(step), "sight", SIGHT_WIDTH),)

    corners = (*canvas.outline, *canvas.area(*input_block(layer)), *output.outline)
    # Beside the edges where no sight line comes.
    edge_x, edge_y = canvas.point(layer.canvas_size[0] / 2, ground[1])
    corner_x, corner_y = output.point(0, 0)
    own = name_texts(figure, Name(INPUT, (edge_x - 0.25, edge_y + 0.35), anchor="end"))
    result = name_texts(figure, Name(OUTPUT, (corner_x - 0.25, corner_y - 0.3), anchor="end"))
    acts, box = [*prologue(planes)], Box.around(corners)
    noted: tuple[Text, ...] = ()
    beside: tuple[Track, ...] = ()
    if subject.wants("kernel_map"):
        kernel = kernel_plane(planes, _beside(canvas, output, layer.kernel_size))
        turned = layer.turned
        box = box.holding(kernel.lattice.turned(degrees).box for degrees in _ways(turned and bool(acts)))
        if acts and turned:
            noted = _kernel_name(figure, kernel.lattice)
            acts.extend(act.beside(*words_track(*noted)) for act in turning(planes, kernel))
        noted = _kernel_name(figure, kernel.lattice, subject.source.turning if turned else "")
        beside = (Track.still("kernel", lambda: turned_kernel(kernel, 180.0 if turned else None)),)
    tracks = (
        *words_track(*own, *noted, *result),
        *planes.grounds(),
        *beside,
        *planes.shade(),
        planes.moving("sight", sight),
        *planes.writings(lines),
        *planes.outputs(),
        planes.moving("highlight", planes.highlight),
    )
    last = planes.run(tracks, sliding_caption(subject))
    built = (act.beside(*words_track(*own)) for act in acts)
    texts = (*own, *noted, *result)
    return Drawing(box.holding(map(box_of, texts)), (*opening(subject, last), *built, last))


def _beside(canvas: Lattice, output: Lattice, size: Cell) -> Lattice:
    """The kernel's place to the right of the output, in its plane or so far above it that no sight line comes there."""
    row, right = output.size[0] - size[0], output.size[1]
    place = replace(output, size=size_of(size), origin=output.point(row, right + KERNEL_GAP))
    start_x, start_y = canvas.point(0, canvas.size[1])
    lift = 0.0
    for end_x, end_y in (output.point(0, right), output.point(output.size[0], right)):
        for x, y in place.outline:
            if end_x < x < start_x:
                line = end_y + (x - end_x) * (start_y - end_y) / (start_x - end_x)
                lift = max(lift, y - line + KERNEL_AIR)
    return replace(place, origin=(place.origin[0], place.origin[1] - lift))


def _kernel_name(figure: Figure, lattice: Lattice, note: Words = "") -> tuple[Text, ...]:
    """The kernel's name to the right of its last corner."""
    x, y = lattice.point(*lattice.size)
    return name_texts(figure, Name(KERNEL, (x + 0.25, y), note, anchor="start"))


def _ways(turning: bool) -> Iterator[float]:
    """The degrees by which the kernel is turned while it is seen."""
    yield 0.0
    if turning:
        yield from (180 * eased((frame + 1) / TWEEN_FRAMES) for frame in range(TWEEN_FRAMES - 1))


VIEW: Final = View(
    "isometric",
    "the output floats above the input, tied to the kernel by sight lines",
    draw,
    options=(REVEAL, KERNEL_MAP, PROLOGUE, WORKED),
)
