"""The laws that every layer obeys, and what people may pass for a size.

Every small layer is tried, since the corners are there; layers of all kinds are drawn, since rows and columns that
differ in everything are too many to try.
"""

from __future__ import annotations

import ast
import copy
import inspect
import pickle
import textwrap
import tracemalloc
from collections import deque
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from itertools import islice
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import (
    AvgPool,
    Cell,
    Conv,
    ConvTranspose,
    Kind,
    MaxPool,
    Step,
    Tap,
)
from convgif.errors import InputError, as_flag
from convgif.options import REQUIRED, Size
from tests.arithmetic import oracle
from tests.arithmetic.oracle import AnyLayer, Numbers
from tests.arithmetic.strategies import REPEATABLE, filled, layers, seeds, small_layers

KINDS: tuple[type[AnyLayer], ...] = (Conv, ConvTranspose, MaxPool, AvgPool)


def check_steps(layer: AnyLayer) -> None:
    """One step per output element in row-major order; its taps are the whole kernel, on the canvas, reading it."""
    steps = list(layer.steps())
    assert len(steps) == layer.step_count
    assert [step.output for step in steps] == list(np.ndindex(*layer.output_size))
    canvas, elements = layer.canvas, list(np.ndindex(*layer.kernel_size))
    for number, step in enumerate(steps):
        cells = [tap.canvas for tap in step.taps]
        assert cells == sorted(set(cells))
        kernels = [tap.kernel for tap in step.taps]
        if isinstance(layer, (MaxPool, AvgPool)) and layer.ceil_mode:
            assert kernels == [element for element in elements if lies_on_canvas(layer, step.output, element)]
        else:
            assert kernels == (elements[::-1] if layer.turned else elements)
        for tap in step.taps:
            assert tap.input == canvas[tap.canvas].input
        assert layer.step(step.output) == layer.step_at(number) == step


def lies_on_canvas(layer: AnyLayer, output: Cell, element: Cell) -> bool:
    """Whether a window's element does: where sizes are rounded up, it may reach beyond the padded input."""
    sizes = zip(output, layer.stride, element, layer.dilation, oracle.canvas_map(layer).shape, strict=True)
    return all(at * stride + kernel * gap < size for at, stride, kernel, gap, size in sizes)


def check_numbers(layer: AnyLayer, seed: int) -> None:
    """`apply` gives what the steps say, and both give what the oracle computes."""
    x = filled(layer.input_size, seed)
    w = filled(layer.kernel_size, seed + 1) if layer.has_weight else None
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
    marks, sources = oracle.canvas_map(layer), oracle.source_map(layer)
    assert layer.canvas_size == marks.shape
    cells = list(layer.canvas)
    assert cells == list(np.ndindex(*marks.shape))
    assert len(layer.canvas) == len(cells)
    for cell in cells:
        kind, element = layer.canvas[cell]
        if kind is Kind.INPUT:
            assert element is not None
            assert np.ravel_multi_index(element, layer.input_size) == marks[cell]
        else:
            assert (-1 if element is None else np.ravel_multi_index(element, layer.input_size)) == max(
                -1, sources[cell]
            )
            assert marks[cell] == (oracle.PADDING if kind is Kind.PADDING else oracle.INSERTED)
    assert layer.crops == (len({*marks[marks >= 0]}) < prod(layer.input_size))


def test_steps_of_every_small_layer() -> None:
    cases = list(small_layers())
    assert {type(layer) for layer in cases} == set(KINDS)
    assert len(cases) > 1000
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


@pytest.mark.parametrize("cell", [(-1, 0), (0, -1), (4, 0), (0, 5), (1,), (1, 1, 0), (), 3, None])
def test_no_cell_lies_outside_the_canvas(cell: Any) -> None:
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


@pytest.mark.parametrize(
    ("layer", "output", "message"),
    [
        (Conv(4, 2), (3, 0), "output element (3, 0) is outside the 3x3 output"),
        (Conv(4, 2), (0, -1), "output element (0, -1) is outside the 3x3 output"),
        (Conv(4, 2), (0,), "output element (0,) is outside the 3x3 output"),
        (Conv((4,), 2), (3,), "output element (3,) is outside the output of 3"),
        (Conv((4, 4, 4), 2), (0, 0, 3), "output element (0, 0, 3) is outside the 3x3x3 output"),
    ],
)
def test_there_is_no_step_outside_the_output(layer: AnyLayer, output: Cell, message: str) -> None:
    with pytest.raises(IndexError) as caught:
        layer.step(output)
    assert str(caught.value) == message


@pytest.mark.parametrize("number", [-1, 9])
def test_there_is_no_step_of_another_number(number: int) -> None:
    with pytest.raises(IndexError, match=rf"^there is no step {number}, the last one is 8$"):
        Conv(4, 2).step_at(number)


@pytest.mark.parametrize(
    "layer", [Conv(10**9, 10**9), Conv((10**9,), 2), MaxPool((10**9,) * 3, 2), ConvTranspose(10**9, 2)]
)
def test_absurd_sizes_are_known_without_being_walked(layer: AnyLayer) -> None:
    """They are refused by their size later, so that size must be had."""
    assert layer.step_count == prod(layer.output_size)
    assert next(iter(layer.canvas)) == (0,) * layer.ndim
    assert layer.describe()
    assert len(layer.phases()) > 1


def big_layers() -> list[AnyLayer]:
    """Layers of which no one wants all steps in memory."""
    return [
        Conv(2000, 3, padding=1),
        ConvTranspose(2000, 3, stride=2, padding=1),
        MaxPool(2000, 3, 1),
        AvgPool(2000, 3, 1),
        Conv((4_000_000,), 9),
        MaxPool((160, 160, 160), 2, 1),
    ]


@pytest.mark.parametrize("layer", big_layers(), ids=repr)
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
    assert not any(first.output)
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
    for name in (*layer.arguments(), "axes", "output_size", "anything"):
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
    same = type(one) is type(other) and one.arguments() == other.arguments()
    assert (one == other) == same
    again = copy.deepcopy(one)
    _ = one.axes, one.output_size, one.canvas_size  # what is worked out on first use must not tell layers apart
    assert again == one
    assert hash(again) == hash(one)


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_tells_layers_apart(kind: Callable[..., AnyLayer]) -> None:
    plain = kind(input_size=9, kernel_size=4, stride=3, padding=1).arguments()
    if kind is Conv:
        plain |= {"in_channels": 2, "out_channels": 4, "groups": 1}
    others = {"in_channels": 3, "out_channels": 3, "groups": 2}
    for name, value in plain.items():
        known = "reflect" if isinstance(value, str) else others.get(name, not value)
        other = (value[0], value[1] + 1) if isinstance(value, tuple) else known
        changed: dict[str, Any] = plain | {name: other}
        assert kind(**changed) != kind(**plain)


@REPEATABLE
@given(layers())
def test_layers_survive_a_pickle(layer: AnyLayer) -> None:
    """Layers travel to the processes that draw them."""
    _ = layer.axes
    assert pickle.loads(pickle.dumps(layer)) == layer


@REPEATABLE
@given(layers())
def test_arguments_build_the_layer_again(layer: AnyLayer) -> None:
    given_again: dict[str, Any] = dict(layer.arguments())
    assert type(layer)(**given_again) == layer
    assert eval(repr(layer)) == layer


def test_arguments_are_what_the_constructor_takes() -> None:
    assert Conv((3, 4), 2).arguments() == {
        "input_size": (3, 4),
        "kernel_size": (2, 2),
        "stride": (1, 1),
        "padding": (0, 0),
        "dilation": (1, 1),
        "in_channels": 1,
        "out_channels": 1,
        "groups": 1,
        "padding_mode": "zeros",
    }
    assert list(ConvTranspose(3, 2).arguments()) == [*list(Conv(3, 2).arguments())[:5], "output_padding"]
    assert MaxPool(4, (2, 1)).arguments()["stride"] == (2, 1)
    assert AvgPool(4, 2, count_include_pad=False).arguments() == {
        "input_size": (4, 4),
        "kernel_size": (2, 2),
        "stride": (2, 2),
        "padding": (0, 0),
        "count_include_pad": False,
        "ceil_mode": False,
    }


@REPEATABLE
@given(layers(), st.integers(0, 2), seeds())
def test_a_lifted_layer_computes_the_same(layer: AnyLayer, more: int, seed: int) -> None:
    """With axes of one element before its own; that is how a row is drawn on a plane."""
    ndim = layer.ndim + more
    if ndim > 3:
        return
    lifted, ones = layer.lifted(ndim), (1,) * more
    assert (lifted.ndim, lifted.output_size) == (ndim, ones + layer.output_size)
    assert lifted.canvas_size == ones + layer.canvas_size
    assert (lifted.turned, lifted.crops) == (layer.turned, layer.crops)
    x = filled(layer.input_size, seed)
    w = filled(layer.kernel_size, seed + 1) if layer.has_weight else None
    flat = lifted.apply(x.reshape(lifted.input_size), None if w is None else w.reshape(lifted.kernel_size))
    np.testing.assert_array_equal(flat.reshape(layer.output_size), layer.apply(x, w))
    assert layer.lifted(layer.ndim) is layer


def test_no_layer_is_lifted_to_fewer_axes() -> None:
    with pytest.raises(ValueError, match=r"^a layer over 2 axes cannot be one over 1$"):
        Conv(4, 2).lifted(1)


LETTERED = ("input_size", "kernel_size", "stride", "padding", "dilation")
"""The arguments that all people know by their first letter."""


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_declared_is_what_help_shows(kind: type[AnyLayer]) -> None:
    """The declaration of a kind's arguments is their only home: signature, types for checkers and fields agree."""
    signature = inspect.signature(kind)
    assert list(signature.parameters) == [option.name for option in kind.parameters]
    for option, parameter in zip(kind.parameters, signature.parameters.values(), strict=True):
        assert parameter.default is (inspect.Parameter.empty if option.default is REQUIRED else option.default)
        assert option.meaning
        assert option.group == "Layer"
        assert option.letter == (option.name[0] if option.name in LETTERED else "")
    shown = {field.name for field in fields(kind) if field.init}
    assert shown == {*signature.parameters}


@pytest.mark.parametrize("kind", KINDS)
def test_what_type_checkers_see_is_what_is_declared(kind: type[AnyLayer]) -> None:
    """They read a signature of their own in the source, which says nothing of defaults but that there are some."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    (function,) = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    names = [argument.arg for argument in function.args.args[1:]]
    assert names == [option.name for option in kind.parameters]
    required = len(names) - len(function.args.defaults)
    assert [option.default is REQUIRED for option in kind.parameters] == [
        number < required for number in range(len(names))
    ]
    assert {ast.unparse(default) for default in function.args.defaults} == {"..."}


def test_other_names_tell_one_layer_only() -> None:
    """They lead from a word that people know to the layer's own name, so no two layers may share one."""
    names = [name for kind in KINDS for name in (kind.name, *kind.also_called)]
    assert len(names) == len(set(names))
    assert all(name == name.lower().replace("-", "_") for name in names)


@pytest.mark.parametrize(
    ("arguments", "ndim"),
    [
        ({"input_size": 5, "kernel_size": 3}, 2),
        ({"input_size": (5,), "kernel_size": 3}, 1),
        ({"input_size": 5, "kernel_size": (3,)}, 1),
        ({"input_size": 5, "kernel_size": 3, "dilation": [1, 1, 1]}, 3),
        ({"input_size": (5, 6, 7), "kernel_size": 3, "padding": (0, 1, 2)}, 3),
    ],
)
def test_the_number_of_axes_is_that_of_the_tuples(arguments: dict[str, Any], ndim: int) -> None:
    layer = Conv(**arguments)
    assert layer.ndim == len(layer.axes) == ndim
    for name in LETTERED:
        size = layer.arguments()[name]
        assert isinstance(size, tuple)
        assert len(size) == ndim


@pytest.mark.parametrize("five", [5, (5, 5), [5, 5], np.int64(5), (np.int8(5), np.uint16(5)), np.array(5)])
def test_sizes_may_be_ints_pairs_lists_and_numpy_ints(five: Any) -> None:
    layer = Conv(five, 3, five, five, five)
    assert layer == Conv((5, 5), (3, 3), (5, 5), (5, 5), (5, 5))
    for name in LETTERED:
        size = layer.arguments()[name]
        assert isinstance(size, tuple)
        assert [type(number) for number in size] == [int, int]


def refused(kind: Callable[..., object], **given: object) -> str:
    """What the error says."""
    with pytest.raises(InputError) as caught:
        kind(**given)
    return str(caught.value)


OF_EACH = ", or one for each axis: (rows, columns)"
SIZES = {option.name: option.kind.least for option in ConvTranspose.parameters if isinstance(option.kind, Size)}
RULES = {option.name: option.kind.rule for option in ConvTranspose.parameters}


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize(
    ("value", "shown", "alternative"),
    [
        (-1, "-1", ""),
        (True, "True", ""),
        ("3", "'3'", OF_EACH),
        (2.0, "2.0", OF_EACH),
        (None, "None", OF_EACH),
        ((1, 2, 3, 4), "(1, 2, 3, 4)", OF_EACH),
        ((), "()", OF_EACH),
        ([2, -1], "[2, -1]", OF_EACH),
        ((1, "2"), "(1, '2')", OF_EACH),
        ((True, 2), "(True, 2)", OF_EACH),
        (((1, 1, 1), 1), "((1, 1, 1), 1)", OF_EACH),
        ((1, (2, -1)), "(1, (2, -1))", OF_EACH),
        ({"rows": 2}, "{'rows': 2}", OF_EACH),
    ],
)
def test_what_is_no_size_is_refused(name: str, value: object, shown: str, alternative: str) -> None:
    given_all: dict[str, object] = {"input_size": 5, "kernel_size": 3} | {name: value}
    rule = RULES[name] if alternative else f"must be an integer >= {SIZES[name]}"
    message = f"{name} = {shown}: {rule}"
    assert refused(ConvTranspose, **given_all) == message


@pytest.mark.parametrize("name", SIZES)
def test_zero_is_refused_where_it_makes_no_sense(name: str) -> None:
    given_all: dict[str, Any] = {"input_size": 5, "kernel_size": 3} | {name: 0}
    if SIZES[name]:
        assert refused(ConvTranspose, **given_all) == f"{name} = 0: must be an integer >= 1"
    else:
        assert ConvTranspose(**given_all) == ConvTranspose(5, 3)


@pytest.mark.parametrize(
    ("kind", "given_args", "given_all", "message"),
    [
        (
            ConvTranspose,
            (),
            {"input_size": 0, "kernel_size": 3, "stride": "2", "padding": -1, "dilation": 1.5},
            f"input_size = 0: must be an integer >= 1\n"
            f"stride = '2': must be an integer >= 1{OF_EACH}\n"
            f"padding = -1: must be an integer >= 0\n"
            f"dilation = 1.5: must be an integer >= 1{OF_EACH}",
        ),
        (
            AvgPool,
            (),
            {"input_size": (4, 0), "kernel_size": 2, "count_include_pad": 1},
            f"input_size = (4, 0): must be an integer >= 1{OF_EACH}\ncount_include_pad = 1: must be true or false",
        ),
        (
            Conv,
            (),
            {"strides": 2},
            "strides = 2: there is no such argument; did you mean stride?\n"
            "input_size: must be given\nkernel_size: must be given",
        ),
        (
            Conv,
            (5,),
            {"kernel": 3, "stride": 0, "xyz": None},
            "kernel = 3: there is no such argument; did you mean kernel_size?\n"
            "xyz = None: there is no such argument; known are dilation, groups, in_channels, input_size, "
            "kernel_size, out_channels, padding, padding_mode and 1 more\n"
            "kernel_size: must be given\n"
            "stride = 0: must be an integer >= 1",
        ),
        (AvgPool, (5, 2), {"dilation": 2}, "dilation = 2: average pooling has none"),
        (
            Conv,
            (5, 2, 1, 0, 1, 1, 1, 1, "zeros", 7),
            {"stride": 2},
            "Conv takes 9 arguments at most, 10 were given\nstride = 2: is given twice",
        ),
        (
            ConvTranspose,
            ((5, 5), (3,)),
            {"padding": (1, 1, 1), "dilation": (2, 2), "stride": 0},
            "stride = 0: must be an integer >= 1\n"
            "kernel_size = (3,): must be an integer, or 2 numbers as input_size = (5, 5) has\n"
            "padding = (1, 1, 1): must be an integer, or 2 numbers as input_size = (5, 5) has",
        ),
        (
            MaxPool,
            (5, (3,)),
            {"padding": (1, 1)},
            "padding = (1, 1): must be an integer, or a single number as kernel_size = (3,) has",
        ),
    ],
)
def test_all_problems_are_told_at_once(
    kind: Callable[..., object], given_args: tuple[object, ...], given_all: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        kind(*given_args, **given_all)
    assert str(caught.value) == message


def test_problems_are_spelled_as_their_reader_gave_them() -> None:
    """A rule that speaks of another argument names it as data, so the command line can write it as a flag."""
    with pytest.raises(InputError) as caught:
        Conv((5, 5), (3,), padding=(1, 1))
    assert caught.value.text(as_flag) == "--kernel-size 3,: must be an integer, or 2 numbers as --input-size 5x5 has"
    with pytest.raises(InputError) as caught:
        Conv(3, 5)
    assert caught.value.text(as_flag).endswith("2 rows and 2 columns too few; --padding 1 would fit")
    with pytest.raises(InputError) as caught:
        ConvTranspose(3, 3, output_padding=2)
    assert caught.value.text(as_flag) == (
        "--output-padding 2x2: must be smaller than 1, the larger of --stride and --dilation"
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


@pytest.mark.parametrize("layer", [Conv((2, 3), 2), ConvTranspose((2, 3), 2), MaxPool((2, 3), 2), AvgPool((2, 3), 2)])
def test_apply_names_the_wrong_map(layer: AnyLayer) -> None:
    w = np.ones((2, 2)) if layer.has_weight else None
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
