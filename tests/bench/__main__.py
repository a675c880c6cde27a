"""Measure and print a table; leave with 1 where a limit is missed.

Times are compared with what runs beside them in the same run, so that the machine matters little. With
`--reference DIR`, a folder of the original GIFs, the similarity of every frame is measured too.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageSequence

import convgif
from convgif.presets import load_families
from tests.bench.naive import animate
from tests.bench.processes import processor_time
from tests.bench.sizes import ORIGINAL_BYTES, at_original_size, bytes_of

Row = tuple[str, float, str, str, bool]
"""What was measured, the figure, its unit, the limit in words, whether it is kept."""


def least(action: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of several runs."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best


def rows(folder: Path, reference: Path | None) -> Iterator[Row]:
    """Every measurement in turn."""
    yield from start_up(folder)
    yield from sets(folder)
    yield from frames(folder)
    yield from sizes(folder, reference)
    yield from growth(folder)
    yield from large(folder)


LAYER = ("conv", "-i", "5", "-k", "3", "-s", "2", "-p", "1")
COMMANDS = {
    ("--help",): 120,
    ("list",): 120,
    ("formats",): 120,
    ("themes",): 120,
    ("explain", *LAYER): 120,
    ("explain", "dilation"): 120,
    ("embed", "dilation", "--for", "markdown"): 120,
    ("draw", *LAYER, "-q", "-o", "x.svg"): 200,
    ("draw", *LAYER, "-q", "-o", "x.gif"): 350,
}
"""Commands, and how many milliseconds of processor time they may take beyond a Python that does nothing."""


def start_up(folder: Path) -> Iterator[Row]:
    """What short commands take, the whole process, beyond a Python that does nothing; all of them in turn."""
    bare: tuple[str, ...] = ("-c", "pass")
    programs = {bare: bare, **{command: ("-m", "convgif", *command) for command in COMMANDS}}
    times = processor_time(programs, folder, rounds=9)
    nothing = times[bare]
    yield "a Python that does nothing", nothing.least, "ms", f"median {nothing.median:.0f}", True
    for command, limit in COMMANDS.items():
        beyond = times[command].least - nothing.least
        median = times[command].median - nothing.median
        yield (
            f"convgif {' '.join(command)}",
            beyond,
            "ms",
            f"<= {limit} beyond it; median {median:.0f}",
            beyond <= limit,
        )


def sets(folder: Path) -> Iterator[Row]:
    """Sets of figures, whole processes."""
    families = load_families()
    guide = [*families["guide"].figures, *families["numerical"].figures]
    render = ("-m", "convgif", "render", "--formats", "gif", "-o", str(folder / "whole"), "--quiet", "--force")
    programs = {
        "the guide's 19 GIFs, whole process, 2 jobs": (*render, "--jobs", "2", *guide),
        "all GIFs, whole process, 2 jobs": (*render, "--jobs", "2", "--all"),
        **{f"{name}, whole process": (*render, "--jobs", "1", name) for name in MATRICES},
    }
    limits = {next(iter(programs)): 0.8, **{f"{name}, whole process": 0.8 for name in MATRICES}}
    for what, time_taken in processor_time(programs, folder, rounds=5).items():
        limit = limits.get(what)
        words = f"median {time_taken.wall_median:.2f}; CPU {time_taken.least / 1000:.2f}"
        kept = limit is None or time_taken.wall <= limit
        yield what, time_taken.wall, "s", words if limit is None else f"<= {limit}; {words}", kept
    for name in MATRICES:
        kilobytes = (folder / "whole/gif" / f"{name}.gif").stat().st_size / 1000
        yield f"{name}.gif", kilobytes, "KB", "<= 150", kilobytes <= 150


MATRICES = ("matrix_padding_strides", "matrix_padding_strides_transposed")


def frames(folder: Path) -> Iterator[Row]:
    """A frame of ours beside one of a script that people write."""
    families = load_families()
    figures = {**families["guide"].figures, **families["numerical"].figures}
    count = sum(done.frames for done in convgif.render(figures, folder, ("gif",)))
    ours = least(lambda: convgif.render(figures, folder, ("gif",), force=True)) / count
    naive = least(lambda: animate(folder / "naive.gif"), 2) / 25
    yield "a frame, one core", ours * 1000, "ms", "", True
    yield "a frame, a plain matplotlib script", naive * 1000, "ms", "", True
    yield "times faster than that script", naive / ours, "x", ">= 20", naive / ours >= 20


def sizes(folder: Path, reference: Path | None) -> Iterator[Row]:
    """Bytes, beside those of the originals, and how alike the pictures are."""
    figures, original = load_families()["guide"].figures, at_original_size()
    share = bytes_of(original, folder / "original", "gif") / sum(ORIGINAL_BYTES.values())
    yield "bytes of the 15 originals", 100 * share, "%", "<= 40", share <= 0.4
    if reference is not None:
        alike = min(similarity(folder / "original/gif" / f"{name}.gif", reference / f"{name}.gif") for name in original)
        yield "least similarity with them", alike, "", ">= 0.95", alike >= 0.95
    for name, limit in {"arbitrary_padding_no_strides": 250, "padding_strides": 80}.items():
        kilobytes = convgif.render({name: figures[name]}, folder, ("mp4",))[0].size / 1000
        yield f"{name}.mp4", kilobytes, "KB", f"<= {limit}", kilobytes <= limit


Cost = tuple[float, float]
"""Seconds of processor time of the whole process, and megabytes at most in use."""
PEAK = 250
"""Megabytes at most in use, however much is drawn."""
FRAMES = (1, 10, 100, 1_000, 10_000)
SIDES = (10, 20, 50, 100, 200)
FRAMES_OF_A_CANVAS = 20


def growth(folder: Path) -> Iterator[Row]:
    """How time and memory grow with the number of frames, and with the cells along a side of the canvas."""
    series: dict[str, dict[int, list[str]]] = {
        "frames": {count: ["-i", "102", "--frames", f":{count}", "--cell", "4"] for count in FRAMES},
        "cells a side": {
            side: ["-i", str(side), "--frames", f":{FRAMES_OF_A_CANVAS}", "--cell", "6"] for side in SIDES
        },
    }
    common = ("conv", "-k", "3", "--view", "flat")
    nothing, _ = cost(folder, *common, "-i", "3")
    for what, programs in series.items():
        costs = {count: cost(folder, *common, *arguments) for count, arguments in programs.items()}
        for count, (seconds, peak) in costs.items():
            yield f"{count:,} {what}", seconds, "s", f"peak memory {peak:.0f} MB, <= {PEAK}", peak <= PEAK
        beyond = {count: seconds - nothing for count, (seconds, _) in costs.items()}
        yield f"exponent of growth with {what}", exponent(beyond), "", "of what is beyond a small figure", True


def exponent(costs: Mapping[int, float]) -> float:
    """The slope of the straight line through the logarithms that has the least squares.

    >>> round(exponent({1: 3.0, 10: 300.0, 100: 30000.0}), 6)
    2.0
    """
    counts, seconds = (np.log(np.maximum(values, 1e-3)) for values in (list(costs), list(costs.values())))
    return float(np.polyfit(counts, seconds, 1)[0])


LARGE = {
    "40x40 scatter, k3": (("conv-transpose", "-i", "40", "-k", "3", "--view", "scatter", "--random"), 15),
    "30x30 matrix, k3": (("conv", "-i", "30", "-k", "3", "--view", "matrix", "--random"), 10),
    "28x28 isometric, k3": (("conv", "-i", "28", "-k", "3"), 5),
    "40x40 output, 1,600 frames of 5.8 Mpx": (("conv", "-i", "42", "-k", "3"), None),
}
"""Large figures, and how many seconds of processor time their GIFs may take."""


def large(folder: Path) -> Iterator[Row]:
    """Large figures, of which little changes from frame to frame."""
    for what, (arguments, limit) in LARGE.items():
        seconds, peak = cost(folder, *arguments)
        yield what, seconds, "s", "" if limit is None else f"CPU <= {limit}", limit is None or seconds <= limit
        yield f"{what}, peak memory", peak, "MB", f"<= {PEAK}", peak <= PEAK


def cost(folder: Path, *arguments: str) -> Cost:
    """What a process takes that draws a GIF."""
    # The kernel's own mark, which begins anew with a program; what `wait4` tells begins with its parent's memory.
    script = (
        "import sys, time; from convgif.cli.commands import run; code = run(sys.argv[1:]); print(time.process_time(), "
        "*(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))); sys.exit(code)"
    )
    budget = ("--max-items", "1000000000", "--max-frames", "10000")
    program = [sys.executable, "-c", script, "draw", *arguments, *budget, "-q", "-o", str(folder / "large.gif")]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    seconds, kilobytes = done.stdout.split()[-2:]
    return float(seconds), int(kilobytes) / 1024


def similarity(ours: Path, theirs: Path) -> float:
    """The least structural similarity of two animations' frames, each cropped to what is drawn, ours resized."""
    from skimage.metrics import structural_similarity

    first, second = contents(ours), contents(theirs)
    if len(first) != len(second):
        return 0.0
    height, width = second[0].shape[:2]
    around = ((4, 4), (4, 4), (0, 0))
    scores = []
    for one, two in zip(first, second, strict=True):
        resized = np.asarray(Image.fromarray(one).resize((width, height), Image.Resampling.LANCZOS))
        pair = [np.pad(image, around, constant_values=255) for image in (resized, two)]
        scores.append(structural_similarity(*pair, channel_axis=2, data_range=255, gaussian_weights=True, sigma=1.5))
    return float(min(scores))


def contents(path: Path) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """The frames on white, cropped to the dark pixels of all of them."""
    frames = []
    with Image.open(path) as image:
        for frame in ImageSequence.Iterator(image):
            ground = Image.new("RGBA", image.size, "white")
            frames.append(np.asarray(Image.alpha_composite(ground, frame.convert("RGBA")).convert("RGB")))
    dark = np.any([frame.min(axis=2) < 160 for frame in frames], axis=0)
    down, across = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return [frame[down[0] : down[-1] + 1, across[0] : across[-1] + 1] for frame in frames]


def main() -> int:
    """Print every row as it is measured."""
    parser = argparse.ArgumentParser(prog="make bench", description="Speed, size and memory of convgif.")
    parser.add_argument("--reference", type=Path, help="a folder with the original figures")
    reference = parser.parse_args().reference
    kept_all = True
    with tempfile.TemporaryDirectory() as folder:
        for what, figure, unit, limit, kept in rows(Path(folder), reference):
            kept_all &= kept
            print(f"{'' if kept else 'MISSED':7}{what:50}{figure:9.3f} {unit:3} {limit}", flush=True)
    return 0 if kept_all else 1


if __name__ == "__main__":
    sys.exit(main())
