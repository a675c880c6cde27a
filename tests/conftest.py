"""What all tests share."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st


@given(st.none())
def draw_nothing(nothing: None) -> None:
    """Have hypothesis make what it keeps: some versions look for who refers to it, and do not find what is frozen."""


@pytest.fixture(scope="module", autouse=True)
def _few_objects_to_collect() -> None:
    """What is in memory by now, test libraries above all, stays there: garbage is not looked for in it again and again.

    imageio looks for garbage whenever it closes a video, and what makes many small objects does so by itself.
    """
    draw_nothing()
    gc.collect()
    gc.freeze()
