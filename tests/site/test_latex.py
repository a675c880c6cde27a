"""What snippets for LaTeX show is compiled, where there is a LaTeX with `animate`."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from convgif.api import Figure, render
from convgif.arithmetic import Conv
from convgif.registry import SNIPPETS
from convgif.site.target import Target

LATEX: Final = shutil.which("pdflatex")
FIGURE: Final = Figure(Conv(3, 2), cell=10)
AWKWARD: Final = "my figures (2) #1 50% a~b^c&d$e_f"
"""A folder whose name is full of what means something to TeX."""


def has_animate() -> bool:
    """Whether that LaTeX has the package; few have none, but it is no part of the smallest."""
    found = subprocess.run(["kpsewhich", "animate.sty"], capture_output=True) if shutil.which("kpsewhich") else None
    return found is not None and found.returncode == 0


pytestmark = pytest.mark.skipif(LATEX is None or not has_animate(), reason="there is no LaTeX with animate")


def compiled(folder: Path, body: str, options: str = "") -> Path:
    """The document with that body; its log tells of everything that sticks out."""
    source = (
        f"\\documentclass[{options}]{{article}}\n\\usepackage{{graphicx}}\n\\usepackage{{animate}}\n"
        f"\\begin{{document}}\n\\noindent\n{body}\n\\end{{document}}\n"
    )
    (folder / "doc.tex").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [str(LATEX), "-halt-on-error", "-interaction=nonstopmode", "doc.tex"], cwd=folder, capture_output=True
    )
    log = (folder / "doc.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    # Buttons of `animate` are a fraction of a point wider than their column; what sticks out to be seen is more.
    assert not re.search(r"Overfull \\hbox \((?!0\.)", log)
    return folder / "doc.pdf"


@pytest.mark.parametrize("columns", ["onecolumn", "twocolumn"])
@pytest.mark.parametrize("figure", [FIGURE, FIGURE.replaced(hold_ms=500)], ids=["fixed rate", "timeline"])
def test_a_snippet_compiles(figure: Figure, columns: str, tmp_path: Path) -> None:
    """All frames are in the document."""
    render({"v1.2_x": figure}, tmp_path / "out", ("pdf",))
    document = compiled(tmp_path, SNIPPETS["latex"].text(Target("v1.2_x", figure)), columns)
    assert document.read_bytes().count(b"/Subtype/Form") >= 4


def test_a_folder_of_any_name(tmp_path: Path) -> None:
    render({"blur": FIGURE}, tmp_path / AWKWARD, ("pdf",))
    compiled(tmp_path, SNIPPETS["latex"].text(Target("blur", FIGURE, AWKWARD)))


@pytest.mark.parametrize("columns", ["onecolumn", "twocolumn"])
def test_a_strip_compiles(columns: str, tmp_path: Path) -> None:
    """As papers print it: as wide as its column."""
    FIGURE.strip([0, 1, 3], tmp_path / "strip.pdf")
    compiled(tmp_path, "\\includegraphics[width=\\linewidth]{strip.pdf}", columns)
