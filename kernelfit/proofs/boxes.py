"""Branch and bound: a formula is positive on a box if it is on all parts of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeAlias

import sympy as sp
from sympy.core.relational import Relational

from .budget import Budget
from .constants import sign_of
from .enclosure import Enclosure, Undefined, Unsupported, Unsure, enclose
from .ranges import Range

Box: TypeAlias = dict[Any, Range]
ORDERS = 5  # derivatives that are looked at
LONGEST = 250  # operations of a function that is still differentiated
NARROWEST = 2.0**-12
FARTHEST = 2.0**12
JUMPING = (sp.floor, sp.ceiling, sp.sign, sp.Heaviside, sp.Piecewise, Relational)


def is_positive_on(f: Any, box: Box, budget: Budget, *, strict: bool) -> bool:
    """Whether f >= 0, or f > 0, was proved on the box, which may be unbounded.

    A part is settled by an enclosure of f, or by monotonicity (``_settled``); if it is not, it is
    cut in two.  Whoever finds a point where f is negative gives up.  Raises Exhausted.
    """
    parts = [box]
    while parts:
        part = parts.pop()
        budget.spend(2 + f.count_ops() // 6)
        if _settled(f, part, strict=strict):
            continue
        halves = _cut(part)
        if not halves or is_negative_at(f, {s: _middle(r) for s, r in part.items()}):
            return False
        parts += halves
    return True


def is_negative_at(f: Any, point: Mapping[Any, Any]) -> bool:
    """Whether a few digits show that f < 0 there."""
    value = _enclosed(f, point)
    return value is not None and value.sign == -1


def _enclosed(f: Any, values: Mapping[Any, Any]) -> Enclosure | None:
    try:
        return enclose(f, values)
    except (Undefined, Unsure, Unsupported):
        return None


def _over(f: Any, box: Box) -> Enclosure | None:
    return _enclosed(f, {s: (r.low, r.high) for s, r in box.items()})


def _settled(f: Any, box: Box, *, strict: bool) -> bool:
    """An enclosure says so; or f is monotone in a symbol and positive at the right end."""
    value = _over(f, box)
    if value is None:
        return False
    if value.low > 0 or (value.low == 0 and not strict):
        return True
    if not box:
        sign = sign_of(f)
        return sign is not None and sign >= (1 if strict else 0)
    if len(box) == 1:
        ((symbol, domain),) = box.items()
        return _chain(f, symbol, domain, strict=strict)
    if f.has(*JUMPING):
        return False
    for symbol, domain in box.items():
        slope = _over(_derivative(f, symbol), box)
        if slope is None or (slope.low < 0 < slope.high):
            continue
        lowest = domain.low if slope.low >= 0 else domain.high
        if lowest not in (sp.oo, -sp.oo):
            rest = {s: r for s, r in box.items() if s != symbol}
            return _settled(f.xreplace({symbol: lowest}), rest, strict=strict)
    return False


def _chain(f: Any, symbol: Any, domain: Range, *, strict: bool) -> bool:
    r"""Monotonicity, also that of derivatives: f >= 0 if f(a) >= 0 and f' >= 0.

    The first derivative of which an enclosure tells the sign makes the one before monotone, so the
    sign of this one follows from its sign at the end where it is least, or greatest.  All of them
    are continuous: defined on the closed interval, and made of continuous functions.
    """
    at_ends = [_enclosed(f, {symbol: end}) for end, _ in domain.ends if end.is_finite]
    if any(value is not None and value.high < 0 for value in at_ends):
        return False
    far_from_zero = len(at_ends) == 2 and all(v is not None and v.low > 0 for v in at_ends)
    orders = 1 if far_from_zero else ORDERS  # higher ones are for where f touches zero
    chain: list[Any] = [f]
    top, sign, strictly = 0, 0, False  # the sign of chain[top]; strictly: inside of the interval
    for order in range(orders + 1):
        value = _over(chain[order], {symbol: domain})
        if value is None:
            break
        if value.low >= 0 or value.high <= 0:
            top, sign = order, 1 if value.low >= 0 else -1
            strictly = bool(value.low > 0 or value.high < 0)
            if strictly or not strict:
                break
        if chain[order].has(*JUMPING) or sp.count_ops(chain[order]) > LONGEST:
            break
        chain.append(_derivative(chain[order], symbol))
    if sign == 0:
        return False
    for g in reversed(chain[:top]):
        start, end = (domain.low, domain.high) if sign > 0 else (domain.high, domain.low)
        least = _sign_at(g, symbol, start)
        if least is not None and least >= 0:
            sign, strictly = 1, strictly or least > 0
            continue
        greatest = _sign_at(g, symbol, end)
        if greatest is None or greatest > 0:
            return False
        sign, strictly = -1, strictly or greatest < 0
    if not strict or sign < 0:
        return sign > 0
    ends = [end for end, is_open in domain.ends if not is_open]
    return strictly and all((_sign_at(f, symbol, end) or 0) > 0 for end in ends)


def _sign_at(g: Any, symbol: Any, end: Any) -> int | None:
    if end in (sp.oo, -sp.oo):
        return None
    try:
        return sign_of(g.xreplace({symbol: end}))
    except Undefined:
        return None


@lru_cache(maxsize=256)
def _derivative(f: Any, symbol: Any) -> Any:
    # of a symbol with a sign sympy would look for the roots of whole polynomials on the way
    plain = sp.Dummy(real=True)
    return sp.diff(f.xreplace({symbol: plain}), plain).xreplace({plain: symbol})


def _middle(r: Range) -> Any:
    """A rational number inside: found with floats, which is as good as any."""
    if r.low is -sp.oo:
        return sp.S.Zero if r.high is sp.oo or r.high.is_positive else _doubled(r.high, -1)
    if r.high is sp.oo:
        return sp.S.Zero if r.low.is_negative else _doubled(r.low, 1)
    if r.low.is_Rational and r.high.is_Rational:
        return (r.low + r.high) / 2
    return sp.Rational((float(r.low) + float(r.high)) / 2)


def _doubled(end: Any, side: int) -> Any:
    return sp.Integer(int(2 * float(end)) + side)


def _cut(box: Box) -> list[Box]:
    """The box in two halves across its longest side; nothing if it is too small for that."""

    def length(r: Range) -> float:
        if r.low is -sp.oo or r.high is sp.oo:
            near = min(abs(float(end)) for end, _ in r.ends)
            return 0.0 if FARTHEST < near < float("inf") else float("inf")
        return float(r.high) - float(r.low)

    if not box:
        return []
    symbol, r = max(box.items(), key=lambda side: length(side[1]))
    middle = _middle(r)
    if length(r) < NARROWEST:
        return []
    left = replace(r, high=middle, right_open=False)
    right = replace(r, low=middle, left_open=False)
    return [{**box, symbol: right}, {**box, symbol: left}]
