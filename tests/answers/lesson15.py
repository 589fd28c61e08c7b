"""Answers to the exercises of lesson15: units, holes, and a report."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp
from answers.wrong import raising

from kernelfit import Gaussian, KernelRegression, LinearRegression, PolynomialRegression, load

lam, s, t, u, b, m, n = sp.symbols("lambda s t u b m n")  # without assumptions
six = [(0, 0), (1, 0), (2, 2), (3, 4), (4, 4), (5, 4)]
nile, cars = load("nile"), load("stopping_distance")
KERNEL = KernelRegression(Gaussian(9.9), ridge=0.1, fit_intercept=True)
REPORT = {
    "x": nile.x,
    "y": nile.y,
    "units": ("year", "10⁸ m³"),
    "model": PolynomialRegression(4),
    "error": 139.558,
    "at": 1980,
    "says": 509.4,
    "tested": False,
}
CARS = {
    "x": list(cars.x),
    "y": tuple(cars.y),
    "units": ["mph", "ft"],
    "model": LinearRegression(),
    "error": np.float64(15.7),
    "at": 10.0,
    "says": sp.Float(21.7),
    "tested": True,
}

# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (s**2 * lam,),
            (lam * s * s,),
            (sp.Symbol("lambda", positive=True) * sp.Symbol("s", positive=True) ** 2.0,),
            ([sp.expand((s + 1) * s * lam - s * lam)],),
        ],
        [
            ((lam,), "is the ridge of bells"),
            ((lam / s**2,), "goes the wrong way"),
            ((lam * s,), "has s once"),
            ((lam * s**2 / u**2,), "divides by u²"),
            ((lam * u**2,), "has the unit of y alone"),
            ((lam * s**2 * u**2,), "has a u² too many"),
            ((lam * u**2 / s**2,), "is by what c_1² is multiplied"),
            ((lam * (s + t) ** 2,), "yours is 27, and it must be 12"),
            ((lam / s,), "yours is 3/2, and it must be 12"),
            ((lam * s**2 + b,), "For lambda = 3, s = 2, t = 1"),
            ((lam * s**2 * (1 + sp.Rational(1, 10**9)),), "For lambda = 3"),
            ((lam * m,), "contains m, which stands for nothing"),
            (("s**2*lambda",), "is text"),
            ((lambda s: s,), "That is a function"),
        ],
    ),
    "q2": (
        [
            ([5, 7, 10],),
            ((10, 5, 7),),
            ({5, 7, 10},),
            (np.array([5, 7, 10]),),
            ([5.0, sp.Integer(7), 10],),
            (5, 7, 10),
        ],
        [
            (([4, 6, 9],), "counted in another way"),
            (([2, 4, 7],), "right rows, but counted"),
            (([5, 10],), "look at line 7 beside the others"),
            (([7, 10],), "n/a in line 5"),
            (([5, 7],), "line 10 has a word"),
            (([4, 5, 7, 10],), "only the battery is missing"),
            (([5, 6, 7, 10],), "it holds nothing but separators"),
            (([5, 7, 8, 10],), "the level is 0"),
            (([5, 7, 9, 10],), "4,71 m is a number"),
            (([5, 7, 10, 11],), "full-width digits"),
            (([5, 6, 7, 8, 10],), "line 6 is no row at all"),
            (([],), "n/a in line 5 stands for no number"),
            (([1, 5, 7, 10],), "line 1 is a comment"),
            (([2, 5, 7, 10],), "line 2 holds the names"),
            (([5, 7, 10, 12],), "these are not lines of the file"),
            ((5,), "5 is one thing"),
            ((["5", 7, 10],), "5 is text"),
            (([5, 7, 10, float("nan")],), "not a finite number"),
        ],
    ),
    "q3": (
        [
            (m / n,),
            (1 - (n - m) / n,),
            (sp.Symbol("m", positive=True) / sp.Symbol("n", positive=True),),
            (1 / (n / m),),
        ],
        [
            ((sp.Integer(1),), "would be no change"),
            ((n / m,), "is upside down"),
            ((1 - m / n,), "is the share that is missing"),
            ((m**2 / n**2,), "counts the loss twice"),
            ((sp.sqrt(m / n),), "is a root of it"),
            ((0,), "would be a level line"),
            ((m / (n - m),), "compares measured with filled points"),
            (((m - 1) / (n - 1),), "For m = 2, n = 3 yours is 1/2, and it must be 2/3"),
            ((2 / 3,), "For m = 3, n = 4 yours is 2/3, and it must be 3/4"),
            ((m / (m + n),), "yours is 2/5, and it must be 2/3"),
            ((m / t,), "contains t, which stands for nothing"),
            (("m/n",), "is text"),
        ],
    ),
    "q4": (
        [
            (six,),
            (np.array(six),),
            (sp.Matrix(six),),
            ([(10 * x, 3 - 2 * y) for x, y in six],),
            (tuple(six),),
        ],
        [
            (([(x, x) for x in range(6)],), "Your points lie on a line"),
            (([(x, x**3) for x in range(6)],), "But its typical miss of a point left out is"),
            (([(x, (-1) ** x) for x in range(6)],), "and less than half is asked for"),
            (([(x % 4, x) for x in range(6)],), "Your points have 4 different x"),
            (([(x * 1e-6, y) for x, y in six[:5]] + [(1e6, 4)],), "its error is undefined"),
            (([(x, x**2) for x in range(6)],), "The cubic has 0% of the line's squared residuals"),
            (([*((x, x**3) for x in range(5)), (5, 0)],), "a point left out is 68.85"),
            ((six[:5],), "give 6 points"),
            ((7,), "is a int. Give a list of points"),
            (([(x, "0") for x in range(6)],), "0 is text"),
            (([(x, 10.0**200 * y) for x, y in six],), "of a size whose square"),
            (([(x, np.inf) for x in range(6)],), "not a finite number"),
            (([(x, 1j) for x in range(6)],), "is not one number"),
        ],
    ),
    "q5": (
        [
            (REPORT,),
            (CARS,),
            ({**REPORT, "model": KERNEL, "error": 138.0, "says": 646.4, "tested": np.False_},),
            ({**CARS, "model": PolynomialRegression(1)},),
            ({**CARS, "model": PolynomialRegression(2), "error": 15.59, "says": 21.6},),
            ({**CARS, "model": LinearRegression().fit(cars.x, cars.y)},),
        ],
        [
            (({**REPORT, "error": 133.26},), "is the error on the points that were fitted"),
            (({**REPORT, "error": 19476},), "is the mean of the squares"),
            (({**REPORT, "error": 1395.6},), "is the root of the sum"),
            (({**REPORT, "error": 130.0},), "is not this model's error on points left out"),
            (({**REPORT, "tested": True},), "1980 lies outside of the data, which end at 1871"),
            (({**REPORT, "error": 152},), "152 is not this model's error on points left out"),
            (({**REPORT, "says": -509.4},), "this model says 509.4, not -509.4"),
            (({**REPORT, "says": 919},), "At 1980 this model says 509.4, not 919"),
            (({**CARS, "tested": False},), "10 lies between 4 and 25"),
            (({**CARS, "tested": "yes"},), "yes is neither True nor False"),
            (({**CARS, "units": ("mph", " ")},), "is no unit of y"),
            (({**CARS, "units": "mph, ft"},), "as two texts"),
            (({**CARS, "units": ("unit", "ft")},), "“unit” is no unit of x"),
            (({**CARS, "model": PolynomialRegression(9), "error": 17.838},), "a straight line by"),
            (({**CARS, "model": PolynomialRegression(30)},), "its error is undefined"),
            (({**CARS, "model": LinearRegression},), "is no model of this exercise"),
            (({**CARS, "model": "line"},), "line is no model"),
            (({**CARS, "x": cars.x[1:]},), "must have the same number of points"),
            (({**CARS, "x": [1, 2], "y": [1, 3]},), "x has 2 points"),
            (({**CARS, "y": [5.0] * 50},), "All y are 5"),
            (({**CARS, "x": [np.nan] * 50},), "must be finite everywhere"),
            (({"x": 1},), "give a dict with x, y, units"),
            ((KERNEL,), "give a dict"),
            ((raising,), "the function raising: give a dict"),
        ],
    ),
}
