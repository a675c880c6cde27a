"""Figures: what each option may be, what is said when it is not, and the numbers that are drawn."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.errors import InputError
from convgif.figure import Figure, choices, meaning, option_problems, option_types, options, rule

REPEATABLE = settings(deadline=None, derandomize=True, database=None, max_examples=100)

LAYER = Conv(input_size=2, kernel_size=1)

DEFAULTS: Mapping[str, Any] = {
    "view": "isometric",
    "theme": "solarized",
    "colors": None,
    "title": None,
    "labels": False,
    "caption": False,
    "reveal": False,
    "kernel_map": False,
    "prologue": False,
    "direct_matrix": False,
    "transparent": False,
    "input_values": None,
    "kernel_values": None,
    "values": None,
    "seed": 0,
    "cell": 30,
    "scale": 1,
    "frame_ms": 1000,
    "hold_ms": 0,
    "loop": 0,
    "columns": None,
    "max_frames": 2_500,
    "max_pixels": 64_000_000,
}

VIEWS = ("isometric", "flat", "matrix", "scatter", "construction", "story")
SWITCHES = ("labels", "caption", "reveal", "kernel_map", "prologue", "direct_matrix", "transparent")
A_THEME = "must be solarized, muted, dark, colorblind or print"
A_COLOR = "must be a colour such as '#268bd2'"
A_VIEW = "must be isometric, flat, matrix, scatter, construction or story"

RULES: Mapping[str, str] = {
    "view": A_VIEW,
    "theme": A_THEME,
    "colors": "must be colours by role, such as {input = '#268bd2'}",
    "title": "must be a line of text, 120 characters at most",
    **dict.fromkeys(SWITCHES, "must be true or false"),
    "input_values": "must be rows of finite numbers",
    "kernel_values": "must be rows of finite numbers",
    "values": "must be random",
    "seed": "must be an integer >= 0",
    "cell": "must be a number from 4 to 400",
    "scale": "must be a number > 0 and <= 8",
    "frame_ms": "must be an integer from 20 to 300,000",
    "hold_ms": "must be an integer from 0 to 300,000",
    "loop": "must be an integer from 0 to 65,536",
    "columns": "must be an integer >= 1",
    "max_frames": "must be an integer >= 1",
    "max_pixels": "must be an integer >= 1",
}

NO_NUMBER = ("3", [3], {"a": 1}, True)
NO_INTEGER = (*NO_NUMBER, 30.0, 30.5, float("nan"), float("inf"))
# Blank, more than a line, too long, characters that are none, and what is no text.
NO_TITLE = (
    "",
    " ",
    "\u00a0 \u3000",
    "a\nb",
    "a\tb",
    "\n",
    "a\x00",
    "a\x7f",
    "a\x85b",
    "\ud800",
    "x" * 121,
    3,
    True,
    b"a",
    ["a"],
)
NO_MAP = (3, "[[1]]", [1, 2], [[1, "2"], [3, 4]], [[True, False], [1, 2]], [[[1]]], [[1, float("nan")], [3, 4]], {1: 2})

WRONG: Mapping[str, tuple[object, ...]] = {
    "view": ("", "Flat", None, 3, ["flat"]),
    "theme": ("light", None, 0),
    "colors": (3, "#fff", ["input"], {"input": 3}, {1: "#fff"}, (1, 2), (("input", "#fff", 1),)),
    "title": NO_TITLE,
    **dict.fromkeys(SWITCHES, (0, 1, "true", None)),
    "input_values": (*NO_MAP, np.ones(4), np.ones((2, 2, 2)), np.array([["a", "b"], ["c", "d"]]), np.eye(2) == 1),
    "kernel_values": (*NO_MAP, np.ones(1), np.array(3)),
    "values": ("rnd", True, 0),
    "seed": (*NO_INTEGER, None, -1),
    "cell": (*NO_NUMBER, None, float("nan"), float("inf"), 3, 3.999, 400.001, -30),
    "scale": (*NO_NUMBER, None, float("nan"), float("inf"), 0, -1, 8.001),
    "frame_ms": (*NO_INTEGER, None, 19, 300_001, -1000),
    "hold_ms": (*NO_INTEGER, None, -1, 300_001),
    "loop": (*NO_INTEGER, None, -1, 65_537),
    "columns": (*NO_INTEGER, 0, -1),
    "max_frames": (*NO_INTEGER, None, 0),
    "max_pixels": (*NO_INTEGER, None, 0),
}

RIGHT: Mapping[str, tuple[object, ...]] = {
    "view": VIEWS,
    "theme": ("solarized", "muted", "dark", "colorblind", "print"),
    "colors": (None, (), (("blank", "none"), ("hatch", "none"), ("input", "#fff"), ("text", "#Ab01ff"))),
    "title": (None, "x", "Stride 2, padding 1", "x" * 120, " a ", "$x_{1}$", "é ± 卷 \U0001f642"),
    **dict.fromkeys(SWITCHES, (True, False)),
    "values": ("random", None),
    "seed": (0, 1, 10**30),
    "cell": (4, 400, 29.53, np.float64(20)),
    "scale": (0.2, 1, 2, 8),
    "frame_ms": (20, 300_000),
    "hold_ms": (0, 300_000),
    "loop": (0, 65_536),
    "columns": (None, 1, 1000),
    "max_frames": (1, 10**9),
    "max_pixels": (1, 10**12),
}


def refused(layer: Any = LAYER, **given: Any) -> str:
    """What is said of a figure that cannot be."""
    with pytest.raises(InputError) as caught:
        Figure(layer, **given)
    return str(caught.value)


def test_the_options_and_their_defaults() -> None:
    figure = Figure(LAYER)
    assert {name: getattr(figure, name) for name in options()} == DEFAULTS
    assert list(options()) == list(DEFAULTS)
    assert figure.layer is LAYER
    assert set(option_types()) == set(options())


@pytest.mark.parametrize("option", DEFAULTS)
def test_every_rule_is_said_in_words(option: str) -> None:
    assert rule(option) == RULES[option]


@pytest.mark.parametrize(("option", "value"), [(option, value) for option in WRONG for value in WRONG[option]])
def test_wrong_values_are_refused_with_the_rule(option: str, value: Any) -> None:
    start, end = f"{option} = ", f": {RULES[option]}"
    said = refused(**{option: value})
    assert "\n" not in said
    assert said.startswith(start)
    assert said.endswith(end) or (option in ("view", "theme") and isinstance(value, str) and end + "; did" in said)


def test_no_option_is_forgotten_here() -> None:
    """A new option must come with its bounds, both sides of them."""
    assert set(WRONG) == set(options())
    assert set(RIGHT) | {"input_values", "kernel_values"} == set(options())


@pytest.mark.parametrize(("option", "value"), [(option, value) for option in RIGHT for value in RIGHT[option]])
def test_values_on_the_bounds_are_taken_as_they_are(option: str, value: Any) -> None:
    assert getattr(Figure(LAYER, **{option: value}), option) == value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("falt", f"view = 'falt': {A_VIEW}; did you mean flat?"),
        ("isometrik", f"view = 'isometrik': {A_VIEW}; did you mean isometric?"),
        ("storie", f"view = 'storie': {A_VIEW}; did you mean story?"),
        ("scater", f"view = 'scater': {A_VIEW}; did you mean scatter?"),
        ("x", f"view = 'x': {A_VIEW}"),
        (3, f"view = 3: {A_VIEW}"),
    ],
)
def test_a_wrong_word_has_a_remedy(value: Any, message: str) -> None:
    assert refused(view=value) == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("mutde", f"theme = 'mutde': {A_THEME}; did you mean muted?"),
        ("light", f"theme = 'light': {A_THEME}"),
    ],
)
def test_a_wrong_theme_has_a_remedy(value: Any, message: str) -> None:
    assert refused(theme=value) == message


def test_a_title_that_is_too_long_is_not_said_in_full() -> None:
    assert refused(title="x" * 5000) == (
        "title = '" + "x" * 56 + " ...: must be a line of text, 120 characters at most"
    )


@pytest.mark.parametrize("separator", ["\u2028", "\u2029"])
def test_a_title_is_one_line_whatever_separates_lines(separator: str) -> None:
    """Python and browsers begin a new line at these as well; `splitlines` would cut the description in two."""
    assert refused(title=f"a{separator}b").endswith(RULES["title"])


@pytest.mark.parametrize("nothing", ["\u200b", "\u200d", "\u2060", "\ufeff", "\u200b \u200e"])
def test_a_title_of_nothing_visible_makes_no_accident(nothing: str) -> None:
    """Such characters have no width, and no outline; pasted from a web page they are easily overlooked."""
    try:
        frames = list(Figure(LAYER, cell=10, title=nothing).frames())
    except InputError as error:
        said = str(error)
    else:
        said = ""
        assert len(frames) == 4
    assert said == "" or said.startswith("title = ")


def test_all_problems_are_reported_at_once() -> None:
    wrong = {"view": "falt", "theme": "x", "title": "", "labels": 1, "direct_matrix": "no"}
    assert refused(**wrong, seed=-1, cell=1, frame_ms=5, hold_ms=-1, loop=1.5, columns=0).splitlines() == [
        f"view = 'falt': {A_VIEW}; did you mean flat?",
        f"theme = 'x': {A_THEME}",
        "title = '': must be a line of text, 120 characters at most",
        "labels = 1: must be true or false",
        "direct_matrix = 'no': must be true or false",
        "seed = -1: must be an integer >= 0",
        "cell = 1: must be a number from 4 to 400",
        "frame_ms = 5: must be an integer from 20 to 300,000",
        "hold_ms = -1: must be an integer from 0 to 300,000",
        "loop = 1.5: must be an integer from 0 to 65,536",
        "columns = 0: must be an integer >= 1",
    ]


def test_a_bad_map_is_one_problem() -> None:
    """A map has many numbers, and any of them may be wrong."""
    assert refused(input_values=[["a", "b"], ["c", "d"]]) == (
        "input_values = [['a', 'b'], ['c', 'd']]: must be rows of finite numbers"
    )


@pytest.mark.parametrize("layer", ["conv", None, Conv, (3, 3)])
def test_the_layer_must_be_one(layer: object) -> None:
    assert refused(layer) == f"layer = {layer!r}: must be a layer: Conv, ConvTranspose, MaxPool or AvgPool"


@pytest.mark.parametrize(
    ("layer", "given", "message"),
    [
        (LAYER, {"input_values": [[1, 2], [3, 4]]}, 'kernel_values: is missing; or values = "random" makes it up'),
        (LAYER, {"kernel_values": [[1]]}, 'input_values: is missing; or values = "random" makes it up'),
        (
            LAYER,
            {"input_values": [[1, 2]], "kernel_values": [[1]]},
            "input_values = ((1, 2),): is 1 x 2, must be 2 x 2",
        ),
        (
            Conv((2, 3), (1, 2)),
            {"input_values": [[1, 2], [3, 4], [5, 6]], "kernel_values": [[1], [2]]},
            "input_values = ((1, 2), (3, 4), (5, 6)): is 3 x 2, must be 2 x 3\n"
            "kernel_values = ((1,), (2,)): is 2 x 1, must be 1 x 2",
        ),
        (
            LAYER,
            {"input_values": [[1, 2], [3]], "values": "random"},
            "input_values = ((1, 2), (3,)): must be 2 rows of 2 numbers each",
        ),
        (LAYER, {"input_values": [[1, 2], [3]]}, None),
        (
            MaxPool(2, 2),
            {"input_values": [[1, 2], [3, 4]], "kernel_values": [[1, 1], [1, 1]]},
            "kernel_values = ((1, 1), (1, 1)): must be left out: a pooling layer has no weights",
        ),
        (
            AvgPool(2, 2),
            {"values": "random", "kernel_values": [[1, 1], [1, 1]]},
            "kernel_values = ((1, 1), (1, 1)): must be left out: a pooling layer has no weights",
        ),
    ],
)
def test_numbers_that_do_not_fit_the_layer(layer: Any, given: dict[str, Any], message: str | None) -> None:
    if message is None:
        message = (
            "input_values = ((1, 2), (3,)): must be 2 rows of 2 numbers each\n"
            'kernel_values: is missing; or values = "random" makes it up'
        )
    assert refused(layer, **given) == message


def test_a_number_beyond_every_type_is_refused_in_few_words() -> None:
    """Python prints no integer of more than 4300 digits, unless asked to; an error message must not try."""
    assert len(refused(input_values=[[10**5000, 1], [1, 1]], values="random")) < 200


@pytest.mark.parametrize("sort", [np.int8, np.uint16, np.int64, np.float32, np.float64])
def test_arrays_are_taken_as_lists_are(sort: type[np.generic]) -> None:
    rows = [[1, 2], [3, 4]]
    figure = Figure(LAYER, input_values=np.array(rows, sort), kernel_values=np.array([[2]], sort))
    assert figure == Figure(LAYER, input_values=rows, kernel_values=((2,),))
    assert hash(figure) == hash(Figure(LAYER, input_values=tuple(map(tuple, rows)), kernel_values=[[2]]))
    drawn = figure.values_drawn
    assert drawn is not None
    assert drawn.output.tolist() == [[2, 4], [6, 8]]


def test_a_figure_does_not_change_with_what_it_was_built_from() -> None:
    rows, array = [[1, 2], [3, 4]], np.array([[5]])
    figure = Figure(LAYER, input_values=rows, kernel_values=array)
    rows[0][0] = 99
    array[0, 0] = 99
    assert (figure.input_values, figure.kernel_values) == (((1, 2), (3, 4)), ((5,),))


@pytest.mark.parametrize("name", ["layer", *DEFAULTS])
def test_a_figure_is_frozen(name: str) -> None:
    figure = Figure(LAYER)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(figure, name, None)


def test_figures_are_equal_where_all_is_equal() -> None:
    figure = Figure(LAYER, view="flat", values="random")
    assert figure == Figure(Conv((2, 2), (1, 1)), view="flat", values="random")
    assert len({figure, Figure(LAYER, view="flat", values="random"), Figure(LAYER, view="flat")}) == 2
    changes: dict[str, Any] = {"seed": 1, "cell": 31, "view": "isometric", "layer": MaxPool(2, 1), "title": "a"}
    for change in changes:
        assert dataclasses.replace(figure, **{change: changes[change]}) != figure


def test_a_figure_survives_a_pickle() -> None:
    """Figures are drawn in other processes; the numbers drawn go with them."""
    figure = Figure(LAYER, input_values=[[1, 2], [3, 4]], values="random", seed=3)
    drawn = figure.values_drawn
    again = pickle.loads(pickle.dumps(figure))
    assert again == figure
    assert drawn is not None
    assert again.values_drawn.output.tolist() == drawn.output.tolist()


@pytest.mark.parametrize("option", DEFAULTS)
def test_every_option_has_a_meaning(option: str) -> None:
    words = meaning(option)
    assert words.strip() == words
    assert words != "None"
    assert len(words) > 5
    assert [meaning(other) for other in options()].count(words) == 1


def test_colors_by_role_are_kept_in_order() -> None:
    """So figures with the same colours are equal, however these were given."""
    one = Figure(LAYER, colors={"text": "#000", "input": "#fff"})
    other = Figure(LAYER, colors=(("input", "#fff"), ("text", "#000")))
    assert one == other
    assert hash(one) == hash(other)
    assert one.colors == (("input", "#fff"), ("text", "#000"))


def test_what_is_wrong_with_a_color() -> None:
    wrong = {"inptu": "#fff", "line": "blue", "paper": "none", "hatch": "#12", "x": "#123"}
    assert refused(colors=wrong).splitlines() == [
        f"colors.hatch = '#12': {A_COLOR}, or 'none'",
        "colors.inptu: there is no such role; did you mean input?",
        f"colors.line = 'blue': {A_COLOR}",
        f"colors.paper = 'none': {A_COLOR}",
        "colors.x: there is no such role; known are blank, cut, entry, faint, faint_line, hatch, input, kernel "
        "and 10 more",
    ]


def test_choices() -> None:
    assert {option: choices(option) for option in options() if choices(option)} == {
        "view": VIEWS,
        "theme": ("solarized", "muted", "dark", "colorblind", "print"),
        "values": ("random",),
    }


def test_options_can_be_checked_without_a_layer() -> None:
    """Presets report wrong options even where the layer is wrong."""
    assert option_problems({}) == []
    assert option_problems({"frame_ms": 500, "view": "flat"}) == []
    assert list(map(str, option_problems({"frame_ms": 5, "columns": 0}))) == [
        "frame_ms = 5: must be an integer from 20 to 300,000",
        "columns = 0: must be an integer >= 1",
    ]


def test_a_figure_has_no_numbers_unless_asked_for() -> None:
    assert Figure(LAYER).values_drawn is None
    assert Figure(LAYER, view="flat", seed=5).values_drawn is None


def test_given_numbers_are_drawn() -> None:
    guide = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    drawn = Figure(Conv(5, 3), input_values=guide, kernel_values=[[0, 1, 2], [2, 2, 0], [0, 1, 2]]).values_drawn
    assert drawn is not None
    assert drawn.kernel is not None
    assert drawn.input.tolist() == guide
    assert drawn.kernel.tolist() == [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
    assert drawn.output.tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


def test_a_transposed_convolution_stamps_its_kernel() -> None:
    drawn = Figure(ConvTranspose((1, 2), 2, stride=2), input_values=[[1, 2]], kernel_values=[[1, 2], [3, 4]])
    assert drawn.values_drawn is not None
    assert drawn.values_drawn.output.tolist() == [[1, 2, 2, 4], [3, 4, 6, 8]]


def test_pooling_needs_no_kernel() -> None:
    rows = [[1, 2], [3, 4]]
    largest = Figure(MaxPool(2, 2), input_values=rows).values_drawn
    average = Figure(AvgPool(2, 2), input_values=rows).values_drawn
    assert largest is not None
    assert average is not None
    assert (largest.kernel, average.kernel) == (None, None)
    assert (largest.output.tolist(), average.output.tolist()) == ([[4]], [[2.5]])
    made_up = Figure(MaxPool(2, 2), values="random").values_drawn
    assert made_up is not None
    assert made_up.kernel is None
    assert made_up.output.tolist() == [[made_up.input.max()]]


def test_made_up_numbers_are_small_and_all_of_them_occur() -> None:
    drawn = Figure(Conv(40, 20), values="random").values_drawn
    assert drawn is not None
    assert set(np.unique(drawn.input)) == {0, 1, 2, 3}
    assert set(np.unique(drawn.kernel)) == {0, 1, 2}  # type: ignore[arg-type]  # a convolution has a kernel
    assert drawn.output.shape == (21, 21)


@REPEATABLE
@given(st.integers(0, 2**64), st.integers(1, 6), st.integers(1, 6))
def test_the_same_seed_gives_the_same_numbers(seed: int, rows: int, cols: int) -> None:
    layer = Conv((rows, cols), 1)
    one, two = (Figure(layer, values="random", seed=seed).values_drawn for _ in range(2))
    assert one is not None
    assert two is not None
    assert one.kernel is not None
    assert one.input.shape == layer.input_size
    assert one.kernel.shape == layer.kernel_size
    assert 0 <= one.input.min() <= one.input.max() <= 3
    assert 0 <= one.kernel.min() <= one.kernel.max() <= 2
    assert one.output.tolist() == layer.apply(one.input, one.kernel).tolist() == two.output.tolist()
    assert one.input.tolist() == two.input.tolist()


def test_another_seed_gives_other_numbers() -> None:
    drawn = [Figure(Conv(6, 3), values="random", seed=seed).values_drawn for seed in range(8)]
    assert len({str(numbers.input) for numbers in drawn if numbers is not None}) == 8
    assert len({str(numbers.kernel) for numbers in drawn if numbers is not None}) == 8


def test_only_what_is_not_given_is_made_up() -> None:
    """And it is the same as if nothing were given: one may start with made-up numbers and fix them one by one."""
    whole = Figure(Conv(4, 2), values="random", seed=7).values_drawn
    assert whole is not None
    assert whole.kernel is not None
    nines = np.full((4, 4), 9)
    part = Figure(Conv(4, 2), values="random", seed=7, input_values=nines).values_drawn
    assert part is not None
    assert part.kernel is not None
    assert part.input.tolist() == nines.tolist()
    assert part.kernel.tolist() == whole.kernel.tolist()
    other = Figure(Conv(4, 2), values="random", seed=7, kernel_values=[[1, 0], [0, 5]]).values_drawn
    assert other is not None
    assert other.kernel is not None
    assert other.kernel.tolist() == [[1, 0], [0, 5]]
    assert other.input.tolist() == whole.input.tolist()


SEEN_AS: Mapping[str, str] = {
    "isometric": "",
    "flat": "",
    "matrix": ", drawn as a matrix product",
    "scatter": ", drawn as stamps of the kernel that add up",
    "construction": ", built up as a direct convolution in four acts",
    "story": ", drawn together with its transpose",
}


@pytest.mark.parametrize("view", VIEWS)
def test_a_figure_is_described_by_its_layer_and_what_its_view_adds(view: Any) -> None:
    layer = ConvTranspose(2, 3) if view in ("scatter", "construction") else Conv(4, 3)
    sentence = layer.describe()
    assert sentence.endswith(" output.")
    assert Figure(layer, view=view).describe() == f"{sentence[:-1]}{SEEN_AS[view]}."
    assert Figure(layer, view=view, title="Blur: a+b.").describe() == f"Blur: a+b.: {sentence[:-1]}{SEEN_AS[view]}."


@pytest.mark.parametrize("option", [name for name in DEFAULTS if name not in ("view", "title")])
def test_no_other_option_changes_the_description(option: str) -> None:
    """It says what is drawn, not how large or how fast."""
    values: dict[str, Any] = {"input_values": [[1, 2], [3, 4]], "kernel_values": [[5]]}
    changed = values.get(option) or next(value for value in RIGHT[option] if value not in (None, DEFAULTS[option]))
    given: dict[str, Any] = {"values": "random", option: changed}
    assert Figure(LAYER, **given).describe() == LAYER.describe()


def test_a_view_that_does_not_fit_its_layer_is_told_when_it_is_drawn(tmp_path: Any) -> None:
    """A figure by itself knows nothing of drawing; it can be made, described and compared."""
    figure = Figure(Conv(4, 3), view="scatter")
    assert figure.describe() == "Convolution of a 4x4 input with a 3x3 kernel, stride 1, giving a 2x2 output, " + (
        "drawn as stamps of the kernel that add up."
    )
    for draw in (figure.frames, lambda: figure.save(tmp_path / "a.gif")):
        with pytest.raises(InputError) as caught:
            draw()
        assert str(caught.value) == (
            "view = 'scatter': draws transposed convolution only, and this is convolution; "
            "choose isometric, flat, matrix or story"
        )
    assert list(tmp_path.iterdir()) == []


def test_frames_and_save_know_the_way(tmp_path: Any) -> None:
    """The rest is tested where it is done; here, that a figure reaches it."""
    figure = Figure(LAYER, cell=10)
    frames = list(figure.frames())
    assert len(frames) == 4
    assert {frame.shape[2] for frame in frames} == {3}
    assert next(Figure(LAYER, cell=10, transparent=True).frames()).shape[2] == 4
    path = tmp_path / "figure.gif"
    assert figure.save(path) == path
    assert path.read_bytes()[:6] == b"GIF89a"
