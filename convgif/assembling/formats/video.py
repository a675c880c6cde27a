"""Video: MP4 (H.264) for slides, WebM (VP9) for pages, by imageio and PyAV, which the extra `video` brings along."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from convgif.assembling import limits
from convgif.assembling.film import Film
from convgif.assembling.format import TIMES, Format, single
from convgif.errors import ConvgifError, Mention, Problem, rule

if TYPE_CHECKING:
    from convgif.assembling.palette import Pixels

FASTEST: Final = 50
"""Frames a second at most; durations that would need more are rounded, without drift."""
KEY_SECONDS: Final = 18
"""Seconds between key frames at most. Players go from the last one to where somebody jumps to, which takes no time at
a frame a step; but a key frame takes ten times the bytes of another one."""
KEY_FRAMES: Final = 250
"""Frames between key frames at most."""
SAME_LENGTH: Final = 0.01
"""Seconds that lengths may differ by: files have ticks of their own."""
COLORS: Final = {"colorspace": "smpte170m", "color_range": "tv"}
"""The colours that the pictures are converted to, so that no player has to guess."""
CONTAINER: Final = {"fflags": "+bitexact"}
"""The version of the program that wrote a file is not in it."""


class Codec(NamedTuple):
    """An encoder, what it and its files are told, and the longest side that it can have, in pixels."""

    name: str
    options: Mapping[str, str]
    container: Mapping[str, str]
    longest: int


H264: Final = Codec(
    "libx264",
    # No frame is made of later ones: else the first would be seen only after two steps in players that go by the file.
    # One thread, and no tree of the blocks that later ones are made of (`mbtree`): several threads decide otherwise
    # about a block now and then, the tree reads memory that x264 never set, and equal figures would be unequal files.
    {"crf": "23", "tune": "animation", "bf": "0", "threads": "1", "x264-params": "mbtree=0", **COLORS},
    {**CONTAINER, "movflags": "+faststart"},  # the index first, so that a video can be played before all of it is there
    16_384,
)
VP9: Final = Codec(
    "libvpx-vp9",
    # The last two are for its alpha, which knows no frames that are not shown.
    {
        **{"crf": "30", "b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1", **COLORS},
        **{"auto-alt-ref": "0", "lag-in-frames": "0"},
    },
    CONTAINER,
    65_535,
)


def write(codec: Codec, suffix: str, film: Film, stream: BinaryIO) -> None:
    """Write a film as a video, played once; `loop` is left to the player.

    Raises:
        ConvgifError: what was written is not what was meant.
    """
    # The index of a file can be put first only in a file of the system.
    with TemporaryDirectory(prefix="convgif-") as folder:
        path = Path(folder) / f"film{suffix}"
        rate = rate_of(film.durations)
        count = _encode(codec, film, rate, path)
        _check(path, _even_size(film), count, rate)
        with path.open("rb") as file:
            shutil.copyfileobj(file, stream)


@contextmanager
def _closed(file: Any) -> Iterator[Any]:
    """An open video of imageio's; what the system said is passed on, in place of what PyAV makes of it.

    Raises:
        OSError: the file cannot be written.
    """
    try:
        with file:
            yield file
    except Exception as error:
        file.close = lambda: None  # else it is closed once more, and that fails once more, where nobody can catch it
        said: BaseException | None = error
        while said is not None and type(said) is not OSError:
            said = said.__context__
        if said is None:
            raise
        raise said from None


def _encode(codec: Codec, film: Film, rate: Fraction, path: Path) -> int:
    """Write the file; how many frames it has."""
    import imageio.v3

    transparent = film.transparent
    keys = max(1, min(KEY_FRAMES, math.floor(rate * KEY_SECONDS)))
    count = 0
    opened: Any = imageio.v3.imopen  # whose annotations know no options
    with _closed(opened(path, "w", plugin="pyav", options=dict(codec.container))) as file:
        file.init_video_stream(
            codec.name,
            fps=float(rate),
            pixel_format="yuva420p" if transparent else "yuv420p",
            max_keyframe_interval=keys,
        )
        # imageio has no way yet to tell an encoder its own options (its issue 1062); this is what its users do.
        file._video_stream.options = dict(codec.options)
        file.container_metadata["comment"] = film.scene.description
        for pixels in repeated(map(even, film.frames()), film.durations, rate):
            file.write_frame(pixels, pixel_format="rgba" if transparent else "rgb24")
            count += 1
    return count


def _check(path: Path, size: tuple[int, int], count: int, rate: Fraction) -> None:
    """Read a video back.

    Raises:
        ConvgifError: it has another size, not as many frames, or another length.
    """
    seen, frames, seconds = read(path)
    if (seen, frames) != (size, count) or abs(seconds - count / rate) > SAME_LENGTH:
        meant = _said(size, count, float(count / rate))
        rule = f"{_said(seen, frames, seconds)} were read back where {meant} were meant"
        raise ConvgifError(f"the video was not written as it should be: {rule}; try another PyAV (pip install -U av)")


def _said(size: tuple[int, int], frames: int, seconds: float) -> str:
    return f"{frames:,} frames of {size[0]:,} x {size[1]:,} pixels in {seconds:g} s"


def read(path: Path) -> tuple[tuple[int, int], int, float]:
    """Width and height of a video, how many frames can be decoded, and its length in seconds."""
    import imageio.v3

    with imageio.v3.imopen(path, "r", plugin="pyav") as file:
        height, width = file.properties(index=0).shape[:2]
        about = file.metadata()
        frames = sum(1 for _ in file.iter())
    if "duration" in about:
        return (width, height), frames, float(about["duration"])
    # WebM has it as a text: 00:01:09.000000000
    seconds = 0.0
    for part in str(about.get("DURATION", "0")).split(":"):
        seconds = 60 * seconds + float(part)
    return (width, height), frames, seconds


def rate_of(durations: tuple[int, ...]) -> Fraction:
    """Frames a second that show every duration exactly, if `FASTEST` are enough.

    >>> rate_of((1000, 1000)), rate_of((400, 600)), rate_of((999, 1000))
    (Fraction(1, 1), Fraction(5, 1), Fraction(50, 1))
    """
    return min(Fraction(1000, math.gcd(*durations)), Fraction(FASTEST))


def repeated(frames: Iterator[Pixels], durations: tuple[int, ...], rate: Fraction) -> Iterator[Pixels]:
    """Each frame as often as its time needs; rounded so that no error adds up."""
    passed, shown = 0, 0
    for pixels, duration in zip(frames, durations, strict=True):
        passed += duration
        # Halves up: rounded to even ones, of two neighbours a short one could vanish.
        while shown < math.floor(passed * rate / 1000 + Fraction(1, 2)):
            yield pixels
            shown += 1


def _even_size(film: Film) -> tuple[int, int]:
    width, height = film.size
    return width + width % 2, height + height % 2


def even(pixels: Pixels) -> Pixels:
    """The pixels with their last row and column once more where the size is odd, as halved colours need it."""
    import numpy as np

    height, width = pixels.shape[:2]
    return np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _problems(name: str, codec: Codec, film: Film) -> Iterator[Problem]:
    """What of a film a video cannot hold, or what is not installed."""
    if find_spec("av") is None:
        yield Problem("format", name, "needs PyAV; pip install 'convgif[video]'")
    elif not _has(codec.name):
        yield Problem("format", name, f"needs a PyAV with the encoder {codec.name}, as in its wheels; pip install av")
    yield from limits.sides(film, name, codec.longest)


def _has(encoder: str) -> bool:
    import av

    return encoder in av.codecs_available


def _mp4_problems(film: Film) -> Iterator[Problem]:
    if film.transparent:
        told = rule("an MP4 file has no transparency; write a WebM file, or leave ", Mention("transparent"), " out")
        yield Problem("transparent", True, told)
    yield from _problems("mp4", H264, film)


def _made_with() -> str:
    from importlib.metadata import version

    return f"av {version('av')} imageio {version('imageio')}"


MP4: Final = Format(
    "mp4",
    "a video for slides (H.264)",
    ".mp4",
    single(".mp4", partial(write, H264, ".mp4")),
    problems=_mp4_problems,
    options=TIMES,
    made_with=_made_with,
    size=_even_size,
)
WEBM: Final = Format(
    "webm",
    "a video for pages (VP9), on any ground where it is transparent",
    ".webm",
    single(".webm", partial(write, VP9, ".webm")),
    problems=partial(_problems, "webm", VP9),
    options=TIMES,
    made_with=_made_with,
    size=_even_size,
)
