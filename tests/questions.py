"""The 150 formulas as questions: read, with the set on which each is asked about."""

import sympy as sp
from collected_formulas import COLLECTED
from formulas import FROM_THE_COURSE

from kernelfit.proofs import parse

SETS = {"R": sp.S.Reals, "R+": sp.Interval(0, sp.oo), "Z": sp.S.Integers}
QUESTIONS = [*FROM_THE_COURSE, *COLLECTED]


def domain(text):
    """The set that "R", "Z" or "(0, 9/8]" names."""
    if text in SETS:
        return SETS[text]
    ends = [sp.oo if end.strip() == "oo" else sp.Rational(end) for end in text[1:-1].split(",")]
    return sp.Interval(*ends, text[0] == "(", text[-1] == ")")


def read(question):
    """The formula as an expression, and its domain."""
    return parse(question.text), domain(question.domain)
