"""A scene becomes pages of a PDF file: vector drawing, with text that can be searched in embedded fonts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_pdf import PdfFile, RendererPdf
from matplotlib.font_manager import FontProperties

from convgif.drawing.scene import MARGIN, Item, Scene, Text
from convgif.rendering.lettering import FILES, capital_height, font_file, outline
from convgif.rendering.strokes import Painter

POINTS_A_PIXEL = 0.75
"""A pixel of the web is a ninety-sixth of an inch."""
TRUETYPE = 42


def write(scene: Scene, cell: float, frames: Iterable[int], path: Path) -> None:
    """Write some frames to `path`, a page each; `cell` is in pixels."""
    size = cell * POINTS_A_PIXEL
    width, height = ((extent + 2 * MARGIN) * size for extent in scene.bounds.extent)
    # The same figure gives the same bytes: no date. Type 42 fonts are embedded as they are.
    metadata = {"Title": scene.title, "Subject": scene.description, "CreationDate": None}
    with matplotlib.rc_context({"pdf.fonttype": TRUETYPE, "pdf.compression": 6}):
        file = PdfFile(path, metadata=metadata)
        try:
            for frame in frames:
                file.newPage(width / 72, height / 72)
                renderer = RendererPdf(file, 72, height / 72, width / 72)
                _draw(renderer, scene, size, frame)
                renderer.finalize()
                file.endStream()
            file.finalize()
        finally:
            file.close()


def _draw(renderer: RendererPdf, scene: Scene, size: float, frame: int) -> None:
    shift = ((MARGIN - scene.bounds.left) * size, (MARGIN + scene.bounds.bottom) * size)
    painter = Painter(renderer, size, shift, crisp=False)
    if scene.ground is not None:
        painter.paint(painter.strokes([scene.ground]))
    for track in scene.tracks:
        for item in track.at(frame):
            _item(renderer, painter, item, size)


def _item(renderer: RendererPdf, painter: Painter, item: Item, size: float) -> None:
    if not isinstance(item, Text) or item.math:
        painter.paint(painter.strokes([item]))
        return
    letters = outline(item.text, item.font)
    em = min(item.size, item.width / letters.width) if letters.width else item.size
    aside = {"start": 0.0, "middle": -letters.width / 2, "end": -letters.width}[item.anchor] * em
    ((x, y),) = painter.placed([(item.at[0] + aside, item.at[1] + capital_height(item.font) / 2 * em)])
    graphics = renderer.new_gc()
    graphics.set_foreground(tuple(part / 255 for part in item.color))
    face = FontProperties(fname=str(font_file(FILES[item.font])), size=em * size)
    renderer.draw_text(graphics, x, y, item.text, face, 0)
