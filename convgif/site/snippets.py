"""Snippets that show a rendered figure where people write: each works as it stands, with the figure's alt text.

They name the files that `convgif render` writes, in the folder that it wrote them to, or anywhere on the web. Each kind
of snippet is a value, which the registry finds by its name.

>>> from convgif.arithmetic import Conv
>>> from convgif.figure import Figure
>>> target = Target("blur", Figure(Conv(5, 3)))
>>> print(GIF.text(target))
![Convolution of a 5x5 input with a 3x3 kernel, stride 1, giving a 3x3 output.](out/gif/blur.gif)
>>> LATEX.files(target), target.command(LATEX.formats)
(['out/pdf/blur.pdf'], 'convgif render blur --formats pdf')
"""

from __future__ import annotations

import re
from html import escape
from itertools import accumulate
from typing import Final

from convgif.documents import as_query
from convgif.errors import wrong
from convgif.site.target import Snippet, Target


def _picture(target: Target, attributes: str) -> str:
    """The SVG follows dark pages by itself; reduced motion must be asked for outside of an image."""
    return (
        "<picture>\n"
        f'  <source media="(prefers-reduced-motion: reduce)" srcset="{escape(target.link("poster"))}">\n'
        f'  <img src="{escape(target.link("svg"))}" {attributes} alt="{escape(target.scene.description)}">\n'
        "</picture>"
    )


def _html(target: Target) -> str:
    width, height = target.size
    return _picture(target, f'width="{width}" height="{height}" style="max-width: 100%; height: auto"')


def _markdown(target: Target) -> str:
    """GitHub lets pictures narrower than their height stand for; without one, they keep their shape."""
    return _picture(target, f'width="{target.size[0]}"')


def _image(target: Target, format: str) -> str:
    alt = re.sub(r"[\\\[\]`*_<&!]", r"\\\g<0>", target.scene.description)
    return f"![{alt}]({target.link(format)})"


def _gif(target: Target) -> str:
    return _image(target, "gif")


def _mkdocs(target: Target) -> str:
    """Paths in Markdown's own images are the ones that MkDocs adapts to the page."""
    return _image(target, "svg")


def _latex(target: Target) -> str:
    """Frames of different lengths need a timeline: the rate of each frame."""
    durations = target.scene.durations
    usual = max(sorted(set(durations)), key=durations.count)
    options = f"{'' if target.figure.loop == 1 else 'loop,'}autoplay,controls,width=\\linewidth"
    before = ""
    if len(set(durations)) > 1:
        lines = "\n".join(f":{1000 / duration:g}:{frame}" for frame, duration in enumerate(durations))
        before = f"\\begin{{filecontents*}}[overwrite]{{{target.name}.tln}}\n{lines}\n\\end{{filecontents*}}\n"
        options += f",timeline={target.name}.tln"
    if re.search(r"[\\{}]", target.out):
        raise wrong("output", target.out, "must be free of braces and backslashes, which mean something to LaTeX")
    path = _tex_path(target.file("pdf").removesuffix(".pdf"))
    return (
        "% In the preamble: \\usepackage{graphicx} \\usepackage{animate}\n"
        f"{before}\\animategraphics[{options}]{{{1000 / usual:g}}}{{{path}}}{{}}{{}}"
    )


TEX: Final = {
    "%": r"\csname @percentchar\endcsname ",
    " ": r"\space ",
    "#": r"\string#",
    "~": r"\string~",
    "^": r"\string^",
}
"""What stands for characters that TeX would not take as part of a file's name."""


def _tex_path(path: str) -> str:
    """A path for TeX, which takes spaces as they are where nothing else is in the way."""
    return "".join(TEX.get(mark, mark) for mark in path) if re.search("[%#~^]", path) else path


def _sphinx(target: Target) -> str:
    path = re.sub(r"[\\ ]", r"\\\g<0>", target.file("svg"))
    text = f".. figure:: {path}\n   :alt: {target.scene.description}"
    return f"{text}\n\n   {_rst(target.figure.title)}" if target.figure.title else text


def _rst(title: str) -> str:
    """A title as a paragraph: marks are letters, and the beginning is that of no list, table or directive."""
    safe = re.sub(r"[\\`*_|:<]", r"\\\g<0>", title)
    return safe if re.match(r"[^\W\d_]{2,}(?![.)\w])", title) else f"\\ {safe}"


def _jupyter(target: Target) -> str:
    """The last line is the figure, which shows itself."""
    if not target.is_preset:
        return f"import convgif\n\nconvgif.Figure.from_query({as_query(target.figure)!r})"
    file = "" if target.presets is None else repr(target.presets)
    return f"import convgif\n\nconvgif.load_presets({file})[{target.name!r}]"


def _css(target: Target) -> str:
    """A sprite sheet that is moved behind a window, a step for each frame; all in shares of the window's size."""
    from convgif.assembling.formats.sheet import layout  # what else is there is not needed by other snippets

    scene, figure = target.scene, target.figure
    width, height = target.size
    count, total = len(scene.durations), sum(scene.durations)
    rows, columns = layout(count, target.size, figure.columns)

    def share(place: int, places: int) -> str:
        return f"{100 * place / max(1, places - 1):.6g}%"

    def place(frame: int) -> str:
        return f"background-position: {share(frame % columns, columns)} {share(frame // columns, rows)};"

    starts = accumulate(scene.durations[:-1], initial=0)
    stops = [(f"{100 * start / total:.6g}%", place(frame)) for frame, start in enumerate(starts)]
    # Without an end, the last round would lead back to the first frame.
    steps = "\n".join(f"  {stop} {{ {where} }}" for stop, where in (*stops, ("to", place(count - 1))))
    # A name of its own: a figure may be called after a word of CSS, or have dots in its name.
    name = f"convgif-{target.name}"
    ident = re.sub(r"[^\w-]", r"\\\g<0>", name)
    return (
        f'<div class="{escape(name)}" role="img" aria-label="{escape(scene.description)}"></div>\n'
        "<style>\n"
        f".{ident} {{ width: {width}px; max-width: 100%; aspect-ratio: {width} / {height};\n"
        f'  background: url("{target.link("sheet")}") 0 0 / {100 * columns}% {100 * rows}%;\n'
        f"  animation: {ident} {total / 1000:g}s steps(1) {figure.loop or 'infinite'} forwards; }}\n"
        f"@keyframes {ident} {{\n{steps}\n}}\n"
        f"@media (prefers-reduced-motion: reduce) {{ .{ident} {{ animation: none; {place(scene.telling)} }} }}\n"
        "</style>"
    )


MARKDOWN: Final = Snippet(
    "markdown", "GitHub and the like, still for readers who asked for it", ("svg", "poster"), _markdown
)
HTML: Final = Snippet("html", "web pages and slides", ("svg", "poster"), _html)
LATEX: Final = Snippet("latex", "Beamer and papers, with the package animate", ("pdf",), _latex)
SPHINX: Final = Snippet("sphinx", "documentation in reStructuredText", ("svg",), _sphinx)
MKDOCS: Final = Snippet("mkdocs", "documentation in Markdown", ("svg",), _mkdocs)
JUPYTER: Final = Snippet("jupyter", "the figure itself in a notebook", (), _jupyter)
CSS: Final = Snippet("css", "web pages: a sprite sheet, moved by CSS alone", ("sheet",), _css)
GIF: Final = Snippet("gif", "Markdown that goes anywhere", ("gif",), _gif)
