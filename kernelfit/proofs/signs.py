"""Proved signs: of a number, and of a formula on a whole domain.

``True`` means proved, with rational arithmetic or enclosures; ``False`` means only that no proof
was found.  Every question is answered within a number of steps, so the answers are the same on
every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from .boxes import JUMPING
from .budget import Budget, Exhausted
from .constants import sign_of
from .enclosure import QUOTIENTS, Undefined, Unsupported, Unsure
from .positivity import Prover
from .ranges import NotProved, Range, range_of_set

__all__ = ["at_least", "increasing", "is_real_on", "range_within", "sign_of"]

QUESTION = 300  # steps for one question
HALF = sp.Rational(1, 2)
NOT_FINITE = (sp.nan, sp.zoo, sp.oo, -sp.oo, sp.I)


def at_least(
    expression: sp.Expr,
    bound: sp.Expr,
    domains: Mapping[sp.Symbol, sp.Set],
    *,
    strict: bool = False,
    budget: Budget | None = None,
) -> bool:
    """Whether it is proved that the expression is defined and >= bound (> if strict) everywhere.

    ``domains`` gives each symbol the set of real numbers that it runs through; a set with gaps,
    such as ``sp.S.Integers``, is replaced by the interval around it.  Without a ``budget`` a
    question has 300 steps, otherwise at most that many, which are taken from it.
    """

    def question(prover: Prover, e: Any, limit: Any) -> bool:
        defined = prover.is_real(e) and prover.is_real(limit)
        return defined and prover.is_positive(e - limit, strict=strict)

    return _ask(question, domains, budget, expression, bound)


def is_real_on(expression: sp.Expr, domains: Mapping[sp.Symbol, sp.Set]) -> bool:
    """Whether it is proved that the expression is real and finite on the whole domain."""
    return _ask(Prover.is_real, domains, None, expression)


def range_within(
    expression: sp.Expr, domains: Mapping[sp.Symbol, sp.Set], target: sp.Interval
) -> bool:
    """Whether it is proved that all values of the expression lie in the interval ``target``."""

    def question(prover: Prover, e: Any) -> bool:
        left, right = bool(target.left_open), bool(target.right_open)
        return (
            prover.is_real(e)
            and (target.start is -sp.oo or prover.is_positive(e - target.start, strict=left))
            and (target.end is sp.oo or prover.is_positive(target.end - e, strict=right))
        )

    return isinstance(target, sp.Interval) and _ask(question, domains, None, expression)


def increasing(expression: sp.Expr, symbol: sp.Symbol, domain: sp.Set) -> bool:
    """Whether it is proved that the expression never falls as the symbol runs through its domain.

    It is made of monotone functions; or it is continuous and its derivative is >= 0 inside.
    """

    def question(prover: Prover, e: Any) -> bool:
        if not prover.is_real(e):
            return False
        if _direction(e, prover) in (0, 1):
            return True
        if e.has(*JUMPING):
            return False
        inside = prover.on({s: r.interior for s, r in prover.domains.items()})
        (unknown,) = e.free_symbols
        slope = sp.diff(e, unknown)
        return inside.is_real(slope) and inside.is_positive(slope, strict=False)

    return _ask(question, {symbol: domain}, None, expression)


def _ask(
    question: Callable[..., bool],
    domains: Mapping[sp.Symbol, sp.Set],
    budget: Budget | None,
    *formulas: Any,
) -> bool:
    """Put the question with symbols about which sympy knows what the domain implies."""
    formulas = tuple(sp.sympify(f) for f in formulas)
    steps = Budget()
    steps.left = before = QUESTION if budget is None else max(0, min(QUESTION, budget.left))
    try:
        ranges = {s: range_of_set(domain) for s, domain in domains.items()}
        known = {s: _known_symbol(s, domains[s], r) for s, r in ranges.items()}
        formulas = tuple(_without_quotients(f.xreplace(known)) for f in formulas)
        if any(f.has(*NOT_FINITE) for f in formulas):
            return False
        return question(Prover({known[s]: r for s, r in ranges.items()}, steps), *formulas)
    except (NotProved, Exhausted, Undefined, Unsure, Unsupported):
        return False
    finally:
        if budget is not None:
            budget.spend(before - max(steps.left, 0))


def _without_quotients(e: Any) -> Any:
    """Sin, cos and their hyperbolic relatives in place of cot, sec and so on."""
    return e.replace(
        lambda part: part.func in QUOTIENTS, lambda part: QUOTIENTS[part.func](*part.args)
    )


def _known_symbol(symbol: sp.Symbol, domain: sp.Set, r: Range) -> sp.Dummy:
    """A stand-in that simplifies by itself: sqrt(x^2) is x where x >= 0."""
    facts = {"real": True}
    if domain.is_subset(sp.S.Integers):
        facts["integer"] = True
    for numbers, more, less in ((r, "positive", "nonnegative"), (-r, "negative", "nonpositive")):
        if numbers.is_at_least(0):
            facts[more if numbers.is_at_least(0, strict=True) else less] = True
    return sp.Dummy(str(symbol), **facts)


_RISING = {
    *(sp.exp, sp.log, sp.atan, sp.tanh, sp.sinh, sp.asinh, sp.asin, sp.acosh, sp.atanh),
    *(sp.floor, sp.ceiling, sp.sign, sp.Heaviside, sp.Min, sp.Max, sp.Add),
}


def _direction(e: Any, prover: Prover) -> int | None:
    """1 if the formula never falls, -1 if it never rises, 0 if it is constant, None if unknown."""
    if not e.free_symbols:
        return 0
    if e in prover.domains:
        return 1
    if isinstance(e, sp.Piecewise) or (isinstance(e, sp.Heaviside) and e.args[1] != HALF):
        return None
    if e.is_Mul:
        factor, rest = e.as_independent(*e.free_symbols)
        sign = sign_of(factor)
        inner = _direction(rest, prover) if not rest.is_Mul else _of_product(rest, prover)
        return None if sign is None or inner is None else sign * inner
    parts = {_direction(a, prover) for a in e.args} - {0}
    if parts not in ({1}, {-1}):
        return None
    (part,) = parts
    if e.func in _RISING:
        return part
    if isinstance(e, sp.acos):
        return -part if part else part
    if e.is_Pow and not e.exp.free_symbols and prover.is_positive(e.base, strict=False):
        sign = sign_of(e.exp)
        return None if sign is None or part is None else part * sign
    if e.is_Pow and e.exp.is_Integer and e.exp > 0 and e.exp % 2:
        return part
    return None


def _of_product(e: Any, prover: Prover) -> int | None:
    """Of factors >= 0 that all rise, or all fall."""
    parts = {_direction(a, prover) for a in e.args}
    alike = len(parts) == 1 and all(prover.is_positive(a, strict=False) for a in e.args)
    return parts.pop() if alike else None
