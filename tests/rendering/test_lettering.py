"""Text as outlines: the same everywhere, centred, and never wider than its cell.

Mathematics is compared with matplotlib's own typesetting, called here in another way, and with settings of a user who
likes other fonts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, combinations, islice
from pathlib import Path
from typing import Any, Final, get_args

import matplotlib
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outlines
from matplotlib.textpath import TextPath

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.construction import construction
from convgif.drawing import draw
from convgif.drawing.scene import Font, Text
from convgif.drawing.theme import THEMES
from convgif.drawing.words import TURNED, told, worked
from convgif.figure import Figure, ThemeName, View
from convgif.rendering import frames
from convgif.rendering.lettering import Outline, missing, outline
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.plane import Plane, canvas_plane, output_plane
from tests.drawing.truth import WORDS

MINUS = "\N{MINUS SIGN}"
CHARACTERS = f"0123456789.{MINUS}\N{INFINITY}"

LENGTHS = (
    *(7, -3, 12.5, 1234567.25, -0.0001, 0, -100, 99, -0.125, 1 / 3, 88888888, -1e15, 1, 0.5, -2 / 3),
    *(1234.5, 10, -10, 1000, -9999.999, 4, 44, 444, 4444, 44444),
)
"""Numbers that take from one character to a line."""


FONTS: Final[tuple[Font, ...]] = get_args(Font)
SENTENCE: Final = f"Zeros between rows, columns; where negative, a crop: (2, 1) {TURNED} × − ∞"


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("character", sorted({*CHARACTERS, *SENTENCE} - {" "}))
def test_every_character_that_figures_write_is_in_the_font(character: str, font: Font) -> None:
    """Loading one that is missing would fail here; readers would miss their figure."""
    letters = outline(character, font)
    assert letters.width > 0
    assert len(letters.vertices) > 0
    assert missing(character, font) == ""


@pytest.mark.parametrize(("font", "width"), [("sans", 0.636), ("serif", 0.636)])
def test_digits_differ_and_are_equally_wide(font: Font, width: float) -> None:
    """Columns of numbers line up; DejaVu's digits are 0.636 em."""
    digits = [outline(digit, font) for digit in "0123456789"]
    assert {round(digit.width, 3) for digit in digits} == {width}
    assert len({digit.vertices.tobytes() for digit in digits}) == 10


def test_the_fonts_differ_and_sans_is_the_usual_one() -> None:
    sans, serif, usual = outline("Im 1", "sans"), outline("Im 1", "serif"), outline("Im 1")
    assert len(serif.vertices) > len(sans.vertices), "serifs have corners"
    assert serif.width != sans.width
    assert usual.vertices.tobytes() == sans.vertices.tobytes()


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("text", ["0", "8", "10", "1234567.25", f"{MINUS}0.25", f"{MINUS}\N{INFINITY}", "own"])
def test_a_text_is_as_wide_as_its_characters_and_centred(text: str, font: Font) -> None:
    letters = outline(text, font)
    assert letters.width == pytest.approx(sum(outline(character, font).width for character in text))
    assert len(letters.vertices) == len(letters.codes) == sum(len(outline(c, font).vertices) for c in text)
    left, right = letters.vertices[:, 0].min(), letters.vertices[:, 0].max()
    assert -letters.width / 2 <= left < right <= letters.width / 2
    assert abs(left + right) < 0.15, "only the blanks around the first and the last character are uneven"


@pytest.mark.parametrize("font", FONTS)
def test_digits_are_centred_on_their_height(font: Font) -> None:
    """So a number stands in the middle of its cell, whatever the font keeps free for accents."""
    ys = outline("0", font).vertices[:, 1]
    assert 0.7 < ys.max() - ys.min() < 0.78
    assert ys.max() == pytest.approx(-ys.min(), abs=0.02)
    for text in ("1234567890", "AZ", "10 px"):
        assert outline(text, font).vertices[:, 1].max() == pytest.approx(ys.max(), abs=0.03)


@pytest.mark.parametrize("font", FONTS)
def test_characters_stand_side_by_side(font: Font) -> None:
    """Each to the right of the one before, in the same shape."""
    one, two = outline("1", font).vertices, outline("11", font).vertices
    pitch = outline("1", font).width
    aside = np.array((pitch / 2, 0.0))
    np.testing.assert_allclose(two[: len(one)], one - aside, atol=1e-9)
    np.testing.assert_allclose(two[len(one) :], one + aside, atol=1e-9)


def loads(character: str, font: Font) -> bool:
    """Whether FreeType has a glyph for it: matplotlib warns where it falls back to a box, and warnings are errors."""
    try:
        outline(character, font)
    except (UserWarning, RuntimeError):
        return False
    return True


@pytest.mark.parametrize("font", FONTS)
def test_what_is_missing_cannot_be_drawn_and_all_else_can(font: Font) -> None:
    """Letters of many scripts, signs, and what lies beyond 16 bits."""
    tried = [
        chr(code) for code in chain(range(32, 0x3000, 61), range(0x4E00, 0xFFFF, 997), range(0x1F300, 0x1F700, 37))
    ]
    lacking = [character for character in tried if missing(character, font)]
    assert 50 < len(lacking) < len(tried) - 50
    for character in tried:
        assert missing(character, font) == ("" if loads(character, font) else character)


@REPEATABLE
@given(st.text(st.sampled_from("aZ0 ±∞卷积\N{FROG FACE}"), max_size=9), st.sampled_from(FONTS))
def test_missing_characters_are_named_once_each_in_their_order(text: str, font: Font) -> None:
    named = missing(text, font)
    assert set(named) == set(text) & set("卷积\N{FROG FACE}")
    assert [*named] == sorted(set(named), key=text.index)


# Mathematics


SYMBOLS: Final = ("$x$", "$w$", "$C$", "$w_{0{,}1}$", "$x_{0{,}0}$", "$y_{12{,}3}$", "$w_{10{,}10}$", "$d_{7}$")
ABOVE: Final = (r"$C^{\mathrm{T}}$", "$x^{2}$")


def typeset(text: str, font: Font) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
    """matplotlib's own typesetting at an em of 1, from the origin on the baseline."""
    name = {"sans": "DejaVuSans.ttf", "serif": "DejaVuSerif.ttf"}[font]
    face = FontProperties(
        fname=str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), math_fontfamily=f"dejavu{font}"
    )
    path = TextPath((0, 0), text, size=1, prop=face, usetex=False)
    return np.asarray(path.vertices), np.asarray(path.codes, dtype=np.uint8)


def set_by_itself(text: str, font: Font) -> npt.NDArray[np.float64]:
    """The same, placed as an outline is: centred on its ink, and on the height that the font's digits have."""
    vertices, _ = typeset(text, font)
    plain = outline("0", font).vertices[:, 1]
    middle = (float(vertices[:, 0].min()) + float(vertices[:, 0].max())) / 2
    return vertices - (middle, float(plain.max()))


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize(
    ("text", "aside", "above"),
    [*((text, 0.002, 0.015) for text in SYMBOLS), *((text, 0.08, 0.055) for text in ABOVE)],
)
def test_symbols_look_as_mathematics_sets_them(text: str, aside: float, above: float, font: Font) -> None:
    """Drawn by hand, since a matrix has many; point by point where matplotlib puts them, in em.

    The letter is slanted and its index upright. What is above a letter is a little nearer to it.
    """
    drawn, (_, codes) = outline(text, font, math=True), typeset(text, font)
    np.testing.assert_array_equal(drawn.codes, codes)
    apart = np.abs(drawn.vertices - set_by_itself(text, font)).max(axis=0)
    assert apart[0] <= aside
    assert apart[1] <= above
    assert drawn.width == pytest.approx(np.ptp(typeset(text, font)[0][:, 0]), abs=aside)


def formulas() -> Iterator[str]:
    """Lines that captions have, with words, fractions and brackets."""
    yield from worked(Conv(5, 3, stride=2, padding=1))
    yield from worked(Conv((5, 7), (3, 2), stride=(2, 3), padding=(1, 0), dilation=(2, 1)))
    for phase in construction(ConvTranspose((3, 4), 3, stride=2, padding=1, output_padding=(0, 1))):
        yield from told(phase)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("text", [text for text in dict.fromkeys(formulas()) if "$" in text])
def test_formulas_are_set_by_matplotlib(text: str, font: Font) -> None:
    drawn, (_, codes) = outline(text, font, math=True), typeset(text, font)
    np.testing.assert_array_equal(drawn.codes, codes)
    np.testing.assert_allclose(drawn.vertices, set_by_itself(text, font), atol=1e-3)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("text", [text for text in dict.fromkeys(formulas()) if "$" not in text])
def test_words_of_a_caption_look_like_words(text: str, font: Font) -> None:
    """But for the kerning, which only mathematics has."""
    drawn, plain = outline(text, font, math=True), outline(text, font)
    np.testing.assert_array_equal(drawn.codes, plain.codes)
    np.testing.assert_allclose(drawn.vertices, plain.vertices, atol=0.1)
    np.testing.assert_allclose(drawn.vertices[:, 1], plain.vertices[:, 1], atol=0.02)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("text", [*SYMBOLS, *ABOVE, r"$o = \left\lfloor\dfrac{5}{2}\right\rfloor$", "rows: $o = 2$"])
def test_mathematics_is_centred_on_its_ink(text: str, font: Font) -> None:
    """But for the blank before its first letter."""
    letters = outline(text, font, math=True)
    drawn = letters.vertices[letters.codes != Outlines.CLOSEPOLY, 0]
    assert drawn.max() == pytest.approx(letters.width / 2)
    assert drawn.min() == pytest.approx(-letters.width / 2, abs=0.11)


def baseline(letters: Outline, count: int) -> float:
    """The foot of the first so many points."""
    return float(letters.vertices[:count, 1].min())


@pytest.mark.parametrize("font", FONTS)
def test_mathematics_stands_on_the_line_that_plain_text_stands_on(font: Font) -> None:
    """Whatever hangs below or rises above it: symbols in a row of cells, and numbers beside them, are level."""
    foot = float(outline("x", font).vertices[:, 1].min())
    letter = len(outline("$x$", font, math=True).vertices)
    for text in ("$x$", "$x_{0{,}0}$", "$x^{2}$", "$x_{12{,}3}$", r"$x \cdot \dfrac{1}{2}$"):
        assert baseline(outline(text, font, math=True), letter) == pytest.approx(foot, abs=0.02)


@pytest.mark.parametrize("font", FONTS)
def test_dollars_are_dollars_but_in_mathematics(font: Font) -> None:
    """A title may have prices in it."""
    plain = outline("$x$", font)
    assert plain.width == pytest.approx(2 * outline("$", font).width + outline("x", font).width)
    assert outline("$x$", font, math=True).width < outline("x", font).width + 0.1


@pytest.mark.parametrize("text", ["$x_{12{,}3}$", "$y_{1{,}0}$"])
def test_an_index_is_small_and_below(text: str) -> None:
    """What is seen of the fast way apart from its pattern: as high as the letter it would be read as a factor."""
    letter, small = text[1], re.sub(r"[_{}$]", "", text)[1:]
    letters, upright = outline(text, math=True), outline(small)
    index = letters.vertices[-len(upright.vertices) :]
    height = np.ptp(index[:, 1]) / np.ptp(upright.vertices[:, 1])
    assert height == pytest.approx(0.7, abs=0.01)
    assert index[:, 1].min() < outline(letter).vertices[:, 1].min() + 0.25
    assert index[:, 0].min() > letters.vertices[: -len(index), 0].max() - 0.1


HOSTILE: Final[dict[Any, Any]] = {
    "mathtext.default": "rm",
    "mathtext.fallback": "stix",
    "mathtext.fontset": "cm",
    "mathtext.it": "serif:bold",
    "mathtext.rm": "monospace",
    "font.family": ["monospace"],
    "font.size": 31.0,
    "font.weight": "bold",
    "font.style": "oblique",
    "font.variant": "small-caps",
    "font.stretch": "condensed",
    "text.hinting": "force_autohint",
    "text.antialiased": False,
    "text.parse_math": False,
    "text.usetex": True,
    "axes.unicode_minus": False,
    "path.simplify": True,
    "path.simplify_threshold": 1.0,
    "path.snap": False,
    "agg.path.chunksize": 101,
    "lines.antialiased": False,
    "figure.dpi": 31.0,
    "savefig.transparent": True,
}
"""What a user may have set; every one of these changes what matplotlib itself draws, or might."""


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("text", ["$w_{0{,}1}$", *formulas()][:8])
def test_what_a_user_has_set_changes_no_outline(text: str, font: Font) -> None:
    outline.cache_clear()
    usual = outline(text, font, math=True)
    outline.cache_clear()
    with hostile():
        typeset_otherwise = outline(text, font, math=True)
    outline.cache_clear()
    assert usual.vertices.tobytes() == typeset_otherwise.vertices.tobytes()
    assert usual.codes.tobytes() == typeset_otherwise.codes.tobytes()
    assert usual.width == typeset_otherwise.width


def hostile() -> AbstractContextManager[None]:
    """A user's settings, as far as this version of matplotlib has them."""
    return matplotlib.rc_context({name: value for name, value in HOSTILE.items() if name in matplotlib.rcParams})


def test_the_settings_tried_are_settings_that_matter() -> None:
    """Or the tests around this one would prove nothing: matplotlib itself sets the same text otherwise with them."""
    usual, _ = typeset("$o = x - 1$", "sans")
    with hostile():
        other, _ = typeset("$o = x - 1$", "sans")
    assert usual.tobytes() != other.tobytes()


@pytest.mark.parametrize("theme", THEMES)
def test_what_a_user_has_set_changes_no_pixel(theme: ThemeName) -> None:
    """Words, mathematics and numbers, lines of many parts and letters of many points."""
    figure = Figure(
        Conv((4, 9), (2, 3), padding=1, stride=(2, 3)),
        view="flat",
        theme=theme,
        values="random",
        title="Words & 10 $",
        labels=True,
        caption=True,
    )
    seen = []
    for settings in (nullcontext(), hostile()):
        outline.cache_clear()
        with settings:
            seen.append([frame.tobytes() for frame in islice(frames(draw(figure), 23), 2)])
    outline.cache_clear()
    assert seen[0] == seen[1]


# In cells


def extent(text: Text, plane: Plane) -> tuple[tuple[int, int], float, float, float, float]:
    """The text's cell, and (top, left, bottom, right) of its outline in rows and columns of that cell."""
    letters = outline(text.text, text.font, text.math)
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
        if track.name in WORDS:
            continue
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
    letters = outline(text.text, text.font, text.math)
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
    taps = next(track for track in scene.tracks if track.name == "taps")
    for frame in range(len(scene.durations)):
        texts = [item for item in taps.at(frame) if isinstance(item, Text)]
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
