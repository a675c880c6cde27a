"""Snippets in Chromium, pasted into a page as they stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from convgif.api import Figure, render
from convgif.arithmetic import Conv
from convgif.drawing.composition import compose
from convgif.registry import SNIPPETS
from convgif.site.target import Target
from tests.browser.looks import CALM, frame_in, middles, seen, size_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIGURE: Final = Figure(Conv(5, 3, stride=2, padding=1), title='5 > 3 & "so"', hold_ms=700)
NAME: Final = "none.v1.2"
"""A name that means something else where it is not taken as a name: in CSS, none is none, and a dot begins a class."""
FOLDER: Final = "my figures (2)"


def pasted(page: Page, folder: Path, kind: str, figure: Figure = FIGURE) -> None:
    """Open a page that is the snippet, beside the folder of figures."""
    snippet = SNIPPETS[kind]
    render({NAME: figure}, folder / FOLDER, snippet.formats)
    (folder / "page.html").write_text(CALM + snippet.text(Target(NAME, figure, FOLDER)), encoding="utf-8")
    page.goto((folder / "page.html").as_uri())


def loaded(page: Page) -> str:
    """The file that the image has chosen."""
    page.wait_for_function("document.images[0].complete && document.images[0].naturalWidth")
    return str(page.evaluate("decodeURI(document.images[0].currentSrc)"))


def test_html_moves(page: Page, tmp_path: Path) -> None:
    pasted(page, tmp_path, "html")
    assert loaded(page).endswith(f"/svg/{NAME}.svg")
    assert page.get_by_alt_text(FIGURE.describe(), exact=True).count() == 1
    assert frame_in(seen(page, size_of(FIGURE)), FIGURE) in (0, 1, 2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_html_without_motion_is_the_poster(scheme: str, page: Page, tmp_path: Path) -> None:
    """In the colours of the page."""
    page.emulate_media(reduced_motion="reduce", color_scheme=scheme)  # type: ignore[arg-type]  # both are schemes
    pasted(page, tmp_path, "html")
    assert loaded(page).endswith(f"/poster/{NAME}.svg")
    figure = FIGURE.replaced(theme="dark") if scheme == "dark" else FIGURE
    assert frame_in(seen(page, size_of(FIGURE)), figure) == compose(FIGURE).telling


def test_html_in_the_dark(page: Page, tmp_path: Path) -> None:
    page.emulate_media(color_scheme="dark")
    pasted(page, tmp_path, "html")
    assert loaded(page).endswith(f"/svg/{NAME}.svg")
    assert frame_in(seen(page, size_of(FIGURE)), FIGURE.replaced(theme="dark")) in (0, 1, 2)


@pytest.mark.parametrize("figure", [FIGURE, FIGURE.replaced(columns=4, frame_ms=130)], ids=["square", "four columns"])
def test_a_sprite_shows_each_frame_in_its_time(figure: Figure, page: Page, tmp_path: Path) -> None:
    pasted(page, tmp_path, "css", figure)
    place = page.get_by_role("img", name=figure.describe(), exact=True)
    times = middles(figure)
    for frame in (0, 2, 4, 8):
        page.evaluate(
            "time => { const [one] = document.getAnimations(); one.pause(); one.currentTime = time; }", times[frame]
        )
        assert frame_in(seen(place), figure) == frame


def test_a_sprite_rests_on_its_last_frame(page: Page, tmp_path: Path) -> None:
    figure = FIGURE.replaced(loop=2)
    pasted(page, tmp_path, "css", figure)
    page.evaluate("document.getAnimations()[0].finish()")
    assert frame_in(seen(page, size_of(figure)), figure) == 8


def test_a_sprite_without_motion_stands_still(page: Page, tmp_path: Path) -> None:
    page.emulate_media(reduced_motion="reduce")
    pasted(page, tmp_path, "css")
    assert page.evaluate("document.getAnimations().length") == 0
    assert frame_in(seen(page, size_of(FIGURE)), FIGURE) == compose(FIGURE).telling
