"""A layer explained in words and numbers, for a reader with the guide at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from convgif.arithmetic.layer import Layer
from convgif.arithmetic.sentences import by, counted, slices
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
    return "\n".join((layer.describe(), "", *(f"  {name:8} {text}".rstrip() for name, text in _lines(layer))))


def _lines(layer: Layer) -> Iterator[tuple[str, str]]:
    yield "input", by(layer.input_size)
    yield "canvas", f"{by(layer.canvas_size)}: {layer.canvas_words}"
    yield from _construction(layer)
    yield layer.window_noun, ", ".join((by(layer.kernel_size), *layer.kernel_words))
    yield "output", f"{by(layer.output_size)}: {counted(layer.step_count, 'step')}"
    yield "", layer.relation.text
    yield from (("", equation.text) for equation in layer.formula())
    yield "where", ", ".join(layer.letters)
    unread = [axis.left_over for axis in layer.axes]
    if any(unread):
        yield "unread", f"{slices(unread)} at the end of the canvas, which no window reaches"
    yield from _comparison(layer)


def _construction(layer: Layer) -> Iterator[tuple[str, str]]:
    """The phases that make the layer an equivalent one that slides over the canvas, and that layer."""
    same = None
    with suppress(InputError):  # its sizes may be beyond those that a layer of one's own can have
        same = layer.equivalent()
    if same is layer:
        return
    number = 0
    for phase in layer.phases():
        number += phase.name != "output padding"
        yield "" if number > 1 else "built", f"{number}. {phase.words}"
        yield from (("", f"   {equation.text}") for equation in phase.equations)
    if same:
        sentence = same.describe()
        yield "same as", sentence[0].lower() + sentence[1:]


def _comparison(layer: Layer) -> Iterator[tuple[str, str]]:
    rows = layer.comparison()
    if not rows:
        return
    first, second = (max(least, *(len(row[column]) + 2 for row in rows)) for column, least in ((1, 10), (2, 12)))
    yield "", ""
    for title, one, other in rows:
        yield "", f"{title:16}{one:>{first}}{other:>{second}}"
