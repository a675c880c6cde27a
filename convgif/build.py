"""From figures to files: the only module that knows the whole chain.

A run is all or nothing: every file is written in a hidden folder first, and moved to its place when all are done.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from convgif import drawing, rendering
from convgif.assembling import FOLDER, FORMATS, Format, png
from convgif.assembling.files import explained, publish, staging
from convgif.drawing.scene import Scene
from convgif.drawing.theme import THEMES
from convgif.errors import InputError, Problem, did_you_mean, wrong
from convgif.figure import Figure
from convgif.presets import name_rule
from convgif.rendering.lettering import missing

USUAL_FORMATS = ("gif", "sheet")


@dataclass(frozen=True)
class Rendered:
    """What became of one figure: its frames, their width and height, its files, and the bytes of all files."""

    name: str
    frames: int
    pixels: tuple[int, int]
    files: tuple[Path, ...]
    size: int

    def moved(self, source: Path, target: Path) -> Rendered:
        """The same with its files in another folder."""
        return replace(self, files=tuple(target / file.relative_to(source) for file in self.files))


def frames(figure: Figure) -> Iterator[npt.NDArray[np.uint8]]:
    """The frames of a figure in order; see `Figure.frames`."""
    scene = _scene(figure)
    return (png.visible(pixels, scene) for pixels in rendering.frames(scene, figure.cell_pixels))


def save(figure: Figure, path: str | Path) -> Rendered:
    """Write one figure to `path`; see `Figure.save`."""
    format = format_of(path)
    target = Path(path)
    with staging(target.parent) as staged:
        done = _write(target.name, figure, {format: staged / target.name}, target.parent)
        publish(staged, target.parent, (file.relative_to(staged) for file in done.files))
    return done.moved(staged, target.parent)


def format_of(path: str | Path) -> Format:
    """The format that a file's ending stands for.

    Raises:
        InputError: none has that ending, or it is no name at all.

    >>> format_of("figure.gif").name, format_of("frames/").name
    ('gif', 'png')
    """
    target = Path(path)
    if not target.name:
        raise wrong("output", str(path), "must name a file or folder")
    suffix = FOLDER if str(path).endswith(("/", os.sep)) else target.suffix.lower()
    for format in FORMATS.values():
        if format.suffix == suffix:
            return format
    raise wrong("output", str(path), "must end in .gif, in .png for a sprite sheet, or in / for a folder of frames")


def render(
    figures: Mapping[str, Figure],
    out: str | Path = "out",
    formats: Iterable[str] = USUAL_FORMATS,
    jobs: int = 1,
    progress: Callable[[Rendered], None] = lambda rendered: None,
) -> list[Rendered]:
    """Write figures as `out/FORMAT/NAME...`, all of them or none.

    Args:
        figures: the figures by name.
        out: the folder to write in; made where it is missing.
        formats: names of formats: gif, sheet, png.
        jobs: processes to share the work; the files are the same with any number. With more than one, a script
            needs the usual `if __name__ == "__main__":` around its call.
        progress: called with each figure when it is done, in no particular order.

    Returns:
        What was written for each figure, in the order of `figures`.

    Raises:
        InputError: an unknown format, a name that is no plain file name, a figure over its budget, or a folder that
            cannot be written; nothing is written then.
    """
    if not isinstance(figures, Mapping):
        raise wrong("figures", figures, 'must be a mapping of names to figures, such as {"name": figure}')
    if not str(out):
        raise wrong("out", str(out), "must name a folder")
    chosen = tuple(dict.fromkeys(formats))
    _check(figures, chosen)
    folder = Path(out)
    with staging(folder) as staged:
        done: dict[str, Rendered] = {}
        for rendered in _all(figures, chosen, staged, folder, jobs):
            done[rendered.name] = rendered.moved(staged, folder)
            progress(done[rendered.name])
        results = [done[name] for name in figures]
        publish(staged, folder, (file.relative_to(folder) for rendered in results for file in rendered.files))
    return results


def check(figures: Mapping[str, Figure], formats: Iterable[str] = ()) -> Iterator[Problem]:
    """Everything that would keep these figures from being written in these formats; draws nothing."""
    known = []
    for name in formats:
        if name in FORMATS:
            known.append(FORMATS[name])
        else:
            yield Problem("format", name, f"there is no such format; {did_you_mean(name, FORMATS)}")
    for name, figure in figures.items():
        if broken := name_rule(name):
            yield Problem("name", name, broken)
            continue
        try:
            scene = _scene(figure)
            for format in known:
                format.check(figure, scene)
        except InputError as error:
            yield from error.at(f"[{name}]").problems


def _scene(figure: Figure) -> Scene:
    """The scene of a figure, if all of it can be drawn and written."""
    scene = drawing.draw(figure)
    if figure.title and (lacking := missing(figure.title, THEMES[figure.theme].words)):
        raise wrong("title", figure.title, f"the typeface has no {', '.join(lacking)}; leave that out")
    return scene


def _check(figures: Mapping[str, Figure], formats: tuple[str, ...]) -> None:
    if problems := list(check(figures, formats)):
        raise InputError(problems)


def _all(
    figures: Mapping[str, Figure], formats: tuple[str, ...], staged: Path, out: Path, jobs: int
) -> Iterator[Rendered]:
    """Every figure written below `staged` on behalf of `out`, in the order in which they are done."""
    tasks = [(name, figure, formats, staged, out) for name, figure in figures.items()]
    if min(jobs, len(tasks)) <= 1:
        yield from (_one(*task) for task in tasks)
        return
    # The long ones first, so that no process is left with one at the end.
    tasks.sort(key=lambda task: len(drawing.draw(task[1]).durations), reverse=True)
    others = set(multiprocessing.active_children())
    # A forked process need not import matplotlib again; only a process without further threads may be forked safely.
    method = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
    context = multiprocessing.get_context(method)
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), context, initializer=_ignore_interrupts)
    try:
        futures = [pool.submit(_one, *task) for task in tasks]
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal; only the first one is to act on it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _one(name: str, figure: Figure, formats: tuple[str, ...], staged: Path, out: Path) -> Rendered:
    targets = {FORMATS[chosen]: staged / chosen / (name + FORMATS[chosen].ending) for chosen in formats}
    return _write(name, figure, targets, out)


def _write(name: str, figure: Figure, targets: Mapping[Format, Path], out: Path) -> Rendered:
    """Write a figure to a path for each format; `out` is the folder that the reader knows of."""
    with explained(out):
        scene = _scene(figure)
        for format in targets:
            format.check(figure, scene)
        files: list[Path] = []
        for format, path in targets.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            format.write(figure, scene, path)
            files.extend(format.files(path))
        pixels = scene.pixel_size(figure.cell_pixels)
        return Rendered(name, len(scene.durations), pixels, tuple(files), sum(map(_size, files)))


def _size(path: Path) -> int:
    inside = path.iterdir() if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in inside)
