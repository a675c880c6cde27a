"""How a transposed convolution becomes a direct one: every formula is worked out, and what is told is then built."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from convgif.arithmetic import ConvTranspose
from convgif.arithmetic.construction import Phase, construction
from tests.arithmetic.formulas import evaluated, pair
from tests.arithmetic.oracle import INSERTED, PADDING, Numbers, canvas_map
from tests.arithmetic.strategies import REPEATABLE, Pair, small_layers, transposed_convs

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
                ("zeros", "z = s - 1 = 2 - 1 = 1", ZEROS),
                ("padding", "p' = d(k - 1) - p = 1*(3 - 1) - 0 = 2", AROUND),
                ("kernel", "o = i + z(i - 1) + 2p' - d(k - 1) = 2 + 1*(2 - 1) + 2*2 - 1*(3 - 1) = 5", KERNEL),
            ],
        ),
        (
            ConvTranspose(3, 3, stride=2, padding=1, output_padding=1),
            [
                ("input", "i = 3", INPUT),
                ("zeros", "z = s - 1 = 2 - 1 = 1", ZEROS),
                ("padding", "p' = d(k - 1) - p = 1*(3 - 1) - 1 = 1", AROUND),
                ("output padding", "a = 1", MORE),
                ("kernel", "o = i + z(i - 1) + 2p' + a - d(k - 1) = 3 + 1*(3 - 1) + 2*1 + 1 - 1*(3 - 1) = 6", KERNEL),
            ],
        ),
        (
            ConvTranspose((3, 4), 1, padding=1),
            [
                ("input", "i = (3, 4)", INPUT),
                ("zeros", "z = s - 1 = 1 - 1 = 0", NO_ZEROS),
                ("padding", "p' = d(k - 1) - p = 1*(1 - 1) - 1 = -1", CROP),
                (
                    "kernel",
                    "rows: o = i + z(i - 1) + 2p' - d(k - 1) = 3 + 0*(3 - 1) + 2*(-1) - 1*(1 - 1) = 1; "
                    "columns: o = i + z(i - 1) + 2p' - d(k - 1) = 4 + 0*(4 - 1) + 2*(-1) - 1*(1 - 1) = 2",
                    KERNEL,
                ),
            ],
        ),
        (
            ConvTranspose((2, 3), (1, 3), stride=(2, 1), padding=(1, 0), dilation=(1, 2), output_padding=(1, 0)),
            [
                ("input", "i = (2, 3)", INPUT),
                ("zeros", "z = s - 1 = (2, 1) - 1 = (1, 0)", ZEROS),
                ("padding", "p' = d(k - 1) - p = (1, 2)*((1, 3) - 1) - (1, 0) = (-1, 4)", MIXED),
                ("output padding", "a = (1, 0)", MORE),
                (
                    "kernel",
                    "rows: o = i + z(i - 1) + 2p' + a - d(k - 1) = 2 + 1*(2 - 1) + 2*(-1) + 1 - 1*(1 - 1) = 2; "
                    "columns: o = i + z(i - 1) + 2p' + a - d(k - 1) = 3 + 0*(3 - 1) + 2*4 + 0 - 2*(3 - 1) = 7",
                    KERNEL,
                ),
            ],
        ),
    ],
)
def test_what_is_told(layer: ConvTranspose, told: list[tuple[str, str, str]]) -> None:
    assert construction(layer) == tuple(Phase(*phase) for phase in told)


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
def test_what_happens_in_one_direction_alone_is_told(sizes: dict[str, int | Pair], words: str) -> None:
    layer = ConvTranspose(**{"input_size": 3, "kernel_size": 1} | sizes)
    assert words in [phase.words for phase in construction(layer)]


def numbers_of(layer: ConvTranspose) -> dict[str, Pair]:
    """Every letter's value, read from the last of what a formula says it is equal to, after each part was checked.

    A formula is `letter = in letters = in numbers = result`; all parts must have the same value. The kernel's is given
    for each direction where they differ.
    """
    known: dict[str, Pair] = {
        "s": layer.stride,
        "k": layer.kernel_size,
        "d": layer.dilation,
        "p": layer.padding,
    }
    for phase in construction(layer)[:-1]:
        letter, *parts = phase.formula.split(" = ")
        *others, result = (pair(evaluated(part, **arrays(known))) for part in parts)
        assert set(others) <= {result}, phase.formula
        known["q" if letter == "p'" else letter] = result
    lines = construction(layer)[-1].formula.split("; ")
    assert [line.partition(": ")[0] for line in lines] == (["rows", "columns"] if len(lines) == 2 else lines)
    results = []
    for direction in (0, 1):
        letter, *parts = lines[direction % len(lines)].rpartition(": ")[2].split(" = ")
        assert letter == "o"
        assert len(parts) == 3
        one_way = {name: value[direction] for name, value in known.items()}
        values = [evaluated(part, **one_way) for part in parts]
        assert values == [layer.output_size[direction]] * 3, lines
        results.append(values[0])
    return known | {"o": (results[0], results[1])}


def arrays(known: dict[str, Pair]) -> dict[str, Numbers]:
    return {name: np.array(value) for name, value in known.items()}


def check(layer: ConvTranspose) -> None:
    """What the phases say is enough to build the canvas, and to know what comes out."""
    phases = construction(layer)
    names = ["input", "zeros", "padding", *(["output padding"] if any(layer.output_padding) else []), "kernel"]
    assert [phase.name for phase in phases] == names
    known = numbers_of(layer)
    assert known["i"] == layer.input_size
    assert known["o"] == layer.output_size
    np.testing.assert_array_equal(built(known), canvas_map(layer))


def built(known: dict[str, Pair]) -> Numbers:
    """The canvas as marks: the input, z zeros inserted, then p' around, or a crop, with a more at the far ends."""
    marks = np.arange(known["i"][0] * known["i"][1]).reshape(known["i"])
    down, right = (between + 1 for between in known["z"])
    canvas = np.full([(n - 1) * s + 1 for n, s in zip(marks.shape, (down, right), strict=True)], INSERTED)
    canvas[::down, ::right] = marks
    near, more = np.array(known["q"]), np.array(known.get("a", (0, 0)))
    ends = np.stack([near, near + more], axis=1)
    (top, bottom), (left, right) = -np.minimum(ends, 0)
    rows, cols = canvas.shape
    kept = canvas[top : rows - bottom, left : cols - right]
    return np.pad(kept, np.maximum(ends, 0).tolist(), constant_values=PADDING)


def test_every_small_construction_leads_to_its_canvas() -> None:
    cases = [layer for layer in small_layers() if isinstance(layer, ConvTranspose)]
    assert len(cases) > 500
    for layer in cases:
        check(layer)


@REPEATABLE
@given(transposed_convs())
def test_the_construction_leads_to_the_canvas(layer: ConvTranspose) -> None:
    check(layer)
