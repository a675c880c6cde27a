"""A layer explained in words and numbers, for a reader with the guide at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from math import prod

from convgif.arithmetic.layer import Layer
from convgif.arithmetic.phases import numbered
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
               o = floor((6 + 2 - 3)/2) + 1 = 3
      where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output
      unread   1 row and 1 column at the end of the canvas, which no window reaches
    <BLANKLINE>
                                       direct                         transposed
               operation               the kernel slides              the turned kernel slides
               input size              i = 6                          i = 3
               kernel size             k = 3                          k = 3
               zero insertion          none                           s - 1 = 1
               padding                 p = 1                          k - 1 - p = 1
               more zeros at the ends  none                           a = 1
               stride                  s = 2                          1
               output size             floor((i + 2p - k)/s) + 1 = 3  (i - 1)s + k - 2p + a = 6
    """
    return "\n".join((layer.describe(), "", *(f"  {name:8} {text}".rstrip() for name, text in _lines(layer))))


def _lines(layer: Layer) -> Iterator[tuple[str, str]]:
    yield "input", by(layer.input_shape)
    yield "canvas", f"{by(layer.canvas_size)}: {layer.canvas_words}"
    yield from layer.rules()
    yield from _construction(layer)
    yield layer.window_noun, ", ".join((by(layer.weight_shape), *layer.kernel_words))
    if not layer.channels.single:
        yield "channels", layer.channels.words
    yield "output", f"{by(layer.output_shape)}: {counted(prod(layer.output_shape), 'step')}"
    yield "", layer.relation.text
    yield from (("", equation.text) for equation in layer.formula())
    yield "where", ", ".join(layer.letters)
    unread = [axis.left_over for axis in layer.axes]
    if any(unread):
        yield "unread", f"{slices(unread)} at the end of the canvas, which no window reaches"
    yield from (("choice" if at == 0 else "", words) for at, words in enumerate(layer.choices()))
    yield from _comparison(layer)


def _construction(layer: Layer) -> Iterator[tuple[str, str]]:
    """The phases that make the layer an equivalent one that slides over the canvas, and that layer."""
    same = None
    with suppress(InputError):  # its sizes may be beyond those that a layer of one's own can have
        same = layer.equivalent()
    if same is layer:
        return
    before = 0
    for number, phase in numbered(layer.phases()):
        yield "built" if number == 1 else "", f"{number}. {phase.words}" if number > before else f"   {phase.words}"
        before = number
        yield from (("", f"   {equation.text}") for equation in phase.equations)
    if same:
        sentence = same.describe()
        yield "same as", sentence[0].lower() + sentence[1:]


def _comparison(layer: Layer) -> Iterator[tuple[str, str]]:
    table = [(str(row.title), row.direct.text, row.transposed.text) for row in layer.comparison()]
    if not table:
        return
    rows = [("", "direct", "transposed"), *table]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    yield "", ""
    for title, one, other in rows:
        yield "", f"{title:{first}}  {one:{second}}  {other}"
