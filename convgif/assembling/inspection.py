"""Finished files read back with imageio: how large they are, how many frames they have, and how long each stays.

Every frame is decoded, so a file that is inspected is a file that plays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from convgif.assembling.formats import avif, video
from convgif.errors import MISSING, InputError, wrong
from convgif.sources import is_file, readable

KNOWN: Final = "GIF, PNG, APNG, WebP, AVIF, MP4 and WebM files"
"""What can be read."""
HEAD: Final = 65_536
"""Bytes at the beginning of a file that tell what it is."""
FOR_EVER: Final = 0
FILM: Final = 2**32
"""Bytes of a file that is inspected."""


@dataclass(frozen=True)
class Inspection:
    """What a file holds.

    `width` and `height` are those of the whole picture in pixels, `frame_size` is that of a frame, smaller in a sprite
    sheet. `durations` are in milliseconds, none for a single picture; `loop` is how often it plays, 0 for ever,
    None where that is the player's choice or not known; `bytes` is the size of the file.

    >>> print(Inspection("gif", 401, 387, (401, 387), 9, (1000,) * 9, 0, 45_017))
    GIF, 401 x 387 pixels, 9 frames of 1,000 ms, 9 s in all, plays for ever, 45,017 bytes
    """

    format: str
    width: int
    height: int
    frame_size: tuple[int, int]
    frames: int
    durations: tuple[float, ...]
    loop: int | None
    bytes: int

    def __str__(self) -> str:
        return ", ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        names = {"webp": "WebP", "webm": "WebM", "sheet": "sprite sheet"}
        yield names.get(self.format, self.format.upper())
        yield f"{self.width:,} x {self.height:,} pixels"
        count = "1 frame" if self.frames == 1 else f"{self.frames:,} frames"
        size = "" if self.frame_size == (self.width, self.height) else " of {:,} x {:,} pixels".format(*self.frame_size)
        if self.durations:
            times = sorted({*self.durations})
            join = ", each " if size else " of "
            yield f"{count}{size}{join}{' to '.join(f'{time:,g}' for time in (times[0], *times[1:][-1:]))} ms"
            yield f"{sum(self.durations) / 1000:,.6g} s in all"
        elif size:
            yield count + size
        if self.loop is not None:
            rounds = {FOR_EVER: "for ever", 1: "once"}.get(self.loop, f"{self.loop:,} times")
            yield f"plays {rounds}"
        yield f"{self.bytes:,} bytes"


def inspect(path: str | Path) -> Inspection:
    """Read a finished file back.

    A PNG file with the index of a sprite sheet beside it is a sheet.

    Raises:
        InputError: there is no such file, it is of another kind, or it is damaged.
    """
    file = Path(path)
    with _explained(file):
        kind, size = _kind(file), file.stat().st_size
    if kind in ("mp4", "webm"):
        return _video(file, kind, size)
    found = _picture(file, kind, size)
    index = file.with_suffix(".json")
    return _sheet(found, file, index) if kind == "png" and is_file(index) else found


@contextmanager
def _explained(file: Path, what: str = "") -> Iterator[None]:
    """Say in words what is wrong with a file."""
    try:
        yield
    except InputError:
        raise
    except FileNotFoundError:
        raise _bad(file, "there is no such file") from None
    except IsADirectoryError:
        raise _bad(file, "is a folder; name the files in it") from None
    except Exception as error:  # decoders raise all sorts: OSError, SyntaxError, EOFError, errors of their own
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        told = f"is damaged, or no {what}" if what else "cannot be read"
        raise _bad(file, f"{told}: {reason}" if reason else told) from error


def _bad(file: Path, told: str) -> InputError:
    return wrong("", MISSING, told).at(f"{file}:")


def _kind(file: Path) -> str:
    """What a file is, by its first bytes."""
    with readable(file, FILM).open("rb") as stream:
        head = stream.read(HEAD)
    if head[:4] == b"GIF8":
        return "gif"
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return "apng" if b"acTL" in head.partition(b"IDAT")[0] else "png"
    if (head[:4], head[8:12]) == (b"RIFF", b"WEBP"):
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return "avif"
    if head[4:8] == b"ftyp" and head[8:12].startswith((b"iso", b"mp4", b"avc", b"M4V")):
        return "mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64]:
        return "webm"
    raise _bad(file, f"is of no kind that can be inspected; these are {KNOWN}")


def _picture(file: Path, kind: str, size: int) -> Inspection:
    """What Pillow reads, through imageio."""
    import imageio.v3

    durations: list[float] = []
    with _explained(file, kind.upper()), imageio.v3.imopen(file, "r", plugin="pillow") as opened:
        height, width = opened.properties(index=0).shape[:2]
        loop = opened.metadata(index=0).get("loop")
        for number, pixels in enumerate(opened.iter()):
            if pixels.shape[:2] != (height, width):
                raise _bad(file, f"is damaged: frame {number} has another size")
            durations.append(opened.metadata(index=number).get("duration", 0))
    if kind == "avif":
        loop = avif.rounds_of(file.read_bytes())
    moving = len(durations) > 1 or kind in ("gif", "apng")
    times = tuple(map(_plain, durations)) if moving else ()
    return Inspection(kind, width, height, (width, height), len(durations), times, _rounds(kind, loop, moving), size)


def _rounds(kind: str, loop: int | None, moving: bool) -> int | None:
    """How often an animation is played, as figures count it."""
    if not moving:
        return None
    if kind != "gif":
        return loop
    # The file counts how often it is played again, or says nothing.
    return 1 if loop is None else loop and loop + 1


def _sheet(sheet: Inspection, file: Path, index: Path) -> Inspection:
    """A PNG file as the sheet that the index beside it describes; as it is if the index belongs to something else."""
    try:
        data: Any = json.loads(index.read_text(encoding="utf-8"))
        meta = data["meta"]
        if meta["app"] != "convgif" or meta["image"] != file.name:
            return sheet
        frames = [*data["frames"].values()]
        places = [frame["frame"] for frame in frames]
        durations = tuple(frame["duration"] for frame in frames)
        ends = [(place["x"] + place["w"], place["y"] + place["h"]) for place in places]
        size = places[0]["w"], places[0]["h"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return sheet
    right, bottom = max(x for x, _ in ends), max(y for _, y in ends)
    if (
        (meta["size"]["w"], meta["size"]["h"]) != (sheet.width, sheet.height)
        or right > sheet.width
        or (bottom > sheet.height)
    ):
        raise _bad(file, f"does not fit its index {index.name}, which speaks of a sheet of another size")
    return Inspection("sheet", sheet.width, sheet.height, size, len(frames), durations, None, sheet.bytes)


def _video(file: Path, kind: str, size: int) -> Inspection:
    """What PyAV reads, through imageio."""
    if find_spec("av") is None:
        raise _bad(file, "needs PyAV to be read; pip install 'convgif[video]'")
    with _explained(file, kind.upper()):
        (width, height), frames, seconds = video.read(file)
    if not frames:
        raise _bad(file, "is damaged: it has no frame that can be decoded")
    durations = (_plain(round(1000 * seconds / frames, 3)),) * frames
    return Inspection(kind, width, height, (width, height), frames, durations, None, size)


def _plain(number: float) -> float:
    """A whole number as an integer."""
    return int(number) if number == int(number) else number
