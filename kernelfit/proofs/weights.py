"""Weights for given points: as few and as easy to read as a negative form allows."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from .candidates import Direction, directions, normalised
from .points import simplest


def thinned(
    K: list[list[Any]], chosen: list[int], direction: Direction, digits: int
) -> tuple[list[int], Direction]:
    """Leave out points, one by one, as long as the form stays clearly negative without them."""
    chosen = [chosen[i] for i in direction.indices]
    N = normalised(K, digits)
    for index in list(chosen):
        fewer = [i for i in chosen if i != index]
        if len(chosen) <= 2:
            break
        part = [[K[i][j] for j in fewer] for i in fewer]
        other = next(directions(part, digits, N=N[np.ix_(fewer, fewer)]), None)
        if other is not None and other.depth < direction.depth / 1000:
            chosen, direction = [fewer[i] for i in other.indices], other
    return chosen, direction


def simple_weights(K: list[list[Any]], w: Sequence[Any]) -> list[sp.Rational] | None:
    """Weights that are easy to read, near w, at which the form stays negative."""
    if len(K) == 1:
        return [sp.Integer(1)]
    if len(K) == 2:
        return _weights_of_pair(K[0][0], K[0][1], K[1][1])
    largest = max(map(abs, w))
    for size in range(1, 101):
        whole = [int(mpmath.nint(size * v / largest)) for v in w]
        if _is_negative(K, whole):
            return [sp.Integer(v) for v in whole]
    for k in range(3, 200, 2):
        reach = Fraction(1, 2**k)
        exact = [_as_fraction(v / largest) for v in w]
        near = [simplest(v - reach, v + reach) for v in exact]
        if _is_negative(K, near):
            return [sp.Rational(v.numerator, v.denominator) for v in near]
    return None


def _is_negative(K: list[list[Any]], w: Sequence[int | Fraction]) -> bool:
    weights = [mpmath.mpf(v.numerator) / v.denominator for v in w]
    terms = [a * b * K[i][j] for i, a in enumerate(weights) for j, b in enumerate(weights)]
    slack = mpmath.mpf(10) ** (20 - mpmath.mp.dps) * sum(map(abs, terms))
    return bool(sum(terms) < -slack)


def _as_fraction(number: Any) -> Fraction:
    """Exactly the number of mpmath, which is a whole number times a power of two."""
    sign, mantissa, exponent, _ = number._mpf_
    whole = int(-mantissa if sign else mantissa)
    return Fraction(whole * 2**exponent) if exponent >= 0 else Fraction(whole, 2**-exponent)


def _weights_of_pair(a: Any, b: Any, c: Any) -> list[sp.Rational] | None:
    """The simplest r with a r² + 2 b r + c < 0, as the weights (r, 1) made whole.

    r has the sign of -b; for a > 0 it lies between the two roots, which b² > a c makes real.
    """
    size = abs(b)
    if a > 0:
        root = mpmath.sqrt(size**2 - a * c)
        low, high = c / (size + root), (size + root) / a  # without cancellation
    else:
        low = c / (2 * size)
        high = 2 * low + 2
    if not (mpmath.mag(low or 1) > -200 and mpmath.mag(high) < 200 and low < high):
        return None
    edge = (high - low) / 32
    ratio = simplest(_as_fraction(low + edge), _as_fraction(high - edge))
    sign = 1 if b < 0 else -1
    return [sp.Integer(ratio.numerator), sp.Integer(sign * ratio.denominator)]


def with_moments(v: Sequence[sp.Rational], points: Sequence[sp.Rational]) -> list[sp.Rational]:
    r"""The weights w at as many points with the given moments: sum_i w_i x_i^m = v_m.

    For a polynomial k(x, z) = sum_mn c_mn x^m z^n the form at these points and weights is v'Cv.
    The Vandermonde matrix of different points is never singular.
    """
    d = len(points)
    V = DomainMatrix([[QQ.from_sympy(p**m) for p in points] for m in range(d)], (d, d), QQ)
    moments = DomainMatrix([[QQ.from_sympy(sp.Rational(value))] for value in v], (d, 1), QQ)
    return [QQ.to_sympy(w) for w in V.lu_solve(moments).to_list_flat()]
