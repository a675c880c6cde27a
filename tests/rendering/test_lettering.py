"""Text as outlines: the same everywhere, centred, and never wider than its cell."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import draw
from convgif.drawing.scene import Text
from convgif.figure import Figure, View
from convgif.rendering.lettering import outline
from tests.arithmetic.oracle import AnyLayer
from tests.drawing.plane import Plane, canvas_plane, output_plane

MINUS = "\N{MINUS SIGN}"
CHARACTERS = f"0123456789.{MINUS}\N{INFINITY}"

LENGTHS = (
    *(7, -3, 12.5, 1234567.25, -0.0001, 0, -100, 99, -0.125, 1 / 3, 88888888, -1e15, 1, 0.5, -2 / 3),
    *(1234.5, 10, -10, 1000, -9999.999, 4, 44, 444, 4444, 44444),
)
"""Numbers that take from one character to a line."""


@pytest.mark.parametrize("character", CHARACTERS)
def test_every_character_that_figures_write_is_in_the_font(character: str) -> None:
    """Loading one that is missing would fail here; readers would miss their figure."""
    letters = outline(character)
    assert letters.width > 0
    assert len(letters.vertices) > 0


def test_digits_differ_and_are_equally_wide() -> None:
    """Columns of numbers line up; DejaVu's digits are 0.636 em."""
    digits = [outline(digit) for digit in "0123456789"]
    assert {round(digit.width, 3) for digit in digits} == {0.636}
    assert len({digit.vertices.tobytes() for digit in digits}) == 10


@pytest.mark.parametrize("text", ["0", "8", "10", "1234567.25", f"{MINUS}0.25", f"{MINUS}\N{INFINITY}"])
def test_a_text_is_as_wide_as_its_characters_and_centred(text: str) -> None:
    letters = outline(text)
    assert letters.width == pytest.approx(sum(outline(character).width for character in text))
    assert len(letters.vertices) == len(letters.codes) == sum(len(outline(c).vertices) for c in text)
    left, right = letters.vertices[:, 0].min(), letters.vertices[:, 0].max()
    assert -letters.width / 2 <= left < right <= letters.width / 2
    assert abs(left + right) < 0.15, "only the blanks around the first and the last character are uneven"


def test_digits_are_centred_on_their_height() -> None:
    """So a number stands in the middle of its cell, whatever the font keeps free for accents."""
    ys = outline("0").vertices[:, 1]
    assert 0.7 < ys.max() - ys.min() < 0.78
    assert ys.max() == pytest.approx(-ys.min(), abs=0.02)
    assert outline("1234567890").vertices[:, 1].max() == pytest.approx(ys.max(), abs=0.02)


def test_characters_stand_side_by_side() -> None:
    """Each to the right of the one before, in the same shape."""
    one, two = outline("1").vertices, outline("11").vertices
    pitch = outline("1").width
    aside = np.array((pitch / 2, 0.0))
    np.testing.assert_allclose(two[: len(one)], one - aside, atol=1e-9)
    np.testing.assert_allclose(two[len(one) :], one + aside, atol=1e-9)


def extent(text: Text, plane: Plane) -> tuple[tuple[int, int], float, float, float, float]:
    """The text's cell, and (top, left, bottom, right) of its outline in rows and columns of that cell."""
    letters = outline(text.text)
    em = min(text.size, text.width / letters.width)
    cell, _ = plane.cell_at(text.at)
    places = np.array([plane.place((text.at[0] + x * em, text.at[1] - y * em)) for x, y in letters.vertices]) - cell
    (top, left), (bottom, right) = places.min(axis=0), places.max(axis=0)
    return cell, top, left, bottom, right


NUMBERED: tuple[AnyLayer, ...] = (
    Conv(5, 3, padding=1),
    ConvTranspose(5, 3, stride=2, padding=1),
    MaxPool(5, 3, stride=1, padding=1),
    AvgPool(5, 3, stride=1, padding=1),
)


@pytest.mark.parametrize("view", ["isometric", "flat"])
@pytest.mark.parametrize("layer", NUMBERED)
def test_numbers_stay_inside_their_cells_whatever_their_length(view: View, layer: AnyLayer) -> None:
    """Also in the corners of tilted cells, also weights."""
    weights = np.array(LENGTHS[:9]).reshape(3, 3) if layer.has_kernel_values else None
    figure = Figure(layer, view=view, input_values=np.array(LENGTHS).reshape(5, 5), kernel_values=weights)
    scene = draw(figure)
    lengths: set[int] = set()
    for track in scene.tracks:
        plane = output_plane(layer, view) if track.name in ("output", "highlight") else canvas_plane(view)
        for frame in range(1 if track.static else len(scene.durations)):
            for item in track.at(frame):
                if isinstance(item, Text):
                    lengths.add(len(item.text))
                    cell, top, left, bottom, right = extent(item, plane)
                    inside = top > 0 and left > 0 and bottom < 1 and right < 1
                    assert inside, f"{item.text} leaves cell {cell} of {track.name}"
    assert {1, 4, 8} <= lengths


def ink(text: Text) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of a text in the scene."""
    letters = outline(text.text)
    (left, low), (right, high) = letters.vertices.min(axis=0), letters.vertices.max(axis=0)
    em = min(text.size, text.width / letters.width)
    return text.at[0] + left * em, text.at[1] - high * em, text.at[0] + right * em, text.at[1] - low * em


@pytest.mark.parametrize("view", ["isometric", "flat"])
@pytest.mark.parametrize("weights", [(0, 1, 2), (1, -1, -2), (10, 25, -3), (0.125, -0.5, 88888)])
@pytest.mark.parametrize("inputs", [(0, 1, 2, 3), (-3, 7, 12, 99), (-0.125, 1 / 3, 12345, 1)])
def test_weights_do_not_run_into_the_numbers(view: View, weights: tuple[float, ...], inputs: tuple[float, ...]) -> None:
    """Each number of each cell with each weight, as the kernel passes over all of them."""
    layer = Conv((1, 4), (1, 3), padding=(0, 2))
    figure = Figure(layer, view=view, input_values=np.array([inputs]), kernel_values=np.array([weights]))
    scene = draw(figure)
    shadow = next(track for track in scene.tracks if track.name == "shadow")
    for frame in range(len(scene.durations)):
        texts = [item for item in shadow.at(frame) if isinstance(item, Text)]
        assert len(texts) == 6
        for a, b in combinations(texts, 2):
            (left, top, right, bottom), (other_left, other_top, other_right, other_bottom) = ink(a), ink(b)
            apart = right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
            assert apart, f"{a.text} and {b.text} overlap"


@pytest.mark.parametrize("view", ["isometric", "flat"])
def test_short_numbers_are_not_shrunk(view: View) -> None:
    """What fits keeps one size, so that figures look even; what does not fit is made smaller."""
    values = np.array([[7, -3], [88888888, 0]])
    figure = Figure(Conv(2, 1), view=view, input_values=values, kernel_values=[[1]])
    texts = {
        item.text: item
        for item in next(track for track in draw(figure).tracks if track.name == "input").at(0)
        if isinstance(item, Text)
    }
    assert {text.size for text in texts.values()} == {texts["7"].size}
    for short in ("7", "0", f"{MINUS}3"):
        assert outline(short).width * texts[short].size <= texts[short].width
    assert outline("88888888").width * texts["88888888"].size > texts["88888888"].width
