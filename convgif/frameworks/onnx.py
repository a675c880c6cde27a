"""ONNX: operators and their attributes, as its textual format has them.

>>> from convgif.arithmetic import Conv
>>> FRAMEWORK.wording(Conv(14, 3, stride=2, padding=1)).lines
('Y = Conv<kernel_shape = [3, 3], pads = [1, 1, 1, 1], strides = [2, 2]>(X, W)',)
"""

from __future__ import annotations

from typing import Any, Final

from convgif.arithmetic.layer import Layer
from convgif.frameworks.framework import Argument, Call, Framework, Wording


def write(layer: Layer, call: Call) -> Wording:
    """The layer in ONNX's words: lists have a number for each axis, `pads` all that come before and then all after."""
    values: dict[str, Any] = layer.arguments()
    if "count_include_pad" in values:
        values["count_include_pad"] = int(values["count_include_pad"])
    if layer.copies:
        return Wording((), "has no convolution whose padding copies the input; the operator Pad can do that before it")
    if "ceil_mode" in values:
        values["ceil_mode"] = int(values["ceil_mode"])
    before, after = zip(*layer.pads, strict=True)
    given = call.given({**values, "padding": before + after})
    attributes = (
        f"{word} = {list(value) if isinstance(value, tuple) else value}" for word, value in sorted(given.items())
    )
    return Wording((f"Y = {call.name}<{', '.join(attributes)}>({', '.join(call.leading)})",))


KERNEL: Final = {"kernel_size": Argument("kernel_shape")}
SLIDING: Final = {**KERNEL, "padding": Argument("pads", 0), "stride": Argument("strides", 1)}
DILATED: Final = {**SLIDING, "dilation": Argument("dilations", 1)}
CEILED: Final = {"ceil_mode": Argument("ceil_mode", 0)}
FRAMEWORK: Final = Framework(
    "onnx",
    "ONNX",
    {
        "conv": Call("Conv", DILATED, ("X", "W")),
        "conv_transpose": Call(
            "ConvTranspose", {**DILATED, "output_padding": Argument("output_padding", 0)}, ("X", "W")
        ),
        "max_pool": Call("MaxPool", {**DILATED, **CEILED}, ("X",)),
        "avg_pool": Call(
            "AveragePool",
            {**SLIDING, **CEILED, "count_include_pad": Argument("count_include_pad", 0)},
            ("X",),
        ),
    },
    write,
)
