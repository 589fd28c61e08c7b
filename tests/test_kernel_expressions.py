"""How kernels are written: as typed, for TeX, and as expressions of sympy, which must be equal."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from kernel_trees import (
    CASES,
    DIGITS,
    IN_MPMATH,
    LINE,
    anywhere,
    circle,
    exact,
    half,
    jump,
    length,
    on_the_line,
    trees,
    turned,
    wave,
)
from matplotlib.mathtext import MathTextParser

import kernelfit as kf
from kernelfit.kernel_algebra import Product, Sum
from kernelfit.kernel_notation import function_names, latex
from kernelfit.symbolic import expression

x, z = sp.symbols("x z", real=True)
x2, z2 = sp.symbols("x_1:3", real=True), sp.symbols("z_1:3", real=True)
t, u = sp.symbols("t u", real=True)
few = settings(max_examples=60, deadline=None)
many = settings(max_examples=500, deadline=None)
numbers = st.one_of(
    st.floats(1e-300, 1e300), st.integers(1, 10**9), st.floats(0.1, 9).map(np.float64)
)
any_number = st.one_of(
    st.builds(kf.Constant, numbers),
    st.builds(kf.Gaussian, numbers),
    st.builds(kf.Periodic, numbers, numbers),
    st.builds(kf.Polynomial, st.integers(0, 99).map(np.int64), numbers),
    st.just(kf.Brownian()),
    st.builds(kf.Legendre, st.integers(0, 9), st.tuples(st.floats(-9, 0), st.floats(1, 9))),
)


# As typed


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(trees(st.one_of(on_the_line, any_number), size=10))
def test_what_is_written_can_be_typed(k):
    again = eval(repr(k), vars(kf).copy())
    assert again == k
    assert repr(again) == repr(k)
    assert "np." not in repr(k)


@pytest.mark.parametrize(
    "text",
    [
        "2 * Gaussian(0.5) + Linear() ** 2",
        "Linear() + 2 + 3",
        "2 + Linear()",
        "Constant(2) + 3 + Linear()",
        "Constant(2) * 3 * Linear()",
        "Linear() * 2 * 3",
        "(Linear() + 1) * Gaussian(1)",
        "Linear() + 1 * Gaussian(1)",
        "(Linear() + 1) ** 2",
        "(Linear() * 2) ** 2",
        "(Linear() ** 2) ** 3",
        "Constant(2) ** 3",
        "exp(Linear() + 1) ** 2",
        "exp(exp(Linear()))",
        "exp(2 * Linear()) * (1 + Laplacian(2))",
        "(Linear() + 1).normalized() ** 2",
        "(Linear() ** 2).normalized()",
        "Polynomial(2)",
        "Polynomial(2, offset=0)",
        "Legendre(3, domain=(0, 1))",
        "Periodic(1, 0.5) + PowerSum(3) + Brownian()",
        "1 + Constant(2) * 3",
        "2 * (Linear() + 1) * 3",
    ],
)
def test_brackets_stand_where_python_needs_them(text):
    assert repr(eval(text, vars(kf).copy())) == text


def test_a_sum_in_a_sum_is_seen():
    a, b = kf.Linear(), kf.Gaussian(1)
    assert repr(Sum((Sum((a, b)), a))) == "(Linear() + Gaussian(1)) + Linear()"
    assert repr(Product((a, Product((b, a))))) == "Linear() * (Gaussian(1) * Linear())"


def test_defaults_are_left_out_and_a_fraction_is_kept():
    assert repr(kf.Polynomial(2, 1.0)) == "Polynomial(2)"
    assert repr(kf.Legendre(2, (-1, 1))) == "Legendre(2)"
    k = Fraction(1, 3) * kf.Gaussian(np.float64(0.5))
    assert repr(k) == "Fraction(1, 3) * Gaussian(0.5)"
    assert eval(repr(k), {**vars(kf), "Fraction": Fraction}) == k


def test_different_functions_have_different_names():
    first, second = (lambda x: x), (lambda x: 2 * x)
    k = kf.Feature(first) + kf.Feature(second) * kf.Linear().of(first)
    assert repr(k) == "Feature(f) + Feature(g) * Linear().of(f)"

    def f(x):
        return 3 * x

    k = kf.Feature(first).weighted(f).of(np.sin)
    assert repr(k) == "Feature(f).weighted(g).of(sin)"
    many = sum((kf.Feature(lambda x, i=i: i * x) for i in range(6)), start=kf.Constant(1))
    assert repr(many).endswith("(f) + Feature(g) + Feature(h) + Feature(f_1) + Feature(f_2) +"
                               " Feature(f_3)")  # fmt: skip
    assert len(set(function_names(many).values())) == 6

    class Odd:
        __name__ = 5

        def __call__(self, x):
            return x

    def x(point):
        return point

    assert repr(kf.Feature(Odd()) + kf.Feature(x)) == "Feature(f) + Feature(g)"


# For TeX


@pytest.mark.parametrize(
    ("k", "formula"),
    [
        (kf.Constant(2.0), "2"),
        (kf.Constant(Fraction(1, 3)), r"\frac{1}{3}"),
        (kf.Constant(sp.Rational(1, 3)), r"\frac{1}{3}"),
        (kf.Constant(1e-7), r"1 \cdot 10^{-7}"),
        (kf.Linear() + 1, r"\langle x, z \rangle + 1"),
        ((kf.Linear() + 1) * 2, r"\left(\langle x, z \rangle + 1\right)\, 2"),
        (kf.Constant(2) * 3 * kf.Linear(), r"2 \cdot 3\, \langle x, z \rangle"),
        (kf.Linear() ** 2, r"\langle x, z \rangle^{2}"),
        (kf.Linear() ** 2.0, r"\langle x, z \rangle^{2}"),
        ((kf.Linear() ** 2) ** 3, r"\left(\langle x, z \rangle^{2}\right)^{3}"),
        ((2 * kf.Linear()) ** 2, r"\left(2\, \langle x, z \rangle\right)^{2}"),
        (kf.Constant(Fraction(1, 2)) ** 2, r"\left(\frac{1}{2}\right)^{2}"),
        (kf.Polynomial(2, 0.5), r"\left(0.5 + \langle x, z \rangle\right)^{2}"),
        (kf.PowerSum(2) * kf.Brownian(),
         r"\left(\sum_{i=0}^{2} \left(x\, z\right)^i\right)\, \min(x, z)"),
        (kf.Gaussian(2), r"\exp\left(-\frac{\|x - z\|^2}{2 \cdot 2^2}\right)"),
        (kf.Gaussian(1e-5),
         r"\exp\left(-\frac{\|x - z\|^2}{2 \cdot \left(1 \cdot 10^{-5}\right)^2}\right)"),
        (kf.Laplacian(0.5), r"\exp\left(-\frac{\|x - z\|_1}{0.5}\right)"),
        (kf.exp(kf.Linear()), r"\exp\left(\langle x, z \rangle\right)"),
        (kf.Linear().of(np.sin),
         r"\langle \operatorname{sin}(x), \operatorname{sin}(z) \rangle"),
        (kf.Linear().of(lambda v: v).of(lambda v: v), r"\langle f(g(x)), f(g(z)) \rangle"),
        (kf.Feature(lambda v: v).of(lambda v: v), r"f(g(x))\, f(g(z))"),
        ((kf.Linear() + 1).weighted(lambda v: v),
         r"f(x)\, \left(\langle x, z \rangle + 1\right)\, f(z)"),
        (kf.Linear().normalized(),
         r"\frac{\langle x, z \rangle}{\sqrt{\langle x, x \rangle\, \langle z, z \rangle}}"),
    ],
)  # fmt: skip
def test_formulas_by_hand(k, formula):
    assert latex(k) == formula
    assert k._repr_latex_() == rf"$\displaystyle k(x, z) = {formula}$"


def parse(k):
    """matplotlib's reader knows enough of TeX to see a bracket or a raised number too many."""
    formula = latex(k)
    assert formula.count("{") == formula.count("}")
    assert formula.count(r"\left") == formula.count(r"\right")
    MathTextParser("path").parse(f"${formula}$")


@pytest.mark.parametrize("k", [k for k, _ in CASES], ids=repr)
def test_tex_is_well_formed(k):
    parse(k)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(trees(any_number, values=[np.sin, lambda v: v], images=[half, abs], size=3))
def test_random_tex_is_well_formed(k):
    parse(k)


# For sympy


def evaluated(k, symbols, points):
    """The expression, put into numbers of many digits, functions by their mpmath forms."""
    formula = expression(k, *symbols)
    own = {name: single(IN_MPMATH[f]) for f, name in named_functions(k).items()}
    flat = [np.ravel(np.array(part, dtype=object)).tolist() for part in symbols]
    call = sp.lambdify([*flat[0], *flat[1]], formula, modules=[own, "mpmath"])
    with mpmath.workdps(DIGITS):
        return mpmath.mpmathify(call(*(mpmath.mpf(float(v)) for v in np.ravel(points))))


def single(f):
    """An undefined function has one number as its value."""

    def call(*v):
        values = f(*v)
        return values[0] if isinstance(values, tuple) else values

    return call


def named_functions(k):
    found = function_names(k)
    return {f: found[id(f)] for f in IN_MPMATH if id(f) in found}


def agree(k, symbols, points):
    """The expression, the textbook's formula and the floating-point value."""
    try:
        computed = k(*points)
    except kf.InputError:
        assume(False)
    right, condition = exact(k, *points)
    symbolic = evaluated(k, symbols, points)
    with mpmath.workdps(DIGITS):
        room = 8 * mpmath.mpf(2) ** -53 * condition + 1e-290
        assert abs(symbolic - right) <= room / 8
        assert abs(symbolic - computed) <= room, (k, points)


lines = trees(on_the_line, values=[wave, jump, np.cos], images=[half, math.atan, np.cos])
planes = trees(anywhere, values=[length], images=[])
coordinates = st.floats(-2, 2).map(lambda v: round(v, 3))


@pytest.mark.slow
@few
@given(lines, coordinates, coordinates)
def test_expression_and_value_agree_on_the_line(k, first, second):
    agree(k, (x, z), (first, second))


@pytest.mark.slow
@few
@given(planes, *[st.tuples(coordinates, coordinates)] * 2)
def test_expression_and_value_agree_in_the_plane(k, first, second):
    agree(k, (x2, z2), (first, second))


@pytest.mark.slow
@many
@given(lines, coordinates, coordinates)
def test_many_expressions_on_the_line(k, first, second):
    agree(k, (x, z), (first, second))


@pytest.mark.slow
@many
@given(planes, *[st.tuples(coordinates, coordinates)] * 2)
def test_many_expressions_in_the_plane(k, first, second):
    agree(k, (x2, z2), (first, second))


def test_every_kernel_has_its_expression():
    for k, X in CASES:
        with_vectors = {circle} if X.ndim == 1 else {turned, half}  # their images are no numbers
        if not with_vectors & set(named_functions(k)):
            agree(k, (x, z) if X.ndim == 1 else (x2, z2), (X[1], X[3]))


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        (0.1 * kf.Linear(), x * z / 10),
        (kf.Gaussian(0.1), sp.exp(-50 * (x - z) ** 2)),
        (kf.Gaussian(np.float64(0.3)), sp.exp(-sp.Rational(50, 9) * (x - z) ** 2)),
        (kf.Polynomial(2, 1e-3), (sp.Rational(1, 1000) + x * z) ** 2),
        (kf.Laplacian(Fraction(1, 3)), sp.exp(-3 * sp.Abs(x - z))),
        (kf.Constant(sp.Rational(2, 7)), sp.Rational(2, 7)),
        (kf.Periodic(0.5, 0.2), sp.exp(-8 * sp.sin(5 * sp.pi * (x - z)) ** 2)),
        (kf.Legendre(1, (0, 0.1)), 1 + 3 * (20 * x - 1) * (20 * z - 1)),
        (kf.PowerSum(2), 1 + x * z + x**2 * z**2),
        (kf.Brownian(), sp.Min(x, z)),
        (kf.Linear() ** 0, 1),
        (kf.Polynomial(0, 0), 1),
        (kf.Feature(math.sin), sp.sin(x) * sp.sin(z)),
        (kf.Linear().of(np.exp), sp.exp(x) * sp.exp(z)),
        (kf.Linear().of(abs), sp.Abs(x) * sp.Abs(z)),
        (kf.Feature(sp.Lambda(t, t**2 + 1)), (x**2 + 1) * (z**2 + 1)),
        (kf.Linear().of(sp.Lambda(t, (t, t**2))), x * z + x**2 * z**2),
        (kf.exp(kf.Linear()).normalized(), sp.exp(x * z) / sp.sqrt(sp.exp(x**2) * sp.exp(z**2))),
    ],
)
def test_expressions_by_hand(k, expected):
    found = expression(k, x, z)
    assert not found.atoms(sp.Float), "no decimal is left inexact"
    assert sp.expand(found - expected) == 0


def test_unknown_functions_stay_unknown():
    def f(v):
        return v + 1

    g = sp.Function("g", real=True)
    known = sp.Function("f", real=True)
    k = kf.Feature(f) + kf.Linear().of(lambda v: v)
    assert expression(k, x, z) == known(x) * known(z) + g(x) * g(z)
    assert expression(k, x, x).is_real


def test_points_of_several_coordinates():
    product = x2[0] * z2[0] + x2[1] * z2[1]
    for pair in ((x2, z2), (sp.Tuple(*x2), sp.Matrix(z2)), (list(x2), np.array(z2))):
        assert expression(kf.Linear(), *pair) == product
    mixed = x2[0] * x2[1] * z2[0] * z2[1]
    for f in (sp.Lambda((t, u), t * u), sp.Lambda(((t, u),), t * u)):
        assert expression(kf.Feature(f), x2, z2) == mixed
        assert kf.Feature(f)([1, 2], [3, 4]) == 24
    sines = [sp.sin(a) * sp.sin(b) for a, b in zip(x2, z2, strict=True)]
    assert expression(kf.Linear().of(np.sin), x2, z2) == sum(sines)
    assert expression(kf.Linear(), x + 1, 2) == 2 * x + 2
    assert expression(kf.Linear(), np.array([1, 2]), [3, 4]) == 11


@pytest.mark.parametrize(
    ("k", "points", "part"),
    [
        (kf.Linear(), ("x", "z"), "got 'x'. Make symbols with sympy.symbols"),
        (kf.Linear(), (None, z), "x must be a symbol or an expression of sympy"),
        (kf.Linear(), (x, []), "z must be a symbol"),
        (kf.Linear(), (x, [1, "z"]), "z must be a symbol"),
        (kf.Linear(), (x > 1, z), "x must be a symbol"),
        (kf.Linear(), (x2, z), "equally many coordinates, got 2 and 1"),
        (kf.PowerSum(2), (x2, z2), "x must be a single number for PowerSum(2), got 2 coordinates"),
        (kf.Brownian(), (x2, z2), "a single number for Brownian()"),
        (kf.Feature(sp.sin), (x2, z2), "must take a point of 2 numbers"),
        (kf.Feature(np.sin), (x2, z2), "f must have one number as its value"),
        (kf.Feature(sp.Lambda(t, (t, t))), (x, z), "f must have one number as its value"),
        (kf.Feature(sp.Lambda((t, u), t)), (x, z), "must take a point of 1 numbers"),
        (5, (x, z), "kernel must be a kernel, got 5"),
        (x * z, (x, z), "kernel must be a kernel, got x*z"),
    ],
)
def test_expression_refuses(k, points, part):
    with pytest.raises(kf.InputError) as caught:
        expression(k, *points)
    assert part in str(caught.value)


def test_the_comparison_can_fail():
    wrong = kf.Gaussian(0.5)
    object.__setattr__(wrong, "_gram", lambda X, Z: np.exp(-((X - Z.T) ** 2) / 0.5 * (1 + 1e-14)))
    with pytest.raises(AssertionError):
        agree(wrong, (x, z), (LINE[0], LINE[5]))
