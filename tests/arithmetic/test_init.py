"""The arithmetic as others import it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from convgif import arithmetic


@pytest.mark.parametrize("name", arithmetic.__all__)
def test_all_that_is_promised_is_there(name: str) -> None:
    assert hasattr(arithmetic, name)


WORDS = """
import sys
from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.explanation import explain
from convgif.arithmetic import linear_map, stamps
for kind in (Conv, ConvTranspose, MaxPool, AvgPool):
    layer = kind(5, 3)
    print(explain(layer), layer.phases(), [layer.sentence(step) for step in layer.steps()], list(layer.canvas))
try:
    Conv(strides=2)
except ValueError as error:
    print(error)
loaded = {name.partition(".")[0] for name in sys.modules} & {"numpy", "matplotlib", "PIL", "pydantic", "click"}
sys.exit(str(loaded) if loaded else 0)
"""


@pytest.mark.parametrize("flags", [[], ["-OO"]])
def test_sizes_steps_and_words_need_nothing_else_and_no_docstrings(flags: list[str]) -> None:
    """Only a fresh process can tell what is loaded; numbers are another matter, they need NumPy."""
    done = subprocess.run([sys.executable, *flags, "-c", WORDS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "did you mean stride?" in done.stdout
