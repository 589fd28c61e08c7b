"""The sign of a number that a formula without symbols describes, and when it is exactly zero."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy as sp
from mpmath import mp

from .enclosure import Undefined, Unsupported, Unsure, enclose, evaluate
from .intervals import sign_in

DIGITS = (15, 30, 60, 120, 240, 480)
MOST_DIGITS = 1500  # that a separation bound may ask for
MOST_OPERATIONS = 500  # in a number that is taken apart to see whether it is zero
SMALL_PRIMES = 10_000


def sign_of(constant: sp.Expr) -> int | None:
    """1, 0 or -1, proved; None if the sign stays open.

    Enclosures with more and more digits tell the sign of every number but zero.  That a number is
    zero follows from a normal form (``is_zero``), never from its digits.  Raises Undefined if the
    constant has no finite real value.
    """
    constant = sp.sympify(constant)
    if constant.is_Rational:
        return int(sp.sign(constant))
    seen_through = False
    for digits in DIGITS:
        try:
            sign = sign_in(evaluate(constant, {}, digits))
        except Unsupported:
            return None
        except Unsure as doubt:
            part, edge = doubt.part, sp.Integer(doubt.edge)
            if part is not None and digits > DIGITS[0] and is_zero(part - edge):
                simpler = constant.xreplace({part: edge})
                if simpler == constant:  # it does not occur: cos u = 0 in tan u
                    raise Undefined(f"{constant} has a pole there") from None
                return sign_of(simpler)
            continue
        if sign is not None:
            return sign
        if digits > DIGITS[0] and not seen_through:
            if is_zero(constant):
                return 0
            seen_through = True
    return None


def is_zero(constant: sp.Expr) -> bool:
    r"""Whether the number is proved to be zero.

    Logarithms of fractions become those of primes, sin, cos and their hyperbolic relatives become
    exponentials, and the numerator is expanded into :math:`\sum_i a_i\, t_i` with algebraic a_i
    and different products t_i of whatever is not algebraic.  If all a_i are 0, so is the number.
    """
    if constant.count_ops() > MOST_OPERATIONS:
        return False
    plain = constant.replace(_is_of_exponentials, lambda e: e.rewrite(sp.exp))
    plain = sp.expand_log(plain).replace(_is_log_of_fraction, _by_primes)
    numerator = sp.expand(sp.together(plain).as_numer_denom()[0])
    coefficients: defaultdict[Any, list[Any]] = defaultdict(list)
    for term in sp.Add.make_args(numerator):
        factors = sp.Mul.make_args(term)
        algebraic = [f for f in factors if _bound(f) is not None]
        rest = sp.Mul(*(f for f in factors if _bound(f) is None))
        coefficients[rest].append(sp.Mul(*algebraic))
    return all(_algebraic_is_zero(sp.Add(*terms)) for terms in coefficients.values())


def _is_of_exponentials(e: Any) -> bool:
    """Hyperbolic, or a sine or cosine that is not algebraic."""
    if isinstance(e, (sp.sin, sp.cos, sp.tan)):
        return _bound(e) is None
    return isinstance(e, (sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch))


def _is_log_of_fraction(e: Any) -> bool:
    return isinstance(e, sp.log) and e.args[0].is_Rational


def _by_primes(e: Any) -> Any:
    """log(p^a q^b ...) = a log p + b log q + ...; what is too large to factor stays as it is."""
    powers = sp.factorrat(e.args[0], limit=SMALL_PRIMES)
    return sp.Add(*(n * sp.log(p, evaluate=False) for p, n in powers.items()))


# Algebraic numbers ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Bound:
    """E = U / L with algebraic integers U and L: how large their conjugates can be, and a degree.

    ``above`` and ``below`` bound log2 of all conjugates of U and of L, ``roots`` are the radicals
    in E, each as the number under the root and its degree, and ``turns`` the denominators q of its
    angles p/q pi.
    """

    above: Fraction
    below: Fraction
    roots: frozenset[tuple[Any, int]] = frozenset()
    turns: frozenset[int] = frozenset()

    @property
    def degree(self) -> int:
        """E lies in a field of at most this degree over the rationals."""
        degree = math.prod(n for _, n in self.roots)
        if self.turns:  # cos(p/q pi) is in the real part of the field of 2q-th roots of 1
            degree *= max(1, int(sp.totient(2 * math.lcm(*self.turns))) // 2)
        return degree

    def power(self, n: int) -> _Bound:
        above, below = abs(n) * self.above, abs(n) * self.below
        return replace(self, above=below if n < 0 else above, below=above if n < 0 else below)

    def root(self, n: int, radicand: Any) -> _Bound:
        """(U / L)^(1/n) is (U L^(n-1))^(1/n) / L, and also U / (U^(n-1) L)^(1/n)."""
        above, below = self.above, self.below
        if above >= below:
            above = (above + (n - 1) * below) / n
        else:
            below = ((n - 1) * above + below) / n
        return replace(self, above=above, below=below, roots=self.roots | {(radicand, n)})


def _bound(e: Any) -> _Bound | None:
    """The bound of a number made of fractions by + * / and roots, and cos, sin, tan of p/q pi."""
    if isinstance(e, sp.Rational):
        return _Bound(Fraction(int(e.p).bit_length()), Fraction((int(e.q) - 1).bit_length()))
    if isinstance(e, (sp.cos, sp.sin, sp.tan)):  # 2 cos and 2 sin are algebraic integers
        turn = e.args[0] / sp.pi
        one = Fraction(1)
        return _Bound(one, one, turns=frozenset({2 * int(turn.q)})) if turn.is_Rational else None
    if isinstance(e, sp.Pow):
        base = _bound(e.base)
        if base is None or not isinstance(e.exp, sp.Rational):
            return None
        root = base if e.exp.q == 1 else base.root(int(e.exp.q), e.base)
        return root.power(int(e.exp.p))
    if not isinstance(e, (sp.Add, sp.Mul)):
        return None
    parts = [_bound(a) for a in e.args]
    known = [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    below = sum((p.below for p in known), Fraction(0))
    if isinstance(e, sp.Mul):
        above = sum((p.above for p in known), Fraction(0))
    else:  # over the product of all L
        largest = max(p.above + below - p.below for p in known)
        above = largest + (len(known) - 1).bit_length()
    roots = frozenset[tuple[Any, int]]().union(*(p.roots for p in known))
    return _Bound(above, below, roots, frozenset[int]().union(*(p.turns for p in known)))


def _algebraic_is_zero(e: Any) -> bool:
    r"""Whether an algebraic number is zero, because it is smaller than any other could be.

    If U is not 0, the product of its conjugates is an integer, so at least 1, and

    .. math:: |E| = |U| / |L| \ge 2^{-(D - 1)\,\text{above} - \text{below}}

    for a number of degree D.  Source: Burnikel, Fleischer, Mehlhorn and Schirra (2000), A strong
    and easily computable separation bound for arithmetic expressions involving radicals.
    """
    bound = _bound(e)
    if bound is None:
        return False
    bits = math.ceil((bound.degree - 1) * bound.above + bound.below)
    digits = (bits + math.ceil(bound.above)) // 3 + 10
    if digits > MOST_DIGITS:
        return False
    try:
        low, high = enclose(e, {}, digits)
    except (Undefined, Unsure):
        return False
    least = mp.ldexp(1, -bits)
    return bool(-least < low and high < least)
