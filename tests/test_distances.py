"""Distances (of which exp(-t d) is a kernel): what is recognised as one, and what is none."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy import Abs, Interval, Max, Min, Rational, exp, log, oo, sin, sqrt

from kernelfit.proofs.budget import Budget
from kernelfit.proofs.facts import Facts
from kernelfit.proofs.prover import Prover
from kernelfit.proofs.steps import Pair

pytestmark = pytest.mark.slow

x, z = sp.symbols("x z", real=True)
r = x - z
REALS, HALF_LINE = sp.S.Reals, Interval(0, oo)

DISTANCES = [
    (Abs(r), REALS),
    (r**2, REALS),
    (Abs(r) ** Rational(3, 2), REALS),
    (sqrt(Abs(r)), REALS),
    (Abs(x**3 - z**3), REALS),
    (log(1 + Abs(r)), REALS),
    (log(1 + r**2), REALS),
    (sqrt(1 + Abs(r)), REALS),
    (1 - exp(-Abs(r)), REALS),
    (Abs(sin(r)), REALS),
    (Max(x, z), REALS),
    (-Min(x, z), REALS),
    (Max(x**2, z**2), REALS),
    (x**2 + z**2, REALS),
    (sp.Integer(3), REALS),
    (-x * z, REALS),
    (Abs(r) + 2 * r**2, REALS),
    (-((x + z) ** Rational(3, 2)), HALF_LINE),
    (-((x + z) ** Rational(3, 2)) + Abs(r), HALF_LINE),
    (log(1 + x + z), HALF_LINE),
    (sqrt(x + z), HALF_LINE),
]
OTHERS = [
    (Abs(r) ** 3, REALS),
    (r**4, REALS),
    (-Abs(r), REALS),
    (Min(x, z), REALS),
    (-Max(x, z), REALS),
    (x * z, REALS),
    (exp(-Abs(r)), REALS),
    (Abs(r) - 2 * r**2, REALS),
    (1 - sp.cos(r) ** 3 - r**2, REALS),
    ((x + z) ** Rational(3, 2), HALF_LINE),
    (Max(x, 2 * z), REALS),  # not symmetric
    (x + 2 * z, REALS),
    (r, REALS),
]


def found(psi: Any, domain: Any) -> Any:
    return Prover(Facts(Pair(x, z), domain, Budget())).distance(psi)


def form(psi: Any, points: list[Any], weights: Any) -> float:
    """The sum of w_i w_j psi(x_i, x_j)."""
    table = [[float(psi.subs({x: a, z: b})) for b in points] for a in points]
    return float(weights @ np.array(table) @ weights)


@pytest.mark.parametrize(("psi", "domain"), DISTANCES, ids=str)
def test_a_distance_is_recognised(psi: Any, domain: Any) -> None:
    step = found(psi, domain)
    assert step is not None
    step.check(Pair(x, z))
    points = [Rational(1, 3), Rational(1), Rational(5, 2), Rational(4)]
    for a, b in itertools.product(points, repeat=2):  # max(x, z) is written with |x - z|
        assert abs(sp.N((step.formula - psi).subs({x: a, z: b}))) < 1e-12
    for weights in ([1, -1, 0, 0], [1, -2, 1, 0], [1, -1, -1, 1], [3, -1, -1, -1]):
        assert form(psi, points, np.array(weights)) < 1e-12  # weights of sum 0


@pytest.mark.parametrize(("psi", "domain"), OTHERS, ids=str)
def test_no_distance_is_made_up(psi: Any, domain: Any) -> None:
    assert found(psi, domain) is None


@pytest.mark.parametrize(
    ("psi", "domain"), [(e, d) for e, d in OTHERS if e == e.subs({x: z, z: x}, simultaneous=True)]
)
def test_there_are_points_against_it(psi: Any, domain: Any) -> None:
    places = [Rational(k, 2) for k in range(9)]
    against = [
        (points, weights)
        for points in itertools.combinations(places, 3)
        for weights in ([1, -2, 1], [1, -1, 0], [2, -1, -1])
        if form(psi, list(points), np.array(weights)) > 1e-9
    ]
    assert against
