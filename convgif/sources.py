"""Files that users name, looked at before they are read: pipes and devices may have no end, and some paths none has.

>>> is_file("/\\0"), is_folder(".")
(False, True)
"""

from __future__ import annotations

import errno
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Final

LARGEST: Final = 64 * 2**20
"""Bytes of a file that is read."""


def readable(path: str | Path, largest: int = LARGEST) -> Path:
    """The path of a file that can be read to its end.

    Raises:
        OSError: there is none, it is a pipe or a device, or it has more than `largest` bytes.
    """
    try:
        about = Path(path).stat()
    except ValueError:  # Python's word for what no system has in a path
        raise OSError(errno.EINVAL, "no path has such characters") from None
    if not (S_ISREG(about.st_mode) or S_ISDIR(about.st_mode)):  # whoever reads a folder is told so by the system
        raise OSError(errno.EINVAL, "it is a pipe or a device, and a file is needed")
    if about.st_size > largest:
        raise OSError(errno.EFBIG, f"it has {about.st_size:,} bytes, and {largest:,} are read at most")
    return Path(path)


def is_file(path: str | Path) -> bool:
    """Whether there is a regular file; there is none where no system has such a path."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: str | Path) -> bool:
    """Whether there is a folder; there is none where no system has such a path."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False
