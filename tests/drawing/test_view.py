"""What views say of themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.drawing.timeline import Drawing
from convgif.drawing.view import View
from convgif.figure import Figure
from convgif.options import Flag
from convgif.registry import LAYERS, VIEWS


def nothing(figure: Figure) -> Drawing:
    """Draws nothing."""
    raise NotImplementedError


@pytest.mark.parametrize(
    ("view", "suited"),
    [
        (View("any", "all of them", nothing), [Conv(3, 2), Conv((3,), 2), MaxPool(2, 2)]),
        (View("direct", "one kind", nothing, layers=(Conv,), dimensions=(2, 3)), [Conv(3, 2), Conv((3, 3, 3), 2)]),
    ],
)
def test_a_view_suits_layers_of_its_kinds_over_so_many_axes(view: View, suited: list[Conv]) -> None:
    layers = [Conv(3, 2), Conv((3,), 2), Conv((3, 3, 3), 2), ConvTranspose(2, 2), MaxPool(2, 2)]
    assert {layer for layer in layers if view.suits(layer)} >= {*suited}
    assert view.suits(ConvTranspose(2, 2)) == (view.name == "any")
    several = Conv(3, 2, out_channels=2)
    assert not view.suits(several)
    assert replace(view, channels=True).suits(several)


def test_a_view_may_draw_no_padding_that_copies() -> None:
    copying = Conv(3, 2, padding=1, padding_mode="reflect")
    assert View("any", "all of them", nothing).suits(copying)
    assert not View("zeros", "zeros only", nothing, copies=False).suits(copying)
    assert View("zeros", "zeros only", nothing, copies=False).suits(Conv(3, 2, padding_mode="reflect"))


@pytest.mark.parametrize("name", VIEWS)
def test_views_say_what_they_show_and_what_they_take(name: str) -> None:
    """In a line each, as `convgif list` and the help show it; an option that suits no layer of the view is none."""
    view: View = VIEWS[name]
    assert view.name == name
    assert view.meaning
    assert not view.meaning.endswith(".")
    for declared in view.options:
        assert isinstance(declared.option.kind, Flag)
        assert declared.option.meaning
        assert declared.option.default is False
        assert any(issubclass(kind, declared.layers) and issubclass(kind, view.layers) for kind in LAYERS.values())


def test_an_option_means_the_same_in_all_views() -> None:
    declared = [declared.option for view in VIEWS.values() for declared in view.options]
    assert len({*declared}) == len({option.name for option in declared})
