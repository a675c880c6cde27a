"""Runs that are stopped or killed: nothing of them is left, no process and no file, and others are not disturbed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from convgif.assembling.files import staging
from tests.faults.conftest import Shell

PRESETS: Final = '[small]\nlayer = "conv"\ninput_size = 3\nkernel_size = 3\n' + "".join(
    f'[big{n}]\nlayer = "conv"\ninput_size = 42\nkernel_size = 3\ncell = 30\n' for n in range(3)
)
SMALL: Final = "convgif render mine --presets mine.toml --formats svg -q"
DRAW: Final = "convgif draw conv -i 3 -k 2 --cell 8 -q -o out/a.svg"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


def group(leader: int) -> list[int]:
    """The processes of a process group that are alive; those that merely wait to be counted as dead are not."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, pgrp = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # it ended meanwhile
        if int(pgrp) == leader and state != "Z":
            alive.append(int(stat.parent.name))
    return alive


def until(condition: Callable[[], object], seconds: float = 30) -> bool:
    """Wait for a condition; whether it came true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def running(folder: Path, jobs: int) -> Iterator[subprocess.Popen[str]]:
    """A run that has drawn a small figure, and whose processes are now busy with large ones."""
    (folder / "big.toml").write_text(PRESETS)
    command = [sys.executable, "-m", "convgif", "render", "--all", "--presets", "big.toml"]
    command += ["--formats", "gif", "--jobs", str(jobs), "--quiet"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        try:
            assert until(lambda: len([*folder.glob("out/.convgif-*/new/gif/*.gif")]) == 1 + jobs)
            assert len(group(run.pid)) == (1 if jobs == 1 else 1 + jobs)
            yield run
        finally:
            for process in group(run.pid):
                os.kill(process, signal.SIGKILL)


def there(folder: Path) -> set[str]:
    """All files in a folder, but those of presets."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.suffix != ".toml"}


@pytest.mark.parametrize(
    ("jobs", "kill", "number", "code", "said"),
    [
        (1, os.kill, signal.SIGINT, 130, "interrupted"),
        (2, os.killpg, signal.SIGINT, 130, "interrupted"),
        (2, os.kill, signal.SIGTERM, 143, "terminated"),
        (2, os.killpg, signal.SIGHUP, 129, "terminated"),
    ],
    ids=["alone", "Ctrl-C", "SIGTERM", "closed terminal"],
)
def test_a_stopped_run_leaves_nothing(
    jobs: int, kill: Callable[[int, int], None], number: int, code: int, said: str, tmp_path: Path
) -> None:
    """A service stops the process that it started; Ctrl-C in a terminal reaches every process of the group."""
    with running(tmp_path, jobs) as run:
        kill(run.pid, number)
        output, errors = run.communicate(timeout=20)
        assert not group(run.pid)
    assert (run.returncode, output, errors.strip()) == (code, "", f"convgif: {said}; nothing was written")
    assert there(tmp_path) == set()
    assert not (tmp_path / "out").exists()


def test_a_killed_run_leaves_no_process_and_no_file_for_long(tmp_path: Path, shell: Shell) -> None:
    """Its workers end by themselves; the next run into the folder removes what it had drawn."""
    with running(tmp_path, jobs=2) as run:
        os.kill(run.pid, signal.SIGKILL)
        assert until(lambda: not group(run.pid), seconds=3)
    assert there(tmp_path)
    assert shell(SMALL) == (0, "")
    assert there(tmp_path) == {"out/svg/mine.svg", "out/manifest.json"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"svg", "manifest.json"}


def test_a_run_that_lives_keeps_what_it_has_drawn(tmp_path: Path, shell: Shell) -> None:
    """Other runs come and go in the folder meanwhile."""
    with staging(tmp_path / "out") as staged:
        (staged / "mine.svg").write_text("mine")
        assert shell(f"{SMALL}; convgif gallery --presets mine.toml -o out; {DRAW}")[0] == 0
        assert (staged / "mine.svg").read_text() == "mine"
    assert there(tmp_path) == {"out/svg/mine.svg", "out/manifest.json", "out/index.html", "out/a.svg"}
