"""The gallery of some presets in Chromium, from its file."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

import pytest
from PIL import Image

from convgif.api import Figure, render
from convgif.arithmetic import Conv
from convgif.presets import Family
from convgif.registry import FORMATS, SNIPPETS
from convgif.site import gallery as gallery_page
from convgif.sweeps import Figures

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE: Final = 390
STILL: Final = "[...document.querySelectorAll('article img')].map(image => image.currentSrc.split('/').at(-2))"


@pytest.fixture
def address(made: Path) -> str:
    """Of the page."""
    return (made / "index.html").as_uri()


@pytest.fixture
def gallery(address: str, page: Page) -> Page:
    """The page, opened."""
    page.goto(address)
    return page


@pytest.fixture
def names(families: Mapping[str, Family]) -> list[str]:
    """All figures that the page has."""
    return [name for family in families.values() for name in family.figures]


def cards(page: Page) -> list[str]:
    """The names of the figures that are to be seen."""
    seen: list[str] = page.evaluate(
        "[...document.querySelectorAll('article')].filter(card => card.checkVisibility()).map(card => card.id)"
    )
    return seen


def seen_all(page: Page) -> None:
    """Scroll by screens to the end, and wait for the pictures there."""
    for place in range(0, int(page.evaluate("document.documentElement.scrollHeight")), 500):
        page.evaluate("place => scrollTo(0, place)", place)
        page.wait_for_function(
            "() => [...document.querySelectorAll('article img')].every(image => {"
            "  const { top, bottom } = image.getBoundingClientRect();"
            "  return bottom < 0 || top > innerHeight || image.complete && image.naturalWidth; })"
        )


def test_all_figures_by_family(gallery: Page, families: Mapping[str, Family], names: list[str]) -> None:
    titles = [family.title for family in families.values()]
    assert gallery.eval_on_selector_all("section h2", "all => all.map(one => one.textContent)") == titles
    assert cards(gallery) == names
    assert gallery.inner_text("[role=status]") == f"{len(names)} figures"


@pytest.mark.parametrize("width", [PHONE, 1280])
def test_pictures_have_their_room_before_they_are_there(width: int, address: str, page: Page) -> None:
    """The page is as high before as after scrolling through it, and nowhere wider than its window."""
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(address)
    sizes = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    before: list[int] = page.evaluate(sizes)
    assert page.evaluate("[...document.images].some(image => !image.complete)")
    seen_all(page)
    assert page.evaluate("[...document.images].every(image => image.complete)")
    assert page.evaluate(sizes) == before
    assert before[0] <= width


def test_nothing_is_wider_than_a_phone(gallery: Page) -> None:
    """Not even snippets that are open."""
    gallery.set_viewport_size({"width": PHONE, "height": 844})
    gallery.eval_on_selector_all("details", "all => all.forEach(one => { one.name = ''; one.open = true; })")
    assert gallery.evaluate("document.documentElement.scrollWidth") <= PHONE
    edges: list[float] = gallery.eval_on_selector_all(
        "body *",
        "all => all.filter(one => !one.closest('pre') && one.checkVisibility())"
        "  .map(one => one.getBoundingClientRect().right)",
    )
    assert max(edges) <= PHONE
    hidden = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.id)"
    assert gallery.eval_on_selector_all("article", hidden) == []


def test_a_title_is_seen_once(gallery: Page, families: Mapping[str, Family]) -> None:
    """Above the line about its layer, or in the picture."""
    figures = [figure for family in families.values() for figure in family.figures.values()]
    widths = gallery.eval_on_selector_all("article h3", "all => all.map(one => one.getBoundingClientRect().width)")
    assert [width > 10 for width in widths] == [figure.title is None or bool(figure.heading) for figure in figures]


def test_search(gallery: Page, names: list[str], whole: str) -> None:
    """All of the words, in any order and of any case; families without a figure are gone."""
    gallery.fill("input", "STORY  padding_no")
    found = cards(gallery)
    assert found == [name for name in names if "story" in name and "padding_no" in name]
    assert gallery.locator("section:visible").count() == 1
    gallery.fill("input", f"isometric {whole}")
    assert whole in cards(gallery)
    gallery.fill("input", "")
    assert cards(gallery) == names
    assert not gallery.locator("text=No figure has all of these words").is_visible()


def test_search_by_argument_and_size(gallery: Page, families: Mapping[str, Family]) -> None:
    """A size is that of the argument before it, and no other number."""
    figures = {name: figure for family in families.values() for name, figure in family.figures.items()}

    def those(size: int, argument: str) -> list[str]:
        """Along all of its axes."""
        sizes = {name: figure.layer.arguments().get(argument) for name, figure in figures.items()}
        return [name for name, own in sizes.items() if isinstance(own, tuple) and {*own} == {size}]

    for text, size, argument in (
        ("stride 2", 2, "stride"),
        ("stride=1", 1, "stride"),
        ("padding: 2", 2, "padding"),
        ("kernel size 3", 3, "kernel_size"),
        ("Kernel 2x2", 2, "kernel_size"),
        ("input_size 4", 4, "input_size"),
    ):
        gallery.fill("input", text)
        found = [name for name in those(size, argument) if text[-3:] != "2x2" or figures[name].layer.ndim == 2]
        assert cards(gallery) == found != []
    gallery.fill("input", "stride 2 isometric")
    assert cards(gallery) == [name for name in those(2, "stride") if figures[name].view == "isometric"]


def test_search_without_hits_says_so_and_leads_on(gallery: Page, names: list[str]) -> None:
    gallery.fill("input", "nothing of that kind")
    assert (cards(gallery), gallery.inner_text("[role=status]")) == ([], "0 figures")
    assert gallery.locator("text=No figure has all of these words").is_visible()
    gallery.get_by_role("button", name="Show all figures").click()
    assert (cards(gallery), gallery.input_value("input")) == (names, "")


def test_search_is_kept_in_the_address(gallery: Page, address: str, names: list[str]) -> None:
    """It can be sent and opened again; the anchor stays."""
    gallery.goto(f"{address}#{names[0]}")
    gallery.fill("input", "stride 2")
    assert gallery.evaluate("location.href") == f"{address}?q=stride%202#{names[0]}"
    found = cards(gallery)
    gallery.goto(f"{address}?q=stride%202")
    assert (gallery.input_value("input"), cards(gallery)) == ("stride 2", found)
    gallery.fill("input", "")
    assert gallery.evaluate("location.href") == address


def test_every_figure_has_an_anchor(gallery: Page, address: str, names: list[str]) -> None:
    """Whoever follows one sees the figure, below the bar, whatever was searched for."""
    last = names[-1]
    gallery.goto(f"{address}?q={names[0]}#{last}")
    assert gallery.locator("article:target").get_attribute("id") == last
    assert cards(gallery) == names
    bar, card = gallery.locator(".tools").bounding_box(), gallery.locator("article:target").bounding_box()
    assert bar
    assert card
    assert bar["y"] + bar["height"] <= card["y"] < 600
    links = gallery.eval_on_selector_all("h3 a", "all => all.map(one => one.hash.slice(1))")
    assert links == names


def test_families_are_found_even_while_searching(
    gallery: Page, families: Mapping[str, Family], names: list[str]
) -> None:
    gallery.fill("input", "nothing of that kind")
    key, family = list(families.items())[-1]
    gallery.get_by_role("link", name=family.title, exact=True).click()
    gallery.wait_for_function("() => !document.querySelector('section[hidden]')")
    assert cards(gallery) == names
    assert gallery.evaluate("location.hash") == f"#family:{key}"


def test_light_and_dark(gallery: Page) -> None:
    """As the system has it, until the reader chooses."""
    ground = "getComputedStyle(document.body).backgroundColor"
    light = gallery.evaluate(ground)
    gallery.emulate_media(color_scheme="dark")
    dark = gallery.evaluate(ground)
    assert light != dark
    for choice, expected in (("light", light), ("dark", dark), ("as the system", dark)):
        gallery.select_option("select", label=choice)
        assert gallery.evaluate(ground) == expected
    gallery.emulate_media(color_scheme="light")
    for choice, expected in (("dark", dark), ("as the system", light)):
        gallery.select_option("select", label=choice)
        assert gallery.evaluate(ground) == expected


def shows(page: Page, folder: str) -> bool:
    """Whether all pictures in sight come, or will have come, from that folder."""
    page.wait_for_function(
        f"folder => {STILL}.filter(Boolean).length && {STILL}.filter(Boolean).every(one => one === folder)", arg=folder
    )
    return True


def test_pause(gallery: Page) -> None:
    """Every figure rests on its still, and moves again."""
    assert shows(gallery, "svg")
    gallery.get_by_role("button", name="Pause").click()
    assert shows(gallery, "poster")
    gallery.get_by_role("button", name="Play").click()
    assert shows(gallery, "svg")
    assert gallery.get_by_role("button", name="Pause").count() == 1


def test_readers_without_motion_see_stills(address: str, page: Page) -> None:
    """Until they ask for motion; and those who change their mind while they read."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    assert shows(page, "poster")
    page.get_by_role("button", name="Play").click()
    assert shows(page, "svg")
    page.emulate_media(reduced_motion="no-preference")
    page.goto("about:blank")
    page.goto(address)
    assert shows(page, "svg")
    page.emulate_media(reduced_motion="reduce")
    assert shows(page, "poster")
    assert page.get_by_role("button", name="Play").count() == 1


@pytest.mark.parametrize("format", ["gif", "svg"])
def test_figures_without_stills_rest_all_the_same(format: str, page: Page, tmp_path: Path) -> None:
    """A picture is taken of them, in their place and with their words."""
    figure = Figure(Conv(4, 3))
    render({"blur": figure}, tmp_path, (format,))
    gallery_page.write({"own": Family("Own", Figures({"blur": figure}))}, tmp_path)
    page.emulate_media(reduced_motion="reduce")
    page.goto((tmp_path / "index.html").as_uri())
    still = page.locator(".stage canvas")
    still.wait_for()
    assert still.get_attribute("aria-label") == figure.describe()
    assert not page.locator(".stage img").is_visible()
    colors = Image.open(BytesIO(still.screenshot())).getcolors()
    assert colors is None or len(colors) > 9
    box = still.bounding_box()
    page.get_by_role("button", name="Play").click()
    assert (page.locator(".stage img").bounding_box(), still.count()) == (box, 0)


def test_every_link_and_image_is_there(gallery: Page, made: Path, whole: str) -> None:
    """The players too; and the figure that was made in every format has them all to download."""
    found = gallery.eval_on_selector_all(
        "a, img, source", "all => all.map(one => one.getAttribute('href') ?? one.getAttribute('src') ?? one.srcset)"
    )
    assert found
    for link in found:
        path = urlsplit(urljoin((made / "index.html").as_uri(), link)).path
        assert Path(url2pathname(path)).is_file()
    card = gallery.locator(f"article[id='{whole}']")
    saved = card.locator("a[download]").evaluate_all("all => all.map(one => one.download.replace(/^[^.]*/, ''))")
    folders = {"html", "mp4", "webm"} | {format.name for format in FORMATS.values() if format.suffix.endswith("/")}
    assert saved == [format.suffix for name, format in FORMATS.items() if name not in folders]


def test_images_are_shown(gallery: Page) -> None:
    gallery.locator("article img").first.scroll_into_view_if_needed()
    gallery.wait_for_function("() => document.querySelector('article img').complete")
    assert gallery.evaluate("document.querySelector('article img').naturalWidth") > 0


def test_snippets_are_copied(gallery: Page, whole: str) -> None:
    """All of them, and its table in TOML; each as it is read."""
    gallery.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = gallery.locator(f"article[id='{whole}']")
    card.locator("summary").first.click()
    parts = card.locator("details details")
    assert parts.count() == len(SNIPPETS) + 1
    for number in range(parts.count()):
        part = parts.nth(number)
        part.locator("summary").click()
        button = part.get_by_role("button")
        button.click()
        gallery.wait_for_function("text => text.textContent !== 'Copy'", arg=button.element_handle())
        assert button.inner_text() == "Copied"
        copied = gallery.evaluate("navigator.clipboard.readText()")
        assert copied == part.locator("pre").text_content()


def test_what_is_not_of_the_page_is_refused(made: Path, browser: Browser, tmp_path: Path) -> None:
    """Scripts in either form, and pictures from elsewhere, whoever put them in."""
    text = (made / "index.html").read_text(encoding="utf-8")
    bad = "<script>window.bad = 1</script><img src=x onerror='window.bad = 2'><img src='https://example.org/x.png'>"
    (tmp_path / "index.html").write_text(text.replace("<main>", f"<main>{bad}"), encoding="utf-8")
    context = browser.new_context()
    page, failures = context.new_page(), dict[str, str | None]()
    context.on("requestfailed", lambda request: failures.update({request.url: request.failure}))
    page.goto((tmp_path / "index.html").as_uri())
    page.wait_for_function("() => document.querySelector('[role=status]').textContent")
    assert page.evaluate("window.bad") is None
    assert failures["https://example.org/x.png"] == "csp"
    context.close()
