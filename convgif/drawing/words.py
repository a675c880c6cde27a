"""Words around a drawing: the names of maps, captions, formulas set as mathematics.

>>> tex("o = floor((5 + 2*1 - 3)/2) + 1 = 3")
'$o = \\\\left\\\\lfloor\\\\dfrac{5 + 2 \\\\cdot 1 - 3}{2}\\\\right\\\\rfloor + 1 = 3$'
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from convgif.arithmetic import Layer
from convgif.arithmetic.construction import Phase, construction
from convgif.drawing.scene import Anchor, Box, Point, Text, Track
from convgif.drawing.theme import theme_of
from convgif.figure import Figure

NAME_EM: Final = 0.48
NOTE_EM: Final = 0.38
NAME_DROP: Final = 0.55
"""Cells from a map down to the middle of its name."""
NOTE_DROP: Final = 0.5
"""Cells from a name down to the note under it."""
TURNED: Final = "turned by 180°"


class Name(NamedTuple):
    """The name of a map, with a note under it; only the note is written in a figure without labels."""

    text: str
    at: Point
    note: str = ""
    anchor: Anchor = "middle"
    math: bool = False

    @classmethod
    def under(cls, text: str, box: Box, note: str = "", *, math: bool = False) -> Name:
        """The name of the map that fills a box, below it."""
        return cls(text, ((box.left + box.right) / 2, box.bottom + NAME_DROP), note, math=math)

    def texts(self, figure: Figure) -> tuple[Text, ...]:
        """What is written of it in that figure."""
        theme, (x, y) = theme_of(figure), self.at

        def line(text: str, y: float, em: float, math: bool) -> Text:
            return Text((x, y), text, em, reach(text, math=math) * em, theme.text, theme.words, self.anchor, math)

        name = (line(self.text, y, NAME_EM, self.math),) if figure.labels else ()
        note = (line(self.note, y + NOTE_DROP * figure.labels, NOTE_EM, False),) if self.note else ()
        return (*name, *note)


def names(figure: Figure, *all_names: Name) -> tuple[Text, ...]:
    """The names of a figure's maps, as far as it has them written."""
    return tuple(text for name in all_names for text in name.texts(figure))


def box_of(text: Text) -> Box:
    """Where a text is, at most."""
    left = {"start": 0.0, "middle": text.width / 2, "end": text.width}[text.anchor]
    (x, y), high = text.at, text.size * 0.65
    return Box(x - left, y - high, x - left + text.width, y + high)


def reach(text: str, *, math: bool) -> float:
    """The width of a text in em, rather too much than too little."""
    if not math:
        return sum(map(_advance, text))
    seen = re.sub(r"\\dfrac{(.*?)}{(.*?)}", r"\1", text)
    seen = re.sub(r"\\left|\\right|[{}$]", "", seen)
    seen = re.sub(r"\\[a-z]+", "+", seen)
    return sum(map(_advance, seen))


def _advance(character: str) -> float:
    if character in " .,:;'|ijlftr()[]I-°":
        return 0.42
    if character in "mwMW%@—" or ord(character) > 0x2E80:
        return 1.06
    return 0.68 if character.islower() or character.isdigit() else 0.88


def tex(formula: str) -> str:
    """A formula of plain text as mathematics."""
    formula = re.sub(r"floor\(\((.*)\)/(\w+)\)", r"\\left\\lfloor\\dfrac{\1}{\2}\\right\\rfloor", formula)
    product = r" \cdot "
    return f"${formula.replace('*', product)}$"


def worked(layer: Layer) -> tuple[str, ...]:
    """The output size worked out: one line, or one for each direction."""
    return _lines(layer.formula())


def told(phase: Phase) -> tuple[str, ...]:
    """What is said during a phase of the construction.

    >>> told(Phase("zeros", "z = s - 1 = 2 - 1 = 1", "zeros between"))
    ('Zeros between', '$z = s - 1 = 2 - 1 = 1$')
    """
    return phase.words[0].upper() + phase.words[1:], *_lines(phase.formula)


def _lines(formula: str) -> tuple[str, ...]:
    """A formula, or one for each direction, as mathematics."""
    parts = (part.rpartition(": ") for part in formula.split("; "))
    return tuple(direction + colon + tex(equation) for direction, colon, equation in parts)


def caption(figure: Figure) -> tuple[str, ...]:
    """What is said while the kernel slides; it must be said if weights are seen that are turned."""
    layer = figure.layer
    if figure.prologue:
        return told(construction(layer)[-1])
    lines = worked(layer) if figure.caption else ()
    seen = figure.numbered and layer.has_kernel_values and not figure.kernel_map
    return (*lines, f"The weights are {TURNED}.") if seen and layer.rows.turned else lines


def track(*texts: Text) -> tuple[Track, ...]:
    """Texts that stay, on a track of their own if there are any."""
    return (Track.still("words", lambda: texts),) if texts else ()
