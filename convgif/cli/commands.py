"""The command `convgif`."""

from __future__ import annotations

import gc
import os
import signal
import sys
import textwrap
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from convgif.cli.parameters import Command, Declared, flags, listed, numbers, values
from convgif.cli.subjects import Subject, Subjects, figure_options, preset_names, presets_option, suited
from convgif.errors import MISSING, ConvgifError, InputError, Problem, did_you_mean, wrong
from convgif.registry import FORMATS, LAYERS, SNIPPETS, THEMES, VIEWS

if TYPE_CHECKING:
    from convgif.assembling.batch import Rendered
    from convgif.assembling.film import Film
    from convgif.assembling.format import Format

INTERRUPTED: Final = 130
TERMINATED: Final = 143
STANDARD_OUTPUT: Final = "-"

EXAMPLES: Final = """
\b
Examples:
  convgif draw conv -i 5 -k 3 -s 2 -p 1 -o my.gif
  convgif draw max-pool -i 4x6 -k 2 --view flat --random -o pool.svg
  convgif draw dilation --theme muted -o dilation.png
  convgif explain conv-transpose -i 3 -k 3 -s 2
  convgif render --all
\b
Names are completed by your shell after (bash; likewise zsh, fish)
  eval "$(_CONVGIF_COMPLETE=bash_source convgif)"
"""
FORMER_FLAGS: Final[Mapping[str, str]] = {
    "--input-values": "--input",
    "--kernel-values": "--weight",
    "--values": "--random [SEED]",
    "--seed": "--random SEED",
    "--out": "-o, --output",
    "--family": "convgif list, which always shows families",
    "--fps": "--frame-ms: 500 milliseconds a frame are 2 frames a second",
    "--strides": "--stride",
    "--format-s": "--formats",
}
"""Flags that people look for, and what they are called."""


def main() -> NoReturn:
    """Run the command and leave with its exit code: 0, 1 for a failure, 2 for wrong input, 130 when interrupted."""
    # Looking for garbage among what was loaded takes a fifth of a short command's time, most of it at the end.
    gc.set_threshold(100_000)
    signal.signal(signal.SIGTERM, _terminate)
    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


class _Terminated(KeyboardInterrupt):
    """The system asked the process to end; it cleans up as after Ctrl-C."""


def _terminate(number: int, frame: object) -> NoReturn:
    raise _Terminated


def run(arguments: list[str]) -> int:
    """Run the command with these arguments; errors go to standard error, the exit code is returned."""
    try:
        cli.main(arguments, prog_name="convgif", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return InputError.exit_code
    except click.NoSuchOption as error:
        return _failed(_unknown_flag(error), InputError.exit_code)
    except click.UsageError as error:
        help_at = f"see {error.ctx.command_path} --help" if error.ctx else "see convgif --help"
        return _failed(f"{error.format_message().rstrip('.')}; {help_at}", InputError.exit_code)
    except click.ClickException as error:
        return _failed(error.format_message(), error.exit_code)
    except ConvgifError as error:
        return _failed(str(error), error.exit_code)
    except _Terminated:
        return _failed("terminated; nothing was written", TERMINATED)
    except (KeyboardInterrupt, click.Abort):
        return _failed("interrupted; nothing was written", INTERRUPTED)
    return 0


def _unknown_flag(error: click.NoSuchOption) -> str:
    """What to say of a flag that the command does not have."""
    flag = error.option_name
    if flag in FORMER_FLAGS:
        return f"{flag}: there is no such option; use {FORMER_FLAGS[flag]}"
    known = [name for parameter in error.ctx.command.params for name in parameter.opts] if error.ctx else []
    command = error.ctx.command_path if error.ctx else "convgif"
    if not known or not any(name.startswith("--") for name in known):
        return f"{flag}: there is no such option; see {command} --help"
    remedy = did_you_mean(flag, known)
    return f"{flag}: there is no such option; {remedy if remedy.startswith('did') else f'see {command} --help'}"


def _failed(message: str, code: int) -> int:
    for line in message.splitlines():
        click.echo(f"convgif: {line}", err=True)
    return code


@click.group(
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="Draw convolution arithmetic frame by frame, for slides, READMEs, lecture notes and blogs.",
)
@click.version_option(None, package_name="convgif", prog_name="convgif", message="%(prog)s %(version)s")
def cli() -> None:
    """The command itself."""


FIGURE: Final = ("View", "Numbers", "Look", "Time", "Limits")
"""The headings of all options of figures."""
STILL: Final = ("loop", "frame_ms", "hold_ms", "frame_range", "every", "columns", "heading")
"""Options that have no effect in a picture of frames that were chosen one by one."""


# draw


def _draw_parameters() -> list[click.Parameter]:
    return [
        Declared(["-o", "--output"], metavar="FILE", required=True, group="Output", help=_endings()),
        Declared(
            ["--format"],
            metavar="NAME",
            group="Output",
            help="the format, where FILE's ending does not say it",
            words=lambda ctx: FORMATS,
        ),
        Declared(
            ["--frame"], metavar="N", group="Output", help="the frame that a still shows; the telling one if unset"
        ),
        Declared(["--quiet", "-q"], is_flag=True, group="Output", help="print nothing but errors"),
    ]


def _endings() -> str:
    """What the ending of a path stands for."""
    suffixes = ", ".join(format.suffix for format in FORMATS.values() if format.suffix != "/")
    return f"where to write; the ending says the format: {suffixes}, or / for a folder of frames"


def _draw(subject: Subject, given: dict[str, Any]) -> None:
    from dataclasses import replace

    from convgif.assembling import batch
    from convgif.assembling.film import Film

    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for name, make in {
        "figure": lambda: subject.figure(given),
        "format": lambda: _chosen_format(given["output"], given["format"]),
        "frame": lambda: None if given["frame"] is None else next(numbers("frame", given["frame"])),
    }.items():
        try:
            found[name] = make()
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    format: Format = found["format"]
    _refuse(_idle(given, [format]))
    film = Film.of(found["figure"], found["frame"])
    if given["output"] == STANDARD_OUTPUT:
        for content in batch.encode(film, format).values():
            sys.stdout.buffer.write(content)
        return
    if not given["quiet"]:
        _advise(film, format)
    with _bar(len(film.durations), "frame", given["quiet"]) as bar:
        done = batch.save(replace(film, on_frame=bar.update), given["output"], format)
    if not given["quiet"]:
        click.echo(_report(done))


def _chosen_format(path: str, name: str | None) -> Format:
    from convgif.assembling import batch

    if name is not None:
        chosen: Format = FORMATS.named(name, "format")
        if path == STANDARD_OUTPUT and chosen.suffix == "/":
            raise wrong("format", name, "has several files; name a folder")
        return chosen
    if path == STANDARD_OUTPUT:
        raise wrong("format", MISSING, "must be given where the output is standard output")
    return batch.format_of(path)


def _idle(given: Mapping[str, Any], formats: Iterable[Format]) -> Iterable[Problem]:
    """Options that were given and have an effect in other formats only."""
    chosen = list(formats)
    active = {option for format in chosen for option in format.options}
    for option in dict.fromkeys(option for format in FORMATS.values() for option in format.options):
        if given.get(option) is not None and option not in active:
            able = [name for name, format in FORMATS.items() if option in format.options]
            names = " and ".join(format.name for format in chosen)
            yield Problem(option, MISSING, f"has no effect in {names}; leave it out, or choose {', '.join(able)}")


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


def _advise(film: Film, format: Format) -> None:
    """Say before a long or large figure is drawn what would help."""
    count, seconds = len(film.durations), sum(film.durations) / 1000
    size = _estimate(film, format) if count > MANY else 0
    said = []
    if seconds > LONG and format.options:
        said.append(f"plays for {seconds / 60:.1f} minutes")
    if size > LARGE:
        said.append(f"takes about {size / 1e6:.0f} MB")
    if said:
        every = max(2, count // 60)
        smaller = "" if format.name == "svg" else ", or an SVG"
        help_ = f"--frames 0:{min(40, count)} or --every {every} would shorten it{smaller if size > LARGE else ''}"
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
            ["--frames"], metavar="LIST", required=True, group="Output", help="which frames, counted from 0: 0,1,4,8"
        ),
        Declared(
            ["-o", "--output"], metavar="FILE", required=True, group="Output", help="FILE.pdf, FILE.svg or FILE.png"
        ),
    ]


def _strip(subject: Subject, given: dict[str, Any]) -> None:
    click.echo(subject.figure(given).strip(list(numbers("frames", given["frames"])), given["output"]))


def _embed_parameters() -> list[click.Parameter]:
    return [
        Declared(
            ["--for", "kind"],
            required=True,
            metavar="KIND",
            group="Output",
            help=f"where it is shown: {', '.join(SNIPPETS)}",
            words=lambda ctx: SNIPPETS,
        ),
        Declared(
            ["-o", "--output"],
            default="out",
            show_default=True,
            metavar="DIR",
            group="Output",
            help="the folder that the files were written to",
        ),
    ]


def _embed(subject: Subject, given: dict[str, Any]) -> None:
    from convgif.site.target import Target

    figure = subject.figure(given)
    kind = SNIPPETS.named(given["kind"], "kind")
    is_preset = subject.is_preset and figure == subject.figure({})
    target = Target(subject.name, figure, given["output"], subject.presets, is_preset)
    click.echo(kind.text(target))
    if lacking := kind.lacking(target):
        files = ", ".join(target.file(format) for format in lacking)
        click.echo(f"convgif: note: not there yet: {files}; this makes them: {target.command(lacking)}", err=True)


def _explain(subject: Subject, given: dict[str, Any]) -> None:
    from convgif.arithmetic.explanation import explain

    figure = subject.figure(given)
    click.echo(explain(figure.layer))
    if figure.numbers is not None:
        for title, array in figure.numbers._asdict().items():
            if array is not None:
                click.echo(f"\n  {title} =\n{textwrap.indent(str(array), '    ')}")


cli.add_command(
    Subjects("draw", "Draw a layer, described by its arguments, or a preset.", _draw, _draw_parameters, FIGURE)
)
cli.add_command(
    Subjects(
        "strip", "Draw chosen frames side by side, as papers print them.", _strip, _strip_parameters, FIGURE, STILL
    )
)
cli.add_command(Subjects("embed", "Print a snippet that shows a figure.", _embed, _embed_parameters, FIGURE))
cli.add_command(
    Subjects("explain", "Explain a layer, or a preset, in words and numbers.", _explain, groups=("Numbers",))
)


# render and what lies in its folder


class _Render(Command):
    """Its options of figures are made when they are asked for: they load the views."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        if len(self.params) < len(self._own) + 1:
            chosen = render_options()
            notes = {option.name: suited(option.name) for option in chosen if option.group == "View"}
            self.params = [*self._own, *flags(chosen, replacing=True, notes=notes)]
        return super().get_params(ctx)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = list(self.params)


def render_options() -> Any:
    """The options that replace those of several presets: all but those that belong to one layer or one figure."""
    return figure_options(FIGURE, ("input", "weight", "random", "decimals", "heading", "title"))


def _output_folder(help: str) -> Declared:
    return Declared(["-o", "--output"], default="out", show_default=True, metavar="DIR", group="Output", help=help)


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
            ["--force"], is_flag=True, group="Output", help="draw everything anew, also what is there and the same"
        ),
        Declared(["--quiet", "-q"], is_flag=True, group="Output", help="print nothing but errors"),
    ],
    help=(
        "Render presets, by name or all of them.\n\nFiles are written to DIR/FORMAT/NAME, all of them or none. Options "
        "of figures given here replace those of the presets."
    ),
)
def render(**given: Any) -> None:
    """Render presets."""
    from convgif import api
    from convgif.presets import load_presets

    everything, names, quiet = given["everything"], given["names"], given["quiet"]
    if everything == bool(names):
        raise click.UsageError("Name the presets to render, or use --all, but not both")
    figures = load_presets(given["presets"], api.Figure)
    if names:
        figures = _named(names, figures)
    formats = listed("formats", given["formats"], list(FORMATS))
    _refuse(_idle(given, [FORMATS[name] for name in formats]))
    changes = values(render_options(), given)
    jobs = _whole("jobs", given["jobs"]) if given["jobs"] is not None else _cores()
    figures = {name: figure.replaced(**changes) if changes else figure for name, figure in figures.items()}
    with _bar(len(figures), "figure", quiet) as bar:

        def progress(done: Rendered) -> None:
            bar.update()
            if not quiet:
                with bar.external_write_mode(sys.stdout):
                    _say(_report(done))

        api.render(figures, given["output"], formats, jobs, progress, given["force"])


def _whole(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text)):
        raise wrong(field, text, "must be an integer >= 1")
    return int(text)


@cli.command(
    cls=Command,
    params=[_output_folder("the folder that the figures were written to"), presets_option()],
    help="Write DIR/index.html: all rendered presets, with downloads and snippets.",
)
def gallery(output: str, presets: str | None) -> None:
    """Write the gallery."""
    from convgif.presets import load_families
    from convgif.site import gallery as page

    click.echo(page.write(load_families(presets), output, presets))


@cli.command(
    cls=Command,
    params=[click.Argument(["files"], nargs=-1, required=True, metavar="FILE...")],
    help="Read finished files back: size, frames, durations, how often they play, bytes.",
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
    from convgif.assembling import batch
    from convgif.presets import load_presets

    problems: list[Problem] = []
    for file in files:
        try:
            figures = load_presets(file)
        except InputError as error:
            problems.extend(error.problems)
            continue
        found = [problem.at(f"{file}:") for problem in batch.check(figures)]
        problems.extend(found)
        if not found:
            click.echo(f"{file}: {len(figures)} figure{'s' * (len(figures) != 1)}, no problems")
    _refuse(problems)


# lists


@cli.command(
    name="list", cls=Command, params=[presets_option()], help="List the presets: layer, view, size in and out, frames."
)
def list_presets(presets: str | None) -> None:
    """List the presets by family."""
    from convgif.arithmetic.sentences import by
    from convgif.drawing.composition import compose
    from convgif.presets import load_families

    families = load_families(presets)
    rows: list[tuple[str, ...]] = [("NAME", "LAYER", "VIEW", "INPUT", "OUTPUT", "FRAMES")]
    for family in families.values():
        for name, figure in family.figures.items():
            layer, frames = figure.layer, len(compose(figure).durations)
            rows.append((name, layer.name, figure.view, by(layer.input_size), by(layer.output_size), str(frames)))
    lines = iter(_table(rows, right=True))
    click.echo(next(lines))
    for family in families.values():
        if family.figures:
            click.echo(f"\n{family.title}")
        for line in islice(lines, len(family.figures)):
            click.echo(line)


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
    rows: list[tuple[str, ...]] = [("FORMAT", "PATH", "WHAT IT IS")]
    rows += [
        (name, "DIR/" if format.suffix == "/" else f"FILE{format.suffix}", format.meaning)
        for name, format in FORMATS.items()
    ]
    click.echo("\n".join(_table(rows)))


@cli.command(name="views", cls=Command, help="List the views: what each shows, the layers it suits, its own options.")
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
        Declared(["--preset"], default="padding_strides", show_default=True, metavar="NAME", help="the figure to draw"),
        Declared(["--roles"], is_flag=True, help="list the roles that a theme gives colours to"),
        presets_option(),
    ],
    help="List the themes, or draw a preview of all of them.",
)
def themes(output: str | None, preset: str, roles: bool, presets: str | None) -> None:
    """List the themes."""
    if roles:
        from convgif.drawing.roles import ROLES

        click.echo("\n".join(_table([*ROLES.items()])))
        return
    click.echo("\n".join(_table([(name, theme.meaning) for name, theme in THEMES.items()])))
    if output:
        from convgif.assembling import stills
        from convgif.presets import load_presets

        stills.preview(_named([preset], load_presets(presets))[preset], output)


@cli.command(cls=Command, help="Print the JSON Schema of preset files, for editors that complete and check them.")
def schema() -> None:
    """Print the schema."""
    import json

    from convgif.documents import schema as preset_schema

    click.echo(json.dumps(preset_schema(), indent=1))


def _named(names: Iterable[str], figures: Mapping[str, Any]) -> dict[str, Any]:
    """Some of the figures, or everything that is wrong with their names."""
    unknown = [
        Problem(name, MISSING, f"there is no such preset; {did_you_mean(name, figures)}")
        for name in names
        if name not in figures
    ]
    _refuse(unknown)
    return {name: figures[name] for name in names}


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
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report(done: Rendered) -> str:
    width, height = done.pixels
    frames = f"{done.frames} frame{'s' * (done.frames != 1)}"
    line = f"{done.name:40} {frames:>11}  {f'{width}x{height}':>9} px  {done.size:>11,} bytes"
    return line if done.drawn else f"{line}  unchanged"


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
