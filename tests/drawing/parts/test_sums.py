"""A step worked out below the drawing: what is written, what is pale, what is left out, and which cell wins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.layer import Layer
from convgif.arithmetic.numbers import as_numbers, gathered
from convgif.arithmetic.sliding import Sliding
from convgif.drawing.composition import compose
from convgif.drawing.metrics import width_of
from convgif.drawing.scene import Items, Line, Scene, Text
from convgif.figure import Figure
from convgif.registry import VIEWS
from tests.drawing.cases import options_for, some_layer

X = [[1, 2], [3, -4]]
W = [[5, 6], [-7, 8]]


def footing(scene: Scene, frame: int) -> list[Text]:
    """The texts of the line in a frame."""
    return [
        item for track in scene.tracks if track.name == "footing" for item in track.at(frame) if isinstance(item, Text)
    ]


def written(layer: Layer, frame: int, **options: Any) -> str:
    """The line in a frame, without spaces, what is pale between underscores."""
    found = footing(compose(Figure(layer, worked=True, **options)), frame)
    return "".join(f"_{text.text}_" if text.role == "faint" else text.text for text in found).replace(" ", "")


def ring(scene: Scene, frame: int) -> Items:
    """What is around the cell that wins."""
    return tuple(item for track in scene.tracks if track.name == "ring" for item in track.at(frame))


@pytest.mark.parametrize("view", ["isometric", "flat"])
@pytest.mark.parametrize(
    ("layer", "frame", "text"),
    [
        (Conv(2, 2), 0, "1·5+2·6+3·(−7)+(−4)·8=−36"),
        (Conv(2, 2, padding=1), 1, "_0·5+0·6_+1·(−7)+2·8=9"),
        (Conv(2, 2, padding=1), 0, "_0·5+0·6+0·(−7)_+1·8=8"),
        (ConvTranspose(2, 2), 0, "_0·8+0·(−7)+0·6_+1·5=5"),
    ],
)
def test_products_are_added_up_and_those_of_padding_are_pale(layer: Layer, frame: int, text: str, view: str) -> None:
    assert written(layer, frame, view=view, input=X, weight=W) == text


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (MaxPool(2, 2), "max(1,2,3,−4)=3"),
        (MaxPool(2, 2, padding=1), "max(1)=1"),
        (AvgPool(2, 2), "(1+2+3+(−4))/4=0.5"),
        (AvgPool(2, 2, padding=1), "(_0+0+0_+1)/4=0.25"),
        (AvgPool(2, 2, padding=1, count_include_pad=False), "(1)/1=1"),
        (AvgPool((2,), 2), "(1+2)/2=1.5"),
    ],
)
def test_pooling_says_what_it_takes(layer: Layer, text: str) -> None:
    found = written(layer, 0, view="flat", input=X if layer.ndim == 2 else X[0])
    # All outputs have as many decimals as any of them.
    head, _, result = found.partition("=")
    assert (head, float(result)) == (text.partition("=")[0], float(text.partition("=")[2]))


def test_a_window_of_padding_alone_says_so() -> None:
    """Elements that never win are shown where there is nothing else."""
    assert written(MaxPool((1,), 2, stride=1, padding=1, dilation=2), 0, view="flat", input=[5]) == "max(_−∞,−∞_)=−∞"


def test_a_kind_of_layer_that_says_nothing_of_it_lists_what_it_reads() -> None:
    class Least(Sliding):
        name, title, has_weight = "least", "the least", False
        parameters = MaxPool.parameters[:2]

        def apply(self, x: Any, w: Any = None) -> Any:
            taken, _ = gathered(self.axes, as_numbers("x", x, self.input_size))
            return taken.min(axis=(2, 3))

    assert written(Least(2, 2), 0, view="flat", input=X) == "theleastof1,2,3,−4=−4"
    assert written(Least(2, 2), 0, view="flat", input=X, language="de") == "theleastvon1,2,3,−4=−4"


@pytest.mark.parametrize("view", ["isometric", "flat"])
def test_the_cell_that_wins_is_ringed(view: str) -> None:
    """The first of the largest, within its cell; nothing is ringed where nothing wins, or unless it is asked for."""
    figure = Figure(MaxPool(2, 2, stride=1, padding=1), view=view, input=[[1, 3], [3, 2]], worked=True)
    scene = compose(figure)
    (line,) = ring(scene, 4)
    assert isinstance(line, Line)
    assert line.role == "sight"
    middle = np.mean(line.parts[0][:-1], axis=0)
    inputs = next(track for track in scene.tracks if track.name == "input").at(0)
    first = next(item for item in inputs if isinstance(item, Text) and item.text == "3")
    assert middle == pytest.approx(first.at)
    assert not ring(compose(figure.replaced(worked=False)), 4)
    assert not ring(compose(figure.replaced(layer=AvgPool(2, 2, stride=1, padding=1))), 4)


@pytest.mark.parametrize("view", ["isometric", "flat"])
@pytest.mark.parametrize("size", [3, 5, 9, 11])
def test_long_lines_are_left_out_in_their_middle_and_fit(size: int, view: str) -> None:
    scene = compose(Figure(Conv(size + 1, size), view=view, random=1, worked=True))
    sizes = set()
    for frame in range(4):
        texts = footing(scene, frame)
        text = "".join(part.text for part in texts)
        assert ("⋯" in text) == (size > 3)
        sizes |= {part.size for part in texts}
        assert scene.bounds.left - 1e-9 <= texts[0].at[0]
        last = texts[-1]
        assert last.at[0] + width_of(last.runs) * last.size <= scene.bounds.right + 1e-9
    assert len(sizes) == 1, "all frames are of one size"
    assert min(sizes) >= 0.36


@pytest.mark.parametrize("view", [name for name in VIEWS if "worked" in options_for(name, some_layer(name))])
def test_it_lies_below_the_drawing_and_above_the_caption(view: str) -> None:
    figure = Figure(some_layer(view), view=view, random=1, caption=True, labels=True)
    without, scene = compose(figure), compose(figure.replaced(worked=True))
    assert scene.bounds.bottom > without.bounds.bottom
    frame = next(frame for frame in range(len(scene.durations)) if footing(scene, frame))
    (y,) = {text.at[1] for text in footing(scene, frame)}
    others = [
        item.at[1]
        for track in scene.tracks
        if track.name == "words"
        for item in track.at(frame)
        if isinstance(item, Text)
    ]
    assert all(other < y for other in others)
    captions = [
        item.at[1]
        for track in scene.tracks
        if track.name == "caption"
        for item in track.at(frame)
        if isinstance(item, Text)
    ]
    assert all(caption > y for caption in captions)


def test_frames_that_are_chosen_keep_their_lines() -> None:
    whole = Figure(Conv(4, 3), view="flat", random=1, worked=True)
    some = compose(whole.replaced(frame_range="1:", every=2))
    assert [footing(some, frame) for frame in range(2)] == [footing(compose(whole), frame) for frame in (1, 3)]


def test_a_stamp_lists_its_products() -> None:
    """In the order of the kernel; those on what a crop takes away as well."""
    options: dict[str, Any] = {"view": "scatter", "input": X, "weight": W}
    layer = ConvTranspose(2, 2, padding=1)
    assert written(layer, 1, **options) == "2·5=10,2·6=12,2·(−7)=−14,2·8=16"
    assert written(layer, 3, **options) == "−4·5=−20,−4·6=−24,−4·(−7)=28,−4·8=−32"
    scene = compose(Figure(layer, worked=True, **options))
    assert [bool(footing(scene, frame)) for frame in range(6)] == [True] * 4 + [False] * 2
    wide = compose(Figure(ConvTranspose(2, 5), view="scatter", random=1, worked=True))
    lines = [footing(wide, frame) for frame in range(4)]
    assert all("⋯" in "".join(text.text for text in line) for line in lines)
    assert len({text.size for line in lines for text in line}) == 1
