"""Convolution arithmetic: layers, sizes, steps and numbers, apart from all drawing."""

from __future__ import annotations

from convgif.arithmetic.adaptive import AdaptiveAvgPool, AdaptiveMaxPool
from convgif.arithmetic.axis import Axis, Kind
from convgif.arithmetic.conv import Conv, ConvTranspose
from convgif.arithmetic.formula import Equation, Floor, Formula
from convgif.arithmetic.layer import Canvas, CanvasCell, Cell, Layer, SizeLike, Step, Tap
from convgif.arithmetic.numbers import as_numbers
from convgif.arithmetic.phases import Phase
from convgif.arithmetic.pool import AvgPool, MaxPool
from convgif.arithmetic.sentences import by, spoken

__all__ = [
    "AdaptiveAvgPool",
    "AdaptiveMaxPool",
    "AvgPool",
    "Axis",
    "Canvas",
    "CanvasCell",
    "Cell",
    "Conv",
    "ConvTranspose",
    "Equation",
    "Floor",
    "Formula",
    "Kind",
    "Layer",
    "MaxPool",
    "Phase",
    "SizeLike",
    "Step",
    "Tap",
    "as_numbers",
    "by",
    "spoken",
]
