"""What a step of a proof needs to know of numbers and of the domain: proved once, checked twice.

``prove`` uses the exact methods of ``signs``; ``check`` tries the claim at exact points of the
domain first, so that a false claim is found by another route than the one that let it pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from .budget import Budget
from .constants import sign_of
from .enclosure import Undefined
from .points import Ground, simple_points
from .signs import at_least, increasing, is_real_on, range_within

Domains = tuple[tuple[sp.Symbol, sp.Set], ...]
POINTS = 7  # of each domain, at which a claim is tried
SHORT = 60  # operations of an expression that sympy simplifies in a moment


class Unsound(ValueError):  # noqa: N818 - a property of the proof
    """A step of a proof does not hold."""


@dataclass(frozen=True)
class Claim:
    """A statement about an expression for all values of its symbols in their domains."""

    expression: sp.Expr
    domains: Domains

    def prove(self, budget: Budget | None = None) -> bool:
        """Whether the statement is proved; the steps are taken from the budget."""
        raise NotImplementedError

    def fails_at(self, value: sp.Expr) -> bool:
        """Whether the value of the expression at one place contradicts the statement."""
        raise NotImplementedError

    def check(self) -> None:
        """Raise Unsound if the statement fails at a point, or cannot be proved again."""
        for values in self._places():
            at_place = concrete(self.expression).subs(values)
            try:
                wrong = self.fails_at(at_place)
            except Undefined:
                raise Unsound(f"{self.expression} has no value at {values}") from None
            if wrong:
                raise Unsound(f"{self} fails at {values}")
        if not self.prove():
            raise Unsound(f"{self} could not be shown again")

    def _places(self) -> Iterator[dict[sp.Symbol, Any]]:
        symbols = [symbol for symbol, _ in self.domains]
        grids = (simple_points(Ground(domain), POINTS) for _, domain in self.domains)
        return (dict(zip(symbols, values, strict=True)) for values in product(*grids))


@dataclass(frozen=True)
class AtLeastZero(Claim):
    """The expression is at least 0, above 0 when strict; it is real and finite."""

    strict: bool = False

    def prove(self, budget: Budget | None = None) -> bool:
        if not self.domains:
            return sign(self.expression) in ((1,) if self.strict else (0, 1))
        return at_least(self.expression, 0, dict(self.domains), strict=self.strict, budget=budget)

    def fails_at(self, value: sp.Expr) -> bool:
        return sign_of(value) in ((-1, 0) if self.strict else (-1,))

    def __str__(self) -> str:
        return f"{self.expression} {'>' if self.strict else '>='} 0"


@dataclass(frozen=True)
class Real(Claim):
    """The expression is real and finite.  Of an undefined function that is all that is known."""

    def prove(self, budget: Budget | None = None) -> bool:
        domains, e = dict(self.domains), self.expression
        calls = {call: sp.Dummy("f", real=True) for call in e.atoms(AppliedUndef)}
        whole = {
            symbol: sp.Dummy("n", integer=True) for symbol in domains if _is_whole(domains[symbol])
        }
        e = e.xreplace(calls).replace(
            lambda part: is_sign_change(part) and part.exp.xreplace(whole).is_integer,
            lambda part: sp.cos(sp.pi * part.exp),
        )
        domains |= dict.fromkeys(calls.values(), sp.S.Reals)
        inside = {symbol: domain for symbol, domain in domains.items() if e.has(symbol)}
        return is_real_on(e, inside) if inside else sign(e) is not None

    def fails_at(self, value: sp.Expr) -> bool:
        return not value.is_Rational and sign_of(value) is None and value.is_real is False

    def __str__(self) -> str:
        return f"{self.expression} is real"


@dataclass(frozen=True)
class Within(Claim):
    """The values of the expression lie in a set."""

    target: sp.Set = sp.S.Reals

    def prove(self, budget: Budget | None = None) -> bool:
        if self.target == sp.S.Reals:
            return Real(self.expression, self.domains).prove()
        return range_within(self.expression, dict(self.domains), self.target)

    def fails_at(self, value: sp.Expr) -> bool:
        return not value.has(AppliedUndef) and self.target.contains(value) == sp.false

    def __str__(self) -> str:
        return f"{self.expression} lies in {self.target}"


@dataclass(frozen=True)
class Rising(Claim):
    """The expression, a function of one symbol, never falls."""

    def prove(self, budget: Budget | None = None) -> bool:
        ((symbol, domain),) = self.domains
        return increasing(self.expression, symbol, domain)

    def fails_at(self, value: sp.Expr) -> bool:
        return False

    def check(self) -> None:
        ((symbol, domain),) = self.domains
        points = sorted(simple_points(Ground(domain), 2 * POINTS))
        values = [self.expression.subs(symbol, point) for point in points]
        for before, after in pairwise(values):
            if sign_of(after - before) == -1:
                raise Unsound(f"{self.expression} falls")
        super().check()

    def __str__(self) -> str:
        return f"{self.expression} never falls"


def sign(number: sp.Expr) -> int | None:
    """The sign of a number; None if it is not known, or if this is no real number."""
    try:
        return None if number.free_symbols else sign_of(number)
    except Undefined:
        return None


@lru_cache(maxsize=256)  # the hypotheses of a step are asked for more than once
def shorter(e: sp.Expr) -> sp.Expr:
    """The expression simplified by sympy if it is short: a long one may take minutes."""
    return sp.simplify(e) if e.count_ops() < SHORT else e


def concrete(e: Any) -> Any:
    """The expression with a definite function in the place of each undefined one."""

    def chosen(call: Any) -> Any:
        number = 2 + sum(map(ord, call.func.__name__)) % 7
        line = sp.Add(*((i + 1) * u for i, u in enumerate(call.args)))
        return (number + line) ** 2 / number

    return e.replace(lambda part: isinstance(part, AppliedUndef), chosen)


def _is_whole(domain: sp.Set) -> bool:
    return domain.is_subset(sp.S.Integers) is True


def is_sign_change(part: Any) -> bool:
    """(-1)^n, which is cos(pi n) for whole n."""
    return bool(part.is_Pow and part.base == -1 and part.exp.free_symbols)
