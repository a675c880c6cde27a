"""Files that are whole or not there at all: written in a hidden folder beside their targets, then moved."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from convgif.errors import InputError, Problem, wrong

INDEX: Final = ".json"
"""The ending of the files that nobody named: the index of a sprite sheet, and the manifest of a set."""
MARK: Final = b'"app": "convgif"'
"""What every index and manifest holds."""


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A hidden, empty folder inside `folder` to write in; whatever happens, it is gone afterwards.

    `folder` is made where it is missing, and unmade again if nothing comes to lie in it.

    Raises:
        InputError: `folder` cannot be written.
    """
    absent: list[Path] = []
    staged: Path | None = None
    try:
        with explained(folder):
            absent = [path for path in (folder, *folder.parents) if not path.exists()]
            folder.mkdir(parents=True, exist_ok=True)
            staged = Path(tempfile.mkdtemp(prefix=".convgif-", dir=folder))
        yield staged
    finally:
        if staged is not None:
            shutil.rmtree(staged, ignore_errors=True)
        for path in absent:
            with suppress(OSError):
                path.rmdir()


def is_path(text: str) -> bool:
    """Whether the system can have a path like that at all."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def publish(staged: Path, folder: Path, names: Iterable[Path]) -> None:
    """Move finished files, and folders of frames, from `staged` to the same places in `folder`.

    A file that was there before is replaced in one move, and so is a folder of frames; nothing else is touched.

    Raises:
        InputError: something that is not ours lies in the way of any of them, or `folder` cannot be written; then
            none was moved.
    """
    names = tuple(names)
    with explained(folder):
        found = (problem for name in names for problem in _obstacles(staged / name, folder / name))
        if problems := [*dict.fromkeys(found)]:  # what is in the way of several files is named once
            raise InputError(problems)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        for name in names:
            _move(staged / name, folder / name, staged)


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
        reason = (error.strerror or str(error)).lower()
        raise wrong("output", str(place), f"cannot be written: {reason}; choose another place") from error


def _obstacles(source: Path, target: Path) -> Iterator[Problem]:
    """What keeps `target` from being replaced by `source`."""
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
    elif target.suffix == INDEX and target.exists() and MARK not in target.read_bytes():
        words = "was not written by convgif and would be replaced; choose another name"
        yield Problem("output", str(target), words)
    elif target.is_dir():
        frame = re.compile(re.escape(target.name) + r"_\d+\.(png|svg)")
        if others := sorted(path.name for path in target.iterdir() if not frame.fullmatch(path.name)):
            words = f"holds other things than frames of that name ({others[0]}); choose another folder"
            yield Problem("output", str(target), words)


def _move(source: Path, target: Path, staged: Path) -> None:
    if not target.is_dir():
        source.replace(target)
        return
    # A folder cannot be replaced in one move; the old one goes to where the cleaning up finds it.
    old = target.rename(Path(tempfile.mkdtemp(dir=staged)) / "old")
    try:
        source.rename(target)
    except BaseException:
        old.rename(target)
        raise
