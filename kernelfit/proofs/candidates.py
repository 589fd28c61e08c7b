"""Where a formula may fail to be a kernel: points worth a closer look.

Nothing here proves anything: these are candidates, and exact arithmetic has the last word.  Close
to a true kernel's limit of rounding everything looks negative, so the numbers have 50 digits and
more (mpmath), and ordinary floating point only picks sets of points whose margin is far above its
rounding.  There is no chance in it: the same formula gives the same candidates everywhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import numpy.typing as npt
import sympy as sp

from .points import Points

FloatArray = npt.NDArray[np.float64]
SPARE = 12  # digits that we do not trust
LONGEST = 2000  # bits of a number in front of the point; functions of longer ones are not looked at


# --- The formula as a function of numbers ---


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Refuses arguments that would need millions of digits, such as exp(exp(10^9))."""

    def guarded(*arguments: Any) -> Any:
        for argument in arguments:
            value = mpmath.mpmathify(argument)
            if any(part and mpmath.mag(part) > LONGEST for part in (value.real, value.imag)):
                raise OverflowError
        return function(*arguments)

    return guarded


_NAMES = "exp sin cos tan sinh cosh tanh erf erfc gamma besselj"
_GUARDED = {name: _guarded(getattr(mpmath.mp, name)) for name in _NAMES.split()}
_GUARDED["power"] = _guarded(lambda base, exponent: mpmath.mpmathify(base) ** exponent)
_power = sp.Function("power")


def _cases(i: sp.Expr, j: sp.Expr) -> sp.Expr:
    """Kronecker's delta in the words that numpy knows."""
    return sp.Piecewise((1, sp.Eq(i, j)), (0, True))


_NO_VALUE = (ValueError, ArithmeticError, TypeError, NameError)  # a name: unknown to mpmath


class Formula:
    """k as a function of two numbers, with as many digits as mpmath is set to, or with 16."""

    def __init__(self, expression: sp.Expr, x: sp.Symbol, z: sp.Symbol) -> None:
        self.expression, self.x, self.z = expression, x, z
        self.cost = 10 + 2 * int(sp.count_ops(expression))  # microseconds, about
        self.gaps: list[tuple[sp.Expr, sp.Expr]] = []  # where it seems to have no value
        plain = expression.replace(sp.KroneckerDelta, _cases)
        careful = plain.replace(
            lambda e: e.is_Pow and e.exp.free_symbols, lambda e: _power(e.base, e.exp)
        )
        self._precise = sp.lambdify((x, z), careful, [_GUARDED, "mpmath"], cse=True)
        self._rough = sp.lambdify((x, z), plain, "numpy", cse=True)

    def precise(self, a: Any, b: Any) -> Any:
        """The value k(a, b) for numbers of mpmath.

        Raises OverflowError if it is enormous, ValueError and the like if it is not real.
        """
        value = mpmath.mpmathify(self._precise(a, b))
        if value.imag != 0 or not mpmath.isfinite(value):
            raise ValueError
        return value.real

    def rough(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        """K for arrays of floats, nan where it has no value."""
        X, Z = np.broadcast_arrays(X, Z)
        try:
            with np.errstate(all="ignore"):
                values = np.asarray(self._rough(X, Z))
        except Exception:  # what numpy does not know it says in many ways; mpmath remains
            return np.full(X.shape, np.nan)
        if np.iscomplexobj(values):
            values = np.where(values.imag == 0, values.real, np.nan)
        values = np.broadcast_to(values, X.shape).astype(float)
        return np.where(np.isfinite(values), values, np.nan)

    def gram(self, points: Points) -> tuple[Points, list[list[Any]]]:
        """The Gram matrix at the current digits; points where k has no value are left out."""
        numbers = [as_mpf(p) for p in points]
        kept: list[int] = []
        rows: list[list[Any]] = []  # the lower triangle
        for i, a in enumerate(numbers):
            try:
                row = [self.precise(numbers[j], a) for j in (*kept, i)]
            except OverflowError:
                continue
            except _NO_VALUE:
                self._note_gap(points, kept, i, numbers)
                continue
            kept.append(i)
            rows.append(row)
        n = len(kept)
        full = [[rows[max(i, j)][min(i, j)] for j in range(n)] for i in range(n)]
        return [points[i] for i in kept], full

    def is_symmetric_at(self, a: sp.Expr, b: sp.Expr, digits: int) -> bool:
        """Whether k(a, b) and k(b, a) agree to most of these digits, or are too big to tell."""
        with mpmath.workdps(digits):
            try:
                there, back = self.precise(as_mpf(a), as_mpf(b)), self.precise(as_mpf(b), as_mpf(a))
            except OverflowError:
                return True
            except _NO_VALUE:
                return False
            return bool(abs(there - back) <= mpmath.mpf(10) ** (SPARE - digits) * abs(there))

    def _note_gap(self, points: Points, kept: list[int], i: int, numbers: list[Any]) -> None:
        for j in (*kept, i):
            try:
                self.precise(numbers[j], numbers[i])
            except _NO_VALUE:
                if len(self.gaps) < 3:
                    self.gaps.append((points[j], points[i]))
                return


def as_mpf(point: sp.Expr) -> Any:
    """The exact number at the current digits."""
    if point.is_Rational:
        return mpmath.mpf(int(point.p)) / int(point.q)
    return mpmath.mpf(sp.N(point, mpmath.mp.dps + 5)._mpf_)


# --- A direction in which a Gram matrix is negative ---


@dataclass(frozen=True)
class Direction:
    """Points at which the form is negative; ``depth`` < 0 tells how much.

    The weights of two points are left open: there is a whole interval of them.
    """

    indices: list[int]
    weights: list[Any]  # of mpmath
    depth: Any


def directions(
    K: list[list[Any]], digits: int, most: int | None = None, N: Any = None
) -> Iterator[Direction]:
    """Directions w with w'Kw < 0 as far as these digits tell, those with fewest points first.

    The matrix is first ``normalised``, unless that is given as ``N``.
    """
    n = len(K)
    unit = 10**digits
    for i in range(n):
        if K[i][i] < 0:
            yield Direction([i], [mpmath.mpf(1)], K[i][i])
    sizes = [mpmath.sqrt(abs(K[i][i])) for i in range(n)]
    for i, j in sorted(itertools.combinations(range(n), 2), key=lambda pair: pair[1]):
        if sizes[i] * sizes[j] == 0 and K[i][j] != 0:
            yield Direction([i, j], [], -abs(K[i][j]))
    good = [i for i in range(n) if K[i][i] > 0]
    floor = 10**SPARE
    N = (normalised(K, digits) if N is None else N)[np.ix_(good, good)]
    for i, j in sorted(itertools.combinations(range(len(good)), 2), key=lambda pair: pair[1]):
        if abs(N[i, j]) > unit + floor:
            depth = 1 - mpmath.mpf(abs(N[i, j])) / unit
            yield Direction([good[i], good[j]], [], depth)
    found = eliminate(N, unit, floor) if most is None else None
    if found is not None:
        weights, depth = found
        indices = sorted(weights)
        yield Direction(
            [good[i] for i in indices],
            [mpmath.mpf(weights[i]) / unit / sizes[good[i]] for i in indices],
            mpmath.mpf(depth) / unit,
        )


def normalised(K: list[list[Any]], digits: int) -> Any:
    """k_ij / sqrt(k_ii k_jj) as whole numbers over 10**digits, so that every scale counts the same.

    0 where k_ii or k_jj is not above 0.  Beyond 1 the pair is found: 4 stands for all above.
    """
    n, unit = len(K), 10**digits
    sizes = [mpmath.sqrt(max(K[i][i], 0)) for i in range(n)]
    N = np.zeros((n, n), dtype=object)
    for i, j in itertools.product(range(n), repeat=2):
        if (size := sizes[i] * sizes[j]) > 0:
            part = K[i][j] / size
            N[i, j] = int(part * unit) if -4 < part < 4 else (4 if part > 0 else -4) * unit
    return N


def eliminate(N: Any, unit: int, floor: int) -> tuple[dict[int, int], int] | None:
    """Symmetric elimination, the largest pivot first, in whole numbers that stand for N / unit.

    A pivot below zero is the value of the form at the weights that the elimination has used
    (Lagrange's way to write a form as a sum of squares): they are found by going back.  The
    weights come as whole numbers, which stand for w / unit, by index.
    """
    S = N.copy()
    left = list(range(len(S)))
    steps: list[tuple[int, Any]] = []
    while left:
        last = min(left, key=lambda i: S[i, i])
        if S[last, last] < -floor:
            return _back(steps, {last: unit}), S[last, last]
        pivot = max(left, key=lambda i: S[i, i])
        if S[pivot, pivot] <= floor:
            break
        left.remove(pivot)
        column = S[:, pivot].copy()
        steps.append((pivot, column))
        here = np.ix_(left, left)
        S[here] -= np.outer(column[left], column[left]) // column[pivot]
    for i, j in itertools.combinations(left, 2):  # 0 on the diagonal, something beside it
        value = S[i, i] + S[j, j] - 2 * abs(S[i, j])
        if value < -4 * floor:
            return _back(steps, {i: unit, j: -unit if S[i, j] > 0 else unit}), value
    return None


def _back(steps: list[tuple[int, Any]], weights: dict[int, int]) -> dict[int, int]:
    for pivot, column in reversed(steps):
        weights[pivot] = -sum(column[i] * w for i, w in weights.items()) // column[pivot]
    return weights


# --- The rough search in ordinary floating point ---

MARGIN = 1e-8  # least eigenvalues of normalised matrices above -MARGIN may be rounding


def least_eigenvalues(formula: Formula, P: FloatArray) -> FloatArray:
    """For each row of points (m, n): the least eigenvalue of the normalised Gram matrix, (m,).

    It is nan where a value is missing.  A zero on the diagonal counts as a row of zeros.
    """
    K = formula.rough(P[:, :, None], P[:, None, :])
    diagonal = np.einsum("mii->mi", K)
    with np.errstate(all="ignore"):
        size = np.where(diagonal == 0, 1, 1 / np.sqrt(np.abs(diagonal)))
        N = K * size[:, :, None] * size[:, None, :]
    known = np.isfinite(N).all(axis=(1, 2))
    least = np.full(len(P), np.nan)
    if known.any():
        least[known] = np.linalg.eigvalsh(N[known])[:, 0]
    return least


def most_negative(formula: Formula, sets: list[Points]) -> list[Points]:
    """Those of the sets, all of one size, that look negative: the most negative first."""
    if not sets:
        return []
    least = least_eigenvalues(formula, np.array([[float(p) for p in points] for points in sets]))
    order = np.argsort(np.round(least, 6), kind="stable")  # equal ones stay in their order
    return [sets[i] for i in order if least[i] < -MARGIN]


def dips(formula: Formula, low: float, high: float, *, whole: bool) -> list[float]:
    """Where k(x, x) is low: the valleys on a grid, each looked at more and more closely."""
    grid = np.arange(low, high + 1) if whole else np.linspace(low, high, 1001)
    step = (grid[-1] - grid[0]) / max(len(grid) - 1, 1)
    values = formula.rough(grid, grid)
    padded = np.concatenate(([np.inf], np.where(np.isnan(values), np.inf, values), [np.inf]))
    valleys = np.flatnonzero((values <= padded[:-2]) & (values <= padded[2:]))
    found = grid[valleys[np.argsort(values[valleys], kind="stable")[:8]]]
    for _ in range(0 if whole else 4):
        around = found[:, None] + step * np.linspace(-1, 1, 21)
        around = np.clip(around, low, high)
        here = formula.rough(around, around)
        best = np.argmin(np.where(np.isnan(here), np.inf, here), axis=1)
        found, step = around[np.arange(len(found)), best], step / 10
    return [float(c) for c in found if formula.rough(c, c) < 0]


def evolve(formula: Formula, n: int, low: float, high: float, grid: int, rounds: int) -> FloatArray:
    """Sets of n points on a grid of the interval that look most negative, (10, n).

    They start spread evenly and move by smaller and smaller steps; who is best stays.  The
    spread is a sequence of Kronecker's, multiples of square roots modulo 1, hence no chance.
    """
    primes = np.array([2, 3, 5, 7, 11, 13, 17, 19])[:n]
    spread = np.modf(np.outer(np.arange(1, 40 * rounds + 1), np.sqrt(primes)))[0]
    best = np.empty((0, n))
    for turn in range(rounds):
        fresh = spread[40 * turn : 40 * turn + 40]
        reach = 0.5 ** (1 + turn % 6)
        moved = [np.clip(b + reach * (fresh[:4] - 0.5), 0, 1) for b in best]
        everyone = np.concatenate([best, fresh, *moved])
        everyone = np.unique(np.round(everyone * grid) / grid, axis=0)
        least = least_eigenvalues(formula, low + (high - low) * everyone)
        ordered = np.sort(everyone, axis=1)
        least[(np.diff(ordered, axis=1) == 0).any(axis=1)] = np.inf
        best = everyone[np.argsort(np.round(least, 9), kind="stable")[:10]]
    return best
