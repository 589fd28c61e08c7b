"""Bad input is refused by message: which argument, what rule, what was got, what to do."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import kernelfit as kf
from kernelfit import _checks
from kernelfit._checks import as_matrix, as_vector, positive, same_length, whole_number

NO_QUOTES = "Write the word without quotes."


def refused(call, *arguments, **options):
    with pytest.raises(kf.InputError) as caught:
        call(*arguments, **options)
    message = str(caught.value)
    assert message.endswith("."), "a message is made of sentences"
    return message


class Sparse:
    """What a scipy sparse array looks like from outside."""

    nnz = 1

    def toarray(self):
        return np.eye(2)


def test_the_errors_are_the_usual_ones_too():
    assert issubclass(kf.InputError, ValueError)
    assert issubclass(kf.NotFittedError, ValueError)
    assert issubclass(kf.NotFittedError, AttributeError)
    assert issubclass(kf.RankWarning, UserWarning)


@pytest.mark.parametrize(
    ("X", "shape"),
    [
        ([1, 2, 3], (3, 1)),
        ([[1, 2, 3]], (1, 3)),
        (np.ones((4, 2), dtype=np.float32), (4, 2)),
        (np.array([True, False]), (2, 1)),
        (range(5), (5, 1)),
        (np.ma.masked_array([1.0, 2.0], mask=[False, False]), (2, 1)),
    ],
)
def test_what_numpy_reads_as_numbers_becomes_a_float64_table(X, shape):
    matrix = as_matrix(X)
    assert type(matrix) is np.ndarray
    assert matrix.dtype == np.float64
    assert matrix.shape == shape
    assert np.array_equal(matrix.ravel(), np.asarray(X, dtype=float).ravel())


def test_truth_values_count_as_0_and_1():
    assert as_vector(np.array([True, False])).tolist() == [1.0, 0.0]


def test_integers_longer_than_64_bits_are_numbers():
    assert as_vector([10**30, 1, 2.5]).tolist() == [1e30, 1.0, 2.5]
    message = refused(as_vector, [1, 10**400])
    assert message.startswith(
        "y must hold numbers below about 1.8e308, got an integer of 1329 bits"
    )
    assert "y[1]" in message


@pytest.mark.parametrize(
    ("X", "parts"),
    [
        (None, ["X must hold numbers", "None"]),
        ("abc", ["X must hold numbers, got text", "'abc'"]),
        ([1.5, "2,5"], ["got text: X[1] is '2,5'", "float(...)"]),
        (np.array([["1"], ["b"]]), ["got text: X[0, 0] is"]),
        ([[1, None]], ["got None: X[0, 1] is None"]),
        ([Fraction(1, 3)], ["object of type Fraction: X[0]", "float(...)"]),
        ([Decimal(1)], ["object of type Decimal: X[0]"]),
        ({1: 2}, ["object of type dict"]),
        ((i for i in range(3)), ["object of type generator", "list"]),
        ([1 + 2j], ["X must hold real numbers, got complex ones", "X.real"]),
        (np.array([1, 2j], dtype=object), ["got complex ones: X[1] is 2j"]),
        (np.array(["2020-01-01"], dtype="M8[D]"), ["dates or times (datetime64[D])", "days"]),
        (np.array([3], dtype="m8[s]"), ["dates or times"]),
        (np.zeros(2, dtype=[("a", float)]), ["got records"]),
        ([[1, 2], [3]], ["rows have equally many numbers", "2 in X[0] and 1 in X[1]"]),
        ([[1, [2]], [3, 4]], ["nested to different depths"]),
        ([], ["at least one number", "nothing at all (shape (0, 1))"]),
        (np.ones((0, 3)), ["nothing at all (shape (0, 3))"]),
        (np.ones((3, 0)), ["nothing at all (shape (3, 0))"]),
        (np.ones((2, 3, 4)), ["shape (n, p), got shape (2, 3, 4)"]),
        (3.0, ["the single number 3.0", "For one point write [3.0]"]),
        (Sparse(), ["dense array, got a sparse one (Sparse)", "X.toarray()"]),
        (np.ma.masked_array([1, 2], mask=[0, 1]), ["got 1 masked entry", "filled"]),
        (np.ma.masked_array([1, 2], mask=[1, 1]), ["got 2 masked entries"]),
    ],
)
def test_a_table_that_is_no_table_of_numbers(X, parts):
    message = refused(as_matrix, X)
    for part in parts:
        assert part in message


def test_numpy_text_with_variable_length():
    text = np.array(["a", "b"], dtype=np.dtypes.StringDType())
    assert "got text: X[0] is 'a'" in refused(as_matrix, text)


def test_nan_and_infinity_are_counted_and_located():
    X = np.ones((6, 2))
    X[4, 1] = np.nan
    X[5] = np.inf, -np.inf
    assert "got 1 NaN and 2 infinite among 12 numbers, the first at X[4, 1]" in refused(
        as_matrix, X
    )
    assert "got 1 NaN among 2 numbers, the first at y[0]" in refused(as_vector, [np.nan, 1])
    assert "got 1 infinite among 3 numbers, the first at X[2]" in refused(as_matrix, [1, 2, np.inf])
    if np.finfo(np.longdouble).max > np.finfo(float).max:
        too_long = np.array([1, 2], dtype=np.longdouble) * np.longdouble("1e400")
        assert "got 2 infinite" in refused(as_matrix, too_long)


@pytest.mark.parametrize(
    ("y", "parts"),
    [
        (np.ones((5, 1)), ["shape (n,), got shape (5, 1)", "y.ravel()"]),
        (np.ones((1, 5)), ["got shape (1, 5)", "y.ravel()"]),
        (np.ones((5, 2)), ["got shape (5, 2)", "y[:, 0]"]),
        (7.5, ["got the single number 7.5", "[7.5]"]),
        ([], ["nothing at all (shape (0,))"]),
        ("high", ["y must hold numbers, got text"]),
    ],
)
def test_values_that_are_no_vector(y, parts):
    message = refused(as_vector, y)
    for part in parts:
        assert part in message


def test_different_lengths_quote_both():
    message = refused(same_length, np.ones((5, 2)), np.ones(4))
    assert "5 rows in X (shape (5, 2)) and 4 values in y (shape (4,))" in message


def test_the_number_of_columns_quotes_both_shapes():
    message = refused(_checks.same_columns, np.ones((4, 3)), 2)
    assert "shape (n, 2), got shape (4, 3)" in message
    assert "[[...]]" not in message
    assert "[[...]]" in refused(_checks.same_columns, np.ones((2, 1)), 2)


@pytest.mark.parametrize("value", [0, 7, 3.0, np.int8(4), np.float32(5), 10**20])
def test_whole_numbers(value):
    whole = whole_number(value, "degree")
    assert type(whole) is int
    assert whole == value


@pytest.mark.parametrize("value", [-1, 1.5, True, np.True_, "3", None, np.nan, np.inf, [3], 3j])
def test_not_whole_numbers(value):
    message = refused(whole_number, value, "degree", advice="A line has degree 1.")
    assert message.startswith("degree must be a whole number of at least 0, got ")
    assert repr(value) in message
    assert message.endswith("A line has degree 1.")


def test_the_least_whole_number_is_part_of_the_rule():
    assert whole_number(2, "folds", minimum=2) == 2
    assert "of at least 2, got 1." in refused(whole_number, 1, "folds", minimum=2)


@pytest.mark.parametrize("value", [1, 0.5, np.float32(2), Fraction(1, 2), 5e-324])
def test_positive_numbers(value):
    assert positive(value, "width") == float(value)


@pytest.mark.parametrize(
    "value", [0, -0.5, True, "1", None, np.nan, np.inf, -np.inf, 1j, 10**400, np.ones(2)]
)
def test_not_positive_numbers(value):
    message = refused(positive, value, "width", advice="Make it small, not negative.")
    assert message.startswith("width must be a number greater than 0, got ")
    assert message.endswith("Make it small, not negative.")


def test_what_is_quoted_is_kept_short():
    assert len(refused(positive, 10**400, "width")) < 120


def test_a_switch_is_true_or_false():
    assert _checks.true_or_false(np.False_, "fit_intercept") is False
    for value in ("False", 0, None):
        message = refused(_checks.true_or_false, value, "fit_intercept")
        assert message == f"fit_intercept must be True or False, got {value!r}. {NO_QUOTES}"


class Table:
    """As much of a data frame as matters here."""

    def __init__(self, columns, array):
        self.columns, self.array = columns, np.asarray(array)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.array, dtype=dtype)


def test_names_of_columns():
    assert _checks.column_names(Table(["a", "b"], np.ones((2, 2)))) == ["a", "b"]
    assert _checks.column_names(Table([0, "b"], np.ones((2, 2)))) is None
    assert _checks.column_names(Table(3, np.ones((2, 2)))) is None
    assert _checks.column_names(np.ones((2, 2))) is None
    assert as_matrix(Table(["a", "b"], np.ones((2, 2), dtype=int))).dtype == np.float64


def test_pandas_objects():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1, 2], "b": [3.5, None]})
    assert as_matrix(frame[["a"]]).tolist() == [[1.0], [2.0]]
    assert as_vector(frame["a"]).tolist() == [1.0, 2.0]
    assert "1 NaN among 4 numbers, the first at X[1, 1]" in refused(as_matrix, frame)
    missing = pandas.Series([1, None], dtype="Int64")
    assert "the first at X[1]" in refused(as_matrix, missing)
    assert "dates or times" in refused(as_vector, pandas.Series(pandas.to_datetime(["2020-01-01"])))


def test_scipy_sparse():
    sparse = pytest.importorskip("scipy.sparse")
    assert "X.toarray()" in refused(as_matrix, sparse.csr_array(np.eye(2)))
