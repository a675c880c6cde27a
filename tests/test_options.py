"""Kinds of values: each checks, reads and describes by the same rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.errors import InputError, typed
from convgif.options import Decimal, Flag, Integer, Kind, Line, Option, Sides, Size, Word

KINDS = {
    "flag": Flag(),
    "integer": Integer(1, 9),
    "open integer": Integer(0),
    "decimal": Decimal(0, 8, excluded=True),
    "word": Word(lambda: ("flat", "matrix")),
    "line": Line(5),
    "size": Size(1),
    "sides": Sides(0, ("valid", "same")),
}
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-20, 20), st.floats(), st.text(max_size=6))
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=4), st.dictionaries(st.text(max_size=3), SCALARS, max_size=2))


def answer(ask: Callable[[Any], Any], value: object) -> Any:
    """What is kept of a value, or the error, which states the rule."""
    try:
        return ask(value)
    except ValueError as error:
        said = error
    assert str(said).startswith("must be")
    return said


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(value=VALUES)
def test_whatever_is_kept_is_kept_again(kind: Kind, value: object) -> None:
    kept = answer(kind.checked, value)
    if not isinstance(kept, ValueError):
        assert kind.checked(kept) == kept


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(text=st.text(max_size=8))
def test_whatever_is_read_is_checked(kind: Kind, text: str) -> None:
    read = answer(kind.read, text)
    if not isinstance(read, ValueError):
        assert kind.checked(read) == read


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("3", 3),
        ("3x4", (3, 4)),
        ("3,4", (3, 4)),
        ("3 4", (3, 4)),
        (" 3 x 4 ", (3, 4)),
        ("2x3x4", (2, 3, 4)),
        ("9,", (9,)),
    ],
)
def test_a_size_is_read(text: str, size: object) -> None:
    assert Size(1).read(text) == size


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("3", 3),
        ("3x4", (3, 4)),
        ("0:1", ((0, 1),)),
        ("0:1x2:3", ((0, 1), (2, 3))),
        (" 0:1, 2 ", ((0, 1), (2, 2))),
        ("1:1x2:2", (1, 2)),
        (" same ", "same"),
    ],
)
def test_sides_are_read_and_typed(text: str, sides: object) -> None:
    kind = Sides(0, ("valid", "same"))
    assert kind.read(text) == sides
    assert kind.read(typed(sides)) == sides
    assert kind.checked(kind.toml(sides)) == sides


@pytest.mark.parametrize("text", ["", ":", "0:", ":1", "0:1:2", "0:1x", "-1:0", "0:1x0:1x0:1x0:1", "0-1", "sides"])
def test_what_are_no_sides_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be"):
        Sides(0, ("valid", "same")).read(text)


@pytest.mark.parametrize("text", ["", "x", "3x", "x3", "1_000", "٣", "3.0", "1e3", "3x4x5x6", "+3", "3;4", "same"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be"):
        Size(1).read(text)


@pytest.mark.parametrize("text", ["1_0", "\u0661", " 1", "1.0", "0x1", "+1", ""])
def test_what_is_no_integer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be an integer >= 0"):
        Integer(0).read(text)


@pytest.mark.parametrize("text", ["nan", "inf", "1_0", "\u0661", "1e999", "", "."])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a number > 0 and <= 8"):
        Decimal(0, 8, excluded=True).read(text)


def test_numbers_of_numpy_are_as_good_as_those_of_python() -> None:
    assert Option("cell", Decimal(4, 400), "").checked(np.float32(30)) == 30
    assert Option("stride", Size(1), "").checked(np.array([2, 1])) == (2, 1)
    assert Option("labels", Flag(), "").checked(np.True_) is True


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        (Option("stride", Size(1), ""), 0, "stride = 0: must be an integer >= 1"),
        (Option("stride", Size(1), ""), True, "stride = True: must be an integer >= 1"),
        (
            Option("stride", Size(1), ""),
            "2",
            "stride = '2': must be an integer >= 1, or one for each axis: (rows, columns)",
        ),
        (Option("stride", Size(1), ""), 10**10, "stride = 10000000000: must be at most 1,000,000,000"),
        (Option("loop", Integer(0, 9), ""), -1, "loop = -1: must be an integer from 0 to 9"),
        (
            Option("view", Word(lambda: ["flat", "matrix"]), ""),
            "flt",
            "view = 'flt': must be flat or matrix; did you mean flat?",
        ),
        (Option("title", Line(5), ""), "a\nb", "title = 'a\\nb': must be a line of text, 5 characters at most"),
        (Option("labels", Flag(), ""), 1, "labels = 1: must be true or false"),
    ],
)
def test_messages(option: Option, value: object, message: str) -> None:
    with pytest.raises(InputError) as caught:
        option.checked(value)
    assert str(caught.value) == message


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(value=VALUES)
def test_the_schema_admits_what_is_kept(kind: Kind, value: object) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    try:
        kept = kind.toml(kind.checked(value))
    except ValueError:
        return
    jsonschema.validate(kept, kind.schema())
