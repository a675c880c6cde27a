"""The registry of views, and whole scenes against files that were read by a person once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import get_args

import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import VIEWS, draw, stage
from convgif.errors import InputError
from convgif.figure import Figure, View
from tests.arithmetic.oracle import AnyLayer
from tests.drawing.golden import FIGURES, FOLDER, REGENERATE, dump


@pytest.mark.parametrize("name", FIGURES)
def test_scenes_are_as_they_were(name: str) -> None:
    path, text = FOLDER / "scenes" / f"{name}.txt", dump(draw(FIGURES[name]))
    if REGENERATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        pytest.skip("written anew")
    assert text == path.read_text(encoding="utf-8")


def test_every_view_that_a_figure_can_have_is_drawn() -> None:
    assert set(VIEWS) == set(get_args(View))


@pytest.mark.parametrize("view", get_args(View))
def test_a_figure_is_drawn_in_its_view(view: View) -> None:
    """And each view draws a layer in its own way."""
    figure = Figure(ConvTranspose(2, 2) if view in ("scatter", "construction") else Conv(4, 3), view=view)
    scene = draw(figure)
    assert dump(scene) == dump(stage.scene(figure, VIEWS[view].draw(figure)))
    for other, entry in VIEWS.items():
        if other != view and isinstance(figure.layer, entry.layers):
            assert dump(draw(replace(figure, view=other))) != dump(scene)


KINDS: tuple[AnyLayer, ...] = (Conv(3, 2), ConvTranspose(2, 2), MaxPool(2, 2), AvgPool(2, 2))
EVERY, CONVS = "isometric or flat", "convolution and transposed convolution only"
REFUSED: dict[tuple[str, str], str] = {
    ("matrix", "max_pool"): f"draws {CONVS}, and this is max pooling; choose {EVERY}",
    ("matrix", "avg_pool"): f"draws {CONVS}, and this is average pooling; choose {EVERY}",
    ("story", "conv_transpose"): (
        "draws convolution only, and this is transposed convolution; choose isometric, flat, matrix, scatter or "
        "construction"
    ),
    ("story", "max_pool"): "draws convolution only, and this is max pooling; choose isometric or flat",
    ("story", "avg_pool"): "draws convolution only, and this is average pooling; choose isometric or flat",
}
for _view in ("scatter", "construction"):
    REFUSED |= {
        (_view, "conv"): (
            "draws transposed convolution only, and this is convolution; choose isometric, flat, matrix or story"
        ),
        (_view, "max_pool"): f"draws transposed convolution only, and this is max pooling; choose {EVERY}",
        (_view, "avg_pool"): f"draws transposed convolution only, and this is average pooling; choose {EVERY}",
    }


def refusal(figure: Figure) -> list[str]:
    """What is said when the figure is drawn; nothing if it is."""
    try:
        draw(figure)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


@pytest.mark.parametrize("view", get_args(View))
@pytest.mark.parametrize("layer", KINDS)
def test_a_view_that_does_not_fit_the_layer_is_refused(view: View, layer: AnyLayer) -> None:
    rule = REFUSED.get((view, layer.name))
    assert refusal(Figure(layer, view=view)) == ([] if rule is None else [f"view = '{view}': {rule}"])


OPTIONS: dict[str, tuple[str, ...]] = {
    "reveal": get_args(View),
    "kernel_map": ("flat", "scatter", "construction"),
    "prologue": ("isometric", "flat", "construction", "story"),
    "direct_matrix": ("matrix",),
}
"""The options that not all views know, and the views that do."""


@pytest.mark.parametrize("view", get_args(View))
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_that_a_view_does_not_have_is_refused(view: View, option: str) -> None:
    """Not passed over in silence: who asked for it would look for it in the picture."""
    figure = Figure(Conv(3, 2) if view == "story" else ConvTranspose(2, 2), view=view, **{option: True})  # type: ignore[arg-type]
    *first, last = OPTIONS[option]
    others = f"{', '.join(first)} or {last}" if first else last
    rule = f"{option} = True: the {view} view has none; leave it out, or choose view = {others}"
    assert refusal(figure) == ([] if view in OPTIONS[option] else [rule])


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (
            Figure(MaxPool(2, 2), view="flat", kernel_map=True),
            [f"kernel_map = True: suits {CONVS}, and this is max pooling; leave it out"],
        ),
        (
            Figure(Conv(3, 2), view="matrix", direct_matrix=True),
            ["direct_matrix = True: suits transposed convolution only, and this is convolution; leave it out"],
        ),
        (
            Figure(AvgPool(3, 2), kernel_map=True, direct_matrix=True, reveal=True, prologue=True),
            [
                "kernel_map = True: the isometric view has none; leave it out, or choose view = flat, scatter or "
                "construction",
                "direct_matrix = True: the isometric view has none; leave it out, or choose view = matrix",
            ],
        ),
        (
            Figure(MaxPool(2, 2), view="scatter", kernel_map=True, direct_matrix=True),
            [f"view = 'scatter': {REFUSED['scatter', 'max_pool']}"],
        ),
    ],
)
def test_what_does_not_go_together_is_said_at_once(figure: Figure, said: list[str]) -> None:
    """But of a view that does not fit the layer, the options are not worth a word."""
    assert refusal(figure) == said


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_gives_the_same_scene(name: str) -> None:
    """No state is left behind by drawing, not even by drawing frames out of order."""
    scene, again = draw(FIGURES[name]), draw(FIGURES[name])
    frames = range(len(scene.durations))
    backwards = [[track.at(frame) for track in scene.tracks] for frame in reversed(frames)]
    assert [[track.at(frame) for track in again.tracks] for frame in frames] == backwards[::-1]


@pytest.mark.parametrize("name", FIGURES)
def test_static_tracks_stand_still_and_the_others_move(name: str) -> None:
    """Renderers paint a static track once; one that is wrongly called moving would only cost time."""
    scene = draw(FIGURES[name])
    for track in scene.tracks:
        span = range(len(scene.durations)) if track.span is None else track.span
        seen = [track.at(frame) for frame in span]
        assert all(seen), f"{track.name} shows nothing in some frame"
        assert (seen.count(seen[0]) == len(seen)) == (track.static or len(seen) == 1), track.name


def test_drawing_loads_neither_matplotlib_nor_pillow() -> None:
    """A scene is made of numbers; whoever wants SVG should not wait for a rasteriser."""
    program = (
        "import sys, convgif.drawing as d; from convgif.figure import Figure; from convgif.arithmetic import Conv; "
        "[track.at(0) for view in d.VIEWS if view not in ('scatter', 'construction') "
        "for track in d.draw(Figure(Conv(3, 2), view=view, values='random', labels=True, title='x')).tracks]; "
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'matplotlib', 'PIL', 'convgif'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['convgif']"
