"""Rules for particular shapes: what has the shape is recognised, what only resembles it is not."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Eq, Interval, Piecewise, Rational, cosh, exp, log, oo, pi, sin, sqrt

from kernelfit.proofs import decide
from kernelfit.proofs.budget import Budget
from kernelfit.proofs.facts import Facts
from kernelfit.proofs.particular import (
    ConcaveOfSum,
    absolute_sine,
    balanced,
    concave_of_sum,
    homogeneous,
    same_place,
)
from kernelfit.proofs.steps import Pair

pytestmark = pytest.mark.slow

x, z, r = sp.symbols("x z r", real=True)
PAIR = Pair(x, z)
REALS, HALF_LINE, UNIT = sp.S.Reals, Interval(0, oo), Interval(0, 1)


def facts(domain: Any = REALS) -> Facts:
    return Facts(PAIR, domain, Budget())


@pytest.mark.parametrize(
    ("condition", "g"), [(Eq(x**2, z**2), x**2), (Eq(sp.floor(z), sp.floor(x)), sp.floor(x))]
)
def test_one_where_a_function_has_the_same_value(condition: Any, g: Any) -> None:
    step = same_place(Piecewise((1, condition), (0, True)), facts())
    assert step is not None
    assert step.g == g
    assert step.check(PAIR) is None


@pytest.mark.parametrize(
    "e",
    [
        x * z,
        Piecewise((1, Eq(x, z)), (Rational(1, 2), Eq(x, -z)), (0, True)),
        Piecewise((2, Eq(x, z)), (0, True)),
        Piecewise((1, Eq(x, z)), (Rational(1, 2), True)),
        Piecewise((1, x > z), (0, True)),
        Piecewise((1, Eq(x, 2 * z)), (0, True)),
        Piecewise((1, Eq(x + z, x * z)), (0, True)),
    ],
)
def test_what_is_no_indicator_of_equal_values(e: Any) -> None:
    assert same_place(e, facts()) is None


def test_a_constant_less_the_absolute_value_of_a_sine() -> None:
    step = absolute_sine(2 / pi - Abs(sin(x**3 - z**3)), facts())
    assert step is not None
    assert step.g in (x**3, -(x**3))
    assert absolute_sine(Rational(3, 5) - Abs(sin(x - z)), facts()) is None  # below 2 / pi
    for e in (1 - sin(x - z), 1 - Abs(x - z), 1 + Abs(sin(x - z)), 1 - Abs(sin(x * z))):
        assert absolute_sine(e, facts()) is None


@pytest.mark.parametrize(
    ("mixed", "weight", "p"),
    [
        (-3 * (x + z) ** Rational(3, 2), 3, Rational(3, 2)),
        (-3 * (x + z) ** sqrt(2), 3, sqrt(2)),
        (-2 * (x + z + 1) * log(x + z + 1), 2, None),
    ],
)
def test_minus_a_convex_function_of_a_sum(mixed: Any, weight: int, p: Any) -> None:
    ((found, step),) = concave_of_sum(mixed, facts(HALF_LINE))
    assert isinstance(step, ConcaveOfSum)
    assert (found, step.p) == (weight, p)
    assert sp.expand(found * step.formula - mixed) == 0


@pytest.mark.parametrize(
    "mixed",
    [
        (x + z) ** Rational(3, 2),  # the other sign
        -((x + z) ** Rational(5, 2)),  # a power above 2
        -((x + 2 * z) ** Rational(3, 2)),  # no sum of one function's values
        -((1 / x + 1 / z) ** Rational(3, 2)),  # no value at 0, where it is taken apart
        -x * log(x + z),
        -((x - 1 + z) ** Rational(3, 2)),  # negative somewhere
    ],
)
def test_what_only_resembles_a_convex_function_of_a_sum(mixed: Any) -> None:
    assert list(concave_of_sum(mixed, facts(HALF_LINE))) == []


def test_it_is_a_distance_whose_exponential_is_a_kernel() -> None:
    verdict = decide(exp((x + z) ** Rational(3, 2)), domain=UNIT)
    assert verdict.is_kernel
    assert verdict.verify()


@pytest.mark.parametrize(
    ("e", "degree"),
    [
        (x * z, 2),
        (x * z / (x + z), 1),
        (1 / (x + z), -1),
        (2 * x * z / (x**2 + z**2), 0),
        (sqrt(x * z) / (x + z) ** 2, -1),
        (x * z + 1, None),
        (exp(-x - z), None),
    ],
)
def test_the_degree_of_a_homogeneous_formula(e: Any, degree: int | None) -> None:
    found = homogeneous(e, PAIR)
    if degree is None:
        assert found is None
        return
    assert found is not None
    d, phi = found
    assert d == degree
    a, b = Rational(7, 3), Rational(2, 5)
    again = phi.subs({x: log(a), z: log(b)}) * (a * b) ** (d / 2)
    assert abs(sp.N(again - e.subs({x: a, z: b}))) < 1e-12


@pytest.mark.parametrize(
    ("phi", "even"),
    [
        ((exp(3 * r) + exp(r)) / exp(2 * r), True),
        (exp(r) / (exp(2 * r) + 1), True),
        ((exp(2 * r) + 4 * exp(r) + 1) / (exp(2 * r) + 1), True),
        ((2 * exp(r) + 1) / (exp(r) + 1), False),  # above, the two ends differ
        (1 / (exp(sqrt(2) * r) + 1), False),  # no fraction as a rate
        (sin(r) / (exp(r) + 1), False),
        (exp(r**2) / (exp(r) + 1), False),
    ],
)
def test_quotients_of_exponentials_are_written_with_cosh(phi: Any, even: bool) -> None:
    found = balanced(phi, r)
    assert found.has(cosh) == even
    for point in (Rational(7, 10), Rational(-13, 10)):
        assert abs(sp.N((found - phi).subs(r, point))) < 1e-12
