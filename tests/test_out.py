"""The committed figures are what the code draws today."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageSequence

from convgif import build
from convgif.presets import load_presets

COMMITTED = Path(__file__).parent.parent / "out" / "gif"
FIGURES = load_presets()


def decoded(path: Path) -> tuple[list[int], list[npt.NDArray[np.uint8]]]:
    """Delays and pixels of every frame."""
    with Image.open(path) as image:
        frames = [(frame.info["duration"], np.asarray(frame.convert("RGB"))) for frame in ImageSequence.Iterator(image)]
    return [delay for delay, _ in frames], [pixels for _, pixels in frames]


def test_the_committed_figures_are_the_presets() -> None:
    """None is missing, none is left over, and together they stay small."""
    files = sorted(COMMITTED.iterdir())
    assert [file.name for file in files] == sorted(f"{name}.gif" for name in FIGURES)
    assert sum(file.stat().st_size for file in files) < 6_000_000


@pytest.mark.parametrize("name", FIGURES)
def test_a_committed_figure_is_drawn_by_this_code(name: str, tmp_path: Path) -> None:
    """Frame by frame; another version of FreeType or Agg may move the shade of a few pixels of an edge."""
    drawn = build.save(FIGURES[name], tmp_path / f"{name}.gif").files[0]
    delays, frames = decoded(drawn)
    committed_delays, committed = decoded(COMMITTED / f"{name}.gif")
    assert delays == committed_delays
    assert len(frames) == len(committed)
    for ours, theirs in zip(frames, committed, strict=True):
        assert ours.shape == theirs.shape
        different = (np.abs(ours.astype(int) - theirs).max(axis=2) > 48).mean()
        assert different < 0.001
