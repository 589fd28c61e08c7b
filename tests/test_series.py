"""Which functions have no negative coefficient: the rules beside the first coefficients."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Rational, asin, atan, atanh, cos, cosh, exp, log, pi, sec, sin, sinh, sqrt, tan

from kernelfit.proofs import decide
from kernelfit.proofs.series import Condition, T, nonnegative

HALF = Rational(1, 2)
pytestmark = pytest.mark.slow

x, z = sp.symbols("x z", real=True)

# Functions that a rule knows, and what must be above 0 for the series to converge.
KNOWN: list[tuple[Any, set[Condition]]] = [
    (sp.Integer(-3), set()),
    (T**3 + T, set()),
    (T**2 - 5, set()),
    (exp(T), set()),
    (exp(3 * T**2 + T), set()),
    (cosh(T), set()),
    (sinh(2 * T), set()),
    (tan(T), {Condition(pi / 2 - T, True)}),
    (sec(T), {Condition(pi / 2 - T, True)}),
    (asin(T), {Condition(1 - T, False)}),
    (atanh(T), {Condition(1 - T, True)}),
    (1 / (1 - T), {Condition(1 - T, True)}),
    (1 / sqrt(2 - T), {Condition(2 - T, True)}),
    ((3 - T**2) ** -2, {Condition(3 - T**2, True)}),
    (-log(1 - T), {Condition(1 - T, True)}),
    (-2 * log(3 - T), {Condition(3 - T, True)}),
    (-sqrt(1 - T), {Condition(1 - T, False)}),
    (5 - (2 - T) ** Rational(1, 3), {Condition(2 - T, False)}),
    (exp(T) - 1 - T, set()),
    (exp(2 * T) - exp(T), set()),
    (exp(2 * T) - T**2 / 2, set()),
    (T * exp(T), set()),
    (3 * sinh(T) * (1 + T), set()),
    (exp(T) + tan(T), {Condition(pi / 2 - T, True)}),
    (exp(exp(T) - 1), set()),
    (T * atanh(T), {Condition(1 - T, True)}),
]
# Functions with a negative coefficient, or of which no rule may say that they have none.
NEGATIVE = [
    T - T**2,
    -T,
    sin(T),
    cos(T),
    exp(-T),
    sp.tanh(T),
    atan(T),
    log(1 + T),
    1 / (1 + T),
    sqrt(1 + T),
    sqrt(1 - T),
    log(1 - T),
    exp(T) - 2 * T,
    exp(T) - exp(2 * T),
    exp(2 * T) - 2 * T**3,
    exp(T) - exp(-2 * T),
    exp(T - T**2),
    -T * exp(T),
    -exp(T),
    cosh(T - 1),
    tan(T - HALF),
    1 / (T - 1),
    (1 - T) ** Rational(3, 2),
    (T - T**2) * exp(T),
    1 / (1 - T + T**2),
    sp.Abs(T),
    sp.floor(T) + T,
]


@pytest.mark.parametrize(("F", "conditions"), KNOWN, ids=str)
def test_the_coefficients_are_not_negative(F: Any, conditions: set[Condition]) -> None:
    series = nonnegative(F)
    assert series is not None
    assert series.function == F
    assert series.why
    assert {c for c in series.all_conditions() if c.expression.has(T)} == conditions
    assert series.at_zero == F.subs(T, 0)
    for m in range(1, 9):
        assert sp.diff(F, T, m).subs(T, 0) >= 0


@pytest.mark.parametrize("F", NEGATIVE, ids=str)
def test_a_negative_coefficient_is_not_overlooked(F: Any) -> None:
    assert nonnegative(F) is None


@pytest.mark.parametrize("F", [F for F in NEGATIVE if not F.has(sp.Abs, sp.floor)], ids=str)
def test_there_is_one(F: Any) -> None:
    assert any(sp.N(sp.diff(F, T, m).subs(T, 0)) < 0 for m in range(1, 9)) or F in (
        cosh(T - 1),  # an argument that begins below 0 is left to others
        tan(T - HALF),
        1 / (T - 1),
    )


@pytest.mark.parametrize(
    ("k", "domain", "known"),
    [
        (1 / (1 - x * z), sp.Interval.open(-1, 1), True),
        (1 / (2 - x * z), sp.Interval(-1, 1), True),
        (-log(1 - x * z), sp.Interval.open(-1, 1), True),
        (2 - sqrt(1 - x * z), sp.Interval(-1, 1), True),
        (HALF - sqrt(1 - x * z), sp.Interval(-1, 1), False),  # below 0 at 0
        (asin(x * z), sp.Interval(-1, 1), True),
        (sp.Integer(3), sp.S.Reals, True),
        (sp.Integer(0), sp.S.Reals, True),
        (sp.Integer(-3), sp.S.Reals, False),
    ],
    ids=str,
)
def test_functions_of_the_inner_product(k: Any, domain: Any, known: bool) -> None:
    verdict = decide(k, domain=domain, variables=(x, z))
    assert verdict.is_kernel is known
    assert verdict.verify()
