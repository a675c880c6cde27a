"""The construction view: four acts that lead from a transposed convolution to a direct one, in the right words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import draw
from convgif.drawing.scene import Item, Items, Line, Point, Polygon, Scene, Text
from convgif.drawing.theme import THEMES
from convgif.errors import InputError
from convgif.figure import Figure, ThemeName, View
from tests.arithmetic.oracle import AnyLayer, Numbers, canvas_map
from tests.arithmetic.strategies import REPEATABLE, filled, transposed_convs
from tests.drawing.plane import Pair, Plane, edges_of, input_places
from tests.drawing.test_scatter import (
    THEME_NAMES,
    cells_of,
    check_fits,
    check_frames_inside,
    full_size,
    plane_of,
    texts_in,
)
from tests.drawing.truth import kernel_map_of, of_kind, painted, points_of, ruled, shown, written

SOME: Final = settings(REPEATABLE, max_examples=20)
MOVES: Final = 7
"""Short frames of a move, between two usual ones."""
SHORT: Final = 80
"""Milliseconds of a short frame in a figure whose frames last a second."""
TURNED: Final = "turned by 180°"

LAYERS: Final[Mapping[str, ConvTranspose]] = {
    "stride 2": ConvTranspose(3, 3, stride=2, padding=1),
    "stride 1": ConvTranspose(2, 3),
    "strides across": ConvTranspose((2, 3), (2, 3), stride=(1, 3)),
    "all at once": ConvTranspose((2, 4), (3, 2), stride=(3, 2), padding=(1, 0), dilation=(1, 2), output_padding=(2, 1)),
    "one cell": ConvTranspose(1, 1),
    "kernel of one cell": ConvTranspose(2, 1, stride=2),
    "no padding left": ConvTranspose(3, 3, padding=2),
    "a crop": ConvTranspose(4, 2, stride=2, padding=2),
    "a crop that output padding takes back": ConvTranspose(3, 1, stride=3, padding=1, output_padding=2),
    "a crop one way": ConvTranspose((4, 2), (1, 3), stride=2, padding=1),
    "a crop of all input": ConvTranspose(2, 1, stride=5, padding=1),
    "output padding alone": ConvTranspose(2, 2, stride=2, output_padding=(0, 1)),
    "a crop of more than there is before output padding": ConvTranspose(1, 1, stride=5, padding=2, output_padding=4),
}


def acts(layer: ConvTranspose, view: View = "construction") -> list[str]:
    """What each frame is about before the kernel slides."""
    moving = ["spreading"] * MOVES if layer.stride != (1, 1) else []
    more = ["output padding"] if layer.output_padding != (0, 0) else []
    kernel = ["stored", *["turning"] * MOVES] if view == "construction" else []
    return ["input", *moving, "zeros", "padding", *more, *kernel]


# The pictures.


def check_canvas(
    items: Items,
    figure: Figure,
    layer: ConvTranspose,
    block: tuple[int, int, int, int],
    x: Numbers | None,
) -> None:
    """A part of the canvas with the input on it; input that lies beside it is seen to be cut away."""
    theme, plane = THEMES[figure.theme], Plane(0.0, 0.0, figure.view == "isometric")
    rows, cols = input_places(layer)
    inside = cells_of((max(0, block[2]), max(0, block[3])), (block[0], block[1]))
    places = {(row, col): (r, c) for r, row in enumerate(rows) for c, col in enumerate(cols)}
    kept, cut = sorted(set(places) & set(inside)), sorted(set(places) - set(inside))
    colors = {theme.cut: cut, theme.input: kept, **({} if theme.blank is None else {theme.blank: inside})}
    assert painted(items, plane) == {color: cells for color, cells in colors.items() if cells}
    assert ruled(items, plane) == edges_of([*inside, *places])
    dashed = [line for line in of_kind(items, Line) if line.dash]
    if theme.blank is None and inside:
        assert plane.edges(part for line in dashed for part in line.parts) == edges_of(inside)
    else:
        assert not any(line.parts for line in dashed)
    if x is None:
        assert not of_kind(items, Text)
        return
    blank = {cell: "0" for cell in inside if cell not in places}
    texts = blank | {place: written(x[at]) for place, at in places.items()}
    assert _texts(items, plane) == texts
    if figure.view != "isometric":
        check_fits(items, plane)


def _texts(items: Items, plane: Plane) -> dict[Pair, str]:
    """The texts by cell, one in each."""
    found: dict[Pair, str] = {}
    for text in of_kind(items, Text):
        cell, (row, col) = plane.cell_at(text.at)
        assert abs(row - 0.5) < 1e-6
        assert abs(col - 0.5) < 1e-6
        assert cell not in found
        found[cell] = text.text
    return found


def unit_cells(items: Items, tilted: bool) -> tuple[list[float], list[float]]:
    """The rows and the columns that cells of input lie in, which may be between those of the canvas."""
    plane = Plane(0.0, 0.0, tilted)
    rows: list[float] = []
    cols: list[float] = []
    total = 0
    for polygon in of_kind(items, Polygon):
        for part in polygon.parts:
            (top, left), (bottom, right) = plane.place(part[0]), plane.place(part[2])
            height, width = round(bottom - top), round(right - left)
            assert (bottom - top, right - left) == pytest.approx((height, width))
            total += height * width
            rows.extend(top + row for row in range(height))
            cols.extend(left + col for col in range(width))
    rows, cols = distinct(rows), distinct(cols)
    assert total == len(rows) * len(cols), "no cell twice, and none missing"
    return rows, cols


def distinct(numbers: list[float]) -> list[float]:
    """The numbers in order, those that are the same but for rounding once."""
    ordered = sorted(numbers)
    return [number for at, number in enumerate(ordered) if at == 0 or number - ordered[at - 1] > 1e-6]


def check_spread(found: list[float], size: int, apart: float, middle: float) -> None:
    """So many cells, evenly apart, about their middle."""
    assert len(found) == size
    assert [other - one for one, other in pairwise(found)] == pytest.approx([apart] * (size - 1), abs=1e-6)
    assert (found[0] + found[-1]) / 2 == pytest.approx(middle, abs=1e-6)


def check_acts(figure: Figure, layer: ConvTranspose, x: Numbers | None, w: Numbers | None) -> Scene:
    """Everything before the kernel slides."""
    scene, theme = draw(figure), THEMES[figure.theme]
    names = acts(layer, figure.view)
    steps = layer.output_size[0] * layer.output_size[1]
    assert len(scene.durations) == len(names) + steps
    short = [SHORT if name in ("spreading", "turning") else 1000 for name in names]
    assert list(scene.durations) == [*short, *[1000] * steps]
    tilted = figure.view == "isometric"
    rows, cols = input_places(layer)
    middles = [(places[0] + places[-1]) / 2 for places in (rows, cols)]
    (height, width), (more_rows, more_cols) = canvas_map(layer).shape, layer.output_padding
    blocks = {
        "zeros": (rows[0], cols[0], rows[-1] + 1 - rows[0], cols[-1] + 1 - cols[0]),
        "padding": (0, 0, height - more_rows, width - more_cols),
        "output padding": (0, 0, height, width),
    }
    spread = [1.0, 1.0]
    gaps: tuple[list[float], list[float]] = ([], [])
    angles: list[float] = []
    for frame, name in enumerate(names):
        items = shown(scene, frame)
        words = items.pop("caption")
        assert len(of_kind(words, Text)) == len(words)
        ground = tuple(item for track in items if track not in ("kernel", "words") for item in items[track])
        if name in ("input", "spreading"):
            assert {polygon.fill for polygon in of_kind(ground, Polygon)} == {theme.input}
            found = unit_cells(ground, tilted)
            if name == "spreading":
                apart = [places[1] - places[0] if len(places) > 1 else None for places in found]
                for way in (0, 1):
                    gap = apart[way]
                    if gap is not None and layer.stride[way] > 1:
                        assert spread[way] < gap < layer.stride[way]
                        spread[way] = gap
                        gaps[way].append(gap)
            for way in (0, 1):
                check_spread(found[way], layer.input_size[way], spread[way], middles[way])
            texts = [text.text for text in of_kind(ground, Text)]
            assert texts == ([] if x is None else [written(value) for value in x.flat])
        elif name in blocks:
            check_canvas(ground, figure, layer, blocks[name], x)
        else:
            check_canvas(ground, figure, layer, (0, 0, height, width), x)
            angles.append(check_turn(items["kernel"], figure, layer, w, angles[-1] if angles else None))
        assert ("kernel" in items) is (name in ("stored", "turning"))
    if layer.stride != (1, 1):
        assert [spread[way] > 1 for way in (0, 1) if layer.input_size[way] > 1] == [
            layer.stride[way] > 1 for way in (0, 1) if layer.input_size[way] > 1
        ]
    # A move begins as slowly as it ends, so its frames are in balance about its middle: it goes all the way.
    for moves, whole in ((gaps[0], 1 + layer.stride[0]), (gaps[1], 1 + layer.stride[1]), (angles[1:], 180)):
        assert [one + other for one, other in zip(moves, reversed(moves), strict=True)] == pytest.approx(
            [whole] * len(moves)
        )
    return scene


def check_turn(items: Items, figure: Figure, layer: ConvTranspose, w: Numbers | None, before: float | None) -> float:
    """The kernel as it is stored (`before` None), or turned further than that many degrees; how far it is turned."""
    theme, size = THEMES[figure.theme], layer.kernel_size
    area, mark = of_kind(items, Polygon)
    assert (area.fill, mark.fill) == (theme.kernel, theme.text)
    (corners,) = area.parts
    first, right = corners[0], corners[1]
    degrees = math.degrees(math.atan2(right[1] - first[1], right[0] - first[0]))
    assert math.dist(first, right) == pytest.approx(size[1])
    assert math.dist(right, corners[2]) == pytest.approx(size[0])
    assert degrees == pytest.approx(0, abs=1e-6) if before is None else before < degrees < 180
    assert math.dist(mark.parts[0][0], first) == pytest.approx(0, abs=1e-6)
    texts = of_kind(items, Text)
    if w is None:
        assert not texts
        return degrees
    middle = (first[0] + corners[2][0]) / 2, (first[1] + corners[2][1]) / 2
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    for text, (at, weight) in zip(texts, np.ndenumerate(w), strict=True):
        x, y = at[1] + 0.5 - size[1] / 2, at[0] + 0.5 - size[0] / 2
        assert text.at == pytest.approx((middle[0] + x * cos - y * sin, middle[1] + x * sin + y * cos))
        assert text.text == written(weight)
    return degrees


def check_turned(scene: Scene, figure: Figure, layer: ConvTranspose, w: Numbers | None) -> None:
    """The kernel beside the run: in the room that it had, each weight at the mirrored cell, the first one marked."""
    theme, (rows, cols) = THEMES[figure.theme], layer.kernel_size
    before = len(acts(layer)) - 1 - MOVES
    stored = plane_of(shown(scene, before)["kernel"], {theme.kernel})
    items = shown(scene, len(scene.durations) - 1)["kernel"]
    area, mark = of_kind(items, Polygon)
    now = plane_of(items, {theme.kernel})
    assert now.left == pytest.approx(stored.left)
    assert now.top == pytest.approx(stored.top)
    assert area.parts[0][0] == pytest.approx((now.left + cols, now.top + rows)), "its first corner is its last one"
    assert mark.parts[0][0] == pytest.approx(area.parts[0][0])
    assert mark.fill == theme.text
    if w is None:
        assert not of_kind(items, Text)
        return
    mirrored = {(rows - 1 - row, cols - 1 - col): written(weight) for (row, col), weight in np.ndenumerate(w)}
    assert texts_in(items, now) == mirrored
    check_fits(items, now)
    assert texts_in(shown(scene, before)["kernel"], stored) == {at: written(v) for at, v in np.ndenumerate(w)}


@pytest.mark.parametrize("view", ["construction", "flat", "isometric"])
@pytest.mark.parametrize("name", LAYERS)
def test_every_frame_before_the_kernel_slides(name: str, view: View) -> None:
    """With numbers and without; the other views begin in the same way, without the kernel, where they are asked."""
    layer = LAYERS[name]
    prologue = view != "construction"
    x, w = filled(layer.input_size, 1), filled(layer.kernel_size, 2)
    plain = Figure(layer, view=view, theme="muted", prologue=prologue)
    numbers = replace(plain, theme="solarized", input_values=x, kernel_values=w, labels=True)
    scene = check_acts(plain, layer, None, None)
    numbered = check_acts(numbers, layer, x, w)
    before = len(acts(layer, view))
    check_frames_inside(numbered, {0, 1, before // 2, before - 3, before})
    if view == "construction":
        check_turned(scene, plain, layer, None)
        check_turned(numbered, numbers, layer, w)


@SOME
@given(transposed_convs(), THEME_NAMES, st.booleans())
def test_random_layers(layer: ConvTranspose, theme: ThemeName, numbers: bool) -> None:
    x, w = (filled(layer.input_size, 1), filled(layer.kernel_size, 2)) if numbers else (None, None)
    figure = Figure(layer, view="construction", theme=theme, input_values=x, kernel_values=w)
    scene = check_acts(figure, layer, x, w)
    check_turned(scene, figure, layer, w)


def unplaced(item: Item) -> Item:
    """All that an item is, but for where."""
    if isinstance(item, Text):
        return replace(item, at=(0, 0))
    if isinstance(item, Line):
        return replace(item, parts=())
    return replace(item, parts=())


def moved(items: Items, others: Items) -> Point:
    """How far the other items lie from these, which must be the same but for that."""
    assert len(items) == len(others)
    for item, other in zip(items, others, strict=True):
        assert unplaced(item) == unplaced(other)
    points, other_points = np.array(points_of(items)), np.array(points_of(others))
    steps = other_points - points
    np.testing.assert_allclose(steps, np.broadcast_to(steps[0], steps.shape), atol=1e-9)
    return float(steps[0][0]), float(steps[0][1])


@SOME
@given(transposed_convs(), THEME_NAMES, st.booleans())
def test_then_the_kernel_slides_as_in_the_flat_view(layer: ConvTranspose, theme: ThemeName, numbers: bool) -> None:
    """Only what is beside the canvas may stand further to the right, where the kernel had to turn."""
    figure = Figure(layer, view="construction", theme=theme, values="random" if numbers else None)
    scene, flat = draw(figure), draw(replace(figure, view="flat", reveal=True, kernel_map=True))
    steps = layer.output_size[0] * layer.output_size[1]
    before = len(scene.durations) - steps
    assert len(flat.durations) == steps
    away: dict[str, Point] = {}
    for frame in sorted({0, steps // 2, steps - 1}):
        items, others = shown(scene, before + frame), shown(flat, frame)
        items.pop("caption")
        assert items.keys() == others.keys()
        assert moved(others["kernel"][-1:], items["kernel"][-1:]) == pytest.approx((0, 0)), "the window slides alike"
        items["kernel"], others["kernel"] = kernel_map_of(items), kernel_map_of(others)
        for name in items:
            step = moved(others[name], items[name])
            assert away.setdefault(name, step) == pytest.approx(step)
            assert step[1] >= 0 if name == "words" else step[1] == pytest.approx(0), (
                "words stand below the turning kernel"
            )
    assert {name for name, step in away.items() if step[0] > 1e-9} <= {
        "kernel",
        "words",
        "pending",
        "output",
        "highlight",
    }
    assert away["output"] == pytest.approx(away["pending"])
    assert away["output"] == pytest.approx(away["highlight"])
    assert away["output"][0] >= away["kernel"][0] >= 0


def test_a_kernel_that_turns_touches_neither_map() -> None:
    """A long one needs the room of a circle."""
    for size in ((1, 6), (6, 1), (5, 2)):
        layer = ConvTranspose(6, size)
        scene = draw(Figure(layer, view="construction"))
        canvas = layer.canvas_size[1]
        output = min(x for x, _ in points_of(shown(scene, len(scene.durations) - 1)["pending"]))
        for frame in range(len(acts(layer))):
            for x, _ in points_of(shown(scene, frame).get("kernel", ())):
                assert canvas < x < output


# The words.


def captions(scene: Scene, frames: range) -> list[tuple[str, ...]]:
    """What is said in each frame, line by line."""
    texts = [of_kind(shown(scene, frame)["caption"], Text) for frame in frames]
    for found in texts:
        assert all(text.math is ("$" in text.text) for text in found)
        assert [text.at[1] for text in found] == sorted(text.at[1] for text in found)
    return [tuple(text.text for text in found) for found in texts]


def worked(formula: str, letters: Mapping[str, tuple[int, int]], way: int) -> list[int]:
    """What each side of an equation comes to along one direction, letters put in and pairs taken apart."""
    found = re.fullmatch(r"(?:(?:rows|columns): )?\$(.*)\$", formula)
    assert found is not None
    plain = found[1].replace(r" \cdot ", "*").replace("p'", "q")
    plain = re.sub(r"\((-?\d+), (-?\d+)\)", rf"(\{way + 1})", plain)
    plain = re.sub(r"(?<=\w)(?=[a-z(])", "*", plain)
    sides = plain.split(" = ")
    assert all(re.fullmatch(r"[-+*() \dikspdaozq]+", side) for side in sides)
    return [eval(side, {}, {letter: pair[way] for letter, pair in letters.items()}) for side in sides]


def known(layer: ConvTranspose) -> dict[str, tuple[int, int]]:
    """The guide's letters, by the guide's definitions; q is p'."""

    def both(values: Iterator[int]) -> tuple[int, int]:
        rows, cols = values
        return rows, cols

    sizes = zip(layer.dilation, layer.kernel_size, layer.padding, strict=True)
    full = full_size(layer)
    return {
        "i": layer.input_size,
        "k": layer.kernel_size,
        "s": layer.stride,
        "p": layer.padding,
        "d": layer.dilation,
        "a": layer.output_padding,
        "z": both(s - 1 for s in layer.stride),
        "q": both(d * (k - 1) - p for d, k, p in sizes),
        "o": both(full[way] - 2 * layer.padding[way] for way in (0, 1)),
    }


@SOME
@given(transposed_convs())
def test_every_act_is_captioned_with_its_formula_and_the_numbers_are_right(layer: ConvTranspose) -> None:
    letters, names = known(layer), acts(layer)
    scene = draw(Figure(layer, view="construction"))
    steps = layer.output_size[0] * layer.output_size[1]
    said = captions(scene, range(len(names) + 1))
    assert captions(scene, range(len(scene.durations) - 1, len(scene.durations))) == said[-1:]
    assert steps
    begins = {"input": "i", "zeros": "z", "spreading": "z", "padding": "q", "output padding": "a"}
    for name, (words, *formulas) in zip([*names, "run"], said, strict=True):
        assert re.fullmatch(r"[A-Z][\w ,;°]+", words)
        for way, formula in enumerate(formulas if len(formulas) > 1 else formulas * 2):
            letter = begins.get(name, "o")
            assert formula.split("$")[1].startswith("p'" if letter == "q" else letter)
            assert set(worked(formula, letters, way)) == {letters[letter][way]}
            if len(formulas) > 1:
                assert name in ("stored", "turning", "run")
                assert formula.startswith(("rows: ", "columns: ")[way])


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (
            ConvTranspose(3, 3, stride=2, padding=1),
            [
                ("The input", "$i = 3$"),
                ("Zeros between rows and columns", "$z = s - 1 = 2 - 1 = 1$"),
                ("Zeros on each side", r"$p' = d(k - 1) - p = 1 \cdot (3 - 1) - 1 = 1$"),
                (
                    "The kernel, turned by 180°, slides with stride 1",
                    r"$o = i + z(i - 1) + 2p' - d(k - 1) = 3 + 1 \cdot (3 - 1) + 2 \cdot 1 - 1 \cdot (3 - 1) = 5$",
                ),
            ],
        ),
        (
            ConvTranspose((4, 2), 1, stride=(1, 3), padding=(1, 0), output_padding=(0, 2)),
            [
                ("The input", "$i = (4, 2)$"),
                ("Zeros between rows and columns", "$z = s - 1 = (1, 3) - 1 = (0, 2)$"),
                ("A crop on each side", r"$p' = d(k - 1) - p = 1 \cdot (1 - 1) - (1, 0) = (-1, 0)$"),
                ("More zeros at the bottom and the right", "$a = (0, 2)$"),
                (
                    "The kernel, turned by 180°, slides with stride 1",
                    r"rows: $o = i + z(i - 1) + 2p' + a - d(k - 1) = "
                    r"4 + 0 \cdot (4 - 1) + 2 \cdot (-1) + 0 - 1 \cdot (1 - 1) = 2$",
                    r"columns: $o = i + z(i - 1) + 2p' + a - d(k - 1) = "
                    r"2 + 2 \cdot (2 - 1) + 2 \cdot 0 + 2 - 1 \cdot (1 - 1) = 6$",
                ),
            ],
        ),
        (
            ConvTranspose(4, (2, 1), padding=(0, 1)),
            [
                ("The input", "$i = 4$"),
                ("No zeros between rows and columns", "$z = s - 1 = 1 - 1 = 0$"),
                (
                    "Zeros on each side; where negative, a crop",
                    r"$p' = d(k - 1) - p = 1 \cdot ((2, 1) - 1) - (0, 1) = (1, -1)$",
                ),
                (
                    "The kernel, turned by 180°, slides with stride 1",
                    r"rows: $o = i + z(i - 1) + 2p' - d(k - 1) = "
                    r"4 + 0 \cdot (4 - 1) + 2 \cdot 1 - 1 \cdot (2 - 1) = 5$",
                    r"columns: $o = i + z(i - 1) + 2p' - d(k - 1) = "
                    r"4 + 0 \cdot (4 - 1) + 2 \cdot (-1) - 1 \cdot (1 - 1) = 2$",
                ),
            ],
        ),
        (
            ConvTranspose(3, 3, padding=2),
            [
                ("The input", "$i = 3$"),
                ("No zeros between rows and columns", "$z = s - 1 = 1 - 1 = 0$"),
                ("No zeros on the sides", r"$p' = d(k - 1) - p = 1 \cdot (3 - 1) - 2 = 0$"),
                (
                    "The kernel, turned by 180°, slides with stride 1",
                    r"$o = i + z(i - 1) + 2p' - d(k - 1) = 3 + 0 \cdot (3 - 1) + 2 \cdot 0 - 1 \cdot (3 - 1) = 1$",
                ),
            ],
        ),
    ],
)
def test_the_words_of_the_acts(layer: ConvTranspose, told: list[tuple[str, ...]]) -> None:
    scene = draw(Figure(layer, view="construction"))
    said = captions(scene, range(len(scene.durations)))
    assert list(dict.fromkeys(said)) == told


def test_a_caption_that_stays_is_one_text() -> None:
    """Not one of each frame: it need be drawn but once."""
    scene = draw(Figure(ConvTranspose(3, 3, stride=2, padding=1), view="construction"))
    tracks = [track for track in scene.tracks if track.name == "caption"]
    assert len(tracks) == 4
    assert all(track.static for track in tracks)


def test_the_maps_are_named_as_they_appear() -> None:
    """The kernel's name says that it is turned once it is, whether or not names are wanted."""

    def words(labels: bool) -> list[list[str]]:
        scene = draw(Figure(ConvTranspose(2, 2), view="construction", labels=labels))
        frames = [shown(scene, frame) for frame in range(len(scene.durations))]
        return [sorted(text.text for text in of_kind(items.get("words", ()), Text)) for items in frames]

    run = 9
    assert words(True) == [
        *[["Input"]] * 3,
        *[["Input", "Kernel"]] * 8,
        *[["Input", "Kernel", "Output", TURNED]] * run,
    ]
    assert words(False) == [*[[]] * 11, *[[TURNED]] * run]


def test_the_view_is_the_flat_one_with_all_that_explains_it() -> None:
    figure = Figure(ConvTranspose(3, 3, stride=2), view="construction", values="random", labels=True, title="All")
    scene = draw(figure)
    flat = draw(replace(figure, view="flat", prologue=True, kernel_map=True, reveal=True))
    assert scene.durations == flat.durations
    assert scene.bounds == flat.bounds
    for frame in range(len(scene.durations)):
        assert shown(scene, frame) == shown(flat, frame)


@pytest.mark.parametrize(("frame_ms", "short"), [(1000, 80), (500, 40), (100, 20), (20, 20)])
def test_moves_are_made_of_short_frames(frame_ms: int, short: int) -> None:
    """No player shows frames of less than 20 ms as they are; the last frame is held."""
    layer = ConvTranspose(2, 2, stride=2)
    scene = draw(Figure(layer, view="construction", frame_ms=frame_ms, hold_ms=7))
    usual = frame_ms
    assert scene.durations == (
        usual, *[short] * MOVES, usual, usual, usual, *[short] * MOVES, *[usual] * 15, usual + 7
    )  # fmt: skip


def test_only_what_moves_is_drawn_frame_by_frame() -> None:
    scene = draw(Figure(ConvTranspose(2, 2, stride=2), view="construction"))
    moving = [track.name for track in scene.tracks if not track.static]
    assert moving == ["spreading", "kernel", "output", "shadow", "kernel", "highlight"]


@pytest.mark.parametrize(
    ("layer", "rule"),
    [
        (Conv(4, 3), "and this is convolution; choose isometric, flat, matrix or story"),
        (MaxPool(4, 2), "and this is max pooling; choose isometric or flat"),
        (AvgPool(4, 2), "and this is average pooling; choose isometric or flat"),
    ],
)
def test_other_layers_are_refused(layer: AnyLayer, rule: str) -> None:
    with pytest.raises(InputError) as caught:
        draw(Figure(layer, view="construction"))
    assert str(caught.value) == f"view = 'construction': draws transposed convolution only, {rule}"
