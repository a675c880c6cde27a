"""What convolution and pooling share: a window that slides over the padded input itself."""

from __future__ import annotations

from collections.abc import Iterator

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.formula import Floor, Formula, formula
from convgif.arithmetic.layer import Layer
from convgif.arithmetic.sentences import by, short, slices
from convgif.errors import Mention, Problem, rule


class Sliding(Layer):
    """A layer whose canvas is its padded input."""

    def axis(self, direction: int) -> Axis:
        """The arithmetic along one axis."""
        return Axis.direct(
            self.input_size[direction],
            self.kernel_size[direction],
            self.stride[direction],
            self.padding[direction],
            self.dilation[direction],
        )

    @property
    def relation(self) -> Formula:
        """The output size in the guide's letters: its relationships 6 and 15."""
        span = "d(k - 1) - 1" if self.dilated else "k"
        return formula("o = ", Floor(f"i + 2p - {span}", "s"), " + 1")

    def worked(self, direction: int) -> Formula:
        """The right side of `relation` with the numbers of one axis put in."""
        i, p, s = self.input_size[direction], self.padding[direction], self.stride[direction]
        k, d = self.kernel_size[direction], self.dilation[direction]
        span = f"{d}*{k - 1} - 1" if self.dilated else str(k)
        return formula(Floor(f"{i} + {2 * p} - {span}", str(s)), " + 1")

    def allows(self, padding: tuple[int, ...]) -> bool:
        """Whether this kind of layer may have that padding."""
        return True

    def misfits(self) -> Iterator[Problem]:
        """What is wrong between sizes that are each right: the window must fit the padded input."""
        lack = tuple(max(0, axis.span - axis.canvas_size) for axis in self.axes)
        if any(lack):
            room = tuple(p + -(-few // 2) for p, few in zip(self.padding, lack, strict=True))
            fits = (
                (Mention("padding", short(room)), " would fit")
                if self.allows(room)
                else ("no padding allowed would fit",)
            )
            words = (
                f"does not fit: it spans {by([axis.span for axis in self.axes])}, the padded input has "
                f"{by(self.canvas_size)}, {slices(lack)} too few; "
            )
            yield Problem("kernel_size", self.kernel_size, rule(words, *fits))
