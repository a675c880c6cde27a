"""What whole processes take, measured in turn, so that a busy machine is as busy for one as for the others."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import NamedTuple, TypeVar

Name = TypeVar("Name", bound=Hashable)


class Times(NamedTuple):
    """Milliseconds of processor time, and seconds by the clock: the least and the median of several runs."""

    least: float
    median: float
    wall: float
    wall_median: float


def processor_time(programs: Mapping[Name, Sequence[str]], folder: Path, rounds: int) -> dict[Name, Times]:
    """The times of some programs of this Python, by name, each run once in every round; children count as well."""
    taken: dict[Name, list[tuple[float, float]]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, arguments in programs.items():
            taken[name].append(_run(arguments, folder))
    return {name: _times(runs) for name, runs in taken.items()}


def _run(arguments: Sequence[str], folder: Path) -> tuple[float, float]:
    start = time.perf_counter()
    before = getrusage(RUSAGE_CHILDREN)
    # As installed: Python keeps what it compiled, whatever this process was told.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, *arguments], check=True, cwd=folder, env=kept, capture_output=True)
    after = getrusage(RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1000 * used, time.perf_counter() - start


def _times(runs: Sequence[tuple[float, float]]) -> Times:
    used, wall = zip(*runs, strict=True)
    return Times(min(used), statistics.median(used), min(wall), statistics.median(wall))
