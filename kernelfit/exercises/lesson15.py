"""The exercises of lesson 15: units, holes, and a report on a table of one's own."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import sympy as sp

from kernelfit import InputError, RankWarning
from kernelfit.datasets import load
from kernelfit.exercises.analysis import judge_report
from kernelfit.exercises.compare import at, difference_at, entries, expression, number, points
from kernelfit.exercises.engine import (
    AnswerError,
    Exercise,
    Feedback,
    Progress,
    correct,
    incorrect,
    quoted,
)
from kernelfit.polynomial import PolynomialRegression
from kernelfit.selection import choose_degree
from kernelfit.table import read_table

# Exercise 1: the ridge of a line in other units --------------------------------------------------

_LAM, _S, _U = (sp.Symbol(name, positive=True) for name in ("lambda", "s", "u"))
_T, _B = (sp.Symbol(name, real=True) for name in ("t", "b"))
_NAMES = {str(symbol): symbol for symbol in (_LAM, _S, _T, _U, _B)}
_RIDGE = _S**2 * _LAM
_RIDGE_SLIPS = (
    (_LAM, "is the ridge of bells, which see the same distances in either unit. The penalty of a "
     "line is λ c_1², and c_1 changes"),
    (_LAM / _S**2, "goes the wrong way. In centuries the slope is 100 times as large as in years, "
     "and the same λ would press 10 000 times as hard"),
    (_S * _LAM, "has s once. What is pressed is the square of the slope"),
    (_S**2 * _LAM / _U**2, "divides by u². The squared residuals are multiplied by u² as well"),
    (_U**2 * _LAM, "has the unit of y alone. Both parts of the sum are multiplied by u²: what is "
     "left?"),
    (_S**2 * _U**2 * _LAM, "has a u² too many. Both parts of the sum are multiplied by it"),
    (_U**2 * _LAM / _S**2, "is by what c_1² is multiplied. By what must λ be, so that both parts "
     "keep their weight?"),
)  # fmt: skip
_A_UNIT = ({_LAM: 3, _S: 2, _T: 1, _U: 5, _B: 7},)


def _judge_formula(
    answer: Any,
    names: dict[str, sp.Symbol],
    numbers: Sequence[dict[sp.Symbol, int]],
    right: sp.Expr,
    slips: Sequence[tuple[sp.Expr, str]],
    why: str,
) -> Feedback:
    """Compare a formula with the right one, tried at these places first, and with known slips."""
    given = expression(answer, names)
    first = [{symbol: sp.Integer(value) for symbol, value in place.items()} for place in numbers]
    point = difference_at(given, right, first)
    if point is None:
        return correct(why)
    for slip, words in slips:
        if difference_at(given, slip, first) is None:
            return incorrect(f"{quoted(answer)} {words}.")
    got, want = given.subs(point), right.subs(point)
    return incorrect(f"For {at(point)} yours is {quoted(got)}, and it must be {quoted(want)}.")


def _judge_ridge(answer: Any) -> Feedback:
    why = (
        "s² λ. The new slope is (u/s) c_1, so λ' c_1'² = u² λ c_1², and the squared residuals "
        "have the same u². Where a ridge has a unit, its number is nothing without it."
    )
    return _judge_formula(answer, _NAMES, _A_UNIT, _RIDGE, _RIDGE_SLIPS, why)


q1 = Exercise(
    "Exercise 1",
    _judge_ridge,
    hints=[
        "Write both sums down: Σ(y − c_0 − c_1 x)² + λ c_1² and the same with primes.",
        "The cell above has the new slope, u c_1 / s, and every residual is multiplied by u.",
        "u² Σ(…)² + λ' u² c_1² / s² has to be a multiple of Σ(…)² + λ c_1².",
    ],
    solution=(
        "new_ridge = s**2 * lam\n"
        "In the new units the sum is u² Σ(y − c_0 − c_1 x)² + λ' (u c_1 / s)². It is u² times the "
        "old one if λ' / s² = λ."
    ),
    answer=lambda: _RIDGE,
)


# Exercise 2: which rows take no part -------------------------------------------------------------

BUOY = """\
# buoy 3, harbour
time [h];level [m];battery
0;4,10;full
1;4,25;
2;n/a;full
;;
3;4.40;full
4;0;full
5;4,71 m;low
six;4,80;low
7;４,９;low
"""
_LOST = (5, 7, 10)


def _judge_lost(answer: Any) -> Feedback:
    given = sorted(answer) if isinstance(answer, (set, frozenset)) else entries(answer)
    if given is None:
        raise AnswerError(f"{quoted(answer)} is one thing. Give the lines in a list.")
    lines = sorted(number(item) for item in given)
    if lines == list(_LOST):
        return correct(
            "n/a stands for nothing. 4.40 has a point where all others have a comma: 4.4 or 440, "
            "and nobody may guess. “six” is a word. The empty battery in line 4 does no harm, 0 is "
            "a number, and so is ４,９."
        )
    return incorrect(f"{quoted(answer)}: {_about_the_lines(lines)}")


def _about_the_lines(lines: list[float]) -> str:
    if lines in ([line - 1 for line in _LOST], [line - 3 for line in _LOST]):
        return "right rows, but counted in another way. The first line of the file is line 1."
    why = {
        1: "line 1 is a comment, no row.",
        2: "line 2 holds the names, it is no row.",
        4: "in line 4 only the battery is missing, and that is neither x nor y.",
        6: "line 6 is no row at all: it holds nothing but separators.",
        8: "in line 8 the level is 0, which is a number.",
        9: "4,71 m is a number in the unit of the column.",
        11: "４,９ are full-width digits of a Japanese keyboard, and a number.",
    }
    for line, words in why.items():
        if line in lines:
            return words
    missing = {
        5: "n/a in line 5 stands for no number.",
        7: "look at line 7 beside the others: is 4.40 written as they are?",
        10: "line 10 has a word where the time should be.",
    }
    for line, words in missing.items():
        if line not in lines:
            return words
    return "these are not lines of the file, which has 11, counted from 1."


q2 = Exercise(
    "Exercise 2",
    _judge_lost,
    hints=[
        "A row takes part if both its time and its level are numbers, whatever the battery says.",
        "Which decimal mark has this file? Which level is not written with it?",
        "pair = read_table(lesson15.BUOY.encode()).pair('time', 'level'), and then pair.left_out.",
    ],
    solution=(
        "lost = [5, 7, 10]\n"
        "read_table(lesson15.BUOY.encode()).pair('time', 'level').left_out is (5, 7, 10). Line 6 "
        "is empty and counts as no row; line 4 lacks a battery, which is in neither column."
    ),
    answer=lambda: list(read_table(BUOY.encode(), name="buoy").pair("time", "level").left_out),
)


# Exercise 3: holes filled with the mean ----------------------------------------------------------

_M, _N = (sp.Symbol(name, positive=True) for name in ("m", "n"))
_FACTOR = _M / _N
_FACTOR_SLIPS = (
    (sp.Integer(1), "would be no change. Where does a filled point pull the line?"),
    (_N / _M, "is upside down: it would make the line steeper"),
    (1 - _M / _N, "is the share that is missing. If nothing is missing, the factor is 1"),
    (_M**2 / _N**2, "counts the loss twice. It is in S_xy alone; S_xx is that of all n"),
    (sp.sqrt(_M / _N), "is a root of it. In the slope S_xy / S_xx no root is taken"),
    (sp.Integer(0), "would be a level line. The m measured points still pull"),
    (_M / (_N - _M), "compares measured with filled points. Compare with all n"),
)  # fmt: skip


def _judge_factor(answer: Any) -> Feedback:
    why = (
        "m/n. The filled points lie at the level of the mean: they add nothing to S_xy, and "
        "their share to S_xx. Every third distance lost makes the slope two thirds of itself."
    )
    numbers = ({_M: 2, _N: 3}, {_M: 3, _N: 4})
    return _judge_formula(answer, {"m": _M, "n": _N}, numbers, _FACTOR, _FACTOR_SLIPS, why)


q3 = Exercise(
    "Exercise 3",
    _judge_factor,
    hints=[
        "Lesson 01: the slope is S_xy / S_xx, with Σ(x − x̄)(y − ȳ) for the one and Σ(x − x̄)² for "
        "the other.",
        "What does a point whose y is ȳ add to Σ(x − x̄)(y − ȳ)? And to Σ(x − x̄)²?",
        "The upper sum is that of the m measured points, the lower one n/m times theirs.",
    ],
    solution=(
        "factor = m / n\n"
        "A filled point adds (x − x̄) · 0 above and (x − x̄)² below. So the sum above is that of "
        "the m points and the sum below that of all n."
    ),
    answer=lambda: _FACTOR,
)


# Exercise 4: small residuals and bad predictions -------------------------------------------------

_COUNT = 6
_SIX = [(0, 0), (1, 0), (2, 2), (3, 4), (4, 4), (5, 4)]


def _judge_six(answer: Any) -> Feedback:
    pairs = points(answer, _COUNT)
    x, y = np.array(pairs, dtype=np.float64).T
    if len(set(x)) < 5:
        return incorrect(
            f"Your points have {len(set(x))} different x. With one of them left out a cubic needs "
            f"4: give at least 5 different x."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RankWarning)
            left = np.sqrt(choose_degree(x, y, [1, 3]).mean_squared_error)
            line, cubic = (
                float(np.sum(PolynomialRegression(d).fit(x, y).residuals_ ** 2)) for d in (1, 3)
            )
    except InputError as refusal:
        raise AnswerError(f"{quoted(answer)}: {refusal}") from None
    if line <= 1e-18 * float(np.sum((y - y.mean()) ** 2)):
        return incorrect("Your points lie on a line. No cubic can have less than its residuals.")
    if not 2 * cubic < line:
        return incorrect(
            f"The squared residuals add up to {line:.4g} for the line and {cubic:.4g} for the "
            f"cubic: {cubic / line:.0%}, and less than half is asked for."
        )
    if not np.isfinite(left[1]):
        return incorrect(
            "Your cubic passes through a point whatever its y, because no other has that x and too "
            "few are left: its error is undefined. Spread the x."
        )
    if not left[1] > 2 * left[0]:
        return incorrect(
            f"The cubic has {cubic / line:.0%} of the line's squared residuals. But its typical "
            f"miss of a point left out is {left[1]:.4g}, the line's is {left[0]:.4g}: more than "
            f"twice as large is asked for."
        )
    return correct(
        f"The cubic has {cubic / line:.0%} of the line's squared residuals, and misses a point "
        f"that is left out by {left[1]:.4g} where the line misses it by {left[0]:.4g}. With six "
        f"points a cubic follows each of them."
    )


q4 = Exercise(
    "Exercise 4",
    _judge_six,
    hints=[
        "The ends have the largest leverage. A cubic bends to them, and without them it leaves.",
        "Begin with six points of a line and move some up or down, so that they make an S.",
        "Try the x from 0 to 5 with y = 0, 0, 2, 4, 4, 4, and look at both numbers.",
    ],
    solution=(
        "points = [(0, 0), (1, 0), (2, 2), (3, 4), (4, 4), (5, 4)]\n"
        "The cubic leaves 23 % of the line's squared residuals. Left out in turn, the points are "
        "missed by 2.2 with the cubic and by 1.0 with the line."
    ),
    answer=lambda: list(_SIX),
)


# Exercise 5: a report ----------------------------------------------------------------------------

q5 = Exercise(
    "Exercise 5",
    judge_report,
    hints=[
        "Begin with the units, and with the model that the workbench shows to be the simplest of "
        "those that miss least.",
        "For a polynomial np.sqrt(kf.choose_degree(x, y, [degree]).mean_squared_error[0]) is the "
        "error, for a kernel fit the root of the mean of leave_one_out_residuals_**2.",
        "fit = model.fit(x, y), then fit.predict([place])[0] is what it says. It was tested there "
        "if x.min() <= place <= x.max().",
    ],
    solution=(
        'report = {"x": year, "y": flow, "units": ("year", "10⁸ m³"),\n'
        '          "model": kf.PolynomialRegression(4), "error": 139.6,\n'
        '          "at": 1980, "says": 509, "tested": False}\n'
        "That is the Nile; for your own table the numbers are others, and the questions the same."
    ),
    answer=lambda: {
        "x": load("nile").x,
        "y": load("nile").y,
        "units": ("year", "10⁸ m³"),
        "model": PolynomialRegression(4),
        "error": 139.6,
        "at": 1980,
        "says": 509,
        "tested": False,
    },
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
