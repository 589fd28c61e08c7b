"""KernelRegression: what least squares of kernels means, without a ridge and with one."""

import re
import warnings

import fits
import numpy as np
import pytest
from fits import both, read_only, seeds
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_trees import CASES, PLANE

import kernelfit as kf

EPS = 2.0**-52
GRID = read_only(np.linspace(-1, 1, 41))

every_kernel = pytest.mark.parametrize(
    ("k", "X"), CASES, ids=[f"{k!r} {'plane' if X is PLANE else 'line'}" for k, X in CASES]
)
polynomials = pytest.mark.parametrize("kind", [kf.PowerSum, kf.Polynomial, kf.Legendre])


def fit(kernel, X, y, **options):
    """A fit that may not warn."""
    return fits.fit(X, y, kf.KernelRegression, kernel=kernel, **options)


def short_fit(kernel, X, y, **options):
    """A fit that must warn, and its message."""
    return fits.short_fit(X, y, kf.KernelRegression, kernel=kernel, **options)


def any_fit(kernel, X, y, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", kf.RankWarning)
        return kf.KernelRegression(kernel, **options).fit(X, y)


def wave(seed=0, n=20):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, n)
    return read_only(x), read_only(np.sin(3 * x) + 0.1 * rng.normal(size=n))


def values_for(X, seed=0):
    return read_only(np.random.default_rng(seed).normal(size=len(X)) + 3)


def close(a, b, room=1e-12):
    """Equal but for the last digits of the largest."""
    return np.allclose(a, b, rtol=0, atol=room * max(1.0, np.abs(b).max()))


def condition_of_the_rest(K, rank):
    """The largest eigenvalue over the least that is not 0 in exact arithmetic."""
    mu = np.linalg.eigvalsh(K)[::-1]
    return mu[0] / mu[rank - 1]


# Without a ridge: the least-squares fit on the features


@polynomials
@pytest.mark.parametrize("degree", [0, 1, 2, 3, 5, 8])
@pytest.mark.parametrize("n", [20, 200, pytest.param(1000, marks=pytest.mark.slow)])
def test_with_polynomials_it_is_polynomial_regression(kind, degree, n):
    """T4; and trap S2: up to 1000 points."""
    x, y = wave(n=n)
    model = fit(kind(degree), x, y)
    primal = kf.PolynomialRegression(degree).fit(x, y)
    room = 30 * EPS * condition_of_the_rest(kind(degree).gram(x), degree + 1)
    assert room < 1e-4
    assert close(model.predict(GRID), primal.predict(GRID), room)
    assert model.rank_ == degree + 1
    assert model.effective_dof_ == pytest.approx(degree + 1)
    assert model.condition_ == np.inf


def test_four_points_in_rational_numbers():
    """T4: another c makes the same line, and the shortest one is found."""
    x, y = read_only([0, 1, 2, 3]), read_only([1, 2, 2, 4])
    for kernel in (kf.PowerSum(1), kf.Polynomial(1)):
        model = fit(kernel, x, y)
        assert close(model.dual_coef_, np.array([9 / 25, 27 / 100, 9 / 50, 9 / 100]), 1e-14)
        assert close(model.predict([0, 1, 2, 3, 10]), [0.9, 1.8, 2.7, 3.6, 9.9], 1e-14)
        assert model.rank_ == 2
        other = np.array([34 / 25, -473 / 100, 359 / 50, -291 / 100])
        K = kernel.gram(x)
        assert close(K @ other, K @ model.dual_coef_, 1e-13)
        assert np.linalg.norm(model.dual_coef_) < np.linalg.norm(other)


def test_of_many_interpolants_the_kernel_takes_its_shortest():
    """T5: two points, three coefficients, two kernels, two curves."""
    t = np.linspace(-2, 3, 11)
    first = fit(kf.PowerSum(2), [0, 1], [0, 1])
    second = fit(kf.Polynomial(2), [0, 1], [0, 1])
    assert close(first.predict(t), t**2 / 2 + t / 2, 1e-14)
    assert close(second.predict(t), t**2 / 3 + 2 * t / 3, 1e-14)


@polynomials
@pytest.mark.parametrize("n", [1, 2, 4])
def test_fewer_points_than_coefficients_are_met_exactly(kind, n):
    x, y = wave(n=n)
    model = fit(kind(6), x, y)
    assert model.rank_ == n
    assert close(model.predict(x), y, 1e-10)


@pytest.mark.parametrize("kernel", [kf.PowerSum(6), kf.Gaussian(0.5), kf.Laplacian(2)])
def test_values_at_the_same_point_are_averaged(kernel):
    """Trap S28."""
    model = fit(kernel, [0, 0, 0.5, 1, 1, 1], [1, 3, 7, 0, 4, 5])
    assert close(model.predict([0, 0.5, 1]), [2, 7, 3], 1e-9)
    assert model.rank_ == 3
    assert model.dual_coef_[0] == pytest.approx(model.dual_coef_[1])


@settings(max_examples=60, deadline=None)
@given(
    x=st.lists(st.integers(-4, 4).map(lambda i: i / 4), min_size=1, max_size=12),
    degree=st.integers(0, 4),
    kind=st.sampled_from([kf.PowerSum, kf.Polynomial, kf.Legendre]),
    intercept=st.booleans(),
)
def test_the_rank_is_that_of_the_features(x, degree, kind, intercept):
    """T1: as many as there are powers, or different points; the constant is one of the powers."""
    model = fit(kind(degree), x, np.arange(len(x)), fit_intercept=intercept)
    assert model.rank_ == min(len(set(x)), degree + 1)


@every_kernel
@both
def test_residuals_are_orthogonal_to_what_the_fit_can_do(k, X, intercept):
    y = values_for(X)
    model = any_fit(k, X, y, fit_intercept=intercept)
    K, r = k.gram(X), y - model.predict(X)
    assert np.abs(K @ r).max() <= 1e-8 * np.abs(K).max() * np.abs(y).max()
    if intercept:
        assert abs(r.sum()) <= 1e-8 * np.abs(y).sum()
    assert r @ r <= (1 + 1e-9) * ((y - y.mean() * intercept) ** 2).sum()


# Rank that rounding takes


YEARS = np.arange(1900.0, 2021)


def kernel_only(value):
    return repr(value) if isinstance(value, kf.kernels.Kernel) else ""


@pytest.mark.parametrize(
    ("kernel", "x"),
    [
        (kf.PowerSum(2), YEARS),
        (kf.Polynomial(3), YEARS),
        (kf.Polynomial(2), -YEARS),
        (kf.Legendre(3), YEARS),
        (kf.PowerSum(25), np.linspace(-1, 1, 60)),
        (kf.Polynomial(20), np.linspace(0, 1, 60)),
        (kf.PowerSum(1), 1e9 + np.linspace(0, 0.5, 9)),
    ],
    ids=kernel_only,
)
def test_the_remedy_in_the_message_gives_the_polynomial(kernel, x):
    """Traps S3 and S5."""
    y = np.sin(5 * (x - x.mean()) / np.ptp(x)) + 3
    model, text = short_fit(kernel, x, y)
    assert model.rank_ <= kernel.degree
    parts = rf"rank {model.rank_} in floating point and at least {kernel.degree + 1} without"
    assert re.search(parts, text)
    remedy = re.search(r"Take kf\.(Legendre\(.*\)), which makes the same polynomials\.", text)[1]
    mended = fit(eval(remedy, {"Legendre": kf.Legendre}), x, y)
    primal = kf.PolynomialRegression(kernel.degree).fit(x, y)
    assert close(mended.predict(x), primal.predict(x), 1e-9)
    assert mended.rank_ == kernel.degree + 1


@pytest.mark.parametrize(
    ("kernel", "X", "part"),
    [
        (kf.Gaussian(5), np.linspace(0, 1, 30), "Take a ridge above 0, or a smaller width"),
        (kf.Gaussian(5) + kf.Linear(), np.linspace(0, 1, 30), "and at least 30 without rounding"),
        (2 * kf.PowerSum(3), YEARS, "the features are too alike at these points"),
        (kf.Linear(), [[1, 1], [1e-9, 0], [0, 1e-9]], "rank 1 in floating point and at least 2"),
        (kf.Linear(), [1e-200, 1e-201], "rank 0 in floating point and at least 1"),
        (kf.Polynomial(2), [[1e9, 0], [1e9, 1], [1e9, 2]], "Take a lower degree, or measure x"),
        (kf.Legendre(3, (0, 1)), [0, 1e-9, 2e-9, 1], "Take a lower degree, or measure x from"),
    ],
    ids=kernel_only,
)
def test_lost_rank_is_told(kernel, X, part):
    """Trap S6 is the third."""
    y = np.cos(np.arange(len(X)))
    model, text = short_fit(kernel, X, y)
    assert part in text
    assert "The fit lacks what was lost." in text
    assert np.isfinite(model.predict(X)).all()
    fit(kernel, X, y, ridge=kernel.diagonal(X).max() or 1.0)


@every_kernel
@both
def test_rank_that_is_not_lost_is_not_mourned(k, X, intercept):
    fit(k, X, values_for(X), fit_intercept=intercept)


def test_nor_is_rank_that_never_was():
    for k in (kf.Polynomial(3, offset=0), kf.Linear() ** 3, kf.Brownian() * kf.Linear()):
        assert fit(k, [0, 1, 2, 2], [1, 2, 3, 5]).rank_ == (2 if "Brownian" in repr(k) else 1)


def test_what_an_intercept_takes_away_is_no_direction():
    """Rounding is measured by K, not by the little that is left when the constant has gone."""
    x, y = wave(n=30)
    for kernel in (kf.Constant(1), kf.Legendre(0), kf.Gaussian(1e300)):
        model = any_fit(kernel, x, y, fit_intercept=True)
        assert model.rank_ == 1
        assert close(model.predict(GRID), np.full(41, y.mean()), 1e-14)
    for kernel in (kf.Gaussian(100), 1e6 + kf.Gaussian(1), 1e6 + kf.Linear()):
        plain, free = (any_fit(kernel, x, y, fit_intercept=i) for i in (False, True))
        assert free.rank_ == plain.rank_
        assert close(free.predict(GRID), plain.predict(GRID), 1e-3)


# With a ridge


@every_kernel
@pytest.mark.parametrize("ridge", [1e-3, 1.0, 50.0])
def test_the_normal_equations(k, X, ridge):
    """And T6: the dual coefficient is the residual over the ridge."""
    y = values_for(X)
    model = fit(k, X, y, ridge=ridge)
    K, c = k.gram(X), model.dual_coef_
    room = 10 * EPS * len(y) * (np.linalg.norm(K) + ridge) * np.linalg.norm(c)
    assert np.abs((K + ridge * np.eye(len(y))) @ c - y).max() <= room
    assert np.abs(ridge * c - (y - model.predict(X))).max() <= room
    assert model.rank_ == len(y)
    assert model.intercept_ == 0.0


@every_kernel
@both
def test_no_neighbour_does_better(k, X, intercept):
    y, ridge = values_for(X), 0.5
    model = fit(k, X, y, ridge=ridge, fit_intercept=intercept)
    K = k.gram(X)

    def objective(c, c_0):
        return ((y - c_0 - K @ c) ** 2).sum() + ridge * c @ K @ c

    least = objective(model.dual_coef_, model.intercept_)
    rng = np.random.default_rng(0)
    for _ in range(10):
        step, rise = rng.normal(size=len(y)) / (1 + np.abs(K).max()), intercept * rng.normal()
        for size in (1e-2, 1):
            moved = objective(model.dual_coef_ + size * step, model.intercept_ + size * rise)
            assert moved >= least * (1 - 1e-12)


@polynomials
@both
def test_the_ridge_on_the_features_is_the_same_fit(kind, intercept):
    """Two roads to one number; the features of Polynomial(2) are 1, sqrt(2) x, x^2."""
    x, y = wave()
    p_1, p_2 = np.sqrt(3) * x, np.sqrt(5) * (1.5 * x**2 - 0.5)
    features = {
        kf.PowerSum: [x**0, x, x**2],
        kf.Polynomial: [x**0, np.sqrt(2) * x, x**2],
        kf.Legendre: [x**0, p_1, p_2],
    }
    F = np.column_stack(features[kind])
    for ridge in (1e-6, 0.1, 10):
        A, b = np.vstack([F, np.sqrt(ridge) * np.eye(3)]), np.concatenate([y, np.zeros(3)])
        if intercept:
            A = np.column_stack([A, np.repeat([1.0, 0], [len(y), 3])])
        weights = np.linalg.lstsq(A, b, rcond=None)[0]
        expected = A[: len(y)] @ weights
        model = fit(kind(2), x, y, ridge=ridge, fit_intercept=intercept)
        assert close(model.predict(x), expected, 1e-14 / min(ridge, 1) + 1e-13)


def test_the_limit_of_little_ridge_is_no_ridge_but_not_for_c():
    """T6: f converges, c grows like 1 / ridge."""
    x, y = wave()
    limit = fit(kf.PowerSum(3), x, y)
    distances, sizes = [], []
    for ridge in (1e-3, 1e-5, 1e-7):
        model = fit(kf.PowerSum(3), x, y, ridge=ridge)
        distances.append(np.abs(model.predict(GRID) - limit.predict(GRID)).max())
        sizes.append(np.abs(model.dual_coef_).max())
    assert np.allclose(np.divide(distances[:-1], distances[1:]), 100, rtol=0.1)
    assert np.allclose(np.divide(sizes[1:], sizes[:-1]), 100, rtol=0.1)
    assert sizes[0] > 5 > np.abs(limit.dual_coef_).max()


def test_the_ridge_is_in_the_sum_form():
    """Trap S8: more points weigh more against it; with n in front of it they do not."""
    for m in (1, 10, 100):
        ones = np.ones(m)
        assert fit(kf.Linear(), ones, ones, ridge=1).predict([1]) == pytest.approx([m / (m + 1)])
        assert fit(kf.Linear(), ones, ones, ridge=m).predict([1]) == pytest.approx([1 / 2])
    x, y = wave()
    once = fit(kf.Gaussian(0.4), x, y, ridge=0.1).predict(GRID)
    twice = [np.tile(v, 2) for v in (x, y)]
    assert close(fit(kf.Gaussian(0.4), *twice, ridge=0.2).predict(GRID), once)
    assert not close(fit(kf.Gaussian(0.4), *twice, ridge=0.1).predict(GRID), once, 1e-3)


@every_kernel
@both
@pytest.mark.parametrize("ridge", [0.01, 3.0])
def test_what_a_ridge_costs(k, X, intercept, ridge):
    """Effective degrees of freedom and condition, by the matrices themselves."""
    y, n = values_for(X), len(X)
    model = fit(k, X, y, ridge=ridge, fit_intercept=intercept)
    units = [fit(k, X, e, ridge=ridge, fit_intercept=intercept) for e in np.eye(n)]
    hat = np.column_stack([unit.predict(X) for unit in units])  # f is linear in y
    assert model.effective_dof_ == pytest.approx(np.trace(hat), rel=1e-9)
    K = k.gram(X)
    if intercept:
        Q = np.linalg.svd(np.ones((1, n)))[2][1:].T  # the vectors of sum 0
        K = Q.T @ K @ Q
    assert model.condition_ == pytest.approx(np.linalg.cond(K + ridge * np.eye(len(K))), rel=1e-6)


def test_a_slope_shrinks_with_the_level_of_y_when_the_level_is_penalised():
    """Trap S9 in rational numbers."""
    x = read_only(range(5))
    for level, slope, room in ((0, 85 / 43, 1e-12), (1000, 118.3, 0.05)):
        f = fit(kf.Polynomial(1), x, 2 * x + 1 + level, ridge=1).predict
        assert f([1])[0] - f([0])[0] == pytest.approx(slope, abs=room)
        free = fit(kf.Linear(), x, 2 * x + 1 + level, ridge=1, fit_intercept=True)
        assert free.intercept_ == pytest.approx(15 / 11 + level)
        assert free.predict([1])[0] - free.predict([0])[0] == pytest.approx(20 / 11)
    assert fit(kf.Polynomial(1), x, 2 * x + 1, ridge=1).predict([0])[0] == pytest.approx(75 / 86)


def test_far_from_the_data_a_gaussian_fit_returns_to_its_level():
    """Traps S9, S10 and S29."""
    x = read_only(np.linspace(0, 1, 9))
    y = read_only(1000 + np.sin(6 * x))
    plain = fit(kf.Gaussian(0.2), x, y, ridge=0.1)
    free = fit(kf.Gaussian(0.2), x, y, ridge=0.1, fit_intercept=True)
    assert np.abs(plain.predict([0, 0.5, 1]) - 1000).max() > 10
    assert np.abs(free.predict(x) - y).max() < 1
    assert abs(plain.predict([50])[0]) < 1e-100
    assert free.predict([50])[0] == free.intercept_


# The intercept


@every_kernel
@pytest.mark.parametrize("ridge", [1e-3, 1.0])
def test_the_bordered_system_and_the_centred_kernel(k, X, ridge):
    """Trap S9: both are a free intercept; to centre y alone is not."""
    y, n = values_for(X), len(X)
    model = fit(k, X, y, ridge=ridge, fit_intercept=True)
    K, one = k.gram(X), np.ones((n, 1))
    M = np.block([[K + ridge * np.eye(n), one], [one.T, np.zeros((1, 1))]])
    *c, c_0 = np.linalg.solve(M, np.append(y, 0))
    room = 1e-13 * (1 + np.abs(K).max() / ridge)
    assert close(model.dual_coef_, np.array(c), room)
    assert model.intercept_ == pytest.approx(c_0, rel=room, abs=10 * room)
    assert abs(model.dual_coef_.sum()) <= room * np.abs(model.dual_coef_).sum() + 1e-15

    H = np.eye(n) - one @ one.T / n
    centred = np.linalg.solve(H @ K @ H + ridge * np.eye(n), y - y.mean())
    assert close(model.predict(X), y.mean() + H @ K @ H @ centred, 10 * room)


@seeds
@pytest.mark.parametrize("ridge", [0.0, 1e-3, 1.0])
@pytest.mark.parametrize("a", [-7.0, 1e6])
def test_moving_y_moves_the_fit(seed, ridge, a):
    x, y = wave(seed)
    for kernel in (kf.Legendre(3), kf.Gaussian(0.5), kf.Laplacian(1)):
        f, moved = (any_fit(kernel, x, v, ridge=ridge, fit_intercept=True) for v in (y, y + a))
        room = 1e-10 if ridge else 1e-9
        size = 1 + np.abs(f.dual_coef_).max()  # rounding y + a changes y by eps a
        assert np.abs(moved.predict(GRID) - a - f.predict(GRID)).max() < room * size * abs(a)
        assert not close(any_fit(kernel, x, y + a, ridge=1.0).predict(GRID), f.predict(GRID) + a)


@polynomials
def test_where_the_constant_is_a_feature_an_intercept_changes_nothing(kind):
    """Without a ridge; with one it frees the level (trap S10)."""
    x, y = wave()
    free, plain = (fit(kind(3), x, y + 5, fit_intercept=i) for i in (True, False))
    assert close(free.predict(GRID), plain.predict(GRID), 1e-11)
    assert free.rank_ == plain.rank_ == 4
    free, plain = (fit(kind(3), x, y + 5, ridge=1, fit_intercept=i) for i in (True, False))
    assert not close(free.predict(GRID), plain.predict(GRID), 1e-3)


def test_one_point_and_two():
    for ridge in (0.0, 2.0):
        one = fit(kf.Gaussian(1), [3], [5], ridge=ridge, fit_intercept=True)
        assert (one.intercept_, one.dual_coef_.tolist(), one.rank_) == (5.0, [0.0], 1)
        assert (one.effective_dof_, one.condition_) == (1.0, 1.0)
        assert one.predict([-100, 3]).tolist() == [5.0, 5.0]
        two = fit(kf.Linear(), [0, 1], [5, 7], ridge=ridge, fit_intercept=True)
        slope = 2 / (1 + 2 * ridge)  # least r^2 + r^2 + ridge slope^2 about the middle
        assert close(two.predict([0, 1]), [6 - slope / 2, 6 + slope / 2])
    assert fit(kf.Gaussian(1), [3], [5], ridge=4).dual_coef_.tolist() == [1.0]
