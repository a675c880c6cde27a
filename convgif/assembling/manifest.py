"""What lies in an output folder, and what it was drawn from: `manifest.json`.

A file is drawn anew only where its figure, the code or its bytes are no longer what the manifest says; time stamps play
no part.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, Final

from convgif import themes
from convgif.assembling.film import Film
from convgif.assembling.format import Format, module_of
from convgif.drawing.scene import Run
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.registry import FORMATS, LANGUAGES, VIEWS
from convgif.rendering.scripts import is_plain
from convgif.sources import is_file, readable

NAME: Final = "manifest.json"
PACKAGE: Final = __name__.partition(".")[0]
LARGEST_FILE: Final = 2**32
"""Bytes of a file that is drawn."""
DRAWN_WITH: Final = ("matplotlib", "numpy", "pillow")
"""Packages that have a part in how a file comes out."""
FACTS: Final[Mapping[str, type]] = {
    "preset": str,
    "format": str,
    "recipe": str,
    "sha256": str,
    "alt": str,
    "bytes": int,
    "frames": int,
    "width": int,
    "height": int,
    "duration_ms": int,
}
"""What an entry must state of a file."""


@dataclass(frozen=True)
class Manifest:
    """The entries of all files of an output folder, by their paths in it, with slashes."""

    folder: Path
    files: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, folder: Path) -> Manifest:
        """The manifest of a folder; empty where there is none, or none that can be read."""
        try:
            content = json.loads(readable(folder / NAME).read_text(encoding="utf-8"))
            files = dict(content["files"])
            return cls(folder, {path: entry for path, entry in files.items() if is_sound(path, entry)})
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return cls(folder, {})

    def unchanged(self, name: str, format: str, figure: Figure) -> list[str]:
        """The files of a figure in one format, if they are all what would be drawn again; else none."""
        recipe = recipe_of(figure, format)
        entries = {path: entry for path, entry in self.files.items() if _owner(entry) == (name, format)}
        same = all(entry["recipe"] == recipe and self._is_whole(path, entry) for path, entry in entries.items())
        return list(entries) if same else []

    def is_there(self, path: str) -> bool:
        """Whether there is such a file in the folder."""
        return is_file(self.folder / path)

    def _is_whole(self, path: str, entry: Mapping[str, Any]) -> bool:
        try:
            return bool(digest(self.folder / path) == entry["sha256"])
        except (OSError, ValueError):
            return False

    def text(self, added: Mapping[str, Mapping[str, Any]]) -> str:
        """The file with further entries.

        They stand for all that a figure is in a format: what else was stated of it, of frames beyond its last, say, is
        left out. So is all that is stated of one whose files are not all there any more.
        """
        outdated = {_owner(entry) for entry in added.values()}
        outdated |= {_owner(entry) for path, entry in self.files.items() if not self.is_there(path)}
        kept = {path: entry for path, entry in self.files.items() if _owner(entry) not in outdated}
        # By figure and format, so that two runs write the same; within these, the main file comes first.
        files = dict(sorted({**kept, **added}.items(), key=lambda item: _owner(item[1])))
        return json.dumps({"app": PACKAGE, "version": version(PACKAGE), "files": files}, indent=1) + "\n"


def entries(name: str, format: Format, film: Film, paths: Iterable[Path], folder: Path) -> dict[str, dict[str, Any]]:
    """The entries of the files that a film was just written as, below `folder`."""
    width, height = format.size(film)
    about = {
        "preset": name,
        "format": format.name,
        "width": width,
        "height": height,
        "frames": len(film.durations),
        "duration_ms": sum(film.durations),
        "alt": film.scene.description,
        "recipe": recipe_of(film.figure, format.name),
    }
    return {
        path.relative_to(folder).as_posix(): {**about, "bytes": path.stat().st_size, "sha256": digest(path)}
        for path in paths
    }


def recipe_of(figure: Figure, format: str) -> str:
    """A hash of all that a file is made from: figure, theme, language, format, and the code."""
    hashed = sha256(f"{figure!r} {format} {_code()} {FORMATS[format].made_with()}".encode())
    theme = themes.theme_of(figure)  # by day and by night, since either may lie in a file that has changed
    hashed.update(repr([dict(one.items()) for one in (theme, themes.counterpart(theme)) if one is not None]).encode())
    hashed.update(repr(LANGUAGES[figure.language]).encode())
    if not FORMATS[format].as_text:
        hashed.update(_letters(figure, theme))
    for part in (type(figure.layer), VIEWS[figure.view].draw, FORMATS[format].files):
        hashed.update(_code_beyond(module_of(part)))
    return hashed.hexdigest()[:16]


def _letters(figure: Figure, theme: themes.Theme) -> bytes:
    """What decides how letters come out that the usual fonts lack: the fonts that have them."""
    font = theme["words"].font
    said = (figure.title or "", *LANGUAGES[figure.language].words.values())
    strange = [text for text in said if not is_plain((Run(text),), font)]
    if theme.further is None and not strange:
        return b""
    from convgif.rendering import fonts, lettering  # few figures have such letters

    own = set() if theme.further is None else {theme.further}
    made = b""
    for text in strange:
        # Not all that a language has is said in every picture; what is, is judged when it is drawn.
        with suppress(InputError):
            made += lettering.made_with(text, font, theme.further)
    return fonts.sources(own) + made


@cache
def _code() -> str:
    """A hash of all files of this package, and of the packages that it draws with."""
    hashed = sha256(" ".join(f"{name} {version(name)}" for name in DRAWN_WITH).encode())
    for file in sorted(Path(__file__).parents[1].rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            hashed.update(file.name.encode() + file.read_bytes())
    return hashed.hexdigest()


@cache
def _code_beyond(module: str) -> bytes:
    """The source of a module of another package, with the modules beside it; nothing for one of ours."""
    found = getattr(sys.modules.get(module), "__file__", None)
    if found is None or module.partition(".")[0] == PACKAGE:
        return b""
    file = Path(found)
    inside = "." in module or file.stem == "__init__"
    sources = sorted(file.parent.glob("*.py")) if inside else [file]
    return b"".join(source.name.encode() + source.read_bytes() for source in sources)


def is_sound(path: str, entry: object) -> bool:
    """Whether an entry states all that it must, of a file inside of the folder; a manifest can be edited."""
    place = PurePosixPath(path)
    inside = bool(place.parts) and not place.is_absolute() and ".." not in place.parts and ":" not in place.parts[0]
    return inside and isinstance(entry, dict) and all(type(entry.get(fact)) is kind for fact, kind in FACTS.items())


def _owner(entry: Mapping[str, Any]) -> tuple[str, str]:
    """The figure that a file belongs to, and its format."""
    return entry["preset"], entry["format"]


def digest(path: Path) -> str:
    """What tells the content of a file from any other."""
    return sha256(readable(path, LARGEST_FILE).read_bytes()).hexdigest()
