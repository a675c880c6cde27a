"""The scatter view: what its frames show is a transposed convolution by its definition, stamp by stamp."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import prod
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import ConvTranspose
from convgif.drawing.composition import compose
from convgif.drawing.parts.numerals import Notation
from convgif.drawing.scene import Box, Items, Scene, Text
from convgif.drawing.views.scatter import broken, kept_from, running_sums
from convgif.figure import Figure
from tests.arithmetic.oracle import Numbers, conv_transpose, spans
from tests.arithmetic.strategies import REPEATABLE, filled, seeds
from tests.drawing.cases import drawable
from tests.drawing.plane import Pair, Plane
from tests.drawing.truth import (
    captions,
    cells_of,
    check_fits,
    check_frames_inside,
    check_one_size,
    last_roles,
    lifted,
    numbers_of,
    of_kind,
    painted,
    plane_of,
    points_of,
    shown,
    texts_in,
)

SOME: Final = settings(REPEATABLE, max_examples=30)
LONG: Final = 9
"""Characters of a sum that is written out."""

ONES: Final = ((1, 1, 1),) * 3
COUNTED: Final = ((1, 2), (3, 4))

LAYERS: Final[Mapping[str, ConvTranspose]] = {
    "one cell": ConvTranspose(1, 1),
    "overlaps": ConvTranspose(2, 3),
    "side by side": ConvTranspose(2, 2, stride=2),
    "gaps": ConvTranspose(2, 2, stride=3),
    "not square": ConvTranspose((2, 4), (3, 1), stride=(3, 2), padding=(1, 0), output_padding=(2, 1)),
    "padding one way": ConvTranspose((2, 3), 3, stride=(1, 2), padding=(0, 1)),
    "padding the other way": ConvTranspose((3, 2), 3, stride=(2, 1), padding=(1, 0)),
    "output padding that is filled": ConvTranspose(2, 3, stride=2, padding=1, output_padding=1),
    "output padding that stays empty": ConvTranspose(2, 2, stride=2, output_padding=1),
    "output padding beyond the stride": ConvTranspose(2, 2, dilation=3, output_padding=2),
    "dilated": ConvTranspose((2, 3), (3, 2), dilation=(2, 3), padding=(1, 2)),
    "cropped to one cell": ConvTranspose(3, 3, padding=2),
    "cropped to nothing but gaps": ConvTranspose(2, 1, stride=5, padding=1),
    "a row": ConvTranspose((3,), 2, stride=2, padding=1, output_padding=1),
}


# The oracle.


def full_size(layer: ConvTranspose) -> Pair:
    """The output before its crop: where all stamps fall, and the output padding."""
    rows, cols = (
        (layer.input_size[n] - 1) * layer.stride[n] + spans(layer)[n] + layer.output_padding[n] for n in (0, 1)
    )
    return rows, cols


def stamps(layer: ConvTranspose, x: Numbers, w: Numbers) -> list[dict[Pair, Any]]:
    """For each input element, row by row, what it adds to which cells."""
    (down, right), (row_gap, col_gap) = layer.stride, layer.dilation
    return [
        {(row * down + r * row_gap, col * right + c * col_gap): x[row, col] * w[r, c] for r, c in np.ndindex(*w.shape)}
        for row, col in np.ndindex(*x.shape)
    ]


def sums(layer: ConvTranspose, x: Numbers, w: Numbers, frame: int) -> dict[Pair, list[Any]]:
    """What has been added to each cell up to a frame, in order."""
    terms: dict[Pair, list[Any]] = {}
    for stamp in stamps(layer, x, w)[: frame + 1]:
        for cell, product in stamp.items():
            terms.setdefault(cell, []).append(product)
    return terms


def summed(text: str) -> float:
    """What a reader makes of a sum."""
    plain = text.replace("\N{MINUS SIGN}", "-")
    terms = re.findall(r"[+-]?\d+(?:\.\d+)?(?:e-?\d+)?", plain)
    assert "".join(terms) == plain
    assert "-0" not in terms
    return sum(map(float, terms))


def signed(terms: Iterable[Any]) -> str:
    """Whole numbers as a sum, the first without a plus."""
    return "".join(f"{round(term):+d}" for term in terms).removeprefix("+").replace("-", "\N{MINUS SIGN}")


def check(figure: Figure, x: Numbers | None, w: Numbers | None, frames: Iterable[int]) -> Scene:
    """Every law of the view, in those of the stamping frames and in all frames after them."""
    scene, layer = compose(figure), lifted(figure.layer)
    elements, whole = cells_of(layer.input_size), cells_of(full_size(layer))
    crops = layer.padded
    assert len(scene.durations) == len(elements) + (2 if crops else 1)
    first = shown(scene, 0)
    inputs, output = plane_of(first["input"]), plane_of(first["pending"])
    assert painted(first["input"], inputs) == {"input": elements}
    assert painted(first["pending"], output) == {"pending": whole}
    weights = plane_of(first["kernel"])
    assert painted(first["kernel"], weights) == {"kernel": cells_of(layer.kernel_size)}
    if x is None or w is None:
        counted = np.ones(layer.input_size), np.ones(layer.kernel_size)
    else:
        counted = numbers_of(figure.layer.input_size, x), numbers_of(figure.layer.kernel_size, w)
        assert texts_in(first["input"], inputs) == {at: signed([counted[0][at]]) for at in elements}
        weight_cells = cells_of(layer.kernel_size)
        assert texts_in(first["kernel"], weights) == {at: signed([counted[1][at]]) for at in weight_cells}
    for frame in frames:
        _check_stamp(figure, layer, shown(scene, frame), counted, frame, inputs, output)
    terms = sums(layer, *counted, len(elements))
    totals = {cell: sum(added) for cell, added in terms.items()}
    ((top, _), (left, _)), kept = layer.pads, cells_of(layer.output_size)
    kept = [(top + row, left + col) for row, col in kept]
    end = shown(scene, len(scene.durations) - 1)
    assert {*end} - {"step"} == {"input", "kernel", "words", "output"}
    assert last_roles(end["output"], output) == {cell: "output" if cell in totals else "pending" for cell in kept}
    expected = {cell: signed([totals.get(cell, 0)]) for cell in kept} if figure.numbered else {}
    assert texts_in(end["output"], output) == expected
    check_fits(end["output"], output)
    check_one_size(end["output"])
    if crops:
        known = {cell: total if figure.numbered else None for cell, total in totals.items()}
        _check_crop(layer, scene, output, known, kept)
    check_frames_inside(scene, {0, len(elements) - 1, len(scene.durations) - 1})
    return scene


def _check_stamp(
    figure: Figure,
    layer: ConvTranspose,
    items: Mapping[str, Items],
    counted: tuple[Numbers, Numbers],
    frame: int,
    inputs: Plane,
    output: Plane,
) -> None:
    """The element that is taken, its stamp, and the sums so far."""
    x, w = counted
    assert {*items} - {"step"} == {"input", "kernel", "words", "pending", "element", "sums"}
    assert [text.text for text in of_kind(items.get("step", ()), Text)] == [f"Step {frame + 1}"] * figure.labels
    at = cells_of(layer.input_size)[frame]
    assert painted(items["element"], inputs) == {"shadow_on_input": [at]}
    newest, terms = stamps(layer, x, w)[frame], sums(layer, x, w, frame)
    earlier = sorted({*terms} - {*newest})
    expected = {"shadow_on_output": sorted(newest), **({"output": earlier} if earlier else {})}
    assert painted(items["sums"], output) == expected
    texts = texts_in(items["sums"], output)
    if not figure.numbered:
        assert not any(isinstance(item, Text) for name in ("element", "sums", "pending") for item in items[name])
        return
    assert texts_in(items["element"], inputs) == {at: signed([x[at]])}
    assert {*texts} == {*terms}
    assert not of_kind(items["pending"], Text)
    for cell, text in texts.items():
        assert summed(text) == sum(terms[cell])
        if len(signed(terms[cell])) <= LONG:
            assert text == signed(terms[cell])
    roles = {output.cell_at(text.at)[0]: text.role for text in of_kind(items["sums"], Text)}
    assert roles == {cell: "text_on_shadow" if cell in newest else "text" for cell in terms}
    check_fits(items["sums"], output)
    for alike in _kinds(items["sums"], output):
        check_one_size(alike)
    check_fits(items["element"], inputs)


def _kinds(items: Items, output: Plane) -> list[Items]:
    """The texts of a map by kind: numbers by themselves, sums on one line, sums on two."""
    cells: dict[Pair, list[Text]] = {}
    for text in of_kind(items, Text):
        cells.setdefault(output.cell_at(text.at)[0], []).append(text)
    kinds: dict[int, list[Text]] = {}
    for texts in cells.values():
        alone = len(texts) == 1 and not re.search(r"(?<=[^e])[+−]", texts[0].text)
        kinds.setdefault(0 if alone else len(texts), []).extend(texts)
    return [tuple(texts) for texts in kinds.values()]


def _check_crop(
    layer: ConvTranspose, scene: Scene, output: Plane, totals: Mapping[Pair, Any], kept: list[Pair]
) -> None:
    """The cells that padding cuts are marked, each by itself, while all sums still stand."""
    cut = sorted({*cells_of(full_size(layer))} - {*kept})
    marked = shown(scene, len(scene.durations) - 2)["crop"]
    roles = last_roles(marked, output)
    assert [cell for cell in sorted(roles) if roles[cell] == "crop"] == cut
    assert {cell: roles[cell] for cell in kept} == {cell: "output" if cell in totals else "pending" for cell in kept}
    above = max(number for number, item in enumerate(marked) if not isinstance(item, Text))
    assert not of_kind(marked[:above], Text), "painted over"
    texts = texts_in(marked, output)
    assert {cell: summed(text) for cell, text in texts.items()} == {
        cell: total for cell, total in totals.items() if total is not None
    }
    check_fits(marked, output)


def stamping(layer: ConvTranspose, data: st.DataObject) -> list[int]:
    """The first and the last frame with a stamp, and some between."""
    last = prod(layer.input_size) - 1
    return sorted({0, last, *data.draw(st.lists(st.integers(0, last), max_size=2), label="frames")})


@pytest.mark.parametrize("name", LAYERS)
def test_every_frame_of_layers_that_are_easily_drawn_wrong(name: str) -> None:
    layer = LAYERS[name]
    x, w = filled(layer.input_size, 1), filled(layer.kernel_size, 2)
    frames = range(prod(layer.input_size))
    check(Figure(layer, view="scatter"), None, None, frames)
    check(Figure(layer, view="scatter", input=x, weight=w), x, w, frames)


@SOME
@given(drawable("scatter"), seeds(), st.data())
def test_random_layers_with_numbers(layer: ConvTranspose, seed: int, data: st.DataObject) -> None:
    x, w = filled(layer.input_size, seed), filled(layer.kernel_size, seed + 1)
    check(Figure(layer, view="scatter", input=x, weight=w, labels=True), x, w, stamping(layer, data))


@SOME
@given(drawable("scatter"), st.data())
def test_random_layers_without_numbers(layer: ConvTranspose, data: st.DataObject) -> None:
    """No text at all but the signs between the maps."""
    scene = check(Figure(layer, view="scatter"), None, None, stamping(layer, data))
    for frame in (0, len(scene.durations) - 1):
        texts = [item for items in shown(scene, frame).values() for item in of_kind(items, Text)]
        assert [text.text for text in texts] == ["×", "→"]


@SOME
@given(drawable("scatter"), seeds())
def test_the_last_frame_shows_the_output(layer: ConvTranspose, seed: int) -> None:
    """By the oracle of all layers, which knows nothing of cells on a map."""
    x, w = filled(layer.input_size, seed), filled(layer.kernel_size, seed + 1)
    scene, drawn = compose(Figure(layer, view="scatter", input=x, weight=w)), lifted(layer)
    plane = plane_of(shown(scene, 0)["pending"])
    last = shown(scene, len(scene.durations) - 1)
    texts = texts_in(last["output"], plane)
    output = np.array([summed(texts[cell]) for cell in cells_of(drawn.output_size, kept_from(drawn))])
    assert len(texts) == output.size
    np.testing.assert_array_equal(output.reshape(layer.output_size), conv_transpose(layer, x, w))


@pytest.mark.parametrize(("stride", "output_padding", "empty"), [(2, 0, 0), (2, 1, 11), (3, 1, 13), (3, 2, 28)])
def test_output_padding_stays_empty_where_no_stamp_reaches(stride: int, output_padding: int, empty: int) -> None:
    layer = ConvTranspose(2, 3, stride=stride, output_padding=output_padding)
    scene = check(Figure(layer, view="scatter"), None, None, range(4))
    output = shown(scene, 4)["output"]
    roles = last_roles(output, plane_of(output))
    unreached = {cell for cell in roles if max(cell) >= stride + 3}
    assert {cell for cell, role in roles.items() if role == "pending"} == unreached
    assert len(unreached) == empty


def test_the_sums_of_the_guide_like_example() -> None:
    """Four stamps of ones: the cells of all four say so."""
    layer = ConvTranspose(2, 3)
    figure = Figure(layer, view="scatter", input=COUNTED, weight=ONES)
    scene = compose(figure)
    plane = plane_of(shown(scene, 0)["pending"])
    texts = [texts_in(shown(scene, frame)["sums"], plane) for frame in range(4)]
    assert [found[1, 1] for found in texts] == ["1", "1+2", "1+2+3", "1+2+3+4"]
    assert texts[3][1, 0] == "1+3"
    assert texts[3][0, 3] == "2"
    assert texts[3][3, 3] == "4"
    totals = texts_in(shown(scene, 4)["output"], plane)
    assert [[int(totals[row, col]) for col in range(4)] for row in range(4)] == [
        [1, 3, 3, 2], [4, 10, 10, 6], [4, 10, 10, 6], [3, 7, 7, 4],
    ]  # fmt: skip


WHOLE: Final = st.integers(-99999, 99999)


@REPEATABLE
@given(st.lists(st.one_of(st.integers(-9, 9), st.integers(-999, 999), WHOLE), min_size=1, max_size=7))
def test_running_sums(terms: list[int]) -> None:
    """Written out while that is short; then what was there and the newest term; else the total."""
    for number, text in enumerate(running_sums(terms, Notation(0)), start=1):
        some = terms[:number]
        out, partial = signed(some), signed([sum(some[:-1]), some[-1]])
        assert summed(text) == sum(some)
        if len(out) <= LONG:
            assert text == out
        elif number > 1 and len(partial) <= LONG:
            assert text == partial
        else:
            assert text == signed([sum(some)])
        assert "".join(broken(text)) == text
        assert len(broken(text)) <= 2


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ([1], "1"),
        ([0, 0], "0+0"),
        ([1, 2, 3, 4, 5], "1+2+3+4+5"),
        ([1, 2, 3, 4, 5, 6], "15+6"),
        ([-1, -2, -3], "−1−2−3"),
        ([5, -2.5], "5.0−2.5"),
        ([0.1] * 3, "0.2+0.1"),
        ([12345, 67890], "80235"),
        ([1e-9, 2e-9], "1e−9+2e−9"),
        ([0.5, 0.25, 0.125], "0.875"),
    ],
)
def test_sums_as_they_are_written(terms: list[float], text: str) -> None:
    assert [*running_sums(terms, Notation.of(terms))][-1] == text


@pytest.mark.parametrize(
    ("x", "w"),
    [
        (COUNTED, ONES),
        (((-1, -2), (-3, -4)), ONES),
        (((88, 88), (88, 88)), ONES),
        (((12.25, -1234), (99999, -0.25)), ONES),
        (((1, 2), (3, 4)), ((12.25, -1234, 0.5), (99999, -0.25, 88), (-3, 0, 1))),
        (((1e-9, 2e-9), (1e20, -1e20)), ONES),
        (((0.333, 0.667), (-0.125, 10.25)), ONES),
    ],
)
def test_every_text_fits_its_cell(x: tuple[tuple[float, ...], ...], w: tuple[tuple[float, ...], ...]) -> None:
    layer = ConvTranspose(2, 3, padding=1)
    figure = Figure(layer, view="scatter", input=x, weight=w)
    scene = compose(figure)
    first = shown(scene, 0)
    planes = {
        "input": plane_of(first["input"]),
        "kernel": plane_of(first["kernel"]),
        "sums": plane_of(first["pending"]),
    }
    planes |= {"element": planes["input"], **dict.fromkeys(("output", "output"), planes["sums"])}
    found = set()
    for frame in range(len(scene.durations)):
        for name, items in shown(scene, frame).items():
            if name in planes:
                found.add(name)
                assert name == "crop" or of_kind(items, Text)
                check_fits(items, planes[name])
                for alike in _kinds(items, planes[name]):
                    check_one_size(alike)
    assert found == set(planes)


@SOME
@given(
    st.lists(
        st.one_of(st.integers(-9, 9), st.integers(-9999, 99999), st.sampled_from([0.25, 12.25, -0.5])),
        min_size=4,
        max_size=4,
    )
)
def test_random_sums_fit_their_cells(values: list[float]) -> None:
    """All four values meet in the cells of the middle."""
    x = [values[:2], values[2:4]]
    figure = Figure(ConvTranspose(2, 3), view="scatter", input=x, weight=ONES)
    scene = compose(figure)
    plane = plane_of(shown(scene, 0)["pending"])
    for frame in range(4):
        check_fits(shown(scene, frame)["sums"], plane)
    check_fits(shown(scene, 4)["output"], plane)


def test_long_sums_stand_on_two_lines() -> None:
    scene = compose(Figure(ConvTranspose(2, 3), view="scatter", input=COUNTED, weight=ONES))
    plane = plane_of(shown(scene, 0)["pending"])
    texts = [text for text in of_kind(shown(scene, 3)["sums"], Text) if plane.cell_at(text.at)[0] == (1, 1)]
    assert [text.text for text in sorted(texts, key=lambda text: text.at[1])] == ["1+2", "+3+4"]
    single = [text for text in of_kind(shown(scene, 3)["sums"], Text) if plane.cell_at(text.at)[0] == (1, 0)]
    assert [text.text for text in single] == ["1+3"]


def test_input_kernel_and_output_stand_in_a_row_with_names() -> None:
    layer = ConvTranspose((2, 4), (3, 1), stride=(3, 2), padding=(1, 0))
    scene = compose(Figure(layer, view="scatter", labels=True, title="Stamps", caption=True))
    first = shown(scene, 0)
    boxes = {}
    for name in ("input", "kernel", "pending"):
        xs, ys = zip(*points_of(first[name]), strict=True)
        boxes[name] = Box(min(xs), min(ys), max(xs), max(ys))
    assert boxes["input"].right + 1 < boxes["kernel"].left
    assert boxes["kernel"].right + 1 < boxes["pending"].left
    assert len({round((box.top + box.bottom) / 2, 9) for box in boxes.values()}) == 1
    words = {text.text: text for text in of_kind(first["words"], Text)}
    assert set(words) == {"×", "→", "Input", "Kernel", "Output", "stride = (3, 2)"}
    for name, title in (("input", "Input"), ("kernel", "Kernel"), ("pending", "Output")):
        box = boxes[name]
        assert words[title].at[0] == pytest.approx((box.left + box.right) / 2)
        assert words[title].at[1] > box.bottom
    assert boxes["input"].right < words["×"].at[0] < boxes["kernel"].left
    assert boxes["kernel"].right < words["→"].at[0] < boxes["pending"].left
    assert {text.text for text in of_kind(first["title"], Text)} == {"Stamps"}
    assert captions(scene, 0) == [
        "o = (i − 1)s + k − 2p",
        "rows: o = 1 · 3 + 3 − 2 = 4",
        "columns: o = 3 · 2 + 1 − 0 = 7",
    ]
    check_frames_inside(scene, range(len(scene.durations)))


def test_each_frame_lasts_as_long_as_the_others() -> None:
    scene = compose(Figure(ConvTranspose(2, 3, padding=1), view="scatter", frame_ms=700, hold_ms=50))
    assert scene.durations == (700,) * 5 + (750,)


def test_what_is_said_above_the_maps_and_the_name_that_moves_with_the_output() -> None:
    layer = ConvTranspose(2, 3, stride=2, padding=1)
    scene = compose(Figure(layer, view="scatter", input=COUNTED, weight=ONES, labels=True, sizes=True))
    frames = [shown(scene, frame) for frame in range(len(scene.durations))]
    texts = [[text for items in frame.values() for text in of_kind(items, Text)] for frame in frames]
    steps = ["Step 1", "Step 2", "Step 3", "Step 4"]
    heads = [*steps, "padding = 1 drops the outer ring", "The sums, worked out"]
    assert [[text.text for text in found if text.text in heads] for found in texts] == [[head] for head in heads]
    names = [next(text for text in found if text.text == "Output") for found in texts]
    assert len({name.at for name in names[:-1]}) == 1
    assert names[-1].at == (names[0].at[0], names[0].at[1] - 1), "a ring less is below the map"
    notes = [text.text for text in texts[-1] if text.size < names[0].size and "," in text.text]
    assert notes == ["3x3, stride 2", "3x3, padding 1"]
    assert "The output" in [
        text.text
        for items in shown(compose(Figure(layer, view="scatter", labels=True)), 5).values()
        for text in of_kind(items, Text)
    ]


def test_every_sum_keeps_its_hatching_off() -> None:
    """Whatever area it is written on: the output, the newest stamp, or what a crop takes away."""
    layer = ConvTranspose(2, 3, stride=2, padding=1)
    scene = compose(Figure(layer, view="scatter", input=COUNTED, weight=ONES))
    grounds = [
        {text.halo for items in shown(scene, frame).values() for text in of_kind(items, Text) if text.text in "1234"}
        for frame in (0, 1, 4)
    ]
    assert [found - {"input", "kernel", "shadow_on_input"} for found in grounds] == [
        {"shadow_on_output"},
        {"shadow_on_output", "output"},
        {"output", "crop"},
    ]
