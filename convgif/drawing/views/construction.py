"""How a transposed convolution becomes a direct one: the flat view with everything that explains it."""

from __future__ import annotations

from typing import Final

from convgif.arithmetic.conv import ConvTranspose
from convgif.drawing.parts.subject import Subject
from convgif.drawing.timeline import Drawing
from convgif.drawing.view import View
from convgif.drawing.views import flat
from convgif.drawing.views.options import KERNEL_MAP, PROLOGUE, REVEAL, WORKED
from convgif.figure import Figure

SHOWN: Final = (REVEAL, KERNEL_MAP, PROLOGUE)
"""The options of the flat view that are always on here; they may still be given."""


def draw(figure: Figure) -> Drawing:
    """The drawing of a transposed convolution: the whole, then input, zeros between, padding, the turned kernel."""
    return flat.draw_subject(Subject.of(figure).wanting(*(shown.option.name for shown in SHOWN)))


VIEW: Final = View(
    "construction",
    "how a transposed convolution becomes a direct one, in four acts",
    draw,
    layers=(ConvTranspose,),
    options=(*SHOWN, WORKED),
    seen_as="built up as a direct convolution in four acts",
)
