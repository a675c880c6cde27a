"""What is drawn: a layer over rows and columns, with the options and the numbers of its figure.

A layer of a single axis is drawn as one row; sentences and formulas are those of the layer as it is.

>>> from convgif.arithmetic import Conv
>>> subject = Subject.of(Figure(Conv((5,), (3,)), view="flat", reveal=True))
>>> subject.layer.input_size, subject.wants("reveal"), subject.wanting("prologue").wants("prologue")
((1, 5), True, True)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from convgif.arithmetic.layer import Cell, Layer, Step
from convgif.drawing.lattice import Pair
from convgif.figure import Figure, Numbers


@dataclass(frozen=True)
class Subject:
    """A layer as a view draws it.

    `source` is the layer as it is. Its numbers are not computed before they are asked for. `options` are those of views
    that are wanted besides the figure's own.
    """

    figure: Figure
    source: Layer
    compute: Callable[[], Numbers | None]
    options: frozenset[str] = frozenset()

    @classmethod
    def of(cls, figure: Figure) -> Subject:
        """What a figure is about."""
        return cls(figure, figure.layer, lambda: figure.numbers)

    def wanting(self, *options: str) -> Subject:
        """The same with some options of views."""
        return replace(self, options=self.options.union(options))

    def wants(self, option: str) -> bool:
        """Whether an option of views is on."""
        return option in self.options or self.figure.wants(option)

    @cached_property
    def layer(self) -> Layer:
        """The layer over rows and columns."""
        return self.source.lifted(2)

    @property
    def numbered(self) -> bool:
        """Whether there are numbers to write into the cells."""
        return self.figure.numbered

    @cached_property
    def numbers(self) -> Numbers | None:
        """The numbers by row and column; None for a figure without numbers."""
        given = self.compute()
        if given is None:
            return None
        layer = self.layer
        weight = None if given.weight is None else given.weight.reshape(layer.kernel_size)
        return Numbers(given.input.reshape(layer.input_size), weight, given.output.reshape(layer.output_size))

    @property
    def steps(self) -> int:
        """How many steps there are to show, each in a frame."""
        return self.layer.step_count

    def step(self, frame: int) -> Step:
        """The step that a frame shows, by row and column."""
        return self._step(frame)

    @cached_property
    def _step(self) -> Callable[[int], Step]:
        # Every track of a frame asks for the same step.
        return lru_cache(maxsize=4)(self.layer.step_at)

    def note(self, frame: int) -> str:
        """What a step reads and gives, in a sentence."""
        return self.source.sentence(self.source.step_at(frame), self.compute())

    def name(self, cell: Cell) -> str:
        """A cell in a sentence.

        >>> from convgif.arithmetic import Conv
        >>> subjects = [Subject.of(Figure(Conv(size, 3))) for size in (5, (5,))]
        >>> [subject.name((0, 3)) for subject in subjects]
        ['row 0, column 3', '3']
        """
        return f"row {cell[0]}, column {cell[1]}" if self.source.ndim > 1 else str(cell[1])


def size_of(size: Cell) -> Pair:
    """A size over two axes."""
    rows, cols = size
    return rows, cols


def cells_of(size: Cell) -> list[Pair]:
    """Every cell of a map of that size, row by row."""
    return [(row, col) for row in range(size[0]) for col in range(size[1])]
