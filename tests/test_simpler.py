"""Formulas that become simpler on a domain: cases that cannot occur, signs and logarithms."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from kernelfit.proofs import decide, parse
from kernelfit.proofs.budget import Budget
from kernelfit.proofs.facts import Facts
from kernelfit.proofs.simpler import simpler, truth
from kernelfit.proofs.steps import Pair

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


XZ, SUM = x * z, x + z


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (sp.true, True),
        (sp.false, False),
        (XZ >= 0, True),
        (XZ > 0, None),  # 0 at 0
        (XZ > -1, True),
        (XZ < 0, False),
        (XZ <= 0, None),
        (XZ > 1, False),
        (XZ >= 1, None),
        (XZ >= 2, False),
        (XZ <= 1, True),
        (XZ < 2, True),
        (x >= z, None),
        (sp.Eq(x, z), None),
        (sp.And(XZ >= 0, SUM <= 2), True),
        (sp.And(XZ >= 0, SUM > 1), None),
        (sp.And(XZ < 0, SUM > 1), False),
        (sp.And(XZ > 5, SUM > 9), False),
        (sp.Or(XZ >= 0, SUM > 1), True),
        (sp.Or(XZ < 0, SUM > 1), None),
        (sp.Or(XZ < 0, SUM > 9), False),
    ],
    ids=str,
)
def test_whether_a_condition_holds_everywhere_nowhere_or_it_depends(
    condition: Any, expected: bool | None
) -> None:
    assert truth(condition, Facts(Pair(x, z), UNIT, Budget())) is expected


@pytest.mark.parametrize(
    ("e", "simple"),
    [
        (sp.Abs(1 + XZ), 1 + XZ),
        (sp.Abs(XZ - 2), 2 - XZ),
        (sp.Abs(x - z), sp.Abs(x - z)),
        (sp.Abs(XZ - sp.Rational(1, 2)), sp.Abs(XZ - sp.Rational(1, 2))),
        (sp.sign(XZ - 2), sp.Integer(-1)),
        (sp.sign(XZ), sp.sign(XZ)),  # 0 at 0
        (sp.Max(XZ, 3), sp.Integer(3)),
        (sp.Min(XZ, 3), XZ),
        (sp.Max(XZ, SUM - 3, 2 + x + z), 2 + x + z),
        (sp.Min(x, z), sp.Min(x, z)),
        (sp.Max(XZ, sp.Rational(1, 2)), sp.Max(XZ, sp.Rational(1, 2))),
    ],
    ids=str,
)
def test_what_a_part_is_on_the_domain(e: Any, simple: Any) -> None:
    found = simpler(e, Facts(Pair(x, z), UNIT, Budget()))
    assert sp.expand(found - simple) == 0
