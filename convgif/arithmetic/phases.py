"""How the canvas of a layer comes about, phase by phase, and then the kernel slides over it.

A transposed convolution becomes a direct one in four phases, as the guide's relationship 14 has it.

>>> from convgif.arithmetic import ConvTranspose
>>> for phase in ConvTranspose(input_size=3, kernel_size=3, stride=2, padding=1).phases():
...     print(f"{phase.name}: {'; '.join(equation.text for equation in phase.equations)}")
input: i = 3
zeros: z = s - 1 = 2 - 1 = 1; i + z(i - 1) = 3 + 1*(3 - 1) = 5
padding: p' = k - 1 - p = 3 - 1 - 1 = 1; i + z(i - 1) + 2p' = 5 + 2*1 = 7
kernel: o = i + z(i - 1) + 2p' - (k - 1) = 7 - (3 - 1) = 5
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from convgif.arithmetic.formula import Equation, formula
from convgif.arithmetic.sentences import Sentence


class Phase(NamedTuple):
    """One step of the construction: what it is about, its formula worked out, and what happens.

    Its equations end with the size that there is by then; the last phase has one for each axis where they differ.
    `canvas` is the part of the canvas that is there by
    then, one range of indices an axis, and reaches beyond the canvas where a crop is still to come; None as long as
    the input's elements lie side by side, with no canvas around them.

    Letters are the guide's: i input, k kernel, s stride, p padding, d dilation, a output padding, o output; z zeros
    inserted and p' padding of the equivalent direct convolution. A tuple stands for one number an axis.
    """

    name: str
    equations: tuple[Equation, ...]
    words: Sentence
    canvas: tuple[range, ...] | None


def phase(name: str, equations: Sequence[str], words: Sentence, canvas: tuple[range, ...] | None) -> Phase:
    """A phase with equations of plain text.

    >>> phase("input", ["i = 3"], Sentence("the input"), None).equations[0].text
    'i = 3'
    """
    return Phase(name, tuple(Equation(formula(equation)) for equation in equations), words, canvas)


def numbered(phases: Sequence[Phase]) -> Iterator[tuple[int, Phase]]:
    """Phases with their numbers, from 1 on; output padding belongs to the padding before it."""
    number = 0
    for each in phases:
        number += each.name != "output padding"
        yield number, each
