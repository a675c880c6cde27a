"""The grid-drawing module: a figure becomes a scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from convgif.drawing import flat, isometric
from convgif.drawing.scene import Scene
from convgif.figure import Figure, View

VIEWS: Final[Mapping[View, Callable[[Figure], Scene]]] = {
    "isometric": isometric.draw,
    "flat": flat.draw,
}
"""Every view by name."""


def draw(figure: Figure) -> Scene:
    """The scene of a figure, in its view.

    Raises:
        InputError: the view does not fit the layer, or the figure is over its budget of frames or pixels.

    >>> from convgif.arithmetic import Conv
    >>> scene = draw(Figure(Conv(input_size=4, kernel_size=3)))
    >>> [track.name for track in scene.tracks]
    ['canvas', 'input', 'shadow', 'sight', 'output', 'highlight']
    """
    return VIEWS[figure.view](figure)
