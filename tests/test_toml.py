"""Files that are no TOML, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from convgif.errors import InputError
from convgif.toml import read_toml


def test_a_document_and_its_text(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b"a = 1\r\n[b]\r\nc = 2\r\n")
    assert read_toml(file, "a.toml") == ("a = 1\n[b]\nc = 2\n", {"a": 1, "b": {"c": 2}})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = 1\nb 2\n", "a.toml:2:3: is no valid TOML: expected '=' after a key in a key/value pair"),
        (b"a =", "a.toml: is no valid TOML: invalid value"),
        (b"a = '\xff'", "a.toml: must be text in UTF-8, and byte 5 is not"),
        (b"a = " + 5_000 * b"[" + 5_000 * b"]", "a.toml: is nested too deeply"),
        (b"a = " + 5_000 * b"1", "a.toml: is no valid TOML: exceeds the limit"),
    ],
)
def test_what_is_no_toml(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_toml(file, "a.toml")
    assert str(caught.value).startswith(message)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_toml(tmp_path / "a.toml", "a.toml")
    assert str(caught.value) == "a.toml: cannot be read: no such file or directory"
    with pytest.raises(InputError, match="a directory"):
        read_toml(tmp_path, "a.toml")
