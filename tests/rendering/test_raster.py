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
from typing import Final, get_args

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.path import Path as Outlines
from PIL import Image

from convgif.arithmetic import AvgPool, Conv, ConvTranspose
from convgif.drawing.composition import compose
from convgif.drawing.metrics import FONTS, Font
from convgif.drawing.scene import MARGIN, POINT, Anchor, Box, Item, Items, Line, Polygon, Run, Scene, Text, Track
from convgif.figure import Figure
from convgif.registry import THEMES, VIEWS
from convgif.rendering import raster
from convgif.rendering.lettering import outline
from convgif.rendering.raster import Pixels, frames
from convgif.themes import theme_of
from convgif.themes.theme import Color, Theme
from tests.arithmetic.oracle import AnyLayer, canvas_map, spans
from tests.drawing import golden
from tests.drawing.plane import Pair, Place, Plane, canvas_plane, output_plane
from tests.rendering.samples import FIGURES, PAINTS, layer_for, painted, scene_of, some, square, still

SOLARIZED: Final[Theme] = THEMES["solarized"]
PAPER: Final = (255, 255, 255)
RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)
SQUARES: Final = {"input": RED, "output": GREEN, "kernel": BLUE, "cut": YELLOW}
"""Roles of areas, with their colours in `PAINTS`."""
MAPS: Final = ("isometric", "flat")
"""Views that show a canvas and an output map, which are found here a second way."""

LAYERS: Final[tuple[AnyLayer, ...]] = (
    Conv(5, 3, stride=2, padding=1),
    Conv(3, 1),
    Conv((3, 6), (2, 3), padding=(2, 0), dilation=(1, 2)),
    ConvTranspose(3, 3, stride=2, padding=1, output_padding=1),
    ConvTranspose(2, 1, stride=5, padding=1),
    AvgPool((4, 2), 2, stride=1, padding=1),
)


def drawn(figure: Figure, cell: float, only: list[int] | None = None) -> Iterator[Pixels]:
    """The frames of a figure at so many pixels a cell."""
    scene, theme, _ = painted(figure)
    return frames(scene, theme, cell, only)


def pixel_of(scene: Scene, cell: float, point: Place) -> tuple[int, int]:
    """(row, column) of the pixel at a point of the scene: all is drawn within a margin from the top left."""
    left, top, _, _ = scene.bounds
    return math.floor((MARGIN + point[1] - top) * cell), math.floor((MARGIN + point[0] - left) * cell)


def distance(point: Place, start: Place, end: Place) -> float:
    """From a point to a straight line between two points."""
    (x, y), (dx, dy) = (point[0] - start[0], point[1] - start[1]), (end[0] - start[0], end[1] - start[1])
    along = min(1.0, max(0.0, (x * dx + y * dy) / (dx * dx + dy * dy)))
    return math.hypot(x - along * dx, y - along * dy)


def expected_colors(layer: AnyLayer, view: str, frame: int, theme: Theme) -> Iterator[tuple[Place, Color]]:
    """Middles of cells with their colour, apart from those that a sight line passes."""
    step, found = list(layer.steps())[frame], canvas_map(layer)
    canvas, output = canvas_plane(view), output_plane(layer, view)
    read, cell = {tap.canvas for tap in step.taps}, pair(step.output)
    sights = list(sight_lines(layer, pair(step.taps[0].canvas), cell, canvas, output)) if view == "isometric" else []
    for place, mark in np.ndenumerate(found):
        middle = canvas.point(place[0] + 0.5, place[1] + 0.5)
        if all(distance(middle, *ends) > 0.15 for ends in sights):
            shaded = ("shadow_on_canvas", "shadow_on_input") if place in read else ("blank", "input")
            yield middle, theme[shaded[int(mark >= 0)]].color or theme.paper or PAPER
    for place in np.ndindex(*layer.output_size):
        shade = theme["shadow_on_output" if place == cell else "output"].color
        assert shade is not None
        yield output.point(place[0] + 0.5, place[1] + 0.5), shade


def pair(cell: tuple[int, ...]) -> Pair:
    row, col = cell
    return row, col


def sight_lines(
    layer: AnyLayer, window: Pair, cell: Pair, canvas: Plane, output: Plane
) -> Iterator[tuple[Place, Place]]:
    """From the corners of the window to those of the output cell."""
    rows, cols = spans(layer)
    for row, col in ((0, 0), (0, 1), (1, 0), (1, 1)):
        yield canvas.point(window[0] + row * rows, window[1] + col * cols), output.point(cell[0] + row, cell[1] + col)


@pytest.mark.parametrize("cell", [16, 29.53])
@pytest.mark.parametrize("theme", ["solarized", "muted", "print-dark"])
@pytest.mark.parametrize("view", MAPS)
@pytest.mark.parametrize("layer", LAYERS)
def test_the_middle_of_every_cell_has_exactly_its_colour(layer: AnyLayer, view: str, theme: str, cell: float) -> None:
    scene, paints = compose(Figure(layer, view=view)), THEMES[theme]
    last = len(scene.durations) - 1
    chosen = sorted({0, last // 2, last})
    for number, image in zip(chosen, frames(scene, paints, cell, chosen), strict=True):
        seen = 0
        for point, color in expected_colors(layer, view, number, paints):
            row, col = pixel_of(scene, cell, point)
            assert tuple(image[row, col]) == color, f"frame {number}, {point}"
            seen += 1
        assert seen > (np.prod(layer.canvas_size) + last + 1) / 2


@pytest.mark.parametrize("cell", [4, 13.7])
@pytest.mark.parametrize("name", FIGURES)
def test_frames_are_bytes_of_the_scenes_size_one_for_each_duration(name: str, cell: float) -> None:
    scene, theme, _ = painted(FIGURES[name])
    width, height = scene.pixel_size(cell)
    images = list(frames(scene, theme, cell))
    assert len(images) == len(scene.durations)
    assert {image.shape for image in images} == {(height, width, 4 if theme.paper is None else 3)}
    assert {image.dtype for image in images} == {np.dtype(np.uint8)}
    if FIGURES[name].view == "isometric":
        assert len({image.tobytes() for image in images}) == len(images), "every step looks different"


@pytest.mark.parametrize("view", VIEWS)
def test_paper_is_behind_everything_unless_it_is_transparent(view: str) -> None:
    figure = Figure(layer_for(view), view=view, random=0)
    scene, night = scene_of(figure), THEMES["dark"]
    for theme, ground in ((SOLARIZED, PAPER), (night, night.paper), (night.transparent(), (0, 0, 0, 0))):
        (image,) = frames(scene, theme, 12, [0])
        for corner in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
            assert tuple(image[corner]) == ground


@pytest.mark.parametrize("view", VIEWS)
def test_a_transparent_figure_on_paper_is_the_opaque_one(view: str) -> None:
    """Straight alpha: colours are not darkened where they are half transparent, at the edges of lines."""
    scene = scene_of(Figure(layer_for(view), view=view))
    (clear,) = (image.astype(float) for image in frames(scene, SOLARIZED.transparent(), 20, [0]))
    alpha = clear[..., 3:] / 255
    laid = clear[..., :3] * alpha + 255 * (1 - alpha)
    (opaque,) = (image.astype(float) for image in frames(scene, SOLARIZED, 20, [0]))
    assert set(np.unique(alpha)) >= {0.0, 1.0}
    assert np.abs(laid - opaque).max() <= 6


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_gives_the_same_bytes(name: str) -> None:
    figure = FIGURES[name]
    chosen = some(scene_of(figure))
    first = [image.tobytes() for image in drawn(figure, 13, chosen)]
    assert [image.tobytes() for image in frames(compose(figure), theme_of(figure), 13, chosen)] == first


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_painted_where_something_changed_is_as_if_all_was_painted(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the last bit, in any order of the frames; and nothing changes beyond the parts that are told."""
    scene, theme, _ = painted(FIGURES[name])
    chosen = [*range(min(len(scene.durations), 12)), 0, 0, len(scene.durations) - 1]
    whole = [*frames(scene, theme, 13, chosen)]
    monkeypatch.setattr(raster, "MANY", 0)
    for image, expected in zip(frames(scene, theme, 13, chosen), whole, strict=True):
        np.testing.assert_array_equal(image, expected)
    last: Pixels | None = None
    for pixels, parts in raster.changes(scene, theme, 13, chosen):
        if last is not None:
            beyond = (pixels != last).any(axis=-1)
            for part in parts:
                beyond[part] = False
            assert not beyond.any()
        last = pixels.copy()


def test_only_some_frames_in_any_order() -> None:
    figure = FIGURES["isometric, plain"]
    every = [image.tobytes() for image in drawn(figure, 13)]
    assert [image.tobytes() for image in drawn(figure, 13, [5, 0, 5])] == [every[5], every[0], every[5]]


def test_frames_do_not_share_memory() -> None:
    """Who writes on a frame, or keeps it, has it for himself."""
    scene = scene_of(FIGURES["isometric, plain"])
    untouched = list(frames(scene, PAINTS, 10))
    kept: list[Pixels] = []
    for frame, expected in zip(frames(scene, PAINTS, 10), untouched, strict=True):
        np.testing.assert_array_equal(frame, expected)
        assert frame.flags.writeable
        assert not any(np.shares_memory(frame, other) for other in kept)
        frame[:] = 77
        kept.append(frame)
    assert all((frame == 77).all() for frame in kept)


def test_two_runs_over_one_scene_do_not_disturb_each_other() -> None:
    scene = scene_of(FIGURES["isometric, plain"])
    alone = list(frames(scene, PAINTS, 10))
    for first, second, expected in zip(frames(scene, PAINTS, 10), frames(scene, PAINTS, 10), alone, strict=True):
        np.testing.assert_array_equal(first, expected)
        np.testing.assert_array_equal(second, expected)


def test_frames_are_drawn_when_they_are_asked_for() -> None:
    asked: list[int] = []

    def items(frame: int) -> Items:
        asked.append(frame)
        return (square(0, width=frame + 1),)

    scene = Scene(Box(0, 0, 9, 1), (100,) * 9, (Track("shadow", items),), "")
    images = frames(scene, PAINTS, 5)
    next(images)
    assert asked == [0]
    next(images)
    assert asked == [0, 1]


def test_memory_stays_flat_over_hundreds_of_frames() -> None:
    """The original's scripts hold every frame: 600 MB for 81 of them."""
    scene = compose(Figure(Conv(14, 3, padding=1)))
    width, height = scene.pixel_size(8)
    images = frames(scene, SOLARIZED, 8)
    gone = [weakref.ref(image) for image in islice(images, 3)]
    tracemalloc.start()
    try:
        gone.extend(weakref.ref(image) for image in images)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(gone) == 196
    assert not any(reference() is not None for reference in gone[:-1])
    assert peak < 8 * width * height * 4


def test_static_tracks_are_painted_where_they_belong_in_the_order() -> None:
    """Not all of them lie behind the moving ones, and what moves must leave nothing behind for the next frame."""
    tracks = (
        Track.still("below", lambda: (square(0, "input", 2),)),
        Track("moving", lambda frame: (square(frame, "output", 2),)),
        Track.still("above", lambda: (square(3, "kernel", 2),)),
    )
    scene = Scene(Box(0, 0, 5, 1), (100,) * 4, tracks, "")
    rows = [
        (GREEN, GREEN, PAPER, BLUE, BLUE),
        (RED, GREEN, GREEN, BLUE, BLUE),
        (RED, RED, GREEN, BLUE, BLUE),
        (RED, RED, PAPER, BLUE, BLUE),
    ]
    assert [tuple(colors_of(scene, image, 5)) for image in frames(scene, PAINTS, 10)] == rows


@pytest.mark.parametrize("view", VIEWS)
def test_a_scale_of_two_doubles_the_size(view: str) -> None:
    layer = layer_for(view)
    sizes = Figure(layer, view=view), Figure(layer, view=view, scale=2)
    once, twice = (next(drawn(figure, figure.cell_pixels)) for figure in sizes)
    assert np.abs(np.array(twice.shape[:2]) - 2 * np.array(once.shape[:2])).max() <= 1
    rows, cols = once.shape[0] // 2 * 2, once.shape[1] // 2 * 2
    halved = twice[: 2 * rows, : 2 * cols].reshape(rows, 2, cols, 2, -1).mean(axis=(1, 3))
    assert np.abs(halved - once[:rows, :cols]).mean() < 8, "and shows the same"


@pytest.mark.parametrize("cell", [10, 29.53, 30, 41.3])
def test_grid_lines_of_the_flat_view_are_crisp(cell: float) -> None:
    """Lines snap to pixels: every one is the same few columns of the same colours, wherever it falls."""
    layer = Conv(6, 2, stride=1)
    scene, color = scene_of(Figure(layer, view="flat")), SOLARIZED["output"].color
    image = next(frames(scene, SOLARIZED, cell))
    output = output_plane(layer, "flat")
    row, _ = pixel_of(scene, cell, output.point(3.5, 2.5))
    _, start = pixel_of(scene, cell, output.point(3.5, 0.5))
    _, end = pixel_of(scene, cell, output.point(3.5, 4.5))
    lines: list[list[tuple[int, ...]]] = []
    inside = False
    for pixel in map(tuple, image[row, start:end]):
        if pixel != color and not inside:
            lines.append([])
        inside = pixel != color
        if inside:
            lines[-1].append(pixel)
    assert len(lines) == 4
    assert all(line == lines[0] for line in lines)
    assert len(lines[0]) <= math.ceil(0.8 * POINT * cell) + 1
    assert min(map(sum, lines[0])) <= sum((0, 43, 54)) + 0.35 * sum(color or ())


class Counted:
    """A track that remembers which frames it was asked for."""

    def __init__(self, role: str) -> None:
        self.role = role
        self.asked: list[int] = []

    def draw(self, frame: int) -> Items:
        self.asked.append(frame)
        return (square(frame, self.role),)

    def still(self) -> Items:
        self.asked.append(-1)
        return (square(0, self.role),)


def colors_of(scene: Scene, image: Pixels, cells: int) -> list[Color]:
    """The colour in the middle of each of some cells in a row."""
    places = (pixel_of(scene, 10, (cell + 0.5, 0.5)) for cell in range(cells))
    return [(int(red), int(green), int(blue)) for red, green, blue in (image[place][:3] for place in places)]


def test_a_track_is_seen_in_its_span_only_and_counts_from_its_start() -> None:
    """Acts follow each other; also where the first track of a scene is not seen at first."""
    tracks = (
        Track.still("late", lambda: (square(0, "input"),)).during(3, 2),
        Track("moving", lambda frame: (square(1 + frame, "output"),)).during(1, 2),
        Track.still("always", lambda: (square(4, "kernel"),)),
        Track("nested", lambda frame: (square(3 - frame, "kernel"),)).during(1, 1).during(3, 9),
    )
    scene = Scene(Box(0, 0, 5, 1), (100,) * 6, tracks, "")
    rows = [
        (PAPER, PAPER, PAPER, PAPER, BLUE),
        (PAPER, GREEN, PAPER, PAPER, BLUE),
        (PAPER, PAPER, GREEN, PAPER, BLUE),
        (RED, PAPER, PAPER, PAPER, BLUE),
        (RED, PAPER, PAPER, BLUE, BLUE),
        (PAPER, PAPER, PAPER, PAPER, BLUE),
    ]
    assert [tuple(colors_of(scene, image, 5)) for image in frames(scene, PAINTS, 10)] == rows


def test_what_stays_is_made_once_and_only_when_it_is_seen() -> None:
    """Ahead of the first moving track, behind it, and in an act; a matrix has thousands of texts."""
    below, moving, above, act = map(Counted, SQUARES)
    tracks = (
        Track.still("below", below.still),
        Track("moving", moving.draw),
        Track.still("above", above.still),
        Track.still("act", act.still).during(2, 2),
    )
    images = frames(Scene(Box(0, 0, 5, 1), (100,) * 5, tracks, ""), PAINTS, 10)
    next(images)
    assert (below.asked, moving.asked, above.asked, act.asked) == ([-1], [0], [-1], [])
    assert len(list(islice(images, 2))) == 2
    assert (moving.asked, act.asked) == ([0, 1, 2], [-1])
    assert len(list(images)) == 2
    assert (below.asked, moving.asked, above.asked, act.asked) == ([-1], [0, 1, 2, 3, 4], [-1], [-1])


def test_what_was_seen_in_an_act_is_let_go_after_it() -> None:
    """A long story would else hold the strokes of all its acts: here 30 KB each."""
    acts, strokes = 15, 800

    def lines(act: int) -> Items:
        return (Line(tuple(((0.0, n / strokes), (1.0, act / acts)) for n in range(strokes)), "line", 0.01),)

    tracks = tuple(Track.still("act", partial(lines, act)).during(act, 1) for act in range(acts))
    held = []
    tracemalloc.start()
    try:
        for _ in frames(Scene(Box(0, 0, 1, 1), (100,) * acts, tracks, ""), PAINTS, 10):
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert held[0] > 25_000
    assert held[-1] < 4 * held[0]


def test_paint_covers_in_the_order_of_tracks_whatever_moves() -> None:
    """Four tracks over one place, of every sort: the last that is seen is on top."""
    tracks = (
        Track.still("still", lambda: (square(0, "input"),)),
        Track("moving", lambda frame: (square(0, "output"),)).during(1, 4),
        Track.still("act", lambda: (square(0, "kernel"),)).during(2, 2),
        Track("last", lambda frame: (square(0, "cut"),)).during(3, 1),
    )
    scene = Scene(Box(0, 0, 1, 1), (100,) * 6, tracks, "")
    top = [colors_of(scene, image, 1)[0] for image in frames(scene, PAINTS, 10)]
    assert top == [RED, GREEN, BLUE, YELLOW, GREEN, RED]


def test_hatching_is_on_its_cell_and_below_its_neighbours_paint() -> None:
    """On the diagonals of the cell, in the hatch's colour; nothing of it beside the cell."""
    theme = THEMES["colorblind"].replaced({"shadow_on_input": "#fff"})
    (image,) = frames(still(square(1, "shadow_on_input"), square(2, "output"), box=Box(0, 0, 4, 1)), theme, 60, [0])
    dark = image.max(axis=2) < 128
    left = round((MARGIN + 1) * 60)
    rows, cols = np.nonzero(dark)
    assert left <= cols.min() <= left + 3
    assert cols.max() <= left + 60
    top = rows.min()
    for row, col in ((15, 15), (30, 30), (45, 45)):
        assert dark[top + row - 2 : top + row + 3, left + col - 2 : left + col + 3].any()
    assert not dark[top + 20 : top + 25, left + 20 : left + 25].any()


def test_solid_lines_in_place_of_dashed_ones_meet_at_the_corners() -> None:
    lines = Line((((1, 1), (3, 1)), ((1, 3), (1, 1))), "blank_line", 0.2, (0.1, 0.1))
    theme = THEMES["muted"].replaced({"line": "#000"})
    (image,) = frames(still(lines), theme, 30, [0])
    row, col = pixel_of(still(lines), 30, (0.93, 0.93))
    assert tuple(image[row, col]) == (0, 0, 0)


def sheet(text: Text, cell: float, theme: Theme = SOLARIZED) -> Pixels:
    """A text alone on eight by four cells."""
    (image,) = frames(still(text), theme, cell)
    return image


def inked(text: Text, cell: float = 40, theme: Theme = SOLARIZED) -> Box:
    """Where the ink of a text is, in cells; it must leave some."""
    rows, cols = np.nonzero((sheet(text, cell, theme) != 255).any(axis=2))
    return Box(
        cols.min() / cell - MARGIN,
        rows.min() / cell - MARGIN,
        (1 + cols.max()) / cell - MARGIN,
        (1 + rows.max()) / cell - MARGIN,
    )


NAMES: Final[dict[Font, str]] = {"sans": "solarized", "serif": "print"}
"""Themes whose words have that font."""


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("runs", [(Run("Input 10"),), (Run("x", slanted=True), Run("0,1", scale=0.7, rise=-0.16))])
@pytest.mark.parametrize("width", [20, 2])
def test_an_anchor_is_the_part_of_a_text_that_lies_there(runs: tuple[Run, ...], font: Font, width: float) -> None:
    """Also where it had to shrink; its height is the same at every anchor."""
    letters = outline(runs, font)
    em = min(1.2, width / letters.width)
    drawn = letters.vertices[letters.codes != Outlines.CLOSEPOLY, 0]
    left, right = drawn.min() * em, drawn.max() * em
    found = {}
    for anchor, at in zip(get_args(Anchor), (0.5, 4.0, 7.5), strict=True):
        box = found[anchor] = inked(Text((at, 2), runs, 1.2, width, "words", anchor), theme=THEMES[NAMES[font]])
        shift = at + {"start": letters.width / 2, "middle": 0, "end": -letters.width / 2}[anchor] * em
        assert box.left == pytest.approx(shift + left, abs=0.06)
        assert box.right == pytest.approx(shift + right, abs=0.06)
    assert len({(round(box.top, 2), round(box.bottom, 2)) for box in found.values()}) == 1


@pytest.mark.parametrize("font", FONTS)
def test_capitals_are_centred_on_the_height_of_their_place(font: Font) -> None:
    box = inked(Text.of((4, 2), "H0", 2, 9, "words"), theme=THEMES[NAMES[font]])
    assert (box.top + box.bottom) / 2 == pytest.approx(2, abs=0.06)
    assert box.bottom - box.top == pytest.approx(2 * 0.73, abs=0.1)


@pytest.mark.parametrize("sign", ["⋯", "⋮", "⋱", "→"])
def test_signs_that_the_serif_font_lacks_are_those_of_the_other(sign: str) -> None:
    serif, sans = (inked(Text.of((2, 2), sign, 1, 3, "words"), theme=THEMES[NAMES[font]]) for font in ("serif", "sans"))
    assert (serif.right - serif.left, serif.bottom - serif.top) == pytest.approx(
        (sans.right - sans.left, sans.bottom - sans.top), abs=0.05
    )


@pytest.mark.parametrize("text", ["", " ", "\N{ZERO WIDTH SPACE}"])
def test_a_text_without_ink_leaves_none(text: str) -> None:
    """A title may consist of what nobody sees; its width is nothing, or only blanks."""
    assert (sheet(Text.of((4, 2), text, 1, 9, "text"), 20) == 255).all()


def centre(scene: Scene, columns: slice) -> float:
    """The height, in pixels from the top, around which the ink in some columns lies."""
    (image,) = frames(scene, SOLARIZED.replaced({"line": "#000", "input": "#000"}), 10)
    dark = (255.0 - image[:, columns, 0]).sum(axis=1)
    return float((dark * (np.arange(len(dark)) + 0.5)).sum() / dark.sum())


@pytest.mark.parametrize(
    ("item", "middle"),
    [
        (lambda y: Line((((0, y + 1), (8, y + 5)),), "line", 0.1), 3),
        (lambda y: Polygon((((0, y + 1), (8, y + 5), (8, y + 6), (0, y + 2)),), "input"), 3.5),
        (lambda y: Text.of((4, y + 3), "80", 3, 8, "text"), 3),
    ],
)
def test_what_is_slanted_or_written_lies_between_pixels_too(item: Callable[[float], Item], middle: float) -> None:
    """Snapped to pixels, tilted cells would differ in shape and letters would be bent."""
    heights = [centre(still(item(quarter / 40), box=Box(0, 0, 8, 8)), slice(22, 72)) for quarter in range(5)]
    assert abs(heights[0] - (MARGIN + middle) * 10) < 1
    np.testing.assert_allclose(np.diff(heights), 0.25, atol=0.08)


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_painted_once_looks_as_if_painted_in_every_frame(name: str) -> None:
    """To the byte: a line painted twice would have bolder edges."""
    scene, theme, _ = painted(FIGURES[name])
    tracks = tuple(Track(track.name, track.at) for track in scene.tracks)
    assert not any(track.static or track.span for track in tracks)
    every_frame = frames(replace(scene, tracks=tracks), theme, 13)
    assert [image.tobytes() for image in frames(scene, theme, 13)] == [image.tobytes() for image in every_frame]


def test_dashes_leave_gaps_of_their_length() -> None:
    line = Line((((0, 1), (20, 1)),), "line", 0.2, dash=(1, 3))
    (image,) = frames(still(line, box=Box(0, 0, 20, 2)), SOLARIZED, 10)
    dark = (image[..., 0].min(axis=0) < 128).astype(int)
    begun = np.flatnonzero(np.diff(dark) == 1)
    ended = np.flatnonzero(np.diff(dark) == -1)
    assert len(begun) == len(ended) == 5
    np.testing.assert_allclose(np.diff(begun), 40, atol=1)
    np.testing.assert_allclose(ended - begun, 10, atol=1)
    assert abs(begun[0] + 1 - MARGIN * 10) <= 1


@pytest.mark.parametrize("view", MAPS)
def test_numbers_leave_their_marks_inside_cells_alone(view: str) -> None:
    """Long ones too: with and without numbers, the lines around the cells have the same pixels."""
    values = [[1234567.25, -0.125, 7], [88888888, -1e9, 12.5], [-3, 1 / 3, 0]]
    weights = [[123456, -2], [0.375, 1]]
    layer = Conv(3, 2)
    plain, numbered = Figure(layer, view=view), Figure(layer, view=view, input=values, weight=weights)
    scene = scene_of(plain)
    planes = canvas_plane(view), output_plane(layer, view)
    sizes = layer.canvas_size, layer.output_size
    for before, after in zip(drawn(plain, 40), drawn(numbered, 40), strict=True):
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


@pytest.mark.parametrize("name", ["padding_strides", "flat_muted"])
def test_images_are_as_they_were(name: str) -> None:
    """A middle frame, within what another version of FreeType or Agg may change at the edges."""
    path = golden.FOLDER / "frames" / f"{name}.png"
    images = list(drawn(golden.FIGURES[name], 11))
    image = images[len(images) // 2]
    if golden.REGENERATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path, optimize=True)
        pytest.skip("written anew")
    with Image.open(path) as opened:
        known: npt.NDArray[np.int_] = np.asarray(opened.convert("RGB")).astype(int)
    assert known.shape == image.shape
    difference = np.abs(known - image)
    assert difference.mean() < 1
    assert (difference.max(axis=2) > 48).mean() < 0.01


def test_rendering_loads_no_pyplot() -> None:
    """It would set up windows and read the user's matplotlibrc for what is seen here."""
    program = (
        "import sys; from convgif.drawing.composition import compose; from convgif.rendering.raster import frames; "
        "from convgif.registry import THEMES; from convgif.figure import Figure; from convgif.arithmetic import Conv; "
        "print(len(list(frames(compose(Figure(Conv(3, 2), random=0)), THEMES['print'], 9))), "
        "'matplotlib' in sys.modules, 'matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["4", "True", "False"]
