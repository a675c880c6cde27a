"""Stills of several frames: strips for papers, and previews of all themes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convgif.arithmetic import Conv
from convgif.assembling.batch import save
from convgif.assembling.film import Film
from convgif.assembling.stills import FORMAT_OF, preview, strip
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.registry import FORMATS, THEMES
from tests.assembling.decoders import chunks, image

FIGURE = Figure(Conv(4, 3), view="flat", random=0, cell=12)
FILM = Film.of(FIGURE)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize("ending", [*FORMAT_OF, ".PNG"])
@pytest.mark.parametrize("draw", [lambda path: strip(FILM, (0, 3), path), lambda path: preview(FIGURE, path)])
def test_a_still_is_one_file_and_says_what_it_shows(ending: str, draw: Any, tmp_path: Path) -> None:
    path = tmp_path / "new" / f"fig{ending}"
    assert draw(path) == path
    assert names(tmp_path) == [path.name, "new"]
    plain = save(FILM, tmp_path / f"one{ending.lower()}").files[0].read_bytes()
    assert path.read_bytes()[:4] == plain[:4]
    if ending == ".svg":
        assert FIGURE.describe() in path.read_text(encoding="utf-8")
        assert "animation" not in path.read_text(encoding="utf-8")


def test_a_strip_shows_its_frames_side_by_side(tmp_path: Path) -> None:
    """Each as it is alone, at equal distances; also one of them twice."""
    one, two, three = (strip(FILM, frames, tmp_path / f"{len(frames)}.png") for frames in ((3,), (0, 3), (0, 3, 3)))
    alone = {
        number: image(save(Film.of(FIGURE, number), tmp_path / "still.png", FORMATS["png"]).files[0])
        for number in (0, 3)
    }
    single, double, triple = map(image, (one, two, three))
    np.testing.assert_array_equal(single, alone[3])
    width = single.shape[1]
    step = double.shape[1] - width
    assert width < step < 2 * width
    assert triple.shape[1] - double.shape[1] == pytest.approx(step, abs=1)
    assert {single.shape[0], double.shape[0], triple.shape[0]} == {single.shape[0]}
    for number, start in ((0, 0), (3, step)):
        seen = double[:, start : start + width].astype(int)
        assert min(alone, key=lambda other: np.abs(seen - alone[other]).mean()) == number
    assert chunks(two).texts["Description"] == FIGURE.describe()


def test_a_strip_may_be_transparent(tmp_path: Path) -> None:
    film = Film.of(FIGURE.replaced(transparent=True))
    pixels = image(strip(film, (0, 1), tmp_path / "fig.png"))
    assert pixels[0, 0, 3] == 0
    assert pixels[..., 3].any()


def test_a_strip_has_its_budget(tmp_path: Path) -> None:
    """Of pixels: each frame fits, all of them do not."""
    width, height = FILM.size
    film = Film.of(FIGURE.replaced(max_pixels=width * height))
    strip(film, [3], tmp_path / "one.png")
    with pytest.raises(InputError, match="choose fewer frames"):
        strip(film, [2, 3], tmp_path / "two.png")
    assert names(tmp_path) == ["one.png"]


@pytest.mark.parametrize(
    ("frames", "name", "said"),
    [
        ((), "a.png", "frames = (): must name one frame at least"),
        ((0, 4, -1), "a.png", "frames = 4: the figure has 4 frames, 0 to 3"),
        ((0,), "a.gif", "must end in "),
        ((0,), "a", "must end in "),
        ((0,), ".png/", "must end in "),
    ],
)
def test_what_makes_no_strip(frames: tuple[int, ...], name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        strip(FILM, frames, f"{tmp_path}/new/{name}")
    assert said in str(caught.value)
    assert len(caught.value.problems) == max(1, sum(not 0 <= frame < 4 for frame in frames))
    assert not names(tmp_path)


def test_a_strip_shows_what_its_film_has(tmp_path: Path) -> None:
    """A film of some frames counts these."""
    film = Film.of(FIGURE.replaced(frame_range="1:3"))
    np.testing.assert_array_equal(
        image(strip(film, (1,), tmp_path / "some.png")), image(strip(FILM, (2,), tmp_path / "all.png"))
    )
    with pytest.raises(InputError, match="the figure has 2 frames"):
        strip(replace(film), (2,), tmp_path / "none.png")


@pytest.mark.parametrize("options", [{}, {"title": "Mine"}, {"theme": "dark"}, {"transparent": True}], ids=str)
def test_a_preview_shows_every_theme(options: dict[str, Any], tmp_path: Path) -> None:
    """On the paper of each, whatever the figure itself is painted in."""
    pixels = image(preview(FIGURE.replaced(**options), tmp_path / "all.png"))
    seen = np.unique(pixels.reshape(-1, 4), axis=0).astype(int)
    for name, theme in THEMES.items():
        for role in ("input", "output", *(() if options.get("transparent") else ("paper",))):
            color = theme[role].color
            assert color is not None
            assert np.abs(seen[:, :3] - color).max(axis=1).min() <= 4, (name, role)
