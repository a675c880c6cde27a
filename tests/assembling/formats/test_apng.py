"""APNG: its chunks read by the specification, its pixels by ffmpeg, which shares no code with Pillow."""

from __future__ import annotations

import dataclasses
import struct
import zlib
from fractions import Fraction
from itertools import accumulate, pairwise, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import Conv
from convgif.assembling.film import Film
from convgif.assembling.formats.apng import unused
from convgif.themes.theme import Color
from tests.assembling import decoders
from tests.assembling.decoders import chunks
from tests.assembling.samples import BLUE, FILMS, beads, film_of
from tests.assembling.samples import written as written_as


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


def written(film: Film, folder: Path) -> Path:
    return written_as(film, "apng", folder)


SMALL = {name: film for name, film in FILMS.items() if len(film.durations) < 50}
"""Many frames are nothing special here, and this reader takes its time."""


@pytest.mark.parametrize("film", SMALL.values(), ids=SMALL)
def test_every_frame_comes_back_as_it_was_and_in_its_time(film: Film, tmp_path: Path) -> None:
    """Lossless, also where it is clear; chunks in order, patches inside of the canvas and none empty."""
    path = written(film, tmp_path)
    file = read(path)
    assert file.size == film.size
    assert file.channels == (4 if film.transparent else 3)
    assert chunks(path).texts == {"Description": film.scene.description}
    assert [1000 * patch.delay for patch in file.patches] == list(film.durations)
    first = file.patches[0]
    assert (first.left, first.top, first.width, first.height) == (0, 0, *file.size)
    for number, patch in enumerate(file.patches):
        assert patch.left + patch.width <= file.size[0]
        assert patch.top + patch.height <= file.size[1]
        assert min(patch.width, patch.height) > 0
        assert (patch.dispose, patch.blend) == (0, int(number > 0 and not film.transparent))
        assert len(zlib.decompress(patch.data)) == patch.height * (1 + patch.width * file.channels)
    seen = decoders.film(path)
    for ours, theirs in zip(film.frames(), seen.frames, strict=True):
        np.testing.assert_array_equal(theirs[..., : ours.shape[2]], ours)
    assert [1000 * start for start in seen.starts] == list(accumulate(film.durations, initial=0))[:-1]


@pytest.mark.parametrize("transparent", [False, True])
def test_a_patch_is_as_small_as_can_be(transparent: bool, tmp_path: Path) -> None:
    """Two neighbouring squares of 10 pixels change, three in the next; and one pixel stands for no change."""
    film = beads([0, 1, 3, 3], [100] * 4, transparent=transparent, cell=10)
    path = written(film, tmp_path)
    assert [(patch.width, patch.height) for patch in read(path).patches[1:]] == [(20, 10), (30, 10), (1, 1)]
    for ours, theirs in zip(film.frames(), decoders.film(path).frames, strict=True):
        np.testing.assert_array_equal(theirs[..., : ours.shape[2]], ours)
        assert (theirs == (*BLUE, 255)).all(axis=2).sum() == 100


@pytest.mark.parametrize("duration", [1, 20, 65_535, 65_536, 65_545, 300_000, 600_000])
def test_a_delay_fits_its_sixteen_bits(duration: int, tmp_path: Path) -> None:
    """In milliseconds as long as these fit; longer ones to the nearest hundredth of a second."""
    first, last = read(written(beads([0, 1], [duration, 100], cell=4), tmp_path)).patches
    assert abs(1000 * first.delay - duration) <= (0 if duration < 65_536 else 5)
    assert last.delay == Fraction(1, 10)


@pytest.mark.parametrize("loop", [0, 1, 65_536])
def test_loop(loop: int, tmp_path: Path) -> None:
    """The file counts as the option does: how often it is played, 0 for ever."""
    assert read(written(film_of(Conv(4, 3), cell=5, loop=loop), tmp_path)).plays == loop


def test_a_description_that_latin_letters_cannot_write_does_no_harm(tmp_path: Path) -> None:
    """The chunk holds Latin-1; what is not in it is lost, and nothing else is."""
    path = written(film_of(Conv(4, 3), cell=5, title="Ünfug × −∞"), tmp_path)
    assert chunks(path).texts["Description"].startswith("Ünfug × ??: ")
    assert len(decoders.film(path).frames) == 4


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=6), st.data())
def test_what_stands_for_no_change_is_no_blend(colors: list[Color], data: st.DataObject) -> None:
    """Of any colours, blended one after the other."""
    clear = unused(tuple(colors))
    blended = np.array(colors[0])
    for color in colors[1:]:
        share = data.draw(st.integers(0, 255))
        blended = np.round(blended + (np.array(color) - blended) * share / 255)
        assert clear is None or tuple(blended) != clear
    assert unused(((0, 0, 0), (255, 255, 255))) is not None
    assert unused(tuple(product((0, 255), repeat=3))) is None  # type: ignore[arg-type]  # product counts no channels
