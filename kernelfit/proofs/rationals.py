"""Where a polynomial with rational coefficients is positive, and formulas that come down to one."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from .constants import sign_of
from .ranges import NotProved, Range, order

REFINEMENTS = 30


def is_polynomial_positive(p: sp.Poly, domain: Range, *, strict: bool) -> bool:
    r"""Whether p >= 0, or p > 0 if strict, on the whole interval.

    Of the irreducible factors of :math:`p = c \prod p_i^{m_i}` those with odd m_i change the sign
    at each of their real roots.  So p >= 0 if none of these roots is inside of the interval and
    p > 0 at one point there; and p > 0 if besides no root at all belongs to the interval.  The
    roots are isolated exactly.  Raises NotProved if they cannot be compared with an end.
    """
    if order(domain.low, domain.high) == 0:
        sign = order(_at(p, domain.low), sp.S.Zero)
        return sign > 0 or (sign == 0 and not strict)
    if p.is_zero:
        return not strict
    for factor, multiplicity in p.factor_list()[1]:
        for root in _real_roots(factor):
            left, right = _side(factor, root, domain.low), _side(factor, root, domain.high)
            if left > 0 > right and (strict or multiplicity % 2):
                return False
            at_end = (left == 0 and not domain.left_open) or (right == 0 and not domain.right_open)
            if strict and at_end:
                return False
    signs = (order(_at(p, point), sp.S.Zero) for point in points_inside(domain, p.degree() + 1))
    return next((sign for sign in signs if sign), 0) > 0


def is_polynomial_positive_at_integers(p: sp.Poly, domain: Range, *, strict: bool) -> bool:
    """Whether p >= 0, or p > 0, at all integers of the interval, of which there are some.

    Between two roots the sign stays the same, so it is enough to look next to the roots.  Raises
    NotProved if an end is irrational.
    """
    if any(not end.is_Rational and end.is_finite for end, _ in domain.ends):
        raise NotProved
    low, high = (None if end in (sp.oo, -sp.oo) else int(end) for end, _ in domain.ends)
    candidates = {0 if low is None else low} if high is None else {high}
    if low is not None:
        candidates.add(low)
    for factor, _ in p.factor_list()[1]:
        for left, right in _real_roots(factor):
            candidates |= set(range(int(sp.floor(left)) - 1, int(sp.ceiling(right)) + 2))
    inside = [k for k in candidates if (low is None or k >= low) and (high is None or k <= high)]
    return all(p.eval(k) > 0 or (p.eval(k) == 0 and not strict) for k in inside)


def _at(p: sp.Poly, point: Any) -> Any:
    return p.as_expr().subs(p.gen, point)


def _real_roots(p: sp.Poly) -> list[tuple[Any, Any]]:
    """Intervals with rational ends and one root each; from a to a if the root is a itself."""
    if p.degree() == 1:
        root = -p.nth(0) / p.nth(1)
        return [(root, root)]
    return [(sp.Rational(a), sp.Rational(b)) for (a, b), _ in p.intervals()]


def _side(p: sp.Poly, root: tuple[Any, Any], end: Any) -> int:
    """The sign of root - end, for an irreducible p, whose root is irrational if p is not linear."""
    low, high = root
    if low == high or end in (sp.oo, -sp.oo):
        return order(low, end)
    for attempt in range(REFINEMENTS):
        if order(low, end) >= 0:
            return 1
        if order(high, end) <= 0:
            return -1
        if attempt == 0 and not end.is_Rational and sign_of(_at(p, end)) == 0:
            return 0
        low, high = (sp.Rational(v) for v in p.refine_root(low, high, steps=4))
    raise NotProved


def points_inside(domain: Range, count: int) -> list[Any]:
    """Different points of the interior."""
    low, high = domain.low, domain.high
    if low is -sp.oo:
        if high is sp.oo:
            return [sp.Integer((k + 1) // 2 * (-1) ** k) for k in range(count)]  # 0, -1, 1, -2, ...
        return [high - k - 1 for k in range(count)]
    if high is sp.oo:
        return [low + k + 1 for k in range(count)]
    return [low + (high - low) * sp.Rational(k + 1, count + 1) for k in range(count)]


# Formulas as rational functions ---------------------------------------------------------------


@dataclass
class Rational:
    """A formula as numerator / denominator, two polynomials in ``meaning``: generator -> formula.

    1 - exp(-2x) is (t^2 - 1) / t^2 with t = exp(x), and sqrt(x) + x is t + t^2 with t = sqrt(x).
    """

    numerator: Any
    denominator: Any
    meaning: dict[Any, Any] = field(default_factory=dict)

    def translated(self, polynomial: Any) -> Any:
        """A polynomial of the generators as a formula of the symbols."""
        return polynomial.xreplace(self.meaning)


def as_rational(f: Any) -> Rational:
    """The formula with as few generators as easily found: bases of powers and of exponentials."""
    leaves = _leaves(f)
    exponents: defaultdict[Any, set[Any]] = defaultdict(set)
    for base, exponent in leaves.values():
        exponents[base].add(exponent)
    meaning, generator = {}, {}
    for i, (base, powers) in enumerate(exponents.items()):
        unit = sp.Rational(1, math.lcm(*(int(p.q) for p in powers)))
        unit *= math.gcd(*(int(p / unit) for p in powers))
        t = sp.Dummy(f"t{i}", positive=True) if base.is_positive else sp.Dummy(f"t{i}", real=True)
        meaning[t] = base**unit
        generator[base] = (t, unit)
    replaced = {
        leaf: generator[base][0] ** (exponent / generator[base][1])
        for leaf, (base, exponent) in leaves.items()
    }
    numerator, denominator = sp.fraction(sp.together(_replaced(f, replaced)))
    return Rational(numerator, denominator, meaning)


def _leaves(f: Any) -> dict[Any, tuple[Any, Any]]:
    """What is not a sum, product or integer power, as base^exponent with a rational exponent."""
    leaves: dict[Any, tuple[Any, Any]] = {}
    first: list[Any] = []  # exponents of exponentials, in which others are measured

    def walk(e: Any) -> None:
        if not e.free_symbols or e in leaves:
            return
        if e.is_Add or e.is_Mul:
            for part in e.args:
                walk(part)
        elif e.is_Pow and e.exp.is_Integer:
            walk(e.base)
        elif isinstance(e, sp.exp):
            u = e.args[0]
            same = [v for v in first if sp.cancel(u / v).is_Rational]
            if not same:
                same = [-u if u.could_extract_minus_sign() else u]
                first.extend(same)
            leaves[e] = (sp.exp(same[0]), sp.cancel(u / same[0]))
        elif e.is_Pow and e.exp.is_Rational:
            leaves[e] = (e.base, e.exp)
        else:
            leaves[e] = (e, sp.S.One)

    walk(f)
    return leaves


def _replaced(e: Any, leaves: dict[Any, Any]) -> Any:
    """The leaves replaced where they stand in the rational skeleton, not inside of each other."""
    if e in leaves:
        return leaves[e]
    if not e.free_symbols:
        return e
    return e.func(*(_replaced(part, leaves) for part in e.args))
