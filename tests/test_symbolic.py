"""Sums taken apart so that sympy can solve for them; exact least squares, and digits against it."""

import doctest
from fractions import Fraction

import numpy as np
import pytest
import rational
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import kernelfit as kf
from kernelfit import symbolic
from kernelfit.symbolic import correct_digits, exact_least_squares, expand_sums

n, m = sp.symbols("n m", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
a, b, c = sp.symbols("a b c")
x, y = sp.IndexedBase("x"), sp.IndexedBase("y")


def total(term, *limits):
    return sp.Sum(term, *(limits or [(i, 1, n)]))


def test_the_doctests():
    outcome = doctest.testmod(symbolic)
    assert outcome.attempted >= 10
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (total(1), n),
        (total(a), a * n),
        (total(a, (i, 3, m)), a * (m - 2)),
        (total(a * x[i] + b), a * total(x[i]) + b * n),
        (total((a + x[i]) ** 2), a**2 * n + 2 * a * total(x[i]) + total(x[i] ** 2)),
        (total(a * x[i] * y[i]), a * total(x[i] * y[i])),
        (total(x[i] - total(x[i]) / n), 0),
        (total(x[i] * total(x[i])), total(x[i]) ** 2),
        (total(x[i] * y[j], (i, 1, n), (j, 1, m)), total(x[i]) * total(y[j], (j, 1, m))),
        (total(a, (j, 1, i), (i, 1, n)), a * total(i)),
        (total(x[i] + 1, (i, 0, m - 1)), total(x[i], (i, 0, m - 1)) + m),
        (total(a * sp.sin(x[i])), a * total(sp.sin(x[i]))),
        (total(sp.exp(a + x[i])), sp.exp(a) * total(sp.exp(x[i]))),
        (1 / total(2 * x[i]), 1 / (2 * total(x[i]))),
    ],
)
def test_constants_come_in_front(expression, expected):
    assert sp.expand(expand_sums(expression) - expected) == 0


@pytest.mark.parametrize(
    "left_alone",
    [
        (a + b) ** 2,
        sp.exp(a + b) * total(x[i]),
        sp.Sum(1 / j - 1 / (j + 1), (j, 1, sp.oo)),
        total(a * sp.Symbol("A", commutative=False) + b),
        sp.Integral(a * b, (b, 0, 1)),
    ],
)
def test_the_rest_is_left_alone(left_alone):
    assert expand_sums(left_alone) == left_alone


def test_equations_matrices_and_plain_numbers():
    assert expand_sums(sp.Eq(total(a * x[i]), 0)) == sp.Eq(a * total(x[i]), 0)
    assert expand_sums(sp.Matrix([total(a), b])) == sp.Matrix([a * n, b])
    assert expand_sums(3) == 3


def test_an_index_of_the_kind_idx():
    k = sp.Idx("k", m)
    assert expand_sums(sp.Sum(a * x[k] + b, k)) == a * sp.Sum(x[k], (k, 0, m - 1)) + b * m


def test_expanding_changes_no_value():
    """Two roads to one number: the sums before and after, with three points put in."""
    E = total((y[i] - a - b * x[i]) ** 2 * (c + x[i]))
    points = {x[k]: v for k, v in zip((1, 2, 3), (2, -1, 5), strict=True)} | {
        y[k]: v for k, v in zip((1, 2, 3), (7, 3, sp.Rational(1, 2)), strict=True)
    }
    values = {a: 2, b: sp.Rational(-3, 7), c: 11}
    both = [e.subs(n, 3).doit().subs(points | values) for e in (E, expand_sums(E))]
    assert both[0] == both[1]
    assert both[0].is_Rational


def test_the_normal_equations_of_a_plane_through_the_origin():
    z = sp.IndexedBase("z")
    E = total((y[i] - b * x[i] - c * z[i]) ** 2)
    (solution,) = sp.linsolve([expand_sums(sp.diff(E, u)) for u in (b, c)], [b, c])
    points = {x: (1, 0, 2), z: (0, 1, 5), y: (2, 3, 19)}  # y = 2 x + 3 z
    numbers = {u[k + 1]: v[k] for u, v in points.items() for k in range(3)}
    assert [s.subs(n, 3).doit().subs(numbers) for s in solution] == [2, 3]


# Exact least squares

entries = st.fractions(-9, 9, max_denominator=7)
tables = st.integers(1, 3).flatmap(
    lambda p: st.lists(st.tuples(*[entries] * (p + 1)), min_size=p, max_size=6)
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(tables)
def test_two_ways_to_the_exact_coefficients(table):
    X, values = [row[:-1] for row in table], [row[-1] for row in table]
    if sp.Matrix(X).rank() < len(X[0]):
        with pytest.raises(kf.InputError, match="X must have independent columns"):
            exact_least_squares(X, values)
        return
    coefficients = exact_least_squares(X, values)
    assert all(isinstance(number, Fraction) for number in coefficients)
    assert coefficients == rational.least_squares(X, values)
    residuals = [
        v - sum(u * w for u, w in zip(row, coefficients, strict=True))
        for row, v in zip(X, values, strict=True)
    ]
    for column in zip(*X, strict=True):
        assert sum(u * r for u, r in zip(column, residuals, strict=True)) == 0


def test_numbers_of_every_kind():
    expected = [Fraction(5, 6), Fraction(3, 2)]
    ones, t, values = [1, 1, 1], [0, 1, 2], [1, 2, 4]
    for kind in (int, float, Fraction, sp.Rational, np.int64, np.uint8, np.float32, str):
        X = [tuple(map(kind, row)) for row in zip(ones, t, strict=True)]
        assert exact_least_squares(X, list(map(kind, values))) == expected
    assert exact_least_squares(np.column_stack([ones, t]), np.array(values)) == expected
    assert exact_least_squares([[1.0]], [0.1]) == [Fraction(0.1)], "a float is the number it is"


def test_large_integers_of_numpy_do_not_overflow():
    big = 3 * 10**9
    X = np.array([[1, 0], [1, big], [1, 2 * big]])
    values = np.array([1, 2, 3]) * big
    assert exact_least_squares(X, values) == [big, 1]
    assert correct_digits([2.0], [np.int64(2**62)]) == 0


@pytest.mark.parametrize(
    ("X", "values", "part"),
    [
        ([[1, 2], [2, 4], [3, 6]], [1, 2, 3], "got 2 of rank 1. Leave out the columns"),
        ([[1, 2, 3]], [1], "got 3 of rank 1"),
        ([[0], [0]], [1, 2], "got 1 of rank 0"),
        ([[1, 2], [1, 3]], [1, 2, 3], "got 2 rows with 2 numbers and 3 values"),
        ([[1, 2], [1]], [1, 2], "got 2 rows with 1 or 2 numbers and 2 values"),
        ([], [], "got 0 rows with no numbers and 0 values"),
    ],
)
def test_exact_least_squares_refuses(X, values, part):
    with pytest.raises(kf.InputError) as caught:
        exact_least_squares(X, values)
    assert part in str(caught.value)


# Digits


@pytest.mark.parametrize(
    ("computed", "exact", "digits"),
    [
        ([3.0, 0.5], [3, sp.Rational(1, 2)], 16),
        ([1001], [1000], 3),
        ([-999], [-1000], 3),
        ([1.001, 7.0, 1.1], [1, 7, 1], 1),  # the worst counts
        ([1e-5], [0], 5),
        ([0.0], [0], 16),
        ([2], [1], 0),
        ([-5], [5], 0),  # never below 0
        ([0.0], [Fraction(1, 10**400)], 0),
        ([float("nan")], [1], 0),
        ([1, float("inf")], [1, 1], 0),
        (np.array([0.1]), [Fraction(1, 10)], 16),
        ([1.0], [10**400], 0),
        ([], [], 16),
    ],
)
def test_correct_digits(computed, exact, digits):
    found = correct_digits(computed, exact)
    assert found == pytest.approx(digits, abs=1e-6)
    assert 0 <= found <= 16
    assert np.copysign(1, found) == 1, "no minus before a nought"


@settings(max_examples=100, deadline=None)
@given(
    exact=st.fractions(-1000, 1000).filter(bool),
    digits=st.floats(1, 12),
    unit=st.floats(-1e9, 1e9).filter(lambda v: abs(v) > 1e-9),
)
def test_digits_do_not_depend_on_the_unit(exact, digits, unit):
    computed = float(exact) * (1 + 10**-digits)
    expected = correct_digits([computed], [exact])
    assert expected == pytest.approx(digits, abs=1e-3)
    scaled = correct_digits([computed * unit], [exact * Fraction(unit)])
    assert scaled == pytest.approx(expected, abs=1e-3)


def test_digits_of_a_different_number_of_coefficients():
    with pytest.raises(kf.InputError, match="equally many coefficients, got 2 and 1"):
        correct_digits([1, 2], [1])
