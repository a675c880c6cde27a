"""From figures to files: the only module that knows the whole chain.

A run is all or nothing: every file is written in a hidden folder first, and moved to its place when all are done.
"""

from __future__ import annotations

import base64
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from convgif import drawing, rendering
from convgif.assembling import FOLDER, FORMATS, Format, pdf, png, svg
from convgif.assembling.files import explained, publish, staging
from convgif.drawing.scene import Scene
from convgif.drawing.stage import too_large
from convgif.drawing.theme import THEMES, theme_of
from convgif.errors import InputError, Problem, did_you_mean, wrong
from convgif.figure import Figure
from convgif.manifest import NAME as MANIFEST
from convgif.manifest import Manifest, entries
from convgif.presets import name_rule
from convgif.rendering.lettering import missing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

USUAL_FORMATS = ("gif", "sheet")
STILLS: Final[Mapping[str, Callable[[Figure, Scene, Path], None]]] = {
    ".pdf": pdf.write,
    ".svg": svg.write,
    ".png": png.one,
}
"""What a single frame can be written as, by ending."""


@dataclass(frozen=True)
class Rendered:
    """What became of one figure: its frames, their width and height, its files, and the bytes of all files."""

    name: str
    frames: int
    pixels: tuple[int, int]
    files: tuple[Path, ...]
    size: int
    drawn: bool = True
    """Whether any of the files was drawn anew."""
    entries: Mapping[str, Mapping[str, object]] = field(default_factory=dict, repr=False)
    """What the manifest says of the files that were."""

    def with_kept(self, kept: Rendered) -> Rendered:
        """The same together with files that were there already."""
        return replace(self, files=(*self.files, *kept.files), size=self.size + kept.size)

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


def draw(figure: Figure, axes: Axes, step: int) -> None:
    """Draw one frame into axes; see `Figure.draw`."""
    from convgif.rendering import artists

    scene = _scene(figure)
    if isinstance(step, bool) or not isinstance(step, (int, np.integer)):
        raise wrong("step", step, "must be an integer")
    count = len(scene.durations)
    if not 0 <= step < count:
        raise wrong("step", step, f"the figure has {count} frames, 0 to {count - 1}")
    artists.draw(scene, int(step), axes)


def show(figure: Figure) -> Path:
    """Open the player in a browser; see `Figure.show`."""
    page = Path(tempfile.mkdtemp(prefix="convgif-")) / "figure.html"
    save(figure, page)
    webbrowser.open(page.as_uri())
    return page


def notebook(figure: Figure) -> dict[str, object]:
    """What Jupyter shows of a figure, by MIME type."""
    scene = _scene(figure)
    (pixels,) = rendering.frames(scene, figure.cell_pixels, only=(scene.telling,))
    still = BytesIO()
    png.save(png.visible(pixels, scene), still, scene.description)
    return {
        "text/html": svg.text(figure, scene),
        "image/png": base64.b64encode(still.getvalue()).decode(),
        "text/plain": scene.description,
    }


def strip(figure: Figure, frames: Sequence[int], path: str | Path) -> Path:
    """Write some frames side by side to one PDF, SVG or PNG file.

    Raises:
        InputError: the figure has no such frames, another ending, or the file cannot be written.
    """
    scene = _scene(figure)
    return _still(figure, drawing.strip([(scene, frame) for frame in frames]), path)


def preview(figure: Figure, path: str | Path) -> Path:
    """Write the telling frame of a figure in every theme, side by side."""
    scenes = [_scene(replace(figure, theme=name, title=name)) for name in THEMES]
    return _still(figure, drawing.strip([(scene, scene.telling) for scene in scenes]), path)


def _still(figure: Figure, scene: Scene, path: str | Path) -> Path:
    """Write a scene of one frame, as the path's ending says."""
    target = Path(path)
    if target.suffix.lower() not in STILLS:
        raise wrong("output", str(path), f"must end in {', '.join(STILLS)}")
    if problems := list(too_large(figure, *scene.pixel_size(figure.cell_pixels), "the image", "choose fewer frames")):
        raise InputError(problems)
    with staging(target.parent) as staged, explained(target.parent):
        STILLS[target.suffix.lower()](figure, scene, staged / target.name)
        publish(staged, target.parent, [Path(target.name)])
    return target


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
    endings = dict.fromkeys(format.suffix for format in FORMATS.values() if format.suffix != FOLDER)
    rule = f"must end in {', '.join(endings)} (.png is a sprite sheet), or in / for a folder of frames"
    raise wrong("output", str(path), rule)


def render(
    figures: Mapping[str, Figure],
    out: str | Path = "out",
    formats: Iterable[str] = USUAL_FORMATS,
    jobs: int = 1,
    progress: Callable[[Rendered], None] = lambda rendered: None,
    force: bool = False,
) -> list[Rendered]:
    """Write figures as `out/FORMAT/NAME...`, all of them or none.

    Args:
        figures: the figures by name.
        out: the folder to write in; made where it is missing.
        formats: names of formats, see `FORMATS`.
        jobs: processes to share the work; the files are the same with any number. With more than one, a script
            needs the usual `if __name__ == "__main__":` around its call.
        progress: called with each figure when it is done, in no particular order.
        force: draw everything anew; else what is there is kept where the manifest of the folder, `manifest.json`,
            shows that it would come out the same.

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
    manifest = Manifest(folder, {}) if force else Manifest.of(folder)
    done: dict[str, Rendered] = {}
    work: dict[str, tuple[str, ...]] = {}
    for name, figure in figures.items():
        kept = {format: manifest.unchanged(name, format, figure) for format in chosen}
        work[name] = tuple(format for format, files in kept.items() if not files)
        done[name] = _kept(name, manifest, [file for files in kept.values() for file in files])
        if not work[name]:
            progress(done[name])
    with staging(folder) as staged:
        tasks = [(name, figure, work[name], staged, folder) for name, figure in figures.items() if work[name]]
        added: dict[str, Mapping[str, object]] = {}
        drawn: list[Path] = []
        for rendered in _all(tasks, jobs):
            added.update(rendered.entries)
            drawn.extend(rendered.files)
            done[rendered.name] = rendered.moved(staged, folder).with_kept(done[rendered.name])
            progress(done[rendered.name])
        names = [file.relative_to(staged) for file in drawn]
        if names:
            # What is replaced is no longer what the old manifest says of it.
            text = Manifest.of(folder).text(added)
            (staged / MANIFEST).write_text(text, encoding="utf-8")
            publish(staged, folder, [*names, Path(MANIFEST)])
    return [done[name] for name in figures]


def _kept(name: str, manifest: Manifest, files: Sequence[str]) -> Rendered:
    """What is there already of a figure."""
    entries = [manifest.files[file] for file in files]
    first = entries[0] if entries else {"frames": 0, "width": 0, "height": 0}
    size = sum(entry["bytes"] for entry in entries)
    paths = tuple(manifest.folder / file for file in files)
    return Rendered(name, first["frames"], (first["width"], first["height"]), paths, size, drawn=False)


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
    if figure.title and (lacking := missing(figure.title, theme_of(figure).words)):
        raise wrong("title", figure.title, f"the typeface has no {', '.join(lacking)}; leave that out")
    return scene


def _check(figures: Mapping[str, Figure], formats: tuple[str, ...]) -> None:
    if problems := list(check(figures, formats)):
        raise InputError(problems)


_Task = tuple[str, Figure, tuple[str, ...], Path, Path]
"""Name, figure, formats, the folder to write in, and the one that the reader knows of."""


def _all(tasks: list[_Task], jobs: int) -> Iterator[Rendered]:
    """Every figure in the order in which they are done."""
    if min(jobs, len(tasks)) <= 1:
        yield from (_one(*task) for task in tasks)
        return
    # The long ones first, so that no process is left with one at the end.
    tasks = sorted(tasks, key=lambda task: len(drawing.draw(task[1]).durations), reverse=True)
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
    rendered = _write(name, figure, targets, out)
    scene = drawing.draw(figure)
    written: dict[str, Mapping[str, object]] = {}
    for format, path in targets.items():
        written.update(entries(name, format.name, figure, scene, format.files(path), staged))
    return replace(rendered, entries=written)


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
