"""The view of several channels: what each frame shades, joins and adds up, against NumPy; and what it says."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convgif.arithmetic import Conv
from convgif.arithmetic.axis import Kind
from convgif.drawing.composition import compose
from convgif.drawing.roles import channel_role
from convgif.drawing.scene import Box, Items, Line, Polygon, Text
from convgif.errors import InputError
from convgif.figure import Figure
from tests.arithmetic import oracle
from tests.arithmetic.oracle import Numbers
from tests.arithmetic.strategies import REPEATABLE, channelled, filled, seeds
from tests.drawing.plane import Plane
from tests.drawing.truth import apart, captions, of_kind, points_of, read, shown, text_box

SOME: Final = settings(REPEATABLE, max_examples=15)
LAYERS: Final = channelled().filter(lambda layer: layer.ndim < 3)


def figure_of(layer: Conv, seed: int, **options: Any) -> tuple[Figure, Numbers, Numbers]:
    """A figure with whole numbers, and these by channel, row and column."""
    x, w = filled(layer.input_shape, seed), filled(layer.weight_shape, seed + 1)
    flat = layer.lifted(2)
    figure = Figure(layer, view="channels", input=x, weight=w, **options)
    depth = layer.in_channels // layer.groups
    return (
        figure,
        x.reshape(layer.in_channels, *flat.input_size),
        w.reshape(layer.out_channels, depth, *flat.kernel_size),
    )


def sheets_of(items: Items) -> list[Plane]:
    """The sheets of a track of maps, whose areas begin at their top left corners; copies lie on these."""
    return [Plane(*polygon.parts[0][0], True) for polygon in of_kind(items, Polygon) if polygon.role != "copy"]


def numbers_in(items: Items, plane: Plane, size: tuple[int, ...]) -> dict[tuple[int, int], float]:
    """The numbers in the cells of a sheet of that size."""
    found: dict[tuple[int, int], float] = {}
    for text in of_kind(items, Text):
        (row, col), _ = plane.cell_at(text.at)
        if 0 <= row < size[0] and 0 <= col < size[1]:
            assert (row, col) not in found
            found[row, col] = read(text.text)
    return found


def frames_of(layer: Conv, data: st.DataObject) -> list[tuple[int, int, tuple[int, int]]]:
    """Some frames, with the output channel and the output cell of each."""
    rows, cols = layer.lifted(2).output_size
    last = layer.out_channels * rows * cols - 1
    frames = sorted({0, last, data.draw(st.integers(0, last), label="frame")})
    return [(frame, frame // (rows * cols), divmod(frame % (rows * cols), cols)) for frame in frames]


@SOME
@given(LAYERS, seeds(), st.booleans(), st.data())
def test_each_frame_shows_what_an_output_element_is_computed_from(
    layer: Conv, seed: int, reveal: bool, data: st.DataObject
) -> None:
    figure, x, w = figure_of(layer, seed, reveal=reveal, worked=True)
    scene, flat = compose(figure), layer.lifted(2)
    assert isinstance(flat, Conv)
    one = flat.of_one_channel()
    depth, breadth = w.shape[1], layer.out_channels // layer.groups
    assert len(scene.durations) == layer.out_channels * one.step_count
    for frame, output, cell in frames_of(layer, data):
        items = shown(scene, frame)
        sheets = sheets_of(items["canvas"])
        assert len(sheets) == layer.in_channels
        read_by = range(output // breadth * depth, output // breadth * depth + depth)
        taps = sorted(tap.canvas for tap in one.step(cell).taps)
        for number, sheet in enumerate(sheets):
            shaded = _shaded(items["shadow"], sheet, one.canvas_size)
            assert shaded == (taps if number in read_by else []), "the kernel reads its own group, all of it"
        added = [oracle.conv(one, x[number], w[output, place]) for place, number in enumerate(read_by)]
        (highlight,) = of_kind(items["highlight"], Polygon)
        assert highlight.role == channel_role(output)
        assert [read(text.text) for text in of_kind(items["highlight"], Text)] == [np.sum(added, axis=0)[cell]]
        assert [read(text.text) for text in of_kind(items["shares"], Text)] == [part[cell] for part in added]
        (lines,) = of_kind(items["sight"], Line)
        assert len(lines.parts) == depth
        assert {line[1] for line in lines.parts} == {highlight.parts[0][0]}, "all lead to the element"
        if reveal:
            done = [polygon.role for polygon in of_kind(items["output"], Polygon) for _ in polygon.parts]
            assert {*done} == {channel_role(number) for number in range(output + 1)}


def _shaded(items: Items, sheet: Plane, size: tuple[int, ...]) -> list[tuple[int, int]]:
    """The cells of a sheet of that size that are shaded."""
    cells = []
    for polygon in of_kind(items, Polygon):
        for part in polygon.parts:
            row, col = sheet.place(part[0])
            if -0.5 < row < size[0] - 0.5 and -0.5 < col < size[1] - 0.5:
                cells.extend(sheet.block(part))
    return sorted(cells)


@SOME
@given(LAYERS, seeds())
def test_numbers_stand_in_the_cells_of_their_channels(layer: Conv, seed: int) -> None:
    figure, x, w = figure_of(layer, seed)
    scene, flat = compose(figure), layer.lifted(2)
    items = shown(scene, 0)
    inputs, kernels, outputs = (sheets_of(items[name]) for name in ("input", "kernels", "output"))
    assert (len(inputs), len(kernels), len(outputs)) == (layer.in_channels, w.shape[0] * w.shape[1], layer.out_channels)
    for sheet, own in zip(inputs, x, strict=True):
        assert numbers_in(items["input"], sheet, own.shape) == dict(np.ndenumerate(own))
    for sheet, weights in zip(kernels, w.reshape(-1, *flat.kernel_size), strict=True):
        assert numbers_in(items["kernels"], sheet, weights.shape) == dict(np.ndenumerate(weights))
    y = figure.layer.apply(x.reshape(layer.input_shape), w.reshape(layer.weight_shape))
    for sheet, results in zip(outputs, y.reshape(layer.out_channels, *flat.output_size), strict=True):
        assert numbers_in(items["output"], sheet, results.shape) == dict(np.ndenumerate(results))


@SOME
@given(LAYERS, seeds(), st.data())
def test_the_numbers_in_a_window_are_those_of_its_channels(layer: Conv, seed: int, data: st.DataObject) -> None:
    figure, x, _ = figure_of(layer, seed)
    scene, flat, depth = compose(figure), layer.lifted(2), layer.in_channels // layer.groups
    for frame, output, cell in frames_of(layer, data):
        items = shown(scene, frame)
        first = output // (layer.out_channels // layer.groups) * depth
        kinds = ((tap, flat.canvas[tap.canvas].kind) for tap in flat.step(cell).taps)
        taken = {tap.input for tap, kind in kinds if kind is Kind.INPUT}
        for number, sheet in enumerate(sheets_of(items["input"])):
            found = numbers_in(items["taps"], sheet, x[number].shape)
            assert found == ({at: x[number][at] for at in taken} if first <= number < first + depth else {})


@SOME
@given(LAYERS)
@example(Conv((1, 1), 1, stride=(10, 11), in_channels=2))  # its names are wider than its maps
def test_stacks_keep_apart_and_kernels_lie_beside_what_they_read(layer: Conv) -> None:
    items = shown(compose(Figure(layer, view="channels", labels=True, sizes=True)), 0)
    boxes = {name: Box.around(points_of(items[name])) for name in ("canvas", "kernels", "output")}
    assert boxes["canvas"].right < boxes["kernels"].left
    assert boxes["kernels"].right < boxes["output"].left
    flat, depth = layer.lifted(2), layer.in_channels // layer.groups
    middles = [sheet.point(*(size / 2 for size in flat.canvas_size))[1] for sheet in sheets_of(items["canvas"])]
    breadth = layer.out_channels // layer.groups
    for number, sheet in enumerate(sheets_of(items["kernels"])):
        output, place = divmod(number, depth)
        middle = sheet.point(*(size / 2 for size in flat.kernel_size))[1]
        assert middle == pytest.approx(middles[output // breadth * depth + place])
    words = [text_box(text) for text in of_kind(items["words"], Text)]
    assert all(apart(one, other) for one in words for other in words if one is not other)


@pytest.mark.parametrize("size", [(2, 3), (1, 9), (7, 2)])
@pytest.mark.parametrize(("groups", "depth"), [(1, 3), (2, 1), (2, 2), (3, 2)])
def test_groups_are_told_apart_by_brackets_names_and_room(groups: int, depth: int, size: tuple[int, int]) -> None:
    layer = Conv(size, 1, in_channels=groups * depth, out_channels=groups, groups=groups)
    items = shown(compose(Figure(layer, view="channels")), 0)
    if groups == 1:
        assert "groups" not in items
        return
    (brackets,) = of_kind(items["groups"], Line)
    tops = [sheet.top for sheet in sheets_of(items["canvas"])]
    assert len(brackets.parts) == groups
    ends = [(part[0][1], part[-1][1]) for part in brackets.parts]
    assert all(above[1] + 1 < below[0] for above, below in pairwise(ends))
    for group, part in enumerate(brackets.parts):
        top, bottom = min(y for _, y in part), max(y for _, y in part)
        held = [number for number, y in enumerate(tops) if top < y < bottom]
        assert held == list(range(group * depth, (group + 1) * depth))
    names = of_kind(items["groups"], Text)
    assert [text.text for text in names] == [f"group {group + 1}" for group in range(groups)]
    steps = np.diff(tops)
    between = steps[depth - 1 :: depth]
    assert all(between > max(np.delete(steps, np.s_[depth - 1 :: depth]), default=0) + 1)


def test_the_kernel_is_a_block_where_it_reads_several_channels() -> None:
    """Its edges join the windows of neighbouring sheets, and a thick outline is around its own maps."""
    layer = Conv(3, 2, in_channels=4, out_channels=4, groups=2)
    scene = compose(Figure(layer, view="channels"))
    for frame in range(len(scene.durations)):
        items = shown(scene, frame)
        (edges,) = of_kind(items["column"], Line)
        assert len(edges.parts) == 4
        shaded = set(points_of(items["shadow"]))
        assert all(end in shaded for _, end in edges.parts)
        outlined = {line.parts[0][0] for line in of_kind(items["block"], Line)}
        kernels = [polygon.parts[0][0] for polygon in of_kind(items["kernels"], Polygon)]
        assert [corner in outlined for corner in kernels] == [number // 2 == frame // 4 for number in range(8)]
    apart_from_that = shown(compose(Figure(Conv(3, 2), view="channels")), 0)
    assert not {"column", "block"} & apart_from_that.keys()


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        (Conv((3,), 2, in_channels=2), "1 + 12 = 13"),
        (Conv((3,), 1, in_channels=2), "1·1 + 3·(−2) = −5"),
        (Conv((3,), 2, padding=1), "0·1 + 1·0 = 0"),
        (Conv((3,), 2, in_channels=2, out_channels=2, groups=2), "1·1 + 2·0 = 1"),
    ],
)
def test_an_element_is_worked_out_as_a_sum_over_channels_or_over_taps(layer: Conv, line: str) -> None:
    """Over channels where there are several, and over the products that they are where the kernel is a single cell."""
    x = [[1, 2, 3], [3, 3, 0]] if layer.in_channels > 1 else [1, 2, 3]
    own = {2: [1, 0], 1: [1]}[layer.kernel_size[0]]
    second = {2: [2, 2], 1: [-2]}[layer.kernel_size[0]]
    weight: Any = [[own, second]] if layer.groups == 1 else [[own], [second]]
    figure = Figure(layer, view="channels", input=x, weight=own if layer.channels.single else weight, worked=True)
    texts = of_kind(shown(compose(figure), 0)["footing"], Text)
    assert "".join(text.text for text in texts).replace(" ", "") == line.replace(" ", "")


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ((1, 1, 1), None),
        ((3, 1, 1), "The kernel reads all 3 channels: 1·3·2·2 = 12 weights"),
        ((3, 2, 1), "Each kernel reads all 3 channels: 2·3·2·2 = 24 weights"),
        ((3, 3, 3), "Each kernel reads a single channel: 3·1·2·2 = 12 weights"),
        ((4, 2, 2), "Each kernel reads the 2 channels of its group: 2·2·2·2 = 16 weights"),
    ],
)
def test_a_caption_says_what_a_kernel_reads(channels: tuple[int, int, int], said: str | None) -> None:
    figure = Figure(Conv(3, 2, 1, 0, 1, *channels), view="channels", caption=True)
    assert captions(compose(figure), 0)[1:] == ([] if said is None else [said])
    assert "caption" not in shown(compose(figure.replaced(caption=False)), 0)


def test_notes_and_links_name_the_channel() -> None:
    layer = Conv((3,), 2, padding=1, in_channels=2, out_channels=2)
    scene = compose(Figure(layer, view="channels"))
    assert scene.notes()[4] == "Output (1, 0) reads 2 input elements and 2 zeros in 2 channels."
    assert scene.links()[5].name == "output channel 1, 1"
    numbered, x, w = figure_of(layer, 1)
    added = [oracle.conv(Conv((3,), 2, padding=1), x[place, 0], w[1, place, 0])[0] for place in range(2)]
    assert compose(numbered).notes()[4].replace("−", "-") == (
        f"Output (1, 0) = {' + '.join(f'{number:g}' for number in added)} = {sum(added):g}"
    )
    single = Figure(layer.of_one_channel(), view="channels")
    assert compose(single).notes() == compose(single.replaced(view="flat")).notes()


def test_sizes_are_the_shapes_of_the_frameworks_tensors() -> None:
    layer = Conv(4, 3, padding=1, in_channels=4, out_channels=2, groups=2)
    texts = of_kind(shown(compose(Figure(layer, view="channels", sizes=True)), 0)["words"], Text)
    assert [text.text for text in texts] == ["4x4x4, padding 1", "2x2x3x3", "2x4x4"]


@pytest.mark.parametrize("channels", [(10**6, 1, 1), (1, 10**6, 1), (10**6, 10**6, 10**6)])
def test_absurd_numbers_of_channels_are_refused_by_their_number_alone(channels: tuple[int, int, int]) -> None:
    figure = Figure(
        Conv(3, 2, 1, 0, 1, *channels), view="channels", random=0, labels=True, caption=True, reveal=True, worked=True
    )
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=r"max_frames|choose a smaller"):
            compose(figure)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
