"""The story view: a convolution, on its way to the side, and then its transpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import Conv
from convgif.drawing.composition import compose
from convgif.drawing.scene import Box, Item, Items, Line, Point, Polygon, Scene, Text
from convgif.figure import Figure
from tests.arithmetic.oracle import conv, conv_transpose
from tests.arithmetic.strategies import REPEATABLE, filled, seeds
from tests.drawing.cases import drawable
from tests.drawing.plane import Plane
from tests.drawing.truth import (
    captions,
    cells_of,
    check_frames_inside,
    check_one_size,
    of_kind,
    points_of,
    shown,
    written,
)

SOME: Final = settings(REPEATABLE, max_examples=20)
MOVES: Final = 8
"""Short frames in which the convolution steps aside."""
KERNEL: Final = {"shadow", "kernel", "taps", "sight", "highlight"}
WORDS: Final = {"caption", "title"}

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
    "wide and then narrow": Conv((1, 9), (1, 9)),
    "transpose that crops all": Conv(1, 1, stride=3, padding=2),
}


class Played(NamedTuple):
    """A story's scene, those it is made of, and the frame each part begins with."""

    scene: Scene
    direct: Scene
    transposed: Scene

    @property
    def parts(self) -> tuple[range, int, range, range]:
        """The convolution, the frame in which it stands done, its way to the side, the transpose."""
        done = len(self.direct.durations)
        rest = done + 1 + MOVES
        return range(done), done, range(done + 1, rest), range(rest, rest + len(self.transposed.durations))


def played(figure: Figure, layer: Conv) -> Played:
    """The story of a convolution, and both of its parts as figures of their own, the second with the first's output."""
    own = figure.replaced(view="isometric", prologue=True, reveal=True)
    x, w = np.asarray(figure.input), np.asarray(figure.weight)
    output = None if figure.input is None else conv(layer, x, w)
    return Played(compose(figure), compose(own), compose(own.replaced(layer=layer.transpose(), input=output)))


def unplaced(item: Item) -> Item:
    """All that an item is, but for where."""
    if isinstance(item, Text):
        return replace(item, at=(0, 0))
    return replace(item, parts=())


def moved(items: Items, others: Items) -> Point:
    """How far the other items lie from these, which must be the same but for that."""
    assert list(map(unplaced, items)) == list(map(unplaced, others))
    steps = np.array(points_of(others)) - np.array(points_of(items))
    np.testing.assert_allclose(steps, np.broadcast_to(steps[0], steps.shape), atol=1e-9)
    return float(steps[0][0]), float(steps[0][1])


def same_but_moved(items: Mapping[str, Items], others: Mapping[str, Items], away: Point | None) -> Point:
    """How far a part of the story is from where it is as a figure of its own: by the same for all of it."""
    names = [name for name in others if name not in WORDS]
    assert [name for name in items if name not in WORDS] == names, "painted in the same order"
    for name in names:
        step = moved(others[name], items[name])
        if away is None:
            away = step
        assert abs(step[0] - away[0]) < 1e-9
        assert abs(step[1] - away[1]) < 1e-9
    assert away is not None
    return away


def box_of(items: Items) -> Box:
    """The smallest box around items."""
    return Box.around(points_of(items))


def check(figure: Figure, layer: Conv, every: bool) -> Played:
    """Every law of the view, in all frames or in the first and last ones of the parts."""
    story = played(figure, layer)
    direct, done, _, transposed = story.parts
    assert len(story.scene.durations) == transposed.stop
    away: Point | None = None
    for frame in direct if every else sorted({0, len(direct) // 2, len(direct) - 1}):
        items, others = shown(story.scene, frame), shown(story.direct, frame)
        away = same_but_moved(items, others, away)
        assert captions(story.scene, frame) == captions(story.direct, frame)
    last = shown(story.scene, direct[-1])
    finished = tuple(item for name in last if name not in KERNEL | WORDS for item in last[name])
    stands = shown(story.scene, done)
    assert [name for name in stands if name not in WORDS] == ["done"]
    assert set(stands["done"]) == set(finished), "the same, without the kernel"
    assert captions(story.scene, done) == captions(story.scene, direct[-1])
    beside = check_aside(story, finished)
    away = None
    for frame in transposed if every else sorted({transposed[0], transposed[-1]}):
        items, others = shown(story.scene, frame), shown(story.transposed, frame - transposed[0])
        assert moved(beside, items.pop("aside")) == pytest.approx((0, 0)), "it stays visible, small, to the end"
        away = same_but_moved(items, others, away)
        assert captions(story.scene, frame) == captions(story.transposed, frame - transposed[0])
        theirs = box_of(tuple(item for name in items if name not in WORDS for item in items[name]))
        assert theirs.left > box_of(beside).right, "side by side"
    check_end(story, figure, layer)
    return story


def check_aside(story: Played, finished: Items) -> Items:
    """The convolution shrinks to half its size and moves to the lower left corner, a little in every frame."""
    boxes = [box_of(finished)]
    items: Items = ()
    for frame in story.parts[2]:
        seen = shown(story.scene, frame)
        assert [name for name in seen if name not in WORDS] == ["aside"]
        items = seen["aside"]
        boxes.append(box_of(items))
        assert [type(item) for item in items] == [type(item) for item in finished]
        share = boxes[-1].extent[0] / boxes[0].extent[0]
        for item, before in zip(items, finished, strict=True):
            if isinstance(item, Polygon) and isinstance(before, Polygon):
                assert item.role == before.role
            elif isinstance(item, Text) and isinstance(before, Text):
                assert (item.runs, item.role) == (before.runs, before.role)
                assert (item.size, item.width) == pytest.approx((before.size * share, before.width * share))
            elif isinstance(item, Line) and isinstance(before, Line):
                assert item.role == before.role
                assert item.width == pytest.approx(before.width * share)
                assert (item.dash is None) is (before.dash is None)
                if item.dash and before.dash:
                    assert item.dash == pytest.approx([length * share for length in before.dash])
        places, origin = np.array(points_of(items)), np.array(points_of(finished))
        np.testing.assert_allclose(places - places[0], (origin - origin[0]) * share, atol=1e-9)
    for before_box, box in pairwise(boxes):
        assert box.extent[0] < before_box.extent[0]
        assert box.extent[1] < before_box.extent[1]
        assert box.left <= before_box.left + 1e-9
        assert box.right < before_box.right
    assert boxes[-1].extent == pytest.approx((boxes[0].extent[0] / 2, boxes[0].extent[1] / 2))
    return items


def check_end(story: Played, figure: Figure, layer: Conv) -> None:
    """At the end the transpose has put out every cell of a map of the direct input's size."""
    items = shown(story.scene, len(story.scene.durations) - 1)
    (area,) = of_kind(items["pending"], Polygon)
    assert area.role == "pending"
    left, top = area.parts[0][0]
    plane = Plane(left, top, True)
    revealed = [part for polygon in of_kind(items["output"], Polygon) for part in polygon.parts]
    assert {polygon.role for polygon in of_kind(items["output"], Polygon)} == {"output"}
    assert sorted(cell for part in revealed for cell in plane.block(part)) == cells_of(layer.input_size)
    if figure.input is None:
        assert not of_kind(items["output"], Text)
        return
    x, w = np.asarray(figure.input), np.asarray(figure.weight)
    result = conv_transpose(layer.transpose(), conv(layer, x, w), w)
    texts = {plane.cell_at(text.at)[0]: text.text for text in of_kind(items["output"], Text)}
    check_one_size(items["output"])
    assert texts == {at: written(value) for at, value in np.ndenumerate(result)}


@pytest.mark.parametrize("name", LAYERS)
def test_stories_that_are_easily_told_wrong(name: str) -> None:
    """With names, a title and numbers, and everything in its bounds."""
    layer = LAYERS[name]
    x, w = np.abs(filled(layer.input_size, 1)), np.abs(filled(layer.kernel_size, 2)) % 3
    figure = Figure(layer, view="story", title="There and back", labels=True)
    check(figure, layer, every=True)
    story = check(figure.replaced(input=x, weight=w), layer, every=False)
    direct, done, aside, transposed = story.parts
    check_frames_inside(story.scene, {0, direct[-1], done, *aside, *transposed[:4], transposed[-1]})


@SOME
@given(drawable("story"), seeds(), st.booleans())
def test_random_stories(layer: Conv, seed: int, numbers: bool) -> None:
    x, w = (np.abs(filled(layer.input_size, seed)), np.ones(layer.kernel_size)) if numbers else (None, None)
    check(Figure(layer, view="story", input=x, weight=w), layer, every=False)


def test_the_acts_come_in_order() -> None:
    """Named by what each frame adds; the transpose is built as in a figure of its own."""
    layer = Conv((3, 4), 3, stride=2, padding=1)
    scene = compose(Figure(layer, view="story"))
    first = [next(iter(shown(scene, frame))) for frame in range(len(scene.durations))]
    seen = [list(shown(scene, frame)) for frame in range(len(scene.durations))]
    steps = layer.output_size[0] * layer.output_size[1]
    assert first[: 3 + steps] == ["input", "padding", *["canvas"] * steps, "done"]
    assert first[3 + steps :] == ["aside"] * (len(first) - 3 - steps)
    building = ["input", *["spreading"] * 7, "zeros", "padding", "output padding"]
    start = 3 + steps + MOVES
    assert [names[1] for names in seen[start : start + len(building)]] == building
    moving = ["shadow", "kernel", "sight", "pending", "output", "highlight"]
    assert seen[-1] == ["aside", "canvas", "input", *moving, "caption"]
    assert len(seen) == start + len(building) + 3 * 4


def test_what_is_said() -> None:
    scene = compose(Figure(Conv((3, 4), 3, stride=2, padding=1), view="story"))
    said = [tuple(captions(scene, frame)) for frame in range(len(scene.durations))]
    assert [words for words, *_ in dict.fromkeys(said)] == [
        "The input",
        "Padding on each side",
        "The kernel slides with stride 2",
        "The input",
        "Zeros between rows and columns",
        "Zeros on each side",
        "More zeros at the bottom and the right",
        "The kernel, turned by 180°, slides with stride 1",
    ]
    assert said[2][1:] == ("rows: o = 3 + 2 · 1 − 3 2 + 1 = 2", "columns: o = 4 + 2 · 1 − 3 2 + 1 = 2")
    assert said[2 : 2 + 4 + 1 + MOVES] == [said[2]] * (4 + 1 + MOVES), "to the end of its way aside"
    last = "columns: o = i + z(i − 1) + 2p' + a − d(k − 1) = 2 + 1 · (2 − 1) + 2 · 1 + 1 − 1 · (3 − 1) = 4"
    assert said[-1][2].replace("\N{PRIME}", "'") == last


@pytest.mark.parametrize(("frame_ms", "short"), [(1000, 80), (300, 24), (60, 20)])
def test_moves_are_made_of_short_frames(frame_ms: int, short: int) -> None:
    layer = Conv(4, 2, stride=2)
    scene = compose(Figure(layer, view="story", frame_ms=frame_ms, hold_ms=9))
    usual, steps = frame_ms, 4
    spreading = [short] * 7
    expected = [usual] * (1 + steps + 1) + [short] * MOVES + [usual, *spreading, usual, usual] + [usual] * 16
    assert list(scene.durations) == [*expected[:-1], usual + 9]


def test_the_title_and_the_names_are_there() -> None:
    scene = compose(Figure(Conv(4, 2, stride=2), view="story", labels=True, title="Two by two"))
    for frame in range(len(scene.durations)):
        items = shown(scene, frame)
        assert [text.text for text in of_kind(items["title"], Text)] == ["Two by two"]
    words = [text.text for text in of_kind(shown(scene, 1)["words"], Text)]
    assert words == ["Input", "Output"]
    last = shown(scene, len(scene.durations) - 1)
    assert [text.text for text in of_kind(last["aside"], Text)] == ["Input", "Output"]
    assert [text.text for text in of_kind(last["words"], Text)] == ["Input", "Output"]


def test_only_what_moves_is_drawn_frame_by_frame() -> None:
    scene = compose(Figure(Conv(4, 2, stride=2), view="story"))
    moving = ["shadow", "kernel", "sight", "output", "highlight"]
    assert [track.name for track in scene.tracks if not track.static] == [*moving, "aside", "spreading", *moving]
