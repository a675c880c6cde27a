"""Other libraries' eyes: ffmpeg, which shares no code with Pillow, and a walk through the chunks of a PNG file."""

from __future__ import annotations

import re
import struct
import subprocess
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from imageio_ffmpeg import get_ffmpeg_exe

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Film:
    """What ffmpeg made of a file: frames of shape (height, width, 4), and when each begins and how long it stays, in
    hundredths of a second for a GIF."""

    frames: Pixels
    starts: tuple[int, ...]
    durations: tuple[int, ...]


def film(path: Path) -> Film:
    """Decode with ffmpeg; frames come one to one, none is dropped or doubled to keep a rate."""
    command = [_ffmpeg(), "-v", "info", "-i", str(path), "-vf", "showinfo", "-fps_mode", "passthrough"]
    done = subprocess.run([*command, "-f", "rawvideo", "-pix_fmt", "rgba", "-"], capture_output=True, check=True)
    told = [line for line in done.stderr.decode().splitlines() if re.search(r" n: +\d+ pts:", line)]
    sizes = {(int(w), int(h)) for line in told for w, h in re.findall(r" s:(\d+)x(\d+) ", line)}
    ((width, height),) = sizes
    starts, durations = (
        tuple(int(word) for line in told for word in re.findall(rf" {key}: *(\d+) ", line))
        for key in ("pts", "duration")
    )
    frames = np.frombuffer(done.stdout, np.uint8).reshape(-1, height, width, 4)
    assert len(frames) == len(starts) == len(durations)
    return Film(frames, starts, durations)


@cache
def _ffmpeg() -> str:
    return str(get_ffmpeg_exe())


def image(path: Path) -> Pixels:
    """The only frame of a PNG file, as (height, width, 4)."""
    (frame,) = film(path).frames
    return np.asarray(frame)


@dataclass(frozen=True)
class Png:
    """What the chunks of a PNG file say: 2 is RGB and 6 is RGBA; texts by their keys."""

    size: tuple[int, int]
    color_type: int
    texts: dict[str, str]


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
    assert depth == 8
    texts = dict(body.decode("latin-1").split("\0", 1) for kind, body in found if kind == b"tEXt")
    return Png((width, height), color_type, texts)
