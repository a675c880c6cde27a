"""Words around a drawing: the names of its planes, and what captions say."""

from __future__ import annotations

from math import ceil
from typing import Final, NamedTuple

from convgif.arithmetic.layer import Layer
from convgif.arithmetic.phases import Phase, numbered
from convgif.arithmetic.sentences import Sentence, Words, by, spoken
from convgif.drawing.metrics import width_of
from convgif.drawing.parts.numerals import Runs, plain
from convgif.drawing.parts.subject import Subject
from convgif.drawing.scene import Anchor, Box, Point, Text, Track
from convgif.drawing.timeline import CaptionLine
from convgif.figure import Figure
from convgif.languages import Language
from convgif.registry import LANGUAGES

INPUT: Final = Sentence("Input")
KERNEL: Final = Sentence("Kernel")
OUTPUT: Final = Sentence("Output")
"""The names of maps."""
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


def told(figure: Figure, words: Words) -> str:
    """Words in the figure's language.

    >>> from convgif.arithmetic import Conv
    >>> told(Figure(Conv(4, 2), language="fr"), INPUT)
    'Entrée'
    """
    language: Language = LANGUAGES[figure.language]
    return language.told(words)


class Name(NamedTuple):
    """The name of a plane, with a note under it; only the note is written in a figure without labels."""

    name: Words | Runs
    at: Point
    note: Words = ""
    anchor: Anchor = "middle"

    @classmethod
    def under(cls, name: Words | Runs, box: Box, note: Words = "") -> Name:
        """The name of the plane that fills a box, below it."""
        return cls(name, ((box.left + box.right) / 2, box.bottom + NAME_DROP), note)

    def texts(self, figure: Figure) -> tuple[Text, ...]:
        """What is written of it in that figure."""
        x, y = self.at

        def line(runs: Runs, y: float, em: float) -> Text:
            return Text((x, y), runs, em, width_of(runs, serif_too=True) * em, "words", self.anchor)

        runs = self.name if isinstance(self.name, tuple) else plain(told(figure, self.name))
        name = (line(runs, y, NAME_EM),) if figure.labels else ()
        note = (line(plain(told(figure, self.note)), y + NOTE_DROP * figure.labels, NOTE_EM),) if self.note else ()
        return (*name, *note)


def name_texts(figure: Figure, *names: Name) -> tuple[Text, ...]:
    """The names of a figure's planes, as far as it has them written."""
    return tuple(text for name in names for text in name.texts(figure))


def name_width(figure: Figure, name: Sentence, note: Words) -> float:
    """The width of a plane's name and of the note under it, in cells; where nothing is written, it takes no room."""
    return max((text.width for text in name_texts(figure, Name(name, (0, 0), note))), default=-NAMES_APART)


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


def sizes_note(subject: Subject, name: Sentence, stride: bool = True) -> Words:
    """What is written under the name of a map if sizes are wanted: its own, and what is done with it.

    A kernel that slides turned has stride 1, whatever that of its layer: it is asked for without its `stride`.

    >>> from convgif.arithmetic import Conv
    >>> subject = Subject.of(Figure(Conv(4, 2, 2, 1), view="flat", sizes=True))
    >>> [str(sizes_note(subject, name)) for name in (INPUT, KERNEL, OUTPUT)]
    ['4x4, padding 1', '2x2, stride 2', '3x3']
    """
    layer = subject.source
    if not subject.wants("sizes"):
        return ""
    shapes = {INPUT: layer.input_shape, KERNEL: layer.weight_shape, OUTPUT: layer.output_shape}
    size = by(shapes[name])
    if name == KERNEL and stride and {*layer.stride} != {1}:
        return both(size, Sentence("stride {stride}", stride=spoken(layer.stride)))
    if name == (OUTPUT if layer.turned else INPUT) and layer.padded:
        return both(size, Sentence("padding {padding}", padding=layer.padding_words))
    return size


def both(first: Words, second: Words) -> Words:
    """Two notes as one; either may be empty.

    >>> str(both("4x4", Sentence("padding {padding}", padding="1"))), both("4x4", "")
    ('4x4, padding 1', '4x4')
    """
    return Sentence("{first}, {second}", first=first, second=second) if first and second else first or second


def layer_name(layer: Layer) -> Sentence:
    """What kind of layer it is, as a heading."""
    return Sentence(layer.title).capitalized()


def layer_caption(layer: Layer) -> Sentence:
    """A layer in short: its kind, and the sizes from which it leads to which.

    >>> from convgif.arithmetic import Conv
    >>> str(layer_caption(Conv(4, 3)))
    'Convolution: 4x4 to 2x2'
    """
    sizes = {"input": by(layer.input_size), "output": by(layer.output_size)}
    return Sentence("{layer}: {input} to {output}", layer=layer_name(layer), **sizes)


def size_caption(subject: Subject) -> tuple[CaptionLine, ...]:
    """The output size from letters to numbers, if the figure has captions: one line, or more where axes differ."""
    return subject.source.derivation() if subject.figure.caption else ()


def phase_caption(phase: Phase, number: int | None = None) -> tuple[CaptionLine, ...]:
    """What is said during a phase of the construction, after its number if one is given.

    >>> from convgif.arithmetic import ConvTranspose
    >>> first, *_ = ConvTranspose(3, 3, 2).phases()
    >>> words, equation = phase_caption(first)
    >>> str(words), equation.text, str(phase_caption(first, 1)[0])
    ('The input', 'i = 3', '1. The input')
    """
    words = phase.words.capitalized()
    if number is not None:
        words = Sentence("{number}. {words}", number=str(number), words=words)
    return words, *phase.equations


def sliding_caption(subject: Subject) -> tuple[CaptionLine, ...]:
    """What is said while the kernel slides; it must be said if weights are seen that are turned."""
    source = subject.source
    if subject.wants("prologue"):
        *_, (number, last) = numbered(source.phases())
        return phase_caption(last, number)
    seen = subject.numbered and source.has_weight and not subject.wants("kernel_map")
    turned = (Sentence("The weights are {turning}", turning=source.turning),) if seen and source.turned else ()
    return (*size_caption(subject), *turned)
