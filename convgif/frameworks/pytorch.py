"""PyTorch: its words are those of this package, and its defaults too.

>>> from convgif.arithmetic import Conv, MaxPool
>>> FRAMEWORK.wording(Conv(14, 3, stride=2, padding=1)).lines
('nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=2, padding=1)',)
>>> FRAMEWORK.wording(MaxPool((14,), 2)).lines
('nn.MaxPool1d(kernel_size=2)',)
>>> FRAMEWORK.wording(Conv((14,), 3, padding="causal")).lines
('nn.ZeroPad1d((2, 0))', 'nn.Conv1d(in_channels, out_channels, kernel_size=3)')
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from convgif.arithmetic.conv import Conv, ConvTranspose
from convgif.arithmetic.layer import INPUT_SIZE, KERNEL_SIZE, Layer
from convgif.arithmetic.padding import ZEROS, Pair
from convgif.arithmetic.pool import AvgPool, MaxPool
from convgif.frameworks.framework import Argument, Call, Framework, Wording, in_python


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
    """The layer in PyTorch's words; sides that differ take a layer of their own, before it or after it."""
    values = layer.arguments()
    if layer.symmetric or values["padding"] == SAME:
        if values["padding"] not in WORDS:
            values["padding"] = tuple(before for before, _ in layer.pads)
        return Wording((call.written(values),))
    return _cropped(layer, call) if layer.turned else _padded(layer, call)


def _padded(layer: Layer, call: Call) -> Wording:
    """A layer that pads, and then the layer without padding."""
    values = layer.arguments()
    mode, further = values.get("padding_mode", ZEROS), list[str]()
    if not layer.has_weight:
        # Padding of a layer before it would be input, in which a last window may begin, and which averages count.
        if not values.get("count_include_pad", True) or any(axis.cut_off for axis in layer.axes):
            return Wording((), "has no such pooling with sides that differ")
        values["ceil_mode"] = False
        if "count_include_pad" not in values:
            mode, further = CONSTANT, ['float("-inf")']
    pad = in_python(f"nn.{PADS[mode]}Pad{layer.ndim}d", _sides(layer.pads), *further)
    plain = {**values, "padding": (0,) * layer.ndim, **({"padding_mode": ZEROS} if "padding_mode" in values else {})}
    return Wording((pad, call.written(plain)))


def _cropped(layer: Layer, call: Call) -> Wording:
    """A transposed convolution: as much padding as both sides have, and then a layer that cuts the rest off."""
    values = layer.arguments()
    least = tuple(map(min, layer.pads))
    rest = [(less - before, less - after) for less, (before, after) in zip(least, layer.pads, strict=True)]
    return Wording((call.written({**values, "padding": least}), in_python(f"nn.ZeroPad{layer.ndim}d", _sides(rest))))


def _sides(pairs: Sequence[Pair]) -> str:
    """Sides as layers that pad take them: the last axis first."""
    return repr(tuple(side for pair in reversed(pairs) for side in pair))


SAME: Final = "same"
WORDS: Final = (SAME, "valid")
"""The words for padding that PyTorch knows, too."""
CONSTANT: Final = "constant"
PADS: Final = {
    ZEROS: "Zero",
    "reflect": "Reflection",
    "replicate": "Replication",
    "circular": "Circular",
    CONSTANT: "Constant",
}
"""What layers that pad begin with, by what they pad with."""
KINDS: Final[tuple[type[Layer], ...]] = (Conv, ConvTranspose, MaxPool, AvgPool)
FRAMEWORK: Final = Framework("pytorch", "PyTorch", {kind.name: _call(kind) for kind in KINDS}, write)
