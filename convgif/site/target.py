"""What a snippet is, and what it is about: a figure under its name, and where its files lie.

>>> from convgif.arithmetic import Conv
>>> target = Target("blur", Figure(Conv(5, 3)), "my figures")
>>> target.file("svg"), target.link("svg")
('my figures/svg/blur.svg', 'my%20figures/svg/blur.svg')
>>> image = Snippet("image", "an image, and no more", ("svg",), lambda target: f'<img src="{target.link("svg")}">')
>>> image.text(target), image.files(target)
('<img src="my%20figures/svg/blur.svg">', ['my figures/svg/blur.svg'])
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from convgif.documents import as_arguments
from convgif.errors import wrong
from convgif.figure import Figure
from convgif.options import Line
from convgif.registry import FORMATS
from convgif.sources import is_file

if TYPE_CHECKING:
    from convgif.drawing.scene import Scene

OUT: Final = "out"
"""The folder that figures are rendered to."""
PLACE: Final = Line(4096)
"""What a folder or an address is; with a second line, a snippet could say anything."""


def path_in_set(format: str, name: str) -> str:
    """Where the main file of a figure lies in the folder of a rendered set.

    >>> path_in_set("svg", "blur"), path_in_set("sheet", "blur")
    ('svg/blur.svg', 'sheet/blur.png')
    """
    kind = FORMATS[format]
    return f"{format}/{name}{kind.suffix if kind.ending is None else kind.ending}"


@dataclass(frozen=True)
class Target:
    """A figure under its name, and the folder or the address that its files lie in.

    `presets` is the file that the figure comes from, where it is not a shipped one; of a figure that is no preset,
    `is_preset` is false.

    Raises:
        InputError: `out` is no line of text.
    """

    name: str
    figure: Figure
    out: str = OUT
    presets: str | None = None
    is_preset: bool = True

    def __post_init__(self) -> None:
        try:
            PLACE.checked(self.out)
        except ValueError as error:
            raise wrong("output", self.out, str(error)) from None

    @cached_property
    def scene(self) -> Scene:
        """The drawing."""
        from convgif.drawing.composition import compose  # some snippets need none

        return compose(self.figure)

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.scene.pixel_size(self.figure.cell_pixels)

    def file(self, format: str) -> str:
        """The path of the main file in one format, with slashes."""
        path = path_in_set(format, self.name)
        return path if self.out == "." else f"{self.out.rstrip('/')}/{path}"

    def link(self, format: str) -> str:
        """The path of a file as it stands in a link, where a space would end it."""
        return quote(os.fsencode(self.file(format)), safe="/:")

    def command(self, formats: Iterable[str]) -> str:
        """The command that makes the figure's files in some formats; of a figure that is no preset, one for each.

        >>> from convgif.arithmetic import Conv
        >>> figure = Figure(Conv(5, 3))
        >>> Target("blur", figure, "my figures", "mine.toml").command(["svg", "poster"])
        "convgif render blur --formats svg,poster --output 'my figures' --presets mine.toml"
        >>> Target("conv", figure, is_preset=False).command(["svg"])
        'convgif draw conv --input-size 5x5 --kernel-size 3x3 --format svg --output out/svg/conv.svg'
        """
        if not self.is_preset:
            draw = ["convgif", "draw", *as_arguments(self.figure)]
            each = ([*draw, "--format", format, "--output", self.file(format)] for format in formats)
            return " && ".join(map(shlex.join, each))
        words = ["convgif", "render", self.name, "--formats", ",".join(formats)]
        words += ["--output", self.out] if Path(self.out) not in (Path(), Path(OUT)) else []
        words += ["--presets", self.presets] if self.presets else []
        return shlex.join(words)


@dataclass(frozen=True)
class Snippet:
    """A kind of snippet: its name, what it is for, the formats whose files it shows, and its text."""

    name: str
    meaning: str
    formats: tuple[str, ...]
    text: Callable[[Target], str]

    def files(self, target: Target) -> list[str]:
        """The files that the text points at."""
        return [target.file(format) for format in self.formats]

    def lacking(self, target: Target) -> list[str]:
        """The formats whose files are not there; of files on the web, nothing is known."""
        if re.match(r"[a-z]+:", target.out):
            return []
        return [format for format in self.formats if not is_file(target.file(format))]
