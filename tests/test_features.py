"""Nystrom and RandomFourier: features whose inner products are a kernel, or nearly."""

import copy
import math
import pickle
import warnings

import numpy as np
import pytest
from fits import both, fit, read_only, refusal, seeds
from kernel_trees import CASES, PLANE

import kernelfit as kf

EPS = 2.0**-52
GRID = read_only(np.linspace(0, 1, 400))

every_kernel = pytest.mark.parametrize(
    ("k", "X"), CASES, ids=[f"{k!r} {'plane' if X is PLANE else 'line'}" for k, X in CASES]
)
polynomials = pytest.mark.parametrize("kind", [kf.PowerSum, kf.Polynomial, kf.Legendre])


def products(some, X, Z=None):
    """The inner products of the features."""
    return some.features(X) @ some.features(X if Z is None else Z).T


def close(a, b, room=1e-12):
    return np.allclose(a, b, rtol=0, atol=room * max(1.0, np.abs(b).max()))


# Nystrom


@every_kernel
def test_where_one_point_is_a_landmark_it_is_the_kernel(k, X):
    some = kf.Nystrom(k, X[::2])
    assert close(products(some, X, X[::2]), k.gram(X, X[::2]), 1e-7)
    assert some.features(X).shape == (len(X), some.n_features)


@every_kernel
def test_what_is_missing_is_positive_semidefinite(k, X):
    """A Schur complement: so no point gets more than its k(x, x)."""
    for landmarks in (X[:1], X[2:], X):
        some = kf.Nystrom(k, landmarks) if k.diagonal(landmarks).any() else None
        if some is None:
            continue
        missing = k.gram(X) - products(some, X)
        room = 1e-9 * k.gram(X).max()
        assert np.linalg.eigvalsh(missing).min() >= -room
        assert missing.diagonal().min() >= -room
        if landmarks is X:
            assert np.abs(missing).max() <= room


@every_kernel
def test_more_landmarks_are_never_worse(k, X):
    left = [np.trace(k.gram(X) - products(kf.Nystrom(k, X[-m:]), X)) for m in (2, 3, len(X))]
    room = 1e-9 * k.gram(X).max()
    assert left[0] >= left[1] - room >= left[2] - 2 * room


@polynomials
@pytest.mark.parametrize("degree", [0, 1, 2, 4])
def test_a_polynomial_kernel_needs_degree_plus_one_landmarks(kind, degree):
    x = read_only(np.linspace(-1, 1, 30))
    spread = np.linspace(-0.9, 0.8, degree + 1)
    exact = kf.Nystrom(kind(degree), spread)
    assert exact.n_features == degree + 1
    assert close(products(exact, x), kind(degree).gram(x), 1e-11)
    if degree:
        short = kf.Nystrom(kind(degree), spread[:-1])
        assert short.n_features == degree
        assert not close(products(short, x), kind(degree).gram(x), 1e-4)


@polynomials
def test_the_rank_decides_how_many_features_there_are(kind):
    x = read_only(np.linspace(-1, 1, 30))
    expected = kind(2).gram(x)
    for landmarks in ([-1, 0, 1, -1, 0, 1, 1], np.linspace(-1, 1, 50), [0.5, -1, 1]):
        some = kf.Nystrom(kind(2), read_only(landmarks))
        assert some.n_features == 3
        assert close(products(some, x), expected, 1e-11)
    twice = kf.Nystrom(kf.Gaussian(0.3), [0, 0.5, 0.5, 1, 0])
    once = kf.Nystrom(kf.Gaussian(0.3), [1, 0, 0.5])
    assert twice.n_features == once.n_features == 3
    assert close(products(twice, x), products(once, x), 1e-12)


def test_in_one_variable_it_is_soon_exact():
    """S27."""
    kernel = kf.Gaussian(0.2)
    errors = {
        m: np.abs(
            products(kf.Nystrom(kernel, np.linspace(0, 1, m)), GRID) - kernel.gram(GRID)
        ).max()
        for m in (4, 8, 10, 15, 30)
    }
    assert errors[4] == pytest.approx(0.19, rel=0.01)
    assert errors[8] == pytest.approx(9.3e-4, rel=0.01)
    assert errors[10] == pytest.approx(5.3e-5, rel=0.02)
    assert errors[15] < 1e-6
    assert errors[30] < 1e-11, "the eigenvalues below rounding are left out, or it would grow again"
    assert kf.Nystrom(kernel, np.linspace(0, 1, 30)).n_features < 25


@both
@pytest.mark.parametrize("ridge", [1e-3, 1.0])
@pytest.mark.parametrize(
    "some",
    [
        kf.Nystrom(kf.Gaussian(0.3), [-1, -0.4, 0.1, 0.8]),
        kf.Nystrom(kf.Legendre(3), [-1, 0, 0.5, 1, 1]),
        kf.RandomFourier(0.5, 12, seed=3),
    ],
    ids=repr,
)
def test_linear_least_squares_on_features_is_a_kernel_fit(some, ridge, intercept):
    """That of the kernel <phi(x), phi(z)>."""
    rng = np.random.default_rng(0)
    x, z = read_only(rng.uniform(-1, 1, 40)), read_only(np.linspace(-2, 2, 9))
    y = read_only(np.sin(3 * x) + 2 + 0.1 * rng.normal(size=40))
    f = kf.summarize([(x, y)], features=some.features).solve(ridge=ridge, fit_intercept=intercept)
    kernel = kf.Linear().of(some.features)
    dual = fit(x, y, kf.KernelRegression, kernel=kernel, ridge=ridge, fit_intercept=intercept)
    assert close(f.predict(some.features(z)), dual.predict(z), 1e-10)
    assert f.intercept == pytest.approx(dual.intercept_, abs=1e-10)


def test_with_all_points_as_landmarks_it_is_the_kernel_fit():
    rng = np.random.default_rng(0)
    X = read_only(rng.uniform(-1, 1, (25, 2)))
    y = read_only(np.sin(3 * X[:, 0]) + X[:, 1])
    some = kf.Nystrom(kf.Gaussian(0.5), X)
    f = kf.summarize([(X, y)], features=some.features).solve(ridge=0.1, fit_intercept=False)
    dual = kf.KernelRegression(kf.Gaussian(0.5), ridge=0.1).fit(X, y)
    Z = read_only(rng.uniform(-1, 1, (50, 2)))
    assert close(f.predict(some.features(Z)), dual.predict(Z), 1e-9)


def test_landmarks_and_kernel_are_its_own():
    landmarks, kernel = np.array([[0.0, 1], [2, 0]]), kf.Gaussian(1.0) + 1
    some = kf.Nystrom(kernel, landmarks)
    X = read_only([[1, 1], [0, 3]])
    before = some.features(X)
    landmarks[:] = 9
    kernel.set_params(terms__0__width=7)
    assert np.array_equal(some.features(X), before)
    assert some.landmarks.tolist() == [[0, 1], [2, 0]]
    for twin in (copy.deepcopy(some), pickle.loads(pickle.dumps(some))):
        assert np.array_equal(twin.features(X), before)
    for form in (X.tolist(), np.asfortranarray(X), X.astype(np.int8), X.astype(np.float32)):
        assert np.array_equal(some.features(form), before)
    assert repr(some) == "Nystrom(Gaussian(1.0) + 1, 2 landmarks)"


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_kernels_of_any_size(size):
    some = kf.Nystrom(size * kf.Gaussian(1), [0.0, 1, 5])
    assert close(products(some, [0, 1, 5]) / size, kf.Gaussian(1).gram([0, 1, 5]), 1e-13)


@pytest.mark.parametrize(
    ("kernel", "landmarks", "part"),
    [
        ("gaussian", [1], "kernel must be a kernel, got 'gaussian'"),
        (kf.Linear(), [], "landmarks must hold at least one number, got nothing at all"),
        (kf.Linear(), [1, np.nan], "landmarks must be finite everywhere, got 1 NaN"),
        (kf.Linear(), ["a"], "landmarks must hold numbers, got text"),
        (kf.Linear(), 3, "landmarks must be a list of numbers or a table"),
        (kf.Linear(), np.ones((2, 2, 2)), "landmarks must have one row per point"),
        (kf.PowerSum(2), [[1, 2]], "X must be one column for PowerSum(2)"),
        (kf.Brownian(), [-1], "X must not be negative for Brownian()"),
        (kf.Linear(), [0, 0], "landmarks must be points at which the kernel is not 0, got 2 where"),
        (kf.Constant(0), [5], "got 1 where Constant(0) is. Take others."),
    ],
)
def test_what_landmarks_cannot_be(kernel, landmarks, part):
    assert part in refusal(lambda: kf.Nystrom(kernel, landmarks))


@pytest.mark.parametrize(
    ("X", "part"),
    [
        ([1, 2], "X must have as many columns as the landmarks, 2, got shape (2, 1)."),
        ([[1, np.inf]], "X must be finite everywhere"),
        (None, "X must hold numbers, got None"),
        (4, "got the single number 4.0. For one point write [4.0]."),
        ([[1e200, 1e200]], "X must leave k(x, z) below about 1.8e308"),
    ],
)
def test_points_that_nystrom_refuses(X, part):
    some = kf.Nystrom(kf.Polynomial(2), [[0, 1], [1e9, 1]])
    assert part in refusal(lambda: some.features(X))


# Random waves


@seeds
@pytest.mark.parametrize("p", [1, 3])
def test_a_wave_is_a_pair(seed, p):
    """cos² + sin² = 1: every point has length 1, and moving all points changes nothing."""
    X = read_only(np.random.default_rng(1).normal(size=(20, p)))
    some = kf.RandomFourier(0.7, 50, seed=seed)
    F = some.features(X)
    assert F.shape == (20, 50)
    assert np.allclose(F[:, :25] ** 2 + F[:, 25:] ** 2, 2 / 50, rtol=1e-14)
    assert np.allclose((F**2).sum(axis=1), 1, rtol=1e-14)
    assert np.allclose(products(some, X + 10), F @ F.T, rtol=0, atol=1e-13)
    assert np.abs(F @ F.T).max() <= 1 + 1e-14


@pytest.mark.slow
@pytest.mark.parametrize("width", [0.3, 5.0])
@pytest.mark.parametrize("p", [1, 3])
def test_the_mean_over_the_seeds_is_the_gaussian(width, p):
    """Within five standard errors; the variance of one pair is (1 - k²)² / 2."""
    X = read_only(width * np.random.default_rng(2).normal(size=(6, p)))
    runs, D = 500, 8
    draws = np.array([products(kf.RandomFourier(width, D, seed=s), X) for s in range(runs)])
    k = kf.Gaussian(width).gram(X)
    variance = (1 - k**2) ** 2 / D
    assert (np.abs(draws.mean(axis=0) - k) <= 5 * np.sqrt(variance / runs) + 1e-14).all()
    off = ~np.eye(6, dtype=bool)
    assert np.allclose(draws.var(axis=0)[off] / variance[off], 1, atol=0.4)


def test_the_frequencies_are_normal_with_one_over_the_width():
    """Trap S13: with N(0, σ²) the error of the kernel would be 0.9."""
    width, D = 4.0, 20_000
    some, h = kf.RandomFourier(width, D, seed=0), 1e-3
    F = some.features(read_only(h * np.eye(3)))
    omega = np.arctan2(F[:, D // 2 :], F[:, : D // 2]) / h  # the phase of one small step
    covariance = np.cov(omega) * width**2
    assert np.abs(covariance - np.eye(3)).max() < 5 * math.sqrt(2 / (D / 2))
    assert np.abs(omega.mean(axis=1)).max() < 5 / width / math.sqrt(D / 2)
    kurtosis = np.mean((omega * width) ** 4)
    assert kurtosis == pytest.approx(3, abs=5 * math.sqrt(96 / (1.5 * D)))


@pytest.mark.parametrize("size", [0.25, 64.0, 2.0**-900, 2.0**900])
def test_x_and_the_width_in_another_unit(size):
    """Trap S11."""
    x = read_only(np.linspace(-2, 2, 9))
    a = kf.RandomFourier(0.5, 20, seed=1).features(x)
    assert np.array_equal(kf.RandomFourier(0.5 * size, 20, seed=1).features(x * size), a)
    assert not close(kf.RandomFourier(0.5, 20, seed=1).features(x * 3), a, 0.1)


@pytest.mark.slow
def test_the_error_falls_like_one_over_the_root():
    """S27: the slope is -1/2 in the logarithms."""
    kernel, x = kf.Gaussian(0.2), GRID[::8]
    sizes = [2**e for e in range(5, 14)]
    errors = [
        np.mean(
            [
                np.abs(products(kf.RandomFourier(0.2, D, seed=s), x) - kernel.gram(x)).max()
                for s in range(12)
            ]
        )
        for D in sizes
    ]
    slope = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
    assert slope == pytest.approx(-0.5, abs=0.1)
    assert 1 < errors[-1] * math.sqrt(sizes[-1]) < 3


def test_the_same_seed_gives_the_same_waves():
    X = read_only(np.random.default_rng(0).normal(size=(7, 2)))
    some = kf.RandomFourier(1, 10, seed=5)
    F = some.features(X)
    assert np.array_equal(kf.RandomFourier(1, 10, seed=5).features(X), F)
    assert close(np.vstack([some.features(row[None]) for row in X]), F, 1e-14)
    assert not close(kf.RandomFourier(1, 10, seed=6).features(X), F, 0.1)
    assert np.array_equal(pickle.loads(pickle.dumps(some)).features(X), F)
    for form in (X.tolist(), np.asfortranarray(X)):
        assert np.array_equal(some.features(form), F)
    assert repr(some) == "RandomFourier(1.0, 10, seed=5)"
    assert repr(kf.RandomFourier(0.5, 10.0, seed=np.int64(5))) == "RandomFourier(0.5, 10, seed=5)"


@pytest.mark.parametrize("width", [0, -1, np.nan, np.inf, "1", None, True])
def test_what_is_no_width(width):
    text = refusal(lambda: kf.RandomFourier(width, 10, seed=0))
    assert text.startswith("width must be a number greater than 0, got ")
    assert text.endswith("The waves get the slower the wider it is.")


@pytest.mark.parametrize("D", [0, -2, 1, 3, 2.5, "2", None, True])
def test_what_is_no_number_of_features(D):
    text = refusal(lambda: kf.RandomFourier(1, D, seed=0))
    rule = "be even" if D == 3 else "be a whole number of at least 2"
    assert text.startswith(f"n_features must {rule}, got {D!r}. A wave is a pair of features, its")


@pytest.mark.parametrize("seed", [-1, 0.5, "0", None, True])
def test_what_is_no_seed(seed):
    text = refusal(lambda: kf.RandomFourier(1, 2, seed=seed))
    assert text == (
        f"seed must be a whole number of at least 0, got {seed!r}. It says which random waves are "
        "drawn."
    )
    with pytest.raises(TypeError):
        kf.RandomFourier(1, 2, 0)


@pytest.mark.parametrize(
    ("width", "X", "part"),
    [
        (1, [np.nan], "X must be finite everywhere"),
        (1, ["a"], "X must hold numbers, got text"),
        (1, [], "X must hold at least one number"),
        (1, 3, "For one point write [3.0]."),
        (1, [1e308, 0], "got points up to 1e+308 in size and the width 1. Measure both in a unit"),
        (1e-310, [0, 1], "X and width must be of sizes whose ratio float64 can hold, got points"),
    ],
)
def test_points_that_random_waves_refuse(width, X, part):
    some = kf.RandomFourier(width, 200, seed=0)
    assert part in refusal(lambda: some.features(X))


def test_far_away_there_are_still_waves():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        F = kf.RandomFourier(1, 10, seed=0).features([1e200, -1e15])
    assert np.allclose((F**2).sum(axis=1), 1, rtol=1e-14)
