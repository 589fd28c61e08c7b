"""What the tests of polynomials share: data, and fits that must or must not warn."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from fits import read_only

import kernelfit as kf

degrees = pytest.mark.parametrize("degree", [0, 1, 2, 5, 11])


def fit(degree, x, y):
    """A fit that may not warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return kf.PolynomialRegression(degree).fit(x, y)


def short_fit(degree, x, y):
    """A fit that must warn, and its message."""
    with pytest.warns(kf.RankWarning) as caught:
        model = kf.PolynomialRegression(degree).fit(x, y)
    assert len(caught) == 1
    assert Path(caught[0].filename) == Path(__file__), "the warning points at the caller's line"
    return model, str(caught[0].message)


def any_fit(degree, x, y):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", kf.RankWarning)
        return kf.PolynomialRegression(degree).fit(x, y)


def wave(seed=0, n=40):
    """Points anywhere in [-3, 7] and a wave with noise, read-only."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-3, 7, n)
    return read_only(x), read_only(np.sin(x) + 5 + 0.1 * rng.normal(size=n))


def error(model):
    return model.residuals_ @ model.residuals_
