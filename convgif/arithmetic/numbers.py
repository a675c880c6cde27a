"""The numbers that a layer computes with: checked, and gathered along its axes.

NumPy is loaded by whoever has numbers, not by importing this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from convgif.arithmetic.sentences import SLICES, counted
from convgif.errors import wrong

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from convgif.arithmetic.axis import Axis

    Array: TypeAlias = npt.NDArray[Any]
    """Numbers of any kind and shape."""


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
    if value is None or numbers.dtype.kind not in "iufb" or numbers.ndim != len(size):
        _not_of_that_shape(key, value, size, ndim)
    if numbers.shape != size:
        if len(size) == 1:
            raise wrong(key, value, f"has {counted(len(numbers), 'number')}, must have {size[0]}")
        raise wrong(key, value, f"is {' x '.join(map(str, numbers.shape))}, must be {' x '.join(map(str, size))}")
    # Sums must not wrap around where narrow integers are stored, and True + True is 2.
    return numbers if numbers.dtype.kind == "f" else numbers.astype(np.result_type(numbers, np.int64))


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
    return np.where(real, x[tuple(reads)], x.dtype.type(0)), real


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
