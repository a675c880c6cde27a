"""Which layers lead from one size to another: found by trying all within bounds, and put in order, simplest first.

>>> for layer in solve(14, 7)[:2]:
...     print(layer.describe())
Convolution of a 14x14 input with a 2x2 kernel, stride 2, giving a 7x7 output.
Convolution of a 14x14 input with a 3x3 kernel, stride 2 and padding 1, giving a 7x7 output.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, product
from math import prod
from typing import Any, Final, NamedTuple, TypeAlias

from convgif.arithmetic.layer import INPUT_SIZE, KERNEL_SIZE, Layer, SizeLike
from convgif.arithmetic.sentences import labels, listed
from convgif.errors import MISSING, InputError, Mention, Problem, did_you_mean, rule, wrong
from convgif.options import LARGEST_SIZE, REQUIRED, Kind, Option, Schema, Size, by_name, whole
from convgif.registry import LAYERS

COMMON_SIZE: Final = 7
"""Kernels and strides that are larger are rare, unless one size is so many times the other."""
LARGEST_COMMON_SIZE: Final = 64
MOST_TRIED: Final = 50_000
"""Kernel sizes with strides and dilations that are tried along an axis."""
MOST_WIDENED: Final = 3_000
"""Layers that are tried to find what a wider bound would allow."""
MOST_COMBINED: Final = 5_000
"""Layers that are put together from axes that differ."""


class Span(NamedTuple):
    """The integers from `least` to `most`, both included.

    >>> str(Span(1, 7)), str(Span(3, 3))
    ('1-7', '3')
    """

    least: int
    most: int

    def __str__(self) -> str:
        return str(self.least) if self.least == self.most else f"{self.least}-{self.most}"


SpanLike: TypeAlias = int | range | str | Span
"""A span as it is given: one integer, a range, or text such as `1-7`."""


@dataclass(frozen=True)
class Spans(Kind):
    """An integer, or all from one to another."""

    lowest: int

    @property
    def rule(self) -> str:
        return f"must be an integer >= {self.lowest}, or a range such as {self.lowest}-7"

    @property
    def metavar(self) -> str:
        return "N|FROM-TO"

    def checked(self, value: object) -> Span:
        if isinstance(value, str):
            return self.read(value)
        if isinstance(value, range) and len(value) and value.step == 1:
            return self._checked(Span(value[0], value[-1]))
        if isinstance(value, Span):
            return self._checked(value)
        number = whole(value)
        if number is None:
            raise ValueError(self.rule)
        return self._checked(Span(number, number))

    def read(self, text: str) -> Span:
        found = re.fullmatch(r"\s*([0-9]{1,10})\s*(?:-\s*([0-9]{1,10})\s*)?", text, re.ASCII)
        if found is None:
            raise ValueError(self.rule)
        return self._checked(Span(int(found[1]), int(found[2] or found[1])))

    def _checked(self, span: Span) -> Span:
        if not self.lowest <= span.least <= span.most:
            raise ValueError(self.rule)
        if span.most > LARGEST_SIZE:
            raise ValueError(f"must be at most {LARGEST_SIZE:,}")
        return span

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "integer", "minimum": self.lowest}, {"type": "string"}]}


OUTPUT_SIZE: Final = Option("output_size", Size(1), "elements of the output", REQUIRED, "Layer")
_USUAL_SIZES: Final = f"1-{COMMON_SIZE}, or as many times as one size is the other, {LARGEST_COMMON_SIZE} at most"
BOUNDS: Final = (
    Option("kernel_size", Spans(1), f"kernel sizes to try; if unset, {_USUAL_SIZES}", None, "Bounds", "k"),
    Option("stride", Spans(1), f"strides to try; if unset, {_USUAL_SIZES}", None, "Bounds", "s"),
    Option("padding", Spans(0), "paddings to try; if unset, all below the kernel's span", None, "Bounds", "p"),
    Option("dilation", Spans(1), "dilations to try", Span(1, 1), "Bounds", "d"),
)
"""The bounds within which layers are tried, under the names of the arguments that they bound."""
USUAL: Final = "conv"
ENLARGING: Final = "conv_transpose"
"""What is looked for where nobody says it: a convolution, and where the output is larger, its transpose."""

Setting = Mapping[str, int]
"""Arguments of a layer over one axis."""


def solve(
    input_size: SizeLike, output_size: SizeLike, layer: str | None = None, transposed: bool = False, **bounds: SpanLike
) -> tuple[Layer, ...]:
    """Every layer within bounds that leads from one size to the other, simplest first.

    First come layers that leave no element out, neither input unread nor, of a transposed convolution, output that is
    made of nothing; then small kernels; then those with few arguments away from their defaults, and few that differ
    from axis to axis.

    A padding is always smaller than what the kernel spans, so that no window is nothing but padding, and an output
    padding smaller than the stride, so that a convolution leads back. Axes with equal sizes have equal arguments; where
    they differ, the simplest of each are combined, to some thousands of layers at most.

    Args:
        input_size: an integer stands for both rows and columns, and `(7,)` is one-dimensional.
        output_size: likewise.
        layer: the name of a kind of layer; a convolution if None, or a transposed one where the output is larger.
        transposed: whether to look for transposed convolutions.
        bounds: `kernel_size`, `stride`, `padding` and `dilation` to try, each an integer, a range, or text such as
            `1-7`; `BOUNDS` says what is tried if they are unset.

    Raises:
        InputError: sizes or bounds that are none, an unknown layer, or bounds that leave too much to try; or no layer
            within them leads there: the error says which bound to widen.

    >>> [layer.output_padding for layer in solve(7, 14, kernel_size=3)]
    [(1, 1)]
    >>> solve((28, 27), (14, 9))[0].stride
    (2, 3)
    """
    return Search.of(input_size, output_size, layer, transposed, **bounds).layers


@dataclass(frozen=True)
class Search:
    """What is looked for: a kind of layer that leads from one size to another, and what is tried of its arguments.

    >>> search = Search.of(14, 7, kernel_size=3)
    >>> search.kind.title, search.bounds
    ('convolution', 'kernel size 3, stride 1-7 and dilation 1')
    """

    kind: type[Layer]
    input_size: tuple[int, ...]
    output_size: tuple[int, ...]
    spans: Mapping[str, Span | None]
    """What is tried, by argument; None where all that make sense are."""

    @classmethod
    def of(
        cls,
        input_size: SizeLike,
        output_size: SizeLike,
        layer: str | None = None,
        transposed: bool = False,
        **bounds: SpanLike,
    ) -> Search:
        """What `solve` looks for when it is given this.

        Raises:
            InputError: sizes or bounds that are none, an unknown layer, or bounds that leave too much to try.
        """
        before, after = _sizes(input_size, output_size)
        pairs = tuple(zip(before, after, strict=True))
        kind = _kind(layer, transposed, larger=any(o > i for i, o in pairs))
        return cls(kind, before, after, _spans(kind, bounds, pairs))

    @property
    def bounds(self) -> str:
        """What is tried, in words."""
        return listed([f"{name.replace('_', ' ')} {span}" for name, span in self.spans.items() if span])

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """What is found, simplest first.

        Raises:
            InputError: nothing; the error says which bound to widen.
        """
        pairs, kind, spans = tuple(zip(self.input_size, self.output_size, strict=True)), self.kind, self.spans
        found = {pair: sorted(_leading(kind, pair, spans), key=_effort_along) for pair in dict.fromkeys(pairs)}
        if lacking := [pair for pair, candidates in found.items() if not candidates]:
            raise InputError([_unsolved(kind, pair, pairs, spans) for pair in lacking])
        # Axes with equal sizes share what was found for them.
        most = int(MOST_COMBINED ** (1 / len(found))) if len(found) > 1 else None
        combined = (dict(zip(found, axes, strict=True)) for axes in product(*(each[:most] for each in found.values())))
        layers = sorted(([chosen[pair] for pair in pairs] for chosen in combined), key=_effort)
        return tuple(_over_axes(kind, [candidate.layer for candidate in axes]) for axes in layers)


class _Candidate(NamedTuple):
    """A layer over one axis that leads where it should, and what its place in the order depends on."""

    layer: Layer
    gaps: bool
    unusual: frozenset[str]
    values: tuple[Any, ...]
    """Its kernel size and what follows it, each over one axis."""

    @classmethod
    def of(cls, layer: Layer) -> _Candidate:
        """The candidate that a layer is."""
        arguments = layer.arguments()
        unusual = (
            option.name
            for option in layer.parameters
            if option.default is not REQUIRED and arguments[option.name] != layer.usual(option)
        )
        values = (value for name, value in arguments.items() if name not in (INPUT_SIZE.name, KERNEL_SIZE.name))
        return cls(layer, layer.axes[0].gaps, frozenset(unusual), (layer.kernel_size, *values))


def _effort(axes: Sequence[_Candidate]) -> tuple[Any, ...]:
    """What makes a layer less simple than others, the most important first."""
    kernels, *others = zip(*(candidate.values for candidate in axes), strict=True)
    return (
        any(candidate.gaps for candidate in axes),
        max(kernels),
        len(frozenset().union(*(candidate.unusual for candidate in axes))),
        sum(len({*column}) > 1 for column in (kernels, *others)),
        kernels,
        others,
    )


def _effort_along(candidate: _Candidate) -> tuple[Any, ...]:
    """The same of a layer over one axis."""
    return _effort([candidate])


def _over_axes(kind: type[Layer], axes: Sequence[Layer]) -> Layer:
    """The layer that is each of some layers over one axis along one of its axes."""
    each: list[dict[str, Any]] = [axis.arguments() for axis in axes]
    arguments = dict(each[0])
    for option in kind.parameters:
        if isinstance(option.kind, Size):
            arguments[option.name] = tuple(chain.from_iterable(own[option.name] for own in each))
    return kind(**arguments)


def _sizes(input_size: object, output_size: object) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both sizes, one number an axis."""
    problems = [
        problem
        for option, size in ((INPUT_SIZE, input_size), (OUTPUT_SIZE, output_size))
        if (problem := option.problem(size))
    ]
    if problems:
        raise InputError(problems)
    one, other = INPUT_SIZE.checked(input_size), OUTPUT_SIZE.checked(output_size)
    axes = {len(size) for size in (one, other) if isinstance(size, tuple)} or {2}
    if len(axes) > 1:
        words = rule("must have as many numbers as ", Mention(INPUT_SIZE.name, one))
        raise wrong(OUTPUT_SIZE.name, output_size, words)
    (ndim,) = axes
    filled = (size if isinstance(size, tuple) else (size,) * ndim for size in (one, other))
    return next(filled), next(filled)


def _kind(layer: str | None, transposed: bool, larger: bool) -> type[Layer]:
    """The kind of layer that is looked for."""
    if transposed and layer not in (None, ENLARGING):
        raise wrong(
            "transposed", MISSING, rule("does not go with ", Mention("layer", layer), "; leave one of them out")
        )
    usual = ENLARGING if transposed or larger else USUAL
    kind: type[Layer] = LAYERS.named(usual if layer is None else layer, "layer")
    return kind


def _spans(
    kind: type[Layer], given: Mapping[str, SpanLike], pairs: Sequence[tuple[int, int]]
) -> dict[str, Span | None]:
    """What is tried of each argument that a kind of layer has; of paddings all, where nothing bounds them."""
    known, own = by_name(BOUNDS), by_name(kind.parameters)
    problems = []
    for name, value in given.items():
        if name not in known:
            problems.append(Problem(name, value, f"is no bound; {did_you_mean(name, known)}"))
        elif name not in own:
            problems.append(Problem(name, MISSING, f"has no effect: {kind.title} has none; leave it out"))
        elif problem := known[name].problem(value):
            problems.append(problem)
    if problems:
        raise InputError(problems)
    most = max(COMMON_SIZE, min(LARGEST_COMMON_SIZE, max(-(-max(pair) // min(pair)) for pair in pairs)))
    usual: dict[str, Span | None] = {name: Span(1, most) for name in ("kernel_size", "stride")}
    spans: dict[str, Span | None] = {
        name: option.checked(given.get(name, option.default)) or usual.get(name)
        for name, option in known.items()
        if name in own
    }
    widths = {name: span.most - span.least + 1 for name, span in spans.items() if span and name != "padding"}
    if prod(widths.values()) > MOST_TRIED:
        widest = max(widths, key=widths.__getitem__)
        raise wrong(widest, str(spans[widest]), f"leaves more than {MOST_TRIED:,} settings to try; narrow it")
    return spans


def _leading(kind: type[Layer], pair: tuple[int, int], spans: Mapping[str, Span | None]) -> Iterator[_Candidate]:
    """The layers over one axis that lead from the first size to the second."""
    stride = spans.get("stride")
    for setting in _settings(pair, spans):
        if layer := _tried(kind, pair, setting):
            candidate = _Candidate.of(layer)
            # A single window stands where it stands with any stride, so the usual one will do, or else the least.
            alone = layer.output_size == (1,) and not layer.turned
            if not (alone and "stride" in candidate.unusual and stride and layer.stride[0] > stride.least):
                yield candidate


def _settings(pair: tuple[int, int], spans: Mapping[str, Span | None]) -> Iterator[Setting]:
    """All arguments within some spans that may lead from one size to the other."""
    names = [name for name in spans if name != "padding"]
    ranges = (range(span.least, span.most + 1) for name in names if (span := spans[name]))
    for values in product(*ranges):
        setting = dict(zip(names, values, strict=True))
        if "padding" not in spans:
            yield setting
            continue
        reach = setting.get("dilation", 1) * (setting["kernel_size"] - 1)
        least, most = spans["padding"] or (0, reach)
        # So many windows must reach over so many elements, or the other way round for a transposed convolution.
        fitting = (_paddings(*sizes, reach, setting["stride"]) for sizes in (pair, pair[::-1]))
        found = chain.from_iterable(range(max(few, least), min(many, most, reach) + 1) for few, many in fitting)
        yield from ({**setting, "padding": padding} for padding in {*found})


def _paddings(size: int, windows: int, reach: int, stride: int) -> tuple[int, int]:
    """The least and the largest padding with which exactly so many windows fit."""
    lack = (windows - 1) * stride + 1 + reach - size
    return -(-lack // 2), (lack + stride - 1) // 2


def _tried(kind: type[Layer], pair: tuple[int, int], setting: Setting) -> Layer | None:
    """The layer over one axis with these arguments, if there is one and it leads from one size to the other."""
    before, after = pair
    sizes = {name: (value,) for name, value in setting.items()}
    return kind.leading_to((after,), input_size=(before,), **sizes)


def _unsolved(
    kind: type[Layer], pair: tuple[int, int], pairs: Sequence[tuple[int, int]], spans: Mapping[str, Span | None]
) -> Problem:
    """No layer leads from one size to another: within which bounds, and which of them to widen."""
    before, after = pair
    label = f" along the {labels(len(pairs))[pairs.index(pair)]}" if len({*pairs}) > 1 else ""
    bounds = [Mention(name, str(span)) for name, span in spans.items() if span]
    wider = [Mention(name, str(span)) for name in spans if (span := _widened(kind, pair, spans, name))]
    remedy = (
        (*_between(wider, " or "), " would allow one")
        if wider
        else ("none of them allows one alone, unless it is much wider",)
    )
    larger = ("; ", Mention("layer", ENLARGING), " makes maps larger") if after > before else ()
    words = f"no {kind.title} leads from {before} to {after}{label} with "
    return Problem(
        "", MISSING, rule(words, *_between(bounds, ", "), "; ", *remedy, *(() if kind.name == ENLARGING else larger))
    )


def _between(mentions: Sequence[Mention], word: str) -> tuple[str | Mention, ...]:
    """Mentions in a row, with a word between them."""
    return tuple(part for mention in mentions for part in (word, mention))[1:]


def _widened(kind: type[Layer], pair: tuple[int, int], spans: Mapping[str, Span | None], name: str) -> Span | None:
    """The span, wider by the least that allows a layer; None where one that is much wider does not either."""
    span = spans[name]
    if span is None:
        return None
    (lowest,) = (option.kind.lowest for option in BOUNDS if option.name == name and isinstance(option.kind, Spans))
    # Far beyond the sizes themselves nothing changes any more.
    values = chain(range(span.least - 1, lowest - 1, -1), range(span.most + 1, span.most + 2 * max(pair)))
    others = (other for key, other in spans.items() if other and key not in (name, "padding"))
    values_tried = islice(values, max(1, MOST_TRIED // prod(other.most - other.least + 1 for other in others)))
    settings = (
        (value, setting) for value in values_tried for setting in _settings(pair, {**spans, name: Span(value, value)})
    )
    for value, setting in islice(settings, MOST_WIDENED):
        if _tried(kind, pair, setting):
            return Span(min(span.least, value), max(span.most, value))
    return None
