"""The tour runs from top to bottom, and shows its figures in HTML and where only stills can be."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

TOUR = Path(__file__).parents[2] / "examples" / "tour.ipynb"


@pytest.fixture(scope="module")
def run() -> Any:
    """The notebook after every cell was run."""
    pytest.importorskip("ipykernel")
    nbformat = pytest.importorskip("nbformat")
    preprocessors = pytest.importorskip("nbconvert.preprocessors")
    notebook = nbformat.read(TOUR, as_version=4)
    runner = preprocessors.ExecutePreprocessor(timeout=120, kernel_name="python3")
    return runner.preprocess(notebook, {"metadata": {"path": TOUR.parent}})[0]


def figures(notebook: Any) -> list[dict[str, Any]]:
    """What the figures of the notebook show, by MIME type."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output.data for output in outputs if "text/html" in output.get("data", {})]


def test_every_figure_shows_itself(run: Any) -> None:
    """An animated SVG to look at, a PNG to export, and words for those who see neither."""
    shown = figures(run)
    assert len(shown) == 5
    for data in shown:
        assert data["text/html"].startswith("<svg ")
        assert data["image/png"].startswith("iVBOR")
        assert "onvolution of a" in data["text/plain"]


def test_it_becomes_a_page_with_moving_figures(run: Any) -> None:
    """Inlined, several on one page."""
    exporters = pytest.importorskip("nbconvert")
    page, _ = exporters.HTMLExporter().from_notebook_node(run)
    assert page.count("animation:") > 5
    assert page.count('role="img"') >= 5


def test_a_printed_one_has_stills(run: Any) -> None:
    """LaTeX, and so PDF, takes the PNG. Without the cells of prose, which would need pandoc."""
    exporters = pytest.importorskip("nbconvert")
    pictures = deepcopy(run)
    pictures.cells = [cell for cell in pictures.cells if cell.cell_type == "code"]
    _, resources = exporters.LatexExporter().from_notebook_node(pictures)
    assert sum(name.endswith(".png") for name in resources["outputs"]) >= 5
