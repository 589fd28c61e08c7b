"""Answers to the exercises of lesson07: tables, and points that catch impostors."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

h, u = sp.symbols("h u")
HALF = sp.Rational(1, 2)
TINY = sp.Rational(1, 10**12)
ROOT = sp.sqrt(2)
EDGE = sp.nsolve(u**3 + u**2 + u - 1, 0.5)
H0 = (-sp.log(EDGE) / 2) ** sp.Rational(1, 3)


def far_and_near(a: Any, b: Any) -> Any:
    """Another way to catch the sigmoid: one point for all of the easy cases."""
    if b < 0 or a < 0:
        return [0 if b < 0 else math.sqrt((b + 5) / abs(a))]
    near = Fraction(1, 100)
    return np.array([float(near), (float(b) + 2) / (a * float(near))])


def many(a: float, b: float) -> list[float]:
    found = far_and_near(a, b)
    return [*found, 3]


def by_cases(a: float, b: float) -> list[float]:
    if b < 0:
        return [0]
    if a < 0:
        return [((b + 1) / -a) ** 0.5]
    near = 0.1 / a**0.5
    return [near, (b + 3) / (a * near)]


def at_one_two(a: float, b: float) -> list[int]:
    return [1, 2]


def without_negative_a(a: float, b: float) -> list[float]:
    return far_and_near(a, b) if a > 0 else [0.01]


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            ([[0, 1], [-1, 0]],),
            (sp.Matrix([[1, 2], [-2, 5]]),),
            (np.array([[1.0, 1.0], [0.5, 1.0]]),),
            ([[1, ROOT], [2 - ROOT, 1]],),
            ([[4, 1], [3, 1]],),
            (((1, 1 + TINY), (1 - TINY, 1)),),
        ],
        [
            (([[1, 0], [0, 1]],), "is symmetric"),
            (([[1, 2], [2, 1]],), "k(x₁, x₂) and k(x₂, x₁) are both 2"),
            (([[1, 3], [0, 1]],), "the weights -3/2, 1 the form is -5/4"),
            (([[-1, 1], [-1, 1]],), "the weights 1, 0 the form is -1"),
            (([[1, 1], [-1, -1]],), "the weights 0, 1 the form is -1"),
            (([[0, 1], [0, 5]],), "the weights -6, 1 the form is -1"),
            (([[1, 1 + TINY], [1, 1]],), "below 0"),
            (([[1, 1, 0], [-1, 1, 0], [0, 0, 1]],), "has the shape 3 × 3"),
            (([1, 1, -1, 1],), "each row must be a list"),
            (([[1, 1], [-1, float("nan")]],), "nan is not a real number"),
            (([[1, 1], [-1, h]],), "h is a symbol"),
            (([["1", "1"], ["-1", "1"]],), "1 is text"),
            (("no",), "no is not a matrix"),
            (([[10**5000, 1], [-1, 1]],), "larger or longer than is needed"),
            (([[0, 1], [0, 0]],), "the weights -1, 1 the form is -1"),
            (([[1, 2], [3, 4]],), "the weights -5/2, 1 the form is -9/4"),
        ],
    ),
    "q2": (
        [
            ([0, 3], [1, -1]),
            ([0.1, -2.5], np.array([1.0, -1.0])),
            ((Fraction(1, 3), sp.pi), (5, -5)),
            (sp.Matrix([0, ROOT]), sp.Matrix([-2, 1.5])),
            ([-1, 0, 1], [1, 0, -1]),
            ([0, 1, 1, 0], [1, -1, 0, 0]),
            ((0, 1), (1.0, -1.0)),
            ([0, TINY], [1, -1]),
        ],
        [
            (([0, 1], [1, 1]), "the form is 6, not below 0. All values"),
            (([0, 1], [0, 0]), "the form is 0, as it is for every k"),
            (([0, 0], [1, -1]), "the form is 0, not below 0. One point"),
            (([sp.sqrt(3 + 2 * ROOT), 1 + ROOT], [1, -1]), "not below 0. One point"),
            (([2], [-3]), "At 2 with the weights -3 the form is 9"),
            (([0, 1], [1, -10]), "the form is 61, not below 0. These points will do"),
            (([0, 1], [1, -1, 1]), "has 3 weights, and there are 2 points"),
            (([0, 1], 1), "1 has 1 weight, and there are 2 points"),
            (([], []), "There is no point in it"),
            ((3, -1), "3 is a int. Give a list of points"),
            (([0, "1"], [1, -1]), "1 is text"),
            (("01", [1, -1]), "01 is text"),
            (([0, sp.I], [1, -1]), "I is not a real number"),
            (([0, h], [1, -1]), "h is a symbol"),
            ((list(range(9)), [1] * 9), "These are 9 points"),
            (([0, 10**41], [1, -1]), "is larger or longer"),
            (([0, float("inf")], [1, -1]), "inf is not a real number"),
            (([(0, 1), (1, 2)], [1, -1]), "(0, 1) is not a real number"),
            (([True, False], [1, -1]), "True is True or False"),
            (([0, 1, 2], [1, -2, 1]), "At 0, 1, 2 with the weights 1, -2, 1 the form is 0"),
            (([0, 1], [-1, -1]), "the form is 6, not below 0. All values of k are positive"),
        ],
    ),
    "q3": (
        [
            ([0, 1, 2], [0, 0.5, 1]),
            (([0, 1, 2], [0, HALF, 1]),),
            ([[0, 1, 2], [0, HALF, 1]],),
            (np.array([5.0, 5.9, 6.8]), sp.Matrix([-1, -1 + ROOT / 3, 0])),
            ([0, 1, 2, 2, 0], [0, 0.2, 0.4]),
            ([0, ROOT / 2, ROOT], (0, sp.pi / 10, sp.pi / 5)),
            (list(range(8)), [sp.Rational(i, 4) for i in range(8)]),
            ([0, 1, 2], [0, 1e-29, 2e-29]),
        ],
        [
            (([0, 1], [0, HALF, 1]), "For the box at 0, 1 the least eigenvalue of K is 0"),
            (([0, 3], [0, HALF, 1]), "passes with any two points"),
            (([0, 1, 1], [0, HALF, 1]), "at 0, 1, 1 the least eigenvalue of K is 0"),
            (([0, HALF, 1], [0, HALF, 1]), "All lie within 1 of each other"),
            (([0, 2, 4], [0, HALF, 1]), "so K = I. Move them together"),
            (([0, 1, 5], [0, HALF, 1]), "at 0, 1, 5 the least eigenvalue of K is 0"),
            (([0, 1, 2], [0, 1, 2]), "For the parabola, cut off, at 0, 1, 2 the least"),
            (([0, 1, 2], [0, 0.7, 1.4]), "7/5 the least eigenvalue of K is 0.279"),
            (([0, 1, 2], [0, HALF]), "For the parabola, cut off, at 0, 1/2"),
            (([0, 1, 2], 3), "3 is a int. Give a list of points"),
            (([0, 1, 2], ["0", "1"]), "0 is text"),
            (([0, 1, float("nan")], [0, HALF, 1]), "nan is not a real number"),
            (([0] * 9, [0, HALF, 1]), "These are 9 points"),
            (([sp.sin(1) ** 2 + sp.cos(1) ** 2, 0, 2], [0, HALF, 1]), "cannot be told exactly"),
            (([0, sp.Rational(1, 10**70), 1], [0, HALF, 1]), "larger or longer than is needed"),
            (([0, 1.5, 3], [0, 0.5, 1]), "For the box at 0, 3/2, 3 the least eigenvalue of K is 1"),
            (([0, 1, 2], [0, 0.9, 1.8]), "For the parabola, cut off, at 0, 9/10, 9/5"),
        ],
    ),
    "q4": (
        [
            (0.6729,),
            (0.672903,),
            (H0,),
            (sp.Interval.open(0, H0),),
            ((0, 0.673),),
            (np.array([0.673]),),
            (Fraction(673, 1000),),
        ],
        [
            ((0.5437,), "0.5437 is the value of u at the edge"),
            ((0.7374,), "0.7374 is the value of e^(−h³)"),
            ((0.3047,), "is h³. Take the third root"),
            ((0.6094,), "is 2h³"),
            ((1.3458,), "is the distance of the outer two points"),
            ((0.8478,), "comes from u = e^(−h³)"),
            ((0.621,), "is where the triangle closes"),
            ((0.6214,), "0.6214 is where the triangle closes"),
            ((1e-300,), "as for all small h"),
            ((0.5,), "still negative: the edge is above 0.5"),
            ((0.672,), "still negative: the edge is above 0.672"),
            ((0.68,), "not negative: 0.68 is above the edge"),
            ((2,), "not negative: 2 is above the edge"),
            ((0,), "0 is no spacing"),
            ((-0.673,), "-0.673 is no spacing"),
            ((h,), "h is not one number"),
            (("0.673",), "0.673 is text"),
            (([0.1, 0.673],), "is not one number"),
            ((sp.Interval(0, sp.oo),), "oo is not a finite number"),
            ((0.67,), "still negative: the edge is above 0.67"),  # two digits of three
            ((0.7937,), "not negative: 0.7937 is above the edge"),  # h³ = 1/2
        ],
    ),
    "q5": (
        [
            (far_and_near,),
            (many,),
            (by_cases,),
            (lambda a, b: (0, -3, Fraction(-1, 2)),),
            (lambda a, b: far_and_near(sp.nsimplify(a), sp.nsimplify(b)),),
            (lambda a, b: [0] if b < 0 else [1e5] if a < 0 else [1e-6, (b + 10) / a * 1e6],),
            (lambda a, b: [0] if b < 0 else [1e5] if a < 0 else [1, 3 + (b + 3) / a],),
        ],
        [
            ((at_one_two,), "at 1, 2 the least eigenvalue of K is"),
            ((lambda a, b: [0],), "For a = 1, b = 0 at 0 the least eigenvalue of K is 0"),
            ((without_negative_a,), "Here one point is enough, if it is far from 0"),
            ((lambda a, b: [1],), "For a = 1, b = -1 at 1 the least eigenvalue of K is 0"),
            ((lambda a, b: [2],), "Here one point is enough: which x has k(x, x) < 0?"),
            (
                (lambda a, b: np.linspace(-4, 4, 3),),
                "For a = 1, b = 0 at -4, 0, 4 the least eigenvalue of K is 0",
            ),
            ((lambda a, b: [0.01, 1e15],), "For a = 1e-33, b = 1 at 1/100"),
            ((lambda a, b: [10.0**i for i in range(-3, 5)],), "These are 8 points; 3"),
            ((lambda a, b: 0,), "For a = 1, b = -1: 0 is a int"),
            ((lambda a, b: [],), "For a = 1, b = -1: There is no point in it"),
            ((lambda a, b: [a / 0],), "could not be checked (ZeroDivisionError"),
            ((lambda a: [0],), "could not be checked (TypeError"),
            ((lambda a, b: [1e50],), "is larger or longer than is needed"),
            ((lambda a, b: ["0"],), "0 is text"),
            (([0, 1],), "[0, 1] is a list. Give the name of a function"),
            ((0,), "0 is a int. Give the name"),
            (("find",), "find is text. Give the name"),
            ((lambda a, b: [0, 1],), "For a = 1, b = 0 at 0, 1"),
            ((lambda a, b: [b / a],), "For a = 1, b = -1 at -1 the least eigenvalue of K is 0"),
        ],
    ),
}

FUNCTIONS = ("q5",)
