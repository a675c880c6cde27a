"""What all tests share."""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(scope="module", autouse=True)
def _few_objects_to_collect() -> None:
    """What is in memory by now, test libraries above all, stays there: garbage is not looked for in it again and again.

    imageio looks for garbage whenever it closes a video, and what makes many small objects does so by itself.
    """
    gc.collect()
    gc.freeze()
