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
    """Signals that somebody acts on here wait for the end; what ends a process at once, such as SIGKILL, does so.

    Python acts on signals in its main thread only, so that nothing has to wait elsewhere.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    acting = {number: handler for number, handler in handlers.items() if callable(handler)}
    came: list[int] = []
    try:
        for number in acting:
            signal.signal(number, lambda number, frame: came.append(number))
        yield
    finally:
        for number, handler in acting.items():
            signal.signal(number, handler)
        for late in came:
            signal.raise_signal(late)


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
