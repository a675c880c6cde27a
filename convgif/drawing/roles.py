"""The roles that items of a scene play; a theme gives each a style, and knows no other.

>>> AREAS["input"]
'the input map'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AREAS: Final[Mapping[str, str]] = {
    "paper": "the ground behind everything",
    "input": "the input map",
    "blank": "padding and inserted zeros",
    "copy": "padding that copies the input",
    "cut": "input that a crop removes before the kernel can read it",
    "kernel": "the kernel map",
    "mark": "the corner that marks the first weight of a kernel that is turned",
    "entry": "the weights in a matrix",
    "zero": "the zeros in a matrix",
    "output": "the output map",
    "pending": "output that is not computed yet",
    "crop": "output that padding crops away",
    "channel_1": "the first output channel and its kernel, where channels are told apart",
    "channel_2": "the second one",
    "channel_3": "the third one",
    "channel_4": "the fourth one; after it they begin again",
    "shadow_on_canvas": "the kernel's shadow on padding and inserted zeros",
    "shadow_on_input": "the kernel's shadow on the input",
    "shadow_on_output": "the output element that is computed",
}
"""Roles of filled areas, with their meanings."""
CHANNELS: Final = ("channel_1", "channel_2", "channel_3", "channel_4")
"""The roles that output channels take in turn."""
LINES: Final[Mapping[str, str]] = {
    "line": "the lines of all grids",
    "blank_line": "the grid of padding and inserted zeros, dashed unless the theme says otherwise",
    "cut_line": "the grid of input that a crop removes",
    "faint_line": "the grid of zeros in a matrix",
    "sight": "the lines from the kernel to the output, and the frame of a matrix row",
    "words_line": "the brackets and fraction bars of formulas in captions",
}
"""Roles of lines, with their meanings."""
TEXTS: Final[Mapping[str, str]] = {
    "text": "numbers and signs",
    "text_on_shadow": "numbers on a shaded cell of input or output",
    "faint": "numbers and signs that count for nothing",
    "words": "titles, labels and captions",
}
"""Roles of texts, with their meanings."""
ROLES: Final[Mapping[str, str]] = {**AREAS, **LINES, **TEXTS}
"""Every role, with its meaning."""


def channel_role(number: int) -> str:
    """The role of an output channel and of its kernel, by its number from 0 on.

    >>> channel_role(0), channel_role(3), channel_role(4)
    ('channel_1', 'channel_4', 'channel_1')
    """
    return CHANNELS[number % len(CHANNELS)]


def role_in(theme: str, role: str) -> str:
    """A role of one theme, in a picture of several.

    >>> role_in("muted", "input")
    'muted/input'
    """
    return f"{theme}/{role}"


def role_and_theme(role: str) -> tuple[str, str]:
    """A role, and the theme that it is a role of; empty in a picture of a single theme.

    >>> role_and_theme("muted/input"), role_and_theme("input")
    (('input', 'muted'), ('input', ''))
    """
    theme, _, own = role.rpartition("/")
    return own, theme
