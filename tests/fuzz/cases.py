"""The kinds of cases: arguments of layers and figures, TOML documents, manifests, command lines.

Documents, manifests and lines are sound ones that were changed by their own grammar: keys, values, tables, flags.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from copy import deepcopy
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

from convgif import api
from convgif.arithmetic import Conv, MaxPool
from convgif.assembling.manifest import Manifest
from convgif.cli import commands
from convgif.documents import as_query, as_toml, figure_of, from_query, table_of
from convgif.drawing.composition import compose
from convgif.errors import ConvgifError
from convgif.figure import OPTIONS, Figure
from convgif.presets import Family, load_families, load_presets
from convgif.registry import FORMATS, LAYERS, VIEWS
from convgif.site import gallery
from convgif.sweeps import Figures
from tests.fuzz.harness import Case
from tests.fuzz.values import ODD, anything, mixed, noised, sound, text

Maker = Callable[[Random], Case]

SMALL: Final[Mapping[str, Any]] = {"max_frames": 200, "max_pixels": 10**6}
"""What a service sets, so that no figure of strangers takes long."""


RARE: Final = ("font", "input", "weight", "decimals", "view")
"""Options that hardly ever go with the others, whatever their value."""


def arguments(chance: Random) -> Case:
    """A layer, and mostly a figure of it, that says what it is; and is the same when it comes back from a table."""
    kind = LAYERS[chance.choice(list(LAYERS))]
    axes = chance.choice((1, 2, 2, 2, 3))
    given = {
        option.name: anything(chance, option, axes)
        for option in kind.parameters
        if option.name in ("input_size", "kernel_size") or chance.random() < 0.25
    }
    if isinstance(given["input_size"], int) and chance.random() < 0.9:
        given["input_size"] += 4  # the kernel of most layers fits
    suited = [name for name, view in VIEWS.items() if issubclass(kind, view.layers)]
    view = chance.choice(suited if chance.random() < 0.95 else list(VIEWS))
    known = [*OPTIONS.values(), *(one.option for one in VIEWS[view].options)]
    picked = [
        option
        for option in chance.sample(known, chance.choice((0, 1, 2, 4)))
        if option.name not in RARE or chance.random() < 0.1
    ]
    options = {option.name: anything(chance, option) for option in picked}
    options.setdefault("view", view)
    if chance.random() < 0.02:
        options[text(chance)] = chance.choice(ODD)

    def run() -> None:
        layer = kind(**given)
        assert layer.describe()
        figure = Figure(layer, **options)
        assert figure.describe().isprintable() or figure.title
        assert figure_of(table_of(figure)) == figure
        if figure.input is None and figure.weight is None:
            assert from_query(as_query(figure)) == figure
        compose(figure.replaced(**SMALL))

    return Case(f"{kind.__name__}(**{_shown(given)}), {_shown(options)}", run)


def _shown(given: Mapping[str, Any]) -> str:
    try:
        return repr(given)[:2000]
    except (ValueError, RecursionError):
        return f"{list(given)} with a value that has no text"


TABLES: Final = tuple(as_toml(name, figure) for name, figure in load_presets().items())
"""Every preset that ships, whole in itself."""
LITERALS: Final = (
    *(
        "0",
        "-1",
        "1e400",
        "nan",
        "true",
        "'''\n'''",
        '"\\u001b[2J\\n"',
        '"\\u0000"',
        "[1, [2, [3]]]",
        "{ a = 1 }",
        "[]",
    ),
    *(
        "1979-05-27T07:32:00Z",
        '"@no.csv"',
        '"no.toml"',
        '"."',
        '"/"',
        "9" * 5000,
        "[" * 3000,
        '"same"',
        "[[0, 1], [1, 0]]",
    ),
)
KEYS: Final = (
    *(
        *OPTIONS,
        "layer",
        "input_size",
        "kernel_size",
        "stride",
        "padding",
        "expect_output_size",
        "a.b",
        '""',
        "defaults",
    ),
    *('"\\u001b]0;x\\u0007"', '"a\\nb"', "'<script>'", '"\\u202e"', "family"),
)
HEADERS: Final = (
    "[defaults]",
    "[family]",
    "[[a]]",
    "[a.b]",
    '["\\u001b"]',
    '["../x"]',
    "[con]",
    "[]",
    "[" + "n" * 300 + "]",
)


def documents(folder: Path) -> Maker:
    """Preset files, read and described."""
    path = folder / "presets.toml"

    def make(chance: Random) -> Case:
        lines: list[str] = []
        for table in chance.sample(TABLES, chance.choice((1, 1, 2, 3))):
            lines += table.splitlines()
        if chance.random() < 0.5:
            lines = mixed(chance, lines, (*TABLES[0].splitlines(), *HEADERS))
        lines = [_line(chance, line) for line in lines]
        document = "\n".join(lines)
        if chance.random() < 0.1:
            document = noised(chance, document)
        content = document.encode("utf-8", "surrogatepass" if chance.random() < 0.3 else "replace")

        def run() -> None:
            path.write_bytes(content)
            for family in load_families(path).values():
                for figure in family.figures.values():
                    assert figure.describe()

        return Case(repr(content), run)

    return make


def _line(chance: Random, line: str) -> str:
    if chance.random() > 0.05:
        return line
    key, equals, value = line.partition("=")
    match chance.randrange(4):
        case 0 if equals:
            return f"{key}= {chance.choice(LITERALS)}"
        case 1 if equals:
            return f"{chance.choice(KEYS)} ={value}"
        case 2:
            return noised(chance, line)
    return chance.choice((f"{chance.choice(KEYS)} = {chance.choice(LITERALS)}", chance.choice(HEADERS)))


MANIFEST_VALUES: Final = (
    *(None, True, -1, 0, 1, 1.5, 10**400, 2**63, "", "1", '1"><script>alert()</script>', "javascript:alert()", "one"),
    *('" onload="x', "../svg/one.svg", "/etc/hostname", "x" * 5000, "\0", "\ud800", "\x1b[2J", [], {}, [1], {"a": 1}),
    *(*FORMATS, "svg/one.svg", "svg/./one.svg", "file:x", "a\\b", "//example.org/x.svg"),
)


class _Page(HTMLParser):
    """The elements of a page, with the names of their attributes, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: set[tuple[str, ...]] = set()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.add((tag, *sorted(name for name, _ in attrs)))
        self.links |= {str(value) for name, value in attrs if name in ("href", "src", "srcset")}


def manifests(folder: Path) -> Maker:
    """Manifests, by which a gallery is written, and drawing decides what is there."""
    figures = {name: api.Figure(layer, cell=8) for name, layer in (("one", Conv(3, 2)), ("two", MaxPool(4, 2)))}
    families = {"all": Family("All", Figures(figures))}
    api.render(figures, folder, ("svg", "poster", "html"), jobs=1)
    whole = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    sound_page = _Page(gallery.write(families, folder).read_text(encoding="utf-8"))
    tags = {part[0] for part in sound_page.parts}
    names = {name for part in sound_page.parts for name in part[1:]}

    def make(chance: Random) -> Case:
        manifest = deepcopy(whole)
        for _ in range(chance.choice((1, 2, 3))):
            _edit(chance, manifest)
        content = json.dumps(manifest)
        content = noised(chance, content) if chance.random() < 0.2 else content

        def run() -> None:
            (folder / "manifest.json").write_bytes(content.encode("utf-8", "surrogatepass"))
            read = Manifest.of(folder)
            for name, figure in figures.items():
                read.unchanged(name, "svg", figure)
            read.text({})
            page = _Page(gallery.write(families, folder).read_text(encoding="utf-8"))
            assert {part[0] for part in page.parts} <= tags
            assert {name for part in page.parts for name in part[1:]} <= names
            assert all(":" not in link or link.startswith("#family:") for link in page.links)

        return Case(content, run)

    return make


def _edit(chance: Random, part: Any) -> None:
    """Change something, somewhere."""
    keys = list(part) if isinstance(part, dict) else list(range(len(part)))
    if not keys:
        return
    key = chance.choice(keys)
    if isinstance(part[key], (dict, list)) and chance.random() < 0.85:
        _edit(chance, part[key])
    elif isinstance(part, dict) and chance.random() < 0.4:
        value = part.pop(key)
        if chance.random() < 0.7:
            part[str(chance.choice(MANIFEST_VALUES))] = value
    else:
        part[key] = deepcopy(chance.choice(MANIFEST_VALUES))


LINES: Final = (
    "draw conv -i 5 -k 3 -s 2 -p 1 -o my.gif",
    "draw max-pool -i 4x6 -k 2 --view flat --random -o pool.svg",
    "draw dilation --theme muted -o dilation.png --frames 0:2 --every 2",
    "draw conv -i 9, -k 3 --labels --caption --language de --colors input=red -o - --format svg",
    "draw 'nn.Conv2d(1, 1, 3, stride=2)' -i 7 -o a.pdf --title 'A title'",
    "draw conv -i 4 -k 3 --input '1 2 3 4; 1 2 3 4; 1 2 3 4; 1 2 3 4' --weight @no.csv -o a.webp",
    "draw mine --presets ok.toml -o a.png --frame 1 --cell 12 --scale 2",
    "strip dilation --frames 0,1 -o strip.pdf",
    "embed conv -i 5 -k 3 --for latex -o out",
    "embed mine --presets ok.toml --for sphinx -o https://example.org",
    "explain conv-transpose -i 3 -k 3 -s 2 --output-padding 1",
    "explain avg-pool -i 5 -k 3 --ceil-mode --random 3",
    "solve 8 4 --most 2",
    "solve 4x6 8x12 --transposed -s 1-3 --view collapse",
    "render mine yours --presets ok.toml --formats gif,svg --output out --jobs 1",
    "render --all --presets ok.toml --force --theme dark",
    "gallery -o out --presets ok.toml",
    "inspect ok.toml",
    "check ok.toml",
    "list --presets ok.toml",
    "themes --roles",
    "themes --preset mine --presets ok.toml -o themes.svg",
    "formats",
    "views",
    "draw --help",
    "--version",
)
PRESETS: Final = (
    '[mine]\nlayer = "conv"\ninput_size = 4\nkernel_size = 3\ncell = 8\n'
    '[yours]\nlayer = "max_pool"\ninput_size = 4\nkernel_size = 2\ncell = 8\n'
)
FLAGS: Final = """
-- - -x -1 = 999999999999 1:2x3:4 0x0 same @ok.toml --view= --no-labels --random --most --output-padding --dilation
--groups --loop --hold-ms --columns --font --transparent --ceil-mode --padding-mode --channel --node onnx
"""
WORDS: Final = tuple(dict.fromkeys(word for line in (*LINES, FLAGS) for word in shlex.split(line)))


@contextmanager
def command_lines(folder: Path) -> Iterator[Maker]:
    """Command lines, run here; what would write pictures does all but that."""
    (folder / "ok.toml").write_text(PRESETS, encoding="utf-8")

    def make(chance: Random) -> Case:
        words = mixed(chance, shlex.split(chance.choice(LINES)), WORDS)
        words = [_word(chance, word) for word in words]

        def run() -> None:
            said = StringIO()
            with redirect_stdout(StringIO()), redirect_stderr(said):
                code = commands.run(words)
            assert code in (0, 1, 2), code
            assert all(line.isprintable() for line in said.getvalue().split("\n")), said.getvalue()
            assert code == 0 or said.getvalue()
            if code:
                raise ConvgifError(said.getvalue())

        return Case(repr(words), run)

    with (
        chdir(folder),
        patch.object(commands, "_deliver", lambda *given: None),
        patch.object(commands, "_advise", lambda *given: None),
        patch.object(api, "render", lambda *given: []),
        patch.object(api.Figure, "strip", lambda self, frames, output: output),
        patch("convgif.assembling.stills.preview", lambda figure, output: output),
    ):
        yield make


def _word(chance: Random, word: str) -> str:
    if chance.random() > 0.08:
        return word
    if word.startswith("--") or chance.random() < 0.5:
        return noised(chance, word)
    option = chance.choice(list(OPTIONS.values()))
    return str(sound(chance, option))


@contextmanager
def makers() -> Iterator[Mapping[str, tuple[int, Maker]]]:
    """All kinds by name: how many cases the whole of a run has, and what makes them."""
    with TemporaryDirectory(prefix="convgif-fuzz-") as name:
        rooms = [Path(name, room) for room in ("documents", "manifests", "lines")]
        for room in rooms:
            room.mkdir()
        of_manifests = manifests(rooms[1])
        with command_lines(rooms[2]) as of_lines:
            yield {
                "arguments": (200_000, arguments),
                "documents": (50_000, documents(rooms[0])),
                "manifests": (5_000, of_manifests),
                "command lines": (5_000, of_lines),
            }
