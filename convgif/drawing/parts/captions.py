"""Words around a drawing: the names of its planes, and what captions say."""

from __future__ import annotations

from math import ceil
from typing import Final, NamedTuple

from convgif.arithmetic.phases import Phase, numbered
from convgif.arithmetic.sentences import by, spoken
from convgif.drawing.metrics import width_of
from convgif.drawing.parts.numerals import Runs, plain
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Anchor, Box, Point, Text, Track
from convgif.drawing.timeline import CaptionLine
from convgif.figure import Figure

NAME_EM: Final = 0.48
NOTE_EM: Final = 0.42
NAME_DROP: Final = 0.55
"""Cells from a plane down to the middle of its name."""
NOTE_DROP: Final = 0.5
"""Cells from a name down to the note under it."""
NAMES_APART: Final = 0.3
"""Cells between the names of planes that lie side by side."""
TEXT_HEIGHT: Final = 1.3
"""Em that a line of words takes at most, above and below its middle together."""


class Name(NamedTuple):
    """The name of a plane, with a note under it; only the note is written in a figure without labels."""

    runs: Runs
    at: Point
    note: str = ""
    anchor: Anchor = "middle"

    @classmethod
    def under(cls, runs: Runs, box: Box, note: str = "") -> Name:
        """The name of the plane that fills a box, below it."""
        return cls(runs, ((box.left + box.right) / 2, box.bottom + NAME_DROP), note)

    def texts(self, figure: Figure) -> tuple[Text, ...]:
        """What is written of it in that figure."""
        x, y = self.at

        def line(runs: Runs, y: float, em: float) -> Text:
            return Text((x, y), runs, em, width_of(runs, serif_too=True) * em, "words", self.anchor)

        name = (line(self.runs, y, NAME_EM),) if figure.labels else ()
        note = (line(plain(self.note), y + NOTE_DROP * figure.labels, NOTE_EM),) if self.note else ()
        return (*name, *note)


def name_texts(figure: Figure, *names: Name) -> tuple[Text, ...]:
    """The names of a figure's planes, as far as it has them written."""
    return tuple(text for name in names for text in name.texts(figure))


def name_width(figure: Figure, noun: str, note: str) -> float:
    """The width of a plane's name and of the note under it, in cells; where nothing is written, it takes no room."""
    return max((text.width for text in name_texts(figure, Name(plain(noun), (0, 0), note))), default=-NAMES_APART)


def beside(box: Box, gap: float, wide: float, other: float, cols: float) -> float:
    """Where a plane of so many columns begins to the right of one that fills a box.

    That is `gap` cells away from it, or whole cells more, so that their names, which are so `wide` and as wide as the
    `other`, keep apart.

    >>> box = Box(0, 0, 2, 2)
    >>> beside(box, 1, wide=2, other=2, cols=1), beside(box, 1, wide=4, other=2, cols=1)
    (3, 4)
    """
    begin = box.right + gap
    apart = (box.left + box.right) / 2 + (wide + other) / 2 + NAMES_APART - cols / 2
    return begin + max(0, ceil(apart - begin))


def box_of(text: Text) -> Box:
    """Where a text is, at most."""
    left = {"start": 0.0, "middle": text.width / 2, "end": text.width}[text.anchor]
    (x, y), high = text.at, text.size * TEXT_HEIGHT / 2
    return Box(x - left, y - high, x - left + text.width, y + high)


def words_track(*texts: Text) -> tuple[Track, ...]:
    """Texts that stay, on a track of their own if there are any."""
    return (Track.still("words", lambda: texts),) if texts else ()


def sizes_note(subject: Subject, noun: str) -> str:
    """What is written under the name of a map if sizes are wanted: its own, and what is done with it.

    A kernel that slides turned has stride 1, whatever that of its layer: it is asked for as "Window".

    >>> from convgif.arithmetic import Conv
    >>> subject = Subject.of(Figure(Conv(4, 2, 2, 1), view="flat", sizes=True))
    >>> [sizes_note(subject, noun) for noun in ("Input", "Kernel", "Output")]
    ['4x4, padding 1', '2x2, stride 2', '3x3']
    """
    layer = subject.source
    if not subject.wants("sizes"):
        return ""
    sizes = {"Input": layer.input_size, "Output": layer.output_size}
    told = [by(sizes.get(noun, layer.kernel_size))]
    if noun == "Kernel" and {*layer.stride} != {1}:
        told.append(f"stride {spoken(layer.stride)}")
    if noun == ("Output" if layer.turned else "Input") and any(layer.padding):
        told.append(f"padding {spoken(layer.padding)}")
    return ", ".join(told)


def size_caption(subject: Subject) -> tuple[CaptionLine, ...]:
    """The output size from letters to numbers, if the figure has captions: one line, or more where axes differ."""
    return subject.source.derivation() if subject.figure.caption else ()


def phase_caption(phase: Phase, number: int | None = None) -> tuple[CaptionLine, ...]:
    """What is said during a phase of the construction, after its number if one is given.

    >>> from convgif.arithmetic import ConvTranspose
    >>> first, *_ = ConvTranspose(3, 3, 2).phases()
    >>> words, equation = phase_caption(first)
    >>> words, equation.text, phase_caption(first, 1)[0]
    ('The input', 'i = 3', '1. The input')
    """
    head = "" if number is None else f"{number}. "
    return f"{head}{phase.words[0].upper()}{phase.words[1:]}", *phase.equations


def sliding_caption(subject: Subject) -> tuple[CaptionLine, ...]:
    """What is said while the kernel slides; it must be said if weights are seen that are turned."""
    source = subject.source
    if subject.wants("prologue"):
        *_, (number, last) = numbered(source.phases())
        return phase_caption(last, number)
    seen = subject.numbered and source.has_weight and not subject.wants("kernel_map")
    turned = (f"The weights are {source.turning}",) if seen and source.turned else ()
    return (*size_caption(subject), *turned)
