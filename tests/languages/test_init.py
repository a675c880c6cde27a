"""Languages: every word of a picture is translated, nothing but its words changes, and files are checked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import pytest

import convgif
from convgif import languages
from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.arithmetic.layer import Layer
from convgif.arithmetic.sentences import Sentence
from convgif.cli.commands import run
from convgif.drawing.composition import compose
from convgif.drawing.metrics import width_of
from convgif.drawing.scene import Box, Item, Scene, Text
from convgif.errors import InputError
from convgif.figure import OPTIONS, Figure
from convgif.languages import Language, slots
from convgif.registry import LANGUAGES, LAYERS, VIEWS
from tests.drawing.cases import options_for
from tests.drawing.truth import text_box

ENGLISH: Final = OPTIONS["language"].default
OTHERS: Final = [name for name in LANGUAGES.shipped if name != ENGLISH]
TITLES: Final = {LAYERS[name].title for name in LAYERS.shipped}
"""What kinds of layers are called: these become sentences too."""


def arguments() -> Iterator[ast.expr]:
    """What the source makes sentences of, but for the class itself."""
    for source in Path(convgif.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence":
                yield node.args[0]


WRITTEN: Final = {str(node.value) for node in arguments() if isinstance(node, ast.Constant)}
TEMPLATES: Final = WRITTEN | TITLES


def test_what_becomes_a_sentence_can_be_read_from_the_source() -> None:
    """A template that is put together at run time would be in no catalogue."""
    computed = {ast.unparse(node).rpartition(".")[2] for node in arguments() if not isinstance(node, ast.Constant)}
    assert computed == {"title", "template"}


@pytest.mark.parametrize("name", OTHERS)
def test_a_language_translates_every_template_and_no_other(name: str) -> None:
    assert {*LANGUAGES[name].words} == TEMPLATES


def test_english_needs_no_translation() -> None:
    assert not LANGUAGES[ENGLISH].words


# What changes


def garbled(template: str) -> str:
    """The template with two letters exchanged, so that it is as wide; names in braces stay.

    >>> garbled("{first}: the kernel"), garbled("{first}, {second}")
    ('{first}: teh kernel', '{first}, {second}')
    """
    parts = re.split(r"(\{\w+\})", template)
    words = (number for number, part in enumerate(parts) if number % 2 == 0 and re.search("[A-Za-z]{3}", part))
    for number in words:
        parts[number] = re.sub("([A-Za-z])([A-Za-z])([A-Za-z])", r"\1\3\2", parts[number], count=1)
        break
    return "".join(parts)


GARBLED: Final = Language("Garbled", {template: garbled(template) for template in TEMPLATES})

SCENES: Final[list[tuple[str, Layer]]] = [
    (view, layer)
    for view in VIEWS.shipped
    for layer in (
        Conv(3, 2, stride=2, padding=1),
        ConvTranspose((2, 3), 2, stride=2, padding=(1, 0), output_padding=1),
        MaxPool((4,), 2),
    )
    if VIEWS[view].suits(layer)
]


def options(view: str, layer: Layer, *, all_of_them: bool) -> dict[str, Any]:
    """With words and numbers, and all options of the view or none."""
    wanted = dict.fromkeys(options_for(view, layer), True) if all_of_them else {}
    return {"view": view, "labels": True, "caption": True, "random": 1, **wanted}


def shown(scene: Scene) -> Iterator[Item]:
    """What each track draws in its first frame and in its last."""
    for track in scene.tracks:
        span = track.span or range(len(scene.durations))
        for frame in (span[0],) if track.static else (span[0], span[-1]):
            yield from track.at(frame)


def letters(text: Text) -> str:
    """The words in a text, without formulas: variables are slanted."""
    said = "".join(run.text for run in text.runs if not run.slanted)
    return said if re.search("[A-Za-z]{3}", said.replace("max(", "")) else ""


def unsaid(item: Item) -> Item:
    """An item without what it says."""
    return replace(item, runs=tuple(run._replace(text="") for run in item.runs)) if isinstance(item, Text) else item


@pytest.mark.parametrize("all_of_them", [True, False], ids=["all options", "no options"])
@pytest.mark.parametrize(("view", "layer"), SCENES, ids=str)
def test_all_words_change_and_nothing_else(
    view: str, layer: Layer, all_of_them: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a language whose words are as wide as the English ones; notes, links and the description stay English."""
    monkeypatch.setattr(languages, "de", GARBLED, raising=False)
    figure = Figure(layer, **options(view, layer, all_of_them=all_of_them))
    one, other = compose(figure), compose(figure.replaced(language="de"))
    for name in ("bounds", "durations", "description", "title", "telling"):
        assert getattr(one, name) == pytest.approx(getattr(other, name)), name
    assert (one.notes(), one.links()) == (other.notes(), other.links())
    before, after = [*shown(one)], [*shown(other)]
    assert [unsaid(item) for item in before] == [unsaid(item) for item in after]
    for english, translated in zip(before, after, strict=True):
        if isinstance(english, Text) and isinstance(translated, Text) and letters(english):
            assert translated.text != english.text, "is not translated"


# What there is room for


@cache
def spoken(name: str, view: str) -> Scene:
    """A figure with all that a view has to say, in a language."""
    layer = next(layer for layer in (ConvTranspose(3, 3, stride=2, padding=1), Conv(5, 3)) if VIEWS[view].suits(layer))
    return compose(Figure(layer, language=name, **options(view, layer, all_of_them=True)))


def words(scene: Scene, frame: int) -> list[Text]:
    """The words in a frame."""
    items = (item for track in scene.tracks for item in track.at(frame))
    return [item for item in items if isinstance(item, Text) and item.role == "words"]


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes lie over each other."""
    aside = one.left >= other.right or other.left >= one.right
    return not aside and one.top < other.bottom and other.top < one.bottom


@pytest.mark.parametrize("view", VIEWS.shipped)
@pytest.mark.parametrize("name", LANGUAGES.shipped)
def test_words_fit(name: str, view: str) -> None:
    """They are as large as in English, lie inside the picture, and not over each other."""
    scene = spoken(name, view)
    assert scene.durations == spoken(ENGLISH, view).durations
    for frame in {0, 3, len(scene.durations) // 2, len(scene.durations) - 1} & {*range(len(scene.durations))}:
        here = words(scene, frame)
        assert {text.size for text in here} == {text.size for text in words(spoken(ENGLISH, view), frame)}
        boxes = [text_box(text) for text in here]
        for text, box in zip(here, boxes, strict=True):
            assert width_of(text.runs, serif_too=True) * text.size <= text.width + 1e-9, f"{text.text} is shrunk"
            assert scene.bounds.holding([box]) == pytest.approx(scene.bounds, abs=0.1), text.text
        for (one, first), (other, second) in combinations(zip(here, boxes, strict=True), 2):
            assert not overlap(first, second), f"{one.text} / {other.text}"


# Files


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a language, without the place."""
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        languages.load(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


@pytest.mark.parametrize("name", LANGUAGES.shipped)
def test_a_language_that_ships_is_a_file_like_any_other(name: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text((files(languages) / f"{name}.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert languages.load(path) == LANGUAGES[name]


def test_no_two_languages_are_called_the_same() -> None:
    titles = [language.title for language in LANGUAGES.values()]
    assert all(titles)
    assert len({*titles}) == len(titles)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "title: is missing: what the language is called by those who speak it"),
        ("title = 3", "title = 3: must be a text"),
        ('title = "A"\nwords = 3', "words = 3: must be a table"),
        ('title = "A"\nword = 3', "word: there is no such key; did you mean words?"),
        ('title = "A"\n[words]\na = 3', 'words."a" = 3: must be a text'),
        ('title = "A"\n[words]\na = "{a}"', 'words."a" = "{a}": must have no braces'),
        ('title = "A"\n[words]\n"{a}" = "b"', 'words."{a}" = "b": must have {a} in it, and no other braces'),
        ('title = "A"\n[words]\n"{a} {b}" = "{a}"', 'words."{a} {b}" = "{a}": must have {a} and {b} in it, and no'),
        ('title = "A"\n[words]\n"{a}" = "{a"', 'words."{a}" = "{a": must have names in its braces, such as {size}'),
        ('title = "A"\n[words]\n"{a}" = "{}"', 'words."{a}" = "{}": must have names in its braces'),
        ('title = "A"\n[words]\n"{a}" = "{a!r}"', 'words."{a}" = "{a!r}": must have names in its braces'),
        ('title = "A"\n[words]\n"{a}" = "{a:3}"', 'words."{a}" = "{a:3}": must have names in its braces'),
    ],
)
def test_what_is_wrong_with_a_file(text: str, said: str, tmp_path: Path) -> None:
    (first,) = problems(tmp_path, text)
    assert first.startswith(said)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, 'word = 3\n[words]\na = 3\nb = "{c}"')) == 4


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: no such file"):
        languages.load(tmp_path / "gone.toml")


def test_what_a_language_lacks_stays_english(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('title = "A"\n[words]\n"{a} b" = "c {a}"', encoding="utf-8")
    language = languages.load(tmp_path / "own.toml")
    assert language.told(Sentence("{a} b", a=Sentence("d"))) == "c d"
    assert language.told(Sentence("{a} e", a=Sentence("{a} b", a="1"))) == "c 1 e"
    assert language.told("{a} b") == "{a} b"


def test_the_names_in_braces() -> None:
    assert slots("{a}, {b} and {a}") == {"a", "b"}
    assert slots("none") == set()


# The command


def test_a_picture_in_a_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words are translated; what stands for it, for those who do not see it, is English."""
    monkeypatch.chdir(tmp_path)
    draw = ["draw", "conv", "-i", "3", "-k", "2", "--labels", "-q", "-o"]
    assert run([*draw, "x.svg", "--language", "de"]) == 0
    text = Path("x.svg").read_text(encoding="utf-8")
    assert f">{LANGUAGES['de'].words['Input']}<" in text
    assert ">Input<" not in text
    assert "Convolution of a 3x3 input" in text


def test_a_language_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["draw", "conv", "-i", "3", "-k", "2", "-o", "x.svg", "--language", "dee"]) == 2
    said = capsys.readouterr().err
    assert "--language dee: must be " in said
    assert said.endswith("did you mean de?\n")
    assert all(name in said for name in LANGUAGES)
