"""Snippets: each names files that `render` writes, and reads as its language does. Browsers and TeX try them."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from convgif.api import Figure as ShownFigure
from convgif.api import load_presets
from convgif.arithmetic import Conv
from convgif.drawing.composition import compose
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.registry import FORMATS, SNIPPETS
from convgif.site.target import Target
from tests.site.reader import Page

FIGURE: Final = Figure(Conv(4, 3), title="Blur", hold_ms=500)
PLAIN: Final = FIGURE.replaced(title=None, hold_ms=0)
AWKWARD: Final = FIGURE.replaced(title=r"a] *b* `c` \ |d| _e_ <f> [g](h) &amp; i")
FIGURES: Final = [FIGURE, PLAIN, AWKWARD]
FOLDERS: Final = ["out", "some/where", "my figures (2)", "https://example.org/a"]


def text(kind: str, name: str = "blur", figure: Figure = FIGURE, out: str = "out", **more: Any) -> str:
    """The snippet of one kind."""
    made: str = SNIPPETS[kind].text(Target(name, figure, out, **more))
    return made


def test_a_kind_that_is_not_there() -> None:
    with pytest.raises(InputError) as caught:
        SNIPPETS.named("markdwon", "kind")
    assert str(caught.value) == "kind = 'markdwon': there is no such snippet; did you mean markdown?"


@pytest.mark.parametrize("kind", SNIPPETS)
def test_a_kind_is_named_as_it_is_found(kind: str) -> None:
    snippet = SNIPPETS[kind]
    assert snippet.name == kind
    assert snippet.meaning
    assert set(snippet.formats) <= set(FORMATS)


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("kind", SNIPPETS)
def test_a_snippet_points_at_its_files_and_at_no_others(kind: str, folder: str) -> None:
    """As links, or as paths where the language has its own way with spaces."""
    target = Target("blur", FIGURE, folder)
    shown = SNIPPETS[kind].text(target).replace("\\ ", " ")
    formats = {format for format in FORMATS if re.search(rf"/{format}/blur\b", shown)}
    assert formats == set(SNIPPETS[kind].formats)
    for format in formats:
        assert target.link(format) in shown or target.file(format).removesuffix(".pdf") in shown


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("kind", ["markdown", "html"])
def test_pictures(kind: str, figure: Figure) -> None:
    """The SVG moves; for readers without motion there is the poster. No blank line ends the block in Markdown."""
    page = Page(text(kind, figure=figure))
    assert [tag for tag, _ in page.tags] == ["picture", "source", "img"]
    ((_, source), (_, image)) = page.tags[1:]
    assert source == {"media": "(prefers-reduced-motion: reduce)", "srcset": "out/poster/blur.svg"}
    assert (image["src"], image["alt"]) == ("out/svg/blur.svg", figure.describe())
    assert image["width"] == str(Target("blur", figure).size[0])
    assert "\n\n" not in text(kind, figure=figure)


def test_images_keep_their_shape_where_they_are_narrowed() -> None:
    """A height of its own would distort it, unless a style takes care of it; Markdown knows no styles."""
    image = Page(text("html")).tags[-1][1]
    assert image["height"] == str(Target("blur", FIGURE).size[1])
    assert image["style"] == "max-width: 100%; height: auto"
    assert {"height", "style"}.isdisjoint(Page(text("markdown")).tags[-1][1])


def markdown(text: str) -> tuple[str, str]:
    """Alt text and address of a Markdown image, as CommonMark reads them."""
    found = re.fullmatch(r"!\[((?:\\.|[^\\\[\]])*)\]\(([^\s()<>]+)\)", text)
    assert found
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", found[1]), found[2]


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize(("kind", "file"), [("gif", "out/gif/blur.gif"), ("mkdocs", "out/svg/blur.svg")])
def test_images_of_markdown(kind: str, file: str, figure: Figure) -> None:
    assert markdown(text(kind, figure=figure)) == (figure.describe(), file)
    assert markdown(text(kind, figure=figure, out="my figures (2)"))[1] == f"my%20figures%20%282%29/{file[4:]}"


@pytest.mark.parametrize("figure", FIGURES)
def test_sphinx(figure: Figure) -> None:
    """A figure directive, its option, and the caption as a paragraph of its own."""
    first, alt, *rest = text("sphinx", figure=figure).split("\n")
    assert first == ".. figure:: out/svg/blur.svg"
    assert alt == f"   :alt: {figure.describe()}"
    if figure.title is None:
        assert rest == []
    else:
        assert rest[0] == ""
        assert not re.search(r"(?<!\\)[*`|_<]", rest[1].replace(r"\\", ""))


@pytest.mark.parametrize("folder", ["out", "my figures (2)", r"back\slash"])
@pytest.mark.parametrize(
    "title",
    [None, "Blur", AWKWARD.title, "1. Blur", "(a) Blur", "- Blur", ">>> 1", ".. note::", "A. B", "iv) x", "a::"],
)
def test_docutils_has_no_complaints(title: str | None, folder: str) -> None:
    """Titles that look like lists, tests or directives are titles all the same."""
    core = pytest.importorskip("docutils.core")
    settings = {"report_level": 1, "halt_level": 2}
    figure = FIGURE.replaced(title=title)
    tree: Any = core.publish_doctree(text("sphinx", figure=figure, out=folder), settings_overrides=settings)
    (image,) = tree.findall(lambda node: node.tagname == "image")
    assert (image["uri"], image["alt"]) == (f"{folder}/svg/blur.svg", figure.describe())
    captions = [caption.astext() for caption in tree.findall(lambda node: node.tagname == "caption")]
    assert captions == ([title] if title else [])


def test_latex_of_equal_frames() -> None:
    """At one rate: no timeline is needed. It says which packages it needs, and is as wide as its column."""
    assert text("latex", figure=PLAIN.replaced(frame_ms=400)) == (
        "% In the preamble: \\usepackage{graphicx} \\usepackage{animate}\n"
        "\\animategraphics[loop,autoplay,controls,width=\\linewidth]{2.5}{out/pdf/blur}{}{}"
    )
    assert "[autoplay,controls" in text("latex", figure=PLAIN.replaced(loop=1))


@pytest.mark.parametrize("figure", [FIGURE, Figure(Conv((1, 3), (1, 2)), view="story")])
def test_latex_of_frames_that_differ(figure: Figure) -> None:
    """A line for each frame, with its rate; the option names the file."""
    shown, scene = text("latex", figure=figure), compose(figure)
    found = re.search(
        r"\\begin\{filecontents\*\}\[overwrite\]\{blur\.tln\}\n(.*)\n\\end\{filecontents\*\}\n", shown, re.S
    )
    assert found
    lines = [line.split(":") for line in found[1].split("\n")]
    assert [int(frame) for _, _, frame in lines] == list(range(len(scene.durations)))
    assert [1000 / float(rate) for _, rate, _ in lines] == [pytest.approx(time, rel=1e-5) for time in scene.durations]
    assert all(pause == "" for pause, _, _ in lines)
    assert "timeline=blur.tln]" in shown


def run(code: str) -> Any:
    """The value of the last line, as a notebook's cell shows it."""
    *before, last = code.split("\n")
    names: dict[str, Any] = {}
    exec("\n".join(before), names)
    return eval(last, names)


@pytest.mark.parametrize("name", ["padding_strides", "story_padding_strides"])
def test_jupyter(name: str) -> None:
    """The last line is the figure, which shows itself."""
    preset = load_presets()[name]
    figure = run(text("jupyter", name, preset))
    assert figure == preset
    assert isinstance(figure, ShownFigure)
    own = run(text("jupyter", "conv", preset, is_preset=False))
    assert (type(own), own) == (ShownFigure, preset)


def test_jupyter_of_own_presets() -> None:
    assert text("jupyter", presets='my "presets"/it\'s.toml') == (
        "import convgif\n\nconvgif.load_presets('my \"presets\"/it\\'s.toml')['blur']"
    )


@pytest.mark.parametrize("name", ["none", "infinite", "v1.2", "9_lives", "größe"])
def test_css_names_mean_nothing_else(name: str) -> None:
    """One selector, one animation, whatever the figure is called."""
    shown = text("css", name)
    ident = f"convgif-{name}".replace(".", r"\.")
    assert f'<div class="convgif-{name}"' in shown
    assert f"\n.{ident} {{" in shown
    assert f"animation: {ident} 4.5s steps(1) infinite forwards;" in shown
    assert f"@keyframes {ident} {{" in shown
    assert f"reduce) {{ .{ident} {{" in shown


def test_css_times_and_places() -> None:
    """A stop where each frame begins, at the frame's place in the sheet, and the last one for the end."""
    found = re.findall(r"^  ([\d.]+%|to) \{ background-position: ([\d.]+%) ([\d.]+%); \}$", text("css", "b"), re.M)
    assert [stop for stop, _, _ in found] == ["0%", "22.2222%", "44.4444%", "66.6667%", "to"]
    places = [("0%", "0%"), ("100%", "0%"), ("0%", "100%"), ("100%", "100%"), ("100%", "100%")]
    assert [(x, y) for _, x, y in found] == places
    assert " 0 0 / 200% 200%;" in text("css", "b")


def test_css_gets_smaller_with_its_page() -> None:
    """Nothing in it is measured in pixels but its largest width."""
    width, height = Target("b", FIGURE).size
    shown = text("css", "b")
    assert f"width: {width}px; max-width: 100%; aspect-ratio: {width} / {height};" in shown
    assert shown.count("px") == 1
