"""A formula as it is on one domain: conditions that are always true, signs that never change."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.simplify.fu import TR8

from .claims import Unsound
from .facts import Facts
from .steps import Pair, Step


class SameOnDomain(Step):
    """The same values, written otherwise: a proof of the one formula is one of the other."""

    rule = "the same function, written otherwise"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.premises[0].formula


def simpler(e: sp.Expr, facts: Facts) -> sp.Expr:
    """The formula with everything decided that the domain decides."""
    pair, domain = facts.pair, facts.domain
    if domain.is_subset(sp.S.Integers):
        e = _with_whole_numbers(e, pair)
    e = e.replace(lambda part: isinstance(part, sp.Piecewise), lambda part: _cases(part, facts))
    e = e.replace(lambda part: isinstance(part, sp.Abs), lambda part: _absolute(part, facts))
    e = e.replace(lambda part: isinstance(part, sp.sign), lambda part: _sign(part, facts))
    e = e.replace(lambda part: isinstance(part, sp.log), lambda part: _log(part, facts))
    e = e.replace(
        lambda part: isinstance(part, (sp.Max, sp.Min)), lambda part: _extreme(part, facts)
    )
    e = e.replace(
        lambda part: isinstance(part, sp.acos), lambda part: sp.pi / 2 - sp.asin(*part.args)
    )
    e = e.replace(_is_square_of_tanh, lambda part: 1 - sp.cosh(part.base.args[0]) ** -2)
    return e.replace(_is_square_of_wave, lambda part: sp.expand(TR8(part)))


def _with_whole_numbers(e: sp.Expr, pair: Pair) -> sp.Expr:
    """What sympy knows of whole numbers, such as cos(2 pi n) = 1."""
    whole = {symbol: sp.Symbol(symbol.name, integer=True) for symbol in pair}
    back = {new: old for old, new in whole.items()}
    return (
        sp.expand_trig(e.xreplace(whole)).xreplace(back)
        if e.has(sp.pi)
        else e.xreplace(whole).xreplace(back)
    )


def _is_square_of_tanh(part: Any) -> bool:
    return bool(part.is_Pow and isinstance(part.base, sp.tanh) and part.exp == 2)


def _is_square_of_wave(part: Any) -> bool:
    return bool(
        part.is_Pow
        and isinstance(part.base, (sp.sin, sp.cos))
        and part.exp.is_Integer
        and part.exp > 1
        and len(part.free_symbols) > 1
    )


def _stays(u: sp.Expr, facts: Facts) -> bool:
    """Whether u changes its sign for sure, being odd when x and z are exchanged."""
    return bool(facts.pair.mixes(u) and sp.expand(u + facts.pair.swapped(u)) == 0)


def _absolute(part: Any, facts: Facts) -> Any:
    (u,) = part.args
    if _stays(u, facts):
        return part
    if facts.holds(u):
        return u
    return -u if facts.holds(-u) else part


def _log(part: Any, facts: Facts) -> Any:
    """log(1/u) as -log(u)."""
    base, exponent = part.args[0].as_base_exp()
    negative = exponent.is_number and exponent.is_negative
    if negative and facts.pair.mixes(base) and facts.holds(base, strict=True):
        return exponent * sp.log(base)
    return part


def _sign(part: Any, facts: Facts) -> Any:
    (u,) = part.args
    if _stays(u, facts):
        return part
    if facts.holds(u, strict=True):
        return sp.S.One
    return sp.S.NegativeOne if facts.holds(-u, strict=True) else part


def _extreme(part: Any, facts: Facts) -> Any:
    """Min or Max without the arguments that never are the extreme one."""
    sign = 1 if isinstance(part, sp.Max) else -1
    kept = list(part.args)
    for u in part.args:
        others = [v for v in kept if v is not u]
        if any(not _stays(v - u, facts) and facts.holds(sign * (v - u)) for v in others):
            kept = others
    return part.func(*kept)


def _cases(part: Any, facts: Facts) -> Any:
    """The cases of a Piecewise that can occur."""
    cases = []
    for value, condition in part.args:
        known = truth(condition, facts)
        if known is False:
            continue
        cases.append((value, sp.true if known else condition))
        if known:
            break
    if not cases:
        raise Unsound(f"no case of {part} can occur")
    return sp.Piecewise(*cases)


def truth(condition: Any, facts: Facts) -> bool | None:
    """Whether a condition holds on the whole domain (True), nowhere (False), or it depends."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, sp.And):
        parts = [truth(part, facts) for part in condition.args]
        return False if False in parts else (True if all(parts) else None)
    if isinstance(condition, sp.Or):
        parts = [truth(part, facts) for part in condition.args]
        return True if True in parts else (None if None in parts else False)
    if not isinstance(condition, (sp.Ge, sp.Gt, sp.Le, sp.Lt)):
        return None
    above = condition.gts - condition.lts
    if _stays(above, facts):
        return None
    strict = isinstance(condition, (sp.Gt, sp.Lt))
    if facts.holds(above, strict=strict):
        return True
    return False if facts.holds(-above, strict=not strict) else None
