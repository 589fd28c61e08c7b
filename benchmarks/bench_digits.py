"""How many digits are right on NIST's eleven problems of linear least squares.

For each problem the number of right leading digits of the worst coefficient, at most 16, against
the certified values, which rational arithmetic gives to all digits. Everyone gets the same floats:
columns of powers where a method takes columns, x itself where it fits polynomials.

The promise: kernelfit has at least 9 digits on every problem, and nobody has more than half a
digit more on any of them.

    python benchmarks/bench_digits.py
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import scipy
import statsmodels.api as sm
from numpy.polynomial import Polynomial
from sklearn import linear_model

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from machine import print_arithmetic  # noqa: E402
from nist import PROBLEMS, Problem  # noqa: E402
from page import head, row, said  # noqa: E402

import kernelfit as kf  # noqa: E402
from kernelfit.symbolic import correct_digits  # noqa: E402

AT_LEAST = 9.0
BEHIND_AT_MOST = 0.5

Coefficients = Sequence[float] | np.ndarray | None  # None where a method does not apply


def design(problem: Problem) -> np.ndarray:
    ones = np.ones((len(problem.y), 1))
    return np.hstack([ones, problem.columns]) if problem.intercept else problem.columns


def by_inverse(problem: Problem) -> Coefficients:
    X = design(problem)
    return np.linalg.inv(X.T @ X) @ X.T @ problem.y


def by_normal_equations(problem: Problem) -> Coefficients:
    X = design(problem)
    return np.linalg.solve(X.T @ X, X.T @ problem.y)


def by_numpy(problem: Problem) -> Coefficients:
    return np.linalg.lstsq(design(problem), problem.y)[0]


def by_scipy(problem: Problem) -> Coefficients:
    return scipy.linalg.lstsq(design(problem), problem.y, lapack_driver="gelsy")[0]


def by_sklearn(problem: Problem, **options: float) -> Coefficients:
    model = linear_model.LinearRegression(fit_intercept=problem.intercept, **options)
    model.fit(problem.columns, problem.y)
    return [model.intercept_, *model.coef_] if problem.intercept else model.coef_


def by_sklearn_without_cutoff(problem: Problem) -> Coefficients:
    """Its default drops what is smaller than 1e-6 of the largest, and with it columns of powers."""
    known = linear_model.LinearRegression().get_params()
    return by_sklearn(problem, tol=0) if "tol" in known else None


def by_statsmodels(problem: Problem) -> Coefficients:
    return sm.OLS(problem.y, design(problem)).fit().params


def by_polyfit(problem: Problem) -> Coefficients:
    if problem.degree is None:
        return None
    return np.polyfit(problem.X[:, 0], problem.y, problem.degree)[::-1]


def by_polynomial_fit(problem: Problem) -> Coefficients:
    if problem.degree is None:
        return None
    powers = Polynomial.fit(problem.X[:, 0], problem.y, problem.degree).convert().coef
    return np.pad(powers, (0, problem.degree + 1 - len(powers)))


def by_kernelfit(problem: Problem) -> Coefficients:
    if problem.degree is not None:
        return kf.PolynomialRegression(problem.degree).fit(problem.X, problem.y).power_coefficients_
    model = kf.LinearRegression(fit_intercept=problem.intercept).fit(problem.X, problem.y)
    return [model.intercept_, *model.coef_] if problem.intercept else model.coef_


METHODS: dict[str, Callable[[Problem], Coefficients]] = {
    "inv(X'X) X'y": by_inverse,
    "solve(X'X, X'y)": by_normal_equations,
    "numpy.linalg.lstsq": by_numpy,
    "scipy lstsq, gelsy": by_scipy,
    "sklearn LinearRegression": by_sklearn,
    "the same with tol=0": by_sklearn_without_cutoff,
    "statsmodels OLS": by_statsmodels,
    "numpy.polyfit": by_polyfit,
    "numpy Polynomial.fit": by_polynomial_fit,
    "kernelfit": by_kernelfit,
}


def digits(method: Callable[[Problem], Coefficients], problem: Problem) -> float | None:
    """Right digits; none at all when the method gives up, None where it does not apply."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = method(problem)
        except np.linalg.LinAlgError:
            return 0.0
    return None if found is None else correct_digits(found, problem.certified)


def main() -> int:
    print_arithmetic("kernelfit", "numpy", "scipy", "scikit-learn", "statsmodels")
    table = {
        name: {one: digits(method, problem) for one, problem in PROBLEMS.items()}
        for name, method in METHODS.items()
    }
    head("right digits", *PROBLEMS)
    print(f"{'right digits':<25}" + "".join(f"{name:>9}" for name in PROBLEMS))
    for name, found in table.items():
        cells = ["-" if value is None else f"{value:.1f}" for value in found.values()]
        print(f"{name:<25}" + "".join(f"{cell:>9}" for cell in cells))
        row(name, *cells)
    # Decimals become floats before anybody sees them, and no method can know what that cost.
    limits = [correct_digits(p.of_the_floats, p.certified) for p in PROBLEMS.values()]
    print(f"{'exact, from the floats':<25}" + "".join(f"{limit:>9.1f}" for limit in limits))
    row("exact, from the floats", *(f"{limit:.1f}" for limit in limits))

    broken = []
    for name in PROBLEMS:
        ours = table["kernelfit"][name]
        peers = {peer: found[name] for peer, found in table.items() if peer != "kernelfit"}
        if ours < AT_LEAST:
            broken.append(f"{name}: {ours:.1f} digits")
        broken += [
            f"{name}: {ours:.1f} digits, {peer} {theirs:.1f}"
            for peer, theirs in peers.items()
            if theirs is not None and theirs > ours + BEHIND_AT_MOST
        ]
    print("\n" + "".join(f"{line}\n" for line in broken), end="")
    promise = f"kernelfit has at least {AT_LEAST:.0f}, and nobody {BEHIND_AT_MOST} more"
    said(promise, not broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
