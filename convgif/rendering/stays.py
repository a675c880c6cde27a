"""What is seen in several frames in a row, found once: how long each thing stays.

>>> [*stays([["a", "b"], ["a", "c", "b"], ["d", "b"]])]
[(('a',), range(0, 2)), (('c',), range(1, 2)), (('d',), range(2, 3)), (('b',), range(0, 3))]
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class _Stay(Generic[T]):
    """A thing, the frames it is seen in, and the stay before it in paint order."""

    def __init__(self, thing: T, frame: int, before: _Stay[T] | None) -> None:
        self.thing, self.start, self.stop, self.before = thing, frame, frame + 1, before


def stays(frames: Iterable[Sequence[T]]) -> Iterator[tuple[tuple[T, ...], range]]:
    """The things of all frames, those side by side with the same frames together.

    Their order is one paint order for all frames: what is seen in a frame lies there as in that frame. Whatever is seen
    in the next frame too, over and under the same things as before, is there once.
    """
    last: list[_Stay[T]] = []
    back: _Stay[T] | None = None  # the stay that is painted last of all
    for frame, things in enumerate(frames):
        places = _kept([stay.thing for stay in last], things)
        shown: list[_Stay[T]] = []
        after: _Stay[T] | None = None
        for thing, place in zip(reversed(things), reversed(places), strict=True):
            if place is None:  # it comes right before what follows it, or last of all
                stay = _Stay(thing, frame, back if after is None else after.before)
                if after is None:
                    back = stay
                else:
                    after.before = stay
            else:
                stay = last[place]
                stay.stop = frame + 1
            shown.append(stay)
            after = stay
        last = shown[::-1]
    ordered: list[_Stay[T]] = []
    while back is not None:
        ordered.append(back)
        back = back.before
    for (start, stop), group in groupby(reversed(ordered), lambda stay: (stay.start, stay.stop)):
        yield tuple(stay.thing for stay in group), range(start, stop)


def _kept(before: Sequence[T], now: Sequence[T]) -> list[int | None]:
    """Where each thing was before; None for what is new, and for what would have to pass by others.

    As many as possible are kept.

    >>> _kept("abcd", "dbxc")
    [None, 1, None, 2]
    """
    places: dict[T, deque[int]] = defaultdict(deque)
    for place, thing in enumerate(before):
        places[thing].append(place)
    found = [places[thing].popleft() if places.get(thing) else None for thing in now]
    # The longest row of places that rise: `ends` has the least last place of each length, `rows` who had it.
    ends: list[int] = []
    rows: list[int] = []
    previous: dict[int, int | None] = {}
    for number, at in enumerate(found):
        if at is not None:
            length = bisect_left(ends, at)
            previous[number] = rows[length - 1] if length else None
            ends[length : length + 1], rows[length : length + 1] = [at], [number]
    kept: list[int | None] = [None] * len(now)
    row = rows[-1] if rows else None
    while row is not None:
        kept[row] = found[row]
        row = previous[row]
    return kept
