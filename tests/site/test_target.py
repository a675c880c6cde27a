"""Where the files of a figure lie: as rendering puts them there, in every format of the registry."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from convgif.api import render
from convgif.arithmetic import Conv
from convgif.cli.commands import cli
from convgif.figure import Figure
from convgif.registry import FORMATS, SNIPPETS
from convgif.site.target import Snippet, Target, path_in_set

FIGURE: Final = Figure(Conv(3, 2), cell=8)
SHOWN: Final = sorted({format for snippet in SNIPPETS.values() for format in snippet.formats})
IMAGE: Final = Snippet("image", "an image", ("svg", "poster"), lambda target: target.link("svg"))


@pytest.mark.parametrize("format", SHOWN)
def test_files_are_where_render_writes_them(format: str, tmp_path: Path) -> None:
    (done,) = render({"v1.2": FIGURE}, tmp_path, (format,))
    assert Path(done.files[0]) == tmp_path / path_in_set(format, "v1.2")


def test_every_format_has_a_place() -> None:
    """Of its own, so that no two formats of a set are mixed up."""
    paths = [path_in_set(format, "blur") for format in FORMATS]
    assert all(path.startswith(f"{format}/blur") for path, format in zip(paths, FORMATS, strict=True))


@pytest.mark.parametrize(
    ("out", "file", "link"),
    [
        ("out", "out/svg/blur.svg", "out/svg/blur.svg"),
        ("out/", "out/svg/blur.svg", "out/svg/blur.svg"),
        (".", "svg/blur.svg", "svg/blur.svg"),
        ("..", "../svg/blur.svg", "../svg/blur.svg"),
        ("/", "/svg/blur.svg", "/svg/blur.svg"),
        ("my figures (2)", "my figures (2)/svg/blur.svg", "my%20figures%20%282%29/svg/blur.svg"),
        ("https://example.org/out", "https://example.org/out/svg/blur.svg", "https://example.org/out/svg/blur.svg"),
    ],
)
def test_paths_and_links(out: str, file: str, link: str) -> None:
    """A space would end an address in Markdown, and a candidate in a set of sources."""
    target = Target("blur", FIGURE, out)
    assert (target.file("svg"), target.link("svg")) == (file, link)


@pytest.mark.parametrize("is_preset", [True, False])
def test_what_is_lacking_and_what_makes_it(is_preset: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands are run as they are printed; then nothing is lacking any more. Of the web, nothing is known."""
    monkeypatch.chdir(tmp_path)
    target = Target("dilation", FIGURE, "my figures", is_preset=is_preset)
    assert IMAGE.files(target) == ["my figures/svg/dilation.svg", "my figures/poster/dilation.svg"]
    assert IMAGE.lacking(target) == ["svg", "poster"]
    for command in target.command(IMAGE.lacking(target)).split(" && "):
        program, *words = shlex.split(command)
        assert program == "convgif"
        done = CliRunner().invoke(cli, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
    assert IMAGE.lacking(target) == []
    (tmp_path / IMAGE.files(target)[1]).unlink()
    assert IMAGE.lacking(target) == ["poster"]
    assert IMAGE.lacking(Target("dilation", FIGURE, "https://example.org")) == []


def test_commands_leave_out_what_is_usual() -> None:
    assert Target("blur", FIGURE).command(["gif"]) == "convgif render blur --formats gif"
    assert Target("blur", FIGURE, ".").command(["gif"]) == "convgif render blur --formats gif"
    assert Target("blur", FIGURE, "x", "my presets.toml").command(["gif", "svg"]) == (
        "convgif render blur --formats gif,svg --output x --presets 'my presets.toml'"
    )
