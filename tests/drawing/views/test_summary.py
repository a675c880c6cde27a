"""The table of a convolution and its transpose says what `explain` says, and nothing runs into anything."""

from __future__ import annotations

from itertools import pairwise

import pytest

from convgif.arithmetic import Conv, ConvTranspose
from convgif.arithmetic.layer import Layer
from convgif.drawing.composition import compose
from convgif.drawing.scene import Line, Text
from convgif.figure import Figure
from tests.drawing.truth import of_kind, shown, text_box

LAYERS = (
    Conv(6, 3, stride=2, padding=1),
    Conv((9,), 3),
    ConvTranspose(3, 3, stride=2, padding=1),
    ConvTranspose((3, 11), (2, 1), stride=(2, 3), padding=(0, 1), dilation=(2, 1), output_padding=(0, 2)),
    ConvTranspose(2, 2, dilation=3, output_padding=1),
)


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_a_line_of_the_comparison_is_a_row(layer: Layer) -> None:
    scene = compose(Figure(layer, view="summary"))
    assert len(scene.durations) == 1
    table = shown(scene, 0)["table"]
    rules = [line.parts[0][0][1] for line in of_kind(table, Line) if line.role == "faint_line" or len(line.parts) == 1]
    rows = [
        sorted((text for text in of_kind(table, Text) if top < text.at[1] < foot), key=lambda text: text.at[0])
        for top, foot in pairwise(rules)
    ]
    written = ["".join(text.text for text in row).replace(" ", "") for row in rows]
    assert written[0] == "convolutiontransposedconvolution"
    lines = layer.comparison()
    assert len(lines) in (0, len(rows) - 1)
    for row, line in zip(written[1:], lines, strict=False):
        for cell in (line.direct, line.transposed):
            if "floor" not in cell.text:
                seen = cell.text.replace("*", "·").replace("-", "−").replace(" ", "")
                assert seen in row
        assert row.startswith(str(line.title).replace(" ", ""))


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_nothing_runs_into_anything(layer: Layer) -> None:
    table = shown(compose(Figure(layer, view="summary")), 0)["table"]
    boxes = [text_box(text) for text in of_kind(table, Text)]
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            aside = one.left > other.right or other.left > one.right
            assert aside or one.top > other.bottom or other.top > one.bottom


def test_a_layer_that_is_no_transpose_stands_alone() -> None:
    table = shown(compose(Figure(LAYERS[-1], view="summary")), 0)["table"]
    texts = [text.text for text in of_kind(table, Text)]
    assert texts.count("none") == (len(texts) - 2) // 3


def test_a_convolution_and_its_transpose_have_the_same_table() -> None:
    layer = Conv(6, 3, stride=2, padding=1)
    one, other = (compose(Figure(each, view="summary")) for each in (layer, layer.transpose()))
    assert shown(one, 0)["table"] == shown(other, 0)["table"]
