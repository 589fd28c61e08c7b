r"""Functions of the difference x - z: Bochner's theorem and what it has in stock.

.. math:: \varphi(r) = \int_0^\infty \cos(\omega r)\, d\mu(\omega), \quad \mu \ge 0
          \quad\Rightarrow\quad \varphi(x - z) = \int \bigl(\cos \omega x \cos \omega z
          + \sin \omega x \sin \omega z\bigr)\, d\mu(\omega)

``spectrum`` computes the measure of a sum of functions whose transforms are known: a density, and
weights of single frequencies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar

import mpmath as mp
import sympy as sp
from sympy.simplify.fu import TR8

from .boxes import JUMPING
from .claims import AtLeastZero, Claim, Real, Unsound, sign
from .facts import Facts
from .steps import Pair, Step

R = sp.Symbol("r", nonnegative=True)  # the distance |x - z|
W = sp.Symbol("omega", positive=True)
POSITIVE = sp.Interval.open(0, sp.oo)
BENDING = (*JUMPING, sp.Max, sp.Min, sp.Abs)
DIGITS = 8  # to which ``check`` compares the integral over the spectrum with the function


@lru_cache(maxsize=64)  # each rule for functions of x - z asks it of the same formula
def difference(e: sp.Expr, pair: Pair) -> sp.Expr | None:
    """The function phi of r = |x - z|, None if e is no even function of x - z."""
    r = sp.Dummy("r", real=True)
    e = e.replace(
        sp.Eq, lambda a, b: sp.Eq(sp.expand(a - b), 0) if pair.mixes(a - b) else sp.Eq(a, b)
    )
    phi = _tidy(e.subs(pair.x, pair.z + r))
    if pair.z in phi.free_symbols:
        phi = sp.powsimp(sp.expand(phi))
        if pair.z in phi.free_symbols:
            return None
    positive = phi.subs(r, R)
    if positive == phi.subs(r, -R) or sp.expand(positive - phi.subs(r, -R)) == 0:
        return positive
    return None


def _tidy(e: Any) -> Any:
    """Arguments expanded, so that z cancels in (z + r) - z."""
    return e.replace(lambda part: part.is_Add and part.is_polynomial(*part.free_symbols), sp.expand)


@dataclass(frozen=True)
class Spectrum:
    """A density on omega > 0 and a weight for each frequency, 0 for the constant."""

    density: sp.Expr
    weights: tuple[tuple[sp.Expr, sp.Expr], ...] = ()


@dataclass(frozen=True)
class Bochner(Step):
    r"""A mixture of waves with weights that are not negative: the easy half of Bochner's theorem.

    .. math:: k(x, z) = \int_0^\infty S(\omega) \cos \omega (x - z)\, d\omega
              + \sum_j s_j \cos \omega_j (x - z), \qquad S \ge 0, \; s_j \ge 0
    """

    phi: sp.Expr = sp.S.One
    spectrum: Spectrum = field(default_factory=lambda: Spectrum(sp.S.Zero))

    rule: ClassVar[str] = "a mixture of waves (Bochner)"
    source: ClassVar[str] = "Bochner (1933); Rasmussen & Williams (2006), theorem 4.1"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.phi.subs(R, sp.Abs(pair.x - pair.z))

    def reason(self, pair: Pair) -> str:
        parts = []
        if self.spectrum.density != 0:
            parts.append(rf"the density $S(\omega) = {sp.latex(sp.factor(self.spectrum.density))}$")
        if self.spectrum.weights:
            shown = ", ".join(
                rf"{sp.latex(s)} \text{{ at }} \omega = {sp.latex(w)}"
                for w, s in self.spectrum.weights
            )
            parts.append(f"the weights ${shown}$")
        verb = "are" if len(parts) > 1 or self.spectrum.weights else "is"
        return f"{' and '.join(parts)} {verb} not negative"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield Real(self.phi, ((R, sp.Interval(0, sp.oo)),) if self.phi.has(R) else ())
        for _, s in self.spectrum.weights:
            yield AtLeastZero(s, ())
        S = self.spectrum.density
        yield AtLeastZero(S, ((W, POSITIVE),) if S.free_symbols else ())

    def check_rule(self, pair: Pair) -> None:
        super().check_rule(pair)
        for point in (sp.Rational(1, 3), sp.Rational(8, 5)):
            with mp.workdps(2 * DIGITS + 1):
                expected = mp.mpf(sp.N(self.phi.subs(R, point), 25))
                found = self._integral(point)
                if abs(found - expected) > mp.mpf(10) ** -DIGITS * (1 + abs(expected)):
                    raise Unsound(f"the spectrum gives {found} at r = {point}, not {expected}")

    def _integral(self, point: sp.Expr) -> Any:
        total = mp.mpf(sp.N(sp.Add(*(s * sp.cos(w * point) for w, s in self.spectrum.weights)), 25))
        density = self.spectrum.density
        r = mp.mpf(point.p) / point.q
        S = sp.lambdify(W, density, "mpmath")
        ends = [mp.mpf(0), *sorted(mp.mpf(sp.N(c.gts, 25)) for c in density.atoms(sp.Lt))]
        for low, high in pairwise(ends):  # between the jumps
            total += mp.quad(lambda w: S(w) * mp.cos(w * r), [low, (low + high) / 2, high])
        if S(2 * ends[-1] + 1) == 0:
            return total
        return total + mp.quadosc(lambda w: S(w) * mp.cos(w * r), [ends[-1], mp.inf], omega=r)


def bochner(e: sp.Expr, facts: Facts) -> Bochner | None:
    """The spectrum of a function of x - z, if it is known and not negative."""
    phi = difference(e, facts.pair)
    if phi is None:
        return None
    known = spectrum(phi)
    if known is None:
        return None
    known = Spectrum(sp.factor(known.density), known.weights)
    return facts.admitted(Bochner(e, facts.domain, phi=phi, spectrum=known))


def spectrum(phi: sp.Expr) -> Spectrum | None:
    """The sum of the known transforms of the terms of phi, None if one of them is not known."""
    density: sp.Expr = sp.S.Zero
    weights: dict[sp.Expr, sp.Expr] = {}
    for term in _terms(phi):
        for transform in (_constant_or_wave, _with_exp, _with_gauss, _rational, _known):
            found = transform(term)
            if found is not None:
                break
        else:
            return None
        density += found.density
        for frequency, weight in found.weights:
            weights[frequency] = weights.get(frequency, sp.S.Zero) + weight
    kept = tuple((w, sp.simplify(s)) for w, s in weights.items() if sp.simplify(s) != 0)
    return Spectrum(density, kept)


def _terms(phi: sp.Expr) -> list[sp.Expr]:
    """The terms of phi, with at most one wave in each; a fraction of polynomials in one piece."""
    if phi.is_rational_function(R):
        polynomial_part = sp.apart(sp.together(phi), R) if phi.has(R) else phi
        return list(sp.Add.make_args(_in_squares(phi) or polynomial_part))
    expanded = sp.expand(phi.replace(_has_phase, sp.expand_trig))
    waves = sp.expand(TR8(expanded)) if expanded.has(sp.sin, sp.cos) else expanded
    together: list[sp.Expr] = []
    fractions = sp.S.Zero
    for term in sp.Add.make_args(waves):
        if term.has(R) and term.is_rational_function(R):
            fractions += term
        else:
            together.append(term)
    if fractions != 0:
        together += _terms(fractions)
    return together


def _has_phase(part: Any) -> bool:
    """Whether it is a sine or cosine of b r + c, c not 0."""
    return isinstance(part, (sp.sin, sp.cos)) and part.args[0].as_independent(R)[0] != 0


def _in_squares(phi: sp.Expr) -> sp.Expr | None:
    """Partial fractions in r^2 of an even rational function."""
    q = sp.Symbol("q", positive=True)
    even = sp.together(phi).subs(R, sp.sqrt(q))
    if not even.is_rational_function(q):
        return None
    return sp.apart(sp.cancel(even), q).subs(q, R**2)


def _constant_or_wave(term: sp.Expr) -> Spectrum | None:
    number, wave = term.as_independent(R, as_Add=False)
    if wave == 1:
        return Spectrum(sp.S.Zero, ((sp.S.Zero, number),))
    if isinstance(wave, sp.cos) and not (wave.args[0] / R).has(R):
        return Spectrum(sp.S.Zero, ((sp.Abs(wave.args[0] / R), number),))
    return None


def _factors(term: sp.Expr) -> tuple[sp.Expr, sp.Expr, sp.Expr, sp.Expr, Any] | None:
    """A term c r^m exp(-E(r)) times a wave as c, m, E, the frequency, and sin or cos."""
    number, rest = term.as_independent(R, as_Add=False)
    power, exponent, frequency, wave = sp.S.Zero, sp.S.Zero, sp.S.Zero, sp.cos
    for factor in sp.Mul.make_args(rest):
        base, to = factor.as_base_exp()
        if isinstance(factor, sp.exp):
            exponent -= factor.args[0]
        elif base == R and to.is_Integer:
            power += to
        elif isinstance(factor, (sp.sin, sp.cos)) and frequency == 0:
            frequency, wave = factor.args[0] / R, factor.func
            if frequency.has(R):
                return None
        else:
            return None
    return number, power, sp.expand(exponent), frequency, wave


def _with_exp(term: sp.Expr) -> Spectrum | None:
    r"""A term c r^m e^{-ar} times a wave.

    .. math:: \int_0^\infty r^m e^{-ar} e^{i\beta r}\, dr = \frac{m!}{(a - i\beta)^{m+1}}
    """
    taken = _factors(term)
    if taken is None:
        return None
    c, m, E, b, wave = taken
    a = E.coeff(R)
    if not (m.is_Integer and m >= 0) or sp.expand(E - a * R) != 0 or a.has(R) or sign(a) != 1:
        return None
    part = sp.re if wave is sp.cos else sp.im
    total = sp.S.Zero
    for beta in (b + W, b - W):
        numerator = sp.expand((a + sp.I * beta) ** (m + 1), complex=True)
        real, imaginary = numerator.as_real_imag()
        value = real if part is sp.re else imaginary
        total += sp.factorial(m) * value / (a**2 + beta**2) ** (m + 1)
    return Spectrum(c * total / sp.pi)


def _with_gauss(term: sp.Expr) -> Spectrum | None:
    r"""A term c r^{2m} e^{-ar^2} times a cosine.

    .. math:: e^{-ar^2} = \int_0^\infty \frac{e^{-\omega^2/4a}}{\sqrt{\pi a}}
              \cos \omega r\, d\omega, \qquad r^2 \leftrightarrow -\frac{d^2}{d\omega^2}
    """
    taken = _factors(term)
    if taken is None:
        return None
    c, m, E, b, wave = taken
    a = E.coeff(R, 2)
    even = m.is_Integer and m >= 0 and m % 2 == 0 and (wave is sp.cos)
    if not even or sp.expand(E - a * R**2) != 0 or sign(a) != 1:
        return None
    S = sp.exp(-(W**2) / (4 * a)) / sp.sqrt(sp.pi * a)
    for _ in range(int(m) // 2):
        S = sp.expand(-sp.diff(S, W, 2))
    if b != 0:
        S = (S.subs(W, W + b) + S.subs(W, W - b)) / 2
    return Spectrum(c * S)


def _rational(term: sp.Expr) -> Spectrum | None:
    r"""A term c / (r^2 + q)^k: derivatives with respect to q of the first.

    .. math:: \frac{1}{r^2 + q} = \int_0^\infty \frac{e^{-\sqrt{q}\, \omega}}{\sqrt{q}}
              \cos \omega r\, d\omega
    """
    number, rest = sp.factor(term).as_independent(R, as_Add=False)
    base, to = rest.as_base_exp()
    if not (to.is_Integer and to < 0) or not base.is_polynomial(R):
        return None
    polynomial = sp.Poly(base, R)
    if polynomial.degree() != 2 or polynomial.coeff_monomial(R) != 0:
        return None
    leading, constant = polynomial.coeff_monomial(R**2), polynomial.coeff_monomial(1)
    if sign(constant / leading) != 1:
        return None
    q, k = sp.Symbol("q", positive=True), -int(to)
    S = sp.exp(-sp.sqrt(q) * W) / sp.sqrt(q)
    for j in range(1, k):
        S = -sp.diff(S, q) / j
    return Spectrum(number / leading**k * S.subs(q, constant / leading))


def _known(term: sp.Expr) -> Spectrum | None:
    """The wave sin(br)/(br), the hyperbolic secant and r/sinh r."""
    number, rest = term.as_independent(R, as_Add=False)
    r = sp.Wild("r_", exclude=[R])
    if isinstance(rest, sp.sinc):
        b = rest.args[0] / R
        if not b.has(R):
            b = sp.Abs(b)
            return Spectrum(number / b * sp.Piecewise((1, b > W), (0, True)))
    found = rest.match(sp.sin(r * R) / R)
    if found and sign(found[r]) == 1:
        b = found[r]
        return Spectrum(number * sp.Piecewise((1, b > W), (0, True)))
    return _hyperbolic(number, rest)


def _hyperbolic(number: sp.Expr, rest: sp.Expr) -> Spectrum | None:
    r"""Quotients with cosh.

    .. math:: \int_{-\infty}^\infty \frac{\cos \omega r\, dr}{\cosh r + \cos a}
              = \frac{2 \pi \sinh a \omega}{\sin a \sinh \pi \omega}, \qquad
              \int_{-\infty}^\infty \frac{\cosh ar}{\cosh r} \cos \omega r\, dr
              = \frac{2 \pi \cos(\pi a/2) \cosh(\pi \omega/2)}{\cos \pi a + \cosh \pi \omega}
    """
    above, below = sp.fraction(rest.rewrite(sp.cosh) if rest.has(sp.sech) else rest)
    below = _evenly(below)
    constant, wave = below.as_coeff_Add()
    factor, wave = wave.as_coeff_Mul()
    if not isinstance(wave, sp.cosh) or (wave.args[0] / R).has(R):
        return None
    b, w = wave.args[0] / R, W
    w = w / b
    if above == 1:
        cosine = constant / factor
        if cosine == 1:
            return Spectrum(number / factor * 2 * w / sp.sinh(sp.pi * w) / b)
        if sign(1 - cosine) == 1 and sign(1 + cosine) == 1:
            a = sp.acos(cosine)
            shape = sp.sinh(a * w) / (sp.sin(a) * sp.sinh(sp.pi * w))
            return Spectrum(number / factor * 2 * shape / b)
        return None
    if constant == 0 and isinstance(above, sp.cosh) and not (above.args[0] / R).has(R):
        a = above.args[0] / R / b
        if sign(1 - a) == 1 and sign(1 + a) == 1:
            shape = sp.cos(sp.pi * a / 2) * sp.cosh(sp.pi * w / 2)
            shape /= sp.cos(sp.pi * a) + sp.cosh(sp.pi * w)
            return Spectrum(number / factor * 2 * shape / b)
    return None


def _evenly(below: sp.Expr) -> sp.Expr:
    """exp(br) + exp(-br) as 2 cosh(br)."""
    apart = below.replace(
        lambda part: isinstance(part, sp.exp) and part.has(R),
        lambda part: sp.cosh(part.args[0]) + sp.sinh(part.args[0]),
    )
    return sp.expand(apart)


@dataclass(frozen=True)
class Polya(Step):
    r"""Pólya's criterion: convex and falling to a limit of at least 0 makes a mixture of triangles.

    .. math:: \varphi(r) = \varphi(\infty) + \int_0^\infty \Bigl(1 - \frac{r}{h}\Bigr)_+ d\nu(h),
              \qquad \nu \ge 0
    """

    phi: sp.Expr = sp.S.One

    rule: ClassVar[str] = "convex in |x - z| (Pólya)"
    source: ClassVar[str] = "Pólya (1949); Feller, vol. 2, section XV.3"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.phi.subs(R, sp.Abs(pair.x - pair.z))

    def reason(self, pair: Pair) -> str:
        return rf"$\varphi(r) = {sp.latex(self.phi)}$ is convex, bounded and never negative"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        phi, end = until_zero(self.phi)
        domain = ((R, POSITIVE if end is None else sp.Interval.open(0, end)),)
        yield AtLeastZero(phi, domain)
        yield AtLeastZero(self.phi.subs(R, 0) - phi, domain)
        yield Real(sp.diff(phi, R), domain)  # no bend in the middle
        yield AtLeastZero(sp.diff(phi, R, 2), domain)
        if end is not None:
            yield AtLeastZero(-sp.Abs(phi.subs(R, end)), ())

    def check_rule(self, pair: Pair) -> None:
        super().check_rule(pair)
        if until_zero(self.phi)[0].has(*BENDING):
            raise Unsound(f"{self.phi} may jump or bend")


def polya(e: sp.Expr, facts: Facts) -> Polya | None:
    """A convex function of |x - z| that is not negative, None if that is not seen."""
    phi = difference(e, facts.pair)
    if phi is None or not phi.has(R) or phi.has(sp.sin, sp.cos):
        return None
    smooth, _ = until_zero(phi)
    if smooth.has(*BENDING):
        return None
    return facts.admitted(Polya(e, facts.domain, phi=phi))


def until_zero(phi: sp.Expr) -> tuple[sp.Expr, sp.Expr | None]:
    """The function as it is before it becomes 0 for good, and where that is; None if it does not.

    It must come to 0 without a jump, and be 0 without the parts that end there.
    """
    before, beyond, ends = phi, phi, []
    for part in phi.atoms(sp.Max):
        others = [u for u in part.args if u != 0]
        if len(others) == 1 and sp.S.Zero in part.args and others[0].is_polynomial(R):
            line = sp.Poly(others[0], R)
            if line.degree() == 1 and line.LC() < 0:
                ends.append(-line.coeff_monomial(1) / line.LC())
                before, beyond = before.subs(part, others[0]), beyond.subs(part, 0)
    for part in phi.atoms(sp.Piecewise):
        (value, condition), *others = part.args
        is_near = isinstance(condition, sp.Lt | sp.Le) and condition.lhs == R
        if (
            is_near
            and condition.rhs.is_number
            and [tuple(other) for other in others] == [(0, True)]
        ):
            ends.append(condition.rhs)
            before, beyond = before.subs(part, value), beyond.subs(part, 0)
    if len(set(ends)) != 1 or beyond != 0 or sign(before.subs(R, ends[0])) != 0:
        return phi, None
    return before, ends[0]
