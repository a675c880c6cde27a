"""Layers read from those of Flax compute what these compute: sizes and numbers, channel by channel."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from inspect import Parameter, signature
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

import convgif
from convgif.errors import InputError
from convgif.frameworks.flax import FRAMEWORK, NNX
from convgif.options import REQUIRED
from convgif.reading.flax import single
from tests.late import Late
from tests.reading.computing import computed

jax: Any = Late("jax")
nn: Any = Late("flax.linen")
nnx: Any = Late("flax.nnx")

LAYERS = 16
"""Random ones; JAX takes long for each."""
KINDS = tuple(product(("Conv", "ConvTranspose", "max_pool", "avg_pool"), (nn, nnx)))
REFUSED = ("not supported yet", "does not fit", "must be at most", "nothing is left")


def drawn(random: Random, name: str, ndim: int, *, turned: bool) -> dict[str, Any]:
    """Arguments of a layer."""

    def sizes(least: int, most: int) -> tuple[int, ...]:
        return tuple(random.randint(least, most) for _ in range(ndim))

    kernel = sizes(2 if name == "ConvTranspose" else 1, 3)
    words = ["CIRCULAR", "REFLECT"] if name == "Conv" else []
    padding: Any = random.choice(
        ["SAME", "VALID", "SAME_LOWER" if name != "ConvTranspose" else "SAME", "pairs", *words]
    )
    if padding == "pairs":
        padding = tuple((n, n + random.choice([0, 0, 1])) for n in sizes(0, 1))
    if "pool" in name:
        counted = {"count_include_pad": random.random() < 0.5} if name == "avg_pool" else {}
        return {"window_shape": kernel, "strides": random.choice([None, sizes(1, 3)]), "padding": padding, **counted}
    given = {"kernel_size": kernel, "strides": sizes(1, 2), "padding": padding, "kernel_dilation": sizes(1, 2)}
    if name == "Conv":
        return {**given, "feature_group_count": random.choice([1, 2])}
    return {**given, "transpose_kernel": turned}


def kernel(key: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Weights, which JAX need not compile anything for."""
    return np.random.default_rng(len(shape)).integers(-3, 4, shape).astype(np.float32)


def made(name: str, home: Any, given: dict[str, Any], channels: int) -> Any:
    """A layer of Linen's or NNX's, or a pooling function with its arguments."""
    if "pool" in name:
        return partial(getattr(home, name), **given)
    given = {**given, "use_bias": False, "kernel_init": kernel}
    if home is nn:
        return getattr(nn, name)(4, **given)
    return getattr(nnx, name)(channels, 4, rngs=nnx.Rngs(0), **given)


def test_random_layers_compute_the_same() -> None:
    random, compared = Random(11), 0
    while compared < LAYERS:
        name, home = KINDS[compared % len(KINDS)]
        ndim = random.choice([1, 2])
        size = tuple(random.randint(3, 5) for _ in range(ndim))
        layer = made(name, home, given := drawn(random, name, ndim, turned=home is nnx), channels=2)
        x = np.random.default_rng(compared).integers(-4, 5, (1, *size, 2)).astype(np.float32)
        variables = layer.init(jax.random.key(0), x) if isinstance(layer, nn.Module) else None
        found = single(layer, size, variables)
        with suppress(InputError):
            assert found.layer
        if "layer" not in vars(found):
            with pytest.raises(InputError, match="|".join(REFUSED)):
                assert found.layer
            continue
        truth = layer.apply(variables, x) if variables else layer(x)
        ours = computed(found, np.moveaxis(x[0], -1, 0))
        np.testing.assert_allclose(ours, np.moveaxis(np.asarray(truth[0]), -1, 0), rtol=1e-5, err_msg=f"{name} {given}")
        compared += 1


NEW: Any = {"conv_general_dilated", "conv_general_dilated_cls", "preferred_element_type"}
"""Arguments that not all versions of Flax have."""


@pytest.mark.parametrize(("framework", "home"), [(FRAMEWORK, nn), (NNX, nnx)], ids=["linen", "nnx"])
def test_signatures_are_those_of_the_real_classes(framework: Any, home: Any) -> None:
    """Names, order, defaults, and which must be named; None stands for 1."""
    for ours in framework.signatures:
        real = getattr(home, ours.names[0])
        real = vars(real).get("__init__", real) if isinstance(real, type) else real
        theirs = {name: one for name, one in signature(real).parameters.items() if name != "self"}
        own = {one.word: one for one in ours.parameters if one.word in theirs or one.word not in NEW}
        assert [*own] == [*theirs]
        for name, one in theirs.items():
            assert (one.default is Parameter.empty) == (own[name].default is REQUIRED)
            assert not own[name].means or one.default in (own[name].default, None, Parameter.empty)
            assert one.default is not None or own[name].default in (1, None)
        named = [name for name, one in theirs.items() if one.kind is Parameter.KEYWORD_ONLY]
        assert ours.positional is None or [*own][ours.positional :] == named


def test_a_channel_of_the_weights_is_shown() -> None:
    layer = nnx.Conv(2, 3, kernel_size=(3, 3), rngs=nnx.Rngs(0))
    figure = convgif.from_flax(layer, 5, channel=(2, 1))
    np.testing.assert_allclose(np.asarray(figure.weight), np.asarray(layer.kernel[...])[:, :, 1, 2], atol=0.05)
    linen = nn.Conv(3, (3, 3))
    variables = linen.init(jax.random.key(0), np.zeros((1, 5, 5, 2)))
    shown = convgif.from_flax(linen, 5, channel=(2, 1), variables=variables)
    assert shown == convgif.from_flax(linen, 5, channel=(2, 1), variables=variables["params"])
    np.testing.assert_allclose(np.asarray(shown.weight), variables["params"]["kernel"][:, :, 1, 2], atol=0.05)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: nn.Dense(2), "layer = 'Dense': is no layer that can be drawn"),
        (lambda: partial(nn.pooling.min_pool, window_shape=(2, 2)), "layer = 'min_pool': is no layer"),
        (lambda: nn.ConvLocal(2, (3, 3)), "layer = 'ConvLocal': is no layer"),
        (
            lambda: nn.ConvTranspose(2, (3, 3), padding="CIRCULAR"),
            "ConvTranspose: padding = 'CIRCULAR': is not",
        ),
        (lambda: nn.Conv(2, (3, 3)), "channel: must be left out, or variables given as well"),
    ],
)
def test_what_cannot_be_drawn_is_named(make: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        convgif.from_flax(make(), 5, channel=(0, 0))
    assert str(caught.value).startswith(said)
