"""The options that several views have, each declared once."""

from __future__ import annotations

from typing import Final

from convgif.arithmetic.conv import Conv, ConvTranspose
from convgif.drawing.view import ViewOption
from convgif.options import Flag, Option

REVEAL: Final = ViewOption(
    Option("reveal", Flag(), "leave output cells pale until they are computed", False, "View"),
)
PROLOGUE: Final = ViewOption(
    Option("prologue", Flag(), "first build the canvas, act by act", False, "View"),
)
SIZES: Final = ViewOption(
    Option("sizes", Flag(), "write the sizes of the maps under their names", False, "View"),
)
KERNEL_MAP: Final = ViewOption(
    Option("kernel_map", Flag(), "show the kernel on its own, beside the maps", False, "View"),
    (Conv, ConvTranspose),
)
WORKED: Final = ViewOption(
    Option("worked", Flag(), "work the current output out, below the drawing", False, "View"),
    numbered=True,
)
