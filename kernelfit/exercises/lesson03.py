"""The exercises of lesson 03: a derivative by a vector, trees, and columns that depend."""

from __future__ import annotations

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
    pair,
)
from kernelfit.exercises.engine import (
    AnswerError,
    Exercise,
    Feedback,
    Progress,
    correct,
    incorrect,
    not_attempted,
    quoted,
)
from kernelfit.least_squares import LinearRegression

# Exercise 1: the derivative of a quadratic form ----------------------------------------------

_A = sp.Matrix(2, 2, sp.symbols("a11 a12 a21 a22", real=True))
_C = sp.Matrix(sp.symbols("c1 c2", real=True))
_NAMES = {str(symbol): symbol for symbol in (*_A, *_C)}
_FORM = sp.expand((_C.T * _A * _C)[0])
_RIGHT = (_A + _A.T) * _C
_NEAR = (
    (2 * _A * _C, "2Ac. That is right when a12 = a21; here they are two different numbers"),
    (2 * _A.T * _C, "2Aᵀc. That is right when a12 = a21; here they are two different numbers"),
    (_A * _C, "Ac: only one of the two c in cᵀAc was differentiated. The other gives Aᵀc"),
    (_A.T * _C, "Aᵀc: only one of the two c in cᵀAc was differentiated. The other gives Ac"),
    (
        sp.Matrix([2 * _A[0] * _C[0] + _A[1] * _C[1], _A[2] * _C[0] + 2 * _A[3] * _C[1]]),
        "short of a term in each: c1 c2 stands twice in cᵀAc, once with a12 and once with a21",
    ),
    (_RIGHT / 2, "half of it: the derivative of a11 c1² is 2 a11 c1"),
    (-_RIGHT, "right but for the sign"),
    (sp.Matrix([_RIGHT[1], _RIGHT[0]]), "in the other order: first by c1, then by c2"),
)


def _judge_gradient(answer: Any) -> Feedback:
    shown = quoted(answer)
    if isinstance(answer, sp.NDimArray):  # what sp.diff(cᵀAc, c) gives
        answer = sp.flatten(answer.tolist())
    if isinstance(answer, sp.MatrixExpr):
        raise AnswerError(f"{shown} names whole matrices. Write out its two rows.")
    if isinstance(answer, sp.MatrixBase) and answer.shape == (2, 2):
        return incorrect(
            f"{shown} is a 2 × 2 matrix. The derivative by c1 and that by c2 are two expressions."
        )
    given = [expression(part, _NAMES) for part in entries(answer) or [answer]]
    if len(given) == 1:
        return incorrect(_one_expression(given[0]))
    if len(given) != 2:
        return incorrect(f"{shown} has {len(given)} entries. Give two: by c1 and by c2.")
    points = [difference_at(one, right) for one, right in zip(given, _RIGHT, strict=True)]
    if points == [None, None]:
        return correct(
            "As matrices it is (A + Aᵀ)c. Where A is symmetric, and XᵀX always is, this is 2Ac: "
            "so cᵀXᵀXc has the derivative 2XᵀXc."
        )
    for candidate, reason in _NEAR:
        if all(difference_at(a, b) is None for a, b in zip(given, candidate, strict=True)):
            return incorrect(f"{shown} is {reason}.")
    wrong = 0 if points[0] is not None else 1
    other = "" if None not in points else f" The derivative by c{2 - wrong} is right."
    point = points[wrong] or {}
    return incorrect(
        f"At {at(point)} your derivative by c{wrong + 1} is {quoted(given[wrong].subs(point))}, "
        f"that of cᵀAc is {_RIGHT[wrong].subs(point)}.{other}"
    )


def _one_expression(given: sp.Expr) -> str:
    """What one expression is, where two are asked for."""
    for right, words in (
        (_FORM, "cᵀAc itself. Now its derivatives, by c1 and by c2"),
        (_RIGHT[0], "the derivative by c1. Give the one by c2 as well"),
        (_RIGHT[1], "the derivative by c2. Give the one by c1 as well, before it"),
    ):
        if difference_at(given, right) is None:
            return f"{quoted(given)} is {words}."
    return f"{quoted(given)} is one expression. Give two: the derivative by c1 and that by c2."


q1 = Exercise(
    "Exercise 1",
    _judge_gradient,
    hints=[
        "Write cᵀAc out first. It has four terms: one with c1², two with c1 c2, one with c2².",
        "cᵀAc = a11 c1² + a12 c1 c2 + a21 c2 c1 + a22 c2². Hold c2 fast and differentiate by c1.",
        "By c1: 2 a11 c1 + (a12 + a21) c2. By c2 it goes the same way.",
    ],
    solution=(
        "(2*a11*c1 + (a12 + a21)*c2, (a12 + a21)*c1 + 2*a22*c2)\n"
        "cᵀAc = a11 c1² + (a12 + a21) c1 c2 + a22 c2², and its two derivatives are the two rows "
        "of (A + Aᵀ)c."
    ),
    answer=lambda: tuple(sp.expand(row) for row in _RIGHT),
)


# Exercise 2: columns that depend, though no two of them do -----------------------------------


def _judge_dependent(answer: Any) -> Feedback:
    X = exact_matrix(answer)
    rows, columns = X.shape
    if (rows, columns) != (4, 3):
        hint = " Rows are points, columns are variables." if (rows, columns) == (3, 4) else ""
        return incorrect(f"{quoted(answer)} is {rows} × {columns}, not 4 × 3.{hint}")
    for i, j in np.ndindex(4, 3):
        if not X[i, j].is_Integer:
            return incorrect(
                f"In row {i + 1}, column {j + 1} stands {_value(X[i, j])}, not a whole number."
            )
    if X.col(0) != sp.ones(4, 1):
        return incorrect(f"The first column is {_listed(X.col(0))}, and not all ones.")
    for j in (1, 2):
        if X.col(j).is_zero_matrix:
            return incorrect(f"Column {j + 1} is all zeros.")
    for i, j in ((0, 1), (0, 2), (1, 2)):
        if X[:, [i, j]].rank() == 1:
            k = next(k for k in range(4) if X[k, i] != 0)
            times = X[k, j] / X[k, i]
            return incorrect(f"Column {j + 1} is {_value(times)} times column {i + 1}.")
    two = X[:, :2]
    left_over = X.col(2) - two * (two.T * two).inv() * two.T * X.col(2)
    if not left_over.is_zero_matrix:
        return incorrect(
            f"The columns of {quoted(X.tolist())} are independent: the nearest that columns 1 and "
            f"2 come to column 3 leaves {_listed(left_over)}, and not 0."
        )
    (zero,) = X.nullspace()  # one direction, for no pair depends
    a, b = -zero[0] / zero[2], -zero[1] / zero[2]
    return correct(
        f"Column 3 is {_value(a)} · column 1 {'−' if b < 0 else '+'} {_value(abs(b))} · column 2, "
        f"so the rank is 2, though no two columns show it. For every t the "
        f"coefficients c + t {_listed(sp.Matrix([a, b, -1]))} give the same Xc."
    )


def _value(value: sp.Expr, digits: int = 6) -> str:
    """A number in a sentence: exact where that is short, else rounded."""
    text = str(value)
    return (text if len(text) <= 9 else f"{float(value):.{digits}g}").replace("-", "−")


def _listed(column: sp.Matrix) -> str:
    return "(" + ", ".join(_value(entry) for entry in column) + ")"


q2 = Exercise(
    "Exercise 2",
    _judge_dependent,
    hints=[
        "XᵀX has no inverse when some Xa is 0 though a is not. What does that say of the columns?",
        "Choose the second column as you like, but not constant. Make the third out of the "
        "first two.",
        "Column 3 = column 1 + column 2, for example: years at school, and years at school plus 1.",
    ],
    solution=(
        "[[1, 1, 2], [1, 2, 3], [1, 3, 4], [1, 5, 6]]\n"
        "The third column is the first plus the second, so X(1, 1, −1) = 0 and "
        "XᵀX(1, 1, −1) = 0."
    ),
    answer=lambda: [[1, 1, 2], [1, 2, 3], [1, 3, 4], [1, 5, 6]],
)


# Exercise 3: two vectors, one least error ----------------------------------------------------

_X4 = sp.Matrix([[1, 1, 2], [1, 2, 3], [1, 3, 4], [1, 4, 5]])
_Y4 = sp.Matrix([1, 2, 2, 4])
_SIX_DIGITS = sp.Rational(1, 10**6)  # what floats may miss by


def _judge_two_minima(first: Any, second: Any = ...) -> Feedback:
    if second is ... and (both := _two_vectors(first)) is not None:
        first, second = both
    a = _minimiser(first, "first")
    if second is ... or second is None:
        return not_attempted("The first has the least error. Now another one that has it too.")
    b = _minimiser(second, "second")
    floats = holds_floats(first) or holds_floats(second)
    if a == b or (floats and max(abs(entry) for entry in b - a) <= 10 * _SIX_DIGITS):
        return incorrect(f"{_listed(a)} and {_listed(b)} are one vector, not two.")
    return correct(
        f"Both predict 0.9, 1.8, 2.7, 3.6 and have the error 7/10. They differ by "
        f"{_listed(b - a)}, and X times this is 0: it moves along the floor of the valley. "
        f"The data fix Xc, and not c."
    )


def _two_vectors(answer: Any) -> tuple[Any, Any] | None:
    """The two rows of an answer that holds both vectors."""
    rows = entries(answer.tolist() if isinstance(answer, sp.MatrixBase) else answer) or []
    if len(rows) != 2 or any(entries(row) is None for row in rows):
        return None
    return rows[0], rows[1]


def _minimiser(answer: Any, which: str) -> sp.Matrix:
    """The vector when it has the least error; else AnswerError says how it fails."""
    items = entries(answer)
    if items is None or len(items) != 3:
        found = "is one thing" if items is None else f"has length {len(items)}"
        raise AnswerError(
            f"The {which}, {quoted(answer)}, {found}. X has three columns, so c has three entries."
        )
    c = sp.Matrix([exact_number(item) for item in items])
    gradient = sp.simplify(_X4.T * _X4 * c - _X4.T * _Y4)
    allowed = 100 * _SIX_DIGITS if holds_floats(answer) else 0
    if any(abs(entry) > allowed for entry in gradient):
        residuals = _Y4 - _X4 * c
        error = sp.simplify(residuals.dot(residuals))
        raise AnswerError(
            f"The {which}, {_listed(c)}, has the error {_value(error, 10)} and not the least: "
            f"XᵀXc − Xᵀy is {_listed(gradient)} there, and not 0."
        )
    return c


q3 = Exercise(
    "Exercise 3",
    _judge_two_minima,
    hints=[
        "The third column is the sum of the first two. What does X do to (1, 1, −1)?",
        "Hold the third coefficient at 0: a line through (1, 1), (2, 2), (3, 2), (4, 4).",
        "That gives (0, 9/10, 0). Adding any multiple of (1, 1, −1) does not change Xc.",
    ],
    solution=(
        "(0, 9/10, 0), (1, 19/10, -1)\n"
        "The best line through the four points is y = 9/10 x. X(1, 1, −1) = 0, so the second "
        "vector has the same Xc and the same error."
    ),
    answer=lambda: (
        (0, sp.Rational(9, 10), 0),
        (1, sp.Rational(19, 10), -1),
    ),
)


# Exercise 4: the matrix that fits ------------------------------------------------------------

_X5 = sp.Matrix([[1, 0], [1, 1], [1, 2]])
_TO_C = (_X5.T * _X5).inv() * _X5.T
_H = _X5 * _TO_C
_OF_ANOTHER_SHAPE = (
    (_TO_C, "(XᵀX)⁻¹Xᵀ: it makes c out of y. One more step makes Xc."),
    (_TO_C.T, "X(XᵀX)⁻¹. One factor is missing on its right."),
    (_X5.T * _X5, "XᵀX, the matrix of the normal equations."),
    ((_X5.T * _X5).inv(), "(XᵀX)⁻¹. What stands on its left and on its right?"),
    (_X5, "X itself: it makes fitted values out of c. Here y is given, and not c."),
)
_SAME_SHAPE = (
    (sp.eye(3), "the identity: it leaves every y as it is, but three points are seldom on a line."),
    (sp.eye(3) - _H, "I − H: it makes the residuals out of y. The fitted values are what is left."),
    (6 * _H, "6 times too large: what is outside of the brackets of (XᵀX)⁻¹?"),
    (_X5 * (_X5.T * _X5) * _X5.T, "X(XᵀX)Xᵀ: between X and Xᵀ stands the inverse of XᵀX."),
    (_X5 * _X5.T, "XXᵀ: the inverse of XᵀX is missing between the two."),
    (sp.ones(3, 3) / 3, "the matrix that puts the mean in the place of every value: a fit "
     "without the x."),
    (_X5[:, 1] * _X5[:, 1].T / 5, "the matrix of a line through the origin: a fit without the "
     "column of ones."),
)  # fmt: skip


def _judge_hat(answer: Any) -> Feedback:
    given = exact_matrix(answer)
    shown, allowed = quoted(answer), (_SIX_DIGITS if holds_floats(answer) else 0)
    for candidate, reason in (*_OF_ANOTHER_SHAPE, *_SAME_SHAPE):
        if given.shape == candidate.shape and _gap(given, candidate, allowed) is None:
            return incorrect(f"{shown} is {reason}")
    if given.shape != (3, 3):
        rows, columns = given.shape
        return incorrect(
            f"{shown} is {rows} × {columns}. H makes three fitted values out of three y: 3 × 3."
        )
    if _gap(given, _H, allowed) is None:
        return correct(
            "The first row says ŷ₁ = (5y₁ + 2y₂ − y₃)/6: every y has a say in every fitted value. "
            "HX = X and H² = H: what is in the plane already stays. The diagonal adds up to 2, "
            "the number of columns of X."
        )
    if _gap(given, _H, sp.Rational(1, 200)) is None:
        return incorrect(f"{shown} is near, but not right to six digits. Use fractions, or numpy.")
    if (place := _gap(given, given.T, 2 * allowed)) is not None:
        i, j = place
        return incorrect(
            f"{shown} is not symmetric: {_value(given[i, j])} stands in row {i + 1}, column "
            f"{j + 1}, and {_value(given[j, i])} in row {j + 1}, column {i + 1}."
        )
    for j, column in enumerate(("column of ones", "column x = (0, 1, 2)")):
        kept = given * _X5[:, j]
        if _gap(kept, _X5[:, j], 10 * allowed) is not None:
            return incorrect(
                f"HX is not X: {shown} makes {_listed(kept)} out of the {column}, which lies in "
                f"the plane already and must stay."
            )
    i, j = _gap(given * given, given, 0) or (0, 0)
    return incorrect(
        f"H² is not H: in row {i + 1}, column {j + 1} of {shown} stands {_value(given[i, j])}, "
        f"in its square {_value((given * given)[i, j])}. Projecting twice must change nothing."
    )


def _gap(one: sp.Matrix, other: sp.Matrix, allowed: Any) -> tuple[int, int] | None:
    """Where two matrices of one shape first differ by more than is allowed; None if nowhere."""
    for i, j in np.ndindex(*one.shape):
        if abs(sp.simplify(one[i, j] - other[i, j])) > allowed:
            return i, j
    return None


q4 = Exercise(
    "Exercise 4",
    _judge_hat,
    hints=[
        "ŷ = Xc, and c = (XᵀX)⁻¹Xᵀy. Put the second into the first.",
        "X has the rows (1, 0), (1, 1), (1, 2). Make it a sympy matrix, with .T and .inv().",
        "M = sp.Matrix([[1, 0], [1, 1], [1, 2]]); H = M * (M.T * M).inv() * M.T",
    ],
    solution=(
        "sp.Matrix([[5, 2, -1], [2, 2, 2], [-1, 2, 5]]) / 6\n"
        "H = X(XᵀX)⁻¹Xᵀ with (XᵀX)⁻¹ = [[5, −3], [−3, 3]] / 6."
    ),
    answer=lambda: _H.copy(),
)


# Exercise 5: the exponents of a tree ---------------------------------------------------------


def _log_trees() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    trees = load("cherry_trees")
    return np.log(trees.X), np.log(trees.y)


def _exponents(columns: list[int], *, intercept: bool = True) -> list[float]:
    """The exponents of the best power law in the given columns, with or without a constant."""
    X, y = _log_trees()
    fit = LinearRegression(fit_intercept=intercept).fit(X[:, columns], y)
    return [float(value) for value in fit.coef_]


def _judge_exponents(answer: Any) -> Feedback:
    right = _exponents([0, 1])
    items = entries(answer) or []
    if len(items) == 3 and _near([number(item) for item in items[1:]], right, 5.1e-5):
        return incorrect(
            f"{quoted(answer)} has three numbers. The first is c0, the logarithm of the constant "
            f"factor; asked are the two exponents, c1 and c2."
        )
    given = pair(answer)
    shown = f"({given[0]:.7g}, {given[1]:.7g})"
    if _near(given, right, 5.1e-5):  # right when rounded to four digits
        return correct(
            "Diameter counts almost twice, height almost once: volume ≈ constant · diameter² · "
            "height, as for a cone or a cylinder. 1 % more diameter is about 2 % more timber."
        )
    trees = load("cherry_trees")
    linear = [float(value) for value in LinearRegression().fit(trees.X, trees.y).coef_]
    X, y = _log_trees()
    of_volumes = LinearRegression().fit(X, trees.y).coef_.tolist()
    of_sizes = LinearRegression().fit(trees.X, y).coef_.tolist()
    alone = [_exponents([0])[0], _exponents([1])[0]]
    for other, tolerance, reason in (
        (right[::-1], 1e-3, "has the two in the other order: first diameter, then height."),
        (right, 6e-3, "is near, but not right to four digits."),
        (linear, 1e-3, "is the plane through the trees themselves, in ft³ per inch and per foot. "
         "Take logarithms of all three columns first."),
        (of_volumes, 0.5, "comes from the volumes themselves. Take their logarithm too."),
        (of_sizes, 1e-3, "comes from the diameters and heights themselves. Take their logarithms "
         "too."),
        (_exponents([0, 1], intercept=False), 1e-3, "comes from an X without the column of ones. "
         "Without c0 the constant factor is held at 1, in these units."),
        (alone, 2e-3, "comes from two fits with one column each. Put both columns into one X: "
         "tall trees are thick, and each column alone takes credit for the other."),
        ([2.0, 1.0], 1e-9, "is the cone's pair, and a good guess. What do these 31 trees say, to "
         "four digits?"),
    ):  # fmt: skip
        if _near(given, other, tolerance):
            return incorrect(f"{shown} {reason}")
    residuals = y - y.mean() - (X - X.mean(axis=0)) @ np.array(given)
    first, second = X.T @ residuals
    return incorrect(
        f"With {shown} and the best c0, log diameter times the residuals adds up to {first:.4g}, "
        f"log height times them to {second:.4g}. At the least error both are 0."
    )


def _near(given: Any, right: Any, tolerance: float) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(given, right, strict=True))


q5 = Exercise(
    "Exercise 5",
    _judge_exponents,
    hints=[
        "The logarithm of diameter^a · height^b is a log diameter + b log height: a model with "
        "three columns. Which?",
        "X = np.column_stack([np.ones(31), np.log(trees.X)]) and log volume in the place of y.",
        "c = np.linalg.solve(X.T @ X, X.T @ np.log(trees.y)); the exponents are c[1] and c[2].",
    ],
    solution=(
        "X = np.column_stack([np.ones(31), np.log(trees.X)])\n"
        "np.linalg.solve(X.T @ X, X.T @ np.log(trees.y))[1:]\n"
        "The normal equations of log volume = c0 + c1 log diameter + c2 log height. The base of "
        "the logarithm changes c0 alone."
    ),
    answer=lambda: _exponents([0, 1]),
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
