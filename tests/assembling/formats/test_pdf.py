"""PDF: a page for every frame, drawn and not painted."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from convgif.arithmetic import Conv
from convgif.assembling import pdf
from convgif.drawing import draw
from convgif.drawing.scene import MARGIN, Text
from convgif.figure import Figure
from convgif.rendering import frames
from tests.assembling.samples import FIGURES
from tests.rendering.test_page import assert_alike, looked_at, needs_poppler, read
from tests.rendering.test_vector import items_of

SHOWN: Final = {name: figure for name, figure in FIGURES.items() if name != "more than 99 frames"}


def written(figure: Figure, folder: Path) -> Path:
    path = folder / "figure.pdf"
    pdf.write(figure, draw(figure), path)
    return path


def fonts_of(figure: Figure) -> set[str]:
    """The fonts of all that is written as words."""
    scene = draw(figure)
    items = (item for frame in range(len(scene.durations)) for item in items_of(scene, frame))
    return {item.font for item in items if isinstance(item, Text) and not item.math}


def letters(text: str) -> list[str]:
    """The words that are no numbers."""
    return sorted(re.findall(r"[A-Za-z]+", text))


@pytest.mark.parametrize("figure", SHOWN.values(), ids=SHOWN)
def test_a_page_for_every_frame(figure: Figure, tmp_path: Path) -> None:
    """All of one size, with its fonts in it, and nothing painted."""
    scene = draw(figure)
    file = read(written(figure, tmp_path))
    assert len(file.sizes) == len(scene.durations)
    points = [(extent + 2 * MARGIN) * figure.cell_pixels * 0.75 for extent in scene.bounds.extent]
    for size in file.sizes:
        assert size == pytest.approx(points)
    assert file.images == 0
    assert file.fonts == len(fonts_of(figure))


@needs_poppler
@pytest.mark.parametrize("name", ["isometric", "transposed", "muted, with words", "acts of different lengths"])
def test_every_page_looks_as_its_frame(name: str, tmp_path: Path) -> None:
    figure = FIGURES[name]
    assert_alike(list(frames(draw(figure), figure.cell_pixels)), looked_at(written(figure, tmp_path), tmp_path))


@needs_poppler
def test_what_is_written_in_a_frame_is_found_on_its_page(tmp_path: Path) -> None:
    figure = FIGURES["muted, with words"]
    path, scene = written(figure, tmp_path), draw(figure)
    said = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
    pages = said.split("\f")[:-1]
    assert len(pages) == len(scene.durations)
    for number, words in enumerate(pages):
        texts = [item.text for item in items_of(scene, number) if isinstance(item, Text) and not item.math]
        # A number that is covered by the same one is found once.
        assert letters(words) == letters(" ".join(texts))


@needs_poppler
def test_every_font_is_embedded(tmp_path: Path) -> None:
    path = written(FIGURES["muted, with words"], tmp_path)
    said = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True).stdout
    rows = [line.split() for line in said.splitlines()[2:]]
    assert len(rows) == 2
    for row in rows:
        assert row[-5] == "yes"  # name, type, encoding, embedded, subset, Unicode, and the object's two numbers
        assert row[-3] == "yes"


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    figure = FIGURES["flat with numbers"]
    assert written(figure, tmp_path).read_bytes() == written(figure, tmp_path).read_bytes()


def test_the_file_says_what_it_shows(tmp_path: Path) -> None:
    info = read(written(Figure(Conv(3, 3), cell=8, title="Blur"), tmp_path)).info
    assert "/Title (Blur)" in info
    assert "/Subject (Blur: Convolution of a 3x3 input" in info
