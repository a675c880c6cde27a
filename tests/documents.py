"""Random figures of all kinds of layers, views and options, made from what is declared."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.arithmetic.numbers import LARGE
from convgif.drawing.roles import ROLES
from convgif.figure import OPTIONS, Colors, Figure, FrameRange, Map, Seed
from convgif.options import LARGEST_INTEGER, Decimal, Flag, Integer, Kind, Line, Option, Word
from convgif.registry import VIEWS
from tests.arithmetic import strategies

LINES: Final = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
COLORS: Final = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
RANGES: Final = st.tuples(*[st.none() | st.integers(-99, 99)] * 2).map(
    lambda ends: ":".join("" if end is None else str(end) for end in ends)
)


def kind_values(kind: Kind) -> st.SearchStrategy[Any]:
    """Values that a kind of option may have."""
    match kind:
        case Flag():
            return st.booleans()
        case Seed() | Integer():
            return st.integers(kind.least, LARGEST_INTEGER if kind.most is None else kind.most)
        case Decimal():
            return st.floats(kind.least, kind.most, exclude_min=kind.excluded, allow_subnormal=False)
        case Word():
            return st.sampled_from(kind.words)
        case Line():
            return LINES.filter(lambda text: taken(kind, text))
        case Colors():
            return st.dictionaries(st.sampled_from(sorted(ROLES)), COLORS, min_size=1, max_size=3)
        case FrameRange():
            return RANGES
    return st.nothing()  # a kind of another package


def taken(kind: Kind, value: object) -> bool:
    """Whether a kind of option takes a value."""
    try:
        kind.checked(value)
    except ValueError:
        return False
    return True


def maps(size: tuple[int, ...]) -> st.SearchStrategy[Any]:
    """Numbers by row and column."""
    part: st.SearchStrategy[Any] = st.integers(-(10**18), 10**18) | st.floats(-LARGE, LARGE)
    for length in reversed(size):
        part = st.lists(part, min_size=length, max_size=length)
    return part


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    """A figure of any kind: each option is left as usual more often than not."""
    layer = draw(strategies.layers() | strategies.channelled())
    view = draw(st.sampled_from(list(VIEWS)))
    options: list[Option] = [option for name, option in OPTIONS.items() if name not in ("view", "decimals")]
    options += [one.option for one in VIEWS[view].options if isinstance(layer, one.layers)]
    given: dict[str, Any] = {"view": view}
    for option in options:
        if not isinstance(option.kind, Map) and draw(st.integers(0, 2)) == 0:
            values = kind_values(option.kind)
            if not values.is_empty:
                given[option.name] = draw(values)
    if draw(st.integers(0, 2)) == 0:
        twice = tuple(2 * size for size in layer.input_size)
        given["beside"] = draw(
            st.sampled_from([Conv(twice, 1), ConvTranspose(layer.input_size, 2, 2), MaxPool(layer.input_size, 1)])
        )
    # The cells must not become too small.
    if given.get("cell", 30) * given.get("scale", 1) < 4:
        del given["scale"]
    if draw(st.integers(0, 2)) == 0 and max(layer.input_size) < 8:
        given["input"] = draw(maps(layer.input_shape))
        if layer.has_weight:
            given["weight"] = draw(maps(layer.weight_shape))
        given.pop("random", None)  # nothing is left to be made up
    if ("input" in given or "random" in given) and draw(st.booleans()):
        given["decimals"] = draw(kind_values(OPTIONS["decimals"].kind))
    return Figure(layer, **given)
