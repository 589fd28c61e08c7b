"""Lesson 07: what ``decide`` says about a typed formula, in one sentence."""

from __future__ import annotations

import sympy as sp

from kernelfit._checks import InputError
from kernelfit.proofs import Asymmetry, NegativeForm, Verdict, decide, parse
from kernelfit.views.words import signed

DOMAINS: dict[str, sp.Set] = {
    "all numbers": sp.S.Reals,
    "numbers ≥ 0": sp.Interval(0, sp.oo),
    "whole numbers": sp.S.Integers,
}
EFFORT = 0.5  # a learner waits for this verdict; the usual effort is 1


def arguments(formula: sp.Expr) -> tuple[sp.Symbol, sp.Symbol]:
    """The two letters of a formula: x and z, or x and y as in the talk."""
    letters = {symbol.name for symbol in formula.free_symbols}
    if len(letters) == 3:
        raise InputError("The formula must have two letters, got x, y and z. Write it with x, z.")
    names = ("x", "z") if "y" not in letters else ("y", "z") if "z" in letters else ("x", "y")
    first, second = (sp.Symbol(name, real=True) for name in names)
    return first, second


def verdict_in_words(text: str, domain: str) -> str:
    """What ``decide`` says about a typed formula, in one sentence."""
    try:
        formula = parse(text)
        verdict = decide(
            formula, variables=arguments(formula), domain=DOMAINS[domain], effort=EFFORT
        )
    except InputError as refusal:
        return str(refusal).splitlines()[0]
    return why(verdict)


def why(verdict: Verdict) -> str:
    """The verdict with its first reason."""
    refutation = verdict.refutation
    if isinstance(refutation, NegativeForm):
        points = ", ".join(exact_in_words(point) for point in refutation.points)
        weights = ", ".join(exact_in_words(weight) for weight in refutation.weights)
        value = signed(float(sp.N(refutation.value, 20)), ".4g")
        if len(refutation.points) == 1:
            return f"not a kernel, k({points}, {points}) = {value}."
        return f"not a kernel, as the form is {value} at {points} with the weights {weights}."
    if isinstance(refutation, Asymmetry):
        a, b = (exact_in_words(point) for point in refutation.points)
        return f"not a kernel, as k({a}, {b}) is not k({b}, {a})."
    if verdict.is_kernel:
        return "a kernel, with proof."
    return "undecided: neither a proof nor points that refute it were found."


def exact_in_words(number: sp.Expr) -> str:
    """A point or weight: exact when it is short."""
    text = str(number).replace("-", "−")
    return text if len(text) <= 12 else signed(float(number), ".4g")
