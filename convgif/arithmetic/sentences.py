"""Sentences that can be translated, and how sizes, cells and lists are written in them, over any number of axes.

>>> str(Sentence("the kernel slides with stride {stride}", stride=spoken((2, 2))))
'the kernel slides with stride 2'
>>> by((3, 4)), by((9,)), spoken((2, 2)), spoken((2, 1)), a_sized((8, 8), "input"), a_sized((9,), "input")
('3x4', '9', '2', '(2, 1)', 'an 8x8 input', 'an input of 9')
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, init=False)
class Sentence:
    """Words that a picture may say in any language: a template in English, and what is put into its braces.

    What is put in may be a sentence itself. As text it is English.

    >>> size = Sentence("{first}, {second}", first="4x4", second=Sentence("padding {padding}", padding="1"))
    >>> french = {"padding {padding}": "remplissage {padding}"}
    >>> size.text, size.told(lambda template: french.get(template, template))
    ('4x4, padding 1', '4x4, remplissage 1')
    """

    template: str
    values: tuple[tuple[str, Words], ...]
    begins: bool
    """Whether its first letter is a capital one, however the template is written."""

    def __init__(self, template: str, begins: bool = False, /, **values: Words) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", tuple(values.items()))
        object.__setattr__(self, "begins", begins)

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self.told(lambda template: template)

    def capitalized(self) -> Sentence:
        """The same with a capital first letter.

        >>> str(Sentence("the input").capitalized())
        'The input'
        """
        return Sentence(self.template, True, **dict(self.values))

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in another language: `translate` gives the template there."""
        values = {name: value.told(translate) if isinstance(value, Sentence) else value for name, value in self.values}
        text = translate(self.template).format_map(values)
        return text[:1].upper() + text[1:] if self.begins else text


Words = Sentence | str
"""Something to say: a sentence, or characters that are the same in all languages."""

LABELS: Final = (Sentence("depth"), Sentence("rows"), Sentence("columns"))
"""What the axes are called; a layer has the last ones of them."""
SLICES: Final = ("plane", "row", "column")
"""What lies side by side along each axis."""


def by(size: Sequence[int]) -> str:
    """A size as people write it.

    >>> by((3, 4))
    '3x4'
    """
    return "x".join(map(str, size))


def short(size: Sequence[int]) -> int | tuple[int, ...]:
    """A size as people give it: one number where it is the same along all axes.

    >>> short((2, 2)), short((2, 1))
    (2, (2, 1))
    """
    return size[0] if len({*size}) == 1 else tuple(size)


def spoken(size: Sequence[int]) -> str:
    """A size in a sentence: one number where it is the same along all axes.

    >>> spoken((2, 2)), spoken((2, 1))
    ('2', '(2, 1)')
    """
    return str(short(size))


def at(cell: Sequence[int]) -> str:
    """A cell in a sentence.

    >>> at((0, 2)), at((4,))
    ('(0, 2)', '4')
    """
    return str(cell[0]) if len(cell) == 1 else str(tuple(cell))


def sized(size: Sequence[int], noun: str) -> str:
    """Something of a size.

    >>> sized((8, 8), "input"), sized((9,), "input")
    ('8x8 input', 'input of 9')
    """
    return f"{by(size)} {noun}" if len(size) > 1 else f"{noun} of {size[0]}"


def a_sized(size: Sequence[int], noun: str) -> str:
    """Something of a size, with its article.

    >>> a_sized((11, 11), "kernel"), a_sized((110, 110), "kernel"), a_sized((9,), "input")
    ('an 11x11 kernel', 'a 110x110 kernel', 'an input of 9')
    """
    text = sized(size, noun)
    vowel = text[0] in "aeiou8" or (text[:2] in ("11", "18") and len(str(size[0])) % 3 == 2)
    return f"{'an' if vowel else 'a'} {text}"


def slices(counts: Sequence[int]) -> str:
    """How many rows and columns, leaving out what there is none of.

    >>> slices((2, 1)), slices((0, 3)), slices((1, 0, 2)), slices((1,))
    ('2 rows and 1 column', '3 columns', '1 plane and 2 columns', '1 cell')
    """
    names = SLICES[-len(counts) :] if len(counts) > 1 else ("cell",)
    return listed([counted(count, name) for count, name in zip(counts, names, strict=True) if count])


def counted(count: int, noun: str) -> str:
    """A count and its noun.

    >>> counted(1, "step"), counted(2, "step")
    ('1 step', '2 steps')
    """
    return f"{count} {noun}{'s' * (count != 1)}"


def listed(words: Sequence[str]) -> str:
    """Words in a list.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def labels(ndim: int) -> tuple[Words, ...]:
    """What tells the axes apart.

    >>> [str(label) for label in labels(2)], labels(1)
    (['rows', 'columns'], ('',))
    """
    return LABELS[-ndim:] if ndim > 1 else ("",)
