"""NIST's problems, cut into blocks: the digits that are left when summaries merge in any order."""

from fractions import Fraction

import numpy as np
import pytest
from fits import read_only
from nist import PROBLEMS
from test_scaling import cut, merged, solve

import kernelfit as kf
from kernelfit.symbolic import correct_digits

# The errors of Wampler5 are a hundred times larger than its values.
DIGITS = {"Wampler5": 7.5}
# Of 1 + x + ... + x^5 the Legendre coefficients are up to 1.2e6, so that in powers of x a relative
# error of 1e-15 leaves nine digits of the 1: triangles alone, without the rows, come near that.
OF_TRIANGLES = {"Wampler1": 8, "Wampler3": 8, "Wampler4": 8, "Wampler5": 7}


def times(a, b):
    """The product of two polynomials, the coefficient of x^0 first."""
    product = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, u in enumerate(a):
        for j, v in enumerate(b):
            product[i + j] += u * v
    return product


def powers_of(coefficients, low, high):
    """The same polynomial in powers of x, exactly, from the Legendre basis of the domain."""
    s = [-Fraction(low + high) / Fraction(high - low), 2 / Fraction(high - low)]
    basis = [[Fraction(1)], s]
    for k in range(1, len(coefficients) - 1):
        longer = [Fraction(2 * k + 1, k + 1) * v for v in times(s, basis[k])]
        for i, v in enumerate(basis[k - 1]):
            longer[i] -= Fraction(k, k + 1) * v
        basis.append(longer)
    total = [Fraction(0)] * len(coefficients)
    for c, polynomial in zip(coefficients, basis, strict=False):
        for i, v in enumerate(polynomial):
            total[i] += Fraction(c) * v
    return total


def table(problem):
    """Columns that do not lose the digits themselves, and how coefficients are read off."""
    if problem.degree is None:
        return problem.columns, lambda c: c
    x = problem.X[:, 0]
    low, high = Fraction(x.min()), Fraction(x.max())
    s = (2 * x - x.min() - x.max()) / (x.max() - x.min())
    columns = np.polynomial.legendre.legvander(s, problem.degree)[:, 1:]
    return columns, lambda c: powers_of(c, low, high)


def in_the_basis(problem):
    """The certified coefficients of the Legendre basis: exact, by back substitution."""
    x = problem.X[:, 0]
    left, n = list(problem.certified), problem.degree + 1
    found = [Fraction(0)] * n
    for k in reversed(range(n)):
        unit = powers_of([int(i == k) for i in range(n)], Fraction(x.min()), Fraction(x.max()))
        found[k] = left[k] / unit[k]
        left = [a - found[k] * b for a, b in zip(left, unit, strict=True)]
    return found


def coefficients(problem, summaries):
    found = solve(merged(summaries), fit_intercept=problem.intercept)
    return [found.intercept, *found.coefficients] if problem.intercept else found.coefficients


def digits(problem, summaries):
    _, read = table(problem)
    return correct_digits(map(float, read(coefficients(problem, summaries))), problem.certified)


def test_the_change_of_basis_is_exact():
    low, high = Fraction(-3), Fraction(5)
    c = powers_of([1, 2, 3, 4], low, high)
    for x in (Fraction(0), Fraction(7, 3)):
        s = (2 * x - 2) / 8
        basis = [1, s, (3 * s**2 - 1) / 2, (5 * s**3 - 3 * s) / 2]
        value = sum(a * b for a, b in zip([1, 2, 3, 4], basis, strict=True))
        assert sum(v * x**i for i, v in enumerate(c)) == value


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())
@pytest.mark.parametrize("size", [1, 2, 5, 20, 100])
def test_digits_of_blocks_merged_in_random_orders(problem, size):
    columns, _ = table(problem)
    X, y = read_only(columns), read_only(problem.y)
    for seed in range(4):
        summaries = cut(X, y, range(size, len(y), size), seed)
        assert digits(problem, summaries) >= DIGITS.get(problem.name, 9)


@pytest.mark.slow
@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())
@pytest.mark.parametrize("size", [1, 2, 5, 20, 100])
def test_digits_of_triangles_alone(problem, size, monkeypatch):
    """As of many rows: none is kept, and nothing is refined."""
    monkeypatch.setattr("kernelfit.scaling.REFINED_UP_TO", 0)
    columns, _ = table(problem)
    X, y = read_only(columns), read_only(problem.y)
    for seed in range(4):
        summaries = cut(X, y, range(size, len(y), size), seed)
        assert digits(problem, summaries) >= OF_TRIANGLES.get(problem.name, 9)
        if problem.degree:
            found = coefficients(problem, summaries)
            assert correct_digits(found, in_the_basis(problem)) >= 11


@pytest.mark.parametrize("name", ["Norris", "Longley", "Wampler3", "NoInt1"])
def test_digits_of_so_many_rows_that_products_are_taken(name):
    """Every row a hundred times: the solution is the same."""
    problem = PROBLEMS[name]
    columns, _ = table(problem)
    X, y = np.tile(columns, (100, 1)), np.tile(problem.y, 100)
    assert digits(problem, cut(X, y, range(700, len(y), 700), 0)) >= OF_TRIANGLES.get(name, 9)
    assert digits(problem, [kf.LeastSquaresSummary(X, y)]) >= OF_TRIANGLES.get(name, 9)
