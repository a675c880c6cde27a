"""The command line."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from inspect import signature
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.shell_completion import CompletionItem

from convgif import __version__, drawing
from convgif.arithmetic import LAYERS, Layer, by
from convgif.arithmetic.explain import explain as explained
from convgif.errors import MISSING, ConvgifError, InputError, Problem, did_you_mean, wrong
from convgif.figure import Figure, choices
from convgif.parameters import NUMBERS, PresetType, as_option, figure_options, given, layer_options
from convgif.presets import load_families, load_presets

if TYPE_CHECKING:
    from convgif.build import Rendered

INTERRUPTED = 130

EXAMPLES = """
\b
Examples:
  convgif render --all
  convgif render dilation padding_strides --formats gif,png --out figures
  convgif draw conv --input-size 5 --kernel-size 3 --stride 2 --padding 1 -o my.gif
  convgif draw max-pool --input-size 4x6 --kernel-size 2 --view flat --values random -o pool.gif
  convgif explain conv-transpose --input-size 3 --kernel-size 3 --stride 2
\b
Names of presets are completed by your shell after (bash; likewise zsh, fish)
  eval "$(_CONVGIF_COMPLETE=bash_source convgif)"
"""


def main() -> NoReturn:
    """Run the command and leave with its exit code: 0, 1 for a failure, 2 for wrong input, 130 when interrupted."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command with these arguments; errors go to standard error, the exit code is returned."""
    try:
        cli.main(arguments, prog_name="convgif", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return InputError.exit_code
    except click.UsageError as error:
        help_at = f"see {error.ctx.command_path} --help" if error.ctx else "see convgif --help"
        return _failed(f"{error.format_message().rstrip('.')}; {help_at}", InputError.exit_code)
    except click.ClickException as error:
        return _failed(error.format_message(), error.exit_code)
    except ConvgifError as error:
        return _failed(str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return _failed("interrupted; nothing was written", INTERRUPTED)
    return 0


def _failed(message: str, code: int) -> int:
    for line in message.splitlines():
        click.echo(f"convgif: {line}", err=True)
    return code


@click.group(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="convgif", message="%(prog)s %(version)s")
def cli() -> None:
    """Draw convolution arithmetic frame by frame: GIFs, sprite sheets, PNG frames."""


presets_option = click.option(
    "--presets", metavar="FILE|DIR", help="Presets to use instead of those that come with convgif."
)


@cli.command()
@click.argument("names", nargs=-1, type=PresetType(), metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="Render every preset.")
@presets_option
@click.option("--out", default="out", show_default=True, metavar="DIR", help="Folder to write in.")
@click.option(
    "--formats",
    default="gif,sheet",
    show_default=True,
    metavar="LIST",
    help="Of those that convgif formats lists.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to share the work.  [default: one for each core]")
@click.option("--force", is_flag=True, help="Draw everything anew, also what is there already and the same.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
@figure_options(*NUMBERS)
def render(
    names: tuple[str, ...],
    everything: bool,
    presets: str | None,
    out: str,
    formats: str,
    jobs: int | None,
    force: bool,
    quiet: bool,
    **overrides: Any,
) -> None:
    """Render presets, by name or all of them.

    Files are written to DIR/FORMAT/NAME, all of them or none. Figure options given here replace those of the presets.
    """
    from tqdm import tqdm

    from convgif import build

    figures = load_presets(presets)
    if everything == bool(names):
        raise click.UsageError("Name the presets to render, or use --all, but not both")
    if names:
        figures = _chosen(names, figures)
    changes = given(overrides)
    with _naming(overrides):
        figures = {name: replace(figure, **changes) for name, figure in figures.items()}
    chosen = [name.strip() for name in formats.split(",") if name.strip()]
    if not chosen:
        raise wrong("--formats", formats, "must name one format at least, such as gif")

    tqdm.monitor_interval = 0  # its thread would keep us from forking
    with tqdm(total=len(figures), unit="figure", leave=False, disable=quiet or not sys.stderr.isatty()) as bar:

        def progress(done: Rendered) -> None:
            bar.update()
            if not quiet:
                with bar.external_write_mode(sys.stdout):
                    _say(_report(done))

        with _naming(overrides):
            build.render(figures, out, chosen, jobs or _cores(), progress, force)


class _Kinds(click.Group):
    """Kinds of layers; their names in presets, with an underscore, are understood too."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name.replace("_", "-"))


@cli.group(cls=_Kinds)
def draw() -> None:
    """Draw a layer, described by its arguments."""


class _LayerOrPreset(_Kinds):
    """Kinds of layers, and behind them the names of presets."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or click.Command(
            cmd_name, callback=lambda: _explain_preset(cmd_name, ctx.params["presets"])
        )

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return super().shell_complete(ctx, incomplete) + PresetType().shell_complete(ctx, self.params[0], incomplete)


@cli.group(cls=_LayerOrPreset, subcommand_metavar="LAYER|PRESET [ARGS]...")
@presets_option
def explain(presets: str | None) -> None:
    """Explain a layer, or a preset, in words and numbers."""


def _explain_preset(name: str, presets: str | None) -> None:
    figures = load_presets(presets)
    if name not in figures:
        known = [*figures, *map(_command_name, LAYERS.values())]
        raise wrong(name, MISSING, f"is neither a preset nor a kind of layer; {did_you_mean(name, known)}")
    figure = figures[name]
    click.echo(explained(figure.layer))
    if figure.values_drawn is not None:
        for title, numbers in figure.values_drawn._asdict().items():
            if numbers is not None:
                click.echo(f"\n  {title} =\n{textwrap.indent(str(numbers), '    ')}")


@cli.command(name="list")
@presets_option
@click.option("--family", "by_family", is_flag=True, help="Group them by family: the file that they are in.")
def list_presets(presets: str | None, by_family: bool) -> None:
    """List the presets: layer, view, size in and out, frames."""
    families = load_families(presets)
    rows: list[tuple[str, ...]] = [("NAME", "LAYER", "VIEW", "INPUT", "OUTPUT", "FRAMES")]
    for figures in families.values():
        rows.extend(_row(name, figure) for name, figure in figures.items())
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join((*map(str.ljust, words, widths), last.rjust(widths[-1]))).rstrip() for *words, last in rows)
    click.echo(next(lines))
    for family, figures in families.items():
        if by_family and figures:
            click.echo(f"\n{family}")
        for line in islice(lines, len(figures)):
            click.echo(line)


def _row(name: str, figure: Figure) -> tuple[str, ...]:
    layer, frames = figure.layer, len(drawing.draw(figure).durations)
    return name, layer.name, figure.view, by(layer.input_size), by(layer.output_size), str(frames)


@cli.command()
@click.option("-o", "--output", metavar="FILE", help="Draw a figure in all of them: FILE.png, FILE.svg or FILE.pdf.")
@click.option("--preset", default="padding_strides", show_default=True, type=PresetType(), help="The figure to draw.")
@presets_option
def themes(output: str | None, preset: str, presets: str | None) -> None:
    """List the themes, or draw a preview of all of them."""
    from convgif import build

    for name in choices("theme"):
        click.echo(name)
    if output:
        build.preview(_chosen([preset], load_presets(presets))[preset], output)


@cli.command(name="formats")
def list_formats() -> None:
    """List the formats that figures can be written as."""
    from convgif.assembling import FORMATS

    for format in FORMATS.values():
        files = ", ".join(("NAME" + ending) for ending in (format.suffix, *format.further))
        click.echo(f"{format.name:12} {files}")


@cli.command()
@click.argument("name", type=PresetType())
@click.option("--frames", required=True, metavar="LIST", help="Which frames, counted from 0: 0,1,4,8.")
@click.option("-o", "--output", required=True, metavar="FILE", help="FILE.pdf, FILE.svg or FILE.png.")
@presets_option
@figure_options(*NUMBERS)
def strip(name: str, frames: str, output: str, presets: str | None, **overrides: Any) -> None:
    """Draw chosen frames of a preset side by side, as papers print them."""
    from convgif import build

    figure = _chosen([name], load_presets(presets))[name]
    with _naming({**overrides, "frames": frames}):
        try:
            numbers = [int(number) for number in frames.split(",")]
        except ValueError:
            raise wrong("frames", frames, "must be numbers of frames such as 0,1,4,8") from None
        click.echo(build.strip(replace(figure, **given(overrides)), numbers, output))


@cli.command()
@click.option("--out", default="out", show_default=True, metavar="DIR", help="Folder that the figures were written to.")
@presets_option
def gallery(out: str, presets: str | None) -> None:
    """Write DIR/index.html: all rendered presets, with downloads and snippets."""
    from convgif import gallery as page

    click.echo(page.write(load_families(presets), out))


@cli.command()
@click.argument("name", type=PresetType())
@click.option("--for", "kind", required=True, metavar="KIND", help="Of markdown, html, latex, sphinx, jupyter and css.")
@click.option("--out", default="out", show_default=True, metavar="DIR", help="Folder that the files were written to.")
@presets_option
def embed(name: str, kind: str, out: str, presets: str | None) -> None:
    """Print a snippet that shows a rendered preset."""
    from convgif.embedding import snippet

    figure = _chosen([name], load_presets(presets))[name]
    with _naming({"for": kind}):
        click.echo(snippet(kind, name, figure, out, presets))


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Check preset files and report every problem at once."""
    from convgif import build

    problems: list[Problem] = []
    for file in files:
        try:
            figures = load_presets(file)
        except InputError as error:
            problems.extend(error.problems)
            continue
        found = [problem.at(f"{file}:") for problem in build.check(figures)]
        problems.extend(found)
        if not found:
            click.echo(f"{file}: {len(figures)} figure{'s' * (len(figures) != 1)}, no problems")
    if problems:
        raise InputError(problems)


def _draw_command(kind: type[Layer]) -> click.Command:
    @click.option("-o", "--output", required=True, metavar="FILE", help="FILE.gif, FILE.png (a sprite sheet) or DIR/.")
    @layer_options(kind)
    @figure_options()
    def command(output: str, **arguments: Any) -> None:
        from convgif import build

        layer, rest = _layer(kind, arguments)
        with _naming(arguments):
            done = build.save(Figure(layer, **rest), output)
        click.echo(_report(done))

    return click.command(_command_name(kind), help=f"Draw a layer of {kind.title}.")(command)


def _explain_command(kind: type[Layer]) -> click.Command:
    @layer_options(kind)
    def command(**arguments: Any) -> None:
        layer, _ = _layer(kind, arguments)
        click.echo(explained(layer))

    return click.command(_command_name(kind), help=f"Explain a layer of {kind.title}.")(command)


@contextmanager
def _naming(arguments: Mapping[str, Any]) -> Iterator[None]:
    """Say what is wrong with an option under the name that it has on the command line."""
    try:
        yield
    except InputError as error:
        raise InputError(Problem("", MISSING, as_option(problem, arguments)) for problem in error.problems) from None


def _layer(kind: type[Layer], arguments: Mapping[str, Any]) -> tuple[Layer, dict[str, Any]]:
    """The layer, and the arguments that are not the layer's."""
    names = signature(kind).parameters
    wanted = given(arguments)
    with _naming(arguments):
        layer = kind(**{name: value for name, value in wanted.items() if name in names})
    return layer, {name: value for name, value in wanted.items() if name not in names}


def _chosen(names: Iterable[str], figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """Some of the figures, or everything that is wrong with their names."""
    unknown = [
        Problem(name, MISSING, f"there is no such preset; {did_you_mean(name, figures)}")
        for name in names
        if name not in figures
    ]
    if unknown:
        raise InputError(unknown)
    return {name: figures[name] for name in names}


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


def _command_name(kind: type[Layer]) -> str:
    return kind.name.replace("_", "-")


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


for _kind in LAYERS.values():
    draw.add_command(_draw_command(_kind))
    explain.add_command(_explain_command(_kind))
