"""Whether a formula is defined and positive on a whole domain: the methods, cheapest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from .boxes import JUMPING, is_negative_at, is_positive_on
from .budget import Budget, Exhausted
from .cases import branches, cases
from .constants import sign_of
from .enclosure import Undefined, Unsupported, Unsure, enclose
from .ranges import NotProved, Range, range_of
from .rationals import (
    Rational,
    as_rational,
    is_polynomial_positive,
    is_polynomial_positive_at_integers,
    points_inside,
)

DEEPEST = 12  # questions within questions
LARGEST = 400  # operations in a formula that is looked at
DIGITS = 60
_NOTHING_SHOWN = (NotProved, Undefined, Unsure, Unsupported, sp.PolynomialError, OverflowError)

TOTAL = {  # real wherever their arguments are
    *(sp.Add, sp.Mul, sp.Abs, sp.sign, sp.Min, sp.Max, sp.floor, sp.ceiling, sp.Heaviside),
    *(sp.exp, sp.sin, sp.cos, sp.sinc, sp.sinh, sp.cosh, sp.tanh, sp.sech, sp.atan, sp.asinh),
    *(sp.erf, sp.erfc),
}


class Prover:
    """Questions about formulas on one domain, each symbol real and in a range of its own."""

    def __init__(self, domains: Mapping[Any, Range], budget: Budget, depth: int = 0) -> None:
        self.domains, self.budget, self.depth = dict(domains), budget, depth
        self._known: dict[Any, bool] = {}

    def on(self, domains: Mapping[Any, Range]) -> Prover:
        """The same questions on another domain."""
        return Prover(domains, self.budget, self.depth + 1)

    # Defined ----------------------------------------------------------------------------------

    def is_real(self, e: Any) -> bool:
        """Whether e has a finite real value on the whole domain, and so has each part of it."""
        key = ("real", e)
        if key not in self._known:
            self._known[key] = self._is_real(e)
        return self._known[key]

    def _is_real(self, e: Any) -> bool:
        if not e.free_symbols:
            return _is_defined(e)
        if e in self.domains:
            return True
        if isinstance(e, sp.Piecewise):
            return self._is_piecewise_real(e)
        if not all(self.is_real(a) for a in e.args):
            return False
        if e.func in TOTAL:
            return True
        condition = _CONDITIONS.get(e.func)
        return condition is not None and condition(self, e)

    def _is_piecewise_real(self, e: Any) -> bool:
        compared = [side for c in e.atoms(Relational) for side in c.args]
        if e.args[-1][1] != sp.true or not all(map(self.is_real, compared)):
            return False
        return all(self.on(part).is_real(b) for b, part in branches(e, self.domains))

    def is_nonzero(self, e: Any) -> bool:
        """Whether e is nowhere 0, given that it is defined and continuous."""
        if e.is_Mul:
            return all(self.is_nonzero(a) for a in e.args)
        if e.is_Pow:
            return self.is_nonzero(e.base)
        return self.is_positive(e, strict=True) or self.is_positive(-e, strict=True)

    def is_within(self, e: Any, low: int, high: int, *, strict: bool = False) -> bool:
        """Whether low <= e <= high."""
        above = self.is_positive(e - low, strict=strict)
        return above and self.is_positive(high - e, strict=strict)

    # Positive ---------------------------------------------------------------------------------

    def is_positive(self, f: Any, *, strict: bool) -> bool:
        """Whether f >= 0, or f > 0, wherever on the domain it is defined."""
        key = (f, strict)
        if key not in self._known:
            self._known[key] = False  # for a question that comes down to itself
            self._known[key] = self._is_positive(f, strict)
        return self._known[key]

    def _is_positive(self, f: Any, strict: bool) -> bool:
        self.budget.spend()
        if not f.free_symbols:
            sign = sign_of(f)
            return sign is not None and sign >= (1 if strict else 0)
        if self.depth > DEEPEST or f.count_ops() > LARGEST or f.free_symbols - set(self.domains):
            return False
        if self._try(lambda: range_of(f, self.domains).is_at_least(0, strict=strict)):
            return True
        if self._try(lambda: self._fails_somewhere(f)):
            return False
        methods = (self._by_factors, self._by_one_generator, self._by_composition, self._by_square)
        return any(
            self._try(lambda m=method: m(f, strict))  # type: ignore[misc]
            for method in (*methods, self._by_cases, self._by_boxes)
        )

    def _try(self, method: Callable[[], bool]) -> bool:
        try:
            return method()
        except _NOTHING_SHOWN:
            return False

    def _fails_somewhere(self, f: Any) -> bool:
        """Whether f is negative at one of a few points: there is no use in looking for a proof."""
        symbols = sorted(f.free_symbols, key=sp.default_sort_key)
        lines = [
            [sp.floor(p) if s.is_integer else p for p in points_inside(self.domains[s], 5)]
            for s in symbols
        ]
        together = [dict(zip(symbols, (line[i] for line in lines), strict=True)) for i in (0, 2, 4)]
        if len(symbols) == 2:
            together += [{symbols[0]: lines[0][i], symbols[1]: lines[1][4 - i]} for i in (0, 4)]
        return any(is_negative_at(f, point) for point in together)

    def _by_factors(self, f: Any, strict: bool) -> bool:
        """A product or a power: of factors that have a sign everywhere."""
        if not (f.is_Mul or f.is_Pow):
            return False
        sign = 1
        for factor in sp.Mul.make_args(f):
            base, power = factor.as_base_exp() if factor.is_Pow else (factor, sp.S.One)
            if not power.is_Integer:
                base, power = factor, sp.S.One
            strictly = strict and power > 0
            if power % 2 == 0:
                if strictly and not self.is_nonzero(base):
                    return False
            elif self.is_positive(-base, strict=strictly):
                sign = -sign
            elif not self.is_positive(base, strict=strictly):
                return False
        return sign > 0

    def _by_one_generator(self, f: Any, strict: bool) -> bool:
        """p/q with polynomials p and q of one t: has the sign of pq, on the range of t."""
        for form in _forms(f):
            r = as_rational(form)
            if not form.free_symbols:
                return self.is_positive(form, strict=strict)
            if len(r.meaning) != 1:
                continue
            ((t, meaning),) = r.meaning.items()
            p = sp.Poly(r.numerator * r.denominator, t)
            if p.domain not in (sp.ZZ, sp.QQ):
                continue
            if meaning in self.domains and meaning.is_integer:
                domain = self.domains[meaning]
                return is_polynomial_positive_at_integers(p, domain, strict=strict)
            return is_polynomial_positive(p, range_of(meaning, self.domains), strict=strict)
        return False

    def _by_composition(self, f: Any, strict: bool) -> bool:
        """f(x, z) = g(t) with t = xz, x - z or x + z: ask about g on the range of t."""
        if len(f.free_symbols) != 2:
            return False
        x, z = sorted(f.free_symbols, key=sp.default_sort_key)
        t = sp.Dummy("t", real=True)
        for inner, x_of_t in ((x * z, None), (x - z, z + t), (x + z, t - z)):
            g = f.subs(inner, t) if x_of_t is None else f.subs(x, x_of_t)
            for form in map(sp.expand, _forms(g)):
                if form.free_symbols <= {t}:
                    on_t = self.on({t: range_of(inner, self.domains)})
                    return on_t.is_positive(form, strict=strict)
        return False

    def _by_square(self, f: Any, strict: bool) -> bool:
        """A quadratic a v^2 + b v + c is >= 0 if a >= 0, c >= 0 and 4ac >= b^2; > 0 likewise."""
        for v in sorted(f.free_symbols, key=sp.default_sort_key):
            p = f.as_poly(v)
            if p is None or p.degree() != 2:
                continue
            a, b, c = p.all_coeffs()
            if all(self.is_positive(q, strict=strict) for q in (a, c, sp.expand(4 * a * c - b**2))):
                return True
        return False

    def _by_cases(self, f: Any, strict: bool) -> bool:
        """Min, Max, |u|, sign u and the like: each of the forms that f may take."""
        found = cases(f, self)
        return bool(found) and all(
            any(self._asked_on(domains).is_positive(g, strict=strict) for g, domains in questions)
            for questions in found
        )

    def _asked_on(self, domains: Mapping[Any, Range]) -> Prover:
        return self if domains is self.domains else self.on(domains)

    def _by_boxes(self, f: Any, strict: bool) -> bool:
        """Branch and bound, first without denominators and negative exponents of e."""
        box = {s: r for s, r in self.domains.items() if s in f.free_symbols}
        forms = [f] if f.has(*JUMPING) else [*self._without_denominators(as_rational(f)), f]
        return any(self._is_positive_on(g, box, strict) for g in dict.fromkeys(forms))

    def _is_positive_on(self, f: Any, box: Any, strict: bool) -> bool:
        """Branch and bound with half of the steps that are left."""
        part = self.budget.share(0.5)
        before = part.left
        try:
            return is_positive_on(f, box, part, strict=strict)
        except Exhausted:
            return False
        finally:
            self.budget.left -= before - max(part.left, 0)

    def _without_denominators(self, r: Rational) -> Iterator[Any]:
        """Formulas with the same sign: the numerator, with exponentials that rise or that fall."""
        denominator = r.translated(r.denominator)
        values = range_of(denominator, self.domains)
        if (-values).is_at_least(0, strict=True):
            r = replace(r, numerator=-r.numerator)
        elif not values.is_at_least(0, strict=True):
            return
        yield sp.expand(r.translated(r.numerator))
        exponentials = [t for t, meaning in r.meaning.items() if isinstance(meaning, sp.exp)]
        if exponentials:
            highest = sp.Mul(*(t ** sp.degree(r.numerator, t) for t in exponentials))
            yield sp.expand(r.translated(sp.expand(r.numerator / highest)))


def _is_power_real(prover: Prover, e: Any) -> bool:
    """b^n with b != 0 if n < 0; b^p with b > 0, or b >= 0 and p >= 0, where 0^0 = 1."""
    if e.exp.is_integer:
        return prover.is_positive(e.exp, strict=False) or prover.is_nonzero(e.base)
    if prover.is_positive(e.base, strict=True):
        return True
    return prover.is_positive(e.base, strict=False) and prover.is_positive(e.exp, strict=False)


_CONDITIONS: dict[Any, Callable[[Prover, Any], bool]] = {
    sp.Pow: _is_power_real,
    sp.log: lambda p, e: p.is_positive(e.args[0], strict=True),
    sp.asin: lambda p, e: p.is_within(e.args[0], -1, 1),
    sp.acos: lambda p, e: p.is_within(e.args[0], -1, 1),
    sp.atanh: lambda p, e: p.is_within(e.args[0], -1, 1, strict=True),
    sp.acosh: lambda p, e: p.is_positive(e.args[0] - 1, strict=False),
    sp.tan: lambda p, e: p.is_nonzero(sp.cos(e.args[0])),
    sp.besselj: lambda p, e: bool(e.args[0].is_Integer),
    sp.besseli: lambda p, e: bool(e.args[0].is_Integer),
}


def _is_defined(constant: Any) -> bool:
    try:
        if sign_of(constant) is not None:
            return True
        enclose(constant, {}, DIGITS)
    except (Undefined, Unsure, Unsupported):
        return False
    return True


def _forms(f: Any) -> Iterator[Any]:
    """The formula, and what may have fewer generators."""
    yield f
    if f.has(*_HYPERBOLIC):
        yield f.replace(lambda e: isinstance(e, _HYPERBOLIC), lambda e: e.rewrite(sp.exp))
    if f.has(sp.sin, sp.cos):
        for form in (f, sp.expand_trig(f)):
            yield sp.expand(sp.expand(form).replace(_is_even_power_of_sine, _by_cosine))


_HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh, sp.sech)


def _is_even_power_of_sine(e: Any) -> bool:
    return bool(e.is_Pow and isinstance(e.base, sp.sin) and e.exp.is_Integer and e.exp % 2 == 0)


def _by_cosine(e: Any) -> Any:
    return (1 - sp.cos(e.base.args[0]) ** 2) ** (e.exp / 2)
