"""Acts and drawings: who plays when, and where."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing.acts import TWEEN_FRAMES, TWEEN_SHARE, Act, Drawing, eased
from convgif.drawing.scene import Box, Items, Link, Scene, Text, Track
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.truth import of_kind, shown

BOX = Box(0, 0, 4, 4)
SHARES = st.floats(0, 1)


def saying(word: str) -> Track:
    """A track that writes a word, and which frame it takes it for."""

    def items(frame: int) -> Items:
        return (Text((1, 2), f"{word} {frame}", 1, 1, (0, 0, 0)),)

    return Track(word, items)


def links() -> list[Link]:
    """One link, to the second frame of its act."""
    return [Link(((1, 2), (4, 4)), 1, "b")]


def said(drawing: Drawing) -> list[list[str]]:
    """What is written in each frame, from back to front."""
    scene = Scene(BOX, (1,) * drawing.frames, tuple(drawing.tracks), None, "")
    return [
        [item.text for items in shown(scene, frame).values() for item in of_kind(items, Text)]
        for frame in range(drawing.frames)
    ]


@REPEATABLE
@given(SHARES, SHARES)
def test_a_move_goes_on_and_on_and_ends_as_it_begins(a: float, b: float) -> None:
    early, late = sorted((a, b))
    assert 0 <= eased(early) <= eased(late) <= 1
    assert abs(eased(a) + eased(1 - a) - 1) < 1e-12, "the same backwards"
    assert eased(a) <= 3 * a * a, "slowly at first"


def test_a_move_is_smooth_and_soon_over() -> None:
    """At a second a frame a move takes no more than that, and no step of it is a quarter of the way."""
    assert 0.5 <= TWEEN_FRAMES * TWEEN_SHARE <= 1
    places = [eased(frame / TWEEN_FRAMES) for frame in range(TWEEN_FRAMES + 1)]
    assert (places[0], places[-1]) == (0, 1)
    assert 0 < max(b - a for a, b in pairwise(places)) < 0.25


@REPEATABLE
@given(st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_acts_follow_each_other_each_counting_its_frames_from_nought(lengths: list[int]) -> None:
    acts = tuple(Act((saying(f"a{n}"), saying(f"b{n}")), frames) for n, frames in enumerate(lengths))
    drawing = Drawing(BOX, acts)
    assert drawing.frames == sum(lengths)
    expected = [[f"a{n} {f}", f"b{n} {f}"] for n, frames in enumerate(lengths) for f in range(frames)]
    assert said(drawing) == expected


def test_the_tracks_of_a_single_act_are_seen_always() -> None:
    """So that its static ones are known to be the background of everything."""
    still = Track.still("still", lambda: ())
    assert [track.span for track in Drawing(BOX, (Act((still, saying("x")), 3),)).tracks] == [None, None]
    acts = (Act((still,), 2), Act((still, saying("x")), 3))
    assert [track.span for track in Drawing(BOX, acts).tracks] == [range(2), range(2, 5), range(2, 5)]


def test_a_track_may_be_seen_in_a_part_of_its_act() -> None:
    acts = (Act((saying("a"),), 2), Act((saying("b"), saying("c").during(1, 1)), 3))
    assert said(Drawing(BOX, acts)) == [["a 0"], ["a 1"], ["b 0"], ["b 1", "c 0"], ["b 2"]]


def test_an_act_in_front_of_others_hides_them() -> None:
    act = Act((saying("front"),), 2, 0.5, ("said",)).beside(saying("far"), saying("near"))
    assert [track.name for track in act.tracks] == ["far", "near", "front"]
    assert (act.frames, act.share, act.caption) == (2, 0.5, ("said",))


def test_a_placed_act_has_all_its_tracks_placed_and_nothing_else_changed() -> None:
    """But where its links are, which move along."""
    act = Act((saying("a"), saying("b")), 2, 0.5, ("said",), links, str)
    placed = act.placed(0.5, (10, 20))
    for track in placed.tracks:
        (text,) = of_kind(track.at(1), Text)
        assert (text.at, text.size) == ((10.5, 21), 0.5)
    assert list(placed.links()) == [Link(((10.5, 21), (12, 22)), 1, "b")]
    assert placed._replace(tracks=(), links=links) == act._replace(tracks=())


def test_links_and_notes_follow_the_acts() -> None:
    """Links count frames from the start of the act; what has no note says what its caption does."""
    spoken = Act((saying("a"),), 2, caption=("Said", "$o = 1$"))
    noted = Act((saying("b"),), 2, caption=("Said",), links=links, note=lambda frame: f"step {frame}" if frame else "")
    drawing = Drawing(BOX, (spoken, noted, noted))
    assert [(link.frame, link.name) for link in drawing.links()] == [(3, "b"), (5, "b")]
    assert drawing.notes() == ("Said. o = 1", "Said. o = 1", "Said", "step 1", "Said", "step 1")
    assert Drawing(BOX, (Act((), 1),)).notes() == ("",)
