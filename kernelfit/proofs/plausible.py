"""A look in ordinary floating point before a proof is tried: nothing here proves anything.

A formula that is clearly negative at some points is no kernel, so no time is spent on looking for
its proof.  A formula that passes may still be none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import sympy as sp
from sympy.core.function import AppliedUndef

from .candidates import Formula, least_eigenvalues
from .points import Ground, progressions, simple_points
from .steps import Pair

CLEARLY = 1e-6  # below zero, as a part of the diagonal
POINTS = 21  # of a progression
SETS = 24

FloatArray = npt.NDArray[np.float64]


def is_clearly_negative(e: sp.Expr, symbol: sp.Symbol, domain: sp.Set) -> bool:
    """Whether e is below 0 at one of some points of the domain."""
    if e.has(AppliedUndef):
        return False
    low, high = float(domain.inf), float(domain.sup)
    sizes = np.geomspace(1 / 64, 64, 61)
    if np.isfinite(low) and np.isfinite(high):
        numbers = np.linspace(low, high, 63)[1:-1]
    elif np.isfinite(low):
        numbers = low + sizes
    else:
        numbers = high - sizes if np.isfinite(high) else np.concatenate([-sizes, [0], sizes])
    if domain.is_subset(sp.S.Integers):
        numbers = np.unique(np.round(numbers))
    values = Formula(e, symbol, sp.Dummy()).rough(numbers, numbers)
    known = values[np.isfinite(values)]
    return bool(known.size and known.min() < -CLEARLY * np.abs(known).max())


class Plausible:
    """The points of one domain at which formulas are looked at."""

    def __init__(self, pair: Pair, domain: sp.Set) -> None:
        self.pair = pair
        ground = Ground(domain)
        lines = progressions(ground, POINTS, [])
        chosen = lines[:: max(1, len(lines) // SETS)]
        few = simple_points(ground, 9)
        self.sets = [
            np.array([[float(p) for p in points] for points in sets])
            for sets in (chosen, [few])
            if sets
        ]

    def kernel(self, e: sp.Expr) -> bool:
        """Whether no Gram matrix is clearly negative."""
        return all((least > -CLEARLY) | np.isnan(least) for least in self._eigenvalues(e))

    def distance(self, psi: sp.Expr) -> bool:
        """Whether psi, seen from the first of the points, is not clearly negative."""
        if psi.has(AppliedUndef):
            return True
        formula = Formula(psi, *self.pair)
        for P in self.sets:
            D = formula.rough(P[:, :, None], P[:, None, :])
            seen = D[:, :, :1] + D[:, :1, :] - D - D[:, :1, :1]
            known = np.isfinite(seen).all(axis=(1, 2))
            for K in seen[known]:
                size = np.abs(K).max()
                if size > 0 and np.linalg.eigvalsh(K)[0] < -CLEARLY * size:
                    return False
        return True

    def _eigenvalues(self, e: sp.Expr) -> Iterator[float]:
        if e.has(AppliedUndef):
            return
        formula = Formula(e, *self.pair)
        for P in self.sets:
            yield from least_eigenvalues(formula, P)
