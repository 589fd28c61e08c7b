"""The kernel functions that the rules start from; the rules are in ``kernel_algebra``."""

from __future__ import annotations

import math
import numbers
import sys
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ._checks import FloatArray, InputError, exponent_of, not_negative, positive, shown
from .kernel_algebra import Constant, Feature, Kernel, exp
from .polynomial import DEGREE, orthonormal_legendre, scaled

__all__ = [
    "Brownian",
    "Constant",
    "Feature",
    "Gaussian",
    "Kernel",
    "Laplacian",
    "Legendre",
    "Linear",
    "Periodic",
    "Polynomial",
    "PowerSum",
    "exp",
]

LARGEST = sys.float_info.max
NO_NUMBERS = (bool, np.timedelta64)  # though Python and numpy count them among the integers


@dataclass(repr=False)
class Linear(Kernel):
    r"""The inner product of the points: the features are the coordinates.

    .. math:: k(x, z) = \langle x, z \rangle = \sum_j x_j z_j
    """

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        return _inner_products(X, Z)

    def _diagonal(self, X: FloatArray) -> FloatArray:
        squares: FloatArray = np.einsum("ij,ij->i", X, X)
        return squares


@dataclass(repr=False)
class Polynomial(Kernel):
    r"""All products of at most d coordinates as features.

    .. math:: k(x, z) = (c + \langle x, z \rangle)^d, \qquad c \ge 0

    ``degree`` is d, ``offset`` is c, which weighs the lower powers, in the unit of x squared.
    Raises InputError for a degree that is not a whole number >= 0 and for a negative offset.
    """

    degree: int
    offset: float = 1.0

    def _check(self) -> None:
        exponent_of(self.degree, "degree", advice=DEGREE)
        not_negative(
            self.offset, "offset", advice="With a negative one the lower powers lose their sign."
        )

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        K = _inner_products(X, Z)
        K += float(self.offset)
        np.power(K, int(self.degree), out=K)
        return K

    def _diagonal(self, X: FloatArray) -> FloatArray:
        squares: FloatArray = np.einsum("ij,ij->i", X, X) + float(self.offset)
        return squares ** int(self.degree)


@dataclass(repr=False)
class _OneDimensional(Kernel):
    """A kernel of points that are single numbers."""

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        return self._of(self._column(X)[:, None], self._column(Z)[None, :])

    def _diagonal(self, X: FloatArray) -> FloatArray:
        x = self._column(X)
        return self._of(x, x)

    def _of(self, x: FloatArray, z: FloatArray) -> FloatArray:
        """The formula, for arrays that numpy broadcasts against each other."""
        raise NotImplementedError

    def _column(self, X: FloatArray) -> FloatArray:
        if X.shape[1] != 1:
            raise InputError(
                f"X must be one column for {self!r}, got shape {X.shape}. For several variables "
                f"multiply kernels of one column each: k.of(lambda x: x[:, 0])."
            )
        return X[:, 0]


@dataclass(repr=False)
class PowerSum(_OneDimensional):
    r"""The powers 1, x, ..., x^d as features: the kernel of polynomial regression.

    .. math:: k(x, z) = \sum_{i=0}^d (x z)^i

    Raises InputError for a degree that is not a whole number >= 0 and for points of several
    coordinates.
    """

    degree: int

    def _check(self) -> None:
        exponent_of(self.degree, "degree", advice=DEGREE)

    def _of(self, x: FloatArray, z: FloatArray) -> FloatArray:
        # Horner's scheme; the short formula of a geometric sum is 0/0 at x z = 1
        product = x * z
        K = np.ones_like(product)
        for _ in range(int(self.degree)):
            K *= product
            K += 1
        return K


@dataclass(repr=False)
class Legendre(_OneDimensional):
    r"""Orthonormal polynomials as features: the same span as PowerSum, and it computes well.

    .. math:: k(x, z) = \sum_{i=0}^d p_i(t(x))\, p_i(t(z)), \qquad
              \frac12 \int_{-1}^1 p_i p_j\, dt = \delta_{ij}

    t maps ``domain``, two numbers in the unit of x, to [-1, 1].  Raises InputError for a degree
    that is not a whole number >= 0, for a domain that is not low < high, and for points of several
    coordinates.
    """

    degree: int
    domain: tuple[float, float] = (-1.0, 1.0)

    def _check(self) -> None:
        exponent_of(self.degree, "degree", advice=DEGREE)
        ends = tuple(self.domain) if np.iterable(self.domain) else ()
        are_numbers = all(
            isinstance(u, numbers.Real) and not isinstance(u, NO_NUMBERS) for u in ends
        )
        if not (are_numbers and len(ends) == 2 and -LARGEST <= ends[0] < ends[1] <= LARGEST):
            raise InputError(
                f"domain must be two numbers low < high, got {shown(self.domain)}. Take the least "
                f"and the largest x of the data."
            )
        if not isinstance(self.domain, tuple):  # two kernels with arrays could not be compared
            self.domain = (ends[0], ends[1])

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        p = self._features(X).T
        return _inner_products(p, p if Z is X else self._features(Z).T)

    def _diagonal(self, X: FloatArray) -> FloatArray:
        p = self._features(X)
        squares: FloatArray = np.einsum("ij,ij->j", p, p)
        return squares

    def _features(self, X: FloatArray) -> FloatArray:
        return orthonormal_legendre(scaled(self._column(X), self.domain), int(self.degree))


@dataclass(repr=False)
class Brownian(_OneDimensional):
    r"""The covariance of Brownian motion: the length that [0, x] and [0, z] have in common.

    .. math:: k(x, z) = \min(x, z), \qquad x, z \ge 0

    Raises InputError for negative points and for points of several coordinates.
    """

    def _of(self, x: FloatArray, z: FloatArray) -> FloatArray:
        return np.minimum(x, z)

    def _column(self, X: FloatArray) -> FloatArray:
        x = super()._column(X)
        if (x < 0).any():
            raise InputError(
                f"X must not be negative for Brownian(), got {x[x < 0][0]:.6g}. min(x, z) is a "
                f"kernel on x >= 0 only: min(-1, -1) < 0. Measure x from its least value."
            )
        return x


@dataclass(repr=False)
class _Distance(Kernel):
    """A kernel that is 1 where the points meet and falls with their distance."""

    width: float

    _bounded: ClassVar[bool] = True

    # what a width is, for the refusal of one that is not positive
    _width_advice: ClassVar[str] = ""

    def _check(self) -> None:
        positive(self.width, "width", advice=self._width_advice)

    def _diagonal(self, X: FloatArray) -> FloatArray:
        return np.ones(len(X))

    def _distances(self, X: FloatArray, Z: FloatArray, norm: str) -> tuple[FloatArray, float]:
        """How far the points lie apart in a unit near the width, and the width in this unit.

        The unit is a power of two: to divide by it rounds nothing, so the differences keep the
        digits of points far from zero.
        """
        from scipy.spatial.distance import cdist  # takes longer to load than all else together

        width, exponent = math.frexp(float(self.width))
        points = [np.ldexp(X, -exponent), np.ldexp(Z, -exponent)]
        if not all(np.isfinite(scaled_points).all() for scaled_points in points):
            largest = max(np.abs(X).max(), np.abs(Z).max())
            raise InputError(
                f"width must leave x / width below about 1.8e308, got {shown(self.width)} for "
                f"points up to {largest:.3g}. Measure x in a larger unit."
            )
        return cdist(*points, norm), width


@dataclass(repr=False)
class Gaussian(_Distance):
    r"""The Gaussian kernel, a bell of the distance.

    .. math:: k(x, z) = \exp\Bigl(-\frac{\lVert x - z \rVert^2}{2 \sigma^2}\Bigr)

    ``width`` is sigma, in the unit of x.  Raises InputError for a width that is not positive.
    """

    _width_advice: ClassVar[str] = (
        "At a distance of one width the Gaussian has fallen to 61 %; for a sharper kernel make it "
        "small, not negative."
    )

    @classmethod
    def from_gamma(cls, gamma: float) -> Gaussian:
        r"""The same kernel by its rate: exp(-gamma |x - z|^2), gamma = 1 / (2 width^2).

        ``gamma`` is in the unit of 1 / x^2.  Raises InputError for one that is not positive.
        """
        advice = "It is 1 / (2 width^2), in the unit of 1 / x^2."
        return cls(math.sqrt(0.5) / math.sqrt(positive(gamma, "gamma", advice=advice)))

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        # differences first: |x|^2 - 2 <x, z> + |z|^2 loses the digits of points far from zero
        K, width = self._distances(X, Z, "sqeuclidean")
        K *= -0.5 / width**2
        np.exp(K, out=K)
        return K


@dataclass(repr=False)
class Laplacian(_Distance):
    r"""The Laplacian kernel, a peak with straight sides on a logarithmic scale.

    .. math:: k(x, z) = \exp\Bigl(-\frac{\lVert x - z \rVert_1}{\text{width}}\Bigr), \qquad
              \lVert u \rVert_1 = \sum_j |u_j|

    ``width`` is in the unit of x.  Raises InputError for a width that is not positive.
    """

    _width_advice: ClassVar[str] = (
        "At a distance of one width the Laplacian has fallen to 37 %; for a sharper kernel make it "
        "small, not negative."
    )

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        K, width = self._distances(X, Z, "cityblock")
        K /= -width
        np.exp(K, out=K)
        return K


@dataclass(repr=False)
class Periodic(_Distance):
    r"""A kernel that repeats: a Gaussian on the circle, one circle for each coordinate.

    .. math:: k(x, z) = \prod_j \exp\Bigl(
              -\frac{2 \sin^2(\pi (x_j - z_j) / T)}{\text{width}^2}\Bigr)

    ``period`` is T, in the unit of x; ``width`` is a number without a unit: the circle has the
    radius 1.  Raises InputError for a width or a period that is not positive.
    """

    period: float

    _bounded: ClassVar[bool] = False  # the sine of a distance beyond all numbers is none
    _width_advice: ClassVar[str] = (
        "It is measured on a circle of radius 1, whatever the period; small makes a sharp peak."
    )

    def _check(self) -> None:
        super()._check()
        positive(self.period, "period", advice="It is the time from one peak to the next.")

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        K = np.zeros((len(X), len(Z)))
        for x, z in zip(X.T, Z.T, strict=True):
            K += self._height(x[:, None] - z[None, :])
        K *= -2
        np.exp(K, out=K)
        return K

    def _height(self, r: FloatArray) -> FloatArray:
        """(sin(pi r / T) / width)^2, computed in the place of r."""
        r /= float(self.period)
        r *= np.pi
        np.sin(r, out=r)
        r /= float(self.width)  # before squaring: the square of a tiny width is 0
        np.square(r, out=r)
        return r


def _inner_products(X: FloatArray, Z: FloatArray) -> FloatArray:
    """The matrix <x_i, z_j>, of an array with itself exactly symmetric: BLAS then takes a half."""
    points = np.ascontiguousarray(X)
    K: FloatArray = points @ (points if Z is X else Z).T
    return K
