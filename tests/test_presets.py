"""Presets: the guide's figure set row by row, and what is said of every kind of bad preset."""

from __future__ import annotations

import datetime
import json
import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import LAYERS, AvgPool, Conv, ConvTranspose
from convgif.arithmetic.matrix import as_matrix
from convgif.arithmetic.scatter import stamped
from convgif.drawing import draw
from convgif.errors import InputError
from convgif.figure import ROLES, Figure, ThemeName, View, options
from convgif.presets import LONGEST_NAME, as_toml, load_families, load_presets, load_theme, name_rule, themed

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

Row = tuple[str, View, Conv | ConvTranspose, tuple[int, int], int]


def _flat(stride: int, padding: int, output: int) -> Row:
    """A figure of the flat family; it has as many frames as there are output elements."""
    layer = Conv(5, 3, stride, padding)
    return f"flat_s{stride}_p{padding}", "flat", layer, (output, output), output * output


# Name, view, layer, output, frames. Where the canvas is built up there are more frames than output elements: one for
# the input, 7 of zeros coming between and one of them in place where the stride is not 1, one or more for padding.
# The kernel turns in 8. A story is built up twice, with a still and 8 frames of stepping aside between.
FURTHER: list[Row] = [
    _flat(1, 0, 3),
    _flat(1, 1, 5),
    _flat(2, 0, 2),
    _flat(2, 1, 3),
    _flat(2, 3, 5),
    _flat(3, 2, 3),
    ("flat_transposed_i3_s1_p0", "flat", ConvTranspose(3, 3), (5, 5), 25),
    ("flat_transposed_i5_s1_p1", "flat", ConvTranspose(5, 3, 1, 1), (5, 5), 25),
    ("flat_transposed_i2_s2_p0", "flat", ConvTranspose(2, 3, 2), (5, 5), 25),
    ("flat_transposed_i3_s2_p1", "flat", ConvTranspose(3, 3, 2, 1), (5, 5), 25),
    ("construction_i2_s2_p0", "construction", ConvTranspose(2, 3, 2), (5, 5), 1 + 7 + 1 + 1 + 8 + 25),
    ("construction_i3_s2_p1", "construction", ConvTranspose(3, 3, 2, 1), (5, 5), 1 + 7 + 1 + 1 + 8 + 25),
    ("matrix_numerical", "matrix", Conv(4, 3), (2, 2), 4),
    ("matrix_numerical_transposed", "matrix", ConvTranspose(2, 3), (4, 4), 16),
    ("matrix_no_padding_no_strides", "matrix", Conv(5, 3), (3, 3), 9),
    ("matrix_no_padding_no_strides_transposed", "matrix", ConvTranspose(3, 3), (5, 5), 25),
    ("matrix_padding_strides", "matrix", Conv(5, 3, 2, 1), (3, 3), 9),
    ("matrix_padding_strides_transposed", "matrix", ConvTranspose(3, 3, 2, 1), (5, 5), 25),
    # The stamps, their totals, and where there is padding what it cuts away, and what is left.
    ("scatter_no_strides", "scatter", ConvTranspose(2, 3), (4, 4), 4 + 1),
    ("scatter_strides", "scatter", ConvTranspose(2, 3, 2), (5, 5), 4 + 1),
    ("scatter_padding_strides", "scatter", ConvTranspose(2, 3, 2, 1), (3, 3), 4 + 3),
    ("scatter_down", "flat", Conv(4, 2, 2, 1), (3, 3), 9),
    ("scatter_up", "flat", ConvTranspose(3, 2, 2, 1), (4, 4), 16),
    ("story_no_padding_no_strides", "story", Conv(5, 3), (3, 3), (1 + 9) + 9 + (1 + 1 + 1 + 25)),
    ("story_no_padding_strides", "story", Conv(4, 2, 2), (2, 2), (1 + 4) + 9 + (1 + 8 + 1 + 16)),
    ("story_padding_no_strides", "story", Conv((3, 4), 2, 1, 1), (4, 5), (2 + 20) + 9 + (1 + 1 + 1 + 12)),
    ("story_padding_strides", "story", Conv((3, 4), 3, 2, 1), (2, 2), (2 + 4) + 9 + (1 + 8 + 2 + 12)),
]

OPTIONS: Mapping[tuple[str, View], Mapping[str, object]] = {
    ("flat", "flat"): {"theme": "muted", "labels": True, "reveal": True},
    ("flat", "construction"): {"theme": "muted", "labels": True, "reveal": True},
    ("matrix", "matrix"): {"labels": True, "reveal": True},
    ("scatter", "scatter"): {"labels": True},
    ("scatter", "flat"): {"labels": True, "reveal": True},
    ("story", "story"): {"labels": True},
}
"""The options of the figures of a further family and view, but for titles and numbers."""

ODD_STAMPS = [[1, 1, 3, 2, 2], [1, 1, 3, 2, 2], [4, 4, 10, 6, 6], [3, 3, 7, 4, 4], [3, 3, 7, 4, 4]]

CONV = 'layer = "conv"\ninput_size = 5\nkernel_size = 3\n'
"""A right preset, but for its name."""
CONV_KEYS = "caption, cell, colors, columns, dilation, direct_matrix, expect_output_size, frame_ms and 22 more"
AVG_KEYS = "caption, cell, colors, columns, count_include_pad, direct_matrix, expect_output_size, frame_ms and 22 more"
ALL_KEYS = "caption, cell, colors, columns, count_include_pad, dilation, direct_matrix, expect_output_size and 24 more"
A_THEME = "must be solarized, muted, dark, colorblind or print"
A_COLOR = "must be a colour such as '#268bd2'"
A_VIEW = "must be isometric, flat, matrix, scatter, construction or story"
SIZE = "must be an integer >= 1, or a pair (rows, columns) of them"
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


def loaded(text: str) -> dict[str, Figure]:
    """The figures of a file with that text."""
    Path("m.toml").write_text(text, encoding="utf-8")
    return load_presets("m.toml")


@pytest.mark.parametrize(("name", "kind", "i", "k", "s", "p", "d", "a", "o", "frames"), GUIDE)
def test_the_guide(name: str, kind: str, i: int, k: int, s: int, p: int, d: int, a: int, o: int, frames: int) -> None:
    figure = load_presets()[name]
    layer = figure.layer
    assert layer.name == kind
    assert (layer.input_size, layer.kernel_size) == ((i, i), (k, k))
    assert (layer.stride, layer.padding, layer.dilation) == ((s, s), (p, p), (d, d))
    assert getattr(layer, "output_padding", (0, 0)) == (a, a)
    assert layer.output_size == (o, o)
    assert len(list(layer.steps())) == frames
    assert figure.view == ("flat" if name.startswith("numerical") else "isometric")
    assert (figure.cell, figure.frame_ms, figure.theme, figure.loop) == (30, 1000, "solarized", 0)


def test_the_guides_set_in_its_order() -> None:
    families = load_families()
    figures = {**families["guide"], **families["numerical"]}
    assert list(figures) == [row[0] for row in GUIDE]
    assert (len(families["guide"]), len(families["numerical"])) == (15, 4)
    assert sum(len(list(figure.layer.steps())) for figure in figures.values()) == 358
    assert sum(len(draw(figure).durations) for figure in figures.values()) == 358


@pytest.mark.parametrize("row", FURTHER, ids=lambda row: row[0])
def test_the_further_families(row: Row) -> None:
    name, view, layer, output, frames = row
    figure = load_presets()[name]
    assert (figure.view, figure.layer, figure.layer.output_size) == (view, layer, output)
    durations = draw(figure).durations
    assert len(durations) == frames
    assert set(durations) == ({1000, 80} if view in ("construction", "story") else {1000})
    family = name.partition("_")[0].replace("construction", "flat")
    assert name in load_families()[family]
    own = ("view", "title", "cell", "input_values", "kernel_values", "direct_matrix")
    changed = {option for option, field in options().items() if getattr(figure, option) != field.default}
    assert {option: getattr(figure, option) for option in changed.difference(own)} == OPTIONS[family, view]


def test_the_whole_set() -> None:
    """By family, in the order of their files; each figure is in one of them."""
    families = load_families()
    assert {family: len(figures) for family, figures in families.items()} == {
        "flat": 12,
        "guide": 15,
        "matrix": 6,
        "numerical": 4,
        "scatter": 5,
        "story": 4,
    }
    assert list(families) == sorted(families)
    figures = load_presets()
    assert list(figures) == [name for family in families.values() for name in family]
    assert figures == {name: figure for family in families.values() for name, figure in family.items()}
    assert sorted(figures) == sorted([*(row[0] for row in GUIDE), *(row[0] for row in FURTHER)])
    assert len(figures) == 46
    assert sum(len(draw(figure).durations) for figure in figures.values()) == 926
    assert {figure.view for figure in figures.values()} == set(get_args(View))


def test_titles_name_what_is_drawn() -> None:
    """Stride and padding in a title are those of the layer; nobody would notice another."""
    titles = {name: figure.title for name, figure in load_presets().items() if figure.title is not None}
    assert len(set(titles.values())) == len(titles) == 16
    for name in load_families()["flat"]:
        layer = load_presets()[name].layer
        said = f"tride {layer.stride[0]}, padding {layer.padding[0]}"
        assert titles.pop(name).endswith(said)
        number = layer.input_size[0]
        assert name.removeprefix("flat").removeprefix("construction").removeprefix("_transposed") == (
            (f"_i{number}" if isinstance(layer, ConvTranspose) else "") + f"_s{layer.stride[0]}_p{layer.padding[0]}"
        )
    assert titles == {
        "story_no_padding_no_strides": "No padding, unit strides",
        "story_no_padding_strides": "No padding, strides",
        "story_padding_no_strides": "Padding, unit strides",
        "story_padding_strides": "Padding, strides",
    }


def test_a_story_leads_back_to_the_size_that_it_began_with() -> None:
    """Where the stride leaves a column over, its transpose needs output padding there, and only there."""
    transposes = {name: figure.layer.transpose() for name, figure in load_families()["story"].items()}  # type: ignore[attr-defined]  # all are convolutions
    for name, transpose in transposes.items():
        assert transpose.output_size == load_presets()[name].layer.input_size
    assert {name: transpose.output_padding for name, transpose in transposes.items()} == {
        "story_no_padding_no_strides": (0, 0),
        "story_no_padding_strides": (0, 0),
        "story_padding_no_strides": (0, 0),
        "story_padding_strides": (0, 1),
    }


def test_the_numbers_of_the_matrix() -> None:
    """The corner of the guide's input, C of 4x16, and C transposed on what C gave."""
    direct, transposed = (load_presets()[f"matrix_numerical{name}"] for name in ("", "_transposed"))
    assert direct.input_values == tuple(row[:4] for row in GUIDE_INPUT[:4])
    assert direct.kernel_values == transposed.kernel_values == GUIDE_KERNEL
    assert direct.values_drawn is not None
    assert transposed.values_drawn is not None
    assert direct.values_drawn.output.tolist() == [[12, 12], [10, 17]]
    assert transposed.values_drawn.input.tolist() == [[12, 12], [10, 17]]
    assert transposed.direct_matrix
    rows = []
    for top, left in ((0, 0), (0, 1), (1, 0), (1, 1)):
        row = np.zeros((4, 4), int)
        row[top : top + 3, left : left + 3] = GUIDE_KERNEL
        rows.append(row.ravel())
    assert isinstance(direct.layer, Conv)
    assert isinstance(transposed.layer, ConvTranspose)
    np.testing.assert_array_equal(as_matrix(direct.layer, GUIDE_KERNEL), rows)
    np.testing.assert_array_equal(as_matrix(transposed.layer, GUIDE_KERNEL), np.transpose(rows))
    np.testing.assert_array_equal(
        transposed.values_drawn.output.ravel(), np.transpose(rows) @ np.array([12, 12, 10, 17])
    )


@pytest.mark.parametrize(
    ("name", "totals", "output"),
    [
        (
            "scatter_no_strides",
            [[1, 3, 3, 2], [4, 10, 10, 6], [4, 10, 10, 6], [3, 7, 7, 4]],
            [[1, 3, 3, 2], [4, 10, 10, 6], [4, 10, 10, 6], [3, 7, 7, 4]],
        ),
        ("scatter_strides", ODD_STAMPS, ODD_STAMPS),
        ("scatter_padding_strides", ODD_STAMPS, [[1, 3, 2], [4, 10, 6], [3, 7, 4]]),
    ],
)
def test_the_numbers_of_the_stamps(name: str, totals: list[list[int]], output: list[list[int]]) -> None:
    figure = load_presets()[name]
    assert figure.input_values == ((1, 2), (3, 4))
    assert figure.kernel_values == ((1, 1, 1),) * 3
    assert isinstance(figure.layer, ConvTranspose)
    assert figure.values_drawn is not None
    assert stamped(figure.layer, ((1, 2), (3, 4)), np.ones((3, 3), int)).tolist() == totals
    assert figure.values_drawn.output.tolist() == output


def test_the_file_of_a_figure_is_its_family() -> None:
    Path("set").mkdir()
    Path("set/b.toml").write_text(f"[b2]\n{CONV}[b1]\n{CONV}")
    Path("set/a.c.toml").write_text(f"[a1]\n{CONV}")
    assert {family: list(figures) for family, figures in load_families("set").items()} == {
        "a.c": ["a1"],
        "b": ["b2", "b1"],
    }
    assert list(load_families("set")) == ["a.c", "b"]
    assert list(load_families(Path("set/b.toml"))) == ["b"]
    assert load_families("set/b.toml")["b"] == load_presets("set/b.toml")


def test_families_are_refused_as_presets_are() -> None:
    Path("m.toml").write_text(f"[a]\n{CONV}stride = 0\n")
    for load in (load_presets, load_families):
        with pytest.raises(InputError) as caught:
            load("m.toml")
        assert str(caught.value) == "m.toml: [a] stride = 0: must be an integer >= 1"
        with pytest.raises(InputError) as caught:
            load("nosuch.toml")
        assert str(caught.value) == "nosuch.toml: cannot be read: no such file or directory"


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_guides_numbers(name: str) -> None:
    figure = load_presets()[name]
    assert figure.input_values == GUIDE_INPUT
    assert figure.kernel_values == (GUIDE_KERNEL if figure.layer.has_kernel_values else None)
    drawn = figure.values_drawn
    assert drawn is not None
    assert drawn.output.round(1).tolist() == OUTPUTS[name]


def test_all_others_have_no_numbers() -> None:
    assert [name for name, figure in load_presets().items() if figure.values_drawn is not None] == [
        "matrix_numerical",
        "matrix_numerical_transposed",
        *OUTPUTS,
        "scatter_no_strides",
        "scatter_strides",
        "scatter_padding_strides",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stide = 2", ["stide: unknown key; did you mean stride?"]),
        ("knernel_size = 2", ["knernel_size: unknown key; did you mean kernel_size?"]),
        ("output_padding = 0", ["output_padding: unknown key; did you mean padding?"]),
        ("wibble = 2", [f"wibble: unknown key; known are {CONV_KEYS}"]),
        ('stride = "2"', ["stride = '2': must be an integer >= 1, or a pair (rows, columns) of them"]),
        ("stride = 0", ["stride = 0: must be an integer >= 1"]),
        ("stride = -3", ["stride = -3: must be an integer >= 1"]),
        ("padding = -1", ["padding = -1: must be an integer >= 0"]),
        ("stride = 1.5", ["stride = 1.5: must be an integer >= 1, or a pair (rows, columns) of them"]),
        ("stride = true", ["stride = True: must be an integer >= 1"]),
        ("stride = [1, 0]", ["stride = [1, 0]: must be an integer >= 1, or a pair (rows, columns) of them"]),
        ("stride = [1, 2, 3]", ["stride = [1, 2, 3]: must be an integer >= 1, or a pair (rows, columns) of them"]),
        ("stride = []", ["stride = []: must be an integer >= 1, or a pair (rows, columns) of them"]),
        ("frame_ms = 10", ["frame_ms = 10: must be an integer from 20 to 300,000"]),
        ("frame_ms = 1000.0", ["frame_ms = 1000.0: must be an integer from 20 to 300,000"]),
        ('cell = "30"', ["cell = '30': must be a number from 4 to 400"]),
        ("cell = nan", ["cell = nan: must be a number from 4 to 400"]),
        ("transparent = 1", ["transparent = 1: must be true or false"]),
        ('view = "falt"', [f"view = 'falt': {A_VIEW}; did you mean flat?"]),
        ('theme = "mute"', [f"theme = 'mute': {A_THEME}; did you mean muted?"]),
        ('title = ""', ["title = '': must be a line of text, 120 characters at most"]),
        ('title = "a\\nb"', ["title = 'a\\nb': must be a line of text, 120 characters at most"]),
        ("title = 3", ["title = 3: must be a line of text, 120 characters at most"]),
        ("labels = 1\nreveal = 'yes'", ["labels = 1: must be true or false", "reveal = 'yes': must be true or false"]),
        ("kernelmap = true", ["kernelmap: unknown key; did you mean kernel_map?"]),
        ('values = "rand"', ["values = 'rand': must be random"]),
        (
            "input_values = [[1, 2], [3, 4]]\nkernel_values = 3",
            ["kernel_values = 3: must be rows of finite numbers"],
        ),
        (
            "input_values = [[1, 2], [3, 4]]",
            [
                "input_values = ((1, 2), (3, 4)): is 2 x 2, must be 5 x 5",
                'kernel_values: is missing; or values = "random" makes it up',
            ],
        ),
        (
            'values = "random"\nkernel_values = [[1, 2], [3]]',
            ["kernel_values = ((1, 2), (3,)): must be 3 rows of 3 numbers each"],
        ),
        ("expect_output_size = 4", ["expect_output_size = 4: the layer gives 3x3"]),
        ("expect_output_size = [3, 4]", ["expect_output_size = [3, 4]: the layer gives 3x3"]),
        ('expect_output_size = "3"', [f"expect_output_size = '3': {SIZE}"]),
        ("expect_output_size = {rows = 3}", [f"expect_output_size = {{'rows': 3}}: {SIZE}"]),
        (
            "stride = 0\nwibbel = 1\nscale = 99\nloop = -1",
            [
                f"wibbel: unknown key; known are {CONV_KEYS}",
                "stride = 0: must be an integer >= 1",
                "scale = 99: must be a number > 0 and <= 8",
                "loop = -1: must be an integer from 0 to 65,536",
            ],
        ),
        (
            'stride = "x"\npadding = -1\ndilation = 0.5',
            [
                "stride = 'x': must be an integer >= 1, or a pair (rows, columns) of them",
                "padding = -1: must be an integer >= 0",
                "dilation = 0.5: must be an integer >= 1, or a pair (rows, columns) of them",
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_convolution(text: str, said: list[str]) -> None:
    assert problems(f"[blur]\n{CONV}{text}\n") == [f"m.toml: [blur] {line}" for line in said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["layer: is missing; known are avg_pool, conv, conv_transpose, max_pool"]),
        ("input_size = 5", ["layer: is missing; known are avg_pool, conv, conv_transpose, max_pool"]),
        ('layer = "conv"', ["input_size: is missing", "kernel_size: is missing"]),
        ('layer = "max_pool"\nkernel_size = 2', ["input_size: is missing"]),
        ('layer = "conv"\nkernel_size = 0', ["input_size: is missing", "kernel_size = 0: must be an integer >= 1"]),
        ('layer = "cnov"', ["layer = 'cnov': must be a kind of layer; did you mean conv?"]),
        (
            'layer = "conv-transpose"\noutput_padding = 1',
            ["layer = 'conv-transpose': must be a kind of layer; did you mean conv_transpose?"],
        ),
        ("layer = 3", ["layer = 3: must be a kind of layer; known are avg_pool, conv, conv_transpose, max_pool"]),
        (
            'layer = ["conv"]\nzzz = 1\nview = "x"',
            [
                "layer = ['conv']: must be a kind of layer; known are avg_pool, conv, conv_transpose, max_pool",
                f"zzz: unknown key; known are {ALL_KEYS}",
                f"view = 'x': {A_VIEW}",
            ],
        ),
        (
            'layer = "conv"\ninput_size = 2\nkernel_size = 3',
            [
                "kernel_size = (3, 3): does not fit: it spans 3x3, the padded input has 2x2, "
                "1 row and 1 column too few; padding = 1 would fit"
            ],
        ),
        (
            'layer = "conv"\ninput_size = [9, 4]\nkernel_size = 3\ndilation = [1, 3]\nframe_ms = 1',
            [
                "kernel_size = (3, 3): does not fit: it spans 3x7, the padded input has 9x4, "
                "3 columns too few; padding = (0, 2) would fit",
                "frame_ms = 1: must be an integer from 20 to 300,000",
            ],
        ),
        (
            'layer = "conv_transpose"\ninput_size = 3\nkernel_size = 3\nstride = 2\noutput_padding = 2',
            ["output_padding = (2, 2): must be smaller than 2, the larger of stride and dilation"],
        ),
        (
            'layer = "conv_transpose"\ninput_size = 1\nkernel_size = 3\npadding = 2',
            ["padding = (2, 2): cuts the output away, 2 rows and 2 columns too many; padding = 1 would leave some"],
        ),
        (
            'layer = "max_pool"\ninput_size = 5\nkernel_size = 3\npadding = 2',
            ["padding = (2, 2): must be at most 1, half the pooling window"],
        ),
        (
            'layer = "max_pool"\ninput_size = 2\nkernel_size = 2\nkernel_values = [[1, 2], [3, 4]]',
            ["kernel_values = ((1, 2), (3, 4)): must be left out: a pooling layer has no weights"],
        ),
        (
            'layer = "avg_pool"\ninput_size = 2\nkernel_size = 2\ncount_include_pad = 1\nwibble = 1',
            [
                f"wibble: unknown key; known are {AVG_KEYS}",
                "count_include_pad = 1: must be true or false",
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_layer(text: str, said: list[str]) -> None:
    assert problems(f"[blur]\n{text}\n") == [f"m.toml: [blur] {line}" for line in said]


@pytest.mark.parametrize(("kind", "argument"), [("avg_pool", "dilation"), ("max_pool", "output_padding")])
def test_an_argument_of_another_kind_of_layer_is_no_key(kind: str, argument: str) -> None:
    (line,) = problems(f'[blur]\nlayer = "{kind}"\ninput_size = 5\nkernel_size = 3\n{argument} = 1\n')
    assert line.startswith(f"m.toml: [blur] {argument}: unknown key; ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a\n", "expected ']' at the end of a table declaration (at line 1, column 3)"),
        ("[a]\nlayer = \n", "invalid value (at line 2, column 9)"),
        ("[a]\n\nx = 1\nx = 2\n", "cannot overwrite a value (at line 4, column 6)"),
        ("[a]\n[b]\n[a]\n", "cannot declare ('a',) twice (at line 3, column 3)"),
        ('[a]\nlayer = "conv\n', "illegal character '\\n' (at line 2, column 14)"),
    ],
)
def test_a_file_that_does_not_parse(text: str, said: str) -> None:
    assert problems(text) == [f"m.toml: is no valid TOML: {said}"]


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "9" * 5000,
        pytest.param("x = " + "[" * 100_000, id="brackets"),
        "[a]\nlayer = 0x" + "f" * 5000,
        f"[a]\n{CONV}padding = -0b1\nloop = 0x" + "f" * 5000,
        f"[a]\n{CONV}loop = 0x" + "f" * 5000,
        f'[a]\n{CONV}values = "random"\nkernel_values = [[0x{"f" * 5000}]]',
    ],
    ids=lambda text: text[:10] if isinstance(text, str) else None,
)
def test_absurd_files_are_refused_as_any_other(text: str) -> None:
    """Python refuses to read or print some of them; that must not come through as an accident."""
    assert all(line.startswith("m.toml: ") and len(line) < 300 for line in problems(text))


@pytest.mark.parametrize(("text", "byte"), [(b"[a]\n# \xff\n", 6), (b"\xff\xfe[\0a\0", 0)])
def test_a_file_that_is_not_utf8(text: bytes, byte: int) -> None:
    assert problems(text) == [f"m.toml: must be text in UTF-8, byte {byte} is not"]


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(InputError) as caught:
        load_presets("nosuch.toml")
    assert str(caught.value) == "nosuch.toml: cannot be read: no such file or directory"


def test_a_folder_without_presets() -> None:
    Path("empty").mkdir()
    Path("empty/readme.txt").write_text("")
    with pytest.raises(InputError) as caught:
        load_presets(Path("empty"))
    assert str(caught.value) == "empty: holds no .toml file"


def test_keys_outside_any_table() -> None:
    rule = "must stand in a table: put [NAME] above it"
    assert problems(f'x = 5\ny = "z"\n[a]\n{CONV}') == [f"m.toml: x = 5: {rule}", f"m.toml: y = 'z': {rule}"]
    assert problems("defaults = 3\n") == [f"m.toml: defaults = 3: {rule}"]
    assert problems("[[a]]\nx = 1\n") == [f"m.toml: a = [{{'x': 1}}]: {rule}"]


def test_a_table_inside_a_preset_is_an_unknown_key() -> None:
    assert problems(f"[a]\n{CONV}[a.b]\n") == [f"m.toml: [a] b: unknown key; known are {CONV_KEYS}"]


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "", "n" * 101, "n" * 300, ".hidden", "-a", "a-", "a.", "a b", "a\\b", "..", "a\x01"]
)
def test_names_that_are_no_file_names(name: str) -> None:
    assert name_rule(name) == PLAIN
    assert problems(f"[{json.dumps(name)}]\n{CONV}") == [
        f"m.toml: [{name if name.isprintable() else repr(name)}] the name: {PLAIN}"
    ]


def test_a_name_with_a_line_break_makes_no_second_line() -> None:
    assert name_rule("x\n") == PLAIN
    assert len(problems(f'["x\\n"]\n{CONV}')) == 1


@pytest.mark.parametrize("name", ["a.b", "a", "3", "x_1-2.3", "n" * LONGEST_NAME, "é", "v1..2"])
def test_names_that_are_file_names(name: str) -> None:
    assert name_rule(name) is None
    assert list(loaded(f'["{name}"]\n{CONV}')) == [name]


def test_the_name_is_one_problem_of_many() -> None:
    assert problems('["my preset"]\nlayer = "conv"\ninput_size = 5\nkernel_size = 3\nstride = 0\nseed = -1\n') == [
        f"m.toml: [my preset] the name: {PLAIN}",
        "m.toml: [my preset] stride = 0: must be an integer >= 1",
        "m.toml: [my preset] seed = -1: must be an integer >= 0",
    ]


def test_two_presets_with_one_name() -> None:
    """Two files in one folder; or names that are one on systems that do not tell A from a."""
    assert problems(f"[a]\n{CONV}[A]\n{CONV}") == ["m.toml: [A] has the name of another preset, m.toml: [a]"]
    Path("both").mkdir()
    for file in ("one", "two"):
        Path(f"both/{file}.toml").write_text(f"[blur]\n{CONV}")
    with pytest.raises(InputError) as caught:
        load_presets("both")
    first, second = Path("both/one.toml"), Path("both/two.toml")
    assert str(caught.value) == f"{second}: [blur] has the name of another preset, {first}: [blur]"


@pytest.mark.parametrize("expected", ["3", "[3, 3]"])
def test_the_output_may_be_as_expected(expected: str) -> None:
    assert loaded(f"[a]\n{CONV}expect_output_size = {expected}\n")["a"].layer.output_size == (3, 3)


def test_an_expected_output_is_a_pair_where_it_differs() -> None:
    text = '[a]\nlayer = "conv"\ninput_size = [5, 6]\nkernel_size = 3\nexpect_output_size = '
    assert loaded(f"{text}[3, 4]")["a"].layer.output_size == (3, 4)
    assert problems(f"{text}3") == ["m.toml: [a] expect_output_size = 3: the layer gives 3x4"]
    assert problems(f"{text}[4, 3]") == ["m.toml: [a] expect_output_size = [4, 3]: the layer gives 3x4"]


@pytest.mark.parametrize("expected", ["true", "1.0", "[1.0, 1.0]", "[true, 1]"])
def test_an_expected_output_is_a_size_like_all_others(expected: str) -> None:
    """`input_size = true` is refused, so this must be, though Python finds that 1 == True == 1.0."""
    text = '[a]\nlayer = "conv"\ninput_size = 1\nkernel_size = 1\n'
    (line,) = problems(f"{text}expect_output_size = {expected}\n")
    assert line.startswith("m.toml: [a] expect_output_size = ")


def test_defaults_give_keys_to_every_figure() -> None:
    figures = loaded(
        '[defaults]\nlayer = "conv"\ninput_size = 6\nkernel_size = 2\nframe_ms = 500\n'
        "[a]\n[b]\nkernel_size = 3\nframe_ms = 100\n"
    )
    assert list(figures) == ["a", "b"]
    assert figures["a"].layer == Conv(6, 2)
    assert figures["b"].layer == Conv(6, 3)
    assert (figures["a"].frame_ms, figures["b"].frame_ms) == (500, 100)


def test_defaults_hold_in_their_own_file_only() -> None:
    Path("a.toml").write_text("[defaults]\nframe_ms = 500\n")
    Path("b.toml").write_text(f"[b]\n{CONV}")
    assert load_presets(".")["b"].frame_ms == 1000


def test_a_wrong_default_is_wrong_in_every_figure() -> None:
    assert problems(f"[defaults]\nwibbel = 1\n[a]\n{CONV}[b]\n{CONV}") == [
        f"m.toml: [{name}] wibbel: unknown key; known are {CONV_KEYS}" for name in "ab"
    ]


def test_an_empty_file_has_no_figures() -> None:
    for text in ("", "# nothing\n[defaults]\nframe_ms = 500\n"):
        assert problems(text) == ["m.toml: holds no figure; give each a table, [NAME]"]


def test_every_key_reaches_its_figure() -> None:
    figure = loaded(
        f'[a]\n{CONV}stride = [1, 2]\npadding = 1\ndilation = 1\nview = "flat"\ntheme = "muted"\n'
        'title = "Mine: 1/2 ± é"\nlabels = true\ncaption = true\nreveal = true\nkernel_map = true\nprologue = true\n'
        "direct_matrix = true\n"
        'transparent = true\nvalues = "random"\nseed = 4\ncell = 20.5\nscale = 2\nframe_ms = 100\nhold_ms = 200\n'
        "loop = 3\ncolumns = 4\nmax_frames = 50\nmax_pixels = 100\nkernel_values = [[1, 2, 3], [4, 5, 6], [7, 8, 9.5]]"
    )["a"]
    assert figure == Figure(
        Conv(5, 3, (1, 2), 1, 1),
        view="flat",
        theme="muted",
        title="Mine: 1/2 ± é",
        labels=True,
        caption=True,
        reveal=True,
        kernel_map=True,
        prologue=True,
        direct_matrix=True,
        transparent=True,
        values="random",
        seed=4,
        cell=20.5,
        scale=2,
        frame_ms=100,
        hold_ms=200,
        loop=3,
        columns=4,
        max_frames=50,
        max_pixels=100,
        kernel_values=[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.5]],
    )


def test_all_problems_of_all_files_in_order() -> None:
    Path("set").mkdir()
    Path("set/c.toml").write_text(f"[c1]\n{CONV}stride = 0\n[c2]\n{CONV}[c3]\n{CONV}seed = -1\n")
    Path("set/a.toml").write_text("[a\n")
    Path("set/b.toml").write_bytes(b"\xff")
    Path("set/d.toml").write_text(f"x = 1\n[c2]\n{CONV}")
    Path("set/e.toml").write_text(f"[C2]\n{CONV}padding = -1\n")
    Path("set/f.txt").write_text("[f\n")
    with pytest.raises(InputError) as caught:
        load_presets("set")
    assert str(caught.value).replace("\\", "/").splitlines() == [
        "set/a.toml: is no valid TOML: expected ']' at the end of a table declaration (at line 1, column 3)",
        "set/b.toml: must be text in UTF-8, byte 0 is not",
        "set/c.toml: [c1] stride = 0: must be an integer >= 1",
        "set/c.toml: [c3] seed = -1: must be an integer >= 0",
        "set/d.toml: x = 1: must stand in a table: put [NAME] above it",
        "set/e.toml: [C2] has the name of another preset, set/c.toml: [c2]",
        "set/e.toml: [C2] padding = -1: must be an integer >= 0",
    ]


def test_a_folder_is_read_in_the_order_of_its_names() -> None:
    for name in ("b", "a", "c"):
        Path(f"{name}.toml").write_text(f"[{name}2]\n{CONV}[{name}1]\n{CONV}")
    assert list(load_presets(Path())) == ["a2", "a1", "b2", "b1", "c2", "c1"]


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
    sorted({*options(), "layer", "input_size", "kernel_size", "stride", "padding", "dilation", "output_padding"})
)
SCALARS = st.one_of(
    st.integers(-1, 9),
    st.integers(),
    st.floats(),
    st.booleans(),
    WORDS,
    st.dates(),
    st.sampled_from([*LAYERS, *get_args(View), "random", *get_args(ThemeName)]),
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
NAMES = st.sampled_from(["a", "A", "b", "defaults"]) | WORDS


@REPEATABLE
@given(st.dictionaries(NAMES, TABLES | VALUES, max_size=3))
def test_whatever_stands_in_a_file_is_a_figure_or_an_error(tables: dict[str, Any]) -> None:
    Path("junk.toml").write_text(document(tables), encoding="utf-8", newline="\n")
    figures: dict[str, Figure] | None = None
    said: list[str] = []
    try:
        figures = load_presets("junk.toml")
    except InputError as error:
        said = list(map(str, error.problems))
    assert (figures is None) is bool(said)
    assert all(line.startswith("junk.toml: ") for line in said)
    assert figures is None or set(figures) == set(tables) - {"defaults"}


def test_the_junk_above_is_what_was_meant() -> None:
    """A writer that wrote no TOML would have every junk refused, and prove nothing."""
    text = 'q"\\\n\x7f\u20ac'
    table = {"x": [1, -2.5, math.inf, True, {"a b": []}], text: "\x00\ud7ff\U0001f600", "d": datetime.date(1, 2, 3)}
    assert tomllib.loads(document({"t": table, "stray": 1e300})) == {"t": table, "stray": 1e300}


# Themes of one's own.


def own_theme(text: str) -> dict[str, Any]:
    """The options that a theme's file stands for."""
    Path("mine.toml").write_text(text, encoding="utf-8")
    return load_theme("mine.toml")


def theme_problems(text: str) -> list[str]:
    """What is said of a theme's file, a line each."""
    with pytest.raises(InputError) as caught:
        own_theme(text)
    return str(caught.value).splitlines()


def test_a_theme_may_be_another_with_some_changes() -> None:
    assert own_theme('base = "print"\ninput = "#f00"\nblank = "none"') == {
        "theme": "print",
        "colors": {"input": "#f00", "blank": "none"},
    }
    assert own_theme('base = "dark"') == {"theme": "dark", "colors": {}}


def test_a_theme_without_a_base_has_every_role() -> None:
    every = {role: f'{role} = "#123456"' for role in ROLES}
    assert own_theme("\n".join(every.values()))["colors"] == dict.fromkeys(ROLES, "#123456")
    for role in ROLES:
        others = "\n".join(line for other, line in every.items() if other != role)
        assert theme_problems(others) == [f"mine.toml: {role}: is missing; or name a theme as base"]


def test_all_that_is_wrong_with_a_theme_is_said() -> None:
    assert theme_problems('base = "drak"\ninptu = "#fff"\nline = "blue"\npaper = 3\nhatch = "#1"') == [
        f"mine.toml: base = 'drak': {A_THEME}; did you mean dark?",
        "mine.toml: inptu: there is no such role; did you mean input?",
        f"mine.toml: line = 'blue': {A_COLOR}",
        f"mine.toml: paper = 3: {A_COLOR}",
        f"mine.toml: hatch = '#1': {A_COLOR}, or 'none'",
    ]
    assert theme_problems("base = 3") == [f"mine.toml: base = 3: {A_THEME}"]
    assert theme_problems("[input]")[-1] == f"mine.toml: input = {{}}: {A_COLOR}"
    assert theme_problems("=")[0].startswith("mine.toml: is no valid TOML: ")
    with pytest.raises(InputError) as caught:
        load_theme("nosuch.toml")
    assert str(caught.value) == "nosuch.toml: cannot be read: no such file or directory"


def test_a_preset_finds_its_theme_beside_its_file() -> None:
    Path("sub").mkdir()
    Path("sub/mine.toml").write_text('base = "print"\ninput = "#f00"\nline = "#111"')
    Path("sub/m").mkdir()
    Path("sub/m/set.toml").write_text(f'[a]\n{CONV}theme = "../mine.toml"\ncolors = {{ input = "#00f" }}')
    (figure,) = load_presets("sub/m/set.toml").values()
    assert (figure.theme, figure.colors) == ("print", (("input", "#00f"), ("line", "#111")))
    plain = {"theme": "dark", "colors": {"input": "#f00"}}
    assert themed(plain, Path("sub")) == plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colors = 3", "colors = 3: must be colours by role, such as {input = '#268bd2'}"),
        ('colors = { inptu = "#fff" }', "colors.inptu: there is no such role; did you mean input?"),
        ('colors = { line = "blue" }', "colors.line = 'blue': must be a colour such as '#268bd2'"),
        ('theme = "nosuch.toml"', "nosuch.toml: cannot be read: no such file or directory"),
    ],
)
def test_what_is_wrong_with_the_colors_of_a_preset(text: str, said: str) -> None:
    assert problems(f"[a]\n{CONV}{text}") == [f"m.toml: [a] {said}"]


# Presets as text.


@pytest.mark.parametrize("name", load_presets())
def test_a_figure_as_toml_is_read_as_the_same(name: str) -> None:
    figure = load_presets()[name]
    assert loaded(as_toml(name, figure)) == {name: figure}


def test_every_option_survives_as_toml() -> None:
    layer = ConvTranspose((2, 3), (3, 2), stride=(2, 1), padding=1, output_padding=(1, 0), dilation=(1, 2))
    pool = AvgPool(4, 2, stride=1, padding=1, count_include_pad=False)
    colors = {"input": "#268bd2", "hatch": "none"}
    figures = [
        Figure(layer, theme="dark", colors=colors, title='"Up" \\ ü', labels=True, scale=0.5, cell=20.5),
        Figure(layer, view="flat", input_values=[[1, 2.5, -3], [4, 5, 6e300]], kernel_values=[[1, 2]] * 3),
        Figure(pool, values="random", seed=10**20, columns=3, loop=1, frame_ms=40),
    ]
    for figure in figures:
        assert loaded(as_toml("mine", figure)) == {"mine": figure}
