"""Locks on files, which the system opens when their holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _lock(stream: BinaryIO, wait: bool) -> None:
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(stream: BinaryIO, wait: bool) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def locked(path: Path, make: bool = True, wait: bool = False) -> BinaryIO | None:
    """The file at `path`, open and locked until it is closed; None if it was taken away meanwhile, and is to be made.

    Raises:
        OSError: another process holds it and we do not `wait`; it is missing and not to be made; or the file system
            has no locks.
    """
    stream = path.open("ab" if make else "r+b")
    try:
        _lock(stream, wait)
        if os.path.samestat(os.fstat(stream.fileno()), path.stat()):
            return stream
    except BaseException as error:
        stream.close()
        if make and isinstance(error, FileNotFoundError):
            return None  # another holder took it away before we had it
        raise
    stream.close()
    if not make:
        raise BlockingIOError
    return None


@contextmanager
def holding(path: Path) -> Iterator[None]:
    """Keep others out while they hold the same path; the file is there for no longer than that.

    Where the file system has no locks, nobody is kept out.
    """
    stream: BinaryIO | None = None
    with suppress(OSError):
        while stream is None:
            stream = locked(path, wait=True)
    try:
        yield
    finally:
        if stream is not None:
            with suppress(OSError):  # some systems remove no open file; the next holder finds it
                path.unlink()
            stream.close()
