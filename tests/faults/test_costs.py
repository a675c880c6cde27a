"""Nothing takes for ever: what would is refused at once, with what would fit."""

from __future__ import annotations

import re
from pathlib import Path
from time import process_time

import pytest

from convgif.arithmetic import Conv
from convgif.assembling.film import Film
from convgif.errors import InputError
from convgif.figure import OPTIONS, Figure
from convgif.presets import load_presets


def test_a_figure_of_too_many_items_is_refused_with_what_fits() -> None:
    figure = Figure(Conv(50, 3), view="matrix", random=0)
    began = process_time()
    with pytest.raises(InputError, match="would fit") as caught:
        Film.of(figure)
    assert process_time() - began < 3
    fitting = re.search(r"frame_range = '(:\d+)' would fit", str(caught.value))
    assert fitting
    film = Film.of(figure.replaced(frame_range=fitting[1]))
    drawn = sum(len(track.at(7)) for track in film.scene.tracks if not track.static) * len(film.durations)
    assert 0.8 < drawn / OPTIONS["max_items"].default < 1.1
    assert Film.of(figure.replaced(max_items=10**7)).scene


def test_every_shipped_figure_is_far_from_the_limit() -> None:
    for figure in load_presets().values():
        Film.of(figure.replaced(max_items=OPTIONS["max_items"].default // 10))


@pytest.mark.parametrize("size", [500, 3000])
def test_large_maps_are_refused_before_anything_is_drawn(size: int) -> None:
    with pytest.raises(InputError, match="max_"):
        Film.of(Figure(Conv(size, size), cell=4, random=0, view="flat"))


def test_numbers_that_would_take_too_long_are_not_computed() -> None:
    with pytest.raises(InputError, match="take 513,022,500 products"):
        _ = Figure(Conv(300, 150), random=0).numbers


@pytest.mark.parametrize(
    "text", ["a" + ".a" * 50_000 + " = 1", '["a"' + ' . "a"' * 50_000 + "]", "a = " + "[" * 50_000]
)
def test_a_file_that_is_nested_without_end(text: str, tmp_path: Path) -> None:
    file = tmp_path / "deep.toml"
    file.write_text(text, encoding="utf-8")
    began = process_time()
    with pytest.raises(InputError, match="is nested too deeply"):
        load_presets(file)
    assert process_time() - began < 1
