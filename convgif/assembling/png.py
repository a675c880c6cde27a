"""PNG frames in a folder, numbered from 000 as LaTeX's `animate` package wants them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from convgif.drawing.scene import Scene
from convgif.figure import Figure
from convgif.rendering import Pixels, frames


def write(figure: Figure, scene: Scene, path: Path) -> None:
    """Write every frame as `path/NAME_000.png` and so on, NAME being the folder's own name."""
    path.mkdir(parents=True)
    for number, pixels in enumerate(frames(scene, figure.cell_pixels)):
        save(
            visible(pixels, scene),
            path / f"{frame_name(path.name, number, len(scene.durations))}.png",
            scene.description,
        )


def one(figure: Figure, scene: Scene, path: Path) -> None:
    """Write the first frame as one file."""
    (pixels,) = frames(scene, figure.cell_pixels, only=(0,))
    save(visible(pixels, scene), path, scene.description)


def frame_name(name: str, number: int, count: int) -> str:
    """The name of one frame; all frames of a figure have as many digits, at least three.

    >>> frame_name("dilation", 4, 9), frame_name("large", 4, 1600)
    ('dilation_004', 'large_0004')
    """
    return f"{name}_{number:0{max(3, len(str(count - 1)))}d}"


def visible(pixels: Pixels, scene: Scene) -> Pixels:
    """The pixels without their alpha where the scene is opaque: shape (height, width, 3 or 4)."""
    return pixels if scene.paper is None else np.ascontiguousarray(pixels[..., :3])


def save(pixels: Pixels, path: Path | BytesIO, description: str) -> None:
    """Write one PNG file, with the description in it."""
    text = PngInfo()
    text.add_text("Description", description)
    Image.fromarray(pixels).save(path, "PNG", pnginfo=text)
