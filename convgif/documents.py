"""Figures as plain data: tables of TOML, queries of a URL, arguments of a command line, and back, without loss.

A table holds the kind of layer, its arguments, and the options that differ from their defaults. `schema` describes such
tables for editors that complete and check presets.

>>> figure = figure_of({"layer": "conv", "input_size": 5, "kernel_size": 3, "view": "flat"})
>>> table_of(figure)
{'layer': 'conv', 'input_size': [5, 5], 'kernel_size': [3, 3], 'view': 'flat'}
>>> as_query(figure)
'layer=conv&input_size=5x5&kernel_size=3x3&view=flat'
>>> from_query(as_query(figure)) == figure
True
>>> " ".join(as_arguments(figure))
'conv --input-size 5x5 --kernel-size 3x3 --view flat'
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from convgif.arithmetic.layer import Layer
from convgif.arithmetic.sentences import by
from convgif.errors import MISSING, InputError, Problem, did_you_mean, flag_of, typed, wrong
from convgif.figure import OPTIONS, Figure, Map, checked_options, option_named, unknown_option, view_options
from convgif.options import REQUIRED, Option, Schema, Size, by_name
from convgif.registry import LAYERS

DEFAULTS: Final = "defaults"
"""The table whose keys all figures of a preset file have."""
FAMILY: Final = "family"
"""The table that says what the figures of a preset file are together."""
SWEEP: Final = "sweep"
"""The table that holds the sweeps of a preset file, by name."""
EXPECTED: Final = "expect_output_size"
"""The key that states what output a table's author reckons with."""
MOST_FIELDS: Final = 100
"""Fields of a query."""


def figure_of(table: Mapping[str, Any], make: Callable[..., Figure] = Figure) -> Figure:
    """The figure of a table; `make` builds it from the layer and the options.

    Raises:
        InputError: all that is wrong with the table.
    """
    problems: list[Problem] = []
    arguments = _arguments(table, problems)
    options: dict[str, Any] = {}
    for name, value in table.items():
        if name in ("layer", EXPECTED) or name in arguments:
            continue
        if option_named(name, table.get("view")) is None:
            problems.append(Problem(name, MISSING, unknown_option(name, ("layer", EXPECTED, *arguments))))
        else:
            options[name] = value
    layer = _layer(table, arguments, problems)
    if layer is None:
        problems.extend(checked_options(options)[1])
    else:
        problems.extend(_surprise(layer, table.get(EXPECTED)))
        try:
            figure = make(layer, **options)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return figure


def _arguments(table: Mapping[str, Any], problems: list[Problem]) -> Mapping[str, Option]:
    """The arguments of the table's kind of layer; those of all kinds where it is not known."""
    if "layer" not in table:
        problems.append(Problem("layer", MISSING, f"is missing; {did_you_mean('', LAYERS)}"))
    else:
        try:
            return by_name(LAYERS.named(table["layer"], "layer").parameters)
        except InputError as error:
            problems.extend(error.problems)
    return by_name(argument for kind in LAYERS.values() for argument in kind.parameters)


def known_options(
    table: Mapping[str, Any], problems: list[Problem]
) -> tuple[Mapping[str, Option], Mapping[str, Option]]:
    """The arguments that a table may give, and these with all options, in the order that they are declared in.

    What is wrong with its kind of layer is added to the problems.
    """
    arguments = _arguments(table, problems)
    named = {name: option_named(name, table.get("view")) for name in (*OPTIONS, *view_options())}
    return arguments, {**arguments, **{name: option for name, option in named.items() if option}}


def _layer(table: Mapping[str, Any], arguments: Mapping[str, Option], problems: list[Problem]) -> Layer | None:
    given = {name: table[name] for name in arguments if name in table}
    kind = table.get("layer")
    known = isinstance(kind, str) and kind in LAYERS
    absent = [name for name, argument in arguments.items() if argument.default is REQUIRED and name not in table]
    if known:
        problems.extend(Problem(name, MISSING, "is missing") for name in absent)
    if known and not absent:
        try:
            layer: Layer = LAYERS[str(kind)](**given)
        except InputError as error:
            problems.extend(error.problems)
        else:
            return layer
    else:
        problems.extend(filter(None, (arguments[name].problem(value) for name, value in given.items())))
    return None


def _surprise(layer: Layer, expected: object) -> Iterator[Problem]:
    """The problem with an output size that is not the expected one."""
    if expected is None:
        return
    argument = Option(EXPECTED, by_name(layer.parameters)["input_size"].kind, "the output size that is reckoned with")
    try:
        size = argument.checked(expected)
    except InputError as error:
        yield from error.problems
    else:
        if (size if isinstance(size, tuple) else (size,) * layer.ndim) != layer.output_size:
            yield Problem(EXPECTED, expected, f"the layer gives {by(layer.output_size)}")


def table_of(figure: Figure) -> dict[str, Any]:
    """The table of a figure: plain values, without those that are usual."""
    return {"layer": figure.layer.name, **{option.name: option.kind.toml(value) for option, value in _given(figure)}}


def _given(figure: Figure) -> Iterator[tuple[Option, Any]]:
    """The arguments of the layer, and the options, that are not as usual."""
    yield from _arguments_of(figure.layer)
    for name, value in figure.given().items():
        option = option_named(name, figure.view)
        assert option is not None  # every option of a figure is declared
        yield option, value


def _arguments_of(layer: Layer) -> Iterator[tuple[Option, Any]]:
    """The arguments of a layer that are not as usual."""
    for argument in layer.parameters:
        value = getattr(layer, argument.name)
        if value != layer.usual(argument):
            yield argument, value


def as_toml(name: str, figure: Figure) -> str:
    """A figure as the table of a preset file.

    >>> from convgif.arithmetic import Conv
    >>> print(as_toml("blur", Figure(Conv(5, 3), title="Blur")))
    [blur]
    layer = "conv"
    input_size = [5, 5]
    kernel_size = [3, 3]
    title = "Blur"
    """
    heading = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
    return "\n".join((f"[{heading}]", *(f"{key} = {_toml(value)}" for key, value in table_of(figure).items())))


def _toml(value: object) -> str:
    """A value in TOML, which writes strings, numbers and lists as JSON does."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_toml(part)}' for key, part in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)


def as_text(option: Option, value: Any) -> str:
    """A value as the option reads it from a command line or a query."""
    plain = option.kind.toml(value)
    if isinstance(value, Layer):
        return shlex.join(_as_words(value, _arguments_of(value)))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(plain, Mapping):
        return ",".join(f"{key}={part}" for key, part in plain.items())
    if isinstance(plain, str):
        return plain
    return typed(value) if isinstance(option.kind, Size) else json.dumps(plain)


def as_query(figure: Figure) -> str:
    """A figure as the query of a URL."""
    from urllib.parse import urlencode

    return urlencode(
        {"layer": figure.layer.name, **{option.name: as_text(option, value) for option, value in _given(figure)}}
    )


def from_query(text: str, make: Callable[..., Figure] = Figure) -> Figure:
    """The figure of a query; queries come from anywhere, so none reads a file of numbers.

    Raises:
        InputError: all that is wrong with it.
    """
    from urllib.parse import parse_qsl

    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise wrong("", MISSING, f"a query has {MOST_FIELDS} fields at most") from None
    if twice := [name for name, _ in pairs if [other for other, _ in pairs].count(name) > 1]:
        raise wrong(twice[0], MISSING, "is given more than once")
    texts = dict(pairs)
    problems: list[Problem] = []
    arguments = _arguments(texts, problems)
    table: dict[str, Any] = {}
    for name, value in texts.items():
        option = arguments.get(name) or option_named(name, texts.get("view"))
        if option is None or name == "layer":
            table[name] = value
            continue
        if isinstance(option.kind, Map) and value.startswith("@"):
            problems.append(Problem(name, value, "must be rows of numbers; a query cannot name a file"))
            continue
        try:
            table[name] = option.read(value)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return figure_of(table, make)


def as_arguments(figure: Figure) -> list[str]:
    """A figure as arguments of the command line's `draw`."""
    return _as_words(figure.layer, _given(figure))


def _as_words(layer: Layer, given: Iterable[tuple[Option, Any]]) -> list[str]:
    words = [layer.name.replace("_", "-")]
    for option, value in given:
        if value is True:
            words.append(option.long_flag)
        elif value is False:
            words.append(flag_of(f"no_{option.flag or option.name}"))
        else:
            words.extend((option.long_flag, as_text(option, value)))
    return words


def _schema_of(arguments: Sequence[Option]) -> Schema:
    """The JSON Schema of an argument that several kinds of layers have: whatever any of them takes."""
    *_, last = arguments
    kinds = [*dict.fromkeys(argument.kind for argument in arguments)]
    if len(kinds) == 1:
        return last.schema()
    said = {key: value for key, value in last.schema().items() if key in ("description", "default")}
    return {"anyOf": [kind.schema() for kind in kinds], **said}


def _several(single: Schema) -> Schema:
    """The JSON Schema of a key of sweeps: a value, or a list of them."""
    said = {key: value for key, value in single.items() if key in ("description", "default")}
    value = {key: part for key, part in single.items() if key not in said}
    return {"anyOf": [value, {"type": "array", "items": value, "minItems": 1}], **said}


def schema() -> Schema:
    """The JSON Schema of a preset file.

    >>> schema()["additionalProperties"]["properties"]["frame_ms"]["minimum"]
    20
    """
    options: Iterable[Option] = (*OPTIONS.values(), *view_options().values())
    everywhere = [argument for kind in LAYERS.values() for argument in kind.parameters]
    arguments = by_name(everywhere)
    properties: dict[str, Schema] = {
        "layer": {"enum": list(LAYERS), "description": "the kind of layer"},
        **{name: _schema_of([each for each in everywhere if each.name == name]) for name in arguments},
        **{option.name: option.schema() for option in options},
        EXPECTED: {**arguments["input_size"].kind.schema(), "description": "the output size that is reckoned with"},
    }
    figure = {"type": "object", "properties": properties, "additionalProperties": False}
    rows = [name for name, option in by_name(options).items() if isinstance(option.kind, Map)]
    varied = {name: _several(one) for name, one in properties.items() if name not in ("layer", EXPECTED, *rows)}
    fixed = {name: one for name, one in properties.items() if name in ("layer", *rows)}
    sweep = {"type": "object", "properties": {**fixed, **varied}, "additionalProperties": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Presets of convgif",
        "type": "object",
        "properties": {
            DEFAULTS: figure,
            SWEEP: {"type": "object", "additionalProperties": sweep},
            FAMILY: {
                "type": "object",
                "properties": {"title": {"type": "string"}, "order": {"type": "integer"}},
                "additionalProperties": False,
            },
        },
        "additionalProperties": figure,  # what is missing here may stand in the defaults
    }
