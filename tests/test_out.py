"""The committed figures are those that README shows, and what the code draws today: others link to them."""

from __future__ import annotations

import platform
import shutil
import subprocess
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from convgif import load_presets, render
from convgif.site.target import path_in_set
from tests.assembling.decoders import images
from tests.bench import plot
from tests.readme import shown_formats

ROOT = Path(__file__).parents[1]
OUT = ROOT / "out"
FORMATS: Final = sorted({*chain(*shown_formats().values())})
FILES: Final = {
    format: [path_in_set(format, name) for name, formats in shown_formats().items() if format in formats]
    for format in FORMATS
}
"""What is committed, by format."""
SHOWN: Final = sorted([*(f"out/{file}" for file in chain(*FILES.values())), plot.PLOT.as_posix()])
"""All that README shows."""
DRAWN_WITH = {"matplotlib": "3.11", "numpy": "2.", "pillow": "13."}
"""How the versions begin of those libraries that the committed GIFs were drawn with."""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with what is committed, drawn now."""
    folder, presets = tmp_path_factory.mktemp("out"), load_presets()
    for formats in {*shown_formats().values()}:
        figures = {name: presets[name] for name, own in shown_formats().items() if own == formats}
        render(figures, folder, formats, jobs=2)
    return folder


def committed() -> list[str]:
    """All that is kept below `out`; in a copy without a history, all of it that lies there."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "out"]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return sorted(file for file in filter(None, said.stdout.split("\0")) if (ROOT / file).exists())
    return [file for file in SHOWN if (ROOT / file).exists()]


def test_the_committed_figures_are_those_that_are_shown() -> None:
    """None is missing, none is left over, and together they stay small enough to be fetched by everyone."""
    files = committed()
    assert files == SHOWN, "make all draws what is missing; git add --force keeps a GIF"
    assert sum((ROOT / file).stat().st_size for file in files) < 6_000_000


@pytest.mark.parametrize("format", [format for format in FORMATS if format != "gif"])
def test_what_is_committed_is_what_is_drawn(format: str, drawn: Path) -> None:
    """Byte for byte; SVG is text, so another version of a rasteriser changes nothing."""
    stale = [file for file in FILES[format] if (drawn / file).read_bytes() != (OUT / file).read_bytes()]
    assert not stale, "make all draws them anew"


def same_rasteriser() -> bool:
    """Whether pixels come out the same to the last bit: as drawn by the same libraries on the same kind of machine."""
    return platform.machine() == "x86_64" and all(
        version(name).startswith(beginning) for name, beginning in DRAWN_WITH.items()
    )


def test_the_committed_gifs_are_what_is_drawn(drawn: Path) -> None:
    """Byte for byte with the libraries that drew them; elsewhere all that is seen, but for a shade at some edge."""
    for file in FILES["gif"]:
        now, then = drawn / file, OUT / file
        if now.read_bytes() == then.read_bytes():
            continue
        assert not same_rasteriser(), f"{file} is not what is drawn now; make all draws it anew"
        ours, theirs = images(now), images(then)
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert one.shape == other.shape
            assert (abs(one.astype(int) - other.astype(int)) > 64).mean() < 0.001
