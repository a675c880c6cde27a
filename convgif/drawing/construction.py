"""How a transposed convolution becomes a direct one: the flat view with everything that explains it."""

from __future__ import annotations

from dataclasses import replace

from convgif.drawing import flat
from convgif.drawing.acts import Drawing
from convgif.figure import Figure


def draw(figure: Figure) -> Drawing:
    """The drawing of a transposed convolution in four acts: input, zeros between, padding, the turned kernel."""
    return flat.draw(replace(figure, prologue=True, kernel_map=True, reveal=True))
