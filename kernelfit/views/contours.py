"""Contour lines as plain segments, so that a moving surface needs no new artists."""

from __future__ import annotations

from collections.abc import Sequence

import contourpy
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def contour_lines(
    across: Array, up: Array, surface: Array, levels: Sequence[float] | Array
) -> list[Array]:
    """The lines surface = level, each an (m, 2) array, all levels one after the other.

    ``surface`` has shape (len(up), len(across)), as in matplotlib.
    """
    generator = contourpy.contour_generator(across, up, surface)
    return [np.asarray(line) for level in levels for line in generator.lines(level)]
