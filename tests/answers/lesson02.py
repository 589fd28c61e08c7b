"""Answers to the exercises of lesson02: two equations."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from answers.wrong import raising

import kernelfit as kf

c0, c1 = sp.symbols("c0 c1")  # without the assumptions of the lesson: matched by name
x1, x2, x3, y1, y2, y3 = sp.symbols("x1 x2 x3 y1 y2 y3")
mx, my = (x1 + x2 + x3) / 3, (y1 + y2 + y3) / 3
ABOVE = (x1 - mx) * (y1 - my) + (x2 - mx) * (y2 - my) + (x3 - mx) * (y3 - my)
BELOW = (x1 - mx) ** 2 + (x2 - mx) ** 2 + (x3 - mx) ** 2
Y_BELOW = (y1 - my) ** 2 + (y2 - my) ** 2 + (y3 - my) ** 2
NAIVE = (3 * (x1 * y1 + x2 * y2 + x3 * y3) - (x1 + x2 + x3) * (y1 + y2 + y3)) / (
    3 * (x1**2 + x2**2 + x3**2) - (x1 + x2 + x3) ** 2
)
t, s = sp.symbols("t s")


def naive(u: Any, v: Any) -> Any:
    return (len(u) * (u @ v) - u.sum() * v.sum()) / (len(u) * (u @ u) - u.sum() ** 2)


def shifted_by_first(u: Any, v: Any) -> Any:
    d = u - u[0]
    return ((d - d.mean()) @ v) / ((d - d.mean()) @ (d - d.mean()))


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q2": (
        [
            (((x1 - mx) * y1 + (x2 - mx) * y2 + (x3 - mx) * y3) / BELOW,),
            (sp.Matrix([ABOVE / BELOW]),),
        ],
        [
            ((ABOVE / Y_BELOW,), "slope for predicting x from y"),
            ((BELOW / ABOVE,), "upside down"),
            ((ABOVE,), "is the numerator"),
            (((y1 - my + y2 - my + y3 - my) / (x1 - mx),), "is 0 for all x and y"),
            (((x1 * y1 + x2 * y2 + x3 * y3) / (x1**2 + x2**2 + x3**2),), "the slope is -21/19"),
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
    "q1": (
        [
            (lambda u: len(set(u)) == 1,),
            (lambda u: len(u) * sum(v**2 for v in u) == sum(u) ** 2,),
            (lambda u: np.bool_(max(u) == min(u)),),
        ],
        [
            ((lambda u: len(u) < 2,), "all x are equal: D = 0"),
            ((lambda u: len(set(u)) < len(u),), "says False, but all x are equal"),
            ((lambda u: len(set(u)) == 1 or sum(u) == 0,), "For x = [-1, 1]"),
            ((lambda u: u[0] == u[-1],), "says True, but two of the x differ"),
            (
                (lambda u: len(u) * sum(v**2 for v in u) - sum(u) ** 2,),
                "gives 0, which is not True",
            ),
            ((lambda u: "yes",), "gives yes, which is not True or False"),
            ((raising,), "raises RuntimeError: my mistake"),
            ((lambda u: [v == u[0] for v in u] + [True],), "gives [True, True], which is not"),
            ((lambda u: float(max(u)) == float(min(u)),), "1 + 10⁻²⁰"),
            ((True,), "is not a function"),
        ],
    ),
    "q3": (
        [
            ((1 + 2 * s, 1 - s), (0.6, 1.2)),
            (sp.Matrix([3 - 2 * t, t]), [Fraction(3, 5), Fraction(6, 5)]),
            (sp.linsolve([c0 + 2 * c1 - 3], [c0, c1]), (0.6, 1.2)),
        ],
        [
            (((3 + 2 * t, t), (0.6, 1.2)), "the fit at x = 2 is 4*t + 3"),
            (((t, 3 - 2 * t), (0.6, 1.2)), "the fit at x = 2 is 6 - 3*t"),
            (((3 - 2 * t, t), (1.2, 0.6)), "(1.2, 0.6) is not on it"),
            (((3, 0), (0.6, 1.2)), "exactly one free symbol"),
            (((3 - 2 * t, t), (3, 0)), "there is a shorter one"),
            (((3 - 2 * t, t), (0, 0)), "is not on it"),
            (((3 - 2 * t**2, t**2), (0.6, 1.2)), "let c1 be a + b t"),
            (((3 - 2 * sp.I * t, sp.I * t), (0.6, 1.2)), "with real a and b"),
            ((5, (0.6, 1.2)), "as a pair"),
        ],
    ),
    "q4": (
        [
            (shifted_by_first,),
            (lambda u, v: kf.LinearRegression().fit(u, v).coef_,),
            (lambda u, v: np.polyfit(u - u.mean(), v, 1)[0],),
        ],
        [
            ((naive,), "x = [100000000.0, 100000001.0, 100000002.0]"),
            ((lambda u, v: (v[-1] - v[0]) / (u[-1] - u[0]),), "the slope is 0.9"),
            (
                (lambda u, v: np.polyfit(u, v, 1),),
                "not one number. Return the slope alone, here 0.9",
            ),
            ((lambda u, v: (u - u.mean()) @ (v - v.mean()),), "gives 4.5; the slope is 0.9"),
            ((lambda u, v: naive(v, u),), "x = [0.0, 1.0, 2.0, 3.0]"),
            ((raising,), "raises RuntimeError"),
            ((2.0,), "is not a function"),
        ],
    ),
}

# Exercises that ask for a function.
FUNCTIONS = ("q1", "q4")
