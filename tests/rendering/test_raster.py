"""Pixels against the projection: what colour each cell's middle has, how sharp lines are, and what stays in memory."""

from __future__ import annotations

import math
import subprocess
import sys
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.path import Path as Outlines
from PIL import Image

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import draw
from convgif.drawing.scene import Box, Color, Font, Item, Items, Line, Polygon, Scene, Text, Track
from convgif.figure import Figure, View
from convgif.rendering import Pixels, frames
from convgif.rendering.lettering import outline
from tests.arithmetic.oracle import AnyLayer, canvas_map, spans
from tests.drawing.golden import FIGURES, FOLDER, REGENERATE
from tests.drawing.plane import POINT, Pair, Place, Plane, canvas_plane, output_plane
from tests.drawing.truth import INPUT, OUTPUT, PAPER, SHADOW_BESIDE, SHADOW_ON_INPUT, SHADOW_ON_OUTPUT

MARGIN: Final = 10.4 * POINT
VIEWS: Final[tuple[View, ...]] = ("isometric", "flat")
FONTS: Final[tuple[Font, ...]] = ("sans", "serif")

LAYERS: Final[tuple[AnyLayer, ...]] = (
    Conv(5, 3, stride=2, padding=1),
    Conv(3, 1),
    Conv(6, 3, stride=2, padding=1),
    Conv((3, 6), (2, 3), padding=(2, 0), dilation=(1, 2)),
    ConvTranspose(3, 3, stride=2, padding=1, output_padding=1),
    ConvTranspose(2, 1, stride=5, padding=1),
    MaxPool(4, 2),
    AvgPool((4, 2), 2, stride=1, padding=1),
)


def pixel_of(scene: Scene, cell: float, point: Place) -> tuple[int, int]:
    """(row, column) of the pixel at a point of the scene: all is drawn within a margin from the top left."""
    left, top, _, _ = scene.bounds
    return math.floor((MARGIN + point[1] - top) * cell), math.floor((MARGIN + point[0] - left) * cell)


def distance(point: Place, start: Place, end: Place) -> float:
    """From a point to a straight line between two points."""
    (x, y), (dx, dy) = (point[0] - start[0], point[1] - start[1]), (end[0] - start[0], end[1] - start[1])
    along = min(1.0, max(0.0, (x * dx + y * dy) / (dx * dx + dy * dy)))
    return math.hypot(x - along * dx, y - along * dy)


def expected_colors(layer: AnyLayer, view: View, frame: int) -> Iterator[tuple[Place, tuple[int, int, int]]]:
    """Middles of cells with their colour, apart from those that a sight line passes."""
    step, marks = list(layer.steps())[frame], canvas_map(layer)
    canvas, output = canvas_plane(view), output_plane(layer, view)
    read = {tap.canvas for tap in step.taps}
    sights = list(sight_lines(layer, step.taps[0].canvas, step.output, canvas, output)) if view == "isometric" else []
    for cell, mark in np.ndenumerate(marks):
        middle = canvas.point(cell[0] + 0.5, cell[1] + 0.5)
        if all(distance(middle, *ends) > 0.15 for ends in sights):
            beside, on_input = (SHADOW_BESIDE, SHADOW_ON_INPUT) if cell in read else (PAPER, INPUT)
            yield middle, on_input if mark >= 0 else beside
    for cell in np.ndindex(*layer.output_size):
        yield output.point(cell[0] + 0.5, cell[1] + 0.5), SHADOW_ON_OUTPUT if cell == step.output else OUTPUT


def sight_lines(
    layer: AnyLayer, window: Pair, cell: Pair, canvas: Plane, output: Plane
) -> Iterator[tuple[Place, Place]]:
    """From the corners of the window to those of the output cell."""
    rows, cols = spans(layer)
    for row, col in ((0, 0), (0, 1), (1, 0), (1, 1)):
        yield canvas.point(window[0] + row * rows, window[1] + col * cols), output.point(cell[0] + row, cell[1] + col)


@pytest.mark.parametrize("cell", [16, 29.53, 60])
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("layer", LAYERS)
def test_the_middle_of_every_cell_has_exactly_its_colour(layer: AnyLayer, view: View, cell: float) -> None:
    scene = draw(Figure(layer, view=view))
    last = len(scene.durations) - 1
    drawn = list(frames(scene, cell))
    for frame in {0, last // 2, last}:
        seen = 0
        for point, color in expected_colors(layer, view, frame):
            row, col = pixel_of(scene, cell, point)
            assert tuple(drawn[frame][row, col]) == (*color, 255), f"frame {frame}, {point}"
            seen += 1
        assert seen > (layer.canvas_size[0] * layer.canvas_size[1] + last + 1) / 2


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("cell", [7, 29.53])
def test_frames_are_bytes_of_the_scenes_size_one_for_each_duration(name: str, cell: float) -> None:
    scene = draw(FIGURES[name])
    width, height = scene.pixel_size(cell)
    drawn = list(frames(scene, cell))
    assert len(drawn) == len(scene.durations)
    assert {frame.shape for frame in drawn} == {(height, width, 4)}
    assert {frame.dtype for frame in drawn} == {np.dtype(np.uint8)}
    assert len({frame.tobytes() for frame in drawn}) == len(drawn), "every step looks different"


@pytest.mark.parametrize("view", VIEWS)
def test_paper_is_opaque_everywhere_unless_it_is_transparent(view: View) -> None:
    layer = Conv(3, 2, padding=1)
    for frame in frames(draw(Figure(layer, view=view, values="random")), 20):
        assert (frame[..., 3] == 255).all()
        assert tuple(frame[0, 0]) == (255, 255, 255, 255)
    for frame in frames(draw(Figure(layer, view=view, values="random", transparent=True)), 20):
        for corner in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
            assert frame[corner][3] == 0


@pytest.mark.parametrize("view", VIEWS)
def test_a_transparent_figure_on_paper_is_the_opaque_one(view: View) -> None:
    """Straight alpha: colours are not darkened where they are half transparent, at the edges of lines."""
    figure = Figure(Conv(3, 2, padding=1), view=view)
    clear = next(frames(draw(Figure(figure.layer, view=view, transparent=True)), 20)).astype(float)
    alpha = clear[..., 3:] / 255
    laid = clear[..., :3] * alpha + 255 * (1 - alpha)
    opaque = next(frames(draw(figure), 20))[..., :3].astype(float)
    assert set(np.unique(alpha)) >= {0.0, 1.0}
    assert np.abs(laid - opaque).max() <= 6


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_gives_the_same_bytes(name: str) -> None:
    first = [frame.tobytes() for frame in frames(draw(FIGURES[name]), 13)]
    assert [frame.tobytes() for frame in frames(draw(FIGURES[name]), 13)] == first


def test_frames_do_not_share_memory() -> None:
    """Who writes on a frame, or keeps it, has it for himself."""
    scene = draw(FIGURES["padding_strides"])
    untouched = list(frames(scene, 10))
    kept: list[Pixels] = []
    for frame, expected in zip(frames(scene, 10), untouched, strict=True):
        np.testing.assert_array_equal(frame, expected)
        assert frame.flags.writeable
        assert not any(np.shares_memory(frame, other) for other in kept)
        frame[:] = 77
        kept.append(frame)
    assert all((frame == 77).all() for frame in kept)


def test_two_runs_over_one_scene_do_not_disturb_each_other() -> None:
    scene = draw(FIGURES["padding_strides"])
    alone = list(frames(scene, 10))
    for first, second, expected in zip(frames(scene, 10), frames(scene, 10), alone, strict=True):
        np.testing.assert_array_equal(first, expected)
        np.testing.assert_array_equal(second, expected)


def test_frames_are_drawn_when_they_are_asked_for() -> None:
    asked: list[int] = []

    def items(frame: int) -> Items:
        asked.append(frame)
        return (Polygon((((0, 0), (frame, 0), (frame, 1), (0, 1)),), (1, 2, 3)),)

    scene = Scene(Box(0, 0, 9, 1), (100,) * 9, (Track("shadow", items),), PAPER, "")
    drawn = frames(scene, 5)
    next(drawn)
    assert asked == [0]
    next(drawn)
    assert asked == [0, 1]


def test_memory_stays_flat_over_hundreds_of_frames() -> None:
    """The original's scripts hold every frame: 600 MB for 81 of them."""
    scene = draw(Figure(Conv(20, 3, padding=1)))
    width, height = scene.pixel_size(8)
    drawn = frames(scene, 8)
    gone = [weakref.ref(frame) for frame in islice(drawn, 3)]
    tracemalloc.start()
    try:
        gone.extend(weakref.ref(frame) for frame in drawn)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(gone) == 400
    assert not any(reference() is not None for reference in gone[:-1])
    assert peak < 8 * width * height * 4


def test_static_tracks_are_painted_where_they_belong_in_the_order() -> None:
    """Not all of them lie behind the moving ones, and what moves must leave nothing behind for the next frame."""
    red, green, blue = (255, 0, 0), (0, 255, 0), (0, 0, 255)

    def square(left: float, color: tuple[int, int, int]) -> Polygon:
        return Polygon((((left, 0), (left + 2, 0), (left + 2, 1), (left, 1)),), color)

    tracks = (
        Track.still("below", lambda: (square(0, red),)),
        Track("moving", lambda frame: (square(frame, green),)),
        Track.still("above", lambda: (square(3, blue),)),
    )
    scene = Scene(Box(0, 0, 5, 1), (100,) * 4, tracks, PAPER, "")
    rows = [
        (green, green, PAPER, blue, blue),
        (red, green, green, blue, blue),
        (red, red, green, blue, blue),
        (red, red, PAPER, blue, blue),
    ]
    for frame, colors in zip(frames(scene, 10), rows, strict=True):
        found = [tuple(frame[pixel_of(scene, 10, (n + 0.5, 0.5))][:3]) for n in range(5)]
        assert found == list(colors)


@pytest.mark.parametrize("view", VIEWS)
def test_a_scale_of_two_doubles_the_size(view: View) -> None:
    layer = Conv(4, 3)
    once, twice = next(Figure(layer, view=view).frames()), next(Figure(layer, view=view, scale=2).frames())
    assert np.abs(np.array(twice.shape[:2]) - 2 * np.array(once.shape[:2])).max() <= 1
    rows, cols = once.shape[0] // 2 * 2, once.shape[1] // 2 * 2
    halved = twice[: 2 * rows, : 2 * cols].reshape(rows, 2, cols, 2, -1).mean(axis=(1, 3))
    assert np.abs(halved - once[:rows, :cols]).mean() < 8, "and shows the same"
    same = next(frames(draw(Figure(layer, view=view)), 60))[..., :3]
    assert np.abs(same.astype(int) - twice[..., :3]).max() == 0


@pytest.mark.parametrize("cell", [10, 29.53, 30, 41.3])
def test_grid_lines_of_the_flat_view_are_crisp(cell: float) -> None:
    """Lines snap to pixels: every one is the same few columns of the same colours, wherever it falls."""
    layer = Conv(6, 2, stride=1)
    scene = draw(Figure(layer, view="flat"))
    frame = next(frames(scene, cell))
    output = output_plane(layer, "flat")
    row, _ = pixel_of(scene, cell, output.point(3.5, 2.5))
    _, start = pixel_of(scene, cell, output.point(3.5, 0.5))
    _, end = pixel_of(scene, cell, output.point(3.5, 4.5))
    strip = [tuple(pixel[:3]) for pixel in frame[row, start:end]]
    lines: list[list[tuple[int, ...]]] = []
    inside = False
    for color in strip:
        if color != OUTPUT and not inside:
            lines.append([])
        inside = color != OUTPUT
        if inside:
            lines[-1].append(color)
    assert len(lines) == 4
    assert all(line == lines[0] for line in lines)
    assert len(lines[0]) <= math.ceil(0.8 * POINT * cell) + 1
    darkest = min(sum(color) for color in lines[0])
    assert darkest <= sum((0, 43, 54)) + 0.35 * sum(OUTPUT)


BLACK: Final[Color] = (0, 0, 0)
SQUARES: Final[tuple[Color, ...]] = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))


def one(item: Item) -> Items:
    return (item,)


def square(left: float, color: Color) -> Polygon:
    return Polygon((((left, 0), (left + 1, 0), (left + 1, 1), (left, 1)),), color)


class Counted:
    """A track that remembers which frames it was asked for."""

    def __init__(self, name: str, color: Color) -> None:
        self.name, self.color = name, color
        self.asked: list[int] = []

    def draw(self, frame: int) -> Items:
        self.asked.append(frame)
        return (square(frame, self.color),)

    def still(self) -> Items:
        self.asked.append(-1)
        return (square(0, self.color),)


def colors_of(scene: Scene, frame: Pixels, cells: int) -> list[Color]:
    """The colour in the middle of each of some cells in a row."""
    places = (pixel_of(scene, 10, (cell + 0.5, 0.5)) for cell in range(cells))
    return [(int(red), int(green), int(blue)) for red, green, blue, _ in (frame[place] for place in places)]


def test_a_track_is_seen_in_its_span_only_and_counts_from_its_start() -> None:
    """Acts follow each other; also where the first track of a scene is not seen at first."""
    red, green, blue, _ = SQUARES
    tracks = (
        Track.still("late", lambda: (square(0, red),)).during(3, 2),
        Track("moving", lambda frame: (square(1 + frame, green),)).during(1, 2),
        Track.still("always", lambda: (square(4, blue),)),
        Track("nested", lambda frame: (square(3 - frame, blue),)).during(1, 1).during(3, 9),
    )
    scene = Scene(Box(0, 0, 5, 1), (100,) * 6, tracks, PAPER, "")
    rows = [
        (PAPER, PAPER, PAPER, PAPER, blue),
        (PAPER, green, PAPER, PAPER, blue),
        (PAPER, PAPER, green, PAPER, blue),
        (red, PAPER, PAPER, PAPER, blue),
        (red, PAPER, PAPER, blue, blue),
        (PAPER, PAPER, PAPER, PAPER, blue),
    ]
    assert [tuple(colors_of(scene, frame, 5)) for frame in frames(scene, 10)] == rows


def test_what_stays_is_made_once_and_only_when_it_is_seen() -> None:
    """Ahead of the first moving track, behind it, and in an act; a matrix has thousands of texts."""
    below, moving, above, act = (Counted(str(n), color) for n, color in enumerate(SQUARES))
    tracks = (
        Track.still("below", below.still),
        Track("moving", moving.draw),
        Track.still("above", above.still),
        Track.still("act", act.still).during(2, 2),
    )
    drawn = frames(Scene(Box(0, 0, 5, 1), (100,) * 5, tracks, PAPER, ""), 10)
    next(drawn)
    assert (below.asked, moving.asked, above.asked, act.asked) == ([-1], [0], [-1], [])
    assert len(list(islice(drawn, 2))) == 2
    assert (moving.asked, act.asked) == ([0, 1, 2], [-1])
    assert len(list(drawn)) == 2
    assert (below.asked, moving.asked, above.asked, act.asked) == ([-1], [0, 1, 2, 3, 4], [-1], [-1])


def test_what_was_seen_in_an_act_is_let_go_after_it() -> None:
    """A long story would else hold the strokes of all its acts: here 30 KB each."""
    acts, strokes = 15, 800

    def drawn(act: int) -> Items:
        return (Line(tuple(((0.0, n / strokes), (1.0, act / acts)) for n in range(strokes)), BLACK, 0.01),)

    tracks = tuple(Track.still("act", partial(drawn, act)).during(act, 1) for act in range(acts))
    held = []
    tracemalloc.start()
    try:
        for _ in frames(Scene(Box(0, 0, 1, 1), (100,) * acts, tracks, PAPER, ""), 10):
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert held[0] > 25_000
    assert held[-1] < 4 * held[0]


def test_paint_covers_in_the_order_of_tracks_whatever_moves() -> None:
    """Four tracks over one place, of every sort: the last that is seen is on top."""
    tracks = (
        Track.still("still", lambda: (square(0, SQUARES[0]),)),
        Track("moving", lambda frame: (square(0, SQUARES[1]),)).during(1, 4),
        Track.still("act", lambda: (square(0, SQUARES[2]),)).during(2, 2),
        Track("last", lambda frame: (square(0, SQUARES[3]),)).during(3, 1),
    )
    scene = Scene(Box(0, 0, 1, 1), (100,) * 6, tracks, PAPER, "")
    top = [colors_of(scene, frame, 1)[0] for frame in frames(scene, 10)]
    assert top == [SQUARES[n] for n in (0, 1, 2, 3, 1, 0)]


def sheet(text: Text, cell: float) -> Pixels:
    """A text alone on eight by four cells."""
    scene = Scene(Box(0, 0, 8, 4), (100,), (Track.still("word", partial(one, text)),), PAPER, "")
    (frame,) = frames(scene, cell)
    return frame


def inked(text: Text, cell: float = 40) -> Box:
    """Where the ink of a text is, in cells; it must leave some."""
    frame = sheet(text, cell)
    rows, cols = np.nonzero((frame[..., :3] != 255).any(axis=2))
    return Box(
        cols.min() / cell - MARGIN,
        rows.min() / cell - MARGIN,
        (1 + cols.max()) / cell - MARGIN,
        (1 + rows.max()) / cell - MARGIN,
    )


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize(
    ("text", "math"), [("Input 10", False), ("$x_{0{,}1}$", True), (r"rows: $o = \dfrac{1}{2}$", True)]
)
@pytest.mark.parametrize("width", [20, 2])
def test_an_anchor_is_the_part_of_a_text_that_lies_there(text: str, math: bool, font: Font, width: float) -> None:
    """Also where it had to shrink; its height is the same at every anchor."""
    letters = outline(text, font, math)
    em = min(1.2, width / letters.width)
    drawn = letters.vertices[letters.codes != Outlines.CLOSEPOLY, 0]
    left, right = drawn.min() * em, drawn.max() * em
    found = {}
    for anchor, at in (("start", 0.5), ("middle", 4.0), ("end", 7.5)):
        item = Text((at, 2), text, 1.2, width, BLACK, font, anchor, math)  # type: ignore[arg-type]  # anchors by name
        found[anchor] = inked(item)
        shift = at + {"start": letters.width / 2, "middle": 0, "end": -letters.width / 2}[anchor] * em
        assert found[anchor].left == pytest.approx(shift + left, abs=0.06)
        assert found[anchor].right == pytest.approx(shift + right, abs=0.06)
    assert len({(round(box.top, 2), round(box.bottom, 2)) for box in found.values()}) == 1


@pytest.mark.parametrize("font", FONTS)
def test_capitals_are_centred_on_the_height_of_their_place(font: Font) -> None:
    box = inked(Text((4, 2), "H0", 2, 9, BLACK, font))
    assert (box.top + box.bottom) / 2 == pytest.approx(2, abs=0.06)
    assert box.bottom - box.top == pytest.approx(2 * 0.73, abs=0.1)


def test_a_text_is_drawn_in_its_font_and_as_mathematics_only_where_asked() -> None:
    texts = [Text((4, 2), "$x_{1}$", 1.5, 9, BLACK, font, math=set_as) for font in FONTS for set_as in (False, True)]
    assert len({sheet(text, 20).tobytes() for text in texts}) == 4


@pytest.mark.parametrize("text", ["", " ", "\N{ZERO WIDTH SPACE}"])
def test_a_text_without_ink_leaves_none(text: str) -> None:
    """A title may consist of what nobody sees; its width is nothing, or only blanks."""
    assert (sheet(Text((4, 2), text, 1, 9, BLACK), 20) == 255).all()


def centre(scene: Scene, columns: slice) -> float:
    """The height, in pixels from the top, around which the ink in some columns lies."""
    (frame,) = frames(scene, 10)
    dark = (255.0 - frame[:, columns, 0]).sum(axis=1)
    return float((dark * (np.arange(len(dark)) + 0.5)).sum() / dark.sum())


@pytest.mark.parametrize(
    ("item", "middle"),
    [
        (lambda y: Line((((0, y + 1), (8, y + 5)),), (0, 0, 0), 0.1), 3),
        (lambda y: Polygon((((0, y + 1), (8, y + 5), (8, y + 6), (0, y + 2)),), (0, 0, 0)), 3.5),
        (lambda y: Text((4, y + 3), "80", 3, 8, (0, 0, 0)), 3),
    ],
)
def test_what_is_slanted_or_written_lies_between_pixels_too(item: Callable[[float], Item], middle: float) -> None:
    """Snapped to pixels, tilted cells would differ in shape and letters would be bent."""
    heights = []
    for quarter in range(5):
        track = Track.still("sight", partial(one, item(quarter / 40)))
        heights.append(centre(Scene(Box(0, 0, 8, 8), (100,), (track,), PAPER, ""), slice(22, 72)))
    assert abs(heights[0] - (MARGIN + middle) * 10) < 1
    np.testing.assert_allclose(np.diff(heights), 0.25, atol=0.08)


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_painted_once_looks_as_if_painted_in_every_frame(name: str) -> None:
    """To the byte: a line painted twice would have bolder edges."""
    scene = draw(FIGURES[name])
    tracks = tuple(Track(track.name, track.at) for track in scene.tracks)
    assert not any(track.static or track.span for track in tracks)
    every_frame = frames(replace(scene, tracks=tracks), 13)
    assert [frame.tobytes() for frame in frames(scene, 13)] == [frame.tobytes() for frame in every_frame]


def test_dashes_leave_gaps_of_their_length() -> None:
    line = Line((((0, 1), (20, 1)),), (0, 0, 0), 0.2, dash=(1, 3))
    scene = Scene(Box(0, 0, 20, 2), (100,), (Track.still("canvas", partial(one, line)),), PAPER, "")
    (frame,) = frames(scene, 10)
    dark = (frame[..., 0].min(axis=0) < 128).astype(int)
    begun = np.flatnonzero(np.diff(dark) == 1)
    ended = np.flatnonzero(np.diff(dark) == -1)
    assert len(begun) == len(ended) == 5
    np.testing.assert_allclose(np.diff(begun), 40, atol=1)
    np.testing.assert_allclose(ended - begun, 10, atol=1)
    assert abs(begun[0] + 1 - MARGIN * 10) <= 1


@pytest.mark.parametrize("view", VIEWS)
def test_numbers_leave_their_marks_inside_cells_alone(view: View) -> None:
    """Long ones too: with and without numbers, the lines around the cells have the same pixels."""
    values = np.array([[1234567.25, -0.125, 7], [88888888, -1e9, 12.5], [-3, 1 / 3, 0]])
    weights = np.array([[123456, -2], [0.375, 1]])
    layer = Conv(3, 2)
    plain = Figure(layer, view=view)
    numbered = Figure(layer, view=view, input_values=values, kernel_values=weights)
    scene = draw(plain)
    pairs = zip(frames(scene, 40), frames(draw(numbered), 40), strict=True)
    planes = canvas_plane(view), output_plane(layer, view)
    sizes = layer.canvas_size, layer.output_size
    for before, after in pairs:
        marked: set[tuple[int, int, int]] = set()
        for row, col in np.argwhere((before != after).any(axis=2)):
            # The middle of the pixel, back in cells; half a pixel of snapping is granted below.
            point = scene.bounds.left - MARGIN + (col + 0.5) / 40, scene.bounds.top - MARGIN + (row + 0.5) / 40
            found = [
                (which, cell, place)
                for which, (plane, size) in enumerate(zip(planes, sizes, strict=True))
                for cell, place in [plane.cell_at(point)]
                if 0 <= cell[0] < size[0] and 0 <= cell[1] < size[1]
            ]
            assert len(found) == 1, f"a mark beside the maps, at {point}"
            which, cell, place = found[0]
            assert all(0.01 < part < 0.99 for part in place), f"a mark on the edge of {cell}: {place}"
            marked.add((which, *cell))
        assert len(marked) == 9 + 4, "a cell has no number"


@pytest.mark.parametrize("name", FIGURES)
def test_images_are_as_they_were(name: str) -> None:
    """A middle frame, within what another version of FreeType or Agg may change at the edges."""
    path = FOLDER / "frames" / f"{name}.png"
    drawn = list(frames(draw(FIGURES[name]), 11))
    frame = drawn[len(drawn) // 2]
    if REGENERATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(frame).save(path, optimize=True)
        pytest.skip("written anew")
    with Image.open(path) as image:
        golden: npt.NDArray[np.int_] = np.asarray(image.convert("RGBA")).astype(int)
    assert golden.shape == frame.shape
    difference = np.abs(golden - frame)
    assert difference.mean() < 1
    assert (difference.max(axis=2) > 48).mean() < 0.01


def test_rendering_loads_no_pyplot() -> None:
    """It would set up windows and read the user's matplotlibrc for what is seen here."""
    program = (
        "import sys; from convgif.drawing import draw; from convgif.rendering import frames; "
        "from convgif.figure import Figure; from convgif.arithmetic import Conv; "
        "print(len(list(frames(draw(Figure(Conv(3, 2), values='random')), 9))), "
        "'matplotlib' in sys.modules, 'matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["4", "True", "False"]
