"""Bytes of the original figures, and of ours at the same size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import convgif
from convgif.figure import Figure
from convgif.presets import load_families

ORIGINAL_CELL = 29.53
"""Pixels a cell of the original figures: half a centimetre at 150 dots an inch."""
ORIGINAL_BYTES = {
    "arbitrary_padding_no_strides": 476_750,
    "arbitrary_padding_no_strides_transposed": 323_062,
    "dilation": 124_951,
    "full_padding_no_strides": 435_605,
    "full_padding_no_strides_transposed": 287_001,
    "no_padding_no_strides": 37_751,
    "no_padding_no_strides_transposed": 164_355,
    "no_padding_strides": 44_665,
    "no_padding_strides_transposed": 197_717,
    "padding_strides": 118_422,
    "padding_strides_odd": 122_211,
    "padding_strides_odd_transposed": 303_965,
    "padding_strides_transposed": 272_498,
    "same_padding_no_strides": 276_460,
    "same_padding_no_strides_transposed": 213_333,
}
"""The sizes of the original repository's GIFs."""


def at_original_size() -> Mapping[str, Figure]:
    """The figures of these names, with cells as large as in the originals."""
    figures = load_families()["guide"].figures
    return {name: figures[name].replaced(cell=ORIGINAL_CELL) for name in ORIGINAL_BYTES}


def bytes_of(figures: Mapping[str, Figure], folder: Path, format: str) -> int:
    """The bytes of figures in a format, written to a folder."""
    return sum(done.size for done in convgif.render(figures, folder, (format,)))
