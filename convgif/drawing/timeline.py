"""What a view hands over: a drawing that plays in acts, before words and margins go around it.

>>> act = Act((), frames=3)
>>> drawing = Drawing(Box(0, 0, 4, 4), (act, act))
>>> drawing.frames, drawing.of_frames(range(1, 4)).frames
(6, 3)
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, takewhile
from typing import Final, NamedTuple

from convgif.arithmetic.formula import Equation
from convgif.arithmetic.sentences import Words
from convgif.drawing.scene import Box, Items, Link, Point, Track, placed_path

TWEEN_FRAMES: Final = 8
"""Frames of a move."""
TWEEN_SHARE: Final = 0.08
"""Each takes so much of a usual frame's time."""


class Finding(NamedTuple):
    """What is said once the numbers are known: one of some sentences, for which there is room meanwhile."""

    sentences: tuple[Words, ...]
    find: Callable[[], int]

    def __str__(self) -> str:
        """The sentence that is true."""
        return str(self.sentences[self.find()])


CaptionLine = Words | Equation | Finding
"""A line of a caption: words, or a formula that is set as mathematics."""


def eased(share: float) -> float:
    """How far a move has come after a share of its time: it starts and ends slowly.

    >>> eased(0), eased(0.5), eased(1)
    (0, 0.5, 1)
    """
    return share * share * (3 - 2 * share)


def no_link(frame: int) -> None:
    """For frames that nothing leads to."""
    return


def no_note(frame: int) -> str:
    """For frames of which there is nothing to say."""
    return ""


class Footing(NamedTuple):
    """A line below the drawing: what it is in a frame, around a point and in so much width; and how wide it must be."""

    draw: Callable[[int, Point, float], Items]
    least: float

    def of_frames(self, chosen: Sequence[int]) -> Footing:
        """The line in some of the frames, in ascending order."""
        return self._replace(draw=lambda frame, middle, width: self.draw(chosen[frame], middle, width))


class Act(NamedTuple):
    """Some frames that belong together: their tracks count frames from 0, and are seen in this act only.

    Each frame lasts `share` of the figure's `frame_ms`. `caption` is what is said meanwhile, line by line, and
    `note` what a frame shows, where there is more to say; `link` is the area that leads to a frame. `footing` draws a
    line below the drawing that changes from frame to frame.
    """

    tracks: tuple[Track, ...]
    frames: int
    share: float = 1.0
    caption: tuple[CaptionLine, ...] = ()
    link: Callable[[int], Link | None] = no_link
    note: Callable[[int], str] = no_note
    footing: Footing | None = None

    def placed(self, scale: float, shift: tuple[float, float]) -> Act:
        """The act smaller or larger, and then moved."""

        def link(frame: int) -> Link | None:
            found = self.link(frame)
            return found and found._replace(area=placed_path(found.area, scale, shift))

        return self._replace(tracks=tuple(track.placed(scale, shift) for track in self.tracks), link=link)

    def beside(self, *tracks: Track) -> Act:
        """The act in front of some further tracks."""
        return self._replace(tracks=(*tracks, *self.tracks))

    def of_frames(self, chosen: Sequence[int]) -> Act:
        """The act of some of its frames, in ascending order."""
        return self._replace(
            tracks=tuple(track.of_frames(chosen) for track in self.tracks),
            frames=len(chosen),
            link=lambda frame: self.link(chosen[frame]),
            note=lambda frame: self.note(chosen[frame]),
            footing=self.footing and self.footing.of_frames(chosen),
        )


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
        """The tracks of all acts, each with the frames that it is seen in; in a single act that is always.

        Still tracks that acts in a row begin with are one track, so that they are drawn once.
        """
        if len(self.acts) == 1:
            yield from self.acts[0].tracks
            return
        starts = [*accumulate((act.frames for act in self.acts), initial=0)]
        kept = 0
        for number, act in enumerate(self.acts):
            for place, track in enumerate(act.tracks[kept:], kept):
                end = number + 1
                while end < len(self.acts) and place < _shared(act, self.acts[end]):
                    end += 1
                yield track.during(starts[number], starts[end] - starts[number])
            kept = _shared(act, self.acts[number + 1]) if number + 1 < len(self.acts) else 0

    def of_frames(self, chosen: range) -> Drawing:
        """The drawing of some of its frames, in ascending order; nothing is made of the others."""
        acts: list[Act] = []
        start = 0
        for act in self.acts:
            stop = start + act.frames
            inside = chosen[bisect_left(chosen, start) : bisect_left(chosen, stop)]
            if inside:
                acts.append(act.of_frames(range(inside.start - start, inside.stop - start, inside.step)))
            start = stop
        return self._replace(acts=tuple(acts))

    def links(self) -> tuple[Link, ...]:
        """The links of all acts."""
        found: list[Link] = []
        start = 0
        for act in self.acts:
            links = ((frame, act.link(frame)) for frame in range(act.frames))
            found.extend(link._replace(frame=start + frame) for frame, link in links if link)
            start += act.frames
        return tuple(found)

    def notes(self) -> tuple[str, ...]:
        """What each frame shows: its note, or else its caption as plain text; in English."""
        return tuple(
            act.note(frame) or ". ".join(map(plain_line, act.caption))
            for act in self.acts
            for frame in range(act.frames)
        )


def _shared(act: Act, other: Act) -> int:
    """How many still tracks both acts begin with."""
    pairs = zip(act.tracks, other.tracks, strict=False)
    same = (one is another and one.static and one.span is None for one, another in pairs)
    return sum(1 for _ in takewhile(bool, same))


def plain_line(line: CaptionLine) -> str:
    """A line of a caption as plain text."""
    return line.text if isinstance(line, Equation) else str(line)
