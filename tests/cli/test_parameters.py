"""The flags that are made from declared options, and how what is given is read and spelled."""

from __future__ import annotations

from collections.abc import Mapping

import click
import pytest

from convgif.cli.parameters import Command, Declared, flags, flags_spelled, number, numbers, values
from convgif.errors import MISSING, InputError, Mention, Problem, rule
from convgif.figure import OPTIONS, view_options
from convgif.options import REQUIRED, Flag, Option
from convgif.registry import LAYERS

ALL: Mapping[str, Option] = {
    **{option.name: option for layer in LAYERS.values() for option in layer.parameters},
    **OPTIONS,
    **view_options(),
}
"""Every option that anything declares."""


def made(option: Option, *, replacing: bool) -> Declared:
    (flag,) = flags([option], replacing=replacing)
    assert isinstance(flag, Declared)
    return flag


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("replacing", [False, True])
def test_a_flag_is_what_its_option_declares(name: str, replacing: bool) -> None:
    option = ALL[name]
    flag = made(option, replacing=replacing)
    assert (flag.name, flag.group) == (name, option.group)
    assert flag.opts == [*([f"-{option.letter}"] if option.letter else []), option.long_flag]
    said = str(flag.help)
    assert said.startswith(option.meaning)
    if isinstance(option.kind, Flag):
        # There is something to turn off where a preset may have turned it on, or where it is on from the start.
        assert bool(flag.secondary_opts) == (replacing or option.default is True)
    elif replacing or option.default is None:
        assert said == option.meaning
    else:
        assert said.endswith("[required]" if option.default is REQUIRED else f"[default: {option.default}]")


def test_no_two_options_share_a_flag() -> None:
    for layer in LAYERS.values():
        options = [*layer.parameters, *OPTIONS.values(), *view_options().values()]
        words = [word for flag in flags(options, replacing=True) for word in (*flag.opts, *flag.secondary_opts)]
        assert len(words) == len(set(words))


def test_values_are_read_by_their_options_and_all_that_is_wrong_is_said() -> None:
    options = (ALL["stride"], ALL["cell"], ALL["labels"], ALL["title"])
    given = {"stride": "2x1", "cell": "12.5", "labels": False, "title": None, "other": "x"}
    assert values(options, given) == {"stride": (2, 1), "cell": 12.5, "labels": False}
    with pytest.raises(InputError) as caught:
        values(options, {"stride": "0", "cell": "big", "labels": True, "title": ""})
    assert [problem.field for problem in caught.value.problems] == ["stride", "cell", "title"]


@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", "٣", "1_0", "9" * 20])
def test_what_is_no_number_of_a_frame(text: str) -> None:
    with pytest.raises(InputError, match="a rule"):
        number("frame", text, "a rule")
    with pytest.raises(InputError, match="with commas between"):
        numbers("frames", f"0,{text}")
    assert numbers("frames", " 4, 0") == [4, 0]


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem("stride", 0, "is wrong"), "--stride 0: is wrong"),
        (Problem("kernel_size", (3, 4), "is wrong"), "--kernel-size 3x4: is wrong"),
        (Problem("kernel_size", MISSING, "is wrong"), "--kernel-size: is wrong"),
        (Problem("title", "", "is wrong"), "--title '': is wrong"),
        (Problem("colors.input", "red", "is wrong"), "--colors input=red: is wrong"),
        (Problem("frame_range", "3:1", "is wrong"), "--frames 3:1: is wrong"),  # its flag has another name
        (Problem("labels", True, "is wrong"), "--labels: is wrong"),
        (Problem("labels", False, "is wrong"), "--no-labels: is wrong"),
        (Problem("input", ((1, 2), (3, 4)), "is 2 x 2"), "--input: is 2 x 2"),  # rows are too long to repeat
        (Problem("stride", 0, rule("see ", Mention("kernel_size", (3, 3)))), "--stride 0: see --kernel-size 3x3"),
        (Problem("other_key", 0, "is wrong"), "other_key = 0: is wrong"),
        (Problem("stride", 0, "is wrong", "m.toml:3:1: [a]"), "m.toml:3:1: [a] --stride 0: is wrong"),
    ],
)
def test_problems_are_put_in_terms_of_flags(problem: Problem, said: str) -> None:
    names = ("stride", "kernel_size", "title", "colors", "frame_range", "labels", "input")
    context = click.Context(Command("any", params=flags([ALL[name] for name in names], replacing=True)))
    with pytest.raises(InputError) as caught, flags_spelled(context):
        raise InputError([problem])
    assert str(caught.value) == said
