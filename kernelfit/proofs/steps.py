"""The steps of a proof that a formula is a kernel: one class a rule, its docstring the theorem.

A step says that ``formula`` is a kernel on ``domain``.  It rests on other steps, its premises, and
on facts: inequalities between numbers.  ``check`` goes over the step again by another route: what
should be equal is computed at exact points, what should not be negative is tried there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any, ClassVar, NamedTuple

import sympy as sp

from .claims import AtLeastZero, Claim, Real, Unsound, Within, concrete
from .enclosure import Undefined, Unsupported, Unsure, enclose
from .points import Ground, kinks, simple_points
from .positivity import TOTAL

DIGITS = 40  # with which both sides of an identity are computed


class Pair(NamedTuple):
    """The two variables of k(x, z)."""

    x: sp.Symbol
    z: sp.Symbol

    def swapped(self, e: Any) -> Any:
        """k(z, x)."""
        return e.xreplace({self.x: self.z, self.z: self.x})

    def diagonal(self, e: Any) -> Any:
        """k(x, x)."""
        return e.subs(self.z, self.x)

    def at(self, e: Any, a: Any, b: Any) -> Any:
        """k(a, b)."""
        return e.subs({self.x: a, self.z: b}, simultaneous=True)

    def in_z(self, e: Any) -> Any:
        """f(z) for f(x)."""
        return e.xreplace({self.x: self.z})

    def mixes(self, e: Any) -> bool:
        """Whether both variables occur."""
        return bool({self.x, self.z} <= e.free_symbols)


@dataclass(frozen=True)
class Step:
    """A statement, why it holds, and on what it rests."""

    formula: sp.Expr
    domain: sp.Set
    premises: tuple[Step, ...] = ()

    rule: ClassVar[str] = ""
    source: ClassVar[str] = ""
    is_distance: ClassVar[bool] = False  # a statement about a distance, not about a kernel
    rests_on_distances: ClassVar[bool] = False
    moves_points: ClassVar[bool] = False  # the premises live on another domain

    def composed(self, pair: Pair) -> sp.Expr:
        """The formula that the rule makes out of the premises."""
        raise NotImplementedError

    def reason(self, pair: Pair) -> str:
        """Why, in words and TeX."""
        return ""

    def on(self, *symbols: sp.Symbol) -> tuple[tuple[sp.Symbol, sp.Set], ...]:
        """The domain of this step for each of the symbols."""
        return tuple((symbol, self.domain) for symbol in symbols)

    def needs(self, pair: Pair) -> Iterator[Claim]:
        """What must hold for the rule to be allowed, beside the premises."""
        return iter(())

    def check(self, pair: Pair) -> None:
        """Raise Unsound if this step, taken by itself, does not hold."""
        for premise in self.premises:
            if premise.is_distance != self.rests_on_distances:
                raise Unsound(f"{premise.formula} is shown to be something else")
            if not self.moves_points and self.domain.is_subset(premise.domain) is not True:
                raise Unsound(f"{premise.formula} is known on {premise.domain} only")
        self.check_rule(pair)

    def check_rule(self, pair: Pair) -> None:
        """Raise Unsound if the rule does not make the formula, or something that it needs fails.

        Where the formula is written otherwise, it must be defined too: a pole may have cancelled.
        """
        composed = self.composed(pair)
        must_agree(self.formula, composed, pair, self.domain)
        for part in partial_parts(self.formula, composed):
            Real(part, self.on(*(s for s in pair if part.has(s)))).check()
        for claim in self.needs(pair):
            claim.check()

    def walk(self) -> Iterator[Step]:
        """The step and all that it rests on."""
        yield self
        for premise in self.premises:
            yield from premise.walk()


@dataclass(frozen=True)
class FeatureMap(Step):
    r"""Explicit features with weights that are not negative.

    .. math:: k(x, z) = \sum_i d_i\, \varphi_i(x)\, \varphi_i(z), \quad d_i \ge 0
              \;\Rightarrow\; \sum_{ab} w_a w_b k(x_a, x_b)
              = \sum_i d_i \Bigl(\sum_a w_a \varphi_i(x_a)\Bigr)^2 \ge 0
    """

    weights: tuple[sp.Expr, ...] = ()
    features: tuple[sp.Expr, ...] = ()

    rule: ClassVar[str] = "feature map"

    def composed(self, pair: Pair) -> sp.Expr:
        together = zip(self.weights, self.features, strict=True)
        return sp.Add(*(d * phi * pair.in_z(phi) for d, phi in together))

    def reason(self, pair: Pair) -> str:
        if not self.weights:
            return "the feature 0"
        shown = [
            sp.latex(phi if d == 1 else sp.sqrt(d) * phi)
            for d, phi in zip(self.weights, self.features, strict=True)
        ]
        return rf"an inner product of the features $\left({', '.join(shown)}\right)$"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        for d, phi in zip(self.weights, self.features, strict=True):
            yield AtLeastZero(d, ())
            yield Real(phi, self.on(pair.x))


@dataclass(frozen=True)
class Sum(Step):
    r"""A sum of kernels is a kernel: the forms add.

    .. math:: w^\top (K_1 + K_2) w = w^\top K_1 w + w^\top K_2 w \ge 0
    """

    rule: ClassVar[str] = "sum of kernels"

    def composed(self, pair: Pair) -> sp.Expr:
        return sp.Add(*(premise.formula for premise in self.premises))


@dataclass(frozen=True)
class Product(Step):
    r"""A product of kernels, entry by entry, is a kernel.

    .. math:: K_1 = \sum_l \lambda_l u_l u_l^\top \;\Rightarrow\;
              w^\top (K_1 \circ K_2) w
              = \sum_l \lambda_l (w \circ u_l)^\top K_2 (w \circ u_l) \ge 0
    """

    rule: ClassVar[str] = "product of kernels (Schur)"
    source: ClassVar[str] = "Schur (1911), theorem VII"

    def composed(self, pair: Pair) -> sp.Expr:
        return sp.Mul(*(premise.formula for premise in self.premises))


@dataclass(frozen=True)
class Power(Step):
    r"""A whole power of a kernel is a product of equal kernels.

    .. math:: k(x, z) = k_1(x, z)^m, \qquad m = 1, 2, \dots
    """

    exponent: int = 1

    rule: ClassVar[str] = "whole power of a kernel (Schur)"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.premises[0].formula ** self.exponent

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield AtLeastZero(sp.Integer(self.exponent), (), strict=True)


@dataclass(frozen=True)
class Scaled(Step):
    r"""A multiple of a kernel that is not negative.

    .. math:: k(x, z) = a\, k_1(x, z), \qquad a \ge 0
    """

    factor: sp.Expr = sp.S.One

    rule: ClassVar[str] = "non-negative multiple of a kernel"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.factor * self.premises[0].formula

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield AtLeastZero(self.factor, ())


@dataclass(frozen=True)
class Weighted(Step):
    r"""A kernel with a weight at each point: put w_a f(x_a) in the place of w_a.

    .. math:: k(x, z) = f(x)\, k_1(x, z)\, f(z)
    """

    f: sp.Expr = sp.S.One

    rule: ClassVar[str] = "f(x) k(x, z) f(z)"

    def composed(self, pair: Pair) -> sp.Expr:
        return self.f * self.premises[0].formula * pair.in_z(self.f)

    def reason(self, pair: Pair) -> str:
        return rf"with $f({pair.x}) = {sp.latex(self.f)}$"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield Real(self.f, self.on(pair.x))


@dataclass(frozen=True)
class Composed(Step):
    r"""A kernel of transformed points; g must lead into the domain of k_1.

    .. math:: k(x, z) = k_1\bigl(g(x), g(z)\bigr)
    """

    g: sp.Expr = sp.S.Zero

    rule: ClassVar[str] = "k(g(x), g(z))"
    moves_points: ClassVar[bool] = True

    def composed(self, pair: Pair) -> sp.Expr:
        return pair.at(self.premises[0].formula, self.g, pair.in_z(self.g))

    def reason(self, pair: Pair) -> str:
        inner = self.premises[0].domain
        return rf"with $g({pair.x}) = {sp.latex(self.g)}$, which lies in ${sp.latex(inner)}$"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        yield Within(self.g, self.on(pair.x), self.premises[0].domain)


def _places(e: Any, pair: Pair, ground: Ground) -> list[sp.Expr]:
    """Simple points, two uneven ones, and one beyond the last place where the formula bends."""
    first, last = ground.window()
    near, far = (first + (last - first) * sp.Rational(p, 17) for p in (5, 14))
    beyond = [1 + max(kinks(e, *pair), default=sp.S.Zero)]
    others = [sp.floor(p) if ground.is_whole else p for p in (near, far, *beyond)]
    return list(dict.fromkeys([*simple_points(ground, 5), *ground.only(others)]))


def partial_parts(formula: Any, composed: Any) -> list[Any]:
    """What may be undefined in the formula and does not stand in the other way to write it."""
    if formula == composed:
        return []
    known = set(sp.preorder_traversal(composed))
    parts = (part for part in sp.preorder_traversal(formula) if part not in known)
    return [part for part in parts if part.free_symbols and _may_be_undefined(part)]


def _may_be_undefined(part: Any) -> bool:
    if part.is_Pow:
        return not (part.exp.is_Integer and part.exp > 0) and part.base != sp.E
    return isinstance(part, sp.Function) and part.func not in TOTAL


def must_agree(left: Any, right: Any, pair: Pair, domain: sp.Set) -> None:
    """Raise Unsound unless both are the same expression, or have the same value at exact points."""
    if left == right:
        return
    difference = concrete(left - right)
    compared = 0
    for a, b in combinations_with_replacement(_places(difference, pair, Ground(domain)), 2):
        for first, second in {(a, b), (b, a)}:
            try:
                low, high = enclose(difference, {pair.x: first, pair.z: second}, DIGITS)
            except (Unsure, Unsupported):
                continue
            except Undefined:
                raise Unsound(f"{left} or {right} has no value at {first}, {second}") from None
            if low > 0 or high < 0:
                raise Unsound(f"{left} and {right} differ at {first}, {second}")
            compared += 1
    if compared < 3:
        raise Unsound(f"{left} and {right} could not be compared")
