"""Sums and products that keep what rounding drops: about 32 digits from pairs of float64.

A number is kept as ``high + low``, where ``low`` is what no longer fits into the 53 bits of
``high``.  That makes a residual trustworthy when nearly all of its digits cancel.  Nothing wider
than float64 is needed, so every machine gives the same digits.

Sources: Dekker, Numerische Mathematik 18 (1971), on products; Rump, Ogita & Oishi, SIAM Journal on
Scientific Computing 31 (2008), on long sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ._checks import FloatArray

_SPLITTER = 2.0**27 + 1  # cuts 53 bits into two halves whose products are exact


@dataclass(frozen=True, eq=False)
class Twofold:
    """Numbers, each the sum of a float64 and of what that leaves over.

    Shapes broadcast as usual.  Entries are to stay below about 1e290, where nothing overflows; what
    a product drops is kept as long as the product is not below about 1e-290.
    """

    high: Any  # a float or an array of them
    low: Any

    def __add__(self, other: Twofold) -> Twofold:
        total, lost = two_sum(self.high, other.high)
        return _normalised(total, lost + (self.low + other.low))

    def __sub__(self, other: Twofold) -> Twofold:
        return self + Twofold(-other.high, -other.low)

    def __mul__(self, other: Twofold) -> Twofold:
        both, lost = two_product(self.high, other.high)
        return _normalised(both, lost + (self.high * other.low + self.low * other.high))

    def __truediv__(self, other: Twofold) -> Twofold:
        quotient = self.high / other.high
        rest = self - Twofold(quotient, 0.0) * other
        return _normalised(quotient, (rest.high + rest.low) / other.high)

    def __getitem__(self, where: Any) -> Twofold:
        return Twofold(self.high[where], self.low[where])

    def total(self) -> Twofold:
        """The sum over the last axis."""
        return total(self.high, self.low, axis=-1)


def total(*parts: FloatArray, axis: int) -> Twofold:
    """The sum over an axis along which the parts are put one after the other.

    Added to a power of two above the whole sum, all terms lose their low bits alike.  What is left
    of them adds up without rounding; what they lost is small, and adds up as usual.
    """
    terms = np.concatenate(parts, axis=axis)
    _, exponent = np.frexp(np.abs(terms).max(axis=axis, keepdims=True))
    above = np.ldexp(1.0, exponent + terms.shape[axis].bit_length())
    leading = (terms + above) - above
    return _normalised(leading.sum(axis=axis), (terms - leading).sum(axis=axis))


def product(a: FloatArray, b: FloatArray) -> Twofold:
    """The products of floats, with all their digits."""
    return Twofold(*two_product(a, b))


def two_sum(a: Any, b: Any) -> tuple[Any, Any]:
    """The rounded a + b, and what the rounding dropped: together they are a + b exactly."""
    both = a + b
    b_added = both - a
    return both, (a - (both - b_added)) + (b - b_added)


def two_product(a: Any, b: Any) -> tuple[Any, Any]:
    """The rounded a b, and what the rounding dropped: together they are a b exactly."""
    both = a * b
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    return both, a2 * b2 - (((both - a1 * b1) - a2 * b1) - a1 * b2)


def _halves(a: Any) -> tuple[Any, Any]:
    scaled = _SPLITTER * a
    first = scaled - (scaled - a)
    return first, a - first


def _normalised(high: Any, low: Any) -> Twofold:
    """The pair again, with ``high`` the float nearest to the sum."""
    both = high + low
    return Twofold(both, low - (both - high))
