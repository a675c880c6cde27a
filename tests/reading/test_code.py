"""Lines of code are read as the frameworks run them, and never run."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import chain, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgif.arithmetic import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, Conv, ConvTranspose, Layer, MaxPool
from convgif.cli.subjects import is_code
from convgif.errors import InputError
from convgif.reading.code import READERS, read
from convgif.reading.torch import single
from tests.arithmetic.oracle import AnyLayer
from tests.arithmetic.strategies import REPEATABLE, adaptive_pools, layers

LINES = [
    ("nn.Conv2d(3, 8, 3, stride=2, padding=1)", Conv(5, 3, 2, 1)),
    ("torch.nn.Conv2d(3, 8, (3, 2), 2, [1, 0])", Conv(5, (3, 2), 2, (1, 0))),
    ("Conv1d(in_channels=n, out_channels=2 * n, kernel_size=3, dilation=2)", Conv((5,), 3, dilation=2)),
    ("self.conv = nn.LazyConv2d(8, 3, padding='same', bias=use_bias),", Conv(5, 3, padding=1)),
    ("nn.ConvTranspose2d(8, 3, 3, 2, 1, 1)", ConvTranspose(5, 3, 2, 1, output_padding=1)),
    ("nn.MaxPool2d(2)", MaxPool(5, 2)),
    ("nn.AvgPool2d(3, 2, 1, count_include_pad=False)", AvgPool(5, 3, 2, 1, count_include_pad=False)),
    ("nn.AdaptiveAvgPool2d(3)", AdaptiveAvgPool(5, 3)),
    ("nn.AdaptiveMaxPool2d((None, 1))", AdaptiveMaxPool(5, (5, 1))),
    ('layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")', Conv(5, 3, 2, 1)),
    ('tf.keras.layers.Conv2D(8, (3, 3), 1, "SAME", name="a")', Conv(5, 3, padding=1)),
    ("keras.layers.DepthwiseConv2D(3)", Conv(5, 3)),
    ('Conv2DTranspose(8, 4, strides=2, padding="same")', ConvTranspose(5, 4, 2, 1)),
    ("MaxPooling2D()", MaxPool(5, 2)),
    ('layers.AveragePooling2D(3, 1, "same")', AvgPool(5, 3, 1, 1, count_include_pad=False)),
    ("layers.GlobalMaxPool2D()", MaxPool(5, 5)),
    ("nn.Conv(8, (3, 3), strides=2)", Conv(5, 3, 2, 1)),
    ('nn.Conv(features=8, kernel_size=[3, 3], padding="VALID", strides=None)', Conv(5, 3)),
    ("nnx.Conv(3, 8, kernel_size=(3, 3), padding=((1, 1), (0, 0)), rngs=rngs)", Conv(5, 3, padding=(1, 0))),
    ('nn.Conv(8, (3, 3), padding="CIRCULAR")', Conv(5, 3, padding=1, padding_mode="circular")),
    ("nn.Conv(8, (2, 2))", Conv(5, 2, padding=((0, 1), (0, 1)))),
    ("nn.Conv(8, 3)", Conv((5,), 3, padding=1)),
    ("nn.ConvTranspose(8, (4, 4), strides=(2, 2))", ConvTranspose(5, 4, 2, 1)),
    ("nn.max_pool(x, (2, 2), strides=(2, 2))", MaxPool(5, 2)),
    ('nnx.avg_pool(x, window_shape=(3, 3), padding="SAME")', AvgPool(5, 3, 1, 1)),
]


@pytest.mark.parametrize(("line", "layer"), LINES, ids=[line for line, _ in LINES])
def test_a_line_is_the_layer_that_it_makes(line: str, layer: Layer) -> None:
    assert is_code(line)
    assert read(line).layer(5) == layer


def test_lines_give_what_the_real_module_gives_and_so_does_what_it_prints() -> None:
    torch: Any = pytest.importorskip("torch")
    compared = 0
    for line, layer in LINES:
        if re.match(r"nn\.\w+\dd\(", line) and "Adaptive" not in line and "count" not in line:
            module = eval(line, {"nn": torch.nn})
            found = single(module, 5)
            assert found is not None
            assert found.layer == read(line).layer(5) == read(repr(module)).layer(5) == layer
            compared += 1
    assert compared > 2


def test_no_two_layers_have_one_name_in_one_place() -> None:
    frameworks = [reader.framework for reader in READERS]
    names = list(chain.from_iterable(product(one.homes, {*one.names()}) for one in frameworks))
    assert len({*names}) == len(names)


@settings(REPEATABLE, max_examples=60)
@given(st.one_of(layers(), adaptive_pools()))
def test_what_is_written_is_read_as_the_same_layer(layer: AnyLayer) -> None:
    """Where one line says it: a layer of zeros before it, or cutting after it, is another layer."""
    for reader in READERS:
        wording = reader.framework.wording(layer)
        for line in wording.lines if len(wording.lines) == 1 else ():
            assert meant(read(line).layer(layer.input_size)) == meant(layer), line


def meant(layer: Layer) -> tuple[type[Layer], Any]:
    """A layer, whatever words its padding was given by, without arguments that make no difference to it."""
    if layer.turned:
        return type(layer), layer.axes  # what is cut less at the end may be called output padding
    arguments = {**layer.arguments(), "padding": layer.pads}
    cut_off = any(axis.cut_off for axis in layer.axes)
    matter = {
        "padding_mode": layer.copies,
        "ceil_mode": cut_off,
        "count_include_pad": layer.padded or cut_off,
        **dict.fromkeys(("in_channels", "out_channels", "groups"), not layer.channels.single),
    }
    return type(layer), {name: value for name, value in arguments.items() if matter.get(name, True)}


WRONG = [
    ("nn.Conv2d(3, 8, 3, strid=2)", "nn.Conv2d: strid: there is no such argument; did you mean stride?"),
    ("nn.Conv2d(3, 8)", "nn.Conv2d: kernel_size: is missing"),
    ("nn.Conv2d(3, 8, 3, kernel_size=3)", "nn.Conv2d: kernel_size: is given twice"),
    ("nn.Conv2d(3, 8, k)", "nn.Conv2d: kernel_size = k: must be written out"),
    ("nn.Conv2d(3, 8, *sizes)", "nn.Conv2d: arguments must be written out"),
    ("nn.Conv2d(3, 8, 3, **more)", "nn.Conv2d: arguments must be written out"),
    ("nn.MaxPool2d(1, 2, 3, 4, 5, 6, 7)", "nn.MaxPool2d: takes 6 arguments without a name at most, 7 are given"),
    ("nn.Conv2d(3, 8, 3, 0)", "nn.Conv2d: stride = 0: must be an integer >= 1"),
    ("nn.Conv2d(3, 8, '3')", "nn.Conv2d: kernel_size = '3': must be an integer >= 1"),
    ("nn.Conv2d(3, 8, 3, 2, 'same')", "nn.Conv2d: padding = 'same': needs a stride of 1"),
    ("nn.Conv2d(3, 8, 3, padding='smae')", "nn.Conv2d: padding = 'smae': must be a number, one for each axis, same or"),
    ("layers.Conv2D(8, 3, padding=1)", "layers.Conv2D: padding = (1, 1): must be valid or same"),
    ("layers.Conv2D(8, 2, padding='causal')", "layers.Conv2D: padding = 'causal': must be valid or same"),
    ("nn.MaxPool2d(2, padding='same')", "nn.MaxPool2d: padding = 'same': must be a number, or one for each axis"),
    ("nn.Conv2d(1, 1, 2, padding=((0, 1), (0, 1)))", "nn.Conv2d: padding = ((0, 1), (0, 1)): must be a number, or one"),
    ("layers.Conv2D(8, 2, strides=2, dilation_rate=3)", "layers.Conv2D: dilation_rate = (3, 3): cannot go with"),
    ("nn.Conv(8, (3, 3), padding='CAUSAL')", "nn.Conv: padding = 'CAUSAL': must be numbers, pairs of them, or one of"),
    ("nn.Conv(8, (3, 3), input_dilation=2)", "nn.Conv: input_dilation = 2: is not supported yet; only 1 is"),
    ("nn.Conv(8, (3, 3), padding=((1, 1, 1), 1))", "nn.Conv: padding = ((1, 1, 1), 1): must have a number"),
    ("nn.Conv(8, (1, 2, 3, 4))", "nn.Conv: has 4 axes; there may be 1, 2 or 3"),
    ("nnx.Conv(3, 8, 3, 1, 'SAME', rngs=rngs)", "nnx.Conv: takes 4 arguments without a name at most, 5 are given"),
    ("nn.Linear(3, 8)", "nn.Linear: is no layer that can be read; convolutions and pooling of PyTorch, Keras"),
    ("nn.Conv2D(3, 8, 3)", "nn.Conv2D: is no layer that can be read; did you mean nn.Conv2d?"),
    ("keras.Conv2d(3, 8)", "keras.Conv2d: is no layer that can be read; did you mean layers.Conv2D?"),
    ("nn.Conv2d(3", "nn.Conv2d(3: is no line of Python: '(' was never closed"),
    ("a(); b()", "a(); b(): must be a layer such as nn.Conv2d("),
    ("(1)", "(1): must be a layer such as nn.Conv2d("),
    ("f()(1)", "f()(1): must be a layer such as nn.Conv2d("),
    ("nn.MaxPool2d(" + "[" * 500 + "2" + "]" * 500 + ")", "has 1,015 characters; 1,000 are allowed"),
]


@pytest.mark.parametrize(("line", "said"), WRONG, ids=[line[:50] for line, _ in WRONG])
def test_what_is_wrong_with_a_line_is_said(line: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(line).layer((4, 4))
    assert said in str(caught.value)
    assert len(caught.value.problems) == 1


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read("nn.Conv2d(3, strid=2, stride=s)")
    assert [problem.field for problem in caught.value.problems] == [
        "strid",
        "out_channels",
        "kernel_size",
        "stride = s",
    ]


def test_nothing_is_run(tmp_path: Path) -> None:
    trap = f"__import__('pathlib').Path({str(tmp_path / 'run')!r}).touch()"
    assert read(f"nn.Conv2d({trap}, 1, 1)").layer(3) == Conv(3, 1)
    for line in (f"nn.Conv2d(1, 1, {trap})", f"(lambda: {trap})()", trap):
        with pytest.raises(InputError):
            read(line)
    assert not any(tmp_path.iterdir())
    eval(trap)
    assert any(tmp_path.iterdir()), "the trap is none"


@settings(max_examples=150, deadline=None)
@given(st.text("n.Conv2dMaxPol(),=*[]{}'\"\\#:\n\0 13ké", max_size=40), st.sampled_from(["nn.MaxPool2d({})", "{}"]))
def test_whatever_is_typed_is_a_layer_or_said_to_be_wrong(text: str, around: str) -> None:
    with suppress(InputError):
        read(around.format(text)).layer(9)
