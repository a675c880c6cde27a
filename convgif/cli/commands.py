"""The command `convgif`."""

from __future__ import annotations

import gc
import math
import os
import shlex
import signal
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from functools import cached_property, partial
from io import TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from convgif.assembling.interruption import ENDING_SIGNALS
from convgif.cli.parameters import Command, Declared, Gathering, flags, listed, number, numbers, values
from convgif.cli.subjects import (
    Side,
    Subject,
    Subjects,
    figure_options,
    is_guess,
    preset_names,
    presets_option,
    suited,
)
from convgif.errors import (
    MISSING,
    ConvgifError,
    InputError,
    Mention,
    Problem,
    did_you_mean,
    either,
    rule,
    typed,
    visible,
    wrong,
)
from convgif.registry import FORMATS, FRAMEWORKS, LAYERS, SNIPPETS, THEMES, VIEWS
from convgif.toml import ENDING

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path

    from convgif.arithmetic.layer import Layer
    from convgif.assembling.batch import Rendered
    from convgif.assembling.film import Film
    from convgif.assembling.format import Format
    from convgif.figure import Numbers
    from convgif.options import Option
    from convgif.site.target import Target
    from convgif.sweeps import Figures, Sweep

INTERRUPTED: Final = 130
ENDED: Final = 128
"""The exit codes of a process that a signal ended begin here, as shells have it."""
STANDARD_OUTPUT: Final = "-"
BACKEND: Final = "MPLBACKEND"
"""The variable that says how matplotlib shows windows. There are none here, and a wrong one would not let it load."""

EXAMPLES: Final = """
\b
Examples:
  convgif draw conv -i 5 -k 3 -s 2 -p 1 -o my.gif
  convgif draw max-pool -i 4x6 -k 2 --view flat --random -o pool.svg
  convgif draw dilation --theme muted -o dilation.png
  convgif explain conv-transpose -i 3 -k 3 -s 2
  convgif compare padding_strides no_padding_strides --random -o both.gif
  convgif render --all

\b
Names are completed by your shell after (bash; likewise zsh, fish)
  eval "$(_CONVGIF_COMPLETE=bash_source convgif)"
"""
FORMER_FLAGS: Final[Mapping[str, str]] = {
    "--input-values": "--input",
    "--kernel-values": "--weight",
    "--values": "--random",
    "--seed": "--random SEED",
    "--out": "--output",
    "--family": "convgif list, which always shows families",
    "--fps": "--frame-ms: 500 milliseconds a frame are 2 frames a second",
}
"""Flags that people look for, and what they are called."""


def main() -> NoReturn:
    """Run the command and leave with its exit code: 0, 1 for a failure, 2 for wrong input, more after a signal."""
    # Looking for garbage among what was loaded takes a fifth of a short command's time, most of it at the end.
    gc.set_threshold(100_000)
    os.environ.pop(BACKEND, None)
    if sys.stderr is None:  # closed by whoever started this; what is said goes nowhere
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # open to the end, like the others
    if isinstance(sys.stdout, TextIOWrapper):  # paths may hold bytes that are no text; they are printed as they are
        sys.stdout.reconfigure(errors="surrogateescape")
    for name in ENDING_SIGNALS:
        number = getattr(signal, name, None)  # not every system has all of them
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup has it ignored
            signal.signal(number, _terminate)
    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


class _TerminatedError(BaseException):
    """The system asked the process to end, which cleans up as after Ctrl-C; click would take it for just that."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = ENDED + number


def _terminate(number: int, frame: object) -> NoReturn:
    raise _TerminatedError(number)


def run(arguments: list[str]) -> int:
    """Run the command with these arguments; errors go to standard error, the exit code is returned."""
    try:
        cli.main(arguments, prog_name="convgif", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return InputError.exit_code
    except click.NoSuchOption as error:
        return _failed(visible(_unknown_flag(error)), InputError.exit_code)
    except click.UsageError as error:
        said, command = error.format_message(), error.ctx.command_path if error.ctx else "convgif"
        more = "" if said.endswith("?") else f"; see {command} --help"
        return _failed(visible(f"{said.rstrip('.')}{more}"), InputError.exit_code)
    except click.ClickException as error:
        return _failed(visible(error.format_message()), error.exit_code)
    except ConvgifError as error:
        return _failed(str(error), error.exit_code)
    except _TerminatedError as error:
        return _failed(f"terminated; {_outcome(error)}", error.exit_code)
    except (KeyboardInterrupt, click.Abort) as error:  # click makes the one the other
        return _failed(f"interrupted; {_outcome(error.__cause__ or error)}", INTERRUPTED)
    except UnicodeDecodeError:  # how matplotlib fails to load where its settings are no text; our own files are checked
        words = (
            "matplotlib cannot be loaded: its settings, matplotlibrc, must be text in UTF-8; mend or remove that file"
        )
        return _failed(words, ConvgifError.exit_code)
    except MemoryError:
        return _failed("the memory does not suffice; draw a smaller figure, or fewer frames", ConvgifError.exit_code)
    except OSError as error:
        if error.filename is None:  # the streams have no name
            _close_output()
        where = "standard output cannot be written" if error.filename is None else os.fsdecode(error.filename)
        return _failed(f"{where}: {(error.strerror or str(error)).lower()}", ConvgifError.exit_code)
    return 0


def _outcome(error: BaseException) -> str:
    """What an interrupted run has left: nothing, unless it is noted that it was all done."""
    return "; ".join(getattr(error, "__notes__", ["nothing was written"]))


def _unknown_flag(error: click.NoSuchOption) -> str:
    """What to say of a flag that the command does not have."""
    flag, context = error.option_name, error.ctx
    command = context.command_path if context else "convgif"
    known = [name for parameter in context.command.get_params(context) for name in parameter.opts] if context else []
    name = flag.removeprefix("--").replace("-", "_")
    former = FORMER_FLAGS.get(flag, "")
    if former and (former.partition(" ")[0].rstrip(":") in known or not former.startswith("--")):
        return f"{flag}: there is no such option; use {former}"
    if flag.startswith("--no-") and flag.replace("no-", "", 1) in known:
        return f"{flag}: there is nothing to turn off; leave it out"
    kinds = [kind for kind, layer in LAYERS.items() if name in _names((*layer.parameters, *_of_figures(layer)))]
    if former or kinds:
        if context is not None and context.command.name == "render":
            return f"{flag}: belongs to a single figure; convgif draw NAME {former or flag} takes it"
        if 0 < len(kinds) < len(LAYERS):
            return f"{flag}: suits {' and '.join(kinds).replace('_', '-')} only; leave it out"
        return f"{flag}: has no effect here; leave it out"
    near = did_you_mean(name, [other[2:].replace("-", "_") for other in known if other.startswith("--")])
    remedy = f"did you mean --{near[13:].replace('_', '-')}" if is_guess(near) else f"see {command} --help"
    return f"{flag}: there is no such option; {remedy}"


def _of_figures(layer: type | None = None) -> tuple[Option, ...]:
    """All options of figures, or those that suit a layer."""
    return figure_options(FIGURE, (), layer)


def _names(options: Iterable[Option]) -> set[str]:
    """What flags call the options."""
    return {option.flag or option.name for option in options}


def _failed(message: str, code: int) -> int:
    with suppress(OSError):  # where nothing can be said, the code says it
        for line in message.splitlines():
            click.echo(f"convgif: {line}", err=True)
    return code


class _Convgif(click.Group):
    """The commands in the order in which people come to need them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=_Convgif,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="Draw convolution arithmetic frame by frame, for slides, READMEs, lecture notes and blogs.",
)
@click.version_option(None, package_name="convgif", prog_name="convgif", message="%(prog)s %(version)s")
def cli() -> None:
    """The command itself."""


FIGURE: Final = ("View", "Numbers", "Look", "Time", "Limits")
"""The headings of all options of figures."""
CHOICES: Final = "collapse"
"""The view that shows what an output padding chooses from."""
COMPARED: Final = "compare"
"""The view that shows two layers."""
SIDES: Final = ("first", "second")
"""The arguments that name them."""
LEFT_OUT: Final = ("beside", "view", "heading", "title", "frame_range")
"""What a comparison does not take over from a preset."""
PREVIEWED: Final = "padding_strides"
"""The preset that shows what themes are like."""
STILL: Final = ("loop", "frame_ms", "hold_ms", "frame_range", "every", "columns", "heading")
"""Options that have no effect in a picture of frames that were chosen one by one."""


# draw


def _format_parameter() -> click.Parameter:
    return Declared(
        ["--format"],
        metavar="NAME",
        group="Output",
        help="the format, where FILE's ending does not say it",
        words=lambda ctx: FORMATS,
    )


def _draw_parameters() -> list[click.Parameter]:
    return [
        Declared(
            ["-o", "--output"],
            metavar="FILE",
            group="Output",
            help=_endings(),
            needed="name a file, such as figure.gif",
        ),
        _format_parameter(),
        Declared(
            ["--frame"], metavar="N", group="Output", help="the frame that a still shows; the telling one if unset"
        ),
        Declared(["--quiet", "-q"], is_flag=True, group="Output", help="print nothing but errors"),
    ]


def _endings() -> str:
    """What the ending of a path stands for."""
    from convgif.assembling.format import FOLDER

    suffixes = ", ".join(format.suffix for format in FORMATS.values() if format.suffix != FOLDER)
    return (
        f"where to write; the ending says the format: {suffixes}, or {FOLDER} for a folder of frames; "
        f"{STANDARD_OUTPUT} is standard output"
    )


def _draw(subject: Subject, given: dict[str, Any]) -> None:
    from convgif.assembling.film import Film

    gathering = Gathering()
    figure = gathering.tried(lambda: subject.figure(given))
    format = gathering.tried(lambda: _chosen_format(given))
    frame = gathering.tried(lambda: _frame(given["frame"]))
    gathering.settle()
    film = Film.of(figure, frame)
    if not given["quiet"] and given["output"] != STANDARD_OUTPUT:
        _advise(film, format)
    _deliver(film, format, given["output"], given["quiet"])


def _deliver(film: Film, format: Format, output: str, quiet: bool = False) -> None:
    """Write a film where it should go, and say so."""
    from convgif.assembling import batch
    from convgif.assembling.format import FOLDER

    if output == STANDARD_OUTPUT:
        _put_out(film, format)
        return
    with _bar(len(film.durations), "frame", quiet) as bar:
        done = batch.save(replace(film, on_frame=bar.update), output, format)
    if not quiet:
        click.echo(_report(done if format.suffix == FOLDER else replace(done, name=done.files[0].name)))


def _frame(text: str | None) -> int | None:
    return None if text is None else number("frame", text, "must be the number of a frame, from 0 on")


def _put_out(film: Film, format: Format) -> None:
    """Write a film to standard output; a reader that has had enough is no mistake."""
    from convgif.assembling import batch

    if sys.stdout is None:
        raise ConvgifError("standard output is closed; name a file, or open it")
    files = batch.encode(film, format)
    if len(files) > 1:
        raise wrong("format", format.name, "has several files; name a file or a folder to write them to")
    try:
        sys.stdout.buffer.write(*files.values())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _close_output()


def _chosen_format(given: Mapping[str, Any]) -> Format:
    from convgif.assembling import batch

    path, name = given["output"], given["format"]
    if name is None and path == STANDARD_OUTPUT:
        raise wrong("format", MISSING, "is missing; standard output has no ending that says it")
    chosen: Format = batch.format_of(path) if name is None else FORMATS.named(name, "format")
    _refuse(_idle(given, [chosen]))
    return chosen


def _idle(given: Mapping[str, Any], formats: Iterable[Format]) -> Iterable[Problem]:
    """Options that were given and have an effect in other formats only."""
    chosen = list(formats)
    active = {option for format in chosen for option in format.options}
    for option in dict.fromkeys(option for format in FORMATS.values() for option in format.options):
        if given.get(option) is not None and option not in active:
            able = [name for name, format in FORMATS.items() if option in format.options]
            names = " and ".join(format.name for format in chosen)
            yield Problem(option, MISSING, f"has no effect in {names}; leave it out, or choose {either(able)}")


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise InputError(found)


LONG: Final = 60
"""Seconds of playing time; few readers wait for the end of more."""
LARGE: Final = 5_000_000
"""Bytes of a file; few pages want more."""
SAMPLE: Final = 4
"""Frames that are encoded to estimate how large all will be."""
MANY: Final = 100
"""Frames, from which on a figure may be large."""
SOME: Final = 40
"""Frames, of which most files are small."""
SHOWN: Final = 20
"""Figures of a sweep that a list shows."""
COUNTED: Final = 100_000
"""Combinations of a sweep that a list looks at, to say how many are no layers."""
SMALL_FORMAT: Final = "svg"
"""The format that is small, however many frames there are."""


def _advise(film: Film, format: Format) -> None:
    """Say before a long or large figure is drawn what would help."""
    from convgif.assembling.format import TIMES

    count = len(film.durations)
    seconds = sum(film.durations) / 1000 if {*TIMES} & {*format.options} else 0
    size = _estimate(film, format) if count > MANY else 0
    long, large = seconds > LONG, size > LARGE
    if not (long or large):
        return
    said = [*([f"will play for {seconds / 60:.1f} minutes"] if long else ())]
    said += [f"will take about {size / 1e6:.0f} MB"] if large else []
    every = max(2, math.ceil(seconds / LONG))
    shorter = f"--frames 0:{SOME} or --every {every}" if count > SOME else f"--every {every}"
    help_ = f"{shorter} would make it shorter"
    if large and format.name != SMALL_FORMAT:
        help_ += f", --format {SMALL_FORMAT} smaller"
    click.echo(f"convgif: note: the figure {' and '.join(said)}; {help_}", err=True)


def _estimate(film: Film, format: Format) -> int:
    """About how many bytes all frames take, from a few in the middle."""
    from convgif.assembling import batch

    count = len(film.durations)
    middle = range(count // 2, min(count, count // 2 + SAMPLE))
    try:
        sizes = [
            sum(map(len, batch.encode(film.of_frames(frames), format).values())) for frames in (middle[:1], middle)
        ]
    except InputError:
        return 0  # whatever it is, it is said when all is written
    return sizes[0] + (sizes[1] - sizes[0]) * (count - 1) // (len(middle) - 1)


# strip, embed, explain


def _strip_parameters() -> list[click.Parameter]:
    return [
        Declared(
            ["--frames"],
            metavar="LIST",
            group="Output",
            help="which frames, counted from 0, with commas between",
            needed="list some, such as 0,4,8",
        ),
        Declared(
            ["-o", "--output"],
            metavar="FILE",
            group="Output",
            help="where to write: FILE.pdf, FILE.svg or FILE.png",
            needed="name a file, such as strip.pdf",
        ),
    ]


def _strip(subject: Subject, given: dict[str, Any]) -> None:
    gathering = Gathering()
    figure = gathering.tried(lambda: subject.figure(given))
    frames = gathering.tried(lambda: numbers("frames", given["frames"]))
    gathering.settle()
    click.echo(visible(str(figure.strip(frames, given["output"]))))


def _embed_parameters() -> list[click.Parameter]:
    return [
        Declared(
            ["--for", "kind"],
            metavar="KIND",
            group="Output",
            help=f"where it is shown: {', '.join(SNIPPETS)}",
            needed=f"known are {', '.join(SNIPPETS)}",
            words=lambda ctx: SNIPPETS,
        ),
        Declared(
            ["-o", "--output"],
            default="out",
            show_default=True,
            metavar="DIR",
            group="Output",
            help="the folder or the address that the files lie in",
        ),
    ]


def _embed(subject: Subject, given: dict[str, Any]) -> None:
    from convgif.site.target import Target

    gathering = Gathering()
    figure = gathering.tried(lambda: subject.figure(given))
    kind = gathering.tried(lambda: SNIPPETS.named(given["kind"], "kind"))
    gathering.settle()
    changed = subject.is_changed(figure)
    target = Target(subject.name, figure, given["output"], subject.presets, is_preset=not changed)
    click.echo(kind.text(target))
    if lacking := kind.lacking(target):
        files = visible(", ".join(map(target.file, lacking)))
        click.echo(f"convgif: note: what it shows is not there yet: {files}", err=True)
        commands = _drawing(target, lacking) if changed else [target.command(lacking)]
        click.echo("\n".join(("convgif: note: this makes it:", *(f"  {visible(line)}" for line in commands))), err=True)


def _drawing(target: Target, formats: Iterable[str]) -> Iterator[str]:
    """The commands that draw a figure that is no preset where a snippet looks for it."""
    from convgif.documents import as_arguments

    words = as_arguments(target.figure)
    for format in formats:
        yield shlex.join(["convgif", "draw", *words, "--format", format, "-o", target.file(format)])


def _explain(subject: Subject, given: dict[str, Any]) -> None:
    from convgif.arithmetic.explanation import explain

    figure = subject.figure(given)
    click.echo(explain(figure.layer))
    _list_numbers(figure.numbers)
    if figure.beside is not None:
        from convgif.arithmetic.comparison import told_apart

        click.echo(f"\n{told_apart(figure.layer, figure.beside)}")
        _list_numbers(figure.numbers_of(figure.beside))


def _list_numbers(found: Numbers | None) -> None:
    for title, array in () if found is None else found._asdict().items():
        if array is not None:
            click.echo(f"\n  {title} =\n{textwrap.indent(str(array), '    ')}")


cli.add_command(
    Subjects(
        "draw", "Draw a layer, described by its arguments or by code, or a preset.", _draw, _draw_parameters, FIGURE
    )
)
cli.add_command(
    Subjects(
        "strip", "Draw chosen frames side by side, as papers print them.", _strip, _strip_parameters, FIGURE, STILL
    )
)
cli.add_command(
    Subjects("embed", "Print a snippet that shows a figure.", _embed, _embed_parameters, FIGURE, ("heading",))
)
cli.add_command(
    Subjects("explain", "Explain a layer, or a preset, in words and numbers.", _explain, groups=("Numbers",))
)


# compare


class _Compare(Command):
    """Its options of figures are made when they are asked for: they load the view."""

    @cached_property
    def _of_figures(self) -> list[click.Parameter]:
        return flags(compare_options(), replacing=True)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), *self._of_figures]


def compare_options() -> tuple[Option, ...]:
    """The options of figures that show two layers."""
    own = (declared.option for declared in VIEWS[COMPARED].options)
    return (*own, *figure_options([group for group in FIGURE if group != "View"], ()))


@cli.command(
    cls=_Compare,
    params=[
        click.Argument(["first"], metavar="A"),
        click.Argument(["second"], metavar="B"),
        Declared(
            ["-i", "--input-size"],
            metavar="SIZE",
            group="Layer",
            help="elements of the input, where neither layer says it; B takes that of A",
        ),
        Declared(["-o", "--output"], metavar="FILE", group="Output", help="draw them as well, as draw does"),
        _format_parameter(),
        Declared(
            ["--frame"], metavar="N", group="Output", help="the frame that a still shows; the telling one if unset"
        ),
        Declared(["--quiet", "-q"], is_flag=True, group="Output", help="print nothing but errors"),
        presets_option(),
    ],
    help=(
        "Compare two layers with the same input, in words and side by side.\n\nA and B are presets, layers as draw has "
        "them, such as 'conv -i 6 -k 3 -s 2', or code, such as 'nn.Conv2d(1, 1, 3, stride=2)'. The numbers are those "
        "of A. Where the input of B is a whole multiple of A's, it is the same, resized."
    ),
)
def compare(**given: Any) -> None:
    """Compare two layers."""
    from convgif.arithmetic.comparison import told_apart
    from convgif.assembling.film import Film

    gathering = Gathering()
    figure = gathering.tried(lambda: _compared(given))
    format = gathering.tried(lambda: None if given["output"] is None else _chosen_format(given))
    frame = gathering.tried(lambda: _frame(given["frame"]))
    if given["output"] is None:
        words = rule("has no effect without ", Mention("output"), ", which says where to draw them")
        idle = [name for name in ("format", "frame") if given[name] is not None]
        gathering.problems.extend(Problem(name, given[name], words) for name in idle)
    gathering.settle()
    film = Film.of(figure, frame)
    if not given["quiet"] and given["output"] != STANDARD_OUTPUT:
        click.echo(told_apart(figure.layer, figure.beside))
    if format is not None:
        _deliver(film, format, given["output"], given["quiet"])


def _compared(given: Mapping[str, Any]) -> Any:
    """The figure of two layers, with the numbers and the look of the first one where that is a preset."""
    from convgif.api import Figure
    from convgif.arithmetic.layer import INPUT_SIZE
    from convgif.documents import figure_of
    from convgif.figure import OPTIONS

    gathering = Gathering()
    one, other = (gathering.tried(partial(Side.of, given[side], side, given["presets"])) for side in SIDES)
    text = given[INPUT_SIZE.name]
    size = gathering.tried(lambda: None if text is None else INPUT_SIZE.read(text))
    changes = gathering.tried(lambda: values(compare_options(), given))
    gathering.settle()
    size = next((known for known in (one.size, size, other.size) if known is not None), None)
    if size is None:
        raise wrong(INPUT_SIZE.name, MISSING, "is missing; neither layer says it")
    layer, beside = (gathering.tried(partial(side.table, size)) for side in (one, other))
    gathering.settle()
    look = {name: value for name, value in one.look.items() if name in OPTIONS and name not in LEFT_OUT}
    try:
        return figure_of({**look, **layer, "view": COMPARED, "beside": beside, **changes}, Figure)
    except InputError as error:
        raise InputError(map(_of_second, error.problems)) from None


def _of_second(problem: Problem) -> Problem:
    """A problem with the layer beside as one with B."""
    name, dot, argument = problem.field.partition(".")
    return replace(problem, field=argument, place="B:") if dot and name == "beside" else problem


# solve


class _Solve(Command):
    """Its bounds are declared with the arithmetic, which is loaded when they are asked for."""

    @cached_property
    def _bounds(self) -> list[click.Parameter]:
        from convgif.arithmetic.solving import BOUNDS

        return flags(BOUNDS, replacing=False)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), *self._bounds]


@cli.command(
    cls=_Solve,
    params=[
        click.Argument(["input_size"], metavar="FROM"),
        click.Argument(["output_size"], metavar="TO"),
        Declared(["--transposed"], is_flag=True, group="Layer", help="look for transposed convolutions"),
        Declared(
            ["--layer"],
            metavar="NAME",
            group="Layer",
            help="the kind of layer  [default: a convolution, transposed where TO is larger]",
            words=lambda ctx: [name.replace("_", "-") for name in LAYERS],
        ),
        Declared(["--most"], metavar="N", default="5", show_default=True, group="Output", help="how many to show"),
        Declared(["-o", "--output"], metavar="FILE", group="Output", help="draw one of them as well, as draw does"),
        _format_parameter(),
        Declared(["--figure"], metavar="N", group="Output", help="the number of the one to draw  [default: 1]"),
        Declared(
            ["--view"],
            metavar="NAME",
            group="Output",
            help=f"how it is drawn  [default: as by draw; {CHOICES} where an output padding chooses a size]",
            words=lambda ctx: VIEWS,
        ),
    ],
    help="Find the layers that lead from one size to another, simplest first.",
)
def solve(**given: Any) -> None:
    """Solve for layers."""
    from convgif.api import Figure
    from convgif.arithmetic.layer import INPUT_SIZE
    from convgif.arithmetic.sentences import by, counted
    from convgif.arithmetic.solving import BOUNDS, OUTPUT_SIZE, Search

    kind = given["layer"] and given["layer"].replace("-", "_")
    gathering = Gathering()
    before = gathering.tried(lambda: INPUT_SIZE.read(given[INPUT_SIZE.name]))
    after = gathering.tried(lambda: OUTPUT_SIZE.read(given[OUTPUT_SIZE.name]))
    bounds = gathering.tried(lambda: values(BOUNDS, given))
    most = gathering.tried(lambda: _place("most", given["most"]))
    chosen = gathering.tried(lambda: _place("figure", given["figure"] or "1"))
    format = gathering.tried(lambda: _solved_format(given))
    gathering.settle()
    search = Search.of(before, after, kind, given["transposed"], **bounds)
    layers = search.layers
    if given["output"] != STANDARD_OUTPUT:
        sizes = f"{by(search.input_size)} to {by(search.output_size)}"
        ways = f"in {counted(len(layers), 'way')} with {search.bounds}, simplest first:"
        click.echo(f"{search.kind.title.capitalize()} leads from {sizes} {ways}")
        for number, layer in enumerate(layers[:most], 1):
            click.echo("\n".join(("", f"{number}. {layer.describe()}", *_in_words(layer))))
        if len(layers) > most:
            click.echo(f"\n{len(layers) - most} more: --most {len(layers)} shows all.")
    if format is not None:
        from convgif.assembling.film import Film

        if chosen > len(layers):
            raise wrong("figure", chosen, f"there {'is' if len(layers) == 1 else 'are'} {len(layers)} only")
        layer = layers[chosen - 1]
        view = given["view"] or (CHOICES if layer.choices() else None)
        figure = Figure(layer, view=view) if view else Figure(layer)
        _deliver(Film.of(figure), format, given["output"])


def _place(field: str, text: str) -> int:
    words = "must be an integer >= 1"
    place = number(field, text, words)
    if not place:
        raise wrong(field, text, words)
    return place


def _solved_format(given: Mapping[str, Any]) -> Format | None:
    """The format of what is drawn; None if nothing is."""
    if given["output"] is not None:
        return _chosen_format(given)
    words = rule("has no effect without ", Mention("output"), ", which says where to draw it")
    _refuse(Problem(field, given[field], words) for field in ("format", "figure", "view") if given[field] is not None)
    return None


def _in_words(layer: Layer) -> Iterator[str]:
    """A layer in the words of each framework, and what there is to know of it."""
    rows: list[tuple[str, str]] = []
    for framework in FRAMEWORKS.values():
        lines, note = framework.wording(layer)
        rows += [
            (framework.title if at == 0 else "", line) for at, line in enumerate((*lines, *([note] if note else [])))
        ]
    rows += [("why" if at == 0 else "", line) for at, line in enumerate(layer.choices())]
    if any(axis.gaps for axis in layer.axes):
        rows.append(("gaps", "some output is made of no input" if layer.turned else "some input is never read"))
    width = max(len(title) for title, _ in rows)
    return (f"   {title:{width}}  {line}".rstrip() for title, line in rows)


# render and what lies in its folder


class _Render(Command):
    """Its options of figures are made when they are asked for: they load the views."""

    @cached_property
    def _of_figures(self) -> list[click.Parameter]:
        chosen = render_options()
        notes = {option.name: suited(option.name) for option in chosen if option.group == "View"}
        return flags(chosen, replacing=True, notes=notes)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), *self._of_figures]


def render_options() -> tuple[Option, ...]:
    """The options that replace those of several presets: all but those that belong to one layer or one figure."""
    return figure_options(FIGURE, ("input", "weight", "random", "decimals", "heading", "title"))


def _output_folder(meaning: str) -> Declared:
    return Declared(["-o", "--output"], default="out", show_default=True, metavar="DIR", group="Output", help=meaning)


def _jobs() -> Declared:
    return Declared(["--jobs"], metavar="N", group="Output", help="processes to share the work  [default: one a core]")


@cli.command(
    cls=_Render,
    params=[
        click.Argument(
            ["names"],
            nargs=-1,
            metavar="[NAME]...",
            shell_complete=lambda ctx, param, text: [name for name in preset_names(ctx) if name.startswith(text)],
        ),
        Declared(["--all", "everything"], is_flag=True, help="render every preset"),
        presets_option(),
        _output_folder("the folder to write in"),
        Declared(
            ["--formats"],
            default="gif,svg",
            show_default=True,
            metavar="LIST",
            group="Output",
            help="formats, with commas between; convgif formats lists them",
            words=lambda ctx: FORMATS,
        ),
        _jobs(),
        Declared(
            ["--scheduler"],
            metavar="ADDRESS",
            group="Output",
            help="a scheduler of dask's whose workers draw instead, such as tcp://10.0.0.1:8786",
        ),
        Declared(
            ["--force"],
            is_flag=True,
            group="Output",
            help="draw everything anew, also what is there and the same, and replace files that convgif did not write",
        ),
        Declared(["--quiet", "-q"], is_flag=True, group="Output", help="print nothing but errors"),
    ],
    help=(
        "Render presets, by name or all of them.\n\nFiles are written to DIR/FORMAT/NAME, all of them or none. Options "
        "of figures given here replace those of the presets. The name of a sweep stands for all of its figures, and a "
        "FILE.toml for all that it has."
    ),
)
def render(**given: Any) -> None:
    """Render presets."""
    from convgif import api
    from convgif.presets import load_presets

    everything, names, quiet = given["everything"], given["names"], given["quiet"]
    if len(names) == 1 and names[0].endswith(ENDING) and given["presets"] is None:
        given["presets"], everything, names = names[0], True, ()  # a file stands for all that is in it
    if everything == bool(names):
        raise click.UsageError("name the presets to render, or use --all, but not both")
    gathering = Gathering()
    loaded = gathering.tried(lambda: load_presets(given["presets"], api.Figure))
    formats = gathering.tried(lambda: _chosen_formats(given))
    changes = gathering.tried(lambda: values(render_options(), given))
    jobs = gathering.tried(lambda: _jobs_of(given))
    if loaded is not None and names:
        loaded = gathering.tried(lambda: _named(names, loaded))
    gathering.settle()
    if not quiet:
        for line in _skipped(loaded.sweeps.values()):
            _say(line)
    figures = {name: gathering.tried(_replacing(name, figure, changes)) for name, figure in loaded.items()}
    gathering.settle()
    with _bar(len(figures), "figure", quiet) as bar:

        def progress(done: Rendered) -> None:
            bar.update()
            if not quiet:
                with bar.external_write_mode(sys.stdout):
                    _say(_report(done))

        def replacing(file: Path) -> None:
            if not quiet:
                with bar.external_write_mode(sys.stderr):
                    note = f"convgif: note: replaces {file}, which convgif did not write"
                    click.echo(visible(note), err=True)

        try:
            with _executor(given["scheduler"]) as executor:
                api.render(figures, given["output"], formats, jobs, progress, given["force"], executor, replacing)
        except InputError as error:
            raise InputError(_at_home(error, changes, loaded)) from None


def _executor(scheduler: str | None) -> AbstractContextManager[Executor | None]:
    """What draws on other machines, where a scheduler is given."""
    if scheduler is None:
        return nullcontext()
    from convgif.assembling import machines

    return machines.cluster(scheduler)


def _skipped(sweeps: Iterable[Sweep]) -> Iterator[str]:
    """How many combinations of each sweep are no layers, if any are not."""
    return (str(sweep.located(wrong("", MISSING, sweep.summary))) for sweep in sweeps if sweep.summary)


def _at_home(error: InputError, changes: Mapping[str, Any], figures: Figures) -> Iterator[Problem]:
    """Problems with figures: what a preset says is shown as it stands in its file, what was given here as a flag."""
    for problem in error.problems:
        name = problem.place.removeprefix("[").removesuffix("]")
        if problem.place == f"[{name}]" and problem.field.partition(".")[0] not in changes:
            yield from figures.located(InputError([replace(problem, place="")]), name).problems
        else:
            yield problem


def _chosen_formats(given: Mapping[str, Any]) -> list[str]:
    formats = listed("formats", given["formats"], FORMATS)
    _refuse(_idle(given, [FORMATS[name] for name in formats]))
    return formats


def _replacing(name: str, figure: Any, changes: Mapping[str, Any]) -> Callable[[], Any]:
    """What makes the figure with some options replaced; it says of which figure it is that something is wrong."""

    def replaced() -> Any:
        try:
            return figure.replaced(**changes) if changes else figure
        except InputError as error:
            raise error.at(f"[{name}]") from None

    return replaced


def _jobs_of(given: Mapping[str, Any]) -> int:
    text = given["jobs"]
    if given["scheduler"] is not None:
        _refuse(
            [Problem("jobs", text, rule("has no effect with ", Mention("scheduler"), "; leave it out"))] if text else []
        )
        return 1
    if text is None:
        return _cores()
    words = "must be an integer from 1 to 1,000"
    count = number("jobs", text, words)
    if not 1 <= count <= 1000:
        raise wrong("jobs", text, words)
    return count


@cli.command(
    cls=Command,
    params=[_output_folder("the folder that the figures were written to"), presets_option()],
    help="Write DIR/index.html, a page that shows all rendered presets.",
)
def gallery(output: str, presets: str | None) -> None:
    """Write the gallery."""
    from convgif.presets import load_families
    from convgif.site import gallery as page

    click.echo(visible(str(page.write(load_families(presets), output, presets))))


@cli.command(
    cls=Command,
    params=[click.Argument(["files"], nargs=-1, required=True, metavar="FILE...")],
    help="Read finished files back: size, frames, durations, rounds, bytes.",
)
def inspect(files: tuple[str, ...]) -> None:
    """Inspect files."""
    from convgif.assembling.inspection import inspect as inspected

    problems: list[Problem] = []
    for file in files:
        try:
            click.echo(str(inspected(file)))
        except InputError as error:
            problems.extend(error.problems)
    _refuse(problems)


@cli.command(
    cls=Command,
    params=[click.Argument(["files"], nargs=-1, required=True, metavar="FILE...")],
    help="Check preset files and report every problem at once.",
)
def check(files: tuple[str, ...]) -> None:
    """Check preset files."""
    from convgif.presets import load_presets

    problems: list[Problem] = []
    for file in files:
        try:
            figures = load_presets(file)
            found = [problem for name in figures for problem in _undrawable(name, figures)]
        except InputError as error:
            problems.extend(error.problems)
            continue
        problems.extend(found)
        if not found:
            count = len(figures)
            click.echo(f"{visible(file)}: {count:,} figure{'s' * (count != 1)}, no problems")
            for line in _skipped(figures.sweeps.values()):
                click.echo(line)
    _refuse(problems)


def _undrawable(name: str, figures: Figures) -> Iterator[Problem]:
    """What keeps a figure from being drawn, whatever the format."""
    from convgif.assembling.film import Film

    try:
        figure = figures[name]
    except InputError as error:
        yield from error.problems
        return
    try:
        Film.of(figure)
    except InputError as error:
        yield from figures.located(error, name).problems


# lists


@cli.command(
    name="list", cls=Command, params=[presets_option()], help="List the presets: layer, view, size in and out, frames."
)
def list_presets(presets: str | None) -> None:
    """List the presets by family."""
    from convgif.presets import load_families

    families = load_families(presets)
    problems: list[Problem] = []
    rows: list[tuple[str, ...]] = [("NAME", "LAYER", "VIEW", "INPUT", "OUTPUT", "FRAMES")]
    notes: dict[int, list[str]] = {}
    for family in families.values():
        if family.figures:
            notes.setdefault(len(rows), []).extend(("", family.title))
        rows.extend(_rows(family.figures, family.figures.tables, problems))
        for sweep in family.figures.sweeps.values():
            rows.extend(_rows(family.figures, islice(sweep, SHOWN), problems))
            notes.setdefault(len(rows), []).extend(_about_sweep(sweep))
    _refuse(problems)
    for at, line in enumerate(_table(rows, right=True)):
        click.echo("\n".join((*notes.pop(at, ()), line)))
    for line in notes.pop(len(rows), ()):
        click.echo(line)


def _rows(figures: Figures, names: Iterable[str], problems: list[Problem]) -> Iterator[tuple[str, ...]]:
    """What is listed of figures; what is wrong with any is added to the problems."""
    from convgif.arithmetic.sentences import by
    from convgif.drawing.composition import compose

    for name in names:
        figure = figures[name]
        layer = figure.layer
        try:
            frames = str(len(compose(figure).durations))
        except InputError as error:
            problems.extend(figures.located(error, name).problems)
        else:
            yield name, layer.name, figure.view, by(layer.input_size), by(layer.output_size), frames


def _about_sweep(sweep: Sweep) -> Iterator[str]:
    """What a list does not show of a sweep."""
    if sweep.combinations > COUNTED:
        yield f"{sweep.name}: the first {SHOWN} figures of {sweep.combinations:,} combinations"
        return
    if (count := len(sweep)) > SHOWN:
        yield f"{sweep.name}: the first {SHOWN} of {count:,} figures"
    yield from _skipped([sweep])


def _table(rows: list[tuple[str, ...]], right: bool = False) -> list[str]:
    """Rows in columns; the last column to the right, if it holds numbers."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join((*map(str.ljust, words, widths), last.rjust(widths[-1]) if right else last)).rstrip()
        for *words, last in rows
    ]


@cli.command(name="formats", cls=Command, help="List the formats that figures can be written as.")
def list_formats() -> None:
    """List the formats."""
    from convgif.assembling.format import FOLDER

    rows: list[tuple[str, ...]] = [("FORMAT", "PATH", "WHAT IT IS")]
    seen: set[str] = set()
    for name, format in FORMATS.items():
        path = f"DIR{FOLDER}" if format.suffix == FOLDER else f"FILE{format.suffix}"
        # An ending stands for the first format that has it.
        rows.append((name, f"{path} --format {name}" if path in seen else path, format.meaning))
        seen.add(path)
    click.echo("\n".join(_table(rows)))


@cli.command(name="views", cls=Command, help="List the views, the layers they suit and their own options.")
def list_views() -> None:
    """List the views."""
    rows: list[tuple[str, ...]] = [("VIEW", "LAYERS", "OPTIONS", "WHAT IT SHOWS")]
    for name, view in VIEWS.items():
        suited = [layer.replace("_", "-") for layer in LAYERS if issubclass(LAYERS[layer], view.layers)]
        layers = "all" if len(suited) == len(LAYERS) else ", ".join(suited)
        rows.append((name, layers, ", ".join(one.option.long_flag for one in view.options), view.meaning))
    click.echo("\n".join(_table(rows)))


@cli.command(
    cls=Command,
    params=[
        Declared(
            ["-o", "--output"], metavar="FILE", help="draw a figure in all of them: FILE.png, FILE.svg or FILE.pdf"
        ),
        Declared(["--preset"], metavar="NAME", help=f"the figure to draw  [default: {PREVIEWED}]", words=preset_names),
        Declared(["--roles"], is_flag=True, help="list the roles that a theme gives colours to"),
        presets_option(),
    ],
    help="List the themes, or draw a preview of all of them.",
)
def themes(output: str | None, preset: str | None, roles: bool, presets: str | None) -> None:
    """List the themes."""
    if preset is not None and output is None:
        raise wrong(
            "preset", preset, rule("has no effect without ", Mention("output"), ", which says where to draw it")
        )
    if output is not None:
        from convgif.assembling import stills
        from convgif.presets import load_presets

        name = preset or PREVIEWED
        shown, *_ = _named([name], load_presets(presets)).values()
        click.echo(visible(str(stills.preview(shown, output))))
    elif roles:
        from convgif.drawing.roles import ROLES

        click.echo("\n".join(_table([("ROLE", "WHAT IT IS"), *ROLES.items()])))
    else:
        rows = [(name, theme.meaning) for name, theme in THEMES.items()]
        click.echo("\n".join(_table([("THEME", "WHAT IT IS"), *rows])))


@cli.command(cls=Command, help="Print the JSON Schema of preset files, for editors.")
def schema() -> None:
    """Print the schema."""
    import json

    from convgif.documents import schema as preset_schema

    click.echo(json.dumps(preset_schema(), indent=1))


def _named(names: Iterable[str], figures: Figures) -> Figures:
    """Some of the figures and of the sweeps, or everything that is wrong with their names."""
    from convgif.sweeps import Figures

    problems: list[Problem] = []
    for name in names:
        if refusal := figures.refusal(name):
            problems.extend(refusal.problems)
        elif name not in figures.sweeps and name not in figures:
            problems.append(Problem(typed(name), MISSING, _no_preset(name, figures.names)))
    _refuse(problems)
    single = {name: figures[name] for name in names if name not in figures.sweeps}
    return Figures(single, {name: figures.sweeps[name] for name in names if name in figures.sweeps})


def _no_preset(name: str, figures: Iterable[str]) -> str:
    if (format := name.strip(",")) in FORMATS:
        return f"is a format and no preset; formats are listed without spaces: --formats gif,{format}"
    if name.replace("-", "_") in LAYERS:
        return f"is a layer and no preset; convgif draw {name} draws one"
    near = did_you_mean(name, figures)
    return f"there is no such preset; {near if is_guess(near) else 'convgif list shows them'}"


def _bar(total: int, unit: str, quiet: bool) -> Any:
    """A bar that shows how far the work has come, in a terminal."""
    if quiet or not sys.stderr.isatty():
        return _NoBar()
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would keep us from forking
    return tqdm(total=total, unit=unit, leave=False, delay=0.5)


class _NoBar(nullcontext[Any]):
    """Shows nothing, where nobody looks."""

    def __enter__(self) -> _NoBar:
        return self

    def update(self) -> None:
        """Take note of nothing."""

    def external_write_mode(self, file: object) -> nullcontext[None]:
        """Nothing has to make room."""
        return nullcontext()


def _say(text: str) -> None:
    """Print a line at once; a reader that has had enough does not stop the work."""
    try:
        click.echo(text)
    except BrokenPipeError:
        _close_output()


def _close_output() -> None:
    """Let what is still printed go nowhere."""
    if sys.stdout is None:
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report(done: Rendered) -> str:
    width, height = done.pixels
    frames = f"{done.frames} frame{'s' * (done.frames != 1)}"
    line = f"{visible(done.name):40} {frames:>11}  {f'{width}x{height}':>9} px  {done.size:>11,} bytes"
    return line if done.drawn else f"{line}  unchanged"


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
