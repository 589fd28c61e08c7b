"""Interval arithmetic: values that stay exact while they are rational, and functions of intervals.

A value is an exact fraction as long as it can be; afterwards it is a pair of floating-point numbers
of mpmath between which it lies.  Sums, products, quotients and roots are rounded outwards.  Of exp,
log, sin, cos and atan mpmath says that they err by about one unit of the last place; its own
intervals take that place for granted, we compute with 20 bits more and allow for 2^10 units.  All
other functions are made of these, with intervals in every step.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import sympy as sp
from mpmath import libmp

Float: TypeAlias = tuple[int, int, int, int]  # mpmath's number: sign, mantissa, exponent, bits
Pair: TypeAlias = tuple[Float, Float]
Value: TypeAlias = Fraction | Pair

ZERO, INFINITY, MINUS_INFINITY = libmp.fzero, libmp.finf, libmp.fninf
NOTHING: Pair = (ZERO, ZERO)
ONE: Pair = (libmp.fone, libmp.fone)
HALF: Pair = (libmp.fhalf, libmp.fhalf)
EVERYTHING: Pair = (MINUS_INFINITY, INFINITY)
UNIT: Pair = (libmp.fnone, libmp.fone)
GUARD, SLACK = 20, 10  # bits
HUGE = 30  # e^x is not computed where |x| >= 2^30, nor cos x
LONGEST = 4096  # bits of a fraction; what is longer becomes a pair


# Between mpmath, which has no types, and us.
add: Callable[[Pair, Pair, int], Pair] = libmp.mpi_add
sub: Callable[[Pair, Pair, int], Pair] = libmp.mpi_sub
mul: Callable[[Pair, Pair, int], Pair] = libmp.mpi_mul
div: Callable[[Pair, Pair, int], Pair] = libmp.mpi_div
neg: Callable[[Pair], Pair] = libmp.mpi_neg
absolute: Callable[[Pair], Pair] = libmp.mpi_abs
square: Callable[[Pair, int], Pair] = libmp.libmpi.mpi_square
sqrt: Callable[[Pair, int], Pair] = libmp.mpi_sqrt
power: Callable[[Pair, int, int], Pair] = libmp.mpi_pow_int
pi: Callable[[int], Pair] = libmp.libmpi.mpi_pi


def shift(x: Pair, n: int) -> Pair:
    """2^n x."""
    return libmp.mpf_shift(x[0], n), libmp.mpf_shift(x[1], n)


def bits_of(digits: int) -> int:
    """The working precision: 15 digits are 60 bits."""
    return digits * 10 // 3 + 10


def as_pair(value: Value, bits: int) -> Pair:
    """The value between two floating-point numbers."""
    if not isinstance(value, Fraction):
        return value
    n, d = value.numerator, value.denominator
    return libmp.from_rational(n, d, bits, "f"), libmp.from_rational(n, d, bits, "c")


def sign_in(value: Value) -> int | None:
    """The sign that all numbers of the value share, if they do."""
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    low, high = (int(libmp.mpf_sign(end)) for end in value)
    return low if low == high else None


def hull(*pairs: Pair) -> Pair:
    """The smallest interval that holds all of them."""
    low, _ = libmp.libmpf.mpf_min_max([p[0] for p in pairs])
    _, high = libmp.libmpf.mpf_min_max([p[1] for p in pairs])
    return low, high


# Functions at one floating-point number -------------------------------------------------------


def _around(function: Callable[..., Float], x: Float, bits: int) -> Pair:
    """Both sides of a value that mpmath computes almost right."""
    value = function(x, bits + GUARD, "n")
    if not value[1]:  # zero and infinity, which it returns only where they are exact
        return value, value
    slack = libmp.mpf_shift(libmp.mpf_abs(value), SLACK - bits - GUARD)
    return libmp.mpf_sub(value, slack, bits, "f"), libmp.mpf_add(value, slack, bits, "c")


def _is_huge(x: Float) -> bool:
    return bool(x[1]) and x[2] + x[3] > HUGE


def exp(x: Float, bits: int) -> Pair:
    """E^x, or something on its right side where that is out of reach."""
    if x == ZERO:
        return ONE
    if not _is_huge(x):
        return _around(libmp.mpf_exp, x, bits)
    if x[0]:
        return ZERO, libmp.from_man_exp(1, -(2**HUGE))
    return libmp.from_man_exp(1, 2**HUGE), INFINITY


def log(x: Float, bits: int) -> Pair:
    """Log x for x >= 0."""
    return _around(libmp.mpf_log, x, bits)


def _atan(x: Float, bits: int) -> Pair:
    return _around(libmp.mpf_atan, x, bits)


def cos(x: Float, bits: int) -> Pair:
    """Cos x."""
    return ONE if x == ZERO else _around(libmp.mpf_cos, x, bits)


def sin(x: Float, bits: int) -> Pair:
    """Sin x."""
    return _around(libmp.mpf_sin, x, bits)


def _enough(x: Float, bits: int) -> int:
    """Bits for a difference of two numbers near 1 that leaves about x."""
    return bits + min(max(0, -x[2] - x[3]), bits) if x[1] else bits


def _sinh(x: Float, bits: int) -> Pair:
    up, down = exp(x, _enough(x, bits)), exp(libmp.mpf_neg(x), _enough(x, bits))
    return shift(sub(up, down, bits), -1)


def _cosh(x: Float, bits: int) -> Pair:
    return shift(add(exp(x, bits), exp(libmp.mpf_neg(x), bits), bits), -1)


def _tanh(x: Float, bits: int) -> Pair:
    """Tanh x = 1 - 2 / (exp(2x) + 1)."""
    more = _enough(x, bits)
    denominator = add(exp(libmp.mpf_shift(x, 1), more), ONE, more)
    return sub(ONE, div(shift(ONE, 1), denominator, more), bits)


def _asinh(x: Float, bits: int) -> Pair:
    """Asinh x = log(x + sqrt(x^2 + 1)) for x >= 0, an odd function."""
    if x[0] or x == MINUS_INFINITY:
        return neg(_asinh(libmp.mpf_neg(x), bits))
    more = _enough(x, bits)
    root = sqrt(add(square((x, x), more), ONE, more), more)
    return increasing(log, add((x, x), root, more), more)


def _acosh(x: Float, bits: int) -> Pair:
    """Acosh x = log(x + sqrt(x^2 - 1))."""
    if libmp.mpf_le(x, libmp.fone):
        return NOTHING
    root = sqrt(sub(square((x, x), 2 * bits), ONE, 2 * bits), bits)
    return increasing(log, add((x, x), root, bits), bits)


def _atanh(x: Float, bits: int) -> Pair:
    """Atanh x = log((1 + x) / (1 - x)) / 2."""
    more = _enough(x, bits)
    ratio = div(add(ONE, (x, x), more), sub(ONE, (x, x), more), more)
    return shift(increasing(log, ratio, bits), -1)


def _acos(x: Float, bits: int) -> Pair:
    """Acos x = 2 atan(sqrt((1 - x) / (1 + x)))."""
    if libmp.mpf_le(x, libmp.fnone):
        return pi(bits)
    if libmp.mpf_ge(x, libmp.fone):
        return NOTHING
    ratio = div(sub(ONE, (x, x), bits), add(ONE, (x, x), bits), bits)
    return shift(increasing(_atan, sqrt(ratio, bits), bits), 1)


def _asin(x: Float, bits: int) -> Pair:
    """Asin x = pi/2 - acos x."""
    more = _enough(x, bits)
    return sub(shift(pi(more), -1), _acos(x, more), bits)


# Functions on an interval ---------------------------------------------------------------------


def increasing(function: Callable[[Float, int], Pair], x: Pair, bits: int) -> Pair:
    """A function that nowhere decreases."""
    return function(x[0], bits)[0], function(x[1], bits)[1]


def _even(function: Callable[[Float, int], Pair], x: Pair, bits: int) -> Pair:
    """An even function that increases for x >= 0."""
    return increasing(function, absolute(x), bits)


def extrema(x: Pair, bits: int, half: Pair) -> range | None:
    """All k for which (k + half) pi may lie in x; None if x is too wide or too far out."""
    if any(_is_huge(end) or end in EVERYTHING for end in x):
        return None
    low, high = sub(div(x, pi(bits), bits), half, bits)
    return range(libmp.to_int(libmp.mpf_ceil(low)), libmp.to_int(libmp.mpf_floor(high)) + 1)


def _wave(function: Callable[[Float, int], Pair], x: Pair, bits: int, half: Pair) -> Pair:
    """Cos (half = 0) or sin (half = 1/2), which is (-1)^k at (k + half) pi, else monotone."""
    turns = extrema(x, bits, half)
    if turns is None or len(turns) > 1:
        return UNIT
    low, high = hull(function(x[0], bits), function(x[1], bits))
    for k in turns:
        low, high = (libmp.fnone, high) if k % 2 else (low, libmp.fone)
    return low, high


FOUR: Float = libmp.from_int(4)


def _sinc(x: Pair, bits: int) -> Pair:
    """Sin(x) / x, even, and decreasing from 0 to beyond 4."""
    low, high = absolute(x)
    if libmp.mpf_gt(low, FOUR):
        return div(_wave(sin, (low, high), bits, HALF), (low, high), bits)
    last = FOUR if libmp.mpf_gt(high, FOUR) else high
    start = ONE if low == ZERO else div(sin(low, bits), (low, low), bits)
    end = ONE if last == ZERO else div(sin(last, bits), (last, last), bits)
    rest = () if last == high else (div(UNIT, (FOUR, high), bits),)
    return hull((end[0], start[1]), *rest)


ON_INTERVALS: dict[Any, Callable[[Pair, int], Pair]] = {
    sp.exp: lambda x, bits: increasing(exp, x, bits),
    sp.log: lambda x, bits: increasing(log, x, bits),
    sp.atan: lambda x, bits: increasing(_atan, x, bits),
    sp.asin: lambda x, bits: increasing(_asin, x, bits),
    sp.acos: lambda x, bits: (_acos(x[1], bits)[0], _acos(x[0], bits)[1]),
    sp.sinh: lambda x, bits: increasing(_sinh, x, bits),
    sp.tanh: lambda x, bits: increasing(_tanh, x, bits),
    sp.asinh: lambda x, bits: increasing(_asinh, x, bits),
    sp.acosh: lambda x, bits: increasing(_acosh, x, bits),
    sp.atanh: lambda x, bits: increasing(_atanh, x, bits),
    sp.cosh: lambda x, bits: _even(_cosh, x, bits),
    sp.sech: lambda x, bits: div(ONE, _even(_cosh, x, bits), bits),
    sp.cos: lambda x, bits: _wave(cos, x, bits, NOTHING),
    sp.sin: lambda x, bits: _wave(sin, x, bits, HALF),
    sp.sinc: _sinc,
    sp.Abs: lambda x, bits: absolute(x),
}
AT_ZERO = dict.fromkeys((sp.exp, sp.cosh, sp.sech, sp.cos, sp.sinc), Fraction(1)) | dict.fromkeys(
    (sp.atan, sp.asin, sp.sinh, sp.tanh, sp.asinh, sp.atanh, sp.sin, sp.tan), Fraction(0)
)
DOMAINS: dict[Any, tuple[int, int | None, bool]] = {  # from, to, without these ends
    sp.log: (0, None, True),
    sp.asin: (-1, 1, False),
    sp.acos: (-1, 1, False),
    sp.acosh: (1, None, False),
    sp.atanh: (-1, 1, True),
}
