"""Least squares in rational arithmetic: no rounding, so the referee of every fitted number."""

from fractions import Fraction


def least_squares(rows, values):
    """The coefficients of least squared residuals, from the normal equations, exactly."""
    rows = [[Fraction(number) for number in row] for row in rows]
    values = [Fraction(value) for value in values]
    p = len(rows[0])
    system = [
        [sum(row[i] * row[j] for row in rows) for j in range(p)]
        + [sum(row[i] * value for row, value in zip(rows, values, strict=True))]
        for i in range(p)
    ]
    for i in range(p):
        pivot = next(k for k in range(i, p) if system[k][i] != 0)
        system[i], system[pivot] = system[pivot], system[i]
        system[i] = [number / system[i][i] for number in system[i]]
        for k in range(p):
            if k != i:
                factor = system[k][i]
                system[k] = [a - factor * b for a, b in zip(system[k], system[i], strict=True)]
    return [row[p] for row in system]
