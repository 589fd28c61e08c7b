"""Answers to the exercises of lesson00: a first answer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [(3.0,), (Fraction(9, 3),), ([3],)],
        [
            ((2,), "the one in the middle"),
            ((9,), "9 is the sum"),
            ((4,), "Three times 4 is 12"),
            ((4.5,), "Three times 4.5 is 13.5"),  # divided by two
            ((sp.Rational(7, 2),), "Three times 3.5 is 10.5"),  # between the least and the largest
            (("3",), "is text"),
        ],
    ),
}
