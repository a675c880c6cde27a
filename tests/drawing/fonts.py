"""Makes the table of text widths anew, from the fonts that matplotlib brings along: `python -m tests.drawing.fonts`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib
from matplotlib.ft2font import FT2Font, LoadFlags

from convgif.drawing import metrics

FILES: Final[Mapping[str, str]] = {
    "sans": "DejaVuSans.ttf",
    "sans slanted": "DejaVuSans-Oblique.ttf",
    "serif": "DejaVuSerif.ttf",
    "serif slanted": "DejaVuSerif-Italic.ttf",
}
PIXELS: Final = 64
"""The size at which FreeType measures; it gives widths in sixty-five-thousandths of a pixel."""


def font(name: str) -> FT2Font:
    """A face of that name in the table."""
    opened = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / FILES[name]))
    opened.set_size(PIXELS, 72)
    return opened


def advance(face: FT2Font, code: int) -> int:
    """How far the next character is from that one, in the font's own units."""
    width: float = face.load_char(code, flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / PIXELS * metrics.UNITS
    assert width == int(width)
    return int(width)


def capital(face: FT2Font) -> int:
    """How high a digit is, in the font's own units."""
    face.load_char(ord("0"), flags=LoadFlags.NO_HINTING)
    height: float = max(y for _, y in face.get_path()[0]) / PIXELS * metrics.UNITS
    return round(height)


def measured(name: str) -> dict[str, Any]:
    """The entry of a face in the table."""
    face = font(name)
    stretches: list[int] = []
    end = 0
    for code in sorted(face.get_charmap()):
        wide = advance(face, code)
        if stretches and (code, wide) == (end, stretches[-1]):
            stretches[-2] += 1
        else:
            stretches.extend((code - end, 1, wide))
        end = code + 1
    return {"capital": capital(face), "stretches": stretches}


def table() -> str:
    """The whole file: a line for each face."""
    return "".join(json.dumps(measured(name), separators=(",", ":")) + "\n" for name in metrics.FACES)


def main() -> None:
    """Write the table."""
    path = Path(metrics.__file__).with_name(metrics.TABLE)
    path.write_text(table(), encoding="ascii")
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
