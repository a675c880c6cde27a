"""A scene becomes SVG: one still frame, or all of them in one file that moves by itself.

No script and no identifiers: what stays is written once, what moves is switched by CSS keyframes, so the same file can
follow the reader's dark mode and stand still for those who asked for reduced motion. Class names carry a hash of the
drawing, so any number of these can stand in one page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from html import escape
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from convgif.drawing.metrics import Font
from convgif.drawing.scene import MARGIN, Anchor, Item, Items, Line, Path, Point, Run, Scene, Text, Track, placed
from convgif.rendering.marks import (
    HALO_EM,
    HATCH_WIDTH,
    baseline,
    fit,
    halo_color,
    has_halo,
    hatching,
    with_halos,
)
from convgif.rendering.scripts import runs_leftwards
from convgif.rendering.stays import stays
from convgif.themes.theme import Color, Style, Theme

DECIMALS: Final = 1
"""Decimals of a coordinate: a tenth of a unit is less than a sixth of a pixel."""
TINY: Final = 1e-6
LEFTWARD: Final[dict[Anchor, Anchor]] = {"start": "end", "middle": "middle", "end": "start"}
"""The part of a text that runs leftwards which lies where that of another one does."""

UNITS: Final = 20
"""Units of the file a cell: the corners of isometric cells are whole numbers then."""
FAMILIES: Final[dict[Font, str]] = {
    "sans": "'DejaVu Sans',Verdana,sans-serif",
    "serif": "'DejaVu Serif',Georgia,serif",
}
NAMES: Final = "abcdeghjklmnoqrstuvwxyz"
"""Names of looks; f is for what is switched on and off, p for what is seen when nothing moves, i for slanted letters.

No capitals: a page without a doctype does not tell them from small letters.
"""


def still(scene: Scene, theme: Theme, cell: float, frame: int, night: Theme | None = None) -> str:
    """One frame, standing still; `cell` is in pixels, `night` the theme for dark pages."""
    sheet = _Sheet(theme, night or theme)
    items = (scene.ground, *(item for track in scene.tracks for item in track.at(frame)))
    body = sheet.drawn(sheet.with_halos(items))
    return _document(scene, cell, sheet.css(), body)


def animated(
    scene: Scene, theme: Theme, cell: float, night: Theme | None = None, loop: int = 0, *, driven: bool = False
) -> str:
    """All frames; `cell` is in pixels, `night` the theme for dark pages, `loop` the times to play, 0 for ever.

    A `driven` one is moved by a script, which honours the reader's wish for less motion itself.
    """
    sheet, clock = _Sheet(theme, night or theme), _Clock(scene.durations, loop, scene.telling, driven)
    body = [sheet.drawn(sheet.with_halos((scene.ground,)))]
    for part in _parts(scene, sheet.with_halos):
        if drawn := sheet.drawn(part.items):
            moved = f"<g{clock.moves(part)}>{drawn}</g>" if part.moves else drawn
            switches = clock.switches(part.span)
            body.append(f"<g{switches}>{moved}</g>" if switches else moved)
    return _document(scene, cell, sheet.css() + clock.css(), "".join(body))


WithHalos = tuple[tuple[Item, bool], ...]
"""Items, and whether the halo of a text is meant."""


class _Part(NamedTuple):
    """What is switched or moved as one: its items, the frames in which it is seen, and where it is in each of these.

    `span` is None for what is always seen, `moves` empty for what stays where it is.
    """

    items: WithHalos
    span: range | None
    moves: tuple[Point, ...] = ()


def _parts(scene: Scene, halos: Callable[[Iterable[Item]], WithHalos]) -> Iterator[_Part]:
    """The scene in its paint order; tracks that change from frame to frame are gathered where they meet.

    What stays of them for some frames is written once.
    """

    def changed() -> Iterator[_Part]:
        shown = (halos(item for track in changing for item in track.at(frame)) for frame in everything)
        for together, span in stays(shown if changing else ()):
            yield _Part(together, span)

    changing: list[Track] = []
    everything = range(len(scene.durations))
    for track in scene.tracks:
        span = track.span or everything
        moves = () if track.static else _moves([track.at(frame) for frame in span])
        if not track.static and not moves:
            changing.append(track)
            continue
        yield from changed()
        changing = []
        yield _Part(halos(track.at(span.start)), track.span, moves)
    yield from changed()


def _moves(frames: list[Items]) -> tuple[Point, ...]:
    """How far the items of each frame lie from those of the first, if they are the same ones only moved.

    Empty where they are not, or where there is nothing.
    """
    first = frames[0]
    if not first or len(frames) == 1:
        return ()
    moves: list[Point] = []
    for items in frames:
        right, down = (a - b for a, b in zip(_place(items[0]), _place(first[0]), strict=True)) if items else (0.0, 0.0)
        back = placed(items, 1, (-right, -down))
        if len(back) != len(first) or not all(map(_alike, back, first)):
            return ()
        moves.append((right, down))
    return tuple(moves)


def _place(item: Item) -> Point:
    return item.at if isinstance(item, Text) else item.parts[0][0]


def _alike(one: Item, other: Item) -> bool:
    """Whether two items are the same but for rounding."""
    if isinstance(one, Text) or isinstance(other, Text):
        return (
            isinstance(one, Text)
            and isinstance(other, Text)
            and replace(one, at=(0, 0)) == replace(other, at=(0, 0))
            and _close(one.at, other.at)
        )
    return (
        replace(one, parts=()) == replace(other, parts=())
        and [len(part) for part in one.parts] == [len(part) for part in other.parts]
        and all(_close(*ends) for a, b in zip(one.parts, other.parts, strict=True) for ends in zip(a, b, strict=True))
    )


@dataclass
class _Clock:
    """When parts are seen, and where: a rule for each length of time that one stays, and for each way that one goes."""

    durations: tuple[int, ...]
    loop: int
    telling: int
    driven: bool
    _lengths: dict[str, str] = field(default_factory=dict)
    _ways: list[str] = field(default_factory=list)

    def switches(self, span: range | None) -> str:
        """The attributes of what is seen in those frames only."""
        if span is None or len(span) == len(self.durations):
            return ""
        total, starts = sum(self.durations), list(accumulate(self.durations, initial=0))
        start, stop = starts[span.start], starts[span.stop]
        name = self._lengths.setdefault(_share(stop - start, total, 7), f"k{len(self._lengths)}")
        kinds = " ".join(("f", *((name,) if name != "k0" else ()), *(("p",) if self.telling in span else ())))
        styles = []
        # Begun in the past, so that the first round is complete; but where rounds end they must begin on time.
        if delay := start if self.loop else (start - total if start else 0):
            styles.append(f"--d:{_short(delay / 1000, 3)}s")
        if self.loop and stop == total:
            # The last frame stays: its animation ends while it is seen.
            rounds = self.loop - 1 + (stop - start) / total / 2
            styles.append(f"animation-iteration-count:{_short(rounds, 4)};animation-fill-mode:forwards")
        return f' class="{kinds}"' + (f' style="{";".join(styles)}"' if styles else "")

    def moves(self, part: _Part) -> str:
        """The attributes of what is moved from frame to frame."""
        total, starts = sum(self.durations), list(accumulate(self.durations, initial=0))
        name = f"m{len(self._ways)}"
        steps, resting, way = [], "", ""
        for frame, (right, down) in zip(part.span or range(len(self.durations)), part.moves, strict=True):
            way = f"translate:{_short(right * UNITS)}px {_short(down * UNITS)}px"
            # Off by less than a tenth of a millisecond, however long all of it is.
            steps.append(f"{_share(starts[frame], total, 4 if total < 100_000 else 7)}%{{{way}}}")
            resting = way if frame == self.telling else resting
        rounds = self.loop or "infinite"
        if self.loop:
            steps.append(f"to{{{way}}}")  # where it rests when the last round is over
        calm = f"@media(prefers-reduced-motion:reduce){{.~ .{name}{{animation:none;{resting}}}}}"
        self._ways.append(
            f"@keyframes ~{name}{{{''.join(steps)}}}"
            f".~ .{name}{{animation:~{name} {_short(total / 1000, 3)}s step-end {rounds} forwards}}"
            + ("" if self.driven else calm)
        )
        return f' class="{name}"'

    def css(self) -> str:
        """The rules; nothing where nothing moves."""
        rules = [*self._ways]
        if self._lengths:
            total, rounds = _short(sum(self.durations) / 1000, 3), self.loop or "infinite"
            rules.append(f".~ .f{{visibility:hidden;animation:~k0 {total}s step-end var(--d,0s) {rounds}}}")
        for share, name in self._lengths.items():
            rules.append(f"@keyframes ~{name}{{0%{{visibility:visible}}{share}%{{visibility:hidden}}}}")
            if name != "k0":
                rules.append(f".~ .{name}{{animation-name:~{name}}}")
        if self._lengths and not self.driven:
            still = ".~ .f{animation:none!important}.~ .p{visibility:visible}"
            rules.append(f"@media(prefers-reduced-motion:reduce){{{still}}}")
        return "".join(rules)


Declarations = dict[str, str]
"""Values of CSS properties."""
UNSAID: Final[Declarations] = {"stroke-dasharray": "none", "stroke-linecap": "butt"}
"""What properties are where nothing is said, as far as a look by night may differ in them from that by day."""


@dataclass
class _Sheet:
    """The looks in a file: a class for each, by day and by night."""

    theme: Theme
    night: Theme
    slanted: bool = False
    _classes: dict[tuple[str, str], str] = field(default_factory=dict)

    def with_halos(self, items: Iterable[Item]) -> WithHalos:
        """Items with the halos of texts that have one by day or by night."""
        return (*with_halos(items, lambda text: has_halo(text, self.theme) or has_halo(text, self.night)),)

    def drawn(self, items: WithHalos) -> str:
        """Items and halos as elements."""
        return "".join(
            self._halo(item) if as_halo and isinstance(item, Text) else "".join(self._elements(item))
            for item, as_halo in items
        )

    def css(self) -> str:
        """The rules for all looks so far."""
        day = "".join(f".~ .{name}{{{light}}}" for (light, _), name in self._classes.items())
        night = "".join(f".~ .{name}{{{dark}}}" for (_, dark), name in self._classes.items() if dark)
        slanted = ".~ .i{font-style:italic}" if self.slanted else ""
        return day + slanted + (f"@media(prefers-color-scheme:dark){{{night}}}" if night else "")

    def _class(self, day: Declarations, night: Declarations) -> str:
        """The class of a look; by night only what differs is declared."""
        other = {key: night.get(key, UNSAID.get(key, "")) for key in {**day, **night} if day.get(key) != night.get(key)}
        return self._classes.setdefault((_declared(day), _declared(other)), _name(len(self._classes)))

    def _elements(self, item: Item) -> Iterator[str]:
        day, night = self.theme[item.role], self.night[item.role]
        if isinstance(item, Text):
            yield self._text(item, day, night)
            return
        if isinstance(item, Line):
            yield self._drawn(_line(item, day), _line(item, night), _path(item.parts, closed=False))
            return
        if day.color or night.color:
            light, dark = ({"fill": _color(style.color)} for style in (day, night))
            yield self._drawn(light, dark, _path(_joined(item.parts), closed=True))
        if (day.hatch or night.hatch) and (parts := hatching(item.parts)):
            light, dark = (_stroke(style.hatch, HATCH_WIDTH) for style in (day, night))
            yield self._drawn(light, dark, _path(parts, closed=False))

    def _drawn(self, day: Declarations, night: Declarations, data: str) -> str:
        return f'<path class="{self._class(day, night)}" d="{data}"/>'

    def _halo(self, item: Text) -> str:
        """The rim around a text, as a copy of it that is stroked."""
        day, night = (_haloed(item, theme) for theme in (self.theme, self.night))
        return self._text(item, self.theme[item.role], self.night[item.role], (day, night))

    def _text(self, item: Text, day: Style, night: Style, rims: tuple[Declarations, Declarations] | None = None) -> str:
        light, dark = (_lettered(item, style) for style in (day, night))
        if rims:
            light, dark = {**light, **rims[0]}, {**dark, **rims[1]}
        # One size for both, the smaller where the fonts are not equally wide.
        em, font = min((fit(item, style.font).em, style.font) for style in (day, night))
        x, y = item.at[0] * UNITS, baseline(item, font, em) * UNITS
        look = f'class="{self._class(light, dark)} {self._sized(_short(em * UNITS), "px")}"'
        at = f'x="{_short(x)}" y="{_short(y)}"'
        if rims:
            at += f' stroke-width="{_short(HALO_EM * em * UNITS)}"'
        return f"<text {look} {at}>{self._runs(item.runs, em)}</text>"

    def _sized(self, size: str, unit: str) -> str:
        """The class of a size of letters: many looks share it."""
        return self._class({"font-size": size + unit}, {"font-size": size + unit})

    def _runs(self, runs: tuple[Run, ...], em: float) -> str:
        """The characters of a text; those that look different in spans of their own."""
        drawn, rise = [], 0.0
        for run in runs:
            self.slanted |= run.slanted
            looks = ("i",) * run.slanted + ((self._sized(_short(100 * run.scale), "%"),) if run.scale != 1 else ())
            attributes = (
                f' class="{" ".join(looks)}"' if looks else "",
                f' dy="{_short((rise - run.rise) * em * UNITS)}"' if run.rise != rise else "",
            )
            content, rise = escape(run.text, quote=False), run.rise
            drawn.append(f"<tspan{''.join(attributes)}>{content}</tspan>" if any(attributes) else content)
        return "".join(drawn)


def _declared(look: Declarations) -> str:
    return ";".join(f"{key}:{value}" for key, value in look.items())


def _line(item: Line, style: Style) -> Declarations:
    look = _stroke(style.color, item.width)
    if item.dash and style.dash:
        return {**look, "stroke-dasharray": " ".join(_short(length * UNITS, 2) for length in item.dash)}
    return {**look, "stroke-linecap": "square"} if item.dash else look


def _stroke(color: Color | None, width: float) -> Declarations:
    return {"fill": "none", "stroke": _color(color), "stroke-width": _short(width * UNITS, 2)}


def _lettered(item: Text, style: Style) -> Declarations:
    look = {"fill": _color(style.color), "font-family": FAMILIES[style.font]}
    anchor = item.anchor
    if len(item.runs) == 1 and runs_leftwards(item.text):  # its first letter stands at its right end
        anchor = LEFTWARD[anchor]
        look["direction"] = "rtl"
    return look if anchor == "start" else {**look, "text-anchor": anchor}


def _haloed(item: Text, theme: Theme) -> Declarations:
    """How a text is stroked in the colour of its ground; nothing is seen of it where it needs no halo."""
    color = _color(halo_color(item, theme) if has_halo(item, theme) else None)
    return {"fill": color, "stroke": color, "stroke-linejoin": "round"}


def _name(number: int) -> str:
    more, last = divmod(number, len(NAMES))
    return (_name(more - 1) if more else "") + NAMES[last]


def _joined(parts: tuple[Path, ...]) -> tuple[Path, ...]:
    """Areas of four corners that share an edge with the one before, as one: first side by side, then downwards."""
    for first, second in (((1, 0), (2, 3)), ((3, 0), (2, 1))):
        whole: list[Path] = []
        for part in parts:
            before = whole[-1] if whole else ()
            touch = len(part) == len(before) == 4 and all(_close(before[a], part[b]) for a, b in (first, second))
            if touch:
                kept = {first[0], second[0]}
                whole[-1] = tuple(part[corner] if corner in kept else before[corner] for corner in range(4))
            else:
                whole.append(part)
        parts = tuple(whole)
    return parts


def _close(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < TINY and abs(one[1] - other[1]) < TINY


def _path(parts: tuple[Path, ...], closed: bool) -> str:
    """Path data: absolute where a part begins, relative inside it, rounded so that no error adds up."""
    data: list[str] = []
    for part in parts:
        places = [(round(x * UNITS, DECIMALS), round(y * UNITS, DECIMALS)) for x, y in part]
        shut = closed or places[0] == places[-1]
        corners = places[:-1] if places[0] == places[-1] else places
        data.append("M" + _list(corners[0], DECIMALS))
        data.extend(_step(x - before_x, y - before_y) for (before_x, before_y), (x, y) in pairwise(corners))
        data.append("z" if shut else "")
    return "".join(data)


def _step(right: float, down: float) -> str:
    if abs(down) < TINY:
        return f"h{_short(right)}"
    return f"v{_short(down)}" if abs(right) < TINY else "l" + _list((right, down), DECIMALS)


def _list(values: Iterable[float], places: int) -> str:
    """Numbers with no more between them than must be."""
    text = " ".join(_short(value, places) for value in values)
    return text.replace(" -", "-")


def _short(value: float, places: int = DECIMALS) -> str:
    """A number as short as it can be.

    >>> _short(0.5), _short(-12.0), _short(3.14159, 2)
    ('.5', '-12', '3.14')
    """
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _share(part: int, whole: int, places: int) -> str:
    """A percentage, rounded down: at no moment are two frames seen at once, not even at the very first.

    >>> _share(2, 3, 4)
    '66.6666'
    """
    return _short(100 * part * 10**places // whole / 10**places, places)


def _color(color: Color | None) -> str:
    """A colour in hexadecimal digits, three where they say as much.

    >>> _color((255, 255, 255)), _color((38, 139, 210)), _color(None)
    ('#fff', '#268bd2', 'none')
    """
    if color is None:
        return "none"
    text = "".join(f"{part:02x}" for part in color)
    return "#" + (text[::2] if text[::2] == text[1::2] else text)


def outline_of(area: Path) -> str:
    """The path data of an area."""
    return _path((area,), closed=True)


def _document(scene: Scene, cell: float, css: str, body: str) -> str:
    """The file: its size, its title and description for screen readers, its styles and its drawing."""
    left, top = ((edge - MARGIN) * UNITS for edge in (scene.bounds.left, scene.bounds.top))
    right, bottom = ((edge + MARGIN) * UNITS for edge in (scene.bounds.right, scene.bounds.bottom))
    width, height = scene.pixel_size(cell)
    box = _list((left, top, right - left, bottom - top), 2).replace("-", " -").strip()
    mark = "c" + sha256((css + body).encode()).hexdigest()[:6]
    title, words = (escape(text, quote=False) for text in (scene.title, scene.description))
    # The same letters are drawn otherwise in China and in Japan.
    spoken = "".join(f' {name}="{escape(scene.language)}"' for name in ("lang", "xml:lang") if scene.language)
    english = ' lang="en" xml:lang="en"' if scene.language else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{mark}" role="img" width="{width}" height="{height}"'
        f' viewBox="{box}"{spoken}><title>{title}</title><desc{english}>{words}</desc>'
        f"<style>{css.replace('~', mark)}</style>{body}</svg>\n"
    )
