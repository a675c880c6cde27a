"""A layer explained: every line for layers of every kind, and no line that says what is not so."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool, by
from convgif.arithmetic.explain import explain
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, layers

EXPLAINED: list[tuple[AnyLayer, str]] = [
    (
        Conv(1, 1),
        """\
        Convolution of a 1x1 input with a 1x1 kernel, stride 1, giving a 1x1 output.

          input    1x1
          canvas   1x1: the input itself
          kernel   1x1
          output   1x1: 1 step
                   o = floor((i + 2p - k)/s) + 1
                   o = floor((1 + 2*0 - 1)/1) + 1 = 1
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output
        """,
    ),
    (
        Conv((5, 7), (3, 2), stride=(2, 3), padding=(1, 0), dilation=(2, 1)),
        """\
        Convolution of a 5x7 input with a 3x2 kernel, stride (2, 3), padding (1, 0) and dilation (2, 1), giving a 2x2 output.

          input    5x7
          canvas   7x7: the input with padding (1, 0) on each side
          kernel   3x2, dilation (2, 1) makes it span 5x2
          output   2x2: 4 steps
                   o = floor((i + 2p - (k + (k - 1)(d - 1)))/s) + 1
                   rows: o = floor((5 + 2*1 - (3 + (3 - 1)*(2 - 1)))/2) + 1 = 2
                   columns: o = floor((7 + 2*0 - 2)/3) + 1 = 2
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output
          unread   2 columns at the end of the canvas, which no window reaches
        """,  # noqa: E501  # the sentence is one line
    ),
    (
        AvgPool(5, 2, padding=1, count_include_pad=False),
        """\
        Average pooling of a 5x5 input with a 2x2 window, stride 2, padding 1 and padding not counted, giving a 3x3 output.

          input    5x5
          canvas   7x7: the input with padding 1 on each side
          window   2x2
          output   3x3: 9 steps
                   o = floor((i + 2p - k)/s) + 1
                   o = floor((5 + 2*1 - 2)/2) + 1 = 3
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output
          unread   1 row and 1 column at the end of the canvas, which no window reaches
        """,  # noqa: E501  # the sentence is one line
    ),
    (
        MaxPool((2, 5), 2),
        """\
        Max pooling of a 2x5 input with a 2x2 window, stride 2, giving a 1x2 output.

          input    2x5
          canvas   2x5: the input itself
          window   2x2
          output   1x2: 2 steps
                   o = floor((i + 2p - k)/s) + 1
                   rows: o = floor((2 + 2*0 - 2)/2) + 1 = 1
                   columns: o = floor((5 + 2*0 - 2)/2) + 1 = 2
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output
          unread   1 column at the end of the canvas, which no window reaches
        """,
    ),
]


@pytest.mark.parametrize(("layer", "text"), EXPLAINED)
def test_explain(layer: AnyLayer, text: str) -> None:
    assert explain(layer) == textwrap.dedent(text).rstrip("\n")


TURNED = "turned by 180 degrees, one cell further with every step"


@pytest.mark.parametrize(
    ("layer", "size", "parts", "kernel", "relation"),
    [
        (ConvTranspose(2, 1), "2x2", [], "1x1", "k - 2p"),
        (
            ConvTranspose(2, (2, 4), stride=(1, 3), output_padding=(0, 2)),
            "4x12",
            [
                "s - 1 = (0, 2): zeros between its elements",
                "d(k - 1) - p = (1, 3): zeros on each side",
                "a = (0, 2): more zeros at the bottom and the right (output padding)",
            ],
            "2x4",
            "k - 2p + a",
        ),
        (
            ConvTranspose(3, 2, dilation=3),
            "9x9",
            ["d(k - 1) - p = 3: zeros on each side"],
            "2x2, dilation 3 makes it span 4x4",
            "(k + (k - 1)(d - 1)) - 2p",
        ),
        (
            ConvTranspose((3, 4), 1, padding=1),
            "1x2",
            ["d(k - 1) - p = -1: zeros on each side; where negative, elements cut away"],
            "1x1",
            "k - 2p",
        ),
    ],
)
def test_the_canvas_and_the_kernel_of_a_transposed_convolution(
    layer: ConvTranspose, size: str, parts: list[str], kernel: str, relation: str
) -> None:
    canvas = "the input, stretched for a direct convolution" if parts else "the input itself"
    expected = [f"  input    {by(layer.input_size)}", f"  canvas   {size}: {canvas}"]
    expected += [f"           {part}" for part in parts]
    expected += [f"  kernel   {kernel}, {TURNED}", f"  output   {by(layer.output_size)}: "]
    lines = explain(layer).splitlines()[2:]
    assert lines[: len(expected) - 1] == expected[:-1]
    assert lines[len(expected) - 1].startswith(expected[-1])
    assert lines[len(expected)] == f"           o = s(i - 1) + {relation}"


@REPEATABLE
@given(layers())
def test_what_is_unread_is_what_no_tap_and_no_gap_reaches(layer: AnyLayer) -> None:
    """Counted the slow way: rows and columns behind the last tap of all steps."""
    cells = [tap.canvas for step in layer.steps() for tap in step.taps]
    rows = layer.canvas_size[0] - 1 - max(row for row, _ in cells)
    cols = layer.canvas_size[1] - 1 - max(col for _, col in cells)
    parts = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((rows, "row"), (cols, "column")) if n]
    unread = [line for line in explain(layer).splitlines() if line.startswith("  unread")]
    said = f"  unread   {' and '.join(parts)} at the end of the canvas, which no window reaches"
    assert unread == ([said] if parts else [])


@REPEATABLE
@given(layers())
def test_every_explanation_has_its_parts(layer: AnyLayer) -> None:
    first, empty, *lines = explain(layer).splitlines()
    rows, cols = layer.output_size
    assert (first, empty) == (layer.describe(), "")
    heads = [line[2:11].strip() for line in lines]
    assert [head for head in heads if head][:4] == [
        "input",
        "canvas",
        "kernel" if layer.has_kernel_values else "window",
        "output",
    ]
    assert lines[1][11:].split(":")[0] == by(layer.canvas_size)
    start = heads.index("output")
    assert lines[start][11:] == f"{by(layer.output_size)}: {rows * cols} step{'' if rows * cols == 1 else 's'}"
    assert lines[start + 1][11:] == layer.relation
    worked = [
        line[11:] for line, head in zip(lines, heads, strict=True) if not head and " = " in line and "o = " in line
    ]
    assert "; ".join(worked[1:]) == layer.formula()
    assert all(line == line.rstrip() for line in lines)
