"""What comes from files and arguments reaches a terminal as text on one line, whatever it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from convgif.arithmetic import Conv
from convgif.cli.commands import run
from convgif.errors import InputError, visible
from convgif.figure import Figure

HOSTILE = "x\x1b[2J\x1b]0;y\x07\nconvgif: forged\x9b31m\u2028\u202e"
"""A key that clears the screen, renames the window, and goes on in a line of its own."""
KEY = HOSTILE.encode("unicode_escape").decode().replace("\\x", "\\u00")
"""The same in a string of TOML."""
LAYER = 'layer = "conv"\ninput_size = 3\nkernel_size = 2\n'
DRAWN = ["draw", "conv", "-i", "3", "-k", "2", "--cell", "8"]


def said(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int) -> list[str]:
    """The lines that a command says, as they are sent; none has anything in it that is not seen."""
    assert run(arguments) == code
    lines = "".join(capsys.readouterr()).splitlines(keepends=True)
    assert lines
    assert all(line.endswith("\n") and line[:-1].isprintable() for line in lines)
    return lines


@pytest.mark.parametrize(
    "document",
    [
        f'[a]\n{LAYER}"{KEY}" = 1\n',
        f'"{KEY}" = 1\n[a]\n{LAYER}',
        f'["{KEY}"]\n{LAYER}',
        f'[a]\n{LAYER}view = "{KEY}"\ntheme = "{KEY}"\nfont = "{KEY}.ttf"\ninput = "@{KEY}"\n',
        f'[a]\n{LAYER}colors = {{ "{KEY}" = "red", paper = "{KEY}" }}\n',
        f'[family]\n"{KEY}" = 1\n[a]\n{LAYER}',
        f'[a]\n{LAYER}title = "\x1b"\n',
    ],
    ids=["key", "stray", "name", "values", "roles", "family", "raw"],
)
def test_keys_and_values_of_toml(document: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No line but those that begin with the file is said."""
    file = tmp_path / "a.toml"
    file.write_text(document, encoding="utf-8")
    assert all(line.startswith(f"convgif: {file}:") for line in said(capsys, ["check", str(file)], 2))


@pytest.mark.parametrize(
    "arguments",
    [
        [HOSTILE],
        ["draw", HOSTILE],
        ["draw", f"nn.Conv2d(1, 1, 3, {HOSTILE}=1)", "-o", "a.svg"],
        ["draw", "conv", f"--{HOSTILE}"],
        [*DRAWN, HOSTILE],
        [*DRAWN, "-o", f"{HOSTILE}.abc", "--view", HOSTILE, "--colors", f"{HOSTILE}=red"],
        ["inspect", HOSTILE],
        ["render", HOSTILE, "--formats", HOSTILE],
    ],
    ids=lambda arguments: str(len(arguments)),
)
def test_wrong_arguments(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, arguments, 2)


def test_files_that_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that is found in a folder, by an asterisk of the shell say, may hold anything as well."""
    monkeypatch.chdir(tmp_path)
    assert len(said(capsys, [*DRAWN, "-o", f"{HOSTILE}.svg"], 0)) == 1
    Path(f"{HOSTILE}.toml").write_text(f"[a]\n{LAYER}", encoding="utf-8")
    assert len(said(capsys, ["check", f"{HOSTILE}.toml"], 0)) == 1
    said(capsys, ["gallery", "-o", HOSTILE], 2)


def test_long_keys_are_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.toml"
    file.write_text(f"[a]\n{LAYER}{'k' * 10**5} = 1\n[{'n' * 10**5}]\n{LAYER}", encoding="utf-8")
    assert max(map(len, said(capsys, ["check", str(file)], 2))) < 500


def test_letters_of_all_scripts_stay_as_they_are() -> None:
    for text in ("größe = 3", "入力: 必須", "הגודל", "a\\b"):
        assert visible(text) == text
    assert visible("a\udcff") == r"a\udcff"


def test_a_font_whose_path_no_system_has_is_refused_beside_colors() -> None:
    """Colours are judged in the theme, which looks at the font too."""
    with pytest.raises(InputError, match="cannot be read: no path has such characters"):
        Figure(Conv(3, 2), font="a\0.ttf", colors={"input": "red"})
