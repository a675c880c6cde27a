"""Layers read from ONNX models compute what ONNX's reference evaluator computes: sizes and numbers."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

import convgif
from convgif.errors import InputError
from convgif.frameworks.onnx import FRAMEWORK
from convgif.reading.onnx import inside
from tests.frameworks.samples import samples
from tests.reading.computing import computed

onnx: Any = pytest.importorskip("onnx")
evaluator: Any = pytest.importorskip("onnx.reference")
FLOAT = onnx.TensorProto.FLOAT

NODES = 500
"""Random ones."""


def model_of(
    nodes: list[Any], shape: tuple[Any, ...], weights: dict[str, Any] | None = None, *, constant: bool = False
) -> Any:
    """A model that leads from `x` to `y`; its weights are stored, or constants of the graph."""
    tensors = [onnx.numpy_helper.from_array(np.asarray(w, np.float32), name) for name, w in (weights or {}).items()]
    before = [onnx.helper.make_node("Constant", [], [tensor.name], value=tensor) for tensor in tensors]
    graph = onnx.helper.make_graph(
        [*(before if constant else ()), *nodes],
        "model",
        [onnx.helper.make_tensor_value_info("x", FLOAT, shape)],
        [onnx.helper.make_tensor_value_info("y", FLOAT, None)],
        [] if constant else tensors,
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=9)


def drawn(random: Random) -> Any:
    """A model of one node."""
    ndim, kind = random.choice([1, 2, 2]), random.choice([one.names[0] for one in FRAMEWORK.signatures])
    if "Pool" in kind:
        ndim = 2  # the evaluator's pooling fails over one axis, or mixes the channels
    size = tuple(random.randint(3, 6) for _ in range(ndim))
    if kind.startswith("Global"):
        return model_of([onnx.helper.make_node(kind, ["x"], ["y"], "it")], (1, 2, *size))

    def sizes(least: int, most: int, count: int = ndim) -> list[int]:
        return [random.randint(least, most) for _ in range(count)]

    kernel = sizes(1, 3)
    attributes: dict[str, Any] = {"strides": sizes(1, 3)}
    padding = random.choice(["pads", "SAME_UPPER", "SAME_LOWER", "VALID", "none"])
    if padding == "pads":
        ends = sizes(0, 1)
        attributes["pads"] = ends + [max(0, end - random.choice([0, 0, 1])) for end in ends]
    elif padding != "none":
        attributes["auto_pad"] = padding
    if "Conv" in kind and padding != "SAME_UPPER":
        attributes |= {"dilations": sizes(1, 2), "kernel_shape": kernel}
    if "Pool" in kind:
        attributes["kernel_shape"] = kernel
        if kind == "MaxPool" and padding == "none":  # with pads, the evaluator's windows begin beyond them
            attributes["ceil_mode"] = random.randint(0, 1)
        if padding.startswith("SAME"):  # beyond the window, the evaluator pads by less than nothing
            attributes["strides"] = [*map(min, kernel, attributes["strides"])]
        if kind == "MaxPool" and padding == "SAME_LOWER":  # the specification rounds up here, the evaluator down
            attributes["strides"] = [1] * ndim
        if kind.startswith("Average") and random.random() < 0.5:
            attributes["count_include_pad"] = random.randint(0, 1)
        return model_of([onnx.helper.make_node(kind, ["x"], ["y"], "it", **attributes)], (1, 2, *size))
    if kind == "ConvTranspose" and padding == "pads":
        attributes["output_padding"] = sizes(0, 1)
    weights = np.random.default_rng(random.randint(0, 99)).integers(-3, 4, (2, 2, *kernel))
    node = onnx.helper.make_node(kind, ["x", "w"], ["y"], "it", **attributes)
    return model_of([node], (1, 2, *size), {"w": weights}, constant=random.random() < 0.5)


def test_random_nodes_compute_the_same() -> None:
    random, compared = Random(5), 0
    refused: list[str] = []
    while compared < NODES:
        model = drawn(random)
        (found,) = inside(model)
        try:
            size = found.layer.input_size
        except InputError as error:
            refused.append(str(error))
            continue
        x = np.random.default_rng(compared).integers(-4, 5, (1, 2, *size)).astype(np.float32)
        try:
            (truth,) = evaluator.ReferenceEvaluator(model).run(None, {"x": x})
        except ValueError:
            continue  # the evaluator takes no output padding that is as large as the stride
        np.testing.assert_allclose(computed(found, x[0]), truth[0], atol=1e-5, err_msg=str(model.graph.node))
        compared += 1
    known = ("what is cut must be", "does not fit", "must be at most", "must be smaller", "nothing is left")
    assert [said for said in refused if not any(words in said for words in known)] == []


def test_what_is_written_is_read_as_the_same_layer() -> None:
    parser: Any = pytest.importorskip("onnx.parser")
    for layer, line in ((one, line) for one in samples(1) for line in FRAMEWORK.wording(one).lines):
        inputs = "float[N] X, float[M] W" if layer.has_weight else "float[N] X"
        text = f'<ir_version: 8, opset_import: ["" : 19]> g ({inputs}) => (float[K] Y) {{ {line} }}'
        (found,) = inside(parser.parse_model(text), layer.input_size)
        assert found.layer == layer, line


def test_attributes_are_those_of_the_real_operators() -> None:
    for ours in FRAMEWORK.signatures:
        (name,) = ours.names
        assert {one.word for one in ours.parameters} == {*onnx.defs.get_schema(name).attributes}


def network() -> Any:
    """Two nodes of one name, and others around."""
    make = onnx.helper.make_node
    nodes = [
        make("Neg", ["x"], ["a"]),
        make("Conv", ["a", "w"], ["b"], "conv/1"),
        make("Identity", ["b"], ["c"]),
        make("Relu", ["c"], ["d"]),
        make("MaxPool", ["d"], ["e"], kernel_shape=[2, 2], strides=[2, 2]),
        make("MaxPool", ["e"], ["y"], kernel_shape=[2, 2], dilations=[5, 5], ceil_mode=1),
    ]
    return model_of(nodes, (1, 2, 8, 8), {"w": np.arange(36).reshape(2, 2, 3, 3) / 100})


def test_nodes_are_named_with_what_follows_them(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(network(), path)
    found = inside(path)
    assert [one.title for one in found] == [
        "conv.1: Neg → Conv → Relu",
        "MaxPool",
        "MaxPool-2: MaxPool",
    ]
    figure = convgif.from_onnx(path, "conv.1", channel=(1, 0))
    assert figure.weight == ((0.18, 0.19, 0.2), (0.21, 0.22, 0.23), (0.24, 0.25, 0.26))
    assert figure.layer.input_size == (8, 8)
    assert convgif.from_onnx(str(path), "MaxPool", 4, view="flat").layer.output_size == (2, 2)
    with pytest.raises(InputError, match=r"^MaxPool-2: MaxPool: kernel_shape = \(2, 2\): does not fit"):
        convgif.figures_from_onnx(path)


def test_what_an_output_shape_asks_for_is_cut() -> None:
    node = onnx.helper.make_node("ConvTranspose", ["x", "w"], ["y"], strides=[2], output_shape=[8])
    (found,) = inside(model_of([node], (1, 1, 4), {"w": np.ones((1, 1, 4))}))
    assert found.layer.output_size == (8,)
    assert found.layer.padding == (1,)


def test_output_padding_is_part_of_what_is_cut_to_a_shape() -> None:
    attributes = {"strides": [2], "output_shape": [8], "output_padding": [1]}
    node = onnx.helper.make_node("ConvTranspose", ["x", "w"], ["y"], **attributes)
    (found,) = inside(model_of([node], (1, 1, 4), {"w": np.ones((1, 1, 3))}))
    assert (found.layer.padding, found.layer.output_size) == ((1,), (8,))


@pytest.mark.parametrize("word", ["NOTSET", "SAME_LOWER"])
def test_an_odd_element_is_cut_first_unless_upper_is_asked_for(word: str) -> None:
    def found(word: str) -> Any:
        attributes = {"strides": [2], "output_shape": [8], "auto_pad": word}
        node = onnx.helper.make_node("ConvTranspose", ["x", "w"], ["y"], **attributes)
        return inside(model_of([node], (1, 1, 4), {"w": np.ones((1, 1, 3))}))[0]

    assert found(word).layer.arguments()["output_padding"] == found(word).layer.padding == (1,)
    upper = found("SAME_UPPER").layer
    assert (upper.pads, upper.output_size) == (((0, 1),), (8,))


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "no.onnx").write_bytes(b"\xff\xff")
    pool = onnx.helper.make_node("MaxPool", ["x"], ["y"], "pool", kernel_shape=[2])
    conv = onnx.helper.make_node("Conv", ["x", "x"], ["y"], "conv")
    computed_ones = onnx.helper.make_node("Conv", ["x", "x"], ["y"], "conv", kernel_shape=[4])
    for model, said in (
        (tmp_path / "no.onnx", f"{tmp_path / 'no.onnx'}: is no model of ONNX"),
        (tmp_path / "none.onnx", f"{tmp_path / 'none.onnx'}: cannot be read: no such file"),
        (model_of([onnx.helper.make_node("Neg", ["x"], ["y"])], (1, 1, 4)), "model = 'the model': holds no node"),
        (model_of([pool], (1, 1, "any")), "pool: MaxPool: input_size: is missing"),
        (model_of([conv], (1, 1, 4)), "conv: Conv: kernel_shape: is missing"),
        (network(), "node: is missing; the model has 3 layers: conv.1, MaxPool, MaxPool-2"),
    ):
        with pytest.raises(InputError) as caught:
            convgif.from_onnx(model)
        assert str(caught.value).startswith(said)
    with pytest.raises(InputError, match=r"^channel: must be left out: the weights are computed"):
        convgif.from_onnx(model_of([computed_ones], (1, 1, 4)), channel=(0, 0))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("/dev/zero", "it is a pipe or a device, and a file is needed"),
        ("x\0.onnx", "no path has such characters"),
        (b"3", "must be a model of ONNX, or the path of its file"),
        (None, "must be a model of ONNX, or the path of its file"),
    ],
    ids=str,
)
def test_what_is_no_model_is_told_in_words(model: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        convgif.from_onnx(model)
