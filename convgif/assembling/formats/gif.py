"""GIF: one shared palette, no dithering, only what changed from frame to frame, exact delays.

The blocks of the file are written here, as the GIF89a specification has them; Pillow compresses the pixels. Frames
are encoded as they come and never held, so memory stays flat however many there are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from convgif.assembling import limits
from convgif.assembling.film import Film
from convgif.assembling.format import TIMES, Format, single
from convgif.errors import Problem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from convgif.assembling.palette import Indices, Packed, Palette, Pixels
    from convgif.rendering.layers import Part

KEEP, CLEAR = 1, 2
"""What becomes of a frame's area when its time is over."""
LONGEST_DELAY: Final = 65_535
"""Hundredths of a second; the format has 16 bits for them."""
LONGEST_SIDE: Final = 65_535
"""Pixels; the format has 16 bits for them as well."""
MOST_ROUNDS: Final = 65_536
"""The file counts in 16 bits how often the animation is played again."""


def write(film: Film, stream: BinaryIO) -> None:
    """Write a film as an animated GIF."""
    from convgif.assembling.palette import palette_of

    palette = palette_of(film)
    patches = _whole(film.frames(), palette) if film.transparent else _changes(film.changes(), palette)
    for number, patch in enumerate(_merged(patches, _delays(film.durations))):
        if number == 0:
            stream.write(_header(patch.image, palette, film.figure.loop, film.scene.description))
        stream.write(_frame(patch, palette, CLEAR if film.transparent else KEEP))
    stream.write(b";")


def problems(film: Film) -> Iterator[Problem]:
    """What of a film a GIF cannot hold."""
    yield from limits.sides(film, "GIF", LONGEST_SIDE)
    yield from limits.rounds(film, "GIF", MOST_ROUNDS)


class _Patch(NamedTuple):
    """The part of a frame that is painted: its indices, its top left corner, hundredths of a second."""

    image: Indices
    corner: tuple[int, int]
    delay: int


def _whole(images: Iterator[Pixels], palette: Palette) -> Iterator[_Patch | None]:
    """Every frame as it is: on a transparent ground nothing can be painted over with nothing."""
    import numpy as np

    from convgif.assembling.palette import OPAQUE, TRANSPARENT, packed

    shown: Indices | None = None
    for pixels in images:
        image = palette.indices(packed(pixels))
        image[pixels[..., 3] < OPAQUE] = TRANSPARENT
        yield None if shown is not None and np.array_equal(image, shown) else _Patch(image, (0, 0), 0)
        shown = image


def _changes(frames: Iterator[tuple[Pixels, Sequence[Part]]], palette: Palette) -> Iterator[_Patch | None]:
    """The smallest rectangle that holds all that changed, transparent where nothing did; None for no change."""
    from convgif.assembling.palette import packed

    first, _ = next(frames)
    last = packed(first).copy()
    shown = palette.indices(last)
    yield _Patch(shown.copy(), (0, 0), 0)
    for pixels, parts in frames:
        colors = packed(pixels)
        pieces = (_change(colors[part], last[part], shown[part], part, palette) for part in parts)
        yield _together([piece for piece in pieces if piece is not None])


def _change(colors: Packed, last: Packed, shown: Indices, part: Part, palette: Palette) -> _Patch | None:
    """What changed in a part of a frame; its last colours, and the indices that are shown, become the new ones."""
    from convgif.assembling.differences import extent

    rows, cols = inner = extent(colors != last)
    colors, last, shown = colors[inner], last[inner], shown[inner]
    # Most pixels stay, so only those are looked up whose colour changed.
    changed = colors != last
    last[changed] = new = colors[changed]
    found = palette.indices(new)
    before = shown[changed]
    shown[changed] = found
    changed[changed] = found != before
    if not changed.any():
        return None
    return _Patch(_sparse(shown, changed), (part[1].start + cols.start, part[0].start + rows.start), 0)


def _together(pieces: Sequence[_Patch]) -> _Patch | None:
    """Pieces of a frame as one, transparent between them."""
    import numpy as np

    if len(pieces) < 2:
        return next(iter(pieces), None)
    lefts, tops = zip(*(piece.corner for piece in pieces), strict=True)
    places = [np.s_[y : y + image.shape[0], x : x + image.shape[1]] for image, (x, y), _ in pieces]
    left, top = min(lefts), min(tops)
    size = (max(rows.stop for rows, _ in places) - top, max(cols.stop for _, cols in places) - left)
    image = np.zeros(size, np.uint8)
    for piece, (rows, cols) in zip(pieces, places, strict=True):
        image[rows.start - top : rows.stop - top, cols.start - left : cols.stop - left] = piece.image
    return _Patch(image, (left, top), 0)


def _sparse(image: Indices, changed: npt.NDArray[np.bool_]) -> Indices:
    """`image` made transparent, which is 0, where nothing changed; but runs of one colour stay whole."""
    import numpy as np

    begins = np.ones(image.shape, dtype=bool)
    np.not_equal(image[:, 1:], image[:, :-1], out=begins[:, 1:])
    starts = np.flatnonzero(begins)
    kept = np.logical_or.reduceat(changed.ravel(), starts)
    whole = np.repeat(kept, np.diff(starts, append=image.size)).reshape(image.shape)
    sparse: Indices = image * whole
    return sparse


def _merged(patches: Iterator[_Patch | None], delays: Iterator[int]) -> Iterator[_Patch]:
    """The patches with their delays; a frame that changes nothing lengthens the one before."""
    waiting: _Patch | None = None
    for patch, delay in zip(patches, delays, strict=True):
        if patch is None and waiting is not None and waiting.delay + delay > LONGEST_DELAY:
            yield waiting
            waiting = waiting._replace(delay=delay)  # the same once more changes nothing
        elif patch is None:
            assert waiting is not None
            waiting = waiting._replace(delay=waiting.delay + delay)
        else:
            if waiting is not None:
                yield waiting
            waiting = patch._replace(delay=delay)
    if waiting is not None:
        yield waiting


def _delays(durations: tuple[int, ...]) -> Iterator[int]:
    """Hundredths of a second for each frame, rounded so that no error adds up."""
    passed = shown = 0
    for duration in durations:
        passed += duration
        delay = (passed + 5) // 10 - shown
        shown += delay
        yield delay


def _header(first: Indices, palette: Palette, loop: int, description: str) -> bytes:
    """The file up to its first frame: size, colours, how often to play, and the description as a comment."""
    from convgif.assembling.palette import TRANSPARENT

    height, width = first.shape
    bits = palette.bits
    parts = [
        b"GIF89a",
        struct.pack("<HHBBB", width, height, 0x80 | bits - 1, TRANSPARENT, 0),
        palette.colors.tobytes().ljust(3 << bits, b"\0"),
    ]
    if loop != 1:
        # The file counts how often the animation is played again, 0 for without end.
        again = max(0, loop - 1)
        parts.append(b"!\xff\x0bNETSCAPE2.0" + struct.pack("<BBHB", 3, 1, again, 0))
    text = description.encode("ascii", "replace")
    blocks = (text[start : start + 255] for start in range(0, len(text), 255))
    parts.append(b"!\xfe" + b"".join(bytes((len(block),)) + block for block in blocks) + b"\0")
    return b"".join(parts)


def _frame(patch: _Patch, palette: Palette, disposal: int) -> bytes:
    """One frame: how long it stays and what becomes of it, where it lies, and its pixels."""
    from PIL import Image

    from convgif.assembling.palette import TRANSPARENT

    height, width = patch.image.shape
    control = struct.pack("<BHBB", disposal << 2 | 1, patch.delay, TRANSPARENT, 0)
    place = struct.pack("<HHHHB", *patch.corner, width, height, 0)
    pixels = Image.fromarray(patch.image).tobytes("gif", "L", palette.bits, 0)
    return b"".join((b"!\xf9\x04", control, b",", place, bytes((palette.bits,)), pixels, b"\0"))


FORMAT: Final = Format(
    "gif",
    "an animation for every page, slide and mail",
    ".gif",
    single(".gif", write),
    problems=problems,
    options=("loop", *TIMES),
)
