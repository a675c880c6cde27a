"""Layers read from modules of PyTorch compute what those modules compute: sizes and numbers, channel by channel."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest

import convgif
from convgif.errors import InputError
from convgif.frameworks.pytorch import FRAMEWORK
from convgif.reading.torch import along, described, single
from tests.reading.computing import computed

torch = pytest.importorskip("torch")
nn: Any = torch.nn

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")

MODULES = 64
"""Random ones, a third of them with weights."""


def drawn(random: Random, name: str, ndim: int) -> dict[str, Any]:
    """Arguments of a layer, impossible ones now and then."""

    def sizes(least: int, most: int) -> Any:
        many = tuple(random.randint(least, most) for _ in range(ndim))
        return many if random.random() < 0.5 else many[0]

    if name.startswith("Adaptive"):
        return {"output_size": sizes(1, 3)}
    given = {"kernel_size": sizes(1, 3), "stride": sizes(1, 3), "padding": sizes(0, 1)}
    if name.startswith("Conv"):
        groups = random.randint(1, 2)
        given |= {"in_channels": 2 * groups, "out_channels": 3 * groups, "groups": groups, "dilation": sizes(1, 2)}
    if name.startswith("ConvTranspose"):
        given["output_padding"] = sizes(0, 1)
    elif name.startswith("Conv") and random.random() < 0.3:
        given |= {"stride": 1, "padding": random.choice(["same", "valid"])}
    if name.startswith("AvgPool"):
        given["count_include_pad"] = random.random() < 0.5
    return given


def test_random_modules_give_layers_that_compute_the_same() -> None:
    random, compared = Random(7), 0
    refused: list[str] = []
    torch.manual_seed(7)
    kinds = [(name, ndim) for ndim in (1, 2, 3) for one in FRAMEWORK.signatures for name in one.spelled(ndim)]
    kinds = [(name, ndim) for name, ndim in kinds if not name.startswith("Lazy")]
    while compared < MODULES:
        name, ndim = kinds[compared % len(kinds)]
        size = tuple(random.randint(3, 5) for _ in range(ndim))
        try:
            module = getattr(nn, name)(**drawn(random, name, ndim)).double()
            x = torch.randn(getattr(module, "in_channels", 2), *size, dtype=torch.float64)
            truth = module(x).detach().numpy()
        except (RuntimeError, ValueError):
            continue
        try:
            found = single(module, size)
            assert found is not None
            assert found.layer
        except InputError as error:
            refused.append(str(error))
            continue
        bias = getattr(module, "bias", None)
        added = 0 if bias is None else bias.detach().numpy().reshape(-1, *(1,) * ndim)
        np.testing.assert_allclose(computed(found, x.numpy()) + added, truth, atol=1e-9)
        compared += 1
    assert all("not supported yet" in said for said in refused)


@pytest.mark.parametrize("signature", FRAMEWORK.signatures, ids=lambda one: f"{one.names[0]} {one.axes}")
def test_signatures_are_those_of_the_real_classes(signature: Any) -> None:
    """Names, order and defaults; a parameter that PyTorch adds would be missed here."""
    from inspect import signature as real

    for ndim in signature.axes:
        (name,) = signature.spelled(ndim)
        theirs = list(real(getattr(nn, name)).parameters.values())
        ours = signature.parameters
        assert [one.word for one in ours] == [one.name for one in theirs]
        for mine, other in zip(ours, theirs, strict=True):
            assert mine.default == other.default or other.default is other.empty


def test_channels_pass_on_where_the_view_draws_them() -> None:
    module = nn.Conv2d(4, 2, 3, groups=2)
    layer = convgif.from_torch(module, 5, view="channels").layer
    assert layer == convgif.Conv(5, 3, in_channels=4, out_channels=2, groups=2)
    assert convgif.from_torch(module, 5).layer == convgif.Conv(5, 3)
    assert not layer.channels.single
    assert single(nn.MaxPool2d(2), 4).channels() == {}  # type: ignore[union-attr]  # it is a layer


class Block(nn.Module):  # type: ignore[misc]  # PyTorch need not be there
    """A layer that is used twice, one that is not used, and one beneath."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.unused = nn.Conv2d(3, 3, 9)
        self.inner = nn.Sequential(nn.MaxPool2d(2), nn.Dropout(), nn.ReLU())

    def forward(self, x: Any) -> Any:
        return self.inner(self.conv(self.conv(x)))


def test_an_input_meets_the_layers_of_a_model_in_its_order() -> None:
    model = Block()
    found = along(model, 8)
    assert [one.title for one in found] == ["conv: Conv2d", "conv-2: Conv2d", "inner.0: MaxPool2d → Dropout → ReLU"]
    assert [one.layer.input_size for one in found] == [(8, 8)] * 3
    assert model.training
    assert not model.conv._forward_hooks
    for size in ((8, 8), (3, 8, 8), (1, 3, 8, 8), torch.ones(3, 8, 8)):
        assert [one.layer for one in along(model, size)] == [one.layer for one in found]


def test_what_a_model_gives_must_be_what_the_arguments_say() -> None:
    class Padded(nn.Conv2d):  # type: ignore[misc]  # likewise
        def forward(self, x: Any) -> Any:
            return super().forward(nn.functional.pad(x, (1, 1, 1, 1)))

    with pytest.raises(InputError, match=r"^0: Padded: gives 6x6 where its arguments say 4x4"):
        convgif.from_torch(nn.Sequential(Padded(1, 1, 3)), 6)


@pytest.mark.parametrize(
    ("module", "size", "said"),
    [
        (lambda: nn.Sequential(nn.Linear(2, 2)), 4, "module = 'Sequential': holds no layer that can be drawn"),
        (lambda: nn.Conv2d(1, 1, 9, padding_mode="reflect", padding=4), 4, "Conv2d: padding = (4, 4): must be at most"),
        (lambda: nn.AvgPool2d(2, divisor_override=3), 4, "AvgPool2d: divisor_override = 3: is not supported yet"),
        (lambda: nn.AdaptiveAvgPool2d((3, 3, 3)), 5, "AdaptiveAvgPool2d: output_size = (3, 3, 3): must be"),
        (lambda: nn.Conv2d(1, 1, 5), 4, "Conv2d: kernel_size = (5, 5): does not fit"),
        (lambda: nn.Conv2d(1, 1, 3), (4,), "input_size = (4,): must have 2 numbers"),
        (lambda: nn.MaxPool2d((2, 2, 2)), 4, "MaxPool2d: kernel_size = (2, 2, 2): must have 2 numbers"),
        (lambda: nn.Sequential(nn.Conv2d(1, 1, 3)), (2, 1, 1, 4, 4), "input_size = (2, 1, 1, 4, 4): must be 2 sizes"),
        (lambda: nn.Sequential(nn.Conv2d(1, 1, 3)), (2, 4, 4), "input_size = (1, 2, 4, 4): the model fails on it"),
        (lambda: nn.Sequential(nn.LazyConv2d(1, 3)), 4, "module = 'Sequential': has lazy layers"),
        (
            lambda: nn.Sequential(nn.MaxPool2d(2), nn.MaxPool2d(1)),
            4,
            "layer: is missing; Sequential has 2 layers: 0, 1",
        ),
    ],
)
def test_what_cannot_be_drawn_is_named(module: Any, size: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        convgif.from_torch(module(), size)
    assert str(caught.value).startswith(said)


def test_figures_have_the_kernel_of_a_channel() -> None:
    module = nn.ConvTranspose2d(4, 6, 2, groups=2)
    figure = convgif.from_torch(nn.Sequential(nn.ReLU(), module), 3, "1", channel=(5, 3), view="flat")
    assert figure.view == "flat"
    assert figure.numbers is not None
    np.testing.assert_allclose(figure.numbers.weight, module.weight[3, 2].detach(), atol=0.005)  # type: ignore[arg-type]
    given = convgif.from_torch(module, 1, channel=(0, 0), input=[[7]])
    assert given.random is None
    for channel, inputs in (((5, 1), "2 to 3"), ((0, 2), "0 to 1")):
        with pytest.raises(InputError, match=rf"pairs channels of two groups: .* {inputs}$"):
            convgif.from_torch(module, 3, channel=channel)


def test_figures_of_a_model_are_named_as_render_takes_them(tmp_path: Any) -> None:
    figures = convgif.figures_from_torch(nn.Sequential(nn.MaxPool2d(2), nn.ReLU()), 4, labels=True)
    assert [done.name for done in convgif.render(figures, tmp_path, ["svg"])] == ["0"]
    assert figures["0"].labels
    assert list(convgif.figures_from_torch(nn.MaxPool2d(2), 4)) == ["MaxPool2d"]
    with pytest.raises(InputError, match=r"^layer = '0': must be left out"):
        convgif.from_torch(nn.MaxPool2d(2), 4, "0")


def test_all_layers_that_cannot_be_drawn_are_named_at_once_and_none_is_in_the_way_of_another() -> None:
    model = nn.Sequential(nn.AvgPool2d(1, divisor_override=3), nn.MaxPool2d(2), nn.AvgPool2d(2, divisor_override=3))
    with pytest.raises(InputError) as caught:
        convgif.figures_from_torch(model, 5)
    assert [problem.place for problem in caught.value.problems] == ["0: AvgPool2d:", "2: AvgPool2d:"]
    assert convgif.from_torch(model, 5, "1").layer.input_size == (5, 5)
    with pytest.raises(InputError) as caught:
        convgif.figures_from_torch(nn.Sequential(*[nn.MaxPool2d(1)] * 2), 5, vew="flat")
    assert len(caught.value.problems) == 1


def test_a_layer_of_a_subclass_is_that_of_its_base() -> None:
    class Mine(nn.Conv2d):  # type: ignore[misc]  # likewise
        pass

    assert described(Mine(1, 1, 3), "x") is not None
    assert described(nn.ReLU(), "x") is None


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers(number: float) -> None:
    module = nn.Conv2d(1, 1, 3)
    module.weight.data[0, 0, 1, 2] = number
    with pytest.raises(InputError, match=r"channel = \(0, 0\): has weights that are infinite or no numbers"):
        convgif.from_torch(module, 5, channel=(0, 0))


@pytest.mark.parametrize(
    ("given", "said"), [({"dtype": torch.complex64}, "complex weights"), ({"device": "meta"}, "no weights yet")]
)
def test_weights_that_cannot_be_drawn(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=f"module = 'Conv2d': has {said}"):
        convgif.from_torch(nn.Conv2d(1, 1, 3, **given), 5, channel=(0, 0))


@pytest.mark.parametrize("module", [None, 3, "x"])
def test_what_is_no_module(module: Any) -> None:
    for read in (convgif.from_torch, convgif.figures_from_torch):
        with pytest.raises(InputError, match=r"module = .*: must be a module of PyTorch"):
            read(module, 5)


def test_an_input_that_no_memory_holds() -> None:
    with pytest.raises(InputError, match=r"input_size = 100000000: is too large for an input of it to be made"):
        convgif.figures_from_torch(nn.Sequential(nn.Conv2d(1, 1, 3)), 10**8)
