"""A layer explained in words and numbers, for a reader with the guide at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from convgif.arithmetic.construction import construction
from convgif.arithmetic.conv import ConvTranspose
from convgif.arithmetic.layer import Layer, by, missing, spoken
from convgif.errors import InputError


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
        lines.extend(_construction(layer))
    lines.append(("kernel" if layer.has_kernel_values else "window", _kernel(layer)))
    rows, cols = layer.output_size
    lines.append(("output", f"{by(layer.output_size)}: {rows * cols} step{'s' * (rows * cols != 1)}"))
    lines.extend(("", formula) for formula in (layer.relation, *layer.formula().split("; ")))
    zeros = "z inserted zeros, p' zeros around, " if isinstance(layer, ConvTranspose) else ""
    lines.append(("where", f"i input, k kernel, s stride, p padding, d dilation, a output padding, {zeros}o output"))
    unread = (layer.rows.left_over, layer.cols.left_over)
    if any(unread):
        lines.append(("unread", f"{missing(unread)} at the end of the canvas, which no window reaches"))
    if isinstance(layer, ConvTranspose):
        lines.extend(_comparison(layer))
    return "\n".join((layer.describe(), "", *(f"  {name:8} {text}".rstrip() for name, text in lines)))


def _canvas(layer: Layer) -> str:
    if not isinstance(layer, ConvTranspose):
        if layer.padding == (0, 0):
            return "the input itself"
        return f"the input with padding {spoken(layer.padding)} on each side"
    same = layer.canvas_size == layer.input_size and layer.rows.first == layer.cols.first == 0
    return "the input itself" if same else "the input, stretched for a direct convolution"


def _construction(layer: ConvTranspose) -> Iterator[tuple[str, str]]:
    """The phases that make it a direct convolution, and that convolution."""
    number = 0
    for phase in construction(layer):
        number += phase.name != "output padding"
        yield "" if number > 1 else "built", f"{number}. {phase.words}"
        yield from (("", f"   {formula}") for formula in phase.formula.split("; "))
    with suppress(InputError):  # its sizes may be beyond those that a layer of one's own can have
        yield "same as", _lowered(layer.equivalent().describe())


def _comparison(layer: ConvTranspose) -> Iterator[tuple[str, str]]:
    """The convolution that this layer is the transpose of, if there is one, beside how this layer is computed."""
    if any(extra >= stride for extra, stride in zip(layer.output_padding, layer.stride, strict=True)):
        return
    between = spoken((layer.stride[0] - 1, layer.stride[1] - 1))
    rows = (
        ("", "direct", "transposed"),
        ("input size", by(layer.output_size), by(layer.input_size)),
        ("zero insertions", "0", between),
        ("padding", spoken(layer.padding), spoken((layer.rows.first, layer.cols.first))),
        ("output padding", "0", spoken(layer.output_padding)),
        ("stride", spoken(layer.stride), "1"),
        ("output size", by(layer.input_size), by(layer.output_size)),
    )
    first, second = (max(least, *(len(row[column]) + 2 for row in rows)) for column, least in ((1, 10), (2, 12)))
    yield "", ""
    for title, one, other in rows:
        yield "", f"{title:16}{one:>{first}}{other:>{second}}"


def _kernel(layer: Layer) -> str:
    parts = [by(layer.kernel_size)]
    if layer.dilation != (1, 1):
        parts.append(f"dilation {spoken(layer.dilation)} makes it span {by((layer.rows.span, layer.cols.span))}")
    if isinstance(layer, ConvTranspose):
        parts.append("turned by 180 degrees, one cell further with every step")
    return ", ".join(parts)


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:]
