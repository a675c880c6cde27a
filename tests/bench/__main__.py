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
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageSequence

import convgif
from convgif.presets import load_families
from tests.bench.naive import animate

ORIGINAL_CELL = 29.53
"""Pixels a cell of the original figures: half a centimetre at 150 dots an inch."""
ORIGINAL_BYTES = {
    "arbitrary_padding_no_strides": 476_750,
    "arbitrary_padding_no_strides_transposed": 323_062,
    "dilation": 124_951,
    "full_padding_no_strides": 435_605,
    "full_padding_no_strides_transposed": 287_001,
    "no_padding_no_strides": 37_751,
    "no_padding_no_strides_transposed": 164_355,
    "no_padding_strides": 44_665,
    "no_padding_strides_transposed": 197_717,
    "padding_strides": 118_422,
    "padding_strides_odd": 122_211,
    "padding_strides_odd_transposed": 303_965,
    "padding_strides_transposed": 272_498,
    "same_padding_no_strides": 276_460,
    "same_padding_no_strides_transposed": 213_333,
}
"""The sizes of the original repository's GIFs."""

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


def python(*arguments: str) -> Callable[[], object]:
    """A run of this Python in a process of its own."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def rows(folder: Path, reference: Path | None) -> Iterator[Row]:
    """Every measurement in turn."""
    out = str(folder / "whole")
    families = load_families()
    figures = {**families["guide"], **families["numerical"]}
    command = ("-m", "convgif", "render", "--formats", "gif", "--out", out, "--quiet", "--force")
    whole = least(python(*command, "--jobs", "2", *figures))
    yield "the guide's 19 GIFs, whole process, 2 jobs", whole, "s", "<= 1.2", whole <= 1.2
    everything = least(python(*command, "--jobs", "2", "--all"))
    yield "all GIFs, whole process, 2 jobs", everything, "s", "", True
    for name in ("matrix_padding_strides", "matrix_padding_strides_transposed"):
        one = least(python(*command, "--jobs", "1", name))
        yield f"{name}, whole process", one, "s", "<= 0.8", one <= 0.8
    for path in sorted(Path(out, "gif").glob("matrix_*.gif")):
        kilobytes = path.stat().st_size / 1000
        yield path.name, kilobytes, "KB", "<= 150", kilobytes <= 150

    frames = sum(done.frames for done in convgif.render(figures, folder, ("gif",)))
    ours = least(lambda: convgif.render(figures, folder, ("gif",), force=True)) / frames
    naive = least(lambda: animate(folder / "naive.gif"), 2) / 25
    yield "a frame, one core", ours * 1000, "ms", "", True
    yield "a frame, a plain matplotlib script", naive * 1000, "ms", "", True
    yield "times faster than that script", naive / ours, "x", ">= 20", naive / ours >= 20

    original = {name: replace(figures[name], cell=ORIGINAL_CELL) for name in ORIGINAL_BYTES}
    size = sum(done.size for done in convgif.render(original, folder / "original", ("gif",)))
    share = size / sum(ORIGINAL_BYTES.values())
    yield "bytes of the 15 originals", 100 * share, "%", "<= 45", share <= 0.45
    if reference is not None:
        alike = min(similarity(folder / "original/gif" / f"{name}.gif", reference / f"{name}.gif") for name in original)
        yield "least similarity with them", alike, "", ">= 0.95", alike >= 0.95

    bare, ours = least(python("-c", "import numpy"), 9), least(python("-c", "import numpy, convgif"), 9)
    yield "import convgif, beyond numpy", 1000 * (ours - bare), "ms", "<= 60", ours - bare <= 0.06
    api = least(python("-c", "import numpy, convgif; convgif.Conv"), 9)
    yield "import and use of convgif.Conv", 1000 * (api - bare), "ms", "<= 60", api - bare <= 0.06
    helped = least(python("-m", "convgif", "--help"))
    yield "convgif --help", helped, "s", "<= 0.3", helped <= 0.3

    peak = peak_memory(folder)
    yield "peak memory, 1,600 frames of 5.8 Mpx", peak, "MB", "<= 250", peak <= 250


def peak_memory(folder: Path) -> float:
    """Megabytes at most in use by a process that draws a 40x40 output."""
    # The kernel's own mark, which begins anew with a program; what `wait4` tells begins with its parent's memory.
    script = (
        "import sys; from convgif.cli import run; code = run(sys.argv[1:]); "
        "print(*(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))); sys.exit(code)"
    )
    arguments = ["draw", "conv", "--input-size", "42", "--kernel-size", "3", "-o", str(folder / "large.gif")]
    done = subprocess.run([sys.executable, "-c", script, *arguments], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / 1024


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
            print(f"{'' if kept else 'MISSED':7}{what:48}{figure:9.3f} {unit:3} {limit}", flush=True)
    return 0 if kept_all else 1


if __name__ == "__main__":
    sys.exit(main())
