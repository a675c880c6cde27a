"""The isometric view: small layers in every frame, and random ones."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path as MplPath

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing.composition import compose
from convgif.drawing.metrics import width_of
from convgif.drawing.parts.crossings import letters_box, meets
from convgif.drawing.scene import Box, Items, Line, Point, Polygon, Text
from convgif.drawing.views import isometric
from convgif.figure import Figure
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, seeds, small_layers
from tests.drawing.cases import CASES, chosen, drawable, numbered
from tests.drawing.plane import POINT
from tests.drawing.truth import check, check_numbers, of_kind, points_of, shown, text_box

SOME: Final = settings(REPEATABLE, max_examples=40)


def test_small_layers_are_drawn_as_they_compute() -> None:
    """A quarter of them; the others are drawn flat."""
    for layer in islice(small_layers(), 0, None, 5):
        if layer.ndim < 3:
            check(Figure(layer))


@SOME
@given(drawable("isometric"), st.data())
def test_random_layers_are_drawn_as_they_compute(layer: AnyLayer, data: st.DataObject) -> None:
    check(Figure(layer), chosen(layer, data))


@pytest.mark.parametrize("name", CASES)
def test_layers_that_are_easily_drawn_wrong(name: str) -> None:
    """Plain, and with the kernel at work after everything that can be shown before and beside it."""
    check(Figure(CASES[name]))
    check(Figure(CASES[name], reveal=True, prologue=True, labels=True, caption=True))


@SOME
@given(drawable("isometric"), seeds(), st.booleans())
def test_numbers_stand_in_their_cells(layer: AnyLayer, seed: int, reveal: bool) -> None:
    """Where outputs are revealed, after n frames exactly the first n."""
    figure, x, w = numbered(layer, "isometric", seed, reveal=reveal)
    check(figure, [0])
    check_numbers(figure, x, w)


@SOME
@given(drawable("isometric"))
def test_the_output_floats_a_cell_above_the_canvas(layer: AnyLayer) -> None:
    """Planes rise by half a cell a cell: y + x/2 is the height below the line through the canvas's far edge."""
    tracks = {track.name: track for track in isometric.draw(Figure(layer)).tracks}
    lower = [item for name in ("canvas", "cut") if name in tracks for item in tracks[name].at(0)]
    canvas = [y + x / 2 for x, y in points_of(lower)]
    output = [y + x / 2 for x, y in points_of(tracks["output"].at(0))]
    assert min(canvas) - max(output) == pytest.approx(1 + 2.5 * POINT / 2)


def test_tracks_are_painted_in_the_order_of_the_original() -> None:
    """Sight lines over the kernel, and behind the output map; lines over the areas of their track."""
    tracks = list(isometric.draw(Figure(Conv(4, 3, padding=1))).tracks)
    names = ["canvas", "input", "shadow", "kernel", "sight", "output", "highlight"]
    assert [track.name for track in tracks] == names
    for track in tracks:
        kinds = [type(item) for item in track.at(0)]
        assert kinds == sorted(kinds, key=lambda kind: kind is not Polygon)
        assert Line in kinds or track.name == "shadow"


def test_frames_beyond_the_hundredth_follow_in_order() -> None:
    """144 frames; the original sorts frame 100 before frame 11."""
    assert len(check(Figure(Conv(14, 3))).durations) == 144


def test_a_crop_may_leave_no_input_on_the_canvas() -> None:
    for layer in (ConvTranspose(2, 1, stride=5, padding=1), ConvTranspose((2, 3), 1, stride=(4, 1), padding=1)):
        tracks = {track.name: track for track in check(Figure(layer)).tracks}
        assert tracks["input"].at(0) == ()
        assert of_kind(tracks["shadow"].at(0), Polygon)


def test_kinds_of_layers_with_the_same_window_look_alike() -> None:
    """What a layer does with the numbers is not drawn without numbers."""

    def drawn(layer: AnyLayer) -> list[object]:
        scene = compose(Figure(layer))
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
@given(drawable("isometric"), st.data())
def test_the_names_of_the_planes_stand_clear_of_everything(layer: AnyLayer, data: st.DataObject) -> None:
    """Each on the left of its own plane: no line of the drawing passes through a name."""
    scene = compose(Figure(layer, labels=True))
    for frame in chosen(layer, data):
        items = shown(scene, frame)
        texts = of_kind(items["words"], Text)
        assert [text.text for text in texts] == ["Input", "Output"]
        assert text_box(texts[1]).bottom < text_box(texts[0]).top
        for name, found in items.items():
            ends = [(a, b) for line in of_kind(found, Line) for part in line.parts for a, b in pairwise(part)]
            for text in texts:
                assert not any(crosses(line, text_box(text)) for line in ends), f"{text.text} and {name}"


NUMBERED: Final = {
    "padding and strides": Figure(Conv(5, 3, stride=2, padding=1), random=0, labels=True),
    "transposed": Figure(ConvTranspose(3, 3, stride=2, padding=1), random=0, labels=True, kernel_map=True),
    "dilated": Figure(Conv(7, 3, dilation=2), random=0, labels=True, kernel_map=True),
    "negative": Figure(Conv(5, 2, padding=1), random=0, weight=((-1, 2), (0, -12)), labels=True),
    "pooled": Figure(MaxPool(5, 3, 2, 1), random=0, labels=True, worked=True),
}


@pytest.mark.parametrize("name", NUMBERED)
def test_no_sight_line_crosses_a_text(name: str) -> None:
    """What lies in the way of a line is written above it and has a halo; names are never in the way."""
    scene = compose(NUMBERED[name])
    order = [track.name for track in scene.tracks]
    haloed = 0
    for frame in range(len(scene.durations)):
        items = {track.name: track.at(frame) for track in scene.tracks}
        lines = [part for line in of_kind(items["sight"], Line) for part in line.parts]
        above = [text for track in ("crossed", "taps") for text in of_kind(items[track], Text) if text.crossed]
        assert order.index("taps") > order.index("crossed") > order.index("sight")
        assert all(text.halo for text in above)
        haloed += len(above)
        for track in ("canvas", "input", "taps", "words"):
            for text in of_kind(items[track], Text):
                if any(meets(line, letters_box(text, room=0)) for line in lines):
                    assert track != "words"
                    assert any(text.at == over.at and text.runs == over.runs for over in above) or covered(text, items)
    assert haloed


def covered(text: Text, items: dict[str, Items]) -> bool:
    """Whether the kernel's shadow lies over a number: it is written anew there."""
    shaded = [part for area in of_kind(items["shadow"], Polygon) for part in area.parts]
    middles = [(sum(x for x, _ in part) / 4, sum(y for _, y in part) / 4) for part in shaded]
    return any(abs(x - text.at[0]) + abs(y - text.at[1]) < 0.5 for x, y in middles)


@pytest.mark.parametrize(("weight", "least"), [(None, 9), (((-1, 2, 0),) * 3, 9), (((0.5, -0.25, 1),) * 3, 8.9)])
def test_weights_can_be_read_at_the_width_of_a_page(weight: tuple[tuple[float, ...], ...] | None, least: float) -> None:
    """At 400 pixels, in pixels an em."""
    scene = compose(Figure(Conv(5, 3, stride=2, padding=1), random=0, weight=weight))
    cell = 400 / scene.pixel_size(1000)[0] * 1000
    taps = next(track for track in scene.tracks if track.name == "taps")
    for text in of_kind(taps.at(4), Text):
        assert min(text.size, text.width / width_of(text.runs)) * cell >= least


@pytest.mark.parametrize("name", CASES)
def test_the_kernel_lies_beside_the_output_and_clear_of_all_else(name: str) -> None:
    """A kernel's worth of room to the right of the output, where neither maps nor sight lines come."""
    layer = CASES[name]
    if not layer.has_weight:
        return
    scene = compose(Figure(layer, kernel_map=True))
    (track,) = [track for track in scene.tracks if track.name == "kernel" and track.static]
    (area,) = [item for item in of_kind(track.at(0), Polygon) if item.role == "kernel"]
    kernel = MplPath(area.parts[0])
    for frame in (0, len(scene.durations) - 1):
        for other in scene.tracks:
            if other is track:
                continue
            for item in other.at(frame):
                if isinstance(item, (Polygon, Line)):
                    for part in item.parts:
                        assert not kernel.intersects_path(MplPath(part), filled=True), other.name
