"""What convolution and pooling share: a window that slides over the padded input itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.formula import Floor, Formula, Piece, formula
from convgif.arithmetic.layer import Layer
from convgif.arithmetic.padding import Pair, given_as
from convgif.arithmetic.sentences import by, slices
from convgif.errors import Mention, Problem, rule


class Sliding(Layer):
    """A layer whose canvas is its padded input."""

    def axis(self, direction: int) -> Axis:
        """The arithmetic along one axis."""
        return Axis.direct(
            self.input_size[direction],
            self.kernel_size[direction],
            self.stride[direction],
            self.pads[direction],
            self.dilation[direction],
        )

    @property
    def relation(self) -> Formula:
        """The output size in the guide's letters: its relationships 6 and 15."""
        span = "d(k - 1) - 1" if self.dilated else "k"
        starts, padded = ("i + p", "i + 2p") if self.symmetric else ("i + p_1", "i + p_1 + p_2")
        return formula("o = ", *self._windows_in(starts, padded, span, "s"))

    def worked(self, direction: int) -> Formula:
        """The right side of `relation` with the numbers of one axis put in."""
        i, s, (before, after) = self.input_size[direction], self.stride[direction], self.pads[direction]
        k, d = self.kernel_size[direction], self.dilation[direction]
        span = f"{d}*{k - 1} - 1" if self.dilated else str(k)
        padded = f"{i} + {2 * before}" if self.symmetric else f"{i} + {before} + {after}"
        return formula(*self._windows_in(f"{i} + {before}", padded, span, str(s)))

    def _windows_in(self, starts: str, padded: str, span: str, stride: str) -> tuple[Piece, ...]:
        """How many windows lie in a padded input, in letters or in numbers; `starts` is where they may begin."""
        return Floor(f"{padded} - {span}", stride), " + 1"

    def allows(self, pads: Sequence[Pair]) -> bool:
        """Whether this kind of layer may have that padding before and after its axes."""
        return True

    def misfits(self) -> Iterator[Problem]:
        """What is wrong between sizes that are each right: the window must fit the padded input."""
        lack = tuple(axis.lack for axis in self.axes)
        if any(lack):
            room = tuple((b + few // 2, a + -(-few // 2)) for (b, a), few in zip(self.pads, lack, strict=True))
            if self.symmetric:  # as it is given to most frameworks
                room = tuple((after, after) for _, after in room)
            fits = (
                (Mention("padding", given_as(room)), " would fit")
                if self.allows(room)
                else ("no padding allowed would fit",)
            )
            words = (
                f"does not fit: it spans {by([axis.span for axis in self.axes])}, the padded input has "
                f"{by(self.canvas_size)}, {slices(lack)} too few; "
            )
            yield Problem("kernel_size", self.kernel_size, rule(words, *fits))
