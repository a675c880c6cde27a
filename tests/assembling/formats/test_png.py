"""PNG stills and folders of frames, decoded by ffmpeg."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from convgif.arithmetic import Conv
from convgif.assembling.film import Film
from convgif.assembling.formats import png
from convgif.assembling.palette import Palette, packed, palette_of
from convgif.figure import Figure
from tests.assembling.decoders import Pixels, chunks, image
from tests.assembling.samples import FILMS, beads, written


def in_few_colours(film: Film, pixels: Pixels) -> npt.NDArray[np.uint8]:
    """A picture as the palette of its figure has it."""
    palette = palette_of(film)
    return np.asarray(palette.colors[palette.indices(packed(pixels))])


def assert_holds(path: Path, film: Film, pixels: Pixels) -> None:
    """What lies on paper is in the colours of the figure's palette, but for tiny files that are smaller without one."""
    about, seen = chunks(path), image(path)
    assert about.texts == {"Description": film.scene.description}
    assert about.size == pixels.shape[1::-1]
    if film.transparent:
        assert about.color_type == 6
        np.testing.assert_array_equal(seen, pixels)
    else:
        assert about.color_type == 3 or path.stat().st_size < png.SMALL
        expected = in_few_colours(film, pixels) if about.color_type == 3 else pixels
        np.testing.assert_array_equal(seen[..., :3], expected)
        assert (seen[..., 3] == 255).all()


@pytest.mark.parametrize("name", FILMS)
def test_every_frame_is_a_file(name: str, tmp_path: Path) -> None:
    film = FILMS[name]
    written(film, "frames", tmp_path, "blur")
    files = sorted((tmp_path / "blur").iterdir())
    assert [file.name for file in files] == [f"blur_{number:03}.png" for number in range(len(film.durations))]
    for file, pixels in list(zip(files, film.frames(), strict=True))[:12]:
        assert_holds(file, film, pixels)


@pytest.mark.parametrize("name", ["isometric", "flat with numbers", "transparent", "hatched"])
@pytest.mark.parametrize("still", [None, 0, 3])
def test_a_still_is_one_frame(name: str, still: int | None, tmp_path: Path) -> None:
    """The telling one, or the one that was asked for."""
    film = Film.of(FILMS[name].figure, still)
    number = film.scene.telling if still is None else still
    (pixels,) = film.frames((number,))
    assert_holds(written(film, "png", tmp_path), film, pixels)


def test_the_palette_is_left_out_where_it_is_the_larger_part(tmp_path: Path) -> None:
    """Of two colours that are exact either way."""
    tiny = beads([0], [100], cell=4)
    assert chunks(written(tiny, "png", tmp_path)).color_type == 2
    large = Film.of(Figure(Conv(9, 3), cell=20))
    assert chunks(written(large, "png", tmp_path)).color_type == 3


def test_whichever_is_smaller_is_written(tmp_path: Path) -> None:
    """Noise of all colours has no small file with a palette of two, and would not be seen again in it."""
    noise = np.random.default_rng(0).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    few = Palette(((0, 0, 0), (255, 255, 255)), ())
    for pixels, kind in ((noise, 3), (np.zeros((4, 4, 3), np.uint8), 2)):
        with (tmp_path / "one.png").open("wb") as stream:
            png.save(pixels, stream, "", few)
        assert chunks(tmp_path / "one.png").color_type == kind
