"""CONTRIBUTING's recipes work word for word: as a package of its own, through the whole chain.

This is also the test of the registry from outside: a toy layer, view, format and theme that convgif has never heard of.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.assembling.decoders import images
from tests.readme import README

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


FILES = {
    found[1]: block for block in (*blocks("python"), *blocks("toml")) if (found := re.match(r"# (toys/\S+)\n", block))
}
"""What the snippets are that say which file they are."""
(PRESET,) = (block for block in blocks("toml") if re.match(r"\[\w+\]\n", block))
(POINTS,) = (block for block in blocks("toml") if block.startswith("[project.entry-points"))
(COMMANDS,) = ([line[2:] for line in block.splitlines()] for block in blocks("console"))

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the preset in `wide.toml`, and beside it the package, installed as pip would."""
    site = tmp_path_factory.mktemp("site")
    for path, text in FILES.items():
        (site / path).parent.mkdir(exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    (site / "toys" / "__init__.py").touch()
    metadata = site / "toys-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: toys\nVersion: 1.0\n", encoding="utf-8")
    groups = tomllib.loads(POINTS)["project"]["entry-points"]
    lines = (line for group, points in groups.items() for line in (f"[{group}]", *map(" = ".join, points.items())))
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (site / "wide.toml").write_text(PRESET, encoding="utf-8")
    return site


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    """Run Python in that folder, with the package installed."""
    path = os.pathsep.join((str(folder), str(ROOT)))

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": path}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return call


@pytest.fixture(scope="module")
def said(run: Run) -> dict[str, str]:
    """What the shown commands print; each of them works, and has nothing to complain about."""
    printed = {}
    for command in COMMANDS:
        done = run("-m", *shlex.split(command))
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert not done.stderr, command
        assert done.stdout, command
        printed[command] = done.stdout
    return printed


def printed_by(said: dict[str, str], beginning: str) -> str:
    """What the command printed that begins so."""
    (text,) = (text for command, text in said.items() if command.startswith(beginning))
    return text


def test_every_kind_of_thing_has_a_recipe() -> None:
    groups = tomllib.loads(POINTS)["project"]["entry-points"]
    assert set(groups) == {f"convgif.{kind}" for kind in ("layers", "views", "formats", "themes", "languages")}
    homes = {
        point.partition(":")[0].replace(".", "/") + ".py" for points in groups.values() for point in points.values()
    }
    assert homes <= set(FILES)
    assert [*tomllib.loads(PRESET)] == ["wide_kernel"]


def test_the_shown_commands_write_what_they_name(said: dict[str, str], folder: Path) -> None:
    for command in said:
        arguments = shlex.split(command)
        if "-o" in arguments:
            assert (folder / arguments[arguments.index("-o") + 1]).exists()
    names = ("gif/wide_kernel.gif", "svg/wide_kernel.svg", "transcript/wide_kernel.txt", "html/wide_kernel.html")
    assert all((folder / "figures" / name).stat().st_size for name in names)


def test_the_view_is_what_is_drawn(said: dict[str, str], folder: Path) -> None:
    """A picture for each step, all different; higher than wide, since the output lies below."""
    frames = images(folder / "stacked.gif")
    assert len({frame.tobytes() for frame in frames}) == len(frames) == 9
    assert frames[0].shape[0] > 1.5 * frames[0].shape[1]


def test_the_theme_paints_it(said: dict[str, str], folder: Path) -> None:
    """With the colours of its file, and those of its base and its counterpart."""
    text = (folder / "one-dimension.svg").read_text(encoding="utf-8")
    assert "#c9879a" in text
    assert "#e0a458" in text
    assert "prefers-color-scheme:dark" in text


def test_the_language_is_spoken(said: dict[str, str], folder: Path) -> None:
    """In its own words, and in English where it has none."""
    text = (folder / "one-dimension.svg").read_text(encoding="utf-8")
    assert ">Datum<" in text
    assert ">Factum<" in text
    assert ">Input<" not in text


def test_the_format_is_written(said: dict[str, str], folder: Path) -> None:
    lines = (folder / "wide.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 32
    assert all(re.match(r"1000 ms: Output \(\d, \d\) reads ", line) for line in lines)
    manifest = json.loads((folder / "figures" / "manifest.json").read_text(encoding="utf-8"))
    assert "transcript/wide_kernel.txt" in json.dumps(manifest)


def test_the_layer_computes_and_explains_itself(said: dict[str, str]) -> None:
    text = printed_by(said, "convgif explain")
    assert text.startswith("Min pooling of a 4x4 input with a 2x2 window, stride 2, giving a 2x2 output.")
    assert "input =" in text
    assert "output =" in text
    assert "weight" not in text


def test_the_schema_and_the_lists_know_them(said: dict[str, str], run: Run) -> None:
    figure = json.loads(printed_by(said, "convgif schema"))["additionalProperties"]["properties"]
    assert "min_pool" in figure["layer"]["enum"]
    assert "stacked" in figure["view"]["enum"]
    assert figure["trail"]["type"] == "boolean"
    assert "wide_kernel" in printed_by(said, "convgif list")
    code = (
        "from convgif.cli.commands import run\n"
        "for command in (['views'], ['formats'], ['themes'], ['draw', '--help'], ['draw', 'min-pool', '--help']):\n"
        "    assert run(command) == 0\n"
    )
    done = run("-c", code)
    assert done.returncode == 0, done.stderr
    for words in ("stacked ", "transcript ", "dusk ", "min-pool ", "--trail", "leave a trail of the window's way"):
        assert words in done.stdout


def test_mistakes_are_answered_as_with_what_ships(run: Run) -> None:
    """By name, with the remedy: the option of another view, a view for other layers, another word for the layer."""
    code = (
        "from convgif.cli.commands import run\n"
        "codes = [run(words.split()) for words in (\n"
        "    'draw conv -i 5 -k 3 --view flat --trail -o x.svg',\n"
        "    'draw conv -i 5 -k 3 --view stakced -o x.svg',\n"
        "    'draw erosion -o x.svg',\n"
        "    'draw min-pool -i 4 -k 2 -p 1 -o x.svg',\n"
        "    'draw min-pool -i 4 -k 9 -o x.svg',\n"
        "    'draw min-pool -i 4 -k 2 --theme dask -o x.svg',\n"
        ")]\n"
        "assert codes == [2] * 6, codes\n"
    )
    done = run("-c", code)
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 6
    words = (
        "--view stacked",
        "did you mean stacked?",
        "min-pool",
        "-p: there is no such option",
        "--kernel-size",
        "did you mean dusk?",
    )
    for line, expected in zip(lines, words, strict=True):
        assert expected in line, line


def test_python_knows_them(run: Run) -> None:
    """A figure of the toys is a figure: it goes to text and back, and shows itself."""
    code = (
        "import convgif\n"
        "from convgif.registry import LAYERS\n"
        "figure = convgif.Figure(LAYERS['min_pool']((4, 5), 2), view='stacked', trail=True, theme='dusk')\n"
        "assert convgif.Figure.from_query(figure.query()) == figure\n"
        "assert set(figure._repr_mimebundle_()) == {'text/html', 'image/png', 'text/plain'}\n"
        "assert len(figure.encode('transcript').splitlines()) == 4\n"
    )
    done = run("-c", code)
    assert done.returncode == 0, done.stderr


def test_they_do_not_get_into_the_readme(run: Run) -> None:
    """Its tables list what ships, whatever is installed where they are made."""
    code = "from tests.readme import *; text = README.read_text(encoding='utf-8'); assert filled(text) == text"
    before = README.read_bytes()
    done = run("-c", code)
    assert done.returncode == 0, done.stderr
    assert README.read_bytes() == before


def test_the_tree_of_the_house_is_the_house() -> None:
    """Every room of the package has its line, and every line its room."""
    (tree,) = blocks("text")
    drawn = re.findall(r"^  (\S+?)/?  ", tree.partition("\npresets/")[0], re.MULTILINE)
    there = {
        path.name
        for path in (ROOT / "convgif").iterdir()
        if not path.name.startswith("_") and path.name != "py.typed" and (path.suffix == ".py" or [*path.glob("*.py")])
    }
    assert sorted(drawn) == sorted(there)


def test_the_targets_that_it_names_are_there() -> None:
    for target in sorted(set(re.findall(r"`(?:CONVGIF_REGENERATE=1 )?make (\w+)`", TEXT))):
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)
