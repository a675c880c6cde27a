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
    from convgif.api import Figure as Figure
    from convgif.api import code as code
    from convgif.api import figures_from_keras as figures_from_keras
    from convgif.api import figures_from_onnx as figures_from_onnx
    from convgif.api import figures_from_torch as figures_from_torch
    from convgif.api import from_flax as from_flax
    from convgif.api import from_keras as from_keras
    from convgif.api import from_onnx as from_onnx
    from convgif.api import from_torch as from_torch
    from convgif.api import load_presets as load_presets
    from convgif.api import render as render
    from convgif.arithmetic.adaptive import AdaptiveAvgPool as AdaptiveAvgPool
    from convgif.arithmetic.adaptive import AdaptiveMaxPool as AdaptiveMaxPool
    from convgif.arithmetic.conv import Conv as Conv
    from convgif.arithmetic.conv import ConvTranspose as ConvTranspose
    from convgif.arithmetic.layer import Step as Step
    from convgif.arithmetic.layer import Tap as Tap
    from convgif.arithmetic.pool import AvgPool as AvgPool
    from convgif.arithmetic.pool import MaxPool as MaxPool
    from convgif.arithmetic.solving import solve as solve
    from convgif.assembling.batch import Rendered as Rendered
    from convgif.errors import ConvgifError as ConvgifError
    from convgif.errors import InputError as InputError

_HOMES = {
    "AdaptiveAvgPool": "convgif.arithmetic.adaptive",
    "AdaptiveMaxPool": "convgif.arithmetic.adaptive",
    "AvgPool": "convgif.arithmetic.pool",
    "Conv": "convgif.arithmetic.conv",
    "ConvTranspose": "convgif.arithmetic.conv",
    "ConvgifError": "convgif.errors",
    "Figure": "convgif.api",
    "InputError": "convgif.errors",
    "MaxPool": "convgif.arithmetic.pool",
    "Rendered": "convgif.assembling.batch",
    "Step": "convgif.arithmetic.layer",
    "Tap": "convgif.arithmetic.layer",
    "code": "convgif.api",
    "figures_from_keras": "convgif.api",
    "figures_from_onnx": "convgif.api",
    "figures_from_torch": "convgif.api",
    "from_flax": "convgif.api",
    "from_keras": "convgif.api",
    "from_onnx": "convgif.api",
    "from_torch": "convgif.api",
    "load_presets": "convgif.api",
    "render": "convgif.api",
    "solve": "convgif.arithmetic.solving",
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
