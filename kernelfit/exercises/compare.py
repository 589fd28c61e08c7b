"""Compare an answer with what is right as mathematics, never as text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import sympy as sp

from kernelfit.exercises.engine import AnswerError, quoted

_POINTS = 8  # exact points at which two expressions are compared when simplifying does not decide


def expression(answer: Any, names: Mapping[str, sp.Symbol]) -> sp.Expr:
    """The answer as a sympy expression in the symbols of the question, matched by name.

    Text is refused, never evaluated. A symbol made anew with other assumptions counts as the
    one of that name.
    """
    if isinstance(answer, str):
        raise AnswerError(f"{answer!r} is text. Write it without quotes, as a sympy expression.")
    if isinstance(answer, sp.Equality):
        raise AnswerError(
            f"{quoted(answer)} is an equation. Give one side of it, as an expression."
        )
    if isinstance(answer, (bool, np.bool_)) or not isinstance(
        answer, (int, float, Fraction, np.number, sp.Expr)
    ):
        kind = type(answer).__name__
        raise AnswerError(f"{quoted(answer)} is a {kind}. Give a sympy expression.")
    found = sp.sympify(answer)
    if found.has(sp.nan, sp.oo, sp.zoo, sp.I):
        raise AnswerError(f"{quoted(answer)} is not a real number for real symbols.")
    found = sp.nsimplify(found, rational=True)
    unknown = sorted(str(s) for s in found.free_symbols if str(s) not in names)
    if unknown:
        raise AnswerError(
            f"{quoted(answer)} contains {', '.join(unknown)}, which the question does not. "
            f"Use {', '.join(names)}."
        )
    return found.subs({s: names[str(s)] for s in found.free_symbols}, simultaneous=True)


def difference_at(answer: sp.Expr, right: sp.Expr) -> dict[sp.Symbol, sp.Rational] | None:
    """A point at which the two differ, or None when they are equal.

    A point with two values is a refutation that anyone can check by hand, and it is found fast.
    Where no point tells them apart, simplifying the difference to 0 proves them equal; if that
    does not succeed, agreement at all the exact points has to do.
    """
    if answer == right:
        return None
    symbols = sorted(answer.free_symbols | right.free_symbols, key=str)
    random = Random(1)
    agreed = 0
    for largest in [3] * _POINTS + [12] * _POINTS:
        point = {s: sp.Rational(random.randint(-largest, largest)) for s in symbols}
        gap = (answer - right).subs(point)
        if gap.is_finite and sp.simplify(gap) != 0:
            return point
        agreed += gap.is_finite is True
    proved = sp.simplify(answer - right) == 0
    if not proved and agreed < _POINTS:
        raise AnswerError(f"{quoted(answer)} has no value where it was tried. Is it complete?")
    return None


def at(point: Mapping[sp.Symbol, sp.Rational]) -> str:
    """A point in words: c0 = 1, c1 = −2."""
    return ", ".join(f"{name} = {value}" for name, value in point.items()) or "every point"


def number(answer: Any) -> float:
    """The answer as a float; refused when it is none."""
    if isinstance(answer, (bool, np.bool_, str)):
        raise AnswerError(f"{answer!r} is a {type(answer).__name__}. Give a number.")
    try:
        value = float(answer)
    except (TypeError, ValueError):
        raise AnswerError(f"{quoted(answer)} is not one number. Give a number.") from None
    if not math.isfinite(value):
        raise AnswerError(f"{value} is not a finite number. Give the number itself.")
    return value


def pair(answer: Any) -> tuple[float, float]:
    """The answer as two numbers."""
    items = entries(answer)
    if items is None:
        raise AnswerError(f"{quoted(answer)} is one thing. Give two, as in (1.5, 2).")
    if len(items) != 2:
        raise AnswerError(f"{quoted(answer)} has {len(items)} entries. Give two, as in (1.5, 2).")
    return number(items[0]), number(items[1])


def entries(answer: Any) -> list[Any] | None:
    """The entries of a list, tuple, array or matrix; None for anything else.

    Other things can be iterated over too, and some of them (a sympy IndexedBase) without end.
    """
    if not isinstance(answer, (list, tuple, np.ndarray, sp.MatrixBase, sp.Tuple)):
        return None
    return list(answer) if np.ndim(answer) else None


def spelled_out(answer: Any, count: int, names: Mapping[str, sp.Symbol]) -> sp.Expr:
    """A formula with sums over i = 1..n as plain algebra for n = count: x[2] becomes x2.

    Sums with a symbolic end are hard to compare; for a given n they are polynomials.
    """
    if not isinstance(answer, (int, float, Fraction, sp.Expr)) or isinstance(answer, bool):
        expression(answer, names)  # says what is wrong with it
        raise AnswerError(f"{quoted(answer)} is not a sympy expression.")
    expr = sp.sympify(answer)
    ends = {symbol: sp.Integer(count) for symbol in expr.free_symbols if str(symbol) == "n"}
    expr = expr.subs(ends).doit()
    entries = {}
    for entry in expr.atoms(sp.Indexed):
        index = entry.indices[0]
        if not index.is_Integer:
            raise AnswerError(
                f"In {quoted(answer)} the index {index} stands outside of a Sum. "
                f"Put a Sum(..., ({index}, 1, n)) around the part that contains it."
            )
        entries[entry] = sp.Symbol(f"{entry.base.label}{index}", real=True)
    entry_names = {str(symbol): symbol for symbol in entries.values()}
    return expression(expr.subs(entries), {**names, **entry_names})
