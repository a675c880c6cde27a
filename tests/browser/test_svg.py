"""Animated SVG as Chromium shows it: at each time the frame of that time, wherever it stands."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from convgif.api import Figure, load_presets
from convgif.arithmetic import Conv
from convgif.drawing.composition import compose
from tests.browser.looks import CALM, file_of, frame_in, meant, middles, parts_seen, seen, size_of, stopped

if TYPE_CHECKING:
    from playwright.sync_api import Page

PRESETS: Final = load_presets()
FIGURES: Final = {
    **{
        name: PRESETS[name]
        for name in (
            "padding_strides",
            "numerical_padding_strides",
            "scatter_padding_strides",
            "matrix_numerical",
        )
    },
    # Some frames of it, which are told apart; among them two in which a map is on its way.
    "story_no_padding_strides": PRESETS["story_no_padding_strides"].replaced(frame_range="0:14", every=4),
}
DARK: Final = {name: FIGURES[name].replaced(theme="dark") for name in ("padding_strides", "scatter_padding_strides")}

STOP: Final = """([svg, time]) => {
  svg.motions ??= svg.getAnimations({subtree: true});
  for (const motion of svg.motions) { motion.pause(); motion.currentTime = time; }
}"""


def points(figure: Figure) -> dict[int, float]:
    """Three frames and their times: at the beginning, in the middle and at the end."""
    times = middles(figure)
    return {frame: times[frame] for frame in (0, len(times) // 2, len(times) - 1)}


def in_image(page: Page, text: str, folder: Path) -> None:
    """A page with nothing but a file in an image."""
    (folder / "figure.svg").write_text(text, encoding="utf-8")
    (folder / "page.html").write_text(f'{CALM}<img src="figure.svg">', encoding="utf-8")
    page.goto((folder / "page.html").as_uri())


def test_all_on_one_page_and_each_of_them_twice(page: Page) -> None:
    """Of the pairs, one goes ahead: neither the styles nor the clocks of any two are mixed up."""
    page.set_content(CALM + "".join(2 * file_of(figure) for figure in FIGURES.values()))
    figures = [figure for figure in FIGURES.values() for _ in range(2)]
    places = page.query_selector_all("svg")
    boxes = [place.bounding_box() for place in places]
    for turn in range(3):
        frames = [[*points(figure)][(turn + number) % 3] for number, figure in enumerate(figures)]
        for place, figure, frame in zip(places, figures, frames, strict=True):
            page.evaluate(STOP, [place, middles(figure)[frame]])
        assert [
            frame_in(shown, figure) for shown, figure in zip(parts_seen(page, boxes), figures, strict=True)
        ] == frames


@pytest.mark.parametrize("name", FIGURES)
def test_in_an_image(name: str, page: Page, tmp_path: Path) -> None:
    figure = FIGURES[name]
    for frame, moment in points(figure).items():
        in_image(page, stopped(file_of(figure), moment), tmp_path)
        assert frame_in(seen(page, size_of(figure)), figure) == frame


def test_in_an_image_it_moves_by_itself(page: Page, tmp_path: Path) -> None:
    """The file as it is; it is looked at until two more frames have gone by."""
    figure = Figure(Conv(4, 3), frame_ms=400)
    in_image(page, file_of(figure), tmp_path)
    frames = [0]
    end = time.monotonic() + 10
    while len(frames) < 3 and time.monotonic() < end:
        frame = frame_in(seen(page, size_of(figure)), figure)
        frames += [frame] if frame != frames[-1] else []
    assert frames == [0, 1, 2]


@pytest.mark.parametrize("name", DARK)
def test_in_the_dark(name: str, page: Page, tmp_path: Path) -> None:
    """Inside an image and inline: in the colours of the dark theme."""
    figure, dark = FIGURES[name], DARK[name]
    page.emulate_media(color_scheme="dark")
    frame, moment = [*points(figure).items()][1]
    in_image(page, stopped(file_of(figure), moment), tmp_path)
    assert frame_in(seen(page, size_of(figure)), dark) == frame
    page.set_content(CALM + file_of(figure))
    place = page.query_selector("svg")
    assert place
    page.evaluate(STOP, [place, moment])
    assert frame_in(seen(place), dark) == frame


def test_a_single_frame_in_the_dark(page: Page, tmp_path: Path) -> None:
    figure = Figure(Conv(3, 3))
    page.emulate_media(color_scheme="dark")
    in_image(page, file_of(figure), tmp_path)
    assert frame_in(seen(page, size_of(figure)), figure.replaced(theme="dark")) == 0


def test_colours_of_ones_own_stay_in_the_dark(page: Page, tmp_path: Path) -> None:
    figure = Figure(Conv(4, 3), colors={"input": "#ff0000"})
    page.emulate_media(color_scheme="dark")
    in_image(page, stopped(file_of(figure), 1500), tmp_path)
    assert frame_in(seen(page, size_of(figure)), figure) == 1


@pytest.mark.parametrize("name", ["padding_strides", "story_no_padding_strides"])
def test_without_motion_it_stands_still(name: str, page: Page) -> None:
    """Nothing moves at all, and the frame that tells most is seen."""
    figure = FIGURES[name]
    page.emulate_media(reduced_motion="reduce")
    page.set_content(CALM + file_of(figure))
    assert page.evaluate("document.getAnimations().length") == 0
    assert frame_in(seen(page, size_of(figure)), figure) == compose(figure).telling
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("document.getAnimations().length") > 0


@pytest.mark.parametrize(("name", "loop"), [("padding_strides", 1), ("story_no_padding_strides", 2)])
def test_it_rests_on_its_last_frame(name: str, loop: int, page: Page, tmp_path: Path) -> None:
    """After all of its rounds, of which the last is as good as the first; inline and inside an image."""
    figure = FIGURES[name].replaced(loop=loop)
    total, last = sum(compose(figure).durations), len(compose(figure).durations) - 1
    page.set_content(CALM + file_of(figure))
    place = page.query_selector("svg")
    assert place
    frame, moment = [*points(figure).items()][1]
    for time_shown, expected in ((moment + (loop - 1) * total, frame), (loop * total, last), (10 * loop * total, last)):
        page.evaluate(STOP, [place, time_shown])
        assert frame_in(seen(place), figure) == expected
    in_image(page, stopped(file_of(figure), 10 * loop * total), tmp_path)
    assert frame_in(seen(page, size_of(figure)), figure) == last


def test_frames_that_are_not_meant_are_told_apart() -> None:
    """What the tests above rely on: every frame is itself, and no other."""
    for figure in (*FIGURES.values(), *DARK.values()):
        assert [frame_in(frame, figure) for frame in meant(figure)] == list(range(len(meant(figure))))
    with pytest.raises(AssertionError):
        frame_in(meant(DARK["padding_strides"])[0], FIGURES["padding_strides"])
