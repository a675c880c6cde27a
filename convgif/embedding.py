"""Snippets that show a rendered figure where people write: each works as it stands, with the figure's alt text.

They name the files that `convgif render` writes, in the folder that it wrote them to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from typing import Final
from urllib.parse import quote

from convgif import drawing
from convgif.assembling.sheet import layout
from convgif.drawing.scene import Scene
from convgif.errors import did_you_mean, wrong
from convgif.figure import Figure


@dataclass(frozen=True)
class Target:
    """What a snippet is about: a figure under its name, and the folder that its files lie in."""

    name: str
    figure: Figure
    out: str
    presets: str | None = None

    @property
    def scene(self) -> Scene:
        """The drawing."""
        return drawing.draw(self.figure)

    def file(self, kind: str, ending: str) -> str:
        """The path of a file, with slashes."""
        return f"{self.out.rstrip('/')}/{kind}/{self.name}.{ending}"

    def link(self, kind: str, ending: str) -> str:
        """The path of a file as it stands in a link, where a space would end it."""
        return quote(self.file(kind, ending), safe="/:")


def snippet(kind: str, name: str, figure: Figure, out: str = "out", presets: str | None = None) -> str:
    """The snippet of one kind; `presets` is the file that the figure comes from, if it is not a shipped one.

    Raises:
        InputError: there is no such kind.
    """
    if kind not in KINDS:
        raise wrong("for", kind, f"there is no such snippet; {did_you_mean(kind, KINDS)}")
    return KINDS[kind](Target(name, figure, out, presets))


def _markdown(target: Target) -> str:
    alt = re.sub(r"[\\\[\]`*_<&]", r"\\\g<0>", target.scene.description)
    return f"![{alt}]({target.link('svg', 'svg')})"


def _html(target: Target) -> str:
    """The SVG follows dark mode by itself in most browsers; reduced motion must be asked for outside of an image."""
    width, height = target.scene.pixel_size(target.figure.cell_pixels)
    return (
        "<picture>\n"
        f'  <source media="(prefers-reduced-motion: reduce)" srcset="{target.link("poster", "svg")}">\n'
        f'  <source media="(prefers-color-scheme: dark)" srcset="{target.link("svg", "svg")}">\n'
        f'  <img src="{target.link("svg", "svg")}" width="{width}" height="{height}"'
        f' alt="{escape(target.scene.description)}">\n'
        "</picture>"
    )


def _latex(target: Target) -> str:
    """Frames of different lengths need a timeline: the rate of each frame."""
    durations = target.scene.durations
    usual = max(set(durations), key=durations.count)
    options, before = "autoplay,controls" if target.figure.loop == 1 else "loop,autoplay,controls", ""
    if len(set(durations)) > 1:
        lines = "\n".join(f":{1000 / duration:g}:{frame}" for frame, duration in enumerate(durations))
        before = f"\\begin{{filecontents*}}[overwrite]{{{target.name}.tln}}\n{lines}\n\\end{{filecontents*}}\n"
        options += f",timeline={target.name}.tln"
    path = target.file("pdf", "pdf").removesuffix(".pdf")
    return f"% \\usepackage{{animate}}\n{before}\\animategraphics[{options}]{{{1000 / usual:g}}}{{{path}}}{{}}{{}}"


def _sphinx(target: Target) -> str:
    scene = target.scene
    title = re.sub(r"[\\`*_|:<]", r"\\\g<0>", target.figure.title or "")
    caption = f"\n\n   {title}" if title else ""
    return f".. figure:: {target.file('svg', 'svg')}\n   :alt: {scene.description}{caption}"


def _jupyter(target: Target) -> str:
    file = "" if target.presets is None else repr(target.presets)
    return f'import convgif\n\nconvgif.load_presets({file})["{target.name}"]'


def _css(target: Target) -> str:
    """A sprite sheet that is moved behind a window, a step for each frame."""
    scene, figure = target.scene, target.figure
    width, height = scene.pixel_size(figure.cell_pixels)
    count, total = len(scene.durations), sum(scene.durations)
    _, columns = layout(count, figure.columns)

    def place(frame: int) -> str:
        return f"background-position: {-(frame % columns) * width}px {-(frame // columns) * height}px;"

    starts = accumulate(scene.durations[:-1], initial=0)
    stops = [(f"{100 * start / total:.6g}%", place(frame)) for frame, start in enumerate(starts)]
    # Without an end, the last round would lead back to the first frame.
    steps = "\n".join(f"  {stop} {{ {where} }}" for stop, where in (*stops, ("to", place(count - 1))))
    rounds = figure.loop or "infinite"
    # A name of its own: a figure may be called after a word of CSS, or have dots in its name.
    name = f"convgif-{target.name}"
    ident = name.replace(".", "\\.")
    return (
        f'<div class="{name}" role="img" aria-label="{escape(scene.description)}"></div>\n'
        "<style>\n"
        f".{ident} {{ width: {width}px; height: {height}px; background: url({target.link('sheet', 'png')});\n"
        f"  animation: {ident} {total / 1000:g}s steps(1) {rounds} forwards; }}\n"
        f"@keyframes {ident} {{\n{steps}\n}}\n"
        f"@media (prefers-reduced-motion: reduce) {{ .{ident} {{ animation: none; {place(scene.telling)} }} }}\n"
        "</style>"
    )


KINDS: Final[Mapping[str, Callable[[Target], str]]] = {
    "markdown": _markdown,
    "html": _html,
    "latex": _latex,
    "sphinx": _sphinx,
    "jupyter": _jupyter,
    "css": _css,
}
"""Every kind of snippet by name."""
