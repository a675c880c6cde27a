"""SVG frames: one file a frame, in the order of their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from convgif.arithmetic import Conv
from convgif.assembling import svg_frames
from convgif.drawing import draw
from convgif.figure import Figure
from tests.assembling.samples import FIGURES
from tests.rendering.reader import read
from tests.rendering.test_vector import assert_same, items_of


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_every_frame_is_a_file(figure: Figure, tmp_path: Path) -> None:
    """The folder names them; sorted by name they are in order, and each shows its frame."""
    scene = draw(figure)
    svg_frames.write(figure, scene, tmp_path / "blur")
    files = sorted((tmp_path / "blur").iterdir())
    assert [file.name for file in files] == [f"blur_{number:03}.svg" for number in range(len(scene.durations))]
    for number in {0, len(files) // 2, len(files) - 1}:
        text = files[number].read_text(encoding="utf-8")
        assert "animation" not in text
        assert_same(read(text).at(0), items_of(scene, number))


def test_a_folder_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    figure = Figure(Conv(3, 3))
    with pytest.raises(FileExistsError):
        svg_frames.write(figure, draw(figure), tmp_path)
