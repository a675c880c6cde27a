"""Convolution arithmetic: layers, sizes, steps and numbers, apart from all drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from convgif.arithmetic.axis import Axis, Kind
from convgif.arithmetic.conv import Conv, ConvTranspose
from convgif.arithmetic.layer import (
    Canvas,
    CanvasCell,
    Layer,
    Pair,
    Step,
    Tap,
    as_numbers,
    by,
    checked,
    settings,
    spoken,
)
from convgif.arithmetic.pool import AvgPool, MaxPool

LAYERS: Final[Mapping[str, type[Conv | ConvTranspose | MaxPool | AvgPool]]] = {
    layer.name: layer for layer in (Conv, ConvTranspose, MaxPool, AvgPool)
}
"""Every kind of layer, by its name in presets."""

__all__ = [
    "LAYERS",
    "AvgPool",
    "Axis",
    "Canvas",
    "CanvasCell",
    "Conv",
    "ConvTranspose",
    "Kind",
    "Layer",
    "MaxPool",
    "Pair",
    "Step",
    "Tap",
    "as_numbers",
    "by",
    "checked",
    "settings",
    "spoken",
]
