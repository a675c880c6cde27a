"""The command line: what it prints, what it writes, how it leaves; and what it says when it cannot."""

from __future__ import annotations

import inspect
import os
import re
import shlex
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from PIL import Image

from convgif import build
from convgif.arithmetic import LAYERS, AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.explain import explain
from convgif.cli import cli, run
from convgif.errors import ConvgifError
from convgif.figure import options
from convgif.parameters import NUMBERS, as_flag
from convgif.presets import load_presets

COMMAND = (sys.executable, "-m", "convgif")
CONV = 'layer = "conv"\ninput_size = 4\nkernel_size = 3\n'
FILES = {
    "ok.toml": f"[mine]\n{CONV}[yours]\n{CONV}frame_ms = 200\n",
    "one.toml": f"[mine]\n{CONV}",
    "bad.toml": '[small]\nlayer = "conv"\ninput_size = 2\nkernel_size = 3\nfoo = 1\n',
    "broken.toml": "[a\n",
    "large.toml": '[large]\nlayer = "conv"\ninput_size = 42\nkernel_size = 3\n',
    "many.toml": '[many]\nlayer = "conv"\ninput_size = 200\nkernel_size = 3\n',
    "afile": "",
}
NAMES = list(load_presets())
SMALL = "--input-size 3 --kernel-size 2 --cell 10"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every command runs in a folder of its own, with some preset files."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Convgif:
    """The command in this process, with what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, line: str, code: int = 0) -> str:
        """What the command prints; nothing goes to standard error unless it fails, and then nothing elsewhere."""
        returned = run(shlex.split(line))
        out, err = self._capsys.readouterr()
        assert (returned, err) == (0, "") if code == 0 else returned == code, err
        return out if code == 0 else err


@pytest.fixture
def convgif(capsys: pytest.CaptureFixture[str]) -> Convgif:
    """The command."""
    return Convgif(capsys)


def written() -> set[str]:
    """All files and folders in the working directory that were not there from the start."""
    return {path.as_posix() for path in Path().rglob("*")} - set(FILES)


def frames_in(path: str) -> int:
    with Image.open(path) as image:
        return int(getattr(image, "n_frames", 1))


# What it prints.


def test_version(convgif: Convgif) -> None:
    assert convgif("--version") == f"convgif {version('convgif')}\n"


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_the_commands_and_shows_examples(convgif: Convgif, flag: str) -> None:
    text = convgif(flag)
    assert text.startswith("Usage: convgif [OPTIONS] COMMAND [ARGS]...\n")
    for command in ("check", "draw", "explain", "list", "render"):
        assert re.search(rf"^  {command}  +[A-Z].+\.$", text, re.MULTILINE)
    assert 'eval "$(_CONVGIF_COMPLETE=bash_source convgif)"' in text


def test_the_examples_in_the_help_work(convgif: Convgif) -> None:
    examples = re.findall(r"^ +convgif (.*)$", convgif("--help"), re.MULTILINE)
    assert len(examples) == 5
    for example in examples:
        # Small pictures show as well that it works.
        assert convgif(f"{example} --cell 6" if example.startswith("render") else example)
    assert written() >= {"my.gif", "pool.gif", "out/gif/dilation.gif", "figures/png/dilation/dilation_008.png"}


@pytest.mark.parametrize(
    "command",
    [
        "render",
        "draw",
        "list",
        "explain",
        "check",
        *(f"{verb} {k.replace('_', '-')}" for verb in ("draw", "explain") for k in LAYERS),
    ],
)
def test_every_command_has_help(convgif: Convgif, command: str) -> None:
    text = convgif(f"{command} --help")
    assert text.startswith(f"Usage: convgif {command} ")


def test_no_command_shows_the_help_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """The help is no error message: no line of it begins with `convgif: `, nothing is glued to its end."""
    for line in ("", "draw", "explain"):
        code = run(shlex.split(line))
        shown = "".join(capsys.readouterr())
        assert code in (0, 2)
        run([*shlex.split(line), "--help"])
        assert shown.strip() == "".join(capsys.readouterr()).strip()


def test_the_list(convgif: Convgif) -> None:
    assert convgif("list") == textwrap.dedent("""\
        NAME                                     LAYER           INPUT  OUTPUT  FRAMES
        no_padding_no_strides                    conv            4x4    2x2          4
        arbitrary_padding_no_strides             conv            5x5    6x6         36
        same_padding_no_strides                  conv            5x5    5x5         25
        full_padding_no_strides                  conv            5x5    7x7         49
        no_padding_strides                       conv            5x5    2x2          4
        padding_strides                          conv            5x5    3x3          9
        padding_strides_odd                      conv            6x6    3x3          9
        dilation                                 conv            7x7    3x3          9
        no_padding_no_strides_transposed         conv_transpose  2x2    4x4         16
        arbitrary_padding_no_strides_transposed  conv_transpose  6x6    5x5         25
        same_padding_no_strides_transposed       conv_transpose  5x5    5x5         25
        full_padding_no_strides_transposed       conv_transpose  7x7    5x5         25
        no_padding_strides_transposed            conv_transpose  2x2    5x5         25
        padding_strides_transposed               conv_transpose  3x3    5x5         25
        padding_strides_odd_transposed           conv_transpose  3x3    6x6         36
        numerical_no_padding_no_strides          conv            5x5    3x3          9
        numerical_padding_strides                conv            5x5    3x3          9
        numerical_average_pooling                avg_pool        5x5    3x3          9
        numerical_max_pooling                    max_pool        5x5    3x3          9
        """)


def test_the_list_of_a_file(convgif: Convgif) -> None:
    assert convgif("list --presets ok.toml") == textwrap.dedent("""\
        NAME   LAYER  INPUT  OUTPUT  FRAMES
        mine   conv   4x4    2x2          4
        yours  conv   4x4    2x2          4
        """)


def test_explain_a_layer(convgif: Convgif) -> None:
    text = convgif("explain conv-transpose --input-size 3x4 --kernel-size 3 --stride 2 --padding 1x0")
    assert text == textwrap.dedent("""\
        Transposed convolution of a 3x4 input with a 3x3 kernel, stride 2 and padding (1, 0), giving a 5x9 output.

          input    3x4
          canvas   7x11: the input, stretched for a direct convolution
                   s - 1 = 1: zeros between its elements
                   d(k - 1) - p = (1, 2): zeros on each side
          kernel   3x3, turned by 180 degrees, one cell further with every step
          output   5x9: 45 steps
                   o = s(i - 1) + k - 2p
                   rows: o = 2*(3 - 1) + 3 - 2*1 = 5
                   columns: o = 2*(4 - 1) + 3 - 2*0 = 9
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output
        """)


@pytest.mark.parametrize(
    ("line", "layer"),
    [
        (
            "conv --input-size 5x7 --kernel-size 3x2 --stride 2x3 --padding 1x0 --dilation 2x1",
            Conv((5, 7), (3, 2), (2, 3), (1, 0), (2, 1)),
        ),
        (
            "conv-transpose --input-size 3 --kernel-size 3 --stride 2 --padding 1 --output-padding 1 --dilation 2",
            ConvTranspose(3, 3, 2, 1, 2, 1),
        ),
        ("max-pool --input-size 4 --kernel-size 2", MaxPool(4, 2)),
        (
            "avg-pool --input-size 5 --kernel-size 2 --stride 1 --padding 1 --no-count-include-pad",
            AvgPool(5, 2, 1, 1, False),
        ),
        ("avg-pool --input-size 5 --kernel-size 2 --padding 1 --count-include-pad", AvgPool(5, 2, None, 1)),
    ],
)
def test_explain_takes_every_argument(convgif: Convgif, line: str, layer: Any) -> None:
    assert convgif(f"explain {line}") == explain(layer) + "\n"


def test_explain_a_preset(convgif: Convgif) -> None:
    assert convgif("explain dilation") == explain(load_presets()["dilation"].layer) + "\n"
    assert convgif("explain --presets one.toml mine") == explain(Conv(4, 3)) + "\n"


def test_explain_a_preset_with_numbers(convgif: Convgif) -> None:
    assert convgif("explain numerical_padding_strides") == textwrap.dedent("""\
        Convolution of a 5x5 input with a 3x3 kernel, stride 2 and padding 1, giving a 3x3 output.

          input    5x5
          canvas   7x7: the input with padding 1 on each side
          kernel   3x3
          output   3x3: 9 steps
                   o = floor((i + 2p - k)/s) + 1
                   o = floor((5 + 2*1 - 3)/2) + 1 = 3
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output

          input =
            [[3 3 2 1 0]
             [0 0 1 3 1]
             [3 1 2 2 3]
             [2 0 0 2 2]
             [2 0 0 0 1]]

          kernel =
            [[0 1 2]
             [2 2 0]
             [0 1 2]]

          output =
            [[ 6 17  3]
             [ 8 17 13]
             [ 6  4  4]]
        """)
    assert "kernel =" not in convgif("explain numerical_max_pooling")


def test_check(convgif: Convgif) -> None:
    assert convgif("check ok.toml one.toml") == "ok.toml: 2 figures, no problems\none.toml: 1 figure, no problems\n"


def test_check_reports_every_problem_of_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "bad.toml", "ok.toml", "broken.toml", "nosuch.toml", "many.toml"]) == 2
    out, err = capsys.readouterr()
    assert out == "ok.toml: 2 figures, no problems\n"
    foo, fit, broken, nosuch, many, pixels = err.splitlines()
    assert foo.startswith("convgif: bad.toml: [small] foo: unknown key; known are cell, ")
    assert fit == (
        "convgif: bad.toml: [small] kernel_size = (3, 3): does not fit: it spans 3x3, the padded input has 2x2, "
        "1 row and 1 column too few; padding = 1 would fit"
    )
    assert broken == (
        "convgif: broken.toml: is no valid TOML: expected ']' at the end of a table declaration (at line 1, column 3)"
    )
    assert nosuch == "convgif: nosuch.toml: cannot be read: no such file or directory"
    assert many == (
        "convgif: many.toml: [many] max_frames = 2500: the figure has 39,204 frames; "
        "raise max_frames to allow that many"
    )
    assert pixels.startswith("convgif: many.toml: [many] max_pixels = 64000000: a frame would be ")


# What it writes.


def test_render_some(convgif: Convgif) -> None:
    lines = convgif("render dilation numerical_max_pooling --cell 12").splitlines()
    assert [re.split(r"  +", line)[0] for line in lines] == ["dilation", "numerical_max_pooling"] or len(lines) == 2
    assert written() == {
        "out",
        "out/gif",
        "out/gif/dilation.gif",
        "out/gif/numerical_max_pooling.gif",
        "out/sheet",
        "out/sheet/dilation.png",
        "out/sheet/dilation.json",
        "out/sheet/numerical_max_pooling.png",
        "out/sheet/numerical_max_pooling.json",
    }
    for line in lines:
        name = line.split()[0]
        with Image.open(f"out/gif/{name}.gif") as image:
            width, height = image.size
        size = sum(
            Path(f"out/{file}").stat().st_size
            for file in (f"gif/{name}.gif", f"sheet/{name}.png", f"sheet/{name}.json")
        )
        assert re.split(r"  +", line)[1:] == ["9 frames", f"{width}x{height} px", f"{size:,} bytes"]


def test_one_frame_is_one_frame(convgif: Convgif) -> None:
    line = convgif("draw conv --input-size 2 --kernel-size 2 -o one.gif")
    assert re.fullmatch(r"one\.gif +1 frame +\d+x\d+ px +[\d,]+ bytes\n", line)


def test_render_all(convgif: Convgif) -> None:
    lines = convgif("render --all --formats png --cell 8 --out deep/er").splitlines()
    assert sorted(line.split()[0] for line in lines) == sorted(NAMES)
    assert sum(int(line.split()[1]) for line in lines) == 358
    assert len(list(Path("deep/er/png").glob("*/*.png"))) == 358


@pytest.mark.parametrize("line", ["render dilation --quiet", "render dilation -q"])
def test_quiet(convgif: Convgif, line: str) -> None:
    assert convgif(line) == ""
    assert "out/gif/dilation.gif" in written()


def test_any_number_of_jobs_writes_the_same(convgif: Convgif) -> None:
    for jobs in (1, 3):
        convgif(f"render dilation padding_strides no_padding_strides --cell 10 --jobs {jobs} --out out{jobs}")
    one, three = (
        {path.relative_to(out): path.read_bytes() for path in Path(out).rglob("*.*")} for out in ("out1", "out3")
    )
    assert len(one) == 9
    assert one == three


def test_options_replace_those_of_the_presets(convgif: Convgif) -> None:
    convgif("render mine yours --presets ok.toml --formats gif,png --cell 10 --view flat --transparent --hold-ms 500")
    with Image.open("out/gif/yours.gif") as image:
        times = []
        for frame in range(4):
            image.seek(frame)
            times.append(image.info["duration"])
    assert times == [200, 200, 200, 700]
    with Image.open("out/png/mine/mine_000.png") as image:
        assert image.mode == "RGBA"
        assert np.asarray(image)[0, 0, 3] == 0
        small = image.size
    convgif("render mine --presets ok.toml --formats png --cell 10 --view flat --scale 2 --out twice")
    with Image.open("twice/png/mine/mine_000.png") as image:
        assert image.mode == "RGB"
        assert all(abs(large - 2 * length) <= 2 for large, length in zip(image.size, small, strict=True))


def test_formats_are_as_named(convgif: Convgif) -> None:
    convgif("render dilation --formats 'sheet, gif,gif'")
    assert {path for path in written() if "." in path} == {
        "out/gif/dilation.gif",
        "out/sheet/dilation.png",
        "out/sheet/dilation.json",
    }


def test_columns_of_a_sheet(convgif: Convgif) -> None:
    convgif("render dilation --formats gif,sheet --columns 9 --cell 10")
    with Image.open("out/sheet/dilation.png") as sheet, Image.open("out/gif/dilation.gif") as frame:
        assert sheet.size == (9 * frame.width, frame.height)


@pytest.mark.parametrize(
    ("kind", "more", "frames"),
    [
        ("conv", "--stride 1x2 --padding 1x0 --dilation 1", 8),
        ("conv-transpose", "--stride 2x1 --padding 0 --output-padding 1x0", 35),
        ("max-pool", "--stride 1", 6),
        ("avg-pool", "--padding 1 --no-count-include-pad", 6),
    ],
)
def test_draw_every_kind_of_layer(convgif: Convgif, kind: str, more: str, frames: int) -> None:
    line = convgif(f"draw {kind} --input-size 3x4 --kernel-size 2x2 {more} --cell 10 -o my.gif")
    assert written() == {"my.gif"}
    with Image.open("my.gif") as image:
        image.load()
        expected = (
            f"my.gif +{frames} frames +{image.width}x{image.height} px +{Path('my.gif').stat().st_size:,} bytes\n"
        )
    assert re.fullmatch(expected, line)
    assert frames_in("my.gif") == frames


def test_the_ending_says_the_format(convgif: Convgif) -> None:
    convgif(f"draw conv {SMALL} -o sub/a.GIF")
    convgif(f"draw conv {SMALL} -o sub/b.png")
    convgif(f"draw conv {SMALL} -o sub/c/")
    names = {"a.GIF", "b.png", "b.json", "c", *(f"c/c_{frame:03}.png" for frame in range(4))}
    assert written() == {"sub", *(f"sub/{name}" for name in names)}


def test_draw_with_numbers(convgif: Convgif) -> None:
    """Given numbers are drawn: other numbers, another picture."""
    for name, number in (("a", 1), ("b", 1), ("c", 2)):
        values = f"--input-values '[[1, 2], [3, {number}]]' --kernel-values '[[1]]'"
        convgif(f"draw conv --input-size 2 --kernel-size 1 --view flat {values} -o {name}.gif")
    a, b, c = (Path(f"{name}.gif").read_bytes() for name in "abc")
    assert a == b != c
    for name, seed in (("d", 1), ("e", 1), ("f", 2)):
        convgif(f"draw conv --input-size 3 --kernel-size 1 --view flat --values random --seed {seed} -o {name}.gif")
    d, e, f = (Path(f"{name}.gif").read_bytes() for name in "def")
    assert d == e != f


# Nothing is forgotten.


def flags(*path: str) -> set[str]:
    """All option words of a command."""
    command: Any = cli
    for name in path:
        command = command.commands[name]
    return {word for parameter in command.params for word in (*parameter.opts, *parameter.secondary_opts)}


@pytest.mark.parametrize("kind", LAYERS)
def test_every_option_of_a_layer_and_a_figure_is_on_the_command_line(kind: str) -> None:
    layer = {as_flag(name) for name in inspect.signature(LAYERS[kind]).parameters}
    figure = {as_flag(name) for name in options()}
    extra = {"--no-count-include-pad"} if kind == "avg_pool" else set()
    name = kind.replace("_", "-")
    assert flags("draw", name) == layer | figure | extra | {"-o", "--output", "--no-transparent"}
    assert flags("explain", name) == layer | extra


def test_every_option_that_suits_any_figure_is_on_render() -> None:
    own = {"names", "--all", "--presets", "--out", "--formats", "--jobs", "--quiet", "-q", "--no-transparent"}
    assert flags("render") == own | {as_flag(name) for name in options() if name not in NUMBERS}


# What it says when it cannot.

DRAW = "draw conv --input-size 5 --kernel-size 3 -o x.gif"

EXISTS = "cannot be written: file exists; choose another place"
NEITHER = "is neither a preset nor a kind of layer"
UNPARSED = "is no valid TOML: expected ']' at the end of a table declaration (at line 1, column 3)"

EXACT = [
    ("render dilaton", "dilaton: there is no such preset; did you mean dilation?"),
    (
        "render dilaton paddng_strides dilation",
        "dilaton: there is no such preset; did you mean dilation?\n"
        "paddng_strides: there is no such preset; did you mean padding_strides?",
    ),
    ("render dilation --presets ok.toml", "dilation: there is no such preset; known are mine, yours"),
    ("render", "Name the presets to render, or use --all, but not both; see convgif render --help"),
    ("render dilation --frame-ms 5", "--frame-ms 5: must be an integer from 20 to 300,000"),
    ("render dilation --cell nan", "--cell nan: must be a number from 4 to 400"),
    ("render dilation --view falt", "--view falt: must be isometric or flat; did you mean flat?"),
    ("render dilation --theme dark", "--theme dark: must be solarized"),
    (
        "render dilation --view falt --loop -1 --columns 0",
        "--view falt: must be isometric or flat; did you mean flat?\n"
        "--loop -1: must be an integer from 0 to 65,536\n"
        "--columns 0: must be an integer >= 1",
    ),
    ("render dilation --presets nosuch.toml", "nosuch.toml: cannot be read: no such file or directory"),
    ("render dilation --out afile", f"output afile: {EXISTS}"),
    ("render dilation --out afile/x", "output afile/x: cannot be written: not a directory; choose another place"),
    (
        "draw conv --input-size five --kernel-size 3 -o x.gif",
        "Invalid value for '--input-size': 'five' must be an integer such as 3, or rows x columns such as 3x4; "
        "see convgif draw conv --help",
    ),
    ("draw conv --input-size 0 --kernel-size 3 -o x.gif", "--input-size 0: must be an integer >= 1"),
    (
        "draw conv --input-size 5 --kernel-size 3x0 --stride -1 -o x.gif",
        "--kernel-size 3x0: must be an integer >= 1, or a pair (rows, columns) of them\n"
        "--stride -1: must be an integer >= 1",
    ),
    (
        "draw conv --input-size 2x9 --kernel-size 5x3 -o x.gif",
        "--kernel-size 5x3: does not fit: it spans 5x3, the padded input has 2x9, 3 rows too few; "
        "--padding 2x0 would fit",
    ),
    (
        "draw conv-transpose --input-size 3 --kernel-size 3 --stride 2 --output-padding 2x1 -o x.gif",
        "--output-padding 2x1: must be smaller than 2, the larger of stride and dilation",
    ),
    (f"{DRAW} --values rnd", "--values rnd: must be random"),
    (
        f"{DRAW} --input-values [[1]",
        "Invalid value for '--input-values': '[[1]' must be rows of numbers such as [[1, 2], [3, 4]]; "
        "see convgif draw conv --help",
    ),
    (
        "draw conv --input-size 200 --kernel-size 3 --cell 10 -o x.gif",
        "--max-frames 2500: the figure has 39,204 frames; raise --max-frames to allow that many",
    ),
    (
        "draw conv --input-size 5 --kernel-size 3 -o x.mp4",
        "output = 'x.mp4': must end in .gif, in .png for a sprite sheet, or in / for a folder of frames",
    ),
    ("draw conv --input-size 5 --kernel-size 3 -o afile/x.gif", f"output afile: {EXISTS}"),
    ("explain cnov", f"cnov: {NEITHER}; did you mean conv?"),
    ("explain paddng_strides", f"paddng_strides: {NEITHER}; did you mean padding_strides?"),
    ("check broken.toml", f"broken.toml: {UNPARSED}"),
    ("list --presets nosuch", "nosuch: cannot be read: no such file or directory"),
]


@pytest.mark.parametrize(("line", "said"), EXACT)
def test_what_is_said(convgif: Convgif, line: str, said: str) -> None:
    assert convgif(line, code=2) == "".join(f"convgif: {text}\n" for text in said.split("\n"))
    assert written() == set()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        # click words these, and not always the same from version to version.
        ("render dilation --veiw flat", ["--veiw", "--view", "see convgif render --help"]),
        ("draw conv --input-sise 5", ["--input-sise", "--input-size", "see convgif draw conv --help"]),
        ("rendr dilation", ["rendr", "see convgif --help"]),
        ("draw cnov", ["cnov", "see convgif draw --help"]),
        ("draw conv --input-size 5 --kernel-size 3", ["--output", "see convgif draw conv --help"]),
        ("draw conv --kernel-size 3 -o x.gif", ["Missing option '--input-size'", "see convgif draw conv --help"]),
        ("draw conv --input-size 3 -o x.gif", ["Missing option '--kernel-size'", "see convgif draw conv --help"]),
        ("explain max-pool --input-size 3", ["Missing option '--kernel-size'", "see convgif explain max-pool --help"]),
        ("render dilation --jobs 0", ["--jobs", "0", "see convgif render --help"]),
        (
            "render dilation --formats gif,mp4",
            ["format", "'mp4'", "there is no such format; known are gif, png, sheet"],
        ),
        ("render dilation --formats gfi", ["format", "'gfi'", "there is no such format; did you mean gif?"]),
        ("render dilation --formats ,", ["--formats", "must name one format at least, such as gif"]),
        ("render dilation --max-frames 3", ["dilation", "9 frames", "raise"]),
        ("render dilation --max-pixels 10", ["dilation", "401 x 387 pixels", "raise"]),
        (f"{DRAW} --max-pixels 10", ["--max-pixels 10: a frame would be 299 x 327 pixels", "raise"]),
        (f"{DRAW} --input-values [[1]]", ["--input-values", "is 1 x 1, must be 5 x 5"]),
    ],
)
def test_what_is_said_at_least(convgif: Convgif, line: str, words: list[str]) -> None:
    said = convgif(line, code=2)
    assert all(text.startswith("convgif: ") for text in said.splitlines())
    for word in words:
        assert word in said
    assert written() == set()


@pytest.mark.parametrize("line", [DRAW, "render dilation"])
def test_the_budget_names_the_option_that_raises_it(convgif: Convgif, line: str) -> None:
    """As it is typed here, whatever it is called elsewhere."""
    said = convgif(f"{line} --max-frames 3 --max-pixels 10", code=2)
    assert "raise --max-frames" in said
    assert "raise --max-pixels" in said


def test_a_remedy_is_written_as_it_is_typed(convgif: Convgif) -> None:
    assert "--values random" in convgif(f"{DRAW} --kernel-values [[1,1,1],[1,1,1],[1,1,1]]", code=2)


WRONG = [
    "nosuch",
    "--nosuch",
    "-x",
    "render",
    "render nosuch",
    "render dilation nosuch",
    "render --nosuch",
    "render ../../etc/passwd",
    "render ''",
    "render --all --formats gfi",
    "render --all --formats ''",
    "render --all --jobs 0",
    "render --all --jobs many",
    "render --all --jobs",
    "render --all --cell 0",
    "render --all --cell big",
    "render --all --cell inf",
    "render --all --scale -1",
    "render --all --frame-ms 1.5",
    "render --all --frame-ms 99999999999999999999",
    "render --all --hold-ms -1",
    "render --all --seed 3",
    "render --all --presets bad.toml",
    "render --all --presets broken.toml",
    "render --all --presets many.toml",
    "render --all --presets afile/x.toml",
    "render --all --out afile",
    "render --all --max-frames 48",
    "render --all --columns 49 --max-pixels 5000000",
    "draw nosuch --input-size 3 --kernel-size 2 -o x.gif",
    "draw conv",
    "draw conv -o x.gif",
    "draw conv --input-size 3 -o x.gif",
    "draw conv --input-size 3 --kernel-size 2",
    "draw conv 3 2 -o x.gif",
    "draw conv --input-size '' --kernel-size 2 -o x.gif",
    "draw conv --input-size 3x --kernel-size 2 -o x.gif",
    "draw conv --input-size 3x3x3 --kernel-size 2 -o x.gif",
    "draw conv --input-size -3 --kernel-size 2 -o x.gif",
    "draw conv --input-size 3 --kernel-size 4 -o x.gif",
    "draw conv --input-size 3 --kernel-size 2 --output-padding 1 -o x.gif",
    "draw conv --input-size 999999999999999999 --kernel-size 2 -o x.gif",
    "draw conv --input-size 3000 --kernel-size 2 -o x.gif",
    "draw max-pool --input-size 5 --kernel-size 3 --padding 2 -o x.gif",
    "draw max-pool --input-size 2 --kernel-size 1 --kernel-values [[1]] -o x.gif",
    "draw avg-pool --input-size 5 --kernel-size 3 --dilation 2 -o x.gif",
    "draw conv-transpose --input-size 3 --kernel-size 1 --padding 4 -o x.gif",
    "draw conv-transpose --input-size 3 --kernel-size 3 --output-padding 1 -o x.gif",
    f"{DRAW} --input-values 3",
    f"{DRAW} --input-values [[1,2],[3]]",
    f"{DRAW} --input-values '[[NaN]]'",
    f"{DRAW} --kernel-values [[1]]",
    f"{DRAW} --values numbers",
    f"{DRAW} --seed -1",
    f"{DRAW} --stride 0",
    f"{DRAW} --max-pixels 0",
    f"{DRAW} --theme ''",
    "draw conv --input-size 3 --kernel-size 2 -o x",
    "draw conv --input-size 3 --kernel-size 2 -o x.mp4",
    "draw conv --input-size 3 --kernel-size 2 -o .gif",
    "draw conv --input-size 3 --kernel-size 2 -o ''",
    "draw conv --input-size 3 --kernel-size 2 -o afile/",
    "draw conv --input-size 3 --kernel-size 2 -o afile/x.gif",
    "draw conv --input-size 3 --kernel-size 2 -o " + "x" * 300 + ".gif",
    "explain nosuch",
    "explain conv",
    "explain conv --input-size 5",
    "explain conv --input-size 5 --kernel-size 9",
    "explain conv --input-size 5 --kernel-size 3 --view flat",
    "explain dilation --stride 2",
    "explain dilation padding_strides",
    "explain --presets nosuch.toml mine",
    "list extra",
    "list --presets nosuch.toml",
    "list --presets .",
    "list --presets many.toml",
    "check",
    "check nosuch.toml",
    "check .",
    "check ok.toml bad.toml",
    "check afile/x",
]


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_line_is_refused_in_words(convgif: Convgif, line: str) -> None:
    said = convgif(line, code=2)
    assert said
    for text in said.splitlines():
        assert text.startswith("convgif: ")
        assert len(text) > 20
    assert "Traceback" not in said
    assert written() == set()


def test_an_absurdly_large_size_in_a_file_is_refused(convgif: Convgif) -> None:
    """Its figure has more pixels than a float can hold, and more digits than Python prints."""
    for digits in (400, 4000):
        Path("absurd.toml").write_text(f'[a]\nlayer = "conv"\ninput_size = {"9" * digits}\nkernel_size = 1\n')
        for line in ("check absurd.toml", "render --all --presets absurd.toml", "list --presets absurd.toml"):
            assert convgif(line, code=2).startswith("convgif: ")
    assert written() == {"absurd.toml"}


def test_names_beside_all_are_not_ignored(convgif: Convgif) -> None:
    """Whoever misspells one there would never know."""
    assert "not both" in convgif("render --all nosuch --cell 4 --formats gif", code=2)


@pytest.mark.parametrize(("ending", "place"), [("''", "''"), ("afile/", "afile")])
def test_a_wrong_output_is_named_as_it_is(convgif: Convgif, ending: str, place: str) -> None:
    said = convgif(f"draw conv {SMALL} -o {ending}", code=2)
    assert place in said
    assert "output .:" not in said


# How it leaves.


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConvgifError("no room"), 1, "convgif: no room\n"),
        (KeyboardInterrupt(), 130, "convgif: interrupted; nothing was written\n"),
        (click.Abort(), 130, "convgif: interrupted; nothing was written\n"),
        (click.FileError("x.toml", "gone"), 1, "convgif: Could not open file 'x.toml': gone\n"),
    ],
)
def test_exit_codes(
    convgif: Convgif, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(build, "render", fail)
    # click ends the line that an interrupted terminal shows `^C` in.
    assert convgif("render dilation", code=code).lstrip("\n") == said


def test_a_mistake_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback is for us: only what is foreseen is turned into a line."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(build, "render", fail)
    with pytest.raises(ZeroDivisionError):
        run(["render", "dilation"])


def process(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False, **more)


@pytest.mark.parametrize(("line", "code"), [("list", 0), ("render nosuch", 2), ("draw conv -o x.gif", 2)])
def test_the_process_leaves_with_the_code(line: str, code: int) -> None:
    done = process(*line.split())
    assert done.returncode == code
    assert bool(done.stderr) is (code != 0)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_leaves_nothing(jobs: int) -> None:
    Path("two.toml").write_text(FILES["large.toml"] + FILES["large.toml"].replace("[large]", "[larger]"))
    command = [*COMMAND, "render", "--all", "--presets", "two.toml", "--formats", "png", "--jobs", str(jobs)]
    # A session of its own, so that the signal reaches all its processes as Ctrl-C in a terminal does, and not us.
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as running:
        deadline = time.monotonic() + 30
        while not list(Path().glob("out/.convgif-*/png/*/*.png")):
            assert running.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said.lstrip("\n") == "convgif: interrupted; nothing was written\n"
    assert written() == {"two.toml"}


def test_no_progress_bar_in_a_pipe() -> None:
    done = process("render", "dilation", "padding_strides", "--formats", "gif")
    assert done.returncode == 0
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 2
    assert "\r" not in done.stdout


def on_a_terminal(*arguments: str) -> str:
    """What the command writes to standard error where that is a terminal."""
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))  # a bar needs some room
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=theirs) as running:
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            parts.append(part)
        running.communicate(timeout=30)
    os.close(ours)
    assert running.returncode == 0
    return b"".join(parts).decode()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_progress_bar_on_a_terminal() -> None:
    shown = on_a_terminal("render", "dilation", "padding_strides", "--formats", "gif")
    assert "0/2" in shown
    assert "1/2" in shown
    assert "figure" in shown
    assert on_a_terminal("render", "dilation", "padding_strides", "--formats", "gif", "--quiet") == ""


@pytest.mark.parametrize("line", ["list", "--help", "render dilation --formats gif"])
def test_a_reader_that_has_had_enough_sees_no_error(line: str) -> None:
    """As in `convgif list | head -1`: here the other end is closed from the start."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run([*COMMAND, *line.split()], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writing)
    assert done.stderr == ""


def asking(words: str) -> dict[str, str]:
    """What the shell puts into the environment to have the last of the words completed."""
    return {"_CONVGIF_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}


@pytest.fixture
def completed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[str], list[str]]:
    """What the shell is offered for the last of some words."""

    def complete(words: str) -> list[str]:
        for name, value in asking(words).items():
            monkeypatch.setenv(name, value)
        with suppress(SystemExit):
            run([])
        out, err = capsys.readouterr()
        assert err == ""
        return [line.partition(",")[2] for line in out.splitlines()]

    return complete


def test_the_shell_is_answered() -> None:
    """What the script does that `_CONVGIF_COMPLETE=bash_source convgif` prints."""
    done = process(env={**os.environ, **asking("convgif render dil")})
    assert (done.stdout, done.stderr, done.returncode) == ("plain,dilation\n", "", 0)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("convgif re", ["render"]),
        ("convgif render dil", ["dilation"]),
        ("convgif render dilation numerical_p", ["numerical_padding_strides"]),
        ("convgif render --presets ok.toml ", ["mine", "yours"]),
        ("convgif render --view ", ["isometric", "flat"]),
        ("convgif render --vi", ["--view"]),
        ("convgif draw ", ["avg-pool", "conv", "conv-transpose", "max-pool"]),
        ("convgif draw conv --values ", ["random"]),
        ("convgif explain con", ["conv", "conv-transpose"]),
        ("convgif explain padding_strides_o", ["padding_strides_odd", "padding_strides_odd_transposed"]),
    ],
)
def test_the_shell_completes_names_and_words(
    completed: Callable[[str], list[str]], words: str, offered: list[str]
) -> None:
    assert completed(words) == offered


def test_completion_of_a_broken_file_says_nothing(completed: Callable[[str], list[str]]) -> None:
    """An error message would end up in the line that is being typed."""
    assert not any(completed("convgif render --presets broken.toml "))
