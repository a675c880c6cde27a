"""Where a frame differs from the one before."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def extent(changed: npt.NDArray[np.bool_]) -> tuple[slice, slice]:
    """The smallest rectangle that holds all that is True; an empty one where nothing is.

    >>> extent(np.array([[False, False], [True, False]]))
    (slice(1, 2, None), slice(0, 1, None))
    """
    rows, cols = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not rows.size:
        return np.s_[0:0, 0:0]
    return np.s_[int(rows[0]) : int(rows[-1]) + 1, int(cols[0]) : int(cols[-1]) + 1]
