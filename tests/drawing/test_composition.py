"""Figures become scenes: what all views do alike, and whole scenes against files that were read by a person once."""

from __future__ import annotations

import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import combinations, groupby, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.formula import Equation, Floor, formula
from convgif.drawing.composition import LONGEST_SIDE, TITLE_ROOM, compose, scene_of, too_large
from convgif.drawing.metrics import width_of
from convgif.drawing.scene import Box, Items, Line, Polygon, Run, Scene, Text
from convgif.drawing.timeline import Act, CaptionLine, Drawing
from convgif.errors import InputError, Mention, as_argument, as_flag, as_key, either
from convgif.figure import Figure
from convgif.registry import LAYERS, VIEWS
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.cases import CASES, SHOWN, figures, legible, options_for, some_layer
from tests.drawing.golden import FOLDER, REGENERATE, SCENES, dump
from tests.drawing.truth import apart, check_bounds, corners_of, of_kind, shown, text_box

MOVING_VIEWS: Final = {"construction", "story"}
"""The views in which something always moves between two places."""


def refusal(figure: Figure, spelling: Callable[[str, object], str] = as_argument) -> list[str]:
    """What is said when the figure is drawn; nothing if it is."""
    try:
        compose(figure)
    except InputError as error:
        return [problem.text(spelling) for problem in error.problems]
    return []


def ends_of_tracks(scene: Scene) -> list[int]:
    """The frames in which something comes or goes, and the ones before these."""
    spans = [track.span for track in scene.tracks if track.span is not None]
    last = len(scene.durations) - 1
    ends = (frame for span in spans for frame in (span[0], span[len(span) // 2], span[-1]))
    return sorted({0, last // 2, last, *ends})


# Scenes


@pytest.mark.parametrize("name", SCENES)
def test_scenes_are_as_they_were(name: str) -> None:
    path, text = FOLDER / "scenes" / f"{name}.txt", dump(compose(SCENES[name]))
    if REGENERATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        pytest.skip("written anew")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("view", SHOWN)
def test_the_same_figure_gives_the_same_scene(view: str) -> None:
    """No state is left behind by drawing, not even by drawing frames out of order."""
    figure = Figure(some_layer(view), view=view, random=1, labels=True)
    scene, again = compose(figure), compose(figure)
    frames = range(len(scene.durations))
    backwards = [[track.at(frame) for track in scene.tracks] for frame in reversed(frames)]
    assert [[track.at(frame) for track in again.tracks] for frame in frames] == backwards[::-1]


@pytest.mark.parametrize("reveal", [False, True])
@pytest.mark.parametrize("view", SHOWN)
def test_static_tracks_stand_still_and_the_others_move(view: str, reveal: bool) -> None:
    """Renderers paint a static track once; one that is wrongly called moving would only cost time."""
    options = {"reveal": True} if reveal and "reveal" in options_for(view, some_layer(view)) else {}
    scene = compose(Figure(some_layer(view), view=view, random=1, **options))
    for track in scene.tracks:
        span = range(len(scene.durations)) if track.span is None else track.span
        seen = [track.at(frame) for frame in span]
        # Sight lines need not cross any number.
        assert all(seen) or (track.name == "crossed" and any(seen)), f"{track.name} shows nothing in some frame"
        assert (seen.count(seen[0]) == len(seen)) == (track.static or len(seen) == 1), track.name


def test_drawing_loads_nothing_heavy() -> None:
    """A scene without numbers is made of Python alone, and also where Python leaves assertions and docstrings out."""
    program = (
        "import sys; from convgif.arithmetic import Conv, ConvTranspose; from convgif.figure import Figure; "
        "from convgif.drawing.composition import compose; from convgif.registry import VIEWS; "
        "layers = [Conv(4, 3), ConvTranspose(2, 3)]; "
        "[(scene.roles, scene.notes(), scene.links()) for name, view in VIEWS.items() for layer in layers "
        "if view.suits(layer) for scene in [compose(Figure(layer, view=name, labels=True, title='x', caption=True))]]; "
        "print(sorted({name.split('.')[0] for name in sys.modules} "
        "& {'matplotlib', 'PIL', 'numpy', 'pydantic', 'convgif'}))"
    )
    done = subprocess.run([sys.executable, "-OO", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['convgif']"


@pytest.mark.parametrize("view", SHOWN)
def test_a_scene_has_the_words_of_its_figure_and_tells_most_in_one_of_its_frames(view: str) -> None:
    """In the middle of the kernel's way; in the last frame where something is built or revealed before it."""
    figure = Figure(some_layer(view), view=view)
    scene = compose(figure)
    last = len(scene.durations) - 1
    title = figure.layer.title
    assert scene.title == title[0].upper() + title[1:]
    assert scene.description == figure.describe()
    named = compose(figure.replaced(title="Blur"))
    assert (named.title, named.description[:6]) == ("Blur", "Blur: ")
    assert scene.telling == (last if len({track.span for track in scene.tracks}) > 1 else last // 2)
    if "reveal" in options_for(view, figure.layer):
        assert compose(figure.replaced(reveal=True)).telling == last


@pytest.mark.parametrize("view", SHOWN)
def test_links_lead_from_cells_to_the_frames_that_show_them(view: str) -> None:
    """To every step, each from one cell, which is shaded there; and every such frame has its note."""
    scene = compose(Figure(some_layer(view), view=view))
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


@pytest.mark.parametrize("view", SHOWN)
@settings(REPEATABLE, max_examples=12)
@given(st.data())
def test_everything_is_drawn_within_the_bounds(view: str, data: st.DataObject) -> None:
    """In every frame, of figures with every option: else it would be cut off at the picture's edge."""
    figure = data.draw(figures(view))
    found = compose(figure)
    assert min(found.durations) >= 20
    memory: dict[int, Items] = {}
    for frame in ends_of_tracks(found):
        items = shown(found, frame, memory)
        check_bounds(found, items)
        check_words(figure, items)


def check_words(figure: Figure, items: Mapping[str, Items]) -> None:
    """The title stands above everything and the caption below; no words are set smaller than they should be."""
    around = [corner for name in items.keys() - {"title", "caption"} for corner in corners_of(items[name])]
    ys = [y for _, y in around]
    title, caption = of_kind(items.get("title", ()), Text), corners_of(items.get("caption", ()))
    assert [text.text for text in title] == ([] if figure.title is None else [figure.title])
    if title:
        assert text_box(title[0]).bottom < min(ys)
    if caption:
        assert min(y for _, y in caption) > max(ys)
    for found in items.values():
        for text in of_kind(found, Text):
            if text.role == "words":
                assert text.size * width_of(text.runs, serif_too=True) <= text.width + 1e-9


# What does not go together


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("ndim", [1, 2, 3])
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_that_does_not_suit_the_layer_is_refused_with_those_that_do(view: str, ndim: int, kind: str) -> None:
    layer = LAYERS[kind]((3,) * ndim, (2,) * ndim)
    found = refusal(Figure(layer, view=view))
    if VIEWS[view].suits(layer):
        assert found == []
        return
    (said,) = found
    fitting = [name for name, other in VIEWS.items() if other.suits(layer)]
    assert said.endswith(fitting[-1] if fitting else "leave some out")
    assert all(name in said for name in fitting)


def fitting_names(layer: AnyLayer) -> str:
    """The views that a message offers for a layer."""
    return either(name for name, view in VIEWS.items() if view.suits(layer))


def having(option: str, layer: AnyLayer) -> str:
    """The views that a message offers to those who want an option."""
    names = [name for name, view in VIEWS.items() if view.suits(layer) and option in options_for(name, layer)]
    return either(f"--view {name}" for name in names)


@pytest.mark.parametrize(
    ("layer", "view", "said"),
    [
        (
            MaxPool(2, 2),
            "matrix",
            "view = 'matrix': draws convolution and transposed convolution only, and this is max pooling; "
            f"choose {fitting_names(MaxPool(2, 2))}",
        ),
        (
            Conv(3, 2),
            "scatter",
            "view = 'scatter': draws transposed convolution only, and this is convolution; "
            f"choose {fitting_names(Conv(3, 2))}",
        ),
        (
            Conv((3,), 2),
            "story",
            "view = 'story': draws layers of two axes only, and this is a layer of one axis; "
            f"choose {fitting_names(Conv((3,), 2))}",
        ),
        (
            Conv((3, 3, 3), 2),
            "flat",
            "input_size = (3, 3, 3): has three axes, and views draw two axes at most; leave some out",
        ),
    ],
)
def test_refusals_name_the_rule_and_the_remedy(layer: AnyLayer, view: str, said: str) -> None:
    assert refusal(Figure(layer, view=view)) == [said]


@pytest.mark.parametrize("view", VIEWS)
def test_a_layer_of_several_channels_is_drawn_by_views_that_draw_channels_alone(view: str) -> None:
    """The others say what they draw, what this is, and who draws it: one channel of several would be half the truth."""
    layer = Conv(4, 3, in_channels=3)
    assert VIEWS[view].suits(layer) <= VIEWS[view].channels
    found = refusal(Figure(layer, view=view))
    if VIEWS[view].suits(layer):
        assert found == []
    elif VIEWS[view].suits(Conv(4, 3)):
        this = "this is one with 3 input channels and 1 output channel"
        said = f"draws layers of one channel only, and {this}; choose {fitting_names(layer)}"
        assert found == [f"view = {view!r}: {said}"]
    else:
        (said,) = found
        assert said.endswith(f"this is convolution; choose {fitting_names(layer)}")


ALL_OPTIONS: Final = sorted({declared.option.name for view in VIEWS.values() for declared in view.options})


@pytest.mark.parametrize("view", SHOWN)
@pytest.mark.parametrize("option", ALL_OPTIONS)
def test_an_option_that_a_view_does_not_have_is_refused(view: str, option: str) -> None:
    """Not passed over in silence: who asked for it would look for it in the picture."""
    layer = some_layer(view)
    found = refusal(Figure(layer, view=view, random=0, **{option: True}))
    if option in options_for(view, layer):
        assert found == []
        return
    (said,) = found
    assert said.startswith(f"{option} = True: ")
    assert "leave it out" in said
    for other in VIEWS:
        if VIEWS[other].suits(layer) and option in options_for(other, layer):
            assert f"view = '{other}'" in said


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (
            Figure(MaxPool(2, 2), view="flat", kernel_map=True),
            ["--kernel-map: suits convolution and transposed convolution only, and this is max pooling; leave it out"],
        ),
        (
            Figure(ConvTranspose(3, 2), worked=True, direct_matrix=True, reveal=True, prologue=True),
            [
                "--direct-matrix: the isometric view has none; leave it out, or choose "
                f"{having('direct_matrix', ConvTranspose(3, 2))}",
                "--worked: works with numbers, and the figure has none; --random 0 makes some up",
            ],
        ),
        (
            Figure(MaxPool(2, 2), view="scatter", kernel_map=True, direct_matrix=True),
            [
                "--view scatter: draws transposed convolution only, and this is max pooling; "
                f"choose {fitting_names(MaxPool(2, 2))}",
            ],
        ),
    ],
)
def test_what_does_not_go_together_is_said_at_once(figure: Figure, said: list[str]) -> None:
    """As whoever asks writes it. Of a view that does not suit the layer, the options are not worth a word."""
    assert refusal(figure, as_flag) == said


# Times and words


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
    durations = scene_of(Figure(Conv(4, 3), frame_ms=frame_ms, hold_ms=hold_ms), acted(*acts)).durations
    shares = [share for frames, share in acts for _ in range(frames)]
    assert all(type(duration) is int for duration in durations)
    for duration, share, hold in zip(durations, shares, [0] * (len(shares) - 1) + [hold_ms], strict=True):
        assert duration - hold >= 20
        assert abs(duration - hold - frame_ms * share) <= 0.5 or duration - hold == 20 > frame_ms * share


@pytest.mark.parametrize("view", SHOWN)
def test_every_view_keeps_the_time_and_moves_are_short(view: str) -> None:
    """A frame of a move is a small part of a usual one, and so the first frame is never: it is seen without motion."""
    figure = Figure(some_layer(view), view=view, frame_ms=700, hold_ms=300)
    *others, last = compose(figure).durations
    usual = [time for time in others if time != 56]
    assert all(time >= 700 for time in usual)
    assert last >= 1000
    assert others[:1] == usual[:1]
    assert (56 in others) == (view in MOVING_VIEWS)
    assert min(compose(figure.replaced(frame_ms=20, hold_ms=0)).durations) == 20


SENTENCES = st.text(st.characters(categories=["L", "N", "Zs", "Po"], max_codepoint=0x17F), min_size=1, max_size=30)
QUOTIENT = Equation(formula("o = ", Floor("1", "2"), " + 1"))
CAPTIONS = st.lists(SENTENCES | st.just(QUOTIENT), max_size=3).map(tuple)


@REPEATABLE
@given(st.lists(CAPTIONS, min_size=1, max_size=4), st.none() | SENTENCES.filter(str.strip))
def test_a_caption_is_said_during_its_acts(said: list[tuple[CaptionLine, ...]], title: str | None) -> None:
    """Neighbouring acts that say the same share a track: renderers need not paint it anew."""
    box = Box(1, 2, 3, 4)
    acts = [Act((), frames, caption=lines) for frames, lines in enumerate(said, start=1)]
    found = scene_of(Figure(Conv(4, 3), title=title), Drawing(box, tuple(acts)))
    said_in = [lines for frames, lines in enumerate(said, start=1) for _ in range(frames)]
    for frame, lines in enumerate(said_in):
        items = shown(found, frame).get("caption", ())
        texts = [text.text for text in of_kind(items, Text)]
        parts = [[line] if isinstance(line, str) else ["o =", "1", "2", "+ 1"] for line in lines]
        assert texts == [text for part in parts for text in part]
        assert len(of_kind(items, Line)) == sum(isinstance(line, Equation) for line in lines)
        boxes = [text_box(text) for text in of_kind(items, Text) if text.text != "2"]
        assert all(above.top < below.bottom for above, below in pairwise(boxes)), "line by line"
    tracks = [track for track in found.tracks if track.name == "caption"]
    assert all(track.static for track in tracks)
    assert len(tracks) == sum(bool(lines) for lines, _ in groupby(said))
    left, top, right, bottom = found.bounds
    assert (left + right) / 2 == pytest.approx(2)
    assert top == (2 if title is None else 2 - TITLE_ROOM)
    assert (bottom == 4) == (not any(said)), "room for words where there are any"


def test_words_widen_a_narrow_drawing_evenly() -> None:
    figure = Figure(Conv(4, 3), title="A title that is much wider than the drawing")
    found = scene_of(figure, acted((1, 1.0), box=Box(10, 0, 11, 5)))
    (title,) = of_kind(shown(found, 0)["title"], Text)
    left, _, right, _ = found.bounds
    assert (left + right) / 2 == 10.5 == title.at[0]
    assert right - left == pytest.approx(0.62 * width_of((Run(title.text),), serif_too=True))
    assert scene_of(figure.replaced(title="x"), acted((1, 1.0), box=Box(0, 0, 9, 5))).bounds[::2] == (0, 9)


# Chosen frames


@pytest.mark.parametrize("view", SHOWN)
@settings(REPEATABLE, max_examples=8)
@given(st.sampled_from([None, "2:", ":-1", "1:3", "-3:", ":"]), st.integers(1, 4))
def test_chosen_frames_are_those_of_the_whole_figure(view: str, frame_range: str | None, every: int) -> None:
    """In every view: pictures, notes and links; the last one is held, and nothing changes its place."""
    figure = Figure(some_layer(view), view=view, hold_ms=500, title="x")
    whole = compose(figure)
    begin, _, end = (frame_range or ":").partition(":")
    frames = range(len(whole.durations))[int(begin) if begin else None : int(end) if end else None][::every]
    if not frames:
        (said,) = refusal(figure.replaced(frame_range=frame_range, every=every))
        assert "holds none of the figure's frames" in said
        return
    found = compose(figure.replaced(frame_range=frame_range, every=every))
    assert len(found.durations) == len(frames)
    assert [shown(found, place) for place in range(len(frames))] == [shown(whole, frame) for frame in frames]
    assert found.bounds == whole.bounds
    assert found.notes() == tuple(whole.notes()[frame] for frame in frames)
    assert [frames[link.frame] for link in found.links()] == [
        link.frame for link in whole.links() if link.frame in frames
    ]
    times = [whole.durations[frame] - 500 * (frame == len(whole.durations) - 1) for frame in frames]
    assert found.durations == (*times[:-1], times[-1] + 500)
    assert abs(frames[found.telling] - whole.telling) == min(abs(frame - whole.telling) for frame in frames)


def test_no_frames_are_refused() -> None:
    assert refusal(Figure(Conv(4, 3), frame_range="4:9"), as_flag) == [
        "--frame-range 4:9: holds none of the figure's frames, which are 0 to 3"
    ]


def test_a_large_figure_is_drawn_in_part() -> None:
    """Its frames are counted after the choice, and the others cost nothing."""
    figure = Figure(Conv(1000, 1), view="flat", cell=4, max_pixels=10**9)
    found = compose(figure.replaced(frame_range="400000:400010", every=3))
    assert len(found.durations) == len(found.notes()) == len(found.links()) == 4
    assert found.notes()[1] == "Output (400, 3) reads 1 input element."
    assert len(compose(figure.replaced(every=1000)).durations) == 1000


# The budget


def huge_layers() -> Iterator[AnyLayer]:
    """Layers that nobody could draw."""
    yield Conv(10**9, 3)
    yield Conv(10**9, 10**9, padding=7)
    yield Conv((1, 10**7), 1, stride=(1, 10**7))
    yield Conv((10**9,), 3)
    yield ConvTranspose(10**9, 3, stride=10**6)
    yield ConvTranspose(10**9, 10**9, dilation=10**9)
    yield ConvTranspose(1, 10**9)
    yield MaxPool(10**9, 10**5)
    yield AvgPool(10**9, 2, count_include_pad=False)


@contextmanager
def little_memory() -> Iterator[None]:
    """Memory is counted, and a gigabyte more than is in use is refused: a mistake must not take the machine down."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**30, before[1]))
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
        resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("random", [None, 0])
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_computed_for_an_absurd_figure(view: str, random: int | None) -> None:
    """Whatever is to be shown of it: the refusal takes no memory to speak of."""
    for layer in filter(VIEWS[view].suits, huge_layers()):
        options = dict.fromkeys(options_for(view, layer, numbered=random is not None), True)
        figure = Figure(layer, view=view, random=random, labels=True, caption=True, title="x", **options)
        with little_memory():
            said = "\n".join(refusal(figure))
            assert tracemalloc.get_traced_memory()[1] < 1_000_000
        # A table is as small of a huge layer as of any other, if there is such a layer.
        fits = view == "summary" and (said == "" or "must be at most" in said)
        assert "max_frames" in said or "choose a smaller" in said or fits


@pytest.mark.parametrize("view", SHOWN)
def test_nothing_is_drawn_before_a_frame_is_asked_for(view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view hands over functions; its numbers too are worked out by whoever paints them."""
    layer = some_layer(view)
    options = dict.fromkeys(options_for(view, layer), True)
    figure = Figure(layer, view=view, random=1, labels=True, **options)
    drawn: list[str] = []
    for kind in (Polygon, Line):
        original = kind.__init__

        def made(self: object, *given: object, make: Any = original, name: str = kind.__name__, **more: object) -> None:
            drawn.append(name)
            make(self, *given, **more)

        monkeypatch.setattr(kind, "__init__", made)
    found = compose(figure)
    assert drawn == []
    assert "numbers" not in vars(figure)
    for track in found.tracks:
        track.at((track.span or [0])[0])
    assert drawn


@pytest.mark.parametrize("view", SHOWN)
def test_as_many_frames_as_are_allowed_and_not_one_more(view: str) -> None:
    """Those of a prologue and of moves count as well."""
    figure = Figure(some_layer(view), view=view)
    frames = len(compose(figure).durations)
    assert len(compose(figure.replaced(max_frames=frames)).durations) == frames
    if frames == 1:  # and one is always allowed
        return
    assert refusal(figure.replaced(max_frames=frames - 1), as_key) == [
        f"max_frames = {frames - 1}: the figure has {frames:,} frames; raise it to allow that many, or draw fewer: "
        "frame_range or every"
    ]


@pytest.mark.parametrize("view", SHOWN)
def test_as_many_pixels_as_are_allowed_and_not_one_more(view: str) -> None:
    """At twice the cell, since it is the frame in the file that must not be too large."""
    figure = Figure(some_layer(view), view=view, scale=2, title="A title", caption=True)
    width, height = compose(figure).pixel_size(60)
    pixels = width * height
    assert compose(figure.replaced(max_pixels=pixels)).pixel_size(60) == (width, height)
    assert refusal(figure.replaced(max_pixels=pixels - 1)) == [
        f"max_pixels = {pixels - 1}: a frame would be {width:,} x {height:,} pixels; "
        "choose a smaller cell or scale, or raise it"
    ]


def test_the_flat_view_of_an_absurd_layer_is_refused_with_its_numbers() -> None:
    """10^9 - 2 outputs each way; the canvas, one cell and the output beside each other at 30 pixels and a margin."""
    assert refusal(Figure(Conv(10**9, 3), view="flat"), as_flag) == [
        "--max-frames 2500: the figure has 999,999,996,000,000,004 frames; raise it to allow that many, or draw "
        "fewer: --frame-range or --every",
        "--cell 30: a frame would be 60,000,000,014 x 30,000,000,044 pixels, the longest side can be 65,535; "
        "choose a smaller --cell or --scale",
    ]


def test_no_budget_raises_the_longest_side() -> None:
    """65,535 pixels are what a GIF can say."""
    assert LONGEST_SIDE == 2**16 - 1
    figure, remedy = Figure(Conv(4, 3), max_pixels=10**12), ("choose fewer ", Mention("columns"))
    for width, height in ((65_535, 1), (1, 65_535), (65_535, 65_535)):
        assert list(too_large(figure, width, height, "a sheet", remedy)) == []
    for width, height, size in ((65_536, 1, "65,536 x 1"), (1, 65_536, "1 x 65,536")):
        (problem,) = too_large(figure, width, height, "a sheet", remedy)
        assert str(problem) == (
            f"cell = 30: a sheet would be {size} pixels, the longest side can be 65,535; choose fewer columns"
        )


def test_an_image_over_its_pixels_is_named_by_what_it_is() -> None:
    figure = Figure(Conv(4, 3), max_pixels=11)
    assert [str(problem) for problem in too_large(figure, 3, 4, "a sheet", "choose fewer frames")] == [
        "max_pixels = 11: a sheet would be 3 x 4 pixels; choose fewer frames, or raise it"
    ]


@pytest.mark.parametrize("view", SHOWN)
def test_no_words_lie_over_others(view: str) -> None:
    """Names, notes, heads, titles and captions, with all that can be said of layers that are easily drawn wrong."""
    for name, layer in CASES.items():
        if VIEWS[view].suits(layer) and (view != "matrix" or legible(layer)):
            options = dict.fromkeys((option for option in options_for(view, layer) if option != "build"), True)
            scene = compose(Figure(layer, view=view, random=0, labels=True, caption=True, title="T", **options))
            for frame in {0, len(scene.durations) // 2, len(scene.durations) - 1}:
                texts = [text for items in shown(scene, frame).values() for text in of_kind(items, Text)]
                boxes = [text_box(text) for text in texts if text.role == "words"]
                assert all(apart(*both) for both in combinations(boxes, 2)), f"{name}, frame {frame}"
