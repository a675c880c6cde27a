"""Figures: what each option may be, what is said when it is not, and the numbers that are drawn."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.layer import Layer
from convgif.errors import InputError, as_flag, as_key
from convgif.figure import OPTIONS, RENAMED, Figure, Numbers, made_up, view_options
from convgif.registry import THEMES, VIEWS
from convgif.rendering.dejavu import font_file
from tests.documents import figures

REPEATABLE = settings(deadline=None, derandomize=True, database=None, max_examples=100)
LAYER = Conv(input_size=2, kernel_size=1)
FONT = font_file("DejaVuSans.ttf")
NO_NUMBER = ("3", [3], {"a": 1}, True)
NO_INTEGER = (*NO_NUMBER, 30.0, 30.5, float("nan"), float("inf"), 2**63)
NO_TITLE = ("", " ", "\u00a0 \u3000", "a\nb", "a\x00", "a\x85b", "\ud800", "x" * 121, 3, b"a", "a\u2028b", "\u200b")
NO_MAP = (3, "[[1]]", [[1, "2"], [3, 4]], [[[1]]], [[1, float("nan")], [3, 4]], {1: 2}, [[10**5000, 1], [1, 1]], 1.5)

WRONG: Mapping[str, tuple[object, ...]] = {
    "view": ("", "Flat", None, 3, ["flat"]),
    "beside": ("conv -k", "conv -k 3 -q 1", "conv -k 'x", "conv --kernel-size", 3, ["conv"]),
    "theme": ("light", None, 0),
    "font": ("", "font", "font.woff2", 3, b"font.ttf", "nosuch.ttf", "\0.otf", "\ud800.ttc"),
    "colors": (3, "#fff", ["input"], {"input": 3}, {1: "#fff"}, (1, 2), (("input", "#fff", 1),)),
    "title": NO_TITLE,
    "heading": NO_TITLE,
    "input": (*NO_MAP, [1, 2], np.ones(4), np.ones((2, 2, 2)), np.array([["a", "b"], ["c", "d"]]), [[1, 2], [3]]),
    "weight": (*NO_MAP[:-1], np.ones(1), np.array(3)),
    "random": (*NO_INTEGER[:3], 1.5, "random", False, -1, 2**63),
    "decimals": (*NO_INTEGER, -1, 4),
    "cell": (*NO_NUMBER, None, float("nan"), float("inf"), 3.999, 400.001, -30),
    "scale": (*NO_NUMBER, None, float("nan"), 0, -1, 8.001, 0.001),
    "frame_ms": (*NO_INTEGER, None, 19, 300_001, -1000),
    "hold_ms": (*NO_INTEGER, None, -1, 300_001),
    "loop": (*NO_INTEGER, None, -1, 65_537),
    "columns": (*NO_INTEGER, 0, -1),
    "frame_range": ("", "3", 3, "1:2:3", "a:b", "٣:", "1 : 2", (0, 3), slice(3)),
    "every": (*NO_INTEGER, None, 0, -1),
    "max_frames": (*NO_INTEGER, None, 0),
    "max_items": (*NO_INTEGER, None, 0),
    "max_pixels": (*NO_INTEGER, None, 0),
}
"""By option; flags are tried by their kind."""
RIGHT: Mapping[str, tuple[object, ...]] = {
    "title": (None, "x", "x" * 120, " a ", "$x_{1}$", "é ± 卷 \U0001f642"),
    "font": (None, str(FONT)),
    "random": (0, 1, 2**63 - 1, None),
    "cell": (4, 400, 29.53, np.float64(20)),
    "scale": (0.2, 1, 2, 8),
    "frame_ms": (20, 300_000),
    "hold_ms": (0, 300_000),
    "loop": (0, 65_536),
    "columns": (None, 1, 1000),
    "frame_range": (None, ":", "0:40", "10:", ":-1", "-5:-1"),
    "every": (1, 7),
    "max_frames": (1, 10**9),
    "max_items": (1, 10**9),
    "max_pixels": (1, 10**12),
}


def refused(layer: Any = LAYER, **given: Any) -> str:
    """What is said of a figure that cannot be."""
    with pytest.raises(InputError) as caught:
        Figure(layer, **given)
    return str(caught.value)


def numbers(layer: Any, **given: Any) -> Numbers:
    """The numbers of a figure that has some."""
    drawn = Figure(layer, **given).numbers
    assert drawn is not None
    return drawn


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_has_its_default_and_a_meaning(name: str) -> None:
    option = OPTIONS[name]
    assert getattr(Figure(LAYER), name) == option.default
    assert len(option.meaning) > 5
    assert [other.meaning for other in OPTIONS.values()].count(option.meaning) == 1


@pytest.mark.parametrize("name", view_options())
def test_options_of_views_are_off_unless_they_are_wanted(name: str) -> None:
    assert name not in OPTIONS
    assert not Figure(LAYER).wants(name)
    for view in VIEWS.values():
        if any(one.option.name == name for one in view.options):
            assert Figure(LAYER, view=view.name, **{name: True}).wants(name)
            assert Figure(LAYER, view=view.name, **{name: False}) == Figure(LAYER, view=view.name)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_wrong_values_are_refused_on_one_line(name: str, value: Any) -> None:
    said = refused(**{"random": 0, name: value} if name != "random" else {name: value})
    assert said.startswith(f"{name} = ")
    assert "\n" not in said
    assert len(said) < 250


@pytest.mark.parametrize("name", [name for name, option in (*OPTIONS.items(), *view_options().items())])
def test_no_option_takes_what_it_cannot_be(name: str) -> None:
    for value in (object(), b"x", {1, 2}, np.array(["a"])):
        assert refused(random=0, **{name: value}).startswith(f"{name} = ") if name != "random" else True


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in RIGHT for value in RIGHT[name]])
def test_values_on_the_bounds_are_kept(name: str, value: Any) -> None:
    assert getattr(Figure(LAYER, **{name: value}), name) == value


def test_true_is_the_first_seed() -> None:
    assert Figure(LAYER, random=True) == Figure(LAYER, random=0)


@pytest.mark.parametrize("name", [*VIEWS, *THEMES])
def test_a_wrong_word_has_a_remedy(name: str) -> None:
    option = "view" if name in VIEWS else "theme"
    assert "; did you mean " in refused(**{option: f"{name}x"})


def test_unknown_options_come_with_the_nearest() -> None:
    assert refused(vew="flat", stride=2) == (
        "vew: there is no such option; did you mean view?\nstride: there is no such option; "
        + refused(stride=2).partition("; ")[2]
    )
    assert refused(extras=()).startswith("extras: there is no such option")


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_former_names_lead_to_the_new_ones(old: str, new: str) -> None:
    assert new in OPTIONS
    assert refused(**{old: 3}) == f"{old}: is now called {new}"


def test_all_problems_are_reported_at_once() -> None:
    wrong = {"view": "falt", "title": "", "labels": 1, "reveal": "no", "vew": 1, "cell": 1, "loop": 1.5}
    lines = refused(None, **wrong).splitlines()
    assert lines[0].startswith("layer = None: must be a layer, such as ")
    assert [line.split()[0].rstrip(":") for line in lines[1:]] == [
        *("vew", "view", "title", "labels", "reveal", "cell", "loop")
    ]


def test_a_problem_is_spelled_by_whoever_shows_it() -> None:
    with pytest.raises(InputError) as caught:
        Figure(LAYER, input=[[1, 2], [3, 4]], frame_ms=100, colors={"inptu": "#fff"})
    assert [problem.field for problem in caught.value.problems] == ["colors.inptu", "weight"]
    assert caught.value.text(as_key).splitlines()[1] == "weight: is missing; or random = 0 makes it up"
    assert caught.value.text(as_flag).splitlines() == [
        "--colors inptu: there is no such role; did you mean input?",
        "--weight: is missing; or --random 0 makes it up",
    ]


@pytest.mark.parametrize("layer", ["conv", None, Conv, (3, 3)])
def test_the_layer_must_be_one(layer: object) -> None:
    assert refused(layer) == f"layer = {layer!r}: must be a layer, such as Conv(input_size=5, kernel_size=3)"


@pytest.mark.parametrize(
    ("layer", "given", "message"),
    [
        (LAYER, {"input": [[1, 2], [3, 4]]}, "weight: is missing; or random = 0 makes it up"),
        (LAYER, {"weight": [[1]]}, "input: is missing; or random = 0 makes it up"),
        (LAYER, {"input": [[1, 2]], "weight": [[1]]}, "input = ((1, 2),): is 1 x 2, must be 2 x 2"),
        (
            Conv((2, 3), (1, 2)),
            {"input": [[1, 2], [3, 4], [5, 6]], "weight": [[1], [2]]},
            "input = ((1, 2), (3, 4), (5, 6)): is 3 x 2, must be 2 x 3\nweight = ((1,), (2,)): is 2 x 1, must be 1 x 2",
        ),
        (
            LAYER,
            {"input": [[1, 2], [3]], "random": 0},
            "input = ((1, 2), (3,)): must be 2 rows of 2 numbers each",
        ),
        (Conv((3,), 1), {"input": [1, 2], "random": 0}, "input = (1, 2): has 2 numbers, must have 3"),
        (Conv((3,), 1), {"input": [[1, 2]], "random": 0}, "input = (1, 2): has 2 numbers, must have 3"),
        (Conv((2,), 1), {"input": [[1, 2], [3, 4]], "random": 0}, "input = ((1, 2), (3, 4)): must be 2 numbers"),
        (
            MaxPool(2, 2),
            {"random": 0, "weight": [[1, 1], [1, 1]]},
            "weight: must be left out: a pooling layer has no weights",
        ),
        (LAYER, {"decimals": 1}, "decimals = 1: has no effect: the figure has no numbers; leave it out"),
        (LAYER, {"cell": 4, "scale": 0.5}, "scale = 0.5: makes cells of 2 pixels; they must have 4 at least"),
    ],
)
def test_what_does_not_go_together(layer: Any, given: dict[str, Any], message: str) -> None:
    assert refused(layer, **given) == message


def test_a_sequence_is_given_as_numbers_or_as_a_table_of_one_row_or_column(tmp_path: Path) -> None:
    """As files have it; what comes out of it is NumPy's."""
    x, w, layer = [3, 1, 4, 1, 5], [1, 0, 2], Conv((5,), 3)
    (tmp_path / "row.csv").write_text("3, 1, 4, 1, 5\n")
    (tmp_path / "column.csv").write_text("3\n1\n4\n1\n5\n")
    np.save(tmp_path / "row.npy", [x])
    texts = ("3 1 4 1 5", "[3, 1, 4, 1, 5]", *(f"@{tmp_path / name}" for name in ("row.csv", "column.csv", "row.npy")))
    given = [x, [x], np.array(x), *(OPTIONS["input"].read(text) for text in texts)]
    figures = [Figure(layer, input=numbers, weight=weight) for numbers in given for weight in (w, [w])]
    assert all(figure == figures[0] for figure in figures)
    assert figures[0].input == tuple(x)
    assert figures[0].numbers is not None
    windows = np.lib.stride_tricks.sliding_window_view(x, 3)
    np.testing.assert_array_equal(figures[0].numbers.output, windows @ w)
    assert Figure(Conv((1, 5), (1, 3)), input=[x], weight=[w]).input == (tuple(x),)


@pytest.mark.parametrize("sort", [np.int8, np.uint16, np.int64, np.float32, np.float64])
def test_arrays_are_taken_as_lists_are(sort: type[np.generic]) -> None:
    rows = [[1, 2], [3, 4]]
    figure = Figure(LAYER, input=np.array(rows, sort), weight=np.array([[2]], sort))
    assert figure == Figure(LAYER, input=rows, weight=((2,),))
    assert hash(figure) == hash(Figure(LAYER, input=tuple(map(tuple, rows)), weight=[[2]]))
    assert figure.numbers is not None
    assert figure.numbers.output.tolist() == [[2, 4], [6, 8]]


def test_a_mask_counts_as_numbers() -> None:
    figure = Figure(LAYER, input=np.eye(2) == 1, weight=[[True]])
    assert (str(figure.input), str(figure.weight)) == ("((1, 0), (0, 1))", "((1,),)")


def test_a_figure_does_not_change_with_what_it_was_built_from() -> None:
    rows, array = [[1, 2], [3, 4]], np.array([[5]])
    figure = Figure(LAYER, input=rows, weight=array)
    rows[0][0] = 99
    array[0, 0] = 99
    assert (figure.input, figure.weight) == (((1, 2), (3, 4)), ((5,),))


@pytest.mark.parametrize("name", ["layer", "extras", *OPTIONS])
def test_a_figure_is_frozen(name: str) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(Figure(LAYER), name, None)


@REPEATABLE
@given(figures())
def test_a_figure_is_a_value(figure: Figure) -> None:
    again = pickle.loads(pickle.dumps(figure))
    same = Figure(figure.layer, **figure.given())
    assert figure == again == same == figure.replaced()
    assert len({figure, again, same}) == 1
    assert figure.replaced(title="another title than before") != figure
    assert figure.replaced(title=None).describe().startswith(figure.layer.describe().removesuffix("."))


def test_replacing_takes_everything() -> None:
    figure = Figure(LAYER, view="flat", reveal=True, random=3)
    other = figure.replaced(layer=Conv(3, 1), view="isometric", cell=12)
    assert (other.layer, other.view, other.cell, other.random) == (Conv(3, 1), "isometric", 12, 3)
    assert figure.replaced(reveal=False) == Figure(LAYER, view="flat", random=3)
    with pytest.raises(InputError, match="did you mean view"):
        figure.replaced(vew="flat")


def test_numbers_go_along_in_a_pickle() -> None:
    figure = Figure(LAYER, input=[[1, 2], [3, 4]], random=3)
    drawn, again = figure.numbers, pickle.loads(pickle.dumps(figure))
    assert drawn is not None
    assert again.numbers.output.tolist() == drawn.output.tolist()


def test_colors_by_role_are_kept_in_order() -> None:
    one = Figure(LAYER, colors={"text": "#000", "input": "#fff"})
    other = Figure(LAYER, colors=(("input", "#fff"), ("text", "#000")))
    assert one == other
    assert hash(one) == hash(other)
    assert one.colors == (("input", "#fff"), ("text", "#000"))


def test_a_figure_has_no_numbers_unless_asked_for() -> None:
    assert Figure(LAYER).numbers is None
    assert not Figure(LAYER).numbered
    assert Figure(LAYER, random=0).numbered


def test_given_numbers_are_drawn() -> None:
    guide = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    drawn = numbers(Conv(5, 3), input=guide, weight=[[0, 1, 2], [2, 2, 0], [0, 1, 2]])
    assert drawn.input.tolist() == guide
    assert drawn.output.tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]
    stamped = numbers(ConvTranspose((1, 2), 2, stride=2), input=[[1, 2]], weight=[[1, 2], [3, 4]])
    assert stamped.output.tolist() == [[1, 2, 2, 4], [3, 4, 6, 8]]
    row = numbers(Conv((4,), 2), input=[1, 2, 3, 4], weight=[1, -1])
    assert row.output.tolist() == [-1, -1, -1]


def test_pooling_needs_no_weight() -> None:
    rows = [[1, 2], [3, 4]]
    for kind, output in ((MaxPool, 4), (AvgPool, 2.5)):
        drawn = numbers(kind(2, 2), input=rows)
        assert (drawn.weight, drawn.output.tolist()) == (None, [[output]])


SIZES = st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple)


@settings(REPEATABLE, max_examples=300)
@given(SIZES, st.integers(0, 2**63 - 1), st.sampled_from([2, 3]))
def test_made_up_numbers_look_drawn_by_hand(size: tuple[int, ...], seed: int, most: int) -> None:
    made = np.array(made_up(size, seed, most))
    assert made.shape == size
    assert 0 <= made.min() <= made.max() <= most
    assert made_up(size, seed, most) == made_up(size, seed, most)
    for row in made.reshape(-1, size[-1]):
        assert row.any()
        assert len(set(row)) > 1 or len(row) == 1


def test_made_up_numbers_are_all_of_them_and_few_are_zero() -> None:
    made = np.array(made_up((60, 60), 0, 3))
    assert set(np.unique(made)) == {0, 1, 2, 3}
    assert 1 / 16 < (made == 0).mean() < 3 / 16


def test_another_seed_gives_other_numbers() -> None:
    drawn = [numbers(Conv(6, 3), random=seed) for seed in range(8)]
    assert len({str(one.input) for one in drawn}) == len({str(one.weight) for one in drawn}) == 8


def test_only_what_is_not_given_is_made_up() -> None:
    """As if nothing were given: one may start with made-up numbers and fix them one by one."""
    whole = numbers(Conv(4, 2), random=7)
    part = numbers(Conv(4, 2), random=7, input=np.full((4, 4), 9))
    other = numbers(Conv(4, 2), random=7, weight=[[1, 0], [0, 5]])
    assert np.array_equal(part.input, np.full((4, 4), 9))
    assert np.array_equal(part.weight, whole.weight)  # type: ignore[arg-type]  # a convolution has weights
    assert np.array_equal(other.input, whole.input)


def test_an_output_has_the_decimals_of_its_factors() -> None:
    assert numbers(LAYER, random=0).decimals == 0
    assert numbers(LAYER, input=[[1.5, 2], [3, 4]], weight=[[0.25]]).decimals == 3
    assert numbers(LAYER, input=[[1.0, 2], [3, 4]], weight=[[0.1]]).decimals == 1


@pytest.mark.parametrize("view", VIEWS)
def test_a_figure_is_described_by_its_layer_and_what_its_view_adds(view: str) -> None:
    sentence = LAYER.describe()
    said = Figure(LAYER, view=view).describe()
    seen = VIEWS[view].seen_as
    assert said == (f"{sentence[:-1]}, {seen}." if seen else sentence)
    assert Figure(LAYER, view=view, title="Blur: a+b.", labels=True).describe() == f"Blur: a+b.: {said}"


def test_a_layer_beside_has_the_same_input() -> None:
    """Whether it is given as a layer, a table or words; one that does not say its size takes it from the figure's."""
    layer, other = Conv(4, 3), Conv(4, 2, stride=2, padding=1)
    tables = {"layer": "conv", "kernel_size": 2, "stride": 2, "padding": 1}
    for beside in (
        other,
        tables,
        {**tables, "input_size": 4},
        "conv -k 2 -s2 --padding=1",
        "conv -i 4x4 -k 2 -s 2 -p 1",
    ):
        assert Figure(layer, beside=beside).beside == other
    assert Figure(layer, beside="max-pool -k 2").beside == MaxPool(4, 2)
    assert Figure(layer, beside=other).describe() == (
        f"{layer.describe()[:-1]}; beside it convolution{other.describe().removeprefix('Convolution')}"
    )


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ({}, "beside.layer: is missing; known are "),
        ({"layer": "cnv"}, "beside.layer = 'cnv': there is no such layer; did you mean conv?"),
        ({"layer": "conv"}, "beside.kernel_size: must be given"),
        ({"layer": "conv", "self": 1}, "beside.self: there is no such argument; known are "),
        ({"layer": "conv", "kernel_size": 0}, "beside.kernel_size = 0: must be an integer >= 1"),
        (Conv(5, 3), "beside.input_size = (5, 5): must be 2x2, as for the first layer, or a whole multiple"),
        (Conv((2,), 1), "beside.input_size = (2,): must be 2x2"),
        ("conv -k 3 -k 3", "beside = 'conv -k 3 -k 3': --kernel-size is given twice"),
        ("conv -k 0", "beside = 'conv -k 0': --kernel-size 0: must be an integer >= 1"),
    ],
)
def test_what_cannot_be_beside(beside: Any, said: str) -> None:
    assert refused(beside=beside).startswith(said)


def test_a_layer_beside_computes_with_the_same_numbers() -> None:
    """The same input, resized where it is larger there, and the same kernel where it has the same size."""
    figure = Figure(Conv(2, 2), input=[[1, 2], [3, 4]], weight=[[1, 0], [0, 1]])
    same, larger, pooled = (figure.numbers_of(layer) for layer in (Conv(2, 2, padding=1), Conv(4, 3), MaxPool(4, 2)))
    assert same is not None
    assert same.input.tolist() == [[1, 2], [3, 4]]
    assert np.array_equal(same.weight, [[1, 0], [0, 1]])  # type: ignore[arg-type]  # a convolution has weights
    assert larger is not None
    assert larger.input.tolist() == [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]
    assert np.shape(larger.weight) == (3, 3)  # type: ignore[arg-type]  # likewise
    assert pooled is not None
    assert pooled.output.tolist() == [[1, 2], [3, 4]]
    assert Figure(Conv(2, 2)).numbers_of(Conv(2, 2)) is None


def test_a_document_needs_no_numpy_and_no_asserts(tmp_path: Path) -> None:
    """Also where docstrings and asserts are taken out."""
    code = """
import sys
from convgif import Figure, Conv, InputError
from convgif.documents import schema
figure = Figure(Conv(5, 3), view="flat", reveal=True, title="a", input=[[1] * 5] * 5, random=0)
assert False, "asserts are out"
if Figure.from_query(figure.query()) != figure or not figure.toml("a") or not schema():
    raise SystemExit("not the same")
try:
    Figure(Conv(5, 3), vew=1)
except InputError as error:
    print(error)
print(*sorted({"numpy", "matplotlib", "PIL", "click", "imageio", "pydantic"} & {*sys.modules}))
"""
    done = subprocess.run([sys.executable, "-OO", "-c", code], capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout) == ("", "vew: there is no such option; did you mean view?\n\n")


@pytest.mark.parametrize(
    "layer", [Conv(1, 3, padding=1), Conv(1, 1), MaxPool(5, 1, stride=5), ConvTranspose(1, 3, padding=1)]
)
def test_numbers_that_are_made_up_come_to_something(layer: Layer) -> None:
    """Neither kernel nor output is nothing but zeros, whatever the seed; numbers that are given stay as they are."""
    for seed in range(60):
        numbers = Figure(layer, random=seed).numbers
        assert numbers is not None
        assert numbers.output.any()
        assert numbers.weight is None or numbers.weight.any()
    zeros = Figure(Conv(2, 2), random=0, input=[[0, 0], [0, 0]]).numbers
    assert zeros is not None
    assert not zeros.input.any()
