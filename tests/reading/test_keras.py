"""Layers read from those of Keras compute what these compute: sizes and numbers, channel by channel."""

from __future__ import annotations

import os
from inspect import Parameter, signature
from random import Random
from typing import Any

import numpy as np
import pytest

import convgif
from convgif.errors import InputError
from convgif.frameworks.keras import FRAMEWORK
from convgif.reading.keras import single
from tests.late import Late
from tests.reading.computing import computed

os.environ.setdefault("KERAS_BACKEND", "torch")
keras: Any = Late("keras")
L: Any = Late("keras.layers")

# Keras itself calls NumPy as NumPy no longer likes it.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")

LAYERS = 500
"""Random ones."""


def drawn(random: Random, name: str, ndim: int) -> dict[str, Any]:
    """Arguments of a layer, with what must be given and some of the others."""

    def sizes(least: int, most: int) -> Any:
        many = tuple(random.randint(least, most) for _ in range(ndim))
        return many if random.random() < 0.5 else many[0]

    if name.startswith("Global"):
        return {"keepdims": True}
    if name.startswith("Adaptive"):
        return {"output_size": sizes(1, 4)}
    given = {"strides": sizes(1, 3), "padding": random.choice(["valid", "same", "SAME"])}
    if "Pool" in name:
        return {**given, "pool_size": sizes(1, 3)}
    given["kernel_size"] = sizes(1, 4)
    if random.random() < 0.3:
        given |= {"strides": 1, "dilation_rate": sizes(1, 2)}
    if name.startswith("Depthwise"):
        return {**given, "depth_multiplier": 2}
    return {**given, "filters": 2, **({"groups": 2} if name in ("Conv1D", "Conv2D") else {})}


def numbers_of(name: str, arguments: dict[str, Any], size: tuple[int, ...]) -> tuple[Any, Any] | None:
    """What Keras and we make of an input; None where Keras refuses or knows that its backends differ."""
    x = np.random.default_rng(1).normal(size=(1, *size, 2))
    try:
        layer = getattr(L, name)(**arguments, dtype="float64")
        truth = keras.ops.convert_to_numpy(layer(x))[0]
    except (RuntimeError, ValueError, UserWarning):
        return None
    try:
        found = single(layer, size)
        assert found is not None
        assert found.layer
    except InputError as error:
        if "what is cut must be" in str(error):
            return None
        raise
    if name.startswith("Average") and not found.layer.symmetric:
        return None  # on PyTorch, Keras pads the input first, and the average counts that; elsewhere it does not
    return np.moveaxis(truth, -1, 0), computed(found, np.moveaxis(x[0], -1, 0))


def test_random_layers_compute_the_same() -> None:
    random, compared = Random(3), 0
    kinds = [(name, n) for one in FRAMEWORK.signatures for n in one.axes for name in one.spelled(n)[:1] if n < 3]
    kinds = [(name, n) for name, n in kinds if not name.startswith("Separable")]
    while compared < LAYERS:
        name, ndim = random.choice(kinds)
        both = numbers_of(name, drawn(random, name, ndim), tuple(random.randint(3, 6) for _ in range(ndim)))
        if both is not None:
            np.testing.assert_allclose(both[1], both[0], atol=1e-6)
            compared += 1


def test_signatures_are_those_of_the_real_classes() -> None:
    """Names, order and defaults, behind which any layer takes some by name."""
    for ours in FRAMEWORK.signatures:
        for name in (name for ndim in ours.axes for name in ours.spelled(ndim)):
            theirs = [one for one in signature(getattr(L, name)).parameters.values() if one.kind is not one.VAR_KEYWORD]
            assert [one.word for one in ours.parameters[: len(theirs)]] == [one.name for one in theirs]
            for mine, other in zip(ours.parameters, theirs, strict=False):
                default = other.default[0] if isinstance(other.default, tuple) else other.default
                assert (default is Parameter.empty) == (type(mine.default).__name__ == "_Required")
                assert not mine.means or default in (mine.default, Parameter.empty)


def model() -> Any:
    inner = keras.Sequential([L.Conv2D(4, 3, activation="relu", name="conv"), L.MaxPooling2D(name="pool")], name="in")
    x = keras.Input((10, 10, 3))
    return keras.Model(x, L.Dropout(0.5)(inner(L.Rescaling(2.0)(x))))


def test_a_model_has_its_layers_and_those_of_the_models_inside() -> None:
    figures = convgif.figures_from_keras(model(), view="flat")
    assert {name: figure.title for name, figure in figures.items()} == {
        "conv": "conv: Rescaling → Conv2D → relu",
        "pool": "pool: MaxPooling2D → Dropout",
    }
    assert figures["pool"].layer.input_size == (8, 8)
    assert figures["pool"].view == "flat"


def test_a_layer_of_a_model_has_its_size_and_its_kernel() -> None:
    made = model()
    layer = made.layers[2].layers[0]
    figure = convgif.from_keras(layer, channel=(3, 2))
    assert figure == convgif.from_keras(made, name="conv", channel=(3, 2))
    np.testing.assert_allclose(figure.weight, keras.ops.convert_to_numpy(layer.kernel)[:, :, 2, 3], atol=0.005)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "size", "said"),
    [
        (lambda: L.Dense(2), None, "layer = 'Dense': is or holds no layer that can be drawn"),
        (lambda: L.Conv2D(1, 3), None, "Conv2D: input_size: is missing; it is part of no model"),
        (lambda: L.Conv2D(1, 5), 4, "Conv2D: kernel_size = (5, 5): does not fit"),
        (lambda: keras.Sequential([L.Input((None, None, 1)), L.Conv2D(1, 3)]), None, "conv"),
        (model, 4, "input_size = 4: must be left out"),
        (model, None, "name: is missing; Functional has 2 layers: conv, pool"),
    ],
)
def test_what_cannot_be_drawn_is_named(make: Any, size: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        convgif.from_keras(make(), size)
    assert str(caught.value).startswith(said)
    with pytest.raises(InputError, match=r"^channel: must be left out: .* before it is built$"):
        convgif.from_keras(L.Conv2D(1, 3), 4, channel=(0, 0))
