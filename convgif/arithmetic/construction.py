"""How the canvas of a layer comes about, phase by phase, and then the kernel slides over it.

A transposed convolution becomes a direct one in four phases, as the guide's relationship 14 has it.

>>> from convgif.arithmetic import ConvTranspose
>>> for phase in construction(ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1)):
...     print(f"{phase.name}: {phase.formula}")
input: i = 3
zeros: z = s - 1 = 2 - 1 = 1
padding: p' = d(k - 1) - p = 1*(3 - 1) - 1 = 1
kernel: o = i + z(i - 1) + 2p' - d(k - 1) = 3 + 1*(3 - 1) + 2*1 - 1*(3 - 1) = 5
"""

from __future__ import annotations

from typing import NamedTuple

from convgif.arithmetic.conv import ConvTranspose
from convgif.arithmetic.layer import Layer, Pair, spoken


class Phase(NamedTuple):
    """One step of the construction: what it is about, its formula worked out, and what happens."""

    name: str
    formula: str
    words: str


def construction(layer: Layer) -> tuple[Phase, ...]:
    """The phases of a layer.

    Of a transposed convolution `input`, `zeros`, `padding`, `kernel`, with `output padding` before the kernel where
    there is some. Of any other layer `input`, `padding` where there is some, and `kernel`.

    Letters are the guide's: i input, k kernel, s stride, p padding, d dilation, a output padding, o output; z zeros
    inserted and p' padding of the equivalent direct convolution. A pair stands for (rows, columns), and
    what differs between them in the last phase is given for both, separated by a semicolon.
    """
    return _transposed(layer) if isinstance(layer, ConvTranspose) else _direct(layer)


def _direct(layer: Layer) -> tuple[Phase, ...]:
    window = "kernel" if layer.has_kernel_values else "window"
    padding = Phase("padding", f"p = {spoken(layer.padding)}", "padding on each side")
    return (
        Phase("input", f"i = {spoken(layer.input_size)}", "the input"),
        *(() if layer.padding == (0, 0) else (padding,)),
        Phase("kernel", layer.formula(), f"the {window} slides with stride {spoken(layer.stride)}"),
    )


def _transposed(layer: ConvTranspose) -> tuple[Phase, ...]:
    i, s, k, p = map(spoken, (layer.input_size, layer.stride, layer.kernel_size, layer.padding))
    between, around = _between(layer), (layer.rows.first, layer.cols.first)
    phases = [
        Phase("input", f"i = {i}", "the input"),
        Phase("zeros", f"z = s - 1 = {s} - 1 = {spoken(between)}", _inserted(between)),
        Phase(
            "padding",
            f"p' = d(k - 1) - p = {spoken(layer.dilation)}*({k} - 1) - {p} = {spoken(around)}",
            _around(around),
        ),
    ]
    if layer.output_padding != (0, 0):
        phases.append(
            Phase("output padding", f"a = {spoken(layer.output_padding)}", "more zeros at the bottom and the right")
        )
    rows, cols = (f"o = {_letters(layer)} = {_worked(layer, direction)}" for direction in (0, 1))
    formula = rows if rows == cols else f"rows: {rows}; columns: {cols}"
    return (*phases, Phase("kernel", formula, "the kernel, turned by 180°, slides with stride 1"))


def _between(layer: ConvTranspose) -> Pair:
    return layer.stride[0] - 1, layer.stride[1] - 1


def _letters(layer: ConvTranspose) -> str:
    """The output size of the equivalent direct convolution."""
    return "i + z(i - 1) + 2p'" + ("" if layer.output_padding == (0, 0) else " + a") + " - d(k - 1)"


def _worked(layer: ConvTranspose, direction: int) -> str:
    """The same with the numbers of one direction."""
    i, k, d = layer.input_size[direction], layer.kernel_size[direction], layer.dilation[direction]
    around, extra = (layer.rows, layer.cols)[direction].first, layer.output_padding[direction]
    padded = f"({around})" if around < 0 else str(around)
    more = "" if layer.output_padding == (0, 0) else f" + {extra}"
    zeros = f"{_between(layer)[direction]}*({i} - 1)"
    return f"{i} + {zeros} + 2*{padded}{more} - {d}*({k} - 1) = {layer.output_size[direction]}"


def _inserted(between: tuple[int, int]) -> str:
    return "zeros between rows and columns" if any(between) else "no zeros between rows and columns"


def _around(around: tuple[int, int]) -> str:
    if max(around) > 0:
        return "zeros on each side; where negative, a crop" if min(around) < 0 else "zeros on each side"
    return "a crop on each side" if min(around) < 0 else "no zeros on the sides"
