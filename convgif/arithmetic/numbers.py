"""The numbers that a layer computes with: checked, and gathered along its axes.

NumPy is loaded by whoever has numbers, not by importing this module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from convgif.arithmetic.sentences import SLICES, counted
from convgif.errors import MISSING, wrong

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from convgif.arithmetic.axis import Axis

    Array: TypeAlias = npt.NDArray[Any]
    """Numbers of any kind and shape."""


EXACT: Final = 2**20
"""Sums of products of smaller integers stay exact in 64 bits, however many there are; larger ones are Python's own."""
LARGE: Final = 1e100
"""Floating point numbers up to here do not overflow, however many are added up after they were multiplied."""
BEYOND: Final = "would be beyond 1.8e+308, the largest number"
OUTER: Final = ("kernel", "channel")
"""What lies side by side along the axes before those of a map."""


def as_numbers(key: str, value: npt.ArrayLike | None, size: tuple[int, ...], ndim: int | None = None) -> Array:
    """`value` as an array of numbers of that shape; of its axes, those before the last `ndim` are of channels.

    Raises:
        InputError: not numbers, or another shape.

    >>> as_numbers("x", [1, 2, 3], (3,))
    array([1, 2, 3])
    """
    import numpy as np

    try:
        numbers = np.asarray(value)
    except ValueError:  # NumPy's word for rows of different lengths
        _not_of_that_shape(key, value, size, ndim)
    if numbers.dtype.kind in "fO" and not isinstance(value, np.ndarray):
        # NumPy makes floats of integers that some have 64 bits for and others do not.
        own = np.asarray(value, dtype=object)
        numbers = own if all(type(number) is int for number in own.flat) else numbers
    whole = numbers.dtype.kind == "O" and all(type(number) is int for number in numbers.flat)
    if value is None or not (whole or numbers.dtype.kind in "iufb") or numbers.ndim != len(size):
        _not_of_that_shape(key, value, size, ndim)
    if numbers.shape != size:
        if len(size) == 1:
            raise wrong(key, value, f"has {counted(len(numbers), 'number')}, must have {size[0]}")
        raise wrong(key, value, f"is {' x '.join(map(str, numbers.shape))}, must be {' x '.join(map(str, size))}")
    if numbers.dtype.kind == "f":
        return numbers.astype(np.float64, copy=False)
    # Sums must not wrap around, and True + True is 2.
    large = whole or bool(numbers.size and (numbers.max() >= EXACT or numbers.min() <= -EXACT))
    return numbers.astype(object if large else np.int64)


def summed(total: Callable[..., Array], *factors: Array) -> Array:
    """What `total` makes of the factors by adding up their products; exact for integers.

    Raises:
        InputError: it would be too large for a floating point number, or a part of it would in some order.

    >>> import numpy as np
    >>> summed(np.multiply, as_numbers("x", [2**63 - 1], (1,)), np.array([2]))
    array([18446744073709551614], dtype=object)
    >>> summed(np.multiply, np.array([1.0, 1e308]), np.array([9.0, -9.0]))
    Traceback (most recent call last):
        ...
    convgif.errors.InputError: x: is too large: output element (1,) would be beyond 1.8e+308, the largest number
    """
    import numpy as np

    try:
        with np.errstate(over="ignore", invalid="ignore"):
            found = np.asarray(total(*factors))
        if any(factor.dtype.kind == "f" and abs(factor).max(initial=0) > LARGE for factor in factors):
            with np.errstate(over="ignore", invalid="ignore"):
                most = np.asarray(total(*map(abs, factors)), dtype=np.float64)
            if not np.isfinite(most).all():
                place = tuple(int(at) for at in np.argwhere(~np.isfinite(most))[0])
                raise wrong("x", MISSING, f"is too large: output element {place} {BEYOND}")
        whole = found.dtype.kind != "O" or all(type(number) is int for number in found.flat)
        return found if whole else found.astype(np.float64)
    except OverflowError:  # an integer of Python's that is to become a floating point number
        raise wrong("x", MISSING, f"is too large: an output element {BEYOND}") from None


def gathered(axes: Sequence[Axis], x: Array) -> tuple[Array, npt.NDArray[np.bool_]]:
    """What every step reads, and where that is an input element at all.

    Both arrays have the shape of the output followed by that of the kernel; elements that read padding or an inserted
    zero are 0 in the first and False in the second.
    """
    import numpy as np

    count = len(axes)
    reads = []
    for direction, axis in enumerate(axes):
        shape = [1] * (2 * count)
        shape[direction], shape[count + direction] = axis.output_size, axis.kernel_size
        reads.append(_reads(axis).reshape(shape))
    real = np.asarray(True)
    for index in reads:
        real = real & (index >= 0)
    return np.where(real, x[tuple(reads)], np.zeros((), dtype=x.dtype)), real


def _reads(axis: Axis) -> npt.NDArray[np.intp]:
    """Shape (output, kernel): the input index that a kernel element reads for an output index, -1 where none."""
    import numpy as np

    index = np.full((axis.output_size, axis.kernel_size), -1, dtype=np.intp)
    for output in range(axis.output_size):
        for tap in axis.window(output):
            if tap.input is not None:
                index[output, tap.kernel] = tap.input
    return index


def _not_of_that_shape(key: str, value: object, size: Sequence[int], ndim: int | None) -> NoReturn:
    *outer, numbers = size
    ndim = len(size) if ndim is None else ndim
    names = (*OUTER[len(OUTER) - (len(size) - ndim) :], *SLICES[len(SLICES) - ndim : -1])
    words = [*(counted(count, name) for count, name in zip(outer, names, strict=True)), counted(numbers, "number")]
    raise wrong(key, value, f"must be {' of '.join(words)}{' each' if outer else ''}")
