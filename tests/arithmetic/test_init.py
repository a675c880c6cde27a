"""The package as others import it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from convgif import arithmetic
from convgif.arithmetic import LAYERS, AvgPool, Conv, ConvTranspose, MaxPool


def test_layers_by_name() -> None:
    assert dict(LAYERS) == {"conv": Conv, "conv_transpose": ConvTranspose, "max_pool": MaxPool, "avg_pool": AvgPool}


@pytest.mark.parametrize("name", arithmetic.__all__)
def test_all_that_is_promised_is_there(name: str) -> None:
    assert hasattr(arithmetic, name)


def test_the_arithmetic_loads_nothing_that_draws() -> None:
    """Sizes must be had without the half second that drawing libraries take; only a fresh process can tell."""
    code = "import sys, convgif.arithmetic; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"convgif", "numpy"} <= set(loaded)
    assert not {"matplotlib", "PIL", "pydantic"} & set(loaded)
