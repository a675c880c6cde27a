"""Strips: chosen frames side by side, each as it is in its own scene."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import Conv
from convgif.drawing.composition import compose
from convgif.drawing.scene import MARGIN, Box, Items, Polygon, Scene
from convgif.drawing.strip import GAP, strip
from convgif.errors import InputError
from convgif.figure import Figure
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.golden import SCENES
from tests.drawing.truth import points_of, shown

PLAYED = {name: compose(figure) for name, figure in SCENES.items()}
SMALL = compose(Figure(Conv(4, 3), title="Small"))


@st.composite
def chosen(draw: st.DrawFn) -> list[tuple[Scene, int]]:
    """Some frames of some figures; one may be there twice."""
    scenes = draw(st.lists(st.sampled_from(sorted(PLAYED)), min_size=1, max_size=3))
    return [(PLAYED[name], draw(st.integers(0, len(PLAYED[name].durations) - 1))) for name in scenes]


def apart(items: Items, others: Items) -> tuple[float, float]:
    """How far the first items are to the right of and below the others, which differ by their place alone."""
    assert [type(item) for item in items] == [type(item) for item in others]
    steps = [(x - a, y - b) for (x, y), (a, b) in zip(points_of(items), points_of(others), strict=True)]
    assert all(step == pytest.approx(steps[0]) for step in steps)
    for item, other in zip(items, others, strict=True):
        where = ("parts", "at")
        assert {key: value for key, value in vars(item).items() if key not in where} == {
            key: value for key, value in vars(other).items() if key not in where
        }
    return steps[0]


@settings(REPEATABLE, max_examples=30)
@given(chosen())
def test_frames_stand_side_by_side_as_they_are(frames: list[tuple[Scene, int]]) -> None:
    """In order, on one line through their middles, each on its paper, with the gap between the papers."""
    result = strip(frames)
    assert len(result.durations) == 1
    assert len(result.tracks) == len(frames)
    papers: list[Box] = []
    for track, (scene, frame) in zip(result.tracks, frames, strict=True):
        assert track.static
        items = track.at(0)
        assert isinstance(items[0], Polygon)
        assert items[0].role == "paper"
        seen = tuple(item for found in shown(scene, frame).values() for item in found)
        assert len(seen) == len(items) - 1
        in_order = tuple(item for found in scene.tracks for item in found.at(frame))
        right, down = apart(items, (scene.ground, *in_order))
        left, top, far, low = scene.bounds
        papers.append(Box(left + right - MARGIN, top + down - MARGIN, far + right + MARGIN, low + down + MARGIN))
    for one, other in pairwise(papers):
        assert other.left - one.right == pytest.approx(GAP)
        assert one.top + one.bottom == pytest.approx(other.top + other.bottom)
    left, top, right, bottom = result.bounds
    assert papers[0].left == pytest.approx(left - MARGIN)
    assert papers[-1].right == pytest.approx(right + MARGIN)
    assert min(paper.top for paper in papers) == pytest.approx(top - MARGIN)
    assert max(paper.bottom for paper in papers) == pytest.approx(bottom + MARGIN)
    first = frames[0][0]
    assert (result.description, result.title) == (first.description, first.title)


@pytest.mark.parametrize("frame", [-1, 4, 400])
def test_a_frame_that_is_not_there_is_refused(frame: int) -> None:
    with pytest.raises(InputError) as caught:
        strip([(SMALL, 0), (SMALL, frame)])
    assert str(caught.value) == f"frames = {frame}: the figure has 4 frames, 0 to 3"


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(InputError) as caught:
        strip([(SMALL, 4), (SMALL, 3), (SMALL, -2)])
    assert [problem.value for problem in caught.value.problems] == [4, -2]


def test_no_frames_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        strip([])
    assert str(caught.value) == "frames = (): must name one frame at least"
