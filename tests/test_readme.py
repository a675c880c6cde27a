"""The front door is true: README's commands and snippets are run, its tables and figures are those of the code."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from convgif import load_presets
from convgif.cli.commands import run
from convgif.drawing.composition import compose
from convgif.errors import InputError
from convgif.presets import load_families
from convgif.registry import FORMATS, LANGUAGES, LAYERS, SNIPPETS, THEMES, VIEWS, Registry
from convgif.site.target import path_in_set
from tests import readme
from tests.readme import LEAST_TEXT, README, filled, needed_width, shown_formats, without_parts

ROOT = README.parent
TEXT = README.read_text(encoding="utf-8")
REGENERATE = os.environ.get("CONVGIF_REGENERATE") == "1"


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[str]:
    """The commands of a block, without the prompt."""
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


COMMANDS = [command for block in blocks("console") for command in commands(block)]


@cache
def made_now() -> str:
    """README with the tables and figures of the code."""
    return filled(TEXT)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory but for the README's preset file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(blocks("toml")[0], encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "block", [block for block in blocks("console") if "$ convgif" in block], ids=lambda block: commands(block)[0]
)
def test_every_command_works_and_writes_what_it_names(
    block: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader copies these, one after the other; each must do what it says, in a folder that was empty."""
    for command in commands(block):
        program, *arguments = shlex.split(command)
        if program != "convgif":
            continue
        assert run(arguments) == 0, capsys.readouterr().err
        captured = capsys.readouterr()
        assert captured.out
        assert not captured.err
        if "-o" in arguments:
            assert (folder / arguments[arguments.index("-o") + 1]).exists()


def test_the_other_commands_are_the_installation_and_two_make_targets() -> None:
    """These run on a clean checkout and in the packaging test; here only that they exist."""
    assert [command for command in COMMANDS if not command.startswith("convgif ")] == [
        "pip install .",
        "make all",
        "make test",
    ]
    for target in ("all", "test", "bench"):
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)


def test_the_first_command_stands_on_the_first_screen() -> None:
    """After one sentence and one picture."""
    before = TEXT.partition("$ convgif draw")[0].splitlines()
    assert len(before) < 15
    assert sum(len(line) for line in before if not line.startswith("<p")) < 300


def test_the_first_picture_is_what_the_first_command_draws(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw = next(command for command in COMMANDS if command.startswith("convgif draw"))
    (shown,) = re.findall(r'^<p align="center">.*?<img src="([^"]+)"', TEXT, re.MULTILINE)
    arguments = shlex.split(draw)[1:]
    arguments[arguments.index("-o") + 1] = "my.svg"
    assert run(arguments) == 0
    assert (folder / "my.svg").read_bytes() == (ROOT / shown).read_bytes()


def test_shown_output_is_the_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the README shows what a command prints, it prints that."""
    shown = [block for block in blocks("console") if any(not line.startswith("$ ") for line in block.splitlines())]
    assert len(shown) == 1
    command, first, *_ = shown[0].splitlines()
    assert run(shlex.split(command[2:])[1:]) == 0
    assert capsys.readouterr().out.splitlines()[0] == first


def test_the_python_snippet_runs(folder: Path) -> None:
    """In a process of its own, as a reader would."""
    (snippet,) = blocks("python")
    result = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("(3, 3) o = floor((5 + 2 - 3)/2) + 1 = 3\n(0, 0) [(0, 0), (0, 1), (1, 0), (1, 1)]")
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    sets = {f"figures/{file}" for name in ("mine", "theirs") for file in (f"gif/{name}.gif", f"sheet/{name}.png")}
    indices = {f"figures/sheet/{name}.json" for name in ("mine", "theirs")}
    assert written == {"mine.toml", "my.gif", "figures/manifest.json", *sets, *indices}


def test_the_shown_errors_are_the_real_ones(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The example of bad input gives the two lines shown."""
    bad = '[blur]\nlayer = "conv"\ninput_size = 5\nkernel_size = 3\nstride = 0\nknernel_size = 3\n'
    (folder / "mine.toml").write_text(bad, encoding="utf-8")
    assert run(["check", "mine.toml"]) == 2
    assert capsys.readouterr().err == blocks("text")[0]


def test_the_tables_and_the_figures_are_those_of_the_code() -> None:
    """Layers, views, options, formats, themes, roles, snippets, commands, and all presets."""
    made = made_now()
    if REGENERATE:
        README.write_text(made, encoding="utf-8")
    assert made == README.read_text(encoding="utf-8"), "python -m tests.readme writes them anew"


def test_a_stale_table_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readme, "PARTS", {name: readme.PARTS[name] for name in ("themes", "views")})
    assert filled(TEXT.replace("| `dark` |", "| `drak` |", 1)) == TEXT
    with pytest.raises(AssertionError, match="<!-- begin views -->"):
        filled(TEXT.replace("<!-- begin views -->", ""))


@pytest.mark.parametrize(
    "registry", [LAYERS, VIEWS, FORMATS, THEMES, LANGUAGES, SNIPPETS], ids=lambda registry: registry.noun
)
def test_everything_that_ships_is_in_a_table(registry: Registry) -> None:
    rows = {line.split("|")[1 + (registry is LAYERS)].strip() for line in TEXT.splitlines() if line.startswith("| `")}
    assert {f"`{name}`" for name in registry.shipped} <= rows


def test_every_figure_is_shown_with_its_description_and_its_files() -> None:
    """All presets, each with the alt text that the figure itself has, and links that lead somewhere."""
    grid = TEXT.partition("<!-- begin figures -->")[2].partition("<!-- end figures -->")[0]
    images = dict(re.findall(r'<img src="out/svg/(\w+)\.svg" width="\d+" alt="([^"]+)">', grid))
    assert images == {name: figure.describe() for name, figure in load_presets().items()}
    assert re.findall("^### (.+)$", grid, re.MULTILINE) == [family.title for family in load_families().values()]
    links = set(re.findall(r'(?:href|src|srcset)="(out/[^"]+)"', grid))
    assert links == {
        f"out/{path_in_set(format, name)}" for name, formats in shown_formats().items() for format in formats
    }


def test_every_text_in_a_figure_is_legible_as_the_page_shows_it() -> None:
    """The smallest has 9 pixels an em, be it an index, a note or a term of a sum."""
    assert LEAST_TEXT == 9
    presets = load_presets()
    shown = re.findall(r'<img src="out/svg/(\w+)\.svg" width="(\d+)"', TEXT)
    assert {name for name, _ in shown} == {*presets}
    assert [name for name, width in shown if int(width) < needed_width(compose(presets[name]))] == []


def test_every_animation_on_the_page_stands_still_for_those_who_asked() -> None:
    """The image itself cannot know it everywhere, so the poster is chosen outside of it."""
    pictures = re.findall(r"<picture>(.*?)</picture>", TEXT)
    assert len(pictures) == TEXT.count("<img ") == len(load_presets()) + 1
    for picture in pictures:
        still, moving = re.findall(r'srcset="out/poster/(\w+).svg"><img src="out/svg/(\w+).svg"', picture)[0]
        assert still == moving
        assert 'media="(prefers-reduced-motion: reduce)"' in picture


def test_links_to_files_lead_somewhere() -> None:
    """And those to a heading, to one that is there."""
    targets = re.findall(r"\]\((?!https?:)([^)]+)\)", TEXT)
    assert targets
    for target in targets:
        file, _, heading = target.partition("#")
        assert (ROOT / file).is_file(), target
        headings = re.findall("^#+ (.+)$", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
        assert not heading or heading in [title.lower().replace(" ", "-") for title in headings]


def test_no_list_is_kept_by_hand() -> None:
    """A new view, theme or preset needs no edit of what people wrote: no sentence names them all."""
    prose = without_parts(TEXT)
    for registry in (VIEWS, THEMES, LANGUAGES, FORMATS, SNIPPETS):
        missing = [name for name in registry.shipped if not re.search(rf"\b{name}\b", prose)]
        assert missing, f"the prose names every {registry.noun}"


def test_the_presets_of_the_readme_are_figures(folder: Path) -> None:
    tables = [tomllib.loads(block) for block in blocks("toml")]
    assert all(tables)
    assert set(load_presets("mine.toml")) == {"downsampling", "upsampling"}
    wrong = blocks("toml")[0].replace("expect_output_size = [3, 4]", "expect_output_size = 3")
    (folder / "mine.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError, match="the layer gives 3x4"):
        load_presets("mine.toml")
