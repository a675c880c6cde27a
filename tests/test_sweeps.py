"""Sweeps: their names and figures, what they cost before they are drawn, and what is said of every kind of bad one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import islice, product
from pathlib import Path
from time import process_time
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are one package more
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif import api
from convgif.arithmetic import Conv, MaxPool
from convgif.documents import schema
from convgif.errors import InputError, cut
from convgif.figure import OPTIONS, Figure
from convgif.presets import load_families, load_presets, name_rule
from convgif.registry import LAYERS, VIEWS
from convgif.sweeps import Variation, sweep_of
from tests.cli.conftest import Convgif

CONV = 'layer = "conv"\n'
SIZES = f"[sweep.sizes]\n{CONV}input_size = [3, [4, 6]]\nkernel_size = [2, 4]\n"
PRESET = f"[a_i5]\n{CONV}input_size = 5\nkernel_size = 3\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages name files as they were given, so give short names."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def convgif(capsys: pytest.CaptureFixture[str]) -> Convgif:
    """The command."""
    return Convgif(capsys)


def loaded(text: str) -> Any:
    """What a file with that text has."""
    Path("m.toml").write_text(text, encoding="utf-8")
    return load_presets("m.toml")


def problems(make: Callable[[], object]) -> list[str]:
    """What is said, a line each."""
    with pytest.raises(InputError) as caught:
        make()
    return str(caught.value).splitlines()


# Names and figures.


def test_a_list_stands_for_several_values_each_as_a_preset_has_it() -> None:
    figures = loaded(f"{PRESET}{SIZES}")
    assert list(figures) == ["a_i5", "sizes_i3_k2", "sizes_i4x6_k2", "sizes_i4x6_k4"]
    assert figures["sizes_i4x6_k2"].layer == Conv((4, 6), 2)
    assert dict(figures) == {name: figures[name] for name in figures}
    assert len(figures) == 4


def test_defaults_are_as_in_presets_so_a_list_there_is_one_value() -> None:
    figures = loaded(f"[defaults]\ninput_size = [4, 6]\ncell = 20\n[sweep.s]\n{CONV}kernel_size = [1, 2]\n")
    assert [figure.layer for figure in figures.values()] == [Conv((4, 6), 1), Conv((4, 6), 2)]
    assert {figure.cell for figure in figures.values()} == {20}


def test_numbers_are_rows_and_never_vary() -> None:
    sweep = sweep_of("s", {"layer": "max_pool", "input_size": 2, "kernel_size": [1, 2], "input": [[1, 2], [3, 4]]})
    assert sweep["s_k2"] == Figure(MaxPool(2, 2), input=[[1, 2], [3, 4]])


def test_options_vary_as_well() -> None:
    table = {"layer": "conv", "input_size": 5, "kernel_size": 3, "view": ["flat", "isometric"], "reveal": [True, False]}
    assert list(sweep_of("s", table)) == [
        "s_view-flat_reveal-true",
        "s_view-flat_reveal-false",
        "s_view-isometric_reveal-true",
        "s_view-isometric_reveal-false",
    ]


def test_the_order_of_keys_changes_no_name() -> None:
    table = {"layer": "conv", "stride": [1, 2], "kernel_size": [1, 2], "input_size": 5}
    assert list(sweep_of("s", table)) == list(sweep_of("s", dict(reversed(table.items()))))


@pytest.mark.parametrize(
    ("option", "values", "marks"),
    [
        ("padding", [0, "same", [0, 1], [[0, 1], [2, 2]]], ["p0", "p-same", "p0x1", "p0-1x2-2"]),
        ("padding", ["same_upper"], ["p-same-upper"]),
        ("input_size", [3, [3], [3, 3]], ["i3", "i3x", "i3x3"]),
        ("cell", [20, 12.5], ["cell20", "cell12.5"]),
        ("title", ["A", "a"], ["title1", "title2"]),
        ("title", ["x" * 30, "y"], ["title1", "title2"]),
        ("frame_range", ["0:4", "4:"], ["frame_range1", "frame_range2"]),
        ("colors", [{"input": "#fff"}, {"input": "#000"}], ["colors1", "colors2"]),
    ],
)
def test_a_value_is_marked_in_names(option: str, values: list[Any], marks: list[str]) -> None:
    """As it is written, unless that were no name of a file, or not one for each."""
    declared = OPTIONS.get(option) or next(one for one in LAYERS["conv"].parameters if one.name == option)
    assert list(Variation(declared, tuple(map(declared.checked, values))).values) == marks


LISTS = st.lists(st.integers(2, 8) | st.lists(st.integers(1, 8), min_size=2, max_size=2), min_size=1, unique_by=str)


@settings(deadline=None, derandomize=True, database=None, max_examples=30)
@given(LISTS, LISTS, st.lists(st.sampled_from(list(VIEWS)), min_size=1, max_size=3, unique=True))
def test_every_name_leads_to_its_own_figure(inputs: list[Any], kernels: list[Any], views: list[str]) -> None:
    inputs, kernels = inputs[:4], kernels[:4]
    sweep = sweep_of("a_b", {"layer": "conv", "input_size": [9, *inputs], "kernel_size": [1, *kernels], "view": views})
    made = []
    for size, kernel, view in product((9, *inputs), (1, *kernels), views):
        with suppress(InputError):
            made.append(Figure(Conv(size, kernel), view=view))
    assert [sweep[name] for name in sweep] == made
    assert len({name.casefold() for name in sweep}) == len(sweep) == len(made) == sweep.combinations - sweep.refused
    assert all(name_rule(name) is None and len(name) <= len(sweep.longest_name) for name in sweep)


def test_millions_of_combinations_cost_nothing_until_they_are_drawn() -> None:
    many = str(list(range(1, 221)))
    before = process_time()
    figures = loaded(f"[sweep.s]\n{CONV}input_size = {many}\nkernel_size = {many}\nstride = {many}\n")
    (sweep,) = figures.sweeps.values()
    assert sweep.combinations == 220**3 > 10_000_000
    assert list(islice(figures, 2)) == ["s_i1_k1_s1", "s_i1_k1_s2"]
    assert "s_i200_k3_s100" in figures
    assert "s_i3_k200_s100" not in figures
    assert figures["s_i200_k3_s100"].layer == Conv(200, 3, 100)
    assert process_time() - before < 1


# What is no layer.


def test_combinations_that_are_no_layers_are_counted() -> None:
    figures = loaded(SIZES)
    (sweep,) = figures.sweeps.values()
    assert sweep.summary == "1 of 4 combinations is no layer"
    assert sweep_of("s", {"layer": "conv", "input_size": 3, "kernel_size": [1, 2]}).summary == ""
    assert "sizes_i3_k4" not in figures
    with pytest.raises(KeyError):
        figures["sizes_i3_k4"]
    assert str(figures.refusal("sizes_i3_k4")).startswith("m.toml:4:1: [sweep.sizes] sizes_i3_k4: kernel_size = [4, 4]")
    assert figures.refusal("sizes_i4x6_k4") is None


def test_a_sweep_without_any_layer_says_so() -> None:
    figures = loaded(f"[sweep.s]\n{CONV}input_size = 2\nkernel_size = [3, 4]\n")
    (line,) = problems(lambda: list(figures))
    said = "none of the 2 combinations is a layer; the first: s_k3: kernel_size = [3, 3]: does not fit"
    assert line.startswith(f"m.toml:4:1: [sweep.s] {said}")


def test_what_is_wrong_with_a_figure_is_no_lack_of_a_layer() -> None:
    figures = loaded(f"[sweep.s]\n{CONV}input_size = 5\nkernel_size = [2, 3]\nrandom = 0\nweight = [[1, 2], [3, 4]]\n")
    assert len(figures) == 2
    assert figures["s_k2"].weight == ((1, 2), (3, 4))
    (line,) = problems(lambda: dict(figures))
    assert line.startswith("m.toml:6:1: [sweep.s] s_k3: weight = [[1, 2], [3, 4]]: is 2 x 2")


# What is wrong with a sweep.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stride = [1, 0]", ["5:1: [sweep.s] stride = 0: must be an integer >= 1"]),
        ("stride = 0", ["5:1: [sweep.s] stride = 0: must be an integer >= 1"]),
        ("stride = []", ["5:1: [sweep.s] stride = []: must list one value at least"]),
        ("stride = [2, 2]", ["5:1: [sweep.s] stride = 2: is listed twice"]),
        ("stride = [[1, 2, 3, 4]]", ["5:1: [sweep.s] stride = [1, 2, 3, 4]: must be an integer >= 1, or one for each"]),
        ("stide = [1, 2]", ["5:1: [sweep.s] stide: there is no such option; did you mean stride?"]),
        ("output_padding = [0, 1]", ["5:1: [sweep.s] output_padding: there is no such option; did you mean "]),
        ('view = ["flat", "falt"]', ['5:1: [sweep.s] view = "falt": must be ']),
        ("expect_output_size = 3", ["5:1: [sweep.s] expect_output_size: must be left out: "]),
        (
            "weight = [1, [2, 3], []]\ncell = [1, 500]",
            ["6:1: [sweep.s] cell = 1: must be", "6:1: [sweep.s] cell = 500: "],
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: list[str]) -> None:
    lines = problems(lambda: loaded(f"[sweep.s]\n{CONV}input_size = 5\nkernel_size = [1, 2]\n{text}\n"))
    assert len(lines) == len(said)
    assert all(line.startswith(f"m.toml:{start}") for line, start in zip(lines, said, strict=True))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[sweep.s]\ninput_size = [5]\n", "1:1: [sweep.s] layer: is missing; known are "),
        ('[sweep.s]\nlayer = ["conv"]\n', '2:1: [sweep.s] layer = ["conv"]: there is no such layer'),
        (f"[sweep.s]\n{CONV}input_size = [5]\n", "1:1: [sweep.s] kernel_size: is missing"),
        (f"[sweep.s]\n{CONV}input_size = 5\nkernel_size = 3\n", "1:1: [sweep.s] varies nothing; give one key a list"),
        (f"[sweep]\n{CONV}", '2:1: layer = "conv": must stand in a table: put [sweep.NAME] above it'),
        ("sweep = 3\n", "1:1: sweep = 3: must stand in a table: put [NAME] above it"),
        (f'[sweep."../x"]\n{CONV}input_size = 5\nkernel_size = [3]\n', "1:1: [sweep.../x] the name: must be a plain"),
        (
            f"[sweep.{'n' * 97}]\n{CONV}input_size = 5\nkernel_size = [3, 30]\n",
            f"1:1: [sweep.{cut('n' * 97)}] makes names of",
        ),
        (f"[defaults]\nstride = 0\n{SIZES}", "2:1: [sweep.sizes] stride = 0: must be an integer >= 1"),
        (f"[defaults]\nexpect_output_size = 3\n{SIZES}", "2:1: [sweep.sizes] expect_output_size: must be left out"),
        ("sweep = { s = { stride = 0 } }\n", "1:11: [sweep.s] stride = 0: "),
        ("[sweep]\ns.stride = 0\n", "2:1: [sweep.s] stride = 0: "),
        (f"[sweep.s]\n{CONV}input_size = 5\nkernel_size = [1]\n[s]\n{CONV}", "1:1: [sweep.s] has the name of another"),
    ],
)
def test_what_is_no_sweep(text: str, said: str) -> None:
    assert any(line.startswith(f"m.toml:{said}") for line in problems(lambda: loaded(text)))


@pytest.mark.parametrize(
    ("other", "clash"),
    [
        (PRESET, True),
        (PRESET.replace("a_i5", "A_I5"), True),
        (PRESET.replace("a_i5", "a_i7"), False),
        (PRESET.replace("a_i5", "a_i5_x"), False),
        (f"[sweep.a_i5]\n{CONV}input_size = 5\nkernel_size = [3]\n", True),
        (f"[sweep.a_i7]\n{CONV}input_size = 5\nkernel_size = [3]\n", False),
        (f"[sweep.A]\n{CONV}input_size = [9]\nkernel_size = 3\n", True),
    ],
)
def test_no_two_figures_have_one_name(other: str, clash: bool) -> None:
    """Whichever of them comes first, and in different files."""
    own = f"[sweep.a]\n{CONV}input_size = [5, 6]\nkernel_size = 3\n"
    Path("set").mkdir()
    for first, second in ((own, other), (other, own)):
        Path("set/1.toml").write_text(first)
        Path("set/2.toml").write_text(second)
        if clash:
            assert any(" the name of another preset, " in line for line in problems(lambda: load_presets("set")))
        else:
            assert load_presets("set")


def test_two_sweeps_meet_only_where_their_names_do() -> None:
    one = f"[sweep.a]\n{CONV}input_size = [5, 6]\nkernel_size = [2, 3]\n"
    other = f"[sweep.a_i5]\n{CONV}input_size = 5\nkernel_size = [3]\n"
    assert problems(lambda: loaded(one + other)) == [
        "m.toml:5:1: [sweep.a_i5] makes the name of another preset, m.toml:1:1: [sweep.a]"
    ]
    assert len(loaded(one + other.replace("[3]", "[1]"))) == 5


# Where they are known.


def test_the_schema_knows_sweeps() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    table = {"layer": "conv", "input_size": [3, [4, 6]], "kernel_size": 2, "padding": [0, "same"], "view": ["flat"]}
    assert validator.is_valid({"sweep": {"a": {**table, "weight": [[1]]}}})
    wrong: dict[str, Any]
    for wrong in ({"stide": [1]}, {"stride": [0]}, {"stride": []}, {"layer": ["conv"]}, {"expect_output_size": 3}):
        assert not validator.is_valid({"sweep": {"a": {**table, **wrong}}})
    assert not validator.is_valid({"sweep": table})


def test_files_that_values_name_lie_beside_the_preset_file() -> None:
    Path("sub").mkdir()
    Path("sub/mine.toml").write_text('base = "print"\n[roles]\ninput = "#f00"\n')
    Path("sub/m.toml").write_text(f'[sweep.s]\n{CONV}input_size = 5\nkernel_size = 3\ntheme = ["dark", "mine.toml"]\n')
    assert [figure.theme for figure in load_presets("sub/m.toml").values()] == ["dark", str(Path("sub/mine.toml"))]


def test_a_family_has_its_sweeps_and_python_gets_figures_that_draw() -> None:
    loaded(SIZES)
    assert list(load_families("m.toml")["m"].figures) == list(load_presets("m.toml"))
    assert api.load_presets("m.toml")["sizes_i3_k2"].encode("svg").startswith(b"<svg")


def test_commands_know_sweeps(convgif: Convgif) -> None:
    loaded(f"{PRESET}{SIZES}cell = 10\n")
    skipped = "m.toml:5:1: [sweep.sizes] 1 of 4 combinations is no layer"
    names = ["a_i5", "sizes_i3_k2", "sizes_i4x6_k2", "sizes_i4x6_k4"]
    assert convgif("check m.toml").splitlines() == ["m.toml: 4 figures, no problems", skipped]
    listed = convgif("list --presets m.toml").splitlines()
    assert [line.split()[0] for line in listed[3:-1]] == names
    assert listed[-1] == skipped
    first, *drawn = convgif("render m.toml --formats poster --jobs 1 -o out").splitlines()
    assert first == skipped
    assert [line.split()[0] for line in drawn] == names
    assert [path.stem for path in sorted(Path("out/poster").iterdir())] == names
    assert len(convgif("render sizes --presets m.toml --formats poster --jobs 1 -o out").splitlines()) == 4
    assert "a 4x6 input" in convgif("explain sizes_i4x6_k2 --presets m.toml").splitlines()[0]
    assert "is a sweep" in convgif("explain sizes --presets m.toml", code=2)
    for command in ("explain", "render"):
        assert "sizes_i3_k4: kernel_size" in convgif(f"{command} sizes_i3_k4 --presets m.toml", code=2)
    assert "did you mean sizes?" in convgif("render sises --presets m.toml", code=2)


def test_the_gallery_shows_what_was_drawn_of_a_sweep(convgif: Convgif) -> None:
    loaded(f"{SIZES}cell = 10\n")
    convgif("render sizes_i3_k2 sizes_i4x6_k4 --presets m.toml --formats svg --jobs 1 -o out")
    convgif("gallery --presets m.toml -o out")
    page = Path("out/index.html").read_text(encoding="utf-8")
    assert [name for name in load_presets("m.toml") if f'id="{name}"' in page] == ["sizes_i3_k2", "sizes_i4x6_k4"]


def test_a_list_shows_the_beginning_of_a_large_sweep(convgif: Convgif) -> None:
    loaded(f"[sweep.s]\n{CONV}input_size = {list(range(3, 33))}\nkernel_size = 3\nstride = [1]\n")
    *rows, last = convgif("list --presets m.toml").splitlines()
    assert len(rows) == 3 + 20
    assert last == "s: the first 20 of 30 figures"


def test_what_a_figure_of_a_sweep_is_over_is_found_in_its_table(convgif: Convgif) -> None:
    loaded(f"[sweep.s]\n{CONV}input_size = [4, 9]\nkernel_size = 1\nmax_frames = 20\n")
    for command in ("check m.toml", "list --presets m.toml", "render m.toml -o out"):
        assert convgif(command, code=2).startswith("convgif: m.toml:5:1: [sweep.s] s_i9: max_frames = 20: ")
