"""The colours of the style, and what a renderer may rely on."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose
from convgif.drawing import draw
from convgif.drawing.scene import Color, Polygon
from convgif.drawing.theme import THEMES, blend
from convgif.figure import Figure, ThemeName
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.truth import INPUT, OUTPUT, PAPER, SHADOW_BESIDE, SHADOW_ON_INPUT, SHADOW_ON_OUTPUT

BYTES = st.integers(0, 255)
COLORS = st.tuples(BYTES, BYTES, BYTES)


def test_every_theme_that_a_figure_can_have_is_there() -> None:
    assert set(THEMES) == set(get_args(ThemeName))


def test_solarized_has_the_colours_of_the_original() -> None:
    theme = THEMES["solarized"]
    assert (theme.paper, theme.input, theme.output) == (PAPER, INPUT, OUTPUT)
    assert (theme.line, theme.sight) == ((0, 43, 54), (0, 0, 0))
    shadows = (theme.shadow_on_canvas, theme.shadow_on_input, theme.shadow_on_output)
    assert shadows == (SHADOW_BESIDE, SHADOW_ON_INPUT, SHADOW_ON_OUTPUT)


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
        for under in (theme.paper, theme.input, theme.output, theme.shadow_on_canvas):
            assert contrast(theme.text, under) >= 3
        for under in (theme.shadow_on_input, theme.shadow_on_output):
            assert contrast(theme.text_on_shadow, under) >= 3


@pytest.mark.parametrize("view", ["isometric", "flat"])
@pytest.mark.parametrize("numbers", [None, "random"])
@pytest.mark.parametrize("layer", [Conv(4, 3, padding=1), ConvTranspose(2, 3, stride=2), AvgPool(4, 3, 1, 1)])
def test_a_scene_names_every_colour_it_uses(view: str, numbers: str | None, layer: AnyLayer) -> None:
    """Palettes are made of these names: a colour that is missing there would be replaced by another."""
    figure = Figure(layer, view=view, values=numbers)  # type: ignore[arg-type]  # parametrised words are plain strings
    scene = draw(figure)
    areas: set[Color] = set()
    inks: set[Color] = set()
    for track in scene.tracks:
        for frame in range(len(scene.durations)):
            for item in track.at(frame):
                (areas.add(item.fill) if isinstance(item, Polygon) else inks.add(item.color))
    theme = THEMES["solarized"]
    assert areas | {theme.paper} == set(scene.areas)
    assert inks | {theme.sight} | ({theme.text} if numbers else set()) == set(scene.inks)
    assert (theme.text_on_shadow in scene.inks) == (numbers is not None)
