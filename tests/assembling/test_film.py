"""Films: what is settled before a format writes anything, and what frames a format is given."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from convgif.arithmetic import Conv, ConvTranspose
from convgif.assembling.film import Film
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.registry import FORMATS, THEMES, VIEWS
from convgif.rendering import fonts
from convgif.themes import counterpart
from convgif.themes.theme import READABLE
from tests.assembling.samples import FEW, FILMS, REPEATABLE, encoded, film_of
from tests.documents import figures

LAYER = Conv(4, 3)
THE_FILMS = pytest.mark.parametrize("film", FILMS.values(), ids=FILMS)


def refused(figure: Figure, still: int | None = None) -> str:
    """What is said of a figure that makes no film."""
    with pytest.raises(InputError) as caught:
        Film.of(figure, still)
    return str(caught.value)


@THE_FILMS
def test_frames_are_of_the_size_and_as_many_as_are_told(film: Film) -> None:
    width, height = film.size
    frames = list(film.frames([0, len(film.durations) - 1]))
    assert {frame.shape for frame in frames} == {(height, width, 4 if film.transparent else 3)}
    assert {frame.dtype for frame in frames} == {np.dtype(np.uint8)}
    assert film.transparent == film.figure.transparent


@pytest.mark.parametrize("name", FEW)
def test_chosen_frames_are_those_of_the_whole(name: str) -> None:
    """Asked for by number, in any order; or as a film of their own, in ascending order."""
    film = FILMS[name]
    count = len(film.durations)
    chosen = [count - 1, 0, count // 2]
    whole = list(film.frames())
    assert len(whole) == count
    assert all(map(np.array_equal, film.frames(chosen), [whole[number] for number in chosen]))
    chosen = sorted({*chosen})
    part = film.of_frames(chosen)
    assert all(map(np.array_equal, part.frames(), [whole[number] for number in chosen]))
    assert part.durations == tuple(film.durations[number] for number in chosen)


def test_a_frame_belongs_to_the_reader() -> None:
    """What is painted into it shows in no other one."""
    film = FILMS["isometric"]
    expected = [frame.copy() for frame in film.frames()]
    for frame, own in zip(film.frames(), expected, strict=True):
        assert np.array_equal(frame, own)
        frame[:] = 0


def test_progress_is_told_after_each_frame() -> None:
    """Also of some only; a film of some frames does not tell it."""
    told: list[int] = []
    film = replace(FILMS["isometric"], on_frame=lambda: told.append(1))
    frames = film.frames([0, 1, 2])
    next(frames)
    assert len(told) == 0
    next(frames)
    assert len(told) == 1
    assert len(list(frames)) == 1
    assert len(told) == 3
    assert len(list(film.of_frames([0, 1]).frames())) == 2
    assert len(told) == 3


def test_a_single_picture_shows_the_telling_frame_unless_another_is_chosen() -> None:
    film = film_of(LAYER)
    assert film.shown == film.scene.telling
    for frame in range(len(film.durations)):
        assert Film.of(film.figure, frame).shown == frame


@pytest.mark.parametrize("frame", [-1, 4, 2500])
def test_a_frame_that_is_not_there(frame: int) -> None:
    assert refused(Figure(LAYER), frame) == f"frame = {frame}: must be a frame of the figure, which has 4: 0 to 3"


def test_a_figure_that_cannot_be_composed_makes_no_film() -> None:
    assert refused(Figure(LAYER, view="scatter")).startswith("view = 'scatter': ")
    assert refused(Figure(LAYER, max_frames=3)).startswith("max_frames = 3: ")


@pytest.mark.parametrize("name", FORMATS)
def test_a_title_that_no_font_can_write_is_refused_by_what_draws_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is drawn, and nothing else is; formats that leave texts to their readers take any title."""
    monkeypatch.setattr(fonts, "installed", tuple)
    film, format = film_of(LAYER, cell=8, title="\ue123 of \ue124"), FORMATS[name]
    said = [str(problem) for problem in format.misfits(film)]
    if format.as_text:
        assert said == []
        assert any("\ue123 of \ue124" in data.decode() for data in encoded(film, format).values())
    else:
        assert [text.partition(";")[0] for text in said] == [
            "font: must be given, since no font is found that has U+E123, U+E124"
        ]
        with pytest.raises(InputError, match="no font is found"):
            encoded(film, format)
    assert [*format.misfits(film_of(LAYER, title="é ±"))] == []


@pytest.mark.parametrize(("title", "theme"), [("⤀ é ±", "muted")])
def test_a_title_is_drawn_where_the_typeface_has_it(title: str, theme: str) -> None:
    plain, titled = (next(film_of(LAYER, cell=10, theme=theme, **given).frames()) for given in ({}, {"title": title}))
    above = titled[: titled.shape[0] - plain.shape[0]]
    assert above.size
    assert (above < 128).any()


@pytest.mark.parametrize("title", ["$x_{1}$", r"\dfrac{1}{2} $", "$", "_^{}", "%s {0}", "<b>&amp;</b>"])
def test_a_title_is_text_and_never_mathematics(title: str) -> None:
    """A dollar sign is a dollar sign; what is no formula in TeX makes no accident."""
    film = film_of(Conv(2, 1), cell=10, title=title)
    assert next(film.frames()).any()
    assert film.scene.description == f"{title}: {Conv(2, 1).describe()}"


def test_colours_that_cannot_be_read_are_refused() -> None:
    """Each with what it is written on."""
    words = refused(Figure(LAYER, colors={"text": "#2b8bd2"}))
    rule = rf"colors\.\w+: has a contrast of [0-9.]+ with \w+, which it is written on; it must be {READABLE} at least"
    assert all(re.fullmatch(rule, line) for line in words.splitlines())
    assert "colors.text: has a contrast of 1.0 with input, " in words


@pytest.mark.parametrize("theme", THEMES)
def test_a_film_has_the_colours_of_day_and_night(theme: str) -> None:
    """Both without paper where the figure is transparent."""
    for transparent in (False, True):
        film = film_of(LAYER, theme=theme, transparent=transparent)
        assert film.night == counterpart(film.theme)
        assert (film.theme.paper is None) is transparent
        assert film.night is None or (film.night.paper is None) is transparent


@pytest.mark.parametrize("view", VIEWS)
def test_numbers_near_the_largest_float_are_painted_or_refused(view: str) -> None:
    """A story goes on with the output, which may be too large then."""
    layer = next(layer for layer in (Conv(2, 2, padding=1), ConvTranspose(2, 2)) if VIEWS[view].suits(layer))
    figure = Figure(layer, view=view, cell=10, input=[[1e300, 1], [1, -1e300]], weight=[[1e5, 1], [1, 1e-300]])
    with suppress(InputError):
        film = Film.of(figure)
        assert len(list(film.frames())) == len(film.durations)


@settings(REPEATABLE, max_examples=40)
@given(figures())
def test_every_figure_makes_a_film_or_is_refused_in_words(figure: Figure) -> None:
    """Whatever is combined: no accident, and no warning; what makes a film can be painted, if fonts have its words."""
    try:
        film = Film.of(figure)
    except InputError:
        return
    if not list(film.unwritten()) and film.size[0] * film.size[1] < 300_000:
        (frame,) = film.frames([film.shown])
        assert frame.shape[1::-1] == film.size
