"""Contact sheets: every preset at a glance, one PNG a family.

A row for each preset: its first, middle and last frame as wide as a README shows them, by day and by night.
`make contact`, or `python -m tests.contact -o FOLDER [FAMILY ...]`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from convgif.assembling.film import Film
from convgif.figure import Figure
from convgif.presets import load_families
from convgif.rendering.dejavu import font_file
from convgif.themes.theme import Theme

README_WIDTH: Final = 400
"""Pixels that a README gives to a picture."""
GAP: Final = 12
"""Pixels between pictures, and around them."""
HEAD: Final = 26
"""Pixels for the name of a preset above its row."""
GROUND: Final = (128, 128, 128)
SHOWN: Final = 3
"""Frames of each preset: the first, the middle and the last one."""

Picture = Image.Image


def shown_frames(count: int) -> list[int]:
    """The first, middle and last of so many frames, each once.

    >>> shown_frames(9), shown_frames(2), shown_frames(1)
    ([0, 4, 8], [0, 1], [0])
    """
    return sorted({0, count // 2, count - 1})


def pictures(film: Film, theme: Theme) -> Iterator[Picture]:
    """The shown frames of a film in a theme, no wider than in a README."""
    for pixels in replace(film, theme=theme).frames(only=shown_frames(len(film.scene.durations))):
        image = Image.fromarray(pixels).convert("RGB")
        if image.width > README_WIDTH:
            height = round(image.height * README_WIDTH / image.width)
            image = image.resize((README_WIDTH, height), Image.Resampling.LANCZOS)
        yield image


def row(figure: Figure) -> list[list[Picture]]:
    """The pictures of a preset: by day, and by night where it has a night."""
    film = Film.of(figure)
    return [list(pictures(film, theme)) for theme in (film.theme, film.night) if theme is not None]


def sheet(figures: dict[str, Figure]) -> Picture:
    """The contact sheet of some figures."""
    rows = {name: row(figure) for name, figure in figures.items()}
    heights = {name: max(image.height for part in parts for image in part) for name, parts in rows.items()}
    step = README_WIDTH + GAP
    size = (GAP + 2 * SHOWN * step, GAP + sum(HEAD + height + GAP for height in heights.values()))
    found = Image.new("RGB", size, GROUND)
    pen, font = ImageDraw.Draw(found), ImageFont.truetype(str(font_file("DejaVuSans.ttf")), 16)
    top = GAP
    for name, parts in rows.items():
        pen.text((GAP, top), name, fill="white", font=font)
        for half, part in enumerate(parts):
            for place, image in enumerate(part):
                found.paste(image, (GAP + (half * SHOWN + place) * step, top + HEAD))
        top += HEAD + heights[name] + GAP
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the sheets of all families, or of those that are named."""
    families = load_families()
    parser = argparse.ArgumentParser(prog="make contact", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    parser.add_argument("-o", "--output", type=Path, default=Path("out/contact"))
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.families if name not in families]:
        parser.error(f"there is no family {unknown[0]}; known are {', '.join(families)}")
    chosen.output.mkdir(parents=True, exist_ok=True)
    for name in chosen.families or families:
        path = chosen.output / f"{name}.png"
        sheet(dict(families[name].figures)).save(path)
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
