"""Writing all or nothing: what is in a folder while, and after, something goes wrong."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

import pytest

from convgif.assembling.files import explained, is_path, publish, staging
from convgif.errors import InputError


def tree(folder: Path) -> dict[str, str | None]:
    """All that lies below a folder, hidden files too: the text of files, None for folders."""
    return {str(path.relative_to(folder)): path.read_text() if path.is_file() else None for path in folder.rglob("*")}


def run(out: Path, files: Iterable[str], publishing: Iterable[str] = (), stop: BaseException | None = None) -> None:
    """A run that writes some files, and then is stopped by an exception or publishes what it should."""
    with staging(out) as staged:
        for name in files:
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            (staged / name).write_text("new")
        if stop is not None:
            raise stop
        publish(staged, out, map(Path, publishing))


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
        assert staged.parent == tmp_path
        assert staged.name.startswith(".")
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
    run(tmp_path, ["gif/a.gif", "sheet/a.png", "left.txt"], ["gif/a.gif", "sheet/a.png"])
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
    run(tmp_path, ["a.gif", "b.gif"], ["a.gif", "b.gif"])
    assert tree(tmp_path) == {"a.gif": "new", "b.gif": "new", "mine.gif": "mine"}
    assert not (tmp_path / "a.gif").is_symlink()


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_folder_of_an_earlier_longer_run_is_replaced_wholly(ending: str, tmp_path: Path) -> None:
    """Its last frames would be played after the new ones."""
    for name in ("frames/a", "frames/b"):
        (tmp_path / name).mkdir(parents=True)
        for number in range(9):
            (tmp_path / name / f"{name[-1]}_00{number}.{ending}").write_text("old")
    run(tmp_path, [f"frames/a/a_000.{ending}"], ["frames/a"])
    kept = {"frames": None, "frames/b": None, **{f"frames/b/b_00{number}.{ending}": "old" for number in range(9)}}
    assert tree(tmp_path) == {**kept, "frames/a": None, f"frames/a/a_000.{ending}": "new"}


def test_a_folder_that_cannot_be_replaced_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was out of the way already when the disk failed."""
    run(tmp_path, ["a/a_000.png"], ["a"])
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.name == "a" and path.parent != tmp_path:
            raise OSError(errno.EIO, "Input/output error", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    assert refused(tmp_path, ["a/a_000.png", "a/a_001.png"], ["a"]) == [
        (".", "cannot be written: input/output error; choose another place")
    ]


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
            for other in ("thesis.txt", "b_000.png", "a_000.gif", "a_.png", "a_000.png.bak", "A_000.png")
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


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    """What it leads to lies elsewhere and is not ours to replace."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").symlink_to(tmp_path / "mine", target_is_directory=True)
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    refused(tmp_path / "out", ["a/a_000.png"], ["a"])
    (tmp_path / "mine" / "thesis.txt").rename(tmp_path / "mine" / "a_000.png")
    run(tmp_path / "out", ["a/a_000.png"], ["a"])
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
