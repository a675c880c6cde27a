"""What a view says of itself: how it draws, which layers it suits, and its own options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from convgif.arithmetic.layer import Layer
from convgif.drawing.timeline import Drawing
from convgif.figure import Figure
from convgif.options import Option


@dataclass(frozen=True)
class ViewOption:
    """An option of a view, the layers that it suits, and whether it has to do with numbers."""

    option: Option
    layers: tuple[type[Layer], ...] = (Layer,)
    numbered: bool = False


@dataclass(frozen=True)
class View:
    """A way to draw a figure.

    `meaning` says in a few words what it shows, and `seen_as` what it adds to the sentence about the layer; layers of
    `layers` with so many `dimensions` can be drawn; with `copies`, those too whose padding copies the input, and with
    `channels`, those of several channels. One that draws a `pair` shows the figure's `beside` next to its layer. Its
    options are flags, off unless they are wanted.
    """

    name: str
    meaning: str
    draw: Callable[[Figure], Drawing]
    layers: tuple[type[Layer], ...] = (Layer,)
    dimensions: tuple[int, ...] = (1, 2)
    copies: bool = True
    options: tuple[ViewOption, ...] = ()
    seen_as: str = ""
    channels: bool = False
    pair: bool = False

    def suits(self, layer: Layer) -> bool:
        """Whether it can draw that layer."""
        drawable = isinstance(layer, self.layers) and layer.ndim in self.dimensions
        return drawable and (self.copies or not layer.copies) and (self.channels or layer.channels.single)
