"""Pages for browsers: templates in which {{words}} stand for what Python puts in.

A page says itself what it may run and fetch, in a Content-Security-Policy. In it `{{scripts}}` and `{{styles}}` stand
for the hashes of the template's own scripts and styles, so that nothing that is put in later can run.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib import resources
from typing import Final

VERBATIM: Final = ("svg", "data", "nav", "body")
"""What is put in as it is; all else is text."""
HASHED: Final = {"scripts": "script", "styles": "style"}
"""Words that stand for the hashes of a template's elements."""


def page(name: str) -> str:
    """The template of that name."""
    return resources.files("convgif.site").joinpath(name).read_text(encoding="utf-8")


def filled(template: str, **parts: str) -> str:
    """The template with its words replaced.

    >>> filled("<p>{{title}}</p>", title="a < b")
    '<p>a &lt; b</p>'
    """
    ready = {name: part if name in VERBATIM else escape(part) for name, part in parts.items()}
    ready |= {word: hashes(template, tag) for word, tag in HASHED.items()}
    return re.sub(r"\{\{(\w+)\}\}", lambda found: ready[found[1]], template)


def hashes(template: str, tag: str) -> str:
    """The hashes of a template's inline scripts or styles, as a Content-Security-Policy takes them.

    >>> hashes("<style>p { margin: 0 }</style>", "style")
    "'sha256-7IWhgxoOGTB5NQzjGk9OPt0FwhVeBvZGoWgF9xLLh8c='"
    """
    parts = re.findall(rf"<{tag}>(.*?)</{tag}>", template, re.DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(part.encode()).digest()).decode()}'" for part in parts) or "'none'"
