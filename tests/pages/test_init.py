"""Templates: their words are replaced, by text as text."""

from __future__ import annotations

import re

import pytest

from convgif.pages import VERBATIM, filled, page


@pytest.mark.parametrize(("name", "words"), [("player.html", {"title", "svg", "data"}), ("gallery.html", {"body"})])
def test_templates_have_their_words(name: str, words: set[str]) -> None:
    assert set(re.findall(r"\{\{(\w+)\}\}", page(name))) == words
    assert page(name).startswith("<!doctype html>\n")


@pytest.mark.parametrize("name", ["player.html", "gallery.html"])
def test_templates_fetch_nothing(name: str) -> None:
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|\bsrc=|<link", page(name))


def test_text_is_escaped_and_markup_is_not() -> None:
    assert filled("{{title}}", title='<a href="\'">&') == "&lt;a href=&quot;&#x27;&quot;&gt;&amp;"
    for word in VERBATIM:
        assert filled(f"{{{{{word}}}}}", **{word: "<b>"}) == "<b>"


def test_what_is_put_in_is_not_read_again() -> None:
    assert filled("{{svg}}{{title}}", svg="{{title}}", title="\\1") == "{{title}}\\1"


def test_a_word_without_its_part_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("{{title}}")
