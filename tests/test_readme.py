"""The front door is true: every command and snippet of the README is run, its figures and its table are checked."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from convgif.cli import run
from convgif.figure import meaning, options, rule
from convgif.presets import load_presets

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


COMMANDS = [line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory but for the README's preset file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(blocks("toml")[0], encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("block", [block for block in blocks("console") if "$ convgif" in block])
def test_every_command_works_and_writes_what_it_names(
    block: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader copies these, one after the other; each must do what it says, in a folder that was empty."""
    for command in (line[2:] for line in block.splitlines() if line.startswith("$ ")):
        arguments = shlex.split(command)[1:]
        assert run(arguments) == 0, capsys.readouterr().err
        captured = capsys.readouterr()
        assert captured.out
        assert not captured.err
        for option in ("-o", "--out"):
            if option in arguments:
                assert (folder / arguments[arguments.index(option) + 1]).exists()


def test_the_other_commands_are_the_two_make_targets_and_the_installation() -> None:
    """These run on a clean checkout and in the packaging test; here only that they exist."""
    others = [command for command in COMMANDS if not command.startswith("convgif ")]
    assert others == ["make all", "make test", "pip install ."]
    for target in ("all", "test"):
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)


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
    assert result.stdout.startswith(
        "(3, 3) o = floor((5 + 2 - 3)/2) + 1 = 3\n(0, 0) [(0, 0), (0, 1), (1, 0), (1, 1)]"
    )
    assert (folder / "my.gif").exists()
    assert len(list((folder / "figures/gif").iterdir())) == 47
    assert (folder / "figures/sheet/mine.json").exists()


def test_the_shown_errors_are_the_real_ones(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The example of bad input gives the two lines shown."""
    bad = '[blur]\nlayer = "conv"\ninput_size = 5\nkernel_size = 3\nstride = 0\nknernel_size = 3\n'
    (folder / "mine.toml").write_text(bad, encoding="utf-8")
    assert run(["check", "mine.toml"]) == 2
    assert capsys.readouterr().err == blocks("text")[0]


def test_the_table_of_options_is_the_code() -> None:
    """Name, meaning and rule of every option, in the order of the code."""
    table = README.split("**Figure options**")[1].split("**Formats**")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("| `")
    ]
    assert [(name.strip("`"), means, must) for name, _, means, must in rows] == [
        (name, meaning(name), rule(name)) for name in options()
    ]


def test_every_figure_is_shown_with_its_description() -> None:
    """All presets, each with the alt text that the figure itself has."""
    images = dict(re.findall(r'<img src="out/svg/(\w+)\.svg" width="\d+" alt="([^"]+)">', README))
    assert images == {name: figure.describe() for name, figure in load_presets().items()}
