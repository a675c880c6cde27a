"""Random valid layers of every kind, and small ones without end.

Layers are valid by construction, from the rules that PyTorch states, so nothing is drawn in vain and a layer that the
package refuses by mistake is a failure, not a draw thrown away. Rows and columns are drawn apart: most are not square.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
from hypothesis import settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from tests.arithmetic.oracle import AnyLayer

Pair = tuple[int, int]
Sizes = dict[str, int]

REPEATABLE: Final = settings(deadline=None, derandomize=True, database=None, max_examples=150)
"""The same examples in every run, and no failure because a machine is slow."""


def paired(rows: Sizes, cols: Sizes) -> dict[str, Pair]:
    """The arguments of a layer from those of its two directions."""
    return {name: (rows[name], cols[name]) for name in rows}


def size_span(sizes: Sizes) -> int:
    """Elements from the kernel's first to its last."""
    return (sizes["kernel_size"] - 1) * sizes.get("dilation", 1) + 1


def whole_output(sizes: Sizes) -> int:
    """The output of a transposed convolution before `padding` cuts it, by the guide's relationships 14 and 15."""
    return (sizes["input_size"] - 1) * sizes["stride"] + size_span(sizes) + sizes["output_padding"]


@st.composite
def direct_sizes(draw: st.DrawFn, pooling: bool = False, dilated: bool = True) -> Sizes:
    """One direction of a convolution, or of a pooling layer (padding at most half the kernel size)."""
    sizes = {"kernel_size": draw(st.integers(1, 5))}
    if dilated:
        sizes["dilation"] = draw(st.integers(1, 3))
    span = size_span(sizes)
    sizes["padding"] = draw(st.integers(0, sizes["kernel_size"] // 2 if pooling else 4))
    sizes["stride"] = draw(st.integers(1, span + 2))
    least = max(1, span - 2 * sizes["padding"])
    sizes["input_size"] = draw(st.integers(least, least + 6))
    return sizes


@st.composite
def transposed_sizes(draw: st.DrawFn) -> Sizes:
    """One direction of a transposed convolution, with crops up to the last row of output."""
    sizes = {
        "kernel_size": draw(st.integers(1, 4)),
        "dilation": draw(st.integers(1, 3)),
        "stride": draw(st.integers(1, 4)),
        "input_size": draw(st.integers(1, 5)),
    }
    sizes["output_padding"] = draw(st.integers(0, max(sizes["stride"], sizes["dilation"]) - 1))
    sizes["padding"] = draw(st.integers(0, (whole_output(sizes) - 1) // 2))
    return sizes


@st.composite
def convs(draw: st.DrawFn) -> Conv:
    """Convolutions of every sort."""
    return Conv(**paired(draw(direct_sizes()), draw(direct_sizes())))


@st.composite
def transposed_convs(draw: st.DrawFn) -> ConvTranspose:
    """Transposed convolutions of every sort."""
    return ConvTranspose(**paired(draw(transposed_sizes()), draw(transposed_sizes())))


@st.composite
def max_pools(draw: st.DrawFn) -> MaxPool:
    """Max pooling layers of every sort."""
    return MaxPool(**paired(draw(direct_sizes(pooling=True)), draw(direct_sizes(pooling=True))))


@st.composite
def avg_pools(draw: st.DrawFn) -> AvgPool:
    """Average pooling layers of every sort."""
    one = direct_sizes(pooling=True, dilated=False)
    return AvgPool(**paired(draw(one), draw(one)), count_include_pad=draw(st.booleans()))


def layers() -> st.SearchStrategy[AnyLayer]:
    """Layers of every kind."""
    return st.one_of(convs(), transposed_convs(), max_pools(), avg_pools())


def seeds() -> st.SearchStrategy[int]:
    """Seeds for `filled`."""
    return st.integers(0, 2**32 - 1)


def filled(size: Pair, seed: int) -> npt.NDArray[np.float64]:
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
"""The direction in which nothing happens."""


def both_ways(sizes: Sizes) -> Iterator[dict[str, Pair]]:
    """A column and a row with those sizes: what goes wrong in one direction alone shows here."""
    flat = {name: POINT[name] for name in sizes}
    yield paired(sizes, flat)
    yield paired(flat, sizes)


def undilated(sizes: dict[str, Pair], count_include_pad: bool = True) -> AvgPool:
    """The average pooling layer with those sizes."""
    return AvgPool(sizes["input_size"], sizes["kernel_size"], sizes["stride"], sizes["padding"], count_include_pad)


def small_layers() -> Iterator[AnyLayer]:
    """Every small layer in one dimension, and in two every pair of some directions that differ a lot."""
    for sizes in all_direct_sizes():
        for given in both_ways(sizes):
            if fits(sizes):
                yield Conv(**given)
            if pools(sizes):
                yield MaxPool(**given)
                if sizes["dilation"] == 1:
                    yield from (undilated(given, True), undilated(given, False))
    for sizes in all_transposed_sizes():
        if leaves_output(sizes):
            yield from (ConvTranspose(**given) for given in both_ways(sizes))
    direct = [sizes for sizes in all_direct_sizes() if pools(sizes)][::61]
    for rows, cols in product(direct, repeat=2):
        given = paired(rows, cols)
        yield from (Conv(**given), MaxPool(**given))
        if given["dilation"] == (1, 1):
            yield undilated(given)
    transposed = [sizes for sizes in all_transposed_sizes() if leaves_output(sizes)][::37]
    for rows, cols in product(transposed, repeat=2):
        yield ConvTranspose(**paired(rows, cols))
