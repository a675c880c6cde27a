"""The parts of README.md that are made from the code: the figures, and the tables of the reference.

Each stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. `python -m tests.readme` writes them anew; `make all`
does so too. Only what ships with convgif is listed, whatever else is installed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from math import inf
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from convgif.arithmetic.layer import Layer
from convgif.arithmetic.sentences import spoken
from convgif.cli.commands import cli
from convgif.drawing.composition import compose
from convgif.drawing.metrics import FONTS
from convgif.drawing.roles import AREAS, LINES, TEXTS
from convgif.drawing.scene import MARGIN, Scene, Text
from convgif.drawing.view import View
from convgif.figure import OPTIONS, Figure
from convgif.options import REQUIRED, Option, Word
from convgif.presets import load_families
from convgif.registry import FORMATS, LANGUAGES, LAYERS, SNIPPETS, THEMES, VIEWS, Registry
from convgif.rendering.marks import fit
from convgif.site.target import path_in_set
from tests.bench import plot
from tests.bench.baseline import stored

README: Final = Path(__file__).parents[1] / "README.md"
PAGE: Final = 840
"""Pixels that a page of GitHub's gives to a table."""
BESIDE: Final = 10
"""Pixels of it that are beside each picture."""
MOST_COLUMNS: Final = 4
GUIDES: Final = 2
"""The first families are the guide's own figures. Of these the GIFs are shown too, and committed; those of all would be
too much to fetch for everyone who wants the code."""
LEAST_TEXT: Final = 9.0
"""Pixels of the smallest text in a figure, as large as the page shows it."""


def shipped(registry: Registry) -> dict[str, Any]:
    """What ships of a kind, by name."""
    return {name: registry[name] for name in registry.shipped}


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def code(*words: str) -> str:
    """Words as code, with commas between."""
    return ", ".join(f"`{word}`" for word in words)


def among(registry: Registry, suited: Callable[[Any], bool]) -> str:
    """Which of a kind suit something."""
    names = [name for name, thing in shipped(registry).items() if suited(thing)]
    return "all" if len(names) == len(registry.shipped) else code(*names)


# Figures


def shown_formats() -> dict[str, tuple[str, ...]]:
    """The formats in which every preset is shown, and committed, by its name; the one to link to comes first."""
    families = [family.figures for family in load_families().values()]
    return {
        name: ("gif", "svg", "poster") if number < GUIDES else ("svg", "poster")
        for number, family in enumerate(families)
        for name in family
    }


def figures() -> str:
    """Every family of presets, as a grid of pictures that link to their files."""
    formats = shown_formats()
    return "\n\n".join(
        f"### {family.title}\n\n{_grid(family.figures, formats)}"
        for family in load_families().values()
        if family.figures
    )


def _grid(family: Mapping[str, Figure], formats: Mapping[str, Sequence[str]]) -> str:
    scenes = {name: (figure, compose(figure)) for name, figure in family.items()}
    needed = max(needed_width(scene) for _, scene in scenes.values())
    columns = next((count for count in range(MOST_COLUMNS, 1, -1) if PAGE // count - BESIDE >= needed), 1)
    cells = []
    for name, (figure, scene) in scenes.items():
        # Alone in a row, a figure is no larger than it is.
        natural, _ = scene.pixel_size(figure.cell_pixels)
        cells.append(
            _cell(name, figure, formats[name], min(PAGE // columns - BESIDE, natural if columns == 1 else PAGE))
        )
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    lines = (line for row in rows for line in ("<tr>", *row, "</tr>"))
    return "\n".join(("<table>", *lines, "</table>"))


def needed_width(scene: Scene) -> float:
    """The pixels that a scene must be wide for its smallest text to be legible."""
    left, right = scene.bounds.left - MARGIN, scene.bounds.right + MARGIN
    return LEAST_TEXT * (right - left) / smallest_text(scene)


def smallest_text(scene: Scene) -> float:
    """The em of the smallest text of a scene, in cells; infinite where it has none."""
    return min(
        (
            fit(text, font).em * run.scale
            for text in texts_of(scene)
            for font in FONTS
            for run in text.runs
            if run.text.strip()
        ),
        default=inf,
    )


def texts_of(scene: Scene) -> Iterator[Text]:
    """Every text of a scene, once for each time that it is drawn."""
    for track in scene.tracks:
        span = track.span or range(len(scene.durations))
        for frame in span[:1] if track.static else span:
            yield from (item for item in track.at(frame) if isinstance(item, Text))


def _cell(name: str, figure: Figure, formats: Sequence[str], width: int) -> str:
    files = {format: f"out/{path_in_set(format, name)}" for format in formats}
    *moving, poster = formats
    heading = escape(figure.heading or figure.title or name)
    picture = (
        f'<picture><source media="(prefers-reduced-motion: reduce)" srcset="{files[poster]}">'
        f'<img src="{files[moving[-1]]}" width="{width}" alt="{escape(figure.describe())}"></picture>'
    )
    links = " · ".join(f'<a href="{files[format]}">{format.upper()}</a>' for format in moving)
    return (
        f'<td align="center"><a href="{files[moving[0]]}">{picture}</a><br><b>{heading}</b><br>'
        f"{numbers(figure.layer)}<br><sub><code>{name}</code> · {links}</sub></td>"
    )


def numbers(layer: Layer) -> str:
    """The sizes of a layer in the guide's letters; those that are seldom used only where they are.

    >>> from convgif.arithmetic import Conv
    >>> numbers(Conv(7, 3, dilation=2))
    'i = 7, k = 3, s = 1, p = 0, d = 2, o = 3'
    >>> numbers(Conv(5, 2, padding="same"))
    'i = 5, k = 2, s = 1, p_1 = 0, p_2 = 1, o = 5'
    """
    words = (text.partition(" ") for text in layer.letters)
    letters = {noun.replace(" ", "_"): letter for letter, _, noun in words}
    sizes = []
    for option in layer.parameters:
        if option.name == "padding":
            sides = [("p", 0)] if layer.symmetric else [("p_1", 0), ("p_2", 1)]
            sizes += [f"{letter} = {spoken([pair[side] for pair in layer.pads])}" for letter, side in sides]
            continue
        letter, value = letters.get(option.name.removesuffix("_size")), getattr(layer, option.name)
        seldom = option.name in ("dilation", "output_padding")
        if letter and not (seldom and set(value) == {option.default}):
            sizes.append(f"{letter} = {spoken(value)}")
    return ", ".join((*sizes, f"o = {spoken(layer.output_size)}"))


# Reference


def layers() -> str:
    """The kinds of layers, and their arguments."""

    def signature(kind: type[Layer]) -> Iterator[str]:
        for option in kind.parameters:
            usual = "kernel_size" if option.default is None else option.default
            yield option.name if option.default is REQUIRED else f"{option.name}={usual}"

    kinds = shipped(LAYERS)
    rows = [(code(kind.__name__), code(name), kind.title, code(*signature(kind))) for name, kind in kinds.items()]
    meant: dict[tuple[str, str], list[str]] = {}
    flags: dict[str, str] = {}
    for name, kind in kinds.items():
        for option in kind.parameters:
            meant.setdefault((option.name, option.meaning), []).append(name)
            flags[option.name] = code(*([f"-{option.letter}"] if option.letter else []), option.long_flag)
    order = list(flags)
    arguments = [
        (code(name), flags[name], meaning, "all" if len(names) == len(kinds) else code(*names))
        for (name, meaning), names in sorted(meant.items(), key=lambda item: order.index(item[0][0]))
    ]
    return "\n\n".join(
        (
            table(("Python", "command, preset", "is a", "arguments"), rows),
            table(("argument", "flag", "meaning", "layers"), arguments),
        )
    )


def views() -> str:
    """The views, and the options that only some have."""
    known = shipped(VIEWS)
    rows = [(code(name), among(LAYERS, _suits(view.layers)), view.meaning) for name, view in known.items()]
    options = {one.option.name: one for view in known.values() for one in view.options}
    own = [
        (
            code(name),
            code(one.option.long_flag),
            one.option.meaning,
            among(VIEWS, _has(name)),
            among(LAYERS, _suits(one.layers)),
        )
        for name, one in options.items()
    ]
    return "\n\n".join(
        (
            table(("view", "layers", "shows"), rows),
            table(("option", "flag", "meaning", "views", "layers"), own),
        )
    )


def _suits(layers: tuple[type[Layer], ...]) -> Callable[[type[Layer]], bool]:
    return lambda kind: issubclass(kind, layers)


def _has(option: str) -> Callable[[View], bool]:
    return lambda view: any(one.option.name == option for one in view.options)


def figure_options() -> str:
    """The options that figures of all views have."""
    rows = (
        (code(name), code(option.long_flag), option.meaning, _usual(option), _rule(option))
        for name, option in OPTIONS.items()
    )
    return table(("option", "flag", "meaning", "default", "value"), rows)


def _usual(option: Option) -> str:
    if option.default is None:
        return ""
    return code(str(option.default).lower() if isinstance(option.default, bool) else str(option.default))


def _rule(option: Option) -> str:
    if not isinstance(option.kind, Word):
        return option.kind.rule.removeprefix("must be ")
    known = option.kind.known()
    name = f"the name of a {known.noun}" if isinstance(known, Registry) else " or ".join(option.kind.words)
    return f"{name}, or {option.kind.further}" if option.kind.further else name


def formats() -> str:
    """The formats, and where their files lie in the folder of a set."""
    rows = (
        (
            code(name),
            code("DIR/" if format.suffix == "/" else f"FILE{format.suffix}"),
            code(path_in_set(name, "NAME")),
            format.meaning,
        )
        for name, format in shipped(FORMATS).items()
    )
    return table(("format", "`-o`", "`render`: `out/...`", "what it is"), rows)


def themes() -> str:
    """The themes, each with the one that stands in for it on dark pages."""
    rows = (
        (code(name), theme.meaning, code(theme.dark) if theme.dark else "") for name, theme in shipped(THEMES).items()
    )
    return table(("theme", "what it is", "on dark pages"), rows)


def languages() -> str:
    """The languages, by what their speakers call them."""
    return table(("`--language`", "language"), ((code(name), one.title) for name, one in shipped(LANGUAGES).items()))


def roles() -> str:
    """The roles that a theme gives colours to."""
    kinds = {"area": AREAS, "line": LINES, "text": TEXTS}
    rows = ((code(role), kind, meaning) for kind, known in kinds.items() for role, meaning in known.items())
    return table(("role", "kind", "meaning"), rows)


def snippets() -> str:
    """The snippets that `embed` prints."""
    rows = ((code(name), kind.meaning, code(*kind.formats)) for name, kind in shipped(SNIPPETS).items())
    return table(("`--for`", "where it goes", "shows"), rows)


def commands() -> str:
    """The commands."""
    rows = (
        (code(f"convgif {name}"), str(command.help).splitlines()[0]) for name, command in sorted(cli.commands.items())
    )
    return table(("command", "what it does"), rows)


def speed() -> str:
    """How long the guide's figures take, as it was measured last."""
    measured = stored()
    bars = plot.seconds(measured)
    picture = f"![{'; '.join(f'{name}: {taken}' for name, taken in bars.items())}]({plot.PLOT.as_posix()})"
    day = date.fromisoformat(measured["measured"])
    words = (
        f"Measured on {day.day} {day:%B %Y} on a shared machine: processor time on one core, the least of several "
        f"runs, for the guide's {measured['figures']} figures as GIFs, {measured['frames']} frames together. "
        "The original's tool chain was run once and is not run again, so that a later measurement of the others may be "
        "from another machine. `make bench` measures convgif on yours, and `make bench-check` compares with what is "
        "stored here."
    )
    return f"{picture}\n\n{fill(words, 120)}"


PARTS: Final[dict[str, Callable[[], str]]] = {
    "figures": figures,
    "speed": speed,
    "commands": commands,
    "layers": layers,
    "views": views,
    "options": figure_options,
    "formats": formats,
    "themes": themes,
    "roles": roles,
    "languages": languages,
    "snippets": snippets,
}
"""What makes each part."""


def filled(text: str) -> str:
    """The text with all of its parts made anew."""
    for name, make in PARTS.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        assert text.count(begin) == text.count(end) == 1, f"README.md must have {begin} and {end}, once"
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n\n{make()}\n\n{end}{rest.partition(end)[2]}"
    return text


def without_parts(text: str) -> str:
    """The text without what is made: what people wrote."""
    return re.sub(r"<!-- begin (\w+) -->.*?<!-- end \1 -->", "", text, flags=re.DOTALL)


if __name__ == "__main__":
    written = README.read_text(encoding="utf-8")
    if (anew := filled(written)) != written:
        README.write_text(anew, encoding="utf-8")
        print("README.md: written anew")
