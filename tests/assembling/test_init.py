"""The registry of formats: what each promises about its files is what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from convgif.arithmetic import Conv
from convgif.assembling import FOLDER, FORMATS, Format
from convgif.drawing import draw
from convgif.errors import InputError
from convgif.figure import Figure
from tests.assembling.samples import FIGURES


def test_formats_by_name() -> None:
    assert {name: (format.suffix, format.ending) for name, format in FORMATS.items()} == {
        "gif": (".gif", ".gif"),
        "sheet": (".png", ".png"),
        "png": (FOLDER, ""),
        "svg": (".svg", ".svg"),
        "svg-frames": (FOLDER, ""),
        "pdf": (".pdf", ".pdf"),
        "poster": (".png", ".png"),
        "html": (".html", ".html"),
        "apng": (".apng", ".apng"),
        "webp": (".webp", ".webp"),
        "mp4": (".mp4", ".mp4"),
        "webm": (".webm", ".webm"),
    }
    assert all(format.name == name for name, format in FORMATS.items())


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("name", ["blur", "v1.2", "ünï"])
def test_a_format_writes_the_files_that_it_promises(format: Format, name: str, tmp_path: Path) -> None:
    """Only those are moved to the output; a name with a dot in it is no ending."""
    figure = FIGURES["isometric"]
    path = tmp_path / (name + format.ending)
    format.write(figure, draw(figure), path)
    assert sorted(format.files(path)) == sorted(tmp_path.iterdir())
    assert path in format.files(path)
    assert all(file.name.startswith(name) for file in tmp_path.iterdir())


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
def test_the_same_figure_gives_the_same_bytes(format: Format, tmp_path: Path) -> None:
    """Whatever was written before it: what a palette has looked up must not show."""
    written = []
    for turn, names in enumerate(
        (["isometric"], ["flat with numbers", "muted, with words", "transparent", "isometric"])
    ):
        for name in names:
            path = tmp_path / f"{turn}{name}" / ("blur" + format.ending)
            path.parent.mkdir()
            format.write(FIGURES[name], draw(FIGURES[name]), path)
        files = sorted(file for file in path.parent.rglob("*") if file.is_file())
        written.append({file.name: file.read_bytes() for file in files})
    assert written[0] == written[1]


def test_only_a_sheet_can_be_too_large_where_a_frame_is_not() -> None:
    figure = Figure(Conv(5, 3), cell=10, max_pixels=40_000)
    refused = []
    for name, format in FORMATS.items():
        try:
            format.check(figure, draw(figure))
        except InputError:
            refused.append(name)
    assert refused == ["sheet"]
