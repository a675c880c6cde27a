"""The palette: which colours it holds, and that every pixel gets the nearest of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from convgif.arithmetic import Conv, ConvTranspose
from convgif.assembling.film import Film
from convgif.assembling.palette import ALIKE, APART, Indices, Palette, packed, palette_of
from convgif.registry import THEMES
from convgif.rendering import colours_of
from convgif.themes.theme import WRITTEN_ON, Color, blend
from tests.assembling.samples import REPEATABLE, film_of

colors = st.tuples(*[st.integers(0, 255)] * 3)
pixels = arrays.arrays(np.uint8, st.tuples(st.integers(1, 4), st.integers(1, 6), st.just(4)))
FILM = film_of(Conv(4, 3), view="flat", random=0)
AREAS, INKS = colours_of(FILM.scene, FILM.theme)


def entries(palette: Palette) -> list[Color]:
    return [(red, green, blue) for red, green, blue in palette.colors[1:].tolist()]


@REPEATABLE
@given(st.lists(colors, min_size=1, max_size=12), st.lists(colors, max_size=12))
def test_the_figures_own_colours_come_first_and_exact(areas: list[Color], inks: list[Color]) -> None:
    own = list(dict.fromkeys((*areas, *inks)))
    assert entries(Palette(tuple(areas), tuple(inks)))[: len(own)] == own


@REPEATABLE
@given(st.lists(colors, min_size=1, max_size=12), st.lists(colors, max_size=12))
def test_blends_are_not_near_to_what_is_there(areas: list[Color], inks: list[Color]) -> None:
    """Entries that the eye cannot tell apart make files larger for nothing."""
    all_of_them = entries(Palette(tuple(areas), tuple(inks)))
    own = set(areas) | set(inks)
    for one, other in itertools.combinations(all_of_them, 2):
        assert one != other
        assert {one, other} <= own or math.dist(one, other) >= APART


@pytest.mark.parametrize("count", [1, 2, 3, 4, 60, 200, 255])
def test_a_palette_fits_into_its_bits(count: int) -> None:
    """256 entries are all a GIF has, one of them transparent; and its codes are at least two bits wide."""
    ground = tuple(((37 * number) % 256, (91 * number) % 256, number) for number in range(count))
    palette = Palette(ground, ((0, 43, 54), (255, 0, 0)))
    assert len(palette.colors) <= 256
    assert entries(palette)[:count] == list(ground)
    assert max(4, len(palette.colors)) <= 1 << palette.bits <= 2 * max(2, len(palette.colors) - 1)


def test_thin_black_lines_on_paper_are_grey() -> None:
    """Those of sight are thinner than a pixel, so that they are hardly ever seen but blended; the grid is dark blue."""
    film = film_of(Conv(4, 3, padding=1))
    palette = palette_of(film)
    blends = [blend((0, 0, 0), (255, 255, 255), share / 5) for share in range(6)]
    shown = palette.colors[palette.indices(packed(np.array([blends], dtype=np.uint8)))][0]
    assert shown.tolist() == [list(color) for color in blends]


def painted(theme: str) -> Iterator[Film]:
    """A figure of every view, with all that can be seen in it."""
    words: dict[str, Any] = {"theme": theme, "title": "Words", "labels": True, "random": 0}
    transposed = ConvTranspose(2, 3, stride=2, padding=1)
    yield film_of(Conv(4, 3, padding=1), view="flat", reveal=True, kernel_map=True, caption=True, **words)
    yield film_of(ConvTranspose(4, 1, padding=1), reveal=True, **words)
    yield film_of(transposed, view="matrix", reveal=True, direct_matrix=True, **words)
    yield film_of(transposed, view="scatter", **words)
    yield film_of(ConvTranspose((3, 2), 2, stride=2, padding=(2, 0)), view="construction", **words)
    yield film_of(Conv(4, 3), view="story", **words)


def meeting(film: Film) -> Iterator[tuple[Color, Color]]:
    """Every ink with every area; but what is written on shaded cells alone, with these alone."""
    shaded = {film.theme[role].color for role in WRITTEN_ON["text_on_shadow"]}
    alone = {film.theme["text_on_shadow"].color} - {
        film.theme[role].color for role in ("line", "sight", "text", "faint", "faint_line", "words")
    }
    areas, inks = colours_of(film.scene, film.theme)
    for ink, area in itertools.product(inks, areas):
        if ink not in alone or area in shaded:
            yield ink, area


@pytest.mark.parametrize("theme", THEMES)
def test_every_blend_of_an_ink_and_an_area_has_a_near_entry(theme: str) -> None:
    """An eighth of the way from an ink to an area is the farthest from the nearest of three blends.

    Inks as near to each other as the lines' black and near-black share theirs, so a quarter of the distance at which
    they do is allowed.
    """
    for film in painted(theme):
        areas, inks = colours_of(film.scene, film.theme)
        assert len(areas) >= 4
        assert inks
        held = np.array(entries(palette_of(film)))
        for ink, area in meeting(film):
            for percent in range(101):
                seen = np.array(blend(ink, area, percent / 100))
                error = float(np.sqrt(np.square(held - seen).sum(axis=1).min()))
                assert error <= math.dist(ink, area) / 8 + ALIKE / 4


def nearest(palette: Palette, image: Indices) -> Indices:
    """How far each pixel is from its nearest entry, squared, the slow way."""
    apart = image[..., None, :3].astype(np.int64) - palette.colors[1:].astype(np.int64)
    found: Indices = np.square(apart).sum(axis=-1).min(axis=-1)
    return found


@REPEATABLE
@given(pixels, pixels)
def test_every_pixel_gets_the_nearest_entry_whatever_its_alpha(one: Indices, other: Indices) -> None:
    """Two images through one palette: what it has looked up for the first must not spoil the second."""
    palette = Palette(AREAS, INKS)
    for image in (one, other, one):
        found = palette.indices(packed(image))
        assert found.shape == image.shape[:2]
        assert found.min() >= 1
        apart = image[..., :3].astype(np.int64) - palette.colors[found].astype(np.int64)
        np.testing.assert_array_equal(np.square(apart).sum(axis=-1), nearest(palette, image))


def test_indices_are_the_callers_own() -> None:
    """The GIF writer marks transparent pixels in them; that must not reach the next frame."""
    palette = Palette(AREAS, INKS)
    image = np.full((2, 2, 4), 255, np.uint8)
    palette.indices(packed(image))[:] = 0
    assert palette.indices(packed(image)).tolist() == [[1, 1], [1, 1]]


def test_figures_that_share_their_colours_share_their_palette() -> None:
    """What has been looked up once is not looked up again for each of the 19 figures."""
    assert palette_of(FILM) is palette_of(film_of(Conv(5, 3), view="flat", random=0))
    assert entries(Palette.of(AREAS, ())) == list(AREAS)


@pytest.mark.parametrize("flip", [False, True])
def test_packed_keeps_red_lowest(flip: bool) -> None:
    """Also of a view into another array, whose bytes do not lie in a row."""
    image = np.array([[[1, 2, 3, 4], [5, 6, 7, 8]]], np.uint8)
    expected = [[0x04030201, 0x08070605]]
    turned = image[:, ::-1] if flip else image
    assert packed(turned).tolist() == [row[::-1] if flip else row for row in expected]


@pytest.mark.parametrize("part", [np.s_[:, :, :3], np.s_[:, :, 1:], np.s_[:, ::-1, :3], np.s_[:1, :, :3]])
def test_packed_without_alpha(part: tuple[slice, ...]) -> None:
    """Whether the three channels are some of four or not, and whichever they are."""
    image = np.arange(24, dtype=np.uint8).reshape(2, 3, 4).copy()
    for pixels in (image[part], np.ascontiguousarray(image[part])):
        numbers = packed(pixels) & 0xFFFFFF
        for channel in range(3):
            np.testing.assert_array_equal(numbers >> 8 * channel & 0xFF, pixels[..., channel])
