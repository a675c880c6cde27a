"""Animated WebP: its chunks read by the container's specification, its pixels by Pillow."""

from __future__ import annotations

import dataclasses
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from convgif.arithmetic import Conv
from convgif.assembling.film import Film
from convgif.registry import FORMATS
from tests.assembling import decoders
from tests.assembling.decoders import Pixels
from tests.assembling.samples import FILMS, beads, film_of
from tests.assembling.samples import written as written_as


class Patch(NamedTuple):
    """One image of the animation."""

    left: int
    top: int
    width: int
    height: int
    duration: int
    lossless: bool


@dataclasses.dataclass(frozen=True)
class Animation:
    """What the chunks of a WebP file say; `plays` is 0 for ever."""

    size: tuple[int, int]
    plays: int
    patches: tuple[Patch, ...]


def parts(data: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a RIFF file's body, which are padded to even lengths."""
    found: list[tuple[bytes, bytes]] = []
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        found.append((kind, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    assert at == len(data)
    return found


def number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def read(path: Path) -> Animation:
    """Walk through the chunks of an animation."""
    data = path.read_bytes()
    assert (data[:4], number(data[4:8]), data[8:12]) == (b"RIFF", len(data) - 8, b"WEBP")
    (head, extended), (next_head, control), *images = parts(data[12:])
    assert (head, next_head) == (b"VP8X", b"ANIM")
    patches = []
    for kind, body in images:
        assert kind == b"ANMF"
        left, top, width, height, duration = (number(body[at : at + 3]) for at in range(0, 15, 3))
        coded = {kind for kind, _ in parts(body[16:])}
        patches.append(Patch(2 * left, 2 * top, width + 1, height + 1, duration, coded == {b"VP8L"}))
    return Animation((number(extended[4:7]) + 1, number(extended[7:10]) + 1), number(control[4:6]), tuple(patches))


def written(film: Film, folder: Path) -> Path:
    return written_as(film, "webp", folder)


def assert_seen_alike(ours: Pixels, theirs: Pixels) -> None:
    """Equal wherever anything is seen: a colour of no opacity is none."""
    alpha = ours[..., 3] if ours.shape[2] == 4 else np.full(ours.shape[:2], 255, np.uint8)
    np.testing.assert_array_equal(theirs[..., 3], alpha)
    np.testing.assert_array_equal(theirs[alpha > 0][:, :3], ours[alpha > 0][:, :3])


MOVING = {name: film for name, film in FILMS.items() if len(film.durations) > 1}


@pytest.mark.parametrize("film", MOVING.values(), ids=MOVING)
def test_every_frame_comes_back_as_it_was_and_in_its_time(film: Film, tmp_path: Path) -> None:
    path = written(film, tmp_path)
    file = read(path)
    assert file.size == film.size
    assert [patch.duration for patch in file.patches] == list(film.durations)
    for patch in file.patches:
        assert patch.lossless
        assert patch.left + patch.width <= file.size[0]
        assert patch.top + patch.height <= file.size[1]
    for ours, theirs in zip(film.frames(), decoders.images(path), strict=True):
        assert_seen_alike(ours, theirs)


@pytest.mark.parametrize("name", ["a single frame", "a transparent single frame"])
def test_a_single_frame_is_a_still_image(name: str, tmp_path: Path) -> None:
    """There is nothing to play in it."""
    film, path = FILMS[name], written(FILMS[name], tmp_path)
    assert {kind for kind, _ in parts(path.read_bytes()[12:])} <= {b"VP8X", b"VP8L", b"ANIM", b"ANMF"}
    with Image.open(path) as image:
        assert image.n_frames == 1  # type: ignore[attr-defined]  # Pillow sets it on its animations
        (ours,) = film.frames()
        assert_seen_alike(ours, np.asarray(image.convert("RGBA")))


def test_equal_neighbours_stay_as_long_together(tmp_path: Path) -> None:
    """The encoder may merge them; no time is lost."""
    film = beads([0, 0, 1, 1, 2], [100, 50, 70, 30, 90], cell=8)
    durations = [patch.duration for patch in read(written(film, tmp_path)).patches]
    assert durations in ([150, 100, 90], [100, 50, 70, 30, 90])


@pytest.mark.parametrize("loop", [0, 1, 7, 65_535])
def test_loop(loop: int, tmp_path: Path) -> None:
    assert read(written(film_of(Conv(4, 3), cell=5, loop=loop), tmp_path)).plays == loop


def test_more_rounds_than_the_file_can_count_are_refused() -> None:
    """It has 16 bits; what does not fit would play something else than was asked for."""
    (problem,) = FORMATS["webp"].problems(film_of(Conv(4, 3), loop=65_536))
    assert str(problem) == "loop = 65536: WebP counts to 65,535 only; loop = 0 plays for ever"


def test_a_side_has_fourteen_bits() -> None:
    assert not list(FORMATS["webp"].problems(beads([0, 38], [100, 100], cell=400)))
    (problem,) = FORMATS["webp"].problems(beads([0, 39], [100, 100], cell=400))
    assert str(problem).endswith(
        "no side in WebP is longer than 16,383; choose a smaller cell or scale, or another format"
    )
