"""What layers that were found compute, to be compared with the frameworks that they come from."""

from __future__ import annotations

from typing import Any

import numpy as np

from convgif.reading.found import Found


def computed(found: Found, x: Any) -> Any:
    """What the layer makes of an input of many channels, those of a group added up."""
    if found.weights is None:
        return np.stack([found.layer.apply(one) for one in x])
    weights = found.weights()
    outputs, inner = weights.shape[:2]
    first = [to * found.groups // outputs * inner for to in range(outputs)]
    return np.stack(
        [sum(found.layer.apply(x[first[to] + of], weights[to, of]) for of in range(inner)) for to in range(outputs)]
    )
