"""Video: MP4 (H.264) for slides, WebM (VP9) for pages, through ffmpeg, which the extra `video` brings along."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np

from convgif.drawing.scene import Scene
from convgif.errors import InputError, Problem
from convgif.figure import Figure
from convgif.rendering import Pixels, frames

FASTEST: Final = 50
"""Frames a second at most; durations that would need more are rounded, without drift."""
SEEKABLE: Final = 2
"""Seconds between frames that a player can jump to, at most."""
CODECS: Final = {
    # Even sizes and halved colour resolution are what players and slides expect of H.264; its index comes first.
    "mp4": ("libx264", ("-crf", "18", "-preset", "veryfast", "-tune", "animation", "-movflags", "+faststart")),
    "webm": ("libvpx-vp9", ("-crf", "24", "-b:v", "0", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1")),
}
"""The encoder of each kind of file, and what it is told."""


def check(name: str, figure: Figure, scene: Scene) -> None:
    """Refuse a video where ffmpeg is not installed.

    Raises:
        InputError: with what to install.
    """
    if find_spec("imageio_ffmpeg") is None:
        rule = "needs imageio-ffmpeg; pip install 'convgif[video]'"
        raise InputError([Problem("format", name, rule)])


def write(name: str, figure: Figure, scene: Scene, path: Path) -> None:
    """Write the figure as a video, played once; `loop` is left to the player."""
    from imageio_ffmpeg import write_frames

    rate = _rate(scene.durations)
    codec, options = CODECS[name]
    # The time that a jump can be off by is bounded by the distance of key frames.
    keys = str(max(1, math.floor(rate * SEEKABLE)))
    width, height = (size + size % 2 for size in scene.pixel_size(figure.cell_pixels))
    writer = write_frames(
        str(path.absolute()),  # "a:b/c" would be a protocol
        (width, height),
        fps=float(rate),
        codec=codec,
        macro_block_size=2,
        ffmpeg_log_level="error",
        output_params=[*options, "-g", keys, "-metadata", f"comment={scene.description}", "-bitexact"],
    )
    writer.send(None)
    for pixels in _repeated(scene, figure.cell_pixels, rate):
        writer.send(np.ascontiguousarray(pixels))
    writer.close()


mp4 = partial(write, "mp4")
webm = partial(write, "webm")


def _rate(durations: tuple[int, ...]) -> Fraction:
    """Frames a second that show every duration exactly, if `FASTEST` are enough."""
    return min(Fraction(1000, math.gcd(*durations)), Fraction(FASTEST))


def _repeated(scene: Scene, cell: float, rate: Fraction) -> Iterator[Pixels]:
    """Each frame as often as its time needs; rounded so that no error adds up."""
    passed, shown = 0, 0
    for pixels, duration in zip(frames(scene, cell), scene.durations, strict=True):
        passed += duration
        opaque = _even(_on_paper(pixels))
        # Halves up: rounded to even ones, of two neighbours a short one could vanish.
        while shown < math.floor(passed * rate / 1000 + Fraction(1, 2)):
            yield opaque
            shown += 1


def _on_paper(pixels: Pixels) -> Pixels:
    """The pixels on white where they are transparent; video has no alpha."""
    alpha = pixels[..., 3:].astype(np.uint16)
    return ((pixels[..., :3] * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)


def _even(pixels: Pixels) -> Pixels:
    """The pixels with their last row and column once more where the size is odd."""
    height, width = pixels.shape[:2]
    return np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
