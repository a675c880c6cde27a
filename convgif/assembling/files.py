"""Files that are whole or not there at all: written in a hidden folder beside their targets, then moved."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from convgif.errors import MISSING, InputError, wrong


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A hidden, empty folder inside `folder` to write in; whatever happens, it is gone afterwards.

    `folder` is made where it is missing, and unmade again if nothing comes to lie in it.

    Raises:
        InputError: `folder` cannot be written, or is full.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    staged: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=".convgif-", dir=folder))
        yield staged
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        if staged is not None:
            shutil.rmtree(staged, ignore_errors=True)
        for path in missing:
            with suppress(OSError):
                path.rmdir()


def publish(staged: Path, folder: Path, names: Iterable[Path]) -> None:
    """Move finished files and folders from `staged` to the same places in `folder`, each in one move.

    What was there before is replaced, a folder with all that is in it.
    """
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir() and not target.is_symlink():
            # A folder cannot be replaced in one move; the old one goes to where the cleaning up finds it.
            target.rename(Path(tempfile.mkdtemp(dir=staged)) / "old")
        (staged / name).replace(target)


def unwritable(folder: Path, error: OSError) -> InputError:
    """What to say when the system refuses to write."""
    place = error.filename if error.filename and not Path(str(error.filename)).is_relative_to(folder) else folder
    reason = (error.strerror or str(error)).lower()
    return wrong(f"output {place}", MISSING, f"cannot be written: {reason}; choose another place")
