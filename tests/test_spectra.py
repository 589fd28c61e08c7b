"""Spectra of functions of r = |x - z|: the integral over them is the function again."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from sympy import (
    Abs,
    Interval,
    Max,
    Piecewise,
    Rational,
    cos,
    cosh,
    exp,
    sech,
    sin,
    sinc,
    sqrt,
)

from kernelfit.proofs.budget import Budget
from kernelfit.proofs.facts import Facts
from kernelfit.proofs.stationary import (
    Bochner,
    R,
    W,
    bochner,
    difference,
    polya,
    spectrum,
    until_zero,
)
from kernelfit.proofs.steps import Pair

pytestmark = pytest.mark.slow

x, z = sp.symbols("x z", real=True)
PAIR = Pair(x, z)
REALS = sp.S.Reals

WITH_A_SPECTRUM = [
    sp.Integer(3),
    cos(R),
    3 * cos(2 * R) + 1,
    cos(R) ** 2,
    exp(-R) * sin(R + sp.pi / 4),
    2 * exp(-3 * R),
    exp(-R) * cos(2 * R),
    exp(-R) * (cos(R) + sin(R)),
    (1 + 2 * R) * exp(-2 * R),
    (3 + 3 * R + R**2) * exp(-R) / 3,
    5 * exp(-2 * R**2),
    exp(-(R**2)) * cos(3 * R),
    (1 - R**2) * exp(-(R**2) / 2),
    1 / (1 + R**2),
    3 / (2 * R**2 + 5),
    7 / (3 * R**2 + 2) ** 2,
    1 / (R**2 + 1) + 2 / (R**2 + 4),
    (R**2 + 2) / (R**2 + 1),
    4 * sinc(3 * R),
    sin(2 * R) / R,
    2 * sech(3 * R),
    3 / (cosh(2 * R) + Rational(1, 2)),
    5 / (2 * cosh(R) + 2),
    cosh(R / 2) / cosh(R),
    1 / (exp(R) + exp(-R)),
]


@pytest.mark.parametrize("phi", WITH_A_SPECTRUM, ids=str)
def test_the_waves_add_up_to_the_function(phi: Any) -> None:
    found = spectrum(phi)
    assert found is not None
    density = sp.lambdify(W, found.density, "mpmath")
    for r in (mp.mpf(1) / 5, mp.mpf(3) / 2):
        total = sum(
            mp.mpf(sp.N(weight)) * mp.cos(mp.mpf(sp.N(place)) * r)
            for place, weight in found.weights
        )
        if found.density != 0:
            if found.density.has(sp.Piecewise):
                total += mp.quad(lambda w: density(w) * mp.cos(w * r), [0, 1, 2, 3])  # noqa: B023
            else:
                total += mp.quadosc(lambda w: density(w) * mp.cos(w * r), [0, mp.inf], omega=r)  # noqa: B023
        assert abs(total - mp.mpf(sp.N(phi.subs(R, sp.Float(str(r), 17))))) < 1e-7


@pytest.mark.parametrize(
    "phi",
    [
        R,
        exp(R),
        exp(-(R**3)),
        exp(-(R**2)) * sin(R),
        R * exp(-(R**2)),
        exp(-(R**2) - R),
        1 / (R**2 - 1),
        1 / (R**2 + R + 1),
        1 / (R**4 + 1),
        1 / (cosh(R) + 2),
        cosh(2 * R) / cosh(R),
        cosh(R) / (cosh(R) + 1),
        sin(R**2) / R,
        cos(R**2),
        sp.log(1 + R),
    ],
    ids=str,
)
def test_no_spectrum_is_made_up(phi: Any) -> None:
    assert spectrum(phi) is None


def facts() -> Facts:
    return Facts(PAIR, REALS, Budget())


def test_a_negative_spectrum_is_no_proof() -> None:
    r = Abs(x - z)
    assert bochner(exp(-r), facts()) is not None
    assert bochner(2 * exp(-2 * r) - exp(-r), facts()) is not None  # 0 at 0 alone
    assert bochner(exp(-r) - exp(-2 * r), facts()) is None
    assert bochner(cos(x - z) - 1, facts()) is None
    assert bochner(x * z, facts()) is None


def test_a_proof_says_which_waves_it_is_made_of() -> None:
    step = bochner(exp(-Abs(x - z)) + 2 * cos(3 * (x - z)), facts())
    assert isinstance(step, Bochner)
    said = step.reason(PAIR)
    assert said.startswith("the density $S(")
    assert r"$ and the weights $2 \text{ at } \omega = 3$ are not negative" in said
    only = bochner(exp(-Abs(x - z)), facts())
    assert only is not None
    assert only.reason(PAIR).endswith("$ is not negative")


@pytest.mark.parametrize(
    ("e", "phi"),
    [
        ((x - z) ** 2, R**2),
        (Abs(z - x) ** 3, R**3),
        (exp(-(x**2) + 2 * x * z - z**2), exp(-(R**2))),
        (cos(x) * cos(z) + sin(x) * sin(z), None),  # only after the addition theorem
        (x - z, None),  # odd
        (x + z, None),
        (sp.Integer(2), 2),
    ],
    ids=str,
)
def test_functions_of_the_difference(e: Any, phi: Any) -> None:
    found = difference(e, PAIR)
    assert found == phi or (phi is not None and sp.simplify(found - phi) == 0)


@pytest.mark.parametrize(
    ("phi", "before", "end"),
    [
        (exp(-R), exp(-R), None),
        (Max(1 - R, 0), 1 - R, 1),
        (Max(3 - 2 * R, 0) ** 2, (3 - 2 * R) ** 2, Rational(3, 2)),
        (Max(0, R - 1), Max(0, R - 1), None),  # begins there
        (Max(1 - R**2, 0), Max(1 - R**2, 0), None),
        (Max(1 - R, 0) + 1, Max(1 - R, 0) + 1, None),  # not 0 beyond
        (Max(1 - R, 0) * Max(2 - R, 0), Max(1 - R, 0) * Max(2 - R, 0), None),  # two ends
        (Piecewise((1 - R, R < 1), (0, True)), 1 - R, 1),
        (Piecewise((2 - R, R < 1), (0, True)), Piecewise((2 - R, R < 1), (0, True)), None),
        (Piecewise((1 - R, R < 1), (3, True)), Piecewise((1 - R, R < 1), (3, True)), None),
    ],
    ids=str,
)
def test_where_a_function_ends(phi: Any, before: Any, end: Any) -> None:
    found, place = until_zero(phi)
    assert place == end
    assert sp.expand(found - before) == 0


@pytest.mark.parametrize(
    ("e", "convex"),
    [
        (exp(-Abs(x - z)), True),
        (1 / (1 + Abs(x - z)), True),
        (1 + exp(-sqrt(Abs(x - z))), True),
        (Max(1 - Abs(x - z), 0) ** 2, True),
        (exp(-((x - z) ** 2)), False),  # bends
        (exp(-Abs(x - z)) - 1, False),  # below 0
        (2 - exp(-Abs(x - z)), False),  # rises
        (1 - Abs(x - z), False),
        (cos(x - z), False),
        (x * z, False),
        (sp.Integer(1), False),  # left to others
    ],
    ids=str,
)
def test_convex_functions_that_fall(e: Any, convex: bool) -> None:
    assert (polya(e, facts()) is not None) is convex


def test_a_convex_function_on_an_interval_is_asked_beyond_it() -> None:
    """1 - r is convex on [0, 1], but the criterion is about all r."""
    assert polya(1 - Abs(x - z), Facts(PAIR, Interval(0, 1), Budget())) is None
