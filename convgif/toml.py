"""TOML files of users, presets and themes alike, read with what is wrong said in words."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from convgif.errors import MISSING, InputError, Problem
from convgif.sources import readable

ENDING: Final = ".toml"
LARGEST: Final = 4 * 2**20
"""Bytes of a file of presets or of a theme."""
DEEPEST: Final = 100
"""Parts of a dotted key; the time that they are parsed in grows with their square."""
DEEP: Final = re.compile(rf"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}""")


def shipped_file(package: str, name: str, noun: str) -> Traversable:
    """The TOML file of that name that ships in a package.

    Raises:
        AttributeError: there is none, or the machinery of imports asks for something of its own.

    >>> shipped_file("convgif.themes", "dark", "theme").name
    'dark.toml'
    """
    if not name.startswith("_") and (file := files(package) / f"{name}{ENDING}").is_file():
        return file
    raise AttributeError(f"there is no {noun} {name}")


def read_toml(file: Traversable, place: str) -> tuple[str, dict[str, Any]]:
    """The text of a TOML file, and the document that it is.

    Raises:
        InputError: it cannot be read, or is no TOML.
    """
    try:
        if isinstance(file, Path):
            readable(file, LARGEST)
        text = file.read_text(encoding="utf-8").replace("\r\n", "\n")
        if DEEP.search(text):
            raise RecursionError
        return text, tomllib.loads(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError([Problem("", MISSING, f"cannot be read: {reason}", f"{place}:")]) from error
    except UnicodeDecodeError as error:
        words = f"must be text in UTF-8, and byte {error.start} is not"
        raise InputError([Problem("", MISSING, words, f"{place}:")]) from None
    except RecursionError:
        raise InputError([Problem("", MISSING, "is nested too deeply", f"{place}:")]) from None
    except ValueError as error:  # TOMLDecodeError, and Python's word for absurdly long integers
        said = re.sub(r" \(at (line \d+, column \d+|end of document)\)$", "", str(error))
        at = re.search(r"line (\d+), column (\d+)", str(error))
        place = f"{place}:{at[1]}:{at[2]}:" if at else f"{place}:"
        raise InputError([Problem("", MISSING, f"is no valid TOML: {said[:1].lower()}{said[1:]}", place)]) from None
