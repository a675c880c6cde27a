"""The shared options of views: what each adds to a figure, in every view that has it."""

from __future__ import annotations

import pytest

from convgif.arithmetic import Conv, MaxPool
from convgif.arithmetic.layer import Layer
from convgif.drawing.composition import compose
from convgif.drawing.view import ViewOption
from convgif.drawing.views.options import KERNEL_MAP, PROLOGUE, REVEAL, WORKED
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.registry import VIEWS
from tests.drawing.cases import SHOWN, options_for, some_layer
from tests.drawing.golden import dump

CASES = [
    (view, declared)
    for view in SHOWN
    for declared in (REVEAL, PROLOGUE, KERNEL_MAP, WORKED)
    if declared.option.name in options_for(view, some_layer(view))
]
SEEN = {"reveal": "pending", "prologue": "caption", "kernel_map": "kernel", "worked": "footing"}
"""What is there where an option is on: a role, a track, a role, a track."""


def marks(figure: Figure) -> set[str]:
    """The roles of a scene, its caption and its footing."""
    scene = compose(figure)
    return {*scene.roles, *(track.name for track in scene.tracks if track.name in ("caption", "footing"))}


@pytest.mark.parametrize(("view", "declared"), CASES)
def test_an_option_shows(view: str, declared: ViewOption) -> None:
    """Where a view always has it on, it may be asked for all the same."""
    figure = Figure(some_layer(view), view=view, random=0 if declared.numbered else None)
    name = declared.option.name
    asked = figure.replaced(**{name: True})
    assert SEEN[name] in marks(asked)
    assert (dump(compose(asked)) == dump(compose(figure))) == (SEEN[name] in marks(figure))


@pytest.mark.parametrize(
    ("layer", "give"), [(Conv(4, 3), "input, weight or random"), (MaxPool(4, 2), "input or random")]
)
def test_a_sum_is_not_worked_out_without_numbers(layer: Layer, give: str) -> None:
    with pytest.raises(InputError) as raised:
        compose(Figure(layer, worked=True))
    (problem,) = raised.value.problems
    assert str(problem) == "worked = True: works with numbers, and the figure has none; random = 0 makes some up"


def test_they_are_declared_once() -> None:
    for declared in (REVEAL, PROLOGUE, KERNEL_MAP, WORKED):
        found = [other for view in VIEWS.values() for other in view.options if other.option == declared.option]
        assert len(found) > 1
        assert all(other is declared for other in found)
