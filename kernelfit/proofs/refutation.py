r"""Refute that a formula is a kernel: exact points and weights at which the form is negative.

.. math:: \sum_{i,j} w_i w_j\, k(x_i, x_j) < 0

The search goes from cheap to costly and from simple points to odd ones.  Numbers with many digits
propose; a refutation is what exact arithmetic has confirmed, and it can be verified by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

import mpmath
import sympy as sp

from .budget import STEPS, Budget, Exhausted
from .candidates import Direction, Formula, dips, directions, evolve, most_negative
from .enclosure import Undefined
from .forms import Asymmetry, NegativeForm, exact_sign, value_at
from .points import (
    Ground,
    Points,
    clusters,
    height,
    kinks,
    powers_of_ten,
    progressions,
    scales,
    simple_points,
    simplest,
    spread,
)
from .weights import simple_weights, thinned, with_moments

__all__ = ["Asymmetry", "NegativeForm", "from_coefficients", "quickly", "refute"]

DIGITS, FINER = 60, 120  # for usual sets of points, for points that lie close together
TRIES = 12  # candidates that exact arithmetic may turn down


def refute(
    expression: sp.Expr,
    x: sp.Symbol,
    z: sp.Symbol,
    domain: sp.Set,
    budget: Budget,
    undefined_at: list[tuple[sp.Expr, sp.Expr]] | None = None,
) -> NegativeForm | Asymmetry | None:
    """Look for a proof that k(x, z) is no kernel on the domain; None if nothing was found.

    A pair of points of the domain at which the formula has no value is added to ``undefined_at``.
    """
    return _run(expression, x, z, domain, budget, undefined_at, thorough=True)


def quickly(
    expression: sp.Expr,
    x: sp.Symbol,
    z: sp.Symbol,
    domain: sp.Set,
    budget: Budget,
    undefined_at: list[tuple[sp.Expr, sp.Expr]] | None = None,
) -> NegativeForm | Asymmetry | None:
    """The first steps of ``refute``: symmetry, and the points that a person would try first."""
    return _run(expression, x, z, domain, budget, undefined_at, thorough=False)


def from_coefficients(
    expression: sp.Expr, x: sp.Symbol, z: sp.Symbol, domain: sp.Set, v: Sequence[sp.Rational]
) -> NegativeForm:
    r"""Refute a polynomial, from a direction in which its matrix of coefficients is negative.

    .. math:: k(x, z) = \sum_{m,n} c_{mn} x^m z^n, \qquad v^\top C v < 0

    ``v`` has a number for each power from 0 to the degree.  At weights with the moments
    :math:`\sum_i w_i x_i^m = v_m` the form is v'Cv exactly, whatever the points are; if fewer
    points show as much, they are taken.  The domain must have more points than the degree says.
    Raises ValueError if v'Cv is not negative.
    """
    search = _Search(expression, x, z, Ground(domain), Budget(100))
    points = spread(search.ground, len(v))
    form = search.at(points) or search.exactly(points, with_moments(v, points))
    if form is None:
        raise ValueError(f"v'Cv is not negative for v = {tuple(v)}")
    return form


def _run(
    expression: sp.Expr,
    x: sp.Symbol,
    z: sp.Symbol,
    domain: sp.Set,
    budget: Budget,
    undefined_at: list[tuple[sp.Expr, sp.Expr]] | None,
    *,
    thorough: bool,
) -> NegativeForm | Asymmetry | None:
    ground = Ground(domain)
    if not _is_understood(expression, x, z, ground):
        return None
    search = _Search(expression, x, z, ground, budget)
    stages = search.stages() if thorough else itertools.islice(search.stages(), 2)
    found = None
    try:
        for found in stages:
            if found is not None:
                break
    except Exhausted:
        pass
    if undefined_at is not None:
        undefined_at.extend(search.undefined())
    return found


def _is_understood(expression: sp.Expr, x: sp.Symbol, z: sp.Symbol, ground: Ground) -> bool:
    """Whether exact arithmetic knows the formula's functions, so that it could confirm."""
    if expression.free_symbols - {x, z}:
        return False
    a, b = (simple_points(ground) * 2)[-2:]  # not 0, where even unknown functions have values
    try:
        value = value_at(expression, x, z, a, b)
        return exact_sign(value) is not None or exact_sign(value + 1) is not None
    except Undefined:
        return True


class _Search:
    """What one search knows: the formula, the domain, what is left of the budget."""

    def __init__(
        self, expression: sp.Expr, x: sp.Symbol, z: sp.Symbol, ground: Ground, budget: Budget
    ) -> None:
        self.expression, self.x, self.z, self.ground = expression, x, z, ground
        self.budget, self.tries = budget, TRIES
        self.rounds = 12 * max(1, budget.left // STEPS)
        self.formula = Formula(expression, x, z)
        swapped = expression.subs({x: z, z: x}, simultaneous=True)
        self.written_alike = expression == swapped
        self.symmetric = self.written_alike or sp.expand(expression - swapped) == 0

    def stages(self) -> Iterator[NegativeForm | Asymmetry | None]:
        """What each stage has found, the cheap stages first."""
        ground = self.ground
        yield self.asymmetry()
        yield self.simple()
        yield self.at(powers_of_ten(ground), most=2)
        yield self.below_zero()
        sizes = scales(self.expression)
        bends = kinks(self.expression, self.x, self.z)
        for bend in bends:
            multiples = [bend * sp.Rational(i, 2) for i in (0, 2, -2, 1, -1, 3, -3, 4, -4, 6, 8)]
            yield self.at(ground.only(multiples))
        sizes = list(dict.fromkeys([*bends, *sizes]))
        for n in (3, 5):
            yield self.roughly(progressions(ground, n, sizes))
        if not ground.is_whole:
            for points in clusters(ground, 7, sizes):
                yield self.at(points, FINER)
        for n in (13, 34):
            yield self.roughly(progressions(ground, n, sizes))
        yield self.saturated()
        yield self.at(powers_of_ten(ground), FINER)
        for points in progressions(ground, 13, sizes):
            yield self.at(points)
        yield self.roughly(progressions(ground, 64, sizes))
        for n in (2, 3, 5):
            yield from self.evolved(n)

    def undefined(self) -> list[tuple[sp.Expr, sp.Expr]]:
        """Pairs of points at which the formula surely has no value."""
        return [gap for gap in self.formula.gaps if self._is_undefined(*gap)]

    def _is_undefined(self, a: sp.Expr, b: sp.Expr) -> bool:
        try:
            value_at(self.expression, self.x, self.z, a, b)
        except Undefined:
            return True
        return False

    # --- The stages ---

    def asymmetry(self) -> Asymmetry | None:
        """A pair of simple points at which exchanging them changes the value."""
        if self.symmetric:
            return None
        points = [*simple_points(self.ground), *powers_of_ten(self.ground)[:10]]
        for a, b in itertools.combinations(dict.fromkeys(points), 2):
            self.budget.spend(1)
            if self.formula.is_symmetric_at(a, b, DIGITS):
                continue
            try:
                there, back = (
                    value_at(self.expression, self.x, self.z, *pair) for pair in ((a, b), (b, a))
                )
                if exact_sign(there - back) in (1, -1):
                    return Asymmetry((a, b), (there, back))
            except Undefined:
                self.formula.gaps.append((a, b))
        return None

    def simple(self) -> NegativeForm | None:
        """The points that a person would try first; three equispaced ones if they suffice."""
        form = self.at(simple_points(self.ground))
        if form is None or len(form.points) <= 3:
            return form
        three = self.roughly(progressions(self.ground, 3, []))
        return form if three is None else three

    def at(
        self, points: Points, digits: int = DIGITS, most: int | None = None
    ) -> NegativeForm | None:
        """A negative form at some of these points, at two if that is the most we want."""
        n = len(points)
        pairs = n * (n + 1) // 2
        self.budget.spend(1 + (pairs * self.formula.cost * digits // DIGITS + n**3) // 1000)
        with mpmath.workdps(digits):
            points, K = self.formula.gram(points)
            options: list[tuple[Points, list[sp.Rational]]] = []
            for direction in itertools.islice(directions(K, digits, most), 8):
                if options and len(direction.indices) > len(options[0][0]):
                    break  # more points than needed
                option = self._confirm([points[i] for i in direction.indices], direction, digits)
                if option is not None:
                    options.append(option)
        options.sort(key=lambda option: sum(map(height, (*option[0], *option[1]))))
        for points, weights in options:
            form = self.exactly(points, weights)
            if form is not None:
                return form
        return None

    def below_zero(self) -> NegativeForm | None:
        """A single point with k(a, a) < 0, where it may be a narrow dip."""
        first, last = self.ground.window()
        middle, half = (first + last) / 2, (last - first) / 2
        for factor in (1,) if self.ground.is_bounded else (1, 10, 100, sp.Rational(1, 10)):
            ends = [middle - factor * half, middle + factor * half]
            low = ends[0] if self.ground.has(ends[0]) else first
            high = ends[1] if self.ground.has(ends[1]) else last
            self.budget.spend(5)
            for dip in dips(self.formula, float(low), float(high), whole=self.ground.is_whole):
                for k in range(5, 50, 5):  # the simplest fraction that is close enough
                    reach = Fraction(float(high - low)) / 2**k
                    near = simplest(Fraction(dip) - reach, Fraction(dip) + reach)
                    form = self.at(self.ground.only([near]))
                    if form is not None:
                        return form
        return None

    def roughly(self, sets: list[Points]) -> NegativeForm | None:
        """The sets that look negative in floating point, looked at again with more digits."""
        n = len(sets[0]) if sets else 0
        self.budget.spend(1 + len(sets) * n * n * self.formula.cost // 200_000)
        for points in most_negative(self.formula, sets)[:3]:
            form = self.at(points)
            if form is not None:
                return form
        return None

    def saturated(self) -> NegativeForm | None:
        """Differences of a function that has come as close to its limit as no digits can tell."""
        if not any(e.free_symbols for e in self.expression.atoms(sp.tanh)):
            return None
        one, tries = sp.Integer(1), self.tries
        first, last = self.ground.window()
        points = dict.fromkeys([*simple_points(self.ground, 4), first, last])
        differences = [(pair, (one, -one)) for pair in itertools.combinations(points, 2)]
        odd = self.ground.only([-1, 0, 1])
        for chosen, weights in [*differences, (odd, (one, -one, one)[: len(odd)])]:
            self.budget.spend(5)
            form = self.exactly(chosen, weights)
            self.tries = tries  # these were guesses, not candidates
            if form is not None:
                return form
        return None

    def evolved(self, n: int) -> Iterator[NegativeForm | None]:
        """Sets of n points that have been moved to where the form is lowest."""
        first, last = self.ground.window()
        grid = int(last - first) if self.ground.is_whole else 64
        if grid < n:
            return
        for factor in (1, sp.Rational(1, 16)) if not self.ground.is_whole else (1,):
            self.budget.spend(self.rounds * 60 * n * n * self.formula.cost // 200_000 + 10)
            low, high = first, first + (last - first) * factor
            best = evolve(self.formula, n, float(low), float(high), grid, self.rounds)
            sets = [
                [low + (high - low) * sp.Rational(round(t * grid), grid) for t in b] for b in best
            ]
            yield self.roughly(sets)

    # --- From a candidate to a refutation ---

    def _confirm(
        self, points: Points, direction: Direction, digits: int
    ) -> tuple[Points, list[sp.Rational]] | None:
        """The same direction with 40 digits more, on as few points and as simple as possible."""
        with mpmath.workdps(digits + 40):
            kept, K = self.formula.gram(points)
            again = next(directions(K, digits + 40), None)
            if len(kept) < len(points) or again is None:
                return None
            if abs(again.depth - direction.depth) > abs(direction.depth) / 100:
                return None  # it was rounding: a true value does not change with the digits
            chosen, again = thinned(K, list(range(len(points))), again, digits + 40)
            K = [[K[i][j] for j in chosen] for i in chosen]
            weights = simple_weights(K, again.weights)
        if weights is None:
            return None
        return [points[i] for i in chosen], weights

    def exactly(
        self, points: Sequence[sp.Expr], weights: Sequence[sp.Rational]
    ) -> NegativeForm | None:
        """The form at these points and weights, if exact arithmetic finds it negative."""
        used = sorted((p, w) for p, w in zip(points, weights, strict=True) if w != 0)
        if self.tries <= 0:
            raise Exhausted
        if not used:
            return None
        if used[0][1] < 0:
            used = [(p, -w) for p, w in used]
        n = len(used)
        self.budget.spend(5 + n * n // 2)
        rows = [[sp.Integer(0)] * n for _ in used]
        try:
            for i, j in itertools.product(range(n), repeat=2):
                a, b = used[i][0], used[j][0]
                if self.written_alike and j < i:  # then k(b, a) is k(a, b), defined or not
                    rows[i][j] = rows[j][i]
                    continue
                rows[i][j] = value_at(self.expression, self.x, self.z, a, b)
            value = sp.Add(
                *(used[i][1] * used[j][1] * rows[i][j] for i in range(n) for j in range(n))
            )
            negative = exact_sign(value) == -1
        except Undefined:
            self.formula.gaps.append((used[i][0], used[j][0]))
            negative = False
        if not negative:
            self.tries -= 1
            return None
        return NegativeForm(
            tuple(p for p, _ in used), tuple(w for _, w in used), sp.ImmutableMatrix(rows), value
        )
