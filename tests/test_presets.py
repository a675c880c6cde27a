"""Presets: the guide's figures row by row, laws of all that ship, and what is said of every kind of bad preset."""

from __future__ import annotations

import datetime
import json
import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import Conv
from convgif.errors import InputError
from convgif.figure import FONT_MARKS, OPTIONS, view_options
from convgif.presets import LONGEST_NAME, Places, load_families, load_presets, name_rule
from convgif.registry import LAYERS, THEMES, VIEWS
from convgif.sweeps import Figures

REPEATABLE = settings(deadline=None, derandomize=True, database=None, max_examples=300)

GUIDE_INPUT = ((3, 3, 2, 1, 0), (0, 0, 1, 3, 1), (3, 1, 2, 2, 3), (2, 0, 0, 2, 2), (2, 0, 0, 0, 1))
GUIDE_KERNEL = ((0, 1, 2), (2, 2, 0), (0, 1, 2))

# Name, kind of layer, input, kernel, stride, padding, dilation, output padding, output, frames.
GUIDE: list[tuple[str, str, int, int, int, int, int, int, int, int]] = [
    ("no_padding_no_strides", "conv", 4, 3, 1, 0, 1, 0, 2, 4),
    ("arbitrary_padding_no_strides", "conv", 5, 4, 1, 2, 1, 0, 6, 36),
    ("same_padding_no_strides", "conv", 5, 3, 1, 1, 1, 0, 5, 25),
    ("full_padding_no_strides", "conv", 5, 3, 1, 2, 1, 0, 7, 49),
    ("no_padding_strides", "conv", 5, 3, 2, 0, 1, 0, 2, 4),
    ("padding_strides", "conv", 5, 3, 2, 1, 1, 0, 3, 9),
    ("padding_strides_odd", "conv", 6, 3, 2, 1, 1, 0, 3, 9),
    ("dilation", "conv", 7, 3, 1, 0, 2, 0, 3, 9),
    ("no_padding_no_strides_transposed", "conv_transpose", 2, 3, 1, 0, 1, 0, 4, 16),
    ("arbitrary_padding_no_strides_transposed", "conv_transpose", 6, 4, 1, 2, 1, 0, 5, 25),
    ("same_padding_no_strides_transposed", "conv_transpose", 5, 3, 1, 1, 1, 0, 5, 25),
    ("full_padding_no_strides_transposed", "conv_transpose", 7, 3, 1, 2, 1, 0, 5, 25),
    ("no_padding_strides_transposed", "conv_transpose", 2, 3, 2, 0, 1, 0, 5, 25),
    ("padding_strides_transposed", "conv_transpose", 3, 3, 2, 1, 1, 0, 5, 25),
    ("padding_strides_odd_transposed", "conv_transpose", 3, 3, 2, 1, 1, 1, 6, 36),
    ("numerical_no_padding_no_strides", "conv", 5, 3, 1, 0, 1, 0, 3, 9),
    ("numerical_padding_strides", "conv", 5, 3, 2, 1, 1, 0, 3, 9),
    ("numerical_average_pooling", "avg_pool", 5, 3, 1, 0, 1, 0, 3, 9),
    ("numerical_max_pooling", "max_pool", 5, 3, 1, 0, 1, 0, 3, 9),
]

OUTPUTS: Mapping[str, list[list[float]]] = {
    "numerical_no_padding_no_strides": [[12, 12, 17], [10, 17, 19], [9, 6, 14]],
    "numerical_padding_strides": [[6, 17, 3], [8, 17, 13], [6, 4, 4]],
    "numerical_average_pooling": [[1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3]],
    "numerical_max_pooling": [[3, 3, 3], [3, 3, 3], [3, 2, 3]],
}

CONV = 'layer = "conv"\ninput_size = 5\nkernel_size = 3\n'
"""A right preset, but for its name; the next line is the fifth of a file."""
PLAIN = "must be a plain file name: letters, digits, _, - and . inside, at most 100 characters"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages name files as they were given, so give short names."""
    monkeypatch.chdir(tmp_path)


def problems(text: str | bytes, name: str = "m.toml") -> list[str]:
    """What is said of a file with that text, a line each."""
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        load_presets(name)
    return str(caught.value).splitlines()


def loaded(text: str) -> Figures:
    """The figures of a file with that text."""
    Path("m.toml").write_text(text, encoding="utf-8")
    return load_presets("m.toml")


# What ships.


@pytest.mark.parametrize(("name", "kind", "i", "k", "s", "p", "d", "a", "o", "frames"), GUIDE)
def test_the_guide(name: str, kind: str, i: int, k: int, s: int, p: int, d: int, a: int, o: int, frames: int) -> None:
    figure = load_presets()[name]
    layer = figure.layer
    assert layer.name == kind
    assert (layer.input_size, layer.kernel_size) == ((i, i), (k, k))
    assert (layer.stride, layer.padding, layer.dilation) == ((s, s), (p, p), (d, d))
    assert getattr(layer, "output_padding", (0, 0)) == (a, a)
    assert layer.output_size == (o, o)
    assert layer.step_count == frames
    assert figure.view == ("flat" if name.startswith("numerical") else "isometric")
    assert (figure.cell, figure.frame_ms, figure.theme, figure.loop) == (30, 1000, "solarized", 0)


def test_the_guides_set_comes_first_and_in_its_order() -> None:
    assert sum(row[-1] for row in GUIDE) == 358
    assert list(load_presets())[: len(GUIDE)] == [row[0] for row in GUIDE]
    assert list(load_families())[:2] == ["guide", "numerical"]


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_guides_numbers(name: str) -> None:
    figure = load_presets()[name]
    assert figure.input == GUIDE_INPUT
    assert figure.weight == (GUIDE_KERNEL if figure.layer.has_weight else None)
    assert figure.decimals == 1
    assert figure.numbers is not None
    assert figure.numbers.output.round(1).tolist() == OUTPUTS[name]


def test_every_figure_is_in_one_family() -> None:
    families = load_families()
    assert [family.order for family in families.values()] == sorted(family.order for family in families.values())
    names = [name for family in families.values() for name in family.figures]
    assert names == list(load_presets())
    assert len({name.casefold() for name in names}) == len(names)
    assert all(family.title for family in families.values())


@pytest.mark.parametrize("name", load_presets())
def test_every_figure_can_be_drawn_by_its_view(name: str) -> None:
    figure = load_presets()[name]
    assert VIEWS[figure.view].suits(figure.layer)
    assert name_rule(name) is None
    assert figure.heading or figure.title, "people read a name without underscores"


def test_no_two_figures_of_a_family_have_one_name() -> None:
    for family in load_families().values():
        names = [figure.heading or figure.title for figure in family.figures.values()]
        assert len(set(names)) == len(names)


# Families and defaults.


def test_the_file_of_a_figure_is_its_family() -> None:
    Path("set").mkdir()
    Path("set/b.toml").write_text(f'[family]\ntitle = "Bees"\norder = 1\n[b2]\n{CONV}[b1]\n{CONV}')
    Path("set/a.c.toml").write_text(f"[a1]\n{CONV}")
    Path("set/my_own.toml").write_text(f"[m]\n{CONV}")
    families = load_families("set")
    assert {name: list(family.figures) for name, family in families.items()} == {
        "b": ["b2", "b1"],
        "a.c": ["a1"],
        "my_own": ["m"],
    }
    assert [family.title for family in families.values()] == ["Bees", "A.c", "My own"]
    assert list(load_presets("set")) == ["b2", "b1", "a1", "m"]
    assert load_families(Path("set/b.toml"))["b"].figures == load_presets("set/b.toml")


def test_what_is_wrong_with_a_family() -> None:
    assert problems(f'[family]\ntitle = ""\norder = -1\nnmae = 3\n[a]\n{CONV}') == [
        "m.toml:4:1: [family] nmae: must be title or order",
        'm.toml:2:1: [family] title = "": must be a line of text, 120 characters at most',
        "m.toml:3:1: [family] order = -1: must be an integer from 0 to 1,000",
    ]


def test_defaults_give_keys_to_every_figure_of_their_file() -> None:
    Path("a.toml").write_text(
        '[defaults]\nlayer = "conv"\ninput_size = 6\nkernel_size = 2\nframe_ms = 500\n'
        "[a]\n[b]\nkernel_size = 3\nframe_ms = 100\n"
    )
    Path("c.toml").write_text(f"[c]\n{CONV}")
    figures = load_presets(".")
    assert (figures["a"].layer, figures["b"].layer) == (Conv(6, 2), Conv(6, 3))
    assert [figure.frame_ms for figure in figures.values()] == [500, 100, 1000]


def test_a_wrong_default_is_wrong_in_every_figure_and_found_where_it_stands() -> None:
    assert problems(f"[defaults]\nstride = 0\n[a]\n{CONV}[b]\n{CONV}stride = 1\n[c]\n{CONV}stride = -1\n") == [
        "m.toml:2:1: [a] stride = 0: must be an integer >= 1",
        "m.toml:16:1: [c] stride = -1: must be an integer >= 1",
    ]


def test_numbers_themes_and_fonts_lie_beside_the_file() -> None:
    Path("sub").mkdir()
    Path("sub/mine.toml.txt").write_text("")
    Path("sub/w.csv").write_text("1 2 3\n4 5 6\n7 8 9\n")
    Path("sub/theme").mkdir()
    Path("sub/theme/mine.toml").write_text('base = "print"\n[roles]\ninput = "#f00"\n')
    files = 'weight = "@w.csv"\ntheme = "theme/mine.toml"\nfont = "mine.ttf"'
    Path("sub/m.toml").write_text(f"[a]\n{CONV}random = 1\n{files}")
    Path("sub/mine.ttf").write_bytes(FONT_MARKS[0])
    figure = load_presets("sub/m.toml")["a"]
    assert figure.weight == ((1, 2, 3), (4, 5, 6), (7, 8, 9))
    assert Path(figure.theme) == Path("sub/theme/mine.toml")
    assert figure.font is not None
    assert Path(figure.font) == Path("sub/mine.ttf")
    Path("sub/mine.ttf").write_text("<svg>")
    with pytest.raises(InputError, match=r"sub/m.toml:8:1: \[a\] font = .*: is no font: "):
        load_presets("sub/m.toml")


def test_numbers_that_are_not_there() -> None:
    assert problems(f'[a]\n{CONV}random = 1\nweight = "@no.csv"\n') == [
        'm.toml:6:1: [a] weight = "@no.csv": there is no such file'
    ]


# Places.

TRICKY = {
    "plain": ("[a]\n{}stride = 0\n", "5:1"),
    "indented": ("  [a]\n{} \t stride = 0\n", "5:4"),
    "spaced": ("[ a ]\n{}stride   =   0\n", "5:1"),
    "quoted": ("[ \"a\" ]\n{}'stride' = 0\n", "5:1"),
    "comments": ("# [a]\n# stride = 0\n[a] # x\n{}stride = 0 # stride = 1\n", "7:1"),
    "another table": ("[b]\n{}stride = 1\n[a]\n{}stride = 0\n", "10:1"),
    "a longer key": ("[a]\n{}max_frames = 1\nstride = 0\n", "6:1"),
    "a line of text": ('[a]\n{}title = "stride = 0"\nstride = 0\n', "6:1"),
    "CRLF": ("[a]\r\n{}stride = 0\r\n", "5:1"),
    "lines of an array": (
        "[a]\n{}random = 0\nweight = [\n  [1, 2, 3], # ]\n[4, 5, 6],\n[7, 8, 9]]\nstride = 0\n",
        "10:1",
    ),
    "inline": ('\na = {{ layer = "conv", input_size = 5, kernel_size = 3, stride = 0 }}\n', "2:56"),
    "dotted": ('\na.layer = "conv"\na.input_size = 5\na . kernel_size = 3\na.stride = 0\n', "5:3"),
    "a path": ('["v1.2"]\n{}stride = 0\n', "5:1"),
}


@pytest.mark.parametrize(("text", "place"), TRICKY.values(), ids=TRICKY)
def test_a_problem_is_found_where_it_stands(text: str, place: str) -> None:
    (line,) = problems(text.format(*[CONV] * text.count("{}")))
    assert line.startswith(f"m.toml:{place}: [")
    assert line.endswith("] stride = 0: must be an integer >= 1")


def test_a_key_inside_of_a_text_of_several_lines_is_none() -> None:
    text = f'[a]\n{CONV}title = """\n[b]\nstride = 3\n"""\nstride = 0\n[b]\n'
    lines = problems(text)
    assert [line.split(": ")[0] for line in lines] == [
        *("m.toml:9:1", "m.toml:5:1"),
        "m.toml:10:1",
    ]


def test_a_table_inside_a_preset() -> None:
    assert problems(f"[a]\n{CONV}[a.b]\nx = 1\n")[0].startswith("m.toml:5:1: [a] b: there is no such option; ")
    assert problems(f'[a]\n{CONV}[a.colors]\ninptu = "red"\n') == [
        "m.toml:5:1: [a] colors.inptu: there is no such role; did you mean input?"
    ]


def test_what_is_missing_is_found_at_its_table() -> None:
    assert problems("\n\n [a]\nlayer = 'conv'\ninput_size = 5\n") == ["m.toml:3:2: [a] kernel_size: is missing"]
    assert problems("\na = { layer = 'conv', input_size = 5 }\n") == ["m.toml:2:1: [a] kernel_size: is missing"]


def test_places_of_what_is_not_there() -> None:
    assert (Places("").table("a"), Places("").key("a", "b"), Places("").key((), "b")) == ("1:1", "1:1", "1:1")


# What is wrong with a file.


def test_former_names_lead_to_the_new_ones() -> None:
    assert problems(f'[a]\n{CONV}values = "random"\nseed = 3\ninput_values = [[1]]\nkernel_values = [[1]]\n') == [
        "m.toml:5:1: [a] values: is now called random",
        "m.toml:6:1: [a] seed: is now called random",
        "m.toml:7:1: [a] input_values: is now called input",
        "m.toml:8:1: [a] kernel_values: is now called weight",
    ]


def test_values_are_shown_as_the_file_has_them() -> None:
    assert problems(f'[a]\n{CONV}stride = [1, 0]\nlabels = 1\nview = "falt"\npadding = true\n') == [
        "m.toml:5:1: [a] stride = [1, 0]: must be an integer >= 1, or one for each axis: (rows, columns)",
        "m.toml:8:1: [a] padding = true: must be an integer >= 0",
        "m.toml:6:1: [a] labels = 1: must be true or false",
        *(line for line in problems(f'[a]\n{CONV}\n\nview = "falt"\n')),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff", "m.toml: must be text in UTF-8, and byte 0 is not"),
        (b"[a\n", "m.toml:1:3: is no valid TOML: expected ']' at the end of a table declaration"),
        (b"a = ", "m.toml:"),
        (b"", "m.toml: holds no figure; give each a table, [NAME]"),
        (b"# x\n[defaults]\nframe_ms = 500\n", "m.toml: holds no figure; give each a table, [NAME]"),
        (b"[a]\nx = " + b"[" * 5000, "m.toml: is nested too deeply"),
        (b"[a]\nx = " + b"9" * 5000, "m.toml: is no valid TOML: "),
        (b"\n  x = 5\n", "m.toml:2:3: x = 5: must stand in a table: put [NAME] above it"),
        (b"defaults = 3\n", "m.toml:1:1: defaults = 3: must stand in a table"),
    ],
)
def test_what_is_no_preset_file(text: bytes, said: str) -> None:
    assert problems(text)[0].startswith(said)


def test_files_that_are_not_there() -> None:
    Path("empty").mkdir()
    for path, said in (("nosuch.toml", "nosuch.toml: cannot be read: "), ("empty", "empty: holds no .toml file")):
        with pytest.raises(InputError) as caught:
            load_presets(path)
        assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "", "n" * 101, ".hidden", "-a", "a-", "a.", "a b", "a\\b", "..", "a\x01", "x\n"]
)
def test_names_that_are_no_file_names(name: str) -> None:
    assert name_rule(name) == PLAIN
    (line,) = problems(f"[{json.dumps(name)}]\n{CONV}")
    assert line.endswith(f"] the name: {PLAIN}")


@pytest.mark.parametrize("name", ["a.b", "a", "3", "x_1-2.3", "n" * LONGEST_NAME, "é", "v1..2"])
def test_names_that_are_file_names(name: str) -> None:
    assert name_rule(name) is None
    assert list(loaded(f'["{name}"]\n{CONV}')) == [name]


def test_two_presets_with_one_name() -> None:
    """Also those that are one on systems that do not tell A from a, and those in two files."""
    assert problems(f"[a]\n{CONV}[A]\n{CONV}") == ["m.toml:5:1: [A] has the name of another preset, m.toml:1:1: [a]"]
    Path("both").mkdir()
    for file in ("one", "two"):
        Path(f"both/{file}.toml").write_text(f"[blur]\n{CONV}")
    with pytest.raises(InputError) as caught:
        load_presets("both")
    first, second = Path("both/one.toml"), Path("both/two.toml")
    assert str(caught.value) == f"{second}:1:1: [blur] has the name of another preset, {first}:1:1: [blur]"


def test_all_problems_of_all_files_in_order() -> None:
    Path("set").mkdir()
    Path("set/c.toml").write_text(f"[c1]\n{CONV}stride = 0\n[c2]\n{CONV}[c3]\n{CONV}every = 0\n")
    Path("set/a.toml").write_text("[a\n")
    Path("set/b.toml").write_bytes(b"\xff")
    Path("set/d.toml").write_text(f"x = 1\n[c2]\n{CONV}")
    Path("set/f.txt").write_text("[f\n")
    with pytest.raises(InputError) as caught:
        load_presets("set")
    assert str(caught.value).replace("\\", "/").splitlines() == [
        "set/a.toml:1:3: is no valid TOML: expected ']' at the end of a table declaration",
        "set/b.toml: must be text in UTF-8, and byte 0 is not",
        "set/c.toml:5:1: [c1] stride = 0: must be an integer >= 1",
        "set/c.toml:14:1: [c3] every = 0: must be an integer >= 1",
        "set/d.toml:1:1: x = 1: must stand in a table: put [NAME] above it",
        "set/d.toml:2:1: [c2] has the name of another preset, set/c.toml:6:1: [c2]",
    ]


def toml(value: object) -> str:
    """A value in TOML, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return {"nan": "nan", "inf": "inf", "-inf": "-inf"}.get(repr(value), repr(value))
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        case datetime.date():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{toml(key)} = {toml(item)}' for key, item in value.items())}}}"
    raise AssertionError(value)


def document(tables: Mapping[str, Any]) -> str:
    """Tables in TOML; what is no table comes first, as TOML wants it."""
    stray = [f"{toml(key)} = {toml(value)}" for key, value in tables.items() if not isinstance(value, dict)]
    for name, table in tables.items():
        if isinstance(table, dict):
            stray += [f"[{toml(name)}]", *(f"{toml(key)} = {toml(value)}" for key, value in table.items())]
    return "\n".join(stray) + "\n"


WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
KEYS = st.sampled_from(
    sorted(
        {
            *OPTIONS,
            *view_options(),
            "layer",
            "input_size",
            "kernel_size",
            "stride",
            "padding",
            "dilation",
            "output_padding",
        }
    )
)
SCALARS = st.one_of(
    st.integers(-1, 9),
    st.integers(),
    st.floats(),
    st.booleans(),
    WORDS,
    st.dates(),
    st.sampled_from([*LAYERS, *VIEWS, "random", *THEMES, "no.toml", "@no.csv"]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=2), max_leaves=6
)
RIGHT_KEYS = {"layer": st.sampled_from(list(LAYERS)), "input_size": st.integers(1, 9), "kernel_size": st.integers(1, 3)}
TABLES = st.one_of(
    st.dictionaries(KEYS | WORDS, VALUES, max_size=6),
    # Most junk fails at the first key; these get as far as the last.
    st.builds(
        lambda right, junk: {**right, **junk},
        st.fixed_dictionaries(RIGHT_KEYS),
        st.dictionaries(KEYS | st.just("expect_output_size"), VALUES, max_size=2),
    ),
)
NAMES = st.sampled_from(["a", "A", "b", "defaults", "family"]) | WORDS


@REPEATABLE
@given(st.dictionaries(NAMES, TABLES | VALUES, max_size=3))
def test_whatever_stands_in_a_file_is_a_figure_or_an_error(tables: dict[str, Any]) -> None:
    Path("junk.toml").write_text(document(tables), encoding="utf-8", newline="\n")
    figures: Figures | None = None
    said: list[str] = []
    try:
        figures = load_presets("junk.toml")
    except InputError as error:
        said = list(map(str, error.problems))
    assert (figures is None) is bool(said)
    assert all(line.startswith("junk.toml:") for line in said)
    assert figures is None or set(figures) == set(tables) - {"defaults", "family"}


def test_the_junk_above_is_what_was_meant() -> None:
    """A writer that wrote no TOML would have every junk refused, and prove nothing."""
    text = 'q"\\\n\x7f\u20ac'
    table = {"x": [1, -2.5, math.inf, True, {"a b": []}], text: "\x00\ud7ff\U0001f600", "d": datetime.date(1, 2, 3)}
    assert tomllib.loads(document({"t": table, "stray": 1e300})) == {"t": table, "stray": 1e300}
