"""The command in this process, in a folder of its own with some preset files."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from convgif.cli.commands import run

LAYER = 'layer = "conv"\ninput_size = 4\nkernel_size = 3\n'
FILES = {
    "ok.toml": f'[family]\ntitle = "My figures"\n[mine]\n{LAYER}cell = 10\nlabels = true\n[yours]\n{LAYER}cell = 10\n',
    "bad.toml": '[small]\nlayer = "conv"\ninput_size = 2\nkernel_size = 3\nstrid = 2\n',
    "broken.toml": "[a\n",
    "pool.toml": '[pool]\nlayer = "max_pool"\ninput_size = 4\nkernel_size = 2\nview = "scatter"\n',
    "numbers.toml": f"[numbers]\n{LAYER}input = {[[9] * 4] * 4}\nweight = {[[8] * 3] * 3}\n",
    "afile": "",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every command runs here."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written() -> set[str]:
    """The files in the working directory that were not there from the start."""
    return {path.as_posix() for path in Path().rglob("*") if path.is_file()} - set(FILES)


class Convgif:
    """The command, with what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, line: str, code: int = 0, *, notes: bool = False) -> str:
        """What the command prints; nothing goes to standard error but failures and, where there are any, notes."""
        returned = run(shlex.split(line))
        out, err = self._capsys.readouterr()
        assert returned == code, err
        assert code or notes or not err, err
        return err if code or notes else out


@pytest.fixture
def convgif(capsys: pytest.CaptureFixture[str]) -> Convgif:
    """The command."""
    return Convgif(capsys)


@pytest.fixture
def completed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[str], list[str]]:
    """What a shell offers for the last of some words."""

    def complete(words: str) -> list[str]:
        monkeypatch.setenv("_CONVGIF_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
        with suppress(SystemExit):
            run([])
        out, err = capsys.readouterr()
        assert err == ""  # it would end up in the line that is being typed
        return [line.partition(",")[2] for line in out.splitlines() if line]

    return complete
