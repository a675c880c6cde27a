"""What all views do alike: durations, colours, and a budget that is checked before anything is built."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.drawing import draw
from convgif.drawing.stage import LONGEST_SIDE, too_large
from convgif.errors import InputError
from convgif.figure import Figure, View
from tests.arithmetic.oracle import AnyLayer
from tests.drawing.truth import PAPER

VIEWS: tuple[View, ...] = ("isometric", "flat")


def refusal(figure: Figure) -> str:
    """What is said when the figure is drawn."""
    with pytest.raises(InputError) as caught:
        draw(figure)
    return str(caught.value)


@pytest.mark.parametrize("view", VIEWS)
def test_frames_last_as_long_as_the_figure_says_and_the_last_one_is_held(view: View) -> None:
    layer = Conv(4, 3)
    assert draw(Figure(layer, view=view)).durations == (1000, 1000, 1000, 1000)
    assert draw(Figure(layer, view=view, frame_ms=70, hold_ms=500)).durations == (70, 70, 70, 570)
    assert draw(Figure(Conv(3, 3), view=view, frame_ms=70, hold_ms=500)).durations == (570,)


@pytest.mark.parametrize("view", VIEWS)
def test_a_scene_has_the_colours_and_words_of_its_figure(view: View) -> None:
    figure = Figure(Conv(4, 3), view=view)
    assert draw(figure).paper == PAPER
    assert draw(replace(figure, transparent=True)).paper is None
    assert draw(figure).description == "Convolution of a 4x4 input with a 3x3 kernel, stride 1, giving a 2x2 output."


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
    lambda: ConvTranspose(10**9, 3, stride=10**6),
    lambda: MaxPool(10**9, 10**5),
    lambda: AvgPool(10**9, 2, count_include_pad=False),
)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("numbers", [None, "random"])
@pytest.mark.parametrize("layer", HUGE)
def test_nothing_is_computed_for_an_absurd_figure(
    view: View, numbers: str | None, layer: Callable[[], AnyLayer]
) -> None:
    figure = Figure(layer(), view=view, values=numbers)  # type: ignore[arg-type]  # parametrised words are plain
    tracemalloc.start()
    began = time.perf_counter()
    try:
        assert "choose a smaller cell or scale" in refusal(figure)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("view", VIEWS)
def test_as_many_frames_as_are_allowed_and_not_one_more(view: View) -> None:
    figure = Figure(Conv((3, 40), 3), view=view, max_frames=38)
    assert len(draw(figure).durations) == 38
    assert refusal(replace(figure, max_frames=37)) == (
        "max_frames = 37: the figure has 38 frames; raise max_frames to allow that many"
    )
    assert refusal(Figure(Conv(1000, 1), view=view, cell=4, max_pixels=10**9)) == (
        "max_frames = 2500: the figure has 1,000,000 frames; raise max_frames to allow that many"
    )


@pytest.mark.parametrize("view", VIEWS)
def test_as_many_pixels_as_are_allowed_and_not_one_more(view: View) -> None:
    """At twice the cell, since it is the frame in the file that must not be too large."""
    figure = Figure(Conv(4, 3), view=view, scale=2)
    width, height = draw(figure).pixel_size(60)
    pixels = width * height
    assert len(draw(replace(figure, max_pixels=pixels)).durations) == 4
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
