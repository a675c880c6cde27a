"""Writing all or nothing: what is in a folder while, and after, something goes wrong."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

import pytest

from convgif.assembling.files import explained, publish, staging
from convgif.errors import InputError


def tree(folder: Path) -> dict[str, str | None]:
    """All that lies below a folder, hidden files too: the text of files, None for folders."""
    return {str(path.relative_to(folder)): path.read_text() if path.is_file() else None for path in folder.rglob("*")}


def run(out: Path, files: Iterable[str], publishing: Iterable[str] = (), stop: BaseException | None = None) -> None:
    """A run that writes some files, and then is stopped by an exception or publishes what it should."""
    with staging(out) as staged:
        for name in files:
            (staged / name).parent.mkdir(exist_ok=True)
            (staged / name).write_text("new")
        if stop is not None:
            raise stop
        publish(staged, out, map(Path, publishing))


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


def test_an_error_of_the_system_is_told_as_one_of_the_output(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught, explained(tmp_path / "new"):
        run(tmp_path / "new", ["a.gif"], stop=OSError(errno.ENOSPC, "No space left on device"))
    message = f"output {tmp_path / 'new'}: cannot be written: no space left on device; choose another place"
    assert str(caught.value) == message
    assert caught.value.exit_code == 2
    assert not tree(tmp_path)


@pytest.mark.parametrize(
    ("out", "reason"),
    [("file", "file exists"), ("file/in", "not a directory"), ("file/in/deep", "not a directory")],
)
def test_a_file_in_the_way_of_the_folder(out: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError) as caught, staging(tmp_path / out):
        pytest.fail("there is nowhere to write")
    assert str(caught.value).endswith(f": cannot be written: {reason}; choose another place")
    assert str(caught.value).startswith(f"output {tmp_path / 'file'}")
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


def test_a_folder_of_an_earlier_longer_run_is_replaced_wholly(tmp_path: Path) -> None:
    """Its last frames would be played after the new ones."""
    for name in ("png/a", "png/b"):
        (tmp_path / name).mkdir(parents=True)
        for number in range(9):
            (tmp_path / name / f"{name[-1]}_00{number}.png").write_text("old")
    with staging(tmp_path) as staged:
        (staged / "png" / "a").mkdir(parents=True)
        (staged / "png" / "a" / "a_000.png").write_text("new")
        publish(staged, tmp_path, [Path("png/a")])
    kept = {"png": None, "png/b": None, **{f"png/b/b_00{number}.png": "old" for number in range(9)}}
    assert tree(tmp_path) == {**kept, "png/a": None, "png/a/a_000.png": "new"}


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    """What it leads to lies elsewhere and is not ours to replace."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").symlink_to(tmp_path / "mine", target_is_directory=True)
    with pytest.raises(InputError):
        run(tmp_path / "out", ["a/a_000.png"], ["a"])
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "mine"


def test_a_folder_where_a_file_should_go_is_not_lost(tmp_path: Path) -> None:
    """Only frames may stand for frames: a folder that happens to be called a.gif is somebody's."""
    (tmp_path / "a.gif").mkdir()
    (tmp_path / "a.gif" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError):
        run(tmp_path, ["a.gif"], ["a.gif"])
    assert tree(tmp_path) == {"a.gif": None, "a.gif/thesis.txt": "mine"}


def test_publishing_is_all_or_nothing(tmp_path: Path) -> None:
    """The second file has nowhere to go, so the first does not come either, and an older one stays."""
    (tmp_path / "gif").mkdir()
    (tmp_path / "gif" / "a.gif").write_text("old")
    (tmp_path / "sheet").write_text("a file in the way")
    before = tree(tmp_path)
    files = ["gif/a.gif", "gif/b.gif", "sheet/a.png"]
    with pytest.raises(InputError):
        run(tmp_path, files, files)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("error", "place", "reason"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "out", "no space left on device"),
        (OSError(errno.EACCES, "Permission denied", "out/.convgif-x/a.gif"), "out", "permission denied"),
        (OSError(errno.EACCES, "Permission denied", "elsewhere"), "elsewhere", "permission denied"),
        (OSError("odd"), "out", "odd"),
    ],
)
def test_unwritable_names_the_place_that_the_user_knows(error: OSError, place: str, reason: str) -> None:
    """Not the hidden folder, which is gone when the message is read."""
    message = f"output {place}: cannot be written: {reason}; choose another place"
    with pytest.raises(InputError) as caught, explained(Path("out")):
        raise error
    assert str(caught.value) == message
