"""Layers to be said in the words of frameworks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, Final

from convgif.arithmetic import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.solving import solve
from convgif.errors import InputError
from convgif.registry import LAYERS
from tests.arithmetic.oracle import AnyLayer

PAIRS: Final[tuple[tuple[Any, Any], ...]] = (
    *(((before,), (after,)) for before in (1, 2, 4, 5, 6) for after in (1, 2, 3, 4, 6, 7)),
    ((4, 6), (8, 9)),
    ((8, 9), (4, 3)),
    ((3, 4), (3, 4)),
)
FURTHER: Final[tuple[AnyLayer, ...]] = (
    AdaptiveAvgPool(5, (3, 2)),
    AdaptiveMaxPool((7,), 4),
    AvgPool(4, 3, 1, 1, count_include_pad=False),
    AvgPool(4, 3, 2, 1, count_include_pad=False),
    AvgPool((4, 5), 2, count_include_pad=False),
    Conv((3, 3, 4), (1, 3, 2), (1, 1, 2), (0, 1, 1)),
    ConvTranspose((2, 3, 2), 2, (2, 3, 1), (1, 0, 0), output_padding=(1, 2, 0)),
    ConvTranspose((2,), 2, 1, 0, 3, 2),
    MaxPool((4, 4, 4), 2),
)


@cache
def samples(most: int) -> tuple[AnyLayer, ...]:
    """Layers of all kinds between many pairs of sizes, so many for each; and some that are found nowhere."""
    return (*_solved(most), *FURTHER)


def _solved(most: int) -> Iterator[AnyLayer]:
    for kind in LAYERS.shipped:
        for pair in PAIRS:
            for dilation in ((), (2,)) if kind != "avg_pool" else ((),):
                bounds: dict[str, Any] = {
                    "kernel_size": "1-4",
                    "stride": "1-3",
                    **({"dilation": dilation[0]} if dilation else {}),
                }
                try:
                    yield from islice(solve(*pair, kind, **bounds), most)
                except InputError:
                    continue
