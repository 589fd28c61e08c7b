"""Feature maps as answers: lists of polynomials whose inner product must be a given kernel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from kernelfit.exercises.compare import entries, expression, holds_floats
from kernelfit.exercises.engine import AnswerError, quoted

LONGEST, HIGHEST = 64, 24  # features in a map, and the degree of one
_EXACT, _FLOATS = sp.Float("1e-30", 40), sp.Float("1e-9", 40)  # what two coefficients may differ by
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Coefficients = dict[tuple[int, int], sp.Expr]  # of x^i z^j, by (i, j)


def features(answer: Any, names: Mapping[str, sp.Symbol]) -> list[sp.Expr]:
    """The answer as a list of polynomials in the coordinates of one point."""
    items = entries(answer)
    items = [answer] if items is None else items
    if not items:
        first = next(iter(names))
        raise AnswerError(f"There is no feature in it. Give a list, as in [1, {first}].")
    if any(item is ... or item is None for item in items):
        raise AnswerError(f"One of the {len(items)} features has not been given yet.")
    if len(items) > LONGEST:
        raise AnswerError(f"These are {len(items)} features; {LONGEST} are more than enough.")
    alone = " and ".join(names)
    letters = {
        str(symbol) for item in items if isinstance(item, sp.Basic) for symbol in item.free_symbols
    }
    if any(letter.startswith("z") for letter in letters):
        raise AnswerError(
            f"{quoted(answer)} contains z. A feature map lifts one point: write it with {alone} "
            f"alone. The other point is lifted by the same map."
        )
    return [_polynomial(expression(item, names), names) for item in items]


def _polynomial(feature: sp.Expr, names: Mapping[str, sp.Symbol]) -> sp.Expr:
    """The feature multiplied out; refused when it is no polynomial, or an enormous one."""
    if degree_bound(feature) is None and feature.count_ops() < 40:
        feature = sp.simplify(feature)
    degree = degree_bound(feature)
    if degree is None:
        raise AnswerError(f"{quoted(feature)} is no polynomial in {' and '.join(names)}.")
    if degree > HIGHEST:
        raise AnswerError(f"{quoted(feature)} has the degree {degree}. That is too high by far.")
    return sp.expand(feature)


def degree_bound(f: sp.Expr) -> int | None:
    """The degree, before terms cancel and without multiplying out; None for no polynomial."""
    if not f.free_symbols:
        return 0
    if f.is_Symbol:
        return 1
    if f.is_Pow and f.exp.is_Integer and f.exp > 0:
        inside = degree_bound(f.base)
        return None if inside is None else inside * int(f.exp)
    if not (f.is_Add or f.is_Mul):
        return None
    parts = [degree_bound(part) for part in f.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return max(known) if f.is_Add else sum(known)


def inner_product(given: list[sp.Expr], x: sp.Symbol) -> Coefficients:
    """The coefficients of x^i z^j in the sum of the products f(x) f(z)."""
    total: Coefficients = {}
    for feature in given:
        terms = sp.Poly(feature, x).as_dict()
        for (i,), a in terms.items():
            for (j,), b in terms.items():
                total[i, j] = sp.expand(total.get((i, j), sp.S.Zero) + a * b)
    return total


def first_difference(
    answer: Any, given: list[sp.Expr], x: sp.Symbol, kernel: Coefficients
) -> tuple[tuple[int, int], sp.Expr, sp.Expr] | None:
    """The first power x^i z^j whose coefficient differs, what it is and what it should be.

    Floats, such as numpy's root of 3, may miss by their rounding.
    """
    found = inner_product(given, x)
    allowed = _FLOATS if holds_floats(answer) else _EXACT
    for power in sorted(
        found.keys() | kernel.keys(), key=lambda p: (sum(p), abs(p[0] - p[1]), -p[0])
    ):
        got, want = (where.get(power, sp.S.Zero) for where in (found, kernel))
        if got != want and abs(sp.N(got - want, 40)) > allowed:
            return power, got, want
    return None


def term_in_words(coefficient: sp.Expr, power: tuple[int, int]) -> str:
    """3·x²z for the coefficient 3 and the power (2, 1)."""
    letters = "".join(
        name + ("" if exponent == 1 else str(exponent).translate(_RAISED))
        for name, exponent in zip("xz", power, strict=True)
        if exponent
    )
    if coefficient == 0:
        return f"no {letters or 'constant term'}"
    shown = number_in_words(coefficient)
    return f"{shown}·{letters}" if letters else f"{shown} as its constant term"


def number_in_words(value: sp.Expr) -> str:
    """A number in a sentence: exact where that is short, else rounded."""
    text = str(value)
    if len(text) > 7:
        for digits in (8, 16, 32, 64):
            text = _rounded(value, digits)
            if value.is_Integer or "e" in text or not text.lstrip("-").isdigit():
                break
    return text.replace("-", "−")


def _rounded(value: sp.Expr, digits: int) -> str:
    """A number with so many digits, without zeros at its end; huge ones as 1.5e+400."""
    number, _, exponent = str(sp.N(value, digits)).partition("e")
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{number}e{exponent}" if exponent else number


def shape(answer: Any, given: list[sp.Expr], x: sp.Symbol) -> list[tuple[Any, ...]]:
    """What is left of a map when zeros, the order and the signs of its features do not count."""
    digits = 9 if holds_floats(answer) else 30
    found = []
    for feature in given:
        numbers = [sp.N(c, 40) for c in sp.Poly(feature, x).all_coeffs()]
        rounded = [
            sp.Integer(sp.nsimplify(sp.floor(c * 10**digits + sp.Rational(1, 2)))) for c in numbers
        ]
        lead = next((c for c in rounded if c), None)
        if lead is not None:
            found.append(tuple(c if lead > 0 else -c for c in rounded))
    return sorted(found)
