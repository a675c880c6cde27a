"""Disks that take no more, files without end, and paths that none has: what was there stays, and it is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from convgif.arithmetic import Conv
from convgif.assembling import batch
from convgif.assembling.film import Film
from convgif.cli.commands import run
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.registry import FORMATS
from tests.faults.conftest import GOOD, Shell

DRAW = ["draw", "conv", "-i", "3", "-k", "2", "--cell", "8"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("name", [name for name, format in FORMATS.items() if format.suffix != "/"])
def test_a_full_disk_costs_no_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / f"figure{FORMATS[name].suffix}"
    target.write_bytes(GOOD)
    opened = Path.open
    full = Path("/dev/full")
    monkeypatch.setattr(
        Path, "open", lambda self, mode="r", **more: opened(full if "+" in mode else self, mode, **more)
    )
    with pytest.raises(InputError, match=r"cannot be written: (no space left|illegal seek)"):
        batch.save(Film.of(Figure(Conv(3, 2), cell=8)), target)
    assert target.read_bytes() == GOOD
    assert [*tmp_path.iterdir()] == [target]


@pytest.mark.parametrize("name", ["mp4", "webm"])
def test_a_video_that_cannot_grow_costs_no_file(name: str, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / f"a.{name}").write_bytes(GOOD)
    code, said = shell(f"ulimit -f 3; convgif draw conv -i 5 -k 3 --cell 60 -o a.{name}")
    assert (code, said) == (2, f"convgif: --output a.{name}: cannot be written: file too large; choose another place\n")
    assert (tmp_path / f"a.{name}").read_bytes() == GOOD


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "--presets", "pipe.toml"],
        ["check", "/dev/zero"],
        [*DRAW, "--theme", "pipe.toml", "-o", "a.svg"],
        [*DRAW, "--random", "--input", "@zero.json", "-o", "a.svg"],
        [*DRAW, "--font", "zero.ttf", "--title", "a", "-o", "a.svg"],
        ["inspect", "/dev/zero"],
        [*DRAW, "-o", "pipe.toml", "--format", "svg"],
        ["render", "mine", "--presets", "mine.toml", "-o", "out", "--formats", "svg"],
    ],
    ids=lambda arguments: " ".join(arguments).partition(" -o ")[0],
)
def test_what_has_no_end_is_neither_read_nor_replaced(
    arguments: list[str],
    shell: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("out").mkdir()
    os.mkfifo("pipe.toml")
    for name in ("zero.json", "zero.ttf", "out/manifest.json"):
        Path(name).symlink_to("/dev/zero")
    assert run(arguments) == 2
    assert "is a pipe or a device" in capsys.readouterr().err
    assert Path("pipe.toml").is_fifo()


@pytest.mark.parametrize(
    "arguments",
    [["list", "--presets"], ["check"], ["inspect"], ["gallery", "-o"], ["render", "--all", "-o"], [*DRAW, "-o"]],
    ids=lambda arguments: arguments[0],
)
@pytest.mark.parametrize("path", [f"{'n' * 300}.gif", "a\0b.gif"], ids=["long", "NUL"])
def test_paths_that_no_system_has(
    arguments: list[str], path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([*arguments, path]) == 2


def test_few_open_files_are_enough(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        "".join(f'[f{number}]\nlayer = "conv"\ninput_size = 2\nkernel_size = 2\n' for number in range(3)),
        encoding="utf-8",
    )
    assert shell("ulimit -n 12; convgif render --all --presets mine.toml --formats svg --jobs 2") == (0, "")
