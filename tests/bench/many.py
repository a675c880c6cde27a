"""Figures drawn by several workers of dask on this machine, and what millions of them would cost."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import Executor
from itertools import islice
from pathlib import Path
from typing import Final

import convgif
from convgif.figure import Figure
from convgif.reading.found import library
from convgif.sweeps import sweep_of

COUNT: Final = 500
MANY: Final = 10_000_000
LARGEST_FOLDER: Final = 10_000
"""Files in a folder: with many more, listing and copying become slow on most file systems."""
SWEEP: Final = {
    "layer": "conv",
    "input_size": [4, 5, 6, 7, 8, 9],
    "kernel_size": [1, 2, 3, 4],
    "stride": [1, 2, 3],
    "padding": [0, 1, 2],
    "dilation": [1, 2],
    "view": ["isometric", "flat"],
    "cell": 16,
}


def main() -> int:
    """Print a row for one process, and for each number of workers."""
    distributed = library("distributed", extra="dask")
    figures = dict(islice(sweep_of("many", SWEEP).items(), COUNT))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone = timed(figures, folder / "alone")
        expected = contents(folder / "alone")
        print(f"{len(figures)} figures as GIF on {os.cpu_count()} cores; in one process {alone:.1f} s")
        for workers in range(1, 5):
            cluster = distributed.LocalCluster(workers, threads_per_worker=1, dashboard_address=None)
            with cluster, distributed.Client(cluster) as client:
                executor = client.get_executor()
                timed(dict(islice(figures.items(), 2 * workers)), folder / "warm", executor)
                taken = timed(figures, folder / "many", executor)
            same = contents(folder / "many") == expected
            print(f"{workers} workers: {taken:5.1f} s, {alone / taken:.2f} times as fast; the same bytes: {same}")
            shutil.rmtree(folder / "many")
    size = sum(map(len, expected.values())) / len(figures)
    hours = alone / len(figures) * MANY / 3600
    print(
        f"{MANY:,} would take {hours:,.0f} hours of one core and {size * MANY / 1e9:,.0f} GB, in "
        f"{-(-MANY // LARGEST_FOLDER):,} folders of {LARGEST_FOLDER:,} files"
    )
    return 0


def timed(figures: dict[str, Figure], out: Path, executor: Executor | None = None) -> float:
    """Seconds by the clock."""
    start = time.perf_counter()
    convgif.render(figures, out, ("gif",), executor=executor)
    return time.perf_counter() - start


def contents(folder: Path) -> dict[str, bytes]:
    """What lies in a folder."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.gif")}


if __name__ == "__main__":
    sys.exit(main())
