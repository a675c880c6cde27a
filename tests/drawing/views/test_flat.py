"""The flat view: small layers in every frame, random ones, and the numbers of the guide."""

from __future__ import annotations

from itertools import islice
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing.composition import compose
from convgif.drawing.scene import Box, Line, Polygon, Text
from convgif.drawing.views import flat
from convgif.figure import Figure
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, seeds, small_layers
from tests.drawing.cases import CASES, chosen, drawable, numbered
from tests.drawing.golden import FIGURES
from tests.drawing.plane import canvas_plane, output_plane
from tests.drawing.truth import (
    apart,
    captions,
    check,
    check_fits,
    check_numbers,
    kernel_map_of,
    lifted,
    of_kind,
    painted,
    points_of,
    read,
    shown,
    text_box,
    texts_at,
)

SOME: Final = settings(REPEATABLE, max_examples=40)
PLANAR: Final = drawable("flat").filter(lambda layer: layer.ndim == 2)
LINEAR: Final = drawable("flat").filter(lambda layer: layer.ndim == 1)


def test_small_layers_are_drawn_as_they_compute() -> None:
    for layer in islice(small_layers(), 2, None, 3):
        if layer.ndim < 3:
            check(Figure(layer, view="flat"))


@SOME
@given(drawable("flat"), st.data())
def test_random_layers_are_drawn_as_they_compute(layer: AnyLayer, data: st.DataObject) -> None:
    check(Figure(layer, view="flat"), chosen(layer, data))


@pytest.mark.parametrize("name", CASES)
def test_layers_that_are_easily_drawn_wrong(name: str) -> None:
    """Plain, and with the kernel at work after everything that can be shown before and beside it."""
    layer = CASES[name]
    figure, x, w = numbered(layer, "flat", seed=1)
    full = figure.replaced(reveal=True, prologue=True, kernel_map=w is not None, labels=True, caption=True, title="x")
    check(Figure(layer, view="flat"))
    for shown_so in (figure, full):
        check(shown_so)
        check_numbers(shown_so, x, w)


@SOME
@given(drawable("flat"), seeds(), st.booleans())
def test_numbers_stand_in_their_cells(layer: AnyLayer, seed: int, reveal: bool) -> None:
    figure, x, w = numbered(layer, "flat", seed, reveal=reveal)
    check(figure, [0])
    check_numbers(figure, x, w)


@settings(REPEATABLE, max_examples=30)
@given(PLANAR.filter(lambda layer: layer.has_weight), seeds())
def test_a_kernel_between_the_maps_changes_nothing_else(layer: AnyLayer, seed: int) -> None:
    beside, x, w = numbered(layer, "flat", seed, kernel_map=True)
    check(beside, frames=[0])
    check_numbers(beside, x, w)
    box = Box.around(points_of(kernel_map_of(shown(compose(beside), 0))))
    drawn = lifted(layer)
    left, right = canvas_plane("flat"), output_plane(drawn, "flat", drawn.kernel_size[1] + 1)
    assert box.right + 1 == pytest.approx(right.left)
    assert box.left - 1 >= left.left + drawn.canvas_size[1] - 1e-9


@settings(REPEATABLE, max_examples=30)
@given(PLANAR, st.booleans())
def test_names_stand_below_their_maps_in_one_row(layer: AnyLayer, kernel_map: bool) -> None:
    kernel_map = kernel_map and layer.has_weight
    items = shown(compose(Figure(layer, view="flat", labels=True, kernel_map=kernel_map)), 0)
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
        assert text_box(texts[name]).top > lowest
    if turned:
        assert texts["turned by 180°"].at[0] == texts["Kernel"].at[0]
        assert text_box(texts["turned by 180°"]).top > text_box(texts["Kernel"]).bottom


def test_a_turned_kernel_says_so_without_labels_too() -> None:
    """Its weights are not where the layer has them: below the map where it is shown, else below everything."""
    figure = Figure(ConvTranspose(2, 2), view="flat", random=0)
    for frame in range(9):
        assert captions(compose(figure), frame) == ["The weights are turned by 180°"]
        items = shown(compose(figure.replaced(kernel_map=True)), frame)
        assert [text.text for text in of_kind(items["words"], Text)] == ["turned by 180°"]
        assert "caption" not in items
    for other in (figure.replaced(random=None), figure.replaced(layer=Conv(2, 2), kernel_map=True)):
        assert not shown(compose(other), 0).keys() & {"words", "caption"}


@SOME
@given(PLANAR)
def test_the_output_stands_a_cell_to_the_right_and_no_higher_or_lower_than_the_canvas(layer: AnyLayer) -> None:
    tracks = {track.name: track for track in flat.draw(Figure(layer, view="flat")).tracks}
    canvas, output = points_of(tracks["canvas"].at(0)), points_of(tracks["output"].at(0))
    beside = canvas + (points_of(tracks["cut"].at(0)) if "cut" in tracks else [])
    assert min(x for x, _ in output) - max(x for x, _ in beside) == 1
    above = min(y for _, y in output) - min(y for _, y in canvas)
    below = max(y for _, y in canvas) - max(y for _, y in output)
    assert above - below in (0, 1), "the middle, and the lower of two"


def test_tracks_are_painted_in_order_and_numbers_over_lines_over_areas() -> None:
    """There is nothing between the maps, so no sight lines; the output is painted before what moves."""
    order = (Polygon, Line, Text)
    tracks = list(flat.draw(Figure(Conv(4, 3, padding=1), view="flat", random=0)).tracks)
    names = ["canvas", "input", "output", "shadow", "kernel", "taps", "highlight"]
    assert [track.name for track in tracks] == names
    for track in tracks:
        kinds = [order.index(type(item)) for item in track.at(0)]
        assert kinds == sorted(kinds)
        assert track.name in ("shadow", "kernel") or kinds[-1] == order.index(Text)


def test_a_window_is_at_its_row_where_rows_are_left_over() -> None:
    """Input 6, kernel 3, stride 2, padding 1: the original draws the window one row off."""
    layer = Conv(6, 3, stride=2, padding=1)
    x = [[10 * row + col for col in range(6)] for row in range(6)]
    figure = Figure(layer, view="flat", input=x, weight=[[1] * 3] * 3)
    tracks = {track.name: track for track in flat.draw(figure).tracks}
    numbers, _ = texts_at(tracks["taps"].at(4), canvas_plane("flat"))
    assert numbers == {
        (2, 2): "11", (2, 3): "12", (2, 4): "13",
        (3, 2): "21", (3, 3): "22", (3, 4): "23",
        (4, 2): "31", (4, 3): "32", (4, 4): "33",
    }  # fmt: skip
    found, _ = texts_at(tracks["highlight"].at(4), output_plane(layer, "flat"))
    assert found == {(1, 1): "198"}


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
    """The original shades four."""
    shadow = {track.name: track for track in flat.draw(Figure(Conv(3, 1), view="flat")).tracks}["shadow"]
    for frame in range(9):
        assert list(painted(shadow.at(frame), canvas_plane("flat")).values()) == [[divmod(frame, 3)]]


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
    beside = layer.canvas_size[0] * layer.canvas_size[1] - 4
    assert [text.text for text in of_kind(canvas.at(0), Text)] == ([] if mark is None else [mark] * beside)


def test_a_layer_over_one_axis_is_a_row() -> None:
    """Its canvas is drawn as that of the same layer in two dimensions; but words and formulas are its own."""
    row, own = Conv((1, 6), (1, 3), stride=(1, 2), padding=(0, 1)), Conv((6,), 3, stride=2, padding=1)
    for options in ({}, {"reveal": True}, {"random": 1}):
        scenes = [compose(Figure(layer, view="flat", **options)) for layer in (row, own)]
        for frame in range(len(scenes[0].durations)):
            one, other = (shown(scene, frame) for scene in scenes)
            assert one.keys() | {"sight"} == other.keys()
            for name in ("canvas", "input", "shadow", "kernel"):
                assert "random" in options or one[name] == other[name]
    said = captions(compose(Figure(own, view="flat", caption=True)), 0)
    assert said == ["o = i + 2p − k s + 1 = 6 + 2 − 3 2 + 1 = 3"]
    scene = compose(Figure(own, view="flat"))
    assert scene.notes()[1] == "Output 1 reads 3 input elements."
    assert [link.name for link in scene.links()] == ["output 0", "output 1", "output 2"]


@settings(REPEATABLE, max_examples=20)
@given(LINEAR, st.booleans(), st.booleans())
def test_rows_are_named_before_them_and_the_kernel_below_it(layer: AnyLayer, sizes: bool, kernel_map: bool) -> None:
    """Nothing lies over a word, and no word over another."""
    kernel_map = kernel_map and layer.has_weight
    figure = Figure(layer, view="flat", labels=True, sizes=sizes, kernel_map=kernel_map)
    for frame in (0, layer.step_count - 1):
        items = shown(compose(figure), frame)
        drawn = [Box.around(points_of((item,))) for name, found in items.items() if name != "words" for item in found]
        texts = of_kind(items["words"], Text)
        boxes = [text_box(text) for text in texts]
        assert all(apart(box, other) for number, box in enumerate(boxes) for other in (*boxes[:number], *drawn))
        named = {text.text: text_box(text) for text in texts}
        rows = Box.around([point for name in ("canvas", "output") for point in points_of(items[name])])
        for name, track in (("Input", "canvas"), ("Output", "output")):
            box = Box.around(points_of(items[track]))
            assert named[name].right < rows.left
            assert box.top < (named[name].top + named[name].bottom) / 2 < box.bottom
        if kernel_map:
            box = Box.around(points_of(kernel_map_of(items)))
            assert box.left >= rows.right + 1 - 1e-9
            assert named["Kernel"].top > box.bottom


def test_a_causal_layer_reads_nothing_to_the_right_of_what_it_computes() -> None:
    layer = Conv((6,), 2, dilation=2, padding="causal")
    scene = compose(Figure(layer, view="flat"))
    for frame in range(6):
        items = shown(scene, frame)
        read, made = (Box.around(points_of(of_kind(items[name], Polygon))) for name in ("shadow", "highlight"))
        assert read.right == made.right


NUMBERS: Final = st.one_of(
    st.integers(-9, 9), st.integers(-99, 999).map(lambda tenths: tenths / 10), st.integers(-9999, 99_999)
)


@settings(REPEATABLE, max_examples=30)
@given(
    st.sampled_from([Conv((2, 3), 2), Conv(2, 2, padding=1), ConvTranspose(2, 2, stride=2), MaxPool(2, 2, 1, 1)]),
    st.data(),
)
def test_every_number_fits_its_cell(layer: AnyLayer, data: st.DataObject) -> None:
    """In every cell that is written on; and the weight there leaves room for the number."""

    def some(size: tuple[int, ...]) -> list[list[float]]:
        row = st.lists(NUMBERS, min_size=size[1], max_size=size[1])
        return data.draw(st.lists(row, min_size=size[0], max_size=size[0]))

    weight = some(layer.kernel_size) if layer.has_weight else None
    scene = compose(Figure(layer, view="flat", input=some(layer.input_size), weight=weight))
    for frame in (0, len(scene.durations) - 1):
        for name, items in shown(scene, frame).items():
            if name in ("canvas", "input", "taps"):
                check_fits(items, canvas_plane("flat"))
            elif name in ("output", "highlight"):
                check_fits(items, output_plane(layer, "flat"))
