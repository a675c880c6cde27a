"""The architecture, read from the source: who imports whom, what is registered, documented and tested."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

import convgif
from convgif import arithmetic
from convgif.assembling import FORMATS
from convgif.drawing import LAYERS_OF_OPTIONS, VIEWS
from convgif.drawing.theme import THEMES
from convgif.figure import ThemeName, View, options

PACKAGE = Path(convgif.__file__).parent
TESTS = Path(__file__).parent

LAYERS = (
    {"errors", "pages"},
    {"arithmetic"},
    {"figure"},
    {"drawing"},
    {"manifest", "rendering"},
    {"assembling", "presets"},
    {"build", "embedding"},
    {"gallery", "parameters"},
    {"cli"},
    {"__main__"},
)
"""The parts of the package from the ground up; each may import from what is strictly below it."""

INSIDE_OUT = {
    "arithmetic": (
        {"axis"},
        {"layer"},
        {"direct", "numbers"},
        {"conv", "pool"},
        {"construction", "matrix", "scatter"},
        {"explain", "spelling"},
    ),
    "drawing": (
        {"scene"},
        {"acts", "grid", "strip", "theme"},
        {"numerals", "words"},
        {"maps", "stage"},
        {"buildup", "kernel"},
        {"flat", "isometric", "matrix", "scatter"},
        {"construction", "story"},
    ),
    "rendering": ({"lettering"}, {"strokes", "vector"}, {"artists", "page", "raster"}),
    "assembling": (
        {"changes", "files", "palette", "pdf", "png", "svg", "video"},
        {"apng", "gif", "html", "poster", "sheet", "svg_frames", "webp"},
    ),
    "pages": (),
}
"""The modules inside a part, from the ground up in the same way; the part's own `__init__` lies above them all."""

MADE_OF = {("construction", "flat"), ("story", "isometric")}
"""Views that are made of other views."""

UPWARDS = {
    # For the reader's convenience a figure can make its own frames, show and save itself. Only `build` knows how; it is
    # imported when that is asked for, so that a figure by itself still needs nothing of what lies above it.
    ("convgif.figure", "Figure.frames", "convgif.build"),
    ("convgif.figure", "Figure.draw", "convgif.build"),
    ("convgif.figure", "Figure.show", "convgif.build"),
    ("convgif.figure", "Figure._repr_mimebundle_", "convgif.build"),
    ("convgif.figure", "Figure.save", "convgif.build"),
}

SOURCES = sorted(PACKAGE.rglob("*.py"))


class Import(NamedTuple):
    """One import: in which module, inside which function, class or block for type checkers (else empty), of what."""

    module: str
    within: str
    target: str


def name_of(source: Path) -> str:
    """The dotted name of a source file."""
    parts = source.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = [name_of(source) for source in SOURCES]


def imports(source: Path) -> Iterator[Import]:
    """All imports of a file, those inside functions and for type checkers too."""
    yield from _imports(ast.parse(source.read_text(encoding="utf-8")), name_of(source), "")


def _imports(node: ast.AST, module: str, within: str) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import():
                for alias in child.names:
                    yield Import(module, within, alias.name)
            case ast.ImportFrom():
                assert child.level == 0, f"{module}: relative imports hide which layer they reach"
                for alias in child.names:
                    inner = f"{child.module}.{alias.name}"
                    yield Import(module, within, inner if inner in NAMES else str(child.module))
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield from _imports(child, module, "TYPE_CHECKING")
            case ast.FunctionDef() | ast.ClassDef():
                yield from _imports(child, module, f"{within}.{child.name}".strip("."))
            case _:
                yield from _imports(child, module, within)


ALL_IMPORTS = [found for source in SOURCES for found in imports(source)]
INSIDE = [found for found in ALL_IMPORTS if found.target.partition(".")[0] == "convgif"]


def part(module: str) -> str:
    """The part of the package that a module belongs to; empty for the package itself."""
    return module.split(".")[1] if "." in module else ""


def rank(module: str) -> int:
    """How far a module lies above the ground."""
    return next(height for height, parts in enumerate(LAYERS) if part(module) in parts)


def test_every_module_has_its_place() -> None:
    assert {part(name) for name in NAMES} == set().union(*LAYERS) | {""}


def test_the_reader_finds_imports_wherever_they_are() -> None:
    """If it missed those inside functions, nothing below would mean much."""
    assert Import("convgif.cli", "render", "convgif.build") in ALL_IMPORTS
    assert Import("convgif.assembling.png", "", "PIL.PngImagePlugin") in ALL_IMPORTS
    assert Import("convgif.assembling.sheet", "", "convgif.assembling.png") in ALL_IMPORTS
    assert Import("convgif", "TYPE_CHECKING", "convgif.build") in ALL_IMPORTS
    assert Import("convgif.drawing.story", "", "convgif.drawing.isometric") in ALL_IMPORTS
    assert Import("convgif.drawing.buildup", "", "convgif.arithmetic.construction") in ALL_IMPORTS
    assert len(INSIDE) > 150


def inner_rank(module: str) -> int:
    """How far a module lies above the ground of its part."""
    layers = INSIDE_OUT[part(module)]
    inner = module.split(".")[2:]
    return next(height for height, names in enumerate(layers) if inner[0] in names) if inner else len(layers)


def test_every_module_has_its_place_inside_its_part() -> None:
    inner = {name for name in NAMES if name.count(".") == 2}
    assert inner == {f"convgif.{room}.{name}" for room in INSIDE_OUT for layer in INSIDE_OUT[room] for name in layer}
    assert sum(len(layer) for layers in INSIDE_OUT.values() for layer in layers) == len(inner)


def test_imports_inside_a_part_point_strictly_downwards() -> None:
    """The package may be taken apart at any height: what lies below knows nothing of what is built on it."""
    within = [
        found for found in INSIDE if part(found.module) in INSIDE_OUT and part(found.module) == part(found.target)
    ]
    assert len(within) > 60
    assert [found for found in within if inner_rank(found.target) >= inner_rank(found.module)] == []


def test_views_know_of_no_other_views_but_those_that_they_are_made_of() -> None:
    views = {f"convgif.drawing.{view}": view for view in VIEWS}
    known = {
        (views[found.module], views[found.target])
        for found in INSIDE
        if found.module in views and found.target in views
    }
    assert known == MADE_OF
    others = {found.module for found in INSIDE if found.target in views} - views.keys()
    assert others == {"convgif.drawing"}


def test_rendering_knows_nothing_of_drawing_but_its_scenes() -> None:
    """So a new view needs no change there, and a new renderer none here."""
    targets = {found.target for found in INSIDE if part(found.module) == "rendering"}
    assert {target for target in targets if part(target) != "rendering"} == {"convgif.drawing.scene"}


def test_drawing_needs_no_library_that_paints() -> None:
    """No view measures text or colours pixels; only words, lines and polygons leave here."""
    foreign = {found.target.partition(".")[0] for found in ALL_IMPORTS if part(found.module) == "drawing"}
    assert foreign - set(sys.stdlib_module_names) <= {"convgif", "numpy"}


def test_imports_point_strictly_downwards() -> None:
    upwards = {
        found
        for found in INSIDE
        if part(found.module)
        and part(found.target)
        and part(found.module) != part(found.target)
        and rank(found.target) >= rank(found.module)
    }
    assert upwards == UPWARDS


def test_nothing_but_the_command_imports_the_package_itself() -> None:
    """The package's own names are for others; inside, everyone says which module is meant."""
    assert {found.module for found in INSIDE if found.target == "convgif"} <= {"convgif.cli"}


def test_no_imports_go_in_a_circle() -> None:
    """Inside a part too, where modules are of one rank."""
    graph: dict[str, set[str]] = {}
    for found in INSIDE:
        if found not in UPWARDS and "convgif" not in (found.module, found.target):
            graph.setdefault(found.module, set()).add(found.target)
    assert list(TopologicalSorter(graph).static_order())


def test_a_scene_knows_nothing_of_the_package_but_its_errors() -> None:
    targets = {found.target for found in INSIDE if found.module == "convgif.drawing.scene"}
    assert targets <= {"convgif.errors"}


def test_arithmetic_imports_neither_drawing_libraries_nor_pydantic() -> None:
    foreign = {found.target.partition(".")[0] for found in ALL_IMPORTS if part(found.module) == "arithmetic"}
    assert foreign - set(sys.stdlib_module_names) == {"convgif", "numpy"}


@pytest.mark.parametrize(
    ("library", "parts"),
    [
        ("matplotlib", {"rendering"}),
        ("PIL", {"assembling"}),
        ("click", {"cli", "parameters"}),
        ("pydantic", {"figure"}),
    ],
)
def test_a_library_is_known_to_one_part(library: str, parts: set[str]) -> None:
    """But for type checkers, to whom a figure says that it draws into axes of matplotlib's."""
    users = [found for found in ALL_IMPORTS if found.target.partition(".")[0] == library]
    assert {part(found.module) for found in users if found.within != "TYPE_CHECKING"} == parts
    named = {found.target for found in users if part(found.module) not in parts}
    assert named <= {"matplotlib.axes"}


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after running `code`."""
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_pyplot_is_never_imported() -> None:
    """It opens windows, keeps figures alive and takes a quarter of a second."""
    assert not [found for found in ALL_IMPORTS if "pyplot" in found.target or "pylab" in found.target]
    for source in SOURCES:
        assert "pyplot" not in source.read_text(encoding="utf-8")


def test_drawing_a_figure_loads_no_pyplot() -> None:
    code = "import convgif; next(convgif.Figure(convgif.Conv(2, 1), view='flat', values='random').frames())"
    modules = loaded_by(code)
    assert "matplotlib.backends.backend_agg" in modules
    assert "matplotlib.pyplot" not in modules


def test_arithmetic_loads_neither_matplotlib_nor_pillow() -> None:
    modules = loaded_by("import convgif.arithmetic, convgif.arithmetic.explain")
    assert "convgif.arithmetic.conv" in modules
    assert not {"matplotlib", "PIL"} & modules


def test_presets_load_neither_matplotlib_nor_pillow() -> None:
    """So `convgif check` and `convgif explain` answer at once."""
    modules = loaded_by("import convgif; convgif.load_presets()")
    assert "convgif.figure" in modules
    assert not {"matplotlib", "PIL"} & modules


def test_every_view_is_drawn_and_every_theme_has_colours() -> None:
    assert tuple(VIEWS) == get_args(View)
    assert tuple(THEMES) == get_args(ThemeName)
    for view, entry in VIEWS.items():
        assert (entry.draw.__module__, entry.draw.__name__) == (f"convgif.drawing.{view}", "draw")


def test_what_views_know_are_switches_of_a_figure() -> None:
    """A view's option is either on or off: on, it is refused where no view, or no layer, has a use for it."""
    known = {option for entry in VIEWS.values() for option in entry.options}
    assert known == {"reveal", "kernel_map", "prologue", "direct_matrix"}
    assert all(options()[option].default is False for option in known)
    assert LAYERS_OF_OPTIONS.keys() <= known
    for kinds in (*(entry.layers for entry in VIEWS.values()), *LAYERS_OF_OPTIONS.values()):
        assert kinds
        assert set(kinds) <= set(arithmetic.LAYERS.values())
    assert {kind for entry in VIEWS.values() for kind in entry.layers} == set(arithmetic.LAYERS.values())


def test_formats_go_by_their_names() -> None:
    assert {name: format.name for name, format in FORMATS.items()} == {name: name for name in FORMATS}


def test_files_of_different_formats_do_not_look_alike_but_for_stills() -> None:
    """An ending stands for the first format that has it; a poster and frames as SVG are asked for by name."""
    suffixes = [format.suffix for format in FORMATS.values()]
    shared = {format.name for number, format in enumerate(FORMATS.values()) if format.suffix in suffixes[:number]}
    assert shared == {"poster", "svg-frames"}


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_tests_mirror_the_package(source: Path) -> None:
    if source.stem in ("__init__", "__main__"):
        return
    inside = source.relative_to(PACKAGE)
    assert (TESTS / inside.parent / f"test_{source.name}").is_file()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "convgif.__main__"])  # which runs the command
def test_all_that_is_public_is_documented(name: str) -> None:
    """A method may take over what its base class says."""
    module = importlib.import_module(name)
    assert inspect.getdoc(module)
    for public, thing in vars(module).items():
        own = getattr(thing, "__module__", None) == name and not public.startswith("_")
        if own and (inspect.isclass(thing) or inspect.isfunction(thing)):
            assert inspect.getdoc(thing), f"{name}.{public}"
            assert not str(inspect.getdoc(thing)).startswith(f"{public}("), f"{name}.{public}: made up by dataclass"
        if own and inspect.isclass(thing):
            for method, member in vars(thing).items():
                called = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
                if inspect.isfunction(called) and not method.startswith("_"):
                    assert inspect.getdoc(getattr(thing, method)), f"{name}.{public}.{method}"
