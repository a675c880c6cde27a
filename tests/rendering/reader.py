"""A reader of the SVG that convgif writes: its styles, its clock and its paths, by the rules of the standards.

It knows nothing of the writer: CSS is cascaded, animations are run to a time, and paths are walked point by point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Final, NamedTuple
from xml.etree import ElementTree

Style = Mapping[str, str]
Points = tuple[tuple[float, float], ...]

SVG: Final = "{http://www.w3.org/2000/svg}"
NUMBER: Final = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
TOKEN: Final = re.compile(rf"[A-Za-z]|{NUMBER.pattern}")


class Run(NamedTuple):
    """Some characters of a text: slanted or not, how large they are in it, and how far raised, in units."""

    text: str
    slanted: bool
    scale: float
    rise: float


class Shape(NamedTuple):
    """What is seen of one element: its style, and its path or its words, moved to where they are."""

    style: Style
    parts: tuple[Points, ...] = ()
    runs: tuple[Run, ...] = ()
    at: tuple[float, float] = (0, 0)
    size: float = 0


class Rule(NamedTuple):
    """Declarations for the elements of some class below a marked one, under a condition."""

    media: str
    selector: str
    declarations: Style


@dataclass
class Drawing:
    """An SVG file."""

    root: ElementTree.Element
    rules: list[Rule] = field(default_factory=list)
    keyframes: dict[str, dict[float, Style]] = field(default_factory=dict)
    _known: dict[tuple[str, str, frozenset[str]], Style] = field(default_factory=dict)

    def at(self, milliseconds: float, media: frozenset[str] = frozenset()) -> list[Shape]:
        """What is seen at a time, from back to front, where the media features of that name are on."""
        return list(self._seen(self.root, milliseconds / 1000, media, {"visibility": "visible"}, (0.0, 0.0)))

    def _seen(
        self,
        element: ElementTree.Element,
        time: float,
        media: frozenset[str],
        inherited: Style,
        shift: tuple[float, float],
    ) -> Iterator[Shape]:
        own = ("" if element is self.root else element.get("class", ""), element.get("style", ""), media)
        if own not in self._known:
            self._known[own] = self._style(*own)
        style = {**inherited, **self._known[own]}
        style |= self._animated(style, time)
        right, down = (float(value) for value in NUMBER.findall(style.get("translate", "0 0")))
        shift = (shift[0] + right, shift[1] + down)
        passed_on = {key: value for key, value in style.items() if key in ("visibility", "--d")}
        if element.tag in (f"{SVG}svg", f"{SVG}g"):
            for child in element:
                yield from self._seen(child, time, media, passed_on, shift)
        elif style["visibility"] == "visible" and element.tag == f"{SVG}path":
            moved = (tuple((x + shift[0], y + shift[1]) for x, y in part) for part in walked(element.attrib["d"]))
            yield Shape(style, tuple(moved))
        elif style["visibility"] == "visible" and element.tag == f"{SVG}text":
            x, y = (float(element.attrib[key]) for key in ("x", "y"))
            looks = {key: value for key, value in style.items() if key != "font-size"}
            size = float(style["font-size"].removesuffix("px"))
            yield Shape(looks, (), tuple(self._runs(element, media)), (x + shift[0], y + shift[1]), size)

    def _runs(self, text: ElementTree.Element, media: frozenset[str]) -> Iterator[Run]:
        """The characters of a text; every span moves the line for all that follow."""
        rise = 0.0
        if text.text:
            yield Run(text.text, False, 1, rise)
        for span in text:
            assert span.tag == f"{SVG}tspan"
            assert len(span) == 0
            rise -= float(span.get("dy", "0"))
            look = self._style(span.get("class", ""), "", media)
            slanted, scale = look.get("font-style") == "italic", float(look.get("font-size", "100%").removesuffix("%"))
            yield Run(span.text or "", slanted, scale / 100, rise)
            if span.tail:
                yield Run(span.tail, False, 1, rise)

    def _style(self, classes: str, declared_there: str, media: frozenset[str]) -> Style:
        """Declarations by the cascade: later ones win, then those of the element itself, then important ones."""
        names, mark = classes.split(), self.root.attrib["class"]
        found = [rule for rule in self.rules if rule.media in ("", *media)]
        declared = [rule.declarations for rule in found if rule.selector in {f".{mark} .{name}" for name in names}]
        style: dict[str, str] = {}
        important: dict[str, str] = {}
        for declarations in (*declared, declarations_of(declared_there)):
            for key, value in declarations.items():
                if value.endswith("!important"):
                    important.update(longhand(key, value.removesuffix("!important")))
                else:
                    style.update(longhand(key, value))
        return style | important

    def _animated(self, style: Style, time: float) -> Style:
        """The declarations of the keyframe that an animation has come to."""
        if style.get("animation-name", "none") == "none":
            return {}
        delay = style["animation-delay"]
        if found := re.fullmatch(r"var\((.*),(.*)\)", delay):
            delay = style.get(found[1], found[2])
        duration = seconds(style["animation-duration"])
        rounds = style["animation-iteration-count"]
        count = inf if rounds == "infinite" else float(rounds)
        passed = (time - seconds(delay)) / duration
        if passed < 0 or (passed >= count and style.get("animation-fill-mode") != "forwards"):
            return {}
        share = passed % 1 if passed < count else (count % 1 or 1.0)
        assert style["animation-timing-function"] == "step-end"
        # Where no keyframe is given for the beginning or the end, the element's own style is.
        frames = {0.0: {}, 1.0: {}, **self.keyframes[style["animation-name"]]}
        return frames[max(at for at in frames if at <= share)]


def read(text: str) -> Drawing:
    """Read an SVG file."""
    drawing = Drawing(ElementTree.fromstring(text))
    css = drawing.root.findtext(f"{SVG}style")
    assert css is not None
    for media, head, body in blocks(css):
        if head.startswith("@keyframes "):
            stops = {offset(stop): declarations_of(inner) for _, stop, inner in blocks(body)}
            drawing.keyframes[head.removeprefix("@keyframes ")] = stops
        else:
            drawing.rules.append(Rule(media, head, declarations_of(body)))
    return drawing


def blocks(css: str, media: str = "") -> Iterator[tuple[str, str, str]]:
    """The media feature that it is under, the head and the body of every rule."""
    start = depth = head_end = 0
    for place, letter in enumerate(css):
        if letter == "{":
            head_end = place if depth == 0 else head_end
            depth += 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                head, body = css[start:head_end], css[head_end + 1 : place]
                if found := re.fullmatch(r"@media\((.*)\)", head):
                    yield from blocks(body, found[1])
                else:
                    yield media, head, body
                start = place + 1
    assert depth == 0
    assert start == len(css)


def declarations_of(text: str) -> Style:
    """Declarations by their property."""
    return {key: value for key, _, value in (part.partition(":") for part in text.split(";") if part)}


def longhand(key: str, value: str) -> Style:
    """A declaration, the shorthand of animations taken apart."""
    if key != "animation":
        return {key: value}
    name, *words = value.split()
    times = [word for word in words if re.fullmatch(r"[-\d.]+s|var\(.*\)", word)]
    counts = [word for word in words if re.fullmatch(r"infinite|\d+", word)]
    return {
        "animation-name": name,
        "animation-duration": times[0] if times else "0s",
        "animation-delay": times[1] if len(times) > 1 else "0s",
        "animation-timing-function": "step-end" if "step-end" in words else "ease",
        "animation-iteration-count": counts[0] if counts else "1",
        "animation-fill-mode": "forwards" if "forwards" in words else "none",
    }


def seconds(text: str) -> float:
    """A time with its unit."""
    assert text.endswith("s")
    return float(text[:-1])


def offset(stop: str) -> float:
    """Where a keyframe is, 0 to 1."""
    return {"from": 0.0, "to": 1.0}[stop] if stop in ("from", "to") else float(stop.removesuffix("%")) / 100


def walked(data: str) -> tuple[Points, ...]:
    """The points of each part of a path, controls of curves among them; a closed part ends where it begins."""
    assert re.fullmatch(rf"(?:[MLHVQCZmlhvqcz]|{NUMBER.pattern}|[ ,])*", data)
    parts: list[list[tuple[float, float]]] = []
    tokens, command = TOKEN.findall(data), ""
    while tokens:
        command = tokens.pop(0) if tokens[0].isalpha() else command
        if command in "zZ":
            parts[-1].append(parts[-1][0])
            continue
        here = (0.0, 0.0) if command.isupper() else parts[-1][-1]
        if command in "hH":
            points = [(here[0] + float(tokens.pop(0)), parts[-1][-1][1])]
        elif command in "vV":
            points = [(parts[-1][-1][0], here[1] + float(tokens.pop(0)))]
        else:
            count = {"m": 1, "l": 1, "q": 2, "c": 3}[command.lower()]
            points = [(here[0] + float(tokens.pop(0)), here[1] + float(tokens.pop(0))) for _ in range(count)]
        if command in "mM":
            assert command == "M"
            parts.append([])
        parts[-1].extend(points)
    return tuple(map(tuple, parts))
