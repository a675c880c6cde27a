"""What users import: figures that draw, save and show themselves, and runs over many of them."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import convgif
from convgif import AvgPool, Conv, ConvTranspose, Figure, InputError, MaxPool, figure
from convgif.errors import did_you_mean
from convgif.registry import FORMATS, LAYERS, VIEWS

SMALL = Figure(Conv(2, 1), cell=10)
CLEAR = Figure(ConvTranspose(2, 3), cell=10, transparent=True)


def refused(call: Any) -> str:
    """What is said of a call that cannot be answered."""
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)


def test_frames_are_arrays() -> None:
    frames = list(SMALL.frames())
    assert len(frames) == 4
    assert {frame.shape[2] for frame in frames} == {3}
    assert next(CLEAR.frames()).shape[2] == 4


def test_some_frames_only() -> None:
    whole = list(SMALL.frames())
    for part in (":2", "1:", "-1:", ":"):
        first, last = (int(end) if end else None for end in part.split(":"))
        chosen = list(SMALL.replaced(frame_range=part).frames())
        assert len(chosen) == len(whole[first:last])
        assert all(map(np.array_equal, chosen, whole[first:last]))
    every = list(SMALL.replaced(every=3).frames())
    assert len(every) == 2
    assert all(map(np.array_equal, every, whole[::3]))
    assert "frame_range = '3:2': " in refused(SMALL.replaced(frame_range="3:2").frames)


def test_saving_writes_what_encoding_gives(tmp_path: Path) -> None:
    for name in ("gif", "svg", "png"):
        path = tmp_path / "new" / f"a{FORMATS[name].suffix}"
        assert SMALL.save(path) == path
        assert path.read_bytes() == SMALL.encode(name)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["a.gif", "a.png", "a.svg"]


def test_several_files_are_given_by_their_paths() -> None:
    files = SMALL.files("sheet", stem="a")
    assert sorted(files) == ["a.json", "a.png"]
    assert json.loads(files["a.json"])["frames"]
    assert "use files(format)" in refused(lambda: SMALL.encode("sheet"))


def test_a_still_shows_the_frame_that_is_asked_for(tmp_path: Path) -> None:
    frames = list(SMALL.frames())
    for number in (0, 3):
        with Image.open(SMALL.save(tmp_path / "a.png", frame=number)) as still:
            far = [np.abs(np.asarray(still.convert("RGB"), int) - frame).sum() for frame in frames]
        assert far.index(min(far)) == number
    assert refused(lambda: SMALL.encode("png", frame=4)).startswith("frame = 4: ")


def test_unknown_formats_come_with_the_nearest(tmp_path: Path) -> None:
    for call in (
        lambda: SMALL.encode("gfi"),
        lambda: SMALL.files("gfi"),
        lambda: SMALL.save(tmp_path / "a.gif", format="gfi"),
        lambda: convgif.render({"a": SMALL}, tmp_path, ["gfi"]),
    ):
        assert refused(call) == f"format = 'gfi': there is no such format; {did_you_mean('gfi', FORMATS)}"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("figures", [[SMALL], SMALL, None, "a", {"a": Conv(5, 3)}, {"a": None}, {3: SMALL}])
def test_only_figures_by_name_are_rendered(figures: Any, tmp_path: Path) -> None:
    assert "must be " in refused(lambda: convgif.render(figures, tmp_path))
    assert not list(tmp_path.iterdir())


def test_render_writes_a_document_as_well_as_a_figure(tmp_path: Path) -> None:
    """Whoever has a plain document need not make it one that draws itself."""
    plain = figure.Figure(SMALL.layer, cell=10)
    (one,) = convgif.render({"a": plain}, tmp_path, ["gif"])
    assert one.files[0].read_bytes() == SMALL.encode("gif")


@pytest.mark.parametrize("jobs", [0, -1, 1.5, True, "2", None])
def test_jobs_are_a_number(jobs: Any, tmp_path: Path) -> None:
    assert refused(lambda: convgif.render({"a": SMALL}, tmp_path, jobs=jobs)).startswith("jobs = ")


def test_presets_draw_themselves() -> None:
    loaded = convgif.load_presets()
    assert loaded
    assert all(type(one) is Figure for one in loaded.values())
    assert type(Figure.from_query(SMALL.query())) is Figure
    assert type(SMALL.replaced(cell=12)) is Figure


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_draws_the_layers_that_it_says_it_draws(view: str, kind: str) -> None:
    layer = LAYERS[kind](3, 2)
    one = Figure(layer, view=view, cell=6, labels=True, caption=True, random=0)
    if VIEWS[view].suits(layer):
        assert len({frame.shape for frame in one.frames()}) == 1
    else:
        assert refused(one.frames).startswith(f"view = {view!r}: ")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", [Conv, ConvTranspose, MaxPool, AvgPool])
def test_one_and_three_dimensions_are_drawn_or_refused_in_words(view: str, kind: Any) -> None:
    for ndim in (1, 3):
        one = Figure(kind((3,) * ndim, 2), view=view, cell=6, random=0)
        if VIEWS[view].suits(one.layer):
            assert next(one.frames()).ndim == 3
        else:
            assert refused(one.frames).startswith((f"view = {view!r}: ", "input_size = (3, 3, 3): "))


def test_what_a_notebook_shows() -> None:
    shown = CLEAR._repr_mimebundle_()
    assert shown["text/plain"] == CLEAR.describe()
    assert str(shown["text/html"]).startswith("<svg ")
    data = base64.b64decode(str(shown["image/png"]))
    assert data == CLEAR.encode("png")
    with Image.open(BytesIO(data)) as still:
        assert still.size == next(CLEAR.frames()).shape[1::-1]


def test_the_player_opens_in_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("webbrowser.open", opened.append)
    page = SMALL.show()
    assert page.is_relative_to(tmp_path)
    assert opened == [page.as_uri()]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("frame", [-1, 16, 1.5, True])
def test_only_frames_that_are_there_are_plotted(frame: Any) -> None:
    from matplotlib.figure import Figure as Paper

    axes = Paper().add_subplot()
    assert refused(lambda: CLEAR.plot(axes, frame=frame)).startswith(f"frame = {frame}: ")
    assert not axes.patches
    CLEAR.plot(axes, frame=15)
    assert axes.patches


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_strip_is_one_file(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"fig.{ending}"
    assert SMALL.strip((0, 3), path) == path
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("title", ["$x_{1}$", r"\dfrac{1}{2} $", "$", "_^{}", "%s {0}", "<b>&amp;</b>"])
def test_a_title_is_text_and_never_mathematics(title: str) -> None:
    titled = SMALL.replaced(title=title)
    assert titled.describe() == f"{title}: {SMALL.describe()}"
    assert next(titled.frames()).shape[0] > next(SMALL.frames()).shape[0]


def test_a_layer_is_code_of_a_framework_or_the_error_says_why_it_is_none() -> None:
    assert convgif.code(Conv(6, 3, padding=1), "keras") == 'layers.Conv2D(filters, kernel_size=3, padding="same")'
    assert convgif.code(Conv(6, 3, 2, 1), "keras").count("\n") == 1
    said = refused(lambda: convgif.code(Conv(9, 3, 2, dilation=2), "keras"))
    assert said == "framework = 'keras': has no convolution with both strides and dilation"
    assert refused(lambda: convgif.code(Conv(9, 3), "kreas")).endswith("did you mean keras?")
