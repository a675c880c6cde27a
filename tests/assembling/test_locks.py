"""Locks on folders: held by one at a time, and by nobody who has ended."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from convgif.assembling.locks import alone, lock

pytest.importorskip("fcntl")


def is_free(folder: Path) -> bool:
    try:
        os.close(lock(folder, wait=False))
    except BlockingIOError:
        return False
    return True


def test_a_lock_is_held_until_it_is_closed(tmp_path: Path) -> None:
    held = lock(tmp_path, wait=False)
    assert not is_free(tmp_path)
    assert is_free(tmp_path.parent)
    os.close(held)
    assert is_free(tmp_path)
    assert not [*tmp_path.iterdir()]


def test_one_after_the_other_is_alone(tmp_path: Path) -> None:
    """Threads as well as processes."""
    inside: list[str] = []

    def second() -> None:
        with alone(tmp_path):
            inside.append("second")

    thread = threading.Thread(target=second)
    with alone(tmp_path):
        thread.start()
        thread.join(0.1)
        inside.append("first")
    thread.join()
    assert inside == ["first", "second"]
    assert is_free(tmp_path)


def test_nobody_is_kept_out_where_there_are_no_locks(tmp_path: Path) -> None:
    with alone(tmp_path / "missing"), alone(tmp_path / "missing"):
        pass
    with pytest.raises(FileNotFoundError):
        lock(tmp_path / "missing", wait=True)
