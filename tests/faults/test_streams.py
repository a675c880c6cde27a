"""Streams that are closed or full, and variables of the system: no traceback, and no success that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from convgif.api import Figure
from convgif.arithmetic import Conv
from tests.faults.conftest import Shell

DRAW = "convgif draw conv -i 3 -k 2 --cell 8"


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("convgif list > /dev/full", 1, "convgif: standard output cannot be written: no space left on device\n"),
        (f"{DRAW} --format svg -o - >&-", 1, "convgif: standard output is closed; name a file, or open it\n"),
        (f"{DRAW} -o a.svg 2>&- >&- <&- && cat a.svg >&2 | head -c 0", 0, "<svg"),
        ("PYTHONOPTIMIZE=2 convgif --help | diff - <(convgif --help) >&2", 0, ""),
        (f"{DRAW} -k 9 -o a.svg 2>/dev/full", 2, ""),
        (f"{DRAW} -o $'\\xff.html' && ls | cat -v >&2", 0, "M-^?.html"),
    ],
    ids=["full output", "closed output", "all closed", "no docstrings", "full errors", "bytes that are no text"],
)
def test_a_stream_that_takes_nothing(line: str, code: int, said: str, shell: Shell) -> None:
    returned, errors = shell(line)
    assert (returned, said in errors) == (code, True), errors


def test_settings_of_the_user_change_no_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("pdf.inheritcolor: True\npdf.fonttype: 3\n", encoding="utf-8")
    strange = {"MPLBACKEND": "bogus", "SOURCE_DATE_EPOCH": "abc", "PYTHONIOENCODING": "ascii"}
    draw = "convgif draw conv -i 3 -k 2 --cell 8 --title é -q"
    assert shell(f"{draw} -o é.pdf", **strange) == (0, "")
    usual = Figure(Conv(3, 2), cell=8, title="é").encode("pdf")
    assert (tmp_path / "é.pdf").read_bytes() == usual
