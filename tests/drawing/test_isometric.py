"""The isometric view: every small layer in every frame, and random ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import draw, isometric
from convgif.drawing.scene import Box, Line, Point, Polygon, Text
from convgif.figure import Figure, ThemeName
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, layers, seeds, small_layers
from tests.drawing.cases import CASES, chosen, numbered
from tests.drawing.plane import POINT, canvas_plane
from tests.drawing.truth import check, check_numbers, of_kind, painted, points_of, shown, text_box


def test_every_small_layer_is_drawn_as_it_computes() -> None:
    for layer in small_layers():
        check(Figure(layer), layer)


@REPEATABLE
@given(layers(), st.data())
def test_random_layers_are_drawn_as_they_compute(layer: AnyLayer, data: st.DataObject) -> None:
    check(Figure(layer), layer, chosen(layer, data))


@pytest.mark.parametrize("theme", ["solarized", "muted", "colorblind"])
@pytest.mark.parametrize("name", CASES)
def test_layers_that_are_easily_drawn_wrong(name: str, theme: ThemeName) -> None:
    """Plain, and with the kernel at work after everything that can be shown before and beside it."""
    layer = CASES[name]
    check(Figure(layer, theme=theme), layer)
    check(Figure(layer, theme=theme, reveal=True, prologue=True, labels=True, caption=True), layer)


@settings(REPEATABLE, max_examples=30)
@given(layers(), seeds())
def test_outputs_are_revealed_as_they_are_computed(layer: AnyLayer, seed: int) -> None:
    """After n frames exactly the first n cells are painted as computed, with their numbers; the others are pale."""
    figure, x, w = numbered(layer, "isometric", seed)
    check(replace(figure, reveal=True), layer)
    check_numbers(replace(figure, reveal=True), layer, x, w)


@REPEATABLE
@given(layers(), seeds())
def test_numbers_stand_in_their_cells(layer: AnyLayer, seed: int) -> None:
    figure, x, w = numbered(layer, "isometric", seed)
    check_numbers(figure, layer, x, w)


@REPEATABLE
@given(layers())
def test_the_output_floats_a_cell_above_the_canvas(layer: AnyLayer) -> None:
    """Planes rise by half a cell a cell: y + x/2 is the height below the line through the canvas's far edge."""
    tracks = {track.name: track for track in isometric.draw(Figure(layer)).tracks}
    lower = [item for name in ("canvas", "cut") if name in tracks for item in tracks[name].at(0)]
    canvas = [y + x / 2 for x, y in points_of(lower)]
    output = [y + x / 2 for x, y in points_of(tracks["output"].at(0))]
    assert min(canvas) - max(output) == pytest.approx(1 + 2.5 * POINT / 2)


def test_tracks_are_painted_in_the_order_of_the_original() -> None:
    """Sight lines over the kernel, and behind the output map."""
    scene = isometric.draw(Figure(Conv(4, 3)))
    assert [track.name for track in scene.tracks] == [
        "canvas",
        "input",
        "shadow",
        "kernel",
        "sight",
        "output",
        "highlight",
    ]


def test_lines_go_over_the_areas_of_their_track() -> None:
    """Else half of their width would be hidden."""
    tracks = list(isometric.draw(Figure(Conv(4, 3, padding=1))).tracks)
    for track in tracks:
        kinds = [type(item) for item in track.at(0)]
        assert kinds == sorted(kinds, key=lambda kind: kind is not Polygon)
        assert Line in kinds or track.name == "shadow"
    window = [(track.name, {type(item) for item in track.at(0)}) for track in tracks[2:4]]
    assert window == [("shadow", {Polygon}), ("kernel", {Line})]


def test_a_kernel_of_one_cell_shades_one_cell() -> None:
    """The original shades four."""
    scene = isometric.draw(Figure(Conv(3, 1)))
    shadow = {track.name: track for track in scene.tracks}["shadow"]
    for frame in range(9):
        ((cells,),) = (list(painted(shadow.at(frame), canvas_plane("isometric")).values()),)
        assert cells == [divmod(frame, 3)]


def test_frames_beyond_the_hundredth_follow_in_order() -> None:
    """144 frames; the original sorts frame 100 before frame 11."""
    layer = Conv(14, 3)
    scene = check(Figure(layer), layer)
    assert len(scene.durations) == 144


@pytest.mark.parametrize(
    "layer", [ConvTranspose(2, 1, stride=5, padding=1), ConvTranspose((2, 3), 1, stride=(4, 1), padding=1)]
)
def test_a_crop_may_leave_no_input_on_the_canvas(layer: AnyLayer) -> None:
    scene = check(Figure(layer), layer)
    tracks = {track.name: track for track in scene.tracks}
    assert tracks["input"].at(0) == ()
    assert of_kind(tracks["shadow"].at(0), Polygon)


def test_kinds_of_layers_with_the_same_window_look_alike() -> None:
    """What a layer does with the numbers is not drawn without numbers."""

    def drawn(layer: AnyLayer) -> list[object]:
        scene = draw(Figure(layer))
        return [track.at(frame) for frame in range(len(scene.durations)) for track in scene.tracks]

    conv = drawn(Conv(5, 3, stride=2, padding=1))
    assert conv == drawn(MaxPool(5, 3, stride=2, padding=1)) == drawn(AvgPool(5, 3, stride=2, padding=1))
    assert conv != drawn(Conv(5, 3, stride=2, padding=1, dilation=2))


def crosses(line: tuple[Point, Point], box: Box) -> bool:
    """Whether a straight line passes through a box: cut off at each of its sides, something is left."""
    (x, y), (to_x, to_y) = line
    begin, end = 0.0, 1.0
    for step, room in (
        (x - to_x, x - box.left),
        (to_x - x, box.right - x),
        (y - to_y, y - box.top),
        (to_y - y, box.bottom - y),
    ):
        if step == 0 and room < 0:
            return False
        if step < 0:
            begin = max(begin, room / step)
        if step > 0:
            end = min(end, room / step)
    return begin < end


@settings(REPEATABLE, max_examples=30)
@given(layers(), st.data())
def test_the_names_of_the_planes_stand_clear_of_everything(layer: AnyLayer, data: st.DataObject) -> None:
    """Each on the left of its own plane: no line of the drawing passes through a name."""
    scene = draw(Figure(layer, labels=True))
    for frame in chosen(layer, data):
        items = shown(scene, frame)
        texts = of_kind(items["words"], Text)
        assert [text.text for text in texts] == ["Input", "Output"]
        assert text_box(texts[1]).bottom < text_box(texts[0]).top
        for name, found in items.items():
            ends = [(a, b) for line in of_kind(found, Line) for part in line.parts for a, b in pairwise(part)]
            for text in texts:
                assert not any(crosses(line, text_box(text)) for line in ends), f"{text.text} and {name}"
