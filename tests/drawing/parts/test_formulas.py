"""Formulas set as mathematics: what is written, in what order, and that nothing runs into anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pytest

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.arithmetic.formula import Ceil, Equation, Floor, Piece, formula
from convgif.drawing.metrics import FONTS, Font, capital_height, missing, width_in
from convgif.drawing.parts.formulas import HIGH, LOW, THICK, before, height, items, runs_of, width
from convgif.drawing.scene import Box, Item, Line, Text
from convgif.rendering.lettering import outline

LAYERS: Final = (
    Conv(5, 3, stride=2, padding=1),
    Conv((5, 7), (3, 2), stride=(2, 3), padding=(1, 0), dilation=(2, 1)),
    Conv((900,), 30, stride=7),
    ConvTranspose((3, 4), 3, stride=2, padding=1, output_padding=(0, 1)),
    MaxPool(4, 2),
)


def equations() -> Iterator[Equation]:
    """What layers say of their sizes, and two that begin and end with a fraction."""
    for layer in LAYERS:
        yield from layer.formula()
        yield from layer.derivation()
        if isinstance(layer, ConvTranspose):
            for phase in layer.phases():
                yield from phase.equations
    yield Equation(formula(Floor("1", "1000 + 2")), "rows")
    yield Equation(formula("a = ", Floor("5", "2"), " + ", Floor("7 - k", "3")))
    yield Equation(formula("o = min(", Ceil("i + p_1 + p_2 - k", "s"), " + 1, p'_1)"))


EQUATIONS: Final = {equation.text: equation for equation in equations()}


def shown_of(piece: Piece) -> tuple[str, ...]:
    """What is written of a piece, from above to below."""
    return (piece,) if isinstance(piece, str) else (piece.numerator, piece.denominator)


def seen(text: str) -> str:
    """Plain text as it is written in a formula, without spaces."""
    return text.replace("_", "").replace("*", "·").replace("-", "−").replace("'", "\N{PRIME}").replace(" ", "")


def ink(item: Item, font: Font) -> Box:
    """What an item covers."""
    if isinstance(item, Line):
        points = np.concatenate([np.asarray(part) for part in item.parts])
        return Box(*points.min(axis=0), *points.max(axis=0))
    assert isinstance(item, Text)
    letters = outline(item.runs, font)
    em = min(item.size, item.width / letters.width)
    aside = {"start": letters.width / 2, "middle": 0.0, "end": -letters.width / 2}[item.anchor]
    (left, low), (right, high) = letters.vertices.min(axis=0), letters.vertices.max(axis=0)
    x, y = item.at
    return Box(x + (left + aside) * em, y - high * em, x + (right + aside) * em, y - low * em)


@pytest.mark.parametrize("equation", EQUATIONS.values(), ids=EQUATIONS)
def test_all_of_it_is_written_from_left_to_right(equation: Equation) -> None:
    """A fraction from above to below, in place of its brackets and its stroke."""
    texts = [item for item in items(equation, (3, 4), 0.5) if isinstance(item, Text)]
    label = [f"{equation.label}: "] if equation.label else []
    parts = [part for piece in equation.formula for part in shown_of(piece)]
    assert "".join(text.text for text in texts).replace(" ", "") == seen("".join((*label, *parts)))
    assert {item.role for item in texts} == {"words"}
    assert all(missing(text.text, font) == "" for text in texts for font in FONTS)
    # SVG drops blanks at the ends.
    assert all(text.text == text.text.strip() for text in texts)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("equation", EQUATIONS.values(), ids=EQUATIONS)
def test_nothing_touches_anything_and_all_keeps_to_its_room(equation: Equation, font: Font) -> None:
    """In both fonts: no text is shrunk, and each fits the width and the height that are reckoned for the whole."""
    em = 0.5
    drawn = items(equation, (3, 4), em)
    boxes = [ink(item, font) for item in drawn]
    for item in drawn:
        if isinstance(item, Text):
            assert width_in(item.runs, font) * item.size <= item.width + 1e-9
            assert item.size == em
    whole = boxes[0].holding(boxes[1:])
    bearing = 0.1 * em
    assert whole.left >= 3 - width(equation) * em / 2 - bearing
    assert whole.right <= 3 + width(equation) * em / 2 + bearing
    assert whole.top >= 4 - height(equation) * em / 2
    assert whole.bottom <= 4 + height(equation) * em / 2
    texts = [(box, item) for box, item in zip(boxes, drawn, strict=True) if isinstance(item, Text)]
    for number, (one, _) in enumerate(texts):
        for other, _ in texts[:number]:
            assert one.left > other.right + 0.1 * em or one.top > other.bottom + 0.15 * em
    for (left, high), (right, _) in (item.parts[1] for item in drawn if isinstance(item, Line)):
        for box, text in texts:
            beside = box.right < left or box.left > right
            assert beside or box.bottom < high - 0.1 * em or box.top > high + 0.1 * em, f"{text.text} touches a bar"
    for box in (box for box, item in zip(boxes, drawn, strict=True) if isinstance(item, Line)):
        for other, text in texts:
            inside = box.left + 0.1 * em < other.left and other.right < box.right - 0.1 * em
            assert inside or other.right < box.left - 0.1 * em or other.left > box.right + 0.1 * em, text.text


def test_a_fraction_is_bracketed_and_its_bar_lies_where_a_minus_does() -> None:
    """A bar between what it divides, as long as the longer of these; brackets with feet that point inwards."""
    equation = Equation(formula("o = ", Floor("5 - 3", "2"), " + 1 = 3"))
    words, line, above, below, rest = items(equation, (0, 0), 1)
    assert isinstance(line, Line)
    assert (line.role, line.width, line.dash) == ("words_line", THICK, None)
    left, bar, right = line.parts
    assert bar[0][1] == bar[1][1]
    assert bar[0][1] + 0 == pytest.approx(capital_height("sans") / 2 - 643 / 2048, abs=0.01)  # the height of a minus
    assert left[0][0] == left[1][0] < left[2][0] < bar[1][0]
    assert right[0][0] == right[1][0] > right[2][0] > bar[0][0]
    assert left[0][1] < ink(above, "sans").top
    assert left[2][1] > ink(below, "sans").bottom
    assert ink(above, "sans").bottom < bar[0][1] < ink(below, "sans").top
    assert bar[0][0] < ink(above, "sans").left < ink(above, "sans").right < bar[1][0]
    assert isinstance(words, Text)
    assert isinstance(rest, Text)
    # Beside a bracket words keep to it, whichever font they are in.
    assert (words.anchor, rest.anchor) == ("end", "start")


def test_letters_are_slanted_and_nothing_else_is() -> None:
    assert [(run.text, run.slanted) for run in runs_of("p' = 2*(k - 1)")] == [
        ("p", True),
        ("\N{PRIME} = 2 · (", False),
        ("k", True),
        (" − 1)", False),
    ]
    assert runs_of("") == ()


def test_a_label_is_upright() -> None:
    head, rest = items(Equation(formula("o = 3"), "rows"), (0, 0), 1)
    assert isinstance(head, Text)
    assert isinstance(rest, Text)
    assert [(run.text, run.slanted) for run in (*head.runs, *rest.runs)] == [
        ("rows: ", False),
        ("o", True),
        ("= 3", False),
    ]


def test_labelled_lines_can_be_aligned_at_their_equals_signs() -> None:
    """In whichever font: what is before the sign ends there, and what begins with it starts there."""
    for end in (" = 3", Floor("5 - 3", "2")):
        for label in ("rows", "columns"):
            equation = Equation(formula("o = ", end) if isinstance(end, Floor) else formula(f"o{end}"), label)
            head, rest, *_ = items(equation, (7, 9), 2, start=-before(equation))
            assert isinstance(head, Text)
            assert isinstance(rest, Text)
            assert (head.at, head.anchor) == ((7, 9), "end")
            assert rest.text.startswith("=")
            lefts = [ink(rest, font).left for font in FONTS]
            assert lefts == pytest.approx([lefts[0]] * 2, abs=0.1)
            assert 7 < lefts[0] < 9
    assert before(Equation(formula("o = 3"))) == 0


@pytest.mark.parametrize("em", [0.5, 2])
def test_it_grows_with_its_em_around_its_middle(em: float) -> None:
    equation = EQUATIONS["a = floor((5)/2) + floor((7 - k)/3)"]
    for one, large in zip(items(equation, (0, 0), 1), items(equation, (7, 9), em), strict=True):
        small, box = ink(one, "sans"), ink(large, "sans")
        assert box == pytest.approx(
            [small.left * em + 7, small.top * em + 9, small.right * em + 7, small.bottom * em + 9]
        )


def test_lines_with_fractions_are_higher() -> None:
    assert [height(Equation(formula(part))) for part in ("o = 3", Floor("1", "2"))] == [LOW, HIGH]


@pytest.mark.parametrize(("kind", "way"), [(Floor, 1), (Ceil, -1)])
def test_brackets_have_their_feet_where_a_quotient_is_rounded_to(kind: type[Floor | Ceil], way: int) -> None:
    """Down or up: below the bar, or above it."""
    (line,) = (item for item in items(Equation(formula(kind("i", "s"))), (0, 0), 1) if isinstance(item, Line))
    left, bar, right = line.parts
    for bracket, inwards in ((left, 1), (right, -1)):
        (_, foot), (end, level) = bracket[-2:]
        assert foot == level
        assert (level - bar[0][1]) * way > 0
        assert (end - bracket[0][0]) * inwards > 0
