"""A reader of GIF89a blocks, written from the specification and from nothing of convgif.

It takes a file apart without unpacking its pixels, and is strict where decoders are lenient: a missing trailer, bytes
after it, a patch outside the screen or a block of an unknown kind are errors.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Patch:
    """One image of the file: hundredths of a second, disposal, transparent index, place and (width, height)."""

    delay: int
    disposal: int
    transparent: int | None
    corner: tuple[int, int]
    size: tuple[int, int]
    packed_bytes: int


@dataclass
class Gif:
    """What the blocks of a file say; `again` is the NETSCAPE block's number, None where there is no such block."""

    size: tuple[int, int]
    colors: npt.NDArray[np.uint8]
    again: int | None = None
    comments: list[bytes] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)

    @property
    def delays(self) -> list[int]:
        return [patch.delay for patch in self.patches]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        part = self._data[self._at : self._at + count]
        if len(part) < count:
            raise ValueError(f"the file ends within a block, at byte {len(self._data)}")
        self._at += count
        return part

    def numbers(self, layout: str) -> tuple[int, ...]:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def blocks(self) -> list[bytes]:
        """Data sub-blocks up to the empty one that ends them."""
        found = []
        while count := self.take(1)[0]:
            found.append(self.take(count))
        return found

    @property
    def left(self) -> int:
        return len(self._data) - self._at


def parse(data: bytes) -> Gif:
    """The blocks of a GIF file.

    Raises:
        ValueError: it is none, or has what no GIF of convgif needs.
    """
    reader = _Reader(data)
    if reader.take(6) != b"GIF89a":
        raise ValueError("no GIF89a")
    width, height, flags, _, aspect = reader.numbers("HHBBB")
    if not flags & 0x80 or aspect:
        raise ValueError("no global palette, or pixels that are not square")
    table = reader.take(3 << (flags & 7) + 1)
    gif = Gif((width, height), np.frombuffer(table, np.uint8).reshape(-1, 3))
    control: tuple[int, ...] | None = None
    while (kind := reader.take(1)) != b";":
        if kind == b",":
            gif.patches.append(_patch(reader, control, gif.size))
            control = None
            continue
        if kind != b"!":
            raise ValueError(f"a block of unknown kind {kind!r}")
        label = reader.take(1)[0]
        blocks = reader.blocks()
        if label == 0xF9 and len(blocks) == 1 and control is None:
            control = struct.unpack("<BHB", blocks[0])
        elif label == 0xFE:
            gif.comments.append(b"".join(blocks))
        elif label == 0xFF and blocks[0] == b"NETSCAPE2.0" and len(blocks) == 2 and gif.again is None:
            one, gif.again = struct.unpack("<BH", blocks[1])
            if one != 1 or gif.patches:
                raise ValueError("a loop block that players do not understand")
        else:
            raise ValueError(f"an extension of unknown kind {label:#x}")
    if reader.left:
        raise ValueError(f"{reader.left} bytes after the end")
    if control is not None or not gif.patches:
        raise ValueError("no image")
    return gif


def _patch(reader: _Reader, control: tuple[int, ...] | None, screen: tuple[int, int]) -> Patch:
    left, top, width, height, flags = reader.numbers("HHHHB")
    if flags:
        raise ValueError("a palette of its own, or interlaced")
    if not width or not height or left + width > screen[0] or top + height > screen[1]:
        raise ValueError("a patch that is empty, or outside the screen")
    if not 2 <= reader.take(1)[0] <= 8:
        raise ValueError("an impossible code size")
    size = sum(map(len, reader.blocks()))
    if control is None:
        raise ValueError("an image without a delay")
    bits, delay, index = control
    return Patch(delay, bits >> 2 & 7, index if bits & 1 else None, (left, top), (width, height), size)
