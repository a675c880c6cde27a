"""ONNX: operators and their attributes, as its textual format has them.

>>> from convgif.arithmetic import Conv
>>> FRAMEWORK.wording(Conv(14, 3, stride=2, padding=1)).lines
('Y = Conv<kernel_shape = [3, 3], pads = [1, 1, 1, 1], strides = [2, 2]>(X, W)',)
"""

from __future__ import annotations

from typing import Any, Final

from convgif.arithmetic.layer import Layer
from convgif.frameworks.framework import Framework, Parameter, Signature, Wording, told

AUTO_PAD: Final = "auto_pad"
AUTO_PADS: Final = ("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")


def write(layer: Layer, signature: Signature) -> Wording:
    """The layer in ONNX's words: lists have a number for each axis, `pads` all that come before and then all after."""
    values: dict[str, Any] = told(layer)
    if "count_include_pad" in values:
        values["count_include_pad"] = int(values["count_include_pad"])
    if layer.copies:
        return Wording((), "has no convolution whose padding copies the input; the operator Pad can do that before it")
    if "ceil_mode" in values:
        values["ceil_mode"] = int(values["ceil_mode"])
    before, after = zip(*layer.pads, strict=True)
    given = signature.given({**values, "padding": before + after})
    attributes = (
        f"{word} = {list(value) if isinstance(value, tuple) else value}" for word, value in sorted(given.items())
    )
    inputs = "X, W" if layer.has_weight else "X"
    return Wording((f"Y = {signature.names[0]}<{', '.join(attributes)}>({inputs})",))


KERNEL_SHAPE: Final = Parameter("kernel_shape", "kernel_size")
STRIDES: Final = Parameter("strides", "stride", 1)
PADS: Final = Parameter("pads", "padding", 0)
WORD: Final = Parameter(AUTO_PAD, AUTO_PAD, AUTO_PADS[0])
DILATIONS: Final = Parameter("dilations", "dilation", 1)
GROUP: Final = Parameter("group", "groups", 1)
OUTPUT_PADDING: Final = Parameter("output_padding", "output_padding", 0)
OUTPUT_SHAPE: Final = Parameter("output_shape", "output_shape", None)
CEIL_MODE: Final = Parameter("ceil_mode", "ceil_mode", False)
STORAGE_ORDER: Final = Parameter("storage_order", default=0)
COUNT_INCLUDE_PAD: Final = Parameter("count_include_pad", "count_include_pad", False)

WINDOW: Final = (KERNEL_SHAPE, STRIDES, PADS, WORD, DILATIONS)
FRAMEWORK: Final = Framework(
    "onnx",
    "ONNX",
    (),
    (
        Signature(("Conv",), "conv", (*WINDOW, GROUP)),
        Signature(("ConvTranspose",), "conv_transpose", (*WINDOW, GROUP, OUTPUT_PADDING, OUTPUT_SHAPE)),
        Signature(("MaxPool",), "max_pool", (*WINDOW, CEIL_MODE, STORAGE_ORDER)),
        Signature(("AveragePool",), "avg_pool", (*WINDOW, CEIL_MODE, COUNT_INCLUDE_PAD)),
        Signature(("GlobalMaxPool",), "max_pool", ()),
        Signature(("GlobalAveragePool",), "avg_pool", ()),
    ),
    write,
)
