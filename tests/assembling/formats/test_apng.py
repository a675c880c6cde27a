"""APNG: its chunks read by the specification, its pixels by ffmpeg, which shares no code with Pillow."""

from __future__ import annotations

import dataclasses
import struct
import weakref
import zlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

import numpy as np
import pytest

from convgif.arithmetic import Conv
from convgif.assembling import apng
from convgif.drawing import draw
from convgif.drawing.scene import Scene
from convgif.figure import Figure
from convgif.rendering import frames
from tests.assembling.decoders import Pixels, chunks, film
from tests.assembling.samples import BLUE, FIGURES, beads

TICKS: Final = 100_000
"""ffmpeg's units of time a second, for APNG."""


class Patch(NamedTuple):
    """One frame: where it lies, its delay in seconds, what becomes of it and how it is put there, and its bytes."""

    left: int
    top: int
    width: int
    height: int
    delay: Fraction
    dispose: int
    blend: int
    data: bytes


@dataclasses.dataclass(frozen=True)
class Animation:
    """What the chunks of an APNG file say; `plays` is 0 for ever."""

    size: tuple[int, int]
    channels: int
    plays: int
    patches: tuple[Patch, ...]


def read(path: Path) -> Animation:
    """Walk through the chunks, and refuse what the specification refuses; their sums are `chunks`' business."""
    known = chunks(path)
    data, at = path.read_bytes(), 8
    found: list[tuple[bytes, bytes]] = []
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        found.append((kind, data[at + 8 : at + 8 + length]))
        at += 12 + length
    kinds = [kind for kind, _ in found]
    assert kinds.count(b"acTL") == 1
    assert kinds.index(b"acTL") < kinds.index(b"IDAT")
    controls = [body for kind, body in found if kind == b"fcTL"]
    number, plays = struct.unpack(">II", dict(found)[b"acTL"])
    assert number == len(controls)
    patches: list[Patch] = []
    order: list[int] = []
    for (kind, body), (after, pixels) in pairwise(found):
        if kind == b"fcTL":
            sequence, width, height, left, top, ticks, of, dispose, blend = struct.unpack(">IIIIIHHBB", body)
            order.append(sequence)
            if patches:
                assert after == b"fdAT"
                order.append(*struct.unpack(">I", pixels[:4]))
                pixels = pixels[4:]
            else:
                assert after == b"IDAT"
            patches.append(Patch(left, top, width, height, Fraction(ticks, of), dispose, blend, pixels))
    assert order == list(range(len(order)))
    assert kinds.count(b"IDAT") + kinds.count(b"fdAT") == number
    return Animation(known.size, {2: 3, 6: 4}[known.color_type], plays, tuple(patches))


def written(figure: Figure, folder: Path, scene: Scene | None = None) -> Path:
    path = folder / "figure.apng"
    apng.write(figure, scene or draw(figure), path)
    return path


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_every_frame_comes_back_as_it_was_and_in_its_time(figure: Figure, tmp_path: Path) -> None:
    """Lossless, also where it is clear; chunks in order, patches inside of the canvas and none empty."""
    scene, path = draw(figure), written(figure, tmp_path)
    file = read(path)
    assert file.size == scene.pixel_size(figure.cell_pixels)
    assert file.channels == (4 if figure.transparent else 3)
    assert chunks(path).texts == {"Description": scene.description}
    assert [1000 * patch.delay for patch in file.patches] == list(scene.durations)
    first = file.patches[0]
    assert (first.left, first.top, first.width, first.height) == (0, 0, *file.size)
    for patch in file.patches:
        assert patch.left + patch.width <= file.size[0]
        assert patch.top + patch.height <= file.size[1]
        assert min(patch.width, patch.height) > 0
        assert (patch.dispose, patch.blend) == (0, 0)
        assert len(zlib.decompress(patch.data)) == patch.height * (1 + patch.width * file.channels)
    seen = film(path)
    rendered = list(frames(scene, figure.cell_pixels))
    assert len(seen.frames) == len(rendered)
    for ours, theirs in zip(rendered, seen.frames, strict=True):
        np.testing.assert_array_equal(theirs, ours)
    starts = [TICKS // 1000 * start for start in accumulate(scene.durations, initial=0)]
    assert list(seen.starts) == starts[:-1]


@pytest.mark.parametrize("transparent", [False, True])
def test_a_patch_is_as_small_as_can_be(transparent: bool, tmp_path: Path) -> None:
    """Two neighbouring squares of 10 pixels change, three in the next; and one pixel stands for no change."""
    scene = beads([0, 1, 3, 3], [100] * 4, transparent=transparent)
    patches = read(written(Figure(Conv(3, 3), cell=10), tmp_path, scene)).patches
    assert [(patch.width, patch.height) for patch in patches[1:]] == [(20, 10), (30, 10), (1, 1)]
    seen = film(tmp_path / "figure.apng").frames
    for ours, theirs in zip(frames(scene, 10), seen, strict=True):
        np.testing.assert_array_equal(theirs, ours)
        assert (theirs == (*BLUE, 255)).all(axis=2).sum() == 100


@pytest.mark.parametrize("duration", [1, 20, 65_535, 65_536, 65_545, 300_000, 600_000])
def test_a_delay_fits_its_sixteen_bits(duration: int, tmp_path: Path) -> None:
    """In milliseconds as long as these fit; longer ones to the nearest hundredth of a second."""
    scene = beads([0, 1], [duration, 100])
    first, last = read(written(Figure(Conv(3, 3), cell=4), tmp_path, scene)).patches
    assert abs(1000 * first.delay - duration) <= (0 if duration < 65_536 else 5)
    assert last.delay == Fraction(1, 10)


@pytest.mark.parametrize("loop", [0, 1, 65_536])
def test_loop(loop: int, tmp_path: Path) -> None:
    """The file counts as the option does: how often it is played, 0 for ever."""
    assert read(written(Figure(Conv(4, 3), cell=5, loop=loop), tmp_path)).plays == loop


def test_a_description_that_latin_letters_cannot_write_does_no_harm(tmp_path: Path) -> None:
    """The chunk holds Latin-1; what is not in it is lost, and nothing else is."""
    figure = Figure(Conv(4, 3), cell=5, title="Ünfug × −∞")
    path = written(figure, tmp_path)
    assert chunks(path).texts["Description"].startswith("Ünfug × ??: ")
    assert len(film(path).frames) == 4


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    figure = FIGURES["isometric"]
    assert written(figure, tmp_path).read_bytes() == written(figure, tmp_path).read_bytes()


def most_held(module: ModuleType, write: Callable[[Path], None], path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The largest number of frames that were alive at a time while a file was written."""
    references: list[weakref.ref[Pixels]] = []
    most = 0

    def watched(scene: Scene, cell: float) -> Iterator[Pixels]:
        nonlocal most
        for pixels in frames(scene, cell):
            references.append(weakref.ref(pixels))
            most = max(most, sum(reference() is not None for reference in references))
            yield pixels

    monkeypatch.setattr(module, "frames", watched)
    write(path)
    assert len(references) > 8
    return most


def test_frames_are_not_held_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """400 frames of a large figure would be gigabytes: the last one, the new one, and no more."""
    scene = beads([0, 1, 2] * 6, [100] * 18, transparent=True)
    figure = Figure(Conv(3, 3), cell=6)
    assert most_held(apng, lambda path: apng.write(figure, scene, path), tmp_path / "a.apng", monkeypatch) <= 3
