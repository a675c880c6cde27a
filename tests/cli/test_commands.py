"""The command: what it prints, what it writes, how it leaves, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from PIL import Image

from convgif import api
from convgif.arithmetic import Conv, MaxPool
from convgif.arithmetic.solving import solve as layers_from
from convgif.assembling import batch
from convgif.cli import commands
from convgif.cli.commands import FORMER_FLAGS, cli, run
from convgif.documents import schema
from convgif.drawing.roles import ROLES
from convgif.errors import ConvgifError, either
from convgif.presets import load_families
from convgif.registry import FORMATS, FRAMEWORKS, LAYERS, SNIPPETS, THEMES, VIEWS
from tests.cli.conftest import LAYER, Convgif, written

DRAW = "draw conv -i 3 -k 2 --cell 10"
MINE = "render mine --presets ok.toml"


def still(path: str) -> Any:
    """The pixels of a file that is one picture."""
    with Image.open(path) as image:
        assert getattr(image, "n_frames", 1) == 1
        return np.asarray(image.convert("RGBA"))


# What it prints.


def test_version(convgif: Convgif) -> None:
    assert convgif("--version") == f"convgif {version('convgif')}\n"


def test_help_lists_the_commands_and_its_examples_work(convgif: Convgif) -> None:
    text = convgif("--help")
    assert text == convgif("-h")
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)
    for command in cli.commands:
        assert re.search(rf"^  {command}  +[A-Z].+\.$", text, re.MULTILINE)
        assert convgif(f"{command} --help").startswith(f"Usage: convgif {command} ")
    examples = re.findall(r"^ +convgif (.*)$", text, re.MULTILINE)
    assert {example.split()[0] for example in examples} == {"draw", "explain", "compare", "render"}
    for example in examples:
        assert convgif(example.replace("--all", "dilation"))
    assert written() >= {"my.gif", "pool.svg", "dilation.png", "both.gif", "out/gif/dilation.gif"}


@pytest.mark.parametrize("line", ["", "draw", "explain"])
def test_without_a_command_help_is_shown(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """It is no error message: no line of it begins with `convgif: `."""
    assert run(line.split()) in (0, 2)
    shown = "".join(capsys.readouterr())
    run([*line.split(), "--help"])
    assert shown.strip() == "".join(capsys.readouterr()).strip()


def test_the_list_says_what_is_drawn(convgif: Convgif) -> None:
    header, *lines = convgif("list").splitlines()
    assert header.split() == ["NAME", "LAYER", "VIEW", "INPUT", "OUTPUT", "FRAMES"]
    families = load_families()
    assert [line for before, line in zip(["x", *lines], lines, strict=False) if not before] == [
        family.title for family in families.values()
    ]
    rows = {line.split()[0]: line.split()[1:] for line in lines if line[-3:].strip().isdigit()}
    figures = {name: figure for family in families.values() for name, figure in family.figures.items()}
    assert [*rows] == [*figures]
    for name, figure in figures.items():
        sizes = ["x".join(map(str, size)) for size in (figure.layer.input_size, figure.layer.output_size)]
        assert rows[name][:4] == [figure.layer.name, figure.view, *sizes]
    assert rows["dilation"][4] == "9"
    assert convgif("list --presets ok.toml").splitlines()[1:3] == ["", "My figures"]


def test_what_is_registered_is_listed(convgif: Convgif) -> None:
    for command, known in (("formats", FORMATS), ("views", VIEWS), ("themes", THEMES)):
        header, *rows = convgif(command).splitlines()
        assert header.isupper()
        assert [row.split()[0] for row in rows] == [*known]
        for row, thing in zip(rows, known.values(), strict=True):
            assert row.endswith(thing.meaning)
    for row, view in zip(convgif("views").splitlines()[1:], VIEWS.values(), strict=True):
        assert all(one.option.long_flag in row for one in view.options)
    for row, format in zip(convgif("formats").splitlines()[1:], FORMATS.values(), strict=True):
        assert format.suffix in row
    assert dict(line.split(maxsplit=1) for line in convgif("themes --roles").splitlines()[1:]) == dict(ROLES)
    assert json.loads(convgif("schema")) == schema()


def test_check_reports_every_problem_of_every_file(convgif: Convgif, capsys: pytest.CaptureFixture[str]) -> None:
    assert convgif("check ok.toml") == "ok.toml: 2 figures, no problems\n"
    assert run(["check", "bad.toml", "ok.toml", "broken.toml", "nosuch.toml", "pool.toml"]) == 2
    out, err = capsys.readouterr()
    assert out == "ok.toml: 2 figures, no problems\n"
    assert err.splitlines() == [
        "convgif: bad.toml:5:1: [small] strid: there is no such option; did you mean stride?",
        "convgif: bad.toml:4:1: [small] kernel_size = [3, 3]: does not fit: it spans 3x3, the padded input has 2x2, "
        "1 row and 1 column too few; padding = 1 would fit",
        "convgif: broken.toml:1:3: is no valid TOML: expected ']' at the end of a table declaration",
        "convgif: nosuch.toml: cannot be read: no such file or directory",
        'convgif: pool.toml:5:1: [pool] view = "scatter": draws transposed convolution only, and this is max pooling; '
        f"choose {either(name for name, view in VIEWS.items() if view.suits(MaxPool(4, 2)))}",
    ]
    assert convgif("list --presets pool.toml", code=2) == f"{err.splitlines()[-1]}\n"


# What it writes.


def test_a_file_of_every_format(convgif: Convgif) -> None:
    """The ending says which, or the flag does; either way the same is written."""
    for name, format in FORMATS.items():
        said = convgif(f"{DRAW} --format {name} -o a/{name}{format.suffix}")
        assert said.startswith(f"{name}{format.suffix}".rstrip("/"))
        if format.suffix != "/" and name != "sheet":  # one file, which may be called anything
            convgif(f"{DRAW} --format {name} -o b/{name}")
            convgif(f"{DRAW} -o c/{name}{format.suffix}")
            paths = (f"b/{name}", f"a/{name}{format.suffix}", f"c/{name}{format.suffix}")
            # An encoder of several threads does not always write the same bytes, but always the same kind of file.
            alike = slice(20 if format.made_with() else None)
            assert len({Path(path).read_bytes()[alike] for path in paths}) == 1
    folders = {f"a/{name}" for name, format in FORMATS.items() if format.suffix == "/"}
    assert {path.rpartition("/")[0] for path in written()} == {"a", "b", "c", *folders}


def test_stills_sheets_and_folders(convgif: Convgif) -> None:
    for path in ("x.png", "x.sheet.png", "x/", "y.PNG"):
        assert convgif(f"{DRAW} -o {path}").startswith(path.strip("/"))
    frames = {f"x/x_{frame:03}.png" for frame in range(4)}
    assert written() == {"x.png", "y.PNG", "x.sheet.png", "x.sheet.json", *frames}
    assert json.loads(Path("x.sheet.json").read_text(encoding="utf-8"))["meta"]["image"] == "x.sheet.png"
    for frame in range(4):
        convgif(f"{DRAW} -o frame.png --frame {frame}")
        assert np.array_equal(still("frame.png"), still(f"x/x_{frame:03}.png"))
    assert any(np.array_equal(still("x.png"), still(path)) for path in frames)
    assert Path("y.PNG").read_bytes() == Path("x.png").read_bytes()
    sheet = still("x.sheet.png")
    assert sheet.shape[0] * sheet.shape[1] >= 4 * still("x.png").shape[0] * still("x.png").shape[1]


def test_standard_output(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for format in ("gif", "svg"):
        assert run([*DRAW.split(), "-o", f"x.{format}", "--quiet"]) == 0
        assert run([*DRAW.split(), "-o", "-", "--format", format]) == 0
        assert capsysbinary.readouterr() == (Path(f"x.{format}").read_bytes(), b"")
    assert written() == {"x.gif", "x.svg"}


def test_options_choose_frames_in_every_command(convgif: Convgif) -> None:
    for more, count in (("--frames 0:2", 2), ("--every 3", 2), ("", 4)):
        assert f" {count} frames " in convgif(f"{DRAW} {more} -o x.svg")
        assert f" {count} frames " in convgif(f"{MINE} {more} -o out{count}{len(more)}")


def test_long_and_large_figures_say_what_would_help(convgif: Convgif, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "draw conv -i 12 -k 3 --cell 4"
    assert convgif(f"{long} -o x.svg", notes=True) == (
        "convgif: note: the figure will play for 1.7 minutes; --frames 0:40 or --every 2 would make it shorter\n"
    )
    for helped in ("--frames 0:40 -o x.svg", "--every 2 -o x.svg", "--quiet -o x.svg", "-o x.png", "-o x/"):
        assert convgif(f"{long} {helped}", notes=True) == ""
    assert convgif("draw dilation -o x.gif", notes=True) == ""
    monkeypatch.setattr(commands, "LARGE", 4_000)
    monkeypatch.setattr(commands, "MANY", 20)
    said = convgif("draw conv -i 7 -k 3 -o x.gif", notes=True)
    assert re.fullmatch(r"convgif: note: the figure will take about \d+ MB; .*, --format svg smaller\n", said)
    assert "smaller" not in convgif("draw conv -i 7 -k 3 -o x.svg", notes=True)


def test_a_strip_and_a_preview_of_themes(convgif: Convgif) -> None:
    for ending in ("png", "svg"):
        assert convgif(f"strip mine --presets ok.toml --frames 0,1,3 -o s.{ending}") == f"s.{ending}\n"
    convgif("strip mine --presets ok.toml --frames 0 -o one.png")
    assert still("s.png").shape[0] == still("one.png").shape[0]
    assert still("s.png").shape[1] > 2 * still("one.png").shape[1]
    assert convgif("themes -o themes.svg --preset mine --presets ok.toml") == "themes.svg\n"
    assert {"s.png", "s.svg", "one.png", "themes.svg"} == written()


def test_snippets_say_what_is_not_there_yet_and_how_it_is_made(convgif: Convgif) -> None:
    """The command that they name makes it: then nothing more is said."""
    for kind, snippet in SNIPPETS.items():
        if not snippet.formats or {"webm", "mp4"} & {*snippet.formats}:
            continue
        for subject in ("mine --presets ok.toml", "conv -i 3 -k 2"):
            line = f"embed {subject} --for {kind}"
            notes = convgif(line, notes=True)
            assert notes.startswith("convgif: note: "), kind
            made = [found.strip() for found in re.findall(r"convgif (?:draw|render) .*$", notes, re.MULTILINE)]
            for command in made:
                for one in command.split(" && "):
                    assert convgif(one.removeprefix("convgif "))
            assert made
            assert convgif(line)
            for path in written():
                Path(path).unlink()


def test_render_writes_files_by_format_and_keeps_what_is_there(convgif: Convgif) -> None:
    line = "render --all --presets ok.toml --jobs 1"
    drawn = convgif(line)
    files = {f"out/{format}/{name}.{format}" for format in ("gif", "svg") for name in ("mine", "yours")}
    assert written() == files | {"out/manifest.json"}
    for name, row in zip(("mine", "yours"), drawn.splitlines(), strict=True):
        size = sum(Path(file).stat().st_size for file in files if Path(file).stem == name)
        assert re.fullmatch(rf"{name} +4 frames +\d+x\d+ px +{size:,} bytes", row)
    assert convgif(line) == "".join(f"{row}  unchanged\n" for row in drawn.splitlines())
    assert convgif(f"{line} --force") == drawn
    assert "unchanged" not in convgif(f"{line} --frame-ms 500")
    assert convgif(f"{line} --quiet") == convgif(f"{line} -q") == ""


def test_any_number_of_jobs_writes_the_same(convgif: Convgif) -> None:
    for jobs in (1, 2):
        convgif(f"render dilation padding_strides no_padding_strides --cell 8 --jobs {jobs} --output out{jobs}")
    one, two = (
        {path.relative_to(out): path.read_bytes() for path in Path(out).rglob("*.*")} for out in ("out1", "out2")
    )
    assert len(one) == 3 * 2 + 1
    assert one == two


def test_render_writes_all_or_nothing(convgif: Convgif) -> None:
    """The second format has no room: a file lies where its folder belongs."""
    Path("out").mkdir()
    Path("out/svg").write_text("in the way", encoding="utf-8")
    assert convgif("render --all --presets ok.toml", code=2) == (
        "convgif: --output out/svg: is a file, and a folder is needed there; move it away\n"
    )
    assert written() == {"out/svg"}


def test_options_replace_those_of_presets(convgif: Convgif) -> None:
    convgif(f"{MINE} yours --formats png --no-labels --view flat --transparent")
    assert np.array_equal(still("out/png/mine.png"), still("out/png/yours.png"))
    assert still("out/png/mine.png")[0, 0, 3] == 0
    convgif(f"{MINE} yours --formats png -o usual")
    assert not np.array_equal(still("usual/png/mine.png"), still("usual/png/yours.png"))


def test_colours_come_from_a_theme_of_ones_own_or_one_by_one(convgif: Convgif) -> None:
    """By name or by number; what is given by itself comes first."""
    Path("mine.toml").write_text('base = "print"\n[roles]\ninput = "red"\noutput = "#0f0"\n', encoding="utf-8")
    for name, options in {
        "file": "--theme mine.toml",
        "both": "--theme mine.toml --colors output=#00ff00,input=#ff0000",
        "flags": "--theme print --colors 'input=red, output=#0f0'",
        "other": "--theme mine.toml --colors input=#ff8000",
    }.items():
        convgif(f"{DRAW} {options} -o {name}.png")
    assert np.array_equal(still("file.png"), still("both.png"))
    assert np.array_equal(still("file.png"), still("flags.png"))
    assert not np.array_equal(still("file.png"), still("other.png"))


def test_inspect_reads_back_what_was_written(convgif: Convgif) -> None:
    said = convgif(f"{DRAW} --frame-ms 200 --loop 3 -o x.gif")
    width, height = re.findall(r"(\d+)x(\d+) px", said)[0]
    found = convgif("inspect x.gif")
    for word in ("GIF", f"{width} x {height} pixels", "4 frames", "200 ms", "3", f"{Path('x.gif').stat().st_size:,}"):
        assert word in found
    refused = convgif("inspect nosuch.gif ok.toml", code=2).splitlines()
    assert [line.split(": ")[1] for line in refused] == ["nosuch.gif", "ok.toml"]


def test_the_gallery(convgif: Convgif) -> None:
    assert "convgif render" in convgif("gallery -o nothing --presets ok.toml", code=2)
    convgif("render --all --presets ok.toml")
    assert convgif("gallery --presets ok.toml") == "out/index.html\n"
    page = Path("out/index.html").read_text(encoding="utf-8")
    assert "svg/mine.svg" in page
    assert "svg/yours.svg" in page


def test_solutions_are_in_the_words_of_every_framework_and_the_simplest_first(convgif: Convgif) -> None:
    found = layers_from(7, 14)
    header, *parts = convgif("solve 7 14").split("\n\n")
    assert header == (
        f"Transposed convolution leads from 7x7 to 14x14 in {len(found)} ways with kernel size 1-7, stride 1-7 and "
        "dilation 1, simplest first:"
    )
    assert parts.pop() == f"{len(found) - 5} more: --most {len(found)} shows all.\n"
    for number, (part, layer) in enumerate(zip(parts, found[:5], strict=True), 1):
        assert part.startswith(f"{number}. {layer.describe()}\n")
        for framework in FRAMEWORKS.values():
            first, *others = framework.wording(layer).lines
            assert re.search(rf"^ +{framework.title} +{re.escape(first)}$", part, re.MULTILINE)
            assert all(line in part for line in others)
        (choice,) = layer.choices()
        assert re.search(rf" why +{re.escape(choice)}$", part, re.MULTILINE)
    assert convgif("solve 7 14 --transposed --most 99").count("\n\n") == len(found)
    assert convgif("solve 7 14 --layer conv-transpose -k 2").endswith("\n")
    assert re.search("gaps +some input is never read", convgif("solve 5 3 -k 1"))
    assert re.search("gaps +some output is made of no input", convgif("solve 3 5 -k 1"))


def test_a_solution_is_drawn(convgif: Convgif) -> None:
    said = convgif("solve 4 2 --most 1 --figure 2 -o second.svg")
    assert said.splitlines()[-1].startswith("second.svg ")
    second = layers_from(4, 2)[1]
    assert Path("second.svg").read_bytes() == api.Figure(second).encode("svg")
    convgif("solve 3 6 -k 3 -o choice.svg")
    convgif("solve 3 6 -k 3 --view flat -o flat.svg")
    for view, path in (("collapse", "choice.svg"), ("flat", "flat.svg")):
        assert Path(path).read_bytes() == api.Figure(layers_from(3, 6, kernel_size=3)[0], view=view).encode("svg")
    assert written() == {"second.svg", "choice.svg", "flat.svg"}


def test_two_layers_are_compared(convgif: Convgif) -> None:
    """Presets, layers as `draw` has them, and code; in words, and as a picture where that is wanted."""
    said = convgif("compare padding_strides 'conv -k 3 -s 2' --random 3 -o a.svg")
    assert "  padding  1 beside 0\n" in said
    assert said.splitlines()[-1].startswith("a.svg ")
    layers = Conv(5, 3, 2, 1), Conv(5, 3, 2)
    figure = api.Figure(layers[0], beside=layers[1], view="compare", random=3)
    assert Path("a.svg").read_bytes() == figure.encode("svg")
    convgif(
        "compare 'nn.Conv2d(1, 1, 3, stride=2, padding=1)' 'layers.Conv2D(1, 3, strides=2)' -i 5 --random 3 -qo b.svg"
    )
    assert Path("b.svg").read_bytes() == Path("a.svg").read_bytes()
    assert convgif("compare 'conv -i 3 -k 2' 'max-pool -k 2'").startswith("Convolution of a 3x3 input")
    (Path("two.toml")).write_text(figure.toml("two"), encoding="utf-8")
    assert "  padding  1 beside 0\n" in convgif("explain two --presets two.toml")
    assert convgif("compare numbers numbers --presets numbers.toml -o c.svg")
    assert ">9<" in Path("c.svg").read_text(encoding="utf-8")


# What it says when it cannot.

X = "-o x.gif"
A_SIZE = "must be an integer such as 3, or rows x columns such as 3x4"
A_VIEW = f"must be {either(VIEWS)}"
FOR_CONV = either(name for name, view in VIEWS.items() if view.suits(Conv(3, 2)))
A_THEME = f"must be {either((*THEMES, 'the path of a theme, FILE.toml'))}"
NEITHER = "is neither a kind of layer nor a preset"
NO_OPTION = "there is no such option"
ENDINGS = ", ".join(format.suffix for format in FORMATS.values() if format.suffix != "/")
TRANSPOSED_ONLY = "draws transposed convolution only, and this is"

SAID = [
    # Comparisons.
    ("compare 'conv -k 3' 'conv -k 2'", "--input-size: is missing; neither layer says it"),
    ("compare dilaton 'conv -k 0'", f"dilaton: {NEITHER}; did you mean dilation?\n"
     "B conv -k 0: --kernel-size 0: must be an integer >= 1"),
    ("compare dilation padding_strides",
     "B: --input-size 5x5: must be 7x7, as for the first layer, or a whole multiple, to which the input is resized"),
    ("compare dilation dilation --frame 1", "--frame 1: has no effect without --output, which says where to draw them"),
    # Names.
    (f"draw deconv -i 3 -k 2 {X}", f"deconv: {NEITHER}; did you mean conv-transpose?"),
    (f"draw conv2d -i 3 -k 2 {X}", f"conv2d: {NEITHER}; did you mean conv?"),
    (f"draw dilated -i 3 -k 2 {X}", f"dilated: {NEITHER}; did you mean conv?"),
    ("explain ConvTranspose2d", f"ConvTranspose2d: {NEITHER}; did you mean conv-transpose?"),
    ("explain paddng_strides", f"paddng_strides: {NEITHER}; did you mean padding_strides?"),
    ("explain ''", f"'': {NEITHER}; layers are {', '.join(LAYERS).replace('_', '-')}, and convgif list shows the "
     "presets"),
    ("render dilaton paddng_strides", "dilaton: there is no such preset; did you mean dilation?\n"
     "paddng_strides: there is no such preset; did you mean padding_strides?"),
    ("render dilation --presets ok.toml", "dilation: there is no such preset; convgif list shows them"),
    ("render max-pool", "max-pool: is a layer and no preset; convgif draw max-pool draws one"),
    ("render dilation --formats gif, svg",
     "svg: is a format and no preset; formats are listed without spaces: --formats gif,svg"),
    ("render dilation --formats gfi,sgv", "--formats gfi: there is no such format; did you mean gif?\n"
     "--formats sgv: there is no such format; did you mean svg?"),
    ("render dilation --formats ,", "--formats ,: must name one format at least, such as gif"),
    ("embed dilation --for htlm", "--for htlm: there is no such snippet; did you mean html?"),
    (f"{DRAW} {X} --format gfi", "--format gfi: there is no such format; did you mean gif?"),
    ("render", "name the presets to render, or use --all, but not both; see convgif render --help"),
    ("render dilation --all", "name the presets to render, or use --all, but not both; see convgif render --help"),
    # Sizes.
    ("explain conv -i five -k 3", f"--input-size five: {A_SIZE}"),
    ("explain conv -i 5x -k 3", f"--input-size 5x: {A_SIZE}"),
    ("explain conv -i 0 -k 3", "--input-size 0: must be an integer >= 1"),
    ("explain conv -i 5 -k 3 -p same -s 2", "--padding same: is for stride 1 only, as in PyTorch; TensorFlow's and "
     "Keras's is --padding same_upper"),
    ("explain conv -i 5 -k 3 -p sme", "--padding sme: must be an integer >= 0, one for each axis, or a pair for each: "
     "((top, bottom), (left, right)); or valid, same, same_upper, same_lower or causal; did you mean same?"),
    ("explain conv -i 5 -k 9 -p 0:1x2:3", "--kernel-size 9x9: does not fit: it spans 9x9, the padded input has 6x10, "
     "3 rows too few; --padding 1:3x2:3 would fit"),
    ("explain conv -i 5 -k 3 -p 0:1:2", "--padding 0:1:2: must be an integer such as 1, rows x columns such as 1x2, or "
     "before:after for each such as 0:1x0:1"),
    ("explain max-pool -i 5 -k 3 -p 0:2x0:2", "--padding 0:2x0:2: must be at most 1, half the pooling window"),
    (f"draw conv -i 5 -k 3 -p 1 {X} --padding-mode reflect --view matrix", "--view matrix: draws padding of zeros "
     "only, and this is padding that copies the input; choose isometric, flat, channels or compare"),
    ("explain conv -i 2x9 -k 5x3", "--kernel-size 5x3: does not fit: it spans 5x3, the padded input has 2x9, 3 rows "
     "too few; --padding 2x0 would fit"),
    ("explain conv-transpose -i 3 -k 3 -s 2 --output-padding 2x1",
     "--output-padding 2x1: must be smaller than 2, the larger of --stride and --dilation"),
    # What is missing.
    ("explain conv", "--input-size: is missing\n--kernel-size: is missing"),
    ("draw conv -k 3 --view falt", "--output: is missing; name a file, such as figure.gif\n--input-size: is missing\n"
     f"--view falt: {A_VIEW}; did you mean flat?"),
    ("strip dilation", "--frames: is missing; list some, such as 0,4,8\n"
     "--output: is missing; name a file, such as strip.pdf"),
    ("embed dilation", f"--for: is missing; known are {', '.join(SNIPPETS)}"),
    (f"{DRAW} -o -", "--format: is missing; standard output has no ending that says it"),
    (f"{DRAW} {X} --input '1 2 3; 4 5 6; 7 8 9'", "--weight: is missing; or --random 0 makes it up"),
    # Flags that are called something else, or belong elsewhere.
    (f"{DRAW} --fps 2 {X}",
     f"--fps: {NO_OPTION}; use --frame-ms: 500 milliseconds a frame are 2 frames a second"),
    ("list --family", f"--family: {NO_OPTION}; use convgif list, which always shows families"),
    (f"{DRAW} --strides 2 {X}", f"--strides: {NO_OPTION}; did you mean --stride?"),
    (f"{DRAW} -x {X}", f"-x: {NO_OPTION}; see convgif draw conv --help"),
    (f"{DRAW} --no-labels {X}", "--no-labels: there is nothing to turn off; leave it out"),
    (f"{DRAW} --output-padding 1 {X}", "--output-padding: suits conv-transpose only; leave it out"),
    (f"{DRAW} --direct-matrix {X}", "--direct-matrix: suits conv-transpose only; leave it out"),
    ("explain max-pool --weight 1", "--weight: suits conv and conv-transpose only; leave it out"),
    ("explain conv --view flat", "--view: has no effect here; leave it out"),
    ("render dilation --input-size 5",
     "--input-size: belongs to a single figure; convgif draw NAME --input-size takes it"),
    ("render dilation --seed 3", "--seed: belongs to a single figure; convgif draw NAME --random SEED takes it"),
    ("render dilation --format gif", f"--format: {NO_OPTION}; did you mean --formats?"),
    # What has no effect.
    (f"{DRAW} --columns 3 {X}", "--columns: has no effect in gif; leave it out, or choose sheet"),
    (f"{DRAW} --frame 1 {X}", "--frame: has no effect in gif; leave it out, or choose png or poster"),
    (f"{DRAW} --decimals 1 {X}", "--decimals 1: has no effect: the figure has no numbers; leave it out"),
    ("themes --preset dilation", "--preset dilation: has no effect without --output, which says where to draw it"),
    # Views, colours, titles.
    (f"{DRAW} {X} --view scatter",
     f"--view scatter: {TRANSPOSED_ONLY} convolution; choose {FOR_CONV}"),
    (f"{DRAW} {X} --build", "--build: the isometric view has none; leave it out, or choose --view matrix"),
    ("render --all --presets ok.toml --view scatter --formats gif",
     f"[mine] --view scatter: {TRANSPOSED_ONLY} convolution; choose {FOR_CONV}\n"
     f"[yours] --view scatter: {TRANSPOSED_ONLY} convolution; choose {FOR_CONV}"),
    (f"{DRAW} {X} --colors inptu=red", "--colors inptu: there is no such role; did you mean input?"),
    (f"{DRAW} {X} --colors input", "--colors input: must be colours by role, such as input=#268bd2"),
    (f"{DRAW} {X} --title ' '", "--title '': must be a line of text, 120 characters at most"),
    (f"{DRAW} {X} --font nosuch.ttf", "--font nosuch.ttf: there is no such file"),
    (f"{DRAW} {X} --font ok.toml", "--font ok.toml: must be the path of a font, FILE.ttf, FILE.otf or FILE.ttc"),
    # Frames, places, numbers.
    (f"{DRAW} -o x.png --frame 9", "--frame 9: must be a frame of the figure, which has 4: 0 to 3"),
    ("strip dilation --frames 1,x -o x.pdf",
     "--frames 1,x: must be numbers of frames, with commas between, such as 0,1,4,8"),
    (f"{DRAW} -o x.jpg",
     f"--output x.jpg: must end in {ENDINGS}, or in / for a folder of frames; or name the --format"),
    (f"{DRAW} -o ''", "--output '': must name a file or a folder"),
    (f"{DRAW} -o .gif", "--output .gif: must name a file or a folder"),
    (f"{DRAW} -o afile/x.gif", "--output afile: cannot be written: file exists; choose another place"),
    (f"{DRAW} -o - --format sheet",
     "--format sheet: has several files; name a file or a folder to write them to"),
    (f"{MINE} -o afile", "--output afile: cannot be written: file exists; choose another place"),
    (f"{MINE} --jobs 0", "--jobs 0: must be an integer from 1 to 1,000"),
    ("list --presets nosuch.toml", "nosuch.toml: cannot be read: no such file or directory"),
    (f"draw conv -i 60 -k 3 {X}", "--max-frames 2500: the figure has 3,364 frames; raise it to allow that many, or "
     "draw fewer: --frames or --every"),
    # Solve.
    ("solve 7 14 --layer conv", "no convolution leads from 7 to 14 with --kernel-size 1-7, --stride 1-7, --dilation 1; "
     "--kernel-size 1-8 or --dilation 1-3 would allow one; --layer conv_transpose makes maps larger"),
    ("solve 7 5 --layer maxpool", "--layer maxpool: there is no such layer; did you mean max_pool?"),
    ("solve 7 5 --layer avg-pool -d 2", "--dilation: has no effect: average pooling has none; leave it out"),
    ("solve 7 5 --layer conv --transposed", "--transposed: does not go with --layer conv; leave one of them out"),
    ("solve 7x7 5, ", "TO 5,: must have as many numbers as FROM 7x7"),
    ("solve 7 5 -k 3 -s 1 --figure 9 -o x.svg", "--figure 9: there is 1 only"),
    ("solve 7 5 --figure 2 --format svg", "--format svg: has no effect without --output, which says where to draw it\n"
     "--figure 2: has no effect without --output, which says where to draw it"),
    ("solve 7y 0 -k 3-1 --most 0 -o x.jpg",
     f"FROM 7y: {A_SIZE}\n"
     "TO 0: must be an integer >= 1\n"
     "--kernel-size 3-1: must be an integer >= 1, or a range such as 1-7\n"
     "--most 0: must be an integer >= 1\n"
     f"--output x.jpg: must end in {ENDINGS}, or in / for a folder of frames; or name the --format"),
    # Everything at once.
    ("draw conv -i 5 -k 3 -s 0 --view falt --frame-ms 5 --theme mutde -o x.jpg --frame -1",
     "--stride 0: must be an integer >= 1\n"
     f"--view falt: {A_VIEW}; did you mean flat?\n"
     f"--theme mutde: {A_THEME}; did you mean muted?\n"
     "--frame-ms 5: must be an integer from 20 to 300,000\n"
     f"--output x.jpg: must end in {ENDINGS}, or in / for a folder of frames; or name the --format\n"
     "--frame -1: must be the number of a frame, from 0 on"),
    ("render small --presets bad.toml --cell 0 --jobs x --formats gfi",
     "bad.toml:5:1: [small] strid: there is no such option; did you mean stride?\n"
     "bad.toml:4:1: [small] kernel_size = [3, 3]: does not fit: it spans 3x3, the padded input has 2x2, 1 row and 1 "
     "column too few; padding = 1 would fit\n"
     "--formats gfi: there is no such format; did you mean gif?\n"
     "--cell 0: must be a number from 4 to 400\n"
     "--jobs x: must be an integer from 1 to 1,000"),
    (f"draw small --presets bad.toml {X}",
     "bad.toml:5:1: [small] strid: there is no such option; did you mean stride?\n"
     "bad.toml:4:1: [small] kernel_size = [3, 3]: does not fit: it spans 3x3, the padded input has 2x2, 1 row and 1 "
     "column too few; padding = 1 would fit"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), SAID)
def test_what_is_said(convgif: Convgif, line: str, said: str) -> None:
    assert convgif(line, code=2) == "".join(f"convgif: {text}\n" for text in said.split("\n"))
    assert written() == set()


@pytest.mark.parametrize("flag", FORMER_FLAGS)
def test_former_flags_name_the_new_ones(convgif: Convgif, flag: str) -> None:
    said = convgif(f"{DRAW} {X} {flag} 3", code=2)
    remedy = re.fullmatch(rf"convgif: {flag}: there is no such option; use (\S+?)[:,]?( .*)?\n", said)
    assert remedy, said
    if remedy[1].startswith("-"):
        assert f" {remedy[1]} " in convgif("draw conv --help")


@pytest.mark.parametrize("name", FORMATS)
def test_options_without_effect_name_the_formats_that_have_them(convgif: Convgif, name: str) -> None:
    values = {"frame": 0, **dict.fromkeys((option for format in FORMATS.values() for option in format.options), 50)}
    for option in {*values} - {*FORMATS[name].options}:
        flag = f"--{option.replace('_', '-')}"
        able = [other for other, format in FORMATS.items() if option in format.options]
        assert convgif(f"{DRAW} {flag} {values[option]} --format {name} -o x", code=2) == (
            f"convgif: {flag}: has no effect in {name}; leave it out, or choose {either(able)}\n"
        )


@pytest.mark.parametrize(
    "line",
    # click words most of these, and not always the same from version to version.
    [
        *("nosuch", "rendr dilation", "--nosuch", "-x", "list extra", "check", "inspect", "explain dilation mine"),
        *("draw --presets", "render --all --jobs", f"{DRAW} 3 {X}", f"{DRAW} {X} --title", "check .. nosuch"),
        *("render ../../etc/passwd", f"draw conv -i {'9' * 400} -k 2 {X}", f"{DRAW} -o {'x' * 300}.gif"),
        *(f"{DRAW} {X} --input 3", f"{DRAW} {X} --input [[1,2],[3]]", f"{DRAW} {X} --input {'[' * 9999}"),
        *(f"{DRAW} {X} --cell nan", f"{DRAW} {X} --random -1", f"{DRAW} {X} --theme nosuch.toml"),
        *("draw conv -i 3000 -k 2 -o x.svg", "draw conv -i 2000 -k 2 --view matrix -o x.svg"),
    ],
)
def test_a_wrong_command_line_is_refused_in_words(convgif: Convgif, line: str) -> None:
    said = convgif(line, code=2)
    assert said
    for text in said.splitlines():
        assert text.startswith("convgif: ")
        assert len(text) > 20
    assert written() == set()


# What a shell completes.


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("re", ["render"]),
        ("render dil", ["dilation"]),
        ("render dilation numerical_p", ["numerical_padding_strides"]),
        ("render --presets ok.toml ", ["mine", "yours"]),
        ("render --presets broken.toml ", []),
        ("render --formats ", [*FORMATS]),
        ("render --formats gif,sv", [f"gif,{name}" for name in FORMATS if name.startswith("sv")]),
        ("render --view ", [*VIEWS]),
        ("render --theme ", [*THEMES]),
        ("render --no-l", ["--no-labels"]),
        ("draw conv --format ", [*FORMATS]),
        ("embed dilation --for ", [*SNIPPETS]),
        ("themes --preset dil", ["dilation"]),
    ],
)
def test_the_shell_completes(completed: Callable[[str], list[str]], words: str, offered: list[str]) -> None:
    assert completed(f"convgif {words}") == offered


# How it leaves.


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConvgifError("no room"), 1, "convgif: no room\n"),
        (KeyboardInterrupt(), 130, "convgif: interrupted; nothing was written\n"),
        (click.Abort(), 130, "convgif: interrupted; nothing was written\n"),
        (click.FileError("x.toml", "gone"), 1, "convgif: Could not open file 'x.toml': gone\n"),
        (ZeroDivisionError(), None, ""),  # a mistake of ours: only what is foreseen is turned into a line
    ],
)
def test_exit_codes(
    convgif: Convgif, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int | None, said: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(api, "render", fail)
    if code is None:
        with pytest.raises(type(error)):
            run(MINE.split())
    else:
        # click ends the line that an interrupted terminal shows `^C` in.
        assert convgif(MINE, code=code).lstrip("\n") == said


STOPPED = """
import os, signal, sys
from convgif.assembling import batch
from convgif.cli import commands

process, write = os.getpid(), batch._written

def written(*given, **more):
    done = write(*given, **more)
    os.kill(process, signal.SIGNAL)
    return done

batch._written = written
commands.main()
"""
"""The command in a process that gets a signal as soon as a figure is written."""


SIGNALS = [("SIGTERM", 143, "terminated"), ("SIGHUP", 129, "terminated"), ("SIGINT", 130, "interrupted")]


@pytest.mark.parametrize(("name", "code", "said"), SIGNALS)
@pytest.mark.parametrize("line", [f"{DRAW} -o x/", "render --all --presets ok.toml --jobs 2"])
def test_a_stopped_run_leaves_nothing(name: str, code: int, said: str, line: str) -> None:
    """It is stopped when some files are written already."""
    command = [sys.executable, "-c", STOPPED.replace("SIGNAL", name), *line.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (code, f"convgif: {said}; nothing was written")
    assert not [path for path in Path().rglob("*") if path.name in ("x", "out") or ".convgif" in path.name]
    assert written() == set()


KILLED = """
import os, signal, time
from convgif.assembling import batch
from convgif.cli import commands

process, write, left = os.getpid(), batch._written, TIMES

def written(film, name, *given, **more):
    if os.getpid() != process and name == "a":
        for number in range(left):
            try:
                os.mkdir(f"killed{number}")
            except FileExistsError:
                continue
            time.sleep(0.2)  # the others are done by then
            os.kill(os.getpid(), signal.SIGKILL)
    return write(film, name, *given, **more)

batch._written = written
commands.main()
"""
"""The command, whose further processes are killed as they begin to draw one of the figures, some times."""


@pytest.mark.skipif(sys.platform != "linux", reason="what is patched reaches forked processes only")
@pytest.mark.parametrize(("times", "code", "said"), [(1, 0, ""), (2, 1, f"convgif: {batch.KILLED}\n")])
def test_what_a_killed_process_was_to_draw_is_drawn_again_once(times: int, code: int, said: str, here: Path) -> None:
    """And only that: each figure is told of once."""
    (here / "three.toml").write_text("".join(f"[{name}]\n{LAYER}" for name in "abc"))
    command = [sys.executable, "-c", KILLED.replace("TIMES", str(times))]
    line = "render --all --presets three.toml --jobs 2 --formats svg"
    done = subprocess.run([*command, *line.split()], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, said)
    if not code:
        assert sorted(line[0] for line in done.stdout.splitlines()) == ["a", "b", "c"]
    assert ("out/svg/c.svg" in written()) == (not code)
    assert len([*here.glob("killed*")]) == times


@pytest.mark.parametrize("line", ["list", f"{DRAW} -o - --format svg", f"{MINE} --formats svg"])
def test_a_reader_that_has_had_enough_sees_no_error(line: str) -> None:
    """As in `convgif list | head -1`: here the other end is closed from the start."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "convgif", *line.split()]
    try:
        done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writing)
    assert done.stderr == ""
    assert ("out/svg/mine.svg" in written()) == line.startswith("render")


def test_the_process_leaves_with_the_code() -> None:
    done = subprocess.run([sys.executable, "-m", "convgif", "render", "nosuch"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_bar_shows_each_frame_and_each_figure(convgif: Convgif, monkeypatch: pytest.MonkeyPatch) -> None:
    class Bar(commands._NoBar):
        def update(self) -> None:
            shown[-1][-1] += 1

    def bar(total: int, unit: str, quiet: bool) -> Bar:
        shown.append([total, unit, quiet, 0])
        return Bar()

    shown: list[list[Any]] = []
    monkeypatch.setattr(commands, "_bar", bar)
    convgif(f"{DRAW} -o x.gif")
    convgif("render --all --presets ok.toml --quiet")
    assert shown == [[4, "frame", False, 4], [2, "figure", True, 2]]
