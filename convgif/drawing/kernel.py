"""The kernel on its own, as it is stored, turned by 180 degrees, or on the way."""

from __future__ import annotations

from convgif.drawing.grid import Lattice
from convgif.drawing.maps import Maps
from convgif.drawing.numerals import Writing
from convgif.drawing.scene import Items, Polygon

WEIGHT = Writing(em=0.5, width=0.8)
MARK = 0.3
"""Cells along each side of the corner that marks the first weight of a kernel that is turned."""


def kernel(maps: Maps, lattice: Lattice, degrees: float | None = None) -> Items:
    """The kernel map, with its weights if there are any; its first weight is marked where the kernel is turned.

    Weights stay upright however far the map is turned.
    """
    theme, turned = maps.theme, lattice.turned(degrees or 0.0)
    everything = [(0, 0, *lattice.size)]
    items: Items = turned.fill(everything, theme.kernel)
    if degrees is not None:
        corner = (turned.point(0, 0), turned.point(0, MARK), turned.point(MARK, 0))
        items += (Polygon((corner,), theme.text),)
    items += turned.rules(everything, theme.line)
    if maps.entries is not None:
        writing = WEIGHT.evened(maps.entries.kernel.values())
        items += tuple(writing.text(turned, at, text, theme.text) for at, text in maps.entries.kernel.items())
    return items
