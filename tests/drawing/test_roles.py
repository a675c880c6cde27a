"""The roles are what the items of scenes play, and no others."""

from __future__ import annotations

from convgif.arithmetic import Conv
from convgif.drawing.composition import compose
from convgif.drawing.roles import AREAS, LINES, ROLES, TEXTS
from convgif.drawing.scene import Item, Line, Polygon, Text
from convgif.figure import Figure
from tests.drawing.golden import FIGURES


def test_every_item_has_a_role_of_its_kind_and_every_role_is_played() -> None:
    """A role that nothing plays would have a colour for nothing."""
    kinds = {Polygon: AREAS, Line: LINES, Text: TEXTS}
    seen = {"paper"}
    copying = Figure(Conv(3, 3, padding=1, padding_mode="reflect"))
    for figure in (*FIGURES.values(), FIGURES["flat_muted"].replaced(prologue=True), copying):
        scene = compose(figure)
        for frame in range(len(scene.durations)):
            items: list[Item] = [item for track in scene.tracks for item in track.at(frame)]
            assert all(item.role in kinds[type(item)] for item in items)
            seen.update(item.role for item in items)
    assert seen == ROLES.keys()
