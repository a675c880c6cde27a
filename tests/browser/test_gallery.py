"""The gallery of all presets in Chromium, from its file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

import pytest

from convgif.embedding import KINDS
from convgif.presets import load_families, load_presets
from tests.browser.conftest import MADE_IN_FULL

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_BYTES: Final = 3_000_000
MOST_MILLISECONDS: Final = 1000


@pytest.fixture
def gallery(made: Path, page: Page) -> Page:
    """The page, opened."""
    page.goto((made / "index.html").as_uri())
    return page


def cards(page: Page) -> list[str]:
    """The names of the figures that are to be seen."""
    seen = "[...document.querySelectorAll('article')].filter(card => card.checkVisibility())"
    names: list[str] = page.evaluate(f"{seen}.map(card => card.querySelector('code').textContent)")
    return names


def test_it_is_small_and_soon_there(made: Path, page: Page) -> None:
    assert (made / "index.html").stat().st_size <= MOST_BYTES
    page.goto((made / "index.html").as_uri())
    assert page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive") <= MOST_MILLISECONDS


def test_all_figures_by_family(gallery: Page) -> None:
    families = load_families()
    assert gallery.eval_on_selector_all("section h2", "all => all.map(one => one.textContent)") == list(families)
    assert cards(gallery) == list(load_presets())
    assert gallery.inner_text("#found") == f"{len(load_presets())} figures"
    for image in gallery.query_selector_all("article img"):
        assert image.get_attribute("alt")
        assert image.get_attribute("width")


def test_search(gallery: Page) -> None:
    """All of the words, in any order and of any case; families without a figure are gone."""
    gallery.fill("#search", "STORY  padding_no")
    assert cards(gallery) == ["story_no_padding_no_strides", "story_padding_no_strides"]
    assert gallery.locator("section:visible").count() == 1
    assert gallery.inner_text("#found") == "2 figures"
    gallery.fill("#search", MADE_IN_FULL + "_odd_transposed")
    assert gallery.inner_text("#found") == "1 figure"
    gallery.fill("#search", "nothing of that kind")
    assert (cards(gallery), gallery.inner_text("#found")) == ([], "0 figures")
    gallery.fill("#search", "")
    assert cards(gallery) == list(load_presets())


def test_light_and_dark(gallery: Page) -> None:
    """As the system has it, until the reader chooses."""
    ground = "getComputedStyle(document.body).backgroundColor"
    light = gallery.evaluate(ground)
    gallery.emulate_media(color_scheme="dark")
    dark = gallery.evaluate(ground)
    assert light != dark
    for choice, expected in (("light", light), ("dark", dark), ("as the system", dark)):
        gallery.select_option("#scheme", label=choice)
        assert gallery.evaluate(ground) == expected
    gallery.emulate_media(color_scheme="light")
    for choice, expected in (("dark", dark), ("as the system", light)):
        gallery.select_option("#scheme", label=choice)
        assert gallery.evaluate(ground) == expected


def test_every_link_and_image_is_there(gallery: Page, made: Path) -> None:
    """The players too; and the figure that was made in every format has them all to download."""
    found = gallery.eval_on_selector_all(
        "a, img", "all => all.map(one => one.getAttribute('href') ?? one.getAttribute('src'))"
    )
    assert len(found) > 3 * len(load_presets())
    for link in found:
        path = urlsplit(urljoin((made / "index.html").as_uri(), link)).path
        assert Path(url2pathname(path)).is_file()
    card = gallery.locator("article", has=gallery.locator(f"code:text-is('{MADE_IN_FULL}')"))
    kinds = {str(text).split()[0] for text in card.locator("a[download]").all_inner_texts()}
    assert {"svg", "gif", "sheet", "poster", "pdf", "apng", "webp"} <= kinds
    assert card.get_by_role("link", name="Player").get_attribute("href") == f"html/{MADE_IN_FULL}.html"


def test_images_are_shown(gallery: Page) -> None:
    gallery.locator("article img").first.scroll_into_view_if_needed()
    gallery.wait_for_function("document.querySelector('article img').complete")
    assert gallery.evaluate("document.querySelector('article img').naturalWidth") > 0


def test_snippets_are_copied(gallery: Page) -> None:
    """All of them, and its table in TOML; each as it is read."""
    gallery.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = gallery.locator("article", has=gallery.locator(f"code:text-is('{MADE_IN_FULL}')"))
    card.locator("summary").click()
    buttons = card.locator("button.copy")
    assert buttons.count() == len(KINDS) + 1
    for number in range(buttons.count()):
        buttons.nth(number).click()
        gallery.wait_for_function("text => text.textContent !== 'Copy'", arg=buttons.nth(number).element_handle())
        assert buttons.nth(number).inner_text() == "Copied"
        copied = gallery.evaluate("navigator.clipboard.readText()")
        assert copied == card.locator("pre").nth(number).text_content()
