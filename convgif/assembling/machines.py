"""Figures drawn by an executor: processes of this machine or of others.

Work travels as small documents of plain values, which whoever draws checks. The files come back as bytes; or, where the
folder of this run is seen there as well, they are written in it. Files that were drawn with other code are refused, so
that they are the same as those of one process, whoever draws them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from convgif.assembling.batch import Pool, Rendered, Task
from convgif.assembling.files import explained
from convgif.assembling.manifest import digest, is_sound, recipe_of
from convgif.documents import figure_of, table_of
from convgif.errors import ConvgifError, InputError, wrong
from convgif.presets import name_rule
from convgif.reading.found import library
from convgif.registry import FORMATS

AHEAD: Final = 1_000
"""Orders that are given before the first of them has come back; more would take memory and make nobody faster."""
PATIENCE: Final = 10
"""Seconds to wait for a scheduler, and for its first worker."""
OTHER_CODE: Final = "whoever draws has another convgif, or other packages, themes or fonts; install the same everywhere"

Document = Mapping[str, Any]
"""Plain values under their names, as JSON has them; in answers, bytes as well."""


def pool(executor: Executor) -> Pool:
    """What does tasks on an executor.

    Raises:
        InputError: it is none.
    """
    if not isinstance(executor, Executor):
        words = "must be an executor of concurrent.futures, such as ProcessPoolExecutor() or client.get_executor()"
        raise wrong("executor", executor, words)
    return partial(_done, executor)


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """An executor of the workers that a scheduler of dask's has.

    Raises:
        InputError: the address is none, or nobody answers there.
        ConvgifError: dask is not installed, or the scheduler has no workers.
    """
    distributed = library("distributed", extra="dask")
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError):
        raise wrong("scheduler", address, f"does not answer within {PATIENCE} seconds") from None
    except ValueError:
        raise wrong("scheduler", address, "must be the address of a scheduler, such as tcp://10.0.0.1:8786") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ConvgifError(f"{address} has no workers; dask worker {address} starts some") from None
        yield client.get_executor()


def order_of(task: Task) -> Document:
    """The document that a task travels as."""
    table = table_of(task.figure)
    sent = figure_of(table)
    return {
        "name": task.name,
        "table": table,
        "recipes": {format: recipe_of(sent, format) for format in task.formats},
        "folder": str(task.staged.absolute()),
    }


def draw(order: Document) -> Document:
    """Draw what was ordered, wherever this runs.

    The files lie in `folder`, below the one that was ordered if it can be seen here; else `contents` has their bytes.

    Raises:
        InputError: the order is none, or the figure cannot be drawn.
        ConvgifError: what is here would draw it otherwise.
    """
    name, recipes = order["name"], order["recipes"]
    if broken := name_rule(name):
        raise wrong("name", name, broken)
    figure = figure_of(order["table"])
    for format in recipes:
        if recipe_of(figure, FORMATS.named(format, "format").name) != recipes[format]:
            raise ConvgifError(f"{name}: {OTHER_CODE}")
    shared = Path(order["folder"])
    # A folder for each try: whoever was given up for dead may still be writing.
    folder = Path(tempfile.mkdtemp(prefix="draws-", dir=shared if shared.is_dir() else None))
    try:
        done = Task(name, figure, tuple(recipes), folder, folder).done()
        answer = {"frames": done.frames, "pixels": done.pixels, "size": done.size, "entries": done.entries}
        if folder.parent == shared:
            return {**answer, "folder": folder.name}
        contents = {path: (folder / path).read_bytes() for path in done.entries}
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    return {**answer, "contents": contents}


def received(task: Task, answer: Document) -> Rendered:
    """Put the files of an answer where the task wants them.

    Raises:
        ConvgifError: they are not what the answer says of them.
    """
    recipes = {format: recipe_of(task.figure, format) for format in task.formats}
    entries: dict[str, Mapping[str, Any]] = {}
    files: list[Path] = []
    with explained(task.out):
        for path, entry in answer["entries"].items():
            if not is_sound(path, entry) or entry["preset"] != task.name or entry["format"] not in recipes:
                raise ConvgifError(f"{task.name}: an answer tells of a file that nobody ordered; nothing was written")
            file = task.staged / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if "contents" in answer:
                file.write_bytes(answer["contents"][path])
            else:
                (task.staged / answer["folder"] / path).replace(file)
            if digest(file) != entry["sha256"]:
                raise ConvgifError(f"{task.name}: a file was damaged on its way; nothing was written")
            entries[path] = {**entry, "recipe": recipes[entry["format"]]}
            files.append(file)
    return Rendered(task.name, answer["frames"], tuple(answer["pixels"]), tuple(files), answer["size"], entries=entries)


def _done(executor: Executor, tasks: list[Task]) -> Iterator[Rendered]:
    """Every task in the order in which they are done; what fails for no fault of the figure is tried twice.

    Raises:
        InputError: a figure cannot be drawn.
        ConvgifError: a second try failed as well.
    """
    waiting = iter(sorted(tasks, key=lambda task: task.figure.layer.step_count, reverse=True))
    running: dict[Future[Document], Task] = {}
    # Told of futures that were cancelled as well, for which `concurrent.futures.wait` would wait without end.
    ended: SimpleQueue[Future[Document]] = SimpleQueue()
    failed: set[str] = set()

    def give(task: Task) -> None:
        try:
            future = executor.submit(draw, order_of(task))
        except InputError:
            raise
        except Exception as error:
            raise _failure(task, error) from error
        running[future] = task
        future.add_done_callback(ended.put)

    try:
        while True:
            for task in islice(waiting, AHEAD - len(running)):
                give(task)
            if not running:
                return
            future = ended.get()
            task = running.pop(future)
            try:
                rendered = received(task, future.result())
            except ConvgifError:
                raise
            except Exception as error:  # whatever can befall another process, the way to it, and what it answers
                if task.name in failed:
                    raise _failure(task, error) from error
                failed.add(task.name)
                give(task)
            else:
                yield rendered
    finally:
        for future in running:
            future.cancel()


def _failure(task: Task, error: Exception) -> ConvgifError:
    said = " ".join(str(error).split())
    return ConvgifError(
        f"{task.name} could not be drawn by the executor: {type(error).__name__}{f': {said}' if said else ''}; "
        "nothing was written"
    )
