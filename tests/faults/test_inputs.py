"""Whatever is handed over, a figure comes out or an error in words, and the words are few."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convgif.api import Figure, render
from convgif.arithmetic import Conv
from convgif.errors import ConvgifError, InputError
from convgif.presets import MOST_PROBLEMS, Family, load_presets
from convgif.site import gallery
from convgif.sweeps import Figures
from tests.faults.conftest import Shell

EDITS = 20
JUNK: tuple[Any, ...] = (None, True, -1, 0, 10**400, "", "n" * 300, "a\0b", "\ud800", "../x", [], {}, float("nan"))


class Mute:
    """A value that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [nested(5000), "a\0b", "\ud800", np.array([[1, 2]]), np.array(["a"]), 10**5000, [1] * 10**5, "x" * 10**5, Mute()],
    ids=["nested", "NUL", "no text", "array", "array of text", "huge", "long", "long text", "mute"],
)
@pytest.mark.parametrize("option", ["input", "view", "theme", "font", "title", "cell", "max_frames", "colors"])
def test_a_strange_value_is_refused_in_few_words(option: str, value: Any) -> None:
    with pytest.raises(InputError) as caught:
        Figure(Conv(2, 2), **{option: value, "random": 0})
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("value", [nested(3), np.array([1, 2]), "0", 0.5], ids=repr)
def test_what_is_no_number_of_a_frame(value: Any, tmp_path: Path) -> None:
    figure = Figure(Conv(2, 2), cell=8)
    for draw in (lambda: figure.encode("png", frame=value), lambda: figure.strip([value], tmp_path / "a.svg")):
        with pytest.raises(InputError, match="frame"):
            draw()


def test_keys_and_names_without_end_are_cut_and_many_problems_counted(tmp_path: Path) -> None:
    file = tmp_path / "long.toml"
    keys = "".join(f"k{number} = 0\n" for number in range(MOST_PROBLEMS + 7))
    file.write_text(f'["{"t" * 9999}"]\nlayer = "{"v" * 9999}"\n{"k" * 9999} = 1\n[many]\n{keys}', encoding="utf-8")
    with pytest.raises(InputError, match="there are 8 more problems") as caught:  # a layer is missing too
        load_presets(file)
    assert max(map(len, str(caught.value).splitlines())) < 600


def _edited(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.12:
        return chance.choice(JUNK)
    if isinstance(value, dict):
        return {key: _edited(part, chance) for key, part in value.items() if chance.random() > 0.04}
    return value


def test_an_edited_manifest_is_no_accident(tmp_path: Path) -> None:
    figures = {"mine": Figure(Conv(2, 2), cell=8)}
    render(figures, tmp_path, ["svg"])
    file, chance = tmp_path / "manifest.json", random.Random(0)
    text = file.read_text(encoding="utf-8")
    uses: list[Callable[[], object]] = [
        lambda: gallery.write({"f": Family("F", Figures(figures))}, tmp_path, None),
        lambda: render(figures, tmp_path, ["svg"]),
    ]
    for edit in range(EDITS):
        document, at = _edited(json.loads(text), chance), chance.randrange(len(text))
        changed = (
            json.dumps(document) if edit % 3 else text[:at] + chance.choice(("", "}", "9" * 5000)) + text[at + 3 :]
        )
        file.write_text(changed, encoding="utf-8")
        for use in uses:
            with suppress(ConvgifError):
                use()
    file.unlink()
    render(figures, tmp_path, ["svg"])
    assert gallery.write({"f": Family("F", Figures(figures))}, tmp_path, None).is_file()
    entries = json.loads(file.read_text(encoding="utf-8"))["files"]
    entries["svg/mine.svg"]["bytes"] = 10**400
    file.write_text(json.dumps({"app": "convgif", "files": entries}), encoding="utf-8")
    with pytest.raises(InputError, match="holds none of these figures"):
        gallery.write({"f": Family("F", Figures(figures))}, tmp_path, None)


@pytest.mark.parametrize(
    ("option", "rule"),
    [
        ("--kernel-size", "must be at most 1,000,000,000"),
        ("--random", "must be at most 9,223,372,036,854,775,807"),
        ("--loop", "must be an integer from 0 to 65,536"),
    ],
)
@pytest.mark.parametrize("digits", [20, 50])
def test_an_integer_that_is_too_large_is_still_an_integer(option: str, rule: str, digits: int, shell: Shell) -> None:
    number = "9" * digits
    assert shell(f"convgif draw conv -i 5 -k 3 {option} {number} -o a.gif") == (
        2,
        f"convgif: {option} {number}: {rule}\n",
    )


def test_words_for_a_layer_are_counted_before_they_are_split() -> None:
    """To split 3 MB of them took minutes."""
    with pytest.raises(InputError, match=r"has 3,000,000 characters; 1,000 are allowed"):
        Figure(Conv(5, 3), view="compare", beside="a" * 3_000_000)
