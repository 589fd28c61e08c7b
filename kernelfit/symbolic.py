"""Helpers for derivations with sympy.  Not loaded by ``import kernelfit``."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from sympy import QQ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from ._checks import InputError


def expand_sums(expression: Any) -> Any:
    r"""Write every finite sum as a sum of simple ones, with the constants in front.

    .. math:: \sum_i (a\,u_i + b) = a \sum_i u_i + b\,n

    sympy differentiates a sum of squares readily, but ``solve`` then finds no solution, because the
    unknowns sit inside of the sums.  Brought in front of them they can be solved for:

    >>> import sympy as sp
    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> i = sp.Symbol("i", integer=True)
    >>> x, y = sp.IndexedBase("x"), sp.IndexedBase("y")
    >>> c0, c1 = sp.symbols("c_0 c_1")
    >>> E = sp.Sum((y[i] - c0 - c1 * x[i]) ** 2, (i, 1, n))
    >>> equations = [sp.diff(E, c) for c in (c0, c1)]
    >>> sp.solve(equations, [c0, c1])
    []
    >>> expand_sums(equations[0])
    2*c_0*n + 2*c_1*Sum(x[i], (i, 1, n)) - 2*Sum(y[i], (i, 1, n))
    >>> ((_, slope),) = sp.linsolve([expand_sums(e) for e in equations], [c0, c1])
    >>> Sx, Sy = (sp.Sum(u[i], (i, 1, n)) for u in (x, y))
    >>> Sxx, Sxy = (sp.Sum(u[i] * x[i], (i, 1, n)) for u in (x, y))
    >>> sp.simplify(slope - (n * Sxy - Sx * Sy) / (n * Sxx - Sx**2))
    0

    ``expression`` is anything of sympy's that holds sums: an expression, an equation, a matrix.
    What stands outside of sums stays as it is, and so does a sum without end (taken apart, it may
    diverge) and one whose terms do not commute.
    """
    return sp.sympify(expression).replace(lambda e: isinstance(e, sp.Sum) and _is_plain(e), _expand)


def _is_plain(s: Any) -> bool:
    endless = any(bound.is_infinite for limit in s.limits for bound in limit[1:])
    return s.function.is_commutative is not False and not endless


def _expand(s: Any) -> Any:
    terms = s.function
    for index, first, last in s.limits:  # the innermost sum comes first
        expanded = sp.expand(terms)
        total = sp.Integer(0)
        for term in sp.Add.make_args(expanded):
            constant, rest = term.as_independent(index, as_Add=False)
            total += constant * (
                last - first + 1 if rest == 1 else sp.Sum(rest, (index, first, last))
            )
        terms = total
    return terms


def exact_least_squares(X: Any, y: Any) -> list[Fraction]:
    r"""The coefficients of least squared residuals without any rounding: the referee of a fit.

    .. math:: X^\top X\, c = X^\top y \quad\text{in rational arithmetic}

    >>> exact_least_squares([(1, 0), (1, 1), (1, 2)], [1, 2, 4])
    [Fraction(5, 6), Fraction(3, 2)]

    ``X`` has n rows of p numbers (give it the column of ones if there is an intercept), ``y`` has n
    numbers: ints, Fractions or sympy Rationals, such as ``Dataset.fractions()`` returns.  A float
    counts as the binary fraction that it is.  Raises InputError when the columns of X depend on
    each other, because then no coefficients are the only ones, and when X and y do not match.
    """
    rows = [[QQ.convert(_exact(v)) for v in row] for row in X]
    values = [[QQ.convert(_exact(v))] for v in y]
    widths = sorted({len(row) for row in rows})
    if len(widths) != 1 or len(rows) != len(values):
        raise InputError(
            f"X must have as many rows as y has values, all of one length, got {len(rows)} rows "
            f"with {' or '.join(map(str, widths)) or 'no'} numbers and {len(values)} values."
        )
    A, b = DomainMatrix.from_list(rows, QQ), DomainMatrix.from_list(values, QQ)
    try:
        c = (A.transpose() * A).lu_solve(A.transpose() * b)
    except DMNonInvertibleMatrixError:
        raise InputError(
            f"X must have independent columns, got {A.shape[1]} of rank {A.rank()}. Leave out the "
            f"columns that others already say."
        ) from None
    return [Fraction(int(v.numerator), int(v.denominator)) for v in c.to_list_flat()]


def correct_digits(computed: Any, exact: Any) -> float:
    r"""How many leading digits of the worst coefficient are right, between 0 and 16.

    .. math:: \min_j\; -\log_{10} \frac{|\hat c_j - c_j|}{|c_j|}

    For c_j = 0 the error itself takes the place of the fraction.  ``computed`` are floats,
    ``exact`` exact numbers, p of each.  A coefficient that is nan or infinite has no right digit.

    Source: NIST Statistical Reference Datasets, which call it the log relative error.
    """
    numbers, certified = [float(v) for v in computed], [_exact(v) for v in exact]
    if len(numbers) != len(certified):
        raise InputError(
            f"computed and exact must have equally many coefficients, got {len(numbers)} and "
            f"{len(certified)}."
        )
    worst = Fraction(1, 10**16)
    for number, right in zip(numbers, certified, strict=True):
        if not math.isfinite(number):
            return 0.0
        worst = max(worst, abs(Fraction(number) - right) / (abs(right) or 1))
    return 0.0 - math.log10(worst) if worst < 1 else 0.0


def _exact(value: Any) -> Fraction:
    """The number without rounding; numpy's integers, which overflow, become Python's first."""
    return Fraction(value.item() if isinstance(value, np.generic) else value)
