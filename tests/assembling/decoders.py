"""Other libraries' eyes: ffmpeg, which shares no code with Pillow, and a walk through the chunks of a PNG file."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageSequence

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Film:
    """What ffmpeg made of a file: frames of shape (height, width, 4), and when each begins in seconds.

    `end` is when the last one is over, `codec` and `kind` say how they were coded, `keys` which of them stand alone.
    """

    frames: Pixels
    starts: tuple[Fraction, ...]
    end: Fraction
    codec: str = ""
    kind: str = ""
    keys: tuple[bool, ...] = ()


def film(path: Path) -> Film:
    """Decode with ffmpeg; the last stream of pictures is the one that moves."""
    with av.open(str(path)) as container:
        stream = container.streams.video[-1]
        codec = stream.codec_context.name
        # Its own decoder of VP9 reads no alpha.
        alone = av.CodecContext.create("libvpx-vp9", "r") if codec == "vp9" else None
        decoded: list[av.VideoFrame] = []
        keys: list[bool] = []
        for packet in container.demux(stream):
            keys.extend([packet.is_keyframe] if packet.size else [])
            decoded.extend(alone.decode(packet) if alone is not None else packet.decode())
        frames = np.stack(list(map(rgba, decoded)))
        ticks = stream.time_base
        assert ticks is not None
        starts = [Fraction(frame.pts or 0) * ticks for frame in decoded]
        end = starts[-1] + decoded[-1].duration * ticks
        (kind,) = {frame.format.name for frame in decoded}
        return Film(frames, tuple(starts), end, codec, kind, tuple(keys))


def rgba(frame: av.VideoFrame) -> Pixels:
    """The pixels of a frame; by way of planes, since ffmpeg's short cut from video leaves the last columns out."""
    if not frame.format.name.startswith("yuv"):
        return np.asarray(frame.to_ndarray(format="rgba"), np.uint8)
    pixels = np.asarray(frame.to_ndarray(format="gbrap"), np.uint8)
    assert pixels.shape == (frame.height, frame.width, 4)
    return pixels


def images(path: Path) -> list[Pixels]:
    """All frames of a file as Pillow sees them, of shape (height, width, 4)."""
    with Image.open(path) as image:
        return [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(image)]


def image(path: Path) -> Pixels:
    """The only frame of a PNG file, as (height, width, 4)."""
    (frame,) = film(path).frames
    return np.asarray(frame)


@dataclass(frozen=True)
class Png:
    """What the chunks of a PNG file say: 2 is RGB, 3 a palette and 6 RGBA; texts by their keys."""

    size: tuple[int, int]
    color_type: int
    texts: dict[str, str]
    colors: tuple[tuple[int, ...], ...] = ()


def chunks(path: Path) -> Png:
    """Walk through the chunks of a PNG file and check their sums, up to the last byte."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, found = 8, list[tuple[bytes, bytes]]()
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.pack(">I", zlib.crc32(kind + body)) == data[at + 8 + length : at + 12 + length]
        found.append((kind, body))
        at += 12 + length
    assert at == len(data)
    assert [kind for kind, _ in (found[0], found[-1])] == [b"IHDR", b"IEND"]
    width, height, depth, color_type = struct.unpack(">IIBB", found[0][1][:10])
    assert depth == 8 or (color_type == 3 and depth in (1, 2, 4))
    texts = dict(body.decode("latin-1").split("\0", 1) for kind, body in found if kind == b"tEXt")
    table = dict(found).get(b"PLTE", b"")
    colors = tuple(tuple(table[start : start + 3]) for start in range(0, len(table), 3))
    return Png((width, height), color_type, texts, colors)
