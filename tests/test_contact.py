"""Contact sheets show every preset, by day and by night."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from convgif.arithmetic import Conv
from convgif.figure import Figure
from tests.contact import GAP, GROUND, HEAD, README_WIDTH, main, sheet, shown_frames


def test_first_middle_and_last_frames_are_shown_each_once() -> None:
    for count in range(1, 12):
        shown = shown_frames(count)
        assert shown == sorted(set(shown))
        assert {shown[0], shown[-1]} == {0, count - 1}
        assert len(shown) == min(count, 3)


def test_a_sheet_has_a_row_a_preset_by_day_and_by_night() -> None:
    figures = {"wide": Figure(Conv(4, 3), view="flat", cell=90), "small": Figure(Conv(2, 2), view="flat")}
    image = np.asarray(sheet(figures))
    step = README_WIDTH + GAP
    assert image.shape[1] == GAP + 6 * step
    top = GAP + HEAD + 2
    for half, paper in ((0, (255, 255, 255)), (1, (0, 43, 54))):
        for place in range(3):
            left = GAP + (3 * half + place) * step
            assert tuple(image[top, left + 2]) == paper  # a picture's margin
            assert tuple(image[top, left + README_WIDTH - 2]) == paper  # as wide as a README
            assert tuple(image[top, left + README_WIDTH + 2]) == GROUND
    second = image[-GAP - 8 : -GAP]  # the foot of the small one, which has a single frame
    assert (second[:, GAP : GAP + 8] == 255).all()
    assert (second[:, GAP + step : GAP + 2 * step] == GROUND).all()


def test_a_family_is_a_file(tmp_path: Path) -> None:
    assert main(["-o", str(tmp_path), "numerical"]) == 0
    with Image.open(tmp_path / "numerical.png") as image:
        assert image.width == GAP + 6 * (README_WIDTH + GAP)
    assert [path.name for path in tmp_path.iterdir()] == ["numerical.png"]
