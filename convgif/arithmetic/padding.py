"""Padding as the frameworks define it: cells before and after an axis, words that stand for them, and what they hold.

PyTorch says `valid` and `same`, ONNX says `same_upper` and `same_lower`; what TensorFlow and Keras call same is
`same_upper`, and Keras says `causal`.

>>> padding_of("same_upper", input_size=5, span=2, stride=2), padding_of("same_lower", 5, 2, 2)
((0, 1), (1, 0))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from convgif.options import LARGEST_SIZE

Pair = tuple[int, int]
"""Cells before the first element of an axis, and after its last."""
Padding = tuple[int, ...] | tuple[Pair, ...] | str
"""The padding that a layer was given: one number an axis, or one pair an axis where one differs, or a word."""


class PaddingWord(NamedTuple):
    """A word for padding: what it comes to along an axis, and the formula that says so.

    `cells` takes the size of the input, the span of the kernel and the stride; so does `formula`, which gives text.
    """

    cells: Callable[[int, int, int], Pair]
    letters: str
    formula: Callable[[int, int, int], str]


def covering(input_size: int, span: int, stride: int) -> int:
    """The cells with which there is a window for every `stride` elements of the input, the last ones included.

    >>> covering(5, span=3, stride=2), covering(6, span=3, stride=2), covering(6, span=1, stride=2)
    (2, 1, 0)
    """
    return max((-(-input_size // stride) - 1) * stride + span - input_size, 0)


def _halves(total: int) -> Pair:
    return total // 2, total - total // 2


COVERING: Final = "max((ceil(i/s) - 1)s + d(k - 1) + 1 - i, 0)"
REACH: Final = "d(k - 1)"


def _covering_text(input_size: int, span: int, stride: int) -> str:
    return f"max((ceil({input_size}/{stride}) - 1)*{stride} + {span} - {input_size}, 0)"


def _reach_text(input_size: int, span: int, stride: int) -> str:
    return f"{span} - 1"


WORDS: Final[Mapping[str, PaddingWord]] = {
    "valid": PaddingWord(lambda i, span, s: (0, 0), "none", lambda i, span, s: "0"),
    "same": PaddingWord(lambda i, span, s: _halves(span - 1), REACH, _reach_text),
    "same_upper": PaddingWord(lambda i, span, s: _halves(covering(i, span, s)), COVERING, _covering_text),
    "same_lower": PaddingWord(lambda i, span, s: _halves(covering(i, span, s))[::-1], COVERING, _covering_text),
    "causal": PaddingWord(lambda i, span, s: (span - 1, 0), REACH, _reach_text),
}
"""The words, and what each comes to."""
ANY_STRIDE: Final = ("valid", "same_upper", "same_lower")
"""The words that say the same for all kinds of windows."""


def padding_of(word: str, input_size: int, span: int, stride: int) -> Pair:
    """What a word comes to along an axis, for a kernel that spans so many elements.

    >>> padding_of("same", 5, span=4, stride=1), padding_of("causal", 5, span=5, stride=1)
    ((1, 2), (4, 0))
    """
    return WORDS[word].cells(input_size, span, stride)


def both_sides(padding: int | Pair) -> Pair:
    """The cells before and after, where one number stands for both.

    >>> both_sides(1), both_sides((0, 2))
    ((1, 1), (0, 2))
    """
    return (padding, padding) if isinstance(padding, int) else padding


def given_as(pads: Sequence[Pair]) -> int | tuple[int, ...] | tuple[Pair, ...]:
    """Padding as people give it: one number, or one an axis, where that is enough.

    >>> given_as([(1, 1), (1, 1)]), given_as([(1, 1), (2, 2)]), given_as([(1, 1), (0, 2)])
    (1, (1, 2), ((1, 1), (0, 2)))
    """
    if any(before != after for before, after in pads):
        return tuple(pads)
    return pads[0][0] if len({*pads}) == 1 else tuple(before for before, _ in pads)


class PaddingMode(NamedTuple):
    """What padding holds: for a place beside an axis of so many elements the one that it copies, or None.

    `most` is the largest padding for that size.
    """

    copied: Callable[[int, int], int | None]
    most: Callable[[int], int]
    words: str
    """What padding of this mode does, after `which`."""
    limit: str = ""
    """What the largest padding is, in words."""


def _mirrored(place: int, size: int) -> int:
    return -place if place < 0 else 2 * (size - 1) - place


def _unlimited(size: int) -> int:
    return LARGEST_SIZE


ZEROS: Final = "zeros"
MODES: Final[Mapping[str, PaddingMode]] = {
    ZEROS: PaddingMode(lambda place, size: None, _unlimited, "is zero"),
    "reflect": PaddingMode(
        _mirrored, lambda size: size - 1, "mirrors the input at its border elements", "one less than the input has"
    ),
    "replicate": PaddingMode(lambda place, size: min(max(place, 0), size - 1), _unlimited, "repeats border elements"),
    "circular": PaddingMode(
        lambda place, size: place % size, lambda size: size, "goes on at the other end", "as much as the input has"
    ),
}
"""PyTorch's modes.

>>> [MODES[mode].copied(-2, 5) for mode in MODES]
[None, 2, 0, 3]
"""
