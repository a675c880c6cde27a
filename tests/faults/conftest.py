"""The command as a process of its own, in a folder with a preset file and a file that must not be lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PRESETS = '[mine]\nlayer = "conv"\ninput_size = 3\nkernel_size = 2\ncell = 8\n'
GOOD = b"good"
SECONDS = 30
"""What takes longer hangs."""

Shell = Callable[..., tuple[int, str]]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Run a line of a shell, where `convgif` is the command; its exit code, and what went to standard error."""
    (tmp_path / "mine.toml").write_text(PRESETS, encoding="utf-8")

    def run(line: str, **variables: str) -> tuple[int, str]:
        command = f'convgif() {{ "{sys.executable}" -m convgif "$@"; }}; {line}'
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env={**os.environ, **variables},
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        said = ran.stderr.decode(errors="replace")
        assert "Traceback" not in said
        return ran.returncode, said

    return run
