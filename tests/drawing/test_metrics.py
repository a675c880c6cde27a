"""The table of text widths: it is what the fonts say, and it knows what they have not."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from itertools import chain
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing import metrics
from convgif.drawing.metrics import FONTS, Font, advances, capital_height, missing, width_in, width_of
from convgif.drawing.scene import Run
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing import fonts

LACKING: Final = "卷积\N{FROG FACE}"


def test_the_table_is_what_the_fonts_say() -> None:
    """Every character of every face, read with FreeType; `python -m tests.drawing.fonts` makes it anew."""
    assert (files("convgif.drawing") / metrics.TABLE).read_text(encoding="ascii") == fonts.table()


@pytest.mark.parametrize("name", metrics.FACES)
def test_what_is_read_from_the_table_is_what_it_was_made_of(name: str) -> None:
    """Characters of many scripts, first and last ones of a stretch among them, and the gaps between.

    What the serif font lacks is taken from the other.
    """
    font, _, slanted = name.partition(" ")
    chosen: Font = "serif" if font == "serif" else "sans"
    faces = [fonts.font(name), fonts.font(name.replace("serif", "sans"))]
    have = [(face, face.get_charmap()) for face in faces]
    for code in chain(range(0x3000), range(0xA000, 0xD800, 7), range(0xF000, 0xFFFF, 3), range(0x1D400, 0x1F700, 5)):
        (found,) = advances(chr(code), chosen, slanted == "slanted")
        known = (fonts.advance(face, code) / metrics.UNITS for face, codes in have if code in codes)
        assert found == next(known, metrics.estimated(chr(code)))


@pytest.mark.parametrize("font", FONTS)
def test_the_width_of_what_a_font_lacks_is_estimated(font: Font) -> None:
    """Letters of East Asia are as wide as high; marks take no room, and no other letter is wider than those."""
    assert advances("卷み곱。\N{FROG FACE}", font) == [1] * 5
    assert advances("\N{DEVANAGARI SIGN ANUSVARA}\N{THAI CHARACTER MAI EK}\N{TAMIL SIGN VIRAMA}", font) == [0] * 3
    words = advances("वணഷसा", font)
    assert all(0.5 < wide < 1 for wide in words)
    assert words[1] == words[2] > words[0]


@pytest.mark.parametrize("font", FONTS)
def test_digits_are_equally_wide_and_as_high_as_capitals(font: Font) -> None:
    assert len(set(advances("0123456789", font))) == 1
    face = fonts.font(font)
    for digit in "0358":
        face.load_char(ord(digit))
        high = max(y for _, y in face.get_path()[0]) / fonts.PIXELS
        assert capital_height(font) == pytest.approx(high, abs=0.03)


TEXTS: Final = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
RUNS: Final = st.lists(st.builds(Run, TEXTS, st.booleans(), st.sampled_from([0.5, 0.7, 1.0]), st.floats(-1, 1)))


@REPEATABLE
@given(RUNS, RUNS, st.sampled_from(FONTS))
def test_a_text_is_as_wide_as_its_characters(one: list[Run], other: list[Run], font: Font) -> None:
    """Of each run by its size; what rises is no wider."""
    expected = sum(
        run.scale * width_in([run._replace(scale=1, text=letter)], font) for run in one for letter in run.text
    )
    assert width_in(one, font) == pytest.approx(expected)
    assert width_in([*one, *other], font) == pytest.approx(width_in(one, font) + width_in(other, font))
    level = [run._replace(rise=0) for run in one]
    assert width_in(level, font) == width_in(one, font) >= 0


@REPEATABLE
@given(RUNS)
def test_a_theme_may_choose_the_font(runs: list[Run]) -> None:
    """So the wider one counts."""
    assert width_of(runs) == width_in(runs, "sans")
    assert width_of(runs, serif_too=True) == max(width_in(runs, font) for font in FONTS)
    assert width_of(iter(runs), serif_too=True) == width_of(runs, serif_too=True)


@REPEATABLE
@given(st.text(st.sampled_from(f"aZ0 ±∞{LACKING}"), max_size=9), st.sampled_from(FONTS))
def test_missing_characters_are_named_once_each_in_their_order(text: str, font: Font) -> None:
    named = missing(text, font)
    assert set(named) == set(text) & set(LACKING)
    assert [*named] == sorted(set(named), key=text.index)


@pytest.mark.parametrize("font", FONTS)
def test_the_fonts_have_what_figures_write(font: Font) -> None:
    written = "0123456789.,:;()+-=/ −∞×→·\N{PRIME}°ABCZabcz" + "Größe ÄÖÜ"
    assert missing(written, font) == ""


def test_only_the_faces_that_are_needed_are_read() -> None:
    """And nothing that could read fonts is loaded."""
    program = (
        "import sys; from convgif.drawing import metrics; from convgif.drawing.scene import Run; "
        "metrics.width_of([Run('Input')]); print(metrics._face.cache_info().currsize, "
        "sorted({'numpy', 'matplotlib', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1 []"


def test_what_no_font_has_is_missing() -> None:
    """A sign that the serif font lacks is taken from the other, so it is there."""
    assert missing("a⋯→b", "serif") == missing("a⋯→b", "sans") == ""
    assert [missing("积⋯卷卷", font) for font in FONTS] == ["积卷"] * len(FONTS)
