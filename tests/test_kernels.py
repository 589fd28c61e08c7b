"""Kernel functions: their values, over all kernels and rules, and the identities of each."""

import itertools
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from fits import read_only
from kernel_trees import (
    ANYWHERE,
    CASES,
    LINE,
    ON_THE_LINE,
    PLANE,
    TEXTBOOK,
    assert_right,
    exact,
    kernel_classes,
    parts,
)

import kernelfit as kf
from kernelfit.kernel_notation import _latex, _typed
from kernelfit.polynomial import orthonormal_legendre
from kernelfit.symbolic import _formula, expression

EPS = 2.0**-52

every_kernel = pytest.mark.parametrize(
    ("k", "X"), CASES, ids=[f"{k!r} {'plane' if X is PLANE else 'line'}" for k, X in CASES]
)
on_a_line = pytest.mark.parametrize("k", [*ON_THE_LINE, *ANYWHERE], ids=repr)


def close(a, b, digits=13):
    """Equal but for the last digits of the largest."""
    return np.allclose(a, b, rtol=0, atol=10.0**-digits * max(1, np.abs(b).max()))


# All kernels


def test_no_kernel_is_forgotten():
    """Neither in these tests nor in the three notations; a new kernel has to be added here."""
    kinds = set(kernel_classes())
    assert kinds == set(TEXTBOOK)
    assert kinds == {type(part) for k, _ in CASES for part in parts(k)}
    generic = [f.dispatch(kf.kernels.Kernel) for f in (_formula, _latex, _typed)]
    for kind in kinds:
        assert _formula.dispatch(kind) is not generic[0], kind
        assert _latex.dispatch(kind) is not generic[1], kind
    assert {name for name in kf.kernels.__all__ if name not in ("Kernel", "exp")} <= {
        kind.__name__ for kind in kinds
    }
    assert set(kf.kernels.__all__) - {"Kernel"} <= set(kf.__all__)


@every_kernel
def test_the_gram_matrix_is_the_formula_at_each_pair(k, X):
    Z = read_only(X[1:4] * 1.25 + 0.05)
    for points, K in ((X, k.gram(X)), (Z, k.gram(X, Z))):
        assert K.shape == (len(X), len(points))
        for (i, x), (j, z) in itertools.product(enumerate(X), enumerate(points)):
            if points is Z or i <= j:
                assert_right(K[i, j], k, x, z)


@every_kernel
def test_what_every_gram_matrix_obeys(k, X):
    K = k.gram(X)
    assert K.dtype == np.float64
    assert (K == K.T).all()
    assert close(k.diagonal(X), np.diag(K), 15)
    least, *_, largest = np.linalg.eigvalsh(K)
    assert least >= -len(X) * EPS * max(largest, 0)
    assert K.flags.writeable
    K[:] = -1  # nobody else's
    assert (k.gram(X) == k.gram(X).T).all()
    assert (k.diagonal(X) >= 0).all()
    assert not (k.gram(X) == -1).all()
    d = k.diagonal(X)
    d[:] = -1
    assert (k.diagonal(X) >= 0).all()


@every_kernel
def test_the_data_stay_as_they_are(k, X):
    mine, others = np.array(X), np.array(X[:2])
    k.gram(mine, others)
    k.gram(mine)
    k.diagonal(mine)
    assert (mine == X).all()
    assert (others == X[:2]).all()


@every_kernel
def test_one_pair_of_points(k, X):
    K = k.gram(X)
    for i, j in ((0, 0), (1, 3), (3, 1)):
        for points in ((X[i], X[j]), (X[i].tolist(), tuple(np.ravel(X[j])))):
            number = k(*points)
            assert type(number) is float
            assert close(number, K[i, j], 14)
    assert k(X[1], X[4]) == k(X[4], X[1])
    assert k.gram(X[:1]).shape == (1, 1)
    assert close(k.gram(X[:1]), K[:1, :1], 14)
    assert k.diagonal(X[:1]).shape == (1,)


@every_kernel
def test_points_of_every_kind(k, X):
    K = k.gram(X)
    assert close(k.gram(X.tolist()), K, 15)
    assert close(k.gram(X, X), K, 15)
    assert close(k.gram(X[::-1])[::-1, ::-1], K, 14)
    assert close(k.gram(np.repeat(X, 2, axis=0)[::2]), K, 14)
    assert close(k.gram(np.asfortranarray(X)), K, 14)
    small = X.astype(np.float32)
    assert (k.gram(small) == k.gram(small.astype(float))).all(), "float64 from the beginning"
    whole = np.round(X).astype(np.int64)
    expected = k.gram(whole.astype(float))
    assert (k.gram(whole) == expected).all()
    assert close(k.gram(whole.tolist()), expected, 15)
    assert close(k.gram(np.round(X).astype(np.int8)), expected, 15)


@on_a_line
def test_numbers_and_columns_are_the_same_points(k):
    assert (k.gram(LINE) == k.gram(LINE[:, None])).all()
    assert (k.gram(LINE, LINE[:2]) == k.gram(LINE[:, None], LINE[:2, None])).all()
    assert (k.diagonal(LINE) == k.diagonal(LINE[:, None])).all()


@every_kernel
def test_a_point_that_is_there_twice(k, X):
    K = k.gram(X)
    pairs = [(i, j) for i, j in itertools.combinations(range(len(X)), 2) if (X[i] == X[j]).all()]
    for i, j in pairs:
        assert close(K[i], K[j], 15)
        assert close(K[i, j], K[i, i], 15)
    assert pairs


@pytest.mark.parametrize("n", [300, pytest.param(1001, marks=pytest.mark.slow)])
@every_kernel
def test_large_gram_matrices_are_exactly_symmetric(k, X, n):
    """BLAS adds in another order in another corner, and with strides nothing goes through BLAS."""
    rng = np.random.default_rng(n)
    points = abs(rng.normal(size=(n, 1 if X.ndim == 1 else 2)))
    wide = np.repeat(points, 2, axis=1)[:, ::2]
    for array in (points, wide, np.asfortranarray(points)):
        K = k.gram(array)
        assert (K == K.T).all()
    assert close(np.diag(K), k.diagonal(points), 14)


@pytest.mark.parametrize(
    "k",
    [
        kf.Linear(),
        kf.Polynomial(2),
        kf.Linear().of(lambda x: x[:, ::2]),
        kf.Legendre(7, (-3, 3)).of(lambda x: x[:, 0]),
    ],
    ids=repr,
)
@pytest.mark.parametrize("p", [3, 40])
def test_symmetry_where_blas_multiplies(k, p):
    X = np.random.default_rng(0).normal(size=(1001, 2 * p))
    for array in (X, X[:, ::2], X[::2], np.asfortranarray(X), X[::-1, ::-1]):
        K = k.gram(array)
        assert (K == K.T).all()


# Far from zero, very wide, very narrow


@pytest.mark.parametrize("kind", [kf.Gaussian, kf.Laplacian, lambda w: kf.Periodic(w, 7.3)])
@pytest.mark.parametrize("width", [1, 3, 0.7, 12.5])
@pytest.mark.parametrize("start", [0, 1900, 1e8, -1e12])
def test_points_far_from_zero_keep_their_digits(kind, width, start):
    """Differences come first: divided by a width of 3, 1e8 and 1e8 + 1 have lost 8 digits."""
    k, near = kind(width), np.arange(4.0)
    assert (k.gram(start + near) == k.gram(near)).all()
    assert (k.gram(start + near, [start]) == k.gram(near, [0])).all()
    for x in near:
        assert_right(k(start + x, start), k, x, 0)


def test_the_years_of_trap_s5():
    """Powers of years need the interval; with it the rank is that of all coefficients."""
    years = read_only(np.arange(1900, 2021, 4))
    for d in (1, 2, 3, 5):
        assert np.linalg.matrix_rank(kf.PowerSum(d).gram(years)) == 2
        assert np.linalg.matrix_rank(kf.Legendre(d, (1900, 2020)).gram(years)) == d + 1
    with pytest.raises(kf.InputError, match="from the middle of the data"):
        kf.Polynomial(47).gram([2020])


@pytest.mark.parametrize("kind", [kf.Gaussian, kf.Laplacian])
def test_very_narrow_is_the_identity_and_very_wide_is_one(kind):
    for x in (np.arange(4.0), 1e8 + np.arange(4.0), 1e-150 * np.arange(4.0)):
        assert (kind(1e-200).gram(x) == np.eye(4)).all()
        assert (kind(1e300).gram(x) == 1).all()
    assert (kind(5e-324).gram([0.0]) == 1).all()
    assert (kind(1e300).gram([-1e308, 1e308]) == np.eye(2)).all()
    assert kind(1e200)(0, 1e200) == pytest.approx(kind(1)(0, 1), rel=1e-15)
    assert kind(1e-200)(0, 1e-200) == pytest.approx(kind(1)(0, 1), rel=1e-15)
    with pytest.raises(kf.InputError, match="width must leave x / width below"):
        kind(1e-300).gram([0, 1e20])


def test_periodic_of_extreme_width():
    x = np.array([0, 0.25, 0.5])
    assert (kf.Periodic(1e-200, 1).gram(x) == np.eye(3)).all()
    assert (kf.Periodic(1e200, 1).gram(x) == 1).all()
    assert kf.Periodic(1, 1e200)(0, 5e199) == pytest.approx(math.exp(-2))


@pytest.mark.parametrize(
    ("k", "x"),
    [
        (kf.Linear(), [1e200]),
        (kf.Polynomial(100), [0, 1e5]),
        (kf.PowerSum(200), [1e10]),
        (kf.Legendre(30), [1e20]),
        (kf.exp(kf.Linear()), [1, 27]),
        (kf.exp(kf.exp(kf.Linear())), [3]),
        (kf.Linear() ** 40, [1e10]),
        (kf.Feature(lambda x: x), [1e160]),
        (kf.Gaussian(1).weighted(lambda x: x), [1e160]),
        (kf.Periodic(1, 1e-300), [0, 1e10]),
        ((kf.Linear() ** 50).normalized(), [1e4, 1]),
        (kf.Gaussian(1) * 1e308 * 10 + kf.Linear() * 0, [0, 1]),
    ],
    ids=repr,
)
def test_overflow_is_refused(k, x):
    with pytest.raises(kf.InputError, match=r"must leave k\(x, z\) below about 1.8e308"):
        k.gram(x)
    if not isinstance(k, kf.Periodic):  # its diagonal is 1
        with pytest.raises(kf.InputError, match=r"below about 1.8e308, got a value beyond at"):
            k.diagonal(x)


def test_a_normalized_kernel_does_not_take_infinity_for_a_length():
    """1e200 / inf is 0 without a word, while the right value is 1."""
    k = (kf.Linear() ** 50).normalized()
    assert k(10, 1) == pytest.approx(1, rel=1e-12)
    with pytest.raises(kf.InputError, match="at 10000 and 10000"):
        k(1e4, 1)


# Identities


@pytest.mark.parametrize("d", [0, 1, 2, 7, 20])
def test_power_sum_where_the_short_formula_fails(d):
    """Trap S7c: (1 - p^(d+1)) / (1 - p) is 0/0 at p = x z = 1."""
    x = np.array([-2, -1, -0.5, 0, 0.5, 1, 2])
    p = x[:, None] * x
    assert np.allclose(kf.PowerSum(d).gram(x), sum(p**i for i in range(d + 1)), rtol=1e-15, atol=0)
    assert kf.PowerSum(d)(1, 1) == kf.PowerSum(d)(2, 0.5) == kf.PowerSum(d)(-1, -1) == d + 1
    away = abs(p - 1) > 0.1
    short = (1 - p[away] ** (d + 1)) / (1 - p[away])
    assert np.allclose(kf.PowerSum(d).gram(x)[away], short, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize(("d", "c"), [(0, 1), (1, 0), (2, 1), (3, 0.5), (5, 2)])
@pytest.mark.parametrize("X", [LINE, PLANE], ids=["line", "plane"])
def test_polynomial_by_the_binomial_theorem(d, c, X):
    terms = [math.comb(d, i) * float(c) ** (d - i) * kf.Linear() ** i for i in range(d + 1)]
    assert close(sum(terms).gram(X), kf.Polynomial(d, offset=c).gram(X), 13)
    assert close(((kf.Linear() + c) ** d).gram(X), kf.Polynomial(d, c).gram(X), 15)


def test_power_sum_and_polynomial_differ():
    """Trap S10: the same span, other weights: x z counts twice in (1 + x z)^2."""
    assert kf.PowerSum(2)(1, 2) == 7
    assert kf.Polynomial(2)(1, 2) == 9
    assert kf.PowerSum(1).gram(LINE).tolist() == kf.Polynomial(1).gram(LINE).tolist()


@pytest.mark.parametrize("d", [0, 1, 3, 8])
def test_legendre_moves_with_its_domain(d):
    k = kf.Legendre(d)
    for a, b in ((60, 1960), (-3, 1), (1e-200, 0), (0.001, 100)):
        ends = tuple(sorted((b - a, b + a)))
        moved = kf.Legendre(d, ends).gram(a * LINE + b)
        assert np.allclose(moved, k.gram(LINE), rtol=1e-8, atol=1e-8 * abs(k.gram(LINE)).max())
    exact_move = kf.Legendre(d, (1920, 2048)).gram(64 * LINE + 1984)
    assert close(exact_move, k.gram(LINE), 14)


@pytest.mark.parametrize("d", [1, 3, 6])
def test_legendre_has_the_span_of_the_powers(d):
    """Both kernels give the same orthogonal projection of the data, that on the polynomials."""
    x = np.linspace(-1, 1, 40)
    Q = np.linalg.qr(np.vander(x, d + 1))[0]
    for k in (kf.PowerSum(d), kf.Polynomial(d), kf.Legendre(d), kf.Legendre(d, (-3, 2))):
        values, U = np.linalg.eigh(k.gram(x))
        kept = values > len(x) * EPS * values[-1]
        assert kept.sum() == d + 1
        condition = values[-1] / values[kept][0]
        assert np.allclose(U[:, kept] @ U[:, kept].T, Q @ Q.T, rtol=0, atol=10 * EPS * condition)


@pytest.mark.slow
@pytest.mark.parametrize("domain", [(-1, 1), (0, 1), (1900, 2020), (Fraction(1, 3), 2)])
@pytest.mark.parametrize("d", [0, 1, 4])
def test_legendre_is_orthonormal_by_exact_integration(d, domain):
    """The mean over t of k(x, t) k(t, z) is k(x, z) when the features are orthonormal."""
    k = kf.Legendre(d, domain)
    x, t, z = sp.symbols("x t z", real=True)
    low, high = map(sp.Rational, domain)

    def mean(f):
        whole = sp.Poly(f, t).integrate(t)
        return (whole.eval(high) - whole.eval(low)) / (high - low)

    product = mean(expression(k, x, t) * expression(k, t, z))
    assert sp.expand(product - expression(k, x, z)) == 0
    assert mean(expression(k, t, t)) == d + 1


def test_legendre_gives_the_basis_of_polynomial_regression():
    x = np.linspace(1900, 2020, 25)
    p = orthonormal_legendre((x - 1960) / 60, 6)
    assert close(kf.Legendre(6, (1900, 2020)).gram(x), p.T @ p, 14)


def test_legendre_takes_the_domain_of_a_fitted_polynomial():
    """numpy's series keep it as an array, which == cannot compare."""
    domain = kf.PolynomialRegression(1).fit([1, 2, 4], [0, 1, 1]).polynomial_.domain
    k = kf.Legendre(1, domain)
    assert k == kf.Legendre(1, [1, 4]) == kf.Legendre(1, (1.0, 4.0))
    assert repr(k) == "Legendre(1, domain=(1.0, 4.0))"


def test_periodic_repeats_in_each_coordinate():
    k = kf.Periodic(0.8, 1.75)
    assert close(k.gram(LINE + 1.75, LINE), k.gram(LINE), 14)
    assert close(k.gram(LINE - 700 * 1.75, LINE), k.gram(LINE), 11)
    assert close(k.gram(PLANE + np.array([1.75, -3.5]), PLANE), k.gram(PLANE), 14)
    assert k(0, 0.875) == pytest.approx(math.exp(-2 / 0.8**2), rel=1e-15), "half a turn"
    columns = [k.of(lambda x, j=j: x[:, j]) for j in range(2)]
    assert close((columns[0] * columns[1]).gram(PLANE), k.gram(PLANE), 15)


def test_periodic_is_a_gaussian_on_the_circle():
    turns = 2 * math.pi / 1.7
    circle = kf.Gaussian(0.9).of(lambda x: [np.cos(turns * x), np.sin(turns * x)])
    assert close(circle.gram(LINE), kf.Periodic(0.9, 1.7).gram(LINE), 14)


@pytest.mark.parametrize("width", [0.1, 1, 3.0])
def test_the_width_of_trap_s13(width):
    gaussian = kf.Gaussian(width)
    assert gaussian(0, width) == pytest.approx(0.6065306597126334, rel=1e-15)
    assert kf.Laplacian(width)(0, width) == pytest.approx(0.36787944117144233, rel=1e-15)
    half = width * math.sqrt(2 * math.log(2))
    assert gaussian(-half / 2, half / 2) == pytest.approx(0.5, rel=1e-14)
    by_rate = kf.Gaussian.from_gamma(1 / (2 * width**2))
    assert by_rate.width == pytest.approx(width, rel=1e-15)
    assert close(by_rate.gram(PLANE), gaussian.gram(PLANE), 15)
    assert kf.Gaussian.from_gamma(2)(0, 1) == pytest.approx(math.exp(-2), rel=1e-15)


@pytest.mark.parametrize("X", [LINE, PLANE], ids=["line", "plane"])
def test_the_gaussian_is_an_exponential_with_weights(X):
    """The talk's proof: exp(-|x-z|^2 / 2w^2) = f(x) exp(<x, z> / w^2) f(z)."""
    w = 1.5

    def f(x):
        return np.exp(-np.sum(np.square(x).reshape(len(x), -1), axis=1) / (2 * w**2))

    built = kf.exp(kf.Linear() / w**2).weighted(f)
    assert close(built.gram(X), kf.Gaussian(w).gram(X), 14)
    assert close(kf.exp(kf.Linear() / w**2).normalized().gram(X), kf.Gaussian(w).gram(X), 14)


def test_brownian_is_the_length_in_common():
    x = np.array([0, 0.5, 2, 2, 7])
    steps = np.linspace(0, 8, 801)
    inside = (steps[:-1, None] < x).astype(float)
    assert close(kf.Brownian().gram(x), inside.T @ inside * 0.01, 12)


@pytest.mark.slow
@pytest.mark.parametrize("X", [LINE, PLANE], ids=["line", "plane"])
def test_scikit_learn_agrees(X):
    pairwise = pytest.importorskip("sklearn.metrics.pairwise")
    points = X.reshape(len(X), -1)
    for ours, theirs in (
        (kf.Linear(), pairwise.linear_kernel(points)),
        (kf.Polynomial(3, offset=2), pairwise.polynomial_kernel(points, gamma=1, coef0=2)),
        (kf.Gaussian.from_gamma(0.3), pairwise.rbf_kernel(points, gamma=0.3)),
        (kf.Laplacian(2), pairwise.laplacian_kernel(points, gamma=0.5)),
    ):
        assert close(ours.gram(X), theirs, 14)


def test_products_and_powers_are_entry_by_entry():
    """Trap S16: the product of matrices is something else."""
    k, x = kf.PowerSum(1), [0, 1]
    assert k.gram(x).tolist() == [[1, 1], [1, 2]]
    assert (k**2).gram(x).tolist() == (k * k).gram(x).tolist() == [[1, 1], [1, 4]]
    assert (k.gram(x) @ k.gram(x)).tolist() == [[2, 3], [3, 5]]
    assert np.allclose(kf.exp(k).gram(x), np.exp([[1, 1], [1, 2]]), rtol=1e-15)


# The checks can fail


def test_the_room_of_the_checks_is_narrow():
    for k, X in CASES:
        right, condition = exact(k, X[1], X[2])
        if right and condition:
            wrong = right * (1 + 1000 * mpmath.mpf(EPS) * condition / abs(right))
            with pytest.raises(AssertionError, match="not"):
                assert_right(float(wrong), k, X[1], X[2])
