"""What a line is made of, from left to right: in the order of the eye, each piece in the order of the voice."""

from __future__ import annotations

from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing.metrics import FONTS, Font, missing
from convgif.drawing.scene import Run
from convgif.rendering.scripts import Piece, font_names, is_plain, pieces, runs_leftwards
from tests.arithmetic.strategies import REPEATABLE
from tests.rendering.typefaces import ALEF, BEH, KA, QAMATS, SHIN, SIGN_I, needs_shapers

NONJOINER = "\N{ZERO WIDTH NON-JOINER}"


@REPEATABLE
@given(
    st.text(st.sampled_from(f"aZ3 .,(é×卷み곱。{KA}{SIGN_I}\N{COMBINING ACUTE ACCENT}"), max_size=12),
    st.sampled_from(FONTS),
)
def test_a_line_that_runs_to_the_right_is_its_pieces(text: str, font: Font) -> None:
    """What DejaVu has, it writes, unless it is a mark on a letter that it lacks; neighbours differ."""
    found = pieces(text, font)
    assert "".join(piece.text for piece in found) == normalize("NFC", text)
    for piece in found:
        assert bool(piece.script) == bool(missing(piece.text, font))
        assert piece.script or not (piece.shaped or piece.leftwards)
    assert all(one.script != other.script for one, other in pairwise(found))
    assert is_plain((Run(normalize("NFC", text)),), font) == all(not piece.script for piece in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("畳み込み", [Piece("畳み込み", "Hani")]),
        ("卷积。 3x3", [Piece("卷积。", "Hani"), Piece(" 3x3")]),
        ("。卷", [Piece("。卷", "Hani")]),
        (f"{KA}{SIGN_I}卷", [Piece(KA + SIGN_I, "Deva", shaped=True), Piece("卷", "Hani")]),
        (f"{KA}{KA}", [Piece(KA + KA, "Deva")]),
        ("\u1112\u1161\u11b8", [Piece("합", "Hang")]),
    ],
)
def test_letters_of_a_script_stay_together(text: str, expected: list[Piece]) -> None:
    assert [*pieces(text, "sans")] == expected


def leftward(text: str, script: str = "Hebr") -> Piece:
    return Piece(text, script, leftwards=True, shaped=True)


@needs_shapers
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ALEF + SHIN, [leftward(ALEF + SHIN)]),
        # The line begins at the right, and numbers run to the right in it.
        (f"{SHIN} 12", [Piece("12 "), leftward(SHIN)]),
        (f"{SHIN} a", [Piece("a "), leftward(SHIN)]),
        (f"a {ALEF}{SHIN} 3", [Piece("a 3 "), leftward(ALEF + SHIN)]),
        (f"a {ALEF}{SHIN} b", [Piece("a "), leftward(ALEF + SHIN), Piece(" b")]),
        (f"{SHIN} (3×3)", [Piece("(3×3) "), leftward(SHIN)]),
        (f"a ({SHIN}) <b", [Piece("a ("), leftward(SHIN), Piece(") <b")]),
        (f"{SHIN} < {ALEF}", [leftward(ALEF), Piece(" > "), leftward(SHIN)]),
        (f"{SHIN}{QAMATS}{ALEF}", [leftward(SHIN + QAMATS + ALEF)]),
        (f"a{SHIN}{QAMATS}", [Piece("a"), leftward(SHIN + QAMATS)]),
        (f"{BEH}{NONJOINER}{BEH}", [leftward(BEH + NONJOINER + BEH, "Arab")]),
        (f"{BEH}{SHIN}", [leftward(SHIN), leftward(BEH, "Arab")]),
    ],
)
def test_lines_that_run_to_the_left(text: str, expected: list[Piece]) -> None:
    """As browsers show them; pieces from left to right, each as it is read, and brackets turned round."""
    assert [*pieces(text, "sans")] == expected
    assert not is_plain((Run(text),), "sans")


@pytest.mark.parametrize(
    ("text", "leftwards"),
    [("", False), ("3 (", False), (f"3 ({SHIN}", True), (f"{BEH} a", True), (f"a {BEH}", False), (f"卷{BEH}", False)],
)
def test_the_first_letter_says_where_a_line_begins(text: str, leftwards: bool) -> None:
    assert runs_leftwards(text) == leftwards


def test_fonts_are_named_after_the_script_or_the_country() -> None:
    assert [font_names(text, "Hani")[0] for text in ("卷み", "卷곱", "卷ㄅ", "卷")] == ["JP", "KR", "TC", "SC"]
    assert font_names("곱", "Hang")[0] == "KR"
    assert font_names(KA, "Deva") == ("Devanagari",)
    assert font_names("⤀", "Zyyy") == ()


def test_joiners_and_variants_ask_for_no_glyph() -> None:
    assert Piece(f"{KA}{NONJOINER}{KA}\ufe0f\U000e0100{SIGN_I}").inked == KA + SIGN_I
