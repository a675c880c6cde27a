"""From figures to files: the same bytes however the work is shared, and all files or none whatever goes wrong."""

from __future__ import annotations

import base64
import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from PIL import Image

import convgif
from convgif import build
from convgif.arithmetic import LAYERS, AvgPool, Conv, ConvTranspose, MaxPool
from convgif.assembling import FORMATS
from convgif.drawing import VIEWS, draw
from convgif.drawing.scene import Box, Text
from convgif.drawing.theme import THEMES
from convgif.errors import InputError, wrong
from convgif.figure import Figure, ThemeName, View, option_problems
from convgif.presets import load_presets
from tests.assembling.decoders import chunks, film, image

NEW_VIEWS: Final = ("matrix", "scatter", "construction", "story")
FIGURES: Final = {
    "single": Figure(Conv(3, 3), cell=6),
    "long": Figure(Conv(8, 3), cell=6),
    "flat": Figure(Conv(5, 3), view="flat", values="random", cell=14),
    "clear": Figure(ConvTranspose(2, 3), cell=6, transparent=True),
    "v1.2": Figure(MaxPool(4, 2), cell=6),
}
ALL: Final = tuple(FORMATS)
SMALL: Final = FIGURES["single"]
KNOWN: Final = "apng, gif, html, mp4, pdf, png, poster, sheet and 4 more"


LARGE: Final[list[tuple[View, Any]]] = [
    ("isometric", Conv(52, 3)),
    ("flat", Conv(52, 3)),
    ("matrix", Conv(40, 3)),
    ("scatter", ConvTranspose(40, 3)),
    ("construction", ConvTranspose(40, 3)),
    ("story", Conv(34, 3)),
]


def tree(folder: Path) -> dict[str, bytes | None]:
    """All that lies below a folder, hidden files too: the bytes of files, None for folders."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes | None]:
    """What one process writes."""
    folder = tmp_path_factory.mktemp("alone")
    build.render(FIGURES, folder, ALL)
    return tree(folder)


def test_every_figure_in_every_format(alone: dict[str, bytes | None]) -> None:
    folders = {*ALL, *(f"{folder}/{name}" for folder in ("png", "svg-frames") for name in FIGURES)}
    single = ("gif", "svg", "pdf", "html", "apng", "webp", "mp4", "webm")
    pairs = (("sheet", "png"), ("sheet", "json"), ("poster", "png"), ("poster", "svg"))
    places = (*((ending, ending) for ending in single), *pairs)
    expected = {f"{folder}/{name}.{ending}" for name in FIGURES for folder, ending in places} | {"manifest.json"}
    for name, figure in FIGURES.items():
        for folder, ending in (("png", "png"), ("svg-frames", "svg")):
            numbers = range(len(draw(figure).durations))
            expected |= {f"{folder}/{name}/{name}_{number:03}.{ending}" for number in numbers}
    assert alone.keys() == folders | expected
    assert {path for path, data in alone.items() if data is None} == folders


@pytest.mark.parametrize("jobs", [1, 2, 8])
@pytest.mark.parametrize("turned", [False, True])
def test_the_bytes_are_the_same_however_the_work_is_shared(
    jobs: int, turned: bool, alone: dict[str, bytes | None], tmp_path: Path
) -> None:
    """And the results come in the order of the figures, though the long ones are drawn first."""
    names = list(FIGURES)[:: -1 if turned else 1]
    seen: list[str] = []
    done = build.render(
        {name: FIGURES[name] for name in names}, tmp_path, ALL, jobs, lambda rendered: seen.append(rendered.name)
    )
    assert tree(tmp_path) == alone
    assert [rendered.name for rendered in done] == names
    assert sorted(seen) == sorted(names)


def test_four_jobs_write_what_one_does_in_the_views_of_many_acts(tmp_path: Path) -> None:
    """All presets of these views: what each process works out for itself must not show."""
    figures = {name: replace(figure, cell=4) for name, figure in load_presets().items() if figure.view in NEW_VIEWS}
    assert len(figures) == 15
    assert {figure.view for figure in figures.values()} == set(NEW_VIEWS)
    trees = []
    for jobs in (1, 4):
        build.render(figures, tmp_path / str(jobs), ("gif", "sheet"), jobs)
        trees.append(tree(tmp_path / str(jobs)))
    assert len(trees[0]) == 2 + 3 * 15 + 1
    assert trees[0] == trees[1]


CUT_AWAY: Final = (
    ConvTranspose(1, 1, stride=5, padding=2, output_padding=4),
    ConvTranspose((1, 3), 1, stride=(5, 1), padding=(2, 0), output_padding=(4, 0)),
    ConvTranspose((3, 1), 1, stride=(1, 4), padding=(0, 1), output_padding=(0, 3)),
)
"""Their padding cuts all of their input away: the output elements are output padding."""
HUGE: Final[dict[str, Any]] = {"input_values": [[1e300, 1], [1, -1e300]], "kernel_values": [[1e300, 1], [1, 1e-300]]}


def drawn(figure: Figure) -> list[Any]:
    """The frames of a figure; none if it is refused in words."""
    try:
        frames = list(figure.frames())
    except InputError:
        return []
    assert len(frames) == len(draw(figure).durations)
    assert len({frame.shape for frame in frames}) == 1
    return frames


@pytest.mark.parametrize("theme", get_args(ThemeName))
@pytest.mark.parametrize("view", get_args(View))
@pytest.mark.parametrize("layer", CUT_AWAY)
def test_a_layer_whose_input_is_all_cut_away_can_be_drawn(layer: ConvTranspose, view: Any, theme: Any) -> None:
    """Of pale cells and nothing else; and where the canvas is built up, nothing is larger for being negative."""
    assert all(tap.input is None for step in layer.steps() for tap in step.taps)
    if not isinstance(layer, VIEWS[view].layers):
        return
    for prologue in {False, "prologue" in VIEWS[view].options}:
        figure = Figure(layer, view=view, theme=theme, cell=6, prologue=prologue)
        assert drawn(figure)
        scene = draw(figure)
        items = [item for track in scene.tracks for frame in range(len(scene.durations)) for item in track.at(frame)]
        corners = [at for item in items if not isinstance(item, Text) for part in item.parts for at in part]
        assert Box.around(corners).holding([scene.bounds]) == pytest.approx(scene.bounds)


def test_the_story_of_a_convolution_that_reads_padding_alone() -> None:
    """It is the transpose of such a layer that comes out of it."""
    layer = Conv(1, 1, stride=5, padding=2, dilation=3)
    assert drawn(Figure(layer, view="story", cell=6))


@pytest.mark.parametrize("kind", [Conv, ConvTranspose, MaxPool, AvgPool])
@pytest.mark.parametrize("view", get_args(View))
def test_a_view_draws_the_layers_that_it_says_it_draws(view: Any, kind: type[Any]) -> None:
    figure = Figure(kind(3, 2), view=view, cell=6, labels=True, caption=True, values="random")
    assert bool(drawn(figure)) is issubclass(kind, VIEWS[view].layers)


@pytest.mark.parametrize("view", get_args(View))
def test_numbers_beyond_every_float_can_be_drawn(view: Any) -> None:
    """They overflow to infinity, in silence; what they are not is a mistake in what was given."""
    layer = ConvTranspose(2, 2) if view in ("scatter", "construction") else Conv(2, 2, padding=1)
    frames = drawn(Figure(layer, view=view, cell=10, **HUGE))
    assert frames or view == "story"


@st.composite
def any_figures(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """A small layer, and all sorts of options; many of them do not go together."""
    switches = ("labels", "caption", "reveal", "kernel_map", "prologue", "direct_matrix", "transparent")
    given: dict[str, Any] = {name: draw(st.booleans()) for name in switches}
    given["title"] = draw(st.none() | st.text(max_size=6))
    given["values"] = draw(st.sampled_from([None, "random"]))
    given["view"], given["theme"] = draw(st.sampled_from(get_args(View))), draw(st.sampled_from(get_args(ThemeName)))
    view = VIEWS[given["view"]]
    for misfit in switches[3:6]:
        given[misfit] &= misfit in view.options or draw(st.integers(0, 3)) == 0
    # Most views have no use for most layers.
    kind = draw(st.sampled_from([*view.layers] * 3 + [*LAYERS.values()]))
    return draw(small(kind)), given


@st.composite
def small(draw: st.DrawFn, kind: type[Any]) -> Any:
    """A small layer of some kind, if these arguments make one."""
    pairs = {"input_size": (1, 3), "kernel_size": (1, 3), "stride": (1, 3), "padding": (0, 2)}
    if kind is not AvgPool:
        pairs["dilation"] = (1, 2)
    if kind is ConvTranspose:
        pairs["output_padding"] = (0, 2)
    try:
        return kind(**{name: draw(st.tuples(*[st.integers(*ends)] * 2)) for name, ends in pairs.items()})
    except InputError:
        reject()


@settings(deadline=None, derandomize=True, database=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_figure_is_drawn_or_refused_in_words(data: st.DataObject) -> None:
    """Whatever is combined: no accident, and no warning."""
    layer, options = data.draw(any_figures())
    if wrongly := option_problems(options):
        assert [problem.key for problem in wrongly] == ["title"]
        return
    figure = Figure(layer, cell=4, **options)
    problems = list(build.check({"a": figure}))
    assert bool(drawn(figure)) is not bool(problems)
    assert all(str(problem).startswith("[a] ") for problem in problems)


MISFITS: Final[list[tuple[Figure, str]]] = [
    (
        Figure(Conv(4, 3), view="construction"),
        "view = 'construction': draws transposed convolution only, and this is convolution; "
        "choose isometric, flat, matrix or story",
    ),
    (
        Figure(MaxPool(4, 2), view="scatter", kernel_map=True),
        "view = 'scatter': draws transposed convolution only, and this is max pooling; choose isometric or flat",
    ),
    (
        Figure(AvgPool(4, 2), view="matrix", values="random"),
        "view = 'matrix': draws convolution and transposed convolution only, and this is average pooling; "
        "choose isometric or flat",
    ),
    (
        Figure(MaxPool(4, 2), view="flat", kernel_map=True),
        "kernel_map = True: suits convolution and transposed convolution only, and this is max pooling; leave it out",
    ),
    (
        Figure(Conv(4, 3), view="matrix", kernel_map=True, prologue=True, direct_matrix=True, title="卷"),
        "prologue = True: the matrix view has none; leave it out, or choose view = isometric, flat, construction "
        "or story\n"
        "kernel_map = True: the matrix view has none; leave it out, or choose view = flat, scatter or construction\n"
        "direct_matrix = True: suits transposed convolution only, and this is convolution; leave it out",
    ),
    (
        Figure(ConvTranspose(2, 3), direct_matrix=True),
        "direct_matrix = True: the isometric view has none; leave it out, or choose view = matrix",
    ),
    (
        Figure(Conv(20, 7), view="matrix"),
        "view = 'matrix': the 49 weights of a matrix row would take up to 59 cells side by side, of which 45 can be "
        "read; choose a smaller kernel_size or input_size, or the flat view",
    ),
    (Figure(Conv(4, 3), title="卷积 of 卷"), "title = '卷积 of 卷': the typeface has no 卷, 积; leave that out"),
    # These are in the typeface of one theme and not in that of the other.
    (Figure(Conv(4, 3), title="אשא", theme="muted"), "title = 'אשא': the typeface has no א, ש; leave that out"),
    (Figure(Conv(4, 3), title="⤀"), "title = '⤀': the typeface has no ⤀; leave that out"),
    (
        Figure(Conv(4, 3), view="story", max_frames=31),
        "max_frames = 31: the figure has 33 frames; raise max_frames to allow that many",
    ),
]


@pytest.mark.parametrize(("figure", "message"), MISFITS)
def test_what_does_not_go_together_is_told_before_anything_is_written(
    figure: Figure, message: str, tmp_path: Path
) -> None:
    """By everything that draws or checks, in the same words."""
    lines = message.splitlines()
    assert list(map(str, build.check({"a": figure, "b": SMALL}))) == [f"[a] {line}" for line in lines]
    for write in (
        figure.frames,
        lambda: figure.save(tmp_path / "new" / "my.gif"),
        lambda: figure.save(f"{tmp_path}/new/my/"),
        lambda: convgif.render({"b": SMALL, "a": figure}, tmp_path / "out", ALL),
    ):
        with pytest.raises(InputError) as caught:
            write()
        assert caught.value.exit_code == 2
        assert [line.removeprefix("[a] ") for line in str(caught.value).splitlines()] == lines
    assert not tree(tmp_path)


@pytest.mark.parametrize(("title", "theme"), [("אשא", "solarized"), ("⤀ é ±", "muted")])
def test_a_title_is_drawn_where_the_typeface_has_it(title: str, theme: Any) -> None:
    plain = next(Figure(Conv(4, 3), cell=10, theme=theme).frames())
    titled = next(Figure(Conv(4, 3), cell=10, theme=theme, title=title).frames())
    assert titled.shape[0] > plain.shape[0]
    above = titled[: titled.shape[0] - plain.shape[0]]
    assert (above < 128).any()


@pytest.mark.parametrize("title", ["$x_{1}$", r"\dfrac{1}{2} $", "$", "_^{}", "%s {0}", "<b>&amp;</b>"])
def test_a_title_is_text_and_never_mathematics(title: str, tmp_path: Path) -> None:
    """A dollar sign is a dollar sign; what is no formula in TeX makes no accident."""
    path = Figure(Conv(2, 1), cell=10, title=title).save(tmp_path / "my.png")
    index = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert index["meta"]["alt"] == f"{title}: {Conv(2, 1).describe()}"
    assert chunks(path).texts["Description"] == index["meta"]["alt"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_became_of_the_figures(jobs: int, tmp_path: Path) -> None:
    done = build.render({name: FIGURES[name] for name in ("long", "clear")}, tmp_path, ALL, jobs)
    assert [rendered.frames for rendered in done] == [36, 16]
    for rendered in done:
        name = rendered.name
        assert rendered.pixels == draw(FIGURES[name]).pixel_size(6)
        assert [file.relative_to(tmp_path).as_posix() for file in rendered.files] == [
            f"gif/{name}.gif",
            f"sheet/{name}.png",
            f"sheet/{name}.json",
            f"png/{name}",
            f"svg/{name}.svg",
            f"svg-frames/{name}",
            f"pdf/{name}.pdf",
            f"poster/{name}.png",
            f"poster/{name}.svg",
            *(f"{format}/{name}.{format}" for format in ("html", "apng", "webp", "mp4", "webm")),
        ]
        everything = [file for path in rendered.files for file in ([*path.iterdir()] if path.is_dir() else [path])]
        assert rendered.size == sum(file.stat().st_size for file in everything)
        assert rendered.drawn


def test_the_usual_formats_and_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (done,) = convgif.render({"a": SMALL})
    assert [str(file) for file in done.files] == ["out/gif/a.gif", "out/sheet/a.png", "out/sheet/a.json"]
    names = {str(file) for file in done.files} | {"out/manifest.json"}
    assert {path for path, data in tree(tmp_path).items() if data is not None} == names


def test_formats_are_written_once_each(tmp_path: Path) -> None:
    (done,) = convgif.render({"a": SMALL}, tmp_path, ["gif", "gif"])
    assert done.files == (tmp_path / "gif" / "a.gif",)


def test_what_is_there_already_is_kept(tmp_path: Path) -> None:
    """By content: what was drawn from the same and is still as it was; and what became of it is told as before."""
    figures, seen = {"a": SMALL, "b": FIGURES["clear"]}, []
    first = build.render(figures, tmp_path, ["gif"])
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    again = build.render(figures, tmp_path, ["gif"], progress=lambda done: seen.append(done.name))
    assert [(done.frames, done.pixels, done.files, done.size) for done in again] == [
        (done.frames, done.pixels, done.files, done.size) for done in first
    ]
    assert [done.drawn for done in (*first, *again)] == [True, True, False, False]
    assert sorted(seen) == ["a", "b"]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before, "nothing is touched"
    (tmp_path / "gif" / "b.gif").write_bytes(b"GIF89a")
    more = build.render(figures, tmp_path, ["gif", "svg"])
    assert [done.drawn for done in more] == [True, True]
    assert [sorted(file.name for file in done.files) for done in more] == [["a.gif", "a.svg"], ["b.gif", "b.svg"]]
    assert [done.size for done in more] == [sum(file.stat().st_size for file in done.files) for done in more]
    fresh = tmp_path / "fresh"
    build.render(figures, fresh, ["gif", "svg"])
    assert {path: data for path, data in tree(tmp_path).items() if not path.startswith("fresh")} == tree(fresh)
    forced = build.render(figures, tmp_path, ["gif", "svg"], force=True)
    assert [done.drawn for done in forced] == [True, True]


def test_what_a_notebook_shows() -> None:
    """The animation as text, and the telling frame for all that shows no more than a picture."""
    figure = FIGURES["clear"]
    scene = draw(figure)
    shown = figure._repr_mimebundle_()
    assert shown.keys() == {"text/html", "image/png", "text/plain"}
    assert shown["text/plain"] == scene.description
    html, data = shown["text/html"], shown["image/png"]
    assert isinstance(html, str)
    assert isinstance(data, str)
    assert html.startswith("<svg ")
    with Image.open(BytesIO(base64.b64decode(data))) as still:
        pixels = np.asarray(still.convert("RGBA"))
        assert still.text["Description"] == scene.description  # type: ignore[attr-defined]
    assert np.array_equal(pixels, list(figure.frames())[scene.telling])


def test_the_player_opens_in_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("webbrowser.open", opened.append)
    page = SMALL.show()
    assert page.is_relative_to(tmp_path)
    assert opened == [page.as_uri()]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("step", [-1, 16])
def test_only_frames_that_are_there_are_drawn_into_axes(step: int) -> None:
    from matplotlib.figure import Figure as Paper

    axes = Paper().add_subplot()
    with pytest.raises(InputError) as caught:
        FIGURES["clear"].draw(axes, step=step)
    assert str(caught.value) == f"step = {step}: the figure has 16 frames, 0 to 15"
    assert not axes.patches
    FIGURES["clear"].draw(axes, step=15)
    assert axes.patches


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_strip_is_one_file(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"fig.{ending}"
    assert build.strip(FIGURES["long"], (0, 35), path) == path
    assert [found.name for found in tmp_path.iterdir()] == [path.name]
    if ending == "png":
        three, one = path.with_name("three.png"), path.with_name("one.png")
        build.strip(FIGURES["long"], (0, 0, 35), three)
        build.strip(FIGURES["long"], (35,), one)
        with Image.open(one) as single, Image.open(path) as double, Image.open(three) as triple:
            assert np.array_equal(np.asarray(single), list(FIGURES["long"].frames())[35][..., :3])
            assert single.width * 2 < double.width
            assert double.width - single.width == pytest.approx(triple.width - double.width, abs=1)


def test_a_strip_has_its_budget(tmp_path: Path) -> None:
    """Of pixels: each frame fits, all of them do not."""
    width, height = draw(FIGURES["long"]).pixel_size(6)
    figure = replace(FIGURES["long"], max_pixels=width * height)
    build.strip(figure, [3], tmp_path / "one.png")
    with pytest.raises(InputError, match="choose fewer frames"):
        build.strip(figure, [3, 4], tmp_path / "two.png")
    assert tree(tmp_path).keys() == {"one.png"}


def test_a_preview_shows_every_theme(tmp_path: Path) -> None:
    build.preview(FIGURES["flat"], tmp_path / "all.png")
    with Image.open(tmp_path / "all.png") as image:
        colors = {color for _, color in image.getcolors(1 << 20) or []}
    assert {theme.input for theme in THEMES.values()} <= colors


def test_another_run_leaves_no_frames_behind(tmp_path: Path) -> None:
    """Frames of an earlier, longer run leaked into the animation in the tools that people use today."""
    for layer in (Conv(5, 3), Conv(4, 3)):
        convgif.render({"a": Figure(layer, cell=5), "b": Figure(Conv(4, 3), cell=5)}, tmp_path, ["png"])
    for name in ("a", "b"):
        assert sorted(file.name for file in (tmp_path / "png" / name).iterdir()) == [
            f"{name}_00{n}.png" for n in range(4)
        ]


@pytest.mark.parametrize("transparent", [False, True])
def test_frames_are_arrays_for_the_reader(transparent: bool) -> None:
    figure = Figure(Conv(4, 3), cell=10, scale=2, transparent=transparent)
    frames = figure.frames()
    assert isinstance(frames, Iterator)
    found = list(frames)
    width, height = draw(figure).pixel_size(20)
    assert {frame.shape for frame in found} == {(height, width, 4 if transparent else 3)}
    assert {frame.dtype for frame in found} == {np.dtype(np.uint8)}
    assert len({frame.tobytes() for frame in found}) == 4
    found[0][:] = 0
    assert found[1].any()


@pytest.mark.parametrize(("view", "layer"), LARGE)
def test_the_first_frame_comes_before_the_others_are_drawn(view: View, layer: Any) -> None:
    """A figure of 2,500 large frames takes seconds as a whole."""
    figure = Figure(layer, view=view, cell=10 if view == "matrix" else 20)
    began = time.process_time()
    next(figure.frames())
    assert time.process_time() - began < 1


@pytest.mark.parametrize(("view", "layer"), LARGE)
def test_a_large_figure_is_checked_before_it_is_drawn(view: View, layer: Any) -> None:
    """`convgif list` and `check` look at every figure; a view that built them all would take seconds for these."""
    figure = Figure(layer, view=view, values="random")
    began = time.process_time()
    assert not list(build.check({"a": figure}, ["gif"]))
    assert time.process_time() - began < 0.5
    assert 1400 < len(draw(figure).durations) <= 2500


@pytest.mark.parametrize("ending", [".gif", ".GIF"])
def test_save_a_gif(ending: str, tmp_path: Path) -> None:
    path = SMALL.save(tmp_path / f"my{ending}")
    assert path == tmp_path / f"my{ending}"
    assert len(film(path).frames) == 1
    assert list(tree(tmp_path)) == [f"my{ending}"]


def test_save_a_sheet(tmp_path: Path) -> None:
    assert SMALL.save(str(tmp_path / "my.png")) == tmp_path / "my.png"
    assert list(tree(tmp_path)) == ["my.json", "my.png"]
    np.testing.assert_array_equal(image(tmp_path / "my.png")[..., :3], next(SMALL.frames()))


@pytest.mark.parametrize("made", [False, True])
def test_save_a_folder_of_frames(made: bool, tmp_path: Path) -> None:
    """A path that ends in a slash; or the folder that is there already, with frames of an earlier run in it."""
    if made:
        FIGURES["long"].save(f"{tmp_path}/new/my/")
    path = SMALL.save(f"{tmp_path}/new/my/")
    assert path == tmp_path / "new" / "my"
    assert list(tree(tmp_path)) == ["new", "new/my", "new/my/my_000.png"]


def test_the_index_of_a_sheet_replaces_its_like_alone(tmp_path: Path) -> None:
    """Nobody named that file: a `fig.json` that is somebody's data stays, and no sheet appears beside it."""
    SMALL.save(tmp_path / "fig.png")
    SMALL.save(tmp_path / "fig.png")
    (tmp_path / "data.json").write_text('{"app": "mine"}')
    with pytest.raises(InputError) as caught:
        SMALL.save(tmp_path / "data.png")
    place = tmp_path / "data.json"
    rule = "is no index of a sprite sheet and would be replaced by one; choose another name"
    assert rule in str(caught.value)
    assert place.read_text() == '{"app": "mine"}'
    assert list(tree(tmp_path)) == ["data.json", "fig.json", "fig.png"]


@pytest.mark.parametrize("target", ["docs", "docs/"])
def test_saving_never_loses_what_convgif_did_not_write(target: str, tmp_path: Path) -> None:
    """A folder named by mistake is somebody's work; refused or kept beside the frames, it has to be there after."""
    (tmp_path / "docs" / "deep").mkdir(parents=True)
    (tmp_path / "docs" / "thesis.txt").write_text("mine")
    (tmp_path / "docs" / "deep" / "data.csv").write_text("mine")
    with suppress(InputError):
        SMALL.save(f"{tmp_path}/{target}")
    assert {"docs/thesis.txt", "docs/deep/data.csv"} <= tree(tmp_path).keys()


def test_save_replaces_a_file_and_nothing_beside_it(tmp_path: Path) -> None:
    for name in ("my.gif", "other.gif"):
        (tmp_path / name).write_text("old")
    SMALL.save(tmp_path / "my.gif")
    assert (tmp_path / "my.gif").read_bytes().startswith(b"GIF89a")
    assert (tmp_path / "other.gif").read_text() == "old"


@pytest.mark.parametrize("name", ["my", "my.jpg", "my.gif.bak", ".gif", "gif"])
def test_an_unknown_ending(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        SMALL.save(tmp_path / name)
    rule = (
        "must end in .gif, .png, .svg, .pdf, .html, .apng, .webp, .mp4, .webm (.png is a sprite sheet), or in / for a "
        "folder of frames"
    )
    assert [(problem.key, problem.value, problem.rule) for problem in caught.value.problems] == [
        ("output", str(tmp_path / name), rule)
    ]
    assert not tree(tmp_path)


@pytest.mark.parametrize("save", [True, False])
@pytest.mark.parametrize("out", ["x" * 300, "new/" + "x" * 300])
def test_a_name_that_is_too_long_for_the_system(save: bool, out: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written: file name too long"):
        SMALL.save(tmp_path / f"{out}.gif") if save else convgif.render({"a": SMALL}, tmp_path / out)
    assert not tree(tmp_path)


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "", "x" * 300, ".", "..", ".hidden", "a b", "a\n", "-a", "a\0b", "a\\b"]
)
def test_a_name_that_is_no_plain_file_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        convgif.render({name: SMALL}, tmp_path / "out")
    rule = "must be a plain file name: letters, digits, _, - and . inside, at most 100 characters"
    assert [(problem.key, problem.value, problem.rule) for problem in caught.value.problems] == [("name", name, rule)]
    assert not tree(tmp_path)


def test_all_problems_are_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    large = Figure(Conv(9, 3), cell=10, max_pixels=40_000, max_frames=48)
    sheet = Figure(Conv(5, 3), cell=10, max_pixels=40_000)
    with pytest.raises(InputError) as caught:
        convgif.render(
            {"a/b": SMALL, "good": SMALL, "large": large, "sheet": sheet}, tmp_path / "out", ["giff", "sheet"]
        )
    width, height = draw(sheet).pixel_size(10)
    assert str(caught.value).splitlines() == [
        "format = 'giff': there is no such format; did you mean gif?",
        "name = 'a/b': must be a plain file name: letters, digits, _, - and . inside, at most 100 characters",
        "[large] max_frames = 48: the figure has 49 frames; raise max_frames to allow that many",
        f"[sheet] max_pixels = 40000: the sprite sheet would be {3 * width:,} x {3 * height:,} pixels; "
        "choose a smaller cell or scale, or another format, or raise max_pixels",
    ]
    assert caught.value.exit_code == 2
    assert not tree(tmp_path)


@pytest.mark.parametrize(("format", "remedy"), [("pgn", "did you mean png?"), ("xyz", f"known are {KNOWN}")])
def test_an_unknown_format(format: str, remedy: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        convgif.render({"a": SMALL}, tmp_path / "out", [format])
    assert str(caught.value) == f"format = '{format}': there is no such format; {remedy}"
    assert not tree(tmp_path)


def test_check_asks_only_for_the_formats_chosen() -> None:
    figure = Figure(Conv(5, 3), cell=10, max_pixels=40_000)
    assert not list(build.check({"a": figure}))
    assert not list(build.check({"a": figure}, ["gif", "png"]))
    assert [problem.place for problem in build.check({"a": figure}, ["gif", "sheet"])] == ["[a]"]


@pytest.mark.parametrize("kind", ["sheet", "frame", "frames"])
def test_saving_over_the_budget_writes_nothing(kind: str, tmp_path: Path) -> None:
    limits: dict[str, dict[str, Any]] = {
        "sheet": {"max_pixels": 40_000},
        "frame": {"max_pixels": 4_000},
        "frames": {"max_frames": 8},
    }
    figure = Figure(Conv(5, 3), cell=10, **limits[kind])
    with pytest.raises(InputError):
        figure.save(tmp_path / "new" / "my.png")
    assert not tree(tmp_path)


@pytest.mark.parametrize("scale", [0.001, 0.03])
def test_frames_too_small_to_see_are_refused(scale: float) -> None:
    """Frames of no pixel, and frames so small that all are equal."""
    with pytest.raises(InputError) as caught:
        Figure(Conv(8, 3), cell=4, scale=scale)
    assert str(caught.value) == f"scale = {scale}: makes cells of {4 * scale:g} pixels; they must have 4 at least"


class FailsElsewhere(Figure):
    """A figure that cannot be drawn in any process but the first."""

    def describe(self) -> str:
        if multiprocessing.parent_process() is not None:
            raise wrong("moon", "full", "must be new")
        return super().describe()


class FullElsewhere(Figure):
    """A figure during whose drawing the disk is full, in any process but the first."""

    def describe(self) -> str:
        if multiprocessing.parent_process() is not None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().describe()


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (FailsElsewhere, "moon = 'full': must be new"),
        (FullElsewhere, "output {out}: cannot be written: no space left on device; choose another place"),
    ],
)
def test_an_error_in_another_process_reaches_the_caller(kind: type[Figure], message: str, tmp_path: Path) -> None:
    figures = {"a": Figure(Conv(9, 3), cell=6), "b": kind(Conv(4, 3), cell=6), "c": Figure(Conv(9, 3), cell=6)}
    with pytest.raises(InputError) as caught:
        convgif.render(figures, tmp_path / "out", ALL, jobs=2)
    assert str(caught.value) == message.format(out=tmp_path / "out")
    assert not tree(tmp_path)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, BrokenPipeError])
def test_an_error_in_the_callers_progress_is_the_callers(error: type[BaseException], jobs: int, tmp_path: Path) -> None:
    """It stops the run with all of its processes; and a closed pipe is no fault of the output folder."""

    def progress(rendered: build.Rendered) -> None:
        raise error(rendered.name)

    figures = {"a": SMALL, "b": Figure(Conv(20, 3), cell=20), "c": SMALL}
    with pytest.raises(error, match=r"^[abc]$"):
        convgif.render(figures, tmp_path / "out", ["gif"], jobs, progress)
    assert not tree(tmp_path)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("format", ALL)
def test_a_disk_that_is_full_half_way(format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = FORMATS[format]

    def write(figure: Figure, scene: Any, path: Path) -> None:
        whole.write(figure, scene, path)
        if path.name.startswith("b"):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(build, "FORMATS", {**FORMATS, format: replace(whole, write=write)})
    convgif.render({"a": FIGURES["long"]}, tmp_path, ALL)
    before = tree(tmp_path)
    with pytest.raises(InputError) as caught:
        convgif.render({"a": SMALL, "b": SMALL}, tmp_path, ALL)
    assert str(caught.value) == f"output {tmp_path}: cannot be written: no space left on device; choose another place"
    assert caught.value.exit_code == 2
    assert tree(tmp_path) == before


LIMITED = """
import resource, sys
from convgif import Conv, Figure, InputError, render
if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
    large = Figure(Conv(5, 3), cell=60)
    for format in ("gif", "sheet", "png"):
        for jobs in (1, 2):
            try:
                render({"small": Figure(Conv(3, 3), cell=5), "large": large}, "out", [format], jobs)
            except InputError as error:
                print(error.exit_code, error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the size of files")
def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    """The system's own refusal, in the middle of a write, in one process and in several."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == ["2 output out: cannot be written: file too large; choose another place"] * 6
    assert not done.stderr
    assert not tree(tmp_path)


@pytest.mark.parametrize("out", ["file", "file/new"])
def test_a_file_in_the_way_of_the_output(out: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for write in (lambda: convgif.render({"a": SMALL}, tmp_path / out), lambda: SMALL.save(tmp_path / out / "my.gif")):
        with pytest.raises(
            InputError, match=r"cannot be written: (file exists|not a directory); choose another place$"
        ):
            write()
    assert tree(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("way", ["sheet", "gif"])
def test_a_file_in_the_way_of_a_formats_folder(way: str, tmp_path: Path) -> None:
    """Nothing is written then, as `render` promises, in the other formats neither."""
    (tmp_path / way).write_text("mine")
    with pytest.raises(InputError):
        convgif.render({"a": SMALL, "b": SMALL}, tmp_path, ["gif", "sheet"])
    assert tree(tmp_path) == {way: b"mine"}


PRESETS = "\n".join(f'[big{n}]\nlayer = "conv"\ninput_size = 42\nkernel_size = 3\ncell = 30\n' for n in range(3))


def group(leader: int) -> list[int]:
    """The processes of a process group that are alive; those that merely wait to be counted as dead are not."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, pgrp = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # it ended meanwhile
        if int(pgrp) == leader and state != "Z":
            alive.append(int(stat.parent.name))
    return alive


def until(condition: Callable[[], object], seconds: float = 20) -> bool:
    """Wait for a condition; whether it came true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("kill", [os.kill, os.killpg], ids=["the first process", "all processes"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_leaves_nothing(kill: Callable[[int, int], None], jobs: int, tmp_path: Path) -> None:
    """A service stops the process that it started; Ctrl-C in a terminal reaches every process of the group."""
    (tmp_path / "big.toml").write_text(PRESETS)
    command = [sys.executable, "-m", "convgif", "render", "--all", "--presets", "big.toml"]
    command += ["--formats", "gif", "--jobs", str(jobs)]
    run = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert until(lambda: len(list(tmp_path.glob("out/.convgif-*/gif/*.gif"))) == jobs)
        assert len(group(run.pid)) == (1 if jobs == 1 else 1 + jobs)
        kill(run.pid, signal.SIGINT)
        output, errors = run.communicate(timeout=20)
        assert not group(run.pid)
    finally:
        for process in group(run.pid):
            os.kill(process, signal.SIGKILL)
        run.wait()
    assert (run.returncode, output, errors.strip()) == (130, "", "convgif: interrupted; nothing was written")
    assert list(tree(tmp_path)) == ["big.toml"]
