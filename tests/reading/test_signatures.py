"""What arguments of frameworks come to, and how what is wrong with them is put in the framework's words."""

from __future__ import annotations

from typing import Any

import pytest

from convgif.errors import InputError
from convgif.frameworks.framework import Parameter, Signature
from convgif.options import by_name
from convgif.reading.signatures import Description, adaptive, covering, halves
from convgif.registry import LAYERS

SIZE, STEP = Parameter("size", "kernel_size"), Parameter("step", "stride", 1)
TOY = Signature(("Toy{ndim}d",), "conv", (SIZE, STEP, Parameter("mode", "mode", "plain"), Parameter("name")))


def toy(**values: Any) -> Description:
    return Description("Toy2d", TOY, 2, values)


def test_problems_are_in_the_words_of_the_framework() -> None:
    with pytest.raises(InputError) as caught:
        toy(size=3, step=0).layer(5)
    assert str(caught.value) == "Toy2d: step = 0: must be an integer >= 1"
    with pytest.raises(InputError, match=r"^Toy2d: size = \(6, 6\): does not fit"):
        toy(size=6).layer(5)
    with pytest.raises(InputError, match=r"^Toy2d: mode = 'odd': is not supported yet; only 'plain' is$"):
        toy(size=3, mode="odd").layer(5)
    with pytest.raises(InputError, match=r"^input_size = 0: must be an integer >= 1$"):
        toy(size=3).layer(0)


def test_what_is_given_beside_the_framework_replaces_its_arguments_and_keeps_its_own_name() -> None:
    assert toy(size=3, step=2).arguments({"input_size": 5, "stride": (1, 2)})["stride"] == (1, 2)
    with pytest.raises(InputError, match=r"^stride = "):
        toy(size=3).arguments({"input_size": 5, "stride": 0})


@pytest.mark.parametrize("layer", LAYERS)
def test_every_argument_of_a_layer_can_be_given_beside(layer: str) -> None:
    arguments = by_name(LAYERS[layer].parameters)
    kind = Signature(("Toy{ndim}d",), layer, tuple(one for one in (SIZE, STEP) if one.means in arguments))
    given = {"input_size": 5, **{name: 1 for name in arguments if name in ("padding", "dilation", "output_size")}}
    made = Description("Toy1d", kind, 1, {"size": 3}).arguments(given)
    assert {name: made[name] for name in given} == dict.fromkeys(given, (1,)) | {"input_size": (5,)}


@pytest.mark.parametrize("given", [0, (0, 1), (1,), "a", (1.5, 2), True])
def test_an_output_size_must_be_one(given: object) -> None:
    with pytest.raises(InputError, match="must be an integer >= 1, or None"):
        adaptive({"output_size": given}, (4, 4))


def test_covering_padding_gives_a_window_for_each_stride() -> None:
    for i in range(1, 9):
        for k in range(1, 5):
            for s in range(1, 5):
                (total,) = covering({"kernel_size": (k,), "stride": (s,)}, (i,))
                assert (i + total - k) // s + 1 == -(-i // s)
                ((before, after),) = halves([total])
                assert after - before in (0, 1)
                assert halves([total], odd_first=True) == [(after, before)]
