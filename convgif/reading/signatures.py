"""What the arguments of a framework's layers come to, and what several frameworks have in common there.

What a framework calls its layers, their arguments and defaults is in its table, in `convgif.frameworks`; whoever reads
its layers, from objects or from code, goes by that table alone.

>>> from convgif.frameworks.framework import Parameter, Signature
>>> size, step = Parameter("size", "kernel_size"), Parameter("step", "stride", 1)
>>> blur = Signature(("Blur{ndim}d",), "conv", (size, step, Parameter("name", default="")))
>>> Description("Blur2d", blur, 2, {"size": 3}).layer(5).kernel_size
(3, 3)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from convgif.arithmetic.layer import COMMON, Layer, SizeLike
from convgif.arithmetic.sentences import counted, spoken
from convgif.errors import MISSING, InputError, Problem, as_argument, wrong
from convgif.frameworks.framework import OF_CHANNELS, OUTPUT_SIZE, Framework, Signature
from convgif.options import REQUIRED, Size, by_name
from convgif.registry import LAYERS

Values = Mapping[str, Any]
"""Arguments by our names; sizes have one number an axis, but a padding may be a word."""
Rule = Callable[[Values, tuple[int, ...]], Values]
"""What a framework's arguments come to, given the size of the input: the same with all words worked out."""
Pair = tuple[int, int]
"""What is added, or cut, before and after an axis."""

PADDED: Final = "padding"
"""The argument that may be a word."""
PADDING_MODE: Final = "padding_mode"
"""What padding is made of; zeros where nothing says so."""
UNSET: Final = "stride"
"""The argument that is as large as the kernel where it is None."""


def as_given(values: Values, size: tuple[int, ...]) -> Values:
    """Arguments that need no working out."""
    return values


@dataclass(frozen=True)
class Reader:
    """How layers of a framework are read: by its table, and by what its arguments come to.

    `rules` has that by our kinds of layers, for those that are given a kernel; what it lacks is as it is given. With
    `none_is_default`, None is as good as nothing.
    """

    framework: Framework
    rules: Mapping[str, Rule]
    none_is_default: bool = False

    def described(self, place: str, signature: Signature, ndim: int, values: Mapping[str, Any]) -> Description:
        """A layer as the framework describes it; see `Description`."""
        if signature.kernel is not None:
            rule = self.rules.get(signature.layer, as_given)
        else:
            rule = adaptive if any(one.means == OUTPUT_SIZE for one in signature.parameters) else whole
        if self.none_is_default:
            values = {word: value for word, value in values.items() if value is not None}
        return Description(place, signature, ndim, values, rule)


@dataclass(frozen=True)
class Description:
    """A layer as a framework describes it, before the size of its input is known.

    `place` says in messages whose arguments they are. `values` are by the framework's words; what is left out has its
    default. The `rule` says what they come to.
    """

    place: str
    signature: Signature
    ndim: int
    values: Mapping[str, Any]
    rule: Rule = as_given

    @property
    def kind(self) -> type[Layer]:
        """Our kind of layer."""
        kind: type[Layer] = LAYERS[self.signature.layer]
        return kind

    def layer(self, input_size: SizeLike) -> Layer:
        """The layer for an input of that size, one number for all axes or one an axis.

        Raises:
            InputError: what is wrong with its arguments, or cannot be drawn yet.
        """
        arguments = self.arguments({"input_size": input_size})
        try:
            return self.kind(**arguments)
        except InputError as error:
            raise self.located(error) from None

    def arguments(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of our kind of layer; `changes` are by our names and replace the framework's.

        Among the changes is the `input_size`, on which words for padding depend.

        Raises:
            InputError: what is wrong with its arguments, or cannot be drawn yet.
        """
        known = by_name(self.kind.parameters)
        given = {**self._own, **changes}
        if problems := list(self._wrong(given)):
            raise self.located(InputError(problems), changes)
        values = {name: self._spread(name, value) for name, value in given.items()}
        size = values.pop("input_size")
        if UNSET in values and values[UNSET] is None:
            values[UNSET] = values["kernel_size"]
        try:
            worked = self.rule(values, size)
        except InputError as error:
            raise self.located(error, changes) from None
        if problems := list(self._beyond(worked, known)):
            raise self.located(InputError(problems))
        changed = {name: values[name] for name in changes if name in values}
        return {"input_size": size, **{name: value for name, value in {**worked, **changed}.items() if name in known}}

    @property
    def _own(self) -> Values:
        """The framework's arguments by our names, as they are given."""
        return {
            one.means: self.values.get(one.word, one.default)
            for one in self.signature.parameters
            if one.means and one.means not in OF_CHANNELS
        }

    def channels(self, besides: Collection[str] = ()) -> dict[str, int]:
        """The numbers of channels besides some, by our names, as far as it says them and our kind of layer has them.

        Raises:
            InputError: one is no number: a name in a line of code, for example.
        """
        known = by_name(self.kind.parameters)
        given = {
            one.means: self.values.get(one.word, one.default)
            for one in self.signature.parameters
            if one.means in OF_CHANNELS and one.means in known and one.means not in besides
        }
        unsaid = [Problem(name, MISSING, "must be a number") for name, value in given.items() if value is REQUIRED]
        bad = [problem for name, value in given.items() if (problem := known[name].problem(value))]
        if unsaid or bad:
            raise self.located(InputError(unsaid or bad))
        return given

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with single arguments, whatever the input."""
        return self.located(InputError(self._wrong(self._own))).problems

    def _wrong(self, given: Values) -> Iterator[Problem]:
        """What is wrong with single arguments; words and pairs for padding are left to the rule."""
        known = by_name(self.kind.parameters)
        unset = {one.means for one in self.signature.parameters if one.default is None}
        for name, value in given.items():
            if name not in known or (value is None and name in unset) or (name == PADDED and is_told(value)):
                continue
            if value is REQUIRED:
                yield Problem(name, MISSING, "is missing")
            elif name == OUTPUT_SIZE:
                continue  # which may be None; the rule knows
            elif problem := known[name].problem(value):
                yield problem
            elif isinstance(value, (tuple, list)) and len(value) != self.ndim:
                yield Problem(name, value, f"must have {counted(self.ndim, 'number')}: one for each axis")

    def _spread(self, name: str, value: Any) -> Any:
        """A size with one number an axis."""
        known = by_name((*COMMON, *self.kind.parameters))
        is_size = name in known and isinstance(known[name].kind, Size)
        return (value,) * self.ndim if is_size and type(value) is int else _plain(value)

    def _beyond(self, values: Values, known: Collection[str]) -> Iterator[Problem]:
        """What our kind of layer lacks, where it is not as usual."""
        for one in self.signature.parameters:
            usual = (one.default, (one.default,) * self.ndim)
            if one.means in values and one.means not in known and values[one.means] not in usual:
                yield Problem(one.means, values[one.means], f"is not supported yet; only {one.default!r} is")

    def located(self, error: InputError, given: Collection[str] = ()) -> InputError:
        """An error in the framework's words and with its place; what was `given` beside it stays as it is."""
        words = {one.means: one.word for one in self.signature.parameters if one.means and one.means not in given}
        return InputError(
            replace(problem, field=words[problem.field]).at(f"{self.place}:", as_argument)
            if problem.field in words
            else problem
            for problem in error.problems
        )


def is_told(padding: Any) -> bool:
    """Whether padding is a word, or is given for the sides of an axis."""
    several = (tuple, list)
    return isinstance(padding, str) or (
        isinstance(padding, several) and any(isinstance(one, several) for one in padding)
    )


def _plain(value: Any) -> Any:
    return tuple(map(_plain, value)) if isinstance(value, (list, tuple)) else value


# What several frameworks have in common


def sides(pairs: Sequence[Pair]) -> tuple[int, ...] | tuple[Pair, ...]:
    """The padding that adds so much before and after every axis: one number an axis where that is enough.

    >>> sides([(1, 1), (2, 2)]), sides([(1, 1), (0, 1)])
    ((1, 2), ((1, 1), (0, 1)))
    """
    differ = any(before != after for before, after in pairs)
    return tuple(pairs) if differ else tuple(before for before, _ in pairs)


def in_numbers(values: Values, size: tuple[int, ...]) -> Values:
    """The same; padding must be a number, or one for each axis.

    Raises:
        InputError: it is a word, or differs between the sides of an axis.
    """
    if is_told(values[PADDED]):
        raise wrong(PADDED, values[PADDED], "must be a number, or one for each axis")
    return values


def covering(values: Values, size: Sequence[int]) -> list[int]:
    """The padding of every axis with which there is one window for each `stride` input elements.

    >>> covering({"kernel_size": (3,), "stride": (2,)}, (6,)), covering({"kernel_size": (3,), "stride": (1,)}, (6,))
    ([1], [2])
    """
    totals = []
    for i, s, span in zip(size, values["stride"], spans(values), strict=True):
        totals.append(max(0, (-(-i // s) - 1) * s + span - i))
    return totals


def halves(totals: Sequence[int], *, odd_first: bool = False) -> list[Pair]:
    """Totals as before and after; the odd one comes after, unless it comes first.

    >>> halves([3]), halves([3], odd_first=True)
    ([(1, 2)], [(2, 1)])
    """
    pairs = [(total // 2, total - total // 2) for total in totals]
    return [(after, before) for before, after in pairs] if odd_first else pairs


def spans(values: Values) -> tuple[int, ...]:
    """The elements that the kernel spans along every axis."""
    sizes = values["kernel_size"]
    return tuple((k - 1) * d + 1 for k, d in zip(sizes, values.get("dilation", (1,) * len(sizes)), strict=True))


def cut(values: Values, pairs: Sequence[Pair], added: Sequence[int], given: object) -> Values:
    """A transposed convolution whose output has so much cut before and after every axis, and `added` at its ends.

    What is cut less after than before is output padding to us, as PyTorch has it, as far as that goes.

    Raises:
        InputError: something is added before an axis; `given` is how the framework was told.

    >>> values = {"kernel_size": (3,), "stride": (2,)}
    >>> cut(values, [(1, 0)], (0,), "same")["padding"], cut(values, [(1, 0)], (0,), "same")["output_padding"]
    ((1,), (1,))
    >>> cut(values, [(0, 1)], (0,), "same")["padding"], cut(values, [(0, 1)], (0,), "same")["output_padding"]
    (((0, 1),), (0,))
    """
    firsts = tuple(before for before, _ in pairs)
    if min(firsts) < 0:
        raise wrong(PADDED, given, f"cuts {spoken(firsts)} before, and what is cut must be at least 0")
    extra = tuple(more + before - after for more, (before, after) in zip(added, pairs, strict=True))
    limits = map(max, values["stride"], values.get("dilation", values["stride"]))
    if all(0 <= more < limit for more, limit in zip(extra, limits, strict=True)):
        return {**values, "padding": firsts, "output_padding": extra}
    both = sides([(before, max(after, 0)) for before, after in pairs])
    extra = tuple(more + max(-after, 0) for more, (_, after) in zip(added, pairs, strict=True))
    return {**values, "padding": both, "output_padding": extra}


def adaptive(values: Values, size: tuple[int, ...]) -> Values:
    """Pooling that is given its `output_size` instead of a window, with None for that of the input.

    Raises:
        InputError: it is no such size.

    >>> adaptive({"output_size": (2, None)}, (5, 3))
    {'output_size': (2, 3)}
    """
    given = values[OUTPUT_SIZE]
    places = given if isinstance(given, tuple) else (given,) * len(size)
    wanted = tuple(i if o is None else o for i, o in zip(size, places, strict=False))
    if len(places) != len(size) or not all(type(o) is int and o >= 1 for o in wanted):
        raise wrong(OUTPUT_SIZE, given, "must be an integer >= 1, or None for that of the input; or one for each axis")
    return {**values, OUTPUT_SIZE: wanted}


def whole(values: Values, size: tuple[int, ...]) -> Values:
    """Pooling over all of the input at once.

    >>> whole({}, (4, 5))
    {'kernel_size': (4, 5), 'stride': (4, 5)}
    """
    return {**values, "kernel_size": size, "stride": size}
