"""Words around a drawing: how wide they are, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.construction import construction
from convgif.drawing import draw
from convgif.drawing.scene import Box, Font, Text
from convgif.drawing.theme import THEMES
from convgif.drawing.words import Name, box_of, caption, names, reach, tex, told, track, worked
from convgif.figure import Figure, ThemeName, View
from convgif.presets import load_presets
from convgif.rendering.lettering import missing, outline
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, layers, small_layers
from tests.drawing.cases import figures
from tests.drawing.truth import WORDS, ink, of_kind, shown, text_box

FONTS: tuple[Font, ...] = ("sans", "serif")


def fits(text: str, font: Font) -> bool:
    """Whether the width that is reckoned for a text is enough for it."""
    return outline(text, font, "$" in text).width <= reach(text, math="$" in text)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize(
    "text", ["Input", "Kernel", "Output", "turned by 180°", "The weights are turned by 180°.", "$C$", "$x$", "$y$"]
)
def test_names_and_notes_fit_the_width_that_is_reckoned_for_them(text: str, font: Font) -> None:
    assert fits(text, font)
    assert missing(text.replace("$", ""), font) == ""


@pytest.mark.parametrize("font", FONTS)
def test_the_transposed_matrix_fits_too(font: Font) -> None:
    assert fits(r"$C^{\mathrm{T}}$", font)


def said_of(layer: AnyLayer) -> Iterator[str]:
    """Every line of a caption that a layer can have."""
    yield from worked(layer)
    for phase in construction(layer):
        yield from told(phase)


@pytest.mark.parametrize("font", FONTS)
@settings(REPEATABLE, max_examples=15)
@given(layers(), st.sampled_from([1, 10, 1000]))
def test_captions_fit_the_width_that_is_reckoned_for_them(font: Font, layer: AnyLayer, factor: int) -> None:
    """Of large layers as well: digits are all alike, so these are as wide as any."""
    for text in said_of(larger(layer, factor)):
        assert fits(text, font), text


def larger(layer: AnyLayer, factor: int) -> AnyLayer:
    """A layer of the same kind with an input that many times as large."""
    rows, cols = (size * factor for size in layer.input_size)
    if isinstance(layer, ConvTranspose):
        return ConvTranspose(
            (rows, cols), layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.output_padding
        )
    if isinstance(layer, AvgPool):
        return AvgPool((rows, cols), layer.kernel_size, layer.stride, layer.padding)
    return type(layer)((rows, cols), layer.kernel_size, layer.stride, layer.padding, layer.dilation)


@pytest.mark.parametrize("font", FONTS)
def test_the_titles_of_the_presets_fit_the_width_that_is_reckoned_for_them(font: Font) -> None:
    titles = {figure.title for figure in load_presets().values() if figure.title is not None}
    assert len(titles) >= 10
    assert [title for title in titles if not fits(title, font)] == []


TITLES = (
    "Downsampling by two",
    "DOWNSAMPLING",
    "GAN, U-NET",
    "A & B",
    "2 + 2 = 4",
    "{x}",
    "5 $",
    "~10",
    "#1",
    "Größe ÄÖÜ",
)


@pytest.mark.parametrize("font", FONTS)
def test_a_readers_titles_fit_the_width_that_is_reckoned_for_them(font: Font) -> None:
    """Capitals are wide, and in a title a dollar is a dollar; else a title on a narrow figure is set too small."""
    assert [title for title in TITLES if outline(title, font).width > reach(title, math=False)] == []


@pytest.mark.parametrize("view", ["isometric", "flat", "matrix", "scatter", "construction", "story"])
@settings(REPEATABLE, max_examples=10)
@given(st.data())
def test_words_are_set_as_large_as_they_should_be(view: View, data: st.DataObject) -> None:
    """No name, note or caption is narrowed to fit; and the box that is kept free for each holds its strokes."""
    figure = replace(data.draw(figures(view)), labels=True, caption=True)
    scene = draw(figure)
    for frame in {0, len(scene.durations) // 2, len(scene.durations) - 1}:
        for name, items in shown(scene, frame).items():
            for text in of_kind(items, Text) if name in WORDS else []:
                if name != "title":
                    assert outline(text.text, text.font, text.math).width * text.size <= text.width + 1e-9, text.text
                left, top, right, bottom = box_of(text)
                xs, ys = ink(text).T
                assert left - 0.05 <= xs.min() <= xs.max() <= right + 0.05
                assert top <= ys.min() + 0.4 * ("frac" in text.text)
                assert ys.max() <= bottom + 0.4 * ("frac" in text.text)


@pytest.mark.parametrize(
    ("plain", "mathematics"),
    [
        ("i = 3", "$i = 3$"),
        ("z = s - 1 = 2 - 1 = 1", "$z = s - 1 = 2 - 1 = 1$"),
        ("o = 2*(3 - 1) + 3 = 7", r"$o = 2 \cdot (3 - 1) + 3 = 7$"),
        ("o = floor((5 + 2*1 - 3)/2) + 1 = 3", r"$o = \left\lfloor\dfrac{5 + 2 \cdot 1 - 3}{2}\right\rfloor + 1 = 3$"),
        (
            "o = floor((7 - 2*(3 - 1) - 1)/10) + 1 = 1",
            r"$o = \left\lfloor\dfrac{7 - 2 \cdot (3 - 1) - 1}{10}\right\rfloor + 1 = 1$",
        ),
        ("p' = 1*(3 - 1) - (2, 0) = (0, 2)", r"$p' = 1 \cdot (3 - 1) - (2, 0) = (0, 2)$"),
    ],
)
def test_formulas_are_set_as_mathematics(plain: str, mathematics: str) -> None:
    assert tex(plain) == mathematics
    assert outline(mathematics, "serif", math=True).width > 0


def test_the_output_size_is_worked_out_in_one_line_or_in_one_for_each_direction() -> None:
    for layer in small_layers():
        lines = worked(layer)
        parts = layer.formula().split("; ")
        assert len(lines) == len(parts) in (1, 2)
        directions = [""] if len(lines) == 1 else ["rows: ", "columns: "]
        for line, direction, part, size in zip(lines, directions, parts, layer.output_size, strict=False):
            assert line.startswith(f"{direction}$o = ")
            assert line.endswith(f" = {size}$")
            assert line.count("$") == 2
            assert [c for c in part if c.isdigit()] == [c for c in line if c.isdigit()], "the same numbers"


BOX = Box(1, 2, 5, 4)


@pytest.mark.parametrize("theme", ["solarized", "muted"])
@pytest.mark.parametrize("labels", [False, True])
def test_names_are_for_figures_with_labels_and_notes_for_all(theme: ThemeName, labels: bool) -> None:
    figure = Figure(Conv(3, 2), theme=theme, labels=labels)
    texts = names(figure, Name.under("Input", BOX), Name.under("$C$", BOX, "a note", math=True))
    assert [text.text for text in texts] == (["Input", "$C$", "a note"] if labels else ["a note"])
    for text in texts:
        assert (text.at[0], text.anchor, text.font) == (3, "middle", THEMES[theme].words)
        assert text.math == ("$" in text.text)
        assert text.color == THEMES[theme].text
        assert box_of(text).top > BOX.bottom
    if labels:
        name, note = texts[1:]
        assert text_box(name).bottom < text_box(note).top
        assert note.size < name.size


@pytest.mark.parametrize(("anchor", "left", "right"), [("start", 10, 12), ("middle", 9, 11), ("end", 8, 10)])
def test_the_box_of_a_text_lies_where_it_is_anchored(anchor: str, left: float, right: float) -> None:
    text = Text((10, 5), "1", 1, 2, (0, 0, 0), anchor=anchor)  # type: ignore[arg-type]
    assert box_of(text) == (left, 4.35, right, 5.65)


TURNED = "The weights are turned by 180°."


@pytest.mark.parametrize(
    ("figure", "ends"),
    [
        (Figure(Conv(3, 2)), []),
        (Figure(Conv(3, 2), values="random"), []),
        (Figure(Conv(3, 2), caption=True), ["$"]),
        (Figure(Conv((3, 4), 2), caption=True), ["$", "$"]),
        (Figure(ConvTranspose(2, 2)), []),
        (Figure(ConvTranspose(2, 2), values="random"), [TURNED]),
        (Figure(ConvTranspose(2, 2), values="random", caption=True), ["$", TURNED]),
        (Figure(ConvTranspose(2, 2), values="random", view="flat", kernel_map=True), []),
        (Figure(ConvTranspose(2, 2), values="random", view="flat", kernel_map=True, caption=True), ["$"]),
        (Figure(ConvTranspose(2, 2), prologue=True), ["The kernel, turned by 180°, slides with stride 1", "$"]),
        (Figure(Conv(3, 2), prologue=True, values="random"), ["The kernel slides with stride 1", "$"]),
        (Figure(MaxPool(4, 2), values="random"), []),
        (Figure(MaxPool(4, 2), caption=True), ["$"]),
    ],
)
def test_what_is_said_while_the_kernel_slides(figure: Figure, ends: list[str]) -> None:
    """The formula where it is wanted; and that weights are turned wherever they are seen so."""
    lines = caption(figure)
    assert len(lines) == len(ends)
    assert all(line.endswith(end) for line, end in zip(lines, ends, strict=True))


def test_no_words_make_no_track() -> None:
    assert track() == ()
    (one,) = track(Text((0, 0), "x", 1, 1, (0, 0, 0)))
    assert (one.name, one.static) == ("words", True)
    assert [item.text for item in of_kind(one.at(3), Text)] == ["x"]
