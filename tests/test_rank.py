"""LinearRegression when many functions fit equally well: rank, warning, the shortest solution."""

import numpy as np
import pytest
from fits import Table, close, cloud, fit, read_only, short_fit

EPS = np.finfo(float).eps


def least_norm(X, y):
    centred = X - X.mean(axis=0)
    return np.linalg.lstsq(centred, y - y.mean(), rcond=1e-10)[0]


REMEDY = "Many functions fit equally well, and this is the one of least coefficients; "


def test_a_multiple_of_a_column():
    X, y = cloud()
    X = np.column_stack([X, 2.54 * X[:, 1]])
    model, message = short_fit(X, y)
    assert message == (
        "the intercept and the 4 columns of X span only 4 dimensions: column 3 is a multiple of "
        f"column 1. {REMEDY}drop one of the two to make them meaningful."
    )
    assert model.rank_ == 4
    assert model.condition_ == np.inf
    assert close(model.coef_, least_norm(X, y), digits=9)
    assert close(model.coef_[3], 2.54 * model.coef_[1])


def test_a_multiple_plus_a_constant():
    rng = np.random.default_rng(1)
    celsius = rng.normal(size=9)
    X, y = np.column_stack([celsius, 1.8 * celsius + 32]), rng.normal(size=9)
    model, message = short_fit(X, y)
    assert "column 1 is a multiple of column 0 plus a constant. " in message
    assert close(model.coef_, least_norm(X, y))
    assert fit(X, y, fit_intercept=False).rank_ == 2, "without an intercept they are independent"


@pytest.mark.parametrize("n", [2, 3, 5, 50])
def test_a_column_in_other_units_is_seen_however_far_from_zero(n):
    """The rounding of 2.54 x, not the spread of x, decides what counts as a multiple."""
    rng = np.random.default_rng(n)
    for offset in (0, 60, 1e4, 1e8):
        inches = offset + rng.normal(size=n + 1)
        model, message = short_fit(np.column_stack([inches, 2.54 * inches]), rng.normal(size=n + 1))
        assert model.rank_ == 2
        assert "is a multiple of column 0" in message


def test_a_constant_column():
    X, y = cloud()
    for constant in (7.0, 0.1, 1e300, 0.0):
        table = np.column_stack([X[:, 0], np.full(30, constant), X[:, 1]])
        model, message = short_fit(table, y)
        assert message == (
            "the intercept and the 3 columns of X span only 3 dimensions: column 1 is constant, "
            f"which the intercept already says. {REMEDY}drop column 1 to make them meaningful."
        )
        assert model.coef_[1] == 0
        assert close(model.coef_[[0, 2]], fit(X[:, :2], y).coef_)


def test_a_column_that_is_constant_but_for_rounding():
    X, y = cloud()
    rng = np.random.default_rng(0)
    constant = np.where(rng.random(30) < 0.5, 0.3, 0.1 + 0.2)
    assert constant.min() < constant.max()
    model, message = short_fit(np.column_stack([X, constant]), y)
    assert "column 3 is constant, which the intercept already says. " in message
    assert model.rank_ == 4
    assert close(model.coef_, [*fit(X, y).coef_, 0])


def test_a_wide_table_of_small_rank():
    rng = np.random.default_rng(3)
    X = rng.random((400, 5)) @ rng.random((5, 300))
    model, message = short_fit(X, rng.normal(size=400), fit_intercept=False)
    assert model.rank_ == 5
    assert "column 4 and 295 more depend on each other. " in message


def test_several_constant_columns():
    _, message = short_fit([[1, 0, 4], [1, 1, 4], [1, 2, 4]], [1, 2, 4])
    assert "column 0 and column 2 are constant, which the intercept" in message
    assert "drop column 0 and column 2 to make" in message


def test_all_x_equal():
    model, message = short_fit([3, 3, 3], [1, 2, 6])
    assert message.startswith(
        "the intercept and the column of X span only 1 dimension: column 0 is"
    )
    assert (model.intercept_, model.coef_.tolist(), model.rank_) == (3.0, [0.0], 1)
    assert model.predict([3]).tolist() == [3.0]


def test_a_column_of_zeros_without_intercept():
    model, message = short_fit([[0, 1], [0, 2], [0, 4]], [1, 2, 4], fit_intercept=False)
    assert message.startswith(
        "the 2 columns of X span only 1 dimension: column 0 is zero throughout. "
    )
    assert model.coef_ == pytest.approx([0, 1])
    _, message = short_fit([0, 0], [1, 2], fit_intercept=False)
    assert message.startswith("the column of X spans only 0 dimensions: column 0 is zero")


def test_one_column_for_each_of_three_groups():
    """The dummy variables of all the groups add up to the intercept's column of ones."""
    group = np.arange(12) % 3
    X = (group[:, None] == np.arange(3)).astype(float)
    y = np.random.default_rng(0).normal(size=12)
    model, message = short_fit(X, y)
    assert "column 0, column 1 and column 2 depend on each other and on the intercept. " in message
    assert "drop one of column 0, column 1 and column 2 to make" in message
    assert abs(model.coef_.sum()) < 1e-13, "least norm: the coefficients balance"
    means = [y[group == g].mean() for g in range(3)]
    assert close(model.predict(np.eye(3)), means)


def test_two_dependences_at_once_are_told_apart():
    rng = np.random.default_rng(5)
    a, b, c, d = rng.normal(size=(4, 20))
    X, y = np.column_stack([a, b, 3 * a, c, b + c, d, np.ones(20)]), rng.normal(size=20)
    model, message = short_fit(X, y)
    assert message == (
        "the intercept and the 7 columns of X span only 5 dimensions: column 6 is constant, which "
        "the intercept already says; column 2 is a multiple of column 0; column 1, column 3 and "
        f"column 4 depend on each other. {REMEDY}drop column 6, one of column 0 and column 2 and "
        "one of column 1, column 3 and column 4 to make them meaningful."
    )
    assert np.allclose(model.coef_, least_norm(X, y), rtol=1e-10, atol=1e-14)


def test_many_multiples_of_one_column():
    x = np.arange(10.0)
    X = np.outer(x, np.arange(1, 9))
    _, message = short_fit(X, x)
    assert "column 3, column 4 and 3 more are multiples of each other. " in message
    assert "drop 7 of column 0" in message


def test_names_are_used_where_the_table_has_them():
    inches = np.array([60.0, 62, 65, 71])
    heights = np.column_stack([inches, 2.54 * inches])
    _, message = short_fit(Table(["height_in", "height_cm"], heights), [1, 2, 4, 3])
    assert "height_cm is a multiple of height_in. " in message
    _, message = short_fit(Table([0, 1], heights), [1, 2, 4, 3])
    assert "column 1 is a multiple of column 0. " in message


@pytest.mark.parametrize(("n", "p"), [(1, 1), (1, 3), (3, 3), (4, 9), (10, 40)])
def test_too_few_points(n, p):
    rng = np.random.default_rng(p)
    X, y = read_only(rng.normal(size=(n, p)) + 3), read_only(rng.normal(size=n))
    model, message = short_fit(X, y)
    points = (
        "1 point fixes at most 1 coefficient" if n == 1 else f"{n} points fix at most {n} coeff"
    )
    assert f": {points}" in message
    assert f"and there are {p + 1}. " in message
    assert "take more points or fewer columns to make" in message
    assert model.rank_ == n
    assert np.allclose(model.coef_, least_norm(X, y), rtol=1e-9, atol=1e-12)
    assert np.allclose(model.predict(X), y, rtol=0, atol=1e-12)


def test_as_many_points_as_coefficients_is_enough():
    assert fit([1, 2], [3, 4]).rank_ == 2
    assert fit([[2.0]], [3.0], fit_intercept=False).coef_ == pytest.approx([1.5])


def test_the_least_norm_is_in_the_callers_units():
    """y = 5 u from columns u and 1000 u: (c, 1000 c) is the shortest, not (2.5, 0.0025)."""
    u = np.array([0.0, 1, 3, 4])
    model, _ = short_fit(np.column_stack([u, 1000 * u]), 5 * u)
    assert close(model.coef_, np.array([5, 5000]) / (1 + 1000**2))


@pytest.mark.parametrize("ratio", [1e-300, 1e-160, 1e-20, 1e20, 1e160, 1e300])
def test_the_least_norm_with_columns_of_any_size(ratio):
    rng = np.random.default_rng(2)
    u, v, w = rng.normal(size=(3, 12))
    X = np.column_stack([u, ratio * u, v * ratio, -3 * v * ratio, w])
    y = 2 * u + v - w + rng.normal(size=12)
    model, _ = short_fit(X, y)
    cu, cv, cw = fit(np.column_stack([u, v, w]), y).coef_
    pair = (1, ratio) if ratio < 1 else (ratio**-1 / ratio, 1 / ratio)
    length = 1 + min(ratio, 1 / ratio) ** 2
    expected = [cu * pair[0] / length, cu * pair[1] / length, cv / ratio / 10, -3 * cv / ratio / 10]
    assert np.allclose(model.coef_, [*expected, cw], rtol=1e-9, atol=1e-310)


@pytest.mark.parametrize("ratio", [1e-3, 1e-8, 1e-20, 1e-160])
def test_a_dependence_among_columns_of_very_different_size(ratio):
    rng = np.random.default_rng(4)
    u, v = rng.normal(size=(2, 12))
    y = 3 * u - v
    # What u + v can say costs next to nothing, 3 u - v = (u + v) + 2 (u - v), the rest is split.
    model, _ = short_fit(np.column_stack([ratio * u, u + v, ratio * v]), y)
    assert np.abs(model.residuals_).max() < 1e-13
    assert np.allclose(
        model.coef_ * [ratio, 1, ratio], [2, 1, -2], rtol=0, atol=3 * ratio**2 + 1e-9
    )
    model, _ = short_fit(np.column_stack([ratio * u, u + v, ratio * v, 2 * (u + v)]), y)
    assert np.abs(model.residuals_).max() < 1e-13
    assert np.allclose(
        model.coef_ * [ratio, 1, ratio, 1], [2, 0.2, -2, 0.4], rtol=0, atol=3 * ratio**2 + 1e-9
    )
