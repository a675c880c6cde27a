"""Text as outlines: the same everywhere, centred, and each character where the one before it ends."""

from __future__ import annotations

from typing import Any, Final

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing.metrics import FONTS, Font, capital_height, missing, width_in
from convgif.drawing.scene import Run
from convgif.figure import Figure
from convgif.rendering import lettering
from convgif.rendering.lettering import outline
from convgif.rendering.raster import frames
from tests.arithmetic.strategies import REPEATABLE
from tests.rendering.samples import FIGURES, painted

MINUS: Final = "\N{MINUS SIGN}"
WRITTEN: Final = sorted(
    {*f"0123456789.,:;()+{MINUS}\N{INFINITY}×→·\N{PRIME}°", *"Zeros between rows, columns; TURNED by"} - {" "}
)


def plain(text: str) -> tuple[Run, ...]:
    return (Run(text),)


@pytest.mark.parametrize("slanted", [False, True])
@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("character", WRITTEN)
def test_every_character_that_figures_write_is_drawn(character: str, font: Font, slanted: bool) -> None:
    """Loading one that is missing would fail here; readers would miss their figure."""
    letters = outline((Run(character, slanted),), font)
    assert letters.width > 0
    assert len(letters.vertices) == len(letters.codes) > 0
    assert missing(character, font) == ""


@pytest.mark.parametrize("font", FONTS)
def test_digits_differ_and_are_equally_wide(font: Font) -> None:
    """Columns of numbers line up; DejaVu's digits are 0.636 em."""
    digits = [outline(plain(digit), font) for digit in "0123456789"]
    assert {round(digit.width, 3) for digit in digits} == {0.636}
    assert len({digit.vertices.tobytes() for digit in digits}) == 10


def test_the_faces_differ_and_upright_sans_is_the_usual_one() -> None:
    drawn = {(font, slanted): outline((Run("Im 1", slanted),), font) for font in FONTS for slanted in (False, True)}
    assert len({one.vertices.tobytes() for one in drawn.values()}) == 4
    assert len(drawn["serif", False].vertices) > len(drawn["sans", False].vertices), "serifs have corners"
    assert outline(plain("Im 1")).vertices.tobytes() == drawn["sans", False].vertices.tobytes()


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("text", ["0", "8", "10", "1234567.25", f"{MINUS}0.25", f"{MINUS}\N{INFINITY}", "own"])
def test_a_text_is_centred(text: str, font: Font) -> None:
    letters = outline(plain(text), font)
    left, right = letters.vertices[:, 0].min(), letters.vertices[:, 0].max()
    assert -letters.width / 2 <= left < right <= letters.width / 2
    assert abs(left + right) < 0.15, "only the blanks around the first and the last character are uneven"


@pytest.mark.parametrize("font", FONTS)
def test_digits_are_centred_on_their_height(font: Font) -> None:
    """So a number stands in the middle of its cell, whatever the font keeps free for accents."""
    ys = outline(plain("0"), font).vertices[:, 1]
    assert ys.max() == pytest.approx(capital_height(font) / 2)
    assert ys.max() == pytest.approx(-ys.min(), abs=0.02)
    for text in ("1234567890", "AZ", "10 px"):
        assert outline(plain(text), font).vertices[:, 1].max() == pytest.approx(ys.max(), abs=0.03)


LETTERS: Final = st.text(st.sampled_from("ABab019 .,−"), min_size=1, max_size=4)
RUNS: Final = st.lists(
    st.builds(Run, LETTERS, st.booleans(), st.sampled_from([0.5, 0.7, 1.0]), st.sampled_from([0, -0.16, 0.37])),
    min_size=1,
    max_size=4,
).map(tuple)


@REPEATABLE
@given(RUNS, st.sampled_from(FONTS))
def test_characters_stand_side_by_side(runs: tuple[Run, ...], font: Font) -> None:
    """Each in its own shape, its size and its height, where the widths of those before it say."""
    letters = outline(runs, font)
    assert letters.width == pytest.approx(width_in(runs, font))
    start, used = -letters.width / 2, 0
    for run in runs:
        for character in run.text:
            alone = outline((Run(character, run.slanted),), font)
            drawn = letters.vertices[used : used + len(alone.vertices)]
            used += len(alone.vertices)
            foot = capital_height(font) / 2
            from_origin = np.add(alone.vertices, (alone.width / 2, foot))
            expected = from_origin * run.scale + (start, run.rise - foot)
            np.testing.assert_allclose(drawn, expected, atol=1e-9)
            start += alone.width * run.scale
    assert used == len(letters.vertices)


def test_a_text_of_nothing_has_no_outlines() -> None:
    for runs in ((), plain("")):
        assert outline(runs).vertices.shape == (0, 2)
        assert outline(runs).width == 0
    assert outline(plain(" ")).vertices.shape == (0, 2)
    assert outline(plain(" ")).width > 0


HOSTILE: Final[dict[Any, Any]] = {
    "mathtext.default": "rm",
    "mathtext.fontset": "cm",
    "font.family": ["monospace"],
    "font.size": 31.0,
    "font.weight": "bold",
    "font.style": "oblique",
    "text.hinting": "force_autohint",
    "text.antialiased": False,
    "text.parse_math": False,
    "text.usetex": True,
    "axes.unicode_minus": False,
    "path.simplify": True,
    "path.simplify_threshold": 1.0,
    "path.snap": False,
    "path.sketch": (5, 50, 5),
    "agg.path.chunksize": 101,
    "lines.antialiased": False,
    "lines.dash_capstyle": "round",
    "patch.antialiased": False,
    "hatch.linewidth": 9.0,
    "figure.dpi": 31.0,
    "savefig.transparent": True,
}
"""What a user may have set; every one of these changes what matplotlib itself draws, or might."""


@pytest.mark.parametrize("name", ["muted, with words", "hatched", "matrix, plain"])
def test_what_a_user_has_set_changes_no_pixel(name: str) -> None:
    """Words, formulas and numbers, lines of many parts and letters of many points."""
    figure: Figure = FIGURES[name]
    seen = []
    for settings in ({}, {key: value for key, value in HOSTILE.items() if key in matplotlib.rcParams}):
        outline.cache_clear()
        lettering._glyph.cache_clear()
        scene, theme, _ = painted(figure)
        with matplotlib.rc_context(settings):
            seen.append([frame.tobytes() for frame in frames(scene, theme, 23, [0, 1])])
    assert seen[0] == seen[1]
