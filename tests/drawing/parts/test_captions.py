"""Words around a drawing: what they say, and how much room they take."""

from __future__ import annotations

import pytest

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.arithmetic.sentences import Sentence
from convgif.drawing.metrics import width_of
from convgif.drawing.parts.captions import (
    INPUT,
    Name,
    box_of,
    name_texts,
    phase_caption,
    size_caption,
    sliding_caption,
    words_track,
)
from convgif.drawing.parts.numerals import symbol
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Anchor, Box, Text
from convgif.drawing.timeline import plain_line
from convgif.figure import Figure
from tests.arithmetic.strategies import small_layers
from tests.drawing.truth import of_kind, text_box

BOX = Box(1, 2, 5, 4)


def test_the_output_size_is_worked_out_in_one_line_or_in_one_for_each_axis() -> None:
    for layer in list(small_layers())[::7]:
        if layer.ndim < 3:
            lines = size_caption(Subject.of(Figure(layer, caption=True)))
            assert [plain_line(line) for line in lines] == [equation.text for equation in layer.derivation()]
            assert size_caption(Subject.of(Figure(layer))) == ()


@pytest.mark.parametrize("labels", [False, True])
def test_names_are_for_figures_with_labels_and_notes_for_all(labels: bool) -> None:
    figure = Figure(Conv(3, 2), labels=labels)
    names = (Name.under(INPUT, BOX), Name.under(symbol("C", exponent="T"), BOX, "a note"))
    texts = name_texts(figure, *names)
    assert [text.text for text in texts] == (["Input", "CT", "a note"] if labels else ["a note"])
    for text in texts:
        assert (text.at[0], text.anchor, text.role) == (3, "middle", "words")
        assert text.width == pytest.approx(text.size * width_of(text.runs, serif_too=True))
        assert box_of(text).top > BOX.bottom
        room, strokes = box_of(text), text_box(text)
        assert room.holding([strokes]) == pytest.approx(room, abs=0.05)
    if labels:
        name, note = texts[1:]
        assert text_box(name).bottom < text_box(note).top
        assert note.size < name.size


@pytest.mark.parametrize(("anchor", "left", "right"), [("start", 10, 12), ("middle", 9, 11), ("end", 8, 10)])
def test_the_box_of_a_text_lies_where_it_is_anchored(anchor: Anchor, left: float, right: float) -> None:
    assert box_of(Text.of((10, 5), "1", 1, 2, "words", anchor)) == (left, 4.35, right, 5.65)


TURNED = "The weights are turned by 180°"
SIZE = "o = "


@pytest.mark.parametrize(
    ("figure", "begins"),
    [
        (Figure(Conv(3, 2)), []),
        (Figure(Conv(3, 2), random=0), []),
        (Figure(Conv(3, 2), caption=True), [SIZE]),
        (Figure(Conv((3, 4), 2), caption=True), ["o = floor", "rows: o", "columns: o"]),
        (Figure(ConvTranspose(2, 2)), []),
        (Figure(ConvTranspose(2, 2), random=0), [TURNED]),
        (Figure(ConvTranspose(2, 2), random=0, caption=True), [SIZE, TURNED]),
        (Figure(ConvTranspose(2, 2), random=0, view="flat", kernel_map=True), []),
        (Figure(ConvTranspose(2, 2), random=0, view="flat", kernel_map=True, caption=True), [SIZE]),
        (Figure(ConvTranspose(2, 2), prologue=True), ["4. The kernel, turned by 180°, slides with stride 1", SIZE]),
        (Figure(Conv(3, 2), prologue=True, random=0), ["2. The kernel slides with stride 1", SIZE]),
        (Figure(MaxPool(4, 2), random=0), []),
        (Figure(MaxPool((4,), 2), caption=True), [SIZE]),
    ],
)
def test_what_is_said_while_the_kernel_slides(figure: Figure, begins: list[str]) -> None:
    """The formula where it is wanted; and that weights are turned wherever they are seen so."""
    lines = [plain_line(line) for line in sliding_caption(Subject.of(figure))]
    assert len(lines) == len(begins)
    assert all(line.startswith(begin) for line, begin in zip(lines, begins, strict=True))


def test_a_phase_says_what_happens_and_gives_its_formulas() -> None:
    first, *_, last = ConvTranspose((3, 2), 2, stride=2).phases()
    assert phase_caption(first) == (Sentence("the input").capitalized(), *first.equations)
    assert str(phase_caption(first, 1)[0]) == "1. The input"
    words, *equations = phase_caption(last)
    assert str(words) == "The kernel, turned by 180°, slides with stride 1"
    assert equations == [*last.equations]


def test_no_words_make_no_track() -> None:
    assert words_track() == ()
    (one,) = words_track(Text.of((0, 0), "x", 1, 1, "words"))
    assert (one.name, one.static) == ("words", True)
    assert [item.text for item in of_kind(one.at(3), Text)] == ["x"]
