"""Which layers lead from one size to another: every small case against brute force, and PyTorch on some.

Brute force builds every layer within the bounds and looks where it leads; nothing is known there of which may fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, Layer, MaxPool
from convgif.arithmetic.solving import BOUNDS, Span, Spans, solve
from convgif.errors import InputError, as_flag
from convgif.options import by_name
from convgif.registry import LAYERS
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE

SIZES = range(1, 8)
SMALL: dict[str, Any] = {"kernel_size": "1-4", "stride": "1-3"}
DILATED: dict[str, Any] = {**SMALL, "dilation": "1-2"}

KINDS: Final = [name for name in LAYERS.shipped if "kernel_size" in by_name(LAYERS[name].parameters)]
"""Kinds of layers that there is something to choose of."""


def built(kind: type[AnyLayer], size: int) -> Iterator[Layer]:
    """All layers over one axis within the small bounds, with every padding and output padding that is asked for."""
    dilations = (1,) if kind is AvgPool else (1, 2)
    for kernel, stride, dilation in product(range(1, 5), range(1, 4), dilations):
        for padding in range(dilation * (kernel - 1) + 1):
            arguments: dict[str, Any] = {
                "input_size": (size,),
                "kernel_size": kernel,
                "stride": stride,
                "padding": padding,
            }
            arguments |= {} if kind is AvgPool else {"dilation": dilation}
            for more in [{"output_padding": extra} for extra in range(stride)] if kind is ConvTranspose else [{}]:
                try:
                    yield kind(**{**arguments, **more})
                except InputError:
                    continue


def solved(*sizes: Any, **given: Any) -> tuple[Layer, ...]:
    """What leads there; nothing if an error says that nothing does."""
    try:
        return solve(*sizes, **given)
    except InputError as error:
        if not str(error).startswith("no "):
            raise
        return ()


def refused(call: Callable[[], object]) -> str:
    """What is said of a call that cannot be answered."""
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)


def counts(layer: Layer) -> bool:
    """Whether it is not one of those that differ from another one only in how far a single window would go on."""
    return layer.output_size != (1,) or layer.turned or layer.stride == (1,)


@pytest.mark.parametrize("name", KINDS)
def test_every_layer_within_the_bounds_is_found_and_no_other(name: str) -> None:
    """Where a single window is left, one with the usual stride or the least stands for those with any stride."""
    kind = LAYERS[name]
    bounds = SMALL if kind is AvgPool else DILATED
    for before in range(1, 6):
        leading: dict[int, set[Layer]] = {after: set() for after in SIZES}
        for layer in built(kind, before):
            (after,) = layer.output_size
            if after in leading:
                leading[after].add(layer)
        for after, layers in leading.items():
            found = solved((before,), (after,), name, **bounds)
            assert {*filter(counts, found)} == {*filter(counts, layers)}
            assert {*found} <= layers
            assert len({*found}) == len(found)


def effort(layer: Layer) -> tuple[bool, int, int]:
    """What the order goes by, spelled out: what is left out, the kernel, and the arguments that must be given."""
    if layer.turned:
        left_out = any(all(tap.input is None for tap in step.taps) for step in layer.steps())
    else:
        left_out = len({tap.input for step in layer.steps() for tap in step.taps} - {None}) < layer.input_size[0]
    shortest = [
        count
        for count in range(4)
        for names in product([False, True], repeat=4)
        if sum(names) == count and same_without(layer, names)
    ]
    return left_out, layer.kernel_size[0], min(shortest, default=4)


def same_without(layer: Layer, kept: tuple[bool, ...]) -> bool:
    """Whether a layer is built with some of its arguments alone, besides input and kernel."""
    arguments: dict[str, Any] = layer.arguments()
    names = [name for name in arguments if name not in ("input_size", "kernel_size")]
    left_out = [name for name, keep in zip(names, kept, strict=False) if not keep]
    try:
        return type(layer)(**{name: value for name, value in arguments.items() if name not in left_out}) == layer
    except InputError:
        return False


@pytest.mark.parametrize("sizes", [(6, 3), (3, 6), (7, 1), (4, 4)])
@pytest.mark.parametrize("name", KINDS)
def test_the_simplest_comes_first(name: str, sizes: tuple[int, int]) -> None:
    before, after = sizes
    efforts = [effort(layer) for layer in solved((before,), (after,), name, **SMALL)]
    assert efforts == sorted(efforts)


@settings(REPEATABLE, max_examples=40)
@given(st.tuples(st.integers(1, 40), st.integers(1, 40)), st.integers(1, 3), st.booleans())
def test_each_leads_there_along_every_axis(pair: tuple[int, int], ndim: int, transposed: bool) -> None:
    """Axes with equal sizes have equal arguments, however many there are."""
    sizes = tuple((size,) * ndim for size in pair)
    found = solved(*sizes, transposed=transposed, **SMALL)
    assert {layer.output_size for layer in found} <= {sizes[1]}
    assert {layer.input_size for layer in found} <= {sizes[0]}
    assert all(
        value == value[:1] * ndim for layer in found for value in layer.arguments().values() if isinstance(value, tuple)
    )
    along = solved(sizes[0][:1], sizes[1][:1], transposed=transposed, **SMALL)
    assert [layer.kernel_size[0] for layer in found] == [layer.kernel_size[0] for layer in along]


@settings(REPEATABLE, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=3))
def test_axes_that_differ_are_combined(pairs: list[tuple[int, int]]) -> None:
    before, after = zip(*pairs, strict=True)
    kind = "conv_transpose" if any(o > i for i, o in pairs) else "conv"
    found = solved(before, after, **SMALL)
    assert bool(found) == all(solved((i,), (o,), kind, **SMALL) for i, o in pairs)
    assert {layer.output_size for layer in found} <= {after}
    assert {layer.name for layer in found} <= {kind}


def test_what_people_mean_comes_first() -> None:
    """Halving and doubling, patches, a layer that keeps the size, and one over all there is."""
    assert solve(14, 7)[:2] == (Conv(14, 2, 2), Conv(14, 3, 2, 1))
    assert solve(7, 14)[:3] == (
        ConvTranspose(7, 2, 2),
        ConvTranspose(7, 3, 2, 1, output_padding=1),
        ConvTranspose(7, 4, 2, 1),
    )
    assert solve(224, 14)[0] == Conv(224, 16, 16)
    assert solve(32, 30)[0] == Conv(32, 3)
    assert solve(5, 5, kernel_size=3)[0] == Conv(5, 3, padding=1)
    assert solve((7, 5), 1)[0] == Conv((7, 5), (7, 5))
    assert solve(14, 7, "max_pool")[0] == MaxPool(14, 2)
    assert solve((9,), (7,))[0] == Conv((9,), 3)


def test_a_larger_output_is_a_matter_of_transposed_convolution_unless_something_else_is_asked_for() -> None:
    assert {type(layer) for layer in solve(5, 7)} == {ConvTranspose}
    assert {type(layer) for layer in solve(5, 7, "conv")} == {Conv}
    assert {type(layer) for layer in solve(7, 5)} == {Conv}
    assert {type(layer) for layer in solve(7, 5, transposed=True)} == {ConvTranspose}
    assert solve(7, 5, transposed=True) == solve(7, 5, "conv_transpose", transposed=True)
    assert "does not go with layer = 'conv'" in refused(lambda: solve(7, 5, "conv", transposed=True))


@pytest.mark.parametrize("span", [3, "3", " 3 ", range(3, 4), "3-3", Span(3, 3)])
def test_bounds_are_numbers_ranges_or_text(span: Any) -> None:
    assert Spans(1).checked(span) == Span(3, 3)
    assert {layer.kernel_size for layer in solve((9,), (5,), kernel_size=span)} == {(3,)}


@pytest.mark.parametrize("option", BOUNDS, ids=lambda option: option.name)
@pytest.mark.parametrize("span", [-1, "x", "3-1", "", range(0), range(1, 9, 2), True, 1.5, None, [1, 2], 10**10, "٣"])
def test_other_bounds_are_refused_in_words(option: Any, span: Any) -> None:
    if span is None and option.default is None:
        return
    said = refused(lambda: solve(9, 5, **{option.name: span}))
    assert said.startswith(f"{option.name} = ")
    assert "must be " in said


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: solve(0, 5), "input_size = 0: must be an integer >= 1"),
        (lambda: solve(0, (1, 2, 3, 4)), "output_size = (1, 2, 3, 4): must be"),
        (lambda: solve((3, 4), (3,)), "output_size = (3,): must have as many numbers as input_size = (3, 4)"),
        (lambda: solve(7, 5, "maxpool"), "layer = 'maxpool': there is no such layer; did you mean max_pool?"),
        (lambda: solve(7, 5, kernel=3), "kernel = 3: is no bound; did you mean kernel_size?"),
        (lambda: solve(7, 5, "avg_pool", dilation=2), "dilation: has no effect: average pooling has none"),
        (lambda: solve(7, 5, kernel_size="1-99999"), "kernel_size = '1-99999': leaves more than "),
    ],
)
def test_what_is_said_of_wrong_input(call: Callable[[], object], said: str) -> None:
    assert said in refused(call)


@pytest.mark.parametrize(
    "given",
    [
        {"input_size": (7,), "output_size": (14,), "layer": "conv"},
        {"input_size": (60,), "output_size": (2,), "stride": "1-9"},
        {"input_size": (14,), "output_size": (7,), "padding": 0, "stride": 3},
        {"input_size": (9,), "output_size": (7,), "kernel_size": 5, "padding": 0},
        {"input_size": (40,), "output_size": (20,), "kernel_size": "1-3", "stride": 3, "padding": 0},
    ],
    ids=str,
)
def test_an_error_says_which_bound_to_widen_and_no_narrower_one_would_do(given: dict[str, Any]) -> None:
    said = refused(lambda: solve(**given))
    tried, remedy = said.split("; ")[:2]
    assert tried.startswith("no convolution leads from ")
    wider = re.findall(r"(\w+) = '(\d+)-(\d+)'", remedy)
    assert wider
    for name, least, most in wider:
        assert solve(**{**given, name: f"{least}-{most}"})
        was = re.findall(rf"{name} = '(\d+)(?:-(\d+))?'", tried)[0]
        narrower = f"{least}-{int(most) - 1}" if most != (was[1] or was[0]) else f"{int(least) + 1}-{most}"
        assert not solved(**{**given, name: narrower})


def test_where_wider_bounds_do_not_help_the_error_says_so() -> None:
    said = refused(lambda: solve(10, 20, "max_pool"))
    assert said.startswith("no max pooling leads from 10 to 20 with ")
    assert said.endswith(
        "; none of them allows one alone, unless it is much wider; layer = 'conv_transpose' makes maps larger"
    )
    said = refused(lambda: solve((4, 9), (4, 3), kernel_size=1, stride=1))
    assert said.startswith("no convolution leads from 9 to 3 along the columns with ")


def test_problems_are_spelled_as_flags_are() -> None:
    with pytest.raises(InputError) as caught:
        solve(7, 14, "conv")
    assert "; --kernel-size 1-8 or --dilation 1-3 would allow one" in caught.value.text(as_flag)


TOLD_BY_TENSORS: Final = ("input_size", "kernel_size", "in_channels", "out_channels", "padding_mode")


@pytest.mark.parametrize("sizes", [(9, 4), (4, 9), (6, 6), ((5, 8), (3, 4)), ((3,), (7,))])
def test_pytorch_agrees(sizes: tuple[Any, Any]) -> None:
    torch = pytest.importorskip("torch")
    compared = 0
    for kind in KINDS:
        for layer in solved(*sizes, kind, **SMALL):
            compute = getattr(torch.nn.functional, f"{kind}{layer.ndim}d")
            x = torch.zeros((1, 1, *layer.input_size))
            kernel = torch.zeros((1, 1, *layer.kernel_size)) if layer.has_weight else layer.kernel_size
            others = {name: value for name, value in layer.arguments().items() if name not in TOLD_BY_TENSORS}
            assert compute(x, kernel, **others).shape[2:] == layer.output_size
            compared += 1
    assert compared > 5
