"""The plot of what was measured, `out/bench.svg`: how long the guide's figures take, in different ways."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

PLOT: Final = Path("out/bench.svg")
INK, OURS, OTHERS = "#586e75", "#2aa198", "#93a1a1"


def seconds(measured: Mapping[str, Any]) -> dict[str, str]:
    """What each way takes, in words; the fastest comes first."""
    taken = sorted(measured["seconds"].items(), key=lambda each: float(each[1]))
    return {name: f"{value:.3g} s" for name, value in taken}


def write(measured: Mapping[str, Any], path: Path = PLOT) -> None:
    """Draw bars, the slowest way at the top, on a logarithmic scale."""
    taken = dict(sorted(measured["seconds"].items(), key=lambda each: each[1]))
    title = f"{measured['figures']} GIFs of {measured['frames']} frames: processor time, {measured['measured']}"
    with mpl.rc_context():
        mpl.rcdefaults()
        # The same plot has the same bytes, and letters that the reader's fonts show.
        mpl.rc("svg", hashsalt="convgif", fonttype="none")
        mpl.rc("font", family="sans-serif", size=11)
        figure = Figure(figsize=(7.6, 2.1), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        colors = [OURS if name.startswith("convgif") else OTHERS for name in taken]
        bars = axes.barh([*taken], [*taken.values()], color=colors, height=0.62)
        axes.bar_label(bars, [*seconds(measured).values()], padding=5, color=INK)
        axes.set_xscale("log")
        axes.set_xlim(0.1, 5 * max(taken.values()))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} s"))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_title(title, color=INK, size=11)
        axes.tick_params(colors=INK, length=0)
        axes.grid(axis="x", color=INK, alpha=0.2)
        axes.set_axisbelow(True)
        for side in axes.spines.values():
            side.set_visible(False)
        figure.savefig(path, transparent=True, metadata={"Date": None})
