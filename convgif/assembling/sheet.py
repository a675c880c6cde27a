"""Sprite sheet: all frames in one PNG, with a JSON index as TexturePacker and Aseprite write it."""

from __future__ import annotations

import json
import math
from importlib.metadata import version
from pathlib import Path

import numpy as np

from convgif.arithmetic import Pair
from convgif.assembling import png
from convgif.drawing.scene import Scene
from convgif.drawing.stage import too_large
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.rendering import frames


def check(figure: Figure, scene: Scene) -> None:
    """Refuse a sheet that is too large.

    Raises:
        InputError: the sheet is over the figure's budget of pixels.
    """
    width, height = scene.pixel_size(figure.cell_pixels)
    rows, columns = layout(len(scene.durations), figure.columns)
    remedy = "choose a smaller cell or scale, or another format"
    if problems := list(too_large(figure, width * columns, height * rows, "the sprite sheet", remedy)):
        raise InputError(problems)


def layout(count: int, columns: int | None) -> Pair:
    """(rows, columns) for that many frames: as near to a square as can be, unless `columns` is given.

    >>> layout(9, None), layout(36, 8), layout(2, 8)
    ((3, 3), (5, 8), (1, 2))
    """
    columns = min(count, columns or math.ceil(math.sqrt(count)))
    return math.ceil(count / columns), columns


def write(figure: Figure, scene: Scene, path: Path) -> None:
    """Write the sheet to `path` and its index beside it, with the ending `.json`."""
    count = len(scene.durations)
    width, height = scene.pixel_size(figure.cell_pixels)
    rows, columns = layout(count, figure.columns)
    paper = (0, 0, 0, 0) if scene.paper is None else scene.paper
    sheet = np.full((rows * height, columns * width, len(paper)), paper, dtype=np.uint8)
    for number, pixels in enumerate(frames(scene, figure.cell_pixels)):
        row, column = divmod(number, columns)
        part = np.s_[row * height : (row + 1) * height, column * width : (column + 1) * width]
        sheet[part] = png.visible(pixels, scene)
    png.save(sheet, path, scene.description)
    index = _index(figure, scene, path, (width, height), (rows, columns))
    path.with_suffix(".json").write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")


def _index(figure: Figure, scene: Scene, path: Path, size: tuple[int, int], shape: Pair) -> dict[str, object]:
    (width, height), (rows, columns) = size, shape
    count = len(scene.durations)
    whole = {"x": 0, "y": 0, "w": width, "h": height}
    return {
        "frames": {
            png.frame_name(path.stem, number, count): {
                "frame": {"x": number % columns * width, "y": number // columns * height, "w": width, "h": height},
                "rotated": False,
                "trimmed": False,
                "spriteSourceSize": whole,
                "sourceSize": {"w": width, "h": height},
                "duration": duration,
            }
            for number, duration in enumerate(scene.durations)
        },
        "meta": {
            "app": "convgif",
            "version": version("convgif"),
            "image": path.name,
            "format": "RGBA8888" if scene.paper is None else "RGB888",
            "size": {"w": columns * width, "h": rows * height},
            "scale": f"{figure.scale:g}",
            "alt": scene.description,
        },
    }
