"""Sums of products f(x) g(z), polynomials above all: decided by linear algebra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.functions.elementary.hyperbolic import HyperbolicFunction
from sympy.functions.elementary.trigonometric import TrigonometricFunction
from sympy.simplify.fu import TR8

from .claims import sign
from .facts import Facts
from .steps import FeatureMap, Pair

MOST_TERMS = 400  # of an expanded formula

Term = tuple[sp.Expr, sp.Expr, sp.Expr]  # a number, f(x), g(z)


class TooLong(Exception):  # noqa: N818 - the formula, not the program
    """The expanded formula has more than MOST_TERMS terms."""


@dataclass(frozen=True)
class Coefficients:
    r"""A formula as a bilinear form in functions f_1, ..., f_m of one variable.

    .. math:: k(x, z) = \sum_{ij} M_{ij}\, f_i(x)\, f_j(z)
    """

    functions: tuple[sp.Expr, ...]
    matrix: sp.Matrix


def coefficients(e: sp.Expr, facts: Facts) -> Coefficients | None:
    """The formula taken apart into products of functions of one variable, None if it cannot be."""
    try:
        terms = _Split(facts)(e)
        return None if terms is None else _collected(terms, facts.pair)
    except TooLong:
        return None


def feature_map(e: sp.Expr, facts: Facts) -> FeatureMap | None:
    """The features of a formula whose matrix of coefficients is positive semidefinite."""
    form = coefficients(e, facts)
    if form is None or form.matrix != form.matrix.T:
        return None
    factors = ldl(form.matrix)
    if factors is None:
        return None
    weights, L = factors
    features = tuple(
        sp.Add(*(L[i, j] * f for i, f in enumerate(form.functions))) for j in range(len(weights))
    )
    step = FeatureMap(e, facts.domain, weights=tuple(weights), features=features)
    return facts.admitted(step)


def ldl(M: sp.Matrix) -> tuple[list[sp.Expr], sp.Matrix] | None:
    """M = L D L' with weights D that are not negative; None if M is not seen to allow that."""
    rest, m = sp.Matrix(M), M.rows
    weights, columns = [], []
    while True:
        signs = [sign(rest[i, i]) for i in range(m)]
        if any(s not in (0, 1) for s in signs):
            return None
        if 1 not in signs:
            break
        i = signs.index(1)
        d, column = rest[i, i], rest[:, i] / rest[i, i]
        weights.append(d)
        columns.append(column)
        rest = (rest - d * column * column.T).applyfunc(_plain)
    if any(sign(entry) != 0 for entry in rest):
        return None  # 0 on the diagonal and something beside it
    return weights, sp.Matrix.hstack(*columns) if columns else sp.zeros(m, 0)


def negative_direction(M: sp.Matrix) -> list[sp.Rational] | None:
    """A rational v with v'Mv < 0 for a symmetric rational matrix; None if there is none."""
    m = M.rows
    rest, T = sp.Matrix(M), sp.eye(m)  # rest = T' M T on what is left
    left = list(range(m))
    while left:
        for i in left:
            if rest[i, i] < 0:
                return list(T[:, i])
        flat = [i for i in left if rest[i, i] == 0]
        for i in flat:
            for j in left:
                if rest[i, j] != 0:
                    # (s e_i + e_j)' M (s e_i + e_j) = 2 s M_ij + M_jj, made negative by s
                    s = -(rest[j, j] + 1) / (2 * rest[i, j])
                    return list(s * T[:, i] + T[:, j])
        left = [i for i in left if i not in flat]
        if not left:
            return None
        i = left.pop(0)
        for j in left:
            T[:, j] -= rest[i, j] / rest[i, i] * T[:, i]
        row = rest[i, :] / rest[i, i]
        rest = rest - rest[i, i] * row.T * row
    return None


def _plain(entry: sp.Expr) -> sp.Expr:
    return entry if entry.is_Rational else sp.radsimp(sp.expand(entry))


class _Split:
    """Takes a formula apart into terms a f(x) g(z), following the addition theorems."""

    def __init__(self, facts: Facts) -> None:
        self.pair, self.holds = facts.pair, facts.holds
        self.whole = facts.domain.is_subset(sp.S.Integers) is True

    def __call__(self, e: Any) -> list[Term] | None:
        if not self.pair.mixes(e):
            return [self._one(e)]
        if e.is_Add:
            return self._sum([self(term) for term in e.args])
        if e.is_Mul:
            return self._product([self(factor) for factor in e.args])
        if e.is_Pow and e.exp.is_Integer and e.exp > 0:
            base = self(e.base)
            if base is not None and len(base) == 1:
                ((a, f, g),) = base
                return [(a**e.exp, f**e.exp, g**e.exp)]
            return None if base is None else self._product([base] * int(e.exp))
        if isinstance(e, sp.exp) or (e.is_Pow and not e.base.free_symbols):
            return self._exponential(e)
        if e.is_Pow:
            return self._root(e)
        if isinstance(e, (sp.cos, sp.sin, sp.cosh, sp.sinh)):
            return self._wave(e)
        if isinstance(e, sp.log):
            return self._logarithm(e)
        if isinstance(e, (sp.Abs, sp.sign)):
            return self._multiplicative(e)
        return None

    def _one(self, e: sp.Expr) -> Term:
        if self.pair.x in e.free_symbols:
            return sp.S.One, e, sp.S.One
        if self.pair.z in e.free_symbols:
            return sp.S.One, sp.S.One, e
        return e, sp.S.One, sp.S.One

    def _sum(self, parts: list[list[Term] | None]) -> list[Term] | None:
        terms: list[Term] = []
        for part in parts:
            if part is None:
                return None
            terms += part
        return terms

    def _product(self, parts: list[list[Term] | None]) -> list[Term] | None:
        terms: list[Term] = [(sp.S.One, sp.S.One, sp.S.One)]
        for part in parts:
            if part is None:
                return None
            if len(terms) * len(part) > 50 * MOST_TERMS:
                raise TooLong
            collected: dict[tuple[sp.Expr, sp.Expr], sp.Expr] = {}
            for a, f, g in terms:
                for b, p, q in part:
                    key = f * p, g * q
                    collected[key] = collected.get(key, sp.S.Zero) + a * b
            terms = [(a, *key) for key, a in collected.items()]
            if len(terms) > MOST_TERMS:
                raise TooLong
        return terms

    def _apart(self, argument: sp.Expr) -> tuple[sp.Expr, sp.Expr] | None:
        """The argument as u(x) + v(z)."""
        u, v = sp.S.Zero, sp.S.Zero
        for term in sp.Add.make_args(sp.expand(argument)):
            if self.pair.mixes(term):
                return None
            if self.pair.z in term.free_symbols:
                v += term
            else:
                u += term
        return u, v

    def _exponential(self, e: Any) -> list[Term] | None:
        apart = self._apart(e.exp)
        whole = self.whole or e.exp.is_integer
        if apart is None or (e.is_Pow and sign(e.base) != 1 and not whole):
            return None
        u, v = apart
        if e.is_Pow and e.base == -1:  # (-1)^(-n) is (-1)^n
            u, v = (-w if w.could_extract_minus_sign() else w for w in (u, v))
        left, right = (sp.exp(w) if isinstance(e, sp.exp) else e.base**w for w in (u, v))
        return self._product([[self._one(left)], [self._one(right)]])

    def _wave(self, e: Any) -> list[Term] | None:
        apart = self._apart(e.args[0])
        if apart is None:
            return None
        u, v = apart
        first, second, sign = {
            sp.cos: ((sp.cos, sp.cos), (sp.sin, sp.sin), -1),
            sp.sin: ((sp.sin, sp.cos), (sp.cos, sp.sin), 1),
            sp.cosh: ((sp.cosh, sp.cosh), (sp.sinh, sp.sinh), 1),
            sp.sinh: ((sp.sinh, sp.cosh), (sp.cosh, sp.sinh), 1),
        }[e.func]
        one = self._product([self(first[0](u)), self(first[1](v))])
        other = self._product([self(second[0](u)), self(second[1](v)), self(sp.Integer(sign))])
        return self._sum([one, other])

    def _single(self, e: sp.Expr) -> Term | None:
        """The expression as one product a f(x) g(z)."""
        terms = self(sp.factor(e) if e.is_Add else e)
        return terms[0] if terms is not None and len(terms) == 1 else None

    def _root(self, e: Any) -> list[Term] | None:
        single = self._single(e.base)
        if single is None:
            return None
        a, f, g = single
        whole = e.exp.is_Integer
        if not whole and not (sign(a) in (0, 1) and self.holds(f) and self.holds(g)):
            return None
        return [(a**e.exp, f**e.exp, g**e.exp)]

    def _logarithm(self, e: Any) -> list[Term] | None:
        single = self._single(e.args[0])
        if single is None or not (sign(single[0]) == 1 and all(map(self.holds, single[1:]))):
            return None
        return [self._one(sp.log(part)) for part in single if part != 1]

    def _multiplicative(self, e: Any) -> list[Term] | None:
        single = self._single(e.args[0])
        return None if single is None else [tuple(map(e.func, single))]


def _collected(terms: list[Term], pair: Pair) -> Coefficients:
    """The terms sorted by their functions, each a sum of products that do not depend on others."""
    entries: dict[tuple[sp.Expr, sp.Expr], sp.Expr] = {}
    in_x = {pair.z: pair.x}
    parts: dict[sp.Expr, list[tuple[sp.Expr, sp.Expr]]] = {}

    def apart(f: sp.Expr) -> list[tuple[sp.Expr, sp.Expr]]:
        if f not in parts:
            parts[f] = _independent_parts(f)
        return parts[f]

    for a, f, g in terms:
        for b, left in apart(f):
            for c, right in apart(g.xreplace(in_x)):
                key = left, right
                entries[key] = entries.get(key, sp.S.Zero) + a * b * c
    entries = {key: sp.expand(value) for key, value in entries.items()}
    entries = {key: value for key, value in entries.items() if sign(value) != 0}
    functions = sorted({f for key in entries for f in key}, key=sp.default_sort_key)
    place = {f: i for i, f in enumerate(functions)}
    M = sp.zeros(len(functions), len(functions))
    for (left, right), value in entries.items():
        M[place[left], place[right]] += value
    return Coefficients(tuple(functions), M)


def _independent_parts(f: sp.Expr) -> list[tuple[sp.Expr, sp.Expr]]:
    """A function of one variable as a sum of numbers times products; products of waves apart."""
    f = f.replace(lambda e: isinstance(e, HyperbolicFunction), lambda e: e.rewrite(sp.exp))
    f = sp.expand(f)
    if sum(_degree(factor) for factor in sp.preorder_traversal(f)) > 1:
        f = sp.expand(TR8(f))
    pairs = (term.as_coeff_Mul() for term in sp.Add.make_args(f))
    separated = []
    for number, rest in pairs:
        constants, functions = rest.as_independent(*f.free_symbols, as_Add=False)
        separated.append((number * constants, functions))
    return separated


def _degree(e: Any) -> int:
    return int(isinstance(e, TrigonometricFunction)) + 2 * int(
        e.is_Pow and isinstance(e.base, TrigonometricFunction) and e.exp.is_Integer
    )
