"""The gallery: a page with all figures of an output folder by family, their files, their TOML, their snippets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

from convgif.arithmetic import by
from convgif.assembling.files import explained, publish, staging
from convgif.embedding import KINDS, snippet
from convgif.errors import wrong
from convgif.figure import Figure
from convgif.manifest import Manifest
from convgif.pages import filled, page
from convgif.presets import as_toml

NAME: Final = "index.html"
SHOWN: Final = ("svg", "gif")
"""The formats that can stand for a figure, the best first."""


def write(families: Mapping[str, Mapping[str, Figure]], out: str | Path) -> Path:
    """Write `out/index.html`, with every figure that lies there as SVG or GIF.

    Raises:
        InputError: none does, or the folder cannot be written.
    """
    folder = Path(out)
    manifest = Manifest.of(folder)
    if not any(_files(manifest, name) for figures in families.values() for name in figures):
        raise wrong("out", str(out), "holds none of these figures; convgif render --all writes them")
    sections = "".join(_section(family, figures, manifest) for family, figures in families.items())
    text = filled(page("gallery.html"), body=sections)
    with staging(folder) as staged, explained(folder):
        (staged / NAME).write_text(text, encoding="utf-8", newline="\n")
        publish(staged, folder, [Path(NAME)])
    return folder / NAME


def _files(manifest: Manifest, name: str) -> dict[str, list[str]]:
    """The files of a figure by format."""
    files: dict[str, list[str]] = {}
    for path, entry in manifest.files.items():
        if entry.get("preset") == name:
            files.setdefault(str(entry["format"]), []).append(path)
    return files


def _section(family: str, figures: Mapping[str, Figure], manifest: Manifest) -> str:
    cards = "".join(_card(name, figure, manifest) for name, figure in figures.items())
    return f'<section><h2>{escape(family)}</h2><div class="cards">{cards}</div></section>' if cards else ""


def _card(name: str, figure: Figure, manifest: Manifest) -> str:
    files = _files(manifest, name)
    shown = next((files[format][0] for format in SHOWN if format in files), None)
    if shown is None:
        return ""
    entry: Mapping[str, Any] = manifest.files[shown]
    layer = figure.layer
    words = f"{name} {figure.view} {layer.title} {figure.title or ''} {entry['alt']}".lower()
    player = f'<a href="{files["html"][0]}">Player</a> ' if "html" in files else ""
    return (
        f'<article data-words="{escape(words)}">'
        f"<h3>{escape(figure.title or name)}</h3>"
        f'<img src="{shown}" width="{entry["width"]}" height="{entry["height"]}" loading="lazy" decoding="async"'
        f' alt="{escape(str(entry["alt"]))}">'
        f"<p><code>{escape(name)}</code> {escape(layer.title)}, {by(layer.input_size)} to {by(layer.output_size)},"
        f" {entry['frames']} frames</p>"
        f"<p>{player}{' '.join(_downloads(files, manifest))}</p>"
        f"<details><summary>Embed</summary>{''.join(_snippets(name, figure))}</details>"
        "</article>"
    )


def _downloads(files: Mapping[str, list[str]], manifest: Manifest) -> Iterator[str]:
    """Links to single files; folders of frames are too many."""
    for format, paths in files.items():
        if format != "html" and len(paths) <= 2:
            size = int(manifest.files[paths[0]]["bytes"])
            yield f'<a href="{paths[0]}" download>{format} <small>{max(1, round(size / 1000))} KB</small></a>'


def _snippets(name: str, figure: Figure) -> Iterator[str]:
    texts = {"toml": as_toml(name, figure), **{kind: snippet(kind, name, figure, ".") for kind in KINDS}}
    for kind, text in texts.items():
        yield f'<h4>{kind} <button class="copy">Copy</button></h4><pre tabindex="0">{escape(text)}</pre>'
