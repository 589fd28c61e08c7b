"""The exponent of y = c0 exp(c1 x), fitted through logarithms and fitted directly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Array = NDArray[np.float64]


def exponent_by_logarithms(x: Array, y: Array) -> float:
    """The slope of the best line through the points (x, log y)."""
    t = (x - x.min()) / np.ptp(x)
    dt = t - t.mean()
    return float(dt @ np.log(y) / (dt @ dt) / np.ptp(x))


def exponent_directly(x: Array, y: Array) -> float | None:
    """The c1 of least sum of (y - c0 exp(c1 x))²; None when the error has no least place.

    For a given c1 the best c0 is linear least squares, so only c1 is searched: on a grid over
    seven powers of ten and both signs, in units of 1 / (the range of x), then between neighbours.
    """
    t, u = (x - x.min()) / np.ptp(x), y / y.max()

    def error(b: float) -> float:
        w = np.exp(b * t - max(b, 0.0))  # the largest is 1
        return float(u @ u - (u @ w) ** 2 / (w @ w))

    positive = np.logspace(-3, 4, 2001)
    grid = np.concatenate([-positive[::-1], [0.0], positive])
    errors = np.array([error(b) for b in grid])
    least = int(np.argmin(errors))
    if errors[least] >= min(errors[0], errors[-1]) - 1e-12 * (u @ u):
        return None
    between = (grid[least - 1], grid[least + 1])
    found = minimize_scalar(error, bounds=between, method="bounded", options={"xatol": 1e-10})
    return float(found.x / np.ptp(x))
