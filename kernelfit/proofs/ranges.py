"""Between which ends the values of a formula lie: interval arithmetic with exact ends.

Floating-point intervals cannot tell whether an end belongs to them.  These can: tanh has its values
in (-1, 1), exp(-x^2) in (0, 1].  The formula is taken to be defined on the whole domain, which
``signs.is_real_on`` proves; its symbols are real.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import sympy as sp

from .constants import sign_of
from .enclosure import Undefined, Unsupported, Unsure, enclose

End: TypeAlias = tuple[Any, bool]  # a constant or infinity, and whether it is left out


class NotProved(Exception):  # noqa: N818 - "don't know" is an answer
    """Nothing was shown, neither this nor its opposite."""


def order(a: Any, b: Any) -> int:
    """The sign of a - b for constants or infinite ends; raises NotProved."""
    if a == b:
        return 0
    for end, side in ((sp.oo, 1), (-sp.oo, -1)):
        if a is end or b is end:
            return side if a is end else -side
    try:
        sign = sign_of(a - b)
    except Undefined:
        sign = None
    if sign is None:
        raise NotProved
    return sign


@dataclass(frozen=True)
class Range:
    """All numbers from low to high; the ends may be left out, and infinite ones always are."""

    low: Any
    high: Any
    left_open: bool = False
    right_open: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "left_open", self.left_open or self.low is -sp.oo)
        object.__setattr__(self, "right_open", self.right_open or self.high is sp.oo)

    @property
    def ends(self) -> tuple[End, End]:
        """The lower and the upper end."""
        return (self.low, self.left_open), (self.high, self.right_open)

    @property
    def interior(self) -> Range:
        """The same without its ends."""
        return replace(self, left_open=True, right_open=True)

    def is_at_least(self, bound: Any, *, strict: bool = False) -> bool:
        """Whether all numbers are >= bound, or > bound if strict."""
        compared = order(self.low, sp.sympify(bound))
        return compared > 0 or (compared == 0 and (self.left_open or not strict))

    def __neg__(self) -> Range:
        return Range(-self.high, -self.low, self.right_open, self.left_open)

    def __add__(self, other: Range) -> Range:
        left, right = self.left_open or other.left_open, self.right_open or other.right_open
        return Range(self.low + other.low, self.high + other.high, left, right)

    def __mul__(self, other: Range) -> Range:
        return hull([_product(e, f) for e in self.ends for f in other.ends])

    def under(self, function: Callable[[Any], Any]) -> Range:
        """The values of an increasing function, which gives its limits at open ends."""
        return replace(self, low=function(self.low), high=function(self.high))

    def flipped(self, function: Callable[[Any], Any]) -> Range:
        """The values of a decreasing function."""
        return Range(function(self.high), function(self.low), self.right_open, self.left_open)

    def absolute(self) -> Range:
        """The values of |u|."""
        if self.is_at_least(0):
            return self
        if (-self).is_at_least(0):
            return -self
        return replace(hull([*self.ends, *(-self).ends]), low=sp.S.Zero, left_open=False)

    def within(self, low: Any, high: Any, *, is_open: bool = False) -> Range:
        """What lies between low and high, where alone a function is defined."""
        return self.intersection(Range(sp.sympify(low), sp.sympify(high), is_open, is_open))

    def intersection(self, other: Range) -> Range:
        """What lies in both, which must have something in common."""
        left = _extreme([self.ends[0], other.ends[0]], 1, any)
        right = _extreme([self.ends[1], other.ends[1]], -1, any)
        return Range(left[0], right[0], left[1], right[1])


EVERYTHING = Range(-sp.oo, sp.oo)


def hull(ends: Sequence[End]) -> Range:
    """From the least to the greatest; an end belongs to it if it does so once."""
    left, right = _extreme(ends, -1, all), _extreme(ends, 1, all)
    return Range(left[0], right[0], left[1], right[1])


def _extreme(ends: Sequence[End], side: int, together: Callable[[Iterable[bool]], bool]) -> End:
    """The greatest (side 1) or the least end; of equal ones, left out if any or all are."""
    best = ends[0]
    for end in ends[1:]:
        compared = side * order(end[0], best[0])
        if compared > 0:
            best = end
        elif compared == 0:
            best = (best[0], together([best[1], end[1]]))
    return best


def _product(e: End, f: End) -> End:
    """The product of two ends, where 0 times infinity is 0 and a 0 is reached by one factor."""
    if e[0] == 0 or f[0] == 0:
        return sp.S.Zero, not any(end == 0 and not is_open for end, is_open in (e, f))
    return e[0] * f[0], e[1] or f[1]


def range_of_set(domain: sp.Set) -> Range:
    """The smallest interval around a set of real numbers; raises NotProved for other sets."""
    if isinstance(domain, sp.Interval):
        return Range(domain.start, domain.end, bool(domain.left_open), bool(domain.right_open))
    if domain.is_subset(sp.S.Reals) is not True or domain.is_empty is not False:
        raise NotProved
    return Range(domain.inf, domain.sup)


def range_of(e: Any, domains: Mapping[Any, Range]) -> Range:
    """An interval that holds all values of the expression; raises NotProved."""
    if e in domains:
        return domains[e]
    if not e.free_symbols:
        return Range(e, e)
    rule = _RULES.get(e.func)
    return rule(e, domains) if rule else EVERYTHING


# The rules ------------------------------------------------------------------------------------


def _add(e: Any, domains: Mapping[Any, Range]) -> Range:
    r"""The sum of the ranges, with the square completed: a u^2 + b u = a (u + b/2a)^2 - b^2/4a."""
    terms: defaultdict[Any, Any] = defaultdict(int)
    for term in e.args:
        factor, rest = term.as_independent(*e.free_symbols, as_Add=False)
        terms[rest] += factor
    total = _point(sp.sympify(terms.pop(sp.S.One, 0)))
    for square in list(terms):
        root = _root(square)
        if root != square and square in terms and root in terms:
            a, b = terms.pop(square), terms.pop(root)
            shifted = range_of(root, domains) + _point(b / (2 * a))
            total += _point(a) * _integer_power(shifted, 2) + _point(-(b**2) / (4 * a))
    for rest, factor in terms.items():
        total += _point(factor) * range_of(rest, domains)
    return total


def _point(value: Any) -> Range:
    return Range(value, value)


def _root(square: Any) -> Any:
    """The u of a term u^2."""
    if isinstance(square, sp.exp):
        return sp.exp(square.args[0] / 2)
    return square.base if square.is_Pow and square.exp == 2 else sp.sqrt(square)


def _mul(e: Any, domains: Mapping[Any, Range]) -> Range:
    product = _point(sp.S.One)
    for factor in e.args:
        product *= range_of(factor, domains)
    return product


def _pow(e: Any, domains: Mapping[Any, Range]) -> Range:
    base = range_of(e.base, domains)
    if e.exp.is_Integer:
        return _integer_power(base, int(e.exp))
    if e.exp.is_Rational:
        power = base.within(0, sp.oo).under(lambda end: end ** abs(e.exp))
        return _reciprocal(power) if e.exp < 0 else power
    if e.exp.is_integer and not base.is_at_least(0, strict=True):  # such as (-1)^n
        size = _exponential(base.absolute(), range_of(e.exp, domains))
        return hull([*size.ends, *(-size).ends])
    return _exponential(base.within(0, sp.oo), range_of(e.exp, domains))


def _integer_power(base: Range, n: int) -> Range:
    if n < 0:
        return _reciprocal(_integer_power(base, -n))
    return (base if n % 2 else base.absolute()).under(lambda end: end**n)


def _reciprocal(u: Range) -> Range:
    """1/u, which is negative for u < 0."""
    if u.is_at_least(0):
        return replace(u, left_open=u.left_open or u.low == 0).flipped(
            lambda end: sp.oo if end == 0 else 1 / end
        )
    return -_reciprocal(-u) if (-u).is_at_least(0) else EVERYTHING


def _exponential(base: Range, exponent: Range) -> Range:
    """Base^exponent = exp(exponent log(base)) for a base >= 0, and 0^exponent is 0 or 1."""
    positive = (base.under(_log) * exponent).under(sp.exp)
    if base.is_at_least(0, strict=True):
        return positive
    return hull([*positive.ends, (sp.S.Zero, False), (sp.S.One, False)])


def _log(end: Any) -> Any:
    return -sp.oo if end == 0 else sp.log(end)


def _wave(e: Any, domains: Mapping[Any, Range]) -> Range:
    """Cos or sin: the greatest and the least among the ends and the (-1)^k in between."""
    (argument,) = e.args
    u = range_of(argument, domains)
    unit = Range(sp.S.NegativeOne, sp.S.One)
    if u.low is -sp.oo or u.high is sp.oo:
        return unit
    half = sp.Rational(1, 2) if isinstance(e, sp.sin) else 0
    try:
        first, last = (enclose(end / sp.pi - half) for end in (u.low, u.high))
        turns = range(_floor(first.low) + 1, -_floor(-last.high))  # k + half strictly in between
    except (Undefined, Unsure, Unsupported, OverflowError):
        return unit
    if len(turns) > 1:
        return unit
    ends = [(e.func(end), is_open) for end, is_open in u.ends]
    return hull(ends + [(sp.Integer((-1) ** k), False) for k in turns])


def _floor(x: Any) -> int:
    """Exactly, which mpmath's floor is not; raises OverflowError for infinity."""
    whole = int(x)
    return whole - 1 if x < whole else whole


def _tan(e: Any, domains: Mapping[Any, Range]) -> Range:
    u = range_of(e.args[0], domains)
    inside = (u + _point(sp.pi / 2)).is_at_least(0) and (_point(sp.pi / 2) + -u).is_at_least(0)
    if not inside:
        return EVERYTHING
    limits = {sp.pi / 2: sp.oo, -sp.pi / 2: -sp.oo}
    return u.under(lambda end: limits.get(end, sp.tan(end)))


def _extremum(e: Any, domains: Mapping[Any, Range]) -> Range:
    """Max or Min: an end of the result is the greatest or the least of the ends."""
    ranges = [range_of(a, domains) for a in e.args]
    side = 1 if isinstance(e, sp.Max) else -1
    lows = _extreme([r.ends[0] for r in ranges], side, any if side > 0 else all)
    highs = _extreme([r.ends[1] for r in ranges], side, all if side > 0 else any)
    return Range(lows[0], highs[0], lows[1], highs[1])


def _steps(e: Any, domains: Mapping[Any, Range]) -> Range:
    """Floor, ceiling, sign, Heaviside: nondecreasing, so they take the values at their ends."""
    if isinstance(e, sp.Heaviside) and e.args[1] != sp.Rational(1, 2):
        return EVERYTHING
    u = range_of(e.args[0], domains)
    values = u.under(lambda end: e.func(end))
    return replace(values, left_open=False, right_open=False)


def _piecewise(e: Any, domains: Mapping[Any, Range]) -> Range:
    return hull([end for branch, _ in e.args for end in range_of(branch, domains).ends])


def _monotone(low: Any, high: Any, *, is_open: bool = False) -> Callable[..., Range]:
    """The rule of an increasing function that is defined from low to high."""

    def rule(e: Any, domains: Mapping[Any, Range]) -> Range:
        u = range_of(e.args[0], domains).within(low, high, is_open=is_open)
        return u.under(_log if isinstance(e, sp.log) else e.func)

    return rule


_ALL = _monotone(-sp.oo, sp.oo)
_RULES: dict[Any, Callable[[Any, Mapping[Any, Range]], Range]] = {
    sp.Add: _add,
    sp.Mul: _mul,
    sp.Pow: _pow,
    sp.exp: _ALL,
    sp.atan: _ALL,
    sp.tanh: _ALL,
    sp.sinh: _ALL,
    sp.asinh: _ALL,
    sp.erf: _ALL,
    sp.log: _monotone(0, sp.oo, is_open=True),
    sp.acosh: _monotone(1, sp.oo),
    sp.asin: _monotone(-1, 1),
    sp.atanh: _monotone(-1, 1, is_open=True),
    sp.acos: lambda e, d: range_of(e.args[0], d).within(-1, 1).flipped(sp.acos),
    sp.cosh: lambda e, d: range_of(e.args[0], d).absolute().under(sp.cosh),
    sp.sech: lambda e, d: range_of(e.args[0], d).absolute().flipped(sp.sech),
    sp.Abs: lambda e, d: range_of(e.args[0], d).absolute(),
    sp.sinc: lambda e, d: Range(-sp.Rational(1, 4), sp.S.One),
    sp.cos: _wave,
    sp.sin: _wave,
    sp.tan: _tan,
    sp.Max: _extremum,
    sp.Min: _extremum,
    sp.floor: _steps,
    sp.ceiling: _steps,
    sp.sign: _steps,
    sp.Heaviside: _steps,
    sp.Piecewise: _piecewise,
}
