"""What a view hands over: a drawing that plays in acts, before words and margins go around it.

>>> act = Act((), frames=3)
>>> Drawing(Box(0, 0, 4, 4), (act, act)).frames
6
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from convgif.drawing.scene import Box, Track

TWEEN_FRAMES = 8
TWEEN_SHARE = 0.08
"""A move takes so many frames, each so much of a usual frame's time."""


def eased(share: float) -> float:
    """How far a move has come after a share of its time: it starts and ends slowly.

    >>> eased(0), eased(0.5), eased(1)
    (0, 0.5, 1)
    """
    return share * share * (3 - 2 * share)


class Act(NamedTuple):
    """Some frames that belong together: their tracks count frames from 0, and are seen in this act only.

    Each frame lasts `share` of the figure's `frame_ms`. `caption` is what is said meanwhile, line by line.
    """

    tracks: tuple[Track, ...]
    frames: int
    share: float = 1.0
    caption: tuple[str, ...] = ()

    def placed(self, scale: float, shift: tuple[float, float]) -> Act:
        """The act smaller or larger, and then moved."""
        return self._replace(tracks=tuple(track.placed(scale, shift) for track in self.tracks))

    def beside(self, *tracks: Track) -> Act:
        """The act in front of some further tracks."""
        return self._replace(tracks=(*tracks, *self.tracks))


class Drawing(NamedTuple):
    """Acts that follow each other, all inside `box`."""

    box: Box
    acts: tuple[Act, ...]

    @property
    def frames(self) -> int:
        """Frames of all acts."""
        return sum(act.frames for act in self.acts)

    @property
    def tracks(self) -> Iterator[Track]:
        """The tracks of all acts, each with the frames that it is seen in; in a single act that is always."""
        if len(self.acts) == 1:
            yield from self.acts[0].tracks
            return
        start = 0
        for act in self.acts:
            yield from (track.during(start, act.frames) for track in act.tracks)
            start += act.frames
