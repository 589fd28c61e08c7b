"""Kernels that know which of the two points is the lesser: of min(x, z) and max(x, z)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from .boxes import JUMPING
from .claims import AtLeastZero, Claim, Real, Rising, shorter
from .facts import Facts
from .steps import Pair, Step

S, L = sp.symbols("s t", real=True, cls=sp.Dummy)  # the lesser and the larger of the two points


def ordered(e: Any, pair: Pair) -> Any:
    """The formula for x = s <= t = z, of a symmetric formula with min, max and |x - z|."""
    x, z = pair
    for pattern, value in (
        (sp.Min(x, z), S),
        (sp.Max(x, z), L),
        (sp.Abs(x - z), L - S),
        (sp.Abs(z - x), L - S),
    ):
        e = e.subs(pattern, value)
    return e.subs({x: S, z: L}, simultaneous=True)


def written_with_order(h: sp.Expr, pair: Pair) -> sp.Expr:
    """h(min(x, z), max(x, z))."""
    return h.subs({S: sp.Min(*pair), L: sp.Max(*pair)}, simultaneous=True)


def knows_order(e: Any, pair: Pair) -> bool:
    """Whether the formula has min, max or |x - z| of the very points."""
    x, z = pair
    return bool(e.has(sp.Min(x, z), sp.Max(x, z), sp.Abs(x - z), sp.Abs(z - x)))


@dataclass(frozen=True)
class LesserAndLarger(Step):
    r"""The covariance of a Brownian motion at the time f/g, with the height g.

    .. math:: k(x, z) = f(\min(x, z))\, g(\max(x, z)) = g(x)\, g(z) \min\Bigl(
              \frac{f(x)}{g(x)}, \frac{f(z)}{g(z)}\Bigr)

    for g > 0 and f/g >= 0 that never falls; where g is 0 at an end, by continuity if there is no
    jump in f and g.
    """

    f: sp.Expr = sp.S.One
    g: sp.Expr = sp.S.One

    rule: ClassVar[str] = "f(min) g(max) with f/g rising"
    source: ClassVar[str] = "Karlin, Total Positivity (1968)"

    def composed(self, pair: Pair) -> sp.Expr:
        f, g = self.f.subs(pair.x, S), self.g.subs(pair.x, L)
        return written_with_order(f * g, pair)

    def reason(self, pair: Pair) -> str:
        ratio = sp.latex(sp.simplify(self.f / self.g))
        return rf"with $f = {sp.latex(self.f)}$, $g = {sp.latex(self.g)}$, $f/g = {ratio}$"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        jumps = self.f.has(*JUMPING) or self.g.has(*JUMPING)
        inside = self.domain.interior if self.domain.is_Interval and not jumps else self.domain
        yield AtLeastZero(self.f, self.on(pair.x) if self.f.free_symbols else ())
        yield AtLeastZero(self.g, ((pair.x, inside),) if self.g.free_symbols else (), strict=True)
        yield Real(self.g, self.on(pair.x))
        if (self.f / self.g).free_symbols:
            yield Rising(shorter(self.f / self.g), ((pair.x, inside),))


def lesser_and_larger(e: sp.Expr, facts: Facts) -> LesserAndLarger | None:
    """The formula as f(min) g(max), None if it is not of this form or f/g falls."""
    pair = facts.pair
    if not knows_order(e, pair):
        return None
    h = sp.factor(sp.powsimp(ordered(e, pair)))
    h = sp.expand(
        h, power_exp=True, mul=False, power_base=False, log=False, multinomial=False, basic=False
    )
    parts = sp.separatevars(h, symbols=[S, L], dict=True)
    if not parts:
        return None
    f = (parts["coeff"] * parts[S]).subs(S, pair.x)
    g = parts[L].subs(L, pair.x)
    for sign in (1, -1):
        step = facts.admitted(LesserAndLarger(e, facts.domain, f=sign * f, g=sign * g))
        if step is not None:
            return step
    return None


@dataclass(frozen=True)
class IntegratedPowers(Step):
    r"""What x and z have in common of integrated noise, for x, z >= 0.

    .. math:: k(x, z) = \sum_i p_i (x z)^i + \sum_{il} c_{il}
              \int_0^{\min(x, z)} u^l (x - u)^i (z - u)^i\, du, \qquad p_i, c_{il} \ge 0

    For every u the integrand is a product f(x) f(z), where f(x) is (x - u)^i for x > u and else 0.
    """

    powers: tuple[tuple[int, sp.Expr], ...] = ()
    integrals: tuple[tuple[int, int, sp.Expr], ...] = ()

    rule: ClassVar[str] = "an integral over what both points have in common"
    source: ClassVar[str] = "Wahba, Spline Models for Observational Data (1990), chapter 1"

    def composed(self, pair: Pair) -> sp.Expr:
        h = sp.Add(*(p * (S * L) ** i for i, p in self.powers))
        h += sp.Add(*(c * _integral(i, power) for i, power, c in self.integrals))
        return written_with_order(h, pair)

    def reason(self, pair: Pair) -> str:
        x, z = map(sp.latex, pair)
        shown = []
        for i, power, c in self.integrals:
            factors = [
                "" if c == 1 else sp.latex(c),
                rf"\int_0^{{\min({x}, {z})}}",
                {0: "", 1: "u"}.get(power, f"u^{{{power}}}"),
                {0: "", 1: f"({x} - u)({z} - u)"}.get(i, f"({x} - u)^{{{i}}} ({z} - u)^{{{i}}}"),
                r"\, du",
            ]
            shown.append(" ".join(filter(None, factors)))
        shown += [sp.latex(p * (pair.x * pair.z) ** i) for i, p in self.powers]
        return f"${' + '.join(shown)}$"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        for number in (*(p for _, p in self.powers), *(c for *_, c in self.integrals)):
            yield AtLeastZero(number, ())
        yield AtLeastZero(pair.x, self.on(pair.x))


def integrated_powers(e: sp.Expr, facts: Facts) -> IntegratedPowers | None:
    """A polynomial in min and max as such a sum, None if it is none."""
    pair = facts.pair
    if not knows_order(e, pair) or facts.domain.inf < 0:
        return None
    h = sp.expand(ordered(e, pair))
    if not h.is_polynomial(S, L):
        return None
    powers, integrals = [], []
    polynomial = sp.Poly(h, S, L)
    for degree in range(polynomial.total_degree() + 1):
        part = sp.Poly(
            {m: c for m, c in polynomial.terms() if sum(m) == degree} or {(0, 0): 0}, S, L
        )
        if part.is_zero:
            continue
        kinds: list[tuple[Any, ...]] = [(degree // 2,)] if degree % 2 == 0 else []
        kinds += [(i, degree - 1 - 2 * i) for i in range((degree - 1) // 2 + 1) if degree > 0]
        shapes = [(S * L) ** kind[0] if len(kind) == 1 else _integral(*kind) for kind in kinds]
        unknown = sp.symbols(f"a:{len(kinds)}")
        missing = part.as_expr() - sp.Add(*(a * b for a, b in zip(unknown, shapes, strict=True)))
        solution = sp.linsolve(sp.Poly(missing, S, L).coeffs(), unknown)
        if not solution:
            return None
        (numbers,) = solution
        numbers = [number.subs(dict.fromkeys(unknown, 0)) for number in numbers]
        for kind, number in zip(kinds, numbers, strict=True):
            if number != 0 and len(kind) == 1:
                powers.append((kind[0], number))
            elif number != 0:
                integrals.append((*kind, number))
    step = IntegratedPowers(e, facts.domain, powers=tuple(powers), integrals=tuple(integrals))
    return facts.admitted(step)


def _integral(i: int, power: int) -> sp.Expr:
    u = sp.Symbol("u", real=True)
    return sp.expand(sp.integrate(sp.expand(u**power * (S - u) ** i * (L - u) ** i), (u, 0, S)))
