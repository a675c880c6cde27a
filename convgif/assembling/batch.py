"""From figures to files: one or many, in any formats, in parallel.

A run is all or nothing: every file is written in a hidden folder first, and moved to its place when all are done. Each
figure is drawn once, whatever the number of formats.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from convgif.assembling.files import explained, is_path, publish, recover, staging
from convgif.assembling.film import Film
from convgif.assembling.format import FOLDER, Format
from convgif.assembling.interruption import follow_parent
from convgif.assembling.locks import alone
from convgif.errors import ConvgifError, InputError, Mention, Problem, rule, wrong
from convgif.figure import Figure
from convgif.presets import name_rule
from convgif.registry import FORMATS

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

USUAL_FORMATS: Final = ("gif", "svg")
NAMELESS: Final = "must name a file or a folder"


@dataclass(frozen=True)
class Rendered:
    """What became of one figure.

    `frames` and `pixels` (width, height) are those of its pictures, in its first format; `size` is the bytes of all its
    files; `drawn` says whether any of them was drawn anew.
    """

    name: str
    frames: int
    pixels: tuple[int, int]
    files: tuple[Path, ...]
    size: int
    drawn: bool = True
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    """What the manifest says of the files that were drawn."""

    def moved(self, source: Path, target: Path) -> Rendered:
        """The same with its files in another folder."""
        return replace(self, files=tuple(target / file.relative_to(source) for file in self.files))


def format_of(path: str | Path) -> Format:
    """The format that a path's ending stands for: the longest one that a format has.

    Raises:
        InputError: none has that ending, or it is no name at all.

    >>> format_of("figure.gif").name, format_of("figure.sheet.png").name, format_of("frames/").name
    ('gif', 'sheet', 'frames')
    """
    text, formats = str(path), list[Format](FORMATS.values())
    if not _is_name(text) or any(Path(text).name.lower() == format.suffix for format in FORMATS.values()):
        raise wrong("output", text, NAMELESS)
    if text.endswith((FOLDER, os.sep)):
        return next(format for format in formats if format.suffix == FOLDER)
    fitting = [format for format in formats if text.lower().endswith(format.suffix)]
    if fitting:
        return max(fitting, key=lambda format: len(format.suffix))
    endings = dict.fromkeys(format.suffix for format in FORMATS.values() if format.suffix != FOLDER)
    words = f"must end in {', '.join(endings)}, or in {FOLDER} for a folder of frames; or name the "
    raise wrong("output", text, rule(words, Mention("format")))


def _is_name(text: str) -> bool:
    """Whether a path names something that can be written."""
    return is_path(text) and Path(text).name not in ("", "..")


def save(film: Film, path: str | Path, format: Format | None = None) -> Rendered:
    """Write one film to `path`, in a format or in the one that the path's ending stands for.

    Raises:
        InputError: an unknown ending, what the format cannot hold, or the file cannot be written.
    """
    if not _is_name(str(path)):
        raise wrong("output", str(path), NAMELESS)
    chosen = format or format_of(path)
    target = Path(path)
    with staging(target.parent) as staged:
        done = _written(film, target.name, {chosen: (staged, chosen.stem(target.name))}, target.parent)
        if chosen.suffix != FOLDER and len(done.files) == 1:  # the name stays as it is, whatever its ending
            done = replace(done, files=(done.files[0].rename(staged / target.name),))
        named = () if chosen.suffix == FOLDER else {done.files[0].relative_to(staged)}
        with alone(target.parent):
            publish(staged, target.parent, _moves(done.files, staged, depth=1), named)
    return done.moved(staged, target.parent)


def encode(film: Film, format: Format, stem: str = "figure") -> dict[str, bytes]:
    """The files of a film in one format, in memory, by their paths.

    Raises:
        InputError: what the format cannot hold.
    """
    from io import BytesIO

    _refuse(format.misfits(film))
    encoded: dict[str, bytes] = {}
    for file in format.files(film, stem):
        stream = BytesIO()
        file.write(stream)
        encoded[file.path] = stream.getvalue()
    return encoded


def render(
    figures: Mapping[str, Figure],
    out: str | Path = "out",
    formats: Iterable[str] = USUAL_FORMATS,
    jobs: int = 1,
    progress: Callable[[Rendered], None] = lambda rendered: None,
    force: bool = False,
    pool: Pool | None = None,
    replacing: Callable[[Path], None] = lambda file: None,
) -> list[Rendered]:
    """Write figures as `out/FORMAT/NAME...`, all of them or none; what was written for each, in their order.

    `convgif.render` says what each argument means, and what is raised; `pool` draws in place of `jobs` processes.
    """
    if not isinstance(figures, Mapping):
        raise wrong("figures", figures, 'must be a mapping of names to figures, such as {"name": figure}')
    if not (str(out) and is_path(str(out))):
        raise wrong("output", str(out), "must name a folder")
    if isinstance(formats, str):
        raise wrong("formats", formats, f"must be a list of names, such as {[formats]}")
    listed = list(formats)
    chosen = [name for number, name in enumerate(listed) if name not in listed[:number]]
    _refuse(check(figures, chosen))
    from convgif.assembling import manifest  # a single figure has none
    from convgif.assembling.manifest import Manifest

    folder = Path(out)
    recover(folder)
    known = Manifest(folder, {}) if force else Manifest.of(folder)
    done: dict[str, Rendered] = {}
    work: dict[str, tuple[str, ...]] = {}
    kept: dict[str, dict[str, Mapping[str, Any]]] = {}
    for name, figure in figures.items():
        same = {format: known.unchanged(name, format, figure) for format in chosen}
        work[name] = tuple(format for format, files in same.items() if not files)
        kept[name] = {file: known.files[file] for files in same.values() for file in files}
        if not work[name]:
            done[name] = _told(name, kept[name], folder, chosen)
            progress(done[name])
    if not any(work.values()):
        return list(done.values())
    with staging(folder) as staged:
        tasks = [Task(name, figure, work[name], staged, folder) for name, figure in figures.items() if work[name]]
        added: dict[str, Mapping[str, Any]] = {}
        drawn: list[Path] = []
        for rendered in _all(tasks, jobs) if pool is None else pool(tasks):
            added.update(rendered.entries)
            drawn.extend(rendered.files)
            entries = {**kept[rendered.name], **rendered.entries}
            done[rendered.name] = _told(rendered.name, entries, folder, chosen, drawn=True)
            progress(done[rendered.name])
        with alone(folder):
            there = Manifest.of(folder)  # another run may have added to it
            with explained(folder):
                (staged / manifest.NAME).write_text(there.text(added), encoding="utf-8")
            names = [*_moves(drawn, staged, depth=2), Path(manifest.NAME)]
            remedy = rule("move it away, or replace it with ", Mention("force", True))
            publish(staged, folder, names, {*map(Path, there.files)}, replacing if force else None, remedy)
    return [done[name] for name in figures]


def check(figures: Mapping[str, object], formats: Iterable[str] = ()) -> Iterator[Problem]:
    """Everything that would keep these figures from being written in these formats; draws nothing."""
    known: list[Format] = []
    for name in formats:
        try:
            known.append(FORMATS.named(name))
        except InputError as error:
            yield from error.problems
    for name, figure in figures.items():
        if broken := name_rule(name):
            yield Problem("name", name, broken)
            continue
        if not isinstance(figure, Figure):
            yield Problem(name, figure, "must be a figure, such as Figure(layer)")
            continue
        try:
            film = Film.of(figure)
            for format in known:
                _refuse(format.misfits(film))
        except InputError as error:
            yield from error.at(f"[{name}]").problems


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise InputError(found)


def _told(
    name: str, entries: Mapping[str, Mapping[str, Any]], folder: Path, formats: Sequence[str], drawn: bool = False
) -> Rendered:
    """What became of a figure, from what the manifest says of its files; in the order of the formats."""
    files = sorted(entries, key=lambda file: formats.index(entries[file]["format"]))
    first = entries[files[0]] if files else {"frames": 0, "width": 0, "height": 0}
    size = sum(entry["bytes"] for entry in entries.values())
    paths = tuple(folder / file for file in files)
    return Rendered(name, first["frames"], (first["width"], first["height"]), paths, size, drawn)


TRIES: Final = 2
"""How often figures are drawn whose processes were killed."""
KILLED: Final = "a process that draws was killed, perhaps for lack of memory; nothing was written; try fewer jobs"


@dataclass(frozen=True)
class Task:
    """A figure to write: in which formats, the folder to write in, and the one that the reader knows of."""

    name: str
    figure: Figure
    formats: tuple[str, ...]
    staged: Path
    out: Path

    def done(self) -> Rendered:
        """Write the figure; what became of it."""
        with explained(self.out):
            film = Film.of(self.figure)
            targets = {FORMATS[format]: (self.staged / format, self.name) for format in self.formats}
            return _written(film, self.name, targets, self.out, self.staged)


Pool = Callable[[list[Task]], Iterator[Rendered]]
"""What does some tasks, and tells of each when it is done, in any order."""


def _written(
    film: Film, name: str, targets: Mapping[Format, tuple[Path, str]], out: Path, root: Path | None = None
) -> Rendered:
    """Write a film in each format into a folder with a stem; `out` is the folder that the reader knows of.

    With `root`, the entries of a manifest there are made as well.
    """
    made: dict[str, Mapping[str, Any]] = {}
    written: list[Path] = []
    with explained(out):
        for format in targets:
            _refuse(format.misfits(film))
        for format, (folder, stem) in targets.items():
            files: list[Path] = []
            for file in format.files(film, stem):
                path = folder / file.path
                if root is not None:
                    place = out / path.relative_to(root)
                else:  # a name without an ending that stands for the format is kept as it was given
                    place = out / (name if stem == name else file.path)
                with explained(out, place):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with path.open("w+b") as stream:
                        file.write(stream)
                files.append(path)
            written.extend(files)
            if root is not None:
                from convgif.assembling import manifest  # as in render

                made.update(manifest.entries(name, format, film, files, root))
        size = sum(path.stat().st_size for path in written)
    pixels = next(iter(targets)).size(film)
    return Rendered(name, len(film.durations), pixels, tuple(written), size, entries=made)


def _moves(files: Iterable[Path], staged: Path, depth: int) -> list[Path]:
    """What is to be moved: files at that depth below `staged`, or the folders there that they lie in."""
    return list(dict.fromkeys(Path(*file.relative_to(staged).parts[:depth]) for file in files))


def _all(tasks: list[Task], jobs: int) -> Iterator[Rendered]:
    """Every figure in the order in which they are done."""
    if min(jobs, len(tasks)) <= 1:
        yield from (task.done() for task in tasks)
        return
    from concurrent.futures.process import BrokenProcessPool  # takes its time to load; a single figure is without

    # The long ones first, so that no process is left with one at the end.
    tasks = sorted(tasks, key=lambda task: task.figure.layer.step_count, reverse=True)
    # The shortest one is drawn here: what it loads, forked processes have already.
    yield tasks.pop().done()
    left = {task.name: task for task in tasks}
    for _ in range(TRIES):
        try:
            for rendered in _shared([*left.values()], jobs):
                del left[rendered.name]
                yield rendered
        except BrokenProcessPool:
            continue
        return
    raise ConvgifError(KILLED)


def _shared(tasks: list[Task], jobs: int) -> Iterator[Rendered]:
    """Every figure in the order in which processes are done with them.

    Raises:
        BrokenProcessPool: one of the processes was killed.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    others = set(multiprocessing.active_children())
    # Only a process without further threads may be forked safely.
    method = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
    context = multiprocessing.get_context(method)
    pool = None
    try:
        pool = ProcessPoolExecutor(min(jobs, len(tasks)), context, initializer=_begin)
        futures = [pool.submit(task.done) for task in tasks]
    except OSError:  # processes need memory, and open files to talk; without them, one does all of the work
        _end(set(multiprocessing.active_children()) - others)
        pool = None
    if pool is None:
        yield from (task.done() for task in tasks)
        return
    try:
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        _end(set(multiprocessing.active_children()) - others)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end(workers: Collection[BaseProcess]) -> None:
    """End processes that nobody waits for any more."""
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()


def _begin() -> None:
    """Ctrl-C reaches every process of a terminal; only the first one is to act on it, and it ends the others.

    What else the first one acts on ends this one, as it does by nature; and so does the end of the first one.
    """
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow_parent()
