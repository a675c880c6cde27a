"""A layer as a matrix: column by column what one input element alone would give, and its product with the input."""

from __future__ import annotations

import re
from math import prod

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given

from convgif.arithmetic import Conv, ConvTranspose
from convgif.arithmetic.linear_map import as_matrix, matrix_row
from convgif.errors import InputError
from tests.arithmetic import oracle
from tests.arithmetic.oracle import Numbers
from tests.arithmetic.strategies import REPEATABLE, convs, filled, seeds, small_layers, transposed_convs

Weighted = Conv | ConvTranspose


def numbered_kernel(layer: Weighted) -> Numbers:
    """Weights from 1 on: no two alike, and none 0, so that an entry tells which weight it is."""
    return np.arange(1, 1 + prod(layer.kernel_size)).reshape(layer.kernel_size)


def columns(layer: Weighted, w: Numbers) -> Numbers:
    """The matrix by the meaning of its columns: the output for an input that is 1 in one place and 0 in all others."""
    ones = np.eye(prod(layer.input_size), dtype=w.dtype).reshape(-1, *layer.input_size)
    return np.stack([oracle.computed(layer, one, w).ravel() for one in ones], axis=1)


def check(layer: Weighted, seed: int) -> None:
    """Its entries, its rows as positions of the kernel, and what it is for."""
    w = numbered_kernel(layer)
    matrix = as_matrix(layer, w)
    assert matrix.shape == (prod(layer.output_size), prod(layer.input_size))
    np.testing.assert_array_equal(matrix, columns(layer, w))
    for row, entries in enumerate(matrix):
        if isinstance(layer, Conv) and layer.copies:
            continue  # several weights meet in one place
        held = matrix_row(layer, row)
        assert sorted(held) == np.flatnonzero(entries).tolist()
        assert all(w[kernel] == entries[column] for column, kernel in held.items())
    x, w = filled(layer.input_size, seed), filled(layer.kernel_size, seed + 1)
    product = as_matrix(layer, w) @ x.ravel()
    np.testing.assert_array_equal(product.reshape(layer.output_size), oracle.computed(layer, x, w))


def test_every_small_layer_is_a_matrix_product() -> None:
    cases = [layer for layer in small_layers() if isinstance(layer, (Conv, ConvTranspose))][::2]
    assert {type(layer) for layer in cases} == {Conv, ConvTranspose}
    for seed, layer in enumerate(cases):
        check(layer, seed)


@REPEATABLE
@given(convs(), seeds())
def test_a_convolution_is_a_matrix_product(layer: Conv, seed: int) -> None:
    check(layer, seed)


@REPEATABLE
@given(transposed_convs(), seeds())
def test_a_transposed_convolution_is_a_matrix_product(layer: ConvTranspose, seed: int) -> None:
    check(layer, seed)


@REPEATABLE
@given(convs(), seeds())
def test_the_transpose_has_the_transposed_matrix(layer: Conv, seed: int) -> None:
    """As numbers and as symbols; this is what gives it its name."""
    assume(not layer.copies)
    w = filled(layer.kernel_size, seed)
    back = layer.transpose()
    np.testing.assert_array_equal(as_matrix(back, w), as_matrix(layer, w).T)
    forth = {
        (row, column, at) for row in range(prod(layer.output_size)) for column, at in matrix_row(layer, row).items()
    }
    assert forth == {
        (column, row, at) for row in range(prod(back.output_size)) for column, at in matrix_row(back, row).items()
    }


def test_the_numbers_of_the_figures() -> None:
    """The corner of the guide's input: C is 4 x 16, a kernel row every four columns; C transposed leads back."""
    x = np.array([[3, 3, 2, 1], [0, 0, 1, 3], [3, 1, 2, 2], [2, 0, 0, 2]])
    w, layer = [[0, 1, 2], [2, 2, 0], [0, 1, 2]], Conv(4, 3)
    matrix = as_matrix(layer, w)
    assert matrix.tolist() == [
        [0, 1, 2, 0, 2, 2, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0],
        [0, 0, 1, 2, 0, 2, 2, 0, 0, 0, 1, 2, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1, 2, 0, 2, 2, 0, 0, 0, 1, 2, 0],
        [0, 0, 0, 0, 0, 0, 1, 2, 0, 2, 2, 0, 0, 0, 1, 2],
    ]
    y = matrix @ x.ravel()
    assert y.tolist() == [12, 12, 10, 17]
    back = as_matrix(layer.transpose(), w) @ y
    assert back.tolist() == layer.transpose().apply(y.reshape(2, 2), w).ravel().tolist()


def test_padding_has_no_column() -> None:
    """Only the taps on the input are left: at a corner one of four."""
    layer = Conv(2, 2, stride=3, padding=1, dilation=1)
    assert layer.output_size == (1, 1)
    assert matrix_row(layer, 0) == {0: (1, 1)}
    assert matrix_row(Conv(1, 1, stride=2, padding=1), 0) == {}


@pytest.mark.parametrize("row", [-1, 4])
def test_there_is_no_other_row(row: int) -> None:
    with pytest.raises(IndexError, match=rf"^there is no step {row}, the last one is 3$"):
        matrix_row(Conv(3, 2), row)


@pytest.mark.parametrize(("sort", "kind"), [(np.uint8, "i"), (np.bool_, "i"), (np.float32, "f")])
def test_entries_are_numbers_as_given(sort: type[np.generic], kind: str) -> None:
    """Fractions stay, whole numbers stay whole, and narrow ones can be multiplied and added up."""
    w = np.array([[1, 1]]).astype(sort)
    matrix = as_matrix(Conv((1, 3), (1, 2)), w)
    assert matrix.dtype.kind == kind
    assert (matrix @ np.array([200, 100, 100])).tolist() == [300, 200]


def test_fractions_stay() -> None:
    assert as_matrix(Conv((1, 2), (1, 2)), [[0.5, -0.25]]).tolist() == [[0.5, -0.25]]


@pytest.mark.parametrize(
    ("w", "message"),
    [
        ([[1, 2, 3]], "w = [[1, 2, 3]]: is 1 x 3, must be 2 x 2"),
        ("abc", "w = 'abc': must be 2 rows of 2 numbers each"),
    ],
)
def test_other_shapes(w: npt.ArrayLike, message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        as_matrix(Conv(3, 2), w)
