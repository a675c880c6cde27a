"""The options of the command line: how they read sizes and numbers, and that none is forgotten."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import click
import pytest

from convgif.arithmetic import LAYERS, AvgPool, Conv, ConvTranspose, MaxPool
from convgif.errors import MISSING, Problem
from convgif.figure import meaning, options
from convgif.parameters import (
    NUMBERS,
    ColorsType,
    NumbersType,
    PresetType,
    SizeType,
    WordType,
    as_flag,
    as_option,
    figure_options,
    given,
    layer_options,
)
from convgif.presets import load_families

KINDS: list[type[Any]] = [Conv, ConvTranspose, MaxPool, AvgPool]


def options_of(command: Any) -> dict[str, click.Option]:
    """The options of a decorated function, by the name of its argument."""
    return {str(option.name): option for option in click.command(command).params if isinstance(option, click.Option)}


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("3", 3),
        ("0", 0),
        ("-5", -5),
        ("3x4", (3, 4)),
        ("3X4", (3, 4)),
        (" 3 x 4 ", (3, 4)),
        ("3,4", (3, 4)),
        ("3, 4", (3, 4)),
        ("-1x0", (-1, 0)),
        ("012", 12),
        ("9" * 18, int("9" * 18)),
        (7, 7),
    ],
)
def test_a_size(text: object, size: object) -> None:
    assert SizeType().convert(text, None, None) == size


@pytest.mark.parametrize(
    "text", ["", "x", "5x", "x5", "3x4x5", "3*4", "five", "1.5", "1e3", "(3, 4)", "+3", "--3", "3;4", "٣", "9" * 19]
)
def test_no_size(text: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        SizeType().convert(text, None, None)
    assert caught.value.message == f"{text!r} must be an integer such as 3, or rows x columns such as 3x4."


def test_rows_of_numbers() -> None:
    assert NumbersType().convert("[[1, 2.5], [-3, 4]]", None, None) == [[1, 2.5], [-3, 4]]


def test_colors_by_role() -> None:
    read = ColorsType().convert(" input=#268bd2, line = none,", None, None)
    assert read == {"input": "#268bd2", "line": "none"}


@pytest.mark.parametrize("text", ["input", "#fff", "input=#fff,line"])
def test_no_colors_by_role(text: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        ColorsType().convert(text, None, None)
    assert caught.value.message == f"{text!r} must be colours by role such as input=#268bd2,output=#2aa198."


@pytest.mark.parametrize("text", ["", "[[1, 2]", "1 2", "[[1; 2]]", "[[a]]", "[[1,]]"])
def test_no_rows_of_numbers(text: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        NumbersType().convert(text, None, None)
    assert caught.value.message == f"{text!r} must be rows of numbers such as [[1, 2], [3, 4]]."


def test_rows_too_deep_to_read_are_no_rows() -> None:
    with pytest.raises(click.BadParameter):
        NumbersType().convert("[" * 100_000, None, None)


@pytest.mark.parametrize("kind", KINDS)
def test_every_argument_of_a_layer_is_an_option(kind: type[Any]) -> None:
    found = options_of(layer_options(kind)(lambda: None))
    parameters = inspect.signature(kind).parameters
    assert list(found) == list(parameters)
    for name, parameter in parameters.items():
        option, text = found[name], str(found[name].help)
        assert option.opts == [as_flag(name)]
        assert option.required is (parameter.default is inspect.Parameter.empty)
        if isinstance(parameter.default, bool):
            assert option.secondary_opts == [as_flag(f"no_{name}")]
        else:
            assert isinstance(option.type, SizeType)
        assert len(text.split("  [")[0]) > 10
        if parameter.default not in (None, inspect.Parameter.empty):
            assert text.endswith(f"  [default: {str(parameter.default).lower()}]")
        else:
            assert "default" not in text


def test_the_help_of_a_layer_is_what_its_class_says() -> None:
    found = options_of(layer_options(ConvTranspose)(lambda: None))
    assert found["padding"].help == "rows and columns cut from each side of the output  [default: 0]"
    wrapped = "rows added at the bottom and columns added at the right of the output  [default: 0]"
    assert found["output_padding"].help == wrapped
    assert options_of(layer_options(MaxPool)(lambda: None))["padding"].help == (
        "elements added on each side of the input, at most half the window  [default: 0]"
    )


def test_every_option_of_a_figure_is_an_option() -> None:
    found = options_of(figure_options()(lambda: None))
    assert list(found) == list(options())
    for name, field in options().items():
        text = str(found[name].help)
        assert found[name].opts == [as_flag(name)]
        assert not found[name].required
        assert text.startswith(meaning(name))
        if isinstance(field.default, bool):
            assert found[name].secondary_opts == [as_flag(f"no_{name}")]
        if field.default is None:
            assert text == meaning(name)
        else:
            assert text.endswith(f"  [default: {str(field.default).lower()}]")


def test_options_can_be_left_out() -> None:
    found = options_of(figure_options(*NUMBERS, "cell")(lambda: None))
    assert list(found) == [name for name in options() if name not in (*NUMBERS, "cell")]


def test_options_have_types_that_read_them() -> None:
    found = options_of(figure_options()(lambda: None))
    assert {name for name, option in found.items() if isinstance(option.type, WordType)} == {"view", "theme", "values"}
    assert {name for name, option in found.items() if isinstance(option.type, NumbersType)} == set(NUMBERS[:2])
    assert {name for name, option in found.items() if option.type is click.FLOAT} == {"cell", "scale"}
    switches = {"labels", "caption", "reveal", "kernel_map", "prologue", "direct_matrix", "transparent"}
    assert {name for name, option in found.items() if option.is_flag} == switches
    assert {name for name, option in found.items() if option.type is click.STRING} == {"title"}
    whole = {"seed", "frame_ms", "hold_ms", "loop", "columns", "max_frames", "max_pixels"}
    assert {name for name, option in found.items() if option.type is click.INT} == whole


def test_only_what_was_given_counts() -> None:
    assert given({"a": None, "b": 0, "c": False, "d": ""}) == {"b": 0, "c": False, "d": ""}


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("stride", 0, "is wrong"), "--stride 0: is wrong"),
        (Problem("kernel_size", (3, 4), "is wrong"), "--kernel-size 3x4: is wrong"),
        (Problem("kernel_size", MISSING, "is wrong"), "--kernel-size: is wrong"),
        (Problem("view", "falt", "is wrong"), "--view falt: is wrong"),
        (Problem("title", "a b", "is wrong"), "--title a b: is wrong"),
        (Problem("colors.input", "red", "is wrong"), "--colors input=red: is wrong"),
        (Problem("colors.inptu", MISSING, "is wrong"), "--colors inptu: is wrong"),
        (Problem("title", "", "is wrong"), "--title '': is wrong"),
        # A switch is typed without a value.
        (Problem("kernel_map", True, "is wrong"), "--kernel-map: is wrong"),
        (
            Problem("labels", True, "leave it out, or choose view = flat"),
            "--labels: leave it out, or choose --view flat",
        ),
        (
            Problem("stride", 0, "is wrong, unlike max_frames or kernel_size = (3, 4)"),
            "--stride 0: is wrong, unlike max_frames or --kernel-size 3x4",
        ),
        (Problem("other_key", 0, "is wrong"), "other_key = 0: is wrong"),
        (Problem("stride", 0, "is wrong", "m.toml: [a]"), "m.toml: [a] --stride 0: is wrong"),
    ],
)
def test_a_problem_with_an_option_as_it_was_typed(problem: Problem, text: str) -> None:
    known = ("stride", "kernel_size", "view", "colors", "title", "labels", "kernel_map")
    assert as_option(problem, known) == text


def completed(kind: Any, incomplete: str, **params: Any) -> list[str]:
    command = click.Command("any")
    context = click.Context(command)
    context.params.update(params)
    return [item.value for item in kind.shell_complete(context, click.Argument(["any"]), incomplete)]


def test_words_are_completed() -> None:
    kind = WordType(("isometric", "flat"))
    assert completed(kind, "") == ["isometric", "flat"]
    assert completed(kind, "fl") == ["flat"]
    assert completed(kind, "x") == []


def test_names_of_presets_are_completed(tmp_path: Path) -> None:
    assert completed(PresetType(), "dil") == ["dilation"]
    assert completed(PresetType(), "story_padding") == ["story_padding_no_strides", "story_padding_strides"]
    names = completed(PresetType(), "")
    assert len(names) == 46
    assert names == [name for family in load_families().values() for name in family]
    (tmp_path / "m.toml").write_text('[mine]\nlayer = "conv"\ninput_size = 4\nkernel_size = 3\n')
    assert completed(PresetType(), "", presets=str(tmp_path / "m.toml")) == ["mine"]


def test_kinds_are_all_kinds() -> None:
    assert set(KINDS) == set(LAYERS.values())
