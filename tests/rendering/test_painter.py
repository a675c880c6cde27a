"""What a renderer is told, written down by one that draws nothing."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any, Final, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.path import Path

from convgif.drawing.scene import Anchor, Item, Line, Polygon, Run, Text
from convgif.registry import THEMES
from convgif.rendering.agg import Renderer
from convgif.rendering.lettering import outline
from convgif.rendering.marks import letters
from convgif.rendering.painter import Painter, letters_of, path_of
from convgif.themes.theme import Theme
from tests.arithmetic.strategies import REPEATABLE
from tests.rendering.typefaces import kept, typeface

THEME: Final[Theme] = THEMES["solarized"].replaced({"input": "#ff0033", "line": "#0033ff", "text": "#330000"})
SQUARE: Final = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
SLANTED: Final = ((0.0, 0.0), (1.0, 0.5), (1.0, 1.0))


class Call(NamedTuple):
    """One path that was drawn."""

    graphics: GraphicsContextBase
    path: Path
    face: Any


class Notebook(RendererBase):
    """A renderer that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803  # the library's name
        assert transform.to_values() == (1, 0, 0, 1, 0, 0)
        self.calls.append(Call(gc, path, rgbFace))


def calls_for(
    *items: Item, theme: Theme = THEME, cell: float = 10, shift: tuple[float, float] = (0, 0), crisp: bool = False
) -> list[Call]:
    """What the renderer is told of some items."""
    notebook = Notebook()
    painter = Painter(notebook, theme, cell, shift, crisp=crisp)
    painter.paint(painter.calls(items))
    return notebook.calls


def test_scenes_count_downwards_and_renderers_upwards() -> None:
    (call,) = calls_for(Polygon((SLANTED,), "input"), cell=10, shift=(5, 100))
    assert np.asarray(call.path.vertices).tolist() == [[5, 100], [15, 95], [15, 90]]
    assert call.face == (1, 0, 0.2, 1)


@REPEATABLE
@given(
    st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=5),
    st.floats(1, 99),
    st.tuples(st.floats(-9, 9), st.floats(-9, 9)),
)
def test_every_point_is_moved_alike(points: list[tuple[float, float]], cell: float, shift: tuple[float, float]) -> None:
    placed = Painter(Notebook(), THEME, cell, shift, crisp=True).placed(points)
    for (x, y), (right, up) in zip(points, placed, strict=True):
        assert right == pytest.approx(x * cell + shift[0])
        assert up == pytest.approx(-y * cell + shift[1])


def test_what_lies_within_a_rectangle_looks_as_if_all_was_painted() -> None:
    """Slanted lines most of all: what is cut off of them moves the edges of what is left."""
    slanted = ((-13.892993361569408, 90.06100652956080), (205.39579906684253, 128.51098295481902))
    upright = ((60.0, -5.0), (60.0, 205.0))
    pixels = []
    for within in (None, (48, 48, 96, 96)):
        renderer = Renderer(200, 200)
        renderer.pixels[:] = 255
        painter = Painter(renderer, THEME, 1, (0, 200), crisp=True)
        painter.paint(painter.calls([Line((part,), "line", 1.3) for part in (slanted, upright)]), within)
        pixels.append(renderer.pixels[104:152, 48:96].copy())
    whole, cut = pixels
    assert (whole < 255).any()
    np.testing.assert_array_equal(cut, whole)


def test_a_part_that_ends_where_it_begins_is_closed() -> None:
    """With a corner there, instead of two ends that meet."""
    path = path_of((SQUARE, SLANTED))
    move, line, close = Path.MOVETO, Path.LINETO, Path.CLOSEPOLY
    assert path.codes.tolist() == [move, line, line, line, close, move, line, line]  # type: ignore[union-attr]  # it has codes
    assert np.asarray(path.vertices).tolist() == [list(point) for point in (*SQUARE, *SLANTED)]


@pytest.mark.parametrize(
    ("width", "crisp", "parts", "drawn", "snap"),
    [
        (0.033, False, (SQUARE,), 0.33, False),
        (0.033, True, (SQUARE,), 1, True),
        (0.26, True, (SQUARE,), 3, True),
        (0.26, True, (SQUARE, SLANTED), 2.6, False),
        (0.26, False, (SLANTED,), 2.6, False),
    ],
)
def test_upright_lines_are_whole_pixels_where_that_is_wanted(
    width: float, crisp: bool, parts: tuple[Any, ...], drawn: float, snap: bool
) -> None:
    (call,) = calls_for(Line(parts, "line", width), crisp=crisp)
    assert call.graphics.get_linewidth() == pytest.approx(drawn)
    assert bool(call.graphics.get_snap()) == snap
    assert call.graphics.get_rgb() == (0, 0.2, 1, 1)
    assert call.face is None
    assert (call.graphics.get_capstyle(), call.graphics.get_joinstyle()) == ("butt", "miter")
    assert call.graphics.get_dashes() == (0, None)


@pytest.mark.parametrize("crisp", [False, True])
@pytest.mark.parametrize("parts", [(SQUARE,), (SLANTED,)])
def test_areas_have_no_edge(parts: tuple[Any, ...], crisp: bool) -> None:
    (call,) = calls_for(Polygon(parts, "input"), crisp=crisp)
    assert call.graphics.get_linewidth() == 0
    assert bool(call.graphics.get_snap()) == (crisp and parts == (SQUARE,))


def test_dashes_grow_with_the_cells() -> None:
    (call,) = calls_for(Line((SQUARE,), "line", 0.1, (0.2, 0.3)), cell=20)
    offset, lengths = call.graphics.get_dashes()
    assert offset == 0
    assert np.asarray(lengths) == pytest.approx([4, 6])


def test_what_is_drawn_through_in_place_of_dashes_has_ends_that_reach_out() -> None:
    (call,) = calls_for(Line((SLANTED,), "blank_line", 0.1, (0.2, 0.3)), theme=THEMES["muted"])
    assert call.graphics.get_dashes() == (0, None)
    assert call.graphics.get_capstyle() == "projecting"


def test_an_area_is_painted_before_its_hatching() -> None:
    area, hatch = calls_for(Polygon((SQUARE[:4],), "shadow_on_input"), theme=THEMES["colorblind"])
    assert area.face == pytest.approx((181 / 255, 80 / 255, 0, 1))
    assert hatch.face is None
    assert len(np.asarray(hatch.path.vertices)) == 6


def test_no_path_may_be_simplified() -> None:
    """Agg would merge the ends of grid lines that meet."""
    assert not any(
        call.path.should_simplify for call in calls_for(Line((SLANTED,) * 99, "line", 0.1), Polygon((SQUARE,), "input"))
    )


def test_items_that_are_drawn_alike_share_a_context() -> None:
    one, other, wider = calls_for(*(Line((SQUARE,), "line", width) for width in (0.1, 0.1, 0.2)))
    assert one.graphics is other.graphics
    assert wider.graphics is not one.graphics


@pytest.mark.parametrize(("anchor", "left"), [("start", 3.0), ("middle", 2.0), ("end", 1.0)])
@pytest.mark.parametrize("wide", [False, True])
def test_letters_lie_on_the_right_side_of_their_place(anchor: Anchor, left: float, wide: bool) -> None:
    """An em of the text is 2 / width cells, so the text is two cells wide; or shrunk to that."""
    em = 2 / outline((Run("HxH"),)).width
    text = Text.of((3, 5), "HxH", 5 * em if wide else em, 2 if wide else 99, "text", anchor)
    box = letters_of(letters(text, (0, 0, 0), "sans")).get_extents()
    assert (box.x0, box.x1) == pytest.approx((left, left + 2), abs=0.12 * em)  # but for the sides of an H
    assert (box.y0 + box.y1) / 2 == pytest.approx(5, abs=0.02)  # a 0 is a little higher than an H
    assert box.x0 - left == pytest.approx(left + 2 - box.x1, abs=0.02)


@pytest.mark.parametrize(("anchor", "left"), [("start", 3.0), ("middle", 2.25), ("end", 1.5)])
@pytest.mark.parametrize("units", [250, 4000])
def test_letters_of_another_font_fill_their_room_at_most(
    anchor: Anchor, left: float, units: int, tmp_path: File
) -> None:
    """Told by the letters themselves: fonts have narrower and wider ones than are expected."""
    theme = THEMES["solarized"].written_with(kept(tmp_path, "own.ttf", typeface({"卷": (units, 700)})).path)
    text = Text.of((3, 5), "卷卷", 3, 1.5, "text", anchor)
    (call,) = Painter(Notebook(), theme, 1, (0, 0), crisp=False).calls([text])
    box = call.path.get_extents()
    assert (box.x0, box.x1) == pytest.approx((left, left + 1.5))
    assert box.height == pytest.approx(0.7 * 750 / units)


def test_letters_are_areas_that_are_never_snapped() -> None:
    (call,) = calls_for(Text.of((0, 0), "3", 0.5, 1, "text"), crisp=True)
    assert call.face == (0.2, 0, 0, 1)
    assert not call.graphics.get_snap()
    assert call.graphics.get_linewidth() == 0


def test_nothing_to_say_is_no_path() -> None:
    """A text of blanks has a width and no outlines."""
    assert len(np.asarray(letters_of(letters(Text.of((1, 1), " ", 0.5, 1, "text"), (0, 0, 0), "sans")).vertices)) == 0
