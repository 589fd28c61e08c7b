"""From a formula to the distances (conditionally negative definite) of which it is made."""

from __future__ import annotations

from typing import Any

import sympy as sp

from . import negative_definite as nd
from .claims import sign
from .facts import Facts
from .particular import absolute_sine, concave_of_sum
from .steps import Step

COST = 12  # steps of the budget for one formula looked at


class Distances:
    """Looks for a proof that a formula is a distance on one domain, and remembers what it found."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.pair, self.domain = facts, facts.pair, facts.domain
        self._distances: dict[sp.Expr, nd.Distance | None] = {}

    def kernel(self, e: sp.Expr) -> Step | None:
        """A proof that e is a kernel: with it minus e is a distance."""
        raise NotImplementedError

    def distance(self, psi: sp.Expr) -> nd.Distance | None:
        """A proof that psi is conditionally negative definite, None if the rules give none."""
        if psi not in self._distances:
            self._distances[psi] = None
            self.facts.budget.spend(COST)
            if self.facts.plausible.distance(psi):
                self._distances[psi] = self._distance_by_rules(self._with_distances(psi))
        return self._distances[psi]

    def _with_distances(self, psi: Any) -> Any:
        """Max and Min of g(x) and g(z) through |g(x) - g(z)|."""

        def through(part: Any) -> Any:
            if len(part.args) != 2 or self.pair.swapped(part) != part:
                return part
            a, b = part.args
            side = 1 if isinstance(part, sp.Max) else -1
            return (a + b + side * sp.Abs(a - b)) / 2

        return sp.expand(psi.replace(lambda part: isinstance(part, (sp.Max, sp.Min)), through))

    def _distance_by_rules(self, psi: Any) -> nd.Distance | None:
        number, u, v, mixed = self._summands(psi)
        if not self._alike(u, v):
            return None
        apart = nd.Apart(number + u + v, self.domain, u=u + number / 2)
        if mixed == 0:
            return apart if self.facts.real(u) else None
        weights: list[sp.Expr] = []
        parts: list[nd.Distance] = []
        for weight, concave in concave_of_sum(mixed, self.facts):
            weights.append(weight)
            parts.append(concave)
            mixed = sp.expand(mixed - weight * concave.formula)
        rest = sp.S.Zero
        for term in sp.Add.make_args(mixed) if mixed != 0 else ():
            weight, part = term.as_coeff_Mul()
            found = self._one_distance(part) if sign(weight) == 1 else None
            if found is None:
                rest += term
            else:
                weights.append(weight)
                parts.append(found)
        if rest != 0:
            minus = self._minus_kernel(rest) or (self._minus_kernel(mixed) if parts else None)
            if minus is None:
                return None
            if minus.formula == mixed:
                weights, parts = [], []
            weights.append(sp.S.One)
            parts.append(minus)
        if apart.formula != 0:
            if not self.facts.real(u):
                return None
            weights.append(sp.S.One)
            parts.append(apart)
        if weights == [1]:
            return parts[0]
        return nd.SumOfDistances(psi, self.domain, tuple(parts), weights=tuple(weights))

    def _minus_kernel(self, psi: sp.Expr) -> nd.Minus | None:
        step = self.kernel(-psi)
        return None if step is None else nd.Minus(psi, self.domain, (step,))

    def _one_distance(self, psi: Any) -> nd.Distance | None:
        """|g(x) - g(z)|^p, roots and logarithms of distances."""
        base, exponent = psi.as_base_exp()
        if isinstance(base, sp.Abs) or exponent == 2:
            inner = base.args[0] if isinstance(base, sp.Abs) else base
            number, u, v, mixed = self._summands(sp.expand(inner))
            if mixed == 0 and number == 0 and self._alike(u, -v) and exponent.is_number:
                step = nd.PowerOfDistance(psi, self.domain, g=u, p=exponent)
                return self.facts.admitted(step)
        if isinstance(psi, sp.Abs) and isinstance(psi.args[0], sp.sin):
            series = absolute_sine(2 / sp.pi - psi, self.facts)
            if series is not None:
                minus = nd.Minus(-series.formula, self.domain, (series,))
                constant = nd.Apart(2 / sp.pi, self.domain, u=1 / sp.pi)
                parts, ones = (constant, minus), (sp.S.One, sp.S.One)
                return nd.SumOfDistances(psi, self.domain, parts, weights=ones)
        if psi.is_Pow and exponent.is_number and sign(exponent) == 1 == sign(1 - exponent):
            distance = self.distance(base) if self.facts.holds(base) else None
            root = distance and nd.Root(psi, self.domain, (distance,), q=exponent)
            return root and self.facts.admitted(root)
        if isinstance(psi, sp.log):
            inside = psi.args[0]
            distance = self.distance(inside) if self.facts.holds(inside, strict=True) else None
            logarithm = distance and nd.Logarithm(psi, self.domain, (distance,))
            return logarithm and self.facts.admitted(logarithm)
        return None

    def _summands(self, E: sp.Expr) -> tuple[sp.Expr, sp.Expr, sp.Expr, sp.Expr]:
        """A sum as a number, u(x), v(z) and the rest, which has both variables."""
        number, u, v, mixed = sp.S.Zero, sp.S.Zero, sp.S.Zero, sp.S.Zero
        for term in sp.Add.make_args(E):
            if self.pair.mixes(term):
                mixed += term
            elif self.pair.x in term.free_symbols:
                u += term
            elif self.pair.z in term.free_symbols:
                v += term
            else:
                number += term
        return number, u, v, mixed

    def _alike(self, u: sp.Expr, v: sp.Expr) -> bool:
        return bool(sp.expand(u - v.xreplace({self.pair.z: self.pair.x})) == 0)
