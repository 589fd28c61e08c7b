"""What the tests of polynomials share: data, and fits that must or must not warn."""

import warnings

import fits
import numpy as np
import pytest
from fits import read_only

import kernelfit as kf

degrees = pytest.mark.parametrize("degree", [0, 1, 2, 5, 11])


def fit(degree, x, y):
    """A fit that may not warn."""
    return fits.fit(x, y, kf.PolynomialRegression, degree=degree)


def short_fit(degree, x, y):
    """A fit that must warn, and its message."""
    return fits.short_fit(x, y, kf.PolynomialRegression, degree=degree)


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
