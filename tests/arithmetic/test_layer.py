"""The laws that every layer obeys, and what people may pass for a size.

Every small layer is tried, since the corners are there; layers of all kinds are drawn, since rows and columns that
differ in everything are too many to try.
"""

from __future__ import annotations

import copy
import pickle
import tracemalloc
from collections import deque
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import (
    AvgPool,
    Conv,
    ConvTranspose,
    Kind,
    MaxPool,
    Step,
    Tap,
    as_numbers,
    by,
    settings,
    spoken,
)
from convgif.arithmetic.layer import missing
from convgif.errors import InputError
from tests.arithmetic import oracle
from tests.arithmetic.oracle import AnyLayer, Numbers
from tests.arithmetic.strategies import REPEATABLE, filled, layers, seeds, small_layers

KINDS: tuple[type[AnyLayer], ...] = (Conv, ConvTranspose, MaxPool, AvgPool)


def check_steps(layer: AnyLayer) -> None:
    """One step per output element in row-major order; its taps are the whole kernel, on the canvas, reading it."""
    steps = list(layer.steps())
    rows, cols = layer.output_size
    assert [step.output for step in steps] == [(row, col) for row in range(rows) for col in range(cols)]
    canvas, elements = layer.canvas, list(np.ndindex(*layer.kernel_size))
    for step in steps:
        cells = [tap.canvas for tap in step.taps]
        assert cells == sorted(set(cells))
        assert sorted(tap.kernel for tap in step.taps) == elements
        for tap in step.taps:
            assert 0 <= tap.canvas[0] < layer.canvas_size[0]
            assert 0 <= tap.canvas[1] < layer.canvas_size[1]
            assert tap.input == canvas[tap.canvas].input
        assert layer.step(step.output) == step


def check_numbers(layer: AnyLayer, seed: int) -> None:
    """`apply` gives what the steps say, and both give what the oracle computes."""
    x = filled(layer.input_size, seed)
    w = filled(layer.kernel_size, seed + 1) if layer.has_kernel_values else None
    applied = layer.apply(x, w)
    assert applied.shape == layer.output_size
    np.testing.assert_array_equal(applied, followed(layer, x, w))
    np.testing.assert_array_equal(applied, oracle.computed(layer, x, w))


def followed(layer: AnyLayer, x: Numbers, w: Numbers | None) -> Numbers:
    """The output as the steps tell to compute it."""
    out = np.full(layer.output_size, np.nan)
    for step in layer.steps():
        read = [(tap.kernel, float(x[tap.input])) for tap in step.taps if tap.input is not None]
        if w is not None:
            out[step.output] = sum(w[kernel] * value for kernel, value in read)
        elif isinstance(layer, AvgPool):
            count = len(step.taps) if layer.count_include_pad else len(read)
            out[step.output] = sum(value for _, value in read) / count
        else:
            out[step.output] = max((value for _, value in read), default=-np.inf)
    return out


def check_canvas(layer: AnyLayer) -> None:
    """The canvas is the stretched, padded, cropped input; every cell is one of the three kinds."""
    marks = oracle.canvas_map(layer)
    assert layer.canvas_size == marks.shape
    cells = list(layer.canvas)
    assert cells == list(np.ndindex(*marks.shape))
    assert len(layer.canvas) == len(cells)
    cols = layer.input_size[1]
    for cell in cells:
        kind, element = layer.canvas[cell]
        if kind is Kind.INPUT:
            assert element is not None
            assert element[0] * cols + element[1] == marks[cell]
            assert element[1] < cols
        else:
            assert element is None
            assert marks[cell] == (oracle.PADDING if kind is Kind.PADDING else oracle.INSERTED)


def test_steps_of_every_small_layer() -> None:
    cases = list(small_layers())
    assert {type(layer) for layer in cases} == set(KINDS)
    assert len(cases) > 2000
    for layer in cases:
        check_steps(layer)


@REPEATABLE
@given(layers())
def test_steps(layer: AnyLayer) -> None:
    check_steps(layer)


def test_numbers_of_every_small_layer() -> None:
    for seed, layer in enumerate(small_layers()):
        check_numbers(layer, seed)


@REPEATABLE
@given(layers(), seeds())
def test_numbers(layer: AnyLayer, seed: int) -> None:
    check_numbers(layer, seed)


def test_canvas_of_every_small_layer() -> None:
    for layer in small_layers():
        check_canvas(layer)


@REPEATABLE
@given(layers())
def test_canvas(layer: AnyLayer) -> None:
    check_canvas(layer)


@pytest.mark.parametrize(
    ("layer", "picture"),
    [
        (Conv((1, 2), 2, padding=(1, 0)), "PP II PP"),
        (ConvTranspose(2, 3, stride=2, padding=1), "PPPPP PIXIP PXXXP PIXIP PPPPP"),
        (ConvTranspose((2, 1), (1, 2), stride=(3, 1), output_padding=(1, 0)), "PIP PXP PXP PIP PPP"),
        (ConvTranspose(3, 1, stride=2, padding=1), "XXX XIX XXX"),
        (ConvTranspose(1, 1, stride=3, padding=1, output_padding=2), "P"),
    ],
)
def test_canvas_looks_right(layer: AnyLayer, picture: str) -> None:
    """Drawn by hand from the guide: padding wins over inserted zeros, so the stretched input is a whole block."""
    letters = {Kind.INPUT: "I", Kind.PADDING: "P", Kind.INSERTED: "X"}
    rows, cols = layer.canvas_size
    drawn = [[letters[layer.canvas[row, col].kind] for col in range(cols)] for row in range(rows)]
    assert " ".join("".join(row) for row in drawn) == picture


@pytest.mark.parametrize("cell", [(-1, 0), (0, -1), (4, 0), (0, 5)])
def test_no_cell_lies_outside_the_canvas(cell: tuple[int, int]) -> None:
    canvas = Conv(input_size=(2, 3), kernel_size=2, padding=1).canvas
    assert (3, 4) in canvas
    assert cell not in canvas
    with pytest.raises(KeyError):
        canvas[cell]


def test_canvases_of_equal_layers_are_equal() -> None:
    assert Conv(4, 3, padding=1).canvas == Conv(4, 3, padding=1).canvas != Conv(4, 3).canvas
    assert hash(Conv(4, 3, padding=1).canvas) == hash(Conv(4, 3, padding=1).canvas)


def test_a_step_of_the_guide() -> None:
    """A whole step by hand: numbers that agree with themselves could still be named wrongly."""
    assert list(Conv(input_size=2, kernel_size=(1, 2), padding=(0, 1)).steps())[3] == Step(
        (1, 0), (Tap((0, 0), (1, 0), None), Tap((0, 1), (1, 1), (1, 0)))
    )


def big_layers() -> list[AnyLayer]:
    """Layers of which no one wants all steps in memory."""
    return [
        Conv(2000, 3, padding=1),
        ConvTranspose(2000, 3, stride=2, padding=1),
        MaxPool(2000, 3, 1),
        AvgPool(2000, 3, 1),
    ]


@pytest.mark.parametrize("layer", big_layers(), ids=lambda layer: layer.name)
def test_steps_take_no_memory(layer: AnyLayer) -> None:
    """Neither the first step nor thousands more may hold what other steps need.

    The first step comes at once if it takes no memory, which is sure, while a time would depend on the machine. The
    steps of a single row held would be 5 MB; Python itself keeps some 0.3 MB of small tuples ready for reuse.
    """
    tracemalloc.start()
    try:
        steps = layer.steps()
        first = next(steps)
        _, first_peak = tracemalloc.get_traced_memory()
        deque(islice(steps, 3000), maxlen=0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert first.output == (0, 0)
    assert first_peak < 50_000
    assert peak < 1_000_000


def test_the_canvas_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        canvas = Conv(2000, 3, padding=1).canvas
        assert len(canvas) == 2002 * 2002
        assert canvas[2000, 2000].input == (1999, 1999)
        assert list(islice(canvas, 3)) == [(0, 0), (0, 1), (0, 2)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50_000


@pytest.mark.parametrize(
    "layer", [Conv(4, 3), ConvTranspose(4, 3), MaxPool(4, 3), AvgPool(4, 3)], ids=lambda layer: layer.name
)
def test_layers_are_frozen(layer: AnyLayer) -> None:
    before = hash(layer)
    for name in (*settings(layer), "rows", "output_size", "anything"):
        with pytest.raises(FrozenInstanceError):
            setattr(layer, name, (2, 2))
    with pytest.raises(FrozenInstanceError):
        del layer.stride
    assert layer.output_size == (
        (6, 6) if isinstance(layer, ConvTranspose) else (2, 2) if layer.name == "conv" else (1, 1)
    )
    assert hash(layer) == before


@REPEATABLE
@given(layers(), layers())
def test_layers_are_equal_where_kind_and_settings_are(one: AnyLayer, other: AnyLayer) -> None:
    same = type(one) is type(other) and settings(one) == settings(other)
    assert (one == other) == same
    again = copy.deepcopy(one)
    _ = one.rows, one.cols  # what is worked out on first use must not tell layers apart
    assert again == one
    assert hash(again) == hash(one)


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_tells_layers_apart(kind: Callable[..., AnyLayer]) -> None:
    plain = settings(kind(input_size=9, kernel_size=4, stride=3, padding=1))
    for name, value in plain.items():
        changed: dict[str, Any] = plain | {name: not value if isinstance(value, bool) else (value[0], value[1] + 1)}
        assert kind(**changed) != kind(**plain)


@REPEATABLE
@given(layers())
def test_layers_survive_a_pickle(layer: AnyLayer) -> None:
    """Layers travel to the processes that draw them."""
    _ = layer.rows
    assert pickle.loads(pickle.dumps(layer)) == layer


@REPEATABLE
@given(layers())
def test_settings_build_the_layer_again(layer: AnyLayer) -> None:
    given_again: dict[str, Any] = dict(settings(layer))
    assert type(layer)(**given_again) == layer


def test_settings_are_what_the_constructor_takes() -> None:
    assert settings(Conv((3, 4), 2)) == {
        "input_size": (3, 4),
        "kernel_size": (2, 2),
        "stride": (1, 1),
        "padding": (0, 0),
        "dilation": (1, 1),
    }
    assert list(settings(ConvTranspose(3, 2))) == [*settings(Conv(3, 2)), "output_padding"]
    assert settings(MaxPool(4, (2, 1)))["stride"] == (2, 1)
    assert settings(AvgPool(4, 2, count_include_pad=False)) == {
        "input_size": (4, 4),
        "kernel_size": (2, 2),
        "stride": (2, 2),
        "padding": (0, 0),
        "count_include_pad": False,
    }


@pytest.mark.parametrize("five", [5, (5, 5), [5, 5], np.int64(5), (np.int8(5), np.uint16(5)), np.array(5)])
def test_sizes_may_be_ints_pairs_lists_and_numpy_ints(five: Any) -> None:
    layer = Conv(five, 3, five, five, five)
    assert layer == Conv((5, 5), (3, 3), (5, 5), (5, 5), (5, 5))
    for size in settings(layer).values():
        assert isinstance(size, tuple)
        assert [type(number) for number in size] == [int, int]


def refused(kind: Callable[..., object], **given: object) -> str:
    """What the error says."""
    with pytest.raises(InputError) as caught:
        kind(**given)
    return str(caught.value)


LEAST = {"input_size": 1, "kernel_size": 1, "stride": 1, "dilation": 1, "padding": 0, "output_padding": 0}


@pytest.mark.parametrize("name", LEAST)
@pytest.mark.parametrize(
    ("value", "shown", "alternative"),
    [
        (-1, "-1", ""),
        (True, "True", ""),
        (False, "False", ""),
        ("3", "'3'", ", or a pair (rows, columns) of them"),
        (2.0, "2.0", ", or a pair (rows, columns) of them"),
        (None, "None", ", or a pair (rows, columns) of them"),
        ((1, 2, 3), "(1, 2, 3)", ", or a pair (rows, columns) of them"),
        ((1,), "(1,)", ", or a pair (rows, columns) of them"),
        ((), "()", ", or a pair (rows, columns) of them"),
        ([2, -1], "[2, -1]", ", or a pair (rows, columns) of them"),
        ((-1, 2), "(-1, 2)", ", or a pair (rows, columns) of them"),
        ((1, "2"), "(1, '2')", ", or a pair (rows, columns) of them"),
        ((True, 2), "(True, 2)", ", or a pair (rows, columns) of them"),
        (((1, 1), 1), "((1, 1), 1)", ", or a pair (rows, columns) of them"),
        ({"rows": 2}, "{'rows': 2}", ", or a pair (rows, columns) of them"),
    ],
)
def test_what_is_no_size_is_refused(name: str, value: object, shown: str, alternative: str) -> None:
    given_all: dict[str, object] = {"input_size": 5, "kernel_size": 3} | {name: value}
    message = f"{name} = {shown}: must be an integer >= {LEAST[name]}{alternative}"
    assert refused(ConvTranspose, **given_all) == message


@pytest.mark.parametrize("name", LEAST)
def test_zero_is_refused_where_it_makes_no_sense(name: str) -> None:
    given_all: dict[str, Any] = {"input_size": 5, "kernel_size": 3} | {name: 0}
    if LEAST[name]:
        assert refused(ConvTranspose, **given_all) == f"{name} = 0: must be an integer >= 1"
    else:
        assert ConvTranspose(**given_all) == ConvTranspose(5, 3)


def test_all_problems_are_told_at_once() -> None:
    assert refused(ConvTranspose, input_size=0, kernel_size=3, stride="2", padding=-1, dilation=1.5) == (
        "input_size = 0: must be an integer >= 1\n"
        "stride = '2': must be an integer >= 1, or a pair (rows, columns) of them\n"
        "padding = -1: must be an integer >= 0\n"
        "dilation = 1.5: must be an integer >= 1, or a pair (rows, columns) of them"
    )
    assert refused(AvgPool, input_size=(4, 0), kernel_size=2, count_include_pad=1) == (
        "input_size = (4, 0): must be an integer >= 1, or a pair (rows, columns) of them\n"
        "count_include_pad = 1: must be true or false"
    )


@given(
    st.sampled_from(["input_size", "kernel_size", "stride", "padding", "dilation"]),
    st.one_of(
        st.none(),
        st.text(),
        st.floats(),
        st.booleans(),
        st.integers(max_value=-1),
        st.lists(st.text()),
        st.just(np.True_),
    ),
)
@REPEATABLE
def test_nothing_else_gets_through(name: str, value: object) -> None:
    """Whatever is no size is refused as such, never with an error that the package did not choose."""
    given_all: dict[str, object] = {"input_size": 5, "kernel_size": 3} | {name: value}
    assert refused(Conv, **given_all).startswith(f"{name} = ")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([[1, 2], [3, 4]], "x = [[1, 2], [3, 4]]: is 2 x 2, must be 2 x 3"),
        ([[1, 2], [3, 4], [5, 6]], "x = [[1, 2], [3, 4], [5, 6]]: is 3 x 2, must be 2 x 3"),
        ([[1, 2, 3], [4, 5]], "x = [[1, 2, 3], [4, 5]]: must be 2 rows of 3 numbers each"),
        ([[[1], [2, 3]], 4], "x = [[[1], [2, 3]], 4]: must be 2 rows of 3 numbers each"),
        ([["a", "b", "c"], ["d", "e", "f"]], None),
        ([[1, 2, 3], [4, 5, "6"]], "x = [[1, 2, 3], [4, 5, '6']]: must be 2 rows of 3 numbers each"),
        ([[1, 2, 3], [4, 5, None]], "x = [[1, 2, 3], [4, 5, None]]: must be 2 rows of 3 numbers each"),
        ([[1, 2, 3], [4, 5, 6j]], None),
        ([1, 2, 3], "x = [1, 2, 3]: must be 2 rows of 3 numbers each"),
        ([[[1, 2, 3], [4, 5, 6]]], "x = [[[1, 2, 3], [4, 5, 6]]]: must be 2 rows of 3 numbers each"),
        (7, "x = 7: must be 2 rows of 3 numbers each"),
        (None, "x = None: must be 2 rows of 3 numbers each"),
        ("map", "x = 'map': must be 2 rows of 3 numbers each"),
        ([], "x = []: must be 2 rows of 3 numbers each"),
    ],
)
def test_what_is_no_map_of_numbers_is_refused(value: Any, message: str | None) -> None:
    with pytest.raises(InputError) as caught:
        as_numbers("x", value, (2, 3))
    assert str(caught.value) == (message or f"x = {value!r}: must be 2 rows of 3 numbers each")


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64, np.float32, np.float64])
def test_numbers_of_any_sort_are_taken(kind: type[Any]) -> None:
    numbers = as_numbers("x", [[kind(0), kind(1)]], (1, 2))
    assert numbers.tolist() == [[0, 1]]


@pytest.mark.parametrize("layer", [Conv((2, 3), 2), ConvTranspose((2, 3), 2), MaxPool((2, 3), 2), AvgPool((2, 3), 2)])
def test_apply_names_the_wrong_map(layer: AnyLayer) -> None:
    w = np.ones((2, 2)) if layer.has_kernel_values else None
    with pytest.raises(InputError, match=r"^x = .*: is 3 x 2, must be 2 x 3$"):
        layer.apply(np.ones((3, 2)), w)
    if w is None:
        with pytest.raises(InputError, match=r"^w = .*: must be left out: a pooling layer has no weights$"):
            layer.apply(np.ones((2, 3)), np.ones((2, 2)))
    else:
        with pytest.raises(InputError, match=r"^w = .*: is 3 x 1, must be 2 x 2$"):
            layer.apply(np.ones((2, 3)), np.ones((3, 1)))
        with pytest.raises(InputError, match=r"^w = None: must be 2 rows of 2 numbers each$"):
            layer.apply(np.ones((2, 3)))


def test_apply_leaves_what_it_was_given_alone() -> None:
    x, w = filled((4, 5), 1), filled((2, 3), 2)
    kept = x.copy(), w.copy()
    ConvTranspose((4, 5), (2, 3), padding=1).apply(x, w)
    AvgPool((4, 5), 3, padding=1).apply(x)
    assert (x == kept[0]).all()
    assert (w == kept[1]).all()


@pytest.mark.parametrize("size", [8, 11, 18, 80])
def test_describe_uses_the_right_article(size: int) -> None:
    """The sentence is read aloud as alt text: an eight, an eleven, an eighteen, an eighty."""
    sentence = ConvTranspose((size, 7), (1, 7), padding=(0, 3)).describe()
    assert sentence == (
        f"Transposed convolution of an {size}x7 input with a 1x7 kernel, stride 1 and padding (0, 3), "
        f"giving an {size}x7 output."
    )


def test_sizes_as_people_write_them() -> None:
    assert (by((3, 4)), spoken((3, 4)), spoken((4, 4))) == ("3x4", "(3, 4)", "4")
    assert missing((1, 2)) == "1 row and 2 columns"
    assert missing((2, 0)) == "2 rows"
    assert missing((0, 1)) == "1 column"
