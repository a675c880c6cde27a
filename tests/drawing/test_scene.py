"""The nodes that scenes are made of, and how they are placed in space and in time."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing.roles import ROLES
from convgif.drawing.scene import (
    MARGIN,
    Box,
    Item,
    Items,
    Line,
    Link,
    Polygon,
    Run,
    Scene,
    Text,
    Track,
    pixel_size,
    placed,
)
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.plane import POINT, Place
from tests.drawing.truth import points_of

PLACES = st.tuples(st.floats(-99, 99), st.floats(-99, 99))
BOXES = st.builds(Box.around, st.lists(PLACES, min_size=1, max_size=5))
ROLE_NAMES = st.sampled_from(sorted(ROLES))
PATHS = st.lists(st.lists(PLACES, min_size=2, max_size=4).map(tuple), min_size=1, max_size=3).map(tuple)
LENGTHS = st.floats(0.01, 9)
ITEMS: st.SearchStrategy[Item] = st.one_of(
    st.builds(Polygon, PATHS, ROLE_NAMES),
    st.builds(Line, PATHS, ROLE_NAMES, LENGTHS, st.none() | st.tuples(LENGTHS, LENGTHS)),
    st.builds(
        Text,
        PLACES,
        st.lists(st.builds(Run, st.text(max_size=3), st.booleans(), LENGTHS, st.floats(-1, 1)), max_size=3).map(tuple),
        LENGTHS,
        LENGTHS,
        ROLE_NAMES,
        st.sampled_from(["start", "middle", "end"]),
    ),
)
SQUARE = Polygon((((0, 0), (1, 0), (1, 1), (0, 1)),), "input")


def numbers(start: int = 0) -> Track:
    """A track that writes in each frame which of its own frames it takes it for."""
    return Track("number", lambda frame: (Text.of((start + frame, 0), str(frame), 1, 1, "text"),))


def read(track: Track, frames: int = 12) -> list[str]:
    """What such a track writes in the first frames; nothing where it is not seen."""
    return ["".join(item.text for item in track.at(frame) if isinstance(item, Text)) for frame in range(frames)]


@REPEATABLE
@given(st.lists(PLACES, min_size=1))
def test_a_box_holds_all_points_and_touches_some_on_each_side(points: list[Place]) -> None:
    box = Box.around(iter(points))
    assert all(box.left <= x <= box.right and box.top <= y <= box.bottom for x, y in points)
    assert {box.left, box.right} <= {x for x, _ in points}
    assert {box.top, box.bottom} <= {y for _, y in points}
    assert box.extent == (box.right - box.left, box.bottom - box.top)


@REPEATABLE
@given(BOXES, st.lists(BOXES, max_size=3))
def test_a_box_grows_to_hold_others_and_no_further(box: Box, others: list[Box]) -> None:
    lefts, tops, rights, bottoms = zip(box, *others, strict=True)
    assert box.holding(iter(others)) == (min(lefts), min(tops), max(rights), max(bottoms))


def test_a_static_track_shows_the_same_items_in_every_frame() -> None:
    track = Track.still("input", lambda: (SQUARE,))
    assert track.static
    assert track.span is None
    assert track.at(0) == track.at(17) == (SQUARE,)


@pytest.mark.parametrize("static", [False, True])
def test_a_track_is_drawn_when_it_is_asked_for_and_only_then(static: bool) -> None:
    """Thousands of frames would be thousands of polygons in memory; and a figure may yet be refused."""
    asked: list[int] = []

    def items(frame: int) -> Items:
        asked.append(frame)
        return (Text.of((frame, 0), "1", 1, 1, "text"),)

    track = Track.still("still", lambda: items(0)) if static else Track("shadow", items)
    moved = track.during(3, 2).placed(2, (1, 1))
    scene = Scene(Box(0, 0, 1, 1), (1,) * 5, (track, moved), "")
    assert scene.pixel_size(30) == pixel_size(scene.bounds, 30)
    assert asked == []
    assert moved.at(2) == moved.at(5) == ()
    assert asked == [], "what is not seen is not drawn"
    shown = moved.at(4)
    assert asked == [0 if static else 1], "counted from the first frame that it is seen in"
    assert points_of(shown) == [(2 * asked[0] + 1, 1)]


@pytest.mark.parametrize("start", range(4))
@pytest.mark.parametrize("frames", [1, 2, 5])
def test_a_track_is_seen_during_its_frames_which_it_counts_from_nought(start: int, frames: int) -> None:
    told = [""] * start + [str(frame) for frame in range(frames)]
    assert read(numbers().during(start, frames)) == told + [""] * (12 - len(told))


def test_a_track_with_a_span_is_moved_with_its_span() -> None:
    """The act that it belongs to begins later, and is longer than the track may be seen."""
    once = numbers().during(1, 2)
    again = once.during(4, 7)
    assert again.span == range(5, 7)
    assert read(again) == [""] * 5 + ["0", "1"] + [""] * 5
    assert once.span == range(1, 3), "the first is as it was"


def test_a_track_keeps_what_it_is_where_it_is_seen_for_a_while_or_elsewhere() -> None:
    for track in (Track.still("input", lambda: (SQUARE,)), numbers()):
        for other in (track.during(2, 2), track.placed(2, (0, 0)), track.during(2, 2).placed(2, (0, 0))):
            assert (other.name, other.static) == (track.name, track.static)
    assert numbers().during(2, 2).placed(2, (0, 0)).span == range(2, 4)


@REPEATABLE
@given(st.lists(ITEMS), st.floats(0.1, 4), PLACES)
def test_placed_items_are_the_same_smaller_or_larger_and_elsewhere(
    items: list[Item], scale: float, shift: Place
) -> None:
    found = placed(iter(items), scale, shift)
    assert len(found) == len(items)
    moved = [(x * scale + shift[0], y * scale + shift[1]) for x, y in points_of(items)]
    np.testing.assert_allclose(np.reshape(points_of(found), (-1, 2)), np.reshape(moved, (-1, 2)), atol=1e-9)
    for old, new in zip(items, found, strict=True):
        if isinstance(old, Text):
            assert isinstance(new, Text)
            assert (new.size, new.width) == (old.size * scale, old.width * scale)
            assert new == replace(old, at=new.at, size=new.size, width=new.width)
        elif isinstance(old, Line):
            assert isinstance(new, Line)
            assert (new.width, new.role) == (old.width * scale, old.role)
            assert new.dash == (old.dash and (old.dash[0] * scale, old.dash[1] * scale))
        else:
            assert isinstance(new, Polygon)
            assert new.role == old.role
        if isinstance(old, Polygon | Line) and isinstance(new, Polygon | Line):
            assert [len(part) for part in new.parts] == [len(part) for part in old.parts]


def test_a_placed_track_shows_its_items_placed() -> None:
    track = numbers(start=3).placed(0.5, (10, 20))
    assert points_of(track.at(4)) == [(13.5, 20)]
    assert read(track, frames=3) == ["0", "1", "2"]


def playing(area: str, stroke: str, ink: str) -> Items:
    """A polygon, a line and a text of those roles."""
    line, text = Line((((0, 0), (1, 0)),), stroke, 1), Text.of((0, 0), "1", 1, 1, ink)
    return (Polygon(SQUARE.parts, area), line, text)


def test_a_scene_names_every_role_that_is_ever_seen() -> None:
    """Palettes are made of them: the colour of a role that is missing there would be replaced by another."""
    areas = ("input", "output", "kernel")
    tracks = (
        Track.still("still", lambda: playing("cut", "cut_line", "faint")),
        Track.still("late", lambda: playing("crop", "line", "text")).during(2, 1),
        Track("moving", lambda frame: playing(areas[frame], "sight", "text")),
        Track("short", lambda frame: playing(("mark", "entry")[frame], "line", "words")).during(1, 2),
    )
    scene = Scene(Box(0, 0, 1, 1), (1, 1, 1), tracks, "")
    lines, texts = {"cut_line", "line", "sight"}, {"faint", "text", "words"}
    assert scene.roles == {"paper", "cut", "crop", *areas, "mark", "entry"} | lines | texts
    assert replace(scene, tracks=()).roles == {"paper"}


def test_a_scenes_roles_are_looked_for_once_and_static_tracks_in_one_frame() -> None:
    """They are asked for with every palette, and all frames of a track are drawn for them."""
    asked: list[str] = []

    def items(name: str) -> Items:
        asked.append(name)
        return (SQUARE,)

    tracks = (Track.still("still", lambda: items("still")), Track("moving", lambda frame: items("moving")))
    scene = Scene(Box(0, 0, 1, 1), (1, 1, 1), tracks, "")
    assert scene.roles == scene.roles == {"paper", "input"}
    assert asked == ["still", "moving", "moving", "moving"]


CHOICES = st.sets(st.integers(0, 11), min_size=1).map(sorted)


@REPEATABLE
@given(CHOICES, st.integers(0, 9), st.integers(1, 5))
def test_a_track_of_some_frames_shows_what_these_show(chosen: list[int], start: int, frames: int) -> None:
    still = Track.still("still", lambda: (SQUARE,))
    for track in (numbers(), numbers().during(start, frames), still, still.during(start, frames)):
        found = track.of_frames(chosen)
        assert [found.at(place) for place in range(len(chosen))] == [track.at(frame) for frame in chosen]
        assert (found.name, found.static) == (track.name, track.static)


@REPEATABLE
@given(CHOICES, st.integers(0, 11))
def test_a_scene_of_some_frames_has_their_times_links_and_notes(chosen: list[int], telling: int) -> None:
    links = tuple(Link(((0, 0), (frame, 1)), frame, f"cell {frame}") for frame in range(0, 12, 2))
    notes = tuple(map(str, range(12)))
    scene = Scene(Box(0, 0, 1, 1), tuple(range(12)), (), "", "", telling, lambda: links, lambda: notes)
    found = scene.of_frames(chosen)
    assert found.durations == tuple(chosen)
    assert found.notes() == tuple(map(str, chosen))
    assert [(link.name, chosen[link.frame]) for link in found.links()] == [
        (f"cell {frame}", frame) for frame in chosen if frame % 2 == 0
    ]
    assert abs(chosen[found.telling] - telling) == min(abs(frame - telling) for frame in chosen)


def test_the_margin_is_ten_points_and_half_a_line() -> None:
    assert pytest.approx((10 + 0.8 / 2) * POINT) == MARGIN


@pytest.mark.parametrize("cell", [4, 29.53, 30, 61])
def test_a_frame_is_the_drawing_and_the_margin_around_it(cell: float) -> None:
    box = Box(-1, 2, 4, 5)
    size = round((5 + 20.8 * POINT) * cell), round((3 + 20.8 * POINT) * cell)
    assert pixel_size(box, cell) == size
    assert Scene(box, (1,), (), "").pixel_size(cell) == size


@pytest.mark.parametrize(
    ("node", "field"),
    [
        (SQUARE, "role"),
        (Line((((0, 0), (1, 0)),), "line", 1), "width"),
        (Text.of((0, 0), "1", 1, 1, "text"), "runs"),
        (Track("input", lambda frame: (SQUARE,)), "draw"),
        (Scene(Box(0, 0, 1, 1), (1,), (), ""), "bounds"),
    ],
)
def test_nodes_are_frozen(node: object, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(node, field, None)


def test_lines_are_solid_unless_dashed_and_texts_plain_unless_said() -> None:
    assert Line((((0, 0), (1, 0)),), "line", 1).dash is None
    text = Text.of((0, 0), "1", 1, 1, "text")
    assert (text.runs, text.anchor, text.text) == ((Run("1", False, 1, 0),), "middle", "1")
