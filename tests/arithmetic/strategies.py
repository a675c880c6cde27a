"""Random valid layers of every kind, and small ones without end.

Layers are valid by construction, from the rules that PyTorch states, so nothing is drawn in vain and a layer that the
package refuses by mistake is a failure, not a draw thrown away. They have one, two or three axes, each drawn apart:
most are not square.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, product
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from hypothesis import settings
from hypothesis import strategies as st

from convgif.arithmetic import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, Conv, ConvTranspose, MaxPool
from tests.arithmetic import oracle
from tests.arithmetic.oracle import AnyLayer

Sizes = dict[str, int]
"""The sizes along one axis."""
Given = dict[str, Any]
"""The sizes that a layer is built with."""

REPEATABLE: Final = settings(deadline=None, derandomize=True, database=None, max_examples=100)
"""The same examples in every run, and no failure because a machine is slow."""


MOST_COPIED: Final = {"reflect": -1, "circular": 0, "replicate": 99}
"""By how much padding may be larger than the input, where it copies it: PyTorch's limits."""


def together(*axes: Sizes) -> Given:
    """The arguments of a layer from those of its axes."""
    return {name: tuple(sizes[name] for sizes in axes) for name in axes[0]}


@st.composite
def over_axes(draw: st.DrawFn, one: Callable[[bool], st.SearchStrategy[Sizes]]) -> Given:
    """The arguments of a layer over one, two or three axes, which are smaller then."""
    ndim = draw(st.sampled_from((1, 2, 2, 3)))
    return together(*(draw(one(ndim == 3)) for _ in range(ndim)))


def size_span(sizes: Sizes) -> int:
    """Elements from the kernel's first to its last."""
    return (sizes["kernel_size"] - 1) * sizes.get("dilation", 1) + 1


def whole_output(sizes: Sizes) -> int:
    """The output of a transposed convolution before `padding` cuts it, by the guide's relationships 14 and 15."""
    return (sizes["input_size"] - 1) * sizes["stride"] + size_span(sizes) + sizes["output_padding"]


@st.composite
def direct_sizes(draw: st.DrawFn, small: bool = False, pooling: bool = False, dilated: bool = True) -> Sizes:
    """One axis of a convolution, or of a pooling layer (padding at most half the kernel size)."""
    sizes = {"kernel_size": draw(st.integers(1, 3 if small else 5))}
    if dilated:
        sizes["dilation"] = draw(st.integers(1, 2 if small else 3))
    span = size_span(sizes)
    sizes["padding"] = draw(st.integers(0, sizes["kernel_size"] // 2 if pooling else 2 if small else 4))
    sizes["stride"] = draw(st.integers(1, span + 2))
    least = max(1, span - 2 * sizes["padding"])
    sizes["input_size"] = draw(st.integers(least, least + (2 if small else 6)))
    return sizes


@st.composite
def transposed_sizes(draw: st.DrawFn, small: bool = False) -> Sizes:
    """One axis of a transposed convolution, with crops up to the last row of output."""
    sizes = {
        "kernel_size": draw(st.integers(1, 2 if small else 4)),
        "dilation": draw(st.integers(1, 2 if small else 3)),
        "stride": draw(st.integers(1, 3 if small else 4)),
        "input_size": draw(st.integers(1, 3 if small else 5)),
    }
    sizes["output_padding"] = draw(st.integers(0, max(sizes["stride"], sizes["dilation"]) - 1))
    sizes["padding"] = draw(st.integers(0, (whole_output(sizes) - 1) // 2))
    return sizes


@st.composite
def sided(draw: st.DrawFn, given: Given, most: Sequence[int]) -> Given:
    """The same arguments, sometimes with more padding after an axis, up to so much, or with a word for it."""
    before = given["padding"]
    how = draw(st.integers(0, 3))
    if how == 0:
        ends = [draw(st.integers(least, max(least, end))) for least, end in zip(before, most, strict=True)]
        return given | {"padding": tuple(zip(before, ends, strict=True))}
    if how == 1 and {*given.get("dilation", (1,))} == {1}:  # pooling allows no more than half a window
        return given | {"padding": draw(st.sampled_from(("same_upper", "same_lower")))}
    return {**given}


@st.composite
def convs(draw: st.DrawFn) -> Conv:
    """Convolutions of every sort."""
    given = draw(over_axes(direct_sizes))
    arguments = draw(sided(given, [p + 1 for p in given["padding"]]))
    size, mode = given["input_size"], draw(st.sampled_from(("zeros", "zeros", *MOST_COPIED)))
    most = max((max(pair) - n for pair, n in zip(oracle.pads(Conv(**arguments)), size, strict=True)))
    return Conv(**arguments, padding_mode=mode if most <= MOST_COPIED.get(mode, most) else "replicate")


@st.composite
def transposed_convs(draw: st.DrawFn) -> ConvTranspose:
    """Transposed convolutions of every sort; some with less padding after an axis than before it."""
    given = draw(over_axes(transposed_sizes))
    if draw(st.integers(0, 3)):
        return ConvTranspose(**given)
    pairs = tuple((before, draw(st.integers(0, before))) for before in given["padding"])
    return ConvTranspose(**{**given, "padding": pairs})


@st.composite
def channelled(draw: st.DrawFn) -> Conv:
    """Convolutions of several channels, in groups or not, with padding of every sort."""
    layer = draw(convs())
    groups, depth, breadth = (draw(st.integers(1, 3)) for _ in range(3))
    channels = {"in_channels": groups * depth, "out_channels": groups * breadth, "groups": groups}
    return Conv(**{**layer.arguments(), **channels})


@st.composite
def max_pools(draw: st.DrawFn) -> MaxPool:
    """Max pooling layers of every sort."""
    given = draw(over_axes(partial(direct_sizes, pooling=True)))
    arguments = draw(sided(given, [k // 2 for k in given["kernel_size"]]))
    return MaxPool(**arguments, ceil_mode=draw(st.booleans()))


@st.composite
def avg_pools(draw: st.DrawFn) -> AvgPool:
    """Average pooling layers of every sort."""
    given = draw(over_axes(partial(direct_sizes, pooling=True, dilated=False)))
    arguments = draw(sided(given, [k // 2 for k in given["kernel_size"]]))
    return AvgPool(**arguments, count_include_pad=draw(st.booleans()), ceil_mode=draw(st.booleans()))


def adaptive_pools() -> st.SearchStrategy[AdaptiveMaxPool | AdaptiveAvgPool]:
    """Adaptive pooling, to more elements too."""
    axis = st.fixed_dictionaries({"input_size": st.integers(1, 7), "output_size": st.integers(1, 5)})
    sizes = over_axes(lambda small: axis)
    return st.builds(lambda kind, given: kind(**given), st.sampled_from([AdaptiveMaxPool, AdaptiveAvgPool]), sizes)


def layers() -> st.SearchStrategy[AnyLayer]:
    """Layers of every kind."""
    return st.one_of(convs(), transposed_convs(), max_pools(), avg_pools())


def seeds() -> st.SearchStrategy[int]:
    """Seeds for `filled`."""
    return st.integers(0, 2**32 - 1)


def filled(size: tuple[int, ...], seed: int) -> npt.NDArray[np.float64]:
    """Whole numbers of both signs as floats: their sums and products are exact in any order."""
    return np.random.default_rng(seed).integers(-9, 10, size).astype(np.float64)


def all_sizes(**ranges: range) -> Iterator[Sizes]:
    """Every combination of sizes."""
    for values in product(*ranges.values()):
        yield dict(zip(ranges, values, strict=True))


def all_direct_sizes() -> Iterator[Sizes]:
    """Small directions of a convolution, those that do not fit too."""
    return all_sizes(
        input_size=range(1, 5),
        kernel_size=range(1, 5),
        stride=range(1, 4),
        padding=range(4),
        dilation=range(1, 4),
    )


def all_transposed_sizes() -> Iterator[Sizes]:
    """Small directions of a transposed convolution, the impossible ones too."""
    return all_sizes(
        input_size=range(1, 4),
        kernel_size=range(1, 4),
        stride=range(1, 4),
        padding=range(5),
        dilation=range(1, 3),
        output_padding=range(3),
    )


def fits(sizes: Sizes) -> bool:
    """The rule for a convolution: the kernel must lie on the padded input."""
    return sizes["input_size"] + 2 * sizes["padding"] >= size_span(sizes)


def pools(sizes: Sizes) -> bool:
    """The rules for pooling: also, padding is at most half the kernel size, dilated or not."""
    return fits(sizes) and sizes["padding"] <= sizes["kernel_size"] / 2


def leaves_output(sizes: Sizes) -> bool:
    """The rules for a transposed convolution."""
    possible = sizes["output_padding"] < sizes["stride"] or sizes["output_padding"] < sizes["dilation"]
    return possible and whole_output(sizes) - 2 * sizes["padding"] >= 1


POINT: Final[Sizes] = {
    "input_size": 1,
    "kernel_size": 1,
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "output_padding": 0,
}
"""The axis along which nothing happens."""


def all_ways(sizes: Sizes) -> Iterator[Given]:
    """A single axis, a column and a row with those sizes: what goes wrong along one axis alone shows here."""
    flat = {name: POINT[name] for name in sizes}
    yield together(sizes)
    yield together(sizes, flat)
    yield together(flat, sizes)


def undilated(given: Given, count_include_pad: bool = True) -> AvgPool:
    """The average pooling layer with those sizes."""
    return AvgPool(given["input_size"], given["kernel_size"], given["stride"], given["padding"], count_include_pad)


def small_layers() -> Iterator[AnyLayer]:
    """Every small layer over one axis, lying along each axis in turn, and some pairs and triples that differ a lot."""
    for number, sizes in enumerate(all_direct_sizes()):
        if fits(sizes):
            yield from _direct(list(all_ways(sizes))[(number + number // 3) % 3], pooling=pools(sizes))
    for number, sizes in enumerate(filter(leaves_output, all_transposed_sizes())):
        yield ConvTranspose(**list(all_ways(sizes))[(number + number // 3) % 3])
    direct = [sizes for sizes in all_direct_sizes() if pools(sizes)]
    transposed = list(filter(leaves_output, all_transposed_sizes()))
    for axes in chain(product(direct[::61], repeat=2), zip(direct[::7], direct[3::7], direct[::-7], strict=False)):
        yield from _direct(together(*axes), pooling=True)
    for axes in chain(
        product(transposed[::37], repeat=2), zip(transposed[::17], transposed[5::17], transposed[::-17], strict=False)
    ):
        yield ConvTranspose(**together(*axes))


def _direct(given: Given, pooling: bool) -> Iterator[AnyLayer]:
    yield Conv(**given)
    if pooling:
        yield MaxPool(**given)
        if {*given["dilation"]} == {1}:
            yield from (undilated(given, True), undilated(given, False))
