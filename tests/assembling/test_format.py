"""What all formats promise, each one of the registry: files, bytes, times, pictures, options, and little memory."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.assembling.film import Film
from convgif.assembling.format import FOLDER, Format, frame_name
from convgif.assembling.inspection import Inspection, inspect
from convgif.errors import InputError
from convgif.figure import OPTIONS
from convgif.registry import FORMATS
from tests.assembling import decoders
from tests.assembling.decoders import Pixels
from tests.assembling.samples import FEW, FILMS, REPEATABLE, beads, encoded, film_of, written

OTHERS: Final = {"loop": 3, "columns": 1, "frame_ms": 2000, "hold_ms": 1000}
"""Values of options that are not the usual ones."""
UNLIMITED: Final = ("svg", "svg-frames", "poster", "html", "png", "frames", "apng")
"""What is as large as one likes: the drawing itself is refused where pixels are too many."""
FOR_ALL: Final = pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
FOR_OURS: Final = pytest.mark.parametrize("format", [FORMATS[name] for name in FORMATS.shipped], ids=FORMATS.shipped)
"""Those that hold pictures, as far as can be promised here: another package's may hold anything."""


def held(format: Format, film: Film) -> bool:
    return not list(format.problems(film))


def inspected(path: Path) -> Inspection | None:
    """What can be read back of a file; None for vectors."""
    if path.suffix in (".svg", ".pdf", ".html"):
        with pytest.raises(InputError, match="of no kind that can be inspected"):
            inspect(path)
        return None
    return inspect(path)


def seen(path: Path, transparent: bool) -> list[Pixels]:
    """The frames of a file with the eyes of another library than it was written with, where there is one."""
    by_pillow = path.suffix == ".webp" or (path.suffix == ".avif" and transparent)
    return decoders.images(path) if by_pillow else list(decoders.film(path).frames)


@FOR_ALL
def test_a_format_has_the_name_that_it_is_registered_by(format: Format) -> None:
    assert FORMATS[format.name] is format
    assert format.meaning
    assert format.suffix == FOLDER or format.suffix.startswith(".")


def test_no_two_formats_share_an_ending() -> None:
    endings = [format.suffix for format in FORMATS.values() if format.suffix != FOLDER]
    assert len(endings) == len(set(endings))


@FOR_ALL
@pytest.mark.parametrize("name", ["blur", "v1.2", "ünï"])
def test_files_are_named_after_the_path_that_was_asked_for(format: Format, name: str) -> None:
    """The main one has just that path, the others begin like it; a name with a dot in it is no ending."""
    film = FILMS["isometric"]
    paths = [file.path for file in format.files(film, format.stem(name + format.suffix))]
    assert len(paths) == len(set(paths)) > 0
    if format.suffix == FOLDER:
        assert {path.partition("/")[0] for path in paths} == {name}
        assert sorted(paths) == paths
        assert len(paths) == len(film.durations)
    else:
        assert paths[0] == name + format.suffix
        assert all(path.startswith(name) and "/" not in path for path in paths)


@FOR_ALL
def test_the_same_film_gives_the_same_bytes(format: Format, tmp_path: Path) -> None:
    """Into whatever it is written, and whatever was written before: what a palette has looked up must not show."""
    film, first = FILMS["isometric"], encoded(FILMS["isometric"], format)
    assert all(first.values())
    for name in ("flat with numbers", "transparent and flat"):
        if held(format, FILMS[name]):
            encoded(FILMS[name], format)
    for file in format.files(film, "figure"):
        with (tmp_path / "file").open("w+b") as stream:
            file.write(stream)
        assert (tmp_path / "file").read_bytes() == first[file.path]


@FOR_OURS
def test_frames_are_not_held_together(format: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    """400 frames of a large figure would be gigabytes: the last one, the new one, and no more."""
    references: list[weakref.ref[Pixels]] = []
    most = 0

    def watched(film: Film, only: Sequence[int] | None = None) -> Iterator[Pixels]:
        nonlocal most
        for pixels in frames(film, only):
            references.append(weakref.ref(pixels))
            most = max(most, sum(reference() is not None for reference in references))
            yield pixels

    frames = Film.frames
    monkeypatch.setattr(Film, "frames", watched)
    encoded(beads([0, 1, 2] * 6, [100] * 18, cell=8), format)
    assert most <= 3


@FOR_OURS
@pytest.mark.parametrize("name", FEW)
def test_frames_are_seen_as_they_were_drawn_and_in_their_time(format: Format, name: str, tmp_path: Path) -> None:
    """On white and on black, so that what is transparent is as well; what is lost is so little that nobody sees it.

    A single picture takes as much time as its reader does; in a file that plays, every frame begins when it should.
    """
    film = FILMS[name]
    if not held(format, film) or (found := inspected(path := written(film, format, tmp_path))) is None:
        return
    width, height = film.size
    assert found.format in (format.name, "png")
    assert found.bytes == path.stat().st_size
    assert found.frame_size in (film.size, (width + width % 2, height + height % 2))
    if found.durations:
        assert sum(found.durations) == sum(film.durations)
    if found.format == "sheet":
        return
    ours, theirs = list(film.frames()), seen(path, film.transparent)
    assert len(theirs) == found.frames
    if len(theirs) > 1:
        begins = [*accumulate(found.durations, initial=0)]
        theirs = [theirs[begins.index(start)] for start in accumulate((0, *film.durations[:-1]))]
        assert len(theirs) == len(ours)
    else:
        ours = [ours[0 if format.suffix == FOLDER else film.shown]]
    for ground in (0, 255) if film.transparent else (0,):
        drawn = np.stack([over(one, ground) for one in ours])
        for number, frame in enumerate(theirs):
            apart = np.abs(drawn - over(frame[:height, :width], ground)).mean(axis=(1, 2, 3))
            assert apart[number] == apart.min() < 8


def over(pixels: Pixels, ground: int) -> npt.NDArray[np.float32]:
    """The pixels on a ground."""
    colors: npt.NDArray[np.float32] = pixels[..., :3].astype(np.float32)
    if pixels.shape[2] == 4:
        alpha = pixels[..., 3:].astype(np.float32) / 255
        colors = (colors * alpha + ground * (1 - alpha)).astype(np.float32)
    return colors


def usual_film() -> Film:
    """A small film whose options are the usual ones."""
    return film_of(FILMS["isometric"].figure.layer, cell=6)


@cache
def usual_files(format: str) -> dict[str, bytes]:
    """Its files, written once for all options."""
    return encoded(usual_film(), format)


@FOR_ALL
@pytest.mark.parametrize("option", sorted({option for format in FORMATS.values() for option in format.options}))
def test_an_option_has_an_effect_where_the_format_says_so(format: Format, option: str) -> None:
    """And nowhere else, so that one can be refused where it does nothing."""
    usual = usual_film()
    if option in OPTIONS:
        other = Film.of(usual.figure.replaced(**{option: OTHERS[option]}))
    else:
        other = Film.of(usual.figure, still=0)
    assert (usual_files(format.name) != encoded(other, format)) == (option in format.options)


@FOR_ALL
@pytest.mark.parametrize("loop", [0, 1, 3])
def test_the_number_of_rounds_comes_back(format: Format, loop: int, tmp_path: Path) -> None:
    film = film_of(FILMS["isometric"].figure.layer, cell=6, loop=loop)
    found = inspected(written(film, format, tmp_path)) if "loop" in format.options else None
    if found is not None:
        assert found.loop == loop


@FOR_ALL
def test_what_fits_has_no_problems(format: Format) -> None:
    for name, film in FILMS.items():
        found = [problem.field for problem in format.problems(film)]
        assert found == (["transparent"] if film.transparent and format.name == "mp4" else []), name


@FOR_OURS
def test_what_is_too_large_is_said_before_it_is_drawn(format: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    """Problems come from the size alone; formats of vectors take any, but for the pages of PDF."""
    monkeypatch.delattr(Film, "frames")
    film = beads([0, 199], [100, 100], cell=400)
    assert max(film.size) > 79_000
    found = [str(problem) for problem in format.problems(film)]
    assert all("choose a smaller cell or scale" in text for text in found)
    assert len(found) == (0 if format.name in UNLIMITED else 1)


@pytest.mark.parametrize(
    ("number", "count", "name"),
    [
        (0, 1, "blur_000"),
        (99, 100, "blur_099"),
        (999, 1000, "blur_999"),
        (0, 1001, "blur_0000"),
        (1000, 1001, "blur_1000"),
        (7, 10_000, "blur_0007"),
        (7, 10_001, "blur_00007"),
    ],
)
def test_frame_name(number: int, count: int, name: str) -> None:
    assert frame_name("blur", number, count) == name


@REPEATABLE
@given(st.integers(1, 12_000))
def test_names_sort_as_frames_follow(count: int) -> None:
    """Frame 100 sorted before frame 11 is how shells and viewers play an animation out of order."""
    numbers = sorted({0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, count - 1} & set(range(count)))
    names = [frame_name("blur", number, count) for number in numbers]
    assert names == sorted(names)
    assert len({len(name) for name in names}) == 1
