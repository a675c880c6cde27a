"""Presets: named figures in TOML files, one table a figure, keys named as in Python.

A table `[defaults]` gives keys to every figure of its file. Presets are parsed, checked and built here; all problems
of all files are reported at once.

>>> figures = load_presets()
>>> figures["padding_strides"].layer.output_size
(3, 3)
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, Final

from convgif.arithmetic import LAYERS, Layer, by, checked, settings
from convgif.errors import MISSING, InputError, Problem, did_you_mean, shown
from convgif.figure import ROLES, Figure, choices, color_problems, option_problems, options

DEFAULTS: Final = "defaults"
SHIPPED: Final = "convgif.preset_files"
"""Where the presets lie that come with the package."""
LONGEST_NAME: Final = 100


def load_presets(path: str | Path | None = None) -> dict[str, Figure]:
    """The figures of a TOML file, of all TOML files of a folder, or (None) those that come with convgif, by name.

    Raises:
        InputError: a file cannot be read or parsed, or describes no valid figures; with all problems of all files.

    >>> len(load_presets())
    46
    """
    return {name: figure for family in load_families(path).values() for name, figure in family.items()}


def load_families(path: str | Path | None = None) -> dict[str, dict[str, Figure]]:
    """The figures of `load_presets` by family: the name of their file without its ending.

    Raises:
        InputError: as `load_presets`.

    >>> list(load_families())
    ['flat', 'guide', 'matrix', 'numerical', 'scatter', 'story']
    """
    families: dict[str, dict[str, Figure]] = {}
    problems: list[Problem] = []
    homes: dict[str, str] = {}
    for file, place in _sources(path):
        try:
            tables = _parsed(file, place)
        except InputError as error:
            problems.extend(error.problems)
            continue
        defaults = tables.pop(DEFAULTS, {})
        family = families.setdefault(Path(file.name).stem, {})
        for name, table in tables.items():
            here = f"{place}: [{name if name.isprintable() else shown(name)}]"
            if twin := homes.get(name.casefold()):
                problems.append(Problem("", MISSING, f"has the name of another preset, {twin}", here))
            homes.setdefault(name.casefold(), here)
            try:
                family[name] = _figure(name, themed({**defaults, **table}, Path(place).parent))
            except InputError as error:
                problems.extend(error.at(here).problems)
    if not any(families.values()) and not problems:
        problems.append(Problem("", MISSING, "holds no figure; give each a table, [NAME]", f"{path}:"))
    if problems:
        raise InputError(problems)
    return families


def load_theme(path: str | Path) -> dict[str, Any]:
    """The options `theme` and `colors` of a theme of one's own: a TOML file with colours by role.

    `base` names the theme that gives the roles that are left out; without it, every role must be there.

    Raises:
        InputError: the file cannot be read or parsed, or is no such theme; all problems at once.
    """
    place = f"{path}:"
    document = _document(Path(path), str(path))
    base = document.pop("base", None)
    if base is None:
        absent = [role for role in ROLES if role not in document]
        problems = [Problem(role, MISSING, "is missing; or name a theme as base", place) for role in absent]
    else:
        problems = [replace(problem, key="base", place=place) for problem in option_problems({"theme": base})]
    problems.extend(problem.at(place) for problem in color_problems(document))
    if problems:
        raise InputError(problems)
    return {"theme": base or choices("theme")[0], "colors": document}


def themed(given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Options of a figure, with the content of a theme's file in the place of its path, which starts from `folder`.

    Colours that are given by themselves come before those of the file.

    Raises:
        InputError: as `load_theme`.
    """
    theme, colors = given.get("theme"), given.get("colors")
    if not isinstance(theme, str) or not theme.endswith(".toml"):
        return dict(given)
    loaded = load_theme(folder / theme)
    own = colors if isinstance(colors, Mapping) else {}
    return {**given, "theme": loaded["theme"], "colors": {**loaded["colors"], **own}}


def as_toml(name: str, figure: Figure) -> str:
    """A figure as the table of a preset file: its layer, and the options that differ from the defaults.

    >>> from convgif.arithmetic import Conv
    >>> print(as_toml("blur", Figure(Conv(5, 3), title="Blur")))
    [blur]
    layer = "conv"
    input_size = [5, 5]
    kernel_size = [3, 3]
    title = "Blur"
    """
    layer = {key: value for key, value in settings(figure.layer).items() if value != _usual(figure.layer, key)}
    chosen = {key: getattr(figure, key) for key, field in options().items() if getattr(figure, key) != field.default}
    lines = (f"{key} = {_toml(value)}" for key, value in {"layer": figure.layer.name, **layer, **chosen}.items())
    return "\n".join((f"[{name}]", *lines))


def _usual(layer: Layer, key: str) -> object:
    """The default of a layer's argument as the layer holds it."""
    default = signature(type(layer)).parameters[key].default
    if default is None:
        return layer.kernel_size
    return (default, default) if isinstance(default, int) and not isinstance(default, bool) else default


def _toml(value: object) -> str:
    """A value in TOML, which writes strings, numbers and lists as JSON does; of mappings only colours are written."""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple) and isinstance(value[0][0], str):
        return f"{{ {', '.join(f'{key} = {json.dumps(part)}' for key, part in value)} }}"
    return json.dumps(value)


def name_rule(name: str) -> str | None:
    """The rule that a preset's name breaks, if it does: files are named after it.

    >>> name_rule("padding_strides"), name_rule("../x")
    (None, 'must be a plain file name: letters, digits, _, - and . inside, at most 100 characters')
    """
    if len(name) <= LONGEST_NAME and re.fullmatch(r"\w([\w.-]*\w)?", name):
        return None
    return f"must be a plain file name: letters, digits, _, - and . inside, at most {LONGEST_NAME} characters"


def _sources(path: str | Path | None) -> Iterator[tuple[Traversable, str]]:
    """Every file to read, with what to call it in messages."""
    if path is None:
        for shipped in sorted(resources.files(SHIPPED).iterdir(), key=lambda file: file.name):
            if shipped.name.endswith(".toml"):
                yield shipped, f"presets/{shipped.name}"
        return
    given = Path(path)
    if not given.is_dir():
        yield given, str(given)
        return
    inside = sorted(given.glob("*.toml"))
    if not inside:
        raise InputError([Problem("", MISSING, "holds no .toml file", f"{given}:")])
    yield from ((file, str(file)) for file in inside)


def _parsed(file: Traversable, place: str) -> dict[str, dict[str, Any]]:
    document = _document(file, place)
    stray = [key for key, value in document.items() if not isinstance(value, dict)]
    if stray:
        rule = "must stand in a table: put [NAME] above it"
        raise InputError(Problem(key, document[key], rule, f"{place}:") for key in stray)
    return document


def _document(file: Traversable, place: str) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError([Problem("", MISSING, f"cannot be read: {reason}", f"{place}:")]) from error
    except UnicodeDecodeError as error:
        rule = f"must be text in UTF-8, byte {error.start} is not"
        raise InputError([Problem("", MISSING, rule, f"{place}:")]) from None
    except RecursionError:
        raise InputError([Problem("", MISSING, "is nested too deeply", f"{place}:")]) from None
    except ValueError as error:  # TOMLDecodeError, and Python's word for absurdly long integers
        raise InputError([Problem("", MISSING, f"is no valid TOML: {_lowered(str(error))}", f"{place}:")]) from None


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _figure(name: str, table: Mapping[str, Any]) -> Figure:
    """The figure of one table, defaults included."""
    problems: list[Problem] = []
    if broken := name_rule(name):
        problems.append(Problem("the name", MISSING, broken))
    layer_keys = _layer_keys(table, problems)
    known = {"layer", "expect_output_size", *layer_keys, *options()}
    for key in table:
        if key not in known:
            problems.append(Problem(key, MISSING, f"unknown key; {did_you_mean(key, known)}"))
    wanted = {key: value for key, value in table.items() if key in options()}
    layer = _layer(table, layer_keys, problems)
    if layer is None:
        problems.extend(option_problems(wanted))
    else:
        problems.extend(_surprise(layer, table))
        try:
            figure = Figure(layer, **wanted)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return figure


def _layer_keys(table: Mapping[str, Any], problems: list[Problem]) -> Mapping[str, Parameter]:
    """The keys of the table's kind of layer; those of all kinds where it is not known."""
    kind = table.get("layer")
    if isinstance(kind, str) and kind in LAYERS:
        return signature(LAYERS[kind]).parameters
    if "layer" not in table:
        problems.append(Problem("layer", MISSING, f"is missing; {did_you_mean('', LAYERS)}"))
    else:
        remedy = did_you_mean(kind if isinstance(kind, str) else "", LAYERS)
        problems.append(Problem("layer", kind, f"must be a kind of layer; {remedy}"))
    return {key: value for layer in LAYERS.values() for key, value in signature(layer).parameters.items()}


def _layer(table: Mapping[str, Any], keys: Mapping[str, Parameter], problems: list[Problem]) -> Layer | None:
    kind = table.get("layer")
    if not isinstance(kind, str) or kind not in LAYERS:
        return None
    given = {key: table[key] for key in keys if key in table}
    absent = [key for key, parameter in keys.items() if parameter.default is Parameter.empty and key not in table]
    problems.extend(Problem(key, MISSING, "is missing") for key in absent)
    if not absent:
        try:
            return LAYERS[kind](**given)
        except InputError as error:
            problems.extend(error.problems)
            return None
    for key, value in given.items():
        try:
            checked(key, value)
        except InputError as error:
            problems.extend(error.problems)
    return None


def _surprise(layer: Layer, table: Mapping[str, Any]) -> Iterator[Problem]:
    """The problem with an output size that is not the expected one."""
    expected = table.get("expect_output_size")
    if expected is None:
        return
    try:
        pair = checked("input_size", expected)
    except InputError as error:
        yield replace(error.problems[0], key="expect_output_size")
    else:
        if pair != layer.output_size:
            yield Problem("expect_output_size", expected, f"the layer gives {by(layer.output_size)}")
