"""The exercises of lesson 13: what a reading tells, and how sure one may then be."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.exercises.compare import (
    at,
    difference_at,
    entries,
    exact_matrix,
    exact_number,
    expression,
    holds_floats,
    number,
    numbers,
)
from kernelfit.exercises.engine import (
    Exercise,
    Feedback,
    Progress,
    correct,
    incorrect,
    not_attempted,
    quoted,
)
from kernelfit.exercises.log_evidence import judge_log_evidence, log_evidence
from kernelfit.gaussian_process import GaussianProcess
from kernelfit.kernels import Gaussian, Polynomial

Array = NDArray[np.float64]

# Exercise 1: one observation ---------------------------------------------------------------------

_K11, _KXX, _S = (sp.Symbol(name, positive=True) for name in ("k11", "kxx", "s"))
_KX1, _Y1 = (sp.Symbol(name, real=True) for name in ("kx1", "y1"))
_NAMES = {str(symbol): symbol for symbol in (_K11, _KX1, _KXX, _S, _Y1)}
_SUM = _K11 + _S**2
_MEAN, _VARIANCE = _KX1 * _Y1 / _SUM, _KXX - _KX1**2 / _SUM
_OBSERVATIONS = (
    {_K11: 4, _KX1: 2, _KXX: 4, _S: 1, _Y1: 5},
    {_K11: 4, _KX1: 2, _KXX: 9, _S: 1, _Y1: 5},  # another variance at x than at x_1
)
_MEAN_SLIPS = (
    (_KX1 * _Y1 / _K11, "takes the reading for exact. The variance of y1 is k11 + s²"),
    (_KX1 * _Y1 / (_K11 + _S), "adds s. Variances are added, and that of the noise is s²"),
    (_KX1 * _Y1 / (_KXX + _S**2), "divides by the variance at x. The reading was taken at x_1"),
    (_K11 * _Y1 / _SUM, "is the mean at x_1 itself. What ties f(x) to the reading is kx1"),
    (_KX1 * _Y1, "is not divided by the variance of y1"),
    (_Y1 * _SUM / _KX1, "is upside down"),
    (_Y1, "takes the reading for the value at x. The nearer kx1 is to 0, the less it says there"),
)
_VARIANCE_SLIPS = (
    (_KXX + _S**2 - _KX1**2 / _SUM, "is the variance of a new reading at x. That of f(x) has no "
     "s² of its own"),
    (_KXX - _KX1**2 / _K11, "takes the reading for exact. The variance of y1 is k11 + s²"),
    (_KXX - _KX1 / _SUM, "does not square kx1: it would not have the unit of a variance"),
    (_KXX - _KX1**2 / (_K11 + _S), "adds s. Variances are added, and that of the noise is s²"),
    (_KXX - _KX1**2 / (_KXX + _S**2), "divides by the variance at x. The reading was taken at "
     "x_1"),
    (_KX1**2 / _SUM, "is what the reading takes away. What is left of kxx?"),
    (_KXX + _KX1**2 / _SUM, "is larger than before the reading. It takes some of kxx away"),
    (_KXX, "is the variance before the reading"),
    (_K11 - _KX1**2 / _SUM, "begins with the variance at x_1. That of f(x) is kxx"),
    (1 / (1 / _KXX + 1 / _S**2), "is right at x = x_1 alone, where all three k are one number"),
)  # fmt: skip


def _judge_observation(mean: Any, variance: Any = ...) -> Feedback:
    if variance is ... and (both := entries(mean)) is not None and len(both) == 2:
        mean, variance = both
        if mean is ... or mean is None:
            return not_attempted("The mean is still open.")
    given = expression(mean, _NAMES)
    if said := _slip(given, mean, _MEAN, _MEAN_SLIPS, "mean"):
        return incorrect(said)
    if variance is ... or variance is None:
        return not_attempted("The mean is right. Now the variance.")
    given = expression(variance, _NAMES)
    if given.has(_Y1):
        return incorrect(
            f"The mean is right. The variance {quoted(variance)} contains y1. In the cell above no "
            f"variance contained a value."
        )
    if said := _slip(given, variance, _VARIANCE, _VARIANCE_SLIPS, "variance"):
        return incorrect(f"The mean is right. {said}")
    return correct(
        "The mean goes to 0 and the variance to kxx where kx1 does: far away the reading says "
        "nothing. And y1 stands in the mean alone."
    )


def _slip(given: sp.Expr, answer: Any, right: sp.Expr, slips: Any, name: str) -> str:
    """What is wrong with the expression; nothing when it is right."""
    first = [{s: sp.Integer(value) for s, value in place.items()} for place in _OBSERVATIONS]
    point = difference_at(given, right, first)
    if point is None:
        return ""
    for slip, words in slips:
        if difference_at(given, slip, first) is None:
            return f"{quoted(answer)} {words}."
    if name == "variance" and difference_at(given**2, right, first) is None:
        return f"{quoted(answer)} is the standard deviation, the root of what is asked for."
    return (
        f"For {at(point)} your {name} is {quoted(given.subs(point))}, and it should be "
        f"{quoted(right.subs(point))}."
    )


q1 = Exercise(
    "Exercise 1",
    _judge_observation,
    hints=[
        "The cell above with the pair (y1, f(x)) in the place of (f1, f2). What is the variance "
        "of y1, and what its covariance with f(x)?",
        "K = sp.Matrix([[k11 + s**2, kx1], [kx1, kxx]]). The noise has nothing to do with f(x), "
        "so it appears in one place.",
        "The mean is kx1 / (k11 + s²) times y1. The variance is kxx minus kx1² over the same sum.",
    ],
    solution=(
        "mean = kx1 * y1 / (k11 + s**2)\n"
        "variance = kxx - kx1**2 / (k11 + s**2)\n"
        "y1 = f(x_1) + noise has the variance k11 + s² and, as the noise has nothing to do with f, "
        "the covariance kx1 with f(x). The rest is the cell above."
    ),
    answer=lambda: (_MEAN, _VARIANCE),
)


# Exercise 2: three readings ----------------------------------------------------------------------

_LIMIT, _DAY = 2.9, 24.0
_TIMES = np.linspace(0.0, _DAY, 481)


def _spread(hours: list[float]) -> Array:
    """The standard deviation of the temperature over the day, whatever the readings say."""
    process = GaussianProcess(4.0**2 * Gaussian(4), noise_variance=0.5**2)
    _, std = process.fit(hours, np.zeros(len(hours))).predict(_TIMES, return_std=True)
    return std


def _judge_hours(answer: Any) -> Feedback:
    items = entries(answer)
    if items is not None and any(item is ... or item is None for item in items):
        return not_attempted("One of the hours is still open.")
    hours = numbers(answer, 3)
    for hour in hours:
        if not 0 <= hour <= _DAY:
            return incorrect(f"{quoted(hour)} is not an hour of this day. They go from 0 to 24.")
    std, shown = _spread(hours), ", ".join(f"{hour:g}" for hour in sorted(hours))
    worst = int(np.argmax(std))
    if std[worst] <= _LIMIT:
        return correct(
            f"With readings at {shown} h the standard deviation is at most {std[worst]:.2f} °C. "
            f"Nothing has been read yet: the variance needs the hours, not the values."
        )
    if len(set(hours)) < 3:
        times = "twice" if len(set(hours)) == 2 else "three times"
        return incorrect(
            f"In {shown} one hour stands {times}: that makes its reading better, and at "
            f"{_TIMES[worst]:.1f} h the standard deviation stays {std[worst]:.2f} °C."
        )
    return incorrect(
        f"With readings at {shown} h the standard deviation is {std[worst]:.2f} °C at "
        f"{_TIMES[worst]:.1f} h, which is more than {_LIMIT} °C."
    )


q2 = Exercise(
    "Exercise 2",
    _judge_hours,
    hints=[
        "The first view will do: width 4 h, amplitude 4 °C, noise 0.5 °C, and readings of any "
        "value. Or fit a GaussianProcess to three hours and three zeros.",
        "Where is the band widest? Both in the gaps and at the two ends of the day, where a "
        "reading has a neighbour on one side only.",
        "One at noon, the two others as far from the ends as makes ends and gaps equally bad: "
        "between two and four hours.",
    ],
    solution=(
        "hours = [3, 12, 21]\n"
        "The standard deviation is then 2.8 °C at the ends and in the gaps. Equal steps of 8 hours "
        "from 4 to 20 leave 3.2 °C at the ends, because nobody reads beyond them."
    ),
    answer=lambda: [3, 12, 21],
)


# Exercise 3: the evidence ------------------------------------------------------------------------

q3 = Exercise(
    "Exercise 3",
    judge_log_evidence,
    hints=[
        "The three terms of the formula, one line each. Solve for (K + s²I)⁻¹y, never invert.",
        "The determinant of many points is too small for a float. np.linalg.slogdet gives the "
        "pair (sign, logarithm).",
        "M = K + noise_variance * np.eye(len(y)); y @ np.linalg.solve(M, y) is the first term, "
        "np.linalg.slogdet(M)[1] the second, len(y) * np.log(2 * np.pi) the third; all with −1/2.",
    ],
    solution=(
        "def log_evidence(K, y, noise_variance):\n"
        "    M = K + noise_variance * np.eye(len(y))\n"
        "    misfit = y @ np.linalg.solve(M, y)\n"
        "    breadth = np.linalg.slogdet(M)[1]\n"
        "    return -(misfit + breadth + len(y) * np.log(2 * np.pi)) / 2\n"
        "The package takes both from Cholesky's factor L: det(M) is the square of the product of "
        "the diagonal of L."
    ),
    answer=lambda: log_evidence,
)


# Exercise 4: Forbes ------------------------------------------------------------------------------

_NOISE, _SURE = 0.38, 1.96
_STRAY = 11


@cache
def _forbes() -> tuple[Array, Array, Array]:
    """Misses in standard deviations: left out of y, left out of f, and not left out of y."""
    data = load("forbes")
    x, y = data.x, 100 * np.log10(data.y) - 140
    line = 20.0**2 * Polynomial(1).of(lambda t: (t - 203) / 5)
    A = np.linalg.inv(line.gram(x) + _NOISE**2 * np.eye(len(x)))
    missed, std = A @ y / np.diag(A), 1 / np.sqrt(np.diag(A))
    process = GaussianProcess(line, noise_variance=_NOISE**2).fit(x, y)
    mean, std_in = process.predict(x, return_std=True, include_noise=True)
    return missed / std, missed / np.sqrt(std**2 - _NOISE**2), (y - mean) / std_in


def _judge_forbes(inside: Any, farthest: Any = ...) -> Feedback:
    if farthest is ... and (both := entries(inside)) is not None and len(both) == 2:
        inside, farthest = both
        if inside is ... or inside is None:
            return not_attempted("The count is still open.")
    z, of_f, fitted = (np.abs(found) for found in _forbes())
    if said := _about_the_count(number(inside), inside, z, of_f):
        return incorrect(said)
    count = int(np.sum(z <= _SURE))
    if farthest is ... or farthest is None:
        return not_attempted(f"{count} of 17 is right. Now the farthest of these {count}.")
    value, right = number(farthest), float(np.max(z[z <= _SURE]))
    if abs(value - right) <= 0.006:
        return correct(
            f"{count} of 17 are {count / 17:.0%}, which is what a band of 95 % should hold. But "
            f"the {count} are all within {right:.2f} standard deviations, and point {_STRAY} is "
            f"{z[_STRAY]:.1f} away. One stray point has blown the noise up for all: the count is "
            f"right and the band is wrong."
        )
    return incorrect(f"{count} are inside. {_about_the_farthest(value, farthest, fitted)}")


def _about_the_count(value: float, answer: Any, z: Array, of_f: Array) -> str:
    shown, count = quoted(answer), int(np.sum(z <= _SURE))
    if value == count or abs(value - count / 17) <= 6e-4 or abs(value - 100 * count / 17) <= 0.06:
        return ""
    if value == np.sum(of_f <= _SURE):
        return f"{shown} are within the band of f. What is left out is a measurement, with noise."
    if value == 17 - count:
        return f"{shown} is how many are outside. How many are inside?"
    if value == 17:
        return (
            "All 17 are not: one is farther away than 1.96 standard deviations. Did you leave it "
            "out before you asked about it?"
        )
    if value != round(value) or not 0 <= value <= 17:
        return f"{shown} is not a number of points. There are 17."
    return (
        f"{shown} is not the count. The miss of point i is c_i / A_ii, its standard deviation "
        f"1 / √A_ii, with A = (K + s²I)⁻¹ and the noise s = {_NOISE}."
    )


def _about_the_farthest(value: float, answer: Any, fitted: Array) -> str:
    z = _forbes()[0]
    shown, among = quoted(answer), np.abs(z) <= _SURE
    if abs(value - np.abs(z[_STRAY])) <= 0.006:
        return f"But {shown} is the one outside. How far is the farthest of the others?"
    if abs(value + np.max(np.abs(z[among]))) <= 0.006:
        return f"But {shown} has a sign. Its absolute value is asked for."
    if abs(value - np.max(z[among])) <= 0.006:
        return f"But {shown} is the largest above the curve. One below it is farther."
    if abs(value - np.max(fitted[among])) <= 0.006:
        return f"But {shown} belongs to the fit that has seen the point. Leave it out."
    return f"But {shown} is not the largest |miss| / standard deviation among them."


q4 = Exercise(
    "Exercise 4",
    _judge_forbes,
    hints=[
        "The section on Old Faithful has both from one inverse: by how much a left-out point is "
        "missed, and with which standard deviation.",
        "A = np.linalg.inv(K + 0.38**2 * np.eye(17)), then z = (A @ y / np.diag(A)) * "
        "np.sqrt(np.diag(A)): the misses in standard deviations.",
        "inside = np.sum(np.abs(z) <= 1.96), and the farthest is the largest np.abs(z) that is "
        "not above 1.96.",
    ],
    solution=(
        "A = np.linalg.inv(line.gram(x) + 0.38**2 * np.eye(17))\n"
        "z = np.abs(A @ y / np.sqrt(np.diag(A)))\n"
        "inside, farthest = np.sum(z <= 1.96), z[z <= 1.96].max()\n"
        "16 and 0.90. Number 11, at 204.6 °F, is 3.7 standard deviations off, and without it a "
        "noise of 0.115 has the highest evidence: a band three times narrower for the others."
    ),
    answer=lambda: (16, 0.896),
)


# Exercise 5: coefficients at random --------------------------------------------------------------

_PHI = sp.Matrix([[1, -1, 1, -1], [1, 0, 0, 0], [1, 1, 1, 1]])
_AT_TWO = sp.Matrix([1, 2, 4, 8])
_PRECISION = sp.eye(4) + _PHI.T * _PHI
_COVARIANCE = _PRECISION.inv()
_AT_TWO_VARIANCE = (_AT_TWO.T * _COVARIANCE * _AT_TWO)[0]


def _judge_weights(variance: Any, covariance: Any = ...) -> Feedback:
    given, right = exact_number(variance), _AT_TWO_VARIANCE
    if given != right and sp.simplify(given - right) != 0:
        return incorrect(_about_the_variance(given, variance))
    if covariance is ... or covariance is None:
        return not_attempted(f"{right} is right. Now the covariance of the coefficients.")
    matrix = exact_matrix(covariance)
    if matrix.shape != (4, 4):
        rows, columns = matrix.shape
        return incorrect(
            f"{right} is right. Your covariance has the shape ({rows}, {columns}); there are 4 "
            f"coefficients."
        )
    if (matrix - _COVARIANCE).applyfunc(sp.simplify).is_zero_matrix:
        return correct(
            f"Both ways {right}: a polynomial with random coefficients is a Gaussian process with "
            f"the kernel of its features. One inverts 4 × 4, the other 3 × 3."
        )
    return incorrect(f"{right} is right. {_about_the_covariance(matrix, covariance)}")


def _about_the_variance(given: sp.Expr, answer: Any) -> str:
    shown, right = quoted(answer), _AT_TWO_VARIANCE
    if holds_floats(answer) and abs(float(given) - float(right)) < 1e-6:
        return f"{shown} is right but for rounding. Exact numbers are asked for: sp.Rational."
    if given == right + 1:
        return f"{shown} is the variance of a new y at 2. That of f has no s² of its own."
    if given == 85:
        return f"{shown} is the variance before the data, k(2, 2). What do three values take away?"
    if given == 85 - right:
        return f"{shown} is what the data take away from k(2, 2) = 85. What is left?"
    if given <= 0:
        return f"{shown} is no variance here: it is positive as long as there is something open."
    return (
        f"{shown} is not what is left of k(2, 2) = 85. The three k(2, x_i) are −5, 1 and 15, and "
        f"K + s²I has 5, 2 and 5 on its diagonal."
    )


def _about_the_covariance(matrix: sp.Matrix, answer: Any) -> str:
    shown = quoted(answer)
    if matrix == _PRECISION:
        return f"But {shown} is I + ΦᵀΦ. The covariance is its inverse."
    if matrix == sp.eye(4):
        return f"But {shown} is the covariance before the data."
    if matrix == (sp.eye(4) - _COVARIANCE):
        return f"But {shown} is what the data take away from I. What is left?"
    if holds_floats(answer) and (matrix - _COVARIANCE).norm() < 1e-6:
        return f"But {shown} is right but for rounding. Exact numbers are asked for."
    if matrix != matrix.T:
        return f"But {shown} is not symmetric, as every covariance is."
    said = (_AT_TWO.T * matrix * _AT_TWO)[0]
    if said == _AT_TWO_VARIANCE:
        i, j = next((i, j) for i in range(4) for j in range(4) if matrix[i, j] != _COVARIANCE[i, j])
        return f"But {shown} gives the right variance at 2 and has {matrix[i, j]} at ({i}, {j})."
    return f"But with {shown} the variance at 2 would be φ(2)ᵀCφ(2) = {quoted(said)}."


q5 = Exercise(
    "Exercise 5",
    _judge_weights,
    hints=[
        "For the variance: k(2, 2), the three k(2, x_i) and the Gram matrix, all from "
        "1 + xz + (xz)² + (xz)³, go into the formula for the variance of f(x).",
        "For the coefficients: minus the exponent is the bowl (‖y − Φc‖² / s² + cᵀc) / 2, with the "
        "features of the three points as the rows of Φ. A variance was 1 over the curvature. With "
        "four coefficients the curvature is a matrix.",
        "Phi = sp.Matrix([[x**i for i in range(4)] for x in (−1, 0, 1)]), with 0**0 = 1, and "
        "C = (sp.eye(4) + Phi.T * Phi).inv().",
    ],
    solution=(
        "Phi = sp.Matrix([[1, -1, 1, -1], [1, 0, 0, 0], [1, 1, 1, 1]]); phi = sp.Matrix([1, 2, 4, "
        "8])\n"
        "k = Phi * phi\n"
        "variance = 85 - (k.T * (Phi * Phi.T + sp.eye(3)).inv() * k)[0]  # 275/8\n"
        "covariance = (sp.eye(4) + Phi.T * Phi).inv()\n"
        "phi.T * covariance * phi is 275/8 again: lesson 10's two ways, now for the variance."
    ),
    answer=lambda: (_AT_TWO_VARIANCE, _COVARIANCE),
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
