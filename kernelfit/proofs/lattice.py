"""Functions of x - z on whole numbers, and on an interval, where a period may be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from .claims import AtLeastZero, Claim, Unsound, shorter, sign
from .facts import Facts
from .order import knows_order
from .stationary import R, difference
from .steps import Pair, Step

N = sp.Symbol("n", positive=True)
C = sp.Dummy("c", real=True)  # cos(omega)
FARTHEST = 24  # the largest whole distance at which a function may be other than 0
AHEAD = 6  # values that are compared one by one before a bound takes over


@dataclass(frozen=True)
class FinitelyMany(Step):
    r"""A function of the whole number x - z that is 0 beyond some distance.

    .. math:: \varphi(0) + 2 \sum_{j=1}^m \varphi(j) \cos j\omega \ge 0 \text{ for all } \omega
              \quad\Rightarrow\quad \varphi(x - z) \text{ is a kernel on the whole numbers}

    Chebyshev's polynomials turn the left side into a polynomial in c = cos omega.
    """

    values: tuple[sp.Expr, ...] = ()

    rule: ClassVar[str] = "finitely many values on the whole numbers (Herglotz)"
    source: ClassVar[str] = "Herglotz (1911); Brockwell & Davis (1991), theorem 4.3.1"

    def composed(self, pair: Pair) -> sp.Expr:
        r = sp.Abs(pair.x - pair.z)
        cases = [(value, sp.Eq(r, j)) for j, value in enumerate(self.values)]
        return sp.Piecewise(*cases, (0, True))

    def reason(self, pair: Pair) -> str:
        return rf"the values at distance $0, 1, \dots$ are ${sp.latex(self.values)}$, then 0"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        total = chebyshev_sum(self.values)
        yield AtLeastZero(total, ((C, sp.Interval(-1, 1)),) if total.free_symbols else ())

    def check_rule(self, pair: Pair) -> None:
        super().check_rule(pair)
        must_be_whole(self)
        phi = difference(self.formula, pair)
        if phi is None or _values(phi) != self.values:
            raise Unsound(f"{self.formula} does not have the values {self.values}")


def chebyshev_sum(values: tuple[sp.Expr, ...]) -> sp.Expr:
    """phi(0) + 2 sum phi(j) T_j(c)."""
    terms = (2 * value * sp.chebyshevt(j, C) for j, value in enumerate(values) if j)
    return sp.expand(values[0] + sp.Add(*terms))


def finitely_many(e: sp.Expr, facts: Facts) -> FinitelyMany | None:
    """The step for a function with finitely many values, None if it is none."""
    if facts.domain.is_subset(sp.S.Integers) is not True:
        return None
    phi = difference(e, facts.pair)
    if phi is None or not phi.has(sp.Max, sp.Min, sp.Piecewise):
        return None
    values = _values(phi)
    if values is None:
        return None
    return facts.admitted(FinitelyMany(e, facts.domain, values=values))


def must_be_whole(step: Step) -> None:
    """Raise Unsound if the domain has more than whole numbers."""
    if step.domain.is_subset(sp.S.Integers) is not True:
        raise Unsound(f"{step.domain} has more than whole numbers")


def _values(phi: sp.Expr) -> tuple[sp.Expr, ...] | None:
    """phi(0), phi(1), ... up to the last that is not 0; None if they do not end."""
    values = [phi.subs(R, j) for j in range(FARTHEST)]
    while values and values[-1] == 0:
        values.pop()
    beyond = sp.Symbol("beyond", nonnegative=True)
    later = phi.subs(R, len(values) + beyond).replace(
        lambda part: isinstance(part, sp.Piecewise), lambda part: sp.piecewise_fold(part)
    )
    later = sp.simplify(later)
    ended = later == 0 or (later.has(sp.Max) and _is_zero(later, beyond))
    return tuple(values) if values and ended else None


def _is_zero(later: sp.Expr, beyond: sp.Symbol) -> bool:
    for part in later.atoms(sp.Max):
        if all((u.is_nonpositive or u == 0) for u in part.args):
            later = later.subs(part, 0)
    return bool(later == 0)


@dataclass(frozen=True)
class Dominant(Step):
    r"""A diagonal that outweighs the rest of each row, on the whole numbers.

    .. math:: \sum_{j \ne 0} |\varphi(j)| \le \varphi(0), \qquad
              |w_x w_z \varphi| \le \tfrac12 |\varphi| (w_x^2 + w_z^2)
    """

    phi: sp.Expr = sp.S.One
    ratio: sp.Expr = sp.S.Half

    rule: ClassVar[str] = "a dominant diagonal"
    source: ClassVar[str] = "Gershgorin (1931)"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.phi.subs(R, sp.Abs(pair.x - pair.z))

    def needs(self, pair: Pair) -> Iterator[Claim]:
        from_one = ((R, sp.Interval(1, sp.oo)),)
        yield AtLeastZero(self.phi, from_one)
        yield AtLeastZero(self.ratio - shorter(self.phi.subs(R, R + 1) / self.phi), from_one)
        yield AtLeastZero(1 - self.ratio, (), strict=True)
        first = [self.phi.subs(R, j) for j in range(1, AHEAD)]
        rest = self.phi.subs(R, AHEAD) / (1 - self.ratio)
        yield AtLeastZero(self.phi.subs(R, 0) - 2 * (sp.Add(*first) + rest), ())

    def check_rule(self, pair: Pair) -> None:
        super().check_rule(pair)
        must_be_whole(self)

    def reason(self, pair: Pair) -> str:
        falls = rf"\varphi(j + 1) \le {sp.latex(self.ratio)} \varphi(j)"
        return rf"$2 \sum_{{j \ge 1}} \varphi(j) \le \varphi(0)$, as ${falls}$"


def dominant(e: sp.Expr, facts: Facts) -> Dominant | None:
    """The step for a positive function that falls fast, None if it does not."""
    if facts.domain.is_subset(sp.S.Integers) is not True:
        return None
    phi = difference(e, facts.pair)
    if phi is None or not phi.has(R):
        return None
    for q in (sp.Rational(1, 4), sp.Rational(1, 2), sp.Rational(2, 3)):
        step = facts.admitted(Dominant(e, facts.domain, phi=phi, ratio=q))
        if step is not None:
            return step
    return None


@dataclass(frozen=True)
class ConvexSequence(Step):
    r"""Pólya's criterion for whole numbers: second differences and limit are not negative.

    .. math:: \varphi(j - 1) - 2 \varphi(j) + \varphi(j + 1) \ge 0 \quad (j \ge 1), \qquad
              \varphi \ge 0 \text{ and bounded}
    """

    phi: sp.Expr = sp.S.One

    rule: ClassVar[str] = "a convex sequence on the whole numbers"
    source: ClassVar[str] = "Zygmund, Trigonometric Series, theorem V.1.5"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.phi.subs(R, sp.Abs(pair.x - pair.z))

    def needs(self, pair: Pair) -> Iterator[Claim]:
        phi, from_one = self.phi, ((R, sp.Interval(1, sp.oo)),)
        yield AtLeastZero(phi, from_one)
        yield AtLeastZero(phi.subs(R, 0) - phi, from_one)
        second = phi.subs(R, R + 1) - 2 * phi + phi.subs(R, R - 1)
        yield AtLeastZero(sp.together(second), from_one)

    def check_rule(self, pair: Pair) -> None:
        super().check_rule(pair)
        must_be_whole(self)


def convex_sequence(e: sp.Expr, facts: Facts) -> ConvexSequence | None:
    """The step for a convex sequence, None if that is not seen."""
    if facts.domain.is_subset(sp.S.Integers) is not True:
        return None
    phi = difference(e, facts.pair)
    if phi is None or not phi.has(R) or phi.has(sp.sin, sp.cos):
        return None
    return facts.admitted(ConvexSequence(e, facts.domain, phi=phi))


@dataclass(frozen=True)
class CosineSeries(Step):
    r"""A polynomial p(|x - z|) on an interval of length L, continued with the period 2L.

    .. math:: p(r) = \sum_{n \ge 0} a_n \cos \frac{n \pi r}{L} \quad (0 \le r \le L), \qquad
              a_n \ge 0

    The continued function is continuous and its coefficients fall like 1/n^2, so the series
    converges to it.
    """

    p: sp.Expr = sp.S.One

    rule: ClassVar[str] = "a cosine series on the interval"
    source: ClassVar[str] = "Schoenberg (1942), on the circle"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.p.subs(R, sp.Abs(pair.x - pair.z))

    def reason(self, pair: Pair) -> str:
        odd, even = cosine_coefficients(self.p, self.domain.measure)
        shown = [sp.latex(sp.factor(a)) for a in (odd, even)]
        integral = r"\int_0^L p(r) \cos \frac{n \pi r}{L} dr"
        return rf"${integral} = {shown[0]}$ for odd $n$, ${shown[1]}$ for even $n$"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        L = self.domain.measure
        odd, even = cosine_coefficients(self.p, L)
        yield AtLeastZero(sp.integrate(self.p, (R, 0, L)), ())
        for a, first in ((odd, 1), (even, 2)):
            a = sp.expand(a * N**2)
            yield AtLeastZero(a, ((N, sp.Interval(first, sp.oo)),) if a.free_symbols else ())

    def check_rule(self, pair: Pair) -> None:
        super().check_rule(pair)
        L = self.domain.measure
        for n in range(5):
            exact = sp.integrate(sp.expand(self.p) * sp.cos(n * sp.pi * R / L), (R, 0, L))
            if sign(exact) not in (0, 1):
                raise Unsound(f"the coefficient {n} of the cosine series is not seen to be >= 0")


def cosine_coefficients(p: sp.Expr, L: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    r"""The integral of p(r) cos(n pi r / L) over [0, L], by parts, for odd and for even n.

    .. math:: \sum_j (-1)^j \frac{(-1)^n p^{(2j+1)}(L) - p^{(2j+1)}(0)}{(n \pi / L)^{2j+2}}
    """
    totals = []
    for parity in (-1, 1):
        total, slope, sign, factor = sp.S.Zero, sp.diff(p, R), 1, (L / (N * sp.pi)) ** 2
        while slope != 0:
            total += sign * factor * (parity * slope.subs(R, L) - slope.subs(R, 0))
            slope, sign = sp.expand(sp.diff(slope, R, 2)), -sign
            factor *= (L / (N * sp.pi)) ** 2
        totals.append(sp.expand(total))
    return totals[0], totals[1]


def cosine_series(e: sp.Expr, facts: Facts) -> CosineSeries | None:
    """The step for a polynomial in |x - z| on a bounded interval, None if one a_n is negative."""
    domain = facts.domain
    if not domain.is_Interval or domain.measure.is_infinite or not knows_order(e, facts.pair):
        return None
    p = difference(e, facts.pair)
    if p is None or not p.is_polynomial(R):
        return None
    return facts.admitted(CosineSeries(e, domain, p=sp.expand(p)))
