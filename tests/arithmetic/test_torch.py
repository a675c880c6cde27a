"""Sizes and numbers against PyTorch on thousands of random layers; PyTorch also judges which layers there are.

Sizes are drawn freely, impossible ones too, so that a layer refused here and computed there is a mismatch as well.
Numbers are whole, stored as float64: sums and products are then exact in any order, and equality means equality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from random import Random
from types import SimpleNamespace
from typing import Any, Final, cast

import numpy as np
import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.errors import InputError
from tests.arithmetic import oracle
from tests.arithmetic.oracle import AnyLayer, Numbers
from tests.arithmetic.strategies import filled
from tests.arithmetic.ways import ways
from tests.late import Late

torch: Any = Late("torch")

LAYERS_OF_A_KIND: Final[Mapping[int, int]] = {1: 350, 2: 650, 3: 250}
"""Valid ones, by the number of axes: 5,000 in all."""

ALL_WAYS_EVERY: Final = 5
"""One in so many is also walked step by step, and so on; that takes a hundred times as long."""

OTHER_WORDS: Final = ("same_upper", "same_lower", "causal")
"""Words for padding that PyTorch does not have."""

Sizes = dict[str, Any]
Draw = Callable[[Random, int], Sizes]


def sizes(random: Random, ndim: int, least: int, most: int) -> tuple[int, ...]:
    """One size an axis; the same number for all is one case in many."""
    return tuple(random.randint(least, most) for _ in range(ndim))


def tensor(numbers: Numbers) -> Any:
    """One example with one channel."""
    return torch.from_numpy(numbers)[None, None]


def draw_conv(random: Random, ndim: int) -> Sizes:
    """Strides beyond the kernel, kernels beyond the input, and padding of every sort."""
    most = 4 if ndim < 3 else 2
    pairs = tuple(sizes(random, 2, 0, most) for _ in range(ndim))
    words = ("valid", "same", "same_upper", "same_lower", *(["causal"] if ndim == 1 else []))
    padding: Any = random.choice([sizes(random, ndim, 0, most)] * 3 + [pairs, random.choice(words)])
    return {
        "stride": (1,) * ndim if padding == "same" and random.random() < 0.8 else sizes(random, ndim, 1, 5),
        "padding": padding,
        "dilation": sizes(random, ndim, 1, 3),
        "padding_mode": random.choice(["zeros"] * 3 + ["reflect", "replicate", "circular"]),
    }


def draw_conv_transpose(random: Random, ndim: int) -> Sizes:
    """Crops, and output paddings up to beyond what is allowed."""
    return {
        "stride": sizes(random, ndim, 1, 4 if ndim < 3 else 3),
        "padding": sizes(random, ndim, 0, 4),
        "dilation": sizes(random, ndim, 1, 3),
        "output_padding": sizes(random, ndim, 0, 2),
    }


def draw_max_pool(random: Random, ndim: int) -> Sizes:
    """Half of them with the default stride."""
    return {
        "padding": sizes(random, ndim, 0, 2),
        "dilation": sizes(random, ndim, 1, 3),
        "stride": random.choice([None, sizes(random, ndim, 1, 6)]),
        "ceil_mode": random.random() < 0.5,
    }


def draw_avg_pool(random: Random, ndim: int) -> Sizes:
    """Half of them do not count padding."""
    return {
        "padding": sizes(random, ndim, 0, 2),
        "count_include_pad": random.random() < 0.5,
        "ceil_mode": random.random() < 0.5,
        "stride": random.choice([None, sizes(random, ndim, 1, 6)]),
    }


def padded(x: Numbers, w: Numbers, padding: Any, padding_mode: str, **rest: Any) -> tuple[Any, Sizes]:
    """The input as `torch.nn.Conv2d` pads it, and what is left to its function, which knows zeros on both sides only.

    What PyTorch has no word for is padded as its own framework's rules say, by the oracle.
    """
    own = padding in ("same", "valid") or not any(isinstance(each, tuple) for each in padding)
    if padding_mode == "zeros" and own and padding not in OTHER_WORDS:
        return tensor(x), {"padding": padding, **rest}
    if padding == "same" and {*rest["stride"]} != {1}:
        raise RuntimeError("as torch.nn.Conv2d has it")
    layer = SimpleNamespace(input_size=x.shape, kernel_size=w.shape, padding=padding, **rest)
    ends = [each for pair in reversed(oracle.pads(cast(Conv, layer))) for each in pair]
    return torch.nn.functional.pad(tensor(x), ends, mode="constant" if padding_mode == "zeros" else padding_mode), rest


def by_pytorch(kind: type[AnyLayer], x: Numbers, w: Numbers, given: Sizes) -> Numbers | None:
    """The output as PyTorch computes it, None if there is no such layer."""
    compute = getattr(torch.nn.functional, f"{kind.name}{x.ndim}d")
    try:
        inputs, rest = padded(x, w, **given) if kind is Conv else (tensor(x), given)
        output: Numbers = compute(inputs, tensor(w) if kind.has_weight else w.shape, **rest)[0, 0].numpy()
    except RuntimeError:
        return None
    return output


def accepted(kind: Callable[..., AnyLayer], given: Sizes) -> bool:
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


@pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")  # it tells of a copy, once
@pytest.mark.parametrize("ndim", LAYERS_OF_A_KIND)
@pytest.mark.parametrize(
    ("kind", "draw", "tolerance"),
    [
        (Conv, draw_conv, 0.0),
        (ConvTranspose, draw_conv_transpose, 0.0),
        (MaxPool, draw_max_pool, 0.0),
        (AvgPool, draw_avg_pool, 1e-14),
    ],
)
def test_thousands_of_layers_agree_with_pytorch(kind: type[AnyLayer], draw: Draw, tolerance: float, ndim: int) -> None:
    torch.set_num_threads(1)  # the maps are tiny: threads would only wait for each other
    random = Random(1603_07285)
    agreed, refused, cubes = 0, 0, 0
    mismatches: list[str] = []
    while agreed < LAYERS_OF_A_KIND[ndim] and len(mismatches) < 10:
        x = filled(sizes(random, ndim, 1, 8 if ndim < 3 else 5), random.randrange(2**32))
        w = filled(sizes(random, ndim, 1, 4 if ndim < 3 else 3), random.randrange(2**32))
        given = draw(random, ndim)
        arguments: Sizes = {"input_size": x.shape, "kernel_size": w.shape} | given
        expected = by_pytorch(kind, x, w, given)
        if expected is None:
            if kind is AvgPool and ndim == 3 and any(np.less(x.shape, w.shape)):
                continue  # avg_pool3d alone asks that the window fits the input without its padding
            refused += 1
            if accepted(kind, arguments):
                mismatches.append(f"{kind} {arguments}: built here, refused by PyTorch")
            continue
        layer = kind(**arguments)
        told = dict(told_ways(layer, x, w, all_of_them=agreed % ALL_WAYS_EVERY == 0))
        wrong = [way for way, output in told.items() if not alike(output, expected, tolerance)]
        if wrong or layer.output_size != expected.shape:
            mismatches.append(f"{layer}: other numbers in {', '.join(wrong)}")
        else:
            agreed += 1
            cubes += len({*expected.shape}) == 1
    assert mismatches == []
    assert agreed == LAYERS_OF_A_KIND[ndim]
    assert refused >= agreed / 20, "too few that PyTorch refuses, which must be refused here too"
    assert cubes < agreed / 2 or ndim == 1


def test_hundreds_of_layers_with_channels_agree_with_pytorch() -> None:
    """Groups that PyTorch refuses are refused here too."""
    torch.set_num_threads(1)
    random = Random(2_010)
    agreed = refused = 0
    for _ in range(400):
        ndim = random.choice((1, 2, 2, 3))
        inputs, outputs, groups = (random.randint(1, 6) for _ in range(3))
        x = filled((inputs, *sizes(random, ndim, 3, 6)), random.randrange(2**32))
        w = filled((outputs, max(1, inputs // groups), *sizes(random, ndim, 1, 3)), random.randrange(2**32))
        given = {"stride": sizes(random, ndim, 1, 3), "padding": sizes(random, ndim, 0, 2)}
        channels = {"in_channels": inputs, "out_channels": outputs, "groups": groups}
        arguments: Sizes = {"input_size": x.shape[1:], "kernel_size": w.shape[2:], **given, **channels}
        try:
            getattr(torch.nn, f"Conv{ndim}d")(kernel_size=w.shape[2:], **given, **channels)
        except ValueError:
            refused += 1
            assert not accepted(Conv, arguments), arguments
            continue
        compute = getattr(torch.nn.functional, f"conv{ndim}d")
        expected = compute(torch.from_numpy(x)[None], torch.from_numpy(w), groups=groups, **given)[0].numpy()
        layer = Conv(**arguments)
        found = layer.apply(x.reshape(layer.input_shape), w.reshape(layer.weight_shape))
        np.testing.assert_array_equal(found.reshape(expected.shape), expected)
        agreed += 1
    assert min(agreed, refused) >= 100
