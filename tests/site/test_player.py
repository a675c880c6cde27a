"""The player's file; what it does is told by a browser, in `tests/browser`."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pytest

from convgif.arithmetic import Conv
from convgif.assembling.film import Film
from convgif.figure import Figure
from convgif.registry import FORMATS
from convgif.site import player
from tests.assembling.samples import FIGURES
from tests.rendering.reader import walked
from tests.site.reader import Page


def written(figure: Figure) -> Page:
    """The page as an HTML parser reads it."""
    stream = BytesIO()
    player.write(Film.of(figure), stream)
    return Page(stream.getvalue().decode())


def test_it_is_a_format() -> None:
    assert FORMATS[player.FORMAT.name] is player.FORMAT


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_the_page_knows_the_figure(figure: Figure) -> None:
    """Its times, its notes, and the areas that lead to steps."""
    scene, page = Film.of(figure).scene, written(figure)
    data: dict[str, Any] = json.loads(page.texts["data"])
    assert data["durations"] == list(scene.durations)
    assert data["notes"] == list(scene.notes())
    assert len(data["notes"]) == len(scene.durations)
    assert data["name"] == scene.description
    assert len(data["links"]) == len(scene.links()) > 0
    for ours, link in zip(data["links"], scene.links(), strict=True):
        assert (ours["frame"], ours["name"]) == (link.frame, link.name)
        (outline,) = walked(ours["d"])
        corners = [(x * 20, y * 20) for x, y in link.area]
        expected = corners if corners[0] == corners[-1] else [*corners, corners[0]]
        assert [pytest.approx(corner, abs=0.06) for corner in expected] == list(outline)


def test_the_page_needs_nothing_else() -> None:
    """Its only link leads back to the gallery, and is seen by those who come from there."""
    page = written(Figure(Conv(5, 3)))
    (link,) = [attrs for _, attrs in page.tags if {"src", "href"} & set(attrs)]
    assert link == {"id": "gallery", "href": "../index.html", "hidden": None}
    assert "link" not in {tag for tag, _ in page.tags}
    assert not re.search(r"@import|url\(", page.texts["style"])


def test_every_control_has_a_name() -> None:
    page = written(Figure(Conv(5, 3)))
    controls = [attrs for tag, attrs in page.tags if tag in ("button", "input")]
    assert len(controls) == 6
    assert all(attrs["aria-label"] for attrs in controls)
    assert ("html", {"lang": "en"}) in page.tags


@pytest.mark.parametrize("title", ["</script><b>", "<!--<script>", "{{data}} \\u003c & \"'"])
def test_titles_are_no_code(title: str) -> None:
    """Wherever they stand: in the head, in the drawing, in the data."""
    figure = Figure(Conv(3, 3), title=title)
    page = written(figure)
    assert page.texts["title"].count(title) == 3  # in the head, as a heading, and of the drawing
    assert json.loads(page.texts["data"])["name"] == figure.describe()
    assert "<" not in page.texts["data"]
    assert [tag for tag, _ in page.tags].count("script") == 2
