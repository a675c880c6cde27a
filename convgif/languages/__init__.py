"""The languages that a picture can speak, each a TOML file here: what stands for each sentence of its words.

>>> from convgif.registry import LANGUAGES
>>> LANGUAGES["de"].title, LANGUAGES["de"].told(Sentence("stride {stride}", stride="2"))
('Deutsch', 'Schrittweite 2')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

from convgif.arithmetic.sentences import Sentence, Words
from convgif.errors import MISSING, InputError, Problem, as_key, did_you_mean
from convgif.toml import read_toml, shipped_file


@dataclass(frozen=True)
class Language:
    """A language: its `title` is what its speakers call it, and `words` gives its template for each of English.

    Where it has none, the words stay English.
    """

    title: str
    words: Mapping[str, str]

    def told(self, words: Words) -> str:
        """The words in this language.

        >>> Language("Italiano", {"Input": "Ingresso"}).told(Sentence("Input"))
        'Ingresso'
        """
        return words.told(lambda template: self.words.get(template, template)) if isinstance(words, Sentence) else words


def __getattr__(name: str) -> Language:
    """A language that ships, for the registry."""
    return _shipped(name)


@cache
def _shipped(name: str) -> Language:
    return _read(shipped_file(__name__, name, "language"), name)


def load(path: str | Path) -> Language:
    """The language in a file of one's own.

    Raises:
        InputError: it cannot be read, or has mistakes: all of them.
    """
    return _read(Path(path), str(path))


def slots(template: str) -> set[str]:
    """The names in a template's braces.

    Raises:
        ValueError: braces do not match, or hold something else than a name.

    >>> sorted(slots("{first}, {second}"))
    ['first', 'second']
    """
    found = set()
    for _, name, form, conversion in Formatter().parse(template):
        if name is not None:
            if form or conversion or not name.isidentifier():
                raise ValueError(f"{{{name}}} is no name in braces")
            found.add(name)
    return found


def _read(file: Traversable, place: str) -> Language:
    _, data = read_toml(file, place)
    if problems := list(_mistakes(data)):
        raise InputError(problems).at(f"{place}:", as_key)
    return Language(data["title"], MappingProxyType(data.get("words", {})))


def _mistakes(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Everything that is wrong with a file."""
    known = {"title": str, "words": dict}
    for key, value in data.items():
        if key not in known:
            yield Problem(key, MISSING, f"there is no such key; {did_you_mean(key, known)}")
        elif not isinstance(value, known[key]):
            yield Problem(key, value, f"must be a {'text' if known[key] is str else 'table'}")
    if "title" not in data:
        yield Problem("title", MISSING, "is missing: what the language is called by those who speak it")
    words = data.get("words")
    for template, translation in words.items() if isinstance(words, dict) else ():
        if problem := _mistranslated(template, translation):
            yield Problem(f'words."{template}"', translation, problem)


def _mistranslated(template: str, translation: object) -> str:
    """What is wrong with a translation; empty if nothing is."""
    if not isinstance(translation, str):
        return "must be a text"
    try:
        there, wanted = slots(translation), slots(template)
    except ValueError:
        return "must have names in its braces, such as {size}, and no other braces"
    if there == wanted:
        return ""
    names = " and ".join(f"{{{name}}}" for name in sorted(wanted))
    return f"must have {names} in it, and no other braces" if wanted else "must have no braces"
