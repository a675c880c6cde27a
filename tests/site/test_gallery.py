"""The gallery's file; how it behaves is told by a browser, in `tests/browser`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest

from convgif.api import render
from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.assembling.manifest import Manifest
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.presets import Family, load_presets
from convgif.registry import SNIPPETS
from convgif.site import gallery
from convgif.site.target import Target
from convgif.sweeps import Figures
from tests.site.reader import Page

FAMILIES: Final[Mapping[str, Family]] = {
    "first": Family(
        "a < b",
        Figures({"v1.2": Figure(Conv(4, 3), title='"Quoted" & <b>', cell=10), "plain": Figure(MaxPool(4, 2), cell=10)}),
    ),
    "second": Family("Second", Figures({"third": Figure(Conv(4, 2), view="flat", cell=10)})),
}
FIGURES: Final = {name: figure for family in FAMILIES.values() for name, figure in family.figures.items()}


def written(folder: Path, formats: tuple[str, ...], names: tuple[str, ...] = tuple(FIGURES)) -> str:
    """The gallery of a folder with some figures in some formats."""
    render({name: FIGURES[name] for name in names}, folder, formats)
    return again(folder)


def again(folder: Path) -> str:
    """The gallery of what lies in a folder."""
    path = gallery.write(FAMILIES, folder)
    assert path == folder / "index.html"
    return path.read_text(encoding="utf-8")


def edited(folder: Path, told: str, **changes: Any) -> None:
    """Change what the manifest tells of a file; its path, too."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    entry = manifest["files"].pop(told)
    manifest["files"][changes.pop("path", told)] = {**entry, **changes}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_every_figure_with_its_files(tmp_path: Path) -> None:
    """The main file of each format; a sheet is its image, not its index. A folder of frames is no download."""
    page = Page(written(tmp_path, ("gif", "svg", "html", "sheet", "poster", "frames")))
    assert page.attributes("img", "src") == ["svg/v1.2.svg", "svg/plain.svg", "svg/third.svg"]
    assert page.attributes("source", "srcset") == ["poster/v1.2.svg", "poster/plain.svg", "poster/third.svg"]
    links = page.attributes("a", "href")
    for name in FIGURES:
        assert links.count(f"html/{name}.html?gallery") == 2  # from the picture, and by its name
        saved = {str(attrs["href"]): attrs["download"] for _, attrs in page.tags if attrs.get("download")}
        for path, file in {
            f"gif/{name}.gif": f"{name}.gif",
            f"svg/{name}.svg": f"{name}.svg",
            f"sheet/{name}.png": f"{name}.sheet.png",
            f"poster/{name}.svg": f"{name}.poster.svg",
        }.items():
            assert saved[path] == file
    assert not [link for link in links if link.startswith("frames/") or link.endswith(".json")]
    files = {link.partition("?")[0] for link in links if not link.startswith("#")}
    assert all((tmp_path / file).is_file() for file in files)


def test_an_image_has_its_size_and_its_words(tmp_path: Path) -> None:
    page = Page(written(tmp_path, ("gif",)))
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    assert [attrs["alt"] for attrs in images] == [figure.describe() for figure in FIGURES.values()]
    for attrs in images:
        entry = Manifest.of(tmp_path).files[str(attrs["src"])]
        assert (attrs["width"], attrs["height"]) == (str(entry["width"]), str(entry["height"]))


def test_only_what_is_there_is_shown(tmp_path: Path) -> None:
    """A family without any figure has no heading; a figure that is neither SVG nor GIF cannot be looked at."""
    render({"plain": FIGURES["plain"]}, tmp_path, ("sheet",))
    page = written(tmp_path, ("gif",), ("v1.2",))
    assert Page(page).attributes("img", "src") == ["gif/v1.2.gif"]
    assert "a &lt; b" in page
    assert "Second" not in page


def test_families_in_their_order_and_an_anchor_each(tmp_path: Path) -> None:
    page = Page(written(tmp_path, ("svg",)))
    assert page.attributes("section", "id") == ["family:first", "family:second"]
    assert [link for link in page.attributes("a", "href") if link.startswith("#family")] == [
        "#family:first",
        "#family:second",
    ]
    assert page.attributes("article", "id") == list(FIGURES)


def test_titles_are_for_people() -> None:
    """What the preset calls it; else what it is titled with; else its name, without the marks of a name."""
    figure = Figure(Conv(5, 3), heading="No padding", title="Drawn")
    assert gallery.title_of("a_b", figure) == "No padding"
    assert gallery.title_of("a_b", figure.replaced(heading=None)) == "Drawn"
    assert gallery.title_of("_two__words_", figure.replaced(heading=None, title=None)) == "Two words"


def test_a_title_that_is_drawn_is_seen_once(tmp_path: Path) -> None:
    """It stays for those who hear the page, and as the place to link to."""
    page = Page(written(tmp_path, ("svg",)))
    assert [attrs.get("class") for tag, attrs in page.tags if tag == "h3"] == ["drawn", None, None]


def test_toml_and_snippets_are_those_of_the_figure(tmp_path: Path) -> None:
    """The table describes the same figure; the snippets are those of `embed`, beside the page."""
    text = written(tmp_path, ("svg",))
    blocks = [unescape(part.split("</pre>")[0]) for part in text.split('<pre tabindex="0">')[1:]]
    each = len(SNIPPETS) + 1
    assert len(blocks) == each * len(FIGURES)
    for number, (name, figure) in enumerate(FIGURES.items()):
        table, *snippets = blocks[each * number : each * (number + 1)]
        assert snippets == [snippet.text(Target(name, figure, ".")) for snippet in SNIPPETS.values()]
        (tmp_path / "one.toml").write_text(table if "." not in name else table.replace(name, "one"), encoding="utf-8")
        assert tomllib.loads(table)
        assert [*load_presets(tmp_path / "one.toml").values()] == [figure]


def test_snippets_say_what_makes_the_files_that_are_not_there(tmp_path: Path) -> None:
    written(tmp_path, ("svg",), ("plain",))
    assert f"<code>{Target('plain', FIGURES['plain']).command(['poster'])}</code>" in again(tmp_path)
    written(tmp_path, tuple({format for snippet in SNIPPETS.values() for format in snippet.formats}), ("plain",))
    assert 'class="needs"' not in again(tmp_path)


def test_snippets_of_own_presets_name_their_file(tmp_path: Path) -> None:
    written(tmp_path, ("svg",))
    text = gallery.write(FAMILIES, tmp_path, "mine.toml").read_text(encoding="utf-8")
    assert unescape(text).count("convgif.load_presets('mine.toml')[") == len(FIGURES)


def test_titles_are_no_code(tmp_path: Path) -> None:
    text = written(tmp_path, ("svg",))
    assert "<b>" not in text
    assert "&quot;Quoted&quot; &amp; &lt;b&gt;" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"width": '1" onload="alert()'},
        {"height": -1},
        {"width": 10**6},
        {"frames": True},
        {"bytes": 1.5},
        {"bytes": "many"},
        {"path": "../plain.svg"},
        {"path": "/etc/hostname"},
        {"path": "svg/gone.svg"},
        {"path": 'svg/"><script>.svg'},
        {"path": "javascript:alert()"},
        {"format": "<b>"},
        {"preset": ["plain"]},
    ],
    ids=str,
)
def test_what_the_manifest_tells_is_not_believed(changes: dict[str, Any], tmp_path: Path) -> None:
    """A file that is not told of soundly is none."""
    written(tmp_path, ("svg",), ("plain", "third"))
    edited(tmp_path, "svg/plain.svg", **changes)
    page = again(tmp_path)
    assert Page(page).attributes("img", "src") == ["svg/third.svg"]
    assert "alert" not in page
    assert "<b>" not in page


def test_awkward_names_of_files_that_are_there(tmp_path: Path) -> None:
    """They stay paths in every attribute."""
    awkward = 'svg/a "b" <i> & #?:%.svg'
    written(tmp_path, ("svg",), ("plain",))
    (tmp_path / "svg" / "plain.svg").rename(tmp_path / awkward)
    edited(tmp_path, "svg/plain.svg", path=awkward)
    page = Page(again(tmp_path))
    assert page.attributes("img", "src") == ["svg/a%20%22b%22%20%3Ci%3E%20%26%20%23%3F%3A%25.svg"]


def test_a_folder_without_any_of_the_figures_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And stays as it was."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        gallery.write(FAMILIES, "out")
    assert str(caught.value) == "output = 'out': holds none of these figures; convgif render --all writes them"
    assert not [*tmp_path.iterdir()]


def words_of(figure: Figure) -> str:
    return " ".join(gallery.search_words("my_name", figure, FAMILIES["second"]))


def test_figures_are_found_by_the_words_that_people_use() -> None:
    transposed = words_of(Figure(ConvTranspose(3, 3, stride=2)))
    for word in ("my_name", "my name", "second", "isometric", "deconv", "transposed", "stride", "conv2d_transpose"):
        assert word in transposed
    assert "deconv" not in words_of(Figure(Conv(5, 3)))
    assert "maxpool" in words_of(Figure(MaxPool(4, 2)))


def test_a_word_for_an_argument_is_for_figures_in_which_it_does_something() -> None:
    dilated, plain = Figure(Conv(7, 3, dilation=2)), Figure(Conv(7, 3))
    for word in ("dilated", "dilation", "atrous"):
        assert word in words_of(dilated)
        assert word not in words_of(plain)


def test_a_word_for_a_number_of_axes_is_for_figures_that_have_it() -> None:
    row, plane = words_of(Figure(Conv((9,), 3))), words_of(Figure(Conv(9, 3)))
    assert "conv1d" in row
    assert "conv2d" in plane
    assert "conv2d" not in row
    assert "conv1d" not in plane


def test_sizes_are_found_as_people_write_them() -> None:
    sizes = set(gallery.sizes_of(Conv((5, 6), 3, stride=(2, 1))))
    assert {"input_size=5x6", "input=5x6", "kernel_size=3", "kernel=3x3", "stride=2x1", "padding=0"} <= sizes
    assert "stride=2" not in sizes
    padded = set(gallery.sizes_of(Conv(5, 3, padding=((0, 1), (0, 1)), padding_mode="replicate")))
    assert {"padding=0:1x0:1", "padding_mode=replicate"} <= padded
    assert "padding=same" in set(gallery.sizes_of(Conv(5, 3, padding="same")))


def test_a_figure_is_told_in_a_line(tmp_path: Path) -> None:
    render({"x": Figure(Conv(5, 3, stride=2), cell=10)}, tmp_path, ("svg",))
    figure = Figure(Conv(5, 3, stride=2), cell=10)
    files = gallery.files_of("x", Manifest.of(tmp_path))
    assert gallery.about(figure, files) == "Convolution 5x5 to 2x2, kernel 3, stride 2, 4\N{NO-BREAK SPACE}frames"
