"""A figure becomes a scene: its view draws it, and title, captions, margins and times are added.

The budget of frames and pixels is settled from the size of the drawing alone, before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate, pairwise
from typing import Final

from convgif.arithmetic.formula import Equation
from convgif.arithmetic.layer import Layer
from convgif.arithmetic.sentences import listed
from convgif.drawing.metrics import width_of
from convgif.drawing.parts import formulas
from convgif.drawing.parts.captions import told
from convgif.drawing.parts.numerals import plain
from convgif.drawing.scene import Box, Items, Point, Scene, Text, Track, pixel_size
from convgif.drawing.timeline import CaptionLine, Drawing, Finding, Footing
from convgif.drawing.view import View
from convgif.errors import MISSING, InputError, Mention, Problem, Rule, either, rule, wrong
from convgif.figure import OPTIONS, SHORTEST_FRAME, Figure
from convgif.registry import LAYERS, VIEWS

LONGEST_SIDE: Final = 65_535
"""Pixels; the GIF format has 16 bits for a side, and few viewers open more."""
TITLE_EM: Final = 0.62
TITLE_ROOM: Final = 1.35
"""Cells that a title takes above the drawing."""
CAPTION_EM: Final = 0.5
CAPTION_ROOM: Final = 0.4
"""Cells between the drawing and its caption."""
FOOTING_ROOM: Final = 0.95
"""Cells that a line between the drawing and its caption takes."""
FOOTING_DROP: Final = 0.6
"""Cells from the drawing down to the middle of that line."""
SMALLER: Final[Rule] = ("choose a smaller ", Mention("cell"), " or ", Mention("scale"))
"""The remedy for images that are too large."""
AXES: Final = {1: "one axis", 2: "two axes", 3: "three axes"}


def compose(figure: Figure) -> Scene:
    """The scene of a figure, in its view.

    Raises:
        InputError: the view or an option of it does not suit the layer, no frame is chosen, or the figure is over its
            budget of frames or pixels.

    >>> from convgif.arithmetic import Conv
    >>> scene = compose(Figure(Conv(input_size=4, kernel_size=3)))
    >>> [track.name for track in scene.tracks]
    ['canvas', 'input', 'shadow', 'kernel', 'sight', 'output', 'highlight']
    >>> len(scene.durations), len(compose(Figure(Conv(input_size=4, kernel_size=3), frame_range=":-1")).durations)
    (4, 3)
    """
    view: View = VIEWS.named(figure.view, "view")
    if problems := list(_misfits(figure, view)):
        raise InputError(problems)
    return scene_of(figure, view.draw(figure))


def scene_of(figure: Figure, drawing: Drawing) -> Scene:
    """The scene of a drawing, with the figure's title, its captions, its times and its choice of frames.

    Raises:
        InputError: no frame is chosen, or the figure is over its budget of frames or pixels.
    """
    chosen = _chosen_frames(figure, drawing.frames)
    spoken = _translated(figure, drawing)
    bounds = _bounds(figure, spoken)
    if problems := list(_over_budget(figure, _count(chosen), bounds)):
        raise InputError(problems)
    # In the middle of its way the kernel shows most, but where something is built or revealed, the end does.
    last = drawing.frames - 1
    telling = last if figure.wants("reveal") or len(drawing.acts) > 1 else last // 2
    shown = spoken.of_frames(chosen)
    return Scene(
        bounds,
        _durations(figure, shown),
        (*_title(figure, bounds), *shown.tracks, *_footings(shown, bounds), *_captions(shown, bounds)),
        figure.describe(),
        figure.title or figure.layer.title.capitalize(),
        min(range(shown.frames), key=lambda place: abs(chosen[place] - telling)),
        shown.links,
        drawing.of_frames(chosen).notes,
        "" if figure.language == OPTIONS["language"].default else figure.language,
    )


def _translated(figure: Figure, drawing: Drawing) -> Drawing:
    """The drawing with its captions in the figure's language; what acts say in notes stays English."""

    def line(line: CaptionLine) -> CaptionLine:
        if isinstance(line, Equation):
            return replace(line, label=told(figure, line.label))
        if isinstance(line, Finding):
            return line._replace(sentences=tuple(told(figure, sentence) for sentence in line.sentences))
        return told(figure, line)

    acts = (act._replace(caption=tuple(map(line, act.caption))) for act in drawing.acts)
    return drawing._replace(acts=tuple(acts))


def _misfits(figure: Figure, view: View) -> Iterator[Problem]:
    """Everything about the view that does not go together."""
    layer = figure.layer
    if not view.suits(layer):
        yield _unsuited(figure, view)
        return
    yield from _bad_company(figure, view)
    own = {declared.option.name: declared for declared in view.options}
    for option, value in figure.extras:
        declared = own.get(option)
        if declared is None:
            others = [name for name in _views_for(layer) if option in _option_names(VIEWS[name])]
            words = f"the {view.name} view has none; leave it out"
            yield Problem(option, value, rule(words, *((", or choose ", *_alternatives(others)) if others else ())))
        elif not isinstance(layer, declared.layers):
            words = f"suits {_titles(declared.layers)} only, and this is {layer.title}; leave it out"
            yield Problem(option, value, words)
        elif declared.numbered and not figure.numbered:
            yield Problem(
                option,
                value,
                rule("works with numbers, and the figure has none; ", Mention("random", 0), " makes some up"),
            )


def _bad_company(figure: Figure, view: View) -> Iterator[Problem]:
    """What is wrong with the layer beside: the view shows a single one, or cannot draw it."""
    beside = figure.beside
    if beside is None:
        return
    if not view.pair:
        pairs = [name for name in _views_for(figure.layer) if VIEWS[name].pair]
        others = (", or choose ", *_alternatives(pairs)) if pairs else ()
        yield Problem("beside", MISSING, rule(f"the {view.name} view shows one layer; leave it out", *others))
    elif not view.suits(beside):
        words = f"the {view.name} view cannot draw it: {beside.describe()[:-1]}"
        yield Problem("beside", MISSING, words)


def _unsuited(figure: Figure, view: View) -> Problem:
    """What to say where the view cannot draw the layer."""
    layer = figure.layer
    fitting = list(_views_for(layer))
    if layer.ndim not in view.dimensions and not fitting:
        most = max(max(other.dimensions) for other in VIEWS.values())
        words = f"has {AXES[layer.ndim]}, and views draw {AXES[most]} at most; leave some out"
        return Problem("input_size", layer.input_size, words)
    if not isinstance(layer, view.layers):
        can, this = _titles(view.layers), layer.title
    elif layer.ndim not in view.dimensions:
        can, this = f"layers of {_axes(view.dimensions)}", f"a layer of {AXES[layer.ndim]}"
    elif layer.copies and not view.copies:
        can, this = "padding of zeros", "padding that copies the input"
    else:
        can, this = "layers of one channel", f"one with {listed(layer.channels.details())}"
    remedy = f"; choose {either(fitting)}" if fitting else ""
    return Problem("view", figure.view, f"draws {can} only, and this is {this}{remedy}")


def _views_for(layer: Layer) -> Iterator[str]:
    """The names of all views that suit a layer."""
    return (name for name, view in VIEWS.items() if view.suits(layer))


def _option_names(view: View) -> list[str]:
    return [declared.option.name for declared in view.options]


def _titles(layers: tuple[type[Layer], ...]) -> str:
    """The kinds of layers that some stand for."""
    return listed([kind.title for kind in LAYERS.values() if issubclass(kind, layers)])


def _axes(dimensions: Iterable[int]) -> str:
    return either(AXES[count] for count in dimensions)


def _alternatives(views: Sequence[str]) -> Iterator[str | Mention]:
    """Some views to choose from."""
    for number, name in enumerate(views):
        if number:
            yield " or " if number == len(views) - 1 else ", "
        yield Mention("view", name)


def _chosen_frames(figure: Figure, frames: int) -> range:
    """The frames that the figure wants of so many.

    Raises:
        InputError: there are none.
    """
    start, _, stop = (figure.frame_range or ":").partition(":")
    within = slice(int(start) if start else None, int(stop) if stop else None)
    chosen = range(frames)[within][:: figure.every]
    if not chosen:
        words = f"holds none of the figure's frames, which are 0 to {frames - 1:,}"
        raise wrong("frame_range", figure.frame_range, words)
    return chosen


def _count(frames: range) -> int:
    """How many; `len` cannot count those of an absurd figure."""
    return (frames[-1] - frames[0]) // frames.step + 1


def _bounds(figure: Figure, drawing: Drawing) -> Box:
    """The drawing's box, with room for words; widened evenly where these are wider."""
    box, captions = drawing.box, {act.caption for act in drawing.acts if act.caption}
    title = TITLE_EM * width_of(plain(figure.title), serif_too=True) if figure.title else 0.0
    widths = (width for lines in captions for width in (_labelled_width(lines), *map(_width, lines)))
    widest = CAPTION_EM * max(widths, default=0.0)
    footing = max((act.footing.least for act in drawing.acts if act.footing), default=0.0)
    aside = max(0.0, title, widest, footing, box.right - box.left) / 2
    middle = (box.left + box.right) / 2
    below = max((CAPTION_ROOM + sum(map(_height, lines)) for lines in captions), default=0.0)
    bottom = box.bottom + _footing_room(drawing) + below
    return Box(middle - aside, box.top - (TITLE_ROOM if figure.title else 0), middle + aside, bottom)


def _footing_room(drawing: Drawing) -> float:
    """The cells that lines between the drawing and its caption take."""
    return FOOTING_ROOM if any(act.footing for act in drawing.acts) else 0.0


def _height(line: CaptionLine) -> float:
    """The height of a line of a caption, in cells."""
    return CAPTION_EM * (formulas.height(line) if isinstance(line, Equation) else formulas.LOW)


def _width(line: CaptionLine) -> float:
    """The width of a line of a caption, in em."""
    if isinstance(line, Equation):
        return formulas.width(line)
    sentences = line.sentences if isinstance(line, Finding) else (line,)
    return max(width_of(plain(str(sentence)), serif_too=True) for sentence in sentences)


def _title(figure: Figure, bounds: Box) -> Iterator[Track]:
    if figure.title is not None:
        at = ((bounds.left + bounds.right) / 2, bounds.top + TITLE_EM * 0.6)
        title = Text.of(at, figure.title, TITLE_EM, bounds.right - bounds.left, "words")
        yield Track.still("title", lambda: (title,))


def _footings(drawing: Drawing, bounds: Box) -> Iterator[Track]:
    """A track for each act that has a line below the drawing."""
    middle = ((bounds.left + bounds.right) / 2, drawing.box.bottom + FOOTING_DROP)
    width, start = bounds.right - bounds.left, 0
    for act in drawing.acts:
        if act.footing:
            track = Track("footing", partial(_footing, act.footing, middle, width))
            yield track if len(drawing.acts) == 1 else track.during(start, act.frames)
        start += act.frames


def _footing(footing: Footing, middle: Point, width: float, frame: int) -> Items:
    return footing.draw(frame, middle, width)


def _captions(drawing: Drawing, bounds: Box) -> Iterator[Track]:
    """One track for each caption, over all the acts in a row that share it."""
    captions = [act.caption for act in drawing.acts]
    starts = list(accumulate((act.frames for act in drawing.acts), initial=0))
    changes = [act for act in range(len(captions)) if act == 0 or captions[act] != captions[act - 1]]
    for begin, end in pairwise((*changes, len(captions))):
        if captions[begin]:
            under = drawing.box.bottom + _footing_room(drawing)
            top = ((bounds.left + bounds.right) / 2, under + CAPTION_ROOM)
            track = Track("caption", partial(_caption, captions[begin], top), static=True)
            whole = (begin, end) == (0, len(captions))
            yield track if whole else track.during(starts[begin], starts[end] - starts[begin])


def _caption(lines: tuple[CaptionLine, ...], top: Point, frame: int) -> Items:
    """The lines of a caption below each other; the same in every frame."""
    items: Items = ()
    x, y = top
    sign = max(map(_before, lines)) - _labelled_width(lines) / 2
    for line in lines:
        middle = (x, y + _height(line) / 2)
        if isinstance(line, Equation):
            items += formulas.items(line, middle, CAPTION_EM, sign - _before(line) if line.label else None)
        else:
            items += (Text.of(middle, str(line), CAPTION_EM, _width(line) * CAPTION_EM, "words"),)
        y += _height(line)
    return items


def _before(line: CaptionLine) -> float:
    """The width up to where a line is aligned with others, in em."""
    return formulas.before(line) if isinstance(line, Equation) else 0.0


def _labelled_width(lines: tuple[CaptionLine, ...]) -> float:
    """The width of the lines that are aligned, in em: they are centred together."""
    after = [_width(line) - _before(line) for line in lines if _before(line)]
    return max(map(_before, lines)) + max(after, default=0.0)


def _durations(figure: Figure, drawing: Drawing) -> tuple[int, ...]:
    """Milliseconds of each frame; the last one is held longer."""
    times = [max(SHORTEST_FRAME, round(figure.frame_ms * act.share)) for act in drawing.acts for _ in range(act.frames)]
    return (*times[:-1], times[-1] + figure.hold_ms)


def _over_budget(figure: Figure, frames: int, bounds: Box) -> Iterator[Problem]:
    if frames > figure.max_frames:
        words = f"the figure has {frames:,} frames; raise it to allow that many, or draw fewer: "
        yield Problem("max_frames", figure.max_frames, rule(words, Mention("frame_range"), " or ", Mention("every")))
    width, height = pixel_size(bounds, figure.cell_pixels)
    yield from too_large(figure, width, height, "a frame")


def too_large(figure: Figure, width: int, height: int, what: str, remedy: Rule = SMALLER) -> Iterator[Problem]:
    """The problem with an image of that size, if there is one."""
    parts = (remedy,) if isinstance(remedy, str) else remedy
    size = f"{what} would be {width:,} x {height:,} pixels"
    if max(width, height) > LONGEST_SIDE:
        words = rule(f"{size}, the longest side can be {LONGEST_SIDE:,}; ", *parts)
        yield Problem("cell", figure.cell, words)
    elif width * height > figure.max_pixels:
        yield Problem("max_pixels", figure.max_pixels, rule(f"{size}; ", *parts, ", or raise it"))
