"""Polynomials in |x - z| that end at some distance: their transform in closed form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import sympy as sp

from .claims import AtLeastZero, Claim
from .facts import Facts
from .stationary import R, W, difference, until_zero
from .steps import Pair, Step


@dataclass(frozen=True)
class Compact(Step):
    r"""A polynomial p(|x - z|) up to the distance h, where it is 0 and stays so (Bochner).

    .. math:: I(\omega) = \int_0^h p(r) \cos \omega r\, dr \ge 0, \qquad
              \omega^m I(\omega) = A + B \cos h\omega + C \sin h\omega

    with polynomials A, B, C in omega.  Near 0, cos is at least 1 - (omega r)^2 / 2; far out, A
    outweighs B and C; in between, the function is enclosed on small intervals.
    """

    p: sp.Expr = sp.S.One
    h: sp.Expr = sp.S.One
    far: sp.Expr = sp.S.One

    rule: ClassVar[str] = "a polynomial that ends, with a transform of at least 0 (Bochner)"
    source: ClassVar[str] = "Wendland, Scattered Data Approximation (2005), sections 6.2 and 9.4"

    def composed(self, pair: Pair) -> sp.Expr:
        r = sp.Abs(pair.x - pair.z)
        return sp.Piecewise((self.p.subs(R, r), r < self.h), (0, True))

    def reason(self, pair: Pair) -> str:
        A, B, C, m = transform(self.p, self.h)
        wave = sp.latex(A + B * sp.cos(self.h * W) + C * sp.sin(self.h * W))
        return (
            rf"$\int_0^{{{sp.latex(self.h)}}} p(r) \cos \omega r\, dr = ({wave}) / \omega^{{{m}}}$"
        )

    @property
    def near(self) -> sp.Expr:
        """Up to this omega the first two terms of the cosine are enough."""
        mass, spread = (sp.integrate(sp.expand(self.p * R**j), (R, 0, self.h)) for j in (0, 2))
        return sp.sqrt(mass / spread) if spread != 0 else sp.S.Zero

    def needs(self, pair: Pair) -> Iterator[Claim]:
        A, B, C, _ = transform(self.p, self.h)
        yield AtLeastZero(-sp.Abs(self.p.subs(R, self.h)), ())
        yield AtLeastZero(self.p, ((R, sp.Interval(0, self.h)),))
        for b, c in product((1, -1), repeat=2):
            yield AtLeastZero(sp.expand(A + b * B + c * C), ((W, sp.Interval(self.far, sp.oo)),))
        whole = A + B * sp.cos(self.h * W) + C * sp.sin(self.h * W)
        start = sp.Rational(int(64 * self.near), 64)
        if start < self.far:
            yield AtLeastZero(whole, ((W, sp.Interval(start, self.far)),))


def transform(p: sp.Expr, h: sp.Expr) -> tuple[sp.Expr, sp.Expr, sp.Expr, int]:
    """A, B, C and m, by parts: each derivative of p gives a sine and a cosine at the end h."""
    m = int(sp.Poly(p, R).degree()) + 2
    A, B, C, j = sp.S.Zero, sp.S.Zero, sp.S.Zero, 0
    while p != 0:
        slope = sp.diff(p, R)
        C += (-1) ** j * p.subs(R, h) * W ** (m - 2 * j - 1)
        B += (-1) ** j * slope.subs(R, h) * W ** (m - 2 * j - 2)
        A -= (-1) ** j * slope.subs(R, 0) * W ** (m - 2 * j - 2)
        p, j = sp.expand(sp.diff(slope, R)), j + 1
    return A, B, C, m


def compact(e: sp.Expr, facts: Facts) -> Compact | None:
    """The step for a polynomial that ends, None if its transform is not seen to be >= 0."""
    phi = difference(e, facts.pair)
    if phi is None:
        return None
    p, h = until_zero(phi)
    if h is None or not p.is_polynomial(R):
        return None
    p = sp.expand(p)
    for far in (8, 32):
        step = facts.admitted(Compact(e, facts.domain, p=p, h=h, far=far / h))
        if step is not None:
            return step
    return None
