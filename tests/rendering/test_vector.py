"""SVG, read back by the rules of the standards: at every time it shows the scene's frame of that time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from itertools import accumulate, chain
from math import prod
from typing import Final
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path as Outlines
from PIL import ImageFont

from convgif.arithmetic import Conv, ConvTranspose
from convgif.assembling import svg
from convgif.drawing import VIEWS, draw
from convgif.drawing.scene import MARGIN, Box, Color, Font, Item, Line, Point, Polygon, Scene, Text, Track
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.presets import load_families, load_presets
from convgif.rendering import vector
from convgif.rendering.lettering import font_file
from tests.assembling.samples import FIGURES, REPEATABLE, beads
from tests.drawing.cases import CASES
from tests.rendering.reader import SVG, Drawing, Points, Shape, read, walked

UNIT: Final = 20
"""Units of the file a cell."""
NEAR: Final = 0.1 + 1e-6
"""A tenth of a unit: half of it for where a thing is, half for where it is moved to."""
CALM: Final = frozenset({"prefers-reduced-motion:reduce"})
NIGHT: Final = frozenset({"prefers-color-scheme:dark"})

PRESETS: Final = load_presets()
GUIDE: Final = {name: figure for family in ("guide", "numerical") for name, figure in load_families()[family].items()}

WORDED: Final = {
    f"{name}, with words": replace(PRESETS[name], title="Words & <more>", labels=True, caption=True)
    for name in ("padding_strides", "numerical_padding_strides", "matrix_padding_strides_transposed")
}
ALL: Final = {**PRESETS, **WORDED, **FIGURES}
SHOWN: Final = {**dict(list(PRESETS.items())[::3]), **WORDED, **FIGURES}
"""Some of each family are read back in every detail."""


@cache
def drawn(figure: Figure) -> tuple[Scene, str]:
    """The scene of a figure, and its file by day and night."""
    scene = draw(figure)
    return scene, vector.animated(scene, figure.cell_pixels, svg.by_night(figure), figure.loop)


read_once = cache(read)


def middles(scene: Scene) -> list[float]:
    """The middle of every frame's time, in milliseconds."""
    starts = accumulate(scene.durations, initial=0)
    return [start + duration / 2 for start, duration in zip(starts, scene.durations, strict=False)]


def some(scene: Scene) -> list[int]:
    """Frames to look at: the first, the last, the telling one, and one between."""
    last = len(scene.durations) - 1
    return sorted({0, last, scene.telling, 3 * last // 5})


def items_of(scene: Scene, frame: int) -> list[Item]:
    """All that one frame shows, from back to front."""
    ground = [] if scene.ground is None else [scene.ground]
    return [*ground, *chain.from_iterable(track.at(frame) for track in scene.tracks)]


def color(text: str) -> Color:
    """A colour from its digits."""
    digits = text.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def assert_same(shapes: Sequence[Shape], items: Sequence[Item]) -> None:
    """The shapes are the items, in the same order."""
    assert len(shapes) == len(items)
    for shape, item in zip(shapes, items, strict=True):
        if isinstance(item, Polygon):
            assert_area(shape, item)
        elif isinstance(item, Line):
            assert_line(shape, item)
        elif item.math and not re.fullmatch(r"\$[A-Za-z]([_^]\{[^$]*\})?\$", item.text):
            assert_formula(shape, item)
        else:
            assert_text(shape, item)


def in_units(points: Sequence[Point]) -> Points:
    """Points in units of the file."""
    return tuple((x * UNIT, y * UNIT) for x, y in points)


def assert_near(ours: Sequence[Point], theirs: Sequence[Point]) -> None:
    assert np.all(np.abs(np.subtract(ours, theirs)) <= NEAR), (ours, theirs)


def area(points: Sequence[Point] | npt.NDArray[np.float64]) -> float:
    """The area inside of some corners: Gauss's formula."""
    x, y = np.asarray(points).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def assert_area(shape: Shape, item: Polygon) -> None:
    """Every corner is one of the item's; together they cover as much, and all of each part, whatever was joined."""
    assert color(shape.style["fill"]) == item.fill
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


def assert_line(shape: Shape, item: Line) -> None:
    assert shape.style["fill"] == "none"
    assert color(shape.style["stroke"]) == item.color
    assert float(shape.style["stroke-width"]) == pytest.approx(item.width * UNIT, abs=0.006)
    if item.dash is None:
        assert "stroke-dasharray" not in shape.style
    else:
        dashes = [float(length) for length in shape.style["stroke-dasharray"].split()]
        assert dashes == pytest.approx([length * UNIT for length in item.dash], abs=0.006)
    assert [len(part) for part in shape.parts] == [len(part) for part in item.parts]
    assert_near([*chain(*shape.parts)], in_units([*chain(*item.parts)]))


@cache
def typeface(font: Font) -> ImageFont.FreeTypeFont:
    """A font, at a thousand pixels an em, as Pillow reads it."""
    return ImageFont.truetype(font_file({"sans": "DejaVuSans.ttf", "serif": "DejaVuSerif.ttf"}[font]), 1000)


def assert_text(shape: Shape, item: Text) -> None:
    """Text stays text, so that it can be searched, read aloud and copied."""
    face = typeface(item.font)
    letters = re.sub(r"\\mathrm|[${}_^]", "", item.text) if item.math else item.text
    assert shape.words == letters
    assert color(shape.style["fill"]) == item.color
    assert shape.style.get("text-anchor", "start") == item.anchor
    assert shape.style["font-family"].startswith({"sans": "'DejaVu Sans'", "serif": "'DejaVu Serif'"}[item.font])
    if not item.math:
        em = min(item.size, item.width / (face.getlength(letters) / 1000)) * UNIT
        assert shape.size == pytest.approx(em, abs=0.1)
    assert shape.size <= item.size * UNIT + NEAR
    _, top, _, foot = face.getbbox("0", anchor="ls")
    assert_near([shape.at], [(item.at[0] * UNIT, item.at[1] * UNIT - top / 1000 * shape.size / 2)])
    assert foot <= 15  # the digit stands on the baseline, but for its overshoot


def assert_formula(shape: Shape, item: Text) -> None:
    """A formula is outlined: as wide as it may be, at its anchor, on its height, with the holes of its letters.

    Its first and last letters bear some room beside them.
    """
    bearing = item.size * UNIT / 20
    assert color(shape.style["fill"]) == item.color
    left, top = np.min([np.min(part, axis=0) for part in shape.parts], axis=0)
    right, foot = np.max([np.max(part, axis=0) for part in shape.parts], axis=0)
    place = {"start": left, "middle": (left + right) / 2, "end": right}[item.anchor]
    assert place == pytest.approx(item.at[0] * UNIT, abs=bearing)
    assert item.size * UNIT < right - left <= item.width * UNIT + NEAR
    assert top < item.at[1] * UNIT < foot
    assert len(shape.parts) >= len(re.sub(r"\\[a-z]+|[\s${}_^,]", "", item.text))


@pytest.mark.parametrize("figure", SHOWN.values(), ids=SHOWN)
def test_every_time_shows_its_frame(figure: Figure) -> None:
    """In the first round and in a later one, to a tenth of a unit; and by night in the colours of the night."""
    scene, text = drawn(figure)
    night = svg.by_night(figure) or scene
    file, round_trip = read_once(text), sum(scene.durations)
    for frame in some(scene):
        middle = middles(scene)[frame]
        shapes = file.at(middle)
        assert_same(shapes, items_of(scene, frame))
        assert file.at(middle + 3 * round_trip) == shapes
    assert_same(file.at(middle, NIGHT), items_of(night, frame))


@pytest.mark.parametrize("figure", SHOWN.values(), ids=SHOWN)
def test_without_motion_the_telling_frame_stands_still(figure: Figure) -> None:
    scene, text = drawn(figure)
    file = read_once(text)
    shapes = file.at(0, CALM)
    assert_same(shapes, items_of(scene, scene.telling))
    for time in (middles(scene)[-1], 7 * sum(scene.durations) + 1):
        assert file.at(time, CALM) == shapes
    assert_same(file.at(0, CALM | NIGHT), items_of(svg.by_night(figure) or scene, scene.telling))


def marks(file: Drawing) -> set[str]:
    return {element.attrib["class"] for element in file.root.iter() if "class" in element.attrib}


@pytest.mark.parametrize("figure", ALL.values(), ids=ALL)
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
    assert (root[0].text, root[1].text) == (scene.title, figure.describe())
    assert scene.title
    width, height = scene.pixel_size(figure.cell_pixels)
    assert (root.attrib["width"], root.attrib["height"]) == (str(width), str(height))
    left, top, right, bottom = (edge * UNIT for edge in scene.bounds)
    frame = [float(number) for number in root.attrib["viewBox"].split()]
    margin = MARGIN * UNIT
    assert frame == pytest.approx(
        [left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin], abs=0.01
    )


@pytest.mark.parametrize("figure", ALL.values(), ids=ALL)
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
    texts = [drawn(figure)[1] for figure in ALL.values()]
    found = [re.search('class="(c.{6})".*<style>(.*)</style>', text) for text in texts]
    rules = {(found[1], found[2].replace(found[1], "")) for found in found if found}
    assert len({mark for mark, _ in rules}) == len(rules)
    assert len({rule for _, rule in rules}) > 30


@pytest.mark.parametrize("figure", GUIDE.values(), ids=GUIDE)
def test_figures_of_the_guide_are_small(figure: Figure) -> None:
    assert len(drawn(figure)[1].encode()) <= 20_000


def test_there_are_19_figures_of_the_guide() -> None:
    assert len(GUIDE) == 19


@pytest.mark.parametrize("loop", [1, 2, 5])
@pytest.mark.parametrize("name", ["isometric", "flat with numbers", "acts of different lengths", "muted, with words"])
def test_what_plays_a_few_times_rests_on_its_last_frame(name: str, loop: int) -> None:
    """Every round is complete until then."""
    figure = replace(FIGURES[name], loop=loop)
    scene, text = drawn(figure)
    file, total, last = read(text), sum(scene.durations), len(scene.durations) - 1
    for number in {0, loop - 1}:
        for frame in some(scene):
            assert_same(file.at(middles(scene)[frame] + number * total), items_of(scene, frame))
    for time in (loop * total - 1, loop * total, loop * total + 1, 100 * loop * total):
        assert_same(file.at(time), items_of(scene, last))


@pytest.mark.parametrize("name", ["isometric", "acts of different lengths"])
def test_what_a_script_drives_heeds_no_wish_for_less_motion(name: str) -> None:
    """The script does; the rest is the same."""
    figure = FIGURES[name]
    scene = draw(figure)
    file = read(vector.animated(scene, figure.cell_pixels, driven=True))
    for frame, middle in enumerate(middles(scene)):
        assert_same(file.at(middle, CALM), items_of(scene, frame))


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
        scene = replace(scene, tracks=(Track("bead", partial(recolored, scene.tracks[0])),))
    file, total = read(vector.animated(scene, 10, loop=loop)), sum(durations)
    start = data.draw(st.integers(0, max(loop - 1, 2 - 2 * bool(loop)))) * total
    for frame, duration in enumerate(durations):
        # 4 decimals of a percent are as near as a hundredth of a frame's time.
        for moment in (0.05, 0.5, 0.95):
            assert_same(file.at(start + moment * duration), items_of(scene, frame))
        start += duration


def recolored(track: Track, frame: int) -> tuple[Item, ...]:
    """A frame's items, in a colour that tells odd frames from even ones."""
    return tuple(replace(item, fill=(frame % 2, 0, 0)) for item in track.at(frame) if isinstance(item, Polygon))


def layers() -> Iterator[tuple[str, Figure]]:
    """Layers that are easily drawn wrong, in every view that draws them, by turns with numbers and with words."""
    for number, (name, layer) in enumerate(CASES.items()):
        for turn, view in enumerate(VIEWS):
            if view in ("story", "construction") and number % 4:
                continue  # they are made of the others
            if view == "matrix" and prod(layer.input_size) * prod(layer.output_size) > 100:
                continue  # hundreds of cells that are all alike
            words = (number + turn) % 2 == 1
            figure = Figure(layer, view=view, reveal=True, labels=words, values=None if words else "random")
            try:
                draw(figure)
            except InputError:
                continue  # the view does not suit the layer
            yield f"{name}, {view}", figure


LAYERS: Final = dict(layers())


@pytest.mark.parametrize("figure", LAYERS.values(), ids=LAYERS)
def test_layers_that_are_easily_drawn_wrong(figure: Figure) -> None:
    """By day, and item by item by night: what one theme paints as one, the other must not paint as two."""
    scene, text = drawn(figure)
    night = svg.by_night(figure)
    assert night is not None
    file, frame = read(text), len(scene.durations) // 2
    assert_same(file.at(middles(scene)[frame]), items_of(scene, frame))
    assert_same(file.at(middles(scene)[frame], NIGHT), items_of(night, frame))


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_still_is_one_frame(figure: Figure) -> None:
    scene, night = draw(figure), svg.by_night(figure)
    frame = len(scene.durations) - 1
    text = vector.still(scene, figure.cell_pixels, frame, night)
    file = read_once(text)
    assert "animation" not in text
    assert_same(file.at(0), items_of(scene, frame))
    assert_same(file.at(0, NIGHT), items_of(night or scene, frame))


def test_a_transparent_figure_has_no_ground() -> None:
    figure = Figure(Conv(5, 3), transparent=True)
    scene, text = drawn(figure)
    fills = {color(shape.style["fill"]) for shape in read(text).at(0) if shape.style["fill"] != "none"}
    assert (255, 255, 255) not in fills
    assert_same(read(text).at(1), items_of(scene, 0))


def test_what_only_moves_is_written_once() -> None:
    """A figure of 225 frames is hardly larger than one of 9."""
    small, large = (len(drawn(Figure(Conv(size, 3)))[1]) for size in (5, 17))
    assert large < 225 / 9 * small


def test_another_process_writes_the_same_bytes() -> None:
    """Whatever hashes are seeded with there."""
    name = "story_no_padding_strides"
    code = (
        "from convgif import load_presets, drawing; from convgif.assembling import svg;"
        f"figure = load_presets()[{name!r}]; print(svg.text(figure, drawing.draw(figure)), end='')"
    )
    seed = {**os.environ, "PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=seed)
    assert done.stdout.decode() == svg.text(PRESETS[name], draw(PRESETS[name]))


NUMBERS: Final = st.floats(-500, 500, allow_nan=False)


@REPEATABLE
@given(st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=30), min_size=1, max_size=3), st.booleans())
def test_no_error_adds_up_along_a_path(parts: list[list[Point]], closed: bool) -> None:
    """Steps inside a path are relative; the last point is as near as the first."""
    paths = tuple((*part, part[0]) if closed else tuple(part) for part in parts)
    scene = Scene(Box(0, 0, 1, 1), (100,), (Track.still("l", lambda: (Line(paths, (0, 0, 0), 1),)),), None, "Lines.")
    (shape,) = read(vector.still(scene, 10, 0)).at(0)
    for ours, theirs in zip(shape.parts, paths, strict=True):
        assert_near(ours, in_units(theirs))


@REPEATABLE
@given(st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)))
def test_colors_come_back(paint: Color) -> None:
    square: Points = ((0, 0), (1, 0), (1, 1), (0, 1))
    scene = Scene(Box(0, 0, 1, 1), (100,), (Track.still("p", lambda: (Polygon((square,), paint),)),), paint, "Paint.")
    assert [color(shape.style["fill"]) for shape in read(vector.still(scene, 10, 0)).at(0)] == [paint, paint]


def test_an_area_is_outlined_as_it_lies() -> None:
    """Links of the player are areas in the drawing's own units."""
    corners: Points = ((1, 2), (2.5, 2), (3, 3.25), (1, 3))
    (outline,) = walked(vector.outline_of(corners))
    assert_near(outline, in_units((*corners, corners[0])))


def test_titles_and_descriptions_are_text() -> None:
    figure = Figure(Conv(4, 3), title='<b> & "quotes" ]]>')
    root = ElementTree.fromstring(drawn(figure)[1])
    assert root[0].text == figure.title
    assert root[1].text == figure.describe()
    assert figure.title in {text.text for text in root.iter(f"{SVG}text")}


def test_more_looks_than_letters_in_the_alphabet() -> None:
    """Each with a class of its own, and none with that of what is switched on and off."""

    def squares(frame: int) -> tuple[Item, ...]:
        return tuple(Polygon((((n, 0), (n + 1, 0), (n, 1)),), (n, n // 2, frame)) for n in range(200))

    scene = Scene(Box(0, 0, 200, 1), (100, 100, 200), (Track("many", squares),), (255, 255, 255), "Many.")
    file = read(vector.animated(scene, 5))
    for frame, middle in enumerate(middles(scene)):
        assert_same(file.at(middle), items_of(scene, frame))
    assert len(marks(file)) > 600


def test_a_transposed_convolution_with_an_empty_frame() -> None:
    """Frames in which a moving track shows nothing."""
    figure = Figure(ConvTranspose(2, 1, stride=5, padding=1), values="random", view="flat")
    scene, text = drawn(figure)
    for frame, middle in enumerate(middles(scene)):
        assert_same(read(text).at(middle), items_of(scene, frame))


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.sampled_from([4, 7]))
def test_no_two_frames_are_seen_at_once(part: int, more: int, places: int) -> None:
    """A frame's share of the time is never rounded up: at the very first moment the last frame is already over."""
    exact = Fraction(100 * part, part + more)
    written = Fraction(vector._share(part, part + more, places) or "0")
    assert exact - Fraction(1, 10**places) < written <= exact
