"""Convolution arithmetic, drawn frame by frame.

>>> import convgif
>>> layer = convgif.Conv(input_size=5, kernel_size=3, stride=2, padding=1)
>>> layer.output_size
(3, 3)
>>> frames = convgif.Figure(layer).frames()
>>> next(frames).shape
(387, 401, 3)

Importing this package loads nothing but what is asked for: neither NumPy nor matplotlib, until a name is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convgif.arithmetic import AvgPool as AvgPool
    from convgif.arithmetic import Conv as Conv
    from convgif.arithmetic import ConvTranspose as ConvTranspose
    from convgif.arithmetic import MaxPool as MaxPool
    from convgif.build import render as render
    from convgif.errors import ConvgifError as ConvgifError
    from convgif.errors import InputError as InputError
    from convgif.figure import Figure as Figure
    from convgif.presets import load_presets as load_presets

_HOMES = {
    "AvgPool": "convgif.arithmetic",
    "Conv": "convgif.arithmetic",
    "ConvTranspose": "convgif.arithmetic",
    "ConvgifError": "convgif.errors",
    "Figure": "convgif.figure",
    "InputError": "convgif.errors",
    "MaxPool": "convgif.arithmetic",
    "load_presets": "convgif.presets",
    "render": "convgif.build",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("convgif")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted((*globals(), *_HOMES, "__version__"))
