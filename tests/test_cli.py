"""The command line: what it prints, what it writes, how it leaves; and what it says when it cannot."""

from __future__ import annotations

import inspect
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from itertools import accumulate, cycle, groupby, pairwise
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
from convgif.presets import load_families, load_presets
from tests.assembling.decoders import film

COMMAND = (sys.executable, "-m", "convgif")
CONV = 'layer = "conv"\ninput_size = 4\nkernel_size = 3\n'
FILES = {
    "ok.toml": f"[mine]\n{CONV}[yours]\n{CONV}frame_ms = 200\n",
    "one.toml": f"[mine]\n{CONV}",
    "bad.toml": '[small]\nlayer = "conv"\ninput_size = 2\nkernel_size = 3\nfoo = 1\n',
    "broken.toml": "[a\n",
    "large.toml": '[large]\nlayer = "conv"\ninput_size = 42\nkernel_size = 3\n',
    "many.toml": '[many]\nlayer = "conv"\ninput_size = 200\nkernel_size = 3\n',
    "pool.toml": '[pool]\nlayer = "max_pool"\ninput_size = 4\nkernel_size = 2\nview = "scatter"\n',
    "title.toml": f'[mine]\n{CONV}title = "卷积 1"\n[yours]\n{CONV}view = "matrix"\nprologue = true\n',
    "afile": "",
}
NAMES = list(load_presets())
SHORT = ("dilation", "scatter_padding_strides", "matrix_numerical", "story_no_padding_strides", "construction_i2_s2_p0")
"""Figures that are soon drawn, one of each sort."""
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
    for command in ("check", "draw", "embed", "explain", "formats", "gallery", "list", "render", "strip", "themes"):
        assert re.search(rf"^  {command}  +[A-Z].+\.$", text, re.MULTILINE)
    assert 'eval "$(_CONVGIF_COMPLETE=bash_source convgif)"' in text


def test_the_examples_in_the_help_work(convgif: Convgif) -> None:
    examples = re.findall(r"^ +convgif (.*)$", convgif("--help"), re.MULTILINE)
    assert len(examples) == 5
    for example in examples:
        # Small pictures show as well that it works.
        assert convgif(f"{example} --cell 4" if example.startswith("render") else example)
    assert written() >= {"my.gif", "pool.gif", "out/gif/dilation.gif", "figures/png/dilation/dilation_008.png"}


@pytest.mark.parametrize(
    "command",
    [
        "render",
        "draw",
        "list",
        "explain",
        "check",
        "strip",
        "themes",
        "formats",
        "embed",
        "gallery",
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


FAMILIES = textwrap.dedent("""\
    NAME                                     LAYER           VIEW          INPUT  OUTPUT  FRAMES

    flat
    flat_s1_p0                               conv            flat          5x5    3x3          9
    flat_s1_p1                               conv            flat          5x5    5x5         25
    flat_s2_p0                               conv            flat          5x5    2x2          4
    flat_s2_p1                               conv            flat          5x5    3x3          9
    flat_s2_p3                               conv            flat          5x5    5x5         25
    flat_s3_p2                               conv            flat          5x5    3x3          9
    flat_transposed_i3_s1_p0                 conv_transpose  flat          3x3    5x5         25
    flat_transposed_i5_s1_p1                 conv_transpose  flat          5x5    5x5         25
    flat_transposed_i2_s2_p0                 conv_transpose  flat          2x2    5x5         25
    flat_transposed_i3_s2_p1                 conv_transpose  flat          3x3    5x5         25
    construction_i2_s2_p0                    conv_transpose  construction  2x2    5x5         43
    construction_i3_s2_p1                    conv_transpose  construction  3x3    5x5         43

    guide
    no_padding_no_strides                    conv            isometric     4x4    2x2          4
    arbitrary_padding_no_strides             conv            isometric     5x5    6x6         36
    same_padding_no_strides                  conv            isometric     5x5    5x5         25
    full_padding_no_strides                  conv            isometric     5x5    7x7         49
    no_padding_strides                       conv            isometric     5x5    2x2          4
    padding_strides                          conv            isometric     5x5    3x3          9
    padding_strides_odd                      conv            isometric     6x6    3x3          9
    dilation                                 conv            isometric     7x7    3x3          9
    no_padding_no_strides_transposed         conv_transpose  isometric     2x2    4x4         16
    arbitrary_padding_no_strides_transposed  conv_transpose  isometric     6x6    5x5         25
    same_padding_no_strides_transposed       conv_transpose  isometric     5x5    5x5         25
    full_padding_no_strides_transposed       conv_transpose  isometric     7x7    5x5         25
    no_padding_strides_transposed            conv_transpose  isometric     2x2    5x5         25
    padding_strides_transposed               conv_transpose  isometric     3x3    5x5         25
    padding_strides_odd_transposed           conv_transpose  isometric     3x3    6x6         36

    matrix
    matrix_numerical                         conv            matrix        4x4    2x2          4
    matrix_numerical_transposed              conv_transpose  matrix        2x2    4x4         16
    matrix_no_padding_no_strides             conv            matrix        5x5    3x3          9
    matrix_no_padding_no_strides_transposed  conv_transpose  matrix        3x3    5x5         25
    matrix_padding_strides                   conv            matrix        5x5    3x3          9
    matrix_padding_strides_transposed        conv_transpose  matrix        3x3    5x5         25

    numerical
    numerical_no_padding_no_strides          conv            flat          5x5    3x3          9
    numerical_padding_strides                conv            flat          5x5    3x3          9
    numerical_average_pooling                avg_pool        flat          5x5    3x3          9
    numerical_max_pooling                    max_pool        flat          5x5    3x3          9

    scatter
    scatter_no_strides                       conv_transpose  scatter       2x2    4x4          5
    scatter_strides                          conv_transpose  scatter       2x2    5x5          5
    scatter_padding_strides                  conv_transpose  scatter       2x2    3x3          7
    scatter_down                             conv            flat          4x4    3x3          9
    scatter_up                               conv_transpose  flat          3x3    4x4         16

    story
    story_no_padding_no_strides              conv            story         5x5    3x3         47
    story_no_padding_strides                 conv            story         4x4    2x2         40
    story_padding_no_strides                 conv            story         3x4    4x5         46
    story_padding_strides                    conv            story         3x4    2x2         38
    """)
"""The list of all presets by family."""


def test_the_list_by_family(convgif: Convgif) -> None:
    assert convgif("list --family") == FAMILIES


def test_the_list(convgif: Convgif) -> None:
    """The same without the names of the families."""
    lines = FAMILIES.splitlines()
    names = [family for before, family in pairwise(lines) if not before]
    assert names == list(load_families())
    assert convgif("list") == "".join(f"{line}\n" for line in lines if line and line not in names)


def test_the_list_says_what_is_drawn(convgif: Convgif) -> None:
    header, *rows = (line.split() for line in convgif("list").splitlines())
    assert header == ["NAME", "LAYER", "VIEW", "INPUT", "OUTPUT", "FRAMES"]
    assert len(rows) == 46
    assert sum(int(row[-1]) for row in rows) == 926
    figures = load_presets()
    assert [row[0] for row in rows] == list(figures)
    for name, layer, view, before, after, frames in rows:
        figure = figures[name]
        sizes = [f"{rows}x{cols}" for rows, cols in (figure.layer.input_size, figure.layer.output_size)]
        assert [layer, view, before, after] == [figure.layer.name, figure.view, *sizes]
        if name in SHORT:
            assert int(frames) == len(list(replace(figure, cell=4).frames()))


def test_the_list_of_a_file(convgif: Convgif) -> None:
    assert convgif("list --presets ok.toml") == textwrap.dedent("""\
        NAME   LAYER  VIEW       INPUT  OUTPUT  FRAMES
        mine   conv   isometric  4x4    2x2          4
        yours  conv   isometric  4x4    2x2          4
        """)
    assert convgif("list --presets one.toml --family") == textwrap.dedent("""\
        NAME  LAYER  VIEW       INPUT  OUTPUT  FRAMES

        one
        mine  conv   isometric  4x4    2x2          4
        """)


def test_explain_a_layer(convgif: Convgif) -> None:
    text = convgif("explain conv-transpose --input-size 3x4 --kernel-size 3 --stride 2 --padding 1x0")
    assert text == textwrap.dedent("""\
        Transposed convolution of a 3x4 input with a 3x3 kernel, stride 2 and padding (1, 0), giving a 5x9 output.

          input    3x4
          canvas   7x11: the input, stretched for a direct convolution
          built    1. the input
                      i = (3, 4)
                   2. zeros between rows and columns
                      z = s - 1 = 2 - 1 = 1
                      i + z(i - 1) = (3, 4) + 1*((3, 4) - 1) = (5, 7)
                   3. zeros on each side
                      p' = k - 1 - p = 3 - 1 - (1, 0) = (1, 2)
                      i + z(i - 1) + 2p' = (5, 7) + 2*(1, 2) = (7, 11)
                   4. the kernel, turned by 180°, slides with stride 1
                      rows: o = i + z(i - 1) + 2p' - (k - 1) = 7 - (3 - 1) = 5
                      columns: o = i + z(i - 1) + 2p' - (k - 1) = 11 - (3 - 1) = 9
          same as  convolution of a 7x11 input with a 3x3 kernel, stride 1, giving a 5x9 output.
          kernel   3x3, turned by 180 degrees, one cell further with every step
          output   5x9: 45 steps
                   o = (i - 1)s + k - 2p
                   rows: o = 2*2 + 3 - 2 = 5
                   columns: o = 3*2 + 3 - 0 = 9
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, {ZEROS}, o output

                                   direct                              transposed
                   operation       the kernel slides                   the turned kernel slides
                   input size      i = (5, 9)                          i = (3, 4)
                   kernel size     k = 3                               k = 3
                   zero insertion  none                                s - 1 = 1
                   padding         p = (1, 0)                          k - 1 - p = (1, 2)
                   stride          s = 2                               1
                   output size     floor((i + 2p - k)/s) + 1 = (3, 4)  (i - 1)s + k - 2p = (5, 9)
        """).replace("{ZEROS}", "z inserted zeros, p' zeros around")


def test_explain_a_transposed_preset(convgif: Convgif) -> None:
    """The four acts with their numbers; output padding is part of the third."""
    text = convgif("explain padding_strides_odd_transposed")
    acts = re.findall(r"^ +(?:built +)?(\d)\. (.*)\n +(.*)$", text, re.MULTILINE)
    assert acts == [
        ("1", "the input", "i = 3"),
        ("2", "zeros between rows and columns", "z = s - 1 = 2 - 1 = 1"),
        ("3", "zeros on each side", "p' = k - 1 - p = 3 - 1 - 1 = 1"),
        (
            "4",
            "the kernel, turned by 180°, slides with stride 1",
            "o = i + z(i - 1) + 2p' + a - (k - 1) = 8 - (3 - 1) = 6",
        ),
    ]
    assert "same as  convolution of an 8x8 input with a 3x3 kernel, stride 1, giving a 6x6 output.\n" in text
    assert "built" not in convgif("explain padding_strides_odd")


def test_a_layer_whose_output_is_larger_than_any_input_may_be_is_explained(convgif: Convgif) -> None:
    """The layer is right; that no convolution could take its output as an input is nobody's mistake."""
    text = convgif("explain conv-transpose --input-size 1000000 --kernel-size 3 --stride 2000")
    assert "output   1999998003x1999998003: 3999992012003988009 steps\n" in text


def test_a_table_of_large_numbers_keeps_its_columns_apart(convgif: Convgif) -> None:
    text = convgif("explain conv-transpose --input-size 1000000 --kernel-size 3x4 --stride 20x30 --padding 1x20")
    rows = {
        name: (one, other) for name, one, other in re.findall(r"^ +(in|out)put size +(\S+) +(\S+)$", text, re.MULTILINE)
    }
    assert rows == {
        "in": ("19999981x29999934", "1000000x1000000"),
        "out": ("1000000x1000000", "19999981x29999934"),
    }


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
                   o = floor((5 + 2 - 3)/2) + 1 = 3
          where    i input, k kernel, s stride, p padding, d dilation, a output padding, o output

                                   direct                         transposed
                   operation       the kernel slides              the turned kernel slides
                   input size      i = 5                          i = 3
                   kernel size     k = 3                          k = 3
                   zero insertion  none                           s - 1 = 1
                   padding         p = 1                          k - 1 - p = 1
                   stride          s = 2                          1
                   output size     floor((i + 2p - k)/s) + 1 = 3  (i - 1)s + k - 2p = 5

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
    assert foo.startswith("convgif: bad.toml: [small] foo: unknown key; known are caption, cell, ")
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
        "out/manifest.json",
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
    lines = convgif("render --all --formats png --cell 4 --out deep/er").splitlines()
    assert sorted(line.split()[0] for line in lines) == sorted(NAMES)
    assert sum(int(line.split()[1]) for line in lines) == 926
    found = Counter(path.parent.name for path in Path("deep/er/png").glob("*/*.png"))
    assert sum(found.values()) == 926
    families = load_families()
    assert {family: sum(found[name] for name in families[family]) for family in families} == {
        "flat": 267,
        "guide": 322,
        "matrix": 88,
        "numerical": 36,
        "scatter": 42,
        "story": 171,
    }


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
    assert len(one) == 3 * 3 + 1
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
        "out/manifest.json",
        "out/gif/dilation.gif",
        "out/sheet/dilation.png",
        "out/sheet/dilation.json",
    }


def test_what_is_there_is_kept_unless_forced(convgif: Convgif) -> None:
    line = "render dilation --cell 10 --formats gif"
    drawn = convgif(line)
    assert "unchanged" not in drawn
    assert convgif(line) == drawn.rstrip("\n") + "  unchanged\n"
    assert convgif(f"{line} --force") == drawn
    assert "unchanged" not in convgif(f"{line} --frame-ms 500")


def test_a_strip_of_frames(convgif: Convgif) -> None:
    for ending in ("png", "svg", "pdf"):
        said = convgif(f"strip padding_strides --frames 0,1,8 --cell 10 --theme print -o fig.{ending}")
        assert said == f"fig.{ending}\n"
    convgif("strip padding_strides --frames 0 --cell 10 -o one.png")
    assert written() == {"fig.png", "fig.svg", "fig.pdf", "one.png"}
    with Image.open("fig.png") as three, Image.open("one.png") as one:
        assert three.height == one.height
        assert three.width > 3 * one.width


def test_themes_are_listed_and_previewed(convgif: Convgif) -> None:
    names = ["solarized", "muted", "dark", "colorblind", "print"]
    assert convgif("themes").splitlines() == names
    assert written() == set()
    assert convgif("themes -o themes.png --preset no_padding_no_strides").splitlines() == names
    assert written() == {"themes.png"}
    with Image.open("themes.png") as image:
        assert image.width > 3 * image.height


def test_formats_are_listed(convgif: Convgif) -> None:
    listed = dict(line.split(maxsplit=1) for line in convgif("formats").splitlines())
    assert listed == {
        "gif": "NAME.gif",
        "sheet": "NAME.png, NAME.json",
        "png": "NAME/",
        "svg": "NAME.svg",
        "svg-frames": "NAME/",
        "pdf": "NAME.pdf",
        "poster": "NAME.png, NAME.svg",
        "html": "NAME.html",
        **{name: f"NAME.{name}" for name in ("apng", "webp", "mp4", "webm")},
    }


def test_colors_replace_those_of_the_theme(convgif: Convgif) -> None:
    """One by one, or by a theme's file; what is given by itself comes first."""
    Path("mine.toml").write_text('base = "print"\ninput = "#ff0000"\noutput = "#00ff00"\n')
    figure = "padding_strides --frames 0 --cell 10 -o"
    convgif(f"strip {figure} file.png --theme mine.toml")
    convgif(f"strip {figure} both.png --theme mine.toml --colors output=#0f0,input=#f00")
    convgif(f"strip {figure} options.png --theme print --colors 'input=#f00, output=#0f0'")
    convgif(f"strip {figure} other.png --theme mine.toml --colors input=#f80")
    file, both, options, other = (Path(f"{name}.png").read_bytes() for name in ("file", "both", "options", "other"))
    assert file == both == options != other
    with Image.open("other.png") as image:
        colors = {color for _, color in image.getcolors(1 << 20) or []}
    assert {(255, 136, 0), (0, 255, 0)} <= colors
    assert (255, 0, 0) not in colors


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


WITH_NUMBERS = [
    ("matrix", "conv --input-size 2 --kernel-size 1", "[[1]]"),
    ("matrix --direct-matrix", "conv-transpose --input-size 2 --kernel-size 1", "[[1]]"),
    ("scatter", "conv-transpose --input-size 2 --kernel-size 2", "[[1,2],[0,1]]"),
    ("construction", "conv-transpose --input-size 2 --kernel-size 1", "[[1]]"),
    ("story", "conv --input-size 2 --kernel-size 1", "[[1]]"),
    ("isometric", "conv --input-size 2 --kernel-size 1", "[[1]]"),
]


@pytest.mark.parametrize(("view", "layer", "kernel"), WITH_NUMBERS)
def test_numbers_reach_every_view(convgif: Convgif, view: str, layer: str, kernel: str) -> None:
    """The same numbers give the same bytes; others, of input or kernel, another picture."""
    line = f"draw {layer} --view {view} --cell 14"
    for name, last, weights in (
        ("a", 1, kernel),
        ("b", 1, kernel),
        ("c", 2, kernel),
        ("d", 1, kernel.replace("1", "3")),
    ):
        convgif(f"{line} --input-values '[[1, 2], [3, {last}]]' --kernel-values '{weights}' -o {name}.gif")
    convgif(f"{line} -o none.gif")
    a, b, *others = (Path(f"{name}.gif").read_bytes() for name in ("a", "b", "c", "d", "none"))
    assert a == b
    assert len({a, *others}) == 4


@pytest.mark.parametrize(
    ("line", "frames"),
    [
        ("conv --input-size 4 --kernel-size 3 --view story", 1 + 4 + 9 + 1 + 1 + 1 + 16),
        ("conv --input-size 3 --kernel-size 2 --padding 1 --view matrix --reveal --labels --caption", 16),
        ("conv-transpose --input-size 2 --kernel-size 2 --stride 2 --padding 1 --view scatter --kernel-map", 4 + 3),
        ("conv-transpose --input-size 2x1 --kernel-size 2 --stride 2 --view construction", 1 + 7 + 1 + 1 + 8 + 8),
        ("conv-transpose --input-size 2 --kernel-size 2 --view construction", 1 + 1 + 1 + 8 + 9),
        ("conv-transpose --input-size 2 --kernel-size 2 --prologue --labels --title 'A title'", 1 + 1 + 1 + 9),
        ("conv-transpose --input-size 2 --kernel-size 2 --view flat --prologue", 1 + 1 + 1 + 9),
        ("conv --input-size 3 --kernel-size 2 --padding 1 --prologue", 2 + 16),
        ("max-pool --input-size 4 --kernel-size 2 --prologue --reveal --caption --view flat", 1 + 4),
    ],
)
def test_draw_every_view(convgif: Convgif, line: str, frames: int) -> None:
    said = convgif(f"draw {line} --cell 8 --theme muted -o my.gif")
    assert written() == {"my.gif"}
    with Image.open("my.gif") as image:
        size = f"{image.width}x{image.height}"
    assert re.fullmatch(rf"my\.gif +{frames} frames? +{size} px +{Path('my.gif').stat().st_size:,} bytes\n", said)


@pytest.mark.parametrize("frame_ms", [1000, 333])
def test_every_format_keeps_the_time_of_each_frame(convgif: Convgif, frame_ms: int) -> None:
    """Moves are short frames among long ones; a GIF counts in hundredths of a second and may join equal frames."""
    convgif(
        "render story_no_padding_strides construction_i2_s2_p0 dilation --formats gif,sheet --cell 5 "
        f"--frame-ms {frame_ms} --hold-ms 700"
    )
    short = round(frame_ms * 0.08)
    # Runs of frames, long ones and short ones in turn.
    runs = {
        "story_no_padding_strides": (1 + 4 + 1, 8, 1, 7, 1 + 1 + 16),
        "construction_i2_s2_p0": (1, 7, 1 + 1 + 1, 7, 25),
        "dilation": (9,),
    }
    for name in runs:
        frames = json.loads(Path(f"out/sheet/{name}.json").read_text(encoding="utf-8"))["frames"]
        times = [frame["duration"] for frame in frames.values()]
        assert times.pop() == frame_ms + 700
        times.append(frame_ms)
        assert [(time, len(list(run))) for time, run in groupby(times)] == list(
            zip(cycle((frame_ms, short)), runs[name])
        )
        times[-1] += 700
        begins, told = list(accumulate(times, initial=0)), film(Path(f"out/gif/{name}.gif"))
        for start in told.starts:
            assert min(abs(10 * start - begin) for begin in begins) <= 5
        assert abs(10 * (told.starts[-1] + told.durations[-1]) - begins[-1]) <= 5
        assert len(told.starts) >= len(times) - 2


def test_a_title_stands_in_every_file(convgif: Convgif) -> None:
    """It is drawn, and it leads the description that a reader who cannot see the picture hears."""
    convgif("render mine --presets one.toml --cell 10 --title 'Blur: 1/2 ± é' --formats gif,sheet --out titled")
    convgif("render mine --presets one.toml --cell 10 --formats gif,sheet --out plain")
    told = load_presets("one.toml")["mine"].describe()
    assert (
        json.loads(Path("titled/sheet/mine.json").read_text(encoding="utf-8"))["meta"]["alt"]
        == f"Blur: 1/2 ± é: {told}"
    )
    assert json.loads(Path("plain/sheet/mine.json").read_text(encoding="utf-8"))["meta"]["alt"] == told
    with Image.open("titled/gif/mine.gif") as titled, Image.open("plain/gif/mine.gif") as plain:
        assert titled.height > plain.height


@pytest.mark.parametrize(
    "switch", ["labels", "caption", "reveal", "theme muted", "kernel-map", "prologue", "view matrix"]
)
def test_every_switch_changes_the_picture_and_can_be_switched_off(convgif: Convgif, switch: str) -> None:
    usual = {"theme muted": "--theme solarized", "view matrix": "--view flat"}
    back = usual.get(switch, f"--no-{switch}")
    line = "render scatter_up --formats gif --cell 8 --view flat --no-labels --no-reveal"
    convgif(f"{line} --out off")
    convgif(f"{line} --{switch} --out on")
    convgif(f"{line} --{switch} {back} --out back")
    on, off, again = (Path(f"{out}/gif/scatter_up.gif").read_bytes() for out in ("on", "off", "back"))
    assert on != off == again


# Nothing is forgotten.


def flags(*path: str) -> set[str]:
    """All option words of a command."""
    command: Any = cli
    for name in path:
        command = command.commands[name]
    return {word for parameter in command.params for word in (*parameter.opts, *parameter.secondary_opts)}


SWITCHED_OFF = {
    f"--no-{name}" for name in ("labels", "caption", "reveal", "kernel-map", "prologue", "direct-matrix", "transparent")
}


@pytest.mark.parametrize("kind", LAYERS)
def test_every_option_of_a_layer_and_a_figure_is_on_the_command_line(kind: str) -> None:
    layer = {as_flag(name) for name in inspect.signature(LAYERS[kind]).parameters}
    figure = {as_flag(name) for name in options()}
    extra = {"--no-count-include-pad"} if kind == "avg_pool" else set()
    name = kind.replace("_", "-")
    assert flags("draw", name) == layer | figure | extra | {"-o", "--output"} | SWITCHED_OFF
    assert flags("explain", name) == layer | extra


def test_every_option_that_suits_any_figure_is_on_render() -> None:
    own = {"names", "--all", "--presets", "--out", "--formats", "--jobs", "--force", "--quiet", "-q"} | SWITCHED_OFF
    assert flags("render") == own | {as_flag(name) for name in options() if name not in NUMBERS}
    assert flags("list") == {"--presets", "--family"}
    own = {"name", "--presets", "--frames", "-o", "--output"} | SWITCHED_OFF
    assert flags("strip") == own | {as_flag(name) for name in options() if name not in NUMBERS}


# What it says when it cannot.

DRAW = "draw conv --input-size 5 --kernel-size 3 -o x.gif"

EXISTS = "cannot be written: file exists; choose another place"
NEITHER = "is neither a preset nor a kind of layer"
A_VIEW = "must be isometric, flat, matrix, scatter, construction or story"
A_THEME = "must be solarized, muted, dark, colorblind or print"
AN_ENDING = (
    "must end in .gif, .png, .svg, .pdf, .html, .apng, .webp, .mp4, .webm (.png is a sprite sheet), or in / for a "
    "folder of frames"
)
A_TITLE = "must be a line of text, 120 characters at most"
TRANSPOSED_ONLY = "draws transposed convolution only, and this is"
CONVOLVED_ONLY = "draws convolution and transposed convolution only, and this is"
FOR_CONV = "choose isometric, flat, matrix or story"
FOR_POOLING = "choose isometric or flat"
NO_PROLOGUE = "the {} view has none; leave it out, or choose --view isometric, flat, construction or story"
NO_KERNEL = "the {} view has none; leave it out, or choose --view flat, scatter or construction"
UP = "draw conv-transpose --input-size 2 --kernel-size 3 -o x.gif"
POOL = "draw max-pool --input-size 4 --kernel-size 2 -o x.gif"
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
    ("render dilation --view falt", f"--view falt: {A_VIEW}; did you mean flat?"),
    ("render dilation --theme light", f"--theme light: {A_THEME}"),
    ("render dilation --theme mute", f"--theme mute: {A_THEME}; did you mean muted?"),
    ("render dilation --theme nosuch.toml", "nosuch.toml: cannot be read: no such file or directory"),
    ("strip dilation --frames 9 -o x.pdf", "--frames 9: the figure has 9 frames, 0 to 8"),
    (
        "strip dilation --frames -1,0,9 -o x.pdf",
        "--frames -1: the figure has 9 frames, 0 to 8\n--frames 9: the figure has 9 frames, 0 to 8",
    ),
    ("strip dilation --frames 1,x -o x.pdf", "--frames 1,x: must be numbers of frames such as 0,1,4,8"),
    ("strip dilation --frames '' -o x.pdf", "--frames '': must be numbers of frames such as 0,1,4,8"),
    ("strip dilation --frames 0 -o x.gif", "output = 'x.gif': must end in .pdf, .svg, .png"),
    ("strip dilation --frames 0 -o afile/x.pdf", f"output afile: {EXISTS}"),
    ("themes -o x.gif", "output = 'x.gif': must end in .pdf, .svg, .png"),
    (f"{DRAW} --colors inptu=#fff", "--colors inptu: there is no such role; did you mean input?"),
    (f"{DRAW} --colors input=red", "--colors input=red: must be a colour such as '#268bd2'"),
    (
        f"{DRAW} --theme print --colors text_on_shadow=#777",
        "--colors text_on_shadow: has a contrast of 1.7 with shadow_on_input, which it is written on; it must be 4.5 "
        "at least\n--colors text_on_shadow: has a contrast of 1.7 with shadow_on_output, which it is written on; "
        "it must be 4.5 at least",
    ),
    (f"{DRAW} --title ' '", f"--title  : {A_TITLE}"),
    (f"{DRAW} --title 'a\tb'", rf"--title a\tb: {A_TITLE}"),
    (f"{DRAW} --title {'y' * 121}", f"--title {'y' * 56} ...: {A_TITLE}"),
    (f"{DRAW} --title '积 blur 卷积'", "--title 积 blur 卷积: the typeface has no 积, 卷; leave that out"),
    ("render mine --presets one.toml --title 🙂", "[mine] --title 🙂: the typeface has no 🙂; leave that out"),
    (f"{DRAW} --view scatter", f"--view scatter: {TRANSPOSED_ONLY} convolution; {FOR_CONV}"),
    (f"{DRAW} --view construction", f"--view construction: {TRANSPOSED_ONLY} convolution; {FOR_CONV}"),
    (f"{POOL} --view scatter", f"--view scatter: {TRANSPOSED_ONLY} max pooling; {FOR_POOLING}"),
    (
        "draw avg-pool --input-size 4 --kernel-size 2 -o x.gif --view matrix --reveal --title a",
        f"--view matrix: {CONVOLVED_ONLY} average pooling; {FOR_POOLING}",
    ),
    (f"{DRAW} --kernel-map", f"--kernel-map: {NO_KERNEL.format('isometric')}"),
    (
        f"{DRAW} --view matrix --prologue --kernel-map --direct-matrix",
        f"--prologue: {NO_PROLOGUE.format('matrix')}\n"
        f"--kernel-map: {NO_KERNEL.format('matrix')}\n"
        "--direct-matrix: suits transposed convolution only, and this is convolution; leave it out",
    ),
    (f"{UP} --direct-matrix", "--direct-matrix: the isometric view has none; leave it out, or choose --view matrix"),
    (f"{UP} --view scatter --prologue", f"--prologue: {NO_PROLOGUE.format('scatter')}"),
    (
        f"{POOL} --view flat --kernel-map",
        "--kernel-map: suits convolution and transposed convolution only, and this is max pooling; leave it out",
    ),
    (
        "draw conv --input-size 20 --kernel-size 7 --view matrix -o x.gif",
        "--view matrix: the 49 weights of a matrix row would take up to 59 cells side by side, of which 45 can be "
        "read; choose a smaller --kernel-size or --input-size, or the flat view",
    ),
    (
        f"{UP} --view scatter --input-values [[1,2,3]] --kernel-values [[1]]",
        "--input-values ((1, 2, 3),): is 1 x 3, must be 2 x 2\n--kernel-values ((1,),): is 1 x 1, must be 3 x 3",
    ),
    (
        f"{UP} --view matrix --input-values [[1,2],[3,4]]",
        "--kernel-values: is missing; or --values random makes it up",
    ),
    (
        "render mine --presets one.toml --view construction",
        f"[mine] --view construction: {TRANSPOSED_ONLY} convolution; {FOR_CONV}",
    ),
    (
        "render --all --view matrix",
        f"[numerical_average_pooling] --view matrix: {CONVOLVED_ONLY} average pooling; {FOR_POOLING}\n"
        f"[numerical_max_pooling] --view matrix: {CONVOLVED_ONLY} max pooling; {FOR_POOLING}",
    ),
    (
        "render --all --prologue --formats gif",
        "\n".join(
            f"[{name}] --prologue: {NO_PROLOGUE.format(figure.view)}"
            for name, figure in load_presets().items()
            if figure.view in ("matrix", "scatter")
        ),
    ),
    ("check pool.toml", f"pool.toml: [pool] view = 'scatter': {TRANSPOSED_ONLY} max pooling; {FOR_POOLING}"),
    (
        "check title.toml",
        "title.toml: [mine] title = '卷积 1': the typeface has no 卷, 积; leave that out\n"
        f"title.toml: [yours] prologue = True: {NO_PROLOGUE.format('matrix').replace('--view', 'view =')}",
    ),
    (
        "render --all --view falt --loop -1 --columns 0",
        f"--view falt: {A_VIEW}; did you mean flat?\n"
        "--loop -1: must be an integer from 0 to 65,536\n"
        "--columns 0: must be an integer >= 1",
    ),
    (
        "render dilation --view falt --loop -1 --columns 0",
        f"--view falt: {A_VIEW}; did you mean flat?\n"
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
        "draw conv --input-size 5 --kernel-size 3 -o x.mpeg",
        f"output = 'x.mpeg': {AN_ENDING}",
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
            "render dilation --formats gif,xyz",
            ["format", "'xyz'", "there is no such format; known are apng, gif, html, mp4, pdf, png, poster, sheet and"],
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
    f"{DRAW} --title ''",
    f"{DRAW} --title",
    f"{DRAW} --labels yes",
    f"{DRAW} --view Matrix",
    f"{DRAW} --view ''",
    f"{DRAW} --view scatter --values random",
    f"{POOL} --view construction --kernel-map",
    f"{POOL} --view matrix",
    f"{POOL} --no-nothing",
    f"{UP} --view matrix --input-values [[1,2],[3,4]] --kernel-values [[1]]",
    f"{UP} --view matrix --cell 3",
    f"{UP} --view scatter --max-frames 4",
    f"{UP} --view construction --max-pixels 100000",
    "draw conv --input-size 2000 --kernel-size 2 --view matrix -o x.gif",
    "draw conv --input-size 2000 --kernel-size 2 --view story -o x.gif",
    "draw conv-transpose --input-size 2000 --kernel-size 2 --view scatter -o x.gif",
    "draw conv-transpose --input-size 2000 --kernel-size 2 --view construction -o x.gif",
    "draw conv-transpose --input-size 1 --kernel-size 99999 --padding 49999 --view scatter -o x.gif",
    "render --all --view scatter",
    "render --all --view construction",
    "render --all --view story",
    "render --all --kernel-map",
    "render --all --direct-matrix",
    "render --all --title 卷",
    "render mine --presets one.toml --formats png --view scatter",
    "draw conv --input-size 3 --kernel-size 2 -o x",
    "draw conv --input-size 3 --kernel-size 2 -o x.mpeg",
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
    "list --family extra",
    "list --family --presets nosuch.toml",
    "list --presets pool.toml",
    "list --family --presets pool.toml",
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
        ("convgif render --view ", ["isometric", "flat", "matrix", "scatter", "construction", "story"]),
        ("convgif render --view s", ["scatter", "story"]),
        ("convgif render --theme ", ["solarized", "muted", "dark", "colorblind", "print"]),
        ("convgif render --no-l", ["--no-labels"]),
        ("convgif list --f", ["--family"]),
        ("convgif render scatter_s", ["scatter_strides"]),
        ("convgif render --vi", ["--view"]),
        ("convgif draw ", ["avg-pool", "conv", "conv-transpose", "max-pool"]),
        ("convgif draw conv --values ", ["random"]),
        ("convgif explain conv", ["conv", "conv-transpose"]),
        ("convgif explain con", ["conv", "conv-transpose", "construction_i2_s2_p0", "construction_i3_s2_p1"]),
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
