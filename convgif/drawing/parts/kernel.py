"""The kernel on its own, as it is stored, turned by 180 degrees, or on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from convgif.drawing.lattice import Lattice
from convgif.drawing.parts.captions import sliding_caption
from convgif.drawing.parts.numerals import Writing
from convgif.drawing.parts.planes import Inscription, Plane, Planes, in_place
from convgif.drawing.parts.subject import cells_of
from convgif.drawing.scene import Items, Polygon, Track
from convgif.drawing.timeline import TWEEN_FRAMES, TWEEN_SHARE, Act, eased

WEIGHT: Final = Writing(em=0.5, width=0.8)
MARK: Final = 0.3
"""Cells along each side of the corner that marks the first weight of a kernel that is turned."""


def kernel_plane(planes: Planes, lattice: Lattice) -> Plane:
    """The kernel map of a figure, with its weights if there are any."""

    def weights() -> Inscription | None:
        entries = planes.entries()
        return entries and Inscription.of(entries.weight, WEIGHT.fitted(entries.weight.values()))

    return Plane("kernel", lattice, "kernel", weights)


def turned_kernel(plane: Plane, degrees: float | None = None) -> Items:
    """The kernel map; its first weight is marked where the kernel is turned, be it by 0 degrees.

    Weights stay upright however far the map is turned.
    """
    turned = plane.lattice.turned(degrees or 0.0)
    rows, cols = turned.size
    everything = [(0, 0, rows, cols)]
    items: Items = turned.fill(everything, plane.role)
    if degrees is not None:
        corner = (turned.point(0, 0), turned.point(0, MARK), turned.point(MARK, 0))
        items += (Polygon((corner,), "mark"),)
    return (*items, *turned.rules(everything), *replace(plane, lattice=turned).texts(in_place(cells_of(turned.size))))


def turning(planes: Planes, kernel: Plane) -> Iterator[Act]:
    """The kernel as it is stored, and then on its way to where it is turned."""
    grounds, said = planes.grounds(), sliding_caption(planes.subject)
    yield Act((*grounds, Track.still("kernel", lambda: turned_kernel(kernel, 0.0))), 1, caption=said)
    moves = Track("kernel", lambda frame: turned_kernel(kernel, 180 * eased((frame + 1) / TWEEN_FRAMES)))
    yield Act((*grounds, moves), TWEEN_FRAMES - 1, TWEEN_SHARE, said)
