"""Posters: the telling frame, as PNG and as SVG."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convgif.assembling import poster, svg
from convgif.drawing import draw
from convgif.figure import Figure
from tests.assembling.decoders import chunks, image
from tests.assembling.samples import FIGURES
from tests.rendering.reader import read
from tests.rendering.test_vector import NIGHT, assert_same, items_of


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_both_show_the_telling_frame(figure: Figure, tmp_path: Path) -> None:
    """The SVG by night too; the PNG says what it shows."""
    scene = draw(figure)
    poster.write(figure, scene, tmp_path / "blur.png")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["blur.png", "blur.svg"]
    expected = list(figure.frames())[scene.telling]
    pixels = image(tmp_path / "blur.png")
    np.testing.assert_array_equal(pixels[..., : expected.shape[2]], expected)
    assert chunks(tmp_path / "blur.png").texts == {"Description": figure.describe()}
    file = read((tmp_path / "blur.svg").read_text(encoding="utf-8"))
    assert_same(file.at(0), items_of(scene, scene.telling))
    assert_same(file.at(0, NIGHT), items_of(svg.by_night(figure) or scene, scene.telling))
