"""What a view hands over: a drawing that plays in acts, before words and margins go around it.

>>> act = Act((), frames=3)
>>> Drawing(Box(0, 0, 4, 4), (act, act)).frames
6
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from convgif.drawing.scene import Box, Link, Track, placed_path

TWEEN_FRAMES = 8
TWEEN_SHARE = 0.08
"""A move takes so many frames, each so much of a usual frame's time."""


def eased(share: float) -> float:
    """How far a move has come after a share of its time: it starts and ends slowly.

    >>> eased(0), eased(0.5), eased(1)
    (0, 0.5, 1)
    """
    return share * share * (3 - 2 * share)


def silent(frame: int) -> str:
    """For frames of which there is nothing to say."""
    return ""


class Act(NamedTuple):
    """Some frames that belong together: their tracks count frames from 0, and are seen in this act only.

    Each frame lasts `share` of the figure's `frame_ms`. `caption` is what is said meanwhile, line by line, and
    `note` what a frame shows, where there is more to say; `links` lead to the act's frames.
    """

    tracks: tuple[Track, ...]
    frames: int
    share: float = 1.0
    caption: tuple[str, ...] = ()
    links: Callable[[], Iterable[Link]] = tuple
    note: Callable[[int], str] = silent

    def placed(self, scale: float, shift: tuple[float, float]) -> Act:
        """The act smaller or larger, and then moved."""
        links = self.links
        return self._replace(
            tracks=tuple(track.placed(scale, shift) for track in self.tracks),
            links=lambda: (link._replace(area=placed_path(link.area, scale, shift)) for link in links()),
        )

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

    def links(self) -> tuple[Link, ...]:
        """The links of all acts."""
        found: list[Link] = []
        start = 0
        for act in self.acts:
            found.extend(link._replace(frame=link.frame + start) for link in act.links())
            start += act.frames
        return tuple(found)

    def notes(self) -> tuple[str, ...]:
        """What each frame shows: its note, or its caption without the signs of mathematics."""
        return tuple(
            act.note(frame) or ". ".join(spoken_line(line) for line in act.caption)
            for act in self.acts
            for frame in range(act.frames)
        )


def spoken_line(line: str) -> str:
    """A line of a caption as plain text.

    >>> spoken_line(r"rows: $o = \\left\\lfloor\\dfrac{5 - 3}{2}\\right\\rfloor + 2 \\cdot 1 = 3$")
    'rows: o = floor((5 - 3)/2) + 2*1 = 3'
    """
    line = re.sub(r"\\left\\lfloor\\dfrac\{(.*?)\}\{(.*?)\}\\right\\rfloor", r"floor((\1)/\2)", line)
    return line.replace(r" \cdot ", "*").replace("$", "")
