"""What a manifest tells and where figures lie never become more than text in pages and snippets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from convgif.api import render
from convgif.arithmetic import Conv
from convgif.cli.commands import run
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.presets import Family
from convgif.registry import FORMATS, SNIPPETS
from convgif.site import gallery
from convgif.site.target import Target
from convgif.sweeps import Figures

FIGURE = Figure(Conv(3, 2), cell=8)
FAMILIES = {"all": Family("All", Figures({"one": FIGURE, "two": FIGURE}))}
BREAKS = ["a\n\n.. raw:: html", "a\x85b", "a\u2028b", "a\r%", "a\x1b[2J", "a\udcff"]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set")
    render(dict.fromkeys(("one", "two"), FIGURE), folder, ("svg",))
    return folder


@pytest.mark.parametrize(
    "changes",
    [
        {"bytes": 10**400},
        {"frames": 10**400},
        {"path": f"svg/{'x' * 300}.svg"},
        {"path": "a/" * 5000 + "one.svg"},
        {"path": "svg/\ud800.svg"},
        {"path": "svg/\0.svg"},
    ],
    ids=["bytes", "frames", "name", "path", "surrogate", "nul"],
)
def test_a_manifest_that_tells_of_what_cannot_be(changes: dict[str, Any], rendered: Path, tmp_path: Path) -> None:
    """The figure that it tells this of is left out, and the page is written."""
    manifest = json.loads((rendered / "manifest.json").read_text(encoding="utf-8"))
    entry = manifest["files"].pop("svg/one.svg")
    manifest["files"][changes.get("path", "svg/one.svg")] = {**entry, **changes}
    (tmp_path / "svg").mkdir()
    for name in ("one", "two"):
        (tmp_path / f"svg/{name}.svg").write_bytes((rendered / f"svg/{name}.svg").read_bytes())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    page = gallery.write(FAMILIES, tmp_path).read_text(encoding="utf-8")
    assert 'id="two"' in page
    assert 'id="one"' not in page


@pytest.mark.parametrize("out", BREAKS, ids=ascii)
def test_a_folder_is_one_line_in_every_snippet(out: str) -> None:
    with pytest.raises(InputError, match="must be a line of text"):
        Target("one", FIGURE, out)


@pytest.mark.parametrize("out", ["a}\\input{x", "a}", "{a", "a\\b"])
def test_a_folder_cannot_end_an_argument_of_latex(out: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And is a path in every other snippet."""
    assert run(["embed", "conv", "-i", "3", "-k", "2", "--for", "latex", "-o", out]) == 2
    assert capsys.readouterr().err.startswith(f"convgif: --output {out}: must be free of braces and backslashes")
    for snippet in SNIPPETS.values():
        if "pdf" not in snippet.formats:
            assert snippet.text(Target("one", FIGURE, out))


def test_every_page_says_what_it_may_run(rendered: Path, tmp_path: Path) -> None:
    pages = [format for format in FORMATS.values() if format.suffix == ".html"]
    render({"one": FIGURE}, tmp_path, [format.name for format in pages])
    written = [*tmp_path.rglob("*.html"), gallery.write(FAMILIES, rendered)]
    assert len(written) == len(pages) + 1
    for page in written:
        policy = page.read_text(encoding="utf-8").split('"Content-Security-Policy" content="')[1].split('"')[0]
        rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]
        assert all(source.startswith("'sha256-") for source in rules["script-src"])
