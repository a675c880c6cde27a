"""The player in Chromium, from a file: every control, the keyboard, the cells, and what is said meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from convgif.api import Figure
from convgif.arithmetic import Conv
from convgif.drawing.composition import compose
from convgif.presets import Family
from convgif.registry import VIEWS
from tests.browser.looks import frame_in, seen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIGURE: Final = Figure(
    Conv(4, 2, stride=2), view="flat", random=0, frame_ms=1000, hold_ms=500, title="</script><!--<script>"
)
"""Four frames, and a title that must not end the page's script."""
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
SCENE: Final = compose(FIGURE)
LAST: Final = len(SCENE.durations) - 1


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A page for these tests alone: its clock stands still for good."""
    with browser.new_context() as context:
        yield context.new_page()


def opened(page: Page, folder: Path, figure: Figure = FIGURE, *, calm: bool = True) -> None:
    """Open the player; time stands still in it, and it stands still by itself for readers without motion."""
    page.emulate_media(reduced_motion="reduce" if calm else "no-preference")
    page.clock.install(time=START)
    figure.save(folder / "player.html")
    page.goto((folder / "player.html").as_uri())
    page.clock.pause_at(START + timedelta(hours=1))


def frame_of(page: Page, figure: Figure = FIGURE) -> int:
    """The frame that the page says it shows; the drawing, the count, the slider and the note must all say the same."""
    scene = compose(figure)
    frame = int(page.evaluate("document.documentElement.dataset.frame"))
    assert page.inner_text("#count") == f"{frame + 1} / {len(scene.durations)}"
    assert page.input_value("#scrub") == str(frame)
    assert page.text_content("#note") == scene.notes()[frame]
    spoken = page.get_attribute("#scrub", "aria-valuetext")
    assert spoken == f"Frame {frame + 1} of {len(scene.durations)}. {scene.notes()[frame]}"
    return frame


def plays(page: Page) -> bool:
    label = page.get_attribute("#play", "aria-label")
    assert label in ("Play", "Pause")
    assert page.get_attribute("#note", "aria-live") == ("polite" if label == "Play" else "off")
    return label == "Pause"


def test_buttons(page: Page, tmp_path: Path) -> None:
    """None leads beyond the ends."""
    opened(page, tmp_path)
    assert not plays(page)
    steps = [("forward", 1), ("forward", 2), ("back", 1), ("last", LAST), ("forward", LAST), ("first", 0), ("back", 0)]
    for button, frame in steps:
        page.click(f"#{button}")
        assert frame_of(page) == frame
    assert not plays(page)


def test_what_is_seen_follows(page: Page, tmp_path: Path) -> None:
    """The drawing itself, in its own size."""
    figure = FIGURE.replaced(title=None, loop=2)
    opened(page, tmp_path, figure)
    page.add_style_tag(content="#figure svg { max-height: none }")
    for frame in (2, LAST, 0, 1):
        page.evaluate("frame => { const scrub = document.getElementById('scrub'); scrub.value = frame; "
                      "scrub.dispatchEvent(new Event('input')); }", frame)  # fmt: skip
        assert frame_in(seen(page.locator("#figure > svg")), figure) == frame == frame_of(page, figure)


def test_keys(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    keys = [
        ("ArrowRight", 1),
        ("End", LAST),
        ("ArrowRight", LAST),
        ("ArrowLeft", LAST - 1),
        ("Home", 0),
        ("ArrowLeft", 0),
    ]
    for key, frame in keys:
        page.keyboard.press(key)
        assert frame_of(page) == frame
    for expected in (True, False, True):
        page.keyboard.press("Space")
        assert plays(page) == expected
    page.keyboard.press("ArrowRight")
    assert not plays(page)
    page.keyboard.press("Control+ArrowRight")
    assert frame_of(page) == 1


def test_keys_on_controls_do_what_the_controls_do(page: Page, tmp_path: Path) -> None:
    """Once, not twice: a button that has the focus is pressed, a slider slides, a list of speeds is left alone."""
    opened(page, tmp_path)
    page.focus("#forward")
    page.keyboard.press("Space")
    assert (frame_of(page), plays(page)) == (1, False)
    page.focus("#play")
    page.keyboard.press("Space")
    assert plays(page)
    page.focus("#scrub")
    page.keyboard.press("ArrowRight")
    assert (frame_of(page), plays(page)) == (2, False)
    page.keyboard.press("End")
    assert frame_of(page) == LAST
    page.keyboard.press("Space")
    assert plays(page)
    page.keyboard.press("Space")
    page.focus("#speed")
    page.keyboard.press("ArrowDown")
    assert (frame_of(page), page.input_value("#speed")) == (LAST, "2")


def test_the_tab_key_reaches_everything(page: Page, tmp_path: Path) -> None:
    """In the order of reading: cells, buttons, slider, speed; each with a name."""
    opened(page, tmp_path)
    reached = []
    for _ in range(len(SCENE.links()) + 7):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(document.activeElement.labels?.[0]?.textContent || document.activeElement.getAttribute('aria-label'))"
        )
        assert name
        reached.append(page.evaluate("document.activeElement.id"))
    assert reached[-7:] == ["first", "back", "play", "forward", "last", "scrub", "speed"]
    assert set(reached[:-7]) == {""}


def test_the_slider(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    box = page.locator("#scrub").bounding_box()
    assert box
    for share, frame in ((0.999, LAST), (0.001, 0), (2 / 3, 2)):
        page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        assert frame_of(page) == frame


def shown_for(page: Page, times: Sequence[float]) -> list[int]:
    """The frames that are shown after each of these times."""
    frames = []
    for time in times:
        page.clock.run_for(round(time))
        frames.append(frame_of(page))
    return frames


def test_it_plays_by_itself_with_the_figures_durations(page: Page, tmp_path: Path) -> None:
    """Round after round; the last frame is held longer."""
    opened(page, tmp_path, calm=False)
    assert plays(page)
    page.click("#first")
    page.click("#play")
    assert shown_for(page, [900, 200, 1000, 1000, 1200, 400, 1000]) == [0, 1, 2, 3, 3, 0, 1]
    page.click("#play")
    assert shown_for(page, [5000]) == [1]


def test_speed(page: Page, tmp_path: Path) -> None:
    """Even while it plays."""
    opened(page, tmp_path)
    page.click("#play")
    for speed in (0.25, 4):
        page.click("#first")
        page.click("#play")
        page.select_option("#speed", f"{speed:g}")
        assert shown_for(page, [900 / speed, 200 / speed, 1000 / speed]) == [0, 1, 2]


def test_readers_without_motion_begin_with_a_still(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    assert not plays(page)
    assert shown_for(page, [10_000]) == [0]
    page.click("#play")
    assert shown_for(page, [1100]) == [1]


@pytest.mark.parametrize("view", ["flat", "isometric"])
def test_cells_of_the_output_lead_to_their_steps(view: str, page: Page, tmp_path: Path) -> None:
    """By the pointer and by focus; the note there tells the sum."""
    figure = Figure(Conv(4, 2, stride=2), view=view, random=0)
    links = compose(figure).links()
    assert [link.frame for link in links] == [0, 1, 2, 3]
    opened(page, tmp_path, figure, calm=False)
    spots = page.query_selector_all(".spot")
    assert [spot.get_attribute("aria-label") for spot in spots] == [link.name for link in links]
    for number in (3, 1, 2, 0):
        spots[number].hover()
        assert (frame_of(page, figure), plays(page)) == (number, False)
    for number in (2, 3):
        spots[number].focus()
        assert frame_of(page, figure) == number
    assert len(set(compose(figure).notes())) == 4


def test_the_page_is_told_to_screen_readers(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    drawing = page.get_by_role("group", name=FIGURE.describe())
    assert drawing.count() == 1
    assert page.get_by_role("group", name="Player").count() == 1
    assert page.get_by_role("slider", name="Frame").count() == 1
    assert page.get_by_role("combobox", name="Speed").count() == 1
    assert page.get_by_role("button").count() == 5 + len(SCENE.links())


def test_its_title_stands_once_on_the_page(page: Page, tmp_path: Path) -> None:
    """In the drawing, if it is drawn there; else above it."""
    for figure, heading, seen_there in (
        (FIGURE, FIGURE.title, False),
        (FIGURE.replaced(title=None, heading="Unit strides"), "Unit strides", True),
        (FIGURE.replaced(title=None), "Convolution", True),
    ):
        opened(page, tmp_path, figure)
        assert page.title() == page.text_content("h1") == heading
        box = page.locator("h1").bounding_box()
        assert box
        assert (box["width"] > 10) == seen_there


def test_the_way_back_is_there_for_those_who_came_from_the_gallery(made: Path, whole: str, page: Page) -> None:
    """To the figure that they came from, and none that leads nowhere."""
    player = (made / "html" / f"{whole}.html").as_uri()
    page.goto(player)
    assert not page.locator("#gallery").is_visible()
    page.goto((made / "index.html").as_uri())
    page.locator(f"article[id='{whole}']").get_by_role("link", name="Player").click()
    page.wait_for_url(f"{player}?gallery")
    page.click("#gallery")
    page.wait_for_url((made / "index.html").as_uri() + f"#{whole}")
    assert page.locator("article:target").get_attribute("id") == whole


@pytest.mark.parametrize("width", [320, 390])
def test_it_fits_phones(width: int, made: Path, families: Mapping[str, Family], page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for family in families.values():
        page.goto((made / "html" / f"{next(iter(family.figures))}.html").as_uri() + "?gallery")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("view", VIEWS)
def test_other_views(view: str, made: Path, families: Mapping[str, Family], page: Page) -> None:
    """From end to end, without a word on the console."""
    figures = {name: figure for family in families.values() for name, figure in family.figures.items()}
    names = [name for name, figure in figures.items() if figure.view == view]
    if not names:
        pytest.skip("no preset shows it")
    page.emulate_media(reduced_motion="reduce")
    page.goto((made / "html" / f"{names[0]}.html").as_uri())
    page.keyboard.press("End")
    count = int(page.inner_text("#count").split("/")[1])
    assert page.evaluate("document.documentElement.dataset.frame") == str(count - 1)
    for spot in page.query_selector_all(".spot")[:3]:
        spot.focus()
    assert page.evaluate("motions.every(motion => motion.playState === 'paused')")
