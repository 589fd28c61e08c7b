"""The digits that are right on NIST's eleven problems, and what the step of refinement adds."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
import rational
from fits import both, fit, read_only
from nist import PROBLEMS

import kernelfit as kf
from kernelfit import least_squares
from kernelfit.symbolic import correct_digits


def each(problems):
    return pytest.mark.parametrize("problem", problems, ids=[problem.name for problem in problems])


every_problem = each(list(PROBLEMS.values()))
polynomials = each([problem for problem in PROBLEMS.values() if problem.degree])


def coefficients(model):
    return [model.intercept_, *model.coef_] if model.fit_intercept else model.coef_


def polynomial(problem):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x, y = read_only(problem.X), read_only(problem.y)
        return kf.PolynomialRegression(problem.degree).fit(x, y)


def digits_of_the_columns(problem):
    model = fit(read_only(problem.columns), read_only(problem.y), fit_intercept=problem.intercept)
    return correct_digits(coefficients(model), problem.of_the_floats)


def squared_error(rows, values, c):
    """The exact sum of squared residuals."""
    residuals = [
        y - sum(a * b for a, b in zip(row, c, strict=True))
        for row, y in zip(rows, values, strict=True)
    ]
    return sum(r * r for r in residuals)


# The problems are the ones that NIST prints


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Wampler1", [1] * 6),
        ("Wampler2", [Fraction(1, 10**k) for k in range(6)]),
        ("Wampler3", [1] * 6),
        ("Wampler4", [1] * 6),
        ("Wampler5", [1] * 6),
        ("NoInt1", [Fraction(251, 121)]),  # 2.07438016528926
        ("NoInt2", [Fraction(8, 11)]),  # 0.727272727272727
    ],
)
def test_the_certified_coefficients(name, printed):
    """The disturbances of Wampler3 to 5 are orthogonal to 1, x, ..., x^5, or this would fail."""
    assert PROBLEMS[name].certified == printed


def test_the_certified_deviations():
    """What is left over, as NIST prints it: the disturbances have the right size, too."""
    for name, printed in [
        ("Wampler3", "2360.14502379268"),
        ("Wampler4", "236014.502379268"),
        ("Wampler5", "23601450.2379268"),
    ]:
        problem = PROBLEMS[name]
        powers = [[x**k for k in range(6)] for x, _ in problem.rows]
        error = squared_error(powers, [y for _, y in problem.rows], problem.certified)
        assert float(error / 15) ** 0.5 == pytest.approx(float(printed), rel=1e-14)


def test_there_are_eleven():
    sizes = {name: (len(p.rows), len(p.certified)) for name, p in PROBLEMS.items()}
    assert sizes == {
        "Norris": (36, 2),
        "Pontius": (40, 3),
        "Filip": (82, 11),
        **{f"Wampler{k}": (21, 6) for k in range(1, 6)},
        "Longley": (16, 7),
        "NoInt1": (11, 1),
        "NoInt2": (3, 1),
    }


# Digits


@polynomials
def test_powers_of_x_from_a_polynomial(problem):
    """Decimal figures are rounded to floats before any fit sees them.  Against what then follows
    exactly all digits are right; against NIST's values rounding has cost up to three of the 16.
    """
    found = polynomial(problem).power_coefficients_
    assert correct_digits(found, problem.of_the_floats) >= 15
    assert correct_digits(found, problem.certified) >= 12


@every_problem
def test_coefficients_of_columns_as_they_are(problem):
    """Powers of x as columns: Filip's lose all but a few digits, whatever solves them."""
    model = fit(read_only(problem.columns), read_only(problem.y), fit_intercept=problem.intercept)
    if problem.name == "Filip":
        assert model.condition_ > 1e9
        assert correct_digits(coefficients(model), problem.certified) > 5
    else:
        assert correct_digits(coefficients(model), problem.of_the_floats) >= 15
        assert correct_digits(coefficients(model), problem.certified) >= 12


@every_problem
def test_the_sum_of_squared_residuals(problem):
    if problem.degree is None:
        model = fit(problem.X, problem.y, fit_intercept=problem.intercept)
        exact = [[Fraction(v) for v in row] for row in problem.X]
    else:
        model = polynomial(problem)
        exact = [[Fraction(x) ** k for k in range(problem.degree + 1)] for (x,) in problem.X]
    if problem.degree is None and problem.intercept:
        exact = [[1, *row] for row in exact]
    values = [Fraction(v) for v in problem.y]
    error = squared_error(exact, values, problem.of_the_floats)
    found = model.residuals_ @ model.residuals_
    # Each residual is known to the rounding of y, which is all of it where the fit is perfect.
    rounding = 1e-15 * np.linalg.norm(problem.y)
    assert abs(found - float(error)) <= 2 * rounding * float(error) ** 0.5 + rounding**2


def test_the_formula_of_the_textbook_has_no_digit_on_filip():
    problem = PROBLEMS["Filip"]
    X = np.column_stack([np.ones(82), problem.columns])
    found = np.linalg.solve(X.T @ X, X.T @ problem.y)
    assert correct_digits(found, problem.certified) < 2


# The step of refinement


def random_table(seed):
    """A table that is well or ill conditioned, small or large, near zero or far from it."""
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(6, 15)), int(rng.integers(1, 5))
    X = rng.normal(size=(n, p)) * 10.0 ** rng.integers(-6, 7, size=p)
    if seed % 3 == 1:
        X += 10.0 ** rng.integers(0, 8, size=p)
    if seed % 3 == 2:
        X = rng.uniform(0, 1, n)[:, None] ** np.arange(1, p + 1)
    y = X @ rng.integers(1, 4, p) + 10.0 ** rng.integers(-6, 4) * rng.normal(size=n)
    return read_only(X), read_only(y)


@both
@pytest.mark.parametrize("seed", range(12))
def test_it_never_makes_a_fit_worse(seed, intercept, monkeypatch):
    X, y = random_table(seed)
    rows = [(1, *row) if intercept else tuple(row) for row in X.tolist()]
    exact = rational.least_squares(rows, y.tolist())
    after = correct_digits(coefficients(fit(X, y, fit_intercept=intercept)), exact)
    monkeypatch.setattr(least_squares, "REFINED_UP_TO", 0)
    before = correct_digits(coefficients(fit(X, y, fit_intercept=intercept)), exact)
    assert after >= before - 0.5


def test_what_it_gives(monkeypatch):
    """The last digits of Longley and of the powers of Wampler are its work."""
    names = ["Longley", "Wampler1", "Wampler5"]
    refined = [digits_of_the_columns(PROBLEMS[name]) for name in names]
    monkeypatch.setattr(least_squares, "REFINED_UP_TO", 0)
    plain = [digits_of_the_columns(PROBLEMS[name]) for name in names]
    assert min(refined) >= 15
    assert all(after > before + 1 for after, before in zip(refined, plain, strict=True))


@both
def test_a_large_table_goes_without_it(intercept, monkeypatch):
    calls = []
    refinement = least_squares.refinement

    def counted(*arguments):
        calls.append(len(arguments[0]))
        return refinement(*arguments)

    monkeypatch.setattr(least_squares, "refinement", counted)
    rng = np.random.default_rng(0)
    for n in (1365, 1366):  # times 3, y included: 4095 and 4098
        fit(rng.normal(size=(n, 2)), rng.normal(size=n), fit_intercept=intercept)
    assert calls == [1365]


def test_an_ill_conditioned_table_goes_without_it(monkeypatch):
    """There one step can do nothing: the factors are wrong in too many digits."""
    monkeypatch.setattr(least_squares, "refinement", lambda *_: pytest.fail("refined"))
    model = fit([[1, 1], [1e-7, 0], [0, 1e-7]], [3, 1e-7, 2e-7], fit_intercept=False)
    assert np.allclose(model.coef_, [1, 2], rtol=0, atol=1e-7)
