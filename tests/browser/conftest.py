"""Chromium, for tests of what readers see; they are skipped where it or Playwright is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from convgif.api import load_presets, render
from convgif.figure import Figure
from convgif.presets import Family, load_families
from convgif.registry import FORMATS
from convgif.site import gallery
from convgif.sweeps import Figures

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request

WIDTH, HEIGHT = 800, 600
OF_EACH: Final = 2
"""Figures that the folder has at least of each family."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    driver = pytest.importorskip("playwright.sync_api")
    if not (executable := shutil.which("chromium")):
        pytest.skip("there is no chromium")
    with driver.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Page]:
    """One page for all tests: starting a process for each would take most of their time."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """A page as good as new, which may say nothing on the console and fetch nothing but files."""
    said: list[str] = []
    asked: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    def suffer(error: Error) -> None:
        said.append(str(error))

    def ask(request: Request) -> None:
        asked.append(request.url)

    tab.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    tab.emulate_media(color_scheme="light", reduced_motion="no-preference")
    tab.on("console", hear)
    tab.on("pageerror", suffer)
    tab.on("request", ask)
    yield tab
    tab.evaluate("try { localStorage.clear(); sessionStorage.clear() } catch {}")
    tab.goto("about:blank")
    tab.context.clear_permissions()
    tab.remove_listener("console", hear)
    tab.remove_listener("pageerror", suffer)
    tab.remove_listener("request", ask)
    assert not said
    assert not [url for url in asked if not url.startswith(("file:", "data:", "about:"))]


@pytest.fixture(scope="session")
def families() -> Mapping[str, Family]:
    """Some figures of each family that comes with convgif, and each view that there is in it."""
    return {key: replace(family, figures=Figures(_some(family.figures))) for key, family in load_families().items()}


def _some(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    firsts = {figure.view: name for name, figure in reversed(list(figures.items()))}
    chosen = {*islice(figures, OF_EACH), *firsts.values()}
    return {name: figure for name, figure in figures.items() if name in chosen}


@pytest.fixture(scope="session")
def whole(families: Mapping[str, Family]) -> str:
    """The figure that the folder holds in every format but video."""
    return next(name for family in families.values() for name in family.figures)


@pytest.fixture(scope="session")
def made(families: Mapping[str, Family], whole: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the SVG, poster and player of these figures, one of them in other formats too; the gallery."""
    folder = tmp_path_factory.mktemp("made")
    figures = {name: figure for family in families.values() for name, figure in family.figures.items()}
    render(figures, folder, ("svg", "poster", "html"))
    render({whole: load_presets()[whole]}, folder, [name for name in FORMATS if name not in ("mp4", "webm")])
    gallery.write(families, folder)
    return folder
