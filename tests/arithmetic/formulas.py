"""Formulas that the package writes, worked out as they stand: a number put in the wrong place would be a lie."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from math import ceil, floor
from typing import Any, Final

import numpy as np
import numpy.typing as npt

OPERATORS: Final[Mapping[type[ast.AST], Callable[..., Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}
FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {"floor": floor, "ceil": ceil, "min": min, "max": max}


def evaluated(expression: str, **letters: npt.ArrayLike) -> Any:
    """The value of an expression; a tuple such as `(2, 1)` stands for one number an axis, reckoned with all at once.

    A letter or a number before a bracket or a letter multiplies it, and p' is a letter of its own.
    """
    spelled = re.sub(r"(?<=\))(?=[a-z])", "*", expression.replace("p'", "q"))
    spelled = re.sub(r"(?<=[\w)])(?=\()", "*", re.sub(r"(?<=\d)(?=[a-z])", "*", spelled))
    spelled = re.sub(rf"({'|'.join(FUNCTIONS)})\*", r"\1", spelled)
    return _value(ast.parse(spelled, mode="eval").body, letters)


def _value(node: ast.expr, letters: Mapping[str, npt.ArrayLike]) -> Any:
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](_value(node.left, letters), _value(node.right, letters))
    if isinstance(node, ast.UnaryOp):
        return OPERATORS[type(node.op)](_value(node.operand, letters))
    if isinstance(node, ast.Tuple):
        return np.array([_value(element, letters) for element in node.elts])
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        return FUNCTIONS[node.func.id](*(_value(argument, letters) for argument in node.args))
    if isinstance(node, ast.Name):
        return letters[node.id]
    assert isinstance(node, ast.Constant)
    return node.value


def spread_out(value: npt.ArrayLike, ndim: int) -> tuple[int, ...]:
    """A value for every axis."""
    return tuple(np.broadcast_to(value, ndim).tolist())
