"""Animated SVG files: by day and by night, of one frame and of strips of some."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from convgif import build
from convgif.arithmetic import Conv
from convgif.assembling import svg
from convgif.drawing import draw
from convgif.drawing.theme import THEMES
from convgif.figure import Figure
from convgif.rendering import vector
from tests.assembling.samples import FIGURES
from tests.rendering.reader import read

DARK = "@media(prefers-color-scheme:dark)"


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_the_file_is_the_animated_drawing(figure: Figure, tmp_path: Path) -> None:
    """In UTF-8, with its own line ends everywhere; twice the same."""
    path = tmp_path / "figure.svg"
    svg.write(figure, draw(figure), path)
    content = path.read_bytes()
    assert content.decode() == vector.animated(draw(figure), figure.cell_pixels, svg.by_night(figure), figure.loop)
    assert b"\r" not in content
    svg.write(figure, draw(figure), path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("theme", THEMES)
def test_figures_on_white_paper_go_dark_where_their_theme_can(theme: str) -> None:
    """A figure of a single frame as well; but not colours of one's own, which have no counterpart."""
    for layer in (Conv(4, 3), Conv(3, 3)):
        figure = Figure(layer, theme=theme)  # type: ignore[arg-type]  # it is one of the themes
        assert (DARK in svg.text(figure, draw(figure))) == (theme == "solarized")
        own = replace(figure, colors={"line": "#336699"})
        assert DARK not in svg.text(own, draw(own))


@pytest.mark.parametrize("layer", [Conv(4, 3), Conv(3, 3)], ids=["frames", "a single frame"])
@pytest.mark.parametrize("frames", [(0,), (0, 0)])
def test_a_strip_shows_its_own_frames(layer: Conv, frames: tuple[int, ...], tmp_path: Path) -> None:
    """It is no figure, and its colours are those of the figure it is made from by day."""
    figure = Figure(layer, title="One")
    path = build.strip(figure, frames, tmp_path / "strip.svg")
    shapes = read(path.read_text(encoding="utf-8")).at(0)
    assert [shape.words for shape in shapes if shape.words] == ["One"] * len(frames)


def test_the_number_of_rounds_is_the_figures(tmp_path: Path) -> None:
    ever, twice = (svg.text(figure, draw(figure)) for figure in (Figure(Conv(4, 3)), Figure(Conv(4, 3), loop=2)))
    assert "infinite" in ever
    assert "infinite" not in twice


def test_a_description_in_any_script(tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    Figure(Conv(3, 3), title="Größe ± ∞").save(path)
    assert ElementTree.parse(path).getroot()[0].text == "Größe ± ∞"
