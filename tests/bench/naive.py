"""What people write today: a matplotlib script that draws all artists anew for every frame.

The figure is the guide's padding_strides_transposed or any like it: a canvas, an input, a kernel's shadow, an output.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.patches import Polygon

matplotlib.use("Agg")
FRAMES = 25
"""Of an output of 5x5."""


def quad(col: int, row: int, rows: int, offset: tuple[float, float] = (0, 0)) -> list[tuple[float, float]]:
    """The corners of a cell in the isometric plane."""
    corners = ((col, rows - row), (col + 1, rows - row), (col + 1, rows - row - 1), (col, rows - row - 1))
    return [(x - 0.7 * y + offset[0], 0.5 * x + 0.65 * y + offset[1]) for x, y in corners]


def animate(path: Path) -> int:
    """Write same_padding_no_strides (input 5, kernel 3, padding 1) as a GIF; how many frames it has."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(3.95, 4.49), dpi=100)
    lifted = (-0.18, 8.0)

    def draw(frame: int) -> list[Polygon]:
        axes.clear()
        axes.set_aspect("equal")
        axes.set_axis_off()
        top, left = divmod(frame, 5)
        for row, col in np.ndindex(7, 7):
            inside = 1 <= row < 6 and 1 <= col < 6
            fill, style = ("#268bd2", "-") if inside else ("none", "--")
            axes.add_patch(Polygon(quad(col, row, 7), facecolor=fill, edgecolor="#002b36", linestyle=style))
        for row, col in np.ndindex(3, 3):
            cell = quad(left + col, top + row, 7)
            axes.add_patch(Polygon(cell, facecolor="#073642", edgecolor="#002b36", alpha=0.4))
        for row, col in np.ndindex(5, 5):
            axes.add_patch(Polygon(quad(col, row, 5, lifted), facecolor="#2aa198", edgecolor="#002b36"))
        axes.add_patch(Polygon(quad(left, top, 5, lifted), facecolor="#073642", alpha=0.4))
        for (x0, y0), (x1, y1) in zip(quad(left, top, 7), quad(left, top, 5, lifted), strict=True):
            axes.plot((x0, x1), (y0, y1), color="black", linewidth=0.5)
        axes.set_xlim(-5.2, 7.3)
        axes.set_ylim(-0.3, 14.6)
        return []

    FuncAnimation(figure, draw, frames=FRAMES, init_func=lambda: []).save(path, writer=PillowWriter(fps=1))
    plt.close(figure)
    return FRAMES
