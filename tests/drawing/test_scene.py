"""The nodes that scenes are made of."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing.scene import MARGIN, Box, Items, Line, Polygon, Scene, Text, Track, pixel_size
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.plane import POINT

PLACES = st.tuples(st.floats(-99, 99), st.floats(-99, 99))
SQUARE = Polygon((((0, 0), (1, 0), (1, 1), (0, 1)),), (1, 2, 3))


@REPEATABLE
@given(st.lists(PLACES, min_size=1))
def test_a_box_holds_all_points_and_touches_some_on_each_side(points: list[tuple[float, float]]) -> None:
    box = Box.around(iter(points))
    assert all(box.left <= x <= box.right and box.top <= y <= box.bottom for x, y in points)
    assert {box.left, box.right} <= {x for x, _ in points}
    assert {box.top, box.bottom} <= {y for _, y in points}
    assert box.extent == (box.right - box.left, box.bottom - box.top)


def test_a_static_track_shows_the_same_items_in_every_frame() -> None:
    track = Track("input", (SQUARE,))
    assert track.static
    assert track.at(0) is track.at(17) is track.items


def test_a_moving_track_is_asked_for_each_frame_and_only_then() -> None:
    """Thousands of frames would be thousands of polygons in memory."""
    asked: list[int] = []

    def items(frame: int) -> Items:
        asked.append(frame)
        return (Text((frame, 0), "1", 1, 1, (0, 0, 0)),)

    track = Track("shadow", items)
    assert not track.static
    assert asked == []
    assert track.at(5) == (Text((5, 0), "1", 1, 1, (0, 0, 0)),)
    assert track.at(2) != track.at(3)
    assert asked == [5, 2, 3]


def test_the_margin_is_ten_points_and_half_a_line() -> None:
    assert pytest.approx((10 + 0.8 / 2) * POINT) == MARGIN


@pytest.mark.parametrize("cell", [4, 29.53, 30, 61])
def test_a_frame_is_the_drawing_and_the_margin_around_it(cell: float) -> None:
    box = Box(-1, 2, 4, 5)
    size = round((5 + 20.8 * POINT) * cell), round((3 + 20.8 * POINT) * cell)
    assert pixel_size(box, cell) == size
    assert Scene(box, (1,), (), None, (), (), "").pixel_size(cell) == size


@pytest.mark.parametrize(
    ("node", "field"),
    [
        (SQUARE, "fill"),
        (Line((((0, 0), (1, 0)),), (0, 0, 0), 1), "width"),
        (Text((0, 0), "1", 1, 1, (0, 0, 0)), "text"),
        (Track("input", (SQUARE,)), "items"),
        (Scene(Box(0, 0, 1, 1), (1,), (), None, (), (), ""), "bounds"),
    ],
)
def test_nodes_are_frozen(node: object, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(node, field, None)


def test_lines_are_solid_unless_dashed() -> None:
    assert Line((((0, 0), (1, 0)),), (0, 0, 0), 1).dash is None
