"""What ends a process early, and how work that must not be cut in two waits for it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

ENDING_SIGNALS: Final = ("SIGTERM", "SIGHUP")
"""How a system asks a process to end, and what becomes of one whose terminal is closed."""


@contextmanager
def deferred() -> Iterator[None]:
    """Signals that come meanwhile take effect at the end; what cannot be put off, such as SIGKILL, does at once.

    So do those that another thread of the process receives, and all of them on Windows.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def follow_parent() -> None:
    """End this process, which another one started to work for it, as soon as that one has ended, in whatever way."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
