"""Of the benchmarks, what is no measurement: what is said of a ratio, and the plot of what was measured."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

from tests.bench import plot
from tests.bench.baseline import Ratio, grown, stored
from tests.test_out import DRAWN_WITH, ROOT


def test_a_ratio_that_grows_beyond_its_margin_is_told() -> None:
    found = {name: Ratio(name, value, 1.3) for name, value in (("kept", 1.3), ("grown", 1.31), ("new", 1.0))}
    said = grown(found, {"kept": 1.0, "grown": 1.0, "gone": 1.0})
    assert {name: words.partition(":")[0] for name, words in said.items()} == {
        "kept": "",
        "grown": "GROWN",
        "new": "NEW",
        "gone": "GONE",
    }


def test_the_committed_plot_shows_what_was_measured(tmp_path: Path) -> None:
    plot.write(stored(), tmp_path / "bench.svg")
    drawn, kept = (path.read_text(encoding="utf-8") for path in (tmp_path / "bench.svg", ROOT / plot.PLOT))
    if version("matplotlib").startswith(DRAWN_WITH["matplotlib"]):
        assert drawn == kept, "make bench-baseline draws it anew"
    shown = [[*re.findall(r"<text[^>]*>([^<]+)</text>", text)] for text in (drawn, kept)]
    assert shown[0] == shown[1]
    assert {*plot.seconds(stored()).values()} < {*shown[0]}
