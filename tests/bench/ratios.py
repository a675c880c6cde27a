"""Ratios of what convgif takes to what the same machine takes for something else at the same time, and a baseline.

Each is a number without a unit, the smaller the better, so that it can be compared with what was measured on another
machine, or on a busy one. `make bench-check` measures them and leaves with 1 where one has grown beyond its margin;
`make bench-baseline` stores them, and draws `out/bench.svg`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PIL import Image

import convgif
from convgif.arithmetic import ConvTranspose
from convgif.figure import Figure
from convgif.presets import load_families
from tests.bench import plot
from tests.bench.baseline import BASELINE, Ratio, grown, stored
from tests.bench.floor import floor
from tests.bench.naive import FRAMES, animate
from tests.bench.processes import processor_time
from tests.bench.sizes import ORIGINAL_BYTES, at_original_size, bytes_of

TIME_MARGIN: Final = 1.3
"""How many times as large a ratio of times may get. Of four checks, some of them on a busy machine, the worst ratio of
all came out as 1.18 times what was stored."""
BYTES_MARGIN: Final = 1.005
"""Bytes are always the same, but with other versions of libraries."""
ROUNDS: Final = 7
COMMANDS: Final = (
    ("--help",),
    ("list",),
    ("draw", "conv", "-i", "5", "-k", "3", "-q", "-o", "x.svg"),
    ("draw", "conv", "-i", "5", "-k", "3", "-q", "-o", "x.gif"),
)
LARGER: Final = convgif.Figure(ConvTranspose(14, 3, stride=2), view="scatter", random=0)
"""A figure of many texts, of which few change from frame to frame."""


def guide() -> Mapping[str, Figure]:
    """The guide's figures."""
    families = load_families()
    return {**families["guide"].figures, **families["numerical"].figures}


def ratios(folder: Path) -> Iterator[Ratio]:
    """Every ratio in turn."""
    yield from of_processes(folder)
    yield from of_frames(folder)
    yield from of_bytes(folder)


def of_processes(folder: Path) -> Iterator[Ratio]:
    """Whole processes, to a Python that does nothing, and to one that loads what every picture needs."""
    bare, loaded = ("-c", "pass"), ("-c", "import numpy, matplotlib.backends, PIL.Image")
    whole = ("-m", "convgif", "render", "--formats", "gif", "-o", str(folder), "-q", "--force", "--jobs", "1", *guide())
    programs: dict[tuple[str, ...], tuple[str, ...]] = {program: program for program in (bare, loaded, whole)}
    programs |= {line: ("-m", "convgif", *line) for line in COMMANDS}
    times = processor_time(programs, folder, ROUNDS)
    for line in COMMANDS:
        yield Ratio(f"convgif {' '.join(line)}, to a bare Python", times[line].least / times[bare].least, TIME_MARGIN)
    name = "the guide's GIFs, whole process, to loading the libraries"
    yield Ratio(name, times[whole].least / times[loaded].least, TIME_MARGIN)


def of_frames(folder: Path) -> Iterator[Ratio]:
    """Frames, to what draws others in the same process."""
    figures = guide()
    frames = sum(done.frames for done in convgif.render(figures, folder, ("gif",), force=True))
    ours, least, naive, larger = alternately(
        lambda: convgif.render(figures, folder, ("gif",), force=True),
        floor(figures, folder),
        lambda: animate(folder / "naive.gif"),
        lambda: LARGER.save(folder / "larger.gif"),
    )
    yield Ratio("a frame, to its floor", ours / least, TIME_MARGIN)
    yield Ratio("a frame, to that of a plain matplotlib script", (ours / frames) / (naive / FRAMES), TIME_MARGIN)
    yield Ratio("a table of many texts, to the guide's figures", larger / ours, TIME_MARGIN)


def of_bytes(folder: Path) -> Iterator[Ratio]:
    """Bytes, to those of the original GIFs and of each other."""
    originals = sum(ORIGINAL_BYTES.values())
    yield Ratio("GIFs, to the originals", bytes_of(at_original_size(), folder / "o", "gif") / originals, BYTES_MARGIN)
    gifs, *others = (bytes_of(guide(), folder / "all", format) for format in ("gif", "webp", "apng", "svg"))
    for name, size in zip(("WebP", "APNG", "SVG"), others, strict=True):
        yield Ratio(f"{name}, to GIF", size / gifs, BYTES_MARGIN)


def alternately(*actions: Callable[[], object]) -> list[float]:
    """The least seconds of processor time that each took, of several rounds in which each has its turn."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(ROUNDS):
        for action, times in zip(actions, taken, strict=True):
            start = time.process_time()
            action()
            times.append(time.process_time() - start)
    return list(map(min, taken))


def seconds(folder: Path) -> dict[str, float]:
    """What the guide's figures take as GIFs, in seconds of processor time, in different ways."""
    figures = guide()
    whole = ("-m", "convgif", "render", "--formats", "gif", "-o", str(folder), "-q", "--force", "--jobs", "1", *figures)
    ours = processor_time({whole: whole}, folder, ROUNDS)[whole].least / 1000
    films = [[*pictures(figure)] for figure in figures.values()]
    frames = sum(map(len, films))

    def saved_by_pillow() -> None:
        for first, *rest in films:
            first.save(folder / "pillow.gif", save_all=True, append_images=rest, duration=1000, loop=0)

    naive, pillow = alternately(lambda: animate(folder / "naive.gif"), saved_by_pillow)
    return {
        "a matplotlib script, as people write it": naive / FRAMES * frames,
        "convgif, start-up included": ours,
        "Pillow, only saving the frames": pillow,
    }


def pictures(figure: Figure) -> Iterator[Image.Image]:
    """The frames of a figure, as Pillow has pictures."""
    from convgif.assembling.film import Film

    return (Image.fromarray(pixels) for pixels in Film.of(figure).frames())


def store(found: Mapping[str, Ratio], folder: Path) -> None:
    """Keep what was measured, and draw it."""
    kept = stored()
    kept["measured"] = datetime.now(tz=UTC).date().isoformat()
    kept["ratios"] = {name: float(f"{ratio.value:.4g}") for name, ratio in found.items()}
    figures = convgif.render(guide(), folder, ("gif",))
    kept["figures"], kept["frames"] = len(figures), sum(done.frames for done in figures)
    kept["seconds"] |= {name: round(taken, 2) for name, taken in seconds(folder).items()}
    BASELINE.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    plot.write(kept)


def main() -> int:
    """Print every ratio, and what is to be said of it."""
    parser = argparse.ArgumentParser(prog="make bench-check", description="Compare speed and bytes with a baseline.")
    parser.add_argument("--store", action="store_true", help="make what is measured the baseline, and draw it")
    storing = parser.parse_args().store
    with tempfile.TemporaryDirectory() as name:
        found = {ratio.name: ratio for ratio in ratios(Path(name))}
        if storing:
            store(found, Path(name))
    before = stored()["ratios"]
    said = grown(found, before)
    for each, words in said.items():
        value = f"{found[each].value:9.3f}" if each in found else f"{'-':>9}"
        print(f"{each:62}{value}  was {before.get(each, float('nan')):.3f}  {words}")
    return 1 if any(said.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
