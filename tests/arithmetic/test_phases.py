"""How a canvas comes about: every formula is worked out, and what is told is then built."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest
from hypothesis import given

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from tests.arithmetic import oracle
from tests.arithmetic.formulas import evaluated, spread_out
from tests.arithmetic.oracle import INSERTED, PADDING, AnyLayer, Numbers, canvas_map
from tests.arithmetic.strategies import REPEATABLE, layers, small_layers, transposed_convs

INPUT = "the input"
ZEROS, NO_ZEROS = "zeros between rows and columns", "no zeros between rows and columns"
AROUND, MIXED = "zeros on each side", "zeros on each side; where negative, a crop"
CROP, NOTHING = "a crop on each side", "no zeros on the sides"
MORE = "more zeros at the bottom and the right"
KERNEL = "the kernel, turned by 180°, slides with stride 1"


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (
            ConvTranspose(2, 3, stride=2),
            [
                ("input", "i = 2", INPUT),
                ("zeros", "z = s - 1 = 2 - 1 = 1; i + z(i - 1) = 2 + 1*(2 - 1) = 3", ZEROS),
                ("padding", "p' = k - 1 - p = 3 - 1 - 0 = 2; i + z(i - 1) + 2p' = 3 + 2*2 = 7", AROUND),
                ("kernel", "o = i + z(i - 1) + 2p' - (k - 1) = 7 - (3 - 1) = 5", KERNEL),
            ],
        ),
        (
            ConvTranspose(3, 3, stride=2, padding=1, output_padding=1),
            [
                ("input", "i = 3", INPUT),
                ("zeros", "z = s - 1 = 2 - 1 = 1; i + z(i - 1) = 3 + 1*(3 - 1) = 5", ZEROS),
                ("padding", "p' = k - 1 - p = 3 - 1 - 1 = 1; i + z(i - 1) + 2p' = 5 + 2*1 = 7", AROUND),
                ("output padding", "a = 1; i + z(i - 1) + 2p' + a = 7 + 1 = 8", MORE),
                ("kernel", "o = i + z(i - 1) + 2p' + a - (k - 1) = 8 - (3 - 1) = 6", KERNEL),
            ],
        ),
        (
            ConvTranspose((3, 4), 1, padding=1),
            [
                ("input", "i = (3, 4)", INPUT),
                ("zeros", "z = s - 1 = 1 - 1 = 0; i + z(i - 1) = (3, 4) + 0*((3, 4) - 1) = (3, 4)", NO_ZEROS),
                ("padding", "p' = k - 1 - p = 1 - 1 - 1 = -1; i + z(i - 1) + 2p' = (3, 4) + 2*(-1) = (1, 2)", CROP),
                (
                    "kernel",
                    "rows: o = i + z(i - 1) + 2p' - (k - 1) = 1 - (1 - 1) = 1; "
                    "columns: o = i + z(i - 1) + 2p' - (k - 1) = 2 - (1 - 1) = 2",
                    KERNEL,
                ),
            ],
        ),
        (
            ConvTranspose((2, 3), (1, 3), stride=(2, 1), padding=(1, 0), dilation=(1, 2), output_padding=(1, 0)),
            [
                ("input", "i = (2, 3)", INPUT),
                (
                    "zeros",
                    "z = s - 1 = (2, 1) - 1 = (1, 0); i + z(i - 1) = (2, 3) + (1, 0)*((2, 3) - 1) = 3",
                    ZEROS,
                ),
                (
                    "padding",
                    "p' = d(k - 1) - p = (1, 2)*((1, 3) - 1) - (1, 0) = (-1, 4); "
                    "i + z(i - 1) + 2p' = 3 + 2*(-1, 4) = (1, 11)",
                    MIXED,
                ),
                ("output padding", "a = (1, 0); i + z(i - 1) + 2p' + a = (1, 11) + (1, 0) = (2, 11)", MORE),
                (
                    "kernel",
                    "rows: o = i + z(i - 1) + 2p' + a - d(k - 1) = 2 - 1*(1 - 1) = 2; "
                    "columns: o = i + z(i - 1) + 2p' + a - d(k - 1) = 11 - 2*(3 - 1) = 7",
                    KERNEL,
                ),
            ],
        ),
    ],
)
def test_what_is_told(layer: ConvTranspose, told: list[tuple[str, str, str]]) -> None:
    said = [(phase.name, "; ".join(one.text for one in phase.equations), str(phase.words)) for phase in layer.phases()]
    assert said == told


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"stride": (1, 2)}, ZEROS),
        ({"stride": (3, 1)}, ZEROS),
        ({"stride": 1}, NO_ZEROS),
        ({"kernel_size": 2}, AROUND),
        ({"kernel_size": (1, 2)}, AROUND),
        ({"kernel_size": (2, 1)}, AROUND),
        ({"kernel_size": 2, "padding": 1}, NOTHING),
        ({"kernel_size": (2, 1), "padding": (1, 0)}, NOTHING),
        ({"kernel_size": (1, 2), "padding": (1, 0)}, MIXED),
        ({"kernel_size": (2, 1), "padding": (0, 1)}, MIXED),
        ({"padding": (1, 0)}, CROP),
        ({"padding": (0, 1)}, CROP),
    ],
)
def test_what_happens_in_one_direction_alone_is_told(sizes: dict[str, int | tuple[int, ...]], words: str) -> None:
    layer = ConvTranspose(**{"input_size": 3, "kernel_size": 1} | sizes)
    assert words in [str(phase.words) for phase in layer.phases()]


Known = dict[str, tuple[int, ...]]


def numbers_of(layer: ConvTranspose) -> Known:
    """Every letter's value, read from the last of what a formula says it is equal to, after each part was checked.

    A formula is `letter = in letters = in numbers = result`; all parts must have the same value. So must those of the
    size after each phase, which has no letter; and it is that of the canvas by then. The kernel's is given for each
    axis where they differ.
    """
    known: Known = {"s": layer.stride, "k": layer.kernel_size, "d": layer.dilation}
    before, after = zip(*oracle.pads(layer), strict=True)
    known |= {"p": before} if before == after else {"p_1": before, "p_2": after}
    *earlier, last = layer.phases()
    for phase in earlier:
        lettered = 2 if phase.name == "padding" and before != after else 1
        sizes = phase.equations[lettered:]
        for equation in phase.equations[:lettered]:
            letter, *parts = equation.text.split(" = ")
            letters = {name: np.array(value) for name, value in known.items()}
            *others, result = (spread_out(evaluated(part, **letters), layer.ndim) for part in parts)
            assert set(others) <= {result}, equation
            known[letter.replace("p'", "q")] = result
        assert len(sizes) == (phase.name != "input")
        letters = {name: np.array(value) for name, value in known.items()}
        for size in sizes:
            sides = {spread_out(evaluated(part, **letters), layer.ndim) for part in size.text.split(" = ")}
            assert phase.canvas is not None
            assert sides == {tuple(part.stop - part.start for part in phase.canvas)}, size
    assert len(last.equations) in (1, layer.ndim)
    results = []
    for direction in range(layer.ndim):
        letter, *parts = last.equations[direction % len(last.equations)].formula.text.split(" = ")
        assert letter == "o"
        assert len(parts) == 3
        one_way = {name: value[direction] for name, value in known.items()}
        values = [evaluated(part, **one_way) for part in parts]
        assert values == [layer.output_size[direction]] * 3
        results.append(values[0])
    return known | {"o": tuple(results)}


def check(layer: ConvTranspose) -> None:
    """What the phases say is enough to build the canvas, and to know what comes out."""
    names = ["input", "zeros", "padding", *(["output padding"] if any(layer.output_padding) else []), "kernel"]
    assert [phase.name for phase in layer.phases()] == names
    known = numbers_of(layer)
    assert known["i"] == layer.input_size
    assert known["o"] == layer.output_size
    np.testing.assert_array_equal(built(known), canvas_map(layer))


def built(known: Known) -> Numbers:
    """The canvas as marks: the input, z zeros inserted, then p' around, or a crop, with a more at the far ends."""
    marks = np.arange(prod(known["i"])).reshape(known["i"])
    canvas = np.full([(i - 1) * (z + 1) + 1 for i, z in zip(known["i"], known["z"], strict=True)], INSERTED)
    canvas[tuple(slice(None, None, z + 1) for z in known["z"])] = marks
    near, far = (np.array(known[name] if name in known else known["q"]) for name in ("q_1", "q_2"))
    ends = np.stack([near, far + np.array(known.get("a", (0,) * marks.ndim))], axis=1)
    crops = zip(-np.minimum(ends, 0), canvas.shape, strict=True)
    kept = canvas[tuple(slice(start, size - end) for (start, end), size in crops)]
    return np.pad(kept, np.maximum(ends, 0).tolist(), constant_values=PADDING)


def test_every_small_construction_leads_to_its_canvas() -> None:
    cases = [layer for layer in small_layers() if isinstance(layer, ConvTranspose)]
    assert len(cases) > 300
    for layer in cases:
        check(layer)


@REPEATABLE
@given(transposed_convs())
def test_the_construction_leads_to_the_canvas(layer: ConvTranspose) -> None:
    check(layer)


@REPEATABLE
@given(layers())
def test_the_canvas_grows_phase_by_phase(layer: AnyLayer) -> None:
    """From the input's block to the whole canvas; only what a crop takes away lies beyond it."""
    phases = layer.phases()
    assert phases[0].canvas is None
    whole = tuple(map(range, layer.canvas_size))
    assert phases[-1].canvas == whole
    assert phases[-1].equations == layer.derivation() or isinstance(layer, ConvTranspose)
    marks = canvas_map(layer)
    for phase in phases[1:-1]:
        assert phase.canvas is not None
        shown = [[at for at in part if at in all_of_it] for part, all_of_it in zip(phase.canvas, whole, strict=True)]
        # Output padding brings back what a crop took away before.
        if all(shown) and not layer.crops:
            beyond = marks.copy()
            beyond[np.ix_(*shown)] = PADDING
            assert (beyond == PADDING).all(), "an input element or a zero between is missing"
        if phase.name == "zeros":
            assert [len(part) for part in phase.canvas] == [
                (i - 1) * s + 1 for i, s in zip(layer.input_size, layer.stride, strict=True)
            ]
        elif phase.name == "padding" and isinstance(layer, ConvTranspose):
            more = tuple(map(len, whole)), tuple(map(len, phase.canvas))
            assert tuple(all_of_it - part for all_of_it, part in zip(*more, strict=True)) == layer.output_padding
        else:
            assert phase.canvas == whole
    assert [phase.name for phase in phases if phase.name == "padding"] == (
        ["padding"] if any(map(any, oracle.pads(layer))) or isinstance(layer, ConvTranspose) else []
    )


def test_the_words_follow_the_axes() -> None:
    def words(layer: AnyLayer) -> dict[str, str]:
        return {phase.name: str(phase.words) for phase in layer.phases()}

    row = words(ConvTranspose((3,), 2, stride=2, output_padding=1))
    assert (row["zeros"], row["output padding"], row["kernel"]) == (
        "zeros between the elements",
        "more zeros at the end",
        KERNEL,
    )
    block = words(ConvTranspose((3, 3, 3), 2, stride=2, output_padding=1))
    assert (block["zeros"], block["output padding"], block["kernel"]) == (
        "zeros between planes, rows and columns",
        "more zeros at the back, the bottom and the right",
        "the kernel, flipped along every axis, slides with stride 1",
    )
    assert words(Conv((3,), 2, padding=1))["kernel"] == "the kernel slides with stride 1"
    assert words(MaxPool((3,), 2))["kernel"] == "the window slides with stride 2"
