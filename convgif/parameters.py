"""The options of the command line, made from the arguments of the layers and the options of `Figure`.

So a new argument or option has its flag, its help and its errors at once.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

import click
from click.shell_completion import CompletionItem

from convgif.arithmetic import Layer, by
from convgif.errors import MISSING, ConvgifError, Problem, shown
from convgif.figure import choices, meaning, option_types, options
from convgif.presets import load_presets, themed

NUMBERS: Final = ("input_values", "kernel_values", "values", "seed")
"""The options of a figure that belong to one layer; all others suit any."""

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class SizeType(click.ParamType):
    """An integer, or rows x columns."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        match = re.fullmatch(r"(-?\d{1,18})(?:[x,](-?\d{1,18}))?", re.sub(r"\s", "", str(value)).lower(), re.ASCII)
        if not match:
            self.fail(f"{value!r} must be an integer such as 3, or rows x columns such as 3x4.", param, ctx)
        rows, cols = match.groups()
        return int(rows) if cols is None else (int(rows), int(cols))


class NumbersType(click.ParamType):
    """Rows of numbers, written as in Python or JSON."""

    name = "rows"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            self.fail(f"{value!r} must be rows of numbers such as [[1, 2], [3, 4]].", param, ctx)


class ColorsType(click.ParamType):
    """Colours by role, written as role=#rrggbb."""

    name = "role=#rrggbb,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        pairs = [pair.partition("=") for pair in str(value).split(",") if pair.strip()]
        if not all(equals for _, equals, _ in pairs):
            self.fail(f"{value!r} must be colours by role such as input=#268bd2,output=#2aa198.", param, ctx)
        return {role.strip(): color.strip() for role, _, color in pairs}


class WordType(click.ParamType):
    """One of some words; the figure says it when it is none of them."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.name = "|".join(words)
        self._words = words

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(word) for word in self._words if word.startswith(incomplete)]


class PresetType(click.ParamType):
    """The name of a preset."""

    name = "preset"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            names = load_presets(ctx.params.get("presets"))
        except ConvgifError:
            return []  # whoever is typing learns of it from the command itself
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def layer_options(kind: type[Layer]) -> Callable[[Decorated], Decorated]:
    """A decorator that adds an option for every argument of a kind of layer."""
    helps = _argument_helps(kind)

    def decorate(command: Decorated) -> Decorated:
        for name, parameter in reversed(list(inspect.signature(kind).parameters.items())):
            command = _option(name, parameter.default, SizeType(), "SIZE", helps[name])(command)
        return command

    return decorate


def figure_options(*without: str) -> Callable[[Decorated], Decorated]:
    """A decorator that adds an option for every option of a figure but some."""

    def decorate(command: Decorated) -> Decorated:
        for name, field in reversed(list(options().items())):
            if name not in without:
                metavar = "|".join(choices(name)) or None
                command = _option(name, field.default, _type_of(name), metavar, meaning(name))(command)
        return command

    return decorate


def _option(
    name: str, default: object, kind: click.ParamType, metavar: str | None, words: str
) -> Callable[[Decorated], Decorated]:
    """One option; its default is shown but not passed on, and without a default it is required."""
    if default is inspect.Parameter.empty:
        return click.option(as_flag(name), name, type=kind, metavar=metavar, required=True, help=words)
    shown = words if default is None else f"{words}  [default: {str(default).lower()}]"
    if isinstance(default, bool):
        return click.option(f"{as_flag(name)}/{as_flag('no_' + name)}", name, default=None, help=shown)
    return click.option(as_flag(name), name, type=kind, metavar=metavar, default=None, help=shown)


def given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given at all, so that the defaults stay where they are; a theme's file is read.

    Raises:
        InputError: as `load_theme`.
    """
    return themed({name: value for name, value in arguments.items() if value is not None}, Path())


def as_option(problem: Problem, known: Collection[str]) -> str:
    """A problem with the option as the reader typed it, if it is with an option.

    >>> as_option(Problem("frame_ms", 1, "must be an integer from 20 to 300,000"), {"frame_ms": 1})
    '--frame-ms 1: must be an integer from 20 to 300,000'
    """
    option, _, role = problem.key.partition(".")
    if option not in known:
        return str(problem)
    typed = f"{as_flag(option)} {role}" if role else as_flag(option)
    place = f"{problem.place} " if problem.place else ""
    rule = re.sub(
        r"\b([a-z]+_[a-z_]+|[a-z]+(?= = ))( = )?(\(\d+, \d+\)|\"\w+\")?", partial(_as_typed, known), problem.rule
    )
    if problem.value is MISSING or problem.value is True:
        return f"{place}{typed}: {rule}"
    return f"{place}{typed}{'=' if role else ' '}{_typed(problem.value)}: {rule}"


def _as_typed(known: Collection[str], found: re.Match[str]) -> str:
    """An option that a rule speaks of, and its value, as they are typed."""
    name, equals, value = found.groups(default="")
    if name not in known:
        return found.group()
    return as_flag(name) + (" " if equals else "") + "x".join(re.findall(r"\w+", value))


def _typed(value: object) -> str:
    match value:
        case (int() as rows, int() as cols):
            return by((rows, cols))
        case "":
            return "''"
        case _:
            return shown(value).strip("'")


def as_flag(name: str) -> str:
    """The flag of an argument.

    >>> as_flag("kernel_size")
    '--kernel-size'
    """
    return "--" + name.replace("_", "-")


def _type_of(option: str) -> click.ParamType:
    words = choices(option)
    if words:
        return WordType(words)
    if option in NUMBERS[:2]:
        return NumbersType()
    if option == "colors":
        return ColorsType()
    declared = get_args(option_types()[option])[0]
    if str in get_args(declared):
        return click.STRING
    return click.FLOAT if declared is float else click.INT


def _argument_helps(kind: type[Layer]) -> dict[str, str]:
    """What the docstring of a kind of layer says of each argument."""
    text = inspect.getdoc(kind) or ""
    return dict(_paragraphs(text.split("Args:\n")[1].split("\n\n")[0]))


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    for name, words in re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", text, re.MULTILINE):
        yield name, " ".join(words.split()).removesuffix(".")
