"""What all views do alike: durations, colours, and a budget that is checked before anything is built."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any, Literal, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import VIEWS as REGISTRY
from convgif.drawing import draw
from convgif.drawing.acts import Act, Drawing
from convgif.drawing.scene import Box, Items, Line, Polygon, Scene, Text
from convgif.drawing.stage import LONGEST_SIDE, TITLE_ROOM, scene, too_large
from convgif.errors import InputError
from convgif.figure import Figure, View
from convgif.rendering.lettering import outline
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.cases import figures
from tests.drawing.truth import PAPER, check_bounds, corners_of, of_kind, shown, text_box

VIEWS: tuple[View, ...] = get_args(View)


def some_layer(view: View) -> AnyLayer:
    """A layer with four outputs that the view draws."""
    return ConvTranspose(2, 3, padding=1) if view in ("scatter", "construction") else Conv(4, 3)


def ends_of_tracks(scene: Scene) -> list[int]:
    """The frames in which something comes or goes, and the ones before these."""
    spans = [track.span for track in scene.tracks if track.span is not None]
    last = len(scene.durations) - 1
    return sorted(
        {0, last // 2, last, *(frame for span in spans for frame in (span[0], span[len(span) // 2], span[-1]))}
    )


def refusal(figure: Figure) -> str:
    """What is said when the figure is drawn."""
    with pytest.raises(InputError) as caught:
        draw(figure)
    return str(caught.value)


@pytest.mark.parametrize("view", ["isometric", "flat", "matrix"])
def test_frames_last_as_long_as_the_figure_says_and_the_last_one_is_held(view: View) -> None:
    layer = Conv(4, 3)
    assert draw(Figure(layer, view=view)).durations == (1000, 1000, 1000, 1000)
    assert draw(Figure(layer, view=view, frame_ms=70, hold_ms=500)).durations == (70, 70, 70, 570)
    assert draw(Figure(Conv(3, 3), view=view, frame_ms=70, hold_ms=500)).durations == (570,)


BOX = Box(0, 0, 4, 3)


def acted(*acts: tuple[int, float], box: Box = BOX) -> Drawing:
    """A drawing whose acts have so many frames with such a share of the time."""
    return Drawing(box, tuple(Act((), frames, share) for frames, share in acts))


@REPEATABLE
@given(
    st.lists(st.tuples(st.integers(1, 5), st.floats(0.001, 1)), min_size=1, max_size=5),
    st.integers(20, 300_000),
    st.integers(0, 300_000),
)
def test_acts_take_their_share_of_the_time_but_players_cannot_be_hurried(
    acts: list[tuple[int, float]], frame_ms: int, hold_ms: int
) -> None:
    """Frames of under 20 ms are slowed down to 100 ms by browsers; the hold is on the very last frame alone."""
    durations = scene(Figure(Conv(4, 3), frame_ms=frame_ms, hold_ms=hold_ms), acted(*acts)).durations
    shares = [share for frames, share in acts for _ in range(frames)]
    assert len(durations) == len(shares)
    assert all(type(duration) is int for duration in durations)
    for duration, share, hold in zip(durations, shares, [0] * (len(shares) - 1) + [hold_ms], strict=True):
        assert duration - hold >= 20
        assert abs(duration - hold - frame_ms * share) <= 0.5 or duration - hold == 20 > frame_ms * share


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_keeps_the_time_and_moves_are_short(view: View) -> None:
    """A frame of a move is a small part of a usual one, and so the first frame is never: it is seen without motion."""
    figure = Figure(some_layer(view), view=view, frame_ms=700, hold_ms=300)
    *others, last = draw(figure).durations
    assert set(others) <= {700, 56}
    assert (others[0], last) == (700, 1000)
    assert (56 in others) == (view in ("construction", "story"))
    assert set(draw(replace(figure, frame_ms=20, hold_ms=0)).durations) == {20}


@pytest.mark.parametrize("view", VIEWS)
def test_a_scene_has_the_colours_and_words_of_its_figure(view: View) -> None:
    figure = Figure(some_layer(view), view=view, title="Blur")
    assert draw(figure).paper == PAPER
    assert draw(replace(figure, transparent=True)).paper is None
    assert draw(figure).description == figure.describe()
    assert draw(figure).description.startswith("Blur: ")


@pytest.mark.parametrize("view", VIEWS)
def test_a_scene_is_named_and_tells_most_in_one_of_its_frames(view: View) -> None:
    """In the middle of the kernel's way; in the last frame where something is built or revealed before it."""
    figure = Figure(some_layer(view), view=view)
    scene = draw(figure)
    last = len(scene.durations) - 1
    assert scene.title == figure.layer.title.capitalize()
    assert draw(replace(figure, title="Blur")).title == "Blur"
    assert scene.telling == (last if view in ("scatter", "construction", "story") else last // 2)
    assert draw(replace(figure, reveal=True)).telling == last


@pytest.mark.parametrize("view", VIEWS)
def test_links_lead_from_cells_to_the_frames_that_show_them(view: View) -> None:
    """To every step, each from one cell, which is the highlighted one there; and every such frame has its note."""
    scene = draw(Figure(some_layer(view), view=view))
    frames, links, notes = len(scene.durations), scene.links(), scene.notes()
    assert len(notes) == frames
    track = "element" if view == "scatter" else "highlight"
    steps = [frame for frame in range(frames) if track in shown(scene, frame)]
    assert [link.frame for link in links] == steps
    for link in links:
        (area,) = of_kind(shown(scene, link.frame)[track], Polygon)
        assert np.allclose(area.parts, [link.area])
    assert len({notes[link.frame] for link in links}) == len(links) or view == "story"
    assert all(notes[link.frame] for link in links)


@pytest.mark.parametrize("view", VIEWS)
@settings(REPEATABLE, max_examples=15)
@given(st.data())
def test_everything_is_drawn_within_the_bounds(view: View, data: st.DataObject) -> None:
    """In every frame, of figures with every option: else it would be cut off at the picture's edge."""
    figure = data.draw(figures(view))
    found = draw(figure)
    assert len(found.durations) >= 1
    assert min(found.durations) >= 20
    memory: dict[int, Items] = {}
    for frame in ends_of_tracks(found):
        items = shown(found, frame, memory)
        check_bounds(found, items)
        check_words(figure, items)


def check_words(figure: Figure, items: Mapping[str, Items]) -> None:
    """The title stands above everything and the caption below, line by line, each in its width."""
    around = [corner for name in items.keys() - {"title", "caption"} for corner in corners_of(items[name])]
    ys = [y for _, y in around]
    title, caption = of_kind(items.get("title", ()), Text), of_kind(items.get("caption", ()), Text)
    assert [text.text for text in title] == ([] if figure.title is None else [figure.title])
    boxes = list(map(text_box, caption))
    assert all(above.bottom <= below.top for above, below in pairwise(boxes))
    if title:
        assert text_box(title[0]).bottom < min(ys)
    if caption:
        assert boxes[0].top > max(ys)


SENTENCES = st.text(st.characters(categories=["L", "N", "Zs", "Po"], max_codepoint=0x17F), min_size=1, max_size=30)
CAPTIONS = st.lists(SENTENCES | st.just(r"$o = \left\lfloor\dfrac{1}{2}\right\rfloor$"), max_size=3).map(tuple)


@REPEATABLE
@given(st.lists(CAPTIONS, min_size=1, max_size=4), st.none() | SENTENCES.filter(str.strip))
def test_a_caption_is_said_during_its_acts(captions: list[tuple[str, ...]], title: str | None) -> None:
    """Neighbouring acts that say the same share a track: renderers need not paint it anew."""
    figure = Figure(Conv(4, 3), title=title)
    box = Box(1, 2, 3, 4)
    acts = [Act((), frames, caption=said) for frames, said in enumerate(captions, start=1)]
    found = scene(figure, Drawing(box, tuple(acts)))
    said_in = [said for frames, said in enumerate(captions, start=1) for _ in range(frames)]
    for frame, said in enumerate(said_in):
        texts = of_kind(shown(found, frame).get("caption", ()), Text)
        assert tuple(text.text for text in texts) == said
        assert all(text.math == ("$" in text.text) for text in texts)
        assert all(text.at[0] == pytest.approx(2) for text in texts), "in the middle of the drawing"
    tracks = [track for track in found.tracks if track.name == "caption"]
    assert all(track.static for track in tracks)
    assert len(tracks) == sum(bool(said) for said, _ in groupby(captions))
    left, top, right, bottom = found.bounds
    assert (left + right) / 2 == pytest.approx(2)
    assert top == (2 if title is None else 2 - TITLE_ROOM)
    assert (bottom == 4) == (not any(captions)), "room for words where there are any"


def test_words_widen_a_narrow_drawing_evenly() -> None:
    figure = Figure(Conv(4, 3), title="A title that is much wider than the drawing")
    found = scene(figure, acted((1, 1.0), box=Box(10, 0, 11, 5)))
    (title,) = of_kind(shown(found, 0)["title"], Text)
    left, _, right, _ = found.bounds
    assert (left + right) / 2 == 10.5 == title.at[0]
    assert left <= text_box(title).left < text_box(title).right <= right
    assert text_box(title).right - text_box(title).left == pytest.approx(0.62 * outline(title.text).width)
    assert scene(replace(figure, title="x"), acted((1, 1.0), box=Box(0, 0, 9, 5))).bounds[::2] == (0, 9)


def test_the_flat_view_of_an_absurd_layer_is_refused_with_its_numbers() -> None:
    """10^9 - 2 outputs each way; the canvas, one cell and the output beside each other at 30 pixels and a margin."""
    assert refusal(Figure(Conv(10**9, 3), view="flat")) == (
        "max_frames = 2500: the figure has 999,999,996,000,000,004 frames; raise max_frames to allow that many\n"
        "cell = 30: a frame would be 60,000,000,014 x 30,000,000,044 pixels, the longest side can be 65,535; "
        "choose a smaller cell or scale"
    )


HUGE: tuple[Callable[[], AnyLayer], ...] = (
    lambda: Conv(10**9, 3),
    lambda: Conv(10**9, 10**9, padding=7),
    lambda: Conv((1, 10**7), 1, stride=(1, 10**7)),
    lambda: ConvTranspose(10**9, 3, stride=10**6),
    lambda: ConvTranspose(10**9, 10**9, dilation=10**9),
    lambda: ConvTranspose(1, 10**9),
    lambda: MaxPool(10**9, 10**5),
    lambda: AvgPool(10**9, 2, count_include_pad=False),
)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("numbers", [None, "random"])
@pytest.mark.parametrize("layer", HUGE)
def test_nothing_is_computed_for_an_absurd_figure(
    view: View, numbers: Literal["random"] | None, layer: Callable[[], AnyLayer]
) -> None:
    """Whatever is to be shown of it."""
    built, entry = layer(), REGISTRY[view]
    kernel_map = "kernel_map" in entry.options and built.has_kernel_values
    figure = Figure(
        built,
        view=view,
        values=numbers,
        labels=True,
        caption=True,
        title="x",
        reveal=True,
        prologue="prologue" in entry.options,
        kernel_map=kernel_map and isinstance(built, entry.layers),
        direct_matrix=view == "matrix" and isinstance(built, ConvTranspose),
    )
    tracemalloc.start()
    began = time.perf_counter()
    try:
        said = refusal(figure)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert time.perf_counter() - began < 1
    remedy = "choose a smaller cell or scale"
    if not isinstance(built, entry.layers):
        remedy = "draws "
    elif view == "matrix" and remedy not in said:
        remedy = "weights of a matrix row" if max(built.kernel_size) == 10**9 else "max_frames"
    assert remedy in said


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_drawn_before_a_frame_is_asked_for(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view hands over functions; its numbers too are worked out by whoever paints them."""
    figure = Figure(some_layer(view), view=view, values="random", reveal=True, labels=True)
    drawn: list[str] = []
    for kind in (Polygon, Line):
        original = kind.__init__

        def made(self: object, *given: object, make: Any = original, name: str = kind.__name__, **more: object) -> None:
            drawn.append(name)
            make(self, *given, **more)

        monkeypatch.setattr(kind, "__init__", made)
    found = draw(figure)
    assert drawn == []
    assert all(track.at((track.span or [0])[0]) for track in found.tracks)
    assert set(drawn) == {"Polygon", "Line"}


@pytest.mark.parametrize("view", VIEWS)
def test_as_many_frames_as_are_allowed_and_not_one_more(view: View) -> None:
    """Those of a prologue and of moves count as well."""
    figure = Figure(some_layer(view), view=view)
    frames = len(draw(figure).durations)
    assert len(draw(replace(figure, max_frames=frames)).durations) == frames
    assert refusal(replace(figure, max_frames=frames - 1)) == (
        f"max_frames = {frames - 1}: the figure has {frames:,} frames; raise max_frames to allow that many"
    )


@pytest.mark.parametrize("view", ["isometric", "flat"])
def test_frames_in_thousands_are_told_readably(view: View) -> None:
    assert refusal(Figure(Conv(1000, 1), view=view, cell=4, max_pixels=10**9)) == (
        "max_frames = 2500: the figure has 1,000,000 frames; raise max_frames to allow that many"
    )


@pytest.mark.parametrize("view", VIEWS)
def test_as_many_pixels_as_are_allowed_and_not_one_more(view: View) -> None:
    """At twice the cell, since it is the frame in the file that must not be too large."""
    figure = Figure(some_layer(view), view=view, scale=2, title="A title", caption=True)
    width, height = draw(figure).pixel_size(60)
    pixels = width * height
    assert draw(replace(figure, max_pixels=pixels)).pixel_size(60) == (width, height)
    assert refusal(replace(figure, max_pixels=pixels - 1)) == (
        f"max_pixels = {pixels - 1}: a frame would be {width:,} x {height:,} pixels; "
        "choose a smaller cell or scale, or raise max_pixels"
    )


def test_no_budget_raises_the_longest_side() -> None:
    """65,535 pixels are what a GIF can say."""
    assert LONGEST_SIDE == 2**16 - 1
    figure = Figure(Conv(4, 3), max_pixels=10**12)
    for width, height in ((65_535, 1), (1, 65_535), (65_535, 65_535)):
        assert list(too_large(figure, width, height, "a sheet", "choose fewer columns")) == []
    for width, height, size in ((65_536, 1, "65,536 x 1"), (1, 65_536, "1 x 65,536")):
        (problem,) = too_large(figure, width, height, "a sheet", "choose fewer columns")
        assert str(problem) == (
            f"cell = 30: a sheet would be {size} pixels, the longest side can be 65,535; choose fewer columns"
        )


def test_an_image_over_its_pixels_is_named_by_what_it_is() -> None:
    figure = Figure(Conv(4, 3), max_pixels=11)
    assert [str(problem) for problem in too_large(figure, 3, 4, "a sheet", "choose fewer columns")] == [
        "max_pixels = 11: a sheet would be 3 x 4 pixels; choose fewer columns, or raise max_pixels"
    ]
