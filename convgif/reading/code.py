"""A layer as a line of code, as PyTorch, Keras and Flax spell it: read, and never run.

>>> line = read("self.conv1 = nn.Conv2d(channels, 64, 3, stride=2, padding=1)")
>>> line.place, line.layer(32).output_size
('nn.Conv2d', (16, 16))
>>> read('layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")').layer(5).padding
(1, 1)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from convgif.arithmetic.sentences import counted, listed
from convgif.errors import MISSING, InputError, Problem, as_argument, cut, did_you_mean, wrong
from convgif.frameworks.framework import OF_CHANNELS, Parameter, Signature
from convgif.options import REQUIRED
from convgif.reading import flax, keras, torch
from convgif.reading.signatures import Description, Reader

READERS: Final = (torch.READER, keras.READER, flax.READER, flax.NNX_READER)
"""Those whose code is read; no two have layers of one name in one place."""
LONGEST_LINE: Final = 1000
"""Characters of a line of code."""


def read(text: str) -> Description:
    """The layer that a line of code makes; an assignment around it is ignored, as are values that nothing hangs on.

    Raises:
        InputError: it is no such line; the layer or an argument is not known, is missing, or is no number or word.
    """
    call = _call(text)
    place = ast.unparse(call.func)
    reader, signature, ndim = _signature(place)
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for parameter, node in _bound(call, signature, problems):
        try:
            if parameter.means:
                values[parameter.word] = ast.literal_eval(node)
        except ValueError:
            if parameter.means in OF_CHANNELS:  # which often are names, and seldom matter
                continue
            words = "must be written out: a number, several in brackets, or a word in quotation marks"
            problems.append(Problem(f"{parameter.word} = {cut(ast.unparse(node))}", MISSING, words))
        except RecursionError:
            problems.append(Problem(parameter.word, MISSING, "is nested too deeply"))
    if problems:
        raise InputError(problem.at(f"{place}:", as_argument) for problem in problems)
    if signature.spelled(ndim) == signature.names and (ndim := signature.counted(values)) not in signature.axes:
        raise InputError([Problem("", MISSING, f"has {ndim} axes; there may be 1, 2 or 3", f"{place}:")])
    return reader.described(place, signature, ndim, values)


def _call(text: str) -> ast.Call:
    """The call that a line of code is."""
    example = "must be a layer such as nn.Conv2d(3, 8, 3, stride=2) or layers.Conv2D(8, 3, strides=2)"
    if len(text) > LONGEST_LINE:
        raise wrong("the code", MISSING, f"has {len(text):,} characters; {LONGEST_LINE:,} are allowed")
    try:
        body = ast.parse(text.strip().rstrip(",")).body
    except (SyntaxError, ValueError) as error:
        said = getattr(error, "msg", None) or str(error)
        raise wrong(cut(text), MISSING, f"is no line of Python: {said}") from None
    except (RecursionError, MemoryError):
        raise wrong(cut(text), MISSING, "is nested too deeply") from None
    node = body[0].value if len(body) == 1 and isinstance(body[0], (ast.Expr, ast.Assign)) else None
    if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Name, ast.Attribute)):
        raise wrong(cut(text), MISSING, example)
    return node


def _signature(place: str) -> tuple[Reader, Signature, int]:
    """Who reads the layer of that name, how it is made, and its number of axes."""
    home, _, name = place.rpartition(".")
    for reader in READERS:
        if (known := reader.framework.signature(name)) and (not home or home in reader.framework.homes):
            return reader, *known
    frameworks = [reader.framework for reader in READERS]
    meant = [one for one in frameworks if home in one.homes] or frameworks
    spelled = (f"{one.home}.{layer}" for one in meant for layer in one.names())
    remedy = did_you_mean(place if home else f".{name}", spelled)
    if not remedy.startswith("did"):
        remedy = f"convolutions and pooling of {listed([one.title for one in frameworks])} can be"
    raise wrong(place, MISSING, f"is no layer that can be read; {remedy}")


def _bound(call: ast.Call, signature: Signature, problems: list[Problem]) -> Iterator[tuple[Parameter, ast.expr]]:
    """The arguments of a call by their parameters; what is wrong with how they are given is added to the problems."""
    declared = {one.word: one for one in signature.parameters}
    in_order = signature.parameters[: signature.positional]
    given = {parameter.word: node for parameter, node in zip(in_order, call.args, strict=False)}
    if any(isinstance(node, ast.Starred) for node in call.args) or any(one.arg is None for one in call.keywords):
        problems.append(Problem("", MISSING, "arguments must be written out, without * and **"))
        return
    if len(call.args) > len(in_order):
        most = counted(len(in_order), "argument")
        problems.append(Problem("", MISSING, f"takes {most} without a name at most, {len(call.args)} are given"))
    for keyword in call.keywords:
        word = str(keyword.arg)
        if word not in declared:
            words = f"there is no such argument; {did_you_mean(word, declared)}"
            problems.append(Problem(word, MISSING, words))
        elif word in given:
            problems.append(Problem(word, MISSING, "is given twice"))
        else:
            given[word] = keyword.value
    for one in signature.parameters:
        if one.default is REQUIRED and one.word not in given:
            problems.append(Problem(one.word, MISSING, "is missing"))
    yield from ((declared[word], node) for word, node in given.items())
