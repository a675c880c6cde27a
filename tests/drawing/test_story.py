"""The story view: a convolution, on its way to the side, and then its transpose; and the presets of all four views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import draw
from convgif.drawing.scene import Box, Items, Line, Point, Polygon, Scene, Text
from convgif.drawing.theme import THEMES
from convgif.errors import InputError
from convgif.figure import Figure, ThemeName, View
from convgif.presets import load_families
from tests.arithmetic.oracle import AnyLayer, conv, conv_transpose
from tests.arithmetic.strategies import REPEATABLE, convs, filled, seeds
from tests.drawing.plane import Plane
from tests.drawing.test_construction import acts, captions, moved
from tests.drawing.test_matrix import matrix_of
from tests.drawing.test_scatter import THEME_NAMES, cells_of, check_frames_inside, plane_of, sums, texts_in
from tests.drawing.truth import of_kind, points_of, shown

SOME: Final = settings(REPEATABLE, max_examples=20)
MOVES: Final = 8
"""Short frames in which the convolution steps aside."""
SHORT: Final = 80
"""Milliseconds of each, where a frame lasts a second."""
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
    own = replace(figure, view="isometric", prologue=True, reveal=True)
    numbers = figure.input_values is not None
    x, w = np.asarray(figure.input_values), np.asarray(figure.kernel_values)
    direct = own
    transposed = replace(own, layer=layer.transpose(), input_values=conv(layer, x, w) if numbers else None)
    return Played(draw(figure), draw(direct), draw(transposed))


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
        assert _said(items) == _said(others)
    last = shown(story.scene, direct[-1])
    finished = tuple(item for name in last if name not in KERNEL | WORDS for item in last[name])
    stands = shown(story.scene, done)
    assert [name for name in stands if name not in WORDS] == ["done"]
    assert set(stands["done"]) == set(finished), "the same, without the kernel"
    assert _said(stands) == _said(last)
    beside = check_aside(story, finished)
    away = None
    for frame in transposed if every else sorted({transposed[0], transposed[-1]}):
        items, others = shown(story.scene, frame), shown(story.transposed, frame - transposed[0])
        assert moved(beside, items.pop("aside")) == pytest.approx((0, 0)), "it stays visible, small, to the end"
        away = same_but_moved(items, others, away)
        assert _said(items) == _said(others)
        theirs = box_of(tuple(item for name in items if name not in WORDS for item in items[name]))
        assert theirs.left > box_of(beside).right, "side by side"
    check_end(story, figure, layer)
    return story


def _said(items: Mapping[str, Items]) -> list[str]:
    return [text.text for text in of_kind(items.get("caption", ()), Text)]


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
                assert item.fill == before.fill
            elif isinstance(item, Text) and isinstance(before, Text):
                assert (item.text, item.color) == (before.text, before.color)
                assert (item.size, item.width) == pytest.approx((before.size * share, before.width * share))
            elif isinstance(item, Line) and isinstance(before, Line):
                assert item.color == before.color
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
    theme = THEMES[figure.theme]
    items = shown(story.scene, len(story.scene.durations) - 1)
    (area,) = of_kind(items["pending"], Polygon)
    assert area.fill == theme.pending
    left, top = area.parts[0][0]
    plane = Plane(left, top, True)
    revealed = [part for polygon in of_kind(items["output"], Polygon) for part in polygon.parts]
    assert {polygon.fill for polygon in of_kind(items["output"], Polygon)} == {theme.output}
    assert sorted(cell for part in revealed for cell in plane.block(part)) == cells_of(layer.input_size)
    values = figure.values_drawn
    if values is None:
        assert not of_kind(items["output"], Text)
        return
    assert values.kernel is not None
    result = conv_transpose(layer.transpose(), conv(layer, values.input, values.kernel), values.kernel)
    texts = {plane.cell_at(text.at)[0]: text.text for text in of_kind(items["output"], Text)}
    assert texts == {at: f"{value + 0.0:.1f}".replace("-", "\N{MINUS SIGN}") for at, value in np.ndenumerate(result)}


@pytest.mark.parametrize("name", LAYERS)
def test_stories_that_are_easily_told_wrong(name: str) -> None:
    """With names, a title and numbers, and everything in its bounds."""
    layer = LAYERS[name]
    x, w = np.abs(filled(layer.input_size, 1)), np.abs(filled(layer.kernel_size, 2)) % 3
    figure = Figure(layer, view="story", title="There and back", labels=True)
    check(replace(figure, theme="muted"), layer, every=True)
    story = check(replace(figure, input_values=x, kernel_values=w), layer, every=False)
    direct, done, aside, transposed = story.parts
    check_frames_inside(story.scene, {0, direct[-1], done, *aside, *transposed[:4], transposed[-1]})


@SOME
@given(convs(), THEME_NAMES, seeds(), st.booleans())
def test_random_stories(layer: Conv, theme: ThemeName, seed: int, numbers: bool) -> None:
    x, w = (np.abs(filled(layer.input_size, seed)), np.ones(layer.kernel_size)) if numbers else (None, None)
    check(Figure(layer, view="story", theme=theme, input_values=x, kernel_values=w), layer, every=False)


def test_the_acts_come_in_order() -> None:
    """Named by what each frame adds; the transpose is built as in a figure of its own."""
    layer = Conv((3, 4), 3, stride=2, padding=1)
    scene = draw(Figure(layer, view="story"))
    first = [next(iter(shown(scene, frame))) for frame in range(len(scene.durations))]
    seen = [list(shown(scene, frame)) for frame in range(len(scene.durations))]
    steps = layer.output_size[0] * layer.output_size[1]
    assert first[: 3 + steps] == ["input", "padding", *["canvas"] * steps, "done"]
    assert first[3 + steps :] == ["aside"] * (len(first) - 3 - steps)
    building = acts(layer.transpose(), "isometric")
    start = 3 + steps + MOVES
    assert [names[1] for names in seen[start : start + len(building)]] == building
    assert building[-1] == "output padding"
    moving = ["shadow", "kernel", "sight", "pending", "output", "highlight"]
    assert seen[-1] == ["aside", "canvas", "input", *moving, "caption"]
    assert len(seen) == start + len(building) + 3 * 4


def test_what_is_said() -> None:
    scene = draw(Figure(Conv((3, 4), 3, stride=2, padding=1), view="story"))
    said = captions(scene, range(len(scene.durations)))
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
    formulas = [
        r"$o = \left\lfloor\dfrac{" + size + r" + 2 \cdot 1 - 3}{2}\right\rfloor + 1 = 2$" for size in ("3", "4")
    ]
    assert said[2][1:] == (f"rows: {formulas[0]}", f"columns: {formulas[1]}")
    assert said[2 : 2 + 4 + 1 + MOVES] == [said[2]] * (4 + 1 + MOVES), "to the end of its way aside"
    assert said[-1][1:] == (
        r"rows: $o = i + z(i - 1) + 2p' + a - d(k - 1) = "
        r"2 + 1 \cdot (2 - 1) + 2 \cdot 1 + 0 - 1 \cdot (3 - 1) = 3$",
        r"columns: $o = i + z(i - 1) + 2p' + a - d(k - 1) = "
        r"2 + 1 \cdot (2 - 1) + 2 \cdot 1 + 1 - 1 \cdot (3 - 1) = 4$",
    )


@pytest.mark.parametrize(("frame_ms", "short"), [(1000, 80), (300, 24), (60, 20)])
def test_moves_are_made_of_short_frames(frame_ms: int, short: int) -> None:
    layer = Conv(4, 2, stride=2)
    scene = draw(Figure(layer, view="story", frame_ms=frame_ms, hold_ms=9))
    usual, steps = frame_ms, 4
    spreading = [short] * 7
    expected = [usual] * (1 + steps + 1) + [short] * MOVES + [usual, *spreading, usual, usual] + [usual] * 16
    assert list(scene.durations) == [*expected[:-1], usual + 9]


def test_the_title_and_the_names_are_there() -> None:
    scene = draw(Figure(Conv(4, 2, stride=2), view="story", labels=True, title="Two by two"))
    for frame in range(len(scene.durations)):
        items = shown(scene, frame)
        assert [text.text for text in of_kind(items["title"], Text)] == ["Two by two"]
    words = [text.text for text in of_kind(shown(scene, 1)["words"], Text)]
    assert words == ["Input", "Output"]
    last = shown(scene, len(scene.durations) - 1)
    assert [text.text for text in of_kind(last["aside"], Text)] == ["Input", "Output"]
    assert [text.text for text in of_kind(last["words"], Text)] == ["Input", "Output"]


def test_only_what_moves_is_drawn_frame_by_frame() -> None:
    scene = draw(Figure(Conv(4, 2, stride=2), view="story"))
    moving = ["shadow", "kernel", "sight", "output", "highlight"]
    assert [track.name for track in scene.tracks if not track.static] == [*moving, "aside", "spreading", *moving]


@pytest.mark.parametrize(
    ("layer", "rule"),
    [
        (
            ConvTranspose(3, 3, stride=2),
            "and this is transposed convolution; choose isometric, flat, matrix, scatter or construction",
        ),
        (MaxPool(4, 2), "and this is max pooling; choose isometric or flat"),
        (AvgPool(4, 2), "and this is average pooling; choose isometric or flat"),
    ],
)
def test_other_layers_are_refused(layer: AnyLayer, rule: str) -> None:
    with pytest.raises(InputError) as caught:
        draw(Figure(layer, view="story"))
    assert str(caught.value) == f"view = 'story': draws convolution only, {rule}"


# The presets of the four families, as the issue that asked for them lists them.

Wanted = tuple[View, AnyLayer]

CORNER: Final = [[3, 3, 2, 1], [0, 0, 1, 3], [3, 1, 2, 2], [2, 0, 0, 2]]
KERNEL_OF_THE_GUIDE: Final = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]

FAMILIES: Final[Mapping[str, list[Wanted]]] = {
    "story": [
        ("story", Conv(5, 3)),
        ("story", Conv(4, 2, stride=2)),
        ("story", Conv((3, 4), 2, padding=1)),
        ("story", Conv((3, 4), 3, stride=2, padding=1)),
    ],
    "matrix": [
        ("matrix", Conv(4, 3)),
        ("matrix", ConvTranspose(2, 3)),
        ("matrix", Conv(5, 3)),
        ("matrix", ConvTranspose(3, 3)),
        ("matrix", Conv(5, 3, stride=2, padding=1)),
        ("matrix", ConvTranspose(3, 3, stride=2, padding=1)),
    ],
    "scatter": [
        ("scatter", ConvTranspose(2, 3)),
        ("scatter", ConvTranspose(2, 3, stride=2)),
        ("scatter", ConvTranspose(2, 3, stride=2, padding=1)),
        ("flat", Conv(4, 2, stride=2, padding=1)),
        ("flat", ConvTranspose(3, 2, stride=2, padding=1)),
    ],
    "flat": [
        *[("flat", Conv(5, 3, stride=s, padding=p)) for s, p in ((1, 0), (1, 1), (2, 0), (2, 1), (2, 3), (3, 2))],
        ("flat", ConvTranspose(3, 3)),
        ("flat", ConvTranspose(5, 3, padding=1)),
        ("flat", ConvTranspose(2, 3, stride=2)),
        ("flat", ConvTranspose(3, 3, stride=2, padding=1)),
        ("construction", ConvTranspose(2, 3, stride=2)),
        ("construction", ConvTranspose(3, 3, stride=2, padding=1)),
    ],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_presets_are_those_that_were_asked_for(family: str) -> None:
    figures = list(load_families()[family].values())
    assert [(figure.view, figure.layer) for figure in figures] == FAMILIES[family]
    assert {figure.theme for figure in figures} == {"muted" if family == "flat" else "solarized"}
    for figure in figures:
        if figure.view == "flat" or family == "flat":
            assert figure.reveal
        if family == "flat":
            assert figure.labels
            assert figure.title
        draw(figure)
    numbered = {"matrix": 2, "scatter": 3}.get(family, 0)
    assert [figure.numbered for figure in figures] == [at < numbered for at in range(len(figures))]


def test_the_numbers_of_the_matrix_presets() -> None:
    """The direct output is the transposed input; every number is worked out, here by the oracle."""
    direct, transposed, *symbols = load_families()["matrix"].values()
    x, w = np.array(CORNER), np.array(KERNEL_OF_THE_GUIDE)
    assert isinstance(direct.layer, Conv)
    assert isinstance(transposed.layer, ConvTranspose)
    assert direct.values_drawn is not None
    assert transposed.values_drawn is not None
    np.testing.assert_array_equal(direct.values_drawn.input, x)
    np.testing.assert_array_equal(direct.values_drawn.kernel, w)
    matrix = matrix_of(direct.layer, w)
    assert matrix.shape == (4, 16)
    output = (matrix @ x.ravel()).reshape(2, 2)
    assert output.tolist() == [[12, 12], [10, 17]]
    np.testing.assert_array_equal(direct.values_drawn.output, output)
    np.testing.assert_array_equal(transposed.values_drawn.input, output)
    np.testing.assert_array_equal(transposed.values_drawn.kernel, w)
    np.testing.assert_array_equal(transposed.values_drawn.output, (matrix.T @ output.ravel()).reshape(4, 4))
    assert not any(figure.numbered for figure in symbols)


def test_the_numbers_of_the_scatter_presets() -> None:
    """The totals as they are drawn, and what is left after the crop."""
    totals, ends = [], []
    for figure in list(load_families()["scatter"].values())[:3]:
        layer, values = figure.layer, figure.values_drawn
        assert isinstance(layer, ConvTranspose)
        assert values is not None
        assert values.kernel is not None
        assert values.input.tolist() == [[1, 2], [3, 4]]
        assert values.kernel.tolist() == [[1] * 3] * 3
        scene = draw(figure)
        plane = plane_of(shown(scene, 0)["pending"])
        side = 4 if layer.stride == (1, 1) else 5
        texts = texts_in(shown(scene, 4)["totals"], plane)
        totals.append([[int(texts[row, col]) for col in range(side)] for row in range(side)])
        worked = sums(layer, values.input, values.kernel, 4)
        assert {cell: int(text) for cell, text in texts.items()} == {cell: sum(terms) for cell, terms in worked.items()}
        last = shown(scene, len(scene.durations) - 1)
        if "output" in last:
            kept = texts_in(last["output"], plane)
            ends.append([[int(kept[row, col]) for col in (1, 2, 3)] for row in (1, 2, 3)])
    assert totals[0] == [[1, 3, 3, 2], [4, 10, 10, 6], [4, 10, 10, 6], [3, 7, 7, 4]]
    assert totals[1] == totals[2]
    assert totals[1] == [[1, 1, 3, 2, 2], [1, 1, 3, 2, 2], [4, 4, 10, 6, 6], [3, 3, 7, 4, 4], [3, 3, 7, 4, 4]]
    assert ends == [[[1, 3, 2], [4, 10, 6], [3, 7, 4]]]
