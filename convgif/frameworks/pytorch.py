"""PyTorch: its words are those of this package, and its defaults too.

>>> from convgif.arithmetic import Conv, MaxPool
>>> FRAMEWORK.wording(Conv(14, 3, stride=2, padding=1)).lines
('nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=2, padding=1)',)
>>> FRAMEWORK.wording(MaxPool((14,), 2)).lines
('nn.MaxPool1d(kernel_size=2)',)
"""

from __future__ import annotations

from typing import Final

from convgif.arithmetic.conv import Conv, ConvTranspose
from convgif.arithmetic.layer import INPUT_SIZE, KERNEL_SIZE, Layer
from convgif.arithmetic.pool import AvgPool, MaxPool
from convgif.frameworks.framework import Argument, Call, Framework, Wording


def _call(kind: type[Layer]) -> Call:
    """How a kind of layer is made: it has its name from PyTorch."""
    arguments = {
        option.name: Argument(option.name, option.default, KERNEL_SIZE.name if option.default is None else "")
        for option in kind.parameters
        if option != INPUT_SIZE
    }
    channels = ("in_channels", "out_channels") if kind.has_weight else ()
    return Call(f"nn.{kind.__name__}{{ndim}}d", arguments, channels)


def write(layer: Layer, call: Call) -> Wording:
    """The layer in PyTorch's words."""
    return Wording((call.written(layer.arguments()),))


KINDS: Final[tuple[type[Layer], ...]] = (Conv, ConvTranspose, MaxPool, AvgPool)
FRAMEWORK: Final = Framework("pytorch", "PyTorch", {kind.name: _call(kind) for kind in KINDS}, write)
