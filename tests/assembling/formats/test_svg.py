"""SVG files: the animation, the poster and the frames are what the renderer draws, in UTF-8."""

from __future__ import annotations

from pathlib import Path

import pytest

from convgif.arithmetic import Conv
from convgif.assembling.film import Film
from convgif.rendering import vector
from tests.assembling.samples import FILMS, encoded, film_of, written


@pytest.mark.parametrize("film", FILMS.values(), ids=FILMS)
def test_the_animation_has_both_themes(film: Film) -> None:
    (data,) = encoded(film, "svg").values()
    assert data.decode() == vector.animated(film.scene, film.theme, film.cell, film.night, film.figure.loop)
    assert b"\r" not in data


@pytest.mark.parametrize("still", [None, 0, 3])
def test_the_poster_shows_one_frame(still: int | None) -> None:
    film = Film.of(FILMS["isometric"].figure, still)
    (data,) = encoded(film, "poster").values()
    number = film.scene.telling if still is None else still
    assert data.decode() == vector.still(film.scene, film.theme, film.cell, number, film.night)


def test_every_frame_is_a_file(tmp_path: Path) -> None:
    film = FILMS["acts of different lengths"]
    written(film, "svg-frames", tmp_path, "blur")
    files = sorted((tmp_path / "blur").iterdir())
    assert [file.name for file in files] == [f"blur_{number:03}.svg" for number in range(len(film.durations))]
    for number, file in enumerate(files):
        text = file.read_text(encoding="utf-8")
        assert text == vector.still(film.scene, film.theme, film.cell, number)
        assert "animation" not in text


def test_a_description_in_any_script() -> None:
    (data,) = encoded(film_of(Conv(3, 3), title="Größe ± ∞"), "svg").values()
    assert "Größe ± ∞" in data.decode()
