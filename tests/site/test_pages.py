"""Templates: their words are replaced, by text as text; what they may run is what they bring."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import Final

import pytest

from convgif.site.pages import HASHED, VERBATIM, filled, hashes, page

WORDS: Final = {
    "player.html": {"title", "svg", "data", "scripts"},
    "gallery.html": {"nav", "body", "scripts", "styles"},
}


@pytest.mark.parametrize("name", WORDS)
def test_templates_have_their_words(name: str) -> None:
    assert set(re.findall(r"\{\{(\w+)\}\}", page(name))) == WORDS[name]
    assert page(name).startswith("<!doctype html>\n")


@pytest.mark.parametrize("name", WORDS)
def test_templates_fetch_nothing(name: str) -> None:
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|\bsrc=|<link", page(name))


@pytest.mark.parametrize("name", WORDS)
def test_a_page_runs_its_own_scripts_only(name: str) -> None:
    """Nothing by default; a script that is put in has no hash."""
    text = filled(page(name), **dict.fromkeys(WORDS[name] - set(HASHED), "<script>alert()</script>"))
    found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)
    assert found
    policy = dict(rule.split(" ", 1) for rule in found[1].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    (script,) = re.findall(r"<script>(.*?)</script>", page(name), re.DOTALL)
    assert policy["script-src"] == f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def test_hashes_of_all_elements() -> None:
    two = hashes("<style>a</style> <style>b\n</style>", "style").split()
    assert two == [hashes("<style>a</style>", "style"), hashes("<style>b\n</style>", "style")]
    assert hashes("<p>none of them</p>", "script") == "'none'"


def test_text_is_escaped_and_markup_is_not() -> None:
    assert filled("{{title}}", title='<a href="\'">&') == "&lt;a href=&quot;&#x27;&quot;&gt;&amp;"
    for word in VERBATIM:
        assert filled(f"{{{{{word}}}}}", **{word: "<b>"}) == "<b>"


def test_what_is_put_in_is_not_read_again() -> None:
    assert filled("{{svg}}{{title}}", svg="{{title}}", title="\\1") == "{{title}}\\1"


def test_a_word_without_its_part_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("{{title}}")
