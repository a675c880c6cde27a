"""Pages for browsers: templates in which {{words}} stand for what Python puts in."""

from __future__ import annotations

import re
from html import escape
from importlib import resources
from typing import Final

VERBATIM: Final = ("svg", "data", "body")
"""What is put in as it is; all else is text."""


def page(name: str) -> str:
    """The template of that name."""
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def filled(template: str, **parts: str) -> str:
    """The template with its words replaced.

    >>> filled("<p>{{title}}</p>", title="a < b")
    '<p>a &lt; b</p>'
    """
    ready = {name: part if name in VERBATIM else escape(part) for name, part in parts.items()}
    return re.sub(r"\{\{(\w+)\}\}", lambda found: ready[found[1]], template)
