"""Between which ends the values of a formula lie: each rule beside what one finds by hand."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import (
    Abs,
    Heaviside,
    Interval,
    Max,
    Min,
    Piecewise,
    Rational,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    ceiling,
    cos,
    cosh,
    erf,
    exp,
    floor,
    log,
    oo,
    pi,
    sech,
    sign,
    sin,
    sinc,
    sinh,
    sqrt,
    tan,
    tanh,
)

from kernelfit.proofs.ranges import NotProved, Range, order, range_of, range_of_set

x, z = sp.symbols("x z", real=True)
n = sp.Symbol("n", integer=True)
REALS, UNIT, OPEN = sp.S.Reals, Interval(0, 1), Interval.open(0, 1)
HALF, QUARTER = Rational(1, 2), Rational(1, 4)

RANGES = [
    # increasing functions, from end to end
    (exp(x), UNIT, Interval(1, sp.E)),
    (exp(x), REALS, Interval.open(0, oo)),
    (atan(x), REALS, Interval.open(-pi / 2, pi / 2)),
    (tanh(x), REALS, Interval.open(-1, 1)),
    (sinh(x), Interval(-1, 2), Interval(-sinh(1), sinh(2))),
    (asinh(x), Interval.Ropen(0, 1), Interval.Ropen(0, asinh(1))),
    (erf(x), REALS, Interval.open(-1, 1)),
    (log(x), Interval.Lopen(0, 1), Interval(-oo, 0)),
    (log(x), Interval(1, oo), Interval(0, oo)),
    (acosh(x), Interval(1, 3), Interval(0, acosh(3))),
    (asin(x), Interval(-1, 1), Interval(-pi / 2, pi / 2)),
    (asin(x), Interval(0, HALF), Interval(0, pi / 6)),
    (atanh(x), Interval.open(-1, 1), REALS),
    (acos(x), Interval(-1, HALF), Interval(pi / 3, pi)),
    (acos(2 * x), Interval(-HALF, HALF), Interval(0, pi)),
    # even functions
    (cosh(x), Interval(-1, 2), Interval(1, cosh(2))),
    (cosh(x), Interval(-3, -1), Interval(cosh(1), cosh(3))),
    (sech(x), Interval(-1, 2), Interval(sech(2), 1)),
    (sech(x), REALS, Interval.Lopen(0, 1)),
    (Abs(x), Interval.Ropen(-2, 1), Interval(0, 2)),
    (Abs(x), Interval.open(-1, 2), Interval.Ropen(0, 2)),
    (Abs(x), Interval.open(-2, -1), Interval.open(1, 2)),
    # waves
    (cos(x), UNIT, Interval(cos(1), 1)),
    (cos(x), Interval(1, 4), Interval(-1, cos(1))),
    (cos(x), Interval(4, 7), Interval(cos(4), 1)),
    (cos(x), Interval(1, 7), Interval(-1, 1)),
    (cos(x), Interval.open(0, pi), Interval.open(-1, 1)),
    (sin(x), UNIT, Interval(0, sin(1))),
    (sin(x), Interval(1, 2), Interval(sin(1), 1)),
    (sin(x), Interval(4, 5), Interval(-1, sin(4))),
    (sin(x), Interval(-2, 2), Interval(-1, 1)),
    (sin(x), REALS, Interval(-1, 1)),
    (sinc(x), REALS, Interval(-QUARTER, 1)),
    (tan(x), Interval(-1, 1), Interval(-tan(1), tan(1))),
    (tan(x), Interval(-Rational(3, 2), Rational(3, 2)), Interval(-tan(1.5), tan(1.5))),
    (tan(x), Interval.open(-pi / 2, pi / 2), REALS),
    (tan(x), Interval.Ropen(0, pi / 2), Interval(0, oo)),
    (tan(x), Interval(0, 2), REALS),
    (tan(x), Interval(-2, 0), REALS),
    # the greatest, the least, steps, pieces
    (Max(x, HALF), UNIT, Interval(HALF, 1)),
    (Max(x, HALF), OPEN, Interval.Ropen(HALF, 1)),
    (Min(x, HALF), OPEN, Interval.Lopen(0, HALF)),
    (Min(x, HALF), Interval(1, 2), Interval(HALF, HALF)),
    (Max(x, exp(x)), UNIT, Interval(1, sp.E)),
    (floor(x), Interval.Ropen(HALF, Rational(5, 2)), Interval(0, 2)),
    (ceiling(x), Interval(HALF, Rational(5, 2)), Interval(1, 3)),
    (sign(x), Interval(-2, 3), Interval(-1, 1)),
    (sign(x), Interval(2, 3), Interval(1, 1)),
    (Heaviside(x), Interval(-1, 1), Interval(0, 1)),
    (Heaviside(x, 2), Interval(-1, 1), REALS),
    (Piecewise((x, x > HALF), (2, True)), UNIT, Interval(0, 2)),
    # sums, squares completed
    (x + 2, UNIT, Interval(2, 3)),
    (3 - 2 * x, Interval.Lopen(0, 1), Interval.Ropen(1, 3)),
    (x**2 - 2 * x + 3, Interval(0, 3), Interval(2, 6)),
    (x**2 + x, REALS, Interval(-QUARTER, oo)),
    (4 * x - x**2, REALS, Interval(-oo, 4)),
    (exp(2 * x) - 2 * exp(x), REALS, Interval(-1, oo)),
    (x - sqrt(x), Interval(0, 4), Interval(-QUARTER, 2)),
    (x**2 + exp(x), UNIT, Interval(1, 1 + sp.E)),
    # products and powers
    (x * exp(x), OPEN, Interval.open(0, sp.E)),
    (x * exp(x), Interval(-1, 1), Interval(-sp.E, sp.E)),
    (x**3, Interval(-1, 2), Interval(-1, 8)),
    (x**4, Interval(-2, 1), Interval(0, 16)),
    (1 / x, Interval(1, 2), Interval(HALF, 1)),
    (1 / x, Interval(-2, -1), Interval(-1, -HALF)),
    (1 / x, Interval.Lopen(0, 2), Interval(HALF, oo)),
    (1 / x, Interval(0, 2), Interval(HALF, oo)),  # where it is defined
    (1 / x, Interval(-1, 1), REALS),
    (x**-2, Interval(-2, -1), Interval(QUARTER, 1)),
    (sqrt(x), Interval(0, 4), Interval(0, 2)),
    (1 / sqrt(x), Interval.Lopen(0, 4), Interval(HALF, oo)),
    (2**x, UNIT, Interval(1, 2)),
    (x**x, Interval(1, 2), Interval(1, 4)),
    (x**x, UNIT, Interval(0, 1)),
    (x**pi, Interval(0, 2), Interval(0, 2**pi)),
    (sp.Integer(7), UNIT, Interval(7, 7)),
    (sp.besselj(0, x), UNIT, REALS),  # nothing is known of it
]


@pytest.mark.parametrize(("f", "domain", "values"), RANGES, ids=str)
def test_the_values_lie_between(f: Any, domain: Any, values: Any) -> None:
    found, expected = range_of(f, {x: range_of_set(domain)}), range_of_set(values)
    assert (found.left_open, found.right_open) == (expected.left_open, expected.right_open)
    for end, right in ((found.low, expected.low), (found.high, expected.high)):
        assert end == right or abs(sp.N(end - right)) < 1e-12


@pytest.mark.slow
@pytest.mark.parametrize(("f", "domain", "values"), RANGES, ids=str)
def test_no_value_lies_outside(f: Any, domain: Any, values: Any) -> None:
    """The table itself is gone over, at places in the domain."""
    low, high = max(domain.inf, -3), min(domain.sup, 9)
    for k in range(1, 60):
        value = sp.N(f.subs(x, low + (high - low) * Rational(k, 60)), 30)
        if value.is_real:
            assert values.contains(value) == sp.true or abs(value - values.sup) < 1e-25


def test_a_power_of_minus_one_jumps_between_both_signs() -> None:
    found = range_of((-2) ** n, {n: Range(sp.S.Zero, sp.Integer(3))})
    assert (found.low, found.high) == (-8, 8)


def test_a_bound_is_kept_or_not() -> None:
    assert Range(0, 1).is_at_least(0)
    assert not Range(0, 1).is_at_least(0, strict=True)
    assert Range(0, 1, True).is_at_least(0, strict=True)
    assert not Range(sp.Rational(-1, 10), 1).is_at_least(0)
    assert Range(1, 2).is_at_least(HALF, strict=True)


def test_the_order_of_ends() -> None:
    assert order(sp.oo, sp.S.One) == 1 == -order(-sp.oo, sp.S.One)
    assert order(sp.S.One, sp.oo) == -1 == -order(sp.S.One, -sp.oo)
    assert order(sp.oo, sp.oo) == 0
    assert order(sqrt(2), Rational(7, 5)) == 1
    with pytest.raises(NotProved):
        order(atan(HALF) + atan(Rational(1, 3)), pi / 4)  # equal, and nobody proves it here
    with pytest.raises(NotProved):
        order(sp.log(sp.log(8) - 3 * sp.log(2)), sp.S.One)


def test_what_two_ranges_have_in_common() -> None:
    both = Range(0, 2, True).intersection(Range(0, 1))
    assert both == Range(0, 1, True)
    assert Range(-1, 5).within(0, 3, is_open=True) == Range(0, 3, True, True)
    assert Range(0, 1).interior == Range(0, 1, True, True)
    assert -Range(0, 1, True) == Range(-1, 0, False, True)


@pytest.mark.parametrize("domain", [sp.S.Complexes, sp.S.EmptySet])
def test_a_set_that_is_no_set_of_real_numbers(domain: Any) -> None:
    with pytest.raises(NotProved):
        range_of_set(domain)


def test_sets_of_single_numbers() -> None:
    found = range_of_set(sp.FiniteSet(1, 3, 2))
    assert (found.low, found.high) == (1, 3)
    assert range_of_set(sp.S.Naturals0) == Range(0, oo)
