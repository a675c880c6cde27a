"""The grid-drawing module: a figure becomes a scene."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from convgif.arithmetic import LAYERS, Conv, ConvTranspose, Layer
from convgif.drawing import construction, flat, isometric, matrix, scatter, stage, story
from convgif.drawing.acts import Drawing
from convgif.drawing.scene import Scene
from convgif.drawing.strip import strip as strip
from convgif.drawing.theme import READABLE, theme_of, unreadable
from convgif.errors import MISSING, InputError, Problem
from convgif.figure import Figure, View


class Entry(NamedTuple):
    """A view: how it draws, which layers it suits, and which of the options it knows that not all views know."""

    draw: Callable[[Figure], Drawing]
    layers: tuple[type[Layer], ...]
    options: tuple[str, ...] = ()


VIEWS: Final[Mapping[View, Entry]] = {
    "isometric": Entry(isometric.draw, tuple(LAYERS.values()), ("reveal", "prologue")),
    "flat": Entry(flat.draw, tuple(LAYERS.values()), ("reveal", "kernel_map", "prologue")),
    "matrix": Entry(matrix.draw, (Conv, ConvTranspose), ("reveal", "direct_matrix")),
    "scatter": Entry(scatter.draw, (ConvTranspose,), ("reveal", "kernel_map")),
    "construction": Entry(construction.draw, (ConvTranspose,), ("reveal", "kernel_map", "prologue")),
    "story": Entry(story.draw, (Conv,), ("reveal", "prologue")),
}
"""Every view by name."""
LAYERS_OF_OPTIONS: Final[Mapping[str, tuple[type[Layer], ...]]] = {
    "kernel_map": (Conv, ConvTranspose),
    "direct_matrix": (ConvTranspose,),
}
"""The layers that some options of views suit; the others suit all."""


def draw(figure: Figure) -> Scene:
    """The scene of a figure, in its view.

    Raises:
        InputError: the view or an option of it does not fit the layer, or the figure is over its budget of frames or
            pixels.

    >>> from convgif.arithmetic import Conv
    >>> scene = draw(Figure(Conv(input_size=4, kernel_size=3)))
    >>> [track.name for track in scene.tracks]
    ['canvas', 'input', 'shadow', 'kernel', 'sight', 'output', 'highlight']
    """
    if problems := list(_misfits(figure)):
        raise InputError(problems)
    return stage.scene(figure, VIEWS[figure.view].draw(figure))


def _misfits(figure: Figure) -> Iterator[Problem]:
    """Everything about the view that does not go together."""
    for text, ground, ratio in unreadable(theme_of(figure)):
        rule = f"has a contrast of {ratio:.1f} with {ground}, which it is written on; it must be {READABLE} at least"
        yield Problem(f"colors.{text}", MISSING, rule)
    layer, view = figure.layer, VIEWS[figure.view]
    if not isinstance(layer, view.layers):
        fitting = _either(name for name, other in VIEWS.items() if isinstance(layer, other.layers))
        suits = " and ".join(kind.title for kind in view.layers)
        yield Problem("view", figure.view, f"draws {suits} only, and this is {layer.title}; choose {fitting}")
        return
    for option in dict.fromkeys(option for other in VIEWS.values() for option in other.options):
        if not getattr(figure, option):
            continue
        kinds = LAYERS_OF_OPTIONS.get(option)
        if option not in view.options:
            others = _either(name for name, other in VIEWS.items() if option in other.options)
            yield Problem(option, True, f"the {figure.view} view has none; leave it out, or choose view = {others}")
        elif kinds is not None and not isinstance(layer, kinds):
            suits = " and ".join(kind.title for kind in kinds)
            yield Problem(option, True, f"suits {suits} only, and this is {layer.title}; leave it out")


def _either(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
