"""A set of files is replaced wholly or not at all, and what convgif did not write not without a word."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from convgif import api
from convgif.api import Figure
from convgif.arithmetic import Conv
from convgif.assembling.manifest import Manifest, digest
from convgif.cli.commands import run
from tests.faults.conftest import PRESETS

RENDER = ["render", "mine", "--presets", "mine.toml", "-q"]
DRAW = ["draw", "conv", "-i", "3", "-k", "2", "--cell", "8", "-q"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a preset file."""
    (tmp_path / "mine.toml").write_text(PRESETS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def tree() -> dict[str, bytes]:
    """All files, hidden ones too, with what they hold."""
    return {path.as_posix(): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def assert_told() -> None:
    """The manifest tells of every picture as it is."""
    told = Manifest.of(Path("out")).files
    assert {path: digest(Path("out", path)) for path in told} == {path: entry["sha256"] for path, entry in told.items()}
    pictures = {file.relative_to("out").as_posix() for file in Path("out").rglob("*.*") if file.parent != Path("out")}
    assert {*told} == pictures


def chattr(flag: str, file: str) -> bool:
    """Change an attribute of a file; whether that could be done."""
    try:
        return subprocess.run(["chattr", flag, file], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.parametrize("file", ["out/gif/mine.gif", "out/manifest.json"])
def test_a_file_that_nobody_may_change(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whichever it is, the others stay as they were."""
    formats = ["--formats", "svg,gif,frames"]
    assert run([*RENDER, *formats]) == 0
    if not chattr("+i", file):
        pytest.skip("files can be changed by everybody here")
    try:
        before = tree()
        assert run([*RENDER, *formats, "--theme", "dark"]) == 2
        reason = "operation not permitted; nothing was replaced; choose another place"
        assert capsys.readouterr().err == f"convgif: --output {file}: cannot be written: {reason}\n"
        assert tree() == before
        assert_told()
    finally:
        chattr("-i", file)
    assert run([*RENDER, *formats, "--theme", "dark"]) == 0
    assert tree().keys() == before.keys()
    assert tree()[file] != before[file]
    assert_told()


STOPPED = """
import os, signal, sys
from convgif.cli import commands

moves = []

def stopping(move):
    def moved(*given, **more):
        moves.append(given)
        if len(moves) == MOVE:
            os.kill(os.getpid(), signal.NUMBER)
        return move(*given, **more)

    return moved

os.replace, os.rename = stopping(os.replace), stopping(os.rename)
commands.main()
"""
"""The command in a process that gets a signal before one of the moves; the fourth would say that all was moved."""


def stopped(number: str, move: int, line: list[str]) -> tuple[int, str]:
    """What becomes of a command that gets a signal."""
    code = STOPPED.replace("NUMBER", number).replace("MOVE", str(move))
    done = subprocess.run([sys.executable, "-c", code, *line], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


SET = [*RENDER, "--formats", "svg,poster"]


def test_a_signal_in_the_middle() -> None:
    """It waits, and then the run says what it has done."""
    assert run(SET) == 0
    before = tree()
    said = "convgif: terminated; everything was written\n"
    assert stopped("SIGTERM", 2, [*SET, "--theme", "dark"]) == (143, said)
    assert tree().keys() == before.keys()
    assert not {*tree().items()} & {*before.items()} - {("mine.toml", before["mine.toml"])}
    assert_told()


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed there")
@pytest.mark.parametrize(("move", "theme"), [(2, "solarized"), (4, "dark")])
def test_whoever_is_killed_in_the_middle_leaves_a_mixture_that_the_next_run_puts_in_order(
    move: int, theme: str
) -> None:
    """Before it looks at what is there already, be that the old set or nearly the new one."""
    assert run([*SET, "--theme", theme]) == 0
    before = tree()
    if theme == "dark":
        assert run([*SET, "--force", "--theme", "solarized"]) == 0
    assert stopped("SIGKILL", move, [*SET, "--theme", "dark"]) == (-9, "")
    assert tree() != before
    assert run([*SET, "--theme", theme]) == 0
    assert tree() == before
    assert_told()


def test_two_runs_at_once_lose_nothing_of_each_other() -> None:
    """Each adds its files to the manifest, also to what the other has just added."""
    drawn = threading.Barrier(2)

    def wait(done: object) -> None:
        drawn.wait()

    def render(format: str) -> None:
        api.render({"a": Figure(Conv(3, 2), cell=8)}, "out", (format,), progress=wait)

    threads = [threading.Thread(target=render, args=(format,)) for format in ("svg", "poster")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {*Manifest.of(Path("out")).files} == {"svg/a.svg", "poster/a.svg"}
    assert_told()


@pytest.mark.parametrize("file", ["out/gif/mine.gif", "out/manifest.json", "out/sheet/mine.json", "out/svg/mine.svg"])
def test_files_of_others_are_replaced_by_force_only(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(file).parent.mkdir(parents=True)
    Path(file).write_text("mine")
    before = tree()
    line = [argument for argument in RENDER if argument != "-q"] + ["--formats", "gif,sheet,svg"]
    assert run(line) == 2
    rule = "was not written by convgif and would be replaced; move it away, or replace it with --force"
    assert capsys.readouterr().err == f"convgif: --output {file}: {rule}\n"
    assert tree() == before
    assert run([*line, "--force"]) == 0
    assert capsys.readouterr().err == f"convgif: note: replaces {file}, which convgif did not write\n"
    assert run([*line, "--force"]) == 0
    assert not capsys.readouterr().err
    assert_told()


def test_files_of_ours_are_replaced_though_no_manifest_tells_of_them_if_that_changes_nothing() -> None:
    """As in a repository that has the pictures and not the manifest."""
    assert run([*RENDER, "--formats", "gif,svg,frames"]) == 0
    before = tree()
    Path("out/manifest.json").unlink()
    assert run([*RENDER, "--formats", "gif,svg,frames"]) == 0
    assert tree() == before


@pytest.mark.parametrize(
    ("arguments", "file", "said"),
    [
        (["gallery", "--presets", "mine.toml"], "out/index.html", "was not written by convgif and would be replaced"),
        ([*DRAW, "-o", "vac/"], "vac/vac_1.png", "holds other things than frames of that name (vac_1.png)"),
        ([*DRAW, "-o", "vac/"], "vac/vac_000.png", "holds other things than frames of that name (vac_000.png)"),
        ([*RENDER, "--formats", "frames", "--force"], "out/frames/mine/mine_001.png", "holds other things than frames"),
        ([*DRAW, "-o", "a.sheet.png"], "a.sheet.json", "was not written by convgif and would be replaced"),
    ],
)
def test_what_nobody_named_is_not_replaced(
    arguments: list[str], file: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*RENDER, "--formats", "svg"]) == 0
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text("mine")
    before = tree()
    assert run(arguments) == 2
    assert said in capsys.readouterr().err
    assert tree() == before


@pytest.mark.parametrize("file", ["a.gif", "a.svg", "a.html", "a.sheet.png"])
def test_what_was_named_is_replaced(file: str) -> None:
    Path(file).write_text("mine")
    for _ in range(2):
        assert run([*DRAW, "-o", file]) == 0
        assert Path(file).read_bytes() != b"mine"


def test_pictures_of_ours_that_were_changed_are_drawn_anew() -> None:
    """What the manifest tells of is ours, whatever has become of it."""
    assert run([*RENDER, "--formats", "gif,frames"]) == 0
    before = tree()
    for file in ("out/gif/mine.gif", "out/frames/mine/mine_000.png"):
        Path(file).write_bytes(b"smaller")
    assert run([*RENDER, "--formats", "gif,frames"]) == 0
    assert tree() == before


def test_a_manifest_that_lies_lets_nobody_out_of_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """It can be edited; only files in the folder count as known."""
    entry: dict[str, Any] = dict.fromkeys(("preset", "format", "recipe", "sha256", "alt"), "a")
    entry |= dict.fromkeys(("bytes", "frames", "width", "height", "duration_ms"), 1)
    Path("a.sheet.json").write_text("mine")
    Path("out").mkdir()
    told = {"app": "convgif", "files": {"../a.sheet.json": entry}}
    Path("out/manifest.json").write_text(json.dumps(told))
    assert run([*DRAW, "-o", "a.sheet.png"]) == 2
    assert Path("a.sheet.json").read_text() == "mine"
