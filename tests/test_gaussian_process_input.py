"""GaussianProcess: what is refused, what it shares with nobody, memory, what the screen shows."""

import copy
import pickle
import tracemalloc

import numpy as np
import pytest
from fits import Table, read_only, refusal
from test_gaussian_process import GRID, close, fit, wave

import kernelfit as kf

NO_QUOTES = "Write the word without quotes."
PRIOR = kf.GaussianProcess(kf.Gaussian(0.5), noise_variance=0.1)


# What is refused


@pytest.mark.parametrize(
    "kernel", ["gaussian", kf.Gaussian, lambda x, z: x * z, None, 2.0], ids=range(5)
)
def test_what_is_no_kernel(kernel):
    model = kf.GaussianProcess(kernel, noise_variance=1)
    for call in (lambda: model.fit([1, 2], [1, 2]), lambda: model.sample([1], 1, seed=0)):
        assert refusal(call).startswith("kernel must be a kernel, got ")


@pytest.mark.parametrize("noise", [-1, -1e-300, np.nan, np.inf, True, "1", None, [1], 1j, 10**400])
def test_what_is_no_noise(noise):
    model = kf.GaussianProcess(kf.Linear(), noise_variance=noise)
    for call in (lambda: model.fit([1, 2], [1, 2]), lambda: model.sample([1], 1, seed=0)):
        text = refusal(call)
        assert text.startswith("noise_variance must be a number of at least 0, got ")
        assert text.endswith(
            "It is the square of the typical error of one y, in the unit of y squared: 0 for none."
        )


def test_the_noise_has_no_default_and_a_name():
    with pytest.raises(TypeError, match="noise_variance"):
        kf.GaussianProcess(kf.Linear())
    with pytest.raises(TypeError):
        kf.GaussianProcess(kf.Linear(), 0.1)


@pytest.mark.parametrize(
    ("kernel", "X", "y", "part"),
    [
        (kf.Linear(), [[1, 2], [3, 4]], [1, 2, 3], "2 rows in X (shape (2, 2)) and 3 values in y"),
        (kf.Linear(), [1, 2], [[1], [2]], "y must hold one number per point, shape (n,), got sha"),
        (kf.Linear(), [1, np.inf], [1, 2], "X must be finite everywhere, got 1 infinite"),
        (kf.Linear(), [1, 2], [1, np.nan], "y must be finite everywhere, got 1 NaN among 2 numb"),
        (kf.Linear(), [], [], "X must hold at least one number, got nothing at all"),
        (kf.Linear(), np.ones((3, 0)), [1, 2, 3], "X must hold at least one number, got nothing"),
        (kf.Linear(), ["a", "b"], [1, 2], "X must hold numbers, got text"),
        (kf.Linear(), [1, 2], ["1", "2"], "y must hold numbers, got text"),
        (kf.Linear(), 5, [1], "For one point write fit([5.0])"),
        (kf.PowerSum(2), [[1, 2], [3, 4]], [1, 2], "X must be one column for PowerSum(2), got sh"),
        (kf.Brownian(), [-1, 2], [1, 2], "X must not be negative for Brownian(), got -1"),
        (kf.Polynomial(99), [1e9, 2], [1, 2], "X must leave k(x, z) below about 1.8e308"),
        (1e-320 * kf.Gaussian(1), [0, 1], [1, 2], "leave room for the coefficients, got one bey"),
    ],
)
def test_fit_refuses(kernel, X, y, part):
    model = kf.GaussianProcess(kernel, noise_variance=0.0)
    assert part in refusal(lambda: model.fit(X, y))
    assert not hasattr(model, "dual_coef_")


def test_a_sum_of_kernel_and_noise_beyond_floats():
    model = kf.GaussianProcess(1e308 * kf.Gaussian(1), noise_variance=1.7e308)
    assert refusal(lambda: model.fit([0, 1], [1, 2])) == (
        "kernel must leave room for sums of k(x, z) below 1.8e308, got k(x, x) up to 1e+308 at 2 "
        "points and noise_variance 1.7e+308. Measure x in a larger unit, or take a fraction of the "
        "kernel."
    )


@pytest.mark.parametrize(
    ("X", "part"),
    [
        (np.ones((4, 3)), "shape (n, 2), got shape (4, 3)"),
        ([1, 2], "shape (n, 2), got shape (2, 1). If these are the 2 numbers of one point"),
        ([[1, np.nan]], "got 1 NaN"),
        ([["a", 1]], "got text"),
        ([[1e160, 1]], "X must leave k(x, z) below about 1.8e308, got a value beyond at (1e+160, "),
    ],
)
def test_predict_and_sample_refuse(X, part):
    model = fit(kf.Linear(), [[1, 2], [3, 4]], [1, 2], 0.1)
    assert part in refusal(lambda: model.predict(X, return_std=True))
    assert part in refusal(lambda: model.sample(X, 1, seed=0))


@pytest.mark.parametrize("switch", [1, 0, "yes", None])
def test_switches_are_true_or_false(switch):
    model = fit(kf.Gaussian(1), [0, 1], [1, 2], 0.1)
    for name in ("return_std", "include_noise"):
        text = refusal(lambda name=name: model.predict([1], **{name: switch}))
        assert text == f"{name} must be True or False, got {switch!r}. {NO_QUOTES}"


@pytest.mark.parametrize("number", [-1, 2.5, "3", None, True, np.nan, [1]])
def test_how_many_and_which(number):
    text = refusal(lambda: PRIOR.sample([1], number, seed=0))
    assert text.startswith(f"n must be a whole number of at least 1, got {number!r}. It is how m")
    text = refusal(lambda: PRIOR.sample([1], 1, seed=number))
    assert text.startswith(f"seed must be a whole number of at least 0, got {number!r}. The same")
    assert "n must be a whole number of at least 1, got 0" in refusal(
        lambda: PRIOR.sample([1], 0, seed=0)
    )
    with pytest.raises(TypeError):
        PRIOR.sample([1], 1, 0)


@pytest.mark.parametrize("n", [10**30, 2**58])
def test_more_functions_than_any_memory(n):
    text = refusal(lambda: PRIOR.sample([1, 2], n, seed=0))
    assert text.startswith(f"n must be so small that memory holds the functions, got {n} at 2 poi")
    assert PRIOR.sample([1, 2], 2.0, seed=2**200).shape == (2, 2)


def test_before_fit():
    with pytest.raises(kf.NotFittedError, match=r"this GaussianProcess .* before predict"):
        PRIOR.predict([1])
    with pytest.raises(kf.NotFittedError, match="before predict"):
        PRIOR.score([1], [1])
    for name in ("dual_coef_", "log_marginal_likelihood_", "rank_", "points_", "n_features_in_"):
        with pytest.raises(kf.NotFittedError, match=f"before reading {name}"):
            getattr(PRIOR, name)
        assert not hasattr(PRIOR, name)
    with pytest.raises(AttributeError, match="no attribute 'intercept_'"):
        _ = PRIOR.intercept_
    assert PRIOR.sample([[1, 2], [3, 4]], 3, seed=0).shape == (3, 2), "the prior needs no data"


def test_columns_by_name():
    X = [[1, 1], [2, 0], [4, 1], [7, 3]]
    model = fit(kf.Gaussian(1), Table(["a", "b"], X), [1, 2, 3, 5], 0.1)
    for call in (model.predict, lambda X: model.sample(X, 1, seed=0)):
        text = refusal(lambda call=call: call(Table(["b", "a"], X)))
        assert "in the same order, a, b, got b, a. Select them" in text
    assert np.array_equal(model.predict(Table(["a", "b"], X)), model.predict(X))


def test_the_largest_and_the_smallest_numbers():
    x = [0.0, 9.0]
    for noise in (0.0, 1.0):
        tiny = fit(kf.Gaussian(1), x, [5e-324, 0], noise)
        assert tiny.predict([0])[0] == (5e-324 if noise == 0 else 0)
        large = fit(kf.Gaussian(1), x, [1e308, -1e308], noise)
        assert close(large.predict(x) / 1e308, np.array([1, -1]) / (1 + noise), 1e-14)
        assert large.log_marginal_likelihood_ == -np.inf
        zero = fit(kf.Gaussian(1), x, [0, 0], noise)
        assert zero.predict([0, 4]).tolist() == [0, 0]
    for size in (1e300, 1e-300):
        mean, std = fit(size * kf.Gaussian(1), x, [1, 2], size).predict(x, return_std=True)
        assert close(mean, [0.5, 1])
        assert close(std / np.sqrt(size / 2), [1, 1])


# What is left alone


@pytest.mark.parametrize(
    "other",
    [
        lambda a: a.astype(np.int8),
        lambda a: a.astype(np.float32),
        lambda a: a.tolist(),
        lambda a: np.asfortranarray(a),
        lambda a: np.repeat(a, 2, axis=0)[::2],
        lambda a: a[::-1][::-1],
        lambda a: a.astype(">f8"),
    ],
    ids=range(7),
)
def test_other_forms_of_the_same_numbers(other):
    X, y = read_only([[1, 2], [3, 0], [0, 5], [2, 2]]), read_only([1, 0, 2, 5])
    a, b = fit(kf.Gaussian(2), X, y, 0.1), fit(kf.Gaussian(2), other(X), other(y), 0.1)
    assert np.array_equal(a.predict(X, return_std=True), b.predict(other(X), return_std=True))
    assert np.array_equal(a.sample(X, 2, seed=0), b.sample(other(X), 2, seed=0))
    assert a.log_marginal_likelihood_ == b.log_marginal_likelihood_


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_inputs_are_left_alone_and_results_do_not_share_their_memory(noise):
    for order in "CF":
        X = np.array(np.random.default_rng(0).normal(size=(12, 2)), order=order)
        y = X[:, 0] + 1
        before = X.copy(), y.copy()
        model = fit(kf.Laplacian(1), X, y, noise)
        mean, std = model.predict(X, return_std=True)
        draws = model.sample(X, 2, seed=0)
        for result in (model.dual_coef_, model.points_, mean, std, draws):
            assert not np.shares_memory(result, X)
            assert not np.shares_memory(result, y)
        assert np.array_equal(X, before[0])
        assert np.array_equal(y, before[1])
        X[:], y[:] = 0, 0
        assert np.array_equal(model.predict(before[0], return_std=True), (mean, std))
        assert np.array_equal(model.sample(before[0], 2, seed=0), draws)


def test_what_changes_after_the_fit_changes_nothing_in_it():
    x, y = wave()
    kernel = kf.Gaussian(0.5) + kf.Constant(1)
    model = kf.GaussianProcess(kernel, noise_variance=0.1).fit(x, y)
    draws, expected = model.sample(GRID, 2, seed=0), model.predict(GRID, return_std=True)
    of_y = model.predict(GRID, return_std=True, include_noise=True)
    kernel.set_params(terms__0__width=9)
    model.set_params(kernel__terms__0__width=3, noise_variance=7)
    assert kernel == kf.Gaussian(9) + kf.Constant(1), "a kernel that was passed in stays as it is"
    assert np.array_equal(model.predict(GRID, return_std=True), expected)
    assert np.array_equal(model.predict(GRID, return_std=True, include_noise=True), of_y)
    assert np.array_equal(model.sample(GRID, 2, seed=0), draws)
    again = model.fit(x, y).predict(GRID, return_std=True)
    anew = fit(kf.Gaussian(3) + kf.Constant(1), x, y, 7).predict(GRID, return_std=True)
    assert np.array_equal(again, anew)


def test_a_second_fit_forgets_the_first_and_a_refused_one_nothing():
    x, y = wave()
    model = fit(kf.Gaussian(0.5), x, y, 1.0)
    first = model.log_marginal_likelihood_
    assert model.fit(x[:9], y[:9]) is model
    assert model.log_marginal_likelihood_ != first
    assert model.points_.shape == (9, 1)
    expected = model.predict(GRID, return_std=True)
    refusal(lambda: model.fit(x, y[:-1]))
    assert model.rank_ == 9
    assert np.array_equal(model.predict(GRID, return_std=True), expected)


def peak(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory():
    n = 1500
    x, y = wave(n=n)
    fit(kf.Gaussian(0.1), x[:9], y[:9], 1.0).predict(x, return_std=True)  # scipy is loaded
    model = kf.GaussianProcess(kf.Gaussian(0.1), noise_variance=1)
    assert peak(lambda: model.fit(x, y)) <= 1.2 * 8 * n * n
    few = fit(kf.Gaussian(0.1), x[:200], y[:200], 1.0)
    many = np.linspace(-1, 1, 30_000)  # the whole matrix has 48 MB
    assert peak(lambda: few.predict(many, return_std=True)) < 2**24


# What scikit-learn and a reader of the screen see


def test_parameters():
    model = kf.GaussianProcess(kf.Gaussian(0.5) + 1, noise_variance=0.1)
    assert list(model.get_params(deep=False)) == ["kernel", "noise_variance"]
    assert model.get_params()["kernel__terms__0__width"] == 0.5
    assert model.set_params(kernel__terms__0__width=2, noise_variance=3) is model
    assert (model.kernel, model.noise_variance) == (kf.Gaussian(2) + 1, 3)
    text = refusal(lambda: model.set_params(noise_variance=9, ridge=1))
    assert text == "GaussianProcess has no parameter 'ridge', it has: kernel, noise_variance."
    assert model.noise_variance == 3


def test_it_prints_as_one_would_type_it():
    model = kf.GaussianProcess(2 * kf.Gaussian(0.5), noise_variance=0.0)
    assert repr(model) == "GaussianProcess(kernel=2 * Gaussian(0.5), noise_variance=0.0)"


def test_the_score_is_that_of_the_mean():
    x, y = wave()
    model = fit(kf.Gaussian(0.5), x, y, 0.1)
    r = y - model.predict(x)
    assert model.score(x, y) == pytest.approx(1 - r @ r / ((y - y.mean()) ** 2).sum(), rel=1e-14)


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_copies_and_pickles(noise):
    model = fit(kf.Legendre(3) + kf.Linear(), *wave(), noise)
    for twin in (copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        # where an array lies in memory decides its last digit, and a root halves the digits
        for here, there in zip(
            twin.predict(GRID, return_std=True), model.predict(GRID, return_std=True), strict=True
        ):
            assert np.allclose(here, there, rtol=1e-10, atol=1e-7)
        here, there = (process.sample(GRID, 2, seed=0) for process in (twin, model))
        assert np.allclose(here, there, rtol=0, atol=1e-6)
        assert repr(twin) == repr(model)
    assert not hasattr(pickle.loads(pickle.dumps(PRIOR)), "dual_coef_")
