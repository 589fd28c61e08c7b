"""Leave-one-out: what n fits, each without a point, would say; and the choices that follow."""

import re
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from fits import both, read_only
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_trees import CASES, PLANE

import kernelfit as kf
from kernelfit import selection

every_kernel = pytest.mark.parametrize(
    ("k", "X"), CASES, ids=[f"{k!r} {'plane' if X is PLANE else 'line'}" for k, X in CASES]
)


def wave(seed=0, n=24):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, n)
    return read_only(x), read_only(np.sin(3 * x) + 0.3 * rng.normal(size=n))


def quietly(call):
    """The result of a call that may not warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return call()


def warned(call):
    """The result of a call that must warn once, at the caller's line, and its message."""
    with pytest.warns(kf.RankWarning) as caught:
        result = call()
    assert len(caught) == 1
    assert Path(caught[0].filename) == Path(__file__)
    return result, str(caught[0].message)


def missed(model, X, y):
    """What fits to the other points miss at each, point by point."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", kf.RankWarning)
        others = [np.delete(np.arange(len(y)), i) for i in range(len(y))]
        return np.array(
            [
                y[i] - model.fit(X[rest], y[rest]).predict(X[i : i + 1])[0]
                for i, rest in enumerate(others)
            ]
        )


def mean_square(residuals):
    return np.mean(np.square(residuals), axis=-1)


def close(a, b, room=1e-9):
    return np.allclose(a, b, rtol=0, atol=room * max(1.0, np.abs(b).max()))


# Leave-one-out of kernel fits


@pytest.mark.slow
@every_kernel
@both
def test_leave_one_out_is_what_n_fits_miss(k, X, intercept):
    y = np.random.default_rng(0).normal(size=len(X)) + 3
    ridges = read_only([1e-2, 1, 1, 30])
    choice = quietly(lambda: kf.leave_one_out(k, X, y, ridges, fit_intercept=intercept))
    assert choice.residuals.shape == (4, len(y))
    for ridge, residuals in zip(ridges, choice.residuals, strict=True):
        model = kf.KernelRegression(k, ridge=ridge, fit_intercept=intercept)
        assert close(residuals, missed(model, X, y), 1e-8)
        assert close(model.fit(X, y).leave_one_out_residuals_, residuals)
    assert np.array_equal(choice.ridges, ridges)
    assert np.allclose(choice.mean_squared_error, mean_square(choice.residuals), rtol=1e-14)
    assert choice.best_ridge == ridges[np.argmin(choice.mean_squared_error)]


@both
@pytest.mark.parametrize("kernel", [kf.PowerSum(3), kf.Polynomial(2), kf.Legendre(5), kf.Linear()])
def test_without_a_ridge_too(kernel, intercept):
    x, y = wave()
    choice = quietly(lambda: kf.leave_one_out(kernel, x, y, [0.0, 1.0], fit_intercept=intercept))
    model = kf.KernelRegression(kernel, fit_intercept=intercept)
    assert close(choice.residuals[0], missed(model, x, y))
    assert close(quietly(lambda: model.fit(x, y).leave_one_out_residuals_), choice.residuals[0])


def test_the_ridge_of_the_other_fits_is_the_same_in_the_sum_form():
    """Trap S24 a: with n times a fixed ridge it would be another question."""
    x, y = wave()
    n, kernel = len(y), kf.Gaussian(0.4)
    residuals = kf.leave_one_out(kernel, x, y, [0.1 * n]).residuals[0]
    other = missed(kf.KernelRegression(kernel, ridge=0.1 * (n - 1)), x, y)
    assert np.abs(residuals - other).max() > 1e-3


def test_to_take_off_the_mean_once_lets_the_point_in():
    """Trap S24 b: the mean of y holds the point that should be left out."""
    x, y = wave()
    kernel, ridge = kf.Gaussian(0.4), 0.1
    leaking = kf.leave_one_out(kernel, x, y - y.mean(), [ridge]).residuals[0]
    right = kf.leave_one_out(kernel, x, y, [ridge], fit_intercept=True).residuals[0]
    assert np.abs(leaking - right).max() > 1e-2


@both
@pytest.mark.parametrize("ridge", [0.0, 0.5])
def test_moving_y_moves_no_residual_when_the_level_is_free(ridge, intercept):
    x, y = wave()
    a, b = (
        kf.leave_one_out(kf.Gaussian(9) + kf.Linear(), x, v, [0.5], fit_intercept=intercept)
        for v in (y, y + 1000)
    )
    assert close(b.residuals, a.residuals, 1e-9) == intercept


def test_at_leverage_1_the_value_is_undefined():
    """Trap S24 c: Anscombe's fourth set, interpolation by n coefficients and by a Gaussian."""
    data = kf.load("anscombe_4")
    choice, text = warned(
        lambda: kf.leave_one_out(kf.Linear(), data.X, data.y, [0.0, 1.0], fit_intercept=True)
    )
    lonely = int(np.argmax(data.x))
    assert np.flatnonzero(np.isnan(choice.residuals[0])).tolist() == [lonely]
    assert f"undefined at x = 19 (number {lonely}): the leverage there is 1" in text
    assert "A ridge above 0 settles it" in text
    assert np.isfinite(choice.residuals[1]).all()
    assert np.isnan(choice.mean_squared_error).tolist() == [True, False]
    assert choice.best_ridge == 1.0
    model = kf.KernelRegression(kf.Linear(), fit_intercept=True).fit(data.X, data.y)
    residuals, same = warned(lambda: model.leave_one_out_residuals_)
    assert same == text
    assert np.array_equal(np.isnan(residuals), np.isnan(choice.residuals[0]))

    x, y = wave(n=5)
    for kernel in (kf.PowerSum(4), kf.Gaussian(0.5), kf.Laplacian(1)):
        choice, text = warned(lambda k=kernel: kf.leave_one_out(k, x, y, [0.0]))
        assert np.isnan(choice.residuals).all()
        assert f"undefined at 5 points, the first at x = {x[0]:.6g} (number 0)" in text
        with pytest.raises(kf.InputError, match=r"there is no best choice: .* Take a lower degree"):
            _ = choice.best_ridge


def test_a_point_that_is_there_twice_settles_itself():
    choice = quietly(lambda: kf.leave_one_out(kf.Gaussian(1), [0, 0, 3, 3], [1, 2, 5, 9], [0.0]))
    assert close(choice.residuals[0], [-1, 1, -4, 4])


def test_leverages_near_1_are_not_1():
    """Raw powers up to 17 lose digits, and yet the ends of the interval are defined."""
    x = np.linspace(-1, 1, 60)
    y = np.sin(3 * x)
    expected = kf.choose_degree(x, y, [12]).mean_squared_error
    for kernel in (kf.PowerSum(12), kf.PowerSum(17), kf.Legendre(17)):
        choice = quietly(lambda k=kernel: kf.leave_one_out(k, x, y + 0.1 * np.cos(40 * x), [0.0]))
        assert np.isfinite(choice.residuals).all()
    same = kf.leave_one_out(kf.Legendre(12), x, y, [0]).mean_squared_error
    assert np.allclose(same, expected, rtol=1e-6)


# Degrees

KEYS = {  # root mean square by degree from the first on, the best degree, the unit of y
    "stopping_distance": (1, [15.697, 15.589, 15.711], 2, 1),
    "old_faithful": (1, [5.934, 5.814, 5.740, 5.688, 5.715], 4, 1),
    "mercury_vapour": (1, [167.98, 93.19, 38.17, 10.05, 0.876, 0.546, 0.382], 7, 1),
    "boston_marathon": (0, [11.893, 6.168, 6.214, 6.217, 5.688, 5.094, 5.105, 5.107], 5, 60),
    "nile": (0, [170.1, 152.0, 142.6, 144.1, 139.6], 4, 1),
}


@pytest.mark.parametrize("name", KEYS)
def test_the_degrees_of_the_data(name):
    first, expected, best, unit = KEYS[name]
    data = kf.load(name)
    degrees = range(first, first + len(expected))
    choice = quietly(lambda: kf.choose_degree(data.x, data.y / unit, degrees))
    for error, key in zip(choice.mean_squared_error**0.5, expected, strict=True):
        assert error == pytest.approx(key, abs=0.6 * 10.0 ** -len(f"{key}".partition(".")[2]))
    assert choice.best == best
    assert choice.degrees.tolist() == list(degrees)


def test_the_degrees_of_yearly_means():
    monthly = kf.load("mauna_loa_co2").y
    choice = kf.choose_degree(np.arange(1959, 1998), monthly.reshape(39, 12).mean(axis=1), range(6))
    assert np.round(choice.mean_squared_error[1:] ** 0.5, 4).tolist() == [
        *(1.6951, 0.7087, 0.4393, 0.4383, 0.4400)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_choose_degree_is_what_n_fits_miss(seed):
    x, y = wave(seed)
    choice = quietly(lambda: kf.choose_degree(x, y, range(9)))
    expected = [mean_square(missed(kf.PolynomialRegression(d), x, y)) for d in range(9)]
    assert np.allclose(choice.mean_squared_error, expected, rtol=1e-9)
    assert choice.best == np.argmin(expected)


@settings(max_examples=40, deadline=None)
@given(
    x=st.lists(st.integers(0, 6), min_size=2, max_size=12),
    degree=st.integers(0, 5),
    data=st.data(),
)
def test_repeated_points_and_undefined_values(x, degree, data):
    """A value is undefined where without its point fewer x are left than the fit needs."""
    y = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=len(x), max_size=len(x))))
    x = np.array(x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", kf.RankWarning)
        error = kf.choose_degree(x, y, [degree]).mean_squared_error[0]
    alone = min(np.count_nonzero(x == v) for v in x) == 1
    if alone and len(set(x.tolist())) <= degree + 1:
        assert np.isnan(error)
    else:
        expected = mean_square(missed(kf.PolynomialRegression(degree), x.astype(float), y))
        assert error == pytest.approx(expected, rel=1e-7, abs=1e-12)


def test_degrees_beyond_the_number_of_different_x_change_nothing():
    x, y = np.repeat([0.0, 1, 2], 2), np.array([1.0, 2, 5, 9, 4, 4])
    choice = quietly(lambda: kf.choose_degree(x, y, [2, 3, 50, 10**30]))
    assert (choice.mean_squared_error == choice.mean_squared_error[0]).all()
    assert choice.mean_squared_error[0] == pytest.approx(mean_square([-1, 1, -4, 4, 0, 0]))
    assert choice.best == 2


def test_up_to_interpolation_of_equal_steps():
    x = np.linspace(-1, 1, 60)
    y = np.sin(3 * x) + 0.1 * np.random.default_rng(0).normal(size=60)
    choice, text = warned(lambda: kf.choose_degree(x, y, range(65)))
    errors = choice.mean_squared_error
    assert np.isfinite(errors[:30]).all()
    assert np.isnan(errors[59:]).all()
    assert not np.isinf(errors).any()
    assert 3 <= choice.best < 15
    assert "the leverage there is 1" in text
    assert "Take a lower degree, or more points nearby." in text


@pytest.mark.parametrize("n", [1, 2, 60])
def test_the_basis_is_orthonormal_to_the_last_digit(n):
    for t in (np.linspace(-1, 1, n), np.random.default_rng(0).uniform(-1, 1, n) ** 3):
        q = selection._orthonormal_on(t, n - 1)
        assert close(q @ q.T, np.eye(n), 1e-13)


def test_degrees_in_any_form():
    x, y = wave()
    expected = kf.choose_degree(x, y, range(6)).mean_squared_error
    for degrees in ([4, 0, 4, 2], (4, 0, 4, 2), np.array([4, 0, 4, 2]), [4.0, 0, np.int8(4), 2]):
        choice = kf.choose_degree(x, y, degrees)
        assert choice.degrees.tolist() == [4, 0, 4, 2]
        assert np.array_equal(choice.mean_squared_error, expected[[4, 0, 4, 2]])
    assert kf.choose_degree(x[:, None], y, (d for d in (3, 1))).degrees.tolist() == [3, 1]
    assert isinstance(choice.best, int)


def test_other_units_of_x_and_y():
    x, y = wave()
    choice = kf.choose_degree(x, y, range(8))
    for moved in (1900 + 60 * x, -x, 1e200 * x, 1e-200 * x):
        same = quietly(lambda u=moved: kf.choose_degree(u, y, range(8)))
        assert np.allclose(same.mean_squared_error, choice.mean_squared_error, rtol=1e-7)
    scaled = kf.choose_degree(x, 1e90 * y, range(8))
    assert np.allclose(scaled.mean_squared_error / 1e180, choice.mean_squared_error, rtol=1e-12)
    assert kf.choose_degree(x, 0 * y, range(8)).mean_squared_error.tolist() == [0] * 8


def test_different_x_that_a_float_cannot_tell_apart_on_the_interval():
    choice, _ = warned(lambda: kf.choose_degree([0, 1e-300, 1, 2], [1, 2, 5, 10], range(4)))
    assert np.isnan(choice.mean_squared_error).tolist() == [False, False, True, True]


# Kernels

CANDIDATES = [kf.Gaussian(0.2), kf.Gaussian(1.0), kf.Laplacian(0.5), kf.Polynomial(2)]


@both
def test_choose_kernel_is_a_double_loop(intercept):
    x, y = wave()
    ridges = [1e-3, 0.1, 2.0]
    choice = quietly(lambda: kf.choose_kernel(x, y, CANDIDATES, ridges, fit_intercept=intercept))
    models = [
        [kf.KernelRegression(k, ridge=r, fit_intercept=intercept) for r in ridges]
        for k in CANDIDATES
    ]
    expected = np.array([[mean_square(missed(m, x, y)) for m in row] for row in models])
    assert np.allclose(choice.mean_squared_error, expected, rtol=1e-8)
    i, j = np.unravel_index(np.argmin(expected), expected.shape)
    assert choice.best_kernel is CANDIDATES[i]
    assert choice.best_ridge == ridges[j]
    assert choice.kernels == tuple(CANDIDATES)
    assert choice.ridges.tolist() == ridges


def test_the_best_of_a_table_with_gaps():
    table = np.array([[np.nan, 3.0, 2.0], [np.nan, 1.0, 5.0]])
    choice = selection.KernelChoice(tuple(CANDIDATES[:2]), np.array([0.0, 1, 2]), table)
    assert (choice.best_kernel, choice.best_ridge) == (CANDIDATES[1], 1.0)
    nothing = selection.KernelChoice(tuple(CANDIDATES[:2]), choice.ridges, np.nan * table)
    degrees = selection.DegreeChoice(np.array([1, 2]), np.array([np.nan, np.nan]))
    for ask in (lambda: nothing.best_kernel, lambda: nothing.best_ridge, lambda: degrees.best):
        with pytest.raises(kf.InputError, match="the leave-one-out error is undefined"):
            ask()


def test_choose_kernel_warns_once():
    x, y = wave(n=5)
    kernels = [kf.PowerSum(1), kf.PowerSum(4), kf.Legendre(4)]
    choice, text = warned(lambda: kf.choose_kernel(x, y, kernels, [0.0, 1.0]))
    assert np.isnan(choice.mean_squared_error).tolist() == [[False] * 2, *[[True, False]] * 2]
    assert "undefined at 5 points" in text


def test_lost_rank_is_told_at_ridge_0_and_only_there():
    x, y = wave()
    wide = kf.Gaussian(10.0)
    with pytest.warns(kf.RankWarning, match=r"has rank \d+ in floating point and at least 24"):
        kf.leave_one_out(wide, x, y, [0.1, 0.0])
    quietly(lambda: kf.leave_one_out(wide, x, y, [0.1]))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        kf.choose_kernel(x, y, [wide, kf.Gaussian(20.0)], [0.0])
    lost, undefined = (str(warning.message) for warning in told)
    assert lost.startswith("with Gaussian(10.0) the Gram matrix has rank")
    assert "undefined" in undefined


def test_the_progress_bar_is_for_those_who_wait(monkeypatch, capfd):
    x, y = wave()
    assert selection.PATIENCE == 2.0
    quick = selection._residuals

    def slow(*arguments):
        time.sleep(0.11)  # a bar moves at most ten times a second
        return quick(*arguments)

    monkeypatch.setattr(selection, "_residuals", slow)
    kf.choose_kernel(x, y, CANDIDATES, [0.1])
    assert capfd.readouterr() == ("", "")
    monkeypatch.setattr(selection, "PATIENCE", 0.05)
    kf.choose_kernel(x, y, CANDIDATES, [0.1])
    shown = capfd.readouterr().err
    assert re.search(r"kernels: +\d+%", shown)
    assert shown.endswith("\r"), "and goes when it is done"
