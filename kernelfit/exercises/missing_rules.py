"""Exercise 2 of lesson 08: a proof that lost two of its rules, and a function for rule 4."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from kernelfit.exercises.compare import entries, expression, kind_of, only_entry
from kernelfit.exercises.engine import (
    AnswerError,
    Feedback,
    correct,
    incorrect,
    not_attempted,
    quoted,
)

RULES = ("sum", "product", "rule 1", "rule 2", "rule 3", "rule 4", "limit")
_RIGHT = (("limit",), ("rule 4", "product"))  # f(x) f(z) is a kernel, so a product gives step 4
_OTHER_NAMES = {"1": "rule 1", "2": "rule 2", "3": "rule 3", "4": "rule 4", "limits": "limit"}
_WHY_NOT = (
    {
        "sum": "A sum of kernels has an end, and step 2 has made them all. No N gives 1/(1 − xz).",
        "product": "Products of the sums in step 2 are polynomials of xz again, and 1/(1 − xz) is "
        "none.",
        "rule 1": "At x = 0 a sum of step 2 and 1/(1 − xz) are both 1, so a would be 1. But at "
        "x = z = ½ they differ.",
        "rule 2": "Powers and polynomials have an end, and step 2 has made them all. No N gives "
        "1/(1 − xz).",
        "rule 3": "1/(1 − xz) is eᵏ for k = −log(1 − xz), and nobody has shown that k to be a "
        "kernel.",
        "rule 4": "At z = 0 the sums of step 2 and 1/(1 − xz) are all 1. So f(x) f(0) would be 1 "
        "for each x, and f would change nothing.",
    },
    {
        "sum": "Nothing is added to 1/(1 − xz): each value is multiplied by two roots.",
        "rule 1": "√(1 − x²) √(1 − z²) is no number a: it changes with x and z.",
        "rule 2": "At x = 0 step 3 is 1 for each z, so a polynomial of it is constant. Step 4 is "
        "√(1 − z²).",
        "rule 3": "At x = 0 step 3 is 1 for each z, and its exponential e. Step 4 is √(1 − z²).",
        "limit": "A limit needs kernels that tend to it. Step 3 is one kernel, and step 4 is got "
        "from it by multiplying.",
    },
)  # fmt: skip

_X, _Z = sp.symbols("x z", real=True)
_XX = sp.Symbol("k_xx", positive=True)


def judge_missing(missing: Any, f: Any = ...) -> Feedback:
    """Two names of rules, and f with 1 on the diagonal of f(x) k(x, z) f(z)."""
    third, fourth = _missing_rules(missing)
    if f is ... or f is None:
        return not_attempted(f"The rules are right: {third}, then {fourth}. Now f.")
    if (said := _judge_factor(f)) is not None:
        return said
    also = ", with the kernel f(x) f(z)" if fourth == "product" else ""
    return correct(
        f"Step 3 is a limit, step 4 is by {fourth}{also}. And f(x) k(x, z) f(z) is "
        f"k(x, z)/√(k(x, x) k(z, z)), 1 on the diagonal: the cosine of the angle between φ(x) and "
        f"φ(z). In the package it is k.normalized()."
    )


def _judge_factor(answer: Any) -> Feedback | None:
    """What is wrong with f, if anything."""
    shown = quoted(answer)
    if isinstance(answer, (FunctionType, sp.Lambda)):
        answer = answer(_X)
    given = expression(answer, {"x": _X, "z": _Z})
    if given.has(sp.Derivative, sp.Integral, sp.Subs):
        return incorrect(f"{shown}: no derivative or integral is needed.")
    for part in given.atoms(AppliedUndef):
        if part.func.__name__ != "k" or len(part.args) != 2:
            raise AnswerError(f"{quoted(part)} is unknown here. Write f with k(x, x) alone.")
        if part.args != (_X, _X):
            return incorrect(
                f"{shown} holds {quoted(part)}. f is a function of one point, and all that it may "
                f"use of k is k(x, x). The rule puts f(z) in by itself."
            )
    f = given.subs(_k(_X, _X), _XX)
    if others := sorted(map(str, f.free_symbols - {_XX})):
        return incorrect(f"{shown} holds {', '.join(others)} outside of k. Use k(x, x) alone.")
    diagonal = sp.simplify(f**2 * _XX)
    if diagonal == 1:
        return None
    return incorrect(
        f"On the diagonal f(x) k(x, x) f(x) must be 1. With f(x) = {shown} it is "
        f"{quoted(diagonal.subs(_XX, _k(_X, _X)))}."
    )


def _k(*points: sp.Expr) -> sp.Expr:
    return sp.Function("k")(*points)


def _missing_rules(answer: Any) -> tuple[str, str]:
    """The names of the two reasons, or a refusal that says why a rule does not give its step."""
    items = entries(answer)
    if items is None or len(items) != 2:
        raise AnswerError(
            f"{quoted(answer)} is no list of two names, one for step 3 and one for step 4. The "
            f"names are {', '.join(RULES)}."
        )
    third, fourth = (_name(item) for item in items)
    for step, name, right, why in zip((3, 4), (third, fourth), _RIGHT, _WHY_NOT, strict=True):
        if name not in right:
            raise AnswerError(f"Step {step} is not by {name}. {why[name]}")
    return third, fourth


def _name(item: Any) -> str:
    item = only_entry(item)
    if isinstance(item, bool) or not isinstance(item, (str, int)):
        raise AnswerError(
            f"{quoted(item)} is {kind_of(item)}. Give a name with quotes: {', '.join(RULES)}."
        )
    name = " ".join(str(item).lower().split()).removeprefix("the ").removesuffix(" rule")
    name = _OTHER_NAMES.get(name, name)
    if name not in RULES:
        raise AnswerError(f"{quoted(item)} is no rule of this lesson: {', '.join(RULES)}.")
    return name
