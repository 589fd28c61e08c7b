"""What refutes that a formula is a kernel: a negative form, or a pair that shows it asymmetric.

Both hold exact numbers and verify themselves against the formula.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from .enclosure import Undefined, Unsupported, Unsure, enclose
from .signs import sign_of


@dataclass(frozen=True)
class NegativeForm:
    """Points and weights with w'Kw < 0, where K is the Gram matrix of k at the points."""

    points: tuple[sp.Expr, ...]
    weights: tuple[sp.Rational, ...]
    gram: sp.ImmutableMatrix
    value: sp.Expr

    def verify(self, expression: sp.Expr, x: sp.Symbol, z: sp.Symbol, domain: sp.Set) -> bool:
        """Compute everything again from the formula: True, or ValueError says what is wrong."""
        n = len(self.points)
        if not (n and len(self.weights) == n and self.gram.shape == (n, n)):
            raise ValueError("points, weights and Gram matrix do not match")
        if not all(w.is_Rational for w in self.weights):
            raise ValueError("a weight is not rational")
        _check_points(self.points, domain)
        total = sp.Integer(0)
        for i, j in itertools.product(range(n), repeat=2):
            entry = value_at(expression, x, z, self.points[i], self.points[j])
            if not _equal(entry, self.gram[i, j]):
                raise ValueError(f"the Gram matrix has {self.gram[i, j]} in place of {entry}")
            total += self.weights[i] * self.weights[j] * entry
        if not _equal(total, self.value):
            raise ValueError(f"the form is {total}, not {self.value}")
        if exact_sign(self.value) != -1:
            raise ValueError(f"{self.value} is not shown to be negative")
        return True


@dataclass(frozen=True)
class Asymmetry:
    """A pair of points (a, b) with k(a, b) != k(b, a); ``values`` are these two."""

    points: tuple[sp.Expr, sp.Expr]
    values: tuple[sp.Expr, sp.Expr]

    def verify(self, expression: sp.Expr, x: sp.Symbol, z: sp.Symbol, domain: sp.Set) -> bool:
        """Compute both values again from the formula: True, or ValueError says what is wrong."""
        _check_points(self.points, domain)
        a, b = self.points
        values = value_at(expression, x, z, a, b), value_at(expression, x, z, b, a)
        if not all(_equal(new, old) for new, old in zip(values, self.values, strict=True)):
            raise ValueError(f"the values are {values}, not {self.values}")
        if exact_sign(values[0] - values[1]) not in (1, -1):
            raise ValueError("the two values are not shown to be different")
        return True


def _check_points(points: Sequence[sp.Expr], domain: sp.Set) -> None:
    for p in points:
        if domain.contains(p) != sp.true:
            raise ValueError(f"{p} does not belong to {domain}")
    for p, q in itertools.combinations(points, 2):
        if exact_sign(p - q) not in (1, -1):
            raise ValueError(f"the points {p} and {q} are not shown to be different")


def _equal(a: sp.Expr, b: sp.Expr) -> bool:
    return bool(a == b) or exact_sign(a - b) == 0


def value_at(expression: sp.Expr, x: sp.Symbol, z: sp.Symbol, a: sp.Expr, b: sp.Expr) -> sp.Expr:
    """k(a, b) exactly; raises Undefined where some part of the formula has no finite real value."""
    with contextlib.suppress(Unsure, Unsupported):
        enclose(expression, {x: a, z: b})  # sees more than the value: sqrt(x) sqrt(z) at -1, -1
    try:
        value = expression.subs({x: a, z: b})
    except (TypeError, ValueError) as trouble:  # sympy refuses to compare complex numbers
        raise Undefined(str(trouble)) from trouble
    exact_sign(value)
    return value


def exact_sign(value: sp.Expr) -> int | None:
    """The sign of an exact number, None if it cannot be told; raises Undefined."""
    known = _sign_of_saturated(value)
    if known is not None:
        return known
    try:
        sign: int | None = sign_of(value)
    except (Unsupported, Unsure):
        return None
    return sign


def _sign_of_saturated(value: sp.Expr) -> int | None:
    r"""The sign of a sum of tanh's that differ from 1 by less than anyone can compute.

    .. math:: \tanh r = 1 - \frac{2 e^{-2r}}{1 + e^{-2r}},

    so that the ones cancel exactly; what is left is multiplied by the largest of e^(2r).
    """
    terms = value.as_coefficients_dict()
    rest = terms.pop(sp.S.One, sp.Integer(0))
    if not terms or not all(isinstance(t, sp.tanh) and t.args[0].is_Rational for t in terms):
        return None
    signs = {t: 1 if t.args[0] > 0 else -1 for t in terms}  # by oddness
    if rest + sum(c * signs[t] for t, c in terms.items()) != 0:
        return None
    sizes = {t: 2 * abs(t.args[0]) for t in terms}
    nearest = min(sizes.values())
    scaled = sum(
        -2 * c * signs[t] * sp.exp(nearest - sizes[t]) / (1 + sp.exp(-sizes[t]))
        for t, c in terms.items()
    )
    sign: int | None = sign_of(scaled)
    return sign
