r"""Functions of a kernel whose power series has no negative coefficient.

.. math:: F(t) = \sum_m a_m t^m, \; a_m \ge 0 \quad\Rightarrow\quad F(k(x, z)) \text{ is a kernel}

where the series converges: for every :math:`t = k(x, x)`, since :math:`|k(x, z)|^2 \le k(x, x)
k(z, z)`.  Each rule below gives reasons and the conditions on t under which the series converges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from .claims import AtLeastZero, Claim, Unsound, shorter, sign
from .facts import Facts
from .steps import Pair, Step

T = sp.Dummy("t", real=True)  # stands for the kernel inside
DEPTH = 3  # how often a function may be differentiated
CHECKED = 10  # coefficients that ``check`` computes by differentiation


@dataclass(frozen=True)
class Condition:
    """An expression in t that must be above 0 (at least 0 if not strict) for the series."""

    expression: sp.Expr
    strict: bool = True


@dataclass(frozen=True)
class Series:
    """Why a function has no negative coefficient, from that of t on; the constant is its own."""

    function: sp.Expr
    why: str
    conditions: tuple[Condition, ...] = ()
    parts: tuple[Series, ...] = ()

    def all_conditions(self) -> Iterator[Condition]:
        yield from self.conditions
        for part in self.parts:
            yield from part.all_conditions()

    @property
    def at_zero(self) -> sp.Expr:
        """The constant coefficient."""
        return self.function.subs(T, 0)


@dataclass(frozen=True)
class PowerSeries(Step):
    r"""A power series with non-negative coefficients in a kernel, where it converges.

    .. math:: k = \lim_{N \to \infty} \sum_{m=0}^N a_m k_1^m, \qquad a_m \ge 0

    Powers are products, partial sums are sums of kernels, and the limit of numbers that are not
    negative is not negative.
    """

    series: Series = field(default_factory=lambda: Series(T, "itself"))

    rule: ClassVar[str] = "power series with non-negative coefficients"
    source: ClassVar[str] = "Schur (1911)"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.series.function.subs(T, self.premises[0].formula)

    def reason(self, pair: Pair) -> str:
        inside = sp.latex(self.premises[0].formula)
        return rf"$F(t) = {sp.latex(self.series.function)}$ at $t = {inside}$: {self.series.why}"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        inside = pair.diagonal(self.premises[0].formula)
        yield AtLeastZero(self.series.at_zero, ())
        for condition in self.series.all_conditions():
            e = condition.expression.subs(T, inside)
            domains = ((pair.x, self.domain),) if e.free_symbols else ()
            yield AtLeastZero(e, domains, condition.strict)

    def check_rule(self, pair: Pair) -> None:
        super().check_rule(pair)
        f = self.series.function
        if nonnegative(f) != self.series:
            raise Unsound(f"no rule gives these signs of the coefficients of {f}")
        for m in range(CHECKED):
            if sign(f.subs(T, 0)) not in (0, 1):
                raise Unsound(f"coefficient {m} of {self.series.function} is not seen to be >= 0")
            f = sp.diff(f, T)


def power_series(F: sp.Expr, premise: Step, facts: Facts) -> PowerSeries | None:
    """The step from a kernel to F of it, None if the coefficients or the radius do not allow it."""
    series = nonnegative(F)
    if series is None:
        return None
    formula = F.subs(T, premise.formula)
    return facts.admitted(PowerSeries(formula, facts.domain, (premise,), series=series))


def nonnegative(F: sp.Expr, depth: int = DEPTH) -> Series | None:
    """Why F(t) has no negative coefficient from that of t on, None if no rule says so."""
    if not F.has(T):
        return Series(F, "a constant")
    if F.is_polynomial(T):
        return _polynomial(F)
    return (
        _elementary(F)
        or _exponentials(F)
        or (_sum(F) if F.is_Add else None)
        or (_product(F) if F.is_Mul else None)
        or (_integral(F, depth) if depth else None)
    )


def _polynomial(F: sp.Expr) -> Series | None:
    *powers, _ = sp.Poly(F, T).all_coeffs() or [sp.S.Zero]
    if all(sign(a) in (0, 1) for a in powers):
        return Series(F, "a polynomial with non-negative coefficients")
    return None


def _inside(G: sp.Expr) -> Series | None:
    """G if it is a series with non-negative coefficients that begins with at least 0."""
    series = nonnegative(G, 0)
    return series if series is not None and sign(series.at_zero) in (0, 1) else None


def _elementary(F: Any) -> Series | None:
    """One function of a series: exp, cosh, sinh, tan, asin, atanh, powers and logarithms."""
    if isinstance(F, sp.exp):
        inner = nonnegative(F.args[0], 0)
        return inner and Series(F, r"$e^t = \sum_m t^m / m!$", (), (inner,))
    if isinstance(F, (sp.cosh, sp.sinh)):
        even = isinstance(F, sp.cosh)
        inner = _inside(F.args[0])
        text = (
            r"$\cosh t = \sum_m t^{2m} / (2m)!$"
            if even
            else r"$\sinh t = \sum_m t^{2m+1} / (2m+1)!$"
        )
        return inner and Series(F, text, (), (inner,))
    limits = {
        sp.tan: (sp.pi / 2, True, r"$\tan t = t + \frac{t^3}{3} + \frac{2 t^5}{15} + \dots$"),
        sp.sec: (sp.pi / 2, True, r"$\sec t = 1 + \frac{t^2}{2} + \frac{5 t^4}{24} + \dots$"),
        sp.asin: (1, False, r"$\arcsin t = \sum_m \binom{2m}{m} \frac{t^{2m+1}}{4^m (2m+1)}$"),
        sp.atanh: (1, True, r"$\operatorname{artanh} t = \sum_m t^{2m+1} / (2m+1)$"),
    }
    if F.func in limits:
        radius, strict, text = limits[F.func]
        inner = _inside(F.args[0])
        return inner and Series(F, text, (Condition(radius - F.args[0], strict),), (inner,))
    if F.is_Pow and F.exp.is_number and F.exp.is_negative:
        text = r"$(1 - t)^{-b} = \sum_m \binom{b+m-1}{m} t^m$"
        return _below(F.base, F, text, strict=True)
    number, core = F.as_coeff_Mul()
    if number.is_negative and isinstance(core, sp.log):
        return _below(core.args[0], F, r"$-\log(1 - t) = \sum_m t^m / m$", strict=True)
    if number.is_negative and core.is_Pow and core.exp.is_number and 0 < core.exp < 1:
        text = r"$-(1 - t)^q$ has, after its constant, only non-negative coefficients, $0 < q < 1$"
        return _below(core.base, F, text, strict=False)
    return None


def _below(base: sp.Expr, F: sp.Expr, text: str, *, strict: bool) -> Series | None:
    """A function of base = c - G, c > 0, where G begins with 0 and stays below c."""
    base = sp.expand(base)
    inner = nonnegative(-base, 0)
    if inner is None or sign(base.subs(T, 0)) != 1:
        return None
    return Series(F, text, (Condition(base, strict),), (inner,))


def _exponentials(F: sp.Expr) -> Series | None:
    r"""A sum of exponentials and a polynomial: :math:`m!\,a_m = \sum_j c_j \lambda_j^m + p_m`."""
    rates: dict[sp.Expr, sp.Expr] = {}
    polynomial = sp.S.Zero
    for term in sp.Add.make_args(sp.expand(F.rewrite(sp.exp))):
        number, rest = term.as_independent(T, as_Add=False)
        if isinstance(rest, sp.exp) and (rest.args[0] / T).is_Rational:
            rate = rest.args[0] / T
            rates[rate] = rates.get(rate, sp.S.Zero) + number
        elif rest.is_polynomial(T):
            polynomial += term
        else:
            return None
    if not rates:
        return None
    largest = max(rates)
    if largest <= 0 or sign(rates[largest]) != 1:
        return None
    p = sp.Poly(polynomial, T)
    for m in range(1, 200):
        extra = p.coeff_monomial(T**m) * sp.factorial(m)
        if sign(sp.Add(*(c * rate**m for rate, c in rates.items())) + extra) not in (0, 1):
            return None
        others = (abs(c) * abs(rate) ** m for rate, c in rates.items() if rate != largest)
        outweighed = rates[largest] * largest**m - sp.Add(*others)
        if m > p.degree() and sign(outweighed) in (0, 1):
            slower = all(abs(rate) <= largest for rate in rates)
            text = rf"$m!\,a_m = {sp.latex(_mth(rates))}$ for $m > {max(p.degree(), 0)}$"
            return Series(F, text) if slower else None
    return None


def _mth(rates: dict[sp.Expr, sp.Expr]) -> sp.Expr:
    m = sp.Symbol("m")
    return sp.Add(*(c * sp.Pow(rate, m, evaluate=rate in (0, 1)) for rate, c in rates.items()))


def _sum(F: sp.Expr) -> Series | None:
    parts = [nonnegative(term, 0) for term in F.args]
    if None in parts:
        return None
    known = tuple(part for part in parts if part is not None and part.function.has(T))
    return Series(F, "; ".join(dict.fromkeys(part.why for part in known)), (), known)


def _product(F: sp.Expr) -> Series | None:
    number, rest = F.as_independent(T, as_Add=False)
    if sign(number) != 1:
        return None
    parts = [_inside(factor) for factor in sp.Mul.make_args(rest)]
    if None in parts or (len(parts) == 1 and number == 1):
        return None
    known = tuple(part for part in parts if part is not None)
    return Series(F, "; ".join(dict.fromkeys(part.why for part in known)), (), known)


def _integral(F: sp.Expr, depth: int) -> Series | None:
    """F has no negative coefficient from that of t on if its derivative has none at all."""
    conditions = _analytic(F)  # a jump or a pole of F does not show in the derivative
    if conditions is None:
        return None
    slope = shorter(sp.diff(F, T))
    series = nonnegative(slope, depth - 1)
    if series is None or sign(series.at_zero) not in (0, 1):
        return None
    why = rf"its derivative ${sp.latex(slope)}$ has only such: {series.why}"
    return Series(F, why, conditions, (series,))


ENTIRE = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.tanh, sp.atan, sp.asinh)  # on real numbers
UP_TO = {sp.asin: sp.S.One, sp.atanh: sp.S.One, sp.tan: sp.pi / 2, sp.sec: sp.pi / 2}


def _analytic(F: Any) -> tuple[Condition, ...] | None:
    """Conditions on t under which F is analytic for all numbers from -t to t, None if unknown."""
    if F == T or not F.has(T):
        return ()
    whole_power = F.is_Pow and F.exp.is_Integer and F.exp > 0
    parts = F.args[:1] if F.is_Pow else F.args
    found: tuple[Condition, ...] = ()
    if isinstance(F, sp.log) or (F.is_Pow and F.exp.is_number and not whole_power):
        falling = _below(parts[0], F, "", strict=True)
        if falling is None:
            return None
        found = tuple(falling.all_conditions())
    elif F.func in UP_TO:
        inside = _inside(parts[0])
        if inside is None:
            return None
        found = (Condition(UP_TO[F.func] - parts[0]), *inside.all_conditions())
    elif not (F.is_Add or F.is_Mul or whole_power or F.func in ENTIRE):
        return None
    for part in parts:
        inner = _analytic(part)
        if inner is None:
            return None
        found += inner
    return found
