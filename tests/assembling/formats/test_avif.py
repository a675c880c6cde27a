"""AVIF: its boxes read by the specification of ISO media files, its pixels by ffmpeg and by Pillow."""

from __future__ import annotations

import struct
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convgif.arithmetic import Conv
from convgif.assembling.formats import avif
from convgif.registry import FORMATS
from tests.assembling import decoders
from tests.assembling.samples import FILMS, beads, encoded, film_of, written


def boxes(data: bytes, at: int = 0, path: str = "") -> dict[str, bytes]:
    """The contents of the boxes of a file, by their paths."""
    found: dict[str, bytes] = {}
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        assert size >= 8
        assert at + size <= len(data)
        name = f"{path}/{kind.decode()}"
        found[name] = data[at + 8 : at + size]
        if kind in (b"moov", b"trak", b"mdia"):
            found |= boxes(found[name], 0, name)
        at += size
    return found


@pytest.mark.parametrize("loop", [0, 1, 3, 65_536])
def test_rounds_and_no_date(loop: int) -> None:
    """The length of the film and of its track is that of all rounds; times of writing are nowhere."""
    (data,) = encoded(film_of(Conv(4, 3), cell=8, loop=loop, hold_ms=500), "avif").values()
    found = boxes(data)
    once = 4500
    whole = loop * once or 2**64 - 1
    # Version and flags, two times, then what the box is for.
    movie = struct.unpack(">IQQIQ", found["/moov/mvhd"][:32])
    track = struct.unpack(">IQQIIQ", found["/moov/trak/tkhd"][:36])
    medium = struct.unpack(">IQQIQ", found["/moov/trak/mdia/mdhd"][:32])
    assert movie[1:] == (0, 0, 1000, whole)
    assert (*track[1:3], track[5]) == (0, 0, whole)
    assert medium[1:] == (0, 0, 1000, once)
    assert avif.rounds_of(data) == loop


def test_frames_begin_when_they_should(tmp_path: Path) -> None:
    film = beads([0, 1, 1, 2, 0], [20, 333, 1000, 45, 2500], cell=12)
    seen = decoders.film(written(film, "avif", tmp_path))
    assert [1000 * start for start in seen.starts] == list(accumulate(film.durations, initial=0))[:-1]
    assert 1000 * seen.end == sum(film.durations)


@pytest.mark.parametrize("name", ["isometric", "flat with numbers", "transparent"])
def test_what_is_lost_is_not_seen(name: str, tmp_path: Path) -> None:
    """In full resolution of colour: thin red lines on blue would be grey in less."""
    film = FILMS[name]
    for ours, theirs in zip(film.frames(), decoders.images(written(film, "avif", tmp_path)), strict=True):
        alpha = ours[..., 3:] if film.transparent else np.uint8(255)
        apart = np.abs(ours[..., :3].astype(int) - theirs[..., :3]) * (alpha / 255)
        assert apart.mean() < 1.5
        assert np.quantile(apart, 0.999) < 60


def test_a_single_frame_is_a_still_image(tmp_path: Path) -> None:
    path = written(FILMS["a single frame"], "avif", tmp_path)
    assert "/moov" not in boxes(path.read_bytes())
    assert avif.rounds_of(path.read_bytes()) is None
    assert len(decoders.images(path)) == 1


def test_a_pillow_without_avif_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(feature: str) -> Any:
        return feature != "avif"

    monkeypatch.setattr("PIL.features.check", lacking)
    (problem,) = FORMATS["avif"].problems(FILMS["isometric"])
    assert str(problem).startswith("format = 'avif': needs a Pillow with AVIF")
