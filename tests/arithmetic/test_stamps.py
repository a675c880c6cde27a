"""A transposed convolution by its own definition: which stamps fall where, their sum, and what padding crops away."""

from __future__ import annotations

import re
from math import prod

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given

from convgif.arithmetic import Cell, ConvTranspose
from convgif.arithmetic.stamps import Stamp, cropped, full_size, stamp, stamped
from convgif.errors import InputError
from tests.arithmetic import oracle
from tests.arithmetic.oracle import Numbers
from tests.arithmetic.strategies import REPEATABLE, filled, seeds, small_layers, transposed_convs

SMALL = [layer for layer in small_layers() if isinstance(layer, ConvTranspose)]
ONES = np.ones((3, 3), int)


def uncut(layer: ConvTranspose) -> ConvTranspose:
    """The same layer without padding: its output is the whole of what is stamped."""
    return ConvTranspose(layer.input_size, layer.kernel_size, layer.stride, 0, layer.dilation, layer.output_padding)


def check_stamps(layer: ConvTranspose) -> None:
    """A step of the layer reads exactly those elements whose stamps fall on its output cell, with those weights."""
    fallen: dict[Cell, set[tuple[Cell, Cell]]] = {}
    for element in np.ndindex(*layer.input_size):
        one = stamp(layer, element)
        assert one.input == element
        assert sorted(one.cells) == list(np.ndindex(*layer.kernel_size))
        for kernel, cell in one.cells.items():
            moved = tuple(at - before for at, (before, _) in zip(cell, layer.pads, strict=True))
            fallen.setdefault(moved, set()).add((one.input, kernel))
    for step in layer.steps():
        read = {(tap.input, tap.kernel) for tap in step.taps if tap.input is not None}
        assert fallen.pop(step.output, set()) == read
    for cell in fallen:
        axes = list(zip(cell, layer.output_size, layer.pads, strict=True))
        assert not all(0 <= at < size for at, size, _ in axes), "a stamp is lost"
        assert all(-cuts[0] <= at < size + cuts[1] for at, size, cuts in axes), "a stamp falls beside the full output"


def check_sum(layer: ConvTranspose, seed: int) -> None:
    """The sum is what the layer without padding puts out; `padding` cells a side of it go, and no other."""
    x, w = filled(layer.input_size, seed), filled(layer.kernel_size, seed + 1)
    full = stamped(layer, x, w)
    assert full.shape == full_size(layer) == uncut(layer).output_size
    np.testing.assert_array_equal(full, oracle.computed(uncut(layer), x, w))
    np.testing.assert_array_equal(cropped(layer, full), oracle.computed(layer, x, w))


def check_crop(layer: ConvTranspose) -> None:
    """Each cell is known by its number, so that none can stand for another."""
    full = full_size(layer)
    numbered = np.arange(prod(full)).reshape(full)
    left_over = cropped(layer, numbered)
    kept = [range(before, size - after) for size, (before, after) in zip(full, layer.pads, strict=True)]
    assert left_over.shape == layer.output_size == tuple(map(len, kept))
    assert left_over.tolist() == numbered[np.ix_(*kept)].tolist()


def test_every_small_layer_is_what_is_stamped() -> None:
    assert len(SMALL) > 300
    for seed, layer in enumerate(SMALL):
        check_stamps(layer)
        check_crop(layer)
        check_sum(layer, seed)


@REPEATABLE
@given(transposed_convs(), seeds())
def test_a_transposed_convolution_is_what_is_stamped(layer: ConvTranspose, seed: int) -> None:
    check_stamps(layer)
    check_crop(layer)
    check_sum(layer, seed)


@pytest.mark.parametrize(
    ("layer", "full", "left"),
    [
        (
            ConvTranspose(2, 3),
            [[1, 3, 3, 2], [4, 10, 10, 6], [4, 10, 10, 6], [3, 7, 7, 4]],
            [[1, 3, 3, 2], [4, 10, 10, 6], [4, 10, 10, 6], [3, 7, 7, 4]],
        ),
        (
            ConvTranspose(2, 3, stride=2),
            [[1, 1, 3, 2, 2], [1, 1, 3, 2, 2], [4, 4, 10, 6, 6], [3, 3, 7, 4, 4], [3, 3, 7, 4, 4]],
            [[1, 1, 3, 2, 2], [1, 1, 3, 2, 2], [4, 4, 10, 6, 6], [3, 3, 7, 4, 4], [3, 3, 7, 4, 4]],
        ),
        (
            ConvTranspose(2, 3, stride=2, padding=1),
            [[1, 1, 3, 2, 2], [1, 1, 3, 2, 2], [4, 4, 10, 6, 6], [3, 3, 7, 4, 4], [3, 3, 7, 4, 4]],
            [[1, 3, 2], [4, 10, 6], [3, 7, 4]],
        ),
        (
            ConvTranspose(2, 3, stride=2, padding=(0, 1), output_padding=(0, 1)),
            [[1, 1, 3, 2, 2, 0], [1, 1, 3, 2, 2, 0], [4, 4, 10, 6, 6, 0], [3, 3, 7, 4, 4, 0], [3, 3, 7, 4, 4, 0]],
            [[1, 3, 2, 2], [1, 3, 2, 2], [4, 10, 6, 6], [3, 7, 4, 4], [3, 7, 4, 4]],
        ),
    ],
)
def test_the_numbers_of_the_figures(layer: ConvTranspose, full: list[list[int]], left: list[list[int]]) -> None:
    """Input 1 to 4, a kernel of ones; output padding is empty where padding does not move the stamps over it."""
    total = stamped(layer, [[1, 2], [3, 4]], ONES)
    assert total.tolist() == full
    assert cropped(layer, total).tolist() == left


@REPEATABLE
@given(transposed_convs())
def test_output_padding_is_out_of_reach_of_every_stamp(layer: ConvTranspose) -> None:
    """The last rows and columns of the full output, as many as there is output padding, and none before them."""
    cells = [cell for element in np.ndindex(*layer.input_size) for cell in stamp(layer, element).cells.values()]
    reached = tuple(1 + max(places) for places in zip(*cells, strict=True))
    empty = tuple(size - last for size, last in zip(full_size(layer), reached, strict=True))
    assert empty == layer.output_padding


def test_a_stamp() -> None:
    """Rows and columns apart: stride moves the stamp, dilation spreads it."""
    layer = ConvTranspose((3, 2), 2, stride=(2, 3), dilation=(1, 4), padding=1)
    assert stamp(layer, (2, 1)) == Stamp((2, 1), {(0, 0): (4, 3), (0, 1): (4, 7), (1, 0): (5, 3), (1, 1): (5, 7)})


@pytest.mark.parametrize("sort", [np.int8, np.uint8, np.bool_])
def test_sums_outgrow_narrow_numbers(sort: type[np.generic]) -> None:
    x, w = np.full((3, 3), 100).astype(sort), np.full((3, 3), 3).astype(sort)
    layer = ConvTranspose(3, 3)
    expected: Numbers = oracle.computed(layer, x.astype(np.int64), w.astype(np.int64))
    total = stamped(layer, x, w)
    assert total.tolist() == expected.tolist()
    assert total.dtype.kind == "i"


@pytest.mark.parametrize(("x", "w"), [(0.5, 3), (3, 0.5)])
def test_fractions_of_either_stay(x: float, w: float) -> None:
    assert stamped(ConvTranspose(1, 1), [[x]], [[w]]).tolist() == [[1.5]]


@pytest.mark.parametrize(
    ("x", "w", "message"),
    [
        ([[1, 2]], ONES, "x = [[1, 2]]: is 1 x 2, must be 2 x 2"),
        ([[1, 2], [3, 4]], [[1]], "w = [[1]]: is 1 x 1, must be 3 x 3"),
        ([[1, 2], [3, 4]], "abc", "w = 'abc': must be 3 rows of 3 numbers each"),
    ],
)
def test_other_shapes(x: npt.ArrayLike, w: npt.ArrayLike, message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        stamped(ConvTranspose(2, 3), x, w)
