"""PNG: one still, and what the other formats of PNG share.

On paper, a picture has the few colours of the figure's palette: a quarter of the bytes, and nobody sees the difference.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final

from convgif.assembling.film import Film
from convgif.assembling.format import Format, single

if TYPE_CHECKING:
    from PIL import Image

    from convgif.assembling.palette import Palette, Pixels

SMALL: Final = 4_096
"""Bytes; only of files that are smaller still, the palette is a part that counts."""


def write(film: Film, stream: BinaryIO) -> None:
    """Write one frame of a film."""
    (pixels,) = film.frames((film.shown,))
    save(pixels, stream, film.scene.description, palette_for(film))


def palette_for(film: Film) -> Palette | None:
    """The palette of a film's pictures; None where they are transparent, since a palette has no soft edges."""
    from convgif.assembling.palette import palette_of

    return None if film.transparent else palette_of(film)


def save(pixels: Pixels, stream: BinaryIO, description: str, palette: Palette | None) -> None:
    """Write one picture with its description: in the palette's colours, if there is one and the file is smaller."""
    from PIL import Image

    from convgif.assembling.palette import packed

    if palette is None:
        stream.write(_encoded(Image.fromarray(pixels), description))
        return
    few = Image.fromarray(palette.indices(packed(pixels)))
    few.putpalette(palette.colors.tobytes())
    data = _encoded(few, description)
    if len(data) < SMALL:
        data = min(data, _encoded(Image.fromarray(pixels), description), key=len)
    stream.write(data)


def _encoded(image: Image.Image, description: str) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Description", description)
    buffer = BytesIO()
    # A picture with a palette is small enough to be pressed as hard as can be.
    image.save(buffer, "PNG", pnginfo=text, compress_level=9 if image.mode == "P" else 6)
    return buffer.getvalue()


FORMAT: Final = Format(
    "png", "one picture, of the frame that tells most", ".png", single(".png", write), options=("frame",)
)
