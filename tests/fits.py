"""What the tests of least squares share: data, and fits that must or must not warn."""

import warnings
from pathlib import Path

import numpy as np
import pytest

import kernelfit as kf


def cloud(seed=0, n=30, p=3):
    """A plane with noise, in columns of very different size, read-only."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * 10.0 ** rng.integers(-3, 4, size=p) + rng.normal(size=p)
    y = X @ rng.normal(size=p) + rng.normal(size=n) + 5
    return read_only(X), read_only(y)


def read_only(array):
    array = np.array(array, dtype=float)
    array.setflags(write=False)
    return array


def fit(X, y, model=kf.LinearRegression, **options):
    """A fit that may not warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return model(**options).fit(X, y)


def short_fit(X, y, model=kf.LinearRegression, **options):
    """A fit that must warn, and its message."""
    with pytest.warns(kf.RankWarning) as caught:
        model = model(**options).fit(X, y)
    assert len(caught) == 1
    assert Path(caught[0].filename) == Path(__file__), "the warning points at the caller's line"
    return model, str(caught[0].message)


def refusal(call):
    """The sentence of an InputError, with no warning beside it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(kf.InputError) as caught:
            call()
    return str(caught.value)


def close(a, b, digits=10):
    return np.allclose(a, b, rtol=10.0**-digits, atol=0)


both = pytest.mark.parametrize("intercept", [True, False])
seeds = pytest.mark.parametrize("seed", range(3))


class Table:
    """As much of a data frame as matters here: columns with names."""

    def __init__(self, columns, array):
        self.columns, self.array = columns, np.array(array, dtype=float)

    def __array__(self, dtype=None, copy=None):
        return self.array
