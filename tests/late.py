"""Libraries that are loaded when a test first needs them: each process collects all tests, and runs only some."""

from __future__ import annotations

from typing import Any

import pytest


class Late:
    """A module by name; a test that asks it for something is skipped where it is not installed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, part: str) -> Any:
        if part.startswith("_"):  # pytest asks for such, to see whether this is a test
            raise AttributeError(part)
        return getattr(pytest.importorskip(self._name), part)
