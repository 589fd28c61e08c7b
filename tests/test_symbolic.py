"""Sums taken apart so that sympy can solve for what stood inside of them."""

import doctest

import pytest
import sympy as sp

from kernelfit import symbolic
from kernelfit.symbolic import expand_sums

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
