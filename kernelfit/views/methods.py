"""Ways to compute the coefficients of least squares, from naive to sound, and what is right.

None of this is how the package fits; it is what lesson 05 compares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.least_squares import LinearRegression
from kernelfit.polynomial import PolynomialRegression
from kernelfit.symbolic import exact_least_squares

Array = NDArray[np.float64]
Method = Callable[[Array, Array], Array]  # (X, y) to c; may raise LinAlgError


def by_inverse(X: Array, y: Array) -> Array:
    """The formula as it is written, c = (XᵀX)⁻¹ Xᵀ y."""
    return np.asarray(np.linalg.inv(X.T @ X) @ X.T @ y)


def by_normal_equations(X: Array, y: Array) -> Array:
    """The normal equations XᵀX c = Xᵀ y, solved by elimination."""
    return np.asarray(np.linalg.solve(X.T @ X, X.T @ y))


def by_lstsq(X: Array, y: Array) -> Array:
    """What numpy has for least squares: a singular value decomposition with a cut-off."""
    return np.asarray(np.linalg.lstsq(X, y)[0])


def by_qr(X: Array, y: Array) -> Array:
    """A factorisation X = QR with QᵀQ = 1, so that R c = Qᵀ y: nothing is squared."""
    Q, R = np.linalg.qr(X)
    return np.asarray(np.linalg.solve(R, Q.T @ y))


def by_scaled_qr(X: Array, y: Array) -> Array:
    """The same with every column divided by its length, and the lengths taken out at the end."""
    lengths: Array = np.linalg.norm(X, axis=0)
    return by_qr(X / lengths, y) / lengths


@dataclass(frozen=True)
class Problem:
    """A data set to be fitted, as a polynomial in x or as a linear function of its columns."""

    name: str
    degree: int | None  # None: a linear function of the columns

    @cached_property
    def columns(self) -> Array:
        """The data's own columns, shape (n, p)."""
        return load(self.name).X

    @cached_property
    def y(self) -> Array:
        """The values to be fitted, shape (n,)."""
        return load(self.name).y

    @cached_property
    def X(self) -> Array:
        """The design matrix, the column of ones first."""
        return self._design(self.columns)

    @cached_property
    def exact(self) -> list[Fraction]:
        """The coefficients in rational arithmetic, from the decimals that the source printed."""
        *columns, y = zip(*load(self.name).fractions(), strict=True)
        if self.degree is None:
            rows = [(Fraction(1), *row) for row in zip(*columns, strict=True)]
        else:
            rows = [tuple(x**k for k in range(self.degree + 1)) for x in columns[0]]
        return exact_least_squares(rows, y)

    def _design(self, columns: Array) -> Array:
        if self.degree is None:
            return np.column_stack([np.ones(len(columns)), columns])
        powers: Array = columns ** np.arange(self.degree + 1.0)
        return powers

    def by_package(self) -> Array:
        """The coefficients as kernelfit finds them."""
        if self.degree is None:
            fit = LinearRegression().fit(self.columns, self.y)
            return np.array([fit.intercept_, *fit.coef_])
        return PolynomialRegression(self.degree).fit(self.columns, self.y).power_coefficients_

    # How X may be prepared: what is factorised, and the way back to the coefficients of X. -----

    def as_it_comes(self) -> tuple[Array, Callable[[Array], Array]]:
        """X itself."""
        return self.X, lambda c: c

    def scaled(self) -> tuple[Array, Callable[[Array], Array]]:
        """Every column of X divided by its length."""
        lengths = np.linalg.norm(self.X, axis=0)
        return self.X / lengths, lambda c: c / lengths

    def centred(self) -> tuple[Array, Callable[[Array], Array]]:
        """Powers of t, which is x brought to [-1, 1]; other columns less their means, scaled."""
        if self.degree is not None:
            low, high = self.columns.min(), self.columns.max()
            t = (2 * self.columns - low - high) / (high - low)
            return self._design(t), lambda c: _in_powers_of_x(c, (low, high))
        means = self.columns.mean(axis=0)
        table = self._design(self.columns - means)
        lengths = np.linalg.norm(table, axis=0)

        def back(c: Array) -> Array:
            constant, *slopes = c / lengths
            return np.array([constant - means @ slopes, *slopes])

        return table / lengths, back


@cache
def problem(name: str, degree: int | None = None) -> Problem:
    """The problem of that name; every view of it shares what has been computed."""
    return Problem(name, degree)


def _in_powers_of_x(c: Array, interval: tuple[float, float]) -> Array:
    powers: Array = np.zeros(len(c))
    found = Polynomial(c, domain=interval).convert().coef
    powers[: len(found)] = found
    return powers
