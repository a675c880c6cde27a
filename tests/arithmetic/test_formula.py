"""A formula as one value: its text and its TeX tell the same, and equations say for which axis they hold."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given

from convgif.arithmetic.formula import Ceil, Equation, Floor, Formula, equations, formula
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, layers

ROUNDED = re.compile(r"\\left\\l(floor|ceil)\\dfrac\{(.*?)\}\{(.*?)\}\\right\\r\1")


@pytest.mark.parametrize(
    ("value", "text", "tex"),
    [
        (formula("o = 3"), "o = 3", "o = 3"),
        (formula("2*(3 - 1)"), "2*(3 - 1)", r"2 \cdot (3 - 1)"),
        (formula("p' = 1"), "p' = 1", "p' = 1"),
        (
            formula("o = ", Floor("i + 2*1", "s"), " + 1"),
            "o = floor((i + 2*1)/s) + 1",
            r"o = \left\lfloor\dfrac{i + 2 \cdot 1}{s}\right\rfloor + 1",
        ),
        (
            formula("o = min(", Ceil("i", "s"), " + 1, p_1)"),
            "o = min(ceil((i)/s) + 1, p_1)",
            r"o = \min(\left\lceil\dfrac{i}{s}\right\rceil + 1, p_1)",
        ),
        (formula(), "", ""),
    ],
)
def test_text_and_tex(value: Formula, text: str, tex: str) -> None:
    assert (value.text, value.tex) == (text, tex)


@REPEATABLE
@given(layers())
def test_tex_tells_what_the_text_tells(layer: AnyLayer) -> None:
    """Read back, the TeX of every formula that a layer has is its text."""
    phases = [equation for phase in layer.phases() for equation in phase.equations]
    for value in (layer.relation, *(equation.formula for equation in (*layer.formula(), *phases))):
        read = ROUNDED.sub(r"\1((\2)/\3)", value.tex).replace(r" \cdot ", "*").replace(r"\min", "min")
        assert read == value.text
        assert not [piece for piece in value if piece == ""]


def test_formulas_are_joined_and_neighbours_become_one_piece() -> None:
    half = Floor("i", "2")
    assert formula("o", formula(" = ", half), " + ", formula("1")).pieces == ("o = ", half, " + 1")
    assert list(formula("a", half)) == ["a", half]
    assert formula(half) != formula(Ceil("i", "2"))
    assert formula("a ", "b") == formula("a b")
    assert hash(formula("a ", "b")) == hash(formula("a b"))
    assert pickle.loads(pickle.dumps(formula("o = ", half))) == formula("o = ", half)


def test_equations_are_labelled_where_axes_differ() -> None:
    three, four = formula("o = 3"), formula("o = 4")
    assert equations([three, three], ["rows", "columns"]) == (Equation(three),)
    assert equations([three, four], ["rows", "columns"]) == (Equation(three, "rows"), Equation(four, "columns"))
    assert equations([three], [""]) == (Equation(three),)
    assert [Equation(three).text, Equation(three, "depth").text] == ["o = 3", "depth: o = 3"]
