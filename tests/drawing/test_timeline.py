"""Acts and drawings: who plays when, and where."""

from __future__ import annotations

from functools import partial
from itertools import pairwise, takewhile

from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic.formula import Equation, Floor, formula
from convgif.drawing.scene import Box, Items, Link, Scene, Text, Track
from convgif.drawing.timeline import TWEEN_FRAMES, TWEEN_SHARE, Act, Drawing, eased
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.truth import of_kind, shown

BOX = Box(0, 0, 4, 4)
SHARES = st.floats(0, 1)


def saying(word: str) -> Track:
    """A track that writes a word, and which frame it takes it for."""

    def items(frame: int) -> Items:
        return (Text.of((1, 2), f"{word} {frame}", 1, 1, "text"),)

    return Track(word, items)


def words(word: str) -> Items:
    """A word alone."""
    return (Text.of((1, 2), word, 1, 1, "text"),)


def link(frame: int) -> Link | None:
    """A link to the second frame of an act."""
    return Link(((1, 2), (4, 4)), frame, "b") if frame == 1 else None


def said(drawing: Drawing) -> list[list[str]]:
    """What is written in each frame, from back to front."""
    scene = Scene(BOX, (1,) * drawing.frames, tuple(drawing.tracks), "")
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
    acts = (Act((still,), 2), Act((saying("x"), still), 3))
    assert [track.span for track in Drawing(BOX, acts).tracks] == [range(2), range(2, 5), range(2, 5)]


@REPEATABLE
@given(st.lists(st.lists(st.integers(0, 3), max_size=4, unique=True), min_size=1, max_size=6))
def test_what_acts_begin_with_alike_is_drawn_once(chosen: list[list[int]]) -> None:
    """Still tracks that several acts in a row begin with; what is seen, and what lies over what, stays the same."""
    pool = [Track.still(f"s{n}", partial(words, f"s{n}")) for n in range(3)] + [saying("moving")]
    acts = tuple(Act(tuple(pool[number] for number in numbers), 2) for numbers in chosen)
    drawing = Drawing(BOX, acts)
    expected = [
        [f"moving {frame}" if number == 3 else f"s{number}" for number in numbers]
        for numbers in chosen
        for frame in range(2)
    ]
    assert said(drawing) == expected
    common = [len([*takewhile(alike, zip(one, other, strict=False))]) for one, other in pairwise(chosen)]
    assert len([*drawing.tracks]) == sum(map(len, chosen)) - sum(common)


def test_a_still_track_that_comes_late_in_its_act_comes_late_in_each() -> None:
    late = Track.still("late", partial(words, "late")).during(1, 1)
    assert said(Drawing(BOX, (Act((late,), 2), Act((late,), 2)))) == [[], ["late"], [], ["late"]]


def alike(both: tuple[int, int]) -> bool:
    """Whether both are the same still track."""
    return both[0] == both[1] != 3


def test_a_track_may_be_seen_in_a_part_of_its_act() -> None:
    acts = (Act((saying("a"),), 2), Act((saying("b"), saying("c").during(1, 1)), 3))
    assert said(Drawing(BOX, acts)) == [["a 0"], ["a 1"], ["b 0"], ["b 1", "c 0"], ["b 2"]]


def test_an_act_in_front_of_others_hides_them() -> None:
    act = Act((saying("front"),), 2, 0.5, ("said",)).beside(saying("far"), saying("near"))
    assert [track.name for track in act.tracks] == ["far", "near", "front"]
    assert (act.frames, act.share, act.caption) == (2, 0.5, ("said",))


def test_a_placed_act_has_all_its_tracks_placed_and_nothing_else_changed() -> None:
    """But where its links are, which move along."""
    act = Act((saying("a"), saying("b")), 2, 0.5, ("said",), link, str)
    placed = act.placed(0.5, (10, 20))
    for track in placed.tracks:
        (text,) = of_kind(track.at(1), Text)
        assert (text.at, text.size) == ((10.5, 21), 0.5)
    assert [placed.link(frame) for frame in (0, 1)] == [None, Link(((10.5, 21), (12, 22)), 1, "b")]
    assert placed._replace(tracks=(), link=link) == act._replace(tracks=())


def test_links_and_notes_follow_the_acts() -> None:
    """Links count frames from the start of the act; what has no note says what its caption does."""
    spoken = Act((saying("a"),), 2, caption=("Said", Equation(formula("o = ", Floor("i", "s")), "rows")))
    noted = Act((saying("b"),), 2, caption=("Said",), link=link, note=lambda frame: f"step {frame}" if frame else "")
    drawing = Drawing(BOX, (spoken, noted, noted))
    assert [(link.frame, link.name) for link in drawing.links()] == [(3, "b"), (5, "b")]
    assert drawing.notes() == (*["Said. rows: o = floor((i)/s)"] * 2, "Said", "step 1", "Said", "step 1")
    assert Drawing(BOX, (Act((), 1),)).notes() == ("",)


@REPEATABLE
@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(0, 30), st.integers(1, 30), st.integers(1, 5))
def test_a_drawing_of_some_frames_shows_what_these_show(lengths: list[int], first: int, count: int, every: int) -> None:
    """The same items, times, links and notes; acts of which no frame is left are gone."""
    drawing = Drawing(
        BOX,
        tuple(
            Act((saying(f"a{n}"), saying(f"b{n}").during(frames - 1, 1)), frames, 1 / (n + 1), (f"said {n}",), link)
            for n, frames in enumerate(lengths)
        ),
    )
    chosen = range(drawing.frames)[first : first + count : every]
    found = drawing.of_frames(chosen)
    assert found.frames == len(chosen)
    assert said(found) == [said(drawing)[frame] for frame in chosen]
    assert all(act.frames for act in found.acts)
    times = [[act.share for act in one.acts for _ in range(act.frames)] for one in (drawing, found)]
    assert times[1] == [times[0][frame] for frame in chosen]
    assert found.notes() == tuple(drawing.notes()[frame] for frame in chosen)
    assert [chosen[link.frame] for link in found.links()] == [
        link.frame for link in drawing.links() if link.frame in chosen
    ]


def test_nothing_is_asked_of_frames_that_are_not_chosen() -> None:
    """Of millions of frames some can be drawn."""
    asked: list[int] = []

    def note(frame: int) -> str:
        asked.append(frame)
        return "x"

    found = Drawing(BOX, (Act((), 10**12, note=note, link=lambda frame: asked.append(frame)),)).of_frames(
        range(5, 10**12, 10**11)
    )
    assert (len(found.notes()), found.links()) == (10, ())
    assert {*asked} == {*range(5, 10**12, 10**11)}
