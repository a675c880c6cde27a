"""Writing all or nothing: what is in a folder while, and after, something goes wrong."""

from __future__ import annotations

import errno
import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from convgif.assembling.files import ABANDONED, PREFIX, explained, is_path, publish, recover, staging
from convgif.errors import InputError

OURS: Final = '"app": "convgif"'
"""What an index of ours has in it; so have the frames of these tests."""


def tree(folder: Path) -> dict[str, str | None]:
    """All that lies below a folder, hidden files too: the text of files, None for folders."""
    return {str(path.relative_to(folder)): path.read_text() if path.is_file() else None for path in folder.rglob("*")}


def run(
    out: Path,
    files: Iterable[str],
    publishing: Iterable[str] = (),
    stop: BaseException | None = None,
    known: Iterable[str] = (),
    replacing: Callable[[Path], None] | None = None,
) -> None:
    """A run that writes some files, and then is stopped by an exception or publishes what it should."""
    with staging(out) as staged:
        for name in files:
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            (staged / name).write_text("new")
        if stop is not None:
            raise stop
        publish(staged, out, map(Path, publishing), {*map(Path, known)}, replacing)


def refused(out: Path, files: Iterable[str], publishing: Iterable[str]) -> list[tuple[str, str]]:
    """The places that are in the way of a run, below its folder, and what is said of them; nothing has changed."""
    before = tree(out)
    with pytest.raises(InputError) as caught:
        run(out, files, publishing)
    assert tree(out) == before
    assert {problem.field for problem in caught.value.problems} == {"output"}
    return [(str(Path(str(one.value)).relative_to(out)), str(one.rule)) for one in caught.value.problems]


def test_a_staging_folder_is_hidden_empty_and_on_the_same_disk(tmp_path: Path) -> None:
    """Beside its targets, so that a move is a renaming and never a copy."""
    with staging(tmp_path) as staged:
        assert staged.parent.parent == tmp_path
        assert staged.parent.name.startswith(".")
        assert not tree(staged)
    assert not tree(tmp_path)


def test_two_runs_at_once_do_not_meet(tmp_path: Path) -> None:
    with staging(tmp_path) as one, staging(tmp_path) as other:
        assert one != other


class Stop(BaseException):
    """Something that no handler expects."""


@pytest.mark.parametrize("stop", [RuntimeError, KeyboardInterrupt, Stop, GeneratorExit, SystemExit])
@pytest.mark.parametrize("out", [".", "new", "new/deep/deeper"])
def test_whatever_stops_it_leaves_the_folder_as_it_was(stop: type[BaseException], out: str, tmp_path: Path) -> None:
    """Also the folders that were made for it are gone."""
    (tmp_path / "a.gif").write_text("old")
    with pytest.raises(stop):
        run(tmp_path / out, ["gif/a.gif", "a.gif"], stop=stop())
    assert tree(tmp_path) == {"a.gif": "old"}


def test_folders_that_somebody_else_uses_meanwhile_stay(tmp_path: Path) -> None:
    with staging(tmp_path / "new" / "deep"):
        (tmp_path / "new" / "theirs.txt").write_text("theirs")
    assert tree(tmp_path) == {"new": None, "new/theirs.txt": "theirs"}


@pytest.mark.parametrize(
    ("out", "reason"),
    [("file", "file exists"), ("file/in", "not a directory"), ("file/in/deep", "not a directory")],
)
def test_a_file_in_the_way_of_the_folder(out: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError) as caught, staging(tmp_path / out):
        pytest.fail("there is nowhere to write")
    (problem,) = caught.value.problems
    assert str(problem.value).startswith(str(tmp_path / "file"))
    assert problem.rule == f"cannot be written: {reason}; choose another place"
    assert tree(tmp_path) == {"file": "mine"}


def test_a_folder_whose_name_is_too_long(tmp_path: Path) -> None:
    """The system refuses already to say whether it exists."""
    with pytest.raises(InputError) as caught, staging(tmp_path / ("x" * 300) / "out"):
        pytest.fail("there is nowhere to write")
    assert str(caught.value).endswith(": cannot be written: file name too long; choose another place")
    assert not tree(tmp_path)


def test_publishing_replaces_files_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "gif").mkdir()
    (tmp_path / "gif" / "a.gif").write_text("old")
    (tmp_path / "gif" / "b.gif").write_text("other")
    run(tmp_path, ["gif/a.gif", "sheet/a.png", "left.txt"], ["gif/a.gif", "sheet/a.png"], known=["gif/a.gif"])
    assert tree(tmp_path) == {
        "gif": None,
        "gif/a.gif": "new",
        "gif/b.gif": "other",
        "sheet": None,
        "sheet/a.png": "new",
    }


def test_a_link_is_replaced_and_what_it_leads_to_is_not(tmp_path: Path) -> None:
    (tmp_path / "mine.gif").write_text("mine")
    (tmp_path / "a.gif").symlink_to("mine.gif")
    (tmp_path / "b.gif").symlink_to("gone.gif")
    run(tmp_path, ["a.gif", "b.gif"], ["a.gif", "b.gif"], known=["a.gif", "b.gif"])
    assert tree(tmp_path) == {"a.gif": "new", "b.gif": "new", "mine.gif": "mine"}
    assert not (tmp_path / "a.gif").is_symlink()


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_folder_of_an_earlier_longer_run_is_replaced_wholly(ending: str, tmp_path: Path) -> None:
    """Its last frames would be played after the new ones."""
    for name in ("frames/a", "frames/b"):
        (tmp_path / name).mkdir(parents=True)
        for number in range(9):
            (tmp_path / name / f"{name[-1]}_00{number}.{ending}").write_text(OURS)
    run(tmp_path, [f"frames/a/a_000.{ending}"], ["frames/a"])
    kept = {"frames": None, "frames/b": None, **{f"frames/b/b_00{number}.{ending}": OURS for number in range(9)}}
    assert tree(tmp_path) == {**kept, "frames/a": None, f"frames/a/a_000.{ending}": "new"}


SET: Final = {"first.gif": "old", "gif": None, "gif/a.gif": "old", "a": None, "a/a_000.png": OURS, "a/a_001.png": OURS}
"""What lies in a folder before; `NEXT` is what comes, in the order in which it is moved."""
NEXT: Final = ("first.gif", "svg/a.svg", "gif/a.gif", "a", "manifest.json")
AFTER: Final = {
    **{name: None if name == "a" else "new" for name in NEXT},
    **{"gif": None, "svg": None, "a/a_000.png": "new"},
}


def lay(out: Path) -> None:
    """Put the old set into a folder."""
    for name, text in SET.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            (out / name).write_text(text)


def replace(out: Path) -> None:
    """Replace the old set by the next one."""
    files = [name if name != "a" else "a/a_000.png" for name in NEXT]
    run(out, files, NEXT, known=["first.gif", "gif/a.gif"])


def befalling(monkeypatch: pytest.MonkeyPatch, befalls: Callable[[int], None]) -> Iterator[int]:
    """Have something happen before each move of a file or a folder; their number is what comes next."""
    number = count()

    def with_fate(move: Callable[..., Any]) -> Callable[..., Any]:
        def moved(*given: Any, **more: Any) -> Any:
            befalls(next(number))
            return move(*given, **more)

        return moved

    for name in ("link", "rename", "replace"):
        monkeypatch.setattr(os, name, with_fate(getattr(os, name)))
    return number


def places(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A folder with the old set, for each move that something can happen at, and for one that there is not."""
    for number in count():
        lay(tmp_path / str(number))
        yield number, tmp_path / str(number)


def unable(*given: object, **more: object) -> None:
    """What a file system answers that has no second names, or no locks."""
    raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))


def outcome(out: Path) -> BaseException | None:
    """What stopped the replacing of the old set, if anything did."""
    try:
        replace(out)
    except (InputError, KeyboardInterrupt) as stopped:
        return stopped
    return None


@pytest.mark.parametrize(("error", "links"), [(errno.EXDEV, True), (errno.EPERM, False), (None, True)])
def test_what_fails_at_any_move_leaves_the_old_set(
    error: int | None, links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be changed, another disk, a mount point; or an exception from a signal, which has no number.

    Some file systems have no second names, and then files are moved away before others take their places.
    """
    if not links:
        monkeypatch.setattr(os, "link", unable)
    for failing, out in places(tmp_path):

        def fail(move: int, failing: int = failing) -> None:
            if move == failing:
                raise KeyboardInterrupt if error is None else OSError(error, os.strerror(error), "a", None, "b")

        with monkeypatch.context() as patched:
            moves = befalling(patched, fail)
            stopped = outcome(out)
        assert tree(out) == (SET if stopped else AFTER)
        if isinstance(stopped, InputError):
            (problem,) = stopped.problems
            assert Path(str(problem.value)).relative_to(out).as_posix() in NEXT
            reason = f"{os.strerror(error or 0).lower()}; nothing was replaced; choose another place"
            assert problem.rule == f"cannot be written: {reason}"
        assert not hasattr(stopped, "__notes__")
        if next(moves) <= failing:
            break
    assert failing > len(NEXT)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be copied")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize(("fails", "links"), [(False, True), (True, False)])
def test_whoever_is_killed_at_any_move_leaves_what_the_next_run_puts_in_order(
    fails: bool, links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while it puts back what it could not move wholly."""
    if not links:
        monkeypatch.setattr(os, "link", unable)
    found = []
    for killed, out in places(tmp_path):

        def end(number: int, killed: int = killed) -> None:
            if number == killed:
                os._exit(1)
            if fails and number == len(NEXT):
                raise OSError(errno.EXDEV, "another disk")

        if not (child := os.fork()):
            befalling(monkeypatch, end)
            try:
                replace(out)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        recover(out)
        found.append(tree(out))
        assert found[-1] in (SET, AFTER)
        if status == 0:
            break
    assert killed > len(NEXT)
    assert found[0] == SET
    assert found[-1] == (SET if fails else AFTER)


@pytest.mark.parametrize("signals", [1, 2])
def test_signals_wait_until_all_is_moved(signals: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And whoever says what was written knows it then."""
    for number, out in places(tmp_path):

        def send(move: int, number: int = number) -> None:
            if number <= move < number + signals:
                os.kill(os.getpid(), signal.SIGINT)

        with monkeypatch.context() as patched:
            befalling(patched, send)
            stopped = outcome(out)
        assert tree(out) == AFTER
        if stopped is None:
            break
        assert stopped.__notes__ == ["everything was written"]
    assert number > len(NEXT)


def leave(out: Path, journal: object = None) -> Path:
    """What a run that was killed has left in a folder."""
    room = out / f"{PREFIX}left"
    (room / "new").mkdir(parents=True)
    (room / "old").mkdir()
    if journal is not None:
        (room / "journal").write_text(journal if isinstance(journal, str) else json.dumps(journal))
    return room


def test_leftovers_are_removed_and_what_is_in_use_is_not(tmp_path: Path) -> None:
    """By the next run into that folder, however it ends."""
    leave(tmp_path)
    with staging(tmp_path) as one:
        assert [*tmp_path.iterdir()] == [one.parent]
        with staging(tmp_path) as other:
            recover(tmp_path)
            assert {*tmp_path.iterdir()} == {one.parent, other.parent}
        assert one.is_dir()
        assert not other.exists()


@pytest.mark.parametrize(("age", "there"), [(0, True), (ABANDONED - 60, True), (ABANDONED + 60, False)])
def test_without_locks_leftovers_wait_for_a_day(
    age: int, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The youngest thing in it counts."""
    fcntl = pytest.importorskip("fcntl")
    monkeypatch.setattr(fcntl, "flock", unable)
    room = leave(tmp_path)
    file = room / "new" / "a.gif"
    file.write_text("new")
    then = file.stat().st_mtime - age
    for path in (file, room / "new", room / "old", room):
        os.utime(path, (0, then if path == file else 0))
    with staging(tmp_path):
        assert room.exists() == there


@pytest.mark.parametrize(
    "journal",
    [
        "",
        "[",
        "3",
        "{}",
        '"../mine"',
        "[3]",
        "[" * 99_999,
        ["../mine"],
        ["link/mine"],
        ["/mine"],
        ["a", "../mine"],
        ["a\0b"],
    ],
)
def test_a_journal_that_leads_elsewhere_moves_nothing(journal: object, tmp_path: Path) -> None:
    """Whoever made the folder may have put it there; so it is no more than a leftover."""
    out = tmp_path / "out"
    room = leave(out, journal)
    (tmp_path / "mine").write_text("mine")
    (out / "link").symlink_to(tmp_path)
    (out / "a").write_text("a")
    (room / "old" / "mine").write_text("theirs")
    recover(out)
    assert tree(tmp_path) == {"mine": "mine", "out": None, "out/a": "a", "out/link": None}


@pytest.mark.parametrize(
    ("there", "coming", "place", "words"),
    [
        ("gif", "gif/a.gif", "gif", "is a file, and a folder is needed there; move it away"),
        ("gif/deep", "gif/deep/a.gif", "gif/deep", "is a file, and a folder is needed there; move it away"),
        ("a", "a/a_000.png", "a", "is a file, and a folder of frames is to be written; move it away"),
        ("a.gif/thesis.txt", "a.gif", "a.gif", "is a folder, and a file is to be written; move it away"),
        ("a.json", "a.json", "a.json", "was not written by convgif and would be replaced; choose another name"),
        *(
            (
                f"a/{other}",
                "a/a_000.png",
                "a",
                f"holds other things than frames of that name ({other}); choose another folder",
            )
            for other in ("thesis.txt", "b_000.png", "a_000.gif", "a_.png", "a_1.png", "a_000.png.bak", "a_000.png")
        ),
    ],
)
def test_what_is_not_ours_and_in_the_way_is_never_lost(
    there: str, coming: str, place: str, words: str, tmp_path: Path
) -> None:
    """Nor does anything else come that could."""
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("mine")
    moved = coming.partition("/")[0] if coming.startswith("a/") else coming
    assert refused(tmp_path, ["first.gif", coming], ["first.gif", moved]) == [(place, words)]
    assert (tmp_path / there).read_text() == "mine"


def test_an_index_of_ours_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"meta": {"app": "convgif"}}')
    run(tmp_path, ["a.json"], ["a.json"])
    assert tree(tmp_path) == {"a.json": "new"}


def test_a_picture_of_ours_that_is_no_frame_is_not_lost_either(tmp_path: Path) -> None:
    """Somebody drew it into the folder under a name like those of frames."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a_1.png").write_text(OURS)
    refused(tmp_path, ["a/a_000.png"], ["a"])


def test_a_file_that_is_not_ours_is_replaced_only_where_that_is_told_before(tmp_path: Path) -> None:
    """What is the same already is no loss, and what the manifest has is ours."""
    for name in ("a.gif", "b.gif", "c.gif"):
        (tmp_path / name).write_text("new" if name == "b.gif" else "mine")
    (tmp_path / "d.gif").symlink_to("nowhere")
    names, known = ["a.gif", "b.gif", "c.gif", "d.gif"], ["c.gif"]
    run(tmp_path, ["b.gif", "c.gif"], ["b.gif", "c.gif"], known=known)
    with pytest.raises(InputError) as caught:
        run(tmp_path, names, names, known=known)
    assert [problem.value for problem in caught.value.problems] == [str(tmp_path / "a.gif"), str(tmp_path / "d.gif")]
    told: list[tuple[str, str | None]] = []
    run(tmp_path, names, names, known=known, replacing=lambda file: told.append((file.name, tree(tmp_path)[file.name])))
    assert told == [("a.gif", "mine"), ("d.gif", None)]
    assert tree(tmp_path) == dict.fromkeys(names, "new")


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    """What it leads to lies elsewhere and is not ours to replace."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").symlink_to(tmp_path / "mine", target_is_directory=True)
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    refused(tmp_path / "out", ["a/a_000.png"], ["a"])
    (tmp_path / "mine" / "thesis.txt").rename(tmp_path / "mine" / "a_000.png")
    run(tmp_path / "out", ["a/a_000.png"], ["a"], known=["a/a_000.png"])
    assert (tmp_path / "mine" / "a_000.png").read_text() == "mine"
    assert tree(tmp_path / "out") == {"a": None, "a/a_000.png": "new"}


def test_all_that_is_in_the_way_is_told_at_once(tmp_path: Path) -> None:
    """The last file has nowhere to go, so the first does not come either, and an older one stays."""
    (tmp_path / "gif").mkdir()
    (tmp_path / "gif" / "a.gif").write_text("old")
    (tmp_path / "gif" / "b.gif").mkdir()
    (tmp_path / "sheet").write_text("a file in the way")
    files = ["gif/a.gif", "gif/b.gif", "sheet/a.png"]
    assert [place for place, _ in refused(tmp_path, files, files)] == ["gif/b.gif", "sheet"]


@pytest.mark.parametrize(
    ("error", "place", "reason"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "out", "no space left on device"),
        (OSError(errno.EACCES, "Permission denied", "out/.convgif-x/a.gif"), "out", "permission denied"),
        (OSError(errno.EACCES, "Permission denied", b"out/a"), "out", "permission denied"),
        (OSError(errno.EACCES, "Permission denied", "elsewhere"), "elsewhere", "permission denied"),
        (OSError("odd"), "out", "odd"),
    ],
)
def test_an_error_of_the_system_names_the_place_that_the_user_knows(error: OSError, place: str, reason: str) -> None:
    """Not the hidden folder, which is gone when the message is read."""
    with pytest.raises(InputError) as caught, explained(Path("out")):
        raise error
    assert str(caught.value) == f"output = '{place}': cannot be written: {reason}; choose another place"
    assert caught.value.exit_code == 2


def test_what_is_no_error_of_the_system_is_not_explained() -> None:
    with pytest.raises(ZeroDivisionError), explained(Path("out")):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("text", "answer"), [("a", True), ("", True), ("ü\udcff", True), ("a\0b", False), ("\ud800", False)]
)
def test_no_system_has_a_path_with_such_characters(text: str, answer: bool) -> None:
    """Bytes that are no text are spelled with surrogates; other surrogates stand for nothing."""
    assert is_path(text) is answer
