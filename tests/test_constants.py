"""Signs of single numbers are exact: digits settle them, and a bound says when they are 0."""

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from formula_trees import CLOSE, fractions, referee, trees
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Abs, cos, cosh, exp, log, pi, sin, sinh, sqrt, tanh

from kernelfit.proofs import constants
from kernelfit.proofs.constants import sign_of
from kernelfit.proofs.enclosure import Undefined

x = sp.Symbol("x")
R = sp.Rational
TINY = R(1, 10**50)
ZEROS = [
    sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6)),
    cos(pi / 7) - cos(2 * pi / 7) + cos(3 * pi / 7) - R(1, 2),
    exp(log(2)) - 2,
    log(8) - 3 * log(2),
    tanh(log(2)) - R(3, 5),
    cosh(1) ** 2 - sinh(1) ** 2 - 1,
    cos(1) ** 2 + sin(1) ** 2 - 1,
    (1 + sp.E) ** 2 - 1 - 2 * sp.E - exp(2),
    sp.E * (sqrt(2) + sqrt(3)) - sp.E * sqrt(5 + 2 * sqrt(6)),
    sqrt(sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6))),
    (2 + sqrt(5)) ** R(1, 3) - (1 + sqrt(5)) / 2,
    sin(pi / 5) - sqrt(10 - 2 * sqrt(5)) / 4,
]


@pytest.mark.parametrize("zero", ZEROS)
def test_zeros(zero):
    assert sign_of(zero) == 0
    assert sign_of(zero + TINY) == 1
    assert sign_of(zero - TINY) == -1


@pytest.mark.parametrize(
    ("number", "sign"),
    [
        (exp(-100) - exp(-100) * (1 - TINY), 1),
        (sp.Add(exp(-100), -exp(-100) * (1 - TINY), evaluate=False), 1),
        (tanh(100) - 1, -1),
        (pi - R(355, 113), -1),
        (exp(pi * sqrt(163)) - 640320**3 - 744, -1),
        (sqrt(1 + TINY) - 1 - TINY / 2, -1),
        (R(-3, 4), -1),
        (sp.Integer(0), 0),
        (sp.besselj(0, 1), None),
    ],
)
def test_near_misses(number, sign):
    assert sign_of(number) == sign


@pytest.mark.parametrize("q", [1, 2, 3, 4, 5, 6, 7, 9, 12, 15])
def test_the_degree_of_a_cosine_is_that_of_its_minimal_polynomial(q):
    angle = sp.cos(sp.pi / q, evaluate=False)
    exact = sp.degree(sp.minimal_polynomial(sp.cos(sp.pi / q), x), x)
    assert constants._Bound(Fraction(1), Fraction(0), turns=frozenset({q})).degree == exact
    assert constants._bound(angle).degree >= exact


def test_a_zero_of_a_field_of_high_degree_takes_as_many_digits_as_its_bound_asks_for():
    total = sqrt(2) + sqrt(3) + sqrt(5)
    zero = sqrt(sp.expand(total**2)) - total
    assert constants._bound(zero).degree == 128
    assert sign_of(zero) == 0
    assert sign_of(zero - R(1, 10**180)) == -1


def test_many_digits_alone_never_make_a_zero():
    assert sign_of(exp(-(R(2) ** 11))) == 1
    assert sign_of(1 - tanh(2000)) is None
    assert sign_of(sp.atan(R(1, 2)) + sp.atan(R(1, 3)) - pi / 4) is None


@pytest.mark.parametrize(
    "e",
    [
        *(1 / (log(8) - 3 * log(2)), sp.tan(pi / 2 + log(8) - 3 * log(2)), log(1 - pi)),
        *(sp.zoo, sp.I, sqrt(-2), log(log(8) - 3 * log(2))),
    ],
)
def test_signs_of_nothing(e):
    with pytest.raises(Undefined):
        sign_of(e)


@settings(max_examples=60, deadline=None)
@given(trees(pi, sp.E, sqrt(2), functions=(exp, sin, cos, tanh, sinh, sp.atan, Abs)))
def test_the_sign_of_a_number_is_that_of_its_digits(e):
    value = referee(e, {})
    assume(value is not None)
    sign = sign_of(e)
    if abs(value) > CLOSE:
        assert sign == mpmath.sign(value)
    else:  # 0 but for rounding, or truly as small as exp(-38000)
        assert sign in (0, None, mpmath.sign(value))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 5), fractions)
def test_nested_roots(a, b, k, c):
    zero = k * (sqrt(a) + sqrt(b)) - k * sqrt(a + b + 2 * sqrt(a * b))
    assert sign_of(zero) == 0
    assert sign_of(zero + c * TINY) == sign_of(c)
