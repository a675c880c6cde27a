"""The committed figures are those that the README shows, and what the code draws today."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from convgif import build
from convgif.presets import load_presets

ROOT = Path(__file__).parent.parent
SHOWN = sorted(set(re.findall(r'<img src="out/svg/([\w.-]+)\.svg"', (ROOT / "README.md").read_text(encoding="utf-8"))))


def committed() -> list[str]:
    """All that is kept below `out`; in a copy without a history, all figures that lie there."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        said = subprocess.run(["git", "ls-files", "-z", "out"], cwd=ROOT, capture_output=True, text=True, check=True)
        return sorted(filter(None, said.stdout.split("\0")))
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "out" / "svg").iterdir())


def test_the_committed_figures_are_those_that_are_shown() -> None:
    """None is missing, none is left over, and together they stay small."""
    files = committed()
    assert files == sorted(f"out/svg/{name}.svg" for name in SHOWN)
    assert len(files) >= 19
    assert sum((ROOT / file).stat().st_size for file in files) < 6_000_000


def test_the_readme_shows_figures_of_every_family_and_view() -> None:
    """A preset that is not shown is made by `make all`; but nobody finds a view of which no figure is shown."""
    figures = load_presets()
    assert set(SHOWN) <= set(figures)
    assert {figures[name].view for name in SHOWN} == {figure.view for figure in figures.values()}
    assert {figures[name].theme for name in SHOWN} == {figure.theme for figure in figures.values()}


@pytest.mark.parametrize("name", SHOWN)
def test_a_committed_figure_is_drawn_by_this_code(name: str, tmp_path: Path) -> None:
    """Byte for byte; SVG is text, so another version of a rasteriser changes nothing."""
    drawn = build.save(load_presets()[name], tmp_path / f"{name}.svg").files[0]
    same = drawn.read_bytes() == (ROOT / "out" / "svg" / f"{name}.svg").read_bytes()
    assert same, f"out/svg/{name}.svg is not what is drawn now; make all draws it anew"
