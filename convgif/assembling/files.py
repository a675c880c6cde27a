"""Files that are whole or not there at all: written in a hidden folder beside their targets, then moved.

The hidden folder holds what is new, what was there before, and a journal while one takes the place of the other. By
that, a set that was replaced in part is put back: at once, or by the next run if this one was killed.
"""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from convgif.assembling.interruption import deferred
from convgif.assembling.locks import alone, lock
from convgif.errors import InputError, Problem, Rule, rule, wrong
from convgif.sources import readable

PREFIX: Final = ".convgif-"
"""How the names of hidden folders begin."""
NEW, OLD, JOURNAL, DONE = "new", "old", "journal", "done"
"""What lies in a hidden folder; the journal is called done when all is moved."""
ABANDONED: Final = 24 * 60 * 60
"""Seconds after which a hidden folder is nobody's, where no lock can tell."""
MARKS: Final = (
    rb'"app": "convgif"',
    rb"<title>convgif: ",
    rb"tEXtDescription\0",
    rb'^<svg xmlns="[^"]*" class="c[0-9a-f]{6}" role="img"',
)
"""What indexes and manifests, the gallery, and frames have in them, and files of others have not."""
ALL_WRITTEN: Final = "everything was written"
"""A note on what ended a run that had moved its files already."""


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A hidden, empty folder below `folder` to write in; whatever happens, it is gone afterwards.

    `folder` is made where it is missing, and unmade again if nothing comes to lie in it. What killed runs have left in
    it is cleared away.

    Raises:
        InputError: `folder` cannot be written.
    """
    absent: list[Path] = []
    room: Path | None = None
    held: int | None = None
    published = False
    try:
        try:
            with explained(folder):
                absent = [path for path in (folder, *folder.parents) if not path.exists()]
                folder.mkdir(parents=True, exist_ok=True)
                recover(folder)
                with alone(folder):
                    room = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
                    with suppress(OSError):
                        held = lock(room, wait=False)
                (room / NEW).mkdir()
            yield room / NEW
        finally:
            with deferred():
                published = room is not None and (room / DONE).exists()
                if held is not None:
                    os.close(held)
                if room is not None and not (room / JOURNAL).exists():  # else it holds what the next run puts back
                    shutil.rmtree(room, ignore_errors=True)
                for path in absent:
                    with suppress(OSError):
                        path.rmdir()
    except BaseException as error:
        if published:
            error.add_note(ALL_WRITTEN)
        raise


def recover(folder: Path) -> None:
    """Put back what runs that were killed have replaced in part, and clear away what they have left.

    Raises:
        InputError: something cannot be put back.
    """
    with explained(folder):
        if any(_rooms(folder)):
            with alone(folder):
                for room in _rooms(folder):
                    _clear(room, folder)


def _rooms(folder: Path) -> Iterator[Path]:
    """The hidden folders in a folder."""
    return (path for path in folder.glob(f"{PREFIX}*") if path.is_dir() and not path.is_symlink())


def _clear(room: Path, folder: Path) -> None:
    """Clear a hidden folder away unless it belongs to a run that lives.

    Raises:
        OSError: something cannot be put back.
    """
    held: int | None = None
    try:
        held = lock(room, wait=False)
    except BlockingIOError:
        return
    except OSError:
        with suppress(OSError):
            if time.time() - max(path.lstat().st_mtime for path in (room, *room.rglob("*"))) < ABANDONED:
                return
    try:
        with deferred():
            _restore(room, folder)
            shutil.rmtree(room, ignore_errors=True)
    finally:
        if held is not None:
            os.close(held)


def is_path(text: str) -> bool:
    """Whether the system can have a path like that at all."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def publish(
    staged: Path,
    folder: Path,
    names: Iterable[Path],
    known: Collection[Path] = (),
    replacing: Callable[[Path], None] | None = None,
    remedy: Rule = "choose another name",
) -> None:
    """Move finished files, and folders of frames, from `staged` to the same places in `folder`: all or none.

    A file that was there before is replaced in one move where the file system has hard links, and a folder of frames in
    two; nothing else is touched. To be called `alone` in the folder. Signals wait until all is done.

    Args:
        staged: what `staging` gave.
        folder: the folder that it was made for.
        names: the files and folders of frames, relative to either.
        known: files in `folder` that may be replaced, besides those that are ours by what they hold.
        replacing: told of each other file before it is replaced; without it, that is refused.
        remedy: what can be done then.

    Raises:
        InputError: something that is not ours lies in the way of any of them, or cannot be replaced; then all is as it
            was.
    """
    names = tuple(names)
    with explained(folder):
        found = [problem for name in names for problem in _obstacles(staged, folder, name, known)]
        foreign = [] if found else [name for name in names if name not in known and _is_foreign(staged, folder, name)]
    for name in foreign:
        if replacing is None:
            words = "was not written by convgif and would be replaced; "
            said = words + remedy if isinstance(remedy, str) else rule(words, *remedy)
            found.append(Problem("output", str(folder / name), said))
        else:
            replacing(folder / name)
    if problems := [*dict.fromkeys(found)]:  # what is in the way of several files is named once
        raise InputError(problems)
    with deferred():
        _exchange(staged.parent, folder, names)


@contextmanager
def explained(folder: Path, file: Path | None = None) -> Iterator[None]:
    """Say in words what the system said while something was written below `folder`, perhaps what `file` will be.

    Raises:
        InputError: in place of an OSError.
    """
    try:
        yield
    except OSError as error:
        named = Path(os.fsdecode(error.filename)) if error.filename else folder
        place = file or folder if named.absolute().is_relative_to(folder.absolute()) else named
        raise wrong("output", str(place), f"cannot be written: {_reason(error)}; choose another place") from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _obstacles(staged: Path, folder: Path, name: Path, known: Collection[Path]) -> Iterator[Problem]:
    """What keeps `name` from being replaced at all."""
    source, target = staged / name, folder / name
    blocked = next((path for path in target.parents if path.exists() and not path.is_dir()), None)
    if blocked is not None:
        yield Problem("output", str(blocked), "is a file, and a folder is needed there; move it away")
    elif target.parent.exists() and not os.access(target.parent, os.W_OK | os.X_OK):
        yield Problem("output", str(target.parent), "cannot be written: permission denied; choose another place")
    elif source.is_dir() and target.exists() and not target.is_dir():
        yield Problem("output", str(target), "is a file, and a folder of frames is to be written; move it away")
    elif target.is_dir() and not source.is_dir():
        yield Problem("output", str(target), "is a folder, and a file is to be written; move it away")
    elif target.exists() and not (target.is_file() or target.is_dir()):
        yield Problem("output", str(target), "is a pipe or a device, and would be replaced; name a file")
    elif target.is_dir():
        frame = re.compile(re.escape(name.name) + r"_\d{3,}\.(png|svg)")
        others = (
            path.name
            for path in sorted(target.iterdir())
            if not (frame.fullmatch(path.name) and (name / path.name in known or _is_ours(path)))
        )
        if other := next(others, None):
            words = f"holds other things than frames of that name ({other}); choose another folder"
            yield Problem("output", str(target), words)


def _is_foreign(staged: Path, folder: Path, name: Path) -> bool:
    """Whether a file is there that is neither ours nor just what is to be written."""
    target = folder / name
    if not os.path.lexists(target) or target.is_dir():
        return False
    return not (target.is_file() and (_is_ours(target) or filecmp.cmp(staged / name, target, shallow=False)))


def _is_ours(file: Path) -> bool:
    try:
        return re.search(b"|".join(MARKS), readable(file).read_bytes()) is not None
    except OSError:  # it is larger than any of them, or cannot be read
        return False


def _exchange(room: Path, folder: Path, names: Sequence[Path]) -> None:
    """Put what is new into its places: all of it, or nothing if any cannot be moved."""
    at = folder
    try:
        (room / JOURNAL).write_text(json.dumps([name.as_posix() for name in names]), encoding="utf-8")
        for name in names:
            at = folder / name
            at.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(at):
                _set_aside(at, room / OLD / name)
            (room / NEW / name).replace(at)
        (room / JOURNAL).rename(room / DONE)
    except BaseException as error:
        end = "nothing was replaced; choose another place"
        try:
            _restore(room, folder)
        except OSError:
            end = "some files were replaced; the next run there puts the old ones back"
        if not isinstance(error, OSError):
            raise
        raise wrong("output", str(at), f"cannot be written: {_reason(error)}; {end}") from error


def _set_aside(path: Path, old: Path) -> None:
    """Give a file a second name, so that it is there until it is replaced; or move it, where it can have only one."""
    old.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_dir():
        with suppress(OSError, NotImplementedError):
            os.link(path, old, follow_symlinks=False)
            return
    path.replace(old)


def _restore(room: Path, folder: Path) -> None:
    """Undo what an exchange has moved; this can be cut off as well, and done again.

    Raises:
        OSError: something cannot be moved.
    """
    if not (room / JOURNAL).exists():
        return
    for name in _journal(room, folder):
        new, old, target = room / NEW / name, room / OLD / name, folder / name
        if not os.path.lexists(new) and os.path.lexists(target):
            target.replace(new)
        if os.path.lexists(old):
            old.replace(target)
        with suppress(OSError):
            target.parent.rmdir()  # made for it
    (room / JOURNAL).unlink()


def _journal(room: Path, folder: Path) -> list[Path]:
    """What an exchange was to move; nothing where that was not written to its end, or leads out of the folder."""
    try:
        names = [Path(name) for name in json.loads(readable(room / JOURNAL).read_text(encoding="utf-8"))]
    except (ValueError, TypeError, RecursionError):
        return []
    inside = folder.resolve()
    return names if all((folder / name).parent.resolve().is_relative_to(inside) for name in names) else []
