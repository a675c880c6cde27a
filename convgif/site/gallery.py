"""The gallery: a page with all figures of an output folder by family, their files, their TOML, their snippets.

What the page says of files comes from the folder's manifest, which anybody may have edited: an entry counts only if all
that is used of it is sound, and if its file is there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath
from statistics import median
from typing import Any, Final, Self
from urllib.parse import quote

from convgif.arithmetic import Layer, by
from convgif.arithmetic.padding import Padding
from convgif.assembling.files import explained, publish, staging
from convgif.assembling.locks import alone
from convgif.assembling.manifest import Manifest
from convgif.documents import as_toml, table_of
from convgif.errors import typed, wrong
from convgif.figure import Figure
from convgif.options import LARGEST_INTEGER
from convgif.presets import Family
from convgif.registry import FORMATS, SNIPPETS
from convgif.site.pages import filled, page
from convgif.site.target import Target, path_in_set

NAME: Final = "index.html"
SHOWN: Final = ("svg", "gif")
"""The formats that can stand for a figure, the best first."""
STILLS: Final = ("poster", "png")
"""Those that stand for it where nothing shall move."""
PLAYER: Final = "html"
LARGE: Final = 560
"""Pixels; where most pictures of a family are wider, they get more room."""
LONGEST_SIDE: Final = 65_535
"""Pixels of a picture that a page can lay out."""
MOST_FILES: Final = 2
"""Files of a figure in one format that are offered to take away; a folder of frames is no download."""
SHARED: Final = 5
"""Letters that a word must share with an argument to be a word for it, as `dilated` is for `dilation`."""
ALIKE: Final = {"atrou": "dilat"}
"""Beginnings that mean the same: the dilated convolution is called *à trous*, with holes."""


@dataclass(frozen=True)
class Entry:
    """A file of the folder: its path there, with slashes, its bytes, and the size and number of its frames."""

    path: str
    bytes: int
    width: int
    height: int
    frames: int

    @classmethod
    def of(cls, manifest: Manifest, path: object, told: Mapping[str, Any]) -> Self | None:
        """The file that an entry of the manifest tells of, if all that it tells is sound and the file is there."""
        if not isinstance(path, str) or not path.isprintable() or "\\" in path:
            return None
        place = PurePosixPath(path)
        if place.is_absolute() or ".." in place.parts or not manifest.is_there(path):
            return None
        numbers = [told.get(key) for key in ("bytes", "width", "height", "frames")]
        if not all(type(number) is int and 0 < number <= LARGEST_INTEGER for number in numbers):
            return None
        entry = cls(path, *(int(str(number)) for number in numbers))
        return entry if max(entry.width, entry.height) <= LONGEST_SIDE else None

    @property
    def link(self) -> str:
        """The path as it stands in an attribute of HTML; without a colon, it is no address of another kind."""
        return escape(quote(self.path))

    @property
    def size(self) -> str:
        """The bytes, for people."""
        kilobytes = max(1, round(self.bytes / 1000))
        return f"{kilobytes} KB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"


Files = Mapping[str, tuple[Entry, ...]]
"""The files of a figure by format, the main one of each first."""


def write(families: Mapping[str, Family], out: str | Path, presets: str | None = None) -> Path:
    """Write `out/index.html`, with every figure that lies there as SVG or GIF.

    `presets` is where the families were read from, unless they are those that come with convgif.

    Raises:
        InputError: none does, or the folder cannot be written.
    """
    folder = Path(out)
    manifest = Manifest.of(folder)
    sections = {key: _section(key, family, manifest, presets) for key, family in families.items()}
    if not any(sections.values()):
        raise wrong("output", os.fspath(out), "holds none of these figures; convgif render --all writes them")
    links = "".join(
        f'<a href="#{_id(key)}">{escape(families[key].title)}</a>' for key, section in sections.items() if section
    )
    nav = f'<nav aria-label="Families">{links}</nav>'
    text = filled(page("gallery.html"), nav=nav, body="".join(sections.values()))
    with staging(folder) as staged, explained(folder):
        (staged / NAME).write_text(
            text, encoding="utf-8", errors="replace", newline="\n"
        )  # names of files can be no text
        with alone(folder):
            publish(staged, folder, [Path(NAME)], remedy="move it away")
    return folder / NAME


def _section(key: str, family: Family, manifest: Manifest, presets: str | None) -> str:
    """A family's figures that can be shown; nothing where none can."""
    there = {told["preset"] for told in manifest.files.values()}
    found = {name: files_of(name, manifest) for name in family.figures if name in there}
    shown = {name: files for name, files in found.items() if any(format in files for format in SHOWN)}
    if not shown:
        return ""
    cards = "".join(
        _card(Target(name, family.figures[name], ".", presets), family, files) for name, files in shown.items()
    )
    large = " large" if median(_shown(files).width for files in shown.values()) > LARGE else ""
    title = escape(family.title)
    return f'<section id="{_id(key)}"><h2>{title}</h2>\n<div class="cards{large}">{cards}</div></section>\n'


def _id(family: str) -> str:
    """The anchor of a family; no name of a figure has a colon."""
    return escape(f"family:{family}")


def files_of(name: str, manifest: Manifest) -> Files:
    """The files of a figure by format, in the order of the registry."""
    found: dict[str, list[Entry]] = {format: [] for format in FORMATS}
    for path, told in manifest.files.items():
        entry = Entry.of(manifest, path, told)
        if entry and told.get("preset") == name and told.get("format") in found:
            found[told["format"]].append(entry)
    return {
        format: tuple(sorted(entries, key=lambda entry: (entry.path != path_in_set(format, name), entry.path)))
        for format, entries in found.items()
        if entries
    }


def _shown(files: Files) -> Entry:
    """The file that stands for the figure."""
    return next(files[format][0] for format in SHOWN if format in files)


def title_of(name: str, figure: Figure) -> str:
    """What people call a figure.

    >>> from convgif.arithmetic import Conv
    >>> title_of("my_blur", Figure(Conv(5, 3))), title_of("my_blur", Figure(Conv(5, 3), title="Blur"))
    ('My blur', 'Blur')
    """
    return figure.heading or figure.title or " ".join(name.replace("_", " ").split()).capitalize()


def _card(target: Target, family: Family, files: Files) -> str:
    name, figure = target.name, target.figure
    title = title_of(name, figure)
    drawn = ' class="drawn"' if title == figure.title else ""  # once for the eye: it stands in the picture
    words = escape(" ".join(search_words(name, figure, family)))
    return (
        f'\n<article id="{escape(name)}" data-words="{words}" data-sizes="{escape(" ".join(sizes_of(figure.layer)))}">'
        f"{_picture(figure, files)}"
        f'<div class="text"><h3{drawn}><a href="#{quote(name)}">{escape(title)}</a></h3>'
        f'<p class="about">{escape(about(figure, files))}</p>'
        f'<p class="links">{"".join(_links(name, files))}</p>'
        f"<details><summary>Embed</summary>{''.join(_snippets(target, files))}</details>"
        "</div></article>"
    )


def _picture(figure: Figure, files: Files) -> str:
    """The moving picture, a still for readers without motion, and a way to the player."""
    shown = _shown(files)
    still = next((files[format][0] for format in STILLS if format in files), None)
    calm = f'<source media="(prefers-reduced-motion: reduce)" srcset="{still.link}">' if still else ""
    picture = (
        f'<picture>{calm}<img src="{shown.link}" width="{shown.width}" height="{shown.height}" loading="lazy"'
        f' decoding="async" alt="{escape(figure.describe())}"></picture>'
    )
    if PLAYER not in files:
        return f'<div class="stage">{picture}</div>'
    return f'<a class="stage" href="{_player(files)}">{picture}</a>'


def _player(files: Files) -> str:
    """The address of the player, which leads back to where it was called from."""
    return f"{files[PLAYER][0].link}?gallery"


def about(figure: Figure, files: Files) -> str:
    """The layer, its arguments that are not as usual, and the length of the figure in a line."""
    layer = figure.layer
    frames = _shown(files).frames
    parts = (
        f"{layer.title.capitalize()} {by(layer.input_size)} to {by(layer.output_size)}",
        *(f"{_spoken(argument)}{value}" for argument, value in _told(figure)),
        f"{frames}\N{NO-BREAK SPACE}frame{'s' * (frames != 1)}",
    )
    return ", ".join(parts)


def _spoken(argument: str) -> str:
    """The name of an argument in a sentence."""
    return argument.removesuffix("_size").replace("_", " ")


def _told(figure: Figure) -> Iterator[tuple[str, str]]:
    """The arguments of the layer that are not as usual, with their values; its input's size is told before."""
    given = table_of(figure)
    for argument in figure.layer.parameters:
        if argument.name in given and argument.name != "input_size":
            value = getattr(figure.layer, argument.name)
            yield argument.name, "" if isinstance(value, bool) else f" {_short(value)}"


def _short(size: Padding | int) -> str:
    """A size as people say it: one number where it is the same along each axis; words and pairs as they are typed.

    >>> _short(3), _short((2, 2)), _short((2, 1)), _short(((0, 1), (0, 1))), _short("same_upper")
    ('3', '2', '2x1', '0:1x0:1', 'same_upper')
    """
    if isinstance(size, int):
        return str(size)
    return str(size[0]) if isinstance(size[0], int) and len(set(size)) == 1 else typed(size)


def search_words(name: str, figure: Figure, family: Family) -> Iterator[str]:
    """Words that a figure is found by, in lower case."""
    layer = figure.layer
    changed = [argument for argument, _ in _told(figure)]
    texts = (
        name,
        name.replace("_", " "),
        title_of(name, figure),
        figure.title or "",
        family.title,
        figure.view,
        layer.title,
        *changed,
        *(word.replace("_", " ") for word in changed),
        *(form for word in _called(layer, changed) for form in (word, word.replace("_", " "), word.replace("_", "-"))),
    )
    return (text.lower() for text in texts)


def _called(layer: Layer, changed: list[str]) -> Iterator[str]:
    """What else a layer is called: after an argument only where that is not as usual, after axes where it has these."""
    yield layer.name
    stems = {argument.name[:SHARED]: argument.name for argument in layer.parameters}
    for word in layer.also_called:
        argument = stems.get(ALIKE.get(word[:SHARED], word[:SHARED]))
        axes = re.search(r"(\d)d", word)
        if (argument is None or argument in changed) and (axes is None or axes[1] == str(layer.ndim)):
            yield word


def sizes_of(layer: Layer) -> Iterator[str]:
    """Every argument with its value, in each way that people write it."""
    for argument in layer.parameters:
        value = getattr(layer, argument.name)
        if not isinstance(value, bool):
            names = {argument.name, argument.name.removesuffix("_size")}
            yield from (f"{name}={size}" for name in sorted(names) for size in sorted({typed(value), _short(value)}))


def _links(name: str, files: Files) -> Iterator[str]:
    """The player, and the main file of each format to take away."""
    if PLAYER in files:
        yield f'<a href="{_player(files)}"><span>Player</span></a>'
    for format, entries in files.items():
        if format != PLAYER and len(entries) <= MOST_FILES:
            main, kind = entries[0], FORMATS[format]
            label = escape(format.upper() if len(format) <= 4 else format.capitalize())
            file = escape(name + kind.suffix)  # which no other format has
            yield (
                f'<a href="{main.link}" title="{escape(kind.meaning)}" download="{file}">'
                f"<span>{label}</span> <small>{main.size}</small></a>"
            )


def _snippets(target: Target, files: Files) -> Iterator[str]:
    """The figure's TOML and all snippets; each says first what makes the files that it needs and that are not there."""
    name = target.name
    yield _snippet("toml", "the figure as a preset", as_toml(name, target.figure), "", name)
    for kind, snippet in SNIPPETS.items():
        lacking = [format for format in snippet.formats if format not in files]
        yield _snippet(kind, snippet.meaning, snippet.text(target), target.command(lacking) if lacking else "", name)


def _snippet(kind: str, meaning: str, text: str, command: str, name: str) -> str:
    needs = f'<p class="needs">Write its files first: <code>{escape(command)}</code></p>' if command else ""
    heading = f"<code>{escape(kind)}</code> <small>{escape(meaning)}</small>"
    return (
        f'<details name="{escape(name)}"><summary>{heading}</summary>{needs}'
        f'<button class="copy" type="button">Copy</button><pre tabindex="0">{escape(text)}</pre></details>'
    )
