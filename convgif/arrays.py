"""Numbers from files: pictures, and arrays of NumPy, CSV and JSON, as the input and the weights of a figure.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     file = Path(folder) / "map.csv"
...     _ = file.write_text("1, 2\\n3, 4.5\\n")
...     read_array(file)
array([[1. , 2. ],
       [3. , 4.5]])
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from convgif.errors import InputError, shortened, wrong
from convgif.options import LARGEST_INTEGER
from convgif.sources import readable

if TYPE_CHECKING:
    import numpy.typing as npt

MOST_DIGITS: Final = 100
"""Characters of an integer; leading zeros are welcome, within reason."""
PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".pgm", ".ppm")
"""Endings of pictures that are read; what is in colour becomes grey."""


def read_array(path: str | Path, field: str = "input") -> npt.NDArray[Any]:
    """The numbers in a file, whole ones as integers; a picture gives those of its greys, 0 to 255 from dark to light.

    `field` is what they are read for, and what an error is about.

    Raises:
        InputError: the file cannot be read, or holds anything but numbers.
    """
    import numpy as np

    file = Path(path)
    named = f"@{path}"
    if (read := READERS.get(file.suffix.lower())) is None:
        raise wrong(field, named, "must end in .npy, .csv, .json, or as pictures do, such as in .png")
    try:
        array = np.asarray(_even(read(readable(file))))
    except InputError:
        raise
    except FileNotFoundError:
        raise wrong(field, named, "there is no such file") from None
    except Exception as error:  # decoders raise all sorts: OSError, SyntaxError, ValueError, errors of their own
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise wrong(field, named, f"cannot be read: {reason}") from error
    if array.dtype.kind not in "biuf" or not array.size:
        raise wrong(field, named, "must hold numbers, in rows of one length")
    if array.dtype.kind == "u" and array.max() > LARGEST_INTEGER:
        raise wrong(field, named, f"whole numbers are at most {LARGEST_INTEGER:,}")
    if not np.isfinite(array).all():
        raise wrong(field, named, "must hold finite numbers only")
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def _picture(file: Path) -> npt.NDArray[Any]:
    """The first picture in a file, as it is where it is grey, and else in greys."""
    import imageio.v3

    opened: Any
    with imageio.v3.imopen(file, "r", plugin="pillow") as opened:
        # What is grey stays as it is: it may have more than 8 bits, and those would be cut off.
        how = {} if len(opened.properties(index=0).shape) == 2 else {"mode": "L"}
        picture: npt.NDArray[Any] = next(iter(opened.iter(**how)))
    return picture


def _array(file: Path) -> npt.NDArray[Any]:
    import numpy as np

    loaded: npt.NDArray[Any] = np.load(file, allow_pickle=False)
    return loaded


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"), parse_int=_whole)


def _csv(file: Path) -> list[list[float]]:
    """Rows of numbers with commas, semicolons, tabs or spaces between them."""
    lines = [line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    rows = [[_number(word) for word in re.split(r"\s*[,;\t]\s*|\s+", line)] for line in lines if line]
    return rows


def _number(word: str) -> float:
    if "_" in word or not word.isascii():  # Python would read them all the same
        raise ValueError(f"{shortened(word)} is no number")
    if re.fullmatch(r"[+-]?\d+", word):
        return _whole(word)
    try:
        return float(word)
    except ValueError:
        raise ValueError(f"{shortened(word)} is no number") from None


def _whole(word: str) -> int:
    """An integer that NumPy can hold; of larger ones it would make floats."""
    if len(word) > MOST_DIGITS or abs(int(word)) > LARGEST_INTEGER:
        raise ValueError(f"whole numbers are at most {LARGEST_INTEGER:,}")
    return int(word)


def _even(rows: Any) -> Any:
    """The same, if its rows are of one length."""
    if isinstance(rows, list) and rows and all(isinstance(row, list) for row in rows):
        lengths = sorted({len(row) for row in rows})
        if len(lengths) > 1:
            raise ValueError(f"its rows are of different lengths, {lengths[0]} and {lengths[-1]}")
        return [_even(row) for row in rows]
    return rows


READERS: Final[Mapping[str, Callable[[Path], Any]]] = {
    ".npy": _array,
    ".csv": _csv,
    ".json": _json,
    **dict.fromkeys(PICTURES, _picture),
}
"""What reads a file, by its ending."""
