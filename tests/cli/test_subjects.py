"""What commands are about: layers and presets, their options, and what replaces what."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from convgif.arithmetic.explanation import explain
from convgif.cli.commands import FIGURE, cli
from convgif.cli.parameters import GROUPS
from convgif.cli.subjects import Subjects
from convgif.documents import table_of
from convgif.figure import OPTIONS
from convgif.options import Flag, by_name
from convgif.presets import load_presets
from convgif.registry import LAYERS, THEMES, VIEWS
from tests.cli.conftest import Convgif, written

FURTHER = {"draw": "-o x.svg", "strip": "--frames 0,1 -o x.svg", "embed": "--for gif", "explain": ""}
"""What each command needs beside a subject."""
VERBS = [name for name, command in cli.commands.items() if isinstance(command, Subjects)]
KINDS = [name.replace("_", "-") for name in LAYERS]
SMALL = "-i 4 -k 2"


def command_of(verb: str, name: str) -> click.Command:
    group = cli.commands[verb]
    assert isinstance(group, click.Group)
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


def words_of(verb: str, name: str) -> set[str]:
    """All flags of a command about a subject."""
    return {
        word for flag in command_of(verb, name).params for word in (*flag.opts, *flag.secondary_opts) if word[0] == "-"
    }


def test_every_command_about_a_subject_is_tried_here() -> None:
    assert set(VERBS) == {*FURTHER}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", LAYERS)
def test_every_command_takes_every_layer_by_short_and_long_flags(convgif: Convgif, verb: str, kind: str) -> None:
    """The name may be written with either dash."""
    adaptive = "kernel_size" not in by_name(LAYERS[kind].parameters)
    short = "-i 4 --output-size 3" if adaptive else f"{SMALL} -s 2 -p 1"
    said = convgif(f"{verb} {kind.replace('_', '-')} {short} {FURTHER[verb]}", notes=verb == "embed")
    assert said
    first = {path: Path(path).read_bytes() for path in written()}
    sizes = "--output-size 3x3" if adaptive else "--kernel-size 2 --stride 2 --padding 1"
    long = f"--input-size 4 {sizes}"
    assert convgif(f"{verb} {kind} {long} {FURTHER[verb]}", notes=verb == "embed") == said
    assert first == {path: Path(path).read_bytes() for path in written()}


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_takes_a_line_of_code(convgif: Convgif, verb: str) -> None:
    """It is the layer with those arguments; flags replace some."""
    notes = verb == "embed"
    said = convgif(f"{verb} 'nn.MaxPool2d(3, 2, padding=1)' -i 6 -k 2 {FURTHER[verb]}", notes=notes)
    drawn = {path: Path(path).read_bytes() for path in written()}
    assert convgif(f"{verb} max-pool -i 6 -k 2 -s 2 -p 1 {FURTHER[verb]}", notes=notes) == said
    assert drawn == {path: Path(path).read_bytes() for path in written()}


@pytest.fixture
def model() -> str:
    """The file of an ONNX model with two nodes."""
    onnx = pytest.importorskip("onnx")
    make = onnx.helper.make_node
    nodes = [make("Conv", ["x", "w"], ["c"], "conv1"), make("MaxPool", ["c"], ["y"], "pool", kernel_shape=[2, 2])]
    ends = [onnx.helper.make_tensor_value_info(name, 1, shape) for name, shape in (("x", (1, 1, 5, 5)), ("y", None))]
    weight = onnx.helper.make_tensor("w", 1, (2, 1, 3, 3), [0.25] * 9 + [0.5] * 9)
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph(nodes, "g", ends[:1], ends[1:], [weight])), "model.onnx")
    return "onnx model.onnx"


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_takes_a_node_of_a_model(convgif: Convgif, model: str, verb: str) -> None:
    notes = verb == "embed"
    assert convgif(f"{verb} {model} --node pool {FURTHER[verb]}", notes=notes)
    said = convgif(f"{verb} {model} --node=conv1 --channel 1,0 --random 3 {FURTHER[verb]}", notes=notes)
    drawn = {path: Path(path).read_bytes() for path in written()}
    weight = "'0.5 0.5 0.5; 0.5 0.5 0.5; 0.5 0.5 0.5'"
    same = convgif(f"{verb} conv -i 5 -k 3 --weight {weight} --random 3 {FURTHER[verb]}", notes=notes)
    assert same.replace("/conv.", "/conv1.") == said
    assert drawn == {path: Path(path).read_bytes() for path in written()}


def test_what_is_wrong_with_a_node_is_said(convgif: Convgif, model: str) -> None:
    for line, said in (
        ("onnx", "onnx: must be followed by the file of a model, as in convgif explain onnx model.onnx --node conv1"),
        ("onnx none.onnx", "none.onnx: cannot be read: no such file or directory"),
        (model, "--node: is missing; model.onnx has 2 layers: conv1, pool"),
        (f"{model} --node conv2", "--node = 'conv2': there is no such layer that can be drawn; did you mean conv1?"),
        (f"{model} --node conv1 --channel 1", "--channel 1: must be the numbers of an output and an input channel"),
        (f"{model} --node conv1 -s 0", "--stride 0: must be an integer >= 1"),
        (f"{model} --node conv1 -i 2", "conv1: Conv: kernel_shape = (3, 3): does not fit"),
    ):
        assert convgif(f"explain {line}", code=2).startswith(f"convgif: {said}")
    assert "--channel" not in convgif(f"explain {model} --node pool --help")


def test_what_is_wrong_with_code_and_flags_is_said_at_once_and_each_in_its_words(convgif: Convgif) -> None:
    wrong = "explain 'layers.MaxPool2D(2, strides=0)'"
    said = "convgif: layers.MaxPool2D: strides = 0: must be an integer >= 1\n"
    assert convgif(wrong, code=2) == f"convgif: --input-size: is missing\n{said}"
    assert convgif(f"{wrong} -i 0", code=2) == f"convgif: --input-size 0: must be an integer >= 1\n{said}"
    assert convgif(f"{wrong} -i 4 -s 2").startswith("Max pooling of a 4x4 input with a 2x2 window, stride 2")
    fits = convgif("explain 'nn.Conv2d(1, 1, 5)' -i 3", code=2)
    assert fits.startswith("convgif: nn.Conv2d: kernel_size = (5, 5): does not fit")
    assert convgif("explain 'nn.Conv2d(1, 1, 3)' -i 3 -k 5", code=2).startswith("convgif: --kernel-size 5x5: does not")
    assert convgif("explain 'nn.Conv2d(1, 1, 3, 2, padding=\"same\")' -i 4 -s 1").startswith("Convolution of a 4x4")


def test_channels_of_code_and_nodes_pass_on_where_the_view_draws_them(convgif: Convgif, model: str) -> None:
    def drawn(line: str) -> bytes:
        convgif(f"draw {line} --view channels -o a.svg")
        return Path("a.svg").read_bytes()

    grouped = drawn("conv -i 4 -k 3 --in-channels 4 --out-channels 2 --groups 2")
    assert drawn("'nn.Conv2d(4, 2, 3, groups=2)' -i 4") == grouped
    assert drawn("'nn.Conv2d(n, 2, 3, groups=2)' -i 4 --in-channels 4") == grouped
    assert drawn("'layers.Conv2D(2, 3, groups=2)' -i 4 --in-channels 4") == grouped
    assert "in_channels: must be a number" in convgif("draw 'nn.Conv2d(n, 2, 3)' -i 4 --view channels -o a.svg", code=2)
    assert drawn(f"{model} --node conv1") == drawn("conv -i 5 -k 3 --out-channels 2")
    assert convgif("explain 'nn.Conv2d(n, 2, 3)' -i 4") == convgif("explain conv -i 4 -k 3")


@pytest.mark.parametrize("verb", VERBS)
def test_presets_are_chosen_before_or_behind_the_name(convgif: Convgif, verb: str) -> None:
    notes = verb == "embed"
    said = [
        convgif(f"{verb} {line} {FURTHER[verb]}", notes=notes)
        for line in ("mine --presets ok.toml", "--presets ok.toml mine", "mine --presets=ok.toml")
    ]
    assert said[0] == said[1] == said[2] != ""
    assert convgif(f"{verb} dilation {FURTHER[verb]}", notes=notes)
    refused = convgif(f"{verb} mine {FURTHER[verb]}", code=2)
    assert refused.startswith("convgif: mine: is neither a kind of layer nor a preset; layers are conv, ")


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_given_replaces_what_a_preset_says(convgif: Convgif, verb: str) -> None:
    if verb == "explain":
        layer = load_presets("ok.toml")["mine"].layer
        assert convgif("explain mine --presets ok.toml") == f"{explain(layer)}\n"
        assert convgif("explain mine --presets ok.toml -i 5 -d 2") == (
            convgif("explain conv --input-size 5 --kernel-size 3 --dilation 2")
        )
        return
    further = FURTHER[verb].replace("x.svg", "{}.svg")
    convgif(f"draw mine --presets ok.toml {FURTHER['draw'].replace('x', 'usual')}")
    convgif(f"draw mine --presets ok.toml -i 5 --no-labels {FURTHER['draw'].replace('x', 'other')}")
    convgif(f"draw conv -i 5 -k 3 --cell 10 {FURTHER['draw'].replace('x', 'same')}")
    usual, other, same = (Path(f"{name}.svg").read_text(encoding="utf-8") for name in ("usual", "other", "same"))
    assert usual != other == same
    assert convgif(f"{verb} mine --presets ok.toml -i 5 {further.format('y')}", notes=verb == "embed")


def test_a_layer_of_one_axis_and_sizes_of_two(convgif: Convgif) -> None:
    """Whoever types two numbers means a pair, whatever stands between them."""
    assert convgif("explain conv -i 9, -k 3").startswith("Convolution of an input of 9 ")
    first, *others = [convgif(f"explain conv -i '{size}' -k 1") for size in ("5x6", "5 6", "5,6", "5, 6", "5X6")]
    assert "a 5x6 input" in first
    assert {*others} == {first}
    assert "a 5x5 input" in convgif("explain conv -i '5 5' -k 3")


def test_the_seed_may_be_left_out(convgif: Convgif) -> None:
    """Then the next flag is no seed."""
    line = "explain conv -i 4 -k 2 --random"
    zero, seven = convgif(f"{line} 0"), convgif(f"{line} 7")
    assert zero != seven
    assert convgif(line) == convgif(f"{line} --decimals 0") == convgif(f"{line} -s 1") == zero
    assert convgif("draw conv -i 4 -k 2 --random -o x.svg")
    assert written() == {"x.svg"}


def test_made_up_numbers_replace_those_of_a_preset(convgif: Convgif) -> None:
    line = "explain numbers --presets numbers.toml"
    assert convgif(line).count("[8 8 8]") == 3
    random, both = convgif(f"{line} --random 3"), convgif(f"{line} --random 3 --weight '7 7 7; 7 7 7; 7 7 7'")
    assert random == convgif("explain conv -i 4 -k 3 --random 3") != convgif(f"{line} --random 4")
    assert both.partition("weight =")[0] == random.partition("weight =")[0]
    assert both.count("[7 7 7]") == 3


def test_numbers_are_rows_or_a_file(convgif: Convgif) -> None:
    Path("x.json").write_text("[[1, 2], [3, 4]]", encoding="utf-8")
    Path("x.csv").write_text("1,2\n3,4\n", encoding="utf-8")
    first, *others = [
        convgif(f"explain max-pool -i 2 -k 2 --input {numbers}")
        for numbers in ("'[[1, 2], [3, 4]]'", "'1 2; 3 4'", "@x.json", "@x.csv")
    ]
    assert "output =\n    [[4]]" in first
    assert {*others} == {first}
    said = convgif("explain max-pool -i 2 -k 2 --input @nosuch.npy", code=2)
    assert said == "convgif: --input @nosuch.npy: there is no such file\n"


# Which options there are.


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_that_suits_a_layer_is_there_and_no_other(kind: str) -> None:
    layer: Any = LAYERS[kind.replace("-", "_")]
    options = [option for option in OPTIONS.values() if layer.has_weight or option.name != "weight"]
    options += [one.option for view in VIEWS.values() for one in view.options if issubclass(layer, one.layers)]
    expected = {word for option in layer.parameters for word in (option.long_flag, f"-{option.letter}")} - {"-"}
    numbers = {option.long_flag for option in options if option.group == "Numbers"}
    figures = {option.long_flag for option in options if option.group in FIGURE}
    on = {option.long_flag for option in layer.parameters if isinstance(option.kind, Flag) and option.default is True}
    expected |= {flag.replace("--", "--no-") for flag in on}
    assert words_of("draw", kind) - expected - figures == {
        *("--presets", "-o", "--output", "--format", "--frame", "--quiet", "-q")
    }
    assert words_of("draw", kind) >= expected | figures
    assert words_of("explain", kind) == expected | numbers | {"--presets"}


@pytest.mark.parametrize("verb", VERBS)
def test_only_what_a_preset_may_have_set_can_be_turned_off(verb: str) -> None:
    layer, preset = words_of(verb, "conv"), words_of(verb, "padding_strides")
    switches = {option.long_flag for option in OPTIONS.values() if isinstance(option.kind, Flag)} & layer
    assert not {word for word in layer if word.startswith("--no-")}
    assert {word for word in preset if word.startswith("--no-")} >= {flag.replace("--", "--no-") for flag in switches}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", ["conv-transpose", "padding_strides_transposed"])
def test_help_stands_under_headings_and_says_which_views_take_an_option(convgif: Convgif, verb: str, name: str) -> None:
    text = convgif(f"{verb} {name} --help")
    assert text.startswith(f"Usage: convgif {verb} {name} [OPTIONS]\n")
    headings = re.findall(r"^(\w+):$", text, re.MULTILINE)
    assert headings == [heading for heading in (*GROUPS, "Options") if heading in headings]
    assert "Layer" in headings
    flat = " ".join(text.split())
    for option in {one.option for view in VIEWS.values() for one in view.options} if "View" in headings else ():
        takers = [name for name, view in VIEWS.items() if option in [one.option for one in view.options]]
        if len(takers) < len(VIEWS):
            assert f"{option.meaning} [{', '.join(takers)}]" in flat


# What a shell completes.


@pytest.mark.parametrize("verb", VERBS)
def test_layers_presets_and_words_are_completed(completed: Callable[[str], list[str]], verb: str) -> None:
    assert completed(f"convgif {verb} ") == [*KINDS, *load_presets()]
    assert completed(f"convgif {verb} dil") == ["dilation"]
    assert completed(f"convgif {verb} --presets ok.toml mi") == ["mine"]
    assert completed(f"convgif {verb} mine --presets ok.toml --pad") == ["--padding", "--padding-mode"]
    assert completed(f"convgif {verb} nosuch --in") == []
    assert completed(f"convgif {verb} --presets broken.toml x") == []
    if verb != "explain":
        assert completed(f"convgif {verb} conv --view ") == [*VIEWS]
        assert completed(f"convgif {verb} conv --theme ") == [*THEMES]
        assert completed(f"convgif {verb} conv --colors input=red,kern") == ["input=red,kernel="]


def test_a_preset_with_other_options_is_another_figure() -> None:
    group = cli.commands["draw"]
    assert isinstance(group, Subjects)
    subject = group._subject("mine", "ok.toml")
    figure = subject.figure({})
    assert table_of(figure) == subject.table
    assert not subject.is_changed(figure)
    assert subject.is_changed(subject.figure({"labels": False}))
    assert group._subject("conv", None).is_changed(figure)
