"""A figure: a layer, how to draw it, and how fast it moves.

Every option stands here once, with its type, bounds, default and meaning. Presets, the command line and Python all
build this class, so they share its names and its errors.

>>> from convgif.arithmetic import Conv
>>> figure = Figure(Conv(input_size=5, kernel_size=3, stride=2, padding=1), view="flat", frame_ms=500)
>>> figure.view, figure.cell
('flat', 30)
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from convgif.arithmetic import Layer, as_numbers
from convgif.errors import MISSING, InputError, Problem, did_you_mean, wrong

if TYPE_CHECKING:
    from matplotlib.axes import Axes

View = Literal["isometric", "flat", "matrix", "scatter", "construction", "story"]
ThemeName = Literal["solarized", "muted", "dark", "colorblind", "print"]

MOST_DECIMALS: Final = 3
"""Decimals that a number in a cell is written with at most."""
LONGEST_TITLE: Final = 120
"""Characters of a title."""
SHORTEST_FRAME: Final = 20
"""Milliseconds; players slow anything shorter down."""
SMALLEST_CELL: Final = 4
"""Pixels; smaller ones would be nothing but their lines."""


class Values(NamedTuple):
    """The numbers of a figure; `kernel` is None for pooling."""

    input: npt.NDArray[Any]
    kernel: npt.NDArray[Any] | None
    output: npt.NDArray[Any]

    @property
    def decimals(self) -> int:
        """How many decimals an output has: as many as its factors; three at most."""
        factors = [self.input] if self.kernel is None else [self.input, self.kernel]
        return min(MOST_DECIMALS, sum(map(_decimals, factors)))


def _decimals(numbers: npt.NDArray[Any]) -> int:
    """The decimals that are needed to write all of the numbers; at most `MOST_DECIMALS`."""
    exact = (places for places in range(MOST_DECIMALS) if np.array_equal(np.round(numbers, places), numbers))
    return next(exact, MOST_DECIMALS)


def _frozen_map(value: object) -> object:
    """Nested tuples instead of lists or an array, so that a figure can be compared and hashed."""
    rows = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(rows, (list, tuple)):
        return rows
    return tuple(tuple(row) if isinstance(row, (list, tuple)) else row for row in rows)


_SEEN_AS: Final[Mapping[str, str]] = {
    "matrix": "drawn as a matrix product",
    "scatter": "drawn as stamps of the kernel that add up",
    "construction": "built up as a direct convolution in four acts",
    "story": "drawn together with its transpose",
}
"""What a view adds to the description of its layer."""

ROLES: Final = (
    "paper",
    "input",
    "blank",
    "cut",
    "kernel",
    "entry",
    "output",
    "pending",
    "shadow_on_canvas",
    "shadow_on_input",
    "shadow_on_output",
    "line",
    "sight",
    "text",
    "text_on_shadow",
    "faint",
    "faint_line",
    "hatch",
)
"""What a theme has colours for; `drawing.theme` says what each is."""
OPTIONAL_ROLES: Final = ("blank", "hatch")
NOTHING: Final = "none"
"""Stands for no colour, in the roles that may have none."""
COLOR: Final = re.compile(r"#([0-9a-fA-F]{3}){1,2}")


def _by_role(value: object) -> object:
    """Colours as a mapping, whatever they are given as; what is none stays as it is and is refused."""
    try:
        return dict(value) if isinstance(value, (Mapping, tuple)) else value
    except (TypeError, ValueError):
        return value


_Colors = Annotated[dict[str, str] | None, BeforeValidator(_by_role)]

_MAPS: Final = ("input_values", "kernel_values")
_Map = Annotated[tuple[tuple[int | float, ...], ...] | None, BeforeValidator(_frozen_map)]


@dataclass(frozen=True)
class Figure:
    """What to draw; immutable.

    Raises:
        InputError: options that are out of bounds, or numbers that do not fit the layer; all problems at once.

    >>> from convgif.arithmetic import MaxPool
    >>> figure = Figure(MaxPool(2, 2), view="flat", input_values=[[1, 2], [3, 4]])
    >>> figure.values_drawn.output
    array([[4]])
    """

    layer: Annotated[Layer, Field(description="the layer whose arithmetic is drawn")]
    view: Annotated[View, Field(description="how the figure is drawn")] = "isometric"
    theme: Annotated[ThemeName, Field(description="the colours")] = "solarized"
    colors: Annotated[
        Mapping[str, str] | tuple[tuple[str, str], ...] | None,
        Field(description="colours that replace some of the theme's, by role"),
    ] = None
    title: Annotated[
        str | None,
        Field(
            pattern=r"^[^\p{Cc}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}\p{M}][^\p{Cc}\p{Zl}\p{Zp}]*$",
            max_length=LONGEST_TITLE,
            description="a line above the drawing",
        ),
    ] = None
    labels: Annotated[bool, Field(description="name the maps: Input, Kernel, Output")] = False
    caption: Annotated[bool, Field(description="work the output size out, below the drawing")] = False
    reveal: Annotated[bool, Field(description="leave output cells pale until they are computed")] = False
    kernel_map: Annotated[bool, Field(description="show the kernel on its own, between the maps")] = False
    prologue: Annotated[bool, Field(description="first build the canvas, act by act")] = False
    direct_matrix: Annotated[bool, Field(description="show whose transpose a matrix is")] = False
    transparent: Annotated[bool, Field(description="leave the background transparent")] = False
    input_values: Annotated[npt.ArrayLike | None, Field(description="numbers of the input, row by row")] = None
    kernel_values: Annotated[npt.ArrayLike | None, Field(description="numbers of the kernel, row by row")] = None
    values: Annotated[Literal["random"] | None, Field(description="make up the numbers that are not given")] = None
    seed: Annotated[int, Field(ge=0, description="which made-up numbers")] = 0
    cell: Annotated[float, Field(ge=SMALLEST_CELL, le=400, description="pixels a cell")] = 30
    scale: Annotated[float, Field(gt=0, le=8, description="multiplies cell: 2 for high-density screens")] = 1
    frame_ms: Annotated[int, Field(ge=SHORTEST_FRAME, le=300_000, description="milliseconds a frame")] = 1000
    hold_ms: Annotated[int, Field(ge=0, le=300_000, description="more milliseconds on the last frame")] = 0
    loop: Annotated[int, Field(ge=0, le=65_536, description="times to play; 0 is for ever")] = 0
    columns: Annotated[
        int | None, Field(ge=1, description="frames in a row of a sprite sheet; near-square if unset")
    ] = None
    max_frames: Annotated[int, Field(ge=1, description="refuse a figure of more frames")] = 2_500
    max_pixels: Annotated[int, Field(ge=1, description="refuse a larger image, frame or sheet")] = 64_000_000

    def __post_init__(self) -> None:
        if not isinstance(self.layer, Layer):
            raise wrong("layer", self.layer, "must be a layer: Conv, ConvTranspose, MaxPool or AvgPool")
        given = {option: getattr(self, option) for option in options()}
        # A number of NumPy's is as good as Python's.
        given = {option: value.item() if isinstance(value, np.generic) else value for option, value in given.items()}
        if problems := option_problems(given):
            raise InputError(problems)
        for option, value in given.items():
            object.__setattr__(self, option, _frozen_map(value) if option in _MAPS else value)
        if self.colors is not None:
            object.__setattr__(self, "colors", tuple(sorted(dict(self.colors).items())))
        if problems := list(self._misfits()):
            raise InputError(problems)

    @property
    def cell_pixels(self) -> float:
        """Pixels of the file a cell: `cell`, scaled."""
        return self.cell * self.scale

    def _misfits(self) -> Iterator[Problem]:
        layer = self.layer
        if self.cell_pixels < SMALLEST_CELL:
            rule = f"makes cells of {self.cell_pixels:g} pixels; they must have {SMALLEST_CELL} at least"
            yield Problem("scale", self.scale, rule)
        for problem in color_problems(dict(self.colors or ())):
            yield replace(problem, key=f"colors.{problem.key}")
        given = {"input_values": self.input_values, "kernel_values": self.kernel_values}
        if not layer.has_kernel_values and given.pop("kernel_values") is not None:
            yield Problem("kernel_values", self.kernel_values, "must be left out: a pooling layer has no weights")
        for (key, value), size in zip(given.items(), (layer.input_size, layer.kernel_size), strict=False):
            if value is not None:
                try:
                    as_numbers(key, value, size)
                except InputError as error:
                    yield from error.problems
        absent = [key for key, value in given.items() if value is None]
        if self.values is None and len(absent) == 1 and len(given) == 2:
            yield Problem(absent[0], MISSING, 'is missing; or values = "random" makes it up')

    @property
    def numbered(self) -> bool:
        """Whether there are numbers to write into the cells."""
        return self.values is not None or self.input_values is not None

    @cached_property
    def values_drawn(self) -> Values | None:
        """The numbers to write into the cells; None for a figure without numbers.

        Made-up inputs are 0 to 3 and made-up weights 0 to 2, as in the guide; the same seed gives the same numbers.
        """
        layer = self.layer
        if not self.numbered:
            return None
        chance = np.random.default_rng(self.seed)
        made_up = chance.integers(0, 4, layer.input_size), chance.integers(0, 3, layer.kernel_size)
        x = made_up[0] if self.input_values is None else np.asarray(self.input_values)
        if not layer.has_kernel_values:
            return Values(x, None, layer.apply(x))
        w = made_up[1] if self.kernel_values is None else np.asarray(self.kernel_values)
        return Values(x, w, layer.apply(x, w))

    def describe(self) -> str:
        """One plain sentence that stands for the picture (alt text), behind its title.

        >>> from convgif.arithmetic import Conv
        >>> Figure(Conv(4, 3), title="Blur").describe()
        'Blur: Convolution of a 4x4 input with a 3x3 kernel, stride 1, giving a 2x2 output.'
        """
        sentence = self.layer.describe()
        if seen := _SEEN_AS.get(self.view):
            sentence = f"{sentence.removesuffix('.')}, {seen}."
        return sentence if self.title is None else f"{self.title}: {sentence}"

    # The two methods below are the one place that reaches upwards, for the reader's convenience: a figure knows
    # nothing of files, `build` knows the whole chain.

    def frames(self) -> Iterator[npt.NDArray[np.uint8]]:
        """The frames in order, each of shape (height, width, 3), or 4 where `transparent`.

        Raises:
            InputError: the view does not fit the layer, or the figure is over its budget of frames or pixels.
        """
        from convgif import build

        return build.frames(self)

    def draw(self, axes: Axes, step: int = 0) -> None:
        """Draw one frame into axes of matplotlib's, as vector art that stays vector in a PDF.

        Raises:
            InputError: as `frames`, or there is no such frame.
        """
        from convgif import build

        build.draw(self, axes, step)

    def show(self) -> Path:
        """Open the player in a browser; the page is kept in a temporary file, whose path is returned."""
        from convgif import build

        return build.show(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        """What Jupyter shows: an animated SVG, and a still PNG where that cannot be."""
        from convgif import build

        return build.notebook(self)

    def save(self, path: str | Path) -> Path:
        """Write the figure to `path`; the format follows its ending. An existing file is replaced in one move.

        `.gif` is an animation, `.png` a sprite sheet with its index beside it (`.json`), and a path that ends in a
        slash a folder of numbered PNG frames.

        Raises:
            InputError: as `frames`; an unknown ending; or the file cannot be written.
        """
        from convgif import build

        return build.save(self, path).files[0]


def options() -> Mapping[str, dataclasses.Field[Any]]:
    """Every option of a figure by name: all fields but the layer.

    >>> options()["frame_ms"].default
    1000
    """
    return {field.name: field for field in dataclasses.fields(Figure) if field.name != "layer"}


@cache
def option_types() -> Mapping[str, Any]:
    """The annotated type of every option, with its bounds and its description."""
    hints = get_type_hints(Figure, include_extras=True)
    return {name: hints[name] for name in options()}


def meaning(option: str) -> str:
    """What an option means, in a few words.

    >>> meaning("cell")
    'pixels a cell'
    """
    return next(str(extra.description) for extra in get_args(option_types()[option])[1:])


@cache
def _model() -> type[BaseModel]:
    """The options as a strict pydantic model: the checking of each by itself."""
    types = {**option_types(), **dict.fromkeys(_MAPS, _Map), "colors": _Colors}
    fields: dict[str, Any] = {name: (types[name], field.default) for name, field in options().items()}
    return create_model("Options", __config__=ConfigDict(strict=True, extra="forbid", allow_inf_nan=False), **fields)


def choices(option: str) -> tuple[str, ...]:
    """The words that an option can be; none for an option that is no choice.

    >>> choices("values"), choices("cell")
    (('random',), ())
    """
    declared = get_args(option_types()[option])[0]
    return tuple(
        word for part in (declared, *get_args(declared)) if get_origin(part) is Literal for word in get_args(part)
    )


def rule(option: str) -> str:
    """What a value of that option must be.

    >>> rule("frame_ms"), rule("columns"), rule("values")
    ('must be an integer from 20 to 300,000', 'must be an integer >= 1', 'must be random')
    """
    declared, *extras = get_args(option_types()[option])
    if words := choices(option):
        *others, last = words
        return f"must be {', '.join(others)} or {last}" if others else f"must be {last}"
    if declared is bool:
        return "must be true or false"
    if option in _MAPS:
        return "must be rows of finite numbers"
    if option == "colors":
        return "must be colours by role, such as {input = '#268bd2'}"
    if str in (declared, *get_args(declared)):
        return f"must be a line of text, {LONGEST_TITLE} characters at most"
    bounds = {type(bound).__name__: bound for field in extras for bound in field.metadata}
    noun = "a number" if declared is float else "an integer"
    least = f"> {bounds['Gt'].gt:,}" if "Gt" in bounds else f">= {bounds['Ge'].ge:,}"
    if "Le" not in bounds:
        return f"must be {noun} {least}"
    if "Gt" in bounds:
        return f"must be {noun} {least} and <= {bounds['Le'].le:,}"
    return f"must be {noun} from {bounds['Ge'].ge:,} to {bounds['Le'].le:,}"


def option_problems(given: Mapping[str, object]) -> list[Problem]:
    """What is wrong with some options, each by itself.

    >>> print(*option_problems({"theme": "mutde", "frame_ms": 5}), sep="\\n")
    theme = 'mutde': must be solarized, muted, dark, colorblind or print; did you mean muted?
    frame_ms = 5: must be an integer from 20 to 300,000
    """
    try:
        _model().model_validate(given)
    except ValidationError as error:
        bad = dict.fromkeys(str(detail["loc"][0]) for detail in error.errors())
        return [_problem(option, given[option]) for option in bad]
    return []


def color_problems(colors: Mapping[str, object]) -> Iterator[Problem]:
    """What is wrong with colours by role.

    >>> print(*color_problems({"inptu": "#fff", "line": "blue"}), sep="\\n")
    inptu: there is no such role; did you mean input?
    line = 'blue': must be a colour such as '#268bd2'
    """
    for role, color in colors.items():
        alternative = f", or {NOTHING!r}" if role in OPTIONAL_ROLES else ""
        if role not in ROLES:
            yield Problem(role, MISSING, f"there is no such role; {did_you_mean(role, ROLES)}")
        elif not (isinstance(color, str) and (COLOR.fullmatch(color) or (color == NOTHING and alternative))):
            yield Problem(role, color, f"must be a colour such as '#268bd2'{alternative}")


def _problem(option: str, value: object) -> Problem:
    words = choices(option)
    remedy = did_you_mean(value, words) if isinstance(value, str) else ""
    return Problem(option, value, rule(option) + (f"; {remedy}" if len(words) > 1 and remedy.startswith("did") else ""))
