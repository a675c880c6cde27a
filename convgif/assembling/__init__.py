"""The assembler: a scene's frames become files. One format a module, all of them here by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from convgif.assembling import apng, gif, html, pdf, png, poster, sheet, svg, svg_frames, video, webp
from convgif.drawing.scene import Scene
from convgif.figure import Figure


def _no_limit(figure: Figure, scene: Scene) -> None:
    """For formats that any figure fits."""


FOLDER: Final = "/"
"""The ending of a path that is a folder of files."""


@dataclass(frozen=True)
class Format:
    """A kind of file that a figure can be written as.

    `write(figure, scene, path)` makes `path`, and beside it what has one of the `further` endings; a folder has the
    suffix `FOLDER`. `check` refuses, before anything is drawn, what the format cannot hold.
    """

    name: str
    suffix: str
    write: Callable[[Figure, Scene, Path], None]
    further: tuple[str, ...] = ()
    check: Callable[[Figure, Scene], None] = _no_limit

    @property
    def ending(self) -> str:
        """What to add to a name to have the name of its file or folder."""
        return "" if self.suffix == FOLDER else self.suffix

    def files(self, path: Path) -> tuple[Path, ...]:
        """All that `write` makes for `path`."""
        return (path, *(path.with_suffix(suffix) for suffix in self.further))


FORMATS: Final[Mapping[str, Format]] = {
    format.name: format
    for format in (
        Format("gif", ".gif", gif.write),
        Format("sheet", ".png", sheet.write, further=(".json",), check=sheet.check),
        Format("png", FOLDER, png.write),
        Format("svg", ".svg", svg.write),
        Format("svg-frames", FOLDER, svg_frames.write),
        Format("pdf", ".pdf", pdf.write),
        Format("poster", ".png", poster.write, further=(".svg",)),
        Format("html", ".html", html.write),
        Format("apng", ".apng", apng.write),
        Format("webp", ".webp", webp.write),
        Format("mp4", ".mp4", video.mp4, check=partial(video.check, "mp4")),
        Format("webm", ".webm", video.webm, check=partial(video.check, "webm")),
    )
}
"""Every format by name, which is also the name of its folder in the output."""
