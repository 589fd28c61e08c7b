"""The rules read backwards: from a formula to the kernels of which it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from . import negative_definite as nd
from .claims import is_sign_change, shorter, sign
from .compact import compact
from .distances import COST, Distances
from .facts import BEYOND_SYMPY, Facts
from .feature_maps import feature_map
from .lattice import convex_sequence, cosine_series, dominant, finitely_many
from .order import integrated_powers, lesser_and_larger
from .particular import (
    Reflected,
    absolute_sine,
    homogeneous,
    is_symmetric,
    same_place,
)
from .series import T, nonnegative, power_series
from .simpler import SameOnDomain, simpler
from .stationary import bochner, polya
from .steps import Composed, FeatureMap, Power, Product, Scaled, Step, Sum, Weighted

DEEPEST = 12  # how many rules may stand one inside of the other
TOP = 3  # down to which depth formulas are also factored
MOST_REWRITINGS = 1  # one inside of the other
MOST_SUMMANDS = 5  # of which all groupings are tried
ORIGINS = (sp.S.Zero, sp.S.One)


class Prover(Distances):
    """Looks for a proof that a formula is a kernel on one domain, and remembers what it found."""

    def __init__(self, facts: Facts, depth: int = 0) -> None:
        super().__init__(facts)
        self.depth, self.rewritings = depth, 0
        self._kernels: dict[sp.Expr, Step | None] = {}

    def kernel(self, e: sp.Expr) -> Step | None:
        """A proof that e is a kernel, None if the rules do not give one."""
        if e not in self._kernels:
            self._kernels[e] = None  # whoever needs e to prove e has no proof
            self.facts.budget.spend(COST)
            if self.depth < DEEPEST:
                self.depth += 1
                try:
                    self._kernels[e] = self._by_rules(e)
                finally:
                    self.depth -= 1
        return self._kernels[e]

    def _by_rules(self, e: sp.Expr) -> Step | None:
        if not self._is_symmetric(e) or not self.facts.plausible.kernel(e):
            return None
        rules: tuple[Callable[[Any], Step | None], ...] = (
            self._constant,
            lambda e: feature_map(e, self.facts),
            self._product,
            self._power,
            self._exponential,
            self._function_of_a_kernel,
            self._inverse,
            lambda e: integrated_powers(e, self.facts),
            lambda e: lesser_and_larger(e, self.facts),
            lambda e: same_place(e, self.facts),
            lambda e: absolute_sine(e, self.facts),
            self._seen_from,
            self._reflected,
            lambda e: bochner(e, self.facts),
            lambda e: polya(e, self.facts),
            lambda e: compact(e, self.facts),
            lambda e: finitely_many(e, self.facts),
            lambda e: dominant(e, self.facts),
            lambda e: convex_sequence(e, self.facts),
            lambda e: cosine_series(e, self.facts),
            self._sum,
            self._composed,
            self._homogeneous,
            self._rewritten,
        )
        for rule in rules:
            try:
                step = rule(e)
            except BEYOND_SYMPY:
                continue
            if step is not None:
                return step
        return None

    def _is_symmetric(self, e: sp.Expr) -> bool:
        if self.domain.is_subset(sp.S.Integers):
            e = e.replace(is_sign_change, lambda part: sp.cos(sp.pi * part.exp))
        swapped = self.pair.swapped(e)
        if e == swapped or sp.expand(e - swapped) == 0:
            return True
        return bool(
            self.facts.settled(e - swapped) == 0 or (self.depth == 1 and shorter(e - swapped) == 0)
        )

    def _constant(self, e: Any) -> Step | None:
        if e.free_symbols or sign(e) not in (0, 1):
            return None
        return FeatureMap(e, self.domain, weights=(e,), features=(sp.S.One,))

    def _product(self, e: Any) -> Step | None:
        """A number, f(x) f(z) and kernels; factors that are none by themselves stay together."""
        if not e.is_Mul:
            return None
        number, f, g, mixed = self._sorted(e.args)
        weight = shorter(g.xreplace({self.pair.z: self.pair.x}) / f) if f != g else sp.S.One
        if weight.free_symbols or not self.facts.real(f):
            return None
        number = number * weight
        steps, rest = [], sp.S.One
        for factor in mixed:
            step = self.kernel(factor)
            if step is None:
                rest *= factor
            else:
                steps.append(step)
        if rest == 1 and sign(number) not in (0, 1):
            return None
        if rest != 1:
            if sign(number) == -1:
                rest, number = -rest, -number
            step = self.kernel(rest)
            if step is None or rest == e:
                return None
            steps.append(step)
        return self._assembled(e, number, f, steps)

    def _assembled(self, e: sp.Expr, number: sp.Expr, f: sp.Expr, steps: list[Step]) -> Step:
        """Number times f(x) f(z) times the product of the steps."""
        inside = steps[0]
        if len(steps) > 1:
            product = sp.Mul(*(step.formula for step in steps))
            inside = Product(product, self.domain, tuple(steps))
        if f != 1:
            formula = f * inside.formula * self.pair.in_z(f)
            inside = Weighted(formula, self.domain, (inside,), f=f)
        if number != 1:
            inside = Scaled(number * inside.formula, self.domain, (inside,), factor=number)
        return inside if inside.formula == e else SameOnDomain(e, self.domain, (inside,))

    def _sorted(self, parts: Any) -> tuple[sp.Expr, sp.Expr, sp.Expr, list[sp.Expr]]:
        """Factors: the numbers, those of x, those of z, those of both."""
        number, f, g, mixed = sp.S.One, sp.S.One, sp.S.One, []
        for part in parts:
            if self.pair.mixes(part):
                mixed.append(part)
            elif self.pair.x in part.free_symbols:
                f *= part
            elif self.pair.z in part.free_symbols:
                g *= part
            else:
                number *= part
        return number, f, g, mixed

    def _power(self, e: Any) -> Step | None:
        if not (e.is_Pow and e.exp.is_Integer and abs(e.exp) > 1):
            return None
        step = self.kernel(e.base if e.exp > 0 else 1 / e.base)
        return None if step is None else Power(e, self.domain, (step,), exponent=abs(int(e.exp)))

    def _exponential(self, e: Any) -> Step | None:
        """exp(u(x) + u(z) + k), and Schoenberg's exp(-distance)."""
        if not isinstance(e, sp.exp):
            return None
        E = sp.expand(e.args[0])
        number, u, v, mixed = self._summands(E)
        if self._alike(u, v):
            step = self.kernel(mixed)
            if step is not None:
                series = power_series(sp.exp(T), step, self.facts)
                if series is not None:
                    return self._assembled(e, sp.exp(number), sp.exp(u), [series])
        distance = self.distance(-E)
        if distance is not None:
            return nd.ExpOfDistance(e, self.domain, (distance,))
        together = sp.cancel(sp.together(e.args[0] + 1))
        if not together.is_Add:
            step = self.kernel(sp.factor(together))
            series = power_series(sp.exp(T), step, self.facts) if step else None
            if series:
                return self._assembled(e, sp.exp(-1), sp.S.One, [series])
        return None

    def _function_of_a_kernel(self, e: Any) -> Step | None:
        """A power series in a kernel that occurs in the formula."""
        for core, F in self._cores(e):
            series = nonnegative(F) if F.has(T) and F != T else None
            step = self.kernel(core) if series is not None else None
            if series is None or step is None:
                continue
            found: Step | None = power_series(F, step, self.facts)
            if found is None and sign(series.at_zero) == -1:
                found = self._with_first_powers_apart(F, step)
            if found is not None:
                return found if found.formula == e else SameOnDomain(e, self.domain, (found,))
        return None

    def _with_first_powers_apart(self, F: sp.Expr, core: Step) -> Step | None:
        """The first powers of the series together with its constant, which is negative."""
        for degree in (1, 2, 4):
            slopes = [sp.diff(F, T, m).subs(T, 0) / sp.factorial(m) for m in range(degree + 1)]
            first = sp.Add(*(a * T**m for m, a in enumerate(slopes)))
            polynomial = self.kernel(sp.expand(first.subs(T, core.formula)))
            tail = polynomial and power_series(F - first, core, self.facts)
            if polynomial and tail:
                formula = polynomial.formula + tail.formula
                return Sum(formula, self.domain, (polynomial, tail))
        return None

    def _cores(self, e: Any) -> Iterator[tuple[sp.Expr, sp.Expr]]:
        """Formulas inside of e, with e written as a function of each alone."""
        product = self.pair.x * self.pair.z
        F = e.subs(self.pair.x, T / self.pair.z)
        if F.has(self.pair.z):
            F = sp.cancel(F) if F.is_rational_function() else sp.expand(F)
        if not F.has(self.pair.z):
            yield product, F
        for part in sorted(set(sp.preorder_traversal(e)), key=sp.default_sort_key):
            if part == e or not isinstance(part, sp.Expr) or not self.pair.mixes(part):
                continue
            number, core = part.as_coeff_Add()
            number, core = (number, core) if core.is_Add else (sp.S.Zero, part)
            factor, core = core.as_coeff_Mul()
            F = e.xreplace({part: number + factor * T})
            if not F.free_symbols - {T}:
                yield core, F

    def _inverse(self, e: Any) -> Step | None:
        """A negative power of a distance."""
        if not (e.is_Pow and e.exp.is_number and sign(e.exp) == -1):
            return None
        distance = self.distance(e.base) if self.facts.holds(e.base, strict=True) else None
        if distance is None:
            return None
        return self.facts.admitted(nd.InverseOfDistance(e, self.domain, (distance,), b=-e.exp))

    def _seen_from(self, e: Any) -> Step | None:
        """A distance, seen from a point where the formula is constant."""
        ends = [end for end in (self.domain.inf, self.domain.sup) if end.is_finite]
        for origin in dict.fromkeys((*ends, *ORIGINS)):
            inside = self.domain.contains(origin) == sp.true
            if inside:
                constant = self.facts.settled(self.pair.at(e, self.pair.x, origin))
            elif origin in ends and self.depth <= 2 and _made_of(e, sp.log, sp.exp):
                constant = self.facts.limit(e, self.pair.z, origin)
            else:
                continue
            if constant.free_symbols or sign(constant) not in (0, 1):
                continue
            psi = sp.expand(-e)
            distance = self.distance(psi)
            if distance is None:
                continue
            seen = None if inside else -constant
            step = nd.SeenFrom(
                e, self.domain, (distance,), origin=origin, constant=constant, seen=seen
            )
            return self.facts.admitted(step)
        return None

    def _reflected(self, e: Any) -> Step | None:
        """psi(x, -z) - psi(x, z) for a distance psi."""
        x, z = self.pair
        if not e.is_Add or not is_symmetric(self.domain):
            return None
        if sp.expand(e + e.subs(z, -z)) != 0:
            return None
        terms = (term.as_coeff_Mul() for term in e.args)
        psi = sp.Add(*(-number * part for number, part in terms if number.is_negative))
        mirrored = psi.subs({x: -x, z: -z}, simultaneous=True)
        if sp.expand(psi.subs(z, -z) - psi - e) != 0 or sp.expand(psi - mirrored) != 0:
            return None
        distance = self.distance(psi)
        return None if distance is None else Reflected(e, self.domain, (distance,))

    def _homogeneous(self, e: Any) -> Step | None:
        """(x z)^(d/2) times a function of log x - log z."""
        positive = self.domain.inf >= 0 and self.domain.contains(0) != sp.true
        if not positive or self.depth > 1 or not _made_of(e, sp.Abs, sp.Min, sp.Max):
            return None
        found = homogeneous(e, self.pair)
        if found is None:
            return None
        degree, phi = found
        step = Prover(self.facts.on(sp.S.Reals), self.depth).kernel(phi)
        if step is None:
            return None
        logs = {symbol: sp.log(symbol) for symbol in self.pair}
        formula = phi.subs(logs, simultaneous=True)
        inside = self.facts.admitted(Composed(formula, self.domain, (step,), g=sp.log(self.pair.x)))
        return inside and self._assembled(e, sp.S.One, self.pair.x ** (degree / 2), [inside])

    def _sum(self, e: Any) -> Step | None:
        """Terms that are kernels; those that are none by themselves are grouped with others."""
        terms = list(sp.Add.make_args(e if e.is_Add else sp.expand(e)))
        if len(terms) < 2:
            return None
        plain = [
            term for term in terms if feature_map(term, self.facts) or not self.pair.mixes(term)
        ]
        grouped = [sp.Add(*plain)] if plain else []
        others = [term for term in terms if term not in plain]
        for groups in (terms, grouped + others, *self._groupings(grouped + others)):
            if len(groups) < 2:
                continue
            steps = [self.kernel(group) for group in groups]
            if None not in steps:
                known = tuple(step for step in steps if step is not None)
                together = Sum(sp.Add(*(step.formula for step in known)), self.domain, known)
                same = together.formula == e
                return together if same else SameOnDomain(e, self.domain, (together,))
        return None

    def _groupings(self, terms: list[sp.Expr]) -> Iterator[list[sp.Expr]]:
        """All ways to put terms into at least two groups, if they are few."""
        if len(terms) > MOST_SUMMANDS:
            return
        for partition in sp.utilities.iterables.multiset_partitions(list(range(len(terms)))):
            if 1 < len(partition) < len(terms):
                yield [sp.Add(*(terms[i] for i in group)) for group in partition]

    def _composed(self, e: Any) -> Step | None:
        """A kernel of g(x) and g(z), where x occurs in g(x) alone."""
        x, z = self.pair
        inside = (
            part
            for part in sp.preorder_traversal(e)
            if part.free_symbols == {x} and part != x and isinstance(part, sp.Expr)
        )
        for g in sorted(set(inside), key=lambda part: (-part.count_ops(), str(part))):
            stand_in = {g: sp.Symbol("u", real=True), self.pair.in_z(g): sp.Symbol("v", real=True)}
            outer = e.xreplace(stand_in)
            if outer.free_symbols & {x, z}:
                continue
            outer = outer.xreplace(dict(zip(stand_in.values(), (x, z), strict=True)))
            for target in (sp.S.Reals, sp.Interval(0, sp.oo), sp.Interval(-1, 1)):
                if self.facts.within(g, target):
                    step = Prover(self.facts.on(target), self.depth).kernel(outer)
                    if step is not None:
                        return Composed(e, self.domain, (step,), g=g)
        return None

    def _rewritten(self, e: Any) -> Step | None:
        """The same function written in another way."""
        if self.rewritings == MOST_REWRITINGS:
            return None
        self.rewritings += 1
        try:
            for other in self._ways(e):
                if other != e and other not in self._kernels:
                    step = self.kernel(other)
                    if step is not None:
                        return SameOnDomain(e, self.domain, (step,))
            return None
        finally:
            self.rewritings -= 1

    def _ways(self, e: Any) -> Iterator[sp.Expr]:
        yield simpler(e, self.facts)
        yield self.facts.settled(e)
        if e.is_Add:
            yield sp.factor_terms(e)
        if self.depth <= TOP and e.count_ops() < 80:
            yield sp.factor(e)
            yield sp.cancel(sp.together(e)) if e.is_rational_function() else e
            if self.depth == 1 and not e.has(sp.Piecewise):
                yield shorter(e)


def _made_of(e: sp.Expr, *functions: Any) -> bool:
    """Whether only these functions occur: with others sympy may look for a limit for minutes."""
    return all(isinstance(part, functions) for part in e.atoms(sp.Function))
