"""SVG, read back by the rules of the standards: at every time it shows the scene's frame of that time."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache, partial
from itertools import accumulate, chain
from math import prod
from typing import Final, get_args
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path as Outlines
from PIL import ImageFont

from convgif.arithmetic import Conv, ConvTranspose
from convgif.drawing.composition import compose
from convgif.drawing.metrics import Font
from convgif.drawing.roles import AREAS, LINES, TEXTS
from convgif.drawing.scene import MARGIN, POINT, Anchor, Box, Item, Line, Point, Polygon, Run, Scene, Text, Track
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.presets import load_families, load_presets
from convgif.registry import LANGUAGES, THEMES, VIEWS
from convgif.rendering import vector
from convgif.rendering.dejavu import FILES, font_file
from convgif.rendering.marks import halo_color, has_halo
from convgif.themes import counterpart, theme_of
from convgif.themes.theme import Color, Theme
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.cases import CASES
from tests.rendering.reader import SVG, Drawing, Points, Shape, read, walked
from tests.rendering.samples import FIGURES, PAINTS, beads, items_of, scene_of, some, square, still

UNIT: Final = 20
"""Units of the file a cell."""
NEAR: Final = 0.1 + 1e-6
"""A tenth of a unit: half of it for where a thing is, half for where it is moved to."""
CALM: Final = frozenset({"prefers-reduced-motion:reduce"})
NIGHT: Final = frozenset({"prefers-color-scheme:dark"})

PRESETS: Final = load_presets()
GUIDE: Final = {
    name: figure
    for kin, family in load_families().items()
    if kin in ("guide", "numerical")
    for name, figure in family.figures.items()
}
SHOWN: Final = {**dict(list(PRESETS.items())[::5]), **FIGURES}
"""Some are read back in every detail."""


@cache
def drawn(figure: Figure) -> tuple[Scene, str]:
    """The scene of a figure, and its file by day and night."""
    scene, theme = scene_of(figure), theme_of(figure)
    return scene, vector.animated(scene, theme, figure.cell_pixels, counterpart(theme), figure.loop)


def day(figure: Figure) -> Theme:
    return theme_of(figure)


def night(figure: Figure) -> Theme:
    """What it looks like on dark pages."""
    theme = theme_of(figure)
    return counterpart(theme) or theme


read_once = cache(read)


def middles(scene: Scene) -> list[float]:
    """The middle of every frame's time, in milliseconds."""
    starts = accumulate(scene.durations, initial=0)
    return [start + duration / 2 for start, duration in zip(starts, scene.durations, strict=False)]


def color(text: str) -> Color:
    """A colour from its digits."""
    digits = text.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def seen(shapes: Sequence[Shape]) -> list[Shape]:
    """Those that are painted at all; the others are seen on other pages."""
    return [shape for shape in shapes if {shape.style.get("fill"), shape.style.get("stroke")} - {"none", None}]


def assert_same(shapes: Sequence[Shape], items: Sequence[Item], theme: Theme) -> None:
    """The shapes are the items in that theme, in the same order: hatching follows the area that it lies on."""
    everything = seen(shapes)
    rims = [shape for shape in everything if shape.runs and "stroke" in shape.style]
    left = [shape for shape in everything if shape not in rims]
    haloed = [item for item in items if isinstance(item, Text) and has_halo(item, theme)]
    assert_halos(rims, [item for item in haloed if halo_color(item, theme)], theme)
    for item in items:
        style = theme[item.role]
        if isinstance(item, Polygon):
            if style.color is not None:
                assert_area(left.pop(0), item, style.color)
            if style.hatch is not None:
                assert_hatching(left.pop(0), item, style.hatch)
        elif isinstance(item, Line):
            assert_line(left.pop(0), item, theme)
        else:
            assert_text(left.pop(0), item, theme)
    assert not left


def assert_halos(rims: Sequence[Shape], texts: Sequence[Text], theme: Theme) -> None:
    """A rim in the colour of the ground around each, in the place and of the size of its letters."""
    for rim, text in zip(rims, texts, strict=True):
        assert color(rim.style["fill"]) == color(rim.style["stroke"]) == halo_color(text, theme)
        assert rim.style["stroke-linejoin"] == "round"
        assert "".join(run.text for run in rim.runs) == text.text
        ink = theme[text.role].color
        assert ink is not None
        assert_text(rim._replace(style={**rim.style, "fill": "#{:02x}{:02x}{:02x}".format(*ink)}), text, theme)


def in_units(points: Sequence[Point]) -> Points:
    """Points in units of the file."""
    return tuple((x * UNIT, y * UNIT) for x, y in points)


def assert_near(ours: Sequence[Point], theirs: Sequence[Point]) -> None:
    assert np.all(np.abs(np.subtract(ours, theirs)) <= NEAR), (ours, theirs)


def area(points: Sequence[Point] | npt.NDArray[np.float64]) -> float:
    """The area inside of some corners: Gauss's formula."""
    x, y = np.asarray(points).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def assert_area(shape: Shape, item: Polygon, fill: Color) -> None:
    """Every corner is one of the item's; together they cover as much, and all of each part, whatever was joined."""
    assert color(shape.style["fill"]) == fill
    assert "stroke" not in shape.style
    assert all(part[0] == part[-1] for part in shape.parts)
    parts = [np.asarray(in_units(part)) for part in item.parts]
    ours, theirs = np.concatenate([np.asarray(part) for part in shape.parts]), np.concatenate(parts)
    assert np.all(np.abs(theirs[:, None] - ours[None]).max(2).min(0) <= NEAR)
    edge = sum(float(np.abs(np.diff(np.asarray(part), axis=0)).sum()) for part in shape.parts)
    assert sum(map(area, shape.parts)) == pytest.approx(sum(map(area, parts)), abs=edge * NEAR)
    inside = np.concatenate([part.mean(0) + 0.8 * (part - part.mean(0)) for part in parts])
    covered = [Outlines(np.asarray(part)).contains_points(inside) for part in shape.parts]
    assert np.all(np.any(covered, axis=0))


def assert_hatching(shape: Shape, item: Polygon, ink: Color) -> None:
    """Three lines over each cell, from its edge at the top right: one along the diagonal, two half as long."""
    assert color(shape.style["stroke"]) == ink
    assert shape.style["fill"] == "none"
    assert float(shape.style["stroke-width"]) == pytest.approx(0.4 * POINT * UNIT, abs=0.006)
    expected: list[Point] = []
    for start, right, end, down in np.asarray(item.parts, float):
        for from_, to in (
            ((start + right) / 2, (start + down) / 2),
            (right, down),
            ((right + end) / 2, (end + down) / 2),
        ):
            expected.extend((tuple(from_), tuple(to)))
    assert_near([*chain(*shape.parts)], in_units(expected))


def assert_line(shape: Shape, item: Line, theme: Theme) -> None:
    style = theme[item.role]
    assert style.color is not None
    assert shape.style["fill"] == "none"
    assert color(shape.style["stroke"]) == style.color
    assert float(shape.style["stroke-width"]) == pytest.approx(item.width * UNIT, abs=0.006)
    dash = shape.style.get("stroke-dasharray", "none")
    if item.dash is None or not style.dash:
        assert dash == "none"
    else:
        assert [float(length) for length in dash.split()] == pytest.approx(
            [length * UNIT for length in item.dash], abs=0.006
        )
    # Solid lines in place of dashed ones meet at the corners.
    square = item.dash is not None and not style.dash
    assert shape.style.get("stroke-linecap", "butt") == ("square" if square else "butt")
    assert [len(part) for part in shape.parts] == [len(part) for part in item.parts]
    assert_near([*chain(*shape.parts)], in_units([*chain(*item.parts)]))


@cache
def typeface(font: Font, slanted: bool = False) -> ImageFont.FreeTypeFont:
    """A font, at a thousand pixels an em, as Pillow reads it."""
    return ImageFont.truetype(font_file(FILES[font, slanted]), 1000, layout_engine=ImageFont.Layout.BASIC)


@cache
def length(run: Run, font: Font) -> float:
    """The width of a run at an em of 1; kerning, which only Pillow knows, is left out."""
    face = typeface(font, run.slanted)
    return run.scale * sum(face.getlength(letter) / 1000 for letter in run.text)


def assert_text(shape: Shape, item: Text, theme: Theme) -> None:
    """Text stays text, so that it can be searched, read aloud and copied."""
    style = theme[item.role]
    assert style.color is not None
    assert color(shape.style["fill"]) == style.color
    assert shape.style.get("text-anchor", "start") == item.anchor
    assert shape.style["font-family"].startswith({"sans": "'DejaVu Sans'", "serif": "'DejaVu Serif'"}[style.font])
    wide = sum(length(run, style.font) for run in item.runs)
    em = min(item.size, item.width / wide) * UNIT if wide else item.size * UNIT
    assert shape.size == pytest.approx(em, abs=0.1)
    _, top, _, foot = typeface(style.font).getbbox("0", anchor="ls")
    assert_near([shape.at], [(item.at[0] * UNIT, item.at[1] * UNIT - top / 1000 * shape.size / 2)])
    assert foot <= 15  # the digit stands on the baseline, but for its overshoot
    assert "".join(run.text for run in shape.runs) == item.text
    theirs = [run for run in item.runs if run.text]
    assert [(run.text, run.slanted) for run in shape.runs] == [(run.text, run.slanted) for run in theirs]
    for ours, run in zip(shape.runs, theirs, strict=True):
        assert ours.scale == pytest.approx(run.scale, abs=0.001)
        assert ours.rise == pytest.approx(run.rise * em, abs=0.11)


@pytest.mark.parametrize("figure", SHOWN.values(), ids=SHOWN)
def test_every_time_shows_its_frame(figure: Figure) -> None:
    """In the first round and in a later one, to a tenth of a unit; and by night in the theme of the night."""
    scene, text = drawn(figure)
    file, round_trip = read_once(text), sum(scene.durations)
    for frame in some(scene):
        middle = middles(scene)[frame]
        shapes = file.at(middle)
        assert_same(shapes, items_of(scene, frame), day(figure))
        assert file.at(middle + 3 * round_trip) == shapes
    assert_same(file.at(middle, NIGHT), items_of(scene, frame), night(figure))


@pytest.mark.parametrize("figure", SHOWN.values(), ids=SHOWN)
def test_without_motion_the_telling_frame_stands_still(figure: Figure) -> None:
    scene, text = drawn(figure)
    file = read_once(text)
    shapes = file.at(0, CALM)
    assert_same(shapes, items_of(scene, scene.telling), day(figure))
    for time in (middles(scene)[-1], 7 * sum(scene.durations) + 1):
        assert file.at(time, CALM) == shapes
    assert_same(file.at(0, CALM | NIGHT), items_of(scene, scene.telling), night(figure))


EVERYTHING: Final = still(
    *(square(n, role) for n, role in enumerate(AREAS)),
    *(Line((((n, 2), (n + 1, 2), (n + 1, 3), (n, 2)),), role, 0.1, (0.2, 0.3)) for n, role in enumerate(LINES)),
    *(Line((((n, 4), (n + 1, 5)),), role, 0.2) for n, role in enumerate(LINES)),
    *(
        Text(
            (n, 6),
            (Run("C", True), Run(" <&> "), Run("T2", False, 0.7, 0.37), Run("x,0", True, 0.5, -0.16)),
            0.5,
            9,
            role,
        )
        for n, role in enumerate(TEXTS)
    ),
    *(Text.of((n, 7), "anchored", 0.5, 9, "words", anchor) for n, anchor in enumerate(get_args(Anchor))),
)
"""All that a scene can show, in every role."""


@pytest.mark.parametrize("dark", THEMES)
@pytest.mark.parametrize("light", THEMES)
def test_any_theme_by_day_and_any_by_night(light: str, dark: str) -> None:
    """They may differ in whatever styles have: in what is painted at all, hatched, or dashed; one file holds both."""
    file = read(vector.still(EVERYTHING, THEMES[light], 20, 0, THEMES[dark]))
    assert_same(file.at(0), items_of(EVERYTHING, 0), THEMES[light])
    assert_same(file.at(0, NIGHT), items_of(EVERYTHING, 0), THEMES[dark])


def test_where_day_and_night_differ_in_nothing_there_is_one_look() -> None:
    dark = THEMES["dark"]
    once, twice = vector.still(EVERYTHING, dark, 20, 0), vector.still(EVERYTHING, dark, 20, 0, dark)
    assert once == twice
    assert "@media" not in once


def test_a_text_in_two_fonts_is_as_large_as_fits_in_both() -> None:
    scene = still(Text.of((2, 2), "Mathematics", 1, 3, "words"))
    sans, serif = THEMES["solarized"], THEMES["muted"]
    sizes = []
    for pair in ((sans, None), (serif, None), (sans, serif), (serif, sans)):
        (_, shape) = seen(read(vector.still(scene, pair[0], 20, 0, pair[1])).at(0))
        sizes.append(shape.size)
    assert sizes[0] != sizes[1]
    assert sizes[2] == sizes[3] == min(sizes[:2])


def marks(file: Drawing) -> set[str]:
    return {element.attrib["class"] for element in file.root.iter() if "class" in element.attrib}


@pytest.mark.parametrize("figure", SHOWN.values(), ids=SHOWN)
def test_the_file_stands_by_itself(figure: Figure) -> None:
    """Nothing runs, nothing is fetched, nothing is named that another file could name as well; and it is described."""
    scene, text = drawn(figure)
    root = ElementTree.fromstring(text)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "g", "path", "text", "tspan"}
    keys = {key for element in root.iter() for key in element.attrib}
    assert not {key for key in keys if key == "id" or key.startswith("on") or "href" in key}
    assert "url(" not in text
    assert "@import" not in text
    assert root.attrib["role"] == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert (root[0].text, root[1].text) == (scene.title, scene.description)
    assert scene.title
    width, height = scene.pixel_size(figure.cell_pixels)
    assert (root.attrib["width"], root.attrib["height"]) == (str(width), str(height))
    left, top, right, bottom = (edge * UNIT for edge in scene.bounds)
    frame = [float(number) for number in root.attrib["viewBox"].split()]
    margin = MARGIN * UNIT
    assert frame == pytest.approx(
        [left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin], abs=0.01
    )


@pytest.mark.parametrize("figure", SHOWN.values(), ids=SHOWN)
def test_all_rules_are_the_files_own(figure: Figure) -> None:
    """Each selector begins with the file's mark, each set of keyframes too; and classes differ by more than capitals,
    which pages without a doctype do not tell apart."""
    _, text = drawn(figure)
    file = read_once(text)
    mark = file.root.attrib["class"]
    assert re.fullmatch("c[0-9a-f]{6}", mark)
    assert all(re.fullmatch(rf"\.{mark} \.[a-z]\w*", rule.selector) for rule in file.rules)
    assert all(name.startswith(mark) for name in file.keyframes)
    names = {rule.selector for rule in file.rules}
    assert len({name.lower() for name in names}) == len(names)


def test_files_with_other_rules_have_other_marks() -> None:
    texts = [drawn(figure)[1] for figure in SHOWN.values()]
    found = [re.search('class="(c.{6})".*<style>(.*)</style>', text) for text in texts]
    rules = {(found[1], found[2].replace(found[1], "")) for found in found if found}
    assert len({mark for mark, _ in rules}) == len(rules)
    assert len({rule for _, rule in rules}) > 15


def test_figures_of_the_guide_are_small() -> None:
    """All of them, by day and night together."""
    sizes = {name: len(drawn(figure)[1].encode()) for name, figure in GUIDE.items()}
    assert len(sizes) == 19
    assert {name: size for name, size in sizes.items() if size > 20_000} == {}


@pytest.mark.parametrize("loop", [1, 2, 5])
@pytest.mark.parametrize("name", ["isometric, plain", "flat, numbered", "story, plain", "muted, with words"])
def test_what_plays_a_few_times_rests_on_its_last_frame(name: str, loop: int) -> None:
    """Every round is complete until then."""
    figure = FIGURES[name].replaced(loop=loop)
    scene, text = drawn(figure)
    file, total, last = read(text), sum(scene.durations), len(scene.durations) - 1
    for number in {0, loop - 1}:
        for frame in some(scene):
            assert_same(file.at(middles(scene)[frame] + number * total), items_of(scene, frame), day(figure))
    for time in (loop * total - 1, loop * total, loop * total + 1, 100 * loop * total):
        assert_same(file.at(time), items_of(scene, last), day(figure))


@pytest.mark.parametrize("name", ["isometric, plain", "story, plain"])
def test_what_a_script_drives_heeds_no_wish_for_less_motion(name: str) -> None:
    """The script does; the rest is the same."""
    figure = FIGURES[name]
    scene = scene_of(figure)
    file = read(vector.animated(scene, day(figure), figure.cell_pixels, driven=True))
    for frame, middle in enumerate(middles(scene)):
        assert_same(file.at(middle, CALM), items_of(scene, frame), day(figure))


DURATIONS: Final = st.lists(st.sampled_from([20, 21, 40, 333, 1000, 300_000]) | st.integers(20, 5000), min_size=2)


@REPEATABLE
@given(DURATIONS, st.integers(0, 3), st.data())
def test_every_frame_has_its_time(durations: list[int], loop: int, data: st.DataObject) -> None:
    """Whatever else is shown for how long: it is there a moment after it begins and a moment before it ends.

    Equal neighbours too, and whether a track is drawn anew in every frame or only moved.
    """
    places = data.draw(st.lists(st.integers(0, 3), min_size=len(durations), max_size=len(durations)))
    scene = beads(places, durations)
    if data.draw(st.booleans(), label="in two colours, so that it cannot be moved"):
        scene = dataclasses.replace(scene, tracks=(Track("bead", partial(recolored, scene.tracks[0])),))
    file, total = read(vector.animated(scene, PAINTS, 10, loop=loop)), sum(durations)
    start = data.draw(st.integers(0, max(loop - 1, 2 - 2 * bool(loop)))) * total
    for frame, duration in enumerate(durations):
        for moment in (0.05, 0.5, 0.95):
            assert_same(file.at(start + moment * duration), items_of(scene, frame), PAINTS)
        start += duration


def recolored(track: Track, frame: int) -> tuple[Item, ...]:
    """A frame's items, in a colour that tells odd frames from even ones."""
    role = ("input", "output")[frame % 2]
    return tuple(dataclasses.replace(item, role=role) for item in track.at(frame))


def layers() -> Iterator[tuple[str, Figure]]:
    """Layers that are easily drawn wrong, in every view that draws them, by turns with numbers and with words."""
    for number, (name, layer) in enumerate(CASES.items()):
        for turn, view in enumerate(VIEWS):
            if not VIEWS[view].suits(layer) or (number + turn) % 3 or prod(layer.canvas_size) > 50:
                continue  # some are enough: what they share is tested with each view's figures
            words = (number + turn) % 2 == 1
            figure = Figure(layer, view=view, labels=words, random=None if words else 0)
            try:
                scene_of(figure)
            except InputError:
                continue  # too large for that view
            yield f"{name}, {view}", figure


LAYERS: Final = dict(layers())


@pytest.mark.parametrize("figure", LAYERS.values(), ids=LAYERS)
def test_layers_that_are_easily_drawn_wrong(figure: Figure) -> None:
    """By day and by night."""
    scene, text = drawn(figure)
    file, frame = read(text), len(scene.durations) // 2
    assert_same(file.at(middles(scene)[frame]), items_of(scene, frame), day(figure))
    assert_same(file.at(middles(scene)[frame], NIGHT), items_of(scene, frame), night(figure))


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_still_is_one_frame(figure: Figure) -> None:
    scene = scene_of(figure)
    frame = len(scene.durations) - 1
    text = vector.still(scene, day(figure), figure.cell_pixels, frame, night(figure))
    file = read_once(text)
    assert "animation" not in text
    assert_same(file.at(0), items_of(scene, frame), day(figure))
    assert_same(file.at(0, NIGHT), items_of(scene, frame), night(figure))


def test_without_paper_there_is_no_ground() -> None:
    """Only where there is some by night it is there, unseen by day."""
    scene, clear = still(square(0)), PAINTS.transparent()
    (shape,) = read(vector.still(scene, clear, 10, 0, clear)).at(0)
    assert color(shape.style["fill"]) == (255, 0, 0)
    ground, _ = read(vector.still(scene, clear, 10, 0, PAINTS)).at(0)
    assert ground.style["fill"] == "none"


def test_what_only_moves_is_written_once() -> None:
    """A figure of 225 frames is hardly larger than one of 9."""
    small, large = (len(drawn(Figure(Conv(size, 3)))[1]) for size in (5, 17))
    assert large < 225 / 9 * small


def test_another_process_writes_the_same_bytes_and_loads_nothing_heavy() -> None:
    """Neither NumPy, matplotlib nor Pillow, words and symbols or not; whatever hashes are seeded with there."""
    code = """if True:
        import sys
        from convgif.arithmetic import ConvTranspose
        from convgif.drawing.composition import compose
        from convgif.figure import Figure
        from convgif.rendering import vector
        from convgif.themes import counterpart, theme_of
        figure = Figure(ConvTranspose(2, 2), view="matrix", labels=True, caption=True, title="T", theme="muted")
        theme = theme_of(figure)
        print(vector.animated(compose(figure), theme, 30, counterpart(theme)), end="")
        print(sorted({"numpy", "matplotlib", "PIL"} & set(sys.modules)), file=sys.stderr)
    """
    figure = Figure(ConvTranspose(2, 2), view="matrix", labels=True, caption=True, title="T", theme="muted")
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
        assert done.stdout.decode() == drawn(figure)[1]
        assert done.stderr.decode().strip() == "[]"


NUMBERS: Final = st.floats(-500, 500, allow_nan=False)


@REPEATABLE
@given(st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=30), min_size=1, max_size=3), st.booleans())
def test_no_error_adds_up_along_a_path(parts: list[list[Point]], closed: bool) -> None:
    """Steps inside a path are relative; the last point is as near as the first."""
    paths = tuple((*part, part[0]) if closed else tuple(part) for part in parts)
    (_, shape) = read(vector.still(still(Line(paths, "line", 1)), PAINTS, 10, 0)).at(0)
    for ours, theirs in zip(shape.parts, paths, strict=True):
        assert_near(ours, in_units(theirs))


@REPEATABLE
@given(st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)))
def test_colors_come_back(paint: Color) -> None:
    theme = PAINTS.replaced({"input": "#{:02x}{:02x}{:02x}".format(*paint)})
    (_, shape) = read(vector.still(still(square(0)), theme, 10, 0)).at(0)
    assert color(shape.style["fill"]) == paint


def test_an_area_is_outlined_as_it_lies() -> None:
    """Links of the player are areas in the drawing's own units."""
    corners: Points = ((1, 2), (2.5, 2), (3, 3.25), (1, 3))
    (outline,) = walked(vector.outline_of(corners))
    assert_near(outline, in_units((*corners, corners[0])))


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_language_of_words_is_told(name: str) -> None:
    """Browsers choose the letters of a country by it; the description stays English."""
    root = ElementTree.fromstring(vector.still(compose(Figure(Conv(3, 2), language=name)), PAINTS, 20, 0))
    description = root.find(f"{SVG}desc")
    assert description is not None
    for key in ("lang", "{http://www.w3.org/XML/1998/namespace}lang"):
        assert (root.get(key), description.get(key)) == ((None, None) if name == "en" else (name, "en"))


def test_titles_and_descriptions_are_text() -> None:
    scene = still(Text.of((1, 1), '<b> & "quotes" ]]>', 0.5, 9, "words"))
    scene = dataclasses.replace(scene, title="<i> & more", description="a < b")
    root = ElementTree.fromstring(vector.still(scene, PAINTS, 10, 0))
    assert (root[0].text, root[1].text) == ("<i> & more", "a < b")
    assert [text.text for text in root.iter(f"{SVG}text")] == ['<b> & "quotes" ]]>']


def test_more_looks_than_letters_in_the_alphabet() -> None:
    """Each with a class of its own, and none with that of what is switched on and off, or slanted."""

    def lines(frame: int) -> tuple[Item, ...]:
        return tuple(Line((((n, 0), (n + 1, 1)),), "line", 0.01 * (n + 200 * frame)) for n in range(1, 200))

    scene = Scene(Box(0, 0, 200, 1), (100, 100, 200), (Track("many", lines),), "Many.")
    file = read(vector.animated(scene, PAINTS, 5))
    for frame, middle in enumerate(middles(scene)):
        assert_same(file.at(middle), items_of(scene, frame), PAINTS)
    assert len(marks(file)) > 590
    assert "i" not in marks(file)


def test_a_transposed_convolution_with_an_empty_frame() -> None:
    """Frames in which a moving track shows nothing."""
    figure = Figure(ConvTranspose(2, 1, stride=5, padding=1), random=0, view="flat")
    scene, text = drawn(figure)
    for frame, middle in enumerate(middles(scene)):
        assert_same(read_once(text).at(middle), items_of(scene, frame), day(figure))


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.sampled_from([4, 7]))
def test_no_two_frames_are_seen_at_once(part: int, more: int, places: int) -> None:
    """A frame's share of the time is never rounded up: at the very first moment the last frame is already over."""
    exact = Fraction(100 * part, part + more)
    written = Fraction(vector._share(part, part + more, places) or "0")
    assert exact - Fraction(1, 10**places) < written <= exact


@pytest.mark.parametrize("anchor", get_args(Anchor))
def test_lines_that_run_to_the_left_say_so(anchor: Anchor) -> None:
    """They lie where other lines do; what begins at their right end is what SVG calls their start."""
    shalom, other = "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER MEM} 3", "卷积"
    drawn = [
        vector.still(still(Text.of((4, 2), text, 0.5, 9, "words", anchor)), PAINTS, 20, 0) for text in (shalom, other)
    ]
    assert ["direction:rtl" in text for text in drawn] == [True, False]
    places = [(re.search("text-anchor:([a-z]+)", text) or ["", "start"])[1] for text in drawn]
    turned = {"start": "end", "middle": "middle", "end": "start"}
    assert places == [turned[anchor], anchor]
    assert all(re.search(r'<text class="\w+ \w+" x="80" ', text) for text in drawn)


def test_letters_that_dejavu_lacks_have_room_for_the_fonts_of_readers() -> None:
    """As many letters as the room has cells are a cell wide each, since all fonts have them as wide as high."""
    text = Text.of((4, 2), "卷积" * 3, 2, 3, "words")
    assert "font-size:10px" in vector.still(still(text), PAINTS, 20, 0)
