"""The registry of views, and whole scenes against files that were read by a person once."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

from convgif.arithmetic import Conv
from convgif.drawing import VIEWS, draw
from convgif.figure import Figure, View
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


def test_a_figure_is_drawn_in_its_view() -> None:
    layer = Conv(4, 3)
    for view in VIEWS:
        assert dump(draw(Figure(layer, view=view))) == dump(VIEWS[view](Figure(layer, view=view)))
    assert draw(Figure(layer, view="flat")).bounds != draw(Figure(layer, view="isometric")).bounds


def test_the_same_figure_gives_the_same_scene() -> None:
    """No state is left behind by drawing, not even by drawing frames out of order."""
    scene = draw(FIGURES["numerical_padding_strides"])
    backwards = [[track.at(frame) for track in scene.tracks] for frame in reversed(range(9))]
    again = draw(FIGURES["numerical_padding_strides"])
    assert [[track.at(frame) for track in again.tracks] for frame in range(9)] == backwards[::-1]


def test_drawing_loads_neither_matplotlib_nor_pillow() -> None:
    """A scene is made of numbers; whoever wants SVG should not wait for a rasteriser."""
    program = (
        "import sys, convgif.drawing as d; from convgif.figure import Figure; from convgif.arithmetic import Conv; "
        "list(d.draw(Figure(Conv(3, 2))).tracks[2].at(0)); "
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'matplotlib', 'PIL', 'convgif'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['convgif']"
