"""Points of a domain at which a formula may show that it is no kernel.

They are exact numbers, as simple as possible, because a learner will read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

Points = list[sp.Expr]  # exact, different, and inside of the domain


class Ground:
    """The domain: between which ends it lies, and whether it has whole numbers only."""

    def __init__(self, domain: sp.Set) -> None:
        self.domain = domain
        self.low, self.high = domain.inf, domain.sup  # perhaps infinite
        self.is_whole = bool(domain.is_subset(sp.S.Integers))
        self._is_interval = isinstance(domain, sp.Interval)

    @property
    def is_bounded(self) -> bool:
        """Neither end is infinite."""
        return bool(self.low.is_finite and self.high.is_finite)

    def has(self, point: sp.Expr) -> bool:
        """Whether the point surely belongs to the domain."""
        if point.is_Rational and self._is_interval:  # sympy's own answer takes a millisecond
            inside = self.low < point and point < self.high
            return bool(inside) or (point in (self.low, self.high) and self._owns(point))
        if point.is_Rational and self.domain in (sp.S.Reals, sp.S.Integers, sp.S.Naturals0):
            return bool(point >= self.low and (point.is_Integer or not self.is_whole))
        return self._owns(point)

    def _owns(self, point: sp.Expr) -> bool:
        return bool(self.domain.contains(point) == sp.true)

    def only(self, points: Sequence[Any]) -> Points:
        """Those of the points that belong to the domain, each once."""
        return list(dict.fromkeys(p for p in map(sp.sympify, points) if self.has(p)))

    def window(self) -> tuple[sp.Rational, sp.Rational]:
        """Two rational numbers of the domain, as far from each other as suits a first look."""
        low, high = self.low, self.high
        if self.is_whole:
            start = -8 if low.is_infinite else int(low)
            return sp.Integer(start), sp.Integer(start + 16 if high.is_infinite else int(high))
        if low.is_infinite:
            low = high - 8 if high.is_finite else sp.Integer(-4)
        if high.is_infinite:
            high = low + 8
        return self._inside(low, high - low), self._inside(high, low - high)

    def _inside(self, end: sp.Expr, way: sp.Expr) -> sp.Rational:
        """The end itself if it is rational and belongs, or a fraction near it on the inner side."""
        if end.is_Rational and self.has(end):
            return end
        near, far = (
            _fraction(end + way * part) for part in (sp.Rational(1, 64), sp.Rational(1, 32))
        )
        return sp.Rational(simplest(min(near, far), max(near, far)))


def _fraction(number: sp.Expr) -> Fraction:
    exact = sp.Rational(number if number.is_Rational else sp.N(number, 30))
    return Fraction(int(exact.p), int(exact.q))


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction in the closed interval whose numerator and denominator are smallest.

    The path to it in the tree of Stern and Brocot is the beginning that the continued fractions of
    both ends share.
    """
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    return whole - 1 + 1 / simplest(1 / (high - whole + 1), 1 / (low - whole + 1))


def height(number: sp.Expr) -> int:
    """How much there is to read in a number."""
    if not number.is_Rational:
        return 12 + int(sp.count_ops(number))
    return (
        int(abs(number.p)).bit_length() + 2 * (int(number.q).bit_length() - 1) + int(number.p < 0)
    )


# --- Sets of points ---


def simple_points(ground: Ground, number: int = 10) -> Points:
    """The points that a person would try first, the simplest first."""
    half = sp.Rational(1, 2)
    usual = ground.only([0, 1, -1, 2, -2, half, -half, 3, -3, 4, half / 2, 3 * half, 5, 10])
    low, high = ground.window()
    if ground.is_whole:
        near = ground.only([low + i for i in range(number)])
    else:
        near = ground.only(
            [low + (high - low) * sp.Rational(i, 8) for i in (0, 8, 4, 2, 6, 1, 3, 5, 7)]
        )
        near = sorted(near, key=height)
    ends = ground.only([end for end in (ground.low, ground.high) if end.is_finite])
    return list(dict.fromkeys([*usual, *ends, *near]))[:number]


def spread(ground: Ground, number: int) -> Points:
    """So many rational points of the domain, whole numbers around 0 if it has them."""
    whole = ground.only([s * i for i in range(number) for s in (1, -1)])[:number]
    if len(whole) == number:
        return sorted(whole)
    first, last = ground.window()
    if ground.is_whole or ground.high.is_infinite or ground.low.is_infinite:
        way = 1 if ground.low.is_finite else -1
        start = first if way == 1 else last
        return ground.only([start + way * i for i in range(number)])
    return ground.only([first + (last - first) * sp.Rational(i, number - 1) for i in range(number)])


def powers_of_ten(ground: Ground) -> Points:
    """Points of every size; on a bounded domain: at every distance from its ends."""
    if ground.is_whole:
        sizes = [0, *(10**j for j in range(13)), 2, 3, 5, 30]
        return ground.only([s * size for size in sizes for s in (1, -1)])
    low, high = ground.low, ground.high
    sizes = [sp.Integer(10) ** j for j in sorted(range(-12, 13), key=abs)]
    if low.is_infinite and high.is_infinite:
        return ground.only([0, *sizes, *(-s for s in sizes)])
    first, last = ground.window()
    if low.is_finite and high.is_finite:
        sizes = [(last - first) * s for s in sizes if s < 1]
    rational = [end for end in (low, high) if end.is_Rational]
    starts = [(end if end.is_Rational else near) for end, near in ((low, first), (high, last))]
    ways = [(starts[0], 1)] * low.is_finite + [(starts[1], -1)] * high.is_finite
    middle = (first + last) / 2
    return ground.only([*rational, middle, *(end + way * s for s in sizes for end, way in ways)])


def progressions(ground: Ground, n: int, scales: Sequence[sp.Rational]) -> list[Points]:
    """Equispaced points, with spacings of every size and from several first points."""
    first, last = ground.window()
    if ground.is_whole:
        steps = [sp.Integer(s) for s in (1, 2, 3, 4, 5, 7, 8, 10, 12, 20, 50, 100, 1000)]
    elif ground.is_bounded:
        steps = [(last - first) / (n - 1) / 2**j for j in range(7)]
    else:
        steps = [sp.Integer(2) ** j for j in sorted(range(-8, 9), key=abs)]
        steps += [s * f for s in scales for f in (1, sp.Rational(1, 2), sp.Rational(1, 4), 2)]
    found: dict[tuple[sp.Expr, sp.Expr], Points] = {}
    for step in steps:
        length = step * (n - 1)
        middle = (first + last - length) / 2
        starts = (
            [first, last - length, middle]
            if ground.is_bounded
            else [0, -length / 2, -length, first]
        )
        for start in starts:
            start = sp.floor(start) if ground.is_whole else sp.sympify(start)
            if ground.has(start) and ground.has(start + length):
                found.setdefault((start, step), [start + step * i for i in range(n)])
    return list(found.values())


def clusters(ground: Ground, n: int, scales: Sequence[sp.Rational]) -> Iterator[Points]:
    """Equispaced points close to a centre, closer and closer."""
    first, last = ground.window()
    spans = [last - first] if ground.is_bounded else [1, *scales[:2]]
    for j in range(1, 7):
        for span in spans:
            step = sp.sympify(span) / 4**j
            for centre in simple_points(ground, 5):
                for start in (centre - step * (n // 2), centre, centre - step * (n - 1)):
                    if ground.has(start) and ground.has(start + step * (n - 1)):
                        yield [start + step * i for i in range(n)]
                        break


def scales(expression: sp.Expr) -> list[sp.Rational]:
    """Sizes that the constants in the formula suggest: c, 1/c and their square roots."""
    found: list[sp.Rational] = []
    for number in sorted(expression.atoms(sp.Number), key=sp.default_sort_key):
        if not number.is_Rational or number == 0:
            continue
        c = abs(_fraction(number))
        for power in (1, -1, 0.5, -0.5):
            size = _near(float(c) ** power)
            if all(abs(size / other - 1) > sp.Rational(1, 10) for other in found):
                found.append(size)
    return found[:12]


def _near(number: float) -> sp.Rational:
    """A simple fraction within a fiftieth of a positive number."""
    exact = Fraction(number)
    return sp.Rational(simplest(exact * 49 / 50, exact * 51 / 50))


_BENT = (sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min)


def kinks(expression: sp.Expr, x: sp.Symbol, z: sp.Symbol) -> list[sp.Rational]:
    """Where an absolute value, a case, a step changes: for points, and for distances of points."""
    edges = [arg for e in expression.atoms(*_BENT) for arg in e.args]
    edges += [a - b for e in expression.atoms(sp.Max, sp.Min) for a in e.args for b in e.args]
    edges += [c.lhs - c.rhs for c in expression.atoms(sp.core.relational.Relational)]
    found: dict[sp.Rational, None] = {}
    for edge in edges:
        line = edge.subs(z, 0).replace(sp.Abs, lambda inner: inner)
        if line.free_symbols == {x} and line.is_polynomial(x) and sp.degree(line, x) <= 2:
            for root in sp.roots(sp.Poly(line, x)):
                if root.is_real:
                    found.setdefault(abs(sp.Rational(_fraction(root))))
    return [size for size in found if size][:4]
