"""Fonts for what DejaVu lacks: which one is taken, what is drawn of it, and what is said where there is none."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import pairwise, permutations
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from convgif.drawing.metrics import FONTS, Font, capital_height, width_in
from convgif.drawing.scene import Run
from convgif.errors import InputError, Problem
from convgif.registry import FORMATS
from convgif.rendering import fonts
from convgif.rendering.fonts import ranked
from convgif.rendering.lettering import Outline, made_with, outline, width
from convgif.themes.theme import FontFile
from tests.rendering.typefaces import (
    ALEF,
    BEH,
    EM,
    HAN,
    JOINED,
    KA,
    QAMATS,
    SHIN,
    SIGN_I,
    collection,
    kept,
    needs_shapers,
    shaped,
    typeface,
)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A system without fonts; what was found on another one is forgotten."""
    have(monkeypatch)
    yield
    fonts.suitable.cache_clear()
    outline.cache_clear()


def have(monkeypatch: pytest.MonkeyPatch, *paths: str | FontFile) -> None:
    """Let the system have these fonts, and no others."""
    found = tuple(path if isinstance(path, str) else path.path for path in paths)
    monkeypatch.setattr(fonts, "installed", lambda: found)
    fonts.suitable.cache_clear()
    outline.cache_clear()


def drawn(text: str, own: FontFile | None = None, font: Font = "sans") -> Outline:
    return outline((Run(text),), font, own)


def boxes(text: str, own: FontFile | None = None, font: Font = "sans") -> list[tuple[float, float, float]]:
    """The left end, the width and the height of each box of a text, from left to right, in units of the toy fonts."""
    letters = drawn(text, own, font)
    places = np.add(letters.vertices, (letters.width / 2, capital_height(font) / 2)) * EM
    starts = [*np.flatnonzero(letters.codes == 1), len(places)]
    found = []
    for start, end in pairwise(starts):
        box = places[start : end - 1]  # where it is closed is no place
        (left, _), (right, top) = box.min(axis=0), box.max(axis=0)
        found.append((round(left), round(right - left), round(top)))
    return sorted(found)


def refusals(text: str, own: FontFile | None = None) -> tuple[Problem, ...]:
    """All that is said of a text that cannot be drawn."""
    with pytest.raises(InputError) as caught:
        drawn(text, own)
    return caught.value.problems


def refused(text: str, own: FontFile | None = None) -> Problem:
    """The one thing that is said of it."""
    (problem,) = refusals(text, own)
    return problem


@pytest.mark.parametrize("font", FONTS)
def test_letters_of_the_font_that_is_named_stand_side_by_side(font: Font, tmp_path: Path) -> None:
    own = kept(tmp_path, "han.ttf", typeface(HAN))
    assert boxes("卷积卷", own, font) == [(0, 1000, 700), (1000, 1000, 500), (2000, 1000, 700)]
    assert drawn("卷积", own, font).width == width((Run("卷积"),), font, own) == 2


@pytest.mark.parametrize("font", FONTS)
def test_what_dejavu_has_is_drawn_as_ever(font: Font, tmp_path: Path) -> None:
    """Before, between and after other letters, in its size, and whatever font is named."""
    own = kept(tmp_path, "both.ttf", typeface({**HAN, "b": (100, 100)}))
    assert drawn("3×3 b", own, font).vertices.tobytes() == drawn("3×3 b", None, font).vertices.tobytes()
    mixed, alone = drawn("a卷b", own, font), drawn("b", None, font)
    assert mixed.width == pytest.approx(1 + width_in((Run("ab"),), font))
    last = mixed.vertices[-len(alone.vertices) :]
    np.testing.assert_allclose(last - last.min(axis=0), alone.vertices - alone.vertices.min(axis=0), atol=1e-9)
    small = outline((Run("b"), Run("卷", scale=0.5, rise=0.25)), font, own)
    assert small.width == pytest.approx(0.5 + width_in((Run("b"),), font))
    assert small.vertices[len(alone.vertices) :, 1].max() == pytest.approx(0.25 + 0.5 * 0.7 - capital_height(font) / 2)


def test_a_font_of_the_system_is_found_where_none_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is broken, empty, or has but pictures of letters is passed over; so is what has only some."""
    good = kept(tmp_path, "z.ttf", typeface(HAN))
    broken = kept(tmp_path, "a.ttf", typeface(HAN)[:300])
    empty, some = kept(tmp_path, "b.ttf", b""), kept(tmp_path, "c.ttf", typeface({"卷": (900, 900)}))
    gone = str(tmp_path / "d.ttf")
    uneven = kept(tmp_path, "e.ttc", collection((typeface(HAN, "Toy"), typeface({"み": (1000, 100)}, "Toy SC"))))
    have(monkeypatch, good, broken, empty, some, gone, uneven)
    assert boxes("积卷") == [(0, 1000, 500), (1000, 1000, 700)]
    assert boxes("卷") == [(0, 900, 900)]


NAMES: Final = ("NotoSans-Bold", "NotoSansTamil-Bold", "NotoSansTamil-Regular", "NotoSerifTamil-Regular", "LastResort")


def test_the_likeliest_font_comes_first_in_whatever_order_they_lie() -> None:
    """Of the script, then of the usual weight, then of the theme's kind; never one that has boxes for letters."""
    bold, tamil_bold, tamil, serif, _ = paths = [f"/fonts/{name}.ttf" for name in NAMES]
    for some in permutations(paths):
        assert ranked(some, ("Tamil",), "sans") == (tamil, serif, tamil_bold, bold)
        assert ranked(some, ("Tamil",), "serif") == (serif, tamil, tamil_bold, bold)


def test_of_a_collection_the_font_of_the_text_s_language_is_taken(tmp_path: Path) -> None:
    """Chinese letters look otherwise in Japan and in Korea; kana and hangul tell."""
    letters = {"卷": 700, "み": 300, "곱": 200}
    made = [
        typeface({letter: (1000, height + number) for letter, height in letters.items()}, f"Toy {country}")
        for number, country in enumerate(("XX", "JP", "KR", "SC"))
    ]
    own = kept(tmp_path, "all.ttc", collection(made))
    assert boxes("卷", own) == [(0, 1000, 703)]
    assert boxes("み 卷", own)[1][2] == 701
    assert boxes("卷곱", own)[0][2] == 702
    assert boxes("卷", kept(tmp_path, "two.ttc", collection(made[:2]))) == [(0, 1000, 700)]


@needs_shapers
def test_arabic_is_joined_and_runs_from_right_to_left(tmp_path: Path) -> None:
    own = kept(tmp_path, "joined.ttf", shaped())
    assert [height for _, _, height in boxes(BEH * 4, own)] == [
        JOINED[form] for form in ("fina", "medi", "medi", "init")
    ]
    assert boxes(BEH, own) == [(0, 400, 100)]
    assert boxes(ALEF + SHIN, own) == [(0, 600, 700), (600, 500, 300)]
    nonjoiner = "\N{ZERO WIDTH NON-JOINER}"
    assert [height for _, _, height in boxes(BEH + nonjoiner + BEH, own)] == [100, 100]


@needs_shapers
def test_marks_take_no_room_and_stand_with_their_letters(tmp_path: Path) -> None:
    own = kept(tmp_path, "marks.ttf", shaped())
    assert drawn(SHIN + QAMATS + SHIN, own).width == drawn(SHIN * 2, own).width == 1.2
    (letter,), (mark,) = ([box for box in boxes(SHIN + QAMATS, own) if box[1] == wide] for wide in (600, 300))
    assert letter[0] == 0
    assert 0 <= mark[0] <= 300


@needs_shapers
def test_a_vowel_sign_goes_before_the_letter_that_it_is_spoken_after(tmp_path: Path) -> None:
    own = kept(tmp_path, "signs.ttf", shaped())
    assert boxes(KA + SIGN_I, own) == [(0, 250, 650), (250, 700, 600)]


@needs_shapers
def test_dejavu_has_letters_of_its_own_for_arabic_and_hebrew() -> None:
    """Where no other font is named; in the other typeface too, which lacks them."""
    assert drawn(BEH * 3).width < 3 * drawn(BEH).width
    assert drawn(SHIN, font="serif").vertices.shape == drawn(SHIN).vertices.shape


def test_chinese_needs_no_extra_and_others_say_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = kept(tmp_path, "all.ttf", typeface({**HAN, KA: (700, 600), SIGN_I: (250, 650)}))
    first = drawn("卷积", own).vertices.tobytes()
    have(monkeypatch)
    monkeypatch.setattr(fonts, "SHAPERS", {"a_module_that_nobody_has": "nothing"})
    assert drawn("卷积", own).vertices.tobytes() == first
    for text, named in ((KA + SIGN_I, "Devanagari"), (f"a {SHIN}", "lines that run from right to left")):
        said = refused(text, own)
        assert said.field == ""
        assert str(said).startswith(f"{named} can be drawn after pip install 'convgif[scripts]'; or choose a format ")


def test_where_no_font_has_a_letter_the_remedies_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Formats that take the fonts of their readers are told too, whichever there are."""
    readers = [name for name, format in FORMATS.items() if format.as_text]
    own = kept(tmp_path, "one.ttf", typeface({"卷": (1000, 700)}))
    named, found = refused("卷积积 a", own), refused("卷积积 a")
    assert (named.field, named.value) == ("font", own.path)
    assert str(named.rule).startswith("has no 积; name a font that has, or choose ")
    assert str(found).startswith("font: must be given, since no font is found that has 卷, 积; or choose ")
    assert "has 卷, 积; or" in str(refused("卷 a 积卷")), "all of them, wherever they stand"
    assert len(refusals(f"卷 {KA}")) == 2, "and of every script"
    assert all(name in str(said.rule) for name in readers for said in (named, found))
    assert " and 4 more;" in str(refused("".join(map(chr, range(0x4E00, 0x4E0C)))))


@pytest.mark.parametrize("size", [4, 12, 60, 300, 500])
def test_a_broken_font_that_was_named_is_an_error_about_it(size: int, tmp_path: Path) -> None:
    own = kept(tmp_path, "cut.ttf", typeface(HAN)[:size])
    said = refused("卷", own)
    assert (said.field, said.value) == ("font", own.path)
    assert re.fullmatch(r"cannot be read as a font: .+; name another one", str(said.rule))


def test_a_font_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    old = kept(tmp_path, "own.ttf", typeface(HAN))
    assert (boxes("卷", old), made_with("a", "sans", old)) == ([(0, 1000, 700)], b"")
    before = made_with("卷", "sans", old)
    assert made_with("卷", "sans", FontFile.at(old.path)) == before
    new = kept(tmp_path, "own.ttf", typeface({"卷": (1000, 300)}))
    os.utime(new.path, ns=(old.changed + 1, old.changed + 1))
    new = FontFile.at(new.path)
    assert boxes("卷", new) == [(0, 1000, 300)]
    assert made_with("卷", "sans", new) != before
