"""A kernel object carries its proof with it: the rules by which it was made, read forwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import Any, ClassVar

import sympy as sp
from sympy.core.function import AppliedUndef

from .. import kernel_algebra as algebra
from .. import kernels
from ..kernel_notation import Names, function_names
from ..symbolic import applied, exact_number, expression
from .claims import AtLeastZero, Claim
from .facts import Facts
from .prover import Prover
from .series import T, power_series
from .steps import Composed, FeatureMap, Pair, Power, Product, Scaled, Step, Sum, Weighted

HALF_LINE = sp.Interval(0, sp.oo)


@dataclass(frozen=True)
class Normalized(Step):
    r"""A kernel brought to 1 on the diagonal: the weight f(x) is one over the square root.

    .. math:: \frac{k_1(x, z)}{\sqrt{k_1(x, x)\, k_1(z, z)}}, \qquad k_1(x, x) > 0
    """

    rule: ClassVar[str] = "normalized kernel, f(x) k(x, z) f(z)"

    def composed(self, pair: Pair) -> sp.Expr:
        inside = self.premises[0].formula
        left, right = pair.at(inside, pair.x, pair.x), pair.at(inside, pair.z, pair.z)
        return inside / sp.sqrt(left * right)

    def reason(self, pair: Pair) -> str:
        return rf"with $f({pair.x}) = 1 / \sqrt{{k({pair.x}, {pair.x})}}$"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        square = pair.diagonal(self.premises[0].formula)
        if not square.has(AppliedUndef):  # of those the kernel itself refuses points with k = 0
            yield AtLeastZero(square, self.on(pair.x) if square.free_symbols else (), strict=True)


@dataclass(frozen=True)
class OfFunction(Composed):
    """A kernel of values of a Python function; it refuses points whose values do not suit it."""

    rule: ClassVar[str] = "k(g(x), g(z)), for points that the kernel accepts"

    def needs(self, pair: Pair) -> Iterator[Claim]:
        return iter(())


def proof_of(kernel: kernels.Kernel, facts: Facts) -> Step | None:
    """The proof by construction on one domain, None if the kernel is not one on all of it."""
    return _proof(kernel, facts, function_names(kernel))


def domain_of(kernel: kernels.Kernel) -> sp.Set:
    """The points at which the kernel is meant: all numbers, or those of at least 0."""
    if isinstance(kernel, kernels.Brownian):
        return HALF_LINE
    if isinstance(kernel, algebra.Composed):
        return sp.S.Reals
    parts = kernel.get_params(deep=False).values()
    inner = [part for value in parts for part in (value if isinstance(value, tuple) else (value,))]
    domains = [domain_of(part) for part in inner if isinstance(part, kernels.Kernel)]
    return HALF_LINE if HALF_LINE in domains else sp.S.Reals


@singledispatch
def _proof(kernel: kernels.Kernel, facts: Facts, names: Names) -> Step | None:
    """The kernels that the rules start from: their formula is taken apart."""
    return Prover(facts).kernel(expression(kernel, *facts.pair))


@_proof.register
def _(k: algebra.Feature, facts: Facts, names: Names) -> Step | None:
    f = applied(k.f, (facts.pair.x,), names)
    step = FeatureMap(f * facts.pair.in_z(f), facts.domain, weights=(sp.S.One,), features=(f,))
    return facts.admitted(step)


@_proof.register
def _(k: algebra.Sum, facts: Facts, names: Names) -> Step | None:
    steps = _proofs(k.terms, facts, names)
    if steps is None:
        return None
    return Sum(sp.Add(*(step.formula for step in steps)), facts.domain, steps)


@_proof.register
def _(k: algebra.Product, facts: Facts, names: Names) -> Step | None:
    numbers = [factor.value for factor in k.factors if isinstance(factor, algebra.Constant)]
    others = tuple(f for f in k.factors if not isinstance(f, algebra.Constant))
    steps = _proofs(others, facts, names)
    if steps is None:
        return None
    number = sp.Mul(*(exact_number(value) for value in numbers))
    if not steps:
        one = FeatureMap(number, facts.domain, weights=(number,), features=(sp.S.One,))
        return facts.admitted(one)
    inside = steps[0]
    if len(steps) > 1:
        inside = Product(sp.Mul(*(step.formula for step in steps)), facts.domain, steps)
    if not numbers:
        return inside
    return facts.admitted(Scaled(number * inside.formula, facts.domain, (inside,), factor=number))


@_proof.register
def _(k: algebra.Power, facts: Facts, names: Names) -> Step | None:
    if k.exponent == 0:
        return FeatureMap(sp.S.One, facts.domain, weights=(sp.S.One,), features=(sp.S.One,))
    step, m = _proof(k.kernel, facts, names), int(k.exponent)
    return step and facts.admitted(Power(step.formula**m, facts.domain, (step,), exponent=m))


@_proof.register
def _(k: algebra.Exp, facts: Facts, names: Names) -> Step | None:
    step = _proof(k.kernel, facts, names)
    return step and power_series(sp.exp(T), step, facts)


@_proof.register
def _(k: algebra.Weighted, facts: Facts, names: Names) -> Step | None:
    step, f = _proof(k.kernel, facts, names), applied(k.f, (facts.pair.x,), names)
    if step is None:
        return None
    formula = f * step.formula * facts.pair.in_z(f)
    return facts.admitted(Weighted(formula, facts.domain, (step,), f=f))


@_proof.register
def _(k: algebra.Composed, facts: Facts, names: Names) -> Step | None:
    inner = facts.on(domain_of(k.kernel))
    step, g = _proof(k.kernel, inner, names), applied(k.g, (facts.pair.x,), names)
    if step is None or isinstance(g, sp.Tuple):
        return None
    formula = facts.pair.at(step.formula, g, facts.pair.in_z(g))
    kind = OfFunction if isinstance(g, AppliedUndef) else Composed
    return facts.admitted(kind(formula, facts.domain, (step,), g=g))


@_proof.register
def _(k: algebra.Normalized, facts: Facts, names: Names) -> Step | None:
    step = _proof(k.kernel, facts, names)
    if step is None:
        return None
    unnamed = Normalized(sp.S.One, facts.domain, (step,))
    return facts.admitted(Normalized(unnamed.composed(facts.pair), facts.domain, (step,)))


def _proofs(parts: tuple[Any, ...], facts: Facts, names: Names) -> tuple[Step, ...] | None:
    steps = [_proof(part, facts, names) for part in parts]
    return None if None in steps else tuple(step for step in steps if step is not None)
