"""What changes from frame to frame, and what an area hides: tiles against pixels."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.drawing.scene import Box, Item, Items, Line, Path, Polygon, Run, Scene, Text, Track
from convgif.rendering import raster
from convgif.rendering.layers import TILE, Layer, Tiles, tiles_of
from tests.arithmetic.strategies import REPEATABLE
from tests.rendering.samples import PAINTS

SIDE: Final = 12
"""Cells along each side of the pictures."""
CELL: Final = 16

spots = st.floats(0, SIDE, width=16)
points = st.tuples(spots, spots)
paths: st.SearchStrategy[Path] = st.lists(points, min_size=2, max_size=4).map(tuple)
parts = st.lists(paths, min_size=1, max_size=3).map(tuple)
areas = st.lists(st.tuples(points, points, points), min_size=1, max_size=3).map(tuple)


def square(col: float, row: float, side: float = 1) -> Path:
    return (col, row), (col + side, row), (col + side, row + side), (col, row + side), (col, row)


upright = st.lists(points.map(lambda at: square(*at, side=2)), min_size=1, max_size=3).map(tuple)
items: st.SearchStrategy[Item] = st.one_of(
    st.builds(Polygon, upright, st.just("output")),
    st.builds(Line, upright, st.just("line"), st.just(0.05)),
    st.builds(
        Polygon, st.lists(st.tuples(points, points, points), min_size=1, max_size=3).map(tuple), st.just("input")
    ),
    st.builds(Line, parts, st.just("line"), st.sampled_from([0.02, 0.3]), st.sampled_from([None, (0.2, 0.2)])),
    st.builds(Text.of, points, st.sampled_from(["1", "12", "−3.5"]), st.just(0.5), st.just(2.0), st.just("text")),
)
pictures: st.SearchStrategy[Items] = st.lists(items, max_size=4).map(tuple)


def as_it_is(items: Items) -> Items:
    return items


def scene_of(*tracks: Track, frames: int) -> Scene:
    return Scene(Box(0, 0, SIDE, SIDE), (100,) * frames, tracks, "")


@REPEATABLE
@given(st.lists(pictures, min_size=2, max_size=4), pictures)
def test_any_items_may_come_go_and_change_places(moving: list[Items], above: Items) -> None:
    """Every picture is painted as the only one of its film is, which is painted whole."""
    tracks = (Track("moving", moving.__getitem__), Track.still("above", lambda: above))
    order = [*range(len(moving)), *reversed(range(len(moving)))]
    alone = [next(raster.frames(scene_of(*tracks, frames=len(moving)), PAINTS, CELL, [frame])) for frame in order]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raster, "MANY", 0)
        together = [*raster.frames(scene_of(*tracks, frames=len(moving)), PAINTS, CELL, order)]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (TILE, 2 * TILE + 1), (100, 40)])
def test_the_parts_are_the_tiles_that_have_changed(width: int, height: int) -> None:
    tiles = Tiles(tiles_of(width, height))
    tiles.changed[:] = np.random.default_rng(0).random(tiles.changed.shape) < 0.5
    found = np.zeros((height, width), dtype=int)
    for part in tiles.parts():
        found[part] += 1
    expected = np.kron(tiles.changed, np.ones((TILE, TILE), dtype=int))[:height, :width]
    np.testing.assert_array_equal(found, expected)


def test_tiles_that_make_a_rectangle_are_one_part() -> None:
    tiles = Tiles((6, 8))
    tiles.changed[1:4, 2:5] = tiles.changed[1:3, 6:] = tiles.changed[5, 2:5] = True
    blocks = [(1, 4, 2, 5), (1, 3, 6, 8), (5, 6, 2, 5)]
    found = [(rows.start, rows.stop, cols.start, cols.stop) for rows, cols in tiles.parts()]
    assert sorted(found) == sorted(tuple(edge * TILE for edge in block) for block in blocks)


def test_a_halo_covers_the_letters_before_it_though_what_lies_between_is_elsewhere() -> None:
    """Only halos of texts that follow each other come first; the area between these two is far from what changes."""
    far = Polygon((square(10, 10),), "input")
    words = [Text((x, 2.5), (Run("WWW"),), 2, 9, "text", halo="paper", crossed=True) for x in (3.0, 3.4)]
    orders: list[Items] = [(words[0], far, words[1]), (words[0], words[1], far)]
    for order in orders:
        below = Track("below", lambda frame: (Polygon((square(frame + 2, 2),), "input"),))
        tracks = (below, Track.still("words", partial(as_it_is, order)))
        whole = [*raster.frames(scene_of(*tracks, frames=3), PAINTS, CELL)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(raster, "MANY", 0)
            anew = [*raster.frames(scene_of(*tracks, frames=3), PAINTS, CELL)]
        np.testing.assert_array_equal(whole, anew)


def test_of_many_parts_those_count_that_come_or_go() -> None:
    """Cells of one area and what is written into them: where two of them change, nothing between them does."""
    from convgif.rendering.agg import Renderer
    from convgif.rendering.painter import Painter

    def cells(frame: int) -> Items:
        taken = {0, 50} if frame else {1, 49}
        area = Polygon(tuple(square(col, 2) for col in range(51) if col not in taken), "input")
        return (
            area,
            *(Text.of((col + 0.5, 2.5), f"{col + frame * (col in taken)}", 0.4, 1, "text") for col in range(51)),
        )

    side = 60 * CELL
    layer = Layer(
        Track("cells", cells), Painter(Renderer(side, side), PAINTS, CELL, (0, side), crisp=True), PAINTS, (side, side)
    )
    layer.turn(0)
    tiles = Tiles(tiles_of(side, side))
    tiles.add(layer, 1)
    assert tiles.changed[:, :4].any()
    assert tiles.changed[:, 49:].any()
    assert not tiles.changed[:, 6:46].any()


@pytest.mark.parametrize(("col", "row"), [(1, 2), (5, 0)])
def test_what_has_changed_within_some_rectangles(col: int, row: int) -> None:
    tiles = Tiles((4, 8))
    tiles.changed[row, col] = tiles.changed[3, 7] = True
    rows, cols = tiles.within(np.array([[0, 0, 3, 2], [4, 0, 5, 2]]))
    assert (rows, cols) == (slice(row * TILE, (row + 1) * TILE), slice(col * TILE, (col + 1) * TILE))


def test_little_is_painted_where_little_changes() -> None:
    """A square that moves by one cell leaves all tiles alone that are not near it; an area above hides what moves."""
    from convgif.rendering.agg import Renderer
    from convgif.rendering.painter import Painter

    def squares(frame: int) -> Items:
        return (Polygon((((frame, 2), (frame + 1, 2), (frame + 1, 3), (frame, 3)),), "input"),)

    def changed(*tracks: Track) -> int:
        side = 60 * CELL
        painter = Painter(Renderer(side, side), PAINTS, CELL, (0, side), crisp=True)
        layers = [Layer(track, painter, PAINTS, (side, side)) for track in tracks]
        for frame in (0, 1):
            tiles = Tiles(tiles_of(side, side))
            for layer in layers:
                tiles.add(layer, frame)
        return int(tiles.changed.sum())

    sheet = Track.still("sheet", lambda: (Polygon((((0, 0), (60, 0), (60, 60), (0, 60)),), "output"),))
    assert 0 < changed(Track("square", squares)) <= 16
    assert changed(Track("square", squares), sheet) < changed(Track("square", squares))
