"""PyTorch: its words are those of this package, and its defaults too.

>>> from convgif.arithmetic import Conv, MaxPool
>>> FRAMEWORK.wording(Conv(14, 3, stride=2, padding=1)).lines
('nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=2, padding=1)',)
>>> FRAMEWORK.wording(Conv(14, 3, in_channels=4, out_channels=8, groups=2)).lines
('nn.Conv2d(4, 8, kernel_size=3, groups=2)',)
>>> FRAMEWORK.wording(MaxPool((14,), 2)).lines
('nn.MaxPool1d(kernel_size=2)',)
"""

from __future__ import annotations

from typing import Final

from convgif.arithmetic.layer import Layer
from convgif.frameworks.framework import OUTPUT_SIZE, Framework, Parameter, Signature, Wording, told, without_effect


def write(layer: Layer, signature: Signature) -> Wording:
    """The layer in PyTorch's words."""
    return Wording((signature.written(told(layer), FRAMEWORK.home),))


IN_CHANNELS: Final = Parameter("in_channels", "in_channels")
OUT_CHANNELS: Final = Parameter("out_channels", "out_channels")
KERNEL_SIZE: Final = Parameter("kernel_size", "kernel_size")
STRIDE: Final = Parameter("stride", "stride", 1)
WINDOW_STRIDE: Final = Parameter("stride", "stride", None)
PADDING: Final = Parameter("padding", "padding", 0)
DILATION: Final = Parameter("dilation", "dilation", 1)
OUTPUT_PADDING: Final = Parameter("output_padding", "output_padding", 0)
PADDING_MODE: Final = Parameter("padding_mode", "padding_mode", "zeros")
GROUPS: Final = Parameter("groups", "groups", 1)
BIAS: Final = without_effect("bias", default=True)
CREATION: Final = without_effect("device", "dtype")
RETURN_INDICES: Final = without_effect("return_indices", default=False)
CEIL_MODE: Final = Parameter("ceil_mode", "ceil_mode", False)
COUNT_INCLUDE_PAD: Final = Parameter("count_include_pad", "count_include_pad", True)
DIVISOR: Final = Parameter("divisor_override", "divisor_override", None)
BINS: Final = Parameter(OUTPUT_SIZE, OUTPUT_SIZE)

WEIGHTED: Final = (
    *(OUT_CHANNELS, KERNEL_SIZE, STRIDE, PADDING, DILATION),
    *(GROUPS, *BIAS, PADDING_MODE, *CREATION),
)
TRANSPOSED: Final = (
    *(OUT_CHANNELS, KERNEL_SIZE, STRIDE, PADDING, OUTPUT_PADDING, GROUPS, *BIAS),
    *(DILATION, PADDING_MODE, *CREATION),
)
AVERAGED: Final = (KERNEL_SIZE, WINDOW_STRIDE, PADDING, CEIL_MODE, COUNT_INCLUDE_PAD)
MAXIMAL: Final = (KERNEL_SIZE, WINDOW_STRIDE, PADDING, DILATION, *RETURN_INDICES, CEIL_MODE)
FRAMEWORK: Final = Framework(
    "pytorch",
    "PyTorch",
    ("torch.nn", "nn"),
    (
        Signature(("Conv{ndim}d",), "conv", (IN_CHANNELS, *WEIGHTED)),
        Signature(("LazyConv{ndim}d",), "conv", WEIGHTED),
        Signature(("ConvTranspose{ndim}d",), "conv_transpose", (IN_CHANNELS, *TRANSPOSED)),
        Signature(("LazyConvTranspose{ndim}d",), "conv_transpose", TRANSPOSED),
        Signature(("MaxPool{ndim}d",), "max_pool", MAXIMAL),
        Signature(("AvgPool{ndim}d",), "avg_pool", AVERAGED, axes=(1,)),
        Signature(("AvgPool{ndim}d",), "avg_pool", (*AVERAGED, DIVISOR), axes=(2, 3)),
        Signature(("AdaptiveAvgPool{ndim}d",), "adaptive_avg_pool", (BINS,)),
        Signature(("AdaptiveMaxPool{ndim}d",), "adaptive_max_pool", (BINS, *RETURN_INDICES)),
    ),
    write,
)
