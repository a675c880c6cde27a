"""One frame as artists of matplotlib, in axes that exist already."""

from __future__ import annotations

import matplotlib.axes
from matplotlib.patches import PathPatch

from convgif.drawing.scene import MARGIN, Scene
from convgif.rendering.lettering import width
from convgif.rendering.marks import Area, Halo, Mark, Stroke, marks
from convgif.rendering.painter import letters_of, path_of, rgba
from convgif.themes.theme import Theme

POINTS_AN_INCH = 72


def draw(scene: Scene, theme: Theme, frame: int, axes: matplotlib.axes.Axes) -> None:
    """Draw a frame as vector art: a cell is a unit of both axes, rows count downwards, lines scale with the axes now.

    The axes lose their frame and take the drawing's limits.
    """
    left, top, right, bottom = scene.bounds
    axes.set(xlim=(left - MARGIN, right + MARGIN), ylim=(bottom + MARGIN, top - MARGIN), aspect="equal")
    axes.set_axis_off()
    axes.apply_aspect()
    figure = axes.get_figure(root=True)
    dots = POINTS_AN_INCH if figure is None else figure.dpi
    # Lines are as wide as in every other format, if the axes keep their size.
    points = axes.get_window_extent().width / dots * POINTS_AN_INCH / (right - left + 2 * MARGIN)
    items = (scene.ground, *(item for track in scene.tracks for item in track.at(frame)))
    for mark in marks(items, theme, width):
        axes.add_patch(_patch(mark, points))


def _patch(mark: Mark, points: float) -> PathPatch:
    if isinstance(mark, Halo):
        rim, color = letters_of(mark.letters), rgba(mark.color)
        return PathPatch(rim, facecolor=color, edgecolor=color, linewidth=mark.width * points, joinstyle="round")
    if not isinstance(mark, Stroke):
        path = path_of(mark.parts) if isinstance(mark, Area) else letters_of(mark)
        return PathPatch(path, facecolor=rgba(mark.color), linewidth=0)
    dash = (0, [length / mark.width for length in mark.dash]) if mark.dash else "solid"
    return PathPatch(
        path_of(mark.parts),
        fill=False,
        edgecolor=rgba(mark.color),
        linewidth=mark.width * points,
        linestyle=dash,
        capstyle="projecting" if mark.square else "butt",
        joinstyle="miter",
    )
