"""What is painted of each item: its colours, its hatching, and where its letters begin."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from convgif.drawing.metrics import width_in
from convgif.drawing.scene import Anchor, Line, Point, Polygon, Run, Text
from convgif.registry import THEMES
from convgif.rendering import colours_of
from convgif.rendering.marks import HATCH_WIDTH, Area, Halo, Letters, Stroke, hatching, marks
from convgif.themes.theme import Color, Theme
from tests.rendering.samples import FIGURES, PAINTS, painted, square, still

SOLARIZED: Theme = THEMES["solarized"]
TILTED = ((0.0, 0.0), (1.0, -0.5), (1.7, 0.15), (0.7, 0.65))


def test_an_area_has_the_colour_of_its_role_or_is_not_painted() -> None:
    assert [*marks([square(0, "input"), square(1, "blank")], PAINTS)] == [Area(square(0).parts, (255, 0, 0))]


def test_hatching_lies_right_on_its_area_and_below_what_follows() -> None:
    theme = THEMES["colorblind"]
    first, second, third = marks([square(0, "shadow_on_input"), square(0, "output")], theme)
    assert isinstance(first, Area)
    assert second == Stroke(hatching(square(0).parts), (0, 0, 0), HATCH_WIDTH)
    assert third == Area(square(0).parts, (0, 158, 115))


@pytest.mark.parametrize("corners", [square(3).parts[0], TILTED])
def test_three_lines_hatch_a_cell_whichever_way_it_lies(corners: tuple[Point, ...]) -> None:
    """Parallel to the diagonal from the top right to the bottom left, and inside of the cell."""
    start, right, _, down = corners
    lines = hatching([corners, corners])
    assert lines[:3] == lines[3:]
    for (from_, to), share in zip(lines[:3], (0.5, 1, 0.5), strict=True):
        for axis in (0, 1):
            assert to[axis] - from_[axis] == pytest.approx(share * (down[axis] - right[axis]))
    assert lines[0][0] == pytest.approx([(a + b) / 2 for a, b in zip(start, right, strict=True)])


def test_only_areas_of_four_corners_are_hatched() -> None:
    """Not the corner that marks a kernel."""
    assert hatching([TILTED[:3]]) == ()
    corner = Polygon((TILTED[:3],), "crop")
    assert [type(mark) for mark in marks([corner], SOLARIZED)] == [Area]


@pytest.mark.parametrize("dash", [None, (0.1, 0.2)])
def test_lines_are_dashed_unless_their_theme_draws_them_through(dash: tuple[float, float] | None) -> None:
    """Then their ends reach out, so that lines meet at the corners of a grid."""
    line = Line((TILTED,), "blank_line", 0.1, dash)
    assert [*marks([line], SOLARIZED)] == [Stroke((TILTED,), (0, 43, 54), 0.1, dash, square=False)]
    assert [*marks([line], THEMES["muted"])] == [Stroke((TILTED,), (255, 255, 255), 0.1, None, square=dash is not None)]


RUNS = (Run("C", slanted=True), Run("T1", scale=0.7, rise=0.37), Run(" mm"))


@pytest.mark.parametrize("name", ["solarized", "muted"])
@pytest.mark.parametrize("width", [99, 1])
@pytest.mark.parametrize("anchor", get_args(Anchor))
def test_letters_begin_where_their_anchor_puts_them(anchor: Anchor, width: float, name: str) -> None:
    """In the font of the theme, shrunk where they must be; their capitals around the height of their place."""
    theme = THEMES[name]
    (found,) = marks([Text((3, 5), RUNS, 0.5, width, "words", anchor)], theme)
    assert isinstance(found, Letters)
    wide = width_in(RUNS, theme["words"].font)
    em = 0.5 if width == 99 else 1 / wide
    assert (found.runs, found.font, found.color) == (RUNS, theme["words"].font, (0, 0, 0))
    assert found.em == pytest.approx(em)
    assert found.origin[0] + {"start": 0, "middle": 0.5, "end": 1}[anchor] * wide * em == pytest.approx(3)
    assert found.origin[1] - 0.742 / 2 * em == pytest.approx(5, abs=1e-3)


def test_a_text_of_nothing_has_its_size() -> None:
    """There is no width to shrink it to."""
    (found,) = marks([Text.of((3, 5), "", 0.5, 1, "text")], SOLARIZED)
    assert isinstance(found, Letters)
    assert (found.em, found.origin[0]) == (0.5, 3)


@pytest.mark.parametrize("name", FIGURES)
def test_colours_are_those_of_all_marks_that_are_ever_painted(name: str) -> None:
    """Of areas and of lines apart, light ones first; what has no colour has none here."""
    scene, theme, _ = painted(FIGURES[name])
    areas, inks = colours_of(scene, theme)
    found: tuple[set[Color], set[Color]] = ({theme.paper} if theme.paper else set(), set())
    for frame in range(len(scene.durations)):
        for track in scene.tracks:
            for mark in marks(track.at(frame), theme):
                found[not isinstance(mark, Area | Halo)].add(mark.color)
    assert (set(areas), set(inks)) == found
    assert list(areas) == sorted(areas, reverse=True)
    assert list(inks) == sorted(inks, reverse=True)


def test_colours_of_roles_that_look_alike_are_named_once() -> None:
    scene = still(square(0, "shadow_on_input"), square(1, "shadow_on_canvas"), Line((TILTED,), "line", 1))
    areas, inks = colours_of(scene, THEMES["colorblind"])
    assert areas == ((255, 255, 255), (242, 205, 122), (181, 80, 0))
    assert inks == ((0, 0, 0),)


DIGITS = Text.of((0.5, 0.5), "10", 0.5, 1, "text")


@pytest.mark.parametrize(
    ("theme", "halo", "crossed", "color"),
    [
        ("colorblind", "shadow_on_input", False, (181, 80, 0)),
        ("colorblind", "input", False, None),
        ("colorblind", None, False, None),
        ("solarized", "shadow_on_input", False, None),
        ("solarized", "input", True, (38, 139, 210)),
        ("solarized", "blank", True, (255, 255, 255)),
    ],
)
def test_a_halo_keeps_letters_apart_from_hatches_and_lines(
    theme: str, halo: str | None, crossed: bool, color: Color | None
) -> None:
    """In the colour of the ground, or of the paper; below the letters; where there is nothing to keep apart, none."""
    *before, last = marks([replace(DIGITS, halo=halo, crossed=crossed)], THEMES[theme])
    assert isinstance(last, Letters)
    assert before == ([] if color is None else [Halo(last, color)])


def test_halos_cover_no_letters_of_their_neighbours() -> None:
    """Those of texts in a row come before all of these, but not before what lies between."""
    text = replace(DIGITS, halo="input", crossed=True)
    found = [*marks([text, text, square(0, "output"), text], SOLARIZED)]
    assert [type(mark) for mark in found] == [Halo, Halo, Letters, Letters, Area, Halo, Letters]


def test_without_paper_there_is_no_halo_on_what_is_not_painted() -> None:
    (found,) = marks([replace(DIGITS, halo="blank", crossed=True)], SOLARIZED.transparent())
    assert isinstance(found, Letters)
