"""Numbers from files of all kinds that are read, and what is said of those that hold none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convgif.arrays import PICTURES, read_array
from convgif.errors import InputError

ROWS = [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("map.csv", "1,2,3\n4,5,6\n", ROWS),
        ("map.csv", "1; 2;3\r\n4;5; 6", ROWS),
        ("map.csv", "\ufeff1\t2\t3\n\n# a comment\n4 5  6 # and one more", ROWS),
        ("map.csv", "-1.5,2e1\n.5,+4", [[-1.5, 20], [0.5, 4]]),
        ("map.JSON", json.dumps(ROWS), ROWS),
        ("map.json", "[1, 2.5]", [1, 2.5]),
        ("map.json", "[[[1]], [[2]]]", [[[1]], [[2]]]),
    ],
)
def test_texts(name: str, text: str, expected: object, tmp_path: Path) -> None:
    """Whole numbers are integers, so that they are written without a point."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = read_array(tmp_path / name)
    assert found.tolist() == expected
    assert found.dtype.kind == ("f" if any(number % 1 for number in found.ravel()) else "i") or name == "map.csv"


@pytest.mark.parametrize("kind", ["bool", "uint8", "int16", "float32"])
def test_arrays(kind: str, tmp_path: Path) -> None:
    np.save(tmp_path / "map.npy", np.array([[0, 1], [1, 1]], kind))
    found = read_array(str(tmp_path / "map.npy"))
    assert found.tolist() == [[0, 1], [1, 1]]
    assert found.dtype == (np.float64 if kind == "float32" else np.int64)


@pytest.mark.parametrize("ending", [".png", ".gif", ".bmp", ".tif", ".pgm", ".webp"])
def test_pictures(ending: str, tmp_path: Path) -> None:
    """From dark to light, rows from above."""
    assert ending in PICTURES
    grey = Image.fromarray(np.array([[0, 255, 128], [10, 20, 30]], np.uint8))
    grey.save(tmp_path / f"map{ending}", lossless=True)
    found = read_array(tmp_path / f"map{ending}")
    assert found.shape == (2, 3)
    np.testing.assert_allclose(found, [[0, 255, 128], [10, 20, 30]], atol=1)


def test_colours_become_grey_and_deep_greys_stay(tmp_path: Path) -> None:
    Image.new("RGB", (2, 1), (255, 0, 0)).save(tmp_path / "red.png")
    assert read_array(tmp_path / "red.png").tolist() == [[76, 76]]
    Image.fromarray(np.array([[65_535, 300]], np.uint16)).save(tmp_path / "deep.png")
    assert read_array(tmp_path / "deep.png").tolist() == [[65_535, 300]]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("map.xls", b"", "must end in .npy, .csv, .json, or as pictures do, such as in .png"),
        ("map.csv", b"1,2\n3", "cannot be read: its rows are of different lengths, 1 and 2"),
        ("map.csv", b"1,two", "cannot be read: 'two' is no number"),
        ("map.csv", b"", "must hold numbers, in rows of one length"),
        ("map.csv", b"1,nan", "must hold finite numbers only"),
        ("map.json", b"[1, 2", "cannot be read: "),
        ("map.json", b'["a"]', "must hold numbers, in rows of one length"),
        ("map.json", b"[[1, 2], [3]]", "cannot be read: its rows are of different lengths, 1 and 2"),
        ("map.npy", b"nonsense", "cannot be read: "),
        ("map.png", b"nonsense", "cannot be read: "),
        ("map.csv", b"\xff\xfe", "cannot be read: "),
    ],
)
def test_what_holds_no_numbers(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_array(tmp_path / name, "weight")
    (problem,) = caught.value.problems
    assert (problem.field, problem.value) == ("weight", f"@{tmp_path / name}")
    assert str(problem.rule).startswith(told)


def test_pickles_are_not_opened(tmp_path: Path) -> None:
    """They could run anything."""
    np.save(tmp_path / "map.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(InputError, match="cannot be read"):
        read_array(tmp_path / "map.npy")


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_array(tmp_path / "map.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_array(tmp_path / "folder.csv")
