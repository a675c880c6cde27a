"""Errors as people read them, and as they travel through the program."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.errors import (
    MISSING,
    ConvgifError,
    InputError,
    Mention,
    Problem,
    Spelling,
    as_argument,
    as_flag,
    as_key,
    did_you_mean,
    either,
    rule,
    shortened,
    wrong,
)

REPEATABLE = settings(deadline=None, derandomize=True, database=None, max_examples=150)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("stride", 0, "must be an integer >= 1"), "stride = 0: must be an integer >= 1"),
        (Problem("layer", "kov", "unknown"), "layer = 'kov': unknown"),
        (Problem("stride", None, "must be given"), "stride = None: must be given"),
        (Problem("knernel_size", MISSING, "unknown key"), "knernel_size: unknown key"),
        (Problem("", MISSING, "is no TOML"), "is no TOML"),
        (Problem("stride", 0, "too small", "mine.toml: [blur]"), "mine.toml: [blur] stride = 0: too small"),
        (Problem("", MISSING, "is no TOML", "mine.toml:"), "mine.toml: is no TOML"),
    ],
)
def test_a_problem_names_place_value_and_rule(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_place_goes_before_the_places_known_already() -> None:
    problem = Problem("stride", 0, "too small")
    assert str(problem.at("[blur]").at("mine.toml:")) == "mine.toml: [blur] stride = 0: too small"
    assert problem.place == ""
    assert problem.at("[blur]") == Problem("stride", 0, "too small", "[blur]")


def test_an_input_error_lists_all_problems_a_line_each() -> None:
    problems = [Problem("stride", 0, "too small"), Problem("padding", -1, "too small")]
    error = InputError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "stride = 0: too small\npadding = -1: too small"
    placed = error.at("[blur]")
    assert str(placed) == "[blur] stride = 0: too small\n[blur] padding = -1: too small"
    assert error.problems == tuple(problems)


def test_wrong_is_an_error_with_one_problem() -> None:
    assert wrong("stride", 0, "too small").problems == (Problem("stride", 0, "too small"),)


def test_errors_can_be_caught_as_what_they_are() -> None:
    """Python people catch ValueError for a wrong argument; the command exits 2 for input, 1 for failures."""
    error = wrong("stride", 0, "too small")
    assert isinstance(error, ConvgifError)
    assert isinstance(error, ValueError)
    assert error.exit_code == 2
    assert ConvgifError("no room").exit_code == 1
    assert not isinstance(ConvgifError("no room"), ValueError)
    assert str(ConvgifError("no room")) == "no room"


@pytest.mark.parametrize("value", [0, (3, 4), "kov", None, MISSING])
def test_errors_survive_a_pickle(value: object) -> None:
    """Figures are drawn in other processes, and their errors must read the same when they come back."""
    error = InputError([Problem("stride", value, "must be an integer >= 1")]).at("[blur]")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, InputError)
    assert str(again) == str(error)
    assert again.problems == error.problems


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        ((3, 4), "(3, 4)"),
        ("a b", "'a b'"),
        ("a\nb", r"'a\nb'"),
        ([[1, 2], [3, 4]], "[[1, 2], [3, 4]]"),
        ("x" * 58, "'" + "x" * 58 + "'"),
        ("x" * 59, "'" + "x" * 27 + " ... " + "x" * 26 + "'"),
        ([1] * 99, "[1, 1, 1, 1, 1, 1, 1, 1, 1, ... 1, 1, 1, 1, 1, 1, 1, 1, 1]"),
    ],
)
def test_shown(value: object, text: str) -> None:
    assert shortened(value) == text


def test_shown_joins_the_lines_of_an_array() -> None:
    class Lines:
        def __repr__(self) -> str:
            return "array([[1, 2],\n       [3, 4]])"

    assert shortened(Lines()) == "array([[1, 2], [3, 4]])"


@REPEATABLE
@given(st.one_of(st.text(), st.lists(st.integers()), st.binary(), st.dictionaries(st.text(), st.floats())))
def test_shown_is_one_short_line(value: object) -> None:
    text, whole = shortened(value), " ".join(repr(value).split())
    assert len(text) <= 60
    assert "\n" not in text
    if text != whole:
        start, _, end = text.partition(" ... ")
        assert len(whole) > 60
        assert whole.startswith(start)
        assert whole.endswith(end)
        assert min(len(start), len(end)) > 20


@pytest.mark.parametrize(
    ("word", "known", "remedy"),
    [
        ("knernel_size", ["stride", "kernel_size"], "did you mean kernel_size?"),
        ("paddng", ["output_padding", "padding"], "did you mean padding?"),
        ("xyz", ["png", "gif"], "known are gif, png"),
        ("xyz", iter(["gif"]), "known are gif"),
    ],
)
def test_did_you_mean(word: str, known: list[str], remedy: str) -> None:
    assert did_you_mean(word, known) == remedy


PADDING = Problem(
    "kernel_size", (9, 3), rule("does not fit; ", Mention("padding", (2, 0)), " would; see ", Mention("every"))
)


@pytest.mark.parametrize(
    ("spelling", "text"),
    [
        (as_argument, "kernel_size = (9, 3): does not fit; padding = (2, 0) would; see every"),
        (as_key, "kernel_size = [9, 3]: does not fit; padding = [2, 0] would; see every"),
        (as_flag, "--kernel-size 9x3: does not fit; --padding 2x0 would; see --every"),
    ],
)
def test_each_reader_sees_fields_as_they_write_them(spelling: Spelling, text: str) -> None:
    assert PADDING.text(spelling) == text
    assert PADDING.at("here:", spelling).text(as_argument) == f"here: {text}"


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("title", "a  b", "--title a b"),
        ("title", "", "--title ''"),
        ("input_size", (9,), "--input-size 9,"),
        ("labels", True, "--labels"),
        ("labels", False, "--no-labels"),
        ("colors.input", "red", "--colors input=red"),
        ("colors.inptu", MISSING, "--colors inptu"),
        ("cell", 2.5, "--cell 2.5"),
    ],
)
def test_a_field_as_a_flag(field: str, value: object, text: str) -> None:
    assert as_flag(field, value) == text


def test_a_key_with_a_value_that_toml_has_no_words_for() -> None:
    assert as_key("layer", {1}) == "layer = {1}"
    assert as_key("random", None) == "random = null"


def test_absurd_values_are_cut() -> None:
    for value in ("x" * 10**5, 10**5000, [[0]] * 10**4):
        for spelling in (as_argument, as_key, as_flag):
            assert len(spelling("stride", value)) < 100


def test_either() -> None:
    assert either(iter(["gif", "svg"])) == "gif or svg"
