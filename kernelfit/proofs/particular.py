"""Rules for particular shapes: equal points, the sine's absolute value, reflections, ratios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .claims import AtLeastZero, Claim, Real, Unsound, sign
from .facts import Facts
from .negative_definite import Distance
from .steps import Pair, Step, must_agree


@dataclass(frozen=True)
class SamePlace(Step):
    r"""1 where g(x) = g(z), else 0: one feature for each value of g.

    .. math:: \sum_{ij} w_i w_j [g_i = g_j] = \sum_v \Bigl(\sum_{i: g_i = v} w_i\Bigr)^2 \ge 0
    """

    g: sp.Expr = sp.S.Zero

    rule: ClassVar[str] = "one feature for each value"

    def composed(self, pair: Pair) -> sp.Expr:
        return sp.Piecewise((1, sp.Eq(self.g, pair.in_z(self.g))), (0, True))

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield Real(self.g, self.on(pair.x))


def same_place(e: Any, facts: Facts) -> SamePlace | None:
    """The step for an indicator of g(x) = g(z)."""
    if not isinstance(e, sp.Piecewise) or len(e.args) != 2:
        return None
    (value, condition), (other, _) = e.args
    if value != 1 or other != 0 or not isinstance(condition, sp.Eq):
        return None
    left, right = condition.args
    if facts.pair.z in left.free_symbols:
        left, right = right, left
    if facts.pair.z in left.free_symbols or facts.pair.in_z(left) != right:
        return None
    return facts.admitted(SamePlace(e, facts.domain, g=left))


@dataclass(frozen=True)
class AbsoluteSine(Step):
    r"""A constant less the absolute value of a sine.

    .. math:: \frac{2}{\pi} - |\sin u| = \frac{4}{\pi} \sum_{n \ge 1} \frac{\cos 2nu}{4n^2 - 1},
              \qquad u = g(x) - g(z), \quad c \ge \frac{2}{\pi}
    """

    c: sp.Expr = sp.S.One
    g: sp.Expr = sp.S.Zero

    rule: ClassVar[str] = "a cosine series without negative coefficients"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.c - sp.Abs(sp.sin(self.g - pair.in_z(self.g)))

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield AtLeastZero(self.c - 2 / sp.pi, ())
        yield Real(self.g, self.on(pair.x))


def absolute_sine(e: Any, facts: Facts) -> AbsoluteSine | None:
    """The step for c - |sin(g(x) - g(z))|."""
    c, rest = e.as_independent(*facts.pair, as_Add=True)
    if not isinstance(-rest, sp.Abs) or not isinstance((-rest).args[0], sp.sin):
        return None
    u = sp.expand((-rest).args[0].args[0])
    g = u.subs(facts.pair.z, 0) - u.subs({facts.pair.x: 0, facts.pair.z: 0})
    if sp.expand(g - facts.pair.in_z(g) - u) not in (0, -2 * u):
        return None
    return facts.admitted(AbsoluteSine(e, facts.domain, c=c, g=g))


@dataclass(frozen=True)
class Reflected(Step):
    r"""A distance to the mirror image less the distance: give -x the weight -w.

    .. math:: k(x, z) = \psi(x, -z) - \psi(x, z), \qquad \psi(-x, -z) = \psi(x, z)

    The weights :math:`w_i` at :math:`x_i` and :math:`-w_i` at :math:`-x_i` have the sum 0.
    """

    rule: ClassVar[str] = "a distance and its mirror image"
    rests_on_distances: ClassVar[bool] = True

    def composed(self, pair: Pair) -> sp.Expr:
        psi = self.premises[0].formula
        return psi.subs(pair.z, -pair.z) - psi

    def check_rule(self, pair: Pair) -> None:
        super().check_rule(pair)
        psi = self.premises[0].formula
        mirrored = psi.subs({pair.x: -pair.x, pair.z: -pair.z}, simultaneous=True)
        must_agree(psi, mirrored, pair, self.domain)
        if not is_symmetric(self.domain):
            raise Unsound(f"{self.domain} is not its own mirror image")


def is_symmetric(domain: sp.Set) -> bool:
    """Whether -x belongs to the domain with x."""
    return bool(domain.inf == -domain.sup) and (
        not domain.is_Interval or domain.left_open == domain.right_open
    )


@dataclass(frozen=True)
class ConcaveOfSum(Distance):
    r"""Minus s log s, or minus a power of s between 1 and 2, of s = u(x) + u(z).

    .. math:: s \log s = \int_0^\infty \frac{e^{-ts} - 1 + s(1 - e^{-t})}{t^2}\, dt, \qquad
              s^p = \frac{p(p-1)}{\Gamma(2 - p)} \int_0^\infty
              \frac{e^{-ts} - 1 + ts}{t^{p+1}}\, dt

    e^{-ts} is a product f(x) f(z), and weights of sum 0 do not see 1 and s.
    """

    u: sp.Expr = sp.S.One
    p: sp.Expr | None = None  # the power; None for s log s

    rule: ClassVar[str] = "minus a convex function of u(x) + u(z)"
    source: ClassVar[str] = "Berg, Christensen & Ressel (1984), chapter 3"

    def composed(self, pair: Pair) -> sp.Expr:
        s = self.u + pair.in_z(self.u)
        return -s * sp.log(s) if self.p is None else -(s**self.p)

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield AtLeastZero(self.u, self.on(pair.x), strict=self.p is None)
        if self.p is not None:
            yield AtLeastZero(self.p - 1, ())
            yield AtLeastZero(2 - self.p, ())


def concave_of_sum(mixed: sp.Expr, facts: Facts) -> Iterator[tuple[sp.Expr, ConcaveOfSum]]:
    """Positive weights and steps for the parts -s log s and -s^p of a sum."""
    expanded = sp.expand(mixed)  # that takes s^(3/2) apart: x sqrt(s) + z sqrt(s)
    for part in sorted(expanded.atoms(sp.log, sp.Pow), key=sp.default_sort_key):
        s, p, whole = _completed(part)
        u = None if whole is None else _half_of_sum(s, facts.pair)
        if u is None:
            continue
        weight = sp.cancel(-expanded.coeff(part) * part / whole)
        if not weight.free_symbols and sign(weight) == 1:
            step = facts.admitted(ConcaveOfSum(-whole, facts.domain, u=u, p=p))
            if step is not None:
                yield weight, step


def _completed(part: Any) -> tuple[Any, Any, Any]:
    """s, p and s log s or s^p, of which log s or s^(p - 1) is a part; None for any other power."""
    if isinstance(part, sp.log):
        return part.args[0], None, part.args[0] * part
    s, q = part.as_base_exp()
    if not q.is_number or sign(q) != 1 or sign(2 - q) != 1 or sign(q - 1) == 0:
        return s, None, None
    return (s, q, part) if sign(q - 1) == 1 else (s, q + 1, s * part)


def _half_of_sum(s: sp.Expr, pair: Pair) -> sp.Expr | None:
    """The u with s = u(x) + u(z)."""
    if not pair.mixes(s):
        return None
    constant = s.subs({pair.x: 0, pair.z: 0})
    if not constant.is_finite:
        return None
    u = s.subs(pair.z, 0) - constant / 2
    return u if sp.expand(u + pair.in_z(u) - s) == 0 else None


def homogeneous(e: sp.Expr, pair: Pair) -> tuple[sp.Expr, sp.Expr] | None:
    """The degree d with e(cx, cz) = c^d e(x, z), and e(exp(r), 1) exp(-dr/2) with r = x - z."""
    c = sp.Symbol("c", positive=True)
    positive = {symbol: sp.Symbol(symbol.name, positive=True) for symbol in pair}
    inside = e.xreplace(positive)
    a, b = positive.values()
    ratio = sp.simplify(inside.subs({a: c * a, b: c * b}, simultaneous=True) / inside)
    base, d = ratio.as_base_exp()
    if ratio != 1 and (base != c or d.free_symbols):
        return None
    d = sp.S.Zero if ratio == 1 else d
    r = sp.Symbol("r", real=True)
    phi = e.subs({pair.x: sp.exp(r), pair.z: 1}) * sp.exp(-d * r / 2)
    return d, balanced(phi, r).subs(r, pair.x - pair.z)


def balanced(phi: sp.Expr, r: sp.Symbol) -> sp.Expr:
    """A quotient of sums of exponentials in r, written with cosh where both sides are even."""
    above, below = (
        sp.expand(sp.powsimp(sp.expand(part))) for part in sp.fraction(sp.together(phi))
    )
    parts = [_with_cosh(above, r), _with_cosh(below, r)]
    if None in parts:
        return phi
    (shift, cosh), (other, other_cosh) = parts  # type: ignore[misc]
    return sp.exp((shift - other) * r) * cosh / other_cosh


def _with_cosh(total: sp.Expr, r: sp.Symbol) -> tuple[sp.Expr, sp.Expr] | None:
    """The sum as exp(shift r) times a sum of cosh."""
    rates: dict[sp.Expr, sp.Expr] = {}
    for term in sp.Add.make_args(total):
        number, rest = term.as_independent(r, as_Add=False)
        if rest != 1 and not (isinstance(rest, sp.exp) and not (rest.args[0] / r).has(r)):
            return None
        rate = sp.S.Zero if rest == 1 else rest.args[0] / r
        rates[rate] = rates.get(rate, sp.S.Zero) + number
    if not all(rate.is_Rational for rate in rates):
        return None
    shift = (max(rates) + min(rates)) / 2
    if any(rates.get(2 * shift - rate) != number for rate, number in rates.items()):
        return None
    cosh = sp.Add(*(number * sp.cosh((rate - shift) * r) for rate, number in rates.items()))
    return shift, sp.expand(cosh)
