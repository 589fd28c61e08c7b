"""Rules for functions of |x - z| on whole numbers, on an interval, and of those that end."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from sympy import Abs, Interval, Max, Piecewise, Rational, cos, exp

from kernelfit.proofs.budget import Budget
from kernelfit.proofs.compact import W, compact, transform
from kernelfit.proofs.facts import Facts
from kernelfit.proofs.lattice import (
    C,
    N,
    chebyshev_sum,
    convex_sequence,
    cosine_coefficients,
    cosine_series,
    dominant,
    finitely_many,
)
from kernelfit.proofs.stationary import R
from kernelfit.proofs.steps import Pair

pytestmark = pytest.mark.slow

x, z = sp.symbols("x z", real=True)
r = Abs(x - z)
REALS, Z, UNIT = sp.S.Reals, sp.S.Integers, Interval(0, 1)


def facts(domain: Any) -> Facts:
    return Facts(Pair(x, z), domain, Budget())


POLYNOMIALS = [1 - R, (1 - R) ** 2, (1 - R) ** 4 * (4 * R + 1), 2 - R**3, R**2 - R + 3]


@pytest.mark.parametrize("p", POLYNOMIALS, ids=str)
@pytest.mark.parametrize("h", [1, Rational(3, 2)])
def test_the_transform_of_a_polynomial_that_ends(p: Any, h: Any) -> None:
    A, B, S, m = transform(sp.expand(p), sp.sympify(h))
    formula = (A + B * cos(h * W) + S * sp.sin(h * W)) / W**m
    inside = sp.lambdify(R, p, "mpmath")
    for w in (Rational(1, 2), Rational(7, 3), 9):
        value = mp.quad(lambda u, w=w: inside(u) * mp.cos(mp.mpf(float(w)) * u), [0, float(h)])
        assert abs(value - mp.mpf(sp.N(formula.subs(W, float(w))))) < 1e-9


@pytest.mark.parametrize(
    ("e", "known"),
    [
        (Max(1 - r, 0), False),  # its transform touches 0: Pólya knows it
        (Max(1 - r / 3, 0) ** 2, True),
        (Max(1 - r, 0) ** 4 * (4 * r + 1), True),
        (Max(1 - r, 0) * (1 - r**2), True),
        (Piecewise((1 - r**2, r < 1), (0, True)), False),  # Epanechnikov's hill
        (Piecewise((1 + r - 2 * r**2, r < 1), (0, True)), False),
        (Piecewise((2 - r, r < 1), (0, True)), False),  # jumps
        (exp(-r), False),
        (Max(1 - r, 0) * exp(-r), False),  # no polynomial
        (x * z, False),
    ],
    ids=str,
)
def test_polynomials_that_end(e: Any, known: bool) -> None:
    assert (compact(e, facts(REALS)) is not None) is known


@pytest.mark.parametrize("p", POLYNOMIALS, ids=str)
@pytest.mark.parametrize("L", [1, 3])
def test_the_coefficients_of_the_cosine_series(p: Any, L: int) -> None:
    odd, even = cosine_coefficients(sp.expand(p), sp.Integer(L))
    for n in range(1, 6):
        exact = sp.integrate(sp.expand(p) * cos(n * sp.pi * R / L), (R, 0, L))
        assert sp.simplify(exact - (odd if n % 2 else even).subs(N, n)) == 0


@pytest.mark.parametrize(
    ("e", "domain", "known"),
    [
        (1 - r, UNIT, True),
        (1 - r / 3, Interval(0, 3), True),
        (1 - r, Interval(0, 3), False),  # its mean over [0, 3] is negative
        ((1 - r) ** 2, UNIT, True),
        (r**2, UNIT, False),
        (1 + r, UNIT, False),
        (1 - r, REALS, False),
        (1 - r, Interval(0, sp.oo), False),
        (exp(-r), UNIT, False),  # no polynomial
        (1 - (x - z) ** 2, UNIT, False),
    ],
    ids=str,
)
def test_polynomials_on_an_interval(e: Any, domain: Any, known: bool) -> None:
    assert (cosine_series(e, facts(domain)) is not None) is known


@pytest.mark.parametrize("values", [(3,), (2, 1), (5, 2, -1), (4, 0, 1, Rational(1, 2))], ids=str)
def test_the_sum_of_finitely_many_values(values: tuple[Any, ...]) -> None:
    found = chebyshev_sum(tuple(map(sp.sympify, values)))
    for angle in (0.3, 1.1, 2.9):
        waves = sum(2 * v * mp.cos(j * angle) for j, v in enumerate(values) if j)
        assert abs(sp.N(found.subs(C, mp.cos(angle))) - (values[0] + waves)) < 1e-12


@pytest.mark.parametrize(
    ("e", "values"),
    [
        (Max(2 - r, 0), (2, 1)),
        (Max(3 - r, 0), (3, 2, 1)),
        (Piecewise((2, sp.Eq(x, z)), (1, sp.Eq(r, 1)), (0, True)), (2, 1)),
        (Piecewise((1, sp.Eq(x, z)), (1, sp.Eq(r, 1)), (0, True)), None),  # 1 + 2 cos is below 0
        (Piecewise((2, sp.Eq(x, z)), (1, True)), None),  # does not end
        (exp(-r), None),
        (x * z, None),
    ],
    ids=str,
)
def test_finitely_many_values_on_the_whole_numbers(e: Any, values: Any) -> None:
    step = finitely_many(e, facts(Z))
    assert (None if step is None else step.values) == values
    assert finitely_many(e, facts(REALS)) is None


@pytest.mark.parametrize(
    ("e", "is_dominant", "is_convex"),
    [
        (exp(-r), False, True),  # 2 / (e - 1) > 1
        (exp(-2 * r), True, True),
        (4 ** (-r), True, True),
        (exp(-((x - z) ** 2)), True, False),
        (1 / (1 + r), False, True),
        (1 / (1 + r**2), False, True),  # on the whole numbers it does not bend
        (1 - r, False, False),
        (x * z, False, False),
        (sp.Integer(2), False, False),
        (cos(x - z), False, False),
    ],
    ids=str,
)
def test_sequences_that_fall(e: Any, is_dominant: bool, is_convex: bool) -> None:
    assert (dominant(e, facts(Z)) is not None) is is_dominant
    assert (convex_sequence(e, facts(Z)) is not None) is is_convex
    assert dominant(e, facts(REALS)) is None
    assert convex_sequence(e, facts(REALS)) is None
