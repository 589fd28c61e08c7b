"""Formulas that become simpler on a domain: cases that cannot occur, signs and logarithms."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from kernelfit.proofs import decide, parse

x, z = sp.symbols("x z", real=True)
HALF, UNIT = sp.Interval(0, sp.Rational(1, 2)), sp.Interval(0, 1)
NEVER = (x * z < -1, x + z < -5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("k", "domain", "same"),
    [
        (parse("log(1/(1 - x*z))"), HALF, -sp.log(1 - x * z)),
        (parse("sign(1 + x*z)"), UNIT, sp.S.One),
        (parse("-sign(-1 - x*z)"), UNIT, sp.S.One),
        (parse("min(x*z, 1 + x**2*z**2)"), UNIT, x * z),
        (sp.Piecewise((x * z, x * z > -1), (0, True)), UNIT, x * z),
        (sp.Piecewise((5, x * z < -1), (x * z, True)), UNIT, x * z),
        (sp.Piecewise((x * z, sp.And(x * z > -1, x + z >= 0)), (-1, True)), UNIT, x * z),
        (sp.Piecewise((x * z, sp.Or(x * z < -1, x + z >= -1)), (-1, True)), UNIT, x * z),
        (sp.Piecewise((-1, sp.Or(*NEVER)), (1 + x * z, True)), UNIT, 1 + x * z),
        (sp.Piecewise((-1, sp.And(*NEVER)), (1 + x * z, True)), UNIT, 1 + x * z),
    ],
    ids=str,
)
def test_a_formula_is_decided_as_what_it_is_on_the_domain(k: Any, domain: Any, same: Any) -> None:
    points = [sp.Rational(n, 7) for n in range(4)]
    assert all(sp.simplify((k - same).subs({x: a, z: b})) == 0 for a in points for b in points)
    verdict = decide(k, domain=domain)
    assert verdict.is_kernel
    assert verdict.verify()


def test_a_sign_that_turns_with_its_arguments_stays() -> None:
    verdict = decide(sp.sign(x - z), domain=UNIT)
    assert verdict.is_kernel is False
    assert verdict.verify()


def test_a_case_that_depends_on_the_points_stays() -> None:
    k = sp.Piecewise((x * z, x + z > 1), (-1, True))
    assert decide(k, domain=UNIT).is_kernel is False
