"""Scenes as text, and the files they are compared with.

After a change that is meant, `CONVGIF_REGENERATE=1 pytest tests/drawing tests/rendering` writes the files anew; the
difference is then read in review.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from convgif.arithmetic import Conv, ConvTranspose
from convgif.drawing.scene import Item, Polygon, Run, Scene, Text
from convgif.drawing.scene import Path as Corners
from convgif.figure import Figure

FOLDER: Final = Path(__file__).parents[1] / "goldens"
REGENERATE: Final = os.environ.get("CONVGIF_REGENERATE") == "1"

GUIDE_INPUT: Final = ((3, 3, 2, 1, 0), (0, 0, 1, 3, 1), (3, 1, 2, 2, 3), (2, 0, 0, 2, 2), (2, 0, 0, 0, 1))
GUIDE_KERNEL: Final = ((0, 1, 2), (2, 2, 0), (0, 1, 2))

FIGURES: Final = {
    "padding_strides": Figure(Conv(5, 3, stride=2, padding=1)),
    "padding_strides_odd_transposed": Figure(
        ConvTranspose(3, 3, stride=2, padding=1, output_padding=1), hold_ms=500, transparent=True
    ),
    "numerical_padding_strides": Figure(
        Conv(5, 3, stride=2, padding=1), view="flat", input=GUIDE_INPUT, weight=GUIDE_KERNEL, decimals=1
    ),
    "flat_muted": Figure(
        Conv((3, 4), 2, stride=(1, 2), padding=(1, 0)),
        view="flat",
        theme="muted",
        title="Strides across",
        labels=True,
        caption=True,
        reveal=True,
        kernel_map=True,
        random=0,
    ),
    "matrix_symbols": Figure(
        ConvTranspose(2, 2, padding=(0, 1)), view="matrix", reveal=True, labels=True, direct_matrix=True
    ),
    "scatter_padding": Figure(
        ConvTranspose(2, 3, stride=2, padding=1),
        view="scatter",
        labels=True,
        input=((1, 2), (3, 4)),
        weight=((1,) * 3,) * 3,
    ),
    "channels_in_groups": Figure(
        Conv((1, 2), 1, in_channels=4, out_channels=4, groups=2), view="channels", labels=True, reveal=True, random=0
    ),
    "construction_muted": Figure(
        ConvTranspose((3, 2), 2, stride=2, padding=(2, 0), output_padding=(0, 1)),
        view="construction",
        theme="muted",
        title="In four acts",
        labels=True,
    ),
    "story": Figure(Conv((1, 4), (1, 2), stride=2), view="story", labels=True),
}
"""Original figures, one whose canvas has inserted zeros and leftovers, one with numbers; then one for all that the
flat view can show beside its maps, and one of each further view."""
SCENES: Final = {
    "isometric": Figure(
        ConvTranspose(2, 2, stride=2, padding=(2, 1), output_padding=(1, 0)), hold_ms=500, labels=True, caption=True
    ),
    "flat": Figure(
        Conv((2, 3), 2, stride=(1, 2), padding=(0, 1)),
        view="flat",
        title="Strides across",
        labels=True,
        reveal=True,
        kernel_map=True,
        input=((1, 2, 3), (4, 5.5, 6)),
        weight=((0, 1), (-1, 2)),
    ),
    "channels": Figure(
        Conv((3,), 2, padding=1, stride=2, in_channels=4, out_channels=2, groups=2),
        view="channels",
        labels=True,
        sizes=True,
        worked=True,
        input=((1, 2, 3), (4, 5, 6), (7, 8, 9), (0, -1, 2)),
        weight=(((1, 2), (0, 1)), ((-1, 1), (2, 3))),
    ),
    "matrix": Figure(ConvTranspose((1, 2), (1, 2)), view="matrix", labels=True, direct_matrix=True),
    "scatter": Figure(ConvTranspose((2,), 2, padding=1), view="scatter", input=(12, -3), weight=(1, 2)),
}
"""Small figures whose scenes are kept as text: with numbers and letters, revealed, cropped, in one dimension."""


def dump(scene: Scene) -> str:
    """A scene as text: each track once where it does not move, else in its first, its middle and its last frame."""
    return "\n".join(_lines(scene)) + "\n"


def _lines(scene: Scene) -> Iterator[str]:
    yield f"bounds {_numbers(scene.bounds)}"
    yield f"durations {' '.join(map(str, scene.durations))}"
    yield f"roles {' '.join(sorted(scene.roles))}"
    yield scene.description
    yield f"title {scene.title}"
    yield f"telling frame {scene.telling}"
    links, notes = scene.links(), scene.notes()
    for link in (links[0], links[-1]):
        yield f"link to frame {link.frame}, {link.name}: {_corners(link.area)}"
    for frame in dict.fromkeys((0, (len(notes) - 1) // 2, len(notes) - 1)):
        yield f"note of frame {frame}: {notes[frame]}"
    for track in scene.tracks:
        span = range(len(scene.durations)) if track.span is None else track.span
        when = "every frame" if track.span is None else f"frames {span[0]} to {span[-1]}"
        for frame in span[:1] if track.static else dict.fromkeys((span[0], span[(len(span) - 1) // 2], span[-1])):
            yield ""
            yield f"track {track.name}, {when if track.static else f'frame {frame}'}"
            for item in track.at(frame):
                yield from _item(item)


def _item(item: Item) -> Iterator[str]:
    if isinstance(item, Text):
        extent = f"em {_numbers([item.size])} width {_numbers([item.width])}"
        yield f"  {item.role} {item.anchor} {_numbers(item.at)} {extent} {' '.join(map(_run, item.runs))}"
        return
    if isinstance(item, Polygon):
        yield f"  area {item.role}"
    else:
        dash = f" dash {_numbers(item.dash)}" if item.dash else ""
        yield f"  line {item.role} width {_numbers([item.width])}{dash}"
    for part in item.parts:
        yield f"    {_corners(part)}"


def _run(run: Run) -> str:
    manner = [*(["slanted"] if run.slanted else []), *([f"x{run.scale} {run.rise:+}"] if run.scale != 1 else [])]
    return " ".join((repr(run.text), *manner))


def _corners(path: Corners) -> str:
    return "  ".join(map(_numbers, path))


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{round(value, 3) + 0.0:.3f}" for value in values)
