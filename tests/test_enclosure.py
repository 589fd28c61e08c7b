"""Enclosures hold the value."""

import mpmath
import pytest
import sympy as sp
from formula_trees import CLOSE, PRECISE, boxes_with_a_point, referee, trees
from hypothesis import assume, given, settings
from sympy import Interval, Max, cos, exp, log, oo, pi, sin, sinh, sqrt, tanh

from kernelfit.proofs.enclosure import Undefined, Unsupported, Unsure, enclose

x, z, w, n = sp.symbols("x z w n")
R = sp.Rational
REALS, HALF_LINE, UNIT = sp.S.Reals, Interval(0, oo), Interval(0, 1)
SQUARE = {x: UNIT, z: UNIT}


def holds(interval, value):
    with mpmath.workdps(PRECISE):
        room = CLOSE * (1 + abs(value))
        return interval.low <= value + room and value - room <= interval.high


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(trees(x, z, pi), boxes_with_a_point())
def test_an_enclosure_holds_the_value(e, place):
    box, point = place
    value = referee(e, point)
    assume(value is not None and e.free_symbols)
    for values, digits in ((box, 15), (point, 15), (point, 40)):
        try:
            interval = enclose(e, values, digits)
        except (Unsure, Unsupported):
            continue
        assert holds(interval, value), (e, values, value)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(trees(x, z, pi), boxes_with_a_point())
def test_an_enclosure_holds_the_value_of_many_formulas(e, place):
    test_an_enclosure_holds_the_value.hypothesis.inner_test(e, place)


@pytest.mark.parametrize(
    ("e", "values", "low", "high"),
    [
        (x**2, {x: (-1, 2)}, 0, 4),
        (x**4 * z**2, {x: (-1, 2), z: (-3, 1)}, 0, 144),
        (exp(-x), {x: HALF_LINE}, 0, 1),
        (x**z, {x: R(0), z: R(0)}, 1, 1),
        (x**z, {x: (0, 2), z: (1, 2)}, 0, 4),
        (sqrt(x - z), {x: R(1, 3), z: R(1, 3)}, 0, 0),
        (cos(x), {x: (-1, 7)}, -1, 1),
        (cos(x), {x: (-1, pi / 2)}, 0, 1),
        (sin(x), {x: (pi / 6, 2)}, R(1, 2), 1),
        (sin(x), {x: (3, R(7, 2) * pi)}, -1, 1),
        (sp.sinc(x), {x: (0, oo)}, -0.25, 1),
        (sp.floor(x), {x: (R(1, 2), R(7, 2))}, 0, 3),
        (sp.sign(x - z), {x: R(1, 3), z: R(1, 3)}, 0, 0),
        (sp.Heaviside(x - z), {x: UNIT, z: UNIT}, 0, 1),
        (sp.Piecewise((1, x < z), (0, True)), {x: (0, 1), z: R(2)}, 1, 1),
        (sp.Piecewise((1, sp.Eq(x, z)), (0, True)), {x: R(1, 3), z: R(1, 3)}, 1, 1),
        (sp.Piecewise((1, (x < z) & (z < 3)), (0, True)), {x: (0, 1), z: R(1, 2)}, 0, 1),
        (Max(x, z, 1), {x: (0, 2), z: (1, 3)}, 1, 3),
        (tanh(sp.floor(x)), {x: HALF_LINE}, 0, 1),
    ],
)
def test_tight_enclosures(e, values, low, high):
    interval = enclose(e, values)
    assert interval.low <= low < interval.low + 1e-15
    assert interval.high - 1e-12 < high <= interval.high


def test_hyperbolic_functions_keep_their_distance():
    assert enclose(tanh(40), {}, 15).high == 1
    assert enclose(tanh(40), {}, 40).high < 1
    near_zero = enclose(sinh(x), {x: R(1, 10**9)}, 15)
    assert near_zero.high - near_zero.low < 1e-20
    assert enclose(exp(exp(exp(x))), {x: R(10)}).low > mpmath.mpf(10) ** (10**8)
    assert enclose(1 / x, {x: sqrt(log(2))}, 30).low > mpmath.mpf("1.2011224087864497")


@pytest.mark.parametrize(
    "e",
    [
        sqrt(-pi),
        log(pi - 4),
        sp.asin(pi),
        sp.acosh(1 / pi),
        sp.atanh(sp.E),
        sp.zoo,
        sp.I * sp.I * pi * (-2) ** R(1, 2),
        (3 - pi) ** pi,
        (-8) ** R(1, 3),
        sp.Piecewise((1, sp.Gt(2, pi))),
    ],
)
def test_undefined(e):
    with pytest.raises(Undefined):
        enclose(e)


def test_what_is_not_certain():
    for e, values in [(log(x), {x: UNIT}), (1 / x, {x: (-1, 1)}), (sp.tan(x), {x: (1, 2)})]:
        with pytest.raises(Unsure):
            enclose(e, values)
    with pytest.raises(Undefined):
        enclose(1 / x, {x: R(0)})
    with pytest.raises(Unsupported):
        enclose(sp.besseli(0, x), {x: R(1)})
    with pytest.raises(TypeError):
        enclose(x + z, {x: R(1)})
