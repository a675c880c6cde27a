"""Things by name: layers, views, formats, themes and so on, those that ship and those of other packages.

What ships is one line here: a name, and where it lies. Another package adds its own as entry points, for example in its
`pyproject.toml`:

    [project.entry-points."convgif.views"]
    spiral = "my_package.spiral:VIEW"

Nothing is loaded before it is asked for by its name.

>>> "isometric" in VIEWS, list(LAYERS)
(True, ['conv', 'conv_transpose', 'max_pool', 'avg_pool', 'adaptive_max_pool', 'adaptive_avg_pool'])
>>> LAYERS["conv"](5, 3).output_size
(3, 3)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from convgif.errors import InputError, Problem, did_you_mean


class Registry(Mapping[str, Any]):
    """Things of one kind by name: what ships first, in the order that it is listed in.

    `noun` is what one of them is called, and `group` the group of entry points that adds others.
    """

    def __init__(self, noun: str, group: str, shipped: Mapping[str, str]) -> None:
        self.noun, self.group = noun, group
        self._shipped = shipped

    def __getitem__(self, name: str) -> Any:
        """The thing of that name, loaded.

        Raises:
            KeyError: there is none.
        """
        if place := self._shipped.get(name):
            return _loaded(place)
        if name not in (others := _added(self.group)):
            raise KeyError(name)
        return _loaded(others[name])

    def __iter__(self) -> Iterator[str]:
        yield from self._shipped
        yield from (name for name in sorted(_added(self.group)) if name not in self._shipped)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __contains__(self, name: object) -> bool:
        return name in self._shipped or name in _added(self.group)

    @property
    def shipped(self) -> tuple[str, ...]:
        """The names of what ships, whatever other packages add."""
        return tuple(self._shipped)

    def named(self, name: object, field: str = "") -> Any:
        """The thing of that name.

        Raises:
            InputError: there is none; `field` is the field that the name was given in, the noun if empty.
        """
        if isinstance(name, str) and name in self:
            return self[name]
        raise InputError([Problem(field or self.noun, name, self.unknown(name))])

    def unknown(self, name: object) -> str:
        """What to say of a name that is not known; whoever has the thing may know it under other names too."""
        others = {other: own for own in self for other in getattr(self[own], "also_called", ())}
        if isinstance(name, str) and (own := others.get(name.lower().replace("-", "_"))):
            return f"there is no such {self.noun}; did you mean {own}?"
        return f"there is no such {self.noun}; {did_you_mean(name, self)}"


def _loaded(place: str) -> Any:
    module, _, attribute = place.partition(":")
    # What is loaded already is found faster where Python keeps it; what another thread is loading is waited for.
    found = getattr(sys.modules.get(module), attribute, None)
    return getattr(import_module(module), attribute) if found is None else found


@cache
def _added(group: str) -> Mapping[str, str]:
    """What other packages add, by name; found when first asked for."""
    if not _anything_added():
        return {}
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=group)}


@cache
def _anything_added() -> bool:
    """Whether any installed package mentions a group of ours: the library that reads them takes its time to load."""
    folders = [Path(place or ".") for place in dict.fromkeys(sys.path)]
    return any(_mentions(folder) for folder in folders if folder.is_dir())


def _mentions(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            names = [entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
    except OSError:  # a folder that nobody may read, say
        return False
    for name in names:
        try:
            text = Path(name, "entry_points.txt").read_bytes()
        except OSError:
            continue
        if b"[convgif." in text:
            return True
    return False


LAYERS: Final = Registry(
    "layer",
    "convgif.layers",
    {
        "conv": "convgif.arithmetic.conv:Conv",
        "conv_transpose": "convgif.arithmetic.conv:ConvTranspose",
        "max_pool": "convgif.arithmetic.pool:MaxPool",
        "avg_pool": "convgif.arithmetic.pool:AvgPool",
        "adaptive_max_pool": "convgif.arithmetic.adaptive:AdaptiveMaxPool",
        "adaptive_avg_pool": "convgif.arithmetic.adaptive:AdaptiveAvgPool",
    },
)
VIEWS: Final = Registry(
    "view",
    "convgif.views",
    {
        name: f"convgif.drawing.views.{name}:VIEW"
        for name in (
            "isometric",
            "flat",
            "channels",
            "matrix",
            "scatter",
            "construction",
            "story",
            "summary",
            "collapse",
            "compare",
        )
    },
)
FORMATS: Final = Registry(
    "format",
    "convgif.formats",
    {
        "gif": "convgif.assembling.formats.gif:FORMAT",
        "svg": "convgif.assembling.formats.svg:FORMAT",
        "png": "convgif.assembling.formats.png:FORMAT",
        "sheet": "convgif.assembling.formats.sheet:FORMAT",
        "frames": "convgif.assembling.formats.frames:FORMAT",
        "svg-frames": "convgif.assembling.formats.svg_frames:FORMAT",
        "poster": "convgif.assembling.formats.poster:FORMAT",
        "pdf": "convgif.assembling.formats.pdf:FORMAT",
        "html": "convgif.site.player:FORMAT",
        "apng": "convgif.assembling.formats.apng:FORMAT",
        "webp": "convgif.assembling.formats.webp:FORMAT",
        "avif": "convgif.assembling.formats.avif:FORMAT",
        "mp4": "convgif.assembling.formats.video:MP4",
        "webm": "convgif.assembling.formats.video:WEBM",
    },
)
THEMES: Final = Registry(
    "theme",
    "convgif.themes",
    {
        stem: f"convgif.themes:{stem}"
        for stem in sorted(file.stem for file in Path(__file__).with_name("themes").glob("*.toml"))
    },
)
LANGUAGES: Final = Registry(
    "language",
    "convgif.languages",
    {
        stem: f"convgif.languages:{stem}"
        for stem in sorted(file.stem for file in Path(__file__).with_name("languages").glob("*.toml"))
    },
)
SNIPPETS: Final = Registry(
    "snippet",
    "convgif.snippets",
    {
        name: f"convgif.site.snippets:{name.upper()}"
        for name in ("markdown", "html", "latex", "sphinx", "mkdocs", "jupyter", "css", "gif")
    },
)
FRAMEWORKS: Final = Registry(
    "framework",
    "convgif.frameworks",
    {
        **{name: f"convgif.frameworks.{name}:FRAMEWORK" for name in ("pytorch", "keras", "flax", "onnx")},
        "nnx": "convgif.frameworks.flax:NNX",
    },
)
