"""The rules that make kernels: what they mean, what they refuse, parameters of their parts."""

import copy
import datetime
import decimal
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from kernel_trees import CASES, LINE, ON_THE_LINE, PLANE, jump

import kernelfit as kf
from kernelfit.kernel_algebra import Composed, Normalized, Power, Product, Sum, Weighted

a, b, c = kf.Linear(), kf.Gaussian(0.7), kf.PowerSum(2)
t, u = sp.symbols("t u", real=True)

RULES = "That does not say that the result is no kernel: only the rules do not give it."


def same(first, second, X=LINE):
    assert np.allclose(first.gram(X), second.gram(X), rtol=1e-13, atol=1e-13)


def refused(parts, call, *arguments, **options):
    """The call raises InputError with all of these words."""
    with pytest.raises(kf.InputError) as caught:
        call(*arguments, **options)
    for part in parts if isinstance(parts, tuple) else (parts,):
        assert part in str(caught.value)


# Rules


def test_sums_and_products_are_flat():
    for k in (a + b + c, a + (b + c), (a + b) + c):
        assert k == Sum((a, b, c))
    for k in (a * b * c, a * (b * c), (a * b) * c):
        assert k == Product((a, b, c))
    assert (a + b) + (b + c) == Sum((a, b, b, c))
    assert (a * b) * (b * c) == Product((a, b, b, c))
    assert a * (b + c) == Product((a, Sum((b, c))))
    assert a + b * c == Sum((a, Product((b, c))))
    assert sum([a, b], start=kf.Constant(1)) == Sum((kf.Constant(1), a, b))


def test_numbers_on_both_sides():
    two = kf.Constant(2)
    assert 2 + a == Sum((two, a))
    assert a + 2 == Sum((a, two))
    assert 2 * a == Product((two, a))
    assert a * 2 == Product((a, two))
    assert a / 4 == 0.25 * a
    assert 2 * (3 * a) == Product((two, kf.Constant(3), a))
    for number in (np.float64(2), np.float32(2), np.int64(2), Fraction(2), sp.Integer(2), 2.0):
        for k in (number * a, a * number):
            same(k, 2 * a)
        for k in (number + a, a + number):
            same(k, 2 + a)
    assert (0 * a).gram(LINE).tolist() == np.zeros((6, 6)).tolist()


@pytest.mark.parametrize("k", [a, b, c, a * b + 1])
def test_powers(k):
    assert ((k**0).gram(LINE) == 1).all(), "0 to the power 0 as well"
    same(k**1, k)
    same(k**2, k * k)
    same(k**5, k * k * k * k * k)
    same((k**2) ** 3, k**6)
    same(k**2.0, k**2)
    same(k ** np.int64(2), k**2)


def test_the_laws_of_arithmetic():
    for X in (LINE, PLANE):
        first, second, third = kf.Linear(), kf.Gaussian(1), kf.Polynomial(2)
        same((first + second) * third, first * third + second * third, X)
        same(first + second, second + first, X)
        same(first * second, second * first, X)
        same((first + second) ** 2, first**2 + 2 * first * second + second**2, X)
        same(kf.exp(first * 0.1 + second), kf.exp(first * 0.1) * kf.exp(second), X)
    series = sum((a**m / math.factorial(m) for m in range(1, 40)), start=kf.Constant(1))
    same(kf.exp(a), series)


def test_normalized():
    for k, X in CASES:
        if (k.diagonal(X) > 0).all():
            cosines = k.normalized()
            assert np.allclose(np.diag(cosines.gram(X)), 1, rtol=0, atol=1e-15 * 4)
            assert (cosines.diagonal(X) == 1).all()
            assert np.abs(cosines.gram(X)).max() <= 1 + 1e-15 * 4
    same(b.normalized(), b)
    same((5 * c).normalized(), c.normalized())
    same(c.weighted(lambda x: 3 + np.sin(x)).normalized(), c.normalized())
    assert a.normalized().gram([-2, 3]).tolist() == [[1, -1], [-1, 1]]


# Functions of a point

FUNCTIONS = [
    (lambda x: x**2 + 1, lambda x: x**2 + 1),
    (np.sin, math.sin),
    (lambda x: math.exp(-x), lambda x: math.exp(-x)),
    (math.atan, math.atan),
    (jump, lambda x: 1 if x > 0.25 else -0.5),
    (lambda x: 3, lambda x: 3),
    (lambda x: x > 0, lambda x: float(x > 0)),
    (abs, abs),
    (sp.Lambda(t, t**2 + sp.sin(t)), lambda x: x**2 + math.sin(x)),
    (sp.sin, math.sin),
    (lambda x: sp.Rational(1, 3), lambda x: 1 / 3),
    (lambda x: max(x, 0), lambda x: max(x, 0)),
    (np.vectorize(lambda x: x + 1), lambda x: x + 1),
    (lambda x: [v**2 for v in np.atleast_1d(x)] if np.ndim(x) else x**2, lambda x: x**2),
]


@pytest.mark.parametrize("n", [1, 2, 6])
@pytest.mark.parametrize(("f", "plain"), FUNCTIONS)
def test_functions_of_a_number(f, plain, n):
    x = LINE[-n:]
    values = np.array([plain(v) for v in x.tolist()], dtype=float)
    assert np.allclose(kf.Feature(f).gram(x), np.outer(values, values), rtol=1e-14)
    assert np.allclose(kf.Feature(f).diagonal(x), values**2, rtol=1e-14)
    assert np.allclose(b.weighted(f).gram(x), b.gram(x) * np.outer(values, values), rtol=1e-14)
    assert np.allclose(b.of(f).gram(x), b.gram(values), rtol=1e-14)
    assert np.allclose(c.of(f).gram(x, LINE[:2])[:, 0], c.of(f).gram(LINE[:2], x)[0], rtol=1e-14)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_images_of_several_coordinates(n):
    """At two points a 2 x 2 table of images does not say whether a row or a column is a point."""
    x = LINE[:n]
    table = np.column_stack([np.cos(x), np.sin(x)])
    for g in (
        lambda x: [np.cos(x), np.sin(x)],
        lambda x: (np.cos(x), np.sin(x)),
        lambda x: np.array([np.cos(x), np.sin(x)]),
        lambda x: np.column_stack([np.cos(x), np.sin(x)]),
        lambda x: np.stack([np.cos(x), np.sin(x)], axis=-1),
        lambda x: [math.cos(x), math.sin(x)],
        sp.Lambda(t, (sp.cos(t), sp.sin(t))),
    ):
        for k in (a, b):
            assert np.allclose(k.of(g).gram(x), k.gram(table), rtol=0, atol=1e-15)
            assert np.allclose(k.of(g).diagonal(x), k.diagonal(table), rtol=0, atol=1e-15)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_functions_of_a_point_in_the_plane(n):
    """Written for all points, or for one: with two points both forms give shapes that fit."""
    X = PLANE[:n]
    product, first = X[:, 0] * X[:, 1], X[:, :1]
    for f in (
        lambda x: x[:, 0] * x[:, 1],
        lambda x: x[0] * x[1],
        lambda x: float(x[0]) * float(x[1]),
        lambda x: math.prod(x.tolist()),
        sp.Lambda((t, u), t * u),
        sp.Lambda(((t, u),), t * u),
    ):
        assert np.allclose(kf.Feature(f).gram(X), np.outer(product, product), atol=1e-15)
        assert np.allclose(a.of(f).gram(X), np.outer(product, product), atol=1e-15)
    for g in (lambda x: x[:, 0], lambda x: x[:, :1], lambda x: x[0], lambda x: x[:1]):
        assert np.allclose(b.of(g).gram(X), b.gram(first), atol=1e-15)
    same(b.of(lambda x: x[:, 0]) * b.of(lambda x: x[:, 1]), b, X)


def test_rules_with_functions():
    same(kf.Feature(np.sin), kf.Constant(1).weighted(np.sin))
    same(kf.Feature(np.sin), a.of(np.sin))
    same(b.weighted(np.sin).weighted(np.cos), b.weighted(lambda x: np.sin(x) * np.cos(x)))
    same(b.of(np.sin).of(np.exp), b.of(lambda x: np.sin(np.exp(x))))
    same(a.of(lambda x: 3 * x), 9 * a)
    same(b.weighted(lambda x: -1), b)


def test_a_function_cannot_change_the_data():
    def careless(x):
        x *= 2
        return x

    mine = np.array([1.0, 2, 3])
    assert kf.Feature(careless)(3, 1) == 12
    assert kf.Feature(careless).gram(mine).tolist() == np.outer(2 * mine, 2 * mine).tolist()
    assert mine.tolist() == [1, 2, 3]
    table = np.array([[1.0, 2], [3, 4], [5, 6]])
    a.of(careless).gram(table)
    assert table.tolist() == [[1, 2], [3, 4], [5, 6]]


# Refusals


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        (lambda: a - b, ("k1 - k2 cannot be derived: differences", RULES, "proofs.decide")),
        (lambda: a - 1, ("k1 - k2 cannot be derived", RULES)),
        (lambda: 1 - a, ("k1 - k2 cannot be derived", RULES)),
        (lambda: -a, ("-k cannot be derived: a weight must be at least 0", RULES)),
        (lambda: a / b, ("k1 / k2 cannot be derived: quotients", RULES)),
        (lambda: 1 / a, ("a / k cannot be derived", RULES)),
        (lambda: abs(a), ("|k| cannot be derived", RULES)),
        (lambda: -2 * a, ("at least 0, got -2. A negative weight cannot be derived", RULES)),
        (lambda: a + -0.5, ("at least 0, got -0.5.", RULES)),
        (lambda: kf.Constant(-1), ("value must be a number of at least 0, got -1", RULES)),
        (lambda: a * math.nan, "got nan"),
        (lambda: a * math.inf, "got inf"),
        (lambda: a / 0, "divisor must be a number greater than 0, got 0"),
        (lambda: a / -2, "divisor must be a number greater than 0, got -2"),
        (lambda: a**0.5, ("whole number of at least 0, got 0.5", "Other powers", RULES)),
        (lambda: a**-1, ("whole number of at least 0, got -1", RULES)),
        (lambda: a**True, "got True"),
        (lambda: a**b, "whole number"),
        (lambda: a**10**400, "exponent must be at most 2^53"),
        (lambda: 2**a, "for a > 1 it is kf.exp(c * k) with c = math.log(a)"),
        (lambda: a + np.ones(3), ("got an array of shape (3,)", "k.gram(X)")),
        (lambda: np.ones((2, 2)) * a, ("got an array of shape (2, 2)", "k.gram(X)")),
        (lambda: a * math.sin, ("got a function", "kf.Feature(f)", "k.weighted(f)")),
        (lambda: np.sin + a, "got a function"),
        (lambda: a + "b", "can be added to a kernel or a number, got 'b'"),
        (lambda: "b" * a, "can be multiplied with a kernel or a number, got 'b'"),
        (lambda: a * True, "got True"),
        (lambda: a + None, "got None"),
        (lambda: a * 1j, "got 1j"),
        (lambda: [1, 2] * a, "got [1, 2]"),
        (lambda: t * a, "got t"),
        (lambda: kf.exp(2), ("kernel must be a kernel, got 2", "math.exp")),
        (lambda: kf.Gaussian(0), ("width must be a number greater than 0, got 0", "61 %")),
        (lambda: kf.Gaussian(-1), ("got -1", "make it small, not negative")),
        (lambda: kf.Gaussian("1"), "got '1'"),
        (lambda: kf.Gaussian(True), "got True"),
        (lambda: kf.Gaussian(np.array([1.0])), "width must be a number greater than 0"),
        (lambda: kf.Gaussian.from_gamma(0), ("gamma must be a number", "1 / (2 width^2)")),
        (lambda: kf.Laplacian(math.nan), ("got nan", "37 %")),
        (lambda: kf.Periodic(1, 0), ("period must be a number", "from one peak to the next")),
        (lambda: kf.Periodic(-1, 1), ("width must be a number", "circle of radius 1")),
        (lambda: kf.Polynomial(1.5), ("degree must be a whole number", "got 1.5", "parabola")),
        (lambda: kf.Polynomial(2, -1), ("offset must be a number of at least 0, got -1",)),
        (lambda: kf.PowerSum(-1), "degree must be a whole number of at least 0, got -1"),
        (lambda: kf.Legendre(10**400), "degree must be at most 2^53"),
        (lambda: kf.Legendre(2, (1, 1)), ("two numbers low < high, got (1, 1)", "largest x")),
        (lambda: kf.Legendre(2, "01"), "domain must be two numbers low < high, got '01'"),
        (lambda: kf.Legendre(2, (0, math.inf)), "domain must be two numbers"),
        (lambda: kf.Legendre(2, 5), "domain must be two numbers low < high, got 5"),
        (lambda: kf.Feature(2), ("f must be a function of a point, got 2", "lambda x:")),
        (lambda: a.of("x"), "g must be a function of a point, got 'x'"),
        (lambda: a.weighted(b), ("a function of one point, got the kernel Gaussian(0.7)",)),
        (lambda: c.gram([[1, 2]]), ("one column for PowerSum(2), got shape (1, 2)", "k.of(")),
        (lambda: kf.Legendre(1).diagonal(PLANE), "one column for Legendre(1)"),
        (lambda: kf.Brownian()([1, 2], [3, 4]), "one column for Brownian()"),
        (lambda: kf.Brownian().gram([1, -2]), ("must not be negative", "got -2", "least value")),
        (lambda: kf.Brownian().of(np.sin).gram([1, 4]), "must not be negative"),
        (lambda: a.gram(PLANE, LINE), "as many coordinates as X, got 1 and 2"),
        (lambda: a([1, 2], 3), "z must have points of as many coordinates as x, got 1 and 2"),
        (lambda: a(LINE[:, None], LINE[:, None]), ("x must be one point", "k.gram(X, Z)")),
        (lambda: a("1", 2), "x must hold numbers, got text"),
        (lambda: a(1, math.nan), "z must be finite"),
        (lambda: a(t, 1), "x must hold numbers"),
        (lambda: a.gram([]), "got nothing at all"),
        (lambda: a.gram(3), "got the single number 3"),
        (lambda: a.normalized().gram([1, 0]), ("k(x, x) = 0 at x = 0", "add a constant")),
        (lambda: a.normalized().gram([[0, 0]]), "at x = (0, 0)"),
        (lambda: kf.Feature(np.sin).gram(PLANE), "must hold one number per point"),
        (lambda: kf.Feature(math.sin).gram(PLANE), ("f must have a value at every point", "[")),
        (lambda: kf.Feature(lambda x: math.sqrt(x)).gram([1, -1]), "ValueError at -1.0"),
        (lambda: kf.Feature(lambda x: 1 / x if x < 1 else 1).gram([1, 0]), "ZeroDivisionError"),
        (lambda: kf.Feature(lambda x: "a").gram([1, 2]), "f(X) must hold numbers, got text"),
        (lambda: kf.Feature(lambda x: None).gram([1, 2]), "f(X) must hold numbers"),
        (lambda: kf.Feature(lambda x: x * 1j).gram([1, 2]), "f(X) must hold real numbers"),
        (lambda: a.of(lambda x: x * math.nan).gram([1, 2]), "g(X) must be finite"),
    ],
)
def test_what_is_refused_and_what_the_words_teach(call, parts):
    refused(parts, call)


class Awkward:
    """Almost a number, almost an array."""

    shape = (2,)

    def __len__(self):
        return 3

    def __repr__(self):
        return "Awkward()"


ODD = [
    None, True, False, np.True_, "", "1", b"1", "x", 1j, 0j, -1, -0.5, math.nan, math.inf,
    -math.inf, -(10**400), 10**400, decimal.Decimal("NaN"), [], [1], (),
    (1, 2), {}, {1: 2}, set(), range(0), -1e-300,
    np.array([]), np.array([1.0, 2]), np.array("a"), np.array(None), np.array([[1, 2], [3, 4]]),
    np.ma.array([1, 2], mask=[0, 1]), np.datetime64("2020-01-01"), np.timedelta64(3, "D"),
    datetime.date(2020, 1, 1), object(), Awkward(), sp.I, sp.oo, sp.zoo, sp.nan, sp.Symbol("s"),
    sp.Rational(-1, 3), Fraction(-1, 2), Ellipsis, NotImplemented, [[1], [2, 3]], iter([1]),
    kf.InputError("no"), kf.load("forbes"),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
@pytest.mark.parametrize("odd", ODD, ids=lambda value: repr(value)[:17])
def test_nothing_but_input_errors(odd):
    """What is given in the wrong place is either understood or refused in words."""
    calls = [
        lambda: kf.Constant(odd), lambda: kf.Gaussian(odd), lambda: kf.Laplacian(odd),
        lambda: kf.Periodic(odd, 1), lambda: kf.Periodic(1, odd), lambda: kf.Polynomial(odd),
        lambda: kf.Polynomial(2, odd), lambda: kf.PowerSum(odd), lambda: kf.Legendre(odd),
        lambda: kf.Legendre(2, odd), lambda: kf.Legendre(2, (odd, 1)), lambda: kf.Feature(odd),
        lambda: kf.Gaussian.from_gamma(odd), lambda: a + odd, lambda: odd + a, lambda: a * odd,
        lambda: odd * a, lambda: a - odd, lambda: odd - a, lambda: a / odd, lambda: odd / a,
        lambda: a**odd, lambda: odd**a, lambda: kf.exp(odd), lambda: a.of(odd),
        lambda: a.weighted(odd), lambda: a(odd, 1), lambda: b(1, odd), lambda: a.gram(odd),
        lambda: b.gram([1.0], odd), lambda: c.diagonal(odd), lambda: Sum(odd),
        lambda: Product((a, odd)), lambda: Power(odd, 2), lambda: Power(a, odd),
        lambda: Weighted(odd, abs), lambda: Composed(odd, abs), lambda: Normalized(odd),
        lambda: b.set_params(width=odd), lambda: (a + b).set_params(terms=odd),
        lambda: kf.Feature(lambda x: odd).gram([1.0, 2]), lambda: a.of(lambda x: odd).gram([1.0]),
        lambda: a.weighted(lambda x: [odd, odd]).gram([1.0, 2]),
    ]  # fmt: skip
    for i, call in enumerate(calls):
        try:
            repr(call())
        except kf.InputError:
            pass
        except Exception as error:
            pytest.fail(f"call {i} raised {type(error).__name__}: {error}")


# Parameters


def test_parameters_by_their_path():
    k = 2 * kf.Gaussian(0.5) + kf.Periodic(1, 3).of(np.sin) ** 2
    params = k.get_params()
    assert params["terms__0__factors__1__width"] == 0.5
    assert params["terms__1__kernel__kernel__period"] == 3
    assert params["terms__1__exponent"] == 2
    assert params["terms__1__kernel__g"] is np.sin
    assert list(k.get_params(deep=False)) == ["terms"]
    assert kf.Linear().get_params() == {}
    for path, value in params.items():
        assert k.set_params(**{path: value}) is k
    assert k == 2 * kf.Gaussian(0.5) + kf.Periodic(1, 3).of(np.sin) ** 2


def test_a_change_does_not_reach_kernels_that_share_a_part():
    shared = kf.Gaussian(0.5)
    other = (shared + 1) * 2
    k = (shared + kf.Linear()) * kf.Linear()
    before = repr(k)
    assert k.set_params(factors__0__terms__0__width=7) is k
    assert repr(k) == before.replace("0.5", "7")
    assert shared == kf.Gaussian(0.5)
    assert other == (kf.Gaussian(0.5) + 1) * 2
    assert shared.set_params(width=3) is shared
    assert shared.width == 3


def test_a_refused_change_leaves_all_as_it_was():
    k = (kf.Gaussian(0.5) + kf.Periodic(1, 3)) ** 2
    before = repr(k)
    for wrong in (
        {"exponent": 5, "kernel__terms__0__width": -1},
        {"kernel__terms__0__width": 5, "kernel__terms__1__period": 0},
        {"kernel__terms__0__width": 5, "nothing": 1},
        {"exponent": 0.5},
        {"kernel": 3},
        {"kernel__terms": [kf.Linear()]},
    ):
        refused("", k.set_params, **wrong)
        assert repr(k) == before


def test_a_part_and_its_argument_in_any_order():
    for order in (("kernel", "kernel__width"), ("kernel__width", "kernel")):
        values = {"kernel": kf.Gaussian(1), "kernel__width": 5}
        k = (kf.Linear() ** 2).set_params(**{name: values[name] for name in order})
        assert k == kf.Gaussian(5) ** 2


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("width", "Sum has no parameter 'width', it has: terms."),
        ("terms__2", "terms has the parts terms__0 to terms__1, got 'terms__2'."),
        ("terms__²", "got 'terms__²'"),
        ("terms__-1", "got 'terms__-1'"),
        ("terms__0__sigma", "Gaussian has no parameter 'sigma', it has: width."),
        ("terms__0__width__x", "0.5 has no parameters of its own, so none can be called 'x'."),
        ("terms__1__x", "Linear has no parameter 'x', it has: none."),
    ],
)
def test_paths_that_lead_nowhere(path, part):
    refused(part, (kf.Gaussian(0.5) + kf.Linear()).set_params, **{path: 1})


@pytest.mark.parametrize("k", [*ON_THE_LINE, *(k for k, _ in CASES)], ids=repr)
def test_copies(k):
    for other in (copy.copy(k), copy.deepcopy(k), pickle.loads(pickle.dumps(k))):
        assert other is not k
        assert other == k
        assert type(other) is type(k)


@pytest.mark.slow
@pytest.mark.parametrize("k", [k for k, _ in CASES], ids=repr)
def test_scikit_learn_can_clone(k):
    base = pytest.importorskip("sklearn.base")
    other = base.clone(k)
    assert other == k
    assert other is not k
    assert repr(other) == repr(k)


@pytest.mark.parametrize(
    "f", [lambda x: (x - x.mean()) / x.std(), lambda x: x - x.min(), lambda x: x / x.max()]
)
def test_a_function_that_looks_at_all_points_is_refused(f):
    for k in (kf.Gaussian(1).of(f), kf.Feature(f), kf.Linear().weighted(f)):
        with pytest.raises(kf.InputError, match="from this point alone"):
            k.gram([1.0, 2.0, 5.0])


def test_rounding_that_differs_for_one_point_is_no_fault():
    x = np.linspace(0, 1, 1001)
    assert kf.Feature(lambda x: np.sin(1e3 * x)).gram(x).shape == (1001, 1001)
