"""Pages of PDF files: read by a small reader here, and looked at with poppler where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO, UnsupportedOperation
from pathlib import Path
from typing import Final, get_args

import matplotlib
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from skimage.filters import gaussian

from convgif.drawing.metrics import width_in
from convgif.drawing.scene import MARGIN, Anchor, Box, Line, Run, Scene, Text
from convgif.registry import THEMES
from convgif.rendering import page
from convgif.rendering.raster import Pixels, frames
from convgif.themes.theme import Theme
from tests.rendering.samples import FIGURES, beads, painted, square, still
from tests.rendering.typefaces import HAN, kept, typeface

needs_poppler: Final = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler's tools")


@dataclass(frozen=True)
class Pdf:
    """What a file holds: the size of each page in points, its drawing commands, and how many fonts and images."""

    sizes: tuple[tuple[float, float], ...]
    commands: tuple[str, ...]
    fonts: int
    images: int
    info: str


def read(path: Path) -> Pdf:
    """Walk through the objects of a file that is not packed any further."""
    data = path.read_bytes()
    assert data.startswith(b"%PDF-1.")
    assert data.rstrip().endswith(b"%%EOF")
    objects = {
        int(found[1]): found[2] for found in re.finditer(rb"(?<![\d])(\d+) 0 obj\r?\n(.*?)\r?\nendobj", data, re.DOTALL)
    }
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b(?!s)", body)]
    sizes, commands = [], []
    for body in pages:
        box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", body)
        contents = re.search(rb"/Contents (\d+) 0 R", body)
        assert box
        assert contents
        sizes.append((float(box[1]), float(box[2])))
        packed = re.search(rb"stream\r?\n(.*)\r?\nendstream", objects[int(contents[1])], re.DOTALL)
        assert packed
        commands.append(zlib.decompress(packed[1]).decode("latin-1"))
    info = next(body for body in objects.values() if b"/Producer" in body)
    fonts = sum(b"/FontFile2" in body for body in objects.values())
    images = sum(re.search(rb"/Subtype\s*/Image", body) is not None for body in objects.values())
    inline = sum(re.search(r"(?m)^BI\b", command) is not None for command in commands)
    return Pdf(tuple(sizes), tuple(commands), fonts, images + inline, info.decode("latin-1"))


def looked_at(path: Path, folder: Path, dots: int = 96) -> list[Pixels]:
    """Every page as poppler paints it."""
    subprocess.run(["pdftoppm", "-r", str(dots), str(path), str(folder / "page")], check=True)
    images = []
    for file in sorted(folder.glob("page-*.ppm")):
        with Image.open(file) as image:
            images.append(np.asarray(image.convert("RGB")))
        file.unlink()
    return images


def blurred(pixels: Pixels) -> npt.NDArray[np.float64]:
    """Lines that lie between pixels look alike then, however they are put on them."""
    soft: npt.NDArray[np.float64] = 255 * gaussian(pixels[..., :3] / 255, 1.5, channel_axis=2)
    return soft


def assert_alike(expected: Sequence[Pixels], seen: Sequence[Pixels]) -> None:
    """Each is near to its own frame, and nearest to it of all.

    A page may be a pixel larger, since its size is no whole number.
    """
    assert len(expected) == len(seen)
    drawn, shown = [blurred(image) for image in expected], [blurred(image) for image in seen]
    for number, image in enumerate(shown):
        own = drawn[number]
        assert max(abs(np.subtract(own.shape, image.shape))) <= 1
        height, width = min(len(own), len(image)), min(own.shape[1], image.shape[1])
        near = range(max(0, number - 2), min(len(drawn), number + 3))
        distances = {at: np.abs(drawn[at][:height, :width] - image[:height, :width]).mean() for at in near}
        assert distances[number] == min(distances.values()) < 4


SCENE: Final = beads([0, 2, 1], [100] * 3)
SANS: Final[Theme] = THEMES["solarized"]
SERIF: Final[Theme] = THEMES["muted"]
MIXED: Final[Theme] = replace(SERIF, looks=tuple({**dict(SERIF.looks), "text": dict(SANS.looks)["text"]}.items()))
"""Words have serifs, and numbers have none."""


def write(scene: Scene, folder: Path, only: Sequence[int] = (0,), cell: float = 20, theme: Theme = SANS) -> Path:
    path = folder / "figure.pdf"
    with path.open("wb") as stream:
        page.write(scene, theme, cell, only, stream)
        assert not stream.closed
    return path


@pytest.mark.parametrize("cell", [4, 20, 33.3])
def test_a_page_is_as_large_as_the_picture_in_a_browser(cell: float, tmp_path: Path) -> None:
    """A pixel of the web is 0.75 points."""
    (size,) = read(write(SCENE, tmp_path, cell=cell)).sizes
    assert size == pytest.approx([(3 + 2 * MARGIN) * cell * 0.75, (1 + 2 * MARGIN) * cell * 0.75])


@pytest.mark.parametrize("only", [(0,), (2, 0), range(3), (1, 1)])
def test_the_frames_that_are_asked_for_in_that_order(only: Sequence[int], tmp_path: Path) -> None:
    """The bead's left edge tells which frame it is."""
    for number, command in zip(only, read(write(SCENE, tmp_path, only)).commands, strict=True):
        corners = [float(x) for x, _ in re.findall(r"([\d.]+) ([\d.]+) m", command)]
        assert corners[-1] / 15 - MARGIN == pytest.approx([0, 2, 1][number], abs=1e-3)


@pytest.mark.parametrize("transparent", [False, True])
def test_paper_is_painted_where_there_is_any(transparent: bool, tmp_path: Path) -> None:
    theme = SANS.transparent() if transparent else SANS
    (command,) = read(write(beads([0], [100]), tmp_path, theme=theme)).commands
    assert len(re.findall(r"(?m)^f$|\nf\b", command)) == (1 if transparent else 2)


def test_what_is_hatched_and_dashed_is_so_here(tmp_path: Path) -> None:
    scene = still(square(0, "shadow_on_input"), Line((((0, 2), (4, 2)),), "blank_line", 0.1, (0.2, 0.3)))
    plain, hatched, solid = (
        read(write(scene, tmp_path, theme=THEMES[name])).commands[0] for name in ("solarized", "colorblind", "muted")
    )
    strokes = r"(?m)^S$"
    assert [len(re.findall(strokes, commands)) for commands in (plain, hatched, solid)] == [1, 2, 1]
    dashes = r"\[[\d. ]+\] 0 d"
    assert [len(re.findall(dashes, commands)) for commands in (plain, hatched, solid)] == [1, 1, 0]
    assert "2 J" in solid


WORDS: Final = Text.of((0.5, 0.5), "Größe (3×4) \\ 50%", 0.5, 9, "words")
LONG: Final = Text.of((0, 3), "Wide " * 9, 1, 8, "text", "start")
WIDE: Final = Box(-4, 0, 10, 4)
RUNS: Final = (Run("C", slanted=True), Run("T", scale=0.7, rise=0.37), Run(" = 2"))
SYMBOLS: Final = Text((0, 2), RUNS, 0.5, 9, "words")


def test_words_are_text_in_embedded_fonts(tmp_path: Path) -> None:
    """Each face that is needed, and no others."""
    both = (WORDS, LONG)
    for texts, theme, fonts in ((both, SANS, 1), (both, SERIF, 1), (both, MIXED, 2), ((SYMBOLS,), SERIF, 2)):
        pdf = read(write(still(*texts, box=WIDE), tmp_path, theme=theme))
        assert pdf.fonts == fonts
        assert pdf.images == 0
        assert len(re.findall(r"T[jJ]\b", pdf.commands[0])) >= 2
        assert "/Title (A title)" in pdf.info
        assert "/Subject (Items.)" in pdf.info
        assert "Date" not in pdf.info


def test_the_runs_of_a_text_follow_each_other_in_their_sizes_and_heights(tmp_path: Path) -> None:
    (command,) = read(write(still(SYMBOLS, box=WIDE), tmp_path, cell=40, theme=SERIF)).commands
    sizes = [float(size) for size in re.findall(r"/F\S+ ([\d.]+) Tf", command)]
    places = [(float(x), float(y)) for x, y in re.findall(r"1 0 -0 1 ([\d.]+) ([\d.]+) cm", command)]
    em = 0.5 * 40 * 0.75
    assert sizes == pytest.approx([em, 0.7 * em, em], abs=0.01)
    (x, y), (second, high), (third, level) = places
    assert (high - y, level) == pytest.approx((0.37 * em, y), abs=0.01)
    assert [second - x, third - second] == pytest.approx(
        [width_in(RUNS[:1], "serif") * em, width_in(RUNS[1:2], "serif") * em], abs=0.01
    )


def test_letters_that_dejavu_lacks_are_outlines(tmp_path: Path) -> None:
    """And no fonts are embedded for them; nor is a word searched for that is half of them."""
    own = kept(tmp_path, "han.ttf", typeface(HAN))
    theme = SANS.written_with(own.path)
    pdf = read(write(still(Text.of((0, 2), "卷积 a", 0.5, 9, "words"), box=WIDE), tmp_path, cell=40, theme=theme))
    assert pdf.fonts == 0
    em = 0.5 * 40 * 0.75
    corners = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+) [ml]\n", pdf.commands[0])]
    wide = 2 + width_in((Run(" a"),), "sans")
    lefts = [(0 + 4 + MARGIN) * 30 - wide / 2 * em + place * em for place in (0, 1)]
    assert all(any(abs(x - left) < 0.01 for x, _ in corners) for left in lefts)


@needs_poppler
def test_words_can_be_searched(tmp_path: Path) -> None:
    path = write(still(WORDS, box=WIDE), tmp_path)
    said = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
    assert said.split() == WORDS.text.split()


@needs_poppler
@pytest.mark.parametrize("anchor", get_args(Anchor))
def test_words_stand_where_they_do_as_pixels(anchor: Anchor, tmp_path: Path) -> None:
    """Also where they are shrunk to their width: told by the box around their ink."""
    for text in (WORDS, LONG, SYMBOLS):
        at = {"start": -3, "middle": 3, "end": 9}[anchor]
        scene = still(replace(text, at=(at, 2), width=5, anchor=anchor), box=WIDE)
        (theirs,) = looked_at(write(scene, tmp_path, cell=40, theme=SERIF), tmp_path)
        (ours,) = frames(scene, SERIF, 40)
        for axis in (0, 1):
            own, other = (np.flatnonzero((image[..., 0] < 128).any(axis=axis)) for image in (ours, theirs))
            assert own[[0, -1]] == pytest.approx(other[[0, -1]], abs=2)


@needs_poppler
@pytest.mark.parametrize("name", ["fractional", "not square", "hatched", "muted, with words"])
def test_a_page_looks_as_its_frame(name: str, tmp_path: Path) -> None:
    scene, theme, cell = painted(FIGURES[name])
    numbers = [0, len(scene.durations) - 1]
    seen = looked_at(write(scene, tmp_path, numbers, cell, theme), tmp_path)
    assert_alike(list(frames(scene, theme, cell, only=numbers)), seen)


def test_the_user_s_settings_play_no_part(tmp_path: Path) -> None:
    """Of matplotlib, that is; and they are the same afterwards."""
    scene = still(WORDS, SYMBOLS, square(0))
    expected = write(scene, tmp_path).read_bytes()
    settings = {
        "pdf.fonttype": 3,
        "pdf.compression": 0,
        "pdf.use14corefonts": True,
        "pdf.inheritcolor": True,
        "font.size": 30,
        "text.usetex": False,
    }
    with matplotlib.rc_context(settings):  # type: ignore[arg-type]  # it knows the names
        assert write(scene, tmp_path).read_bytes() == expected
        assert matplotlib.rcParams["pdf.fonttype"] == 3


def test_a_stream_that_cannot_be_sought_will_do() -> None:
    """Such as an answer over the web."""
    memory, pipe = BytesIO(), Pipe()
    page.write(SCENE, SANS, 20, range(3), memory)
    page.write(SCENE, SANS, 20, range(3), pipe)
    assert pipe.getvalue() == memory.getvalue()


class Pipe(BytesIO):
    """Bytes that can only be written one after the other."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise UnsupportedOperation("tell")

    def seek(self, offset: int, whence: int = 0) -> int:
        raise UnsupportedOperation("seek")
