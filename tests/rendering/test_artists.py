"""A frame in axes of matplotlib's: the same picture as every other format has, and still vector art in a PDF."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import PathPatch

from convgif.arithmetic import Conv
from convgif.drawing import draw
from convgif.drawing.scene import MARGIN, Line, Polygon, Scene
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.rendering import artists, frames
from tests.assembling.decoders import Pixels
from tests.assembling.samples import FIGURES, beads
from tests.rendering.test_page import assert_alike, looked_at, needs_poppler, read
from tests.rendering.test_vector import items_of

SMALL = Figure(Conv(4, 3), cell=20)


def axes_of(scene: Scene, cell: float, dots: float = 72) -> Axes:
    """Axes that fill a figure of just the scene's size, so that a cell is as many pixels."""
    width, height = ((extent + 2 * MARGIN) * cell / dots for extent in scene.bounds.extent)
    return Canvas((width, height), dots).add_axes((0, 0, 1, 1))


def painted(axes: Axes) -> Pixels:
    """What Agg makes of the figure."""
    canvas = FigureCanvasAgg(axes.figure)  # type: ignore[arg-type]  # no subfigure
    canvas.draw()
    return np.array(canvas.buffer_rgba())


@pytest.mark.parametrize("name", ["isometric", "flat with numbers", "muted, with words", "transparent"])
@pytest.mark.parametrize("dots", [72, 144])
def test_it_looks_as_the_frame(name: str, dots: float, tmp_path: Path) -> None:
    """Widths of lines too, at any density; told from the first, the telling and the last frame."""
    figure = FIGURES[name]
    scene, cell = draw(figure), figure.cell_pixels
    chosen = sorted({0, scene.telling, len(scene.durations) - 1})
    seen = []
    for step in chosen:
        axes = axes_of(scene, cell, dots)
        axes.figure.set_facecolor("none" if figure.transparent else "white")
        figure.draw(axes, step=step)
        seen.append(painted(axes))
    expected = list(frames(scene, cell, only=chosen))
    if figure.transparent:
        for ours, theirs in zip(expected, seen, strict=True):
            assert (
                np.abs(
                    ours[: len(theirs), : theirs.shape[1], 3].astype(int) - theirs[: len(ours), : ours.shape[1], 3]
                ).mean()
                < 12
            )
    assert_alike([on_white(one) for one in expected], [on_white(one) for one in seen])


def on_white(pixels: Pixels) -> Pixels:
    alpha = pixels[..., 3:] / 255
    return np.round(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)


def test_every_item_is_an_artist_in_its_place_and_order() -> None:
    """A cell is a unit of both axes, and rows count downwards."""
    figure = Figure(Conv(4, 3, padding=1), view="flat", values="random")
    scene = draw(figure)
    axes = axes_of(scene, 20)
    artists.draw(scene, 3, axes)
    items = items_of(scene, 3)
    assert len(axes.patches) == len(items)
    assert all(isinstance(patch, PathPatch) for patch in axes.patches)
    for patch, item in zip(axes.patches, items, strict=True):
        if isinstance(item, Line):
            assert np.allclose(to_rgb(patch.get_edgecolor()), np.divide(item.color, 255))
            assert patch.get_linewidth() == pytest.approx(item.width * 20)
            assert not patch.get_fill()
            if item.dash is None:
                assert patch.get_linestyle() == "solid"
            else:  # in widths of the line
                offset, lengths = cast("tuple[float, list[float]]", patch.get_linestyle())
                assert offset == 0
                assert np.multiply(lengths, item.width) == pytest.approx(item.dash)
        else:
            assert patch.get_linewidth() == 0
            color = item.fill if isinstance(item, Polygon) else item.color
            assert np.allclose(to_rgb(patch.get_facecolor()), np.divide(color, 255))
        if not isinstance(item, (Line, Polygon)):
            continue
        corners = np.concatenate([np.array(part, float) for part in item.parts])
        np.testing.assert_array_equal(patch.get_path().vertices, corners)


@pytest.mark.parametrize("box", [(0, 0, 1, 1), (0.1, 0.3, 0.2, 0.6)])
def test_axes_take_the_drawing_s_limits(box: tuple[float, float, float, float]) -> None:
    """And its aspect; their frame and ticks are gone. Lines fit what the axes then are."""
    scene = draw(SMALL)
    axes = Canvas((8, 4)).add_axes(box)
    axes.plot([0, 99], [0, 99])
    SMALL.draw(axes)
    left, top, right, bottom = scene.bounds
    assert axes.get_xlim() == pytest.approx((left - MARGIN, right + MARGIN))
    assert axes.get_ylim() == pytest.approx((bottom + MARGIN, top - MARGIN))
    assert axes.get_aspect() == 1
    assert not axes.axison
    axes.apply_aspect()
    cell = axes.get_window_extent().width / 100 * 72 / (right - left + 2 * MARGIN)
    lines = [item.width for item in items_of(scene, 0) if isinstance(item, Line)]
    assert [patch.get_linewidth() / cell for patch in axes.patches if not patch.get_fill()] == pytest.approx(lines)


def test_it_stays_vector_in_a_pdf(tmp_path: Path) -> None:
    figure = FIGURES["flat with numbers"]
    axes = axes_of(draw(figure), 20)
    figure.draw(axes, step=4)
    axes.figure.savefig(tmp_path / "figure.pdf")  # type: ignore[union-attr]  # no subfigure
    pdf = read(tmp_path / "figure.pdf")
    assert len(pdf.sizes) == 1
    assert pdf.images == 0
    assert len(pdf.commands[0].splitlines()) > 100


@needs_poppler
def test_a_pdf_of_it_looks_as_the_frame(tmp_path: Path) -> None:
    scene = draw(SMALL)
    axes = axes_of(scene, 20)
    SMALL.draw(axes, step=2)
    axes.figure.savefig(tmp_path / "figure.pdf")  # type: ignore[union-attr]  # no subfigure
    assert_alike([next(frames(scene, 20, only=(2,)))], looked_at(tmp_path / "figure.pdf", tmp_path, 72))


def test_several_beside_each_other_and_in_subfigures() -> None:
    canvas = Canvas((6, 3))
    one, other = canvas.add_subfigure(canvas.add_gridspec(1, 2)[0]), canvas.add_subfigure(canvas.add_gridspec(1, 2)[1])
    for number, part in enumerate((one, other)):
        SMALL.draw(part.subplots(), step=3 * number)
    first, second = (part.axes[0].patches for part in (one, other))
    assert len(first) == len(second) > 5
    canvas.savefig(BytesIO(), format="svg")


@pytest.mark.parametrize("transparent", [False, True])
def test_paper_is_drawn_where_there_is_any(transparent: bool) -> None:
    scene = beads([0, 1], [100, 100], transparent=transparent)
    axes = axes_of(scene, 10)
    artists.draw(scene, 1, axes)
    assert len(axes.patches) == (1 if transparent else 2)


@pytest.mark.parametrize("step", [-1, 4, 10**9])
def test_a_step_that_there_is_not(step: int) -> None:
    """The axes stay as they were."""
    axes = Canvas().add_subplot()
    before = axes.get_xlim()
    with pytest.raises(InputError) as caught:
        SMALL.draw(axes, step=step)
    assert str(caught.value) == f"step = {step}: the figure has 4 frames, 0 to 3"
    assert (axes.get_xlim(), len(axes.patches), axes.axison) == (before, 0, True)


@pytest.mark.parametrize("step", [1.0, 1.5, "1", None, True])
def test_a_step_that_is_no_number(step: object) -> None:
    with pytest.raises(InputError) as caught:
        SMALL.draw(Canvas().add_subplot(), step=step)  # type: ignore[arg-type]  # what it is about
    assert str(caught.value) == f"step = {step!r}: must be an integer"


def test_a_step_of_numpy_s_is_as_good() -> None:
    axes = Canvas().add_subplot()
    SMALL.draw(axes, step=np.int64(3))  # type: ignore[arg-type]  # it counts as one
    assert axes.patches
