"""Videos, decoded again: every frame is seen in its time, and players find what they need."""

from __future__ import annotations

import struct
from fractions import Fraction
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.assembling.film import Film
from convgif.assembling.formats import video
from convgif.errors import ConvgifError
from convgif.presets import load_presets
from convgif.registry import FORMATS
from tests.assembling import decoders
from tests.assembling.decoders import Pixels
from tests.assembling.samples import FILMS, REPEATABLE, beads, encoded, written

KINDS: Final = ("mp4", "webm")
SMPTE_170M, TV = 6, 1
"""Numbers of ffmpeg for the colours of standard definition, and for their range."""


def apart(ours: Pixels, theirs: Pixels) -> float:
    height, width = ours.shape[:2]
    return float(np.abs(ours[..., :3].astype(int) - theirs[:height, :width, :3]).mean())


def assert_in_time(film: Film, seen: decoders.Film) -> None:
    """In the middle of every frame's time, that frame is seen, and no other one."""
    drawn = list(film.frames())
    for number, (start, end) in enumerate(pairwise(accumulate(film.durations, initial=0))):
        shown = max(index for index, at in enumerate(seen.starts) if at <= Fraction(start + end, 2000))
        distances = [apart(ours, seen.frames[shown]) for ours in drawn]
        assert distances[number] == min(distances) < 8


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["isometric", "fractional"])
def test_as_players_want_it(name: str, kind: str, tmp_path: Path) -> None:
    """A constant rate, colours of half the resolution, even sizes, no frame made of later ones, the first one a key."""
    film = FILMS[name]
    path = written(film, kind, tmp_path)
    seen = decoders.film(path)
    width, height = film.size
    assert seen.frames.shape[2:0:-1] == (width + width % 2, height + height % 2)
    assert (seen.codec, seen.kind) == ({"mp4": "h264", "webm": "vp9"}[kind], "yuv420p")
    assert list(seen.starts) == list(range(len(film.durations)))
    assert seen.end == len(film.durations)
    assert seen.keys[0]
    with av.open(str(path)) as container:
        order = [packet.pts for packet in container.demux(video=0) if packet.pts is not None]
        assert order == sorted(order)
        assert {**container.metadata, "comment": ""}.keys() & {"comment", "COMMENT"}
        assert film.scene.description in container.metadata.values()
    assert_in_time(film, seen)


def test_colours_are_marked_as_what_they_are(tmp_path: Path) -> None:
    """Else a player may take those of high definition, and blue turns violet."""
    for kind in KINDS:
        with av.open(str(written(FILMS["isometric"], kind, tmp_path))) as container:
            frame = next(container.decode(video=0))
            assert (frame.colorspace, frame.color_range) == (SMPTE_170M, TV)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "durations", [[30, 20, 20, 30], [37, 41, 23, 1000], [20, 5000, 20], [3000, 3000], [1001] * 3, [300_000, 600_000]]
)
def test_durations_of_all_sorts(durations: list[int], kind: str, tmp_path: Path) -> None:
    """Those that fifty frames a second cannot show are rounded; none is lost, and no error adds up."""
    film = beads([0, 1, 2, 0, 1][: len(durations)], durations, cell=10)
    seen = decoders.film(written(film, kind, tmp_path))
    rate = video.rate_of(film.durations)
    assert float(seen.end * 1000) == pytest.approx(sum(durations), abs=10)
    assert [float(start) for start in seen.starts] == pytest.approx(
        [number / rate for number in range(len(seen.starts))], abs=0.0011
    )
    assert_in_time(film, seen)


@REPEATABLE
@given(st.lists(st.integers(20, 300) | st.sampled_from([20, 30, 50, 1000]), min_size=1, max_size=12))
def test_no_frame_is_dropped_and_none_drifts(durations: list[int]) -> None:
    """The frame shown at any time began within half a frame of the video of when it should."""
    rate = video.rate_of(tuple(durations))
    assert rate <= 50
    frames = map(numbered, range(len(durations)))
    seen = [int(pixels[0, 0, 0]) for pixels in video.repeated(frames, tuple(durations), rate)]
    assert list(dict.fromkeys(seen)) == list(range(len(durations)))
    due = list(accumulate(durations, initial=0))
    for number, start in enumerate(due[:-1]):
        assert abs(seen.index(number) / rate * 1000 - start) <= 500 / rate
    assert abs(len(seen) / rate * 1000 - due[-1]) <= 500 / rate


def numbered(frame: int) -> Pixels:
    """A small image that tells which frame it is."""
    return np.full((2, 2, 3), (frame, 0, 0), np.uint8)


@pytest.mark.parametrize(("preset", "most"), [("arbitrary_padding_no_strides", 250_000), ("padding_strides", 80_000)])
def test_a_video_is_small(preset: str, most: int, tmp_path: Path) -> None:
    """And a player can jump to any step of it, from a key frame that is not far."""
    path = written(Film.of(load_presets()[preset]), "mp4", tmp_path)
    assert path.stat().st_size <= most
    seen = decoders.film(path)
    keys = [start for start, key in zip(seen.starts, seen.keys, strict=True) if key]
    assert max(np.diff([float(at) for at in (*keys, seen.end)])) <= video.KEY_SECONDS
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for number in (len(seen.starts) - 1, 0, len(seen.starts) // 2):
            time = seen.starts[number] + Fraction(1, 2)
            container.seek(int(time / (stream.time_base or 1)), stream=stream)
            shown = [frame for frame in container.decode(stream) if Fraction(str(frame.time)) <= time][-1]
            np.testing.assert_array_equal(decoders.rgba(shown), seen.frames[number])


def test_a_video_can_be_played_before_all_of_it_is_there(tmp_path: Path) -> None:
    """The index of an MP4 file comes before the pictures."""
    data, at, boxes = written(FILMS["isometric"], "mp4", tmp_path).read_bytes(), 0, list[bytes]()
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        assert length >= 8
        boxes.append(kind)
        at += length
    assert at == len(data)
    assert boxes[0] == b"ftyp"
    assert boxes.index(b"moov") < boxes.index(b"mdat")


def test_webm_without_paper_has_alpha(tmp_path: Path) -> None:
    film = beads([0, 2], [500, 500], transparent=True, cell=20)
    seen = decoders.film(written(film, "webm", tmp_path))
    assert seen.kind == "yuva420p"
    for ours, theirs in zip(film.frames(), seen.frames, strict=True):
        height, width = ours.shape[:2]
        assert np.abs(ours[..., 3].astype(int) - theirs[:height, :width, 3]).mean() < 2


def test_mp4_without_paper_is_refused() -> None:
    """It would turn white under lines that were made for dark slides."""
    (problem,) = FORMATS["mp4"].problems(FILMS["transparent"])
    assert str(problem) == (
        "transparent = True: an MP4 file has no transparency; write a WebM file, or leave transparent out"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_without_its_extra(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said before anything is drawn, with what to install."""

    def found(name: str, package: str | None = None) -> object:
        return None if name == "av" else find_spec(name, package)

    monkeypatch.setattr(video, "find_spec", found)
    (problem,) = FORMATS[kind].problems(FILMS["isometric"])
    assert str(problem) == f"format = '{kind}': needs PyAV; pip install 'convgif[video]'"


@pytest.mark.parametrize(("kind", "encoder"), [("mp4", "libx264"), ("webm", "libvpx-vp9")])
def test_without_its_encoder(kind: str, encoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds of PyAV that are not the wheels may lack it."""
    monkeypatch.setattr(av, "codecs_available", {"gif"})
    (problem,) = FORMATS[kind].problems(FILMS["isometric"])
    assert encoder in str(problem)


@pytest.mark.parametrize("wrong", [((2, 2), 4, 4.0), ((182, 176), 3, 4.0), ((182, 176), 4, 3.9)])
def test_what_was_not_written_as_it_was_meant_does_not_count(
    wrong: tuple[tuple[int, int], int, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither another size, nor a frame too few, nor another length; the stream stays empty."""
    film = beads([0, 1, 2, 1], [1000] * 4)
    size = video._even_size(film)
    monkeypatch.setattr(video, "read", lambda path: (size if wrong[0] != (2, 2) else (2, 2), *wrong[1:]))
    with pytest.raises(ConvgifError, match="not written as it should be"):
        encoded(film, "mp4")
