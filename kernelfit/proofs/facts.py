"""What is known about the domain of one question, asked for once and remembered."""

from __future__ import annotations

from typing import TypeVar

import sympy as sp

from .budget import Budget
from .claims import AtLeastZero, Claim, Domains, Real, Within
from .plausible import Plausible, is_clearly_negative
from .steps import Pair, Step

# What sympy raises when a formula is beyond it; then a rule gives nothing.
BEYOND_SYMPY = (
    *(ArithmeticError, AttributeError, LookupError, NotImplementedError, RecursionError),
    *(TypeError, ValueError, sp.PoleError, sp.polys.polyerrors.BasePolynomialError),
)
COST = 10  # steps of the budget for a claim about a whole domain

AnyStep = TypeVar("AnyStep", bound=Step)


class Facts:
    """The variables and the domain of one question, and the claims that were proved there."""

    def __init__(self, pair: Pair, domain: sp.Set, budget: Budget) -> None:
        self.pair, self.domain, self.budget = pair, domain, budget
        self.plausible = Plausible(pair, domain)
        self._known: dict[Claim, bool] = {}
        self._symbols = {symbol: known_symbol(symbol, domain) for symbol in pair}

    def settled(self, e: sp.Expr) -> sp.Expr:
        """The formula after sympy has used what it knows of the domain: |x| is x where x >= 0."""
        inside = e.xreplace(self._symbols).doit()
        inside = sp.expand_log(sp.expand(sp.powdenest(sp.expand_power_base(inside))))
        return inside.xreplace({known: symbol for symbol, known in self._symbols.items()})

    def limit(self, e: sp.Expr, symbol: sp.Symbol, end: sp.Expr) -> sp.Expr:
        """The limit at an end of the domain, of what sympy knows of the domain."""
        side = "+" if end == self.domain.inf else "-"
        inside = sp.expand_log(e.xreplace(self._symbols))
        found = sp.limit(inside, self._symbols[symbol], end, side)
        return found.xreplace({known: s for s, known in self._symbols.items()})

    def on(self, domain: sp.Set) -> Facts:
        """The same variables on another domain."""
        return Facts(self.pair, domain, self.budget)

    def admitted(self, step: AnyStep) -> AnyStep | None:
        """The step if all that it needs is proved, else None."""
        return step if all(self.proved(claim) for claim in step.needs(self.pair)) else None

    def proved(self, claim: Claim) -> bool:
        """Whether the claim is proved."""
        if claim not in self._known:
            self.budget.spend(COST if claim.domains else 1)
            hopeless = isinstance(claim, AtLeastZero) and len(claim.domains) == 1
            hopeless = hopeless and is_clearly_negative(claim.expression, *claim.domains[0])
            self._known[claim] = not hopeless and claim.prove(self.budget)
        return self._known[claim]

    @property
    def claims_proved(self) -> int:
        """How many different claims were proved."""
        return sum(self._known.values())

    def holds(self, e: sp.Expr, *, strict: bool = False) -> bool:
        """Whether e >= 0 (> 0) is proved for all points of the domain."""
        return self.proved(AtLeastZero(e, self._domains(e), strict))

    def real(self, e: sp.Expr) -> bool:
        """Whether e is proved to be real and finite on the whole domain."""
        return self.proved(Real(e, self._domains(e)))

    def within(self, g: sp.Expr, target: sp.Set) -> bool:
        """Whether all values of g are proved to lie in the target."""
        return self.proved(Within(g, self._domains(g), target))

    def _domains(self, e: sp.Expr) -> Domains:
        return tuple((symbol, self.domain) for symbol in self.pair if e.has(symbol))


def known_symbol(symbol: sp.Symbol, domain: sp.Set) -> sp.Dummy:
    """A stand-in of which sympy knows in which half of the numbers it lies, and if it is whole."""
    known = {"real": True}
    if domain.is_subset(sp.S.Integers):
        known["integer"] = True
    if domain.inf >= 0:
        known["nonnegative" if domain.contains(0) == sp.true else "positive"] = True
    return sp.Dummy(symbol.name, **known)
