"""The player's file; what it does is told by a browser, in `tests/browser`."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from convgif.arithmetic import Conv
from convgif.assembling import html
from convgif.drawing import draw
from convgif.figure import Figure
from tests.assembling.samples import FIGURES
from tests.rendering.reader import walked


class Page(HTMLParser):
    """The tags of a page with their attributes, and the text of those that were asked for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = dict(attrs).get("id") or tag

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        self.texts[self._open] = self.texts.get(self._open, "") + data


def written(figure: Figure, folder: Path) -> Page:
    path = folder / "player.html"
    html.write(figure, draw(figure), path)
    return Page(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_the_page_knows_the_figure(figure: Figure, tmp_path: Path) -> None:
    """Its times, its notes, and the areas that lead to steps."""
    scene, page = draw(figure), written(figure, tmp_path)
    data: dict[str, Any] = json.loads(page.texts["data"])
    assert data["durations"] == list(scene.durations)
    assert data["notes"] == list(scene.notes())
    assert len(data["notes"]) == len(scene.durations)
    assert data["name"] == figure.describe()
    assert len(data["links"]) == len(scene.links()) > 0
    for ours, link in zip(data["links"], scene.links(), strict=True):
        assert (ours["frame"], ours["name"]) == (link.frame, link.name)
        (outline,) = walked(ours["d"])
        corners = [(x * 20, y * 20) for x, y in link.area]
        expected = corners if corners[0] == corners[-1] else [*corners, corners[0]]
        assert [pytest.approx(corner, abs=0.06) for corner in expected] == list(outline)


def test_the_page_needs_nothing_else(tmp_path: Path) -> None:
    page = written(Figure(Conv(5, 3)), tmp_path)
    assert not [attrs for _, attrs in page.tags if {"src", "href"} & set(attrs)]
    assert "link" not in {tag for tag, _ in page.tags}
    assert not re.search(r"@import|url\(", page.texts["style"])


def test_every_control_has_a_name(tmp_path: Path) -> None:
    page = written(Figure(Conv(5, 3)), tmp_path)
    controls = [attrs for tag, attrs in page.tags if tag in ("button", "input")]
    assert len(controls) == 6
    assert all(attrs["aria-label"] for attrs in controls)
    assert ("html", {"lang": "en"}) in page.tags


@pytest.mark.parametrize("title", ["</script><b>", "<!--<script>", "{{data}} \\u003c & \"'"])
def test_titles_are_no_code(title: str, tmp_path: Path) -> None:
    """Wherever they stand: in the head, in the drawing, in the data."""
    figure = Figure(Conv(3, 3), title=title)
    page = written(figure, tmp_path)
    assert page.texts["title"].startswith(title)
    assert json.loads(page.texts["data"])["name"] == figure.describe()
    assert "<" not in page.texts["data"]
    assert [tag for tag, _ in page.tags].count("script") == 2
