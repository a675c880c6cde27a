"""The house, read from its source: imports point downwards, and each command loads only what it needs."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import convgif
from convgif.registry import FORMATS, FRAMEWORKS, LANGUAGES, LAYERS, SNIPPETS, THEMES, VIEWS, Registry

PACKAGE = Path(convgif.__file__).parent
TESTS = Path(__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))

ROOMS = (
    "errors",
    "sources",
    "toml",
    "options",
    "registry",
    "arithmetic",
    "frameworks",
    "languages",
    "themes",
    "arrays",
    "figure",
    "reading",
    "drawing",
    "rendering",
    "documents",
    "sweeps",
    "presets",
    "assembling",
    "site",
    "api",
    "cli",
    "__main__",
)
"""The rooms from the ground up; each may import from itself and from what is below it."""
BELOW = {"drawing.roles": "registry", "drawing.scene": "registry", "drawing.metrics": "registry"}
"""Modules that lie lower than their room: what the drawing and the themes have in common."""


def name_of(source: Path) -> str:
    """The dotted name of a source file inside the package."""
    parts = source.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(source): source for source in SOURCES}


def imports_of(source: Path) -> Iterator[str]:
    """The modules of the package that a file imports, inside functions and for type checkers too."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        targets: list[str] = []
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: relative imports hide which room they reach"
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            targets = [name if name.removeprefix("convgif.") in NAMES else str(node.module) for name in inner]
        yield from (name.removeprefix("convgif").strip(".") for name in targets if name.split(".")[0] == "convgif")


GRAPH = {name: set(imports_of(source)) for name, source in NAMES.items()}


def height(module: str) -> int:
    """How far a module lies above the ground."""
    return ROOMS.index(BELOW.get(module, module.partition(".")[0]))


def test_every_module_has_its_room() -> None:
    assert {name.partition(".")[0] for name in NAMES} - {""} <= set(ROOMS)


@pytest.mark.parametrize("module", [name for name in NAMES if name])
def test_imports_point_downwards(module: str) -> None:
    upwards = {target for target in GRAPH[module] if target and height(target) > height(module)}
    assert not upwards


def test_no_circle_of_imports() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")


def test_a_circle_would_be_found() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({**GRAPH, "errors": {"figure"}}).prepare()


@pytest.mark.parametrize(
    "registry", [LAYERS, VIEWS, FORMATS, THEMES, LANGUAGES, SNIPPETS, FRAMEWORKS], ids=lambda registry: registry.noun
)
def test_whatever_is_registered_knows_its_name(registry: Registry) -> None:
    assert registry
    for name, thing in registry.items():
        assert getattr(thing, "name", name) == name


TESTED_TOGETHER = {
    "assembling.formats.frames": "assembling.formats.test_png",
    "assembling.formats.poster": "assembling.formats.test_svg",
    "assembling.formats.svg_frames": "assembling.formats.test_svg",
    "assembling.limits": "assembling.test_format",
    "assembling.reel": "assembling.formats.test_webp",
}
"""Small modules, and the tests of another one that are theirs as well."""


@pytest.mark.parametrize("name", [name for name in NAMES if NAMES[name].name not in ("__init__.py", "__main__.py")])
def test_tests_mirror_the_package(name: str) -> None:
    """Every module has a test file of its name, in the same folder of the tests, or says whose tests are its own."""
    *folders, module = name.split(".")
    mirrored = TESTED_TOGETHER.get(name, ".".join((*folders, f"test_{module}")))
    assert TESTS.joinpath(*mirrored.split(".")).with_suffix(".py").exists(), f"{mirrored} is missing"


# What is loaded


HEAVY = ("numpy", "matplotlib", "PIL", "imageio", "av", "pydantic", "tqdm", "torch", "keras", "onnx", "jax")
GUARD = f"""
import json, sys
from convgif.cli.commands import run
code = run(sys.argv[1:])
heavy = [name for name in {HEAVY} if name in sys.modules]
print("loaded", json.dumps(heavy))
sys.exit(code)
"""


def loaded(folder: Path, *arguments: str) -> list[str]:
    """The heavy packages that a command has loaded when it is done."""
    ran = subprocess.run(
        [sys.executable, "-c", GUARD, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(ran.stdout.rpartition("loaded ")[2])
    return found


CONV = ("conv", "-i", "5", "-k", "3", "-s", "2", "-p", "1")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("draw", "--help"),
        ("draw", "conv", "--help"),
        ("list",),
        ("formats",),
        ("views",),
        ("themes",),
        ("themes", "--roles"),
        ("schema",),
        ("explain", *CONV),
        ("explain", "dilation"),
        ("solve", "7", "14"),
        ("compare", "padding_strides", "conv -k 2"),
        ("explain", "nn.MaxPool2d(2)", "-i", "4"),
        ("embed", "dilation", "--for", "markdown"),
    ],
    ids=" ".join,
)
def test_what_only_writes_text_loads_nothing_heavy(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert loaded(tmp_path, *arguments) == []


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("draw", *CONV, "-q", "-o", "x.svg"), {"tqdm"}),
        (("draw", *CONV, "--labels", "--caption", "--title", "A", "-q", "-o", "x.svg"), {"tqdm"}),
        (("draw", *CONV, "--title", "卷积 א", "-q", "-o", "x.svg"), {"tqdm"}),
        (("solve", "4", "2", "-o", "x.svg"), {"tqdm"}),
        (("draw", *CONV, "--random", "-q", "-o", "x.svg"), {"tqdm", "numpy"}),
        (("draw", *CONV, "-q", "-o", "x.gif"), {"tqdm", "numpy", "PIL", "matplotlib"}),
    ],
    ids=["svg", "svg with words", "svg in other scripts", "svg of a solution", "svg with numbers", "gif"],
)
def test_a_drawing_loads_what_it_needs(tmp_path: Path, arguments: tuple[str, ...], allowed: set[str]) -> None:
    assert set(loaded(tmp_path, *arguments)) <= allowed


def test_importing_the_package_loads_nothing_heavy(tmp_path: Path) -> None:
    code = f"import convgif, sys; print([name for name in {HEAVY} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
