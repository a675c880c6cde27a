"""Numbers from files: what is read, and what is said of files that hold none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from convgif.arrays import PICTURES, READERS, read_array
from convgif.errors import InputError

ROWS = [[1, 2, 3], [4, 5, 6]]


def refused(path: Path) -> str:
    """What is said of a file."""
    with pytest.raises(InputError) as caught:
        read_array(path, "weight")
    assert str(caught.value).startswith("weight = '@")
    return str(caught.value).partition(": ")[2]


@pytest.mark.parametrize(
    "text",
    ["1,2,3\n4,5,6\n", "1 2 3\n4 5 6", "1;2;3\n\n4; 5; 6\n", "\ufeff1\t2\t3\r\n4\t5\t6", "# x\n1 2 3 # y\n4 5 6"],
)
def test_rows_of_text(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    read = read_array(tmp_path / "a.csv")
    assert read.tolist() == ROWS
    assert read.dtype == np.int64


@pytest.mark.parametrize("sort", [np.uint8, np.int16, np.float32, np.bool_])
def test_an_array_is_read_back(sort: Any, tmp_path: Path) -> None:
    array = np.array(ROWS).astype(sort)
    np.save(tmp_path / "a.npy", array)
    read = read_array(tmp_path / "a.npy")
    assert np.array_equal(read, array)
    assert read.dtype in (np.int64, np.float64)


def test_lists_of_lists(tmp_path: Path) -> None:
    for text, rows in (("[[1, 2, 3], [4, 5, 6]]", ROWS), ("[1.5, 2]", [1.5, 2]), ("[[[1]], [[2]]]", [[[1]], [[2]]])):
        (tmp_path / "a.JSON").write_text(text)
        assert read_array(tmp_path / "a.JSON").tolist() == rows


def test_a_picture_is_read_in_greys(tmp_path: Path) -> None:
    grey = np.arange(6, dtype=np.uint8).reshape(2, 3) * 40
    Image.fromarray(grey).save(tmp_path / "a.png")
    assert np.array_equal(read_array(tmp_path / "a.png"), grey)
    Image.fromarray(np.dstack([grey] * 3)).save(tmp_path / "b.png")
    assert np.array_equal(read_array(tmp_path / "b.png"), grey)
    Image.fromarray(grey.astype(np.uint16) * 256).save(tmp_path / "c.png")
    assert np.array_equal(read_array(tmp_path / "c.png"), grey.astype(int) * 256)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "1 2\n3", "its rows are of different lengths"),
        ("a.csv", "1 x", "'x' is no number"),
        ("a.csv", "1 nan", "must hold finite numbers only"),
        ("a.csv", "", "must hold numbers, in rows of one length"),
        ("a.json", "[[1], [2, 3]]", "its rows are of different lengths"),
        ("a.json", '[["1"]]', "must hold numbers"),
        ("a.json", "[", "cannot be read: "),
        ("a.json", "{}", "must hold numbers"),
        ("a.npy", "no array", "cannot be read: "),
        ("a.png", "no picture", "cannot be read: "),
        ("a.txt", "1 2", "must end in .npy, .csv, .json"),
    ],
)
def test_what_is_no_file_of_numbers(name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert said in refused(tmp_path / name)


@pytest.mark.parametrize("ending", READERS)
def test_a_file_that_is_not_there(ending: str, tmp_path: Path) -> None:
    assert refused(tmp_path / f"a{ending}") == "there is no such file"


def test_an_array_of_objects_runs_no_code(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{}], object), allow_pickle=True)
    assert refused(tmp_path / "a.npy").startswith("cannot be read: ")


def test_every_picture_has_a_reader() -> None:
    assert set(PICTURES) < set(READERS)
