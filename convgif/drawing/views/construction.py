"""How a transposed convolution becomes a direct one: the flat view with everything that explains it.

It begins with the finished picture, for those who see no other frame.
"""

from __future__ import annotations

from typing import Final

from convgif.arithmetic.conv import ConvTranspose
from convgif.drawing.parts.captions import layer_caption
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Track
from convgif.drawing.timeline import Act, Drawing
from convgif.drawing.view import View
from convgif.drawing.views import flat
from convgif.drawing.views.options import KERNEL_MAP, PROLOGUE, REVEAL, WORKED
from convgif.figure import Figure

SHOWN: Final = (REVEAL, KERNEL_MAP, PROLOGUE)
"""The options of the flat view that are always on here; they may still be given."""


def draw(figure: Figure) -> Drawing:
    """The drawing of a transposed convolution: the whole, then input, zeros between, padding, the turned kernel."""
    drawing = flat.draw_subject(Subject.of(figure).wanting(*(shown.option.name for shown in SHOWN)))
    run = drawing.acts[-1]
    last = run.frames - 1
    standing = [track for track in run.tracks if track.static or track.name == "output"]

    # The maps and the kernel of the last frame, without what moves over them.
    whole = Track.still("whole", lambda: tuple(item for track in standing for item in track.at(last)))
    opening = Act((whole,), 1, caption=(layer_caption(figure.layer),))
    return drawing._replace(acts=(opening, *drawing.acts))


VIEW: Final = View(
    "construction",
    "how a transposed convolution becomes a direct one, in four acts",
    draw,
    layers=(ConvTranspose,),
    options=(*SHOWN, WORKED),
    seen_as="built up as a direct convolution in four acts",
)
