"""One battery over all exercises: right answers in every form pass, wrong ones get a reason."""

from __future__ import annotations

import importlib
import pkgutil
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import kernelfit as kf
from kernelfit import exercises
from kernelfit.exercises import lesson00, lesson01, lesson02
from kernelfit.exercises.engine import Exercise, Feedback

n, i = sp.Symbol("n"), sp.Symbol("i")
j = sp.Symbol("j", integer=True)
c0, c1 = sp.symbols("c0 c1")  # without the assumptions of the lesson: matched by name
x, y = sp.IndexedBase("x"), sp.IndexedBase("y")
x1, x2, x3, y1, y2, y3 = sp.symbols("x1 x2 x3 y1 y2 y3")
mx, my = (x1 + x2 + x3) / 3, (y1 + y2 + y3) / 3
ABOVE = (x1 - mx) * (y1 - my) + (x2 - mx) * (y2 - my) + (x3 - mx) * (y3 - my)
BELOW = (x1 - mx) ** 2 + (x2 - mx) ** 2 + (x3 - mx) ** 2
Y_BELOW = (y1 - my) ** 2 + (y2 - my) ** 2 + (y3 - my) ** 2
NAIVE = (3 * (x1 * y1 + x2 * y2 + x3 * y3) - (x1 + x2 + x3) * (y1 + y2 + y3)) / (
    3 * (x1**2 + x2**2 + x3**2) - (x1 + x2 + x3) ** 2
)
t, s = sp.symbols("t s")
r = sp.IndexedBase("r")
IDX = sp.Idx("i", (1, sp.Symbol("n", integer=True)))
RIGHT_1 = -2 * sp.Sum(y[i] - c0 - c1 * x[i], (i, 1, n))


def total(term: Any, index: sp.Symbol = i) -> sp.Sum:
    return sp.Sum(term, (index, 1, n))


def naive(u: Any, v: Any) -> Any:
    return (len(u) * (u @ v) - u.sum() * v.sum()) / (len(u) * (u @ u) - u.sum() ** 2)


def shifted_by_first(u: Any, v: Any) -> Any:
    d = u - u[0]
    return ((d - d.mean()) @ v) / ((d - d.mean()) @ (d - d.mean()))


def raising(*_: Any) -> Any:
    raise RuntimeError("my mistake")


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "lesson00.q1": (
        [(3.0,), (Fraction(9, 3),), ([3],)],
        [
            ((2,), "the one in the middle"),
            ((9,), "9 is the sum"),
            ((4,), "Three times 4 is 12"),
            (("3",), "is text"),
        ],
    ),
    "lesson01.q1": (
        [
            (total(2 * c0 + 2 * c1 * x[i] - 2 * y[i]),),
            (-2 * total(y[IDX] - c0 - c1 * x[IDX], IDX),),
            (2 * n * c0 + 2 * c1 * total(x[j], j) - 2 * total(y[i]),),
        ],
        [
            ((2 * total(y[i] - c0 - c1 * x[i]),), "wrong sign"),
            ((-total(y[i] - c0 - c1 * x[i]),), "is half of it"),
            ((total(y[i] - c0 - c1 * x[i]),), "lacks the factor −2"),
            ((-2 * total(x[i] * (y[i] - c0 - c1 * x[i])),), "derivative with respect to c1"),
            ((-2 * total(y[i] - c0),), "With 1 data point and"),
            ((-2 * (y[i] - c0 - c1 * x[i]),), "stands outside of a Sum"),
            ((-2 * total(y[i] - c0 - c1 * x[i] - t),), "contains t"),
            ((-2 * total(r[i]),), "contains r. Write it out"),
            ((-2 * sp.Sum(y[i] - c0 - c1 * x[i], (i, 1, 11)),), "must end at n, not at 11"),
            ((-2 * sp.Sum(y[i] - c0 - c1 * x[i], (i, 1, sp.oo)),), "must end at n, not at oo"),
            ((RIGHT_1 + (n - 1) * (n - 2) * (n - 3),), "With 5 data points"),
            (("-2*Sum(y - c0 - c1 x)",), "is text"),
            ((sp.Eq(c0, 1),), "is an equation"),
        ],
    ),
    "lesson01.q2": (
        [
            ((3.0000909, 0.5000909),),
            (np.array([3.00009, 0.50009]),),
            ([Fraction(30001, 10000), sp.Rational(5001, 10000)],),
        ],
        [
            (((0.50009, 3.00009),), "the other order"),
            (((3.0, 0.5),), "near, but not right to four digits"),
            (((0, 0.8),), "With c0 = 0 and c1 = 0.8 the residuals add up to"),
            ((3.00009,), "is one thing"),
            (((3, 0.5, 1),), "has 3 entries"),
        ],
    ),
    "lesson01.q3": (
        [
            ((0.5, -0.5),),
            (0.5, -0.5),
            ({"a": 0.5, "b": -0.5},),
            (np.array([[0.5], [-0.5]]),),
            ([Fraction(1, 2), Fraction(-1, 2)],),
        ],
        [
            (((0, 0),), "the second is not"),
            (((-0.5, 0.0),), "the first is not"),
            (((1, 2),), "For a best line both are 0"),
            ((0.5,), "is one thing"),
        ],
    ),
    "lesson01.q4": (
        [(0.3256,), (np.float64(0.32565),), (np.array([0.325648]),)],
        [
            ((0.6463,), "slope of the child on the parents"),
            ((1.547,), "read the other way"),
            ((0.2105,), "With slope 0.2105"),
            (("0.3256",), "0.3256 is text"),
            ((0.326,), "near, but not right to four digits"),
            ((3.07,), "inches of child for an inch of parent"),
        ],
    ),
    "lesson01.q5": (
        [([(3, 8), (1, 2), (0, 2), (2, 4)],), (np.array([[0, 4], [2, 2], [4, 6], [6, 16]]),)],
        [
            (([(0, 1), (1, 2), (2, 6), (3, 7)],), "(0, 1) lies on"),
            (([(0, 2), (1, 4), (2, 6), (3, 8)],), "best line of your points"),
            (([(1, 2), (1, 4), (1, 2), (1, 4)],), "All four points have x = 1"),
            (([(0, 2), (1, 2), (2, 4)],), "give four points"),
            (([(0.5, 3), (1, 2), (2, 4), (3, 8)],), "not a pair of whole numbers"),
            ((7,), "not a list of points"),
            (([(0, 2 + sp.Rational(1, 10**30)), (1, 2), (2, 4), (3, 8)],), "whole numbers"),
            ((np.array([[0, 1, 2, 3], [2, 2, 4, 8]]),), "two rows of four"),
        ],
    ),
    "lesson02.q2": (
        [
            (((x1 - mx) * y1 + (x2 - mx) * y2 + (x3 - mx) * y3) / BELOW,),
            (sp.Matrix([ABOVE / BELOW]),),
        ],
        [
            ((ABOVE / Y_BELOW,), "slope for predicting x from y"),
            ((BELOW / ABOVE,), "upside down"),
            ((ABOVE,), "is the numerator"),
            ((3 * ABOVE / BELOW,), "is 3 times the slope"),
            ((ABOVE / sp.Abs(BELOW - 1),), "At x1 ="),
            ((NAIVE,), "is not made of distances from the means"),
            ((ABOVE / sp.expand(x1 - mx + x2 - mx + x3 - mx),), "divides by 0"),
            ((ABOVE / BELOW + sp.sin(sp.pi * x1),), "your expression is"),
            ((ABOVE / sp.Symbol("xbar"),), "contains xbar"),
            (((y1 - my) / (x1 - mx),), "your expression is"),
            (((y3 - y1) / (x3 - x1),), "does not contain x2, y2"),
            ((1.5,), "does not contain"),
        ],
    ),
    "lesson02.q1": (
        [
            (lambda u: len(set(u)) == 1,),
            (lambda u: len(u) * sum(v**2 for v in u) == sum(u) ** 2,),
            (lambda u: np.bool_(max(u) == min(u)),),
        ],
        [
            ((lambda u: len(u) < 2,), "all x are equal: D = 0"),
            ((lambda u: len(set(u)) < len(u),), "says False, but all x are equal"),
            ((lambda u: len(set(u)) == 1 or sum(u) == 0,), "For x = [-1, 1]"),
            ((lambda u: "yes",), "gives yes, which is not True or False"),
            ((raising,), "raises RuntimeError: my mistake"),
            ((lambda u: [v == u[0] for v in u] + [True],), "gives [True, True], which is not"),
            ((lambda u: float(max(u)) == float(min(u)),), "1 + 10⁻²⁰"),
            ((True,), "is not a function"),
        ],
    ),
    "lesson02.q3": (
        [
            ((1 + 2 * s, 1 - s), (0.6, 1.2)),
            (sp.Matrix([3 - 2 * t, t]), [Fraction(3, 5), Fraction(6, 5)]),
            (sp.linsolve([c0 + 2 * c1 - 3], [c0, c1]), (0.6, 1.2)),
        ],
        [
            (((3 + 2 * t, t), (0.6, 1.2)), "the fit at x = 2 is 4*t + 3"),
            (((3, 0), (0.6, 1.2)), "exactly one free symbol"),
            (((3 - 2 * t, t), (3, 0)), "there is a shorter one"),
            (((3 - 2 * t, t), (0, 0)), "is not on it"),
            (((3 - 2 * t**2, t**2), (0.6, 1.2)), "let c1 be a + b t"),
            (((3 - 2 * sp.I * t, sp.I * t), (0.6, 1.2)), "with real a and b"),
            ((5, (0.6, 1.2)), "as a pair"),
        ],
    ),
    "lesson02.q4": (
        [
            (shifted_by_first,),
            (lambda u, v: kf.LinearRegression().fit(u, v).coef_,),
            (lambda u, v: np.polyfit(u - u.mean(), v, 1)[0],),
        ],
        [
            ((naive,), "x = [100000000.0, 100000001.0, 100000002.0]"),
            ((lambda u, v: (v[-1] - v[0]) / (u[-1] - u[0]),), "the slope is 0.9"),
            ((lambda u, v: naive(v, u),), "x = [0.0, 1.0, 2.0, 3.0]"),
            ((raising,), "raises RuntimeError"),
            ((2.0,), "is not a function"),
        ],
    ),
}

LESSONS = {"lesson00": lesson00, "lesson01": lesson01, "lesson02": lesson02}
EXERCISES: dict[str, Exercise] = {
    f"{name}.{key}": value
    for name, module in LESSONS.items()
    for key, value in vars(module).items()
    if isinstance(value, Exercise)
}
ALL = [pytest.param(name, id=name.replace(".", "-")) for name in EXERCISES]


def answers(exercise: Exercise) -> tuple[Any, ...]:
    answer = exercise.answer()
    return answer if exercise is lesson02.q3 else (answer,)


def test_the_battery_knows_every_lesson_and_every_exercise() -> None:
    modules = {m.name for m in pkgutil.iter_modules(exercises.__path__) if "lesson" in m.name}
    assert modules == set(LESSONS)
    for name in modules:
        importlib.import_module(f"kernelfit.exercises.{name}")
    assert set(CASES) == set(EXERCISES)


@pytest.mark.parametrize("name", ALL)
def test_the_solution_passes(name: str) -> None:
    exercise = EXERCISES[name]
    said = exercise.check(*answers(exercise))
    assert said.status == "correct", said
    assert said.reason


@pytest.mark.parametrize("name", ALL)
def test_other_forms_of_the_right_answer_pass(name: str) -> None:
    right, _ = CASES[name]
    assert len(right) >= 2
    for given in right:
        said = EXERCISES[name].check(*given)
        assert said.status == "correct", (given, said)


@pytest.mark.parametrize("name", ALL)
def test_wrong_answers_fail_each_with_a_reason_of_its_own(name: str) -> None:
    _, wrong = CASES[name]
    assert len(wrong) >= 3
    reasons = []
    for given, fragment in wrong:
        said = EXERCISES[name].check(*given)
        assert said.status == "incorrect", (given, said)
        assert fragment in said.reason
        reasons.append(said.reason)
    assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize("name", ALL)
def test_three_dots_are_not_attempted(name: str) -> None:
    exercise = EXERCISES[name]
    for given in ([], [...], [..., ...], [None]):
        assert exercise.check(*given).status == "not attempted"


@pytest.mark.parametrize("name", ["lesson02.q1", "lesson02.q4"])
def test_a_function_whose_body_is_three_dots_is_not_attempted(name: str) -> None:
    assert EXERCISES[name].check(lambda *a: ...).status == "not attempted"


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "odd",
    [
        object(),
        "__import__('os')",
        b"x",
        {},
        [],
        (),
        [None, None],
        float("nan"),
        sp.nan,
        sp.oo,
        sp.Matrix([[1, 2], [3, 4]]),
        np.zeros((2, 2)),
        1j,
        sp.I,
        True,
        int,
        raising,
        10**400,
        [[[1]]],
        sp.Symbol("q"),
        x,
        x[i],
        sp.Sum(x[i], (i, 1, n)),
        lambda: 1,
    ],
    ids=lambda odd: type(odd).__name__,
)
def test_nothing_is_raised_at_a_learner(name: str, odd: Any) -> None:
    for given in ((odd,), (odd, odd), (odd, odd, odd)):
        said = EXERCISES[name].check(*given)
        assert said.status in ("incorrect", "not attempted")
        assert said.reason
        assert len(said.reason) < 700


@pytest.mark.parametrize("name", ALL)
def test_hints_lead_on_and_the_solution_has_a_reason(name: str) -> None:
    exercise = EXERCISES[name]
    assert len(exercise.hints) == 3
    for number in (1, 2, 3):
        assert exercise.hints[number - 1] in repr(exercise.hint(number))
    assert "There is a hint 2." in repr(exercise.hint())
    for number in (0, 4, "2", None):
        assert "hints 1 to 3" in repr(exercise.hint(number))  # type: ignore[arg-type]
    assert "\n" in exercise.solution().text


def test_progress_counts_what_was_checked() -> None:
    for exercise in (lesson01.q1, lesson01.q2, lesson01.q3, lesson01.q4, lesson01.q5):
        exercise.status = "not attempted"
    assert "0 of 5 done." in repr(lesson01.progress())
    lesson01.q3.check((0.5, -0.5))
    lesson01.q4.check(3)
    text = repr(lesson01.progress())
    assert "1 of 5 done." in text
    assert "✓ Exercise 3" in text
    assert "✗ Exercise 4" in text
    lesson01.q3.check(0)
    assert "✓ Exercise 3" in repr(lesson01.progress())  # what is done stays done


def test_half_an_answer_is_judged_as_far_as_it_goes() -> None:
    said = lesson02.q3.check((3 - 2 * t, t), ...)
    assert (said.status, said.reason) == (
        "not attempted",
        "The line is right. Now the shortest of its points.",
    )
    assert lesson02.q3.check((3 + 2 * t, t), ...).status == "incorrect"


def test_leaving_python_is_no_way_out() -> None:
    assert lesson02.q4.check(lambda u, v: (_ for _ in ()).throw(SystemExit)).status == "incorrect"


def test_feedback_escapes_what_a_learner_typed() -> None:
    said = Feedback("incorrect", "<script>alert(1)</script>", "Exercise 1")
    assert "<script>" not in said._repr_html_()
