"""Sprite sheets: the frames where the index says they are, and an index as TexturePacker and Aseprite write it."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import Conv
from convgif.assembling import sheet
from convgif.drawing import draw
from convgif.errors import InputError
from convgif.figure import Figure
from tests.assembling.decoders import chunks, image
from tests.assembling.samples import FIGURES, REPEATABLE, beads


def written(figure: Figure, folder: Path) -> tuple[Path, dict[str, Any]]:
    path = folder / "blur.png"
    sheet.write(figure, draw(figure), path)
    assert sorted(file.name for file in folder.iterdir()) == ["blur.json", "blur.png"]
    return path, json.loads((folder / "blur.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_the_sheet_holds_every_frame_where_the_index_says(figure: Figure, tmp_path: Path) -> None:
    """And nothing but paper, or nothing at all, where a row is not full."""
    path, index = written(figure, tmp_path)
    frames = list(figure.frames())
    pixels = image(path)
    paper = (0, 0, 0, 0) if figure.transparent else (255, 255, 255, 255)
    expected = np.full_like(pixels, paper)
    assert len(index["frames"]) == len(frames)
    for entry, frame in zip(index["frames"].values(), frames, strict=True):
        place = entry["frame"]
        part = expected[place["y"] : place["y"] + place["h"], place["x"] : place["x"] + place["w"]]
        part[..., 3] = 255
        part[..., : frame.shape[2]] = frame
    np.testing.assert_array_equal(pixels, expected)


@pytest.mark.parametrize("transparent", [False, True])
def test_the_index_in_full(transparent: bool, tmp_path: Path) -> None:
    """Every key that a reader of this layout may look for; five frames in two rows, the last of them partly empty."""
    figure = Figure(Conv((3, 7), 3), cell=10, scale=1.5, frame_ms=40, hold_ms=5, transparent=transparent)
    width, height = draw(figure).pixel_size(15)
    _, index = written(figure, tmp_path)
    version = index["meta"].pop("version")
    assert version[0].isdigit()
    assert index == {
        "frames": {
            f"blur_{number:03}": {
                "frame": {"x": column * width, "y": row * height, "w": width, "h": height},
                "rotated": False,
                "trimmed": False,
                "spriteSourceSize": {"x": 0, "y": 0, "w": width, "h": height},
                "sourceSize": {"w": width, "h": height},
                "duration": 45 if number == 4 else 40,
            }
            for number, (row, column) in enumerate([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)])
        },
        "meta": {
            "app": "convgif",
            "image": "blur.png",
            "format": "RGBA8888" if transparent else "RGB888",
            "size": {"w": 3 * width, "h": 2 * height},
            "scale": "1.5",
            "alt": "Convolution of a 3x7 input with a 3x3 kernel, stride 1, giving a 1x5 output.",
        },
    }
    assert list(index["frames"]) == sorted(index["frames"])


def test_every_frame_has_its_own_duration(tmp_path: Path) -> None:
    """In milliseconds, as they are: nothing is rounded here, and equal neighbours stay two frames."""
    durations = [20, 333, 1000, 45, 300_000, 21]
    sheet.write(Figure(Conv(3, 3), cell=6), beads([0, 1, 1, 2, 0, 0], durations), tmp_path / "beads.png")
    index = json.loads((tmp_path / "beads.json").read_text(encoding="utf-8"))
    assert [entry["duration"] for entry in index["frames"].values()] == durations
    assert list(index["frames"]) == [f"beads_{number:03}" for number in range(6)]


def test_the_acts_of_a_figure_have_their_durations(tmp_path: Path) -> None:
    figure = FIGURES["acts of different lengths"]
    _, index = written(figure, tmp_path)
    durations = [entry["duration"] for entry in index["frames"].values()]
    assert durations == list(draw(figure).durations)
    assert set(durations) == {500, 40}


@pytest.mark.parametrize("transparent", [False, True])
def test_the_png_says_what_it_shows(transparent: bool, tmp_path: Path) -> None:
    """An opaque sheet carries no alpha: a quarter of the bytes to unpack."""
    figure = Figure(Conv(4, 3), cell=10, transparent=transparent)
    path, index = written(figure, tmp_path)
    png = chunks(path)
    assert png.size == (index["meta"]["size"]["w"], index["meta"]["size"]["h"])
    assert png.color_type == (6 if transparent else 2)
    assert png.texts == {"Description": figure.describe()}


@pytest.mark.parametrize("columns", [1, 2, 4, 9, 50])
def test_columns(columns: int, tmp_path: Path) -> None:
    figure = Figure(Conv(5, 3), cell=5, columns=columns)
    width, height = draw(figure).pixel_size(5)
    path, index = written(figure, tmp_path)
    used = min(columns, 9)
    assert chunks(path).size == (used * width, math.ceil(9 / used) * height)
    for number, entry in enumerate(index["frames"].values()):
        assert (entry["frame"]["x"], entry["frame"]["y"]) == (number % used * width, number // used * height)


@REPEATABLE
@given(st.integers(1, 5000))
def test_a_layout_is_nearly_square(count: int) -> None:
    rows, columns = sheet.layout(count, None)
    assert columns - 1 <= rows <= columns
    assert (rows - 1) * columns < count <= rows * columns


@REPEATABLE
@given(st.integers(1, 5000), st.integers(1, 200))
def test_a_layout_has_the_columns_asked_for_and_no_empty_ones(count: int, columns: int) -> None:
    rows, used = sheet.layout(count, columns)
    assert used == min(columns, count)
    assert (rows - 1) * used < count <= rows * used


def test_a_sheet_over_the_budget_is_refused() -> None:
    """By a single pixel; and with all that would help."""
    figure = Figure(Conv(5, 3), cell=10)
    width, height = draw(figure).pixel_size(10)
    fits = dataclasses.replace(figure, max_pixels=9 * width * height)
    sheet.check(fits, draw(fits))
    over = dataclasses.replace(figure, max_pixels=9 * width * height - 1)
    with pytest.raises(InputError) as caught:
        sheet.check(over, draw(over))
    assert str(caught.value) == (
        f"max_pixels = {9 * width * height - 1}: the sprite sheet would be {3 * width:,} x {3 * height:,} pixels; "
        "choose a smaller cell or scale, or another format, or raise max_pixels"
    )


def test_a_sheet_that_no_viewer_opens_is_refused() -> None:
    """Whatever `max_pixels` allows: the remedy must not be one that does not help."""
    figure = Figure(Conv(42, 3), cell=10, columns=1, max_pixels=10**10)
    width, height = draw(figure).pixel_size(10)
    with pytest.raises(InputError) as caught:
        sheet.check(figure, draw(figure))
    assert str(caught.value) == (
        f"cell = 10: the sprite sheet would be {width:,} x {1600 * height:,} pixels, the longest side can be 65,535; "
        "choose a smaller cell or scale, or another format"
    )
