"""A layer explained: every line for layers of every kind, and no line that says what is not so."""

from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool, by, spoken
from convgif.arithmetic.explanation import explain
from tests.arithmetic.oracle import AnyLayer, pads, spans
from tests.arithmetic.strategies import REPEATABLE, layers, transposed_convs

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
                   o = floor((1 + 0 - 1)/1) + 1 = 1
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output

                                   direct                         transposed
                   operation       the kernel slides              the turned kernel slides
                   input size      i = 1                          i = 1
                   kernel size     k = 1                          k = 1
                   zero insertion  none                           s - 1 = 0
                   padding         p = 0                          k - 1 - p = 0
                   stride          s = 1                          1
                   output size     floor((i + 2p - k)/s) + 1 = 1  (i - 1)s + k - 2p = 1
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
                   o = floor((i + 2p - d(k - 1) - 1)/s) + 1
                   rows: o = floor((5 + 2 - 2*2 - 1)/2) + 1 = 2
                   columns: o = floor((7 + 0 - 1*1 - 1)/3) + 1 = 2
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output
          unread   2 columns at the end of the canvas, which no window reaches

                                           direct                                    transposed
                   operation               the kernel slides                         the turned kernel slides
                   input size              i = (5, 7)                                i = 2
                   kernel size             k = (3, 2)                                k = (3, 2)
                   dilation                d = (2, 1)                                d = (2, 1)
                   zero insertion          none                                      s - 1 = (1, 2)
                   padding                 p = (1, 0)                                d(k - 1) - p = (3, 1)
                   more zeros at the ends  none                                      a = (0, 2)
                   stride                  s = (2, 3)                                1
                   output size             floor((i + 2p - d(k - 1) - 1)/s) + 1 = 2  (i - 1)s + d(k - 1) + 1 - 2p + a = (5, 7)
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
                   o = floor((5 + 2 - 2)/2) + 1 = 3
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
                   rows: o = floor((2 + 0 - 2)/2) + 1 = 1
                   columns: o = floor((5 + 0 - 2)/2) + 1 = 2
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output
          unread   1 column at the end of the canvas, which no window reaches
        """,
    ),
    (
        ConvTranspose((4,), 3, stride=2, padding=1, output_padding=1),
        """\
        Transposed convolution of an input of 4 with a kernel of 3, stride 2, padding 1 and output padding 1, giving an output of 8.

          input    4
          canvas   10: the input, stretched for a direct convolution
          built    1. the input
                      i = 4
                   2. zeros between the elements
                      z = s - 1 = 2 - 1 = 1
                      i + z(i - 1) = 4 + 1*(4 - 1) = 7
                   3. zeros on each side
                      p' = k - 1 - p = 3 - 1 - 1 = 1
                      i + z(i - 1) + 2p' = 7 + 2*1 = 9
                      more zeros at the end
                      a = 1
                      i + z(i - 1) + 2p' + a = 9 + 1 = 10
                   4. the kernel, turned by 180°, slides with stride 1
                      o = i + z(i - 1) + 2p' + a - (k - 1) = 10 - (3 - 1) = 8
          same as  convolution of an input of 10 with a kernel of 3, stride 1, giving an output of 8.
          kernel   3, turned by 180 degrees, one cell further with every step
          output   8: 8 steps
                   o = (i - 1)s + k - 2p + a
                   o = 3*2 + 3 - 2 + 1 = 8
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, z inserted zeros, p' zeros around, o output
          choice   a convolution with these sizes makes 4 of both 7 and 8; output padding 1 chooses 8

                                           direct                         transposed
                   operation               the kernel slides              the turned kernel slides
                   input size              i = 8                          i = 4
                   kernel size             k = 3                          k = 3
                   zero insertion          none                           s - 1 = 1
                   padding                 p = 1                          k - 1 - p = 1
                   more zeros at the ends  none                           a = 1
                   stride                  s = 2                          1
                   output size             floor((i + 2p - k)/s) + 1 = 4  (i - 1)s + k - 2p + a = 8
        """,  # noqa: E501  # sentences are one line each
    ),
    (
        MaxPool((4, 5, 6), (2, 2, 3), stride=2),
        """\
        Max pooling of a 4x5x6 input with a 2x2x3 window, stride 2, giving a 2x2x2 output.

          input    4x5x6
          canvas   4x5x6: the input itself
          window   2x2x3
          output   2x2x2: 8 steps
                   o = floor((i + 2p - k)/s) + 1
                   depth: o = floor((4 + 0 - 2)/2) + 1 = 2
                   rows: o = floor((5 + 0 - 2)/2) + 1 = 2
                   columns: o = floor((6 + 0 - 3)/2) + 1 = 2
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output
          unread   1 row and 1 column at the end of the canvas, which no window reaches
        """,
    ),
    (
        ConvTranspose(2, 1),
        """\
        Transposed convolution of a 2x2 input with a 1x1 kernel, stride 1, giving a 2x2 output.

          input    2x2
          canvas   2x2: the input itself
          built    1. the input
                      i = 2
                   2. no zeros between rows and columns
                      z = s - 1 = 1 - 1 = 0
                      i + z(i - 1) = 2 + 0*(2 - 1) = 2
                   3. no zeros on the sides
                      p' = k - 1 - p = 1 - 1 - 0 = 0
                      i + z(i - 1) + 2p' = 2 + 2*0 = 2
                   4. the kernel, turned by 180°, slides with stride 1
                      o = i + z(i - 1) + 2p' - (k - 1) = 2 - (1 - 1) = 2
          same as  convolution of a 2x2 input with a 1x1 kernel, stride 1, giving a 2x2 output.
          kernel   1x1, turned by 180 degrees, one cell further with every step
          output   2x2: 4 steps
                   o = (i - 1)s + k - 2p
                   o = 1*1 + 1 - 0 = 2
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, z inserted zeros, p' zeros around, o output

                                   direct                         transposed
                   operation       the kernel slides              the turned kernel slides
                   input size      i = 2                          i = 2
                   kernel size     k = 1                          k = 1
                   zero insertion  none                           s - 1 = 0
                   padding         p = 0                          k - 1 - p = 0
                   stride          s = 1                          1
                   output size     floor((i + 2p - k)/s) + 1 = 2  (i - 1)s + k - 2p = 2
        """,  # noqa: E501  # the letters are explained in one line
    ),
    (
        ConvTranspose((3, 11), (2, 1), stride=(2, 3), padding=(0, 1), dilation=(2, 1), output_padding=(0, 2)),
        """\
        Transposed convolution of a 3x11 input with a 2x1 kernel, stride (2, 3), padding (0, 1), dilation (2, 1) and output padding (0, 2), giving a 7x31 output.

          input    3x11
          canvas   9x31: the input, stretched for a direct convolution
          built    1. the input
                      i = (3, 11)
                   2. zeros between rows and columns
                      z = s - 1 = (2, 3) - 1 = (1, 2)
                      i + z(i - 1) = (3, 11) + (1, 2)*((3, 11) - 1) = (5, 31)
                   3. zeros on each side; where negative, a crop
                      p' = d(k - 1) - p = (2, 1)*((2, 1) - 1) - (0, 1) = (2, -1)
                      i + z(i - 1) + 2p' = (5, 31) + 2*(2, -1) = (9, 29)
                      more zeros at the bottom and the right
                      a = (0, 2)
                      i + z(i - 1) + 2p' + a = (9, 29) + (0, 2) = (9, 31)
                   4. the kernel, turned by 180°, slides with stride 1
                      rows: o = i + z(i - 1) + 2p' + a - d(k - 1) = 9 - 2*(2 - 1) = 7
                      columns: o = i + z(i - 1) + 2p' + a - d(k - 1) = 31 - 1*(1 - 1) = 31
          same as  convolution of a 9x31 input with a 2x1 kernel, stride 1 and dilation (2, 1), giving a 7x31 output.
          kernel   2x1, dilation (2, 1) makes it span 3x1, turned by 180 degrees, one cell further with every step
          output   7x31: 217 steps
                   o = (i - 1)s + d(k - 1) + 1 - 2p + a
                   rows: o = 2*2 + 2*1 + 1 - 0 + 0 = 7
                   columns: o = 10*3 + 1*0 + 1 - 2 + 2 = 31
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, z inserted zeros, p' zeros around, o output
          choice   rows: a convolution with these sizes makes 3 of both 7 and 8; output padding 0 chooses 7
                   columns: a convolution with these sizes makes 11 of every size from 29 to 31; output padding 2 chooses 31

                                           direct                                          transposed
                   operation               the kernel slides                               the turned kernel slides
                   input size              i = (7, 31)                                     i = (3, 11)
                   kernel size             k = (2, 1)                                      k = (2, 1)
                   dilation                d = (2, 1)                                      d = (2, 1)
                   zero insertion          none                                            s - 1 = (1, 2)
                   padding                 p = (0, 1)                                      d(k - 1) - p = (2, -1)
                   more zeros at the ends  none                                            a = (0, 2)
                   stride                  s = (2, 3)                                      1
                   output size             floor((i + 2p - d(k - 1) - 1)/s) + 1 = (3, 11)  (i - 1)s + d(k - 1) + 1 - 2p + a = (7, 31)
        """,  # noqa: E501  # sentences are one line each
    ),
]


@pytest.mark.parametrize(("layer", "text"), EXPLAINED)
def test_explain(layer: AnyLayer, text: str) -> None:
    assert explain(layer) == textwrap.dedent(text).rstrip("\n")


TURNED = "turned by 180 degrees, one cell further with every step"


@pytest.mark.parametrize(
    ("layer", "size", "kernel", "relation"),
    [
        (ConvTranspose(2, 1), None, "1x1", "k - 2p"),
        (ConvTranspose(2, (2, 4), stride=(1, 3), output_padding=(0, 2)), "4x12", "2x4", "k - 2p + a"),
        (ConvTranspose(3, 2, dilation=3), "9x9", "2x2, dilation 3 makes it span 4x4", "d(k - 1) + 1 - 2p"),
        (ConvTranspose((3, 4), 1, padding=1), "1x2", "1x1", "k - 2p"),
        (ConvTranspose(3, 1, stride=2, padding=1), "3x3", "1x1", "k - 2p"),
    ],
)
def test_the_canvas_and_the_kernel_of_a_transposed_convolution(
    layer: ConvTranspose, size: str | None, kernel: str, relation: str
) -> None:
    """Also where the canvas is as large as the input by chance: stretched, and then cropped."""
    lines = explain(layer).splitlines()[2:]
    canvas = (
        f"{size}: the input, stretched for a direct convolution"
        if size
        else f"{by(layer.input_size)}: the input itself"
    )
    assert lines[:2] == [f"  input    {by(layer.input_size)}", f"  canvas   {canvas}"]
    start = lines.index(f"  kernel   {kernel}, {TURNED}")
    assert lines[start + 1].startswith(f"  output   {by(layer.output_size)}: ")
    assert lines[start + 2] == f"           o = (i - 1)s + {relation}"


def built(layer: ConvTranspose) -> list[str]:
    """What is said between the canvas and the equivalent convolution, without the heads."""
    lines = explain(layer).splitlines()
    (end,) = (number for number, line in enumerate(lines) if line.startswith("  same as  "))
    assert lines[4].startswith("  built    1. ")
    assert all(not line[:11].strip() for line in lines[5:end])
    return [line[11:] for line in lines[4:end]]


@REPEATABLE
@given(transposed_convs())
def test_a_transposed_layer_is_explained_in_four_acts(layer: ConvTranspose) -> None:
    """Output padding belongs to the third of them; each has its formulas, one in a line."""
    expected, number = [], 0
    for phase in layer.phases():
        number = {"input": 1, "zeros": 2, "padding": 3, "output padding": 3, "kernel": 4}[phase.name]
        head = "   " if phase.name == "output padding" else f"{number}. "
        expected += [f"{head}{phase.words}", *(f"   {equation.text}" for equation in phase.equations)]
    assert number == 4
    assert built(layer) == expected


@REPEATABLE
@given(layers())
def test_only_a_transposed_layer_is_the_same_as_another(layer: AnyLayer) -> None:
    """The convolution over the canvas with stride 1, described as it describes itself."""
    said = [line[11:] for line in explain(layer).splitlines() if line.startswith("  same as  ")]
    if not isinstance(layer, ConvTranspose):
        assert said == []
        assert "built" not in explain(layer)
        assert "inserted" not in explain(layer)
        assert ("transposed" in explain(layer)) == (isinstance(layer, Conv) and not layer.copies)
        return
    same = Conv(layer.canvas_size, layer.kernel_size, dilation=layer.dilation)
    assert same.output_size == layer.output_size
    assert said == ["c" + same.describe().removeprefix("C")]
    around = "p' zeros around" if layer.symmetric else "p'_1 zeros before, p'_2 after"
    assert f"z inserted zeros, {around}" in explain(layer)


def table(layer: Conv | ConvTranspose) -> dict[str, tuple[str, str]]:
    """The comparison at the end: what each line says of the direct layer and of the transposed one."""
    lines = explain(layer).splitlines()
    start = max(number for number, line in enumerate(lines) if not line) + 1
    heads, *rows = ((line[11:], [part.strip() for part in re.split(" {2,}", line[11:])]) for line in lines[start:])
    assert heads[1] == ["", "direct", "transposed"]
    for line, (_, one, other) in rows:
        assert line.index(f"  {one}  ") + 2 == heads[0].index("direct"), "the columns stand one below the other"
        assert line.endswith(f"  {other}")
        assert len(line) - len(other) == heads[0].index("transposed")
    return {title: (one, other) for _, (title, one, other) in rows}


@REPEATABLE
@given(transposed_convs())
def test_the_comparison_tells_two_layers_that_undo_each_others_sizes(layer: ConvTranspose) -> None:
    """The sizes of the two are crossed; what is inserted and around is counted on the oracle's canvas.

    Nothing is compared where no convolution leads back. The convolution that does has the same table.
    """
    if any(extra >= stride for extra, stride in zip(layer.output_padding, layer.stride, strict=True)):
        assert "zero insertion" not in explain(layer)
        return
    told = table(layer)
    cuts = [*zip(*pads(layer), strict=True)]
    between = [each - 1 for each in layer.stride]
    dilated, more = any(d > 1 for d in layer.dilation), any(layer.output_padding)
    assert told.pop("operation") == ("the kernel slides", "the turned kernel slides")
    assert told.pop("input size") == (f"i = {spoken(layer.output_size)}", f"i = {spoken(layer.input_size)}")
    assert told.pop("kernel size") == (f"k = {spoken(layer.kernel_size)}",) * 2
    if dilated:
        assert told.pop("dilation") == (f"d = {spoken(layer.dilation)}",) * 2
    assert told.pop("zero insertion") == ("none", f"s - 1 = {spoken(between)}")
    reach = "d(k - 1)" if dilated else "k - 1"
    named = [("p", cuts[0])] if cuts[0] == cuts[1] else [("p_1", cuts[0]), ("p_2", cuts[1])]
    around = [[span - 1 - cut for span, cut in zip(spans(layer), cuts, strict=True)] for _, cuts in named]
    assert told.pop("padding") == (
        ", ".join(f"{letter} = {spoken(cut)}" for letter, cut in named),
        ", ".join(f"{reach} - {letter} = {spoken(zeros)}" for (letter, _), zeros in zip(named, around, strict=True)),
    )
    if more:
        assert told.pop("more zeros at the ends") == ("none", f"a = {spoken(layer.output_padding)}")
    assert told.pop("stride") == (f"s = {spoken(layer.stride)}", "1")
    direct = layer.transpose()
    assert told == {
        "output size": (
            f"{direct.relation.text[4:]} = {spoken(layer.input_size)}",
            f"{layer.relation.text[4:]} = {spoken(layer.output_size)}",
        )
    }
    assert explain(direct).splitlines()[-8:] == explain(layer).splitlines()[-8:]


def test_the_comparison_is_with_a_layer_that_leads_back() -> None:
    """Output padding beyond the stride, which dilation allows, is more than any stride leaves unread: there is no
    convolution whose transpose this is, and none may be claimed."""
    layer = ConvTranspose(2, 2, dilation=3, output_padding=1)
    assert layer.output_size == (6, 6)
    assert "3x3" not in explain(layer).split(), "what such a convolution makes of 6x6, and not the input of this layer"


@REPEATABLE
@given(layers())
def test_what_is_unread_is_what_no_tap_and_no_gap_reaches(layer: AnyLayer) -> None:
    """Counted the slow way: rows and columns behind the last tap of all steps; none where that is cut off."""
    cells = [tap.canvas for step in layer.steps() for tap in step.taps]
    last = [max(places) for places in zip(*cells, strict=True)]
    counts = [
        axis.canvas_size - 1 - place if len(axis.window(axis.output_size - 1)) == axis.kernel_size else 0
        for axis, place in zip(layer.axes, last, strict=True)
    ]
    names = ["plane", "row", "column"][-layer.ndim :] if layer.ndim > 1 else ["cell"]
    parts = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in zip(counts, names, strict=True) if n]
    unread = [line for line in explain(layer).splitlines() if line.startswith("  unread")]
    list_of_them = " and ".join([", ".join(parts[:-1]), *parts[-1:]] if len(parts) > 2 else parts)
    said = f"  unread   {list_of_them} at the end of the canvas, which no window reaches"
    assert unread == ([said] if parts else [])


@REPEATABLE
@given(layers())
def test_every_explanation_has_its_parts(layer: AnyLayer) -> None:
    first, empty, *lines = explain(layer).splitlines()
    count = layer.step_count
    assert (first, empty) == (layer.describe(), "")
    heads = [line[2:11].strip() for line in lines]
    built_up = ["built", "same as"] if isinstance(layer, ConvTranspose) else []
    window = "kernel" if layer.has_weight else "window"
    said = [head for head in heads[: heads.index("where")] if head]
    rules = ["padding"] if isinstance(layer.padding, str) else []
    if isinstance(layer, (MaxPool, AvgPool)) and layer.ceil_mode:
        rules += ["rounded", *(["cut off"] if any(axis.cut_off for axis in layer.axes) else [])]
    assert said == ["input", "canvas", *rules, *built_up, window, "output"]
    assert lines[1][11:].split(":")[0] == by(layer.canvas_size)
    start = heads.index("output")
    assert lines[start][11:] == f"{by(layer.output_size)}: {count} step{'' if count == 1 else 's'}"
    assert lines[start + 1][11:] == layer.relation.text
    end = heads.index("where")
    assert [line[11:] for line in lines[start + 2 : end]] == [equation.text for equation in layer.formula()]
    assert all(line == line.rstrip() for line in lines)
