"""Random formulas, points and boxes, and a referee that computes values with many digits."""

import mpmath
import sympy as sp
from hypothesis import strategies as st
from sympy import Abs, Max, Min, cos, cosh, exp, log, oo, sin, sinh, sqrt, tanh

x, z, w, n = sp.symbols("x z w n")
R = sp.Rational
PRECISE = 110  # digits of the referee
CLOSE = mpmath.mpf(10) ** -70

fractions = st.builds(R, st.integers(-12, 12), st.integers(1, 8))
FUNCTIONS = [
    *(exp, sin, cos, sp.tan, sinh, cosh, tanh, sp.sech, sp.atan, sp.asinh, Abs, sp.sinc, sp.sign),
    *(sp.floor, sp.ceiling, sp.Heaviside, log, sqrt, sp.asin, sp.acos, sp.acosh, sp.atanh),
]


def trees(*leaves, functions=tuple(FUNCTIONS)):
    """Formulas of a few operations."""

    def built(make, *parts):
        try:
            e = make(*parts)
        except (ValueError, TypeError):  # sympy refuses to compare what is complex
            return parts[-1]
        return parts[-1] if e.has(sp.nan, sp.zoo, oo, sp.I) else e

    def branches(a, b, c):
        return sp.Piecewise((a, b < c), (b, True))

    def larger(smaller):
        powers = st.sampled_from([R(p) for p in (-2, -1, 2, 3)] + [R(1, 3), R(3, 2), R(-1, 2)])
        return st.one_of(
            st.builds(built, st.sampled_from(functions), smaller),
            st.builds(built, st.sampled_from([sp.Add, sp.Mul, Min, Max]), smaller, smaller),
            st.builds(built, st.just(lambda p, u: u**p), powers, smaller),
            st.builds(built, st.just(lambda u, v: exp(u) ** v), smaller, smaller),
            st.builds(built, st.just(branches), smaller, smaller, smaller),
        )

    return st.recursive(st.one_of(*map(st.just, leaves), fractions), larger, max_leaves=6)


@st.composite
def boxes_with_a_point(draw):
    """An interval for each symbol, and a number in each."""
    box, point = {}, {}
    for symbol in (x, z):
        low, high = sorted([draw(fractions), draw(fractions)])
        part = draw(st.sampled_from([R(0), R(1, 3), R(1, 2), R(6, 7), R(1)]))
        box[symbol], point[symbol] = (low, high), low + part * (high - low)
    return box, point


def referee(e, point):
    """The value by mpmath with many digits; None where a part has no real value, or a huge one."""
    with mpmath.workdps(PRECISE):
        return _value(e, point)


def _value(e, point):
    if e in point:
        return mpmath.mpf(point[e].p) / point[e].q
    if e.is_Rational:
        return mpmath.mpf(e.p) / e.q
    if e in (sp.pi, sp.E):
        return mpmath.pi + 0 if e is sp.pi else mpmath.e + 0
    if isinstance(e, sp.Piecewise):
        (a, condition), (b, _) = e.args if len(e.args) == 2 else ((None, None), (None, None))
        if a is None or not isinstance(condition, sp.StrictLessThan):
            return None
        left, right = _value(condition.lhs, point), _value(condition.rhs, point)
        if left is None or right is None or abs(left - right) < CLOSE:
            return None
        return _value(a if left < right else b, point)
    if not e.args:
        return None
    parts = [_value(a, point) for a in e.args]
    if any(p is None or abs(p) > 10**9 for p in parts):
        return None
    value = _applied(e, parts)
    return value if isinstance(value, mpmath.mpf) and mpmath.isfinite(value) else None


def _applied(e, parts):
    if e.is_Add:
        return mpmath.fsum(parts)
    if e.is_Mul:
        return mpmath.fprod(parts)
    if e.is_Pow:
        base, exponent = parts
        if base == 0 and exponent < 0:
            return None
        return None if base < 0 and exponent != int(exponent) else base**exponent
    if isinstance(e, (Min, Max)):
        return min(parts) if isinstance(e, Min) else max(parts)
    if isinstance(e, sp.Heaviside):
        return (mpmath.sign(parts[0]) + 1) / 2
    names = {"Abs": "fabs", "ceiling": "ceil"}
    jumps = isinstance(e, (sp.floor, sp.ceiling, sp.sign))
    if jumps and 0 < abs(parts[0] - mpmath.nint(parts[0])) < CLOSE:
        return None  # the referee cannot tell either
    try:
        return getattr(mpmath, names.get(e.func.__name__, e.func.__name__))(parts[0])
    except (ValueError, ZeroDivisionError):
        return None
