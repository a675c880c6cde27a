"""The shared options of views: what each adds to a figure, in every view that has it."""

from __future__ import annotations

import pytest

from convgif.drawing.composition import compose
from convgif.drawing.view import ViewOption
from convgif.drawing.views.options import KERNEL_MAP, PROLOGUE, REVEAL
from convgif.figure import Figure
from convgif.registry import VIEWS
from tests.drawing.cases import SHOWN, options_for, some_layer
from tests.drawing.golden import dump

CASES = [
    (view, declared)
    for view in SHOWN
    for declared in (REVEAL, PROLOGUE, KERNEL_MAP)
    if declared.option.name in options_for(view, some_layer(view))
]
SEEN = {"reveal": "pending", "prologue": "caption", "kernel_map": "kernel"}
"""What is there where an option is on: a role, a track, a role."""


def marks(figure: Figure) -> set[str]:
    """The roles of a scene, and its caption."""
    scene = compose(figure)
    return {*scene.roles, *(track.name for track in scene.tracks if track.name == "caption")}


@pytest.mark.parametrize(("view", "declared"), CASES)
def test_an_option_shows(view: str, declared: ViewOption) -> None:
    """Where a view always has it on, it may be asked for all the same."""
    figure = Figure(some_layer(view), view=view)
    name = declared.option.name
    asked = figure.replaced(**{name: True})
    assert SEEN[name] in marks(asked)
    assert (dump(compose(asked)) == dump(compose(figure))) == (SEEN[name] in marks(figure))


def test_they_are_declared_once() -> None:
    for declared in (REVEAL, PROLOGUE, KERNEL_MAP):
        found = [other for view in VIEWS.values() for other in view.options if other.option == declared.option]
        assert len(found) > 1
        assert all(other is declared for other in found)
