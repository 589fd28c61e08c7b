"""Kernels as formulas of sympy, and helpers for derivations.  ``import kernelfit`` loads none."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import singledispatch
from typing import Any

import numpy as np
import sympy as sp
from sympy import QQ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from . import kernel_algebra as algebra
from . import kernels
from ._checks import InputError, shown
from .kernel_notation import Names, function_names


def expand_sums(expression: Any) -> Any:
    r"""Write every finite sum as a sum of simple ones, with the constants in front.

    .. math:: \sum_i (a\,u_i + b) = a \sum_i u_i + b\,n

    sympy differentiates a sum of squares readily, but ``solve`` then finds no solution, because the
    unknowns sit inside of the sums.  Brought in front of them they can be solved for:

    >>> import sympy as sp
    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> i = sp.Symbol("i", integer=True)
    >>> x, y = sp.IndexedBase("x"), sp.IndexedBase("y")
    >>> c0, c1 = sp.symbols("c_0 c_1")
    >>> E = sp.Sum((y[i] - c0 - c1 * x[i]) ** 2, (i, 1, n))
    >>> equations = [sp.diff(E, c) for c in (c0, c1)]
    >>> sp.solve(equations, [c0, c1])
    []
    >>> expand_sums(equations[0])
    2*c_0*n + 2*c_1*Sum(x[i], (i, 1, n)) - 2*Sum(y[i], (i, 1, n))
    >>> ((_, slope),) = sp.linsolve([expand_sums(e) for e in equations], [c0, c1])
    >>> Sx, Sy = (sp.Sum(u[i], (i, 1, n)) for u in (x, y))
    >>> Sxx, Sxy = (sp.Sum(u[i] * x[i], (i, 1, n)) for u in (x, y))
    >>> sp.simplify(slope - (n * Sxy - Sx * Sy) / (n * Sxx - Sx**2))
    0

    ``expression`` is anything of sympy's that holds sums: an expression, an equation, a matrix.
    What stands outside of sums stays as it is, and so does a sum without end (taken apart, it may
    diverge) and one whose terms do not commute.
    """
    return sp.sympify(expression).replace(lambda e: isinstance(e, sp.Sum) and _is_plain(e), _expand)


def _is_plain(s: Any) -> bool:
    endless = any(bound.is_infinite for limit in s.limits for bound in limit[1:])
    return s.function.is_commutative is not False and not endless


def _expand(s: Any) -> Any:
    terms = s.function
    for index, first, last in s.limits:  # the innermost sum comes first
        expanded = sp.expand(terms)
        total = sp.Integer(0)
        for term in sp.Add.make_args(expanded):
            constant, rest = term.as_independent(index, as_Add=False)
            total += constant * (
                last - first + 1 if rest == 1 else sp.Sum(rest, (index, first, last))
            )
        terms = total
    return terms


def exact_least_squares(X: Any, y: Any) -> list[Fraction]:
    r"""The coefficients of least squared residuals without any rounding: the referee of a fit.

    .. math:: X^\top X\, c = X^\top y \quad\text{in rational arithmetic}

    >>> exact_least_squares([(1, 0), (1, 1), (1, 2)], [1, 2, 4])
    [Fraction(5, 6), Fraction(3, 2)]

    ``X`` has n rows of p numbers (give it the column of ones if there is an intercept), ``y`` has n
    numbers: ints, Fractions or sympy Rationals, such as ``Dataset.fractions()`` returns.  A float
    counts as the binary fraction that it is.  Raises InputError when the columns of X depend on
    each other, because then no coefficients are the only ones, and when X and y do not match.
    """
    rows = [[QQ.convert(_exact(v)) for v in row] for row in X]
    values = [[QQ.convert(_exact(v))] for v in y]
    widths = sorted({len(row) for row in rows})
    if len(widths) != 1 or len(rows) != len(values):
        raise InputError(
            f"X must have as many rows as y has values, all of one length, got {len(rows)} rows "
            f"with {' or '.join(map(str, widths)) or 'no'} numbers and {len(values)} values."
        )
    A, b = DomainMatrix.from_list(rows, QQ), DomainMatrix.from_list(values, QQ)
    try:
        c = (A.transpose() * A).lu_solve(A.transpose() * b)
    except DMNonInvertibleMatrixError:
        raise InputError(
            f"X must have independent columns, got {A.shape[1]} of rank {A.rank()}. Leave out the "
            f"columns that others already say."
        ) from None
    return [Fraction(int(v.numerator), int(v.denominator)) for v in c.to_list_flat()]


def correct_digits(computed: Any, exact: Any) -> float:
    r"""How many leading digits of the worst coefficient are right, between 0 and 16.

    .. math:: \min_j\; -\log_{10} \frac{|\hat c_j - c_j|}{|c_j|}

    For c_j = 0 the error itself takes the place of the fraction.  ``computed`` are floats,
    ``exact`` exact numbers, p of each.  A coefficient that is nan or infinite has no right digit.
    Raises InputError where they are not equally many.

    Source: NIST Statistical Reference Datasets, which call it the log relative error.
    """
    numbers, certified = [float(v) for v in computed], [_exact(v) for v in exact]
    if len(numbers) != len(certified):
        raise InputError(
            f"computed and exact must have equally many coefficients, got {len(numbers)} and "
            f"{len(certified)}."
        )
    worst = Fraction(1, 10**16)
    for number, right in zip(numbers, certified, strict=True):
        if not math.isfinite(number):
            return 0.0
        worst = max(worst, abs(Fraction(number) - right) / (abs(right) or 1))
    return 0.0 - math.log10(worst) if worst < 1 else 0.0


def _exact(value: Any) -> Fraction:
    """The number without rounding; numpy's integers, which overflow, become Python's first."""
    return Fraction(value.item() if isinstance(value, np.generic) else value)


Point = tuple[Any, ...]  # the coordinates, sympy expressions

ALIKE = ("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh")
IN_SYMPY: dict[Any, Any] = {
    getattr(library, name): getattr(sp, name) for library in (math, np) for name in ALIKE
} | {abs: sp.Abs, np.abs: sp.Abs}


def expression(kernel: kernels.Kernel, x: Any, z: Any) -> Any:
    r"""The formula of k(x, z) as a sympy expression.

    >>> import kernelfit as kf
    >>> x, z = sp.symbols("x z", real=True)
    >>> expression(2 * kf.Gaussian(0.5) + kf.Linear() ** 3, x, z)
    x**3*z**3 + 2*exp(-2*(x - z)**2)

    ``x`` and ``z`` are symbols or expressions; for points of p coordinates sequences of p of them.
    Decimals become the fractions that they are written as: 0.1 is 1/10.  A Python function becomes
    an undefined function, except that those of ``math`` and ``numpy`` become sympy's; a
    ``sympy.Lambda`` is applied.  Raises InputError for points that do not match the kernel.
    """
    if not isinstance(kernel, kernels.Kernel):
        raise InputError(
            f"kernel must be a kernel, got {shown(kernel)}. For formulas write sympy's own."
        )
    first, second = _point(x, "x"), _point(z, "z")
    if len(first) != len(second):
        raise InputError(
            f"x and z must have equally many coordinates, got {len(first)} and {len(second)}."
        )
    return _formula(kernel, first, second, function_names(kernel))


def exact_number(value: Any) -> Any:
    """The number that is written, as sympy's Rational: 0.1 is 1/10, not the nearest float."""
    if isinstance(value, (sp.Basic, Fraction, int)):
        return sp.sympify(value)
    return sp.Rational(str(float(value)))


def _point(value: Any, name: str) -> Point:
    lists = (Sequence, sp.Tuple, sp.MatrixBase, np.ndarray)
    coordinates = value if isinstance(value, lists) and not isinstance(value, str) else (value,)
    try:
        point = tuple(sp.sympify(u, strict=True) for u in coordinates)
    except (sp.SympifyError, TypeError):
        point = ()
    if not point or not all(isinstance(u, sp.Expr) for u in point):
        raise InputError(
            f"{name} must be a symbol or an expression of sympy, or a sequence of them, got "
            f"{shown(value)}. Make symbols with sympy.symbols('x z', real=True)."
        )
    return point


def applied(f: Callable[[Any], Any], point: Point, names: Names) -> Any:
    """The value of a function at a point, as sympy writes it."""
    known = next((ours for theirs, ours in IN_SYMPY.items() if theirs is f), None)
    if known and len(point) > 1:  # numpy takes the coordinates one by one
        return tuple(known(u) for u in point)
    try:
        if isinstance(f, sp.Lambda) and len(f.signature) != len(point):
            return f(point)
        if isinstance(f, (sp.Lambda, sp.FunctionClass)):
            return f(*point)
    except TypeError as error:
        raise InputError(
            f"{f!r} must take a point of {len(point)} numbers, got: {error}."
        ) from None
    return (known or sp.Function(names[id(f)], real=True))(*point)


def _value(f: Callable[[Any], Any], point: Point, names: Names) -> Any:
    value = applied(f, point, names)
    if not isinstance(value, sp.Expr):
        raise InputError(f"f must have one number as its value, got {value} at {point}.")
    return value


def _one(point: Point, kernel: kernels.Kernel) -> Any:
    if len(point) != 1:
        raise InputError(f"x must be a single number for {kernel!r}, got {len(point)} coordinates.")
    return point[0]


def _inner_product(x: Point, z: Point) -> Any:
    return sp.Add(*(a * b for a, b in zip(x, z, strict=True)))


@singledispatch
def _formula(kernel: kernels.Kernel, x: Point, z: Point, names: Names) -> Any:
    raise InputError(
        f"kernel must be one of kernelfit's, got {shown(kernel)}. Register its formula with "
        f"kernelfit.symbolic._formula."
    )


@_formula.register
def _(k: algebra.Constant, x: Point, z: Point, names: Names) -> Any:
    return exact_number(k.value)


@_formula.register
def _(k: algebra.Feature, x: Point, z: Point, names: Names) -> Any:
    return _value(k.f, x, names) * _value(k.f, z, names)


@_formula.register
def _(k: algebra.Sum, x: Point, z: Point, names: Names) -> Any:
    return sp.Add(*(_formula(term, x, z, names) for term in k.terms))


@_formula.register
def _(k: algebra.Product, x: Point, z: Point, names: Names) -> Any:
    return sp.Mul(*(_formula(factor, x, z, names) for factor in k.factors))


@_formula.register
def _(k: algebra.Power, x: Point, z: Point, names: Names) -> Any:
    return _formula(k.kernel, x, z, names) ** int(k.exponent)


@_formula.register
def _(k: algebra.Exp, x: Point, z: Point, names: Names) -> Any:
    return sp.exp(_formula(k.kernel, x, z, names))


@_formula.register
def _(k: algebra.Weighted, x: Point, z: Point, names: Names) -> Any:
    inside = _formula(k.kernel, x, z, names)
    return _value(k.f, x, names) * inside * _value(k.f, z, names)


@_formula.register
def _(k: algebra.Composed, x: Point, z: Point, names: Names) -> Any:
    first, second = (_point(applied(k.g, point, names), "g(x)") for point in (x, z))
    return _formula(k.kernel, first, second, names)


@_formula.register
def _(k: algebra.Normalized, x: Point, z: Point, names: Names) -> Any:
    above, left, right = (_formula(k.kernel, *pair, names) for pair in ((x, z), (x, x), (z, z)))
    return above / sp.sqrt(left * right)


@_formula.register
def _(k: kernels.Linear, x: Point, z: Point, names: Names) -> Any:
    return _inner_product(x, z)


@_formula.register
def _(k: kernels.Polynomial, x: Point, z: Point, names: Names) -> Any:
    return (exact_number(k.offset) + _inner_product(x, z)) ** int(k.degree)


@_formula.register
def _(k: kernels.PowerSum, x: Point, z: Point, names: Names) -> Any:
    return sp.Add(*((_one(x, k) * _one(z, k)) ** i for i in range(int(k.degree) + 1)))


@_formula.register
def _(k: kernels.Legendre, x: Point, z: Point, names: Names) -> Any:
    low, high = (exact_number(end) for end in k.domain)
    s, t = ((2 * _one(u, k) - low - high) / (high - low) for u in (x, z))
    degrees = range(int(k.degree) + 1)
    return sp.Add(*((2 * i + 1) * sp.legendre(i, s) * sp.legendre(i, t) for i in degrees))


@_formula.register
def _(k: kernels.Brownian, x: Point, z: Point, names: Names) -> Any:
    return sp.Min(_one(x, k), _one(z, k))


@_formula.register
def _(k: kernels.Gaussian, x: Point, z: Point, names: Names) -> Any:
    square = sp.Add(*((a - b) ** 2 for a, b in zip(x, z, strict=True)))
    return sp.exp(-square / (2 * exact_number(k.width) ** 2))


@_formula.register
def _(k: kernels.Laplacian, x: Point, z: Point, names: Names) -> Any:
    distance = sp.Add(*(sp.Abs(a - b) for a, b in zip(x, z, strict=True)))
    return sp.exp(-distance / exact_number(k.width))


@_formula.register
def _(k: kernels.Periodic, x: Point, z: Point, names: Names) -> Any:
    turns = ((a - b) / exact_number(k.period) for a, b in zip(x, z, strict=True))
    squares = sp.Add(*(sp.sin(sp.pi * turn) ** 2 for turn in turns))
    return sp.exp(-2 * squares / exact_number(k.width) ** 2)
