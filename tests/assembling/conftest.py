"""What the tests of files share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def _few_objects_to_collect() -> Iterator[None]:
    """imageio collects garbage whenever it closes a video, and looks at all that test libraries have in memory."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
