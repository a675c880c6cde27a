"""What a format says of itself: its name, its endings, and how it writes a film to open binary streams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, NamedTuple

from convgif.assembling.film import Film
from convgif.errors import Problem

FOLDER = "/"
"""The ending of a path that is a folder of files."""
TIMES = ("frame_ms", "hold_ms")
"""The options that have an effect in whatever moves."""


class File(NamedTuple):
    """A file of a format: its path, relative to where the format's files go, and what writes it to an open stream.

    The stream is binary and can be read and sought as well.
    """

    path: str
    write: Callable[[BinaryIO], None]


def no_problem(film: Film) -> Iterator[Problem]:
    """For formats that any film fits."""
    return iter(())


def size_of(film: Film) -> tuple[int, int]:
    """For formats whose frames are just as large as the film's."""
    return film.size


@dataclass(frozen=True)
class Format:
    """A kind of file that a figure can be written as.

    A path with the ending `suffix` stands for the format (the longest ending counts; `FOLDER` is a path that ends in a
    slash). `files(film, stem)` says which files there are, the main one first: their paths are the stem and an ending,
    `ending` for the main one (the suffix itself if None). So `x.sheet.png` is the stem `x.sheet` with the ending
    `.png`, and in a set of figures, where files lie in a folder of the format's own, the stem is the figure's name.
    Each file is written before the next one is asked for, so that no format holds more than it must.

    `problems` says, before anything is drawn, what of the film the format cannot hold. `as_text` says that texts
    stay texts, in the fonts of whoever reads the file; else they are drawn here, and fonts are needed for them.
    `options` names the options of a figure that have an effect in some formats only, and have one in this.
    `made_with` tells what else decides how the files come out, such as the version of an encoder. `size` is the
    width and the height of a frame, in pixels.
    """

    name: str
    meaning: str
    suffix: str
    files: Callable[[Film, str], Iterable[File]]
    ending: str | None = None
    problems: Callable[[Film], Iterator[Problem]] = no_problem
    as_text: bool = False
    options: tuple[str, ...] = ()
    made_with: Callable[[], str] = str
    size: Callable[[Film], tuple[int, int]] = size_of

    def misfits(self, film: Film) -> Iterator[Problem]:
        """Everything that keeps a film from being written in the format."""
        yield from self.problems(film)
        if not self.as_text:
            yield from film.unwritten()

    def stem(self, path: str) -> str:
        """The stem of a path that stands for the format."""
        ending, name = self.suffix if self.ending is None else self.ending, path.rstrip(FOLDER)
        return name[: -len(ending)] if ending and name.lower().endswith(ending) else name


def single(ending: str, write: Callable[[Film, BinaryIO], None]) -> Callable[[Film, str], Iterable[File]]:
    """The files of a format that has one for each figure."""

    def files(film: Film, stem: str) -> Iterable[File]:
        return (File(stem + ending, lambda stream: write(film, stream)),)

    files.__module__ = module_of(write)  # whose code decides how they come out
    return files


def module_of(part: Any) -> str:
    """The name of the module that a class or a function is from, also of one that was given arguments already."""
    name: str = (part.func if isinstance(part, partial) else part).__module__
    return name


def frame_name(name: str, number: int, count: int) -> str:
    """The name of one frame; all frames of a figure have as many digits, at least three.

    >>> frame_name("dilation", 4, 9), frame_name("large", 4, 1600)
    ('dilation_004', 'large_0004')
    """
    return f"{name}_{number:0{max(3, len(str(count - 1)))}d}"
