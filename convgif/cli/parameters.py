"""The command line's parameters, made from the declarations of options, and commands that show them under headings.

Values arrive as text and are read by the options themselves, so that everything that is wrong is said at once, and in
the words of whoever declared it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from convgif.drawing.roles import ROLES
from convgif.errors import MISSING, InputError, Problem, Spelling, as_argument, as_flag, flag_of, wrong
from convgif.figure import Map
from convgif.options import REQUIRED, Flag, Option
from convgif.registry import Registry

GROUPS: Final = ("Layer", "Bounds", "View", "Numbers", "Look", "Time", "Output", "Limits")
"""The headings of help, in their order; what has none of them comes last."""

Words = Callable[[click.Context], Iterable[str]]
COMPLETED: Final[Mapping[str, Words]] = {"colors": lambda ctx: [f"{role}=" for role in ROLES]}
"""How the values of options begin that are no words themselves."""


class Declared(click.Option):
    """A flag of the command line with the heading that it stands under, and the words that complete its value.

    Where it must be given, `needed` says what; it is said together with everything else that is wrong. Numbers that are
    not `short` are not repeated then.
    """

    def __init__(
        self,
        *args: Any,
        group: str = "",
        words: Words | None = None,
        needed: str = "",
        short: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.group, self.needed, self.short = group, needed, short
        self._words = words
        if needed:
            self.help = f"{self.help}  [required]"

    def lacking(self, given: Mapping[str, Any]) -> Problem | None:
        """What is wrong where it must be given and is not."""
        if self.needed and given.get(str(self.name)) is None:
            return Problem(str(self.name), MISSING, f"is missing; {self.needed}")
        return None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The words that begin like what was typed; in a list, after its last comma."""
        if self._words is None:
            return super().shell_complete(ctx, incomplete)
        before, comma, last = incomplete.rpartition(",")
        return [CompletionItem(before + comma + word) for word in self._words(ctx) if word.startswith(last)]


class Command(click.Command):
    """A command whose options stand under headings in its help, and whose problems speak of flags."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, group by group."""
        records: dict[str, list[tuple[str, str]]] = {group: [] for group in (*GROUPS, "Options")}
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)):
                records.setdefault(getattr(parameter, "group", "") or "Options", []).append(record)
        for group, rows in records.items():
            if rows:
                with formatter.section(group):
                    formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; say what is wrong in terms of its flags."""
        with flags_spelled(ctx):
            return super().invoke(ctx)


@contextmanager
def flags_spelled(ctx: click.Context) -> Iterator[None]:
    """Problems with what a command was given are put in terms of its flags."""
    try:
        yield
    except InputError as error:
        spelling = _spelling_of(ctx)
        raise InputError(
            replace(problem, spelling=problem.spelling or spelling) for problem in error.problems
        ) from None


def _spelling_of(ctx: click.Context) -> Spelling:
    """How the command's flags are written; an argument without one, as help calls it."""
    parameters = {str(parameter.name): parameter for parameter in ctx.command.get_params(ctx)}
    flags = {
        name: max(one.opts, key=len) if isinstance(one, click.Option) else one.metavar
        for name, one in parameters.items()
        if isinstance(one, click.Option) or one.nargs == 1
    }
    long = {name for name, one in parameters.items() if isinstance(one, Declared) and not one.short}

    def spelling(field: str, value: object) -> str:
        name, _, _ = field.partition(".")
        if name not in flags:
            return field if value is MISSING else as_argument(field, value)
        if value is False:
            return as_flag(field, value)
        text = as_flag(field, MISSING if name in long and not isinstance(value, str) else value)
        return f"{flags[name]}{text.removeprefix(flag_of(name))}"

    return spelling


def flags(
    options: Iterable[Option], *, replacing: bool, notes: Mapping[str, str] | None = None
) -> list[click.Parameter]:
    """The flags of some options.

    Where they are `replacing` what a preset may have set, those that are true or false can be turned off as well, and
    usual values are not shown. `notes` are added to what the options mean.
    """
    return [_flag(option, replacing, (notes or {}).get(option.name, "")) for option in options]


def _flag(option: Option, replacing: bool, note: str) -> Declared:
    name = option.flag or option.name
    meaning = f"{option.meaning}{note}"
    if isinstance(option.kind, Flag):
        usual = "" if option.default is False or replacing else "  [default]"
        twin = f"/{flag_of('no_' + name)}" if replacing or option.default is True else ""
        declaration = [f"{option.long_flag}{twin}", option.name]
        return Declared(declaration, default=None, is_flag=True, help=meaning + usual, group=option.group)
    if option.default is REQUIRED:
        meaning += "" if replacing else "  [required]"
    elif option.default is not None and not replacing:
        meaning += f"  [default: {option.default}]"
    declaration = [*((f"-{option.letter}",) if option.letter else ()), option.long_flag, option.name]
    further: dict[str, Any] = {}
    if option.kind.metavar.startswith("["):  # the value may be left out
        further = {"is_flag": False, "flag_value": "0"}
    words = (lambda ctx: option.kind.words) if option.kind.words_complete else COMPLETED.get(option.name)
    return Declared(
        declaration,
        metavar=option.kind.metavar,
        default=None,
        help=meaning,
        group=option.group,
        words=words,
        short=not isinstance(option.kind, Map),
        **further,
    )


def values(options: Iterable[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given of some options, read from its text.

    Raises:
        InputError: all that cannot be read.
    """
    read: dict[str, Any] = {}
    problems: list[Problem] = []
    for option in options:
        text = given.get(option.name)
        if text is None:
            continue
        try:
            read[option.name] = text if isinstance(text, bool) else option.read(text)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return read


def listed(field: str, text: str, known: Registry) -> list[str]:
    """The names of a list with commas, each known.

    Raises:
        InputError: one is not, or there is none.

    >>> from convgif.registry import FORMATS
    >>> listed("formats", "gif, svg", FORMATS)
    ['gif', 'svg']
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    problems = [Problem(field, name, known.unknown(name)) for name in names if name not in known]
    if not names:
        problems = [Problem(field, text, f"must name one {known.noun} at least, such as {next(iter(known))}")]
    if problems:
        raise InputError(problems)
    return names


class Gathering:
    """Problems that are gathered from several places, to be said all at once.

    >>> gathering = Gathering()
    >>> gathering.tried(lambda: numbers("frames", "0,x")), gathering.tried(lambda: numbers("frames", "0,1"))
    (None, [0, 1])
    >>> gathering.settle()
    Traceback (most recent call last):
        ...
    convgif.errors.InputError: frames = '0,x': must be numbers of frames, with commas between, such as 0,1,4,8
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def tried(self, make: Callable[[], Any]) -> Any:
        """What can be made; None where something is wrong with it, which is kept."""
        try:
            return make()
        except InputError as error:
            self.problems.extend(error.problems)
            return None

    def settle(self) -> None:
        """Go on if nothing is wrong.

        Raises:
            InputError: everything that was gathered.
        """
        if self.problems:
            raise InputError(self.problems)


def number(field: str, text: str, rule: str) -> int:
    """An integer that is not negative.

    Raises:
        InputError: it is none, and breaks the rule.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise wrong(field, text, rule)
    return int(digits)


def numbers(field: str, text: str) -> list[int]:
    """The integers of a list with commas.

    Raises:
        InputError: something in it is none.

    >>> numbers("frames", "0, 4")
    [0, 4]
    """
    try:
        return [number(field, part, "") for part in text.split(",")]
    except InputError:
        raise wrong(field, text, "must be numbers of frames, with commas between, such as 0,1,4,8") from None
