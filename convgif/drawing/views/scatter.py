"""A transposed convolution by its own definition: each input element stamps the kernel on the output.

Overlapping stamps add up; at the end the totals, and then what padding cuts from them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import accumulate, chain, islice
from math import prod
from typing import Any, Final, NamedTuple, cast

from convgif.arithmetic.conv import ConvTranspose
from convgif.arithmetic.layer import Cell
from convgif.arithmetic.sentences import Sentence, at, counted, spoken
from convgif.arithmetic.stamps import full_size, stamp, stamped
from convgif.drawing.lattice import FLAT, Lattice, Pair, Spot, single_cells
from convgif.drawing.parts import sums as lines
from convgif.drawing.parts.captions import (
    INPUT,
    KERNEL,
    OUTPUT,
    Name,
    beside,
    box_of,
    name_texts,
    name_width,
    size_caption,
    sizes_note,
    words_track,
)
from convgif.drawing.parts.kernel import kernel_plane, turned_kernel
from convgif.drawing.parts.numerals import Entries, Lettering, Notation, Writing, plain
from convgif.drawing.parts.planes import Plane, Planes, in_place
from convgif.drawing.parts.subject import Subject, cells_of, size_of
from convgif.drawing.scene import Items, Line, Link, Point, Polygon, Text, Track
from convgif.drawing.timeline import Act, CaptionLine, Drawing, Footing
from convgif.drawing.view import View
from convgif.drawing.views.options import KERNEL_MAP, REVEAL, SIZES, WORKED
from convgif.figure import Figure

NOUNS: Final = (INPUT, KERNEL, OUTPUT)
"""What the maps are called, from left to right."""
NUMBER: Final = Writing(em=0.5, width=0.84)
LETTERING: Final = Lettering(NUMBER, NUMBER, NUMBER, NUMBER)
SUM: Final = Writing(em=0.46, width=0.86)
BROKEN_SUM: Final = Writing(em=0.36, width=0.92)
"""Sums, where some are on two lines."""
LINE_HEIGHTS: Final = (0.3, 0.7)
"""How far down in its cell each of two lines is."""
LONGEST_LINE: Final = 4
"""Characters; a longer sum is broken into two lines."""
BREAK: Final = re.compile(r"(?<=[^e])[+−]")
"""Where another term of a sum begins."""
LONGEST_SUM: Final = 9
"""Characters; of a longer sum, all terms but the newest are added up."""
Ink = tuple[str, str]
"""The ink of a sum, and the area that it is written on."""
ON_STAMP: Final[Ink] = ("text_on_shadow", "shadow_on_output")
ON_OUTPUT: Final[Ink] = ("text", "output")
ON_CROP: Final[Ink] = ("text", "crop")
GAP: Final = 1.2
"""Cells between two maps, for the sign between them."""
HEAD_RISE: Final = 0.6
"""Cells from the maps up to the middle of what is said above them."""


def kept_from(layer: ConvTranspose) -> Pair:
    """The cell of all sums that is the output's first: padding crops away what lies before it.

    >>> kept_from(ConvTranspose(3, 3, padding=((1, 1), (0, 2))))
    (1, 0)
    """
    (top, _), (left, _) = layer.pads
    return top, left


def draw(figure: Figure) -> Drawing:
    """The drawing of a transposed convolution as stamps: input, kernel and output side by side."""
    subject = Subject.of(figure)
    layer = cast(ConvTranspose, subject.layer)
    strided = figure.labels and {*layer.stride} != {1}
    stride = Sentence("stride = {stride}", stride=spoken(subject.source.stride)) if strided else ""
    notes = [sizes_note(subject, noun) or note for noun, note in zip(NOUNS, ("", stride, ""), strict=True)]
    wide = [name_width(figure, noun, note) for noun, note in zip(NOUNS, notes, strict=True)]
    inputs, weights, output = _in_a_row((layer.input_size, layer.kernel_size, full_size(layer)), wide)
    planes = Planes.of(subject, inputs, output, LETTERING)
    kernel, sums = kernel_plane(planes, weights), _Sums(subject, layer, planes.output)
    kept = output.part((*kept_from(layer), *size_of(layer.output_size))) if layer.padded else output

    own, between, result = (
        name_texts(figure, Name.under(noun, lattice.box, note))
        for noun, lattice, note in zip(NOUNS, (inputs, weights, kept), notes, strict=True)
    )
    names = (*own, *between)
    whole = result if kept is output else name_texts(figure, Name.under(OUTPUT, output.box))
    box = inputs.box.holding((weights.box, output.box))

    def head(words: Sentence) -> tuple[Text, ...]:
        """What is said above the maps, where names are wanted."""
        return name_texts(figure, Name(words, ((box.left + box.right) / 2, box.top - HEAD_RISE)))

    middle = (output.box.top + output.box.bottom) / 2
    signs = tuple(
        Text.of((left.box.right + GAP / 2, middle), sign, 0.6, GAP, "text")
        for left, sign in ((inputs, "×"), (weights, "→"))
    )

    def element(frame: int) -> Cell:
        return divmod(frame, layer.input_size[1])

    still = (
        Track.still("input", lambda: planes.input_cells(in_place(cells_of(layer.input_size)))),
        Track.still("kernel", lambda: turned_kernel(kernel)),
        Track.still("words", lambda: (*signs, *names)),
    )
    taken = Track("element", lambda frame: planes.taken(element(frame)))
    stamps = (
        *words_track(*whole),
        Track.still("pending", sums.empty),
        taken,
        Track("sums", sums.after),
        *((Track("step", lambda frame: head(_nth(frame + 1))),) if figure.labels else ()),
    )
    total = Sentence("The sums, worked out") if subject.numbered else Sentence("The output")
    ends = [_End("output", total, sums.kept, result)]
    if kept is not output:
        cropped = Sentence("padding = {padding} drops the outer ring", padding=subject.source.padding_words)
        ends.insert(0, _End("crop", cropped, sums.marked, whole))

    def link(frame: int) -> Link:
        cell = element(frame)
        return Link(inputs.cell(cell), frame, f"input {subject.name(cell)}")

    def note(frame: int) -> str:
        cell = element(frame)
        reached = counted(len(stamp(layer, cell).cells), "cell")
        return f"Input {at(cell[-subject.source.ndim :])} times the kernel is added to {reached} of the output."

    said = size_caption(subject)
    footing = Footing(sums.worked, lines.least_width(subject)) if subject.wants("worked") else None
    acts = (
        Act((*still, *stamps), prod(layer.input_size), caption=said, link=link, note=note, footing=footing),
        *(end.act(still, head(end.words), said) for end in ends),
    )
    heads = (_nth(prod(layer.input_size)), *(end.words for end in ends))
    texts = (*names, *whole, *result, *(text for words in heads for text in head(words)))
    return Drawing(box.holding(map(box_of, texts)), acts)


def _nth(step: int) -> Sentence:
    """What is said above the maps in a step."""
    return Sentence("Step {number}", number=str(step))


class _End(NamedTuple):
    """One of the last frames: what becomes of the sums, what is said of it, and the name of the map."""

    name: str
    words: Sentence
    draw: Callable[[], Items]
    named: tuple[Text, ...]

    def act(self, still: tuple[Track, ...], head: tuple[Text, ...], said: tuple[CaptionLine, ...]) -> Act:
        """The frame, with what stays the same in all of them."""
        note = f"{self.words.capitalized()}."
        tracks = (*still, *words_track(*head, *self.named), Track.still(self.name, self.draw))
        return Act(tracks, 1, caption=said, note=lambda frame: note)


def _in_a_row(sizes: Sequence[Cell], wide: Sequence[float]) -> Iterator[Lattice]:
    """Maps of those sizes from left to right, centred on one line, with room for names that are so wide."""
    height, last = max(size[0] for size in sizes), None
    for number, size in enumerate(sizes):
        left = beside(last.box, GAP, wide[number - 1], wide[number], size[1]) if last else 0.0
        last = Lattice(size_of(size), FLAT, origin=(left, (height - size[0]) / 2))
        yield last


@dataclass(frozen=True)
class _Sums:
    """The output map before its crop, as the stamps add up on it."""

    subject: Subject
    layer: ConvTranspose
    plane: Plane

    def empty(self) -> Items:
        """The map before the first stamp."""
        rows, cols = self.plane.lattice.size
        return self.plane.areas([(0, 0, rows, cols)], "pending")

    def after(self, frame: int) -> Items:
        """All cells that the first stamps have reached, those of the newest one shaded."""
        newest = dict.fromkeys(self._stamps[frame].values())
        count = bisect_right(self._begun, frame)
        # Most cells have got all of their stamps: they are not gone through in every frame.
        ended = bisect_left(self._ended, frame)
        changing = islice(self._reaching, ended, count)
        return (
            *self._painted(count, sorted(self._places[cell] for cell in newest)),
            *self.plane.areas(single_cells(newest), "shadow_on_output"),
            *chain.from_iterable(self._last[:ended]),
            *self._texts(((cell, ON_STAMP if cell in newest else ON_OUTPUT) for cell in changing), frame),
        )

    def _painted(self, count: int, but: Sequence[int]) -> Items:
        """The first of the cells that stamps reach, but for some places, painted and ruled."""
        stretches = [*zip((0, *(place + 1 for place in but)), (*but, count), strict=True)]
        items = (
            replace(item, parts=tuple(chain.from_iterable(item.parts[start:stop] for start, stop in stretches)))
            for item in self._all_painted
        )
        return tuple(item for item in items if item.parts)

    def worked(self, frame: int, middle: Point, width: float) -> Items:
        """The products that a stamp adds, worked out, in the order of the kernel."""
        widest = max(map(lines.listing_width, self._products), default=0.0)
        return lines.listing(self._products[frame], widest, middle, width) if widest else ()

    def marked(self) -> Items:
        """All sums as they stand, with the cells marked that padding crops away; those of no stamp stay pale."""
        cut = [cell for cell in cells_of(self.plane.lattice.size) if cell not in self._kept]
        last = len(self._stamps) - 1
        return (
            *self.empty(),
            *self.plane.areas(single_cells(self._reaching)),
            *self.plane.areas(single_cells(cut), "crop"),
            *self._texts(((cell, ON_OUTPUT if cell in self._kept else ON_CROP) for cell in self._reaching), last),
        )

    def kept(self) -> Items:
        """The output: what the sums come to, without the cells that padding crops away."""
        (top, left), (rows, cols) = kept_from(self.layer), self.layer.output_size
        return (
            *self.plane.areas([(top, left, rows, cols)], "pending"),
            *self.plane.areas(single_cells(cell for cell in self._reaching if cell in self._kept)),
            *self._totals(self._kept),
        )

    @cached_property
    def _kept(self) -> dict[Cell, None]:
        """The cells of the output, row by row."""
        top, left = kept_from(self.layer)
        return {(top + row, left + col): None for row, col in cells_of(self.layer.output_size)}

    @cached_property
    def _stamps(self) -> list[dict[Cell, Cell]]:
        """For each stamp the cell that each kernel element falls on."""
        return [stamp(self.layer, element).cells for element in cells_of(self.layer.input_size)]

    @cached_property
    def _reaching(self) -> dict[Cell, list[int]]:
        """The numbers of the stamps that fall on each cell, in the order of the first; no other cell is there."""
        reaching: dict[Cell, list[int]] = {}
        for number, cells in enumerate(self._stamps):
            for cell in cells.values():
                reaching.setdefault(cell, []).append(number)
        return reaching

    @cached_property
    def _begun(self) -> list[int]:
        """The number of the first stamp on each of these cells."""
        return [stamps[0] for stamps in self._reaching.values()]

    @cached_property
    def _ended(self) -> list[int]:
        """The number of the last stamp on each of these cells or on one before it."""
        return [*accumulate((stamps[-1] for stamps in self._reaching.values()), max)]

    @cached_property
    def _places(self) -> dict[Cell, int]:
        """The places of these cells in their order."""
        return {cell: place for place, cell in enumerate(self._reaching)}

    @cached_property
    def _all_painted(self) -> tuple[Polygon | Line, ...]:
        """All of these cells, painted and ruled: a part of each item for each cell."""
        return tuple(item for item in self.plane.areas(single_cells(self._reaching)) if not isinstance(item, Text))

    @cached_property
    def _last(self) -> list[tuple[Text, ...]]:
        """What stands in each of these cells after the last stamp."""
        last = len(self._stamps) - 1
        return [tuple(self._texts([(cell, ON_OUTPUT)], last)) for cell in self._reaching]

    @cached_property
    def _terms(self) -> dict[Cell, list[Any]]:
        """The products that are added to each cell; nothing without numbers."""
        numbers, terms = self.subject.numbers, dict[Cell, list[Any]]()
        if numbers is None or numbers.weight is None:
            return terms
        # Numbers of Python's: integers of any size, and what is too large becomes infinite without a warning.
        inputs = [value for row in numbers.input.tolist() for value in row]
        weights = numbers.weight.tolist()
        for value, cells in zip(inputs, self._stamps, strict=True):
            for (row, col), cell in cells.items():
                terms.setdefault(cell, []).append(value * weights[row][col])
        return terms

    @cached_property
    def _products(self) -> list[list[lines.Piece]]:
        """What each stamp adds, product by product; nothing without numbers."""
        entries, write = Entries.of_numbers(self.subject), self._notation.text
        if entries is None:
            return []
        terms = {cell: iter(found) for cell, found in self._terms.items()}
        return [
            [
                lines.product(entries.input[element], entries.weight[tap], plain(write(next(terms[cell]))))
                for tap, cell in cells.items()
            ]
            for element, cells in zip(cells_of(self.layer.input_size), self._stamps, strict=True)
        ]

    @cached_property
    def _total(self) -> list[list[Any]] | None:
        numbers = self.subject.numbers
        if numbers is None or numbers.weight is None:
            return None
        total: list[list[Any]] = stamped(self.layer, numbers.input, numbers.weight).tolist()
        return total

    @cached_property
    def _notation(self) -> Notation:
        """How all numbers of the map are written."""
        totals = [value for row in self._total or () for value in row]
        values = [value for terms in self._terms.values() for value in (*terms, *accumulate(terms))]
        return Notation.of([*totals, *values], self.subject.figure.decimals)

    @cached_property
    def _written(self) -> dict[Cell, list[tuple[str, ...]]]:
        """What stands in each cell, from stamp to stamp: the sum on one line or two."""
        return {cell: [*map(broken, running_sums(terms, self._notation))] for cell, terms in self._terms.items()}

    @cached_property
    def _sums(self) -> Mapping[int, Writing]:
        """How sums are written, by the number of their lines: all that have as many are of one size."""
        shown = {lines for cell in self._written.values() for lines in cell if _is_sum(lines)}
        return {
            count: one_size.fitted(plain(line) for lines in shown if len(lines) == count for line in lines)
            for count, one_size in ((1, SUM), (2, BROKEN_SUM))
        }

    def _texts(self, cells: Iterable[tuple[Cell, Ink]], frame: int) -> Iterator[Text]:
        """What stands in some cells after a stamp, in which ink and on which ground."""
        if not self._written:
            return
        for cell, ink in cells:
            yield from self._sum(cell, bisect_right(self._reaching[cell], frame), ink)

    @cached_property
    def _sum(self) -> Callable[[Cell, int, Ink], tuple[Text, ...]]:
        """What stands in a cell after so many stamps; made once, since it stays for many frames."""

        @cache
        def texts(cell: Cell, count: int, ink: Ink) -> tuple[Text, ...]:
            lines = self._written[cell][count - 1]
            own = self._sums[len(lines)] if _is_sum(lines) else self._number
            heights = LINE_HEIGHTS if len(lines) > 1 else (0.5,)
            return tuple(
                own._replace(at=(height, 0.5)).text(self.plane.lattice, cell, plain(line), *ink)
                for line, height in zip(lines, heights, strict=True)
            )

        return texts

    def _totals(self, cells: Iterable[Spot]) -> Iterator[Text]:
        if self._total is not None:
            for row, col in cast("Iterable[tuple[int, int]]", cells):
                text = plain(self._notation.text(self._total[row][col]))
                yield self._number.text(self.plane.lattice, (row, col), text)

    @cached_property
    def _number(self) -> Writing:
        """How single numbers are written: all of one size."""
        totals = {self._notation.text(value) for row in self._total or () for value in row}
        alone = {line for cell in self._written.values() for lines in cell for line in lines}
        return SUM.fitted(plain(text) for text in sorted(totals | {line for line in alone if not _is_sum((line,))}))


def _is_sum(lines: tuple[str, ...]) -> bool:
    """Whether it is a sum rather than a number by itself."""
    return len(lines) > 1 or BREAK.search(lines[0]) is not None


def running_sums(terms: Sequence[Any], notation: Notation) -> Iterator[str]:
    """A sum as it grows term by term; where it is long, all terms but the newest are added up.

    >>> list(running_sums([1, 2, -3], Notation(0))), list(running_sums([100, 200, 300, 4], Notation(0)))
    (['1', '1+2', '1+2−3'], ['100', '100+200', '300+300', '600+4'])
    """
    text, before = "", 0
    for number, (term, total) in enumerate(zip(terms, accumulate(terms), strict=True)):
        own = notation.text(term)
        newest = own if number == 0 or own.startswith("−") else f"+{own}"
        text += newest
        if len(text) <= LONGEST_SUM:
            yield text
        elif number and len(shorter := notation.text(before) + newest) <= LONGEST_SUM:
            yield shorter
        else:
            yield notation.text(total)
        before = total


def broken(text: str) -> tuple[str, ...]:
    """A sum on one line, or on two where it is long.

    >>> broken("1+2"), broken("100+200"), broken("12345")
    (('1+2',), ('100', '+200'), ('12345',))
    """
    breaks = [match.start() for match in BREAK.finditer(text)]
    if len(text) <= LONGEST_LINE or not breaks:
        return (text,)
    middle = min(breaks, key=lambda place: max(place, len(text) - place))
    return text[:middle], text[middle:]


VIEW: Final = View(
    "scatter",
    "a transposed convolution as stamps of the kernel that add up",
    draw,
    layers=(ConvTranspose,),
    options=(REVEAL, KERNEL_MAP, SIZES, WORKED),
    seen_as="drawn as stamps of the kernel that add up",
)
