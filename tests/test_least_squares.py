"""LinearRegression: identities that every least squares fit obeys, and what is refused."""

import copy
import math
import pickle
import warnings

import numpy as np
import pytest
import rational
from fits import Table, both, close, cloud, fit, read_only, seeds
from hypothesis import given, settings
from hypothesis import strategies as st

import kernelfit as kf
from kernelfit.least_squares import solve_least_squares, upper_triangle

EPS = np.finfo(float).eps


# What least squares means


@both
@seeds
def test_residuals_are_orthogonal_to_every_column(seed, intercept):
    X, y = cloud(seed)
    model = fit(X, y, fit_intercept=intercept)
    r = model.residuals_
    # the rounding of r is that of y, so the angle is measured against y
    assert np.all(np.abs(X.T @ r) < 1e-14 * np.linalg.norm(X, axis=0) * np.linalg.norm(y))
    if intercept:
        assert abs(r.sum()) < 1e-14 * np.abs(y).sum()
    else:
        assert model.intercept_ == 0.0
    assert np.allclose(model.predict(X) + r, y, rtol=0, atol=1e-12 * np.abs(y).max())


@both
@seeds
def test_no_neighbour_fits_better(seed, intercept):
    X, y = cloud(seed)
    model = fit(X, y, fit_intercept=intercept)
    least = model.residuals_ @ model.residuals_
    rng = np.random.default_rng(seed)
    for _ in range(20):
        moved = copy.copy(model)
        moved.coef_ = model.coef_ * (1 + 0.01 * rng.normal(size=3))
        error = y - moved.predict(X)
        assert error @ error > least


@both
@seeds
def test_agrees_with_numpy(seed, intercept):
    X, y = cloud(seed)
    design = np.column_stack([np.ones(len(X)), X]) if intercept else X
    expected, _, rank, _ = np.linalg.lstsq(design, y, rcond=None)
    model = fit(X, y, fit_intercept=intercept)
    assert close([model.intercept_, *model.coef_] if intercept else model.coef_, expected)
    assert model.rank_ == rank


@both
def test_agrees_with_rational_arithmetic(intercept):
    X = [(1, 5), (2, 3), (4, -1), (7, 2), (7, 9)]
    y = [3, 1, 4, 1, 5]
    exact = rational.least_squares([(1, *row) if intercept else row for row in X], y)
    model = fit(X, y, fit_intercept=intercept)
    fitted = [model.intercept_, *model.coef_] if intercept else model.coef_
    assert close(fitted, [float(c) for c in exact], digits=14)


# Properties


@seeds
def test_moving_y_moves_the_intercept_only(seed):
    X, y = cloud(seed)
    model, moved = fit(X, y), fit(X, y + 1000)
    assert close(moved.intercept_, model.intercept_ + 1000)
    assert close(moved.coef_, model.coef_, digits=9)


@seeds
def test_moving_a_column_moves_the_intercept_only(seed):
    X, y = cloud(seed)
    model, moved = fit(X, y), fit(X + np.array([10, 0, 0]), y)
    assert close(moved.coef_, model.coef_, digits=9)
    assert close(moved.intercept_ + 10 * moved.coef_[0], model.intercept_, digits=8)


@both
@seeds
def test_every_point_twice_changes_nothing(seed, intercept):
    X, y = cloud(seed)
    model = fit(X, y, fit_intercept=intercept)
    twice = fit(np.vstack([X, X]), np.tile(y, 2), fit_intercept=intercept)
    assert close(twice.coef_, model.coef_)
    assert close(twice.condition_, model.condition_)
    assert close(twice.residuals_[:30], model.residuals_, digits=8)


@both
@seeds
def test_the_order_of_points_and_columns_does_not_matter(seed, intercept):
    X, y = cloud(seed)
    model = fit(X, y, fit_intercept=intercept)
    order = np.random.default_rng(seed).permutation(len(X))
    assert close(fit(X[order], y[order], fit_intercept=intercept).coef_, model.coef_)
    assert close(fit(X[:, [2, 0, 1]], y, fit_intercept=intercept).coef_, model.coef_[[2, 0, 1]])


@both
@pytest.mark.parametrize("scale", [3.0, 1e-200, 1e200])
def test_other_units_change_the_coefficients_only(intercept, scale):
    X, y = cloud()
    model = fit(X, y, fit_intercept=intercept)
    wider = fit(X * [scale, 1, 1], y, fit_intercept=intercept)
    assert close(wider.coef_ * [scale, 1, 1], model.coef_)
    assert close(wider.condition_, model.condition_)
    higher = fit(X, y * scale, fit_intercept=intercept)
    assert close(higher.coef_, model.coef_ * scale)
    assert close(higher.residuals_, model.residuals_ * scale, digits=8)
    assert close(higher.score(X, y * scale), model.score(X, y))


@settings(max_examples=50, deadline=None)
@given(
    line=st.tuples(*[st.integers(-100, 100)] * 2),
    x=st.lists(st.integers(-1000, 1000), min_size=2, max_size=20).filter(lambda x: len(set(x)) > 1),
)
def test_points_on_a_line_give_back_the_line(line, x):
    a, b = line
    model = fit(x, [a + b * xi for xi in x])
    assert np.allclose([model.intercept_, *model.coef_], line, rtol=0, atol=1e-9)
    assert model.score(x, [a + b * xi for xi in x]) == pytest.approx(1, abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.integers(-5, 5)] * 4), min_size=1, max_size=8),
    intercept=st.booleans(),
)
def test_small_integer_tables_of_any_rank(rows, intercept):
    """The rank is the exact one, and coef_ is what the pseudo-inverse of the centred table says."""
    table = np.array(rows, dtype=float)
    X, y = table[:, :3], table[:, 3]
    centred, right = (X - X.mean(axis=0), y - y.mean()) if intercept else (X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", kf.RankWarning)
        model = kf.LinearRegression(fit_intercept=intercept).fit(X, y)
    rank = np.linalg.matrix_rank(np.column_stack([np.ones(len(X)), X]) if intercept else X)
    assert model.rank_ == rank
    pseudo = np.linalg.pinv(centred, rcond=1e-11) @ right
    assert np.allclose(model.coef_, pseudo, rtol=1e-9, atol=1e-11)
    assert np.allclose(model.residuals_, right - centred @ pseudo, rtol=0, atol=1e-11)


# Numbers at the edge


def test_far_from_zero_the_slope_is_still_exact():
    """Trap S7b: the determinant formula divides by zero here."""
    x = read_only(1e8 + np.arange(3))
    model = fit(x, 2 * x + 1)
    assert abs(model.coef_[0] - 2) < 1e-12
    assert np.abs(model.residuals_).max() < 1e-12
    assert np.allclose(model.predict(x), 2 * x + 1, rtol=1e-15, atol=0)


@pytest.mark.parametrize("offset", [1e10, 1e12, 1e15])
def test_the_mean_is_accurate_however_far_the_points_lie(offset):
    x = offset + np.array([0.0, 1, 2, 5, 9, 11, 12])
    y = np.array([3.0, 1, 4, 1, 5, 9, 2])
    exact = rational.least_squares([(1, int(v)) for v in x], [int(v) for v in y])
    assert close(fit(x, y).coef_[0], float(exact[1]), digits=13)


def test_the_mean_of_many_values_is_the_exact_one():
    rng = np.random.default_rng(0)
    y = 1e8 + rng.normal(size=100_000)
    x = np.tile([-1.0, 1.0], 50_000)
    assert abs(fit(x, y).intercept_ - math.fsum(y) / len(y)) <= np.spacing(1e8)


def test_sizes_that_squares_cannot_hold():
    X, y = cloud()
    model = fit(X, y)
    sizes = np.array([1e200, 1e-200, 1e-300])
    extreme = fit(X * sizes, y * 1e-100)
    assert close(extreme.coef_ * sizes * 1e100, model.coef_)
    largest = fit([-1.7e308, 1.7e308], [-1.7e308, 1.7e308])
    assert largest.coef_ == pytest.approx([1])
    smallest = fit([0.0, 5e-324], [0.0, 5e-324])
    assert smallest.coef_ == pytest.approx([1])


def test_a_slope_beyond_float64_is_refused():
    with pytest.raises(kf.InputError, match=r"coefficient beyond 1\.8e308\. Measure X in a small"):
        kf.LinearRegression().fit([0, 1e-200], [0, 1e200])


def test_laeuchli():
    """Trap S6: here X'X is singular in floating point, X is not."""
    for e in (1e-7, 1e-8, 1e-10):
        model = fit([[1, 1], [e, 0], [0, e]], [3, e, 2 * e], fit_intercept=False)
        assert np.allclose(model.coef_, [1, 2], rtol=0, atol=10 * EPS / e)
        assert close(model.condition_, np.sqrt(2 + e * e) / e, digits=4)


def test_the_condition_is_that_of_the_centred_scaled_columns():
    X, y = cloud()
    for intercept in (True, False):
        A = X - X.mean(axis=0) if intercept else X
        expected = np.linalg.cond(A / np.linalg.norm(A, axis=0))
        assert close(fit(X, y, fit_intercept=intercept).condition_, expected)


@pytest.mark.parametrize("n", [3, 2730, 5459, 5460, 5461, 20_000])
def test_the_triangle_by_blocks_is_the_triangle(n):
    A = np.random.default_rng(n).normal(size=(n, 3))
    R = upper_triangle(A)
    assert R.shape == (3, 3)
    assert np.array_equal(R, np.triu(R))
    assert np.allclose(R.T @ R, A.T @ A, rtol=1e-13, atol=1e-11)
    assert np.array_equal(A, np.random.default_rng(n).normal(size=(n, 3)))


def test_the_solver_by_itself():
    X, y = cloud()
    solution = solve_least_squares(X, y)
    assert solution.intercept == 0.0
    assert (solution.rank, solution.dependent) == (3, ())
    assert close(solution.coefficients, np.linalg.lstsq(X, y, rcond=None)[0])
    twins = solve_least_squares(np.column_stack([X[:, 0], X[:, 1], 2 * X[:, 0]]), y)
    assert (twins.rank, twins.dependent) == (2, ((0, 2),))
    assert twins.condition == np.inf


# Predicting


def test_predict_takes_a_vector_where_the_fit_had_one_column():
    model = fit([1, 2, 3], [2, 4, 7])
    assert model.predict([1, 5]).shape == (2,)
    assert np.array_equal(model.predict([1, 5]), model.predict([[1], [5]]))


@pytest.mark.parametrize(
    ("X", "part"),
    [
        (3.0, "For one point write predict([3.0])."),
        (np.ones((4, 2)), "shape (n, 3), got shape (4, 2)"),
        ([1, 2, 3], "shape (n, 3), got shape (3, 1). If these are the 3 numbers of one point"),
        ([[1, 2, np.nan]], "got 1 NaN"),
    ],
)
def test_predict_refuses(X, part):
    model = fit(*cloud())
    with pytest.raises(kf.InputError) as caught:
        model.predict(X)
    assert part in str(caught.value)


def test_before_fit():
    model = kf.LinearRegression()
    with pytest.raises(
        kf.NotFittedError, match=r"this LinearRegression .* fit\(X, y\) before predict"
    ):
        model.predict([1])
    with pytest.raises(kf.NotFittedError, match="before predict"):
        model.score([1], [1])
    with pytest.raises(kf.NotFittedError, match="before reading coef_"):
        _ = model.coef_
    with pytest.raises(AttributeError, match="no attribute 'coeff_'"):
        _ = model.coeff_
    assert not hasattr(model, "intercept_")


def test_columns_by_name_in_another_order():
    X = [[1, 1], [2, 0], [4, 1], [7, 3]]
    model = fit(Table(["a", "b"], X), [1, 2, 3, 5])
    assert list(model.feature_names_in_) == ["a", "b"]
    with pytest.raises(kf.InputError, match=r"in the same order, a, b, got b, a\. Select them"):
        model.predict(Table(["b", "a"], X))
    assert np.array_equal(model.predict(Table(["a", "b"], X)), model.predict(X))
    assert not hasattr(model.fit(X, [1, 2, 3, 5]), "feature_names_in_")


# Scoring


@both
def test_score_is_the_share_of_the_spread(intercept):
    X, y = cloud()
    model = fit(X, y, fit_intercept=intercept)
    expected = 1 - np.sum(model.residuals_**2) / np.sum((y - y.mean()) ** 2)
    assert close(model.score(X, y), expected)


def test_score_of_a_constant_y():
    x = np.arange(5.0)
    flat = fit(x, np.full(5, 0.1))
    assert flat.score(x, np.full(5, 0.1)) == 1.0
    assert flat.score(x, np.full(5, 0.2)) == 0.0
    assert fit(x, np.zeros(5)).score(x, np.zeros(5)) == 1.0
    assert flat.score([3], [7]) == 0.0


def test_score_can_be_negative_and_checks_its_input():
    model = fit([0, 1, 2], [0, 1, 2])
    assert model.score([0, 1], [1, 0]) == pytest.approx(-3)
    with pytest.raises(kf.InputError, match=r"3 rows in X .* and 2 values in y"):
        model.score([0, 1, 2], [0, 1])


# What is refused, and what is left alone


@pytest.mark.parametrize(
    ("X", "y", "part"),
    [
        ([[1, 2], [3, 4]], [1, 2, 3], "2 rows in X (shape (2, 2)) and 3 values in y (shape (3,))"),
        ([1, 2], [[1], [2]], "y must hold one number per point, shape (n,), got shape (2, 1)"),
        ([1, np.inf], [1, 2], "X must be finite everywhere, got 1 infinite"),
        ([1, 2], [1, np.nan], "y must be finite everywhere, got 1 NaN among 2 numbers"),
        ([], [], "X must hold at least one number, got nothing at all"),
        (["a", "b"], [1, 2], "X must hold numbers, got text"),
        ([1, 2], ["1", "2"], "y must hold numbers, got text"),
        (5, [1], "For one point write fit([5.0])"),
    ],
)
def test_fit_refuses(X, y, part):
    model = kf.LinearRegression()
    with pytest.raises(kf.InputError) as caught:
        model.fit(X, y)
    assert part in str(caught.value)
    assert not hasattr(model, "coef_")


def test_a_switch_that_is_text():
    with pytest.raises(kf.InputError, match="fit_intercept must be True or False, got 'no'"):
        kf.LinearRegression(fit_intercept="no").fit([1, 2], [1, 2])


def test_inputs_are_left_alone_and_results_do_not_share_their_memory():
    for order in "CF":
        X, y = np.array(cloud()[0], order=order), np.array(cloud()[1])
        before = X.copy(), y.copy()
        model = fit(X, y)
        predicted = model.predict(X)
        assert np.array_equal(X, before[0])
        assert np.array_equal(y, before[1])
        for result in (model.coef_, model.residuals_, predicted):
            assert not np.shares_memory(result, X)
            assert not np.shares_memory(result, y)
            result[:] = 0
        assert np.array_equal(X, before[0])


def test_any_layout_of_the_same_numbers():
    X, y = cloud()
    expected = fit(X, y).coef_
    for same in (np.asfortranarray(X), X.tolist(), np.repeat(X, 2, axis=0)[::2], X[::-1][::-1]):
        assert close(fit(same, y).coef_, expected, digits=10)
    integers = np.arange(6) ** 2
    assert close(fit(integers, integers * 3).coef_, [3])


def test_a_second_fit_forgets_the_first():
    X, y = cloud()
    model = fit(X, y)
    assert model.fit(X[:, :1], y) is model
    assert close(model.coef_, fit(X[:, :1], y).coef_, digits=15)
    assert model.n_features_in_ == 1
    with pytest.raises(kf.InputError):
        model.fit(X, y[:-1])
    assert model.coef_.shape == (1,), "a refused fit leaves the model as it was"


# The conventions of scikit-learn


def test_parameters():
    model = kf.LinearRegression(fit_intercept=False)
    assert model.get_params() == {"fit_intercept": False}
    assert model.set_params(fit_intercept=True) is model
    assert model.fit_intercept is True
    with pytest.raises(kf.InputError, match="no parameter 'intercept', it has: fit_intercept"):
        model.set_params(intercept=False)
    with pytest.raises(TypeError):
        kf.LinearRegression(False)


def test_it_prints_as_one_would_type_it():
    assert repr(kf.LinearRegression()) == "LinearRegression()"
    assert repr(kf.LinearRegression(fit_intercept=False)) == "LinearRegression(fit_intercept=False)"


def test_copies_and_pickles():
    X, y = cloud()
    model = fit(X, y)
    for twin in (copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert np.array_equal(twin.predict(X), model.predict(X))
    assert not hasattr(pickle.loads(pickle.dumps(kf.LinearRegression())), "coef_")
