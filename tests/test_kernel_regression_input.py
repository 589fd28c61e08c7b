"""KernelRegression: units, memory, what is refused, what it shares with nobody."""

import copy
import pickle
import tracemalloc
import warnings

import numpy as np
import pytest
from fits import Table, both
from test_kernel_regression import GRID, any_fit, close, fit, wave

import kernelfit as kf

MODEL = kf.KernelRegression(kf.Gaussian(0.5), ridge=0.1)
stationary = pytest.mark.parametrize(
    "kernel", [kf.Gaussian(0.5), kf.Laplacian(0.5), kf.Periodic(1, 0.5)], ids=repr
)
anywhere = pytest.mark.parametrize(
    ("kernel", "ridge"),
    [(kf.Legendre(3), 0.0), (kf.Gaussian(0.5), 0.1), (kf.Polynomial(2), 1e-3)],
    ids=repr,
)


# Other units, another order


@anywhere
@both
def test_the_order_of_the_points_does_not_matter(kernel, ridge, intercept):
    x, y = wave()
    order = np.random.default_rng(1).permutation(len(x))
    a = fit(kernel, x, y, ridge=ridge, fit_intercept=intercept)
    b = fit(kernel, x[order], y[order], ridge=ridge, fit_intercept=intercept)
    assert close(b.predict(GRID), a.predict(GRID), 1e-10)
    assert close(b.dual_coef_, a.dual_coef_[order], 1e-10)
    assert close(b.leave_one_out_residuals_, a.leave_one_out_residuals_[order], 1e-10)


@anywhere
@both
@pytest.mark.parametrize("size", [3.0, 1e-200, 1e200])
def test_other_units_of_y(kernel, ridge, intercept, size):
    x, y = wave()
    a = fit(kernel, x, y, ridge=ridge, fit_intercept=intercept)
    b = fit(kernel, x, y * size, ridge=ridge, fit_intercept=intercept)
    # K + ridge has a condition near 1e5
    assert close(b.predict(GRID) / size, a.predict(GRID), 1e-11)
    assert close(b.dual_coef_ / size, a.dual_coef_, 1e-11)
    assert close(b.leave_one_out_residuals_ / size, a.leave_one_out_residuals_, 1e-11)
    assert b.intercept_ / size == pytest.approx(a.intercept_, abs=1e-12)
    assert b.effective_dof_ == a.effective_dof_


@anywhere
@both
def test_a_multiple_of_the_kernel_and_of_the_ridge(kernel, ridge, intercept):
    x, y = wave()
    a = fit(kernel, x, y, ridge=ridge, fit_intercept=intercept)
    b = fit(8 * kernel, x, y, ridge=8 * ridge, fit_intercept=intercept)
    assert close(b.predict(GRID), a.predict(GRID), 1e-11)
    assert close(8 * b.dual_coef_, a.dual_coef_, 1e-11)
    assert b.effective_dof_ == pytest.approx(a.effective_dof_)


@stationary
@both
def test_stationary_kernels_move_along(kernel, intercept):
    x, y = wave()
    x = np.round(x * 1024) / 1024  # so that x + 5 is not rounded
    a, b = (fit(kernel, u, y, ridge=0.1, fit_intercept=intercept) for u in (x, x + 5))
    assert close(b.predict(GRID + 5), a.predict(GRID))
    assert close(b.dual_coef_, a.dual_coef_)


@pytest.mark.parametrize("size", [1e-300, 5e-9, 1e150])
@pytest.mark.parametrize("kind", [kf.Gaussian, kf.Laplacian])
def test_x_and_the_width_in_another_unit(size, kind):
    """Trap S11: the width is in the unit of x."""
    x, y = wave()
    a, b = fit(kind(0.5), x, y, ridge=0.1), fit(kind(0.5 * size), x * size, y, ridge=0.1)
    assert close(b.predict(GRID * size), a.predict(GRID), 1e-11)
    assert not close(fit(kind(0.5), x * 10, y, ridge=0.1).predict(GRID * 10), a.predict(GRID), 1e-3)


def test_the_largest_and_the_smallest_numbers():
    for ridge in (0.0, 1.0):
        smallest = fit(kf.Gaussian(5e-324), [0, 5e-324], [1, 2], ridge=ridge).predict([0, 5e-324])
        assert close(smallest, fit(kf.Gaussian(1), [0, 1], [1, 2], ridge=ridge).predict([0, 1]))
        tiny = fit(kf.Gaussian(1), [0, 9], [5e-324, 0], ridge=ridge)
        assert tiny.predict([0])[0] == (5e-324 if ridge == 0 else 0)
        zero = fit(kf.Gaussian(1), [0, 9], [0, 0], ridge=ridge, fit_intercept=True)
        assert zero.predict([0, 4]).tolist() == [0, 0]
    assert fit(kf.Linear(), [1e150], [2e150]).predict([3]) == pytest.approx([6])
    assert fit(kf.Gaussian(1), [0, 9], [1e308, 1e308], ridge=1e308).predict([0])[0] < 2


@pytest.mark.parametrize(
    ("kernel", "x", "y", "ridge"),
    [
        (1e-300 * kf.Gaussian(0.3), *wave(), 0.0),
        (1e-300 * kf.Gaussian(0.3), [0, 1], [1e10, 1], 0.0),
        (kf.Constant(0), [0, 1], [1, 2], 1e-320),
        (kf.Gaussian(5), [0, 0.1], [1.7e308, -1.7e308], 0.0),
    ],
    ids=range(4),
)
def test_coefficients_that_float64_cannot_hold(kernel, x, y, ridge):
    model = kf.KernelRegression(kernel, ridge=ridge)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", kf.RankWarning)
        with pytest.raises(kf.InputError, match="Measure y in a larger unit"):
            model.fit(x, y)
    assert not hasattr(model, "dual_coef_")


# Memory


def peak(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@both
def test_a_fit_takes_the_room_of_one_matrix(intercept):
    n = 1500
    x, y = wave(n=n)
    fit(kf.Gaussian(0.1), x[:9], y[:9], ridge=1)  # scipy is loaded
    model = kf.KernelRegression(kf.Gaussian(0.1), ridge=1, fit_intercept=intercept)
    assert peak(lambda: model.fit(x, y)) <= 1.2 * 8 * n * n


def test_to_predict_many_points_takes_little():
    model = fit(kf.Gaussian(0.1), *wave(n=200), ridge=1)
    many = np.linspace(-1, 1, 30_000)
    values = model.predict(many)
    assert peak(lambda: model.predict(many)) < 2**23  # the whole matrix has 48 MB
    some = [0, 1309, 1310, 1311, 29_999]  # 1310 rows make a block
    assert close(values[some], model.predict(many[some]))


# What is refused


@pytest.mark.parametrize("kernel", ["gaussian", kf.Gaussian, lambda x, z: x * z, None, 2.0, np.exp])
def test_what_is_no_kernel(kernel):
    with pytest.raises(kf.InputError, match=r"^kernel must be a kernel, got .*Write a number a as"):
        kf.KernelRegression(kernel).fit([1, 2], [1, 2])


@pytest.mark.parametrize("ridge", [-1, -1e-300, np.nan, np.inf, True, "1", None, [1], 1j])
def test_what_is_no_ridge(ridge):
    with pytest.raises(
        kf.InputError, match=r"^ridge must be a number of at least 0, got .* It is the weight of c'"
    ):
        kf.KernelRegression(kf.Linear(), ridge=ridge).fit([1, 2], [1, 2])


@pytest.mark.parametrize("switch", [1, 0, "yes", None])
def test_an_intercept_is_true_or_false(switch):
    with pytest.raises(kf.InputError, match=r"^fit_intercept must be True or False, got "):
        kf.KernelRegression(kf.Linear(), fit_intercept=switch).fit([1, 2], [1, 2])


@pytest.mark.parametrize(
    ("kernel", "X", "y", "part"),
    [
        (kf.Linear(), [[1, 2], [3, 4]], [1, 2, 3], "2 rows in X (shape (2, 2)) and 3 values in y"),
        (kf.Linear(), [1, 2], [[1], [2]], "y must hold one number per point, shape (n,), got sha"),
        (kf.Linear(), [1, np.inf], [1, 2], "X must be finite everywhere, got 1 infinite"),
        (kf.Linear(), [1, 2], [1, np.nan], "y must be finite everywhere, got 1 NaN among 2 numb"),
        (kf.Linear(), [], [], "X must hold at least one number, got nothing at all"),
        (kf.Linear(), ["a", "b"], [1, 2], "X must hold numbers, got text"),
        (kf.Linear(), [1, 2], ["1", "2"], "y must hold numbers, got text"),
        (kf.Linear(), 5, [1], "For one point write fit([5.0])"),
        (kf.Linear(), np.ones((2, 2, 2)), [1, 2], "X must have one row per point and one column"),
        (kf.PowerSum(2), [[1, 2], [3, 4]], [1, 2], "X must be one column for PowerSum(2), got sh"),
        (kf.Brownian(), [-1, 2], [1, 2], "X must not be negative for Brownian(), got -1"),
        (kf.Polynomial(99), [1e9, 2], [1, 2], "X must leave k(x, z) below about 1.8e308"),
    ],
)
def test_fit_refuses(kernel, X, y, part):
    model = kf.KernelRegression(kernel)
    with pytest.raises(kf.InputError) as caught:
        model.fit(X, y)
    assert part in str(caught.value)
    assert not hasattr(model, "dual_coef_")


@pytest.mark.parametrize(
    ("X", "part"),
    [
        (3.0, "For one point write predict([3.0])."),
        (np.ones((4, 3)), "shape (n, 2), got shape (4, 3)"),
        ([1, 2], "shape (n, 2), got shape (2, 1). If these are the 2 numbers of one point"),
        ([[1, np.nan]], "got 1 NaN"),
        ([["a", 1]], "got text"),
    ],
)
def test_predict_refuses(X, part):
    model = fit(kf.Gaussian(1), [[1, 2], [3, 4]], [1, 2])
    with pytest.raises(kf.InputError) as caught:
        model.predict(X)
    assert part in str(caught.value)


def test_before_fit():
    model = kf.KernelRegression(kf.Linear())
    with pytest.raises(kf.NotFittedError, match=r"this KernelRegression .* before predict"):
        model.predict([1])
    with pytest.raises(kf.NotFittedError, match="before predict"):
        model.score([1], [1])
    for name in (
        *("dual_coef_", "intercept_", "rank_", "points_", "n_features_in_"),
        *("condition_", "effective_dof_", "leave_one_out_residuals_"),
    ):
        with pytest.raises(kf.NotFittedError, match=f"before reading {name}"):
            getattr(model, name)
        assert not hasattr(model, name)
    with pytest.raises(AttributeError, match="no attribute 'coef_'"):
        _ = model.coef_


def test_columns_by_name():
    X = [[1, 1], [2, 0], [4, 1], [7, 3]]
    model = fit(kf.Gaussian(1), Table(["a", "b"], X), [1, 2, 3, 5])
    with pytest.raises(kf.InputError, match=r"in the same order, a, b, got b, a\. Select them"):
        model.predict(Table(["b", "a"], X))
    assert np.array_equal(model.predict(Table(["a", "b"], X)), model.predict(X))


# What is left alone


@both
@pytest.mark.parametrize("ridge", [0.0, 1e-18, 0.1])
def test_inputs_are_left_alone_and_results_do_not_share_their_memory(ridge, intercept):
    for order in "CF":
        X = np.array(np.random.default_rng(0).normal(size=(12, 2)), order=order)
        y = X[:, 0] + 1
        before = X.copy(), y.copy()
        kernel = kf.Gaussian(9)
        model = any_fit(kernel, X, y, ridge=ridge, fit_intercept=intercept)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", kf.RankWarning)
            rest = model.leave_one_out_residuals_
        predicted = model.predict(X)
        for result in (model.dual_coef_, model.points_, predicted, rest):
            assert not np.shares_memory(result, X)
            assert not np.shares_memory(result, y)
        assert np.array_equal(X, before[0])
        assert np.array_equal(y, before[1])
        X[:], y[:] = 0, 0
        assert np.array_equal(model.predict(before[0]), predicted)
        assert kernel == kf.Gaussian(9)


def test_a_kernel_that_changes_after_the_fit():
    x, y = wave()
    kernel = kf.Gaussian(0.5) + kf.Constant(1)
    model = kf.KernelRegression(kernel, ridge=0.1).fit(x, y)
    expected = [model.predict(GRID), fit(kernel, x, y, ridge=0.1).leave_one_out_residuals_]
    kernel.set_params(terms__0__width=9)
    assert np.array_equal(model.predict(GRID), expected[0])
    model.set_params(kernel__terms__0__width=3, ridge=7, fit_intercept=True)
    assert kernel == kf.Gaussian(9) + kf.Constant(1), "a kernel that was passed in stays as it is"
    assert np.array_equal(model.predict(GRID), expected[0])
    assert np.array_equal(model.leave_one_out_residuals_, expected[1])
    again = model.fit(x, y).predict(GRID)
    assert np.array_equal(
        again,
        fit(kf.Gaussian(3) + kf.Constant(1), x, y, ridge=7, fit_intercept=True).predict(GRID),
    )


def test_a_second_fit_forgets_the_first():
    x, y = wave()
    model = fit(kf.Gaussian(0.5), x, y, ridge=1, fit_intercept=True)
    first = model.condition_, model.effective_dof_
    assert model.set_params(ridge=0.01, fit_intercept=False).fit(x[:9], y[:9]) is model
    assert (model.condition_, model.effective_dof_) != first
    assert model.leave_one_out_residuals_.shape == model.dual_coef_.shape == (9,)
    assert model.intercept_ == 0.0
    with pytest.raises(kf.InputError):
        model.fit(x, y[:-1])
    assert model.dual_coef_.shape == (9,), "a refused fit leaves the model as it was"


# What scikit-learn and a reader of the screen see


def test_parameters():
    model = kf.KernelRegression(kf.Gaussian(0.5) + 1, ridge=0.1)
    assert list(model.get_params(deep=False)) == ["kernel", "ridge", "fit_intercept"]
    assert model.get_params()["kernel__terms__0__width"] == 0.5
    assert model.set_params(kernel__terms__0__width=2, ridge=3) is model
    assert model.kernel == kf.Gaussian(2) + 1
    assert model.set_params(kernel__width=7, kernel=kf.Laplacian(1)).kernel == kf.Laplacian(7)
    for path, part in (
        ("width", "KernelRegression has no parameter 'width', it has: kernel, ridge, fit_inter"),
        ("kernel__sigma", "Laplacian has no parameter 'sigma', it has: width."),
        ("ridge__x", "9 has no parameters of its own, so none can be called 'x'."),
    ):
        with pytest.raises(kf.InputError) as caught:
            model.set_params(ridge=9, **{path: 1})
        assert part in str(caught.value)
        assert model.ridge == 3
    with pytest.raises(kf.InputError, match="width must be a number greater than 0"):
        model.set_params(ridge=9, kernel__width=-1)
    assert (model.ridge, model.kernel) == (3, kf.Laplacian(7))
    with pytest.raises(TypeError):
        kf.KernelRegression(kf.Linear(), 0.1)


def test_it_prints_as_one_would_type_it():
    model = kf.KernelRegression(kf.Gaussian(0.5), ridge=0.1, fit_intercept=True)
    text = "KernelRegression(kernel=Gaussian(0.5), ridge=0.1, fit_intercept=True)"
    assert repr(model) == text
    assert repr(kf.KernelRegression(2 * kf.Linear())) == "KernelRegression(kernel=2 * Linear())"


@pytest.mark.parametrize("ridge", [0.0, 0.1])
def test_copies_and_pickles(ridge):
    x, y = wave()
    model = fit(kf.Legendre(3) + kf.Linear(), x, y, ridge=ridge)
    for twin in (copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert np.array_equal(twin.predict(GRID), model.predict(GRID))
        assert np.array_equal(twin.leave_one_out_residuals_, model.leave_one_out_residuals_)
        assert repr(twin) == repr(model)
    assert not hasattr(pickle.loads(pickle.dumps(MODEL)), "dual_coef_")
    with_function = fit(kf.Feature(lambda x: x**2), x, y)
    assert np.array_equal(copy.deepcopy(with_function).predict(GRID), with_function.predict(GRID))
