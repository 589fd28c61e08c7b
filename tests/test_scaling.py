"""LeastSquaresSummary: one triangle says what all rows say, however they were cut into blocks."""

import pickle
import warnings
from functools import reduce
from pathlib import Path

import numpy as np
import pytest
import rational
from fits import both, close, cloud, read_only, seeds
from hypothesis import given, settings
from hypothesis import strategies as st

import kernelfit as kf
from kernelfit import scaling
from kernelfit.symbolic import correct_digits

EPS = 2.0**-52
ROWS = scaling.ROWS


def solve(summary, **options):
    """A solution that may not warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return summary.solve(**options)


def short_solve(summary, **options):
    """A solution that must warn, and its message."""
    with pytest.warns(kf.RankWarning) as caught:
        found = summary.solve(**options)
    assert len(caught) == 1
    assert Path(caught[0].filename) == Path(__file__), "the warning points at the caller's line"
    return found, str(caught[0].message)


def cut(X, y, cuts, order_seed=None):
    """The summaries of the blocks between the cuts, in another order when a seed is given."""
    blocks = zip(np.split(X, cuts), np.split(y, cuts), strict=True)
    summaries = [kf.LeastSquaresSummary(*block) for block in blocks]
    if order_seed is not None:
        np.random.default_rng(order_seed).shuffle(summaries)
    return summaries


def merged(summaries):
    return reduce(kf.LeastSquaresSummary.merge, summaries)


def same(a, b, room=1e-12):
    """The same summary but for rounding, each column measured by its own length."""
    size = np.linalg.norm(a.triangle, axis=0)
    spread = size / np.sqrt(a.n_rows)
    return (
        a.n_rows == b.n_rows
        and (np.abs(a.triangle - b.triangle) <= room * size).all()
        and (np.abs(a.means - b.means) <= room * spread + EPS * np.abs(a.means)).all()
    )


# One block


@both
@seeds
@pytest.mark.parametrize(("n", "p"), [(30, 3), (7, 6), (9000, 2), (2 * ROWS + 1, 3)])
def test_it_is_linear_regression(seed, n, p, intercept):
    X, y = cloud(seed, n=n, p=p)
    found = solve(kf.LeastSquaresSummary(X, y), fit_intercept=intercept)
    model = kf.LinearRegression(fit_intercept=intercept).fit(X, y)
    assert close(found.coefficients, model.coef_, digits=9)
    assert found.intercept == pytest.approx(model.intercept_, rel=1e-9, abs=1e-9)
    assert found.rank == model.rank_
    assert found.condition == pytest.approx(model.condition_, rel=1e-9)
    error = model.residuals_ @ model.residuals_
    assert found.residual_sum_of_squares == pytest.approx(error, rel=1e-9)
    assert np.allclose(found.predict(X), model.predict(X), rtol=0, atol=1e-10 * np.abs(y).max())


@seeds
@pytest.mark.parametrize("n", [1, 3, 30, 9000])
def test_the_triangle_holds_the_products_of_the_centred_columns(seed, n):
    X, y = cloud(seed, n=n)
    summary = kf.LeastSquaresSummary(X, y)
    table = np.column_stack([X, y])
    centred = table - table.mean(axis=0)
    R = summary.triangle
    assert summary.n_rows == n
    assert np.allclose(summary.means, table.mean(axis=0), rtol=1e-13, atol=0)
    assert R.shape == (4, 4)
    assert np.array_equal(R, np.triu(R))
    assert (R.diagonal() >= 0).all(), "which makes it unique"
    lengths = np.linalg.norm(centred, axis=0)
    error = np.abs(R.T @ R - centred.T @ centred)
    assert (error <= 1e-13 * np.outer(lengths, lengths)).all()


@both
@pytest.mark.parametrize("ridge", [1e-6, 0.1, 10.0, 1e6])
def test_a_ridge_is_rows_that_ask_the_coefficients_to_be_zero(ridge, intercept):
    X, y = cloud(2)
    found = solve(kf.LeastSquaresSummary(X, y), ridge=ridge, fit_intercept=intercept)
    above = np.column_stack([np.ones(30), X]) if intercept else X
    below = np.sqrt(ridge) * np.eye(3, 3 + intercept, k=int(intercept))
    weights = np.linalg.lstsq(np.vstack([above, below]), np.append(y, np.zeros(3)), rcond=None)[0]
    assert close(found.coefficients, weights[intercept:], digits=9)
    assert found.intercept == pytest.approx(weights[0] if intercept else 0, rel=1e-9)
    r = y - found.predict(X)
    assert found.residual_sum_of_squares == pytest.approx(r @ r, rel=1e-9)
    assert found.rank == 3 + intercept


@both
def test_the_ridge_is_that_of_the_linear_kernel(intercept):
    X, y = cloud(1)
    summary = kf.LeastSquaresSummary(X, y)
    for ridge in (0.01, 3.0):
        found = solve(summary, ridge=ridge, fit_intercept=intercept)
        model = kf.KernelRegression(kf.Linear(), ridge=ridge, fit_intercept=intercept).fit(X, y)
        assert np.allclose(found.predict(X), model.predict(X), rtol=0, atol=1e-7)
    sizes = [
        np.linalg.norm(solve(summary, ridge=r, fit_intercept=intercept).coefficients)
        for r in (0, 1, 100, 1e12)
    ]
    assert sizes == sorted(sizes, reverse=True)


# Many blocks


@settings(max_examples=80, deadline=None)
@given(
    n=st.integers(1, 40),
    p=st.integers(1, 4),
    cuts=st.lists(st.integers(1, 39), max_size=12, unique=True),
    seed=st.integers(0, 10**6),
)
def test_however_the_rows_are_cut_and_in_any_order(n, p, cuts, seed):
    X, y = cloud(seed, n=n, p=p)
    summaries = cut(X, y, sorted(c for c in cuts if c < n), seed)
    assert same(merged(summaries), kf.LeastSquaresSummary(X, y))


@seeds
def test_rows_one_by_one(seed):
    X, y = cloud(seed)
    whole = kf.LeastSquaresSummary(X, y)
    rows = cut(X, y, range(1, 30), seed)
    assert all(not row.triangle.any() for row in rows)
    assert same(merged(rows), whole)


@seeds
def test_merging_is_associative_and_commutative(seed):
    a, b, c = cut(*cloud(seed), [4, 19])
    left = a.merge(b).merge(c)
    for other in (a.merge(b.merge(c)), b.merge(a).merge(c), c.merge(b).merge(a)):
        assert same(left, other)
        found, again = solve(left), solve(other)
        assert close(found.coefficients, again.coefficients)
        assert close(found.residual_sum_of_squares, again.residual_sum_of_squares)
    assert same(a.merge(b), b.merge(a), 1e-14)


@both
def test_every_row_many_times_changes_nothing(intercept):
    X, y = cloud()
    once = kf.LeastSquaresSummary(X, y)
    found, summary = solve(once, fit_intercept=intercept), once
    for _ in range(20):
        summary = summary.merge(summary)
    many = solve(summary, fit_intercept=intercept)
    assert summary.n_rows == 30 * 2**20
    assert close(many.coefficients, found.coefficients, digits=9)
    assert many.residual_sum_of_squares == pytest.approx(found.residual_sum_of_squares * 2**20)
    assert (many.rank, many.condition) == (found.rank, pytest.approx(found.condition))


def test_it_stays_small_whatever_it_stands_for():
    rng = np.random.default_rng(3)
    blocks = ((rng.normal(size=(100, 4)), rng.normal(size=100)) for _ in range(300))
    assert len(pickle.dumps(kf.summarize(blocks))) < 2000


def test_the_number_of_rows_is_no_reason_to_lose_rank():
    """The rounding of 3e14 rows is not 3e14 times that of one."""
    X = conditioned(6, p=3)
    y = X @ [1, 2, 3] + 1e-9 * np.random.default_rng(0).normal(size=300)
    summary = kf.LeastSquaresSummary(X, y)
    found = solve(summary)
    for _ in range(40):
        summary = summary.merge(summary)
    many = solve(summary)
    assert many.rank == found.rank == 4
    assert np.allclose(many.coefficients, found.coefficients, rtol=0, atol=1e-7)


@pytest.mark.parametrize("offset", [0, 10**4, 10**8, 10**12])
@pytest.mark.parametrize("size", [1, 7, 100])
def test_far_from_zero_blocks_keep_their_digits(offset, size):
    """A mean is known to more digits than one float holds, or 1e8 would cost eight of them."""
    rng = np.random.default_rng(0)
    X = rng.integers(0, [3, 50], (300, 2)) + float(offset)
    y = 3 * X[:, 0] - 2 * X[:, 1] + rng.integers(-5, 6, 300)
    exact = rational.least_squares([(1, *row) for row in X.tolist()], y.tolist())
    summaries = cut(read_only(X), read_only(y), range(size, 300, size), 1)
    found = solve(merged(summaries))
    assert correct_digits(found.coefficients, exact[1:]) >= 13
    # the intercept is the mean of y less that of X times c: the last digits of c count `offset`
    room = 1e-13 * (1 + offset)
    assert found.intercept == pytest.approx(float(exact[0]), abs=10 * room, rel=1e-13)


def test_three_neighbours_at_a_hundred_million():
    x = read_only([1e8, 1e8 + 1, 1e8 + 2])
    for summaries in (cut(x, [1, 2, 4], []), cut(x, [1, 2, 4], [1]), cut(x, [1, 2, 4], [1, 2])):
        assert close(solve(merged(summaries)).coefficients, [1.5], digits=15)


# Columns that depend on each other


def dependent_tables():
    rng = np.random.default_rng(5)
    a, b, c, d = rng.normal(size=(4, 40))
    group = (np.arange(40)[:, None] % 3 == np.arange(3)).astype(float)
    return {
        "a multiple": np.column_stack([a, b, 2.54 * a]),
        "a multiple plus a constant": np.column_stack([a, b, 1.8 * b + 32]),
        "a constant": np.column_stack([a, np.full(40, 0.1), b]),
        "zeros": np.column_stack([a, np.zeros(40)]),
        "constants": np.column_stack([np.full(40, 3.0), a, np.full(40, 1e300)]),
        "only a constant": np.full((40, 1), 7.0),
        "dummies": group,
        "two groups": np.column_stack([a, b, 3 * a, c, b + c, d, np.ones(40)]),
        "many multiples": np.outer(a, np.arange(1, 9)),
        "far away": np.column_stack([1e8 + a, 2.54 * (1e8 + a)]),
        "of very different size": np.column_stack([a, 1e-150 * a, b * 1e-150, -3e-150 * b, c]),
        "wide": rng.normal(size=(40, 60)),
    }


@both
@pytest.mark.parametrize("name", dependent_tables())
@pytest.mark.parametrize("size", [40, 11, 1])
def test_the_shortest_solution_and_its_words_are_those_of_linear_regression(name, size, intercept):
    X = read_only(dependent_tables()[name])
    y = read_only(np.random.default_rng(1).normal(size=40) + 3)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model = kf.LinearRegression(fit_intercept=intercept).fit(X, y)
    summary = merged(cut(X, y, range(size, 40, size), 0))
    if not said:
        assert solve(summary, fit_intercept=intercept).rank == model.rank_
        return
    found, text = short_solve(summary, fit_intercept=intercept)
    assert text == str(said[0].message)
    assert found.rank == model.rank_
    assert found.condition == np.inf
    scale = np.abs(X).max(axis=0) + (np.abs(X).max(axis=0) == 0)
    assert np.allclose(
        found.coefficients * scale, model.coef_ * scale, rtol=1e-8, atol=1e-8 * np.abs(y).max()
    )
    error = model.residuals_ @ model.residuals_
    assert found.residual_sum_of_squares == pytest.approx(error, rel=1e-8, abs=1e-20)


def test_a_block_may_be_deficient_when_the_whole_is_not():
    X, y = cloud(n=40)
    X = np.array(X)
    X[:13, 1] = 5.0
    X[13:26, 2] = X[13:26, 0]
    first, second, third = cut(X, y, [13, 26])
    for block, words in (
        (first, "column 1 is constant"),
        (second, "column 2 is a multiple of col"),
    ):
        assert words in short_solve(block)[1]
    found = solve(first.merge(second).merge(third))
    assert close(found.coefficients, kf.LinearRegression().fit(X, y).coef_, digits=9)
    flat, steep = (kf.LeastSquaresSummary([[x, 1.0 * x]] * 5, range(5)) for x in (1, 2))
    assert "column 1 is a multiple of column 0" in short_solve(flat.merge(steep))[1]


@pytest.mark.parametrize("ridge", [1e-6, 1e-12, 1e-16, 1e-20])
def test_a_small_ridge_on_dependent_columns(ridge):
    """What rounding left of the second column would pull its coefficient to 1e-16 / ridge."""
    x, y = np.array([1.0, 2, 4, 7, 9, 3]), [1.0, 2, 3, 3, 5, 1]
    for other, share in ((x, 1), (3 * x, 3), (x / 3 + 5, 1 / 3)):
        slope = kf.LinearRegression().fit(x, y).coef_[0] / (1 + share**2)
        for columns in ([x, other], [x, other, np.full(6, 4.0)]):
            summary = kf.LeastSquaresSummary(np.column_stack(columns), y)
            found = solve(summary, ridge=ridge) if ridge > 1e-15 else summary.solve(ridge=ridge)
            expected = [slope, share * slope, 0][: len(columns)]
            assert np.allclose(found.coefficients, expected, rtol=0, atol=ridge + 1e-12)


# Sizes


@both
@pytest.mark.parametrize("n", [30, 400])
@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e-150, 1e150, 1e200, 1e300])
def test_columns_of_any_size(size, n, intercept):
    X, y = cloud(n=n)
    X = np.array(X) - X.mean(axis=0)  # for the squares of means, too, are out of bounds
    for scale in ([size, 1, 1], [size, size, size]):
        for moved in (0, 1):
            a = solve(kf.LeastSquaresSummary(X + moved, y), fit_intercept=intercept)
            summary = merged(cut((X + moved) * scale, y, [n // 3]))
            b = solve(summary, fit_intercept=intercept)
            assert close(b.coefficients * scale, a.coefficients, digits=9)
            assert (b.rank, b.condition) == (a.rank, pytest.approx(a.condition, rel=1e-9))
            assert close(b.residual_sum_of_squares, a.residual_sum_of_squares, digits=9)


@both
@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e150])
def test_values_of_any_size(size, intercept):
    X, y = cloud()
    a = solve(kf.LeastSquaresSummary(X, y), fit_intercept=intercept)
    b = solve(merged(cut(X, y * size, [9])), fit_intercept=intercept)
    assert close(b.coefficients / size, a.coefficients, digits=9)
    error = a.residual_sum_of_squares * size * size
    assert b.residual_sum_of_squares == pytest.approx(error, rel=1e-9, abs=1e-321)


@both
def test_a_ridge_of_any_size(intercept):
    X, y = np.array([1.0, 2, 4]), [1.0, 2, 3]
    for size in (1e-300, 1e-100, 1e100, 1e140):
        a = solve(kf.LeastSquaresSummary(X, y), ridge=0.7, fit_intercept=intercept)
        small = kf.LeastSquaresSummary(X * size, y)
        ridge = 0.7 * size * size if 0.7 * size * size > 0 else 5e-324
        b = solve(small, ridge=ridge, fit_intercept=intercept)
        if size > 1e-150:
            assert close(b.coefficients * size, a.coefficients, digits=12)
        for large in (1e250, 1e308):
            c = solve(small, ridge=large, fit_intercept=intercept)
            assert abs(c.coefficients[0]) * size < 1
            assert c.intercept == pytest.approx(2.0 * intercept, abs=2)


# The two ways to a triangle


def conditioned(log_condition, n=300, p=5, seed=0):
    rng = np.random.default_rng(seed)
    U = np.linalg.qr(rng.normal(size=(n, p)))[0]
    V = np.linalg.qr(rng.normal(size=(p, p)))[0]
    return U @ np.diag(np.logspace(0, -log_condition, p)) @ V.T


@seeds
@pytest.mark.parametrize("log_condition", [0, 1, 2.7, 4, 6, 9, 12])
def test_by_products_it_is_as_good_as_by_reflections(log_condition, seed, monkeypatch):
    """To rounding from a condition of a thousand on; below, one round costs its square."""
    A = conditioned(log_condition, seed=seed)
    R = scaling._by_gram(A)
    if log_condition >= 9:
        assert R is None, "the products of the columns say nothing any more"
        return
    assert (R.diagonal() > 0).all()
    Q = np.linalg.solve(R.T, A.T).T
    room = 100 * EPS * 10**log_condition
    if log_condition < 3:
        room = max(1e-13, 10 * EPS * 100**log_condition)
    assert np.abs(Q.T @ Q - np.eye(5)).max() < room
    monkeypatch.setattr(scaling, "_by_gram", lambda table: None)
    by_reflections = scaling._triangle(A)
    assert np.abs(R - by_reflections).max() <= room * np.abs(R).max()
    # backward: R'R belongs to columns that are A's but for rounding
    error = np.linalg.norm(np.linalg.qr(A)[0].T @ A, 2) * 100 * EPS
    lengths = np.linalg.norm(R, axis=0) - np.linalg.norm(A, axis=0)
    assert np.abs(lengths).max() <= error


@pytest.mark.parametrize(
    ("table", "products_do"),
    [
        (np.ones((50, 2)), False),
        (np.column_stack([np.arange(50.0), np.zeros(50)]), False),
        (1e200 * conditioned(0), False),
        (1e-200 * conditioned(0), False),
        (1e-160 * conditioned(0), True),
        (conditioned(0) * [1, 1, 1e-150, 1e150, 1], True),
        (np.zeros((9, 3)), False),
    ],
    ids=range(7),
)
def test_where_products_will_not_do_reflections_will(table, products_do):
    with np.errstate(over="ignore", invalid="ignore"):  # as its callers do
        assert (scaling._by_gram(table) is not None) == products_do
        R = scaling._triangle(table)
    assert (R.diagonal() >= 0).all()
    lengths = np.hypot.reduce(table)
    assert np.allclose(np.hypot.reduce(R), lengths, rtol=1e-13, atol=0)
    unit = np.where(lengths == 0, 1, lengths)
    cosines = (table / unit).T @ (table / unit)
    assert np.allclose((R / unit).T @ (R / unit), cosines, rtol=0, atol=1e-13)


def test_both_ways_are_taken(monkeypatch):
    taken = []
    by_gram = scaling._by_gram

    def noted(table):
        R = by_gram(table)
        taken.append(R is not None)
        return R

    monkeypatch.setattr(scaling, "_by_gram", noted)
    X, y = cloud(n=9000)
    well = kf.LeastSquaresSummary(X, y)
    assert all(taken)
    assert taken
    taken.clear()
    ill = kf.LeastSquaresSummary(np.column_stack([X, X[:, 0]]), y)
    assert not any(taken)
    assert taken
    found = short_solve(ill)[0]
    assert found.coefficients[0] * 2 == pytest.approx(solve(well).coefficients[0], rel=1e-9)
