"""What every kernel can do, and the rules that make new kernels out of old ones.

One class a rule; the body of ``_gram`` is its formula.  What the rules cannot derive is refused:
that is less than to say that it is no kernel.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

import numpy as np

from ._checks import (
    FloatArray,
    InputError,
    as_matrix,
    as_point,
    beyond_floats,
    exponent_of,
    not_negative,
    point_text,
    positive,
    same_coordinates,
    shown,
)
from ._functions import a_function, images_of, values_of
from ._parameters import Parameters

NOT_DERIVABLE = (
    "That does not say that the result is no kernel: only the rules do not give it. Ask "
    "kernelfit.proofs.decide about the formula, which kernelfit.symbolic.expression writes."
)


class Kernel(Parameters):
    r"""A function k(x, z) of which every Gram matrix is symmetric and positive semidefinite.

    .. math:: k(x, z) = k(z, x), \qquad \sum_{i,j} w_i w_j\, k(x_i, x_j) \ge 0

    Kernels add and multiply, with each other and with numbers that are not negative; ``k ** m``
    takes a whole number m, ``exp(k)`` is the exponential.  A point is a number, or p numbers.

    Source: Aronszajn, Transactions of the AMS 68 (1950), sections 1 and 5 to 8.
    """

    _bounded: ClassVar[bool] = False  # no point makes the value overflow
    __array_ufunc__ = None  # numpy leaves 2.0 * k and array * k to the operators below

    # Values

    def __call__(self, x: Any, z: Any) -> float:
        """k(x, z), one number, for two points: numbers, or sequences of p numbers each.

        Raises InputError as ``gram`` does.
        """
        return float(self._checked(as_point(x, "x"), as_point(z, "z"), ("x", "z"))[0, 0])

    def gram(self, X: Any, Z: Any = None) -> FloatArray:
        """The Gram matrix k(x_i, z_j), shape (n, m), of n points X and m points Z (else X again).

        Points have shape (n,) or (n, p).  The matrix is new and may be written to.  Raises
        InputError for bad points, those outside of the kernel's domain, and values beyond floats.
        """
        points = as_matrix(X)
        return self._checked(points, points if Z is None else as_matrix(Z, "Z"), ("X", "Z"))

    def diagonal(self, X: Any) -> FloatArray:
        """The values k(x_i, x_i), shape (n,), without the rest of ``gram``; refuses as it does."""
        return self._finite_diagonal(as_matrix(X))

    def _finite_diagonal(self, X: FloatArray) -> FloatArray:
        with np.errstate(over="ignore", invalid="ignore"):
            values = self._diagonal(X)
        if not np.isfinite(values).all():
            i = int(np.argmin(np.isfinite(values)))
            raise beyond_floats("X", X[i], X[i])
        return values

    def _checked(self, X: FloatArray, Z: FloatArray, names: tuple[str, str]) -> FloatArray:
        same_coordinates(X, Z, names)
        with np.errstate(over="ignore", invalid="ignore"):
            K = self._gram(X, Z)
        if self._bounded:
            return K
        if not np.isfinite([K.min(), K.max()]).all():  # NaN, too, is passed on by min and max
            i, j = np.unravel_index(int(np.argmin(np.isfinite(K))), K.shape)
            raise beyond_floats(names[0], X[i], Z[j])
        return K

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        raise NotImplementedError

    def _diagonal(self, X: FloatArray) -> FloatArray:
        raise NotImplementedError

    # The rules

    def __add__(self, other: Any) -> Kernel:
        return Sum((*_terms(self), *_terms(as_kernel(other, "added to"))))

    def __radd__(self, other: Any) -> Kernel:
        return Sum((*_terms(as_kernel(other, "added to")), *_terms(self)))

    def __mul__(self, other: Any) -> Kernel:
        return Product((*_factors(self), *_factors(as_kernel(other, "multiplied with"))))

    def __rmul__(self, other: Any) -> Kernel:
        return Product((*_factors(as_kernel(other, "multiplied with")), *_factors(self)))

    def __truediv__(self, other: Any) -> Kernel:
        if isinstance(other, Kernel):
            _refuse("k1 / k2 cannot be derived: quotients are not among the rules.")
        weight = 1 / positive(other, "divisor", advice="A weight must be more than 0.")
        not_negative(weight, "1 / divisor", advice="Measure y in a smaller unit.")
        return Product((Constant(weight), *_factors(self)))

    def __pow__(self, exponent: Any) -> Kernel:
        return Power(self, exponent)

    def weighted(self, f: Callable[[Any], Any]) -> Kernel:
        """f(x) k(x, z) f(z): a kernel for every real function f.  See ``Feature`` for f."""
        return Weighted(self, f)

    def of(self, g: Callable[[Any], Any]) -> Kernel:
        """k(g(x), g(z)): a kernel for every function g into the domain of k."""
        return Composed(self, g)

    def normalized(self) -> Kernel:
        """k(x, z) / sqrt(k(x, x) k(z, z)): 1 on the diagonal, where k(x, x) > 0."""
        return Normalized(self)

    # What the rules cannot derive

    def __sub__(self, other: Any) -> NoReturn:
        _refuse("k1 - k2 cannot be derived: differences are not among the rules.")

    def __rsub__(self, other: Any) -> NoReturn:
        self.__sub__(other)

    def __neg__(self) -> NoReturn:
        _refuse("-k cannot be derived: a weight must be at least 0.")

    def __rtruediv__(self, other: Any) -> NoReturn:
        _refuse("a / k cannot be derived: quotients are not among the rules.")

    def __rpow__(self, other: Any) -> NoReturn:
        raise InputError(
            "a ** k is not written like this: for a > 1 it is kf.exp(c * k) with c = math.log(a)."
        )

    def __abs__(self) -> NoReturn:
        _refuse("|k| cannot be derived: absolute values are not among the rules.")

    # Notation

    def __repr__(self) -> str:
        from .kernel_notation import typed

        return typed(self)

    def _repr_latex_(self) -> str:
        from .kernel_notation import latex

        return f"$\\displaystyle k(x, z) = {latex(self)}$"


@dataclass(repr=False)
class Constant(Kernel):
    r"""The same non-negative value everywhere: the feature sqrt(value).

    .. math:: k(x, z) = a, \qquad a \ge 0

    Raises InputError for a negative value.
    """

    value: float

    def _check(self) -> None:
        not_negative(
            self.value,
            "value",
            advice="A negative weight cannot be derived by the rules. " + NOT_DERIVABLE,
        )

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        return np.full((len(X), len(Z)), float(self.value))

    def _diagonal(self, X: FloatArray) -> FloatArray:
        return np.full(len(X), float(self.value))


@dataclass(repr=False)
class Feature(Kernel):
    r"""One feature f: the simplest kernel of all.

    .. math:: k(x, z) = f(x)\, f(z)

    ``f`` is a real function of a point.  It is called with all points at once, an array of shape
    (n,) or (n, p), and point by point if it cannot do that.  Raises InputError if its values are
    not finite real numbers.
    """

    f: Callable[[Any], Any]

    def _check(self) -> None:
        a_function(self.f, "f")

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        return np.outer(values_of(self.f, X), values_of(self.f, Z))

    def _diagonal(self, X: FloatArray) -> FloatArray:
        return values_of(self.f, X) ** 2


@dataclass(repr=False)
class Sum(Kernel):
    r"""The sum of kernels: their features side by side.

    .. math:: k(x, z) = \sum_i k_i(x, z)
    """

    terms: tuple[Kernel, ...]

    def _check(self) -> None:
        _kernels(self.terms, "terms")

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        first, *others = self.terms
        K = first._gram(X, Z)
        for k in others:
            K += k._gram(X, Z)
        return K

    def _diagonal(self, X: FloatArray) -> FloatArray:
        total: FloatArray = np.sum([k._diagonal(X) for k in self.terms], axis=0)
        return total


@dataclass(repr=False)
class Product(Kernel):
    r"""The product of kernels, entry by entry: a kernel by Schur's theorem.

    .. math:: k(x, z) = \prod_i k_i(x, z)

    Its Gram matrix is not the matrix product.  Source: Schur, Journal für die reine und angewandte
    Mathematik 140 (1911), theorem VII.
    """

    factors: tuple[Kernel, ...]

    def _check(self) -> None:
        _kernels(self.factors, "factors")

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        first, *others = self.factors
        K = first._gram(X, Z)
        for k in others:
            K *= k._gram(X, Z)
        return K

    def _diagonal(self, X: FloatArray) -> FloatArray:
        product: FloatArray = np.prod([k._diagonal(X) for k in self.factors], axis=0)
        return product


@dataclass(repr=False)
class Power(Kernel):
    r"""A whole power, which is a product of equal factors; the power 0 is the constant 1.

    .. math:: k(x, z) = k_1(x, z)^m, \qquad m = 0, 1, 2, \dots
    """

    kernel: Kernel
    exponent: int

    def _check(self) -> None:
        a_kernel(self.kernel)
        exponent_of(
            self.exponent,
            "exponent",
            advice="Other powers cannot be derived by the rules. " + NOT_DERIVABLE,
        )

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        K = self.kernel._gram(X, Z)
        np.power(K, int(self.exponent), out=K)
        return K

    def _diagonal(self, X: FloatArray) -> FloatArray:
        return self.kernel._diagonal(X) ** int(self.exponent)


@dataclass(repr=False)
class Exp(Kernel):
    r"""The exponential: a limit of sums of powers with positive weights.

    .. math:: k(x, z) = e^{k_1(x, z)} = \sum_{m=0}^\infty \frac{k_1(x, z)^m}{m!}
    """

    kernel: Kernel

    def _check(self) -> None:
        a_kernel(self.kernel)

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        K = self.kernel._gram(X, Z)
        np.exp(K, out=K)
        return K

    def _diagonal(self, X: FloatArray) -> FloatArray:
        return np.exp(self.kernel._diagonal(X))


@dataclass(repr=False)
class Weighted(Kernel):
    r"""A kernel with a weight at each point: every feature times f.

    .. math:: k(x, z) = f(x)\, k_1(x, z)\, f(z)
    """

    kernel: Kernel
    f: Callable[[Any], Any]

    def _check(self) -> None:
        a_kernel(self.kernel)
        a_function(self.f, "f")

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        K = self.kernel._gram(X, Z)
        K *= np.outer(values_of(self.f, X), values_of(self.f, Z))
        return K

    def _diagonal(self, X: FloatArray) -> FloatArray:
        return self.kernel._diagonal(X) * values_of(self.f, X) ** 2


@dataclass(repr=False)
class Composed(Kernel):
    r"""A kernel of transformed points.

    .. math:: k(x, z) = k_1\bigl(g(x), g(z)\bigr)

    ``g`` is called with all points at once, an array of shape (n,) or (n, p), and gives shape (n,)
    or (n, q).  Raises InputError if it gives something else or leaves the domain of k_1.
    """

    kernel: Kernel
    g: Callable[[Any], Any]

    def _check(self) -> None:
        a_kernel(self.kernel)
        a_function(self.g, "g")

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        images = images_of(self.g, X)
        return self.kernel._gram(images, images if Z is X else images_of(self.g, Z))

    def _diagonal(self, X: FloatArray) -> FloatArray:
        return self.kernel._diagonal(images_of(self.g, X))


@dataclass(repr=False)
class Normalized(Kernel):
    r"""A kernel brought to 1 on the diagonal: the cosine between the features.

    .. math:: k(x, z) = \frac{k_1(x, z)}{\sqrt{k_1(x, x)\, k_1(z, z)}}

    Raises InputError at a point where k_1(x, x) = 0.
    """

    kernel: Kernel

    def _check(self) -> None:
        a_kernel(self.kernel)

    def _gram(self, X: FloatArray, Z: FloatArray) -> FloatArray:
        lengths = [np.sqrt(self._not_zero(points)) for points in (X, Z)]
        K = self.kernel._gram(X, Z)
        K /= np.outer(*lengths)
        return K

    def _diagonal(self, X: FloatArray) -> FloatArray:
        return self._not_zero(X) ** 0

    def _not_zero(self, X: FloatArray) -> FloatArray:
        squares = self.kernel._finite_diagonal(X)
        if not (squares > 0).all():
            i = int(np.argmin(squares > 0))
            raise InputError(
                f"X must leave k(x, x) > 0 for a kernel that is normalized, got k(x, x) = "
                f"{squares[i]:.6g} at x = {point_text(X[i])}. Leave this point out, or add a "
                f"constant to the kernel first."
            )
        return squares


def exp(kernel: Kernel) -> Kernel:
    r"""The kernel e^k of a kernel k.

    .. math:: e^{k(x, z)} = \sum_{m=0}^\infty \frac{k(x, z)^m}{m!}

    Raises InputError for what is no kernel.
    """
    a_kernel(kernel, "For numbers there is math.exp.")
    return Exp(kernel)


def as_kernel(value: Any, verb: str) -> Kernel:
    """A kernel as it is; a number that is not negative as a constant kernel."""
    if isinstance(value, Kernel):
        return value
    if isinstance(value, np.ndarray) and value.ndim:
        raise InputError(
            f"a kernel can be {verb} a kernel or a number, got an array of shape {value.shape}. "
            f"For the matrix of its values at points X write k.gram(X)."
        )
    if callable(value):
        raise InputError(
            f"a kernel can be {verb} a kernel or a number, got a function. For f(x) f(z) write "
            f"kf.Feature(f), for f(x) k(x, z) f(z) write k.weighted(f)."
        )
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise InputError(
            f"a kernel can be {verb} a kernel or a number, got {shown(value)}. A number is written "
            f"without quotes; exact ones of sympy's become ordinary with float(...)."
        )
    return Constant(value)  # type: ignore[arg-type]


def _terms(kernel: Kernel) -> tuple[Kernel, ...]:
    return kernel.terms if isinstance(kernel, Sum) else (kernel,)


def _factors(kernel: Kernel) -> tuple[Kernel, ...]:
    return kernel.factors if isinstance(kernel, Product) else (kernel,)


def _refuse(reason: str) -> NoReturn:
    raise InputError(f"{reason} {NOT_DERIVABLE}")


def _kernels(parts: Any, name: str) -> None:
    if not isinstance(parts, tuple) or not parts or not all(isinstance(k, Kernel) for k in parts):
        raise InputError(
            f"{name} must be a tuple of kernels, at least one, got {shown(parts)}. "
            f"A sum is written k1 + k2, a product k1 * k2."
        )


def a_kernel(kernel: Any, advice: str = "Write a number a as kf.Constant(a).") -> None:
    """Refuse what is no kernel."""
    if not isinstance(kernel, Kernel):
        raise InputError(f"kernel must be a kernel, got {shown(kernel)}. {advice}")
