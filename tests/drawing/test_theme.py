"""The colours of the style, and what a renderer may rely on."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing import draw
from convgif.drawing.scene import Color, Text
from convgif.drawing.theme import THEMES, blend
from convgif.figure import ThemeName
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.golden import FIGURES
from tests.drawing.truth import PALETTES, PAPER, WORDS

BYTES = st.integers(0, 255)
COLORS = st.tuples(BYTES, BYTES, BYTES)


def test_every_theme_that_a_figure_can_have_is_there() -> None:
    assert set(THEMES) == set(get_args(ThemeName))


@pytest.mark.parametrize("name", PALETTES)
def test_themes_have_the_colours_that_they_are_known_for(name: ThemeName) -> None:
    """Solarized those of the original; muted those that were asked for, and what covers the input apart."""
    theme, known = THEMES[name], PALETTES[name]
    assert theme.paper == PAPER
    assert known == (
        theme.input,
        theme.cut,
        theme.blank,
        theme.kernel,
        theme.output,
        theme.pending,
        theme.shadow_on_canvas,
        theme.shadow_on_input,
        theme.shadow_on_output,
    )


def test_lines_and_letters_are_the_themes_too() -> None:
    solarized, muted = THEMES["solarized"], THEMES["muted"]
    assert (solarized.line, solarized.sight, solarized.words) == ((0, 43, 54), (0, 0, 0), "sans")
    assert (muted.line, muted.words) == ((255, 255, 255), "serif")
    assert (muted.text, muted.text_on_shadow) == ((0, 0, 0), (0, 0, 0))
    assert (solarized.text, solarized.text_on_shadow) == ((0, 0, 0), (255, 255, 255))


@pytest.mark.parametrize("name", PALETTES)
def test_what_a_cell_is_can_be_told_from_its_colour(name: ThemeName) -> None:
    """Cells that mean different things in one figure never look the same."""
    theme = THEMES[name]
    on_canvas = [theme.blank or theme.paper, theme.input, theme.cut, theme.shadow_on_canvas, theme.shadow_on_input]
    on_output = [theme.pending, theme.output, theme.shadow_on_output]
    for colors in (on_canvas, on_output):
        for number, color in enumerate(colors):
            for other in colors[:number]:
                assert max(abs(a - b) for a, b in zip(color, other, strict=True)) >= 20


@REPEATABLE
@given(COLORS, COLORS, st.floats(0, 1))
def test_a_blend_lies_between_its_colours(over: Color, under: Color, opacity: float) -> None:
    assert blend(over, under, 1) == over
    assert blend(over, under, 0) == under
    for a, b, mixed in zip(over, under, blend(over, under, opacity), strict=True):
        assert min(a, b) <= mixed <= max(a, b)
        assert abs(mixed - (b + (a - b) * opacity)) <= 0.5 + 1e-9


def test_numbers_can_be_read_where_they_stand() -> None:
    """By the rule for large text of the web's accessibility guidelines: a contrast of 3."""

    def light(color: Color) -> float:
        linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in color]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(a: Color, b: Color) -> float:
        dark, bright = sorted((light(a), light(b)))
        return (bright + 0.05) / (dark + 0.05)

    for theme in THEMES.values():
        areas = (theme.paper, theme.input, theme.blank or theme.paper, theme.cut, theme.kernel, theme.entry)
        for under in (*areas, theme.output, theme.pending, theme.shadow_on_canvas):
            assert contrast(theme.text, under) >= 3
        assert contrast(theme.faint, theme.paper) >= 3
        for under in (theme.shadow_on_input, theme.shadow_on_output):
            assert contrast(theme.text_on_shadow, under) >= 3


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_painted_in_the_colours_of_its_theme(name: str, theme: ThemeName) -> None:
    """In every view; and of the paper, where it has any."""
    colors = vars(THEMES[theme]).values()
    scene = draw(replace(FIGURES[name], theme=theme))
    assert {*scene.areas, *scene.inks} <= {color for color in colors if isinstance(color, tuple)}
    words = [item for track in scene.tracks if track.name in WORDS for item in track.at((track.span or [0])[0])]
    upright = {"=", "×", "→"}
    assert {item.font for item in words if isinstance(item, Text) and item.text not in upright} <= {THEMES[theme].words}
