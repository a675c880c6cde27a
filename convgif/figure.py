"""A figure: a layer, how to draw it, and how fast it moves. A document: it can be compared, sent and written down.

Every option stands here once, with its kind of value, its default and its meaning; those of a single view stand with
the view. Presets, the command line and Python all build this class, so they share its names and its errors. Views,
themes and languages are asked for in the registry.

>>> from convgif.arithmetic import Conv
>>> figure = Figure(Conv(input_size=5, kernel_size=3, stride=2, padding=1), view="flat", reveal=True, frame_ms=500)
>>> figure.view, figure.cell, figure.wants("reveal"), figure.wants("prologue")
('flat', 30, True, False)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, cast

from convgif.arithmetic.comparison import resizing
from convgif.arithmetic.layer import INPUT_SIZE, Layer
from convgif.arithmetic.numbers import LARGE, as_numbers
from convgif.arithmetic.sentences import by
from convgif.errors import MISSING, InputError, Mention, Problem, as_flag, did_you_mean, either, rule, wrong
from convgif.options import (
    LARGEST_INTEGER,
    REQUIRED,
    Decimal,
    Flag,
    Integer,
    Kind,
    Line,
    Option,
    Schema,
    Word,
    by_name,
    real,
)
from convgif.registry import LANGUAGES, LAYERS, THEMES, VIEWS
from convgif.sources import readable

if TYPE_CHECKING:
    import numpy.typing as npt

MOST_DECIMALS: Final = 3
"""Decimals that a number in a cell is written with at most."""
LONGEST_TITLE: Final = 120
"""Characters of a title."""
SHORTEST_FRAME: Final = 20
"""Milliseconds; players slow anything shorter down."""
SMALLEST_CELL: Final = 4
"""Pixels; smaller ones would be nothing but their lines."""
DEEPEST: Final = 5
"""The axes that numbers have at most: two of channels, and those of a map."""
PRODUCTS: Final = 20_000_000
"""Products that the numbers of a figure may take; no page shows nearly as many."""
THEME_FILE: Final = ".toml"
"""The ending of a theme of one's own."""
FONT_FILES: Final = (".ttf", ".otf", ".ttc")
"""The endings of fonts."""
FONT_MARKS: Final = (b"\0\1\0\0", b"true", b"OTTO", b"ttcf")
"""What files of fonts begin with."""

Nested = tuple[Any, ...]
"""Numbers by row and column: tuples of tuples."""


@dataclass(frozen=True)
class Map(Kind):
    """The numbers of a map, row by row: a number for each of its cells."""

    @property
    def rule(self) -> str:
        return "must be rows of finite numbers"

    @property
    def metavar(self) -> str:
        return "ROWS|@FILE"

    def checked(self, value: object) -> Nested:
        if not isinstance(value, (list, tuple)):
            raise ValueError(self.rule)
        return tuple(self._nested(row, depth=1) for row in value)

    def _nested(self, part: object, depth: int) -> Any:
        if isinstance(part, (list, tuple)):
            if depth > DEEPEST:
                raise ValueError(self.rule)
            return tuple(self._nested(inner, depth + 1) for inner in part)
        number = part.item() if hasattr(part, "item") else part
        if isinstance(number, bool):
            return int(number)  # a mask; files and schemas know it as numbers
        if real(number) is None:
            raise ValueError(self.rule)
        if isinstance(number, int) and abs(number) > LARGEST_INTEGER:
            raise ValueError(f"must be rows of numbers; whole ones are at most {LARGEST_INTEGER:,}")
        return number

    def read(self, text: str) -> Nested:
        if text.startswith("@"):
            from convgif.arrays import read_array  # files of numbers are rare

            return self.checked(read_array(text[1:]).tolist())
        return self.checked(_rows(text))

    def schema(self) -> Schema:
        row = {"type": "array", "items": {"type": ["number", "array"]}}
        return {"anyOf": [row, {"type": "string", "pattern": "^@"}]}

    def toml(self, value: Any) -> Any:
        return [self.toml(part) for part in value] if isinstance(value, tuple) else value


def _rows(text: str) -> object:
    """Rows as JSON writes them, or with spaces between numbers and semicolons between rows."""
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        rows = [[json.loads(number) for number in re.split(r"[\s,]+", row.strip())] for row in text.split(";")]
    except (ValueError, RecursionError):
        raise ValueError("must be rows of numbers such as '1 2; 3 4' or [[1, 2], [3, 4]], or @FILE") from None
    return rows if len(rows) > 1 else rows[0]


@dataclass(frozen=True)
class Seed(Integer):
    """An integer that stands for some made-up numbers; true is 0."""

    least: int = 0

    def checked(self, value: object) -> int:
        return 0 if value is True else super().checked(value)

    def schema(self) -> Schema:
        return {"anyOf": [super().schema(), {"const": True}]}

    @property
    def metavar(self) -> str:
        return "[SEED]"


@dataclass(frozen=True)
class Colors(Kind):
    """Colours by role; the theme judges each."""

    @property
    def rule(self) -> str:
        return "must be colours by role, such as input=#268bd2"

    @property
    def metavar(self) -> str:
        return "ROLE=COLOR,..."

    def checked(self, value: object) -> tuple[tuple[str, str], ...]:
        try:
            pairs = dict(value)  # type: ignore[call-overload]  # whatever is no mapping raises an error
        except (TypeError, ValueError):
            raise ValueError(self.rule) from None
        if not all(isinstance(part, str) for pair in pairs.items() for part in pair):
            raise ValueError(self.rule)
        return tuple(sorted(pairs.items()))

    def read(self, text: str) -> tuple[tuple[str, str], ...]:
        pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
        if not pairs or not all(equals for _, equals, _ in pairs):
            raise ValueError(self.rule)
        return self.checked({role.strip(): color.strip() for role, _, color in pairs})

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": {"type": "string"}}

    def toml(self, value: Any) -> Any:
        return dict(value)


@dataclass(frozen=True)
class FontPath(Kind):
    """The path of a font."""

    @property
    def rule(self) -> str:
        return f"must be the path of a font, {either('FILE' + ending for ending in FONT_FILES)}"

    @property
    def metavar(self) -> str:
        return "FILE"

    def checked(self, value: object) -> str:
        path = fspath(value) if isinstance(value, PathLike) else value
        if isinstance(path, str) and path.lower().endswith(FONT_FILES):
            return path
        raise ValueError(self.rule)

    def read(self, text: str) -> str:
        return self.checked(text)

    def schema(self) -> Schema:
        return {"type": "string"}


@dataclass(frozen=True)
class FrameRange(Kind):
    """Some frames in a row, as Python slices them."""

    @property
    def rule(self) -> str:
        return "must be a range of frames such as 0:40, 10: or :-1"

    @property
    def metavar(self) -> str:
        return "FROM:TO"

    def checked(self, value: object) -> str:
        if isinstance(value, str) and re.fullmatch(r"(-?[0-9]{1,9})?:(-?[0-9]{1,9})?", value):
            return value
        raise ValueError(self.rule)

    def read(self, text: str) -> str:
        return self.checked(text)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^(-?[0-9]+)?:(-?[0-9]+)?$"}


LONGEST_BESIDE: Final = 1_000
"""Characters of the words for a layer: to split them takes longer than their number grows."""


@dataclass(frozen=True)
class Beside(Kind):
    """Another layer, by its kind and its arguments.

    As long as the size of its input is not given, it stays a table; a figure knows the size.
    """

    @property
    def rule(self) -> str:
        return "must be a layer, such as 'conv -k 3 -s 2' or a table with the keys layer and kernel_size"

    @property
    def metavar(self) -> str:
        return "LAYER"

    def checked(self, value: object) -> Layer | dict[str, Any]:
        if isinstance(value, Layer):
            return value
        if isinstance(value, str):
            return self.checked(self.table(value))
        if not isinstance(value, Mapping):
            raise ValueError(self.rule)
        table = dict(value)
        if "layer" not in table:
            raise wrong("layer", MISSING, f"is missing; {did_you_mean('', LAYERS)}")
        kind: type[Layer] = LAYERS.named(table.pop("layer"), "layer")
        declared = by_name(kind.parameters)
        if unknown := [name for name in table if name not in declared]:
            words = "there is no such argument"
            raise InputError(
                Problem(str(name), MISSING, f"{words}; {did_you_mean(name, declared)}") for name in unknown
            )
        if INPUT_SIZE.name in table:
            return kind(**table)
        lacking = (
            Problem(name, MISSING, "must be given")
            for name, argument in declared.items()
            if argument.default is REQUIRED and name not in table and name != INPUT_SIZE.name
        )
        bad = filter(None, (declared[name].problem(one) for name, one in table.items()))
        if problems := [*lacking, *bad]:
            raise InputError(problems)
        return {"layer": kind.name, **table}

    def read(self, text: str) -> dict[str, Any]:
        table = self.table(text)
        try:
            self.checked(table)
        except InputError as error:
            raise ValueError("; ".join(problem.text(as_flag) for problem in error.problems)) from None
        return table

    @staticmethod
    def table(text: str) -> dict[str, Any]:
        """The table of a layer as the command line has it.

        Raises:
            ValueError: it is none.

        >>> Beside.table("conv -k 3 --padding 1x2")
        {'layer': 'conv', 'kernel_size': 3, 'padding': (1, 2)}
        """
        import shlex

        if len(text) > LONGEST_BESIDE:
            raise ValueError(f"has {len(text):,} characters; {LONGEST_BESIDE:,} are allowed")
        try:
            name, *words = shlex.split(text) or [""]
        except ValueError as error:
            raise ValueError(f"is no list of words: {str(error).lower()}") from None
        kind: type[Layer] = LAYERS.named(name.replace("-", "_"), "layer")
        table: dict[str, Any] = {"layer": kind.name}
        words = [part for word in words for part in _flag_and_value(word)]
        while words:
            option, value = _argument(words, kind)
            if option.name in table:
                raise ValueError(f"{option.long_flag} is given twice")
            table[option.name] = value
        return table

    def schema(self) -> Schema:
        arguments = by_name(argument for kind in LAYERS.values() for argument in kind.parameters)
        properties = {
            "layer": {"enum": list(LAYERS), "description": "the kind of layer"},
            **{argument.name: argument.schema() for argument in arguments.values()},
        }
        table = {"type": "object", "properties": properties, "required": ["layer"], "additionalProperties": False}
        return {"anyOf": [table, {"type": "string"}]}

    def toml(self, value: Any) -> Any:
        if not isinstance(value, Layer):
            return value
        given = ((argument, getattr(value, argument.name)) for argument in value.parameters)
        return {
            "layer": value.name,
            **{argument.name: argument.kind.toml(one) for argument, one in given if one != value.usual(argument)},
        }


def _flag_and_value(word: str) -> list[str]:
    """A word of a command line: a long flag may have its value in it, after a sign, and a short one right behind it."""
    if word.startswith("--"):
        flag, equals, value = word.partition("=")
        return [flag, value] if equals else [flag]
    return [word[:2], word[2:]] if re.match("-[a-z].", word) else [word]


def _argument(words: list[str], kind: type[Layer]) -> tuple[Option, Any]:
    """The argument of a layer that the first words stand for, which are taken away.

    Raises:
        ValueError: they stand for none.
    """
    flag = words.pop(0)
    for option in kind.parameters:
        if isinstance(option.kind, Flag) and flag in (option.long_flag, option.long_flag.replace("--", "--no-", 1)):
            return option, flag == option.long_flag
        if flag in (option.long_flag, f"-{option.letter}") and flag != "-":
            if not words:
                raise ValueError(f"{flag} must be followed by a value")
            try:
                return option, option.read(words.pop(0))
            except InputError as error:
                raise ValueError(error.text(as_flag)) from None
    known = did_you_mean(flag, (option.long_flag for option in kind.parameters))
    raise ValueError(f"{flag} is no argument of {kind.title}; {known}")


OPTIONS: Final[Mapping[str, Option]] = by_name(
    (
        Option("view", Word(lambda: VIEWS), "how the figure is drawn", "isometric", "View"),
        Option(
            "beside",
            Beside(),
            "the layer that it is compared with; the same with usual arguments if unset",
            None,
            "View",
        ),
        Option(
            "heading", Line(LONGEST_TITLE), "its name for people, in lists and pages; it is not drawn", None, "Look"
        ),
        Option("title", Line(LONGEST_TITLE), "a line above the drawing", None, "Look"),
        Option("labels", Flag(), "name the maps: Input, Kernel, Output", False, "Look"),
        Option("caption", Flag(), "work the output size out, below the drawing", False, "Look"),
        Option("language", Word(lambda: LANGUAGES), "the language of labels and captions", "en", "Look"),
        Option("input", Map(), "numbers of the input", None, "Numbers"),
        Option("weight", Map(), "numbers of the kernel", None, "Numbers"),
        Option("random", Seed(), "make up the numbers that are not given", None, "Numbers"),
        Option(
            "decimals", Integer(0, MOST_DECIMALS), "decimals of the output; as many as needed if unset", None, "Numbers"
        ),
        Option(
            "theme",
            Word(lambda: THEMES, f"the path of a theme, FILE{THEME_FILE}", lambda word: word.endswith(THEME_FILE)),
            "the colours",
            "solarized",
            "Look",
        ),
        Option("colors", Colors(), "colours that replace some of the theme's, by role", None, "Look"),
        Option(
            "font",
            FontPath(),
            "a font for letters that DejaVu lacks or cannot join; one is looked for if unset",
            None,
            "Look",
        ),
        Option("transparent", Flag(), "leave the background transparent", False, "Look"),
        Option("cell", Decimal(SMALLEST_CELL, 400), "pixels a cell", 30, "Look"),
        Option("scale", Decimal(0, 8, excluded=True), "multiplies cell: 2 for high-density screens", 1, "Look"),
        Option("columns", Integer(1), "frames in a row of a sprite sheet; near-square if unset", None, "Look"),
        Option("frame_ms", Integer(SHORTEST_FRAME, 300_000), "milliseconds a frame", 1000, "Time"),
        Option("hold_ms", Integer(0, 300_000), "more milliseconds on the last frame", 0, "Time"),
        Option("loop", Integer(0, 65_536), "times to play; 0 is for ever", 0, "Time"),
        Option("frame_range", FrameRange(), "draw these frames only", None, "Time", flag="frames"),
        Option("every", Integer(1), "draw every so many frames only", 1, "Time"),
        Option("max_frames", Integer(1), "refuse a figure of more frames", 2_500, "Limits"),
        Option("max_items", Integer(1), "refuse a figure of more shapes and texts, in all frames", 150_000, "Limits"),
        Option("max_pixels", Integer(1), "refuse a larger image, frame or sheet", 64_000_000, "Limits"),
    )
)
"""Every option that figures of all views have, by name."""
RENAMED: Final[Mapping[str, str]] = {
    "input_values": "input",
    "kernel_values": "weight",
    "values": "random",
    "seed": "random",
}
"""Former names of options."""


class Numbers(NamedTuple):
    """The numbers of a figure as arrays; `weight` is None for pooling."""

    input: npt.NDArray[Any]
    weight: npt.NDArray[Any] | None
    output: npt.NDArray[Any]

    @property
    def decimals(self) -> int:
        """How many decimals an output has: as many as its factors; `MOST_DECIMALS` at most."""
        factors = [self.input] if self.weight is None else [self.input, self.weight]
        return min(MOST_DECIMALS, sum(map(decimals_of, factors)))


def decimals_of(numbers: npt.NDArray[Any]) -> int:
    """The decimals that are needed to write all of the numbers; at most `MOST_DECIMALS`."""
    import numpy as np

    exact = (places for places in range(MOST_DECIMALS) if np.array_equal(np.round(numbers, places), numbers))
    return next(exact, MOST_DECIMALS)


@dataclass(frozen=True, init=False)
class Figure:
    """What to draw; immutable.

    `Figure(layer, **options)` takes the options of `OPTIONS`, and those of its view.

    Raises:
        InputError: options that are unknown or out of bounds, or numbers that do not fit the layer;
            all problems at once.

    >>> from convgif.arithmetic import MaxPool
    >>> figure = Figure(MaxPool(2, 2), view="flat", input=[[1, 2], [3, 4]])
    >>> figure.numbers.output
    array([[4]])
    """

    layer: Layer
    view: str
    beside: Layer | None
    heading: str | None
    title: str | None
    labels: bool
    caption: bool
    language: str
    input: Nested | None
    weight: Nested | None
    random: int | None
    decimals: int | None
    theme: str
    colors: tuple[tuple[str, str], ...] | None
    font: str | None
    transparent: bool
    cell: float
    scale: float
    columns: int | None
    frame_ms: int
    hold_ms: int
    loop: int
    frame_range: str | None
    every: int
    max_frames: int
    max_items: int
    max_pixels: int
    extras: tuple[tuple[str, Any], ...] = field(default=())
    """The options of views that differ from their defaults, by name."""

    def __init__(self, layer: Layer, **options: Any) -> None:
        values, problems = checked_options(_with_input(layer, options))
        if not isinstance(layer, Layer):
            problems.insert(0, Problem("layer", layer, "must be a layer, such as Conv(input_size=5, kernel_size=3)"))
        if problems:
            raise InputError(problems)
        object.__setattr__(self, "layer", layer)
        for name, shape in (("input", layer.input_shape), ("weight", layer.weight_shape)):
            values[name] = in_sequence(values[name], len(shape))
        for name, value in values.items():
            object.__setattr__(self, name, value)
        if problems := list(self._misfits()):
            raise InputError(problems)

    def replaced(self, **changes: Any) -> Self:
        """The figure with some of its options, or its layer, replaced.

        Raises:
            InputError: as for a new figure.
        """
        return type(self)(**{"layer": self.layer, **self.given(), **changes})

    def given(self) -> dict[str, Any]:
        """The options that differ from their defaults."""
        core = {name: getattr(self, name) for name in OPTIONS}
        return {name: value for name, value in core.items() if value != OPTIONS[name].default} | dict(self.extras)

    def wants(self, option: str) -> bool:
        """Whether an option of views is on."""
        return bool(dict(self.extras).get(option))

    @property
    def cell_pixels(self) -> float:
        """Pixels of the file a cell: `cell`, scaled."""
        return self.cell * self.scale

    def _misfits(self) -> Iterator[Problem]:
        layer = self.layer
        if self.cell_pixels < SMALLEST_CELL:
            words = f"makes cells of {self.cell_pixels:g} pixels; they must have {SMALLEST_CELL} at least"
            yield Problem("scale", self.scale, words)
        yield from self._bad_colors()
        yield from self._bad_font()
        yield from self._bad_company()
        given = {"input": self.input, "weight": self.weight}
        if not layer.has_weight and given.pop("weight") is not None:
            yield Problem("weight", MISSING, "must be left out: a pooling layer has no weights")
        overflowing = ""
        for (name, value), shape in zip(given.items(), (layer.input_shape, layer.weight_shape), strict=False):
            if value is not None and not has_shape(value, shape):
                try:
                    as_numbers(name, value, shape, layer.ndim)
                except InputError as error:
                    yield from error.problems
            elif value is not None and largest(value) > LARGE and not overflowing:
                overflowing = name
        if overflowing and self.numbered:
            yield from self._overflow(overflowing)
        absent = [name for name, value in given.items() if value is None]
        if self.random is None and len(absent) == 1 and len(given) == 2:
            yield Problem(absent[0], MISSING, rule("is missing; or ", Mention("random", 0), " makes it up"))
        if self.decimals is not None and not self.numbered:
            yield Problem("decimals", self.decimals, "has no effect: the figure has no numbers; leave it out")

    def _bad_company(self) -> Iterator[Problem]:
        """What keeps the layer beside from having the same input."""
        if self.beside is not None and resizing(self.layer, self.beside) is None:
            size = by(self.layer.input_size)
            words = f"must be {size}, as for the first layer, or a whole multiple, to which the input is resized"
            yield Problem("beside.input_size", self.beside.input_size, words)

    def _overflow(self, name: str) -> Iterator[Problem]:
        """What is wrong with numbers that are so large that those of the output may be none; they are computed."""
        try:
            _ = self.numbers
        except InputError as error:
            yield from (replace(problem, field=name) for problem in error.problems)

    def _bad_colors(self) -> Iterator[Problem]:
        """What the theme has to say of itself, where it lies in a file, and of the colours that replace some of its."""
        if self.colors is None and self.theme in THEMES:
            return
        from convgif import themes  # only where there is something to check

        try:
            themes.theme_of(self)
        except InputError as error:
            yield from error.problems

    def _bad_font(self) -> Iterator[Problem]:
        """What keeps the file of the font from being one, as far as its first bytes tell."""
        if self.font is None:
            return
        try:
            with readable(self.font).open("rb") as file:
                begins = file.read(len(FONT_MARKS[0]))
        except FileNotFoundError:
            yield Problem("font", self.font, "there is no such file")
        except OSError as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            yield Problem("font", self.font, f"cannot be read: {reason}")
        else:
            if begins not in FONT_MARKS:
                yield Problem("font", self.font, "is no font: its first bytes are those of another kind of file")

    @property
    def numbered(self) -> bool:
        """Whether there are numbers to write into the cells."""
        return self.random is not None or self.input is not None

    @cached_property
    def numbers(self) -> Numbers | None:
        """The numbers to write into the cells; None for a figure without numbers.

        They are made up from the seed alone, so they are the same everywhere.

        Raises:
            InputError: there are too many to be computed.
        """
        if not self.numbered:
            return None
        layer, seed = self.layer, self.random or 0
        if (products := layer.step_count * prod(layer.kernel_size) * prod(layer.input_shape[: -layer.ndim])) > PRODUCTS:
            words = f"the numbers of the output take {products:,} products, {PRODUCTS:,} at most; choose smaller sizes"
            raise wrong("input_size", layer.input_size, words)
        import numpy as np

        given, w = (self.input, self.weight), None
        x = np.asarray(made_up(layer.input_shape, seed, most=3) if self.input is None else self.input)
        if layer.has_weight:
            w = np.asarray(made_up(layer.weight_shape, seed + 1, most=2) if self.weight is None else self.weight)
        numbers = Numbers(x, w, layer.apply(x, w))
        if numbers.output.any() or None not in given[: 1 + layer.has_weight]:
            return numbers
        # An output of zeros alone teaches nothing, so there are none among the numbers that are made up.
        x = np.where(x == 0, 1, x) if self.input is None else x
        w = np.where(w == 0, 1, w) if w is not None and self.weight is None else w
        return Numbers(x, w, layer.apply(x, w))

    def numbers_of(self, other: Layer) -> Numbers | None:
        """The numbers of another layer with the same input, and the same kernel where that has the same size.

        An input that is larger there is resized: each of its elements is repeated.

        >>> from convgif.arithmetic import Conv
        >>> figure = Figure(Conv((2,), (1,)), input=[1, 2], weight=[3])
        >>> figure.numbers_of(Conv((4,), (1,), padding=1)).output
        array([0, 3, 3, 6, 6, 0])
        """
        own = self.numbers
        if own is None:
            return None
        import numpy as np

        x, w = own.input, own.weight
        for direction, times in enumerate(resizing(self.layer, other) or ()):
            x = np.repeat(x, times, axis=direction - other.ndim)
        if not other.has_weight:
            w = None
        elif w is None or self.layer.weight_shape != other.weight_shape:
            w = np.asarray(made_up(other.weight_shape, (self.random or 0) + 1, most=2))
        return Numbers(x, w, other.apply(x, w))

    def describe(self) -> str:
        """One plain sentence that stands for the picture (alt text), behind its title.

        >>> from convgif.arithmetic import Conv
        >>> Figure(Conv(4, 3), title="Blur").describe()
        'Blur: Convolution of a 4x4 input with a 3x3 kernel, stride 1, giving a 2x2 output.'
        """
        sentence = self.layer.describe()
        if self.beside is not None:
            beside = self.beside.describe()
            sentence = f"{sentence.removesuffix('.')}; beside it {beside[0].lower()}{beside[1:]}"
        elif seen := VIEWS[self.view].seen_as:
            sentence = f"{sentence.removesuffix('.')}, {seen}."
        return sentence if self.title is None else f"{self.title}: {sentence}"


def _with_input(layer: object, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options with the size of the input that the layer beside shares, where it gives none of its own."""
    beside = options.get("beside")
    if isinstance(beside, str):
        try:
            beside = Beside.table(beside)
        except ValueError:
            return options  # what is wrong with it is said where all options are checked
    if not isinstance(layer, Layer) or not isinstance(beside, Mapping) or INPUT_SIZE.name in beside:
        return options
    return {**options, "beside": {**beside, INPUT_SIZE.name: layer.input_size}}


def has_shape(part: object, size: tuple[int, ...]) -> bool:
    """Whether nested tuples are of that shape; arrays would tell as well, but take their time to load.

    >>> has_shape(((1, 2), (3, 4)), (2, 2)), has_shape(((1, 2), (3,)), (2, 2))
    (True, False)
    """
    if not size:
        return not isinstance(part, tuple)
    return isinstance(part, tuple) and len(part) == size[0] and all(has_shape(inner, size[1:]) for inner in part)


def in_sequence(numbers: Nested | None, ndim: int) -> Nested | None:
    """Numbers over one axis: tables, such as files hold, may have them in a single row or column.

    >>> in_sequence(((1, 2, 3),), 1), in_sequence(((1,), (2,)), 1), in_sequence(((1, 2, 3),), 2)
    ((1, 2, 3), (1, 2), ((1, 2, 3),))
    """
    if numbers is None or ndim > 1 or not all(isinstance(row, tuple) for row in numbers):
        return numbers
    single = len(numbers) == 1 or all(len(row) == 1 for row in numbers)
    return tuple(number for row in numbers for number in row) if single else numbers


def largest(part: object) -> float:
    """The largest magnitude in nested tuples.

    >>> largest(((1, -2.5), (0, 1)))
    2.5
    """
    return max(map(largest, part), default=0) if isinstance(part, tuple) else abs(cast(float, part))


def made_up(size: tuple[int, ...], seed: int, most: int) -> Nested:
    """Small integers from 0 to `most` by row and column that look as if drawn by hand.

    About one in eight is 0, and no row is made of equal ones.

    >>> made_up((2, 3), seed=0, most=3)
    ((3, 1, 2), (1, 2, 2))
    """
    from random import Random

    chance = Random(seed)

    def number() -> int:
        # Only `random` itself is the same in all versions of Python.
        return 0 if chance.random() < 1 / 8 else 1 + int(chance.random() * most)

    def part(size: tuple[int, ...]) -> Any:
        if len(size) > 1:
            return tuple(part(size[1:]) for _ in range(size[0]))
        row = [number() for _ in range(size[0])]
        if len(set(row)) == 1:
            row[-1] = row[-1] % most + 1
        return tuple(row)

    made: Nested = part(size)
    return made


def view_options() -> Mapping[str, Option]:
    """The options of all views, by name; a name means the same in all of them.

    >>> view_options()["reveal"].default
    False
    """
    return {declared.option.name: declared.option for view in VIEWS.values() for declared in view.options}


def option_named(name: str, view: object = None) -> Option | None:
    """The option of that name, of all figures or of a view; the view that is at hand is asked first."""
    if name in OPTIONS:
        return OPTIONS[name]
    if isinstance(view, str) and view in VIEWS:
        for declared in VIEWS[view].options:
            if declared.option.name == name:
                option: Option = declared.option
                return option
    return view_options().get(name)


def checked_options(given: Mapping[str, object]) -> tuple[dict[str, Any], list[Problem]]:
    """The values of all fields but the layer, defaults included, and everything that is wrong with single options.

    >>> values, problems = checked_options({"theme": "mutde", "frame_ms": 5, "vew": "flat"})
    >>> print(*problems, sep="\\n")  # doctest: +ELLIPSIS
    vew: there is no such option; did you mean view?
    theme = 'mutde': must be ... or the path of a theme, FILE.toml; did you mean muted?
    frame_ms = 5: must be an integer from 20 to 300,000
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {name: option.default for name, option in OPTIONS.items()}
    extras: dict[str, Any] = {}
    for name, value in given.items():
        option = option_named(name, given.get("view", OPTIONS["view"].default))
        if option is None:
            problems.append(Problem(name, MISSING, unknown_option(name)))
            continue
        try:
            checked = option.checked(value)
        except InputError as error:
            problems.extend(error.problems)
            continue
        if name in values:
            values[name] = checked
        elif checked != option.default:
            extras[name] = checked
    values["extras"] = tuple(sorted(extras.items()))
    problems.sort(key=lambda problem: problem.value is not MISSING)
    return values, problems


def unknown_option(name: str, further: tuple[str, ...] = ()) -> str:
    """What to say of an option that is not known; `further` names are known where it was given."""
    if name in RENAMED:
        return f"is now called {RENAMED[name]}"
    return f"there is no such option; {did_you_mean(name, (*further, *OPTIONS, *view_options()))}"
