"""Kernels are chosen by channels and rounded as people read them; names are fit for files."""

from __future__ import annotations

import numpy as np
import pytest

from convgif.errors import ConvgifError, InputError
from convgif.figure import LONGEST_TITLE
from convgif.presets import name_rule
from convgif.reading.code import read
from convgif.reading.found import Found, chosen, library, of_transposed, rounded, unique


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([0.123, -0.001], [0.12, 0]),
        ([12.3, 0.4], [12, 0]),
        ([123, 1], [123, 1]),
        ([0.0124, 0.0005], [0.012, 0]),
        ([0, 0], [0, 0]),
    ],
)
def test_the_largest_weight_has_two_digits(given: list[float], expected: list[float]) -> None:
    assert rounded(np.array(given)).tolist() == expected
    assert not np.signbit(rounded(np.array([-0.0001, 1]))[0])


def test_each_group_of_a_transposed_convolution_keeps_its_weights() -> None:
    """Stored by input channel; those of output 3 (the first of the second group) come from inputs 2 and 3."""
    stored = np.arange(4 * 3).reshape(4, 3, 1)
    turned = of_transposed(stored, groups=2)
    assert turned.shape == (6, 2, 1)
    assert turned[3].ravel().tolist() == [stored[2, 0, 0], stored[3, 0, 0]]


@pytest.mark.parametrize("channel", [(0, 2), (2, 0), (-1, 0), (0,), 0, (True, 0), "00"])
def test_a_channel_must_be_there(channel: object) -> None:
    found = Found("a", read("Conv2d(2, 2, 1)"), weights=lambda: np.zeros((2, 2, 1, 1)))
    with pytest.raises(InputError, match=r"must be \(output channel, input channel\), from \(0, 0\) to \(1, 1\)"):
        found.kernel(channel)  # type: ignore[arg-type]
    grouped = Found("a", read("Conv2d(6, 4, 1, groups=2)"), groups=2, weights=lambda: np.zeros((4, 3, 1, 1)))
    assert grouped.kernel((2, 5)).shape == (1, 1)
    with pytest.raises(InputError, match="pairs channels of two groups: output channel 2 reads input channels 3 to 5"):
        grouped.kernel((2, 0))
    with pytest.raises(InputError, match="must be left out: max pooling has no weights"):
        Found("a", read("MaxPool2d(2)")).kernel((0, 0))


def test_a_layer_is_chosen_by_its_name() -> None:
    one, other = (Found(name, read("MaxPool2d(2)")) for name in ("one", "other"))
    assert chosen([one], None, "layer", "Net") is one
    assert chosen([one, other], "other", "layer", "Net") is other
    with pytest.raises(InputError, match="did you mean other"):
        chosen([one, other], "othr", "layer", "Net")
    with pytest.raises(InputError, match="node: is missing; Net has 2 layers: one, other"):
        chosen([one, other], None, "node", "Net")


@pytest.mark.parametrize("name", ["", "/", "a b/c:0", "..", "卷积", "a-", "_"])
def test_names_are_fit_for_files_and_told_apart(name: str) -> None:
    first = unique(name, [])
    second = unique(name, [first])
    assert first != second
    assert name_rule(first) is None is name_rule(second)


def test_a_title_is_no_longer_than_titles_may_be() -> None:
    title = Found("a", read("MaxPool2d(2)"), 2, ("Conv2d",) * 40).title
    assert len(title) <= LONGEST_TITLE
    assert title.endswith(" ...")


def test_a_framework_that_is_not_there_says_how_to_get_it() -> None:
    with pytest.raises(ConvgifError, match=r"^nowhere is not installed; pip install 'convgif\[nowhere\]'$"):
        library("nowhere")
