"""Figures in notebooks, in browsers, and in axes: what `Figure` does besides being saved."""

from __future__ import annotations

import base64
import webbrowser
from pathlib import Path
from urllib.parse import unquote, urlparse

import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas

from convgif import Conv, Figure, InputError, MaxPool
from convgif.drawing.composition import compose
from tests.assembling.decoders import chunks
from tests.assembling.samples import FIGURES

SMALL = Figure(Conv(4, 3), cell=8, title="Blur <3>")


@pytest.mark.parametrize("name", ["isometric", "transparent", "muted, with words"])
def test_jupyter_is_given_a_picture_that_moves_and_one_that_does_not(name: str, tmp_path: Path) -> None:
    """The still one is the telling frame, for what is exported without a browser; the text stands for both."""
    figure = Figure(FIGURES[name].layer, **FIGURES[name].given())
    scene = compose(figure)
    bundle = figure._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    assert bundle["text/plain"] == figure.describe()
    assert bundle["text/html"] == figure.encode("svg").decode()
    data = bundle["image/png"]
    assert isinstance(data, str)
    (tmp_path / "still.png").write_bytes(base64.b64decode(data, validate=True))
    assert chunks(tmp_path / "still.png").size == scene.pixel_size(figure.cell_pixels)
    assert base64.b64decode(data) == figure.encode("png", frame=scene.telling)


def test_jupyter_may_say_what_it_wants() -> None:
    """It hands over what it would have and what not; more than it would have is allowed."""
    assert SMALL._repr_mimebundle_(include=["image/png"], exclude=None).keys() >= {"image/png"}
    assert SMALL._repr_mimebundle_(None, {"text/html"})["text/plain"] == SMALL.describe()


def test_two_of_the_same_on_one_page_do_not_meet() -> None:
    """The same figure is the same text, so what it styles is styled alike; another one has names of its own."""
    one, same, other = (
        figure._repr_mimebundle_()["text/html"] for figure in (SMALL, SMALL, Figure(MaxPool(4, 2), cell=8))
    )
    assert one == same != other


def test_a_figure_that_cannot_be_drawn_says_so_in_a_notebook() -> None:
    with pytest.raises(InputError, match="max_frames"):
        Figure(Conv(9, 3), max_frames=3)._repr_mimebundle_()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was opened in a browser."""
    seen: list[str] = []
    monkeypatch.setattr(webbrowser, "open", seen.append)
    return seen


def test_showing_opens_the_player(opened: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file that stays, since a browser reads it when it will; every call has its own."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pages = [SMALL.show(), SMALL.show()]
    assert pages[0] != pages[1]
    for page, address in zip(pages, opened, strict=True):
        parts = urlparse(address)
        assert (parts.scheme, Path(unquote(parts.path))) == ("file", page)
        assert page.is_relative_to(tmp_path)
        assert page.read_bytes() == SMALL.encode("html")


def test_showing_what_cannot_be_drawn_opens_nothing(
    opened: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(InputError):
        Figure(Conv(9, 3), max_frames=3).show()
    assert not opened
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_drawing_into_axes_begins_with_the_first_frame() -> None:
    """`tests/rendering/test_axes.py` tells what is drawn."""
    first, named, other = (Canvas().add_subplot() for _ in range(3))
    SMALL.plot(first)
    SMALL.plot(named, frame=0)
    SMALL.plot(other, 1)
    paths = [
        [np.asarray(patch.get_path().vertices).tolist() for patch in axes.patches] for axes in (first, named, other)
    ]
    assert paths[0] == paths[1] != paths[2]


def test_axes_stay_as_they_are_if_the_figure_cannot_be_drawn() -> None:
    axes = Canvas().add_subplot()
    with pytest.raises(InputError, match="max_frames"):
        Figure(Conv(9, 3), max_frames=3).plot(axes)
    assert axes.axison
    assert not axes.patches
