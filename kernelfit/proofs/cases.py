"""Formulas with Min, Max, |u|, sign u, thresholds or branches: the forms that they may take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import sympy as sp
from sympy.core.relational import Relational

from .ranges import Range, order, range_of

if TYPE_CHECKING:
    from .positivity import Prover

Domains: TypeAlias = dict[Any, Range]
Question: TypeAlias = tuple[Any, Domains]  # a formula and the domain on which to ask about it
WITH_CASES = (sp.Min, sp.Max, sp.Abs, sp.sign, sp.Heaviside, sp.Piecewise)


def cases(f: Any, prover: Prover) -> list[list[Question]]:
    """F >= 0 follows if the answer is yes in every case, there to one of the questions.

    Nothing for a formula without cases.
    """
    for node in sp.postorder_traversal(f):
        if isinstance(node, WITH_CASES) and node.free_symbols:  # none of its parts has cases
            pair = _compared_symbols(node)
            if pair is not None:
                a, b = pair
                return [_ordered(f, a, b, prover), _ordered(f, b, a, prover)]
            return [[(f.xreplace({node: form}), d)] for form, d in _forms(node, prover)]
    return []


def _compared_symbols(e: Any) -> tuple[Any, Any] | None:
    """The x and z of min(x, z), max(x, z) and |x - z|."""
    if isinstance(e, sp.Abs):
        u = e.args[0]
        parts = sorted(u.free_symbols, key=sp.default_sort_key)
        return (parts[0], parts[1]) if len(parts) == 2 and u in _both_ways(*parts) else None
    compared = isinstance(e, (sp.Min, sp.Max)) and len(e.args) == 2
    return tuple(e.args) if compared and all(a.is_Symbol for a in e.args) else None


def _both_ways(a: Any, b: Any) -> tuple[Any, Any]:
    return a - b, b - a


def _ordered(f: Any, lesser: Any, greater: Any, prover: Prover) -> list[Question]:
    """The case that lesser <= greater; if need be with greater = lesser + s, where s >= 0."""
    known = dict.fromkeys(map(sp.Abs, _both_ways(lesser, greater)), greater - lesser)
    g = f.xreplace({**known, sp.Min(lesser, greater): lesser, sp.Max(lesser, greater): greater})
    s = sp.Dummy("s", nonnegative=True)
    far = range_of(greater - lesser, prover.domains).high
    if order(far, sp.S.Zero) < 0:
        return [(sp.S.One, prover.domains)]  # it does not happen
    shifted = {lesser: prover.domains[lesser], s: Range(sp.S.Zero, far)}
    return [(g, prover.domains), (sp.expand(g.xreplace({greater: lesser + s})), shifted)]


def _forms(e: Any, prover: Prover) -> Iterator[Question]:
    """The forms of one expression, each with the part of the domain where it may take it."""
    if isinstance(e, sp.Piecewise):
        yield from branches(e, prover.domains)
    elif isinstance(e, (sp.Min, sp.Max)):
        side = 1 if isinstance(e, sp.Min) else -1
        left = list(e.args)
        for a in e.args:  # not needed if it never beats another one
            others = [b for b in left if b != a]
            if any(prover.is_positive(side * (a - b), strict=False) for b in others):
                left = others
        yield from ((form, prover.domains) for form in left)
    else:
        yield from _signed_forms(e, prover)


def _signed_forms(e: Any, prover: Prover) -> Iterator[Question]:
    """|u|, sign u and Heaviside(u), for u > 0, u = 0 and u < 0."""
    u, zero = e.args[0], sp.S.Zero
    if isinstance(e, sp.Abs):
        above, at, below = u, zero, -u
    elif isinstance(e, sp.sign):
        above, at, below = sp.S.One, zero, sp.S.NegativeOne
    else:
        above, at, below = sp.S.One, e.args[1], zero
    if prover.is_positive(u, strict=True):
        yield above, prover.domains
    elif prover.is_positive(-u, strict=True):
        yield below, prover.domains
    else:
        is_open = not isinstance(e, sp.Abs)
        places = [
            (above, Range(zero, sp.oo, left_open=is_open)),
            (below, Range(-sp.oo, zero, right_open=is_open)),
            *([(at, Range(zero, zero))] if is_open else []),
        ]
        for form, place in places:
            domains = _cut_down(prover.domains, u, place)
            if domains is not None:
                yield form, domains


def branches(e: Any, domains: Domains) -> Iterator[Question]:
    """The branches of a piecewise function, each with a domain outside of which it is not used."""
    left: Domains | None = domains
    for branch, condition in e.args:
        if left is None:
            return
        part = _where(condition, left)
        if part is not None:
            yield branch, part
        left = _where(sp.Not(condition), left)


def _where(condition: Any, domains: Domains) -> Domains | None:
    """A part of the domain outside of which the condition fails; None if it always fails."""
    if condition == sp.false:
        return None
    part: Domains | None = domains
    for c in condition.args if isinstance(condition, sp.And) else [condition]:
        if part is None or not isinstance(c, Relational):
            continue
        if c.rhs in part:
            c = c.reversed
        low = c.rhs if isinstance(c, (sp.Gt, sp.Ge, sp.Eq)) else -sp.oo
        high = c.rhs if isinstance(c, (sp.Lt, sp.Le, sp.Eq)) else sp.oo
        is_open = isinstance(c, (sp.Gt, sp.Lt))
        part = _cut_down(part, c.lhs, Range(low, high, is_open, is_open))
    return part


def _cut_down(domains: Domains, u: Any, target: Range) -> Domains | None:
    """The part of the domain with u in the target, if u is a symbol; None if it is empty."""
    if u not in domains or target.low.free_symbols or target.high.free_symbols:
        return domains
    part = domains[u].intersection(target)
    compared = order(part.low, part.high)
    if compared > 0 or (compared == 0 and (part.left_open or part.right_open)):
        return None
    return {**domains, u: part}
