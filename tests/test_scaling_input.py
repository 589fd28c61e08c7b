"""Summaries: blocks from lists and generators, features, what is refused, what is left alone."""

import copy
import pickle
import sys
import tracemalloc

import numpy as np
import pytest
from fits import Table, cloud, read_only, refusal
from test_scaling import merged, same, short_solve, solve

import kernelfit as kf
from kernelfit.scaling import ROWS

NO_QUOTES = "Write the word without quotes."
RNG = np.random.default_rng(0)


def blocks(X, y, size):
    for start in range(0, len(y), size):
        yield X[start : start + size], y[start : start + size]


# Where the rows come from


@pytest.mark.parametrize("size", [1, 7, 30])
def test_a_list_and_a_generator(size):
    X, y = cloud()
    whole = kf.LeastSquaresSummary(X, y)
    assert same(kf.summarize(blocks(X, y, size)), whole)
    assert same(kf.summarize(list(blocks(X, y, size))), whole)
    assert same(kf.summarize(tuple([X, y] for X, y in blocks(X, y, size))), whole)


def test_one_block_at_a_time_is_in_memory():
    """All rows together would take 41 MB."""

    def from_a_file():
        for _ in range(20):
            X = RNG.normal(size=(10_000, 25))
            yield X, X @ np.arange(1.0, 26) + RNG.normal(size=10_000)

    kf.summarize([cloud()])  # tqdm is loaded
    tracemalloc.start()
    try:
        found = solve(kf.summarize(from_a_file()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 15e6, "two blocks of 2 MB, and what a part of one takes"
    assert np.allclose(found.coefficients, np.arange(1, 26), rtol=0, atol=0.015)
    assert found.residual_sum_of_squares == pytest.approx(2e5, rel=0.02)


def test_a_block_is_read_when_its_turn_comes():
    read = []

    def noted():
        for number in range(4):
            read.append(number)
            yield ([1.0, 2], [1.0, 2]) if number < 2 else ([1.0, np.nan], [1.0, 2])

    text = refusal(lambda: kf.summarize(noted()))
    assert text.startswith("in block 2: X must be finite everywhere, got 1 NaN among 2 numbers")
    assert read == [0, 1, 2]


def test_a_bar_appears_only_when_it_takes_long(capfd, monkeypatch):
    X, y = cloud()
    kf.summarize(blocks(X, y, 3))
    assert capfd.readouterr() == ("", "")
    monkeypatch.setattr(kf.scaling, "PATIENCE", 0)
    kf.summarize(blocks(X, y, 3))
    assert "blocks" in capfd.readouterr().err


def test_nothing_to_load_but_what_is_asked_for():
    """Dask is an extra: summaries do without it."""
    import subprocess

    steps = (
        "import kernelfit as kf, sys; kf.summarize([([1,2],[1,2])]).solve(); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", steps], capture_output=True, text=True, check=True)
    assert not {"dask", "distributed", "pandas", "sympy"} & set(done.stdout.split())


# Features


def powers(X):
    return X ** np.arange(1, 4)


@pytest.mark.parametrize("n", [30, ROWS + 3])
def test_features_are_the_columns(n):
    X, y = cloud(n=n, p=1)
    X = read_only(X / np.abs(X).max())
    whole = kf.LeastSquaresSummary(powers(X), y)
    assert same(kf.summarize([(X, y)], features=powers), whole)
    assert same(kf.summarize(blocks(X, y, 7 * n // 30), features=powers), whole)
    assert same(kf.summarize([(X[:, 0], y)], features=powers), whole), "X may be a vector"
    one = kf.summarize([(X, y)], features=lambda X: X[:, 0] ** 2)
    assert same(one, kf.LeastSquaresSummary(X[:, 0] ** 2, y)), "and so may the features"


def test_features_of_a_large_block_are_made_a_few_thousand_rows_at_a_time():
    sizes = []

    def noted(X):
        sizes.append(len(X))
        return X

    kf.summarize([(np.arange(3.0 * ROWS), np.arange(3.0 * ROWS))], features=noted)
    assert max(sizes) == ROWS
    assert sum(size for size in sizes if size > 1) == 3 * ROWS


@pytest.mark.parametrize(
    ("features", "part"),
    [
        (lambda X: X[:1], "features must give one row per point, got shape (1, 1) for an X of sha"),
        (lambda X: X.T, "features must give one row per point, got shape (1, 4) for an X of shap"),
        (
            lambda X: np.ones((4, 1, 1)),
            "features(X) must have one row per point and one column per",
        ),
        (lambda X: None, "features(X) must hold numbers, got None"),
        (lambda X: 3.0, "features(X) must be a list of numbers or a table"),
        (lambda X: X * np.nan, "features(X) must be finite everywhere, got 4 NaN"),
        (lambda X: X[:, :0], "features(X) must hold at least one number"),
        (lambda X: X * 1j, "features(X) must hold real numbers, got complex ones"),
        (lambda X: X - X.mean(), "features must find the columns of a point from this point alone"),
        (lambda X: X / X.std(), "features must find the columns of a point from this point alone"),
        (lambda X: X * RNG.normal(), "draw random numbers, before, and use them in features"),
        (lambda X: np.ones((len(X), len(X))), "got other ones for the first of 4 points than for"),
    ],
)
def test_what_features_cannot_give(features, part):
    block = read_only([1, 2, 4, 5]), read_only([1, 2, 3, 1])
    text = refusal(lambda: kf.summarize([block], features=features))
    assert text.startswith("in block 0: ")
    assert part in text


@pytest.mark.parametrize("nothing", [[], [([1.0], [2.0])]])
def test_what_is_no_features(nothing):
    some = kf.Nystrom(kf.Linear(), [1.0])
    assert refusal(lambda: kf.summarize(nothing, features=some)) == (
        "features must be a function of a table of points, got Nystrom(Linear(), 1 landmarks). "
        "Pass its method: Nystrom(...).features."
    )
    text = refusal(lambda: kf.summarize(nothing, features="cubes"))
    assert text.endswith("got 'cubes'. Write it as lambda X: ...")


# What is refused


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ([], "blocks must hold at least one pair (X, y), got none. A generator that was read once"),
        (iter([]), "is empty afterwards: make it anew."),
        (3, "blocks must be a list of pairs (X, y), or a generator of them, got int. For whole"),
        (None, "or a generator of them, got NoneType."),
        (
            [3],
            "each block must be a pair (X, y), got int as number 0. For whole arrays there is kf.",
        ),
        ([([1], [2]), (1, 2, 3)], "got tuple as number 1."),
        (np.ones((5, 3)), "got ndarray as number 0."),
        ([([1], [2]), None], "got NoneType as number 1."),
        ([([1], [2]), ([1, 2], [1])], "in block 1: X and y must have the same number of points"),
        ([([1], [2]), ([], [])], "in block 1: X must hold at least one number, got nothing"),
        (
            [([1], [2]), ([[1, 2]], [1])],
            "in block 1: two summaries must have the same columns, got",
        ),
        ([(["a"], [1])], "in block 0: X must hold numbers, got text"),
        ([([1], [np.inf])], "in block 0: y must be finite everywhere, got 1 infinite"),
        ([([[1], [2]], [[1], [2]])], "in block 0: y must hold one number per point"),
    ],
    ids=range(14),
)
def test_what_is_no_list_of_blocks(given, part):
    assert part in refusal(lambda: kf.summarize(given))


def test_used_generators_are_told():
    made = blocks(*cloud(), 7)
    kf.summarize(made)
    assert "make it anew" in refusal(lambda: kf.summarize(made))


@pytest.mark.parametrize(
    ("X", "y", "part"),
    [
        ([], [], "X must hold at least one number"),
        (np.ones((3, 0)), [1, 2, 3], "X must hold at least one number"),
        ([1, np.nan], [1, 2], "X must be finite everywhere"),
        ([1, 2], [[1], [2]], "y must hold one number per point"),
        (5, [1], "X must be a list of numbers or a table"),
        ([1, 2, 3], [1, 2], "got 3 rows in X (shape (3, 1)) and 2 values in y"),
        ([1.5e308, 1.5e308], [1, 2], "X and y must have sums"),
        ([1, 2], [1e308, -1e308], "that float64 can hold"),
    ],
)
def test_rows_that_are_refused(X, y, part):
    assert part in refusal(lambda: kf.LeastSquaresSummary(X, y))


def test_what_cannot_be_merged():
    summary = kf.LeastSquaresSummary([1, 2], [1, 2])
    assert refusal(lambda: summary.merge(([1, 2], [1, 2]))) == (
        "other must be a LeastSquaresSummary, got tuple. Summarise its rows first: "
        "kf.LeastSquaresSummary(X, y)."
    )
    assert refusal(lambda: summary.merge(kf.LeastSquaresSummary([[1, 2]], [1]))) == (
        "two summaries must have the same columns, got 1 and 2 columns of X. Give all blocks the "
        "same, in one order."
    )
    low, high = (kf.LeastSquaresSummary([x], [1]) for x in (-1.7e308, 1.7e308))
    assert "that float64 can hold" in refusal(lambda: low.merge(high))
    assert "that float64 can hold" in refusal(
        lambda: low.merge(kf.LeastSquaresSummary([1], [1])).merge(high)
    )


@pytest.mark.parametrize("ridge", [-1, -1e-300, np.nan, np.inf, True, "1", None, [1], 1j])
def test_what_is_no_ridge(ridge):
    summary = kf.LeastSquaresSummary([1, 2], [1, 2])
    text = refusal(lambda: summary.solve(ridge=ridge))
    assert text.startswith("ridge must be a number of at least 0, got ")
    assert text.endswith(
        "It is the weight of the sum of squared coefficients beside the sum of squared residuals."
    )


@pytest.mark.parametrize("switch", [1, 0, "yes", None])
def test_an_intercept_is_true_or_false(switch):
    summary = kf.LeastSquaresSummary([1, 2], [1, 2])
    text = refusal(lambda: summary.solve(fit_intercept=switch))
    assert text == f"fit_intercept must be True or False, got {switch!r}. {NO_QUOTES}"
    with pytest.raises(TypeError):
        summary.solve(1.0)


def test_coefficients_beyond_floats():
    summary = kf.LeastSquaresSummary([1e-300, 2e-300, 4e-300], [1e100, 2e100, 3e100])
    assert "got a coefficient beyond 1.8e308" in refusal(summary.solve)


def test_points_that_the_function_refuses():
    found = solve(kf.LeastSquaresSummary([[1, 2], [3, 4], [5, 7]], [1, 2, 4]))
    for X, part in (
        ([1, 2], "X must have the columns of the fit, shape (n, 2), got shape (2, 1)."),
        (3, "For one point write predict([3.0])."),
        ([[1, np.nan]], "got 1 NaN"),
    ):
        assert part in refusal(lambda X=X: found.predict(X))


# What is left alone


@pytest.mark.parametrize(
    "other",
    [
        lambda a: a.astype(np.int8),
        lambda a: a.astype(np.float32),
        lambda a: a.tolist(),
        lambda a: np.asfortranarray(a),
        lambda a: np.repeat(a, 2, axis=0)[::2],
        lambda a: a.astype(">f8"),
        lambda a: Table(["a", "b"], a) if a.ndim == 2 else a,
    ],
    ids=range(7),
)
def test_other_forms_of_the_same_numbers(other):
    X, y = read_only([[1, 2], [3, 0], [0, 5], [2, 2]]), read_only([1, 0, 2, 5])
    a, b = kf.LeastSquaresSummary(X, y), kf.LeastSquaresSummary(other(X), other(y))
    assert np.array_equal(a.triangle, b.triangle)
    assert np.array_equal(a.means, b.means)
    assert same(kf.summarize([(other(X), other(y))], features=lambda X: X), a)


def test_a_data_frame():
    pandas = pytest.importorskip("pandas")
    X, y = cloud()
    frame = pandas.DataFrame(X, columns=list("abc"))
    series = pandas.Series(y, index=range(100, 130))
    assert same(kf.summarize([(frame, series)]), kf.LeastSquaresSummary(X, y))


@pytest.mark.parametrize("n", [1, 30])
def test_a_summary_shares_memory_with_nobody(n):
    X, y = (np.array(a) for a in cloud(n=n))
    before = X.copy(), y.copy()
    a, b = kf.LeastSquaresSummary(X, y), kf.LeastSquaresSummary(X + 1, y)
    kept = a.triangle.copy(), a.means.copy()
    both = a.merge(b)
    a.merge(a)
    short_solve(a) if n == 1 else solve(a, ridge=1.0)
    assert np.array_equal(X, before[0])
    assert np.array_equal(y, before[1])
    X[:], y[:], both.triangle[:], both.means[:] = 0, 0, 0, 0
    assert np.array_equal(a.triangle, kept[0])
    assert np.array_equal(a.means, kept[1])


def test_copies_and_pickles():
    a, b = (kf.LeastSquaresSummary(*cloud(seed)) for seed in (0, 1))
    for twin in (copy.copy(a), copy.deepcopy(a), pickle.loads(pickle.dumps(a))):
        assert same(twin.merge(b), merged([a, b]), 1e-15)
        assert same(twin, a, 0)
    far = kf.LeastSquaresSummary([1e8, 1e8 + 1], [1, 2])
    twin = pickle.loads(pickle.dumps(far)).merge(kf.LeastSquaresSummary([1e8 + 2], [4]))
    assert solve(twin).coefficients == pytest.approx([1.5], rel=1e-15)


def test_what_the_screen_shows():
    assert repr(kf.LeastSquaresSummary([1], [2])) == "<LeastSquaresSummary of 1 row, 1 column of X>"
    many = kf.LeastSquaresSummary(*cloud())
    assert repr(many.merge(many)) == "<LeastSquaresSummary of 60 rows, 3 columns of X>"


def test_words_count_the_rows_of_all_blocks():
    rows = [kf.LeastSquaresSummary([[i, i * i, 1 / (1 + i)]], [i]) for i in (1.0, 2.0, 3.0)]
    assert "3 points fix at most 3 coefficients, and there are 4" in short_solve(merged(rows))[1]
    assert "1 point fixes at most 1 coefficient" in short_solve(rows[0])[1]
    assert solve(merged(rows), ridge=1e-3).rank == 4
