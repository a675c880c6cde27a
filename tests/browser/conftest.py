"""Chromium, for tests of what readers see; they are skipped where it or Playwright is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from convgif import build, gallery
from convgif.assembling import FORMATS
from convgif.presets import load_families, load_presets

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTH, HEIGHT = 800, 600
MADE_IN_FULL = "padding_strides"
"""The preset that the folder of all presets holds in every format."""


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, which may say nothing on the console and fetch nothing but files."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    context.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert not said
    assert not [url for url in asked if not url.startswith(("file:", "data:", "about:"))]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the SVG and the player of every preset, one preset in every format, and the gallery."""
    folder = tmp_path_factory.mktemp("made")
    presets = load_presets()
    build.render(presets, folder, ("svg", "html"))
    build.render(
        {MADE_IN_FULL: presets[MADE_IN_FULL]}, folder, [name for name in FORMATS if name not in ("mp4", "webm")]
    )
    gallery.write(load_families(), folder)
    return folder
