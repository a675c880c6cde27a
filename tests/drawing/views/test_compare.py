"""Two layers in lockstep: each half shows what its layer reads, and the marks are where they differ."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.comparison import Pair
from convgif.drawing.composition import compose
from convgif.drawing.scene import Polygon, Scene, Text
from convgif.errors import InputError
from convgif.figure import Figure
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.truth import of_kind, shown

ONE, OTHER = Conv(6, 3, stride=2, padding=1), Conv(6, 3, stride=2)


def scene_of(one: AnyLayer, other: AnyLayer, **options: Any) -> Scene:
    """The drawing of two layers."""
    return compose(Figure(one, view="compare", beside=other, **options))


def corners(scene: Scene, frame: int, track: str, *roles: str) -> set[tuple[float, float]]:
    """Where areas of some roles begin on a track: left, top."""
    areas = [area for area in of_kind(shown(scene, frame).get(track, ()), Polygon) if area.role in roles]
    return {(round(part[0][0], 6), round(part[0][1], 6)) for area in areas for part in area.parts}


def elements(scene: Scene, half: str) -> tuple[float, float]:
    """Where the input of a half begins."""
    return min(corners(scene, 0, f"input{half}", "input"))


LAYERS = st.sampled_from(
    [
        Conv(4, 2),
        Conv(4, 3, padding=1, stride=2),
        Conv(4, 2, padding=(2, 0), dilation=(1, 2)),
        ConvTranspose(4, 2, 2, 1),
    ]
)


@settings(REPEATABLE, max_examples=16)
@given(LAYERS, LAYERS)
def test_each_half_shades_what_its_layer_reads_and_marks_what_the_other_does_not(
    one: AnyLayer, other: AnyLayer
) -> None:
    scene, pair = scene_of(one, other), Pair(one, other)
    assert len(scene.durations) == pair.count
    for frame in range(0, pair.count, 3):
        cell = pair.cell(frame)
        reads = pair.one_reads(cell), pair.other_reads(cell)
        for number, (half, layer) in enumerate((("", one), (" beside", other))):
            places = {
                element: (round(left + layer.axes[1].spread * element[1], 6), top + layer.axes[0].spread * element[0])
                for left, top in [elements(scene, half)]
                for element in reads[number]
            }
            only = {places[element] for element in reads[number] - reads[1 - number]}
            assert corners(scene, frame, f"shadow{half}", "shadow_on_input") == {*places.values()}
            assert corners(scene, frame, f"kernel{half}", "mark") == only


def marked(scene: Scene, half: str = "") -> set[tuple[float, float]]:
    """The row and column of the outputs of a half that are marked."""
    left, top = min(corners(scene, 0, f"output{half}", "output"))
    return {(y - top, x - left) for x, y in corners(scene, 0, f"output{half}", "mark")}


def test_outputs_that_differ_are_marked_in_both_halves() -> None:
    """By their values where there are any; and all that only one of them has."""
    given = [[4, 0, 2, 2], [0, 0, 2, 2], [1, 3, 0, 8], [3, 1, 0, 0]]
    scene = scene_of(MaxPool(4, 2), AvgPool(4, 2), input=given)
    assert marked(scene) == marked(scene, " beside") == {(0, 0), (1, 0), (1, 1)}
    assert not marked(scene_of(MaxPool(4, 2), AvgPool(4, 2)))
    assert (0, 2) in marked(scene_of(ONE, OTHER, input=[[0] * 6] * 6, random=1))
    assert len(marked(scene_of(ONE, OTHER, input=[[0] * 6] * 6, random=1))) == 9 - 4


def test_the_output_shows_how_many_elements_are_read() -> None:
    scene = scene_of(ConvTranspose(3, 3, 2, 1, output_padding=1), ConvTranspose(3, 4, 2, 1), reach=True)
    texts = of_kind(shown(scene, 0)["output"], Text)
    assert [text.text for text in texts] == [*"121211242422121211242422121211121211"]
    assert (0.0, 0.0) not in marked(scene)
    assert (1.0, 2.0) in marked(scene)


def test_a_half_without_such_an_output_stands_still_and_says_so() -> None:
    scene = scene_of(ONE, OTHER)
    said = [[text.text for text in of_kind(shown(scene, frame).get("status", ()), Text)] for frame in range(9)]
    assert said == [[], [], ["no such output"], [], [], *[["finished: 2x2"]] * 4]
    for frame in range(9):
        names = shown(scene, frame)
        assert "shadow" in names
        assert ("shadow beside" in names) == (not said[frame])
    assert "status" not in shown(scene_of(ONE, Conv(6, 5, stride=2, padding=2)), 0)


def test_notes_tell_what_both_do() -> None:
    notes = scene_of(ONE, OTHER).notes()
    assert notes[0] == (
        "Output (0, 0) reads 4 input elements and 5 zeros; beside it: output (0, 0) reads 9 input elements."
    )
    assert notes[2].endswith("; beside it: output (0, 2): none.")


def test_halves_lie_below_each_other_where_they_are_wide() -> None:
    """The same input elements are on one height, or below each other."""
    beside, below = scene_of(ONE, OTHER), scene_of(Conv(9, 3), Conv(9, 3, padding=1))
    (one, other), (upper, lower) = ([elements(scene, half) for half in ("", " beside")] for scene in (beside, below))
    assert (one[1], upper[0]) == (other[1], lower[0])
    assert one[0] < other[0]
    assert upper[1] < lower[1]


def test_heads_name_the_arguments_that_differ_and_captions_say_more() -> None:
    texts = of_kind(shown(scene_of(ONE, OTHER, caption=True), 0)["words"], Text)
    assert [text.text for text in texts] == ["Convolution", "padding=1", "Convolution", "padding=0"]
    caption = of_kind(shown(scene_of(ONE, OTHER, caption=True), 0)["caption"], Text)
    assert [text.text for text in caption] == [
        "Output 3x3 beside 2x2",
        "The first window starts at (-1, -1), and at (0, 0) beside it",
    ]
    resized = of_kind(shown(scene_of(ConvTranspose(3, 3, 2), Conv(6, 3)), 0)["words"], Text)
    assert "Convolution of the resized input" in [text.text for text in resized]


@pytest.mark.parametrize(
    ("view", "beside", "said"),
    [
        ("flat", Conv(4, 2), "beside: the flat view shows one layer; leave it out, or choose view = 'compare'"),
        ("compare", Conv(4, 2, in_channels=2), "beside: the compare view cannot draw it: Convolution of"),
    ],
)
def test_what_does_not_go_together(view: str, beside: AnyLayer, said: str) -> None:
    with pytest.raises(InputError) as caught:
        compose(Figure(Conv(4, 3), view=view, beside=beside))
    assert str(caught.value).startswith(said)


def test_without_another_layer_it_is_the_same_with_usual_arguments() -> None:
    scene = compose(Figure(ONE, view="compare"))
    plain = scene_of(ONE, Conv(6, 3))
    for frame in range(len(plain.durations)):
        assert shown(scene, frame) == shown(plain, frame)


def test_a_mark_stays_where_the_output_is_shaded() -> None:
    scene = scene_of(ONE, OTHER)
    for half, frames in (("", 9), (" beside", 2)):
        for frame in range(frames):
            (cell,) = corners(scene, frame, f"highlight{half}", "shadow_on_output")
            assert corners(scene, frame, f"highlight{half}", "mark") == {cell}


def test_each_half_reveals_its_outputs_when_their_time_comes() -> None:
    """Those that have none to reveal wait for the other."""
    scene = scene_of(ONE, OTHER, reveal=True)
    for half, counts in (("", range(1, 10)), (" beside", (1, 2, 2, 3, 4, 4, 4, 4, 4))):
        marks = [len(corners(scene, frame, f"output{half}", "mark")) for frame in range(9)]
        assert marks == [*counts]
