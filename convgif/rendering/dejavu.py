"""The fonts that matplotlib brings along, DejaVu's: the same on every machine.

>>> font_file(FILES["serif", True]).name
'DejaVuSerif-Italic.ttf'
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import matplotlib

from convgif.drawing.metrics import Font

FILES: Final[Mapping[tuple[Font, bool], str]] = {
    ("sans", False): "DejaVuSans.ttf",
    ("sans", True): "DejaVuSans-Oblique.ttf",
    ("serif", False): "DejaVuSerif.ttf",
    ("serif", True): "DejaVuSerif-Italic.ttf",
}
"""The files of each font, upright and slanted."""


def font_file(name: str) -> Path:
    """Where one of them lies."""
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name
