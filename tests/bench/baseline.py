"""What was measured before, `baseline.json`, and what is to be said of what is measured now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

BASELINE: Final = Path(__file__).with_name("baseline.json")


class Ratio(NamedTuple):
    """What was measured, and how many times as large it may get."""

    name: str
    value: float
    margin: float


def stored() -> dict[str, Any]:
    """What was measured last."""
    kept: dict[str, Any] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return kept


def grown(found: Mapping[str, Ratio], stored: Mapping[str, float]) -> dict[str, str]:
    """What is to be said of each ratio: nothing where it is within its margin, and stored."""
    said = {}
    for name in chain(found, stored.keys() - found.keys()):
        if name not in stored:
            said[name] = "NEW: make bench-baseline stores it"
        elif name not in found:
            said[name] = "GONE"
        elif found[name].value > stored[name] * found[name].margin:
            said[name] = f"GROWN: {found[name].margin:g} times as much is allowed"
        else:
            said[name] = ""
    return said
