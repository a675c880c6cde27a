"""Snippets: each names files that `render` writes, and reads as its language does. Browsers try two of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from convgif import build
from convgif.arithmetic import Conv
from convgif.drawing import draw
from convgif.embedding import KINDS, snippet
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.presets import load_presets

FIGURE: Final = Figure(Conv(4, 3), title="Blur", hold_ms=500)
PLAIN: Final = replace(FIGURE, title=None, hold_ms=0)
AWKWARD: Final = replace(FIGURE, title=r"a] *b* `c` \ |d| _e_ <f> [g](h) &amp; i")


def test_a_kind_that_is_not_there() -> None:
    with pytest.raises(InputError) as caught:
        snippet("markdwon", "blur", FIGURE)
    assert str(caught.value) == "for = 'markdwon': there is no such snippet; did you mean markdown?"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("folder", ["out", "out/", "some/where"])
def test_files_are_where_render_writes_them(kind: str, folder: str, tmp_path: Path) -> None:
    text = snippet(kind, "blur", FIGURE, folder)
    paths = re.findall(rf"{folder.rstrip('/')}/[\w./]+", text)
    assert paths or kind == "jupyter"
    build.render({"blur": FIGURE}, tmp_path / folder, ("svg", "poster", "sheet", "pdf"))
    for path in paths:
        assert (tmp_path / (path if Path(path).suffix else f"{path}.pdf")).is_file()


def markdown(text: str) -> tuple[str, str]:
    """Alt text and address of a Markdown image, as CommonMark reads them."""
    found = re.fullmatch(r"!\[((?:\\.|[^\\\[\]])*)\]\(([^\s()<>]+)\)", text)
    assert found
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", found[1]), found[2]


@pytest.mark.parametrize("figure", [FIGURE, PLAIN, AWKWARD])
def test_markdown(figure: Figure) -> None:
    assert markdown(snippet("markdown", "blur", figure)) == (figure.describe(), "out/svg/blur.svg")


@pytest.mark.parametrize(
    ("folder", "link"),
    [
        ("my figures (2)", "my%20figures%20%282%29/svg/blur.svg"),
        ("https://example.org/out", "https://example.org/out/svg/blur.svg"),
        ("..", "../svg/blur.svg"),
    ],
)
def test_links_have_no_spaces(folder: str, link: str) -> None:
    """They would end an address in Markdown, and a candidate in a set of sources."""
    assert markdown(snippet("markdown", "blur", FIGURE, folder))[1] == link
    assert f'src="{link}"' in snippet("html", "blur", FIGURE, folder)
    assert f"url({link.replace('svg', 'sheet', 1).replace('.svg', '.png')})" in snippet("css", "blur", FIGURE, folder)


@pytest.mark.parametrize("figure", [FIGURE, PLAIN, AWKWARD])
def test_sphinx(figure: Figure) -> None:
    """A figure directive, its option, and the caption as a paragraph of its own."""
    first, alt, *rest = snippet("sphinx", "blur", figure).split("\n")
    assert first == ".. figure:: out/svg/blur.svg"
    assert alt == f"   :alt: {figure.describe()}"
    if figure.title is None:
        assert rest == []
    else:
        assert rest[0] == ""
        assert re.sub(r"\\(.)", r"\1", rest[1].removeprefix("   ")) == figure.title
        assert not re.search(r"(?<!\\)[*`|_<]", rest[1].replace(r"\\", ""))


@pytest.mark.parametrize("figure", [FIGURE, PLAIN, AWKWARD])
def test_docutils_has_no_complaints(figure: Figure) -> None:
    core = pytest.importorskip("docutils.core")
    settings = {"report_level": 1, "halt_level": 2}
    tree: Any = core.publish_doctree(snippet("sphinx", "blur", figure), settings_overrides=settings)
    (image,) = tree.findall(lambda node: node.tagname == "image")
    assert (image["uri"], image["alt"]) == ("out/svg/blur.svg", figure.describe())
    assert [caption.astext() for caption in tree.findall(lambda node: node.tagname == "caption")] == (
        [figure.title] if figure.title else []
    )


def test_latex_of_equal_frames() -> None:
    """At one rate: no timeline is needed."""
    assert snippet("latex", "blur", replace(PLAIN, frame_ms=400)) == (
        "% \\usepackage{animate}\n\\animategraphics[loop,autoplay,controls]{2.5}{out/pdf/blur}{}{}"
    )


@pytest.mark.parametrize("figure", [FIGURE, Figure(Conv((1, 3), (1, 2)), view="story")])
def test_latex_of_frames_that_differ(figure: Figure) -> None:
    """A line for each frame, with its rate; the option names the file."""
    text, scene = snippet("latex", "blur", figure), draw(figure)
    found = re.search(
        r"\\begin\{filecontents\*\}\[overwrite\]\{blur\.tln\}\n(.*)\n\\end\{filecontents\*\}\n", text, re.S
    )
    assert found
    lines = [line.split(":") for line in found[1].split("\n")]
    assert [int(frame) for _, _, frame in lines] == list(range(len(scene.durations)))
    assert [1000 / float(rate) for _, rate, _ in lines] == [pytest.approx(time, rel=1e-5) for time in scene.durations]
    assert all(pause == "" for pause, _, _ in lines)
    assert "timeline=blur.tln]" in text


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no LaTeX")
def test_latex_compiles(tmp_path: Path) -> None:
    build.render({"blur": FIGURE}, tmp_path / "out", ("pdf",))
    source = "\\documentclass{article}\\usepackage{animate}\\begin{document}\n%s\n\\end{document}\n"
    (tmp_path / "doc.tex").write_text(source % snippet("latex", "blur", FIGURE), encoding="utf-8")
    subprocess.run(["pdflatex", "-halt-on-error", "doc.tex"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "doc.pdf").is_file()


@pytest.mark.parametrize("name", ["padding_strides", "story_padding_strides"])
def test_jupyter(name: str) -> None:
    """The last line is the figure, which shows itself."""
    *before, last = snippet("jupyter", name, load_presets()[name]).split("\n")
    names: dict[str, Any] = {}
    exec("\n".join(before), names)
    figure = eval(last, names)
    assert figure == load_presets()[name]
    assert {"text/html", "image/png", "text/plain"} == set(figure._repr_mimebundle_())


@pytest.mark.parametrize("name", ["none", "infinite", "v1.2", "9_lives", "größe"])
def test_css_names_mean_nothing_else(name: str) -> None:
    """One selector, one animation, whatever the figure is called."""
    text = snippet("css", name, FIGURE)
    ident = f"convgif-{name}".replace(".", r"\.")
    assert f'<div class="convgif-{name}"' in text
    assert f"\n.{ident} {{" in text
    assert f"animation: {ident} 4.5s steps(1) infinite forwards;" in text
    assert f"@keyframes {ident} {{" in text
    assert f"reduce) {{ .{ident} {{" in text


def test_css_times_and_places() -> None:
    """A stop where each frame begins, at the frame's place in the sheet, and the last one for the end."""
    width, height = draw(FIGURE).pixel_size(FIGURE.cell_pixels)
    found = re.findall(
        r"^  ([\d.]+%|to) \{ background-position: (-?\d+)px (-?\d+)px; \}$", snippet("css", "b", FIGURE), re.M
    )
    assert [stop for stop, _, _ in found] == ["0%", "22.2222%", "44.4444%", "66.6667%", "to"]
    places = [(0, 0), (-width, 0), (0, -height), (-width, -height), (-width, -height)]
    assert [(int(x), int(y)) for _, x, y in found] == places
