"""One battery over all exercises: right answers in every form pass, wrong ones get a reason."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import numpy as np
import pytest
import sympy as sp
from answers.wrong import raising

from kernelfit import exercises
from kernelfit.exercises import lesson01, lesson02, lesson09
from kernelfit.exercises.compare import MOST_DIGITS, difference_at, digits_at
from kernelfit.exercises.engine import AnswerError, Exercise, Feedback

n, i, t = sp.Symbol("n"), sp.Symbol("i"), sp.Symbol("t")
x = sp.IndexedBase("x")

LESSONS = {
    info.name: importlib.import_module(f"kernelfit.exercises.{info.name}")
    for info in pkgutil.iter_modules(exercises.__path__)
    if info.name.startswith("lesson")
}
ANSWERS = {name: importlib.import_module(f"answers.{name}") for name in LESSONS}
CASES = {f"{name}.{key}": case for name in LESSONS for key, case in ANSWERS[name].CASES.items()}
FUNCTIONS = [f"{name}.{key}" for name in LESSONS for key in getattr(ANSWERS[name], "FUNCTIONS", ())]
EXERCISES: dict[str, Exercise] = {
    f"{name}.{key}": value
    for name, module in LESSONS.items()
    for key, value in vars(module).items()
    if isinstance(value, Exercise)
}
ALL = [pytest.param(name, id=name.replace(".", "-")) for name in EXERCISES]


def answers(exercise: Exercise) -> tuple[Any, ...]:
    """The solution as the arguments of check: a judge of two or more takes a tuple apart."""
    answer = exercise.answer()
    return answer if exercise.takes > 1 else (answer,)


def test_the_battery_knows_every_lesson_and_every_exercise() -> None:
    assert set(LESSONS) == set(exercises.__all__)
    assert set(CASES) == set(EXERCISES)


@pytest.mark.parametrize("name", ALL)
def test_the_solution_passes(name: str) -> None:
    exercise = EXERCISES[name]
    said = exercise.check(*answers(exercise))
    assert said.status == "correct", said
    assert said.reason


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_other_forms_of_the_right_answer_pass(name: str) -> None:
    right, _ = CASES[name]
    assert len(right) >= 2
    for given in right:
        said = EXERCISES[name].check(*given)
        assert said.status == "correct", (given, said)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_wrong_answers_fail_each_with_a_reason_of_its_own(name: str) -> None:
    _, wrong = CASES[name]
    assert len(wrong) >= 3
    reasons = []
    for given, fragment in wrong:
        said = EXERCISES[name].check(*given)
        assert said.status == "incorrect", (given, said)
        assert fragment in said.reason
        assert not said.reason.endswith("?."), said.reason
        reasons.append(said.reason)
    assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize("name", ALL)
def test_three_dots_are_not_attempted(name: str) -> None:
    exercise = EXERCISES[name]
    for given in ([], [...], [..., ...], [None]):
        assert exercise.check(*given).status == "not attempted"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_whose_body_is_three_dots_is_not_attempted(name: str) -> None:
    assert EXERCISES[name].check(lambda *a: ...).status == "not attempted"


ODD = [
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
]


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_raised_at_a_learner(name: str) -> None:
    for odd in ODD:
        for given in ((odd,), (odd, odd), (odd, odd, odd)):
            said = EXERCISES[name].check(*given)
            assert said.status in ("incorrect", "not attempted"), odd
            assert said.reason, odd
            assert len(said.reason) < 700, odd


@pytest.mark.parametrize("name", ALL)
def test_text_is_never_evaluated(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = "print('EVALUATED')"
    for odd in (
        text,
        [text],
        {"a": text},
        (text, text),
        [[text], [text]],
        [(text, 2), (1, 2), (2, 4), (3, 8)],
        [[text] * 3] * 3,
        [[1, text, 1]] * 4,
        [text] * 11,
        np.array([[text, "1"]]),
        lambda *a: text,
        lambda *a: [text] * 7,
    ):
        for given in ((odd,), (odd, odd)):
            assert EXERCISES[name].check(*given).status != "correct"
    assert "EVALUATED" not in capsys.readouterr().out


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


@pytest.mark.parametrize(
    "huge",
    [
        (1 + t) ** (10**7),
        2 ** (t * 10**8),
        (t**2 + 2) ** (t + 2) ** (10**9),
        (t**2 + 1) ** (-(10**400)),
        sp.factorial(10**8 * (t**2 + 1)),
        sp.exp(sp.exp(sp.exp(sp.exp(t**2 + 9)))),
        (1 - t**2) ** 6 + t ** (10**9) - t ** (10**9 + 2),
    ],
    ids=str,
)
def test_values_of_very_many_digits_are_refused_and_not_computed(huge: sp.Expr) -> None:
    with pytest.raises(AnswerError, match=r"more than 20,000 digits .* Is an exponent typed right"):
        difference_at(huge, (1 - t**2) ** 6)


def test_a_huge_power_is_refuted_where_it_is_small() -> None:
    said = lesson09.q5.check(t ** (10**9))
    assert (said.status, said.reason) == (
        "incorrect",
        "At t = 1 your determinant is 1, and that of the Gram matrix, whose first row is 1, t, t⁴, "
        "t⁹, is 0.",
    )
    assert lesson09.q2.check(sp.Symbol("x") ** sp.Symbol("m") ** (10**9)).status == "incorrect"


def test_the_digits_of_a_value_are_bounded_without_computing_it() -> None:
    for f in (t**40, (1 + t) ** 9 / 7, t ** sp.Rational(-11, 2), sp.factorial(3 * t), t**t):
        value = f.subs(t, 5)
        exact = abs(value**2) if value.is_irrational else abs(value)
        assert max(exact.p, exact.q) <= 10 ** (2 * digits_at(f, {t: sp.Integer(5)}))
    assert digits_at(t ** (10**9), {t: sp.Integer(2)}) == pytest.approx(301029995.66)
    assert digits_at(1 ** (t**40), {t: sp.Integer(2)}) == 0
    assert digits_at(sp.exp(t) ** 5, {t: sp.Integer(9)}) < 3 < MOST_DIGITS


def test_feedback_escapes_what_a_learner_typed() -> None:
    said = Feedback("incorrect", "<script>alert(1)</script>", "Exercise 1")
    assert "<script>" not in said._repr_html_()
