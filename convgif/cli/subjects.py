"""What a command is about: a kind of layer, a preset, a line of code or a node of a model; each makes a figure.

`draw`, `strip`, `embed` and `explain` take all of them, so their options depend on what is named: a command of its own
is made for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click
from click.shell_completion import CompletionItem

from convgif.arithmetic.layer import INPUT_SIZE
from convgif.cli.parameters import Command, Declared, Gathering, flags, number, values
from convgif.errors import MISSING, ConvgifError, InputError, Problem, did_you_mean, typed, wrong
from convgif.options import REQUIRED, Option
from convgif.registry import LAYERS, VIEWS

if TYPE_CHECKING:
    from convgif.reading.found import Found

METAVAR: Final = "LAYER|PRESET|CODE"
MODEL: Final = "onnx"
"""What stands before the file of a model."""
EXAMPLE: Final = "onnx model.onnx --node conv1"
CHANNEL: Final = "channel"
CHANNELS: Final = "must be the numbers of an output and an input channel, such as 0,0"
NUMBERS: Final = ("input", "weight")
"""The options that hold numbers, which may be made up instead."""


def presets_option() -> Declared:
    """Where presets are read from."""
    return Declared(
        ["--presets"],
        metavar="FILE|DIR",
        help="presets to use instead of those that come with convgif",
        group="Options",
    )


@dataclass(frozen=True)
class Subject:
    """What a command was given, under its name; `table` is what is known of it already.

    `found` is the layer that a line of code or a node of a model describes, where one was given.
    """

    name: str
    table: Mapping[str, Any]
    arguments: tuple[Option, ...]
    options: tuple[Option, ...]
    is_preset: bool
    presets: str | None = None
    found: Found | None = None

    def figure(self, given: Mapping[str, Any]) -> Any:
        """The figure, with what was given on the command line.

        Raises:
            InputError: all that is wrong with it.
        """
        from convgif.api import Figure
        from convgif.documents import figure_of

        try:
            changes = values((*self.arguments, *self.options), given)
        except InputError as error:
            raise InputError([*self._missing(given), *error.problems, *self._misdescribed()]) from None
        told = {**self._kernel(given), **changes}
        table = {**self.table, **self._worked(changes), **told}
        if "random" in changes:  # in place of the numbers of a preset, but not of those that were given as well
            table = {name: value for name, value in table.items() if name not in NUMBERS or name in told}
        try:
            figure = figure_of(table, Figure)
        except InputError as error:
            raise error if self.found is None else self.found.description.located(error, changes) from None
        numbers = [option.name for option in self.options if option.name in NUMBERS]
        if "random" in changes and all(name in told for name in numbers):
            raise wrong("random", MISSING, "has no effect: all numbers are given; leave it out")
        return figure

    def _worked(self, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments that a framework's come to, together with those that were given."""
        if self.found is None:
            return {}
        names = [option.name for option in self.arguments]
        given = {name: value for name, value in {**self.table, **changes}.items() if name in names}
        if missing := list(self._missing(given)):
            raise InputError([*missing, *self._misdescribed()])
        view = changes.get("view", self.table.get("view"))
        several = view in VIEWS and VIEWS[view].channels
        return self.found.description.arguments({**(self.found.channels(given) if several else {}), **given})

    def _kernel(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The kernel of the channels that were given, and an input to go with it."""
        if self.found is None or (text := given.get(CHANNEL)) is None:
            return {}
        pair = text.split(",")
        if len(pair) != 2:
            raise wrong(CHANNEL, text, CHANNELS)
        to, of = (number(CHANNEL, part, CHANNELS) for part in pair)
        made_up = {} if given.get("input") is not None else {"random": 0}
        return {"weight": self.found.kernel((to, of)).tolist(), **made_up}

    def _misdescribed(self) -> Iterable[Problem]:
        """What is wrong with single arguments of a framework."""
        return () if self.found is None else self.found.description.problems()

    def _missing(self, given: Mapping[str, Any]) -> Iterator[Problem]:
        """The arguments that must be given and are not."""
        for argument in self.arguments:
            if argument.default is REQUIRED and argument.name not in self.table and given.get(argument.name) is None:
                yield Problem(argument.name, MISSING, "is missing")

    def is_changed(self, figure: Any) -> bool:
        """Whether the figure is another one than the preset; one that is none always is."""
        from convgif.documents import table_of

        return not self.is_preset or table_of(figure) != self.table


class Subjects(click.Group):
    """A group whose commands are the kinds of layers and the presets.

    `body(subject, given)` is what a command does; `further` are its own parameters, and `groups` the headings of those
    options of figures that have an effect in it.
    """

    def __init__(
        self,
        name: str,
        meaning: str,
        body: Callable[[Subject, dict[str, Any]], None],
        further: Callable[[], list[click.Parameter]] = list,
        groups: Iterable[str] = (),
        without: Iterable[str] = (),
    ) -> None:
        super().__init__(name, help=meaning, params=[presets_option()], subcommand_metavar=f"{METAVAR} [OPTIONS]")
        self._body, self._further = body, further
        self._groups, self._without = tuple(groups), tuple(without)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name.replace("_", "-") for name in LAYERS]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a name; presets may be chosen before or behind it."""
        name, rest = args[0], args[1:]
        try:
            if name == MODEL:
                return name, self._of_model(rest), rest[1:]
            return name, self._command(name, _given_in(rest, "--presets") or ctx.params.get("presets")), rest
        except ConvgifError:
            if ctx.resilient_parsing:  # a shell asks what may follow; a message would end up in the line being typed
                return name, None, rest
            raise

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._command(cmd_name, ctx.params.get("presets"))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        names = [*self.list_commands(ctx), *preset_names(ctx)]
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Layers"):
            formatter.write_dl([(name.replace("_", "-"), LAYERS[name].title) for name in LAYERS])
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(
                "Presets are listed by convgif list. Code is a layer as PyTorch, Keras or Flax spells it, such as "
                f"'nn.Conv2d(3, 8, 3, stride=2)'; {EXAMPLE} is a node of a model in a file. What is given for "
                f"any of them replaces what it says. The options of each are shown by convgif {self.name} {METAVAR} "
                "--help."
            )

    def _command(self, name: str, presets: str | None) -> click.Command:
        return self._about(self._subject(name, presets), name)

    def _of_model(self, args: list[str]) -> click.Command:
        """The command about a node of the model whose file comes first."""
        if not args or args[0].startswith("-"):
            raise wrong(MODEL, MISSING, f"must be followed by the file of a model, as in convgif {self.name} {EXAMPLE}")
        from convgif.reading import onnx
        from convgif.reading.found import chosen

        node = chosen(onnx.inside(args[0]), _given_in(args, "--node"), "--node", args[0])
        return self._about(self._found(node), MODEL, node_options(node))

    def _about(self, subject: Subject, name: str, chosen: Iterable[click.Parameter] = ()) -> click.Command:
        notes = {option.name: suited(option.name) for option in subject.options if option.group == "View"}
        parameters = [
            *flags(subject.arguments, replacing=subject.is_preset),
            *flags(subject.options, replacing=subject.is_preset, notes=notes),
            *chosen,
            *(further := self._further()),
            presets_option(),
        ]

        def run(**given: Any) -> None:
            declared = (parameter for parameter in further if isinstance(parameter, Declared))
            if lacking := [problem for parameter in declared if (problem := parameter.lacking(given))]:
                gathering = Gathering()
                gathering.tried(lambda: subject.figure(given))
                raise InputError([*lacking, *gathering.problems])
            self._body(subject, given)

        return Command(name, params=parameters, callback=run, help=f"{str(self.help).splitlines()[0]}")

    def _subject(self, name: str, presets: str | None) -> Subject:
        """What a name stands for.

        Raises:
            InputError: neither a kind of layer nor a preset.
        """
        kind = name.replace("-", "_")
        if is_code(name):
            from convgif.reading.code import read
            from convgif.reading.found import Found

            described = read(name)
            return self._found(Found(described.kind.name, described))
        if kind in LAYERS:
            options = figure_options(self._groups, self._without, LAYERS[kind])
            return Subject(kind, {"layer": kind}, LAYERS[kind].parameters, options, is_preset=False)
        from convgif.documents import table_of
        from convgif.presets import load_presets

        figures = load_presets(presets)
        if refusal := figures.refusal(name):
            raise refusal
        if sweep := figures.sweeps.get(name):
            words = (
                f"is a sweep of {sweep.combinations:,} figures, such as {sweep.first}; convgif render draws them all"
            )
            raise InputError([Problem(typed(name), MISSING, words)])
        if name not in figures:
            raise InputError([Problem(typed(name), MISSING, _unknown(name, figures.names))])
        layer = figures[name].layer
        options = figure_options(self._groups, self._without, type(layer))
        return Subject(name, table_of(figures[name]), layer.parameters, options, is_preset=True, presets=presets)

    def _found(self, found: Found) -> Subject:
        """A layer that a framework describes: all of its arguments are known, but perhaps the size of the input."""
        kind = found.description.kind
        options = figure_options(self._groups, self._without, kind)
        table = {"layer": kind.name, **({} if found.size is None else {INPUT_SIZE.name: found.size})}
        known = tuple(
            option if option.name == INPUT_SIZE.name else replace(option, default=None) for option in kind.parameters
        )
        return Subject(found.name, table, known, options, is_preset=False, found=found)


def is_code(text: str) -> bool:
    """Whether a text is meant as code and not as a name.

    >>> is_code("nn.Conv2d(3, 8, 3)"), is_code("conv-transpose")
    (True, False)
    """
    return "(" in text


class Side(NamedTuple):
    """A layer of a comparison: the size of its input where that is known, and its table for an input of some size.

    `look` are the options of figures that a preset has.
    """

    size: Any
    table: Callable[[Any], Mapping[str, Any]]
    look: Mapping[str, Any]

    @classmethod
    def of(cls, text: str, field: str, presets: str | None) -> Side:
        """What a text stands for: a preset, a line of code, or the words of `draw` for a layer, such as `conv -k 3`.

        Raises:
            InputError: it is none of these, or something is wrong with it; `field` is what it was given as.
        """
        if is_code(text):
            from convgif.reading.code import read

            described = read(text)
            kind = {"layer": described.kind.name}
            return cls(None, lambda size: {**kind, **described.arguments({INPUT_SIZE.name: size})}, {})
        if text.partition(" ")[0].replace("-", "_") in LAYERS:
            from convgif.figure import Beside

            words = Option(field, Beside(), "").read(text)
            return cls(words.get(INPUT_SIZE.name), lambda size: {INPUT_SIZE.name: size, **words}, {})
        from convgif.documents import table_of
        from convgif.presets import load_presets

        figures = load_presets(presets)
        if text not in figures:
            raise wrong(typed(text), MISSING, _unknown(text, figures))
        layer = figures[text].layer
        arguments = {"layer": layer.name, **layer.arguments()}
        look = {name: value for name, value in table_of(figures[text]).items() if name not in arguments}
        return cls(layer.input_size, lambda size: arguments, look)


def node_options(node: Found) -> list[click.Parameter]:
    """What only a node of a model has: its name, and the channels of its weights."""
    shown = Declared(
        [f"--{CHANNEL}"], metavar="OUT,IN", group="Numbers", help="show the kernel of an output and an input channel"
    )
    named = Declared(["--node"], metavar="NAME", group="Layer", help="the node, if there are several")
    return [named, *([shown] if node.weights is not None else [])]


def _unknown(name: str, figures: Iterable[str]) -> str:
    """What to say of a name that is neither a layer nor a preset; layers have other names elsewhere."""
    layers = [own.replace("_", "-") for own in LAYERS]
    remedy = did_you_mean(name, (*layers, *figures))
    also_called = LAYERS.unknown(name).partition("; ")[2]
    if is_guess(also_called):
        remedy = also_called.replace("_", "-")
    elif not is_guess(remedy):
        remedy = f"layers are {', '.join(layers)}, and convgif list shows the presets"
    return f"is neither a kind of layer nor a preset; {remedy}"


def is_guess(remedy: str) -> bool:
    """Whether a remedy is the one word that was meant, and not a list."""
    return remedy.startswith("did you mean")


def figure_options(groups: Iterable[str], without: Iterable[str], kind: type | None = None) -> tuple[Option, ...]:
    """The options of figures and views under some headings; with `kind`, those that suit such a layer."""
    from convgif.figure import OPTIONS

    declared = {
        one.option.name: one.option
        for view in (VIEWS.values() if "View" in groups else ())
        for one in view.options
        if kind is None or issubclass(kind, one.layers)
    }
    known = (OPTIONS["view"], *declared.values(), *(option for name, option in OPTIONS.items() if name != "view"))
    lacks_weight = kind is not None and not getattr(kind, "has_weight", True)
    return tuple(
        option
        for option in known
        if option.group in groups and option.name not in without and not (lacks_weight and option.name == "weight")
    )


def suited(option: str) -> str:
    """Which views have an option, as help says it; nothing where all have it."""
    views = [name for name, view in VIEWS.items() if any(one.option.name == option for one in view.options)]
    return f"  [{', '.join(views)}]" if views and len(views) < len(VIEWS) else ""


def preset_names(ctx: click.Context) -> list[str]:
    """The names of presets, for a shell that completes them."""
    from convgif.presets import load_presets

    try:
        return list(load_presets(ctx.params.get("presets")).names)
    except ConvgifError:
        return []  # whoever is typing learns of it from the command itself


def _given_in(args: list[str], flag: str) -> str | None:
    """The value of a flag that decides which others there are."""
    for at, word in enumerate(args):
        if word == flag and at + 1 < len(args):
            return args[at + 1]
        if word.startswith(f"{flag}="):
            return word.partition("=")[2]
    return None
