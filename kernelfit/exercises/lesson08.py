"""The exercises of lesson 08: matrix products, missing rules, certificates, differences, a root."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef

from kernelfit._checks import InputError
from kernelfit.exercises.compare import (
    difference_at,
    entries,
    exact_matrix,
    exact_number,
    expression,
    only_entry,
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
from kernelfit.exercises.missing_rules import judge_missing
from kernelfit.kernels import Brownian, Kernel, Linear, Polynomial, exp
from kernelfit.proofs import Asymmetry, NegativeForm, Verdict, decide
from kernelfit.symbolic import expression as formula_of

_X, _Z = sp.symbols("x z", real=True)
_PAIR = {"x": _X, "z": _Z}


def _two_lists(answer: Any) -> tuple[Any, Any] | None:
    """The two parts of an answer that came as one list of two lists."""
    items = entries(answer) or []
    if len(items) != 2 or any(entries(item) is None for item in items):
        return None
    return items[0], items[1]


# Exercise 1: the matrix product ------------------------------------------------------------------


def _judge_matrices(A: Any, B: Any = ...) -> Feedback:
    if B is ... and (both := _two_lists(A)) is not None and _is_table(both[0]):
        A, B = both
    first = _gram_matrix(A, "A")
    if B is ... or B is None:
        return not_attempted("The first can be a Gram matrix. Now the second.")
    second = _gram_matrix(B, "B")
    product = first * second
    shown = quoted(product.tolist())
    if product != product.T:
        entrywise = first.multiply_elementwise(second)
        return correct(
            f"AB = {shown} is not symmetric, so it is no Gram matrix. Entry by entry the product "
            f"is {quoted(entrywise.tolist())}, which is one by Schur's theorem."
        )
    for one, name in ((first, "A"), (second, "B")):
        if one == sp.zeros(2, 2):
            return incorrect(f"{name} is 0, and so is AB: a symmetric matrix.")
        if one.is_diagonal() and one[0, 0] == one[1, 1]:
            return incorrect(
                f"{name} = {quoted(one.tolist())} is a multiple of the identity and leaves the "
                f"other as it was, up to a factor: {shown} is symmetric."
            )
    why = "Diagonal matrices commute." if first.is_diagonal() and second.is_diagonal() else ""
    why = why or "(AB)ᵀ is BA, so AB is symmetric where A and B commute, and these do."
    return incorrect(f"AB = {shown} is symmetric. {why}")


def _is_table(answer: Any) -> bool:
    """Whether the answer is a matrix, or a list that holds lists."""
    return isinstance(answer, sp.MatrixBase) or any(
        entries(row) is not None for row in entries(answer) or []
    )


def _gram_matrix(answer: Any, name: str) -> sp.Matrix:
    """The answer as a matrix that a kernel could have, or the reason why it is none."""
    M, shown = exact_matrix(answer), f"{name} = {quoted(answer)}"
    if M.shape != (2, 2):
        raise AnswerError(f"{shown} is {M.rows} × {M.cols}, not 2 × 2.")
    for entry in M:
        if not entry.is_Integer:
            raise AnswerError(f"{shown} has the entry {quoted(entry)}, not a whole number.")
    a, b, c = M[0, 0], M[0, 1], M[1, 1]
    if b != M[1, 0]:
        raise AnswerError(f"{shown} is not symmetric: {b} and {M[1, 0]} should be equal.")
    for weights in ((1, 0), (0, 1), (b, -a), (-(c + 1), 2 * b)):
        w = sp.Matrix(weights)
        form = (w.T * M * w)[0]
        if form < 0:
            raise AnswerError(
                f"{shown} is not positive semidefinite: the weights {weights[0]}, {weights[1]} "
                f"give the form {form}."
            )
    return M


q1 = Exercise(
    "Exercise 1",
    _judge_matrices,
    hints=[
        "(AB)ᵀ = BᵀAᵀ = BA. So which pairs will not do?",
        "Diagonal matrices and multiples of the identity commute with too much. Take one matrix "
        "that is diagonal with two different entries, and one that is not diagonal.",
        "A = [[1, 0], [0, 0]]. For B any Gram matrix with something off the diagonal.",
    ],
    solution=(
        "A, B = [[1, 0], [0, 0]], [[1, 1], [1, 1]]\n"
        "AB = [[1, 1], [0, 0]]: A keeps the first row of B and drops the second."
    ),
    answer=lambda: ([[1, 0], [0, 0]], [[1, 1], [1, 1]]),
)


# Exercise 2: two missing rules, and one on the diagonal -------------------------------------------

q2 = Exercise(
    "Exercise 2",
    judge_missing,
    hints=[
        "(1 − t)(1 + t + … + tᴺ) = 1 − tᴺ⁺¹. What becomes of it for −1 < t < 1 when N grows? And "
        "in step 4: what stands there that belongs to x alone?",
        "With z = x the kernel f(x) k(x, z) f(z) is f(x)² k(x, x). In step 4 k(x, x) was "
        "1/(1 − x²), and f(x) was √(1 − x²).",
        "The sums tend to 1/(1 − xz). Step 4 multiplies by f(x) f(z). And f(x)² = 1/k(x, x).",
    ],
    solution=(
        'missing = ["limit", "rule 4"]\n'
        "f = 1 / sp.sqrt(k(x, x))\n"
        "Step 3: the sums tend to 1/(1 − xz), as |xz| < 1. Step 4: f(x) k(x, z) f(z) with "
        "f(x) = √(1 − x²). In general f(x) k(x, z) f(z) = k(x, z)/(√k(x, x) √k(z, z))."
    ),
    answer=lambda: (["limit", "rule 4"], 1 / sp.sqrt(sp.Function("k")(_X, _X))),
)


# Exercise 3: a certificate -----------------------------------------------------------------------

_HALF = sp.Interval(0, sp.oo)
_S, _T = sp.symbols("s t", real=True)
_TARGET = 3 * (1 + _X * _Z) ** 2 + sp.exp(_X * _Z) * sp.Min(_X, _Z)
_NEAR_TARGET = (
    ((1 + _X * _Z) ** 2 + sp.exp(_X * _Z) * sp.Min(_X, _Z), "leaves out the factor 3"),
    (3 * (1 + _X * _Z) ** 2 + sp.exp(_X * _Z) + sp.Min(_X, _Z),
     "adds exp(xz) and min(x, z), where the formula multiplies them"),
    (3 * (1 + _X * _Z) ** 2 * sp.exp(_X * _Z) * sp.Min(_X, _Z),
     "multiplies all parts, where the formula adds two"),
    (3 * (1 + _X * _Z) ** 2 + sp.exp(_X * _Z * sp.Min(_X, _Z)),
     "has min(x, z) inside of the exponential"),
    (3 * (1 + _X * _Z) ** 2 + sp.exp(_X * _Z + sp.Min(_X, _Z)),
     "adds min(x, z) in the exponent, where the formula multiplies by it"),
    ((1 + _X * _Z) ** 6 + sp.exp(_X * _Z) * sp.Min(_X, _Z),
     "takes the third power, where the formula takes three times"),
    (9 * (1 + _X * _Z) ** 2 + sp.exp(_X * _Z) * sp.Min(_X, _Z),
     "squares the 3 as well"),
    (3 * (_X * _Z) ** 2 + sp.exp(_X * _Z) * sp.Min(_X, _Z), "leaves out the 1 in (1 + xz)²"),
    (3 * (1 + _X * _Z) + sp.exp(_X * _Z) * sp.Min(_X, _Z), "leaves out the square"),
    (3 * (1 + _X * _Z) ** 2, "is the first part alone"),
    (sp.exp(_X * _Z) * sp.Min(_X, _Z), "is the second part alone"),
)  # fmt: skip


def _judge_certificate(answer: Any) -> Feedback:
    answer = only_entry(answer)
    shown = quoted(answer)
    if isinstance(answer, Verdict):
        return incorrect(f"{shown} is a verdict. Give the kernel that it is about.")
    if not isinstance(answer, Kernel):
        if isinstance(answer, sp.Expr) and not expression(answer, _PAIR).is_number:
            return incorrect(
                f"{shown} is a formula of sympy's, and says nothing about rules. Build it: "
                f"kf.Linear() for xz, kf.Brownian() for min(x, z), and + * ** kf.exp."
            )
        raise AnswerError(
            f"{shown} is no kernel of the package. Begin with kf.Linear() and kf.Brownian()."
        )
    built = sp.sympify(formula_of(answer, _X, _Z))
    if functions := sorted({part.func.__name__ for part in built.atoms(AppliedUndef)}):
        return incorrect(
            f"{shown} holds {', '.join(functions)}, a Python function whose formula nobody "
            f"knows. The rules of this lesson are enough."
        )
    built = _on_half(built)
    if difference_at(built, _on_half(_TARGET)) is None:
        verdict = decide(answer, domain=_HALF)
        if verdict.is_kernel and verdict.verify():
            return correct(
                f"{shown} is the formula, and every sign in it is a rule: that is the proof, and "
                f"each of its {_count(verdict)} steps has been verified. decide(answer) prints it."
            )
        return incorrect(f"{shown} is the formula, and decide does not find its proof.")
    for other, reason in _NEAR_TARGET:
        if difference_at(built, _on_half(other)) is None:
            return incorrect(f"{shown} {reason}.")
    for x, z in ((1, 1), (1, 2), (2, 3), (0, 0), (0, 1), (1, 3)):
        yours = built.subs({_S: sp.sqrt(x), _T: sp.sqrt(z)})
        right = _TARGET.subs({_X: sp.Integer(x), _Z: sp.Integer(z)})
        if sp.simplify(yours - right) != 0:
            return incorrect(
                f"At x = {x} and z = {z} the formula is {quoted(right)}, and {shown} is "
                f"{quoted(sp.simplify(yours))}."
            )
    return incorrect(f"{shown} is not the formula everywhere.")


def _on_half(formula: sp.Expr) -> sp.Expr:
    """The formula where x = s² and z = t²: as s and t run over all numbers, x, z >= 0 does."""
    return formula.subs({_X: _S**2, _Z: _T**2}, simultaneous=True)


def _count(verdict: Verdict) -> int:
    return sum(1 for _ in verdict.proof.walk()) if verdict.proof is not None else 0


q3 = Exercise(
    "Exercise 3",
    _judge_certificate,
    hints=[
        "The last rule that is used is the sum. What are its two terms?",
        "kf.Polynomial(2) is (1 + xz)², and kf.exp(kf.Linear()) is exp(xz).",
        "3 * kf.Polynomial(2) + ... * kf.Brownian()",
    ],
    solution=(
        "3 * kf.Polynomial(2) + kf.exp(kf.Linear()) * kf.Brownian()\n"
        "From the inside: xz is a kernel; 1 + xz a sum; its square a product; 3 times it a "
        "multiple. exp(xz) is a limit; times min(x, z) a product; and the two make a sum."
    ),
    answer=lambda: 3 * Polynomial(2) + exp(Linear()) * Brownian(),
)


# Exercise 4: differences -------------------------------------------------------------------------


def _judge_differences(keeps: Any, fails: Any = ...) -> Feedback:
    if fails is ... and (both := _two_lists(keeps)) is not None:
        keeps, fails = both
    difference, verdict = _difference(keeps, "first")
    if verdict.is_kernel is None:
        return incorrect(f"{_undecided(difference)}")
    if not verdict.is_kernel:
        return incorrect(
            f"The first pair, {quoted(keeps)}: the difference {quoted(difference)} is no kernel. "
            f"{_why_not(verdict)}"
        )
    if fails is ... or fails is None:
        return not_attempted(f"The first is right: {quoted(difference)} is a kernel. Now another.")
    other, second = _difference(fails, "second")
    if second.is_kernel is None:
        return incorrect(f"{_undecided(other)}")
    if second.is_kernel:
        return incorrect(
            f"The second pair, {quoted(fails)}: the difference {quoted(other)} is a kernel too. "
            f"Take away more than there is."
        )
    return correct(
        f"{quoted(difference)} is a kernel, {quoted(other)} is none. {_why_not(second)} So "
        f"about a difference no rule can say anything, and each one needs a proof of its own."
    )


def _difference(answer: Any, name: str) -> tuple[sp.Expr, Verdict]:
    """k1 - k2 of a pair of kernels and what is decided about it."""
    items = entries(answer)
    if items is None or len(items) != 2:
        raise AnswerError(
            f"The {name} pair, {quoted(answer)}, is not two formulas. Write (k1, k2), as in "
            f"(x*z, sp.exp(x*z))."
        )
    formulas = [_formula(item) for item in items]
    for item, formula in zip(items, formulas, strict=True):
        if difference_at(formula, sp.S.Zero) is None:
            raise AnswerError(
                f"In the {name} pair {quoted(item)} is 0 everywhere: take two others."
            )
        verdict = _decided(formula)
        if verdict.is_kernel is None:
            raise AnswerError(_undecided(formula))
        if not verdict.is_kernel:
            raise AnswerError(
                f"In the {name} pair {quoted(item)} is itself no kernel on the line. "
                f"{_why_not(verdict)}"
            )
    one, another = formulas
    if difference_at(one, another) is None:
        raise AnswerError(f"The two of the {name} pair, {quoted(answer)}, are equal.")
    difference = sp.expand(one - another) if (one - another).is_polynomial() else one - another
    return difference, _decided(difference)


def _formula(item: Any) -> sp.Expr:
    if isinstance(item, Kernel):
        return sp.sympify(formula_of(item, _X, _Z))
    return expression(item, _PAIR)


def _decided(formula: sp.Expr) -> Verdict:
    try:
        return decide(formula, variables=(_X, _Z))
    except InputError as refusal:
        raise AnswerError(f"{quoted(formula)}: {refusal}") from None


def _undecided(formula: sp.Expr) -> str:
    return (
        f"Whether {quoted(formula)} is a kernel could not be decided, neither way. It may be right "
        f"all the same. Choose a simpler one: polynomials in xz are always decided."
    )


def _why_not(verdict: Verdict) -> str:
    """The refutation in a sentence."""
    found = verdict.refutation
    if isinstance(found, Asymmetry):
        a, b = found.points
        return f"k({a}, {b}) and k({b}, {a}) differ: it is not symmetric."
    if not isinstance(found, NegativeForm):
        return ""
    points, weights = (quoted(", ".join(map(str, v)), 60) for v in (found.points, found.weights))
    value = f"{float(sp.N(found.value)):.4g}".replace("-", "−")
    if len(found.points) == 1:
        return f"At the point {points} it is negative."
    return f"At the points {points} the weights {weights} give the form {value}."


q4 = Exercise(
    "Exercise 4",
    _judge_differences,
    hints=[
        "For the first: take a sum of kernels, and take one of its terms away.",
        "For the second: at x = z = 0 the kernel xz is 0. What may not be taken away from it?",
        "(1 + x*z, 1) for the first. For the second (x*z, ...) with a positive constant.",
    ],
    solution=(
        "keeps, fails = (1 + x*z, sp.Integer(1)), (x*z, sp.Integer(1))\n"
        "1 + xz − 1 = xz is a kernel. xz − 1 is −1 at x = z = 0, one point with a negative form."
    ),
    answer=lambda: ((1 + _X * _Z, sp.S.One), (_X * _Z, sp.S.One)),
)


# Exercise 5: a root ------------------------------------------------------------------------------

_MOST_POINTS = 8


def _judge_root(points: Any, weights: Any = ...) -> Feedback:
    if weights is ... and (both := _two_lists(points)) is not None:
        points, weights = both
    x = _numbers(points, "points")
    if len(x) > _MOST_POINTS:
        return incorrect(f"{len(x)} points are more than needed. At most {_MOST_POINTS}, please.")
    for value in x:
        if value < 0:
            return incorrect(f"The point {quoted(value)} is negative. Take x ≥ 0.")
    if weights is ... or weights is None:
        return not_attempted("Those are points. Now a weight for each.")
    K = sp.Matrix(len(x), len(x), lambda i, j: sp.sqrt(1 + x[i] * x[j]))
    if entries(weights) is None and len(x) > 1:
        return _judge_determinant(exact_number(weights), K, quoted(points))
    w = sp.Matrix(_numbers(weights, "weights"))
    if len(w) != len(x):
        return incorrect(f"There are {len(x)} points and {len(w)} weights: give one for each.")
    form = sp.expand((w.T * K * w)[0])
    if _sign(form) < 0:
        return correct(
            f"The form is {quoted(form, 120)} = {_decimal(form)}, below 0, and one such set of "
            f"points is enough: √(1 + xz) is no kernel."
        )
    said = f"At {quoted(points)} with {quoted(weights)} the form is {_decimal(form)}, not below 0."
    return incorrect(f"{said} {_advice(K)}")


def _judge_determinant(value: sp.Expr, K: sp.Matrix, shown: str) -> Feedback:
    """One number in the place of weights counts as the determinant of the Gram matrix."""
    determinant = sp.expand(K.det(method="berkowitz"))
    gap = _sign(determinant - value)
    if gap == 0 and _sign(determinant) < 0:
        return correct(
            f"The determinant of the Gram matrix is {_decimal(determinant)}. It is the product "
            f"of the eigenvalues, so one of them is negative, and its eigenvector holds weights."
        )
    if gap == 0:
        return incorrect(
            f"The determinant at {shown} is {_decimal(determinant)}, not below 0. {_advice(K)}"
        )
    return incorrect(
        f"{quoted(value)} is one number, and not the determinant of the Gram matrix at {shown}, "
        f"which is {_decimal(determinant)}. Give a list of weights, one for each point."
    )


def _advice(K: sp.Matrix) -> str:
    if K.rows < 3:
        return "With fewer than three points no weights will do it."
    scaled = np.array((K / K.trace()).evalf(17).tolist(), dtype=float)
    if np.linalg.eigvalsh(scaled)[0] < -1e-9:
        return "But for these points there are weights that do it."
    return "Try weights that see x² and neither 1 nor x, at three different points near 0."


def _numbers(answer: Any, what: str) -> list[Any]:
    items = entries(answer)
    items = [answer] if items is None else items
    if not items:
        raise AnswerError(f"{quoted(answer)} holds no {what}.")
    return [exact_number(item) for item in items]


def _sign(value: sp.Expr) -> int:
    """The sign of an exact number: digits settle it, and what has none left is simplified."""
    close = sp.N(value, 60)
    if abs(close) > sp.Float(10) ** -40:
        return int(sp.sign(close))
    return int(sp.sign(sp.N(sp.simplify(value), 60)))


def _decimal(value: sp.Expr) -> str:
    return f"{sp.N(value, 5)}".replace("-", "−")


q5 = Exercise(
    "Exercise 5",
    _judge_root,
    hints=[
        "√(1 + t) = 1 + t/2 − t²/8 + …, and t = xz. The first negative term belongs to x²z².",
        "Which weights at three equidistant points give 0 for 1 and 0 for x, but not for x²?",
        "The points 0, 1, 2. The weights are those of a second difference: 1, −2 and …",
    ],
    solution=(
        "points, weights = [0, 1, 2], [1, -2, 1]\n"
        "The form is 4√2 + √5 − 4√3 − 1 = −0.0353. The determinant of the Gram matrix is "
        "−3 − √5 − √2 + √10 + 2√3 = −0.0239."
    ),
    answer=lambda: ([0, 1, 2], [1, -2, 1]),
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
