"""A frame in axes of matplotlib's: the same picture as every other format has, and still vector art in a PDF."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final, cast

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import PathPatch

from convgif.arithmetic import Conv
from convgif.drawing.scene import MARGIN, Line, Scene
from convgif.figure import Figure
from convgif.registry import THEMES
from convgif.rendering import axes as artists
from convgif.rendering.marks import Area, Halo, Letters, Stroke, marks
from convgif.rendering.raster import Pixels, frames
from convgif.themes.theme import Theme
from tests.rendering.samples import FIGURES, PAINTS, beads, items_of, painted, scene_of, some
from tests.rendering.test_page import assert_alike, looked_at, needs_poppler, read

SOLARIZED: Final[Theme] = THEMES["solarized"]
SMALL: Final = scene_of(Figure(Conv(4, 3), cell=20))


def axes_of(scene: Scene, cell: float, dots: float = 72) -> Axes:
    """Axes that fill a figure of just the scene's size, so that a cell is as many pixels."""
    width, height = ((extent + 2 * MARGIN) * cell / dots for extent in scene.bounds.extent)
    return Canvas((width, height), dots).add_axes((0, 0, 1, 1))


def painted_by_agg(axes: Axes) -> Pixels:
    """What Agg makes of the figure."""
    canvas = FigureCanvasAgg(axes.figure)  # type: ignore[arg-type]  # no subfigure
    canvas.draw()
    return np.array(canvas.buffer_rgba())


@pytest.mark.parametrize("name", ["isometric, plain", "hatched", "muted, with words", "transparent"])
@pytest.mark.parametrize("dots", [72, 144])
def test_it_looks_as_the_frame(name: str, dots: float) -> None:
    """Widths of lines too, at any density."""
    scene, theme, cell = painted(FIGURES[name])
    chosen = some(scene)[::2]
    seen = []
    for frame in chosen:
        axes = axes_of(scene, cell, dots)
        axes.figure.set_facecolor("none" if theme.paper is None else "white")
        artists.draw(scene, theme, frame, axes)
        seen.append(painted_by_agg(axes))
    expected = list(frames(scene, theme, cell, only=chosen))
    if theme.paper is None:
        for ours, theirs in zip(expected, seen, strict=True):
            clear = ours[: len(theirs), : theirs.shape[1], 3].astype(int) - theirs[: len(ours), : ours.shape[1], 3]
            assert np.abs(clear).mean() < 12
    assert_alike([on_white(one) for one in expected], [on_white(one) for one in seen])


def on_white(pixels: Pixels) -> Pixels:
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:] / 255
    return np.round(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)


@pytest.mark.parametrize("name", ["flat, numbered", "hatched", "muted, with words"])
def test_every_mark_is_an_artist_in_its_place_and_order(name: str) -> None:
    """A cell is a unit of both axes, and rows count downwards."""
    scene, theme, _ = painted(FIGURES[name])
    axes = axes_of(scene, 20)
    artists.draw(scene, theme, 3, axes)
    drawn = [*marks(items_of(scene, 3), theme)]
    assert len(axes.patches) == len(drawn)
    assert all(isinstance(patch, PathPatch) for patch in axes.patches)
    for patch, mark in zip(axes.patches, drawn, strict=True):
        if isinstance(mark, Halo):
            assert patch.get_linewidth() == pytest.approx(mark.width * 20)
            for color in (patch.get_facecolor(), patch.get_edgecolor()):
                assert np.allclose(to_rgb(color), np.divide(mark.color, 255))
            assert patch.get_joinstyle() == "round"
        elif not isinstance(mark, Stroke):
            assert patch.get_linewidth() == 0
            assert np.allclose(to_rgb(patch.get_facecolor()), np.divide(mark.color, 255))
        else:
            assert np.allclose(to_rgb(patch.get_edgecolor()), np.divide(mark.color, 255))
            assert patch.get_linewidth() == pytest.approx(mark.width * 20)
            assert not patch.get_fill()
            assert patch.get_capstyle() == ("projecting" if mark.square else "butt")
            if mark.dash is None:
                assert patch.get_linestyle() == "solid"
            else:  # in widths of the line
                offset, lengths = cast("tuple[float, list[float]]", patch.get_linestyle())
                assert offset == 0
                assert np.multiply(lengths, mark.width) == pytest.approx(mark.dash)
        if not isinstance(mark, (Letters, Halo)):
            corners = np.concatenate([np.array(part, float) for part in mark.parts])
            np.testing.assert_array_equal(patch.get_path().vertices, corners)
    assert {type(mark) for mark in drawn} - {Halo} == {Area, Stroke, Letters}
    assert (Halo in map(type, drawn)) == (name == "hatched")


@pytest.mark.parametrize("box", [(0, 0, 1, 1), (0.1, 0.3, 0.2, 0.6)])
def test_axes_take_the_drawing_s_limits(box: tuple[float, float, float, float]) -> None:
    """And its aspect; their frame and ticks are gone. Lines fit what the axes then are."""
    axes = Canvas((8, 4)).add_axes(box)
    axes.plot([0, 99], [0, 99])
    artists.draw(SMALL, SOLARIZED, 0, axes)
    left, top, right, bottom = SMALL.bounds
    assert axes.get_xlim() == pytest.approx((left - MARGIN, right + MARGIN))
    assert axes.get_ylim() == pytest.approx((bottom + MARGIN, top - MARGIN))
    assert axes.get_aspect() == 1
    assert not axes.axison
    axes.apply_aspect()
    cell = axes.get_window_extent().width / 100 * 72 / (right - left + 2 * MARGIN)
    lines = [item.width for item in items_of(SMALL, 0) if isinstance(item, Line)]
    assert [patch.get_linewidth() / cell for patch in axes.patches if not patch.get_fill()] == pytest.approx(lines)


def test_it_stays_vector_in_a_pdf(tmp_path: Path) -> None:
    scene, theme, _ = painted(FIGURES["flat, numbered"])
    axes = axes_of(scene, 20)
    artists.draw(scene, theme, 4, axes)
    axes.figure.savefig(tmp_path / "figure.pdf")  # type: ignore[union-attr]  # no subfigure
    pdf = read(tmp_path / "figure.pdf")
    assert len(pdf.sizes) == 1
    assert pdf.images == 0
    assert len(pdf.commands[0].splitlines()) > 100


@needs_poppler
def test_a_pdf_of_it_looks_as_the_frame(tmp_path: Path) -> None:
    axes = axes_of(SMALL, 20)
    artists.draw(SMALL, SOLARIZED, 2, axes)
    axes.figure.savefig(tmp_path / "figure.pdf")  # type: ignore[union-attr]  # no subfigure
    seen = looked_at(tmp_path / "figure.pdf", tmp_path, 72)
    assert_alike([next(frames(SMALL, SOLARIZED, 20, only=(2,)))], seen)


def test_several_beside_each_other_and_in_subfigures() -> None:
    canvas = Canvas((6, 3))
    one, other = canvas.add_subfigure(canvas.add_gridspec(1, 2)[0]), canvas.add_subfigure(canvas.add_gridspec(1, 2)[1])
    for number, part in enumerate((one, other)):
        artists.draw(SMALL, SOLARIZED, 3 * number, part.subplots())
    first, second = (part.axes[0].patches for part in (one, other))
    assert len(first) == len(second) > 5
    canvas.savefig(BytesIO(), format="svg")


@pytest.mark.parametrize("transparent", [False, True])
def test_paper_is_drawn_where_there_is_any(transparent: bool) -> None:
    scene = beads([0, 1], [100, 100])
    axes = axes_of(scene, 10)
    artists.draw(scene, PAINTS.transparent() if transparent else PAINTS, 1, axes)
    assert len(axes.patches) == (1 if transparent else 2)
