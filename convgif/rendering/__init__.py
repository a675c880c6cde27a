"""A scene becomes frames of pixels."""

from __future__ import annotations

from convgif.rendering.raster import Pixels, frames

__all__ = ["Pixels", "frames"]
