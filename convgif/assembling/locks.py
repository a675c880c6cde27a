"""Locks on folders, which the system opens when whoever holds them has ended, in whatever way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def lock(folder: Path, wait: bool) -> int:
    """Lock a folder until the descriptor that is returned is closed.

    Raises:
        BlockingIOError: somebody else holds the lock, and we do not `wait`.
        OSError: there are no locks on folders here, as on Windows and on many shared disks; or no such folder.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        import fcntl  # where there is none, folders cannot be opened either

        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep others out who want to be alone in the same folder; nobody is kept out where there are no locks."""
    descriptor = None
    with suppress(OSError):
        descriptor = lock(folder, wait=True)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)
