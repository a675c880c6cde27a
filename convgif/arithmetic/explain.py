"""A layer explained in words and numbers, for a reader with the guide at hand."""

from __future__ import annotations

from collections.abc import Iterator

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.conv import ConvTranspose
from convgif.arithmetic.layer import Layer, by, missing, spoken


def explain(layer: Layer) -> str:
    """Several lines: the layer in a sentence, its canvas, its output size worked out, and what one step reads.

    >>> from convgif.arithmetic import Conv
    >>> print(explain(Conv(input_size=6, kernel_size=3, stride=2, padding=1)))
    Convolution of a 6x6 input with a 3x3 kernel, stride 2 and padding 1, giving a 3x3 output.
    <BLANKLINE>
      input    6x6
      canvas   8x8: the input with padding 1 on each side
      kernel   3x3
      output   3x3: 9 steps
               o = floor((i + 2p - k)/s) + 1
               o = floor((6 + 2*1 - 3)/2) + 1 = 3
      where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output
      unread   1 row and 1 column at the end of the canvas, which no window reaches
    """
    lines = [("input", by(layer.input_size)), ("canvas", f"{by(layer.canvas_size)}: {_canvas(layer)}")]
    if isinstance(layer, ConvTranspose):
        lines.extend(("", part) for part in _stretched(layer))
    lines.append(("kernel" if layer.has_kernel_values else "window", _kernel(layer)))
    rows, cols = layer.output_size
    lines.append(("output", f"{by(layer.output_size)}: {rows * cols} step{'s' * (rows * cols != 1)}"))
    lines.extend(("", formula) for formula in (layer.relation, *layer.formula().split("; ")))
    lines.append(("where", "i input, k kernel, s stride, p padding, d dilation, a output padding, o output"))
    unread = [_unread(axis) for axis in (layer.rows, layer.cols)]
    if any(unread):
        lines.append(("unread", f"{missing(unread)} at the end of the canvas, which no window reaches"))
    return "\n".join((layer.describe(), "", *(f"  {name:8} {text}" for name, text in lines)))


def _canvas(layer: Layer) -> str:
    if not isinstance(layer, ConvTranspose):
        if layer.padding == (0, 0):
            return "the input itself"
        return f"the input with padding {spoken(layer.padding)} on each side"
    return "the input, stretched for a direct convolution" if any(_stretched(layer)) else "the input itself"


def _stretched(layer: ConvTranspose) -> Iterator[str]:
    between = tuple(stride - 1 for stride in layer.stride)
    around = (layer.rows.first, layer.cols.first)
    if any(between):
        yield f"s - 1 = {spoken(between)}: zeros between its elements"
    if any(around):
        crop = "; where negative, elements cut away" if min(around) < 0 else ""
        yield f"d(k - 1) - p = {spoken(around)}: zeros on each side{crop}"
    if layer.output_padding != (0, 0):
        yield f"a = {spoken(layer.output_padding)}: more zeros at the bottom and the right (output padding)"


def _kernel(layer: Layer) -> str:
    parts = [by(layer.kernel_size)]
    if layer.dilation != (1, 1):
        parts.append(f"dilation {spoken(layer.dilation)} makes it span {by((layer.rows.span, layer.cols.span))}")
    if isinstance(layer, ConvTranspose):
        parts.append("turned by 180 degrees, one cell further with every step")
    return ", ".join(parts)


def _unread(axis: Axis) -> int:
    """Cells at the far end of the canvas that no window reaches."""
    return axis.canvas_size - axis.span - (axis.output_size - 1) * axis.stride
