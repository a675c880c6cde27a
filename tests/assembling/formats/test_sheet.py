"""Sprite sheets: the frames where the index says they are, and an index as TexturePacker and Aseprite write it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import Conv
from convgif.assembling.film import Film
from convgif.assembling.formats import sheet
from tests.assembling.decoders import chunks, image
from tests.assembling.formats.test_png import in_few_colours
from tests.assembling.samples import FILMS, REPEATABLE, beads, film_of
from tests.assembling.samples import written as written_as


def written(film: Film, folder: Path) -> tuple[Path, dict[str, Any]]:
    path = written_as(film, "sheet", folder, "blur")
    assert sorted(file.name for file in folder.iterdir()) == ["blur.json", "blur.png"]
    return path, json.loads((folder / "blur.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("film", FILMS.values(), ids=FILMS)
def test_the_sheet_holds_every_frame_where_the_index_says(film: Film, tmp_path: Path) -> None:
    """And nothing but paper, or nothing at all, where a row is not full."""
    path, index = written(film, tmp_path)
    pixels = image(path)
    paper = (0, 0, 0, 0) if film.theme.paper is None else (*film.theme.paper, 255)
    expected = np.full_like(pixels, paper)
    for entry, frame in zip(index["frames"].values(), film.frames(), strict=True):
        place = entry["frame"]
        part = expected[place["y"] : place["y"] + place["h"], place["x"] : place["x"] + place["w"]]
        few = not film.transparent and chunks(path).color_type == 3
        part[..., : frame.shape[2]] = in_few_colours(film, frame) if few else frame
    np.testing.assert_array_equal(pixels, expected)


@pytest.mark.parametrize("transparent", [False, True])
def test_the_index_in_full(transparent: bool, tmp_path: Path) -> None:
    """Every key that a reader of this layout may look for; five frames in two rows, the last of them partly empty."""
    film = film_of(Conv((3, 7), 3), cell=10, scale=1.5, frame_ms=40, hold_ms=5, transparent=transparent)
    width, height = film.size
    _, index = written(film, tmp_path)
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
            "alt": film.figure.describe(),
        },
    }
    assert list(index["frames"]) == sorted(index["frames"])


def test_every_frame_has_its_own_duration(tmp_path: Path) -> None:
    """In milliseconds, as they are: nothing is rounded here, and equal neighbours stay two frames."""
    durations = [20, 333, 1000, 45, 300_000, 21]
    _, index = written(beads([0, 1, 1, 2, 0, 0], durations), tmp_path)
    assert [entry["duration"] for entry in index["frames"].values()] == durations
    assert list(index["frames"]) == [f"blur_{number:03}" for number in range(6)]


def test_the_acts_of_a_figure_have_their_durations(tmp_path: Path) -> None:
    film = FILMS["acts of different lengths"]
    _, index = written(film, tmp_path)
    durations = [entry["duration"] for entry in index["frames"].values()]
    assert durations == list(film.durations)
    assert set(durations) == {500, 40}


@pytest.mark.parametrize("transparent", [False, True])
def test_the_png_says_what_it_shows(transparent: bool, tmp_path: Path) -> None:
    """An opaque sheet has a palette: a quarter of the bytes to load."""
    film = film_of(Conv(4, 3), cell=20, transparent=transparent)
    path, index = written(film, tmp_path)
    png = chunks(path)
    assert png.size == (index["meta"]["size"]["w"], index["meta"]["size"]["h"])
    assert png.color_type == (6 if transparent else 3)
    assert png.texts == {"Description": film.figure.describe()}


@pytest.mark.parametrize("columns", [1, 2, 4, 9, 50])
def test_columns(columns: int, tmp_path: Path) -> None:
    film = film_of(Conv(5, 3), cell=5, columns=columns)
    width, height = film.size
    path, index = written(film, tmp_path)
    used = min(columns, 9)
    assert chunks(path).size == (used * width, math.ceil(9 / used) * height)
    for number, entry in enumerate(index["frames"].values()):
        assert (entry["frame"]["x"], entry["frame"]["y"]) == (number % used * width, number // used * height)


@REPEATABLE
@given(st.integers(1, 5000))
def test_a_layout_of_tiny_frames_is_nearly_square(count: int) -> None:
    rows, columns = sheet.layout(count, (1, 1))
    assert columns - 1 <= rows <= columns
    assert (rows - 1) * columns < count <= rows * columns


@REPEATABLE
@given(st.integers(1, 300), st.integers(1, 6000), st.integers(1, 6000))
def test_no_side_is_longer_than_phones_allow_if_any_layout_is_so(count: int, width: int, height: int) -> None:
    """And of all that fit, the one nearest to a square of frames."""
    rows, columns = sheet.layout(count, (width, height))
    assert (rows - 1) * columns < count <= rows * columns

    def fits(columns: int) -> bool:
        return max(columns * width, math.ceil(count / columns) * height) <= sheet.LONGEST_SIDE

    usual = math.ceil(math.sqrt(count))
    near = min((abs(number - usual) for number in range(1, count + 1) if fits(number)), default=0)
    assert abs(columns - usual) == near
    assert fits(columns) or not any(map(fits, range(1, count + 1)))


@REPEATABLE
@given(st.integers(1, 5000), st.integers(1, 200))
def test_a_layout_has_the_columns_asked_for_and_no_empty_ones(count: int, columns: int) -> None:
    """Whatever the size: who asks knows why."""
    rows, used = sheet.layout(count, (400, 400), columns)
    assert used == min(columns, count)
    assert (rows - 1) * used < count <= rows * used


def test_a_sheet_over_the_budget_is_refused() -> None:
    """By a single pixel; and with all that would help."""
    film = film_of(Conv(5, 3), cell=10)
    width, height = film.size
    budget = 9 * width * height
    assert not list(sheet.problems(Film.of(film.figure.replaced(max_pixels=budget))))
    (problem,) = sheet.problems(Film.of(film.figure.replaced(max_pixels=budget - 1)))
    assert str(problem) == (
        f"max_pixels = {budget - 1}: the sprite sheet would be {3 * width:,} x {3 * height:,} pixels; "
        "choose a smaller cell or scale, or another format, or raise max_pixels"
    )


def test_a_sheet_that_no_viewer_opens_is_refused() -> None:
    """Whatever `max_pixels` allows: the remedy must not be one that does not help."""
    film = film_of(Conv(42, 3), cell=10, columns=1, max_pixels=10**10)
    width, height = film.size
    (problem,) = sheet.problems(film)
    assert str(problem) == (
        f"cell = {film.figure.cell}: the sprite sheet would be {width:,} x {1600 * height:,} pixels, "
        "and no side is longer than 65,535; choose a smaller cell or scale, or another format"
    )
