"""PNG frames, decoded by ffmpeg, under the names that LaTeX's `animate` package counts through."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import Conv
from convgif.assembling import png
from convgif.drawing import draw
from convgif.figure import Figure
from tests.assembling.decoders import chunks, film
from tests.assembling.samples import FIGURES, REPEATABLE, beads


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_every_frame_is_a_file(figure: Figure, tmp_path: Path) -> None:
    """ffmpeg counts through the names as LaTeX does, from 000 on without a gap."""
    folder = tmp_path / "frames" / "blur"
    png.write(figure, draw(figure), folder)
    rendered = list(figure.frames())
    names = [f"blur_{number:03}.png" for number in range(len(rendered))]
    assert sorted(file.name for file in folder.iterdir()) == names
    decoded = film(folder / "blur_%03d.png").frames
    assert len(decoded) == len(rendered)
    for one, other in zip(rendered, decoded, strict=True):
        np.testing.assert_array_equal(other[..., : one.shape[2]], one)
        assert one.shape[2] == 4 or (other[..., 3] == 255).all()
    for file in folder.iterdir():
        seen = chunks(file)
        assert seen.texts == {"Description": figure.describe()}
        assert seen.color_type == (6 if figure.transparent else 2)


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
    assert png.frame_name("blur", number, count) == name


@REPEATABLE
@given(st.integers(1, 12_000))
def test_names_sort_as_frames_follow(count: int) -> None:
    """Frame 100 sorted before frame 11 is how shells and viewers play an animation out of order."""
    numbers = sorted({0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, count - 1} & set(range(count)))
    names = [png.frame_name("blur", number, count) for number in numbers]
    assert names == sorted(names)
    assert len({len(name) for name in names}) == 1


def test_a_thousand_frames_need_a_further_digit(tmp_path: Path) -> None:
    """By their number, whatever they show and however long."""
    png.write(Figure(Conv(3, 3), cell=4), beads([0] * 1001, [100] * 1001), tmp_path / "beads")
    assert sorted(file.name for file in (tmp_path / "beads").iterdir()) == [f"beads_{n:04}.png" for n in range(1001)]


def test_frames_are_never_mixed_with_others(tmp_path: Path) -> None:
    """Frames of an earlier, longer run would be played after the new ones."""
    figure = FIGURES["a single frame"]
    (tmp_path / "blur").mkdir()
    with pytest.raises(FileExistsError):
        png.write(figure, draw(figure), tmp_path / "blur")


@pytest.mark.parametrize(("name", "channels"), [("isometric", 3), ("transparent", 4)])
def test_opaque_frames_lose_their_alpha(name: str, channels: int) -> None:
    scene = draw(FIGURES[name])
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    visible = png.visible(pixels, scene)
    np.testing.assert_array_equal(visible, pixels[..., :channels])
    assert visible.flags.c_contiguous
