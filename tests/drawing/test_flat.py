"""The flat view: every small layer in every frame, random ones, and the numbers of the guide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import draw, flat
from convgif.drawing.scene import Box, Line, Polygon, Text
from convgif.figure import Figure, ThemeName
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, convs, layers, seeds, small_layers, transposed_convs
from tests.drawing.cases import CASES, chosen, numbered
from tests.drawing.golden import FIGURES
from tests.drawing.plane import canvas_plane, output_plane
from tests.drawing.truth import (
    captions,
    check,
    check_numbers,
    kernel_map_of,
    of_kind,
    painted,
    points_of,
    read,
    shown,
    text_box,
    texts_at,
)


def test_every_small_layer_is_drawn_as_it_computes() -> None:
    for layer in small_layers():
        check(Figure(layer, view="flat"), layer)


@REPEATABLE
@given(layers(), st.data())
def test_random_layers_are_drawn_as_they_compute(layer: AnyLayer, data: st.DataObject) -> None:
    check(Figure(layer, view="flat"), layer, chosen(layer, data))


@pytest.mark.parametrize("theme", ["solarized", "muted", "colorblind"])
@pytest.mark.parametrize("name", CASES)
def test_layers_that_are_easily_drawn_wrong(name: str, theme: ThemeName) -> None:
    """Plain, and with the kernel at work after everything that can be shown before and beside it."""
    layer = CASES[name]
    figure, x, w = numbered(layer, "flat", seed=1)
    figure = replace(figure, theme=theme)
    full = replace(figure, reveal=True, prologue=True, kernel_map=w is not None, labels=True, caption=True, title="x")
    check(Figure(layer, view="flat", theme=theme), layer)
    for shown_so in (figure, full):
        check(shown_so, layer)
        check_numbers(shown_so, layer, x, w)


@settings(REPEATABLE, max_examples=30)
@given(layers(), seeds())
def test_outputs_are_revealed_as_they_are_computed(layer: AnyLayer, seed: int) -> None:
    """After n frames exactly the first n cells are painted as computed, with their numbers; the others are pale."""
    figure, x, w = numbered(layer, "flat", seed)
    check(replace(figure, reveal=True), layer)
    check_numbers(replace(figure, reveal=True), layer, x, w)


@settings(REPEATABLE, max_examples=30)
@given(convs() | transposed_convs(), seeds())
def test_a_kernel_between_the_maps_changes_nothing_else(layer: AnyLayer, seed: int) -> None:
    figure, x, w = numbered(layer, "flat", seed)
    beside = replace(figure, kernel_map=True)
    check(beside, layer, frames=[0])
    check_numbers(beside, layer, x, w)
    kernel = kernel_map_of(shown(draw(beside), 0))
    left, right = canvas_plane("flat"), output_plane(layer, "flat", layer.kernel_size[1] + 1)
    box = Box.around(points_of(kernel))
    assert box.right + 1 == pytest.approx(right.left)
    assert box.left - 1 >= left.left + layer.canvas_size[1] - 1e-9


@settings(REPEATABLE, max_examples=30)
@given(layers(), st.booleans())
def test_names_stand_below_their_maps_in_one_row(layer: AnyLayer, kernel_map: bool) -> None:
    kernel_map = kernel_map and layer.has_kernel_values
    scene = draw(Figure(layer, view="flat", labels=True, kernel_map=kernel_map))
    items = shown(scene, 0)
    if kernel_map:
        items["kernel"] = kernel_map_of(items)
    texts = {text.text: text for text in of_kind(items["words"], Text)}
    maps = {"Input": "canvas", "Output": "output"} | ({"Kernel": "kernel"} if kernel_map else {})
    turned = kernel_map and isinstance(layer, ConvTranspose)
    assert texts.keys() == maps.keys() | ({"turned by 180°"} if turned else set())
    lowest = max(y for name in maps.values() for _, y in points_of(items[name]))
    assert len({texts[name].at[1] for name in maps}) == 1
    for name, track in maps.items():
        box = Box.around(points_of(items[track]))
        assert texts[name].at[0] == pytest.approx((box.left + box.right) / 2)
        assert texts[name].anchor == "middle"
        assert text_box(texts[name]).top > lowest
    if turned:
        assert texts["turned by 180°"].at[0] == texts["Kernel"].at[0]
        assert text_box(texts["turned by 180°"]).top > text_box(texts["Kernel"]).bottom


@pytest.mark.parametrize("theme", ["solarized", "muted"])
def test_a_turned_kernel_says_so_without_labels_too(theme: ThemeName) -> None:
    """Its weights are not where the layer has them: below the map where it is shown, else below everything."""
    layer = ConvTranspose(2, 2)
    figure = Figure(layer, view="flat", theme=theme, values="random")
    for frame in range(9):
        assert captions(draw(figure), frame) == ["The weights are turned by 180°."]
        items = shown(draw(replace(figure, kernel_map=True)), frame)
        assert [text.text for text in of_kind(items["words"], Text)] == ["turned by 180°"]
        assert "caption" not in items
    for other in (Figure(layer, view="flat", theme=theme), replace(figure, layer=Conv(2, 2), kernel_map=True)):
        assert not shown(draw(other), 0).keys() & {"words", "caption"}


@REPEATABLE
@given(layers(), seeds())
def test_numbers_stand_in_their_cells(layer: AnyLayer, seed: int) -> None:
    figure, x, w = numbered(layer, "flat", seed)
    check_numbers(figure, layer, x, w)


@REPEATABLE
@given(layers())
def test_the_output_stands_a_cell_to_the_right_and_no_higher_or_lower_than_the_canvas(layer: AnyLayer) -> None:
    tracks = {track.name: track for track in flat.draw(Figure(layer, view="flat")).tracks}
    canvas, output = points_of(tracks["canvas"].at(0)), points_of(tracks["output"].at(0))
    beside = canvas + (points_of(tracks["cut"].at(0)) if "cut" in tracks else [])
    assert min(x for x, _ in output) - max(x for x, _ in beside) == 1
    above = min(y for _, y in output) - min(y for _, y in canvas)
    below = max(y for _, y in canvas) - max(y for _, y in output)
    assert above - below in (0, 1), "the middle, and the lower of two"


def test_tracks_are_painted_in_order() -> None:
    """There is nothing between the maps, so no sight lines; the output is painted before what moves."""
    scene = flat.draw(Figure(Conv(4, 3), view="flat"))
    assert [track.name for track in scene.tracks] == ["canvas", "input", "output", "shadow", "kernel", "highlight"]


def test_lines_go_over_areas_and_numbers_over_both() -> None:
    order = (Polygon, Line, Text)
    tracks = list(flat.draw(Figure(Conv(4, 3, padding=1), view="flat", values="random")).tracks)
    for track in tracks:
        kinds = [order.index(type(item)) for item in track.at(0)]
        assert kinds == sorted(kinds)
        assert track.name in ("shadow", "kernel") or kinds[-1] == order.index(Text)
    window = [(track.name, {type(item) for item in track.at(0)}) for track in tracks[3:6]]
    assert window == [("shadow", {Polygon}), ("kernel", {Line}), ("taps", {Text})]


def test_a_window_is_at_its_row_where_rows_are_left_over() -> None:
    """Input 6, kernel 3, stride 2, padding 1: the original draws the window one row off."""
    layer = Conv(6, 3, stride=2, padding=1)
    x = [[10 * row + col for col in range(6)] for row in range(6)]
    figure = Figure(layer, view="flat", input_values=x, kernel_values=[[1] * 3] * 3)
    tracks = {track.name: track for track in flat.draw(figure).tracks}
    numbers, _ = texts_at(tracks["taps"].at(4), canvas_plane("flat"))
    assert numbers == {
        (2, 2): "11", (2, 3): "12", (2, 4): "13",
        (3, 2): "21", (3, 3): "22", (3, 4): "23",
        (4, 2): "31", (4, 3): "32", (4, 4): "33",
    }  # fmt: skip
    shown, _ = texts_at(tracks["highlight"].at(4), output_plane(layer, "flat"))
    assert shown == {(1, 1): "198.0"}


def test_the_guides_numbers() -> None:
    """The last frame of the guide's numerical figure, as printed there."""
    figure = FIGURES["numerical_padding_strides"]
    tracks = {track.name: track for track in flat.draw(figure).tracks}
    numbers, weights = texts_at(tracks["taps"].at(8), canvas_plane("flat"))
    assert [read(numbers[row, col]) for row in (4, 5, 6) for col in (4, 5, 6)] == [2, 2, 0, 0, 1, 0, 0, 0, 0]
    assert [read(weights[row, col]) for row in (4, 5, 6) for col in (4, 5, 6)] == [0, 1, 2, 2, 2, 0, 0, 1, 2]
    outputs, _ = texts_at(tracks["output"].at(0), output_plane(Conv(5, 3, stride=2, padding=1), "flat"))
    assert list(outputs.values()) == ["6.0", "17.0", "3.0", "8.0", "17.0", "13.0", "6.0", "4.0", "4.0"]


def test_a_kernel_of_one_cell_shades_one_cell() -> None:
    shadow = {track.name: track for track in flat.draw(Figure(Conv(3, 1), view="flat")).tracks}["shadow"]
    for frame in range(9):
        assert list(painted(shadow.at(frame), canvas_plane("flat")).values()) == [[divmod(frame, 3)]]


def test_frames_beyond_the_hundredth_follow_in_order() -> None:
    layer = Conv(14, 3)
    assert len(check(Figure(layer, view="flat"), layer).durations) == 144


def test_a_crop_may_leave_no_input_on_the_canvas() -> None:
    layer = ConvTranspose(2, 1, stride=5, padding=1)
    figure, x, w = numbered(layer, "flat", seed=2)
    check(figure, layer)
    check_numbers(figure, layer, x, w)


@pytest.mark.parametrize(
    ("layer", "mark"),
    [
        (Conv(2, 2, padding=1), "0"),
        (ConvTranspose(2, 2, stride=2), "0"),
        (MaxPool(2, 2, 1, 1), "\N{MINUS SIGN}\N{INFINITY}"),
        (AvgPool(2, 2, 1, 1), "0"),
        (AvgPool(2, 2, 1, 1, count_include_pad=False), None),
    ],
)
def test_what_cells_without_input_count_as_is_written_there(layer: AnyLayer, mark: str | None) -> None:
    figure, _, _ = numbered(layer, "flat", seed=3)
    canvas = {track.name: track for track in flat.draw(figure).tracks}["canvas"]
    texts = [item.text for item in canvas.at(0) if isinstance(item, Text)]
    beside = layer.canvas_size[0] * layer.canvas_size[1] - 4
    assert texts == ([] if mark is None else [mark] * beside)
