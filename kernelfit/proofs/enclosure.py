"""Intervals that surely hold the value of a formula: interval arithmetic along its tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import sympy as sp
from mpmath import libmp, mp
from sympy.core.relational import Relational

from . import intervals as iv
from .intervals import EVERYTHING, LONGEST, Pair, Value, as_pair, bits_of, hull


class Undefined(ValueError):  # noqa: N818 - a property of the formula
    """The formula has no finite real value there."""


class Unsure(ValueError):  # noqa: N818 - nothing is wrong, only too coarse
    """More digits or smaller intervals are needed to tell whether the formula is defined.

    The enclosure of ``part`` reaches over ``edge``; no part is named if a branch is in doubt.
    """

    def __init__(self, part: sp.Expr | None = None, edge: int = 0) -> None:
        super().__init__(f"{part} may lie on either side of {edge}" if part else "which branch?")
        self.part, self.edge = part, edge


class Unsupported(Exception):  # noqa: N818 - a limit of ours
    """A function of which we know no enclosure."""


class Enclosure(NamedTuple):
    """Two numbers of mpmath, perhaps infinite, low <= value <= high: to be compared only."""

    low: Any
    high: Any

    @property
    def sign(self) -> int | None:
        """1, 0 or -1 if everything between low and high has this sign."""
        if self.low > 0:
            return 1
        if self.high < 0:
            return -1
        return 0 if self.low == self.high == 0 else None


def enclose(
    expression: sp.Expr, values: Mapping[sp.Symbol, Any] | None = None, digits: int = 15
) -> Enclosure:
    """An interval with all values of the expression, where each symbol takes any of its values.

    ``values`` gives each symbol a constant expression, or the closed interval in which it lies: an
    ``sp.Interval`` (an infinite end stands for all finite numbers up to it), a pair of constants
    or an Enclosure.  Raises Undefined if the expression has no finite real value for any of them,
    Unsure if that cannot be told from these intervals with that many digits, Unsupported for a
    function that we do not know.
    """
    low, high = as_pair(evaluate(expression, values or {}, digits), bits_of(digits))
    return Enclosure(mp.make_mpf(low), mp.make_mpf(high))


def evaluate(expression: sp.Expr, values: Mapping[sp.Symbol, Any], digits: int) -> Value:
    """What ``enclose`` shows; an exact fraction if the value is rational and was found to be."""
    constant = _Evaluator({}, bits_of(digits))
    given = {symbol: constant.given(value) for symbol, value in values.items()}
    return _Evaluator(given, bits_of(digits))(sp.sympify(expression))


class _Evaluator:
    """One walk over the tree of a formula; what occurs twice is computed once."""

    def __init__(self, given: Mapping[Any, Value], bits: int) -> None:
        self.known: dict[Any, Value] = dict(given)
        self.bits = bits

    def __call__(self, e: Any) -> Value:
        value = self.known.get(e)
        if value is None:
            value = self._compute(e)
            if isinstance(value, Fraction) and _length(value) > LONGEST:
                value = as_pair(value, self.bits)
            self.known[e] = value
        return value

    def pair(self, e: Any) -> Pair:
        return as_pair(self(e), self.bits)

    def given(self, value: Any) -> Value:
        """The value of a symbol: a constant, or an interval of any kind."""
        if isinstance(value, sp.Interval):
            value = (value.start, value.end)
        if not isinstance(value, tuple):
            return self(sp.sympify(value))
        low, high = (self._end(end) for end in value)
        return low[0], high[1]

    def _end(self, end: Any) -> Pair:
        if hasattr(end, "_mpf_"):  # a number of mpmath or a float of sympy, as it is
            return end._mpf_, end._mpf_
        return EVERYTHING if end in (sp.oo, -sp.oo) else self.pair(sp.sympify(end))

    def _compute(self, e: Any) -> Value:
        if isinstance(e, (sp.Rational, sp.Float)):  # a float is the binary fraction that it is
            exact = sp.Rational(e)
            return Fraction(int(exact.p), int(exact.q))
        if e is sp.pi:
            return iv.pi(self.bits)
        if e is sp.E:
            return iv.exp(libmp.fone, self.bits)
        if e in (sp.oo, -sp.oo, sp.zoo, sp.nan, sp.I):
            raise Undefined(f"{e} is no real number")
        if isinstance(e, sp.Symbol):
            raise TypeError(f"{e} has no value")
        if e.func in iv.ON_INTERVALS:
            return self._function(e)
        if e.func in QUOTIENTS:
            return self(QUOTIENTS[e.func](*e.args))
        rule = _RULES.get(e.func)
        if rule is None:
            raise Unsupported(f"no enclosure of {e.func}")
        return rule(self, e)

    def _function(self, e: Any) -> Value:
        (argument,) = e.args
        x = self(argument)
        if isinstance(x, Fraction):
            if x == 0 and e.func in iv.AT_ZERO:
                return iv.AT_ZERO[e.func]
            if x == 1 and e.func in (sp.log, sp.acosh, sp.acos):
                return Fraction(0)
            if e.func is sp.Abs:
                return abs(x)
        low, high, strict = iv.DOMAINS.get(e.func, (None, None, False))
        if low is not None:
            self.above(argument, low, strict=strict)
        if high is not None:
            self.above(argument, high, strict=strict, side=-1)
        return iv.ON_INTERVALS[e.func](as_pair(x, self.bits), self.bits)

    def above(self, part: Any, edge: int = 0, *, strict: bool, side: int = 1) -> None:
        """Part >= edge, or part > edge; on the other side of the edge if ``side`` is -1.

        Raises Undefined or Unsure if not.
        """
        low, high = self._signs(part, edge, side)
        if low > 0 or (low == 0 and not strict):
            return
        if high < 0 or (high == 0 and strict):
            raise Undefined(f"{part} lies on the wrong side of {edge}")
        raise Unsure(part, edge)

    def nonzero(self, part: Any) -> None:
        """Part != 0; raises Undefined or Unsure if not."""
        low, high = self._signs(part, 0, 1)
        if low == high == 0:
            raise Undefined(f"division by {part}, which is 0")
        if low * high <= 0:
            raise Unsure(part)

    def _signs(self, part: Any, edge: int, side: int) -> tuple[int, int]:
        x = self(part)
        if isinstance(x, Fraction):
            sign = side * ((x > edge) - (x < edge))
            return sign, sign
        low, high = (side * libmp.mpf_cmp(end, libmp.from_int(edge)) for end in x)
        return (low, high) if side == 1 else (high, low)

    def add(self, e: Any) -> Value:
        exact, rest = self._gather(e, Fraction(0), lambda a, b: a + b, iv.add)
        return exact if rest is None else iv.add(as_pair(exact, self.bits), rest, self.bits)

    def mul(self, e: Any) -> Value:
        exact, rest = self._gather(e, Fraction(1), lambda a, b: a * b, iv.mul)
        if rest is None or exact == 0:  # the other factors are finite: they have been computed
            return exact
        return rest if exact == 1 else iv.mul(as_pair(exact, self.bits), rest, self.bits)

    def _gather(
        self,
        e: Any,
        exact: Fraction,
        join: Callable[..., Fraction],
        join_pairs: Callable[..., Pair],
    ) -> tuple[Fraction, Pair | None]:
        rest: Pair | None = None
        for value in map(self, e.args):
            if isinstance(value, Fraction):
                exact = join(exact, value)
            else:
                rest = value if rest is None else join_pairs(rest, value, self.bits)
        return exact, rest

    def power(self, e: Any) -> Value:
        """Base^exponent for integers, and for a base >= 0 otherwise; 0^0 = 1."""
        base, exponent = self(e.base), self(e.exp)
        whole = _whole(exponent)
        if whole is not None:
            return self._integer_power(e.base, base, whole)
        negative = self._signs(e.base, 0, 1)[1] < 0
        if negative and not isinstance(exponent, Fraction) and _holds_an_integer(exponent):
            raise Unsure(e.base)
        self.above(e.base, strict=False)
        if self._signs(e.exp, 0, 1)[0] <= 0:
            self.above(e.base, strict=True)
        if isinstance(exponent, Fraction):
            root = _exact_root(base, exponent.denominator)
            if root is not None:
                return self._integer_power(e.base, root, exponent.numerator)
            if exponent.denominator == 2:
                square_root = iv.sqrt(as_pair(base, self.bits), self.bits)
                return iv.power(square_root, exponent.numerator, self.bits)
        log = iv.increasing(iv.log, as_pair(base, self.bits), self.bits)
        product = iv.mul(as_pair(exponent, self.bits), log, self.bits)
        return iv.increasing(iv.exp, product, self.bits)

    def _integer_power(self, part: Any, base: Value, n: int) -> Value:
        if n < 0:
            self.nonzero(part)
        if isinstance(base, Fraction):
            if abs(n) * _length(base) <= LONGEST or base in (0, 1, -1):
                return Fraction(1) if n == 0 else base**n
            base = as_pair(base, self.bits)
        return iv.power(base, n, self.bits)

    def tan(self, e: Any) -> Value:
        """Sin / cos, increasing between its poles (k + 1/2) pi."""
        (argument,) = e.args
        if self(argument) == 0:
            return Fraction(0)
        x = self.pair(argument)
        poles = iv.extrema(x, self.bits, iv.HALF)
        if poles is None or len(poles) > 0:
            raise Unsure(sp.cos(argument))
        return iv.increasing(lambda t, b: iv.div(iv.sin(t, b), iv.cos(t, b), b), x, self.bits)

    def extremum(self, e: Any) -> Value:
        """Min or Max."""
        values = [self(a) for a in e.args]
        exact = [v for v in values if isinstance(v, Fraction)]
        best = max if e.func is sp.Max else min
        if len(exact) == len(values):
            return best(exact)
        pairs = [as_pair(v, self.bits) for v in values]
        pick = 1 if e.func is sp.Max else 0
        low, high = (libmp.libmpf.mpf_min_max([p[i] for p in pairs])[pick] for i in (0, 1))
        return low, high

    def steps(self, e: Any) -> Value:
        """Floor, ceiling, sign and Heaviside: nondecreasing, constant between jumps."""
        x = self(e.args[0])
        if e.func in (sp.floor, sp.ceiling):
            if isinstance(x, Fraction):
                return Fraction(x.__floor__() if e.func is sp.floor else x.__ceil__())
            step = libmp.mpf_floor if e.func is sp.floor else libmp.mpf_ceil
            return step(x[0], self.bits, "f"), step(x[1], self.bits, "c")
        low, high = self._signs(e.args[0], 0, 1)
        if e.func is sp.sign:
            values: dict[int, Value] = {s: Fraction(s) for s in (low, high)}
        else:
            at_zero = self(e.args[1]) if low <= 0 <= high else Fraction(0)
            values = {-1: Fraction(0), 0: at_zero, 1: Fraction(1)}
        between = [values[s] for s in values if low <= s <= high]
        return between[0] if low == high else hull(*(as_pair(v, self.bits) for v in between))

    def piecewise(self, e: Any) -> Value:
        """The first branch whose condition holds; all that may be it if that cannot be told."""
        possible: list[Value] = []
        for branch, condition in e.args:
            true = self.truth(condition)
            if true is False:
                continue
            try:
                possible.append(self(branch))
            except Undefined:
                if true and not possible:
                    raise
                raise Unsure from None
            if true:
                break
        else:
            if not possible:
                raise Undefined(f"no condition of {e} holds")
            raise Unsure
        if len(possible) == 1:
            return possible[0]
        return hull(*(as_pair(v, self.bits) for v in possible))

    def truth(self, condition: Any) -> bool | None:
        """Whether a condition holds; None if it depends, or cannot be told."""
        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.Not):
            inner = self.truth(condition.args[0])
            return None if inner is None else not inner
        if isinstance(condition, (sp.And, sp.Or)):
            decisive = isinstance(condition, sp.Or)
            parts = [self.truth(c) for c in condition.args]
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
        if not isinstance(condition, Relational):
            raise Unsupported(f"no truth value of {condition}")
        left, right = self(condition.lhs), self(condition.rhs)
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            low = high = (left > right) - (left < right)
        else:
            difference = iv.sub(as_pair(left, self.bits), as_pair(right, self.bits), self.bits)
            low, high = (int(libmp.mpf_sign(end)) for end in difference)
        answers = {bool(condition.func(s, 0)) for s in (-1, 0, 1) if low <= s <= high}
        return answers.pop() if len(answers) == 1 else None


QUOTIENTS: dict[Any, Callable[[Any], Any]] = {
    sp.cot: lambda u: sp.cos(u) / sp.sin(u),
    sp.sec: lambda u: 1 / sp.cos(u),
    sp.csc: lambda u: 1 / sp.sin(u),
    sp.coth: lambda u: sp.cosh(u) / sp.sinh(u),
    sp.csch: lambda u: 1 / sp.sinh(u),
}
_RULES: dict[Any, Callable[[_Evaluator, Any], Value]] = {
    sp.Add: _Evaluator.add,
    sp.Mul: _Evaluator.mul,
    sp.Pow: _Evaluator.power,
    sp.tan: _Evaluator.tan,
    sp.Min: _Evaluator.extremum,
    sp.Max: _Evaluator.extremum,
    sp.floor: _Evaluator.steps,
    sp.ceiling: _Evaluator.steps,
    sp.sign: _Evaluator.steps,
    sp.Heaviside: _Evaluator.steps,
    sp.Piecewise: _Evaluator.piecewise,
}


def _whole(value: Value) -> int | None:
    """The integer that the value is."""
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else None


def _length(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def _holds_an_integer(x: Pair) -> bool:
    return x[0] in EVERYTHING or x[1] in EVERYTHING or libmp.mpf_le(libmp.mpf_ceil(x[0]), x[1])


def _exact_root(value: Value, n: int) -> Fraction | None:
    """The n-th root of a fraction >= 0 if it is a fraction."""
    if not isinstance(value, Fraction):
        return None
    numerator, exact = sp.integer_nthroot(value.numerator, n)
    if not exact:
        return None
    denominator, exact = sp.integer_nthroot(value.denominator, n)
    return Fraction(int(numerator), int(denominator)) if exact else None
