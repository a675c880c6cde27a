"""Arithmetic never lies: integers are exact whatever their size, and what is too large is refused in words."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from convgif.arithmetic import AvgPool, Conv, ConvTranspose, MaxPool
from convgif.arithmetic.layer import Layer
from convgif.arithmetic.stamps import cropped, stamped
from convgif.arrays import read_array
from convgif.drawing.composition import compose
from convgif.drawing.scene import Text
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.registry import LAYERS, VIEWS

BIG = 2**63 - 1


def small(kind: type[Layer], size: int = 2) -> Layer:
    """A layer of one axis whose windows hold two elements; of a size of 2, the first window is the whole input."""
    adaptive = any(parameter.name == "output_size" for parameter in kind.parameters)
    return kind((size,), (size - 1 if adaptive else 2,))


@pytest.mark.parametrize("factor", [2**19, 2**20, 2**40, BIG, 2**70])
def test_integers_are_exact_whatever_their_size(factor: int) -> None:
    assert Conv((2,), (2,)).apply([factor, 1 - factor], [factor, 3]).tolist() == [factor**2 + 3 * (1 - factor)]
    layer = ConvTranspose((2,), (2,))
    made = [factor**2, factor + 5 * factor, 5]
    assert layer.apply([factor, 1], [factor, 5]).tolist() == made
    assert cropped(layer, stamped(layer, [factor, 1], [factor, 5])).tolist() == made
    assert MaxPool((2,), (2,)).apply([factor, factor + 1]).tolist() == [factor + 1]
    assert AvgPool((2,), (2,)).apply([factor, factor]).tolist() == [float(factor)]
    assert AvgPool((3,), (3,)).apply([factor, 1, 1]).tolist() == [(factor + 2) / 3]
    channels = Conv((1,), (1,), in_channels=2)
    assert channels.apply([[factor], [1]], [[[factor], [1]]]).tolist() == [[factor**2 + 1]]


@pytest.mark.parametrize("kind", LAYERS.values(), ids=LAYERS)
def test_a_number_that_is_none_any_more_is_refused_with_its_place(kind: type[Layer]) -> None:
    layer = small(kind)
    numbers = {"input": [1.7e308, 1.7e308]} | ({"weight": [1.0, -3.0]} if layer.has_weight else {})
    if layer.computation(["x"], None, 0).startswith("max"):  # adds nothing up
        assert Figure(layer, **numbers).numbers is not None
        return
    with pytest.raises(InputError, match=r"input: is too large: output element \(\d,\) would be beyond") as caught:
        Figure(layer, **numbers)
    assert "nan" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.csv", "1_0, 2"), ("a.csv", "\u0663, 2"), ("a.csv", f"{BIG + 1}, -1"), ("a.json", f"[{BIG + 1}, -1]")],
)
def test_files_are_read_strictly(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"is no number|whole numbers are at most"):
        read_array(tmp_path / name)


def test_files_hold_the_largest_integers(tmp_path: Path) -> None:
    for name, text in (("a.csv", f"{BIG}, {-BIG}"), ("a.json", f"[[{BIG}, {-BIG}]]")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert read_array(tmp_path / name).tolist() == [[BIG, -BIG]]
    np.save(tmp_path / "a.npy", np.array([[BIG + 1]], dtype=np.uint64))
    with pytest.raises(InputError, match="whole numbers are at most"):
        read_array(tmp_path / "a.npy")


@pytest.mark.parametrize("name", VIEWS)
def test_no_picture_shows_what_is_no_number(name: str) -> None:
    view = VIEWS[name]
    for layer in (small(kind, 3) for kind in LAYERS.values()):
        if view.suits(layer):
            numbers = {"input": [BIG, -BIG, 5]} | ({"weight": [BIG, BIG]} if layer.has_weight else {})
            scene = compose(Figure(layer, view=name, **numbers))
            shown = {item.text for track in scene.tracks for item in track.at(0) if isinstance(item, Text)}
            assert not {text for text in shown if {text.strip("−")} & {"nan", "inf", "∞"}}
            assert all(math.isfinite(value) for value in Figure(layer, **numbers).numbers.output.ravel().tolist())  # type: ignore[union-attr]  # there are some
