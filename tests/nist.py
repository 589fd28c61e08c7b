"""NIST's eleven problems of linear least squares: the points exactly, and what is to be fitted.

What NIST prints to 15 digits, rational arithmetic on these points gives to all of them.

Source: NIST Statistical Reference Datasets (2003), doi:10.18434/T43G6C.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

import kernelfit as kf
from kernelfit.symbolic import exact_least_squares


@dataclass(frozen=True)
class Problem:
    """Points as rows of exact numbers, y last; with a degree, the columns are powers of x."""

    name: str
    rows: list[tuple[Fraction | int, ...]]
    degree: int | None = None
    intercept: bool = True

    @property
    def X(self) -> np.ndarray:
        """The columns as given, rounded to floats; shape (n, p)."""
        return np.array([[float(number) for number in row[:-1]] for row in self.rows])

    @property
    def y(self) -> np.ndarray:
        return np.array([float(row[-1]) for row in self.rows])

    @property
    def columns(self) -> np.ndarray:
        """What a program for linear least squares is given: the columns of X, or x, ..., x^d."""
        return self.X if self.degree is None else self.X ** np.arange(1, self.degree + 1)

    @cached_property
    def certified(self) -> list[Fraction]:
        """The coefficients, that of the intercept first, without any rounding."""
        return self._exact([tuple(map(Fraction, row)) for row in self.rows])

    @cached_property
    def of_the_floats(self) -> list[Fraction]:
        """The exact coefficients of the points once they are rounded: all that a fit can know."""
        floats = np.column_stack([self.X, self.y])
        return self._exact([tuple(map(Fraction, row)) for row in floats.tolist()])

    def _exact(self, rows: list[tuple[Fraction, ...]]) -> list[Fraction]:
        if self.degree is None:
            design = [row[:-1] for row in rows]
        else:
            design = [tuple(x**k for k in range(1, self.degree + 1)) for x, _ in rows]
        ones = [(Fraction(1),)] * len(rows) if self.intercept else [()] * len(rows)
        full = [one + row for one, row in zip(ones, design, strict=True)]
        return exact_least_squares(full, [row[-1] for row in rows])


def _wampler(noise: int) -> list[tuple[Fraction | int, ...]]:
    """1 + x + ... + x^5 at 0, ..., 20, and a disturbance that no such polynomial can follow."""
    half = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048]
    disturbance = [*half, 2048, *half[::-1]]
    return [(x, sum(x**k for k in range(6)) + noise * e) for x, e in enumerate(disturbance)]


PROBLEMS = {
    problem.name: problem
    for problem in (
        Problem("Norris", kf.load("norris").fractions(), degree=1),
        Problem("Pontius", kf.load("pontius").fractions(), degree=2),
        Problem("Filip", kf.load("filip").fractions(), degree=10),
        Problem("Wampler1", _wampler(0), degree=5),
        Problem(
            "Wampler2",
            [(x, sum(Fraction(x, 10) ** k for k in range(6))) for x in range(21)],
            degree=5,
        ),
        Problem("Wampler3", _wampler(1), degree=5),
        Problem("Wampler4", _wampler(100), degree=5),
        Problem("Wampler5", _wampler(10_000), degree=5),
        Problem("Longley", kf.load("longley").fractions()),
        Problem("NoInt1", [(x, x + 70) for x in range(60, 71)], intercept=False),
        Problem("NoInt2", [(4, 3), (5, 4), (6, 4)], intercept=False),
    )
}
