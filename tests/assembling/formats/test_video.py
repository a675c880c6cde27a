"""Videos, decoded again: every frame is seen in its time, and players find what they need."""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imageio_ffmpeg import get_ffmpeg_exe

from convgif import build
from convgif.arithmetic import Conv
from convgif.assembling import video
from convgif.cli import run
from convgif.drawing import draw
from convgif.drawing.scene import Scene
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.rendering import frames
from tests.assembling.decoders import Pixels
from tests.assembling.samples import FIGURES, REPEATABLE, beads
from tests.assembling.test_apng import most_held

KINDS: Final[dict[str, Callable[[Figure, Scene, Path], None]]] = {"mp4": video.mp4, "webm": video.webm}
CODECS: Final = {"mp4": "h264", "webm": "vp9"}
SHOWN: Final = {
    name: FIGURES[name]
    for name in ("isometric", "fractional", "transparent and flat", "a single frame", "acts of different lengths")
}
NEAR: Final = 4
"""How far a colour may be off on average, of 255: half of the colour's resolution is thrown away."""


@dataclass(frozen=True)
class Film:
    """What was decoded: frames of shape (height, width, 3), when each begins in seconds, and which are key frames."""

    codec: str
    format: str
    duration: float
    frames: Pixels
    starts: tuple[float, ...]
    keys: tuple[bool, ...]
    said: str


def film(path: Path) -> Film:
    """Read a file again."""
    command = [get_ffmpeg_exe(), "-v", "info", "-i", str(path), "-vf", "showinfo", "-fps_mode", "passthrough"]
    done = subprocess.run([*command, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True)
    said = done.stderr.decode()
    told = re.findall(r" n: *\d+ pts: *\d+ pts_time:([\d.]+) .* iskey:(\d)", said)
    stream = re.search(r"Video: (\w+).*? (yuv\w+).*? (\d+)x(\d+)[, ]", said)
    length = re.search(r"Duration: (\d+):(\d+):([\d.]+)", said)
    assert stream
    assert length
    width, height = int(stream[3]), int(stream[4])
    images = np.frombuffer(done.stdout, np.uint8).reshape(-1, height, width, 3)
    assert len(told) == len(images)
    hours, minutes, seconds = map(float, length.groups())
    starts, keys = tuple(float(start) for start, _ in told), tuple(key == "1" for _, key in told)
    return Film(stream[1], stream[2], 3600 * hours + 60 * minutes + seconds, images, starts, keys, said)


def written(kind: str, figure: Figure, folder: Path, scene: Scene | None = None) -> Path:
    path = folder / f"figure.{kind}"
    KINDS[kind](figure, scene or draw(figure), path)
    return path


def on_white(pixels: Pixels) -> Pixels:
    """What is seen on white paper, made even by its last row and column."""
    alpha = pixels[..., 3:] / 255
    opaque = np.round(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return np.pad(opaque, ((0, len(opaque) % 2), (0, opaque.shape[1] % 2), (0, 0)), mode="edge")


def apart(ours: Pixels, theirs: Pixels) -> float:
    return float(np.abs(ours.astype(int) - theirs).mean())


def assert_in_time(scene: Scene, cell: float, seen: Film) -> None:
    """In the middle of every frame's time, that frame is seen, and no other one."""
    drawn = [on_white(pixels) for pixels in frames(scene, cell)]
    begins = list(accumulate(scene.durations, initial=0))
    for number, (start, end) in enumerate(pairwise(begins)):
        middle = (start + end) / 2000
        shown = max(index for index, at in enumerate(seen.starts) if at <= middle)
        distances = [apart(ours, seen.frames[shown]) for ours in drawn]
        assert distances[number] == min(distances) < NEAR


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("figure", SHOWN.values(), ids=SHOWN)
def test_every_frame_is_seen_in_its_time(figure: Figure, kind: str, tmp_path: Path) -> None:
    """As players want it: 4:2:0 in even sizes, and to jump to any place within two seconds."""
    scene = draw(figure)
    seen = film(written(kind, figure, tmp_path))
    size = tuple(extent + extent % 2 for extent in scene.pixel_size(figure.cell_pixels))
    assert (seen.codec, seen.format) == (CODECS[kind], "yuv420p")
    assert seen.frames.shape[2:0:-1] == size
    total = sum(scene.durations) / 1000
    rate = len(seen.frames) / total
    assert rate <= 50.001
    assert seen.starts == pytest.approx([number / rate for number in range(len(seen.starts))], abs=0.0011)
    assert seen.duration == pytest.approx(total, abs=0.0151)
    assert_in_time(scene, figure.cell_pixels, seen)
    keys = [start for start, key in zip(seen.starts, seen.keys, strict=True) if key]
    assert keys[0] == 0
    assert max(np.diff([*keys, seen.starts[-1]])) <= max(2, 1 / rate) + 0.002
    assert scene.description in seen.said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "durations", [[30, 20, 20, 30], [37, 41, 23, 1000], [20, 5000, 20], [3000, 3000], [333] * 4 + [1333]]
)
def test_durations_of_all_sorts(durations: list[int], kind: str, tmp_path: Path) -> None:
    """Those that fifty frames a second cannot show are rounded; none is lost, and no error adds up."""
    scene = beads([0, 1, 2, 0, 1][: len(durations)], durations)
    seen = film(written(kind, Figure(Conv(3, 3), cell=10), tmp_path, scene))
    rate = video._rate(scene.durations)
    assert len(seen.frames) / rate * 1000 == pytest.approx(sum(durations), abs=10)
    assert seen.starts == pytest.approx([number / rate for number in range(len(seen.starts))], abs=0.0011)
    assert_in_time(scene, 10, seen)


@REPEATABLE
@given(st.lists(st.integers(20, 300) | st.sampled_from([20, 30, 50, 1000]), min_size=1, max_size=12))
def test_no_frame_is_dropped_and_none_drifts(durations: list[int]) -> None:
    """The frame shown at any time began within half a frame of the video of when it should."""
    scene = beads([0] * len(durations), durations)
    rate = video._rate(scene.durations)
    assert rate <= 50
    with mock.patch.object(video, "frames", return_value=map(numbered, range(len(durations)))):
        seen = [int(pixels[0, 0, 0]) for pixels in video._repeated(scene, 4, rate)]
    assert list(dict.fromkeys(seen)) == list(range(len(durations)))
    due = list(accumulate(durations, initial=0))
    for number, start in enumerate(due[:-1]):
        assert abs(seen.index(number) / rate * 1000 - start) <= 500 / rate
    assert abs(len(seen) / rate * 1000 - due[-1]) <= 500 / rate


def numbered(frame: int) -> Pixels:
    """A small image that tells which frame it is."""
    return np.full((2, 2, 4), (frame, 0, 0, 255), np.uint8)


def test_a_video_can_be_played_before_all_of_it_is_there(tmp_path: Path) -> None:
    """The index of an MP4 file comes before the pictures."""
    data, at, boxes = written("mp4", FIGURES["isometric"], tmp_path).read_bytes(), 0, list[bytes]()
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        assert length >= 8
        boxes.append(kind)
        at += length
    assert at == len(data)
    assert boxes[0] == b"ftyp"
    assert boxes.index(b"moov") < boxes.index(b"mdat")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_every_time(kind: str, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    one, other = (written(kind, FIGURES["flat with numbers"], folder) for folder in (tmp_path, tmp_path / "again"))
    assert one.read_bytes() == other.read_bytes()


def test_a_folder_is_no_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To ffmpeg, what stands before a colon is one; and a percent sign counts files."""
    monkeypatch.chdir(tmp_path)
    figure = Figure(Conv(4, 3), cell=5)
    for target in ("a:b/c.mp4", "%d.mp4", "-y.webm"):
        figure.save(target)
        assert (tmp_path / target).stat().st_size > 1000


def test_what_is_clear_is_white(tmp_path: Path) -> None:
    """Video knows no transparency, and black would swallow the lines."""
    scene = beads([0, 2], [500, 500], transparent=True)
    for pixels in film(written("mp4", Figure(Conv(3, 3), cell=10), tmp_path, scene)).frames:
        assert (pixels[:3] > 245).all()


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the extra were not installed."""

    def found(name: str, package: str | None = None) -> object:
        return None if name == "imageio_ffmpeg" else find_spec(name, package)

    monkeypatch.setattr(video, "find_spec", found)


@pytest.mark.usefixtures("lacking")
@pytest.mark.parametrize("kind", KINDS)
def test_without_its_extra(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Said before anything is drawn or written, with what to install; other formats need none of it."""
    rule = f"format = '{kind}': needs imageio-ffmpeg; pip install 'convgif[video]'"
    figure = Figure(Conv(4, 3), cell=5)
    with pytest.raises(InputError) as caught:
        build.render({"blur": figure}, tmp_path / "out", ("gif", kind))
    assert str(caught.value) == f"[blur] {rule}"
    with pytest.raises(InputError) as caught:
        figure.save(tmp_path / f"blur.{kind}")
    assert str(caught.value) == rule
    assert run(["render", "padding_strides", "--formats", kind, "--out", str(tmp_path / "out")]) == 2
    assert rule in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]
    assert figure.save(tmp_path / "blur.gif").exists()


def test_frames_are_not_held_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, figure = beads([0, 1, 2] * 6, [100] * 18), Figure(Conv(3, 3), cell=6)
    assert most_held(video, lambda path: video.mp4(figure, scene, path), tmp_path / "a.mp4", monkeypatch) <= 3
