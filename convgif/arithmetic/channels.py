"""Channels: how many maps a layer reads and makes, in groups that keep apart, and what each of them adds to the sums.

Channels change no size along an axis. Group by group, each output channel has a kernel of its own, with one map of
weights for every input channel of the group.

>>> channels = Channels(inputs=4, outputs=2, groups=2)
>>> channels.group(1), channels.read(1), channels.depth
(1, range(2, 4), 2)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from convgif.arithmetic.numbers import gathered
from convgif.arithmetic.sentences import counted
from convgif.errors import Mention, Problem, rule
from convgif.options import Integer, Option

if TYPE_CHECKING:
    from convgif.arithmetic.axis import Axis
    from convgif.arithmetic.numbers import Array

IN_CHANNELS: Final = Option("in_channels", Integer(1), "channels of the input", 1, "Layer")
OUT_CHANNELS: Final = Option("out_channels", Integer(1), "channels of the output, each with its own kernel", 1, "Layer")
GROUPS: Final = Option("groups", Integer(1), "groups of channels that keep apart", 1, "Layer")


class Channels(NamedTuple):
    """The channels of a layer; both numbers are multiples of `groups`."""

    inputs: int = 1
    outputs: int = 1
    groups: int = 1

    @property
    def single(self) -> bool:
        """Whether there is one input channel and one output channel."""
        return self.inputs == self.outputs == 1

    @property
    def depth(self) -> int:
        """The input channels that each kernel reads: those of a group."""
        return self.inputs // self.groups

    @property
    def breadth(self) -> int:
        """The output channels that each group makes."""
        return self.outputs // self.groups

    def group(self, output: int) -> int:
        """The group of an output channel."""
        return output // self.breadth

    def read(self, output: int) -> range:
        """The input channels that an output channel is computed from."""
        first = self.group(output) * self.depth
        return range(first, first + self.depth)

    def misfits(self) -> Iterator[Problem]:
        """What is wrong between numbers that are each right."""
        from math import gcd

        if self.inputs % self.groups or self.outputs % self.groups:
            mentions = (Mention(IN_CHANNELS.name, self.inputs), " and ", Mention(OUT_CHANNELS.name, self.outputs))
            most = f"; the largest that does is {gcd(self.inputs, self.outputs)}"
            yield Problem(GROUPS.name, self.groups, rule("must divide ", *mentions, most))

    def details(self) -> list[str]:
        """What `describe` has to add."""
        if self.single:
            return []
        parts = [counted(self.inputs, "input channel"), counted(self.outputs, "output channel")]
        return parts if self.groups == 1 else [*parts, f"{self.groups} groups"]

    @property
    def words(self) -> str:
        """Which input channels a kernel reads.

        >>> Channels(3, 3, 3).words
        '3 in, 3 out; each kernel reads a single input channel'
        """
        if self.depth == 1:
            read = "the single input channel" if self.inputs == 1 else "a single input channel"
        elif self.groups == 1:
            read = f"all {self.inputs} input channels"
        else:
            read = f"the {self.depth} input channels of its group"
        return f"{self.inputs} in, {self.outputs} out; each kernel reads {read}"


SINGLE: Final = Channels()
"""The channels of a layer that says nothing of them."""


def shares(axes: Sequence[Axis], channels: Channels, x: Array, w: Array) -> Array:
    """What each input channel adds to each output element, shape (outputs, depth, *output size).

    Args:
        axes: the arithmetic along every axis.
        channels: how many channels there are.
        x: the input, shape (inputs, *input size).
        w: the kernels, shape (outputs, depth, *kernel size).

    Summed over its second axis, it is the output.
    """
    import numpy as np

    ndim = len(axes)
    taken = np.stack([gathered(axes, own)[0] for own in x])
    sources = np.array([channels.read(output) for output in range(channels.outputs)])
    # einsum numbers the axes: output channel, input channel, those of the output; the kernel's are summed over.
    kept, summed = list(range(2 + ndim)), list(range(2 + ndim, 2 + 2 * ndim))
    found: Array = np.einsum(taken[sources], kept + summed, w, [0, 1, *summed], kept)
    return found
