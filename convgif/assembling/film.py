"""A figure with its scene and its colours: what a format writes. Made once for each figure of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

from convgif import themes
from convgif.drawing.composition import compose
from convgif.drawing.scene import Scene, Text, Track
from convgif.errors import MISSING, InputError, Mention, Problem, rule
from convgif.figure import OPTIONS, Figure
from convgif.options import whole
from convgif.rendering.scripts import is_plain
from convgif.themes.theme import READABLE, Theme

if TYPE_CHECKING:
    from convgif.rendering.layers import Part
    from convgif.rendering.raster import Pixels

T = TypeVar("T")

MANY_ITEMS: Final = 1000
"""More than views draw in a frame, beside one for each cell."""


@dataclass(frozen=True)
class Film:
    """A figure, its scene, the theme it is painted in, and the one for dark pages if there is any.

    `still` is the frame that formats of a single picture show, the scene's telling one if None; `on_frame` is called
    after each frame that was painted.
    """

    figure: Figure
    scene: Scene
    theme: Theme
    night: Theme | None = None
    still: int | None = None
    on_frame: Callable[[], None] | None = field(default=None, compare=False)

    @classmethod
    def of(cls, figure: Figure, still: int | None = None) -> Film:
        """The film of a figure.

        Raises:
            InputError: the view does not fit the layer, the figure is over its budget, its words cannot be read on
                their ground, or it has no frame `still`.
        """
        scene = compose(figure)
        theme = themes.theme_of(figure)
        if problems := [*_unreadable(figure, theme), *_costly(figure, scene)]:
            raise InputError(problems)
        count = len(scene.durations)
        number = whole(still)
        if still is not None and (number is None or not 0 <= number < count):
            raise InputError([no_frame("frame", still, count)])
        return cls(figure, scene, theme, themes.counterpart(theme), number)

    @property
    def cell(self) -> float:
        """Pixels a cell."""
        return self.figure.cell_pixels

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a frame in pixels."""
        return self.scene.pixel_size(self.cell)

    @property
    def durations(self) -> tuple[int, ...]:
        """Milliseconds of each frame."""
        return self.scene.durations

    @property
    def transparent(self) -> bool:
        """Whether nothing lies behind the drawing."""
        return self.theme.paper is None

    @property
    def shown(self) -> int:
        """The frame that formats of a single picture show."""
        return self.scene.telling if self.still is None else self.still

    def frames(self, only: Sequence[int] | None = None) -> Iterator[Pixels]:
        """The frames in order, or some of them: shape (height, width, 3), or 4 with alpha where it is transparent."""
        from convgif.rendering.raster import frames  # takes its time to load, and vector formats do not need it

        yield from self._told(frames(self.scene, self.theme, self.cell, only))

    def changes(self) -> Iterator[tuple[Pixels, Sequence[Part]]]:
        """The frames in order on one array of shape (height, width, 4), and parts that hold all that changed."""
        from convgif.rendering.raster import changes  # as in frames

        yield from self._told(changes(self.scene, self.theme, self.cell))

    def _told(self, frames: Iterator[T]) -> Iterator[T]:
        """Frames, each of which is told of once it is done with."""
        for frame in frames:
            yield frame
            if self.on_frame is not None:
                self.on_frame()

    def unwritten(self) -> Iterator[Problem]:
        """What keeps words from being drawn: no font that is at hand has their letters, say."""
        lettered = dict.fromkeys((text.runs, self.theme[text.role].font) for text in self._words())
        strange = [(runs, font) for runs, font in lettered if not is_plain(runs, font)]
        if not strange:
            return
        from convgif.rendering.lettering import outline  # as in frames

        problems: dict[Problem, None] = {}
        for runs, font in strange:
            try:
                outline(runs, font, self.theme.further)
            except InputError as error:
                problems.update(dict.fromkeys(error.problems))
        yield from problems

    def _words(self) -> Iterator[Text]:
        """The texts of the scene, those that change as they are first seen: then only their numbers do."""
        if self.figure.title is None and self.figure.language == OPTIONS["language"].default:
            return  # DejaVu has all signs of a picture in English
        for track in self.scene.tracks:
            first = track.span.start if track.span else 0
            yield from (item for item in track.at(first) if isinstance(item, Text))

    def of_frames(self, chosen: Sequence[int]) -> Film:
        """The film of some of its frames."""
        return replace(self, scene=self.scene.of_frames(chosen), still=None, on_frame=None)


def _costly(figure: Figure, scene: Scene) -> Iterator[Problem]:
    """The problem with a figure that would take too long to draw, judged by its cells and by three of its frames."""
    width, height = scene.bounds.extent
    still = round(width * height)
    if still > figure.max_items:
        words = f"the drawing has room for {still:,} cells; choose smaller maps, or raise it"
        yield Problem("max_items", figure.max_items, words)
        return
    count = len(scene.durations)
    if count * (still + MANY_ITEMS) < figure.max_items:
        return
    moving = sum(_estimate(track, count) for track in scene.tracks if not track.static)
    if still + moving > figure.max_items:
        fitting = max(1, (figure.max_items - still) * count // moving)
        words = f"the figure has about {still + moving:,} shapes and texts in {count:,} frames; "
        raised = rule(words, Mention("frame_range", f":{fitting}"), " would fit, or raise it")
        yield Problem("max_items", figure.max_items, raised)


def _estimate(track: Track, count: int) -> int:
    """About how many items a track has in all of its frames, from its first, its middle and its last one."""
    span = track.span or range(count)
    seen = (span[0], span[len(span) // 2], span[-1])
    return len(span) * sum(len(track.at(frame)) for frame in seen) // len(seen)


def _unreadable(figure: Figure, theme: Theme) -> Iterator[Problem]:
    """What cannot be read in a theme of one's own, or with colours that replace some of a theme's."""
    for text, ground, ratio in themes.unreadable(theme):
        words = f"has a contrast of {ratio:.1f} with {ground}, which it is written on; it must be {READABLE} at least"
        if figure.colors is None:
            yield Problem("theme", figure.theme, f"its role {text} {words}")
        else:
            yield Problem(f"colors.{text}", MISSING, words)


def no_frame(name: str, frame: object, count: int) -> Problem:
    """The problem with a frame that a figure does not have."""
    return Problem(name, frame, f"must be a frame of the figure, which has {count:,}: 0 to {count - 1:,}")
