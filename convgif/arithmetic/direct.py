"""What convolution and pooling share: a window that slides over the padded input itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from convgif.arithmetic.axis import Axis
from convgif.arithmetic.layer import Layer, by, missing, spoken
from convgif.errors import Problem


@dataclass(frozen=True, init=False)
class Direct(Layer):
    """A layer whose canvas is its padded input."""

    @property
    def relation(self) -> str:
        """The output size in the guide's letters: its relationships 6 and 15."""
        return f"o = floor((i + 2p - {self._span_letters})/s) + 1"

    def _axis(self, direction: int) -> Axis:
        return Axis.direct(
            self.input_size[direction],
            self.kernel_size[direction],
            self.stride[direction],
            self.padding[direction],
            self.dilation[direction],
        )

    def _worked(self, direction: int) -> str:
        i, p, s = self.input_size[direction], self.padding[direction], self.stride[direction]
        return f"floor(({i} + 2*{p} - {self._worked_span(direction)})/{s}) + 1"

    def _allows(self, padding: tuple[int, ...]) -> bool:
        """Whether the layer may have that padding."""
        return self.has_kernel_values or all(p <= k // 2 for p, k in zip(padding, self.kernel_size, strict=True))

    def _misfits(self) -> Iterator[Problem]:
        axes = (self.rows, self.cols)
        lack = tuple(max(0, axis.span - axis.canvas_size) for axis in axes)
        if any(lack):
            room = tuple(p + -(-short // 2) for p, short in zip(self.padding, lack, strict=True))
            remedy = f"; padding = {spoken(room)} would fit" if self._allows(room) else "; no padding allowed would fit"
            yield Problem(
                "kernel_size",
                self.kernel_size,
                f"does not fit: it spans {by((axes[0].span, axes[1].span))}, the padded input has "
                f"{by(self.canvas_size)}, {missing(lack)} too few{remedy}",
            )
