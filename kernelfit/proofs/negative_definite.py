r"""Distances of a kind: conditionally negative definite functions, and the kernels they give.

.. math:: \psi(x, z) = \psi(z, x), \qquad
          \sum_{ij} w_i w_j\, \psi(x_i, x_j) \le 0 \quad\text{whenever}\quad \sum_i w_i = 0

|x - z|^2 is one.  Schoenberg's theorem says that e^{-t psi} is a kernel for every t > 0 exactly if
psi is one.  A step here says of its formula that it is such a distance, not that it is a kernel.

Sources: Schoenberg, Transactions of the AMS 44 (1938); Berg, Christensen & Ressel, Harmonic
Analysis on Semigroups (1984), chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from .claims import AtLeastZero, Claim, Real, Unsound, sign
from .points import Ground, simple_points
from .steps import Pair, Step


@dataclass(frozen=True)
class Distance(Step):
    """A statement that the formula is conditionally negative definite."""

    is_distance: ClassVar[bool] = True


@dataclass(frozen=True)
class Apart(Distance):
    r"""What depends on one point only: with weights of sum 0 it cancels.

    .. math:: \sum_{ij} w_i w_j \bigl(u(x_i) + u(x_j)\bigr)
              = 2 \sum_i w_i u(x_i) \sum_j w_j = 0
    """

    u: sp.Expr = sp.S.Zero

    rule: ClassVar[str] = "u(x) + u(z), which weights of sum 0 do not see"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.u + pair.in_z(self.u)

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield Real(self.u, self.on(pair.x))


@dataclass(frozen=True)
class Minus(Distance):
    r"""Minus a kernel: its form is never positive, whatever the weights.

    .. math:: \psi(x, z) = -k(x, z)
    """

    rule: ClassVar[str] = "minus a kernel"

    def composed(self, pair: Pair) -> sp.Expr:
        return -self.premises[0].formula


@dataclass(frozen=True)
class PowerOfDistance(Distance):
    r"""A power of the distance between numbers g(x) and g(z).

    .. math:: \psi(x, z) = |g(x) - g(z)|^p, \qquad 0 < p \le 2

    p = 2: :math:`\sum_{ij} w_i w_j (g_i - g_j)^2 = -2 (\sum_i w_i g_i)^2`; smaller p: the power p/2
    of that.
    """

    g: sp.Expr = sp.S.Zero
    p: sp.Expr = sp.S.One

    rule: ClassVar[str] = "a power of a distance, with an exponent of at most 2"
    source: ClassVar[str] = "Schoenberg (1938)"

    def composed(self, pair: Pair) -> sp.Expr:
        return sp.Abs(self.g - pair.in_z(self.g)) ** self.p

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield AtLeastZero(self.p, (), strict=True)
        yield AtLeastZero(2 - self.p, ())
        yield Real(self.g, self.on(pair.x))


@dataclass(frozen=True)
class SumOfDistances(Distance):
    """Sums of conditionally negative definite functions, with weights that are not negative."""

    weights: tuple[sp.Expr, ...] = ()

    rule: ClassVar[str] = "a sum with non-negative weights"
    rests_on_distances: ClassVar[bool] = True

    def composed(self, pair: Pair) -> sp.Expr:
        together = zip(self.weights, self.premises, strict=True)
        return sp.Add(*(a * part.formula for a, part in together))

    def needs(self, pair: Pair) -> Iterator[Claim]:
        return (AtLeastZero(a, ()) for a in self.weights)


@dataclass(frozen=True)
class Root(Distance):
    r"""A power of at most 1 of a distance that is not negative.

    .. math:: \psi^q = \frac{q}{\Gamma(1 - q)} \int_0^\infty (1 - e^{-t \psi})\, t^{-q-1}\, dt,
              \qquad 0 < q < 1
    """

    q: sp.Expr = sp.S.One

    rule: ClassVar[str] = "a power of at most 1"
    rests_on_distances: ClassVar[bool] = True
    source: ClassVar[str] = "Berg, Christensen & Ressel (1984), corollary 3.2.10"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.premises[0].formula ** self.q

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield AtLeastZero(self.q, (), strict=True)
        yield AtLeastZero(1 - self.q, ())
        yield AtLeastZero(self.premises[0].formula, self.on(*pair))


@dataclass(frozen=True)
class Logarithm(Distance):
    r"""The logarithm of a positive distance, for :math:`\psi^{-t} = e^{-t \log \psi}` is a kernel.

    .. math:: \log \psi, \qquad \psi > 0
    """

    rule: ClassVar[str] = "the logarithm"
    rests_on_distances: ClassVar[bool] = True
    source: ClassVar[str] = "Berg, Christensen & Ressel (1984), corollary 3.2.10"

    def composed(self, pair: Pair) -> sp.Expr:
        return sp.log(self.premises[0].formula)

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield AtLeastZero(self.premises[0].formula, self.on(*pair), strict=True)


# The kernels that distances give


@dataclass(frozen=True)
class ExpOfDistance(Step):
    r"""Schoenberg's theorem.

    .. math:: k(x, z) = e^{-\psi(x, z)}
    """

    rule: ClassVar[str] = "exp(-distance) (Schoenberg)"
    rests_on_distances: ClassVar[bool] = True
    source: ClassVar[str] = "Schoenberg (1938); Berg, Christensen & Ressel (1984), theorem 3.2.2"

    def composed(self, pair: Pair) -> sp.Expr:
        return sp.exp(-self.premises[0].formula)


@dataclass(frozen=True)
class InverseOfDistance(Step):
    r"""A mixture of the kernels e^{-t psi}, t > 0.

    .. math:: \psi^{-b} = \frac{1}{\Gamma(b)} \int_0^\infty t^{b-1} e^{-t \psi}\, dt, \qquad
              b > 0, \; \psi > 0
    """

    b: sp.Expr = sp.S.One

    rule: ClassVar[str] = "a negative power of a distance, a mixture of exp(-t distance)"
    rests_on_distances: ClassVar[bool] = True
    source: ClassVar[str] = "Berg, Christensen & Ressel (1984), corollary 3.2.10"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.premises[0].formula ** -self.b

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield AtLeastZero(self.b, (), strict=True)
        yield AtLeastZero(self.premises[0].formula, self.on(*pair), strict=True)


@dataclass(frozen=True)
class SeenFrom(Step):
    r"""A distance seen from a point x_0: give x_0 the weight that brings the sum to 0.

    .. math:: k(x, z) = \psi(x, x_0) + \psi(x_0, z) - \psi(x, z) - \psi(x_0, x_0) + c,
              \qquad c \ge 0
    """

    origin: sp.Expr = sp.S.Zero
    constant: sp.Expr = sp.S.Zero
    seen: sp.Expr | None = None  # psi(x, x_0) where x_0 is an end that does not belong: a limit

    rule: ClassVar[str] = "a distance seen from a point"
    rests_on_distances: ClassVar[bool] = True
    source: ClassVar[str] = "Berg, Christensen & Ressel (1984), lemma 3.2.1"

    def composed(self, pair: Pair) -> sp.Expr:
        psi, o = self.premises[0].formula, self.origin
        if self.seen is not None:
            both = self.seen + pair.in_z(self.seen)
            return both - psi - self.at_end(self.seen, pair.x) + self.constant
        views = pair.at(psi, pair.x, o) + pair.at(psi, o, pair.z)
        return views - psi - pair.at(psi, o, o) + self.constant

    def reason(self, pair: Pair) -> str:
        return rf"from ${pair.x}_0 = {sp.latex(self.origin)}$"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield AtLeastZero(self.constant, ())

    def check_rule(self, pair: Pair) -> None:
        super().check_rule(pair)
        known = self.premises[0].domain
        if self.seen is None and known.contains(self.origin) != sp.true:
            raise Unsound(f"the distance is not known at {self.origin}")
        if self.seen is not None:
            psi, unproved = (
                self.premises[0].formula,
                f"{self.seen} is not the limit of the distance",
            )
            if self.origin not in (known.inf, known.sup):
                raise Unsound(f"{self.origin} is no end of {known}")
            for point in simple_points(Ground(known), 3):
                near = self.at_end(psi.subs(pair.x, point), pair.z)
                if sign(near - self.seen.subs(pair.x, point)) != 0:
                    raise Unsound(f"{unproved} from {point} at {self.origin}")
            corner = self.at_end(pair.diagonal(psi), pair.x)
            if sign(corner - self.at_end(self.seen, pair.x)) != 0:
                raise Unsound(f"{unproved} at {self.origin} itself")

    def at_end(self, e: sp.Expr, symbol: sp.Symbol) -> sp.Expr:
        """The limit at the origin, an end of the domain, from within."""
        return sp.limit(e, symbol, self.origin, "+" if self.origin == self.domain.inf else "-")
