"""Animated WebP: its chunks read by the container's specification, its pixels by Pillow, and by ffmpeg where it can."""

from __future__ import annotations

import dataclasses
import struct
import subprocess
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image, ImageSequence

from convgif.arithmetic import Conv
from convgif.assembling import webp
from convgif.drawing import draw
from convgif.drawing.scene import Scene
from convgif.figure import Figure
from convgif.rendering import frames
from tests.assembling.decoders import Pixels, film
from tests.assembling.samples import FIGURES, beads
from tests.assembling.test_apng import most_held


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


def written(figure: Figure, folder: Path, scene: Scene | None = None) -> Path:
    path = folder / "figure.webp"
    webp.write(figure, scene or draw(figure), path)
    return path


def assert_seen_alike(ours: Pixels, theirs: Pixels) -> None:
    """Equal wherever anything is seen: a colour of no opacity is none."""
    np.testing.assert_array_equal(theirs[..., 3], ours[..., 3])
    seen = ours[..., 3] > 0
    np.testing.assert_array_equal(theirs[seen], ours[seen])


MOVING = {name: figure for name, figure in FIGURES.items() if len(draw(figure).durations) > 1}


@pytest.mark.parametrize("figure", MOVING.values(), ids=MOVING)
def test_every_frame_comes_back_as_it_was_and_in_its_time(figure: Figure, tmp_path: Path) -> None:
    scene, path = draw(figure), written(figure, tmp_path)
    file = read(path)
    assert file.size == scene.pixel_size(figure.cell_pixels)
    assert [patch.duration for patch in file.patches] == list(scene.durations)
    for patch in file.patches:
        assert patch.lossless
        assert patch.left + patch.width <= file.size[0]
        assert patch.top + patch.height <= file.size[1]
    with Image.open(path) as image:
        seen = [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(image)]
    for ours, theirs in zip(frames(scene, figure.cell_pixels), seen, strict=True):
        assert_seen_alike(ours, theirs)


def ffmpeg_plays_webp() -> bool:
    """Old versions read still images only."""
    said = subprocess.run([get_ffmpeg_exe(), "-hide_banner", "-decoders"], capture_output=True, text=True, check=True)
    return "webp_anim" in said.stdout


@pytest.mark.skipif(not ffmpeg_plays_webp(), reason="this ffmpeg plays no animated WebP")
@pytest.mark.parametrize("name", ["flat with numbers", "transparent", "acts of different lengths"])
def test_ffmpeg_sees_the_same(name: str, tmp_path: Path) -> None:
    scene, path = draw(FIGURES[name]), written(FIGURES[name], tmp_path)
    seen = film(path)
    for ours, theirs in zip(frames(scene, FIGURES[name].cell_pixels), seen.frames, strict=True):
        assert_seen_alike(ours, theirs)
    assert list(seen.starts) == list(accumulate(scene.durations, initial=0))[:-1]


@pytest.mark.parametrize("name", ["a single frame", "a transparent single frame"])
def test_a_single_frame_is_a_still_image(name: str, tmp_path: Path) -> None:
    """There is nothing to play in it."""
    scene, path = draw(FIGURES[name]), written(FIGURES[name], tmp_path)
    assert {kind for kind, _ in parts(path.read_bytes()[12:])} <= {b"VP8X", b"VP8L", b"ANIM", b"ANMF"}
    with Image.open(path) as image:
        assert image.n_frames == 1  # type: ignore[attr-defined]  # Pillow sets it on its animations
        (ours,) = frames(scene, FIGURES[name].cell_pixels)
        assert_seen_alike(ours, np.asarray(image.convert("RGBA")))


def test_equal_neighbours_stay_as_long_together(tmp_path: Path) -> None:
    """The encoder may merge them; no time is lost."""
    scene = beads([0, 0, 1, 1, 2], [100, 50, 70, 30, 90])
    durations = [patch.duration for patch in read(written(Figure(Conv(3, 3), cell=8), tmp_path, scene)).patches]
    assert durations in ([150, 100, 90], [100, 50, 70, 30, 90])


@pytest.mark.parametrize("loop", [0, 1, 7, 65_535])
def test_loop(loop: int, tmp_path: Path) -> None:
    assert read(written(Figure(Conv(4, 3), cell=5, loop=loop), tmp_path)).plays == loop


def test_more_rounds_than_the_file_can_count(tmp_path: Path) -> None:
    """It has 16 bits; one round less in 65,536 is never seen, but a file that plays on, or none, is."""
    assert read(written(Figure(Conv(4, 3), cell=5, loop=65_536), tmp_path)).plays == 65_535


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    figure = FIGURES["isometric"]
    assert written(figure, tmp_path).read_bytes() == written(figure, tmp_path).read_bytes()


def test_frames_are_not_held_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = beads([0, 1, 2] * 6, [100] * 18, transparent=True)
    figure = Figure(Conv(3, 3), cell=6)
    assert most_held(webp, lambda path: webp.write(figure, scene, path), tmp_path / "a.webp", monkeypatch) <= 3
