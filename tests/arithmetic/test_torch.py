"""Sizes and numbers against PyTorch on thousands of random layers; PyTorch also judges which layers there are.

Sizes are drawn freely, impossible ones too, so that a layer refused here and computed there is a mismatch as well.
Numbers are whole, stored as float64: sums and products are then exact in any order, and equality means equality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from typing import Any

import numpy as np
import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.errors import InputError
from tests.arithmetic.oracle import AnyLayer, Numbers
from tests.arithmetic.strategies import filled
from tests.arithmetic.ways import ways

torch = pytest.importorskip("torch")

LAYERS_OF_A_KIND = 1500
"""Valid ones; with four kinds 6,000 a run."""

IMPOSSIBLE_OF_A_KIND = 150
"""At least so many that PyTorch refuses, which are refused here too."""

ALL_WAYS_EVERY = 5
"""One in so many is also walked step by step, and so on; that takes a hundred times as long."""

Drawn = tuple[dict[str, Any], Callable[[], Any]]


def pair(random: Random, least: int, most: int) -> tuple[int, int]:
    """Two sizes; the same number twice is one case in many."""
    return random.randint(least, most), random.randint(least, most)


def tensor(numbers: Numbers) -> Any:
    """One example with one channel."""
    return torch.from_numpy(numbers)[None, None]


def draw_conv(random: Random, x: Numbers, w: Numbers) -> Drawn:
    """Strides beyond the kernel, kernels beyond the input."""
    given = {"stride": pair(random, 1, 5), "padding": pair(random, 0, 4), "dilation": pair(random, 1, 3)}
    return given, lambda: torch.nn.functional.conv2d(tensor(x), tensor(w), **given)


def draw_conv_transpose(random: Random, x: Numbers, w: Numbers) -> Drawn:
    """Crops, and output paddings up to beyond what is allowed."""
    given = {
        "stride": pair(random, 1, 4),
        "padding": pair(random, 0, 4),
        "dilation": pair(random, 1, 3),
        "output_padding": pair(random, 0, 2),
    }
    return given, lambda: torch.nn.functional.conv_transpose2d(tensor(x), tensor(w), **given)


def draw_max_pool(random: Random, x: Numbers, w: Numbers) -> Drawn:
    """Half of them with the default stride."""
    given: dict[str, Any] = {"padding": pair(random, 0, 2), "dilation": pair(random, 1, 3)}
    given["stride"] = random.choice([None, pair(random, 1, 6)])
    return given, lambda: torch.nn.functional.max_pool2d(tensor(x), w.shape, **given)


def draw_avg_pool(random: Random, x: Numbers, w: Numbers) -> Drawn:
    """Half of them do not count padding."""
    given: dict[str, Any] = {"padding": pair(random, 0, 2), "count_include_pad": random.random() < 0.5}
    given["stride"] = random.choice([None, pair(random, 1, 6)])
    return given, lambda: torch.nn.functional.avg_pool2d(tensor(x), w.shape, **given)


def accepted(kind: Callable[..., AnyLayer], given: dict[str, Any]) -> bool:
    """Whether the layer can be built here."""
    try:
        kind(**given)
    except InputError:
        return False
    return True


def told_ways(layer: AnyLayer, x: Numbers, w: Numbers, all_of_them: bool) -> Iterator[tuple[str, Numbers]]:
    """The output as it is applied, or in every way in which it is told."""
    if isinstance(layer, (Conv, ConvTranspose)):
        yield from islice(ways(layer, x, w), None if all_of_them else 1)
    else:
        yield "apply", layer.apply(x)


def alike(one: Numbers, other: Numbers, tolerance: float) -> bool:
    """Whether shapes and numbers are the same."""
    return one.shape == other.shape and np.allclose(one, other, rtol=tolerance, atol=0)


@pytest.mark.parametrize(
    ("kind", "draw", "tolerance"),
    [
        (Conv, draw_conv, 0.0),
        (ConvTranspose, draw_conv_transpose, 0.0),
        (MaxPool, draw_max_pool, 0.0),
        (AvgPool, draw_avg_pool, 1e-14),
    ],
)
def test_thousands_of_layers_agree_with_pytorch(
    kind: Callable[..., AnyLayer], draw: Callable[[Random, Numbers, Numbers], Drawn], tolerance: float
) -> None:
    torch.set_num_threads(1)  # the maps are tiny: threads would only wait for each other
    random = Random(1603_07285)
    agreed, refused, squares = 0, 0, 0
    mismatches: list[str] = []
    while agreed < LAYERS_OF_A_KIND and len(mismatches) < 10:
        x = filled(pair(random, 1, 8), random.randrange(2**32))
        w = filled(pair(random, 1, 4), random.randrange(2**32))
        sizes, compute = draw(random, x, w)
        given = {"input_size": x.shape, "kernel_size": w.shape} | sizes
        try:
            expected = compute()[0, 0].numpy()
        except RuntimeError:
            refused += 1
            if accepted(kind, given):
                mismatches.append(f"{kind} {given}: built here, refused by PyTorch")
            continue
        layer = kind(**given)
        told = dict(told_ways(layer, x, w, all_of_them=agreed % ALL_WAYS_EVERY == 0))
        wrong = [way for way, output in told.items() if not alike(output, expected, tolerance)]
        if wrong or layer.output_size != expected.shape:
            mismatches.append(f"{layer}: other numbers in {', '.join(wrong)}")
        else:
            agreed += 1
            squares += expected.shape[0] == expected.shape[1]
    assert mismatches == []
    assert agreed == LAYERS_OF_A_KIND
    assert refused >= IMPOSSIBLE_OF_A_KIND
    assert squares < agreed / 2
