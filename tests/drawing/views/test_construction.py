"""The construction view: the flat one with everything that explains a transposed convolution, in the right words.

What the acts before it show is tested with the prologue, which other views have as well.
"""

from __future__ import annotations

import re
from typing import Final

import pytest
from hypothesis import given, settings

from convgif.arithmetic import ConvTranspose
from convgif.drawing.composition import compose
from convgif.drawing.scene import Text
from convgif.figure import Figure
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.cases import drawable, numbered
from tests.drawing.truth import captions, check, check_numbers, kernel_map_of, of_kind, points_of, shown

SOME: Final = settings(REPEATABLE, max_examples=20)
MOVES: Final = 7
"""Short frames of a move, between two usual ones."""
TURNED: Final = "turned by 180°"


@SOME
@given(drawable("construction"))
def test_the_view_is_the_flat_one_with_all_that_explains_it(layer: ConvTranspose) -> None:
    figure, x, w = numbered(layer, "construction", seed=1, labels=True, title="All")
    scene = compose(figure)
    flat = compose(figure.replaced(view="flat", prologue=True, kernel_map=True, reveal=True))
    assert (scene.durations, scene.bounds) == (flat.durations, flat.bounds)
    for frame in {0, len(flat.durations) // 2, len(flat.durations) - 1}:
        assert shown(scene, frame) == shown(flat, frame)
    check(figure)
    check_numbers(figure, x, w)


@SOME
@given(drawable("construction"))
def test_it_begins_with_the_finished_picture(layer: ConvTranspose) -> None:
    """What the last frame has, but for the kernel at work; under it what the layer is, and its sizes."""
    figure, _, _ = numbered(layer, "construction", seed=1, labels=True, title="All")
    scene = compose(figure)
    first, last = shown(scene, 0), shown(scene, len(scene.durations) - 1)
    assert first.keys() == {"title", "whole", "caption"}
    assert first["title"] == last["title"]
    last["kernel"] = kernel_map_of(last)
    standing = ("words", "kernel", "cut", "canvas", "input", "pending", "output")
    assert first["whole"] == tuple(item for name in standing for item in last.get(name, ()))
    sizes = ("x".join(map(str, size)) for size in (layer.input_size, layer.output_size))
    assert captions(scene, 0) == [f"Transposed convolution: {' to '.join(sizes)}"]


def test_a_kernel_that_turns_touches_neither_map() -> None:
    """A long one needs the room of a circle."""
    for size in ((1, 6), (6, 1), (5, 2)):
        scene = compose(Figure(ConvTranspose(6, size), view="construction"))
        canvas = ConvTranspose(6, size).canvas_size[1]
        output = min(x for x, _ in points_of(shown(scene, len(scene.durations) - 1)["pending"]))
        turning = [shown(scene, frame) for frame in range(4, 4 + 1 + MOVES)]
        assert all(canvas < x < output for items in turning for x, _ in points_of(items["kernel"]))


def worked(formula: str, letters: dict[str, tuple[int, ...]], way: int) -> list[int]:
    """What each side of an equation comes to along one axis, letters put in and tuples taken apart."""
    plain = formula.removeprefix("rows: ").removeprefix("columns: ")
    plain = plain.replace(" · ", "*").replace("\N{PRIME}", "'").replace("\N{MINUS SIGN}", "-").replace("p'", "q")
    plain = re.sub(r"\((-?\d+), (-?\d+)\)", rf"(\{way + 1})", plain)
    plain = re.sub(r"(?<=\w)(?=[a-z(])", "*", re.sub(r"([pq])([12])", r"\1_\2", plain))
    sides = plain.split(" = ")
    assert all(re.fullmatch(r"[-+*() \dikspdaozq_]+", side) for side in sides)
    return [eval(side, {}, {letter: sizes[way] for letter, sizes in letters.items()}) for side in sides]


def known(layer: ConvTranspose) -> dict[str, tuple[int, ...]]:
    """The guide's letters, by the guide's definitions; q is p'."""
    i, k, s, d, a = layer.input_size, layer.kernel_size, layer.stride, layer.dilation, layer.output_padding
    axes, cuts = range(len(i)), [*zip(*layer.pads, strict=True)]
    z = tuple(s[n] - 1 for n in axes)
    around = [tuple(d[n] * (k[n] - 1) - cut[n] for n in axes) for cut in cuts]
    o = tuple((i[n] - 1) * s[n] + d[n] * (k[n] - 1) + 1 + a[n] - sum(layer.pads[n]) for n in axes)
    both = {"p": cuts[0], "q": around[0]}
    sides = {"p_1": cuts[0], "p_2": cuts[1], "q_1": around[0], "q_2": around[1]}
    return {"i": i, "k": k, "s": s, "d": d, "a": a, "z": z, "o": o, **(both if layer.symmetric else sides)}


@SOME
@given(drawable("construction"))
def test_every_act_is_captioned_with_its_formula_and_the_numbers_are_right(layer: ConvTranspose) -> None:
    letters, scene = known(layer), compose(Figure(layer, view="construction"))
    _, *said = (tuple(captions(scene, frame)) for frame in range(len(scene.durations)))
    assert list(dict.fromkeys(lines[0][:3] for lines in said)) == ["1. ", "2. ", "3. ", "4. "]
    order = ["i", "z", "q", *(["a"] if any(layer.output_padding) else []), "o"]
    for letter, (words, *formulas) in zip(order, dict.fromkeys(said), strict=True):
        assert re.fullmatch(r"[1-4]\. [A-Z][\w ,;°]+", words)
        for way in range(layer.ndim):
            names = [letter] if letter in letters else [f"{letter}_1", f"{letter}_2"]
            for number, name in enumerate(names):
                formula = formulas[way if letter == "o" and len(formulas) > 1 else number]
                assert {*worked(formula, letters, way)} == {letters[name][way]}
            for size in formulas[len(names) :] if letter != "o" else ():
                assert len({*worked(size, letters, way)}) == 1, size


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (
            ConvTranspose(3, 3, stride=2, padding=1),
            [
                ("1. The input", "i = 3"),
                ("2. Zeros between rows and columns", "z = s − 1 = 2 − 1 = 1", "i + z(i − 1) = 3 + 1 · (3 − 1) = 5"),
                ("3. Zeros on each side", "p' = k − 1 − p = 3 − 1 − 1 = 1", "i + z(i − 1) + 2p' = 5 + 2 · 1 = 7"),
                (
                    "4. The kernel, turned by 180°, slides with stride 1",
                    "o = i + z(i − 1) + 2p' − (k − 1) = 7 − (3 − 1) = 5",
                ),
            ],
        ),
        (
            ConvTranspose((4, 2), 1, stride=(1, 3), padding=(1, 0), output_padding=(0, 2)),
            [
                ("1. The input", "i = (4, 2)"),
                (
                    "2. Zeros between rows and columns",
                    "z = s − 1 = (1, 3) − 1 = (0, 2)",
                    "i + z(i − 1) = (4, 2) + (0, 2) · ((4, 2) − 1) = 4",
                ),
                (
                    "3. A crop on each side",
                    "p' = k − 1 − p = 1 − 1 − (1, 0) = (−1, 0)",
                    "i + z(i − 1) + 2p' = 4 + 2 · (−1, 0) = (2, 4)",
                ),
                (
                    "3. More zeros at the bottom and the right",
                    "a = (0, 2)",
                    "i + z(i − 1) + 2p' + a = (2, 4) + (0, 2) = (2, 6)",
                ),
                (
                    "4. The kernel, turned by 180°, slides with stride 1",
                    "rows: o = i + z(i − 1) + 2p' + a − (k − 1) = 2 − (1 − 1) = 2",
                    "columns: o = i + z(i − 1) + 2p' + a − (k − 1) = 6 − (1 − 1) = 6",
                ),
            ],
        ),
    ],
)
def test_the_words_of_the_acts(layer: ConvTranspose, told: list[tuple[str, ...]]) -> None:
    scene = compose(Figure(layer, view="construction"))
    _, *said = (tuple(captions(scene, frame)) for frame in range(len(scene.durations)))
    assert [tuple(line.replace("\N{PRIME}", "'") for line in lines) for lines in dict.fromkeys(said)] == told
    assert len([track for track in scene.tracks if track.name == "caption"]) == 1 + len(told), "each is drawn but once"


def test_the_maps_are_named_as_they_appear() -> None:
    """The kernel's name says that it is turned once it is, whether or not names are wanted."""

    def words(labels: bool) -> list[list[str]]:
        scene = compose(Figure(ConvTranspose(2, 2), view="construction", labels=labels))
        frames = [shown(scene, frame) for frame in range(len(scene.durations))]
        shown_so = ((*items.get("whole", ()), *items.get("words", ())) for items in frames)
        return [sorted(text.text for text in of_kind(items, Text)) for items in shown_so]

    assert words(True) == [
        ["Input", "Kernel", "Output", TURNED],
        *[["Input"]] * 3,
        *[["Input", "Kernel"]] * 8,
        *[["Input", "Kernel", "Output", TURNED]] * 9,
    ]
    assert words(False) == [[TURNED], *[[]] * 11, *[[TURNED]] * 9]


@pytest.mark.parametrize(("frame_ms", "short"), [(1000, 80), (100, 20), (20, 20)])
def test_moves_are_made_of_short_frames(frame_ms: int, short: int) -> None:
    """No player shows frames of less than 20 ms as they are; the last frame is held."""
    layer = ConvTranspose(2, 2, stride=2)
    scene = compose(Figure(layer, view="construction", frame_ms=frame_ms, hold_ms=7))
    usual, moves = frame_ms, [short] * MOVES
    assert scene.durations == (usual, usual, *moves, usual, usual, usual, *moves, *[usual] * 15, usual + 7)


def test_only_what_moves_is_drawn_frame_by_frame() -> None:
    scene = compose(Figure(ConvTranspose(2, 2, stride=2), view="construction"))
    moving = [track.name for track in scene.tracks if not track.static]
    assert moving == ["spreading", "kernel", "output", "shadow", "kernel", "highlight"]
