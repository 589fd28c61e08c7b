"""Leave-one-out and the choices: what is refused, and what is left alone."""

import numpy as np
import pytest
from test_selection import CANDIDATES, wave

import kernelfit as kf

# What is refused


@pytest.mark.parametrize(
    ("ridges", "part"),
    [
        ([], "ridges must hold at least one, got none. Write, say, [0.1]."),
        (1.0, "ridges must be a list, got 1.0. For a single one: [0.1]."),
        (np.array(1.0), "ridges must be a list, got array(1.)."),
        ("0.1", "ridges must be a list, got '0.1'."),
        (None, "ridges must be a list, got None."),
        ([[1.0]], "ridges must be a number of at least 0, got [1.0]. It is the weight of c'Kc"),
        (np.ones((2, 2)), "ridges must be a number of at least 0, got array([1., 1.])"),
        ([1, -0.5], "ridges must be a number of at least 0, got -0.5"),
        ([np.nan], "ridges must be a number of at least 0, got nan"),
        ([1, np.inf], "ridges must be a number of at least 0, got inf"),
        ([True], "ridges must be a number of at least 0, got True"),
        (["1"], "ridges must be a number of at least 0, got '1'"),
    ],
)
def test_ridges_that_are_none(ridges, part):
    for call in (
        lambda: kf.leave_one_out(kf.Gaussian(1), [1, 2], [1, 2], ridges),
        lambda: kf.choose_kernel([1, 2], [1, 2], [kf.Gaussian(1)], ridges),
    ):
        with pytest.raises(kf.InputError) as caught:
            call()
        assert str(caught.value).startswith(part)


@pytest.mark.parametrize(
    ("degrees", "part"),
    [
        ([], "degrees must hold at least one, got none. Write, say, [2]."),
        (2, "degrees must be a list, got 2. For a single one: [2]."),
        (np.array(2), "degrees must be a list, got array(2)."),
        ("12", "degrees must be a list, got '12'."),
        ([1, 1.5], "degrees must be a whole number of at least 0, got 1.5. It is the highest po"),
        ([-1], "degrees must be a whole number of at least 0, got -1"),
        ([True], "degrees must be a whole number of at least 0, got True"),
        (["2"], "degrees must be a whole number of at least 0, got '2'"),
        ([[1, 2]], "degrees must be a whole number of at least 0, got [1, 2]"),
        ([None], "degrees must be a whole number of at least 0, got None"),
    ],
)
def test_degrees_that_are_none(degrees, part):
    with pytest.raises(kf.InputError) as caught:
        kf.choose_degree([1, 2], [1, 2], degrees)
    assert str(caught.value).startswith(part)


@pytest.mark.parametrize(
    ("kernels", "part"),
    [
        ([], "kernels must hold at least one, got none. Write, say, [kf.Gaussian(1.0)]."),
        (kf.Gaussian(1), "kernels must be a list, got Gaussian(1). For a single one: ["),
        (kf.Gaussian, "kernels must be a list, got <class"),
        ("gaussian", "kernels must be a list, got 'gaussian'"),
        ([kf.Gaussian(1), "rbf"], "kernel must be a kernel, got 'rbf'"),
        ([kf.Gaussian], "kernel must be a kernel, got <class"),
    ],
)
def test_kernels_that_are_none(kernels, part):
    with pytest.raises(kf.InputError) as caught:
        kf.choose_kernel([1, 2], [1, 2], kernels, [1.0])
    assert str(caught.value).startswith(part)


@pytest.mark.parametrize(
    ("X", "y", "part"),
    [
        ([1, 2], [1, 2, 3], "2 rows in X"),
        ([1, np.nan], [1, 2], "X must be finite everywhere, got 1 NaN"),
        ([1, 2], [1, np.inf], "y must be finite everywhere, got 1 infinite"),
        ([], [], "X must hold at least one number"),
        (["a"], [1], "X must hold numbers, got text"),
        ([1, 2], [[1], [2]], "y must hold one number per point, shape (n,), got shape (2, 1)"),
        ([1, 2], [1e200, 1], "y must be of a size whose square float64 can hold, got values up to"),
        ([1, 2], [1e200, 1], "1e+200. Measure y in a larger unit."),
        ([1, 2], [1e-200, 0], "1e-200. Measure y in a smaller unit."),
    ],
)
def test_bad_data(X, y, part):
    for call in (
        lambda: kf.leave_one_out(kf.Linear(), X, y, [1.0]),
        lambda: kf.choose_kernel(X, y, [kf.Linear()], [1.0]),
        lambda: kf.choose_degree(X, y, [1]),
    ):
        with pytest.raises(kf.InputError) as caught:
            call()
        assert part in str(caught.value)


def test_other_refusals():
    with pytest.raises(kf.InputError, match=r"X must be one column for a polynomial in x"):
        kf.choose_degree([[1, 2], [3, 4]], [1, 2], [1])
    with pytest.raises(kf.InputError, match="kernel must be a kernel, got 'rbf'"):
        kf.leave_one_out("rbf", [1, 2], [1, 2], [1.0])
    for call in (
        lambda: kf.leave_one_out(kf.Linear(), [1, 2], [1, 2], [1.0], fit_intercept=1),
        lambda: kf.choose_kernel([1, 2], [1, 2], [kf.Linear()], [1.0], fit_intercept=1),
    ):
        with pytest.raises(kf.InputError, match="fit_intercept must be True or False, got 1"):
            call()


# What is left alone


def test_inputs_are_left_alone():
    x, y, ridges = *map(np.array, wave()), np.array([0.1, 1.0])
    before = x.copy(), y.copy(), ridges.copy()
    choice = kf.leave_one_out(kf.Linear(), x, y, ridges, fit_intercept=True)
    kf.choose_kernel(x, y, CANDIDATES, ridges)
    kf.choose_degree(x, y, [1, 2])
    for now, then in zip((x, y, ridges), before, strict=True):
        assert np.array_equal(now, then)
    assert not np.shares_memory(choice.ridges, ridges)
