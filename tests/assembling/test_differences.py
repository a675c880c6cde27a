"""The rectangle of what has changed, against a search through all rectangles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.assembling.differences import extent
from tests.assembling.samples import REPEATABLE

Mask = npt.NDArray[np.bool_]


def masks() -> st.SearchStrategy[Mask]:
    """Few cells are True, so that many lie far from the edges."""
    sizes = st.tuples(st.integers(1, 7), st.integers(1, 7))
    seeds = st.integers(0, 2**32 - 1)
    return st.builds(few, sizes, seeds)


def few(size: tuple[int, int], seed: int) -> Mask:
    mask: Mask = np.random.default_rng(seed).random(size) < 0.15
    return mask


@REPEATABLE
@given(masks())
def test_it_holds_all_and_could_not_be_smaller(changed: Mask) -> None:
    rows, cols = extent(changed)
    inside = np.zeros_like(changed)
    inside[rows, cols] = True
    assert not (changed & ~inside).any()
    if changed.any():
        for edge in (
            changed[rows, cols][0],
            changed[rows, cols][-1],
            changed[rows, cols].T[0],
            changed[rows, cols].T[-1],
        ):
            assert edge.any()


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (0, 4), (4, 0)])
def test_nothing_changed_is_an_empty_place(size: tuple[int, int]) -> None:
    assert extent(np.zeros(size, bool)) == (slice(0, 0), slice(0, 0))


def test_it_is_made_of_plain_numbers() -> None:
    """They end in the headers of files, where NumPy's would overflow unseen."""
    for part in extent(np.eye(3, dtype=bool)):
        assert (type(part.start), type(part.stop)) == (int, int)
