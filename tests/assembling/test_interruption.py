"""Signals that wait, and processes that end with the one they work for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from convgif.assembling.interruption import deferred, follow_parent


@contextmanager
def noting() -> Iterator[list[int]]:
    """The signals to end that have been acted on."""
    came: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: came.append(number))
    try:
        yield came
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_signal_waits_for_the_end() -> None:
    """Whatever that is, and no longer."""

    def fail() -> NoReturn:
        os.kill(os.getpid(), signal.SIGTERM)
        assert not came
        raise ZeroDivisionError

    with noting() as came:
        with pytest.raises(ZeroDivisionError), deferred():
            fail()
        assert came == [signal.SIGTERM]
        with deferred(), deferred():
            os.kill(os.getpid(), signal.SIGTERM)
        assert came == [signal.SIGTERM] * 2
        os.kill(os.getpid(), signal.SIGTERM)
        assert came == [signal.SIGTERM] * 3


def test_other_threads_need_not_wait() -> None:
    """They may not even say what is to become of signals."""
    with noting() as came:

        def work() -> None:
            with deferred():
                done.append(signal.getsignal(signal.SIGTERM))

        done: list[object] = []
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert done == [signal.getsignal(signal.SIGTERM)]
        assert not came


def test_whoever_has_no_parent_goes_on() -> None:
    follow_parent()


PARENT = """
import multiprocessing, os, sys, time
from convgif.assembling.interruption import follow_parent

def work():
    follow_parent()
    os.write(1, b"at work\\n")
    time.sleep(60)

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    for _ in range(2):
        context.Process(target=work).start()
    sys.stdin.read(1)
    os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are ended as here")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_end_with_their_parent(method: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Though it has no time to tell them; whoever reads what they write is not kept waiting."""
    file = tmp_path_factory.mktemp("parent") / "parent.py"
    file.write_text(PARENT)
    with subprocess.Popen([sys.executable, file, method], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        assert [parent.stdout.readline() for _ in range(2)] == [b"at work\n"] * 2
        output, _ = parent.communicate(b"x", timeout=10)
    assert (output, parent.returncode) == (b"", -9)
