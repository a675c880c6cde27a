"""One frame as artists of matplotlib, in axes that exist already."""

from __future__ import annotations

import matplotlib.axes
from matplotlib.patches import PathPatch

from convgif.drawing.scene import MARGIN, Item, Line, Polygon, Scene
from convgif.rendering.strokes import letters_of, path_of

POINTS_AN_INCH = 72


def draw(scene: Scene, frame: int, axes: matplotlib.axes.Axes) -> None:
    """Draw a frame as vector art: a cell is a unit of both axes, rows count downwards, lines scale with the axes now.

    The axes lose their frame and take the drawing's limits.
    """
    left, top, right, bottom = scene.bounds
    axes.set(xlim=(left - MARGIN, right + MARGIN), ylim=(bottom + MARGIN, top - MARGIN), aspect="equal")
    axes.set_axis_off()
    figure = axes.get_figure(root=True)
    assert figure is not None
    axes.apply_aspect()
    # Lines are as wide as in every other format, if the axes keep their size.
    points = axes.get_window_extent().width / figure.dpi * POINTS_AN_INCH / (right - left + 2 * MARGIN)
    if scene.ground is not None:
        axes.add_patch(_patch(scene.ground, points))
    for track in scene.tracks:
        for item in track.at(frame):
            axes.add_patch(_patch(item, points))


def _patch(item: Item, points: float) -> PathPatch:
    if isinstance(item, Line):
        color = tuple(part / 255 for part in item.color)
        dash = (0, [length / item.width for length in item.dash]) if item.dash else "solid"
        return PathPatch(
            path_of(item.parts),
            fill=False,
            edgecolor=color,
            linewidth=item.width * points,
            linestyle=dash,
            capstyle="butt",
            joinstyle="miter",
        )
    path = path_of(item.parts) if isinstance(item, Polygon) else letters_of(item)
    fill = item.fill if isinstance(item, Polygon) else item.color
    return PathPatch(path, facecolor=tuple(part / 255 for part in fill), linewidth=0)
