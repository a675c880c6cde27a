"""A scene becomes pages of a PDF file: vector drawing, with text that can be searched in embedded fonts.

A text with letters that DejaVu lacks, or would have to join, is drawn as outlines: matplotlib joins none, and not every
font can be embedded by it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, BinaryIO, Final

import matplotlib
from matplotlib.backends.backend_pdf import PdfFile, RendererPdf
from matplotlib.font_manager import FontProperties

from convgif.drawing.metrics import in_fonts, width_in
from convgif.drawing.scene import MARGIN, Scene
from convgif.rendering.dejavu import FILES, font_file
from convgif.rendering.lettering import width
from convgif.rendering.marks import Letters, marks
from convgif.rendering.painter import Painter, rgba
from convgif.rendering.scripts import is_plain
from convgif.themes.theme import Theme

POINTS_A_PIXEL: Final = 0.75
"""A pixel of the web is a ninety-sixth of an inch."""
TRUETYPE: Final = 42
DATE: Final = "SOURCE_DATE_EPOCH"
"""The variable that says when a file is to have been written."""
SETTINGS: Final = {
    "pdf.fonttype": TRUETYPE,  # fonts are embedded as they are
    "pdf.compression": 6,
    "pdf.inheritcolor": False,
    "pdf.use14corefonts": False,
}
"""What matplotlib is told: the settings of its user do not matter."""
SETTING: Final = Lock()
"""Held while they are set: threads share the settings, and the first that is done would put them back for all."""


def write(scene: Scene, theme: Theme, cell: float, frames: Iterable[int], stream: BinaryIO) -> None:
    """Write some frames to an open stream, a page each; `cell` is in pixels."""
    size = cell * POINTS_A_PIXEL
    width, height = ((extent + 2 * MARGIN) * size for extent in scene.bounds.extent)
    # The same figure gives the same bytes: no date.
    metadata = {"Title": scene.title, "Subject": scene.description, "CreationDate": None}
    with _settings():
        file = PdfFile(stream, metadata=metadata)
        try:
            for frame in frames:
                file.newPage(width / 72, height / 72)
                renderer = RendererPdf(file, 72, height / 72, width / 72)
                _draw(renderer, scene, theme, size, frame)
                renderer.finalize()
                file.endStream()
            file.finalize()
        finally:
            file.close()


@contextmanager
def _settings() -> Iterator[None]:
    """The settings that a file is written with; those that were there come back, and no others are touched."""
    with SETTING:
        known: Any = matplotlib.rcParams  # some versions annotate the names of all settings
        before = {name: known[name] for name in SETTINGS}
        known.update(SETTINGS)
        date = os.environ.pop(DATE, None)  # read even where no date is written, and then it must be a number
        try:
            yield
        finally:
            known.update(before)
            if date is not None:
                os.environ[DATE] = date


def _draw(renderer: RendererPdf, scene: Scene, theme: Theme, size: float, frame: int) -> None:
    shift = ((MARGIN - scene.bounds.left) * size, (MARGIN + scene.bounds.bottom) * size)
    painter = Painter(renderer, theme, size, shift, crisp=False)
    items = (scene.ground, *(item for track in scene.tracks for item in track.at(frame)))
    for mark in marks(items, theme, width):
        if isinstance(mark, Letters) and is_plain(mark.runs, mark.font):
            _write(renderer, painter, mark, size)
        else:
            painter.paint([painter.call(mark)])


def _write(renderer: RendererPdf, painter: Painter, letters: Letters, size: float) -> None:
    """Letters as text, run by run and font by font."""
    graphics = renderer.new_gc()
    graphics.set_foreground(rgba(letters.color))
    (x, y), em = letters.origin, letters.em
    for run in letters.runs:
        for part, font in in_fonts(run.text, letters.font, run.slanted):
            ((left, base),) = painter.placed([(x, y - run.rise * em)])
            file = font_file(FILES[font, run.slanted])
            face = FontProperties(fname=str(file), size=run.scale * em * size)
            renderer.draw_text(graphics, left, base, part, face, 0)
            x += width_in((run._replace(text=part),), font) * em
