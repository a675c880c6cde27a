"""How layers are written: what is not the default, and in the framework's words; and what every framework obeys."""

from __future__ import annotations

import pytest

from convgif.arithmetic import Conv
from convgif.frameworks.framework import Framework, Parameter, Signature, Wording
from convgif.registry import FRAMEWORKS, LAYERS
from tests.frameworks.samples import samples

ODD = Signature(
    ("f{ndim}",),
    "conv",
    (
        Parameter("x"),
        Parameter("size", "kernel_size", 2),
        Parameter("step", "stride", None),
        Parameter("pad", "padding", 0),
        Parameter("mode", "mode", "valid"),
        Parameter("further", default=1),
    ),
)
USUAL = {"kernel_size": (2, 2), "stride": (2, 2), "padding": (0, 0), "mode": "valid"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "f2(x, size=2)"),
        ({"stride": (1, 1)}, "f2(x, size=2, step=1)"),
        ({"padding": (0, 1)}, "f2(x, size=2, pad=(0, 1))"),
        ({"mode": "same"}, 'f2(x, size=2, mode="same")'),
        ({"kernel_size": (0, 0), "stride": (0, 0)}, "f2(x, size=0)"),
        ({"kernel_size": (2,), "stride": (1,), "padding": (0,)}, "f1(x, size=2, step=1)"),
    ],
)
def test_what_is_the_default_is_left_out(changes: dict[str, object], said: str) -> None:
    assert ODD.written({**USUAL, **changes}) == said


def test_a_layer_that_a_framework_lacks_is_said_to_lack() -> None:
    empty = Framework("empty", "Empty", (), (), lambda layer, signature: Wording(("never",)))
    assert empty.wording(Conv(4, 2)) == Wording((), "has no convolution")


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_every_framework_says_every_layer_or_why_it_has_none(name: str) -> None:
    framework: Framework = FRAMEWORKS[name]
    for layer in samples(3):
        wording = framework.wording(layer)
        assert wording.lines or wording.note.startswith("has no ")
        assert framework.wording(layer.lifted(layer.ndim)) == wording


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_no_name_is_that_of_two_layers(name: str) -> None:
    framework: Framework = FRAMEWORKS[name]
    for spelled in dict.fromkeys(framework.names()):
        assert sum(one.ndim_of(spelled) is not None for one in framework.signatures) == 1
    for signature in framework.signatures:
        assert signature.layer in LAYERS
        words = [one.word for one in signature.parameters]
        assert len({*words}) == len(words)
        assert signature.kernel is None or "stride" in {one.means for one in signature.parameters}
