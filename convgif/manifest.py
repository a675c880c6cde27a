"""What lies in an output folder, and what it was drawn from: `manifest.json`.

A file is drawn anew only where its figure, the code or its bytes are no longer what the manifest says; time stamps play
no part.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, Final

from convgif.drawing.scene import Scene
from convgif.figure import Figure

NAME: Final = "manifest.json"
DRAWN_WITH: Final = ("matplotlib", "numpy", "pillow")
"""Packages that have a part in how a file comes out."""
TOLD: Final = {"preset", "format", "recipe", "sha256", "bytes", "frames", "width", "height"}
"""What is asked of an entry."""


@dataclass(frozen=True)
class Manifest:
    """The entries of all files of an output folder, by their paths in it, with slashes."""

    folder: Path
    files: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, folder: Path) -> Manifest:
        """The manifest of a folder; empty where there is none, or none that can be read."""
        try:
            content = json.loads((folder / NAME).read_text(encoding="utf-8"))
            files = dict(content["files"])
            return cls(folder, {path: entry for path, entry in files.items() if _sound(path, entry)})
        except (OSError, ValueError, KeyError, TypeError):
            return cls(folder, {})

    def unchanged(self, name: str, format: str, figure: Figure) -> list[str]:
        """The files of a figure in one format, if they are all what would be drawn again; else none."""
        recipe = recipe_of(figure, format)
        entries = {path: entry for path, entry in self.files.items() if _whose(entry) == (name, format)}
        same = all(entry["recipe"] == recipe and self._is(path, entry) for path, entry in entries.items())
        return sorted(entries) if same else []

    def _is(self, path: str, entry: Mapping[str, Any]) -> bool:
        try:
            return bool(_digest(self.folder / path) == entry["sha256"])
        except OSError:
            return False

    def text(self, added: Mapping[str, Mapping[str, Any]]) -> str:
        """The file with further entries.

        They stand for all that a figure is in a format: what else was told of it, of frames beyond its last, say, is
        left out. So is all that is told of one whose files are not all there any more.
        """
        outdated = {_whose(entry) for entry in added.values()}
        outdated |= {_whose(entry) for path, entry in self.files.items() if not (self.folder / path).is_file()}
        kept = {path: entry for path, entry in self.files.items() if _whose(entry) not in outdated}
        files = dict(sorted({**kept, **added}.items()))
        return json.dumps({"app": "convgif", "version": version("convgif"), "files": files}, indent=1) + "\n"


def entries(
    name: str, format: str, figure: Figure, scene: Scene, paths: Iterable[Path], folder: Path
) -> dict[str, dict[str, Any]]:
    """The entries of the files that a figure was just written as, below `folder`."""
    width, height = scene.pixel_size(figure.cell_pixels)
    about = {
        "preset": name,
        "format": format,
        "width": width,
        "height": height,
        "frames": len(scene.durations),
        "duration_ms": sum(scene.durations),
        "alt": scene.description,
        "recipe": recipe_of(figure, format),
    }
    files = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    return {
        file.relative_to(folder).as_posix(): {**about, "bytes": file.stat().st_size, "sha256": _digest(file)}
        for file in files
    }


def recipe_of(figure: Figure, format: str) -> str:
    """A hash of all that a file is made from: the figure with every option, the format, and the code."""
    return sha256(f"{figure!r} {format} {_code()}".encode()).hexdigest()[:16]


@cache
def _code() -> str:
    """A hash of this package's source and of the packages that it draws with."""
    hashed = sha256(" ".join(f"{name} {version(name)}" for name in DRAWN_WITH).encode())
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        hashed.update(file.read_bytes())
    return hashed.hexdigest()


def _sound(path: str, entry: object) -> bool:
    """Whether an entry tells all that is asked of it, of a file inside of the folder; a manifest can be edited."""
    place = PurePosixPath(path)
    return isinstance(entry, dict) and entry.keys() >= TOLD and not place.is_absolute() and ".." not in place.parts


def _whose(entry: Mapping[str, Any]) -> tuple[object, object]:
    """The figure that a file belongs to, and in which format."""
    return entry["preset"], entry["format"]


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
