"""GaussianProcess: the distribution of f, its spread and its samples, by identities."""

import math

import fits
import numpy as np
import pytest
import scipy.linalg
import sympy as sp
from fits import read_only
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from kernel_trees import CASES, PLANE, on_the_line, trees

import kernelfit as kf
from kernelfit import kernel_regression

EPS = 2.0**-52
GRID = read_only(np.linspace(-1.5, 1.5, 31))

every_kernel = pytest.mark.parametrize(
    ("k", "X"), CASES, ids=[f"{k!r} {'plane' if X is PLANE else 'line'}" for k, X in CASES]
)
stationary = pytest.mark.parametrize(
    "kernel", [kf.Gaussian(0.5), kf.Laplacian(0.5), kf.Periodic(1, 0.5)], ids=repr
)


def fit(kernel, X, y, noise):
    """A fit that may not warn."""
    return fits.fit(X, y, kf.GaussianProcess, kernel=kernel, noise_variance=noise)


def short_fit(kernel, X, y, noise):
    """A fit that must warn, and its message."""
    return fits.short_fit(X, y, kf.GaussianProcess, kernel=kernel, noise_variance=noise)


def wave(seed=0, n=20):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, n)
    return read_only(x), read_only(np.sin(3 * x) + 0.1 * rng.normal(size=n))


def close(a, b, room=1e-12):
    """Equal but for the last digits of the largest."""
    return np.allclose(a, b, rtol=0, atol=room * max(1.0, np.abs(b).max()))


def density(K, y):
    """The logarithm of the density of N(0, K) at y."""
    from scipy.stats import multivariate_normal

    return multivariate_normal(np.zeros(len(y)), K).logpdf(y)


def covariance(model, X, seed=0):
    """The covariance behind the samples: they are m + C^{1/2} xi, and xi can be drawn again."""
    m = len(X)
    draws = model.sample(X, m, seed=seed)
    mean = model.predict(X) if hasattr(model, "points_") else 0
    root = np.linalg.solve(np.random.default_rng(seed).standard_normal((m, m)), draws - mean)
    assert close(root, root.T, 1e-7), "the root is the symmetric one"
    return root @ root


# The formulas


@settings(max_examples=150, deadline=None)
@given(
    trees(on_the_line),
    st.lists(st.integers(-8, 8).map(lambda i: i / 8), min_size=1, max_size=9),
    st.sampled_from([0.01, 1.0, 30.0]),
)
def test_the_mean_is_the_kernel_fit_whose_ridge_is_the_noise(k, x, share):
    """S26."""
    y = read_only(np.cos(5 * np.arange(len(x))) + 2)
    try:
        noise = share * (k.diagonal(x).max() or 1.0)
        model = fit(k, x, y, noise)
    except kf.InputError:  # random kernels are beyond floats now and then
        assume(False)
    ridge = fits.fit(x, y, kf.KernelRegression, kernel=k, ridge=noise)
    assert np.allclose(model.dual_coef_ * noise, ridge.dual_coef_ * noise, rtol=0, atol=1e-12)
    assert close(model.predict(x), ridge.predict(x), 1e-11)
    assert model.rank_ == ridge.rank_ == len(x)


@every_kernel
@pytest.mark.parametrize("noise", [1e-3, 1.0, 50.0])
def test_mean_spread_and_density_by_the_textbook(k, X, noise):
    y = read_only(np.random.default_rng(0).normal(size=len(X) - 1) + 3)
    model = fit(k, X[:-1], y, noise)
    K = k.gram(X)
    A, row = K[:-1, :-1] + noise * np.eye(len(y)), K[:, :-1]
    C = K - row @ np.linalg.solve(A, row.T)
    room = 100 * EPS * np.linalg.cond(A) * max(1.0, K.max())
    mean, std = model.predict(X, return_std=True)
    assert close(mean, row @ np.linalg.solve(A, y), room)
    assert close(mean, model.predict(X), 1e-14)
    assert np.abs(std**2 - C.diagonal()).max() <= room
    assert close(covariance(model, X), C, 1e-6)
    assert model.log_marginal_likelihood_ == pytest.approx(density(A, y), rel=room, abs=room)


def test_one_observation_by_hand():
    model = fit(3 * kf.Gaussian(2.0), [1.0], [8.0], 1.0)
    z = read_only([1, 3, -1, 5])
    k = 3 * np.exp(-((z - 1) ** 2) / 8)
    mean, std = model.predict(z, return_std=True)
    assert close(mean, k * 8 / 4, 1e-14)
    assert close(std**2, 3 - k**2 / 4, 1e-14)
    by_hand = -(8**2 / 4 + math.log(4) + math.log(2 * math.pi)) / 2
    assert model.log_marginal_likelihood_ == pytest.approx(by_hand, rel=1e-14)


def test_weights_and_functions_are_one_process_in_rational_numbers():
    """With k = <phi, phi>: weights of prior N(0, I), or values of prior N(0, K)."""
    x, y, s2 = [-1, 0, 1, 3], [2, 1, 0, 5], sp.Rational(1, 4)
    Phi = sp.Matrix([[1, u, u**2] for u in x])
    for z in (sp.Rational(1, 2), sp.Integer(2)):
        phi = sp.Matrix([1, z, z**2])
        A = Phi.T * Phi / s2 + sp.eye(3)
        of_weights = (phi.T * A.LUsolve(Phi.T * sp.Matrix(y) / s2))[0], (phi.T * A.LUsolve(phi))[0]
        K, k = Phi * Phi.T + s2 * sp.eye(4), Phi * phi
        of_values = (k.T * K.LUsolve(sp.Matrix(y)))[0], (phi.T * phi - k.T * K.LUsolve(k))[0]
        assert of_weights == of_values
        mean, std = fit(kf.PowerSum(2), x, y, 0.25).predict([float(z)], return_std=True)
        assert mean[0] == pytest.approx(float(of_values[0]), rel=1e-12)
        assert std[0] ** 2 == pytest.approx(float(of_values[1]), rel=1e-11)


# The spread


@every_kernel
def test_a_new_y_spreads_by_the_noise_more_than_f(k, X):
    model = fit(k, X, np.ones(len(X)), 0.7)
    mean, f = model.predict(X, return_std=True)
    same, y = model.predict(X, return_std=True, include_noise=True)
    assert np.array_equal(mean, same)
    assert np.allclose(y**2 - f**2, 0.7, rtol=1e-12, atol=1e-13)
    assert np.array_equal(model.predict(X, include_noise=True), mean)


@every_kernel
def test_the_spread_does_not_depend_on_y_and_falls_with_more_data(k, X):
    rng = np.random.default_rng(3)
    noise = 0.1
    stds = [
        fit(k, X, y, noise).predict(X, return_std=True)[1]
        for y in (rng.normal(size=len(X)), np.zeros(len(X)), 1e6 * rng.normal(size=len(X)))
    ]
    assert np.array_equal(stds[0], stds[1])
    assert np.array_equal(stds[0], stds[2])
    fewer = fit(k, X[:2], [0, 0], noise).predict(X, return_std=True)[1]
    prior = np.sqrt(k.diagonal(X))
    slack = 1e-7 * (1 + prior)
    assert (stds[0] <= fewer + slack).all()
    assert (fewer <= prior + slack).all()
    assert (stds[0] <= np.sqrt(noise) + slack).all(), "an observation of it is at hand"


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_far_from_the_data_the_prior_returns(noise):
    model = fit(4 * kf.Gaussian(0.3), *wave(n=6), noise)
    mean, std = model.predict([50, -1e9], return_std=True)
    assert mean.tolist() == [0, 0]
    assert std.tolist() == [2, 2]
    near = model.predict(GRID, return_std=True)[1]
    assert near.min() < 1 < near.max() < 2


@pytest.mark.parametrize(
    "kernel", [kf.Gaussian(0.2), kf.Laplacian(1), 9 * kf.Periodic(width=0.5, period=3)]
)
def test_without_noise_f_is_known_at_the_data(kernel):
    x = read_only(np.linspace(0, 1, 7))
    y = read_only(np.cos(7 * x))
    model = fit(kernel, x, y, 0.0)
    mean, std = model.predict(x, return_std=True)
    assert close(mean, y, 1e-8)
    assert std.max() < 1e-6
    assert model.predict(x + 1 / 14, return_std=True)[1].min() > 1e-4
    assert close(model.sample(x, 3, seed=0), np.tile(y, (3, 1)), 1e-5)
    _, of_y = model.predict(x, return_std=True, include_noise=True)
    assert np.array_equal(of_y, std)


def test_a_polynomial_is_known_everywhere_after_degree_plus_one_points():
    for n, known in ((2, False), (3, True), (6, True)):
        x = read_only(np.linspace(-1, 1, n))
        model = fit(kf.Legendre(2), x, x**2, 0.0)
        mean, std = model.predict(GRID, return_std=True)
        assert (std.max() < 1e-6) == known
        assert close(mean, GRID**2, 1e-12) == known
        assert model.rank_ == min(n, 3)


# The density of y


@stationary
def test_the_density_is_that_of_each_y_given_those_before(kernel):
    """The chain rule: it ties the density to mean, spread and noise."""
    x, y = wave(n=8)
    noise, steps = 0.05, []
    for i in range(8):
        if i == 0:
            mean, variance = 0.0, kernel.diagonal(x[:1])[0] + noise
        else:
            before = fit(kernel, x[:i], y[:i], noise)
            (mean,), (std,) = before.predict(x[i : i + 1], return_std=True, include_noise=True)
            variance = std**2
        steps.append(-((y[i] - mean) ** 2 / variance + math.log(2 * math.pi * variance)) / 2)
    expected = math.fsum(steps)
    assert fit(kernel, x, y, noise).log_marginal_likelihood_ == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_the_density_with_and_without_noise(noise):
    x, y = wave(n=7)
    kernel = kf.Laplacian(0.3) + 0.5
    model = fit(kernel, x, y, noise)
    expected = density(kernel.gram(x) + noise * np.eye(7), y)
    assert model.log_marginal_likelihood_ == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("unit", [3.0, 2.0**-300, 1e100])
@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_y_in_another_unit(unit, noise):
    """Each of the n factors of the density is per unit of y."""
    x, y = wave(n=9)
    a = fit(kf.Laplacian(0.5), x, y, noise)
    b = fit(unit * unit * kf.Laplacian(0.5), x, y * unit, noise * unit * unit)
    shift = 9 * math.log(unit)
    room = 1e-12 * (1 + abs(shift))
    assert b.log_marginal_likelihood_ + shift == pytest.approx(a.log_marginal_likelihood_, abs=room)
    for ours, theirs in zip(
        b.predict(GRID, return_std=True, include_noise=True),
        a.predict(GRID, return_std=True, include_noise=True),
        strict=True,
    ):
        assert close(ours / unit, theirs, 1e-11)


def test_two_values_at_one_point_are_their_mean_with_half_the_noise():
    x, y = wave(n=8)
    off = read_only(np.random.default_rng(1).normal(size=8))
    twice = fit(kf.Gaussian(0.4), np.tile(x, 2), np.concatenate([y + off, y - off]), 0.3)
    once = fit(kf.Gaussian(0.4), x, y, 0.15)
    for ours, theirs in zip(
        twice.predict(GRID, return_std=True), once.predict(GRID, return_std=True), strict=True
    ):
        assert close(ours, theirs, 1e-11)
    of_differences = density(0.6 * np.eye(8), 2 * off)
    expected = once.log_marginal_likelihood_ + of_differences
    assert twice.log_marginal_likelihood_ == pytest.approx(expected, rel=1e-11)


def test_where_there_is_no_density():
    """K + s² I is singular: the values of y cannot be any."""
    for kernel, x, rank in (
        (kf.Gaussian(1), [0, 0, 1], 2),
        (kf.PowerSum(1), [0, 1, 2], 2),
        (kf.Constant(0), [0, 1], 0),
    ):
        model = fit(kernel, x, np.arange(len(x)) + 1.0, 0.0)
        assert math.isnan(model.log_marginal_likelihood_)
        assert model.rank_ == rank
        assert np.isfinite(model.predict(x, return_std=True)).all()
        assert math.isfinite(fit(kernel, x, np.arange(len(x)) + 1.0, 1e-3).log_marginal_likelihood_)
    mean, std = fit(kf.Gaussian(1), [0, 0, 1], [1, 3, 5], 0.0).predict([0, 1], return_std=True)
    assert close(mean, [2, 5], 1e-12)
    assert std.max() < 1e-7


# What rounding hides


def test_hidden_noise_is_told_and_left_out():
    x, y = wave(n=60)
    for kernel in (kf.Gaussian(1.0), 1e200 * kf.Gaussian(1.0)):
        size = kernel.diagonal([0])[0]
        noise = 1e-18 * size
        model, text = short_fit(kernel, x, y, noise)
        assert text.startswith(f"the noise variance {noise:.6g} is lost in the rounding of the Gra")
        above = float(text.rpartition("or one above ")[2].rstrip("."))
        assert f"Take noise_variance=0 for none, or one above {above:.1g}." in text
        assert model.rank_ < 60
        assert math.isnan(model.log_marginal_likelihood_)
        assert fit(kernel, x, y, 1.5 * above).rank_ == 60
        mean, std = model.predict(x, return_std=True)
        assert np.isfinite(mean).all()
        assert (std <= np.sqrt(size)).all()


def test_hidden_noise_where_no_rank_is_lost():
    x, y = wave(n=5)
    kernel = kf.Laplacian(0.5)
    model, _ = short_fit(kernel, x, y, 1e-17)
    assert model.rank_ == 5
    expected = density(kernel.gram(x), y)
    assert model.log_marginal_likelihood_ == pytest.approx(expected, rel=1e-12)


def test_where_cholesky_gives_up_the_eigenvalues_do_the_same(monkeypatch):
    """It has left its traces in the matrix by then."""

    def gives_up(K, **options):
        K[:] = np.nan
        raise scipy.linalg.LinAlgError

    x, y = wave(n=8)
    model = fit(kf.Gaussian(0.5), x, y, 0.3)
    monkeypatch.setattr(scipy.linalg, "cholesky", gives_up)
    again, _ = short_fit(kf.Gaussian(0.5), x, y, 0.3)
    for ours, theirs in zip(
        again.predict(GRID, return_std=True), model.predict(GRID, return_std=True), strict=True
    ):
        assert close(ours, theirs, 1e-11)
    assert again.log_marginal_likelihood_ == pytest.approx(model.log_marginal_likelihood_)
    assert again.rank_ == 8


def test_lost_rank_is_told_with_a_remedy():
    x = np.linspace(0, 1, 30)
    model, text = short_fit(kf.Gaussian(5), x, np.cos(x), 0.0)
    assert f"has rank {model.rank_} in floating point and at least 30 without rounding" in text
    assert text.endswith("Take a noise_variance above 0, or a smaller width if the kernel has one.")


# Other points, another order


@stationary
@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_moved_and_shuffled_points(kernel, noise):
    x, y = wave(n=6)
    x = np.round(x * 1024) / 1024  # so that x + 5 is not rounded
    order = np.array([3, 0, 5, 1, 4, 2])
    a = fit(kernel, x, y, noise)
    for b, shift in (
        (fit(kernel, x + 5, y, noise), 5),
        (fit(kernel, x[order], y[order], noise), 0),
    ):
        for ours, theirs in zip(
            b.predict(GRID + shift, return_std=True), a.predict(GRID, return_std=True), strict=True
        ):
            assert close(ours, theirs, 1e-6 if noise == 0 else 1e-12)
        expected = pytest.approx(a.log_marginal_likelihood_, rel=1e-9)
        assert b.log_marginal_likelihood_ == expected


def test_block_after_block_is_all_at_once(monkeypatch):
    x, y = wave()
    for noise in (0.0, 0.1):
        model = fit(kf.Legendre(3), x, y, noise)
        whole = model.predict(GRID, return_std=True)
        for block in (1, 50, 10**9):
            monkeypatch.setattr(kernel_regression, "BLOCK", block)
            for ours, theirs in zip(model.predict(GRID, return_std=True), whole, strict=True):
                assert close(ours, theirs, 1e-7)
            assert close(model.predict(GRID), whole[0], 1e-13)


# Samples


@pytest.mark.parametrize("fitted", [False, True])
def test_samples_have_the_mean_and_the_covariance(fitted):
    """Five standard errors; the seed is fixed."""
    kernel, n = 2 * kf.Gaussian(0.5) + 0.3, 20_000
    x, y = wave(n=5)
    at = read_only(np.linspace(-1.5, 1.5, 6))
    model = kf.GaussianProcess(kernel, noise_variance=0.2)
    mean, C = np.zeros(6), kernel.gram(at)
    if fitted:
        row, A = kernel.gram(at, x), kernel.gram(x) + 0.2 * np.eye(5)
        mean = model.fit(x, y).predict(at)
        C = C - row @ np.linalg.solve(A, row.T)
    draws = model.sample(at, n, seed=1)
    assert draws.shape == (n, 6)
    variances = C.diagonal()
    assert (np.abs(draws.mean(axis=0) - mean) < 5 * np.sqrt(variances / n)).all()
    error = np.sqrt((np.outer(variances, variances) + C**2) / n)
    assert (np.abs(np.cov(draws.T) - C) < 5 * error).all()
    assert close(covariance(model, at), C, 1e-9)


def test_the_same_seed_gives_the_same_functions():
    prior = kf.GaussianProcess(kf.Gaussian(0.5), noise_variance=0.1)
    for model in (prior, fit(kf.Gaussian(0.5), *wave(), 0.1)):
        draws = model.sample(GRID, 4, seed=7)
        assert np.array_equal(model.sample(GRID, 4, seed=7), draws)
        assert close(model.sample(GRID, 1, seed=7)[0], draws[0], 1e-14)
        assert not close(model.sample(GRID, 4, seed=8), draws, 0.1)
        assert np.ptp(draws, axis=0).min() > 1e-3


@pytest.mark.parametrize("fitted", [False, True])
def test_a_draw_moves_no_further_than_the_covariance_lets_it(fitted):
    """|sqrt A - sqrt B| <= sqrt |A - B| (van Hemmen & Ando, 1980): a slider makes nothing jump."""
    x, y = wave(n=4)
    xi = np.random.default_rng(5).standard_normal(31)

    def state(width):
        model = kf.GaussianProcess(kf.Gaussian(width), noise_variance=0.01)
        k = kf.Gaussian(width)
        mean, C = np.zeros(31), k.gram(GRID)
        if fitted:
            row, A = k.gram(GRID, x), k.gram(x) + 0.01 * np.eye(4)
            mean = model.fit(x, y).predict(GRID)
            C = C - row @ np.linalg.solve(A, row.T)
        return model.sample(GRID, 1, seed=5)[0], mean, C

    draw, mean, C = state(0.4)
    for step in (0.1, 1e-3, 1e-5):
        moved, its_mean, its_C = state(0.4 + step)
        room = np.sqrt(np.linalg.norm(C - its_C, 2)) * np.linalg.norm(xi) + 1e-6
        assert np.linalg.norm((moved - its_mean) - (draw - mean)) <= room
        assert np.abs(moved - draw).max() < 20 * step + 1e-6
