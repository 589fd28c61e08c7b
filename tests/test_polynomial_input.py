"""PolynomialRegression: powers, extreme numbers, what is refused, what scikit-learn asks."""

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest
from polynomials import any_fit, degrees, fit, wave

import kernelfit as kf

# Powers of x


@degrees
@pytest.mark.parametrize("n", [40, 40_000])  # with and without the step of refinement
def test_powers_and_series_are_one_polynomial(degree, n):
    x, y = wave(n=n)
    model = fit(degree, x, y)
    c = model.power_coefficients_
    assert c.shape == (degree + 1,)
    for v in map(Fraction, (-3, Fraction(5, 7), 2, 7)):
        value = float(sum(Fraction(ck) * v**k for k, ck in enumerate(c)))
        assert value == pytest.approx(model.predict([float(v)])[0], abs=1e-9)


def test_the_powers_are_a_copy():
    model = fit(2, *wave())
    model.power_coefficients_[:] = 0
    assert np.all(model.power_coefficients_ != 0)


def test_powers_that_float64_cannot_hold():
    x, y = wave()
    for size in (1e-200, 1e200):
        model = fit(2, x * size, y)
        with pytest.raises(kf.InputError, match=r"power_coefficients_ must be of sizes that float"):
            _ = model.power_coefficients_
        assert np.isfinite(model.predict(x * size)).all()


# Numbers at the edge


def test_the_largest_and_the_smallest_numbers():
    big, small = 1.7e308, 5e-324
    model = fit(1, [-big, 0, big], [-big, 0, big])
    assert np.allclose(model.predict([-big, big / 2]), [-big, big / 2], rtol=1e-15, atol=0)
    assert np.allclose(model.power_coefficients_, [0, 1], rtol=1e-15, atol=1e-15)
    assert np.allclose(fit(1, [0, 1, 2], [big] * 3).predict([0, 2]), big, rtol=1e-15, atol=0)
    assert fit(1, [0, small], [1, 2]).predict([0, small]) == pytest.approx([1, 2])
    assert fit(0, [1, 2], [small, small]).predict([7])[0] == small
    assert np.array_equal(fit(2, [1, 2, 3, 4], [0] * 4).predict([0, 9]), [0, 0])
    with pytest.raises(kf.InputError, match=r"leaves room for the coefficients.*a larger unit"):
        fit(3, [-1, -0.5, 0.5, 1], [big, -big, big, -big])


# What is refused, and what is left alone


@pytest.mark.parametrize("degree", [-1, 1.5, True, "2", None, [2]])
def test_a_degree_that_is_none(degree):
    with pytest.raises(
        kf.InputError, match=r"degree must be a whole number of at least 0, got .*1"
    ):
        kf.PolynomialRegression(degree).fit([1, 2], [1, 2])


@pytest.mark.parametrize(
    ("X", "y", "part"),
    [
        ([[1, 2], [3, 4]], [1, 2], "X must be one column for a polynomial in x, got shape (2, 2)"),
        ([1, np.nan], [1, 2], "X must be finite everywhere, got 1 NaN"),
        ([1, 2], [1, np.inf], "y must be finite everywhere, got 1 infinite"),
        ([1, 2, 3], [1, 2], "3 rows in X"),
        ([1, 2], [[1], [2]], "y must hold one number per point, shape (n,), got shape (2, 1)"),
        ([], [], "X must hold at least one number"),
        (["a"], [1], "X must hold numbers, got text"),
        (5, [1], "For one point write fit([5.0])"),
    ],
)
def test_fit_refuses(X, y, part):
    model = kf.PolynomialRegression(1)
    with pytest.raises(kf.InputError) as caught:
        model.fit(X, y)
    assert part in str(caught.value)
    assert not hasattr(model, "polynomial_")


def test_predict_refuses():
    model = fit(1, *wave())
    with pytest.raises(kf.InputError, match=r"shape \(n, 1\), got shape \(1, 2\)"):
        model.predict([[1, 2]])
    with pytest.raises(kf.InputError, match=r"write predict\(\[3\.0\]\)"):
        model.predict(3.0)


def test_before_fit():
    model = kf.PolynomialRegression(2)
    with pytest.raises(kf.NotFittedError, match=r"this PolynomialRegression .* before predict"):
        model.predict([1])
    for name in ("polynomial_", "residuals_", "rank_", "condition_"):
        with pytest.raises(kf.NotFittedError, match=f"before reading {name}"):
            getattr(model, name)


def test_powers_before_fit():
    with pytest.raises(kf.NotFittedError, match="before reading power_coefficients_"):
        _ = kf.PolynomialRegression(2).power_coefficients_


def test_a_column_is_a_vector():
    x, y = wave()
    model = fit(3, x[:, None], y)
    assert np.array_equal(model.polynomial_.coef, fit(3, x.tolist(), y.tolist()).polynomial_.coef)
    assert np.array_equal(model.predict(x[:, None]), model.predict(x))
    assert model.n_features_in_ == 1


def test_inputs_are_left_alone_and_results_do_not_share_their_memory():
    for degree in (3, 60):  # by the matrix, and by the triangle
        x, y = (np.array(v) for v in wave())
        before = x.copy(), y.copy()
        model = any_fit(degree, x, y)
        predicted, powers = model.predict(x), model.power_coefficients_
        assert np.array_equal(x, before[0])
        assert np.array_equal(y, before[1])
        for result in (model.residuals_, model.polynomial_.coef, predicted, powers):
            assert not np.shares_memory(result, x)
            assert not np.shares_memory(result, y)


def test_powers_are_those_of_the_fit_whatever_becomes_of_the_data():
    x, y = (np.array(v) for v in wave())
    model, same = fit(3, x, y), fit(3, x.copy(), y.copy())
    x[:], y[:] = 0, 0
    assert np.array_equal(model.power_coefficients_, same.power_coefficients_)


def test_a_second_fit_forgets_the_first():
    x, y = wave()
    model = fit(3, x, y)
    assert model.power_coefficients_.shape == (4,)
    assert model.set_params(degree=1).fit(x * 2, y) is model
    assert np.array_equal(model.power_coefficients_, fit(1, x * 2, y).power_coefficients_)
    assert np.array_equal(model.polynomial_.domain, [2 * x.min(), 2 * x.max()])
    with pytest.raises(kf.InputError):
        model.fit(x, y[:-1])
    assert model.polynomial_.degree() == 1, "a refused fit leaves the model as it was"


# The conventions of scikit-learn


def test_parameters_text_copies_and_pickles():
    model = kf.PolynomialRegression(3)
    assert model.get_params() == {"degree": 3}
    assert repr(model) == "PolynomialRegression(degree=3)"
    with pytest.raises(kf.InputError, match="no parameter 'power', it has: degree"):
        model.set_params(power=2)
    x, y = wave()
    model.fit(x, y)
    for twin in (copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert np.array_equal(twin.predict(x), model.predict(x))
        assert np.array_equal(twin.power_coefficients_, model.power_coefficients_)
    assert not hasattr(pickle.loads(pickle.dumps(kf.PolynomialRegression(3))), "polynomial_")
    assert np.array_equal(fit(3.0, x, y).predict(x), model.predict(x))
