"""The gallery's file; how it behaves is told by a browser, in `tests/browser`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Final

import pytest

from convgif import build, gallery
from convgif.arithmetic import Conv, MaxPool
from convgif.embedding import KINDS, snippet
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.presets import load_presets
from tests.assembling.test_html import Page

FAMILIES: Final[Mapping[str, Mapping[str, Figure]]] = {
    "a < b": {"v1.2": Figure(Conv(4, 3), title='"Quoted" & <b>', cell=10), "plain": Figure(MaxPool(4, 2), cell=10)},
    "second": {"third": Figure(Conv(4, 2), view="flat", cell=10)},
}


def written(folder: Path, formats: tuple[str, ...], names: tuple[str, ...] = ("v1.2", "plain", "third")) -> str:
    """The gallery of a folder with some figures in some formats."""
    figures = {name: figure for family in FAMILIES.values() for name, figure in family.items()}
    build.render({name: figures[name] for name in names}, folder, formats)
    path = gallery.write(FAMILIES, folder)
    assert path == folder / "index.html"
    return path.read_text(encoding="utf-8")


def attributes(page: Page, tag: str, key: str) -> list[str]:
    return [str(attrs[key]) for found, attrs in page.tags if found == tag and key in attrs]


def test_every_figure_with_its_files(tmp_path: Path) -> None:
    page = Page(written(tmp_path, ("gif", "svg", "html", "png", "poster")))
    assert attributes(page, "img", "src") == ["svg/v1.2.svg", "svg/plain.svg", "svg/third.svg"]
    links = attributes(page, "a", "href")
    for name in ("v1.2", "plain", "third"):
        assert {f"gif/{name}.gif", f"svg/{name}.svg", f"html/{name}.html", f"poster/{name}.png"} <= set(links)
    assert not [link for link in links if link.startswith("png/")]  # a folder of frames is no download
    assert all((tmp_path / link).is_file() for link in links)


def test_an_image_has_its_size_and_its_words(tmp_path: Path) -> None:
    page = Page(written(tmp_path, ("gif",)))
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"]
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    assert [attrs["alt"] for attrs in images] == [
        figure.describe() for family in FAMILIES.values() for figure in family.values()
    ]
    for attrs in images:
        entry = manifest[attrs["src"]]
        assert (attrs["width"], attrs["height"]) == (str(entry["width"]), str(entry["height"]))


def test_only_what_is_there_is_shown(tmp_path: Path) -> None:
    """A family without any figure has no heading; a figure that is neither SVG nor GIF cannot be looked at."""
    build.render({"plain": FAMILIES["a < b"]["plain"]}, tmp_path, ("sheet",))
    page = written(tmp_path, ("gif",), ("v1.2",))
    assert attributes(Page(page), "img", "src") == ["gif/v1.2.gif"]
    assert "a &lt; b" in page
    assert "second" not in page


def test_toml_and_snippets_are_those_of_the_figure(tmp_path: Path) -> None:
    """The table describes the same figure; the snippets are those of `embed`, beside the page."""
    text = written(tmp_path, ("svg",))
    blocks = [unescape(part.split("</pre>")[0]) for part in text.split('<pre tabindex="0">')[1:]]
    figures = {name: figure for family in FAMILIES.values() for name, figure in family.items()}
    each = len(KINDS) + 1
    assert len(blocks) == each * len(figures)
    for number, (name, figure) in enumerate(figures.items()):
        table, *snippets = blocks[each * number : each * (number + 1)]
        assert tuple(snippets) == tuple(snippet(kind, name, figure, ".") for kind in KINDS)
        (tmp_path / "one.toml").write_text(table if "." not in name else table.replace(name, "one"), encoding="utf-8")
        assert tomllib.loads(table)
        assert [*load_presets(tmp_path / "one.toml").values()] == [figure]


def test_titles_are_no_code(tmp_path: Path) -> None:
    text = written(tmp_path, ("svg",))
    assert "<b>" not in text
    assert "&quot;Quoted&quot; &amp; &lt;b&gt;" in text


def test_a_folder_without_any_of_the_figures_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And stays as it was."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        gallery.write(FAMILIES, "out")
    assert str(caught.value) == "out = 'out': holds none of these figures; convgif render --all writes them"
    assert not [*tmp_path.iterdir()]
