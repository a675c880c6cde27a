"""Finished files read back: what is told of them, and what is said of those that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from convgif.assembling.inspection import Inspection, inspect
from convgif.errors import InputError
from tests.assembling.samples import FILMS, beads, written


@pytest.mark.parametrize("format", ["gif", "apng", "webp", "avif", "mp4", "webm"])
def test_what_plays(format: str, tmp_path: Path) -> None:
    film = beads([0, 1, 2], [500, 500, 1500], cell=10)
    path = written(film, format, tmp_path)
    width, height = film.size
    moved = (width + width % 2, height + height % 2) if format in ("mp4", "webm") else film.size
    found = inspect(str(path))
    assert (found.format, found.width, found.height, found.frame_size) == (format, *moved, moved)
    assert found.bytes == path.stat().st_size
    assert sum(found.durations) == 2500
    assert found.loop == (None if format in ("mp4", "webm") else 0)


def test_each_frame_has_its_duration(tmp_path: Path) -> None:
    found = inspect(written(beads([0, 1, 2], [500, 40, 1500]), "gif", tmp_path))
    assert found.durations == (500, 40, 1500)
    assert ", 3 frames of 40 to 1,500 ms, 2.04 s in all, plays for ever, " in str(found)


@pytest.mark.parametrize("format", ["gif", "apng", "webp", "avif", "png", "mp4", "webm"])
def test_single_frames(format: str, tmp_path: Path) -> None:
    """A still has no time; what is made to be played has, however short."""
    found = inspect(written(FILMS["a single frame"], format, tmp_path))
    assert found.frames == 1
    assert found.durations in ((), FILMS["a single frame"].durations)


def test_a_sheet_is_known_by_its_index(tmp_path: Path) -> None:
    film = FILMS["acts of different lengths"]
    path = written(film, "sheet", tmp_path, "blur.sheet")
    found = inspect(path)
    assert (found.format, found.frames, found.durations) == ("sheet", len(film.durations), film.durations)
    assert found.frame_size == film.size
    assert str(found).startswith("sprite sheet, ")
    assert f"frames of {film.size[0]} x {film.size[1]} pixels, each 40 to 500 ms" in str(found)


def test_a_picture_beside_another_index_is_a_picture(tmp_path: Path) -> None:
    path = written(FILMS["isometric"], "sheet", tmp_path)
    path.with_suffix(".json").write_text(json.dumps({"meta": {"app": "aseprite"}}))
    assert inspect(path).format == "png"
    path.with_suffix(".json").write_text("[")
    assert inspect(path).format == "png"


def test_an_index_of_another_sheet_is_told(tmp_path: Path) -> None:
    path = written(FILMS["isometric"], "sheet", tmp_path)
    Image.new("RGB", (9, 9)).save(path)
    with pytest.raises(InputError, match=r"does not fit its index figure\.json"):
        inspect(path)


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        inspect(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    return text.removeprefix(f"{path}: ")


def test_what_is_no_picture(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.gif") == "there is no such file"
    assert refusal(tmp_path) == "is a folder; name the files in it"
    for name, content in (("empty.gif", b""), ("text.png", b"hello"), ("drawing.svg", b"<svg/>")):
        (tmp_path / name).write_bytes(content)
        assert refusal(tmp_path / name).startswith("is of no kind that can be inspected; these are GIF, ")


@pytest.mark.parametrize("format", ["gif", "apng", "webp", "avif", "png", "mp4", "webm"])
@pytest.mark.parametrize("share", [0.1, 0.7])
def test_what_is_cut_off_is_told(format: str, share: float, tmp_path: Path) -> None:
    """As a download that broke off: an error that says so, or at least fewer frames than there should be."""
    whole = written(FILMS["isometric"], format, tmp_path)
    meant = inspect(whole)
    data = whole.read_bytes()
    whole.write_bytes(data[: int(len(data) * share)])
    try:
        found: Inspection | None = inspect(whole)
    except InputError as error:
        found = None
        told = str(error)
        assert "is damaged" in told or "of no kind" in told  # either may happen
    assert found is None or found.frames < meant.frames


def test_a_video_needs_pyav(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(FILMS["a single frame"], "mp4", tmp_path)
    monkeypatch.setattr("convgif.assembling.inspection.find_spec", lambda name: None)
    assert refusal(path) == "needs PyAV to be read; pip install 'convgif[video]'"
