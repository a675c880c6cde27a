"""The story view: a convolution, and its transpose beside it, which reads what the convolution has put out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from typing import Final, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import Conv
from convgif.drawing.composition import compose
from convgif.drawing.scene import MARGIN, Box, Item, Items, Line, Point, Polygon, Scene, Text
from convgif.figure import Figure
from convgif.presets import load_presets
from tests.arithmetic.oracle import conv, conv_transpose
from tests.arithmetic.strategies import REPEATABLE, filled, seeds
from tests.drawing.cases import drawable
from tests.drawing.truth import (
    apart,
    captions,
    cells_of,
    check_bounds,
    check_one_size,
    ink_share,
    of_kind,
    plane_of,
    points_of,
    shown,
    text_box,
    written,
)

SOME: Final = settings(REPEATABLE, max_examples=20)
MOVES: Final = 8
"""Short frames of a move."""
HEADS: Final = ["Convolution", "Transposed convolution"]
RUN: Final = ("cut", "canvas", "input", "output", "shadow", "highlight")
"""What a half shows of itself while the kernel slides."""
MAPS: Final = ("convolution", "transpose", "canvas", "input", "pending", "output")

LAYERS: Final[Mapping[str, Conv]] = {
    "no padding, unit strides": Conv(5, 3),
    "no padding, strides": Conv(4, 2, stride=2),
    "padding, unit strides": Conv((3, 4), 2, padding=1),
    "padding, strides": Conv((3, 4), 3, stride=2, padding=1),
    "not square": Conv((3, 7), (2, 4), stride=(1, 3), padding=(2, 0)),
    "dilated": Conv((7, 4), (3, 2), padding=(1, 2), dilation=(2, 1)),
    "one cell": Conv(1, 1),
    "padding beyond the kernel": Conv(2, 1, padding=2),
    "much left over": Conv((6, 2), 1, stride=(4, 1)),
    "a long kernel": Conv((1, 9), (1, 7)),
    "a high kernel": Conv((9, 1), (7, 1)),
    "an output of one column": Conv((5, 2), 2),
    "transpose that crops all": Conv(1, 1, stride=3, padding=2),
}
STORIES: Final = {name: figure for name, figure in load_presets().items() if figure.view == "story"}


class Played(NamedTuple):
    """A story's scene, and those of both halves as figures of their own, seen from above."""

    figure: Figure
    layer: Conv
    scene: Scene
    direct: Scene
    transposed: Scene

    @classmethod
    def of(cls, figure: Figure, layer: Conv) -> Played:
        own = Figure(layer, view="flat", prologue=True, reveal=True)
        return cls(figure, layer, compose(figure), compose(own), compose(own.replaced(layer=layer.transpose())))

    @property
    def frames(self) -> int:
        return len(self.scene.durations)

    @property
    def first(self) -> range:
        """The frames of the convolution."""
        return range(1, len(self.direct.durations))  # both begin with a picture of the whole

    @property
    def flight(self) -> range:
        """Those in which the output is on its way, and then those in which it becomes an input."""
        return range(self.first.stop + 1, self.first.stop + 1 + 2 * MOVES)

    @property
    def turning(self) -> range:
        """Those in which the kernel is turned; none where that changes nothing."""
        stop = self.second.start
        return range(stop - (MOVES + 1) * self.layer.transpose().turned, stop)

    @property
    def second(self) -> range:
        """The frames in which the transpose runs; what leads there comes before."""
        return range(self.frames - 1 - self.layer.transpose().step_count, self.frames - 1)

    @property
    def telling(self) -> list[int]:
        """Some frames of every act."""
        ranges = (self.first, self.flight, self.turning, self.second)
        ends = (frame for frames in ranges if frames for frame in (*frames[:4], frames[len(frames) // 2], frames[-1]))
        return sorted({0, *ends, self.flight.stop, self.frames - 1})


def unplaced(item: Item) -> tuple[object, ...]:
    """All that an item is, but for where."""
    if isinstance(item, Text):
        return (item.runs, item.role)
    return (item.role, len(item.parts), getattr(item, "width", 0), getattr(item, "dash", None))


def moved(items: Items, others: Items) -> Point:
    """How far the other items lie from these, which must be the same but for that."""
    assert list(map(unplaced, items)) == list(map(unplaced, others))
    steps = np.array(points_of(others)) - np.array(points_of(items))
    np.testing.assert_allclose(steps, np.broadcast_to(steps[0], steps.shape), atol=1e-9)
    return float(steps[0][0]), float(steps[0][1])


def areas(items: Items) -> Box:
    """The smallest box around the areas and lines of some items."""
    return Box.around(points_of(item for item in items if not isinstance(item, Text)))


def kernel_of(items: Mapping[str, Items]) -> Items:
    """The kernel's map, without the lines of its window on the canvas."""
    found = items["kernel"]
    return tuple(item for item in (found[:-1] if "shadow" in items else found))


def mark_of(items: Mapping[str, Items]) -> Point:
    """The corner in which the kernel is marked, as seen from its middle."""
    (mark,) = (item for item in of_kind(items["kernel"], Polygon) if item.role == "mark")
    (area,) = (item for item in of_kind(items["kernel"], Polygon) if item.role == "kernel")
    box, (x, y) = Box.around(points_of([area])), mark.parts[0][0]
    return x - (box.left + box.right) / 2, y - (box.top + box.bottom) / 2


def map_of(items: Items, role: str) -> Box:
    """Where all areas of a role are."""
    return Box.around(points_of(item for item in of_kind(items, Polygon) if item.role == role))


def check(figure: Figure, layer: Conv) -> Played:
    """Every law of the view that holds with numbers and without."""
    story = Played.of(figure, layer)
    assert story.frames >= story.flight.stop + len(story.turning) + len(story.second) + 1
    for half, own, frames in (("first", story.direct, story.first), ("second", story.transposed, story.second)):
        away: Point | None = None
        for frame in {frames[0], frames[len(frames) // 2], frames[-1]}:
            theirs = shown(own, len(own.durations) - (frames.stop - frame))
            if "shadow" not in theirs:
                continue  # the canvas comes about; that is tested with the prologue
            items = shown(story.scene, frame)
            for name in RUN:
                assert (name in items) == (name in theirs), f"{half}: {name}"
                if name in items and not figure.numbered:
                    # Maps keep their own size, and lie anew: the output elsewhere than beside the canvas.
                    step = moved(theirs[name], items[name])
                    if name in ("canvas", "shadow"):
                        away = away or step
                        assert step == pytest.approx(away)
    for frame in story.telling:
        items = shown(story.scene, frame)
        check_bounds(story.scene, items)
        words = [text.text for text in of_kind(items["words"], Text)]
        assert words[:2] == HEADS
        assert kernel_of(items), "the kernel is always seen"
        assert any("slides" in line for line in captions(story.scene, frame)) == ("shadow" in items)
        check_nothing_overlaps(items, flying=frame in story.flight)
    check_flight(story)
    check_kernel(story)
    check_ends(story)
    return story


def check_nothing_overlaps(items: Mapping[str, Items], flying: bool) -> None:
    """No name lies over another one or over a map; nor does the kernel, also while it is turned."""
    names = [text_box(text) for name in ("words", "title") for text in of_kind(items.get(name, ()), Text)]
    assert all(apart(box, other) for box, other in combinations(names, 2))
    grounds = (item for name in MAPS for item in of_kind(items.get(name, ()), Polygon))
    maps = [Box.around(part) for item in grounds for part in item.parts]
    assert all(apart(box, other, 0.02) for box in names for other in maps)
    if not flying:
        (outline,) = (item.parts[0] for item in of_kind(items["kernel"], Polygon) if item.role == "kernel")
        for box in maps:
            assert not any(box.left < x < box.right and box.top < y < box.bottom for x, y in outline)


def check_flight(story: Played) -> None:
    """The output sets out where it is, comes nearer with every frame, and turns into the input cell by cell."""
    before = shown(story.scene, story.flight[0])["convolution"]
    start = map_of(before, "output")
    flying = [shown(story.scene, frame)["flying"] for frame in story.flight[:MOVES]]
    landed = [shown(story.scene, frame)["becoming"] for frame in story.flight[MOVES:]]
    assert all({item.role for item in of_kind(items, Polygon)} == {"output"} for items in flying)
    boxes = [start, *map(areas, flying)]
    for box, other in pairwise(boxes):
        assert other.extent == pytest.approx(start.extent)
        assert other.left > box.left
    counts = []
    for items in landed:
        assert areas(items) == pytest.approx(boxes[-1])
        corner = plane_of(items)._replace(left=boxes[-1].left, top=boxes[-1].top)
        cells = {
            polygon.role: [cell for part in polygon.parts for cell in corner.block(part)]
            for polygon in of_kind(items, Polygon)
        }
        every = sorted(cell for found in cells.values() for cell in found)
        assert every == cells_of(story.layer.output_size)
        counts.append(len(cells.get("input", [])))
    assert counts == sorted(counts)
    assert counts[0] > 0
    assert counts[-1] == len(cells_of(story.layer.output_size))
    after = shown(story.scene, story.flight.stop)["input"]
    assert areas(after) == pytest.approx(boxes[-1]), "the transpose begins with what has landed"


def check_kernel(story: Played) -> None:
    """As it is stored to the end of the flight, then turned about its middle, and so it stays."""
    if not story.layer.transpose().turned:
        assert not story.turning
        return
    for frame in (story.first[0], story.first[-1], story.flight[-1], story.turning[0]):
        x, y = mark_of(shown(story.scene, frame))
        assert (x < 0, y < 0) == (True, True)
    angles = []
    for frame in story.turning:
        x, y = mark_of(shown(story.scene, frame))
        angles.append(np.degrees(np.arctan2(y, x)) % 360)
    assert all(0 < (angle - before) % 360 < 60 for before, angle in pairwise(angles))
    assert (angles[-1] - angles[0]) % 360 == pytest.approx(180)
    for frame in (0, story.second[0], story.frames - 1):
        x, y = mark_of(shown(story.scene, frame))
        assert (x > 0, y > 0) == (True, True)
        assert "turned by 180°" in [text.text for text in of_kind(shown(story.scene, frame)["words"], Text)]


def check_ends(story: Played) -> None:
    """The picture is finished in the first frame and in the last: original and result are side by side."""
    items, last = shown(story.scene, 0), shown(story.scene, story.frames - 1)
    assert {name: found for name, found in items.items() if name != "caption"} == {
        name: found for name, found in last.items() if name != "caption"
    }
    original, result = map_of(last["convolution"], "input"), map_of(last["transpose"], "output")
    height, width = story.layer.input_size
    assert original.extent == pytest.approx((width, height))
    assert result.extent == pytest.approx((width, height))
    assert original.top == pytest.approx(result.top)
    assert original.right < result.left


def numbers_of(items: Items, role: str) -> list[str]:
    """The numbers on the areas of a role, row by row."""
    places = [part for item in of_kind(items, Polygon) if item.role == role for part in item.parts]
    boxes = [Box.around(part) for part in places]
    texts = [
        text
        for text in of_kind(items, Text)
        if any(box.left < text.at[0] < box.right and box.top < text.at[1] < box.bottom for box in boxes)
    ]
    check_one_size(tuple(texts))
    return [text.text for text in sorted(texts, key=lambda text: (round(text.at[1], 6), text.at[0]))]


def check_numbers(figure: Figure, layer: Conv) -> None:
    """The output's numbers are the next input's; the kernel's are seen as stored, and then turned."""
    story = check(figure, layer)
    x, w = np.asarray(figure.input), np.asarray(figure.weight)
    y = conv(layer, x, w)
    z = conv_transpose(layer.transpose(), y, w)
    last = shown(story.scene, story.frames - 1)
    expected = [list(map(written, array.flat)) for array in (x, y, z)]
    found = [numbers_of(last["convolution"], "input"), numbers_of(last["convolution"], "output")]
    assert [*found, numbers_of(last["transpose"], "output")] == expected
    if not layer.transpose().crops:
        assert numbers_of(last["transpose"], "input") == expected[1]
    for name, frames in (("flying", story.flight[:MOVES]), ("becoming", story.flight[MOVES:])):
        for frame in frames:
            texts = of_kind(shown(story.scene, frame)[name], Text)
            assert sorted(text.text for text in texts) == sorted(expected[1])
    for frame, weights in ((story.first[-1], w), (0, w[::-1, ::-1]), (story.second[0], w[::-1, ::-1])):
        assert numbers_of(kernel_of(shown(story.scene, frame)), "kernel") == list(map(written, weights.flat))
    same = np.array_equal(x, z)
    (moral,) = captions(story.scene, story.frames - 1)
    assert moral.endswith("not the same values") != same


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_stories_that_are_easily_told_wrong(name: str, labels: bool) -> None:
    """With and without names, and with numbers."""
    layer = LAYERS[name]
    x, w = np.abs(filled(layer.input_size, 1)), np.abs(filled(layer.kernel_size, 2)) % 3
    figure = Figure(layer, view="story", title="There and back", labels=labels)
    check(figure, layer)
    check_numbers(figure.replaced(input=x, weight=w), layer)


@settings(SOME, max_examples=10)
@given(drawable("story"), seeds(), st.booleans())
def test_random_stories(layer: Conv, seed: int, numbers: bool) -> None:
    if numbers:
        x, w = np.abs(filled(layer.input_size, seed)), np.ones(layer.kernel_size, int)
        check_numbers(Figure(layer, view="story", input=x, weight=w, labels=True), layer)
    else:
        check(Figure(layer, view="story", labels=True), layer)


def test_what_is_said() -> None:
    scene = compose(Figure(Conv((3, 4), 3, stride=2, padding=1), view="story"))
    said = [tuple(captions(scene, frame)) for frame in range(len(scene.durations))]
    assert [tuple(line.replace("\N{PRIME}", "'") for line in lines) for lines in dict.fromkeys(said)] == [
        ("Convolution: 3x4 to 2x2", "Transposed convolution: 2x2 to 3x4"),
        ("The input", "i = (3, 4)"),
        ("Padding on each side", "p = 1"),
        ("The kernel slides with stride 2", "o = ⌊((3, 4) + 2 − 3)/2⌋ + 1 = 2"),
        ("The output: 2x2",),
        ("The output becomes the transpose's input",),
        ("The input", "i = 2"),
        ("Zeros between rows and columns", "z = s − 1 = 2 − 1 = 1"),
        ("Zeros on each side", "p' = k − 1 − p = 3 − 1 − 1 = 1"),
        ("More zeros at the bottom and the right", "a = (0, 1)"),
        ("The kernel is turned by 180°",),
        ("The turned kernel slides with stride 1", "o = 1 · 2 + 3 − 2 + (0, 1) = (3, 4)"),
        ("The size of the input again: 3x4",),
    ]


def test_a_result_that_is_the_original_is_not_called_another() -> None:
    figure = Figure(Conv(2, 1), view="story", input=[[1, 2], [3, 4]], weight=[[1]])
    for weight, moral in ((1, "The size of the input again: 2x2"), (2, "Same size, 2x2, not the same values")):
        scene = compose(figure.replaced(weight=[[weight]]))
        assert captions(scene, len(scene.durations) - 1) == [moral]


@pytest.mark.parametrize(("frame_ms", "short"), [(1000, 80), (300, 24), (60, 20)])
def test_moves_are_made_of_short_frames_and_the_finished_picture_is_held(frame_ms: int, short: int) -> None:
    scene = compose(Figure(Conv(4, 2, stride=2), view="story", frame_ms=frame_ms, hold_ms=9))
    usual, spreading, turning = frame_ms, [short] * 7, [short] * 7
    built = [usual, *spreading, usual, usual, usual, *turning, usual]
    run = [usual * 3 // 2, usual, *[usual] * 4, usual, *[short] * 2 * MOVES, *built, *[usual] * 16]
    assert list(scene.durations) == [*run, 3 * usual + 9]


def test_the_names_come_with_what_they_name() -> None:
    scene = compose(Figure(Conv(4, 2, stride=2), view="story", labels=True))
    words = [[text.text for text in of_kind(shown(scene, frame)["words"], Text)] for frame in range(7)]
    first = [*HEADS, "Input", "Output"]
    assert words[0] == [*first, "Input", "Output", "Kernel", "turned by 180°"]
    assert words[1:] == [[*first, "Kernel"]] * 6


def test_only_what_moves_is_drawn_frame_by_frame() -> None:
    scene = compose(Figure(Conv(4, 2, stride=2), view="story"))
    run = ["output", "shadow", "kernel", "highlight"]
    moving = [*run, "flying", "becoming", "spreading", "kernel", *run]
    assert [track.name for track in scene.tracks if not track.static] == moving


def test_canvases_keep_apart_however_wide_they_are() -> None:
    """Each reaches further than its map: that of the transpose below that of the convolution."""
    for layer in (Conv((5, 6), 3, stride=2, padding=1), Conv(5, 3, stride=2, padding=2), Conv(4, 2, padding=1)):
        items = shown(compose(Figure(layer, view="story")), 0)
        dashed = [
            Box.around(line.parts[0] + line.parts[-1])
            for line in of_kind(items["convolution"], Line) + of_kind(items["transpose"], Line)
            if line.dash
        ]
        assert all(apart(*both, slack=-0.1) for both in combinations(dashed, 2))


# The presets


def test_two_of_the_stories_have_numbers_and_one_has_those_of_the_matrix() -> None:
    matrix = load_presets()["matrix_numerical"]
    numbered = [figure for figure in STORIES.values() if figure.numbered]
    assert len(numbered) == 2
    assert (
        sum((one.layer, one.input, one.weight) == (matrix.layer, matrix.input, matrix.weight) for one in numbered) == 1
    )
    assert len({figure.layer.stride for figure in numbered}) == 2


@pytest.mark.parametrize("name", STORIES)
def test_presets_are_mostly_picture(name: str) -> None:
    """A quarter of what is seen is not paper, each frame as long as it lasts; nor of the first frame alone."""
    assert ink_share(STORIES[name]) >= 0.25
    assert ink_share(STORIES[name].replaced(frame_range=":1")) >= 0.25


@pytest.mark.parametrize("name", STORIES)
def test_every_text_can_be_read_in_a_column_of_400_pixels(name: str) -> None:
    scene = compose(STORIES[name])
    pixels = 400 / (scene.bounds.extent[0] + 2 * MARGIN)
    texts: Iterable[Text] = (
        text
        for frame in range(len(scene.durations))
        for items in shown(scene, frame).values()
        for text in of_kind(items, Text)
    )
    assert all(text.size * pixels >= 9 for text in texts)
