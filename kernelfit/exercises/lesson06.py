"""The exercises of lesson 06: feature maps, distances from a kernel, and how many features."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations_with_replacement
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from kernelfit.exercises.compare import (
    difference_at,
    entries,
    exact_number,
    expression,
    holds_floats,
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
from kernelfit.exercises.feature_maps import (
    Coefficients,
    degree_bound,
    features,
    first_difference,
    number_in_words,
    shape,
    term_in_words,
)

# Exercise 1: the lamp on the stairs -------------------------------------------------------------

_X1, _X2 = sp.symbols("x1 x2", real=True)
_SWITCHES = {"x1": _X1, "x2": _X2}
_LIGHT, _DARK = ((0, 1), (1, 0)), ((0, 0), (1, 1))


def _judge_stairs(lift: Any, weights: Any = ..., threshold: Any = ...) -> Feedback:
    given = features(lift, _SWITCHES)
    for feature in given:
        degree = degree_bound(feature) or 0
        if degree > 2:
            return incorrect(
                f"The feature {quoted(feature)} has the degree {degree}. At most 2 is asked."
            )
    if any(later is ... or later is None for later in (weights, threshold)):
        return not_attempted("The features can be read. Now a weight for each, and a threshold.")
    items = entries(weights)
    if any(weight is ... or weight is None for weight in items or ()):
        return not_attempted("The features can be read, and a weight is still to come.")
    v = [exact_number(weight) for weight in ([weights] if items is None else items)]
    if len(v) != len(given):
        return incorrect(
            f"{quoted(lift)} has {_count(len(given), 'feature')}, and {quoted(weights)} has "
            f"{_count(len(v), 'weight')}."
        )
    cut = exact_number(threshold)
    total = sum((a * f for a, f in zip(v, given, strict=True)), sp.S.Zero)
    above = {
        point: sp.sign(sp.simplify(total.subs({_X1: point[0], _X2: point[1]}) - cut))
        for point in (*_DARK, *_LIGHT)
    }
    wrong = [p for p in above if above[p] != (1 if p in _LIGHT else -1)]
    if not wrong:
        return correct(
            f"With both switches alike the sum is {_value(total, _DARK[0])} and "
            f"{_value(total, _DARK[1])}, below {quoted(cut)}; with one up and one down it is "
            f"{_value(total, _LIGHT[0])} and {_value(total, _LIGHT[1])}, above it. In the plane "
            f"of x1 and x2 the cut is the curve {quoted(sp.expand(total))} = {quoted(cut)}."
        )
    if len(wrong) == 4 and all(above.values()):
        return incorrect(
            f"{quoted(weights)} and {quoted(threshold)} part the points, but the wrong way round: "
            f"where the lamp burns the sum is to be above. Turn all signs, also of the threshold."
        )
    side = "on the cut" if above[wrong[0]] == 0 else ("below" if wrong[0] in _LIGHT else "above")
    words = (
        f"At {wrong[0]} the weighted sum is {_value(total, wrong[0])}: {side}, where the "
        f"threshold is {quoted(cut)}."
    )
    if all((degree_bound(feature) or 0) <= 1 for feature in given):
        words += (
            f" No weights for {quoted(lift)} can do it: (0, 0) and (1, 1) have the same middle as "
            f"(0, 1) and (1, 0), and features of degree 1 do not change that."
        )
    return incorrect(words)


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _value(total: sp.Expr, point: tuple[int, int]) -> str:
    return quoted(sp.simplify(total.subs({_X1: point[0], _X2: point[1]})), 20)


q1 = Exercise(
    "Exercise 1",
    _judge_stairs,
    hints=[
        "Keep x1 and x2, and add one feature that is different from 0 at (1, 1) alone.",
        "With the features x1, x2 and x1*x2: what do x1 + x2 and x1*x2 say at the four points?",
        "x1 + x2 is 0, 1, 1, 2. Take away 2 x1 x2, and it is 0, 1, 1, 0.",
    ],
    solution=(
        "features, weights, threshold = [x1, x2, x1*x2], [1, 1, -2], 1/2\n"
        "x1 + x2 − 2 x1 x2 is 1 where the switches differ and 0 where they are alike. "
        "[(x1 - x2)**2] with the weight 1 does it with a single feature."
    ),
    answer=lambda: ([_X1, _X2, _X1 * _X2], [1, 1, -2], sp.Rational(1, 2)),
)


# Exercise 2: read the lift off a kernel ---------------------------------------------------------

_X = sp.Symbol("x", real=True)
_POINT = {"x": _X}
_CUBE: Coefficients = {(i, i): sp.binomial(3, i) for i in range(4)}


def _judge_cube(answer: Any) -> Feedback:
    given = features(answer, _POINT)
    if words := _refuted(answer, given, _CUBE, "(1 + xz)³"):
        return incorrect(words)
    rest = sum(feature != 0 for feature in given)
    if rest > 4:
        return correct(
            f"The inner product is (1 + xz)³. You use {rest} features; there are maps with four."
        )
    return correct(
        "The inner product is 1 + 3xz + 3x²z² + x³z³ = (1 + xz)³. The roots of the binomial "
        "coefficients stand in both factors, and so the coefficients in the product."
    )


def _refuted(answer: Any, given: list[sp.Expr], kernel: Coefficients, name: str) -> str:
    """Where the inner product of a map is not the kernel, in words; empty when it is."""
    gap = first_difference(answer, given, _X, kernel)
    if gap is None:
        return ""
    power, got, want = gap
    has, needs = term_in_words(got, power), term_in_words(want, power)
    words = f"With {quoted(answer)}, ⟨φ(x), φ(z)⟩ has {has}, and {name} has {needs}."
    if power[0] != power[1]:
        return f"{words} It comes from a feature that is a sum: its terms meet each other's."
    if want == 0 or got == 0:
        return words
    if got == want**2:
        return f"{words} Each factor comes in twice, once with x and once with z."
    if abs(float(got - want)) < 1e-2:
        return f"{words} That is near, and not equal. sympy has exact roots, as in sp.sqrt(2)."
    return words


q2 = Exercise(
    "Exercise 2",
    _judge_cube,
    hints=[
        "Multiply (1 + xz)³ out. Every term must be something of x times the same of z.",
        "1 + 3xz + 3x²z² + x³z³. Write 3xz as (√3 x)(√3 z).",
        "Four features: 1, √3 x, √3 x² and one more. A root is sp.sqrt(3).",
    ],
    solution=(
        "[1, sp.sqrt(3)*x, sp.sqrt(3)*x**2, x**3]\n"
        "(1 + xz)³ = 1 + (√3 x)(√3 z) + (√3 x²)(√3 z²) + x³z³."
    ),
    answer=lambda: [sp.S.One, sp.sqrt(3) * _X, sp.sqrt(3) * _X**2, _X**3],
)


# Exercise 3: two maps for one kernel ------------------------------------------------------------

_TWO: Coefficients = {(1, 1): sp.S.One, (2, 2): sp.S.One}


def _judge_two_maps(one: Any, another: Any = ...) -> Feedback:
    if another is ... and (both := _two_maps(one)) is not None:
        one, another = both
    first = features(one, _POINT)
    if words := _refuted(one, first, _TWO, "xz + x²z²"):
        return incorrect(f"The first: {words}")
    if another is ... or another is None:
        return not_attempted("The first is right. Now another that has the same inner product.")
    second = features(another, _POINT)
    if words := _refuted(another, second, _TWO, "xz + x²z²"):
        return incorrect(f"The second: {words}")
    if shape([one, another], first, _X) == shape([one, another], second, _X):
        return incorrect(
            f"{quoted(one)} and {quoted(another)} have the same features but for order, signs and "
            f"zeros. Mix two features, or split one."
        )
    return correct(
        "Two different maps, and one kernel. All lengths, angles and distances of lifted points "
        "agree, so one picture is the other, turned (after zeros are added to the shorter). No "
        "cut and no fit that uses inner products alone can tell them apart."
    )


def _two_maps(answer: Any) -> tuple[Any, Any] | None:
    """The two maps of an answer that holds both."""
    rows = entries(answer.tolist() if isinstance(answer, sp.MatrixBase) else answer) or []
    if len(rows) != 2 or any(entries(row) is None for row in rows):
        return None
    return rows[0], rows[1]


q3 = Exercise(
    "Exercise 3",
    _judge_two_maps,
    hints=[
        "One map stands in the kernel: xz + x²z² = x · z + x² · z².",
        "In the lesson x was split into parts whose squares add up to 1: (√2 x) into (x, x). Or "
        "turn the two features by an angle, as one turns a map of a town.",
        "3/5 and 4/5 have squares that add up to 1: put (3x/5, 4x/5) in the place of x.",
    ],
    solution=(
        "one, another = [x, x**2], [3*x/5, 4*x/5, x**2]\n"
        "(9/25 + 16/25) xz = xz. A map of two features: [(3*x + 4*x**2)/5, (4*x - 3*x**2)/5], the "
        "first one turned and reflected."
    ),
    answer=lambda: ([_X, _X**2], [3 * _X / 5, 4 * _X / 5, _X**2]),
)


# Exercise 4: a distance without coordinates ------------------------------------------------------

_Z = sp.Symbol("z", real=True)
_XX, _XZ, _ZZ = sp.symbols("k_xx k_xz k_zz", real=True)
_A1, _A2, _B1, _B2 = sp.symbols("a1 a2 b1 b2", real=True)
_LIFTED = {_XX: _A1**2 + _A2**2, _XZ: _A1 * _B1 + _A2 * _B2, _ZZ: _B1**2 + _B2**2}  # a, b: any two
_DISTANCE = _XX - 2 * _XZ + _ZZ
_NEAR_DISTANCE = (
    (_XX + _ZZ, "leaves out the inner product of the two. It is right at a right angle alone"),
    (_XX - _XZ + _ZZ, "takes the product of the two once. In (a − b)² it comes twice"),
    (_XX + 2 * _XZ + _ZZ, "is |φ(x) + φ(z)|²: look at the sign"),
    (_XX - _ZZ, "is the difference of the two squared lengths"),
    (sp.sqrt(_DISTANCE), "is the distance. Asked is its square"),
    (-_DISTANCE, "is right but for the sign"),
    (_XX - 2 * _XZ, "leaves out the squared length of φ(z)"),
    (_XZ, "is the inner product, and no distance: it grows when the points get longer"),
)


def _judge_distance(answer: Any) -> Feedback:
    given, shown = expression(answer, {"x": _X, "z": _Z}), quoted(answer)
    if given.has(sp.Derivative, sp.Integral, sp.Subs):
        return incorrect(f"{shown}: no derivative or integral is needed. Multiply out.")
    values = {}
    for part in given.atoms(AppliedUndef):
        if part.func.__name__ != "k" or len(part.args) != 2:
            raise AnswerError(f"{quoted(part)} is unknown here. Write it with k of two points.")
        if not set(part.args) <= {_X, _Z}:
            words = f"{shown} holds {quoted(part)}."
            if not all(point.is_Symbol or point.is_Number for point in part.args):
                words += " φ need not be linear: φ(x) − φ(z) is not φ(x − z)."
            return incorrect(f"{words} Take k at x and z themselves.")
        values[part] = {(_X, _X): _XX, (_Z, _Z): _ZZ}.get(part.args, _XZ)
    if not values:
        return incorrect(f"{shown} holds no k. Write it with k(x, x), k(x, z) and k(z, z).")
    given = given.xreplace(values)
    if difference_at(given, _DISTANCE) is None or _same_for_kernels(given):
        return correct(
            "⟨φ(x) − φ(z), φ(x) − φ(z)⟩ multiplied out. No coordinate of a lifted point is in it, "
            "so it works where nobody can write them down."
        )
    for candidate, reason in _NEAR_DISTANCE:
        if difference_at(given, candidate) is None:
            return incorrect(f"{shown} {reason}.")
    for x, z in ((1, 2), (2, 3), (1, 3), (3, 1), (1, 0)):
        at = {_X: x, _Z: z, _XX: x**2 + x**4, _XZ: x * z + x**2 * z**2, _ZZ: z**2 + z**4}
        yours, right = sp.simplify(given.subs(at)), _DISTANCE.subs(at)
        if yours.is_finite and yours != right:
            return incorrect(
                f"Take φ(x) = (x, x²), x = {x} and z = {z}: {shown} is {number_in_words(yours)}, "
                f"and |φ(x) − φ(z)|² is {abs(x - z)}² + {abs(x * x - z * z)}² = {right}."
            )
    return incorrect(f"{shown} is not |φ(x) − φ(z)|² for every kernel.")


def _same_for_kernels(given: sp.Expr) -> bool:
    """Whether it is the squared distance of any two lifted points, though not of any numbers."""
    return difference_at(given.xreplace(_LIFTED), _DISTANCE.xreplace(_LIFTED)) is None


def _k(*points: sp.Expr) -> sp.Expr:
    return sp.Function("k")(*points)


q4 = Exercise(
    "Exercise 4",
    _judge_distance,
    hints=[
        "The squared length of any a is ⟨a, a⟩. Here a = φ(x) − φ(z).",
        "Multiply ⟨a − b, a − b⟩ out as (a − b)².",
        "⟨φ(x), φ(x)⟩ − 2⟨φ(x), φ(z)⟩ + ⟨φ(z), φ(z)⟩. Each of them is a value of k.",
    ],
    solution=(
        "k(x, x) - 2*k(x, z) + k(z, z)\n"
        "|φ(x) − φ(z)|² = ⟨φ(x), φ(x)⟩ − 2⟨φ(x), φ(z)⟩ + ⟨φ(z), φ(z)⟩."
    ),
    answer=lambda: _k(_X, _X) - 2 * _k(_X, _Z) + _k(_Z, _Z),
)


# Exercise 5: how many features ------------------------------------------------------------------

_P, _D = sp.symbols("p d", integer=True, positive=True)
_SMALL = [(p, d) for p in range(1, 6) for d in range(1, 6)]
_HUGE = 10_000
_CASES = (*sorted(_SMALL, key=sum), (10, 4), (20, 3))
_NEAR_COUNT: tuple[tuple[Callable[[int, int], Any], str], ...] = (
    (lambda p, d: sp.binomial(p + d, d) - 1, "is short by one. The product of no variable at all, "
     "the feature 1, counts too"),
    (lambda p, d: sp.binomial(p + d - 1, d), "counts the products of exactly d variables. "
     "Asked are all those of at most d"),
    (lambda p, d: sp.binomial(p, d), "counts the products of d different variables. They may "
     "repeat, as in x1², and they may be fewer"),
    (lambda p, d: (p + 1) ** d, "counts x1 x2 and x2 x1 as two"),
    (lambda p, d: p**d, "counts lists of exactly d variables, where x1 x2 and x2 x1 are two"),
    (lambda p, d: (d + 1) ** p, "lets each variable have a power up to d. Here d bounds the sum "
     "of the powers"),
    (lambda p, d: p * d + 1, "counts the powers of single variables. The mixed products such as "
     "x1 x2 are missing"),
)  # fmt: skip


def _judge_count(answer: Any) -> Feedback:
    shown = quoted(answer)
    exact = False
    if isinstance(answer, sp.Lambda) or (
        callable(answer) and not isinstance(answer, (sp.Basic, type))
    ):
        value = answer
        if answer(1, 1) is ... or answer(1, 1) is None:
            return not_attempted(f"So far {shown} returns nothing.")
    else:
        given = expression(answer, {"p": _P, "d": _D})
        if not given.free_symbols:
            return incorrect(f"{shown} is one number. Give a formula in p and d.")
        if huge := [n for n in given.atoms(sp.Rational) if abs(n.p) > _HUGE and n.q == 1]:
            return incorrect(f"{shown} holds {quoted(huge[0])}. No number of that size is needed.")
        exact = not holds_floats(answer)

        def value(p: int, d: int) -> Any:
            return sp.simplify(given.subs({_P: p, _D: d}).doit())

    @cache  # none is asked for that is not needed
    def counts(p: int, d: int) -> sp.Expr:
        try:
            return exact_number(value(p, d))
        except AnswerError:
            found = value(p, d)
            if not isinstance(found, sp.Basic):
                raise
            words = f"For p = {p} and d = {d}, {shown} gives {quoted(found)}, no number."
            raise AnswerError(words) from None

    def first_gap(formula: Callable[[int, int], Any]) -> tuple[int, int] | None:
        return next((c for c in _CASES if not _equal(counts(*c), formula(*c), exact)), None)

    gap = first_gap(lambda p, d: sp.binomial(p + d, d))
    if gap is None:
        return correct(
            "Write the d factors in a row, with the factor 1 where a variable is missing: d things "
            "out of p + 1, order does not count, repeats allowed."
        )
    for candidate, reason in _NEAR_COUNT:
        if first_gap(candidate) is None:
            return incorrect(f"{shown} {reason}.")
    p, d = gap
    names = f": {', '.join(_listed(p, d))}" if p + d <= 4 else ""
    return incorrect(
        f"For p = {p} and d = {d}, {shown} gives {number_in_words(counts(p, d))}, and there are "
        f"{sp.binomial(p + d, d)}{names}."
    )


def _equal(value: sp.Expr, right: Any, exact: bool) -> bool:
    """Whether a number is the whole number; a float may miss by its rounding."""
    gap = sp.N(value - right, 30)
    return bool(gap.is_number and gap.is_comparable and abs(gap) < (1e-25 if exact else 1e-9))


def _listed(p: int, d: int) -> list[str]:
    """The products of at most d of p variables: 1, x1, x2, x1²."""
    names = [f"x{j}" for j in range(1, p + 1)]
    powers = {1: "", 2: "²", 3: "³"}
    products = [
        " ".join(f"{name}{powers[chosen.count(name)]}" for name in dict.fromkeys(chosen))
        for size in range(d + 1)
        for chosen in combinations_with_replacement(names, size)
    ]
    return ["1", *products[1:]]


q5 = Exercise(
    "Exercise 5",
    _judge_count,
    hints=[
        "Fill up each product to d factors with the factor 1: x1 x2 becomes 1 · x1 · x2 for d = 3.",
        "So you choose d things out of the p + 1 things 1, x1, ..., xp. Order does not count, and "
        "a thing may be taken again. School calls it combinations with repetition.",
        "d things out of m, with repetition: binomial(m + d − 1, d). Here m = p + 1.",
    ],
    solution=(
        "sp.binomial(p + d, d)\n"
        "Choosing d times among the p + 1 factors 1, x1, ..., xp, with repetition and without "
        "order."
    ),
    answer=lambda: sp.binomial(_P + _D, _D),
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
