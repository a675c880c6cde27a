"""From figures to files: the same bytes however the work is shared, and all files or none whatever goes wrong."""

from __future__ import annotations

import errno
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final

import pytest

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.assembling import batch, manifest
from convgif.assembling.batch import Rendered, encode, format_of, render, save
from convgif.assembling.film import Film
from convgif.assembling.format import FOLDER, File, Format
from convgif.errors import InputError, did_you_mean, either, wrong
from convgif.figure import Figure
from convgif.registry import FORMATS, VIEWS, Registry
from tests.rendering.samples import layer_for

SMALL: Final = Figure(Conv(3, 2), cell=6)
CLEAR: Final = Figure(ConvTranspose(2, 3), cell=6, transparent=True)
FIGURES: Final = {
    "long": Figure(Conv(8, 3), cell=6),
    **{view: Figure(layer_for(view), view=view, cell=6, random=0) for view in VIEWS},
    "clear": CLEAR,
    "v1.2": Figure(MaxPool(4, 2), cell=6),
}
ALL: Final = tuple(FORMATS)
EXACT: Final = tuple(name for name, format in FORMATS.items() if not format.made_with())
"""Formats whose files are always the same; encoders of video promise pictures, and no bytes."""
SHARED: Final = ("gif", "sheet", "svg")
FOR_ALL: Final = pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)


@cache
def film() -> Film:
    return Film.of(SMALL)


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder, hidden ones too, and their bytes; no folder is empty."""
    found = list(folder.rglob("*"))
    assert not [path for path in found if path.is_dir() and not any(path.iterdir())]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(found) if path.is_file()}


def refused(call: Callable[[], object]) -> list[str]:
    """What is said of a call that cannot be answered."""
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.exit_code == 2
    return str(caught.value).splitlines()


# what is written


def test_a_folder_holds_what_encoding_gives(tmp_path: Path) -> None:
    """By format and name, with the manifest; and the result tells the files of every format, in order."""
    (done,) = render({"v1.2": SMALL}, tmp_path, ALL)
    expected: dict[str, bytes] = {}
    for name, format in FORMATS.items():
        expected |= {f"{name}/{path}": data for path, data in encode(film(), format, "v1.2").items()}
    written = tree(tmp_path)
    del written[manifest.NAME]
    assert sorted(written) == sorted(expected)
    for path, data in written.items():
        assert data == expected[path] or path.partition("/")[0] not in EXACT, path
    assert [path.relative_to(tmp_path).as_posix() for path in done.files] == list(expected)
    assert (done.name, done.frames, done.drawn) == ("v1.2", 4, True)
    assert done.pixels == film().size
    assert done.size == sum(map(len, written.values()))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one process writes."""
    folder = tmp_path_factory.mktemp("alone")
    render(FIGURES, folder, SHARED)
    return tree(folder)


@pytest.mark.parametrize(("jobs", "turned"), [(2, False), (4, True)])
def test_the_bytes_are_the_same_however_the_work_is_shared(
    jobs: int, turned: bool, alone: dict[str, bytes], tmp_path: Path
) -> None:
    """And the results come in the order of the figures, though the long ones are drawn first."""
    names = list(FIGURES)[:: -1 if turned else 1]
    seen: list[str] = []
    done = render({name: FIGURES[name] for name in names}, tmp_path, SHARED, jobs, lambda done: seen.append(done.name))
    assert tree(tmp_path) == alone
    assert [one.name for one in done] == names
    assert sorted(seen) == sorted(names)
    assert not multiprocessing.active_children()


def test_processes_are_started_afresh_where_threads_run(
    alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process with threads cannot be copied safely; the new ones know what the first one does."""
    methods: list[str] = []
    get = multiprocessing.get_context

    def noted(method: str) -> Any:
        methods.append(method)
        return get(method)

    monkeypatch.setattr(multiprocessing, "get_context", noted)
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        names = ("clear", "long")
        render({name: FIGURES[name] for name in names}, tmp_path, SHARED, jobs=2)
    finally:
        over.set()
        thread.join()
    assert methods == ["spawn"]
    written = {path: data for path, data in tree(tmp_path).items() if path != manifest.NAME}
    assert written == {path: data for path, data in alone.items() if Path(path).stem in names}


def test_every_format_can_be_written_by_several_processes(tmp_path: Path) -> None:
    """Encoders have threads of their own, which a copied process does not have."""
    done = render(dict.fromkeys("abc", SMALL), tmp_path, ALL, jobs=3)
    assert [len(one.files) for one in done] == [sum(len(encode(film(), FORMATS[name])) for name in EXACT) + 2] * 3


def test_the_usual_formats_and_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (done,) = render({"a": SMALL})
    assert [str(file) for file in done.files] == [str(Path("out", name, f"a.{name}")) for name in batch.USUAL_FORMATS]
    assert set(tree(tmp_path)) == {file.as_posix() for file in done.files} | {"out/manifest.json"}


def test_formats_are_written_once_each(tmp_path: Path) -> None:
    (done,) = render({"a": SMALL}, tmp_path, iter(["gif", "gif"]))
    assert done.files == (tmp_path / "gif" / "a.gif",)


def test_another_run_leaves_no_frames_behind(tmp_path: Path) -> None:
    """Frames of an earlier, longer run leaked into the animation in the tools that people use today."""
    for layer in (Conv(5, 3), Conv(4, 3)):
        render({"a": Figure(layer, cell=5), "b": SMALL}, tmp_path, ["frames", "svg-frames"])
    for folder, ending in (("frames", "png"), ("svg-frames", "svg")):
        for name in ("a", "b"):
            names = [f"{name}_00{number}.{ending}" for number in range(4)]
            assert sorted(file.name for file in (tmp_path / folder / name).iterdir()) == names


# one figure, by its path


@FOR_ALL
@pytest.mark.parametrize("upper", [False, True])
def test_an_ending_stands_for_its_format(format: Format, upper: bool, tmp_path: Path) -> None:
    """Written large as well; nothing but the files of the format is there after."""
    ending = format.suffix.upper() if upper else format.suffix
    path = f"{tmp_path}/new/my.v2{ending}"
    if format.suffix != FOLDER:
        assert format_of(path) is format
    done = save(film(), path, format)
    files = encode(film(), format, format.stem(f"my.v2{format.suffix}"))
    assert len(done.files) == len(files)
    assert {str(file.relative_to(tmp_path / "new")).lower() for file in done.files} == set(files)
    assert set(tree(tmp_path)) == {file.relative_to(tmp_path).as_posix() for file in done.files}
    if len(files) == 1:
        assert done.files == (Path(path),)
    if format.name in EXACT and len(files) == 1:
        assert [*files.values()] == [done.files[0].read_bytes()]


def test_the_longest_ending_counts() -> None:
    for format in FORMATS.values():
        for other in FORMATS.values():
            if other.suffix != FOLDER:
                assert format_of(f"my{format.suffix.rstrip(FOLDER)}{other.suffix}") in (
                    {other}
                    if format.suffix == FOLDER
                    else {one for one in FORMATS.values() if f"{format.suffix}{other.suffix}".endswith(one.suffix)}
                )
    assert format_of("my.sheet.png") is FORMATS["sheet"]
    assert format_of("my.sheets.png") is FORMATS["png"]
    assert format_of("my.gif/") is FORMATS["frames"]


@pytest.mark.parametrize("name", ["my", "my.jpg", "my.gif.bak", "gif", "mygif"])
def test_an_unknown_ending(name: str, tmp_path: Path) -> None:
    (said,) = refused(lambda: save(film(), tmp_path / name))
    endings = dict.fromkeys(format.suffix for format in FORMATS.values() if format.suffix != FOLDER)
    rule = f"must end in {', '.join(endings)}, or in / for a folder of frames; or name the format"
    assert said.startswith("output = ")
    assert said.endswith(f": {rule}")
    assert not tree(tmp_path)


@pytest.mark.parametrize("name", ["", ".", "./", "/", "..", "../", "new/../", "a\0.gif", "a\0/b.gif", "a\ud800.gif"])
@pytest.mark.parametrize("format", [None, "gif", "frames"])
def test_a_path_that_names_nothing(name: str, format: str | None, tmp_path: Path, monkeypatch: Any) -> None:
    """With a format that is named or not; nothing appears, not even elsewhere."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (said,) = refused(lambda: save(film(), name, None if format is None else FORMATS[format]))
    if name != ".." or format:
        assert said == f"output = {name!r}: must name a file or a folder"
    assert [path.name for path in tmp_path.rglob("*")] == ["here"]


@pytest.mark.parametrize("name", [format.suffix for format in FORMATS.values() if format.suffix != FOLDER])
def test_an_ending_alone_is_no_name(name: str, tmp_path: Path) -> None:
    """It would be a hidden file."""
    assert refused(lambda: save(film(), f"{tmp_path}/{name}"))[0].endswith(": must name a file or a folder")
    assert not tree(tmp_path)


def test_a_folder_of_frames_replaces_its_like(tmp_path: Path) -> None:
    """A path that ends in a slash; or the folder that is there already, with frames of an earlier run in it."""
    save(Film.of(FIGURES["long"]), f"{tmp_path}/my/")
    done = save(Film.of(Figure(Conv(3, 3), cell=6)), f"{tmp_path}/my/")
    assert done.files == (tmp_path / "my" / "my_000.png",)
    assert list(tree(tmp_path)) == ["my/my_000.png"]


@pytest.mark.parametrize("target", ["docs", "docs/"])
def test_saving_never_loses_what_convgif_did_not_write(target: str, tmp_path: Path) -> None:
    """A folder named by mistake is somebody's work; refused or kept beside the frames, it has to be there after."""
    (tmp_path / "docs" / "deep").mkdir(parents=True)
    (tmp_path / "docs" / "thesis.txt").write_text("mine")
    (tmp_path / "docs" / "deep" / "data.csv").write_text("mine")
    before = tree(tmp_path)
    with suppress(InputError):
        save(film(), f"{tmp_path}/{target}")
    assert tree(tmp_path).items() >= before.items()


def test_the_index_of_a_sheet_replaces_its_like_alone(tmp_path: Path) -> None:
    """Nobody named that file: one that is somebody's data stays, and no sheet appears beside it."""
    for _ in range(2):
        save(film(), tmp_path / "fig.sheet.png")
    (tmp_path / "data.sheet.json").write_text('{"app": "mine"}')
    before = tree(tmp_path)
    (said,) = refused(lambda: save(film(), tmp_path / "data.sheet.png"))
    assert said.endswith(": was not written by convgif and would be replaced; choose another name")
    assert tree(tmp_path) == before


def test_saving_replaces_a_file_and_nothing_beside_it(tmp_path: Path) -> None:
    for name in ("my.gif", "other.gif"):
        (tmp_path / name).write_text("old")
    save(film(), tmp_path / "my.gif")
    assert (tmp_path / "my.gif").read_bytes().startswith(b"GIF89a")
    assert (tmp_path / "other.gif").read_text() == "old"


# what is refused before anything is written


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "", "x" * 300, ".", "..", ".hidden", "a b", "a\n", "-a", "a\0b", "a\\b", "a."]
)
def test_a_name_that_is_no_plain_file_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        render({name: SMALL}, tmp_path / "out")
    rule = "must be a plain file name: letters, digits, _, - and . inside, at most 100 characters"
    assert [(problem.field, problem.value, problem.rule) for problem in caught.value.problems] == [("name", name, rule)]
    assert not tree(tmp_path)


@pytest.mark.parametrize("out", ["", "a\0b", "a\ud800"])
def test_an_output_that_can_be_no_folder(out: str) -> None:
    assert refused(lambda: render({"a": SMALL}, out)) == [f"output = {out!r}: must name a folder"]


def test_all_problems_are_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    """Of names, formats, figures and what formats cannot hold; each with the figure that has it."""
    large = Figure(Conv(9, 3), cell=10, max_frames=48)
    sheet = Figure(Conv(5, 3), cell=10, max_pixels=40_000)
    misfit = Figure(MaxPool(4, 2), view="scatter")
    figures: dict[str, Any] = {"a/b": SMALL, "good": SMALL, "large": large, "sheet": sheet, "misfit": misfit, "no": 3}
    width, height = Film.of(sheet).size
    expected = [
        "format = 'giff': there is no such format; did you mean gif?",
        "name = 'a/b': must be a plain file name: letters, digits, _, - and . inside, at most 100 characters",
        "[large] max_frames = 48: the figure has 49 frames; raise it to allow that many, or draw fewer: "
        "frame_range or every",
        f"[sheet] max_pixels = 40000: the sprite sheet would be {3 * width:,} x {3 * height:,} pixels; "
        "choose a smaller cell or scale, or another format, or raise max_pixels",
        "[misfit] view = 'scatter': draws transposed convolution only, and this is max pooling; "
        f"choose {either(name for name, view in VIEWS.items() if view.suits(misfit.layer))}",
        "no = 3: must be a figure, such as Figure(layer)",
    ]
    formats = ["giff", "sheet"]
    assert refused(lambda: render(figures, tmp_path / "out", formats)) == expected
    assert list(map(str, batch.check(figures, formats))) == expected
    assert not tree(tmp_path)


@pytest.mark.parametrize("name", ["pgn", "xyz", "", 3, ["gif", "svg"]])
def test_an_unknown_format(name: Any, tmp_path: Path) -> None:
    (said,) = refused(lambda: render({"a": SMALL}, tmp_path / "out", [name]))
    assert said == f"format = {name!r}: there is no such format; {did_you_mean(name, FORMATS)}"
    assert not tree(tmp_path)


def test_formats_are_a_list() -> None:
    assert refused(lambda: render({"a": SMALL}, formats="gif")) == [
        "formats = 'gif': must be a list of names, such as ['gif']"
    ]


def test_check_asks_only_for_the_formats_chosen() -> None:
    figure = Figure(Conv(5, 3), cell=10, max_pixels=40_000)
    assert not list(batch.check({"a": figure}))
    assert not list(batch.check({"a": figure}, ["gif", "frames"]))
    assert [problem.place for problem in batch.check({"a": figure}, ["gif", "sheet"])] == ["[a]"]


def test_what_a_format_cannot_hold_is_refused_by_all_that_write(tmp_path: Path) -> None:
    sheet = Film.of(Figure(Conv(5, 3), cell=10, max_pixels=40_000))
    rules = {
        refused(lambda: save(sheet, tmp_path / "new" / "my.sheet.png"))[0],
        refused(lambda: encode(sheet, FORMATS["sheet"]))[0],
        refused(lambda: render({"a": sheet.figure}, tmp_path / "out", ["sheet"]))[0].removeprefix("[a] "),
    }
    assert len(rules) == 1
    assert not tree(tmp_path)


# what goes wrong meanwhile


class FailsElsewhere(Figure):
    """A figure that cannot be drawn in any process but the first."""

    def describe(self) -> str:
        if multiprocessing.parent_process() is not None:
            raise wrong("moon", "full", "must be new")
        return super().describe()


class FullElsewhere(Figure):
    """A figure during whose drawing the disk is full, in any process but the first."""

    def describe(self) -> str:
        if multiprocessing.parent_process() is not None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().describe()


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (FailsElsewhere, "moon = 'full': must be new"),
        (FullElsewhere, "output = 'out': cannot be written: no space left on device; choose another place"),
    ],
)
def test_an_error_in_another_process_reaches_the_caller(
    kind: type[Figure], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    figures = {"a": SMALL, "b": kind(Conv(9, 3), cell=6), "c": Figure(Conv(5, 3), cell=6)}
    assert refused(lambda: render(figures, "out", SHARED, jobs=2)) == [message]
    assert not tree(tmp_path)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, BrokenPipeError])
def test_an_error_in_the_callers_progress_is_the_callers(error: type[BaseException], jobs: int, tmp_path: Path) -> None:
    """It stops the run with all of its processes; and a closed pipe is no fault of the output folder."""

    def progress(rendered: Rendered) -> None:
        if len(seen := [*told, rendered.name]) == 2:
            raise error(rendered.name)
        told[:] = seen

    told: list[str] = []
    figures = {"a": SMALL, "b": Figure(Conv(9, 3), cell=6), "c": SMALL, "d": Figure(Conv(30, 3), cell=20)}
    with pytest.raises(error, match=r"^[abc]$"):
        render(figures, tmp_path / "out", ["gif"], jobs, progress)
    assert not tree(tmp_path)
    assert not multiprocessing.active_children()


def _filling(film: Film, stem: str) -> tuple[File, File]:
    """Two files; the disk is full before the second one of a figure that is called b is there."""

    def write(stream: BinaryIO) -> None:
        stream.write(b"first")

    def fill(stream: BinaryIO) -> None:
        write(stream)
        if stem == "b":
            raise OSError(errno.ENOSPC, "No space left on device", stream.name)

    return File(f"{stem}.one", write), File(f"{stem}.two", fill)


FILLING: Final = Format("filling", "fills the disk", ".one", _filling)


def test_a_disk_that_is_full_half_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was there before stays, in all formats; the file is named as the user knows it, not the hidden one."""
    places = {"gif": "convgif.assembling.formats.gif:FORMAT", "filling": f"{__name__}:FILLING"}
    for module in (batch, manifest):
        monkeypatch.setattr(module, "FORMATS", Registry("format", "nothing", places))
    monkeypatch.chdir(tmp_path)
    render({"a": FIGURES["v1.2"]}, "out", places)
    before = tree(tmp_path)
    assert len(before) == 4

    def full(file: str) -> list[str]:
        return [f"output = 'out/{file}': cannot be written: no space left on device; choose another place"]

    assert refused(lambda: render({"a": SMALL, "b": SMALL}, "out", places)) == full("filling/b.two")
    assert refused(lambda: save(film(), Path("out", "b.one"))) == full("b.two")
    assert refused(lambda: save(film(), Path("out", "b"), FILLING)) == full("b")
    assert tree(tmp_path) == before


LIMITED: Final = """
import resource
from convgif import Conv, Figure, InputError, render
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
large = Figure(Conv(5, 3), cell=60)
for format in ("gif", "sheet", "frames", "svg"):
    for jobs in (1, 2):
        try:
            render({"small": Figure(Conv(3, 3), cell=5), "large": large}, "out", [format], jobs)
        except InputError as error:
            print(error.exit_code, error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the size of files")
def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    """The system's own refusal, in the middle of a write, in one process and in several."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    files = ("gif/large.gif", "sheet/large.png", "frames/large/large_000.png", "svg/large.svg")
    words = "cannot be written: file too large; choose another place"
    assert done.stdout.splitlines() == [f"2 output = 'out/{file}': {words}" for file in files for _ in range(2)]
    assert not done.stderr
    assert not tree(tmp_path)


@pytest.mark.parametrize("out", ["x" * 300, "new/" + "x" * 300])
def test_a_name_that_is_too_long_for_the_system(out: str, tmp_path: Path) -> None:
    for write in (lambda: save(film(), tmp_path / f"{out}.gif"), lambda: render({"a": SMALL}, tmp_path / out)):
        assert refused(write)[0].endswith(": cannot be written: file name too long; choose another place")
    assert not tree(tmp_path)


@pytest.mark.parametrize("out", ["file", "file/new"])
def test_a_file_in_the_way_of_the_output(out: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for write in (lambda: render({"a": SMALL}, tmp_path / out), lambda: save(film(), tmp_path / out / "my.gif")):
        assert refused(write)[0].endswith(
            (": cannot be written: file exists; choose another place", "not a directory; choose another place")
        )
    assert tree(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("way", ["sheet", "gif"])
def test_a_file_in_the_way_of_a_formats_folder(way: str, tmp_path: Path) -> None:
    """Nothing is written then, in the other formats neither."""
    (tmp_path / way).write_text("mine")
    said = refused(lambda: render({"a": SMALL, "b": SMALL}, tmp_path, ["gif", "sheet"]))
    assert all(line.endswith(": is a file, and a folder is needed there; move it away") for line in said)
    assert tree(tmp_path) == {way: b"mine"}
