"""Things that stay for some frames, against what every frame shows."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from convgif.rendering.stays import stays
from tests.arithmetic.strategies import REPEATABLE

THINGS = st.lists(st.sampled_from("abcd"), max_size=5)


@REPEATABLE
@given(st.lists(THINGS, max_size=6))
def test_every_frame_shows_its_things_in_their_order(frames: list[list[str]]) -> None:
    found = [*stays(frames)]
    shown = [[thing for things, span in found if frame in span for thing in things] for frame in range(len(frames))]
    assert shown == frames
    assert all(one[1] != other[1] for one, other in pairwise(found))


@REPEATABLE
@given(st.permutations("abcde"), st.lists(st.sampled_from("abcdexyz"), unique=True, max_size=6))
def test_as_many_stay_as_can(before: list[str], now: list[str]) -> None:
    """Those that stay are in the same order in both frames; no more could."""
    both = {thing for things, span in stays([before, now]) if len(span) == 2 for thing in things}
    most = next(
        size
        for size in range(len(now), -1, -1)
        for chosen in combinations(now, size)
        if [thing for thing in before if thing in chosen] == [*chosen]
    )
    assert len(both) == most
