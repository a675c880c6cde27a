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

    Python acts on signals in its main thread only, so that nothing has to wait elsewhere.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ending = {getattr(signal, name) for name in ENDING_SIGNALS if hasattr(signal, name)}
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    waiting = {
        number: handler
        for number, handler in handlers.items()
        if callable(handler) or (handler == signal.SIG_DFL and number in ending)
    }
    came: list[int] = []
    for number in waiting:
        signal.signal(number, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in waiting.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


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
