"""GIFs, looked at with other eyes than those of the library that packs them.

ffmpeg decodes the pixels and the times, a small reader of the specification the blocks, Pillow is a third opinion.
Players differ in what they forgive; a file that all three understand alike is a file that browsers show alike.
"""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
from itertools import accumulate, groupby, pairwise
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import Conv, ConvTranspose
from convgif.assembling.film import Film
from convgif.assembling.palette import OPAQUE
from convgif.drawing.scene import Items, Polygon, Track
from convgif.rendering import colours_of, raster
from tests.assembling import decoders, gif89a
from tests.assembling.decoders import Pixels
from tests.assembling.samples import BLUE, FILMS, REPEATABLE, WHITE, beads, encoded, film_of
from tests.assembling.samples import written as written_as

KEEP, CLEAR = 1, 2


def written(film: Film, folder: Path) -> Path:
    return written_as(film, "gif", folder)


def blocks_of(film: Film) -> gif89a.Gif:
    (data,) = encoded(film, "gif").values()
    return gif89a.parse(data)


@pytest.fixture(scope="module", params=FILMS)
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Film, Path]:
    film = FILMS[request.param]
    return film, written(film, tmp_path_factory.mktemp("gif"))


def pairs(rendered: Pixels, decoded: Pixels) -> npt.NDArray[np.int64]:
    """Every (colour rendered, colour decoded) that occurs in a visible pixel, as rows (n, 2, 3)."""
    seen = np.ones(rendered.shape[:2], bool) if rendered.shape[2] == 3 else rendered[..., 3] >= OPAQUE
    np.testing.assert_array_equal(decoded[..., 3], np.where(seen, 255, 0))
    six = np.concatenate([rendered[seen][:, :3], decoded[seen][:, :3]], axis=1).astype(np.int64)
    number = np.unique(six @ 256 ** np.arange(6))
    return (number[:, None] // 256 ** np.arange(6) % 256).reshape(-1, 2, 3)


def assert_quantised(film: Film, decoded: Pixels, colors: Pixels) -> None:
    """Every visible pixel has the colour of the palette that is nearest to the rendered one; the others are clear."""
    rendered = list(film.frames())
    assert len(decoded) == len(rendered)
    for one, other in zip(rendered, decoded, strict=True):
        assert other.shape[:2] == one.shape[:2]
        both = pairs(one, np.asarray(other))
        offers = np.square(both[:, 0, None] - colors.astype(np.int64)).sum(axis=-1)
        chosen = np.square(both[:, 0] - both[:, 1]).sum(axis=-1)
        np.testing.assert_array_equal(chosen, offers.min(axis=1))


def test_ffmpeg_sees_every_frame_as_it_was_rendered(sample: tuple[Film, Path]) -> None:
    """Also every transparent one: a wrong disposal shows earlier frames through the holes of later ones."""
    film, path = sample
    assert_quantised(film, decoders.film(path).frames, gif89a.parse(path.read_bytes()).colors[1:])


def test_pillow_sees_every_frame_as_it_was_rendered(sample: tuple[Film, Path]) -> None:
    film, path = sample
    frames = iio.imread(path, index=None, plugin="pillow", mode="RGBA")
    assert_quantised(film, frames, gif89a.parse(path.read_bytes()).colors[1:])


def test_the_blocks_say_what_the_figure_says(sample: tuple[Film, Path]) -> None:
    film, path = sample
    blocks = gif89a.parse(path.read_bytes())
    assert blocks.size == film.size
    assert len(blocks.patches) == len(film.durations)
    assert [10 * delay for delay in blocks.delays] == list(film.durations)
    assert {patch.transparent for patch in blocks.patches} == {0}
    assert {patch.disposal for patch in blocks.patches} == {CLEAR if film.transparent else KEEP}
    assert blocks.comments == [film.figure.describe().encode("ascii")]


def test_the_themes_colours_are_exact(sample: tuple[Film, Path]) -> None:
    """Beside a slide in the same colours any other blue shows."""
    film, path = sample
    areas, inks = colours_of(film.scene, film.theme)
    exact = {*areas, *inks}
    assert exact <= {tuple(color) for color in gif89a.parse(path.read_bytes()).colors[1:].tolist()}
    met = set()
    for one, other in zip(film.frames(), decoders.film(path).frames, strict=True):
        for rendered, decoded in pairs(one, np.asarray(other)).tolist():
            if tuple(rendered) in exact:
                met.add(tuple(rendered))
                assert rendered == decoded
    assert len(met) >= 3


def test_a_colour_that_comes_late_is_exact_too(tmp_path: Path) -> None:
    """The palette is made before the first frame is drawn, for all that is ever shown."""
    film = beads([0, 1, 2, 3], [100] * 4, cell=10)

    def repainted(frame: int) -> Items:
        (bead,) = film.scene.tracks[0].at(frame)
        assert isinstance(bead, Polygon)
        return (dataclasses.replace(bead, role="output") if frame == 2 else bead,)

    painted = dataclasses.replace(film, scene=dataclasses.replace(film.scene, tracks=(Track("bead", repainted),)))
    late = (*(film.theme["output"].color or ()), 255)
    counts = [int((frame == late).all(axis=-1).sum()) for frame in decoders.film(written(painted, tmp_path)).frames]
    assert counts == [0, 0, 100, 0]


def test_nothing_is_dithered(sample: tuple[Film, Path]) -> None:
    """One colour becomes one colour wherever it lies, so areas stay flat and compress well."""
    film, path = sample
    become: dict[tuple[int, ...], tuple[int, ...]] = {}
    for one, other in zip(film.frames(), decoders.film(path).frames, strict=True):
        for rendered, decoded in pairs(one, np.asarray(other)).tolist():
            assert become.setdefault(tuple(rendered), tuple(decoded)) == tuple(decoded)
    assert len(become) > len(set(become.values()))


def test_no_pixel_is_far_off(sample: tuple[Film, Path]) -> None:
    """Blends lie at quarters between an ink and an area, which are at most 441 apart: an eighth of that is 55.

    The worst pixel of these figures is 48 off, on a line's edge.
    """
    film, path = sample
    worst = 0.0
    for one, other in zip(film.frames(), decoders.film(path).frames, strict=True):
        both = pairs(one, np.asarray(other))
        worst = max(worst, float(np.sqrt(np.square(both[:, 0] - both[:, 1]).sum(axis=-1)).max()))
    # Half of a step between black and white, and what rounding adds.
    assert worst <= 255 * 3**0.5 / 8 + 3**0.5 / 2


def test_only_what_changes_is_stored(sample: tuple[Film, Path]) -> None:
    """Transparent frames are stored whole: nothing can be painted over with nothing.

    What changes takes fewer bytes than the whole, but in views that begin with an empty picture.
    """
    film, path = sample
    blocks = gif89a.parse(path.read_bytes())
    first, *others = blocks.patches
    assert (first.corner, first.size) == ((0, 0), blocks.size)
    for patch in others:
        if film.transparent:
            assert patch.size == blocks.size
        else:
            assert math.prod(patch.size) < math.prod(blocks.size)
            assert patch.packed_bytes < first.packed_bytes or film.figure.view in ("story", "construction")


def test_a_patch_is_as_small_as_can_be() -> None:
    """A square of 10 pixels moves by one place: two squares side by side change, and no pixel around them."""
    sizes = [patch.size for patch in blocks_of(beads([0, 1, 3, 3], [100] * 4, cell=10)).patches]
    assert sizes[1:] == [(20, 10), (30, 10)]


@pytest.mark.parametrize("view", ["flat", "matrix", "scatter"])
def test_many_frames_look_as_they_would_in_short(view: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes in several places of a frame is stored as one patch, whose pixels are those of the whole."""
    film = film_of(ConvTranspose(3, 3, stride=2, padding=1), view=view, cell=12, random=1)
    few = [np.asarray(frame) for frame in decoders.film(written(film, tmp_path)).frames]
    monkeypatch.setattr(raster, "MANY", 0)
    assert max(len(parts) for _, parts in film.changes()) > 1
    many = [np.asarray(frame) for frame in decoders.film(written(film, tmp_path)).frames]
    np.testing.assert_array_equal(few, many)


@pytest.mark.parametrize(("loop", "again"), [(0, 0), (1, None), (2, 1), (3, 2), (65_536, 65_535)])
def test_loop(loop: int, again: int | None) -> None:
    """The block counts repetitions after the first time; without one the animation is played once."""
    assert blocks_of(film_of(Conv(4, 3), cell=5, loop=loop)).again == again


def described(words: str) -> Film:
    """A small film with any description."""
    film = beads([0], [100])
    return dataclasses.replace(film, scene=dataclasses.replace(film.scene, description=words))


@pytest.mark.parametrize("length", [1, 254, 255, 256, 510, 511, 2000])
def test_a_comment_of_any_length_is_whole(length: int, tmp_path: Path) -> None:
    """A block holds 255 bytes, and an empty one ends the comment: at the multiples mistakes live."""
    words = "".join(chr(33 + number % 90) for number in range(length))
    path = written(described(words), tmp_path)
    assert gif89a.parse(path.read_bytes()).comments == [words.encode("ascii")]
    assert len(decoders.film(path).frames) == 1


def test_a_comment_is_ascii() -> None:
    """The specification allows no other letters; nothing else in the file may suffer from them."""
    assert blocks_of(described("Schlüssel 5\N{MULTIPLICATION SIGN}5 −1")).comments == [b"Schl?ssel 5?5 ?1"]


def times(path: Path) -> list[int]:
    """Hundredths of a second that ffmpeg shows each image."""
    seen = decoders.film(path)
    return [int(100 * (end - start)) for start, end in pairwise((*seen.starts, seen.end))]


def assert_in_time(delays: list[int], durations: list[int], groups: list[int]) -> None:
    """Every image begins within 5 ms of its due time, and all together last as long as they should.

    `groups` are the numbers of equal frames that each image stands for.
    """
    assert len(delays) == len(groups)
    due = [0, *accumulate(durations)]
    firsts = [0, *accumulate(groups)]
    for start, first in zip([0, *accumulate(delays)], firsts, strict=True):
        assert abs(10 * start - due[first]) <= 5
    assert sum(delays) == math.floor(sum(durations) / 10 + 0.5)


@REPEATABLE
@given(st.integers(20, 3000) | st.sampled_from([20, 25, 33, 995, 300_000]), st.integers(0, 3000))
def test_delays_do_not_drift(frame_ms: int, hold_ms: int) -> None:
    """A GIF counts hundredths of a second: 33 ms a frame, rounded each for itself, is 10 % off."""
    delays = blocks_of(beads([0, 1, 2] * 3, [frame_ms] * 8 + [frame_ms + hold_ms], cell=4)).delays
    assert_in_time(delays, [frame_ms] * 8 + [frame_ms + hold_ms], [1] * 9)


@pytest.mark.parametrize("frame_ms", [20, 25, 33, 1000])
def test_ffmpeg_shows_every_frame_in_time(frame_ms: int, tmp_path: Path) -> None:
    film = film_of(Conv(5, 3), cell=6, frame_ms=frame_ms, hold_ms=15)
    assert_in_time(times(written(film, tmp_path)), [frame_ms] * 8 + [frame_ms + 15], [1] * 9)


@pytest.mark.parametrize(("frame_ms", "tween"), [(500, 40), (300, 24), (437, 35), (20, 20)])
def test_ffmpeg_shows_acts_of_different_lengths_in_time(frame_ms: int, tween: int, tmp_path: Path) -> None:
    """Frames of a move are short ones between long ones, and the last is held."""
    film = Film.of(FILMS["acts of different lengths"].figure.replaced(frame_ms=frame_ms, hold_ms=305))
    durations = list(film.durations)
    assert durations[-1] == frame_ms + 305
    assert set(durations[:-1]) == {frame_ms, tween}
    assert_in_time(times(written(film, tmp_path)), durations, [1] * len(durations))


@REPEATABLE
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(20, 400)), min_size=1, max_size=12),
    st.booleans(),
)
def test_equal_neighbours_become_one_image_that_stays_as_long(beats: list[tuple[int, int]], transparent: bool) -> None:
    """An image that changes nothing is an empty patch, which is no valid GIF, or a whole one for nothing."""
    places, durations = [place for place, _ in beats], [duration for _, duration in beats]
    blocks = blocks_of(beads(places, durations, transparent=transparent))
    assert_in_time(blocks.delays, durations, [len(list(same)) for _, same in groupby(places)])


@pytest.mark.parametrize("transparent", [False, True])
def test_merged_frames_look_as_they_should(transparent: bool, tmp_path: Path) -> None:
    places = [0, 0, 2, 2, 2, 1, 0, 0]
    film = beads(places, [100] * 8, transparent=transparent, cell=10)
    path = written(film, tmp_path)
    assert times(path) == [20, 30, 10, 20]
    width, height = film.size
    seen = decoders.film(path)
    for frame, (place, _) in zip(seen.frames, groupby(places), strict=True):
        blue = (frame == (*BLUE, 255)).all(axis=-1)
        middle = round(width / 2 + 10 * (place - 1))
        assert blue[height // 2, middle]
        assert blue.sum() == 100
        assert (frame[~blue] == ((0, 0, 0, 0) if transparent else (*WHITE, 255)))[:, 3].all()


def test_no_merged_delay_is_too_long_for_the_file() -> None:
    """A delay has 16 bits, 655 seconds; three equal frames of the longest duration allowed last 900."""
    assert sum(blocks_of(beads([0, 0, 0, 1], [300_000] * 4)).delays) == 120_000


@pytest.mark.parametrize("spoil", [lambda data: data + b"\0", lambda data: data[:-1], lambda data: data + data])
def test_the_reader_of_blocks_is_strict(spoil: object) -> None:
    """It is what proves that nothing follows the end of a file, so it has to notice."""
    (data,) = encoded(FILMS["isometric"], "gif").values()
    assert callable(spoil)
    with pytest.raises(ValueError, match=r"bytes after the end|ends within a block"):
        gif89a.parse(spoil(data))


MEMORY = """
import resource, sys
from io import BytesIO
from convgif.arithmetic import Conv, ConvTranspose
from convgif.assembling.film import Film
from convgif.figure import Figure
from convgif.registry import FORMATS
film = Film.of(Figure(Conv(22, 3, stride=int(sys.argv[2])), cell=8))
for file in FORMATS[sys.argv[1]].files(film, "figure"):
    file.write(BytesIO())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other units")
def test_memory_does_not_grow_with_the_number_of_frames() -> None:
    """400 frames held would be 100 MB and more, and 25 MB as indices; 6 MB leave room for the larger output."""
    peaks = []
    for stride in (19, 1):
        command = [sys.executable, "-c", MEMORY, "gif", str(stride)]
        peaks.append(int(subprocess.run(command, capture_output=True, check=True).stdout))
    assert peaks[1] - peaks[0] <= 6
