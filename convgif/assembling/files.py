"""Files that are whole or not there at all: written in a hidden folder beside their targets, then moved.

The hidden folder holds what is `new`, what was there before (`old`), and a journal, by which a set that was replaced in
part is put back: at once, or by the next run if the process was killed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from convgif.assembling.interruption import deferred
from convgif.assembling.locks import holding, locked
from convgif.errors import InputError, Mention, Problem, wrong

PREFIX: Final = ".convgif-"
"""How the names of hidden folders begin."""
NEW, OLD, LOCK, JOURNAL, DONE = "new", "old", "lock", "journal", "done"
"""What lies in a hidden folder."""
PUBLISHING: Final = f"{PREFIX}publishing"
"""The lock of whoever moves files in a folder."""
ABANDONED: Final = 24 * 60 * 60
"""Seconds after which a hidden folder without a lock, of an older convgif or on a disk that has none, is nobody's."""
FOREIGN: Final = "was not written by convgif and would be replaced; move it away, or choose another place"
ALL_WRITTEN: Final = "everything was written"
"""A note on whatever ended a run that had moved all of its files."""
MARKS: Final[Mapping[str, bytes]] = {
    ".json": b'"app": "convgif"',
    ".html": b"<title>convgif: ",
    ".png": b"Description\0",
    ".svg": b'<svg xmlns="http://www.w3.org/2000/svg" class="c',
}
"""What files of ours hold that may be replaced though nobody named them: indexes, manifests, galleries and frames."""


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A hidden, empty folder below `folder` to write in; whatever happens, it is gone afterwards.

    `folder` is made where it is missing, and unmade again if nothing comes to lie in it. What runs that were killed have
    left there is cleared away.

    Raises:
        InputError: `folder` cannot be written.
    """
    absent: list[Path] = []
    room: Path | None = None
    lock: BinaryIO | None = None
    published = False
    try:
        try:
            with explained(folder):
                absent = [path for path in (folder, *folder.parents) if not path.exists()]
                folder.mkdir(parents=True, exist_ok=True)
                if any(_rooms(folder)):
                    with holding(folder / PUBLISHING):
                        _sweep(folder)
                with deferred():
                    room, lock = _room(folder)
                (room / NEW).mkdir()
            yield room / NEW
        finally:
            with deferred():
                if room is not None:
                    published = (room / DONE).exists()
                    _clear(room, lock)
                for path in absent:
                    with suppress(OSError):
                        path.rmdir()
    except BaseException as error:
        if published:
            error.add_note(ALL_WRITTEN)
        raise


def _room(folder: Path) -> tuple[Path, BinaryIO | None]:
    """A hidden folder with its lock, if the file system has locks."""
    while True:
        room = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
        try:
            lock = locked(room / LOCK)
        except BlockingIOError:
            continue  # another run takes it for a leftover, since it was not locked yet
        except OSError:
            return room, None
        if lock is not None:
            return room, lock


def _rooms(folder: Path) -> Iterator[Path]:
    """The hidden folders in a folder."""
    return (path for path in folder.glob(f"{PREFIX}*") if path.is_dir() and not path.is_symlink())


def _sweep(folder: Path, own: Path | None = None) -> None:
    """Clear away what killed runs have left in a folder; what is locked belongs to a run that lives."""
    for room in _rooms(folder):
        if room != own:
            with suppress(OSError):
                lock = _lock_of_leftover(room)
                with deferred():
                    _restore(room, folder)
                    _clear(room, lock)


def _lock_of_leftover(room: Path) -> BinaryIO | None:
    """The lock of a hidden folder, taken from nobody; None if the folder is so old that it needs none.

    Raises:
        OSError: it may be in use.
    """
    try:
        return locked(room / LOCK, make=False)
    except BlockingIOError:
        raise
    except OSError:
        if time.time() - max(path.lstat().st_mtime for path in (room, *room.rglob("*"))) < ABANDONED:
            raise
        return None


def _clear(room: Path, lock: BinaryIO | None) -> None:
    """Remove a hidden folder, its lock last; one that holds what is still to be put back stays."""
    over = not (room / JOURNAL).exists()
    for path in [path for path in room.iterdir() if over and path.name != LOCK]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    if lock is not None:
        lock.close()
    if over:
        with suppress(OSError):
            (room / LOCK).unlink(missing_ok=True)
            room.rmdir()


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
    remedy: tuple[str | Mention, ...] = (),
) -> None:
    """Move finished files, and folders of frames, from `staged` to the same places in `folder`: all or none.

    A file that was there before is replaced in one move where the file system has hard links. Frames that lie in a
    folder of frames and are not replaced are removed; nothing else is touched. Signals wait until all is done.

    Args:
        staged: what `staging` gave.
        folder: the folder that it was made for.
        names: the files and folders of frames, relative to either.
        known: files in `folder` that may be replaced or removed, besides those that are ours by their content.
        replacing: told of each other file that is about to be replaced; without it, that is refused.
        remedy: what else can be done then.

    Raises:
        InputError: something that is not ours lies in the way of any of them, or cannot be replaced; then all is as it
            was.
    """
    names = tuple(names)
    with holding(folder / PUBLISHING):
        _sweep(folder, staged.parent)
        with explained(folder):
            plans = [_Plan(staged, folder, name, known) for name in names]
            problems = [problem for plan in plans for problem in plan.obstacles()]
            foreign = [] if problems else [folder / file for plan in plans for file in plan.foreign()]
            if replacing is None:
                problems += [Problem("output", str(file), (FOREIGN, *remedy)) for file in foreign]
            if problems:
                raise InputError(dict.fromkeys(problems))  # what is in the way of several files is named once
        for file in foreign:
            if replacing is not None:
                replacing(file)
        with deferred():
            coming = [file for plan in plans for file in plan.coming]
            _exchange(staged.parent, folder, coming, [file for plan in plans for file in plan.going])


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Say in words what the system said while something was written below `folder`.

    Raises:
        InputError: in place of an OSError.
    """
    try:
        yield
    except OSError as error:
        named = Path(os.fsdecode(error.filename)) if error.filename else folder
        place = folder if named.absolute().is_relative_to(folder.absolute()) else named
        raise wrong("output", str(place), f"cannot be written: {_reason(error)}; choose another place") from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


class _Plan:
    """What is to become of one name: the files that come, and those of a folder of frames that go."""

    def __init__(self, staged: Path, folder: Path, name: Path, known: Collection[Path]) -> None:
        self._staged, self._folder, self._name, self._known = staged, folder, name, known
        source, target = staged / name, folder / name
        self.coming: list[Path] = [name]
        self.going: list[Path] = []
        if source.is_dir():
            self.coming = sorted(file.relative_to(staged) for file in source.iterdir())
            there = [file.relative_to(folder) for file in target.iterdir()] if target.is_dir() else []
            self.going = sorted({*there} - {*self.coming})

    def obstacles(self) -> Iterator[Problem]:
        """What keeps it from being done."""
        source, target = self._staged / self._name, self._folder / self._name
        blocked = next((path for path in target.parents if path.exists() and not path.is_dir()), None)
        if blocked is not None:
            yield Problem("output", str(blocked), "is a file, and a folder is needed there; move it away")
        elif target.parent.exists() and not os.access(target.parent, os.W_OK | os.X_OK):
            yield Problem("output", str(target.parent), "cannot be written: permission denied; choose another place")
        elif source.is_dir() and os.path.lexists(target) and (target.is_symlink() or not target.is_dir()):
            kind = "link" if target.is_symlink() else "file"
            yield Problem("output", str(target), f"is a {kind}, and a folder of frames is to be written; move it away")
        elif target.is_dir() and not source.is_dir():
            yield Problem("output", str(target), "is a folder, and a file is to be written; move it away")
        elif others := [file.name for file in self.going if not self._is_frame_of_ours(file)] or [
            file.name for file in self.coming if (self._folder / file).is_dir()
        ]:
            words = f"holds other things than frames of that name ({others[0]}); choose another folder"
            yield Problem("output", str(target), words)

    def foreign(self) -> Iterator[Path]:
        """What is not ours and would be replaced."""
        for file in self.coming:
            target = self._folder / file
            if file not in self._known and target.is_file() and not (_is_marked(target) or self._is_there(file)):
                yield file

    def _is_frame_of_ours(self, file: Path) -> bool:
        target = self._folder / file
        numbered = re.fullmatch(re.escape(file.parent.name) + r"_\d{3,}\.(png|svg)", file.name)
        return file in self._known or bool(numbered and target.is_file() and _is_marked(target))

    def _is_there(self, file: Path) -> bool:
        """Whether just what is to be written is there already, so that nothing is lost."""
        return (self._folder / file).read_bytes() == (self._staged / file).read_bytes()


def _is_marked(file: Path) -> bool:
    mark = MARKS.get(file.suffix)
    return mark is not None and mark in file.read_bytes()


def _exchange(room: Path, folder: Path, coming: list[Path], going: list[Path]) -> None:
    """Put files in their places and others out of them: all, or none if any cannot be moved."""
    parents = dict.fromkeys(parent for file in coming for parent in reversed((folder / file).parents))
    journal = {
        "coming": [file.as_posix() for file in coming],
        "going": [file.as_posix() for file in going],
        "folders": [str(parent.relative_to(folder)) for parent in parents if not parent.exists()],
    }
    at = folder
    try:
        (room / JOURNAL).write_text(json.dumps(journal), encoding="utf-8")
        # First what changes nothing that can be seen: a second name for what is there.
        for file in (*coming, *going):
            (room / OLD / file).parent.mkdir(parents=True, exist_ok=True)
        for file in coming:
            with suppress(OSError, NotImplementedError):  # not every file system has that
                os.link(folder / file, room / OLD / file, follow_symlinks=False)
        for file in coming:
            at = folder / file
            at.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(at) and not os.path.lexists(room / OLD / file):
                at.rename(room / OLD / file)
            (room / NEW / file).replace(at)
        for file in going:
            at = folder / file
            at.rename(room / OLD / file)
        (room / JOURNAL).rename(room / DONE)
    except BaseException as error:
        end = "nothing was replaced; choose another place"
        try:
            _restore(room, folder)
        except OSError:
            end = "some files were replaced, and the next run there puts the old ones back"
        if not isinstance(error, OSError):
            raise
        raise wrong("output", str(at), f"cannot be written: {_reason(error)}; {end}") from error


def _restore(room: Path, folder: Path) -> None:
    """Put back what an exchange that was cut off has moved; it can be cut off itself, and done again.

    Raises:
        OSError: something cannot be moved.
    """
    try:
        journal = json.loads((room / JOURNAL).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except ValueError:  # it was cut off itself, and nothing was moved yet
        journal = {"coming": [], "going": [], "folders": []}
    for file in journal["coming"]:
        new, old, target = room / NEW / file, room / OLD / file, folder / file
        if not os.path.lexists(new):
            with suppress(FileNotFoundError):
                target.replace(new)
        if os.path.lexists(old):
            old.replace(target)
    for file in journal["going"]:
        if os.path.lexists(room / OLD / file):
            (room / OLD / file).replace(folder / file)
    for path in reversed(journal["folders"]):
        with suppress(OSError):
            (folder / path).rmdir()
    (room / JOURNAL).unlink()
