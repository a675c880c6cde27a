"""The package as others get it: what is in the files, what works from a fresh environment, what importing it costs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from build import ProjectBuilder
from build.env import DefaultIsolatedEnv
from pyproject_hooks import quiet_subprocess_runner

import convgif
from convgif import load_presets
from tests.assembling.decoders import images

ROOT = Path(__file__).parent.parent
PUBLIC = {
    "AdaptiveAvgPool",
    "AdaptiveMaxPool",
    "AvgPool",
    "Conv",
    "ConvTranspose",
    "ConvgifError",
    "Figure",
    "InputError",
    "MaxPool",
    "Rendered",
    "Step",
    "Tap",
    "code",
    "figures_from_keras",
    "figures_from_onnx",
    "figures_from_torch",
    "from_flax",
    "from_keras",
    "from_onnx",
    "from_torch",
    "load_presets",
    "render",
    "solve",
}


def environment() -> Mapping[str, str]:
    """This environment without what would show other packages than those that are installed."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


def call(*command: str | Path, cwd: Path) -> str:
    """What a command prints; it must succeed, and without a word on standard error."""
    done = subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the source distribution, and the wheel that was built from it.

    From a copy: building leaves files behind, and takes in what an earlier build left.
    """
    source = tmp_path_factory.mktemp("source")
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("convgif", "presets", "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path_factory.mktemp("built")
    # As `python -m build` does, but in one environment for both, since making one takes most of the time.
    with pytest.MonkeyPatch.context() as patch, DefaultIsolatedEnv() as isolated:
        for name in os.environ.keys() - environment().keys():
            patch.delenv(name)
        builder = ProjectBuilder.from_isolated_env(isolated, source, quiet_subprocess_runner)
        isolated.install(builder.build_system_requires)
        isolated.install(builder.get_requires_for_build("sdist"))
        with tarfile.open(builder.build("sdist", folder)) as archive:
            archive.extractall(unpacked := tmp_path_factory.mktemp("unpacked"), filter="data")
        (root,) = unpacked.iterdir()
        builder = ProjectBuilder.from_isolated_env(isolated, root, quiet_subprocess_runner)
        isolated.install(builder.get_requires_for_build("wheel"))
        builder.build("wheel", folder)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    """The one wheel."""
    (found,) = built.glob("*.whl")
    return found


def test_the_wheel_suits_every_system(wheel: Path) -> None:
    assert wheel.name == f"convgif-{version('convgif')}-py3-none-any.whl"


def test_the_wheel_holds_the_package_and_its_presets_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    package = {name for name in names if not name.partition("/")[0].endswith(".dist-info")}
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "convgif").rglob("*") if path.is_file()}
    sources = {name for name in sources if "__pycache__" not in name}
    presets = {f"convgif/preset_files/{path.name}" for path in (ROOT / "presets").iterdir() if path.is_file()}
    assert package == sources | presets
    assert any(name.endswith("LICENSE") for name in names - package)
    assert "convgif = convgif.cli.commands:main" in entry_points


def test_the_source_distribution_holds_what_the_wheel_is_built_from(built: Path) -> None:
    (found,) = built.glob("*.tar.gz")
    with tarfile.open(found) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "convgif/api.py", "convgif/py.typed"):
        assert name in names
    assert {f"presets/{path.name}" for path in (ROOT / "presets").glob("*.toml")} <= names


LEVELS: Final = 24
"""Of 255, by which a pixel may differ where other versions of libraries have drawn it."""
SHARE: Final = 1e-4
"""The pixels that may differ at all; of the oldest and the newest versions that setup.cfg allows, it was 4e-5."""


def check_alike(first: Path, second: Path) -> None:
    """The same frames, as far as versions of Pillow and matplotlib agree."""
    for one, other in zip(images(first), images(second), strict=True):
        apart = np.abs(one.astype(int) - other).max(axis=-1)
        assert apart.max() <= LEVELS
        assert np.mean(apart > 0) <= SHARE


def test_the_wheel_works_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    """With the dependencies it asks for and no others, from a folder that has nothing to do with the source."""
    fresh, elsewhere = tmp_path / "fresh", tmp_path / "elsewhere"
    elsewhere.mkdir()
    call(sys.executable, "-m", "venv", "--without-pip", fresh, cwd=tmp_path)
    scripts = Path(sysconfig.get_path("scripts", "venv", {"base": str(fresh), "platbase": str(fresh)}))
    # Compiling all that is never imported would take most of the time.
    quick = ("--quiet", "--disable-pip-version-check", "--no-compile")
    installed = subprocess.run(
        [sys.executable, "-m", "pip", "--python", scripts / "python", "install", *quick, wheel],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr

    where = call(scripts / "python", "-c", "import convgif; print(convgif.__file__)", cwd=elsewhere)
    assert Path(where.strip()).is_relative_to(fresh)

    figures = load_presets()
    listed = call(scripts / "convgif", "list", cwd=elsewhere)
    assert all(name in listed.split() for name in figures)
    call(scripts / "convgif", "formats", cwd=elsewhere)

    chosen = list(figures)[::9]
    call(scripts / "convgif", "render", *chosen, "--formats", "gif,svg,sheet", "--output", "figures", cwd=elsewhere)
    written = {path.relative_to(elsewhere).as_posix() for path in elsewhere.rglob("*") if path.is_file()}
    endings = ("gif/{}.gif", "svg/{}.svg", "sheet/{}.png", "sheet/{}.json")
    assert written == {"figures/manifest.json"} | {
        f"figures/{ending.format(name)}" for name in chosen for ending in endings
    }
    for name in chosen:
        (tmp_path / "here.gif").write_bytes(figures[name].encode("gif"))
        check_alike(elsewhere / f"figures/gif/{name}.gif", tmp_path / "here.gif")


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after running `code`."""
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    )


HEAVY = {"numpy", "matplotlib", "PIL", "pydantic", "click", "tqdm", "imageio"}


def test_importing_the_package_loads_none_of_its_dependencies() -> None:
    loaded = loaded_by("import convgif; dir(convgif); convgif.__all__")
    assert "convgif" in loaded
    assert not HEAVY & loaded
    assert not {name for name in loaded if name.startswith("convgif.")}


def test_a_name_loads_what_it_needs() -> None:
    assert not HEAVY & loaded_by("import convgif; convgif.InputError; convgif.__version__")
    assert not HEAVY & loaded_by("import convgif; convgif.Figure(convgif.Conv(5, 3), view='flat', random=0).toml('a')")
    assert not HEAVY & loaded_by("import convgif; convgif.load_presets()")


def test_all_that_is_promised_is_there() -> None:
    assert set(convgif.__all__) == PUBLIC
    assert len(convgif.__all__) == len(PUBLIC)
    for name in PUBLIC:
        thing = getattr(convgif, name)
        assert thing.__name__ == name
        assert thing.__doc__


def test_dir_shows_what_can_be_used() -> None:
    names = dir(convgif)
    assert {*PUBLIC, "__version__", "__doc__", "__all__"} <= set(names)
    assert names == sorted(set(names))


def test_the_version_is_that_of_the_installed_package() -> None:
    assert convgif.__version__ == version("convgif")


@pytest.mark.parametrize("name", ["conv", "figures", "__wrapped__", ""])
def test_unknown_names_are_no_attributes(name: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(convgif, name)
    assert str(caught.value) == f"module 'convgif' has no attribute {name!r}"
    assert not hasattr(convgif, name)


def test_a_name_can_be_imported_from_the_package() -> None:
    from convgif import Conv, Figure, load_presets

    assert Figure(Conv(5, 3)).layer == Conv(input_size=5, kernel_size=3)
    assert load_presets()["dilation"].layer.dilation == (2, 2)


def test_the_package_runs_as_a_module() -> None:
    said = subprocess.run([sys.executable, "-m", "convgif", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == f"convgif {version('convgif')}\n"
