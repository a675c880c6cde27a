"""Still pictures of more than one frame: a strip as papers print it, and one frame in several themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from convgif.assembling import batch
from convgif.assembling.film import Film
from convgif.drawing.composition import too_large
from convgif.drawing.roles import role_and_theme
from convgif.drawing.strip import strip as side_by_side
from convgif.errors import InputError, wrong
from convgif.figure import Figure
from convgif.registry import FORMATS, THEMES
from convgif.themes.theme import Style, Theme

FORMAT_OF: Final[Mapping[str, str]] = {".pdf": "pdf", ".svg": "svg", ".png": "png"}
"""The format of a still picture, by its ending."""


def strip(film: Film, frames: Sequence[int], path: str | Path) -> Path:
    """Write some frames side by side.

    Raises:
        InputError: the film has no such frames, another ending, or the file cannot be written.
    """
    return _write(replace(film, scene=side_by_side([(film.scene, frame) for frame in frames]), still=0), path)


def preview(figure: Figure, path: str | Path) -> Path:
    """Write the telling frame of a figure in every theme, side by side."""
    films = {name: Film.of(figure.replaced(theme=name, title=name)) for name in THEMES}
    scene = side_by_side([(film.scene, film.scene.telling) for film in films.values()], [*films])
    own = Film.of(figure)
    themes = {name: film.theme for name, film in films.items()}
    theme = own.theme
    together = SeveralThemes(theme.meaning, theme.names, theme.looks, further=theme.further, themes=themes)
    return _write(replace(own, scene=scene, theme=together, night=None, still=0), path)


@dataclass(frozen=True)
class SeveralThemes(Theme):
    """Several themes by name, for a picture that shows all of them; one of them gives the paper around."""

    themes: Mapping[str, Theme] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Style:
        own, theme = role_and_theme(role)
        return self.themes[theme][own] if theme else super().__getitem__(role)


def _write(film: Film, path: str | Path) -> Path:
    """Write a film of one frame, as the path's ending says."""
    target = Path(path)
    if target.suffix.lower() not in FORMAT_OF:
        raise wrong("output", str(path), f"must end in {', '.join(FORMAT_OF)}")
    if problems := list(too_large(film.figure, *film.size, "the image", "choose fewer frames")):
        raise InputError(problems)
    return batch.save(film, target, FORMATS[FORMAT_OF[target.suffix.lower()]]).files[0]
