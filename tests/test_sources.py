"""Files that users name: which are read, and what is said of the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from convgif.sources import is_file, is_folder, readable


def test_a_file_of_a_sensible_size_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"1234")
    assert readable(file, largest=4).read_bytes() == b"1234"
    with pytest.raises(OSError, match="it has 4 bytes, and 3 are read at most"):
        readable(file, largest=3)


def test_what_has_no_end_or_no_path_is_not(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match="a pipe or a device"):
            readable(path)
        assert not is_file(path)
    with pytest.raises(OSError, match="no path has such characters"):
        readable("a\0b")


@pytest.mark.parametrize("path", ["a\0b", "n" * 300, "\ud800"])
def test_nothing_is_there_where_no_path_can_be(path: str, tmp_path: Path) -> None:
    assert not is_file(tmp_path / path)
    assert not is_folder(tmp_path / path)
    assert is_folder(tmp_path)
