"""The renderer by itself draws what matplotlib's own backend draws."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from convgif.rendering.agg import Renderer
from convgif.rendering.painter import PathRenderer

TRIANGLE = Path([(3.2, 4.1), (30.5, 9.7), (14.4, 25.3), (3.2, 4.1)], [1, 2, 2, 79])
LINE = Path([(2, 2.4), (37.6, 2.4), (37.6, 27.5)], [1, 2, 2])


def draw(renderer: PathRenderer, path: Path, *, width: float, cap: str, snap: bool, dashes: bool, filled: bool) -> None:
    graphics = renderer.new_gc()
    graphics.set_foreground((0.1, 0.4, 0.8, 1.0), isRGBA=True)
    graphics.set_linewidth(width)
    graphics.set_capstyle(cap)
    graphics.set_joinstyle("miter")
    graphics.set_snap(snap)
    if dashes:
        graphics.set_dashes(0, [3.0, 2.0])
    renderer.draw_path(graphics, path, IdentityTransform(), (0.9, 0.5, 0.2, 1.0) if filled else None)


@pytest.mark.parametrize("path", [TRIANGLE, LINE], ids=["triangle", "line"])
@pytest.mark.parametrize("cap", ["butt", "projecting"])
@pytest.mark.parametrize(
    ("snap", "dashes", "filled"), [(False, False, True), (True, False, False), (False, True, False)]
)
def test_paths_are_drawn_as_the_backend_draws_them(
    path: Path, cap: str, snap: bool, dashes: bool, filled: bool
) -> None:
    ours, theirs = Renderer(40, 30), RendererAgg(40, 30, 72)
    for renderer in (ours, theirs):
        draw(renderer, path, width=1.7, cap=cap, snap=snap, dashes=dashes, filled=filled)
    expected = np.asarray(theirs.buffer_rgba())
    assert expected.any()
    np.testing.assert_array_equal(ours.pixels, expected)


def test_what_is_written_to_the_pixels_is_painted_over() -> None:
    renderer = Renderer(4, 3)
    assert renderer.pixels.shape == (3, 4, 4)
    renderer.pixels[:] = 255
    draw(renderer, Path([(0, 1.5), (4, 1.5)]), width=40, cap="butt", snap=False, dashes=False, filled=False)
    assert (renderer.pixels[..., 0] < 255).all()
