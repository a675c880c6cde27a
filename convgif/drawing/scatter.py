"""A transposed convolution by its own definition: each input element stamps the kernel on the output.

Overlapping stamps add up; at the end the totals, and then what padding cuts from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from convgif.arithmetic import ConvTranspose, Pair
from convgif.arithmetic.scatter import full_size, stamp, stamped
from convgif.drawing.acts import Act, Drawing
from convgif.drawing.grid import FLAT, Block, Lattice
from convgif.drawing.kernel import kernel
from convgif.drawing.maps import Maps
from convgif.drawing.numerals import Lettering, Writing, number
from convgif.drawing.scene import Color, Items, Link, Text, Track
from convgif.drawing.theme import Theme, theme_of
from convgif.drawing.words import Name, box_of, names, worked
from convgif.figure import Figure

NUMBER: Final = Writing(em=0.5, width=0.84)
LETTERING: Final = Lettering(NUMBER, NUMBER, NUMBER, NUMBER)
SUM: Final = Writing(em=0.46, width=0.84)
BROKEN_SUM: Final = Writing(em=0.36, width=0.84)
"""A sum on two lines."""
LONGEST_LINE: Final = 4
"""Characters; a longer sum is broken into two lines."""
LONGEST_SUM: Final = 9
"""Characters; of a longer sum, all terms but the newest are added up."""
GAP: Final = 1.2
"""Cells between two maps, for the sign between them."""
ENDS: Final[dict[str, Callable[[int], str]]] = {
    "totals": lambda frame: "The sums, worked out.",
    "crop": lambda frame: "What padding crops away is hatched.",
    "output": lambda frame: "The output.",
}
"""What is said of the last frames."""


def draw(figure: Figure) -> Drawing:
    """The drawing of a transposed convolution as stamps: input, kernel and output side by side."""
    layer = figure.layer
    assert isinstance(layer, ConvTranspose)
    inputs, weights, output = _in_a_row(layer.input_size, layer.kernel_size, full_size(layer))
    maps, sums = Maps(figure, inputs, output, LETTERING), _Sums(figure, layer, output)
    named = names(
        figure, Name.under("Input", inputs.box), Name.under("Kernel", weights.box), Name.under("Output", output.box)
    )
    middle, theme = (output.box.top + output.box.bottom) / 2, maps.theme
    signs = tuple(
        Text((left.box.right + GAP / 2, middle), sign, 0.6, GAP, theme.text)
        for left, sign in ((inputs, "×"), (weights, "→"))
    )
    still = (
        Track.still("input", lambda: maps.input_cells({at: at for at in _each(layer.input_size)})),
        Track.still("kernel", lambda: kernel(maps, weights)),
        Track.still("words", lambda: (*signs, *named)),
    )
    element = Track("element", lambda frame: maps.taken(divmod(frame, layer.input_size[1])))
    stamps = (Track.still("pending", sums.empty), element, Track("sums", sums.after))
    ends = [Track.still("totals", sums.totals)]
    if layer.padding != (0, 0):
        ends += [Track.still("crop", sums.marked), Track.still("output", sums.kept)]

    def links() -> Iterator[Link]:
        for frame, cell in enumerate(_each(layer.input_size)):
            yield Link(inputs.area(*cell), frame, f"input row {cell[0]}, column {cell[1]}")

    def note(frame: int) -> str:
        row, col = divmod(frame, layer.input_size[1])
        cells = stamp(layer, (row, col)).cells
        return f"Input ({row}, {col}) times the kernel is added to {len(cells)} cells of the output."

    said = worked(layer) if figure.caption else ()
    acts = [
        Act((*still, *stamps), layer.input_size[0] * layer.input_size[1], caption=said, links=links, note=note),
        *(Act((*still, end), 1, caption=said, note=ENDS[end.name]) for end in ends),
    ]
    return Drawing(inputs.box.holding((weights.box, output.box, *map(box_of, named))), tuple(acts))


def _in_a_row(*sizes: Pair) -> Iterator[Lattice]:
    """Maps of those sizes from left to right, centred on one line."""
    height, left = max(rows for rows, _ in sizes), 0.0
    for rows, cols in sizes:
        yield Lattice((rows, cols), FLAT, origin=(left, (height - rows) / 2))
        left += cols + GAP


def _each(size: Pair) -> list[Pair]:
    """Every element, row by row."""
    return [(row, col) for row in range(size[0]) for col in range(size[1])]


@dataclass(frozen=True)
class _Sums:
    """The output map before its crop, as the stamps add up on it."""

    figure: Figure
    layer: ConvTranspose
    lattice: Lattice

    @property
    def theme(self) -> Theme:
        return theme_of(self.figure)

    def empty(self) -> Items:
        """The map before the first stamp."""
        return self._cells([(0, 0, *self.lattice.size)], self.theme.pending)

    def after(self, frame: int) -> Items:
        """All cells that the first stamps have reached, those of the newest one shaded."""
        newest = dict.fromkeys(stamp(self.layer, divmod(frame, self.layer.input_size[1])).cells.values())
        shaded: list[Block] = [(*cell, 1, 1) for cell in newest]
        reached = {cell: terms for cell in self._terms if (terms := self._until(cell, frame))}
        theme = self.theme
        return (
            *self._cells([(*cell, 1, 1) for cell in reached if cell not in newest], theme.output),
            *self._cells(shaded, theme.shadow_on_output, theme.hatch),
            *(
                text
                for cell, terms in reached.items()
                for text in self._sum(cell, terms, theme.text_on_shadow if cell in newest else theme.text)
            ),
        )

    def totals(self) -> Items:
        """What the sums come to; cells that no stamp has reached stay pale."""
        reached = [(*cell, 1, 1) for cell in self._terms]
        return (*self.empty(), *self._cells(reached, self.theme.output), *self._totals(_each(self.lattice.size)))

    def marked(self) -> Items:
        """The same, with the cells hatched that padding crops away."""
        cut = [cell for cell in _each(self.lattice.size) if cell not in self._kept]
        cells: list[Block] = [(*cell, 1, 1) for cell in cut]
        theme = self.theme
        return (
            *self.totals(),
            *self.lattice.fill(cells, theme.pending),
            *self.lattice.hatch(cells, theme.faint),
            *self.lattice.rules(cells, theme.line),
            *self._totals(cut),
        )

    def kept(self) -> Items:
        """The output that is left: the totals without the cells that padding crops away."""
        return (
            *self._cells([(*self.layer.padding, *self.layer.output_size)], self.theme.pending),
            *self._cells([(*cell, 1, 1) for cell in self._terms if cell in self._kept], self.theme.output),
            *self._totals(self._kept),
        )

    @cached_property
    def _kept(self) -> set[Pair]:
        (top, left), (rows, cols) = self.layer.padding, self.layer.output_size
        return {(row, col) for row in range(top, top + rows) for col in range(left, left + cols)}

    def _cells(self, blocks: list[Block], color: Color, hatch: Color | None = None) -> Items:
        lattice = self.lattice
        return (*lattice.fill(blocks, color), *lattice.hatch(blocks, hatch), *lattice.rules(blocks, self.theme.line))

    @cached_property
    def _terms(self) -> dict[Pair, list[tuple[int, Any]]]:
        """What is added to each cell: the number of the stamp, and the product, or None without numbers."""
        values, terms = self.figure.values_drawn, dict[Pair, list[tuple[int, Any]]]()
        for order, element in enumerate(_each(self.layer.input_size)):
            for at, cell in stamp(self.layer, element).cells.items():
                product = None
                if values is not None and values.kernel is not None:
                    with np.errstate(all="ignore"):  # what is too large is written as infinite
                        product = values.input[element] * values.kernel[at]
                terms.setdefault(cell, []).append((order, product))
        return terms

    def _until(self, cell: Pair, frame: int) -> list[Any]:
        """The products that the first stamps have added to a cell."""
        return [product for order, product in self._terms[cell] if order <= frame]

    def _sum(self, cell: Pair, terms: list[Any], color: Color) -> Iterator[Text]:
        if self.figure.numbered:
            yield from written(self.lattice, cell, running_sum(terms), self._number, color)

    @cached_property
    def _total(self) -> Any:
        values = self.figure.values_drawn
        if values is None or values.kernel is None:
            return None
        return stamped(self.layer, values.input, values.kernel)

    def _totals(self, cells: Iterable[Pair]) -> Iterator[Text]:
        if self._total is not None:
            for cell in cells:
                yield self._number.text(self.lattice, cell, number(self._total[cell]), self.theme.text)

    @cached_property
    def _number(self) -> Writing:
        """How single numbers are written: all of one size."""
        return SUM if self._total is None else SUM.evened(map(number, self._total.flat))


def running_sum(terms: list[Any]) -> str:
    """The terms of a sum in their order; where that is long, all but the newest added up.

    >>> running_sum([1, 2, -3]), running_sum([100, 200, 300, 4])
    ('1+2−3', '600+4')
    """
    parts = [number(terms[0]), *(_signed(number(term)) for term in terms[1:])]
    if len(text := "".join(parts)) <= LONGEST_SUM:
        return text
    if len(text := number(sum(terms[:-1])) + parts[-1]) <= LONGEST_SUM and len(terms) > 1:
        return text
    return number(sum(terms))


def _signed(term: str) -> str:
    return term if term.startswith("−") else f"+{term}"


def written(lattice: Lattice, cell: Pair, text: str, writing: Writing, color: Color) -> Iterator[Text]:
    """A number or a sum in its cell, on two lines where it is long."""
    breaks = [match.start() for match in re.finditer(r"(?<=[^e])[+−]", text)]
    if len(text) <= LONGEST_LINE or not breaks:
        yield writing.text(lattice, cell, text, color)
        return
    middle = min(breaks, key=lambda at: max(at, len(text) - at))
    lines = (text[:middle], text[middle:])
    for line, height in zip(lines, (0.3, 0.7), strict=True):
        yield BROKEN_SUM.evened(lines)._replace(at=(height, 0.5)).text(lattice, cell, line, color)
