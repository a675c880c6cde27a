"""Figures as tables, queries and command lines: all of them lead back to the same figure."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are one package more
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from convgif import documents
from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.cli.parameters import GROUPS
from convgif.cli.subjects import Subject, Subjects
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.presets import load_presets
from convgif.registry import LAYERS
from tests.documents import figures

REPEATABLE = settings(
    deadline=None, derandomize=True, database=None, max_examples=120, suppress_health_check=list(HealthCheck)
)
SCHEMA = documents.schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
PRESETS = Path(__file__).parent.parent / "presets"
RIGHT = {"layer": "conv", "input_size": 5, "kernel_size": 3}


def refused(table: dict[str, Any]) -> list[str]:
    """What is said of a table, a line each."""
    with pytest.raises(InputError) as caught:
        documents.figure_of(table)
    return str(caught.value).splitlines()


def from_command_line(words: list[str]) -> Figure:
    """The figure that the command line makes of some words."""
    made: list[Figure] = []

    def body(subject: Subject, given: dict[str, Any]) -> None:
        made.append(documents.figure_of(documents.table_of(subject.figure(given))))

    Subjects("draw", "Draw.", body, groups=GROUPS).main(words, standalone_mode=False)
    (figure,) = made
    return figure


@REPEATABLE
@given(figures())
def test_a_figure_survives_every_way_of_writing_it(figure: Figure) -> None:
    table = documents.table_of(figure)
    assert documents.figure_of(table) == figure
    assert documents.figure_of(json.loads(json.dumps(table))) == figure
    assert documents.figure_of(tomllib.loads(documents.as_toml("a", figure))["a"]) == figure
    assert documents.from_query(documents.as_query(figure)) == figure


@settings(REPEATABLE, max_examples=60)
@given(figures())
def test_a_figure_survives_the_command_line(figure: Figure) -> None:
    assert from_command_line(documents.as_arguments(figure)) == figure


@REPEATABLE
@given(figures())
def test_the_schema_knows_every_table(figure: Figure) -> None:
    VALIDATOR.validate({"a": json.loads(json.dumps(documents.table_of(figure)))})


@pytest.mark.parametrize("file", sorted(PRESETS.glob("*.toml")), ids=lambda file: file.stem)
def test_the_schema_knows_the_files_that_ship(file: Path) -> None:
    VALIDATOR.validate(tomllib.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("random", [True, 0, 7])
def test_the_schema_knows_how_numbers_may_be_given(random: object) -> None:
    VALIDATOR.validate({"a": {**RIGHT, "random": random, "weight": "@mine.csv"}})


@pytest.mark.parametrize(
    "table",
    [{**RIGHT, "stide": 2}, {**RIGHT, "stride": 0}, {**RIGHT, "labels": 1}, {**RIGHT, "layer": "cnov"}, 3],
)
def test_the_schema_refuses_what_is_refused(table: object) -> None:
    assert not VALIDATOR.is_valid({"a": table})
    assert not VALIDATOR.is_valid({"defaults": table})


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", load_presets())
def test_a_preset_is_read_back_as_the_same(name: str) -> None:
    figure = load_presets()[name]
    assert tomllib.loads(documents.as_toml(name, figure)) == {name: documents.table_of(figure)}
    assert documents.from_query(documents.as_query(figure)) == figure


@pytest.mark.parametrize("name", ["a", "a-b_1", "v1.2", "é", 'q"'])
def test_a_table_has_the_name_that_it_was_given(name: str) -> None:
    assert list(tomllib.loads(documents.as_toml(name, Figure(Conv(5, 3))))) == [name]


def test_what_is_usual_is_left_out() -> None:
    least = {"input_size": [4, 4], "kernel_size": [2, 2]}
    for kind in (Conv, ConvTranspose, MaxPool, AvgPool):
        figure = Figure(kind(4, 2), view="isometric", cell=30)
        assert documents.table_of(figure) == {"layer": kind.name, **least}


def test_a_falsehood_is_said_on_the_command_line() -> None:
    words = documents.as_arguments(Figure(AvgPool(4, 2, count_include_pad=False), labels=True))
    assert words[-2:] == ["--no-count-include-pad", "--labels"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ["layer: is missing; known are "]),
        ({"layer": "deconv"}, ["layer = 'deconv': there is no such layer; did you mean conv_transpose?"]),
        ({"layer": ["conv"]}, ["layer = ['conv']: there is no such layer; known are "]),
        ({"layer": "conv"}, ["input_size: is missing", "kernel_size: is missing"]),
        (
            {**RIGHT, "knernel_size": 3, "stride": 0, "frame_ms": 5},
            [
                "knernel_size: there is no such option; did you mean kernel_size?",
                "stride = 0: must be an integer >= 1",
                "frame_ms = 5: must be an integer from 20 to 300,000",
            ],
        ),
        ({**RIGHT, "output_padding": 1}, ["output_padding: there is no such option; did you mean "]),
        (
            {**RIGHT, "values": "random", "seed": 3, "input_values": [[1]], "kernel_values": [[1]]},
            [
                "values: is now called random",
                "seed: is now called random",
                "input_values: is now called input",
                "kernel_values: is now called weight",
            ],
        ),
        ({**RIGHT, "expect_output_size": 4}, ["expect_output_size = 4: the layer gives 3x3"]),
        ({**RIGHT, "expect_output_size": True}, ["expect_output_size = True: must be an integer >= 1"]),
        ({**RIGHT, "kernel_size": 9}, ["kernel_size = "]),
    ],
)
def test_all_that_is_wrong_with_a_table(given: dict[str, Any], said: list[str]) -> None:
    lines = refused(given)
    assert len(lines) == len(said)
    for line, start in zip(lines, said, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize("kind", LAYERS)
def test_every_kind_of_layer_says_what_it_lacks(kind: str) -> None:
    assert refused({"layer": kind})[0] == "input_size: is missing"


@pytest.mark.parametrize("size", [3, [3, 3], (3, 3)])
def test_an_output_that_is_expected(size: object) -> None:
    assert documents.figure_of({**RIGHT, "expect_output_size": size}) == Figure(Conv(5, 3))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("layer=conv&input_size=5&kernel_size=3&stride=x", "stride = 'x': must be an integer"),
        ("layer=conv&layer=conv", "layer: is given more than once"),
        ("", "layer: is missing"),
        ("layer=conv&input_size=5&kernel_size=3&labels=yes", "labels = 'yes': must be true or false"),
        ("&".join(f"a{number}=1" for number in range(101)), "a query has 100 fields at most"),
        (
            "layer=conv&input_size=5&kernel_size=3&random=0&weight=@/etc/passwd",
            "weight = '@/etc/passwd': must be rows of numbers; a query cannot name a file",
        ),
    ],
)
def test_what_is_wrong_with_a_query(query: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        documents.from_query(query)
    assert str(caught.value).startswith(said)


def test_numbers_may_lie_in_a_file_of_the_command_line(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.eye(3))
    words = ["conv", "-i", "5", "-k", "3", "--random", "4", "--weight", f"@{tmp_path / 'w.npy'}"]
    assert from_command_line(words) == Figure(Conv(5, 3), random=4, weight=np.eye(3))
    with pytest.raises(InputError) as caught:
        from_command_line([*words[:-1], "@nosuch.csv"])
    assert str(caught.value) == "--weight @nosuch.csv: there is no such file"


def test_a_table_leaves_out_what_is_usual_over_any_number_of_axes() -> None:
    assert documents.table_of(Figure(Conv((9,), 3))) == {"layer": "conv", "input_size": [9], "kernel_size": [3]}
    assert set(documents.table_of(Figure(MaxPool((4, 4, 4), 2)))) == {"layer", "input_size", "kernel_size"}
